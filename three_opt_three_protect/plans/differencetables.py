"""OUTPUT and SUMMARY of ``plandifference``."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.plandiff import Comparison, SizeVerdict
from three_opt_three_protect.core.plandiffadvice import advice_of
from three_opt_three_protect.core.plandiffclasses import CONSTRUCTION, KINDS
from three_opt_three_protect.core.plandiffpatches import LAYOUT, Patches, common_years
from three_opt_three_protect.core.rules import FAIL
from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text
from three_opt_three_protect.plans.plandifference import PlanDifference
from three_opt_three_protect.plans.resulttables import result_table

SIZE, MATRIX = "size", "matrix"
ABOVE_LAND_PLAN = "construction_above_land_plan"
YEAR_DIFFERS = "year_differs"

Words = Callable[..., str]

_CODES = 5
"""Codes of one difference that are named."""


def difference_layer(found: PlanDifference, words: Words) -> LayerTable:
    """OUTPUT: one row a difference; rows of the facet size have no geometry."""
    parts = [_patch_rows(found.comparison, patches) for patches in found.patches if len(patches)]
    rows = [row for part in parts for row in part]
    shapes = [patches.geometry for patches in found.patches if len(patches)]
    sizes = [verdict for verdict in found.verdicts if verdict.result == FAIL]
    rows += [_size_row(found.comparison, verdict) for verdict in sizes]
    nothing = np.full(len(sizes), None, dtype=np.object_)
    geometry = np.concatenate([*shapes, nothing]) if shapes or sizes else nothing
    columns: Dict[str, Column] = {
        name: text([_text(row[name]) for row in rows], alias, width)
        for name, alias, width in (
            ("facet", "差异类型", 10),
            ("kind", "差异种类", 40),
            ("plan_a", "规划甲", 12),
            ("plan_b", "规划乙", 12),
            ("class_a", "规划甲地类", 60),
            ("class_b", "规划乙地类", 60),
            ("cat_a", "规划甲统一类别", 20),
            ("cat_b", "规划乙统一类别", 20),
        )
    }
    for name, alias in (("year_a", "规划甲年份"), ("year_b", "规划乙年份"), ("year_diff", "年份差")):
        columns[name] = _whole([row[name] for row in rows], alias)
    columns["unit_code"] = text([_text(row["unit_code"]) for row in rows], "行政村代码", 12)
    columns["area_m2"] = real([row["area_m2"] for row in rows], "面积_平方米", 18, 2)
    columns["merged_m2"] = real([row["merged_m2"] for row in rows], "并入碎面_平方米", 18, 2)
    columns["sliver"] = integer([row["sliver"] for row in rows], alias="狭长碎面", width=1)
    columns["advice"] = text([words(str(row["advice"])) for row in rows], "处理建议", 200)
    fid = np.arange(1, len(rows) + 1, dtype=np.int64)
    return LayerTable("differences", fid, geometry, columns, found.layers.spec.crs)


def _whole(values: Sequence[object], alias: str) -> Column:
    missing = np.array([value is None for value in values], dtype=np.bool_)
    return integer([0 if value is None else int(str(value)) for value in values], missing, alias, 4)


def _patch_rows(found: Comparison, patches: Patches) -> List[Dict[str, object]]:
    """The differences of one facet of one pair; what is not the same in all of one is left empty or listed."""
    sides = (patches.pair.first, patches.pair.second)
    order = np.argsort(patches.patch, kind="stable")
    piece, start = patches.pieces[order], np.searchsorted(patches.patch[order], np.arange(len(patches)))
    first = piece[start]
    category = [_agreed(found.category[piece, side], start) for side in sides]
    known = common_years(found, patches)
    year = [[None if np.isnan(one) else int(one) for one in known[:, side]] for side in sides]
    codes = [_codes(found, side, piece, patches.share[order], start) for side in sides]
    names = [one.id for one in found.harmonised.categories]
    rows: List[Dict[str, object]] = []
    for number in range(len(patches)):
        years = [year[0][number], year[1][number]]
        kind = KINDS[patches.pair.kind[first[number]]] if patches.facet == LAYOUT else YEAR_DIFFERS
        cats = [None if one[number] < 0 else names[one[number]] for one in category]
        natures = [found.harmonised.categories[found.category[first[number], side]].nature for side in sides]
        cultivated = any(names[found.category[first[number], side]] == "cultivated" for side in sides)
        rows.append(
            {
                "facet": patches.facet,
                "kind": kind,
                "plan_a": found.plans[sides[0]].role,
                "plan_b": found.plans[sides[1]].role,
                "class_a": codes[0][number],
                "class_b": codes[1][number],
                "cat_a": cats[0],
                "cat_b": cats[1],
                "year_a": years[0],
                "year_b": years[1],
                "year_diff": None if years[0] is None or years[1] is None else years[1] - years[0],
                "unit_code": found.unit.levels[found.unit.code[first[number]]],
                "area_m2": float(to_m2(patches.area[number])),
                "merged_m2": float(to_m2(patches.merged[number])),
                "sliver": int(patches.sliver[number]),
                "advice": advice_of(kind, cultivated and CONSTRUCTION in natures),
            }
        )
    return rows


def _agreed(values: NDArray[np.int64], start: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of every run its value where it has only one, else −1."""
    least, most = np.minimum.reduceat(values, start), np.maximum.reduceat(values, start)
    return np.where(least == most, least, -1)


