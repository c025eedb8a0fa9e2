"""Reclamation potential as layer and tables (``reclamationpotential``): candidates, T4, exclusions, weights."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.potential.potential import Potential
from three_opt_three_protect.core.roles import role_text
from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.plans.resulttables import result_table
from three_opt_three_protect.storage.catalogue import load_role_schemas

_M2 = {"width": 18, "decimals": 2}

_SUMMARY: Tuple[Tuple[str, str, str, int], ...] = (
    ("households", "households", "边界外户数", 0),
    ("population", "population", "边界外户籍人口", 0),
    ("village_m2", "village_m2", "村庄用地", 2),
    ("outside_m2", "outside_m2", "开发边界外村庄用地", 2),
    ("retain_m2", "retain_m2", "保留村庄", 2),
    ("per_head", "per_head", "边界外人均村庄用地", 2),
    ("std_head", "std_head", "人均用地标准", 2),
    ("th_head", "per_head_m2", "理论潜力_人均法", 2),
    ("th_house", "per_household_m2", "理论潜力_户均法", 2),
    ("th_idle", "idle_rate_m2", "理论潜力_闲置率法", 2),
    ("th_plan", "settlement_plan_m2", "理论潜力_规划法", 2),
    ("theory_m2", "theory_m2", "理论潜力", 2),
    ("cands", "cands", "备选地块数", 0),
    ("cand_m2", "cand_m2", "备选地块面积", 2),
    ("factor", "factor", "修正系数", 4),
    ("real_m2", "real_m2", "现实潜力", 2),
    ("cult_m2", "cult_m2", "可复垦耕地", 2),
    ("grade", "grade", "潜力等级", 0),
)
"""Field, column of the summary, Chinese name, decimals."""


def candidate_layer(found: Potential, names: Mapping[str, str]) -> LayerTable:
    """Every candidate with the fields of role ``reclaim``, its indicators, score and grade, by ``plot_id``.

    Parameters
    ----------
    names
        Village code → name.
    """
    base, universe = found.base, found.universe
    rows, people = universe.rows, found.people
    units = base.unit_code[rows]
    area = to_m2(base.area[rows])
    gain = to_m2(universe.gain)
    columns: Dict[str, Column] = {
        "plot_id": text(found.plot_id, alias="地块编号", width=40),
        "unit_code": text(units, alias="行政村代码", width=12),
        "village": text(_named(units, names), alias="行政村", width=60),
        "settlement": text(base.settlement[rows], alias="自然村", width=60),
        "kind": text(universe.kind, alias="备选类型", width=12),
        "class_code": text(base.class_base.take(rows).values, alias="地类编码", width=6),
        "area_m2": real(area, alias="面积_平方米", **_M2),
        "patch": integer(universe.patch + 1, alias="连片编号"),
        "direction": text(universe.direction, alias="复垦方向", width=12),
        "rate": real(gain / np.where(area > 0, area, 1.0), alias="新增耕地率", width=12, decimals=10),
        "households": _counted(people.households, "户数", 8),
        "population": _counted(people.population, "户籍人口", 8),
        "consent": real(people.consent, alias="同意率", width=6, decimals=4),
        "signed": _counted(people.signed, "签约户数", 8),
        "right_type": text(people.right_type, alias="权源类型", width=20),
    }
    for each in found.indicators:
        columns[each.id] = real(found.values[each.id], alias=each.title["zh"], width=18, decimals=4)
    columns["score"] = real(found.score, alias="综合得分", width=8, decimals=6)
    columns["grade"] = integer(found.grade, alias="潜力等级", width=1)
    columns["tier"] = text(_tiers(found, found.grade.astype(np.float64)), alias="分级名称", width=20)
    columns["low_eff"] = _counted(found.low_efficient, "低效用地", 1)
    columns["gain_m2"] = real(gain, alias="可新增耕地", **_M2)
    fid = np.arange(1, len(rows) + 1, dtype=np.int64)
    order = np.argsort(found.plot_id.astype(np.str_), kind="stable")
    layer = LayerTable("candidates", fid, base.geometry[rows], columns, base.spec.crs).take(order)
    return LayerTable(layer.name, fid, layer.geometry, layer.columns, layer.crs)


def summary_table(found: Potential, names: Mapping[str, str]) -> LayerTable:
    """T4: one row a village, the township's (``unit_code`` empty) last."""
    units = found.villages.unit_code
    columns: Dict[str, Column] = {
        "unit_code": text(units, alias="行政村代码", width=12),
        "village": text(_named(units, names), alias="行政村", width=60),
    }
    for name, source, alias, decimals in _SUMMARY:
        values = found.villages.values[source]
        columns[name] = (
            real(values, alias=alias, width=18, decimals=decimals) if decimals else _counted(values, alias, 8)
        )
    columns["tier"] = text(_tiers(found, found.villages.values["grade"]), alias="分级名称", width=20)
    return result_table("potential_summary", columns)


