"""What plots say of households where they do not say it outright; the same for the optimiser and for the money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import is_none
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots

RESETTLEMENT = "resettlement"
"""The use of sites that house who moves."""


def uninhabited(plots: ReclaimPlots) -> NDArray[np.bool_]:
    """``(n,)`` nobody lives there: no households, or none stated and no natural village (a works, a school)."""
    empty = np.where(np.isnan(plots.households), is_none(plots.settlement), plots.households == 0)
    return np.asarray(empty, dtype=np.bool_)


def flats(sites: NewBuildPlots, area_m2: NDArray[np.float64], profile: Profile) -> NDArray[np.float64]:
    """``(m,)`` households each resettlement site can take: as stated, else whole ones by its area."""
    by_area = np.floor(area_m2 / profile.number("land_per_household_m2"))
    stated = np.where(np.isnan(sites.households), by_area, sites.households)
    return np.where(sites.use == RESETTLEMENT, stated, 0.0)
