"""Nesting: parcels in villages, villages in the township, codes and areas that add up.

A finding on a unit above is one on the layer as a whole; it names the unit and shows its polygon.
"""

from __future__ import annotations

from typing import Iterator, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import LAYER, Bools, Case, Floats, Found, Ints, RuleFunction, RuleSpec
from three_opt_three_protect.core.quality.nest import NONE, Nest
from three_opt_three_protect.core.quality.places import area_m2, lengths_m
from three_opt_three_protect.core.quality.within import Parts, by_feature
from three_opt_three_protect.core.repair import polygons_only


def outside_parent(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Parts of features outside the unit of their code; outside all units where the code says nothing.

    A feature that lies in another unit than its code says has a wrong code, which is another rule's finding: of it only
    what lies outside all units is told.  What is narrower than two borders may be apart when each keeps the standard's
    tolerance of coordinates in x and y (option ``width``, metres) is rounding.
    """
    nest = case.nest
    parts = nest.parts
    beyond = parts.take(parts.key == NONE)
    if nest.has_codes:
        astray = (nest.own == NONE) | _coded_wrong(nest)
        strict = np.where(astray[parts.row], parts.key == NONE, parts.key != nest.own[parts.row])
        beyond = _truly_outside(nest, parts.take(strict), progress)
    width = 2 * beyond.area / np.maximum(lengths_m(nest.layer, beyond.geometry, progress), 1e-9)
    yield by_feature(beyond.take(width > rule.option("width")), rule.least, other=nest.parent.table.name)


def _truly_outside(nest: Nest, parts: Parts, progress: Progress) -> Parts:
    """Where units overlap, land of a unit's own counts as its own."""
    if not parts.doubled:
        return parts
    claimed = parts.key != NONE
    claimed &= nest.own[parts.row] != NONE
    rows = np.flatnonzero(claimed)
    lands = nest.lands(nest.own[parts.row[rows]])
    shapes = parts.geometry.copy()
    shapes[rows] = polygons_only(batched(shapely.difference, shapes[rows], lands, progress=progress))
    area = parts.area.copy()
    area[rows] = area_m2(nest.layer, shapes[rows], progress)
    return Parts(parts.row, parts.key, shapes, area, parts.doubled).take(area > 0)


def _coded_wrong(nest: Nest) -> Bools:
    """``(n,)`` features most of which lies in a unit that is not the one of their code."""
    wrong = (nest.own != NONE) & (nest.lies_in != NONE) & (nest.lies_in != nest.own)
    if not (wrong.any() and nest.parts.doubled):
        return np.asarray(wrong)
    rows = np.flatnonzero(wrong)
    shared = polygons_only(shapely.intersection(nest.layer.shapes[rows], nest.lands(nest.own[rows])))
    wrong[rows] = area_m2(nest.layer, shared) * 2 < nest.layer.area[rows]
    return np.asarray(wrong)


def parent_code(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Most of the feature lies in a unit whose code is not the beginning of its own."""
    nest = case.nest
    wrong = np.flatnonzero(_coded_wrong(nest))
    units = nest.lies_in[wrong]
    code = case.layer.text("unit_code").values[wrong]
    area = np.zeros(len(nest.layer))
    here = nest.parts.key == nest.lies_in[nest.parts.row]
    area[nest.parts.row[here]] = nest.parts.area[here]
    values = {"code": code, "other": nest.codes(units), "name": nest.names(units)}
    yield Found(wrong, case.layer.field("unit_code"), area[wrong], values)


def parent_unknown(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """A code that begins with no unit's."""
    nest = case.nest
    codes = case.layer.text("unit_code")
    rows = np.flatnonzero((nest.own == NONE) & ~codes.missing)
    values = {"code": codes.values[rows], "parent": nest.parent.table.name}
    yield Found(rows, case.layer.field("unit_code"), None, values)


def parent_empty(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """A unit to which no feature belongs."""
    nest = case.nest
    yield _of_units(nest, np.setdiff1d(nest.units, nest.occupied), np.empty(0))


def sum_geometry(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Areas of the features of a unit against its own; relative difference.

    On layers in degrees every area method finds the same units, see ``tests/core/quality/test_nesting.py``.
    """
    nest = case.nest
    below, own = nest.sums(nest.layer.area), nest.totals(nest.parent.area)
    units = nest.occupied[own[nest.occupied] > 0]
    share = np.abs(below - own)[units] / own[units]
    far = share > rule.least
    units = units[far]
    yield _of_units(nest, units, share[far], sum=below[units], area=own[units], difference=(below - own)[units])


def sum_control(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Recorded areas of the features of a unit against its control area; hundredths are added exactly."""
    nest = case.nest
    recorded = "area" if nest.layer.has("area") else "control_area"
    below = np.round(nest.sums(nest.layer.number(recorded)), 2)
    control = np.round(nest.totals(nest.parent.number("control_area")), 2)
    units = nest.occupied[~np.isnan(control[nest.occupied])]
    difference = np.round(below - control, 2)[units]
    far = np.abs(difference) > rule.least + 1e-9
    units = units[far]
    column = nest.layer.field(recorded)
    sums = {"sum": below[units], "area": control[units], "difference": difference[far]}
    yield _of_units(nest, units, np.abs(difference[far]), column, **sums)


def _of_units(nest: Nest, units: Ints, measure: Floats, column: str = "", **values: Floats) -> Found:
    """One finding a unit."""
    rows = np.full(len(units), LAYER, dtype=np.int64)
    size = measure if len(measure) else None
    named = {"parent": nest.parent.table.name, "other": nest.codes(units), "name": nest.names(units), **values}
    places = None if nest.parent.table.geometry is None else nest.lands(units)
    return Found(rows, column, size, named, places)


RULES: Tuple[RuleFunction, ...] = (
    outside_parent,
    parent_code,
    parent_unknown,
    parent_empty,
    sum_geometry,
    sum_control,
)
