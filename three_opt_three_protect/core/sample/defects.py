"""Deliberate data defects, each with the data check that is to find it; consequences stand in ``consequences``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.measure import measure, to_m2, to_units
from three_opt_three_protect.core.sample.consequences import consequences
from three_opt_three_protect.core.sample.linedefects import copied, plots_over_lines, spoil_lines
from three_opt_three_protect.core.sample.plan import Planned
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.shapes import as_array, generator, polygons
from three_opt_three_protect.core.sample.survey import Survey
from three_opt_three_protect.core.tables import Column, LayerTable

Layers = Dict[str, LayerTable]
Bools = NDArray[np.bool_]


def spoil(layers: Layers, drawn: Survey, planned: Planned) -> List[Planted]:
    """Plant the set of defects in ``layers`` (replaced in place) and list them with what follows from them."""
    clean = dict(layers)
    picker = _Picker(drawn, planned, layers)
    found = _spoil_shapes(layers, drawn, picker)
    found += _spoil_fields(layers, drawn, picker)
    found += _repeat_parcel(layers, drawn, picker)
    found += _spoil_farmland(layers, drawn, picker)
    found += spoil_lines(layers, drawn, picker.left)
    found += _spoil_plots(layers, drawn, planned, picker.left)
    return found + consequences(clean, layers, found)


@dataclass
class _Picker:
    """Finds parcels for defects: of middling size, inside their village, in no plot, and each for one defect."""

    drawn: Survey
    planned: Planned
    layers: Layers
    used: List[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        drawn = self.drawn
        self._rng = generator(drawn.seed, 83)
        plots = [row for plot in [*self.planned.reclaim, *self.planned.newbuild] for row in plot.rows.tolist()]
        self.free = (drawn.area > 900) & (drawn.area < 60000) & ~self.planned.farmland
        self.free[plots] = False
        self.tree = shapely.STRtree(drawn.shapes)

    def pick(self, fit: Bools) -> Optional[int]:
        """A parcel that fits and has no defect yet; None where the township has none left."""
        good = fit & self.free
        good[self.used] = False
        rows = np.flatnonzero(good)
        if not len(rows):
            return None
        row = int(self._rng.choice(rows))
        self.used.append(row)
        return row

    @property
    def left(self) -> Bools:
        """``(n,)`` bool, parcels without plot or defect."""
        out = self.free.copy()
        out[self.used] = False
        return out

    def inner_rows(self, fit: Bools) -> Iterator[int]:
        """As :meth:`pick`, well inside its village, one after the other until one does.

        The parcels round it get no defect of shape either.
        """
        drawn = self.drawn
        villages = self.layers["villages"].shapes[drawn.village]
        deep = np.zeros(len(fit), dtype=np.bool_)
        rows = np.flatnonzero(fit & self.free)
        whole = np.array([not shape.interiors and _blunt(shape) for shape in drawn.shapes[rows]], dtype=np.bool_)
        deep[rows[whole]] = shapely.covers(villages[rows[whole]], shapely.buffer(drawn.shapes[rows[whole]], 6.0))
        while (row := self.pick(fit & deep)) is not None:
            round_it = self.tree.query(drawn.shapes[row].buffer(6.0), predicate="intersects")
            self.free[round_it] = False
            yield row


BLUNT = np.cos(np.radians(3.0))
"""Corners sharper than this would be a finding of their own, wherever the parcel is copied to."""


def _blunt(shape: Polygon) -> bool:
    """Tell whether no corner of the outline is sharp."""
    step = np.diff(np.asarray(shape.exterior.coords), axis=0)
    step /= np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    return bool((-(step * np.roll(step, 1, axis=0)).sum(axis=1) < BLUNT).all())


def _harmless(shape: Optional[BaseGeometry]) -> bool:
    """Tell whether a spoilt shape has no fault besides the one that is meant."""
    if shape is None:
        return True
    parts = [shape] if shape.is_valid else polygons(shapely.make_valid(shape))
    return all(part.geom_type == "Polygon" and _blunt(part) for part in parts)


def _spoil_shapes(layers: Layers, drawn: Survey, picker: _Picker) -> List[Planted]:
    table = layers["parcels"]
    shapes = table.shapes.copy()
    found: List[Planted] = []
    ways: Sequence[Tuple[str, str, str, Callable[[BaseGeometry], Optional[BaseGeometry]]]] = (
        ("bow_tie", "self_intersection", "图形自相交", bow_tie),
        ("null_geometry", "no_geometry", "图形为空", lambda shape: None),
        ("overlap", "overlap", "与相邻图斑重叠约2米", lambda shape: shape.buffer(2.0)),
        ("gap", "gap", "与相邻图斑有约1.5米缝隙", lambda shape: shape.buffer(-1.5)),
    )
    for kind, rule, note, way in ways:
        row = next((one for one in picker.inner_rows(drawn.codes == "0101") if _harmless(way(shapes[one]))), None)
        if row is None:
            continue
        before = shapes[row].area
        shapes[row] = way(shapes[row])
        changed = abs(shapes[row].area - before) if kind in ("overlap", "gap") else before
        # Overlaps and gaps are findings of whole pairs and holes: the consequences list them one by one.
        meant = rule if kind in ("bow_tie", "null_geometry") else None
        found.append(Planted(kind, "parcels", note, changed, None, str(row + 1), meant))
    layers["parcels"] = replace(table, geometry=shapes)
    return found


def bow_tie(shape: Polygon) -> Polygon:
    """``shape`` with two vertices exchanged, so that its outline crosses itself and both wings are large."""
    ring = np.asarray(shape.exterior.coords)[:-1]
    best, widest = Polygon(ring[[0, 2, 1, 3]]), 0.0
    for step in range(2, len(ring) - 1):
        crossed = ring.copy()
        crossed[[1, 1 + step]] = crossed[[1 + step, 1]]
        tied = Polygon(crossed)
        wings = [] if tied.is_valid else polygons(shapely.make_valid(tied))
        narrowest = min((2 * wing.area / wing.length for wing in wings), default=0.0)
        if len(wings) > 1 and narrowest > widest:
            best, widest = tied, narrowest
    return best


@dataclass(frozen=True)
class _Slip:
    """A slip of the pen: kind, rule that finds it, note, parcels it fits, fields and their new values."""

    kind: str
    rule: str
    note: str
    fit: Bools
    write: Callable[[Mapping[str, Column], int], None]


def _slips(drawn: Survey) -> Sequence[_Slip]:
    farmed, other = drawn.cultivated, ~drawn.cultivated
    level = farmed & ~drawn.slope
    later = np.arange(len(farmed)) > 0

    def put(**values: Any) -> Callable[[Mapping[str, Column], int], None]:
        def write(columns: Mapping[str, Column], row: int) -> None:
            for name, value in values.items():
                columns[name].values[row] = value

        return write

    def scaled(name: str, factor: float) -> Callable[[Mapping[str, Column], int], None]:
        def write(columns: Mapping[str, Column], row: int) -> None:
            columns[name].values[row] = round(float(columns[name].values[row]) * factor, 2)

        return write

    def repeated(columns: Mapping[str, Column], row: int) -> None:
        columns["BSM"].values[row] = columns["BSM"].values[row - 1]

    def ungraded(columns: Mapping[str, Column], row: int) -> None:
        missing = columns["GDDB"].missing
        if missing is not None:
            missing[row] = True

    def elsewhere(columns: Mapping[str, Column], row: int) -> None:
        columns["ZLDWDM"].values[row] = drawn.village_code(int(drawn.village[row]) + 50) + "0000000"

    def short(columns: Mapping[str, Column], row: int) -> None:
        columns["QSDWDM"].values[row] = columns["QSDWDM"].values[row][:-1]

    return (
        _Slip("unknown_code", "class_unknown", "地类编码不存在", other, put(DLBM="9999")),
        _Slip("missing_code", "class_missing", "地类编码为空", other, put(DLBM=None)),
        _Slip("code_name_mismatch", "class_name_differs", "地类编码与名称不一致", farmed, put(DLMC="工业用地")),
        _Slip("wrong_area", "area_geometry", "图斑面积偏大20%", level, scaled("TBMJ", 1.2)),
        _Slip("wrong_net_area", "net_area_sum", "图斑地类面积不等于图斑面积减扣除", farmed, scaled("TBDLMJ", 0.9)),
        _Slip("duplicate_id", "value_unique", "标识码重复", other & later, repeated),
        _Slip("ridge_rate_range", "deduct_rate_range", "扣除系数超出范围", farmed, put(KCXS=1.2, KCDLBM="1203")),
        _Slip("ridge_off_field", "deduct_off_field", "非耕地填写扣除地类", other, put(KCDLBM="1203")),
        _Slip("grade_missing", "grade_missing", "耕地等别为空", farmed, ungraded),
        _Slip("slope_class", "slope_range", "坡度级别超出范围", farmed, put(GDPDJB="7")),
        _Slip("slope_off_field", "slope_off_field", "非耕地填写坡度级别", other, put(GDPDJB="1")),
        _Slip("village_mismatch", "parent_unknown", "坐落单位代码没有对应的行政村", farmed, elsewhere),
        _Slip("attribute_unknown", "settlement_code_unknown", "城镇村属性码不存在", other, put(CZCSXM="207")),
        _Slip("number_missing", "value_required", "图斑编号为空", farmed, put(TBBH=None)),
        _Slip("code_too_short", "value_length", "权属单位代码少一位", farmed, short),
        _Slip("trailing_space", "value_spaces", "备注末尾有空格", farmed, put(BZ="抛荒 ")),
        _Slip("garbled", "text_garbled", "备注为乱码", farmed, put(BZ="锟斤拷锟斤拷")),
    )


def _spoil_fields(layers: Layers, drawn: Survey, picker: _Picker) -> List[Planted]:
    table = layers["parcels"]
    columns = {name: copied(column) for name, column in table.columns.items()}
    found: List[Planted] = []
    for slip in _slips(drawn):
        row = picker.pick(slip.fit)
        if row is not None:
            slip.write(columns, row)
            area = float(drawn.area[row])
            found.append(Planted(slip.kind, "parcels", slip.note, area, None, str(row + 1), slip.rule))
    layers["parcels"] = replace(table, columns=columns)
    return found


def _repeat_parcel(layers: Layers, drawn: Survey, picker: _Picker) -> List[Planted]:
    """A parcel that stands in the layer twice, under numbers of its own."""
    row = next(picker.inner_rows(drawn.cultivated), None)
    if row is None:
        return []
    table = layers["parcels"]
    rows = np.append(np.arange(len(table)), row)
    columns = {name: copied(column.take(rows)) for name, column in table.columns.items()}
    columns["BSM"].values[-1] = f"{columns['BSM'].values[row][:10]}{99999999:08d}"
    columns["TBBH"].values[-1] = "9999"
    fid = np.append(table.fid, table.fid.max() + 1)
    layers["parcels"] = LayerTable(
        table.name, fid, table.shapes[rows], columns, table.crs, table.source, table.flattened
    )
    note = f"与图斑{row + 1}图形重复"
    return [Planted("duplicate", "parcels", note, float(drawn.area[row]), None, str(fid[-1]), "duplicate_shape")]


def _spoil_farmland(layers: Layers, drawn: Survey, picker: _Picker) -> List[Planted]:
    """Permanent basic farmland drawn over a homestead, away from boundary and redline."""
    table = layers["farmland"]
    if not len(table):
        return []
    lines = shapely.union_all([*layers["boundary"].shapes, *layers["redline"].shapes])
    row = picker.pick((drawn.codes == "0702") & ~shapely.intersects(drawn.shapes, lines))
    if row is None:
        return []
    rows = np.append(np.arange(len(table)), len(table) - 1)
    columns = {name: copied(column.take(rows)) for name, column in table.columns.items()}
    area = to_m2(to_units(measure(drawn.shapes[[row]], table.crs))) if table.crs is not None else np.zeros(1)
    rate = float(np.nan_to_num(columns["KCXS"].values[-1]))
    ridge = float(to_m2(to_units(area * rate))[0])
    for name, value in (("YJJBNTTBMJ", area[0]), ("KCMJ", ridge), ("YJJBNTMJ", round(float(area[0]) - ridge, 2))):
        columns[name].values[-1] = value
    columns["BSM"].values[-1] = f"{columns['BSM'].values[-1][:10]}{99999999:08d}"
    columns["YJJBNTTBBH"].values[-1] = f"{columns['XZQDM'].values[-1]}999999"
    shapes = np.append(table.shapes, drawn.shapes[row])
    fid = np.append(table.fid, table.fid.max() + 1)
    layers["farmland"] = LayerTable(table.name, fid, shapes, columns, table.crs, table.source, table.flattened)
    note = "永久基本农田划在农村宅基地上"
    return [Planted("farmland_on_homes", "farmland", note, float(area[0]), None, str(fid[-1]), "farmland_class")]


def _spoil_plots(layers: Layers, drawn: Survey, planned: Planned, free: Bools) -> List[Planted]:
    """Plots on farmland, outside the township, over each other; a year, a share and a count that cannot be."""
    if not (planned.farmland.any() and len(planned.reclaim) and len(planned.newbuild)):
        return []  # only a handful of parcels: no plan to spoil
    plots = shapely.union_all([plot.shape for plot in [*planned.reclaim, *planned.newbuild]])
    blunt = np.array([_blunt(shape) for shape in drawn.shapes], dtype=np.bool_)
    rows = np.flatnonzero(planned.farmland & blunt & ~shapely.intersects(drawn.shapes, plots))
    if not len(rows):
        return []
    compact = drawn.area[rows] / shapely.length(drawn.shapes[rows]) ** 2
    farm = drawn.shapes[int(rows[np.argmax(compact)])]
    east, north = drawn.ground.plan.outline.bounds[2] + 400, drawn.ground.plan.outline.bounds[3] + 400
    outside = shapely.box(east, north, east + 120, north + 80)
    last = str(layers["newbuild"].column("plot_id").values[-1])
    crossed = plots_over_lines(layers, drawn, free)
    added = [(farm, "X001"), (outside, "X002"), *((shape, str(plot.plot_id)) for shape, plot in crossed)]
    layers["newbuild"] = _extended(layers["newbuild"], added)
    layers["newbuild"].column("use").values[len(layers["newbuild"]) - len(crossed) :] = "industry"
    middle = planned.reclaim[0].shape.representative_point()
    double = shapely.box(middle.x - 25, middle.y - 20, middle.x + 25, middle.y + 20)
    layers["reclaim"] = _extended(layers["reclaim"], [(double, "X003")])
    shared = double.intersection(planned.reclaim[0].shape).area
    found = [
        Planted(
            "newbuild_on_farmland", "newbuild", f"建新地块占用永久基本农田(属性仿{last})", farm.area, "X001",
            rule="newbuild_farmland",
        ),
        Planted("plot_outside", "newbuild", "建新地块在乡镇范围以外", outside.area, "X002", rule="plot_outside"),
        Planted("plot_overlap", "reclaim", "拆旧地块与R001重叠", shared, "X003", rule="plots_overlap"),
    ]  # fmt: skip
    return found + [plot for _, plot in crossed] + _spoil_plot_fields(layers)


def _spoil_plot_fields(layers: Layers) -> List[Planted]:
    table = layers["reclaim"]
    columns = {name: copied(column) for name, column in table.columns.items()}
    ids = columns["plot_id"].values
    lived = np.flatnonzero(columns["households"].values > 0)
    slips: List[Tuple[str, str, str, Optional[int], str, Any]] = [
        ("phase_outside", "phase_period", "实施年度不在规划期内", 1 if len(ids) > 2 else None, "phase", 2031),
        ("rate_percent", "shares_range", "新增耕地率按百分数填写", 2 if len(ids) > 3 else None, "rate", 85.0),
    ]
    if len(lived):
        row = int(lived[-1])
        more = int(columns["households"].values[row]) + 3
        slips.append(("signed_too_many", "signed_households", "签约户数多于户数", row, "signed", more))
    found = []
    for kind, rule, note, at, name, value in slips:
        if at is not None:
            columns[name].values[at] = value
            area = float(table.shapes[at].area)
            found.append(Planted(kind, "reclaim", note, area, str(ids[at]), rule=rule))
    layers["reclaim"] = replace(table, columns=columns)
    return found


def _extended(table: LayerTable, more: Sequence[Tuple[BaseGeometry, str]]) -> LayerTable:
    """``table`` with copies of its last row under other shapes and plot ids, not accepted yet."""
    count = len(table)
    rows = np.concatenate([np.arange(count), np.full(len(more), count - 1)])
    columns = {name: copied(column.take(rows)) for name, column in table.columns.items()}
    shapes = np.append(table.shapes, as_array([shape for shape, _ in more]))
    for step, (_, name) in enumerate(more):
        columns["plot_id"].values[count + step] = name
        if "acc_m2" in columns:
            columns["acc_m2"].values[count + step] = np.nan
    fid = np.arange(1, count + len(more) + 1, dtype=np.int64)
    return LayerTable(table.name, fid, shapes, columns, table.crs, table.source, table.flattened)
