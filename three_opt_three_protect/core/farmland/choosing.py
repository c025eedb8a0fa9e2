"""Choose both ways, and look at the contiguity of what comes of it.

The index of contiguity is not linear.  So each way chooses without it first; where the index has become worse, it
chooses again under the linear limit that is sure to keep it, then under ever less of that limit, as far as the index
itself still allows.  The cheapest choice that keeps the index stands; where none is found, the first one stands and the
check says that the index is worse.  Of the two ways the optimiser's stands, unless this search made it the dearer one.
Where not even the areas can be had, contiguity is not asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.farmland.facts import Bools, Ints
from three_opt_three_protect.core.farmland.greedy import EXACT, greedy, ranking
from three_opt_three_protect.core.farmland.limits import CONTIGUITY, Offer
from three_opt_three_protect.core.farmland.methods import GREEDY, OPTIMAL, Method, close, method_of
from three_opt_three_protect.core.farmland.optimal import optimal
from three_opt_three_protect.core.farmland.patches import Near, mean_patch
from three_opt_three_protect.core.farmland.verdicts import DECIMALS
from three_opt_three_protect.core.optimiser.problem import INFEASIBLE, Limit
from three_opt_three_protect.core.progress import SILENT, Part, Progress

Limits = Tuple[Limit, ...]
Attempt = Callable[[Limits, Progress], Method]

CLOSE = 0.005
"""Share of more land than without the limit below which no further choice is tried."""

TRIES = 5
"""Choices under the limit on contiguity: the whole of it, then what is left halved as often."""


@dataclass(frozen=True)
class Ground:
    """Where the candidates lie.

    Attributes
    ----------
    near
        Farmland and candidates that lie together.
    kept
        ``(m,)`` bool of them: farmland that stays.
    number
        ``(c,)`` number of each candidate in ``near``.
    index
        Contiguity as it was, ha.
    """

    near: Near
    kept: Bools
    number: Ints
    index: float

    def after(self, chosen: Bools) -> float:
        """Contiguity with the candidates ``chosen`` ``(c,)``."""
        member = self.kept.copy()
        member[self.number[chosen]] = True
        return mean_patch(self.near, member)

    def worse(self, index: float) -> bool:
        """An index is below what it was, in the digits that are kept."""
        return not np.isnan(self.index) and not round(index, DECIMALS) >= round(self.index, DECIMALS)


def compared(
    limits: Sequence[Limit], offer: Offer, ground: Ground, choice: str, progress: Progress = SILENT
) -> List[Method]:
    """What the ways of choosing asked for find, by rank first; by rank too where the optimiser finds nothing."""
    areas = tuple(limit for limit in limits if limit.id != CONTIGUITY)
    join = next((limit for limit in limits if limit.id == CONTIGUITY), None)
    order = ranking(offer)

    def by_rank(under: Limits, part: Progress) -> Method:
        ranked = order if join is None or len(under) == len(areas) else _joining_first(order, join, offer.reserve)
        return method_of(GREEDY, areas, offer, greedy(under, ranked, part))

    first = _kept(by_rank, areas, join, ground, Part(progress, 0.0, 0.3))
    if choice == GREEDY:
        return [first]

    def by_optimiser(under: Limits, part: Progress) -> Method:
        found = optimal(under, offer, first.chosen, progress=part)
        return method_of(OPTIMAL, areas, offer, found.chosen, found)

    best = _kept(by_optimiser, areas, join, ground, Part(progress, 0.3, 0.7))
    return [best] if choice == OPTIMAL and best.chosen is not None else [first, best]


def preferred(methods: Sequence[Method], ground: Ground) -> Method:
    """What stands: the optimiser's choice, unless by rank as much is kept, the index too, and for less."""
    first, best = methods[0], methods[-1]
    if best.chosen is None or first.chosen is None:
        return first if best.chosen is None else best
    if _shorter(first, best) or (ground.worse(first.index) and not ground.worse(best.index)):
        return best
    better = ground.worse(best.index) and not ground.worse(first.index)
    return first if better or (_dearness(first) < _dearness(best) and not close(first, best)) else best


def _joining_first(order: Ints, join: Limit, reserve: Bools) -> Ints:
    """The ranking with the land first that makes patches larger than they are on average; the reserve before all."""
    return np.asarray(order[np.lexsort((join.reclaim[order] < 0, ~reserve[order]))])


def _kept(attempt: Attempt, areas: Limits, join: Optional[Limit], ground: Ground, progress: Progress) -> Method:
    """The cheapest choice found that keeps the index and falls short of no more than the first; else the first."""
    first = _measured(attempt(areas, Part(progress, 0.0, 1 / (TRIES + 1))), ground)
    settled = first.chosen is None or first.status == INFEASIBLE
    if settled or join is None or not ground.worse(first.index):
        return first
    low, high, slack = 0.0, -_left(join, first), 0.0
    best: Optional[Method] = None
    for number in range(1, TRIES + 1):
        under = (*areas, replace(join, constant=join.constant + slack))
        one = _measured(attempt(under, Part(progress, number / (TRIES + 1), 1 / (TRIES + 1))), ground)
        given_up = one.chosen is None or _left(join, one) + slack < -EXACT or _shorter(one, first)
        if given_up or not ground.worse(one.index):
            low = slack
        else:
            high = slack
        if not given_up and not ground.worse(one.index) and (best is None or _dearness(one) < _dearness(best)):
            best = one
        if best is not None and best.added <= first.added * (1 + CLOSE):
            break
        slack = (low + high) / 2
    return first if best is None else replace(best, plain=first.added)


def _left(join: Limit, one: Method) -> float:
    return join.constant + float(join.reclaim[one.chosen].sum())


def _dearness(one: Method) -> Tuple[float, float]:
    """Land beside the reserve first, then the cost."""
    return (one.other_cost, one.cost)


def _shorter(one: Method, first: Method) -> bool:
    """A limit on area or grade falls short that did not in ``first``, or by more."""
    missing = {(limit.id, limit.unit_code): short for limit, short in first.shortages}
    return any(short > missing.get((limit.id, limit.unit_code), 0.0) + EXACT for limit, short in one.shortages)


def _measured(one: Method, ground: Ground) -> Method:
    return one if one.chosen is None else replace(one, index=ground.after(one.chosen))
