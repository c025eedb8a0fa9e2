"""Which candidate comes first: the reserve before all else, then town fringe, roadside, patch, grade, slope (R13)."""

from __future__ import annotations

from typing import Mapping, Optional

import numpy as np

from three_opt_three_protect.core.farmland.facts import Bools, Floats

DECIMALS = 6
"""Scores are rounded before they rank, so that the order follows from the figure printed."""

RESERVE_FIRST = 0.5
"""Half of the scale: the worst of the reserve comes before the best of the rest."""


def nearness(distance: Floats, reach_m: float) -> Floats:
    """1 at 0 m, 0 from ``reach_m`` on."""
    return np.clip(1.0 - distance / reach_m, 0.0, 1.0)


def rising(values: Floats) -> Floats:
    """0 for the least, 1 for the largest; all alike say nothing and get a half. NaN takes the mean."""
    known = ~np.isnan(values)
    if not known.any() or not values[known].max() > values[known].min():
        return np.full(len(values), 0.5)
    share = (values - values[known].min()) / (values[known].max() - values[known].min())
    return np.where(known, share, share[known].mean())


def stated(values: Floats) -> Optional[Floats]:
    """``values`` 0–1 with the mean where nothing is stated; None where nothing is at all."""
    known = ~np.isnan(values)
    return np.where(known, values, values[known].mean()) if known.any() else None


def scores(factors: Mapping[str, Optional[Floats]], weights: Mapping[str, float], reserve: Bools) -> Floats:
    """``(c,)`` 0–1, 1 first.

    Parameters
    ----------
    factors
        Name of a weight → ``(c,)`` 0–1, None where its data is missing: the others share its weight.
    reserve
        ``(c,)`` bool.
    """
    known = {name: values for name, values in factors.items() if values is not None and weights.get(name, 0.0) > 0}
    total = sum(weights[name] for name in known)
    own = np.zeros(len(reserve))
    for name, values in known.items():
        own += weights[name] / total * values
    return np.asarray(np.round(RESERVE_FIRST * own + np.where(reserve, RESERVE_FIRST, 0.0), DECIMALS))
