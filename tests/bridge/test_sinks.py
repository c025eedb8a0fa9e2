# ruff: noqa: N802  Qt calls these methods by its own names.
from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import numpy as np
import pytest
import shapely
from osgeo import ogr
from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)

from three_opt_three_protect.bridge import sinks
from three_opt_three_protect.bridge.destinations import destination_file
from three_opt_three_protect.bridge.readback import is_cut_short
from three_opt_three_protect.bridge.sinks import Outputs
from three_opt_three_protect.bridge.sources import read_table
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.tables import Column, CrsInfo, LayerTable, boolean, date, integer, real, text

POLYGON = QgsWkbTypes.Type.MultiPolygon
NO_GEOMETRY = QgsWkbTypes.Type.NoGeometry
CRS = CrsInfo("EPSG:4528")


class OneSink(QgsProcessingAlgorithm):
    """Nothing but a sink to write to."""

    def name(self) -> str:
        return "onesink"

    def displayName(self) -> str:
        return "onesink"

    def createInstance(self) -> QgsProcessingAlgorithm:
        return OneSink()

    def initAlgorithm(self, configuration: Any = None) -> None:
        kind = QgsProcessing.SourceType.TypeVector
        for name in ("OUTPUT", "OTHER"):
            assert self.addParameter(QgsProcessingParameterFeatureSink(name, name, kind, None, True))

    def processAlgorithm(self, parameters: Any, context: Any, feedback: Any) -> Any:
        return {}


@pytest.fixture
def context(qgis_app: Any) -> Iterator[QgsProcessingContext]:
    made = QgsProcessingContext()
    made.setProject(QgsProject.instance())
    yield made
    made.temporaryLayerStore().removeAllMapLayers()


@pytest.fixture
def outputs(context: QgsProcessingContext) -> Any:
    def make(**parameters: Any) -> Outputs:
        return Outputs(OneSink().create(), parameters, context)

    return make


def table(rows: int = 3) -> LayerTable:
    shapes = np.empty(rows, dtype=np.object_)
    shapes[:] = [shapely.box(row, 0, row + 1, 1) for row in range(rows)]
    if rows > 2:
        shapes[1] = shapely.MultiPolygon([shapely.box(0, 5, 1, 6), shapely.box(3, 5, 4, 6)])
        shapes[2] = None
    gap = np.arange(rows) == 1
    columns = {
        "code": text([None if hole else f"01{row}" for row, hole in enumerate(gap)], alias="地类编码", width=5),
        "in_farm": integer(np.ones(rows), gap, alias="永农"),
        "area_m2": real(np.where(gap, np.nan, 12.34), alias="面积", width=18, decimals=2),
        "day": date(np.where(gap, np.datetime64("NaT"), np.datetime64("2026-01-05"))),
        "yes": boolean(np.ones(rows, dtype=bool), gap),
    }
    return LayerTable("t", np.arange(rows), shapes, columns, CRS)


def written(made: Outputs, content: Optional[LayerTable] = None, kind: Any = POLYGON) -> str:
    """Where the output lies when all is done."""
    destination = made.write("OUTPUT", table() if content is None else content, kind)
    made.put_in_place()
    assert destination is not None
    return destination


@pytest.mark.parametrize("target", ["memory:", "a.gpkg", "TEMPORARY_OUTPUT"])
def test_what_is_written_is_read_back(outputs: Any, context: Any, tmp_path: Path, target: str) -> None:
    value = str(tmp_path / target) if target.endswith("gpkg") else target
    destination = written(outputs(OUTPUT=value))
    layer = QgsProcessingUtils.mapLayerFromString(destination, context)
    assert layer.wkbType() == POLYGON
    assert layer.crs().authid() == "EPSG:4528"
    back = read_table(layer)
    columns = {name: column for name, column in back.columns.items() if name != "fid"}
    assert list(columns) == ["code", "in_farm", "area_m2", "day", "yes"]
    for column in columns.values():
        assert column.is_missing.tolist() == [False, True, False]
    assert columns["code"].values[0] == "010"
    assert columns["in_farm"].values[0] == 1
    assert columns["area_m2"].values[0] == 12.34
    assert str(columns["day"].values[0]) == "2026-01-05"
    assert columns["yes"].values[0]
    assert np.nan_to_num(shapely.area(back.geometry)).tolist() == [1.0, 2.0, 0.0]


