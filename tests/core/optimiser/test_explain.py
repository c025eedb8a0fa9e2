"""Why there is no plan: cases worked by hand, and the other way round: where there is one, no reason."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Tuple

import numpy as np
import pytest
from hypothesis import given, settings

from tests.core.optimiser.exhaustive import every_choice, small_problem
from tests.core.optimiser.problems import limit, problems
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.optimiser.explain import explain
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    INFEASIBLE,
    NOT_CHOSEN,
    OPTIMAL,
    Effort,
    Limit,
    Objective,
    Problem,
    Reason,
)
from three_opt_three_protect.core.optimiser.search import solve

EXACT = Effort(gap=0.0)


def reasons(problem: Problem) -> Tuple[Reason, ...]:
    plan = solve(problem, EXACT)
    assert plan.status == INFEASIBLE
    assert not plan.found
    assert plan.bound is None
    assert (plan.reclaim_phase == NOT_CHOSEN).all()
    assert (plan.newbuild_phase == NOT_CHOSEN).all()
    return plan.reasons


def only(problem: Problem) -> Reason:
    found = reasons(problem)
    assert len(found) == 1
    return found[0]


def test_demand_above_what_the_sites_offer() -> None:
    """2.5 ha of industry asked for, sites of 1.2 and 0.9 ha: 4 000 m² are missing whatever is chosen."""
    asked = limit("demand.industry", -25_000.0, [0.0], [12_000.0, 9_000.0], year=2026)
    assert only(small_problem(1, 2, limits=[asked])) == Reason("demand.industry", "", "m2", 4_000.0, "alone", 2026)


def test_a_farmland_task_above_what_is_left() -> None:
    """No plot adds to it: what is missing is the constant."""
    asked = limit("farmland_task", -1234.56, [0.0, 0.0], of="320509100201")
    assert only(small_problem(2, limits=[asked])) == Reason("farmland_task", "320509100201", "m2", 1234.56, "alone")


def test_a_phase_for_which_no_plot_is_open() -> None:
    """The first phase needs 1 ha, both plots are open in the second only."""
    asked = limit("reclaim_task", -10_000.0, [8_000.0, 8_000.0], year=2026)
    problem = replace(
        small_problem(2, phases=(2026, 2028), limits=[asked]), reclaim_open=np.array([[False, True], [False, True]])
    )
    assert only(problem) == Reason("reclaim_task", "", "m2", 10_000.0, "alone", 2026)


def test_a_plot_locked_in_that_uses_too_much() -> None:
    """1 000 yuan to spend, and 1 500 of them on a plot that must be chosen."""
    spent = limit("budget", 1000.0, [-1500.0, -10.0], unit="yuan")
    problem = replace(small_problem(2, limits=[spent]), reclaim_fixed=np.array([True, False]))
    assert only(problem) == Reason("budget", "", "yuan", 500.0, "alone")


def cycle(stock: float = 0.0) -> Problem:
    """Nobody can be moved before flats stand; the flats' land must be reclaimed first; reclaiming moves people.

    One village of 2 ha with 40 households, one block of flats on 0.5 ha for 40 households, one phase and the next.
    """
    moved = [limit("resettlement", 0.0, [-40.0], [40.0], to=(last, last - 1), year=2026 + last, unit="households")
             for last in (0, 1)]  # fmt: skip
    first = [limit("reclaim_first", stock, [20_000.0], [-5_000.0], to=(last, last), year=2026 + last)
             for last in (0, 1)]  # fmt: skip
    task = limit("reclaim_task", -20_000.0, [20_000.0], [0.0], to=(1, 1), year=2027)
    return small_problem(1, 1, phases=(2026, 2027), limits=[*moved, *first, task])


def test_resettlement_before_the_first_reclamation() -> None:
    """5 000 m² of stock or start-up quota for the first block would break the circle: that is what is missing."""
    found = reasons(cycle())
    assert [(reason.id, reason.short_by, reason.kind, reason.year) for reason in found] == [
        ("reclaim_first", pytest.approx(5_000.0, abs=0.01), "together", 2026)
    ]
    assert set(found[0].others) == {"resettlement", "reclaim_task"}
    assert solve(cycle(stock=5_000.0), EXACT).status == OPTIMAL
    assert solve(cycle(stock=4_999.99), EXACT).status == INFEASIBLE


def test_two_limits_that_compete_for_the_same_land() -> None:
    """At least 1 ha of 0.6 and 0.7 ha, at most 0.9 ha of them: 1 000 m² too little in one or the other."""
    most = limit("village_limit", 9_000.0, [-6_000.0, -7_000.0])
    least = limit("reclaim_task", -10_000.0, [6_000.0, 7_000.0])
    found = reasons(small_problem(2, limits=[most, least]))
    assert sum(reason.short_by for reason in found) == pytest.approx(1_000.0, abs=0.01)
    assert {reason.kind for reason in found} == {"together"}
    assert {name for reason in found for name in (reason.id, *reason.others)} == {"village_limit", "reclaim_task"}


def test_a_conflict_is_named_among_what_competes() -> None:
    """Both plots of 0.6 ha are needed for 1 ha, and they exclude each other; halves do not help."""
    least = limit("reclaim_task", -10_000.0, [6_000.0, 6_000.0])
    found = only(small_problem(2, limits=[least], conflicts=[(0, 1)]))
    assert (found.kind, found.others) == ("together", ("conflict",))
    assert found.short_by == pytest.approx(4_000.0, abs=0.01)


def test_another_villages_trouble_is_not_named() -> None:
    one = [limit("village_limit", 5_000.0, [-6_000.0, 0.0]), limit("reclaim_task", -6_000.0, [6_000.0, 0.0])]
    two = [limit("budget", 10.0, [0.0, -30.0], unit="yuan"), limit("homes", -3.0, [0.0, 3.0], unit="households")]
    found = reasons(small_problem(2, limits=one + two))
    for reason in found:
        near = {"village_limit", "reclaim_task"} if reason.unit == "m2" else {"budget", "homes"}
        assert {reason.id, *reason.others} == near


def test_parts_of_plots_would_do_but_whole_ones_do_not() -> None:
    """Between 0.7 and 0.8 ha of plots of 0.5 ha: one lacks 2 000 m², two are 2 000 m² too much."""
    least = limit("reclaim_task", -7_000.0, [5_000.0, 5_000.0])
    most = limit("village_limit", 8_000.0, [-5_000.0, -5_000.0])
    found = only(small_problem(2, limits=[least, most]))
    assert found.kind == "whole"
    assert found.short_by == 2_000.0
    assert found.id in ("reclaim_task", "village_limit")


def test_plots_locked_in_that_exclude_each_other() -> None:
    problem = replace(small_problem(2, 1, conflicts=[(0, 2)]), reclaim_fixed=np.array([True, False]))
    assert solve(problem, EXACT).found
    problem = replace(problem, newbuild_fixed=np.array([True]))
    assert only(problem) == Reason("conflict", "", "plots", 1.0, "fixed", others=("R0", "N0"))


def test_plots_locked_in_without_a_phase_in_common() -> None:
    """Alone each has a phase; as one natural village they have none."""
    problem = replace(
        small_problem(2, phases=(2026, 2028)),
        reclaim_open=np.array([[True, False], [False, True]]),
        reclaim_fixed=np.array([True, False]),
    )
    assert solve(problem, EXACT).found
    found = only(replace(problem, group=np.array([4, 4])))
    assert found == Reason("closed", "", "plots", 2.0, "fixed", others=("R0", "R1"))


def test_what_cannot_be_alone_does_not_hide_what_cannot_be_together() -> None:
    farmland = limit("farmland_task", -50.0, [0.0, 0.0])
    most = limit("village_limit", 9_000.0, [-6_000.0, -7_000.0])
    least = limit("reclaim_task", -10_000.0, [6_000.0, 7_000.0])
    found = reasons(small_problem(2, limits=[farmland, most, least]))
    assert [reason.kind for reason in found][:2] == ["alone", "together"]
    assert found[0].short_by == 50.0


def warnings() -> List[Limit]:
    """The task binds; that no household moves, and that nothing is spent, only warn."""
    return [
        limit("reclaim_task", -10_000.0, [6_000.0, 7_000.0, 11_000.0]),
        limit("households", 0.0, [-3.0, -4.0, -20.0], unit="households", hard=False),
        limit("village_limit", 12_000.0, [-6_000.0, -7_000.0, -11_000.0], hard=False),
    ]


def test_warnings_are_kept_where_they_can_be() -> None:
    wanted = Objective("cost", "yuan", np.array([1.0, 1.0, 9.0]), np.zeros(0))
    one, _, three = warnings()
    plan = solve(small_problem(3, limits=[one, three], objective=wanted), EXACT)
    assert (plan.status, plan.value, plan.reasons) == (OPTIMAL, 9.0, ())


def test_warnings_are_given_up_first_and_named() -> None:
    """Nothing can be reclaimed without moving someone.  That rule goes, the village's limit stays: the third plot."""
    wanted = Objective("cost", "yuan", np.array([1.0, 1.0, 9.0]), np.zeros(0))
    plan = solve(small_problem(3, limits=warnings(), objective=wanted), EXACT)
    assert plan.status == OPTIMAL
    assert plan.reclaim_phase.tolist() == [NOT_CHOSEN, NOT_CHOSEN, 0]
    assert [(one.id, one.short_by, one.given_up) for one in plan.reasons] == [("households", 20.0, True)]


