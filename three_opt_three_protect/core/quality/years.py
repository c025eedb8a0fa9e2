"""Two survey years: same township, same control areas."""

from __future__ import annotations

from typing import Dict, Iterator, List, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.progress import Part, Progress
from three_opt_three_protect.core.quality.case import (
    LAYER,
    Case,
    Found,
    Ints,
    RuleFunction,
    RuleSpec,
    Subject,
    on_layer,
)
from three_opt_three_protect.core.quality.nest import stem
from three_opt_three_protect.core.quality.places import area_m2
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries

_BLOCK = 1_000
"""Polygons united at a time: some tens of milliseconds."""


def year_area(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Total area of both years; relative difference."""
    now, before = float(case.layer.area.sum()), float(case.others["previous"].area.sum())
    share = abs(now - before) / before if before else np.inf
    if share > rule.least:
        yield on_layer("", share, area=now, before=before, difference=now - before)


def year_outline(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Land that only one of the years has."""
    now = outline(case.layer, Part(progress, 0.0, 0.5))
    before = outline(case.others["previous"], Part(progress, 0.5, 0.5))
    pair = np.array([shapely.difference(now, before), shapely.difference(before, now)], dtype=np.object_)
    changed = polygons_only(pair)
    added, gone = area_m2(case.layer, changed).tolist()
    if added + gone > rule.least:
        place = np.array([shapely.union_all(changed)], dtype=np.object_)
        rows = np.array([LAYER], dtype=np.int64)
        yield Found(rows, "", np.array([added + gone]), {"added": added, "gone": gone}, place)


def outline(subject: Subject, progress: Progress) -> shapely.Geometry:
    """The land of a layer, united block by block of neighbours, so that cancel is heard."""
    shapes = subject.shapes[~shapely.is_missing(subject.shapes)]
    while len(shapes) > 1:
        shapes = shapes[_order(shapes)]
        united: List[shapely.Geometry] = []
        for start in range(0, len(shapes), _BLOCK):
            progress.check(start / len(shapes))
            united.append(_united(shapes[start : start + _BLOCK]))
        shapes = np.array(united, dtype=np.object_)
    return shapes[0] if len(shapes) else shapely.Polygon()


def _order(shapes: Geometries) -> Ints:
    """Neighbours beside each other: strips from west to east, each from south to north."""
    x, y = np.nan_to_num(shapely.bounds(shapes)[:, :2]).T
    strips = max(1, int(np.sqrt(len(shapes) / _BLOCK)))
    strip = np.zeros(len(shapes), dtype=np.int64)
    strip[np.argsort(x, kind="stable")] = np.arange(len(shapes)) * strips // len(shapes)
    return np.asarray(np.lexsort((y, strip)), dtype=np.int64)


def _united(shapes: Geometries) -> shapely.Geometry:
    """The union; where nothing overlaps, by leaving shared edges out, which is ten times as fast."""
    try:
        quick = shapely.coverage_union_all(shapes)
    except shapely.GEOSException:
        return shapely.union_all(shapes)
    total = float(shapely.area(shapes).sum())
    sound = shapely.is_valid(quick) and abs(shapely.area(quick) - total) <= 1e-9 * total
    return quick if sound else shapely.union_all(shapes)


def year_control(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Control areas of the units that both years have."""
    layer, previous = case.layer, case.others["previous"]
    now, before = _controls(layer), _controls(previous)
    first = _first_rows(_units(layer))
    both = [code for code in now if code in before]
    difference = np.array([now[code] - before[code] for code in both])
    far = np.flatnonzero(np.abs(np.round(difference, 2)) > rule.least + 1e-9).tolist()
    yield Found(
        np.array([first[both[i]] for i in far], dtype=np.int64),
        layer.field("control_area"),
        np.abs(difference[far]),
        {
            "unit": np.array([both[i] for i in far], dtype=np.object_),
            "area": np.array([now[both[i]] for i in far]),
            "before": np.array([before[both[i]] for i in far]),
        },
    )


def year_units(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Units that only one of the years has: merged, split or recoded (1.8)."""
    layer, previous = case.layer, case.others["previous"]
    now, before = _first_rows(_units(layer)), _first_rows(_units(previous))
    column = layer.field("unit_code")
    new = [code for code in now if code not in before]
    yield Found(
        np.array([now[code] for code in new], dtype=np.int64),
        column,
        None,
        {"unit": np.array(new, dtype=np.object_), "only": layer.table.name, "lacking": previous.table.name},
    )
    gone = [code for code in before if code not in now]
    places = None
    if previous.table.geometry is not None:
        places = previous.shapes[np.array([before[code] for code in gone], dtype=np.int64)]
    yield Found(
        np.full(len(gone), LAYER, dtype=np.int64),
        column,
        None,
        {"unit": np.array(gone, dtype=np.object_), "only": previous.table.name, "lacking": layer.table.name},
        places,
    )


def _units(subject: Subject) -> Factor:
    """Codes of units, of parcels those of their villages."""
    return subject.text("unit_code").map(lambda code: None if code is None else stem(code)[:VILLAGE_DIGITS])


def _first_rows(units: Factor) -> Dict[str, int]:
    """Code → its first row."""
    first = np.full(len(units.levels), -1, dtype=np.int64)
    first[units.code[::-1]] = np.arange(len(units) - 1, -1, -1)
    return {str(code): int(first[number]) for number, code in enumerate(units.levels) if code is not None}


def _controls(subject: Subject) -> Dict[str, float]:
    """Code → control area, parts of a unit added; units without one are left out."""
    units, control = _units(subject), subject.number("control_area")
    total = np.bincount(units.code, np.nan_to_num(control), len(units.levels))
    stated = np.bincount(units.code, ~np.isnan(control), len(units.levels)) > 0
    return {
        str(code): float(total[number])
        for number, code in enumerate(units.levels)
        if code is not None and stated[number]
    }


RULES: Tuple[RuleFunction, ...] = (year_area, year_outline, year_control, year_units)
