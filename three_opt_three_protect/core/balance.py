"""The accounts: construction land, cultivated land, quality, farmland and lines, time, rights, money.

Definitions by 00-supplement 1.3–1.9; the worked example of 1.11 is a test.  Every amount is a sum of
whole hundredths of a square metre over plot pieces, so totals of villages are the township's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.amounts import ACCOUNT_OF, DERIVED, NEEDS, STATES, base_amounts, plot_amounts
from three_opt_three_protect.core.base import BaseState, Bools, Units, plot_pieces
from three_opt_three_protect.core.change import Changes, changes, sum_by
from three_opt_three_protect.core.cultivated import (
    PRODUCTIVITY,
    QualityPieces,
    compensating,
    joined,
    other_events,
    plan_events,
    quality_pieces,
)
from three_opt_three_protect.core.cultivatedlines import (
    CultivatedAccount,
    cultivated_account,
    event_lines,
    first_margins,
    yearly_lines,
)
from three_opt_three_protect.core.findings import SEEN_M2, WARNING, Finding, feature_finding
from three_opt_three_protect.core.grades import Grades, grade_lines, grade_means, inferred_grades
from three_opt_three_protect.core.gradescale import grade_scale
from three_opt_three_protect.core.landuse import ClassSystem, LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.otherchanges import OtherChanges
from three_opt_three_protect.core.periods import changes_where, dated_periods, in_period
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.plotfindings import plot_findings
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import Accounts, Line, Period, Profile, Verdict, is_balanced, judge
from three_opt_three_protect.core.scenario import Days, NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.targets import Target, start_up, target_lines, yearly_margins
from three_opt_three_protect.core.timeline import Year, timeline
from three_opt_three_protect.core.unclassed import without_unclassed

TOWNSHIP = ""


@dataclass(frozen=True)
class Evidence:
    """Where an account line comes from, row by row; ``area`` in hundredths of a m²."""

    plot_id: NDArray[np.object_]
    parcel_id: NDArray[np.object_]
    area: Ints


@dataclass(frozen=True)
class Balance:
    """A plan held against its rules."""

    base: BaseState
    changes: Changes
    reclaim: ReclaimPlots
    newbuild: NewBuildPlots
    accounts: Accounts
    verdicts: Tuple[Verdict, ...]
    evidence: Mapping[str, Evidence]
    findings: Tuple[Finding, ...]
    years: Tuple[Year, ...]
    quality: QualityPieces
    cultivated: CultivatedAccount

    @property
    def balanced(self) -> bool:
        """No hard rule fails or is unknown."""
        return is_balanced(self.verdicts)

    def count(self, result: str) -> int:
        """Verdicts with ``result``."""
        return sum(verdict.result == result for verdict in self.verdicts)


def balance(
    base: BaseState,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    profile: Profile,
    system: ClassSystem,
    targets: Sequence[Target] = (),
    as_of: str = "",
    snap: float = 0.0,
    progress: Progress = SILENT,
    other: Optional[OtherChanges] = None,
) -> Balance:
    """Hold a plan's plots against the base state and the profile's rules.

    Parameters
    ----------
    targets
        Assigned figures; a rule whose target is missing is unknown.
    as_of
        ISO date; the plan as far as it has come by then, judged by the rules of that day.
        ``""`` = the whole plan, judged by all rules. A dated rule judges what happens in its period.
    snap
        Metres within which plot vertices are moved onto those of the base pieces.
    other
        Changes of cultivated land beside the plots; None = not known: accounts of all kinds are unknown.

    Raises
    ------
    InputError
        ``grade_out_of_scale``, ``grade_scale_mixed``, ``change_in_no_village``, ``start_quota_without_year``.
    """
    plots = plot_pieces(base, reclaim.repaired.geometry, newbuild.repaired.geometry, snap, progress)
    change = changes(base, plots, reclaim, newbuild, profile, system, as_of)
    grades = grade_lines(base, change, reclaim, profile)
    amounts = plot_amounts(base, change, newbuild, profile)
    quality = quality_pieces(base, change, reclaim, grades.plot_grade, grades.worse_grade, grade_scale(profile))
    events = [plan_events(base, change, reclaim, newbuild, quality, profile, system)]
    if other is not None:
        events.append(other_events(other, base, profile, grade_scale(profile), as_of))
    cultivated = cultivated_account(joined(events), other is not None, profile)
    plan = _Plan(base, change, reclaim, newbuild, profile, targets, as_of, grades, quality, cultivated)
    years, margins = timeline(change, reclaim, newbuild, as_of, start_up(targets))
    margins = {**margins, **first_margins(cultivated), **yearly_margins(targets, change, newbuild, profile)}
    if (base.group[plots.base] == LandGroup.UNKNOWN).any():
        years = ()
    accounts = _accounts(plan, amounts, margins, years)
    villages = [code for code in accounts.units() if code and "/" not in code]
    settlements = [code for code in accounts.units() if "/" in code]
    verdicts = judge(accounts, profile, villages, settlements, as_of)
    return Balance(
        base,
        change,
        reclaim,
        newbuild,
        accounts,
        verdicts,
        _evidence(base, change, reclaim, newbuild, amounts),
        (
            *plot_findings(base, change, reclaim, newbuild, profile),
            *_paddy_findings(change, reclaim),
            *inferred_grades(base),
        ),
        years,
        quality,
        cultivated,
    )


_M2 = "m2"


@dataclass(frozen=True)
class _Plan:
    """What the accounts of a plan are made of."""

    base: BaseState
    change: Changes
    reclaim: ReclaimPlots
    newbuild: NewBuildPlots
    profile: Profile
    targets: Sequence[Target]
    as_of: str
    grades: Grades
    quality: QualityPieces
    cultivated: CultivatedAccount

    def where(self, happens: Callable[[Days], Bools]) -> Changes:
        """The changes by plots on whose day ``happens`` is True."""
        return changes_where(self.change, self.reclaim, self.newbuild, happens)


def _paddy_findings(change: Changes, reclaim: ReclaimPlots) -> Tuple[Finding, ...]:
    """More paddy stated than the plot has cultivated land: the rest does not count."""
    arable = to_m2(sum_by(change.plots.reclaim, change.cultivated_after, len(reclaim)))
    beyond = np.nan_to_num(reclaim.paddy_m2) - arable
    # Of a plot that has not happened yet nothing is known.
    there = sum_by(change.plots.reclaim, change.reclaims.astype(np.int64), len(reclaim)) > 0
    where = there & (beyond > SEEN_M2)
    return tuple(feature_finding("paddy_beyond_plot", WARNING, reclaim.table, where, float(beyond[where].sum())))


def _accounts(
    plan: _Plan, amounts: Mapping[str, Ints], margins: Mapping[str, Optional[float]], years: Sequence[Year]
) -> Accounts:
    base, change, grades = plan.base, plan.change, plan.grades
    units = {"township": _township(base), "village": base.villages, "settlement": base.settlements}
    lines: List[Line] = []
    for one in units.values():
        lines += _area_lines(base, change, amounts, one)
    found = event_lines(plan.cultivated, (TOWNSHIP, *units["village"].codes))
    lines = [*_with_others(lines, found, plan.cultivated.stated), *found]
    lines += [Line("quality", TOWNSHIP, line, value, "grade") for line, value in grades.lines.items()]
    lines += [Line("quality", TOWNSHIP, line, value, _M2) for line, value in grades.bands.items()]
    lines += _worse_yield(plan)
    lines += _margin_lines(margins)
    for year in years:
        lines += [
            Line("time", TOWNSHIP, f"{line}_{year.year}", float(to_m2(amount)), _M2)
            for line, amount in (("credit", year.credit), ("debit", year.debit), ("balance", year.balance))
        ]
    lines += yearly_lines(plan.cultivated)
    lines += _plot_lines(change, plan.reclaim, plan.newbuild)
    lines += target_lines(plan.targets, plan.profile)
    facts = set(base.given) | set(grades.facts) | {"reclaim", "newbuild"}
    facts |= {"other_changes"} if plan.cultivated.stated else set()
    return Accounts(tuple(without_unclassed(lines, base, change)), frozenset(facts), _flows(plan, units))


def _with_others(lines: Sequence[Line], events: Sequence[Line], stated: bool) -> List[Line]:
    """C after = C base + F − Z + other changes, where these are stated; natural villages have none of their own."""
    if not stated:
        return list(lines)
    other = {line.unit_code: line.value for line in events if line.line == "other_change_m2"}

    def after(line: Line) -> Line:
        if line.line != "cultivated_after_m2" or line.unit_code not in other:
            return line
        added = other[line.unit_code]
        known = added is not None and line.value is not None
        return replace(line, value=round(float(line.value or 0) + float(added or 0), 2) if known else None)

    return [after(line) for line in lines]


def _margin_lines(margins: Mapping[str, Optional[float]]) -> List[Line]:
    return [Line("time", TOWNSHIP, line, value, _unit_of(line)) for line, value in margins.items()]


def _unit_of(line: str) -> str:
    return "kg" if line.endswith("_kg") else _M2


def _worse_yield(plan: _Plan) -> List[Line]:
    """Sensitivity: the yield supplied, were inferred grades a step worse (00-supplement 1.6)."""
    events = plan.cultivated.events
    counted = compensating(events) & events.supplement
    fall = plan.quality.yield_won_worse - plan.quality.yield_won
    total = float(events.amounts[PRODUCTIVITY][counted].sum() + fall.sum())
    value = None if np.isnan(total) else total / 100.0
    return [Line("quality", TOWNSHIP, "productivity_supplied_worse_kg", value, "kg")]


def _flows(plan: _Plan, units: Mapping[str, Units]) -> Mapping[Period, Mapping[Tuple[str, str], Optional[float]]]:
    """Lines that are sums of events, for each period of the profile's dated rules with the events in it."""
    flows: Dict[Period, Mapping[Tuple[str, str], Optional[float]]] = {}
    undated = plan.where(np.isnat)
    for period in dated_periods(plan.profile, plan.as_of):
        scopes = {scope for rule in plan.profile.rules if rule.period == period for scope in rule.scope}
        wanted = [units[scope] for scope in units if scope in scopes]
        lines = without_unclassed(_flow_lines(plan, period, wanted, undated), plan.base, plan.change)
        flows[period] = {(line.unit_code, line.line): line.value for line in lines}
    return flows


