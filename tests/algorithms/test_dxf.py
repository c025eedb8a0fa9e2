"""``dxfimport`` and ``dxfexport`` as a planner runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List

import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer

from tests.storage.test_dxf import drawing, light, square, text

SQUARE = (
    "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000),"
    "(40557010 3453010,40557020 3453010,40557020 3453020,40557010 3453020,40557010 3453010))"
)
WEST = "POLYGON((40556800 3453000,40556900 3453000,40556900 3453050,40556800 3453050,40556800 3453000))"


def values(layer: Any, field: str) -> List[Any]:
    return [feature[field] for feature in layer.getFeatures()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with Chinese, a blank and a path of more than 200 characters."""
    made = tmp_path / "规划 成果" / ("很长的文件夹名" * 8) / ("z" * 100)
    made.mkdir(parents=True)
    assert len(str(made)) > 200
    return made


def test_closed_polylines_become_plots(run: Any, folder: Path) -> None:
    path = folder / "新建 地块.dxf"
    entities = [
        light("新建地块", square(0, 0, 100)),
        light("拆旧地块", square(200, 0, 50)),
        light("道路", square(300, 0, 5), False),
        text("JX-01", 50, 50),
        [0, "HATCH", 8, "填充", 70, 1],
    ]
    path.write_bytes(drawing(*entities, page=""))
    result = run("dxfimport", INPUT=str(path), CRS="EPSG:4528", OUTPUT="memory:", OPEN="memory:", FINDINGS="memory:")
    assert (result["PLOTS"], result["OPEN_COUNT"], result["PASSED_OVER"]) == (2, 1, 1)
    assert values(result["OUTPUT"], "layer") == ["新建地块", "拆旧地块"]
    assert [str(value) for value in values(result["OUTPUT"], "plot_id")] == ["JX-01", "NULL"]
    assert [feature.geometry().area() for feature in result["OUTPUT"].getFeatures()] == [10000.0, 2500.0]
    assert values(result["OPEN"], "gap") == [5.0]
    assert values(result["FINDINGS"], "finding") == ["dxf_open", "dxf_passed_over"]
    only = run("dxfimport", INPUT=str(path), CRS="EPSG:4528", LAYERS="拆旧地块", OUTPUT=str(folder / "a.gpkg"))
    assert only["PLOTS"] == 1


def test_out_and_in_again(run: Any, make_layer: Any, folder: Path) -> None:
    layer = make_layer([(SQUARE, "建-01", "town"), (WEST, "建-02", "安置")], "plot_id:string use:string", name="新村")
    path = folder / "地块.dxf"
    out = run("dxfexport", INPUT=layer, OUTPUT=str(path))
    assert (out["PLOTS"], out["COUNT"]) == (2, 12)
    assert list(folder.iterdir()) == [path]
    back = run(
        "dxfimport", INPUT=str(path), CRS="EPSG:4528", HOLES=True, OUTPUT="memory:", FINDINGS="memory:",
        TEXT_LAYER="Plot numbers",
    )  # fmt: skip
    assert values(back["OUTPUT"], "layer") == ["town", "安置"]
    assert values(back["OUTPUT"], "plot_id") == ["建-01", "建-02"]
    for before, after in zip(layer.getFeatures(), back["OUTPUT"].getFeatures()):
        assert after.geometry().isGeosEqual(before.geometry())


@pytest.mark.parametrize("screen", ["zh", "en"])
def test_our_own_drawing_keeps_numbers_and_holes(
    run: Any, make_layer: Any, tmp_path: Path, monkeypatch: Any, screen: str
) -> None:
    inside = "POLYGON((40557010 3453010,40557020 3453010,40557020 3453020,40557010 3453020,40557010 3453010))"
    layer = make_layer([(SQUARE, "建-01"), (WEST, "建-02"), (inside, "建-03")], "plot_id:string", name="新村")
    path = tmp_path / "地块.dxf"
    monkeypatch.setattr("three_opt_three_protect.bridge.words.language", lambda: screen)
    run("dxfexport", INPUT=layer, OUTPUT=str(path), HEIGHT=3.0)
    back = run("dxfimport", INPUT=str(path), CRS="EPSG:4528", OUTPUT="memory:", FINDINGS="memory:")
    found = {feature["plot_id"]: feature.geometry() for feature in back["OUTPUT"].getFeatures()}
    assert set(found) == {"建-01", "建-02", "建-03"}
    for feature in layer.getFeatures():
        assert found[feature["plot_id"]].isGeosEqual(feature.geometry())
    assert values(back["FINDINGS"], "finding") == ["dxf_passed_over", "dxf_inner_holes"]


def test_other_programs_read_the_drawing(run: Any, make_layer: Any, tmp_path: Path) -> None:
    path = tmp_path / "地块.dxf"
    run("dxfexport", INPUT=make_layer([(SQUARE, "建-01", "甲/乙")], "plot_id:string lx:string"), LAYER_FIELD="lx",
        OUTPUT=str(path))  # fmt: skip
    lines = QgsVectorLayer(f"{path}|layername=entities|geometrytype=LineString", "a", "ogr")
    assert values(lines, "Layer") == ["甲_乙", "甲_乙"]
    points = QgsVectorLayer(f"{path}|layername=entities|geometrytype=Point", "b", "ogr")
    texts = [str(value) for value in values(points, "Text")]
    assert "建-01" in texts
    assert {f"J{number}" for number in range(1, 9)} <= set(texts)
    del lines, points


def test_a_dwg_is_told_to_be_saved_as_dxf(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "图.dwg"
    path.write_bytes(b"AC1032" + bytes(100))
    with pytest.raises(QgsProcessingException, match=r"图\.dwg.*DXF"):
        run("dxfimport", INPUT=str(path), CRS="EPSG:4528", OUTPUT=str(tmp_path / "a.gpkg"))
    assert list(tmp_path.iterdir()) == [path]


def test_bad_drawings_leave_nothing_behind(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "坏.dxf"
    whole = drawing(light("0", square(0, 0, 9)))
    for data in (b"", whole[: len(whole) // 2], whole[:-8], b"\0\1\2"):
        path.write_bytes(data)
        with pytest.raises(QgsProcessingException, match=r"坏\.dxf"):
            run("dxfimport", INPUT=str(path), CRS="EPSG:4528", OUTPUT=str(tmp_path / "a.gpkg"))
        assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(QgsProcessingException, match=r"无\.dxf"):
        run("dxfimport", INPUT=str(tmp_path / "无.dxf"), CRS="EPSG:4528", OUTPUT="memory:")


def test_the_coordinate_system_is_asked_for(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    path.write_bytes(drawing(light("0", square(0, 0, 9))))
    with pytest.raises(QgsProcessingException, match="CRS"):
        run("dxfimport", INPUT=str(path), OUTPUT="memory:")
    with pytest.raises(QgsProcessingException, match="EPSG:4549"):
        run("dxfimport", INPUT=str(path), CRS="EPSG:4549", OUTPUT="memory:")


def test_degrees_are_not_drawn(run: Any, make_layer: Any, tmp_path: Path) -> None:
    layer = make_layer([("POLYGON((120 31,120.1 31,120.1 31.1,120 31))",)], crs="EPSG:4490", name="经纬度")
    with pytest.raises(QgsProcessingException, match="经纬度"):
        run("dxfexport", INPUT=layer, OUTPUT=str(tmp_path / "a.dxf"))
    assert list(tmp_path.iterdir()) == []
