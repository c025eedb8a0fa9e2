"""What the plan does to every piece of a plot: class before, class after, at its date.

Sources: 00-supplement 1.4 (construction account), 1.5 (cultivated-land account).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState, Bools, PlotPieces
from three_opt_three_protect.core.landuse import GROUP_OF_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.core.measure import UNITS_PER_M2, share_out, to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import CULTIVATED, NewBuildPlots, ReclaimPlots


@dataclass(frozen=True)
class Changes:
    """Every plot piece with what happens to it; ``(n,)`` each, areas int64 hundredths of a m².

    Attributes
    ----------
    plots
        The plot pieces themselves.
    reclaim_on, newbuild_on
        The plot of that kind takes effect (by the date asked for).
    accepted_first
        Reclaimed land is built on after its acceptance.
    reclaims
        The piece is reclaimed: its plot takes effect before anything is built there, and it is no land that stays.
    group_at_use
        Int8 :class:`LandGroup` when a new-build plot takes the piece, or would: reclaimed land as its plot leaves it.
    reclaimed
        R: base construction land that ends as something else.
    added
        N: land built on that is no construction land at the date of use.
    stock
        Existing construction land inside new-build plots.
    reused
        Part of ``stock`` that a reclaim plot claims too, not accepted when it is built on.
    kept
        Construction land inside reclaim plots that stays: trunk roads, water works and the like.
    released
        Construction land that a new-build plot turns into agricultural land (a lane, a ditch).
    cultivated_after
        G: cultivated land after reclamation.
    gain
        F: cultivated land after reclamation minus before (may be negative).
    loss
        Z: cultivated land at the date of use that is built on or otherwise occupied.
    loss_construction
        Part of ``loss`` occupied by construction land.
    agricultural_before
        Agricultural land at the date of use inside new-build plots that add construction land.
    class_after_new, class_known
        ``(newbuild plots,)`` class code after building, None where not stated; bool, the classification
        has that code.
    group_after
        Int8 :class:`LandGroup` of the piece in the end.
    gain_barred
        No new cultivated land may count here (redline, patch too small).
    """

    plots: PlotPieces
    reclaim_on: Bools
    newbuild_on: Bools
    accepted_first: Bools
    reclaims: Bools
    group_at_use: NDArray[np.int8]
    reclaimed: Ints
    added: Ints
    stock: Ints
    reused: Ints
    kept: Ints
    released: Ints
    cultivated_after: Ints
    gain: Ints
    loss: Ints
    loss_construction: Ints
    agricultural_before: Ints
    class_after_new: NDArray[np.object_]
    class_known: Bools
    group_after: NDArray[np.int8]
    gain_barred: Bools


def changes(
    base: BaseState,
    plots: PlotPieces,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    profile: Profile,
    system: ClassSystem,
    as_of: str = "",
) -> Changes:
    """Follow every plot piece from its base class to its class after the plan.

    Parameters
    ----------
    as_of
        ISO date: only plots that happen by then take effect; ``""`` = the whole plan.
    """
    reclaim_on, newbuild_on, accepted_first = _order(plots, reclaim, newbuild, as_of)
    row, area = plots.base, plots.area
    codes = base.parcels.class_code[base.parcel[row]].astype(str)
    # Roads, railways and works that cross a village stay (00-supplement 1.4.2).
    kept = reclaim_on & (base.group[row] == LandGroup.CONSTRUCTION) & np.isin(codes, profile.words("classes_kept"))
    # Land that is built on before its reclamation is accepted is never reclaimed.
    reclaims = reclaim_on & (~newbuild_on | accepted_first) & ~kept
    group, cultivated = base.group[row], np.where(base.cultivated[row], plots.net, 0)
    construction = group == LandGroup.CONSTRUCTION
    barred = _gain_barred(base, plots, reclaim, reclaims, profile)
    after = _cultivated_after(base, plots, reclaim, reclaims, barred, cultivated, profile)
    class_after, class_known, group_new = _after_building(newbuild, profile, system)
    group_reclaimed = np.array(
        [GROUP_OF_TOKEN[profile.word_of("direction_group")[word]] for word in reclaim.direction], dtype=np.int8
    )
    state = np.where(reclaims, _take(group_reclaimed, plots.reclaim), group)
    state_cultivated = np.where(reclaims, after, cultivated)
    ends = np.where(newbuild_on, _take(group_new, plots.newbuild), state)
    builds = newbuild_on & (ends == LandGroup.CONSTRUCTION)
    was_built = state == LandGroup.CONSTRUCTION
    return Changes(
        plots=plots,
        reclaim_on=reclaim_on,
        newbuild_on=newbuild_on,
        accepted_first=accepted_first,
        reclaims=reclaims,
        group_at_use=state.astype(np.int8),
        reclaimed=np.where(reclaims & construction & ~was_built, area, 0),
        added=np.where(builds & ~was_built, area, 0),
        stock=np.where(newbuild_on & was_built, area, 0),
        reused=np.where(newbuild_on & was_built & reclaim_on & ~accepted_first, area, 0),
        kept=np.where(kept, area, 0),
        released=np.where(newbuild_on & was_built & ~builds, area, 0),
        cultivated_after=np.where(reclaims, after, 0),
        gain=np.where(reclaims, after - cultivated, 0),
        loss=np.where(newbuild_on, state_cultivated, 0),
        loss_construction=np.where(builds, state_cultivated, 0),
        agricultural_before=np.where(builds & (state == LandGroup.AGRICULTURAL), area, 0),
        class_after_new=class_after,
        class_known=class_known,
        group_after=ends.astype(np.int8),
        gain_barred=barred,
    )


def _take(values: NDArray[np.int8], index: Ints) -> NDArray[np.int8]:
    """``values[index]``, 0 where the index is −1."""
    if not len(values):
        return np.zeros(len(index), dtype=np.int8)
    return np.where(index >= 0, values[np.maximum(index, 0)], np.int8(0))


def _order(plots: PlotPieces, reclaim: ReclaimPlots, newbuild: NewBuildPlots, as_of: str) -> Tuple[Bools, Bools, Bools]:
    """Which plots take effect on each piece, and where reclamation is accepted before the use.

    On one day the credit comes before the debit. Without a date of use every accepted reclamation
    counts as earlier: the stricter reading.
    """
    never = np.datetime64("NaT")
    done = np.append(reclaim.day, never)[plots.reclaim]
    used = np.append(newbuild.day, never)[plots.newbuild]
    reclaim_on, newbuild_on = plots.reclaim >= 0, plots.newbuild >= 0
    if as_of:
        day = np.datetime64(as_of, "D")
        reclaim_on = reclaim_on & (done <= day)
        newbuild_on = newbuild_on & (used <= day)
    accepted_first = reclaim_on & newbuild_on & ~np.isnat(done) & ~(used < done)
    return reclaim_on, newbuild_on, accepted_first


def _gain_barred(base: BaseState, plots: PlotPieces, reclaim: ReclaimPlots, here: Bools, profile: Profile) -> Bools:
    """Where land reclaimed for cultivation may count as R but never as new cultivated land (00-supplement 1.5)."""
    count = len(reclaim)
    here = here & np.append(reclaim.direction == CULTIVATED, False)[plots.reclaim]
    barred = here & (base.redline[plots.base] > 0)
    smallest = to_units(np.array([profile.number("min_patch_cultivated_m2")]))[0]
    size = sum_by(plots.reclaim, np.where(here, plots.area, 0), count)
    cultivated = sum_by(plots.reclaim, np.where(here & base.cultivated[plots.base], plots.area, 0), count)
    for plot in np.flatnonzero((size > 0) & (size < smallest)):
        touching = base.tree.query(reclaim.repaired.geometry[plot], predicate="intersects")
        touching = touching[base.cultivated[touching]]
        # The cultivated land inside the plot is in both sums.
        patch = size[plot] - cultivated[plot] + base.area[touching].sum()
        barred |= here & (plots.reclaim == plot) & (patch < smallest)
    return barred


def _cultivated_after(
    base: BaseState,
    plots: PlotPieces,
    reclaim: ReclaimPlots,
    here: Bools,
    barred: Bools,
    cultivated: Ints,
    profile: Profile,
) -> Ints:
    """G of every piece: the plot's new cultivated land dealt out to its pieces.

    A plot's G is its rate times its area.  Existing cultivated land stays, then former construction
    land becomes cultivated, then ponds and lanes: ditches and lanes that a plot keeps are those it
    has.  Barred pieces keep what they are.
    """
    if not len(reclaim):
        return np.zeros(len(plots.base), dtype=np.int64)
    direction_cultivated = np.append(reclaim.direction == CULTIVATED, False)[plots.reclaim]
    open_ = here & direction_cultivated & ~barred
    construction = base.group[plots.base] == LandGroup.CONSTRUCTION
    total = _target(base, plots, reclaim, open_, construction, cultivated, profile)
    after = np.where(here & direction_cultivated & barred, cultivated, 0)
    tiers = (
        np.where(open_, cultivated, 0),
        np.where(open_ & construction, plots.area, 0),
        np.where(open_ & ~construction, plots.area - cultivated, 0),
    )
    group = np.maximum(plots.reclaim, 0)
    for capacity in tiers:
        room = np.bincount(group, capacity, len(reclaim)).astype(np.int64)
        amount = np.minimum(total, room)
        after = after + share_out(amount, capacity, group)
        total = total - amount
    return after


def _target(
    base: BaseState,
    plots: PlotPieces,
    reclaim: ReclaimPlots,
    open_: Bools,
    construction: Bools,
    cultivated: Ints,
    profile: Profile,
) -> Ints:
    """G of every plot in hundredths.

    A stated rate applies to the whole plot (worked example 1.11); the profile's default applies to
    the construction land only, existing cultivated land is added (00-supplement 4, Q3).
    """
    count = len(reclaim)
    plot = plots.reclaim

    def by_plot(values: Ints, where: Bools) -> NDArray[np.float64]:
        return np.asarray(np.bincount(plot[where], values[where], count), dtype=np.float64)

    area = by_plot(plots.area, open_)
    built = by_plot(plots.area, open_ & construction)
    codes = np.array(base.parcels.class_code[base.parcel[plots.base]], dtype=np.object_)
    industrial = np.isin(codes.astype(str), profile.words("industrial_classes"))
    from_industry = by_plot(plots.area, open_ & construction & industrial) * 2 > built
    large = built >= profile.number("large_homestead_m2") * UNITS_PER_M2
    default = np.where(
        from_industry,
        profile.number("new_cultivated_ratio_industrial"),
        np.where(large, profile.number("new_cultivated_ratio_large"), profile.number("new_cultivated_ratio_small")),
    )
    stated = ~np.isnan(reclaim.rate)
    wanted = np.where(stated, np.nan_to_num(reclaim.rate) * area, default * built + by_plot(cultivated, open_))
    return np.minimum(to_units(wanted / UNITS_PER_M2), area.astype(np.int64))


def _after_building(
    newbuild: NewBuildPlots, profile: Profile, system: ClassSystem
) -> Tuple[NDArray[np.object_], Bools, NDArray[np.int8]]:
    """Class of every new-build plot, whether it is known, and its group: construction land unless known better."""
    defaults = profile.word_of("use_class")
    codes = np.array(
        [
            code if code is not None else defaults.get(use or "") or None
            for code, use in zip(newbuild.class_after, newbuild.use)
        ],
        dtype=np.object_,
    )
    if not len(codes):
        return codes, np.empty(0, dtype=np.bool_), np.empty(0, dtype=np.int8)
    classes = system.classify(codes)
    groups = np.where(classes.known, classes.group, np.int8(LandGroup.CONSTRUCTION))
    return codes, classes.known, groups.astype(np.int8)


def sum_by(index: Ints, values: Ints, count: int) -> Ints:
    """Sum whole numbers by index, exactly; −1 is passed over."""
    out = np.zeros(count, dtype=np.int64)
    inside = index >= 0
    np.add.at(out, index[inside], values[inside])
    return out
