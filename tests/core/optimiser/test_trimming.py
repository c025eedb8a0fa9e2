"""What a plan does not need is left out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Optional, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.optimiser.exhaustive import at_least, small_problem
from three_opt_three_protect.core.optimiser.check import broken, value
from three_opt_three_protect.core.optimiser.contiguity import Edges, by_perimeter, open_edge
from three_opt_three_protect.core.optimiser.problem import INFEASIBLE, OPTIMAL, Limit, Objective, Plan, Problem, Reason
from three_opt_three_protect.core.optimiser.trimming import trimmed


def plan(reclaim: Sequence[int], newbuild: Sequence[int]) -> Plan:
    return Plan(OPTIMAL, np.array(reclaim, np.int64), np.array(newbuild, np.int64), 0.0, 0.0, 0.0)


def problem_of(limits: Sequence[Limit], cost: Sequence[float], sites: int, **more: object) -> Problem:
    objective = Objective("cost", "yuan", np.array(cost, float), np.zeros(sites))
    return replace(small_problem(len(cost), sites, limits=limits, objective=objective), **more)


def test_sites_no_limit_needs_are_left_out_the_last_first() -> None:
    problem = problem_of([at_least(-10, [0], [10, 10, 5])], [1], 3)
    found = trimmed(problem, plan([0], [0, 0, 0]))
    assert (found.reclaim_phase.tolist(), found.newbuild_phase.tolist()) == ([0], [0, -1, -1])


def test_a_plot_that_helps_another_limit_stays() -> None:
    problem = problem_of([at_least(-10, [0], [10, 10]), at_least(-4, [0], [0, 5])], [1], 2)
    assert trimmed(problem, plan([0], [0, 0])).newbuild_phase.tolist() == [-1, 0]


def test_a_warning_given_up_does_not_get_worse() -> None:
    problem = problem_of([replace(at_least(-100, [0], [10, 0]), hard=False)], [1], 2)
    assert trimmed(problem, plan([0], [0, 0])).newbuild_phase.tolist() == [0, -1]


def test_what_the_objective_asks_for_and_what_is_locked_in_stays() -> None:
    fixed = np.array([True, False])
    problem = problem_of([], [1.0, 0.0, 0.0], 2, newbuild_fixed=fixed, group=np.array([-1, 0, -1]))
    found = trimmed(problem, plan([0, 0, 0], [0, 0]))
    # the second candidate goes with its village, the third costs nothing and is wanted by nobody
    assert (found.reclaim_phase.tolist(), found.newbuild_phase.tolist()) == ([0, 0, -1], [0, -1])


def test_limits_of_other_phases_do_not_hold_a_plot() -> None:
    early = replace(at_least(-10, [0], [10, 10]), newbuild_phases=(0, 0))
    problem = replace(problem_of([early], [1], 2), phases=(2026, 2027))
    assert trimmed(problem, plan([0], [0, 1])).newbuild_phase.tolist() == [0, -1]


def test_the_reasons_say_what_the_plan_that_is_left_lacks() -> None:
    # Two sites too many against a warning: without them it lacks less, or nothing.
    warning = replace(at_least(5, [0], [-10, -10]), hard=False, id="warning")
    lacking = Reason("warning", "", "m2", 15.0, "whole", given_up=True)
    problem = problem_of([warning, at_least(-1, [0], [1, 0])], [1], 2)
    found = trimmed(problem, replace(plan([0], [0, 0]), reasons=(lacking,)))
    assert [reason.short_by for reason in found.reasons] == [5.0]
    problem = problem_of([warning], [1], 2)
    assert trimmed(problem, replace(plan([0], [0, 0]), reasons=(lacking,))).reasons == ()


def test_a_candidate_with_an_edge_counts_in_a_ratio() -> None:
    # The second lies within fields: its edge adds nothing to the open edge, and all to the ratio.
    around = Edges(np.array([40.0, 40.0]), np.array([0.0, 40.0]), np.empty((0, 2), np.int64), np.empty(0))
    problem = replace(problem_of([], [0, 0], 0), objective=open_edge(around, 0))
    assert trimmed(by_perimeter(problem, around), plan([0, 0], [])).reclaim_phase.tolist() == [0, 0]
    assert trimmed(problem, plan([0, 0], [])).reclaim_phase.tolist() == [0, -1]


def test_no_plan_stays_none() -> None:
    none: Optional[float] = None
    nothing = Plan(INFEASIBLE, np.array([-1]), np.array([-1]), none, none, none)
    assert trimmed(problem_of([], [1], 1), nothing) is nothing


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_trimmed_plan_is_as_good_and_needs_all_it_has(data: st.DataObject) -> None:
    def numbers(count: int) -> List[float]:
        return [float(n) for n in data.draw(st.lists(st.integers(-5, 9), min_size=count, max_size=count))]

    problem = problem_of([at_least(numbers(1)[0], numbers(2), numbers(4)) for _ in range(3)], [3, 0], 4)
    before = plan([0, 0], [0, 0, 0, 0])
    if len(broken(problem, before.reclaim_phase, before.newbuild_phase)):
        return
    found = trimmed(problem, before)
    after = (found.reclaim_phase, found.newbuild_phase)
    assert not len(broken(problem, *after))
    assert value(problem, *after) == value(problem, before.reclaim_phase, before.newbuild_phase)
