"""Scenarios from files: how they are given, what is refused, and what comes out."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import numpy as np
import pytest
import shapely
from qgis.core import (
    NULL,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProject,
    QgsVectorLayer,
)

from tests.algorithms.conftest import Listening
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.geopackage import write_layers
from three_opt_three_protect.storage.plandb import write_plan

X, Y = 40_550_000, 3_460_000
CRS = CrsInfo("EPSG:4528")
OTHER_DATUM = CrsInfo("EPSG:2364")

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def algorithm(provider: Any) -> None:
    if provider.algorithm("comparescenarios") is None:
        from three_opt_three_protect.algorithms.comparescenarios import CompareScenarios

        provider.addAlgorithm(CompareScenarios())


def strip(left: float, right: float) -> shapely.Polygon:
    return shapely.box(X + left, Y, X + right, Y + 100)


def layer(name: str, shapes: List[Any], crs: CrsInfo = CRS, **columns: List[Any]) -> LayerTable:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    kinds = {
        key: tables.text(values) if values and isinstance(values[0], str) else tables.integer(values)
        for key, values in columns.items()
    }
    return LayerTable(name, np.arange(1, len(shapes) + 1), geometry, kinds, crs)


def reclaim(*plots: Tuple[str, float, float, int], crs: CrsInfo = CRS) -> LayerTable:
    shapes = [strip(left, right) for _, left, right, _ in plots]
    return layer("reclaim", shapes, crs, plot_id=[p[0] for p in plots], phase=[p[3] for p in plots])


def newbuild(*plots: Tuple[str, float, float, int]) -> LayerTable:
    shapes = [strip(left, right) for _, left, right, _ in plots]
    uses = ["industry"] * len(plots)
    return layer("newbuild", shapes, plot_id=[p[0] for p in plots], use=uses, phase=[p[3] for p in plots])


NOW = {"reclaim": reclaim(("R1", 0, 50, 2016)), "newbuild": newbuild(("N1", 200, 220, 2017))}
MORE = {
    "reclaim": reclaim(("R1", 0, 50, 2018), ("R2", 100, 130, 2016)),
    "newbuild": newbuild(("N1", 200, 230, 2017)),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "规划 方案"
    made.mkdir()
    return made


@pytest.fixture
def make(folder: Path) -> Make:
    """Write a plan database of that name."""

    def write(name: str, layers: Mapping[str, LayerTable], **meta: str) -> Path:
        path = folder / f"{name}.gpkg"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_plan(path, layers, meta)
        return path

    return write


@pytest.fixture
def parcels(folder: Path) -> str:
    path = folder / "地类 图斑.gpkg"
    shapes = [strip(0, 50), strip(100, 130), strip(200, 260)]
    units = ["320507100001", "320507100002", "320507100001"]
    write_layers(path, {"DLTB": layer("DLTB", shapes, DLBM=["0702", "0702", "0101"], ZLDWDM=units)})
    return str(path)


@pytest.fixture
def compare(run: Any, parcels: str) -> Callable[..., Dict[str, Any]]:
    def call(scenarios: Any, **more: Any) -> Dict[str, Any]:
        given = {"PARCELS": parcels, "SCENARIOS": scenarios, "AREA_METHOD": 2, "TABLE": "memory:", **more}
        return dict(run("comparescenarios", **given))

    return call


def rows(found: QgsVectorLayer) -> List[Dict[str, Any]]:
    names = [field.name() for field in found.fields()]
    return [{name: None if row[name] == NULL else row[name] for name in names} for row in found.getFeatures()]


def figure(found: QgsVectorLayer, scenario: str, line: str) -> Tuple[Optional[float], Optional[float]]:
    """Value and difference to the first scenario of a township's account line."""
    (row,) = [
        one
        for one in rows(found)
        if (one["kind"], one["scenario"], one["line"], one["unit_code"]) == ("account", scenario, line, "")
    ]
    return row["value"], row["diff"]


def test_two_files_side_by_side(compare: Any, make: Make) -> None:
    result = compare([str(make("现行 方案", NOW)), str(make("加码", MORE))], PLOTS="memory:")
    assert figure(result["TABLE"], "现行 方案", "reclaimed_m2") == (5000.0, 0.0)
    assert figure(result["TABLE"], "加码", "reclaimed_m2") == (8000.0, 3000.0)
    assert figure(result["TABLE"], "加码", "cultivated_loss_m2") == (3000.0, 1000.0)
    assert (result["COUNT"], result["SHARED"], result["SINGLE"]) == (2, 2, 1)
    plots = {(row["plot_id"], row["scenarios"]): row for row in rows(result["PLOTS"])}
    assert plots["R2", "加码"]["only_in"] == "加码"
    assert plots["R1", "现行 方案"]["differs"] == "phase"
    assert plots["N1", "加码"]["differs"] == "geometry"
    assert result["PLOTS"].crs().authid() == "EPSG:4528"


