"""What a planner should know of his plots: nothing is passed over in silence."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import Changes, sum_by
from three_opt_three_protect.core.findings import (
    ERROR,
    INFO,
    SEEN_M2,
    WARNING,
    Finding,
    feature_finding,
    repair_findings,
)
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.overlay import overlaps
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.tables import Geometries, LayerTable


def plot_findings(
    base: BaseState, change: Changes, reclaim: ReclaimPlots, newbuild: NewBuildPlots, profile: Profile
) -> Tuple[Finding, ...]:
    """Findings on the plots of a plan, the most serious first."""
    found: List[Finding] = []
    found += repair_findings(reclaim.table, reclaim.repaired) + repair_findings(newbuild.table, newbuild.repaired)
    found += _construction_share(base, change, reclaim, profile)
    for table, missing in zip((reclaim.table, newbuild.table), change.plots.uncovered):
        found += feature_finding("plot_outside_parcels", WARNING, table, missing > SEEN_M2, float(missing.sum()))
    found += _overlaps(reclaim.table, reclaim.repaired.geometry, change.plots.overlap[0])
    found += _overlaps(newbuild.table, newbuild.repaired.geometry, change.plots.overlap[1])
    built_on = change.plots.newbuild[change.accepted_first]
    area = float(to_m2(change.plots.area[change.accepted_first]).sum())
    found += feature_finding("built_on_accepted_reclaim", ERROR, newbuild.table, _mask(built_on, len(newbuild)), area)
    for plots in (reclaim, newbuild):
        found += feature_finding("plot_without_date", WARNING, plots.table, np.isnat(plots.day), 0.0)
    unclassed = np.array([code is None for code in change.class_after_new], dtype=bool)
    found += feature_finding("class_after_missing", WARNING, newbuild.table, unclassed, 0.0)
    found += feature_finding("class_after_unknown", WARNING, newbuild.table, ~unclassed & ~change.class_known, 0.0)
    found += feature_finding("direction_assumed", INFO, reclaim.table, reclaim.direction_assumed, 0.0)
    pond = np.isin(reclaim.direction.astype(str), profile.words("directions_to_justify"))
    found += feature_finding("direction_to_justify", WARNING, reclaim.table, pond, 0.0)
    barred = sum_by(change.plots.reclaim, np.where(change.gain_barred, change.plots.area, 0), len(reclaim))
    found += feature_finding("gain_barred", WARNING, reclaim.table, barred > 0, float(to_m2(barred).sum()))
    plot_m2 = to_m2(sum_by(change.plots.reclaim, change.plots.area, len(reclaim)))
    excess = np.nan_to_num(reclaim.accepted_m2) - plot_m2
    # Two surveys of one plot never agree to the centimetre.
    beyond = excess > np.maximum(base.spec.tolerance.area_m2, base.spec.tolerance.share * plot_m2)
    found += feature_finding("accepted_beyond_plot", WARNING, reclaim.table, beyond, float(excess[beyond].sum()))
    order = {ERROR: 0, WARNING: 1, INFO: 2}
    return tuple(sorted(found, key=lambda finding: order[finding.severity]))


def _overlaps(table: LayerTable, geometry: Geometries, area: float) -> List[Finding]:
    """Plots of one layer over each other; ``area`` is what the accounts count once only."""
    if area <= SEEN_M2:
        return []
    return feature_finding("plots_overlap", WARNING, table, _mask(overlaps(geometry).rows, len(table)), area)


def _construction_share(base: BaseState, change: Changes, reclaim: ReclaimPlots, profile: Profile) -> List[Finding]:
    """A plot round a village holds ponds and lanes; they are listed and not counted (00-supplement 1.4.1)."""
    plots = change.plots
    built = base.group[plots.base] == LandGroup.CONSTRUCTION
    area = sum_by(plots.reclaim, plots.area, len(reclaim))
    construction = sum_by(plots.reclaim, np.where(built, plots.area, 0), len(reclaim))
    share = construction / np.maximum(area, 1)
    none = (area > 0) & (construction == 0)
    low = (construction > 0) & (share < profile.number("reclaim_construction_share"))
    partly = (construction > 0) & (construction < area)
    other = float(to_m2((area - construction)[partly]).sum())
    return [
        *feature_finding("reclaim_without_construction", ERROR, reclaim.table, none, float(to_m2(area[none]).sum())),
        *feature_finding("reclaim_little_construction", WARNING, reclaim.table, low, 0.0),
        *feature_finding("reclaim_other_land", INFO, reclaim.table, partly, other),
    ]


def _mask(rows: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    out = np.zeros(count, dtype=bool)
    out[rows] = True
    return out
