"""T14 and the yearly table: sums close, years add up to T14, unknown is blank and never 0."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.conftest import Kit
from tests.core.test_finance import ALL, money
from tests.reports.conftest import words_of
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.reports.finance import money_table, phase_table, wan

ZH = words_of("zh")


def cells(table: Any, item: str) -> Any:
    """The row of an item by column."""
    (row,) = [row for row in table.rows if row.cells[table.index("item")] == item]
    return dict(zip((column.key for column in table.columns), row.cells))


def test_fen_are_rounded_half_away() -> None:
    assert [wan(fen) for fen in (4_999, 5_000, 1_234_567, -5_000)] == [0.0, 0.01, 1.23, -0.01]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_t14_by_hand(language: str) -> None:
    words = words_of(language)
    table = money_table(money(Kit(), ALL), words, language)
    assert table.number == "T14"
    assert cells(table, words("finance.total_expense"))["amount"] == 455.03
    assert cells(table, words("finance.total_income"))["amount"] == 674.0
    assert cells(table, words("finance.income_less"))["amount"] == 218.97
    assert cells(table, words("finance.per_quota"))["price"] == 151_676.0
    assert cells(table, words("finance.break_even"))["price"] == 254_018.67


def test_what_is_unknown_is_blank() -> None:
    table = money_table(money(Kit(), {}), ZH, "zh")
    assert cells(table, "拆迁补偿")["amount"] is None
    assert cells(table, "拆迁补偿")["remark"] == "缺单价或数量（1 处）"
    assert cells(table, "支出合计（不少于）")["amount"] == 24.0
    assert cells(table, "收入减支出")["amount"] is None
    assert "拆迁补偿" in table.notes[0]


def test_a_budget_stands_below_the_balance() -> None:
    held = money(Kit(), ALL, targets=(Target("", "budget_yuan", 1_000_000.0, "yuan", 2015),))
    table = money_table(held, ZH, "zh")
    assert cells(table, "已落实预算资金")["amount"] == 100.0
    assert cells(table, "计入预算资金后")["amount"] == cells(table, "收入减支出")["amount"] + 100.0


@settings(max_examples=30, deadline=None)
@given(
    cost=st.floats(0, 1e7), price=st.floats(0, 500), households=st.integers(0, 300),
    year=st.sampled_from([2013, 2015, 2019, None]),
)  # fmt: skip
def test_years_add_up_to_t14(cost: float, price: float, households: int, year: Any) -> None:
    held = money(Kit(), ALL, {"cost": cost, "households": households}, {"price": price, "phase": year})
    table, years = money_table(held, ZH, "zh"), phase_table(held, ZH)
    spent, won = (cells(table, f"{side}合计" + ("（不少于）" if held.total(key) is None else ""))["amount"]
                  for side, key in (("支出", "expense"), ("收入", "income")))  # fmt: skip
    if not any(held.undated):
        assert round(years.total("expense") + years.total("interest"), 2) == spent
        assert years.total("income") == won
        assert years.rows[-2].cells[years.index("running")] == round(won - spent, 2)
    items = [row.cells[table.index("amount")] for row in table.rows if row.adds is None]
    assert round(sum(float(one or 0) for one in items[: len(held.amounts)]), 2) == round(spent + won, 2)
