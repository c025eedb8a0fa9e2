"""Lines: permanent basic farmland, development boundary and redline against each other."""

from __future__ import annotations

from typing import Iterator, Tuple

import numpy as np

from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import Case, Found, Ints, RuleFunction, RuleSpec, Subject
from three_opt_three_protect.core.quality.within import by_feature, inside, parts_of
from three_opt_three_protect.core.tables import Geometries


def farmland_class(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Permanent basic farmland on parcels whose class may not be: codes that the classification does not have pass."""
    parcels = case.others["parcels"]
    zones, key, levels = _not_eligible(parcels)
    parts = parts_of(case.layer, zones, key, progress)
    parts = parts.take(parts.key >= 0)
    most = np.full(len(case.layer), "", dtype=np.object_)
    order = np.argsort(parts.area, kind="stable")
    most[parts.row[order]] = levels[parts.key[order]]
    yield by_feature(parts, rule.least, land=most)


def _not_eligible(parcels: Subject) -> Tuple[Geometries, Ints, Texts]:
    """Parcels that may not be farmland, the number of the class of each, and the classes by number."""
    codes = parcels.text("class_code")
    found = [None if parcels.system is None else parcels.system.find(code) for code in codes.levels]
    barred = np.array([entry is not None and entry.farmland == "no" for entry in found], dtype=np.bool_)
    names = np.array([f"{entry.code} {entry.name}" if entry is not None else "" for entry in found], dtype=np.object_)
    rows = np.flatnonzero(barred[codes.code])
    return parcels.shapes[rows], codes.code[rows], names


def farmland_boundary(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Permanent basic farmland within the development boundary."""
    yield inside(case.layer, case.others["boundary"], rule.least, progress)


def farmland_redline(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """Permanent basic farmland within the redline."""
    yield inside(case.layer, case.others["redline"], rule.least, progress)


def boundary_redline(case: Case, rule: RuleSpec, progress: Progress) -> Iterator[Found]:
    """The development boundary within the redline."""
    yield inside(case.layer, case.others["redline"], rule.least, progress)


RULES: Tuple[RuleFunction, ...] = (farmland_class, farmland_boundary, farmland_redline, boundary_redline)
