"""The frontier against the Pareto front of every choice there is."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.optimiser import exhaustive
from tests.core.optimiser.exhaustive import at_least, every_choice, small_problem, values
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.optimiser import frontier as module
from three_opt_three_protect.core.optimiser.frontier import frontier, value_of
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    NOT_CHOSEN,
    OPTIMAL,
    Effort,
    Objective,
    Plan,
    Problem,
)

EXACT = Effort(gap=0.0)


def linear(name: str, reclaim: List[float]) -> Objective:
    return Objective(name, "", np.array(reclaim, float), np.empty(0))


def pareto(problem: Problem, first: Objective, second: Objective) -> List[Tuple[float, float]]:
    """Value pairs of every choice that no other choice beats or equals in both."""
    choices = every_choice(problem)
    pairs = sorted(set(zip(values(first, choices).round(6), values(second, choices).round(6))))
    kept: List[Tuple[float, float]] = []
    for pair in pairs:
        if not kept or pair[1] < kept[-1][1]:
            kept.append((float(pair[0]), float(pair[1])))
    return kept


# Cost against households moved for one plot of five: (1, 9), (2, 7), (4, 6), (8, 5), (9, 9).
# (4, 6) lies behind the line from (2, 7) to (8, 5): no weighted sum finds it. (9, 9) is beaten by all.
COST = linear("cost", [1, 2, 4, 8, 9])
HOUSEHOLDS = linear("households", [9, 7, 6, 5, 9])
ONE_OF_FIVE = small_problem(5, limits=[at_least(-1, [1] * 5), at_least(1, [-1] * 5)])


def test_all_efficient_plans_of_five(either_solver: str) -> None:
    found = frontier(ONE_OF_FIVE, COST, HOUSEHOLDS, EXACT, 9)
    assert [(round(point.first, 6), round(point.second, 6)) for point in found] == [(1, 9), (2, 7), (4, 6), (8, 5)]
    assert pareto(ONE_OF_FIVE, COST, HOUSEHOLDS) == [(1, 9), (2, 7), (4, 6), (8, 5)]


def test_a_plan_behind_the_straight_line_is_found(either_solver: str) -> None:
    # Of (0, 10), (6, 6), (10, 0) the middle one is worse in every weighted sum.
    problem = small_problem(3, limits=[at_least(-1, [1] * 3), at_least(1, [-1] * 3)])
    found = frontier(problem, linear("a", [0, 6, 10]), linear("b", [10, 6, 0]), EXACT, 4)
    assert [(point.first, point.second) for point in found] == [
        pytest.approx((0, 10)),
        pytest.approx((6, 6)),
        pytest.approx((10, 0)),
    ]


def test_ends_are_the_best_of_one_and_of_those_of_the_other(either_solver: str) -> None:
    # Three plots are the cheapest; one of them moves nobody. Two move nobody; one of them is dearer.
    problem = small_problem(4, limits=[at_least(-1, [1] * 4), at_least(1, [-1] * 4)])
    found = frontier(problem, linear("cost", [1, 1, 1, 9]), linear("households", [5, 2, 4, 2]), EXACT, 5)
    assert [(point.first, point.second) for point in found] == [pytest.approx((1, 2))]


def test_no_plan_no_frontier(either_solver: str) -> None:
    problem = small_problem(2, limits=[at_least(-3, [1, 1])])
    assert frontier(problem, linear("a", [1, 2]), linear("b", [2, 1]), EXACT) == ()


def test_one_plan_is_one_point(either_solver: str) -> None:
    problem = small_problem(1, limits=[at_least(-1, [1])])
    found = frontier(problem, linear("a", [3]), linear("b", [4]), EXACT)
    assert [(point.first, point.second) for point in found] == [pytest.approx((3, 4))]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(-9, 20), st.integers(-9, 20), st.integers(0, 6)), min_size=1, max_size=6),
    st.integers(0, 10),
    st.integers(2, 7),
)
def test_every_point_is_efficient_and_best_under_its_ceiling(
    either_solver: str, plots: List[Tuple[int, int, int]], task: int, points: int
) -> None:
    first, second, amount = (list(map(float, column)) for column in zip(*plots))
    one, other = linear("a", first), linear("b", second)
    problem = small_problem(len(plots), limits=[at_least(-task, amount)])
    choices = every_choice(problem)
    found = frontier(problem, one, other, EXACT, points)
    if not len(choices):
        assert found == ()
        return
    front = pareto(problem, one, other)
    seconds = values(other, choices)
    reach = front[-1][0] - front[0][0]
    assert (found[0].first, found[0].second) == pytest.approx(front[0], abs=1e-5)
    assert (found[-1].first, found[-1].second) == pytest.approx(front[-1], abs=1e-5)
    for point in found:
        assert min(abs(point.first - a) + abs(point.second - b) for a, b in front) < 1e-4, "beaten by another plan"
        under = values(one, choices[seconds <= point.ceiling + 1e-6]).min()
        assert under - 1e-5 <= point.first <= under + 1e-3 * reach + 1e-5
        assert point.first_bound is not None
        assert point.first_bound <= under + 1e-5
        assert point.second <= point.ceiling + 1e-5
        assert value_of(one, point.plan) == pytest.approx(point.first)
    assert len(found) <= points


def test_shared_edges_may_be_on_either_side(either_solver: str) -> None:
    touching = Objective("contiguity", "m", np.array([40.0, 40, 40]), np.empty(0), np.array([[0, 1]]), np.array([60.0]))
    money = linear("cost", [5, 5, 2])
    problem = small_problem(3, limits=[at_least(-1, [1, 1, 1])])
    one_way = frontier(problem, touching, money, EXACT, 4)
    other_way = frontier(problem, money, touching, EXACT, 4)
    # {0, 1}: 20 m open, cost 10; {2}: 40 m, cost 2.
    assert [(point.first, point.second) for point in one_way] == [pytest.approx((20, 10)), pytest.approx((40, 2))]
    assert [(point.first, point.second) for point in other_way] == [pytest.approx((2, 40)), pytest.approx((10, 20))]


def test_two_objectives_of_shared_edges_are_refused() -> None:
    touching = Objective("contiguity", "m", np.ones(2), np.empty(0), np.array([[0, 1]]), np.array([1.0]))
    with pytest.raises(InputError, match="frontier_two_pairs"):
        frontier(small_problem(2), touching, touching, EXACT)


def test_each_point_starts_from_its_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    starts: List[Tuple[Problem, Plan]] = []

    def recorded(problem: Problem, effort: Effort, progress: object, start: Plan, watch: object) -> Plan:
        if start is not None:
            starts.append((problem, start))
        return exhaustive.solve(problem)

    monkeypatch.setattr(module, "solve", recorded)
    frontier(ONE_OF_FIVE, COST, HOUSEHOLDS, EXACT, 6)
    assert len(starts) == 2 + 4  # the two ends once more, and every point between
    for problem, start in starts:
        assert (every_choice(problem) == start.reclaim_phase).all(axis=1).any(), "a start that keeps not all limits"


def test_what_was_found_before_cancelling_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = 0

    def cancelled_later(problem: Problem, *_: object) -> Plan:
        nonlocal searches
        searches += 1
        found = exhaustive.solve(problem)
        return found if searches < 6 else Plan(CANCELLED, found.reclaim_phase, found.newbuild_phase, None, None, None)

    monkeypatch.setattr(module, "solve", cancelled_later)
    found = frontier(ONE_OF_FIVE, COST, HOUSEHOLDS, EXACT, 6)
    assert 2 <= len(found) <= 3
    assert searches == 6, "a search was begun after the user had stopped"


def test_progress_goes_from_nothing_to_all_and_can_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Listener:
        heard: List[float] = []

        def step(self, name: str, share: float) -> None:
            pass

        def check(self, fraction: float) -> None:
            self.heard.append(fraction)
            if fraction > 0.6:
                raise Cancelled

    def telling(problem: Problem, effort: Effort, progress: module.Progress, *_: object) -> Plan:
        progress.check(0.0)
        progress.check(1.0)
        return exhaustive.solve(problem)

    monkeypatch.setattr(module, "solve", telling)
    with pytest.raises(Cancelled):
        frontier(ONE_OF_FIVE, COST, HOUSEHOLDS, EXACT, 6, Listener())
    assert Listener.heard == sorted(Listener.heard)


def test_value_counts_pairs_only_when_both_are_chosen() -> None:
    objective = Objective("x", "", np.array([1.0, 2]), np.array([4.0]), np.array([[0, 1]]), np.array([10.0]), 100.0)
    alone = Plan(OPTIMAL, np.array([0, NOT_CHOSEN]), np.array([1]), 0.0, 0.0, 0.0)
    both = Plan(OPTIMAL, np.array([0, 2]), np.array([NOT_CHOSEN]), 0.0, 0.0, 0.0)
    assert value_of(objective, alone) == 105.0
    assert value_of(objective, both) == 93.0
