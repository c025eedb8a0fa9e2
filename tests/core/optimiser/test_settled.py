"""Warnings are given up once, for the first search, and by none after it."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Sequence

import numpy as np
import pytest

from tests.core.optimiser.exhaustive import at_least, small_problem
from tests.core.optimiser.test_contiguity import drawn
from three_opt_three_protect.core.optimiser.alternatives import alternatives
from three_opt_three_protect.core.optimiser.contiguity import solve_ratio
from three_opt_three_protect.core.optimiser.frontier import frontier
from three_opt_three_protect.core.optimiser.problem import (
    INFEASIBLE,
    NOT_CHOSEN,
    Effort,
    Limit,
    Objective,
    Plan,
    Problem,
    Reason,
)
from three_opt_three_protect.core.optimiser.search import solve
from three_opt_three_protect.core.optimiser.settled import as_given_up, settled

EXACT = Effort(gap=0.0)


def warning(constant: float, reclaim: Sequence[float], name: str = "warning") -> Limit:
    return replace(at_least(constant, reclaim), id=name, hard=False)


def cost(*values: float) -> Objective:
    return Objective("cost", "yuan", np.array(values), np.empty(0))


def chosen(plan: Plan) -> List[int]:
    return np.flatnonzero(plan.reclaim_phase != NOT_CHOSEN).tolist()


def one_of(count: int, soft: Limit, objective: Objective) -> Problem:
    """Exactly one plot, and a warning."""
    limits = [at_least(-1, [1] * count), at_least(1, [-1] * count), soft]
    return small_problem(count, limits=limits, objective=objective)


def test_a_warning_the_best_keeps_binds_the_others() -> None:
    # Plot 1 is nearly as cheap as plot 0 and breaks the warning; plot 2 keeps it.
    problem = one_of(3, warning(0, [0, -1, 0]), cost(1000, 1005, 1010))
    best = solve(problem, EXACT)
    assert (chosen(best), best.reasons) == ([0], ())
    found = alternatives(problem, best, np.full(3, 500.0), np.empty(0), EXACT)
    assert [chosen(plan) for plan in found.plans] == [[2]]
    assert found.status == INFEASIBLE


def test_a_warning_the_best_gave_up_is_given_up_by_all() -> None:
    # The warning wants 5 of something that one plot has 2 or 1 of.
    problem = one_of(2, warning(-5, [2, 1]), cost(1000, 1010))
    best = solve(problem, EXACT)
    assert [reason.short_by for reason in best.reasons] == [3.0]
    found = alternatives(problem, best, np.full(2, 500.0), np.empty(0), EXACT)
    (other,) = found.plans
    assert chosen(other) == [1]
    assert [(reason.id, reason.short_by, reason.given_up) for reason in other.reasons] == [("warning", 4.0, True)]


def test_all_points_of_a_frontier_keep_the_same_rules() -> None:
    # The plot that moves fewest households breaks the warning; a ceiling is no reason to give it up.
    problem = one_of(3, warning(0, [0, 0, -1]), cost(0, 0, 0))
    found = frontier(problem, cost(1, 5, 6), Objective("households", "", np.array([9.0, 6, 1]), np.empty(0)), EXACT, 5)
    assert [(point.first, point.second) for point in found] == [pytest.approx((1, 9)), pytest.approx((5, 6))]
    assert all(point.plan.reasons == () for point in found)


def test_a_ratio_says_which_warnings_were_given_up() -> None:
    edges = drawn([40, 40, 40], [10, 20, 15], [], [])
    problem = one_of(3, warning(-5, [2, 1, 3]), cost(0, 0, 0))
    plan = solve_ratio(problem, edges, EXACT)
    assert (chosen(plan), plan.value) == ([1], pytest.approx(0.5))
    assert [(reason.id, reason.short_by) for reason in plan.reasons] == [("warning", 4.0)]


def test_settled_problem_and_reasons_by_themselves() -> None:
    problem = small_problem(2, limits=[at_least(-1, [1, 1]), warning(-5, [2, 9], "a"), warning(0, [0, 0], "b")])
    first = solve(replace(problem, objective=cost(1, 2)), EXACT)
    gone = replace(first, reasons=(Reason("a", "", "m2", 3.0, "alone", given_up=True),))
    kept = settled(problem, gone)
    assert [(limit.id, limit.hard) for limit in kept.limits] == [("test", True), ("b", True)]
    other = replace(first, reclaim_phase=np.array([NOT_CHOSEN, 0]))
    assert as_given_up(other, problem, gone).reasons == (), "another plan keeps it all the same"
