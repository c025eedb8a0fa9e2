# ruff: noqa: N802  Qt calls these methods by its own names.
from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import numpy as np
import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorLayer,
)

from three_opt_three_protect.algorithms.base import TABLE, PlanAlgorithm, Results, Run
from three_opt_three_protect.bridge import packages, words
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import LayerTable, integer, real, text

SQUARE = "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000))"
BOW_TIE = "POLYGON((40557000 3453000,40557100 3453100,40557100 3453000,40557000 3453100,40557000 3453000))"


class Toy(PlanAlgorithm):
    """One of every kind of parameter."""

    ID = "toy"
    GROUP = "analysis"

    def title(self) -> str:
        return "Toy"

    def summary(self) -> str:
        return "A toy."

    def about(self) -> str:
        return "A toy for tests."

    def declare(self) -> None:
        self.add_polygons("INPUT", "Parcels", "help")
        self.add_field("CLASS_FIELD", "Class", "help", "INPUT")
        self.add_polygons("FARMLAND", "Farmland", "help", optional=True)
        self.add_many_polygons("OTHER_ZONES", "Zones", "help")
        self.add_word("ROLE", "Role", "help", ["parcels", "villages"])
        self.add_area_method()
        self.add_number("TOLERANCE", "Tolerance", "help", default=0.001, minimum=0.0)
        self.add_number("DEPTH", "Depth", "help")
        self.add_integer("SEED", "Seed", "help", default=1, advanced=True)
        self.add_switch("ATLAS", "Atlas", "help")
        self.add_text("LOCK_IN", "Locked", "help", optional=True)
        self.add_date("AS_OF", "As of", "help")
        self.add_profile()
        self.add_sink("OUTPUT", "Output", "help")
        self.add_sink("SUMMARY", "Summary", "help", TABLE, optional=True)
        self.add_figure("TOTAL_M2", "Total", "help")
        self.add_figure("UNKNOWN", "Unknown", "help")
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        parcels = run.polygons("INPUT")
        farmland = run.maybe_polygons("FARMLAND", like=parcels)
        zones = run.many_polygons("OTHER_ZONES", like=parcels)
        seen = {
            "class_field": run.field("CLASS_FIELD"),
            "farmland": None if farmland is None else farmland.name,
            "zones": [zone.name for zone in zones],
            "role": run.word("ROLE"),
            "method": int(run.area_method()),
            "tolerance": run.number("TOLERANCE"),
            "depth": run.number("DEPTH"),
            "seed": run.integer("SEED"),
            "atlas": run.switch("ATLAS"),
            "lock_in": run.text("LOCK_IN"),
            "as_of": None if run.date("AS_OF") is None else str(run.date("AS_OF")),
            "has": run.has("FARMLAND"),
        }
        run.log("log_flattened", layer="x", count=1)
        rows = LayerTable("t", np.arange(1), columns={"seen": text([json.dumps(seen)]), "n": integer([1])})
        return Results(
            layers={"OUTPUT": parcels.take(~np.array([g is None for g in parcels.shapes])), "SUMMARY": rows},
            figures={"TOTAL_M2": np.float64(1.5)},
        )


@pytest.fixture
def context(provider: Any) -> Iterator[QgsProcessingContext]:
    made = QgsProcessingContext()
    made.setProject(QgsProject.instance())
    yield made
    made.temporaryLayerStore().removeAllMapLayers()


