"""质检结果: the dock that runs the data checks, shows what they found and keeps what was done about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional

import numpy as np
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QInputDialog, QMessageBox

from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.profiles import profile_folders
from three_opt_three_protect.bridge.words import error_line, sentence
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.desk.findings_job import CheckTask, Chosen
from three_opt_three_protect.desk.findings_layers import checked_layers
from three_opt_three_protect.desk.findings_map import FindingMap, Place, place_of
from three_opt_three_protect.desk.findings_page import FindingsPage
from three_opt_three_protect.desk.findings_rows import FindingRows, Ints
from three_opt_three_protect.desk.findings_runs import ProjectRuns, now, project_name
from three_opt_three_protect.desk.findings_saving import FindingsSaver
from three_opt_three_protect.desk.memory import ProjectMemory, remembered
from three_opt_three_protect.desk.plan_dock import PlanDock
from three_opt_three_protect.desk.room import PageScroll
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.storage.findings_store import ACCEPTED, FIXED, OPEN, WHOLE, FindingsStore, Run
from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE, load_profile

NEEDS = ("shapely", "scipy")
_ended_later: List[CheckTask] = []
"""Tasks that were dropped while they ran: they must live until QGIS has ended them."""


class FindingsDock(PlanDock):
    """Runs the checks, lists runs and findings, shows them on the map, keeps marks.

    Parameters
    ----------
    interface
        QgisInterface, for its map, forms and attribute tables.
    """

    def __init__(self, interface: Any) -> None:
        super().__init__()
        self.setObjectName("sysb_findings_dock")
        self.setWindowTitle(self.tr("Data check"))
        self._interface = interface
        self._memory = ProjectMemory()
        self._map = FindingMap(interface.mapCanvas())
        self._run: Optional[Run] = None
        self._rows: Optional[FindingRows] = None
        self._task: Optional[CheckTask] = None
        self._task_store: Optional[FindingsStore] = None
        self._started, self._seen = "", False
        self.runs = ProjectRuns(self.palette(), self)
        self.page = FindingsPage()
        self.setWidget(PageScroll(self.page))
        self.saver = FindingsSaver(self.page, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self.refresh_layers)
        self._connect()

    def _connect(self) -> None:
        page, runs, project = self.page, self.runs, QgsProject.instance()
        page.start.clicked.connect(lambda: self.check())
        page.cancel.clicked.connect(self.cancel)
        page.run_chosen.connect(runs.load)
        page.delete_wanted.connect(self._ask_delete)
        page.summary.masks_changed.connect(page.table.model.keep_only)
        page.notes.masks_changed.connect(self._on_notes)
        page.notes.accept_wanted.connect(lambda rows: self._ask_accept(rows))
        page.table.picked.connect(lambda _: self._on_picked())
        page.table.selected.connect(self._show_finding)
        page.table.filters[0].activated.connect(lambda _: self._on_rule_filter())
        page.table.add_export(self.tr("Workbook (xlsx)…"), lambda: self.saver.ask(self._rows, "xlsx"))
        page.table.add_export(self.tr("GeoPackage with places…"), lambda: self.saver.ask(self._rows, "gpkg"))
        page.actions.asked.connect(self.act)
        runs.listed.connect(page.show_runs)
        runs.loaded.connect(self._on_loaded)
        runs.switched.connect(self._on_switched)
        runs.moved.connect(self._on_moved)
        runs.failed.connect(page.say)
        self._project_signals = [
            (project.layersAdded, self._soon),
            (project.layersRemoved, self._soon),
            (project.readProject, self._soon),
            (project.cleared, self._soon),
            (remembered.roles, self._soon),
        ]
        for signal, slot in self._project_signals:
            signal.connect(slot)

    def _leave(self) -> None:
        for signal, slot in self._project_signals:
            signal.disconnect(slot)
        self._settle.stop()
        self._drop_task()
        self._map.clear()
        self.page.table.work.stop()
        self.runs.stop()

    @property
    def busy(self) -> bool:
        """Something is being checked, read or written."""
        return self._task is not None or self.runs.busy or self._settle.isActive() or self.page.table.work.busy

    # The run

    def activate(self) -> None:
        """Start working; done when the dock is seen."""
        lacking = missing_package(NEEDS)
        if lacking is not None:
            self.page.start.setEnabled(False)
            self.page.say(error_line(lacking))
            return
        self._seen = True
        self.refresh_layers()
        if self._run is None:
            self.runs.follow()

    def refresh_layers(self) -> None:
        """Find the layers with a role anew."""
        self._settle.stop()
        self.page.layers.show_layers(checked_layers(self._memory))
        self.page.actions.checkable = bool(self.page.layers.layers)
        self.page.start.setEnabled(self.page.actions.checkable and self._task is None)
        self._show_finding()

    def check(self) -> None:
        """Check the layers that are ticked, in the background."""
        self.refresh_layers()
        wanted = self.page.layers.wanted()
        if not wanted or self._task is not None:
            self.page.say("" if wanted else self.tr("No layer with a role is ticked."))
            return
        project = QgsProject.instance()
        try:
            profile = load_profile(self._memory.profile() or DEFAULT_PROFILE, profile_folders(project))
        except PlanningError as error:
            self.page.say(error_line(error))
            return
        chosen = {role: self._chosen(layer) for role, layer in self.page.layers.layers.items()}
        self._task_store, self._started = self.runs.store, now()
        self._task_project = project_name()
        self._task = CheckTask(
            self.tr("Checking data"), chosen, tuple(wanted), profile, project.transformContext(), self._on_checked
        )
        self._task.progressChanged.connect(self.page.show_progress)
        self.page.say("")
        self.page.show_progress(0.0)
        QgsApplication.taskManager().addTask(self._task)

    def _chosen(self, layer: QgsVectorLayer) -> Chosen:
        mapping, system = self._memory.mapping(layer.id()), self._memory.class_system(layer.id())
        return Chosen(Snapshot(layer), layer.id(), mapping, system)

    def cancel(self) -> None:
        """Stop checking; nothing of the run is kept."""
        if self._task is not None:
            self._drop_task()
            self.page.say_status(self.tr("Stopped. Nothing of this run was kept."))

    def _drop_task(self) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        task.progressChanged.disconnect(self.page.show_progress)
        _ended_later.append(task)
        task.cancel()
        self.page.show_progress(None)

    def _on_checked(self, task: CheckTask) -> None:
        if task is not self._task:
            if task in _ended_later:
                _ended_later.remove(task)
            return
        self._task = None
        self.page.show_progress(None)
        if task.findings is not None and self._task_store is not None:
            self.runs.keep(task.findings, self._started, self._task_store, self._task_project)
            self.page.say("\n".join(sentence(note.id, note.values) for note in task.notes))
        elif isinstance(task.error, PlanningError):
            self.page.say(error_line(task.error))
        elif task.error is not None:
            self.page.say(self.tr("Fault of the program: {what}").format(what=repr(task.error)))
            raise task.error
        else:
            self.page.say_status(self.tr("Stopped. Nothing of this run was kept."))

    # What is shown

    def _rest(self) -> None:
        self._seen = False
        self._map.clear()

    def _soon(self, *_what: Any) -> None:
        """Look for the layers anew, when nobody looks only as soon as somebody does."""
        if self._seen:
            self._settle.start()

    def _on_switched(self) -> None:
        """Another project: its own runs; a check that still runs is kept for the project it was made for."""
        self._run, self._rows = None, None
        self._map.clear()
        self.page.layers.forget()
        self.page.show_findings(None, None)
        self.page.say("")
        if self._task is not None and self._task_store is not None and self.runs.is_lost(self._task_store):
            self.cancel()

    def _on_moved(self, old: Path, store: FindingsStore) -> None:
        """The project was saved elsewhere: a check that still runs is kept there."""
        if self._task_store is not None and self._task_store.path == old:
            self._task_store = store

    def _on_loaded(self, run: Run, rows: FindingRows) -> None:
        self._run, self._rows = run, rows
        self._map.clear()
        self.page.show_findings(run, rows)
        self._show_finding()

    def _on_rule_filter(self) -> None:
        """A rule that is asked for by name is shown, also where its findings are folded away."""
        table = self.page.table
        if self._rows is not None:
            folded = None if table.filters[0].currentData() is not None else ~self._rows.statutory_note
            table.model.keep_only({"notes": folded})

    def _on_notes(self, masks: Any) -> None:
        self.page.summary.forget_choice()
        self.page.table.model.keep_only(masks)

    def current(self) -> int:
        """Row of the finding that is selected, −1 = none."""
        selected = self.page.table.rows_selected()
        if self._rows is None or not len(selected):
            return -1
        row = self.page.table.row_current()
        return row if row in selected else int(selected[0])

    def place(self) -> Optional[Place]:
        """Where the finding that is selected is; looked up anew each time, since layers come and go."""
        row = self.current()
        return None if self._rows is None or row < 0 else place_of(self._rows.findings, row)

    def _show_finding(self) -> None:
        row, place = self.current(), self.place()
        self.page.actions.show_finding(self._rows, row, place, len(self.page.table.rows_selected()))
        if place is None:
            self._map.clear()

    def _on_picked(self) -> None:
        # The selection follows the current row: look when it has.
        QTimer.singleShot(0, self._show_on_map)

    def _show_on_map(self) -> None:
        place = None if self._stopped else self.place()
        if place is None:
            return
        self._map.highlight(place)
        if self.page.actions.follow.isChecked():
            self._map.zoom(place)

    # What the planner does

    def act(self, what: str) -> None:
        """Do what a button is for."""
        if what in ("previous", "next"):
            self.page.table.step(1 if what == "next" else -1)
            return
        selected = self.page.table.rows_selected()
        if what == "fixed":
            self.mark(selected, FIXED, "")
        elif what == "reopen":
            self.mark(selected, OPEN, "")
        elif what == "accept":
            self._ask_accept(selected)
        elif what == "accept_rule" and self._rows is not None and self.current() >= 0:
            self._ask_accept(self._rows.rows_of_rule(self.current()))
        else:
            self._act_on_place(what)

    def _act_on_place(self, what: str) -> None:
        place = self.place()
        if place is None:
            return
        if what in ("zoom", "pan", "flash"):
            self._map.highlight(place)
            {"zoom": self._map.zoom, "pan": self._map.pan, "flash": self._map.flash}[what](place)
        elif what == "form" and place.layer is not None and place.feature is not None:
            self._interface.openFeatureForm(place.layer, place.feature)
        elif what == "select" and place.layer is not None:
            self._select(place.layer)

    def _select(self, layer: QgsVectorLayer) -> None:
        """Select the features of the findings selected, as far as they lie in ``layer``, in its table."""
        rows = self.page.table.rows_selected()
        if self._rows is None:
            return
        found = self._rows.findings
        here = np.array([each.layer_id == layer.id() for each in found.layers], dtype=np.bool_)
        ids = found.fid[rows[here[found.layer[rows]]]]
        layer.selectByIds(np.unique(ids[ids != WHOLE]).tolist())
        self._interface.setActiveLayer(layer)
        self._interface.showAttributeTable(layer, "is_selected()")

    def mark(self, rows: Ints, state: int, note: str) -> None:
        """Say what became of findings; shown at once, kept in the background."""
        if self._rows is None or self._run is None or not len(rows):
            return
        keys = [self._rows.keys[row] for row in rows.tolist()]
        following = self._following(rows)
        self._rows.set_state(rows, state, note)
        self.page.refresh_counts()
        if following is not None and not len(self.page.table.rows_selected()):
            self.page.table.select(following)
        self.runs.mark(keys, state, note, self._run.id)

    def _following(self, rows: Ints) -> Optional[int]:
        """The first row below the marked ones, to go on from when a filter takes those away."""
        shown = self.page.table.rows_shown()
        marked = np.flatnonzero(np.isin(shown, rows))
        below = int(marked[-1]) + 1 if len(marked) else 0
        return int(shown[below]) if len(marked) and below < len(shown) else None

    def _ask_accept(self, rows: Ints) -> None:
        if not len(rows):
            return
        label = self.tr("{count} findings may stay as they are. Why?").format(count=len(rows))
        note, sure = QInputDialog.getText(self, self.tr("Accept findings"), label)
        if sure:
            self.mark(rows, ACCEPTED, note.strip())

    def _ask_delete(self, run: Run) -> None:
        question = self.tr("Delete the run of {time}? What was marked is kept for later runs.")
        buttons = QMessageBox.StandardButton
        asked = QMessageBox.question(
            self, self.tr("Delete run"), question.format(time=run.started.replace("T", " ")), buttons.Yes | buttons.No
        )
        if asked == buttons.Yes:
            self.delete(run)

    def delete(self, run: Run) -> None:
        """Forget a run."""
        if self._run is not None and run.id == self._run.id:
            self._run, self._rows = None, None
            self.page.show_findings(None, None)
        self.runs.delete(run)
