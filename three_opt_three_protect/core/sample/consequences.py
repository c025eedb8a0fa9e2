"""What follows from planted defects elsewhere: areas that no longer add up, overlaps, gaps, lines crossed.

Worked out feature by feature and without the overlay engine, as somebody with a plain GIS would: the data checks must
come to the same list by their own way.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, Mapping, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.measure import measure
from three_opt_three_protect.core.sample.classes import CONSTRUCTION
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.shapes import polygons
from three_opt_three_protect.core.tables import Geometries, LayerTable

Layers = Mapping[str, LayerTable]
Bools = NDArray[np.bool_]

SEEN_M2 = 0.01
"""Overlaps and gaps from here on are said."""
PLOT_M2 = 1.0
"""Plots that lie wrong by less are not said."""
AREA_M2, AREA_SHARE = 1.0, 0.005
"""A recorded area may differ by the larger of the two."""
SUM_SHARE = 1e-6
"""Sums of geometries may differ by that part."""
BUILT_SHARE = 0.6
"""Less construction land in a reclaim plot is said."""
VILLAGE = 12
"""Digits of a village's code."""


def consequences(clean: Layers, layers: Layers, planted: Sequence[Planted]) -> List[Planted]:
    """Findings that follow from ``planted`` besides those meant; every one by layer, feature and rule."""
    meant = {(one.rule, one.layer, one.parcel_id, one.plot_id) for one in planted}
    found = [
        *_parcel_shapes(clean, layers),
        *_recorded_areas(clean, layers),
        *_net_areas(clean, layers),
        *_villages(layers),
        *_years(layers),
        *_plots(layers),
    ]
    return [one for one in found if (one.rule, one.layer, one.parcel_id, one.plot_id) not in meant]


def _follows(rule: str, layer: str, area: float, fid: str = "", plot_id: str = "", note: str = "") -> Planted:
    return Planted("consequence", layer, note or "由上述缺陷引起", area, plot_id or None, fid or None, rule, False)


def _mended(shapes: Geometries) -> Geometries:
    """Polygons as a GIS mends them; None where there is none."""
    out = shapes.copy()
    for row in np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)).tolist():
        out[row] = shapely.union_all([part for part in polygons(shapely.make_valid(shapes[row])) if part.area > 0])
    return out


def _touched(clean: Layers, layers: Layers) -> List[int]:
    before, after = clean["parcels"].shapes, layers["parcels"].shapes
    return [row for row in range(len(before)) if after[row] is not before[row]]


def _parcel_shapes(clean: Layers, layers: Layers) -> Iterator[Planted]:
    """Overlaps with neighbours and gaps beside the parcels whose shape was spoilt."""
    before = clean["parcels"].shapes
    after = _mended(layers["parcels"].shapes)
    fid = layers["parcels"].fid
    rows = np.flatnonzero(~shapely.is_missing(after))
    tree = shapely.STRtree(after[rows])
    pairs: Dict[Tuple[int, int], float] = {}
    for row in _touched(clean, layers):
        near = rows[tree.query(before[row].buffer(5.0), predicate="intersects")]
        if after[row] is not None:
            for other in near.tolist():
                shared = after[row].intersection(after[other]).area if other != row else 0.0
                if shared > SEEN_M2:
                    pairs[min(row, other), max(row, other)] = shared
        hole = before[row].difference(shapely.union_all(after[near]))
        for part in polygons(hole):
            if part.area > SEEN_M2:
                beside = near[shapely.dwithin(after[near], part, 1e-6)]
                yield _follows("gap", "parcels", part.area, str(fid[beside].min()), note="缝隙旁编号最小的图斑")
    for (_, later), area in sorted(pairs.items()):
        yield _follows("overlap", "parcels", area, str(fid[later]), note="与编号在前的图斑重叠")


def _recorded_areas(clean: Layers, layers: Layers) -> Iterator[Planted]:
    """Parcels whose own area is no longer the recorded one."""
    table = layers["parcels"]
    own, recorded = _areas(table), table.column("TBMJ").values
    off = np.abs(own - recorded)
    for row in np.flatnonzero((own > 0) & (off > np.maximum(AREA_M2, AREA_SHARE * own))).tolist():
        yield _follows("area_geometry", "parcels", float(off[row]), str(table.fid[row]))


def _net_areas(clean: Layers, layers: Layers) -> Iterator[Planted]:
    """Net areas that are not gross less ridges."""
    table = layers["parcels"]
    gross, net = table.column("TBMJ").values, table.column("TBDLMJ").values
    ridges = np.nan_to_num(table.column("KCMJ").values)
    off = np.abs(np.round(gross - ridges - net, 2))
    for row in np.flatnonzero(off > 0.01).tolist():
        yield _follows("net_area_sum", "parcels", float(off[row]), str(table.fid[row]))


