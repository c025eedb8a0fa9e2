"""A shapefile QGIS shows in a wrong encoding: the docks read it right, say so once, and leave it as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject, QgsVectorLayer

from tests.desk.conftest import gbk_shapefile, square
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.desk.snapshot import Snapshot


@pytest.fixture
def garbled(qgis_app: Any, tmp_path: Path) -> QgsVectorLayer:
    rows = [(square(0), "东村", 1), (square(1), "西村", 2)]
    return gbk_shapefile(tmp_path, "保留村庄", "自然村名称:string 序号:integer", rows)


def test_read_right_and_left_as_shown(garbled: QgsVectorLayer) -> None:
    shown = [item.name() for item in garbled.fields()]
    assert shown[0] != "自然村名称"
    snapshot = Snapshot(garbled, {"settlement": shown[0]})
    assert snapshot.notes == ()
    table = snapshot.read()
    assert list(table.columns["自然村名称"].values) == ["东村", "西村"]
    assert table.fid.tolist() == [0, 1]
    assert [note.values["encoding"] for note in snapshot.notes] == ["GB18030"]
    assert snapshot.as_read({"settlement": shown[0], "no": ""}) == {"settlement": "自然村名称", "no": ""}
    assert list(snapshot.read().columns) == ["自然村名称", "序号"]
    assert [item.name() for item in garbled.fields()] == shown


def test_the_first_rows_without_shapes(garbled: QgsVectorLayer) -> None:
    table = Snapshot(garbled, most=1, shapes=False).read()
    assert table.geometry is None
    assert list(table.columns["自然村名称"].values) == ["东村"]


def test_as_shown(garbled: QgsVectorLayer) -> None:
    snapshot = Snapshot(garbled, as_shown=True)
    assert list(snapshot.read().columns) == [item.name() for item in garbled.fields()]
    assert snapshot.notes == ()


def test_what_is_shown_right_says_nothing(qgis_app: Any, garbled: QgsVectorLayer) -> None:
    garbled.setProviderEncoding("GB18030")
    snapshot = Snapshot(garbled)
    assert "自然村名称" in snapshot.read().columns
    assert snapshot.notes == ()


def test_edits_stand_in_the_way(garbled: QgsVectorLayer) -> None:
    garbled.startEditing()
    snapshot = Snapshot(garbled)
    garbled.rollBack()
    with pytest.raises(InputError) as caught:
        snapshot.read()
    assert caught.value.message_id == "encoding_and_edits"


def test_the_balance_names_the_village(township: Any, make_dock: Any, tmp_path: Path) -> None:
    project = QgsProject.instance()
    project.removeMapLayer(project.mapLayersByName("建新地块")[0].id())
    fields = "plot_id:string village:string use:string cls_after:string quota_src:string phase:integer"
    rows = [(square(1), "甲-1", "东村", "town", "0701", "linked", 2016)]
    project.addMapLayer(gbk_shapefile(tmp_path, "建新地块", fields, rows))
    dock = make_dock()
    assert dock._outcome is not None, dock.live
    plots = [(row.plot_id, row.village) for row in dock._outcome.plots if row.role == "newbuild"]
    assert plots == [("甲-1", "东村")]
    told = [found for found in dock._outcome.balance.findings if found.values.get("encoding") == "GB18030"]
    assert len(told) == 1
