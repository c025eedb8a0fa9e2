"""Plots locked in that exclude each other, or that no phase is open for."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.check import groups, together
from three_opt_three_protect.core.optimiser.problem import Bools, Ints, Problem, Reason

CONFLICT, CLOSED, FIXED = "conflict", "closed", "fixed"


def contradictions(problem: Problem) -> Tuple[Reason, ...]:
    """What is locked in and cannot be.

    Returns
    -------
    tuple of Reason
        Of the kind ``fixed``, counted in plots: id ``conflict``, ``others`` = the two plots that exclude each other;
        id ``closed``, ``others`` = the plots that are locked in or go with one that is, and share no open phase.
    """
    names = np.concatenate([problem.reclaim_id, problem.newbuild_id])
    group, is_open, is_fixed = _by_group(problem)
    found: List[Reason] = []
    for one, other in problem.conflicts:
        if is_fixed[group[one]] and is_fixed[group[other]]:
            found.append(Reason(CONFLICT, "", "plots", 1.0, FIXED, others=(str(names[one]), str(names[other]))))
    for closed in np.flatnonzero(is_fixed & ~is_open):
        plots = tuple(str(name) for name in names[group == closed])
        found.append(Reason(CLOSED, "", "plots", float(len(plots)), FIXED, others=plots))
    return tuple(found)


def _by_group(problem: Problem) -> Tuple[Ints, Bools, Bools]:
    """``(n + m,)`` group of each plot; whether a group has an open phase; whether it is locked in."""
    is_open, is_fixed = together(problem)
    group, count = groups(problem)
    free = np.ones((count, len(problem.phases)), dtype=bool)
    np.logical_and.at(free, group, is_open)
    return group, free.any(axis=1), np.bincount(group, is_fixed, count) > 0
