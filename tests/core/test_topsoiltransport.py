"""The transport problem against an exhaustive programme: the most soil used, better soil first, least haul."""

from __future__ import annotations

from typing import Any, Optional, Tuple

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core import topsoilprogramme, topsoiltransport
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.topsoilroutes import Routes
from three_opt_three_protect.core.topsoiltransport import Flows, transport


def drawn(seed: int, n: int, m: int, share: float, most: float = np.inf, days: bool = False) -> Tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    supply = rng.integers(1, 50_000, n)
    need = np.maximum((rng.integers(1, 50_000, m) * share * n / m).astype(np.int64), 1)
    day: Tuple[Optional[Any], Optional[Any]] = (None, None)
    if days:
        day = tuple(np.datetime64("2015-01-01") + rng.integers(0, 900, count) for count in (n, m))  # type: ignore[assignment]
    routes = Routes(rng.uniform(0, 9000, (n, 2)), rng.uniform(0, 9000, (m, 2)), 1.3, most, *day)
    return supply, rng.integers(0, 3, n), need, routes


def by_stages(supply: Any, tier: Any, need: Any, routes: Routes) -> Tuple[Any, float]:
    """Soil used of each tier and the least haul, by one linear programme after the other."""
    n, m = len(supply), len(need)
    start, end = np.divmod(np.arange(n * m), m)
    metres = routes.along(start, end)
    open_ = np.isfinite(metres)
    start, end, metres = start[open_], end[open_], metres[open_]
    ways = len(start)
    rows = np.zeros((n + m, ways))
    rows[start, np.arange(ways)] = 1
    rows[n + end, np.arange(ways)] = 1
    room = np.concatenate([supply, need]) / 100
    used, rows_fixed, totals = [0.0, 0.0, 0.0], [], []
    for number in range(3):
        value = (tier[start] == number).astype(float)
        if value.any():
            before = (np.array(rows_fixed), np.array(totals)) if totals else (None, None)
            found = scipy.optimize.linprog(-value, rows, room, *before, method="highs")
            used[number] = -found.fun
            rows_fixed.append(value)
            totals.append(-found.fun * (1 - 1e-12))
    if not totals:
        return used, 0.0
    found = scipy.optimize.linprog(metres / 1000, rows, room, np.array(rows_fixed), np.array(totals), method="highs")
    return used, float(found.fun)


def used_by_tier(flows: Flows, tier: Any) -> Any:
    return np.bincount(tier[flows.start], flows.volume, 3) / 100


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000), n=st.integers(1, 7), m=st.integers(1, 7), share=st.sampled_from([0.3, 1.0, 2.5]),
    most=st.sampled_from([np.inf, 4000.0]), days=st.booleans(),
)  # fmt: skip
def test_it_is_the_optimum(seed: int, n: int, m: int, share: float, most: float, days: bool) -> None:
    supply, tier, need, routes = drawn(seed, n, m, share, most, days)
    found = transport(supply, tier, need, routes)
    used, haul = by_stages(supply, tier, need, routes)
    assert used_by_tier(found, tier) == pytest.approx(used, abs=1e-6)
    assert found.haul.sum() == pytest.approx(haul, rel=1e-6, abs=1e-4)
    assert (np.bincount(found.start, found.volume, n) <= supply).all()
    assert (np.bincount(found.end, found.volume, m) <= need).all()


@pytest.mark.parametrize(("share", "most", "days"), [(0.5, np.inf, False), (1.0, np.inf, False), (0.8, 2500.0, True)])
def test_few_ways_give_the_optimum_of_all(
    monkeypatch: pytest.MonkeyPatch, share: float, most: float, days: bool
) -> None:
    supply, tier, need, routes = drawn(3, 60, 90, share, most, days)
    every = transport(supply, tier, need, routes)
    monkeypatch.setattr(topsoiltransport, "EVERY", 0)
    few = transport(supply, tier, need, routes)
    assert few.rounds > 1
    assert few.volume.sum() == every.volume.sum()
    assert used_by_tier(few, tier).tolist() == used_by_tier(every, tier).tolist()
    assert few.haul.sum() == pytest.approx(every.haul.sum(), rel=1e-5)


def test_scipy_stands_in_for_highspy(monkeypatch: pytest.MonkeyPatch) -> None:
    supply, tier, need, routes = drawn(5, 12, 15, 0.7)
    by_highs = transport(supply, tier, need, routes)
    monkeypatch.setattr(topsoilprogramme, "find_spec", lambda name: None)
    by_scipy = transport(supply, tier, need, routes)
    assert by_scipy.volume.sum() == by_highs.volume.sum()
    assert by_scipy.haul.sum() == pytest.approx(by_highs.haul.sum(), rel=1e-9)


def test_the_same_ways_give_the_same_plan() -> None:
    first, second = (transport(*drawn(8, 40, 40, 1.0)) for _ in range(2))
    assert first.start.tolist() == second.start.tolist()
    assert first.end.tolist() == second.end.tolist()
    assert first.volume.tolist() == second.volume.tolist()


def test_it_can_be_cancelled() -> None:
    class Stop:
        def step(self, name: str, share: float) -> None:
            """Hear nothing."""

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        transport(*drawn(8, 40, 40, 1.0), Stop())


def test_one_way_of_exactly_the_longest_is_open() -> None:
    routes = Routes(np.array([[0.0, 0.0]]), np.array([[1000.0, 0.0]]), 1.0, 1000.0)
    one = np.array([100])
    assert transport(one, np.array([0]), one, routes).volume.tolist() == [100]
    nearer = Routes(routes.start, routes.end, 1.0, 999.99)
    assert transport(one, np.array([0]), one, nearer).volume.tolist() == []


def test_with_a_longest_way_soil_is_used_though_the_chain_is_dear() -> None:
    """B and X lie together; A reaches only X and Y only B, 4.9 km each: both are used, 9.8 instead of 0 km."""
    here, one = np.array([[4_900.0, 0.0], [0.0, 0.0]]), np.array([100, 100])
    routes = Routes(here, np.array([[0.0, 0.0], [-4_900.0, 0.0]]), 1.0, 5_000.0)
    assert not routes.all_open
    found = transport(one, np.array([2, 2]), one, routes)
    assert sorted(zip(found.start, found.end, found.volume)) == [(0, 0, 100), (1, 1, 100)]