def _codes(
    found: Comparison, side: int, piece: NDArray[np.int64], share: NDArray[np.int64], start: NDArray[np.int64]
) -> List[Optional[str]]:
    """The class codes of every difference, the largest first."""
    row = found.land.row[piece, side]
    factor = found.plans[side].code
    level = np.where(row < 0, -1, np.append(factor.code, -1)[row])
    out: List[Optional[str]] = []
    for begin, end in zip(start, np.append(start[1:], len(piece))):
        area: Dict[str, int] = {}
        for one, part in zip(level[begin:end].tolist(), share[begin:end].tolist()):
            code = None if one < 0 else factor.levels[one]
            if code is not None:
                area[code] = area.get(code, 0) + part
        ranked = sorted(area, key=lambda code: (-area[code], code))
        out.append("/".join(ranked[:_CODES]) + ("/…" if len(ranked) > _CODES else "") if ranked else None)
    return out


def _size_row(found: Comparison, verdict: SizeVerdict) -> Dict[str, object]:
    empty = ("class_a", "class_b", "cat_a", "cat_b", "year_a", "year_b", "year_diff")
    return {
        **dict.fromkeys(empty),
        "facet": SIZE,
        "kind": ABOVE_LAND_PLAN,
        "plan_a": "land",
        "plan_b": found.plans[verdict.plan].role,
        "unit_code": verdict.unit or None,
        "area_m2": float(to_m2(verdict.built - verdict.limit)),
        "merged_m2": 0.0,
        "sliver": 0,
        "advice": advice_of(ABOVE_LAND_PLAN, False),
    }


_SUMMARY: Tuple[Tuple[str, str, int], ...] = (
    ("facet", "内容", 10),
    ("plan_a", "规划甲", 12),
    ("plan_b", "规划乙", 12),
    ("kind", "差异种类", 40),
    ("cat_a", "规划甲统一类别", 20),
    ("cat_b", "规划乙统一类别", 20),
    ("unit_code", "行政村代码", 12),
    ("result", "结论", 8),
)


def summary_table(found: PlanDifference) -> LayerTable:
    """SUMMARY: sizes by category and village, R10, matrices, layout and timing by kind.

    Facet ``matrix``: ``cat_a`` × ``cat_b``; rows of a pair add up to the plans.  Facet ``size`` with ``kind``: R10,
    ``area_m2`` the plan's construction land, ``limit_m2`` the land plan's, ``margin_m2`` what is left.
    """
    comparison = found.comparison
    names, roles = [one.id for one in comparison.harmonised.categories], [one.role for one in comparison.plans]
    rows: List[Mapping[str, object]] = [
        {"facet": SIZE, "plan_a": roles[cell.plan], "cat_a": names[cell.category], "unit_code": cell.unit,
         "area": cell.area}
        for cell in comparison.sizes
    ]  # fmt: skip
    rows += [
        {"facet": SIZE, "plan_a": "land", "plan_b": roles[one.plan], "kind": ABOVE_LAND_PLAN,
         "unit_code": one.unit or None, "result": one.result, "area": one.built, "limit": one.limit,
         "margin": one.margin}
        for one in found.verdicts
    ]  # fmt: skip
    for pair in comparison.pairs:
        ends = {"plan_a": roles[pair.first], "plan_b": roles[pair.second]}
        rows += [
            {"facet": MATRIX, **ends, "cat_a": names[cell.category], "cat_b": names[cell.other], "area": cell.area,
             "pieces": cell.pieces}
            for cell in comparison.matrix(pair)
        ]  # fmt: skip
        for facet, tallies in (("layout", comparison.layout(pair)), ("timing", comparison.timing(pair))):
            rows += [
                {"facet": facet, **ends, "kind": one.kind, "area": one.area, "pieces": one.pieces} for one in tallies
            ]
    columns: Dict[str, Column] = {
        name: text([_text(row.get(name)) for row in rows], alias, width) for name, alias, width in _SUMMARY
    }
    counts = [row.get("pieces") for row in rows]
    columns["pieces"] = integer(
        [0 if one is None else int(str(one)) for one in counts], np.array([one is None for one in counts], dtype=bool),
        "碎部数", 10,
    )  # fmt: skip
    for name, key, alias in (
        ("area_m2", "area", "面积_平方米"),
        ("limit_m2", "limit", "土地规划_平方米"),
        ("margin_m2", "margin", "富余_平方米"),
    ):
        columns[name] = real([_m2(row.get(key)) for row in rows], alias, 18, 2)
    return result_table("plan_differences", columns)


def _text(value: object) -> Optional[str]:
    return None if value is None else str(value)


def _m2(value: object) -> float:
    return float("nan") if value is None else float(to_m2(int(str(value))))
