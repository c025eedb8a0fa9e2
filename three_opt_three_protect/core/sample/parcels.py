"""The parcel layer (DLTB) with the fields, widths and rules of the third survey.

Source: domain notes 03-schemas 3.2 and 04-area 4.5.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence

import numpy as np
import shapely

from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.sample.classes import CULTIVATED, LINEAR, NAMES
from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.shapes import Reals, generator, wave
from three_opt_three_protect.core.sample.survey import CRS, YEAR, Survey, Wholes, bsm, member
from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text


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
