"""A layer as it stands now, unsaved edits included, to be read in another thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsFields,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from three_opt_three_protect.bridge.sources import origin_of, read_layer
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable

if TYPE_CHECKING:
    from three_opt_three_protect.core.roles import RoleSchema
    from three_opt_three_protect.plans.inputs import Source


class Snapshot:
    """Takes everything it needs from the layer at once; afterwards the layer may change or go.

    Stands in for a QgsFeatureSource in ``bridge.sources``.

    Parameters
    ----------
    mapping
        Role field → field as the project remembers them (``ProjectMemory.mapping``).
    most
        Read no more rows than this, None = all.
    shapes
        False: the attributes alone, which is much faster.
    """

    def __init__(
        self,
        layer: QgsVectorLayer,
        mapping: Optional[Mapping[str, str]] = None,
        most: Optional[int] = None,
        shapes: bool = True,
    ) -> None:
        self._source = QgsVectorLayerFeatureSource(layer)
        self._fields = QgsFields(layer.fields())
        self._wkb_type = layer.wkbType()
        self._count = int(layer.featureCount())
        self._crs = QgsCoordinateReferenceSystem(layer.crs())
        self._name = str(layer.name())
        self._origin = origin_of(layer)
        self._mapping, self._most = dict(mapping or {}), most
        if not shapes:
            self._wkb_type = QgsWkbTypes.Type.NoGeometry

    def read(self, progress: Progress = SILENT, fields: Optional[Sequence[str]] = None) -> LayerTable:
        """The layer as a table; ``fields`` None = all."""
        return read_layer(self, self._name, progress, fields, self._origin).table

    def source(self, table: LayerTable, schema: RoleSchema) -> Source:
        """``table`` (this layer, as read) in the role of ``schema``, with the fields the project remembers."""
        from three_opt_three_protect.plans.inputs import Source

        known = {name: source for name, source in self._mapping.items() if name in schema.fields}
        # The layer may have got another file meanwhile: what it does not have is guessed anew.
        kept = {name: source for name, source in known.items() if not source or source in table.columns}
        chosen = {name: source for name, source in kept.items() if source}
        open_fields = frozenset(schema.fields) - kept.keys()
        return Source(table, chosen, open_fields if len(chosen) < len(kept) else None)

    def fields(self) -> QgsFields:
        return self._fields

    def wkbType(self) -> Any:
        return self._wkb_type

    def featureCount(self) -> int:
        return self._count if self._most is None else min(self._count, self._most)

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        return self._crs

    def sourceName(self) -> str:
        return self._name

    def getFeatures(self, request: QgsFeatureRequest) -> Any:
        if self._most is not None:
            request.setLimit(self._most)
        return self._source.getFeatures(request)
