"""A font with Chinese characters for charts, wherever the system keeps one.

Linux keeps Noto Sans CJK as a collection of which matplotlib only sees the first font, the Japanese one; it has
every Chinese character, many in a form Chinese readers stumble over.  So the Chinese font is taken out of the
collection into a temporary file.
"""

from __future__ import annotations

import atexit
import struct
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Dict, Optional, Tuple

from matplotlib import font_manager

FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "Microsoft YaHei", "SimHei",
    "PingFang SC", "Heiti SC", "WenQuanYi Zen Hei",
)  # fmt: skip
"""Families by preference."""

PLAIN = "DejaVu Sans"
"""Comes with matplotlib and has signs that Chinese fonts lack."""

_COLLECTION = b"ttcf"
_TABLE = struct.Struct(">4sLLL")
_NAME = struct.Struct(">HHHHHH")
_FAMILY, _WINDOWS = 1, 3

Tables = Dict[bytes, Tuple[int, int, int]]
"""Tag → checksum, offset and length."""


@cache
def chart_font(size: float) -> font_manager.FontProperties:
    """The first of :data:`FONTS` there is, in ``size`` points; without any, letters but no Chinese."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    family = [name for name in FONTS if name in installed]
    return font_manager.FontProperties(
        family=[*(family or FONTS), PLAIN], size=size, fname=None if family else _out_of_collection()
    )


@cache
def _out_of_collection() -> Optional[str]:
    """Path of a single font of :data:`FONTS` that only stands in a collection, None where there is none."""
    paths = dict.fromkeys(font.fname for font in font_manager.fontManager.ttflist if font.fname.endswith(".ttc"))
    # A name such as NotoSansCJK-Black stands for another weight.
    for path in sorted(paths, key=lambda path: "Regular" not in path):
        data = Path(path).read_bytes() if "CJK" in path or "Han" in path else b""
        single = _single(data)
        if single is not None:
            folder = TemporaryDirectory()
            atexit.register(folder.cleanup)
            target = Path(folder.name) / "chart.otf"
            target.write_bytes(single)
            return str(target)
    return None


def _single(data: bytes) -> Optional[bytes]:
    """The first font of :data:`FONTS` in a collection, as a file of its own (OpenType 1.9, "Font collections")."""
    if data[:4] != _COLLECTION:
        return None
    (count,) = struct.unpack_from(">L", data, 8)
    starts = struct.unpack_from(f">{count}L", data, 12)
    named = {_family(data, _tables(data, start)): start for start in starts}
    wanted = next((name for name in FONTS if name in named), None)
    return None if wanted is None else _alone(data, named[wanted])


def _tables(data: bytes, start: int) -> Tables:
    (count,) = struct.unpack_from(">H", data, start + 4)
    records = (_TABLE.unpack_from(data, start + 12 + _TABLE.size * row) for row in range(count))
    return {tag: (checksum, offset, length) for tag, checksum, offset, length in records}


def _family(data: bytes, tables: Tables) -> str:
    """The English family name of a font."""
    start = tables[b"name"][1]
    _, count, strings = struct.unpack_from(">HHH", data, start)
    for row in range(count):
        platform, _, language, name, length, offset = _NAME.unpack_from(data, start + 6 + _NAME.size * row)
        if (platform, language, name) == (_WINDOWS, 0x409, _FAMILY):
            at = start + strings + offset
            return data[at : at + length].decode("utf-16-be")
    return ""


def _alone(data: bytes, start: int) -> bytes:
    """One font of a collection: its directory with new offsets, then its tables as they are."""
    tables = _tables(data, start)
    head, body = [data[start : start + 12]], []
    at = 12 + _TABLE.size * len(tables)
    for tag, (checksum, offset, length) in tables.items():
        head.append(_TABLE.pack(tag, checksum, at, length))
        padded = data[offset : offset + length] + b"\0" * (-length % 4)
        body.append(padded)
        at += len(padded)
    return b"".join([*head, *body])
