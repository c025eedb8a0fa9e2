"""Topsoil: what new building strips and what new cultivated land needs, m³.

Sources: R16, M23 (00-supplement 2): duty on non-agricultural occupation of cultivated land, permanent basic farmland
and good grades first; 00-supplement 4 Q18 (depth).  A volume is the area on which topsoil is stripped or laid times
the depth, in place (bank); on a lorry it is looser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import Changes, sum_by
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.measure import share_out, to_m2, to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.plane import Plane
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import CULTIVATED, Days, NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.tables import Geometries, LayerTable, first_features

Floats = NDArray[np.float64]

NEWBUILD, RECLAIM, PROJECT, STORAGE = "newbuild", "reclaim", "project", "storage"
"""Kinds of places: where soil is stripped, two where it is laid, and where it is kept."""

FIRST, GOOD, REST = 0, 1, 2
"""Which soil is used first: of permanent basic farmland, of good grades, of the rest."""

DUTY_ALL = "all"
"""Value of the profile's ``topsoil_duty``: every occupation; any other: only by construction land."""


@dataclass(frozen=True)
class Places:
    """Places that give, take or keep topsoil, ``(n,)`` each.

    Attributes
    ----------
    kind
        :data:`NEWBUILD`, :data:`RECLAIM`, :data:`PROJECT` or :data:`STORAGE`.
    shape, point
        Polygon or point in the layer's coordinates; ``(n, 2)`` a point in it, metres.
    area
        Int64 hundredths of a m², on which soil is stripped or laid.
    depth
        Metres; NaN where the volume is stated.
    volume
        Int64 hundredths of a m³, in place.
    day
        When it is stripped or laid, NaT where not known.
    """

    kind: Texts
    plot_id: Texts
    unit_code: Texts
    shape: Geometries
    point: Floats
    area: Ints
    depth: Floats
    volume: Ints
    day: Days

    def __len__(self) -> int:
        return len(self.plot_id)

    def take(self, rows: NDArray[np.bool_]) -> Places:
        """The places at ``rows``."""
        return Places(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Lots:
    """The soil of donors by the order in which it is used, ``(k,)`` each: donor, tier, hundredths of a m³."""

    donor: Ints
    tier: Ints
    volume: Ints


def joined(parts: Sequence[Places]) -> Places:
    """Places of several kinds, one after the other."""
    return Places(*(np.concatenate([getattr(part, name) for part in parts]) for name in Places.__dataclass_fields__))


def depths(stated: Floats, default: float, profile: Profile, table: LayerTable, field: str) -> Floats:
    """``(n,)`` metres of every plot: its own depth, else the default.

    Raises
    ------
    InputError
        ``topsoil_depth_wrong``: not in the range of the profile (``topsoil_depth_range_m``).
    """
    least, most = depth_range(profile)
    wrong = ~np.isnan(stated) & ~((stated >= least) & (stated <= most))
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError(
            "topsoil_depth_wrong", layer=table.name, features=features, field=field,
            value=float(stated[wrong][0]), least=least, most=most,
        )  # fmt: skip
    return np.where(np.isnan(stated), default, stated)


def depth_range(profile: Profile) -> tuple[float, float]:
    """Smallest and largest depth the profile allows, metres."""
    found = profile.number_of("topsoil_depth_range_m")
    return found["least"], found["most"]


def volume_of(area: Ints, depth: Floats) -> Ints:
    """Hundredths of a m² × metres → hundredths of a m³, half away from zero."""
    return to_units(np.round(to_m2(area) * depth, 6))


def points_in(shapes: Geometries, plane: Plane) -> Floats:
    """``(n, 2)`` metres: a point inside every polygon, or the point itself; NaN where there is no geometry."""
    inside = shapely.point_on_surface(plane.metres(shapes))
    return np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])


def donors(
    base: BaseState,
    change: Changes,
    newbuild: NewBuildPlots,
    depth: Floats,
    units: Texts,
    plane: Plane,
    profile: Profile,
) -> tuple[Places, Lots]:
    """New-build plots on cultivated land, and their soil by priority.

    Parameters
    ----------
    depth
        ``(n,)`` metres of every new-build plot.
    units
        ``(n,)`` village code of every new-build plot.

    Returns
    -------
    Places
        Plots that strip something.
    Lots
        Their soil; over a plot the volumes add up to the plot's, which is rounded once.
    """
    plots, count = change.plots, len(newbuild)
    taken = change.loss if profile.word("topsoil_duty") == DUTY_ALL else change.loss_construction
    area = sum_by(plots.newbuild, taken, count)
    gives = area > 0
    lots = _lots(base, change, taken, np.where(gives, volume_of(area, depth), 0), profile)
    shapes = newbuild.repaired.geometry
    every = Places(
        _all(NEWBUILD, count), newbuild.plot_id, units, shapes, points_in(shapes, plane), area, depth,
        volume_of(area, depth), newbuild.day,
    )  # fmt: skip
    row = np.cumsum(gives) - 1
    return every.take(gives), replace(lots, donor=row[lots.donor])


def _lots(base: BaseState, change: Changes, taken: Ints, volume: Ints, profile: Profile) -> Lots:
    plots, tiers = change.plots, 3
    grade = base.grades.grade[plots.base]
    # Soil of land that was reclaimed before it is built on is not that of the parcel there was.
    good = (grade <= profile.number("topsoil_good_grade")) & ~change.accepted_first
    first = base.in_farm[plots.base] & ~change.accepted_first
    tier = np.where(first, FIRST, np.where(good, GOOD, REST))
    here = plots.newbuild >= 0
    key = (plots.newbuild[here] * tiers + tier[here]).astype(np.int64)
    area = sum_by(key, taken[here], len(volume) * tiers)
    donor, order = np.divmod(np.arange(len(area), dtype=np.int64), tiers)
    shares = share_out(volume, area, donor)
    some = shares > 0
    return Lots(donor[some], order[some], shares[some])


def reclaim_receivers(change: Changes, reclaim: ReclaimPlots, depth: Floats, units: Texts, plane: Plane) -> Places:
    """Plots reclaimed to cultivated land that gain some: the land there was has its topsoil already."""
    gain = sum_by(change.plots.reclaim, change.gain, len(reclaim))
    area = np.where(reclaim.direction == CULTIVATED, np.maximum(gain, 0), 0).astype(np.int64)
    shapes = reclaim.repaired.geometry
    every = Places(
        _all(RECLAIM, len(reclaim)), reclaim.plot_id, units, shapes, points_in(shapes, plane), area, depth,
        volume_of(area, depth), reclaim.day,
    )  # fmt: skip
    return every.take(area > 0)


def _all(kind: str, count: int) -> Texts:
    return np.full(count, kind, dtype=np.object_)
