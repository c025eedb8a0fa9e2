"""What a table shows, and the order it shows it in: filtered and sorted by arrays, so that 200 000 rows stay fluent.

A cell is made when it is looked at; nothing is held a row but what the content holds itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Protocol, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon

Ints = NDArray[np.int64]

KEY_ROLE = Qt.ItemDataRole.UserRole + 1
COPY_ROLE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class Column:
    """A column; ``width`` in average characters, 0 = as wide as its contents.

    A title that does not fit widens the column, or is cut off where ``cut`` says so.
    """

    title: str
    numeric: bool = False
    width: int = 0
    tip: str = ""
    cut: bool = False


@dataclass(frozen=True)
class Cell:
    """What a cell shows.

    Attributes
    ----------
    sort
        What it is sorted by, None = its text.
    copy
        What goes into a spreadsheet, None = its text.
    checked
        A box to tick; None = no box.
    """

    text: str
    sort: Any = None
    copy: Optional[str] = None
    tip: str = ""
    icon: Optional[QIcon] = None
    colour: Optional[QColor] = None
    bold: bool = False
    checked: Optional[bool] = None

    @property
    def copied(self) -> str:
        """What goes into a spreadsheet."""
        return self.text if self.copy is None else self.copy


@dataclass(frozen=True)
class Row:
    """Cells and what the row stands for."""

    cells: Tuple[Cell, ...]
    key: Any = None


Table = Tuple[Sequence[Column], Sequence[Row]]
"""What a panel shows."""


class Content(Protocol):
    """``n`` rows; the rows of arguments and results are those of the content, not of the screen."""

    columns: Tuple[Column, ...]

    def __len__(self) -> int: ...

    def cell(self, row: int, column: int) -> Cell:
        """What the screen shows."""

    def key(self, row: int) -> Any:
        """What the row stands for."""

    def row_of(self, key: Any) -> int:
        """The row of a key, −1 = none."""

    def ranks(self, column: int) -> NDArray[Any]:
        """``(n,)`` numbers that sort the rows, NaN = not known, which comes last."""

    def having(self, needle: str) -> NDArray[np.bool_]:
        """``(n,)`` True where a cell has ``needle`` (lower case) in it."""

    def values(self, column: int) -> Tuple[Sequence[str], Ints]:
        """Distinct words of a column and ``(n,)`` the number of each row's word."""

    def copied(self, column: int, rows: Ints) -> List[str]:
        """What goes into a spreadsheet."""


