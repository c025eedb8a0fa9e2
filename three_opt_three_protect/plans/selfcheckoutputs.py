"""The self-check as layers and tables: parts, totals, offenders, later inspections, suspects."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, Optional, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Factor, crossed
from three_opt_three_protect.core.findings import SEEN_M2
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.roles import guess_fields, role_factor
from three_opt_three_protect.core.selfcheck import Checked
from three_opt_three_protect.core.tables import Column, LayerTable, date, factor_column, integer, real, text
from three_opt_three_protect.plans.resulttables import result_table
from three_opt_three_protect.plans.selfcheckobjects import Photos, objects
from three_opt_three_protect.storage.catalogue import load_role_schemas

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]
Words = Callable[..., str]

_M2 = {"width": 18, "decimals": 2}


def _area(units: NDArray[np.int64], alias: str) -> Column:
    return real(to_m2(units), alias=alias, **_M2)


def _flag(where: Bools, given: bool, alias: str) -> Column:
    """0 or 1; missing when the layer was not given."""
    missing = None if given else np.ones(len(where), dtype=np.bool_)
    return integer(where.astype(np.int64), missing, alias=alias, width=1)


def part_layer(
    checked: Checked, photos: Photos, suspects: Optional[LayerTable] = None, everything: bool = False
) -> LayerTable:
    """What changed or was planned, part by part (OUTPUT); with ``everything`` also what stayed as it was.

    Parameters
    ----------
    suspects
        The layer of suspect polygons, for their ids.
    """
    rows = np.flatnonzero(checked.shown | everything)
    rules, around = checked.judged.rules, checked.around
    before, after = checked.years
    level = checked.facts["redline"]
    columns: Dict[str, Column] = {
        "status": factor_column(checked.status, "判定", 30),
        "severity": factor_column(Factor.picked([rule.severity for rule in rules], checked.rule), "级别", 8),
        "major": integer(np.array([rule.major for rule in rules], dtype=np.int64)[checked.rule], alias="重大", width=1),
        "plot_id": text(checked.plot_id, "地块编号", 40),
        "parcel_b": factor_column(checked.of_year(0, Factor.of(before.parcels.parcel_id)), "上年度图斑", 18),
        "parcel_a": factor_column(checked.of_year(1, Factor.of(after.parcels.parcel_id)), "本年度图斑", 18),
        "class_bef": factor_column(checked.of_year(0, before.parcels.code), "上年度地类", 6),
        "class_aft": factor_column(checked.of_year(1, after.parcels.code), "本年度地类", 6),
        "unit_code": factor_column(checked.unit, "行政村代码", 12),
        "unit_old": factor_column(checked.unit_old, "上年度行政村代码", 12),
        "area_m2": _area(checked.area, "面积_平方米"),
        "cult_m2": _area(checked.net_after - checked.net_before, "耕地净增减"),
        "owner": factor_column(checked.owner, "权属单位", 60),
        "in_farm": _flag(checked.facts["farmland"] == 1, around.farmland is not None, "永久基本农田内"),
        "in_bound": _flag(checked.boundary, around.boundary is not None, "城镇开发边界内"),
        "red_level": integer(level, level == 0, alias="生态保护红线管控级别", width=1),
        "suspect": text(_suspect_of(checked, suspects), "疑似图斑编号", 254),
        "due": date(_due(checked), "计划日期"),
        "sliver": integer(_slivers(checked).astype(np.int64), alias="狭长碎面", width=1),
        "photos": text(photos.of(checked), "照片", 254),
    }
    table = LayerTable(
        "selfcheck",
        np.arange(1, len(checked.area) + 1, dtype=np.int64),
        checked.geometry,
        columns,
        before.parcels.table.crs,
    ).take(rows)
    return LayerTable(table.name, np.arange(1, len(rows) + 1), table.geometry, table.columns, table.crs)


def _slivers(checked: Checked) -> Bools:
    """Crumbs along borders that were drawn anew (profile: ``selfcheck_sliver_m2``); they are counted all the same."""
    limit = to_units(np.array([checked.judged.profile.number("selfcheck_sliver_m2")]))[0]
    return np.asarray((checked.area < limit) & checked.shown)


def _due(checked: Checked) -> Days:
    """The day the plot of every part counts, NaT outside plots."""
    never = np.datetime64("NaT")
    out = np.append(checked.plan.reclaim.day, never)[checked.reclaim]
    new = np.append(checked.plan.newbuild.day, never)[checked.newbuild]
    return np.asarray(np.where(checked.newbuild >= 0, new, out))


def _suspect_of(checked: Checked, table: Optional[LayerTable]) -> NDArray[np.object_]:
    """``(n,)`` ids of the suspect polygons a part lies in, None outside."""
    out = np.full(len(checked.area), None, dtype=np.object_)
    ids = suspect_ids(table)
    for row in checked.suspects:
        for part in np.flatnonzero(row >= 0).tolist():
            out[part] = ids[row[part]] if out[part] is None else f"{out[part]},{ids[row[part]]}"
    return out


def suspect_ids(table: Optional[LayerTable]) -> NDArray[np.object_]:
    """Ids of suspect polygons; one without is known by its feature id."""
    if table is None:
        return np.empty(0, dtype=np.object_)
    ids = role_factor(table, guess_fields(table, load_role_schemas()["suspects"]), "suspect_id").values.copy()
    absent = np.array([one is None for one in ids], dtype=np.bool_)
    ids[absent] = [str(fid) for fid in table.fid[absent].tolist()]
    return ids


def summary_table(checked: Checked) -> LayerTable:
    """Number and area of parts by village and status (SUMMARY): its areas add up to both years' land."""
    rules = checked.judged.rules
    units = sorted(range(len(checked.unit.levels)), key=lambda level: checked.unit.levels[level] or "")
    place = np.argsort(units)
    order = {status: number for number, status in enumerate(dict.fromkeys(rule.status for rule in rules))}
    status = np.array([order[rule.status] for rule in rules], dtype=np.int64)[checked.rule]
    index, first = crossed([(place[checked.unit.code], len(units)), (status, len(order))])
    count = len(first)
    rule = [rules[number] for number in checked.rule[first].tolist()]
    area = sum_by(index, checked.area, count)
    return result_table(
        "summary",
        {
            "unit_code": factor_column(checked.unit.take(first), "行政村代码", 12),
            "status": text([one.status for one in rule], "判定", 30),
            "severity": text([one.severity for one in rule], "级别", 8),
            "major": integer([int(one.major) for one in rule], alias="重大", width=1),
            "count": integer(np.bincount(index, minlength=count), alias="图斑数", width=10),
            "area_m2": _area(area, "面积_平方米"),
            "cult_m2": _area(sum_by(index, checked.net_after - checked.net_before, count), "耕地净增减"),
            "farm_m2": _known(
                sum_by(index, np.where(checked.facts["farmland"] == 1, checked.area, 0), count),
                checked.around.farmland is not None,
                "其中永久基本农田",
            ),
        },
    )


