"""A frontier as a table and as the figures of its chart (``allocate`` FRONTIER, FRONTIER_CHART)."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text
from three_opt_three_protect.reports.comparison import FrontierFigures, printed, unit_word
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import Words

if TYPE_CHECKING:
    from three_opt_three_protect.core.allocation.propose import Proposal
    from three_opt_three_protect.core.allocation.tradeoff import TradeOff
    from three_opt_three_protect.core.optimiser.problem import Objective

TITLES: Mapping[str, str] = {
    "cost": "line.reclaim_cost",
    "cultivated": "line.cultivated_gain_m2",
    "households": "line.households",
    "contiguity": "chart.open_edge",
}
"""Objective → what its axis is called."""

_DECIMALS = 4


def frontier_layer(proposal: Proposal, traded: Optional[TradeOff]) -> LayerTable:
    """The points, one row each (``FRONTIER``), values as a planner reads them; empty when there are none."""
    from three_opt_three_protect.core.allocation.tradeoff import chosen_ids

    points = () if traded is None else traded.points
    units = ("", "") if traded is None else (traded.first.unit, traded.second.unit)
    first, second, bounds = ([], [], []) if traded is None else _shown(traded)
    chosen = [chosen_ids(proposal.problem, point) for point in points]
    count = len(points)
    columns = {
        "point": integer(np.arange(1, count + 1, dtype=np.int64), alias="方案序号", width=4),
        "first": _real(first, "目标值"),
        "second": _real(second, "权衡目标值"),
        "unit_1": text([units[0]] * count, alias="目标计量单位", width=12),
        "unit_2": text([units[1]] * count, alias="权衡目标计量单位", width=12),
        "first_bnd": _real(bounds, "目标值界限"),
        "reclaim": integer(np.array([len(one[0]) for one in chosen], dtype=np.int64), alias="拆旧地块数", width=6),
        "newbuild": integer(np.array([len(one[1]) for one in chosen], dtype=np.int64), alias="建新地块数", width=6),
        "chosen": text([",".join((*one[0], *one[1])) for one in chosen], alias="入选地块"),
    }
    return LayerTable("frontier", np.arange(1, count + 1, dtype=np.int64), columns=columns)


def frontier_figures(traded: TradeOff, words: Words, area: AreaUnit = AreaUnit.HA) -> FrontierFigures:
    """What the chart shows: areas in ``area``, money in 万元."""
    first, second, bounds = _shown(traded)
    axes = [_axis(objective, words, area) for objective in (traded.first, traded.second)]
    return FrontierFigures(
        *axes[0],
        *axes[1],
        tuple(_printed(value, traded.first, area) for value in first),
        tuple(_printed(value, traded.second, area) for value in second),
        tuple(None if bound is None else _printed(bound, traded.first, area) for bound in bounds),
        _sign(traded.first) < 0,
        _sign(traded.second) < 0,
    )


def _shown(traded: TradeOff) -> Tuple[List[float], List[float], List[Optional[float]]]:
    """First value, second value and bound of the first of every point; what is to be large is positive."""
    one, other = _sign(traded.first), _sign(traded.second)
    points = traded.points
    return (
        [one * point.first + 0.0 for point in points],
        [other * point.second + 0.0 for point in points],
        [None if point.first_bound is None else one * point.first_bound + 0.0 for point in points],
    )


def _real(values: Sequence[Optional[float]], alias: str) -> Column:
    return real(np.round([np.nan if value is None else value for value in values], _DECIMALS), alias, 20, _DECIMALS)


def _sign(objective: Objective) -> float:
    from three_opt_three_protect.core.allocation.objectives import MAXIMISED

    return -1.0 if objective.name in MAXIMISED else 1.0


def _axis(objective: Objective, words: Words, area: AreaUnit) -> Tuple[str, str]:
    _, unit, _ = printed(None, objective.unit, area)
    return words(TITLES[objective.name]), unit_word(unit, words)


def _printed(value: float, objective: Objective, area: AreaUnit) -> float:
    cell, _, _ = printed(value, objective.unit, area)
    return float(cell or 0.0)
