"""Everything that can change what a layer holds, as one signal."""

from __future__ import annotations

from typing import Any, List

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal


class LayerWatch(QObject):
    """Listens to one layer: edits, undo and redo, saving and dropping them, filters, other sources.

    One user action emits several of these signals; who listens collects them.
    """

    changed = pyqtSignal()

    def __init__(self, layer: QgsVectorLayer) -> None:
        super().__init__()
        self._layer_id = layer.id()
        self._signals: List[Any] = [
            layer.geometryChanged,
            layer.featureAdded,
            layer.featureDeleted,
            layer.attributeValueChanged,
            layer.attributeAdded,
            layer.attributeDeleted,
            layer.editCommandEnded,
            layer.undoStack().indexChanged,
            layer.afterCommitChanges,
            layer.afterRollBack,
            layer.dataChanged,
            layer.dataSourceChanged,
            layer.subsetStringChanged,
            layer.crsChanged,
            layer.nameChanged,
        ]
        for signal in self._signals:
            signal.connect(self._on_change)
        layer.willBeDeleted.connect(self._forget)
        self._gone = layer.willBeDeleted

    @property
    def layer_id(self) -> str:
        """The layer listened to."""
        return str(self._layer_id)

    def stop(self) -> None:
        """Listen no longer; safe when the layer is gone."""
        for signal in self._signals:
            signal.disconnect(self._on_change)
        if self._signals:
            self._gone.disconnect(self._forget)
        self._signals = []

    def _on_change(self, *_what: Any) -> None:
        self.changed.emit()

    def _forget(self) -> None:
        """The layer dies and takes its connections with it."""
        self._signals = []
