"""A comparison as the tables and figures the interface promises."""

from __future__ import annotations

from typing import Callable, Iterator, List, NamedTuple, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.tables import CrsInfo, LayerTable, integer, real, text
from three_opt_three_protect.plans.resulttables import figures
from three_opt_three_protect.plans.scenarios import Comparison, Judged, difference
from three_opt_three_protect.reports.comparison import Panel, RuleRow, ScenarioFigures, printed, unit_word
from three_opt_three_protect.reports.rounding import AreaUnit

Words = Callable[..., str]
"""Message id and values → sentence, see ``storage.messages``."""

ACCOUNT, VERDICT = "account", "verdict"

PANELS: Tuple[Tuple[str, str], ...] = (
    ("construction", "reclaimed_m2"),
    ("construction", "added_m2"),
    ("construction", "net_reduction_m2"),
    ("cultivated", "cultivated_gain_m2"),
    ("cultivated", "cultivated_loss_m2"),
    ("cultivated", "cultivated_net_gain_m2"),
    ("time", "reclaim_first_margin_m2"),
    ("rights", "households"),
    ("money", "reclaim_cost"),
)
"""Account and line of what a planner compares first; a line no scenario knows is left out."""


class _Row(NamedTuple):
    kind: str
    scenario: str
    account: Optional[str]
    line: str
    unit_code: str
    value: Optional[float]
    unit: str
    result: Optional[str] = None
    margin: Optional[float] = None
    hard: Optional[bool] = None
    diff: Optional[float] = None


def comparison_table(comparison: Comparison) -> LayerTable:
    """Every account line and verdict of every scenario (``comparescenarios`` TABLE).

    ``value`` of a verdict is the left side of its rule; ``diff`` is held against the first scenario, of a verdict
    by its margin.
    """
    rows = [*_account_rows(comparison), *_verdict_rows(comparison)]
    return LayerTable(
        "comparison",
        np.arange(1, len(rows) + 1, dtype=np.int64),
        columns={
            "kind": text([row.kind for row in rows], alias="类别", width=8),
            "scenario": text([row.scenario for row in rows], alias="规划方案", width=80),
            "account": text([row.account for row in rows], alias="账目", width=16),
            "line": text([row.line for row in rows], alias="科目或规则", width=40),
            "unit_code": text([row.unit_code for row in rows], alias="单位代码", width=60),
            "value": figures([row.value for row in rows], "数值"),
            "unit": text([row.unit for row in rows], alias="计量单位", width=12),
            "result": text([row.result for row in rows], alias="结论", width=8),
            "hard": integer(
                [int(row.hard or False) for row in rows],
                np.array([row.hard is None for row in rows], dtype=np.bool_),
                alias="强制",
                width=1,
            ),
            "margin": figures([row.margin for row in rows], "富余或尚缺"),
            "diff": figures([row.diff for row in rows], "与首个方案之差"),
        },
    )


def _account_rows(comparison: Comparison) -> List[_Row]:
    first = comparison.balances[0].accounts
    return [
        _Row(
            ACCOUNT,
            name,
            line.account,
            line.line,
            line.unit_code,
            line.value,
            line.unit,
            diff=difference(line.value, first.value(line.line, line.unit_code)),
        )
        for name, one in zip(comparison.names, comparison.balances)
        for line in one.accounts.lines
    ]


def _verdict_rows(comparison: Comparison) -> List[_Row]:
    first = {(one.rule, one.unit_code): one.margin for one in comparison.balances[0].verdicts}
    return [
        _Row(
            VERDICT,
            name,
            None,
            found.rule,
            found.unit_code,
            found.left,
            found.unit,
            found.result,
            found.margin,
            found.hard,
            difference(found.margin, first.get((found.rule, found.unit_code))),
        )
        for name, one in zip(comparison.names, comparison.balances)
        for found in one.verdicts
    ]


def plot_table(comparison: Comparison, crs: Optional[CrsInfo]) -> LayerTable:
    """Every form of every plot with the scenarios that have it (``comparescenarios`` PLOTS)."""
    plots, names = comparison.plots, comparison.names
    shapes = np.empty(len(plots), dtype=np.object_)
    shapes[:] = [plot.geometry for plot in plots]
    area = to_m2(np.array([plot.area for plot in plots], dtype=np.int64))
    only = [None if plot.only_in is None else names[plot.only_in] for plot in plots]
    return LayerTable(
        "plots",
        np.arange(1, len(plots) + 1, dtype=np.int64),
        shapes,
        {
            "plot_id": text([plot.plot_id for plot in plots], alias="地块编号", width=40),
            "role": text([plot.role for plot in plots], alias="地块类型", width=10),
            "phase": integer(
                [plot.phase or 0 for plot in plots],
                np.array([plot.phase is None for plot in plots], dtype=np.bool_),
                alias="实施时序",
                width=4,
            ),
            "scenarios": text(["; ".join(names[row] for row in plot.scenarios) for plot in plots], alias="规划方案"),
            "only_in": text(only, alias="仅见于", width=80),
            "times": integer([plot.times for plot in plots], alias="入选方案数", width=3),
            "differs": text([" ".join(plot.differs) or None for plot in plots], alias="与他方案之别", width=20),
            "alike": text([", ".join(plot.alike) or None for plot in plots], alias="他方案中编号", width=80),
            "area_m2": real(area, alias="面积_平方米", width=18, decimals=2),
        },
        crs,
    )


def scenario_figures(comparison: Comparison, words: Words, unit: AreaUnit = AreaUnit.HA) -> ScenarioFigures:
    """What the chart of a comparison shows, in the language of ``words``."""
    rules = tuple(_rule_row(comparison, rule, words, unit) for rule in comparison.rules)
    return ScenarioFigures(comparison.names, tuple(_panels(comparison, words, unit)), rules)


def _panels(comparison: Comparison, words: Words, unit: AreaUnit) -> Iterator[Panel]:
    units = {line.line: line.unit for one in comparison.balances for line in one.accounts.lines if not line.unit_code}
    for account, line in PANELS:
        values = comparison.values(line)
        if any(value is not None for value in values):
            shown = [printed(value, units[line], unit) for value in values]
            _, name, decimals = shown[0]
            figures = tuple(None if value is None else float(value) for value, _, _ in shown)
            yield Panel(words(f"account.{account}"), words(f"line.{line}"), unit_word(name, words), decimals, figures)


def _rule_row(comparison: Comparison, rule: str, words: Words, unit: AreaUnit) -> RuleRow:
    judged = comparison.judged(rule)
    hard = any(one is not None and one.verdict.hard for one in judged)
    results = tuple(None if one is None else one.verdict.result for one in judged)
    return RuleRow(words(f"rule.{rule}"), hard, results, tuple(_note(one, words, unit) for one in judged))


def _note(judged: Optional[Judged], words: Words, unit: AreaUnit) -> str:
    """富余 12.35 亩, 尚缺 12.35 亩, or in how many villages it is so."""
    if judged is None:
        return ""
    if judged.units:
        return words("chart.units", count=judged.units)
    verdict = judged.verdict
    if verdict.margin is None:
        return ""
    amount, name, decimals = printed(abs(verdict.margin), verdict.unit, unit)
    figure = f"{amount:.{decimals}f}"
    figure = figure.rstrip("0").rstrip(".") if "." in figure else figure
    return words("margin.spare" if verdict.margin >= 0 else "margin.short", figure=figure, unit=unit_word(name, words))
