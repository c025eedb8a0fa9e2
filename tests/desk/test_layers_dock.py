"""The page of layers: guesses shown, corrected, remembered, and used by the balance."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QWheelEvent

from tests.desk.conftest import PARCELS, UNIT, come_to_rest, gbk_shapefile, line, memory_layer, parcels, square
from tests.desk.conftest import settle as settle_balance
from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.desk.layers_state import LayerState, YearOf, far_years
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.project_roles import role_layers
from three_opt_three_protect.desk.role_guess import ROLES
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.storage.catalogue import load_role_schemas

NAME, ROLE, SURE, FIELDS, SYSTEM, CRS, ENCODING, YEAR = range(8)
CLASS_NAMES = {"0101": "水田", "0702": "农村宅基地", "1104": "坑塘水面"}


def settle(dock: Any, seconds: float = 20.0) -> None:
    come_to_rest(lambda: dock.model.busy, seconds)


@pytest.fixture
def open_page(qgis_iface: Any) -> Iterator[Callable[[], Any]]:
    """Pages that are stopped and gone when the test ends."""
    from three_opt_three_protect.desk.layers_dock import LayersDock

    made: List[Any] = []

    def make() -> Any:
        dock = LayersDock(qgis_iface)
        made.append(dock)
        dock.show()
        settle(dock)
        return dock

    yield make
    for dock in made:
        dock.close()
        dock.deleteLater()
    QgsApplication.processEvents()


@pytest.fixture
def page(township: List[QgsVectorLayer], open_page: Callable[[], Any]) -> Any:
    return open_page()


def state(dock: Any, name: str) -> LayerState:
    return next(each for each in dock.model.states() if each.name == name)


def cells(dock: Any, name: str) -> Dict[int, str]:
    table = dock.layers.table
    row = next(row for row in range(table.rowCount()) if table.item(row, NAME).text() == name)
    return {column: table.item(row, column).text() for column in range(8) if column != ROLE}


def roles(dock: Any) -> Dict[str, str]:
    return {each.name: each.role or "" for each in dock.model.states()}


def nameless() -> QgsVectorLayer:
    """The parcels of the township under names that say nothing."""
    rows = [(square(place), f"{place}", code, CLASS_NAMES[code], UNIT, 10000.0)
            for place, (_, code) in enumerate(PARCELS)]  # fmt: skip
    return memory_layer("图层1", "FIELD1:string FIELD2:string FIELD3:string FIELD4:string FIELD5:double", rows)


def test_every_layer_has_its_role_and_the_table_says_how_sure(page: Any) -> None:
    assert roles(page) == {"DLTB": "parcels", "CZKFBJ": "boundary", "拆旧地块": "reclaim", "建新地块": "newbuild"}
    shown = cells(page, "DLTB")
    assert (shown[SURE], shown[FIELDS], shown[CRS]) == ("98 %", "4/27", "EPSG:4528")
    # Paddy, homestead and pond have the same codes in several systems; the layer's name decides.
    assert shown[SYSTEM].endswith(" 100 %")
    assert page.layers.box(state(page, "DLTB").layer_id).currentText() == sentence("role.parcels", {})
    assert "4" in page.summary.text()


def test_the_fields_of_the_layer_selected(page: Any) -> None:
    page.layers.select(state(page, "拆旧地块").layer_id)
    table = page.fields.table
    assert table.item(0, 0).text().endswith("*")
    assert table.item(0, 0).font().bold()
    assert page.fields.box("plot_id").currentData() == "plot_id"
    assert table.item(0, 3).text() == "R1"
    assert page.fields.box("acc_date").currentData() == ""
    page.layers.select(state(page, "CZKFBJ").layer_id)
    assert page.fields.box("zone_code").currentData() == "GHFQDM"


def test_a_role_is_corrected_and_the_balance_follows(page: Any) -> None:
    other = memory_layer("边界草图", "x:integer", [(square(2), 1)])
    QgsProject.instance().addMapLayer(other)
    settle(page)
    assert roles(page)["边界草图"] == ""
    box = page.layers.box(other.id())
    box.fill()
    box.choose("boundary")
    box.activated.emit(box.currentIndex())
    settle(page)
    # A role is played by one layer: the one guessed before is free again.
    assert roles(page)["边界草图"] == "boundary"
    assert roles(page)["CZKFBJ"] == ""
    memory = ProjectMemory()
    assert role_layers(memory, ROLES)["boundary"].id() == other.id()
    assert page.layers.box(other.id()).currentData() == "boundary"
    page.model.choose_role(other.id(), "roads")
    settle(page)
    assert roles(page)["边界草图"] == "roads"
    assert roles(page)["CZKFBJ"] == "boundary"
    page.model.reset(other.id())
    settle(page)
    assert roles(page)["边界草图"] == ""


def test_a_layer_can_be_left_out(page: Any) -> None:
    boundary = state(page, "CZKFBJ").layer_id
    page.model.choose_role(boundary, "")
    settle(page)
    assert roles(page)["CZKFBJ"] == ""
    assert "boundary" not in role_layers(ProjectMemory(), ROLES)
    page.model.choose_role(boundary, None)
    settle(page)
    assert roles(page)["CZKFBJ"] == "boundary"


def test_candidates_are_no_reclaim_plots_unless_the_planner_says_so(page: Any) -> None:
    fields = "plot_id:string unit_code:string score:double grade:integer direction:string rate:double"
    QgsProject.instance().removeMapLayers(
        [state(page, name).layer_id for name, role in roles(page).items() if role == "reclaim"]
    )
    row = (square(0, 0.5), "C1", "320599101200", 0.9, 1, "cultivated", 0.9)
    QgsProject.instance().addMapLayer(memory_layer("备选地块", fields, [row]))
    settle(page)
    assert not roles(page)["备选地块"]
    assert "reclaim" not in role_layers(ProjectMemory(), ROLES)
    page.model.choose_role(state(page, "备选地块").layer_id, "reclaim")
    settle(page)
    assert role_layers(ProjectMemory(), ROLES)["reclaim"].name() == "备选地块"


def test_lists_offer_only_roles_of_the_geometry_and_the_wheel_leaves_them(page: Any) -> None:
    box = page.layers.box(state(page, "CZKFBJ").layer_id)
    box.fill()
    offered = {box.itemData(row) for row in range(box.count())}
    assert {"", "parcels", "village_boundary", "temporary", "plan", "retained", "parcels_next"} <= offered
    assert not {"population", "targets", "lines", "points"} & offered
    here, turn = QPointF(5, 5), QPoint(0, -120)
    nothing, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    box.wheelEvent(QWheelEvent(here, here, QPoint(), turn, nothing, none, Qt.ScrollPhase.NoScrollPhase, False))
    assert box.currentData() == "boundary"


def test_a_nameless_layer_reaches_the_balance(qgis_new_project: Any, open_page: Any, make_dock: Any) -> None:
    QgsProject.instance().addMapLayers([nameless()])
    QgsProject.instance().setDirty(False)
    balance = make_dock()
    assert "parcels" not in balance.roles.layers()
    page = open_page()
    found = state(page, "图层1")
    assert found.role == "parcels"
    assert 0.5 < found.confidence < 0.85
    assert {name: each.source for name, each in found.fields.items()} == {
        "class_code": "FIELD2", "class_name": "FIELD3", "unit_code": "FIELD4", "area": "FIELD5",
    }  # fmt: skip
    settle_balance(balance)
    assert balance.roles.layers()["parcels"].name() == "图层1"
    assert not QgsProject.instance().isDirty(), "a guess is no change of the project"
    # Four parcels of 10 000 m², by codes and areas under names no standard knows.
    assert line(balance, "total_m2") == 40000.0
    # A layer with the right name takes over, also while nobody looks at the page.
    page.hide()
    QgsProject.instance().addMapLayer(parcels())
    settle_balance(balance)
    assert balance.roles.layers()["parcels"].name() == "DLTB"
    QgsProject.instance().clear()


def test_a_field_chosen_is_the_one_read(page: Any) -> None:
    layer_id = state(page, "拆旧地块").layer_id
    page.layers.select(layer_id)
    memory, schema = ProjectMemory(), load_role_schemas()["reclaim"]
    page._on_field("village", "plot_id")
    page._on_field("rate", "")
    settle(page)
    assert memory.mapping(layer_id) == {"village": "plot_id", "rate": ""}
    assert state(page, "拆旧地块").fields["village"].how == "chosen"
    assert "rate" not in state(page, "拆旧地块").fields
    snapshot = Snapshot(QgsProject.instance().mapLayer(layer_id), memory.mapping(layer_id))
    mapping = snapshot.source(snapshot.read(), schema).mapping(schema)
    assert mapping["village"] == "plot_id"
    assert "rate" not in mapping
    assert mapping["consent"] == "consent"
    page.model.choose_field(layer_id, "rate", None)
    page.model.choose_field(layer_id, "village", None)
    settle(page)
    assert memory.mapping(layer_id) == {}
    assert state(page, "拆旧地块").fields["rate"].source == "rate"


def test_a_field_that_is_gone_is_guessed_anew(page: Any) -> None:
    layer_id = state(page, "拆旧地块").layer_id
    page.model.choose_field(layer_id, "village", "no_such")
    settle(page)
    layer, schema = QgsProject.instance().mapLayer(layer_id), load_role_schemas()["reclaim"]
    snapshot = Snapshot(layer, ProjectMemory().mapping(layer_id))
    assert snapshot.source(snapshot.read(), schema).mapping(schema)["village"] == "village"


def test_the_classification_chosen_is_used(page: Any, make_dock: Any) -> None:
    balance = make_dock()
    assert balance.live._survey.system.id == "third_survey"
    page.model.choose_system(state(page, "DLTB").layer_id, "gbt21010_2017")
    settle(page)
    settle_balance(balance)
    assert balance.live._survey.system.id == "gbt21010_2017"
    assert page.card.systems.findData("gbt21010_2017") == page.card.systems.currentIndex()
    page.card.systems.setCurrentIndex(0)
    page.card.systems.activated.emit(0)
    settle(page)
    assert ProjectMemory().class_system(state(page, "DLTB").layer_id) is None


def test_a_tie_asks(qgis_new_project: Any, open_page: Any) -> None:
    """111 to 113 are water in the second survey and paddy in the plan classes; the name tells neither."""
    rows = [(square(place), code) for place, code in enumerate(["111", "112", "113"])]
    QgsProject.instance().addMapLayer(memory_layer("现状", "code:string", rows))
    page = open_page()
    page.model.choose_role(state(page, "现状").layer_id, "parcels")
    page.model.choose_field(state(page, "现状").layer_id, "class_code", "code")
    settle(page)
    found = state(page, "现状")
    assert found.system is None
    assert found.coding is not None
    assert found.coding.tie
    page.model.choose_system(found.layer_id, "second_survey")
    settle(page)
    assert state(page, "现状").system == "second_survey"
    QgsProject.instance().clear()


def test_a_layer_without_crs_gets_one_and_its_data_stay(qgis_new_project: Any, open_page: Any) -> None:
    layer = parcels()
    layer.setCrs(QgsCoordinateReferenceSystem())
    QgsProject.instance().addMapLayer(layer)
    before = layer.getFeature(1).geometry().asWkt()
    page = open_page()
    assert state(page, "DLTB").crs == ""
    assert page.card.candidates.itemData(0) == "EPSG:4528"
    assert not page.card.set_crs.isHidden()
    said: List[str] = []
    page.model.said.connect(said.append)
    page.card.set_crs.click()
    settle(page)
    assert layer.crs().authid() == "EPSG:4528"
    assert "EPSG:4528" in said[0]
    found = state(page, "DLTB")
    assert found.crs_guess is not None
    assert found.crs_guess.verdict == "fits"
    assert layer.getFeature(1).geometry().asWkt() == before
    QgsProject.instance().clear()


def test_a_wrong_zone_is_said(qgis_new_project: Any, open_page: Any) -> None:
    layer = parcels()
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4549"))
    QgsProject.instance().addMapLayer(layer)
    page = open_page()
    found = state(page, "DLTB")
    assert found.crs_guess is not None
    assert found.crs_guess.verdict == "contradicts"
    assert "EPSG:4549" in cells(page, "DLTB")[CRS]
    assert cells(page, "DLTB")[CRS] != "EPSG:4549"
    QgsProject.instance().clear()


def test_a_garbled_shapefile_is_read_right_at_a_click(tmp_path: Path, qgis_new_project: Any, open_page: Any) -> None:
    folder = tmp_path / "规划 成果"
    folder.mkdir()
    rows = [(square(0), "东村", "重点村"), (square(1), "西村", "一般村")]
    layer = gbk_shapefile(folder, "保留村庄", "自然村名称:string 村庄分类:string", rows)
    QgsProject.instance().addMapLayer(layer)
    page = open_page()
    found = state(page, "保留村庄")
    assert found.encoded is not None
    assert not found.encoded.right
    assert "settlement" not in found.fields
    assert not page.card.set_encoding.isHidden()
    page.card.set_encoding.click()
    settle(page)
    found = state(page, "保留村庄")
    assert found.encoded is not None
    assert found.encoded.right
    found_fields = {name: each.source for name, each in found.fields.items()}
    assert found_fields == {"settlement": "自然村名称", "class": "村庄分类"}
    assert page.card.set_encoding.isHidden()
    assert page.fields.table.item(0, 3).text() == "东村  西村"
    QgsProject.instance().clear()


def test_years_more_than_one_apart() -> None:
    def layer(name: str, role: str, year: int) -> LayerState:
        return LayerState(name, name, "polygon", role, year=YearOf(year, "field"))

    states = [layer("a", "parcels", 2023), layer("b", "farmland", 2022), layer("c", "redline", 2018)]
    assert far_years(states) == {"c": 2023}
    assert far_years([layer("b", "farmland", 2022)]) == {}
    assert far_years([]) == {}


def test_the_year_is_read_and_chosen(qgis_new_project: Any, open_page: Any) -> None:
    rows = [(square(0), "0101", 2023), (square(1), "0702", 2023)]
    layers = [memory_layer("DLTB", "DLBM:string SJNF:integer", rows), memory_layer("YJJBNT_2017", "x:string", [])]
    QgsProject.instance().addMapLayers(layers)
    page = open_page()
    assert state(page, "DLTB").year == YearOf(2023, "field")
    assert state(page, "YJJBNT_2017").year == YearOf(2017, "layer_name")
    assert cells(page, "YJJBNT_2017")[YEAR] == "2017 !"
    page.layers.select(layers[1].id())
    page.card.year.setValue(2022)
    settle(page)
    assert ProjectMemory().as_of(layers[1].id()) == 2022
    assert cells(page, "YJJBNT_2017")[YEAR] == "2022"
    QgsProject.instance().clear()


def test_what_is_missing_is_said_for_each_step(page: Any) -> None:
    notes = page.ready.notes()
    assert len(notes) >= 8
    assert any(sentence("role.villages", {}) in note for note in notes)
    layer = memory_layer("CJDCQ", "ZLDWDM:string ZLDWMC:string", [(square(0, 4), UNIT[:12], "东村")])
    township = memory_layer("XZQ", "XZQDM:string", [(square(0, 4), UNIT[:9])])
    QgsProject.instance().addMapLayers([layer, township])
    settle(page)
    assert roles(page)["XZQ"] == "township"
    assert sentence("role.villages", {}) not in page.ready.notes()[-1]


def test_the_project_keeps_everything(page: Any, tmp_path: Path) -> None:
    boundary, dltb = state(page, "CZKFBJ").layer_id, state(page, "DLTB").layer_id
    page.model.choose_role(boundary, "use_zone")
    page.model.choose_field(dltb, "owner_code", "ZLDWDM")
    page.model.choose_year(dltb, 2021)
    page.model.choose_system(dltb, "gbt21010_2017")
    settle(page)
    assert QgsProject.instance().isDirty()
    path = str(tmp_path / "规划.qgz")
    assert QgsProject.instance().write(path)
    QgsProject.instance().clear()
    settle(page)
    assert page.model.states() == []
    assert page.layers.table.rowCount() == 0
    assert page.fields.table.rowCount() == 0
    assert QgsProject.instance().read(path)
    memory = ProjectMemory()
    assert memory.mapping(dltb) == {"owner_code": "ZLDWDM"}
    assert memory.as_of(dltb) == 2021
    assert memory.class_system(dltb) == "gbt21010_2017"
    assert memory.layer_id("use_zone") == boundary
    settle(page)


def test_nothing_breaks_when_layers_go_or_change_their_names(page: Any) -> None:
    dltb = QgsProject.instance().mapLayer(state(page, "DLTB").layer_id)
    page.layers.select(dltb.id())
    dltb.setName("现状图斑")
    settle(page)
    # Without the name the fields are too few; the codes tell what it is.
    assert roles(page)["现状图斑"] == "parcels"
    assert cells(page, "现状图斑")[SURE] != "98 %"
    QgsProject.instance().removeMapLayer(dltb.id())
    page.model.set_crs("gone", "EPSG:4528")
    page.model.apply_encoding("gone")
    settle(page)
    assert "现状图斑" not in roles(page)
    page.hide()
    QgsProject.instance().addMapLayer(parcels())
    page.show()
    settle(page)
    assert roles(page)["DLTB"] == "parcels"
    page.close()
    page.close()
    QgsProject.instance().clear()
    QgsApplication.processEvents()


def test_closing_while_reading(township: Any, qgis_iface: Any) -> None:
    from three_opt_three_protect.desk.layers_dock import LayersDock

    dock = LayersDock(qgis_iface)
    dock.show()
    QgsApplication.processEvents()
    dock.close()
    dock.deleteLater()
    QgsApplication.processEvents()
    assert not dock.model._news


def test_damaged_memory_is_no_memory(qgis_new_project: Any) -> None:
    QgsProject.instance().writeEntry("three_opt_three_protect", "layers/choices", "{not json")
    memory = ProjectMemory()
    assert memory.mapping("a") == {}
    assert memory.as_of("a") is None
    memory.keep_as_of("a", 2020)
    assert memory.as_of("a") == 2020
