"""Layers by role and the policy profile: guessed, corrected by the planner, remembered in the project."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, Optional

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from three_opt_three_protect.bridge.profiles import profile_folders
from three_opt_three_protect.bridge.words import error_line, language, sentence
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.desk.look import result_colour
from three_opt_three_protect.desk.memory import ProjectMemory, remembered
from three_opt_three_protect.desk.project_roles import role_layers
from three_opt_three_protect.desk.role_guess import REQUIRED, ROLES
from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE, load_profile, profile_ids

_TABLE_ROLES = ("targets", "other_changes")


class RolesPanel(QWidget):
    """One line a role, one for the profile."""

    layers_changed = pyqtSignal()
    profile_changed = pyqtSignal()
    said = pyqtSignal(str)
    """A line for the user: why a profile cannot be used."""

    def __init__(self, memory: ProjectMemory, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._boxes: Dict[str, QgsMapLayerComboBox] = {}
        self._marks: Dict[str, QLabel] = {}
        self._layers: Dict[str, QgsVectorLayer] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(3)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.profiles = self._add_profile()
        for role in ROLES:
            self._add_role(role)
        # Opening a project adds its layers one group at a time, then reads its entries.
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self.refresh)
        project = QgsProject.instance()
        project.layersWillBeRemoved.connect(self._on_will_be_removed)
        project.layersRemoved.connect(self._refresh_soon)
        project.layersAdded.connect(self._refresh_soon)
        project.readProject.connect(self._on_project)
        project.cleared.connect(self._on_project)
        remembered.roles.connect(self._refresh_soon)

    def stop(self) -> None:
        """Disconnect from the project."""
        self._settle.stop()
        project = QgsProject.instance()
        project.layersWillBeRemoved.disconnect(self._on_will_be_removed)
        project.layersRemoved.disconnect(self._refresh_soon)
        project.layersAdded.disconnect(self._refresh_soon)
        project.readProject.disconnect(self._on_project)
        project.cleared.disconnect(self._on_project)
        remembered.roles.disconnect(self._refresh_soon)

    def layers(self) -> Mapping[str, QgsVectorLayer]:
        """Role → layer, as far as there is one."""
        return dict(self._layers)

    def profile(self) -> Optional[Profile]:
        """The profile chosen, None when it cannot be read (said in a line)."""
        chosen = self.profiles.currentData() or DEFAULT_PROFILE
        try:
            return load_profile(chosen, profile_folders(QgsProject.instance()))
        except SchemaError as error:
            self.said.emit(error_line(error))
            return None

    def refresh(self) -> None:
        """Find the layers anew: remembered ones first, then guesses for the rest."""
        self._settle.stop()
        found = self._resolve()
        changed = {role: layer.id() for role, layer in found.items()} != {
            role: layer.id() for role, layer in self._layers.items()
        }
        self._layers = found
        self._show()
        if changed:
            self.layers_changed.emit()

    def choose(self, role: str, layer: Optional[QgsVectorLayer]) -> None:
        """Give a role another layer, or none, and remember it."""
        self._memory.keep_layer(role, "" if layer is None else layer.id())
        self.refresh()

    def choose_profile(self, profile: str) -> None:
        """Use another profile (id or path) and remember it."""
        self._memory.keep_profile(profile)
        self._show_profile()
        self.profile_changed.emit()

    def _resolve(self) -> Dict[str, QgsVectorLayer]:
        return role_layers(self._memory, ROLES)

    # The screen

    def _add_profile(self) -> QComboBox:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(5)
        box.activated.connect(lambda _: self.choose_profile(box.currentData()))
        browse = QToolButton()
        browse.setText("…")
        browse.setToolTip(self.tr("Use a policy profile of your own (YAML file)"))
        browse.clicked.connect(self._browse)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(box, 1)
        line.addWidget(browse)
        label = QLabel(self.tr("Policy profile"))
        label.setBuddy(box)
        self._form.addRow(label, line)
        return box

    def _add_role(self, role: str) -> None:
        box = QgsMapLayerComboBox()
        plain = role in _TABLE_ROLES
        of = QgsMapLayerProxyModel.Filter
        box.setFilters(of.NoGeometry if plain else of.PolygonLayer)
        box.setAllowEmptyLayer(True)
        box.setLayer(None)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(5)
        box.setObjectName(f"sysb_role_{role}")
        # Only what the user picks counts: the box moves by itself when a layer goes.
        box.activated.connect(lambda _, role=role, box=box: self.choose(role, box.currentLayer()))
        mark = QLabel()
        mark.setContentsMargins(4, 0, 0, 0)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(box, 1)
        line.addWidget(mark)
        label = QLabel(sentence(f"role.{role}", {}))
        label.setBuddy(box)
        self._form.addRow(label, line)
        self._boxes[role], self._marks[role] = box, mark

    def _show(self) -> None:
        for role, box in self._boxes.items():
            layer: Optional[QgsMapLayer] = self._layers.get(role)
            if box.currentLayer() is not layer:
                box.setLayer(layer)
            mark = self._marks[role]
            missing = layer is None
            mark.setVisible(missing)
            result = "fail" if role in REQUIRED else "unknown"
            mark.setText(self.tr("required") if role in REQUIRED else sentence("result.unknown", {}))
            mark.setStyleSheet(f"color: {result_colour(result, self.palette()).name()}")
        self._show_profile()

    def _show_profile(self) -> None:
        chosen = self._memory.profile() or DEFAULT_PROFILE
        known = list(profile_ids(profile_folders(QgsProject.instance())))
        entries = known if chosen in known else [*known, chosen]
        self.profiles.clear()
        for entry in entries:
            self.profiles.addItem(_profile_title(entry), entry)
            self.profiles.setItemData(self.profiles.count() - 1, entry, Qt.ItemDataRole.ToolTipRole)
        self.profiles.setCurrentIndex(entries.index(chosen))

    def _browse(self) -> None:
        title, kinds = self.tr("Policy profile"), self.tr("Policy profile (*.yaml *.yml)")
        path, _ = QFileDialog.getOpenFileName(self, title, QgsProject.instance().homePath(), kinds)
        if path:
            self.choose_profile(path)

    # The project

    def _refresh_soon(self, *_what: object) -> None:
        self._settle.start()

    def _on_will_be_removed(self, layer_ids: List[str]) -> None:
        """Let go of layers before they die."""
        kept = {role: layer for role, layer in self._layers.items() if layer.id() not in layer_ids}
        if len(kept) != len(self._layers):
            self._layers = kept
            self.layers_changed.emit()

    def _on_project(self, *_what: object) -> None:
        self.refresh()
        self.profile_changed.emit()


def _profile_title(profile: str) -> str:
    """Title of a profile in the user's language; its id when it cannot be read."""
    try:
        titles = load_profile(profile, profile_folders(QgsProject.instance())).title
    except SchemaError:
        return Path(profile).name
    return str(titles.get(language()) or next(iter(titles.values()), profile))
