"""What a plan does not need is left out of it.

Where the objective does not ask for a plot, a search may well choose more than the limits want: it costs nothing.
A planner would ask why it is there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.check import totals
from three_opt_three_protect.core.optimiser.problem import ALONE, NOT_CHOSEN, Bools, Floats, Ints, Plan, Problem
from three_opt_three_protect.core.optimiser.settled import as_given_up

_NOISE = 1e-6


def trimmed(problem: Problem, plan: Plan) -> Plan:
    """The plan without the plots that no limit needs and whose absence makes the objective no worse.

    Plots locked in, and candidates that go with others, stay. The last plots are looked at first.

    Parameters
    ----------
    problem
        With the objective the plan was found for; of a ratio :func:`contiguity.by_perimeter`.
    """
    if not plan.found:
        return plan
    left = totals(problem, plan.reclaim_phase, plan.newbuild_phase)
    phases = (plan.reclaim_phase.copy(), plan.newbuild_phase.copy())
    removable = _removable(problem)
    for layer in (1, 0):
        rows = np.flatnonzero(removable[layer] & (phases[layer] != NOT_CHOSEN))[::-1]
        for plot, effect in zip(rows, _effects(problem, layer, phases[layer], rows)):
            after = left - effect
            # A warning that was given up may not get worse either.
            if (after >= np.minimum(left, 0) - _NOISE).all():
                left, phases[layer][plot] = after, NOT_CHOSEN
    return as_given_up(replace(plan, reclaim_phase=phases[0], newbuild_phase=phases[1]), problem, plan)


def _removable(problem: Problem) -> Tuple[Bools, Bools]:
    wanted = problem.objective
    paired = np.zeros(len(wanted.reclaim), dtype=np.bool_)
    paired[wanted.pairs.reshape(-1)] = True
    reclaim = (wanted.reclaim == 0) & ~problem.reclaim_fixed & ~paired & (problem.group == ALONE)
    return np.asarray(reclaim), np.asarray((wanted.newbuild == 0) & ~problem.newbuild_fixed)


def _effects(problem: Problem, layer: int, phase: Ints, rows: Ints) -> Floats:
    """``(rows, limits)`` what each plot adds to each limit where it stands."""
    effect = np.zeros((len(rows), len(problem.limits)))
    at = phase[rows]
    for column, limit in enumerate(problem.limits):
        amount, span = ((limit.reclaim, limit.reclaim_phases), (limit.newbuild, limit.newbuild_phases))[layer]
        effect[:, column] = np.where((at >= max(span[0], 0)) & (at <= span[1]), amount[rows], 0.0)
    return effect