def test_a_warning_that_whole_plots_cannot_keep_is_given_up() -> None:
    least = limit("reclaim_task", -7_000.0, [5_000.0, 5_000.0])
    most = limit("village_limit", 8_000.0, [-5_000.0, -5_000.0], hard=False)
    plan = solve(small_problem(2, limits=[least, most]), EXACT)
    assert plan.status == OPTIMAL
    assert plan.reclaim_phase.tolist() == [0, 0]
    assert plan.reasons == (Reason("village_limit", "", "m2", 2_000.0, "whole", given_up=True),)


def test_warnings_are_not_blamed_when_the_other_limits_cannot_be_kept() -> None:
    asked = limit("demand.industry", -25_000.0, [0.0], [12_000.0])
    soft = limit("households", -1.0, [0.0], [0.0], unit="households", hard=False)
    assert [reason.id for reason in reasons(small_problem(1, 1, limits=[asked, soft]))] == ["demand.industry"]


class Stops:
    """Cancelled from the first look on."""

    def step(self, name: str, share: float) -> None:
        """Unheard."""

    def check(self, fraction: float) -> None:
        raise Cancelled


def test_an_explanation_can_be_cancelled() -> None:
    least = limit("reclaim_task", -7_000.0, [5_000.0, 5_000.0])
    most = limit("village_limit", 8_000.0, [-5_000.0, -5_000.0])
    problem = small_problem(2, limits=[least, most])
    assert solve(problem, EXACT, Stops()).status in (CANCELLED, INFEASIBLE)


@settings(max_examples=100, deadline=None)
@given(problems(slack=(-400_000, 100_000)))
def test_there_is_a_reason_exactly_where_there_is_no_plan(problem: Problem) -> None:
    found = explain(problem, EXACT)
    assert bool(found) == (len(every_choice(problem)) == 0)
    assert all(reason.short_by > 0 for reason in found)


@settings(max_examples=60, deadline=None)
@given(problems(slack=(-400_000, 0)))
def test_giving_what_is_missing_makes_a_plan_possible(problem: Problem) -> None:
    """What whole plots lack is exact: with it there is a plan; what parts of plots lack is at most that."""
    found = explain(problem, EXACT)
    if not found or {reason.kind for reason in found} != {"whole"}:
        return
    given_by = {reason.id: reason.short_by for reason in found}
    eased = tuple(replace(one, constant=one.constant + given_by.get(one.id, 0.0)) for one in problem.limits)
    assert len(every_choice(replace(problem, limits=eased)))
