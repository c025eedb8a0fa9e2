"""The findings dock, driven as a planner drives it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer

from tests.desk.conftest import come_to_rest, gbk_shapefile, square
from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.desk.findings_map import place_of
from three_opt_three_protect.desk.findings_rows import FEATURE, MESSAGE, RULE, measured, rule_title
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.storage.findings_store import ACCEPTED, AGAIN, FIXED, OPEN

ROLES = ("parcels", "villages", "township", "farmland", "boundary", "redline", "reclaim", "newbuild")


class Interface:
    """What the dock needs of QGIS's window."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self.calls: List[Tuple[str, ...]] = []

    def mapCanvas(self) -> Any:  # noqa: N802
        return self._canvas

    def openFeatureForm(self, layer: QgsVectorLayer, feature: Any) -> None:  # noqa: N802
        self.calls.append(("form", layer.name(), str(feature.id())))

    def showAttributeTable(self, layer: QgsVectorLayer, expression: str) -> None:  # noqa: N802
        self.calls.append(("table", layer.name(), expression))

    def setActiveLayer(self, layer: QgsVectorLayer) -> None:  # noqa: N802
        self.calls.append(("active", layer.name()))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: Any) -> Path:
    """A small township with everything planted that can be."""
    from three_opt_three_protect.core.sample import draw_township
    from three_opt_three_protect.storage.plandb import write_plan

    path = tmp_path_factory.mktemp("drawn") / "plan.gpkg"
    write_plan(path, draw_township(seed=1, parcels=600, years=1, defects=1), {})
    return Path(path)


@pytest.fixture
def sample(drawn: Path, tmp_path: Path) -> Path:
    """A copy of it, which a test may change."""
    return Path(shutil.copy(drawn, tmp_path / "plan.gpkg"))


def settle(dock: Any, seconds: float = 60.0) -> None:
    """Let Qt run until the dock has nothing left to do."""
    come_to_rest(lambda: dock.busy, seconds)


def load(path: Path, roles: Tuple[str, ...] = ROLES) -> None:
    """Add layers of a plan database to the project."""
    for role in roles:
        layer = QgsVectorLayer(f"{path}|layername={role}", role, "ogr")
        assert layer.isValid()
        QgsProject.instance().addMapLayer(layer)


@pytest.fixture
def make_dock(qgis_iface: Any, qgis_new_project: Any) -> Iterator[Callable[[], Any]]:
    """Docks that are stopped and gone when the test ends."""
    from three_opt_three_protect.desk.findings_dock import FindingsDock

    made: List[Any] = []

    def make() -> Any:
        dock = FindingsDock(Interface(qgis_iface.mapCanvas()))
        made.append(dock)
        dock.show()
        settle(dock)
        return dock

    yield make
    for dock in made:
        dock.close()
        dock.deleteLater()
    QgsProject.instance().clear()
    QgsApplication.processEvents()


@pytest.fixture
def dock(sample: Path, make_dock: Callable[[], Any], tmp_path: Path) -> Any:
    """A dock that has checked a saved project."""
    load(sample)
    assert QgsProject.instance().write(str(tmp_path / "规划.qgz"))
    made = make_dock()
    made.check()
    settle(made)
    assert made._rows is not None, made.page.message.text()
    return made


def counts(dock: Any) -> Dict[Tuple[str, str], int]:
    """(rule, role) → findings."""
    found = dock._rows.findings
    pairs = [
        (found.rules[rule][0], found.layers[layer].role)
        for rule, layer in zip(found.rule.tolist(), found.layer.tolist())
    ]
    return {pair: pairs.count(pair) for pair in set(pairs)}


def rows_of(dock: Any, rule: str, role: str) -> List[int]:
    """Rows of the findings of a rule in a role."""
    found = dock._rows.findings
    return [
        row
        for row in range(len(found))
        if (found.rules[found.rule[row]][0], found.layers[found.layer[row]].role) == (rule, role)
    ]


