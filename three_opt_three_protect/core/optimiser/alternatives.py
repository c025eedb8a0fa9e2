"""Other plans that are nearly as good: what a planner can fall back on, and which plots are in all of them.

A plan differs from an earlier one when the plots of the earlier one that it leaves out make up a share of the
earlier one's area, reclaim plots and new-build sites together.  One that only adds plots differs in nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.contiguity import (
    Edges,
    by_perimeter,
    open_edge,
    ratio,
    shared_and_perimeter,
)
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    INFEASIBLE,
    NOT_CHOSEN,
    Bools,
    Effort,
    Floats,
    Ints,
    Limit,
    Objective,
    Plan,
    Problem,
)
from three_opt_three_protect.core.optimiser.search import solve
from three_opt_three_protect.core.optimiser.settled import as_given_up, settled
from three_opt_three_protect.core.optimiser.trimming import trimmed
from three_opt_three_protect.core.optimiser.watch import Watch
from three_opt_three_protect.core.progress import SILENT, Part, Progress

DIFFERS = "differs"
"""Id of the limits that keep a plan apart from the earlier ones."""

COMPLETE = "complete"
"""As many plans were found as were asked for."""

_ROUNDING = 1e-9
"""Share of a value that is rounding."""

_SHARPER = 0.1
"""Part of the gap with which a search is repeated whose plan is just too dear while its bound is not."""


@dataclass(frozen=True)
class Alternatives:
    """Plans beside the best.

    Attributes
    ----------
    plans
        In the order found, the better ones first as far as the gap tells; values as the best plan's.
    status
        :data:`COMPLETE`; ``infeasible``: it is proved that there are no more; ``gap``, ``time_limit`` or
        ``cancelled``: the last search ended so without one, and there may be more.
    """

    plans: Tuple[Plan, ...]
    status: str


def alternatives(
    problem: Problem,
    best: Plan,
    reclaim_m2: Floats,
    newbuild_m2: Floats,
    effort: Effort,
    count: int = 3,
    differ: float = 0.1,
    within: float = 0.02,
    edges: Optional[Edges] = None,
    progress: Progress = SILENT,
    watch: Optional[Watch] = None,
) -> Alternatives:
    """Plans that differ from the best and from each other, and are nearly as good as the best.

    They keep every rule the best keeps, those that only warn as well, and have no plot that nothing asks for: what a
    plan does not need would count as a difference.

    Parameters
    ----------
    best
        Of ``problem``, found.
    reclaim_m2, newbuild_m2
        ``(n,)``, ``(m,)`` areas of candidates and sites.
    effort
        ``seconds`` are those of all searches together, dealt out evenly.
    differ
        Share of the area of each earlier plan whose plots are left out.
    within
        The value is at most ``best.value + within · |best.value|``.
    edges
        Where ``best`` comes from :func:`contiguity.solve_ratio`: its value is a ratio, and a plan is as good when
        its ratio is at least ``(1 − within) · best.value``.

    Raises
    ------
    ValueError
        There is no best plan.
    """
    if best.value is None:
        raise ValueError("there is no plan to find others beside")
    objective, most = _least_good(problem, best, best.value, within, edges)
    seconds = None if effort.seconds is None else effort.seconds / max(count, 1)
    one = replace(effort, seconds=seconds)
    binding = settled(problem, best)
    found: List[Plan] = []
    while len(found) < count:
        apart = tuple(_apart(plan, reclaim_m2, newbuild_m2, differ, len(problem.phases)) for plan in (best, *found))
        asked = replace(binding, objective=objective, limits=(*binding.limits, *apart))
        part = Part(progress, len(found) / count, 1 / count)
        plan = _search(asked, one, most, part, watch)
        if plan.value is None or plan.value > most + _ROUNDING * abs(most):
            proved = plan.status == INFEASIBLE or (plan.bound is not None and plan.bound > most)
            return Alternatives(tuple(found), INFEASIBLE if proved else plan.status)
        plan = trimmed(problem if edges is None else by_perimeter(problem, edges), as_given_up(plan, problem, best))
        found.append(plan if edges is None else _as_ratio(plan, edges))
        if plan.status == CANCELLED and len(found) < count:
            return Alternatives(tuple(found), CANCELLED)
    return Alternatives(tuple(found), COMPLETE)


def frequency(plans: Sequence[Plan]) -> Tuple[Ints, Ints]:
    """In how many of ``plans`` each candidate and each site is chosen, ``(n,)`` and ``(m,)``.

    Raises
    ------
    ValueError
        There are no plans.
    """
    if not plans:
        raise ValueError("no plans to count")
    reclaim = np.sum([plan.reclaim_phase != NOT_CHOSEN for plan in plans], axis=0)
    newbuild = np.sum([plan.newbuild_phase != NOT_CHOSEN for plan in plans], axis=0)
    return reclaim.astype(np.int64), newbuild.astype(np.int64)


def difference(first: Plan, other: Plan, reclaim_m2: Floats, newbuild_m2: Floats) -> float:
    """Share of the area of the plots of ``first`` that are not in ``other``; 0 when ``first`` has none."""
    areas = np.concatenate([reclaim_m2, newbuild_m2])
    own = _chosen(first)
    total = float(areas[own].sum())
    return float(areas[own & ~_chosen(other)].sum()) / total if total > 0 else 0.0


def _search(problem: Problem, effort: Effort, most: float, progress: Progress, watch: Optional[Watch]) -> Plan:
    """The best of what is left; looked at closer when only the gap stands between it and being good enough."""
    plan = solve(problem, effort, Part(progress, 0.0, 0.5), None, watch)
    if plan.status == CANCELLED or plan.value is None or plan.bound is None or not plan.bound <= most < plan.value:
        return plan
    closer = replace(effort, gap=effort.gap * _SHARPER)
    return solve(problem, closer, Part(progress, 0.5, 0.5), plan, watch)


def _least_good(
    problem: Problem, best: Plan, value: float, within: float, edges: Optional[Edges]
) -> Tuple[Objective, float]:
    """What to minimise and how much of it still is good enough."""
    if edges is None:
        return problem.objective, value + within * abs(value)
    # At least the ratio q: q · perimeter − shared is not above 0, counted from what the best plan shares so that
    # a share of it is a gap to stop at.
    shared = shared_and_perimeter(edges, best.reclaim_phase != NOT_CHOSEN)[0]
    objective = open_edge(edges, len(problem.newbuild_id), (1.0 - within) * value)
    return replace(objective, constant=-shared), -shared


def _apart(plan: Plan, reclaim_m2: Floats, newbuild_m2: Floats, differ: float, phases: int) -> Limit:
    """Of the plots of ``plan`` at most ``1 − differ`` of the area again."""
    reclaim = np.where(plan.reclaim_phase != NOT_CHOSEN, reclaim_m2, 0.0)
    newbuild = np.where(plan.newbuild_phase != NOT_CHOSEN, newbuild_m2, 0.0)
    kept = (1.0 - differ) * float(reclaim.sum() + newbuild.sum())
    every = (0, phases - 1)
    return Limit(DIFFERS, "", "m2", kept, -reclaim, -newbuild, every, every)


def _as_ratio(plan: Plan, edges: Edges) -> Plan:
    """The plan with its ratio as value; how far another plan with these differences might go is not known."""
    return replace(plan, value=ratio(edges, plan.reclaim_phase != NOT_CHOSEN) or 0.0, bound=None, gap=None)


def _chosen(plan: Plan) -> Bools:
    return np.concatenate([plan.reclaim_phase != NOT_CHOSEN, plan.newbuild_phase != NOT_CHOSEN])
