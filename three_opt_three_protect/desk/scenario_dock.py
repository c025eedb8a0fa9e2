"""规划方案: the dock that keeps scenarios, compares them and proposes new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Optional, Sequence

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.planfiles import project_files
from three_opt_three_protect.bridge.profiles import profile_folders
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.desk.compare_page import ComparePage
from three_opt_three_protect.desk.evidence_map import MapMarks
from three_opt_three_protect.desk.figures import UNITS, unit_word
from three_opt_three_protect.desk.findings_runs import now
from three_opt_three_protect.desk.memory import ProjectMemory, area_unit, keep_area_unit
from three_opt_three_protect.desk.name_dialog import NameDialog
from three_opt_three_protect.desk.plan_dock import PlanDock
from three_opt_three_protect.desk.propose_page import ProposePage
from three_opt_three_protect.desk.proposer import Proposer
from three_opt_three_protect.desk.room import PageScroll
from three_opt_three_protect.desk.scenario_files import ProjectScenarios
from three_opt_three_protect.desk.scenario_ground import ScenarioGround
from three_opt_three_protect.desk.scenario_load import ScenarioLoader
from three_opt_three_protect.desk.scenario_page import ScenarioPage
from three_opt_three_protect.desk.scenario_plots import ROLES
from three_opt_three_protect.desk.scenario_tasks import CompareTask, SaveTask, ScenarioTask
from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE, load_profile

if TYPE_CHECKING:
    from three_opt_three_protect.storage.scenarios import Scenario

WIDTH = 480
NEEDS = ("shapely", "scipy", "pyogrio")
LIST, COMPARE, PROPOSE = range(3)

_ended_later: List[ScenarioTask] = []
"""Tasks that were dropped while they ran: they must live until QGIS has ended them."""


class ScenarioDock(PlanDock):
    """Scenarios of the project: saved, loaded, compared, proposed.

    Parameters
    ----------
    interface
        QgisInterface, for its map.
    """

    def __init__(self, interface: Any) -> None:
        super().__init__()
        self.setObjectName("sysb_scenario_dock")
        self.setWindowTitle(self.tr("Scenarios"))
        self._unit = area_unit()
        self._memory = ProjectMemory()
        self._marks = MapMarks(interface.mapCanvas())
        self._task: Optional[ScenarioTask] = None
        self._number = 0
        self._seen = False
        self._select_next = ""
        self.scenarios: List[Scenario] = []
        self.files = ProjectScenarios(self._memory, self)
        self.ground = ScenarioGround(self._memory, self)
        self.loader = ScenarioLoader(self._memory, self.files.work, self._sure, self)
        self.page, self.compare_page = ScenarioPage(self._unit), ComparePage(self._unit)
        self.propose_page = ProposePage(self._memory, self._unit)
        self.proposer = Proposer(self._memory, self.ground, self.files, self.propose_page, self)
        self._build()
        self._connect()

    # Building

    def _build(self) -> None:
        self.stack = QStackedWidget()
        for page in (self.page, self.compare_page, self.propose_page):
            self.stack.addWidget(page)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setObjectName("sysb_message")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        self.status = QLabel()
        self.status.setWordWrap(True)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(6)
        layout.addLayout(self._top())
        layout.addWidget(self.message)
        layout.addLayout(self._progress())
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.status)
        inside.setMinimumWidth(WIDTH - 120)
        self.setWidget(PageScroll(inside))
        self.resize(WIDTH, self.height())

    def _top(self) -> QHBoxLayout:
        self.place = QLabel()
        self.place.setMinimumWidth(1)
        self.units = QComboBox()
        for unit in UNITS:
            self.units.addItem(unit_word(unit), unit)
        self.units.setCurrentIndex(UNITS.index(self._unit))
        self.units.setToolTip(self.tr("Unit of areas"))
        self.units.setAccessibleName(self.tr("Unit of areas"))
        line = QHBoxLayout()
        line.addWidget(self.place, 1)
        line.addWidget(self.units)
        return line

    def _progress(self) -> QHBoxLayout:
        self._bar = QProgressBar()
        self._bar.setMaximumHeight(self._bar.fontMetrics().height() + 4)
        self._cancel = QToolButton()
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel)
        line = QHBoxLayout()
        line.addWidget(self._bar, 1)
        line.addWidget(self._cancel)
        self._bar.hide()
        self._cancel.hide()
        return line

    def _connect(self) -> None:
        self.page.asked.connect(self.act)
        self.page.table.said.connect(self.status.setText)
        self.files.listed.connect(self._on_listed)
        self.files.switched.connect(self._on_switched)
        for teller in (self.files, self.loader):
            teller.said.connect(self._say)
            teller.failed.connect(self._show_message)
        self.compare_page.back_wanted.connect(self.show_list)
        self.compare_page.said.connect(self.status.setText)
        self.compare_page.plot_wanted.connect(self._marks.show_evidence)
        self.propose_page.back_wanted.connect(self.show_list)
        self.propose_page.load_wanted.connect(self.load)
        self.proposer.saved.connect(self._on_saved)
        self.proposer.working.connect(self.page.set_working)
        self.units.activated.connect(self._on_unit)

    def _leave(self) -> None:
        self._drop_task()
        self.proposer.stop()
        self._marks.clear()
        self.page.table.work.stop()
        self.compare_page.stop()
        self.ground.stop()
        self.files.stop()

    @property
    def busy(self) -> bool:
        """Something is being computed, read or written."""
        return self._task is not None or self.proposer.busy or self.files.busy or self.compare_page.work.busy

    # What is shown

    def activate(self) -> None:
        """Start working; done when the dock is seen."""
        lacking = missing_package(NEEDS)
        if lacking is not None:
            self.page.setEnabled(False)
            self._show_message(error_line(lacking))
            return
        self._seen = True
        self._take_unit(area_unit())
        self.files.follow()

    def _rest(self) -> None:
        self._seen = False
        self._marks.clear()

    def show_list(self) -> None:
        """Back to the list."""
        self._marks.clear()
        self.stack.setCurrentIndex(LIST)

    def _on_listed(self, found: Sequence[Scenario]) -> None:
        self.scenarios = list(found)
        folder = self.files.folder
        self.page.show_scenarios(found, folder is not None)
        self.place.setText("" if folder is None else self.tr("In {folder}").format(folder=folder.name))
        self.place.setToolTip("" if folder is None else str(folder))
        if self._select_next:
            self.page.select(self._select_next)
            self._select_next = ""

    def _on_switched(self) -> None:
        """Another project: what runs for the old one is not shown in the new one."""
        if isinstance(self._task, CompareTask):
            self._drop_task()
        self.proposer.leave_project()
        self.ground.forget()
        self.compare_page.clear()
        self.show_list()
        self._show_message("")
        self.status.setText("")

    def _on_unit(self, row: int) -> None:
        unit = str(self.units.itemData(row))
        keep_area_unit(unit)
        self._take_unit(unit)

    def _take_unit(self, unit: str) -> None:
        if unit == self._unit:
            return
        self._unit = unit
        self.units.setCurrentIndex(UNITS.index(unit))
        for page in (self.page, self.compare_page, self.propose_page):
            page.show_unit(unit)

    def _show_message(self, line: str) -> None:
        self.message.setText(line)
        self.message.setVisible(bool(line))

    def _say(self, line: str) -> None:
        self._show_message("")
        self.status.setText(line)

    # What the planner does

    def act(self, what: str) -> None:
        """Do what a button is for."""
        self._say("")
        chosen = self.page.chosen()
        if what == "save":
            self._ask_save()
        elif what == "propose":
            self.stack.setCurrentIndex(PROPOSE)
            self.proposer.prepare()
        elif what == "compare":
            self.compare(chosen)
        elif what == "folder":
            self._ask_folder()
        elif what == "open_folder" and self.files.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.files.folder)))
        elif what == "refresh":
            self.files.list()
        elif what == "weights":
            self.open_weights()
        elif len(chosen) == 1 or (chosen and what == "delete"):
            self._act_on(what, chosen)

    def _act_on(self, what: str, names: List[str]) -> None:
        if what == "load":
            self.load(names[0])
        elif what == "delete":
            if self._sure(self.tr("Put into the trash: {names}?").format(names=", ".join(names))):
                self.files.delete(names)
        elif what in ("copy", "rename"):
            title = self.tr("Copy scenario") if what == "copy" else self.tr("Rename scenario")
            taken = [one.name for one in self.scenarios if what == "copy" or one.name != names[0]]
            store = self.files.store
            start = names[0]
            if what == "copy" and store is not None:
                start = store.free_name(self.tr("{name} copy").format(name=names[0]))
            asked = NameDialog(title, start, taken, parent=self)
            if asked.exec() == QDialog.DialogCode.Accepted:
                self._select_next = asked.text()
                (self.files.copy if what == "copy" else self.files.rename)(names[0], asked.text())

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for scenarios"))
        if folder:
            self.files.choose_folder(folder)

    def _sure(self, question: str) -> bool:
        buttons = QMessageBox.StandardButton
        asked = QMessageBox.question(self, self.tr("Scenarios"), question, buttons.Yes | buttons.No, buttons.No)
        return bool(asked == buttons.Yes)

    def open_weights(self) -> None:
        """Compare the indicators of the reclamation potential in pairs."""
        from three_opt_three_protect.desk.pair_dialog import PairDialog

        try:
            profile = load_profile(self._memory.profile() or DEFAULT_PROFILE, profile_folders(QgsProject.instance()))
        except PlanningError as error:
            self._show_message(error_line(error))
            return
        self.weights = PairDialog(profile, self._memory, self)
        self.weights.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.weights.open()

    # Save and load

    def _ask_save(self) -> None:
        title = self.tr("Save the current plots as a scenario")
        start = self.files.next_name()
        asked = NameDialog(title, start, [one.name for one in self.scenarios], "", self)
        if asked.exec() == QDialog.DialogCode.Accepted:
            self.save(asked.text(), asked.note.text().strip())

    def save(self, name: str, note: str = "") -> None:
        """Save the plots of the project as a scenario, in the background."""
        from three_opt_three_protect.storage.scenarios import Made

        layers, store = self.ground.layers(*ROLES), self.files.store
        if not layers or store is None or self._task is not None:
            if not layers:
                self._show_message(self.tr("The project has no reclaim plots and no new-build plots to save."))
            return
        try:
            setting, self._number = self.ground.setting()
        except PlanningError as error:
            self._show_message(error_line(error))
            return
        made = Made(now(), setting.profile.id, note=note)
        plots = {role: self.ground.snapshot(layer) for role, layer in layers.items()}
        title, excluded = self.tr("Saving scenario"), self._memory.excluded()
        self._run(SaveTask(title, setting, self._on_task, store, name, plots, excluded, made))

    def load(self, name: str) -> None:
        """Put the plots of a scenario into the layers of the project."""
        store = self.files.store
        if store is not None and name:
            self.loader.load(name, store.path(name))

    def compare(self, names: Sequence[str]) -> None:
        """Set scenarios side by side."""
        store = self.files.store
        if store is None or self._task is not None or len(names) < 2:
            return
        try:
            setting, self._number = self.ground.setting()
        except PlanningError as error:
            self._show_message(error_line(error))
            return
        if setting.ground is None:
            self._show_message(self.tr("Scenarios are compared on the land parcels: the project has no such layer."))
            return
        files = {name: store.path(name) for name in names}
        in_use = project_files(QgsProject.instance())
        self._run(CompareTask(self.tr("Comparing scenarios"), setting, self._on_task, files, in_use))

    # Tasks

    def _run(self, task: ScenarioTask) -> None:
        self._task = task
        task.progressChanged.connect(self._on_progress)
        self._bar.setFormat(f"{task.description()} %p%")
        self._bar.setValue(0)
        self._show_working(True)
        self.status.setText("")
        QgsApplication.taskManager().addTask(task)

    def cancel(self) -> None:
        """Stop saving or comparing; nothing of it is kept."""
        if self._task is not None:
            self._drop_task()
            self.status.setText(self.tr("Stopped."))

    def _drop_task(self) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        task.progressChanged.disconnect(self._on_progress)
        _ended_later.append(task)
        task.cancel()
        self._show_working(False)

    def _show_working(self, working: bool) -> None:
        self._bar.setVisible(working)
        self._cancel.setVisible(working)
        self.page.set_working(working or self.proposer.busy)

    def _on_progress(self, percent: float) -> None:
        self._bar.setValue(int(percent))

    def _on_task(self, task: ScenarioTask) -> None:
        if task is not self._task:
            if task in _ended_later:
                _ended_later.remove(task)
            return
        self._task = None
        self._show_working(False)
        self.ground.keep(task.survey, self._number)
        if isinstance(task.error, PlanningError):
            self._show_message(error_line(task.error))
        elif task.error is not None:
            self._show_message(self.tr("Fault of the program: {what}").format(what=repr(task.error)))
            raise task.error
        elif isinstance(task, SaveTask) and not task.isCanceled():
            self._on_plots_saved(task)
        elif isinstance(task, CompareTask) and task.comparison is not None:
            self.compare_page.show_comparison(task.comparison)
            self.stack.setCurrentIndex(COMPARE)

    def _on_plots_saved(self, task: SaveTask) -> None:
        line = self.tr("Saved: {name}").format(name=task.name)
        if task.left_out:
            line += self.tr("; {count} plots left out of the balance are not in it").format(count=task.left_out)
        if task.no_figures is not None:
            line += self.tr("; without figures: {why}").format(why=error_line(task.no_figures))
        self._on_saved(task.name)
        self.status.setText(line)

    def _on_saved(self, name: str) -> None:
        self._select_next = name
        self.files.list()
