"""Scenarios as rows of the list, and what is said of one below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Sequence

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QPalette

from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN
from three_opt_three_protect.desk.figures import UNKNOWN as DASH
from three_opt_three_protect.desk.figures import figure, with_unit
from three_opt_three_protect.desk.look import icon, result_colour
from three_opt_three_protect.desk.scenario_plots import HARD
from three_opt_three_protect.desk.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from three_opt_three_protect.storage.scenarios import Made, Scenario

translate = QCoreApplication.translate

OPTIMAL = "optimal"


def scenario_table(scenarios: Sequence[Scenario], screen: str, palette: QPalette) -> Table:
    """The scenarios with the figures they had when they were saved."""
    columns = [
        Column(translate("ScenarioTables", "Scenario"), width=12),
        Column(translate("ScenarioTables", "Not kept"), numeric=True, width=4, tip=_not_kept()),
        Column(with_unit(translate("ScenarioTables", "Reclaim R"), screen), numeric=True, width=6),
        Column(with_unit(translate("ScenarioTables", "Build N"), screen), numeric=True, width=6),
        Column(with_unit(translate("ScenarioTables", "New cultivated F"), screen), numeric=True, width=7),
        Column(translate("ScenarioTables", "Objective"), width=6),
        Column(translate("ScenarioTables", "Gap to the best"), width=6),
        Column(translate("ScenarioTables", "Saved"), width=8),
    ]
    return columns, [_row(scenario, screen, palette) for scenario in scenarios]


def _not_kept() -> str:
    return translate("ScenarioTables", "Rules that were not kept when the scenario was saved")


def _row(scenario: Scenario, screen: str, palette: QPalette) -> Row:
    made = scenario.made
    if made is None:
        tip = "" if scenario.error is None else error_line(scenario.error)
        title = translate("ScenarioTables", "{name} (damaged)").format(name=scenario.name)
        broken = Cell(title, tip=tip, icon=icon("result_warn"), colour=result_colour(FAIL, palette))
        return Row((broken, *([Cell("", tip=tip)] * 7)), scenario.name)
    tip = scenario_tip(scenario, screen)
    result = overall_of(made)
    areas = [made.figures.get(line) for line in ("reclaimed_m2", "added_m2", "cultivated_gain_m2")]
    fails = made.results.get(FAIL)
    colour = result_colour(FAIL, palette) if fails else None
    cells = [
        Cell(scenario.name, tip=tip, icon=icon(f"result_{result}"), bold=True),
        Cell(DASH if fails is None else str(fails), fails, colour=colour, tip=tip),
        *(Cell(figure(value, "m2", screen)[0], value, tip=tip) for value in areas),
        Cell(objective_word(made.objective) if made.objective else translate("ScenarioTables", "drawn by hand")),
        Cell(gap_text(made), made.gap, tip=tip),
        Cell(made.created.replace("T", " ")[:16], made.created),
    ]
    return Row(tuple(cells), scenario.name)


def overall_of(made: Made) -> str:
    """How the plan stood by its hard rules when it was saved, as the balance says it."""
    if not any(made.results.values()):
        return UNKNOWN
    failed, unknown = (made.results.get(f"{HARD}{result}") for result in (FAIL, UNKNOWN))
    return FAIL if failed else UNKNOWN if unknown else PASS


def objective_word(objective: str) -> str:
    """What a plan was to be best in."""
    return {
        "cost": translate("ScenarioTables", "least cost"),
        "cultivated": translate("ScenarioTables", "most cultivated land"),
        "households": translate("ScenarioTables", "fewest households"),
        "contiguity": translate("ScenarioTables", "most contiguous"),
        "weighted": translate("ScenarioTables", "weighted"),
    }.get(objective, objective)


def status_word(status: str) -> str:
    """How a search ended."""
    return {
        "optimal": translate("ScenarioTables", "best possible"),
        "gap": translate("ScenarioTables", "within the gap asked for"),
        "time_limit": translate("ScenarioTables", "time was up"),
        "cancelled": translate("ScenarioTables", "stopped"),
    }.get(status, status)


def gap_text(made: Made) -> str:
    """How far from the best a proposal is at most; nothing for a plan drawn by hand."""
    return "" if made.gap is None else percent(made.gap)


def percent(share: float) -> str:
    """0.0083 → 0.8 %; what rounds to nothing and is something says so."""
    shown = f"{100 * share:.1f}"
    return "< 0.1 %" if share > 0 and float(shown) == 0 else f"{shown} %"


def scenario_tip(scenario: Scenario, screen: str) -> str:
    """Everything known of a scenario, one thing a line."""
    made = scenario.made
    if made is None:
        return "" if scenario.error is None else error_line(scenario.error)
    lines: List[str] = [scenario.name]
    if made.note:
        lines.append(made.note)
    counts = {"reclaim": made.counts.get("reclaim", 0), "newbuild": made.counts.get("newbuild", 0)}
    lines.append(translate("ScenarioTables", "{reclaim} reclaim plots, {newbuild} new-build plots").format(**counts))
    if made.status:
        ended = translate("ScenarioTables", "Proposed for {objective}: {how}")
        lines.append(ended.format(objective=objective_word(made.objective), how=status_word(made.status)))
    if made.gap is not None and made.status != OPTIMAL:
        lines[-1] += " · " + translate("ScenarioTables", "Gap to the best") + f" {gap_text(made)}"
    if not made.figures:
        lines.append(translate("ScenarioTables", "Saved without figures: there were no parcels or no balance"))
    if made.profile:
        lines.append(translate("ScenarioTables", "Policy profile: {profile}").format(profile=made.profile))
    return "\n".join(lines)
