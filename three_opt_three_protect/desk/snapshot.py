"""A layer as it stands now, unsaved edits included, to be read in another thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Sequence, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsFields,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from three_opt_three_protect.bridge.encodings import ShownText
from three_opt_three_protect.bridge.sources import origin_of, read_layer
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable

if TYPE_CHECKING:
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.core.roles import RoleSchema
    from three_opt_three_protect.plans.inputs import Source


class Snapshot:
    """Takes everything it needs from the layer at once; afterwards the layer may change or go.

    Stands in for a QgsFeatureSource in ``bridge.sources``.  A shapefile QGIS shows in a wrong encoding is read right,
    under its right field names, and left as it is shown.

    Parameters
    ----------
    mapping
        Role field → field as the project remembers them (``ProjectMemory.mapping``).
    most
        Read no more rows than this, None = all.
    shapes
        False: the attributes alone, which is much faster.
    as_shown
        True: text and field names as QGIS shows them, right or wrong.

    Attributes
    ----------
    notes
        After reading: what is to be told about text that is shown wrongly.
    """

    def __init__(
        self,
        layer: QgsVectorLayer,
        mapping: Optional[Mapping[str, str]] = None,
        most: Optional[int] = None,
        shapes: bool = True,
        as_shown: bool = False,
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
        self._text = None if as_shown else ShownText(layer)
        self._right_name: Dict[str, str] = {}
        self.notes: Tuple[Finding, ...] = ()

    def read(self, progress: Progress = SILENT, fields: Optional[Sequence[str]] = None) -> LayerTable:
        """The layer as a table; ``fields`` None = all.

        Raises
        ------
        InputError
            ``encoding_and_edits``, ``text_not_readable``, ``dbf_truncated``: text that cannot be read right.
        """
        self._put_right()
        return read_layer(self, self._name, progress, fields, self._origin).table

    def source(self, table: LayerTable, schema: RoleSchema) -> Source:
        """``table`` (this layer, as read) in the role of ``schema``, with the fields the project remembers."""
        from three_opt_three_protect.plans.inputs import Source

        mapping = self.as_read(self._mapping)
        known = {name: source for name, source in mapping.items() if name in schema.fields}
        # The layer may have got another file meanwhile: what it does not have is guessed anew.
        kept = {name: source for name, source in known.items() if not source or source in table.columns}
        chosen = {name: source for name, source in kept.items() if source}
        open_fields = frozenset(schema.fields) - kept.keys()
        return Source(table, chosen, open_fields if len(chosen) < len(kept) else None)

    def as_read(self, mapping: Mapping[str, str]) -> Dict[str, str]:
        """``mapping``, made with field names as they are shown, with the names they were read under."""
        return {name: self._right_name.get(source, source) for name, source in mapping.items()}

    def _put_right(self) -> None:
        """Open the file again, in the thread that reads, where its text is shown wrongly."""
        text, self._text = self._text, None
        found = None if text is None else text.found()
        if text is None or found is None or text.is_right():
            return
        from three_opt_three_protect.core.findings import INFO, Finding

        again = text.opened_right()
        shown, self._fields = self._fields, QgsFields(again.fields())
        self._right_name = {one.name(): other.name() for one, other in zip(shown, self._fields)}
        self._source = QgsVectorLayerFeatureSource(again)
        said = found.notes(self._name) or [("log_encoding", {"layer": self._name, "encoding": found.encoding})]
        self.notes = tuple(Finding(note, INFO, self._name, values) for note, values in said)

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
