"""Shapefiles of another encoding read right in the Toolbox, and files that cannot be read: one line each."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence, Tuple

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEventLoop

from tests.algorithms.conftest import Listening
from three_opt_three_protect.bridge.encodings import encoding_of, is_read_right, set_right_encoding

NAMES = ("水田", "农村宅基地")
CODES = ("0101", "0702")


def shapefile(path: Path, encoding: str = "GBK", stated: str = "", kind: int = ogr.wkbPolygon) -> Path:
    """Two parcels; ``stated`` is what the .cpg says, ``""`` = there is none and the language byte is 0."""
    path.parent.mkdir(parents=True, exist_ok=True)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4528)
    before = gdal.GetConfigOption("SHAPE_ENCODING")  # "" once QGIS has opened a shapefile: nothing is recoded then
    gdal.SetConfigOption("SHAPE_ENCODING", None)
    made = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(path))
    layer = made.CreateLayer(path.stem, crs, kind, options=[f"ENCODING={encoding}"])
    for name in ("DLBM", "地类"):
        field = ogr.FieldDefn(name, ogr.OFTString)
        field.SetWidth(20)
        layer.CreateField(field)
    for row, values in enumerate(zip(CODES, NAMES)):
        feature = ogr.Feature(layer.GetLayerDefn())
        for index, value in enumerate(values):
            feature.SetField(index, value)
        x = 40_500_000 + 10 * row
        ring = f"{x} 3500000,{x} 3500010,{x + 10} 3500010,{x + 10} 3500000,{x} 3500000"
        wkt = f"POLYGON (({ring}))" if kind == ogr.wkbPolygon else f"LINESTRING ({ring})"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        layer.CreateFeature(feature)
    feature = layer = made = None
    gdal.SetConfigOption("SHAPE_ENCODING", before)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if stated:
        path.with_suffix(".cpg").write_text(stated)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0
    path.with_suffix(".dbf").write_bytes(bytes(table))
    return path


def contents(folder: Path) -> Dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


def texts(address: str, field: str) -> List[Any]:
    layer = QgsVectorLayer(address, "a", "ogr")
    return [feature[field] for feature in layer.getFeatures()]


def refused(run: Callable[..., Any], **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run("zoneoverlay", **parameters)
    line = str(caught.value)
    # Processing puts its own heading before what checkParameterValues says
    line = line.split("\n")[-1] if "\n" in line else line
    assert len(line) <= 260
    return line


WRONG: Sequence[Tuple[str, str]] = [
    ("GBK", ""), ("GBK", "UTF-8"), ("GBK", "ISO-8859-1"), ("GBK", "System"), ("UTF-8", "GBK"), ("UTF-8", "ANSI 936"),
]  # fmt: skip


class TestEncoding:
    @pytest.mark.parametrize(("encoding", "stated"), [*WRONG, ("UTF-8", ""), ("GBK", "GBK"), ("UTF-8", "UTF-8")])
    def test_text_and_field_names_are_read_right_by_path(
        self, run: Any, tmp_path: Path, encoding: str, stated: str
    ) -> None:
        path = shapefile(tmp_path / "规划 成果" / "图斑.shp", encoding, stated)
        before = contents(path.parent)
        out = tmp_path / "a.gpkg"
        feedback = Listening()
        result = run("ellipsoidalarea", feedback, INPUT=str(path), OUTPUT=str(out))
        assert result["COUNT"] == 2
        assert texts(str(out), "地类") == list(NAMES)
        assert contents(path.parent) == before
        told = [line for line in feedback.said if "GB18030" in line or "UTF-8" in line]
        assert bool(told) == ((encoding, stated) not in (("GBK", "GBK"), ("UTF-8", "UTF-8")))

    @pytest.mark.parametrize(("encoding", "stated"), WRONG)
    def test_a_field_named_in_chinese_is_found(self, run: Any, tmp_path: Path, encoding: str, stated: str) -> None:
        path = shapefile(tmp_path / "a.shp", encoding, stated)
        out = tmp_path / "o.gpkg"
        run("zoneoverlay", INPUT=str(path), ID_FIELD="地类", CLASS_FIELD="DLBM", OUTPUT=str(out), TOLERANCE=0)
        assert sorted(texts(str(out), "parcel_id")) == sorted(NAMES)

    @pytest.mark.parametrize("selected", [False, True])
    def test_a_layer_of_the_project_is_read_right_and_left_alone(
        self, run: Any, tmp_path: Path, selected: bool
    ) -> None:
        layer = QgsVectorLayer(str(shapefile(tmp_path / "a.shp")), "图斑", "ogr")
        QgsProject.instance().addMapLayer(layer)
        try:
            shown = [item.name() for item in layer.fields()]
            assert shown[1] != "地类"
            layer.selectByIds([1])
            given: Any = QgsProcessingFeatureSourceDefinition(layer.id(), True) if selected else layer.id()
            out = tmp_path / "o.gpkg"
            # the field is chosen by the name it is shown with
            run("zoneoverlay", INPUT=given, ID_FIELD=shown[1], OUTPUT=str(out), TOLERANCE=0)
            assert sorted(texts(str(out), "parcel_id")) == sorted(NAMES[1:] if selected else NAMES)
            assert [item.name() for item in layer.fields()] == shown
            assert layer.dataProvider().encoding() == "UTF-8"
        finally:
            QgsProject.instance().removeMapLayer(layer.id())

    def test_in_the_background(self, provider: Any, tmp_path: Path) -> None:
        layer = QgsVectorLayer(str(shapefile(tmp_path / "a.shp")), "图斑", "ogr")
        QgsProject.instance().addMapLayer(layer)
        try:
            context = QgsProcessingContext()
            context.setProject(QgsProject.instance())
            algorithm = QgsApplication.processingRegistry().createAlgorithmById("sysb:ellipsoidalarea")
            out = tmp_path / "o.gpkg"
            task = QgsProcessingAlgRunnerTask(algorithm, {"INPUT": layer.id(), "OUTPUT": str(out)}, context)
            done: List[bool] = []
            loop = QEventLoop()
            task.executed.connect(lambda ok, results: (done.append(ok), loop.quit()))
            QgsApplication.taskManager().addTask(task)
            loop.exec()
            assert done == [True]
            assert texts(str(out), "地类") == list(NAMES)
        finally:
            QgsProject.instance().removeMapLayer(layer.id())

    def test_edits_stand_in_the_way(self, run: Any, tmp_path: Path) -> None:
        layer = QgsVectorLayer(str(shapefile(tmp_path / "a.shp")), "图斑", "ogr")
        QgsProject.instance().addMapLayer(layer)
        try:
            layer.startEditing()
            assert "GB18030" in refused(run, INPUT=layer.id(), OUTPUT="memory:")
        finally:
            layer.rollBack()
            QgsProject.instance().removeMapLayer(layer.id())

    def test_for_the_mapping_page(self, qgis_app: Any, tmp_path: Path) -> None:
        layer = QgsVectorLayer(str(shapefile(tmp_path / "a.shp", "GBK", "UTF-8")), "图斑", "ogr")
        assert encoding_of(layer) == ("GB18030", "gb18030")
        assert not is_read_right(layer)
        assert set_right_encoding(layer)
        assert [item.name() for item in layer.fields()] == ["DLBM", "地类"]
        assert is_read_right(layer)
        assert not set_right_encoding(layer)
        assert encoding_of(layer) == ("GB18030", "gb18030")

    def test_what_the_planner_chose_counts_where_it_fits(self, qgis_app: Any, tmp_path: Path) -> None:
        layer = QgsVectorLayer(str(shapefile(tmp_path / "a.shp", "GBK")), "图斑", "ogr")
        layer.setProviderEncoding("Big5")
        assert encoding_of(layer) in {("GB18030", "gb18030"), ("Big5", "chosen")}
        layer.setProviderEncoding("ISO-8859-1")
        assert encoding_of(layer) == ("GB18030", "gb18030")

    def test_other_formats_know_their_encoding(self, make_layer: Any) -> None:
        assert encoding_of(make_layer()) is None


def cut(path: Path, count: int) -> None:
    path.write_bytes(path.read_bytes()[:-count])


def cut_table(path: Path) -> Path:
    cut(path.with_suffix(".dbf"), 30)
    return path


def without(suffix: str) -> Callable[[Path], Path]:
    def remove(path: Path) -> Path:
        path.with_suffix(suffix).unlink()
        return path

    return remove


def cut_shapes(path: Path) -> Path:
    cut(path, 30)
    return path


def emptied(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def packed(path: Path) -> Path:
    return Path(shutil.make_archive(str(path.with_name("成果")), "zip", path.parent))


def personal(path: Path) -> Path:
    other = path.with_name("土规.mdb")
    other.write_bytes(b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(4096))
    return other


def lines(path: Path) -> Path:
    return shapefile(path.with_name("道路.shp"), kind=ogr.wkbLineString)


def not_text(path: Path) -> Path:
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("水田".encode("GBK"), b"\xff\xff\xff\xff"))
    return path


CASES: Dict[str, Tuple[Callable[[Path], Path], Sequence[str]]] = {
    "table cut short": (cut_table, ["图斑.dbf", "1", "2"]),
    "no index": (without(".shx"), ["图斑.shp", "图斑.shx"]),
    "no table": (without(".dbf"), ["图斑.shp", "图斑.dbf"]),
    "shapes cut short": (cut_shapes, ["图斑.shp"]),
    "empty file": (emptied, ["图斑.shp", "0"]),
    "archive": (packed, ["成果.zip"]),
    "personal geodatabase": (personal, ["土规.mdb", ".gdb"]),
    "lines for areas": (lines, ["道路"]),
    "text of no encoding": (not_text, ["图斑", "UTF-8", "GB18030"]),
}


@pytest.mark.parametrize("name", CASES)
def test_one_line_and_nothing_written(run: Any, tmp_path: Path, name: str) -> None:
    spoil, words = CASES[name]
    path = spoil(shapefile(tmp_path / "规划 成果" / "图斑.shp"))
    before = contents(path.parent)
    out = tmp_path / "out"
    out.mkdir()
    line = refused(run, INPUT=str(path), OUTPUT=str(out / "a.gpkg"))
    assert [word for word in words if word not in line] == []
    assert contents(path.parent) == before
    assert list(out.iterdir()) == []


def test_a_geopackage_locked_by_another_program_is_read_as_it_stands(run: Any, tmp_path: Path) -> None:
    # QGIS opens without locks what it only reads
    path = tmp_path / "a.gpkg"
    made = gdal.OpenEx(str(shapefile(tmp_path / "s.shp")), open_options=["ENCODING=GB18030"])
    gdal.VectorTranslate(str(path), made, format="GPKG")
    made = None
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        assert run("ellipsoidalarea", INPUT=str(path), OUTPUT="memory:")["COUNT"] == 2


LONG = "规划 成果/" + "/".join(["three optimisations 三优三保 2026"] * 6)


@pytest.mark.parametrize("driver", ["ESRI Shapefile", "GPKG", "OpenFileGDB"])
def test_from_a_long_path_with_spaces_to_one(run: Any, tmp_path: Path, driver: str) -> None:
    folder = tmp_path / LONG
    path = shapefile(folder / "图斑.shp")
    if driver != "ESRI Shapefile":
        if gdal.GetDriverByName(driver).GetMetadataItem("DCAP_CREATE") is None:
            pytest.skip(f"{driver} is not written by this GDAL")
        other = path.with_name("图斑" + {"GPKG": ".gpkg", "OpenFileGDB": ".gdb"}[driver])
        made = gdal.OpenEx(str(path), open_options=["ENCODING=GB18030"])
        gdal.VectorTranslate(str(other), made, format=driver)
        made, path = None, other
    assert len(str(path)) > 200
    assert len(str(path).encode()) < 440  # SQLite has no more than 512 bytes for a path and its journal
    for suffix in (".gpkg", ".shp"):
        out = folder / f"结果 {driver[:3]}{suffix}"
        run("zoneoverlay", INPUT=str(path), ID_FIELD="地类", OUTPUT=str(out), SUMMARY="memory:", TOLERANCE=0)
        assert sorted(texts(str(out), "parcel_id")) == sorted(NAMES)
