"""The page of layers: relations of a plan database, layers that cannot be opened, low screens."""

# ruff: noqa: F811 (fixtures of other modules)
from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
from qgis.core import QgsProject, QgsVectorLayer

from tests.desk.test_findings_dock import load
from tests.desk.test_layers_dock import open_page, settle  # noqa: F401

Open = Callable[[], Any]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A plan database with its relations."""
    from three_opt_three_protect.core.sample import draw_township
    from three_opt_three_protect.plans.gathering import fields_of
    from three_opt_three_protect.storage.plandb import RELATIONS, relation_table, write_plan

    layers = dict(draw_township(seed=1, parcels=300, years=1))
    names = {role: role for role in layers}
    path = tmp_path / "plan.gpkg"
    write_plan(path, {**layers, RELATIONS: relation_table(names, fields_of(layers))}, {})
    return path


def test_relations_of_a_plan_database_are_set_up_once(
    sample: Path,
    open_page: Open,
    qgis_new_project: Any,
    monkeypatch: Any,
) -> None:
    from three_opt_three_protect.desk import layers_model

    calls = []
    relate = layers_model.relate
    monkeypatch.setattr(layers_model, "relate", lambda project: calls.append(relate(project)))
    project = QgsProject.instance()
    load(sample, ("villages", "reclaim", "newbuild"))
    page = open_page()
    assert len(calls) == 1
    assert set(calls[0]) == set(project.relationManager().relations())
    assert {project.relationManager().relation(each).referencedLayer().name() for each in calls[0]} == {"villages"}
    # Saved, looked at again: nothing is new and the project stays saved.
    project.setDirty(False)
    page.model.guess_again()
    settle(page)
    assert len(calls) == 1
    load(sample, ("boundary",))
    settle(page)
    assert [len(each) > 0 for each in calls] == [True, False]


def test_a_saved_project_with_its_relations_stays_saved(
    sample: Path,
    open_page: Open,
    qgis_new_project: Any,
    tmp_path: Path,
) -> None:
    project = QgsProject.instance()
    load(sample, ("villages", "reclaim"))
    page = open_page()
    made = set(project.relationManager().relations())
    assert made
    path = str(tmp_path / "规划.qgz")
    assert project.write(path)
    assert project.read(path)
    settle(page)
    assert set(project.relationManager().relations()) == made
    assert not project.isDirty()


def test_layers_that_cannot_be_opened_are_named(sample: Path, open_page: Open, qgis_new_project: Any) -> None:
    load(sample, ("villages",))
    QgsProject.instance().addMapLayer(QgsVectorLayer("/nowhere/地块.shp", "已移走", "ogr"))
    page = open_page()
    assert "已移走" in page.summary.text()
    assert [state.name for state in page.model.states()] == ["villages"]


def test_a_low_page_scrolls_and_squeezes_nothing(sample: Path, open_page: Open, qgis_new_project: Any) -> None:
    load(sample, ("villages", "reclaim"))
    page = open_page()
    page.ready.setCollapsed(False)
    page.resize(640, 300)
    settle(page)
    assert page.minimumSizeHint().height() < 200
    for table in (page.layers.table, page.fields.table):
        assert table.viewport().height() >= 3 * table.verticalHeader().defaultSectionSize()
    for note in page.ready._notes:
        assert note.height() >= note.heightForWidth(note.width())
