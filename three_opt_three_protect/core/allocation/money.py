"""What candidates cost and sites bring in."""

from __future__ import annotations

from typing import List, Sequence

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import Coefficients
from three_opt_three_protect.core.allocation.moments import Moments
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.measure.units import M2_PER_UNIT
from three_opt_three_protect.core.optimiser.problem import Floats, Limit
from three_opt_three_protect.core.plotfacts import uninhabited
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import first_features
from three_opt_three_protect.core.targets import Target

BUDGET = "budget_yuan"
"""Indicator: money there is besides the income of sites, by the end of ``year``; and the limit's id is ``budget``."""

_MU = M2_PER_UNIT["mu"]


def reclaim_cost(held: Coefficients, profile: Profile) -> Floats:
    """``(n,)`` yuan of every candidate: as stated, else by area where nobody lives.

    What it costs to move households cannot be told from the area.

    Raises
    ------
    InputError
        ``cost_missing``: names the candidates.
    """
    plots = held.reclaim_plots
    by_area = held.reclaim.of("reclaim_plot_m2") / _MU * profile.number("reclaim_yuan_per_mu")
    missing = np.isnan(plots.cost) & ~uninhabited(plots)
    if missing.any():
        features = first_features(plots.table, missing)
        raise InputError("cost_missing", layer=plots.table.name, features=features, count=int(missing.sum()))
    return np.where(np.isnan(plots.cost), by_area, plots.cost)


def site_income(held: Coefficients, profile: Profile) -> Floats:
    """``(m,)`` yuan each site brings in; nothing where no price is stated."""
    return held.area / _MU * np.nan_to_num(held.newbuild_plots.price) * profile.number("price_field_yuan")


def budget_limits(
    held: Coefficients, profile: Profile, targets: Sequence[Target], moments: Moments, cost: Floats
) -> List[Limit]:
    """Budget and income through each phase ≥ cost through it; none where no budget is given."""
    given = [target for target in targets if target.indicator == BUDGET and not target.unit_code]
    if not given:
        return []
    income = site_income(held, profile)
    return [
        moments.cumulative(
            "budget",
            "yuan",
            sum(target.value for target in given if target.year is None or target.year <= year),
            -cost,
            income,
            float(year),
            float(year),
            year,
        )
        for year in moments.phases
    ]
