"""A layer as it stands now, unsaved edits included, to be read in another thread."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsFields,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)

from three_opt_three_protect.bridge.sources import origin_of, read_layer
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable


class Snapshot:
    """Takes everything it needs from the layer at once; afterwards the layer may change or go.

    Stands in for a QgsFeatureSource in ``bridge.sources``.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._source = QgsVectorLayerFeatureSource(layer)
        self._fields = QgsFields(layer.fields())
        self._wkb_type = layer.wkbType()
        self._count = int(layer.featureCount())
        self._crs = QgsCoordinateReferenceSystem(layer.crs())
        self._name = str(layer.name())
        self._origin = origin_of(layer)

    def read(self, progress: Progress = SILENT) -> LayerTable:
        """The layer as a table."""
        return read_layer(self, self._name, progress, None, self._origin).table

    def fields(self) -> QgsFields:
        return self._fields

    def wkbType(self) -> Any:
        return self._wkb_type

    def featureCount(self) -> int:
        return self._count

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        return self._crs

    def sourceName(self) -> str:
        return self._name

    def getFeatures(self, request: QgsFeatureRequest) -> Any:
        return self._source.getFeatures(request)
