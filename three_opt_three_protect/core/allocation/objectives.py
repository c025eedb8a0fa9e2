"""What a plan is to be best in: cost, new cultivated land, households, contiguity, or some of these weighed."""

from __future__ import annotations

from typing import Callable, Dict, Mapping, Optional

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import Coefficients
from three_opt_three_protect.core.allocation.money import reclaim_cost
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.contiguity import Edges, open_edge
from three_opt_three_protect.core.optimiser.problem import Floats, Objective
from three_opt_three_protect.core.rules import Profile

COST, CULTIVATED, HOUSEHOLDS, CONTIGUITY, WEIGHTED = "cost", "cultivated", "households", "contiguity", "weighted"
OBJECTIVES = (COST, CULTIVATED, HOUSEHOLDS, CONTIGUITY, WEIGHTED)

MAXIMISED = frozenset({CULTIVATED})
"""Objectives whose value is shown with the other sign than it is minimised with."""


def objective(
    name: str, held: Coefficients, profile: Profile, edges: Callable[[], Edges], weights: Mapping[str, float]
) -> Objective:
    """The objective called ``name``.

    Parameters
    ----------
    edges
        Measures the candidates' edges; asked only where contiguity counts.
    weights
        Of ``weighted``: objective → weight. Each term is divided by its sum over all candidates, so that a weight
        means what it says whatever the units.

    Raises
    ------
    InputError
        ``cost_missing``; ``weights_missing``, ``weight_unknown``, ``weight_not_positive``.
    """
    if name != WEIGHTED:
        return _one(name, held, profile, edges)
    _check(weights)
    terms = [(_one(each, held, profile, edges), weight) for each, weight in weights.items() if weight > 0]
    total = sum(weight for _, weight in terms)
    reclaim, newbuild = np.zeros(held.reclaim.count), np.zeros(held.newbuild.count)
    pairs: Optional[Objective] = None
    scaled: Dict[str, float] = {}
    for term, weight in terms:
        scaled[term.name] = weight / total / _scale(term, edges)
        reclaim = reclaim + scaled[term.name] * term.reclaim
        newbuild = newbuild + scaled[term.name] * term.newbuild
        pairs = term if len(term.pairs) else pairs
    if pairs is None:
        return Objective(WEIGHTED, "", reclaim, newbuild)
    return Objective(WEIGHTED, "", reclaim, newbuild, pairs.pairs, scaled[pairs.name] * pairs.pair_gain)


def _one(name: str, held: Coefficients, profile: Profile, edges: Callable[[], Edges]) -> Objective:
    none = np.zeros(held.newbuild.count)
    if name == COST:
        return Objective(COST, "yuan", reclaim_cost(held, profile), none)
    if name == CULTIVATED:
        return Objective(CULTIVATED, "m2", -held.reclaim.of("cultivated_gain_m2"), none)
    if name == HOUSEHOLDS:
        return Objective(HOUSEHOLDS, "households", np.nan_to_num(held.reclaim_plots.households), none)
    return open_edge(edges(), held.newbuild.count)


def _scale(term: Objective, edges: Callable[[], Edges]) -> float:
    """Σ over all candidates; of contiguity their whole perimeter."""
    sizes: Floats = edges().perimeter if term.name == CONTIGUITY else np.abs(term.reclaim)
    return float(sizes.sum()) or 1.0


def _check(weights: Mapping[str, float]) -> None:
    if not weights:
        raise InputError("weights_missing")
    for name, weight in weights.items():
        if name not in OBJECTIVES or name == WEIGHTED:
            raise InputError("weight_unknown", value=name, allowed=", ".join(OBJECTIVES[:-1]))
        if not weight >= 0:
            raise InputError("weight_not_positive", name=name, value=weight)
    if not sum(weights.values()) > 0:
        raise InputError("weights_missing")
