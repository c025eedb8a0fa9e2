"""Line and point features of the second survey read from their layers and brought to the parcels they belong to.

Sources: 03-schemas 3.3 (XZDW: KCTBDWDM1/2, KCTBBH1/2, KCBL, CD, KD, XZDWMJ; LXDW: ZLTBBH, MJ).
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.deductions import (
    ELSEWHERE,
    Features,
    deduct_second_survey,
    line_areas,
    line_features,
    point_features,
    rows_of,
)
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.findings import WARNING, Finding, feature_finding
from three_opt_three_protect.core.measure import Floats, Ints, to_m2, to_units
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS, Parcels
from three_opt_three_protect.core.pieces import AreaSpec, SecondSurvey, Whole
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.roles import role_real, role_text
from three_opt_three_protect.core.tables import Geometries, LayerTable, first_features

Layer = Tuple[LayerTable, Mapping[str, str]]
"""A layer and its mapping role field → source field."""

_BATCH = 10_000
"""Points looked up between two questions whether the user wants to stop: about 0.1 s."""

Key = Tuple[Optional[str], Optional[str]]


def second_survey(
    whole: Whole,
    parcels: Parcels,
    mapping: Mapping[str, str],
    spec: AreaSpec,
    lines: Optional[Layer] = None,
    points: Optional[Layer] = None,
    ridges_of_gross: bool = False,
    progress: Progress = SILENT,
) -> Tuple[Whole, List[Finding]]:
    """The parcels with what line and point features and ridges take off them.

    Parameters
    ----------
    whole, parcels
        See :func:`three_opt_three_protect.core.pieces.whole_parcels`.
    mapping
        Of the parcels: ``parcel_no`` and ``owner_code`` (else ``unit_code``), by which features name them;
        ``line_area``, ``point_area`` (XZDWMJ, LXDWMJ), which bind where a parcel has them.
    lines
        Fields ``area``, ``length``, ``width``, ``deduct_share``, ``parcel_no_left``, ``parcel_no_right``,
        ``unit_code_left``, ``unit_code_right``.
    points
        Fields ``area``, ``parcel_no``, ``unit_code``; a point that names no parcel belongs to the one it lies in.
    ridges_of_gross
        See :func:`three_opt_three_protect.core.deductions.deduct_second_survey`.

    Returns
    -------
    Whole
        With ``net`` and ``second``.
    list of Finding
        ``feature_without_parcel``, ``parcel_features_differ``.

    Raises
    ------
    InputError
        ``line_without_area``, ``line_share_out_of_range``, ``no_such_field``, ``no_number``.
    BalanceError
        ``deductions_exceed_area``.
    """
    progress.step("deducting", 0.0)
    known = _parcel_keys(parcels.table, mapping)
    found: List[Finding] = []
    held: List[Features] = []
    for layer, read, recorded in ((lines, _lines, "line_area"), (points, _points, "point_area")):
        features = Features(np.zeros(0, np.int64), np.zeros(0, object), np.zeros(0, np.int64), np.zeros(0, np.int64))
        if layer is not None:
            features = read(layer, known, parcels, spec, progress)
            found += _without_parcel(layer[0], features)
        stated = role_real(parcels.table, mapping, recorded)
        sums = features.on(len(parcels))
        binding = np.where(np.isnan(stated), sums, to_units(np.nan_to_num(stated)))
        if layer is not None:
            off = np.abs(to_m2(binding - sums))
            found += feature_finding(
                "parcel_features_differ",
                WARNING,
                parcels.table,
                off > spec.tolerance.area_m2,
                float(off.max(initial=0.0)),
            )
        held.append(features.closed(binding))
    count = len(parcels)
    deducted = deduct_second_survey(
        whole.area, held[0].on(count), held[1].on(count), parcels.deduct_rate, parcels.parcel_id, ridges_of_gross
    )
    return Whole(whole.geometry, whole.area, deducted.net, SecondSurvey(held[0], held[1], deducted)), found


def _parcel_keys(table: LayerTable, mapping: Mapping[str, str]) -> List[Key]:
    owner = "owner_code" if "owner_code" in mapping else "unit_code"
    return _keys(table, mapping, owner, "parcel_no")


def _keys(table: LayerTable, mapping: Mapping[str, str], unit: str, number: str) -> List[Key]:
    """Village and parcel number of each row."""
    units, numbers = role_text(table, mapping, unit), role_text(table, mapping, number)
    return [(None if one is None else one[:VILLAGE_DIGITS], other) for one, other in zip(units, numbers)]


def _rows(wanted: List[Key], known: List[Key]) -> Ints:
    """Rows of the parcels named; a number without a village counts where it occurs once."""
    rows = rows_of(wanted, known)
    times: Dict[Optional[str], int] = {}
    for _, number in known:
        times[number] = times.get(number, 0) + 1
    alone = rows_of([number for _, number in wanted], [number for _, number in known])
    bare = np.array([unit is None and times.get(number, 0) == 1 for unit, number in wanted], dtype=bool)
    unnamed = np.array([number is None for _, number in wanted], dtype=bool)
    return np.where(unnamed, ELSEWHERE, np.where(bare, alone, rows))


def _lines(layer: Layer, known: List[Key], parcels: Parcels, spec: AreaSpec, progress: Progress) -> Features:
    table, mapping = layer
    first = _rows(_keys(table, mapping, "unit_code_left", "parcel_no_left"), known)
    second = _rows(_keys(table, mapping, "unit_code_right", "parcel_no_right"), known)
    return line_features(
        table, _line_units(table, mapping, spec), first, second, role_real(table, mapping, "deduct_share")
    )


def _line_units(table: LayerTable, mapping: Mapping[str, str], spec: AreaSpec) -> Ints:
    """XZDWMJ, else length × width; the length is the one recorded, else the drawn one."""
    recorded, length = role_real(table, mapping, "area"), role_real(table, mapping, "length")
    drawn = np.full(len(table), np.nan)
    if not spec.crs.is_geographic:
        drawn = shapely.length(table.shapes) * spec.crs.metres_per_unit
    length = np.where(np.isnan(length), drawn, length)
    width = role_real(table, mapping, "width")
    unknown = np.isnan(recorded) & np.isnan(length * width)
    if unknown.any():
        raise InputError("line_without_area", layer=table.name, features=first_features(table, unknown))
    return np.where(np.isnan(recorded), line_areas(*_known(length, width)), to_units(np.nan_to_num(recorded)))


def _known(length: Floats, width: Floats) -> Tuple[Floats, Floats]:
    return np.nan_to_num(length), np.nan_to_num(width)


def _points(layer: Layer, known: List[Key], parcels: Parcels, spec: AreaSpec, progress: Progress) -> Features:
    table, mapping = layer
    rows = _rows(_keys(table, mapping, "unit_code", "parcel_no"), known)
    unnamed = rows == ELSEWHERE
    rows[unnamed] = _containing(table.shapes[unnamed], parcels.repaired.geometry, progress)
    return point_features(table, np.nan_to_num(role_real(table, mapping, "area")), rows)


def _containing(points: Geometries, polygons: Geometries, progress: Progress) -> Ints:
    """Row of the polygon each point lies in, of several the first, −1 where there is none."""
    rows = np.full(len(points), ELSEWHERE, dtype=np.int64)
    if not len(points):
        return rows
    tree = shapely.STRtree(polygons)
    for start in range(0, len(points), _BATCH):
        progress.check(start / len(points))
        point, polygon = tree.query(points[start : start + _BATCH], predicate="intersects")
        order = np.lexsort((-polygon, point))
        rows[start + point[order]] = polygon[order]
    return rows


def _without_parcel(table: LayerTable, features: Features) -> List[Finding]:
    lost = features.parcel == ELSEWHERE
    where: NDArray[np.bool_] = np.zeros(len(table), dtype=bool)
    where[features.source[lost]] = True
    return feature_finding("feature_without_parcel", WARNING, table, where, float(to_m2(features.area[lost].sum())))
