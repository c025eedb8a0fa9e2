"""T16 专项自查情况表: plots and land outside the plan, part by part, and totals by village and status."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Numbering
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.selfcheck import Checked
from three_opt_three_protect.core.selfcheckrules import FACTS, StatusRule
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

_NOTED_ONLY = frozenset({"survey", "unchanged", "other"})
"""Accounts whose parts stand in the totals only."""

Row = Tuple[Optional[str], Optional[str], Optional[str], int, int, Optional[str], Optional[str], str]
"""Village, plot, parcel, plot fact, time fact, class before, class after, status."""


def check_tables(checked: Checked, villages: Mapping[str, str], words: Words) -> Tuple[Table, Table]:
    """T16 and its totals; ``villages`` village code → name."""
    return parts_table(checked, villages, words), totals_table(checked, villages, words)


def parts_table(checked: Checked, villages: Mapping[str, str], words: Words) -> Table:
    """T16: plot or parcel, state of the plan, class of both years, verdict, area."""
    rules = {rule.status: rule for rule in checked.judged.rules}
    rows = Rows(_part_columns(words))
    given = checked.around.farmland is not None
    for key, area, farm in _parts(checked):
        unit, plot, parcel, kind, time, before, after, status = key
        rule = rules[status]
        cells: Dict[str, Cell] = {
            "object": plot if plot is not None else parcel,
            "village": _village(unit, villages, words),
            "state": _state(kind, time, words),
            "before": before,
            "after": after,
            "verdict": words(f"selfcheck.{status}"),
            "area": float(to_m2(area)),
            "farm": float(to_m2(farm)) if given else None,
            "severity": _severity(rule, words),
            "advice": words(f"selfcheck_advice.{rule.advice}"),
        }
        rows.add(cells, alert=rule.rank == 0)
    rows.sum(0, {"object": words("row.total")})
    notes = [words("note.T16.area"), words("note.T16.noted")]
    if not given:
        notes.append(words("note.missing_lines", lines=words("zone.farmland")))
    return Table("T16", words("table.T16"), words("unit.m2"), rows.columns, tuple(rows.rows), tuple(notes))


def _parts(checked: Checked) -> List[Tuple[Row, int, int]]:
    """What is listed, the most serious first, then plots and parcels by their names."""
    rules = checked.judged.rules
    noted = np.array([rule.account in _NOTED_ONLY for rule in rules], dtype=np.bool_)[checked.rule]
    rows = np.flatnonzero(checked.shown & ~noted)
    before, after = (year.parcels for year in checked.years)
    numbering = Numbering()
    keys: List[Row] = []
    for row in rows.tolist():
        plot, now, was = checked.plot_id[row], int(checked.after[row]), int(checked.before[row])
        parcel = None if plot is not None else after.parcel_id[now] if now >= 0 else before.parcel_id[was]
        keys.append(
            (
                checked.unit.values[row],
                plot,
                parcel,
                int(checked.facts["plot"][row]),
                int(checked.facts["time"][row]),
                before.class_code[was] if was >= 0 else None,
                after.class_code[now] if now >= 0 else None,
                rules[checked.rule[row]].status,
            )
        )
    index = numbering.of(keys)
    area = sum_by(index, checked.area[rows], len(numbering))
    farm = sum_by(index, np.where(checked.facts["farmland"] == 1, checked.area, 0)[rows], len(numbering))
    rank = {rule.status: _gravity(rule) for rule in rules}
    found = list(zip(numbering, area.tolist(), farm.tolist()))
    return sorted(found, key=lambda one: (rank[one[0][7]], -one[0][3], *(str(cell or "") for cell in one[0])))


def _state(kind: int, time: int, words: Words) -> Optional[str]:
    """What was planned, and how far it is: 拆旧（已验收）."""
    plot = FACTS["plot"][kind]
    if plot == "none":
        return words("selfcheck.outside")
    name = "newbuild" if plot == "both" else plot
    return words("selfcheck.state", plot=words(f"plot.{name}"), time=words(f"selfcheck_time.{FACTS['time'][time]}"))


def _gravity(rule: StatusRule) -> Tuple[int, bool]:
    """Sorts the most serious first."""
    return rule.rank, not rule.major


def _severity(rule: StatusRule, words: Words) -> str:
    return words("selfcheck.major") if rule.major else words(f"severity.{rule.severity}")


def _village(code: Optional[str], villages: Mapping[str, str], words: Words) -> str:
    return words("row.no_village") if code is None else villages.get(code, code)


def _part_columns(words: Words) -> Tuple[Column, ...]:
    years = words("column.check_classes")
    return (
        Column("object", words("column.check_object"), width=18, merged=True),
        Column("village", words("column.village"), width=14),
        Column("state", words("column.check_state"), width=16),
        Column("before", words("column.check_before"), groups=(years,), width=10),
        Column("after", words("column.check_after"), groups=(years,), width=10),
        Column("verdict", words("column.check_verdict"), width=38),
        Column("area", words("column.area"), Kind.AREA, width=14, decimals=2, total=True),
        Column("farm", words("zone.farmland"), Kind.AREA, (words("column.of_which"),), 14, 2, total=True),
        Column("severity", words("column.severity"), width=8),
        Column("advice", words("column.advice"), width=40),
    )


def totals_table(checked: Checked, villages: Mapping[str, str], words: Words) -> Table:
    """Number and area by village and status; the areas of the statuses add up to the township."""
    rules: Dict[str, StatusRule] = {}
    for rule in checked.judged.rules:
        rules.setdefault(rule.status, rule)
    rows = Rows(_total_columns(words))
    order = {status: number for number, status in enumerate(sorted(rules, key=lambda name: _gravity(rules[name])))}
    status = np.array([order[rule.status] for rule in checked.judged.rules], dtype=np.int64)[checked.rule]
    units = sorted(checked.unit.levels.tolist(), key=lambda unit: (unit is None, unit or ""))
    level = {unit: number for number, unit in enumerate(units)}
    unit = np.array([level[one] for one in checked.unit.levels], dtype=np.int64)[checked.unit.code]
    index = unit * len(order) + status
    size = len(units) * len(order)
    area, count = sum_by(index, checked.area, size), np.bincount(index, minlength=size)
    for place, code in enumerate(units):
        first = len(rows.rows)
        for name, number in order.items():
            at = place * len(order) + number
            if count[at]:
                cells: Dict[str, Cell] = {
                    "village": _village(code, villages, words),
                    "verdict": words(f"selfcheck.{name}"),
                    "severity": _severity(rules[name], words),
                    "count": int(count[at]),
                    "area": float(to_m2(area[at])),
                }
                rows.add(cells, alert=rules[name].rank == 0)
        if len(rows.rows) > first:
            rows.sum(first, {"village": _village(code, villages, words), "verdict": words("row.subtotal")})
    rows.sum(0, {"village": words("row.total")})
    title = words("table.T16.totals")
    notes = (words("note.T16.totals"),)
    return Table("", title, words("unit.m2"), rows.columns, tuple(rows.rows), notes)


def _total_columns(words: Words) -> Tuple[Column, ...]:
    return (
        Column("village", words("column.village"), width=18, merged=True),
        Column("verdict", words("column.check_verdict"), width=42),
        Column("severity", words("column.severity"), width=10),
        Column("count", words("column.check_count"), Kind.NUMBER, width=10, total=True),
        Column("area", words("column.area"), Kind.AREA, width=18, decimals=2, total=True),
    )
