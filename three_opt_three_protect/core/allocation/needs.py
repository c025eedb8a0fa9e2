"""What a plan must provide: land for every use, and flats before households leave.

Sources: 00-supplement 1.7 (the order of resettlement and reclamation), M7 (先安置后拆迁).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import Coefficients
from three_opt_three_protect.core.allocation.moments import Moments
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.problem import Floats, Limit
from three_opt_three_protect.core.plotfacts import RESETTLEMENT, flats
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.targets import Target

DEMAND = "demand."
"""Ids of the limits of demand: this and the use."""

HOUSED, TRANSITION = "resettlement_households", "transition_households"
"""Indicators: households that existing flats can take (from ``year`` on), and that are put up for a time (until the
end of ``year``)."""

HOUSEHOLDS = "households"


@dataclass(frozen=True)
class Demand:
    """Land wanted for a use by the end of a phase; None = of the last one."""

    use: str
    area_m2: float
    year: Optional[int] = None


def demand_limits(held: Coefficients, demand: Sequence[Demand], moments: Moments) -> List[Limit]:
    """Area of sites of each use through each phase ≥ what is wanted by then.

    Raises
    ------
    InputError
        ``demand_year_is_no_phase``.
    """
    limits: List[Limit] = []
    for use in dict.fromkeys(one.use for one in demand):
        area = np.where(held.newbuild_plots.use == use, held.area, 0.0)
        wanted = [(one.year or moments.phases[-1], one.area_m2) for one in demand if one.use == use]
        for year in sorted({year for year, _ in wanted}):
            if year not in moments.phases:
                raise InputError("demand_year_is_no_phase", value=str(year), phases=", ".join(map(str, moments.phases)))
            total = sum(amount for when, amount in wanted if when <= year)
            if total > 0:
                none = np.zeros(held.reclaim.count)
                limits.append(
                    moments.cumulative(f"{DEMAND}{use}", "m2", -total, none, area, float(year), float(year), year)
                )
    return limits


def resettlement_limits(
    held: Coefficients, profile: Profile, targets: Sequence[Target], moments: Moments
) -> List[Limit]:
    """Flats that stand ``resettlement_lead_years`` before each phase ≥ households that need one by its end.

    Households of plots with a date have moved already: they take up flats that stand, but lacking flats are no
    reason against what is still to be chosen.
    """
    households = np.nan_to_num(held.reclaim_plots.households) * profile.number("resettlement_need_share")
    if not households.any():
        return []
    capacity = site_capacity(held, profile)
    lead = profile.number("resettlement_lead_years")
    limits = []
    for year in moments.phases:
        built_by = float(year - lead)
        over = moments.past(1, capacity, built_by) - moments.past(0, households, float(year))
        limit = moments.cumulative(
            RESETTLEMENT,
            HOUSEHOLDS,
            _existing(targets, year) - min(over, 0.0),
            -households,
            capacity,
            float(year),
            built_by,
            year,
        )
        limits.append(limit)
    return limits


def site_capacity(held: Coefficients, profile: Profile) -> Floats:
    """``(m,)`` households each resettlement site can take: as stated, else whole ones by its area."""
    return flats(held.newbuild_plots, held.area, profile)


def _existing(targets: Sequence[Target], year: int) -> float:
    """Households that need no new site in ``year``: in flats there are, or put up for a time (1.7 c)."""
    flats = [
        target.value
        for target in targets
        if target.indicator == HOUSED and not target.unit_code and (target.year is None or target.year <= year)
    ]
    in_between = [
        target.value
        for target in targets
        if target.indicator == TRANSITION and not target.unit_code and (target.year is None or target.year >= year)
    ]
    return float(sum(flats) + sum(in_between))
