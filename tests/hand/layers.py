"""The drawn township as layers: one description, read by QGIS (memory layers) and by core (LayerTable)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Sequence

from tests.hand import township as drawn

TEXT, INT, REAL, DATE = "string", "int", "double", "date"


@dataclass(frozen=True)
class Layer:
    """Fields ("name:kind ...") and rows of a layer; ``shapes`` None = a plain table."""

    name: str
    fields: str
    rows: tuple[tuple[Any, ...], ...]
    shapes: Optional[tuple[Any, ...]] = None

    @property
    def kinds(self) -> dict[str, str]:
        """Field → kind."""
        return dict(item.split(":") for item in self.fields.split())


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Any:
    """A rectangle in EPSG:4528 from metres in the township."""
    import shapely

    return shapely.box(
        drawn.ORIGIN[0] + x0, drawn.ORIGIN[1] + y0, drawn.ORIGIN[0] + x1, drawn.ORIGIN[1] + y1, ccw=False
    )


def _boxes(name: str, fields: str, rows: Sequence[drawn.Row], values: Any) -> Layer:
    shapes = tuple(rectangle(*drawn.box(row)) for row in rows)
    return Layer(name, fields, tuple(tuple(values(row)) for row in rows), shapes)


PARCEL_FIELDS = (
    "BSM:string TBBH:string DLBM:string DLMC:string ZLDWDM:string ZLDWMC:string QSXZ:string QSDWDM:string "
    "QSDWMC:string TBMJ:double KCDLBM:string KCXS:double KCMJ:double TBDLMJ:double GDPDJB:string GDDB:int "
    "CZCSXM:string SJNF:int"
)
STATE_OWNED = frozenset({"1003", "1101", "1103", "0701", "1201"})


def _parcel(name: str, area: float, code: str, village: str, rest: Sequence[Any], year: int) -> tuple[Any, ...]:
    grade, slope, ridge, settlement = rest
    state, deduct = code in STATE_OWNED, area * (ridge or 0.0)
    owner = "国有" if state else f"{drawn.NAMES[village]}集体"
    return (
        *(name, name, code, drawn.CLASS_NAMES[code], village + "0000000", drawn.NAMES[village]),
        *("20" if state else "30", village + "0000000", owner, area),
        *("1203" if ridge else None, ridge, round(deduct, 2), round(area - deduct, 2), slope, grade, settlement, year),
    )


def parcels() -> Layer:
    """The base year's parcels."""
    rows = [
        _parcel(row[0], float(drawn.area(*drawn.box(row))), row[5], row[6], row[7:11], 2014) for row in drawn.PARCELS
    ]
    return Layer("地类图斑", PARCEL_FIELDS, tuple(rows), tuple(rectangle(*drawn.box(row)) for row in drawn.PARCELS))


GRADE_OF_CHANGE = {"0101": 6, "0102": 6, "0103": 8}


def parcels_next() -> Layer:
    """The second survey year (31 December 2018): the changes cut out of the parcels, villages merged."""
    import shapely

    changed = [(row[0], rectangle(*drawn.box(row)), row[5]) for row in drawn.CHANGES]
    merged = {drawn.ZHONGQIAO: drawn.MERGED, drawn.ZHENDONG: drawn.MERGED}
    taken = shapely.union_all([shape for _, shape, _ in changed])
    rows, shapes = [], []
    for row in drawn.PARCELS:
        village = merged.get(row[6], row[6])
        whole = rectangle(*drawn.box(row))
        left = shapely.difference(whole, taken)
        if left.area > 0:
            rows.append(_parcel(row[0], left.area, row[5], village, row[7:11], 2018))
            shapes.append(left)
        for name, shape, code in changed:
            part = shapely.intersection(whole, shape)
            if part.area > 0:
                slope = "1" if code in GRADE_OF_CHANGE else None
                rest = (GRADE_OF_CHANGE.get(code), slope, None, None)
                rows.append(_parcel(f"{row[0]}-{name}", part.area, code, village, rest, 2018))
                shapes.append(part)
    return Layer("下年度地类图斑", PARCEL_FIELDS, tuple(rows), tuple(shapes))


def reclaim() -> Layer:
    """Plots to be reclaimed."""
    fields = (
        "plot_id:string unit_code:string village:string settlement:string direction:string rate:double "
        "grade_new:double households:int population:int consent:double signed:int right_type:string phase:int "
        "acc_date:date acc_m2:double cred_date:date "
        "paddy_m2:double"
    )

    def values(row: drawn.Row) -> Sequence[Any]:
        plot, unit, settlement, direction, rate, grade, households, persons, phase, accepted, m2, credited = (
            row[0],
            *row[5:],
        )
        return (
            *(plot, unit, drawn.NAMES[unit], settlement, direction, rate, grade, households, persons),
            *(0.95, households, "宅基地", phase, accepted, m2, credited, drawn.PADDY.get(plot)),
        )

    return _boxes("拆旧地块", fields, drawn.RECLAIM, values)


def newbuild() -> Layer:
    """Plots to be built on."""
    fields = (
        "plot_id:string unit_code:string village:string use:string cls_after:string quota_src:string tenure:string "
        "phase:int use_date:date households:int population:int"
    )

    def values(row: drawn.Row) -> Sequence[Any]:
        plot, unit, use, after, source, tenure, phase, day = (row[0], *row[5:])
        housed = drawn.HOUSED.get(plot, (None, None))
        return plot, unit, drawn.NAMES[unit], use, after, source, tenure, phase, day, *housed

    return _boxes("建新地块", fields, drawn.NEWBUILD, values)


