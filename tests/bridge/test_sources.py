from __future__ import annotations

import math
import signal
import sqlite3
import struct
from pathlib import Path
from typing import Any, List

import numpy as np
import pytest
import shapely
from qgis.core import (
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QTime

from three_opt_three_protect.bridge import features
from three_opt_three_protect.bridge.sources import file_of, origin_of, read_layer, read_table
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.tables import Kind

SQUARE = "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000))"
FIELDS = "n:int big:int8 x:double(18,2) s:string(19) d:date t:datetime b:bool"


class Counting:
    """A listener that stops at the n-th look."""

    def __init__(self, stop_at: int) -> None:
        self.left = stop_at

    def step(self, name: str, share: float) -> None:
        pass

    def check(self, fraction: float) -> None:
        self.left -= 1
        if self.left == 0:
            raise Cancelled


@pytest.fixture
def gpkg(make_layer: Any, tmp_path: Path) -> Path:
    """A GeoPackage with a full row, a row of NULLs and one without geometry."""
    day = QDate(2026, 1, 5)
    layer = make_layer(
        [
            (SQUARE, 1, 2**40, 1.25, "水田 ", day, QDateTime(day, QTime(13, 30)), True),
            (SQUARE, None, None, None, None, None, None, None),
            (None, 0, 0, 0.0, "", day, None, False),
        ],
        FIELDS,
    )
    path = tmp_path / "图斑.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    written = QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, str(path), QgsProject.instance().transformContext(), options
    )
    assert written[0] == QgsVectorFileWriter.WriterError.NoError
    # QGIS writes an empty polygon where a feature has none; other programs write NULL.
    with sqlite3.connect(path) as database:
        database.executescript(
            "DROP TRIGGER IF EXISTS rtree_图斑_geom_update3; DROP TRIGGER IF EXISTS rtree_图斑_geom_update2;"
            "DROP TRIGGER IF EXISTS rtree_图斑_geom_update4; DROP TRIGGER IF EXISTS rtree_图斑_geom_update6;"
            "DROP TRIGGER IF EXISTS rtree_图斑_geom_update1; DROP TRIGGER IF EXISTS rtree_图斑_geom_update7;"
            "DROP TRIGGER IF EXISTS rtree_图斑_geom_update5; UPDATE 图斑 SET geom = NULL WHERE fid = 3;"
        )
    return path


def check_rows(table: Any) -> None:
    assert [table.columns[name].kind for name in ("n", "x", "s", "d", "t", "b")] == [
        Kind.INT, Kind.REAL, Kind.TEXT, Kind.DATE, Kind.DATE, Kind.BOOL,
    ]  # fmt: skip
    assert table.columns["n"].values[[0, 2]].tolist() == [1, 0]
    assert table.columns["n"].missing.tolist() == [False, True, False]
    assert table.columns["big"].values[0] == 2**40
    assert table.columns["x"].values[[0, 2]].tolist() == [1.25, 0.0]
    assert math.isnan(table.columns["x"].values[1])
    assert table.columns["s"].values.tolist() == ["水田 ", None, ""]
    assert np.isnat(table.columns["d"].values).tolist() == [False, True, False]
    assert str(table.columns["d"].values[0]) == "2026-01-05"
    assert str(table.columns["t"].values[0]) == "2026-01-05"
    assert table.columns["b"].missing.tolist() == [False, True, False]
    assert table.columns["b"].values[[0, 2]].tolist() == [True, False]
    assert shapely.area(table.geometry[:2]).tolist() == [10000.0, 10000.0]
    assert table.geometry[2] is None


def test_nulls_of_a_geopackage_are_missing(gpkg: Path) -> None:
    layer = QgsVectorLayer(str(gpkg), "我的图斑", "ogr")
    table = read_table(layer)
    assert (table.name, table.fid.tolist()) == ("我的图斑", [1, 2, 3])
    assert table.crs is not None
    assert table.crs.authid == "EPSG:4528"
    assert table.source.endswith("图斑.gpkg")
    check_rows(table)


