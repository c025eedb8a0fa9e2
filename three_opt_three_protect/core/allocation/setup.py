"""From candidates, sites, rules and needs to the problem a search is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import Coefficients
from three_opt_three_protect.core.allocation.locks import locks
from three_opt_three_protect.core.allocation.moments import Moments, moments
from three_opt_three_protect.core.allocation.money import BUDGET, reclaim_cost
from three_opt_three_protect.core.allocation.needs import Demand
from three_opt_three_protect.core.allocation.objectives import COST, WEIGHTED, objective
from three_opt_three_protect.core.allocation.rows import Closed, Rows, rows
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.contiguity import Edges, edges
from three_opt_three_protect.core.optimiser.problem import ALONE, Bools, Effort, Floats, Ints, Objective, Problem, Texts
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import ReclaimPlots
from three_opt_three_protect.core.tables import Geometries
from three_opt_three_protect.core.targets import Target

OUTSIDE, UNCLASSED = "outside_parcels", "unclassed"
"""Why a plot is closed that no rule closes: it lies on no parcel, or on land whose class is not known."""


@dataclass(frozen=True)
class Options:
    """What the planner asks for.

    Attributes
    ----------
    phases
        Years, ascending.
    objective
        One of ``objectives.OBJECTIVES``; ``weights`` are those of ``weighted``.
    lock_in, lock_out
        Plot ids; ``locked`` is what the plots' own fields say (candidates, sites): in, out or None.
    whole_villages
        Candidates of one natural village are chosen together and in one phase.
    snap
        Metres within which plot vertices are moved onto those of the base pieces.
    against
        What the objective is to be traded off against, one of ``OBJECTIVES``; ``""`` = nothing.
    """

    phases: Tuple[int, ...]
    objective: str = COST
    weights: Mapping[str, float] = field(default_factory=dict)
    lock_in: Tuple[str, ...] = ()
    lock_out: Tuple[str, ...] = ()
    locked: Optional[Tuple[Texts, Texts]] = None
    whole_villages: bool = True
    effort: Effort = field(default_factory=Effort)
    snap: float = 0.001
    against: str = ""


@dataclass(frozen=True)
class Prepared:
    """A problem and where it comes from.

    Attributes
    ----------
    edges
        Measures the candidates' edges when first asked.
    cost
        ``(n,)`` yuan of every candidate; None when the problem does not ask for it.
    against
        What the objective is to be traded off against; None = nothing.
    """

    problem: Problem
    coefficients: Coefficients
    moments: Moments
    rows: Rows
    edges: Callable[[], Edges]
    cost: Optional[Floats] = None
    against: Optional[Objective] = None


def prepare(
    held: Coefficients,
    profile: Profile,
    targets: Sequence[Target],
    demand: Sequence[Demand],
    options: Options,
    progress: Progress = SILENT,
) -> Prepared:
    """The problem of choosing among candidates and sites.

    Raises
    ------
    InputError
        What is wrong with phases, locks, demand, costs or weights.
    """
    reclaim, newbuild = held.reclaim_plots, held.newbuild_plots
    nothing = tuple(np.full(len(plots), None, dtype=np.object_) for plots in (reclaim, newbuild))
    stated = options.locked or (nothing[0], nothing[1])
    locked = locks((reclaim.plot_id, newbuild.plot_id), stated, options.lock_in, options.lock_out)
    when = moments(options.phases, reclaim, newbuild, locked)
    measured = _edges_of(held, progress)
    wanted = objective(options.objective, held, profile, measured, options.weights)
    against = objective(options.against, held, profile, measured, {}) if options.against else None
    budgeted = any(target.indicator == BUDGET and not target.unit_code for target in targets)
    asked = options.weights if options.objective == WEIGHTED else (options.objective, options.against)
    priced = budgeted or COST in asked
    cost = reclaim_cost(held, profile) if priced else None
    made = rows(held, profile, targets, demand, when, cost if budgeted else None)
    closed = (*made.closed, *_unusable(held, when))
    opened = [when.open_in(layer) for layer in (0, 1)]
    for one in closed:
        opened[one.layer][one.rows] = False
    free = opened[0].any(axis=1) & np.isnat(when.reclaim_day)
    group = _villages(reclaim, free, held.conflicts) if options.whole_villages else np.full(len(reclaim), ALONE)
    problem = Problem(
        when.phases,
        made.limits,
        wanted,
        opened[0],
        opened[1],
        when.reclaim_fixed,
        when.newbuild_fixed,
        group,
        held.conflicts,
        reclaim.plot_id,
        newbuild.plot_id,
    )
    return Prepared(problem, held, when, Rows(made.limits, closed, made.left_out), measured, cost, against)


def _unusable(held: Coefficients, when: Moments) -> List[Closed]:
    """Plots of which nothing can be known; none of them may be locked in."""
    found = []
    for layer, fixed in enumerate((when.reclaim_fixed, when.newbuild_fixed)):
        unclassed = held.unclassed[layer]
        if (unclassed & fixed).any():
            plots = (held.reclaim_plots, held.newbuild_plots)[layer]
            name = str(plots.plot_id[unclassed & fixed][0])
            raise InputError("locked_plot_unclassed", layer=plots.table.name, plot=name)
        for reason, where in ((OUTSIDE, held.outside[layer]), (UNCLASSED, unclassed)):
            if (where & ~fixed).any():
                found.append(Closed(reason, layer, np.flatnonzero(where & ~fixed)))
    return found


def _villages(plots: ReclaimPlots, free: Bools, conflicts: Ints) -> Ints:
    """``(n,)`` number of the natural village each free candidate goes with.

    Of candidates that take the same land only the first goes with the village, else it could never go.
    """
    inside = (conflicts < len(plots)).all(axis=1)
    later = np.zeros(len(plots), dtype=np.bool_)
    for first, second in conflicts[inside].tolist():
        if plots.settlement[first] == plots.settlement[second] and plots.unit_code[first] == plots.unit_code[second]:
            later[second] = True
    numbers: Dict[Tuple[object, object], int] = {}
    group = np.full(len(plots), ALONE, dtype=np.int64)
    for row in np.flatnonzero(free & ~later).tolist():
        if plots.settlement[row] is not None:
            group[row] = numbers.setdefault((plots.unit_code[row], plots.settlement[row]), len(numbers))
    return group


def _edges_of(held: Coefficients, progress: Progress) -> Callable[[], Edges]:
    """The edges of the candidates, measured when they are first wanted."""

    @lru_cache(maxsize=1)
    def measured() -> Edges:
        base = held.base
        fields: Geometries = np.empty(0, dtype=np.object_) if base is None else base.geometry[base.cultivated]
        crs = held.reclaim_plots.table.crs
        unit = crs.metres_per_unit if crs is not None else 1.0
        snap = 0.001 / unit
        return edges(held.reclaim_plots.repaired.geometry, fields, snap, progress, unit)

    return measured
