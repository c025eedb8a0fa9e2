"""Accounts of the township, of villages and years, and the official tables, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Mapping, Sequence

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QPalette

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.rules import FAIL, Accounts, Line
from three_opt_three_protect.desk.figures import figure, line_title, unit_name, with_unit
from three_opt_three_protect.desk.look import result_colour
from three_opt_three_protect.desk.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from three_opt_three_protect.core.timeline import Year
    from three_opt_three_protect.desk.balance_job import Outcome

translate = QCoreApplication.translate


PIVOT_LINES = (
    "reclaimed_m2",
    "added_m2",
    "net_reduction_m2",
    "cultivated_gain_m2",
    "cultivated_loss_m2",
    "cultivated_net_gain_m2",
    "construction_after_m2",
    "cultivated_after_m2",
)
"""Account lines set side by side for villages and settlements."""

_YEAR_DIGITS = 4

_LETTER = 0.6
"""Width of a printed character against a full-width one."""


def township_lines(accounts: Accounts) -> List[Line]:
    """The township's lines account by account, but those of single years, which have a table of their own."""
    found = [entry for entry in accounts.lines if entry.unit_code == "" and not _is_yearly(entry.line)]
    order = list(dict.fromkeys(entry.account for entry in found))
    return sorted(found, key=lambda entry: order.index(entry.account))


def _is_yearly(line: str) -> bool:
    year = line.rpartition("_")[2]
    return len(year) == _YEAR_DIGITS and year.isdecimal()


def account_table(accounts: Accounts, screen: str) -> Table:
    """The township's accounts line by line."""
    columns = [
        Column(translate("BalanceTables", "Account"), width=6),
        Column(translate("BalanceTables", "Item"), width=15),
        Column(translate("BalanceTables", "Figure"), numeric=True, width=6),
        Column(translate("BalanceTables", "Unit"), width=3),
    ]
    rows = []
    for entry in township_lines(accounts):
        text, unit = figure(entry.value, entry.unit, screen)
        cells = (
            Cell(sentence(f"account.{entry.account}", {})),
            Cell(line_title(entry.line)),
            Cell(text, entry.value),
            Cell(unit),
        )
        rows.append(Row(cells, entry.line))
    return columns, rows


def pivot_table(accounts: Accounts, units: Sequence[str], names: Mapping[str, str], screen: str) -> Table:
    """One row a village or settlement, the main lines side by side, the township's total last."""
    columns = [Column(with_unit(translate("BalanceTables", "Unit of account"), screen), width=8)]
    columns += [
        Column(sentence(f"short.{line}", {}), numeric=True, width=6, tip=line_title(line)) for line in PIVOT_LINES
    ]
    rows = []
    for code in [*units, ""]:
        values = [accounts.value(line, code) for line in PIVOT_LINES]
        cells = [Cell(unit_name(code, names), tip=code, bold=not code)]
        cells += [Cell(figure(value, "m2", screen)[0], value, bold=not code) for value in values]
        rows.append(Row(tuple(cells), code))
    return columns, rows


def villages_of(accounts: Accounts) -> List[str]:
    """Village codes with an account line."""
    return [code for code in accounts.units() if code and "/" not in code]


def settlements_of(accounts: Accounts) -> List[str]:
    """Settlements where something happens; hundreds of empty ones would hide them."""
    moving = ("reclaim_plot_m2", "newbuild_plot_m2")
    return [code for code in accounts.units() if "/" in code and any(accounts.value(line, code) for line in moving)]


def year_table(years: Sequence[Year], screen: str, palette: QPalette) -> Table:
    """Credits, debits and the running balance of quota."""
    from three_opt_three_protect.core.measure import to_m2

    columns = [Column(translate("BalanceTables", "Year"), width=5)]
    columns += [
        Column(with_unit(title, screen), numeric=True, width=8)
        for title in (
            translate("BalanceTables", "Credited by reclamation"),
            translate("BalanceTables", "Used by new-build"),
            translate("BalanceTables", "Balance"),
        )
    ]
    rows = []
    for year in years:
        values = [float(to_m2(units)) for units in (year.credit, year.debit, year.balance)]
        cells = [Cell(str(year.year), year.year)] + [
            Cell(figure(v, "m2", screen)[0], v, colour=result_colour(FAIL, palette) if v < 0 else None) for v in values
        ]
        rows.append(Row(tuple(cells), year.year))
    return columns, rows


def report_table(outcome: Outcome, number: str, screen: str) -> Table:
    """An official table in the unit of the screen."""
    from three_opt_three_protect.plans.tablelabels import plan_labels
    from three_opt_three_protect.reports.table import Kind, shown
    from three_opt_three_protect.reports.tables import AreaUnit, plan_table

    balance, system = outcome.balance, outcome.survey.system
    if balance is None:
        return [], []
    labels = plan_labels(balance, outcome.survey.village_names, outcome.targets)
    table = plan_table(number, balance, system, outcome.profile, words, AreaUnit(screen), labels)
    figures = [column.kind is not Kind.TEXT and column.kind is not Kind.DATE for column in table.columns]
    columns = [
        Column("·".join(part for part in column.headings if part), numeric, max(3, round(column.width * _LETTER)))
        for column, numeric in zip(table.columns, figures)
    ]
    rows = [
        Row(
            tuple(
                Cell(shown(cell, column), None if isinstance(cell, str) else cell, bold=row.adds is not None)
                for cell, column in zip(row.cells, table.columns)
            ),
            place,
        )
        for place, row in enumerate(table.rows)
    ]
    return columns, rows


def words(message_id: str, **values: Any) -> str:
    """What reports ask for their words."""
    return sentence(message_id, values)