def test_nulls_of_a_memory_layer_are_missing(make_layer: Any) -> None:
    day = QDate(2026, 1, 5)
    rows = [
        (SQUARE, 1, 2**40, 1.25, "水田 ", day, QDateTime(day, QTime(13, 30)), True),
        (SQUARE, None, None, None, None, None, None, None),
        (None, 0, 0, 0.0, "", day, None, False),
    ]
    table = read_table(make_layer(rows, FIELDS))
    assert (table.name, table.source) == ("图斑", "memory")
    check_rows(table)
    assert (table.columns["s"].width, table.columns["x"].width, table.columns["x"].decimals) == (19, 18, 2)


def test_an_edited_layer_is_read_as_it_stands_on_the_screen(make_layer: Any) -> None:
    layer = make_layer([(SQUARE, 1)], "n:int")
    layer.startEditing()
    layer.changeAttributeValue(1, 0, 7)
    assert read_table(layer).columns["n"].values.tolist() == [7]
    layer.rollBack()


def test_z_m_are_dropped_and_counted_and_curves_segmented(make_layer: Any) -> None:
    layer = make_layer(
        [
            ("PolygonZ((0 0 5,10 0 5,10 10 5,0 0 5))",),
            ("PolygonZ((0 0 5,10 0 5,10 10 5,0 0 5))",),
            ("CurvePolygonZ(CompoundCurveZ(CircularStringZ(0 0 1,10 0 1,0 0 1)))",),
        ],
        kind="CurvePolygonZ",
    )
    reading = read_layer(layer)
    assert (reading.table.flattened, reading.segmented) == (3, 1)
    assert not shapely.has_z(reading.table.geometry).any()
    # A circle of radius 5; segments of one degree lose 0.005 % of it.
    assert shapely.area(reading.table.geometry)[2] == pytest.approx(math.pi * 25, rel=1e-4)


def test_flat_layers_are_not_counted_as_flattened(make_layer: Any) -> None:
    reading = read_layer(make_layer([(SQUARE,)]))
    assert (reading.table.flattened, reading.segmented, list(reading.unusable)) == (0, 0, [])


def wkb_polygon(points: List[Any]) -> QgsGeometry:
    geometry = QgsGeometry()
    block = b"".join(struct.pack("<dd", *point) for point in points)
    geometry.fromWkb(struct.pack("<BIII", 1, 3, 1, len(points)) + block)
    return geometry


def test_what_shapely_cannot_hold_is_listed_and_the_rest_is_read(make_layer: Any) -> None:
    nan = float("nan")
    layer = make_layer(
        [
            (SQUARE,),
            (wkb_polygon([(0, 0), (nan, 0), (1, 1), (0, 0)]),),
            (wkb_polygon([(nan, nan), (1, 0), (1, 1), (nan, nan)]),),
            (wkb_polygon([(0, 0), (float("inf"), 0), (1, 1), (0, 0)]),),
            (wkb_polygon([(0, 0), (1, 0)]),),
        ]
    )
    reading = read_layer(layer)
    assert shapely.is_missing(reading.table.geometry).tolist() == [False, True, True, True, True]
    assert list(reading.unusable) == [(2, "not_finite"), (3, "not_finite"), (4, "not_finite"), (5, "unreadable")]


def test_only_the_fields_asked_for_are_read(make_layer: Any) -> None:
    layer = make_layer([(SQUARE, 1, "a", 2.0)], "n:int s:string x:double")
    assert list(read_table(layer, fields=["x", "absent"]).columns) == ["x"]
    assert read_table(layer, fields=["x"]).columns["x"].values.tolist() == [2.0]
    assert dict(read_table(layer, fields=[]).columns) == {}


def test_selected_only_is_respected(make_layer: Any) -> None:
    layer = make_layer([(SQUARE, 1), (SQUARE, 2), (SQUARE, 3)], "n:int")
    layer.selectByIds([3, 1])
    QgsProject.instance().addMapLayer(layer, False)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    definition = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    source = QgsProcessingUtils.variantToSource(definition, context)
    table = read_table(source)
    # QGIS hands a selection out in another order every time.
    assert (table.fid.tolist(), table.columns["n"].values.tolist()) == ([1, 3], [1, 3])
    QgsProject.instance().takeMapLayer(layer)


def test_a_plain_table_has_no_geometry_and_no_crs(make_layer: Any) -> None:
    table = read_table(make_layer([(None, 5)], "n:int", crs=None, kind="NoGeometry"))
    assert (table.geometry, table.crs, len(table)) == (None, None, 1)


