"""The scenario dock, driven as a planner drives it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping

import pytest
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsProject, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QFile

from tests.desk.conftest import boundary, come_to_rest, memory_layer, newbuild, parcels, reclaim, square, texts
from three_opt_three_protect.bridge.planfiles import plan_meta
from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.rules import overall
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.scenario_load import fields_lost
from three_opt_three_protect.desk.scenario_plots import Ready
from three_opt_three_protect.desk.scenario_rows import overall_of
from three_opt_three_protect.storage.plandb import read_plan
from three_opt_three_protect.storage.scenarios import Made, ScenarioStore

LIST, COMPARE, PROPOSE = range(3)


def settle(dock: Any, seconds: float = 60.0) -> None:
    """Let Qt run until the dock has nothing left to do."""
    come_to_rest(lambda: dock.busy, seconds)


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let Qt run until something is so."""
    ends = time.monotonic() + seconds
    while not condition():
        QgsApplication.processEvents()
        assert time.monotonic() < ends, "it never happens"
        time.sleep(0.002)


@pytest.fixture
def make(qgis_iface: Any, qgis_new_project: Any) -> Iterator[Callable[[], Any]]:
    """Docks that are stopped and gone when the test ends."""
    from three_opt_three_protect.desk.scenario_dock import ScenarioDock

    made: List[Any] = []
    unit = QgsSettings().value("three_opt_three_protect/area_unit")
    QgsSettings().remove("three_opt_three_protect/area_unit")

    def build() -> Any:
        dock = ScenarioDock(qgis_iface)
        made.append(dock)
        dock.show()
        settle(dock)
        return dock

    yield build
    for dock in made:
        dock.close()
        dock.deleteLater()
    if unit is not None:
        QgsSettings().setValue("three_opt_three_protect/area_unit", unit)
    QgsProject.instance().clear()
    QgsApplication.processEvents()


@pytest.fixture
def project(tmp_path: Path, qgis_new_project: Any) -> Path:
    """A saved project with the township of four parcels."""
    QgsProject.instance().addMapLayers([parcels(), boundary(), reclaim(), newbuild()])
    path = tmp_path / "某镇.qgz"
    assert QgsProject.instance().write(str(path))
    return path


@pytest.fixture
def dock(project: Path, make: Callable[[], Any]) -> Any:
    """A dock that looks at the saved project."""
    return make()


def layer(name: str) -> QgsVectorLayer:
    """A layer of the project."""
    return QgsProject.instance().mapLayersByName(name)[0]


def names(dock: Any) -> List[str]:
    """Scenarios as the list shows them."""
    return [row[0] for row in texts(dock.page.table)]


def saved(dock: Any, *scenarios: str) -> None:
    """Save the current plots."""
    for name in scenarios:
        dock.save(name)
        settle(dock)


def plot_ids(name: str) -> List[str]:
    """Plots of a layer."""
    return sorted(str(feature["plot_id"]) for feature in layer(name).getFeatures())


# Keeping


def test_saved_with_the_figures_the_balance_has(dock: Any, project: Path) -> None:
    dock.save("方案 1", "第一稿")
    settle(dock)
    file = project.with_name("某镇_scenarios") / "方案 1.gpkg"
    assert file.is_file()
    made = dock.scenarios[0].made
    # By hand: R = 10 000, N = 10 000, F = 0.9 × 10 000.
    assert [made.figures[line] for line in ("reclaimed_m2", "added_m2", "cultivated_gain_m2")] == [
        10000.0, 10000.0, 9000.0,
    ]  # fmt: skip
    assert made.note == "第一稿"
    assert made.profile
    assert made.parcels
    assert made.counts == {"reclaim": 1, "newbuild": 1}
    assert texts(dock.page.table)[0][:5] == ["方案 1", str(made.results["fail"]), "15.00", "15.00", "13.50"]
    assert dock.page.chosen() == ["方案 1"]
    found = read_plan(file).layers["reclaim"]
    assert found.columns["plot_id"].values.tolist() == ["R1"]
    assert found.columns["phase"].values.tolist() == [2015]


def test_other_changes_of_the_project_count_in_scenarios(dock: Any) -> None:
    saved(dock, "甲")
    fields = "change:string year:integer area:double unit:string"
    table = memory_layer("other_changes", fields, [("整理", 2016, 0.5, "公顷")], "None")
    QgsProject.instance().addMapLayer(table)
    saved(dock, "乙")
    results = {scenario.name: scenario.made.results for scenario in dock.scenarios}
    # 9 000 against 10 000: with 5 000 by consolidation neither cultivated land nor its compensation falls short
    assert results["甲"]["hard.fail"] - results["乙"]["hard.fail"] == 2


