"""Files that cannot be what they say, found before GDAL guesses: cut short, parts missing, packed, empty, locked.

GDAL reads on in silence where a table is cut short or gone, and offers to rebuild an index by writing
into the planner's folder.  Nothing is written here, and no SQLite file is opened: in a QGIS process the
lock of a GeoPackage would be lost.  Shapefile header: ESRI Shapefile Technical Description, July 1998.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Optional

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.dbf import read_head, sibling

_SQLITE = (".gpkg", ".sqlite")
_PACKED = (".zip", ".rar", ".7z")
_SHAPE_HEADER = 100
_INDEX_ENTRY = 8
_LENGTH_AT = 24
_WORD = 2
_LONGEST_PATH = 512
"""Bytes SQLite has for a path on Linux and macOS (MAX_PATHNAME of its unix VFS), its journal's included."""
_JOURNAL = len("-journal")


def require_sound(path: Path) -> None:
    """Refuse a file that is visibly damaged, incomplete or packed; what GDAL must find out is left to it.

    Raises
    ------
    InputError
        ``zip_given``, ``path_too_long``, ``empty_file``, ``cannot_read``, ``shapefile_part_missing``,
        ``file_cut_short``, ``dbf_truncated``, ``shapefile_parts_differ``.
    """
    suffix = path.suffix.lower()
    if suffix in _PACKED:
        raise InputError("zip_given", path=path.name)
    if not os.path.isfile(path):  # a file geodatabase, or no file at all
        return
    if path.stat().st_size == 0:
        raise InputError("empty_file", path=path.name)
    if suffix in _SQLITE:
        require_short(path)
        return
    try:
        with path.open("rb"):
            pass
        if suffix == ".shp":
            _require_shapefile(path)
        elif suffix == ".dbf":
            _records(path)
    except PermissionError as error:
        raise InputError("cannot_read", path=path.name) from error


def require_short(path: Path, more: int = 0) -> None:
    """Refuse the path of a GeoPackage that SQLite has no room for; a Chinese character takes three bytes.

    Parameters
    ----------
    more
        Bytes that a draft beside the file needs further.

    Raises
    ------
    InputError
        ``path_too_long``.
    """
    most = _LONGEST_PATH - _JOURNAL - more
    count = len(os.fsencode(path.absolute()))
    if os.name == "posix" and count >= most:
        raise InputError("path_too_long", path=path.name, count=count, most=most - 1)


def why_unreadable(path: Path, said: str = "") -> InputError:
    """The error for a file that GDAL does not open, after what GDAL ``said``; never opens the file itself."""
    suffix = path.suffix.lower()
    if suffix == ".mdb":
        return InputError("mdb_no_driver", path=path.name)
    if "locked" in said:
        return InputError("file_locked", path=path.name)
    return InputError("not_a_vector_file", path=path.name)


def sqlite_error(path: Path) -> str:
    """What SQLite says against reading ``path``, ``""`` for nothing and for other formats; not for a QGIS process."""
    if path.suffix.lower() not in _SQLITE:
        return ""
    try:
        with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True, timeout=0)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return ""


def _require_shapefile(path: Path) -> None:
    table, index = _part(path, ".dbf"), _part(path, ".shx")
    for one in (path, index):
        _require_length(one)
    shapes = (index.stat().st_size - _SHAPE_HEADER) // _INDEX_ENTRY
    records = _records(table)
    if shapes != records:
        raise InputError("shapefile_parts_differ", path=path.name, shapes=shapes, records=records)


def _part(path: Path, suffix: str) -> Path:
    part: Optional[Path] = sibling(path, suffix)
    if part is None:
        raise InputError("shapefile_part_missing", path=path.name, part=path.with_suffix(suffix).name)
    if part.stat().st_size == 0:
        raise InputError("empty_file", path=part.name)
    return part


def _require_length(path: Path) -> None:
    """The length stands in the header, in words of 16 bits."""
    with path.open("rb") as file:
        header = file.read(_SHAPE_HEADER)
    stated = int.from_bytes(header[_LENGTH_AT : _LENGTH_AT + 4], "big") * _WORD
    there = path.stat().st_size
    if len(header) < _SHAPE_HEADER or there < stated:
        raise InputError("file_cut_short", path=path.name, size=there, stated=max(stated, _SHAPE_HEADER))


def _records(table: Path) -> int:
    with table.open("rb") as file:
        return read_head(file, table).rows
