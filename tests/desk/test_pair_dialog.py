"""Comparing indicators in pairs: weights, consistency, the file that the potential reads."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Iterator, List

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt

from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.pair_dialog import PairDialog
from three_opt_three_protect.desk.pair_model import SCALE, parsed, written
from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE, load_profile

THREE = ["patch_m2", "shape", "land_head"]


@pytest.fixture
def dialog(qgis_new_project: Any, qgis_app: Any) -> Iterator[PairDialog]:
    """A dialog with three indicators."""
    made = PairDialog(load_profile(DEFAULT_PROFILE, []), ProjectMemory())
    for item in made._items():
        made.want(item.data(Qt.ItemDataRole.UserRole), item.data(Qt.ItemDataRole.UserRole) in THREE)
    yield made
    made.deleteLater()
    QgsProject.instance().clear()
    QgsApplication.processEvents()


def weights(dialog: PairDialog) -> List[str]:
    """The last column."""
    model = dialog.model
    return [model.index(row, len(model.ids)).data() for row in range(len(model.ids))]


def compare(dialog: PairDialog, row: int, column: int, text: str) -> bool:
    """Fill in a cell as the view does."""
    return bool(dialog.model.setData(dialog.model.index(row, column), text))


@given(st.sampled_from(SCALE))
def test_the_scale_reads_what_it_writes(value: float) -> None:
    assert parsed(written(value)) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("text", ["", "0", "-3", "1/0", "x", "1/x", "inf"])
def test_what_is_no_comparison_is_refused(text: str) -> None:
    assert np.isnan(parsed(text))


def test_all_equal_weigh_the_same(dialog: PairDialog) -> None:
    assert dialog.model.ids == THREE
    assert weights(dialog) == ["33.3 %"] * 3
    assert dialog.save_button.isEnabled()


def test_the_lower_half_follows(dialog: PairDialog) -> None:
    assert compare(dialog, 0, 1, "3")
    assert dialog.model.index(1, 0).data() == "1/3"
    assert not dialog.model.flags(dialog.model.index(1, 0)) & Qt.ItemFlag.ItemIsEditable
    assert dialog.model.flags(dialog.model.index(0, 1)) & Qt.ItemFlag.ItemIsEditable
    assert not dialog.model.flags(dialog.model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    assert not compare(dialog, 0, 1, "x")


def test_consistent_weights_by_hand(dialog: PairDialog) -> None:
    # 4 : 2 : 1 is consistent: 57.1, 28.6, 14.3 %, CR 0.
    for row, column, text in ((0, 1, "2"), (0, 2, "4"), (1, 2, "2")):
        compare(dialog, row, column, text)
    assert weights(dialog) == ["57.1 %", "28.6 %", "14.3 %"]
    assert "CR = 0.000 < 0.1" in dialog.verdict.text()


def test_what_contradicts_cannot_be_saved_and_says_why(dialog: PairDialog) -> None:
    for row, column, text in ((0, 1, "9"), (1, 2, "9"), (0, 2, "1/9")):
        compare(dialog, row, column, text)
    assert not dialog.save_button.isEnabled()
    assert dialog.why_not.text()
    assert "≥ 0.1" in dialog.verdict.text()
    assert len(weights(dialog)) == 3
    assert all(weights(dialog))
    odd = dialog.model._odd
    assert odd is not None
    place = dialog.model.place(*odd)
    assert dialog.model.data(place, Qt.ItemDataRole.BackgroundRole) is not None
    dialog._go_to_odd()
    assert dialog.view.currentIndex() == place


def test_fewer_than_two_are_asked_for(dialog: PairDialog) -> None:
    for name in THREE[1:]:
        dialog.want(name, False)
    assert not dialog.save_button.isEnabled()


def test_what_was_said_of_an_indicator_comes_back_with_it(dialog: PairDialog) -> None:
    compare(dialog, 0, 1, "5")
    dialog.want("shape", False)
    assert dialog.model.ids == ["patch_m2", "land_head"]
    dialog.want("shape", True)
    assert dialog.model.index(0, 1).data() == "5"


def test_the_file_is_read_as_weights(dialog: PairDialog, tmp_path: Path) -> None:
    from three_opt_three_protect.bridge.sources import read_table
    from three_opt_three_protect.plans.weightstable import judgement_of
    from three_opt_three_protect.storage.indicatorlist import load_indicators

    for row, column, text in ((0, 1, "2"), (0, 2, "4"), (1, 2, "2")):
        compare(dialog, row, column, text)
    dialog.save(str(tmp_path / "w.csv"))
    with open(tmp_path / "w.csv", encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head[1:] == [row[0] for row in rows] == [dialog._titles[each] for each in THREE]
    table = read_table(QgsVectorLayer(str(tmp_path / "w.csv"), "w", "ogr"))
    found = judgement_of(table, load_indicators(), load_profile(DEFAULT_PROFILE, []))
    assert found.weight["patch_m2"] == pytest.approx(4 / 7)
    dialog.even_button.click()
    assert weights(dialog) == ["33.3 %"] * 3
    dialog.load(str(tmp_path / "w.csv"))
    assert weights(dialog) == ["57.1 %", "28.6 %", "14.3 %"]


def test_thirds_of_a_spreadsheet_are_read(dialog: PairDialog, tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("indicator,shape,patch_m2\nshape,1,3\npatch_m2,1/3,1\n", encoding="utf-8")
    dialog.load(str(path))
    assert dialog.model.ids == ["patch_m2", "shape"]
    assert dialog.model.index(0, 1).data() == "1/3"
    ticked = [item for item in dialog._items() if item.checkState() == Qt.CheckState.Checked]
    assert len(ticked) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "indicator,weight\nshape,1\n",
        "indicator,shape,x\nshape,1,3\nx,1,1\n",
        "indicator,patch_m2,shape\npatch_m2,1,a\nshape,1,1\n",
    ],
)
def test_another_file_is_refused_and_nothing_is_lost(dialog: PairDialog, tmp_path: Path, text: str) -> None:
    compare(dialog, 0, 1, "5")
    (tmp_path / "w.csv").write_text(text, encoding="utf-8")
    dialog.load(str(tmp_path / "w.csv"))
    assert "w.csv" in dialog.verdict.text()
    assert dialog.model.ids == THREE
    assert dialog.model.index(0, 1).data() == "5"


def test_a_draft_stays_in_the_project(dialog: PairDialog) -> None:
    compare(dialog, 0, 1, "9")
    dialog.done(0)
    again = PairDialog(load_profile(DEFAULT_PROFILE, []), ProjectMemory())
    assert again.model.ids == THREE
    assert again.model.index(0, 1).data() == "9"
    again.deleteLater()
