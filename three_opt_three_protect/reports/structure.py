"""T2 土地利用结构调整表: land classes before and after the plan.

Both bases are printed: the survey's classes, and the plan's base in which approved land counts as built
(00-supplement 1.3).  What the plan ends with is what the columns of T3 add up to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.reports.classtally import (
    APPROVED,
    ORDER,
    ClassLine,
    Key,
    Structure,
    Tally,
    class_lines,
    class_name,
    ridge_code,
    structure,
    transfers,
)
from three_opt_three_protect.reports.matrix import Matrix, settle_matrix
from three_opt_three_protect.reports.rounding import AreaUnit, settle
from three_opt_three_protect.reports.table import Column, Kind, Rows, Table, Words

__all__ = [
    "Key",
    "PrintedStructure",
    "Structure",
    "Tally",
    "printed_structure",
    "ridge_code",
    "structure",
    "structure_table",
]


@dataclass(frozen=True)
class PrintedStructure:
    """Class areas as T2 and T3 print them, in their last printed digits.

    Attributes
    ----------
    areas
        The exact figures.
    lines
        The first-level classes.
    survey, base, after
        One figure a line; each adds up to the township.
    flows
        From line to line: rows add up to ``base``, columns to ``after``; the diagonal is what stays.
    exact
        The three states by line, in hundredths of a m².
    """

    areas: Structure
    lines: Tuple[ClassLine, ...]
    survey: Tuple[int, ...]
    base: Tuple[int, ...]
    after: Tuple[int, ...]
    flows: Matrix
    exact: Tuple[Tuple[int, ...], ...]


def printed_structure(balance: Balance, system: ClassSystem, profile: Profile, unit: AreaUnit) -> PrintedStructure:
    """The figures of T2 and T3, force-balanced to the rounded township."""
    found = structure(balance, system, profile)
    lines = class_lines(found.tallies, system)
    whole = unit.survey_steps(sum(found.base.values()))
    exact = [[sum(tally.get(key, 0) for key in line.keys) for line in lines] for tally in found.tallies]
    survey, base, wanted = _settled(exact, whole)
    place = {key: number for number, line in enumerate(lines) for key in line.keys}
    flows = [[0] * len(lines) for _ in lines]
    for number, amount in enumerate(exact[1]):
        flows[number][number] = amount
    for (was, becomes), amount in transfers(balance, system, profile).items():
        flows[place[was]][place[was]] -= amount
        flows[place[was]][place[becomes]] += amount
    printed = settle_matrix(flows, base, wanted)
    after = tuple(sum(row[number] for row in printed) for number in range(len(lines)))
    states = tuple(tuple(state) for state in exact)
    return PrintedStructure(found, tuple(lines), tuple(survey), tuple(base), after, printed, states)


def structure_table(
    balance: Balance, system: ClassSystem, profile: Profile, words: Words, unit: AreaUnit = AreaUnit.HA
) -> Table:
    """T2: group → first-level class; areas and shares are force-balanced to the rounded township."""
    found = printed_structure(balance, system, profile, unit)
    lines, shares = found.lines, _settled(found.exact, 100_00)
    rows = Rows(_columns(words, unit))
    for group in ORDER:
        members = [place for place, line in enumerate(lines) if line.group is group]
        if not members:
            continue
        name = words(f"group.{GROUP_TOKEN[group] or 'unknown'}")
        head = rows.reserve()
        for place in members:
            rows.add(
                {
                    "group": name,
                    "name": class_name(lines[place], system, words),
                    "codes": "、".join(code for _, code in lines[place].keys if not code.startswith("<")) or None,
                    "survey": found.survey[place] / 100,
                    "base": found.base[place] / 100,
                    "base_share": shares[1][place] / 100,
                    "after": found.after[place] / 100,
                    "after_share": shares[2][place] / 100,
                }
            )
        rows.sum(head + 1, {"group": name, "name": words("row.subtotal")}, at=head)
    rows.sum(0, {"group": words("row.total")})
    notes = [words("note.T2.forced"), words("note.T2.classes", system=system.name)]
    if found.areas.base.get((LandGroup.CONSTRUCTION, APPROVED)):
        notes.append(words("note.T2.approved"))
    title = words(f"table.T2.{profile.word('structure_title')}")
    return Table("T2", title, words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _settled(exact: Sequence[Sequence[int]], whole: int) -> List[List[int]]:
    """Each state force-balanced to ``whole``; a class that did not change keeps the figure it had before."""
    shown = [settle(exact[0], whole)]
    for before, amounts in zip(exact, exact[1:]):
        last = shown[-1]
        changed = [place for place in range(len(amounts)) if amounts[place] != before[place]]
        moved = settle([amounts[place] for place in changed], sum(last[place] for place in changed))
        now = list(last)
        for place, steps in zip(changed, moved):
            now[place] = steps
        shown.append(now)
    return shown


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    digits = unit.survey_decimals

    def area(key: str, groups: Tuple[str, ...], title: str = "column.area") -> Column:
        return Column(key, words(title), Kind.AREA, groups, 15, digits, total=True)

    def share(key: str, groups: Tuple[str, ...]) -> Column:
        return Column(key, words("column.share"), Kind.PERCENT, groups, 9, 2, total=True)

    before, after = (words("column.base_year"),), (words("column.target_year"),)
    return (
        Column("group", words("column.group"), width=11, merged=True, groups=(words("column.class"),)),
        Column("name", words("column.class_name"), width=36, groups=(words("column.class"),)),
        Column("codes", words("column.class_codes"), width=20, groups=(words("column.class"),)),
        area("survey", before, "column.survey_area"),
        area("base", before, "column.base_area"),
        share("base_share", before),
        area("after", after),
        share("after_share", after),
        Column(
            "change",
            words("column.change"),
            Kind.AREA,
            width=13,
            decimals=digits,
            total=True,
            terms=(("after", 1), ("base", -1)),
        ),
    )
