"""T17 复垦项目管理台账: every reclaim plot from the plan to the quota that is registered."""

from __future__ import annotations

import re
from typing import Dict, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.tables import Kind as ValueKind
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.reports.plots import plot_villages, plot_year, reclaim_figures
from three_opt_three_protect.reports.rounding import AreaUnit, figure, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words
from three_opt_three_protect.reports.yearly import accepted, credited

_YUAN_PER_WAN = 10_000
_DATES: Mapping[str, str] = {"accepted_on": "acc_date", "credited_on": "cred_date", "inspected_on": "insp_date"}


def ledger_table(
    balance: Balance,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
    as_of: str = "",
    inspected: Optional[Mapping[str, str]] = None,
) -> Table:
    """T17: one row a reclaim plot.

    Parameters
    ----------
    as_of
        ISO day of the ledger; a plot that was due by then and is not accepted is late. ``""`` = not asked.
    inspected
        Plot id → what the yearly self-check found, in words.
    """
    plots, leaf = balance.reclaim, leaves(balance, True, unit)
    figures = reclaim_figures(balance, leaf)
    measured, quota = accepted(plots, unit), credited(balance, leaf, figures["reclaimed"])
    days = {key: _days(plots.table, labels, field) for key, field in _DATES.items()}
    villages = plot_villages(balance, leaf, plots.table, labels)
    rows = Rows(_columns(words, unit))
    for plot in range(len(plots)):
        year = plot_year(plots.phase[plot], plots.day[plot])
        state = _state(days["accepted_on"][plot], days["credited_on"][plot], year, as_of)
        taken = not np.isnan(plots.accepted_m2[plot])
        cells: Dict[str, Cell] = {
            "plot_id": str(plots.plot_id[plot]),
            "village": villages[plot],
            "settlement": plots.settlement[plot],
            "direction": words(f"direction.{plots.direction[plot]}"),
            "area": leaf.number(figures["area"][plot]),
            "reclaimed": leaf.number(figures["reclaimed"][plot]),
            "gain": leaf.number(figures["gain"][plot]),
            "cost": figure(plots.cost[plot] / _YUAN_PER_WAN, 2),
            "year": year,
            "accepted_on": days["accepted_on"][plot],
            "accepted": leaf.number(measured[plot]) if taken else None,
            "difference": leaf.number(int(measured[plot]) - int(figures["area"][plot])) if taken else None,
            "credited_on": days["credited_on"][plot],
            "credit": leaf.number(quota[plot]) if state in ("accepted", "credited") else None,
            "state": words(f"ledger_state.{state}"),
            "inspected_on": days["inspected_on"][plot],
            "inspection": (inspected or {}).get(str(plots.plot_id[plot])),
        }
        rows.add(cells, alert=state == "late")
    rows.sum(0, {"plot_id": words("row.total")})
    notes = [words("note.T17.credit"), words("note.T17.as_of", day=as_of) if as_of else words("note.T17.no_as_of")]
    if inspected is None:
        notes.append(words("note.T17.inspection"))
    return Table("T17", words("table.T17"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _days(table: LayerTable, labels: Labels, role_field: str) -> Sequence[Optional[str]]:
    """ISO days of a date field; None where there is none."""
    column = labels.column("reclaim", table, role_field)
    if column is None:
        return [None] * len(table)
    if column.kind is ValueKind.DATE:
        return [None if np.isnat(day) else str(day)[:10] for day in column.values]
    return [None if word is None else _iso(word) for word in as_text(column)]


def _iso(word: str) -> Optional[str]:
    """2016年3月5日, 2016/3/5, 20160305 → 2016-03-05; the plots were read, so what is not understood is no date."""
    parts = re.findall(r"[0-9]+", word)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    return f"{parts[0]}-{int(parts[1]):02d}-{int(parts[2]):02d}" if len(parts) >= 3 else None


def _state(accepted_on: Optional[str], credited_on: Optional[str], year: Cell, as_of: str) -> str:
    """What a plot has come to by ``as_of``: planned, late, accepted or credited."""
    if credited_on is not None and (not as_of or credited_on <= as_of):
        return "credited"
    if accepted_on is not None and (not as_of or accepted_on <= as_of):
        return "accepted"
    return "late" if as_of and isinstance(year, int) and f"{year:04d}-12-31" <= as_of else "planned"


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    plan, done = (words("column.planned_group"),), (words("column.acceptance"),)
    booked, seen = (words("column.booking"),), (words("column.inspection"),)

    def area(key: str, groups: Tuple[str, ...]) -> Column:
        return Column(key, words(f"column.{key}"), Kind.AREA, groups, 11, unit.decimals, total=True)

    return (
        Column("plot_id", words("column.plot_id"), width=10),
        Column("village", words("column.village"), width=12),
        Column("settlement", words("column.settlement"), width=12),
        Column("direction", words("column.direction"), width=8, groups=plan),
        area("area", plan),
        area("reclaimed", plan),
        area("gain", plan),
        Column("cost", words("column.cost_wan"), Kind.NUMBER, plan, 12, 2, total=True),
        Column("year", words("column.year"), Kind.NUMBER, plan, 7),
        Column("accepted_on", words("column.date"), Kind.DATE, done, 12),
        area("accepted", done),
        Column("difference", words("column.accepted_less_planned"), Kind.AREA, done, 11, unit.decimals, total=True),
        Column("credited_on", words("column.date"), Kind.DATE, booked, 12),
        area("credit", booked),
        Column("state", words("column.plot_state"), width=10),
        Column("inspected_on", words("column.date"), Kind.DATE, seen, 12),
        Column("inspection", words("column.found"), width=19, groups=seen),
    )
