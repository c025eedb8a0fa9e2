"""Scenarios side by side as rows: accounts, verdicts, plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Optional, Sequence

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QPalette

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN
from three_opt_three_protect.desk.account_rows import township_lines
from three_opt_three_protect.desk.figures import UNKNOWN as DASH
from three_opt_three_protect.desk.figures import figure, line_title, with_unit
from three_opt_three_protect.desk.look import icon, result_colour
from three_opt_three_protect.desk.table import Cell, Column, Row, Table
from three_opt_three_protect.desk.verdict_rows import margin_text, verdict_tip

if TYPE_CHECKING:
    from three_opt_three_protect.plans.scenarios import Comparison, Judged

translate = QCoreApplication.translate

_WORST_FIRST = (FAIL, UNKNOWN, WARN, PASS)
FIRST_LINES = (
    "reclaimed_m2",
    "added_m2",
    "net_reduction_m2",
    "cultivated_gain_m2",
    "cultivated_loss_m2",
    "cultivated_net_gain_m2",
    "reclaim_first_margin_m2",
    "households",
    "reclaim_cost",
    "reclaim_plots",
    "newbuild_plots",
)
"""What a planner compares first, in this order; the other lines follow as the accounts have them."""


def account_table(found: Comparison, screen: str, palette: QPalette, only_different: bool) -> Table:
    """The township's account lines, one column a scenario; of all but the first also the difference to the first."""
    difference = translate("CompareTables", "Difference to “{first}”").format(first=found.names[0])
    columns = [
        Column(translate("CompareTables", "Item"), width=12),
        Column(translate("CompareTables", "Unit"), width=3),
    ]
    for place, name in enumerate(found.names):
        columns.append(Column(name, numeric=True, width=7, tip=name, cut=True))
        if place:
            columns.append(Column(translate("CompareTables", "Difference"), numeric=True, width=6, tip=difference))
    lines = {entry.line: entry for balance in found.balances for entry in township_lines(balance.accounts)}
    order = [line for line in FIRST_LINES if line in lines] + [line for line in lines if line not in FIRST_LINES]
    rows = []
    for line in order:
        values = found.values(line)
        if only_different and len(set(values)) == 1:
            continue
        rows.append(_account_row(line, lines[line].unit, values, screen, palette))
    return columns, rows


def _account_row(line: str, unit: str, values: Sequence[Optional[float]], screen: str, palette: QPalette) -> Row:
    from three_opt_three_protect.plans.scenarios import difference

    title = line_title(line)
    cells = [Cell(title, tip=title, bold=line in FIRST_LINES), Cell(figure(None, unit, screen)[1])]
    for place, value in enumerate(values):
        cells.append(Cell(figure(value, unit, screen)[0], value))
        if place:
            other = difference(value, values[0])
            cells.append(Cell(signed(other, unit, screen), other, figure(other, unit, screen)[0]))
    return Row(tuple(cells), line)


def signed(value: Optional[float], unit: str, screen: str) -> str:
    """A difference with its sign; nothing where there is none."""
    if value is None:
        return DASH
    text = figure(value, unit, screen)[0]
    if not text.strip("-0."):
        return "="
    return f"+{text}" if value > 0 else text


def verdict_table(found: Comparison, screen: str, palette: QPalette, only_different: bool) -> Table:
    """Every rule, and what it says of each scenario; rules that some scenario breaks first."""
    columns = [Column(translate("CompareTables", "Rule"), width=13)]
    columns += [Column(name, width=11, tip=name, cut=True) for name in found.names]
    judged = {rule: found.judged(rule) for rule in found.rules}
    order = sorted(judged, key=lambda rule: min((_place(one) for one in judged[rule]), default=len(_WORST_FIRST)))
    rows = []
    for rule in order:
        if only_different and len({_shown(one, screen) for one in judged[rule]}) == 1:
            continue
        title = sentence(f"rule.{rule}", {})
        hard = any(one is not None and one.verdict.hard for one in judged[rule])
        cells = [Cell(title, tip=title, bold=hard), *(_judged_cell(one, screen, palette) for one in judged[rule])]
        rows.append(Row(tuple(cells), rule))
    return columns, rows


def _place(judged: Optional[Judged]) -> int:
    return len(_WORST_FIRST) if judged is None else _WORST_FIRST.index(judged.verdict.result)


def _shown(judged: Optional[Judged], screen: str) -> str:
    if judged is None:
        return DASH
    verdict = judged.verdict
    word = sentence(f"result.{verdict.result}", {})
    text = word if verdict.margin is None else margin_text(verdict, screen)
    if judged.units:
        return translate("CompareTables", "{text} ({count} units)").format(text=text, count=judged.units)
    return text


def _judged_cell(judged: Optional[Judged], screen: str, palette: QPalette) -> Cell:
    if judged is None:
        return Cell(DASH)
    verdict = judged.verdict
    return Cell(
        _shown(judged, screen),
        _place(judged),
        tip=verdict_tip(verdict, screen),
        icon=icon(f"result_{verdict.result}"),
        colour=None if verdict.result == PASS else result_colour(verdict.result, palette),
    )


def plot_table(found: Comparison, screen: str, only_different: bool) -> Table:
    """Every plot, the year each scenario has it in, and what is different about it."""
    from three_opt_three_protect.core.measure import to_m2

    columns = [
        Column(translate("CompareTables", "Plot"), width=6),
        Column(translate("CompareTables", "Kind"), width=4),
        Column(with_unit(translate("CompareTables", "Area"), screen), numeric=True, width=5),
        *(Column(name, width=5, tip=name, cut=True) for name in found.names),
        Column(translate("CompareTables", "What differs"), width=12),
    ]
    rows = []
    for place, plot in enumerate(found.plots):
        said = difference_words(found, place)
        if only_different and not said:
            continue
        area = float(to_m2(plot.area))
        year = translate("CompareTables", "yes") if plot.phase is None else str(plot.phase)
        cells: List[Cell] = [
            Cell(plot.plot_id),
            Cell(sentence(f"plot.{plot.role}", {})),
            Cell(figure(area, "m2", screen)[0], area),
            *(Cell(year if row in plot.scenarios else "") for row in range(len(found.names))),
            Cell(said, tip=said),
        ]
        rows.append(Row(tuple(cells), place))
    return columns, rows


def difference_words(found: Comparison, place: int) -> str:
    """What is different about a form of a plot; nothing where all scenarios have it in this very form."""
    plot = found.plots[place]
    if plot.only_in is not None:
        said = [translate("CompareTables", "only in “{name}”").format(name=found.names[plot.only_in])]
    elif plot.times < len(found.names):
        names = translate("CompareTables", ", ").join(found.names[row] for row in plot.scenarios)
        said = [translate("CompareTables", "in {names}").format(names=names)]
    else:
        said = []
    if "phase" in plot.differs:
        said.append(translate("CompareTables", "another year"))
    if "geometry" in plot.differs:
        said.append(translate("CompareTables", "drawn otherwise"))
    if plot.alike:
        same = translate("CompareTables", "same land as {plots}")
        said.append(same.format(plots=translate("CompareTables", ", ").join(plot.alike)))
    return translate("CompareTables", ", ").join(said)
