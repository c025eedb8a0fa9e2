"""A file read in columns gives the very table its features give; where it cannot, its features are read."""

from __future__ import annotations

import gc
import sqlite3
import struct
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from osgeo import gdal, ogr, osr
from qgis.core import QgsVectorLayer, QgsVectorLayerJoinInfo

from three_opt_three_protect.bridge import arrow, sources
from three_opt_three_protect.bridge.arrow import stream_of
from three_opt_three_protect.bridge.compat import make_field
from three_opt_three_protect.bridge.sources import Reading, read_layer
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.tables import Kind

NAN, INF = float("nan"), float("inf")
FIELDS: Sequence[Tuple[str, int, int, int, int]] = (
    ("n", ogr.OFTInteger, ogr.OFSTNone, 0, 0),
    ("big", ogr.OFTInteger64, ogr.OFSTNone, 0, 0),
    ("x", ogr.OFTReal, ogr.OFSTNone, 18, 2),
    ("s", ogr.OFTString, ogr.OFSTNone, 40, 0),
    ("small", ogr.OFTInteger, ogr.OFSTInt16, 0, 0),
)
DRIVERS = {"GPKG": "a.gpkg", "ESRI Shapefile": "a.shp", "OpenFileGDB": "a.gdb", "GeoJSON": "a.geojson"}
SHAPES = (
    None,
    "POLYGON ((0 0,10 0,10 10,0 10,0 0))",
    "MULTIPOLYGON (((0 0,10 0,10 10,0 0)),((20 0,30 0,30 10,20 0)))",
    "POLYGON ((0 0,10 0,10 10,0 10,0 0),(1 1,1 2,2 2,2 1,1 1))",
    "POLYGON ((0 0,10 10,10 0,0 10,0 0))",
    "POLYGON EMPTY",
    "MULTIPOLYGON EMPTY",
)
DEEP = (
    "POLYGON Z ((0 0 5,10 0 5,10 10 5,0 10 5,0 0 5))",
    "MULTIPOLYGON Z (((0 0 5,10 0 5,10 10 5,0 0 5)),((20 0 5,30 0 5,30 10 5,20 0 5)))",
    None,
)
ROW = st.tuples(
    st.none() | st.integers(-(2**31) + 1, 2**31 - 1),
    st.none() | st.integers(-(2**53), 2**53),
    st.none() | st.floats(-1e9, 1e9).map(lambda value: round(value, 2)),
    st.none() | st.text(st.sampled_from("水田0101 ab'\"é{}\\"), max_size=12),
    st.none() | st.integers(-(2**15), 2**15 - 1),
)


