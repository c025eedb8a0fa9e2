"""Areas of the places where lines and plots meet: of the places themselves, or of the official parcels in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import Areas, BaseState
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.conflicts import Places
from three_opt_three_protect.core.factor import Factor, Texts
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.pieces import AreaSpec, Ints, Whole, split
from three_opt_three_protect.core.progress import SILENT, Progress


@dataclass(frozen=True)
class Shares:
    """Parts of places in one village each, ``(k,)``: row of the place, village code or None, hundredths of a m²."""

    place: Ints
    unit: Texts
    area: Ints
    net: Optional[Ints] = None


@dataclass(frozen=True)
class Amounts:
    """Areas of places, ``(n,)`` int64 hundredths of a m².

    Attributes
    ----------
    area
        Gross.
    net, cultivated, built
        Net of ridges, net cultivated land, construction land; None where no parcels were given.
    unclassed
        Bool: some of the place has no land class that is known, so neither is ``cultivated`` nor ``built``.
    unit
        Village with the largest share, None where none is known.
    shares
        The same land by village: adds up to ``area``.
    uncovered
        M² of every place that lies on no parcel, measured by itself; contained in ``area``.
    """

    area: Ints
    net: Optional[Ints]
    cultivated: Optional[Ints]
    built: Optional[Ints]
    unclassed: NDArray[np.bool_]
    unit: Texts
    shares: Shares
    uncovered: NDArray[np.float64]


def own_amounts(
    places: Places, spec: AreaSpec, villages: Optional[Areas] = None, progress: Progress = SILENT
) -> Amounts:
    """The places' own areas; by village where village polygons are given."""
    nowhere = np.full(len(places), None, dtype=np.object_)
    shares = Shares(np.arange(len(places), dtype=np.int64), nowhere, places.area)
    if villages is not None and len(places):
        whole = Whole(places.geometry, places.area, places.area)
        cut = split(whole, [villages.zones()], spec, 0.0, progress)
        names = np.array([*villages.names, None], dtype=np.object_)
        shares = _by_unit(cut.pieces.parcel, Factor.of(names[cut.pieces.zone[:, 0]]), cut.area, None)
    none = np.zeros(len(places), dtype=np.bool_)
    return Amounts(places.area, None, None, None, none, _largest(shares, len(places)), shares, np.zeros(len(places)))


def place_layers(places: Places) -> Tuple[Areas, ...]:
    """The places as further layers to cut parcels with, one a pair, because places of two pairs may overlap."""
    found = (np.flatnonzero(places.pair == pair) for pair in np.unique(places.pair))
    return tuple(Areas(places.geometry[rows], rows) for rows in found)


def parcel_amounts(places: Places, base: BaseState, progress: Progress = SILENT) -> Amounts:
    """Areas by parcels cut along :func:`place_layers`: they add up to the recorded areas of the parcels.

    What lies on no parcel is measured by itself and counted too.

    Parameters
    ----------
    base
        Its ``others`` are those layers, and nothing else.
    """
    count = len(places)
    piece, column = np.nonzero(base.others >= 0)
    place = base.others[piece, column]

    def summed(values: Ints) -> Ints:
        return sum_by(place, values[piece], count)

    covered = np.bincount(place, shapely.area(base.geometry)[piece], count).astype(np.float64)
    loose, uncovered = _loose(places, base, place, piece, covered, progress)
    built = np.where(base.group == LandGroup.CONSTRUCTION, base.area, 0)
    shares = _by_unit(
        np.concatenate([place, np.arange(count, dtype=np.int64)]),
        Factor.of(np.concatenate([base.unit_code[piece], np.full(count, None, dtype=np.object_)])),
        np.concatenate([base.area[piece], loose]),
        np.concatenate([base.net[piece], loose]),
    )
    return Amounts(
        summed(base.area) + loose,
        summed(base.net) + loose,
        summed(base.cultivated_net),
        summed(built),
        summed(np.where(base.group == LandGroup.UNKNOWN, base.area, 0)) > 0,
        _largest(shares, count),
        shares,
        uncovered,
    )


def _loose(
    places: Places, base: BaseState, place: Ints, piece: Ints, covered: NDArray[np.float64], progress: Progress
) -> Tuple[Ints, NDArray[np.float64]]:
    """Hundredths and m² of every place beyond all parcels."""
    own = np.asarray(shapely.area(places.geometry), dtype=np.float64)
    short = np.flatnonzero(own - covered > 1e-6 * np.maximum(own, 1.0))
    order = np.argsort(place, kind="stable")
    start = np.searchsorted(place[order], np.arange(len(places) + 1))
    area = np.zeros(len(places))
    for number, row in enumerate(short.tolist()):
        progress.check(number / len(short))
        mine = base.geometry[piece[order[start[row] : start[row + 1]]]]
        rest = shapely.difference(places.geometry[row], shapely.union_all(mine))
        area[row] = base.spec.measure(np.array([rest], dtype=np.object_))[0]
    return to_units(area), area


def _by_unit(place: Ints, unit: Factor, area: Ints, net: Optional[Ints]) -> Shares:
    """Shares of one place in one village put together; empty ones left out; a village without a code is none."""
    width = max(len(unit.levels), 1)
    key, index = np.unique(place * width + unit.code, return_inverse=True)
    index = index.reshape(-1)
    total = sum_by(index, area, len(key))
    kept = np.flatnonzero(total > 0)
    levels = np.array([*(level or None for level in unit.levels), None], dtype=np.object_)
    found = levels[(key % width)[kept]]
    nets = None if net is None else sum_by(index, net, len(key))[kept]
    return Shares((key // width)[kept], found, total[kept], nets)


def _largest(shares: Shares, count: int) -> Texts:
    """The village with most of every place; of equal ones the one with the lowest code."""
    out = np.full(count, None, dtype=np.object_)
    names = np.array(["" if name is None else str(name) for name in shares.unit], dtype=np.str_)
    _, rank = np.unique(names, return_inverse=True)
    order = np.lexsort((-rank.reshape(-1), shares.area, names != ""))
    out[shares.place[order]] = shares.unit[order]
    return out
