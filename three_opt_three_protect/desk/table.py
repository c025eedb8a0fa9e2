"""The one table of all docks: sort, filter, copy into a spreadsheet, export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Tuple

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QSortFilterProxyModel, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.bridge.compat import QAction
from three_opt_three_protect.desk.table_copy import as_csv, as_html, as_tabs

SORT_ROLE = Qt.ItemDataRole.UserRole
KEY_ROLE = Qt.ItemDataRole.UserRole + 1
COPY_ROLE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class Column:
    """A column; ``width`` in average characters, 0 = as wide as its contents."""

    title: str
    numeric: bool = False
    width: int = 0
    tip: str = ""


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


@dataclass(frozen=True)
class Row:
    """Cells and what the row stands for."""

    cells: Tuple[Cell, ...]
    key: Any = None


Table = Tuple[Sequence[Column], Sequence[Row]]
"""What a panel shows."""


class TableModel(QAbstractTableModel):
    """Rows of cells."""

    ticked = pyqtSignal(object, bool)
    """Key of a row and the new state of its box."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.columns: Tuple[Column, ...] = ()
        self.rows: Tuple[Row, ...] = ()

    def show(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Replace the contents; the view keeps its place where only figures change."""
        same = self.columns == tuple(columns) and [row.key for row in self.rows] == [row.key for row in rows]
        if same and rows:
            self.rows = tuple(rows)
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(columns) - 1))
            return
        self.beginResetModel()
        self.columns, self.rows = tuple(columns), tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

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
        cell = self._cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == SORT_ROLE:
            return cell.text if cell.sort is None else cell.sort
        if role == KEY_ROLE:
            return self.rows[index.row()].key
        if role == COPY_ROLE:
            return cell.text if cell.copy is None else cell.copy
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
        self.ticked.emit(self.rows[index.row()].key, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _cell(self, index: QModelIndex) -> Cell:
        return self.rows[index.row()].cells[index.column()]


def _alignment(column: Column) -> int:
    """Figures stand right, words left."""
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    both = side | Qt.AlignmentFlag.AlignVCenter
    return int(getattr(both, "value", both))  # A flag of its own in Qt 6, a number in Qt 5.


class _Proxy(QSortFilterProxyModel):
    """Sorts by what a cell means and keeps the given order until a header is clicked."""

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:
        one, other = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if type(one) is not type(other):
            # Figures that are not known come after those that are.
            return not isinstance(one, str) and isinstance(other, str)
        return bool(one < other)


class TablePanel(QWidget):
    """A table with a filter line and buttons to copy and export.

    Parameters
    ----------
    wrap
        The last column holds sentences: they are broken into lines instead of cut off.
    """

    picked = pyqtSignal(object)
    """Key of the current row when the user selects it."""
    said = pyqtSignal(str)
    """A line for the user: copied, exported."""

    def __init__(self, name: str, wrap: bool = False, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._wrap = wrap
        self._quiet = False
        self.model = TableModel(self)
        self.proxy = _Proxy(self)
        self.proxy.setSourceModel(self.model)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.proxy.setFilterKeyColumn(-1)
        self.view = self._view()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(50)
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.textChanged.connect(self.proxy.setFilterFixedString)
        self.bar = QHBoxLayout()
        self.bar.setContentsMargins(0, 0, 0, 0)
        self.bar.addWidget(self.filter, 1)
        self.copy_button = self._button("/mActionEditCopy.svg", self.tr("Copy"), self.tr("Copy the whole table"))
        self.copy_button.clicked.connect(lambda: self.copy(everything=True))
        self.export_button = self._button("/mActionFileSave.svg", self.tr("Export"), self.tr("Save the table as CSV"))
        self.export_button.clicked.connect(self._ask_export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.bar)
        layout.addWidget(self.view, 1)
        copying = QAction(self.tr("Copy"), self)
        copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copying.triggered.connect(lambda: self.copy())
        self.addAction(copying)
        self.view.addAction(copying)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_table(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Show other contents; widths stay as the user drew them while the columns are the same."""
        fresh = self.model.columns != tuple(columns)
        key = self.view.currentIndex().data(KEY_ROLE) if self.view.selectionModel().hasSelection() else None
        self._quiet = True
        self.model.show(columns, rows)
        if key is not None and not self.view.selectionModel().hasSelection():
            self.select(key)
        self._quiet = False
        if fresh:
            self._fit(columns)
        if self._wrap:
            self.view.resizeRowsToContents()

    def keys(self) -> List[Any]:
        """Keys of the rows shown, in the order shown."""
        return [self.proxy.index(row, 0).data(KEY_ROLE) for row in range(self.proxy.rowCount())]

    def select(self, key: Any) -> bool:
        """Select the row of ``key``; False when it is not shown."""
        if key in self.keys():
            self.view.selectRow(self.keys().index(key))
            return True
        self.view.clearSelection()
        return False

    def copy(self, everything: bool = False) -> None:
        """Put the selected rows (or all) on the clipboard, with header, ready for a spreadsheet."""
        rows = self._rows(everything)
        header = [column.title for column in self.model.columns]
        mime = QMimeData()
        mime.setText(as_tabs(header, rows))
        mime.setHtml(as_html(header, rows, [column.numeric for column in self.model.columns]))
        QgsApplication.clipboard().setMimeData(mime)
        self.said.emit(self.tr("{count} rows copied; paste them into a spreadsheet").format(count=len(rows)))

    def export(self, path: str) -> None:
        """Write all rows shown as CSV."""
        header = [column.title for column in self.model.columns]
        try:
            # The mark makes Excel and WPS read it as UTF-8.
            with open(path, "w", encoding="utf-8-sig", newline="") as file:
                file.write(as_csv(header, self._rows(True)))
        except OSError as error:
            self.said.emit(self.tr("{path} cannot be written: {why}").format(path=path, why=error.strerror))
            return
        self.said.emit(self.tr("Saved: {path}").format(path=path))

    def _ask_export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), "", "CSV (*.csv)")
        if path:
            self.export(path if path.lower().endswith(".csv") else f"{path}.csv")

    def _rows(self, everything: bool) -> List[List[str]]:
        selected = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        wanted = range(self.proxy.rowCount()) if everything or not selected else selected
        columns = range(self.proxy.columnCount())
        return [[str(self.proxy.index(row, column).data(COPY_ROLE)) for column in columns] for row in wanted]

    def _view(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self.proxy)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.setWordWrap(self._wrap)
        if self._wrap:
            view.horizontalHeader().sectionResized.connect(lambda *_: view.resizeRowsToContents())
        view.setTabKeyNavigation(False)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 8)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(not self._wrap)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        view.selectionModel().currentRowChanged.connect(self._on_current)
        return view

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.picked.emit(current.data(KEY_ROLE))

    def _button(self, theme_icon: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(QgsApplication.getThemeIcon(theme_icon))
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bar.addWidget(button)
        return button

    def _fit(self, columns: Sequence[Column]) -> None:
        header = self.view.horizontalHeader()
        letter = self.view.fontMetrics().horizontalAdvance("国")
        for number, column in enumerate(columns):
            last = self._wrap and number == len(columns) - 1
            mode = QHeaderView.ResizeMode.Stretch if last else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(number, mode)
            if last:
                continue
            if column.width:
                title = header.fontMetrics().horizontalAdvance(column.title) + letter
                header.resizeSection(number, max(column.width * letter, title))
            else:
                self.view.resizeColumnToContents(number)
