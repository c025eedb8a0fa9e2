"""The three lines and the roads: development boundary, ecological redline, permanent basic farmland."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.measure import measure, to_m2, to_units
from three_opt_three_protect.core.sample.classes import LINEAR
from three_opt_three_protect.core.sample.names import COUNTY, SOURCE
from three_opt_three_protect.core.sample.parcels import RIDGE_RATE, grades, parcel_table
from three_opt_three_protect.core.sample.shapes import GRID, as_array, blob, generator, half_plane, polygons
from three_opt_three_protect.core.sample.survey import CRS, YEAR, Survey, bsm, member
from three_opt_three_protect.core.tables import Geometries, LayerTable, integer, real, text


def draw_boundary(drawn: Survey) -> BaseGeometry:
    """Town and estate with room to grow; follows parcels but on one side cuts through them."""
    plan = drawn.ground.plan
    small = min(1.0, float(np.sqrt(plan.outline.area)) / 9000)
    room = shapely.union_all([plan.town, plan.estate]).buffer(330 * small).buffer(-150 * small)
    inside = shapely.area(shapely.intersection(drawn.shapes, room)) > 0.55 * shapely.area(drawn.shapes)
    linear = member(drawn.codes, LINEAR)
    blocks = shapely.union_all(drawn.shapes[inside & ~linear & (drawn.codes != "1102")], grid_size=GRID)
    # roads and canals run far beyond: of them only what lies between the blocks
    closed = blocks.buffer(40, join_style="mitre").buffer(-40, join_style="mitre")
    between = shapely.intersection(drawn.shapes[linear], closed)
    ground = [part for shape in between for part in polygons(shape)]
    stepped = shapely.union_all([blocks, *ground], grid_size=GRID)
    axis = plan.axis
    free = half_plane(np.array([plan.centre + axis * 900 * small, plan.centre + axis * 900 * small - _left(axis)]), 2e4)
    sector = room.simplify(30).intersection(free).difference(plan.lake)
    whole = shapely.union_all([shapely.difference(stepped, free, grid_size=GRID), sector], grid_size=GRID)
    main = Polygon(polygons(whole)[0].exterior)
    return Polygon(polygons(main.intersection(plan.outline))[0].exterior)


def _left(axis: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([-axis[1], axis[0]])


def boundary_table(drawn: Survey, shape: BaseGeometry) -> LayerTable:
    """城镇开发边界 (CZKFBJ)."""
    shapes = as_array([shape])
    return LayerTable(
        "boundary",
        np.array([1], dtype=np.int64),
        shapes,
        {
            "BSM": text(bsm(drawn, 2006, 1), "标识码", 18),
            "YSDM": text(["2090020100"], "要素代码", 10),
            "XZQDM": text([drawn.township_code], "行政区代码", 12),
            "XZQMC": text([drawn.township_name], "行政区名称", 100),
            "GHFQDM": text(["01"], "规划分区代码", 10),
            "GHFQMC": text(["城镇集中建设区"], "规划分区名称", 50),
            "MJ": real(to_m2(to_units(measure(shapes, CRS))), "面积", 18, 2),
            "BZ": text([SOURCE], "备注", 255),
        },
        CRS,
        SOURCE,
    )


def draw_redline(drawn: Survey, boundary: BaseGeometry) -> Tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
    """The lake, a core wetland at its shore (both level 1), and the buffer round them (level 2)."""
    plan = drawn.ground.plan
    rng = generator(drawn.seed, 43)
    land = drawn.ground.plan.outline.difference(boundary)
    lake = shapely.coverage_union_all(drawn.shapes[drawn.codes == "1102"])
    if lake.intersects(boundary):
        lake = lake.difference(boundary)  # a town at the lake: no line may run into another
    shore = np.asarray(shapely.get_coordinates(plan.lake.intersection(plan.outline).boundary))
    inner = shore[int(np.argmin(np.hypot(*(shore - plan.centre).T) + np.abs((shore - plan.centre) @ plan.axis)))]
    size = 0.009 * plan.outline.area
    marsh = blob(inner + plan.axis * np.sqrt(size) * 2.2, size, rng, 0.16, plan.axis, 1.6)
    marsh = marsh.intersection(land).difference(lake)
    reach = 0.045 * float(np.sqrt(plan.outline.area))
    ring = shapely.union_all([plan.lake.buffer(reach), marsh.buffer(reach * 0.8)]).intersection(land)
    return lake, marsh, ring.difference(lake).difference(marsh)


def redline_table(drawn: Survey, shapes: Sequence[BaseGeometry]) -> LayerTable:
    """生态保护红线 (STBHHX) with ``level`` 1 or 2 (一级 / 二级管控区)."""
    names = ("湖泊水域", "湖滨湿地核心区", "湖滨生态缓冲区")
    kinds = ("重要湖泊", "重要湿地", "生态空间管控区域")
    rows = [row for row, shape in enumerate(shapes) if shape.area > 0]
    kept = as_array([shapes[row] for row in rows])
    return LayerTable(
        "redline",
        np.arange(1, len(rows) + 1, dtype=np.int64),
        kept,
        {
            "BSM": text(bsm(drawn, 2007, len(rows)), "标识码", 18),
            "YSDM": text(["2090010100"] * len(rows), "要素代码", 10),
            "XJXZQDM": text([COUNTY[0]] * len(rows), "县级行政区代码", 6),
            "XJXZQMC": text([COUNTY[1]] * len(rows), "县级行政区名称", 100),
            "LHLX": text([kinds[row] for row in rows], "红线类型", 50),
            "MC": text([names[row] for row in rows], "名称", 100),
            "MJ": real(to_m2(to_units(measure(kept, CRS))), "面积", 18, 2),
            "level": integer([1 if row < 2 else 2 for row in rows], None, "管控级别", 1),
        },
        CRS,
        SOURCE,
    )


def road_table(drawn: Survey) -> LayerTable:
    """Highways and roads as polygons, one a road."""
    rows = drawn.codes == "1003"
    names = sorted({str(name) for name in drawn.names[rows]})
    shapes = as_array([shapely.coverage_union_all(drawn.shapes[rows & (drawn.names == name)]) for name in names])
    return LayerTable(
        "roads",
        np.arange(1, len(names) + 1, dtype=np.int64),
        shapes,
        {
            "name": text(list(names), "道路名称", 60),
            "class": text(["公路"] * len(names), "道路等级", 20),
            "DLBM": text(["1003"] * len(names), "地类编码", 5),
        },
        CRS,
        SOURCE,
    )


FARMLAND_SHARE = 0.80
"""Permanent basic farmland as a share of the cultivated land outside the boundary."""


def choose_farmland(drawn: Survey, barred: Sequence[BaseGeometry], spared: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which parcels are permanent basic farmland: cultivated, polder by polder, none in ``barred`` or ``spared``."""
    fit = drawn.cultivated & ~spared & (drawn.attributes == "") & (drawn.block >= 0)
    blocked = shapely.union_all(as_array(list(barred)))
    shapely.prepare(blocked)
    outside = drawn.cultivated & ~shapely.intersects(blocked, drawn.shapes)
    fit &= outside & (grades(drawn) < 10)
    wanted = FARMLAND_SHARE * drawn.area[outside].sum()
    order = generator(drawn.seed, 47).permutation(int(drawn.block.max(initial=0)) + 1)
    rank = np.where(drawn.block >= 0, order[np.maximum(drawn.block, 0)], len(order))
    queue = np.lexsort((np.arange(len(rank)), rank))
    queue = queue[fit[queue]]
    chosen = np.zeros(len(fit), dtype=np.bool_)
    chosen[queue[np.cumsum(drawn.area[queue]) <= wanted]] = True
    return chosen


