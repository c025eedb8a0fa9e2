"""The search finds what trying everything finds, its bound is true, and it never breaks a limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Optional, Tuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.allocation import problem_of
from tests.core.optimiser.exhaustive import every_choice, small_problem, values
from tests.core.optimiser.problems import limit, problems
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.optimiser import cores, relax, solver
from three_opt_three_protect.core.optimiser.check import broken, fits, value
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    GAP,
    INFEASIBLE,
    NOT_CHOSEN,
    OPTIMAL,
    TIME_LIMIT,
    Effort,
    Objective,
    Plan,
    Problem,
)
from three_opt_three_protect.core.optimiser.search import solve

EXACT = Effort(gap=0.0)


def cost(reclaim: List[float], newbuild: Optional[List[float]] = None) -> Objective:
    return Objective("cost", "yuan", np.array(reclaim, float), np.array(newbuild or [], float))


def check_against_all(problem: Problem, plan: Plan, gap: float) -> None:
    choices = every_choice(problem)
    assert plan.found == (len(choices) > 0)
    if not plan.found:
        assert plan.status == INFEASIBLE
        assert (plan.reclaim_phase == NOT_CHOSEN).all()
        return
    best = float(values(problem.objective, choices).min())
    close = 1e-6 * max(1.0, abs(best))
    assert fits(problem, plan.reclaim_phase, plan.newbuild_phase)
    assert not len(broken(problem, plan.reclaim_phase, plan.newbuild_phase))
    assert plan.value == pytest.approx(value(problem, plan.reclaim_phase, plan.newbuild_phase))
    assert plan.bound <= plan.value
    assert plan.bound <= best + close
    assert plan.value <= best + gap * abs(plan.value) + close
    if gap == 0.0:
        assert plan.status == OPTIMAL
        assert plan.gap == 0.0


@settings(max_examples=120, deadline=None)
@given(problems())
def test_the_same_optimum_as_trying_everything(problem: Problem) -> None:
    check_against_all(problem, solve(problem, EXACT), 0.0)


@settings(max_examples=60, deadline=None)
@given(problems(slack=(-300_000, 0)))
def test_tight_and_impossible_problems_agree_with_trying_everything(problem: Problem) -> None:
    plan = solve(problem, Effort())
    check_against_all(problem, plan, 0.0)
    assert plan.found or plan.reasons


@pytest.fixture
def as_if_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small problems go the way of large ones: relaxation, cores, pairs split."""
    for module, name, put in (
        (cores, "TINY", 0), (cores, "SMALL", 0), (cores, "CORES", (1, 3)), (relax, "PAIRS_AS_ROWS", 1),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, put)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems())
def test_the_way_of_large_problems_gives_the_same_optimum(as_if_large: None, problem: Problem) -> None:
    check_against_all(problem, solve(problem, EXACT), 0.0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems())
def test_the_bound_is_true_also_when_the_search_stops_early(as_if_large: None, problem: Problem) -> None:
    check_against_all(problem, solve(problem, Effort(gap=0.3)), 0.3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems())
def test_scipy_gives_the_same_optimum(monkeypatch: pytest.MonkeyPatch, problem: Problem) -> None:
    monkeypatch.setattr(solver, "find_spec", lambda name: None)
    check_against_all(problem, solve(problem, EXACT), 0.0)


def test_hand_worked() -> None:
    """0.7 ha to reclaim of 0.4, 0.3 and 0.5 ha: the first two cost 9, any two with the third 10 and more."""
    asked = limit("reclaim_task", -7000.0, [4000.0, 3000.0, 5000.0])
    plan = solve(small_problem(3, limits=[asked], objective=cost([5.0, 4.0, 6.0])), EXACT)
    assert plan.reclaim_phase.tolist() == [0, 0, NOT_CHOSEN]
    assert (plan.status, plan.value, plan.bound, plan.gap) == (OPTIMAL, 9.0, 9.0, 0.0)


def test_a_group_goes_as_a_whole_and_in_one_phase() -> None:
    """1 ha by each of two phases; the cheap village of two plots would serve both, but goes in one."""
    asked = [
        limit("reclaim_task", -10_000.0, [10_000.0, 10_000.0, 12_000.0, 12_000.0], to=(last, last), year=2026 + last)
        for last in (0,)
    ] + [limit("reclaim_task", -30_000.0, [10_000.0, 10_000.0, 12_000.0, 12_000.0], to=(1, 1), year=2027)]
    problem = small_problem(4, phases=(2026, 2027), limits=asked, objective=cost([1.0, 1.0, 5.0, 9.0]))
    problem = replace(problem, group=np.array([3, 3, -1, -1]))
    plan = solve(problem, EXACT)
    assert plan.value == 7.0
    assert plan.reclaim_phase[0] == plan.reclaim_phase[1]
    assert plan.reclaim_phase[3] == NOT_CHOSEN


