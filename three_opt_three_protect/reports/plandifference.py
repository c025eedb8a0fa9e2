"""T15 规划差异图斑一览表, the matrices of uses and the sizes of the plans (四规融合)."""

from __future__ import annotations

from typing import Dict, Iterable, List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.plandiff import Comparison, Pair, SizeVerdict
from three_opt_three_protect.core.plandiffadvice import advice_of
from three_opt_three_protect.core.plandiffclasses import CONSTRUCTION, KINDS, LAND, ROLES
from three_opt_three_protect.core.plandiffpatches import LAYOUT, Patches, common_years, main_categories
from three_opt_three_protect.core.rules import FAIL
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words


def difference_tables(
    found: Comparison,
    patches: Sequence[Patches],
    verdicts: Sequence[SizeVerdict],
    words: Words,
    labels: Labels = NO_LABELS,
    unit: AreaUnit = AreaUnit.HA,
) -> Tuple[Table, ...]:
    """T15, a matrix a pair of plans, sizes by category, and by village where villages are known."""
    tables = [difference_list(found, patches, words, labels, unit, verdicts)]
    tables += [matrix_table(found, pair, words) for pair in found.pairs]
    tables.append(size_table(found, verdicts, words))
    if any(one.unit for one in verdicts):
        tables.append(village_table(found, verdicts, words, labels))
    return tuple(tables)


