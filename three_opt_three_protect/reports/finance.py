"""T14 资金平衡（投资估算与资金筹措）表, and the yearly balance behind it; in 万元."""

from __future__ import annotations

from fractions import Fraction
from typing import List, Mapping, Optional, Tuple

from three_opt_three_protect.core.finance import Finance
from three_opt_three_protect.core.financeamounts import FEN, Amount
from three_opt_three_protect.core.financeitems import EXPENSE, INCOME
from three_opt_three_protect.core.financephases import rounded
from three_opt_three_protect.reports.rounding import settle
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

_FEN_PER_STEP = FEN * 100
"""Fen in 0.01 万元."""


def wan(fen: int) -> float:
    """Fen → 万元 with two decimals, half away from zero."""
    return _steps(fen) / 100


def _steps(fen: int) -> int:
    """Fen → whole 0.01 万元."""
    return rounded(Fraction(fen, _FEN_PER_STEP))


def money_table(found: Finance, words: Words, language: str) -> Table:
    """T14: expenses, incomes, their difference, and what a 亩 of quota costs."""
    rows = Rows(_columns(words))
    sums = {}
    for side in (EXPENSE, INCOME):
        first = len(rows.rows)
        for one in found.of(side):
            rows.add(_cells(one, words, language), alert=bool(one.missing))
        open_ = any(one.missing for one in found.of(side))
        label = f"finance.at_least_{side}" if open_ else f"finance.total_{side}"
        rows.sum(first, {"side": words(f"finance.{side}"), "item": words(label)})
        sums[side] = round(sum(wan(one.fen) for one in found.of(side)), 2)
    _closing(rows, found, round(sums[INCOME] - sums[EXPENSE], 2), words)
    notes = [words("note.T14.closing"), words("note.T14.unit"), words("note.T14.cost")]
    lacking = [one.item.title[language] for one in found.amounts if one.missing]
    if lacking:
        notes.insert(0, words("note.T14.lacking", items="、".join(lacking)))
    return Table("T14", words("table.T14"), words("unit.10k_yuan"), rows.columns, tuple(rows.rows), tuple(notes))


def _closing(rows: Rows, found: Finance, balance: float, words: Words) -> None:
    """Rows below the sums; unknown where a sum is only a lower bound."""
    sure = found.balance is not None
    budget = wan(sum(found.budget.values()))
    lines = {"finance.income_less": balance if sure else None}
    if budget:
        lines["finance.budget"] = budget
        lines["finance.after"] = round(balance + budget, 2) if sure else None
    for line, value in lines.items():
        rows.add({"side": words("finance.balance"), "item": words(line), "amount": value})
    per = found.cost_per_mu
    quota = {"side": words("finance.figures"), "item": words("finance.per_quota"), "driver": words("finance.net_quota")}
    cells: dict[str, Cell] = {**quota, "unit": words("unit.mu"), "quantity": found.quota_mu, "price": per}
    rows.add(cells)
    price = None if found.break_even is None else found.break_even / FEN
    rows.add({"side": words("finance.figures"), "item": words("finance.break_even"), "price": price})


def phase_table(found: Finance, words: Words) -> Table:
    """Expenses, interest, incomes and the running balance of every year, 万元; years add up to T14."""
    rows = Rows(_phase_columns(words))
    years = _printed_years(found)
    running = 0
    for place, one in enumerate(found.phases):
        steps = {key: values[place] for key, values in years.items()}
        running += steps["income"] + steps["budget"] - steps["expense"] - steps["interest"]
        cells: dict[str, Cell] = {key: value / 100 for key, value in steps.items()}
        cells.update(year=str(one.year), running=running / 100, gap=max(-running, 0) / 100)
        rows.add(cells, alert=running < 0)
    rows.sum(0, {"year": words("row.total")})
    notes: List[str] = [words("note.T14.phases")]
    if any(found.undated):
        spent, won = (values[-1] / 100 for values in (years["expense"], years["income"]))
        notes.append(words("note.T14.undated", expense=f"{spent:.2f}", income=f"{won:.2f}"))
    if any(one.missing for one in found.amounts):
        notes.append(words("note.T14.known_only"))
    title = words("table.finance_phases")
    return Table("", title, words("unit.10k_yuan"), rows.columns, tuple(rows.rows), tuple(notes), False)


def _printed_years(found: Finance) -> Mapping[str, List[int]]:
    """0.01 万元 of every year, what has no date last; each column adds up to what T14 prints."""
    late_expense, late_income = found.undated
    interest = [one for one in found.amounts if one.item.driver == "gap"]
    plain = [one for one in found.of(EXPENSE) if one not in interest]
    columns = {
        "expense": ([*(one.expense for one in found.phases), late_expense], plain),
        "interest": ([*(one.interest for one in found.phases), 0], interest),
        "income": ([*(one.income for one in found.phases), late_income], found.of(INCOME)),
    }
    out = {key: settle(fen, sum(_steps(one.fen) for one in parts)) for key, (fen, parts) in columns.items()}
    budget = [one.budget for one in found.phases]
    return {**out, "budget": settle(budget, _steps(sum(budget)))}


def _cells(one: Amount, words: Words, language: str) -> dict[str, Cell]:
    item = one.item
    return {
        "side": words(f"finance.{item.side}"),
        "item": item.title[language],
        "driver": words(f"finance.driver.{item.driver}"),
        "unit": words(f"finance.per.{item.per}") if item.per else None,
        "quantity": None if one.quantity is None or item.driver == "once" else one.quantity / 100,
        "price": _price(one),
        "amount": wan(one.fen) if not one.missing or one.fen else None,
        "basis": item.basis,
        "remark": _remark(one, words),
    }


def _price(one: Amount) -> Optional[float]:
    if one.price is None:
        return None
    return round(one.price * 100, 4) if one.item.per == "share" else one.price


def _remark(one: Amount, words: Words) -> Optional[str]:
    parts = []
    if one.missing:
        parts.append(words("finance.lacks", count=one.missing))
    if one.item.within and one.quantity == 0:
        parts.append(words("finance.within"))
    if one.stated:
        parts.append(words("finance.stated", count=one.stated))
    return "；".join(parts) or None


def _columns(words: Words) -> Tuple[Column, ...]:
    return (
        Column("side", words("column.finance_side"), width=8, merged=True),
        Column("item", words("column.finance_item"), width=24),
        Column("driver", words("column.finance_driver"), width=17),
        Column("quantity", words("column.finance_quantity"), Kind.NUMBER, width=12, decimals=2),
        Column("unit", words("column.unit_of"), width=8),
        Column("price", words("column.finance_price"), Kind.NUMBER, width=13, decimals=2),
        Column("amount", words("column.finance_amount"), Kind.NUMBER, width=14, decimals=2, total=True),
        Column("basis", words("column.finance_basis"), width=46),
        Column("remark", words("column.remark"), width=24),
    )


def _phase_columns(words: Words) -> Tuple[Column, ...]:
    def money(key: str, total: bool = True) -> Column:
        return Column(key, words(f"column.finance_{key}"), Kind.NUMBER, width=14, decimals=2, total=total)

    own = (("income", 1), ("expense", -1), ("interest", -1))
    title = words("column.finance_own")
    return (
        Column("year", words("column.finance_year"), width=9),
        money("expense"),
        money("interest"),
        money("income"),
        Column("own", title, Kind.NUMBER, width=14, decimals=2, total=True, terms=own),
        money("budget"),
        money("running", False),
        money("gap", False),
    )
