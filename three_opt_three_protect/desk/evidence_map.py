"""What a table names, shown on the map; and plots left out, greyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

if TYPE_CHECKING:
    from three_opt_three_protect.desk.balance_job import Outcome

_EVIDENCE = (QColor(0, 72, 255, 110), QColor(0, 40, 190))
"""Blue is no colour of reclaim, new-build, farmland or land classes but water, which is far lighter."""
_LEFT_OUT = (QColor(255, 255, 255, 185), QColor(110, 110, 110))
_MARGIN = 1.15
_SMALLEST_M = 200.0
"""A map is not zoomed in on less than this: one needs to see where it is."""


class MapMarks:
    """Rubber bands of the dock; they leave the map when they are cleared.

    Parameters
    ----------
    canvas
        The map, None where there is no window.
    """

    def __init__(self, canvas: Optional[QgsMapCanvas]) -> None:
        self._canvas = canvas
        self._evidence: Optional[QgsRubberBand] = None
        self._left_out: Optional[QgsRubberBand] = None

    def show_evidence(self, shapes: Sequence[Any], crs: QgsCoordinateReferenceSystem, zoom: bool = True) -> None:
        """Highlight shapely geometries and zoom to them."""
        self.clear_evidence()
        if self._canvas is None or not shapes:
            return
        self._evidence = _band(self._canvas, _EVIDENCE, Qt.BrushStyle.SolidPattern)
        _fill(self._evidence, shapes, crs)
        if zoom:
            self.zoom(shapes, crs)

    def clear_evidence(self) -> None:
        """Take the highlight away."""
        self._remove(self._evidence)
        self._evidence = None

    def show_left_out(self, shapes: Sequence[Any], crs: QgsCoordinateReferenceSystem) -> None:
        """Grey the plots that are left out of the balance."""
        self._remove(self._left_out)
        self._left_out = None
        if self._canvas is not None and shapes:
            self._left_out = _band(self._canvas, _LEFT_OUT, Qt.BrushStyle.SolidPattern)
            _fill(self._left_out, shapes, crs)

    def clear(self) -> None:
        """Take everything away."""
        self.clear_evidence()
        self._remove(self._left_out)
        self._left_out = None

    def zoom(self, shapes: Sequence[Any], crs: QgsCoordinateReferenceSystem) -> None:
        """Show ``shapes`` with their surroundings."""
        import shapely

        if self._canvas is None or not shapes:
            return
        x_min, y_min, x_max, y_max = shapely.total_bounds(shapes)
        box = QgsRectangle(x_min, y_min, x_max, y_max)
        target = self._canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(crs, target, QgsProject.instance())
        shown = transform.transformBoundingBox(box)
        shown.scale(_MARGIN)
        if not target.isGeographic():
            lacking = (_SMALLEST_M - max(shown.width(), shown.height())) / 2
            shown.grow(max(0.0, lacking))
        self._canvas.setExtent(shown)
        self._canvas.refresh()

    def _remove(self, band: Optional[QgsRubberBand]) -> None:
        if band is not None and self._canvas is not None:
            self._canvas.scene().removeItem(band)


def _band(canvas: QgsMapCanvas, colours: Tuple[QColor, QColor], pattern: Qt.BrushStyle) -> QgsRubberBand:
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
    band.setFillColor(colours[0])
    band.setStrokeColor(colours[1])
    band.setWidth(2)
    band.setBrushStyle(pattern)
    return band


def _fill(band: QgsRubberBand, shapes: Sequence[Any], crs: QgsCoordinateReferenceSystem) -> None:
    import shapely

    for wkb in shapely.to_wkb(list(shapes), output_dimension=2):
        geometry = QgsGeometry()
        geometry.fromWkb(wkb)
        band.addGeometry(geometry, crs)


def evidence_shapes(outcome: Outcome, rows: Sequence[Tuple[str, str, int]]) -> List[Any]:
    """The part of its parcel that lies in its plot, for every row; for the eye, not for the accounts."""
    import numpy as np
    import shapely

    parcels = outcome.survey.base.parcels
    place = outcome.survey.parcel_rows
    plots: Dict[str, List[Any]] = {}
    for plot in outcome.plots:
        if plot.shape is not None:
            plots.setdefault(plot.plot_id, []).append(plot.shape)
    pairs = [
        (shape, parcels.repaired.geometry[place[parcel_id]])
        for plot_id, parcel_id, _ in rows
        for shape in plots.get(plot_id, [])
        if parcel_id in place
    ]
    if not pairs:
        return []
    one, other = (np.array(side, dtype=np.object_) for side in zip(*pairs))
    parts = shapely.intersection(shapely.make_valid(one), other)
    return [part for part in parts if part is not None and part.area > 0]
