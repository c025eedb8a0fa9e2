"""A plan proposed in a worker thread: searched for, balanced, saved as a scenario."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable, Dict, Optional

from qgis.PyQt.QtCore import pyqtSignal

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.desk.propose_form import Wish
from three_opt_three_protect.desk.scenario_plots import figures_of, own_names
from three_opt_three_protect.desk.scenario_tasks import ScenarioTask, Setting, parcels_digest
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.work_task import TaskProgress

if TYPE_CHECKING:
    from three_opt_three_protect.core.allocation.propose import Proposal
    from three_opt_three_protect.plans.inputs import Source
    from three_opt_three_protect.storage.scenarios import Made, ScenarioStore

_SURVEY_SHARE = 0.4
"""Of the work before the search, where the base state must be made first."""
_TELL_S = 0.1
"""The window is told no more often than this."""


@dataclass(frozen=True)
class Chosen:
    """The layers of a wish, taken in the main thread."""

    candidates: Snapshot
    sites: Snapshot
    demand: Optional[Snapshot]


class _Search(TaskProgress):
    """The progress of a search: when it is stopped the search ends with what it has, and the rest is done."""

    def __init__(self, task: ProposeTask, start: float) -> None:
        super().__init__(task, start, 1.0 - start)
        self._own = task

    def check(self, fraction: float) -> None:
        """Raises Cancelled also when the planner wants the best plan found so far."""
        if self._own.stopped:
            raise Cancelled
        super().check(fraction)


class ProposeTask(ScenarioTask):
    """Chooses plots and years; :meth:`stop` ends the search and keeps the best plan found.

    Attributes
    ----------
    proposal
        None when it was cancelled or there were no parcels.
    saved
        Name of the scenario; ``""`` when there is no plan.
    """

    found = pyqtSignal(float, float, float, float)
    """Seconds, value, bound and gap of the best plan so far; NaN = not known."""
    searching = pyqtSignal()
    """The search has begun: from now on :meth:`stop` ends it and keeps what it has."""

    def __init__(
        self,
        title: str,
        setting: Setting,
        done: Callable[[ProposeTask], None],
        chosen: Chosen,
        wish: Wish,
        store: ScenarioStore,
        name: Callable[[Proposal], str],
        made: Made,
    ) -> None:
        super().__init__(title, setting, done)
        self._chosen, self._wish, self._store, self._name, self._made = chosen, wish, store, name, made
        self.stopped = False
        self.proposal: Optional[Proposal] = None
        self.saved = ""
        self._started = self._told = 0.0
        self._searching = False
        self._given: Dict[str, Source] = {}

    def stop(self) -> None:
        """End the search; the best plan found so far is kept."""
        self.stopped = True

    def work(self) -> None:
        """In the worker thread; touches neither project nor window."""
        survey = self._make_survey(_SURVEY_SHARE)
        if survey is None:
            return
        self.proposal = self._proposed()
        if self.proposal.plan.found and not self.isCanceled():
            self.saved = self._save(self.proposal)

    def tell(self, value: Optional[float], bound: Optional[float], gap: Optional[float]) -> None:
        """As the search calls it, in whatever thread."""
        at = time.monotonic()
        if not self._searching:
            self._searching = True
            self.searching.emit()
        if value is None or at - self._told < _TELL_S:
            return
        self._told = at
        unknown = float("nan")
        known_gap = gap if gap is not None and gap < float("inf") else unknown
        self.found.emit(at - self._started, value, unknown if bound is None else bound, known_gap)

    def _proposed(self) -> Proposal:
        from three_opt_three_protect.core.allocation.propose import propose
        from three_opt_three_protect.core.allocation.setup import Options
        from three_opt_three_protect.core.optimiser.problem import Effort
        from three_opt_three_protect.core.pieces import SNAP_M
        from three_opt_three_protect.plans.allocation import read_demand, read_locked
        from three_opt_three_protect.plans.inputs import plot_inputs
        from three_opt_three_protect.storage.catalogue import load_role_schemas

        survey, wish, schemas = self.survey, self._wish, load_role_schemas()
        if survey is None:
            raise Cancelled
        self._given = sources = self._sources()
        targets = self.setting.targets
        goals = None if targets is None else targets.source(targets.read(), schemas["targets"])
        read = plot_inputs(sources["reclaim"], sources["newbuild"], goals)
        demand = self._chosen.demand
        wanted = () if demand is None else read_demand(demand.source(demand.read(), schemas["demand"]))
        options = Options(
            wish.phases,
            wish.objective,
            wish.weights,
            locked=(read_locked(sources["reclaim"], "reclaim"), read_locked(sources["newbuild"], "newbuild")),
            whole_villages=wish.whole_villages,
            effort=Effort(wish.gap, float(wish.seconds)),
            snap=SNAP_M,
        )
        self._started = time.monotonic()
        return propose(
            survey.base,
            read.reclaim,
            read.newbuild,
            wanted,
            read.targets,
            survey.profile,
            survey.system,
            options,
            _Search(self, _SURVEY_SHARE),
            _Watch(self),
        )

    def _sources(self) -> Dict[str, Source]:
        from three_opt_three_protect.bridge.crs import bring_to
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.storage.catalogue import load_role_schemas

        schemas, survey = load_role_schemas(), self.survey
        found: Dict[str, Source] = {}
        for role, snapshot in (("reclaim", self._chosen.candidates), ("newbuild", self._chosen.sites)):
            table = snapshot.read()
            if survey is not None:
                table = bring_to(table, survey.base.parcels.table, self.setting.context)
            source = snapshot.source(table, schemas[role])
            named = own_names(role, source.table, source.mapping(schemas[role]), schemas[role])
            found[role] = Source(named)
        return found

    def _save(self, proposal: Proposal) -> str:
        from three_opt_three_protect.plans.proposal import chosen_layer, shown_value

        plan, survey = proposal.plan, self.survey
        figures, results = ({}, {}) if proposal.balance is None else figures_of(proposal.balance)
        wanted, shown = proposal.problem.objective, shown_value(proposal)
        made = replace(
            self._made,
            objective=wanted.name,
            unit=wanted.unit,
            status=plan.status,
            value=shown["value"],
            bound=shown["bound"],
            gap=plan.gap,
            figures=figures,
            results=results,
            parcels="" if survey is None else parcels_digest(survey),
        )
        name = self._store.free_name(self._name(proposal))
        layers = {
            "reclaim": chosen_layer(proposal.reclaim, self._given["reclaim"], "reclaim"),
            "newbuild": chosen_layer(proposal.newbuild, self._given["newbuild"], "newbuild"),
        }
        self._store.save(name, layers, made)
        return name


class _Watch:
    """What the search tells its finds to."""

    def __init__(self, task: ProposeTask) -> None:
        self._task = task

    def found(self, value: Optional[float], bound: Optional[float], gap: Optional[float]) -> None:
        """A better plan or a better bound."""
        self._task.tell(value, bound, gap)
