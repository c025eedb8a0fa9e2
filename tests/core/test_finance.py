"""The money of a plan, by hand: items, unknown prices, years, interest, break-even price."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Dict, Optional, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.finance import Finance, finance
from three_opt_three_protect.core.financedrivers import subjects
from three_opt_three_protect.core.financeitems import EXPENSE, INCOME, chosen_items, items_of
from three_opt_three_protect.core.financephases import phases, rounded, smallest_price
from three_opt_three_protect.core.financeprices import Prices
from three_opt_three_protect.core.rules import Profile, Setting
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.storage.catalogue import load_profile

PROFILE = load_profile("suzhou-2014")

# Village 200 × 100 m = 20 000 m² = 2 ha = 30 亩; paddy 100 × 100 m = 15 亩.
GROUND = [
    {"shape": (0, 0, 200, 100), "class_code": "0702", "unit_code": "320507100001"},
    {"shape": (300, 0, 400, 100), "class_code": "0101", "unit_code": "320507100002"},
]
RECLAIM = {"shape": (0, 0, 200, 100), "plot_id": "R1", "settlement": "A", "households": 10, "rate": 0.9, "phase": 2015}
NEWBUILD = {"shape": (300, 0, 400, 100), "plot_id": "N1", "use": "industry", "phase": 2017}

ALL: Dict[Any, float] = {
    ("demolition", "", None): 260_000.0, ("resettlement", "", None): 300_000.0, ("transition", "", None): 500.0,
    ("approval", "", None): 20_000.0, ("infrastructure", "", None): 40_000.0, ("contingency", "", None): 0.05,
    ("interest", "", None): 0.1, ("transfer", "", None): 400_000.0, ("farmers", "", None): 50_000.0,
}  # fmt: skip


def money(
    kit: Any,
    prices: Dict[Any, float],
    reclaim: Optional[Dict[str, Any]] = None,
    newbuild: Optional[Dict[str, Any]] = None,
    wanted: Sequence[str] = (),
    targets: Sequence[Target] = (),
    profile: Profile = PROFILE,
) -> Finance:
    held = kit.plan(GROUND, [{**RECLAIM, **(reclaim or {})}], [{**NEWBUILD, **(newbuild or {})}], profile)
    table = Prices(prices)
    items = chosen_items(items_of(profile), wanted, table.items)
    return finance(held, subjects(held, np.full(1, np.nan), profile), items, table, targets, profile)


def fen(found: Finance, item: str) -> Optional[int]:
    (one,) = [one for one in found.amounts if one.item.id == item]
    return None if one.missing else one.fen


def test_every_item_by_hand(kit: Any) -> None:
    found = money(kit, ALL)
    yuan = {one.item.id: one.fen / 100 for one in found.amounts}
    assert yuan == {
        "demolition": 2_600_000,  # 10 households × 260 000
        "resettlement": 0,  # no resettlement plot
        "reclamation": 240_000,  # 30 亩 × 8 000
        "transition": 120_000,  # 10 × 24 months × 500
        "approval": 300_000,  # 15 亩 of new construction × 20 000
        "infrastructure": 600_000,  # 15 亩 × 40 000
        "contingency": 193_000,  # 5 % of 3 860 000
        "transfer": 6_000_000,  # 15 亩 × 400 000
        "subsidy": 150_000,  # 30 亩 × 5 000
        "subsidy_upper": 90_000,  # 30 亩 × 3 000
        "farmers": 500_000,  # 10 × 50 000
        # 2015: 740 000 − 2 960 000 × 1.05 = −2 368 000; 10 % of it in 2016, and of 2 604 800 in 2017.
        "interest": 236_800 + 260_480,
    }
    assert found.total(EXPENSE) == 455_028_000
    assert found.total(INCOME) == 674_000_000
    assert found.balance == 218_972_000
    assert [(one.year, one.running / 100) for one in found.phases] == [
        (2015, -2_368_000.0), (2016, -2_604_800.0), (2017, 2_189_720.0),
    ]  # fmt: skip
    # Net quota: 30 亩 reclaimed, no resettlement: 4 550 280 ÷ 30.
    assert found.cost_per_mu == 151_676.0


def test_the_break_even_price_closes_to_a_fen(kit: Any) -> None:
    found = money(kit, ALL)
    # 6 000 000 − 2 189 720 over 15 亩 = 254 018.666…: the next fen above.
    assert found.break_even == 25_401_867
    at = money(kit, {**ALL, ("transfer", "", None): 254_018.67})
    below = money(kit, {**ALL, ("transfer", "", None): 254_018.66})
    assert at.balance is not None
    assert below.balance is not None
    assert 0 <= at.balance < 100
    assert below.balance < 0


def test_a_missing_price_is_unknown_never_nothing(kit: Any) -> None:
    found = money(kit, {key: price for key, price in ALL.items() if key[0] != "approval"})
    assert fen(found, "approval") is None
    assert fen(found, "contingency") is None  # a share of what is not known
    assert fen(found, "interest") is None
    assert found.total(EXPENSE) is None
    assert found.total(INCOME) == 674_000_000
    assert found.balance is None
    assert found.break_even is None
    assert found.cost_per_mu is None
    assert found.known(EXPENSE) > 0
    assert {one.rule: one.result for one in found.verdicts} == {"funding_total": "unknown", "funding_phase": "warn"}


def test_a_price_of_nothing_is_known(kit: Any) -> None:
    found = money(kit, {**ALL, ("approval", "", None): 0.0})
    assert fen(found, "approval") == 0
    assert found.balance is not None


def test_what_has_no_driver_needs_no_price(kit: Any) -> None:
    found = money(kit, {key: price for key, price in ALL.items() if key[0] != "resettlement"})
    assert fen(found, "resettlement") == 0
    assert found.balance is not None


def test_unknown_incomes_do_not_hide_that_funds_last(kit: Any) -> None:
    without = {key: price for key, price in ALL.items() if key[0] != "farmers"}
    results = {one.rule: (one.result, one.margin) for one in money(kit, without).verdicts}
    assert results["funding_total"] == ("unknown", None)  # interest rests on the gap, which is not known
    cheap = {**without, ("interest", "", None): 0.0}
    assert {one.rule: one.result for one in money(kit, cheap).verdicts}["funding_total"] == "pass"


def test_the_plots_own_cost_has_compensation_in_it(kit: Any) -> None:
    found = money(kit, ALL, {"cost": 1_234_567.89})
    assert fen(found, "reclamation") == 123_456_789
    assert fen(found, "demolition") == 0
    assert fen(found, "transition") == 12_000_000


def test_the_plots_own_price_comes_first_whatever_its_use(kit: Any) -> None:
    # 25 (10 000 yuan a 亩) × 15 亩.
    assert fen(money(kit, ALL, None, {"price": 25.0}), "transfer") == 375_000_000
    assert fen(money(kit, ALL, None, {"price": 25.0, "use": "resettlement"}), "transfer") == 375_000_000
    assert fen(money(kit, ALL, None, {"use": "resettlement"}), "transfer") == 0


def test_flats_are_counted_by_area_where_no_households_are_stated(kit: Any) -> None:
    # 10 000 m² ÷ 220 = 45 whole households.
    assert fen(money(kit, ALL, None, {"use": "resettlement"}), "resettlement") == 45 * 30_000_000
    assert fen(money(kit, ALL, None, {"use": "resettlement", "households": 40}), "resettlement") == 40 * 30_000_000


def test_households_that_are_not_stated_are_unknown_in_a_natural_village(kit: Any) -> None:
    assert fen(money(kit, ALL, {"households": None}), "demolition") is None
    assert fen(money(kit, ALL, {"households": None, "settlement": None}), "demolition") == 0


def test_a_plot_off_the_parcels_has_no_known_area(kit: Any) -> None:
    found = money(kit, ALL, {"shape": (0, 500, 100, 600)})
    assert fen(found, "reclamation") is None
    assert fen(found, "demolition") == 260_000_000


def test_prices_of_a_village_and_a_year_come_first(kit: Any) -> None:
    table = Prices(
        {("demolition", "", None): 1.0, ("demolition", "", 2015): 2.0, ("demolition", "320507100001", None): 3.0}
    )
    item = next(one for one in items_of(PROFILE) if one.id == "demolition")
    assert table.of(item, "320507100001", 2015) == 3.0
    assert table.of(item, "320507100002", 2015) == 2.0
    assert table.of(item, "320507100002", 2016) == 1.0


def test_optional_items_count_when_asked_for(kit: Any) -> None:
    assert "quota_green" not in {one.item.id for one in money(kit, ALL).amounts}
    found = money(kit, ALL, wanted=("quota_green",))
    # 30 − 15 亩 are left × 208 000.
    assert fen(found, "quota_green") == 312_000_000
    assert "quota_red" in {one.item.id for one in money(kit, {**ALL, ("quota_red", "", None): 1.0}).amounts}
    with pytest.raises(InputError) as error:
        money(kit, ALL, wanted=("green",))
    assert error.value.message_id == "finance_item_unknown"


def test_floors_take_the_place_of_flats(kit: Any) -> None:
    found = money(kit, {**ALL, ("resettlement_floor", "", None): 2000.0}, None, {"use": "resettlement"})
    assert "resettlement" not in {one.item.id for one in found.amounts}
    assert fen(found, "resettlement_floor") is None  # no floor area is stated


def test_a_new_item_needs_no_code(kit: Any) -> None:
    value = MappingProxyType({"side": "expense", "driver": "once", "zh": "监测费", "en": "Monitoring", "price": "1000"})
    added = Setting("finance_item_watch", value, "", "合同", "practice")
    profile = replace(PROFILE, settings=MappingProxyType({**PROFILE.settings, added.key: added}))
    found = money(kit, ALL, profile=profile)
    assert fen(found, "watch") == 100_000
    assert found.total(EXPENSE) == 455_028_000 + 105_000 + rounded(Fraction(105_000 * 21, 100))


@pytest.mark.parametrize(
    ("key", "value"), [("side", "cost"), ("driver", "acres"), ("price", "dear"), ("price", "-1"), ("unit", "yuan")]
)
def test_a_wrong_item_of_a_profile_is_refused(key: str, value: str) -> None:
    keys = {"side": "expense", "driver": "once", "zh": "甲", "en": "a", key: value}
    wrong = Setting("finance_item_x", MappingProxyType(keys), "", "b", "practice")
    with pytest.raises(SchemaError) as error:
        items_of(replace(PROFILE, settings=MappingProxyType({wrong.key: wrong})))
    assert error.value.message_id == "finance_item_wrong"
    assert error.value.values["key"] == key


def test_a_budget_fills_the_gap_but_is_no_income(kit: Any) -> None:
    target = Target("", "budget_yuan", 3_000_000.0, "yuan", 2015)
    found = money(kit, ALL, targets=(target,))
    assert fen(found, "interest") == 0
    assert found.total(INCOME) == 674_000_000
    assert {one.rule: one.result for one in found.verdicts} == {"funding_total": "pass", "funding_phase": "pass"}
    without = money(kit, ALL)
    assert {one.rule: one.result for one in without.verdicts} == {"funding_total": "pass", "funding_phase": "warn"}


def test_a_plot_without_a_year_leaves_the_years_open(kit: Any) -> None:
    found = money(kit, ALL, None, {"phase": None})
    # 15 × (20 000 + 40 000) with 5 %, and 15 × 400 000.
    assert found.undated == (94_500_000, 600_000_000)
    assert {one.rule: one.result for one in found.verdicts}["funding_phase"] == "unknown"


def test_interest_without_a_rate_is_known_where_there_is_no_gap(kit: Any) -> None:
    prices = {key: price for key, price in ALL.items() if key[0] != "interest"}
    assert fen(money(kit, prices), "interest") is None
    rich = (Target("", "budget_yuan", 9_000_000.0, "yuan", 2015),)
    assert fen(money(kit, prices, targets=rich), "interest") == 0


amounts = st.dictionaries(st.integers(2014, 2020), st.integers(0, 10**9), max_size=6)


@given(expense=amounts, income=amounts, budget=amounts, rate=st.sampled_from([None, 0.0, 0.0435, 0.2]))
def test_years_add_up(expense: Any, income: Any, budget: Any, rate: Any) -> None:
    years = phases(expense, income, budget, rate)
    assert sum(one.expense for one in years) == sum(expense.values())
    assert sum(one.income for one in years) == sum(income.values())
    running = 0
    for one in years:
        assert one.interest == rounded(Fraction(str(rate or 0)) * max(-running, 0))
        running += one.balance + one.budget
        assert one.running == running
        assert one.gap == max(-running, 0)


@given(price=st.integers(0, 10**7))
def test_the_smallest_price_is_found(price: int) -> None:
    assert smallest_price(lambda fen: fen >= price) == price


def test_a_plan_may_close_at_no_price() -> None:
    assert smallest_price(lambda fen: False) is None


@settings(max_examples=25, deadline=None)
@given(
    cost=st.one_of(st.none(), st.floats(0, 1e7)), price=st.one_of(st.none(), st.floats(0, 500)),
    rate=st.sampled_from([0.0, 0.0475]), households=st.integers(0, 300),
)  # fmt: skip
def test_sums_close_in_whole_fen(kit: Any, cost: Any, price: Any, rate: float, households: int) -> None:
    prices = {**ALL, ("interest", "", None): rate}
    found = money(kit, prices, {"cost": cost, "households": households}, {"price": price})
    assert found.total(EXPENSE) == sum(one.fen for one in found.of(EXPENSE))
    for one in found.amounts:
        assert one.fen == sum(one.by_year.values())
        if one.item.driver not in ("expenses", "gap"):
            assert one.fen == int(one.by_plot.sum())
    assert found.phases[-1].running == found.balance
    assert found.phases[-1].running == sum(one.balance for one in found.phases)


@pytest.mark.parametrize("price", [1e15, 1e18, 1e300])
def test_money_beyond_all_counting_is_refused(kit: Any, price: float) -> None:
    with pytest.raises(InputError) as error:
        money(kit, {**ALL, ("approval", "", None): price})
    assert error.value.message_id == "money_too_large"
