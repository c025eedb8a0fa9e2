"""Propose a plan: the form, the search while it runs, and what came of it."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Mapping, Optional, Sequence, Tuple

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.core.rules import FAIL
from three_opt_three_protect.desk.figures import figure
from three_opt_three_protect.desk.gap_curve import GapCurve
from three_opt_three_protect.desk.look import icon, result_colour
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.propose_form import ProposeForm
from three_opt_three_protect.desk.propose_rows import reason_table
from three_opt_three_protect.desk.scenario_rows import percent
from three_opt_three_protect.desk.table import TablePanel

if TYPE_CHECKING:
    from three_opt_three_protect.core.optimiser.problem import Reason


RATIO = "ratio"
"""Measure of an objective that is a share."""
_GAINS = ("cultivated", "contiguity")
"""Objectives of which more is better."""


class ProposePage(QWidget):
    """What a proposal is made from, how the search goes, why there is none."""

    start_wanted = pyqtSignal()
    stop_wanted = pyqtSignal()
    back_wanted = pyqtSignal()
    load_wanted = pyqtSignal(str)
    """Name of the scenario that was proposed."""

    def __init__(self, memory: ProjectMemory, unit: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._measure, self._objective = "", ""
        self._reasons: Tuple[Sequence[Reason], bool, Mapping[str, str]] = ((), False, {})
        self.form = ProposeForm(memory)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._head())
        layout.addWidget(self.form)
        layout.addLayout(self._start())
        layout.addLayout(self._again())
        layout.addWidget(self._running())
        layout.addWidget(self._result())
        layout.addWidget(self._why(), 1)
        layout.addStretch(0)
        self.show_idle()

    def _head(self) -> QHBoxLayout:
        back = QToolButton()
        back.setArrowType(Qt.ArrowType.LeftArrow)
        back.setText(self.tr("Scenarios"))
        back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        back.setAutoRaise(True)
        back.clicked.connect(self.back_wanted)
        self.back = back
        title = QLabel(self.tr("<b>Propose a plan</b>"))
        line = QHBoxLayout()
        line.addWidget(back)
        line.addWidget(title, 1)
        return line

    def _start(self) -> QHBoxLayout:
        self.start = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), self.tr("Search"))
        font = self.start.font()
        font.setBold(True)
        self.start.setFont(font)
        self.start.clicked.connect(self.start_wanted)
        line = QHBoxLayout()
        line.addWidget(self.start, 1)
        return line

    def _again(self) -> QHBoxLayout:
        self.again = QPushButton(self.tr("Change the form and search again"))
        self.again.clicked.connect(self.show_idle)
        line = QHBoxLayout()
        line.addWidget(self.again, 1)
        return line

    def _running(self) -> QFrame:
        self.running = QFrame()
        self.step = QLabel()
        self.step.setMinimumWidth(1)
        self.bar = QProgressBar()
        self.bar.setMaximumHeight(self.bar.fontMetrics().height() + 4)
        self.stop = QPushButton(self.tr("Stop and keep the best"))
        self.stop.setToolTip(self.tr("End the search now; the best plan found so far is kept as a scenario"))
        self.stop.clicked.connect(self.stop_wanted)
        self.curve = GapCurve()
        self.live = QLabel()
        self.live.setWordWrap(True)
        first = QHBoxLayout()
        first.addWidget(self.bar, 1)
        first.addWidget(self.stop)
        layout = QVBoxLayout(self.running)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.step)
        layout.addLayout(first)
        layout.addWidget(self.curve)
        layout.addWidget(self.live)
        return self.running

    def _result(self) -> QFrame:
        self.result = QFrame()
        self.result.setFrameShape(QFrame.Shape.StyledPanel)
        self.sign, self.headline, self.detail = QLabel(), QLabel(), QLabel()
        for label in (self.headline, self.detail):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.load = QPushButton(self.tr("Load into layers"))
        self.load.clicked.connect(lambda: self.load_wanted.emit(self._name))
        self._name = ""
        head = QHBoxLayout()
        head.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.headline, 1)
        layout = QVBoxLayout(self.result)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addLayout(head)
        layout.addWidget(self.detail)
        layout.addWidget(self.load)
        return self.result

    def _why(self) -> QWidget:
        self.why_box = QWidget()
        self.why_title = QLabel()
        self.why_title.setWordWrap(True)
        self.why = TablePanel("sysb_reasons", wrap=True)
        layout = QVBoxLayout(self.why_box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.why_title)
        layout.addWidget(self.why, 1)
        return self.why_box

    # What it shows

    def show_unit(self, unit: str) -> None:
        """Show areas in another unit."""
        self._unit = unit
        self._show_reasons()

    def show_idle(self) -> None:
        """Nothing runs; the form can be filled in."""
        self.running.hide()
        self.form.setEnabled(True)
        self.form.show()
        self.start.setEnabled(True)
        self.start.show()
        self.again.hide()
        self.result.hide()
        self.why_box.hide()

    def show_running(self, unit: str, objective: str) -> None:
        """A search has begun.

        Parameters
        ----------
        unit
            Of what is to be best, :data:`RATIO`, or ``""`` for none.
        objective
            As in ``core.allocation.objectives``.
        """
        self._measure, self._objective = unit, objective
        self.show_idle()
        self.form.setEnabled(False)
        self.start.hide()
        self.curve.clear()
        self.curve.hide()
        self.live.setText("")
        self.step.setText(self.tr("Overlaying parcels and plots"))
        self.bar.setRange(0, 100)
        self.bar.setFormat("%p%")
        self.bar.setValue(0)
        self.stop.setEnabled(False)
        self.running.show()

    def show_step(self, words: str) -> None:
        """What is being done."""
        self.step.setText(words)

    def show_progress(self, percent_done: float) -> None:
        """How far it is, 0–100."""
        self.bar.setValue(int(percent_done))

    def show_searching(self, seconds: int) -> None:
        """The solver has a plan: from now on stopping keeps the best one; ``seconds`` is the longest it may take."""
        self.step.setText(self.tr("Searching for a better plan"))
        self.bar.setRange(0, seconds)
        self.bar.setFormat(self.tr("%v of at most %m s"))
        self.stop.setEnabled(True)

    def show_seconds(self, seconds: float) -> None:
        """How long the search has gone on."""
        self.bar.setValue(min(self.bar.maximum(), int(seconds)))

    def show_found(self, seconds: float, value: float, bound: float, gap: float) -> None:
        """A better plan, or a better bound; NaN = not known yet."""
        value, bound = self.as_read(value), self.as_read(bound)
        shown_gap = "–" if isnan(gap) else percent(gap)
        if isnan(bound):
            self.live.setText(self.tr("Best found {value}").format(value=self.amount(value)))
            return
        self.curve.show()
        self.curve.add(seconds, value, bound)
        if not self._measure:
            self.live.setText(self.tr("Gap {gap}").format(gap=shown_gap))
            return
        text = (
            self.tr("Best found {value}, no plan above {bound}, gap {gap}")
            if self._objective in _GAINS
            else self.tr("Best found {value}, no plan below {bound}, gap {gap}")
        )
        shown = {"value": self.amount(value), "bound": self.amount(bound), "gap": shown_gap}
        self.live.setText(text.format(**shown))

    def as_read(self, value: float) -> float:
        """A value as it is minimised the way a planner reads it."""
        from three_opt_three_protect.core.allocation.objectives import MAXIMISED

        return -value if self._objective in MAXIMISED else value

    def amount(self, value: float) -> str:
        """A value of the objective as it is read, with its unit."""
        if self._measure == RATIO:
            return percent(value)
        text, unit = figure(value, self._measure, self._unit)
        return f"{text} {unit}".rstrip() if self._measure else text

    def area(self, value: Optional[float]) -> str:
        """An area in the unit of the screen."""
        return " ".join(figure(value, "m2", self._unit))

    def show_result(self, name: str, result: str, headline: str, detail: str) -> None:
        """There is a plan, saved under ``name``."""
        self._show_end()
        self._name = name
        self._headline(result, headline, detail)
        self.load.setVisible(bool(name))

    def _show_end(self) -> None:
        """The form gives way to what came of the search."""
        self.show_idle()
        self.form.hide()
        self.start.hide()
        self.again.show()

    def show_refusal(self, line: str) -> None:
        """The form cannot be used as it is filled in."""
        self.show_idle()
        self._headline(FAIL, line, "")
        self.load.hide()

    def show_failure(self, headline: str, detail: str = "") -> None:
        """There is none."""
        self._show_end()
        self._headline(FAIL, headline, detail)
        self.load.hide()

    def show_reasons(self, reasons: Sequence[Reason], feasible: bool, names: Mapping[str, str]) -> None:
        """Why there is no plan, or which warnings were given up.

        Parameters
        ----------
        names
            Village code → name.
        """
        self._reasons = (reasons, feasible, names)
        self._show_reasons()

    def _show_reasons(self) -> None:
        reasons, feasible, names = self._reasons
        self.why_box.setVisible(bool(reasons) and not self.result.isHidden())
        self.why_title.setText(
            self.tr("Only warned of, and given up so that there is a plan:")
            if feasible
            else self.tr("What cannot be kept, and by how much:")
        )
        self.why.show_table(*reason_table(reasons, self._unit, self.palette(), names))

    def _headline(self, result: str, headline: str, detail: str) -> None:
        size = round(1.4 * self.fontMetrics().height())
        self.sign.setPixmap(icon(f"result_{result}").pixmap(size, size))
        self.headline.setText(f"<b>{headline}</b>")
        self.headline.setStyleSheet(f"color: {result_colour(result, self.palette()).name()}")
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.result.show()