def test_a_limit_broken_by_a_hair_is_kept_all_the_same() -> None:
    """The cheap pair lacks 0.01 m² of 10 000 ha: by the solver's own tolerance it would do."""
    asked = limit("reclaim_task", -1e8, [5e7, 5e7 - 0.01, 5e7 + 0.01])
    problem = small_problem(3, limits=[asked], objective=cost([1.0, 1.0, 100.0]))
    plan = solve(problem, EXACT)
    assert plan.reclaim_phase.tolist() == [0, NOT_CHOSEN, 0]
    assert plan.bound <= plan.value == 101.0


@pytest.mark.parametrize("cuts", [cores.CUTS, 0])
def test_what_the_solver_lets_pass_is_ruled_out(monkeypatch: pytest.MonkeyPatch, cuts: int) -> None:
    """With a tolerance as coarse as 1e-3 the cheap pair passes the solver; the plan keeps the limit all the same."""
    monkeypatch.setattr(cores, "CUTS", cuts)
    monkeypatch.setattr(solver, "INTEGER_TOLERANCE", 1e-3)
    runs: List[solver.Answer] = []
    real = cores.run

    def run(*given: Any) -> solver.Answer:
        runs.append(real(*given))
        return runs[-1]

    monkeypatch.setattr(cores, "run", run)
    asked = limit("reclaim_task", -10_000.0, [5000.0, 4999.0, 5001.0])
    problem = small_problem(3, limits=[asked], objective=cost([1.0, 1.0, 100.0]))
    plan = solve(problem, EXACT)
    assert runs[0].value < 50, "the first answer was the one that breaks the limit"
    assert plan.value >= 101.0 >= plan.bound
    assert plan.value == 101.0 or not cuts, "a cut loses no better plan, drawing tighter may"
    assert not len(broken(problem, plan.reclaim_phase, plan.newbuild_phase))


def test_what_fits_to_the_last_digit_is_a_plan() -> None:
    """Three areas of thirds and sevenths whose sum is the task only after rounding."""
    areas = [round(10_000 / 3, 2), round(10_000 / 7, 2), 0.1]
    asked = limit("reclaim_task", -sum(areas), areas)
    plan = solve(small_problem(3, limits=[asked], objective=cost([1.0, 1.0, 1.0])), EXACT)
    assert plan.found
    assert (plan.reclaim_phase == 0).all()


def medium(objective: str = "households") -> Problem:
    return problem_of(900, 200, objective)


def endless() -> Problem:
    """Income and cost nearly even: no gap is reached for minutes."""
    return problem_of(400, 100, "cost")


@pytest.mark.parametrize(
    ("problem", "effort"),
    [
        (medium(), Effort(gap=0.005)),
        (problem_of(300, 80, "cost"), Effort(gap=0.0, nodes=3)),
        (problem_of(300, 80, "contiguity"), Effort(gap=0.05)),
        (problem_of(1500, 300, "weighted"), Effort(gap=0.01)),
    ],
)
def test_the_same_input_gives_the_same_plan(problem: Problem, effort: Effort) -> None:
    plans = [solve(problem, effort) for _ in range(3)]
    assert plans[0].found
    assert plans[0].status in (GAP, OPTIMAL)
    for plan in plans[1:]:
        assert (plan.reclaim_phase == plans[0].reclaim_phase).all()
        assert (plan.newbuild_phase == plans[0].newbuild_phase).all()
        assert (plan.value, plan.bound, plan.status, plan.nodes) == (
            plans[0].value, plans[0].bound, plans[0].status, plans[0].nodes,
        )  # fmt: skip


def test_a_gap_reached_is_a_gap_of_value_and_bound() -> None:
    plan = solve(medium(), Effort(gap=0.02))
    assert plan.status == GAP
    assert 0 < plan.gap <= 0.02
    assert plan.gap == pytest.approx((plan.value - plan.bound) / abs(plan.value))
    assert not len(broken(medium(), plan.reclaim_phase, plan.newbuild_phase))


def test_a_start_that_is_good_enough_is_kept() -> None:
    problem = medium()
    first = solve(problem, Effort(gap=0.02))
    again = solve(problem, Effort(gap=0.02), start=first)
    assert (again.reclaim_phase == first.reclaim_phase).all()


def test_no_plan_is_worse_than_its_start() -> None:
    problem = medium()
    good = solve(problem, Effort(gap=0.0))
    again = solve(problem, Effort(gap=0.5), start=good)
    assert again.value <= good.value


