"""Adjustment of permanent basic farmland as layers and tables (``farmlandadjust``)."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.farmland.account import SOURCES, UnitRow
from three_opt_three_protect.core.farmland.adjust import Adjustment
from three_opt_three_protect.core.farmland.candidates import EXCLUSIONS
from three_opt_three_protect.core.farmland.facts import Bools, Ints
from three_opt_three_protect.core.farmland.methods import Method, added_m2, why
from three_opt_three_protect.core.farmland.settings import REASONS
from three_opt_three_protect.core.landuse import GROUP_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.core.measure import to_m2, to_mu
from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text
from three_opt_three_protect.plans.resulttables import figures, result_table, verdict_columns

Words = Callable[..., str]
Texts = NDArray[np.object_]

KEEP, RELEASE, ADD = "keep", "release", "add"

REASON_FIELD: Mapping[str, Tuple[str, str]] = {
    "key_project": ("rel_key", "划出_重点项目"),
    "approved": ("rel_appr", "划出_已批准建设"),
    "newbuild": ("rel_build", "划出_建新"),
    "boundary": ("rel_bound", "划出_开发边界内"),
    "redline": ("rel_redl", "划出_红线核心区"),
    "not_eligible": ("rel_class", "划出_非耕地"),
    "slope": ("rel_slope", "划出_坡度25度以上"),
    "unstable": ("rel_unst", "划出_不稳定耕地"),
    "illegal": ("rel_illeg", "划出_违法占用"),
}
"""Reason → field of the summary and its Chinese name."""

_SOURCE_FIELD = {
    "reserve": ("add_resv", "补划_储备区"),
    "reclaim": ("add_recl", "补划_验收复垦"),
    "other": ("add_other", "补划_其他耕地"),
}
_M2 = {"width": 18, "decimals": 2}


def change_of(held: Adjustment) -> Texts:
    """``(n,)`` keep, release, add, None for what is and was no farmland."""
    out = np.full(len(held.base.area), None, dtype=np.object_)
    out[held.base.in_farm] = KEEP
    out[held.releases.released] = RELEASE
    out[held.added] = ADD
    return out


def reason_tokens(held: Adjustment, rows: Ints) -> Texts:
    """``(n,)`` token of the reason each piece has in ``rows`` of the reasons, None where −1."""
    tokens = np.array([*(entry.token for entry in held.settings.reasons), None], dtype=np.object_)
    return np.asarray(tokens[rows])


def change_layer(held: Adjustment, plot_ids: Texts, words: Words) -> LayerTable:
    """Every piece of farmland before and after (``OUTPUT``).

    Parameters
    ----------
    plot_ids
        ``(n, 3)`` see :func:`three_opt_three_protect.plans.farmlandadjust.plot_ids`.
    """
    base, facts = held.base, held.facts
    change = change_of(held)
    rows = np.flatnonzero(base.in_farm | held.added)
    reason = np.where(held.releases.reason >= 0, held.releases.reason, held.releases.wanted)
    tokens = reason_tokens(held, reason)[rows]
    codes = {entry.token: entry.code or None for entry in held.settings.reasons}
    released = change[rows] == RELEASE
    source = np.array(SOURCES, dtype=np.object_)[held.source[rows]]
    added = change[rows] == ADD
    plot = _only(released, plot_ids[rows, 0])
    plot[added] = _first(plot_ids[rows][:, [2, 1]])[added]
    said = {token: words(f"farmland.reason.{token}") for token in codes}
    columns: Dict[str, Column] = {
        "change": text(change[rows], alias="划入划出类型", width=8),
        "reason": text(tokens, alias="划出原因", width=16),
        "hcyy": text([codes.get(token) if out else None for token, out in zip(tokens, released)], "划出原因代码", 2),
        "reason_txt": text([said.get(token) for token in tokens], alias="划出原因说明", width=120),
        "parcel_id": text(base.parcels.parcel_id[base.parcel[rows]], alias="图斑标识", width=18),
        "plot_id": text(plot, alias="地块编号", width=40),
        "unit_code": text(base.unit_code[rows], alias="单位代码", width=12),
        "class_code": text(base.class_base.take(rows).values, alias="地类编码", width=6),
        "grade": real(facts.grade[rows], alias="耕地等别", width=8, decimals=2),
        "grade_inf": integer(facts.inferred[rows].astype(np.int64), alias="等别为推断", width=1),
        "source": text(_only(added, source), alias="补划来源", width=8),
        "area_m2": real(to_m2(base.area[rows]), alias="面积_平方米", **_M2),
        "net_m2": real(to_m2(facts.net[rows]), alias="净面积_平方米", **_M2),
        "score": real(held.score[rows], alias="补划得分", width=8, decimals=6),
    }
    fid = np.arange(1, len(rows) + 1, dtype=np.int64)
    return LayerTable("farmland_change", fid, base.geometry[rows], columns, base.spec.crs)


def summary_table(held: Adjustment, names: Mapping[str, str]) -> LayerTable:
    """T10: one row a village, the township's (``unit_code`` empty) last."""
    rows = held.rows
    columns: Dict[str, Column] = {
        "unit_code": text([row.unit_code for row in rows], alias="行政村代码", width=12),
        "village": text([names.get(row.unit_code or "") for row in rows], alias="行政村", width=60),
        "task_m2": _area([row.task for row in rows], "任务面积"),
        "before_m2": _area([row.before for row in rows], "原划定"),
        "rel_m2": _area([row.released_all for row in rows], "划出"),
    }
    for token in REASONS:
        name, alias = REASON_FIELD[token]
        columns[name] = _area([row.released.get(token, 0) for row in rows], alias)
    columns["added_m2"] = _area([row.added_all for row in rows], "补划")
    for source in SOURCES:
        name, alias = _SOURCE_FIELD[source]
        columns[name] = _area([row.added[source] for row in rows], alias)
    columns["after_m2"] = _area([row.after for row in rows], "调整后")
    columns["task_pct"] = real([_share(row) for row in rows], alias="占任务_百分比", width=10, decimals=2)
    columns["grade_bef"] = real([row.grade_before for row in rows], alias="调整前加权等别", width=10, decimals=4)
    columns["grade_aft"] = real([row.grade_after for row in rows], alias="调整后加权等别", width=10, decimals=4)
    return result_table("farmland_summary", columns)


