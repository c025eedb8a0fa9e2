"""One search: a plan within a gap of the best, and the bound that shows it.

Few choices are solved as they are.  Many are relaxed first: that gives a bound and says which items are sure.
Then only the least sure are decided, the others as the relaxation or the best plan has them, until the gap is
reached; at last, where these are few enough, all that could be part of a better plan.  What comes out is looked
at in the problem's own figures; one that breaks a limit by a hair, which the solver allows itself, is ruled out
and the run is repeated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

import numpy as np
import scipy.sparse

from three_opt_three_protect.core.optimiser.check import broken, fits, totals
from three_opt_three_protect.core.optimiser.check import value as value_of
from three_opt_three_protect.core.optimiser.model import CONFLICT, NO_CHOICE, Model, model_of
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    GAP,
    INFEASIBLE,
    OPTIMAL,
    TIME_LIMIT,
    Bools,
    Effort,
    Floats,
    Ints,
    Plan,
    Problem,
)
from three_opt_three_protect.core.optimiser.relax import Relaxed, core_of, least_sure, relax
from three_opt_three_protect.core.optimiser.restricted import Core, Restricted, everything, restrict
from three_opt_three_protect.core.optimiser.solver import IMPOSSIBLE, SOLVED, TIMED_OUT, Answer, Stops, run
from three_opt_three_protect.core.optimiser.watch import Guard

TINY = 600
"""With no more choices and pairs than this a problem is solved to the end, whatever the gap, within a few nodes."""

TINY_NODES = 2_000

SMALL = 2_500
"""With no more choices and pairs than this a problem is solved as it is."""

CORES = (1_000, 1_800)
"""Items decided, one size after the other; larger ones HiGHS does not leave for seconds when it is asked to stop."""

EXACT = 12_000
"""With no more choices left than this all of them are decided at once, which proves the best plan."""

WORTHWHILE = 0.1
"""Share of the gap by which a round over all windows must have improved the plan for another to follow."""

CORE_NODES = 100
"""Nodes looked at for one core before the next larger one is tried."""

CUTS = 4
"""How often a plan that breaks a limit by a hair is ruled out by itself, with nothing else lost."""

TIGHTER = 6
"""How often after that the limit is drawn tighter, by more each time."""


class Search:
    """One search; holds the best plan so far.

    Parameters
    ----------
    guard
        Follows and stops it.
    """

    def __init__(self, problem: Problem, effort: Effort, guard: Guard) -> None:
        self.problem, self.effort, self.guard = problem, effort, guard
        self.model = model_of(problem)
        self.nodes, self.seconds = 0, 0.0
        self.impossible = self.timed_out = False
        self._best: Optional[Ints] = None

    def begin(self, start: Plan) -> None:
        """Take a plan to start from; one that does not keep the limits is left."""
        phases = start.reclaim_phase, start.newbuild_phase
        if fits(self.problem, *phases) and not len(broken(self.problem, *phases)):
            self._take(self.model.choices_of(start))

    def run(self) -> Plan:
        """Search until the gap is reached or there is no more to do."""
        size = len(self.model.item) + len(self.model.pairs)
        if size <= TINY and self.effort.nodes is None:
            self._decide(everything(self.model), 0.0, TINY_NODES, exact=True)
        if not self._ended() and size <= SMALL:
            self._decide(everything(self.model), self.effort.gap, self.effort.nodes, exact=True)
        elif not self._ended():
            self._by_cores()
        return self._plan()

    def _by_cores(self) -> None:
        self.guard.at(0.05)
        relaxed = relax(self.model, self._stops(0.0, None), _Deaf(self.guard))
        self.seconds += relaxed.seconds
        if relaxed.status != SOLVED:
            self.impossible = relaxed.status == IMPOSSIBLE
            self.timed_out = relaxed.status == TIMED_OUT
            return
        self.guard.improve(bound=self.model.real(relaxed.bound))
        order = least_sure(self.model, relaxed)
        for number, count in enumerate(CORES):
            if self._ended() or count >= self.model.items:
                break
            self.guard.at(0.4 + 0.1 * number)
            self._decide_some(relaxed, order[:count], relaxed.choice)
        if not self._ended() and self._best is not None:
            self._by_windows(relaxed, order)
        left = self._undecided(relaxed)
        if not self._ended() and (self._best is None or left.open.sum() <= EXACT):
            self.guard.at(0.9)
            self._decide(left, self.effort.gap, self.effort.nodes, exact=True)

    def _by_windows(self, relaxed: Relaxed, order: Ints) -> None:
        """Improve the best plan: the least sure items and some of the others at a time, until few are left."""
        half, after, begun = CORES[-1] // 2, CORES[-1], self.guard.value
        while self._best is not None and not self._ended():
            left = self._undecided(relaxed)
            options = np.bincount(self.model.item[left.open], minlength=self.model.items) + ~left.forced
            at_stake = order[options[order] > 1]
            if left.open.sum() <= EXACT:
                break
            if after >= len(at_stake):
                if begun - self.guard.value <= WORTHWHILE * self.effort.gap * abs(self.guard.value):
                    break
                begun, after = self.guard.value, half
            self.guard.at(0.6 + 0.3 * after / len(at_stake))
            self._decide_some(relaxed, np.concatenate([at_stake[:half], at_stake[after : after + half]]), self._best)
            after += half

    def _decide_some(self, relaxed: Relaxed, items: Ints, others: Ints) -> None:
        undecided = np.zeros(self.model.items, dtype=bool)
        undecided[items] = True
        core = core_of(self.model, replace(relaxed, choice=others), undecided)
        self._decide(core, self.effort.gap / 4, CORE_NODES, exact=False)

    def _undecided(self, relaxed: Relaxed) -> Core:
        """All choices but those that cannot be in a plan better than the best one: the bound would rise above it."""
        if self._best is None:
            return everything(self.model)
        room = (self.guard.value - self.model.value_constant) / self.model.value_scale - relaxed.bound
        room += 1e-9 * max(1.0, abs(relaxed.bound))
        left = relaxed.excess <= room
        forced = self.model.fixed | (relaxed.idle > room)
        return Core(left, forced, np.full(self.model.items, NO_CHOICE, dtype=np.int64))

    def _decide(self, core: Core, gap: float, nodes: Optional[int], exact: bool) -> None:
        """Solve a core and keep what is better; of an ``exact`` one the solver's bound holds for the whole.

        Nothing is lost by a cut, so the bound still holds; a limit drawn tighter may cost a better plan.
        """
        model = self.model
        for attempt in range(CUTS + TIGHTER):
            restricted, holds = restrict(model, core), exact and attempt <= CUTS
            start = None if self._best is None else restricted.start(self._best)
            listener = _InUnits(self.guard, restricted, holds, eager=gap > 0)
            answer = run(restricted.programme, self._stops(gap, nodes), listener, start)
            self.nodes, self.seconds = self.nodes + answer.nodes, self.seconds + answer.seconds
            self.timed_out = answer.status == TIMED_OUT
            if holds:
                self._bounded(restricted, answer)
            if answer.values is None:
                return
            chosen = restricted.choices(answer.values)
            found = totals(self.problem, *self.model.phases_of(chosen))
            if (found >= 0).all():
                self._take(chosen)
                return
            if self.guard.cancelled or self.timed_out:
                return
            model = (
                _cut(model, found < 0, chosen) if attempt < CUTS else _tighter(model, found, 2.0 ** (attempt - CUTS))
            )

    def _bounded(self, restricted: Restricted, answer: Answer) -> None:
        """Nothing that was left out of an exact core is better than the best plan known before."""
        if answer.status == IMPOSSIBLE:
            self.impossible = self._best is None
            self.guard.improve(bound=self.guard.value if self._best is not None else -np.inf)
        else:
            self.guard.improve(bound=self.model.real(answer.bound + restricted.offset))

    def _take(self, chosen: Ints) -> None:
        value = value_of(self.problem, *self.model.phases_of(chosen))
        if self._best is None or value < self.guard.value:
            self._best = chosen
            self.guard.improve(value=value)

    def _stops(self, gap: float, nodes: Optional[int]) -> Stops:
        left = None if self.effort.seconds is None else max(self.effort.seconds - self.seconds, 0.01)
        least = [limit for limit in (nodes, self.effort.nodes) if limit is not None]
        return Stops(gap, min(least, default=None), left, self.effort.seed)

    def _ended(self) -> bool:
        return self.guard.reached or self.guard.cancelled or self.impossible or self.timed_out

    def _plan(self) -> Plan:
        if self._best is None:
            nothing = self.model.phases_of(np.full(self.model.items, NO_CHOICE, dtype=np.int64))
            bound = self.guard.bound if np.isfinite(self.guard.bound) and not self.impossible else None
            return Plan(self._status(), *nothing, None, bound, None, (), self.nodes)
        phases = self.model.phases_of(self._best)
        bound = self.guard.bound if np.isfinite(self.guard.bound) else None
        gap = None if bound is None else self.guard.gap
        return Plan(self._status(), *phases, self.guard.value, bound, gap, (), self.nodes)

    def _status(self) -> str:
        if self.impossible and self._best is None:
            return INFEASIBLE
        if self.guard.gap == 0.0:
            return OPTIMAL
        return CANCELLED if self.guard.cancelled else TIME_LIMIT if self.timed_out and not self.guard.reached else GAP


class _Deaf:
    """Hears of a relaxation only that it is still running."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def look(self, value: float, bound: float) -> bool:
        return self._guard.listen()


