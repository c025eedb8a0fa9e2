"""Lists that stand beside the official tables: contents, verdicts, findings, where the figures come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.findings import ERROR, INFO, WARNING, Finding
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN, Verdict
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

_M2, _SHARE = "m2", "share"


@dataclass(frozen=True)
class InputLayer:
    """One input of a run: role, layer name (no path), rows, coordinate system, SHA-256 of what was read."""

    role: str
    name: str
    rows: int
    crs: str
    digest: str


def contents_table(tables: Sequence[Table], sheets: Sequence[str], words: Words) -> Table:
    """目录: every table with its number, title, unit and sheet."""
    rows = Rows(
        (
            Column("place", words("column.place"), Kind.NUMBER, width=8),
            Column("number", words("column.number"), width=12),
            Column("title", words("column.title"), width=52),
            Column("unit", words("column.unit_of"), width=14),
            Column("sheet", words("column.sheet"), width=22),
        )
    )
    for place, (table, sheet) in enumerate(zip(tables, sheets), 1):
        cells: Mapping[str, Cell] = {
            "place": place,
            "number": table.number or None,
            "title": table.title,
            "unit": table.unit or None,
            "sheet": sheet,
        }
        rows.add(cells)
    return Table("", words("table.contents"), "", rows.columns, tuple(rows.rows), signed=False)


def verdict_table(
    verdicts: Sequence[Verdict],
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
) -> Table:
    """平衡结论: every rule with its result, both sides, margin, basis and what to do."""
    rows = Rows(_verdict_columns(words))
    for place, verdict in enumerate(verdicts, 1):
        sides = (verdict.left, verdict.right, verdict.margin)
        left, right, margin = (_in_unit(value, verdict.unit, unit) for value in sides)
        rows.add(
            {
                "place": place,
                "rule": words(f"rule.{verdict.rule}"),
                "unit": labels.villages.get(verdict.unit_code, verdict.unit_code) or words("row.township"),
                "result": words(f"result.{verdict.result}"),
                "hard": words("verdict.hard" if verdict.hard else "verdict.soft"),
                "left": left,
                "right": right,
                "margin": _margin(margin, verdict.unit, unit, words),
                "measure": _unit_word(verdict.unit, unit, words),
                "basis": verdict.basis,
                "status": words(f"status.{verdict.basis_status}"),
                "advice": None if verdict.result == PASS else words(f"advice.{verdict.rule}"),
            },
            alert=verdict.result == FAIL,
        )
    results = [verdict.result for verdict in verdicts]
    counts = {f"count_{result}": results.count(result) for result in (PASS, FAIL, WARN, UNKNOWN)}
    summary = words("note.verdicts", **counts)
    notes = (summary, words("note.rule_reads"), words("note.rule_exact"))
    return Table("", words("table.verdicts"), "", rows.columns, tuple(rows.rows), notes, signed=False)


def finding_table(findings: Sequence[Finding], words: Words) -> Table:
    """What the planner should look at, the most serious first."""
    order = {ERROR: 0, WARNING: 1, INFO: 2}
    rows = Rows(
        (
            Column("place", words("column.place"), Kind.NUMBER, width=6),
            Column("severity", words("column.severity"), width=12),
            Column("layer", words("column.layer"), width=20),
            Column("text", words("column.text"), width=108),
        )
    )
    for place, finding in enumerate(sorted(findings, key=lambda entry: order[entry.severity]), 1):
        rows.add(
            {
                "place": place,
                "severity": words(f"severity.{finding.severity}"),
                "layer": finding.layer,
                "text": words(finding.id, **finding.values),
            },
            alert=finding.severity == ERROR,
        )
    return Table("", words("table.findings"), "", rows.columns, tuple(rows.rows), signed=False)


def fact_table(facts: Sequence[Tuple[str, str]], words: Words) -> Table:
    """数据来源: profile, versions, area method, tolerances and whatever else a run was made with.

    Parameters
    ----------
    facts
        (id, value): the id's words are ``fact.ID``.
    """
    columns = (
        Column("fact", words("column.fact"), width=42, span=2),
        Column("value", words("column.value"), width=104, span=3),
    )
    rows = Rows(columns)
    for fact, value in facts:
        rows.add({"fact": words(f"fact.{fact}"), "value": value})
    return Table("", words("table.sources"), "", columns, tuple(rows.rows), signed=False)


def input_table(layers: Sequence[InputLayer], words: Words) -> Table:
    """The layers a run read, each with the digest of its content."""
    columns = (
        Column("role", words("column.role"), width=20),
        Column("layer", words("column.layer"), width=22),
        Column("rows", words("column.rows"), Kind.NUMBER, width=12),
        Column("crs", words("column.crs"), width=20),
        Column("digest", words("column.digest"), width=72),
    )
    rows = Rows(columns)
    for layer in layers:
        rows.add(
            {
                "role": words(f"role.{layer.role}"),
                "layer": layer.name,
                "rows": layer.rows,
                "crs": layer.crs or None,
                "digest": layer.digest,
            }
        )
    return Table("", words("table.inputs"), "", columns, tuple(rows.rows), signed=False)


def _verdict_columns(words: Words) -> Tuple[Column, ...]:
    sides = (words("column.compared"),)
    return (
        Column("place", words("column.place"), Kind.NUMBER, width=6),
        Column("rule", words("column.rule"), width=24),
        Column("unit", words("column.unit"), width=9),
        Column("result", words("column.result"), width=8),
        Column("hard", words("column.hard"), width=7),
        Column("measure", words("column.unit_of"), width=8),
        Column("left", words("column.left"), Kind.NUMBER, sides, 13, None),
        Column("right", words("column.right_side"), Kind.NUMBER, sides, 13, None),
        Column("margin", words("column.margin"), width=15),
        Column("basis", words("column.basis"), width=40),
        Column("status", words("column.status"), width=12),
        Column("advice", words("column.advice"), width=32),
    )


def _in_unit(value: Optional[float], measured_in: str, unit: AreaUnit) -> Cell:
    """Areas in the unit of the tables, shares as per cent, all else as it is."""
    if value is None:
        return None
    if measured_in == _M2:
        return unit.number(unit.steps(to_units(np.array([value])))[0])
    return round(100 * value if measured_in == _SHARE else value, 4)


def _unit_word(measured_in: str, unit: AreaUnit, words: Words) -> str:
    if measured_in in (_SHARE, "percent"):
        return "%"
    return words(f"unit.{unit.value if measured_in == _M2 else measured_in}")


def _margin(margin: Cell, measured_in: str, unit: AreaUnit, words: Words) -> Cell:
    if not isinstance(margin, float):
        return None
    decimals = unit.decimals if measured_in == _M2 else 2
    figure = f"{abs(margin):.{decimals}f}".rstrip("0").rstrip(".")
    name = _unit_word(measured_in, unit, words)
    return words("margin.spare" if margin >= 0 else "margin.short", figure=figure, unit=name)