def verdict_table(held: Adjustment, words: Words) -> LayerTable:
    """Checks with both sides and basis; advice names procedure and level, for a township moves no line."""
    found = held.verdicts
    return result_table(
        "farmland_verdicts",
        {
            **verdict_columns(found),
            "title": text([words(f"rule.{verdict.rule}") for verdict in found], alias="规则名称", width=120),
            "advice": text([words(f"advice.{verdict.rule}") for verdict in found], alias="处理建议", width=200),
        },
    )


def method_table(held: Adjustment, words: Words) -> LayerTable:
    """Both ways of choosing line by line, their difference and why (``METHODS``)."""
    ways = {method.name: method for method in held.methods}
    first, best = ways.get("greedy"), ways.get("optimal")
    lines: Sequence[Tuple[str, str, Callable[[Method], Optional[float]]]] = (
        ("added_m2", "m2", added_m2),
        ("added_count", "count", lambda way: float(way.count)),
        ("other_m2", "m2", lambda way: way.other / 100),
        ("excess_m2", "m2", lambda way: round(way.excess, 2)),
        ("cost_m2", "m2", lambda way: way.cost),
        ("contiguity_ha", "ha", lambda way: None if np.isnan(way.index) else round(way.index, 4)),
        ("shortages", "count", lambda way: float(len(way.shortages))),
    )
    greedy = [_of(first, line) for _, _, line in lines]
    optimal = [_of(best, line) for _, _, line in lines]
    gaps = [None if one is None or two is None else round(two - one, 4) for one, two in zip(greedy, optimal)]
    said = words(why(held.methods))
    return result_table(
        "farmland_methods",
        {
            "line": text([name for name, _, _ in lines], alias="项目", width=20),
            "greedy": figures(greedy, "按次序选取"),
            "optimal": figures(optimal, "优化选取"),
            "difference": figures(gaps, "差值"),
            "unit": text([unit for _, unit, _ in lines], alias="计量单位", width=8),
            "used": text([held.used.name] * len(lines), alias="采用", width=8),
            "status": text([None if best is None else best.status] * len(lines), alias="优化状态", width=12),
            "why": text([said] * len(lines), alias="差异原因", width=200),
        },
    )


