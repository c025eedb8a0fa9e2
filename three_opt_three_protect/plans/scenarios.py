"""Scenarios (规划方案) held against each other: one balance each, on the same parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.balance import TOWNSHIP, Balance, balance
from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.conversion import KINDS
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.measure import AreaMethod, ToLonLat
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN, Profile, Verdict
from three_opt_three_protect.plans.inputs import Source, SurveyInputs, plot_inputs, survey_inputs
from three_opt_three_protect.plans.otherchanges import ROLE as OTHER_CHANGES
from three_opt_three_protect.plans.otherchanges import other_changes
from three_opt_three_protect.plans.scenarioplots import ComparedPlot, compared_plots
from three_opt_three_protect.storage.digest import digest

PLOT_ROLES = ("reclaim", "newbuild")
LINE_ROLES = ("farmland", "boundary", "redline", "villages", "settlements", *KINDS)
"""Roles that make the base state beside the parcels."""
ROLES = (*PLOT_ROLES, *LINE_ROLES, "targets", OTHER_CHANGES)
"""What is read of a scenario."""

_WORST = {PASS: 0, WARN: 1, UNKNOWN: 2, FAIL: 3}


@dataclass(frozen=True)
class ScenarioLayers:
    """A scenario as read: its name and its layers by role (:data:`ROLES`), in the CRS of the parcels.

    A layer that is not there: no such plots, or a line that is not known.
    """

    name: str
    layers: Mapping[str, Source]


@dataclass(frozen=True)
class Judged:
    """What a rule says of one scenario: of the township, else of the worst of its units.

    Attributes
    ----------
    units
        Units with this result; 0 = it is the township's verdict.
    """

    verdict: Verdict
    units: int


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side.

    Attributes
    ----------
    names, balances
        Of the scenarios, in the order given; the first is the one the others are held against.
    plots
        Every form of every plot.
    findings
        What was found out about parcels and lines, and ``scenario_lines_differ``.
    """

    names: Tuple[str, ...]
    balances: Tuple[Balance, ...]
    survey: SurveyInputs
    plots: Tuple[ComparedPlot, ...]
    findings: Tuple[Finding, ...]

    def values(self, line: str, unit_code: str = TOWNSHIP) -> Tuple[Optional[float], ...]:
        """An account line in every scenario."""
        return tuple(one.accounts.value(line, unit_code) for one in self.balances)

    @property
    def rules(self) -> Tuple[str, ...]:
        """Ids of all rules judged, in the order of the profile."""
        return tuple(dict.fromkeys(verdict.rule for one in self.balances for verdict in one.verdicts))

    def judged(self, rule: str) -> Tuple[Optional[Judged], ...]:
        """What ``rule`` says of every scenario; None where it is not judged."""
        return tuple(_judged(rule, one.verdicts) for one in self.balances)


def compare(
    parcels: Source,
    scenarios: Sequence[ScenarioLayers],
    profile: Profile,
    method: AreaMethod = AreaMethod.STRIP,
    system: Optional[ClassSystem] = None,
    to_lonlat: Optional[ToLonLat] = None,
    snap: float = 0.0,
    as_of: str = "",
    progress: Progress = SILENT,
) -> Comparison:
    """Balance every scenario on the same parcels.

    Scenarios with the same lines share one base state; where lines differ, a finding says which.

    Parameters
    ----------
    method, system, to_lonlat, snap, as_of
        As of ``plans.inputs.survey_inputs`` and ``core.balance.balance``.

    Raises
    ------
    InputError
        ``no_scenarios``, ``scenario_twice`` (two of one name), and what is wrong with which layer.
    """
    _require_names(scenarios)
    share = 1.0 / len(scenarios)
    states: Dict[Tuple[Tuple[str, str], ...], Tuple[SurveyInputs, BaseState]] = {}
    balances: List[Balance] = []
    for number, scenario in enumerate(scenarios):
        part = Part(progress, number * share, share * 0.1)
        lines = {role: scenario.layers[role] for role in LINE_ROLES if _has(scenario, role)}
        key = tuple((role, digest(source.table)) for role, source in lines.items())
        if key not in states:
            survey = survey_inputs(parcels, lines, (), profile, method, system, to_lonlat, part)
            system = survey.system
            again = Part(progress, (number + 0.1) * share, share * 0.5)
            states[key] = (survey, survey.cut(snap, again))
        survey, base = states[key]
        layers = scenario.layers
        plots = plot_inputs(layers.get("reclaim"), layers.get("newbuild"), layers.get("targets"), part)
        last = Part(progress, (number + 0.6) * share, share * 0.4)
        other = other_changes(layers.get(OTHER_CHANGES), survey.profile)
        given = (plots.reclaim, plots.newbuild, survey.profile, survey.system, plots.targets)
        balances.append(balance(base, *given, as_of, snap, last, other))
    first = next(iter(states.values()))[0]
    said = tuple(dict.fromkeys(found.id for found in first.findings))
    further = tuple(
        found for survey, _ in list(states.values())[1:] for found in survey.findings if found.id not in said
    )
    return Comparison(
        tuple(scenario.name for scenario in scenarios),
        tuple(balances),
        first,
        compared_plots(balances),
        (*first.findings, *further, *_differing(scenarios)),
    )


def _require_names(scenarios: Sequence[ScenarioLayers]) -> None:
    if not scenarios:
        raise InputError("no_scenarios")
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise InputError("scenario_twice", name=name)


def _has(scenario: ScenarioLayers, role: str) -> bool:
    """A layer of villages without features says nothing; an empty line says that there is no such land."""
    source = scenario.layers.get(role)
    return source is not None and (len(source.table) > 0 or role not in ("villages", "settlements"))


def _differing(scenarios: Sequence[ScenarioLayers]) -> Tuple[Finding, ...]:
    """Layers that are not the same in all scenarios: their figures differ for that reason too."""
    found = []
    for role in (*LINE_ROLES, "targets", OTHER_CHANGES):
        digests = [_digest(scenario.layers.get(role)) for scenario in scenarios]
        unlike = [one.name for one, own in zip(scenarios, digests) if own != digests[0]]
        if unlike:
            values: Dict[str, Value] = {"role": role, "first": scenarios[0].name, "scenarios": ", ".join(unlike)}
            found.append(Finding("scenario_lines_differ", WARNING, role, values))
    return tuple(found)


def _digest(source: Optional[Source]) -> str:
    return "" if source is None else digest(source.table)


def _judged(rule: str, verdicts: Sequence[Verdict]) -> Optional[Judged]:
    own = [verdict for verdict in verdicts if verdict.rule == rule]
    if not own:
        return None
    for verdict in own:
        if verdict.unit_code == TOWNSHIP:
            return Judged(verdict, 0)
    worst = max(own, key=lambda verdict: _WORST[verdict.result])
    return Judged(worst, sum(verdict.result == worst.result for verdict in own))


def difference(value: Optional[float], first: Optional[float]) -> Optional[float]:
    """``value − first`` to 0.0001, None where one of them is not known."""
    return None if value is None or first is None else float(np.round(value - first, 4))