def test_aliases_are_on_the_layers_in_memory(outputs: Any, context: Any) -> None:
    made = outputs(OUTPUT="memory:")
    destination = made.write("OUTPUT", table(), POLYGON)
    made.set_aliases(context)
    layer = QgsProcessingUtils.mapLayerFromString(destination, context)
    assert [field.alias() for field in layer.fields()] == ["地类编码", "永农", "面积", "", ""]


def test_an_output_that_is_not_wanted_is_none(outputs: Any) -> None:
    assert outputs().write("OUTPUT", table(), POLYGON) is None


def test_a_table_without_geometry(outputs: Any, context: Any) -> None:
    plain = LayerTable("t", np.arange(2), columns={"line": text(["a", "b"])})
    destination = outputs(OUTPUT="memory:").write("OUTPUT", plain, QgsWkbTypes.Type.NoGeometry)
    layer = QgsProcessingUtils.mapLayerFromString(destination, context)
    assert [feature["line"] for feature in layer.getFeatures()] == ["a", "b"]
    assert not layer.isSpatial()


@pytest.mark.parametrize("values", [integer([5, 5]), integer([5, 0], np.array([False, True])), integer([7, 5])])
def test_a_field_called_fid_does_not_break_a_geopackage(outputs: Any, tmp_path: Path, values: Column) -> None:
    path = str(tmp_path / "a.gpkg")
    written(outputs(OUTPUT=path), LayerTable("t", np.arange(2), columns={"fid": values}), NO_GEOMETRY)
    layer = QgsVectorLayer(path, "t", "ogr")
    assert layer.featureCount() == 2
    del layer


class Stop:
    """A listener that stops at the n-th look."""

    def __init__(self, left: int) -> None:
        self.left = left

    def step(self, name: str, share: float) -> None:
        pass

    def check(self, fraction: float) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Cancelled


def write_until_stopped(outputs: Outputs, name: str = "OUTPUT") -> List[str]:
    with pytest.raises(Cancelled):
        outputs.write(name, table(3), POLYGON, Stop(1))
    return list(outputs.remove())


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "BATCH", 2)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson", "a.csv"])
def test_a_stopped_file_is_taken_away_with_all_that_belongs_to_it(outputs: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "other.shp.txt").write_text("mine")
    assert write_until_stopped(outputs(OUTPUT=str(tmp_path / name))) == []
    assert [path.name for path in tmp_path.iterdir()] == ["other.shp.txt"]


def content(folder: Path) -> Dict[str, bytes]:
    return {path.name: path.read_bytes() if path.is_file() else b"folder" for path in folder.iterdir()}


FILES = ["a.gpkg", "a.shp", "a.geojson", "a.csv", "a.xlsx"]


