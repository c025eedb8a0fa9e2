"""How far reclaimed land joins cultivated land: metres of edge shared, to metres of edge in all (集中连片度).

The contiguity of a choice of plots is (edge shared with cultivated land that is there already + edge the chosen
plots share with each other, counted for both) ÷ (sum of their perimeters): 0 = every plot by itself, 1 = no edge
left that borders on anything else.

A ratio is no linear objective.  Dinkelbach's iteration finds its largest value by a few programmes that are: for
a number ``q`` the *open surplus* ``q · perimeter − shared`` is made small; where it falls below 0 the plan's own
ratio is above ``q`` and becomes the next ``q``; where it cannot, no plan is better (Dinkelbach 1967, On nonlinear
fractional programming, Management Science 13:492–498).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, Optional, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    GAP,
    NOT_CHOSEN,
    OPTIMAL,
    TIME_LIMIT,
    Bools,
    Effort,
    Floats,
    Ints,
    Objective,
    Plan,
    Problem,
)
from three_opt_three_protect.core.optimiser.search import solve
from three_opt_three_protect.core.optimiser.settled import as_given_up, settled
from three_opt_three_protect.core.optimiser.watch import Watch
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.sharededges import shared_edges
from three_opt_three_protect.core.tables import Geometries

MOST_ROUNDS = 5
"""Programmes solved for one ratio, the first for the least perimeter among them."""

_CERTAIN = 1e-9
"""Share of a ratio that is rounding."""


@dataclass(frozen=True)
class Edges:
    """Edges of ``n`` reclaim candidates, metres.

    Attributes
    ----------
    perimeter
        ``(n,)``, holes included.
    with_cultivated
        ``(n,)`` shared with cultivated land that lies in none of the candidates.
    pairs
        ``(k, 2)`` int64 rows of two candidates that touch, the first smaller, each pair once.
    metres
        ``(k,)`` the edge these two share.
    """

    perimeter: Floats
    with_cultivated: Floats
    pairs: Ints
    metres: Floats


def edges(
    shapes: Geometries,
    cultivated: Geometries,
    tolerance: float = 0.001,
    progress: Progress = SILENT,
    metres_per_unit: float = 1.0,
) -> Edges:
    """Measure what the candidates share with cultivated land and with each other.

    Parameters
    ----------
    shapes
        ``(n,)`` polygons of the candidates; None or empty = no edge.
    cultivated
        ``(c,)`` polygons of cultivated land. What of it lies inside a candidate is not its neighbour, nor
        another candidate's: when both are chosen their own edge counts, and no metre may count twice.
    tolerance
        Units of the coordinates within which two edges are one.
    metres_per_unit
        Of the coordinates.
    """
    perimeter = np.nan_to_num(shapely.length(shapes))
    fields = _outside(shapes, cultivated, tolerance)
    beside = shared_edges(shapes, fields, tolerance, Part(progress, 0.0, 0.5))
    joined = np.bincount(beside.shape, beside.metres, len(shapes))
    between = shared_edges(shapes, shapes, tolerance, Part(progress, 0.5, 0.5))
    once = between.shape < between.other
    return Edges(
        perimeter * metres_per_unit,
        np.minimum(joined, perimeter) * metres_per_unit,
        np.stack([between.shape[once], between.other[once]], axis=1),
        between.metres[once] * metres_per_unit,
    )


def _outside(shapes: Geometries, cultivated: Geometries, tolerance: float) -> Geometries:
    """Cultivated land without what of it lies in candidates."""
    fields = np.array(cultivated, dtype=np.object_)
    plot, field = shapely.STRtree(fields).query(shapes, predicate="intersects")
    shared = shapely.intersection(shapes[plot], fields[field])
    # Edges drawn a hair across each other are neighbours, not one inside the other.
    inside = shapely.area(shared) > tolerance * shapely.length(shared)
    plot, field = plot[inside], field[inside]
    order = np.argsort(field, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(field[order])) + 1):
        if len(rows):
            one = field[rows[0]]
            fields[one] = shapely.difference(fields[one], shapely.union_all(shapes[plot[rows]]))
    return fields


def open_edge(edges: Edges, sites: int, q: float = 1.0) -> Objective:
    """Least ``q · perimeter − shared`` (m): with ``q`` = 1 the metres of edge that border on nothing cultivated.

    Parameters
    ----------
    sites
        Number of new-build sites, which have no part in it.
    """
    own = q * edges.perimeter - edges.with_cultivated
    return Objective("contiguity", "m", own, np.zeros(sites), edges.pairs, 2.0 * edges.metres)


def by_perimeter(problem: Problem, edges: Edges) -> Problem:
    """The problem with the least perimeter as its objective: every candidate with an edge counts in a ratio."""
    return replace(problem, objective=Objective("contiguity", "m", edges.perimeter, np.zeros(len(problem.newbuild_id))))


def shared_and_perimeter(edges: Edges, chosen: Bools) -> Tuple[float, float]:
    """Metres shared and perimeter of the candidates ``chosen`` (``(n,)`` bool)."""
    both = chosen[edges.pairs[:, 0]] & chosen[edges.pairs[:, 1]]
    shared = edges.with_cultivated[chosen].sum() + 2.0 * edges.metres[both].sum()
    return float(shared), float(edges.perimeter[chosen].sum())


def ratio(edges: Edges, chosen: Bools) -> Optional[float]:
    """Contiguity of the candidates ``chosen`` (``(n,)`` bool); None when they have no edge."""
    shared, perimeter = shared_and_perimeter(edges, chosen)
    return shared / perimeter if perimeter > 0 else None


def solve_ratio(
    problem: Problem,
    edges: Edges,
    effort: Effort,
    progress: Progress = SILENT,
    watch: Optional[Watch] = None,
) -> Plan:
    """The plan of largest contiguity; the problem's own objective is not looked at.

    The bound is proved: whenever no plan has ``q · perimeter − shared`` below ``−slack``, no plan's ratio is above
    ``q + slack ÷ least perimeter``, where the least perimeter of any plan is a bound of the first programme.

    Parameters
    ----------
    effort
        ``gap`` is that of the ratio; ``seconds`` are those of all programmes together, dealt out evenly, ``nodes``
        those of each.
    watch
        As of :func:`search.solve`, told the ratio reached and the ratio no plan exceeds; of the first programme only
        that it is running.

    Returns
    -------
    Plan
        ``value`` is the ratio, ``bound`` a ratio no plan exceeds (``value ≤ bound``), ``gap`` their difference as a
        share of the value.  A plan without reclaim plots has the ratio 0.
    """
    one = replace(effort, seconds=None if effort.seconds is None else effort.seconds / MOST_ROUNDS)
    plan = solve(by_perimeter(problem, edges), one, Part(progress, 0.0, 1 / MOST_ROUNDS), None, _InRatios(watch).maybe)
    if not plan.found:
        return plan
    first, binding = plan, settled(problem, plan)
    state = _State(plan, _value(edges, plan), _ceiling(problem, edges), plan.nodes)
    least = max(plan.bound or 0.0, _shortest(problem, edges))
    sharper = one
    for number in range(1, MOST_ROUNDS):
        if state.certain(effort.gap) or plan.status in (CANCELLED, TIME_LIMIT) or least <= 0:
            break
        before = state.value
        part = Part(progress, number / MOST_ROUNDS, 1 / MOST_ROUNDS)
        plan, state = _round(binding, edges, state, least, sharper, part, watch)
        if state.value <= before:
            if sharper is not one:
                break
            sharper = replace(one, gap=_sharper(edges, state, least, effort.gap))
    return as_given_up(state.plan_of(plan.status), problem, first)


class _State(NamedTuple):
    """The best plan so far, its ratio, and the ratio no plan exceeds."""

    best: Plan
    value: float
    bound: float
    nodes: int

    def certain(self, gap: float) -> bool:
        return self.bound - self.value <= max(gap, _CERTAIN) * self.value

    def plan_of(self, status: str) -> Plan:
        """The best plan with figures of the ratio."""
        bound = max(self.bound, self.value)
        left = (bound - self.value) / self.value if self.value > 0 else (0.0 if bound <= 0 else 1.0)
        if status not in (CANCELLED, TIME_LIMIT):
            status = OPTIMAL if left <= _CERTAIN else GAP
        return replace(self.best, status=status, value=self.value, bound=bound, gap=left, nodes=self.nodes)


def _round(
    problem: Problem,
    edges: Edges,
    state: _State,
    least: float,
    effort: Effort,
    progress: Progress,
    watch: Optional[Watch],
) -> Tuple[Plan, _State]:
    """One programme of Dinkelbach's iteration, at the ratio reached so far."""
    q = state.value
    # The surplus is 0 where q is the best ratio, and a share of 0 is no gap to stop at: it is counted from what is
    # shared now.
    anchor = max(shared_and_perimeter(edges, _chosen(state.best))[0], least)
    objective = replace(open_edge(edges, len(problem.newbuild_id), q), constant=-anchor)
    follower = _InRatios(watch, state, anchor, least).maybe
    plan = solve(replace(problem, objective=objective), effort, progress, state.best, follower)
    nodes = state.nodes + plan.nodes
    bound = state.bound
    if plan.bound is not None:
        bound = min(bound, q + max(0.0, -(plan.bound + anchor)) / least)
    value = _value(edges, plan) if plan.found else -1.0
    if value > state.value:
        return plan, _State(plan, value, bound, nodes)
    return plan, _State(state.best, state.value, bound, nodes)


