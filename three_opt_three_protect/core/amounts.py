"""What every account line is made of: amounts of plot pieces, amounts of base pieces, and sums of both.

A line is linear in the plots of a plan, so the accounts of a plan and what one plot does to them come
from the same definitions (00-supplement 1.3–1.9).
"""

from __future__ import annotations

from typing import Dict, Mapping, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import Changes
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import NewBuildPlots

BASE_LINES = ("total_m2", "construction_base_m2", "cultivated_base_m2", "farmland_base_m2", "farmland_net_m2")
"""Lines of the land as it is, whatever the plan."""

DERIVED: Mapping[str, Mapping[str, int]] = {
    "net_reduction_m2": {"reclaimed_m2": 1, "added_m2": -1},
    "net_reduction_linked_m2": {"reclaimed_m2": 1, "added_linked_m2": -1},
    "surplus_m2": {"reclaimed_m2": 1, "added_resettlement_m2": -1},
    "construction_after_m2": {"construction_base_m2": 1, "reclaimed_m2": -1, "added_m2": 1, "released_m2": -1},
    "cultivated_net_gain_m2": {"cultivated_gain_m2": 1, "cultivated_loss_m2": -1},
    "cultivated_after_m2": {"cultivated_base_m2": 1, "cultivated_gain_m2": 1, "cultivated_loss_m2": -1},
}
"""Lines that follow from others: line → line → factor."""

STATES = frozenset(BASE_LINES) | {line for line, parts in DERIVED.items() if set(parts) & set(BASE_LINES)}
"""Lines that tell how the land is; the others are sums of what happens, and have a date."""

_LINES: Tuple[Tuple[str, str], ...] = (
    ("construction", "total_m2 construction_base_m2 net_reduction_m2 net_reduction_linked_m2 surplus_m2"),
    ("construction", "construction_after_m2"),
    ("cultivated", "cultivated_base_m2 cultivated_net_gain_m2 cultivated_after_m2"),
    ("farmland", "farmland_base_m2 farmland_net_m2"),
    (
        "construction",
        "reclaimed_m2 added_m2 added_linked_m2 added_annual_plan_m2 added_provincial_m2 stock_m2 reused_m2 kept_m2 "
        "released_m2 reclaim_plot_m2 not_counted_m2 newbuild_plot_m2 added_resettlement_m2 added_town_m2 "
        "added_industry_m2 added_infrastructure_m2 built_on_accepted_m2 reclaim_inside_boundary_m2 "
        "newbuild_outside_boundary_m2 newbuild_agricultural_m2 reclaimed_agricultural_m2 "
        "linked_plot_m2 linked_agricultural_m2 linked_cultivated_m2",
    ),
    (
        "cultivated",
        "cultivated_gain_m2 cultivated_loss_m2 cultivated_loss_construction_m2 cultivated_loss_other_m2 "
        "reclaimed_cultivated_m2 gain_barred_m2 paddy_loss_m2",
    ),
    (
        "farmland",
        "newbuild_farmland_m2 newbuild_farmland_net_m2 newbuild_redline1_m2 newbuild_redline2_m2 reclaim_redline_m2",
    ),
)

ACCOUNT_OF: Mapping[str, str] = {line: account for account, lines in _LINES for line in lines.split()}
"""Area line → account, in the order of the accounts."""

NEEDS: Mapping[str, Tuple[str, ...]] = {
    "farmland_base_m2": ("farmland",),
    "farmland_net_m2": ("farmland",),
    "newbuild_farmland_m2": ("farmland",),
    "newbuild_farmland_net_m2": ("farmland",),
    "newbuild_redline1_m2": ("redline",),
    "newbuild_redline2_m2": ("redline",),
    "reclaim_redline_m2": ("redline",),
    "gain_barred_m2": ("redline",),
    "newbuild_outside_boundary_m2": ("boundary",),
    "reclaim_inside_boundary_m2": ("boundary",),
}
"""Line → roles of lines without which it is not known."""


