"""What was chosen, as layers and tables (``allocate``; ``planbalance`` CLOSING)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.tables import LayerTable, integer, real, text
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.plans.proposalwords import NAMED, Words, account_name, advice, data_name, whole
from three_opt_three_protect.plans.resulttables import figures, result_table
from three_opt_three_protect.storage.catalogue import load_role_schemas

if TYPE_CHECKING:
    from three_opt_three_protect.core.allocation.closing import Offer
    from three_opt_three_protect.core.allocation.propose import Proposal
    from three_opt_three_protect.core.allocation.rows import Closed, LeftOut
    from three_opt_three_protect.core.optimiser.alternatives import Alternatives
    from three_opt_three_protect.core.optimiser.problem import Plan, Reason
    from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots


def chosen_layer(plots: Union[ReclaimPlots, NewBuildPlots], source: Source, role: str) -> LayerTable:
    """The plots chosen with the fields they came with and ``phase``: what ``planbalance`` takes as it is.

    A reclaim plot without a cost has the one it was chosen by.
    """
    from three_opt_three_protect.core.scenario import ReclaimPlots

    mapping = source.mapping(load_role_schemas()[role])
    table = plots.table
    kept = {name: column for name, column in table.columns.items() if name != mapping.get("phase")}
    kept["phase"] = integer(plots.phase.astype(np.int64), alias="实施年度", width=4)
    if isinstance(plots, ReclaimPlots) and not np.isnan(plots.cost).all():
        kept[mapping.get("cost", "cost")] = real(np.round(plots.cost, 2), "投资", 15, 2)
    return LayerTable(role, table.fid, plots.repaired.geometry, kept, table.crs, table.source, table.flattened)


def scenario_table(proposal: Proposal, shown: Mapping[str, Optional[float]]) -> LayerTable:
    """Figures of the plan: objective, bound, gap, and the township's account lines (``SCENARIO``).

    Parameters
    ----------
    shown
        ``value`` and ``bound`` of the objective as a planner reads it.
    """
    plan = proposal.plan
    unit = _objective_unit(proposal)
    rows: List[Tuple[str, Optional[float], str]] = [
        (f"objective.{proposal.problem.objective.name}", shown["value"], unit),
        ("bound", shown["bound"], unit),
        ("gap", plan.gap, "share"),
    ]
    if proposal.balance is not None:
        rows += [(line.line, line.value, line.unit) for line in proposal.balance.accounts.lines if not line.unit_code]
    elif plan.found:
        rows += list(_plain_lines(proposal))
    return result_table(
        "scenario",
        {
            "line": text([row[0] for row in rows], alias="科目", width=40),
            "value": figures([row[1] for row in rows], "数值"),
            "unit": text([row[2] for row in rows], alias="计量单位", width=12),
        },
    )


def _objective_unit(proposal: Proposal) -> str:
    wanted = proposal.problem.objective
    return "ratio" if wanted.name == "contiguity" else wanted.unit


def _plain_lines(proposal: Proposal) -> List[Tuple[str, Optional[float], str]]:
    """Lines known without parcels."""
    held, plan = proposal.prepared.coefficients, proposal.plan
    rows: List[Tuple[str, Optional[float], str]] = []
    for side, phase in ((held.reclaim, plan.reclaim_phase), (held.newbuild, plan.newbuild_phase)):
        rows += [(line, round(float(side.of(line)[phase >= 0].sum()), 2), "m2") for line in side.amounts]
    rows.append(("reclaim_plots", float(len(proposal.reclaim)), "plots"))
    rows.append(("newbuild_plots", float(len(proposal.newbuild)), "plots"))
    return rows


def shown_value(proposal: Proposal) -> Mapping[str, Optional[float]]:
    """Value and bound of the objective; what is made as large as possible is shown so."""
    from three_opt_three_protect.core.allocation.objectives import MAXIMISED

    sign = -1.0 if proposal.problem.objective.name in MAXIMISED else 1.0
    plan = proposal.plan
    return {
        name: None if value is None else sign * value for name, value in (("value", plan.value), ("bound", plan.bound))
    }


def reason_table(proposal: Proposal, words: Words) -> LayerTable:
    """Why there is no plan, what was given up, what was left out and which plots are closed (``REASONS``).

    ``kind``: alone, together, whole, fixed (no plan), given_up (a warning), unknown and not_linear (rules that are no
    limit), closed (plots that no plan may have), short (a verdict that falls short all the same).
    """
    rows = [_reason_row(reason, words) for reason in proposal.plan.reasons]
    rows += [_left_out_row(one, words) for one in proposal.prepared.rows.left_out]
    rows += [_closed_row(one, proposal, words) for one in proposal.prepared.rows.closed]
    rows += [
        (verdict.rule, -(verdict.margin or 0.0), words(f"advice.{verdict.rule}"), verdict.unit_code, verdict.unit, None,
         "short", "")
        for verdict in proposal.checked
    ]  # fmt: skip
    return result_table(
        "reasons",
        {
            "account": text([row[0] for row in rows], alias="科目", width=40),
            "short_by": figures([row[1] for row in rows], "尚缺"),
            "advice": text([row[2] for row in rows], alias="处理建议", width=200),
            "unit_code": text([row[3] for row in rows], alias="单位代码", width=60),
            "unit": text([row[4] for row in rows], alias="计量单位", width=12),
            "year": integer(
                np.array([row[5] or 0 for row in rows], dtype=np.int64),
                np.array([row[5] is None for row in rows], dtype=np.bool_),
                alias="年度",
                width=4,
            ),
            "kind": text([row[6] for row in rows], alias="原因类型", width=12),
            "others": text([row[7] for row in rows], alias="相关科目或地块", width=200),
        },
    )


_Row = Tuple[str, Optional[float], str, str, str, Optional[int], str, str]


def _reason_row(reason: Reason, words: Words) -> _Row:
    kind = "given_up" if reason.given_up else reason.kind
    return (
        reason.id,
        whole(reason.short_by, reason.unit),
        advice(reason, words),
        reason.unit_code,
        reason.unit,
        reason.year,
        kind,
        ", ".join(reason.others),
    )


def _left_out_row(one: LeftOut, words: Words) -> _Row:
    missing = ", ".join(one.missing)
    return (
        one.rule,
        None,
        words(f"allocation.{one.kind}", missing=", ".join(data_name(name, words) for name in one.missing)),
        one.unit_code,
        "",
        None,
        one.kind,
        missing,
    )


def _closed_row(one: Closed, proposal: Proposal, words: Words) -> _Row:
    ids = (proposal.problem.reclaim_id, proposal.problem.newbuild_id)[one.layer]
    names = ", ".join(str(ids[row]) for row in one.rows)
    said = words(
        "allocation.closed", count=len(one.rows), layer=words(("allocation.candidates", "allocation.sites")[one.layer])
    )
    return (one.rule, None, said, "", "", None, "closed", _cut(names))


def _cut(names: str) -> str:
    return names if len(names) <= 200 else names[:199] + "…"


def proposal_findings(proposal: Proposal, words: Words) -> Tuple[Finding, ...]:
    """What a planner should know of the run: plots closed, rules left out, warnings given up."""
    held, rows = proposal.prepared.coefficients, proposal.prepared.rows
    found: List[Finding] = []
    for one in rows.closed:
        plots = (held.reclaim_plots, held.newbuild_plots)[one.layer]
        values: Dict[str, Value] = {
            "layer": plots.table.name,
            "count": len(one.rows),
            "rule": account_name(one.rule, words),
            "features": ", ".join(str(name) for name in plots.plot_id[one.rows[:NAMED]]),
        }
        found.append(Finding("allocation_closed", WARNING, plots.table.name, values))
    for kind in dict.fromkeys(left.kind for left in rows.left_out):
        names = dict.fromkeys(account_name(left.rule, words) for left in rows.left_out if left.kind == kind)
        found.append(Finding(f"allocation_{kind}", WARNING, "", {"rules": ", ".join(names), "count": len(names)}))
    given_up = dict.fromkeys(account_name(reason.id, words) for reason in proposal.plan.reasons if reason.given_up)
    if given_up:
        found.append(
            Finding("allocation_given_up", WARNING, "", {"rules": ", ".join(given_up), "count": len(given_up)})
        )
    for reason in proposal.plan.reasons:
        if not reason.given_up:
            said: Dict[str, Value] = {"rule": _where(reason, words), "advice": advice(reason, words)}
            found.append(Finding("allocation_reason", WARNING, "", said))
    if proposal.plan.status == "time_limit":
        found.append(Finding("allocation_time_limit", WARNING, "", {}))
    if len(held.conflicts):
        count: Dict[str, Value] = {"count": len(held.conflicts), "area": round(float(held.overlap_m2.sum()), 2)}
        found.append(Finding("allocation_conflicts", INFO, "", count))
    unknown = int(np.isnan(held.reclaim_plots.households).sum())
    if unknown:
        layer = held.reclaim_plots.table.name
        found.append(Finding("allocation_households_unknown", WARNING, layer, {"layer": layer, "count": unknown}))
    return tuple(found)


def _where(reason: Reason, words: Words) -> str:
    """A limit with the village and the year it is about."""
    about = [part for part in (reason.unit_code, "" if reason.year is None else str(reason.year)) if part]
    name = account_name(reason.id, words)
    return f"{name} ({', '.join(about)})" if about else name


def alternative_tables(proposal: Proposal, others: Optional[Alternatives]) -> Tuple[LayerTable, LayerTable]:
    """Further plans plot by plot (``ALTERNATIVES``), and how often each plot is chosen (``FREQUENCY``)."""
    from three_opt_three_protect.core.optimiser.alternatives import frequency

    plans = (proposal.plan, *(others.plans if others is not None else ()))
    problem = proposal.problem
    rows: List[Tuple[int, str, str, int]] = []
    for number, plan in enumerate(plans):
        for role, ids, phase in _choices(problem.reclaim_id, problem.newbuild_id, plan):
            chosen = np.flatnonzero(phase >= 0)
            rows += [(number, role, str(ids[row]), problem.phases[phase[row]]) for row in chosen]
    times = frequency(plans) if proposal.plan.found else (np.zeros(0), np.zeros(0))
    often = [
        (role, str(name), int(count))
        for role, ids, counts in zip(("reclaim", "newbuild"), (problem.reclaim_id, problem.newbuild_id), times)
        for name, count in zip(ids, counts)
        if count
    ]
    return (
        result_table(
            "alternatives",
            {
                "plan": integer(np.array([row[0] for row in rows], dtype=np.int64), alias="方案序号", width=4),
                "role": text([row[1] for row in rows], alias="图层角色", width=12),
                "plot_id": text([row[2] for row in rows], alias="地块编号", width=40),
                "phase": integer(np.array([row[3] for row in rows], dtype=np.int64), alias="实施年度", width=4),
            },
        ),
        result_table(
            "frequency",
            {
                "role": text([row[0] for row in often], alias="图层角色", width=12),
                "plot_id": text([row[1] for row in often], alias="地块编号", width=40),
                "chosen": integer(np.array([row[2] for row in often], dtype=np.int64), alias="入选次数", width=6),
                "of": integer(np.full(len(often), len(plans), dtype=np.int64), alias="方案总数", width=6),
            },
        ),
    )


def _choices(
    reclaim_id: NDArray[np.object_], newbuild_id: NDArray[np.object_], plan: Plan
) -> Sequence[Tuple[str, NDArray[np.object_], NDArray[np.int64]]]:
    return (("reclaim", reclaim_id, plan.reclaim_phase), ("newbuild", newbuild_id, plan.newbuild_phase))


def closing_table(offers: Sequence[Tuple[str, str, str, Sequence[Offer]]], ids: Sequence[object]) -> LayerTable:
    """Candidates that close a gap (``CLOSING``): one row a plot of an offer.

    Parameters
    ----------
    offers
        Rule, unit code, unit and the offers for it.
    ids
        Plot ids of the candidates.
    """
    rows = [
        (rule, unit_code, rank, str(ids[row]), offer.adds, offer.rest, offer.cost, unit)
        for rule, unit_code, unit, found in offers
        for rank, offer in enumerate(found, 1)
        for row in offer.rows
    ]
    return result_table(
        "closing",
        {
            "rule": text([row[0] for row in rows], alias="规则", width=40),
            "unit_code": text([row[1] for row in rows], alias="单位代码", width=60),
            "rank": integer(np.array([row[2] for row in rows], dtype=np.int64), alias="推荐顺序", width=4),
            "plot_id": text([row[3] for row in rows], alias="地块编号", width=40),
            "adds": figures([row[4] for row in rows], "可增加"),
            "rest": figures([row[5] for row in rows], "补足后富余"),
            "cost": figures([row[6] for row in rows], "费用_元"),
            "unit": text([row[7] for row in rows], alias="计量单位", width=12),
        },
    )
