"""A problem in the form a solver takes: choices (a plot or a village in a phase) and scaled sparse rows.

Candidates that go together are one item, and a choice is an item in one phase it is open in.  Each row and
the objective are divided by a power of two near the typical size of their coefficients, so that the solver
meets figures near 1 and no digit is lost; :mod:`check` looks at a plan in the problem's own figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

import numpy as np
import scipy.sparse

from three_opt_three_protect.core.optimiser.check import groups, together
from three_opt_three_protect.core.optimiser.figures import NOISE
from three_opt_three_protect.core.optimiser.problem import NOT_CHOSEN, Bools, Floats, Ints, Limit, Plan, Problem

NO_CHOICE = -1
"""Column of an item in a phase in which it is closed; choice of an item that is not chosen."""

CONFLICT = -1
"""In place of a limit's number: the row keeps two plots from being chosen both."""


@dataclass(frozen=True)
class Model:
    """Minimise ``cost·z − Σ gain·(both items of a pair chosen)``, ``matrix·z + constant ≥ 0``, one choice an item.

    Attributes
    ----------
    problem
        What it was made of.
    item_of
        ``(n + m,)`` item of each plot, candidates before sites; -1 = can be in no phase.
    column
        ``(items, phases)`` choice of an item in a phase or :data:`NO_CHOICE`.
    item, phase
        ``(q,)`` of each choice, ordered by item.
    starts
        ``(items,)`` first choice of each item.
    fixed
        ``(items,)`` bool: must be chosen.
    cost
        ``(q,)`` scaled.
    matrix, constant
        ``(r, q)`` sparse by columns, ``(r,)``; scaled.
    limit, scale
        ``(r,)`` number of the row's limit or :data:`CONFLICT`; what the limit was divided by.
    pairs, gain
        ``(k, 2)`` items, the first smaller, ``(k,)`` scaled.
    value_scale, value_constant
        Value of the objective = scaled value × ``value_scale`` + ``value_constant``.
    """

    problem: Problem
    item_of: Ints
    column: Ints
    item: Ints
    phase: Ints
    starts: Ints
    fixed: Bools
    cost: Floats
    matrix: scipy.sparse.csc_matrix
    constant: Floats
    limit: Ints
    scale: Floats
    pairs: Ints
    gain: Floats
    value_scale: float
    value_constant: float

    @property
    def items(self) -> int:
        """Number of items."""
        return len(self.starts)

    def real(self, scaled: float) -> float:
        """A scaled value in the objective's unit."""
        return scaled * self.value_scale + self.value_constant

    def phases_of(self, chosen: Ints) -> Tuple[Ints, Ints]:
        """Phase of every candidate and site, from ``(items,)`` choices or :data:`NO_CHOICE`."""
        # One more, that stands for the item of the plots that can be in no phase.
        of_item = np.append(np.where(chosen == NO_CHOICE, NOT_CHOSEN, self.phase[chosen]), NOT_CHOSEN)
        phase = of_item[self.item_of].astype(np.int64)
        candidates = len(self.problem.reclaim_id)
        return phase[:candidates], phase[candidates:]

    def choices_of(self, plan: Plan) -> Ints:
        """``(items,)`` choice of each item in a plan that fits."""
        chosen = np.full(self.items, NO_CHOICE, dtype=np.int64)
        phase = np.concatenate([plan.reclaim_phase, plan.newbuild_phase])
        plots = np.flatnonzero((phase != NOT_CHOSEN) & (self.item_of >= 0))
        chosen[self.item_of[plots]] = self.column[self.item_of[plots], phase[plots]]
        return chosen


def model_of(problem: Problem) -> Model:
    """Write ``problem`` as a model.  What is locked in must not contradict itself (:func:`explain.locked`)."""
    group, count = groups(problem)
    is_open, is_fixed = together(problem)
    free = np.ones((count, len(problem.phases)), dtype=bool)
    np.logical_and.at(free, group, is_open)
    fixed = np.zeros(count, dtype=bool)
    np.logical_or.at(fixed, group, is_fixed)
    conflicts = np.sort(group[problem.conflicts], axis=1)
    _close(free, fixed, conflicts)
    kept = free.any(axis=1)
    number = np.where(kept, np.cumsum(kept) - 1, -1)
    item_of, free, fixed = number[group], free[kept], fixed[kept]
    item, phase = np.nonzero(free)
    column = np.full(free.shape, NO_CHOICE, dtype=np.int64)
    column[item, phase] = np.arange(len(item))
    cost, value_scale = _costs(problem, item_of, len(free))
    pairs, gain, bonus = _pairs(problem, item_of, len(free))
    matrix, constant, limit, scale = _rows(problem, item_of, column, number[conflicts])
    return Model(
        problem, item_of, column, item, phase, np.searchsorted(item, np.arange(len(free))), fixed,
        (cost - bonus)[item] / value_scale, matrix, constant, limit, scale, pairs, gain / value_scale, value_scale,
        problem.objective.constant,
    )  # fmt: skip


def power(coefficients: Floats) -> float:
    """The power of two nearest to the middle of the sizes of ``coefficients``; 1 when there are none."""
    size = np.abs(coefficients[coefficients != 0])
    return float(2.0 ** np.round(np.log2(np.median(size)))) if len(size) else 1.0