@pytest.mark.parametrize(
    ("results", "stands"),
    [
        ({}, "unknown"),
        ({"pass": 3, "fail": 2, "unknown": 1, "hard.fail": 0, "hard.unknown": 0}, "pass"),
        ({"pass": 3, "unknown": 1, "hard.fail": 0, "hard.unknown": 1}, "unknown"),
        ({"pass": 3, "fail": 1, "unknown": 1, "hard.fail": 1, "hard.unknown": 1}, "fail"),
    ],
)
def test_a_plan_stands_by_its_hard_rules(results: Dict[str, int], stands: str) -> None:
    assert overall_of(Made(results=results)) == stands


def test_the_list_says_what_the_balance_says(dock: Any) -> None:
    saved(dock, "甲")
    dock.files.copy("甲", "乙")
    settle(dock)
    dock.compare(["甲", "乙"])
    settle(dock)
    verdicts = dock.compare_page._found.balances[0].verdicts
    assert {verdict.result for verdict in verdicts if not verdict.hard} >= {"unknown"}
    assert overall_of(dock.scenarios[0].made) == overall(verdicts)


def test_plots_left_out_of_the_balance_are_left_out_and_counted(dock: Any) -> None:
    ProjectMemory().keep_excluded(frozenset({("newbuild", "N1")}))
    saved(dock, "甲")
    assert dock.scenarios[0].made.counts == {"reclaim": 1, "newbuild": 0}
    assert "1" in dock.status.text()
    assert "left out" in dock.status.text()
    assert dock.scenarios[0].made.figures["added_m2"] == 0.0


def test_edits_that_are_not_saved_are_in_it(dock: Any) -> None:
    target = layer("拆旧地块")
    target.startEditing()
    extra = QgsFeature(target.fields())
    extra.setAttributes(["R2", "东村", "cultivated", 0.9, 2016, 0.8])
    extra.setGeometry(QgsGeometry.fromWkt(square(3)))
    target.addFeature(extra)
    saved(dock, "甲")
    assert dock.scenarios[0].made.counts["reclaim"] == 2
    target.rollBack()


def test_without_parcels_plots_are_kept_without_figures(dock: Any) -> None:
    QgsProject.instance().removeMapLayer(layer("DLTB").id())
    saved(dock, "甲")
    assert dock.scenarios[0].made.figures == {}
    assert texts(dock.page.table)[0][2] == "—"


def test_a_broken_plan_is_kept_and_says_why_there_are_no_figures(dock: Any) -> None:
    target = layer("拆旧地块")
    target.startEditing()
    feature = next(target.getFeatures())
    target.changeAttributeValue(feature.id(), target.fields().indexOf("direction"), "paddy?")
    saved(dock, "甲")
    assert names(dock) == ["甲"]
    assert "paddy?" in dock.status.text()
    target.rollBack()


def test_without_plots_nothing_is_saved(dock: Any) -> None:
    QgsProject.instance().removeMapLayers([layer("拆旧地块").id(), layer("建新地块").id()])
    saved(dock, "甲")
    assert dock.scenarios == []
    assert not dock.message.isHidden()


def test_copy_rename_delete(dock: Any, monkeypatch: Any) -> None:
    trash: List[str] = []

    def to_trash(path: str) -> Any:
        trash.append(path)
        Path(path).unlink()
        return True, ""

    monkeypatch.setattr(QFile, "moveToTrash", staticmethod(to_trash), raising=False)
    saved(dock, "甲")
    dock.files.copy("甲", "乙")
    settle(dock)
    dock.files.rename("乙", "丙")
    settle(dock)
    assert sorted(names(dock)) == ["丙", "甲"]
    dock.files.rename("丙", "甲")
    settle(dock)
    assert "甲" in dock.message.text()
    monkeypatch.setattr(dock, "_sure", lambda _: True)
    dock.page.select("丙")
    dock.act("delete")
    settle(dock)
    assert names(dock) == ["甲"]
    assert [Path(path).name for path in trash] == ["丙.gpkg"]


def test_no_deletes_nothing_and_no_trash_sets_aside(dock: Any, monkeypatch: Any) -> None:
    saved(dock, "甲")
    dock.page.select("甲")
    monkeypatch.setattr(dock, "_sure", lambda _: False)
    dock.act("delete")
    settle(dock)
    assert names(dock) == ["甲"]
    monkeypatch.setattr(dock, "_sure", lambda _: True)
    monkeypatch.setattr(QFile, "moveToTrash", staticmethod(lambda _: (False, "")), raising=False)
    dock.act("delete")
    settle(dock)
    assert names(dock) == []
    assert (dock.files.folder / "甲.gpkg.deleted").is_file()


