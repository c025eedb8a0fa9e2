"""A plot is rounded once and its parts add up to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.reports.rounding import AreaUnit, leaves, settle


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40), st.integers(0, 10**9))
def test_settled_parts_add_up_and_stay_next_to_their_share(weights: list[int], total: int) -> None:
    parts = settle(weights, total)
    whole = sum(weights)
    if whole == 0:
        assert parts == [0] * len(weights)
        return
    assert sum(parts) == total
    for part, weight in zip(parts, weights):
        assert abs(part * whole - total * weight) < whole
        assert part == 0 or weight > 0


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20, unique=True), st.randoms())
def test_order_of_rows_does_not_matter(weights: list[int], chance: object) -> None:
    shuffled = list(weights)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert dict(zip(weights, settle(weights, 9973))) == dict(zip(shuffled, settle(shuffled, 9973)))


def test_largest_remainder_by_hand() -> None:
    # Exact shares of 10 are 3.6, 3.4 and 3.0: the step goes to the largest remainder.
    assert settle([36, 34, 30], 10) == [4, 3, 3]
    # Equal remainders: the earlier.
    assert settle([1, 1, 1], 100) == [34, 33, 33]


@pytest.mark.parametrize(
    ("hundredths", "m2", "ha", "mu"),
    [
        (1_000_000, 10_000.00, 1.0, 15.0),
        (49, 0.49, 0.0, 0.0),
        (50, 0.5, 0.0001, 0.0),
        (-50, -0.5, -0.0001, 0.0),
        (66_667, 666.67, 0.0667, 1.0),  # 666.67 m² × 0.0015 = 1.000005; 0.0667 ha × 15 = 1.0005
        (12_345_650, 123_456.5, 12.3457, 185.19),  # 12.3457 × 15 = 185.1855
        (333_00, 333.0, 0.0333, 0.5),  # 0.4995
    ],
)
def test_units_by_hand(hundredths: int, m2: float, ha: float, mu: float) -> None:
    shown = [unit.number(unit.steps(hundredths)) for unit in (AreaUnit.M2, AreaUnit.HA, AreaUnit.MU)]
    assert shown == [m2, ha, mu]


@given(st.integers(0, 10**11))
def test_mu_is_printed_hectares_times_fifteen(hundredths: int) -> None:
    ha = AreaUnit.HA.number(AreaUnit.HA.steps(hundredths))
    mu = AreaUnit.MU.number(AreaUnit.MU.steps(hundredths))
    assert abs(mu - ha * 15) <= 0.005 + 1e-6


@pytest.mark.parametrize("reclaim", [True, False])
def test_pieces_add_up_to_the_plot_rounded_once(plan: Balance, unit: AreaUnit, reclaim: bool) -> None:
    leaf = leaves(plan, reclaim, unit)
    exact = sum_by(leaf.plot, leaf.gross, leaf.count)
    assert leaf.by_plot(leaf.area).tolist() == unit.steps(exact).tolist()
    assert (leaf.area >= 0).all()


def test_a_part_is_rounded_once_too(odd: Balance, unit: AreaUnit) -> None:
    leaf = leaves(odd, False, unit)
    exact = sum_by(leaf.plot, odd.changes.loss[leaf.piece], leaf.count)
    shown = leaf.by_plot(leaf.part(odd.changes.loss))
    full = odd.changes.loss[leaf.piece] == leaf.gross
    partly = np.unique(leaf.plot[~full & (odd.changes.loss[leaf.piece] > 0)])
    assert len(partly) > 0
    assert shown[partly].tolist() == unit.steps(exact)[partly].tolist()
