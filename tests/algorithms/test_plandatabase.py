"""``plandatabase``: role layers in one GeoPackage that QGIS can edit safely."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Dict, List

import pytest
from qgis.core import (
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsGeometry,
    QgsLineString,
    QgsPolygon,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from tests.algorithms.conftest import X, Y, box
from three_opt_three_protect.storage.plandb import read_plan
from three_opt_three_protect.storage.vectorfile import read_layer

ROLES = "parcels villages settlements township farmland boundary redline retained roads reclaim newbuild".split()


class Warnings(QgsProcessingFeedback):
    """Keeps what stands out in the log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: List[str] = []

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        self.lines.append(warning)


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> str:
    from qgis import processing

    path = str(tmp_path_factory.mktemp("sample") / "样例.gpkg")
    processing.run("sysb:sampletownship", {"SEED": 3, "PARCELS": 300, "YEARS": 1, "OUTPUT": path})
    return path


@pytest.fixture(scope="module")
def plan(sample: str, tmp_path_factory: Any) -> Dict[str, Any]:
    from qgis import processing

    folder = tmp_path_factory.mktemp("plan") / "规划 成果"
    folder.mkdir()
    layers: Dict[str, Any] = {role.upper(): f"{sample}|layername={role}" for role in [*ROLES, "population", "targets"]}
    return processing.run("sysb:plandatabase", {**layers, "PLAN": str(folder / "规划.gpkg")})


