"""T1 规划主要指标表, T23 指标分解表 and the ranking of villages (节约集约用地排名)."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.indicators.definition import Indicator
from three_opt_three_protect.core.indicators.facts import TOTAL, Units
from three_opt_three_protect.core.indicators.hold import ASSIGNED, LIMIT, Held
from three_opt_three_protect.core.indicators.ranking import Ranked
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.reports.rounding import AreaUnit, figure
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

DIVIDED = ("cultivated_m2", "farmland_m2", "construction_m2", "reclaim_m2")
"""Indicators the township divides among its villages (T23)."""


def main_table(held: Sequence[Held], period: Tuple[int, int], words: Words, language: str, unit: AreaUnit) -> Table:
    """T1: the indicators of the whole, at the base and after the plan, beside what was assigned.

    Parameters
    ----------
    held
        As ``core.indicators.hold`` gives them.
    period
        First and last year of the plan: the base is the year before the first.
    language
        ``zh`` or ``en``.
    unit
        Of areas.
    """
    columns = (
        Column("place", words("column.place"), Kind.NUMBER, width=6),
        Column("title", words("column.indicator"), width=34),
        Column("unit", words("column.unit_of"), width=12),
        Column("kind", words("column.property"), width=9),
        Column("before", words("column.base_year_of", year=period[0] - 1), Kind.NUMBER, width=15, decimals=None),
        Column("after", words("column.target_year_of", year=period[1]), Kind.NUMBER, width=15, decimals=None),
        Column("target", words("column.assigned"), Kind.NUMBER, width=15, decimals=None),
        Column("result", words("column.met"), width=11),
        Column("against", words("column.against"), width=14),
    )
    rows = Rows(columns)
    for place, one in enumerate(_printed(held), 1):
        rows.add(
            {
                "place": place,
                "title": one.indicator.title[language],
                "unit": _unit_word(one.indicator, unit, words),
                "kind": words(f"target_kind.{one.indicator.kind}"),
                "before": _shown(one.before, one.indicator, unit),
                "after": _shown(one.value, one.indicator, unit),
                "target": _shown(one.target, one.indicator, unit),
                "result": None if one.result is None else words(f"result.{one.result}"),
                "against": words(f"against.{one.against}") if one.against else None,
            },
            alert=one.result == "fail",
        )
    notes = (words("note.T1.base"), words("note.T1.farmland"))
    return Table("T1", words("table.T1"), words(f"unit.{unit.value}"), columns, tuple(rows.rows), notes)


def _printed(held: Sequence[Held]) -> List[Held]:
    """One row an indicator: against its task, else what it is held against first."""
    order = {ASSIGNED: 0, LIMIT: 1}
    best: Dict[str, Held] = {}
    for one in held:
        if one.unit_code != TOTAL or not one.indicator.printed:
            continue
        known = best.get(one.indicator.id)
        if known is None or order.get(one.against, 2) < order.get(known.against, 2):
            best[one.indicator.id] = one
    return list(best.values())


def _shown(value: Optional[float], indicator: Indicator, unit: AreaUnit) -> Cell:
    if value is None:
        return None
    if indicator.unit == "m2":
        return unit.number(unit.steps(to_units([value])[0]))  # type: ignore[arg-type]
    return figure(value, indicator.decimals)


def _unit_word(indicator: Indicator, unit: AreaUnit, words: Words) -> str:
    return words(f"unit.{unit.value if indicator.unit == 'm2' else indicator.unit}")


def divided_table(held: Sequence[Held], units: Units, names: Mapping[str, str], words: Words, unit: AreaUnit) -> Table:
    """T23: what is assigned to every village, what the plan gives it, and the difference; of a county, by township.

    The last row is the whole's own figures, the row before it the sum of the parts; what the whole has beyond that
    sum is not divided yet.
    """
    parts, heads = units.villages, ("column.village", "row.villages_sum", "row.township")
    if units.townships:
        parts, heads = units.townships, ("column.township", "row.townships_sum", "row.county")
    columns: List[Column] = [Column("unit", words(heads[0]), width=20)]
    for name in DIVIDED:
        group = (words(f"divided.{name}"),)
        for part in ("assigned", "planned"):
            key = f"{name}.{part}"
            columns.append(Column(key, words(f"column.{part}"), Kind.AREA, group, 14, unit.decimals, total=True))
        columns.append(Column(f"{name}.rest", words("column.difference"), Kind.AREA, group, 14, unit.decimals))
    rows = Rows(tuple(columns))
    for code in parts:
        rows.add({"unit": names.get(code, code), **_tasks(held, code, unit)})
    rows.sum(0, {"unit": words(heads[1])})
    rows.add({"unit": words(heads[2]), **_tasks(held, TOTAL, unit)})
    return Table("T23", words("table.T23"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), ())


def _tasks(held: Sequence[Held], code: str, unit: AreaUnit) -> Mapping[str, Cell]:
    """Assigned, planned and the difference of each indicator; a difference with only one side is none."""
    cells: Dict[str, Cell] = {}
    for one in held:
        name = one.indicator.id
        if one.unit_code != code or name not in DIVIDED:
            continue
        planned = cells[f"{name}.planned"] = _shown(one.value, one.indicator, unit)
        if one.against == ASSIGNED:
            assigned = cells[f"{name}.assigned"] = _shown(one.target, one.indicator, unit)
            if planned is not None and assigned is not None:
                cells[f"{name}.rest"] = round(float(planned) - float(assigned), unit.decimals)
    return cells


def ranking_table(
    ranked: Sequence[Ranked],
    indicators: Sequence[Indicator],
    names: Mapping[str, str],
    words: Words,
    language: str,
    title: str = "table.ranking",
) -> Table:
    """Units in their order, with the place in every indicator that could be compared."""
    judged = [
        one for one in indicators if any(unit.ranks.get(one.id) is not None for unit in ranked)
    ]  # an indicator nobody knows takes no column
    columns = [
        Column("rank", words("column.rank"), Kind.NUMBER, width=8),
        Column("unit", words("column.unit_ranked"), width=20),
        Column("score", words("column.score"), Kind.NUMBER, width=10, decimals=4),
    ]
    group = (words("column.places"),)
    columns += [Column(one.id, one.title[language], Kind.NUMBER, group, 13) for one in judged]
    rows = Rows(tuple(columns))
    for one in ranked:
        places: Dict[str, Cell] = {judge.id: one.ranks[judge.id] for judge in judged}
        rows.add({"rank": one.rank, "unit": names.get(one.unit_code, one.unit_code), "score": one.score, **places})
    return Table("", words(title), "", rows.columns, tuple(rows.rows), (words("note.ranking"),), signed=False)
