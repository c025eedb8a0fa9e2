"""The base state as layer and table (``basestate``): survey class, base class, reason."""

from __future__ import annotations

from typing import Dict

import numpy as np

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.factor import Factor, crossed
from three_opt_three_protect.core.landuse import GROUP_TOKEN, LandGroup
from three_opt_three_protect.core.measure import to_ha, to_m2, to_mu
from three_opt_three_protect.core.tables import Column, LayerTable, factor_column, integer, real, text

_M2 = {"width": 18, "decimals": 2}


def base_layer(base: BaseState) -> LayerTable:
    """Every piece with its class in the survey and in the plan's base."""
    columns: Dict[str, Column] = {
        "parcel_id": text(base.parcels.parcel_id[base.parcel], alias="图斑标识", width=18),
        **{name: factor_column(factor, alias, width) for name, (factor, alias, width) in _keys(base).items()},
        "area_m2": real(to_m2(base.area), alias="面积_平方米", **_M2),
        "net_m2": real(to_m2(base.net), alias="净面积_平方米", **_M2),
    }
    fid = np.arange(1, len(base.area) + 1, dtype=np.int64)
    return LayerTable("base_state", fid, base.geometry, columns, base.spec.crs)


def base_summary(base: BaseState) -> LayerTable:
    """T27: areas by village, survey class, base class and reason."""
    keys = _keys(base)
    index, first = crossed([(factor.code, len(factor.levels)) for factor, _, _ in keys.values()])
    labels = [[factor.levels[code] or "" for code in factor.code[first]] for factor, _, _ in keys.values()]
    order = sorted(range(len(first)), key=lambda row: [label[row] for label in labels])
    rank = np.empty(len(first), dtype=np.int64)
    rank[order] = np.arange(len(first))
    index, first = rank[index], first[np.array(order, dtype=np.int64)]
    area = np.zeros(len(first), dtype=np.int64)
    np.add.at(area, index, base.area)
    m2 = to_m2(area)
    columns: Dict[str, Column] = {
        **{name: factor_column(factor.take(first), alias, width) for name, (factor, alias, width) in keys.items()},
        "pieces": integer(np.bincount(index, minlength=len(first)), alias="图斑数"),
        "area_m2": real(m2, alias="面积_平方米", **_M2),
        "area_ha": real(to_ha(m2), alias="面积_公顷", width=18, decimals=4),
        "area_mu": real(to_mu(m2), alias="面积_亩", **_M2),
    }
    return LayerTable("base_summary", np.arange(1, len(first) + 1, dtype=np.int64), columns=columns)


def _keys(base: BaseState) -> Dict[str, tuple[Factor, str, int]]:
    """Column → factor, Chinese name and width."""
    groups = [GROUP_TOKEN[one] for one in LandGroup]
    survey = base.parcels.classes.group[base.parcel].astype(np.int64)
    return {
        "unit_code": (base.unit, "行政村代码", 12),
        "class_survey": (base.parcels.code.take(base.parcel), "调查地类", 6),
        "grp_survey": (Factor.picked(groups, survey), "调查三大类", 12),
        "class_base": (base.class_base, "规划基数地类", 6),
        "grp_base": (Factor.picked(groups, base.group.astype(np.int64)), "基数三大类", 12),
        "base_reason": (Factor.of(base.base_reason), "转换依据", 20),
    }
