"""T4 农村建设用地复垦潜力分村汇总表: one row a village, then the township."""

from __future__ import annotations

import math
from typing import Dict, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.potential.summary import VillageSummary
from three_opt_three_protect.reports.rounding import AreaUnit, figure
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

_AREAS = ("village_m2", "outside_m2", "retain_m2", "theory_m2", "cand_m2", "real_m2", "cult_m2")
_COUNTS = ("households", "population", "cands")


def potential_table(
    villages: VillageSummary,
    grade_names: Sequence[str],
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    names: Optional[Mapping[str, str]] = None,
) -> Table:
    """T4: every village is rounded once; the township is their sum, empty where a village is not known.

    Parameters
    ----------
    grade_names
        What grade 1 … is called.
    names
        Village code → name.
    """
    rows = Rows(_columns(words, unit))
    last = len(villages.unit_code) - 1
    for place in range(last):
        code = villages.unit_code[place]
        name = words("row.no_village") if code is None else (names or {}).get(str(code), str(code))
        rows.add({"village": name, **_cells(villages, place, grade_names, unit)})
    whole = _cells(villages, last, grade_names, unit)
    rows.sum(0, {"village": words("row.total"), **whole})
    # What one village does not know, the township does not know either.
    rows.blank(*(column.key for column in rows.columns if column.total and whole[column.key] is None))
    notes = (words("note.T4.outside"), words("note.T4.potential"), words("note.T4.empty"))
    return Table("T4", words("table.T4"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), notes)


def _cells(villages: VillageSummary, place: int, grade_names: Sequence[str], unit: AreaUnit) -> Dict[str, Cell]:
    def value(name: str) -> Optional[float]:
        found = float(villages.values[name][place])
        return None if math.isnan(found) else found

    cells: Dict[str, Cell] = {}
    for name in _AREAS:
        found = value(name)
        cells[name] = None if found is None else unit.number(unit.steps(to_units(villages.values[name][place])))
    for name in _COUNTS:
        cells[name] = figure(value(name), 0)
    grade = value("grade")
    cells["per_head"], cells["std_head"] = figure(value("per_head"), 2), figure(value("std_head"), 2)
    cells["factor"] = figure(value("factor"), 2)
    cells["grade"] = None if grade is None else grade_names[int(grade) - 1]
    return cells


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    def area(key: str, *groups: str) -> Column:
        heads = tuple(words(group) for group in groups)
        return Column(key, words(f"column.{key}"), Kind.AREA, heads, 11, unit.decimals, total=True)

    people, per_head = (words("column.outside_people"),), (words("column.per_head_m2"),)
    return (
        Column("village", words("column.village"), width=14),
        Column("households", words("column.households"), Kind.NUMBER, people, 8, total=True),
        Column("population", words("column.population"), Kind.NUMBER, people, 8, total=True),
        area("village_m2"),
        area("outside_m2"),
        Column("per_head", words("column.present"), Kind.NUMBER, per_head, 9, 2),
        Column("std_head", words("column.standard"), Kind.NUMBER, per_head, 9, 2),
        area("theory_m2"),
        area("retain_m2"),
        Column("cands", words("column.cands"), Kind.NUMBER, (words("column.candidates"),), 8, total=True),
        area("cand_m2", "column.candidates"),
        Column("factor", words("column.correction"), Kind.NUMBER, width=8, decimals=2),
        area("real_m2"),
        area("cult_m2"),
        Column("grade", words("column.potential_grade"), width=10),
    )
