"""Why there is no plan: which limits cannot be kept, by how much, and what they compete with.

Every limit is looked at alone first, with all plots that help it.  Of the others the smallest priced shortage is
sought, first with parts of plots and then with whole plots; a square metre that is missing costs the same in every
limit, and money, households and edges are priced by the typical size of what a plot brings of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, NamedTuple, Tuple

import numpy as np
import scipy.sparse.csgraph

from three_opt_three_protect.core.optimiser.check import totals
from three_opt_three_protect.core.optimiser.contradictions import CONFLICT as CONFLICT_ID
from three_opt_three_protect.core.optimiser.contradictions import contradictions
from three_opt_three_protect.core.optimiser.model import CONFLICT, Model, model_of, power, reach
from three_opt_three_protect.core.optimiser.problem import Bools, Effort, Floats, Ints, Limit, Problem, Reason
from three_opt_three_protect.core.optimiser.restricted import everything, restrict
from three_opt_three_protect.core.optimiser.solver import IMPOSSIBLE, Stops, run
from three_opt_three_protect.core.progress import SILENT, Part, Progress

ALONE, TOGETHER, WHOLE = "alone", "together", "whole"
"""Kinds of reasons, as :class:`Reason` has them."""

OTHERS = 3
"""So many limits that a limit competes with are named, the ones that cost it most first."""

NODES = 1_000
"""Nodes looked at for the smallest shortage of whole plots when the effort does not say."""

TOLERANCE = 1e-7
"""Scaled shortages and prices below this are the solver's."""


class Lack(NamedTuple):
    """A limit that falls short and why."""

    limit: Limit
    reason: Reason


@dataclass(frozen=True)
class Shortage:
    """The smallest priced shortage of the limits that may fall short.

    Attributes
    ----------
    possible
        False: the other limits cannot be kept whatever these fall short.
    lacks
        One for each limit that falls short.
    """

    possible: bool
    lacks: Tuple[Lack, ...]


def explain(problem: Problem, effort: Effort, progress: Progress = SILENT) -> Tuple[Reason, ...]:
    """Why no plan keeps all limits of ``problem``, the warnings among them too; empty when one may.

    Raises
    ------
    Cancelled
        By ``progress``.
    """
    fixed = contradictions(problem)
    if fixed:
        return fixed
    every = np.ones(len(problem.limits), dtype=bool)
    alone = short_alone(problem, every)
    rest = without(problem, alone)
    left = np.ones(len(rest.limits), dtype=bool)
    found = short_together(rest, left, effort, Part(progress, 0.0, 0.5))
    if not found.lacks and not alone:
        found = short_whole(rest, left, effort, Part(progress, 0.5, 0.5))
    return tuple(lack.reason for lack in alone + found.lacks)


def without(problem: Problem, lacks: Tuple[Lack, ...]) -> Problem:
    """``problem`` without the limits that fall short."""
    short = {id(lack.limit) for lack in lacks}
    return replace(problem, limits=tuple(limit for limit in problem.limits if id(limit) not in short))


def short_alone(problem: Problem, asked: Bools) -> Tuple[Lack, ...]:
    """The limits of ``asked`` ``(limits,)`` that all plots that help them do not satisfy."""
    model = model_of(problem)
    _, highest = reach(model)
    rows = np.arange(len(problem.limits))
    most = np.round(highest[rows] * model.scale[rows], 6)
    return tuple(_lack(problem, int(row), -float(most[row]), ALONE) for row in rows[asked & (most < 0)])


def short_together(problem: Problem, asked: Bools, effort: Effort, progress: Progress = SILENT) -> Shortage:
    """The smallest shortage of the limits of ``asked`` with parts of plots."""
    model = model_of(problem)
    weights = _weights(model, asked)
    restricted = restrict(model, everything(model), weights, whole=False)
    answer = run(restricted.programme, Stops(seconds=effort.seconds, seed=effort.seed), _Checking(progress))
    if answer.values is None or answer.duals is None:
        return Shortage(answer.status != IMPOSSIBLE, ())
    shortage = np.zeros(len(model.constant))
    shortage[restricted.short] = restricted.shortage(answer.values)
    prices = np.maximum(answer.duals[: len(shortage)], 0.0)
    importance = np.where(np.isfinite(weights), prices / np.where(np.isfinite(weights), weights, 1.0), prices)
    part = _parts(model, importance > TOLERANCE)
    lacks: List[Lack] = []
    for row in np.flatnonzero(shortage > TOLERANCE):
        near = np.flatnonzero((part == part[row]) & (part >= 0))
        others = _names(model, int(row), near[np.argsort(-importance[near], kind="stable")])
        lacks.append(_lack(problem, int(row), float(shortage[row] * model.scale[row]), TOGETHER, others))
    return Shortage(True, tuple(lacks))


def short_whole(problem: Problem, asked: Bools, effort: Effort, progress: Progress = SILENT) -> Shortage:
    """The smallest shortage of the limits of ``asked`` with whole plots."""
    model = model_of(problem)
    restricted = restrict(model, everything(model), _weights(model, asked))
    stops = Stops(0.0, NODES if effort.nodes is None else effort.nodes, effort.seconds, effort.seed)
    answer = run(restricted.programme, stops, _Checking(progress))
    if answer.values is None:
        return Shortage(answer.status != IMPOSSIBLE, ())
    missing = -totals(problem, *model.phases_of(restricted.choices(answer.values)))
    rows = np.flatnonzero(asked & (missing > 0))
    return Shortage(True, tuple(_lack(problem, int(row), float(missing[row]), WHOLE) for row in rows))


def _weights(model: Model, asked: Bools) -> Floats:
    """``(r,)`` price of a scaled unit of shortage: the same for every limit of a unit; infinite = none allowed."""
    weights = np.full(len(model.constant), np.inf)
    units = np.array([limit.unit for limit in model.problem.limits], dtype=object)
    for unit in set(units.tolist()):
        rows = np.flatnonzero(units == unit)
        weights[rows] = model.scale[rows] / power(model.scale[rows])
    weights[: len(asked)][~asked] = np.inf
    return weights


def _parts(model: Model, binding: Bools) -> Ints:
    """``(r,)`` number of the part of the plan a binding row belongs to: rows with a plot in common; else -1."""
    rows = np.flatnonzero(binding)
    part = np.full(len(binding), -1, dtype=np.int64)
    if len(rows):
        owner = scipy.sparse.csr_matrix(
            (np.ones(len(model.item)), (np.arange(len(model.item)), model.item)), (len(model.item), model.items)
        )
        touches = (abs(model.matrix.tocsr()[rows]) @ owner).tocsr()
        part[rows] = scipy.sparse.csgraph.connected_components(touches @ touches.T, directed=False)[1]
    return part


def _names(model: Model, row: int, near: Ints) -> Tuple[str, ...]:
    own = model.problem.limits[row].id
    names = [CONFLICT_ID if model.limit[one] == CONFLICT else model.problem.limits[one].id for one in near]
    return tuple(dict.fromkeys(name for name in names if name != own))[:OTHERS]


def _lack(problem: Problem, row: int, short_by: float, kind: str, others: Tuple[str, ...] = ()) -> Lack:
    limit = problem.limits[row]
    short_by = float(np.round(short_by, 6))
    return Lack(limit, Reason(limit.id, limit.unit_code, limit.unit, short_by, kind, limit.year, others))


class _Checking:
    """Lets a cancel through."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def look(self, value: float, bound: float) -> bool:
        self._progress.check(0.5)
        return False
