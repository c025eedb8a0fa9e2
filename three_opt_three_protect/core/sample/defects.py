"""Deliberate data defects, each listed in ``planted``."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.plan import Planned
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.shapes import as_array, generator
from three_opt_three_protect.core.sample.survey import Survey
from three_opt_three_protect.core.tables import Column, LayerTable

Layers = Dict[str, LayerTable]
Pick = Callable[[NDArray[np.bool_]], int]


def spoil(layers: Layers, drawn: Survey, planned: Planned) -> List[Planted]:
    """Plant the set of defects in ``layers`` (replaced in place) and list them."""
    used: List[int] = []
    rng = generator(drawn.seed, 83)

    def pick(fit: NDArray[np.bool_]) -> int:
        """A parcel of middling size that has no defect yet."""
        good = fit & (drawn.area > 900) & (drawn.area < 60000)
        good[used] = False
        row = int(rng.choice(np.flatnonzero(good)))
        used.append(row)
        return row

    found = _spoil_shapes(layers, drawn, pick) + _spoil_fields(layers, drawn, pick)
    found += _spoil_plots(layers, drawn, planned)
    return found


def _spoil_shapes(layers: Layers, drawn: Survey, pick: Pick) -> List[Planted]:
    table = layers["parcels"]
    shapes = table.shapes.copy()
    anywhere = np.ones(len(shapes), dtype=np.bool_)
    found: List[Planted] = []
    ways: Sequence[Tuple[str, str, Callable[[BaseGeometry], Optional[BaseGeometry]]]] = (
        ("bow_tie", "图形自相交", bow_tie),
        ("null_geometry", "图形为空", lambda shape: None),
        ("overlap", "与相邻图斑重叠约2米", lambda shape: shape.buffer(2.0)),
        ("gap", "与相邻图斑有约1.5米缝隙", lambda shape: shape.buffer(-1.5)),
    )
    for kind, note, way in ways:
        row = pick(anywhere & (drawn.codes == "0101") & np.array([not shape.interiors for shape in drawn.shapes]))
        area = shapes[row].area
        shapes[row] = way(shapes[row])
        changed = abs(shapes[row].area - area) if kind in ("overlap", "gap") else area
        found.append(Planted(kind, "parcels", note, changed, None, str(row + 1)))
    layers["parcels"] = replace(table, geometry=shapes)
    return found


def bow_tie(shape: Polygon) -> Polygon:
    """``shape`` with two far vertices exchanged, so that its outline crosses itself."""
    ring = np.asarray(shape.exterior.coords)[:-1]
    for step in range(2, len(ring) // 2 + 1):
        crossed = ring.copy()
        crossed[[1, 1 + step]] = crossed[[1 + step, 1]]
        if not Polygon(crossed).is_valid:
            return Polygon(crossed)
    return Polygon(ring[[0, 2, 1, 3]])


def _spoil_fields(layers: Layers, drawn: Survey, pick: Pick) -> List[Planted]:
    table = layers["parcels"]
    columns = {name: _copy(column) for name, column in table.columns.items()}
    farmed, other = drawn.cultivated, ~drawn.cultivated
    village = drawn.village
    rules: Sequence[Tuple[str, str, NDArray[np.bool_], Callable[[int], None]]] = (
        ("unknown_code", "地类编码不存在", other, lambda row: _set(columns, "DLBM", row, "9999")),
        ("missing_code", "地类编码为空", other, lambda row: _set(columns, "DLBM", row, None)),
        ("code_name_mismatch", "地类编码与名称不一致", farmed, lambda row: _set(columns, "DLMC", row, "工业用地")),
        ("wrong_area", "图斑面积偏大20%", farmed, lambda row: _scale(columns, "TBMJ", row, 1.2)),
        ("wrong_net_area", "图斑地类面积不等于图斑面积减扣除", farmed, lambda row: _scale(columns, "TBDLMJ", row, 0.9)),
        ("duplicate_id", "标识码重复", other, lambda row: _set(columns, "BSM", row, columns["BSM"].values[row - 1])),
        ("ridge_rate_range", "扣除系数超出范围", farmed, lambda row: _set(columns, "KCXS", row, 1.2)),
        ("ridge_off_field", "非耕地填写扣除地类", other, lambda row: _set(columns, "KCDLBM", row, "1203")),
        ("grade_missing", "耕地等别为空", farmed, lambda row: _hide(columns, "GDDB", row)),
        ("slope_class", "坡度级别超出范围", farmed, lambda row: _set(columns, "GDPDJB", row, "7")),
        (
            "village_mismatch",
            "坐落单位代码与所在行政村不一致",
            farmed,
            lambda row: _set(columns, "ZLDWDM", row, drawn.village_code(int(village[row]) + 50) + "0000000"),
        ),
        ("attribute_unknown", "城镇村属性码不存在", other, lambda row: _set(columns, "CZCSXM", row, "207")),
    )
    found: List[Planted] = []
    for kind, note, fit, way in rules:
        row = pick(fit & (np.arange(len(fit)) > 0))
        way(row)
        found.append(Planted(kind, "parcels", note, float(drawn.area[row]), None, str(row + 1)))
    layers["parcels"] = replace(table, columns=columns)
    return found


def _copy(column: Column) -> Column:
    missing = None if column.missing is None else column.missing.copy()
    return replace(column, values=column.values.copy(), missing=missing)


def _set(columns: Mapping[str, Column], field: str, row: int, value: object) -> None:
    columns[field].values[row] = value


def _scale(columns: Mapping[str, Column], field: str, row: int, factor: float) -> None:
    columns[field].values[row] = round(float(columns[field].values[row]) * factor, 2)


def _hide(columns: Mapping[str, Column], field: str, row: int) -> None:
    missing = columns[field].missing
    if missing is not None:
        missing[row] = True


def _spoil_plots(layers: Layers, drawn: Survey, planned: Planned) -> List[Planted]:
    """A new-build plot on permanent basic farmland, one outside the township, two reclaim plots over each other."""
    if not (planned.farmland.any() and len(planned.reclaim) and len(planned.newbuild)):
        return []  # only a handful of parcels: no plan to spoil
    farm = drawn.shapes[int(np.flatnonzero(planned.farmland)[0])]
    east, north = drawn.ground.plan.outline.bounds[2] + 400, drawn.ground.plan.outline.bounds[3] + 400
    outside = shapely.box(east, north, east + 120, north + 80)
    last = str(layers["newbuild"].column("plot_id").values[-1])
    layers["newbuild"] = _extended(layers["newbuild"], [(farm, "X001"), (outside, "X002")])
    double = shapely.transform(planned.reclaim[0].shape, lambda points: points + [15.0, 10.0])
    layers["reclaim"] = _extended(layers["reclaim"], [(double, "X003")])
    shared = double.intersection(planned.reclaim[0].shape).area
    return [
        Planted("newbuild_on_farmland", "newbuild", f"建新地块占用永久基本农田(属性仿{last})", farm.area, "X001"),
        Planted("plot_outside", "newbuild", "建新地块在乡镇范围以外", outside.area, "X002"),
        Planted("plot_overlap", "reclaim", "拆旧地块与R001重叠", shared, "X003"),
    ]


def _extended(table: LayerTable, more: Sequence[Tuple[BaseGeometry, str]]) -> LayerTable:
    """``table`` with copies of its last row under other shapes and plot ids."""
    count = len(table)
    rows = np.concatenate([np.arange(count), np.full(len(more), count - 1)])
    longer = table.take(rows)
    shapes = longer.shapes.copy()
    plot_id = longer.column("plot_id")
    for step, (shape, name) in enumerate(more):
        shapes[count + step] = shape
        plot_id.values[count + step] = name
    return replace(longer, fid=np.arange(1, count + len(more) + 1, dtype=np.int64), geometry=as_array(list(shapes)))
