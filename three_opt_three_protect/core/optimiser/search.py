"""Find the plan: every limit kept, the warnings too where that is possible; or say why there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Tuple

import numpy as np

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.optimiser.contradictions import contradictions
from three_opt_three_protect.core.optimiser.cores import Search
from three_opt_three_protect.core.optimiser.explain import Lack, explain, without
from three_opt_three_protect.core.optimiser.figures import check_figures
from three_opt_three_protect.core.optimiser.giveup import given_up, hopeless, only_hard, unfit
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    INFEASIBLE,
    NOT_CHOSEN,
    Effort,
    Plan,
    Problem,
    Reason,
)
from three_opt_three_protect.core.optimiser.watch import Guard, Watch
from three_opt_three_protect.core.progress import SILENT, Progress


def solve(
    problem: Problem,
    effort: Effort,
    progress: Progress = SILENT,
    start: Optional[Plan] = None,
    watch: Optional[Watch] = None,
) -> Plan:
    """The plan with the smallest objective that keeps every limit, to within ``effort.gap``.

    Rules that only warn are kept as well when there is such a plan; else as few as possible are given up, and
    stand in the reasons with ``given_up``.  A plan that is returned keeps all other limits to the last digit a
    verdict looks at, and the bound is true whatever the solver's tolerances.

    Parameters
    ----------
    start
        A plan to start from; used when it keeps the limits.
    watch
        Told of value, bound and gap while the search runs, in the thread of the caller.

    Returns
    -------
    Plan
        A cancelled search returns the best plan it had.  ``gap`` is ``(value − bound) ÷ |value|``.

    Raises
    ------
    InputError
        A figure is not finite, or figures differ by more than twelve orders of magnitude.
    """
    check_figures(problem)
    fixed = contradictions(problem)
    if fixed:
        return _none(problem, INFEASIBLE, fixed)
    plan = _search(problem, effort, progress, start, watch)
    if plan.status != INFEASIBLE:
        return plan
    try:
        if all(limit.hard for limit in problem.limits):
            return replace(plan, reasons=explain(problem, effort, progress))
        return _without_warnings(problem, effort, progress, start, watch)
    except Cancelled:
        return _none(problem, CANCELLED, ())


def _search(
    problem: Problem, effort: Effort, progress: Progress, start: Optional[Plan], watch: Optional[Watch]
) -> Plan:
    guard = Guard(progress, watch, effort.gap)
    search = Search(problem, effort, guard)
    if start is not None and start.found:
        search.begin(start)
    return search.run()


def _without_warnings(
    problem: Problem, effort: Effort, progress: Progress, start: Optional[Plan], watch: Optional[Watch]
) -> Plan:
    """Give up warnings that parts of plots cannot keep, then those that whole plots cannot."""
    left_out: Tuple[Lack, ...] = ()
    for find in (hopeless, unfit):
        lacks = find(without(problem, left_out), effort, progress)
        if lacks is None:
            break
        left_out += lacks
        plan = _search(without(problem, left_out), effort, progress, start, watch)
        if plan.status != INFEASIBLE:
            return replace(plan, reasons=given_up(problem, plan, left_out)) if plan.found else plan
    return _none(problem, INFEASIBLE, explain(only_hard(problem), effort, progress))


def _none(problem: Problem, status: str, reasons: Tuple[Reason, ...]) -> Plan:
    nothing = [np.full(len(ids), NOT_CHOSEN, dtype=np.int64) for ids in (problem.reclaim_id, problem.newbuild_id)]
    return Plan(status, nothing[0], nothing[1], None, None, None, reasons)
