"""T24 存量建设用地（低效用地）调查表: idle, vacant, approved and not supplied, supplied and not used, low-efficient."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.registers import Stock
from three_opt_three_protect.reports.plots import area_columns, class_word, mu_note, with_mu
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

KINDS = ("idle", "vacant", "approved_unsupplied", "supplied_unused", "low_efficiency")
"""In the order of the table (闲置、空闲、批而未供、供而未用、低效)."""


def stock_table(stock: Sequence[Stock], system: ClassSystem, words: Words, unit: AreaUnit = AreaUnit.HA) -> Table:
    """T24: kind by kind with sub-totals; every piece of land is rounded once."""
    rows = Rows(_columns(words, unit))
    number = 0
    for kind in KINDS:
        members = [each for each in stock if each.kind == kind]
        first = len(rows.rows)
        for each in members:
            number += 1
            rows.add(with_mu(_cells(each, number, system, words, unit), unit))
        if members:
            rows.sum(first, {"kind": words(f"stock.{kind}"), "number": words("row.subtotal")})
    rows.sum(0, {"kind": words("row.total")})
    notes = [words("note.T24.kinds"), *mu_note(unit, words)]
    if any(each.below for each in stock):
        notes.append(words("note.T24.low"))
    unknown = sum(each.area is None for each in stock)
    if unknown:
        notes.append(words("note.T24.no_area", count=unknown))
    return Table("T24", words("table.T24"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _cells(each: Stock, place: int, system: ClassSystem, words: Words, unit: AreaUnit) -> Dict[str, Cell]:
    return {
        "kind": words(f"stock.{each.kind}"),
        "number": each.number or str(place),
        "place": each.place,
        "user": each.user,
        "class_name": class_word(each.class_code, system),
        "area": None if each.area is None else unit.number(unit.steps(each.area)),
        "since": each.since,
        "reason": each.reason or _below(each.below, words),
        "measure": each.measure,
        "year": each.year,
        "remark": each.remark,
    }


def _below(below: Optional[Mapping[str, Tuple[float, float]]], words: Words) -> Optional[str]:
    """Which figures of an enterprise are under which limits."""
    if not below:
        return None
    said: List[str] = []
    for name, (value, limit) in below.items():
        said.append(words("cell.below", name=words(f"yield.{name}"), value=f"{value:g}", limit=f"{limit:g}"))
    return "；".join(said)


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    return (
        Column("kind", words("column.stock_kind"), width=12, merged=True),
        Column("number", words("column.place"), width=10),
        Column("place", words("column.location"), width=20),
        Column("user", words("column.user"), width=20),
        Column("class_name", words("column.present_class"), width=14),
        *area_columns(words, unit),
        Column("since", words("column.since"), Kind.NUMBER, width=8),
        Column("reason", words("column.cause"), width=30),
        Column("measure", words("column.measure_taken"), width=20),
        Column("year", words("column.measure_year"), Kind.NUMBER, width=8),
        Column("remark", words("column.remark"), width=14),
    )
