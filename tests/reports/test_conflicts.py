"""Printed tables of conflicts, hand-worked in hectares."""

from __future__ import annotations

import pytest

from three_opt_three_protect.reports.conflicts import ConflictLine, advice_list, conflict_list, line_matrix, occupation
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.storage.messages import Messages

WORDS = Messages("zh").text
HA = AreaUnit.HA


def line(kind: str, level: int, area: int, sliver: bool = False, plot: str = "") -> ConflictLine:
    return ConflictLine(kind, level, plot or None, "320506001", area, sliver, "fail", "依据", f"建议{plot}")


def test_inside_and_outside_add_up_to_the_plot_as_printed() -> None:
    # 1.00005 ha rounds to 1.0001; outside 0.33335 to 0.3334; inside is the rest of what is printed.
    areas = {("newbuild", "N1"): {"whole": 1_000_050, "outside_boundary": 333_350}}
    (plot,) = occupation(areas, ("farmland", "outside_boundary"), HA)
    assert (plot.area, dict(plot.lines)) == (10001, {"farmland": 0, "outside_boundary": 3334, "boundary": 6667})


def test_a_plot_wholly_on_a_line_reads_the_same_twice() -> None:
    areas = {("reclaim", "R1"): {"whole": 1_000_050, "redline1": 1_000_050}}
    (plot,) = occupation(areas, ("redline1",), HA)
    assert plot.lines["redline1"] == plot.area == 10001


def test_lines_meet_once_and_what_was_not_given_stays_away() -> None:
    overlaps = {("farmland", "boundary"): 1_000_000, ("farmland", "redline1"): 25_000}
    table = line_matrix(overlaps, ["farmland", "redline1", "redline2", "boundary"], WORDS, HA)
    assert [column.title for column in table.columns] == [
        "控制线", "生态保护红线（一级管控区）", "城镇开发边界",
    ]  # fmt: skip
    assert [row.cells for row in table.rows] == [("永久基本农田", 0.025, 1.0)]


def test_order_of_lines_does_not_lose_a_pair() -> None:
    table = line_matrix({("farmland", "boundary"): 1_000_000}, ["boundary", "farmland"], WORDS, HA)
    assert [row.cells for row in table.rows] == [("城镇开发边界", 1.0)]


def test_slivers_are_in_no_sum() -> None:
    found = [line("farmland_redline", 1, 10_000), line("newbuild_farmland", 0, 20_000, plot="N1")]
    table = conflict_list([*found, line("farmland_boundary", 0, 500_000, sliver=True)], WORDS, HA)
    assert table.values("kind") == ["永久基本农田与生态保护红线重叠（一级管控区）", "建新地块占用永久基本农田"]
    assert table.values("area") == pytest.approx([0.01, 0.02])
    assert table.notes[-1] == "另有 1 处狭长碎面共 0.5 公顷，不计入小计。"


def test_land_of_two_kinds_is_not_added_up() -> None:
    found = [line("farmland_redline", level, area) for level, area in ((1, 10_000), (1, 30_000), (2, 50_000))]
    table = conflict_list([*found, line("newbuild_farmland", 0, 20_000, plot="N1")], WORDS, HA)
    assert [(row.cells[0], row.cells[3]) for row in table.rows if row.adds] == [("小计", 0.04)]
    assert table.values("area") == pytest.approx([0.01, 0.03, 0.05, 0.02])


def test_advice_is_said_once() -> None:
    found = [line("farmland_redline", 1, 1), line("farmland_redline", 1, 2), line("newbuild_farmland", 0, 3, plot="N1")]
    assert advice_list(found, WORDS).values("advice") == ["建议", "建议N1"]