def base_amounts(base: BaseState) -> Mapping[str, Ints]:
    """Line of :data:`BASE_LINES` → ``(n,)`` hundredths of every base piece."""
    return {
        "total_m2": base.area,
        "construction_base_m2": np.where(base.group == LandGroup.CONSTRUCTION, base.area, 0),
        "cultivated_base_m2": base.cultivated_net,
        "farmland_base_m2": np.where(base.in_farm, base.cultivated_net, 0),
        # A task is compared with net areas (YJJBNTMJ), whatever lies within the line (00-supplement 1.5).
        "farmland_net_m2": np.where(base.in_farm, base.net, 0),
    }


def plot_amounts(base: BaseState, change: Changes, newbuild: NewBuildPlots, profile: Profile) -> Mapping[str, Ints]:
    """Line → ``(p,)`` hundredths of every plot piece."""
    plots = change.plots
    row, area = plots.base, plots.area
    on, out = change.newbuild_on, change.reclaim_on
    source = _take_words(newbuild.quota_source, plots.newbuild)
    use = _take_words(newbuild.use, plots.newbuild)
    bounded = np.isin(use.astype(str), profile.words("uses_inside_boundary"))
    construction = base.group[row] == LandGroup.CONSTRUCTION
    amounts: Dict[str, Ints] = {
        "reclaimed_m2": change.reclaimed,
        "added_m2": change.added,
        "stock_m2": change.stock,
        "reused_m2": change.reused,
        "kept_m2": change.kept,
        "released_m2": change.released,
        "reclaim_plot_m2": np.where(out, area, 0),
        "not_counted_m2": np.where(out & ~construction, area, 0),
        "newbuild_plot_m2": np.where(on, area, 0),
        "built_on_accepted_m2": np.where(change.accepted_first, area, 0),
        "reclaim_inside_boundary_m2": np.where(out & base.in_bound[row], change.reclaimed, 0),
        "newbuild_outside_boundary_m2": np.where(on & bounded & ~base.in_bound[row], area, 0),
        "newbuild_agricultural_m2": change.agricultural_before,
        "reclaimed_agricultural_m2": np.where(change.group_at_use == LandGroup.AGRICULTURAL, change.reclaimed, 0),
        "cultivated_gain_m2": change.gain,
        "cultivated_loss_m2": change.loss,
        "cultivated_loss_construction_m2": change.loss_construction,
        "cultivated_loss_other_m2": change.loss - change.loss_construction,
        "reclaimed_cultivated_m2": change.cultivated_after,
        "gain_barred_m2": np.where(change.gain_barred, area, 0),
        "paddy_loss_m2": np.where(base.paddy[row], np.where(on & ~change.accepted_first, plots.net, 0), 0),
        "newbuild_farmland_m2": np.where(on & base.in_farm[row], area, 0),
        "newbuild_farmland_net_m2": np.where(on & base.in_farm[row], plots.net, 0),
        "newbuild_redline1_m2": np.where(on & (base.redline[row] == 1), area, 0),
        "newbuild_redline2_m2": np.where(on & (base.redline[row] > 1), area, 0),
        "reclaim_redline_m2": np.where(out & (base.redline[row] > 0), area, 0),
    }
    linked = {
        "plot": np.where(on, area, 0),
        "agricultural": change.agricultural_before,
        "cultivated": change.loss_construction,
    }
    for name, values in linked.items():
        amounts[f"linked_{name}_m2"] = np.where(source == "linked", values, 0)
    for word in ("linked", "annual_plan", "provincial"):
        amounts[f"added_{word}_m2"] = np.where(source == word, change.added, 0)
    for word in ("resettlement", "town", "industry", "infrastructure"):
        amounts[f"added_{word}_m2"] = np.where(use == word, change.added, 0)
    return amounts


def _take_words(words: NDArray[np.object_], index: Ints) -> NDArray[np.object_]:
    """``words[index]``, None where the index is −1."""
    out = np.full(len(index), None, dtype=np.object_)
    out[index >= 0] = words[index[index >= 0]]
    return out