def layer(role: str) -> QgsVectorLayer:
    """The layer of the project called so."""
    return QgsProject.instance().mapLayersByName(role)[0]


# The run


def test_one_click_checks_every_layer_with_a_role(dock: Any) -> None:
    assert {each.role for each in dock._run.layers} == set(ROLES)
    found = counts(dock)
    # Planted in the drawing: a parcel stretched over its neighbours, a plot over another, a bow-tie.
    assert found[("overlap", "parcels")] > 0
    assert found[("plots_overlap", "reclaim")] == 1
    assert found[("self_intersection", "parcels")] == 1
    assert dock._run.counts == dock._rows.findings.counts
    assert sum(dock._run.counts) == len(dock._rows)
    severity = dock._rows.findings.severity
    assert (np.diff(severity) >= 0).all(), "the most serious stand first"


def test_findings_are_kept_beside_the_project(dock: Any, tmp_path: Path) -> None:
    assert (tmp_path / "规划_质检.sqlite").is_file()
    assert dock.page.runs.count() == 1
    assert sentence("severity.error", {}) in dock.page.runs.itemText(0)


def test_a_garbled_shapefile_is_read_right_and_that_is_said(tmp_path: Path, make_dock: Any) -> None:
    fields = "plot_id:string village:string use:string cls_after:string quota_src:string phase:integer"
    # the same plot twice: overlap and a number given twice
    rows = [(square(0), "甲-1", "东村", "town", "0701", "linked", 2016)] * 2
    shown = gbk_shapefile(tmp_path, "建新地块", fields, rows)
    QgsProject.instance().addMapLayer(shown)
    ProjectMemory().keep_layer("newbuild", shown.id())
    dock = make_dock()
    dock.check()
    settle(dock)
    found = dock._rows.findings
    assert [message for message in found.message if "甲-1" in message]
    assert "text_garbled" not in [rule for rule, _ in found.rules]
    assert dock.page.message.text().count("GB18030") == 1


def test_only_ticked_layers_are_checked_the_others_are_held_against(sample: Path, make_dock: Any) -> None:
    load(sample)
    dock = make_dock()
    for role in ROLES:
        dock.page.layers.tick(role, role == "newbuild")
    dock.check()
    settle(dock)
    assert [each.role for each in dock._run.layers] == ["newbuild"]
    ran_not = {each.rule for each in dock._rows.findings.skipped}
    assert "newbuild_farmland" not in ran_not
    assert "phase_missing" not in ran_not
    assert "past_project" not in ran_not  # Not for new-build plots at all.


def test_rules_that_could_not_run_are_named_with_what_they_lack(dock: Any) -> None:
    skipped = dock._rows.findings.skipped
    assert any(each.rule == "year_area" for each in skipped)
    tip = dock.page.status.toolTip()
    assert rule_title(skipped[0].rule) in tip
    assert skipped[0].lacks in tip


def test_cancel_keeps_nothing_and_the_next_run_works(sample: Path, make_dock: Any) -> None:
    load(sample)
    dock = make_dock()
    dock.check()
    assert not dock.page.cancel.isHidden()
    assert not dock.page.start.isEnabled()
    dock.cancel()
    settle(dock)
    assert dock._rows is None
    assert dock.runs.store.runs() == []
    assert dock.page.start.isEnabled()
    assert dock.page.status.text() == dock.tr("Stopped. Nothing of this run was kept.")
    dock.check()
    settle(dock)
    assert len(dock.runs.store.runs()) == 1