def styles(path: str) -> List[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT f_table_name, useAsDefault FROM layer_styles").fetchall()


def test_what_was_gathered_reads_back_the_same(sample: str, plan: Dict[str, Any]) -> None:
    found = read_plan(plan["PLAN"])
    assert set(found.layers) == {*ROLES, "population", "targets"}
    assert plan["FEATURES"] == sum(map(len, found.layers.values()))
    for role in ("parcels", "farmland"):
        before = read_layer(sample, role)
        after = found.layers[role]
        assert list(after.columns) == list(before.columns)
        assert [shape.wkb for shape in after.shapes[:50]] == [shape.wkb for shape in before.shapes[:50]]
        for name, column in before.columns.items():
            same = after.columns[name]
            assert (same.is_missing == column.is_missing).all(), name
            assert (same.values[~same.is_missing] == column.values[~column.is_missing]).all(), name


def test_every_layer_has_its_style_and_relations_are_listed(plan: Dict[str, Any]) -> None:
    saved = dict(styles(plan["PLAN"]))
    assert set(ROLES) <= set(saved)
    assert set(saved.values()) == {1}
    relations = read_layer(plan["PLAN"], "plan_relations")
    assert "village_parcels" in relations.columns["name"].values.tolist()


def test_the_form_travels_with_the_file(plan: Dict[str, Any]) -> None:
    layer = QgsVectorLayer(f"{plan['PLAN']}|layername=reclaim", "拆旧", "ogr")
    fields = layer.fields()
    shown = layer.editorWidgetSetup(fields.indexOf("direction"))
    assert shown.type() == "ValueMap"
    assert {"耕地": "cultivated"} in shown.config()["map"]
    assert (
        layer.constraintExpression(fields.indexOf("phase"))
        == '"phase" IS NULL OR ("phase" >= 2014 AND "phase" <= 2020)'
    )
    assert layer.renderer().type() != ""
    del layer


def test_fields_have_their_chinese_names(plan: Dict[str, Any]) -> None:
    layer = QgsVectorLayer(f"{plan['PLAN']}|layername=reclaim", "拆旧", "ogr")
    assert layer.attributeAlias(layer.fields().indexOf("rate")) == "新增耕地率"
    assert layer.attributeDisplayName(layer.fields().indexOf("phase")) == "实施年度"
    del layer


def test_a_new_plot_gets_the_next_number(plan: Dict[str, Any]) -> None:
    layer = QgsVectorLayer(f"{plan['PLAN']}|layername=reclaim", "拆旧", "ogr")
    index = layer.fields().indexOf("plot_id")
    used = sorted(feature["plot_id"] for feature in layer.getFeatures())
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    given = layer.defaultValue(index, QgsFeature(layer.fields()), context)
    assert given == f"R{int(used[-1][1:]) + 1:03d}"
    del layer


def test_words_become_tokens_and_plots_without_number_get_one(run: Any, make_layer: Any, tmp_path: Path) -> None:
    plots = make_layer(
        [(box(0, 0, 10, 10), "耕地", "2"), (box(20, 0, 30, 10), "坑塘", None)],
        "FKFX:string DKBH:string",
        name="拆旧地块",
    )
    path = str(tmp_path / "plan.gpkg")
    run("plandatabase", RECLAIM=plots, PLAN=path)
    table = read_plan(path).layers["reclaim"]
    assert table.columns["direction"].values.tolist() == ["cultivated", "pond"]
    assert table.columns["plot_id"].values.tolist() == ["2", "R001"]
    assert table.columns["phase"].is_missing.all()


def test_geometry_that_cannot_be_read_is_said(run: Any, make_layer: Any, tmp_path: Path) -> None:
    corner = QgsGeometry(QgsPolygon(QgsLineString([X, X + 9.0, math.nan, X], [Y, Y, Y + 9.0, Y])))
    plots = make_layer([(box(0, 0, 10, 10),), (corner,)], name="拆旧地块")
    feedback = Warnings()
    run("plandatabase", feedback, RECLAIM=plots, PLAN=str(tmp_path / "plan.gpkg"))
    assert [line for line in feedback.lines if "拆旧地块" in line and "2" in line] == feedback.lines
    assert len(feedback.lines) == 1


def test_names_of_the_standard_read_back_by_role(run: Any, sample: str, tmp_path: Path) -> None:
    path = str(tmp_path / "标准.gpkg")
    given = {role.upper(): f"{sample}|layername={role}" for role in ("parcels", "reclaim", "newbuild")}
    run("plandatabase", **given, NAMES="standard", PLAN=path)
    with closing(sqlite3.connect(path)) as database:
        names = {row[0] for row in database.execute("SELECT table_name FROM gpkg_contents")}
        words = {row[0] for row in database.execute("SELECT DISTINCT FKFX FROM SYSB_CJ")}
    assert {"DLTB", "SYSB_CJ", "SYSB_JX"} <= names
    layer = QgsVectorLayer(f"{path}|layername=SYSB_JX", "建新", "ogr")
    fields = layer.fields()
    after = next(field.name() for field in fields if layer.attributeAlias(fields.indexOf(field.name())) == "建新后地类")
    check = layer.constraintExpression(fields.indexOf(after))
    assert "use" not in check
    assert QgsExpression(check).referencedColumns() <= {field.name() for field in fields}
    kinds = layer.editorWidgetSetup(fields.indexOf("YT")).config()["map"]
    assert all(list(entry) == list(entry.values()) for entry in kinds)
    assert layer.renderer().type() == "categorizedSymbol"
    del layer
    assert "耕地" in words
    assert set(read_plan(path).layers) == {"parcels", "reclaim", "newbuild"}


def test_nothing_given_is_said_in_one_line(run: Any, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="PARCELS"):
        run("plandatabase", PLAN=str(tmp_path / "plan.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_relations_of_the_file_are_set_up_in_a_project(plan: Dict[str, Any]) -> None:
    from qgis.core import QgsProject

    from three_opt_three_protect.bridge.relations import relate

    project = QgsProject()
    for role in ("villages", "reclaim", "newbuild", "settlements"):
        project.addMapLayer(QgsVectorLayer(f"{plan['PLAN']}|layername={role}", role, "ogr"))
    made = relate(project)
    assert len(made) == 4
    assert relate(project) == []
    relation = project.relationManager().relation(made[0])
    village = next(relation.referencedLayer().getFeatures())
    assert all(child["unit_code"] == village["unit_code"] for child in relation.getRelatedFeatures(village))
    project.clear()