def test_a_start_that_breaks_a_limit_is_left() -> None:
    asked = limit("reclaim_task", -7000.0, [4000.0, 3000.0])
    problem = small_problem(2, limits=[asked], objective=cost([5.0, 4.0]))
    nothing = np.empty(0, dtype=np.int64)
    start = Plan(GAP, np.array([0, NOT_CHOSEN]), nothing, 5.0, 0.0, None)
    assert solve(problem, EXACT, start=start).reclaim_phase.tolist() == [0, 0]


class StopsAfter:
    """A progress that is cancelled at its ``calls``-th look."""

    def __init__(self, calls: int) -> None:
        self.left, self.after = calls, 0

    def step(self, name: str, share: float) -> None:
        """Unheard."""

    def check(self, fraction: float) -> None:
        self.left -= 1
        if self.left < 0:
            self.after += 1
            raise Cancelled


def test_a_search_cancelled_at_once_has_no_plan() -> None:
    plan = solve(endless(), Effort(), StopsAfter(0))
    assert plan.status == CANCELLED
    assert not plan.found
    assert plan.bound is None


@pytest.mark.parametrize("calls", [60, 120, 240])
def test_a_cancelled_search_returns_the_best_it_had_and_stops_soon(calls: int) -> None:
    problem, progress = endless(), StopsAfter(calls)
    plan = solve(problem, Effort(gap=0.0), progress)
    assert plan.status == CANCELLED
    assert progress.after < 30, "looks after the cancel: the solver went on"
    if plan.found:
        assert not len(broken(problem, plan.reclaim_phase, plan.newbuild_phase))
        assert plan.bound <= plan.value


def test_time_is_said_to_have_run_out() -> None:
    plan = solve(endless(), Effort(gap=0.0, seconds=0.5))
    assert plan.status == TIME_LIMIT


class Heard:
    """Keeps what a watch is told."""

    def __init__(self) -> None:
        self.told: List[Tuple[Optional[float], Optional[float], Optional[float]]] = []

    def found(self, value: Optional[float], bound: Optional[float], gap: Optional[float]) -> None:
        self.told.append((value, bound, gap))


def test_a_watch_hears_value_bound_and_gap_in_the_objectives_unit() -> None:
    watch = Heard()
    plan = solve(medium(), Effort(gap=0.005), watch=watch)
    last = watch.told[-1]
    assert last == (plan.value, plan.bound, plan.gap)
    known = [told for told in watch.told if None not in told]
    assert len(known) > 1
    assert all(bound <= value for value, bound, _ in known)
    values_told = [value for value, _, _ in watch.told if value is not None]
    assert values_told == sorted(values_told, reverse=True)


def test_what_a_watch_raises_comes_through() -> None:
    class Broken:
        def found(self, *_: Any) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        solve(medium(), Effort(), watch=Broken())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reclaim": np.array([1.0, np.nan])}, "allocation_not_finite: limit=task, plot=R1, value=nan"),
        ({"newbuild": np.array([np.inf])}, "allocation_not_finite: limit=task, plot=N0, value=inf"),
        ({"constant": np.nan}, "allocation_limit_not_finite: limit=task, value=nan"),
        (
            {"reclaim": np.array([1e-6, 2e6 * 1e3])},
            "allocation_bad_scaling: limit=task, small_plot=R0, small=1e-06, large_plot=R1, large=2000000000.0",
        ),
    ],
)
def test_figures_that_cannot_be_worked_with_are_named(change: Any, message: str) -> None:
    asked = replace(limit("task", -1.0, [1.0, 2.0], [3.0]), **change)
    with pytest.raises(InputError, match=message.replace(".", r"\.")):
        solve(small_problem(2, 1, limits=[asked]), EXACT)


def test_a_gain_that_is_not_finite_is_named() -> None:
    wanted = Objective("contiguity", "m", np.zeros(2), np.zeros(0), np.array([[0, 1]]), np.array([np.nan]))
    with pytest.raises(InputError, match=r"limit=objective\.contiguity, plot=R0, value=nan"):
        solve(small_problem(2, objective=wanted), EXACT)


def test_nothing_to_choose_from_and_nothing_asked_is_an_empty_plan() -> None:
    plan = solve(small_problem(0), EXACT)
    assert (plan.status, plan.value, plan.gap) == (OPTIMAL, 0.0, 0.0)


def test_what_is_left_of_adding_is_no_bad_scaling() -> None:
    asked = limit("task", -1.0, [0.1 + 0.2 - 0.3, 1e6])
    assert solve(small_problem(2, limits=[asked], objective=cost([1.0, 1.0])), EXACT).value == 1.0
