"""The drawing as a third-survey database: parcels (DLTB), villages (CJDCQ), township (XZQ).

Fields, widths and the rules that fill them: domain notes 03-schemas 3.2 and 3.4; areas are
those of the official formula (04-area 4.1), rounded half away from zero to 0.01 m².
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.measure import measure, to_m2, to_units
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.sample.classes import CONSTRUCTION, CULTIVATED, LINEAR, NAMES
from three_opt_three_protect.core.sample.names import COUNTY, SOURCE, settlement_names, township_name, village_names
from three_opt_three_protect.core.sample.shapes import Reals, as_array, generator, wave
from three_opt_three_protect.core.sample.township import Ground
from three_opt_three_protect.core.tables import Column, CrsInfo, Geometries, LayerTable, integer, real, text

CRS = CrsInfo(
    authid="EPSG:4528",
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    datum="EPSG:4490",
    central_meridian=120.0,
    false_easting=40500000.0,
)
YEAR = 2014
"""State of the first survey (SJNF)."""

Texts = NDArray[np.object_]
Wholes = NDArray[np.int64]


@dataclass(frozen=True)
class Survey:
    """The parcels of a township as arrays, row by row of the parcel layer.

    Attributes
    ----------
    number
        Of the township in its county, from 1.
    shapes, codes, attributes
        ``(n,)`` polygons, land classes, 城镇村属性码 ("" = none).
    village, site, block
        ``(n,)`` int64: administrative village, natural village (-1 = none), polder (-1 = none).
    units
        ``(n,)`` int64, official area in 0.01 m².
    slope
        ``(n,)`` bool, cultivated land on a slope of 2°–6°.
    names
        ``(n,)`` remarks such as the name of a river.
    village_names
        Of the villages.
    ground
        The drawing.
    seed
        Of the drawing.
    """

    number: int
    shapes: Geometries
    codes: Texts
    attributes: Texts
    village: Wholes
    site: Wholes
    block: Wholes
    units: Wholes
    slope: NDArray[np.bool_]
    names: Texts
    village_names: Sequence[str]
    ground: Ground
    seed: int

    @property
    def township_code(self) -> str:
        """9 digits."""
        return f"{COUNTY[0]}{100 + self.number:03d}"

    @property
    def township_name(self) -> str:
        """…镇."""
        return township_name(self.number - 1)

    def village_code(self, village: int) -> str:
        """12 digits."""
        return f"{self.township_code}{200 + village:03d}"

    @property
    def area(self) -> Reals:
        """``(n,)`` official areas, m²."""
        return to_m2(self.units)

    @property
    def cultivated(self) -> NDArray[np.bool_]:
        """``(n,)`` bool."""
        return member(self.codes, CULTIVATED)

    @property
    def construction(self) -> NDArray[np.bool_]:
        """``(n,)`` bool."""
        return member(self.codes, CONSTRUCTION)


def member(codes: Texts, wanted: frozenset[str]) -> NDArray[np.bool_]:
    """``(n,)`` bool, which of ``codes`` are in ``wanted``."""
    return np.array([code in wanted for code in codes], dtype=np.bool_)


def texts(values: Sequence[Optional[str]]) -> Texts:
    """Text as an object array."""
    out = np.empty(len(values), dtype=np.object_)
    out[:] = list(values)
    return out


def survey(ground: Ground, seed: int, number: int = 1, progress: Progress = SILENT) -> Survey:
    """Measure the ground, village by village."""
    order = np.argsort([piece.village for piece in ground.pieces], kind="stable")
    pieces = [ground.pieces[int(row)] for row in order]
    shapes = shapely.normalize(as_array([piece.shape for piece in pieces]))
    village = np.array([piece.village for piece in pieces], dtype=np.int64)
    codes = texts([piece.code for piece in pieces])
    rng = generator(seed, 21)
    return Survey(
        number,
        shapes,
        codes,
        texts([piece.attribute for piece in pieces]),
        village,
        _sites(np.array([piece.site for piece in pieces], dtype=np.int64), village, codes),
        np.array([piece.block for piece in pieces], dtype=np.int64),
        to_units(measure(shapes, CRS, progress=progress)),
        np.array([code == "0103" for code in codes], dtype=np.bool_) & (rng.random(len(codes)) < 0.6),
        texts([piece.name for piece in pieces]),
        village_names(rng, ground.villages),
        ground,
        seed,
    )


def _sites(site: Wholes, village: Wholes, codes: Texts) -> Wholes:
    """Natural villages end at the village border and have homesteads; numbered anew from 0."""
    key = np.where(site >= 0, site * 1000 + village, -1)
    lived = np.unique(key[(key >= 0) & (codes == "0702")])
    place = np.searchsorted(lived, key)
    known = (place < len(lived)) & (key >= 0)
    known[known] = lived[place[known]] == key[known]
    return np.where(known, place, -1).astype(np.int64)


def site_names(drawn: Survey) -> List[str]:
    """Names of the natural villages, by number."""
    return settlement_names(generator(drawn.seed, 23), int(drawn.site.max(initial=-1)) + 1)


def parcel_table(drawn: Survey, year: int = YEAR, name: str = "parcels") -> LayerTable:
    """The parcel layer (DLTB)."""
    fid = np.arange(1, len(drawn.codes) + 1, dtype=np.int64)
    columns: Dict[str, Column] = {}
    columns.update(_identity(drawn))
    columns.update(_rights(drawn))
    columns.update(_areas(drawn))
    columns.update(_qualities(drawn))
    columns.update(_rest(drawn, year))
    return LayerTable(name, fid, drawn.shapes, {field: columns[field] for field in ORDER}, CRS, SOURCE)


ORDER: Sequence[str] = (
    "BSM YSDM TBYBH TBBH DLBM DLMC QSXZ QSDWDM QSDWMC ZLDWDM ZLDWMC TBMJ KCDLBM KCXS KCMJ TBDLMJ GDLX GDPDJB XZDWKD "
    "TBXHDM TBXHMC ZZSXDM ZZSXMC GDDB FRDBS CZCSXM SJNF MSSM HDMC BZ"
).split()


def bsm(drawn: Survey, layer: int, count: int) -> List[Optional[str]]:
    """标识码 of 18 digits: county, layer, running number."""
    first = drawn.number * 20000
    return [f"{COUNTY[0]}{layer:04d}{first + row:08d}" for row in range(1, count + 1)]


def _identity(drawn: Survey) -> Mapping[str, Column]:
    count = len(drawn.codes)
    first = np.searchsorted(drawn.village, drawn.village)
    running: List[Optional[str]] = [f"{row:04d}" for row in (np.arange(count) - first + 1).tolist()]
    return {
        "BSM": text(bsm(drawn, 2001, count), "标识码", 18),
        "YSDM": text(["2001010100"] * count, "要素代码", 10),
        "TBYBH": text([f"Y{value}" for value in running], "图斑预编号", 8),
        "TBBH": text(running, "图斑编号", 8),
        "DLBM": text(drawn.codes.tolist(), "地类编码", 5),
        "DLMC": text([NAMES[code] for code in drawn.codes], "地类名称", 60),
    }


def _rights(drawn: Survey) -> Mapping[str, Column]:
    """Owner and place. State land: waters, highways, the town; a few parcels belong to the village next door."""
    state = np.array([code in STATE or mark[:3] in TOWNISH for code, mark in zip(drawn.codes, drawn.attributes)])
    rng = generator(drawn.seed, 29)
    exclave = (rng.random(len(state)) < 0.0008) & drawn.cultivated
    villages = len(drawn.village_names)
    owner = np.where(exclave, (drawn.village + 1) % villages, drawn.village)
    group = np.where(state, 0, np.where(drawn.block >= 0, drawn.block % 12 + 1, np.maximum(drawn.site, 0) % 12 + 1))
    codes = [drawn.village_code(number) for number in range(villages)]
    where = drawn.village.tolist()
    return {
        "QSXZ": text(np.where(state, "20", "30").tolist(), "权属性质", 2),
        "QSDWDM": text([f"{codes[own]}{part:04d}000" for own, part in zip(owner, group)], "权属单位代码", 19),
        "QSDWMC": text(
            [
                f"{drawn.village_names[own]}第{part}村民小组" if part else f"{drawn.township_name}国有"
                for own, part in zip(owner, group)
            ],
            "权属单位名称",
            60,
        ),
        "ZLDWDM": text([f"{codes[own]}0000000" for own in where], "坐落单位代码", 19),
        "ZLDWMC": text([drawn.village_names[own] for own in where], "坐落单位名称", 60),
        "FRDBS": text(["1" if away else None for away in exclave], "飞入地标识", 1),
    }


STATE = frozenset(("1101", "1102", "1003", "1109"))
TOWNISH = frozenset(("202", "201"))
RIDGE_RATE = 0.0512
"""Share of field ridges (KCXS) on the drawn slopes."""


def _areas(drawn: Survey) -> Mapping[str, Column]:
    sloped = drawn.slope & drawn.cultivated
    rate = np.where(sloped, RIDGE_RATE, 0.0)
    ridge = to_units(drawn.area * rate)
    farmed = drawn.cultivated
    return {
        "TBMJ": real(drawn.area, "图斑面积", 18, 2),
        "KCDLBM": text(["1203" if row else None for row in sloped], "扣除地类编码", 5),
        "KCXS": real(np.where(farmed, rate, np.nan), "扣除地类系数", 6, 4),
        "KCMJ": real(np.where(farmed, to_m2(ridge), np.nan), "扣除地类面积", 18, 2),
        "TBDLMJ": real(to_m2(drawn.units - ridge), "图斑地类面积", 18, 2),
    }


def net_area(drawn: Survey) -> Reals:
    """``(n,)`` 图斑地类面积, m²: without field ridges."""
    rate = np.where(drawn.slope & drawn.cultivated, RIDGE_RATE, 0.0)
    return to_m2(drawn.units - to_units(drawn.area * rate))


def grades(drawn: Survey) -> Wholes:
    """``(n,)`` 耕地等别 (1 best … 15) that changes smoothly over the township."""
    points = shapely.get_coordinates(shapely.centroid(drawn.shapes))
    rng = generator(drawn.seed, 31)
    value = np.zeros(len(points))
    for length in (7000.0, 4200.0, 2600.0):
        frequency, tall, phase = wave(rng, (length, length), (1.0, 1.0))
        value += tall[0] * np.sin(points @ [frequency[0], 0.4 * frequency[1]] + phase[0])
        value += tall[1] * np.sin(points @ [0.4 * frequency[1], -frequency[0]] + phase[1])
    graded: Wholes = np.clip(np.round(5.6 + 0.85 * value + (drawn.codes == "0103")), 1, 15).astype(np.int64)
    return graded


def _qualities(drawn: Survey) -> Mapping[str, Column]:
    farmed, count = drawn.cultivated, len(drawn.codes)
    width = np.round(2 * shapely.area(drawn.shapes) / np.maximum(shapely.length(drawn.shapes), 1.0), 1)
    linear = member(drawn.codes, LINEAR)
    grade = grades(drawn)
    shore = farmed & shapely.dwithin(drawn.shapes, drawn.ground.plan.lake, 120.0)
    crops = [_crop(code, chance) for code, chance in zip(drawn.codes, generator(drawn.seed, 37).random(count))]
    slope: List[Optional[str]] = [("2" if steep else "1") if use else None for use, steep in zip(farmed, drawn.slope)]
    return {
        "GDLX": text(["PD" if use else None for use in farmed], "耕地类型", 2),
        "GDPDJB": text(slope, "耕地坡度级别", 2),
        "XZDWKD": real(np.where(linear, np.clip(width, 0.5, 999.9), np.nan), "线状地物宽度", 5, 1),
        "TBXHDM": text(["HQGD" if row else None for row in shore], "图斑细化代码", 4),
        "TBXHMC": text(["湖区耕地" if row else None for row in shore], "图斑细化名称", 20),
        "ZZSXDM": text(crops, "种植属性代码", 6),
        "ZZSXMC": text([CROPS[crop] if crop else None for crop in crops], "种植属性名称", 10),
        "GDDB": integer(np.where(farmed, grade, 0), ~farmed, "耕地等别", 2),
    }


CROPS: Mapping[str, str] = {
    "LS": "种植粮食", "FLS": "种植非粮食", "LYFL": "粮与非粮轮作", "XG": "休耕", "WG": "未耕种", "JKHF": "即可恢复",
    "GCHF": "工程恢复",
}  # fmt: skip


def _crop(code: str, chance: float) -> Optional[str]:
    if code in CULTIVATED:
        grain = (("LS", 0.84), ("LYFL", 0.90), ("FLS", 0.96), ("WG", 0.98), ("XG", 1.0))
        return next(crop for crop, share in grain if chance <= share)
    if code in ("0201", "0204", "0307"):
        return "JKHF" if chance < 0.35 else None
    return "GCHF" if code == "1104A" and chance < 0.3 else None


def _rest(drawn: Survey, year: int) -> Mapping[str, Column]:
    count = len(drawn.codes)
    return {
        "CZCSXM": text([mark or None for mark in drawn.attributes], "城镇村属性码", 4),
        "SJNF": integer(np.full(count, year), None, "数据年份", 4),
        "MSSM": text(["00"] * count, "描述说明", 2),
        "HDMC": text([None] * count, "海岛名称", 100),
        "BZ": text([name or None for name in drawn.names], "备注", 254),
    }


def village_table(drawn: Survey) -> LayerTable:
    """The administrative villages (CJDCQ): exact unions of their parcels."""
    count = len(drawn.village_names)
    shapes = dissolve(drawn.shapes, drawn.village, count)
    codes: List[Optional[str]] = [drawn.village_code(number) for number in range(count)]
    return LayerTable(
        "villages",
        np.arange(1, count + 1, dtype=np.int64),
        shapes,
        {
            "BSM": text(bsm(drawn, 1002, count), "标识码", 18),
            "YSDM": text(["1000600400"] * count, "要素代码", 10),
            "ZLDWDM": text([f"{code}0000000" for code in codes], "坐落单位代码", 19),
            "ZLDWMC": text(list(drawn.village_names), "坐落单位名称", 60),
            "DCMJ": real(to_m2(sums(drawn.units, drawn.village, count)), "调查面积", 15, 2),
            "JSMJ": real(to_m2(to_units(measure(shapes, CRS))), "计算面积", 15, 2),
            "MSSM": text(["00"] * count, "描述说明", 2),
            "HDMC": text([None] * count, "海岛名称", 100),
            "BZ": text([None] * count, "备注", 255),
            "unit_code": text(codes, "行政区代码", 12),
        },
        CRS,
        SOURCE,
    )


def township_table(drawn: Survey, villages: LayerTable) -> LayerTable:
    """The township (XZQ): the exact union of its villages."""
    shapes = as_array([shapely.normalize(shapely.coverage_union_all(villages.shapes))])
    return LayerTable(
        "township",
        np.array([1], dtype=np.int64),
        shapes,
        {
            "BSM": text(bsm(drawn, 1001, 1), "标识码", 18),
            "YSDM": text(["1000600100"], "要素代码", 10),
            "XZQDM": text([drawn.township_code], "行政区代码", 12),
            "XZQMC": text([drawn.township_name], "行政区名称", 100),
            "DCMJ": real(to_m2(drawn.units.sum(keepdims=True)), "调查面积", 15, 2),
            "JSMJ": real(to_m2(to_units(measure(shapes, CRS))), "计算面积", 15, 2),
            "MSSM": text(["00"], "描述说明", 2),
            "HDMC": text([None], "海岛名称", 100),
            "BZ": text([SOURCE], "备注", 255),
            "unit_code": text([drawn.township_code], "行政区代码", 12),
        },
        CRS,
        SOURCE,
    )


def sums(values: Wholes, group: Wholes, count: int) -> Wholes:
    """Sum of whole ``values`` per group 0 … ``count`` - 1, exact."""
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, group[group >= 0], values[group >= 0])
    return out


def dissolve(shapes: Geometries, group: Wholes, count: int) -> Geometries:
    """Union of the coverage ``shapes`` per group 0 … ``count`` - 1."""
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], np.arange(count + 1))
    return as_array(
        [
            shapely.normalize(shapely.coverage_union_all(shapes[order[low:high]]))
            for low, high in zip(first[:-1], first[1:])
        ]
    )


def resurveyed(drawn: Survey, rows: Wholes, codes: Sequence[str], attributes: Sequence[str]) -> Survey:
    """The survey with other land classes at ``rows``."""
    new, marks = drawn.codes.copy(), drawn.attributes.copy()
    new[rows] = list(codes)
    marks[rows] = list(attributes)
    return replace(drawn, codes=new, attributes=marks)
