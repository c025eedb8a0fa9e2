"""Contiguity: edges measured by hand, the best ratio against every choice."""

from __future__ import annotations

from typing import Any, List, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.optimiser import exhaustive
from tests.core.optimiser.exhaustive import at_least, every_choice, small_problem
from three_opt_three_protect.core.optimiser import contiguity
from three_opt_three_protect.core.optimiser.contiguity import Edges, edges, open_edge, ratio, solve_ratio
from three_opt_three_protect.core.optimiser.problem import (
    GAP,
    INFEASIBLE,
    NOT_CHOSEN,
    TIME_LIMIT,
    Effort,
    Plan,
    Problem,
)

EXACT = Effort(gap=0.0)


def boxes(*corners: Tuple[float, float, float, float]) -> np.ndarray:
    out = np.empty(len(corners), dtype=object)
    out[:] = [shapely.box(40_550_000 + w, 3_460_000 + s, 40_550_000 + e, 3_460_000 + n) for w, s, e, n in corners]
    return out


def drawn(perimeter: List[float], fields: List[float], pairs: List[Tuple[int, int]], metres: List[float]) -> Edges:
    return Edges(
        np.array(perimeter, float),
        np.array(fields, float),
        np.array(pairs, np.int64).reshape(-1, 2),
        np.array(metres, float),
    )


# Two plots side by side, 10 × 10, a field along the whole south and one to the east of the second.
PLOTS = boxes((0, 0, 10, 10), (10, 0, 20, 10), (100, 100, 110, 110))
FIELDS = boxes((-5, -10, 25, 0), (20, 2, 30, 10))


def test_edges_of_two_plots_and_two_fields() -> None:
    found = edges(PLOTS, FIELDS)
    assert found.perimeter == pytest.approx([40, 40, 40])
    assert found.with_cultivated == pytest.approx([10, 10 + 8, 0])
    assert found.pairs.tolist() == [[0, 1]]
    assert found.metres == pytest.approx([10])


def test_ratio_counts_an_edge_between_two_for_both() -> None:
    found = edges(PLOTS, FIELDS)
    assert ratio(found, np.array([True, False, False])) == pytest.approx(10 / 40)
    assert ratio(found, np.array([True, True, False])) == pytest.approx((10 + 18 + 2 * 10) / 80)
    assert ratio(found, np.array([True, True, True])) == pytest.approx(48 / 120)
    assert ratio(found, np.zeros(3, dtype=bool)) is None


def test_cultivated_land_inside_a_plot_is_no_neighbour() -> None:
    # A vegetable plot fills the west half of the first plot: its borders with the plot's rest, with the plot's own
    # edge and with the second plot's neighbour count for nothing.
    inside = boxes((0, 0, 5, 10))
    found = edges(PLOTS[:2], inside)
    assert found.with_cultivated == pytest.approx([0, 0])


def test_a_field_that_a_plot_cuts_is_a_neighbour_beyond_the_cut() -> None:
    # The field reaches 3 m into the plot from the east: 10 m of the plot's east edge run through it.
    found = edges(boxes((0, 0, 10, 10)), boxes((7, 0, 30, 10)))
    assert found.with_cultivated == pytest.approx([10])


def test_edges_without_a_shape_are_nothing() -> None:
    shapes = np.array([None, PLOTS[0]], dtype=object)
    found = edges(shapes, FIELDS)
    assert found.perimeter.tolist() == [0.0, 40.0]
    assert found.with_cultivated == pytest.approx([0, 10])
    none = edges(np.empty(0, dtype=object), FIELDS)
    assert none.pairs.shape == (0, 2)
    assert len(none.perimeter) == 0
    assert edges(PLOTS, np.empty(0, dtype=object)).with_cultivated.tolist() == [0, 0, 0]


def test_edges_in_feet_are_metres() -> None:
    found = edges(PLOTS, FIELDS, metres_per_unit=0.3048)
    assert found.perimeter[0] == pytest.approx(40 * 0.3048)
    assert found.metres == pytest.approx([10 * 0.3048])
    assert found.with_cultivated[1] == pytest.approx(18 * 0.3048)


def test_open_edge_is_what_borders_on_nothing() -> None:
    objective = open_edge(edges(PLOTS, FIELDS), 2)
    both = np.array([[0, 0, NOT_CHOSEN, NOT_CHOSEN, NOT_CHOSEN]])
    assert exhaustive.values(objective, both) == pytest.approx([80 - 48])
    assert len(objective.newbuild) == 2


def best_ratio(problem: Problem, found: Edges) -> float:
    return max((ratio(found, row != NOT_CHOSEN) or 0.0) for row in every_choice(problem)[:, : len(found.perimeter)])