def _flow_lines(plan: _Plan, period: Period, units: Sequence[Units], undated: Changes) -> List[Line]:
    """Sums of the events in a period; what has no date may lie in it, so that its lines are not known."""

    def inside(days: Days) -> Bools:
        return in_period(days, period)

    def perhaps(days: Days) -> Bools:
        return np.asarray(in_period(days, period) | np.isnat(days), dtype=np.bool_)

    base, newbuild, profile = plan.base, plan.newbuild, plan.profile
    change = plan.where(inside)
    amounts, doubts = (plot_amounts(base, one, newbuild, profile) for one in (change, undated))
    lines: List[Line] = []
    for one in units:
        there = _area_lines(base, change, amounts, one, of_plots=True)
        doubt = _area_lines(base, undated, doubts, one, of_plots=True)
        lines += [replace(line, value=None) if other.value else line for line, other in zip(there, doubt)]
    events = replace(plan.cultivated, events=plan.cultivated.events.during(period))
    lines += event_lines(events, sorted({code for one in units for code in one.codes if "/" not in code} | {TOWNSHIP}))
    # What was lent and falls due after the period is not judged in it.
    by = min(period[1] or plan.as_of, plan.as_of or period[1])
    margins = timeline(plan.where(perhaps), plan.reclaim, newbuild, by, start_up(plan.targets))[1]
    lines += _margin_lines({**margins, **first_margins(events)})
    means = grade_means(base, change, plan.grades.plot_grade)
    known = not (undated.gain.any() or undated.loss.any())
    return lines + [
        Line("quality", TOWNSHIP, line, means[line] if known else None, "grade")
        for line in ("grade_occupied", "grade_supplement")
    ]


