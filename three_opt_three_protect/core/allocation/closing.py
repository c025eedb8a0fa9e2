"""Closing one gap (尚缺 12.35 亩): the candidates that make good what an account lacks.

One plot where one suffices, else the smallest set; the cheapest first where costs are known, else the one
with the least left over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.problem import Bools, Floats, Ints

_NOISE = 1e-6
"""Accounts are whole hundredths; what factors add beyond that is rounding."""


@dataclass(frozen=True)
class Offer:
    """Candidates that together close a gap.

    Attributes
    ----------
    rows
        Of the candidates, the one that adds most first.
    adds
        What they add to the account, in its unit.
    rest
        What is left when the gap is closed, ≥ 0.
    cost
        Of all of them, yuan; None where that of one is not known.
    unit_cost
        ``cost ÷ adds``; None where the cost is.
    """

    rows: Tuple[int, ...]
    adds: float
    rest: float
    cost: Optional[float]
    unit_cost: Optional[float]


def close_gap(margin: float, effect: Floats, cost: Floats, allowed: Bools, count: int = 3) -> Tuple[Offer, ...]:
    """The best offers that raise ``margin`` to 0 or above.

    Parameters
    ----------
    margin
        Of a verdict; nothing is offered where it is not negative.
    effect
        ``(n,)`` what each candidate adds to the margin, in its unit.
    cost
        ``(n,)`` yuan, NaN = not known.
    allowed
        ``(n,)`` bool, candidates that may be offered.
    count
        Most offers.

    Returns
    -------
    tuple of Offer
        The best first; empty when all candidates together do not close the gap.
    """
    lacking = -margin
    rows = np.flatnonzero(allowed & (effect > 0))
    if lacking <= 0 or not len(rows) or effect[rows].sum() < lacking - _NOISE:
        return ()
    size = _smallest_size(lacking, effect[rows])
    sets = _alone(lacking, effect, rows) if size == 1 else _together(lacking, effect, cost, rows, size, count)
    offers = sorted((_offer(lacking, effect, cost, chosen) for chosen in sets), key=_rank)
    return tuple(offers[:count])


def _smallest_size(lacking: float, effect: Floats) -> int:
    """How many candidates it takes at least."""
    most = np.cumsum(-np.sort(-effect))
    return int(np.searchsorted(most, lacking - _NOISE)) + 1


def _alone(lacking: float, effect: Floats, rows: Ints) -> List[Ints]:
    return [np.array([row]) for row in rows[effect[rows] >= lacking - _NOISE]]


def _together(lacking: float, effect: Floats, cost: Floats, rows: Ints, size: int, count: int) -> List[Ints]:
    """Sets of ``size`` candidates: those that add most, made better step by step, and the same without one of them."""
    order = rows[np.argsort(-effect[rows], kind="stable")]
    rank = _ranks(effect, cost)
    sets = [_improved(lacking, effect, rank, order, size)]
    for left_out in order[: min(size, 2 * count)]:
        others = order[order != left_out]
        if effect[others[:size]].sum() >= lacking - _NOISE:
            sets.append(_improved(lacking, effect, rank, others, size))
    return list({tuple(sorted(one.tolist())): one for one in sets}.values())


def _improved(lacking: float, effect: Floats, rank: Ints, order: Ints, size: int) -> Ints:
    """The first ``size`` of ``order``, each exchanged for the best candidate with which the gap is still closed."""
    chosen = order[:size].copy()
    free = np.ones(len(effect), dtype=np.bool_)
    free[chosen] = False
    total = effect[chosen].sum()
    for place in range(size):
        free[chosen[place]] = True
        total -= effect[chosen[place]]
        fitting = order[free[order] & (effect[order] >= lacking - total - _NOISE)]
        chosen[place] = fitting[np.argmin(rank[fitting])]
        free[chosen[place]] = False
        total += effect[chosen[place]]
    return chosen


def _ranks(effect: Floats, cost: Floats) -> Ints:
    """``(n,)`` place of each candidate: those with a cost first, the cheapest first, then the one that adds least."""
    unknown = np.isnan(cost)
    order = np.lexsort((effect, np.where(unknown, 0.0, cost), unknown))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _offer(lacking: float, effect: Floats, cost: Floats, chosen: Ints) -> Offer:
    rows = chosen[np.argsort(-effect[chosen], kind="stable")]
    adds, total = float(effect[rows].sum()), float(cost[rows].sum())
    known = not np.isnan(total)
    adds = round(adds, 6)
    return Offer(
        tuple(rows.tolist()),
        adds,
        max(0.0, round(adds - lacking, 6)),
        total if known else None,
        total / adds if known else None,
    )


def _rank(offer: Offer) -> Tuple[int, bool, float, float, Tuple[int, ...]]:
    """Fewest plots, then the cheapest of those with a cost, then the least left over."""
    return (len(offer.rows), offer.cost is None, offer.cost or 0.0, offer.rest, offer.rows)