def farmland_table(drawn: Survey, chosen: NDArray[np.bool_], kept_off: BaseGeometry) -> LayerTable:
    """永久基本农田图斑 (YJJBNTTB): blocks of parcels of one class within a polder; a few cut through parcels."""
    shapes, first = _blocks(drawn, chosen)
    shapes = _trim(drawn, shapes, kept_off)
    parcels = parcel_table(drawn)
    count = len(shapes)
    gross = to_units(measure(shapes, CRS))
    rate = np.where(drawn.slope[first], RIDGE_RATE, 0.0)
    net = gross - to_units(to_m2(gross) * rate)
    copied = {
        field: parcels.column(field).take(first)
        for field in "DLBM DLMC QSXZ QSDWDM QSDWMC ZLDWDM ZLDWMC KCDLBM KCXS GDLX GDPDJB GDDB".split()
    }
    villages = [drawn.village_code(int(row)) for row in drawn.village[first]]
    numbers: List[Optional[str]] = [f"{code}{row:06d}" for row, code in enumerate(villages, 1)]
    columns = {
        "BSM": text(bsm(drawn, 2005, count), "标识码", 18),
        "YSDM": text(["2005010300"] * count, "要素代码", 10),
        "XZQDM": text(villages, "行政区代码", 12),
        "XZQMC": text([drawn.village_names[int(row)] for row in drawn.village[first]], "行政区名称", 100),
        "YJJBNTTBBH": text(numbers, "永久基本农田图斑编号", 18),
        "TBBH": parcels.column("TBBH").take(first),
        **copied,
        "YJJBNTTBMJ": real(to_m2(gross), "永久基本农田图斑面积", 18, 2),
        "KCMJ": real(to_m2(gross - net), "扣除地类面积", 18, 2),
        "YJJBNTMJ": real(to_m2(net), "永久基本农田面积", 18, 2),
        "WDGD": text(["1"] * count, "稳定利用耕地", 1),
        "BHKSSJ": text([f"{YEAR}1231"] * count, "保护开始时间", 8),
        "BHJSSJ": text([None] * count, "保护结束时间", 8),
        "SJNF": integer(np.full(count, YEAR), None, "数据年份", 4),
        "BZ": text([None] * count, "备注", 254),
    }
    return LayerTable("farmland", np.arange(1, count + 1, dtype=np.int64), shapes, columns, CRS, SOURCE)