def difference_list(
    found: Comparison,
    patches: Sequence[Patches],
    words: Words,
    labels: Labels = NO_LABELS,
    unit: AreaUnit = AreaUnit.HA,
    verdicts: Sequence[SizeVerdict] = (),
) -> Table:
    """T15: every difference with what each plan says, the largest first; slivers of a facet in one row.

    Plans with more construction land than the land plan stand above (规模): they are no land of their own, so the total
    leaves them out.
    """
    rows = Rows(_columns(words, unit))
    sizes = _size_rows(found, verdicts, words, labels, unit)
    for row in sizes:
        rows.add({"place": len(rows.rows) + 1, **row})
    place = len(sizes)
    for each in patches:
        cells = _difference_rows(found, each, words, labels, unit)
        for row in cells:
            place += 1
            rows.add({"place": place, **row})
        slivers = each.area[each.sliver]
        if len(slivers):
            rows.add(
                {
                    "pair": _pair_name(found, each.pair, words),
                    "kind": words("row.slivers", count=len(slivers)),
                    "facet": words(f"facet.{each.facet}"),
                    "area": unit.number(unit.steps(slivers).sum()),
                }
            )
    rows.sum(len(sizes), {"unit": words("row.total")})
    notes = [words("note.T15.years"), words("note.T15.pairs"), words("note.T15.refine")]
    if sizes:
        notes.append(words("note.T15.size"))
    return Table("T15", words("table.T15"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _size_rows(
    found: Comparison, verdicts: Sequence[SizeVerdict], words: Words, labels: Labels, unit: AreaUnit
) -> List[Dict[str, Cell]]:
    """Plans that break R10, the township before its villages; ``area`` is what is too much."""
    out: List[Dict[str, Cell]] = []
    for one in verdicts:
        if one.result != FAIL:
            continue
        role = found.plans[one.plan].role
        built, limit = int(unit.steps(one.built)), int(unit.steps(one.limit))

        def size(steps: int) -> str:
            return words("cell.plan_construction", area=f"{unit.number(steps):.{unit.decimals}f}")

        out.append(
            {
                "unit": labels.villages.get(one.unit, one.unit) if one.unit else words("row.township"),
                "pair": "—".join(words(f"plan_short.{name}") for name in (LAND, role)),
                LAND: size(limit),
                role: size(built),
                "facet": words("facet.size"),
                "kind": words("difference.construction_above_land_plan"),
                "area": unit.number(built - limit),
                "advice": words(advice_of("construction_above_land_plan", False)),
            }
        )
    return out


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    plans = tuple(Column(role, words(f"plan_short.{role}"), width=15) for role in ROLES)
    return (
        Column("place", words("column.place"), Kind.NUMBER, width=6),
        Column("unit", words("column.unit"), width=13),
        Column("pair", words("column.plans_compared"), width=11),
        *plans,
        Column("facet", words("column.difference_facet"), width=8),
        Column("kind", words("column.difference_kind"), width=18),
        Column("area", words("column.area"), Kind.AREA, width=11, decimals=unit.decimals, total=True),
        Column("advice", words("column.advice_text"), width=44),
    )


def _difference_rows(
    found: Comparison, patches: Patches, words: Words, labels: Labels, unit: AreaUnit
) -> List[Dict[str, Cell]]:
    if not len(patches):
        return []
    category, year = main_categories(found, patches), common_years(found, patches)
    first = np.empty(len(patches), dtype=np.int64)
    first[patches.patch[::-1]] = patches.pieces[::-1]
    sides = [patches.pair.first, patches.pair.second]
    out: List[Dict[str, Cell]] = []
    for number in np.lexsort((np.arange(len(patches)), -patches.area)).tolist():
        if patches.sliver[number]:
            continue
        piece = int(first[number])
        kind = KINDS[patches.pair.kind[piece]] if patches.facet == LAYOUT else "year_differs"
        code = found.unit.levels[found.unit.code[piece]]
        cells: Dict[str, Cell] = {
            "unit": None if code is None else labels.villages.get(code, code),
            "pair": _pair_name(found, patches.pair, words),
            "facet": words(f"facet.{patches.facet}"),
            "kind": words(f"difference.{kind}"),
            "area": unit.number(unit.steps(patches.area[number])),
            "advice": words(advice_of(kind, _farmed(found, sides, piece))),
        }
        for plan, role in enumerate(one.role for one in found.plans):
            name = words(f"category.{found.harmonised.categories[category[number, plan]].id}")
            when = year[number, plan]
            cells[role] = name if np.isnan(when) else f"{name}（{int(when)}）"
        out.append(cells)
    return out


def _pair_name(found: Comparison, pair: Pair, words: Words) -> str:
    return "—".join(words(f"plan_short.{found.plans[side].role}") for side in (pair.first, pair.second))


def _farmed(found: Comparison, sides: Iterable[int], piece: int) -> bool:
    """One of the two plans keeps the land cultivated, the other builds on it."""
    categories = [found.harmonised.categories[found.category[piece, side]] for side in sides]
    return "cultivated" in {one.id for one in categories} and CONSTRUCTION in {one.nature for one in categories}


def matrix_table(found: Comparison, pair: Pair, words: Words) -> Table:
    """Category × category of two plans in m²: rows add up to the first plan, columns to the second."""
    cells = found.matrix(pair)
    names = [one.id for one in found.harmonised.categories]
    rows_of, columns_of = sorted({one.category for one in cells}), sorted({one.other for one in cells})
    first, second = (words(f"plan_short.{found.plans[side].role}") for side in (pair.first, pair.second))
    unit = AreaUnit.M2
    area = [
        Column(names[one], words(f"category.{names[one]}"), Kind.AREA, (second,), 15, unit.decimals, total=True)
        for one in columns_of
    ]
    sums = tuple((column.key, 1) for column in area)
    total = Column("total", words("row.total"), Kind.AREA, width=16, decimals=unit.decimals, total=True, terms=sums)
    rows = Rows((Column("category", f"{first} \\ {second}", width=22), *area, total))
    for one in rows_of:
        line: Dict[str, Cell] = {names[cell.other]: unit.number(cell.area) for cell in cells if cell.category == one}
        rows.add({"category": words(f"category.{names[one]}"), **line})
    rows.sum(0, {"category": words("row.total")})
    title = words("table.plan_matrix", first=first, second=second)
    notes = (words("note.T15.matrix", first=first, second=second), words("note.T15.reservoir"))
    return Table("", title, words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), notes)


def size_table(found: Comparison, verdicts: Sequence[SizeVerdict], words: Words) -> Table:
    """Totals of every plan by category in m²; the verdicts of R10 stand below."""
    unit, names = AreaUnit.M2, [one.id for one in found.harmonised.categories]
    plans = [
        Column(plan.role, words(f"plan.{plan.role}"), Kind.AREA, width=20, decimals=unit.decimals, total=True)
        for plan in found.plans
    ]
    rows = Rows((Column("category", words("column.category"), width=24), *plans))
    for category in sorted({cell.category for cell in found.sizes}):
        line: Dict[str, Cell] = {}
        for number, plan in enumerate(found.plans):
            held = [cell.area for cell in found.sizes if (cell.plan, cell.category) == (number, category)]
            line[plan.role] = unit.number(sum(held)) if held else None
        rows.add({"category": words(f"category.{names[category]}"), **line})
    rows.sum(0, {"category": words("row.total")})
    notes = [
        words(
            "note.plan_size",
            plan=words(f"plan.{found.plans[one.plan].role}"),
            result=words(f"result.{one.result}"),
            built=f"{unit.number(one.built):.2f}",
            limit=f"{unit.number(one.limit):.2f}",
        )
        for one in verdicts
        if one.unit == ""
    ]
    notes += [words("note.T15.refine"), words("note.T15.reservoir")]
    return Table(
        "", words("table.plan_size"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes)
    )


def village_table(
    found: Comparison, verdicts: Sequence[SizeVerdict], words: Words, labels: Labels = NO_LABELS
) -> Table:
    """R10 village by village in m²: construction land of every plan beside the land plan's."""
    unit = AreaUnit.M2
    plans = sorted({one.plan for one in verdicts})

    def area(key: str, title: str, *groups: str) -> Column:
        return Column(key, title, Kind.AREA, groups, 16, unit.decimals, total=True)

    columns = [Column("unit", words("column.unit"), width=16), area(LAND, words(f"plan.{LAND}"))]
    for plan in plans:
        role = found.plans[plan].role
        head = words(f"plan.{role}")
        columns.append(area(role, words("column.size_of"), head))
        columns.append(area(f"{role}_margin", words("column.margin_of"), head))
        columns.append(Column(f"{role}_result", words("column.result_of"), width=10, groups=(head,)))
    rows = Rows(tuple(columns))
    for code in sorted({one.unit for one in verdicts if one.unit}):
        here = [one for one in verdicts if one.unit == code]
        cells: Dict[str, Cell] = {"unit": labels.villages.get(code, code), LAND: unit.number(here[0].limit)}
        for one in here:
            role = found.plans[one.plan].role
            cells[role] = unit.number(one.built)
            cells[f"{role}_margin"] = _number(one.margin, unit)
            cells[f"{role}_result"] = words(f"result.{one.result}")
        rows.add(cells)
    rows.sum(0, {"unit": words("row.total")})
    return Table(
        "", words("table.plan_villages"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows),
        (words("note.T15.refine"),),
    )  # fmt: skip


def _number(value: Optional[int], unit: AreaUnit) -> Optional[float]:
    return None if value is None else unit.number(value)