def test_the_order_given_is_kept(compare: Any, make: Make) -> None:
    result = compare([str(make("乙", MORE)), str(make("甲", NOW))])
    assert figure(result["TABLE"], "甲", "reclaimed_m2") == (5000.0, -3000.0)


def test_layers_stand_for_their_files(compare: Any, make: Make) -> None:
    first, second = make("现行", NOW), make("加码", MORE)
    opened = QgsVectorLayer(f"{second}|layername=newbuild", "建新", "ogr")
    QgsProject.instance().addMapLayer(opened)
    result = compare([f"{first}|layername=reclaim", opened.id()])
    assert figure(result["TABLE"], "加码", "reclaimed_m2") == (8000.0, 3000.0)
    QgsProject.instance().removeMapLayer(opened.id())


def test_one_scenario_is_enough(compare: Any, make: Make) -> None:
    result = compare([str(make("独一", NOW))], PLOTS="memory:")
    assert figure(result["TABLE"], "独一", "reclaimed_m2") == (5000.0, 0.0)
    assert result["COUNT"] == 1


@pytest.mark.parametrize("missing", ["newbuild", "reclaim"])
def test_plots_of_one_kind_are_enough(compare: Any, make: Make, missing: str) -> None:
    layers = {role: table for role, table in NOW.items() if role != missing}
    result = compare([str(make("甲", NOW)), str(make("乙", layers))])
    line = {"newbuild": "added_m2", "reclaim": "reclaimed_m2"}[missing]
    assert figure(result["TABLE"], "乙", line)[0] == 0.0


def test_its_own_lines_and_targets_count(compare: Any, make: Make) -> None:
    farm = layer("farmland", [strip(200, 210)], note=["基本农田"])
    target = LayerTable(
        "targets",
        np.arange(1, 2),
        columns={
            "indicator": tables.text(["reclaim_m2"]),
            "value": tables.real([6000]),
            "unit": tables.text(["m2"]),
        },
    )
    feedback = Listening()
    given = [str(make("甲", {**NOW, "farmland": farm, "targets": target})), str(make("乙", NOW))]
    result = compare(given, feedback=feedback)
    assert figure(result["TABLE"], "甲", "newbuild_farmland_m2") == (1000.0, 0.0)
    assert figure(result["TABLE"], "乙", "newbuild_farmland_m2") == (None, None)
    task = {row["scenario"]: row for row in rows(result["TABLE"]) if row["line"] == "reclaim_task"}
    assert (task["甲"]["result"], task["甲"]["margin"], task["乙"]["result"]) == ("fail", -1000.0, "unknown")
    assert len([line for line in feedback.warned if "乙" in line]) == 2, "farmland and targets differ"


def test_lines_given_take_the_place_of_all(compare: Any, make: Make, make_layer: Any) -> None:
    farm = layer("farmland", [strip(200, 210)], note=["基本农田"])
    given = make_layer([(strip(200, 260).wkt,)], name="永农")
    feedback = Listening()
    result = compare(
        [str(make("甲", {**NOW, "farmland": farm})), str(make("乙", MORE))], FARMLAND=given, feedback=feedback
    )
    assert figure(result["TABLE"], "甲", "newbuild_farmland_m2")[0] == 2000.0
    assert figure(result["TABLE"], "乙", "newbuild_farmland_m2")[0] == 3000.0
    assert not feedback.warned


def test_standard_layer_names_are_known(compare: Any, make: Make) -> None:
    named = {"SYSB_CJ": NOW["reclaim"], "建新地块": NOW["newbuild"]}
    path = make("标准", named, **{"layer.newbuild": "建新地块"})
    result = compare([str(path)])
    assert figure(result["TABLE"], "标准", "reclaimed_m2")[0] == 5000.0
    assert figure(result["TABLE"], "标准", "added_m2")[0] == 2000.0


def test_files_of_one_name_are_told_apart(compare: Any, make: Make) -> None:
    result = compare([str(make("2025/plan", NOW)), str(make("2026/plan", MORE))])
    assert {row["scenario"] for row in rows(result["TABLE"])} == {"2025/plan", "2026/plan"}


def test_bad_polygons_are_counted(compare: Any, make: Make) -> None:
    bow = shapely.Polygon([(X, Y), (X + 50, Y + 100), (X + 50, Y), (X, Y + 100)])
    broken = {"reclaim": layer("reclaim", [bow], plot_id=["R1"], phase=[2016])}
    result = compare([str(make("甲", broken))], ISSUES="memory:")
    assert result["REPAIRED"] == 1
    assert [row["layer"] for row in rows(result["ISSUES"])] == ["甲/reclaim"]


