"""Reclaim first, then use: running balances by hand."""

from __future__ import annotations

from typing import Any, List, Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.targets import Target

PARCELS = [{"shape": (0, 0, 50, 100), "class_code": "0702"}, {"shape": (50, 0, 100, 100), "class_code": "0101"}]


def village(number: int, **attributes: Any) -> dict:
    """1 000 m² of village land."""
    return {"shape": (10 * number, 0, 10 * number + 10, 100), "rate": 1.0, **attributes}


def field(number: int, **attributes: Any) -> dict:
    """500 m² of cultivated land to be built on."""
    return {"shape": (50 + 5 * number, 0, 55 + 5 * number, 100), "use": "town", **attributes}


def test_years_by_hand(kit: Any) -> None:
    held = kit.plan(
        PARCELS,
        [village(0, phase=2015), village(1, cred_date="2017-05-01", acc_date="2016-05-01")],
        [field(0, phase=2015), field(1, use_date="2016-02-01"), field(2, phase=2018), field(3, phase=2018)],
    )
    # on 31 December 2015 the credit of the day comes first
    assert [(year.year, year.credit, year.debit, year.balance) for year in held.years] == [
        (2015, 1000_00, 500_00, 500_00),
        (2016, 0, 500_00, 0),
        (2017, 1000_00, 0, 1000_00),
        (2018, 0, 1000_00, 0),
    ]
    assert kit.value(held, "reclaim_first_margin_m2") == 0
    assert kit.value(held, "cultivated_first_margin_m2") == 0
    assert kit.value(held, "credit_m2") == 2000
    assert (kit.value(held, "balance_2017"), kit.value(held, "debit_2018")) == (1000, 1000)
    assert kit.verdict(held, "reclaim_first").result == "pass"


@pytest.mark.parametrize(
    ("done", "used", "margin"),
    [
        ("2016-06-30", "2016-06-30", 500),
        ("2016-06-30", "2016-06-29", -500),
        ("2016-06-30", None, None),
        # the credit that is short may have come in time: not known
        (None, "2016-06-30", None),
    ],
)
def test_order_of_days(kit: Any, done: Optional[str], used: Optional[str], margin: Optional[float]) -> None:
    held = kit.plan(PARCELS, [village(0, acc_date=done)], [field(0, use_date=used)])
    assert kit.value(held, "reclaim_first_margin_m2") == margin
    assert kit.value(held, "cultivated_first_margin_m2") == margin
    result = "unknown" if margin is None else "pass" if margin >= 0 else "fail"
    assert kit.verdict(held, "reclaim_first").result == result
    assert ("plot_without_date" in kit.findings(held)) == (None in (done, used))


def test_a_field_turned_into_a_pond_is_a_use_of_its_own(kit: Any) -> None:
    field_to_pond = {"shape": (60, 0, 70, 100), "direction": "pond"}
    held = kit.plan(PARCELS, [village(0, phase=2015), {**field_to_pond, "phase": 2018}], [field(0, phase=2016)])
    # 1 000 in 2015, − 500 in 2016, − 1 000 in 2018: after the last new-build plot
    assert kit.value(held, "cultivated_first_margin_m2") == -500
    assert kit.verdict(held, "cultivated_first").result == "fail"
    # the pond comes first: short until the village is reclaimed, though the sum is 0
    early = kit.plan(PARCELS, [village(0, phase=2018), {**field_to_pond, "phase": 2015}])
    assert kit.value(early, "cultivated_first_margin_m2") == -1000
    undated = kit.plan(PARCELS, [village(0, phase=2015), field_to_pond])
    assert kit.value(undated, "cultivated_first_margin_m2") is None


def test_undated_credit_that_is_not_needed_leaves_the_margin_known(kit: Any) -> None:
    held = kit.plan(PARCELS, [village(0, phase=2015), village(1)], [field(0, phase=2016)])
    assert kit.value(held, "reclaim_first_margin_m2") == 500


def test_undated_use_of_another_source_does_not_matter_to_the_quota(kit: Any) -> None:
    held = kit.plan(PARCELS, [village(0, phase=2015)], [field(0, phase=2016), field(1, quota_src="annual_plan")])
    assert kit.value(held, "reclaim_first_margin_m2") == 500
    # but it takes cultivated land at some time
    assert kit.value(held, "cultivated_first_margin_m2") is None


def test_no_dates_at_all(kit: Any) -> None:
    held = kit.plan(PARCELS, [village(0)], [field(0)])
    assert kit.value(held, "reclaim_first_margin_m2") is None
    assert held.years == ()


