"""Areas of whole parcels: recorded or measured, brought to control areas, less what the survey takes off them.

Sources: 04-area 4.5 (deductions), 4.7 (control areas).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.controls import NO_UNIT, Closing, Level, control_findings
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor, Numbering
from three_opt_three_protect.core.findings import WARNING, Finding, feature_finding
from three_opt_three_protect.core.measure import Floats, Ints, to_m2
from three_opt_three_protect.core.parcels import TOWNSHIP_DIGITS, UNLIKE, VILLAGE_DIGITS, Parcels, recorded_areas
from three_opt_three_protect.core.pieces import AreaSpec, MeasuredPieces, Whole, controlled_parcels, whole_parcels
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.roles import role_factor
from three_opt_three_protect.core.secondsurvey import Layer, second_survey
from three_opt_three_protect.core.tables import LayerTable

TOWNSHIP, VILLAGE = "township", "village"
"""Levels that have control areas."""

UNNAMED = "–"
"""A unit whose code nobody states, in messages and tables."""


@dataclass(frozen=True)
class AreaControls:
    """What binds the areas of parcels beyond what they record themselves; nothing by default.

    Attributes
    ----------
    mapping
        Of the parcels, see :func:`three_opt_three_protect.core.secondsurvey.second_survey`; ``island`` (MSSM).
    villages
        Control areas of villages: fields ``unit_code``, ``control_area``; with ``island`` the land and the
        island part of a village are two units. Rows of one unit are its parts.
    township_m2
        Control area of all parcels together.
    lines, points
        Line and point features of the second survey.
    ridges_of_gross
        See :func:`three_opt_three_protect.core.deductions.deduct_second_survey`.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    villages: Optional[Layer] = None
    township_m2: Optional[float] = None
    lines: Optional[Layer] = None
    points: Optional[Layer] = None
    ridges_of_gross: bool = False


NO_CONTROLS = AreaControls()


@dataclass(frozen=True)
class AreaReport:
    """How the areas of parcels came about.

    Attributes
    ----------
    adjusted_m2
        Largest difference between a recorded area and the parcel's own, m².
    closings
        Level (:data:`TOWNSHIP`, :data:`VILLAGE`) → how what lies in its units was brought to their areas.
    """

    adjusted_m2: float
    closings: Mapping[str, Closing]
    findings: Tuple[Finding, ...]

    @property
    def control_m2(self) -> Optional[float]:
        """Largest difference between a control area and the sum of what lies in the unit, m²; None without controls."""
        off = [np.abs(closing.difference[closing.parts > 0]) for closing in self.closings.values()]
        return float(to_m2(np.concatenate(off).max(initial=0))) if off else None


def parcel_areas(
    parcels: Parcels, spec: AreaSpec, controls: AreaControls = NO_CONTROLS, progress: Progress = SILENT
) -> Tuple[Whole, AreaReport]:
    """Areas of parcels, gross and net, that add up to the control areas given, and the report on them.

    Raises
    ------
    InputError, BalanceError
        See :func:`controlled_parcels` and :func:`second_survey`; ``field_needed``, ``control_area_unlike``.
    """
    whole, adjusted = whole_parcels(parcels, spec, progress)
    closings: Dict[str, Closing] = {}
    findings: List[Finding] = []
    if controls.villages is not None or controls.township_m2 is not None:
        whole, closings, findings = _controlled(whole, parcels, spec, controls)
    if controls.lines is not None or controls.points is not None:
        layers = (controls.lines, controls.points)
        gross = controls.ridges_of_gross
        whole, found = second_survey(whole, parcels, controls.mapping, spec, *layers, gross, progress)
        findings += found
    return whole, AreaReport(adjusted, closings, tuple(findings))


def stray_features(measured: MeasuredPieces, controls: AreaControls) -> List[Finding]:
    """Lines and points that do not touch the cut parcel they are taken off."""
    found: List[Finding] = []
    if measured.deductions is None:
        return found
    for layer, shares in ((controls.lines, measured.deductions.lines), (controls.points, measured.deductions.points)):
        if layer is not None:
            rows = shares.astray[shares.astray >= 0]
            where = np.zeros(len(layer[0]), dtype=np.bool_)
            where[rows] = True
            area = float(to_m2(shares.area[np.isin(shares.source, rows)].sum()))
            found += feature_finding("feature_off_parcel", WARNING, layer[0], where, area)
    return found


