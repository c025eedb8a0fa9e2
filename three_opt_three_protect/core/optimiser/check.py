"""What a plan makes of the limits, by the problem's own numbers: no solver, no scaling, no tolerance."""

from __future__ import annotations

from typing import Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.optimiser.problem import ALONE, NOT_CHOSEN, Bools, Floats, Ints, Problem

DECIMALS = 6
"""As :func:`core.rules.judge` rounds a margin before it asks whether it is below zero."""


def totals(problem: Problem, reclaim_phase: Ints, newbuild_phase: Ints) -> Floats:
    """Left side of every limit.

    Parameters
    ----------
    reclaim_phase, newbuild_phase
        ``(n,)``, ``(m,)`` index of the phase or :data:`NOT_CHOSEN`.

    Returns
    -------
    ``(limits,)`` float64, each in the unit of its limit, rounded as a verdict's margin is.
    """
    found = np.empty(len(problem.limits))
    for row, limit in enumerate(problem.limits):
        found[row] = (
            limit.constant
            + limit.reclaim[_within(reclaim_phase, limit.reclaim_phases)].sum()
            + limit.newbuild[_within(newbuild_phase, limit.newbuild_phases)].sum()
        )
    return np.round(found, DECIMALS)


def broken(problem: Problem, reclaim_phase: Ints, newbuild_phase: Ints) -> Ints:
    """Rows of the limits that the plan does not keep."""
    return np.flatnonzero(totals(problem, reclaim_phase, newbuild_phase) < 0).astype(np.int64)


def value(problem: Problem, reclaim_phase: Ints, newbuild_phase: Ints) -> float:
    """The objective, to be made as small as possible."""
    wanted = problem.objective
    reclaim, newbuild = reclaim_phase != NOT_CHOSEN, newbuild_phase != NOT_CHOSEN
    both = reclaim[wanted.pairs].all(axis=1)
    own = wanted.reclaim[reclaim].sum() + wanted.newbuild[newbuild].sum()
    return float(wanted.constant + own - wanted.pair_gain[both].sum())


def fits(problem: Problem, reclaim_phase: Ints, newbuild_phase: Ints) -> bool:
    """The plots are open in their phases, locked-in ones chosen, groups whole, conflicts kept; limits apart."""
    if (len(reclaim_phase), len(newbuild_phase)) != (len(problem.reclaim_id), len(problem.newbuild_id)):
        return False
    phase = np.concatenate([reclaim_phase, newbuild_phase])
    if ((phase < NOT_CHOSEN) | (phase >= len(problem.phases))).any():
        return False
    chosen = phase != NOT_CHOSEN
    rows = np.flatnonzero(chosen)
    is_open, fixed = together(problem)
    if not is_open[rows, phase[rows]].all() or (fixed & ~chosen).any():
        return False
    if chosen[problem.conflicts].all(axis=1).any():
        return False
    group, count = groups(problem)
    first = np.full(count, NOT_CHOSEN)
    first[group] = phase
    return bool((phase == first[group]).all())


def together(problem: Problem) -> Tuple[Bools, Bools]:
    """``(n + m, phases)`` open and ``(n + m,)`` locked in, candidates before sites."""
    is_open = np.concatenate([problem.reclaim_open, problem.newbuild_open])
    return is_open, np.concatenate([problem.reclaim_fixed, problem.newbuild_fixed])


def groups(problem: Problem) -> Tuple[Ints, int]:
    """``(n + m,)`` group of each plot, alone ones too, numbered by first plot; and how many there are."""
    plots = len(problem.reclaim_id) + len(problem.newbuild_id)
    key = np.arange(plots, dtype=np.int64)
    grouped = np.flatnonzero(problem.group != ALONE)
    _, first, member = np.unique(problem.group[grouped], return_index=True, return_inverse=True)
    key[grouped] = grouped[first][member]
    known, group = np.unique(key, return_inverse=True)
    return group.astype(np.int64), len(known)


def _within(phase: Ints, span: Tuple[int, int]) -> NDArray[np.bool_]:
    # A first phase below 0 must not count the plots that are not chosen.
    return (phase >= max(span[0], 0)) & (phase <= span[1])
