"""What a run comes to: counts by severity, the groups with errors as chips, notes on statutory data folded away."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.desk.findings_rows import FindingRows, layer_words, rule_title
from three_opt_three_protect.desk.look import icon, result_colour, severity_result
from three_opt_three_protect.desk.room import Flow, at_least_rows
from three_opt_three_protect.desk.table import Cell, Column, Row, TablePanel
from three_opt_three_protect.storage.findings_store import SEVERITIES

translate = QCoreApplication.translate

_NOTES_HEIGHT, _FEWEST_NOTES = 150, 3


class Summary(QWidget):
    """Counts that filter the table when they are clicked."""

    masks_changed = pyqtSignal(object)
    """Name → mask over the findings or None, for ``TableModel.keep_only``."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._rows: Optional[FindingRows] = None
        self._severity: Optional[int] = None
        self._group: Optional[str] = None
        self.severities = [self._toggle(number) for number in range(len(SEVERITIES))]
        self.chips: Dict[str, QToolButton] = {}
        line = QHBoxLayout()
        line.setSpacing(6)
        for button in self.severities:
            line.addWidget(button, 1)
        self._flow = Flow(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addLayout(line)
        layout.addLayout(self._flow)
        self.show_rows(None)

    def show_rows(self, rows: Optional[FindingRows]) -> None:
        """Show another run; nothing is filtered but the folded notes."""
        self._rows, self._severity, self._group = rows, None, None
        self.refresh()
        self._emit()

    def refresh(self) -> None:
        """Count again: something was marked."""
        for number, button in enumerate(self.severities):
            self._fill_severity(number, button)
        self._fill_chips()

    def choose_severity(self, severity: Optional[int]) -> None:
        """Show only findings of a severity, None = all."""
        self._severity = None if severity == self._severity else severity
        self._group = None
        self.refresh()
        self._emit()

    def choose_group(self, group: Optional[str]) -> None:
        """Show only the errors of a group, None = all."""
        self._group = None if group == self._group else group
        self._severity = None
        self.refresh()
        self._emit()

    def forget_choice(self) -> None:
        """Something else filters now."""
        self._severity, self._group = None, None
        self.refresh()

    def _toggle(self, severity: int) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        result = severity_result(SEVERITIES[severity])
        button.setIcon(icon(f"result_{result}" if result != "unknown" else "result_info"))
        button.clicked.connect(lambda: self.choose_severity(severity))
        return button

    def _fill_severity(self, severity: int, button: QToolButton) -> None:
        rows = self._rows
        mine = None if rows is None else rows.findings.severity == severity
        total = 0 if mine is None else int(mine.sum())
        left = 0 if mine is None or rows is None else int((mine & ~rows.done).sum())
        word = sentence(f"severitylong.{SEVERITIES[severity]}", {})
        button.setText(f"{word}  {left}")
        tip = self.tr("{left} open, {done} fixed or accepted. Click to see only these.")
        button.setToolTip(tip.format(left=left, done=total - left))
        button.setChecked(self._severity == severity)
        button.setEnabled(total > 0)
        font = button.font()
        font.setBold(left > 0 and severity == 0)
        button.setFont(font)

    def _fill_chips(self) -> None:
        counts = self._groups()
        if list(counts) != list(self.chips):
            for chip in self.chips.values():
                self._flow.removeWidget(chip)
                chip.deleteLater()
            self.chips = {}
            for group in counts:
                self.chips[group] = self._chip(group)
                self._flow.addWidget(self.chips[group])
        for group, (left, total) in counts.items():
            chip = self.chips[group]
            name = sentence(f"rulegroup.{group}", {})
            chip.setText(f"{name} {left}")
            chip.setToolTip(
                self.tr("{left} of {total} errors open. Click to see only these.").format(left=left, total=total)
            )
            chip.setChecked(group == self._group)
            colour = result_colour("fail" if left else "pass", self.palette())
            style = _chip_style(colour.name(), colour.red(), colour.green(), colour.blue())
            if chip.styleSheet() != style:  # Reading one takes longer than all the rest.
                chip.setStyleSheet(style)

    def _chip(self, group: str) -> QToolButton:
        chip = QToolButton()
        chip.setCheckable(True)
        chip.clicked.connect(lambda: self.choose_group(group))
        return chip

    def _groups(self) -> Dict[str, Tuple[int, int]]:
        """Group with errors → how many are open, how many there are."""
        rows = self._rows
        if rows is None:
            return {}
        groups, numbers = rows.group_of()
        error = rows.findings.severity == 0
        total = np.bincount(numbers[error], minlength=len(groups))
        left = np.bincount(numbers[error & ~rows.done], minlength=len(groups))
        order = np.argsort(-total, kind="stable").tolist()
        return {groups[at]: (int(left[at]), int(total[at])) for at in order if total[at]}

    def _emit(self) -> None:
        rows = self._rows
        if rows is None:
            return
        masks: Dict[str, Any] = {"severity": None, "group": None, "notes": ~rows.statutory_note}
        if self._severity is not None:
            masks["severity"] = rows.findings.severity == self._severity
            masks["notes"] = None
        if self._group is not None:
            groups, numbers = rows.group_of()
            masks["group"] = (numbers == list(groups).index(self._group)) & (rows.findings.severity == 0)
        self.masks_changed.emit(masks)


def _chip_style(name: str, red: int, green: int, blue: int) -> str:
    """A rounded chip in the colour of its result, filled when it filters."""
    return (
        f"QToolButton {{ color: {name}; border: 1px solid {name}; border-radius: 9px; padding: 2px 6px;"
        f" background: rgba({red}, {green}, {blue}, 18); }}"
        f"QToolButton:hover {{ background: rgba({red}, {green}, {blue}, 45); }}"
        f"QToolButton:checked {{ background: rgba({red}, {green}, {blue}, 90); font-weight: bold; }}"
    )


class Notes(QgsCollapsibleGroupBox):
    """Findings on statutory data that are no errors, one line a rule; they are looked at and accepted a rule at a time.

    Survey data is not the township's to change.
    """

    masks_changed = pyqtSignal(object)
    accept_wanted = pyqtSignal(object)
    """Rows of the findings to accept."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("sysb_notes")
        self.setSaveCollapsedState(False)
        self._rows: Optional[FindingRows] = None
        self.table = TablePanel("sysb_note_rules")
        self.table.filter.hide()
        self.table.copy_button.hide()
        self.table.export_button.hide()
        self.table.view.setMaximumHeight(_NOTES_HEIGHT)
        at_least_rows(self.table.view, _FEWEST_NOTES)
        self.table.selected.connect(self._look)
        self.accept = QPushButton(self.tr("Accept all of this rule…"))
        self.accept.clicked.connect(self._accept)
        self.back = QPushButton(self.tr("Back to the errors"))
        self.back.clicked.connect(self.leave)
        line = QHBoxLayout()
        line.addWidget(self.accept)
        line.addWidget(self.back)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 4)
        layout.addWidget(self.table)
        layout.addLayout(line)
        self.setCollapsed(True)
        self.show_rows(None)

    def show_rows(self, rows: Optional[FindingRows]) -> None:
        """Show another run."""
        self._rows = rows
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        lines = self._lines()
        left = sum(count - done for _, count, done in lines)
        self.setTitle(self.tr("Notes on statutory data: {left} in {rules} rules").format(left=left, rules=len(lines)))
        self.setVisible(bool(lines))
        self.table.show_table(_note_columns(), [self._row(*line) for line in lines])
        self._enable()

    def leave(self) -> None:
        """Fold the notes away again."""
        self.table.view.clearSelection()
        self._enable()
        if self._rows is not None:
            self.masks_changed.emit({"severity": None, "group": None, "notes": ~self._rows.statutory_note})

    def _lines(self) -> List[Tuple[Tuple[int, int], int, int]]:
        """(rule, layer), how many, how many of them accepted or fixed."""
        rows = self._rows
        if rows is None:
            return []
        note = rows.statutory_note
        width = max(1, len(rows.findings.layers))
        both = rows.findings.rule * width + rows.findings.layer
        total, done = np.bincount(both[note]), np.bincount(both[note & rows.done], minlength=1)
        done = np.pad(done, (0, max(0, len(total) - len(done))))
        found = [at for at in np.argsort(-total, kind="stable").tolist() if total[at]]
        return [((at // width, at % width), int(total[at]), int(done[at])) for at in found]

    def _row(self, key: Tuple[int, int], count: int, done: int) -> Row:
        findings = self._rows.findings if self._rows is not None else None
        rule = "" if findings is None else rule_title(findings.rules[key[0]][0])
        layer = "" if findings is None else layer_words(findings.layers)[key[1]]
        cells = (Cell(rule), Cell(layer), Cell(str(count), count), Cell(str(done), done))
        return Row(cells, key)

    def _mask(self) -> Optional[Any]:
        row = self.table.row_current() if len(self.table.rows_selected()) else -1
        if row < 0 or self._rows is None:
            return None
        rule, layer = self.table.model.content.key(row)
        found = self._rows.findings
        return self._rows.statutory_note & (found.rule == rule) & (found.layer == layer)

    def _look(self) -> None:
        mask = self._mask()
        if mask is not None:
            self.masks_changed.emit({"severity": None, "group": None, "notes": mask})
        self._enable()

    def _accept(self) -> None:
        mask = self._mask()
        if mask is not None:
            self.accept_wanted.emit(np.flatnonzero(mask))

    def _enable(self) -> None:
        chosen = self._mask() is not None
        self.accept.setEnabled(chosen)
        self.back.setEnabled(chosen)


def _note_columns() -> List[Column]:
    return [
        Column(translate("FindingsTable", "Rule"), width=14),
        Column(translate("FindingsTable", "Layer"), width=8),
        Column(translate("FindingsTable", "Count"), numeric=True, width=4),
        Column(translate("FindingsTable", "Accepted"), numeric=True, width=4),
    ]
