"""图层与字段: what every layer of the project is to the plan, and which of its fields are which."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.rules import FAIL, WARN
from three_opt_three_protect.desk.layers_card import LayerCard
from three_opt_three_protect.desk.layers_fields import FieldsTable
from three_opt_three_protect.desk.layers_look import result_of
from three_opt_three_protect.desk.layers_model import LayersModel
from three_opt_three_protect.desk.layers_ready import ReadyBox
from three_opt_three_protect.desk.layers_state import LayerState, far_years
from three_opt_three_protect.desk.layers_table import LayersTable
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.plan_dock import PlanDock
from three_opt_three_protect.desk.project_roles import unreadable_layers
from three_opt_three_protect.desk.room import PageScroll, at_least_rows

WIDTH = 640
"""Width at which everything is readable; the tables scroll when it is narrower."""
NEEDS = ("shapely",)
_FEWEST_ROWS = 4


class LayersDock(PlanDock):
    """All layers at once: role, fields, classification, CRS, encoding, year.

    Parameters
    ----------
    interface
        QgisInterface; the page works without its map.
    """

    def __init__(self, interface: Any) -> None:
        super().__init__()
        self.setObjectName("sysb_layers_dock")
        self.setWindowTitle(self.tr("Layers and fields"))
        self._memory = ProjectMemory()
        self._states: List[LayerState] = []
        self.model = LayersModel(self._memory, self)
        self.layers, self.card, self.fields, self.ready = LayersTable(), LayerCard(), FieldsTable(), ReadyBox()
        self._build()
        self._connect()

    # Building

    def _build(self) -> None:
        self.summary, self.message = QLabel(), QLabel()
        self.summary.setMinimumWidth(1)
        self.summary.setWordWrap(True)
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        self.again = QPushButton(self.tr("Guess again"))
        self.again.setToolTip(self.tr("Read all layers anew; what you chose stays"))
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        top.addWidget(self.again)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 4, 0, 0)
        below.setSpacing(4)
        below.addWidget(self.card)
        below.addWidget(self.fields, 1)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(self.layers)
        self._split.addWidget(lower)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addWidget(self._split, 1)
        layout.addWidget(self.ready)
        at_least_rows(self.layers.table, _FEWEST_ROWS)
        at_least_rows(self.fields.table, _FEWEST_ROWS)
        self.setWidget(PageScroll(inside))
        self.setMinimumWidth(400)
        self.resize(WIDTH, self.height())

    def _connect(self) -> None:
        self.model.changed.connect(self._on_changed)
        self.model.said.connect(self._show_message)
        self.again.clicked.connect(self._on_again)
        self.layers.picked.connect(self._on_picked)
        self.layers.role_chosen.connect(self.model.choose_role)
        self.fields.chosen.connect(self._on_field)
        self.card.system_chosen.connect(lambda layer_id, system: self.model.choose_system(layer_id, system or None))
        self.card.crs_chosen.connect(self.model.set_crs)
        self.card.encoding_wanted.connect(self.model.apply_encoding)
        self.card.year_chosen.connect(lambda layer_id, year: self.model.choose_year(layer_id, year or None))
        self.card.reset_wanted.connect(self._on_reset)

    def _leave(self) -> None:
        self.model.stop()

    # What happens

    def activate(self) -> None:
        """Start looking into the layers; done when the dock is first seen."""
        lacking = missing_package(NEEDS)
        if lacking is not None:
            self._show_message(error_line(lacking))
            return
        self.model.set_active(True)

    def _rest(self) -> None:
        self.model.set_active(False)

    def _on_changed(self) -> None:
        self._states = self.model.states()
        self.layers.show_states(self._states)
        self.ready.show_states(self._states)
        self._show_summary()

    def _on_picked(self, layer_id: str) -> None:
        state = self._state(layer_id)
        self.card.show_state(state, None if state is None else far_years(self._states).get(layer_id))
        self.fields.show_state(state)

    def _on_field(self, role_field: str, source: str) -> None:
        layer_id = self.layers.current()
        if layer_id is not None:
            self.model.choose_field(layer_id, role_field, source)

    def _on_reset(self, layer_id: str) -> None:
        self.model.reset(layer_id)

    def _on_again(self) -> None:
        self._show_message("")
        self.model.guess_again()

    def _state(self, layer_id: str) -> Optional[LayerState]:
        return next((state for state in self._states if state.layer_id == layer_id), None)

    def _show_summary(self) -> None:
        far = far_years(self._states)
        results = [result_of(state, state.layer_id in far) for state in self._states]
        text = self.tr("{layers} layers, {roles} with a role").format(
            layers=len(self._states), roles=sum(state.role is not None for state in self._states)
        )
        wrong, doubtful = results.count(FAIL), results.count(WARN)
        if wrong:
            text += self.tr(", {count} to be put right").format(count=wrong)
        if doubtful:
            text += self.tr(", {count} to be looked at").format(count=doubtful)
        lines = [text if self._states else self.tr("Add the layers of the plan to the project to start.")]
        lost = self.tr(", ").join(unreadable_layers())
        if lost:
            lines.append(self.tr("Cannot be opened, see to their path: {layers}").format(layers=lost))
        self.summary.setText("\n".join(lines))

    def _show_message(self, line: str) -> None:
        self.message.setText(line)
        self.message.setVisible(bool(line))