def _blocks(drawn: Survey, chosen: NDArray[np.bool_]) -> Tuple[Geometries, NDArray[np.int64]]:
    """Connected chosen parcels of one polder, class, village and grade as one shape; the first parcel of each."""
    rows = np.flatnonzero(chosen)
    grade = grades(drawn)
    keys: Dict[Tuple[int, int, str, bool, int], List[int]] = {}
    for row in rows.tolist():
        where = (int(drawn.village[row]), int(drawn.block[row]))
        key = (*where, drawn.codes[row], bool(drawn.slope[row]), int(grade[row]))
        keys.setdefault(key, []).append(row)
    shapes: List[BaseGeometry] = []
    first: List[int] = []
    for members in keys.values():
        for part in polygons(shapely.coverage_union_all(drawn.shapes[members])):
            touched = [row for row in members if part.contains(drawn.shapes[row].point_on_surface())]
            shapes.append(shapely.normalize(part))
            first.append(touched[0])
    return as_array(shapes), np.array(first, dtype=np.int64)


def _trim(drawn: Survey, shapes: Geometries, kept_off: BaseGeometry) -> Geometries:
    """Every fortieth block loses a slice that no parcel border follows; all keep off ``kept_off``."""
    out = shapes.copy()
    for row in range(7, len(out), 40):
        middle = np.asarray(out[row].centroid.coords[0])
        line = np.array([middle + [-900.0, 35.0], middle + [900.0, 50.0]])
        kept = polygons(out[row].difference(half_plane(line, 900.0)))
        out[row] = kept[0] if kept and kept[0].area > 2000 else out[row]
    for row in np.flatnonzero(shapely.intersects(out, kept_off)).tolist():
        kept = polygons(out[row].difference(kept_off))
        out[row] = kept[0] if kept else out[row]
    return out
