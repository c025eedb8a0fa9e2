"""What takes long about scenarios, as QGIS tasks: saving with figures, comparing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, FrozenSet, List, Mapping, Optional

from qgis.core import QgsCoordinateTransformContext

from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.desk.memory import Plot
from three_opt_three_protect.desk.scenario_plots import ROLES, balance_of, figures_of, plots_of
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.survey_task import Ground, Survey, survey_of
from three_opt_three_protect.desk.work_task import TaskProgress, WorkTask

if TYPE_CHECKING:
    from three_opt_three_protect.core.balance import Balance
    from three_opt_three_protect.plans.scenarios import Comparison
    from three_opt_three_protect.storage.scenarios import Made, ScenarioStore

_SURVEY_SHARE = 0.8
"""Of the work, where the base state must be made first."""


@dataclass(frozen=True)
class Setting:
    """What scenarios are held against, as it was when the work was asked for.

    Attributes
    ----------
    survey
        The base state where it is known already, else it is made of ``ground``.
    ground
        None = the project has no parcels: there are plots, and no figures.
    targets, other
        The tables of assigned figures and of other changes of cultivated land.
    """

    profile: Profile
    context: QgsCoordinateTransformContext
    ground: Optional[Ground] = None
    survey: Optional[Survey] = None
    targets: Optional[Snapshot] = None
    other: Optional[Snapshot] = None


class ScenarioTask(WorkTask):
    """A task that may need the base state; the first makes it, and the dock keeps it for the next.

    Attributes
    ----------
    survey
        The base state, None where there are no parcels.
    """

    def __init__(self, title: str, setting: Setting, done: Callable[[Any], None]) -> None:
        super().__init__(title, done)
        self.setting = setting
        self.survey: Optional[Survey] = setting.survey

    def _make_survey(self, share: float) -> Optional[Survey]:
        if self.survey is None and self.setting.ground is not None:
            self.survey = survey_of(self.setting.ground, self, share)
        return self.survey


class SaveTask(ScenarioTask):
    """Saves the plots of the project's layers with the figures they come to.

    Attributes
    ----------
    left_out
        Plots that are left out of the balance, and so of the scenario.
    no_figures
        Why there are no figures; the plots are saved all the same.
    """

    def __init__(
        self,
        title: str,
        setting: Setting,
        done: Callable[[SaveTask], None],
        store: ScenarioStore,
        name: str,
        plots: Mapping[str, Snapshot],
        excluded: FrozenSet[Plot],
        made: Made,
        replaces: bool = False,
    ) -> None:
        super().__init__(title, setting, done)
        self._store, self.name, self._plots, self._excluded = store, name, dict(plots), excluded
        self._made, self._replaces = made, replaces
        self.left_out = 0
        self.no_figures: Optional[PlanningError] = None

    def work(self) -> None:
        """In the worker thread; touches neither project nor window."""
        setting, made = self.setting, self._made
        layers, self.left_out = plots_of(self._plots, self._excluded, None, setting.context)
        try:
            survey = self._make_survey(_SURVEY_SHARE)
            if survey is not None:
                balance = balance_of(survey, layers, setting.targets, setting.other, setting.context)
                figures, results = figures_of(balance)
                made = replace(made, figures=figures, results=results, parcels=parcels_digest(survey))
        except PlanningError as error:
            # An unfinished plan is worth keeping too.
            self.no_figures = error
        self._store.save(self.name, layers, made, replace=self._replaces)


def parcels_digest(survey: Survey) -> str:
    """What names the parcels figures were computed on."""
    from three_opt_three_protect.storage.digest import digest

    return digest(survey.base.parcels.table)


class CompareTask(ScenarioTask):
    """Reads scenarios and holds each against the base state of the project.

    Attributes
    ----------
    comparison
        None where there are no parcels.
    """

    def __init__(
        self,
        title: str,
        setting: Setting,
        done: Callable[[CompareTask], None],
        files: Mapping[str, Path],
        in_use: FrozenSet[Path],
    ) -> None:
        super().__init__(title, setting, done)
        self._files, self._in_use = dict(files), in_use
        self.comparison: Optional[Comparison] = None

    def work(self) -> None:
        """In the worker thread; touches neither project nor window."""
        from three_opt_three_protect.plans.scenarioplots import compared_plots
        from three_opt_three_protect.plans.scenarios import Comparison

        survey = self._make_survey(_SURVEY_SHARE)
        if survey is None:
            return
        setting, progress = self.setting, TaskProgress(self, _SURVEY_SHARE, 1.0 - _SURVEY_SHARE)
        balances: List[Balance] = []
        for name, path in self._files.items():
            progress.check(len(balances) / len(self._files))
            layers = scenario_layers(name, path, self._in_use, survey, setting.context)
            balances.append(balance_of(survey, layers, setting.targets, setting.other, setting.context))
        found = compared_plots(balances)
        self.comparison = Comparison(tuple(self._files), tuple(balances), survey.inputs, found, survey.findings)


def scenario_layers(
    name: str, path: Path, in_use: FrozenSet[Path], survey: Optional[Survey], context: QgsCoordinateTransformContext
) -> Dict[str, LayerTable]:
    """The plots of a scenario, brought to the parcels.

    Raises
    ------
    InputError
        ``scenario_no_layer``, and as ``bridge.planfiles.plan_layers``.
    """
    from three_opt_three_protect.bridge.crs import bring_to
    from three_opt_three_protect.bridge.planfiles import plan_layers
    from three_opt_three_protect.core.errors import InputError

    layers = plan_layers(path, ROLES, in_use)
    for role in ROLES:
        if role not in layers:
            raise InputError("scenario_no_layer", name=name, role=role)
    if survey is None:
        return layers
    parcels = survey.base.parcels.table
    return {role: bring_to(table, parcels, context) if len(table) else table for role, table in layers.items()}