def _areas(table: LayerTable) -> NDArray[np.float64]:
    shapes = _mended(table.shapes)
    return np.zeros(len(shapes)) if table.crs is None else measure(shapes, table.crs)


def _villages(layers: Layers) -> Iterator[Planted]:
    """Villages whose parcels no longer add up to them."""
    parcels, villages = layers["parcels"], layers["villages"]
    codes = [None if code is None else code[:VILLAGE] for code in parcels.column("ZLDWDM").values]
    own, recorded = _areas(parcels), parcels.column("TBMJ").values
    whole = _areas(villages)
    for row, code in enumerate(villages.column("unit_code").values):
        inside = np.array([each == code for each in codes], dtype=np.bool_)
        geometry, sum_of = float(own[inside].sum()), float(np.round(recorded[inside].sum(), 2))
        name = str(villages.column("ZLDWMC").values[row])
        if abs(geometry - whole[row]) > SUM_SHARE * whole[row]:
            yield _follows("sum_geometry", "parcels", abs(geometry - whole[row]), note=f"{name}图形面积之和不符")
        control = float(villages.column("DCMJ").values[row])
        if abs(round(sum_of - control, 2)) > 0.01:
            yield _follows("sum_control", "parcels", abs(sum_of - control), note=f"{name}登记面积之和不符")


def _years(layers: Layers) -> Iterator[Planted]:
    """The second year is as drawn, so that it differs from the spoilt first."""
    if "parcels_next" not in layers:
        return
    first, second = layers["parcels"], layers["parcels_next"]
    before, after = float(_areas(first).sum()), float(_areas(second).sum())
    if abs(after - before) > SUM_SHARE * before:
        yield _follows("year_area", "parcels_next", abs(after - before), note="两年总面积不一致")
    was, is_now = (shapely.union_all(_mended(table.shapes)) for table in (first, second))
    if was.symmetric_difference(is_now).area > PLOT_M2:
        yield _follows("year_outline", "parcels_next", was.symmetric_difference(is_now).area, note="两年范围不一致")
    known = {str(code)[:VILLAGE] for code in second.column("ZLDWDM").values}
    for code in dict.fromkeys(str(code)[:VILLAGE] for code in first.column("ZLDWDM").values):
        if code not in known:
            yield _follows("year_units", "parcels_next", 0.0, note=f"行政区代码{code}只见于前一年")


def _plots(layers: Layers) -> Iterator[Planted]:
    """Every plot against lines, township, parcels and the other plots."""
    reclaim, newbuild = layers["reclaim"], layers["newbuild"]
    farmland, boundary, township = (_land(layers[name]) for name in ("farmland", "boundary", "township"))
    levels = layers["redline"].column("level").values
    strict, second = (_of(layers["redline"].shapes[levels == level]) for level in (1, 2))
    codes = layers["parcels"].column("DLBM").values
    built = _of(_mended(layers["parcels"].shapes)[np.array([code in CONSTRUCTION for code in codes], dtype=np.bool_)])
    for table, layer in ((reclaim, "reclaim"), (newbuild, "newbuild")):
        ids = table.column("plot_id").values
        for row, shape in enumerate(table.shapes):
            earlier = _of(table.shapes[:row])
            yield from _crossed(layer, ids[row], {"plots_overlap": shape.intersection(earlier)})
            yield from _crossed(layer, ids[row], {"plot_outside": shape.difference(township)})
            if layer == "reclaim":
                share = shape.intersection(built).area / shape.area
                if share < BUILT_SHARE:
                    rule = "reclaim_construction" if share > 0 else "reclaim_no_construction"
                    yield _follows(rule, layer, share * shape.area, plot_id=str(ids[row]))
                continue
            crossed = {
                "newbuild_farmland": shape.intersection(farmland),
                "newbuild_redline": shape.intersection(strict),
                "newbuild_redline_level2": shape.difference(strict).intersection(second),
                "reclaim_newbuild": shape.intersection(_of(reclaim.shapes)),
            }
            if table.column("use").values[row] in ("town", "industry"):
                crossed["newbuild_boundary"] = shape.difference(boundary)
            yield from _crossed(layer, ids[row], crossed)


def _crossed(layer: str, plot_id: str, lands: Mapping[str, BaseGeometry]) -> Iterator[Planted]:
    for rule, land in lands.items():
        if land.area > PLOT_M2:
            yield _follows(rule, layer, land.area, plot_id=str(plot_id))


def _land(table: LayerTable) -> BaseGeometry:
    return _of(table.shapes)


def _of(shapes: Geometries) -> BaseGeometry:
    return shapely.union_all(shapes[~shapely.is_missing(shapes)])