def _controlled(
    whole: Whole, parcels: Parcels, spec: AreaSpec, controls: AreaControls
) -> Tuple[Whole, Dict[str, Closing], List[Finding]]:
    levels: Dict[str, Level] = {}
    findings: List[Finding] = []
    unit = np.zeros(len(parcels), dtype=np.int64)
    if controls.township_m2 is not None:
        levels[TOWNSHIP] = _township(parcels, controls.township_m2)
    if controls.villages is not None:
        codes, area, unit = _villages(controls.villages, parcels, controls.mapping)
        outside = parcels.repaired.kept & (unit == NO_UNIT)
        findings += feature_finding(
            "parcels_without_control", WARNING, parcels.table, outside, float(to_m2(whole.area[outside].sum()))
        )
        if TOWNSHIP in levels and outside.any():
            # What lies in no village is part of the township all the same.
            unit[outside] = len(codes)
            codes, area = [*codes, UNNAMED], np.append(area, np.nan)
        levels[VILLAGE] = _level(
            controls.villages[0].name, codes, area, unit[parcels.repaired.kept], TOWNSHIP in levels
        )
    whole, closings = controlled_parcels(whole, parcels, list(levels.values()), unit, spec.tolerance)
    for closing in closings:
        _require_alike(closing)
    return whole, dict(zip(levels, closings)), [*findings, *control_findings(closings)]


def _require_alike(closing: Closing) -> None:
    """Refuse to stretch parcels to twice or half their area: no survey closes like that."""
    control, before = closing.control, closing.before
    unlike = np.flatnonzero((before > 0) & ((control > UNLIKE * before) | (control * UNLIKE < before)))
    if len(unlike):
        first = int(unlike[0])
        raise InputError(
            "control_area_unlike",
            layer=closing.above,
            unit=str(closing.code[first]),
            area=float(to_m2(control[first])),
            below=closing.below,
            sum=float(to_m2(before[first])),
            count=len(unlike),
        )


def _level(name: str, codes: List[str], area: Floats, unit: Ints, below_township: bool) -> Level:
    """The villages; one without a parcel may be another township's and takes nothing of this one."""
    peopled = np.bincount(unit[unit != NO_UNIT], minlength=len(codes)) > 0
    parent = np.where(peopled & below_township, 0, NO_UNIT)
    return Level(name, np.array(codes, dtype=np.object_), area, parent)


def _township(parcels: Parcels, area_m2: float) -> Level:
    """All parcels as one unit, with the code they share."""
    codes = {code[:TOWNSHIP_DIGITS] for code in parcels.unit.levels.tolist() if code is not None}
    code = codes.pop() if len(codes) == 1 else UNNAMED
    return Level(parcels.table.name, np.array([code], dtype=np.object_), np.array([area_m2]), np.array([NO_UNIT]))


def _villages(layer: Layer, parcels: Parcels, mapping: Mapping[str, str]) -> Tuple[List[str], Floats, Ints]:
    """Units with a code, their control areas (NaN = none), and ``(m,)`` the row of each parcel's, −1 = none."""
    table, fields = layer
    for needed in ("unit_code", "control_area"):
        if needed not in fields:
            raise InputError("field_needed", layer=table.name, field=needed, fields=", ".join(table.columns))
    islands = "island" in fields and "island" in mapping
    unit, part = _keys(role_factor(table, fields, "unit_code"), table, fields if islands else {})
    parcel_unit, parcel_part = _keys(parcels.unit, parcels.table, mapping if islands else {})
    row = Numbering()
    pairs = list(zip(unit.values.tolist(), part.values.tolist()))
    coded = np.array([code is not None for code, _ in pairs], dtype=np.bool_)
    of = row.of([pair for pair in pairs if pair[0] is not None])
    area = np.zeros(len(row))
    np.add.at(area, of, recorded_areas(table, fields, "control_area")[coded])
    # Asked once for every pair of codes that occurs, not for every parcel.
    found = [[row.get((code, one), NO_UNIT) for one in parcel_part.levels] for code in parcel_unit.levels]
    names = [code if one is None else f"{code}/{one}" for code, one in row]
    return names, area, np.array(found, dtype=np.int64)[parcel_unit.code, parcel_part.code]


def _keys(unit: Factor, table: LayerTable, fields: Mapping[str, str]) -> Tuple[Factor, Factor]:
    """Village code and island part of every row."""
    village = unit.map(lambda code: None if code is None else code[:VILLAGE_DIGITS])
    return village, role_factor(table, fields, "island")
