"""Recorded areas: computed anew, or made to add up to a control area (平差)."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

import numpy as np

from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.measure import (
    AreaMethod,
    Ints,
    Tolerance,
    ToLonLat,
    apportion,
    measure,
    to_m2,
    to_units,
)
from three_opt_three_protect.core.mending.changes import Mended, added_field, mended
from three_opt_three_protect.core.parcels import UNLIKE
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import Bools, Floats
from three_opt_three_protect.core.repair import repair_polygons
from three_opt_three_protect.core.tables import Kind, LayerTable, real

AREAS = "areas"
CONTROL = "control"

_ALIAS, _WIDTH, _DECIMALS = "面积", 18, 2


def recompute_areas(
    table: LayerTable,
    field: str,
    method: AreaMethod = AreaMethod.STRIP,
    to_lonlat: Optional[ToLonLat] = None,
    progress: Progress = SILENT,
) -> Mended:
    """Write every polygon's area, m² rounded to 0.01, into ``field``.

    Raises
    ------
    InputError
        ``no_such_field``; ``area_field_not_real``.

    Returns
    -------
    Mended
        ``left``: features without a usable polygon, whose value stays.
    """
    area = _measured(table, field, method, to_lonlat, progress)
    return _with(AREAS, table, field, to_units(area), area > 0)


def apportion_control(
    table: LayerTable,
    field: str,
    control_m2: float,
    tolerance: Tolerance,
    method: AreaMethod = AreaMethod.STRIP,
    to_lonlat: Optional[ToLonLat] = None,
    progress: Progress = SILENT,
) -> Mended:
    """Write areas into ``field`` that add up to ``control_m2`` (04-area 4.6).

    The measured areas rounded to 0.01 m², the difference dealt out in equal steps, larger polygons first, or in
    proportion first where it is more than ``tolerance``.  What is recorded of features without a usable polygon
    stays and counts: the polygons share the rest.

    Raises
    ------
    InputError
        ``no_such_field``; ``area_field_not_real``; ``control_unlikely``: not a fraction of what the layer covers.
    """
    area = _measured(table, field, method, to_lonlat, progress)
    land = area > 0
    recorded = table.column(field).values
    kept = float(recorded[~land & np.isfinite(recorded)].sum())
    total, rest = float(area.sum()), control_m2 - kept
    if not total / UNLIKE <= rest <= total * UNLIKE or not total:
        raise InputError("control_unlikely", layer=table.name, control=control_m2, area=round(total + kept, 2))
    units = np.zeros(len(table), dtype=np.int64)
    rows = np.flatnonzero(land)
    one = np.zeros(len(rows), dtype=np.int64)
    units[rows] = apportion(area[rows], one, to_units(np.array([rest])), tolerance)
    return _with(CONTROL, table, field, units, land)


def add_area_field(table: LayerTable, field: str, operation: str = AREAS) -> Mended:
    """Add an empty field for areas; undoing takes it away again."""
    column = real(np.full(len(table), np.nan), alias=_ALIAS, width=_WIDTH, decimals=_DECIMALS)
    after = replace(table, columns={**table.columns, field: column})
    return Mended(after, (added_field(operation, field),))


def _measured(
    table: LayerTable, field: str, method: AreaMethod, to_lonlat: Optional[ToLonLat], progress: Progress
) -> Floats:
    if table.column(field).kind is not Kind.REAL:
        raise InputError("area_field_not_real", layer=table.name, field=field)
    if table.crs is None:
        raise CrsError("no_crs", layer=table.name)
    return measure(repair_polygons(table.shapes, progress).geometry, table.crs, method, to_lonlat, progress)


def _with(operation: str, table: LayerTable, field: str, units: Ints, rows: Bools) -> Mended:
    column = table.column(field)
    values = np.where(rows, to_m2(units), column.values)
    columns = {**table.columns, field: replace(column, values=values)}
    return mended(operation, table, replace(table, columns=columns), left=np.flatnonzero(~rows).tolist())
