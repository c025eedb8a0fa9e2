"""T19 地块现状地类面积统计表 and T20 三线占用情况表, for the plots of a plan or for any polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.core.plotreport import PlotReport
from three_opt_three_protect.reports.rounding import AreaUnit, Leaves, leaves, settle
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

LINES = ("farmland", "boundary", "outside_boundary", "redline1", "redline2")
"""The lines T20 always lists; a layer that was not given leaves its columns empty."""

_ROLE_OF_LINE = {
    "farmland": "farmland",
    "boundary": "boundary",
    "outside_boundary": "boundary",
    "redline1": "redline",
    "redline2": "redline",
}


@dataclass(frozen=True)
class ClassLine:
    """One land class of one plot in printed digits; ``kind`` is reclaim, newbuild or ``""``."""

    kind: str
    plot_id: str
    class_code: Optional[str]
    group: int
    area: int
    cultivated: int
    paddy: int
    farmland: Optional[int]


@dataclass(frozen=True)
class PlotLine:
    """One plot and what it takes of every line, in printed digits; a line that is not known is left out."""

    kind: str
    plot_id: str
    area: int
    lines: Mapping[str, int]


def report_classes(report: PlotReport, plot_ids: Sequence[str], unit: AreaUnit) -> Tuple[ClassLine, ...]:
    """Lines of T19 from a plot report; a plot is rounded once and dealt out to its classes."""
    out: List[ClassLine] = []
    for plot, plot_id in enumerate(plot_ids):
        found = [row for row in report.classes if row.plot == plot]
        shares = settle([row.area for row in found], int(unit.steps(report.area[plot])))
        for row, share in zip(found, shares):

            def part(amount: int, whole: int = row.area, share: int = share) -> int:
                return share if amount == whole else min(int(unit.steps(amount)), share)

            out.append(
                ClassLine(
                    "",
                    plot_id,
                    row.class_code,
                    row.group,
                    share,
                    part(row.cultivated),
                    part(row.paddy),
                    None if row.farmland is None else part(row.farmland),
                )
            )
    return tuple(out)


def report_lines(report: PlotReport, plot_ids: Sequence[str], unit: AreaUnit) -> Tuple[PlotLine, ...]:
    """Lines of T20 from a plot report."""
    out = []
    for plot, plot_id in enumerate(plot_ids):
        whole, total = int(report.area[plot]), int(unit.steps(report.area[plot]))
        lines = {
            row.line: total if row.area == whole else min(int(unit.steps(row.area)), total)
            for row in report.lines
            if row.plot == plot
        }
        if "boundary" in lines:
            lines["outside_boundary"] = total - lines["boundary"]
        out.append(PlotLine("", plot_id, total, lines))
    return tuple(out)


def plan_classes(balance: Balance, unit: AreaUnit) -> Tuple[ClassLine, ...]:
    """Lines of T19 for the plots of a plan, with the same pieces as the accounts.

    Everything is by the present (survey) class, so that a plot reads as in ``plotreport``, approved or not.
    """
    out: List[ClassLine] = []
    for kind, leaf, ids in _kinds(balance, unit):
        base, row = balance.base, balance.changes.plots.base
        parcel, classes = base.parcel[row], base.parcels.classes
        codes = [code or "" for code in base.parcels.class_code[parcel[leaf.piece]]]
        groups = classes.group[parcel[leaf.piece]]
        net = balance.changes.plots.net
        arable = [leaf.part(np.where(where[parcel], net, 0)) for where in (classes.cultivated, classes.paddy)]
        farmland = leaf.where(base.in_farm[row]) if "farmland" in base.given else None
        members: Dict[Tuple[int, str], List[int]] = {}
        for place, (plot, code) in enumerate(zip(leaf.plot, codes)):
            members.setdefault((int(plot), code), []).append(place)
        for (plot, code), places in sorted(members.items()):
            area, cultivated, paddy = (int(column[places].sum()) for column in (leaf.area, *arable))
            inside = None if farmland is None else int(farmland[places].sum())
            out.append(
                ClassLine(kind, str(ids[plot]), code or None, int(groups[places[0]]), area, cultivated, paddy, inside)
            )
    return tuple(out)


def plan_lines(balance: Balance, unit: AreaUnit) -> Tuple[PlotLine, ...]:
    """Lines of T20 for the plots of a plan, with the same pieces as the accounts."""
    base, row = balance.base, balance.changes.plots.base
    inside = {
        "farmland": base.in_farm[row],
        "boundary": base.in_bound[row],
        "outside_boundary": ~base.in_bound[row],
        "redline1": base.redline[row] == 1,
        "redline2": base.redline[row] > 1,
    }
    inside = {line: where for line, where in inside.items() if _ROLE_OF_LINE[line] in base.given}
    for number in range(base.others.shape[1]):
        inside[f"other{number + 1}"] = base.others[row, number] >= 0
    out = []
    for kind, leaf, ids in _kinds(balance, unit):
        area = leaf.by_plot(leaf.area)
        sums = {line: leaf.by_plot(leaf.where(where)) for line, where in inside.items()}
        for plot, plot_id in enumerate(ids):
            lines = {line: int(steps[plot]) for line, steps in sums.items()}
            out.append(PlotLine(kind, str(plot_id), int(area[plot]), lines))
    return tuple(out)


def _kinds(balance: Balance, unit: AreaUnit) -> Tuple[Tuple[str, Leaves, Sequence[object]], ...]:
    return (
        ("reclaim", leaves(balance, True, unit), list(balance.reclaim.plot_id)),
        ("newbuild", leaves(balance, False, unit), list(balance.newbuild.plot_id)),
    )


def class_table(lines: Sequence[ClassLine], system: ClassSystem, words: Words, unit: AreaUnit = AreaUnit.HA) -> Table:
    """T19: plot × present land class, with a sub-total for every plot of more than one class."""
    rows = Rows(_class_columns(words, unit, any(line.kind for line in lines)))
    for start, end in _runs(lines):
        first = len(rows.rows)
        for line in lines[start:end]:
            rows.add(_class_cells(line, system, words, unit))
        if end - start > 1:
            rows.sum(first, {**_plot_cells(lines[start], words), "code": words("row.subtotal")})
    rows.sum(0, {"plot_id": words("row.total")})
    notes = [words("note.T19.present"), words("note.T19.net")]
    if any(line.farmland is None for line in lines):
        notes.append(words("note.missing_lines", lines=words("zone.farmland")))
    return Table("T19", words("table.T19"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def line_table(
    lines: Sequence[PlotLine],
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
) -> Table:
    """T20: plot × line, area and share of the plot."""
    names = {line: words(f"zone.{line}") for line in LINES}
    names.update({f"other{number}": name for number, name in enumerate(labels.layers, 1)})
    given = {line for entry in lines for line in entry.lines}
    kinds = any(entry.kind for entry in lines)
    rows = Rows(_line_columns(words, unit, names, kinds))
    for entry in lines:
        cells: Dict[str, Cell] = {**_plot_cells(entry, words), "area": unit.number(entry.area)}
        for line, amount in entry.lines.items():
            cells[line] = unit.number(amount)
            cells[f"{line}_share"] = _share(amount, entry.area)
        rows.add(cells)
    whole = sum(entry.area for entry in lines)
    shares = {f"{line}_share": _share(sum(entry.lines.get(line, 0) for entry in lines), whole) for line in given}
    rows.sum(0, {"plot_id": words("row.total"), **shares})
    missing = [names[line] for line in LINES if line not in given]
    notes = [words("note.T20.share")] + ([words("note.missing_lines", lines="、".join(missing))] if missing else [])
    return Table("T20", words("table.T20"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _share(part: int, whole: int) -> Cell:
    """Per cent with two decimals, half away from zero."""
    return (2 * part * 10_000 + whole) // (2 * whole) / 100 if whole else None


def _runs(lines: Sequence[ClassLine]) -> List[Tuple[int, int]]:
    """First and last + 1 line of every plot."""
    starts = [
        place
        for place, line in enumerate(lines)
        if not place or (line.kind, line.plot_id) != (lines[place - 1].kind, lines[place - 1].plot_id)
    ]
    return list(zip(starts, [*starts[1:], len(lines)]))


def _plot_cells(line: Union[ClassLine, PlotLine], words: Words) -> Dict[str, Cell]:
    return {"kind": words(f"plot.{line.kind}") if line.kind else None, "plot_id": line.plot_id}


def _class_cells(line: ClassLine, system: ClassSystem, words: Words, unit: AreaUnit) -> Dict[str, Cell]:
    group = GROUP_TOKEN[LandGroup(line.group)]
    return {
        **_plot_cells(line, words),
        "code": line.class_code,
        "name": _class_name(line, system, words),
        "group": words(f"group.{group or 'unknown'}"),
        "area": unit.number(line.area),
        "cultivated": unit.number(line.cultivated),
        "paddy": unit.number(line.paddy),
        "farmland": None if line.farmland is None else unit.number(line.farmland),
    }


def _class_name(line: ClassLine, system: ClassSystem, words: Words) -> str:
    if line.class_code is None:
        return words("class.uncoded")
    found = system.find(line.class_code)
    return words("class.unlisted") if found is None else found.name


def _plot_columns(words: Words, kinds: bool) -> List[Column]:
    # The kind stands right of the plot, so that it is merged within a plot and seen on every page.
    kind = [Column("kind", words("column.kind"), width=10, merged=True)] if kinds else []
    return [Column("plot_id", words("column.plot_id"), width=13, merged=True), *kind]


def _class_columns(words: Words, unit: AreaUnit, kinds: bool) -> Tuple[Column, ...]:
    def area(key: str, *groups: str) -> Column:
        return Column(key, words(f"column.{key}"), Kind.AREA, groups, 14, unit.decimals, total=True)

    inside = words("column.of_which")
    return (
        *_plot_columns(words, kinds),
        Column("code", words("column.class_code"), width=10),
        Column("name", words("column.class_name"), width=22),
        Column("group", words("column.group"), width=19),
        area("area"),
        area("cultivated", inside),
        area("paddy", inside),
        Column("farmland", words("zone.farmland"), Kind.AREA, (inside,), 14, unit.decimals, total=True),
    )


def _line_columns(words: Words, unit: AreaUnit, names: Mapping[str, str], kinds: bool) -> Tuple[Column, ...]:
    pairs: List[Column] = []
    for line, name in names.items():
        pairs.append(Column(line, words("column.area"), Kind.AREA, (name,), 11, unit.decimals, total=True))
        pairs.append(Column(f"{line}_share", words("column.share"), Kind.PERCENT, (name,), 8, 2))
    area = Column("area", words("column.plot_area"), Kind.AREA, width=12, decimals=unit.decimals, total=True)
    return (*_plot_columns(words, kinds), area, *pairs)
