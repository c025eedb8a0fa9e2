"""Whole sheets: what is on them, where it lies, and what is left when something goes wrong."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any, List, NamedTuple, Tuple

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtGui import QImage

from tests.sheets.conftest import WEST, MakePlan, accounts, table, tiny_layers, verdicts
from three_opt_three_protect.core.errors import Cancelled, CrsError, InputError, PlanningError, SchemaError
from three_opt_three_protect.core.tables import text
from three_opt_three_protect.sheets.frame import Box
from three_opt_three_protect.sheets.legend import class_section, plan_section, present_kinds
from three_opt_three_protect.sheets.plan import data_day, open_plan, plan_name_and_period
from three_opt_three_protect.sheets.plotsheet import draw_plot_sheet
from three_opt_three_protect.sheets.request import SheetRequest, SheetsDrawn, parse_numbers
from three_opt_three_protect.sheets.series import draw_sheets
from three_opt_three_protect.sheets.settings import load_settings
from three_opt_three_protect.sheets.words import short_village

DAY = "2026-01-05"
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def request(**changes: Any) -> SheetRequest:
    return SheetRequest(**{"numbers": (9, 10), "date": DAY, **changes})


def draw(plan: Path, folder: Path, **changes: Any) -> SheetsDrawn:
    return draw_sheets(plan, folder, request(**changes))


def words_of(pdf: Path) -> str:
    out = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    # Some characters come back as Kangxi radicals, one as a radical that has no normal form.
    return unicodedata.normalize("NFKC", out).replace("⺠", "民")


def fonts_of(pdf: Path) -> List[List[str]]:
    out = subprocess.run(["pdffonts", str(pdf)], capture_output=True, check=True, text=True).stdout
    return [line.split() for line in out.splitlines()[2:]]


class Drawn(NamedTuple):
    """What is left to look at when the page is closed."""

    placed: List[Tuple[str, Box]]
    box: Box


def texts_of(plan: Path, **changes: Any) -> Tuple[List[str], Drawn]:
    """Every text of the page, and what lies where."""
    with open_plan(plan, load_settings()) as opened:
        page = draw_plot_sheet(opened, request(**changes), load_settings())
        return [item.text() for item in page.layout.items() if hasattr(item, "hAlign")], Drawn(page.placed, page.box)


def test_two_numbers_are_one_sheet_in_every_format(make_plan: MakePlan, tmp_path: Path) -> None:
    done = draw(make_plan(), tmp_path / "out", formats=("pdf", "png", "jpg"))
    name = "试验镇_09-10拆旧建新布局图"
    assert done.count == 1
    assert done.skipped == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"{name}.{end}" for end in ("pdf", "png", "pgw", "jpg", "jgw")
    )
    assert sorted(done.files) == sorted((tmp_path / "out").iterdir())


def test_other_numbers_are_skipped_with_the_reason(make_plan: MakePlan, tmp_path: Path) -> None:
    done = draw(make_plan(), tmp_path / "out", numbers=(2, 10))
    assert (done.count, done.skipped) == (1, [(2, "sheet_not_in_this_version")])


def test_a_plan_without_plots_has_no_such_sheet(make_plan: MakePlan, tmp_path: Path) -> None:
    done = draw(make_plan(without=("reclaim", "newbuild")), tmp_path / "out")
    assert (done.count, done.files) == (0, [])
    assert done.skipped == [(9, "sheet_no_plots"), (10, "sheet_no_plots")]


@needs_poppler
def test_the_pdf_holds_its_text_and_its_fonts(make_plan: MakePlan, tmp_path: Path) -> None:
    done = draw(make_plan(accounts=accounts(), verdicts=verdicts("pass!", "fail")), tmp_path / "out")
    content = words_of(done.files[0])
    for words in (
        "试验镇三优三保专项规划(2014-2020年)",
        "1:15 000",
        "2000国家大地坐标系;高斯-克吕格投影3°带,第40带,中央经线120°;1985国家高程基准。",
        "数据时点:2013年12月31日",
        "编制单位:试验镇人民政府",
        "编制日期:2026年1月5日",
        "甲村",
        "乙社区",
        "11.6667",
        "175.00",
        "强制性规则全部符合",
    ):
        assert words in content, words
    fonts = fonts_of(done.files[0])
    assert fonts
    assert all("NotoSansCJK" in row[0] and row[-5] == "yes" for row in fonts), fonts


def test_the_map_lies_where_the_world_file_says(make_plan: MakePlan, tmp_path: Path) -> None:
    done = draw(make_plan(), tmp_path / "out", formats=("png",))
    world = [float(line) for line in next(p for p in done.files if p.suffix == ".pgw").read_text().split()]
    pixel = 15000 * 0.0254 / 300
    assert world[0] == pytest.approx(pixel, rel=1e-3)
    assert world[3] == pytest.approx(-pixel, rel=1e-3)
    image = QImage(str(next(p for p in done.files if p.suffix == ".png")))
    assert (image.width(), image.height()) == pytest.approx((420 / 25.4 * 300, 297 / 25.4 * 300), abs=1)

    def colour(x: float, y: float) -> Tuple[int, int, int]:
        column = (WEST + x - world[4]) / world[0]
        row = (3_453_000.0 + y - world[5]) / world[3]
        found = image.pixelColor(round(column), round(row))
        return found.red(), found.green(), found.blue()

    # Paddy 245/255/125 mixed with 45 % white; industry 210/160/120; white beyond the border.
    assert colour(1500, 1200) == pytest.approx((250, 255, 184), abs=1)
    assert colour(3800, 2800) == pytest.approx((230, 203, 181), abs=1)
    assert colour(-300, 1000) == (255, 255, 255)
    # Farmland adds yellow, no line runs between its two parcels, resettlement is orange.
    assert colour(420, 450)[2] < 150
    assert colour(900, 450) == pytest.approx(colour(420, 450), abs=1)
    assert colour(340, 2240) == pytest.approx((255, 180, 20), abs=14)


def test_nothing_lies_on_anything_else(make_plan: MakePlan, sample_plan: Path) -> None:
    for plan in (make_plan(accounts=accounts(), verdicts=verdicts("pass!", "fail", "warn", "unknown")), sample_plan):
        for changes in ({}, {"edition": "public", "pack": "survey"}, {"size": "a0", "pack": "territorial"}):
            _, page = texts_of(plan, **changes)
            boxes = [(what, box) for what, box in page.placed if what]
            assert len(boxes) > 40
            for number, (what, box) in enumerate(boxes):
                assert box.x >= 0
                assert box.y >= 0
                assert box.right <= page.box.right
                assert box.bottom <= page.box.bottom
                for other, second in boxes[number + 1 :]:
                    pair = {what, other}
                    # The arrow stands in the line of the heading 图例, whose text is in the middle.
                    assert pair == {"north", "legend title"} or not box.overlaps(second), (what, other, box, second)


def test_no_text_is_wider_than_its_box(sample_plan: Path) -> None:
    with open_plan(sample_plan, load_settings()) as opened:
        page = draw_plot_sheet(opened, request(pack="survey"), load_settings())
        for item in page.layout.items():
            if hasattr(item, "sizeForText"):
                size = item.sizeForText()
                assert size.width() <= item.rect().width() + 0.6, item.text()
                assert size.height() <= item.rect().height() + 1.5, item.text()


def test_the_public_edition_says_nowhere_where_it_lies(make_plan: MakePlan, tmp_path: Path) -> None:
    plan = make_plan()
    done = draw(plan, tmp_path / "out", edition="public", formats=("pdf", "png"))
    assert [path.name for path in done.files] == [f"试验镇_09-10拆旧建新布局图_公示版.{end}" for end in ("pdf", "png")]
    internal, _ = texts_of(plan)
    public, page = texts_of(plan, edition="public")
    kilometres = {"40557.0", "40558.0", "3453.0", "3455.5"}
    assert kilometres <= set(internal)
    assert not kilometres & set(public)
    assert not {what for what, _ in page.placed} & {"easting", "northing"}
    assert any(words.startswith("审图号") for words in public)
    assert not any("密级" in words for words in public)
    assert b"/Measure" not in done.files[0].read_bytes()
    assert b"/LGIDict" not in done.files[0].read_bytes()


def test_the_legend_names_what_is_there_and_nothing_else(make_plan: MakePlan) -> None:
    with open_plan(make_plan(), load_settings()) as opened:
        classes = [entry.name for entry in class_section(opened, "survey", 0.4).entries]
        lines = [
            entry.name
            for entry in plan_section(opened, ("reclaim", "newbuild", "retained", "redline"), None, 1, True).entries
        ]
        kinds = present_kinds(opened, "newbuild")
    assert classes == ["水田", "工矿用地", "农村宅基地", "坑塘水面"]
    assert lines == ["拆旧地块（复垦）", "建新地块", "建新地块（农民安置）", "生态保护红线（二级管控区）"]
    assert kinds == ["", "resettlement"]


def test_codes_nobody_knows_are_in_the_legend(make_plan: MakePlan) -> None:
    layers = tiny_layers()
    layers["parcels"].columns["DLBM"].values[3] = "9999"
    with open_plan(make_plan(layers, meta={"class_system": "third_survey"}), load_settings()) as opened:
        assert [entry.name for entry in class_section(opened, "plan", 0).entries][-1] == "其他"


def test_facts_come_from_the_plan(make_plan: MakePlan) -> None:
    with open_plan(make_plan(meta={"profile": "territorial-2021"}), load_settings()) as opened:
        assert plan_name_and_period(opened, load_settings()) == ("全域土地综合整治规划", "2021-2035")
        assert data_day(opened) == "2013年12月31日"
    meta = {"profile": "my-own", "period": "", "as_of": "2015-06-30"}
    with open_plan(make_plan(meta=meta), load_settings()) as opened:
        assert plan_name_and_period(opened, load_settings()) == ("三优三保专项规划", "")
        assert opened.warnings == [("sheet_no_profile", {"profile": "my-own"})]
        assert data_day(opened) == "2015-06-30"


def test_neighbours_are_named_when_they_are_known(make_plan: MakePlan) -> None:
    found, _ = texts_of(make_plan(meta={"neighbour.east": "东乡镇", "neighbour.north": "北乡镇"}))
    assert {"东\n乡\n镇", "北乡镇"} <= set(found)


def test_without_accounts_the_table_says_so(make_plan: MakePlan) -> None:
    found, _ = texts_of(make_plan())
    assert found.count("缺数据") == 12
    assert "缺数据\n尚未进行指标平衡" in found


def test_a_plan_in_degrees_is_drawn_in_its_zone(make_plan: MakePlan, tmp_path: Path) -> None:
    plan = make_plan(tiny_layers("EPSG:4490", 120.59, 31.19, 1e-5))
    with open_plan(plan, load_settings()) as opened:
        assert opened.crs.authid() == "EPSG:4528"
        extent = opened.extent()
    assert extent.west == pytest.approx(40_556_200, abs=1000)
    assert draw(plan, tmp_path / "out").count == 1


def test_the_users_project_is_left_alone(make_plan: MakePlan, tmp_path: Path) -> None:
    project = QgsProject.instance()
    before = (len(project.mapLayers()), project.crs().authid(), project.isDirty())
    draw(make_plan(), tmp_path / "out")
    assert (len(project.mapLayers()), project.crs().authid(), project.isDirty()) == before


class Stop:
    """Asks to stop after ``calls`` looks."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def step(self, name: str, share: float) -> None:
        self.name = name

    def check(self, fraction: float) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("calls", [0, 1])
