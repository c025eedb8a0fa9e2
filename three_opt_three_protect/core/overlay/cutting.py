"""Cutting pieces by the zones that cross them, and putting equal fragments together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]

_GRID = 1e-10
"""Share of the largest coordinate near the origin: a thousandth of a millimetre in a township, metres or degrees."""

_VERTICES = 400_000
"""Zone vertices worked on between two looks at the cancel button, some tenths of a second."""


@dataclass(frozen=True)
class Fragments:
    """What zones took of pieces, and what they left.

    ``piece`` and ``zone`` are ``(f,)`` rows, ``geometry`` the ``(f,)`` fragments; ``remainder`` is
    one geometry a piece (None where nothing is left); ``overlap`` the area claimed more than once.
    """

    piece: Ints
    zone: Ints
    geometry: Geometries
    remainder: Geometries
    overlap: float


def cut(pieces: Geometries, zones: Geometries, piece: Ints, zone: Ints, progress: Progress) -> Fragments:
    """Let zones take their part of pieces, lower zone rows first.

    Parameters
    ----------
    pieces, zones
        Valid polygons.
    piece, zone
        ``(p,)`` rows of the pairs that meet.
    """
    order = np.lexsort((zone, piece))
    piece, zone = piece[order], zone[order]
    turn = np.arange(len(piece)) - np.searchsorted(piece, piece)
    remainder = pieces.copy()
    taken = np.empty(len(piece), dtype=np.object_)
    overlap = 0.0
    size = shapely.get_num_coordinates(zones)
    for number in range(int(turn.max(initial=-1)) + 1):
        this_turn = np.flatnonzero(turn == number)
        for some in _chunks(this_turn, size[zone[this_turn]]):
            progress.check(number / (number + 1))
            overlap += _cut_some(pieces, zones, piece, zone, some, remainder, taken)
    kept = ~shapely.is_missing(taken)
    return Fragments(piece[kept], zone[kept], taken[kept], remainder, overlap)


def _cut_some(
    pieces: Geometries,
    zones: Geometries,
    piece: Ints,
    zone: Ints,
    some: Ints,
    remainder: Geometries,
    taken: Geometries,
) -> float:
    """One turn of some pieces; fills ``taken``, updates ``remainder``, returns the doubly claimed area.

    Fragment and remainder are both cut with the zone itself: so they share the nodes of the cut.
    """
    rows = piece[some]
    cutters = zones[zone[some]]
    before = remainder[rows]
    got = polygonal(_robust(shapely.intersection, before, cutters))
    remainder[rows] = polygonal(_robust(shapely.difference, before, cutters))
    taken[some] = got
    second = np.array([left is not pieces[row] for left, row in zip(before, rows)], dtype=bool)
    claimed = shapely.area(_robust(shapely.intersection, pieces[rows[second]], cutters[second]))
    return float(claimed.sum() - np.nan_to_num(shapely.area(got[second])).sum())


def _robust(operation: Callable[..., Geometries], first: Geometries, second: Geometries) -> Geometries:
    """``operation`` pair by pair; a pair that floating point cannot node is cut on a fine grid."""
    try:
        return operation(first, second)
    except shapely.GEOSException:
        if len(first) > 1:
            half = len(first) // 2
            parts = (_robust(operation, first[:half], second[:half]), _robust(operation, first[half:], second[half:]))
            return np.concatenate(parts)
        grid = _GRID * float(np.abs(shapely.total_bounds(np.concatenate([first, second]))).max())
        return operation(shapely.make_valid(first), shapely.make_valid(second), grid_size=grid)


def merge_same(
    piece: Ints, key: Ints, geometry: Geometries, parents: Geometries, noise: float
) -> Tuple[Ints, Ints, Geometries, int]:
    """Put fragments of one piece with one key together; give specks to the largest fragment.

    Parameters
    ----------
    piece, key, geometry
        ``(f,)`` fragments; None is passed over.
    parents
        The pieces before the cut: a piece of which one key has everything stays its own object.
    noise
        Fragments of at most this area are specks of rounding.

    Returns
    -------
    piece, key, geometry, absorbed
        The fragments put together, ordered by piece and key, and the number of specks.
    """
    kept = ~shapely.is_missing(geometry)
    piece, key, geometry = piece[kept], key[kept], geometry[kept]
    area = shapely.area(geometry)
    order = np.lexsort((key, piece))
    piece, key, geometry, area = piece[order], key[order], geometry[order], area[order]
    start = np.ones(len(piece), dtype=bool)
    start[1:] = (piece[1:] != piece[:-1]) | (key[1:] != key[:-1])
    group = np.cumsum(start) - 1
    total = np.asarray(np.bincount(group, area, int(start.sum())), dtype=np.float64)
    piece, key = piece[start], key[start]
    merged = geometry[start]
    begin = np.append(np.flatnonzero(start), len(group))
    for row in np.flatnonzero(np.diff(begin) > 1):
        merged[row] = shapely.union_all(geometry[begin[row] : begin[row + 1]])
    return _absorb(piece, key, merged, total, parents, noise)


def _absorb(
    piece: Ints, key: Ints, geometry: Geometries, area: NDArray[np.float64], parents: Geometries, noise: float
) -> Tuple[Ints, Ints, Geometries, int]:
    speck = area <= noise
    # The largest fragment of a piece is never a speck, however small the piece.
    order = np.lexsort((area, piece))
    last = np.ones(len(piece), dtype=bool)
    last[:-1] = piece[order][1:] != piece[order][:-1]
    largest = order[last]
    speck[largest] = False
    home = np.full(len(parents), -1, dtype=np.int64)
    home[piece[largest]] = largest
    remaining = np.bincount(piece[~speck], minlength=len(parents))
    for row in np.flatnonzero(speck):
        host = home[piece[row]]
        if remaining[piece[row]] > 1:
            geometry[host] = shapely.union(geometry[host], geometry[row])
    alone = ~speck & (remaining[piece] == 1)
    geometry[alone] = parents[piece[alone]]
    return piece[~speck], key[~speck], geometry[~speck], int(speck.sum())


def polygonal(geometries: Geometries) -> Geometries:
    """Polygonal part; None where a cut left only points, lines or nothing."""
    out = polygons_only(np.asarray(geometries, dtype=np.object_))
    out[shapely.is_empty(out)] = None
    return out


def _chunks(rows: Ints, cost: NDArray[np.int64]) -> Iterator[Ints]:
    """Rows in runs of at most about ``_VERTICES`` zone vertices."""
    run = np.cumsum(cost) // _VERTICES
    for number in np.unique(run):
        yield rows[run == number]
