"""The one table of all docks: sort, filter, count, copy into a spreadsheet, export.

It stays fluent with 200 000 rows; what it shows is a :class:`~three_opt_three_protect.desk.table_model.Content`.
"""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence, Tuple

import numpy as np
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QItemSelection, QItemSelectionModel, QMimeData, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.bridge.compat import QAction
from three_opt_three_protect.desk.table_copy import as_csv, as_html, as_tabs
from three_opt_three_protect.desk.table_filter import ValueFilter
from three_opt_three_protect.desk.table_model import (
    KEY_ROLE,
    Cell,
    Cells,
    Column,
    Content,
    Ints,
    Row,
    Table,
    TableModel,
)
from three_opt_three_protect.desk.table_work import Background

__all__ = ["Cell", "Cells", "Column", "Content", "Row", "Table", "TableModel", "TablePanel"]

_AT_ONCE = 20_000
"""Cells copied or saved without the worker thread, and as formatted text besides."""
_REMEMBERED = 1_000
"""Selected rows that stay selected when the table is sorted or filtered."""


class TablePanel(QWidget):
    """A table with a filter line, a count and buttons to copy and export.

    Parameters
    ----------
    wrap
        The last column holds sentences: they are broken into lines instead of cut off. For short tables.
    """

    picked = pyqtSignal(object)
    """Key of the current row when the user selects it."""
    selected = pyqtSignal()
    """Other rows are selected, or none."""
    said = pyqtSignal(str)
    """A line for the user: copied, exported."""

    def __init__(self, name: str, wrap: bool = False, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._wrap = wrap
        self._quiet = False
        self._kept: Tuple[List[Any], Any] = ([], None)
        self._exports: Optional[QMenu] = None
        self.filters: List[ValueFilter] = []
        self.work = Background(self)
        self.model = TableModel(self)
        self.view = self._view()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(50)
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.textChanged.connect(self.model.search)
        self.count = QLabel()
        self.count.hide()
        self.bar = QHBoxLayout()
        self.bar.setContentsMargins(0, 0, 0, 0)
        self.bar.addWidget(self.filter, 1)
        self.bar.addWidget(self.count)
        self.copy_button = self._button("/mActionEditCopy.svg", self.tr("Copy"), self.tr("Copy the whole table"))
        self.copy_button.clicked.connect(lambda: self.copy(everything=True))
        self.export_button = self._button("/mActionFileSave.svg", self.tr("Export"), self.tr("Save the table as CSV"))
        self.export_button.clicked.connect(self._ask_export)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addLayout(self.bar)
        self._layout.addWidget(self.view, 1)
        copying = QAction(self.tr("Copy"), self)
        copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copying.triggered.connect(lambda: self.copy())
        self.addAction(copying)
        self.view.addAction(copying)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.model.modelAboutToBeReset.connect(self._remember)
        self.model.modelReset.connect(self._restore)
        self.model.arranged.connect(self._show_count)

    # What it shows

    def show_table(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Show rows of cells."""
        self.show_content(Cells(columns, rows))

    def show_content(self, content: Content) -> None:
        """Show other contents; widths stay as the user drew them while the columns are the same."""
        fresh = self.model.columns != content.columns
        if fresh:
            self._quiet = True
            self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self._quiet = False
        self.model.show(content)
        if fresh:
            self._fit(content.columns)
        if self._wrap:
            self.view.resizeRowsToContents()

    def add_value_filters(self, columns: Sequence[int]) -> None:
        """A second line with a choice of values for each of ``columns``, and the count of rows shown."""
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for column in columns:
            choice = ValueFilter(self.model, column)
            self.filters.append(choice)
            line.addWidget(choice, 1)
        self._layout.insertLayout(1, line)
        self.count.show()

    def add_export(self, text: str, export: Callable[[], None]) -> None:
        """Offer another way to save the table beside CSV."""
        if self._exports is None:
            self._exports = QMenu(self.export_button)
            self.export_button.setMenu(self._exports)
            self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self.export_button.setToolTip(self.tr("Save the rows shown"))
            self._exports.addAction(self.tr("CSV table…")).triggered.connect(self._ask_export)
        self._exports.addAction(text).triggered.connect(lambda: export())

    def rows_shown(self) -> Ints:
        """Rows of the content that are shown, in the order shown."""
        return self.model.shown

    def rows_selected(self) -> Ints:
        """Rows of the content that are selected, in the order shown."""
        places = np.zeros(len(self.model.shown), dtype=np.bool_)
        # Ranges, not indexes: a selection of everything is one range.
        for part in self.view.selectionModel().selection():
            places[part.top() : part.bottom() + 1] = True
        return self.model.shown[places]

    def row_current(self) -> int:
        """Row of the content that is current, −1 = none."""
        index = self.view.currentIndex()
        return int(self.model.shown[index.row()]) if index.isValid() else -1

    def keys(self) -> List[Any]:
        """Keys of the rows shown, in the order shown."""
        return [self.model.content.key(row) for row in self.model.shown.tolist()]

    def select(self, key: Any) -> bool:
        """Select the row of ``key``; False when it is not shown."""
        row = self.model.content.row_of(key)
        place = self.model.place_of(row) if row >= 0 else -1
        if place < 0:
            self.view.clearSelection()
            return False
        self.view.selectRow(place)
        return True

    def step(self, by: int) -> None:
        """Go to the next (1) or the previous (−1) row."""
        if not len(self.model.shown):
            return
        current = self.view.currentIndex().row() if self.view.currentIndex().isValid() else (-1 if by > 0 else 0)
        self.view.selectRow(min(max(current + by, 0), len(self.model.shown) - 1))

    def _show_count(self) -> None:
        shown, of = len(self.model.shown), len(self.model.content)
        text = self.tr("{count} rows") if shown == of else self.tr("{count} of {of} rows")
        self.count.setText(text.format(count=shown, of=of))

    # Copy and export

    def copy(self, everything: bool = False) -> None:
        """Put the selected rows (or all) on the clipboard, with header, ready for a spreadsheet."""
        rows = self._wanted(everything)
        if len(rows) * len(self.model.columns) <= _AT_ONCE:
            self._to_clipboard(len(rows), *self._formatted(rows))
            return
        content = self.model.content
        self.work.run(
            lambda: as_tabs(_header(content), _copied(content, rows)),
            lambda plain: self._to_clipboard(len(rows), plain, ""),
            lambda error: self.said.emit(str(error)),
        )

    def export(self, path: str) -> None:
        """Write all rows shown as CSV."""
        content, rows = self.model.content, self.model.shown
        if len(rows) * len(content.columns) <= _AT_ONCE:
            self.said.emit(self._saved(path, content, rows))
            return
        self.work.run(
            lambda: self._saved(path, content, rows), self.said.emit, lambda error: self.said.emit(str(error))
        )

    def _saved(self, path: str, content: Content, rows: Ints) -> str:
        try:
            # The mark makes Excel and WPS read it as UTF-8.
            with open(path, "w", encoding="utf-8-sig", newline="") as file:
                file.write(as_csv(_header(content), _copied(content, rows)))
        except OSError as error:
            return str(self.tr("{path} cannot be written: {why}").format(path=path, why=error.strerror))
        return str(self.tr("Saved: {path}").format(path=path))

    def _formatted(self, rows: Ints) -> Tuple[str, str]:
        header, cells = _header(self.model.content), _copied(self.model.content, rows)
        return as_tabs(header, cells), as_html(header, cells, [column.numeric for column in self.model.columns])

    def _to_clipboard(self, count: int, plain: str, formatted: str) -> None:
        mime = QMimeData()
        mime.setText(plain)
        if formatted:
            mime.setHtml(formatted)
        QgsApplication.clipboard().setMimeData(mime)
        self.said.emit(self.tr("{count} rows copied; paste them into a spreadsheet").format(count=count))

    def _ask_export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), "", "CSV (*.csv)")
        if path:
            self.export(path if path.lower().endswith(".csv") else f"{path}.csv")

    def _wanted(self, everything: bool) -> Ints:
        selected = self.rows_selected()
        return self.model.shown if everything or not len(selected) else selected

    # The view

    def _view(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.setWordWrap(self._wrap)
        if self._wrap:
            view.horizontalHeader().sectionResized.connect(lambda *_: view.resizeRowsToContents())
            self.model.modelReset.connect(view.resizeRowsToContents)
        view.setTabKeyNavigation(False)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 8)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setStretchLastSection(not self._wrap)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # A header asks of every row whether it is selected to draw a column as selected: it gets nothing to ask.
        header.setSelectionModel(QItemSelectionModel(self.model, header))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        view.selectionModel().currentRowChanged.connect(self._on_current)
        view.selectionModel().selectionChanged.connect(lambda *_: None if self._quiet else self.selected.emit())
        return view

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.picked.emit(current.data(KEY_ROLE))

    def _remember(self) -> None:
        """Before the rows are arranged anew: what is selected, by key."""
        rows = self.rows_selected()[:_REMEMBERED].tolist()
        current = self.row_current()
        key_of = self.model.content.key
        self._kept = ([key_of(row) for row in rows], key_of(current) if current >= 0 and rows else None)

    def _restore(self) -> None:
        """Select again what is still shown."""
        keys, current = self._kept
        if not keys:
            self.view.scrollToTop()
            return
        rows = [self.model.content.row_of(key) for key in keys]
        wanted = np.flatnonzero(np.isin(self.model.shown, [row for row in rows if row >= 0])).tolist()
        self._quiet = True
        chosen, models = QItemSelection(), self.view.selectionModel()
        last = max(0, len(self.model.columns) - 1)
        for place in wanted:
            chosen.select(self.model.index(place, 0), self.model.index(place, last))
        flags = QItemSelectionModel.SelectionFlag
        models.select(chosen, flags.ClearAndSelect)
        row = self.model.content.row_of(current) if current is not None else -1
        place = self.model.place_of(row) if row >= 0 else -1
        if place >= 0:
            models.setCurrentIndex(self.model.index(place, 0), flags.NoUpdate)
            self.view.scrollTo(self.model.index(place, 0))
        elif not wanted:
            self.view.scrollToTop()
        self._quiet = False
        self.selected.emit()

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
                header.resizeSection(number, max(column.width * letter, 0 if column.cut else title))
            else:
                self.view.resizeColumnToContents(number)


def _header(content: Content) -> List[str]:
    return [column.title for column in content.columns]


def _copied(content: Content, rows: Ints) -> List[Tuple[str, ...]]:
    """The cells of ``rows`` as a spreadsheet takes them."""
    return list(zip(*(content.copied(column, rows) for column in range(len(content.columns)))))
