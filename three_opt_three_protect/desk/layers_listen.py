"""What makes a layer another one to the page of layers: other fields, another source, another CRS, another name."""

from __future__ import annotations

from typing import Any, List, Tuple

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal


class LayerNews(QObject):
    """Listens to one layer; edits of features are no news."""

    changed = pyqtSignal(str)
    """The layer must be read again (its id)."""
    renamed = pyqtSignal(str)
    """The layer has another name (its id)."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        super().__init__()
        self._layer_id = layer.id()
        self._signals: List[Tuple[Any, Any]] = [
            (layer.updatedFields, self._on_change),
            (layer.dataSourceChanged, self._on_change),
            (layer.subsetStringChanged, self._on_change),
            (layer.crsChanged, self._on_change),
            (layer.nameChanged, self._on_name),
            (layer.willBeDeleted, self._gone),
        ]
        for signal, slot in self._signals:
            signal.connect(slot)

    def stop(self) -> None:
        """Listen no longer; safe when the layer is gone."""
        for signal, slot in self._signals:
            signal.disconnect(slot)
        self._signals = []

    def _on_change(self, *_what: Any) -> None:
        self.changed.emit(self._layer_id)

    def _on_name(self) -> None:
        self.renamed.emit(self._layer_id)

    def _gone(self) -> None:
        """The layer dies and takes its connections with it."""
        self._signals = []
