"""What the findings dock looks like: its parts and how they lie; what happens with them is the dock's."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.desk.findings_actions import FindingActions
from three_opt_three_protect.desk.findings_layers import LayerChoice
from three_opt_three_protect.desk.findings_rows import FILTERED, FindingRows, columns, rule_title
from three_opt_three_protect.desk.findings_summary import Notes, Summary
from three_opt_three_protect.desk.room import at_least_rows
from three_opt_three_protect.desk.table import TablePanel
from three_opt_three_protect.storage.findings_store import SEVERITIES, Run

WIDTH = 560
_FEWEST_ROWS = 4


class FindingsPage(QWidget):
    """From the top: run and runs, what the run comes to, the table, the finding that is selected."""

    run_chosen = pyqtSignal(object)
    delete_wanted = pyqtSignal(object)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._rows: Optional[FindingRows] = None
        self.summary, self.notes = Summary(), Notes()
        self.table = TablePanel("sysb_finding_table")
        self.table.add_value_filters(FILTERED)
        at_least_rows(self.table.view, _FEWEST_ROWS)
        self.actions = FindingActions()
        for action in self.actions.actions_of_table():
            self.table.view.addAction(action)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setObjectName("sysb_message")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        self.status = QLabel()
        self.status.setMinimumWidth(1)
        self.table.said.connect(self.say_status)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(6)
        layout.addLayout(self._top())
        layout.addLayout(self._runs())
        layout.addLayout(self._progress())
        layout.addWidget(self.message)
        layout.addWidget(self.summary)
        layout.addWidget(self.notes)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.actions)
        layout.addWidget(self.status)
        self.setMinimumWidth(WIDTH - 120)
        self.show_findings(None, None)

    def _top(self) -> QHBoxLayout:
        self.start = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), self.tr("Check all"))
        self.start.setToolTip(self.tr("Check every layer that has a role in the plan"))
        font = self.start.font()
        font.setBold(True)
        self.start.setFont(font)
        self.layers = LayerChoice()
        line = QHBoxLayout()
        line.addWidget(self.start, 1)
        line.addWidget(self.layers)
        return line

    def _runs(self) -> QHBoxLayout:
        self.runs = QComboBox()
        self.runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.runs.setMinimumContentsLength(20)
        self.runs.setAccessibleName(self.tr("Run"))
        self.runs.activated.connect(lambda _: self.run_chosen.emit(self.runs.currentData()))
        self.delete = QToolButton()
        self.delete.setIcon(QgsApplication.getThemeIcon("/mActionDeleteSelected.svg"))
        self.delete.setToolTip(self.tr("Delete this run"))
        self.delete.setAutoRaise(True)
        self.delete.clicked.connect(lambda: self.delete_wanted.emit(self.runs.currentData()))
        label = QLabel(self.tr("Run"))
        label.setBuddy(self.runs)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.runs, 1)
        line.addWidget(self.delete)
        return line

    def _progress(self) -> QHBoxLayout:
        self._bar = QProgressBar()
        self._bar.setMaximumHeight(self._bar.fontMetrics().height() + 4)
        self._bar.setFormat(self.tr("Checking %p%"))
        self.cancel = QToolButton()
        self.cancel.setText(self.tr("Cancel"))
        line = QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addWidget(self.cancel)
        self.show_progress(None)
        return line

    # What it shows

    def show_progress(self, percent: Optional[float]) -> None:
        """How far the check is, None = none runs."""
        self._bar.setValue(int(percent or 0))
        self._bar.setVisible(percent is not None)
        self.cancel.setVisible(percent is not None)
        self.start.setEnabled(percent is None)

    def show_runs(self, runs: List[Run]) -> None:
        """List the runs; what was chosen stays chosen."""
        chosen = self.runs.currentData()
        self.runs.clear()
        for run in runs:
            self.runs.addItem(self._run_title(run), run)
            self.runs.setItemData(self.runs.count() - 1, self._run_tip(run), Qt.ItemDataRole.ToolTipRole)
        ids = [run.id for run in runs]
        if chosen is not None and chosen.id in ids:
            self.runs.setCurrentIndex(ids.index(chosen.id))
        self.runs.setEnabled(bool(runs))
        self.delete.setEnabled(bool(runs))
        if not runs:
            self.runs.addItem(self.tr("Not checked yet"), None)
            self.show_findings(None, None)

    def show_findings(self, run: Optional[Run], rows: Optional[FindingRows]) -> None:
        """Show the findings of a run, None = none."""
        self._rows = rows
        if run is not None:
            listed = [self.runs.itemData(at) for at in range(self.runs.count())]
            places = [at for at, each in enumerate(listed) if each is not None and each.id == run.id]
            if places:
                self.runs.setCurrentIndex(places[0])
        if rows is None:
            self.table.show_table(columns(), [])
        else:
            self.table.show_content(rows)
        self.summary.show_rows(rows)
        self.notes.show_rows(rows)
        self.actions.show_finding(rows, -1, None, 0)
        self._show_skipped(rows)

    def refresh_counts(self) -> None:
        """Something was marked."""
        self.table.model.refresh()
        self.summary.refresh()
        self.notes.refresh()

    def say(self, line: str) -> None:
        """A line that must not be overlooked; ``""`` takes it away."""
        self.message.setText(line)
        self.message.setVisible(bool(line))

    def say_status(self, line: str) -> None:
        """A line at the bottom."""
        self.status.setText(line)
        self.status.setToolTip("")

    def _show_skipped(self, rows: Optional[FindingRows]) -> None:
        """Rules that could not run are named: nothing is left out silently."""
        if rows is None or not rows.findings.skipped:
            self.say_status("")
            return
        skipped = rows.findings.skipped
        rules = len({each.rule for each in skipped})
        self.say_status(self.tr("{count} rules could not run for lack of data").format(count=rules))
        layers = [layer.name for layer in rows.findings.layers]
        lines = [f"{layers[each.layer]}：{rule_title(each.rule)}。{each.lacks}" for each in skipped]
        self.status.setToolTip("\n".join(lines[:40]))

    def _run_title(self, run: Run) -> str:
        return str(self.tr("{time}　{counts}").format(time=run.started.replace("T", " ")[:16], counts=_counts(run)))

    def _run_tip(self, run: Run) -> str:
        names = "\n".join(f"{sentence(f'role.{layer.role}', {})}：{layer.name}" for layer in run.layers)
        return f"{run.project}\n{names}" if run.project else names


def _counts(run: Run) -> str:
    parts: List[Any] = []
    for severity, count in zip(SEVERITIES, run.counts):
        word = sentence(f"severity.{severity}", {})
        parts.append(f"{word} {count}")
    return "　".join(parts)
