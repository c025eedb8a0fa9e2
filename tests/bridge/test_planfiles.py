"""Plan databases looked into from inside QGIS."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from qgis.core import QgsProject, QgsVectorLayer

from three_opt_three_protect.bridge.planfiles import plan_layers, plan_meta, project_files
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.plandb import read_plan, write_plan


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Two plots and what the plan says of itself."""
    shapes = np.array([shapely.box(x, 0, x + 1, 1) for x in range(2)], dtype=np.object_)
    columns = {"plot_id": tables.text(["甲", "乙"], "地块编号", 20), "rate": tables.real([0.9, np.nan])}
    table = LayerTable("reclaim", np.arange(1, 3), shapes, columns, crs_info("EPSG:4528"))
    write_plan(tmp_path / "plan.gpkg", {"reclaim": table, "newbuild": table.take(np.arange(0))}, {"备注": "第一稿"})
    return tmp_path / "plan.gpkg"


def test_meta_is_what_storage_reads(plan: Path) -> None:
    assert plan_meta(plan) == read_plan(plan).meta


def test_looking_leaves_no_file_behind(plan: Path) -> None:
    before = plan.read_bytes()
    plan_meta(plan)
    assert plan.read_bytes() == before
    assert [path.name for path in plan.parent.iterdir()] == ["plan.gpkg"]


@pytest.mark.parametrize("content", [b"", b"no database", "cut"])
def test_damaged_files_are_no_plans(plan: Path, content: Any) -> None:
    other = plan.with_name("other.gpkg")
    other.write_bytes(plan.read_bytes()[:9000] if content == "cut" else content)
    with pytest.raises(SchemaError) as caught:
        plan_meta(other)
    assert caught.value.message_id == "not_a_plan"
    with pytest.raises(InputError):
        plan_meta(plan.with_name("gone.gpkg"))


@pytest.mark.parametrize("is_open", [False, True])
def test_layers_are_the_same_either_way(plan: Path, is_open: bool, qgis_new_project: Any) -> None:
    if is_open:
        QgsProject.instance().addMapLayer(QgsVectorLayer(f"{plan}|layername=reclaim", "x", "ogr"))
    in_use = project_files(QgsProject.instance())
    assert in_use == (frozenset({plan}) if is_open else frozenset())
    found = plan_layers(plan, ("reclaim", "newbuild", "roads"), in_use)
    assert list(found) == ["reclaim", "newbuild"]
    assert found["reclaim"].columns["plot_id"].values.tolist() == ["甲", "乙"]
    assert np.isnan(found["reclaim"].columns["rate"].values[1])
    assert [shape.area for shape in found["reclaim"].shapes] == [1.0, 1.0]
    assert len(found["newbuild"]) == 0
    QgsProject.instance().clear()


def test_edits_that_are_not_saved_survive_a_look(plan: Path, qgis_new_project: Any) -> None:
    """Reading the file of an edited layer must not take QGIS's lock away."""
    layer = QgsVectorLayer(f"{plan}|layername=reclaim", "x", "ogr")
    QgsProject.instance().addMapLayer(layer)
    assert layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().indexOf("plot_id"), "丙")
    plan_meta(plan)
    plan_layers(plan, ("reclaim",), project_files(QgsProject.instance()))
    assert layer.commitChanges()
    assert {feature["plot_id"] for feature in layer.getFeatures()} == {"丙", "乙"}
    QgsProject.instance().clear()
    shutil.copy(plan, plan.with_name("copy.gpkg"))
    assert set(read_plan(plan.with_name("copy.gpkg")).layers["reclaim"].columns["plot_id"].values) == {"丙", "乙"}
