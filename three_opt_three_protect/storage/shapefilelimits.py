"""What a shapefile cannot hold, told before one is begun: GDAL stops in the middle of it.

Source: ESRI Shapefile Technical Description (July 1998): lengths are 32-bit numbers of 16-bit words, read by most
programs as signed bytes, so 2 GB a part; dBASE: 255 fields, names of 10 bytes, texts of 254 bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable
from three_opt_three_protect.storage.dbf import SUFFIXES

LONGEST_FILE = 2**31 - 1
MOST_FIELDS = 255
NAME_BYTES = 10
TEXT_BYTES = 254

_FILE_HEADER, _RECORD_HEADER, _SHAPE_HEADER, _PART, _POINT = 100, 8, 44, 4, 16
_DBF_HEADER, _DBF_FIELD = 33, 32
_WIDTHS: Mapping[Kind, int] = {Kind.INT: 18, Kind.REAL: 24, Kind.DATE: 8, Kind.BOOL: 1}
"""Bytes of a field whose width the table does not state, as GDAL writes it."""


def require_fits(table: LayerTable, path: Path, encoding: str = "UTF-8") -> None:
    """Refuse a layer that does not fit into the shapefile ``path``; any other format takes it.

    Parameters
    ----------
    encoding
        The text will be written in.

    Raises
    ------
    InputError
        ``shapefile_too_large`` (2 GB), ``shapefile_too_many_fields``, ``shapefile_name_too_long``,
        ``field_twice``, ``shapefile_text_too_long``.
    """
    if path.suffix.lower() not in SUFFIXES:
        return
    if len(table.columns) > MOST_FIELDS:
        raise InputError("shapefile_too_many_fields", layer=table.name, count=len(table.columns), most=MOST_FIELDS)
    _require_names(table, encoding)
    widths = {name: _width(table, name, column, encoding) for name, column in table.columns.items()}
    records = _DBF_HEADER + _DBF_FIELD * len(widths) + len(table) * (1 + sum(widths.values()))
    for part, size in ((".shp", shape_bytes(table.geometry)), (".dbf", records)):
        if size > LONGEST_FILE:
            gigabytes = round(size / 2**30, 1)
            raise InputError("shapefile_too_large", layer=table.name, part=part, size=gigabytes, most=2)


def shape_bytes(shapes: Optional[Geometries]) -> int:
    """Bytes of the .shp of ``shapes``; 0 for a plain table."""
    if shapes is None:
        return 0
    points = int(shapely.get_num_coordinates(shapes).sum())
    polygons = shapely.get_parts(shapes)
    rings = np.maximum(shapely.get_num_interior_rings(polygons) + 1, 1)
    return _FILE_HEADER + len(shapes) * (_RECORD_HEADER + _SHAPE_HEADER) + int(rings.sum()) * _PART + points * _POINT


def _require_names(table: LayerTable, encoding: str) -> None:
    seen: Dict[bytes, str] = {}
    for name in table.columns:
        written = name.encode(encoding, "replace")
        if len(written) > NAME_BYTES:
            raise InputError("shapefile_name_too_long", layer=table.name, field=name, most=NAME_BYTES)
        if written.upper() in seen:
            raise InputError("field_twice", layer=table.name, field=name)
        seen[written.upper()] = name


def _width(table: LayerTable, name: str, column: Column, encoding: str) -> int:
    if column.kind is not Kind.TEXT:
        return column.width or _WIDTHS[column.kind]
    sizes: List[Tuple[int, str]] = [
        (len(text.encode(encoding, "replace")), text) for text in column.factor.levels if text is not None
    ]
    longest = max((size for size, _ in sizes), default=0)
    if longest > TEXT_BYTES:
        raise InputError("shapefile_text_too_long", layer=table.name, field=name, count=longest, most=TEXT_BYTES)
    return max(column.width, longest, 1)