class _InRatios:
    """Turns what a programme has reached into ratios: the best of the rounds before, and a bound."""

    def __init__(
        self, watch: Optional[Watch], state: Optional[_State] = None, anchor: float = 0.0, least: float = 0.0
    ) -> None:
        self._watch, self._state, self._anchor, self._least = watch, state, anchor, least

    @property
    def maybe(self) -> Optional[Watch]:
        """Itself where somebody watches."""
        return None if self._watch is None else self

    def found(self, value: Optional[float], bound: Optional[float], gap: Optional[float]) -> None:
        """Value and bound of the programme; its gap is none of the ratio."""
        if self._watch is None:
            return
        if self._state is None:
            self._watch.found(None, None, None)
            return
        state, most = self._state, self._state.bound
        if bound is not None:
            most = min(most, state.value + max(0.0, -(bound + self._anchor)) / self._least)
        self._watch.found(state.value, most, (most - state.value) / state.value if state.value > 0 else None)


def _sharper(edges: Edges, state: _State, least: float, gap: float) -> float:
    """The gap that proves the ratio within ``gap`` although a plan might have no more than the least perimeter."""
    shared, perimeter = shared_and_perimeter(edges, _chosen(state.best))
    return gap * 0.5 * min(1.0, least / perimeter) if perimeter > 0 and shared > 0 else gap * 0.1


def _ceiling(problem: Problem, edges: Edges) -> float:
    """A ratio no choice exceeds: that of the candidate best off when all its neighbours are chosen too."""
    open_ = problem.reclaim_open.any(axis=1) & (edges.perimeter > 0)
    both = open_[edges.pairs].all(axis=1)
    most = edges.with_cultivated.copy()
    for side in (0, 1):
        most += np.bincount(edges.pairs[both, side], edges.metres[both], len(most))
    return float((most[open_] / edges.perimeter[open_]).max()) if open_.any() else 0.0


def _shortest(problem: Problem, edges: Edges) -> float:
    """Least perimeter of a plan that has any."""
    open_ = problem.reclaim_open.any(axis=1) & (edges.perimeter > 0)
    return float(edges.perimeter[open_].min()) if open_.any() else 0.0


def _value(edges: Edges, plan: Plan) -> float:
    return ratio(edges, _chosen(plan)) or 0.0


def _chosen(plan: Plan) -> Bools:
    return np.asarray(plan.reclaim_phase != NOT_CHOSEN)