def _township(base: BaseState) -> Units:
    return Units((TOWNSHIP,), np.zeros(len(base.area), dtype=np.int64))


def _area_lines(
    base: BaseState, change: Changes, amounts: Mapping[str, Ints], units: Units, of_plots: bool = False
) -> List[Line]:
    """Base areas, the amounts of the plot pieces, and what follows from both, for every unit.

    ``of_plots`` leaves out what tells a state of the land.
    """
    count = len(units.codes)
    unit = units.of_piece[change.plots.base]
    sums = {line: sum_by(unit, amount, count) for line, amount in amounts.items()}
    if not of_plots:
        sums.update({line: sum_by(units.of_piece, amount, count) for line, amount in base_amounts(base).items()})
    for line, parts in DERIVED.items():
        if line not in STATES or not of_plots:
            sums[line] = sum((factor * sums[part] for part, factor in parts.items()), np.zeros(count, dtype=np.int64))
    lines = []
    for line, account in ACCOUNT_OF.items():
        if line not in sums:
            continue
        given = all(need in base.given for need in NEEDS.get(line, ()))
        lines += [
            Line(account, code, line, float(value) if given else None, _M2)
            for code, value in zip(units.codes, to_m2(sums[line]))
        ]
    return lines if of_plots else lines + _intensities(sums, units)