def test_best_ratio_leaves_the_best_single_plot_for_the_task(either_solver: str) -> None:
    # Alone, plot 0 is best (0.5), but the task needs 2 plots: 0 with 1 share nothing, 1 with 2 share 30.
    found = drawn([40, 40, 40], [20, 4, 4], [(1, 2)], [15])
    problem = small_problem(3, limits=[at_least(-2, [1, 1, 1])])
    plan = solve_ratio(problem, found, EXACT)
    # {1, 2}: (8 + 30) / 80 = 0.475; {0, 1, 2}: (28 + 30) / 120 = 0.4833; {0, 1}: 24 / 80 = 0.3
    assert plan.value == pytest.approx(58 / 120)
    assert (plan.reclaim_phase != NOT_CHOSEN).all()
    assert plan.bound == pytest.approx(58 / 120)
    assert plan.gap == pytest.approx(0, abs=1e-9)


instances = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(20, 60), min_size=n, max_size=n),
        st.lists(st.integers(0, 15), min_size=n, max_size=n),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(1, 10)), max_size=4),
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
        st.integers(0, 20),
        st.sampled_from([0.0, 0.01, 0.05]),
    )
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(instances)
def test_ratio_is_that_of_the_best_choice(either_solver: str, instance: Any) -> None:
    perimeter, fields, touching, amount, task, gap = instance
    between = {(min(a, b), max(a, b)): m for a, b, m in touching if a != b}
    found = drawn(perimeter, fields, list(between), list(between.values()))
    problem = small_problem(len(perimeter), limits=[at_least(-task, amount)])
    plan = solve_ratio(problem, found, Effort(gap=gap))
    choices = every_choice(problem)
    if not len(choices):
        assert plan.status == INFEASIBLE
        assert plan.value is None
        return
    best = best_ratio(problem, found)
    own = ratio(found, plan.reclaim_phase != NOT_CHOSEN) or 0.0
    assert plan.value == pytest.approx(own)
    assert plan.value is not None
    assert plan.bound is not None
    assert plan.value >= best * (1 - gap) - 1e-6, "not the best within the gap"
    assert plan.bound >= best - 1e-6, "a bound that a plan exceeds"
    assert plan.gap is not None
    assert plan.gap <= gap + 1e-6
    assert (exhaustive.left_of(problem.limits[0], plan.reclaim_phase[None, :]) >= 0).all()


def test_no_plot_at_all_is_a_plan_without_ratio(either_solver: str) -> None:
    problem = small_problem(0, 1, limits=[at_least(0, [], [1])])
    plan = solve_ratio(problem, drawn([], [], [], []), EXACT)
    assert plan.found
    assert plan.value == 0.0
    assert plan.bound == 0.0
    assert plan.gap == 0.0


def test_a_plan_that_may_be_empty_still_finds_the_best(either_solver: str) -> None:
    found = drawn([40, 40], [30, 10], [(0, 1)], [2])
    plan = solve_ratio(small_problem(2), found, EXACT)
    assert plan.value == pytest.approx(0.75)
    assert plan.reclaim_phase.tolist() == [0, NOT_CHOSEN]


@pytest.mark.parametrize("status", [TIME_LIMIT, GAP])
def test_bound_stays_true_when_the_search_is_stopped(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """A solver that stops early and says how far it may be off."""
    found = drawn([40, 50, 60], [5, 20, 10], [(0, 2)], [2])
    problem = small_problem(3, limits=[at_least(-2, [1, 1, 1])])

    def lazy(problem: Problem, *_: object, **__: object) -> Plan:
        choices = every_choice(problem)
        value = exhaustive.values(problem.objective, choices)
        worst, best = int(np.argmax(value)), float(value.min())
        chosen = choices[worst]
        return Plan(status, chosen, chosen[:0], float(value[worst]), best - 1.0, 1.0)

    monkeypatch.setattr(contiguity, "solve", lazy)
    plan = solve_ratio(problem, found, EXACT)
    assert plan.status == status
    assert plan.value is not None
    assert plan.bound is not None
    assert plan.bound > best_ratio(problem, found) > plan.value


def test_seconds_are_those_of_all_programmes_together(monkeypatch: pytest.MonkeyPatch) -> None:
    given: List[float] = []

    def timed(problem: Problem, effort: Effort, *_: object) -> Plan:
        given.append(effort.seconds or 0.0)
        return exhaustive.solve(problem)

    monkeypatch.setattr(contiguity, "solve", timed)
    solve_ratio(small_problem(2), drawn([40, 40], [30, 10], [(0, 1)], [2]), Effort(seconds=60.0))
    assert len(given) > 1
    assert sum(given) <= 60.0


def test_a_watch_is_told_ratios() -> None:
    class Follower:
        told: List[Tuple[Any, Any, Any]] = []

        def found(self, value: Any, bound: Any, gap: Any) -> None:
            self.told.append((value, bound, gap))

    found = drawn([40, 50, 60, 45], [5, 20, 10, 12], [(0, 2), (1, 3)], [8, 6])
    problem = small_problem(4, limits=[at_least(-2, [1, 1, 1, 1])])
    plan = solve_ratio(problem, found, EXACT, watch=Follower())
    known = [(value, bound) for value, bound, _ in Follower.told if value is not None]
    assert Follower.told[0] == (None, None, None)
    assert known
    best = best_ratio(problem, found)
    assert all(value <= best + 1e-9 <= bound + 2e-9 for value, bound in known)
    assert plan.value == pytest.approx(best)