class Cells:
    """Rows of cells, for tables of some hundred rows."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        self.columns, self.rows = tuple(columns), tuple(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].cells[column]

    def key(self, row: int) -> Any:
        return self.rows[row].key

    def row_of(self, key: Any) -> int:
        return next((row for row, entry in enumerate(self.rows) if entry.key == key), -1)

    def ranks(self, column: int) -> NDArray[Any]:
        cells = [row.cells[column] for row in self.rows]
        sorts = [cell.text if cell.sort is None else cell.sort for cell in cells]
        # Figures that are not known come after those that are.
        order = sorted(set(sorts), key=lambda value: (isinstance(value, str), value))
        place = {value: number for number, value in enumerate(order)}
        return np.array([place[value] for value in sorts], dtype=np.float64)

    def having(self, needle: str) -> NDArray[np.bool_]:
        return np.array([any(needle in cell.text.lower() for cell in row.cells) for row in self.rows], dtype=np.bool_)

    def values(self, column: int) -> Tuple[Sequence[str], Ints]:
        words = [row.cells[column].text for row in self.rows]
        distinct = list(dict.fromkeys(words))
        return distinct, np.array([distinct.index(word) for word in words], dtype=np.int64)

    def copied(self, column: int, rows: Ints) -> List[str]:
        return [self.rows[row].cells[column].copied for row in rows.tolist()]


class TableModel(QAbstractTableModel):
    """A content, filtered and sorted; index rows are rows of the screen."""

    ticked = pyqtSignal(object, bool)
    """Key of a row and the new state of its box."""
    content_changed = pyqtSignal()
    """Other rows, or other words in them."""
    arranged = pyqtSignal()
    """Other rows are shown, or in another order."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.content: Content = Cells((), ())
        self.shown: Ints = np.empty(0, dtype=np.int64)
        self._needle = ""
        self._found: Optional[NDArray[np.bool_]] = None
        self._masks: Dict[str, NDArray[np.bool_]] = {}
        self._sorted: Tuple[int, bool] = (-1, True)

    @property
    def columns(self) -> Tuple[Column, ...]:
        """The columns of the content."""
        return self.content.columns

    @property
    def rows(self) -> Tuple[Row, ...]:
        """The rows of a content of cells, in its own order."""
        return self.content.rows if isinstance(self.content, Cells) else ()

    # Content and arrangement

    def show(self, content: Content) -> None:
        """Replace the contents; the view keeps its place where only figures change."""
        same = _same_rows(self.content, content)
        self._found = None
        if same:
            self.content = content
            if self._arrangement().tolist() == self.shown.tolist():
                self.refresh()
                return
        self.beginResetModel()
        if not same:
            self._masks.clear()
        if self.content.columns != content.columns:
            self._sorted = (-1, True)
        self.content = content
        self.shown = self._arrangement()
        self.endResetModel()
        self.content_changed.emit()
        self.arranged.emit()

    def refresh(self) -> None:
        """The words of the content have changed, the rows have not."""
        self._found = None
        if len(self.shown):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.shown) - 1, len(self.columns) - 1))
        self.content_changed.emit()

    def search(self, text: str) -> None:
        """Show the rows that have ``text`` in a cell."""
        self._needle, self._found = text.strip().lower(), None
        self._arrange()

    def keep_only(self, masks: Dict[str, Optional[NDArray[np.bool_]]]) -> None:
        """Show the rows that are in all masks; a mask stays until it is replaced by another or by None.

        Parameters
        ----------
        masks
            Name → ``(n,)`` over the content.
        """
        if not any(name in self._masks or mask is not None for name, mask in masks.items()):
            return
        for name, mask in masks.items():
            self._masks.pop(name, None)
            if mask is not None:
                self._masks[name] = mask
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, −1 = the content's own order."""
        self._sorted = (column, order == Qt.SortOrder.AscendingOrder)
        self._arrange()

    def place_of(self, row: int) -> int:
        """Where a row of the content stands on the screen, −1 = nowhere."""
        found = np.flatnonzero(self.shown == row)
        return int(found[0]) if len(found) else -1

    def kept(self, without: str = "") -> NDArray[np.bool_]:
        """``(n,)`` what the filters keep, the mask called ``without`` left out."""
        keep = np.ones(len(self.content), dtype=np.bool_)
        for name, mask in self._masks.items():
            if name != without:
                keep &= mask
        if self._needle:
            if self._found is None:
                self._found = self.content.having(self._needle)
            keep &= self._found
        return keep

    def _arrange(self) -> None:
        self.beginResetModel()
        self.shown = self._arrangement()
        self.endResetModel()
        self.arranged.emit()

    def _arrangement(self) -> Ints:
        rows = np.flatnonzero(self.kept()).astype(np.int64)
        column, ascending = self._sorted
        if not 0 <= column < len(self.columns):
            return rows
        ranks = np.asarray(self.content.ranks(column), dtype=np.float64)[rows]
        return rows[np.argsort(ranks if ascending else -ranks, kind="stable")]

    # For the view

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or column.title
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: QModelIndex) -> Any:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self._cell(index).checked is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == KEY_ROLE:
            return self.content.key(int(self.shown[index.row()]))
        cell = self._cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == COPY_ROLE:
            return cell.copied
        return self._look(cell, self.columns[index.column()], role)

    def _look(self, cell: Cell, column: Column, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or cell.text
        if role == Qt.ItemDataRole.DecorationRole:
            return cell.icon
        if role == Qt.ItemDataRole.ForegroundRole:
            return cell.colour
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.FontRole and cell.bold:
            font = QgsApplication.font()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.CheckStateRole and cell.checked is not None:
            return Qt.CheckState.Checked if cell.checked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or self._cell(index).checked is None:
            return False
        self.ticked.emit(index.data(KEY_ROLE), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _cell(self, index: QModelIndex) -> Cell:
        return self.content.cell(int(self.shown[index.row()]), index.column())


def _same_rows(one: Content, other: Content) -> bool:
    """Both hold cells of the same columns and keys."""
    if not isinstance(one, Cells) or not isinstance(other, Cells) or not len(one):
        return False
    return one.columns == other.columns and [row.key for row in one.rows] == [row.key for row in other.rows]


def _alignment(column: Column) -> int:
    """Figures stand right, words left."""
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    both = side | Qt.AlignmentFlag.AlignVCenter
    return int(getattr(both, "value", both))  # A flag of its own in Qt 6, a number in Qt 5.
