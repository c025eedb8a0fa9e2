from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

ROOT = Path(__file__).resolve().parent.parent.parent
# 04-area 4.3: T1 and T2 in EPSG:4528.
T1 = "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000))"
T2 = (
    "POLYGON((40557000.123 3453000.456,40557231.77 3453012.09,40557260.4 3453221.5,"
    "40557041.9 3453250.31,40557000.123 3453000.456))"
)
BOW_TIE = "POLYGON((40557000 3453000,40557100 3453100,40557100 3453000,40557000 3453100,40557000 3453000))"


def values(layer: QgsVectorLayer, field: str) -> List[Any]:
    return [feature[field] for feature in layer.getFeatures()]


def test_official_areas_of_the_test_vectors(run: Any, make_layer: Any) -> None:
    result = run("ellipsoidalarea", INPUT=make_layer([(T1, "a"), (T2, "b")], "s:string"), OUTPUT="memory:")
    assert values(result["OUTPUT"], "ell_m2") == [9999.20, 51982.20]
    assert values(result["OUTPUT"], "s") == ["a", "b"]
    assert result["TOTAL_M2"] == pytest.approx(61981.40, abs=1e-9)
    assert (result["COUNT"], result["REPAIRED"], result["DROPPED"]) == (2, 0, 0)
    assert "ISSUES" not in result


@pytest.mark.parametrize(("method", "expected"), [(0, 51982.20), (1, 51982.22), (2, 51986.41)])
def test_the_three_methods(run: Any, make_layer: Any, method: int, expected: float) -> None:
    result = run("ellipsoidalarea", INPUT=make_layer([(T2,)]), METHOD=method, OUTPUT="memory:")
    assert result["TOTAL_M2"] == pytest.approx(expected, abs=1e-9)


def test_a_crs_core_cannot_invert_goes_through_qgis(run: Any, make_layer: Any) -> None:
    # A square of 100 m in UTM 51N at its central meridian: 1 / 0.9996² ha on the ellipsoid.
    square = "POLYGON((500000 3453000,500100 3453000,500100 3453100,500000 3453100,500000 3453000))"
    result = run("ellipsoidalarea", INPUT=make_layer([(square,)], crs="EPSG:32651"), OUTPUT="memory:")
    assert result["TOTAL_M2"] == pytest.approx(10008.00, abs=0.011)


def test_null_geometry_gives_null_and_is_listed(run: Any, make_layer: Any) -> None:
    layer = make_layer([(T1, 1), (None, 2), ("POLYGON((0 0,1 0,2 0,0 0))", 3)], "n:int")
    result = run("ellipsoidalarea", INPUT=layer, OUTPUT="memory:", ISSUES="memory:")
    areas = values(result["OUTPUT"], "ell_m2")
    assert areas[0] == 9999.20
    assert [str(area) for area in areas[1:]] == ["NULL", "NULL"]
    assert (result["COUNT"], result["DROPPED"]) == (1, 2)
    assert values(result["ISSUES"], "fid") == [2, 3]
    assert values(result["ISSUES"], "reason") == ["null", "zero_area"]


def test_a_bow_tie_is_measured_as_repaired_and_left_as_it_was(run: Any, make_layer: Any) -> None:
    result = run("ellipsoidalarea", INPUT=make_layer([(BOW_TIE,)]), OUTPUT="memory:", ISSUES="memory:")
    # Two triangles of a quarter of T1 each.
    assert values(result["OUTPUT"], "ell_m2") == [pytest.approx(9999.1975 / 2, abs=0.006)]
    assert result["REPAIRED"] == 1
    (issue,) = result["ISSUES"].getFeatures()
    assert issue.attributes() == ["图斑", 1, "invalid", 0.0, 5000.0]
    (feature,) = result["OUTPUT"].getFeatures()
    assert not feature.geometry().isGeosValid()


def test_input_stays_as_it_is_in_the_output(run: Any, make_layer: Any) -> None:
    layer = make_layer(
        [("PolygonZ((40557000 3453000 4,40557100 3453000 5,40557100 3453100 6,40557000 3453000 4))", 7)],
        "n:int",
        kind="PolygonZ",
    )
    result = run("ellipsoidalarea", INPUT=layer, OUTPUT="memory:")
    (feature,) = result["OUTPUT"].getFeatures()
    (before,) = layer.getFeatures()
    assert feature.geometry().equals(before.geometry())
    assert [field.typeName() for field in result["OUTPUT"].fields()][:1] == [layer.fields()[0].typeName()]
    assert result["OUTPUT"].fields()[1].alias() == "椭球面积"


def test_a_second_run_replaces_the_field(run: Any, make_layer: Any) -> None:
    layer = make_layer([(T1, -1.0, "a")], "ell_m2:double s:string")
    result = run("ellipsoidalarea", INPUT=layer, OUTPUT="memory:")
    assert [field.name() for field in result["OUTPUT"].fields()] == ["s", "ell_m2"]
    assert values(result["OUTPUT"], "ell_m2") == [9999.20]


def test_selected_only(run: Any, make_layer: Any) -> None:
    layer = make_layer([(T1,), (T2,)])
    QgsProject.instance().addMapLayer(layer, False)
    layer.selectByIds([2])
    result = run("ellipsoidalarea", INPUT=QgsProcessingFeatureSourceDefinition(layer.id(), True), OUTPUT="memory:")
    assert (result["COUNT"], result["TOTAL_M2"]) == (1, 51982.20)
    QgsProject.instance().takeMapLayer(layer)