def _known(units: Ints, given: bool, alias: str) -> Column:
    return real(to_m2(units) if given else np.full(len(units), np.nan), alias=alias, **_M2)


def offender_table(checked: Checked, photos: Photos, words: Words) -> LayerTable:
    """Who broke what (OFFENDERS): serious parts put together by plot or parcel, status, village and owner."""
    rows = np.flatnonzero((checked.rank == 0) & ~_slivers(checked))
    found = objects(checked, rows)
    count, at, index = len(found.first), rows[found.first], found.index
    rules = [checked.judged.rules[number] for number in checked.rule[at].tolist()]
    farm = np.where(checked.facts["farmland"] == 1, checked.area, 0)[rows]
    seen_on = checked.judged.seen_on
    year = str(seen_on)[:4] if not np.isnat(seen_on) else None
    net = (checked.net_after - checked.net_before)[rows]
    return result_table(
        "offenders",
        {
            "plot_id": text(checked.plot_id[at], "地块编号", 40),
            "parcel_id": text([found.names[number] for number in range(count)], "图斑", 40),
            "status": text([rule.status for rule in rules], "判定", 30),
            "major": integer([int(rule.major) for rule in rules], alias="重大", width=1),
            "year": text([year] * count, "年度", 4),
            "unit_code": factor_column(checked.unit.take(at), "行政村代码", 12),
            "owner": factor_column(checked.owner.take(at), "权属单位", 60),
            "area_m2": _area(sum_by(index, checked.area[rows], count), "面积_平方米"),
            "cult_m2": _area(sum_by(index, net, count), "耕地净增减"),
            "farm_m2": _known(sum_by(index, farm, count), checked.around.farmland is not None, "其中永久基本农田"),
            "parts": integer(np.bincount(index, minlength=count), alias="图斑数", width=10),
            "photos": text(photos.of(checked)[at], "照片", 254),
            "basis": text([rule.basis for rule in rules], "政策依据", 200),
            "bas_status": text([rule.basis_status for rule in rules], "依据核实状态", 12),
            "advice": text([words(f"selfcheck_advice.{rule.advice}") for rule in rules], "处理建议", 200),
        },
    )