def test_a_layer_removed_mid_run_does_no_harm(sample: Path, make_dock: Any) -> None:
    load(sample)
    dock = make_dock()
    dock.check()
    QgsProject.instance().removeMapLayer(layer("parcels").id())
    settle(dock)
    assert ("overlap", "parcels") in counts(dock)
    dock.page.table.select(rows_of(dock, "overlap", "parcels")[0])
    settle(dock)
    # The place was kept with the finding; the feature is gone with its layer, and the dock says so.
    assert dock.page.actions.buttons["zoom"].isEnabled()
    assert not dock.page.actions.buttons["form"].isEnabled()
    assert "parcels" in dock.page.actions.buttons["form"].toolTip()
    assert "parcels" in dock.page.actions.text.text()
    dock.act("form")
    dock.act("select")
    assert dock._interface.calls == []


def test_datums_that_do_not_mix_are_one_line(sample: Path, make_dock: Any) -> None:
    from qgis.core import QgsCoordinateReferenceSystem

    load(sample, ("parcels", "farmland"))
    layer("farmland").setCrs(QgsCoordinateReferenceSystem("EPSG:2364"))  # Xi'an 80
    dock = make_dock()
    dock.check()
    settle(dock)
    assert dock._rows is None
    assert "farmland" in dock.page.message.text()
    assert len(dock.page.message.text()) <= 200


# Projects


def test_another_project_opened_mid_run_loses_nothing(sample: Path, make_dock: Any, tmp_path: Path) -> None:
    project = QgsProject.instance()
    load(sample)
    first = str(tmp_path / "甲.qgz")
    assert project.write(first)
    dock = make_dock()
    dock.check()
    project.clear()
    load(sample, ("villages",))
    assert project.write(str(tmp_path / "乙.qgz"))
    settle(dock)
    assert dock._rows is None
    assert (tmp_path / "甲_质检.sqlite").is_file()
    assert not (tmp_path / "乙_质检.sqlite").exists()
    assert project.read(first)
    settle(dock)
    assert dock._rows is not None
    assert ("overlap", "parcels") in counts(dock)


def test_marks_survive_closing_and_another_project(dock: Any, make_dock: Any, tmp_path: Path) -> None:
    project = QgsProject.instance()
    row = rows_of(dock, "plots_overlap", "reclaim")[0]
    other = rows_of(dock, "self_intersection", "parcels")[0]
    dock.mark(np.array([row]), FIXED, "")
    dock.mark(np.array([other]), ACCEPTED, "县局图斑")
    settle(dock)
    project.clear()
    settle(dock)
    assert dock._rows is None
    assert dock.page.runs.currentData() is None
    dock.close()
    assert project.read(str(tmp_path / "规划.qgz"))
    again = make_dock()
    assert again._rows.state[row] == FIXED
    assert (again._rows.state[other], again._rows.note[other]) == (ACCEPTED, "县局图斑")
    assert (again._rows.state == OPEN).sum() == len(again._rows) - 2
    # Nothing was mended: in the next run what was marked as fixed has come again.
    again.check()
    settle(again)
    assert again.page.runs.count() == 2
    assert again._rows.state[rows_of(again, "plots_overlap", "reclaim")[0]] == AGAIN
    assert again._rows.state[rows_of(again, "self_intersection", "parcels")[0]] == ACCEPTED


def test_a_mended_feature_is_no_finding_any_more(dock: Any) -> None:
    row = rows_of(dock, "self_intersection", "parcels")[0]
    fid = int(dock._rows.findings.fid[row])
    parcels = layer("parcels")
    parcels.startEditing()
    parcels.changeGeometry(fid, QgsGeometry(parcels.getFeature(fid).geometry()).makeValid())
    dock.check()  # Edits count before they are saved.
    settle(dock)
    assert ("self_intersection", "parcels") not in counts(dock)
    parcels.rollBack()
    first = next(at for at in range(dock.page.runs.count()) if dock.page.runs.itemData(at).id != dock._run.id)
    dock.runs.load(dock.page.runs.itemData(first))
    settle(dock)
    assert ("self_intersection", "parcels") in counts(dock)


