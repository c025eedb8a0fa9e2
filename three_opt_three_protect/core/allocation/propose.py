"""A plan proposed: searched for, then held against the rules by ``core.balance``, which knows nothing of the search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import coefficients
from three_opt_three_protect.core.allocation.moments import year_of
from three_opt_three_protect.core.allocation.needs import Demand
from three_opt_three_protect.core.allocation.objectives import CONTIGUITY
from three_opt_three_protect.core.allocation.plain import plain_coefficients
from three_opt_three_protect.core.allocation.setup import Options, Prepared, prepare
from three_opt_three_protect.core.balance import Balance, balance
from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.optimiser.alternatives import Alternatives, alternatives
from three_opt_three_protect.core.optimiser.contiguity import by_perimeter, solve_ratio
from three_opt_three_protect.core.optimiser.problem import CANCELLED, GAP, NOT_CHOSEN, OPTIMAL, Plan, Problem
from three_opt_three_protect.core.optimiser.search import solve
from three_opt_three_protect.core.optimiser.trimming import trimmed
from three_opt_three_protect.core.optimiser.watch import Watch
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import Profile, Verdict
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.targets import Target

MOST_ROUNDS = 5
"""Searches until a plan also stands in the balance; each but the first for want of some hundredths of a m²."""

_CERTAIN = 1e-9

Judge = Callable[[Plan], Balance]
"""The balance of a plan."""


@dataclass(frozen=True)
class Proposal:
    """What is proposed.

    Attributes
    ----------
    prepared
        The problem, what each plot does, which plots are closed and which rules are no limits.
    problem
        What was chosen from, under limits drawn as tight as the balance asks.
    plan
        Phase of every plot; status, value and bound.
    reclaim, newbuild
        The plots chosen, each in its phase.
    balance
        Of these plots; None without parcels, or without a plan.
    checked
        Verdicts of the balance that fall short although the plan keeps their limits: none, unless no tighter limit
        mends it.
    judge
        The balance of a plan for this problem; None without parcels.
    """

    prepared: Prepared
    problem: Problem
    plan: Plan
    reclaim: ReclaimPlots
    newbuild: NewBuildPlots
    balance: Optional[Balance]
    checked: Tuple[Verdict, ...]
    judge: Optional[Judge] = None


def propose(
    base: BaseState,
    candidates: ReclaimPlots,
    sites: NewBuildPlots,
    demand: Sequence[Demand],
    targets: Sequence[Target],
    profile: Profile,
    system: ClassSystem,
    options: Options,
    progress: Progress = SILENT,
    watch: Optional[Watch] = None,
) -> Proposal:
    """Choose plots and phases under all rules of a profile at once.

    Parameters
    ----------
    demand
        Land wanted, by use and phase.
    targets
        Assigned figures; a rule whose target is missing is no limit, and named.
    watch
        As of :func:`search.solve`.

    Raises
    ------
    InputError
        What is wrong with phases, locks, demand, costs or weights.
    """
    held = coefficients(base, candidates, sites, profile, system, options.snap, Part(progress, 0.0, 0.3))
    prepared = prepare(held, profile, targets, demand, options, Part(progress, 0.3, 0.1))

    def judge(plan: Plan) -> Balance:
        reclaim, newbuild = chosen(prepared, plan)
        return balance(base, reclaim, newbuild, profile, system, targets, "", options.snap)

    return search(prepared, options, Part(progress, 0.4, 0.6), watch, judge)


def propose_plain(
    candidates: ReclaimPlots,
    sites: NewBuildPlots,
    demand: Sequence[Demand],
    targets: Sequence[Target],
    profile: Profile,
    spec: AreaSpec,
    options: Options,
    progress: Progress = SILENT,
    watch: Optional[Watch] = None,
) -> Proposal:
    """As :func:`propose` without parcels: plots count with their own areas; what needs more is not known, and named.

    Raises
    ------
    InputError
        As :func:`propose`.
    """
    held = plain_coefficients(candidates, sites, spec, profile, Part(progress, 0.0, 0.3))
    prepared = prepare(held, profile, targets, demand, options, Part(progress, 0.3, 0.1))
    return search(prepared, options, Part(progress, 0.4, 0.6), watch)


def search(
    prepared: Prepared,
    options: Options,
    progress: Progress = SILENT,
    watch: Optional[Watch] = None,
    judge: Optional[Judge] = None,
) -> Proposal:
    """Find a plan and hold it against the rules.

    The parts of a parcel add up to its recorded area, so a plot that cuts one may have some hundredths less beside
    others than alone.  Where the balance therefore falls short of a limit that the plan keeps, the limit is drawn
    tighter by as much and the search goes on from there; the bound stays that of the first.

    Parameters
    ----------
    judge
        The balance of a plan; None = there are no parcels to hold it against.
    """
    progress.step("allocating", 1.0)
    problem = prepared.problem
    share = 1.0 / MOST_ROUNDS
    plan = _solved(prepared, problem, options, Part(progress, 0.0, share), None, watch)
    held = judge(plan) if judge is not None and plan.found else None
    for number in range(1, MOST_ROUNDS):
        if held is None or plan.status == CANCELLED:
            break
        short = _short(prepared, plan, held)
        tighter = _tightened(problem, short)
        if tighter is None or judge is None:
            break
        again = _solved(prepared, tighter, options, Part(progress, number * share, share), plan, watch)
        if not again.found:
            break
        problem, plan = tighter, _bounded(again, plan)
        held = judge(plan)
    checked = () if held is None else _short(prepared, plan, held)
    reclaim, newbuild = chosen(prepared, plan)
    return Proposal(prepared, problem, plan, reclaim, newbuild, held, checked, judge)


def others(
    proposal: Proposal,
    options: Options,
    count: int,
    progress: Progress = SILENT,
    watch: Optional[Watch] = None,
) -> Alternatives:
    """Further plans nearly as good (:func:`alternatives.alternatives`), those that stand in the balance as well."""
    held = proposal.prepared.coefficients
    edges = proposal.prepared.edges() if options.objective == CONTIGUITY else None
    found = alternatives(
        proposal.problem,
        proposal.plan,
        held.reclaim.of("reclaim_plot_m2"),
        held.area,
        options.effort,
        count,
        edges=edges,
        progress=progress,
        watch=watch,
    )
    return replace(found, plans=tuple(plan for plan in found.plans if stands(proposal, plan)))


def stands(proposal: Proposal, plan: Plan) -> bool:
    """Whether another plan of the same problem stands in the balance as well; it does where there are no parcels."""
    judge = proposal.judge
    return judge is None or not _short(proposal.prepared, plan, judge(plan))


def chosen(prepared: Prepared, plan: Plan) -> Tuple[ReclaimPlots, NewBuildPlots]:
    """The plots of a plan, each in the year of its phase; a plot with a date in the year of that.

    Where cost was asked for each has the one it was chosen by, so that the balance adds up the same.
    """
    held, when = prepared.coefficients, prepared.moments
    years = np.array(when.phases, dtype=np.int64)
    rows = np.flatnonzero(plan.reclaim_phase != NOT_CHOSEN), np.flatnonzero(plan.newbuild_phase != NOT_CHOSEN)
    reclaim, newbuild = held.reclaim_plots.take(rows[0]), held.newbuild_plots.take(rows[1])
    if prepared.cost is not None:
        reclaim = replace(reclaim, cost=prepared.cost[rows[0]])
    planned = years[plan.reclaim_phase[rows[0]]], years[plan.newbuild_phase[rows[1]]]
    return (
        reclaim.in_phases(np.where(reclaim.dated, year_of(reclaim.day), planned[0])),
        newbuild.in_phases(np.where(newbuild.dated, year_of(newbuild.day), planned[1])),
    )


def _solved(
    prepared: Prepared,
    problem: Problem,
    options: Options,
    progress: Progress,
    start: Optional[Plan],
    watch: Optional[Watch],
) -> Plan:
    if options.objective == CONTIGUITY:
        edges = prepared.edges()
        return trimmed(by_perimeter(problem, edges), solve_ratio(problem, edges, options.effort, progress, watch))
    return trimmed(problem, solve(problem, options.effort, progress, start, watch))


def _bounded(plan: Plan, first: Plan) -> Plan:
    """A plan of tighter limits with the bound of the limits as they are."""
    if plan.value is None or first.bound is None:
        return plan
    gap = abs(plan.value - first.bound) / abs(plan.value) if plan.value else abs(first.bound)
    status = GAP if plan.status == OPTIMAL and gap > _CERTAIN else plan.status
    return replace(plan, status=status, bound=first.bound, gap=gap)


def _short(prepared: Prepared, plan: Plan, held: Balance) -> Tuple[Verdict, ...]:
    """Verdicts that fall short though their limits were kept: neither given up nor left out."""
    excused = {(reason.id, reason.unit_code) for reason in plan.reasons if reason.given_up}
    excused |= {(one.rule, one.unit_code) for one in prepared.rows.left_out}
    return tuple(
        verdict
        for verdict in held.verdicts
        if verdict.margin is not None and verdict.margin < 0 and (verdict.rule, verdict.unit_code) not in excused
    )


def _tightened(problem: Problem, short: Sequence[Verdict]) -> Optional[Problem]:
    """The problem with the limits of these verdicts drawn tighter; None when none of them is a limit."""
    missing = {(verdict.rule, verdict.unit_code): verdict.margin or 0.0 for verdict in short}
    if not any((limit.id, limit.unit_code) in missing for limit in problem.limits):
        return None
    limits = tuple(
        replace(limit, constant=limit.constant + missing.get((limit.id, limit.unit_code), 0.0))
        for limit in problem.limits
    )
    return replace(problem, limits=limits)
