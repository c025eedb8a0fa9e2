"""Which layers of the project are checked: every one that has a role, as remembered or guessed."""

from __future__ import annotations

from typing import Dict, FrozenSet, List, Optional

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtWidgets import QMenu, QToolButton, QWidget

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.project_roles import role_layers
from three_opt_three_protect.desk.role_guess import all_roles

FIRST = ("parcels", "villages", "township", "farmland", "boundary", "redline", "settlements", "reclaim", "newbuild")
"""Roles in the order of the list; the others come after them."""


def checked_layers(memory: ProjectMemory) -> Dict[str, QgsVectorLayer]:
    """Role → layer, for every role a layer of the project has."""
    roles = [*FIRST, *(role for role in all_roles() if role not in FIRST)]
    return role_layers(memory, roles)


class LayerChoice(QToolButton):
    """A list of the layers with a role, each with a tick: what is ticked is checked."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self._layers: Dict[str, QgsVectorLayer] = {}
        self._out: FrozenSet[str] = frozenset()
        self.show_layers({})

    @property
    def layers(self) -> Dict[str, QgsVectorLayer]:
        """Role → layer, all of them."""
        return dict(self._layers)

    def wanted(self) -> List[str]:
        """The roles to check."""
        return [role for role in self._layers if role not in self._out]

    def show_layers(self, layers: Dict[str, QgsVectorLayer]) -> None:
        """List other layers; what was unticked stays so while the project is the same."""
        self._layers = dict(layers)
        menu = self.menu()
        menu.clear()
        for role, layer in self._layers.items():
            text = self.tr("{role}: {layer}").format(role=sentence(f"role.{role}", {}), layer=layer.name())
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(role not in self._out)
            action.toggled.connect(lambda ticked, role=role: self.tick(role, ticked))
        self._show_count()

    def tick(self, role: str, ticked: bool) -> None:
        """Check a layer or not."""
        self._out = self._out - {role} if ticked else self._out | {role}
        self._show_count()

    def forget(self) -> None:
        """Another project: tick everything."""
        self._out = frozenset()

    def _show_count(self) -> None:
        wanted = len(self.wanted())
        of = len(self._layers)
        self.setText(self.tr("{count} of {of} layers").format(count=wanted, of=of))
        self.setToolTip(self.tr("Layers to check"))
        self.setEnabled(of > 0)
