"""What one aim costs in terms of another: the efficient frontier of two objectives.

Augmented ε-constraint method (Mavrotas 2009, Applied Mathematics and Computation 213:455–465): the second objective
is held at or below evenly spaced ceilings while the first is minimised, with a small weight on the second so that
no plan is kept which another beats in one and equals in the other.  Unlike weighted sums it also finds the
efficient plans that lie behind the straight line between their neighbours.

Edges that two plots share count only when both are chosen; such an objective cannot be a ceiling.  When one of the
two has them it is the one that is minimised, whichever way round the two were given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    NOT_CHOSEN,
    Effort,
    Limit,
    Objective,
    Plan,
    Problem,
)
from three_opt_three_protect.core.optimiser.search import solve
from three_opt_three_protect.core.optimiser.settled import as_given_up, settled
from three_opt_three_protect.core.optimiser.watch import Watch
from three_opt_three_protect.core.progress import SILENT, Part, Progress

CEILING = "ceiling"
"""Id of the limit that holds the second objective."""

_AUGMENT = 1e-3
"""Most the weight on the second objective can move the first, as a share of the first's range (Mavrotas 2009)."""

_ROUNDING = 1e-9
"""Share of a value by which a limit is eased, so that the plan it was read off keeps it."""

_ENDS = 4
"""Searches for the two ends."""


@dataclass(frozen=True)
class Point:
    """A plan of the frontier.

    Attributes
    ----------
    first, second
        Values of the two objectives, as they are minimised.
    first_bound
        No plan whose second objective is at most ``ceiling`` has a first one below this; None = not known.
    ceiling
        What the second objective was held to; infinite at the end where it was not held at all.
    plan
        With ``value``, ``bound`` and ``gap`` of the search it came from.
    """

    first: float
    second: float
    first_bound: Optional[float]
    ceiling: float
    plan: Plan


def frontier(
    problem: Problem,
    first: Objective,
    second: Objective,
    effort: Effort,
    points: int = 8,
    progress: Progress = SILENT,
    watch: Optional[Watch] = None,
) -> Tuple[Point, ...]:
    """Plans none of which is better in one objective without being worse in the other.

    Parameters
    ----------
    problem
        Its own objective is not looked at.
    effort
        ``gap`` of every search; with 0 the points are efficient exactly, otherwise within the gap. ``seconds`` are
        those of all searches together, dealt out evenly.
    points
        Most plans to find, at least 2; fewer come where several ceilings lead to one plan.

    Returns
    -------
    tuple of Point
        By the first objective, its best end first; empty when there is no plan. The ends are the best of one
        objective and of those the best of the other. What was found before a search was cancelled.

    Raises
    ------
    InputError
        ``frontier_two_pairs``: both objectives count shared edges.
    """
    if len(second.pairs):
        if len(first.pairs):
            raise InputError("frontier_two_pairs", first=first.name, second=second.name)
        turned = frontier(problem, second, first, effort, points, progress, watch)
        return tuple(sorted((_turned(point) for point in turned), key=lambda point: point.first))
    points = max(points, 2)
    seconds = None if effort.seconds is None else effort.seconds / (_ENDS + points - 2)
    search = _Search(problem, first, second, replace(effort, seconds=seconds), _ENDS + points - 2, progress, watch)
    low = search.best_first()
    high = None if low is None else search.best_second()
    if low is None or high is None:
        return () if low is None else (low,)
    weight = (
        _AUGMENT * max(0.0, high.first - low.first) / (low.second - high.second) if low.second > high.second else 0.0
    )
    found, near = [low, high], high.plan
    # From the tightest ceiling on: a plan keeps every ceiling above its own and is a start for the next.
    for ceiling in np.linspace(high.second, low.second, points)[1:-1]:
        point = search.at(float(ceiling), weight, near)
        if point is not None:
            found.append(point)
            near = point.plan
    return _efficient(found)


def value_of(objective: Objective, plan: Plan) -> float:
    """The value of ``objective`` for the plots of ``plan``, whatever it was found for."""
    out = plan.reclaim_phase != NOT_CHOSEN
    both = out[objective.pairs[:, 0]] & out[objective.pairs[:, 1]]
    linear = objective.reclaim[out].sum() + objective.newbuild[plan.newbuild_phase != NOT_CHOSEN].sum()
    return float(linear - objective.pair_gain[both].sum() + objective.constant)


