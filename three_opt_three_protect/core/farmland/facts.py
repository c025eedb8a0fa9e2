"""What is known of every base piece where farmland is adjusted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.gradesaround import filled
from three_opt_three_protect.core.progress import SILENT, Progress

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Facts:
    """Of base pieces, ``(n,)`` each.

    Attributes
    ----------
    eligible
        Cultivated land by its base class: what farmland is made of.
    barred
        The class is known and may not be farmland (a pond, a garden, construction land).
    steep, unstable, fallow
        Slope above 25°, unstable by its refinement code, left uncultivated by its planting code.
    gentle
        1 for a slope of at most 15°, 0 for a steeper one, NaN where none is stated.
    newbuild, in_time, key_project
        In a new-build plot; in one that counts by the day asked for; in one of a key project.
    reclaim, accepted
        In a plot to be reclaimed to cultivated land; in one that was accepted by the day asked for.
    unseen
        In a plot accepted as cultivated land that a later survey does not show as such (返建): not accepted here.
    reserve
        In the reserve of farmland (永久基本农田储备区).
    net
        Int64 hundredths that count as farmland.
    measured
        The net area is known: what a plot reclaimed but not yet surveyed will have needs its rate.
    grade, inferred
        Grade (1 is best), NaN where there is none; taken from the land around.
    """

    eligible: Bools
    barred: Bools
    steep: Bools
    unstable: Bools
    fallow: Bools
    gentle: Floats
    newbuild: Bools
    in_time: Bools
    key_project: Bools
    reclaim: Bools
    accepted: Bools
    unseen: Bools
    reserve: Bools
    net: Ints
    measured: Bools
    grade: Floats
    inferred: Bools


def with_grades(base: BaseState, facts: Facts, wanted: Bools, radius_m: float, progress: Progress = SILENT) -> Facts:
    """Grades for the pieces ``wanted`` that have none: the area-weighted grade of the cultivated land around.

    Where the survey grades nothing at all, nothing is inferred (00-supplement 1.6, Q16 as corrected there).
    """
    found = filled(base, facts.grade, wanted & np.isnan(facts.grade), radius_m, progress)
    return replace(facts, grade=found.grade, inferred=facts.inferred | found.inferred)


def mean_grade(net: Ints, grade: Floats, where: Bools) -> float:
    """Grade weighted by net area over the graded pieces of ``where``; NaN without any (06-balance 6.3)."""
    used = where & ~np.isnan(grade) & (net > 0)
    weight = net[used].astype(np.float64)
    return float((weight * grade[used]).sum() / weight.sum()) if len(weight) else float("nan")