def execute(
    context: QgsProcessingContext, algorithm: PlanAlgorithm, **parameters: Any
) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Results, and what the toy saw."""
    feedback = QgsProcessingFeedback(False)
    made = algorithm.create()
    ok, why = made.checkParameterValues(parameters, context)
    assert ok, why
    # Without the catch of run(): an exception comes through.
    results = made.processAlgorithm(parameters, context, feedback)
    seen: Dict[str, Any] = {}
    if "SUMMARY" in results:
        layer = QgsProcessingUtils.mapLayerFromString(results["SUMMARY"], context)
        seen = json.loads(next(layer.getFeatures())["seen"])
    return results, seen


def test_left_out_values_have_their_defaults(context: Any, make_layer: Any) -> None:
    results, seen = execute(context, Toy(), INPUT=make_layer([(SQUARE,)]), OUTPUT="memory:", SUMMARY="memory:")
    assert seen == {
        "class_field": None, "farmland": None, "zones": [], "role": "parcels", "method": 0, "tolerance": 0.001,
        "depth": None, "seed": 1, "atlas": False, "lock_in": "", "as_of": None, "has": False,
    }  # fmt: skip
    # A figure the algorithm cannot know is None, and numpy does not leak.
    assert results["UNKNOWN"] is None
    assert type(results["TOTAL_M2"]) is float


def test_values_arrive(context: Any, make_layer: Any, tmp_path: Path) -> None:
    zones = [make_layer([(SQUARE,)], name=name) for name in ("河道", "道路")]
    _, seen = execute(
        context, Toy(), INPUT=make_layer([(SQUARE, "0101")], "DLBM:string"), CLASS_FIELD="DLBM",
        FARMLAND=make_layer([(SQUARE,)], name="永久基本农田"), OTHER_ZONES=zones, ROLE="villages", AREA_METHOD=2,
        TOLERANCE=0, DEPTH=0.3, SEED=7, ATLAS=True, LOCK_IN=" a,b ", AS_OF="2020-12-31", OUTPUT="memory:",
        SUMMARY="memory:",
    )  # fmt: skip
    assert seen == {
        "class_field": "DLBM", "farmland": "永久基本农田", "zones": ["河道", "道路"], "role": "villages", "method": 2,
        "tolerance": 0.0, "depth": 0.3, "seed": 7, "atlas": True, "lock_in": "a,b", "as_of": "2020-12-31", "has": True,
    }  # fmt: skip


def refused(context: Any, algorithm: PlanAlgorithm, **parameters: Any) -> str:
    ok, why = algorithm.create().checkParameterValues(parameters, context)
    assert not ok
    assert len(why) <= 200
    return str(why)


def test_a_field_that_does_not_exist_is_named_with_layer_and_fields(context: Any, make_layer: Any) -> None:
    layer = make_layer([(SQUARE, "a", 1)], "DLBM:string KCXS:double", name="我的图斑")
    why = refused(context, Toy(), INPUT=layer, CLASS_FIELD="DLBM1", OUTPUT="memory:")
    assert all(word in why for word in ("我的图斑", "DLBM1", "DLBM, KCXS"))


@pytest.mark.parametrize("bad", ["/nowhere/zones.gpkg", "no_such_layer_id"])
def test_a_layer_of_several_that_cannot_be_opened_is_named(context: Any, make_layer: Any, bad: str) -> None:
    zones = [make_layer([(SQUARE,)]), bad]
    why = refused(context, Toy(), INPUT=make_layer([(SQUARE,)]), OTHER_ZONES=zones, OUTPUT="memory:")
    assert all(word in why for word in ("OTHER_ZONES", "2", bad))


@pytest.mark.parametrize("value", [math.nan, math.inf, "abc", "1e400", "nan"])
def test_what_is_no_number_is_refused_and_not_left_out(context: Any, make_layer: Any, value: Any) -> None:
    algorithm = Toy().create()
    parameters = {"INPUT": make_layer([(SQUARE,)]), "DEPTH": value, "OUTPUT": "memory:"}
    # A model does not ask checkParameterValues.
    with pytest.raises(QgsProcessingException, match="DEPTH"):
        algorithm.processAlgorithm(parameters, context, QgsProcessingFeedback(False))
    _, seen = execute(context, Toy(), **{**parameters, "DEPTH": "0.5", "SUMMARY": "memory:"})
    assert seen["depth"] == 0.5


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_names_longer_than_a_disk_takes_are_one_line(
    context: Any, make_layer: Any, tmp_path: Path, suffix: str
) -> None:
    path = str(tmp_path / ("长" * 100 + suffix))  # 300 bytes; 255 are allowed
    layer = make_layer([(SQUARE,)])
    assert not Toy().create().checkParameterValues({"INPUT": path, "OUTPUT": "memory:"}, context)[0]
    with pytest.raises(QgsProcessingException) as caught:
        Toy().create().processAlgorithm({"INPUT": layer, "OUTPUT": path}, context, QgsProcessingFeedback(False))
    assert "\n" not in str(caught.value)
    assert "Errno" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_output_in_the_file_of_any_input_is_refused(context: Any, make_layer: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "zones.gpkg")
    execute(context, Toy(), INPUT=make_layer([(SQUARE,)]), OUTPUT=path)
    parameters = {"INPUT": make_layer([(SQUARE,)]), "OUTPUT": "memory:", "SUMMARY": path}
    assert "OTHER_ZONES" in refused(context, Toy(), OTHER_ZONES=[path], **parameters)
    assert "FARMLAND" in refused(context, Toy(), FARMLAND=path, **parameters)


def test_a_model_that_skips_the_check_is_refused_all_the_same(context: Any, make_layer: Any) -> None:
    parameters = {"INPUT": make_layer([(SQUARE, "a")], "s:string"), "CLASS_FIELD": "t", "OUTPUT": "memory:"}
    with pytest.raises(QgsProcessingException, match="图斑"):
        Toy().create().processAlgorithm(parameters, context, QgsProcessingFeedback(False))


def test_geometry_of_all_layers_is_repaired_counted_and_listed(context: Any, make_layer: Any) -> None:
    parcels = make_layer([(SQUARE,), (BOW_TIE,), (None,)])
    results, _ = execute(
        context, Toy(), INPUT=parcels, FARMLAND=make_layer([(BOW_TIE,)], name="农田"), OUTPUT="memory:",
        ISSUES="memory:",
    )  # fmt: skip
    assert (results["REPAIRED"], results["DROPPED"]) == (2, 1)
    issues = QgsProcessingUtils.mapLayerFromString(results["ISSUES"], context)
    listed = [[str(value) for value in feature.attributes()] for feature in issues.getFeatures()]
    assert listed == [
        ["图斑", "2", "invalid", "0.0", "5000.0"],
        ["图斑", "3", "null", "NULL", "0.0"],
        ["农田", "1", "invalid", "0.0", "5000.0"],
    ]
    assert QgsProcessingUtils.mapLayerFromString(results["OUTPUT"], context).featureCount() == 2


def test_zones_of_another_datum_are_refused(context: Any, make_layer: Any) -> None:
    old = make_layer([("POLYGON((557000 3453000,557100 3453000,557100 3453100,557000 3453000))",)], crs="EPSG:2385")
    old.setName("旧规划")
    parameters = {"INPUT": make_layer([(SQUARE,)]), "FARMLAND": old, "OUTPUT": "memory:"}
    with pytest.raises(QgsProcessingException, match=r"旧规划.*EPSG:4610.*图斑.*EPSG:4490"):
        Toy().create().processAlgorithm(parameters, context, QgsProcessingFeedback(False))


def test_an_error_while_computing_leaves_nothing_behind(context: Any, make_layer: Any, tmp_path: Path) -> None:
    class Failing(Toy):
        def compute(self, run: Run) -> Results:
            raise InputError("no_geometry", layer="某层")

    parameters = {"INPUT": make_layer([(SQUARE,)]), "OUTPUT": str(tmp_path / "a.gpkg")}
    with pytest.raises(QgsProcessingException, match="某层") as caught:
        Failing().create().processAlgorithm(parameters, context, QgsProcessingFeedback(False))
    assert isinstance(caught.value.__cause__, InputError)
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_writing_takes_the_first_outputs_away(context: Any, make_layer: Any, tmp_path: Path) -> None:
    class Failing(Toy):
        def compute(self, run: Run) -> Results:
            good = super().compute(run)
            broken = LayerTable("t", np.arange(2), columns={"a": real([1.0, 2.0])}, geometry=None)
            object.__setattr__(broken, "columns", {"a": None})
            return Results({**good.layers, "SUMMARY": broken}, good.figures)

    parameters = {
        "INPUT": make_layer([(SQUARE,)]),
        "OUTPUT": str(tmp_path / "a.gpkg"),
        "SUMMARY": str(tmp_path / "b.gpkg"),
    }
    with pytest.raises(QgsProcessingException, match="fault of the program: AttributeError"):
        Failing().create().processAlgorithm(parameters, context, QgsProcessingFeedback(False))
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_was_not_declared_is_a_fault(
    context: Any, make_layer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYSB_TRACEBACK", "1")

    class Wrong(Toy):
        def compute(self, run: Run) -> Results:
            return Results(figures={"TOTAL": 1})

    with pytest.raises(KeyError, match="TOTAL"):
        Wrong().create().processAlgorithm({"INPUT": make_layer([(SQUARE,)])}, context, QgsProcessingFeedback(False))


def test_words_are_passed_as_words_and_numbers_refused(context: Any, make_layer: Any) -> None:
    layer = make_layer([(SQUARE,)])
    assert refused(context, Toy(), INPUT=layer, ROLE="roads", OUTPUT="memory:")
    assert refused(context, Toy(), INPUT=layer, ROLE=0, OUTPUT="memory:")


def test_the_log_speaks_the_language_of_the_screen(
    context: Any, make_layer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: List[str] = []

    class Listening(QgsProcessingFeedback):
        def pushInfo(self, info: str) -> None:
            said.append(info)

    monkeypatch.setattr(words, "language", lambda: "zh")
    Toy().create().processAlgorithm({"INPUT": make_layer([(SQUARE,)]), "OUTPUT": "memory:"}, context, Listening(False))
    assert said == ["读取图层", "检查并修复图形", "x：1 个几何的 Z 或 M 值未读入。", "写出结果"]


def test_twice_the_same_name_is_a_fault() -> None:
    class Twice(Toy):
        def declare(self) -> None:
            self.add_text("A", "A", "help")
            self.add_text("A", "A", "help")

    with pytest.raises(ValueError, match="A is declared twice"):
        Twice().declare()


def test_a_project_layer_by_id_by_name_and_by_path(context: Any, make_layer: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "村.gpkg")
    execute(context, Toy(), INPUT=make_layer([(SQUARE,)]), OUTPUT=path)
    layer = QgsVectorLayer(path, "村界", "ogr")
    QgsProject.instance().addMapLayer(layer, False)
    for given in (layer.id(), "村界", path, layer):
        _, seen = execute(
            context, Toy(), INPUT=make_layer([(SQUARE,)]), FARMLAND=given, OUTPUT="memory:", SUMMARY="memory:"
        )
        assert seen["farmland"] in ("村界", "村")
    QgsProject.instance().removeMapLayer(layer)


def test_the_package_for_a_workbook_is_asked_for_before_anything_is_computed(
    run: Any, make_layer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where a workbook is wanted: without one the same run needs nothing."""
    there = packages.is_supported
    monkeypatch.setattr(packages, "is_supported", lambda name, found: name != "xlsxwriter" and there(name, found))
    layer = make_layer([(SQUARE, "0702", "A")], "DLBM:string plot_id:string")
    given = {"PLOTS": layer, "PARCELS": layer, "CLASSES": "memory:"}
    assert run("plotreport", **given)["TOTAL_M2"] > 0
    with pytest.raises(QgsProcessingException, match="xlsxwriter"):
        run("plotreport", **given, XLSX=str(tmp_path / "a.xlsx"))
    assert list(tmp_path.iterdir()) == []
