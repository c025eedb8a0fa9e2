"""The balance dock, driven as a planner drives it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, List

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt

from tests.desk.conftest import (
    EAST,
    NORTH,
    SIDE,
    boundary,
    line,
    memory_layer,
    newbuild,
    parcels,
    reclaim,
    settle,
    square,
    texts,
)
from three_opt_three_protect.bridge.words import sentence

TABS_PLOTS, TABS_ACCOUNTS = 2, 1


def layer_of(dock: Any, role: str) -> QgsVectorLayer:
    """The layer the dock uses in a role."""
    return dock.roles.layers()[role]


def first(layer: QgsVectorLayer) -> QgsFeature:
    """Its first feature."""
    return next(layer.getFeatures())


def verdict(dock: Any, rule: str) -> Any:
    """The township's verdict of a rule."""
    return next(v for v in dock._outcome.balance.verdicts if v.rule == rule and not v.unit_code)


def figures(dock: Any) -> List[Any]:
    """R, N and F of the township."""
    return [line(dock, name) for name in ("reclaimed_m2", "added_m2", "cultivated_gain_m2")]


# First look


def test_layers_are_guessed_and_balanced(dock: Any) -> None:
    assert {role: layer.name() for role, layer in dock.roles.layers().items()} == {
        "parcels": "DLTB",
        "boundary": "CZKFBJ",
        "reclaim": "拆旧地块",
        "newbuild": "建新地块",
    }
    # By hand: R = 10 000, N = 10 000, F = 0.9 × 10 000, Z = 10 000.
    assert figures(dock) == [10000.0, 10000.0, 9000.0]
    assert line(dock, "cultivated_loss_m2") == 10000.0
    assert dock.cards.construction.big.text() == "0.00"
    assert dock.cards.cultivated.big.text() == "-1.50"  # 1 000 m² in 亩
    assert not dock._outcome.balance.balanced
    assert dock.headline.sign.pixmap() is not None


def test_a_missing_layer_is_grey_and_blocks_nothing(dock: Any) -> None:
    assert verdict(dock, "newbuild_on_farmland").result == "unknown"
    row = next(row for row in dock.tabs.verdicts.model.rows if row.key == ("newbuild_on_farmland", ""))
    assert row.cells[0].text == sentence("result.unknown", {})
    assert sentence("role.farmland", {}) in row.cells[0].tip
    assert verdict(dock, "construction_not_increased").result == "pass"
    mark = dock.roles._marks["farmland"]
    assert not mark.isHidden()
    assert mark.text() == sentence("result.unknown", {})


def test_verdicts_not_kept_stand_first_with_word_icon_and_margin(dock: Any) -> None:
    shown = dock.tabs.verdicts.model.rows
    results = [next(v.result for v in dock._outcome.balance.verdicts if v.rule == row.key[0]) for row in shown]
    order = ["fail", "unknown", "warn", "pass"]
    assert results == sorted(results, key=order.index)
    row = next(row for row in shown if row.key == ("cultivated_not_decreased", ""))
    assert row.cells[0].text == sentence("result.fail", {})
    assert not row.cells[0].icon.isNull()
    mu = sentence("unit.mu", {})
    assert row.cells[2].text == sentence("margin.short", {"figure": "1.50", "unit": mu})
    assert row.cells[2].copy == "-1.50"


def test_unverified_basis_says_so(dock: Any) -> None:
    row = next(row for row in dock.tabs.verdicts.model.rows if row.key == ("reduction_target", ""))
    assert sentence("status.unverified", {}) in row.cells[-1].text


