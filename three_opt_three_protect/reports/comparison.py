"""Scenarios side by side, and a frontier, as plain figures: what the charts draw and a table prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.reports.rounding import AreaUnit, figure
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

_YUAN_PER_WAN = 10_000
_PERCENT = "percent"


@dataclass(frozen=True)
class Panel:
    """One figure in every scenario, in the unit it is printed in; None = not known."""

    group: str
    title: str
    unit: str
    decimals: int
    values: Tuple[Optional[float], ...]


@dataclass(frozen=True)
class RuleRow:
    """What one rule says of every scenario.

    ``results`` are pass, fail, warn or unknown, None where it is not judged; ``notes`` say by how much.
    """

    title: str
    hard: bool
    results: Tuple[Optional[str], ...]
    notes: Tuple[str, ...]


@dataclass(frozen=True)
class ScenarioFigures:
    """Everything a comparison shows."""

    names: Tuple[str, ...]
    panels: Tuple[Panel, ...]
    rules: Tuple[RuleRow, ...]


@dataclass(frozen=True)
class FrontierFigures:
    """A frontier as it is printed: both objectives the way a planner reads them (more may be better).

    Attributes
    ----------
    first_title, unit_1, second_title, unit_2
        Of the two axes.
    first, second
        ``(n,)`` values of the points, in one order.
    bounds
        What no plan of the same second value goes beyond, None = not known.
    first_more, second_more
        Whether more of it is better.
    """

    first_title: str
    unit_1: str
    second_title: str
    unit_2: str
    first: Tuple[float, ...]
    second: Tuple[float, ...]
    bounds: Tuple[Optional[float], ...] = ()
    first_more: bool = False
    second_more: bool = False


def printed(value: Optional[float], of: str, unit: AreaUnit) -> Tuple[Cell, str, int]:
    """A figure as it is printed, its unit as :func:`unit_word` takes it, and its decimals.

    Areas are in ``unit``, money in 万元, shares in per cent.
    """
    if of == "m2":
        own = None if value is None else unit.number(unit.steps(to_units(np.array([value])))[0])
        return own, unit.value, unit.decimals
    if of == "yuan":
        return figure(None if value is None else value / _YUAN_PER_WAN, 2), "10k_yuan", 2
    if of == "share":
        return figure(None if value is None else value * 100, 2), _PERCENT, 2
    decimals = 0 if of in ("households", "persons", "plots") else 2
    return figure(value, decimals), of, decimals


def unit_word(name: str, words: Words) -> str:
    """The unit as it is printed."""
    return "%" if name == _PERCENT else words(f"unit.{name}")


def comparison_table(figures: ScenarioFigures, words: Words) -> Table:
    """方案比较表: every figure of the chart, one column a scenario, then every rule."""
    keys = [f"s{number}" for number in range(len(figures.names))]
    columns = (
        Column("group", words("column.account"), width=14, merged=True),
        Column("title", words("column.line"), width=34),
        Column("unit", words("column.unit_of"), width=10),
        *(Column(key, name, width=18, decimals=None) for key, name in zip(keys, figures.names)),
    )
    rows = Rows(columns)
    for panel in figures.panels:
        cells = {key: _figure(value, panel.decimals, words) for key, value in zip(keys, panel.values)}
        rows.add({"group": panel.group, "title": panel.title, "unit": panel.unit, **cells})
    for rule in figures.rules:
        said = [_verdict(result, note, words) for result, note in zip(rule.results, rule.notes)]
        alert = rule.hard and "fail" in rule.results
        rows.add({"group": words("chart.verdicts"), "title": rule.title, **dict(zip(keys, said))}, alert)
    return Table("", words("chart.scenarios"), "", columns, tuple(rows.rows), signed=False)


def frontier_table(figures: FrontierFigures, words: Words) -> Table:
    """The points of a frontier, one row each."""
    columns = (
        Column("place", words("column.place"), Kind.NUMBER, width=8),
        Column("first", axis(figures.first_title, figures.unit_1), Kind.NUMBER, width=24, decimals=None),
        Column("second", axis(figures.second_title, figures.unit_2), Kind.NUMBER, width=24, decimals=None),
        Column("bound", words("chart.bound"), Kind.NUMBER, width=24, decimals=None),
    )
    rows = Rows(columns)
    bounds: Sequence[Optional[float]] = figures.bounds or [None] * len(figures.first)
    for place, (first, second, bound) in enumerate(zip(figures.first, figures.second, bounds), 1):
        rows.add({"place": place, "first": first, "second": second, "bound": bound})
    return Table("", words("chart.frontier"), "", columns, tuple(rows.rows), signed=False)


def axis(title: str, unit: str) -> str:
    """``复垦投资（万元）``."""
    return f"{title} ({unit})" if unit else title


def _figure(value: Optional[float], decimals: int, words: Words) -> Cell:
    return words("result.unknown") if value is None else figure(value, decimals)


def _verdict(result: Optional[str], note: str, words: Words) -> Cell:
    if result is None:
        return None
    parts: List[str] = [words(f"result.{result}"), note]
    return " ".join(part for part in parts if part)