def _close(free: Bools, fixed: Bools, conflicts: Ints) -> None:
    """Close what conflicts with itself or with what is locked in."""
    own = conflicts[:, 0] == conflicts[:, 1]
    free[conflicts[own, 0]] = False
    for one, other in ((0, 1), (1, 0)):
        ruled_out = fixed[conflicts[:, one]] & ~own
        free[conflicts[ruled_out, other]] = False


def _costs(problem: Problem, item_of: Ints, items: int) -> Tuple[Floats, float]:
    cost = np.concatenate([problem.objective.reclaim, problem.objective.newbuild])
    sized = np.concatenate([cost, problem.objective.pair_gain])
    sized = sized[np.abs(sized) > NOISE]
    return _sums(cost, item_of, items), power(sized)


def _pairs(problem: Problem, item_of: Ints, items: int) -> Tuple[Ints, Floats, Floats]:
    """Pairs of different items, each once, with their gain; and what an item gains within itself."""
    pairs, gain = item_of[problem.objective.pairs], problem.objective.pair_gain
    usable = (pairs >= 0).all(axis=1) & (gain > NOISE)
    pairs, gain = np.sort(pairs[usable], axis=1), gain[usable]
    within = pairs[:, 0] == pairs[:, 1]
    bonus = np.bincount(pairs[within, 0], gain[within], items).astype(np.float64)
    pairs, same = np.unique(pairs[~within], axis=0, return_inverse=True)
    return pairs.reshape(-1, 2), np.bincount(same.ravel(), gain[~within], len(pairs)).astype(np.float64), bonus


def _sums(values: Floats, item_of: Ints, items: int) -> Floats:
    known = item_of >= 0
    return np.bincount(item_of[known], values[known], items).astype(np.float64)


def _rows(
    problem: Problem, item_of: Ints, column: Ints, conflicts: Ints
) -> Tuple[scipy.sparse.csc_matrix, Floats, Ints, Floats]:
    """Matrix, constants, limit and scale of every row: the limits in their order, then the conflicts."""
    entries = [_entries(limit, item_of, column) for limit in problem.limits]
    scale = np.array([power(values) for _, values in entries])
    conflicts = np.unique(conflicts[(conflicts >= 0).all(axis=1)], axis=0)
    conflicts = conflicts[conflicts[:, 0] != conflicts[:, 1]]
    for one, other in conflicts:
        columns = np.concatenate([column[one], column[other]])
        entries.append((columns[columns != NO_CHOICE], np.full((columns != NO_CHOICE).sum(), -1.0)))
    scale = np.concatenate([scale, np.ones(len(conflicts))])
    lengths = np.array([len(columns) for columns, _ in entries], dtype=np.int64)
    row = np.repeat(np.arange(len(entries)), lengths)
    columns = np.concatenate([columns for columns, _ in entries] or [np.empty(0, dtype=np.int64)])
    values = np.concatenate([values for _, values in entries] or [np.empty(0)]) / scale[row]
    choices = int((column != NO_CHOICE).sum())
    matrix = scipy.sparse.csc_matrix((values, (row, columns)), shape=(len(entries), choices))
    constant = np.array([limit.constant for limit in problem.limits]) / scale[: len(problem.limits)]
    constant = np.concatenate([constant, np.ones(len(conflicts))])
    limit = np.concatenate([np.arange(len(problem.limits)), np.full(len(conflicts), CONFLICT)]).astype(np.int64)
    return matrix, constant, limit, scale


def _entries(limit: Limit, item_of: Ints, column: Ints) -> Tuple[Ints, Floats]:
    """Choices a limit counts and what each adds."""
    candidates = len(limit.reclaim)
    columns: List[Ints] = [np.empty(0, dtype=np.int64)]
    values: List[Floats] = [np.empty(0)]
    for added, items, (first, last) in (
        (limit.reclaim, item_of[:candidates], limit.reclaim_phases),
        (limit.newbuild, item_of[candidates:], limit.newbuild_phases),
    ):
        total = _sums(added, items, len(column))
        touched = np.flatnonzero(np.abs(total) > NOISE)
        counted = column[touched, max(first, 0) : last + 1] if last >= first else column[touched, :0]
        kept = counted != NO_CHOICE
        columns.append(counted[kept])
        values.append(np.broadcast_to(total[touched, None], counted.shape)[kept])
    return np.concatenate(columns), np.concatenate(values)


def reach(model: Model) -> Tuple[Floats, Floats]:
    """Lowest and highest left side of each row, scaled: every item in the phase that is worst or best for it.

    Returns
    -------
    ``(r,)``, ``(r,)`` float64; conflicts between items are left out of account.
    """
    rows = model.matrix.tocsr()
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    item = model.item[rows.indices]
    first = np.flatnonzero((np.diff(row, prepend=-1) != 0) | (np.diff(item, prepend=-1) != 0))
    if not len(first):
        return model.constant.copy(), model.constant.copy()
    row, item, counted = row[first], item[first], np.diff(first, append=len(item))
    choices = np.diff(model.starts, append=len(model.item))[item]
    # Not choosing the item, or a phase that the row does not count, adds nothing.
    bare = ~model.fixed[item] | (counted < choices)
    lowest, highest = np.minimum.reduceat(rows.data, first), np.maximum.reduceat(rows.data, first)
    low, high = np.where(bare, np.minimum(lowest, 0), lowest), np.where(bare, np.maximum(highest, 0), highest)
    count = rows.shape[0]
    return model.constant + np.bincount(row, low, count), model.constant + np.bincount(row, high, count)