def test_a_cancelled_run_leaves_no_file(make_plan: MakePlan, tmp_path: Path, calls: int) -> None:
    plan, folder = make_plan(), tmp_path / "out"
    with pytest.raises(Cancelled):
        draw_sheets(plan, folder, request(), Stop(calls))
    assert list(folder.iterdir()) == []


def _error(plan: Path, folder: Path, **changes: Any) -> PlanningError:
    with pytest.raises(PlanningError) as caught:
        draw(plan, folder, **changes)
    assert not folder.exists() or list(folder.iterdir()) == []
    return caught.value


def test_what_cannot_be_drawn_is_said(make_plan: MakePlan, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    found = _error(tmp_path / "none.gpkg", folder)
    assert (type(found), found.message_id) == (InputError, "no_such_file")
    assert _error(make_plan(), folder, scale=5000).values == {"scale": 5000, "fits": 15000}
    bare = make_plan(without=("parcels", "township", "villages"))
    assert _error(bare, folder).message_id == "sheet_no_frame"
    feet = {
        "township": table("township", [_square()], "EPSG:2229", XZQMC=text(["X"])),
        "reclaim": tiny_layers()["reclaim"],
    }
    found = _error(make_plan(feet), folder)
    assert (type(found), found.message_id) == (CrsError, "sheet_crs")


def test_what_is_no_plan_is_refused(make_plan: MakePlan, tmp_path: Path) -> None:
    from three_opt_three_protect.storage.geopackage import write_layers

    other = tmp_path / "other.gpkg"
    write_layers(other, {"parcels": tiny_layers()["parcels"]})
    found = _error(other, tmp_path / "out")
    assert (type(found), found.message_id) == (SchemaError, "not_a_plan")


def _square() -> Any:
    import shapely

    return shapely.box(0, 0, 1000, 1000)


@pytest.mark.parametrize(
    ("given", "numbers"),
    [("9", (9,)), ("10, 9,9", (9, 10)), ("9，10", (9, 10)), ("all", tuple(range(1, 17))), ("", tuple(range(1, 17)))],
)
def test_numbers_are_read(given: str, numbers: Tuple[int, ...]) -> None:
    assert parse_numbers(given, 16) == numbers


@pytest.mark.parametrize("given", ["0", "17", "nine", "9;10", ",", "-1"])
def test_other_numbers_are_refused(given: str) -> None:
    with pytest.raises(InputError, match="sheet_numbers"):
        parse_numbers(given, 16)


def test_every_plot_has_its_number_and_every_village_its_name(sample_plan: Path) -> None:
    with open_plan(sample_plan, load_settings()) as opened:
        draw_plot_sheet(opened, request(), load_settings())
        for role, field in (("reclaim", "plot_id"), ("newbuild", "plot_id"), ("villages", "unit_name")):
            (layer,) = opened.project.mapLayersByName(f"{role} labels")
            assert layer.labelsEnabled()
            given = {short_village(name) for name in opened.texts(role, field)}
            assert {feature["text"] for feature in layer.getFeatures()} == given
            assert given
