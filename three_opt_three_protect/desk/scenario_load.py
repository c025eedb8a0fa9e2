"""A scenario put into the project's own layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence

from qgis.core import QgsCoordinateTransformContext, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from three_opt_three_protect.bridge.planfiles import project_files
from three_opt_three_protect.bridge.words import error_line, sentence
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.desk.memory import ProjectMemory, remembered
from three_opt_three_protect.desk.plot_edits import can_edit, layer_of, replace_plots, target_of
from three_opt_three_protect.desk.project_roles import role_layers
from three_opt_three_protect.desk.scenario_plots import ROLES, Ready, features_for
from three_opt_three_protect.desk.table_work import Background
from three_opt_three_protect.storage.catalogue import load_role_schemas

_NAMED = 6


class ScenarioLoader(QObject):
    """Reads a scenario in the background, then replaces the plots of both layers, each in one undo step.

    Parameters
    ----------
    sure
        Asks the planner a question; False = leave everything as it is.
    """

    said = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(
        self, memory: ProjectMemory, work: Background, sure: Callable[[str], bool], parent: Optional[QObject] = None
    ) -> None:
        super().__init__(parent)
        self._memory, self._work, self._sure = memory, work, sure

    def load(self, name: str, path: Path) -> None:
        """Put the plots of the scenario into the layers of the project."""
        layers = role_layers(self._memory, ROLES)
        if not self._ready(layers):
            return
        in_use = project_files(QgsProject.instance())
        context = QgsCoordinateTransformContext(QgsProject.instance().transformContext())
        targets = {role: target_of(layer, self._memory) for role, layer in layers.items()}

        def read() -> List[Ready]:
            from three_opt_three_protect.desk.scenario_tasks import scenario_layers

            schemas = load_role_schemas()
            tables = scenario_layers(name, path, in_use, None, context)
            return [features_for(tables[role], targets[role], schemas[role], context) for role in ROLES]

        self._work.run(read, lambda ready: self._put(name, ready), self._fail)

    def _ready(self, layers: Dict[str, QgsVectorLayer]) -> bool:
        lacking = [sentence(f"role.{role}", {}) for role in ROLES if role not in layers]
        if lacking:
            text = self.tr("The project has no layer in the role {roles}. Choose one in the balance dock first.")
            self.failed.emit(text.format(roles=", ".join(lacking)))
            return False
        locked = [layer.name() for layer in layers.values() if not can_edit(layer)]
        if locked:
            self.failed.emit(self.tr("{layers} cannot be edited.").format(layers=", ".join(locked)))
            return False
        dirty = [layer.name() for layer in layers.values() if layer.isEditable() and layer.isModified()]
        question = self.tr(
            "{layers}: there are edits that are not saved. They stay in the undo history until the layer is saved. "
            "Put the scenario in their place?"
        )
        return not dirty or self._sure(question.format(layers=", ".join(dirty)))

    def _put(self, name: str, ready: List[Ready]) -> None:
        title = self.tr("Load scenario {name}").format(name=name)
        done: List[Ready] = []
        for each in ready:
            if not replace_plots(each, title):
                for undone in done:
                    layer = layer_of(undone.layer_id)
                    if layer is not None:
                        layer.undoStack().undo()
                self.failed.emit(self.tr("The plots could not be put into the layers; nothing was changed."))
                return
            done.append(each)
        self._memory.keep_excluded(frozenset())
        remembered.plots.emit()
        line = self.tr("{name} is loaded and not saved yet: save the layers to keep it, undo to have the old plots.")
        lost = fields_lost(ready)
        if lost:
            line += self.tr(" Fields the layers do not have: {fields}").format(fields=lost)
        self.said.emit(line.format(name=name))

    def _fail(self, error: Any) -> None:
        self.failed.emit(error_line(error) if isinstance(error, PlanningError) else str(error))


def fields_lost(ready: Sequence[Ready]) -> str:
    """Fields that go nowhere, those of a plan first; a proposal brings all indicators, of which few are named."""
    schemas = load_role_schemas()
    plan = {name for role in ROLES for name in schemas[role].fields}
    lost = sorted({field for each in ready for field in each.lost}, key=lambda field: (field not in plan, field))
    named = ", ".join(lost[:_NAMED])
    return named if len(lost) <= _NAMED else f"{named} … ({len(lost)})"