def test_runs_of_a_project_never_saved_go_along_when_it_is_saved(sample: Path, make_dock: Any, tmp_path: Path) -> None:
    load(sample, ("newbuild", "reclaim"))
    dock = make_dock()
    dock.check()
    settle(dock)
    before = dock.runs.store.path
    assert before.is_file()
    assert tmp_path not in before.parents
    dock.mark(np.array([0]), ACCEPTED, "x")
    settle(dock)
    assert QgsProject.instance().write(str(tmp_path / "丙.qgz"))
    settle(dock)
    assert not before.exists()
    assert (tmp_path / "丙_质检.sqlite").is_file()
    assert dock._rows.state[0] == ACCEPTED


def test_findings_of_a_project_thrown_away_are_not_left_lying(sample: Path, make_dock: Any) -> None:
    load(sample, ("newbuild", "reclaim"))
    dock = make_dock()
    dock.check()
    settle(dock)
    path = dock.runs.store.path
    assert path.is_file()
    QgsProject.instance().clear()
    settle(dock)
    assert not path.exists()


def test_a_run_is_deleted_and_the_one_before_shown(dock: Any) -> None:
    dock.check()
    settle(dock)
    assert dock.page.runs.count() == 2
    dock.delete(dock.page.runs.itemData(0))
    settle(dock)
    assert dock.page.runs.count() == 1
    assert dock._run.id == dock.page.runs.itemData(0).id
    dock.delete(dock._run)
    settle(dock)
    assert dock._rows is None
    assert dock.page.runs.itemData(0) is None
    assert not dock.page.delete.isEnabled()


# Filters


def test_chips_and_severities_filter(dock: Any) -> None:
    found = dock._rows.findings
    table = dock.page.table
    errors = int((found.severity == 0).sum())
    assert 0 < len(dock.page.summary.chips) <= 10
    dock.page.summary.severities[0].click()
    assert len(table.rows_shown()) == errors
    dock.page.summary.chips["overlap"].click()
    groups = {found.rules[found.rule[row]][1] for row in table.rows_shown().tolist()}
    assert groups == {"overlap"}
    assert (found.severity[table.rows_shown()] == 0).all()
    # Clicked once more it lets everything through again but the folded notes.
    dock.page.summary.chips["overlap"].click()
    assert len(table.rows_shown()) == len(found) - int(dock._rows.statutory_note.sum())


def test_notes_on_statutory_data_are_folded_and_accepted_a_rule_at_a_time(dock: Any) -> None:
    rows, table, notes = dock._rows, dock.page.table, dock.page.notes
    note = rows.statutory_note
    assert note.any()
    assert not note[table.rows_shown()].any()
    wanted: List[Any] = []
    notes.accept_wanted.disconnect()
    notes.accept_wanted.connect(wanted.append)
    assert not notes.accept.isEnabled()
    key = notes.table.keys()[0]
    notes.table.select(key)
    here = np.flatnonzero(note & (rows.findings.rule == key[0]) & (rows.findings.layer == key[1]))
    assert table.rows_shown().tolist() == here.tolist()
    notes.accept.click()
    assert wanted[0].tolist() == here.tolist()
    dock.mark(wanted[0], ACCEPTED, "法定数据")
    settle(dock)
    assert (rows.state[here] == ACCEPTED).all()
    assert notes.table.model.rows[notes.table.keys().index(key)].cells[3].text == str(len(here))
    notes.back.click()
    assert not note[table.rows_shown()].any()


def test_filter_by_rule_layer_and_state(dock: Any) -> None:
    table = dock.page.table
    table.filters[1].choose("reclaim")
    found = dock._rows.findings
    assert {found.layers[found.layer[row]].role for row in table.rows_shown().tolist()} == {"reclaim"}
    table.filters[0].choose(rule_title("plots_overlap"))
    assert table.rows_shown().tolist() == rows_of(dock, "plots_overlap", "reclaim")
    table.filters[2].choose(sentence("findingstate.open", {}))
    table.select(table.keys()[0])
    dock.act("fixed")
    assert table.rows_shown().tolist() == []
    table.filters[2].choose(None)
    assert table.rows_shown().tolist() == rows_of(dock, "plots_overlap", "reclaim")


