"""T5 拆旧（复垦）地块一览表 and T6 建新地块一览表: one row a plot."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import ClassSystem, LandGroup
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.reports.rounding import AreaUnit, Leaves, figure, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

_MOST_PARCELS, _ROOM = 3, 21
"""Parcels a cell names, and the characters it has for them."""
_YUAN_PER_WAN = 10_000


def reclaim_table(
    balance: Balance,
    system: ClassSystem,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
) -> Table:
    """T5: what is torn down and reclaimed."""
    plots, leaf = balance.reclaim, leaves(balance, True, unit)
    figures = reclaim_figures(balance, leaf)
    rows = Rows(_reclaim_columns(words, unit))
    rights = labels.texts("reclaim", plots.table, "right_type")
    villages = plot_villages(balance, leaf, plots.table, labels)
    base, row = balance.base, balance.changes.plots.base
    before, present = base.grades.grade[row], base.cultivated_net[row]
    for plot in range(len(plots)):
        cells: Dict[str, Cell] = {key: leaf.number(steps[plot]) for key, steps in figures.items()}
        parcels, classes = _present(balance, leaf, plot, system, words, labels)
        cells.update(
            plot_id=str(plots.plot_id[plot]),
            village=villages[plot],
            settlement=plots.settlement[plot],
            parcels=parcels,
            classes=classes,
            right=rights[plot],
            direction=words(f"direction.{plots.direction[plot]}"),
            grade_before=_grade(leaf, plot, before, present),
            grade_after=figure(plots.grade_new[plot], 1),
            households=figure(plots.households[plot], 0),
            population=figure(plots.population[plot], 0),
            consent=figure(plots.consent[plot] * 100, 2),
            year=plot_year(plots.phase[plot], plots.day[plot]),
            cost=figure(plots.cost[plot] / _YUAN_PER_WAN, 2),
            remark=_reclaim_remark(balance, leaf, plot, words),
        )
        rows.add(with_mu(cells, unit))
    rows.sum(0, {"plot_id": words("row.total")})
    notes = [words("note.T5.counted"), *mu_note(unit, words)]
    return Table("T5", words("table.T5"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def newbuild_table(
    balance: Balance,
    system: ClassSystem,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
) -> Table:
    """T6: what is built, on which land, and by which quota."""
    plots, leaf = balance.newbuild, leaves(balance, False, unit)
    figures = newbuild_figures(balance, leaf)
    rows = Rows(_newbuild_columns(words, unit, bool(figures["unknown"].any())))
    batches = labels.texts("newbuild", plots.table, "batch")
    villages = plot_villages(balance, leaf, plots.table, labels)
    for plot in range(len(plots)):
        cells: Dict[str, Cell] = {key: leaf.number(steps[plot]) for key, steps in figures.items()}
        use = plots.use[plot]
        cells.update(
            plot_id=str(plots.plot_id[plot]),
            village=villages[plot],
            use=None if use is None else words(f"use.{use}"),
            class_after=class_word(balance.changes.class_after_new[plot], system),
            grade=_grade(leaf, plot, balance.quality.grade, balance.changes.loss),
            source=words(f"quota_src.{plots.quota_source[plot]}"),
            batch=batches[plot],
            year=plot_year(plots.phase[plot], plots.day[plot]),
            remark=_newbuild_remark(balance, leaf, plot, words),
        )
        rows.add(with_mu(cells, unit))
    rows.sum(0, {"plot_id": words("row.total")})
    notes = [words("note.T6.state"), *mu_note(unit, words), *_missing_lines(balance, words)]
    return Table("T6", words("table.T6"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def reclaim_figures(balance: Balance, leaf: Leaves) -> Mapping[str, Ints]:
    """Printed digits of every reclaim plot; cultivated + other + unused + kept = area (00-supplement 1.4.5)."""
    return {key: leaf.by_plot(steps) for key, steps in reclaim_piece_figures(balance, leaf).items()}


def reclaim_piece_figures(balance: Balance, leaf: Leaves) -> Mapping[str, Ints]:
    """The same of every piece of the plots."""
    change, base = balance.changes, balance.base
    row = change.plots.base
    built = base.group[row] == LandGroup.CONSTRUCTION
    here, becomes = change.reclaims, change.group_at_use
    before = np.where(here & base.cultivated[row], change.plots.net, 0)
    arable = leaf.part(change.cultivated_after)
    return {
        "area": leaf.area,
        "built": leaf.where(built),
        "other": leaf.where(~built),
        "reclaimed": leaf.part(change.reclaimed),
        "cultivated": arable,
        "agricultural": leaf.where(here & (becomes == LandGroup.AGRICULTURAL)) - arable,
        "unused": leaf.where(here & (becomes == LandGroup.UNUSED)),
        "kept": leaf.where(~here | (becomes == LandGroup.CONSTRUCTION)),
        "gain": arable - leaf.part(before),
    }


def newbuild_figures(balance: Balance, leaf: Leaves) -> Mapping[str, Ints]:
    """Printed digits of every new-build plot, by the state of the land at the date of use (00-supplement 1.4.3)."""
    change, base = balance.changes, balance.base
    row = change.plots.base
    state = np.where(change.newbuild_on, change.group_at_use, base.group[row])
    cultivated = np.where(change.newbuild_on, change.loss, np.where(base.cultivated[row], change.plots.net, 0))
    arable = leaf.part(cultivated)
    sums = {
        "area": leaf.area,
        "cultivated": arable,
        "agricultural": leaf.where(state == LandGroup.AGRICULTURAL) - arable,
        "stock": leaf.where(state == LandGroup.CONSTRUCTION),
        "unused": leaf.where(state == LandGroup.UNUSED),
        "unknown": leaf.where(state == LandGroup.UNKNOWN),
        "added": leaf.part(change.added),
    }
    if "farmland" in base.given:
        sums["farmland"] = leaf.where(base.in_farm[row])
    if "boundary" in base.given:
        sums["inside"], sums["outside"] = leaf.where(base.in_bound[row]), leaf.where(~base.in_bound[row])
    if "redline" in base.given:
        sums["redline1"], sums["redline2"] = leaf.where(base.redline[row] == 1), leaf.where(base.redline[row] > 1)
    return {key: leaf.by_plot(steps) for key, steps in sums.items()}


def with_mu(cells: Dict[str, Cell], unit: AreaUnit) -> Dict[str, Cell]:
    """亩 beside 公顷: the printed hectares × 15, as on a calculator."""
    if unit is AreaUnit.HA and isinstance(cells["area"], float):
        mu = int(AreaUnit.MU.steps(round(cells["area"] * 1_000_000)))
        cells["area_mu"] = AreaUnit.MU.number(mu)
    return cells


def mu_note(unit: AreaUnit, words: Words) -> List[str]:
    """What 亩 is, where it stands beside 公顷."""
    return [words("note.mu")] if unit is AreaUnit.HA else []


def area_columns(words: Words, unit: AreaUnit) -> List[Column]:
    """The area of a plot: 公顷 with 亩 beside it, else one column."""
    if unit is not AreaUnit.HA:
        return [Column("area", words("column.area"), Kind.AREA, width=11, decimals=unit.decimals, total=True)]
    group = (words("column.area"),)
    return [
        Column("area", words("unit.ha"), Kind.AREA, group, 10, 4, total=True),
        Column("area_mu", words("unit.mu"), Kind.AREA, group, 9, 2, total=True),
    ]


def _areas(words: Words, unit: AreaUnit, group: str, *keys: str) -> List[Column]:
    groups = (words(group),) if group else ()
    return [Column(key, words(f"column.{key}"), Kind.AREA, groups, 11, unit.decimals, total=True) for key in keys]


def _reclaim_columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    grades = (words("column.grades"),)
    return (
        Column("plot_id", words("column.plot_id"), width=9),
        Column("village", words("column.village"), width=11),
        Column("settlement", words("column.settlement"), width=10),
        Column("parcels", words("column.parcels"), width=13),
        Column("classes", words("column.present_class"), width=15),
        Column("right", words("column.right"), width=12),
        *area_columns(words, unit),
        *_areas(words, unit, "column.of_which", "built", "other"),
        *_areas(words, unit, "", "reclaimed"),
        Column("direction", words("column.direction"), width=8),
        *_areas(words, unit, "column.after_reclaim", "cultivated", "agricultural", "unused", "kept"),
        *_areas(words, unit, "", "gain"),
        Column("grade_before", words("column.before"), Kind.NUMBER, grades, 6, 1),
        Column("grade_after", words("column.after"), Kind.NUMBER, grades, 6, 1),
        Column("households", words("column.households"), Kind.NUMBER, width=7, total=True),
        Column("population", words("column.population"), Kind.NUMBER, width=7, total=True),
        Column("consent", words("column.consent"), Kind.PERCENT, width=8, decimals=2),
        Column("year", words("column.year"), Kind.NUMBER, width=7),
        Column("cost", words("column.wan_yuan"), Kind.NUMBER, (words("column.cost"),), 10, 2, total=True),
        Column("remark", words("column.remark"), width=18),
    )


def _newbuild_columns(words: Words, unit: AreaUnit, unknown: bool) -> Tuple[Column, ...]:
    parts = ("cultivated", "agricultural", "stock", "unused", *(("unknown",) if unknown else ()))
    return (
        Column("plot_id", words("column.plot_id"), width=9),
        Column("village", words("column.village"), width=11),
        Column("use", words("column.use"), width=10),
        Column("class_after", words("column.class_after"), width=15.5),
        *area_columns(words, unit),
        *_areas(words, unit, "column.of_which", *parts),
        *_areas(words, unit, "", "added", "farmland"),
        *_areas(words, unit, "column.boundary", "inside", "outside"),
        *_areas(words, unit, "column.redline", "redline1", "redline2"),
        Column("grade", words("column.grade_occupied"), Kind.NUMBER, width=8, decimals=1),
        Column("source", words("column.source"), width=11),
        Column("batch", words("column.batch"), width=15),
        Column("year", words("column.year"), Kind.NUMBER, width=7),
        Column("remark", words("column.remark"), width=18),
    )


def _missing_lines(balance: Balance, words: Words) -> List[str]:
    lines = ("farmland", "boundary", "redline")
    missing = [words(f"zone.{line}") for line in lines if line not in balance.base.given]
    return [words("note.missing_lines", lines="、".join(missing))] if missing else []


def _texts(table: LayerTable, name: str) -> Sequence[Optional[str]]:
    """A field of the plan database that the accounts do not use, where the layer has it."""
    column = table.columns.get(name)
    return [None] * len(table) if column is None else list(as_text(column))


def plot_villages(balance: Balance, leaf: Leaves, table: LayerTable, labels: Labels) -> List[Optional[str]]:
    """Where every plot lies: the village that holds most of it (坐落), by name where it is known."""
    stated = _texts(table, "village")
    units = balance.base.unit_code[balance.changes.plots.base[leaf.piece]]
    out: List[Optional[str]] = []
    for plot in range(leaf.count):
        sizes: Dict[str, int] = {}
        for row in np.flatnonzero(leaf.plot == plot):
            if units[row] is not None:
                sizes[units[row]] = sizes.get(units[row], 0) + int(leaf.gross[row])
        code = max(sizes, key=lambda unit: (sizes[unit], unit)) if sizes else None
        out.append(labels.villages.get(code or "") or stated[plot] or code)
    return out


def _present(
    balance: Balance, leaf: Leaves, plot: int, system: ClassSystem, words: Words, labels: Labels
) -> Tuple[Optional[str], Optional[str]]:
    """The largest parcels of a plot, and its largest land class; how many more there are."""
    rows = np.flatnonzero(leaf.plot == plot)
    if not len(rows):
        return None, None
    parcel = balance.base.parcel[balance.changes.plots.base[leaf.piece[rows]]]
    numbers = balance.base.parcels.parcel_id if labels.parcel_numbers is None else labels.parcel_numbers
    by_parcel: Dict[str, int] = {}
    by_class: Dict[Optional[str], int] = {}
    for row, size in zip(parcel, leaf.gross[rows]):
        number, code = str(numbers[row]), balance.base.parcels.class_code[row]
        by_parcel[number] = by_parcel.get(number, 0) + int(size)
        by_class[code] = by_class.get(code, 0) + int(size)
    ids = sorted(by_parcel, key=lambda name: (-by_parcel[name], name))
    most = max(1, min(_MOST_PARCELS, _ROOM // len(ids[0])))
    listed = "、".join(ids[:most])
    if len(ids) > most:
        listed = words("cell.and_others", first=listed, count=len(ids))
    largest = max(by_class, key=lambda code: (by_class[code], code or ""))
    name = class_word(largest, system) or words("class.uncoded")
    return listed, name if len(by_class) == 1 else words("cell.and_classes", first=name, count=len(by_class))


def class_word(code: Optional[str], system: ClassSystem) -> Optional[str]:
    """Name of a class, the code itself where the classification does not have it."""
    found = system.find(code)
    return code if found is None else found.name


def _grade(leaf: Leaves, plot: int, grade: NDArray[np.float64], weight: Ints) -> Cell:
    """Area-weighted grade of a plot's cultivated land; ``grade`` and ``weight`` for every plot piece."""
    piece = leaf.piece[leaf.plot == plot]
    share = np.where(np.isnan(grade[piece]), 0, weight[piece])
    total = int(share.sum())
    return figure(float((np.nan_to_num(grade[piece]) * share).sum() / total), 1) if total > 0 else None


def _reclaim_remark(balance: Balance, leaf: Leaves, plot: int, words: Words) -> Optional[str]:
    piece = leaf.piece[leaf.plot == plot]
    change, base = balance.changes, balance.base
    remarks = []
    if balance.reclaim.direction_assumed[plot]:
        remarks.append(words("remark.direction_assumed"))
    if (base.redline[change.plots.base[piece]] > 0).any():
        remarks.append(words("remark.in_redline"))
    elif change.gain_barred[piece].any():
        remarks.append(words("remark.small_patch"))
    return "；".join(remarks) or None


def _newbuild_remark(balance: Balance, leaf: Leaves, plot: int, words: Words) -> Optional[str]:
    remarks = []
    if balance.changes.accepted_first[leaf.piece[leaf.plot == plot]].any():
        remarks.append(words("remark.on_accepted"))
    if balance.changes.class_after_new[plot] is None:
        remarks.append(words("remark.no_class_after"))
    return "；".join(remarks) or None


def plot_year(phase: float, day: NDArray[np.datetime64]) -> Cell:
    """The planned year, else that of the date."""
    if not np.isnan(phase):
        return int(phase)
    return None if np.isnat(day) else int(str(day)[:4])
