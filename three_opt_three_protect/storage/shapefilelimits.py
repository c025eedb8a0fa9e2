"""What a shapefile cannot hold, told before one is begun: GDAL stops in the middle of it.

Source: ESRI Shapefile Technical Description (July 1998): lengths are 32-bit numbers of 16-bit words, read by most
programs as signed bytes, so 2 GB a part; dBASE: 255 fields, names of 10 bytes, texts of 254 bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, Mapping, Optional, Sequence, Set

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
    require_field_count(table.name, len(table.columns))
    _require_names(table, encoding)
    widths = [_width(table, name, column, encoding) for name, column in table.columns.items()]
    require_sizes(table.name, shape_bytes(table.geometry), len(table), widths)


def require_field_count(layer: str, count: int) -> None:
    """Refuse more fields than a dbf has.

    Raises
    ------
    InputError
        ``shapefile_too_many_fields``.
    """
    if count > MOST_FIELDS:
        raise InputError("shapefile_too_many_fields", layer=layer, count=count, most=MOST_FIELDS)


def require_text_fits(layer: str, field: str, size: int) -> None:
    """Refuse a text of ``size`` bytes that would be cut.

    Raises
    ------
    InputError
        ``shapefile_text_too_long``.
    """
    if size > TEXT_BYTES:
        raise InputError("shapefile_text_too_long", layer=layer, field=field, count=size, most=TEXT_BYTES)


def require_sizes(layer: str, shapes: int, rows: int, widths: Sequence[int]) -> None:
    """Refuse files of more than 2 GB.

    Parameters
    ----------
    shapes
        Bytes of the .shp.
    widths
        Bytes of each field.

    Raises
    ------
    InputError
        ``shapefile_too_large``.
    """
    records = _DBF_HEADER + _DBF_FIELD * len(widths) + rows * (1 + sum(widths))
    for part, size in ((".shp", shapes), (".dbf", records)):
        if size > LONGEST_FILE:
            raise InputError("shapefile_too_large", layer=layer, part=part, size=round(size / 2**30, 1), most=2)


def fitted_names(names: Sequence[str], encoding: str) -> List[str]:
    """``names`` as a shapefile can hold them: cut at the end of a character, doubles told apart by a number.

    GDAL cuts a Chinese name in the middle of a character, which nobody can read afterwards.
    """
    taken: Set[str] = set()
    fitted: List[str] = []
    for name in names:
        made, number = cut_to(name, NAME_BYTES, encoding), 0
        while made.upper() in taken:
            number += 1
            made = cut_to(name, NAME_BYTES - len(f"_{number}"), encoding) + f"_{number}"
        taken.add(made.upper())
        fitted.append(made)
    return fitted


def cut_to(name: str, most: int, encoding: str) -> str:
    """As much of ``name`` as ``most`` bytes hold."""
    while len(name.encode(encoding, "replace")) > most:
        name = name[:-1]
    return name


def longest_text(column: Column, encoding: str) -> int:
    """Bytes of the longest text of a column, 0 for none."""
    return max((len(text.encode(encoding, "replace")) for text in column.factor.levels if text is not None), default=0)


def shape_bytes(shapes: Optional[Geometries]) -> int:
    """Bytes of the .shp of ``shapes``; 0 for a plain table."""
    if shapes is None:
        return 0
    points = int(shapely.get_num_coordinates(shapes).sum())
    polygons = shapely.get_parts(shapes)
    rings = np.maximum(shapely.get_num_interior_rings(polygons) + 1, 1)
    return _FILE_HEADER + len(shapes) * (_RECORD_HEADER + _SHAPE_HEADER) + int(rings.sum()) * _PART + points * _POINT


def _require_names(table: LayerTable, encoding: str) -> None:
    seen: Set[str] = set()
    for name in table.columns:
        if cut_to(name, NAME_BYTES, encoding) != name:
            raise InputError("shapefile_name_too_long", layer=table.name, field=name, most=NAME_BYTES)
        if name.upper() in seen:
            raise InputError("field_twice", layer=table.name, field=name)
        seen.add(name.upper())


def _width(table: LayerTable, name: str, column: Column, encoding: str) -> int:
    if column.kind is not Kind.TEXT:
        return column.width or _WIDTHS[column.kind]
    longest = longest_text(column, encoding)
    require_text_fits(table.name, name, longest)
    return min(max(column.width, longest, 1), TEXT_BYTES)
