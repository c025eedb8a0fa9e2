"""Core's plan for topsoil → the layers and tables of ``topsoilbalance``."""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Union

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.plane import plane_of
from three_opt_three_protect.core.tables import Column, Kind, LayerTable, date, real, text
from three_opt_three_protect.core.topsoil import joined
from three_opt_three_protect.core.topsoilplan import TopsoilPlan, totals
from three_opt_three_protect.core.topsoiltransport import Flows
from three_opt_three_protect.plans.resulttables import result_table

Floats = NDArray[np.float64]

_M3 = {"width": 18, "decimals": 2}


def flow_layer(plan: TopsoilPlan, base: BaseState) -> LayerTable:
    """Lines from donors to receivers and to stores (``topsoilbalance`` OUTPUT)."""
    flows, kept = plan.flows, plan.kept
    takers = joined([plan.receivers, plan.stores])
    start = np.concatenate([flows.start, kept.start])
    end = np.concatenate([flows.end, kept.end + len(plan.receivers)])
    volume, metres = np.concatenate([flows.volume, kept.volume]), np.concatenate([flows.metres, kept.metres])
    waiting = np.concatenate([plan.waiting, np.full(len(kept.start), np.nan)])
    lines = np.empty(len(start), dtype=np.object_)
    if len(start):
        ends = np.stack([plan.donors.point[start], takers.point[end]], axis=1)
        lines[:] = plane_of(base.spec.crs, base.geometry).drawn(np.asarray(shapely.linestrings(ends), dtype=np.object_))
    columns: Dict[str, Column] = {
        "from_id": text(plan.donors.plot_id[start], alias="剥离地块", width=40),
        "to_id": text(takers.plot_id[end], alias="去向地块", width=40),
        "to_kind": text(takers.kind[end], alias="去向类型", width=10),
        "from_unit": text(plan.donors.unit_code[start], alias="剥离行政村代码", width=12),
        "to_unit": text(takers.unit_code[end], alias="去向行政村代码", width=12),
        "volume_m3": real(to_m2(volume), alias="方量_立方米", **_M3),
        "loose_m3": real(_loose(volume, plan), alias="松方_立方米", **_M3),
        "distance_m": real(metres, alias="运距_米", **_M3),
        "haul_m3km": real(np.round(to_m2(volume) * metres / 1000, 2), alias="运量_立方米公里", **_M3),
        "days": real(waiting, alias="剥离至利用天数", width=8),
    }
    return LayerTable("flows", np.arange(1, len(start) + 1, dtype=np.int64), lines, columns, base.spec.crs)


def place_layer(plan: TopsoilPlan, base: BaseState) -> LayerTable:
    """Donors and receivers as polygons (``topsoilbalance`` PLOTS)."""
    both = joined([plan.donors, plan.receivers])
    rows = np.arange(len(both))
    columns = {name: column.take(rows) for name, column in _place_columns(plan).items() if name != "part"}
    return LayerTable("plots", rows + 1, both.shape, columns, base.spec.crs)


def summary_table(plan: TopsoilPlan) -> LayerTable:
    """T18 in machine form: a row a place, then the totals (``topsoilbalance`` SUMMARY)."""
    sums = totals(plan)
    last: Dict[str, Union[str, float]] = {
        "part": "total", "plot_id": "", "strip_m3": sums.stripped / 100, "need_m3": sums.needed / 100,
        "used_m3": sums.used / 100, "left_m3": sums.left / 100, "stored_m3": sums.stored / 100,
        "short_m3": sums.short / 100, "farm_m3": float(to_m2(plan.farmland.sum())),
        "haul_m3km": round(sums.haul + sums.store_haul, 2),
    }  # fmt: skip
    columns = {name: _longer(column, last.get(name)) for name, column in _place_columns(plan).items()}
    return result_table("summary", columns)


