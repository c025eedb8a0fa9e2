"""What a repair changed, value by value, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.crsguess import swap_axes
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.quality.case import Bools, Ints
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable, as_text, integer, text

GEOMETRY = "geometry"
"""``what`` of a changed geometry; ``was`` and ``now`` are WKB in hexadecimal."""

AXES = "axes"
"""``what`` of a geometry whose x and y were exchanged."""

FEATURE = "feature"
"""``what`` of a feature that was taken away: its values follow as changes to nothing."""


WHOLE_FIELD = -1
"""``row`` and ``fid`` of a change that added the field ``what``."""


class Change(NamedTuple):
    """One value before and after.

    Attributes
    ----------
    step
        Number of the operation; the last is taken back first.
    operation
        Its word: ``axes``, ``valid``, ``snap``, ``slivers``, ``codes``, ``areas``, ``control``.
    row, fid
        Of the feature, in the layer as this operation found it.
    what
        ``geometry``, ``axes``, ``feature`` or the name of a field.
    was, now
        As text, None = no value; a number as it must be written to be the same again.
    """

    step: int
    operation: str
    row: int
    fid: int
    what: str
    was: Optional[str]
    now: Optional[str]


@dataclass(frozen=True)
class Mended:
    """A repaired layer.

    Attributes
    ----------
    table
        The layer; the one given is not changed.
    changes
        Everything that is different.
    left
        Operation and feature id of what could not be repaired and stayed as it was.
    """

    table: LayerTable
    changes: Tuple[Change, ...] = ()
    left: Tuple[Tuple[str, int], ...] = ()


def mended(
    operation: str, before: LayerTable, after: LayerTable, kept: Optional[Ints] = None, left: Sequence[int] = ()
) -> Mended:
    """The repaired layer with its list of changes.

    Parameters
    ----------
    operation
        Its word.
    before, after
        The layer as it was and as it is, with the same columns.
    kept
        ``(len(after),)`` rows of ``before``, ascending; None = all.
    left
        Rows of ``before`` that could not be repaired.
    """
    rows = np.arange(len(before)) if kept is None else kept
    gone = np.setdiff1d(np.arange(len(before)), rows)
    found: List[Change] = []

    def note(what: str, at: Ints, was: Sequence[Optional[str]], now: Sequence[Optional[str]]) -> None:
        fids = before.fid[at].tolist()
        found.extend(Change(0, operation, *each) for each in zip(at.tolist(), fids, [what] * len(fids), was, now))

    note(FEATURE, gone, [str(fid) for fid in before.fid[gone]], [None] * len(gone))
    if before.geometry is not None and (len(gone) or after.geometry is not before.geometry):
        was, now = _hex(before.geometry), _hex(after.shapes)
        _note_pairs(note, GEOMETRY, was, now, rows, gone)
    for name, column in before.columns.items():
        if not len(gone) and after.columns[name] is column:
            continue
        _note_pairs(note, name, written(column), written(after.columns[name]), rows, gone)
    return Mended(after, tuple(found), tuple((operation, int(before.fid[row])) for row in left))


def added_field(operation: str, field: str) -> Change:
    """The change that a field was added, before anything stands in it."""
    return Change(0, operation, WHOLE_FIELD, WHOLE_FIELD, field, None, None)


def undo(table: LayerTable, changes: Sequence[Change]) -> LayerTable:
    """The layer as it was before ``changes``.

    Parameters
    ----------
    table
        The repaired layer, its rows in the order of the repair; feature ids may be others.
    changes
        All that were made, in any order.

    Raises
    ------
    InputError
        ``undo_not_as_repaired``: the layer was changed since, names the first feature and what; ``undo_other_layer``:
        it has fewer rows than the changes name; ``no_such_field``.
    """
    for step in sorted({change.step for change in changes}, reverse=True):
        table = _step_back(table, [change for change in changes if change.step == step])
    return table


def change_table(changes: Sequence[Change]) -> LayerTable:
    """The list as a table: ``step``, ``operation``, ``row``, ``fid``, ``what``, ``was``, ``is``."""
    return LayerTable(
        "changes",
        np.arange(1, len(changes) + 1, dtype=np.int64),
        columns={
            "step": integer([each.step for each in changes], alias="步骤"),
            "operation": text([each.operation for each in changes], alias="修复方式"),
            "row": integer([each.row for each in changes], alias="行号"),
            "fid": integer([each.fid for each in changes], alias="要素编号"),
            "what": text([each.what for each in changes], alias="修改内容"),
            "was": text([each.was for each in changes], alias="原值"),
            "is": text([each.now for each in changes], alias="现值"),
        },
    )


def read_changes(table: LayerTable) -> Tuple[Change, ...]:
    """The list back from a table.

    Raises
    ------
    InputError
        ``no_such_field``: it is no list of changes; ``undo_unreadable``: a number in it is none.
    """
    numbers = [_whole(table, name) for name in ("step", "row", "fid")]
    what, operation = as_text(table.column("what")), as_text(table.column("operation"))
    was, now = (table.column(name) for name in ("was", "is"))
    texts = (operation, numbers[1], numbers[2], what, written(was), written(now))
    return tuple(Change(step, *rest) for step, *rest in zip(numbers[0], *texts))


def written(column: Column) -> List[Optional[str]]:
    """Every value as text from which it can be had again, None where there is none."""
    if column.kind is Kind.TEXT:
        return list(column.values)
    # The shortest text of a float that reads as the same float.
    values = column.values.astype(np.int64) if column.kind is Kind.BOOL else column.values
    texts = [str(value) for value in values.tolist()] if column.kind is not Kind.DATE else values.astype(str).tolist()
    return [None if missing else value for value, missing in zip(texts, column.is_missing.tolist())]


def _note_pairs(
    note: Any, what: str, was: Sequence[Optional[str]], now: Sequence[Optional[str]], rows: Ints, gone: Ints
) -> None:
    """Note where rows differ, and everything of rows that are gone."""
    there = [was[row] for row in rows.tolist()]
    other = np.array([first != second for first, second in zip(there, now)], dtype=np.bool_)
    at = np.flatnonzero(other)
    note(what, rows[at], [there[place] for place in at.tolist()], [now[place] for place in at.tolist()])
    lost = np.array([row for row in gone.tolist() if was[row] is not None], dtype=np.int64)
    note(what, lost, [was[row] for row in lost.tolist()], [None] * len(lost))


def _step_back(table: LayerTable, changes: Sequence[Change]) -> LayerTable:
    """Take back one operation."""
    for change in changes:
        if change.row == WHOLE_FIELD:
            table = _without_field(table, change.what)
    changes = [change for change in changes if change.row != WHOLE_FIELD]
    gone = sorted(change.row for change in changes if change.what == FEATURE)
    count = len(table) + len(gone)
    if any(not 0 <= change.row < count for change in changes):
        raise InputError("undo_other_layer", layer=table.name, rows=len(table))
    back = np.zeros(count, dtype=np.bool_)
    back[gone] = True
    wide = _widened(table, back)
    by_what: Dict[str, List[Change]] = {}
    for change in changes:
        by_what.setdefault(change.what, []).append(change)
    fids = wide.fid.copy()
    for change in by_what.pop(FEATURE, []):
        fids[change.row] = change.fid
    columns, geometry = dict(wide.columns), wide.geometry
    for what, some in by_what.items():
        if what == GEOMETRY:
            geometry = _geometries_back(wide, some, back)
        elif what == AXES:
            rows = np.array([change.row for change in some])
            geometry = wide.shapes.copy()
            geometry[rows] = swap_axes(wide.take(rows)).shapes
        else:
            columns[what] = _column_back(wide, what, some, back)
    return replace(wide, fid=fids, geometry=geometry, columns=columns)


def _without_field(table: LayerTable, field: str) -> LayerTable:
    """The layer without a field a repair added; what was written into it since is not thrown away."""
    filled = np.flatnonzero(~table.column(field).is_missing)
    if len(filled):
        raise InputError("undo_not_as_repaired", layer=table.name, feature=int(table.fid[filled[0]]), field=field)
    return replace(table, columns={name: column for name, column in table.columns.items() if name != field})


def _geometries_back(table: LayerTable, changes: Sequence[Change], back: Bools) -> Geometries:
    out = table.shapes.copy()
    rows = np.array([change.row for change in changes])
    now = _parsed_wkb([change.now for change in changes])
    for change, here, there in zip(changes, _hex(_multi(out[rows])), _hex(_multi(now))):
        _require_same(table, change, here, there, back)
    out[rows] = _parsed_wkb([change.was for change in changes])
    return out


def _column_back(table: LayerTable, name: str, changes: Sequence[Change], back: Bools) -> Column:
    column = table.column(name)
    here = written(column)
    for change in changes:
        _require_same(table, change, here[change.row], change.now, back)
    rows = np.array([change.row for change in changes])
    was = [change.was for change in changes]
    values, missing = column.values.copy(), column.is_missing.copy()
    missing[rows] = [value is None for value in was]
    try:
        for row, value in zip(rows.tolist(), was):
            values[row] = _value(column.kind, value)
    except ValueError as error:
        raise InputError("undo_unreadable", field=name) from error
    masked = column.kind in (Kind.INT, Kind.BOOL) and bool(missing.any())
    return replace(column, values=values, missing=missing if masked else None)


def _require_same(table: LayerTable, change: Change, here: Optional[str], now: Optional[str], back: Bools) -> None:
    if not back[change.row] and here != now:
        fid = int(table.fid[change.row])
        raise InputError("undo_not_as_repaired", layer=table.name, feature=fid, field=change.what)


def _value(kind: Kind, value: Optional[str]) -> Any:
    if kind is Kind.TEXT:
        return value
    if kind is Kind.REAL:
        return np.nan if value is None else float(value)
    if kind is Kind.DATE:
        return np.datetime64("NaT" if value is None else value)
    return 0 if value is None else int(value)


def _widened(table: LayerTable, back: Bools) -> LayerTable:
    """``table`` with rows without values where ``back`` is True."""
    if not back.any():
        return table
    source = np.maximum(np.cumsum(~back) - 1, 0)
    wide = table.take(source)
    geometry = wide.geometry
    if geometry is not None:
        geometry = geometry.copy()
        geometry[back] = None
    columns: Mapping[str, Column] = {name: _emptied(column, back) for name, column in wide.columns.items()}
    return replace(wide, geometry=geometry, columns=columns)


def _emptied(column: Column, rows: Bools) -> Column:
    values = column.values.copy()
    values[rows] = _value(column.kind, None)
    masked = column.kind in (Kind.INT, Kind.BOOL)
    return replace(column, values=values, missing=column.is_missing | rows if masked else None)


def _hex(geometries: Geometries) -> List[Optional[str]]:
    # A planner's layer is a plane; hexadecimal, because a table holds text.
    return list(shapely.to_wkb(geometries, hex=True, output_dimension=2, byte_order=1).tolist())


def _parsed_wkb(texts: Sequence[Optional[str]]) -> Geometries:
    given = np.empty(len(texts), dtype=np.object_)
    given[:] = list(texts)
    try:
        return np.asarray(shapely.from_wkb(given), dtype=np.object_)
    except shapely.errors.GEOSException as error:
        raise InputError("undo_unreadable", field=GEOMETRY) from error


def _multi(geometries: Geometries) -> Geometries:
    """Polygons as multipolygons of one part: a layer in a file holds only these."""
    out = geometries.copy()
    single = shapely.get_type_id(out) == shapely.GeometryType.POLYGON
    for row in np.flatnonzero(single):
        out[row] = shapely.multipolygons([out[row]])
    return out


def _whole(table: LayerTable, name: str) -> List[int]:
    try:
        return [int(value) for value in as_text(table.column(name)).tolist()]
    except (TypeError, ValueError) as error:
        raise InputError("undo_unreadable", field=name) from error