@pytest.mark.parametrize("name", FILES)
def test_a_stopped_file_leaves_the_old_one_with_all_that_belongs_to_it(outputs: Any, tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    written(outputs(OUTPUT=path), table(1))
    (tmp_path / "a.qmd").write_text("old")
    before = content(tmp_path)
    assert write_until_stopped(outputs(OUTPUT=path)) == []
    assert content(tmp_path) == before
    made = outputs(OUTPUT=path)
    made.write("OUTPUT", table(), POLYGON)
    assert {name: data for name, data in content(tmp_path).items() if name in before} == before, "until the end"
    assert made.remove() == []
    assert content(tmp_path) == before


@pytest.mark.parametrize("name", FILES)
def test_an_old_file_is_replaced_whole(outputs: Any, tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    written(outputs(OUTPUT=path), table(1))
    before = set(content(tmp_path))
    for odd in ("a.sbn", "a.QIX", "a.qmd", "other.shx"):
        (tmp_path / odd).write_text("of the old one")
    assert written(outputs(OUTPUT=path), table(3)) == path
    # an index of the old shapes, and what was said of them, would be wrong of the new ones
    odd = {"other.shx"} if name == "a.shp" else {"a.sbn", "a.QIX", "a.qmd", "other.shx"}
    assert set(content(tmp_path)) == before | odd
    layer = QgsVectorLayer(path, "t", "ogr")
    assert layer.featureCount() == 3
    del layer


@pytest.mark.parametrize("name", FILES[1:])
def test_a_file_another_program_has_open_is_named_and_all_stays(
    outputs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As on Windows: the last of the files cannot be moved."""
    both = {"OUTPUT": str(tmp_path / "b.csv"), "OTHER": str(tmp_path / name)}
    for path in both.values():
        written(outputs(OUTPUT=path), table(1))
    before, held = content(tmp_path), sorted(tmp_path.glob("a.*"))[-1]
    replace = os.replace

    def refuse(source: Any, target: Any) -> None:
        if held in (Path(source), Path(target)):
            raise PermissionError(13, "used by another process")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    made = outputs(**both)
    for key in both:
        made.write(key, table(3), POLYGON)
    with pytest.raises(InputError) as caught:
        made.put_in_place()
    assert (caught.value.message_id, caught.value.values) == ("file_in_use", {"path": str(held)})
    assert made.remove() == []
    assert content(tmp_path) == before


def test_a_file_is_loaded_from_its_own_place(outputs: Any, context: Any, tmp_path: Path) -> None:
    value = QgsProcessingOutputLayerDefinition(str(tmp_path / "a.csv"), QgsProject.instance())
    value.destinationName = "碎部"
    made = outputs(OUTPUT=value)
    made.write("OUTPUT", table(), POLYGON)
    assert context.layersToLoadOnCompletion() == {}
    assert list(made.files.values()) != [str(tmp_path / "a.csv")], "beside it until all is written"
    made.put_in_place()
    (loaded,) = context.layersToLoadOnCompletion().items()
    assert (loaded[0], loaded[1].name, loaded[1].outputName) == (str(tmp_path / "a.csv"), "碎部", "OUTPUT")
    assert made.files == {"OUTPUT": str(tmp_path / "a.csv")}


def test_a_stopped_memory_layer_is_taken_away(outputs: Any, context: Any) -> None:
    assert write_until_stopped(outputs(OUTPUT="memory:")) == []
    assert context.temporaryLayerStore().mapLayers() == {}


def test_what_was_written_before_the_stop_goes_too(outputs: Any, tmp_path: Path) -> None:
    both = outputs(OUTPUT=str(tmp_path / "a.gpkg"), OTHER=str(tmp_path / "b.gpkg"))
    both.write("OUTPUT", table(), POLYGON)
    assert write_until_stopped(both, "OTHER") == []
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_table_leaves_the_other_tables_of_its_file(outputs: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    written(outputs(OUTPUT=str(path)))
    assert write_until_stopped(outputs(OUTPUT=f"ogr:dbname='{path}' table=\"b\" (geom)")) == []
    data = ogr.Open(str(path))
    assert [data.GetLayer(index).GetName() for index in range(data.GetLayerCount())] == ["a"]
    data = None


def test_a_stopped_output_is_not_loaded(outputs: Any, context: Any, tmp_path: Path) -> None:
    value = QgsProcessingOutputLayerDefinition(str(tmp_path / "a.gpkg"), QgsProject.instance())
    assert write_until_stopped(outputs(OUTPUT=value)) == []
    assert context.layersToLoadOnCompletion() == {}


def test_a_format_that_refuses_a_feature_is_named(outputs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        @staticmethod
        def addFeatures(batch: Any, flag: Any) -> bool:
            return False

        @staticmethod
        def lastError() -> str:
            return "disk full"

    made = outputs(OUTPUT="memory:")
    monkeypatch.setattr(made._algorithm, "parameterAsSink", lambda *_: (Refusing(), "x"), raising=False)
    with pytest.raises(InputError) as caught:
        made.write("OUTPUT", table(), POLYGON)
    assert caught.value.values == {"output": "OUTPUT", "why": "disk full"}


def test_a_file_that_was_not_written_to_its_end_is_taken_away(
    outputs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.geojson"

    def look(file: Path, written: int) -> bool:
        os.truncate(file, 40)  # what a full disk leaves
        return is_cut_short(file, written)

    monkeypatch.setattr(sinks, "is_cut_short", look)
    made = outputs(OUTPUT=str(path))
    with pytest.raises(InputError) as caught:
        made.write("OUTPUT", table(), POLYGON)
    assert (caught.value.message_id, caught.value.values["file"]) == ("output_cut_short", "a.geojson")
    assert made.remove() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/x/a.gpkg", (Path("/x/a.gpkg"), "")),
        ("ogr:dbname='/x/a.gpkg' table=\"b\" (geom)", (Path("/x/a.gpkg"), "b")),
        ("memory:", (None, "")),
        ("TEMPORARY_OUTPUT", (None, "")),
        ('postgis:dbname=\'p\' table="s"."t" (geom)', (None, "")),
        (None, (None, "")),
        (QgsProcessingOutputLayerDefinition("/x/a.shp"), (Path("/x/a.shp"), "")),
    ],
)
def test_destination_file(context: Any, value: Any, expected: Any) -> None:
    assert destination_file(value, context) == expected