def _longer(column: Column, value: Optional[Union[str, float]]) -> Column:
    """The column with one more row; None = missing."""
    if column.kind is Kind.TEXT:
        return text([*column.values, None if value is None else str(value)], column.alias, column.width)
    if column.kind is Kind.DATE:
        return date(np.append(column.values, np.datetime64("NaT")), column.alias)
    more = np.append(column.values, np.nan if value is None else value)
    return real(more, column.alias, column.width, column.decimals)


def _place_columns(plan: TopsoilPlan) -> Dict[str, Column]:
    """What is known of every donor, receiver and store, in that order."""
    give, take, keep = plan.donors, plan.receivers, plan.stores
    every = joined([give, take, keep])
    counts = (len(give), len(take), len(keep))

    def volume(alias: str, *given: Optional[NDArray[np.int64]]) -> Column:
        """Of donors, receivers, stores; None where it means nothing."""
        parts = [np.full(count, np.nan) if one is None else to_m2(one) for one, count in zip(given, counts)]
        return real(np.concatenate(parts), alias=alias, **_M3)

    areas = to_m2(every.area)
    areas[len(give) + len(take) :] = np.nan
    donor_haul = _haul_by(plan.flows, plan.flows.start, len(give)) + _haul_by(plan.kept, plan.kept.start, len(give))
    haul = (donor_haul, _haul_by(plan.flows, plan.flows.end, len(take)), _haul_by(plan.kept, plan.kept.end, len(keep)))
    why = [*plan.why_left, *plan.why_short, *[None] * len(keep)]
    loose = _loose(np.concatenate([give.volume, take.volume, plan.filled]), plan)
    return {
        "part": text(np.repeat(np.array(["donor", "receiver", "storage"], dtype=np.object_), counts), "部分", 10),
        "plot_id": text(every.plot_id, "地块编号", 40),
        "kind": text(every.kind, "类型", 10),
        "unit_code": text(every.unit_code, "行政村代码", 12),
        "area_m2": real(areas, alias="面积_平方米", **_M3),
        "depth_m": real(every.depth, "厚度_米", 6, 2),
        "strip_m3": volume("剥离方量", give.volume, None, None),
        "need_m3": volume("需土方量", None, take.volume, None),
        "used_m3": volume("利用方量", plan.used, plan.received, None),
        "left_m3": volume("结余方量", plan.left, None, None),
        "stored_m3": volume("存放方量", plan.stored, None, plan.filled),
        "short_m3": volume("缺口方量", None, plan.short, None),
        "loose_m3": real(loose, alias="松方_立方米", **_M3),
        "farm_m3": volume("其中永久基本农田", plan.farmland, None, None),
        "haul_m3km": real(np.round(np.concatenate(haul), 2), alias="运量_立方米公里", **_M3),
        "why": text(why, "结余或缺口原因", 12),
        "date": date(every.day, "剥离或利用日期"),
    }


def _haul_by(flows: Flows, index: NDArray[np.int64], count: int) -> Floats:
    """``(count,)`` m³·km of every place."""
    return np.asarray(np.bincount(index, np.round(flows.haul, 2), count))


def _loose(volume: NDArray[np.int64], plan: TopsoilPlan) -> Floats:
    return to_m2(to_units(np.round(to_m2(volume) * plan.haulage.loose, 6)))


def topsoil_figures(plan: TopsoilPlan) -> Mapping[str, Optional[float]]:
    """Figures of ``topsoilbalance``, m³ and m³·km."""
    sums = totals(plan)
    return {
        "STRIPPED_M3": sums.stripped / 100, "NEEDED_M3": sums.needed / 100, "USED_M3": sums.used / 100,
        "LEFT_M3": sums.left / 100, "SHORT_M3": sums.short / 100, "STORED_M3": sums.stored / 100,
        "HAUL_M3KM": sums.haul, "PEAK_M3": None if plan.peak is None else plan.peak / 100,
    }  # fmt: skip