class _Search:
    """The searches of one frontier, each a part of the progress; after one was cancelled none is begun.

    The first says which warnings are given up: all points keep the same rules.
    """

    def __init__(
        self,
        problem: Problem,
        first: Objective,
        second: Objective,
        effort: Effort,
        searches: int,
        progress: Progress,
        watch: Optional[Watch],
    ) -> None:
        self._asked, self._problem = problem, problem
        self._settled: Optional[Plan] = None
        self._first = first
        self._second = second
        self._effort = effort
        self._share = 1.0 / searches
        self._done = 0
        self._cancelled = False
        self._progress = progress
        self._watch = watch

    def best_first(self) -> Optional[Point]:
        """The best of the first objective and, of those, the best of the second."""
        best = self._solve(self._first, ())
        if not best.found:
            return None
        self._settled, self._problem = best, settled(self._asked, best)
        top = value_of(self._first, best)
        if len(self._first.pairs):
            # Shared edges cannot be held: the second objective is weighed in so lightly that it decides only ties
            # and what the gap leaves open.
            scale = float(np.abs(self._second.reclaim).sum() + np.abs(self._second.newbuild).sum())
            weight = max(self._effort.gap, _ROUNDING) * abs(top) / scale if scale > 0 else 0.0
            better = self._solve(_sum(self._first, self._second, weight), (), best)
        else:
            better = self._solve(self._second, (self._held(self._first, top),), best)
        return self._point(better if better.found else best, best.bound, np.inf)

    def best_second(self) -> Optional[Point]:
        """The best of the second objective and, of those, the best of the first."""
        best = self._solve(self._second, ())
        if not best.found:
            return None
        ceiling = value_of(self._second, best)
        better = self._solve(self._first, (self._held(self._second, ceiling),), best)
        if not better.found:
            return self._point(best, None, ceiling)
        return self._point(better, better.bound, ceiling)

    def at(self, ceiling: float, weight: float, start: Plan) -> Optional[Point]:
        """The best of the first objective with the second at most ``ceiling``; None when the search found none."""
        plan = self._solve(_sum(self._first, self._second, weight), (self._held(self._second, ceiling),), start)
        bound = None if plan.bound is None else plan.bound - weight * ceiling
        return self._point(plan, bound, ceiling) if plan.found else None

    def _solve(self, objective: Objective, limits: Tuple[Limit, ...], start: Optional[Plan] = None) -> Plan:
        part = Part(self._progress, self._done * self._share, self._share)
        self._done += 1
        if self._cancelled:
            return _nothing(self._problem)
        asked = replace(self._problem, objective=objective, limits=(*self._problem.limits, *limits))
        plan = solve(asked, self._effort, part, start, self._watch)
        self._cancelled = plan.status == CANCELLED
        return plan

    def _held(self, objective: Objective, most: float) -> Limit:
        eased = most - objective.constant + _ROUNDING * max(1.0, abs(most))
        every = (0, len(self._problem.phases) - 1)
        return Limit(CEILING, "", objective.unit, eased, -objective.reclaim, -objective.newbuild, every, every)

    def _point(self, plan: Plan, bound: Optional[float], ceiling: float) -> Point:
        if self._settled is not None:
            plan = as_given_up(plan, self._asked, self._settled)
        return Point(value_of(self._first, plan), value_of(self._second, plan), bound, ceiling, plan)


def _nothing(problem: Problem) -> Plan:
    reclaim = np.full(len(problem.reclaim_id), NOT_CHOSEN, dtype=np.int64)
    newbuild = np.full(len(problem.newbuild_id), NOT_CHOSEN, dtype=np.int64)
    return Plan(CANCELLED, reclaim, newbuild, None, None, None)


def _sum(first: Objective, second: Objective, weight: float) -> Objective:
    """``first + weight · second``; only the first has pairs."""
    return replace(
        first,
        reclaim=first.reclaim + weight * second.reclaim,
        newbuild=first.newbuild + weight * second.newbuild,
        constant=first.constant + weight * second.constant,
    )


def _turned(point: Point) -> Point:
    """The point with its objectives the other way round; a bound of one is none of the other."""
    return Point(point.second, point.first, None, np.inf, point.plan)


def _efficient(points: List[Point]) -> Tuple[Point, ...]:
    """By the first objective, without those another beats or equals."""
    kept: List[Point] = []
    for point in sorted(points, key=lambda one: (one.first, one.second)):
        rounding = _ROUNDING * max(1.0, abs(point.second))
        if not kept or point.second < kept[-1].second - rounding:
            kept.append(point)
    return tuple(kept)
