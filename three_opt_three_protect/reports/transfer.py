"""T3 土地利用变化流向（转移）矩阵表: from which class to which."""

from __future__ import annotations

from typing import Dict, List, Tuple

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.reports.classtally import class_name
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.structure import PrintedStructure, printed_structure
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words


def transfer_table(
    balance: Balance, system: ClassSystem, profile: Profile, words: Words, unit: AreaUnit = AreaUnit.HA
) -> Table:
    """T3: rows are classes of the plan's base, columns classes after the plan; the diagonal is what stays.

    Rows add up to the base areas of T2, columns to its areas after the plan.
    """
    found = printed_structure(balance, system, profile, unit)
    names = [class_name(line, system, words) for line in found.lines]
    groups = [words(f"group.{GROUP_TOKEN[line.group] or 'unknown'}") for line in found.lines]
    rows = Rows(_columns(found, names, groups, words, unit))
    for place, flows in enumerate(found.flows):
        cells: Dict[str, Cell] = {f"to{number}": amount / 100 for number, amount in enumerate(flows)}
        leaving = sum(flows) - flows[place]
        rows.add({"group": groups[place], "name": names[place], "leaving": leaving / 100, **cells})
    rows.sum(0, {"group": words("row.after_plan")})
    notes = (words("note.T3.read"), words("note.T2.classes", system=system.name), words("note.T2.forced"))
    return Table("T3", words("table.T3"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), notes)


def _columns(
    found: PrintedStructure, names: List[str], groups: List[str], words: Words, unit: AreaUnit
) -> Tuple[Column, ...]:
    digits, before = unit.survey_decimals, (words("column.base_year"),)
    to = [
        Column(
            f"to{number}",
            name,
            Kind.AREA,
            (words("column.target_year"), group),
            max(9.0, min(2.1 * len(name) + 1, 13.0)),
            digits,
            total=True,
        )
        for number, (name, group) in enumerate(zip(names, groups))
    ]
    every = tuple((column.key, 1) for column in to)
    return (
        Column("group", words("column.group"), width=9, merged=True, groups=before),
        Column("name", words("column.class_name"), width=19, groups=before),
        *to,
        Column("base", words("column.base_total"), Kind.AREA, (), 11, digits, total=True, terms=every),
        Column("leaving", words("column.leaving"), Kind.AREA, (), 10, digits, total=True),
    )
