"""What happened by the second survey year, and deliberate data defects; both are listed in ``planted``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.plan import Planned
from three_opt_three_protect.core.sample.plots import Plot, ids
from three_opt_three_protect.core.sample.shapes import as_array, generator
from three_opt_three_protect.core.sample.survey import YEAR, Survey, Wholes, parcel_table, resurveyed
from three_opt_three_protect.core.tables import Column, LayerTable, real, text

NEXT_YEAR = YEAR + 2
AFTER: Mapping[str, str] = {"cultivated": "0101", "garden": "0201", "forest": "0307", "pond": "1104", "water": "1101"}


@dataclass(frozen=True)
class Planted:
    """One deliberate change or defect; ``parcel_id`` is the feature id in ``layer``."""

    kind: str
    layer: str
    note: str
    area: float
    plot_id: Optional[str] = None
    parcel_id: Optional[str] = None


def planted_table(found: Sequence[Planted]) -> LayerTable:
    """The list of everything planted."""
    return LayerTable(
        "planted",
        np.arange(1, len(found) + 1, dtype=np.int64),
        None,
        {
            "kind": text([row.kind for row in found], "类型", 40),
            "layer": text([row.layer for row in found], "图层", 40),
            "plot_id": text([row.plot_id for row in found], "地块编号", 20),
            "parcel_id": text([row.parcel_id for row in found], "图斑", 20),
            "note": text([row.note for row in found], "说明", 200),
            "area_m2": real([round(row.area, 2) for row in found], "面积", 15, 2),
        },
        None,
        SOURCE,
    )


def second_year(drawn: Survey, planned: Planned) -> Tuple[LayerTable, List[Planted]]:
    """The parcels two years on, and what became of plots and of land outside them."""
    codes: Dict[int, str] = {}
    found: List[Planted] = []
    for number, (plot, plot_id) in enumerate(zip(planned.reclaim, ids("R", len(planned.reclaim)))):
        if plot.phase <= NEXT_YEAR:
            found.append(_reclaimed(drawn, plot, str(plot_id), number, codes))
    for number, (plot, plot_id) in enumerate(zip(planned.newbuild, ids("N", len(planned.newbuild)))):
        if plot.phase <= NEXT_YEAR:
            found.append(_built(drawn, plot, str(plot_id), number, codes))
    found += _unplanned(drawn, planned, codes)
    rows = np.array(sorted(codes), dtype=np.int64)
    new = [codes[row] for row in rows.tolist()]
    marks = [_mark(code, str(drawn.attributes[row])) for row, code in zip(rows.tolist(), new)]
    return parcel_table(resurveyed(drawn, rows, new, marks), NEXT_YEAR, "parcels_next"), found


def _mark(code: str, before: str) -> str:
    if code in ("0701", "05H1", "08H2"):
        return "202"
    if code == "0601":
        return before if before.endswith("A") else "203A"
    return "203" if code == "0702" else ""


def _whole(drawn: Survey, plot: Plot) -> Wholes:
    """The parcels that lie wholly in ``plot``."""
    inside = shapely.area(shapely.intersection(drawn.shapes[plot.rows], plot.shape))
    whole: Wholes = plot.rows[inside > 0.99 * shapely.area(drawn.shapes[plot.rows])]
    return whole


def _reclaimed(drawn: Survey, plot: Plot, plot_id: str, number: int, codes: Dict[int, str]) -> Planted:
    rows = _whole(drawn, plot)
    if number % 6 == 4:
        return Planted("reclaim_not_started", "parcels_next", "已到期未拆除", plot.shape.area, plot_id)
    after = AFTER.get(plot.direction, "1106")
    kind, note = "reclaim_done", "已复垦"
    if number % 9 == 7:
        after, kind, note = "1206", "reclaim_demolished", "已拆未垦"
    elif number % 11 == 5:
        after, kind, note = "1104A", "reclaim_to_pond", "已拆除,改挖鱼塘"
    changed = [row for row in rows.tolist() if drawn.codes[row] not in ("1006", "1107")]
    codes.update(dict.fromkeys(changed, after))
    return Planted(kind, "parcels_next", note, float(drawn.area[changed].sum()), plot_id)


def _built(drawn: Survey, plot: Plot, plot_id: str, number: int, codes: Dict[int, str]) -> Planted:
    rows = _whole(drawn, plot)
    if not len(rows) or number % 7 == 4:
        return Planted("newbuild_not_started", "parcels_next", "未建", plot.shape.area, plot_id)
    codes.update(dict.fromkeys(rows.tolist(), plot.after))
    return Planted("newbuild_done", "parcels_next", "已建", float(drawn.area[rows].sum()), plot_id)


def _unplanned(drawn: Survey, planned: Planned, codes: Dict[int, str]) -> List[Planted]:
    """Conversions no plot covers: works on fields, one of them on permanent basic farmland."""
    plots = [row for plot in [*planned.reclaim, *planned.newbuild] for row in plot.rows.tolist()]
    free = np.ones(len(drawn.codes), dtype=np.bool_)
    free[plots] = False
    small = (drawn.area > 1500) & (drawn.area < 14000) & (drawn.codes == "0101") & (drawn.attributes == "") & free
    order = generator(drawn.seed, 79).permutation(len(drawn.codes))
    on, off = order[(small & planned.farmland)[order]], order[(small & ~planned.farmland)[order]]
    homes = order[((drawn.codes == "0702") & free & (drawn.area > 800))[order]]
    wanted = (
        ("unplanned_on_farmland", on[:1], "0601", "计划外新增建设,占用永久基本农田"),
        ("farmland_to_pond", on[1:2], "1104A", "永久基本农田改鱼塘"),
        ("unplanned_construction", off[:3], "0601", "计划外新增建设"),
        ("field_to_facility", off[3:4], "1202", "耕地改设施农用地"),
        ("unplanned_reclaim", homes[:1], "0102", "计划外减量"),
    )
    found: List[Planted] = []
    for kind, rows, code, note in wanted:
        for row in rows.tolist():
            codes[row] = code
            found.append(Planted(kind, "parcels_next", note, float(drawn.area[row]), None, str(row + 1)))
    return found


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
