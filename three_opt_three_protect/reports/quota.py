"""T8 建设用地指标平衡表（拆旧建新平衡表）: the township and its villages."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.reports.rounding import AreaUnit, Leaves, figure, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words


def quota_table(
    balance: Balance,
    profile: Profile,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
) -> Table:
    """T8: quota from reclamation and its use, cultivated land, grades; one row a village, then the township."""
    base = balance.base
    units = sorted({code for code in base.unit_code if code is not None})
    out, new = leaves(balance, True, unit), leaves(balance, False, unit)
    figures = {**_reclaim_figures(balance, out), **_newbuild_figures(balance, new)}
    factor = profile.number("reduction_factor")
    rows = Rows(_columns(words, unit))
    for code in (*units, None):
        cells = _unit_cells(balance, out, new, figures, code, unit, factor)
        if code is None and units and not any(cells.values()):
            continue
        rows.add({**cells, "unit": _unit_name(code, units, labels, words), "factor": factor})
    rows.sum(
        0,
        {
            "unit": words("row.total"),
            "factor": factor,
            "grade_base": figure(balance.accounts.value("grade_base"), 1),
            "grade_after": figure(balance.accounts.value("grade_after"), 1),
        },
    )
    notes = (words("note.T8.quota"), words("note.T8.grades"))
    return Table("T8", words("table.T8"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), notes)


def printed_totals(balance: Balance) -> Mapping[str, float]:
    """The township's totals as T8 prints them, in hectares: sums of plots that were rounded once.

    What is printed elsewhere (a map sheet) takes these, so that a figure is the same wherever it stands.
    """
    unit = AreaUnit.HA
    out, new = leaves(balance, True, unit), leaves(balance, False, unit)
    figures = {**_reclaim_figures(balance, out), **_newbuild_figures(balance, new)}
    steps = {key: int(digits.sum()) for key, (_, digits) in figures.items()}
    added = sum(steps[key] for key in ("resettlement", "town", "infrastructure", "other_use"))
    totals = {
        "reclaimed_ha": steps["reclaimed"],
        "added_ha": added,
        "net_reduction_ha": steps["reclaimed"] - added,
        "cultivated_gain_ha": steps["gain"],
        "cultivated_loss_ha": steps["loss"],
        "cultivated_net_gain_ha": steps["gain"] - steps["loss"],
    }
    return {line: float(unit.number(value)) for line, value in totals.items()}


def _unit_name(code: Optional[str], units: List[str], labels: Labels, words: Words) -> str:
    if code is None:
        return words("row.no_village") if units else words("row.township")
    return labels.villages.get(code, code)


def _unit_cells(
    balance: Balance,
    out: Leaves,
    new: Leaves,
    figures: Mapping[str, Tuple[bool, Ints]],
    code: Optional[str],
    unit: AreaUnit,
    factor: float,
) -> Dict[str, Cell]:
    unit_code = balance.base.unit_code
    here = {True: _in_unit(unit_code, balance, out, code), False: _in_unit(unit_code, balance, new, code)}
    cells: Dict[str, Cell] = {}
    for key, (of_reclaim, steps) in figures.items():
        cells[key] = unit.number(int(steps[here[of_reclaim]].sum()))
    reclaimed = float(cells["reclaimed"] or 0)
    cells["available"] = figure(reclaimed * factor, unit.decimals)
    return cells


def _in_unit(unit_code: NDArray[np.object_], balance: Balance, leaf: Leaves, code: Optional[str]) -> NDArray[np.bool_]:
    units = unit_code[balance.changes.plots.base[leaf.piece]]
    return np.array([unit == code for unit in units], dtype=np.bool_)


def _reclaim_figures(balance: Balance, leaf: Leaves) -> Dict[str, Tuple[bool, Ints]]:
    """Column → (from reclaim plots, printed digits of their pieces)."""
    change, base = balance.changes, balance.base
    row = change.plots.base
    before = np.where(change.reclaims & base.cultivated[row], change.plots.net, 0)
    arable = leaf.part(change.cultivated_after)
    return {
        "reclaim_area": (True, leaf.area),
        "reclaimed": (True, leaf.part(change.reclaimed)),
        "reclaimed_cultivated": (True, arable),
        "gain": (True, arable - leaf.part(before)),
    }


def _newbuild_figures(balance: Balance, leaf: Leaves) -> Dict[str, Tuple[bool, Ints]]:
    change, plots = balance.changes, balance.newbuild
    added = leaf.part(change.added)
    use, source = plots.use[leaf.plot].astype(str), plots.quota_source[leaf.plot].astype(str)
    in_town = np.isin(use, ("town", "industry"))
    known = in_town | np.isin(use, ("resettlement", "infrastructure"))
    split = {
        "resettlement": use == "resettlement",
        "town": in_town,
        "infrastructure": use == "infrastructure",
        "other_use": ~known,
        "linked": source == "linked",
        "annual_plan": source == "annual_plan",
        "provincial": source == "provincial",
        "stock_source": source == "stock",
    }
    figures = {key: (False, np.where(where, added, 0)) for key, where in split.items()}
    figures["loss"] = (False, leaf.part(change.loss))
    return figures


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    def area(key: str, *groups: str, terms: Tuple[Tuple[str, int], ...] = ()) -> Column:
        heads = tuple(words(group) for group in groups)
        return Column(key, words(f"column.{key}"), Kind.AREA, heads, 10, unit.decimals, total=True, terms=terms)

    supply, use, source, arable = "column.supply", "column.use_of_quota", "column.by_source", "column.cultivated_land"
    uses = ("resettlement", "town", "infrastructure", "other_use")
    return (
        Column("unit", words("column.unit"), width=16),
        area("reclaim_area", supply),
        area("reclaimed", supply),
        Column("factor", words("column.factor"), Kind.NUMBER, (words(supply),), 7, 2),
        area("available", supply),
        *(area(key, use) for key in uses),
        area("used", use, terms=tuple((key, 1) for key in uses)),
        *(area(key, source) for key in ("linked", "annual_plan", "provincial", "stock_source")),
        area("net_reduction", terms=(("reclaimed", 1), ("used", -1))),
        area("surplus", terms=(("available", 1), ("linked", -1))),
        *(area(key, arable) for key in ("reclaimed_cultivated", "gain", "loss")),
        area("net_gain", arable, terms=(("gain", 1), ("loss", -1))),
        Column("grade_base", words("column.before"), Kind.NUMBER, (words("column.grade_weighted"),), 7, 1),
        Column("grade_after", words("column.after"), Kind.NUMBER, (words("column.grade_weighted"),), 7, 1),
    )