def test_an_empty_layer_keeps_its_columns(make_layer: Any) -> None:
    table = read_table(make_layer([], FIELDS))
    assert len(table) == 0
    assert [column.kind for column in table.columns.values()][:3] == [Kind.INT, Kind.INT, Kind.REAL]
    assert len(table.shapes) == 0


def test_a_layer_without_crs_has_none(make_layer: Any) -> None:
    layer = make_layer([(SQUARE,)])
    layer.setCrs(type(layer.crs())())
    assert read_table(layer).crs is None


def test_batches_join_without_loss_and_are_asked_for_cancel(make_layer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "BATCH", 2)
    layer = make_layer([(SQUARE, number) for number in range(5)], "n:int")
    assert read_table(layer).columns["n"].values.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(Cancelled):
        read_table(layer, progress=Counting(2))


def test_origin_tells_no_user_and_no_password(qgis_app: Any) -> None:
    uri = "dbname='plan' host=localhost port=1 user='wang' password='geheim' key='id' table=\"p\" (geom)"
    told = origin_of(QgsVectorLayer(uri, "p", "postgres"))
    assert "plan" in told
    assert "wang" not in told
    assert "geheim" not in told


def test_file_of(gpkg: Path, make_layer: Any) -> None:
    assert file_of(QgsVectorLayer(f"{gpkg}|layername=图斑", "x", "ogr")) == str(gpkg)
    assert file_of(make_layer()) is None


def saved(layer: QgsVectorLayer, path: Path, driver: str = "GPKG") -> Path:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = driver
    options.fileEncoding = "UTF-8"
    context = QgsProject.instance().transformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)[0] == 0
    return path


def test_a_geopackage_of_very_many_fields_is_read(make_layer: Any, tmp_path: Path) -> None:
    # GDAL 3.6 hands out its columns as empty batches without end
    names = [f"f{number}" for number in range(200)]
    layer = make_layer([(SQUARE, *names)], " ".join(f"{name}:string(9)" for name in names))
    path = saved(layer, tmp_path / "a.gpkg")

    def late(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(30)
    try:
        table = read_table(QgsVectorLayer(str(path), "a", "ogr"))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert [table.column(name).values[0] for name in names] == names


def damaged_geopackage(layer: QgsVectorLayer, folder: Path) -> Path:
    """One page in the middle of the table is overwritten, as on a bad stick."""
    path = saved(layer, folder / "坏.gpkg")
    content = bytearray(path.read_bytes())
    page = content.index(b"row-0750") // 4096 * 4096
    content[page : page + 64] = b"\xa5" * 64
    path.write_bytes(bytes(content))
    return path


def damaged_shapefile(layer: QgsVectorLayer, folder: Path) -> Path:
    """The number of parts of one polygon is overwritten."""
    path = saved(layer, folder / "坏.shp", "ESRI Shapefile")
    content = bytearray(path.read_bytes())
    record = 100 + 7 * 136  # header of the file, records of five points with their own headers
    content[record + 44 : record + 48] = b"\xff\xff\xff\x00"
    path.write_bytes(bytes(content))
    return path


@pytest.mark.parametrize("damaged", [damaged_geopackage, damaged_shapefile])
def test_rows_a_damaged_file_does_not_give_are_not_passed_over(make_layer: Any, tmp_path: Path, damaged: Any) -> None:
    layer = make_layer([(SQUARE, f"row-{number:04}") for number in range(1500)], "s:string(20)")
    path = damaged(layer, tmp_path)
    content = path.read_bytes()
    for source in (QgsVectorLayer(str(path), "坏", "ogr"), QgsVectorLayer(f'{path}|subset="fid" > 0', "坏", "ogr")):
        if not source.isValid():  # a subset by fid is none of a shapefile
            continue
        with pytest.raises(InputError) as caught:
            read_layer(source, "坏")
        assert (caught.value.message_id, caught.value.values["layer"]) == ("file_damaged", "坏")
    assert path.read_bytes() == content


def test_words_of_gdal_that_are_not_utf8_are_no_fault(make_layer: Any, tmp_path: Path) -> None:
    path = saved(make_layer([(SQUARE, 77777)], "n:int"), tmp_path / "a.shp", "ESRI Shapefile")
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"77777", b"77\xd6\xb57"))
    assert read_table(QgsVectorLayer(str(path), "a", "ogr")).column("n").values.tolist() == [77]
