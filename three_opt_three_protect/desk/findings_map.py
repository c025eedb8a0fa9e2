"""The place of a finding on the map: found in the layer, highlighted, shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from three_opt_three_protect.storage.findings_store import WHOLE, Findings

translate = QCoreApplication.translate

_FILL, _LINE = QColor(255, 0, 160, 70), QColor(214, 0, 122)
"""Magenta is no colour of land classes, lines or plots."""
_WIDTH = 3
_MARGIN = 1.6
_SMALLEST_M = 60.0
"""A sliver fills no map: one needs to see where it is."""
_METRES_PER_DEGREE = 111_000.0
_FLASHES, _FLASH_MS = 3, 450


@dataclass(frozen=True)
class Place:
    """Where a finding is, or why it cannot be shown.

    Attributes
    ----------
    layer, feature
        None when the layer has left the project, or the feature the layer.
    geometry
        Of the finding, else of the feature; in ``crs``; None = neither has one.
    reason
        A sentence for the user where something is missing.
    """

    layer: Optional[QgsVectorLayer]
    feature: Optional[QgsFeature]
    geometry: Optional[QgsGeometry]
    crs: QgsCoordinateReferenceSystem
    reason: str = ""


def place_of(findings: Findings, row: int) -> Place:
    """Look a finding up in the project."""
    checked = findings.layers[int(findings.layer[row])]
    crs = crs_of(checked.crs)
    layer = QgsProject.instance().mapLayer(checked.layer_id)
    geometry = _from_wkb(findings.place[row])
    if not isinstance(layer, QgsVectorLayer) or not layer.isValid():
        reason = translate("FindingsDock", "The layer {layer} is not in this project.").format(layer=checked.name)
        return Place(None, None, geometry, crs, reason)
    fid = int(findings.fid[row])
    if fid == WHOLE:
        reason = translate("FindingsDock", "This finding is about the layer as a whole.")
        return Place(layer, None, geometry, crs, reason)
    feature = layer.getFeature(fid)
    if not feature.isValid():
        reason = translate("FindingsDock", "Feature {fid} is no longer in {layer}.").format(fid=fid, layer=checked.name)
        return Place(layer, None, geometry, crs, reason)
    if geometry is None and feature.hasGeometry():
        return Place(layer, feature, feature.geometry(), layer.crs())
    return Place(layer, feature, geometry, crs)


def crs_of(text: str) -> QgsCoordinateReferenceSystem:
    """The CRS of an authority id or WKT; invalid where there is none."""
    crs = QgsCoordinateReferenceSystem(text) if ":" in text[:12] else QgsCoordinateReferenceSystem()
    return crs if crs.isValid() or not text else QgsCoordinateReferenceSystem.fromWkt(text)


def _from_wkb(wkb: Optional[bytes]) -> Optional[QgsGeometry]:
    if wkb is None:
        return None
    geometry = QgsGeometry()
    geometry.fromWkb(wkb)
    return None if geometry.isNull() or geometry.isEmpty() else geometry


class FindingMap:
    """Highlights one place; it leaves the map when it is cleared.

    Parameters
    ----------
    canvas
        The map, None where there is no window.
    """

    def __init__(self, canvas: Optional[QgsMapCanvas]) -> None:
        self._canvas = canvas
        self._band: Optional[QgsRubberBand] = None

    def highlight(self, place: Place) -> None:
        """Draw the outline of a place."""
        self.clear()
        if self._canvas is None or place.geometry is None:
            return
        self._band = QgsRubberBand(self._canvas, _kind(place.geometry))
        self._band.setFillColor(_FILL)
        self._band.setStrokeColor(_LINE)
        self._band.setWidth(_WIDTH)
        self._band.addGeometry(place.geometry, place.crs)

    def zoom(self, place: Place) -> None:
        """Show a place with its surroundings."""
        box = self._box(place)
        if box is None or self._canvas is None:
            return
        box.scale(_MARGIN)
        degrees = self._canvas.mapSettings().destinationCrs().isGeographic()
        smallest = _SMALLEST_M / _METRES_PER_DEGREE if degrees else _SMALLEST_M
        box.grow(max(0.0, (smallest - max(box.width(), box.height())) / 2))
        self._canvas.setExtent(box)
        self._canvas.refresh()

    def pan(self, place: Place) -> None:
        """Bring a place to the middle, at the scale there is."""
        box = self._box(place)
        if box is not None and self._canvas is not None:
            self._canvas.setCenter(box.center())
            self._canvas.refresh()

    def flash(self, place: Place) -> None:
        """Make a place blink."""
        if self._canvas is not None and place.geometry is not None:
            clear = QColor(_LINE)
            clear.setAlpha(0)
            self._canvas.flashGeometries([place.geometry], place.crs, _LINE, clear, _FLASHES, _FLASH_MS)

    def clear(self) -> None:
        """Take the outline away."""
        if self._band is not None and self._canvas is not None:
            self._canvas.scene().removeItem(self._band)
        self._band = None

    def _box(self, place: Place) -> Optional[QgsRectangle]:
        """The place in the map's CRS; None where it has none there."""
        if self._canvas is None or place.geometry is None:
            return None
        target = self._canvas.mapSettings().destinationCrs()
        try:
            transform = QgsCoordinateTransform(place.crs, target, QgsProject.instance())
            return transform.transformBoundingBox(place.geometry.boundingBox())
        except QgsCsException:
            return None


def _kind(geometry: QgsGeometry) -> QgsWkbTypes.GeometryType:
    return geometry.type()
