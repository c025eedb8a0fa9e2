"""Click a plot on the map to take it in or leave it out."""

from __future__ import annotations

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal


class PlotTool(QgsMapTool):
    """Tells where the map was clicked; which plot lies there the dock knows."""

    clicked = pyqtSignal(object)
    """QgsPointXY in the map's CRS."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(QgsPointXY(event.mapPoint()))