def test_other_changes_of_cultivated_land_count(dock: Any) -> None:
    assert line(dock, "occupied_all_m2") is None
    assert line(dock, "cultivated_after_m2") == 19000.0  # 20 000 + 9 000 − 10 000
    table = memory_layer(
        "其他耕地变化表",
        "变化类别:string 年度:integer 面积:double 单位:string",
        [("挖塘", 2016, 0.3, "亩"), ("整理", 2016, 0.5, "公顷")],
        "None",
    )
    QgsProject.instance().addMapLayer(table)
    settle(dock)
    assert layer_of(dock, "other_changes") is table
    # 10 000 by the plot and 200; 20 000 + 9 000 − 10 000 − 200 + 5 000
    assert (line(dock, "occupied_all_m2"), line(dock, "cultivated_after_m2")) == (10200.0, 23800.0)
    table.startEditing()
    table.changeAttributeValue(first(table).id(), 2, 0.6)
    settle(dock)
    assert line(dock, "occupied_all_m2") == 10400.0
    table.rollBack()
    dock.roles.choose("other_changes", None)
    settle(dock)
    assert line(dock, "occupied_all_m2") is None


# Edits


def test_geometry_edit_undo_redo_and_roll_back_are_followed(dock: Any) -> None:
    layer = layer_of(dock, "newbuild")
    layer.startEditing()
    layer.beginEditCommand("reshape")
    layer.changeGeometry(first(layer).id(), QgsGeometry.fromWkt(square(1, 2)))
    layer.endEditCommand()
    settle(dock)
    assert line(dock, "added_m2") == 20000.0
    layer.undoStack().undo()
    settle(dock)
    assert line(dock, "added_m2") == 10000.0
    layer.undoStack().redo()
    settle(dock)
    assert line(dock, "added_m2") == 20000.0
    layer.rollBack()
    settle(dock)
    assert line(dock, "added_m2") == 10000.0


def test_added_deleted_and_saved_plots_are_followed(dock: Any) -> None:
    layer = layer_of(dock, "newbuild")
    layer.startEditing()
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["N2", "东村", "town", "0701", "linked", 2016])
    feature.setGeometry(QgsGeometry.fromWkt(square(2)))
    layer.addFeature(feature)
    settle(dock)
    assert line(dock, "added_m2") == 20000.0
    assert layer.commitChanges()
    settle(dock)
    assert line(dock, "added_m2") == 20000.0
    layer.startEditing()
    layer.deleteFeature(first(layer).id())
    settle(dock)
    assert line(dock, "added_m2") == 10000.0
    assert [plot.plot_id for plot in dock._outcome.plots if plot.role == "newbuild"] == ["N2"]


def test_attribute_edit_is_followed(dock: Any) -> None:
    layer = layer_of(dock, "reclaim")
    layer.startEditing()
    layer.changeAttributeValue(first(layer).id(), layer.fields().indexOf("rate"), 0.5)
    settle(dock)
    assert line(dock, "cultivated_gain_m2") == 5000.0


def test_changed_parcels_are_cut_again(dock: Any) -> None:
    layer = layer_of(dock, "parcels")
    survey = dock._outcome.survey
    layer.startEditing()
    pond = next(feature for feature in layer.getFeatures() if feature["BSM"] == "P4")
    layer.changeAttributeValue(pond.id(), layer.fields().indexOf("DLBM"), "0702")
    settle(dock)
    assert dock._outcome.survey is not survey
    assert line(dock, "construction_base_m2") == 20000.0


def test_many_changes_at_once_are_one_balance(dock: Any) -> None:
    outcomes: List[Any] = []
    dock.live.balanced.connect(outcomes.append)
    layer = layer_of(dock, "newbuild")
    layer.startEditing()
    for step in range(20):
        layer.changeGeometry(first(layer).id(), QgsGeometry.fromWkt(square(1, 1 + step / 20)))
    settle(dock)
    dock.live.balanced.disconnect(outcomes.append)
    assert len(outcomes) == 1
    assert line(dock, "added_m2") == pytest.approx(19500.0, abs=0.5)


# Plots in and out


