"""T10 永久基本农田调整（划入划出）情况表, and the register of fields behind it (JBNTHRHC)."""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.farmland.account import SOURCES, UnitRow
from three_opt_three_protect.core.farmland.settings import Reason
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.reports.rounding import AreaUnit, figure, settle
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words

_AREAS = ("TBMJ", "GDMJ", "QTNYDMJ", "JSYDMJ", "WLYDMJ")
_TEXTS: Tuple[Tuple[str, float], ...] = (("HCYY", 6), ("SJXMMC", 14), ("PZWH", 14))


def adjustment_table(
    rows: Sequence[UnitRow], reasons: Sequence[Reason], words: Words, unit: AreaUnit, names: Mapping[str, str]
) -> Table:
    """T10: one row a village, then the township.

    Every figure of a village is rounded once; what is left after the adjustment is the sum of what is printed.

    Parameters
    ----------
    rows
        The township last.
    names
        Village code → name.
    """
    listed = [reason for reason in reasons if reason.listed]
    made = Rows(_columns(listed, words, unit))
    for row in rows[:-1]:
        name = words("row.no_village") if row.unit_code is None else names.get(row.unit_code, row.unit_code)
        made.add({"unit": name, **_areas(row, listed, unit), **_ratios(row, unit)})
    made.sum(0, {"unit": words("row.total"), **_ratios(rows[-1], unit)})
    notes = (words("note.T10.net"), words("note.T10.task"), _codes(listed, words))
    return Table("T10", words("table.T10"), words(f"unit.{unit.value}"), made.columns, tuple(made.rows), notes)


def register_table(layer: LayerTable, words: Words, unit: AreaUnit) -> Table:
    """The register of fields that come in and go out, as the layer JBNTHRHC has them."""
    made = Rows(_register_columns(words, unit))
    columns = layer.columns
    exact = {name: columns[name].values for name in _AREAS}
    for row in range(len(layer)):
        cells: Dict[str, Cell] = _parts([float(exact[name][row]) for name in _AREAS], unit)
        for name in ("HRHCTBBH", "XZQMC", *(name for name, _ in _TEXTS)):
            cells[name] = columns[name].values[row]
        cells["XZQMC"] = cells["XZQMC"] or columns["XZQDM"].values[row]
        cells["HRHCLXDM"] = words(f"farmland.kind.{columns['HRHCLXDM'].values[row]}")
        made.add(cells)
    made.sum(0, {"HRHCTBBH": words("row.total")})
    title, note = words("table.farmland_register"), words("note.farmland_register")
    return Table("", title, words(f"unit.{unit.value}"), made.columns, tuple(made.rows), (note,))


def _parts(areas: Sequence[float], unit: AreaUnit) -> Dict[str, Cell]:
    """A field rounded once and dealt out to its classes, so that the printed figures add up too."""
    hundredths = to_units(np.nan_to_num(np.array(areas)))
    whole = int(unit.steps(hundredths[0]))
    cells: Dict[str, Cell] = {_AREAS[0]: unit.number(whole)}
    if not np.isnan(areas).any():
        shares = settle([int(part) for part in hundredths[1:]], whole)
        cells.update({name: unit.number(share) for name, share in zip(_AREAS[1:], shares)})
    return cells


def _areas(row: UnitRow, listed: Sequence[Reason], unit: AreaUnit) -> Dict[str, Cell]:
    def printed(hundredths: int) -> float:
        return unit.number(unit.steps(hundredths))

    cells: Dict[str, Cell] = {"before": printed(row.before)}
    cells.update({f"out_{reason.token}": printed(row.released.get(reason.token, 0)) for reason in listed})
    cells.update({f"in_{source}": printed(row.added[source]) for source in SOURCES})
    return cells


def _ratios(row: UnitRow, unit: AreaUnit) -> Dict[str, Cell]:
    share = None if not row.task else figure(100 * row.after / row.task, 2)
    return {
        "task": None if row.task is None else unit.number(unit.steps(row.task)),
        "share": share,
        "grade_base": figure(row.grade_before, 1),
        "grade_after": figure(row.grade_after, 1),
    }


def _codes(listed: Sequence[Reason], words: Words) -> str:
    """Which code the reasons have in the register."""
    said = [f"{words(f'farmland.reason.{reason.token}')} {reason.code or '—'}" for reason in listed]
    return words("note.T10.codes", codes=", ".join(said))


def _columns(listed: Sequence[Reason], words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    def area(
        key: str, title: str, group: str = "", terms: Tuple[Tuple[str, int], ...] = (), total: bool = True
    ) -> Column:
        groups = (words(group),) if group else ()
        return Column(key, words(title), Kind.AREA, groups, 10.5, unit.decimals, total=total, terms=terms)

    outs: List[Column] = [
        area(f"out_{reason.token}", f"farmland.reason.{reason.token}", "column.farmland_out") for reason in listed
    ]
    ins = [area(f"in_{source}", f"farmland.source.{source}", "column.farmland_in") for source in SOURCES]
    out_all = tuple((column.key, 1) for column in outs)
    in_all = tuple((column.key, 1) for column in ins)
    after = (("before", 1), ("out", -1), ("in", 1))
    return (
        Column("unit", words("column.unit"), width=16),
        area("task", "column.farmland_task", total=False),
        area("before", "column.farmland_before"),
        *outs,
        area("out", "column.farmland_sum", "column.farmland_out", out_all),
        *ins,
        area("in", "column.farmland_sum", "column.farmland_in", in_all),
        area("after", "column.farmland_after", terms=after),
        Column("share", words("column.farmland_share"), Kind.NUMBER, (), 9, 2),
        Column("grade_base", words("column.before"), Kind.NUMBER, (words("column.grade_weighted"),), 7, 1),
        Column("grade_after", words("column.after"), Kind.NUMBER, (words("column.grade_weighted"),), 7, 1),
    )


def _register_columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    def titled(name: str) -> str:
        return words(f"column.register.{name}")

    return (
        Column("HRHCTBBH", titled("HRHCTBBH"), width=24),
        Column("XZQMC", titled("XZQMC"), width=14),
        Column("HRHCLXDM", titled("HRHCLXDM"), width=8),
        *(Column(name, titled(name), Kind.AREA, (), 12, unit.decimals, total=True) for name in _AREAS),
        *(Column(name, titled(name), width=width) for name, width in _TEXTS),
    )