def inspection_table(checked: Checked, inspected: Days) -> LayerTable:
    """Accepted reclaim plots with their last and next inspection (INSPECTIONS, R17)."""
    plots, as_of = checked.plan.reclaim, checked.judged.as_of
    accepted = checked.plan.accepted
    rows = np.flatnonzero(~np.isnat(accepted) & (np.isnat(as_of) | (accepted <= as_of)))
    months = int(checked.judged.profile.number("inspection_interval_months"))
    # An inspection that lies ahead has not been made; one before acceptance looked at something else.
    made = (inspected >= accepted) & (np.isnat(as_of) | (inspected <= as_of))
    following = months_later(np.where(made, inspected, accepted)[rows], months)
    worst = [_worst(checked, row) for row in rows.tolist()]
    return result_table(
        "inspections",
        {
            "plot_id": text(plots.plot_id[rows], "地块编号", 40),
            "unit_code": text(plots.unit_code[rows], "行政村代码", 12),
            "acc_date": date(accepted[rows], "验收日期"),
            "insp_date": date(inspected[rows], "最近回头看日期"),
            "next_date": date(following, "下次回头看日期"),
            "overdue": integer(
                (following <= as_of).astype(np.int64),
                np.full(len(rows), np.isnat(as_of), dtype=np.bool_),
                alias="已到期",
                width=1,
            ),
            "status": text([status for status, _ in worst], "判定", 30),
            "area_m2": _area(np.array([area for _, area in worst], dtype=np.int64), "面积_平方米"),
        },
    )


def months_later(days: Days, months: int) -> Days:
    """The same day some months on, the last of a month that is too short."""
    month = days.astype("datetime64[M]")
    into = days - month.astype("datetime64[D]")
    target = month + np.timedelta64(months, "M")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.asarray(np.minimum(target.astype("datetime64[D]") + into, last))


def _worst(checked: Checked, plot: int) -> Tuple[Optional[str], int]:
    """The most serious status in a reclaim plot, the largest of equal ones, and its area."""
    rows = np.flatnonzero(checked.reclaim == plot)
    if not len(rows):
        return None, 0
    rows = rows[checked.rank[rows] == checked.rank[rows].min()]
    area: Dict[str, int] = {}
    for status, units in zip(checked.status.values[rows], checked.area[rows].tolist()):
        area[status] = area.get(status, 0) + units
    best = max(area, key=lambda status: (area[status], status))
    return best, area[best]


