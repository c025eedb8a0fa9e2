"""Leads through a proposal: form → search in the background → scenario, or reasons."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, List, Optional

from qgis.core import QgsApplication, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from three_opt_three_protect.bridge.packages import missing_package
from three_opt_three_protect.bridge.words import error_line, sentence
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN, overall
from three_opt_three_protect.desk.figures import line_title
from three_opt_three_protect.desk.findings_runs import now
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.plot_edits import layer_of
from three_opt_three_protect.desk.propose_page import RATIO, ProposePage
from three_opt_three_protect.desk.propose_task import Chosen, ProposeTask
from three_opt_three_protect.desk.scenario_files import ProjectScenarios
from three_opt_three_protect.desk.scenario_ground import ScenarioGround
from three_opt_three_protect.desk.scenario_rows import OPTIMAL, objective_word, percent, status_word
from three_opt_three_protect.desk.snapshot import Snapshot

if TYPE_CHECKING:
    from three_opt_three_protect.core.allocation.propose import Proposal

NEEDS = ("shapely", "scipy", "highspy", "pyogrio")
UNITS_OF = {"cost": "yuan", "cultivated": "m2", "households": "households", "contiguity": RATIO}
"""Objective → unit of its value; a weighted one has none."""
_TICK_MS = 500
_SHOWN = ("reclaimed_m2", "added_m2", "cultivated_gain_m2")
"""Account lines told of a plan that was found."""

_ended_later: List[ProposeTask] = []
"""Tasks that were let go while they ran: they must live until QGIS has ended them."""


class Proposer(QObject):
    """Runs one proposal at a time."""

    saved = pyqtSignal(str)
    """Name of the scenario that was made."""
    working = pyqtSignal(bool)

    def __init__(
        self, memory: ProjectMemory, ground: ScenarioGround, files: ProjectScenarios, page: ProposePage, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._memory, self._ground, self._files, self._page = memory, ground, files, page
        self._task: Optional[ProposeTask] = None
        self._number = 0
        self._searching_since: Optional[float] = None
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._on_tick)
        page.start_wanted.connect(self.start)
        page.stop_wanted.connect(self.stop_search)

    @property
    def busy(self) -> bool:
        """A search runs."""
        return self._task is not None

    def prepare(self) -> None:
        """Fill in the form with what the project suggests."""
        if self._task is not None:
            return
        try:
            period: Any = self._ground.setting()[0].profile.period
        except PlanningError:
            period = None
        self._page.form.prefill(self._ground.layers("demand").get("demand"), period)
        self._page.show_idle()

    def start(self) -> None:
        """Search for a plan, in the background."""
        if self._task is not None:
            return
        page, form, store = self._page, self._page.form, self._files.store
        lacking = missing_package(NEEDS)
        if lacking is not None or form.lacking():
            page.show_refusal(form.lacking() if lacking is None else error_line(lacking))
            return
        wish = form.wish()
        layers = [layer_of(wish.candidates), layer_of(wish.sites)]
        if store is None or layers[0] is None or layers[1] is None:
            page.show_refusal(self.tr("A layer of the form is no longer there: choose again."))
            return
        try:
            setting, self._number = self._ground.setting()
        except PlanningError as error:
            page.show_refusal(error_line(error))
            return
        if setting.ground is None:
            page.show_refusal(self.tr("A plan is proposed on the land parcels: the project has no such layer."))
            return
        from three_opt_three_protect.storage.scenarios import PROPOSED, Made

        demand = layer_of(wish.demand)
        chosen = Chosen(self._snapshot(layers[0]), self._snapshot(layers[1]), self._maybe(demand))
        made = Made(now(), setting.profile.id, PROPOSED)
        title, name = self.tr("Proposing a plan"), self._naming()
        self._task = ProposeTask(title, setting, self._on_done, chosen, wish, store, name, made)
        self._task.progressChanged.connect(self._on_progress)
        self._task.found.connect(self._on_found)
        self._task.searching.connect(self._on_searching)
        self._searching_since = None
        self._seconds = wish.seconds
        page.show_running(UNITS_OF.get(wish.objective, ""), wish.objective)
        self.working.emit(True)
        self._clock.start()
        QgsApplication.taskManager().addTask(self._task)

    def _snapshot(self, layer: QgsVectorLayer) -> Snapshot:
        return self._ground.snapshot(layer)

    def _maybe(self, layer: Optional[QgsVectorLayer]) -> Optional[Snapshot]:
        return None if layer is None else self._snapshot(layer)

    def _naming(self) -> Any:
        """What names a proposal; the words are taken here, the figures come from the worker thread."""
        start = self._files.next_name()
        words = {aim: objective_word(aim) for aim in ("cost", "cultivated", "households", "contiguity", "weighted")}
        full, best = self.tr("{name} ({objective}, gap {gap})"), self.tr("{name} ({objective}, best possible)")

        def name(proposal: Proposal) -> str:
            objective, gap = words.get(proposal.problem.objective.name, ""), proposal.plan.gap
            text = best if proposal.plan.status == OPTIMAL or gap is None else full
            return text.format(name=start, objective=objective, gap="" if gap is None else percent(gap).lstrip("< "))

        return name

    # While it runs

    def stop_search(self) -> None:
        """End the search and keep the best plan."""
        if self._task is not None:
            self._task.stop()
            self._page.stop.setEnabled(False)
            self._page.show_step(self.tr("Stopping; the best plan found so far is balanced and saved"))

    def _on_progress(self, percent_done: float) -> None:
        if self._searching_since is None:
            self._page.show_progress(percent_done)

    def _on_found(self, seconds: float, value: float, bound: float, gap: float) -> None:
        if self._task is not None and self.sender() is self._task:
            self._page.show_found(seconds, value, bound, gap)

    def _on_searching(self) -> None:
        if self._task is not None and self.sender() is self._task:
            self._searching_since = time.monotonic()
            self._page.show_searching(self._seconds)

    def _on_tick(self) -> None:
        if self._searching_since is not None:
            self._page.show_seconds(time.monotonic() - self._searching_since)

    def leave_project(self) -> None:
        """Another project opens: the search ends with what it has, kept with the project it was made for."""
        if self._task is not None:
            self._task.stop()
            self._let_go()
        self._page.show_idle()

    def stop(self) -> None:
        """The plugin goes: the search ends, nothing of it is kept."""
        if self._task is not None:
            self._task.cancel()
            self._let_go()

    def _let_go(self) -> None:
        task, self._task = self._task, None
        self._clock.stop()
        if task is None:
            return
        task.progressChanged.disconnect(self._on_progress)
        task.found.disconnect(self._on_found)
        task.searching.disconnect(self._on_searching)
        _ended_later.append(task)
        self.working.emit(False)

    # What came of it

    def _on_done(self, task: ProposeTask) -> None:
        if task is not self._task:
            if task in _ended_later:
                _ended_later.remove(task)
            return
        self._task = None
        self._clock.stop()
        self.working.emit(False)
        self._ground.keep(task.survey, self._number)
        if isinstance(task.error, PlanningError):
            self._page.show_failure(error_line(task.error))
        elif task.error is not None:
            self._page.show_failure(self.tr("Fault of the program: {what}").format(what=repr(task.error)))
            raise task.error
        elif task.proposal is None:
            self._page.show_failure(self.tr("Stopped before a plan was found."))
        else:
            self._show(task.proposal, task)

    def _show(self, proposal: Proposal, task: ProposeTask) -> None:
        plan, page = proposal.plan, self._page
        names = {} if task.survey is None else task.survey.village_names
        if not plan.found:
            stopped = plan.status == "cancelled"
            page.show_failure(
                self.tr("Stopped before a plan was found.")
                if stopped
                else self.tr("No plan can keep all rules (the figures cannot be balanced).")
            )
            page.show_reasons(plan.reasons, False, names)
            return
        self.saved.emit(task.saved)
        verdicts = () if proposal.balance is None else proposal.balance.verdicts
        result = overall(verdicts) if verdicts else UNKNOWN
        page.show_result(task.saved, result, self._headline(proposal, task.saved), self._detail(proposal))
        page.show_reasons(tuple(reason for reason in plan.reasons if reason.given_up), True, names)

    def _headline(self, proposal: Proposal, name: str) -> str:
        return str(self.tr("Saved as {name}").format(name=name))

    def _detail(self, proposal: Proposal) -> str:
        plan, wanted = proposal.plan, proposal.problem.objective
        counts = {"reclaim": len(proposal.reclaim), "newbuild": len(proposal.newbuild)}
        lines = [self.tr("{reclaim} reclaim plots and {newbuild} new-build plots chosen").format(**counts)]
        if plan.value is not None:
            value = self._page.amount(self._page.as_read(plan.value))
            title = objective_word(wanted.name)
            lines.append(self.tr("{objective}: {value}").format(objective=title, value=value))
        if plan.status == "cancelled":
            lines.append(self.tr("Stopped: this is the best plan found by then"))
        elif plan.status == "time_limit":
            lines.append(self.tr("Time was up: another run may end with another plan"))
        else:
            lines.append(status_word(plan.status))
        if plan.gap is not None and plan.status != OPTIMAL:
            lines.append(self.tr("No plan is better by more than {gap}").format(gap=percent(plan.gap).lstrip("< ")))
        if proposal.balance is not None:
            accounts = proposal.balance.accounts
            lines += [f"{line_title(line)}　{self._page.area(accounts.value(line))}" for line in _SHOWN]
            counted = [(result, proposal.balance.count(result)) for result in (PASS, FAIL, WARN, UNKNOWN)]
            lines.append("  ".join(f"{sentence(f'result.{result}', {})} {count}" for result, count in counted if count))
        return "\n".join(lines)
