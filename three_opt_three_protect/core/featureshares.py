"""Line and point features on the pieces of cut parcels, so that every share adds up (04-area 4.6).

A line is shared out by its length in each piece, a point goes to the piece it lies in.  A piece cannot
bear more than it has: what a narrow strip along a road cannot hold goes to the parcel's other pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.deductions import ELSEWHERE, Deducted, Features
from three_opt_three_protect.core.measure import Floats, Ints, deduct, share_out
from three_opt_three_protect.core.tables import CrsInfo, Geometries

_WEIGHT = 1e6
"""Lengths become whole micrometres when they are weights."""

Weigh = Callable[[Geometries, Geometries, Ints], Floats]
"""``(p,)`` features, pieces and feature numbers → ``(p,)`` weights."""


@dataclass(frozen=True)
class Shares:
    """What pieces bear of features, one row for every pair.

    Attributes
    ----------
    piece, source
        ``(s,)`` int64, row of the piece and of the feature in its layer.
    area
        ``(s,)`` int64 hundredths of a m².
    astray
        Rows in the features' layer that do not touch the parcel they are taken off; shared by area.
    """

    piece: Ints
    source: Ints
    area: Ints
    astray: Ints


@dataclass(frozen=True)
class PieceDeductions:
    """Deductions of pieces, and what each bears of which line and point."""

    areas: Deducted
    lines: Shares
    points: Shares


def deduct_pieces(
    geometry: Geometries,
    parent: Ints,
    gross: Ints,
    whole: Deducted,
    lines: Features,
    points: Features,
    crs: CrsInfo,
    near: float,
) -> PieceDeductions:
    """Deductions of pieces that add up to their parcel's, line by line and point by point.

    Parameters
    ----------
    geometry, parent, gross
        ``(n,)`` pieces, rows of their parcels ascending, gross areas in hundredths; those of a parcel add
        up to its own.
    whole
        Of the parcels, with ``line`` and ``point`` the sums of ``lines`` and ``points``.
    crs
        Of the coordinates.
    near
        Metres: a line this close to a piece runs along it.

    Returns
    -------
    PieceDeductions
        Every sum over a parcel is the parcel's; nothing is below zero.
    """
    piece_range = _ranges(parent, len(whole.net))
    held_lines = _share(lines, piece_range, geometry, gross, _lengths(crs, near))
    held_points = _share(points, piece_range, geometry, gross, _nearest)
    held_lines, held_points = _fit([held_lines, held_points], parent, piece_range, gross)
    line, point = (_totals(held, len(gross)) for held in (held_lines, held_points))
    left = gross - line - point
    base = whole.ridge + whole.net
    rate = whole.ridge / np.maximum(base, 1)
    net = deduct(left, rate[parent], parent, whole.ridge)
    return PieceDeductions(Deducted(line, point, left - net, net), held_lines, held_points)


def _ranges(parent: Ints, count: int) -> Tuple[Ints, Ints]:
    """First piece of every parcel and the one after its last."""
    parcels = np.arange(count)
    return np.searchsorted(parent, parcels), np.searchsorted(parent, parcels, side="right")


def _share(
    features: Features, piece_range: Tuple[Ints, Ints], geometry: Geometries, gross: Ints, weigh: Weigh
) -> Shares:
    """Each feature over the pieces of its parcel, by weight, else by area."""
    first, last = (bound[features.parcel] for bound in piece_range)
    count = np.where(features.parcel == ELSEWHERE, 0, last - first)
    feature = np.repeat(np.arange(len(count)), count)
    piece = np.repeat(first, count) + np.arange(len(feature)) - np.repeat(np.cumsum(count) - count, count)
    weight = np.ones(len(feature), dtype=np.int64)
    cut = np.flatnonzero(count[feature] > 1)
    weighed = weigh(features.geometry[feature[cut]], geometry[piece[cut]], feature[cut])
    weight[cut] = np.rint(weighed * _WEIGHT).astype(np.int64)
    astray = (count > 0) & (np.bincount(feature, weight, len(count)) == 0)
    lost = astray[feature]
    weight[lost] = gross[piece[lost]]
    area = share_out(np.where(count > 0, features.area, 0), weight, feature)
    kept = area > 0
    return Shares(piece[kept], features.source[feature[kept]], area[kept], np.unique(features.source[astray]))


def _lengths(crs: CrsInfo, near: float) -> Weigh:
    """Length of a line within each piece or along its edge, m."""
    unit = crs.metres_per_unit

    def weigh(lines: Geometries, pieces: Geometries, _: Ints) -> Floats:
        inside = shapely.intersection(lines, shapely.buffer(pieces, near / unit, quad_segs=1))
        if crs.is_geographic and len(inside):
            # A degree of longitude is shorter than one of latitude.
            east = np.cos(np.radians(np.nanmean(shapely.bounds(pieces)[:, [1, 3]])))
            inside = shapely.transform(inside, lambda xy: xy * [east, 1.0])
        return np.asarray(np.nan_to_num(shapely.length(inside)) * unit)

    return weigh


def _nearest(points: Geometries, pieces: Geometries, feature: Ints) -> Floats:
    """1 for the piece a point lies in, or else the nearest; of several the first."""
    order = np.lexsort((shapely.distance(points, pieces), feature))
    weight = np.zeros(len(feature))
    weight[order[np.unique(feature[order], return_index=True)[1]]] = 1.0
    return weight


def _totals(shares: Shares, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, shares.piece, shares.area)
    return total


def _fit(held: List[Shares], parent: Ints, piece_range: Tuple[Ints, Ints], gross: Ints) -> List[Shares]:
    """Move what pieces cannot hold to the pieces of their parcel that have most room."""
    room = gross - sum(_totals(shares, len(gross)) for shares in held)
    if (room >= 0).all():
        return held
    return [_moved(shares, parent, piece_range, room) for shares in held]


def _moved(shares: Shares, parent: Ints, piece_range: Tuple[Ints, Ints], room: Ints) -> Shares:
    """Take shares off crowded pieces, the largest first; ``room`` is brought up to date."""
    area = shares.area.copy()
    added: List[Tuple[int, int, int]] = []
    for row in np.lexsort((-area, shares.piece)):
        piece = int(shares.piece[row])
        if room[piece] >= 0:
            continue
        first, last = (int(bound[parent[piece]]) for bound in piece_range)
        for other in first + np.argsort(-room[first:last], kind="stable"):
            taken = int(min(-room[piece], area[row], room[other]))
            if taken <= 0:
                break
            area[row] -= taken
            room[piece] += taken
            room[other] -= taken
            added.append((int(other), int(shares.source[row]), taken))
    more = np.array(added, dtype=np.int64).reshape(-1, 3)
    piece = np.concatenate([shares.piece, more[:, 0]])
    source = np.concatenate([shares.source, more[:, 1]])
    return _merged(piece, source, np.concatenate([area, more[:, 2]]), shares.astray)


def _merged(piece: Ints, source: Ints, area: Ints, astray: Ints) -> Shares:
    """One row for every pair that bears anything."""
    order = np.lexsort((source, piece))
    piece, source, area = piece[order], source[order], area[order]
    new = np.ones(len(piece), dtype=bool)
    new[1:] = (np.diff(piece) != 0) | (np.diff(source) != 0)
    starts = np.flatnonzero(new)
    total = np.add.reduceat(area, starts) if len(starts) else area
    kept = total > 0
    return Shares(piece[starts][kept], source[starts][kept], total[kept], astray)
