"""``surveytxtimport`` and ``surveytxtexport`` as a planner runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List

import openpyxl
import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback

from tests.storage.test_surveytxt import HEAD, HOLED, LINKAGE, TRIANGLE

SQUARE = (
    "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000),"
    "(40557010 3453010,40557020 3453010,40557020 3453020,40557010 3453020,40557010 3453010))"
)
WEST = "POLYGON((40556800 3453000,40556900 3453000,40556900 3453050,40556800 3453050,40556800 3453000))"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with Chinese, a blank and a path of more than 200 characters."""
    made = tmp_path / "规划 成果" / ("很长的文件夹名" * 8) / ("z" * 100)
    made.mkdir(parents=True)
    assert len(str(made)) > 200
    return made


def values(layer: Any, field: str) -> List[Any]:
    return [feature[field] for feature in layer.getFeatures()]


def test_out_and_in_again(run: Any, make_layer: Any, folder: Path) -> None:
    layer = make_layer([(SQUARE, "JX-01", "安置"), (WEST, "JX-02", "工业")], "plot_id:string mc:string", name="新村")
    txt, xlsx = folder / "界址点.txt", folder / "界址点.xlsx"
    out = run("surveytxtexport", INPUT=layer, NAME_FIELD="mc", OUTPUT=str(txt), POINTS="memory:", XLSX=str(xlsx))
    assert (out["PLOTS"], out["COUNT"], out["TOTAL_HA"]) == (2, 12, 1.49)
    assert values(out["POINTS"], "point") == ["J1", "J2", "J3", "J4", "J5", "J6", "J7", "J8", "J1", "J2", "J3", "J4"]
    assert values(out["POINTS"], "edge_m") == [100.0] * 4 + [10.0] * 4 + [100.0, 50.0, 100.0, 50.0]
    lines = txt.read_bytes().decode("gbk").split("\r\n")
    assert lines[12] == "10,0.9900,JX-01,安置,面,,,,@"
    assert lines[13] == "J1,1,3453100.000,40557000.000"

    back = run("surveytxtimport", INPUT=str(txt), OUTPUT=str(folder / "地块.gpkg"), FINDINGS="memory:")
    assert (back["PLOTS"], back["POINTS"]) == (2, 12)
    assert values(back["FINDINGS"], "finding") == ["survey_form_found", "survey_crs_found"]
    again = run("surveytxtimport", INPUT=str(txt), OUTPUT="memory:")["OUTPUT"]
    assert again.crs().authid() == "EPSG:4528"
    for before, after in zip(layer.getFeatures(), again.getFeatures()):
        assert after["name"] == before["mc"]
        assert after.geometry().equals(before.geometry()) or after.geometry().isGeosEqual(before.geometry())
    assert sorted(path.name for path in folder.iterdir()) == ["地块.gpkg", "界址点.txt", "界址点.xlsx"]


def test_the_table_of_boundary_points(run: Any, make_layer: Any, tmp_path: Path) -> None:
    path = tmp_path / "t25.xlsx"
    layer = make_layer([(SQUARE, "=1+1"), (WEST, "JX-02")], "plot_id:string", name="新村")
    run("surveytxtexport", INPUT=layer, OUTPUT=str(tmp_path / "a.txt"), XLSX=str(path))
    page = openpyxl.load_workbook(path)["T25"]
    shown = openpyxl.load_workbook(path, data_only=True)["T25"]
    rows = [[cell.value for cell in row] for row in shown.iter_rows()]
    body = [row for row in rows if isinstance(row[4], (int, float))]
    assert len(body) == 15  # 5 + 5 + 5, closing points shown
    assert body[0] == ["=1+1", "=1+1", 1, "J1", 3453100, 40557000, 100]
    assert body[4][3:] == ["J1", 3453100, 40557000, None]
    assert [row[6] for row in rows if row[6] in (440, 300)] == [440, 300]
    # Text stays text, sums are live.
    assert not [cell for row in page.iter_rows(max_col=4) for cell in row if cell.data_type == "f"]
    assert [cell.value for row in page.iter_rows(min_col=7) for cell in row if cell.data_type == "f"] == [
        "=SUBTOTAL(9,G6:G15)",
        "=SUBTOTAL(9,G17:G21)",
    ]
    assert page.print_title_rows == "$1:$5"
    assert page.page_setup.fitToHeight == 0


