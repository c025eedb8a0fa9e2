"""Plots where there are no parcels: what is known of them is their own area and what their fields say."""

from __future__ import annotations

from typing import Mapping, Union

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import Coefficients, Side
from three_opt_three_protect.core.allocation.taking import in_the_way, overlapping
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.optimiser.problem import Ints
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import CULTIVATED, NewBuildPlots, ReclaimPlots


def plain_coefficients(
    reclaim: ReclaimPlots, newbuild: NewBuildPlots, spec: AreaSpec, profile: Profile, progress: Progress = SILENT
) -> Coefficients:
    """Plots without parcels: a candidate is all construction land, a site all newly built; else nothing is known.

    R is the candidate's area, F its stated rate (else the profile's default) of that area, N the site's area.
    """
    pairs, shared = overlapping(reclaim.repaired.geometry, newbuild.repaired.geometry, spec, Part(progress, 0.0, 0.5))
    keep = in_the_way(pairs, shared, len(reclaim), spec.tolerance.area_m2)
    areas = [to_units(np.nan_to_num(spec.measure(plots.repaired.geometry))) for plots in (reclaim, newbuild)]
    nothing = (np.zeros(len(reclaim), dtype=np.bool_), np.zeros(len(newbuild), dtype=np.bool_))
    return Coefficients(
        None,
        reclaim,
        newbuild,
        _plain_side(reclaim, _plain_reclaim(reclaim, areas[0], profile)),
        _plain_side(newbuild, _plain_newbuild(newbuild, areas[1])),
        frozenset({"reclaim", "newbuild"}),
        None,
        np.ones(len(newbuild), dtype=np.bool_),
        pairs[keep],
        shared[keep],
        nothing,
        (areas[0] == 0, areas[1] == 0),
        (np.zeros(len(reclaim)), np.zeros(len(newbuild))),
    )


def _plain_reclaim(plots: ReclaimPlots, area: Ints, profile: Profile) -> Mapping[str, Ints]:
    large = area >= to_units(np.array([profile.number("large_homestead_m2")]))[0]
    ratio = np.where(large, profile.number("new_cultivated_ratio_large"), profile.number("new_cultivated_ratio_small"))
    rate = np.where(np.isnan(plots.rate), ratio, plots.rate)
    gain = np.where(plots.direction == CULTIVATED, to_units(to_m2(area) * rate), 0)
    return {"reclaimed_m2": area, "reclaim_plot_m2": area, "cultivated_gain_m2": gain, "reclaimed_cultivated_m2": gain}


def _plain_newbuild(plots: NewBuildPlots, area: Ints) -> Mapping[str, Ints]:
    stock = plots.quota_source == "stock"
    added = np.where(stock, 0, area)
    amounts = {"newbuild_plot_m2": area, "stock_m2": area - added, "added_m2": added, "released_m2": 0 * area}
    amounts["linked_plot_m2"] = np.where(plots.quota_source == "linked", area, 0)
    for word in ("linked", "annual_plan", "provincial"):
        amounts[f"added_{word}_m2"] = np.where(plots.quota_source == word, added, 0)
    for word in ("resettlement", "town", "industry", "infrastructure"):
        amounts[f"added_{word}_m2"] = np.where(plots.use == word, added, 0)
    return amounts


def _plain_side(plots: Union[ReclaimPlots, NewBuildPlots], amounts: Mapping[str, Ints]) -> Side:
    count = len(plots)
    settlement = plots.settlement if isinstance(plots, ReclaimPlots) else np.full(count, None, dtype=np.object_)
    return Side(count, np.arange(count), plots.unit_code, settlement, amounts)
