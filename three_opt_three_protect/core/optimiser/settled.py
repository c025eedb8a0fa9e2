"""Warnings settled once: of several searches for one planner each must keep the same rules.

A search gives up rules that only warn when not all can be kept.  Left alone, a search for another plan or under a
ceiling would give up more of them rather than say that there is none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Tuple, Union

from three_opt_three_protect.core.optimiser.check import totals
from three_opt_three_protect.core.optimiser.problem import Limit, Plan, Problem, Reason


def settled(problem: Problem, plan: Plan) -> Problem:
    """``problem`` without the warnings that ``plan`` gave up; the other warnings bind like any rule."""
    gone = _given_up(plan)
    kept = tuple(replace(limit, hard=True) for limit in problem.limits if limit.hard or _key(limit) not in gone)
    return replace(problem, limits=kept)


def as_given_up(plan: Plan, problem: Problem, first: Plan) -> Plan:
    """``plan``, of the settled problem, with the reasons of ``first``: what it lacks of the warnings given up."""
    limits = {_key(limit): limit for limit in problem.limits if not limit.hard}
    reasons = [reason for reason in first.reasons if reason.given_up and _key(reason) in limits]
    asked = replace(problem, limits=tuple(limits[_key(reason)] for reason in reasons))
    missing = -totals(asked, plan.reclaim_phase, plan.newbuild_phase)
    return replace(
        plan, reasons=tuple(replace(reason, short_by=float(by)) for reason, by in zip(reasons, missing) if by > 0)
    )


def _given_up(plan: Plan) -> frozenset[Tuple[str, str, Optional[int]]]:
    return frozenset(_key(reason) for reason in plan.reasons if reason.given_up)


def _key(one: Union[Limit, Reason]) -> Tuple[str, str, Optional[int]]:
    return one.id, one.unit_code, one.year
