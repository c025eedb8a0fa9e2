"""Figures a solver could not work with are refused, naming the limit and the plot."""

from __future__ import annotations

from typing import Tuple

import numpy as np

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.problem import Floats, Problem

NOISE = 1e-9
"""Coefficients below this are what adding and subtracting left over."""

SPREAD = 1e12
"""float64 keeps fifteen digits: beyond twelve orders of magnitude the small plots would no longer count."""


def check_figures(problem: Problem) -> None:
    """Look at every coefficient of ``problem``.

    Raises
    ------
    InputError
        ``allocation_not_finite``, ``allocation_limit_not_finite``, ``allocation_bad_scaling``.
    """
    wanted = problem.objective
    named = [(f"objective.{wanted.name}", wanted.constant, wanted.reclaim, wanted.newbuild)]
    named += [(limit.id, limit.constant, limit.reclaim, limit.newbuild) for limit in problem.limits]
    plots = np.concatenate([problem.reclaim_id, problem.newbuild_id])
    for name, constant, reclaim, newbuild in named:
        if not np.isfinite(constant):
            raise InputError("allocation_limit_not_finite", limit=name, value=str(constant))
        values = np.concatenate([reclaim, newbuild])
        _check(name, values, tuple(map(str, plots)) if _odd(values) else ())
    gains = np.flatnonzero(~np.isfinite(wanted.pair_gain))
    if len(gains):
        plot = str(problem.reclaim_id[wanted.pairs[gains[0], 0]])
        value = str(wanted.pair_gain[gains[0]])
        raise InputError("allocation_not_finite", limit=f"objective.{wanted.name}", plot=plot, value=value)


def _odd(values: Floats) -> bool:
    size = np.abs(values)
    counted = size[size > NOISE]
    return not np.isfinite(values).all() or (len(counted) > 0 and bool(counted.max() > SPREAD * counted.min()))


def _check(name: str, values: Floats, plots: Tuple[str, ...]) -> None:
    if not plots:
        return
    strange = np.flatnonzero(~np.isfinite(values))
    if len(strange):
        raise InputError("allocation_not_finite", limit=name, plot=plots[strange[0]], value=str(values[strange[0]]))
    size = np.where(np.abs(values) > NOISE, np.abs(values), np.inf)
    least, most = int(size.argmin()), int(np.abs(values).argmax())
    raise InputError(
        "allocation_bad_scaling", limit=name, small_plot=plots[least], small=float(values[least]),
        large_plot=plots[most], large=float(values[most]),
    )  # fmt: skip
