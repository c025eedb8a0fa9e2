"""Four plans of a township for the same land, with differences that are listed: drawn on request only."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.sample.classes import CONSTRUCTION
from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.shapes import generator
from three_opt_three_protect.core.sample.survey import CRS, Survey
from three_opt_three_protect.core.tables import LayerTable, integer, text

Rows = NDArray[np.int64]

YEAR, LATER = 2017, 2019
"""Planned year of construction land, and that of land whose timing differs."""

LAND: Mapping[str, Tuple[str, str]] = {
    "0101": ("111", "水田"), "0102": ("112", "水浇地"), "0103": ("113", "旱地"), "02": ("12", "园地"),
    "03": ("13", "林地"), "0404": ("32", "自然保留地"), "0601": ("214", "其他独立建设用地"),
    "0508": ("214", "其他独立建设用地"), "0702": ("212", "农村居民点用地"), "09": ("232", "特殊用地"),
    "1003": ("222", "公路用地"), "1004": ("211", "城镇用地"), "1006": ("152", "农村道路"),
    "1101": ("311", "河流水面"), "1102": ("312", "湖泊水面"), "1104": ("153", "坑塘水面"), "1106": ("313", "滩涂"),
    "1107": ("154", "农田水利用地"), "1109": ("227", "水工建筑用地"), "1202": ("151", "设施农用地"),
    "1206": ("32", "自然保留地"), "": ("211", "城镇用地"),
}  # fmt: skip
"""Beginning of the surveyed class → class of the land plan (土地规划分类); "" is all else that is drawn."""

TOWN: Mapping[str, Tuple[str, str]] = {
    "0101": ("0101", "水田"), "0102": ("0102", "水浇地"), "0103": ("0103", "旱地"), "02": ("0201", "果园"),
    "03": ("0301", "乔木林地"), "0404": ("0403", "其他草地"), "05H1": ("0901", "商业用地"),
    "0508": ("1101", "物流仓储用地"), "0601": ("1001", "工业用地"), "0701": ("0701", "城镇住宅用地"),
    "0702": ("0703", "农村宅基地"), "08H1": ("0801", "机关团体用地"), "08H2": ("0804", "教育用地"),
    "0810": ("1401", "公园绿地"), "09": ("1507", "其他特殊用地"), "1003": ("1202", "公路用地"),
    "1004": ("1207", "城镇村道路用地"), "1005": ("1208", "交通场站用地"), "1006": ("0601", "农村道路"),
    "1101": ("1701", "河流水面"), "1102": ("1702", "湖泊水面"), "1104": ("1704", "坑塘水面"),
    "1106": ("0506", "内陆滩涂"), "1107": ("1705", "沟渠"), "1109": ("1311", "水工设施用地"),
    "1201": ("2301", "空闲地"), "1202": ("0602", "设施农用地"), "1206": ("2306", "裸土地"),
    "": ("1312", "其他公用设施用地"),
}  # fmt: skip
"""The same → class of the town plan (用地用海分类)."""

_LEAST = 900.0
"""m²: what is planted is larger than what is mapped at least."""


def draw_plans(drawn: Survey) -> Tuple[Dict[str, LayerTable], List[Planted]]:
    """Layers ``land_plan``, ``town_plan``, ``ecological``, ``development``, and where they differ.

    All plans follow the survey but for the differences listed: built in one plan only, another category of use,
    building in a protected zone, another planned year, land one plan leaves out.
    """
    pick = _Picker(drawn)
    field, home = drawn.codes == "0101", drawn.codes == "0702"
    town_only, land_only = pick.rows(field, 3), pick.rows(home, 2)
    differs, late = pick.rows(home, 2), pick.rows(home, 3)
    left_out, conflict = pick.rows(field, 2), pick.rows(home, 2)
    planned, protected = pick.rows(field, 2), pick.rows(drawn.codes == "0307", 3)
    land, town = _codes(drawn, LAND), _codes(drawn, TOWN)
    town[town_only], town[land_only] = [("0701", "城镇住宅用地")], [("0101", "水田")]
    town[differs] = [("1002", "采矿用地")]
    built = np.isin(drawn.codes, list(CONSTRUCTION))
    land_year, town_year = np.where(built, YEAR, 0), np.where(built, YEAR, 0)
    town_year[town_only], town_year[land_only], town_year[late] = YEAR, 0, LATER
    stays = np.ones(len(drawn.codes), dtype=np.bool_)
    stays[left_out] = False
    layers = {
        "land_plan": _plan("land_plan", drawn.shapes, land, ("GHDLDM", "GHDLMC"), land_year),
        "town_plan": _plan("town_plan", drawn.shapes[stays], town[stays], ("YDYHFLDM", "YDYHFLMC"), town_year[stays]),
        "ecological": _zones(drawn, "ecological", [*conflict, *protected], "禁止建设区", 0),
        "development": _zones(drawn, "development", [*planned, *late], "拟建", LATER),
    }
    listed = [
        ("built_only_town", "town_plan", town_only, "仅城规安排建设"),
        ("built_only_land", "land_plan", land_only, "仅土规安排建设"),
        ("category_differs", "town_plan", differs, "土规为农村居民点,城规为采矿用地"),
        ("year_differs", "town_plan", late, "土规2017年,城规与发展规划2019年"),
        ("no_plan", "town_plan", left_out, "城规未覆盖"),
        ("ecological_conflict", "ecological", conflict, "禁止建设区内的农村居民点"),
        ("built_only_development", "development", planned, "发展规划拟建,土规、城规均为耕地"),
    ]
    found = [
        Planted(kind, layer, note, float(drawn.area[row]), None, str(row + 1))
        for kind, layer, rows, note in listed
        for row in rows.tolist()
    ]
    over = float(drawn.area[town_only].sum() - drawn.area[land_only].sum())
    if over > 0:
        found.append(Planted("construction_above_land_plan", "town_plan", "城规建设用地规模超过土规", over))
    return layers, found


class _Picker:
    """Parcels of one part well apart from each other, so that each difference stands by itself."""

    def __init__(self, drawn: Survey) -> None:
        self.drawn = drawn
        self.order = generator(drawn.seed, 89).permutation(len(drawn.codes))
        self.tree = shapely.STRtree(drawn.shapes)
        self.taken: Set[int] = set()

    def rows(self, fit: NDArray[np.bool_], count: int) -> Rows:
        """Up to ``count`` fitting parcels that touch none chosen before."""
        found: List[int] = []
        fit = fit & (self.drawn.area > _LEAST) & (self.drawn.area < 40 * _LEAST)
        for row in self.order[fit[self.order]].tolist():
            if len(found) == count:
                break
            beside = self.tree.query(self.drawn.shapes[row], predicate="dwithin", distance=1.0).tolist()
            if not self.taken & set(beside):
                found.append(row)
                self.taken.add(row)
        return np.array(found, dtype=np.int64)


def _codes(drawn: Survey, table: Mapping[str, Tuple[str, str]]) -> NDArray[np.object_]:
    """``(n, 2)`` code and name of every parcel in a plan."""
    of = {code: table[max((start for start in table if code.startswith(start)), key=len)] for code in set(drawn.codes)}
    out = np.empty((len(drawn.codes), 2), dtype=np.object_)
    out[:] = [of[code] for code in drawn.codes]
    return out


def _plan(
    name: str, shapes: NDArray[np.object_], codes: NDArray[np.object_], fields: Tuple[str, str], year: Rows
) -> LayerTable:
    return LayerTable(
        name,
        np.arange(1, len(shapes) + 1, dtype=np.int64),
        shapes,
        {
            fields[0]: text(codes[:, 0].tolist(), "规划地类代码", 6),
            fields[1]: text(codes[:, 1].tolist(), "规划地类名称", 60),
            "GHNF": integer(year, year == 0, "规划年份", 4),
        },
        CRS,
        SOURCE,
    )


def _zones(drawn: Survey, name: str, rows: Sequence[int], word: str, year: int) -> LayerTable:
    words: List[Optional[str]] = [word] * len(rows)
    years = np.full(len(rows), year, dtype=np.int64)
    return LayerTable(
        name,
        np.arange(1, len(rows) + 1, dtype=np.int64),
        drawn.shapes[np.array(rows, dtype=np.int64)],
        {"FQMC": text(words, "分区名称", 50), "GHNF": integer(years, years == 0, "规划年份", 4)},
        CRS,
        SOURCE,
    )
