"""A bound that no plan can beat, and the price of every choice under it.

The limits are put into the objective at prices λ ≥ 0 and every item then chooses for itself: whatever the
prices, no plan costs less than what comes out (Lagrange).  Good prices are the duals of the linear relaxation;
that they come from a solver with tolerances does not matter, the bound is computed from them anew.
A pair's gain is split between its two items in the same spirit: what each gets alone is never less together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.model import NO_CHOICE, Model
from three_opt_three_protect.core.optimiser.problem import Bools, Floats, Ints
from three_opt_three_protect.core.optimiser.restricted import Core, Restricted, everything, restrict
from three_opt_three_protect.core.optimiser.solver import IMPOSSIBLE, SOLVED, UNHEARD, Answer, Listener, Stops, run

PAIRS_AS_ROWS = 12_000
"""More pairs than this slow the relaxation down too much."""

TURNS = 1
"""How often the relaxation of many pairs is solved again."""

SWEEPS = 20
"""How often the split of every pair is improved."""

SAFETY = 1e-12
"""Of the sum of what is added up: more than float64 loses in adding a million terms pairwise."""


@dataclass(frozen=True)
class Relaxed:
    """Outcome of the relaxation.

    Attributes
    ----------
    status
        As of the solver's answer.
    bound
        Scaled; no plan is better.
    choice
        ``(items,)`` choice with the largest part in the relaxation, :data:`NO_CHOICE` where none has half.
    whole
        ``(items,)`` bool: the relaxation takes that choice whole.
    excess
        ``(q,)`` by how much the bound rises when this choice is taken.
    idle
        ``(items,)`` by how much it rises when the item is not chosen; infinite for what is locked in.
    split
        ``(k,)`` share of the first item in each pair's gain.
    seconds
        Used by the solver.
    """

    status: str
    bound: float
    choice: Ints
    whole: Bools
    excess: Floats
    idle: Floats
    split: Floats
    seconds: float


def relax(model: Model, stops: Stops, listener: Listener = UNHEARD) -> Relaxed:
    """Solve the linear relaxation of ``model``; pairs are rows of it when they are few.

    With many pairs, it is solved with their gain split in halves; then again, pairs and all, over the items whose
    choice is least sure, the others left as they are.
    """
    if len(model.pairs) <= PAIRS_AS_ROWS:
        restricted, answer = _solved(model, everything(model), stops, listener)
        return _relaxed(model, restricted, answer, model.gain / 2)
    split, classes = model.gain / 2, _classes(model.pairs)
    restricted, answer = _solved(_without_pairs(model, split), everything(model), stops, listener)
    found = best = _relaxed(model, restricted, answer, split, classes)
    for _ in range(TURNS):
        left = None if stops.seconds is None else stops.seconds - best.seconds
        core = core_of(model, found, _widest(model, found))
        restricted, answer = _solved(model, core, Stops(seconds=left, seed=stops.seed), listener)
        if answer.status != SOLVED:
            return replace(best, seconds=best.seconds + answer.seconds)
        found = _relaxed(model, restricted, answer, found.split, classes)
        better = found if found.bound > best.bound else best
        best = replace(better, seconds=best.seconds + answer.seconds)
    return best


def margin(model: Model, relaxed: Relaxed) -> Floats:
    """``(items,)`` what the bound loses when an item's choice is replaced by its next best; infinite without one."""
    chosen = relaxed.choice != NO_CHOICE
    excess = relaxed.excess.copy()
    excess[relaxed.choice[chosen]] = np.inf
    other = np.minimum.reduceat(excess, model.starts)
    other = np.where(chosen, np.minimum(other, relaxed.idle), other)
    return np.asarray(other - np.where(chosen, relaxed.excess[relaxed.choice], relaxed.idle))


def core_of(model: Model, relaxed: Relaxed, undecided: Bools) -> Core:
    """``undecided`` ``(items,)`` with all their choices, the others as the relaxation has them."""
    return Core(undecided[model.item], model.fixed, np.where(undecided, NO_CHOICE, relaxed.choice))


def least_sure(model: Model, relaxed: Relaxed) -> Ints:
    """Items in order of their margin, those that the relaxation takes in parts first."""
    size = np.where(relaxed.whole, margin(model, relaxed), -np.inf)
    # Among equals, plots from all over the township: their numbers times the golden ratio.
    spread = (np.arange(model.items) * 0.6180339887498949) % 1.0
    return np.asarray(np.lexsort((spread, size)))


def _widest(model: Model, relaxed: Relaxed) -> Bools:
    """As many undecided items as have no more pairs among them than the relaxation takes as rows."""
    rank = np.empty(model.items, dtype=np.int64)
    rank[least_sure(model, relaxed)] = np.arange(model.items)
    last = np.sort(rank[model.pairs].max(axis=1))
    return np.asarray(rank < last[PAIRS_AS_ROWS])


