"""The conditions of an adjustment as linear limits over the candidates: greedy and optimiser read the same.

Each reads ``constant + Σ coefficient·chosen ≥ 0``.  The grade is a mean, but Σ area·(D − grade) ≥ 0 says the same for
a fixed D.  The index of contiguity (:mod:`.patches`) is not linear: the limit here counts every added field as joined
to the remaining patches it touches and nothing else, which is never more than it does.  A choice that keeps it keeps
the index; one that does not may keep it all the same: it is asked for only where the index turns out worse
(:mod:`.choosing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.farmland.facts import Bools, Floats, Ints
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.optimiser.problem import Limit
from three_opt_three_protect.core.rules import FAIL

TASK, SUPPLEMENT, GRADE, CONTIGUITY = "task", "supplement", "grade", "contiguity"

AREA_LIMITS = (TASK, SUPPLEMENT)
"""Limits that more land always helps."""

NOISE = 2
"""Decimals of grade × m²: means are not exact."""

HA_NOISE = 4
"""Decimals of ha²."""


@dataclass(frozen=True)
class Before:
    """What is there before anything comes in.

    Attributes
    ----------
    kept, released
        Hundredths of the township; ``kept_of`` of every village.
    task
        Unit (``""`` = township) → hundredths, only where one is given.
    grade
        Of the farmland as it was, NaN = not known; ``kept_moment`` is Σ m²·(grade − its own) over what stays.
    index
        Contiguity as it was, ha; ``kept_square`` and ``kept_area`` are Σ A² and Σ A of what stays.
    """

    kept: int
    released: int
    kept_of: Mapping[str, int]
    task: Mapping[str, int]
    grade: float
    kept_moment: float
    index: float
    kept_square: float
    kept_area: float


@dataclass(frozen=True)
class Offer:
    """The candidates, ``(c,)`` each.

    Attributes
    ----------
    net
        Int64 hundredths.
    unit
        Village code, ``""`` where there is none.
    grade
        NaN only where no grades are known at all.
    area, touched
        Ha: gross, and of the remaining patches it lies beside.
    score
        0–1, 1 first.
    reserve
        Lies in the reserve, which is used up before other land comes in.
    """

    net: Ints
    unit: Sequence[str]
    grade: Floats
    area: Floats
    touched: Floats
    score: Floats
    reserve: Bools

    def __len__(self) -> int:
        return len(self.net)


def limits_of(before: Before, offer: Offer, ratio: float, severity: Mapping[str, str]) -> Tuple[Limit, ...]:
    """All limits that apply.

    Parameters
    ----------
    ratio
        Added for each released area.
    severity
        Check → ``fail`` or ``warn``; a limit that only warns is given up first.
    """
    area = to_m2(offer.net)
    units = np.array(offer.unit, dtype=np.object_)
    found: List[Limit] = []
    for unit, task in sorted(before.task.items()):
        kept = before.kept if not unit else before.kept_of.get(unit, 0)
        helps = area if not unit else np.where(units == unit, area, 0.0)
        found.append(_limit(TASK, unit, "m2", (kept - task) / 100, helps, severity))
    found.append(_limit(SUPPLEMENT, "", "m2", -_needed(before.released, ratio), area, severity))
    if not np.isnan(before.grade):
        moment: Floats = np.round(np.nan_to_num(area * (before.grade - offer.grade)), NOISE)
        found.append(_limit(GRADE, "", "grade", -round(before.kept_moment, NOISE), moment, severity))
    if not np.isnan(before.index):
        square: Floats = np.asarray(offer.area * (2 * offer.touched + offer.area - before.index), dtype=np.float64)
        constant = round(before.kept_square - before.index * before.kept_area, HA_NOISE)
        found.append(_limit(CONTIGUITY, "", "ha", constant, square.round(HA_NOISE), severity))
    return tuple(found)


def _needed(released: int, ratio: float) -> float:
    """m² to be added; whole hundredths, so that what is just enough is enough."""
    return float(np.ceil(np.round(released * ratio, 6))) / 100


def _limit(name: str, unit: str, measure: str, constant: float, helps: Floats, severity: Mapping[str, str]) -> Limit:
    hard = severity[name] == FAIL
    return Limit(name, unit, measure, constant, helps, np.empty(0), (0, 0), (0, 0), hard=hard)
