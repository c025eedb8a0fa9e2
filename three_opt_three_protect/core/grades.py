"""The quality account: area-weighted grade of cultivated land before and after (1 is best).

Source: 06-balance 6.3; 00-supplement 1.6 (a reclaimed plot without a grade takes that of the cultivated
land around it, and the verdict says so; no grades at all: unknown; one scale, never mixed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import Changes, sum_by
from three_opt_three_protect.core.findings import WARNING, Finding, feature_finding
from three_opt_three_protect.core.gradesaround import grades_around
from three_opt_three_protect.core.gradescale import GradeScale, grade_scale, require_scale
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import ReclaimPlots


@dataclass(frozen=True)
class Grades:
    """Lines of the quality account and the facts they rest on.

    ``facts`` has ``grades`` when the survey grades cultivated land, ``grades_inferred`` when the grade
    of a reclaimed plot or of cultivated land was taken from its surroundings. ``plot_grade`` is the grade of each
    reclaim plot after reclamation, ``worse_grade`` the same with inferred ones a step worse (profile:
    ``inferred_grade_step``); lines that end in ``_worse`` rest on that. ``bands`` are m² of cultivated land by
    band of grades: base, occupied, supplied.
    """

    lines: Mapping[str, Optional[float]]
    facts: Tuple[str, ...]
    plot_grade: NDArray[np.float64]
    worse_grade: NDArray[np.float64]
    bands: Mapping[str, Optional[float]]


def grade_lines(base: BaseState, change: Changes, reclaim: ReclaimPlots, profile: Profile) -> Grades:
    """Weighted grades of the township's cultivated land, of what it loses and of what it gains.

    Raises
    ------
    InputError
        ``grade_out_of_scale``, ``grade_scale_mixed``: the profile's scale is another.
    """
    scale = grade_scale(profile)
    require_scale(scale, base.parcels.table, base.parcels.grade)
    require_scale(scale, reclaim.table, reclaim.grade_new, reclaim.scale)
    grade = base.grades.grade
    graded = base.cultivated & ~np.isnan(grade)
    if not graded.any():
        nothing = np.full(len(reclaim), np.nan)
        means_of = (*_MEANS, "grade_after_worse", "grade_supplement_worse")
        bands = dict.fromkeys(f"{part}_{band}_m2" for part in _BANDED for band in scale.bands)
        return Grades(dict.fromkeys(means_of), (), nothing, nothing, bands)
    plot_grade, inferred = _plot_grades(base, change, reclaim, profile)
    worse = np.where(inferred, scale.worse(plot_grade, profile.number("inferred_grade_step")), plot_grade)
    means, means_worse = (grade_means(base, change, one) for one in (plot_grade, worse))
    lines = {**means, **{f"{line}_worse": means_worse[line] for line in ("grade_after", "grade_supplement")}}
    facts = ("grades", "grades_inferred") if inferred.any() or base.grades.inferred.any() else ("grades",)
    return Grades(lines, facts, plot_grade, worse, _bands(base, change, plot_grade, grade, scale))


def inferred_grades(base: BaseState) -> Tuple[Finding, ...]:
    """Cultivated land of the survey that lacks a grade and has that of the land around it (10-defaults Q16)."""
    found = base.grades.inferred
    if not found.any():
        return ()
    rows = np.zeros(len(base.parcels), dtype=np.bool_)
    rows[base.parcel[found]] = True
    area = float(to_m2(base.net[found].sum()))
    return tuple(feature_finding("grades_inferred", WARNING, base.parcels.table, rows, area))


_MEANS = ("grade_base", "grade_after", "grade_occupied", "grade_supplement")
_BANDED = ("cultivated", "occupied", "supplied")


def grade_means(base: BaseState, change: Changes, plot_grade: NDArray[np.float64]) -> Dict[str, Optional[float]]:
    """Area-weighted means of the township: ``grade_base``, ``_after``, ``_occupied``, ``_supplement``.

    Parameters
    ----------
    plot_grade
        ``(reclaim plots,)`` grade after reclamation, NaN where there is none.
    """
    row, grade = change.plots.base, base.grades.grade
    graded = base.cultivated & ~np.isnan(grade)
    weight = np.where(graded, base.net, 0).astype(np.float64)
    moved = grades_moved(base, change, plot_grade)
    old_grade, new_grade, lost, won = moved.old_grade, moved.new_grade, moved.lost, moved.won
    # Reclaimed land that is built on has the grade it was reclaimed to.
    taken = np.where(base.cultivated[row], grade[row], np.append(plot_grade, np.nan)[change.plots.reclaim])
    occupied = np.where(np.isnan(taken), 0, change.loss)
    supplement = np.where(moved.has_new, np.maximum(change.gain, 0), 0)
    total, before = weight.sum(), (weight * np.nan_to_num(grade)).sum()
    after = before - (old_grade * lost).sum() + (new_grade * won).sum()
    values = (
        _mean(before, total),
        _mean(after, total - lost.sum() + won.sum()),
        _mean((np.nan_to_num(taken) * occupied).sum(), occupied.sum()),
        _mean((new_grade * supplement).sum(), supplement.sum()),
    )
    return dict(zip(_MEANS, values))


def _bands(
    base: BaseState,
    change: Changes,
    plot_grade: NDArray[np.float64],
    grade: NDArray[np.float64],
    scale: GradeScale,
) -> Dict[str, Optional[float]]:
    """m² of the township's cultivated land, of what plots take and what they make of it, by band of grades."""
    new = np.append(plot_grade, np.nan)[change.plots.reclaim]
    old = grade[change.plots.base]
    now = np.where(base.cultivated[change.plots.base], old, new)
    parts = ((grade, base.cultivated_net), (now, change.loss), (now, change.gain))
    found: Dict[str, Optional[float]] = {}
    for part, (of, amount) in zip(_BANDED, parts):
        sums = np.bincount(scale.band(of), amount, len(scale.bands))
        found.update({f"{part}_{band}_m2": float(to_m2(value)) for band, value in zip(scale.bands, sums)})
    return found


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
    grade = base.grades.grade[change.plots.base]
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
) -> Tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Stated grade of each plot that gains cultivated land, else the weighted grade around it; which are inferred."""
    gain = sum_by(change.plots.reclaim, np.maximum(change.gain, 0), len(reclaim))
    grade = reclaim.grade_new.copy()
    inferred = np.isnan(grade) & (gain > 0)
    if inferred.any():
        shapes = reclaim.repaired.geometry[inferred]
        grade[inferred] = grades_around(base, shapes, profile.number("infer_grade_radius_m"))
    return grade, inferred