def test_a_damaged_file_is_listed_with_the_reason(dock: Any) -> None:
    saved(dock, "甲")
    (dock.files.folder / "坏.gpkg").write_bytes(b"nothing")
    dock.act("refresh")
    settle(dock)
    assert names(dock) == ["甲", "坏 (damaged)"]
    dock.page.select("坏")
    assert "坏.gpkg" in dock.page.about.text()
    enabled = {what for what, button in dock.page._buttons.items() if button.isEnabled()}
    assert {"rename", "delete"} <= enabled
    assert not {"load", "copy", "compare"} & enabled


def test_names_count_on(dock: Any) -> None:
    assert dock.files.next_name() == "Scenario 1"
    saved(dock, "Scenario 1 first draft", "Scenario 12")
    assert dock.files.next_name() == "Scenario 2"


def test_parcels_edited_meanwhile_are_read_again(dock: Any) -> None:
    saved(dock, "甲")
    assert dock.ground._survey is not None
    target = layer("DLTB")
    target.startEditing()
    feature = next(each for each in target.getFeatures() if each["BSM"] == "P1")
    target.changeAttributeValue(feature.id(), target.fields().indexOf("DLBM"), "0101")
    assert dock.ground._survey is None
    saved(dock, "乙")
    made = {scenario.name: scenario.made for scenario in dock.scenarios}
    # The village is a paddy now: nothing is reclaimed any more.
    assert made["乙"].figures["reclaimed_m2"] == 0.0
    assert made["乙"].parcels != made["甲"].parcels
    target.rollBack()


# The project


def test_an_unsaved_project_asks_for_a_folder(make: Callable[[], Any], tmp_path: Path) -> None:
    QgsProject.instance().addMapLayers([parcels(), reclaim(), newbuild()])
    dock = make()
    assert not dock.page.empty.isHidden()
    assert not dock.page.choose_folder.isHidden()
    assert not dock.page.save.isEnabled()
    dock.files.choose_folder(str(tmp_path / "own"))
    settle(dock)
    saved(dock, "甲")
    assert (tmp_path / "own" / "甲.gpkg").is_file()
    # Saved now: the scenarios go with it.
    assert QgsProject.instance().write(str(tmp_path / "p.qgz"))
    settle(dock)
    assert dock.files.folder == tmp_path / "p_scenarios"
    assert names(dock) == ["甲"]


def test_another_project_has_its_own(dock: Any, project: Path, tmp_path: Path) -> None:
    saved(dock, "甲")
    QgsProject.instance().clear()
    settle(dock)
    assert names(dock) == []
    assert QgsProject.instance().read(str(project))
    settle(dock)
    assert names(dock) == ["甲"]


def test_a_project_closed_while_saving_is_saved_where_it_was(dock: Any, project: Path) -> None:
    dock.save("甲")
    QgsProject.instance().clear()
    settle(dock)
    assert (project.with_name("某镇_scenarios") / "甲.gpkg").is_file()
    assert names(dock) == []


def test_cancelled_nothing_is_kept(dock: Any) -> None:
    dock.save("甲")
    dock.cancel()
    settle(dock)
    from three_opt_three_protect.desk.scenario_dock import _ended_later

    until(lambda: not _ended_later)
    assert not (dock.files.folder / "甲.gpkg").exists()


# Loading


def test_loading_is_one_undo_step_a_layer(dock: Any) -> None:
    saved(dock, "甲")
    target = layer("拆旧地块")
    target.startEditing()
    target.deleteFeatures(target.allFeatureIds())
    target.commitChanges()
    assert plot_ids("拆旧地块") == []
    dock.load("甲")
    settle(dock)
    assert plot_ids("拆旧地块") == ["R1"]
    assert target.isEditable()
    assert target.undoStack().count() == 1
    feature = next(target.getFeatures())
    assert (feature["direction"], feature["rate"], feature["phase"]) == ("cultivated", 0.9, 2015)
    assert feature.geometry().area() == pytest.approx(10000.0)
    target.undoStack().undo()
    assert plot_ids("拆旧地块") == []
    target.rollBack()
    layer("建新地块").rollBack()


def test_unsaved_edits_are_asked_about(dock: Any, monkeypatch: Any) -> None:
    saved(dock, "甲")
    target = layer("拆旧地块")
    target.startEditing()
    target.deleteFeatures(target.allFeatureIds())
    asked: List[str] = []
    monkeypatch.setattr(dock.loader, "_sure", lambda question: asked.append(question) or False)
    dock.load("甲")
    settle(dock)
    assert len(asked) == 1
    assert "拆旧地块" in asked[0]
    assert plot_ids("拆旧地块") == []
    target.rollBack()


