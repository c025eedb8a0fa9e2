"""The findings dock where things are not as they should be: no file to keep a run in, plots not saved, a name twice."""

# ruff: noqa: F811 (fixtures of other modules)
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer

from tests.desk.test_findings_dock import drawn, layer, load, make_dock, rows_of, sample, settle  # noqa: F401
from three_opt_three_protect.desk.findings_map import FindingMap, Place, place_of
from three_opt_three_protect.desk.findings_rows import FEATURE, LAYER
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.room import Flow
from three_opt_three_protect.storage.findings_store import ACCEPTED

Make = Callable[[], Any]


@pytest.fixture
def checked(sample: Path, make_dock: Make) -> Any:
    """Builds a dock that has checked these layers."""

    def check(*roles: str) -> Any:
        load(sample, roles)
        dock = make_dock()
        dock.check()
        settle(dock)
        return dock

    return check


def hint(dock: Any) -> str:
    """The line below the table, without its slant."""
    return str(dock.page.actions.text.text()).replace("<i>", "").replace("</i>", "")


def test_every_empty_state_says_what_to_do_next(sample: Path, make_dock: Make) -> None:
    dock = make_dock()
    actions = dock.page.actions
    assert hint(dock) == actions.tr(
        "Add the layers of the plan to the project; give them their roles in “Layers and fields”."
    )
    load(sample, ("township",))
    settle(dock)
    assert hint(dock) == actions.tr("Click “Check all” to check the layers of the plan.")
    dock.check()
    settle(dock)
    assert hint(dock) == actions.tr("Select a finding to see it on the map.")
    found = dock._rows.findings
    rows = ("rule", "severity", "layer", "fid", "feature", "field", "message", "measure", "spot", "place")
    nothing = replace(found, **{name: getattr(found, name)[:0] for name in rows})
    dock.runs.keep(nothing, "2026-01-05T10:00:00", dock.runs.store, "")
    settle(dock)
    assert hint(dock) == actions.tr("Nothing was found: the layers checked are in order.")


def test_a_run_that_cannot_be_kept_is_shown_all_the_same(
    sample: Path,
    make_dock: Make,
    tmp_path: Path,
) -> None:
    load(sample, ("reclaim", "newbuild"))
    assert QgsProject.instance().write(str(tmp_path / "只读.qgz"))
    (tmp_path / "只读_质检.sqlite").mkdir()  # As good as a folder nobody may write to.
    dock = make_dock()
    dock.check()
    settle(dock)
    assert "unable to open" in dock.page.message.text()
    assert len(dock._rows) > 0
    assert len(dock.page.table.rows_shown()) > 0
    dock.page.say("")
    dock.mark(np.array([0]), ACCEPTED, "x")
    settle(dock)
    assert "unable to open" in dock.page.message.text()


def test_a_project_saved_while_it_is_checked_gets_the_run(
    sample: Path,
    make_dock: Make,
    tmp_path: Path,
) -> None:
    load(sample, ("reclaim", "newbuild"))
    dock = make_dock()
    dock.check()
    assert QgsProject.instance().write(str(tmp_path / "丁.qgz"))
    settle(dock)
    assert len(dock.runs.store.runs()) == 1
    assert dock.runs.store.path == tmp_path / "丁_质检.sqlite"
    assert dock._rows is not None


def test_no_field_means_no_field(sample: Path, make_dock: Make) -> None:
    load(sample, ("parcels",))
    parcels = layer("parcels")
    ProjectMemory().keep_fields(parcels.id(), {"class_name": ""})
    dock = make_dock()
    dock.check()
    settle(dock)
    lacking = [each for each in dock._rows.findings.skipped if each.rule == "class_name_differs"]
    assert len(lacking) == 1
    assert "DLMC" in lacking[0].lacks


def test_a_plot_drawn_and_not_saved_is_found(sample: Path, make_dock: Make) -> None:
    load(sample, ("newbuild",))
    plots = layer("newbuild")
    copy = QgsFeature(next(plots.getFeatures()))
    copy["plot_id"] = "新1"
    copy["fid"], copy["use"] = None, "飞地"
    plots.startEditing()
    assert plots.addFeature(copy)
    dock = make_dock()
    dock.check()
    settle(dock)
    findings = dock._rows.findings
    row = int(np.flatnonzero(findings.fid < -1)[0])
    assert dock._rows.cell(row, FEATURE).text == "not saved"
    assert findings.feature[row] == "新1"
    place = place_of(findings, row)
    assert place.feature is not None
    assert place.feature.id() == findings.fid[row]
    dock.page.table.select(row)
    dock.act("select")
    assert plots.selectedFeatureIds() == [int(findings.fid[row])]
    plots.rollBack()


