"""Charts: valid files of the right size, the words of their language, no figure cut short."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import replace
from typing import Any, Callable, List, Sequence, Tuple

import numpy as np
import pytest
from matplotlib import font_manager, image
from matplotlib.ft2font import FT2Font

from tests.reports.conftest import words_of
from three_opt_three_protect.reports import fonts
from three_opt_three_protect.reports.charts import DOTS, SVG, frontier_chart, scenario_chart
from three_opt_three_protect.reports.comparison import (
    FrontierFigures,
    Panel,
    RuleRow,
    ScenarioFigures,
    comparison_table,
    frontier_table,
    printed,
)
from three_opt_three_protect.reports.rounding import AreaUnit

ZH, EN = words_of("zh"), words_of("en")
Words = Callable[..., str]


def figures(names: Sequence[str] = ("现行", "加码")) -> ScenarioFigures:
    count = len(names)
    values: Tuple[Any, ...] = (1.5, None, -2.25, 0.0, 0.0)[:count]
    results: Tuple[Any, ...] = ("pass", "fail", "warn", "unknown", None)[:count]
    return ScenarioFigures(
        tuple(names),
        (
            Panel("建设用地", "复垦建设用地（R）", "公顷", 4, values),
            Panel("耕地", "新增耕地", "公顷", 4, (12.3456,) * count),
            Panel("权益", "涉及户数", "户", 0, tuple(float(10 + place) for place in range(count))),
            Panel("时序", "零", "公顷", 4, (0.0,) * count),
        ),
        (
            RuleRow("先垦后用", True, results, ("富余 1.5 公顷", "尚缺 10.2186 公顷", "", "", "")[:count]),
            RuleRow("村民同意", False, ("pass",) * count, ("3 个单位",) * count),
        ),
    )


FRONTIER = FrontierFigures(
    "复垦投资", "万元", "新增耕地", "公顷", (100.0, 180.0, 400.0), (5.0, 9.0, 12.0), (100.0, None, 380.0), False, True
)


def texts(svg: bytes) -> List[str]:
    """The texts of a drawing, in its order."""
    written = svg.decode("utf-8")
    return [re.sub(r"<[^>]+>", "", found).strip() for found in re.findall(r"<text[^>]*>(.*?)</text>", written, re.S)]


def size(png: bytes) -> Tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">LL", png[16:24])
    return int(width), int(height)


@pytest.mark.parametrize(
    "chart", [lambda kind: scenario_chart(figures(), ZH, kind), lambda kind: frontier_chart(FRONTIER, ZH, kind)]
)
def test_a_drawing_is_the_same_every_time(chart: Callable[[str], bytes]) -> None:
    assert chart(SVG) == chart(SVG)
    assert chart("png") == chart("png")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_picture_has_its_size_and_something_on_it(count: int) -> None:
    names = ["现行", "加码", "三", "四", "五"][:count]
    png = scenario_chart(figures(names), ZH)
    width, height = size(png)
    assert width == 10 * DOTS
    assert height > 4 * DOTS
    shown = image.imread(io.BytesIO(png))[:, :, :3]
    assert shown.shape[:2] == (height, width)
    rows = np.flatnonzero((shown < 0.9).any(axis=(1, 2)))
    assert rows[0] < 0.08 * height
    assert height - rows[-1] < 0.6 * DOTS, "the page is as high as what stands on it"
    columns = np.flatnonzero((shown < 0.9).any(axis=(0, 2)))
    assert columns[0] > 20
    assert columns[-1] < width - 20


def test_more_scenarios_make_it_higher_and_long_names_are_written_out() -> None:
    assert size(scenario_chart(figures(["甲", "乙", "丙"]), ZH))[1] > size(scenario_chart(figures(["甲", "乙"]), ZH))[1]
    long = "少拆少建：一般村尽量保留的备选方案（2026年修订稿）"
    drawn = texts(scenario_chart(figures(["现行", long]), ZH, SVG))
    assert f"2  {long}" in drawn
    assert "1  现行" in drawn


def test_words_and_figures_of_a_comparison() -> None:
    drawn = texts(scenario_chart(figures(["甲", "乙", "丙", "丁"]), ZH, SVG))
    for word in (
        "规划方案对比",
        "主要指标",
        "平衡结论",
        "复垦建设用地（R）",
        "耕地 · 公顷",
        "先垦后用",
        "村民同意",
        "强制性规则",
    ):
        assert word in drawn, word
    for word, sign in (("符合", "✓"), ("不符合", "✗"), ("提示", "!"), ("缺数据", "?")):
        assert drawn.count(sign) >= 2, "in the matrix and in the legend"
        assert drawn.count(word) >= 2
    assert "尚缺 10.2186 公顷" in drawn, "a figure is never cut"
    assert "1.50" in drawn
    assert "−2.25 (−3.75)" in drawn, "with the difference to the first"
    assert "12.35 (=)" in drawn
    assert "11 (+1)" in drawn
    assert "◆" in drawn


def test_it_speaks_the_language_asked_for() -> None:
    drawn = texts(scenario_chart(figures(), EN, SVG))
    assert "Scenarios compared" in drawn
    assert "Fail" in drawn
    assert "不符合" not in drawn


def test_without_figures_or_rules_there_is_still_a_page() -> None:
    bare = replace(figures(), panels=(), rules=())
    assert size(scenario_chart(bare, ZH))[1] < 2 * DOTS
    assert "平衡结论" not in texts(scenario_chart(bare, ZH, SVG))


def test_the_font_is_named_for_those_who_open_the_drawing() -> None:
    assert "Noto Sans CJK SC" in scenario_chart(figures(), ZH, SVG).decode("utf-8")


def test_chinese_is_drawn_with_a_chinese_font() -> None:
    font = fonts.chart_font(9.0)
    name = font_manager.get_font(font_manager.findfont(font)).family_name
    assert name in fonts.FONTS


def test_a_font_is_taken_out_of_its_collection() -> None:
    collections = [
        font.fname for font in font_manager.fontManager.ttflist if font.fname.endswith("NotoSansCJK-Regular.ttc")
    ]
    if not collections:
        pytest.skip("no collection of Noto Sans CJK here")
    with open(collections[0], "rb") as file:
        data = file.read()
    single = fonts._single(data)
    assert single is not None
    assert FT2Font(io.BytesIO(single)).family_name == "Noto Sans CJK SC"
    assert fonts._single(b"OTTO" + b"\0" * 40) is None


def test_frontier_has_numbers_axes_and_points() -> None:
    drawn = texts(frontier_chart(FRONTIER, ZH, SVG))
    for word in ("两目标权衡曲线", "复垦投资 (万元)", "新增耕地 (公顷)", "更优", "1", "2", "3"):
        assert word in drawn, word
    assert "横线：同等条件下任何方案都不会越过的界限" in drawn, "a bound 5 % away is drawn"
    sure = replace(FRONTIER, bounds=FRONTIER.first)
    assert "横线：同等条件下任何方案都不会越过的界限" not in texts(frontier_chart(sure, ZH, SVG))
    assert size(frontier_chart(FRONTIER, ZH)) == (8 * DOTS, int(5.6 * DOTS))


def test_one_point_is_a_frontier() -> None:
    one = replace(FRONTIER, first=(100.0,), second=(5.0,), bounds=(None,))
    assert size(frontier_chart(one, EN))[0] == 8 * DOTS


def test_the_frontier_as_numbers() -> None:
    table = frontier_table(FRONTIER, ZH)
    assert [column.title for column in table.columns] == ["序号", "复垦投资 (万元)", "新增耕地 (公顷)", "最优值界限"]
    assert [row.cells for row in table.rows] == [(1, 100.0, 5.0, 100.0), (2, 180.0, 9.0, None), (3, 400.0, 12.0, 380.0)]


def test_the_comparison_as_numbers() -> None:
    table = comparison_table(figures(["甲", "乙", "丙"]), ZH)
    assert table.rows[0].cells == ("建设用地", "复垦建设用地（R）", "公顷", 1.5, "缺数据", -2.25)
    assert table.rows[4].cells[3:] == ("符合 富余 1.5 公顷", "不符合 尚缺 10.2186 公顷", "提示")
    assert (table.rows[4].alert, table.rows[5].alert) == (True, False), "a binding rule fails in one of them"


@pytest.mark.parametrize(
    ("value", "of", "unit", "expected"),
    [
        (12345.67, "m2", AreaUnit.HA, (1.2346, "ha", 4)),
        (10000.0, "m2", AreaUnit.MU, (15.0, "mu", 2)),
        (-150.0, "m2", AreaUnit.M2, (-150.0, "m2", 2)),
        (123456.0, "yuan", AreaUnit.HA, (12.35, "10k_yuan", 2)),
        (0.1234, "share", AreaUnit.HA, (12.34, "percent", 2)),
        (12.0, "households", AreaUnit.HA, (12.0, "households", 0)),
        (None, "m2", AreaUnit.HA, (None, "ha", 4)),
        (None, "yuan", AreaUnit.HA, (None, "10k_yuan", 2)),
    ],
)
def test_figures_in_their_units(value: Any, of: str, unit: AreaUnit, expected: Tuple[Any, str, int]) -> None:
    assert printed(value, of, unit) == expected