def _intensities(sums: Mapping[str, Ints], units: Units) -> List[Line]:
    total = sums["total_m2"]
    built = sums["construction_after_m2"] * 100.0
    intensity = np.divide(built, total, out=np.zeros(len(units.codes)), where=total > 0)
    return [
        Line("construction", code, "intensity_pct", round(float(value), 4), "percent")
        for code, value in zip(units.codes, intensity)
    ]


def _plot_lines(change: Changes, reclaim: ReclaimPlots, newbuild: NewBuildPlots) -> List[Line]:
    """Figures of plots that are no areas: households, consent, money, missing facts."""

    def total(values: NDArray[np.float64]) -> Optional[float]:
        return float(np.nansum(values)) if len(values) and not np.isnan(values).all() else None

    def smallest(values: NDArray[np.float64]) -> Optional[float]:
        return float(np.nanmin(values)) if len(values) and not np.isnan(values).any() else None

    unclassed = int((~change.class_known).sum())
    undated = int(np.isnat(reclaim.day).sum() + np.isnat(newbuild.day).sum())
    unsigned = reclaim.households - reclaim.signed
    all_said = not (np.isnan(unsigned) & ~np.isnan(reclaim.households)).any()
    return [
        Line("rights", TOWNSHIP, "households", total(reclaim.households), "households"),
        Line("rights", TOWNSHIP, "population", total(reclaim.population), "persons"),
        Line("rights", TOWNSHIP, "households_unsigned", total(unsigned) if all_said else None, "households"),
        Line("rights", TOWNSHIP, "consent_lowest", smallest(reclaim.consent), "share"),
        Line("money", TOWNSHIP, "reclaim_cost", total(reclaim.cost), "yuan"),
        Line("construction", TOWNSHIP, "reclaim_plots", float(len(reclaim)), "plots"),
        Line("construction", TOWNSHIP, "newbuild_plots", float(len(newbuild)), "plots"),
        Line("construction", TOWNSHIP, "newbuild_without_class", float(unclassed), "plots"),
        Line("time", TOWNSHIP, "plots_without_date", float(undated), "plots"),
    ]


_EVIDENCE = (
    "reclaimed_m2 not_counted_m2 added_m2 added_linked_m2 stock_m2 reused_m2 built_on_accepted_m2 cultivated_gain_m2 "
    "cultivated_loss_m2 newbuild_farmland_m2 newbuild_redline1_m2 newbuild_redline2_m2 "
    "newbuild_outside_boundary_m2 reclaim_inside_boundary_m2 reclaim_redline_m2 gain_barred_m2"
).split()


def _evidence(
    base: BaseState,
    change: Changes,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    amounts: Mapping[str, Ints],
) -> Mapping[str, Evidence]:
    """The pieces behind each line, one row a plot and parcel."""
    plots = change.plots
    out = {}
    for line in _EVIDENCE:
        rows = np.flatnonzero(amounts[line] != 0)
        by_reclaim = line.startswith(("reclaim", "not_counted", "cultivated_gain", "gain_barred"))
        index, ids = (plots.reclaim, reclaim.plot_id) if by_reclaim else (plots.newbuild, newbuild.plot_id)
        out[line] = _by_plot_and_parcel(index[rows], ids, base.parcel[plots.base[rows]], base, amounts[line][rows])
    return out


def _by_plot_and_parcel(plot: Ints, ids: NDArray[np.object_], parcel: Ints, base: BaseState, area: Ints) -> Evidence:
    pairs, index = np.unique(np.stack([plot, parcel], axis=1), axis=0, return_inverse=True)
    total = sum_by(index.astype(np.int64).reshape(-1), area, len(pairs))
    if not len(pairs):
        empty = np.empty(0, dtype=np.object_)
        return Evidence(empty, empty, total)
    return Evidence(ids[pairs[:, 0]], base.parcels.parcel_id[pairs[:, 1]], total)
