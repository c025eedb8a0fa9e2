"""Both ways to HiGHS give the same, with duals of the right sign; and what a run says of how it ended."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import pytest
import scipy.sparse

from three_opt_three_protect.core.optimiser import solver
from three_opt_three_protect.core.optimiser.solver import IMPOSSIBLE, SOLVED, STOPPED, Programme, Stops, run


def programme(whole: bool, least: float = 7.0) -> Programme:
    """Weights 4, 3, 5 and costs 5, 4, 6; at least ``least`` in weight, the last two not both."""
    return Programme(
        np.array([5.0, 4.0, 6.0]), np.zeros(3), np.ones(3),
        scipy.sparse.csr_matrix(np.array([[4.0, 3.0, 5.0], [0.0, 1.0, 1.0]])),
        np.array([least, -np.inf]), np.array([np.inf, 1.0]), np.full(3, whole),
    )  # fmt: skip


@pytest.fixture(params=["highspy", "scipy"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "scipy":
        monkeypatch.setattr(solver, "find_spec", lambda name: None)
    else:
        pytest.importorskip("highspy")
    return str(request.param)


def test_whole(way: str) -> None:
    answer = run(programme(True), Stops())
    assert (answer.status, answer.value) == (SOLVED, pytest.approx(9.0))
    assert np.round(answer.values).tolist() == [1, 1, 0]
    assert answer.bound == pytest.approx(9.0)


def test_parts(way: str) -> None:
    """The third whole at 1.2 a unit, then half the first at 1.25: 6 + 2.5.  One more unit costs 1.25."""
    answer = run(programme(False), Stops())
    assert (answer.status, answer.value) == (SOLVED, pytest.approx(8.5))
    assert answer.values == pytest.approx([0.5, 0.0, 1.0])
    assert answer.duals is not None
    assert answer.duals[0] == pytest.approx(1.25)
    assert answer.duals[1] <= 0


@pytest.mark.parametrize("whole", [False, True])
def test_impossible(way: str, whole: bool) -> None:
    answer = run(programme(whole, least=9.5), Stops())
    assert answer.status == IMPOSSIBLE
    assert answer.values is None
    assert answer.value == np.inf


@pytest.mark.parametrize(("least", "status"), [(0.0, SOLVED), (1.0, IMPOSSIBLE)])
def test_without_columns(least: float, status: str) -> None:
    nothing = np.empty(0)
    rows = scipy.sparse.csr_matrix((1, 0))
    empty = Programme(nothing, nothing, nothing, rows, np.array([least]), np.array([np.inf]), np.empty(0, dtype=bool))
    assert run(empty, Stops()).status == status


def hard(seed: int = 1) -> Programme:
    """A knapsack in thirty dimensions, which takes minutes."""
    random = np.random.default_rng(seed)
    weights = random.integers(5, 100, (30, 120)).astype(float)
    return Programme(
        -random.integers(10, 100, 120).astype(float), np.zeros(120), np.ones(120),
        scipy.sparse.csr_matrix(weights), np.full(30, -np.inf), weights.sum(axis=1) / 2, np.ones(120, dtype=bool),
    )  # fmt: skip


class Counts:
    """Stops the run at its ``most``-th look."""

    def __init__(self, most: int) -> None:
        self.looks, self.most = 0, most

    def look(self, value: float, bound: float) -> bool:
        self.looks += 1
        self.bound, self.value = bound, value
        return self.looks >= self.most


def test_a_listener_stops_a_run_that_keeps_what_it_found() -> None:
    pytest.importorskip("highspy")
    listener = Counts(200)
    answer = run(hard(), Stops(), listener)
    assert answer.status == STOPPED
    assert answer.values is not None
    assert listener.looks < 260, "looks after the stop: the solver went on"
    assert answer.bound <= answer.value == pytest.approx(float(hard().cost @ np.round(answer.values)))


def test_a_node_limit_stops_a_run() -> None:
    answer = run(hard(), Stops(nodes=5))
    assert answer.status == STOPPED
    assert answer.nodes <= 6
    assert answer.bound < answer.value


def test_seconds_stop_a_run(way: str) -> None:
    assert run(hard(), Stops(seconds=0.2)).status == solver.TIMED_OUT


def test_what_a_listener_raises_comes_through() -> None:
    pytest.importorskip("highspy")

    class Broken:
        def look(self, value: float, bound: float) -> bool:
            raise KeyError("x")

    with pytest.raises(KeyError):
        run(hard(), Stops(), Broken())


def test_a_start_is_where_a_run_starts() -> None:
    pytest.importorskip("highspy")
    good = run(hard(), Stops(nodes=50))
    heard: list[Any] = []

    class First:
        def look(self, value: float, bound: float) -> bool:
            heard.append(value)
            return len(heard) > 20

    again = run(hard(), Stops(), First(), good.values)
    assert again.value <= good.value
    fresh: Optional[solver.Answer] = run(hard(), Stops(), Counts(20))
    assert fresh is not None
    assert min(heard) < fresh.value


def test_one_thread_and_one_seed_give_one_answer() -> None:
    first, second = (run(hard(), Stops(nodes=20, seed=3)) for _ in range(2))
    assert (first.value, first.bound, first.nodes) == (second.value, second.bound, second.nodes)
    assert first.values is not None
    assert (first.values == second.values).all()