def suspect_layer(checked: Checked, table: Optional[LayerTable]) -> LayerTable:
    """Remote-sensing suspects held against plan, lines and status (SUSPECT_RESULT, R35); empty without them."""
    areas = checked.around.suspects
    shapes = np.empty(0, dtype=np.object_) if areas is None else areas.geometry
    count = len(shapes)
    sums = _suspect_sums(checked, count)
    named = ~checked.fact("plot", "none")
    within: Dict[int, Set[str]] = {}
    for row in checked.suspects:
        parts = np.flatnonzero((row >= 0) & named)
        for suspect, plot in zip(row[parts].tolist(), checked.plot_id[parts]):
            within.setdefault(suspect, set()).add(str(plot))
    plots = [",".join(sorted(within[one])) if one in within else None for one in range(count)]
    lines = checked.around
    return LayerTable(
        "suspects",
        np.arange(1, count + 1, dtype=np.int64),
        shapes,
        {
            "suspect_id": text(suspect_ids(table), "疑似图斑编号", 40),
            "result": text(_suspect_results(sums), "核查结论", 12),
            "area_m2": _area(sums["all"], "面积_平方米"),
            "viol_m2": _area(sums["violation"], "违法违规面积"),
            "plan_m2": _area(sums["explained"], "规划内面积"),
            "change_m2": _area(sums["change"], "其他变化面积"),
            "same_m2": _area(sums["no_change"], "未变化面积"),
            "farm_m2": _known(sums["farmland"], lines.farmland is not None, "占永久基本农田"),
            "red1_m2": _known(sums["redline1"], lines.redline is not None, "占一级管控区"),
            "red2_m2": _known(sums["redline2"], lines.redline is not None, "占二级管控区"),
            "bound_m2": _known(sums["boundary"], lines.boundary is not None, "开发边界内"),
            "plots": text(plots, "涉及地块", 254),
        },
        checked.years[0].parcels.table.crs,
    )


def _suspect_sums(checked: Checked, count: int) -> Mapping[str, Ints]:
    nothing = np.zeros(count, dtype=np.int64)
    serious = checked.rank == 0
    same = checked.fact("same", "1") & ~serious
    approved = checked.fact("approved", "1") | checked.fact("temporary", "1")
    explained = ~serious & ~same & (~checked.fact("plot", "none") | approved)
    where = {
        "all": np.ones(len(checked.area), dtype=np.bool_),
        "violation": serious,
        "explained": explained,
        "no_change": same,
        "change": ~serious & ~same & ~explained,
        "farmland": checked.facts["farmland"] == 1,
        "redline1": checked.fact("redline", "1"),
        "redline2": checked.fact("redline", "2"),
        "boundary": checked.boundary,
    }
    return {
        name: sum((sum_by(row, np.where(rows, checked.area, 0), count) for row in checked.suspects), nothing)
        for name, rows in where.items()
    }


def _suspect_results(sums: Mapping[str, Ints]) -> List[str]:
    """The gravest thing found in each suspect; ``outside`` where it lies on no parcel."""
    out = np.full(len(sums["all"]), "outside", dtype=np.object_)
    for name in ("no_change", "change", "explained", "violation"):
        out[to_m2(sums[name]) >= SEEN_M2] = name
    return [str(one) for one in out]


def figures(checked: Checked) -> Mapping[str, Optional[float]]:
    """The numbers of the result."""
    net = checked.net_after - checked.net_before
    farm = checked.facts["farmland"] == 1
    lost = farm & checked.fact("before", "cultivated") & ~checked.fact("after", "cultivated")
    lost &= checked.fact("land", "both") & checked.fact("survey", "0")

    def m2(where: Bools) -> float:
        return float(to_m2(checked.area[where].sum()))

    return {
        "TOTAL_M2": m2(checked.counted),
        "CHANGED_M2": m2(~checked.account("unchanged") & checked.fact("same", "0") & checked.fact("land", "both")),
        "UNPLANNED_M2": m2(checked.account("unplanned")),
        "FARMLAND_LOST_M2": m2(lost) if checked.around.farmland is not None else None,
        "CULTIVATED_NET_M2": float(to_m2(net.sum())),
        "ONLY_BEFORE_M2": m2(checked.fact("land", "before")),
        "ONLY_AFTER_M2": m2(checked.fact("land", "after")),
        **{
            f"{name}S{kind}": value
            for name, rank in (("ERROR", 0), ("WARNING", 1), ("INFO", 2))
            for kind, value in (
                ("", int(((checked.rank == rank) & checked.shown).sum())),
                ("_M2", m2((checked.rank == rank) & checked.shown)),
            )
        },
    }
