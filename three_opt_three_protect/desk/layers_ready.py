"""资料齐了吗: which steps of the plan can be taken with the layers there are, and what the others lack."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Set

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QWidget

from three_opt_three_protect.bridge.words import language
from three_opt_three_protect.core.readiness import Lacking, lacking
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN
from three_opt_three_protect.desk.layers_look import crs_result, field_word, role_word
from three_opt_three_protect.desk.layers_state import LayerState
from three_opt_three_protect.desk.look import icon, result_colour
from three_opt_three_protect.desk.role_guess import all_roles
from three_opt_three_protect.storage.steps import load_steps

_LOW_SCREEN = 900
"""In pixels; laptops have 768."""


class ReadyBox(QgsCollapsibleGroupBox):
    """A line a step."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("sysb_layers_ready")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 4, 6, 4)
        self._grid.setVerticalSpacing(2)
        self._grid.setHorizontalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self._signs: List[QLabel] = []
        self._notes: List[QLabel] = []
        for row, step in enumerate(load_steps()):
            sign, title, note = QLabel(), QLabel(step.title[language()]), QLabel()
            note.setWordWrap(True)
            note.setMinimumWidth(1)
            note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for column, label in enumerate((sign, title, note)):
                self._grid.addWidget(label, row, column)
                if label is not note:
                    self._grid.setAlignment(label, Qt.AlignmentFlag.AlignTop)
            self._signs.append(sign)
            self._notes.append(note)
        # Its title says how many steps can be taken; on a low screen the tables need the room.
        screen = QGuiApplication.primaryScreen()
        self.setCollapsed(screen is not None and screen.availableGeometry().height() < _LOW_SCREEN)
        self.show_states([])

    def show_states(self, states: Sequence[LayerState]) -> None:
        """Hold the steps against the layers."""
        there: Dict[str, Set[str]] = {}
        for state in states:
            if state.role is not None and not state.error:
                there[state.role] = set(state.fields)
        broken = {state.role for state in states if state.role is not None and crs_result(state) == FAIL}
        ready = 0
        for sign, note, step in zip(self._signs, self._notes, load_steps()):
            found = lacking(step, there, broken)
            ready += found.ready
            result = (PASS if not found.helpful else WARN) if found.ready else FAIL
            size = self.fontMetrics().height()
            sign.setPixmap(icon(f"result_{PASS if found.ready else FAIL}").pixmap(size, size))
            note.setText(self._text(found))
            note.setStyleSheet(f"color: {result_colour(UNKNOWN if result == WARN else result, self.palette()).name()}")
        text = self.tr("Is the material complete? {ready} of {all} steps can be taken")
        self.setTitle(text.format(ready=ready, all=len(self._signs)))

    def notes(self) -> List[str]:
        """The lines of all steps."""
        return [note.text() for note in self._notes]

    def _text(self, found: Lacking) -> str:
        comma, schemas = self.tr(", "), all_roles()
        if found.ready:
            helpful = comma.join(role_word(role) for role in found.helpful)
            return self.tr("complete; better with {roles}").format(roles=helpful) if helpful else self.tr("complete")
        parts = [role_word(role) for role in found.roles]
        for role, name in found.fields:
            text = self.tr("{field} of {role}")
            parts.append(text.format(field=field_word(schemas[role], name), role=role_word(role)))
        if found.more:
            names = comma.join(role_word(role) for role in found.among)
            parts.append(self.tr("{count} of: {roles}").format(count=found.more, roles=names))
        lines = [self.tr("lacks {what}").format(what=comma.join(parts))] if parts else []
        if found.broken:
            names = comma.join(role_word(role) for role in found.broken)
            lines.append(self.tr("first set the CRS of {roles}").format(roles=names))
        return self.tr("; ").join(lines)
