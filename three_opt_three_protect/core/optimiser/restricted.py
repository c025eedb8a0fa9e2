"""The programme of some choices while the others stay as they are: the whole model, or a core of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
import scipy.sparse

from three_opt_three_protect.core.optimiser.model import NO_CHOICE, Model
from three_opt_three_protect.core.optimiser.problem import Bools, Floats, Ints
from three_opt_three_protect.core.optimiser.solver import Programme


@dataclass(frozen=True)
class Core:
    """What is still to be decided.

    Attributes
    ----------
    open
        ``(q,)`` bool: choices left.
    forced
        ``(items,)`` bool: one of the choices left must be taken.
    settled
        ``(items,)`` choice or :data:`NO_CHOICE` of the items without a choice left.
    """

    open: Bools
    forced: Bools
    settled: Ints


@dataclass(frozen=True)
class Restricted:
    """A programme and how to read its answer.

    Attributes
    ----------
    programme
        Columns: the choices left, the pairs left, the shortages.  Rows: the model's, one choice an item, the pairs.
    columns
        ``(…,)`` the choices left.
    pairs
        ``(…,)`` numbers of the pairs left.
    short
        ``(…,)`` model rows that may fall short.
    settled
        As of the core.
    offset
        Scaled value of what is settled.
    """

    model: Model
    programme: Programme
    columns: Ints
    pairs: Ints
    short: Ints
    settled: Ints
    offset: float

    def choices(self, values: Floats) -> Ints:
        """``(items,)`` choice of each item in a whole answer."""
        chosen = self.settled.copy()
        taken = self.columns[values[: len(self.columns)] > 0.5]
        chosen[self.model.item[taken]] = taken
        return chosen

    def shortage(self, values: Floats) -> Floats:
        """``(…,)`` scaled shortage of each row of :attr:`short`."""
        return np.maximum(values[len(self.columns) + len(self.pairs) :], 0.0)

    def start(self, chosen: Ints) -> Optional[Floats]:
        """Values of a plan, None when it differs in what is settled."""
        left = np.zeros(self.model.items, dtype=bool)
        left[self.model.item[self.columns]] = True
        values = np.zeros(len(self.programme.cost))
        at = np.searchsorted(self.columns, chosen[left])
        taken = chosen[left] != NO_CHOICE
        if (chosen[~left] != self.settled[~left]).any() or not np.isin(chosen[left][taken], self.columns).all():
            return None
        values[at[taken]] = 1.0
        both = (chosen[self.model.pairs[self.pairs]] != NO_CHOICE).all(axis=1)
        values[len(self.columns) : len(self.columns) + len(self.pairs)] = both
        return values


def everything(model: Model) -> Core:
    """All choices are left."""
    return Core(np.ones(len(model.item), dtype=bool), model.fixed, np.full(model.items, NO_CHOICE, dtype=np.int64))


def restrict(model: Model, core: Core, weights: Optional[Floats] = None, whole: bool = True) -> Restricted:
    """The programme of ``core``.

    Parameters
    ----------
    weights
        ``(r,)`` price of a scaled unit that a row falls short; infinite = it may not.  None = no row may, and the
        programme minimises the objective; else it minimises the priced shortages alone.
    whole
        Choices are 0 or 1; False = the linear relaxation.
    """
    columns, settled = np.flatnonzero(core.open), core.settled[core.settled != NO_CHOICE]
    short = np.flatnonzero(np.isfinite(weights)) if weights is not None else np.empty(0, dtype=np.int64)
    state = np.where(core.settled != NO_CHOICE, 1, -1)
    state[model.item[columns]] = 0
    state[core.forced & (state == 0)] = 1
    pairs = np.flatnonzero((state[model.pairs] == 0).all(axis=1)) if weights is None else np.empty(0, dtype=np.int64)
    cost, offset = _costs(model, columns, settled, state)
    if weights is not None:
        cost, offset = np.zeros(len(columns)), 0.0
    prices = weights[short] if weights is not None else np.empty(0)
    constant = model.constant + np.asarray(model.matrix[:, settled].sum(axis=1)).ravel()
    owner = model.item[columns]
    one_row, one_least = _one_choice(model, owner, core.forced)
    matrix = _stack(model, columns, one_row, pairs, short)
    count = len(columns) + len(pairs)
    high = np.concatenate([np.ones(count), np.full(len(short), np.inf)])
    programme = Programme(
        np.concatenate([cost, -model.gain[pairs], prices]),
        np.zeros(len(high)),
        high,
        matrix,
        np.concatenate([-constant, one_least, np.zeros(2 * len(pairs))]),
        np.concatenate([np.full(len(constant), np.inf), np.ones(len(one_least)), np.full(2 * len(pairs), np.inf)]),
        (np.arange(len(high)) < len(columns)) & whole,
    )
    return Restricted(model, programme, columns, pairs, short, core.settled, offset)


def _costs(model: Model, columns: Ints, settled: Ints, state: Ints) -> Tuple[Floats, float]:
    """Cost of the choices left, with the gain of pairs whose other item is chosen for sure; cost of the settled."""
    chosen = state[model.pairs] == 1
    sure = chosen.all(axis=1)
    bonus = np.zeros(model.items)
    for one, other in ((0, 1), (1, 0)):
        half = chosen[:, one] & (state[model.pairs[:, other]] == 0)
        bonus += np.bincount(model.pairs[half, other], model.gain[half], model.items)
    return model.cost[columns] - bonus[model.item[columns]], float(model.cost[settled].sum() - model.gain[sure].sum())


def _one_choice(model: Model, owner: Ints, forced: Bools) -> Tuple[scipy.sparse.csr_matrix, Floats]:
    """Rows "at most one choice" (exactly one where forced) of the items that need one."""
    count = np.bincount(owner, minlength=model.items)
    bound = np.flatnonzero((count > 1) | (forced & (count > 0)))
    number = np.full(model.items, -1, dtype=np.int64)
    number[bound] = np.arange(len(bound))
    at = np.flatnonzero(number[owner] >= 0)
    rows = scipy.sparse.csr_matrix((np.ones(len(at)), (number[owner[at]], at)), shape=(len(bound), len(owner)))
    return rows, np.where(forced[bound], 1.0, -np.inf)


def _stack(
    model: Model, columns: Ints, one: scipy.sparse.csr_matrix, pairs: Ints, short: Ints
) -> scipy.sparse.csr_matrix:
    rows, count = model.matrix.shape[0], len(pairs)
    owner = model.item[columns]
    by_item = scipy.sparse.csr_matrix((np.ones(len(owner)), (owner, np.arange(len(owner)))), (model.items, len(owner)))
    minus = -scipy.sparse.identity(count, format="csr")
    shortage = scipy.sparse.csr_matrix((np.ones(len(short)), (short, np.arange(len(short)))), (rows, len(short)))
    empty = scipy.sparse.csr_matrix
    blocks = [
        [model.matrix[:, columns].tocsr(), empty((rows, count)), shortage],
        [one, empty((one.shape[0], count)), empty((one.shape[0], len(short)))],
        [by_item[model.pairs[pairs, 0]], minus, empty((count, len(short)))],
        [by_item[model.pairs[pairs, 1]], minus, empty((count, len(short)))],
    ]
    return scipy.sparse.bmat(blocks, format="csr")
