"""Reclamation potential by village (T4 农村建设用地复垦潜力分村汇总表), and what was left out.

Source: 00-supplement 3.2 (T4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.potential.grades import THRESHOLDS, grades
from three_opt_three_protect.core.potential.theory import Realistic, Theory
from three_opt_three_protect.core.potential.universe import Universe

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RETAINED = "retained"
"""The reason of :data:`~three_opt_three_protect.core.potential.universe.REASONS` that has a column of its own."""


@dataclass(frozen=True)
class VillageSummary:
    """One row a village, then the township's; areas m² rounded to 0.01, so that villages add up to the township.

    Attributes
    ----------
    unit_code
        Village code, None = land of no village, ``""`` = the township.
    values
        Column → ``(v + 1,)`` float64, NaN = unknown: ``village_m2`` and of it ``outside_m2`` (village land, outside
        the boundary), ``households`` and ``population`` (registered, on village land outside the boundary),
        ``retain_m2`` (construction land left out as retained), ``per_head`` and ``std_head`` (m² a person outside
        the boundary, and the standard), ``per_head_m2`` … of each method of the theory, ``theory_m2``, ``cands`` and
        ``cand_m2`` (candidates), ``factor`` (K), ``real_m2``, ``cult_m2``, ``grade``.
    """

    unit_code: Texts
    values: Mapping[str, Floats]


@dataclass(frozen=True)
class Excluded:
    """Construction land that is no candidate for one reason in one village."""

    reason: str
    unit_code: Optional[str]
    pieces: int
    area: int


def village_summary(
    base: BaseState,
    universe: Universe,
    theory: Theory,
    realistic: Realistic,
    village_land: Bools,
    score: Floats,
    grade: Ints,
    thresholds: Tuple[float, ...],
    rule: str,
    per_head: float,
) -> VillageSummary:
    """Add up by village.

    Parameters
    ----------
    village_land
        ``(n,)`` of the base pieces.
    thresholds, rule
        How candidates were graded: a village is graded by K on the same limits.
    per_head
        The standard, m² a person.
    """
    units = theory.unit_code
    place = {code: number for number, code in enumerate(units)}
    of_piece = np.array([place.get(code or "", -1) for code in base.unit.levels], dtype=np.int64)[base.unit.code]

    def area(rows: Ints) -> Floats:
        return _units_by(of_piece[rows], base.area[rows], len(units))

    none = np.empty(0, dtype=np.int64)
    added = {
        "households": np.round(theory.households),
        "population": np.round(theory.population),
        "village_m2": area(np.flatnonzero(village_land)),
        "outside_m2": _rounded(theory.village_land),
        "retain_m2": area(universe.excluded.get(RETAINED, none)),
        **{f"{method}_m2": _rounded(values) for method, values in theory.by_method.items()},
        "theory_m2": _rounded(theory.chosen),
        "cands": np.bincount(of_piece[universe.rows], minlength=len(units)).astype(np.float64),
        "cand_m2": area(universe.rows),
        "real_m2": _rounded(realistic.potential),
        "cult_m2": _rounded(realistic.cultivated),
    }
    lived_on = added["village_m2"] > 0
    columns = {name: np.append(values, _total(values, lived_on)) for name, values in added.items()}
    whole = _mean(score, base.area[universe.rows])
    columns["factor"] = np.append(realistic.correction, whole)
    columns["per_head"] = _ratio(columns["outside_m2"], columns["population"])
    columns["std_head"] = np.full(len(units) + 1, per_head)
    columns["grade"] = _grades_of(columns["factor"], score, grade, thresholds, rule)
    codes = np.array([*(code or None for code in units), ""], dtype=np.object_)
    says = np.append(np.any([np.nan_to_num(added[name]) > 0 for name in _SAYS], axis=0), True)
    return VillageSummary(codes[says], {name: values[says] for name, values in columns.items()})


_SAYS = ("village_m2", "cand_m2", "retain_m2", "population", "households")
"""A village without any of these has no row."""


def excluded_land(base: BaseState, universe: Universe) -> Tuple[Excluded, ...]:
    """Pieces and area by reason and village, in the order of the reasons, then of the codes."""
    found = []
    for reason, rows in universe.excluded.items():
        units = base.unit.code[rows]
        for unit in sorted(np.unique(units), key=lambda each: base.unit.levels[each] or ""):
            here = rows[units == unit]
            found.append(Excluded(reason, base.unit.levels[unit], len(here), int(base.area[here].sum())))
    return tuple(found)


def _units_by(index: Ints, area: Ints, count: int) -> Floats:
    """Sums of hundredths by village as m²; pieces of no listed village are passed over."""
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, index[index >= 0], area[index >= 0])
    return to_m2(out)


def _rounded(m2: Floats) -> Floats:
    known = np.isfinite(m2)
    return np.where(known, to_m2(to_units(np.where(known, m2, 0.0))), np.nan)


def _total(values: Floats, lived_on: Bools) -> float:
    """Sum in whole hundredths; unknown where that of a village with village land is."""
    known = np.isfinite(values)
    if (lived_on & ~known).any():
        return float("nan")
    return float(to_m2(to_units(values[known]).sum()))


def _mean(score: Floats, weight: Ints) -> float:
    return float(np.average(score, weights=weight)) if len(score) and weight.sum() > 0 else float("nan")


def _ratio(area: Floats, people: Floats) -> Floats:
    counted = people > 0
    return np.where(counted, np.round(area / np.where(counted, people, 1.0), 2), np.nan)


def _grades_of(factor: Floats, score: Floats, grade: Ints, thresholds: Sequence[float], rule: str) -> Floats:
    """Grade of a mean score: by the thresholds, else the best grade whose least score it reaches."""
    known = np.isfinite(factor)
    found = np.full(len(factor), np.nan)
    if rule == THRESHOLDS:
        found[known] = grades(np.round(factor[known], 6), THRESHOLDS, tuple(thresholds))
        return found
    present = np.unique(grade)
    least = np.array([score[grade == each].min() for each in present])
    for place in np.flatnonzero(known):
        # A mean may miss the least score there is by rounding.
        reached = np.append(present[least <= factor[place]], present[-1])
        found[place] = reached[0]
    return found
