"""What scenarios are held against: layers by role, profile, and the base state, made once and kept while it holds."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from qgis.core import QgsCoordinateTransformContext, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject

from three_opt_three_protect.bridge.profiles import profile_folders
from three_opt_three_protect.desk.layer_watch import LayerWatch
from three_opt_three_protect.desk.memory import ProjectMemory, remembered
from three_opt_three_protect.desk.project_roles import role_layers
from three_opt_three_protect.desk.role_guess import SURVEY_ROLES
from three_opt_three_protect.desk.scenario_tasks import Setting
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.survey_task import Ground, Survey
from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE, load_profile

TARGETS, OTHER = "targets", "other_changes"


class ScenarioGround(QObject):
    """Takes what a task needs of the project; forgets the base state when a layer it was made from changes."""

    def __init__(self, memory: ProjectMemory, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._survey: Optional[Survey] = None
        self._made_from: Any = None
        self._number = 0
        self._watches: List[LayerWatch] = []
        remembered.layer.connect(self._on_remembered)

    def stop(self) -> None:
        """Listen no longer."""
        remembered.layer.disconnect(self._on_remembered)
        self.forget()

    def forget(self) -> None:
        """The base state must be made anew."""
        self._survey, self._made_from = None, None
        self._number += 1
        for watch in self._watches:
            watch.stop()
        self._watches.clear()

    def layers(self, *roles: str) -> Dict[str, QgsVectorLayer]:
        """The layers of the project in these roles."""
        return role_layers(self._memory, roles)

    def snapshot(self, layer: QgsVectorLayer) -> Snapshot:
        """A layer as it stands now, with the fields the project remembers."""
        return Snapshot(layer, self._memory.mapping(layer.id()))

    def setting(self) -> Tuple[Setting, int]:
        """Everything a task needs, and a number to give back with the base state it makes.

        Raises
        ------
        SchemaError
            The profile cannot be used.
        """
        project = QgsProject.instance()
        profile = load_profile(self._memory.profile() or DEFAULT_PROFILE, profile_folders(project))
        context = QgsCoordinateTransformContext(project.transformContext())
        layers = self.layers(*SURVEY_ROLES)
        tables = {role: self.snapshot(layer) for role, layer in self.layers(TARGETS, OTHER).items()}
        goals, other = tables.get(TARGETS), tables.get(OTHER)
        if "parcels" not in layers:
            self.forget()
            return Setting(profile, context, targets=goals, other=other), self._number
        system = self._memory.class_system(layers["parcels"].id())
        made_from = ({role: layer.id() for role, layer in layers.items()}, profile, system)
        if made_from != self._made_from:
            self.forget()
            self._made_from = made_from
            for layer in layers.values():
                watch = LayerWatch(layer)
                watch.changed.connect(self.forget)
                self._watches.append(watch)
        ground = Ground({role: self.snapshot(layer) for role, layer in layers.items()}, profile, context, system)
        return Setting(profile, context, ground, self._survey, goals, other), self._number

    def keep(self, survey: Optional[Survey], number: int) -> None:
        """Keep the base state a task has made, unless something has changed meanwhile."""
        if number == self._number and survey is not None:
            self._survey = survey

    def _on_remembered(self, layer_id: str) -> None:
        if any(watch.layer_id == layer_id for watch in self._watches):
            self.forget()