def test_one_mark_counts_for_the_same_finding_only(dock: Any) -> None:
    overlaps = rows_of(dock, "overlap", "parcels")
    assert len(overlaps) > 1
    dock.mark(np.array(overlaps[:1]), ACCEPTED, "")
    assert (dock._rows.state == ACCEPTED).sum() == 1
    left = dock.page.summary._groups()["overlap"]
    assert left[1] - left[0] == 1
    dock.mark(np.array(overlaps[:1]), OPEN, "")
    assert (dock._rows.state == OPEN).all()


def test_marking_goes_on_to_the_next_finding(dock: Any) -> None:
    table = dock.page.table
    table.filters[2].choose(sentence("findingstate.open", {}))
    first, second = table.keys()[:2]
    table.select(first)
    dock.act("fixed")
    assert table.rows_selected().tolist() == [second]


# Map and feature


def test_selected_finding_is_shown_on_the_map(dock: Any) -> None:
    canvas = dock._interface.mapCanvas()
    canvas.setDestinationCrs(layer("parcels").crs())
    row = rows_of(dock, "plots_overlap", "reclaim")[0]
    place = place_of(dock._rows.findings, row)
    # The place is what both have in common, not the whole plot.
    assert place.geometry.area() == pytest.approx(dock._rows.findings.measure[row], rel=1e-3)
    dock.page.table.select(row)
    settle(dock)
    assert dock._map._band is not None
    assert canvas.extent().contains(QgsPointXY(place.geometry.boundingBox().center()))
    dock.page.actions.follow.setChecked(False)
    canvas.zoomByFactor(50)
    before = canvas.extent()
    dock.page.table.step(-1)
    settle(dock)
    assert canvas.extent() == before
    scale = canvas.scale()
    dock.act("pan")
    assert canvas.scale() == pytest.approx(scale)
    middle = dock.place().geometry.boundingBox().center()
    assert canvas.center().distance(middle) < canvas.extent().width() / 1000
    dock.act("flash")
    dock.hide()
    assert dock._map._band is None


def test_form_and_attribute_table(dock: Any) -> None:
    overlaps = rows_of(dock, "overlap", "parcels")
    dock.page.table.view.selectAll()
    dock.page.table.select(overlaps[0])
    fid = int(dock._rows.findings.fid[overlaps[0]])
    dock.act("form")
    dock.act("select")
    assert dock._interface.calls == [
        ("form", "parcels", str(fid)),
        ("active", "parcels"),
        ("table", "parcels", "is_selected()"),
    ]
    assert layer("parcels").selectedFeatureIds() == [fid]


def test_a_deleted_feature_is_said(dock: Any) -> None:
    row = rows_of(dock, "self_intersection", "parcels")[0]
    fid = int(dock._rows.findings.fid[row])
    parcels = layer("parcels")
    parcels.startEditing()
    parcels.deleteFeature(fid)
    dock.page.table.select(row)
    settle(dock)
    assert not dock.page.actions.buttons["form"].isEnabled()
    assert str(fid) in dock.page.actions.buttons["form"].toolTip()
    parcels.rollBack()


# Export


