"""The quality account: area-weighted grade of cultivated land before and after (1 is best).

Source: 06-balance 6.3; 00-supplement 1.6 (a reclaimed plot without a grade takes that of the cultivated
land around it, and the verdict says so; no grades at all: unknown).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import Changes, sum_by
from three_opt_three_protect.core.gradesaround import grades_around
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import ReclaimPlots


@dataclass(frozen=True)
class Grades:
    """Lines of the quality account and the facts they rest on.

    ``facts`` has ``grades`` when the survey grades cultivated land, ``grades_inferred`` when the grade
    of a reclaimed plot was taken from its surroundings.
    """

    lines: Mapping[str, Optional[float]]
    facts: Tuple[str, ...]
    plot_grade: NDArray[np.float64]


def grade_lines(base: BaseState, change: Changes, reclaim: ReclaimPlots, profile: Profile) -> Grades:
    """Weighted grades of the township's cultivated land, of what it loses and of what it gains."""
    grade = base.parcels.grade[base.parcel]
    graded = base.cultivated & ~np.isnan(grade)
    names = ("grade_base", "grade_after", "grade_occupied", "grade_supplement")
    if not graded.any():
        return Grades(dict.fromkeys(names), (), np.full(len(reclaim), np.nan))
    plot_grade, inferred = _plot_grades(base, change, reclaim, profile)
    row = change.plots.base
    weight = np.where(graded, base.net, 0).astype(np.float64)
    moved = grades_moved(base, change, plot_grade)
    old_grade, new_grade, lost, won = moved.old_grade, moved.new_grade, moved.lost, moved.won
    occupied = np.where(graded[row] & ~change.accepted_first, change.loss, 0)
    supplement = np.where(moved.has_new, np.maximum(change.gain, 0), 0)
    total, before = weight.sum(), (weight * np.nan_to_num(grade)).sum()
    after = before - (old_grade * lost).sum() + (new_grade * won).sum()
    lines = {
        "grade_base": _mean(before, total),
        "grade_after": _mean(after, total - lost.sum() + won.sum()),
        "grade_occupied": _mean((old_grade * occupied).sum(), occupied.sum()),
        "grade_supplement": _mean((new_grade * supplement).sum(), supplement.sum()),
    }
    return Grades(lines, ("grades", "grades_inferred") if inferred else ("grades",), plot_grade)


@dataclass(frozen=True)
class Moved:
    """Graded cultivated land that plot pieces take and give, ``(p,)`` each.

    ``lost`` hundredths go with ``old_grade``, ``won`` come with ``new_grade``; grades are 0 where there is none.
    """

    old_grade: NDArray[np.float64]
    new_grade: NDArray[np.float64]
    has_new: NDArray[np.bool_]
    lost: NDArray[np.int64]
    won: NDArray[np.int64]


def grades_moved(base: BaseState, change: Changes, plot_grade: NDArray[np.float64]) -> Moved:
    """What every plot piece does to the township's graded cultivated land.

    Parameters
    ----------
    plot_grade
        ``(reclaim plots,)`` grade after reclamation, NaN where there is none.
    """
    grade = base.parcels.grade[base.parcel][change.plots.base]
    graded = base.cultivated[change.plots.base] & ~np.isnan(grade)
    new_grade = np.append(plot_grade, np.nan)[change.plots.reclaim]
    has_new = ~np.isnan(new_grade)
    # Land reclaimed and built on again ends as neither: what counts in the end is gain minus loss.
    change_net = change.gain - change.loss
    won = np.where(has_new, np.maximum(change_net, 0), 0)
    lost = np.where(graded, np.maximum(-change_net, 0), 0)
    return Moved(np.nan_to_num(grade), np.nan_to_num(new_grade), has_new, lost, won)


def _mean(weighted: float, weight: float) -> Optional[float]:
    """Four decimals: the tables print one, a comparison needs more."""
    return round(float(weighted / weight), 4) if weight > 0 else None


def _plot_grades(
    base: BaseState, change: Changes, reclaim: ReclaimPlots, profile: Profile
) -> Tuple[NDArray[np.float64], bool]:
    """Stated grade of each plot that gains cultivated land, else the weighted grade around it."""
    gain = sum_by(change.plots.reclaim, np.maximum(change.gain, 0), len(reclaim))
    grade = reclaim.grade_new.copy()
    missing = np.flatnonzero(np.isnan(grade) & (gain > 0))
    if not len(missing):
        return grade, False
    grade[missing] = grades_around(base, reclaim.repaired.geometry[missing], profile.number("infer_grade_radius_m"))
    return grade, True
