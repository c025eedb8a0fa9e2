"""Choose by the optimiser: all limits at once, the least excess of the best land.

The objective is Σ area·(2 − score): a square metre costs between 1 (the best) and 2 (the worst), so that no more than
needed is added, and of what is needed the best.  The reserve comes first: what is added beside it is made as cheap as
the limits allow, and only then the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.farmland.facts import Bools, Floats
from three_opt_three_protect.core.farmland.limits import Offer
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.optimiser.check import broken
from three_opt_three_protect.core.optimiser.explain import ALONE as NOT_ENOUGH
from three_opt_three_protect.core.optimiser.problem import (
    ALONE,
    GAP,
    INFEASIBLE,
    NOT_CHOSEN,
    Effort,
    Limit,
    Objective,
    Plan,
    Problem,
    Reason,
)
from three_opt_three_protect.core.optimiser.problem import OPTIMAL as PROVED
from three_opt_three_protect.core.optimiser.search import solve
from three_opt_three_protect.core.progress import SILENT, Part, Progress

EFFORT = Effort(gap=1e-5, nodes=2_000)
"""Of 10 ha added it is a square metre. No clock: the same data gives the same plan."""

MANY = 2_500
"""Candidates of a county; with tasks for hundreds of villages the last digits take minutes."""

EFFORT_MANY = Effort(gap=1e-3, nodes=20)

NEAREST = Effort(gap=1e-2, nodes=20)
"""Where not all can be kept anyway."""

WORST = 2.0

RESERVE = "reserve"
"""Id of the limit on land beside the reserve."""

EASE = 1e-5
"""m² more than what is missing or allowed, for sums are rounded."""


@dataclass(frozen=True)
class Optimum:
    """What the optimiser found.

    Attributes
    ----------
    chosen
        ``(c,)`` bool; where no choice keeps the limits, one that falls short of those in ``reasons`` alone and by no
        more than must be, None where there is none either.
    status
        As of :class:`~three_opt_three_protect.core.optimiser.problem.Plan`; a gap as small as asked for is optimal.
    bound
        No choice costs less; None when not known.
    reasons
        Why there is none, or which warnings were given up.
    """

    chosen: Optional[Bools]
    status: str
    bound: Optional[float]
    gap: Optional[float]
    reasons: Tuple[Reason, ...]


def cost_of(offer: Offer) -> Floats:
    """``(c,)`` what each candidate costs."""
    return to_m2(offer.net) * (WORST - offer.score)


def optimal(
    limits: Sequence[Limit],
    offer: Offer,
    first: Optional[Bools],
    effort: Optional[Effort] = None,
    progress: Progress = SILENT,
) -> Optimum:
    """The cheapest candidates that keep all limits.

    Parameters
    ----------
    first
        ``(c,)`` a choice to start from.
    effort
        None = by the number of candidates.
    """
    effort = effort or (EFFORT if len(offer) <= MANY else EFFORT_MANY)
    asked = problem_of(limits, offer)
    problem, least = _reserve_first(asked, offer, effort, first, Part(progress, 0.0, 0.5))
    plan = least if least is not None and least.status == INFEASIBLE else _solved(problem, effort, first, progress)
    if plan.status == INFEASIBLE and plan.reasons:
        nearest = _reserve_first(_nearest(asked, plan.reasons), offer, NEAREST, None, progress)[0]
        found = solve(nearest, NEAREST, progress)
        chosen = found.reclaim_phase != NOT_CHOSEN if found.found else None
        return Optimum(chosen, INFEASIBLE, None, None, plan.reasons)
    chosen = plan.reclaim_phase != NOT_CHOSEN if plan.found else None
    proved = _close(plan, effort) and (least is None or _close(least, effort))
    return Optimum(chosen, PROVED if proved else plan.status, plan.bound, plan.gap, plan.reasons)


def _reserve_first(
    problem: Problem, offer: Offer, effort: Effort, first: Optional[Bools], progress: Progress
) -> Tuple[Problem, Optional[Plan]]:
    """``problem`` with no dearer land beside the reserve than it needs, and the plan that tells how much that is."""
    if not offer.reserve.any() or offer.reserve.all():
        return problem, None
    other = np.where(offer.reserve, 0.0, cost_of(offer))
    least = replace(problem, objective=Objective(RESERVE, "m2", other, np.empty(0)))
    plan = _solved(least, effort, first, progress)
    if not plan.found:
        return problem, plan
    most = float(other[plan.reclaim_phase != NOT_CHOSEN].sum()) + EASE
    limit = Limit(RESERVE, "", "m2", most, -other, np.empty(0), (0, 0), (0, 0), hard=True)
    return replace(problem, limits=(*problem.limits, limit)), plan


def _solved(problem: Problem, effort: Effort, first: Optional[Bools], progress: Progress) -> Plan:
    return solve(problem, effort, progress, None if first is None else _start(problem, first))


def _close(plan: Plan, effort: Effort) -> bool:
    return plan.status == PROVED or (plan.status == GAP and plan.gap is not None and plan.gap <= effort.gap)


def _nearest(problem: Problem, reasons: Sequence[Reason]) -> Problem:
    """The problem without what cannot be kept: the rest is kept, and this nearly.

    Where not even all land that helps is enough, all of it is taken; other limits are lowered by what is missing.
    """
    short = {(reason.id, reason.unit_code): reason for reason in reasons}
    fixed, left = problem.reclaim_fixed.copy(), []
    for limit in problem.limits:
        reason = short.get((limit.id, limit.unit_code))
        if reason is None:
            left.append(limit)
        elif reason.kind == NOT_ENOUGH:
            fixed |= limit.reclaim > 0
        else:
            left.append(replace(limit, constant=limit.constant + reason.short_by + EASE))
    return replace(problem, limits=tuple(left), reclaim_fixed=fixed)


def problem_of(limits: Sequence[Limit], offer: Offer) -> Problem:
    """The candidates as plots of one phase; there are no sites."""
    count = len(offer)
    names = np.array([str(number) for number in range(count)], dtype=np.object_)
    return Problem(
        (0,),
        tuple(limits),
        Objective("farmland", "m2", cost_of(offer), np.empty(0)),
        np.ones((count, 1), dtype=np.bool_),
        np.empty((0, 1), dtype=np.bool_),
        np.zeros(count, dtype=np.bool_),
        np.empty(0, dtype=np.bool_),
        np.full(count, ALONE, dtype=np.int64),
        np.empty((0, 2), dtype=np.int64),
        names,
        np.empty(0, dtype=np.object_),
    )


def _start(problem: Problem, chosen: Bools) -> Optional[Plan]:
    phase = np.where(chosen, 0, NOT_CHOSEN).astype(np.int64)
    nothing = np.empty(0, dtype=np.int64)
    if len(broken(problem, phase, nothing)):
        return None
    value = float(problem.objective.reclaim[chosen].sum())
    return Plan(GAP, phase, nothing, value, None, None)
