"""Small problems solved by trying every choice: slow, and nothing in it can be wrong in the same way as the search."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.problem import (
    ALONE,
    INFEASIBLE,
    NOT_CHOSEN,
    OPTIMAL,
    Limit,
    Objective,
    Plan,
    Problem,
)

EPS = 1e-7


def small_problem(
    candidates: int,
    sites: int = 0,
    phases: Sequence[int] = (2026,),
    limits: Sequence[Limit] = (),
    objective: Optional[Objective] = None,
    conflicts: Sequence[Tuple[int, int]] = (),
) -> Problem:
    """Plots that may all be put anywhere."""
    count = len(phases)
    own = objective or Objective("cost", "yuan", np.zeros(candidates), np.zeros(sites))
    return Problem(
        tuple(phases),
        tuple(limits),
        own,
        np.ones((candidates, count), dtype=bool),
        np.ones((sites, count), dtype=bool),
        np.zeros(candidates, dtype=bool),
        np.zeros(sites, dtype=bool),
        np.full(candidates, ALONE, dtype=np.int64),
        np.array(conflicts, dtype=np.int64).reshape(-1, 2),
        np.array([f"R{row}" for row in range(candidates)], dtype=object),
        np.array([f"N{row}" for row in range(sites)], dtype=object),
    )


def at_least(constant: float, reclaim: Sequence[float], newbuild: Sequence[float] = (), last: int = 0) -> Limit:
    """``constant + Σ ≥ 0`` over all plots of the phases up to ``last``."""
    return Limit(
        "test", "", "m2", constant, np.asarray(reclaim, float), np.asarray(newbuild, float), (0, last), (0, last)
    )


def every_choice(problem: Problem) -> np.ndarray:
    """``(choices, n + m)`` phases of every choice that keeps all rules of ``problem``."""
    count = len(problem.phases)
    total = len(problem.reclaim_id) + len(problem.newbuild_id)
    grids = np.meshgrid(*[np.arange(NOT_CHOSEN, count)] * total, indexing="ij")
    choices = np.stack([grid.ravel() for grid in grids], axis=1)
    keep = np.ones(len(choices), dtype=bool)
    opened = np.concatenate([problem.reclaim_open, problem.newbuild_open])
    fixed = np.concatenate([problem.reclaim_fixed, problem.newbuild_fixed])
    for plot in range(total):
        chosen = choices[:, plot] != NOT_CHOSEN
        keep &= ~chosen | opened[plot][choices[:, plot]]
        keep &= chosen | ~fixed[plot]
    for one, other in problem.conflicts:
        keep &= (choices[:, one] == NOT_CHOSEN) | (choices[:, other] == NOT_CHOSEN)
    for number in set(problem.group.tolist()) - {ALONE}:
        rows = np.flatnonzero(problem.group == number)
        keep &= (choices[:, rows] == choices[:, rows[:1]]).all(axis=1)
    for limit in problem.limits:
        keep &= left_of(limit, choices) >= -EPS
    return choices[keep]


def left_of(limit: Limit, choices: np.ndarray) -> np.ndarray:
    """What a limit's sum is for every choice."""
    split = len(limit.reclaim)
    parts = ((choices[:, :split], limit.reclaim, limit.reclaim_phases),)
    parts += ((choices[:, split:], limit.newbuild, limit.newbuild_phases),)
    out = np.full(len(choices), float(limit.constant))
    for phase, amount, (first, last) in parts:
        out += (((phase >= first) & (phase <= last) & (phase != NOT_CHOSEN)) * amount).sum(axis=1)
    return out


def values(objective: Objective, choices: np.ndarray) -> np.ndarray:
    """The value of every choice."""
    split = len(objective.reclaim)
    chosen = choices != NOT_CHOSEN
    out = (chosen[:, :split] * objective.reclaim).sum(axis=1) + (chosen[:, split:] * objective.newbuild).sum(axis=1)
    for (one, other), gain in zip(objective.pairs, objective.pair_gain):
        out = out - (chosen[:, one] & chosen[:, other]) * gain
    return out + objective.constant


def solve(problem: Problem, *_: Any, **__: Any) -> Plan:
    """As ``search.solve``, by trying everything."""
    split = len(problem.reclaim_id)
    choices = every_choice(problem)
    if not len(choices):
        nothing: List[int] = [NOT_CHOSEN] * split
        rest = [NOT_CHOSEN] * len(problem.newbuild_id)
        return Plan(INFEASIBLE, np.array(nothing, np.int64), np.array(rest, np.int64), None, None, None)
    found = values(problem.objective, choices)
    best = int(np.argmin(found))
    value = float(found[best])
    return Plan(OPTIMAL, choices[best, :split], choices[best, split:], value, value, 0.0)
