"""A GeoPackage written whole is the one a sink writes, and neither locks nor crashes QGIS."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorLayer,
)

from three_opt_three_protect.algorithms import writing
from three_opt_three_protect.bridge.sinks import Outputs

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
LAYER = "sysb_pieces"


def box(west: float, south: float, east: float, north: float) -> str:
    x, y = 40557000, 3453000
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return "POLYGON((" + ",".join(f"{x + east} {y + north}" for east, north in corners) + "))"


@pytest.fixture
def parcels(make_layer: Any) -> QgsVectorLayer:
    rows = [(box(0, 0, 100, 100), "0103", "320583100201000000"), (box(100, 0, 200, 100), None, None)]
    return make_layer(rows, "DLBM:string(5) ZLDWDM:string(19)")


@pytest.fixture
def zones(make_layer: Any) -> QgsVectorLayer:
    return make_layer([(box(50, 0, 150, 50),)])


def described(path: Path) -> Tuple[Any, ...]:
    """Everything a GeoPackage says of its layer, and the rows."""
    layer = QgsVectorLayer(str(path), "x", "ogr")
    assert layer.isValid()
    fields = [(item.name(), item.type(), item.typeName(), item.length(), item.precision()) for item in layer.fields()]
    with closing(sqlite3.connect(path)) as database:
        contents = database.execute("SELECT table_name, identifier, data_type, srs_id FROM gpkg_contents").fetchall()
        name = contents[0][0]
        (sql,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        shape = database.execute("SELECT * FROM gpkg_geometry_columns").fetchall()
        index = database.execute("SELECT extension_name FROM gpkg_extensions WHERE table_name = ?", (name,)).fetchall()
        version = database.execute("PRAGMA user_version").fetchall()
    rows = [(item.id(), *item.attributes(), item.geometry().asWkb().data()) for item in layer.getFeatures()]
    crs = layer.crs().authid()
    del layer
    gc.collect()
    return fields, contents, "".join(sql.split()), shape, index, version, crs, rows


@pytest.mark.parametrize("name", ["a.gpkg", "乡镇 2014.v1.gpkg"])
def test_both_ways_of_writing_give_the_same_file(
    run: Any, parcels: Any, zones: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    found: Dict[str, List[Any]] = {}
    write = Outputs.write

    def only_issues(self: Outputs, name: str, *rest: Any) -> Any:
        assert name == "ISSUES"  # its field fid is sorted out by a sink
        return write(self, name, *rest)

    for way in ("sink", "whole"):
        folder = tmp_path / way
        folder.mkdir()
        outputs = {
            "OUTPUT": folder / name, "SUMMARY": folder / f"s{name}", "CONTROLS": folder / f"c{name}",
            "ISSUES": folder / f"i{name}",
        }  # fmt: skip
        with monkeypatch.context() as patched:
            if way == "sink":
                patched.setattr(writing, "whole_file", lambda *_: None)
            else:
                patched.setattr(Outputs, "write", only_issues)
            result = run(
                "zoneoverlay", INPUT=parcels, FARMLAND=zones, OTHER_ZONES=[zones],
                **{key: str(path) for key, path in outputs.items()},
            )  # fmt: skip
        assert {key: result[key] for key in outputs} == {key: str(path) for key, path in outputs.items()}
        assert sorted(item.name for item in folder.iterdir()) == sorted(path.name for path in outputs.values())
        found[way] = [described(path) for path in outputs.values()]
    for sink, whole in zip(found["sink"], found["whole"]):
        for one, other in zip(sink, whole):
            assert one == other
    assert len(found["whole"][0][-1]) == 4


def test_where_it_comes_from_is_in_the_file(run: Any, parcels: Any, zones: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    run("zoneoverlay", INPUT=parcels, FARMLAND=zones, OUTPUT=str(path))
    history = QgsVectorLayer(str(path), "a", "ogr").metadata().history()
    assert "algorithm: sysb:zoneoverlay" in history
    assert any("sha256" in line for line in history)


def in_project(path: Path) -> QgsVectorLayer:
    layer = QgsVectorLayer(str(path), "a", "ogr")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer, False)
    return layer


def test_a_file_of_the_project_goes_through_a_sink(
    run: Any, parcels: Any, zones: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.gpkg"
    run("zoneoverlay", INPUT=parcels, OUTPUT=str(path))
    used: List[str] = []
    write = Outputs.write
    monkeypatch.setattr(Outputs, "write", lambda self, name, *rest: used.append(name) or write(self, name, *rest))
    run("zoneoverlay", INPUT=parcels, FARMLAND=zones, OUTPUT=str(path))
    assert "OUTPUT" not in used
    layer = in_project(path)
    try:
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        run("zoneoverlay", context=context, INPUT=parcels, OUTPUT=str(path))
        assert "OUTPUT" in used
    finally:
        QgsProject.instance().removeMapLayer(layer.id())


def test_a_file_another_program_has_open_is_refused_and_stays(run: Any, parcels: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    run("zoneoverlay", INPUT=parcels, OUTPUT=str(path))
    before = path.read_bytes()
    (tmp_path / "a.gpkg-wal").write_bytes(b"")
    with pytest.raises(QgsProcessingException, match=r"a\.gpkg"):
        run("zoneoverlay", INPUT=parcels, OUTPUT=str(path))
    assert path.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.gpkg", "a.gpkg-wal"]


def test_an_error_on_the_way_leaves_the_old_file(run: Any, parcels: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    run("zoneoverlay", INPUT=parcels, OUTPUT=str(path))
    before = path.read_bytes()
    with pytest.raises(QgsProcessingException):
        run("zoneoverlay", INPUT=parcels, OUTPUT=str(path), SUMMARY=str(tmp_path / "absent" / "b.csv"))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_layer_is_loaded_when_the_user_asked_for_it(provider: Any, parcels: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    project = QgsProject()
    context = QgsProcessingContext()
    context.setProject(project)
    for name, title in (("", "Pieces"), ("碎部", "碎部")):
        output = QgsProcessingOutputLayerDefinition(str(path), project)
        output.destinationName = name
        algorithm = provider.algorithm("zoneoverlay").create()
        result, ok = algorithm.run({"INPUT": parcels, "OUTPUT": output}, context, QgsProcessingFeedback(False))
        assert ok
        details = context.layersToLoadOnCompletion()[str(path)]
        assert (details.name, details.outputName) == (title, "OUTPUT")
        assert result["OUTPUT"] == str(path)
        algorithm.postProcess(context, QgsProcessingFeedback(False))
        layer = QgsProcessingUtils.mapLayerFromString(str(path), context)
        assert layer.attributeAlias(layer.fields().lookupField("class_code")) == "地类编码"


def write_source(path: Path) -> None:
    """Two parcels and a zone in one GeoPackage."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4528)
    made = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    for name, shapes in (("parcels", [box(0, 0, 100, 100), box(100, 0, 200, 100)]), ("zones", [box(50, 0, 150, 50)])):
        layer = made.CreateLayer(name, crs, ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("DLBM", ogr.OFTString))
        for shape in shapes:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["DLBM"] = "0103"
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
            layer.CreateFeature(feature)
            feature = None
        layer = None
    made = None


