"""Which layer of the project plays which role: what the planner chose, then what was read, then names and fields."""

from __future__ import annotations

from typing import Dict, List, Sequence

from qgis.core import QgsProject, QgsVectorLayer

from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.role_guess import all_roles, are_candidates, guess_roles


def project_layers() -> List[QgsVectorLayer]:
    """The vector layers of the project that can be read."""
    layers = QgsProject.instance().mapLayers().values()
    return [layer for layer in layers if isinstance(layer, QgsVectorLayer) and layer.isValid()]


def unreadable_layers() -> List[str]:
    """Names of the vector layers whose file or database cannot be opened: they take part in nothing."""
    layers = QgsProject.instance().mapLayers().values()
    return sorted(layer.name() for layer in layers if isinstance(layer, QgsVectorLayer) and not layer.isValid())


def chosen_layers(memory: ProjectMemory) -> Dict[str, QgsVectorLayer]:
    """Role → layer, as far as the planner has chosen and the layer is still there."""
    found = {}
    for role in all_roles():
        layer = QgsProject.instance().mapLayer(memory.layer_id(role) or "")
        if isinstance(layer, QgsVectorLayer):
            found[role] = layer
    return found


def open_roles(memory: ProjectMemory) -> List[str]:
    """The roles that are to be guessed; one the planner wants no layer for is not."""
    chosen = chosen_layers(memory)
    return [role for role in all_roles() if role not in chosen and memory.layer_id(role) != ""]


def is_candidates(layer: QgsVectorLayer) -> bool:
    """Whether a layer is what the reclamation potential gives: plots to choose from, which have no year yet."""
    return are_candidates([field.name() for field in layer.fields()])


def role_layers(memory: ProjectMemory, roles: Sequence[str]) -> Dict[str, QgsVectorLayer]:
    """Role of ``roles`` → layer, in their order.

    A layer the planner has given another role, or none, is not guessed for one of these; nor are candidates, whose
    fields are those of reclaim plots: they would count as the plan.
    """
    chosen = chosen_layers(memory)
    taken = {layer.id() for layer in chosen.values()}
    layers = project_layers()
    free = [
        layer
        for layer in layers
        if layer.id() not in taken and not memory.unused(layer.id()) and not is_candidates(layer)
    ]
    read = memory.found_roles(layer.id() for layer in layers)
    wanted = set(open_roles(memory)).intersection(roles)
    if read:
        by_id = {layer.id(): layer for layer in free}
        guessed = {role: by_id[layer_id] for role, layer_id in read.items() if layer_id in by_id}
    else:
        guessed = guess_roles(free, all_roles(), roles)
    found = {**{role: layer for role, layer in guessed.items() if role in wanted}, **chosen}
    return {role: found[role] for role in roles if role in found}
