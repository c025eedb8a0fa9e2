"""T15, matrices and sizes: what is printed is what core counted."""

from __future__ import annotations

import numpy as np

from tests.core.test_plandiff import EVERYTHING, HARMONISED, LAND, SPEC, TOWN, boxes, compared, plan
from three_opt_three_protect.core.plandiff import compare
from three_opt_three_protect.core.plandiffland import compared_land
from three_opt_three_protect.core.plandiffpatches import Limits, differences
from three_opt_three_protect.reports.plandifference import difference_list, difference_tables, matrix_table, size_table
from three_opt_three_protect.storage.messages import Messages

WORDS = Messages("zh").text


def test_list_of_differences() -> None:
    found = compared(LAND, TOWN)
    table = difference_list(found, differences(found, SPEC, EVERYTHING), WORDS)
    assert (table.number, table.title, table.unit) == ("T15", "规划差异图斑一览表", "公顷")
    assert table.values("land") == ["无规划", "城镇建设用地（2016）", "耕地", "城镇建设用地（2016）"]
    assert table.values("town") == ["耕地", "村庄建设用地（2016）", "村庄建设用地（2016）", "城镇建设用地（2018）"]
    assert table.values("facet") == ["布局", "布局", "布局", "时序"]
    assert table.values("kind") == ["仅一方规划覆盖", "用途类别不同", "仅城规安排建设", "规划年份不一致"]
    assert table.values("area") == [0.01, 0.01, 0.01, 0.01]
    assert str(table.values("advice")[2]).startswith("先保耕地")
    assert table.total("area") == 0.04


def test_more_construction_than_the_land_plan_stands_above_and_outside_the_total() -> None:
    """06-balance T15: 规模 is a kind of difference. Town plan 300 m², land plan 200 m²."""
    found = compared(LAND, TOWN)
    table = difference_list(found, differences(found, SPEC, EVERYTHING), WORDS, verdicts=found.verdicts())
    assert table.values("facet") == ["规模", "布局", "布局", "布局", "时序"]
    assert table.values("place") == [1, 2, 3, 4, 5]
    assert (table.values("unit")[0], table.values("pair")[0]) == ("全镇", "土规—城规")
    assert (table.values("land")[0], table.values("town")[0]) == ("建设用地 0.0200", "建设用地 0.0300")
    assert table.values("area") == [0.01, 0.01, 0.01, 0.01, 0.01]
    assert table.total("area") == 0.04


def test_slivers_are_one_row() -> None:
    found = compared(LAND, TOWN)
    table = difference_list(found, differences(found, SPEC, Limits(500.0, 500.0, 0.0)), WORDS)
    assert table.values("kind") == ["狭长碎面（3 个）", "狭长碎面（1 个）"]
    assert table.total("area") == 0.04


def test_matrix_rows_and_columns_add_up() -> None:
    found = compared(LAND, TOWN)
    table = matrix_table(found, found.pairs[0], WORDS)
    assert table.values("category") == ["城镇建设用地", "耕地", "无规划"]
    assert table.values("total") == [200.0, 200.0, 100.0]
    assert [table.total(key) for key in ("town", "village", "cultivated", "total")] == [100.0, 200.0, 200.0, 500.0]


def test_sizes_with_the_verdict() -> None:
    found = compared(LAND, TOWN)
    table = size_table(found, found.verdicts(), WORDS)
    assert (table.total("land"), table.total("town")) == (400.0, 500.0)
    assert table.notes[0] == "城乡规划：不符合，建设用地 300.00 平方米，土地利用总体规划 200.00 平方米。"


def test_villages_have_a_table_of_their_own() -> None:
    villages = boxes([(0, 0, 25, 10, "town", None), (25, 0, 50, 10, "town", None)])
    land = compared_land([boxes(LAND), boxes(TOWN)], villages, SPEC)
    found = compare([plan("land", LAND), plan("town", TOWN)], land, HARMONISED, ["320505101201", "320505101202"])
    tables = difference_tables(found, differences(found, SPEC, EVERYTHING), found.verdicts(), WORDS)
    last = tables[-1]
    assert last.values("unit") == ["320505101201", "320505101202"]
    assert (last.values("land"), last.values("town")) == ([200.0, 0.0], [250.0, 50.0])
    assert last.values("town_margin") == [-50.0, -50.0]
    assert last.values("town_result") == ["不符合", "不符合"]
    assert int(np.sum(land.area)) == 50_000
