"""What is to be said of a self-check besides its tables."""

from __future__ import annotations

from typing import List, Mapping, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.findings import INFO, SEEN_M2, WARNING, Finding
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.selfcheck import Checked
from three_opt_three_protect.plans.selfcheckobjects import Previous

Bools = NDArray[np.bool_]


def check_findings(checked: Checked, dated: bool) -> Tuple[Finding, ...]:
    """Findings on the result; ``dated`` = both years state the year of their data."""
    found = [*_outlines(checked), *_recorded(checked), *_overlaps(checked), *_plots(checked)]
    if not dated:
        found += _swapped(checked)
    if checked.around.farmland is None:
        layer = checked.years[0].parcels.table.name
        found.append(Finding("selfcheck_no_farmland", WARNING, layer, {"layer": layer}))
    return tuple(found)


def previous_findings(checked: Checked, previous: Previous, layer: str) -> Tuple[Finding, ...]:
    """Whether the earlier self-check ``layer`` has anything in common with this one."""
    stated = {key[1] if previous.by_object else key[0] for key in previous.standing}
    before, after = (year.parcels for year in checked.years)
    plots = (checked.plan.reclaim.plot_id, checked.plan.newbuild.plot_id)
    ids = (*plots, before.parcel_id, after.parcel_id) if previous.by_object else (checked.unit.levels,)
    if not stated or any(str(one or "") in stated for column in ids for one in column):
        return ()
    return (Finding("selfcheck_previous_unlike", WARNING, layer, {"layer": layer}),)


def _m2(checked: Checked, where: Bools) -> float:
    return float(to_m2(checked.area[where].sum()))


def _outlines(checked: Checked) -> List[Finding]:
    """Land that only one of the years has."""
    only = {side: _m2(checked, checked.fact("land", side)) for side in ("before", "after")}
    if max(only.values()) < SEEN_M2:
        return []
    names = {"layer": checked.years[0].parcels.table.name, "other": checked.years[1].parcels.table.name}
    values: Mapping[str, Value] = {**names, "gone": only["before"], "added": only["after"]}
    return [Finding("selfcheck_outlines_differ", WARNING, str(names["layer"]), values)]


def _recorded(checked: Checked) -> List[Finding]:
    """Recorded areas of the later year against what lies there by the earlier year's control areas."""
    parcels = checked.years[1].parcels
    stated = ~np.isnan(parcels.recorded_m2) & parcels.repaired.kept
    if not stated.any():
        return []
    rest = to_units(np.nan_to_num(parcels.recorded_m2)) - sum_by(checked.after, checked.area, len(parcels))
    off = stated & (np.abs(rest) > 1)
    if not off.any():
        return []
    values: Mapping[str, Value] = {
        "layer": parcels.table.name,
        "count": int(off.sum()),
        "difference": float(to_m2(rest[off].sum())),
        "largest": float(to_m2(np.abs(rest[off]).max())),
    }
    return [Finding("selfcheck_area_differs", INFO, parcels.table.name, values)]


def _overlaps(checked: Checked) -> List[Finding]:
    """Plots that claim land twice: the first has it."""
    layers = {"reclaim": checked.plan.reclaim.table.name, "newbuild": checked.plan.newbuild.table.name}
    return [
        Finding("selfcheck_overlap", WARNING, layer, {"layer": layer, "area": round(checked.overlaps[role], 2)})
        for role, layer in layers.items()
        if checked.overlaps.get(role, 0.0) >= SEEN_M2
    ]


def _plots(checked: Checked) -> List[Finding]:
    """Plots on no parcel, and built plots whose quota cannot be proved."""
    found: List[Finding] = []
    for plots, row in ((checked.plan.reclaim, checked.reclaim), (checked.plan.newbuild, checked.newbuild)):
        without = np.bincount(row[row >= 0], minlength=len(plots)) == 0
        if len(plots) and without.any():
            found.append(_of_plots("selfcheck_plots_outside", plots.table.name, plots.plot_id[without]))
    unsure = checked.fact("quota", "unknown") & (checked.status.where(lambda status: status == "newbuild_done"))
    if unsure.any():
        plots = checked.plan.newbuild
        ids = plots.plot_id[np.unique(checked.newbuild[unsure])]
        found.append(_of_plots("selfcheck_quota_unknown", plots.table.name, ids))
    return found


def _of_plots(finding: str, layer: str, ids: NDArray[np.object_]) -> Finding:
    listed = ", ".join(str(one) for one in ids[:5]) + (" …" if len(ids) > 5 else "")
    return Finding(finding, WARNING, layer, {"layer": layer, "count": len(ids), "plots": listed})


def _swapped(checked: Checked) -> List[Finding]:
    """More of the plan is carried out in the earlier year than in the later one."""
    built = [checked.fact(side, "construction") for side in ("before", "after")]
    moved = ~checked.fact("same", "1") & checked.fact("land", "both")
    new, out = checked.newbuild >= 0, (checked.reclaim >= 0) & (checked.newbuild < 0)
    forward = (new & ~built[0] & built[1]) | (out & built[0] & ~built[1])
    backward = (new & built[0] & ~built[1]) | (out & ~built[0] & built[1])
    if _m2(checked, moved & backward) <= _m2(checked, moved & forward):
        return []
    names = [year.parcels.table.name for year in checked.years]
    return [Finding("selfcheck_maybe_swapped", WARNING, names[0], {"before": names[0], "after": names[1]})]