TAKE = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1], timeout=0); d.execute('BEGIN IMMEDIATE')"


def locked_for_others(path: Path) -> bool:
    done = subprocess.run([sys.executable, "-c", TAKE, str(path)], capture_output=True, text=True, timeout=60)
    return "locked" in done.stderr


def test_no_lock_of_qgis_is_lost(run: Any, tmp_path: Path) -> None:
    """Neither on an input QGIS is editing nor on a file beside the output."""
    source, beside = tmp_path / "source.gpkg", tmp_path / "beside.gpkg"
    held = []
    for path in (source, beside):
        write_source(path)
        data = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
        data.ExecuteSQL("BEGIN IMMEDIATE")
        held.append(data)
    try:
        layers = {"INPUT": f"{source}|layername=parcels", "FARMLAND": f"{source}|layername=zones"}
        result = run("zoneoverlay", **layers, OUTPUT=str(tmp_path / "a.gpkg"))
        assert result["PIECES"] == 4
        assert [locked_for_others(path) for path in (source, beside)] == [True, True]
    finally:
        for data in held:
            data.ExecuteSQL("ROLLBACK")
        held.clear()
        data = None
    assert not locked_for_others(source)


PLUGIN = """
def classFactory(iface):
    from three_opt_three_protect.plugin import Plugin
    return Plugin(iface)
"""
METADATA = """[general]
name=probe
description=probe
version=1
qgisMinimumVersion=3.22
author=a
email=a@example.org
hasProcessingProvider=yes
"""


@pytest.mark.skipif(PROGRAM is None, reason="no qgis_process here")
def test_the_program_qgis_reads_writes_and_ends_well(tmp_path: Path) -> None:
    """There the system's GDAL answers the package's calls: see test_geos.py; Python alone does not show it."""
    plugin = tmp_path / "plugins" / "probe"
    plugin.mkdir(parents=True)
    (plugin / "__init__.py").write_text(PLUGIN, encoding="utf-8")
    (plugin / "metadata.txt").write_text(METADATA, encoding="utf-8")
    source, out = tmp_path / "source.gpkg", tmp_path / "a.gpkg"
    write_source(source)
    environment = {
        **os.environ,
        "QGIS_PLUGINPATH": str(plugin.parent),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
    }

    def call(*arguments: str) -> Any:
        return subprocess.run(
            [str(PROGRAM), *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    call("plugins", "enable", "probe")
    done = call(
        "run", "sysb:zoneoverlay", "--", f"INPUT={source}|layername=parcels", f"FARMLAND={source}|layername=zones",
        f"OUTPUT={out}", f"SUMMARY={tmp_path / 'b.gpkg'}",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PIECES:\t4" in done.stdout
    assert QgsVectorLayer(str(out), "a", "ogr").featureCount() == 4