def excluded_table(found: Potential, words: Callable[[str], str]) -> LayerTable:
    """Construction land that is no candidate, by reason and village.

    Parameters
    ----------
    words
        Id of a message → its text.
    """
    rows = found.excluded
    return result_table(
        "potential_excluded",
        {
            "reason": text([row.reason for row in rows], alias="排除原因", width=20),
            "name": text([words(f"excluded.{row.reason}") for row in rows], alias="原因说明", width=60),
            "unit_code": text([row.unit_code for row in rows], alias="行政村代码", width=12),
            "pieces": integer([row.pieces for row in rows], alias="碎部数"),
            "area_m2": real(to_m2(np.array([row.area for row in rows], dtype=np.int64)), alias="面积_平方米", **_M2),
        },
    )


def sensitivity_table(found: Potential) -> LayerTable:
    """What moving each weight does to the grades."""
    rows = found.changes
    share = [np.nan if row.share is None else row.share for row in rows]
    return result_table(
        "potential_sensitivity",
        {
            "indicator": text([row.indicator for row in rows], alias="指标", width=10),
            "weight": real([row.weight for row in rows], alias="变动后权重", width=10, decimals=6),
            "change": real([row.change for row in rows], alias="变动", width=6, decimals=2),
            "share": real(share, alias="等级变化比例", width=10, decimals=6),
        },
    )


def weight_table(found: Potential) -> LayerTable:
    """Every indicator with the weight used; nothing where its data is missing."""
    place = {name: row for row, name in enumerate(found.weights.ids)}

    def column(values: NDArray[np.float64], alias: str) -> Column:
        stated = [values[place[each.id]] if each.id in place else np.nan for each in found.indicators]
        return real(stated, alias=alias, width=10, decimals=6)

    return result_table(
        "potential_weights",
        {
            "indicator": text([each.id for each in found.indicators], alias="指标", width=10),
            "name": text([each.title["zh"] for each in found.indicators], alias="指标名称", width=40),
            "weight": column(found.weights.weight, "采用权重"),
            "ahp": column(found.weights.judged, "主观权重"),
            "entropy": column(found.weights.entropy, "熵权"),
            "direction": text(["+" if each.rises else "-" for each in found.indicators], alias="方向", width=1),
            "basis": text([each.basis for each in found.indicators], alias="依据", width=200),
            "bas_status": text([each.status for each in found.indicators], alias="依据核实状态", width=12),
        },
    )


def _tiers(found: Potential, grade: NDArray[np.float64]) -> List[Optional[str]]:
    """What the grades are called; None where there is none."""
    return [None if np.isnan(each) else found.grade_names[int(each) - 1] for each in grade]


def _named(units: Texts, names: Mapping[str, str]) -> List[Optional[str]]:
    return [None if unit is None else names.get(str(unit)) for unit in units]


def _counted(values: NDArray[np.float64], alias: str, width: int) -> Column:
    known = np.isfinite(values)
    return integer(np.where(known, values, 0).astype(np.int64), ~known, alias=alias, width=width)


def village_names(villages: Source) -> Mapping[str, str]:
    """Village code → name, the first stated."""
    mapping = villages.mapping(load_role_schemas()["villages"])
    found: Dict[str, str] = {}
    codes, names = (role_text(villages.table, mapping, field) for field in ("unit_code", "unit_name"))
    for code, name in zip(codes, names):
        if code is not None and name is not None:
            found.setdefault(str(code)[:VILLAGE_DIGITS], str(name))
    return found
