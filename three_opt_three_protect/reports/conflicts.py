"""T20 三线占用情况表 with the overlap matrix of the lines, and the conflicts behind both."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Dict, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.reports.plotland import PlotLine
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import Cell, Column, Kind, Rows, Table, Words


@dataclass(frozen=True)
class ConflictLine:
    """One conflict: hundredths of a m², words of the profile, ``sliver`` for one that is not counted."""

    kind: str
    level: int
    plot_id: Optional[str]
    unit: Optional[str]
    area: int
    sliver: bool
    severity: str
    basis: str
    advice: str


def occupation(
    areas: Mapping[Tuple[str, str], Mapping[str, int]], known: Sequence[str], unit: AreaUnit
) -> Tuple[PlotLine, ...]:
    """Lines of T20.

    Parameters
    ----------
    areas
        (kind of plot, plot id) → ``whole`` and line → hundredths of a m².
    known
        Lines that could be looked at; the others stay empty.
    """
    out = []
    for (kind, plot_id), found in areas.items():
        whole, total = found["whole"], int(unit.steps(found["whole"]))
        lines = {
            line: total if found.get(line, 0) == whole else min(int(unit.steps(found.get(line, 0))), total)
            for line in known
        }
        if "outside_boundary" in lines:
            lines["boundary"] = total - lines["outside_boundary"]
        out.append(PlotLine(kind, plot_id, total, lines))
    return tuple(out)


def line_matrix(
    overlaps: Mapping[Tuple[str, str], int], lines: Sequence[str], words: Words, unit: AreaUnit = AreaUnit.HA
) -> Table:
    """Line × line: area in which two lines overlap; above the diagonal, each pair once.

    Parameters
    ----------
    overlaps
        (line, line) → hundredths of a m², without slivers; a pair that could not be looked at is left out.
    lines
        farmland, redline1, redline2, boundary in the order of the profile.
    """
    names = {line: words("line.boundary" if line == "boundary" else f"zone.{line}") for line in lines}
    pairs = {
        (line, other): overlaps.get((line, other), overlaps.get((other, line)))
        for place, line in enumerate(lines)
        for other in lines[place + 1 :]
    }
    met = {pair: amount for pair, amount in pairs.items() if amount is not None}
    down = [line for line in lines if any(line == first for first, _ in met)]
    across = [line for line in lines if any(line == second for _, second in met)]
    columns = (
        Column("line", words("column.control_line"), width=28),
        *(Column(line, names[line], Kind.AREA, width=28, decimals=unit.decimals) for line in across),
    )
    rows = Rows(columns)
    for line in down:
        found = {other: met[line, other] for other in across if (line, other) in met}
        cells: Dict[str, Cell] = {other: unit.number(int(unit.steps(amount))) for other, amount in found.items()}
        rows.add({"line": names[line], **cells})
    notes = (words("note.line_matrix"),)
    return Table("", words("table.line_matrix"), words(f"unit.{unit.value}"), columns, tuple(rows.rows), notes)


def conflict_list(found: Sequence[ConflictLine], words: Words, unit: AreaUnit = AreaUnit.HA) -> Table:
    """Every conflict with its area, added up by kind, as land of two kinds stands twice; slivers are only noted."""
    columns = (
        Column("kind", words("column.conflict"), width=54),
        Column("plot_id", words("column.plot_id"), width=14),
        Column("unit", words("column.unit"), width=18),
        Column("area", words("column.area"), Kind.AREA, width=14, decimals=unit.decimals, total=True),
        Column("severity", words("column.severity"), width=12),
    )
    rows = Rows(columns)
    counted = [line for line in found if not line.sliver]
    for _, group in groupby(counted, key=lambda line: (line.kind, line.level)):
        first = len(rows.rows)
        for line in group:
            cells: Dict[str, Cell] = {"unit": line.unit, "area": unit.number(int(unit.steps(line.area)))}
            severity = words(f"conflict.severity.{line.severity}")
            rows.add({**_named(line, words), **cells, "severity": severity}, alert=line.severity == "fail")
        if len(rows.rows) - first > 1:
            rows.sum(first, {"kind": words("row.subtotal")})
    slivers = [line.area for line in found if line.sliver]
    notes = [words("note.conflict_sums")] if counted else []
    if slivers:
        area = unit.number(int(unit.steps(sum(slivers))))
        notes.append(words("note.conflict_slivers", count=len(slivers), area=area, unit=words(f"unit.{unit.value}")))
    return Table("", words("table.conflicts"), words(f"unit.{unit.value}"), columns, tuple(rows.rows), tuple(notes))


def advice_list(found: Sequence[ConflictLine], words: Words) -> Table:
    """Basis and advice, once for every kind of conflict and plot."""
    columns = (
        Column("kind", words("column.conflict"), width=54),
        Column("plot_id", words("column.plot_id"), width=14),
        Column("basis", words("column.basis"), width=50),
        Column("advice", words("column.advice"), width=60),
    )
    rows = Rows(columns)
    said = {(line.kind, line.level, line.plot_id, line.advice): line for line in found if not line.sliver}
    for line in said.values():
        rows.add({**_named(line, words), "basis": line.basis, "advice": line.advice}, alert=line.severity == "fail")
    return Table("", words("table.conflict_advice"), "", columns, tuple(rows.rows))


def _named(line: ConflictLine, words: Words) -> Dict[str, Cell]:
    kind = words(f"conflict.{line.kind}")
    return {"kind": kind + words(f"redlevel.{line.level}") if line.level else kind, "plot_id": line.plot_id}
