"""The balance that follows the map: listens to the layers, works in the background, tells the newest result."""

from __future__ import annotations

from typing import Dict, FrozenSet, List, Mapping, Optional

from qgis.core import QgsApplication, QgsCoordinateTransformContext, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QThreadPool, QTimer, pyqtSignal

from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.desk.balance_job import BalanceJob, Outcome
from three_opt_three_protect.desk.layer_watch import LayerWatch
from three_opt_three_protect.desk.memory import Plot, ProjectMemory, remembered
from three_opt_three_protect.desk.role_guess import PLOT_ROLES, SURVEY_ROLES
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.survey_task import Ground, Survey, SurveyTask

PLOTS_WAIT_MS = 30
"""One user action changes several things at once: collected for this long."""
SURVEY_WAIT_MS = 300
"""Cutting all parcels takes seconds: wait until the hand has left the parcel."""

_ended_later: List[SurveyTask] = []
"""Tasks cancelled and still running; QGIS must not lose their Python side before they end."""


class LiveBalance(QObject):
    """Base state and balance of the layers it is given."""

    balanced = pyqtSignal(object)
    """An :class:`Outcome` with a balance."""
    failed = pyqtSignal(str)
    """One line: why there is no balance."""
    emptied = pyqtSignal()
    """There is nothing to balance."""
    progressed = pyqtSignal(int)
    """Percent of cutting the parcels; 100 = over."""

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._layers: Dict[str, QgsVectorLayer] = {}
        self._watches: Dict[str, LayerWatch] = {}
        self._profile: Optional[Profile] = None
        self._excluded: FrozenSet[Plot] = frozenset()
        self._memory = ProjectMemory()
        self._survey: Optional[Survey] = None
        self._task: Optional[SurveyTask] = None
        self._job: Optional[BalanceJob] = None
        self._number = 0
        self._again = False
        self._active = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._survey_timer = self._timer(SURVEY_WAIT_MS, self._start_survey)
        self._plots_timer = self._timer(PLOTS_WAIT_MS, self._start_balance)
        remembered.layer.connect(self._remembered)
        self._listening = True

    # What the dock says

    def set_active(self, active: bool) -> None:
        """Work only while somebody looks; what changed meanwhile is caught up on."""
        if active == self._active:
            return
        self._active = active
        if not active:
            self._rest()
        elif self._survey is None:
            self.restart()
        else:
            self._start_balance()

    def set_layers(self, layers: Mapping[str, QgsVectorLayer]) -> None:
        """Role → layer; roles without a layer are left out."""
        before = {role: watch.layer_id for role, watch in self._watches.items()}
        after = {role: layer.id() for role, layer in layers.items()}
        self._layers = dict(layers)
        if before == after:
            return
        for role in [role for role in before if after.get(role) != before[role]]:
            self._watches.pop(role).stop()
        for role in [role for role in after if after[role] != before.get(role)]:
            self._watch(role, layers[role])
        changed = {role for role in {**before, **after} if before.get(role) != after.get(role)}
        if changed & set(SURVEY_ROLES):
            self.restart()
        else:
            self._plots_changed()

    def set_profile(self, profile: Optional[Profile]) -> None:
        """Judge by another policy profile; it also says how areas are apportioned."""
        if profile is None or profile != self._profile:
            self._profile = profile
            self.restart()

    def set_excluded(self, excluded: FrozenSet[Plot]) -> None:
        """Leave plots out of the balance."""
        if excluded != self._excluded:
            self._excluded = excluded
            self._plots_changed()

    def restart(self) -> None:
        """Cut the parcels again."""
        self._drop_task()
        self._survey = None
        self._number += 1
        if not self._active:
            return
        if "parcels" not in self._layers or self._profile is None:
            self._survey_timer.stop()
            self.emptied.emit()
            return
        self._survey_timer.start()

    def cancel(self) -> None:
        """Stop cutting the parcels."""
        self._survey_timer.stop()
        if self._task is not None:
            self._drop_task()
            self.emptied.emit()

    def stop(self) -> None:
        """Disconnect from everything and end the work."""
        self.set_active(False)
        if self._listening:
            remembered.layer.disconnect(self._remembered)
            self._listening = False
        for watch in self._watches.values():
            watch.stop()
        self._watches.clear()
        self._layers.clear()
        self._pool.clear()
        self._pool.waitForDone()

    @property
    def busy(self) -> bool:
        """Something is being computed or about to be."""
        waiting = self._survey_timer.isActive() or self._plots_timer.isActive()
        return waiting or self._task is not None or self._job is not None

    # Listening

    def _timer(self, wait: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait)
        timer.timeout.connect(then)
        return timer

    def _watch(self, role: str, layer: QgsVectorLayer) -> None:
        watch = LayerWatch(layer)
        watch.changed.connect(self._plots_changed if role in PLOT_ROLES else self._survey_changed)
        self._watches[role] = watch

    def _plots_changed(self) -> None:
        if self._active and self._survey is not None and not self._plots_timer.isActive():
            self._plots_timer.start()

    def _survey_changed(self) -> None:
        self.restart()

    def _remembered(self, layer_id: str) -> None:
        """The planner chose other fields or another classification."""
        roles = {role for role, watch in self._watches.items() if watch.layer_id == layer_id}
        if roles & set(SURVEY_ROLES):
            self.restart()
        elif roles:
            self._plots_changed()

    def _rest(self) -> None:
        self._survey_timer.stop()
        self._plots_timer.stop()
        self._drop_task()
        self._number += 1

    # Base state

    def _start_survey(self) -> None:
        if self._profile is None:
            return
        snapshots = self._snapshots(SURVEY_ROLES)
        context = QgsCoordinateTransformContext(QgsProject.instance().transformContext())
        system = self._memory.class_system(self._layers["parcels"].id())
        ground = Ground(snapshots, self._profile, context, system)
        self._task = SurveyTask(self.tr("Overlaying parcels"), ground, self._survey_done)
        self._task.progressChanged.connect(self._on_progress)
        self.progressed.emit(0)
        QgsApplication.taskManager().addTask(self._task)

    def _drop_task(self) -> None:
        if self._task is None:
            return
        task, self._task = self._task, None
        task.progressChanged.disconnect(self._on_progress)
        _ended_later.append(task)
        task.cancel()
        self.progressed.emit(100)

    def _survey_done(self, task: SurveyTask) -> None:
        if task is not self._task:
            if task in _ended_later:
                _ended_later.remove(task)
            return
        self._task = None
        self.progressed.emit(100)
        if task.survey is None:
            self._fail(task.error)
            return
        self._survey = task.survey
        self._start_balance()

    def _on_progress(self, percent: float) -> None:
        self.progressed.emit(min(99, int(percent)))

    # Balance

    def _start_balance(self) -> None:
        if self._survey is None or self._profile is None or not self._active:
            return
        if self._job is not None:
            self._again = True
            return
        self._number += 1
        context = QgsProject.instance().transformContext()
        self._job = BalanceJob(
            self._number, self._survey, self._snapshots(PLOT_ROLES), self._profile, self._excluded, context
        )
        self._job.setAutoDelete(False)
        self._job.signals.done.connect(self._balance_done)
        self._pool.start(self._job)

    def _balance_done(self, outcome: Outcome) -> None:
        self._job = None
        again, self._again = self._again, False
        if outcome.number == self._number:
            if outcome.balance is None:
                self._fail(outcome.error)
            else:
                self.balanced.emit(outcome)
        elif self._survey is not None:
            again = True
        if again:
            self._start_balance()

    def _snapshots(self, roles: tuple[str, ...]) -> Dict[str, Snapshot]:
        found = {role: self._layers[role] for role in roles if role in self._layers}
        return {role: Snapshot(layer, self._memory.mapping(layer.id())) for role, layer in found.items()}

    def _fail(self, error: Optional[Exception]) -> None:
        """What a planner can act on becomes a line; a fault of the program flies, here where it is seen."""
        if error is None:
            self.emptied.emit()
        elif isinstance(error, PlanningError):
            self.failed.emit(error_line(error))
        else:
            self.failed.emit(self.tr("Fault of the program: {what}").format(what=repr(error)))
            raise error
