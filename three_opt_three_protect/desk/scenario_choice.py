"""The layers a plan chooses from, candidates and sites: as the planner said, else by their fields."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsVectorLayer

from three_opt_three_protect.core.roles import guess_names
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.project_roles import is_candidates, project_layers, role_layers
from three_opt_three_protect.storage.catalogue import load_role_schemas

CANDIDATES, SITES = "candidates", "sites"
_SITE = frozenset(("plot_id", "use"))
"""Fields that tell a layer of sites."""


def choice_layer(memory: ProjectMemory, name: str) -> Optional[QgsVectorLayer]:
    """The layer chosen before, else the one layer with the fields that is not the plan's own layer already."""
    layers = project_layers()
    kept = str(memory.scenario().get(name, ""))
    for layer in layers:
        if layer.id() == kept:
            return layer
    fitting = [layer for layer in layers if (is_candidates(layer) if name == CANDIDATES else _is_site(layer))]
    if not fitting:
        return None
    own = set(role_layers(memory, ("reclaim", "newbuild")).values())
    fitting = [layer for layer in fitting if layer not in own]
    return fitting[0] if len(fitting) == 1 else None


def _is_site(layer: QgsVectorLayer) -> bool:
    return {field.name() for field in layer.fields()} >= _SITE


def states_cost(layer: Optional[QgsVectorLayer]) -> bool:
    """Whether a layer of candidates has a field for what reclaiming costs."""
    if layer is None:
        return False
    names = guess_names([field.name() for field in layer.fields()], load_role_schemas()["reclaim"])
    return "cost" in names
