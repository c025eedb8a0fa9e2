"""What every candidate and every site does to every account line, piece by piece.

Each plot is held alone against the base state, by the very functions a balance uses, so the amounts are whole
hundredths of a m² and bear the accounts' names.  Plots of one layer that overlap are held one after another;
plots that take the same land never stand in one plan (00-supplement 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.taking import colours, in_the_way, overlapping
from three_opt_three_protect.core.amounts import plot_amounts
from three_opt_three_protect.core.base import BaseState, plot_pieces
from three_opt_three_protect.core.change import Changes, changes
from three_opt_three_protect.core.cultivated import plot_effects, quality_pieces
from three_opt_three_protect.core.grades import Moved, grade_lines, grades_moved
from three_opt_three_protect.core.gradescale import grade_scale
from three_opt_three_protect.core.landuse import ClassSystem, LandGroup
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.optimiser.problem import Bools, Floats, Ints, Texts
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots

_OVERLAP_SHARE = 0.2
"""Share of the work that finding overlaps is."""


@dataclass(frozen=True)
class Side:
    """The plots of one layer and their pieces.

    Attributes
    ----------
    count
        Plots.
    plot
        ``(p,)`` row of the plot of every piece.
    unit, settlement
        ``(p,)`` village code and natural village of the land, None where there is none.
    amounts
        Account line → ``(p,)`` int64 hundredths of a m².
    """

    count: int
    plot: Ints
    unit: Texts
    settlement: Texts
    amounts: Mapping[str, Ints]

    def of(self, line: str, unit_code: str = "") -> Floats:
        """``(count,)`` m² that each plot adds to ``line`` of the township (``""``), village or natural village."""
        here = self._within(unit_code)
        amount = np.where(here, self.amounts[line], 0)
        return to_m2(np.bincount(self.plot, amount, self.count).round().astype(np.int64))

    def _within(self, unit_code: str) -> Bools:
        if not unit_code:
            return np.ones(len(self.plot), dtype=np.bool_)
        village, _, settlement = unit_code.partition("/")
        inside = np.asarray(self.unit == village, dtype=np.bool_)
        return inside & np.asarray(self.settlement == settlement) if settlement else inside


@dataclass(frozen=True)
class GradeSide:
    """Graded cultivated land each plot takes and gives, ``(count,)`` m²; ``…_grade`` m² times its grade."""

    lost: Floats
    lost_grade: Floats
    won: Floats
    won_grade: Floats

    def effect(self, reference: float) -> Floats:
        """``(count,)`` what each plot adds to Σ area · (reference − grade)."""
        return reference * (self.won - self.lost) - self.won_grade + self.lost_grade


@dataclass(frozen=True)
class GradeState:
    """Graded cultivated land of the base state: m² and mean grade, and what the plots do to it."""

    area: float
    mean: float
    reclaim: GradeSide
    newbuild: GradeSide


@dataclass(frozen=True)
class Coefficients:
    """Candidates and sites, each for itself.

    Attributes
    ----------
    base
        None: no parcels were given, plots count with their own area and fields.
    facts
        Facts that rules may need (``farmland``, ``grades``, …).
    grades
        None: no cultivated land is graded.
    class_known
        ``(m,)`` bool, the land class after building is known.
    conflicts
        ``(c, 2)`` int64 plots that take the same land; candidates 0 … n−1, sites n … n+m−1.
    overlap_m2
        ``(c,)`` how much.
    unclassed, outside
        ``(n,)``, ``(m,)`` bool of each layer: on land of unknown class; on no parcel at all.
    uncovered_m2
        ``(n,)``, ``(m,)`` beyond the parcels.
    """

    base: Optional[BaseState]
    reclaim_plots: ReclaimPlots
    newbuild_plots: NewBuildPlots
    reclaim: Side
    newbuild: Side
    facts: frozenset[str]
    grades: Optional[GradeState]
    class_known: Bools
    conflicts: Ints
    overlap_m2: Floats
    unclassed: Tuple[Bools, Bools]
    outside: Tuple[Bools, Bools]
    uncovered_m2: Tuple[Floats, Floats]

    @property
    def area(self) -> Floats:
        """``(m,)`` m² of each site."""
        return self.newbuild.of("newbuild_plot_m2")

    @property
    def credit(self) -> Floats:
        """``(n,)`` m² of quota each candidate gives: what is reclaimed, at most what was accepted (1.4.9)."""
        planned, accepted = self.reclaim.of("reclaimed_m2"), self.reclaim_plots.accepted_m2
        limit = to_m2(to_units(np.nan_to_num(accepted)))
        return np.where(np.isnan(accepted), planned, np.minimum(planned, limit))


def coefficients(
    base: BaseState,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    profile: Profile,
    system: ClassSystem,
    snap: float = 0.0,
    progress: Progress = SILENT,
) -> Coefficients:
    """Hold every candidate and every site alone against the base state.

    Parameters
    ----------
    snap
        Metres within which plot vertices are moved onto those of the base pieces.
    """
    progress.step("plot_effects", 1.0)
    pairs, shared = overlapping(
        reclaim.repaired.geometry, newbuild.repaired.geometry, base.spec, _Nameless(progress, 0.0, _OVERLAP_SHARE)
    )
    counts = (len(reclaim), len(newbuild))
    found: List[List[_Held]] = []
    for number in (0, 1):
        half = (1 - _OVERLAP_SHARE) / 2
        first = _OVERLAP_SHARE + number * half
        # Also what overlaps too little to be in the way is held apart: the first would have the land.
        colour = colours(pairs - number * counts[0], counts[number])
        held = [
            _held(base, reclaim, newbuild, number, colour == one, profile, system, snap, part)
            for one, part in _parts(colour, progress, first, half)
        ]
        found.append(held)
    known = _known_lines([run for runs in found for run in runs])
    sides = [_joined(runs, count, known) for runs, count in zip(found, counts)]
    keep = in_the_way(pairs, shared, counts[0], base.spec.tolerance.area_m2)
    return Coefficients(
        base,
        reclaim,
        newbuild,
        sides[0],
        sides[1],
        frozenset(base.given) | _grade_facts(found[0]) | {"reclaim", "newbuild"},
        _grade_state(base, found, counts),
        found[1][0].change.class_known,
        pairs[keep],
        shared[keep],
        (_any(found[0], counts[0]), _any(found[1], counts[1])),
        (_nowhere(sides[0]), _nowhere(sides[1])),
        (_uncovered(found[0], counts[0]), _uncovered(found[1], counts[1])),
    )


def _parts(colour: Ints, progress: Progress, start: float, share: float) -> List[Tuple[int, Progress]]:
    """Each run with its part of the work; a layer without plots is one run."""
    sizes = np.bincount(colour, minlength=1) / max(len(colour), 1)
    starts = np.cumsum(sizes) - sizes
    return [
        (number, _Nameless(progress, start + share * float(starts[number]), share * float(size)))
        for number, size in enumerate(sizes)
    ]


# One run


class _Nameless:
    """A part of a progress whose steps have no name: the same overlay for every run would fill the log.

    Parameters
    ----------
    progress
        The whole; this one fills ``share`` (0–1) of it from ``start`` on.
    """

    def __init__(self, progress: Progress, start: float, share: float) -> None:
        self._progress, self._start, self._share = progress, start, share
        self._begun, self._within = 0.0, 0.0

    def step(self, name: str, share: float) -> None:
        """Start the next step, ``share`` (0–1) of this part."""
        self._begun, self._within = min(1.0, self._begun + self._within), share

    def check(self, fraction: float) -> None:
        """Say that ``fraction`` of the step is done."""
        done = min(1.0, self._begun + (self._within or 1.0) * fraction)
        self._progress.check(self._start + self._share * done)


@dataclass(frozen=True)
class _Held:
    """Plots of one run against the base state; ``plot`` is the row in the layer."""

    plot: Ints
    change: Changes
    unit: Texts
    settlement: Texts
    amounts: Mapping[str, Ints]
    unclassed: Bools
    moved: Optional[Moved]
    grade_facts: Tuple[str, ...]
    uncovered: Floats


def _held(
    base: BaseState,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    number: int,
    now: Bools,
    profile: Profile,
    system: ClassSystem,
    snap: float,
    progress: Progress,
) -> _Held:
    """The plots ``now`` of the layer ``number`` (0 reclaim, 1 new-build), none of the other layer."""
    shapes = [np.full(len(plots), None, dtype=np.object_) for plots in (reclaim, newbuild)]
    shapes[number][now] = (reclaim, newbuild)[number].repaired.geometry[now]
    pieces = plot_pieces(base, shapes[0], shapes[1], snap, progress)
    change = changes(base, pieces, reclaim, newbuild, profile, system)
    grades = grade_lines(base, change, reclaim, profile)
    quality = quality_pieces(base, change, reclaim, grades.plot_grade, grades.worse_grade, grade_scale(profile))
    return _Held(
        pieces.newbuild if number else pieces.reclaim,
        change,
        base.unit_code[pieces.base],
        base.settlement[pieces.base],
        {**plot_amounts(base, change, newbuild, profile), **plot_effects(change, quality)},
        base.group[pieces.base] == LandGroup.UNKNOWN,
        grades_moved(base, change, grades.plot_grade) if grades.facts else None,
        grades.facts,
        pieces.uncovered[number],
    )


def _joined(runs: List[_Held], count: int, lines: List[str]) -> Side:
    return Side(
        count,
        np.concatenate([run.plot for run in runs]),
        np.concatenate([run.unit for run in runs]),
        np.concatenate([run.settlement for run in runs]),
        {line: np.concatenate([run.amounts[line] for run in runs]) for line in lines},
    )


def _known_lines(runs: List[_Held]) -> List[str]:
    """A line that is not known in one run is not known."""
    return [line for line in runs[0].amounts if all(line in run.amounts for run in runs)]


def _grade_facts(runs: List[_Held]) -> frozenset[str]:
    return frozenset(fact for run in runs for fact in run.grade_facts)


def _grade_state(base: BaseState, found: List[List[_Held]], counts: Tuple[int, int]) -> Optional[GradeState]:
    grade = base.grades.grade
    graded = base.cultivated & ~np.isnan(grade)
    if not graded.any():
        return None
    area = to_m2(base.net[graded])
    total = float(area.sum())
    sides = [_grade_side(runs, count) for runs, count in zip(found, counts)]
    return GradeState(total, float((area * grade[graded]).sum()) / total, sides[0], sides[1])


def _grade_side(runs: List[_Held], count: int) -> GradeSide:
    sums = np.zeros((4, count))
    for run in runs:
        if run.moved is None:
            continue
        lost, won = to_m2(run.moved.lost), to_m2(run.moved.won)
        for row, amount in enumerate((lost, lost * run.moved.old_grade, won, won * run.moved.new_grade)):
            sums[row] += np.bincount(run.plot, amount, count)
    return GradeSide(sums[0], sums[1], sums[2], sums[3])


def _any(runs: List[_Held], count: int) -> Bools:
    out = np.zeros(count, dtype=np.bool_)
    for run in runs:
        out[run.plot[run.unclassed]] = True
    return out


def _nowhere(side: Side) -> Bools:
    return np.asarray(np.bincount(side.plot, minlength=side.count) == 0)


def _uncovered(runs: List[_Held], count: int) -> Floats:
    return np.asarray(sum((run.uncovered for run in runs), np.zeros(count)))