class _InUnits:
    """Turns the solver's scaled figures into the objective's; a core's own bound does not hold for the whole.

    Parameters
    ----------
    eager
        Stop as soon as the gap asked for is reached.
    """

    def __init__(self, guard: Guard, restricted: Restricted, exact: bool, eager: bool) -> None:
        self._guard, self._restricted, self._exact, self._eager = guard, restricted, exact, eager

    def look(self, value: float, bound: float) -> bool:
        model, offset = self._restricted.model, self._restricted.offset
        real = model.real(bound + offset) if self._exact else -np.inf
        stop = self._guard.look(model.real(value + offset), real)
        return stop if self._eager else self._guard.cancelled


def _cut(model: Model, short: Bools, chosen: Ints) -> Model:
    """The model with a row more for each limit that is ``short`` ``(limits,)``.

    Something must change about each: a choice that helps the limit is added, or one that burdens it left out.
    """
    taken = np.zeros(len(model.item), dtype=bool)
    taken[chosen[chosen != NO_CHOICE]] = True
    of_limits = model.matrix.tocsr()[np.flatnonzero(short)].tocoo()
    change = np.where(
        taken[of_limits.col], np.where(of_limits.data < 0, -1.0, 0.0), np.where(of_limits.data > 0, 1.0, 0.0)
    )
    cuts = scipy.sparse.csr_matrix((change, (of_limits.row, of_limits.col)), of_limits.shape)
    burdens = np.bincount(of_limits.row, change < 0, of_limits.shape[0])
    added = np.full(len(burdens), CONFLICT, dtype=np.int64)
    return replace(
        model,
        matrix=scipy.sparse.vstack([model.matrix, cuts]).tocsc(),
        constant=np.concatenate([model.constant, burdens - 1.0]),
        limit=np.concatenate([model.limit, added]),
        scale=np.concatenate([model.scale, np.ones(len(burdens))]),
    )


def _tighter(model: Model, found: Floats, factor: float) -> Model:
    """The rows of the limits that were missed moved by ``factor`` times as much."""
    constant = model.constant.copy()
    constant[: len(found)] += factor * np.minimum(found, 0.0) / model.scale[: len(found)]
    return replace(model, constant=constant)