def layers() -> dict[str, Layer]:
    """Every layer and table by its role."""
    approval = "approval_no:string class_code:string class_before:string"
    return {
        "parcels": parcels(),
        "parcels_next": parcels_next(),
        "reclaim": reclaim(),
        "newbuild": newbuild(),
        "villages": Layer(
            "行政村",
            "unit_code:string name:string DCMJ:double",
            tuple((row[0], drawn.NAMES[row[0]], float(drawn.area(*drawn.box(row)))) for row in drawn.VILLAGES),
            tuple(rectangle(*drawn.box(row)) for row in drawn.VILLAGES),
        ),
        "township": Layer(
            "乡镇",
            "unit_code:string name:string DCMJ:double",
            ((drawn.TOWNSHIP, "手算镇", 800000.0),),
            (rectangle(0, 0, 1000, 800),),
        ),
        "settlements": _boxes(
            "自然村",
            "settlement:string unit_code:string households:int population:int retained:int",
            drawn.SETTLEMENTS,
            lambda row: (row[0], row[5], row[6], row[7], row[8]),
        ),
        "retained": _boxes(
            "保留村庄",
            "settlement:string unit_code:string",
            [row for row in drawn.SETTLEMENTS if row[8]],
            lambda row: (row[0], row[5]),
        ),
        "population": Layer(
            "人口户数",
            "unit_code:string settlement:string households:int population:int retained:int",
            tuple((row[5], row[0], row[6], row[7], row[8]) for row in drawn.SETTLEMENTS),
        ),
        "farmland": _boxes("永久基本农田", "YJJBNTTBBH:string", drawn.FARMLAND, lambda row: (row[0],)),
        "boundary": _boxes("城镇开发边界", "name:string", drawn.BOUNDARY, lambda row: (row[0],)),
        "redline": _boxes("生态保护红线", "name:string level:string", drawn.REDLINE, lambda row: (row[0], row[5])),
        "reserve_farmland": _boxes("储备区", "name:string", drawn.RESERVE, lambda row: (row[0],)),
        "approved_unbuilt": _boxes(
            "批准未建设土地", approval, drawn.APPROVED, lambda row: ("苏政地〔2012〕1号", row[5], None)
        ),
        "illegal_built": _boxes("违法用地", approval, drawn.ILLEGAL, lambda row: (None, None, row[5])),
        "temporary": _boxes("临时用地", approval, drawn.TEMPORARY, lambda row: (None, None, row[5])),
        "suspects": _boxes("疑似图斑", "name:string", drawn.SUSPECTS, lambda row: (row[0],)),
        "concordance": Layer("行政村代码对照", "old_code:string new_code:string date:date", drawn.CONCORDANCE),
        "targets": Layer(
            "规划指标",
            "unit_code:string indicator:string value:double unit:string kind:string year:int basis:string",
            tuple(("", *row, "手算") for row in drawn.TARGETS),
        ),
        "other_changes": Layer(
            "其他耕地变化",
            "unit_code:string change:string chg_date:date area_m2:double unit:string paddy:double grade:double "
            "grade_was:double",
            tuple((*row[:4], "m2", *row[4:]) for row in drawn.OTHER_CHANGES),
        ),
        "prices": Layer("单价表", "item:string price:double unit:string", drawn.PRICES),
        "land_plan": _boxes("土规", "GHDLDM:string year:int", drawn.LAND_PLAN, lambda row: (row[5], row[6])),
        "town_plan": _boxes("城规", "YDYHFLDM:string year:int", drawn.TOWN_PLAN, lambda row: (row[5], row[6])),
        "stock": Layer(
            "存量建设用地", "stock_id:string stock_kind:string class_code:string area_m2:double", drawn.STOCK
        ),
        "projects": Layer("重点项目", "project:string plots:string invest:double", drawn.PROJECTS),
        "opinions": Layer(
            "意见登记",
            "stage:string source:string date:string opinion:string adopted:string reply:string",
            drawn.OPINIONS,
        ),
        "heritage": _boxes("历史文化保护范围", "name:string", drawn.HERITAGE, lambda row: (row[0],)),
    }


def table(layer: Layer) -> Any:
    """A LayerTable of core."""
    import numpy as np

    from three_opt_three_protect.core import tables

    made = {}
    for index, (name, kind) in enumerate(layer.kinds.items()):
        values = [row[index] for row in layer.rows]
        missing = np.array([value is None for value in values])
        made[name] = {
            TEXT: lambda v=values, m=missing: tables.text(v),
            INT: lambda v=values, m=missing: tables.integer([0 if x is None else x for x in v], m),
            REAL: lambda v=values, m=missing: tables.real([np.nan if x is None else x for x in v]),
            DATE: lambda v=values, m=missing: tables.date(["NaT" if x is None else x for x in v]),
        }[kind]()
    shapes = None
    if layer.shapes is not None:
        shapes = np.empty(len(layer.shapes), dtype=object)
        shapes[:] = layer.shapes
    crs = tables.CrsInfo(
        "EPSG:4528",
        ellipsoid="CGCS2000",
        semi_major=6378137.0,
        inverse_flattening=298.257222101,
        datum="EPSG:4490",
        central_meridian=120.0,
        false_easting=40500000.0,
    )
    fids = np.arange(1, len(layer.rows) + 1)
    return tables.LayerTable(layer.name, fids, shapes, made, None if shapes is None else crs)