@pytest.mark.parametrize(
    ("crs", "method", "words"),
    [("EPSG:4490", 2, ["EPSG:4490"]), (None, 0, ["图斑"]), (None, 2, ["图斑"])],
)
def test_what_cannot_be_measured_is_refused(run: Any, make_layer: Any, crs: Any, method: int, words: List[str]) -> None:
    layer = make_layer([("POLYGON((120 31,120.1 31,120.1 31.1,120 31))",)], crs=crs)
    if crs is None:
        layer.setCrs(type(layer.crs())())
    with pytest.raises(QgsProcessingException) as caught:
        run("ellipsoidalarea", INPUT=layer, METHOD=method, OUTPUT="memory:")
    assert all(word in str(caught.value) for word in words)
    assert "Traceback" not in str(caught.value)


def test_degrees_are_measured_on_their_ellipsoid(run: Any, make_layer: Any) -> None:
    # 04-area 4.3, graticule check: strip, closed form.
    box = "POLYGON((120.6 31.2,120.7 31.2,120.7 31.3,120.6 31.3,120.6 31.2))"
    result = run("ellipsoidalarea", INPUT=make_layer([(box,)], crs="EPSG:4490"), OUTPUT="memory:")
    assert result["TOTAL_M2"] == pytest.approx(105611909.29, abs=0.011)


def test_an_empty_layer_is_refused(run: Any, make_layer: Any) -> None:
    with pytest.raises(QgsProcessingException, match="空图层"):
        run("ellipsoidalarea", INPUT=make_layer([], name="空图层"), OUTPUT="memory:")


def test_an_output_that_is_the_input_is_refused_and_nothing_is_touched(
    run: Any, make_layer: Any, tmp_path: Path
) -> None:
    path = tmp_path / "a.gpkg"
    run("ellipsoidalarea", INPUT=make_layer([(T1,)]), OUTPUT=str(path))
    before = path.read_bytes()
    for output in (str(path), f"ogr:dbname='{path}' table=\"b\" (geom)", str(tmp_path / "x" / ".." / "a.gpkg")):
        with pytest.raises(QgsProcessingException, match=r"OUTPUT would overwrite a\.gpkg|OUTPUT 会覆盖"):
            run("ellipsoidalarea", INPUT=str(path), OUTPUT=output)
    assert path.read_bytes() == before


def test_two_outputs_in_one_file_are_refused(run: Any, make_layer: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "a.gpkg")
    with pytest.raises(QgsProcessingException, match="ISSUES"):
        run("ellipsoidalarea", INPUT=make_layer([(T1,)]), OUTPUT=path, ISSUES=path)
    assert not Path(path).exists()


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
def test_file_outputs_tell_where_they_come_from(run: Any, make_layer: Any, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"面积.{suffix}"
    run("ellipsoidalarea", INPUT=make_layer([(T1, "x")], "s:string"), METHOD=1, OUTPUT=str(path))
    layer = QgsVectorLayer(str(path), "a", "ogr")
    assert values(layer, "ell_m2") == [9999.20]
    layer.loadDefaultMetadata()
    history = "\n".join(layer.metadata().history())
    for fact in ("algorithm: sysb:ellipsoidalarea", "parameter METHOD: 1", "version plugin: ", "input INPUT: 图斑"):
        assert fact in history
    assert "sha256" in history
    del layer


def test_an_existing_file_is_replaced(run: Any, make_layer: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "a.gpkg")
    run("ellipsoidalarea", INPUT=make_layer([(T1,), (T2,)]), OUTPUT=path)
    run("ellipsoidalarea", INPUT=make_layer([(T1,)]), OUTPUT=path)
    layer = QgsVectorLayer(path, "a", "ogr")
    assert layer.featureCount() == 1
    del layer


class StopsAt(QgsProcessingFeedback):
    """Cancels as soon as the bar has passed a mark."""

    def __init__(self, mark: float) -> None:
        super().__init__(False)
        self.mark = mark
        self.progressChanged.connect(self._look)

    def _look(self, value: float) -> None:
        if value >= self.mark:
            self.cancel()


@pytest.mark.parametrize("mark", [0.0, 35.0, 99.0])
def test_a_cancelled_run_gives_nothing_and_leaves_nothing(
    run: Any, make_layer: Any, tmp_path: Path, mark: float
) -> None:
    path = tmp_path / "a.gpkg"
    layer = make_layer([(T1,)] * 50)
    assert run("ellipsoidalarea", feedback=StopsAt(mark), INPUT=layer, OUTPUT=str(path)) == {}
    assert list(tmp_path.iterdir()) == []


THREE_RUNS = """
import sys
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsVectorLayer
application = QgsApplication([], True)
application.initQgis()
import processing
from processing.core.Processing import Processing
Processing.initialize()
from three_opt_three_protect import classFactory
plugin = classFactory(None)
plugin.initProcessing()
layer = QgsVectorLayer("Polygon?crs=EPSG:4528", "图斑", "memory")
feature = QgsFeature()
feature.setGeometry(QgsGeometry.fromWkt({bow_tie!r}))
layer.dataProvider().addFeatures([feature])
for number in range(3):
    result = processing.run("sysb:ellipsoidalarea", {{"INPUT": layer, "OUTPUT": "memory:"}})
    print(result["REPAIRED"], result["COUNT"])
del layer, feature, result
plugin.unload()
application.exitQgis()
"""


def test_three_runs_on_a_bow_tie_in_one_process_end_well() -> None:
    code = "import sys; sys.path[:0] = " + repr([p for p in sys.path if p]) + THREE_RUNS.format(bow_tie=BOW_TIE)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.stdout.split(), done.returncode) == (["1"] * 6, 0), done.stderr