def test_loaded_plots_all_take_part(dock: Any) -> None:
    from three_opt_three_protect.desk.memory import remembered

    saved(dock, "甲")
    ProjectMemory().keep_excluded(frozenset({("reclaim", "R1")}))
    told: List[int] = []
    remembered.plots.connect(lambda: told.append(1))
    dock.load("甲")
    settle(dock)
    assert ProjectMemory().excluded() == frozenset()
    assert told == [1]
    for name in ("拆旧地块", "建新地块"):
        layer(name).rollBack()


def test_own_field_names_are_kept_and_lost_fields_said(dock: Any, project: Path) -> None:
    saved(dock, "甲")
    QgsProject.instance().removeMapLayer(layer("拆旧地块").id())
    other = memory_layer("拆旧地块", "DKBH:string village:string", [])
    QgsProject.instance().addMapLayer(other)
    ProjectMemory().keep_layer("reclaim", other.id())
    ProjectMemory().keep_fields(other.id(), {"plot_id": "DKBH"})
    dock.load("甲")
    settle(dock)
    assert [feature["DKBH"] for feature in other.getFeatures()] == ["R1"]
    assert "rate" in dock.status.text()
    other.rollBack()
    layer("建新地块").rollBack()


def test_of_many_lost_fields_those_of_a_plan_are_named_first() -> None:
    assert fields_lost([Ready("", [], ("score", "cost")), Ready("", [], ("score",))]) == "cost, score"
    many = tuple(f"an_indicator_{number}" for number in range(9))
    assert fields_lost([Ready("", [], (*many, "cost"))]).startswith("cost, an_indicator_0, ")
    assert fields_lost([Ready("", [], (*many, "cost"))]).endswith("an_indicator_4 … (10)")


def test_without_a_layer_or_with_a_locked_one_nothing_is_loaded(dock: Any) -> None:
    saved(dock, "甲")
    layer("拆旧地块").setReadOnly(True)
    dock.load("甲")
    settle(dock)
    assert "拆旧地块" in dock.message.text()
    QgsProject.instance().removeMapLayer(layer("拆旧地块").id())
    dock.load("甲")
    settle(dock)
    assert sentence("role.reclaim", {}) in dock.message.text()
    assert not layer("建新地块").isEditable()


def test_all_layers_are_changed_or_none(dock: Any, monkeypatch: Any) -> None:
    saved(dock, "甲")
    target = layer("拆旧地块")
    target.startEditing()
    target.deleteFeatures(target.allFeatureIds())
    target.commitChanges()
    add = QgsVectorLayer.addFeatures
    fails = lambda self, *features: self.name() != "建新地块" and add(self, *features)  # noqa: E731
    monkeypatch.setattr(QgsVectorLayer, "addFeatures", fails)
    dock.load("甲")
    settle(dock)
    assert not dock.message.isHidden()
    assert plot_ids("拆旧地块") == []
    assert plot_ids("建新地块") == ["N1"]
    assert not layer("建新地块").isEditable()
    target.rollBack()


def test_a_file_damaged_since_it_was_listed(dock: Any) -> None:
    saved(dock, "甲")
    (dock.files.folder / "甲.gpkg").write_bytes(b"x")
    dock.load("甲")
    settle(dock)
    assert "甲.gpkg" in dock.message.text()
    assert plot_ids("拆旧地块") == ["R1"]


# Comparing


def test_two_scenarios_side_by_side(dock: Any, qgis_iface: Any) -> None:
    saved(dock, "甲")
    target = layer("建新地块")
    target.startEditing()
    target.deleteFeatures(target.allFeatureIds())
    saved(dock, "乙")
    target.rollBack()
    dock.compare(["甲", "乙"])
    settle(dock)
    page = dock.compare_page
    assert dock.stack.currentIndex() == COMPARE
    rows = {row[0]: row[2:] for row in texts(page.accounts)}
    # N = 10 000 m² = 15 亩 in the first, nothing in the second.
    assert rows[sentence("line.added_m2", {})] == ["15.00", "0.00", "-15.00"]
    assert sentence("line.reclaimed_m2", {}) not in rows  # the same in both
    page.only.setChecked(False)
    rows = {row[0]: row[2:] for row in texts(page.accounts)}
    assert rows[sentence("line.reclaimed_m2", {})] == ["15.00", "15.00", "="]
    page.only.setChecked(True)
    assert [row[0] for row in texts(page.plots)] == ["N1"]
    shown: List[Any] = []
    page.plot_wanted.connect(lambda shapes, crs: shown.append((sum(one.area for one in shapes), crs.authid())))
    page.plots.view.selectRow(0)
    assert shown[-1] == (10000.0, "EPSG:4528")
    page.accounts.copy(everything=True)
    assert "-15.00" in QgsApplication.clipboard().text()
    # The figures of a township are not cut off.
    for panel, column, text in ((page.verdicts, 1, "国 富余 1234.56 亩"), (page.accounts, 4, "-123456.78")):
        assert panel.view.columnWidth(column) > panel.view.fontMetrics().horizontalAdvance(text)


