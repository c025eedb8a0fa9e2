"""The ways of choosing held beside each other: they agree, or it is said why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.farmland.facts import Bools
from three_opt_three_protect.core.farmland.greedy import EXACT
from three_opt_three_protect.core.farmland.limits import SUPPLEMENT, TASK, Offer
from three_opt_three_protect.core.farmland.optimal import Optimum, cost_of
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.optimiser.problem import INFEASIBLE, Limit, Reason
from three_opt_three_protect.core.optimiser.problem import OPTIMAL as PROVED

GREEDY, OPTIMAL, BOTH = "greedy", "optimal", "both"
CHOICES = (BOTH, GREEDY, OPTIMAL)

SHORT = "short"
"""Status of a choice by rank that does not keep the limits."""

KEPT = "kept"

NEAR = 0.01
"""m² by which costs differ that are the same."""


@dataclass(frozen=True)
class Method:
    """One way of choosing and what it came to.

    Attributes
    ----------
    chosen
        ``(c,)`` bool over the candidates, None where it found nothing.
    status
        Of the optimiser; :data:`KEPT` or :data:`SHORT` of greedy.
    added, count
        Hundredths and number of what is added.
    excess
        m² more than the area limits ask for.
    other
        Hundredths of what is added that are not of the reserve.
    cost, other_cost
        Σ area·(2 − score) of all that is added, and of what is not of the reserve, m².
    index
        Contiguity after, ha, NaN until measured.
    plain
        Hundredths that would have been added if contiguity did not count; None where it changed nothing.
    shortages
        Limits it does not keep, with what is missing in their unit.
    """

    name: str
    chosen: Optional[Bools]
    status: str
    added: int = 0
    count: int = 0
    excess: float = 0.0
    other: int = 0
    cost: float = 0.0
    other_cost: float = 0.0
    index: float = float("nan")
    shortages: Tuple[Tuple[Limit, float], ...] = ()
    reasons: Tuple[Reason, ...] = ()
    bound: Optional[float] = None
    gap: Optional[float] = None
    plain: Optional[int] = None


def method_of(
    name: str,
    limits: Sequence[Limit],
    offer: Offer,
    chosen: Optional[Bools],
    optimum: Optional[Optimum] = None,
) -> Method:
    """Sum up a choice."""
    if chosen is None:
        return (
            Method(name, None, SHORT)
            if optimum is None
            else Method(name, None, optimum.status, reasons=optimum.reasons)
        )
    left = [round(limit.constant + float(limit.reclaim[chosen].sum()), 6) for limit in limits]
    shortages = tuple((limit, -rest) for limit, rest in zip(limits, left) if rest < -EXACT)
    own = [rest for limit, rest in zip(limits, left) if limit.id in (TASK, SUPPLEMENT) and not limit.unit_code]
    status = (SHORT if shortages else KEPT) if optimum is None else optimum.status
    return Method(
        name,
        chosen,
        status,
        int(offer.net[chosen].sum()),
        int(np.count_nonzero(chosen)),
        max(min(own), 0.0) if own else 0.0,
        int(offer.net[chosen & ~offer.reserve].sum()),
        round(float(cost_of(offer)[chosen].sum()), 2),
        round(float(cost_of(offer)[chosen & ~offer.reserve].sum()), 2),
        shortages=shortages,
        reasons=() if optimum is None else optimum.reasons,
        bound=None if optimum is None else optimum.bound,
        gap=None if optimum is None else optimum.gap,
    )


def why(methods: Sequence[Method]) -> str:
    """Id of the sentence that explains why the two ways differ."""
    if len(methods) < 2:
        return "farmland.why.alone"
    first, best = methods[0], methods[1]
    if first.chosen is None or best.chosen is None or best.status == INFEASIBLE:
        return "farmland.why.none"
    if bool((first.chosen == best.chosen).all()):
        return "farmland.why.same"
    if first.shortages and not best.shortages:
        return "farmland.why.limits"
    if close(first, best):
        return "farmland.why.tie"
    if first.other_cost < best.other_cost - NEAR or (first.cost < best.cost and first.other_cost <= best.other_cost):
        return "farmland.why.contiguity" if best.status == PROVED else "farmland.why.stopped"
    return "farmland.why.whole" if best.status == PROVED else "farmland.why.stopped"


def close(one: Method, other: Method) -> bool:
    """Both cost the same, beside the reserve too."""
    near = max(abs(other.cost) * 1e-6, NEAR)
    return abs(one.cost - other.cost) <= near and abs(one.other_cost - other.other_cost) <= near


def added_m2(method: Method) -> Optional[float]:
    """m², None where it found nothing."""
    return None if method.chosen is None else float(to_m2(method.added))