@pytest.mark.parametrize(("accepted", "credit"), [(None, 1000), (600.0, 600), (1000.0, 1000), (1400.0, 1000), (0.0, 0)])
def test_credit_is_at_most_what_was_accepted(kit: Any, accepted: Optional[float], credit: float) -> None:
    held = kit.plan(
        PARCELS, [village(0, acc_date="2016-01-01", acc_m2=accepted)], [field(0, phase=2016), field(1, phase=2016)]
    )
    assert kit.value(held, "credit_m2") == credit
    assert kit.value(held, "reclaim_first_margin_m2") == credit - 1000
    assert kit.value(held, "reclaimed_m2") == 1000
    assert ("accepted_beyond_plot" in kit.findings(held)) == (accepted == 1400.0)


def test_as_of_leaves_the_future_out(kit: Any) -> None:
    held = kit.plan(
        PARCELS, [village(0, phase=2015), village(1, phase=2019)], [field(0, phase=2018)], as_of="2016-06-01"
    )
    assert [(year.year, year.balance) for year in held.years] == [(2015, 1000_00)]
    assert kit.value(held, "reclaim_first_margin_m2") == 1000


year = st.one_of(st.none(), st.integers(2014, 2020))


@settings(max_examples=60, deadline=None)
@given(st.lists(year, min_size=1, max_size=5), st.lists(year, max_size=8))
def test_against_a_plain_diary(kit: Any, done: List[Optional[int]], used: List[Optional[int]]) -> None:
    held = kit.plan(
        PARCELS,
        [village(number, phase=phase) for number, phase in enumerate(done)],
        [field(number, phase=phase) for number, phase in enumerate(used)],
    )
    balance, worst = 0.0, None
    for day in range(2014, 2021):
        balance += 1000 * done.count(day) - 500 * used.count(day)
        if day in used:
            worst = balance if worst is None else min(worst, balance)
    if worst is None:
        worst = balance
    if None in used or (worst < 0 and None in done):
        worst = None
    assert kit.value(held, "reclaim_first_margin_m2") == worst


def lent(amount: float, year: Optional[int]) -> List[Target]:
    return [Target("", "start_quota_m2", amount, "m2", year)]


def test_start_up_quota_is_credit_until_it_is_due(kit: Any) -> None:
    plots = [village(0, phase=2016)], [field(0, phase=2015)]
    assert kit.value(kit.plan(PARCELS, *plots), "reclaim_first_margin_m2") == -500
    held = kit.plan(PARCELS, *plots, targets=lent(600.0, 2017))
    # 2015: 600 − 500; 2017, when the 600 are due: 1000 − 500
    assert kit.value(held, "reclaim_first_margin_m2") == 100
    assert kit.value(held, "start_quota_m2") == 600
    assert kit.verdict(held, "reclaim_first").result == "pass"
    assert [(year.year, year.lent, year.balance) for year in held.years] == [
        (2015, 600_00, 100_00),
        (2016, 600_00, 1100_00),
    ]


def test_start_up_quota_must_be_covered_when_due(kit: Any) -> None:
    held = kit.plan(PARCELS, [village(0, phase=2018)], [field(0, phase=2015)], targets=lent(600.0, 2017))
    assert kit.value(held, "reclaim_first_margin_m2") == -500
    assert kit.verdict(held, "reclaim_first").result == "fail"
    # nothing is due yet, as far as the plan has come
    early = kit.plan(
        PARCELS, [village(0, phase=2018)], [field(0, phase=2015)], targets=lent(600.0, 2017), as_of="2016-12-31"
    )
    assert kit.value(early, "reclaim_first_margin_m2") == 100


def test_start_up_quota_is_no_credit_after_its_due_date(kit: Any) -> None:
    held = kit.plan(PARCELS, [village(0, phase=2018)], [field(0, phase=2017)], targets=lent(600.0, 2016))
    assert kit.value(held, "reclaim_first_margin_m2") == -500
    # on the due date itself it is gone
    assert (
        kit.value(
            kit.plan(PARCELS, [village(0, phase=2018)], [field(0, phase=2016)], targets=lent(600.0, 2016)),
            "reclaim_first_margin_m2",
        )
        == -500
    )


def test_without_start_up_quota_there_is_no_line(kit: Any) -> None:
    held = kit.plan(PARCELS, [village(0, phase=2015)], [field(0, phase=2016)])
    assert "start_quota_m2" not in {line.line for line in held.accounts.lines}


def test_start_up_quota_needs_a_due_date(kit: Any) -> None:
    with pytest.raises(InputError, match="start_quota_without_year"):
        kit.plan(PARCELS, [village(0, phase=2015)], [], targets=lent(600.0, None))