def test_two_scenarios_that_are_the_same_say_so(dock: Any) -> None:
    saved(dock, "甲")
    dock.files.copy("甲", "乙")
    settle(dock)
    dock.compare(["甲", "乙"])
    settle(dock)
    assert not dock.compare_page.notes.isHidden()
    assert dock.compare_page.accounts.model.rowCount() == 0
    dock.compare_page.only.setChecked(False)
    assert dock.compare_page.accounts.model.rowCount() > 10


def test_the_chart_can_be_saved(dock: Any, tmp_path: Path) -> None:
    saved(dock, "甲", "乙")
    dock.compare(["甲", "乙"])
    settle(dock)
    dock.compare_page.save_chart(str(tmp_path / "x.png"))
    dock.compare_page.save_chart(str(tmp_path / "x.svg"))
    settle(dock)
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "x.svg").read_bytes()
    assert not dock.compare_page._whole.isNull()


def test_a_damaged_scenario_is_not_compared(dock: Any) -> None:
    saved(dock, "甲", "乙")
    (dock.files.folder / "乙.gpkg").write_bytes(b"x")
    dock.compare(["甲", "乙"])
    settle(dock)
    assert dock.stack.currentIndex() == LIST
    assert "乙.gpkg" in dock.message.text()


def test_without_parcels_nothing_is_compared(dock: Any) -> None:
    saved(dock, "甲", "乙")
    QgsProject.instance().removeMapLayer(layer("DLTB").id())
    dock.compare(["甲", "乙"])
    settle(dock)
    assert dock.stack.currentIndex() == LIST
    assert not dock.message.isHidden()


def test_another_project_takes_the_comparison_away(dock: Any) -> None:
    saved(dock, "甲", "乙")
    dock.compare(["甲", "乙"])
    settle(dock)
    QgsProject.instance().clear()
    settle(dock)
    assert dock.stack.currentIndex() == LIST
    assert dock.compare_page.accounts.model.rowCount() == 0


# Units, speed, end


def test_units_follow_the_switch(dock: Any) -> None:
    saved(dock, "甲")
    dock._on_unit(2)
    assert texts(dock.page.table)[0][2] == "10000.00"
    dock._on_unit(0)
    assert texts(dock.page.table)[0][2] == "15.00"


def test_a_hundred_scenarios_are_read_in_the_background(
    project: Path, make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: List[threading.Thread] = []

    def watched(path: Path) -> Mapping[str, str]:
        threads.append(threading.current_thread())
        return plan_meta(path)

    store = ScenarioStore(project.with_name("某镇_scenarios"))
    dock = make()
    saved(dock, "甲")
    for number in range(100):
        store.copy("甲", f"方案 {number}")
    monkeypatch.setattr("three_opt_three_protect.desk.scenario_files.plan_meta", watched)
    dock.files.list()
    settle(dock)
    assert dock.page.table.model.rowCount() == 101
    assert len(threads) >= 101
    assert threading.main_thread() not in threads


def test_the_dock_leaves_nothing_behind(dock: Any) -> None:
    saved(dock, "甲")
    dock.save("乙")
    dock.close()
    QgsProject.instance().clear()
    QgsApplication.processEvents()
    assert dock._task is None


def test_what_was_made_is_told_below_the_list(dock: Any) -> None:
    saved(dock, "甲")
    store = dock.files.store
    layers = read_plan(store.path("甲")).layers
    made = replace(dock.scenarios[0].made, source="proposed", objective="cost", unit="yuan", status="gap", gap=0.0081)
    store.save("乙", {role: layers[role] for role in ("reclaim", "newbuild")}, made)
    dock.files.list()
    settle(dock)
    dock.page.select("乙")
    assert "least cost" in dock.page.about.text()
    row = next(row for row in texts(dock.page.table) if row[0] == "乙")
    assert row[5:7] == ["least cost", "0.8 %"]
    assert isinstance(made, Made)
