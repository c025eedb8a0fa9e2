"""The encoding of a shapefile's attributes, when the shapefile does not state it.

Order of the domain notes (05-crs-and-encoding): .cpg, language byte, strict UTF-8, GB18030.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import BinaryIO, Iterator, Optional

_HEADER = 32
_DESCRIPTOR = 32
_NAME_BYTES = 11
_LANGUAGE_BYTE = 29
_UNSTATED = (0x00, 0x57)
"""0x57 is "the writer's own code page": what GDAL writes when it was told nothing."""
_CHUNK = 1 << 20


def unstated_encoding(path: Path) -> Optional[str]:
    """The encoding to read a shapefile or DBF with, None when GDAL finds out by itself.

    Parameters
    ----------
    path
        The .shp or .dbf; any other format gives None.
    """
    if path.suffix.lower() not in (".shp", ".dbf"):
        return None
    table = _sibling(path, ".dbf")
    if table is None or _sibling(path, ".cpg") is not None:
        return None
    with table.open("rb") as file:
        header = file.read(_HEADER)
        if len(header) < _HEADER or header[_LANGUAGE_BYTE] not in _UNSTATED:
            return None
        return "UTF-8" if _is_utf8(file, int.from_bytes(header[8:10], "little")) else "GB18030"


def _sibling(path: Path, suffix: str) -> Optional[Path]:
    for one in (suffix, suffix.upper()):
        if path.with_suffix(one).exists():
            return path.with_suffix(one)
    return None


def _is_utf8(file: BinaryIO, header_length: int) -> bool:
    try:
        for name in _field_names(file.read(max(header_length - _HEADER, 0))):
            # a name is cut at ten bytes, maybe inside a character: an open end is no error
            codecs.getincrementaldecoder("utf-8")().decode(name, final=False)
        records = codecs.getincrementaldecoder("utf-8")()
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            records.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _field_names(descriptors: bytes) -> Iterator[bytes]:
    for start in range(0, len(descriptors) - _DESCRIPTOR + 1, _DESCRIPTOR):
        yield descriptors[start : start + _NAME_BYTES].split(b"\0")[0]
