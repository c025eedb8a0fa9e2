"""A layer brought into the exact form of a standard: its fields, order, kinds, widths and decimals.

What does not fit is an error that names the place; nothing is cut.  Numbers are rounded to the decimals of the
standard, and that is counted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.schema import StandardField, StandardLayer
from three_opt_three_protect.core.tables import (
    Column,
    Kind,
    LayerTable,
    as_factor,
    as_real,
    factor_column,
    first_features,
    integer,
    real,
)

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_NOISE = 1e-3
"""Share of the last decimal that is rounding noise of float64 and not counted as rounded."""

_SHAPES: Mapping[str, Tuple[str, frozenset[int]]] = {
    "polygon": ("polygons_wanted", frozenset((3, 6))),
    "line": ("lines_needed", frozenset((1, 2, 5))),
    "point": ("points_needed", frozenset((0, 4))),
}
"""Geometry of a standard layer → message, and the GEOS type ids that are it."""


class Fitted(NamedTuple):
    """A layer in the form of a standard.

    Attributes
    ----------
    table
        With the fields of the standard, in its order, then those kept on request; named as in the standard.
    absent
        Fields of the standard that the layer had not; they are empty.
    left_out
        Fields of the layer that the standard does not know and that were not kept.
    rounded
        Field → number of values that were rounded to its decimals.
    """

    table: LayerTable
    absent: Tuple[str, ...]
    left_out: Tuple[str, ...]
    rounded: Mapping[str, int]


def fit(
    standard: StandardLayer, table: LayerTable, roles: Optional[Mapping[str, str]] = None, extra: bool = False
) -> Fitted:
    """Bring ``table`` into the form of ``standard``.

    Parameters
    ----------
    standard
        The standard layer.
    table
        Its fields may have any of the names the standard knows.
    roles
        Role field → field of the layer, for fields whose names the standard does not know.
    extra
        Keep what the standard does not know, after its own fields.

    Raises
    ------
    InputError
        ``standard_names_only``, ``polygons_wanted``, ``lines_needed``, ``points_needed``, ``no_geometry``,
        ``value_too_long``, ``number_too_wide``, ``no_number``, ``no_whole_number``, ``no_date``, ``no_text``.
    """
    if not standard.fields:
        raise InputError("standard_names_only", layer=standard.name)
    _require_shapes(standard, table)
    sources = _sources(standard, table, roles or {})
    columns: Dict[str, Column] = {}
    rounded: Dict[str, int] = {}
    for field in standard.fields:
        if field.name not in sources:
            columns[field.name] = _empty(field, len(table))
            continue
        column, count = _fitted(field, table, sources[field.name])
        columns[field.name] = _labelled(column, field)
        if count:
            rounded[field.name] = count
    others = [name for name in table.columns if name not in sources.values()]
    if extra:
        taken = {name.upper() for name in columns}
        clash = [name for name in others if name.upper() in taken]
        if clash:
            raise InputError("field_twice", layer=table.name, field=clash[0])
        columns.update({name: table.columns[name] for name in others})
    geometry = None if standard.geometry == "table" else table.geometry
    exact = LayerTable(standard.name, table.fid, geometry, columns, table.crs, table.source, table.flattened)
    absent = tuple(field.name for field in standard.fields if field.name not in sources)
    return Fitted(exact, absent, () if extra else tuple(others), rounded)


def _sources(standard: StandardLayer, table: LayerTable, roles: Mapping[str, str]) -> Mapping[str, str]:
    """Field of the standard → field of the layer: by name, else by the role both play."""
    found = dict(standard.by_field(list(table.columns)))
    for field in standard.fields:
        source = roles.get(field.role, "") if field.role else ""
        if field.name not in found and source in table.columns and source not in found.values():
            found[field.name] = source
    return found


def _require_shapes(standard: StandardLayer, table: LayerTable) -> None:
    if standard.geometry not in _SHAPES:
        return
    import shapely

    message, kinds = _SHAPES[standard.geometry]
    there = set(np.unique(shapely.get_type_id(table.shapes)).tolist()) - {-1}
    if not there <= kinds:
        raise InputError(message, layer=table.name)


def _empty(field: StandardField, count: int) -> Column:
    nothing = Factor.constant(None, count)
    column = {
        Kind.TEXT: lambda: factor_column(nothing),
        Kind.INT: lambda: integer(np.zeros(count), np.ones(count, dtype=np.bool_)),
        Kind.REAL: lambda: real(np.full(count, np.nan)),
        Kind.DATE: lambda: Column(np.full(count, "NaT", dtype="datetime64[D]"), Kind.DATE),
    }[field.kind]()
    return _labelled(column, field)


def _labelled(column: Column, field: StandardField) -> Column:
    return replace(column, alias=field.alias, width=_places(field), decimals=field.decimals)


def _fitted(field: StandardField, table: LayerTable, source: str) -> Tuple[Column, int]:
    """The column in the kind of ``field``, and how many of its values were rounded."""
    column = table.column(source)
    if field.kind is Kind.TEXT:
        return _text(field, table, source, column), 0
    if field.kind is Kind.DATE:
        return _date(table, source, column), 0
    if column.kind is Kind.DATE:
        _refuse("no_number", table, source, column, ~column.is_missing)
    numbers = _numbers(table, source, column)
    if field.kind is Kind.INT:
        return _integer(field, table, source, column, numbers), 0
    return _real(field, table, source, column, numbers)


def _text(field: StandardField, table: LayerTable, source: str, column: Column) -> Column:
    if column.kind in (Kind.DATE, Kind.BOOL):
        _refuse("no_text", table, source, column, ~column.is_missing)
    written = column.factor if column.kind is Kind.TEXT else as_factor(column)
    long = _levels(written, lambda level: bool(field.width) and len(level) > field.width)
    _refuse("value_too_long", table, source, column, long, width=field.width)
    return factor_column(written)


def _date(table: LayerTable, source: str, column: Column) -> Column:
    if column.kind is Kind.DATE:
        return column
    written = as_factor(column)
    days = [_day(level) for level in written.levels]
    wrong = np.array([day is None and level is not None for day, level in zip(days, written.levels)], dtype=np.bool_)
    _refuse("no_date", table, source, column, wrong[written.code])
    values = np.array(["NaT" if day is None else day for day in days], dtype="datetime64[D]")
    return Column(values[written.code], Kind.DATE)


def _day(text: Optional[str]) -> Optional[str]:
    """``2026-01-05`` or ``20260105`` → ISO; None for anything else and for days that do not exist."""
    parts = _DAY.fullmatch(text or "")
    if parts is None:
        return None
    day = "-".join(parts.groups())
    try:
        np.datetime64(day, "D")
    except ValueError:
        return None
    return day


def _numbers(table: LayerTable, source: str, column: Column) -> NDArray[np.float64]:
    numbers = as_real(column)
    wrong = np.isinf(numbers)
    if column.kind is Kind.TEXT:
        wrong |= np.isnan(numbers) & ~as_factor(column).missing
    _refuse("no_number", table, source, column, wrong)
    return numbers


def _integer(
    field: StandardField, table: LayerTable, source: str, column: Column, numbers: NDArray[np.float64]
) -> Column:
    missing = np.isnan(numbers)
    filled = np.where(missing, 0.0, numbers)
    _refuse("no_whole_number", table, source, column, filled != np.trunc(filled))
    wide = _too_wide(filled, field.width, 0)
    _refuse("number_too_wide", table, source, column, wide, width=field.width, decimals=0)
    # a code of more than 15 digits would lose its last ones in float64
    whole = column.values if column.kind is Kind.INT else filled.astype(np.int64)
    return integer(whole, missing if missing.any() else None)


def _real(
    field: StandardField, table: LayerTable, source: str, column: Column, numbers: NDArray[np.float64]
) -> Tuple[Column, int]:
    if not field.width:
        return real(numbers), 0
    exact = np.round(numbers, field.decimals) + 0.0  # no negative zero
    wide = _too_wide(np.nan_to_num(exact), _places(field), field.decimals)
    _refuse("number_too_wide", table, source, column, wide, width=field.width, decimals=field.decimals)
    moved = np.abs(np.nan_to_num(exact - numbers)) > _NOISE * 10.0**-field.decimals
    return real(exact), int(moved.sum())


def _places(field: StandardField) -> int:
    """Characters a number of ``field`` takes; a standard that says 3 with 2 decimals means 0.50, which takes 4."""
    return max(field.width, field.decimals + 2) if field.decimals else field.width


def _too_wide(numbers: NDArray[np.float64], width: int, decimals: int) -> NDArray[np.bool_]:
    """``(n,)`` which of the rounded ``numbers`` take more than ``width`` characters; 0 = no limit."""
    if not width:
        return np.zeros(len(numbers), dtype=np.bool_)
    whole = width - decimals - 1 if decimals else width
    below = numbers <= -(10.0 ** (whole - 1)) if whole > 1 else numbers < 0  # the sign takes one of the places
    return np.asarray((numbers >= 10.0**whole) | below)


def _levels(written: Factor, is_wrong: Callable[[str], bool]) -> NDArray[np.bool_]:
    """``(n,)`` rows whose text ``is_wrong``; asked once a distinct text."""
    wrong = [level is not None and is_wrong(level) for level in written.levels]
    return np.array(wrong, dtype=np.bool_)[written.code]


def _refuse(
    message: str, table: LayerTable, source: str, column: Column, wrong: NDArray[np.bool_], **values: Any
) -> None:
    if not wrong.any():
        return
    value = str(column.values[wrong][0])
    raise InputError(
        message, layer=table.name, field=source, value=value, features=first_features(table, wrong), **values
    )


def refuse_texts(message: str, table: LayerTable, name: str, is_wrong: Callable[[str], bool], **values: Any) -> None:
    """Raise ``message`` where a text of the field ``name`` ``is_wrong``."""
    column = table.column(name)
    if column.kind is Kind.TEXT:
        _refuse(message, table, name, column, _levels(column.factor, is_wrong), **values)


def longest(column: Column, size: Callable[[str], int]) -> int:
    """The size of the longest text of a column, 0 for none."""
    return max((size(level) for level in column.factor.levels if level is not None), default=0)
