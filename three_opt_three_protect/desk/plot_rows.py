"""Plots and the evidence of account lines as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, Iterator, Optional, Sequence, Tuple

from qgis.PyQt.QtCore import QCoreApplication

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.desk.figures import figure, line_title, number, with_unit
from three_opt_three_protect.desk.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from three_opt_three_protect.desk.balance_job import Outcome
    from three_opt_three_protect.desk.survey_task import Survey

translate = QCoreApplication.translate


def plot_table(outcome: Outcome, screen: str) -> Table:
    """Every plot with its box, and what it brings or costs in construction land."""
    columns = [
        Column(translate("BalanceTables", "Plot"), width=6),
        Column(translate("BalanceTables", "Kind"), width=3),
        Column(translate("BalanceTables", "Village"), width=5),
        Column(translate("BalanceTables", "Direction or use"), width=5),
        Column(translate("BalanceTables", "Year"), width=4),
        Column(with_unit(translate("BalanceTables", "Reclaimed or added"), screen), numeric=True, width=7),
    ]
    sums = {"reclaim": _by_plot(outcome, "reclaimed_m2"), "newbuild": _by_plot(outcome, "added_m2")}
    rows = []
    for plot in outcome.plots:
        out = (plot.role, plot.plot_id) in outcome.excluded
        value = None if out else sums[plot.role].get(plot.plot_id, 0.0)
        cells = (
            Cell(
                plot.plot_id,
                checked=not out,
                tip=translate("BalanceTables", "Untick to leave the plot out of the balance"),
            ),
            Cell(sentence(f"plot.{plot.role}", {})),
            Cell(plot.village),
            Cell(_coded(f"direction.{plot.kind}" if plot.role == "reclaim" else f"use.{plot.kind}", plot.kind)),
            Cell(plot.phase, number(plot.phase)),
            Cell(figure(value, "m2", screen)[0], value),
        )
        rows.append(Row(cells, (plot.role, plot.plot_id)))
    return columns, rows


def _coded(message_id: str, value: str) -> str:
    """The word of a token; what is no token (a planner's own word) as it is."""
    word = sentence(message_id, {})
    return value if word == message_id else word


def _by_plot(outcome: Outcome, line: str) -> Dict[str, float]:
    """What the evidence of ``line`` adds up to for every plot, m²."""
    from three_opt_three_protect.core.measure import to_m2

    totals: Dict[str, int] = {}
    for plot_id, _, units in evidence_rows(outcome, line):
        totals[plot_id] = totals.get(plot_id, 0) + units
    return {plot_id: float(to_m2(units)) for plot_id, units in totals.items()}


def evidence_rows(outcome: Outcome, line: str, unit_code: str = "") -> Iterator[Tuple[str, str, int]]:
    """Plot, parcel and hundredths of a m² behind ``line``; only parcels of ``unit_code`` when it is given."""
    found = None if outcome.balance is None else outcome.balance.evidence.get(line)
    if found is None:
        return
    parcels = outcome.survey.base.parcels
    inside = set(parcels.parcel_id[parcels.unit_code == unit_code.partition("/")[0]]) if unit_code else None
    for plot_id, parcel_id, units in zip(found.plot_id, found.parcel_id, found.area):
        if inside is None or parcel_id in inside:
            yield str(plot_id), str(parcel_id), int(units)


def evidence_table(rows: Sequence[Tuple[str, str, int]], survey: Survey, screen: str) -> Table:
    """Plot, parcel, its land class and the area."""
    from three_opt_three_protect.core.measure import to_m2

    columns = [
        Column(translate("BalanceTables", "Plot"), width=5),
        Column(translate("BalanceTables", "Parcel"), width=13),
        Column(translate("BalanceTables", "Land class"), width=5),
        Column(with_unit(translate("BalanceTables", "Area"), screen), numeric=True, width=6),
    ]
    out = []
    for plot_id, parcel_id, units in rows:
        value = float(to_m2(units))
        cells = (
            Cell(plot_id),
            Cell(parcel_id),
            Cell(survey.class_name(parcel_id)),
            Cell(figure(value, "m2", screen)[0], value),
        )
        out.append(Row(cells, (plot_id, parcel_id)))
    return columns, out


def evidence_title(line: Optional[str]) -> str:
    """What an evidence table lists."""
    return (
        translate("BalanceTables", "Evidence: {line}").format(line=line_title(line))
        if line
        else translate("BalanceTables", "This rule has no parcels as evidence")
    )