def test_unticked_plot_is_left_out_without_touching_the_data(dock: Any) -> None:
    dock.tabs.setCurrentIndex(TABS_PLOTS)
    model = dock.tabs.plots.model
    place = [row.key for row in model.rows].index(("newbuild", "N1"))
    assert model.setData(model.index(place, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    settle(dock)
    assert figures(dock) == [10000.0, 0.0, 9000.0]
    assert model.rows[place].cells[0].checked is False
    assert not layer_of(dock, "newbuild").isEditable()
    dock.set_plot(("newbuild", "N1"), True)
    settle(dock)
    assert figures(dock) == [10000.0, 10000.0, 9000.0]


def test_click_on_the_map_toggles_the_plot_there(dock: Any) -> None:
    inside = QgsPointXY(EAST + 0.5 * SIDE, NORTH + 0.5 * SIDE)
    dock._canvas.setDestinationCrs(layer_of(dock, "parcels").crs())
    dock._tool.clicked.emit(inside)
    settle(dock)
    assert figures(dock) == [0.0, 10000.0, 0.0]
    assert dock._marks._left_out is not None
    dock._tool.clicked.emit(inside)
    settle(dock)
    assert figures(dock) == [10000.0, 10000.0, 9000.0]
    assert dock._marks._left_out is None
    dock._tool.clicked.emit(QgsPointXY(EAST + 3.5 * SIDE, NORTH + 0.5 * SIDE))
    assert figures(dock) == [10000.0, 10000.0, 9000.0]


def test_pick_button_and_map_tool_go_together(dock: Any) -> None:
    before = dock._canvas.mapTool()
    dock.tabs.pick.setChecked(True)
    assert dock._canvas.mapTool() is dock._tool
    dock._canvas.unsetMapTool(dock._tool)
    assert not dock.tabs.pick.isChecked()
    assert dock._canvas.mapTool() is not dock._tool
    assert before is not dock._tool


# Projects


def test_removed_layers_leave_a_line_and_no_figures(dock: Any) -> None:
    QgsProject.instance().removeMapLayer(layer_of(dock, "newbuild").id())
    settle(dock)
    assert figures(dock)[:2] == [10000.0, 0.0]
    QgsProject.instance().removeMapLayer(layer_of(dock, "parcels").id())
    settle(dock)
    assert dock._outcome is None
    assert dock.message.text() != ""
    assert texts(dock.tabs.verdicts) == []
    QgsProject.instance().addMapLayer(parcels())
    settle(dock)
    assert line(dock, "reclaimed_m2") == 10000.0


def test_another_project_has_its_own_choices(dock: Any, tmp_path: Path) -> None:
    project = QgsProject.instance()
    other = boundary()
    other.setName("边界二稿")
    project.addMapLayer(other)
    settle(dock)
    dock.roles.choose("boundary", other)
    dock.set_plot(("newbuild", "N1"), False)
    settle(dock)
    kept = {role: layer.id() for role, layer in dock.roles.layers().items()}
    path = str(tmp_path / "plan.qgs")
    assert project.write(path)
    project.clear()
    settle(dock)
    assert dock._outcome is None
    assert dock.roles.layers() == {}
    # Memory layers come back empty; the choices are what this test is about.
    project.addMapLayers([parcels(), boundary(), reclaim(), newbuild()])
    settle(dock)
    assert figures(dock) == [10000.0, 10000.0, 9000.0]
    assert project.read(path)
    settle(dock)
    assert {role: layer.id() for role, layer in dock.roles.layers().items()} == kept
    assert dock._memory.excluded() == frozenset({("newbuild", "N1")})


def test_no_layer_is_a_choice_too(dock: Any) -> None:
    dock.roles.choose("boundary", None)
    settle(dock)
    assert "boundary" not in dock.roles.layers()
    assert verdict(dock, "newbuild_inside_boundary").result == "unknown"
    dock.roles.refresh()
    assert "boundary" not in dock.roles.layers()


def test_guesses_do_not_make_the_project_dirty(township: Any, make_dock: Callable[[], Any]) -> None:
    QgsProject.instance().setDirty(False)
    make_dock()
    assert not QgsProject.instance().isDirty()


# Profile


def test_profile_of_ones_own(dock: Any, tmp_path: Path) -> None:
    own = tmp_path / "half.yaml"
    own.write_text(
        "id: half\nextends: suzhou-2014\ntitle: {zh: 一半, en: Half}\n"
        'settings:\n  reduction_factor: {value: 0.5, unit: ratio, basis: "试算", status: practice}\n',
        encoding="utf-8",
    )
    dock.roles.choose_profile(str(own))
    settle(dock)
    # 0.5 × 10 000 reclaimed against 10 000 built.
    assert verdict(dock, "construction_not_increased").margin == -5000.0
    own.write_text("id: half\nwrong: 1\n", encoding="utf-8")
    dock.roles.choose_profile(str(own))
    settle(dock)
    assert "half.yaml" in dock.message.text()
    dock.roles.choose_profile("suzhou-2014")
    settle(dock)
    assert dock.message.isHidden()
    assert verdict(dock, "construction_not_increased").margin == 0.0


# Unit, tables, evidence


@pytest.mark.parametrize(("unit", "shown"), [("mu", "-1.50"), ("ha", "-0.1000"), ("m2", "-1000.00")])
def test_unit_is_used_everywhere_and_remembered(dock: Any, unit: str, shown: str) -> None:
    row = dock.units.findData(unit)
    dock.units.setCurrentIndex(row)
    dock.units.activated.emit(row)
    assert dock.cards.cultivated.big.text() == shown
    keys = [row.key for row in dock.tabs.verdicts.model.rows]
    cells = dock.tabs.verdicts.model.rows[keys.index(("cultivated_not_decreased", ""))].cells
    assert cells[2].copy == shown
    assert cells[5].text == sentence(f"unit.{unit}", {})
    dock.tabs.setCurrentIndex(TABS_ACCOUNTS)
    keys = [row.key for row in dock.tabs.accounts.model.rows]
    assert dock.tabs.accounts.model.rows[keys.index("cultivated_net_gain_m2")].cells[2].text == shown
    assert QgsSettings().value("three_opt_three_protect/area_unit") == unit


def test_accounts_by_village_and_official_tables(dock: Any) -> None:
    dock.tabs.setCurrentIndex(TABS_ACCOUNTS)
    dock.tabs.scope.setCurrentIndex(1)
    dock.tabs.scope.activated.emit(1)
    shown = texts(dock.tabs.accounts)
    assert [row[1:4] for row in shown] == [["15.00", "15.00", "0.00"], ["15.00", "15.00", "0.00"]]
    place = dock.tabs.scope.findData("T8")
    dock.tabs.scope.setCurrentIndex(place)
    dock.tabs.scope.activated.emit(place)
    assert any("15.00" in cell for row in texts(dock.tabs.accounts) for cell in row)


def test_copied_table_is_tab_separated_with_header(dock: Any) -> None:
    dock.tabs.setCurrentIndex(TABS_PLOTS)
    dock.tabs.plots.copy(everything=True)
    lines = QgsApplication.clipboard().text().splitlines()
    assert len(lines) == 3
    assert lines[1].split("\t")[0] == "R1"
    assert lines[1].split("\t")[-1] == "15.00"
    dock.tabs.plots.view.selectRow(1)
    dock.tabs.plots.copy()
    assert [entry.split("\t")[0] for entry in QgsApplication.clipboard().text().splitlines()[1:]] == ["N1"]


def test_verdict_shows_its_evidence_and_gives_it_back(dock: Any) -> None:
    dock.tabs.verdicts.select(("occupation_compensated", ""))
    assert [row.key for row in dock.tabs.evidence.model.rows] == [("N1", "P2")]
    assert texts(dock.tabs.evidence)[0][-1] == "15.00"
    band = dock._marks._evidence
    assert band is not None
    assert band.asGeometry().area() == pytest.approx(10000.0)
    extent = dock._canvas.extent()
    assert extent.contains(QgsPointXY(EAST + 1.5 * SIDE, NORTH + 0.5 * SIDE))
    dock.tabs.close_evidence.click()
    assert dock._marks._evidence is None
    assert dock.tabs._evidence_box.isHidden()


def test_evidence_follows_an_edit(dock: Any) -> None:
    dock.tabs.verdicts.select(("occupation_compensated", ""))
    layer = layer_of(dock, "newbuild")
    layer.startEditing()
    layer.changeGeometry(first(layer).id(), QgsGeometry.fromWkt(square(2)))
    settle(dock)
    assert [row.key for row in dock.tabs.evidence.model.rows] == [("N1", "P3")]
    assert dock.tabs.verdicts.view.selectionModel().hasSelection()


# What goes wrong


def test_a_word_nobody_knows_is_one_line_and_mended_by_the_next_edit(dock: Any) -> None:
    layer = layer_of(dock, "reclaim")
    layer.startEditing()
    field = layer.fields().indexOf("direction")
    layer.changeAttributeValue(first(layer).id(), field, "月球")
    settle(dock)
    assert "月球" in dock.message.text()
    assert "拆旧地块" in dock.message.text()
    assert len(dock.message.text()) <= 200
    assert dock._outcome is None
    layer.changeAttributeValue(first(layer).id(), field, "forest")
    settle(dock)
    assert dock.message.isHidden()
    assert line(dock, "cultivated_gain_m2") == 0.0


def test_a_layer_without_crs_is_one_line(dock: Any) -> None:
    layer_of(dock, "boundary").setCrs(QgsCoordinateReferenceSystem())
    settle(dock)
    like = "EPSG:4528, EPSG:2364, EPSG:2416"
    assert dock.message.text() == sentence("no_crs_like", {"layer": "CZKFBJ", "like": like})
    assert texts(dock.tabs.verdicts) == []


def test_a_plot_id_given_twice_is_one_line(dock: Any) -> None:
    layer = layer_of(dock, "newbuild")
    layer.startEditing()
    copied = QgsFeature(layer.fields())
    copied.setAttributes(["N1", "东村", "town", "0701", "linked", 2016])
    copied.setGeometry(QgsGeometry.fromWkt(square(2)))
    layer.addFeature(copied)
    settle(dock)
    assert "plot_id" in dock.message.text()
    layer.undoStack().undo()
    settle(dock)
    assert figures(dock) == [10000.0, 10000.0, 9000.0]


def test_cancelled_overlay_leaves_nothing_half_done(township: Any, make_dock: Callable[[], Any]) -> None:
    dock = make_dock()
    dock.live.restart()
    dock.live._survey_timer.timeout.emit()
    dock.live.cancel()
    settle(dock)
    assert dock._outcome is None
    dock.live.restart()
    settle(dock)
    assert figures(dock) == [10000.0, 10000.0, 9000.0]


def test_hidden_dock_does_not_work_and_catches_up(dock: Any) -> None:
    dock.hide()
    QgsApplication.processEvents()
    layer = layer_of(dock, "newbuild")
    layer.startEditing()
    layer.changeGeometry(first(layer).id(), QgsGeometry.fromWkt(square(1, 2)))
    QgsApplication.processEvents()
    assert not dock.live.busy
    survey = dock._outcome.survey
    dock.show()
    settle(dock)
    assert line(dock, "added_m2") == 20000.0
    # The parcels have not changed: they are not cut again each time the dock comes to the front.
    assert dock._outcome.survey is survey
    dock.hide()
    parcel_layer = layer_of(dock, "parcels")
    parcel_layer.startEditing()
    parcel_layer.changeAttributeValue(first(parcel_layer).id(), parcel_layer.fields().indexOf("DLBM"), "0101")
    dock.show()
    settle(dock)
    assert line(dock, "reclaimed_m2") == 0.0


def test_closed_dock_hears_nothing_and_leaves_nothing_on_the_map(dock: Any, qgis_iface: Any) -> None:
    layer = layer_of(dock, "newbuild")
    project = QgsProject.instance()
    heard = (layer.receivers(layer.geometryChanged), project.receivers(project.layersAdded))
    dock.tabs.verdicts.select(("occupation_compensated", ""))
    items = len(dock._canvas.scene().items())
    dock.close()
    after = (layer.receivers(layer.geometryChanged), project.receivers(project.layersAdded))
    assert after[0] == heard[0] - 1
    assert after[1] < heard[1]
    assert len(dock._canvas.scene().items()) == items - 1
    layer.startEditing()
    layer.changeGeometry(first(layer).id(), QgsGeometry.fromWkt(square(1, 2)))
    ends = time.monotonic() + 0.2
    while time.monotonic() < ends:
        QgsApplication.processEvents()
    assert not dock.live.busy