def write(path: Path, driver: str, kind: int, rows: Sequence[Tuple[Any, Sequence[Any]]]) -> None:
    """A file with ``FIELDS``; ``rows`` are WKT or None and the values."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")  # single parts in a layer of multiparts, for one
    try:
        _write(path, driver, kind, rows)
    finally:
        gdal.PopErrorHandler()


def _write(path: Path, driver: str, kind: int, rows: Sequence[Tuple[Any, Sequence[Any]]]) -> None:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4528)
    made = gdal.GetDriverByName(driver).Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    options = ["ENCODING=UTF-8"] if driver == "ESRI Shapefile" else []
    layer = made.CreateLayer("a", crs, kind, options=options)
    names = []
    for name, kind_of_field, subtype, width, decimals in FIELDS:
        field = ogr.FieldDefn(name, kind_of_field)
        if not (driver == "ESRI Shapefile" and subtype == ogr.OFSTInt16):
            field.SetSubType(subtype)
        field.SetWidth(width)
        field.SetPrecision(decimals)
        layer.CreateField(field)
        names.append(name)
    for wkt, values in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for name, value in zip(names, values):
            if value is not None:
                feature.SetField(name, value)
        if wkt is not None:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        layer.CreateFeature(feature)
        feature = None
    layer = made = None


def both(layer: QgsVectorLayer, fields: Optional[Sequence[str]] = None) -> Tuple[Reading, Reading]:
    """The layer read in columns and by its features; the first must really go that way."""
    assert layer.isValid()
    wanted = [index for index, item in enumerate(layer.fields()) if fields is None or item.name() in fields]
    stream = stream_of(layer, wanted)
    assert stream is not None
    assert sum(len(batch.fid) for batch in arrow.arrow_batches(stream)) == layer.featureCount()
    return read_layer(layer, fields=fields), by_features(layer, fields)


def by_features(layer: QgsVectorLayer, fields: Optional[Sequence[str]] = None) -> Reading:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sources, "stream_of", lambda *_: None)
        return read_layer(layer, fields=fields)


def require_alike(first: Reading, second: Reading) -> None:
    one, other = first.table, second.table
    assert one.fid.tolist() == other.fid.tolist()
    assert list(one.columns) == list(other.columns)
    for name, column in one.columns.items():
        twin = other.columns[name]
        assert (column.kind, column.alias, column.width, column.decimals) == (
            twin.kind, twin.alias, twin.width, twin.decimals,
        ), name  # fmt: skip
        np.testing.assert_array_equal(column.values, twin.values, name)
        assert column.is_missing.tolist() == twin.is_missing.tolist(), name
        assert (column.missing is None) == (twin.missing is None), name
    assert (one.geometry is None) == (other.geometry is None)
    if one.geometry is not None:
        wkb = [shapely.to_wkb(table.shapes, output_dimension=3).tolist() for table in (one, other)]
        assert wkb[0] == wkb[1]
    assert (one.crs, one.flattened, first.segmented) == (other.crs, other.flattened, second.segmented)
    assert list(first.unusable) == list(second.unusable)


@pytest.fixture
def folder(qgis_app: Any, tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    gc.collect()


@pytest.mark.parametrize("driver", list(DRIVERS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from(SHAPES), ROW), min_size=1, max_size=8), multi=st.booleans())
def test_both_readers_give_the_same_table(folder: Path, driver: str, rows: List[Any], multi: bool) -> None:
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"no driver {driver}")
    if driver in ("ESRI Shapefile", "OpenFileGDB"):  # they know no empty polygon
        rows = [(None if wkt is not None and wkt.endswith("EMPTY") else wkt, values) for wkt, values in rows]
    if driver == "OpenFileGDB":  # it has no whole numbers of 64 bits
        rows = [(wkt, (values[0], None, *values[2:])) for wkt, values in rows]
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = Path(place) / DRIVERS[driver]
        write(path, driver, ogr.wkbMultiPolygon if multi else ogr.wkbPolygon, rows)
        layer = QgsVectorLayer(str(path), "图斑", "ogr")
        if driver == "GeoJSON" and not streams(layer):
            require_alike(read_layer(layer), by_features(layer))  # nothing tells the kind of a layer of nulls
        else:
            require_alike(*both(layer))
        del layer
        gc.collect()


def streams(layer: QgsVectorLayer) -> bool:
    return stream_of(layer, range(len(layer.fields()))) is not None


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile", "OpenFileGDB"])
@pytest.mark.parametrize("dimensions", ["Z", "M", "ZM"])
def test_heights_and_measures_are_dropped_and_counted_alike(folder: Path, driver: str, dimensions: str) -> None:
    kind = {"Z": ogr.wkbMultiPolygon25D, "M": ogr.wkbMultiPolygonM, "ZM": ogr.wkbMultiPolygonZM}[dimensions]
    values = " 5 6" if dimensions == "ZM" else " 5"
    rows = [
        (wkt and wkt.replace(" Z ", f" {dimensions} ").replace(" 5", values), (1, 2, 3.0, "a", None)) for wkt in DEEP
    ]
    path = folder / DRIVERS[driver]
    write(path, driver, kind, rows)
    columns, rows_read = both(QgsVectorLayer(str(path), "a", "ogr"))
    require_alike(columns, rows_read)
    assert columns.table.flattened == 2
    assert not shapely.has_z(columns.table.shapes).any()


def blob(wkb: bytes) -> bytes:
    """GeoPackage binary without envelope, EPSG:4528."""
    return b"GP\0\x01" + struct.pack("<i", 4528) + wkb


def ring(points: Sequence[Tuple[float, float]], order: str = "<") -> bytes:
    head = struct.pack(order + "BII", int(order == "<"), 3, 1) + struct.pack(order + "I", len(points))
    return head + b"".join(struct.pack(order + "dd", *point) for point in points)


def circle() -> bytes:
    """A curve polygon: a full circle of radius 5, in a layer that is declared straight."""
    string = struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", 0, 0, 10, 0, 0, 0)
    return struct.pack("<BII", 1, 10, 1) + string


def collection() -> bytes:
    return struct.pack("<BII", 1, 7, 1) + ring([(0, 0), (1, 0), (1, 1), (0, 0)])


BAD = (
    ring([(0, 0), (NAN, 0), (1, 1), (0, 0)]),
    ring([(NAN, NAN), (1, 0), (1, 1), (NAN, NAN)]),
    ring([(0, 0), (INF, 0), (1, 1), (0, 0)]),
    ring([(0, 0), (1, 0)]),
    ring([(0, 0), (5, 0), (5, 5), (0, 5), (0, 0)], ">"),
    ring([(0, 0), (5, 0), (5, 5)]),
    circle(),
    collection(),
    ring([(0, 0), (5, 0), (5, 5), (0, 0)])[:-8],
    b"",
)


def spoil(path: Path, wkbs: Sequence[bytes]) -> None:
    """Put geometries into the rows of a GeoPackage that no program of today would write."""
    with closing(sqlite3.connect(path)) as database, database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        for fid, wkb in enumerate(wkbs, 1):
            database.execute("UPDATE a SET geom = ? WHERE fid = ?", (blob(wkb), fid))


@pytest.mark.parametrize("kind", [ogr.wkbPolygon, ogr.wkbMultiPolygon])
def test_unusable_geometry_is_told_alike(folder: Path, kind: int) -> None:
    path = folder / "a.gpkg"
    row = (1, 2, 3.0, "a", None)
    write(path, "GPKG", kind, [(SHAPES[1], row)] * (len(BAD) + 1))
    spoil(path, BAD)
    layer = QgsVectorLayer(str(path), "a", "ogr")
    columns, rows_read = read_layer(layer), by_features(layer)
    require_alike(columns, rows_read)
    assert dict(columns.unusable)[1] == "not_finite"
    assert columns.table.geometry is not None
    assert columns.table.geometry[-1] is not None


def test_holes_in_the_numbers_and_a_batch_that_ends_in_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "BATCH", 3)
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (n, n, 1.0, str(n), n)) for n in range(20)])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TRIGGER rtree_a_geom_delete")
        database.execute("DELETE FROM a WHERE fid IN (1, 4, 5, 6, 7, 8, 9, 13, 20)")
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = 11")
    columns, rows_read = both(QgsVectorLayer(str(path), "a", "ogr"))
    require_alike(columns, rows_read)
    assert columns.table.fid.tolist() == [2, 3, 10, 11, 12, 14, 15, 16, 17, 18, 19]


def test_only_the_fields_wanted_are_read(folder: Path) -> None:
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (1, 2, 3.0, "水", 4))])
    columns, rows_read = both(QgsVectorLayer(str(path), "a", "ogr"), ["s", "fid", "absent"])
    require_alike(columns, rows_read)
    assert list(columns.table.columns) == ["fid", "s"]
    assert both(QgsVectorLayer(str(path), "a", "ogr"), [])[0].table.columns == {}


def test_a_table_without_geometry(folder: Path) -> None:
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbNone, [(None, (1, None, 3.0, "水", 4)), (None, (None,) * 5)])
    columns, rows_read = both(QgsVectorLayer(str(path), "a", "ogr"))
    require_alike(columns, rows_read)
    assert columns.table.geometry is None


def test_aliases_of_the_layer_come_along(folder: Path) -> None:
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (1, 2, 3.0, "水", 4))])
    layer = QgsVectorLayer(str(path), "a", "ogr")
    layer.setFieldAlias(layer.fields().lookupField("s"), "地类")
    columns, rows_read = both(layer)
    require_alike(columns, rows_read)
    assert columns.table.columns["s"].alias == "地类"


@pytest.mark.parametrize("stated", ["UTF-8", "GBK", None])
def test_text_of_a_shapefile_is_decoded_as_qgis_does(folder: Path, stated: Optional[str]) -> None:
    """Once a layer exists QGIS has GDAL hand out the bytes; a file that states nothing is read as QGIS guesses."""
    path = folder / "a.shp"
    write(path, "ESRI Shapefile", ogr.wkbPolygon, [(SHAPES[1], (1, 2, 3.0, "水田ab", None))])
    text = "水田ab".encode(stated or "GBK")
    data = path.with_suffix(".dbf").read_bytes()
    utf8 = "水田ab".encode()
    path.with_suffix(".dbf").write_bytes(data.replace(utf8, text.ljust(len(utf8))))
    path.with_suffix(".cpg").unlink()
    if stated is not None:
        path.with_suffix(".cpg").write_text(stated, encoding="ascii")
    layer = QgsVectorLayer(str(path), "a", "ogr")
    require_alike(read_layer(layer), by_features(layer))
    if stated is not None:
        assert streams(layer)
        assert read_layer(layer).table.columns["s"].values.tolist() == ["水田ab"]
    layer.setProviderEncoding("GBK")
    require_alike(read_layer(layer), by_features(layer))


def test_chinese_field_names_of_a_shapefile(folder: Path) -> None:
    path = folder / "a.shp"
    made = gdal.GetDriverByName("ESRI Shapefile").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    layer = made.CreateLayer("a", None, ogr.wkbPolygon, options=["ENCODING=UTF-8"])
    layer.CreateField(ogr.FieldDefn("地类编码", ogr.OFTString))
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetField(0, "水田")
    layer.CreateFeature(feature)
    feature = layer = made = None
    read = QgsVectorLayer(str(path), "a", "ogr")
    require_alike(read_layer(read), by_features(read))
    assert len(read_layer(read).table.columns) == 1


def test_what_is_not_the_file_itself_is_read_by_features(folder: Path, make_layer: Any) -> None:
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (n, n, 1.0, str(n), n)) for n in range(3)])

    def layer(tail: str = "") -> QgsVectorLayer:
        made = QgsVectorLayer(f"{path}|layername=a{tail}", "a", "ogr")
        assert made.isValid()
        return made

    assert streams(layer())
    assert not streams(layer("|subset=n > 0"))
    edited = layer()
    edited.startEditing()
    assert not streams(edited)
    edited.changeAttributeValue(1, edited.fields().lookupField("n"), 77)
    assert read_layer(edited).table.columns["n"].values.tolist() == [77, 1, 2]
    edited.rollBack()
    joined, other = layer(), make_layer([(None, "1", 5)], "s:string y:int", kind="NoGeometry")
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(other)
    join.setJoinFieldName("s")
    join.setTargetFieldName("s")
    joined.addJoin(join)
    assert not streams(joined)
    computed = layer()
    computed.addExpressionField("1 + 1", make_field("y", Kind.INT))
    assert not streams(computed)
    assert not streams(make_layer([], "n:int"))
    curved = make_layer([], kind="CurvePolygon")
    assert not streams(curved)


@pytest.mark.parametrize(
    ("kind", "subtype", "values", "expected"),
    [
        (ogr.OFTInteger, ogr.OFSTBoolean, [(0,), (0,), (1,)], ["False", "False", "True"]),
        (ogr.OFTDate, ogr.OFSTNone, [(1969, 1, 1, 0, 0, 0.0, 0)], ["1969-01-01"]),
        (ogr.OFTDateTime, ogr.OFSTNone, [(2026, 1, 5, 0, 30, 0.0, 132)], ["2026-01-05"]),
    ],
)  # fmt: skip
def test_truth_values_days_and_moments_are_read_by_features(
    folder: Path, kind: int, subtype: int, values: Sequence[Any], expected: Sequence[str]
) -> None:
    """GDAL 3.6 gives the first with the bits of other rows, the second a day late, the third in UTC."""
    path = folder / "a.gpkg"
    made = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    layer = made.CreateLayer("a", None, ogr.wkbPolygon)
    field = ogr.FieldDefn("t", kind)
    field.SetSubType(subtype)
    layer.CreateField(field)
    for value in values:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("t", *value)
        layer.CreateFeature(feature)
    feature = layer = made = None
    read = QgsVectorLayer(str(path), "a", "ogr")
    assert not streams(read)
    assert stream_of(read, [0]) is not None
    assert [str(value) for value in read_layer(read).table.columns["t"].values] == expected


def test_without_arrow_the_features_are_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (1, 2, 3.0, "水", 4))])
    layer = QgsVectorLayer(str(path), "a", "ogr")
    assert streams(layer)
    monkeypatch.setattr(arrow, "HAS_ARROW", False)  # GDAL below 3.6
    assert not streams(layer)
    assert len(read_layer(layer).table) == 1


@pytest.mark.parametrize("fault", [RuntimeError, MemoryError, KeyError])
def test_a_fault_on_the_way_leads_back_to_the_features(folder: Path, monkeypatch: Any, fault: Any) -> None:
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (1, 2, 3.0, "水", 4))])

    def break_down(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(arrow, "_column", break_down)
    assert read_layer(QgsVectorLayer(str(path), "a", "ogr")).table.columns["s"].values.tolist() == ["水"]


def test_the_file_is_closed_when_reading_is_cancelled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "BATCH", 2)
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (n, n, 1.0, "", n)) for n in range(9)])
    layer = QgsVectorLayer(str(path), "a", "ogr")

    class Impatient:
        looks = 0

        def step(self, name: str, share: float) -> None:
            pass

        def check(self, fraction: float) -> None:
            self.looks += 1
            if self.looks == 2:
                raise Cancelled

    opened = open_files(path)
    with pytest.raises(Cancelled):
        read_layer(layer, progress=Impatient())
    assert open_files(path) == opened


def open_files(path: Path) -> int:
    """How often this process has the file open."""
    links = Path("/proc/self/fd")
    if not links.exists():
        pytest.skip("no /proc here")
    return sum(link.exists() and link.resolve() == path for link in links.iterdir())


def test_a_lock_of_qgis_on_the_file_survives(folder: Path) -> None:
    """With a SQLite of its own, closing the file would drop the lock of the layer being edited."""
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (n, n, 1.0, "", n)) for n in range(3)])
    holder = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    holder.ExecuteSQL("BEGIN IMMEDIATE")
    read = read_layer(QgsVectorLayer(str(path), "a", "ogr"))
    assert len(read.table) == 3
    code = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1], timeout=0); d.execute('BEGIN IMMEDIATE')"
    done = run_python(code, str(path))
    holder.ExecuteSQL("ROLLBACK")
    holder = None
    assert "locked" in done
    assert run_python(code, str(path)) == ""


def run_python(code: str, *arguments: str) -> str:
    import subprocess
    import sys

    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60).stderr


def test_which_reader_was_taken_is_not_left_to_chance(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that can be streamed must not touch its features."""
    path = folder / "a.gpkg"
    write(path, "GPKG", ogr.wkbPolygon, [(SHAPES[1], (1, 2, 3.0, "水", 4))])

    def refuse(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(sources, "feature_batches", refuse)
    assert len(read_layer(QgsVectorLayer(str(path), "a", "ogr")).table) == 1
