"""What can be done with the finding that is selected: see it, open it, say what becomes of it."""

from __future__ import annotations

import html
from typing import Dict, List, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.compat import QAction
from three_opt_three_protect.desk.findings_map import Place
from three_opt_three_protect.desk.findings_rows import FindingRows, finding_text, rule_title
from three_opt_three_protect.desk.look import result_colour

ON_MAP = ("zoom", "pan", "flash")
ON_FEATURE = ("form", "select")
ON_MARKS = ("fixed", "accept", "reopen")
STEPS = ("previous", "next")


class FindingActions(QWidget):
    """The sentence of the finding that is selected, and two lines of buttons."""

    asked = pyqtSignal(str)
    """``previous``, ``next``, ``zoom``, ``pan``, ``flash``, ``form``, ``select``, ``fixed``, ``accept``,
    ``accept_rule``, ``reopen``."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.buttons: Dict[str, QToolButton] = {}
        self.checkable = False
        """There is a layer to check."""
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setMinimumHeight(self.text.fontMetrics().height() * 3 + 6)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        frame = QFrame()
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(6, 4, 6, 4)
        inside.addWidget(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(frame)
        layout.addLayout(self._line([*STEPS, *ON_MAP, *ON_FEATURE]))
        layout.addLayout(self._line(list(ON_MARKS)))
        self.follow = self._follow()
        accepting = QMenu(self.buttons["accept"])
        accepting.addAction(self.tr("The findings selected…")).triggered.connect(lambda: self.asked.emit("accept"))
        accepting.addAction(self.tr("All of this rule in this layer…")).triggered.connect(
            lambda: self.asked.emit("accept_rule")
        )
        self.buttons["accept"].setMenu(accepting)
        self.buttons["accept"].setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.show_finding(None, -1, None, 0)

    def actions_of_table(self) -> List[QAction]:
        """The same as a context menu of the table."""
        found = []
        for name in (*ON_MAP, *ON_FEATURE, *ON_MARKS):
            action = QAction(self.buttons[name].icon(), self.buttons[name].text(), self)
            action.triggered.connect(lambda _=False, name=name: self.asked.emit(name))
            found.append(action)
        return found

    def show_finding(self, rows: Optional[FindingRows], row: int, place: Optional[Place], selected: int) -> None:
        """Say what the finding is; buttons that can do nothing are grey and say why."""
        shown = rows is not None and row >= 0 and place is not None
        for name in STEPS:
            self.buttons[name].setEnabled(rows is not None and len(rows) > 0)
        for name in ON_MARKS:
            self.buttons[name].setEnabled(selected > 0)
        reason = "" if place is None else place.reason
        for name in ON_MAP:
            self._enable(name, place is not None and place.geometry is not None, reason or self.tr("No place known."))
        for name in ON_FEATURE:
            self._enable(name, place is not None and place.feature is not None, reason)
        if not shown or rows is None or place is None:
            self.text.setText(f"<i>{html.escape(self._hint(rows))}</i>")
            return
        sentence, basis = finding_text(rows, row)
        title = rule_title(rows.findings.rules[int(rows.findings.rule[row])][0])
        parts = [f"<b>{html.escape(title)}</b>　{html.escape(sentence)}"]
        if basis:
            grey = result_colour("unknown", self.palette()).name()
            line = html.escape(self.tr("Basis: {basis}").format(basis=basis))
            parts.append(f"<span style='color: {grey}'>{line}</span>")
        if reason and place.feature is None:
            colour = result_colour("warn", self.palette()).name()
            parts.append(f"<span style='color: {colour}'>{html.escape(reason)}</span>")
        self.text.setText("<br>".join(parts))

    def _hint(self, rows: Optional[FindingRows]) -> str:
        """What to do next where there is no finding to talk of."""
        if rows is None and not self.checkable:
            return self.tr("Add the layers of the plan to the project; give them their roles in “Layers and fields”.")
        if rows is None:
            return self.tr("Click “Check all” to check the layers of the plan.")
        if not len(rows):
            return self.tr("Nothing was found: the layers checked are in order.")
        return self.tr("Select a finding to see it on the map.")

    def _enable(self, name: str, enabled: bool, reason: str) -> None:
        button = self.buttons[name]
        button.setEnabled(enabled)
        button.setToolTip(self._tips[name] if enabled or not reason else reason)

    def _line(self, names: List[str]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(3)
        for name in names:
            line.addWidget(self._button(name))
        line.addStretch(1)
        self._last_line = line
        return line

    def _follow(self) -> QToolButton:
        """Zoom along is the last button of the first line."""
        button = QToolButton()
        button.setCheckable(True)
        button.setChecked(True)
        button.setAutoRaise(True)
        button.setText(self.tr("Zoom along"))
        button.setToolTip(self.tr("Show every finding on the map as soon as it is selected"))
        self._last_line.addWidget(button)
        return button

    def _button(self, name: str) -> QToolButton:
        text, picture, tip = self._looks()[name]
        button = QToolButton()
        button.setText(text)
        button.setIcon(QgsApplication.getThemeIcon(picture))
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAutoRaise(name not in ON_MARKS)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if name in STEPS else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        button.setToolButtonStyle(style)
        button.clicked.connect(lambda: self.asked.emit(name))
        if name in STEPS:
            key = Qt.Key.Key_Up if name == "previous" else Qt.Key.Key_Down
            button.setShortcut(QKeySequence(Qt.Modifier.ALT | key))
        self.buttons[name] = button
        self._tips = {**getattr(self, "_tips", {}), name: tip}
        return button

    def _looks(self) -> Dict[str, tuple[str, str, str]]:
        """Text, icon of the theme and tip of every button."""
        return {
            "previous": (self.tr("Previous"), "/mActionArrowUp.svg", self.tr("Previous finding (Alt+Up)")),
            "next": (self.tr("Next"), "/mActionArrowDown.svg", self.tr("Next finding (Alt+Down)")),
            "zoom": (self.tr("Zoom"), "/mActionZoomToSelected.svg", self.tr("Zoom to the place of the finding")),
            "pan": (self.tr("Pan"), "/mActionPanToSelected.svg", self.tr("Bring the place to the middle of the map")),
            "flash": (self.tr("Flash"), "/mActionHighlightFeature.svg", self.tr("Make the place blink")),
            "form": (self.tr("Form"), "/mActionFormView.svg", self.tr("Open the form of the feature")),
            "select": (
                self.tr("Select"),
                "/mActionOpenTable.svg",
                self.tr("Select the features in the attribute table"),
            ),
            "fixed": (self.tr("Mark as fixed"), "/mActionCheckQgis.svg", self.tr("You have corrected it")),
            "accept": (self.tr("Accept…"), "/mIconSuccess.svg", self.tr("It may stay as it is; say why in a note")),
            "reopen": (self.tr("Open again"), "/mActionUndo.svg", self.tr("Take the mark back")),
        }