def test_workbook_has_the_rows_shown(dock: Any, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    dock.page.summary.chips["overlap"].click()
    shown = dock.page.table.rows_shown()
    dock.saver.save(dock._rows, str(tmp_path / "质检.xlsx"))
    settle(dock)
    assert "质检.xlsx" in dock.page.status.text()
    sheet = load_workbook(tmp_path / "质检.xlsx").worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads = [row for row in cells if sentence("column.rule", {}) in row]
    assert len(heads) == 1
    at = heads[0].index(sentence("column.text", {}))
    body = cells[cells.index(heads[0]) + 1 :]
    assert [row[at] for row in body[: len(shown)]] == dock._rows.findings.message[shown].tolist()
    assert [row[0] for row in body if isinstance(row[0], (int, float))] == list(range(1, len(shown) + 1))


def test_geopackage_has_every_row_shown_with_its_place(dock: Any, tmp_path: Path) -> None:
    path = tmp_path / "质检.gpkg"
    shown = dock.page.table.rows_shown()
    dock.saver.save(dock._rows, str(path))
    settle(dock)
    areas = QgsVectorLayer(f"{path}|layername=findings_areas", "areas", "ogr")
    other = QgsVectorLayer(f"{path}|layername=findings_other", "other", "ogr")
    assert areas.isValid()
    assert areas.featureCount() + (other.featureCount() if other.isValid() else 0) == len(shown)
    assert areas.crs() == layer("parcels").crs()
    overlap = next(f for f in areas.getFeatures() if (f["rule"], f["layer"]) == ("plots_overlap", "reclaim"))
    row = rows_of(dock, "plots_overlap", "reclaim")[0]
    assert overlap.geometry().area() == pytest.approx(dock._rows.findings.measure[row], rel=1e-3)
    assert overlap["message"] == dock._rows.findings.message[row]
    assert all(feature.hasGeometry() for feature in areas.getFeatures())


def test_a_file_the_project_has_open_is_not_written_over(dock: Any, sample: Path) -> None:
    before = sample.read_bytes()
    dock.saver.save(dock._rows, str(sample))
    settle(dock)
    assert dock.page.message.text() == sentence("findings_file_open", {"path": str(sample)})
    assert sample.read_bytes() == before


# Words and ends


def test_every_finding_is_a_sentence_with_its_rule(dock: Any) -> None:
    rows = dock._rows
    assert not [text for text in rows.findings.message if text.startswith("check.")]
    rules = {rule for rule, _ in rows.findings.rules}
    assert not rules & {rows.cell(row, RULE).text for row in range(len(rows))}
    assert rows.cell(rows_of(dock, "plots_overlap", "reclaim")[0], FEATURE).text.isdecimal()
    dock.page.table.select(0)
    settle(dock)
    assert rows.cell(0, MESSAGE).text[:10] in dock.page.actions.text.text()


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(12.345, "m2", "12.35 m²"), (0.0003602, "share", "0.036%"), (2.5e-7, "share", "0.000025%"), (3.0, "", "3.00")],
)
def test_measures_have_their_unit(value: float, unit: str, shown: str) -> None:
    assert measured(value, unit) == shown
    assert measured(float("nan"), unit) == ""


def test_every_group_of_rules_has_its_name() -> None:
    from three_opt_three_protect.storage.rulebook import load_rules

    groups = {rule.group for rule in load_rules().values()}
    assert len(groups) == 10
    assert [group for group in groups if sentence(f"rulegroup.{group}", {}) == f"rulegroup.{group}"] == []


def test_closed_dock_hears_nothing_and_leaves_nothing_on_the_map(dock: Any) -> None:
    project = QgsProject.instance()
    canvas = dock._interface.mapCanvas()
    dock.page.table.select(rows_of(dock, "plots_overlap", "reclaim")[0])
    settle(dock)
    heard = [project.receivers(signal) for signal in (project.layersAdded, project.cleared, project.projectSaved)]
    items = len(canvas.scene().items())
    dock.close()
    after = [project.receivers(signal) for signal in (project.layersAdded, project.cleared, project.projectSaved)]
    assert [one - other for one, other in zip(heard, after)] == [1, 2, 1]
    assert len(canvas.scene().items()) == items - 1
    project.clear()
    QgsApplication.processEvents()
    assert dock._rows is not None


def test_without_a_layer_nothing_can_be_checked(make_dock: Any) -> None:
    dock = make_dock()
    assert not dock.page.start.isEnabled()
    dock.check()
    settle(dock)
    assert dock.page.message.text() != ""
    assert not QgsProject.instance().isDirty()
