"""Closing one gap (尚缺 12.35 亩): the candidates that make good what an account lacks.

One plot where one suffices, else the smallest set; the cheapest first where costs are known, else the one
with the least left over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Set, Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.problem import Bools, Floats, Ints

_NOISE = 1e-6
"""Accounts are whole hundredths; what factors add beyond that is rounding."""

POOL = 60
"""Candidates looked at for sets of several, the cheapest ones and those that add most."""

STEPS = 20_000
"""Steps of one search for sets."""

_MORE = 3

Apart = Dict[int, Set[int]]

_NONE: Ints = np.empty((0, 2), dtype=np.int64)
_EMPTY: Set[int] = set()


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


def close_gap(
    margin: float, effect: Floats, cost: Floats, allowed: Bools, count: int = 3, conflicts: Ints = _NONE
) -> Tuple[Offer, ...]:
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
    conflicts
        ``(c, 2)`` candidates that take the same land: one offer never has both.

    Returns
    -------
    tuple of Offer
        The best first; empty when no candidates together close the gap. Of more than :data:`POOL` candidates
        that fit, or after :data:`STEPS`, the best that were found.
    """
    lacking = -margin
    rows = np.flatnonzero(allowed & (effect > 0))
    if lacking <= 0 or not len(rows) or effect[rows].sum() < lacking - _NOISE:
        return ()
    apart = _apart(conflicts)
    sets: List[Ints] = []
    fewest = _smallest_size(lacking, effect[rows])
    # Candidates in each other's way may need one more place, or a few.
    for size in range(fewest, min(fewest + _MORE, len(rows)) + 1):
        sets = (
            _alone(lacking, effect, rows) if size == 1 else _together(lacking, effect, cost, rows, size, count, apart)
        )
        if sets:
            break
    offers = sorted((_offer(lacking, effect, cost, chosen) for chosen in sets), key=_rank)
    return tuple(offers[:count])


def _apart(conflicts: Ints) -> Apart:
    """Candidate → those it may not be offered with."""
    apart: Dict[int, Set[int]] = {}
    for one, other in conflicts.tolist():
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    return apart


def _smallest_size(lacking: float, effect: Floats) -> int:
    """How many candidates it takes at least."""
    most = np.cumsum(-np.sort(-effect))
    return int(np.searchsorted(most, lacking - _NOISE)) + 1


def _alone(lacking: float, effect: Floats, rows: Ints) -> List[Ints]:
    return [np.array([row]) for row in rows[effect[rows] >= lacking - _NOISE]]


def _together(
    lacking: float, effect: Floats, cost: Floats, rows: Ints, size: int, count: int, apart: Apart
) -> List[Ints]:
    """Sets of ``size`` candidates: the cheapest of those with a cost; where they are too few, those with least over."""
    order = rows[np.argsort(-effect[rows], kind="stable")]
    # Beside the size − 1 that add most even the least member must do.
    least = lacking - effect[order[: size - 1]].sum()
    fitting = order[effect[order] >= least - _NOISE]
    first = _greedy(lacking, effect, fitting, size, apart)
    known = fitting[~np.isnan(cost[fitting])]
    sets = _Subsets(lacking, effect, cost, size, count, apart).best(known) if len(known) >= size else []
    if len(sets) < count:
        sets += _Subsets(lacking, effect, effect, size, count, apart).best(fitting)
    sets += [] if first is None else [first]
    return list({tuple(sorted(one.tolist())): one for one in sets}.values())


def _greedy(lacking: float, effect: Floats, order: Ints, size: int, apart: Apart) -> Optional[Ints]:
    """The candidates that add most, of those that may stand together; None where ``size`` of them do not do."""
    chosen: List[int] = []
    for row in order.tolist():
        if len(chosen) < size and apart.get(row, _EMPTY).isdisjoint(chosen):
            chosen.append(row)
    enough = len(chosen) == size and effect[chosen].sum() >= lacking - _NOISE
    return np.array(chosen) if enough else None


class _Subsets:
    """Depth-first search for the sets of least ``value`` that close the gap; ties by what is left over."""

    def __init__(self, lacking: float, effect: Floats, value: Floats, size: int, count: int, apart: Apart) -> None:
        self._lacking, self._effect, self._value = lacking - _NOISE, effect, value
        self._size, self._count, self._apart = size, count, apart
        self._steps = 0
        self._found: List[Tuple[float, float, Tuple[int, ...]]] = []

    def best(self, rows: Ints) -> List[Ints]:
        """At most ``count`` sets of ``rows``."""
        pool = rows[np.lexsort((self._effect[rows], self._value[rows]))]
        most = pool[np.argsort(-self._effect[pool], kind="stable")][: self._size]
        keep = np.isin(pool, np.union1d(pool[:POOL], most))
        self._pool: List[int] = pool[keep].tolist()
        adds = self._effect[self._pool]
        # What the last places can add at most: row of the place, column of how many.
        self._most = [np.append(0.0, np.cumsum(-np.sort(-adds[place:]))) for place in range(len(adds) + 1)]
        self._go(0, (), 0.0, 0.0)
        return [np.array(chosen) for _, _, chosen in self._found]

    def _go(self, place: int, chosen: Tuple[int, ...], adds: float, value: float) -> None:
        left = self._size - len(chosen)
        if left == 0:
            self._found = sorted([*self._found, (value, adds, chosen)])[: self._count]
            return
        for at in range(place, len(self._pool) - left + 1):
            self._steps += 1
            ahead = value + float(self._value[self._pool[at : at + left]].sum())
            dear = len(self._found) == self._count and ahead > self._found[-1][0]
            if self._steps > STEPS or dear or adds + self._most[at][left] < self._lacking:
                return
            row = self._pool[at]
            total = adds + float(self._effect[row])
            if total + self._most[at + 1][left - 1] < self._lacking:
                continue
            if self._apart.get(row, _EMPTY).isdisjoint(chosen):
                self._go(at + 1, (*chosen, row), total, value + float(self._value[row]))


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
