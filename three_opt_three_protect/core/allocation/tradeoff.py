"""What one aim costs of another: the frontier of a problem, every plan of it held against the rules by the balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.objectives import WEIGHTED
from three_opt_three_protect.core.allocation.propose import Proposal, stands
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.frontier import Point, frontier
from three_opt_three_protect.core.optimiser.problem import Effort, Objective, Problem
from three_opt_three_protect.core.optimiser.trimming import trimmed
from three_opt_three_protect.core.progress import SILENT, Part, Progress

_SEARCHING = 0.9
"""Share of the progress."""


@dataclass(frozen=True)
class TradeOff:
    """The frontier of two objectives.

    Attributes
    ----------
    first, second
        As they are minimised; ``first`` is what the plan was proposed for.
    points
        By the first objective, its best end first; those that stand in the balance.
    fallen
        Points left out because they do not.
    """

    first: Objective
    second: Objective
    points: Tuple[Point, ...]
    fallen: int


def check_pair(first: str, second: str) -> None:
    """Two different objectives, each with a unit of its own.

    Raises
    ------
    InputError
        ``frontier_pair``.
    """
    if first == second or WEIGHTED in (first, second):
        raise InputError("frontier_pair", first=first, second=second)


def trade_off(proposal: Proposal, effort: Effort, points: int, progress: Progress = SILENT) -> Optional[TradeOff]:
    """The frontier of what ``proposal`` was made for and ``Options.against``.

    Parameters
    ----------
    effort
        As of :func:`frontier.frontier`: ``seconds`` are those of all its searches together.
    points
        Most plans.

    Returns
    -------
    TradeOff or None
        None when there is no plan, or nothing to trade the objective off against.

    Raises
    ------
    Cancelled
        The user asked to stop.
    """
    first, second = proposal.problem.objective, proposal.prepared.against
    if second is None or not proposal.plan.found:
        return None
    progress.step("trading_off", 1.0)
    found = frontier(proposal.problem, first, second, effort, points, Part(progress, 0.0, _SEARCHING))
    asked = replace(proposal.problem, objective=_either(first, second))
    kept: List[Point] = []
    for number, point in enumerate(found):
        progress.check(_SEARCHING + (1.0 - _SEARCHING) * number / len(found))
        plan = trimmed(asked, point.plan)
        if stands(proposal, plan):
            kept.append(replace(point, plan=plan))
    return TradeOff(first, second, tuple(kept), len(found) - len(kept))


def chosen_ids(problem: Problem, point: Point) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
    """Ids of the candidates and of the sites of a point."""
    plan = point.plan
    return (
        tuple(str(name) for name in problem.reclaim_id[plan.reclaim_phase >= 0]),
        tuple(str(name) for name in problem.newbuild_id[plan.newbuild_phase >= 0]),
    )


def _either(first: Objective, second: Objective) -> Objective:
    """An objective that asks for every plot that either asks for: what is left out of a plan changes neither value."""
    return Objective(
        first.name,
        first.unit,
        np.abs(first.reclaim) + np.abs(second.reclaim),
        np.abs(first.newbuild) + np.abs(second.newbuild),
        np.concatenate([first.pairs, second.pairs]),
        np.concatenate([first.pair_gain, second.pair_gain]),
    )