def test_two_layers_of_one_name_are_told_apart(sample: Path, make_dock: Make) -> None:
    load(sample, ("reclaim", "parcels"))
    for role in ("reclaim", "parcels"):
        plots = layer(role)
        ProjectMemory().keep_layer(role, plots.id())
        plots.setName("图层")
    dock = make_dock()
    dock.check()
    settle(dock)
    words, codes = dock._rows.values(LAYER)
    assert len(set(words)) == 2
    choice = dock.page.table.filters[1]
    for number, word in enumerate(words):
        choice.choose(word)
        shown = dock.page.table.rows_shown()
        assert set(shown.tolist()) == set(np.flatnonzero((codes == number) & ~dock._rows.statutory_note).tolist())
        assert len(shown) > 0


def test_marks_follow_a_layer_that_is_renamed(checked: Any) -> None:
    dock = checked("reclaim", "newbuild")
    row = rows_of(dock, "plots_overlap", "reclaim")[0]
    dock.mark(np.array([row]), ACCEPTED, "同一项目")
    settle(dock)
    layer("reclaim").setName("拆旧地块 第二稿")
    dock.check()
    settle(dock)
    again = rows_of(dock, "plots_overlap", "reclaim")[0]
    assert (dock._rows.state[again], dock._rows.note[again]) == (ACCEPTED, "同一项目")


def test_a_point_is_shown_on_a_map_in_degrees(qgis_iface: Any) -> None:
    canvas = qgis_iface.mapCanvas()
    canvas.resize(300, 300)
    degrees = QgsCoordinateReferenceSystem("EPSG:4490")
    canvas.setDestinationCrs(degrees)
    place = Place(QgsVectorLayer(), None, QgsGeometry.fromWkt("POINT(120.6 31.2)"), degrees)
    FindingMap(canvas).zoom(place)
    assert canvas.extent().height() == pytest.approx(60 / 111_000)
    assert canvas.extent().contains(place.geometry.asPoint())


def test_chips_take_as_many_lines_as_they_need(checked: Any) -> None:
    dock = checked("parcels", "villages", "reclaim", "newbuild")
    flow = dock.page.summary.layout().itemAt(1)
    assert isinstance(flow, Flow)
    sizes = [flow.itemAt(at).sizeHint() for at in range(flow.count())]
    assert len(sizes) >= 4
    total = sum(size.width() + flow.spacing() for size in sizes) - flow.spacing()
    line = max(size.height() for size in sizes)
    assert flow.heightForWidth(total) == line
    assert flow.heightForWidth(total - 1) == 2 * line + flow.spacing()
    assert flow.heightForWidth(1) == len(sizes) * (line + flow.spacing()) - flow.spacing()
    # None is narrower than its words on a narrow dock.
    dock.resize(440, 500)
    settle(dock)
    assert all(chip.width() >= chip.sizeHint().width() for chip in dock.page.summary.chips.values())


def test_a_low_dock_scrolls_and_squeezes_nothing(checked: Any) -> None:
    dock = checked("parcels", "villages", "reclaim", "newbuild")
    dock.page.notes.setCollapsed(False)
    dock.resize(480, 300)
    settle(dock)
    assert dock.minimumSizeHint().height() < 200
    view = dock.page.table.view
    assert view.viewport().height() >= 3 * view.verticalHeader().defaultSectionSize()
    assert dock.page.height() > dock.widget().viewport().height()
    dock.resize(480, 1200)
    settle(dock)
    assert dock.page.height() == dock.widget().viewport().height()


def test_other_rows_are_shown_from_the_top(checked: Any) -> None:
    dock = checked("parcels", "villages", "reclaim", "newbuild")
    dock.resize(480, 620)
    view = dock.page.table.view
    dock.page.table.step(1)
    view.scrollToBottom()
    settle(dock)
    dock.page.notes.setCollapsed(False)
    dock.page.notes.table.step(1)  # What was selected is not among the notes of the first rule.
    settle(dock)
    assert len(dock.page.table.rows_selected()) == 0
    assert view.verticalScrollBar().value() == 0
