"""Plots put into the project's layers: one undo step a layer, nothing that was not saved is lost."""

from __future__ import annotations

from typing import List, Optional, Sequence

from qgis.core import QgsFeature, QgsProject, QgsVectorDataProvider, QgsVectorLayer

from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.scenario_plots import Ready, Target


def target_of(layer: QgsVectorLayer, memory: ProjectMemory) -> Target:
    """What the worker thread needs of a layer that plots are to be put into."""
    import numpy as np

    from three_opt_three_protect.bridge.crs import stated_crs
    from three_opt_three_protect.core.tables import LayerTable

    nothing = np.empty(0, dtype=np.int64)
    like = LayerTable(layer.name(), nothing, np.empty(0, dtype=np.object_), {}, stated_crs(layer.crs()))
    mapping = memory.mapping(layer.id())
    return Target(layer.id(), str(layer.name()), layer.fields(), mapping, layer.wkbType(), like)


def can_edit(layer: QgsVectorLayer) -> bool:
    """Features may be added to the layer and taken from it."""
    of = QgsVectorDataProvider.Capability
    able = layer.dataProvider().capabilities()
    return not layer.readOnly() and bool(able & of.AddFeatures) and bool(able & of.DeleteFeatures)


def layer_of(layer_id: str) -> Optional[QgsVectorLayer]:
    """The layer, where the project still has it and it can be read."""
    layer = QgsProject.instance().mapLayer(layer_id)
    return layer if isinstance(layer, QgsVectorLayer) and layer.isValid() else None


def replace_plots(ready: Ready, title: str) -> bool:
    """Put other plots in the place of all plots of a layer, as one undo step; the layer stays in edit mode.

    Returns
    -------
    bool
        False when the layer is gone or cannot be edited; it is as it was.
    """
    layer = layer_of(ready.layer_id)
    return layer is not None and _edit(layer, title, layer.allFeatureIds(), ready.features)


def add_plots(ready: Ready, title: str) -> bool:
    """Put plots into a layer beside those that are there, as one undo step; the layer stays in edit mode.

    Returns
    -------
    bool
        As :func:`replace_plots`.
    """
    layer = layer_of(ready.layer_id)
    return layer is not None and _edit(layer, title, [], ready.features)


def _edit(layer: QgsVectorLayer, title: str, gone: Sequence[int], new: List[QgsFeature]) -> bool:
    opened = not layer.isEditable()
    if not can_edit(layer) or (opened and not layer.startEditing()):
        return False
    layer.beginEditCommand(title)
    done = (not gone or layer.deleteFeatures(list(gone))) and (not new or layer.addFeatures(new))
    if done:
        layer.endEditCommand()
        layer.triggerRepaint()
        return True
    layer.destroyEditCommand()
    # Only what was opened here is closed again; it holds nothing, so nothing can be lost.
    if opened and not layer.rollBack():
        raise RuntimeError(f"{layer.name()} does not leave edit mode")
    return False