def test_as_a_step_of_a_model(provider: Any, parcels: str, make: Make, folder: Path) -> None:
    from qgis import processing

    model = QgsProcessingModelAlgorithm("m", "m", "")
    child = QgsProcessingModelChildAlgorithm("sysb:comparescenarios")
    child.setChildId("child")
    files = [str(make("现行 方案", NOW)), str(make("加码", MORE))]
    given = {"PARCELS": [parcels], "SCENARIOS": files, "AREA_METHOD": [2]}
    for key, values in given.items():
        child.addParameterSources(key, [QgsProcessingModelChildParameterSource.fromStaticValue(one) for one in values])
    final = QgsProcessingModelOutput("TABLE", "TABLE")
    final.setChildId("child")
    final.setChildOutputName("TABLE")
    child.setModelOutputs({"TABLE": final})
    model.addChildAlgorithm(child)
    target = folder / "比较 表.gpkg"
    found = processing.run(model, {"child:TABLE": str(target)})
    assert found["CHILD_RESULTS"]["child"]["COUNT"] == 2
    table = QgsVectorLayer(str(target), "比较", "ogr")
    assert figure(table, "加码", "reclaimed_m2") == (8000.0, 3000.0)


# What is refused


def refused(compare: Any, scenarios: Any, match: str, **more: Any) -> None:
    with pytest.raises(QgsProcessingException, match=match):
        compare(scenarios, **more)


def test_the_same_file_twice(compare: Any, make: Make) -> None:
    path = make("甲", NOW)
    refused(compare, [str(path), f"{path}|layername=newbuild"], "甲.*twice")


def test_an_entry_that_does_not_open(compare: Any, make: Make) -> None:
    refused(compare, [str(make("甲", NOW)), "/nowhere/乙.gpkg"], "2.*乙.gpkg")


def test_a_layer_of_no_plan_database(compare: Any, make: Make, make_layer: Any, parcels: str) -> None:
    path = str(make("甲", NOW))
    refused(compare, [path, make_layer([(strip(0, 50).wkt,)], name="画的")], "画的")
    refused(compare, [path, parcels], "地类 图斑.gpkg is no plan database")


def test_a_newer_plan_database(compare: Any, make: Make) -> None:
    import sqlite3
    from contextlib import closing

    path = make("甲", NOW)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE plan_meta SET value = '99' WHERE key = 'schema_version'")
    refused(compare, [str(path)], "99")


def test_a_plan_without_plots(compare: Any, make: Make) -> None:
    farm = {"farmland": layer("farmland", [strip(200, 210)], note=["基本农田"])}
    refused(compare, [str(make("只有永农", farm))], "只有永农.*neither")


def test_plots_on_another_datum(compare: Any, make: Make) -> None:
    other = {"reclaim": reclaim(("R1", 0, 50, 2016), crs=OTHER_DATUM)}
    refused(compare, [str(make("甲", NOW)), str(make("西安80", other))], "西安80/reclaim")


def test_no_scenarios(compare: Any) -> None:
    with pytest.raises(QgsProcessingException):
        compare([])


def test_a_chart_of_another_kind(compare: Any, make: Make, folder: Path) -> None:
    refused(compare, [str(make("甲", NOW))], "比较.pdf", CHART=str(folder / "比较.pdf"))
    assert not (folder / "比较.pdf").exists()


# The chart


def test_chart_as_picture_and_as_drawing(compare: Any, make: Make, folder: Path) -> None:
    given = [str(make("现行 方案", NOW)), str(make("加码", MORE))]
    picture, drawing = folder / "图 1.png", folder / "图 2.svg"
    compare(given, CHART=str(picture))
    compare(given, CHART=str(drawing))
    data = picture.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">LL", data[16:24])[0] == 1600
    drawn = drawing.read_text(encoding="utf-8")
    assert "现行 方案" in drawn
    assert "Construction land reclaimed" in drawn


def test_nothing_is_left_when_it_fails(compare: Any, make: Make, folder: Path) -> None:
    other = {"reclaim": reclaim(("R1", 0, 50, 2016), crs=OTHER_DATUM)}
    given = [str(make("甲", NOW)), str(make("西安80", other))]
    before = sorted(path.name for path in folder.iterdir())
    refused(compare, given, "西安80", CHART=str(folder / "图.png"), PLOTS=str(folder / "地块.gpkg"))
    assert sorted(path.name for path in folder.iterdir()) == before
