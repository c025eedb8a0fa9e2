"""The table of all docks: what it shows, and that 200 000 rows cost no more than what is on the screen."""

from __future__ import annotations

import time
from typing import Any, List, Sequence, Tuple

import numpy as np
import pytest
from numpy.typing import NDArray
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt

from tests.desk.conftest import texts
from three_opt_three_protect.desk.table import Cell, Column, Row, TablePanel

MANY = 200_000


class Counted:
    """Numbers 0 … n−1, their remainder by 4 as a word, a figure that is sometimes unknown; counts the cells made."""

    columns = (
        Column("number", numeric=True, width=5),
        Column("kind", width=5),
        Column("figure", numeric=True, width=5),
    )

    def __init__(self, count: int) -> None:
        self.count, self.made = count, 0
        self.kind = np.arange(count, dtype=np.int64) % 4
        self.figure = np.where(self.kind == 3, np.nan, -np.arange(count, dtype=np.float64))

    def __len__(self) -> int:
        return self.count

    def cell(self, row: int, column: int) -> Cell:
        self.made += 1
        return Cell(self.copied(column, np.array([row]))[0])

    def key(self, row: int) -> int:
        return row

    def row_of(self, key: Any) -> int:
        return int(key)

    def ranks(self, column: int) -> NDArray[Any]:
        return (np.arange(self.count), self.kind, self.figure)[column]

    def having(self, needle: str) -> NDArray[np.bool_]:
        return np.array([needle in f"{row}\nk{row % 4}" for row in range(self.count)], dtype=np.bool_)

    def values(self, column: int) -> Tuple[Sequence[str], NDArray[np.int64]]:
        return ("k0", "k1", "k2", "k3"), self.kind

    def copied(self, column: int, rows: NDArray[np.int64]) -> List[str]:
        words = (str, lambda row: f"k{row % 4}", lambda row: "" if row % 4 == 3 else str(-row))
        return [words[column](row) for row in rows.tolist()]


@pytest.fixture
def panel(qgis_app: Any) -> Any:
    """A panel that is gone when the test ends."""
    made = TablePanel("sysb_test")
    made.resize(600, 400)
    made.show()
    yield made
    made.work.stop()
    made.deleteLater()


def settle(panel: Any) -> None:
    """Let the worker thread end."""
    ends = time.monotonic() + 20
    while panel.work.busy:
        QgsApplication.processEvents()
        assert time.monotonic() < ends
    QgsApplication.processEvents()


def test_many_rows_make_only_the_cells_on_the_screen(panel: Any) -> None:
    content = Counted(MANY)
    panel.add_value_filters([1])
    panel.show_content(content)
    QgsApplication.processEvents()
    panel.grab()
    assert panel.model.rowCount() == MANY
    content.made = 0
    panel.filter.setText("1234")
    panel.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    panel.filters[0].choose("k2")
    panel.view.selectAll()
    assert len(panel.rows_selected()) == len(panel.rows_shown())
    panel.grab()
    # Thirty lines of three cells, asked for a few things each, a few times over; not one cell a row.
    assert content.made < 5_000


def test_filters_add_up_and_the_count_says_so(panel: Any) -> None:
    panel.add_value_filters([1])
    panel.show_content(Counted(40))
    panel.filter.setText("1")
    # Numbers with a 1, and all of the kind k1: 1 5 9 … 37, and 10–19, 21, 31.
    assert panel.keys() == sorted({*range(1, 40, 4), *range(10, 20), 31, 21})
    panel.filters[0].choose("k3")
    assert panel.keys() == [11, 15, 19, 31]
    assert panel.count.text() == panel.tr("{count} of {of} rows").format(count=4, of=40)
    panel.filter.setText("")
    assert panel.keys() == list(range(3, 40, 4))
    panel.filters[0].choose(None)
    assert len(panel.keys()) == 40


def test_unknown_figures_come_last_in_both_directions(panel: Any) -> None:
    panel.show_content(Counted(8))
    panel.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert panel.keys() == [6, 5, 4, 2, 1, 0, 3, 7]
    panel.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert panel.keys() == [0, 1, 2, 4, 5, 6, 3, 7]
    panel.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert panel.keys() == list(range(8))


def test_what_is_selected_stays_so_while_it_is_shown(panel: Any) -> None:
    picked: List[Any] = []
    panel.picked.connect(picked.append)
    panel.show_content(Counted(40))
    assert panel.select(13)
    panel.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert panel.rows_selected().tolist() == [13]
    panel.filter.setText("3")
    assert panel.rows_selected().tolist() == [13]
    assert panel.row_current() == 13
    # Nobody picked anything meanwhile.
    assert picked == [13]
    panel.filter.setText("k0")
    assert panel.rows_selected().tolist() == []
    assert not panel.select(13)


def test_next_and_previous_go_through_what_is_shown(panel: Any) -> None:
    panel.show_content(Counted(40))
    panel.filter.setText("k2")
    panel.step(1)
    assert panel.row_current() == 2
    panel.step(1)
    assert panel.row_current() == 6
    for _ in range(20):
        panel.step(1)
    assert panel.row_current() == 38
    panel.step(-1)
    assert panel.row_current() == 34


def test_a_large_copy_is_made_in_the_background_and_is_complete(panel: Any) -> None:
    said: List[str] = []
    panel.said.connect(said.append)
    panel.show_content(Counted(30_000))
    panel.copy(everything=True)
    assert said == []
    settle(panel)
    lines = QgsApplication.clipboard().text().splitlines()
    assert len(lines) == 30_001
    assert lines[0].split("\t") == ["number", "kind", "figure"]
    assert lines[4].rstrip("\t").split("\t") == ["3", "k3"]
    assert lines[-2].split("\t") == ["29998", "k2", "-29998"]


def test_rows_of_cells_sort_by_what_they_mean(panel: Any) -> None:
    rows = [Row((Cell("10", 10.0),), "a"), Row((Cell("–"),), "b"), Row((Cell("9", 9.0),), "c")]
    panel.show_table([Column("figure", numeric=True)], rows)
    panel.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert texts(panel) == [["9"], ["10"], ["–"]]
    assert [row.key for row in panel.model.rows] == ["a", "b", "c"]


def test_a_mark_that_leaves_the_filter_leaves_the_screen(panel: Any) -> None:
    panel.add_value_filters([1])
    content = Counted(8)
    panel.show_content(content)
    panel.filters[0].choose("k1")
    assert panel.keys() == [1, 5]
    content.kind = content.kind.copy()
    content.kind[1] = 2
    panel.model.refresh()
    assert panel.keys() == [5]
    content.kind[5] = 2
    panel.model.refresh()
    # The choice stays, though no row has the value any more: the table must not fill up by itself.
    assert panel.keys() == []
    assert panel.filters[0].currentData() == "k1"
