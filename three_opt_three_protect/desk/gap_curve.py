"""The plan found so far and the bound, closing in on each other while a search runs."""

from __future__ import annotations

from typing import List, Optional, Tuple

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from three_opt_three_protect.desk.look import is_dark

_MOST = 400
"""Points kept; of more every second one goes."""
_COLOURS = {
    False: (QColor("#1f5fa8"), QColor("#8a8f98"), QColor(31, 95, 168, 36)),
    True: (QColor("#7db4f0"), QColor("#9aa0aa"), QColor(125, 180, 240, 46)),
}
"""Theme is dark → plan found, bound, what lies between."""
_EDGE = 5.0
_ZOOM = 4.0
"""Times the gap there is now that is shown above and below it."""


class GapCurve(QWidget):
    """Two lines over the time: what was found, and what no plan can be better than."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._points: List[Tuple[float, float, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Plan found and bound"))

    def sizeHint(self) -> QSize:
        return QSize(200, 5 * self.fontMetrics().height())

    def clear(self) -> None:
        """Start anew."""
        self._points.clear()
        self.update()

    def add(self, seconds: float, value: float, bound: float) -> None:
        """Another plan, or another bound."""
        if len(self._points) >= _MOST:
            self._points = self._points[::2]
        self._points.append((seconds, value, bound))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if not self._points:
            painter.end()
            return
        found, bound, between = _COLOURS[is_dark(self.palette())]
        upper, lower = self._steps(room, 1), self._steps(room, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(between))
        painter.drawPolygon(QPolygonF(upper + lower[::-1]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(bound, 1.5, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(lower))
        painter.setPen(QPen(found, 2))
        painter.drawPolyline(QPolygonF(upper))
        painter.end()

    def _range(self) -> Tuple[float, float]:
        """Values shown: all of them, but not so many that what still lies between the lines cannot be seen."""
        values = [value for entry in self._points for value in entry[1:]]
        _, found, bound = self._points[-1]
        room = _ZOOM * abs(found - bound) or float("inf")
        return max(min(values), min(found, bound) - room), min(max(values), max(found, bound) + room)

    def _steps(self, room: QRectF, which: int) -> List[QPointF]:
        """The line of what was found (1) or of the bound (2) as stairs."""
        first = self._points[0][0]
        last = max(self._points[-1][0] - first, 1e-9)
        low, high = self._range()
        spread = high - low or 1.0
        line: List[QPointF] = []
        for entry in self._points:
            x = room.left() + room.width() * (entry[0] - first) / last
            y = room.bottom() - room.height() * min(1.0, max(0.0, (entry[which] - low) / spread))
            if line:
                line.append(QPointF(x, line[-1].y()))
            line.append(QPointF(x, y))
        if len(self._points) == 1:
            line = [QPointF(room.left(), line[0].y()), QPointF(room.right(), line[0].y())]
        return line