def _solved(model: Model, core: Core, stops: Stops, listener: Listener) -> Tuple[Restricted, Answer]:
    restricted = restrict(model, core, whole=False)
    return restricted, run(restricted.programme, stops, listener)


def _relaxed(
    model: Model, restricted: Restricted, answer: Answer, split: Floats, classes: Sequence[Ints] = ()
) -> Relaxed:
    """Read an answer; ``split`` of the pairs it did not have as rows, improved if ``classes`` are given."""
    if answer.status != SOLVED or answer.values is None or answer.duals is None:
        return _nothing(model, answer)
    prices = np.maximum(answer.duals[: len(model.constant)], 0.0)
    split, rows = split.copy(), len(restricted.pairs)
    split[restricted.pairs] = answer.duals[len(answer.duals) - 2 * rows : len(answer.duals) - rows]
    split = _improved(model, prices, np.clip(split, 0.0, model.gain), classes)
    values = np.zeros(len(model.item))
    values[restricted.settled[restricted.settled != NO_CHOICE]] = 1.0
    values[restricted.columns] = answer.values[: len(restricted.columns)]
    reduced = model.cost - _shares(model, split)[model.item] - model.matrix.T @ prices
    best = np.minimum.reduceat(reduced, model.starts)
    best = np.where(model.fixed, best, np.minimum(best, 0.0))
    bound = best.sum() - prices @ model.constant
    bound -= SAFETY * (np.abs(best).sum() + np.abs(prices * model.constant).sum())
    largest = np.maximum.reduceat(values, model.starts)
    at = np.flatnonzero(values == largest[model.item])
    choice = np.full(model.items, NO_CHOICE, dtype=np.int64)
    choice[model.item[at[::-1]]] = at[::-1]
    choice[(largest < 0.5) & ~model.fixed] = NO_CHOICE
    whole = (largest > 1 - 1e-6) | (np.add.reduceat(values, model.starts) < 1e-6)
    idle = np.where(model.fixed, np.inf, -best)
    excess = reduced - best[model.item]
    return Relaxed(answer.status, float(bound), choice, whole, excess, idle, split, answer.seconds)


def _nothing(model: Model, answer: Answer) -> Relaxed:
    bound = np.inf if answer.status == IMPOSSIBLE else -np.inf
    choice = np.full(model.items, NO_CHOICE, dtype=np.int64)
    nothing = np.zeros(model.items)
    free = np.zeros(len(model.item))
    return Relaxed(answer.status, bound, choice, nothing > 0, free, nothing, model.gain / 2, answer.seconds)


def _shares(model: Model, split: Floats) -> Floats:
    """``(items,)`` what every item gets of the gains of its pairs."""
    first = np.bincount(model.pairs[:, 0], split, model.items)
    second = np.bincount(model.pairs[:, 1], model.gain - split, model.items)
    return np.asarray(first + second)


def _without_pairs(model: Model, split: Floats) -> Model:
    """The model without pairs, their gain given to the items."""
    cost = model.cost - _shares(model, split)[model.item]
    return replace(model, cost=cost, pairs=model.pairs[:0], gain=model.gain[:0])


def _improved(model: Model, prices: Floats, split: Floats, classes: Sequence[Ints]) -> Floats:
    """A split under which the bound is no lower, the prices as they are.

    An item that will not be chosen anyway takes as much as keeps it from being chosen, one that is chosen
    anyway gives it away: for one pair, any split between the two needs is best, and the middle is taken.
    Pairs of one class have no item in common and change at once.
    """
    split = split.copy()
    reduced = np.minimum.reduceat(model.cost - model.matrix.T @ prices, model.starts)
    reduced = np.where(model.fixed, -np.inf, reduced) - _shares(model, split)
    for _ in range(SWEEPS):
        for pairs in classes:
            one, other, gain = model.pairs[pairs, 0], model.pairs[pairs, 1], model.gain[pairs]
            need_one = np.clip(reduced[one] + split[pairs], 0.0, gain)
            need_other = np.clip(reduced[other] + gain - split[pairs], 0.0, gain)
            better = (need_one + gain - need_other) / 2
            reduced[one] += split[pairs] - better
            reduced[other] += better - split[pairs]
            split[pairs] = better
    return split


def _classes(pairs: Ints) -> List[Ints]:
    """Pairs in classes in which no item occurs twice."""
    # Not in their order: along a row of neighbours only the first would have no one before it.
    left = np.argsort((np.arange(len(pairs)) * 0.6180339887498949) % 1.0, kind="stable")
    found: List[Ints] = []
    while len(left):
        ends = pairs[left].ravel()
        first = np.zeros(len(ends), dtype=bool)
        first[np.unique(ends, return_index=True)[1]] = True
        taken = first.reshape(-1, 2).all(axis=1)
        found.append(left[taken])
        left = left[~taken]
    return found