def shortage_table(held: Adjustment, words: Words) -> LayerTable:
    """What cannot be kept and by how much (``SHORTAGES``)."""
    short = held.used.shortages
    kinds = {(reason.id, reason.unit_code): reason.kind for way in held.methods for reason in way.reasons}
    kind = [kinds.get((limit.id, limit.unit_code)) for limit, _ in short]
    area = np.array([by if limit.unit == "m2" else np.nan for limit, by in short], dtype=np.float64)
    return result_table(
        "farmland_shortages",
        {
            "rule": text([f"pbf_{limit.id}" for limit, _ in short], alias="规则", width=40),
            "unit_code": text([limit.unit_code for limit, _ in short], alias="单位代码", width=12),
            "short_m2": real(np.round(area, 2), alias="尚缺_平方米", **_M2),
            "short_mu": real(to_mu(area), alias="尚缺_亩", **_M2),
            "kind": text(kind, alias="类型", width=10),
            "why": text([words(f"farmland.short.{each or 'rank'}") for each in kind], alias="说明", width=200),
            "advice": text([words(f"advice.pbf_{limit.id}") for limit, _ in short], alias="处理建议", width=200),
        },
    )


def excluded_table(held: Adjustment, words: Words) -> LayerTable:
    """Cultivated land outside the farmland that may not come in, by reason and village (``EXCLUDED``)."""
    base = held.base
    out = np.flatnonzero(held.excluded >= 0)
    keys: Dict[Tuple[int, str], List[int]] = {}
    for row, reason, unit in zip(out.tolist(), held.excluded[out].tolist(), base.unit_code[out]):
        keys.setdefault((reason, unit or ""), []).append(row)
    found = sorted(keys.items())
    return result_table(
        "farmland_excluded",
        {
            "reason": text([EXCLUSIONS[reason] for (reason, _), _ in found], alias="不能补划的原因", width=20),
            "name": text(
                [words(f"farmland.excluded.{EXCLUSIONS[reason]}") for (reason, _), _ in found], "原因说明", 120
            ),
            "unit_code": text([unit or None for (_, unit), _ in found], alias="行政村代码", width=12),
            "pieces": integer([len(rows) for _, rows in found], alias="碎部数"),
            "area_m2": _area([int(base.area[rows].sum()) for _, rows in found], "面积_平方米"),
            "net_m2": _area([int(held.facts.net[rows].sum()) for _, rows in found], "净面积_平方米"),
        },
    )


def offender_layer(held: Adjustment, system: ClassSystem) -> LayerTable:
    """Farmland that is no cultivated land any more (R14): pond, garden, construction land (``OFFENDERS``)."""
    base = held.base
    rows = np.flatnonzero(base.in_farm & held.facts.barred)
    codes = base.class_base.take(rows).values
    named = [None if (found := system.find(code)) is None else found.name for code in codes]
    groups = [GROUP_TOKEN[LandGroup(int(group))] for group in base.group[rows]]
    columns: Dict[str, Column] = {
        "parcel_id": text(base.parcels.parcel_id[base.parcel[rows]], alias="图斑标识", width=18),
        "unit_code": text(base.unit_code[rows], alias="单位代码", width=12),
        "class_code": text(codes, alias="地类编码", width=6),
        "class_name": text(named, alias="地类名称", width=60),
        "land_group": text(groups, alias="三大类", width=12),
        "change": text(change_of(held)[rows], alias="划入划出类型", width=8),
        "area_m2": real(to_m2(base.area[rows]), alias="面积_平方米", **_M2),
        "net_m2": real(to_m2(held.facts.net[rows]), alias="净面积_平方米", **_M2),
    }
    fid = np.arange(1, len(rows) + 1, dtype=np.int64)
    return LayerTable("farmland_offenders", fid, base.geometry[rows], columns, base.spec.crs)


def _only(where: Bools, texts: Texts) -> Texts:
    """``texts`` where it holds, else None."""
    out = np.full(len(texts), None, dtype=np.object_)
    out[where] = texts[where]
    return out


def _of(way: Optional[Method], line: Callable[[Method], Optional[float]]) -> Optional[float]:
    return None if way is None or way.chosen is None else line(way)


def _first(ids: Texts) -> Texts:
    """``(n,)`` the first of the ids of a row that is there."""
    out = ids[:, 0].copy()
    for column in range(1, ids.shape[1]):
        absent: Bools = np.array([each is None for each in out], dtype=np.bool_)
        out[absent] = ids[absent, column]
    return out


def _area(hundredths: Sequence[Optional[int]], alias: str) -> Column:
    return real([np.nan if value is None else value / 100 for value in hundredths], alias=alias, **_M2)


def _share(row: UnitRow) -> float:
    return round(100 * row.after / row.task, 2) if row.task else float("nan")
