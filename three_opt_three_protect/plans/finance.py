"""The money of a plan: layers → core → the layers and tables of ``finance``."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.finance import Finance, finance
from three_opt_three_protect.core.financeamounts import FEN, Amount
from three_opt_three_protect.core.financedrivers import NO_YEAR, subjects
from three_opt_three_protect.core.financeitems import EXPENSE, INCOME, chosen_items, items_of
from three_opt_three_protect.core.financeprices import NO_PRICES
from three_opt_three_protect.core.findings import Finding
from three_opt_three_protect.core.roles import role_real
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import Column, LayerTable, first_features, integer, real, text
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.plans.financeprices import read_prices
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.plans.resulttables import result_table
from three_opt_three_protect.storage.catalogue import load_role_schemas

_YUAN = {"width": 18, "decimals": 2}


def plan_money(
    balance: Balance,
    newbuild: Optional[Source],
    prices: Optional[Source],
    wanted: Sequence[str],
    targets: Sequence[Target],
    profile: Profile,
    as_of: str = "",
) -> Tuple[Finance, Tuple[Finding, ...]]:
    """The money of a plan.

    Parameters
    ----------
    newbuild
        The layer of new-build plots, for what the accounts do not read of it.
    wanted
        Ids of optional items that count.

    Raises
    ------
    InputError
        See :func:`financeprices.read_prices`; ``finance_item_unknown``, ``amount_out_of_range``.
    SchemaError
        ``finance_item_wrong``.
    """
    every = items_of(profile)
    table, findings = (NO_PRICES, ()) if prices is None else read_prices(prices, every)
    chosen = tuple(table.sourced(item) for item in chosen_items(every, wanted, table.items))
    held = subjects(balance, _floors(newbuild, len(balance.newbuild)), profile, as_of)
    return finance(balance, held, chosen, table, targets, profile), findings


def _floors(source: Optional[Source], count: int) -> np.ndarray[Tuple[int], np.dtype[np.float64]]:
    if source is None:
        return np.full(count, np.nan)
    mapping = source.mapping(load_role_schemas()["newbuild"])
    floors = role_real(source.table, mapping, "floor_m2")
    wrong = (floors < 0) | np.isinf(floors)
    if wrong.any():
        features = first_features(source.table, wrong)
        raise InputError("amount_out_of_range", layer=source.table.name, features=features, field=mapping["floor_m2"])
    return floors


def yuan(fen: Optional[int]) -> float:
    """Whole fen → yuan; NaN where not known."""
    return np.nan if fen is None else fen / FEN


def money_layer(found: Finance, balance: Balance) -> LayerTable:
    """Every plot with what it costs and brings in (``finance`` OUTPUT)."""
    held = found.subjects
    shapes = np.concatenate([balance.reclaim.repaired.geometry, balance.newbuild.repaired.geometry])
    sums, open_ = {}, {}
    for side in (EXPENSE, INCOME):
        parts = found.of(side)
        sums[side] = sum((one.by_plot for one in parts), np.zeros(len(held), dtype=np.int64))
        open_[side] = sum((one.lacking for one in parts), np.zeros(len(held), dtype=np.int64)) > 0
    lacking = [",".join(one.item.id for one in found.amounts if one.lacking[row]) or None for row in range(len(held))]
    cost, income = sums[EXPENSE] / FEN, sums[INCOME] / FEN
    sure_cost, sure_income = np.where(open_[EXPENSE], np.nan, cost), np.where(open_[INCOME], np.nan, income)
    columns: Dict[str, Column] = {
        "plot_id": text(held.plot_id, "地块编号", 40),
        "kind": text(np.where(held.reclaim, "reclaim", "newbuild").astype(object), "地块类型", 10),
        "unit_code": text(held.unit_code, "行政村代码", 12),
        "year": integer(held.year, held.year == NO_YEAR, "年度", 4),
        "area_mu": real(held.area, alias="面积_亩", **_YUAN),
        "cost_yuan": real(sure_cost, alias="支出_元", **_YUAN),
        "inc_yuan": real(sure_income, alias="收入_元", **_YUAN),
        "bal_yuan": real(np.round(sure_income - sure_cost, 2), alias="差额_元", **_YUAN),
        "least_cost": real(cost, alias="支出已知部分_元", **_YUAN),
        "least_inc": real(income, alias="收入已知部分_元", **_YUAN),
        "lacking": text(lacking, "缺单价或数量的项目", 200),
    }
    kept = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    whole = LayerTable("money", np.arange(1, len(held) + 1), shapes, columns, balance.base.spec.crs)
    return whole.take(np.flatnonzero(kept))


def money_table(found: Finance, language: str) -> LayerTable:
    """T14 in machine form: a row an item, then the sums and the balance (``finance`` SUMMARY)."""
    rows: List[Mapping[str, object]] = [
        _item_row(one, language) for side in (EXPENSE, INCOME) for one in found.of(side)
    ]
    for side in (EXPENSE, INCOME):
        rows.append(
            _sum_row(side, found.total(side), found.known(side), [one for one in found.of(side) if one.missing])
        )
    rows.append(_sum_row("balance", found.balance, None, [one for one in found.amounts if one.missing]))

    def texts(key: str, alias: str, width: int) -> Column:
        return text([None if row.get(key) is None else str(row[key]) for row in rows], alias, width)

    def numbers(key: str, alias: str) -> Column:
        values = [row.get(key) for row in rows]
        return real([float(one) if isinstance(one, (int, float)) else np.nan for one in values], alias=alias, **_YUAN)

    return result_table(
        "summary",
        {
            "side": texts("side", "收支", 10),
            "item": texts("item", "项目", 40),
            "title": texts("title", "项目名称", 60),
            "driver": texts("driver", "计量依据", 20),
            "per": texts("per", "计量单位", 20),
            "quantity": numbers("quantity", "数量"),
            "price": numbers("price", "单价_元或比例"),
            "amt_yuan": numbers("amount", "金额_元"),
            "least_yuan": numbers("least", "已知部分_元"),
            "missing": integer([int(str(row["missing"])) for row in rows], alias="缺数据的地块数"),
            "basis": texts("basis", "依据", 200),
            "bas_status": texts("status", "依据核实状态", 12),
        },
    )


def _item_row(one: Amount, language: str) -> Mapping[str, object]:
    item = one.item
    return {
        "side": item.side, "item": item.id, "title": item.title[language], "driver": item.driver, "per": item.per,
        "quantity": None if one.quantity is None else one.quantity / 100, "price": one.price,
        "amount": None if one.missing else one.fen / FEN, "least": one.fen / FEN, "missing": one.missing,
        "basis": item.basis, "status": item.status,
    }  # fmt: skip


def _sum_row(side: str, total: Optional[int], known: Optional[int], amounts: Sequence[Amount]) -> Mapping[str, object]:
    return {
        "side": side, "item": "total", "amount": None if total is None else total / FEN,
        "least": None if known is None else known / FEN, "missing": sum(one.missing for one in amounts),
    }  # fmt: skip


def phase_table(found: Finance) -> LayerTable:
    """Money year by year (``finance`` PHASES); ``complete`` 0 where amounts or dates are lacking."""
    years = found.phases
    complete = int(not any(one.missing for one in found.amounts) and not any(found.undated))

    def money(values: Sequence[int], alias: str) -> Column:
        return real([value / FEN for value in values], alias=alias, **_YUAN)

    return result_table(
        "phases",
        {
            "year": integer([one.year for one in years], alias="年度", width=4),
            "cost_yuan": money([one.expense for one in years], "支出_元"),
            "interest": money([one.interest for one in years], "利息_元"),
            "inc_yuan": money([one.income for one in years], "收入_元"),
            "budget": money([one.budget for one in years], "预算资金_元"),
            "bal_yuan": money([one.balance for one in years], "当年差额_元"),
            "run_yuan": money([one.running for one in years], "累计余额_元"),
            "gap_yuan": money([one.gap for one in years], "资金缺口_元"),
            "complete": integer([complete] * len(years), alias="数据齐全", width=1),
        },
    )


def with_verdicts(balance: Balance, found: Finance) -> Balance:
    """The balance with the verdicts on the money alone, for the table of verdicts."""
    return replace(balance, verdicts=found.verdicts)


def money_figures(found: Finance) -> Mapping[str, Optional[float]]:
    """Figures of ``finance``; None where not known."""

    def figure(fen: Optional[int]) -> Optional[float]:
        return None if fen is None else fen / FEN

    return {
        "COST_YUAN": figure(found.total(EXPENSE)), "INCOME_YUAN": figure(found.total(INCOME)),
        "BALANCE_YUAN": figure(found.balance), "COST_PER_MU": found.cost_per_mu,
        "BREAK_EVEN_YUAN_MU": figure(found.break_even), "LARGEST_GAP_YUAN": figure(_largest_gap(found)),
        "KNOWN_COST_YUAN": figure(found.known(EXPENSE)), "KNOWN_INCOME_YUAN": figure(found.known(INCOME)),
        "MISSING_ITEMS": sum(1 for one in found.amounts if one.missing),
    }  # fmt: skip


def _largest_gap(found: Finance) -> Optional[int]:
    """None where amounts or dates are lacking."""
    if any(one.missing for one in found.amounts) or any(found.undated):
        return None
    return max((one.gap for one in found.phases), default=0)
