"""Which rules that only warn are left out so that there is a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.check import totals
from three_opt_three_protect.core.optimiser.explain import Lack, short_alone, short_together, short_whole, without
from three_opt_three_protect.core.optimiser.problem import Bools, Effort, Plan, Problem, Reason
from three_opt_three_protect.core.progress import SILENT, Progress


def hopeless(problem: Problem, effort: Effort, progress: Progress = SILENT) -> Optional[Tuple[Lack, ...]]:
    """Warnings that cannot be kept even with parts of plots: the least shortage that lets the others be kept.

    Returns
    -------
    tuple of Lack
        None when it is not for the warnings that there is no plan.
    """
    alone = short_alone(problem, _soft(problem))
    rest = without(problem, alone)
    found = short_together(rest, _soft(rest), effort, progress)
    return alone + found.lacks if found.possible else None


def unfit(problem: Problem, effort: Effort, progress: Progress = SILENT) -> Optional[Tuple[Lack, ...]]:
    """Warnings that whole plots cannot keep; None as for :func:`hopeless`."""
    found = short_whole(problem, _soft(problem), effort, progress)
    return found.lacks if found.possible else None


def given_up(problem: Problem, plan: Plan, left_out: Tuple[Lack, ...]) -> Tuple[Reason, ...]:
    """The reasons of ``left_out`` that ``plan`` does not keep, with what it lacks."""
    asked = replace(problem, limits=tuple(lack.limit for lack in left_out))
    missing = -totals(asked, plan.reclaim_phase, plan.newbuild_phase)
    return tuple(
        replace(lack.reason, short_by=float(by), given_up=True) for lack, by in zip(left_out, missing) if by > 0
    )


def only_hard(problem: Problem) -> Problem:
    """``problem`` without its warnings."""
    return replace(problem, limits=tuple(limit for limit in problem.limits if limit.hard))


def _soft(problem: Problem) -> Bools:
    return np.array([not limit.hard for limit in problem.limits], dtype=bool)
