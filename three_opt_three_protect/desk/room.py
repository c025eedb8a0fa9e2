"""Room on small screens and with large letters: a page that scrolls when it is squeezed, chips that flow into lines."""

from __future__ import annotations

from typing import List, Optional

from qgis.gui import QgsScrollArea
from qgis.PyQt.QtCore import QEvent, QObject, QRect, QSize, Qt
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import QAbstractItemView, QFrame, QLayout, QLayoutItem, QStyle, QWidget


class PageScroll(QgsScrollArea):
    """Holds the page of a dock: as large as the dock, and never smaller than it can be read.

    Without it a page that needs more height than the screen has makes QGIS's window larger than the screen.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setMinimumWidth(max(page.minimumWidth(), page.minimumSizeHint().width()) + bar)
        page.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._fit()
        return bool(super().eventFilter(watched, event))

    def sizeHint(self) -> QSize:
        return self.widget().sizeHint()

    def _fit(self) -> None:
        # The viewport has the height left beside no scroll bar: with one the page is narrower, so twice.
        for _ in range(2):
            page, room = self.widget(), self.viewport().size()
            least = page.layout().minimumHeightForWidth(room.width())
            page.resize(room.width(), max(room.height(), least, page.minimumSizeHint().height()))


class Flow(QLayout):
    """Widgets one after the other in as many lines as they need, none cut off."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self._items: List[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> Optional[QLayoutItem]:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> Optional[QLayoutItem]:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), draw=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, draw=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.sizeHint())
        return size

    def _place(self, rect: QRect, draw: bool) -> int:
        """Lay the items out from the left; gives the height they take."""
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if line and x + size.width() > rect.x() + rect.width():
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if draw:
                item.setGeometry(QRect(x, y, size.width(), size.height()))
            x, line = x + size.width() + self.spacing(), max(line, size.height())
        return y + line - rect.y()


def at_least_rows(view: QAbstractItemView, rows: int) -> None:
    """A table is never squeezed below so many rows."""
    row = view.verticalHeader().defaultSectionSize()
    frame = 2 * view.frameWidth() + view.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    view.setMinimumHeight(view.horizontalHeader().sizeHint().height() + rows * row + frame)