def test_a_folder_and_a_list_of_files(run: Any, folder: Path) -> None:
    first, second = folder / "一.txt", folder / "二.TXT"
    first.write_bytes((HEAD + HOLED).encode("gbk"))
    second.write_bytes((HEAD + TRIANGLE).encode())
    (folder / "说明.md").write_text("x")
    for given in (str(folder), f"{first};{second}"):
        result = run("surveytxtimport", INPUT=given, OUTPUT="memory:")
        assert values(result["OUTPUT"], "file") == ["一.txt", "二.TXT"]
        assert result["POINTS"] == 11
    with pytest.raises(QgsProcessingException, match=r"三\.txt"):
        run("surveytxtimport", INPUT=f"{first};{folder / '三.txt'}", OUTPUT="memory:")
    with pytest.raises(QgsProcessingException, match="TXT"):
        run("surveytxtimport", INPUT=str(folder.parent), OUTPUT="memory:")


def test_templates_axes_and_crs_as_chosen(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((HEAD.replace("坐标系=2000国家大地坐标系\n", "") + LINKAGE).encode("gbk"))
    with pytest.raises(QgsProcessingException, match=r"a\.txt"):
        run("surveytxtimport", INPUT=str(path), OUTPUT="memory:")
    result = run("surveytxtimport", INPUT=str(path), TEMPLATE="linkage", AXES="xy", CRS="EPSG:4528", OUTPUT="memory:")
    assert values(result["OUTPUT"], "name") == ["拆旧一"]
    assert result["OUTPUT"].crs().authid() == "EPSG:4528"
    with pytest.raises(QgsProcessingException, match=r"a\.txt.*12"):
        run("surveytxtimport", INPUT=str(path), TEMPLATE="approval", CRS="EPSG:4528", OUTPUT="memory:")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (HEAD + TRIANGLE.replace("4,0.5000", "9,0.5000"), "12"),
        (HEAD + TRIANGLE.rsplit("J1", 1)[0], "15"),
        (HEAD + TRIANGLE.replace("40557400", "4055x400"), "14"),
    ],
)
def test_bad_files_leave_nothing_behind(run: Any, tmp_path: Path, content: str, line: str) -> None:
    path = tmp_path / "坏.txt"
    path.write_bytes(content.encode("gbk"))
    with pytest.raises(QgsProcessingException, match=rf"坏\.txt.*{line}") as caught:
        run("surveytxtimport", INPUT=str(path), OUTPUT=str(tmp_path / "out.gpkg"), FINDINGS=str(tmp_path / "f.gpkg"))
    assert "Traceback" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == content.encode("gbk")


def test_an_export_that_fails_keeps_the_old_file(run: Any, make_layer: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    layer = make_layer([(SQUARE, "\U0002b82d")], "plot_id:string")
    with pytest.raises(QgsProcessingException, match="GBK"):
        run("surveytxtexport", INPUT=layer, OUTPUT=str(path), POINTS=str(tmp_path / "p.gpkg"))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    run("surveytxtexport", INPUT=layer, ENCODING="utf8", OUTPUT=str(path))
    assert "\U0002b82d" in path.read_text(encoding="utf-8")


def test_layers_without_a_zone_are_refused(run: Any, make_layer: Any, tmp_path: Path) -> None:
    layer = make_layer([("POLYGON((120 31,120.1 31,120.1 31.1,120 31))",)], crs="EPSG:4490", name="经纬度")
    with pytest.raises(QgsProcessingException, match="经纬度"):
        run("surveytxtexport", INPUT=layer, OUTPUT=str(tmp_path / "a.txt"))


def test_names_are_cleaned_with_a_word_in_the_log(run: Any, make_layer: Any, tmp_path: Path) -> None:
    feedback = QgsProcessingFeedback(False)
    layer = make_layer([(SQUARE, "a,b@")], "plot_id:string", name="新村")
    run("surveytxtexport", feedback, INPUT=layer, OUTPUT=str(tmp_path / "a.txt"))
    assert "新村" in feedback.textLog()
    assert "a，b＠" in (tmp_path / "a.txt").read_bytes().decode("gbk")


@pytest.mark.parametrize("form", ["approval", "linkage"])
def test_plot_numbers_come_back(run: Any, make_layer: Any, tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.txt"
    run("surveytxtexport", INPUT=make_layer([(SQUARE, "R-01")], "plot_id:string"), TEMPLATE=form, OUTPUT=str(path))
    back = run("surveytxtimport", INPUT=str(path), CRS="EPSG:4528", OUTPUT="memory:")
    assert (values(back["OUTPUT"], "plot_id"), values(back["OUTPUT"], "name")) == (["R-01"], ["R-01"])


def test_decimals_and_the_wider_numbering(run: Any, make_layer: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    run("surveytxtexport", INPUT=make_layer([(SQUARE,), (None,)]), DECIMALS=2, TEMPLATE="linkage", OUTPUT=str(path))
    content = path.read_bytes().decode("gbk")
    assert "精度=0.01\r\n" in content
    assert "10,0.9900,,1,,,,,@\r\nJ1,3453100.00,40557000.00,,1\r\n" in content
