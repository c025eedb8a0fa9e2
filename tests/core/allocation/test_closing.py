"""Offers that close a gap: by hand, and against every set of candidates."""

from __future__ import annotations

from itertools import combinations
from typing import Any, List, Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.allocation.closing import Offer, close_gap


def offered(margin: float, effect: List[float], cost: List[float], count: int = 3, **closed: Any) -> Tuple[Offer, ...]:
    allowed = np.ones(len(effect), dtype=bool)
    allowed[list(closed.get("closed", []))] = False
    return close_gap(margin, np.array(effect, dtype=float), np.array(cost, dtype=float), allowed, count)


def test_the_three_cheapest_plots_that_suffice() -> None:
    found = offered(-12.35, [10.0, 13.0, 20.0, 12.35, 50.0, 14.0], [1.0, 8.0, 5.0, 9.0, 30.0, 6.0])
    assert [offer.rows for offer in found] == [(2,), (5,), (1,)]
    assert (found[0].adds, found[0].cost, found[0].unit_cost) == (20.0, 5.0, 0.25)
    assert found[0].rest == pytest.approx(7.65)


def test_without_costs_the_least_left_over() -> None:
    found = offered(-12.35, [10.0, 13.0, 20.0, 12.35, 50.0, 14.0], [np.nan] * 6)
    assert [offer.rows for offer in found] == [(3,), (1,), (5,)]
    assert (found[0].rest, found[0].cost, found[0].unit_cost) == (0.0, None, None)


def test_plots_with_a_cost_come_first() -> None:
    assert [offer.rows for offer in offered(-5.0, [6.0, 5.0], [7.0, np.nan])] == [(0,), (1,)]


def test_the_smallest_set_where_no_plot_suffices() -> None:
    found = offered(-10.0, [4.0, 6.0, 5.0, 5.5, 1.0], [10.0, 40.0, 20.0, 30.0, 0.0])
    assert {len(offer.rows) for offer in found} == {2}
    # 6 + 4 costs 50 as does 5 + 5.5; the first leaves nothing over
    assert found[0].rows == (1, 0)
    assert (found[0].adds, found[0].rest, found[0].cost) == (10.0, 0.0, 50.0)
    assert all(offer.adds >= 10.0 for offer in found)
    assert len({offer.rows for offer in found}) == len(found)


def test_nothing_is_offered() -> None:
    assert offered(0.0, [5.0], [1.0]) == ()
    assert offered(3.0, [5.0], [1.0]) == ()
    assert offered(-3.0, [], []) == ()
    assert offered(-3.0, [1.0, 1.9], [1.0, 1.0]) == ()
    assert offered(-3.0, [-5.0, 0.0], [1.0, 1.0]) == ()
    assert offered(-3.0, [5.0, 1.0], [1.0, 1.0], closed=[0]) == ()


def test_rounding_is_no_gap() -> None:
    (found,) = offered(-0.3, [0.1 + 0.2 - 1e-9], [1.0])
    assert found.rest == 0.0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-5, 30), st.one_of(st.none(), st.integers(0, 9))), min_size=1, max_size=7),
    st.integers(1, 60),
)
def test_offers_close_the_gap_with_the_fewest_plots(plots: List[Tuple[int, Any]], lacking: int) -> None:
    effect = [float(adds) for adds, _ in plots]
    cost = [np.nan if price is None else float(price) for _, price in plots]
    found = offered(-float(lacking), effect, cost)
    sizes = [
        size
        for size in range(1, len(plots) + 1)
        for rows in combinations(range(len(plots)), size)
        if sum(effect[row] for row in rows) >= lacking
    ]
    if not sizes:
        assert found == ()
        return
    assert {len(offer.rows) for offer in found} == {min(sizes)}
    for offer in found:
        assert offer.adds == sum(effect[row] for row in offer.rows) >= lacking
        assert offer.rest == offer.adds - lacking
    if not np.isnan(cost).any():
        # the three best of all sets of that size
        best = sorted(
            (sum(cost[row] for row in rows), sum(effect[row] for row in rows) - lacking)
            for rows in combinations(range(len(plots)), min(sizes))
            if sum(effect[row] for row in rows) >= lacking and min(effect[row] for row in rows) > 0
        )
        assert [(offer.cost, offer.rest) for offer in found] == best[:3]


def test_candidates_on_the_same_land_are_not_offered_together() -> None:
    effect, cost = np.array([1000.0, 1000.0, 600.0, 500.0]), np.array([10.0, 11.0, 12.0, 13.0])
    everything = np.ones(4, dtype=bool)
    found = close_gap(-1500.0, effect, cost, everything, 3, np.array([[0, 1]]))
    assert [offer.rows for offer in found] == [(0, 2), (0, 3), (1, 2)]
    # 2 000 m² would be two plots were they not one land: three then
    found = close_gap(-2000.0, effect, cost, everything, 3, np.array([[0, 1]]))
    assert [offer.rows for offer in found] == [(0, 2, 3), (1, 2, 3)]
