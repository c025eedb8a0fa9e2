"""``indicators`` through the Toolbox: a strip of land whose figures are plain."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from openpyxl import load_workbook
from qgis.core import NULL, QgsProcessingException

from tests.algorithms.conftest import Listening, box

EAST, WEST = "320599101201", "320599101202"
FIELDS = "DLBM:string ZLDWDM:string ZLDWMC:string SJNF:int"
TABLE = "unit_code:string indicator:string value:double unit:string year:int"


@pytest.fixture
def strip(make_layer: Any) -> Dict[str, Any]:
    """East: 2 ha homesteads, 8 ha paddy. West: 1 ha works, 9 ha paddy. East reclaims 1 ha, West builds 0.5 ha."""
    return {
        "INPUT": make_layer(
            [
                (box(0, 0, 200, 100), "0702", EAST, "东村", 2013),
                (box(200, 0, 1000, 100), "0101", EAST, "东村", 2013),
                (box(1000, 0, 1100, 100), "0601", WEST, "西村", 2013),
                (box(1100, 0, 2000, 100), "0101", WEST, "西村", 2013),
            ],
            FIELDS,
        ),
        "RECLAIM": make_layer([(box(0, 0, 100, 100), "R1", 2015)], "plot_id:string phase:int"),
        "NEWBUILD": make_layer(
            [(box(1100, 0, 1150, 100), "N1", "industry", 2016)], "plot_id:string use:string phase:int"
        ),
        "AREA_METHOD": 2,
        "OUTPUT": "memory:",
    }


def table(make_layer: Any, rows: List[Tuple[Any, ...]], fields: str = TABLE) -> Any:
    return make_layer([(None, *row) for row in rows], fields, name="指标", kind="None")


def rows(layer: Any, indicator: str) -> Dict[str, Any]:
    return {
        str(feature["unit_code"] or ""): feature for feature in layer.getFeatures() if feature["indicator"] == indicator
    }


def test_intensity_by_hand(run: Any, strip: Dict[str, Any]) -> None:
    found = run("indicators", **strip)
    layer = found["OUTPUT"]
    intensity = rows(layer, "intensity_pct")
    # 20 ha: 3 built before; 2 + 0.5 after
    assert (intensity[""]["before"], intensity[""]["value"]) == (15.0, 12.5)
    assert (intensity[EAST]["before"], intensity[EAST]["value"]) == (20.0, 10.0)
    assert (intensity[WEST]["before"], intensity[WEST]["value"]) == (10.0, 15.0)
    assert found["INTENSITY_PCT"] == 12.5
    # nothing was given that says a redline or money
    assert found["REDLINE_PCT"] is None
    assert found["LAND_PER_GDP"] is None
    assert found["FALL_PCT"] is None
    share = rows(layer, "redline_share_pct")
    assert share[""]["value"] == NULL
    assert share[""]["result"] == "unknown"


def test_without_plots_it_is_the_present_state(run: Any, strip: Dict[str, Any]) -> None:
    given = {name: value for name, value in strip.items() if name not in ("RECLAIM", "NEWBUILD")}
    assert run("indicators", **given)["INTENSITY_PCT"] == 15.0


def test_targets_and_economy(run: Any, strip: Dict[str, Any], make_layer: Any) -> None:
    targets = [
        ("", "建设用地总规模", 2.5, "公顷", 2020), (EAST, "construction_m2", 9_999.99, "m2", 2020),
        ("", "intensity_pct", 12.0, "percent", 2020),
    ]  # fmt: skip
    economy = [
        ("", "地区生产总值", 1, "亿元", 2013), ("", "地区生产总值", 3, "亿元", 2020),
        ("", "供地总量", 10, "公顷", 2020), ("", "存量供地", 7, "公顷", 2020), (EAST, "户籍人口", 0.02, "万人", None),
    ]  # fmt: skip
    found = run(
        "indicators",
        **strip,
        TARGETS=table(make_layer, targets),
        ECONOMY=table(make_layer, economy),
        RANKING="memory:",
        FIVE="memory:",
    )
    layer = found["OUTPUT"]
    land = rows(layer, "construction_m2")
    assert (land[""]["result"], land[""]["margin"]) == ("pass", 0.0)
    assert (land[EAST]["result"], land[EAST]["margin"]) == ("fail", -0.01)
    # 45 亩 / 1 亿元 → 37.5 / 3: 45 and 12.5, a fall of 72.22 %
    assert (found["LAND_PER_GDP"], found["FALL_PCT"]) == (12.5, 72.2222)
    supply = rows(layer, "stock_supply_share_pct")[""]
    assert (supply["value"], supply["result"], supply["against"]) == (70.0, "pass", "published")
    head = rows(layer, "per_capita_m2")
    assert head[EAST]["value"] == 50.0  # 1 ha of village land is left for 200 people
    assert head[""]["value"] == NULL  # the township's people were not stated
    ranking = found["RANKING"]
    assert [(f["unit_name"], f["rank"]) for f in ranking.getFeatures()] == [("东村", 1), ("西村", 2)]
    five = found["FIVE"]
    assert {f["quantity"] for f in five.getFeatures()} == {"total", "increment", "stock", "flow", "quality"}


def test_workbook(run: Any, strip: Dict[str, Any], make_layer: Any, tmp_path: Path) -> None:
    targets = table(make_layer, [("", "cultivated_m2", 17, "ha", 2020), (EAST, "cultivated_m2", 8.5, "ha", 2020)])
    path = tmp_path / "indicators.xlsx"
    run("indicators", **strip, TARGETS=targets, XLSX=str(path))
    book = load_workbook(path)
    cells = {cell.value: cell for row in book["T1"].iter_rows() for cell in row if cell.value is not None}
    row = next(cell.row for value, cell in cells.items() if str(value) in ("耕地保有量", "Cultivated land"))
    # 17 ha; +0.85·1 ha reclaimed (a homestead of less than or just 1 ha has 0.9), −0.5 ha built on
    assert [book["T1"].cell(row, column).value for column in (5, 6, 7)] == [17, 17.4, 17]
    divided = [[cell.value for cell in row] for row in book["T23"].iter_rows()]
    east = next(row for row in divided if row[0] == "东村")
    assert east[1:4] == [8.5, 8.9, 0.4]
    west = next(row for row in divided if row[0] == "西村")
    assert west[1:4] == [None, 8.5, None]  # nothing was assigned to it: no difference


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("", "GPD", 3, "亿元", 2020), "GPD"),
        (("", "地区生产总值", 3, None, 2020), "feature"),
        (("", "地区生产总值", 3, "斤", 2020), "斤"),
        (("", "户籍人口", 3, "头", 2020), "头"),
    ],
)
def test_a_figure_that_cannot_be_read_is_refused(
    run: Any, strip: Dict[str, Any], make_layer: Any, row: Any, message: str
) -> None:
    with pytest.raises(QgsProcessingException) as raised:
        run("indicators", **strip, ECONOMY=table(make_layer, [row]))
    assert message in str(raised.value)


def test_the_same_figure_twice_is_refused(run: Any, strip: Dict[str, Any], make_layer: Any) -> None:
    twice = [("", "地区生产总值", 3, "亿元", 2020)] * 2
    with pytest.raises(QgsProcessingException):
        run("indicators", **strip, ECONOMY=table(make_layer, twice))


def test_units_without_land_are_named(run: Any, strip: Dict[str, Any], make_layer: Any) -> None:
    feedback = Listening()
    economy = table(make_layer, [("320599101299", "地区生产总值", 3, "亿元", 2020)])
    found = run("indicators", feedback=feedback, **strip, ECONOMY=economy)
    assert any("320599101299" in said for said in feedback.warned)
    assert found["LAND_PER_GDP"] is None


@pytest.mark.parametrize("code", ["", "320599101", "320599101000", "320599"])
def test_the_only_township_may_state_its_own_code(run: Any, strip: Dict[str, Any], make_layer: Any, code: str) -> None:
    feedback = Listening()
    economy = table(make_layer, [(code, "地区生产总值", 3, "亿元", 2020)])
    found = run("indicators", feedback=feedback, **strip, ECONOMY=economy)
    assert found["LAND_PER_GDP"] == 12.5
    assert not any("ECONOMY" in said or "经济" in said for said in feedback.warned)


def test_one_figure_under_two_codes_of_a_unit_is_refused(run: Any, strip: Dict[str, Any], make_layer: Any) -> None:
    twice = [("", "地区生产总值", 3, "亿元", 2020), ("320599101", "地区生产总值", 4, "亿元", 2020)]
    with pytest.raises(QgsProcessingException):
        run("indicators", **strip, ECONOMY=table(make_layer, twice))


def test_years_must_not_be_swapped(run: Any, strip: Dict[str, Any], make_layer: Any) -> None:
    economy = table(make_layer, [("", "地区生产总值", 3, "亿元", 2020)])
    with pytest.raises(QgsProcessingException, match="FIRST_YEAR"):
        run("indicators", **strip, ECONOMY=economy, FIRST_YEAR=2020, LAST_YEAR=2013)


def test_gdp_of_the_base_year_is_held_to_the_land_of_the_base_year(
    run: Any, strip: Dict[str, Any], make_layer: Any
) -> None:
    """3 ha and 1 亿元 in 2013: 45 亩; the 2.5 ha of the plan are not there yet."""
    found = run("indicators", **strip, ECONOMY=table(make_layer, [("", "地区生产总值", 1, "亿元", 2013)]))
    assert (found["LAND_PER_GDP"], found["FALL_PCT"]) == (45.0, None)


@pytest.fixture
def county(strip: Dict[str, Any], make_layer: Any) -> Dict[str, Any]:
    """The strip, its west another township."""
    land = [
        (box(0, 0, 200, 100), "0702", EAST, "东村", 2013), (box(200, 0, 1000, 100), "0101", EAST, "东村", 2013),
        (box(1000, 0, 1100, 100), "0601", "320599102201", "西村", 2013),
        (box(1100, 0, 2000, 100), "0101", "320599102201", "西村", 2013),
    ]  # fmt: skip
    return {**strip, "INPUT": make_layer(land, FIELDS)}


def test_townships_of_a_county_have_their_own_tasks(run: Any, county: Dict[str, Any], make_layer: Any) -> None:
    tasks = [("320599101", "construction_m2", 1, "ha", 2020), ("320599102", "construction_m2", 1, "ha", 2020)]
    land = rows(run("indicators", **county, TARGETS=table(make_layer, tasks))["OUTPUT"], "construction_m2")
    assert [(land[code]["target"], land[code]["result"]) for code in ("320599101", "320599102")] == [
        (10_000.0, "pass"), (10_000.0, "fail"),
    ]  # fmt: skip
    assert land[""]["result"] == "unknown"  # nothing was assigned to the county


def test_a_workbook_ranks_and_divides_by_township(
    run: Any, county: Dict[str, Any], make_layer: Any, tmp_path: Path
) -> None:
    path = tmp_path / "county.xlsx"
    tasks = table(make_layer, [("320599102", "construction_m2", 1.25, "ha", 2020)])
    run("indicators", **county, TARGETS=tasks, XLSX=str(path))
    book = load_workbook(path)
    assert len(book.sheetnames) == 5  # T1, T23, two rankings, sources
    divided = {row[0].value: [cell.value for cell in row[7:10]] for row in book["T23"].iter_rows()}
    assert divided["320599101"] == [None, 1, None]
    assert divided["320599102"] == [1.25, 1.5, 0.25]


def test_people_nobody_states_are_not_left_out(run: Any, strip: Dict[str, Any], make_layer: Any) -> None:
    fields = "unit_code:string settlement:string households:int population:int"
    people = [(EAST, "东一", 30, 100), (EAST, "东二", None, None), (WEST, None, None, None), (WEST, "西一", 10, 50)]
    head = rows(run("indicators", **strip, POPULATION=table(make_layer, people, fields))["OUTPUT"], "per_capita_m2")
    assert head[""]["value"] == NULL
    assert EAST not in head  # one of its natural villages is not counted
    assert head[WEST]["value"] == 0.0  # the village leaves its people to 西一; it has no village land


def test_tasks_that_contradict_each_other_are_said(run: Any, strip: Dict[str, Any], make_layer: Any) -> None:
    """Quotas of two years are no contradiction."""
    feedback = Listening()
    tasks = [("", "reclaim_m2", 1, "ha", 2020), ("", "reclaim_m2", 2, "ha", 2020)]
    years = [("", "annual_plan_m2", 1, "ha", 2015), ("", "annual_plan_m2", 2, "ha", 2016)]
    run("indicators", feedback=feedback, **strip, TARGETS=table(make_layer, [*tasks, *years]))
    (said,) = [line for line in feedback.warned if "reclaim_m2" in line]
    assert "annual_plan_m2" not in said
