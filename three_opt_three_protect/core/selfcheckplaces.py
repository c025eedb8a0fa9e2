"""Places of the self-check that no overlay tells: building beyond a plot, land of the later year only, overlaps."""

from __future__ import annotations

from typing import Dict, List, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_NEAR_M = 0.01
"""Edges this close are one edge."""

_SHARED_M = 0.05
"""A shorter shared edge is a corner."""

_BATCH = 500


def adjoining(
    pieces: Geometries, group: Ints, plots: Geometries, unit_m: float = 1.0, progress: Progress = SILENT
) -> Bools:
    """``(n,)`` True where a piece, or another one of its group, shares an edge with a plot.

    Parameters
    ----------
    pieces
        ``(n,)`` polygons outside all plots.
    group
        ``(n,)`` row of the later year's parcel: what was built as one parcel goes beyond the plot as one.
    plots
        ``(m,)`` polygons or None.
    unit_m
        Metres in a unit of the coordinates.
    """
    touches = np.zeros(len(pieces), dtype=np.bool_)
    there = plots[~shapely.is_missing(plots)]
    if not len(there) or not len(pieces):
        return touches
    near, shared = _NEAR_M / unit_m, _SHARED_M / unit_m
    row, plot = shapely.STRtree(there).query(pieces, predicate="dwithin", distance=near)
    for start in range(0, len(row), _BATCH):
        progress.check(start / len(row))
        some, other = row[start : start + _BATCH], plot[start : start + _BATCH]
        edge = shapely.intersection(shapely.boundary(there[other]), shapely.buffer(pieces[some], near))
        # A corner that touches leaves what the buffer is wide.
        touches[some[shapely.length(edge) > 2 * near + shared]] = True
    return np.isin(group, group[touches])


def only_later(
    pieces: Geometries, row: Ints, before: Geometries, after: Geometries, snap: float, progress: Progress = SILENT
) -> Tuple[Ints, Geometries]:
    """Parts of the later year's parcels on which the earlier year has none: their rows and polygons.

    Parameters
    ----------
    pieces, row
        ``(n,)`` pieces of the earlier parcels, and the later parcel each lies in (−1 = none).
    before, after
        ``(k,)`` and ``(m,)`` parcels, None where there is no polygon.
    snap
        What a border may have been moved by, units of the coordinates.
    """
    inside = row >= 0
    covered = np.bincount(row[inside], shapely.area(pieces[inside]), len(after))
    own = np.nan_to_num(shapely.area(after))
    slack = 1e-7 * own + snap * np.nan_to_num(shapely.length(after))
    short = np.flatnonzero(own - covered > slack)
    if not len(short):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.object_)
    tree = shapely.STRtree(before)
    rest: List[shapely.Geometry] = []
    for number, one in enumerate(short.tolist()):
        if number % _BATCH == 0:
            progress.check(number / len(short))
        taken = shapely.union_all(before[tree.query(after[one], predicate="intersects")])
        rest.append(shapely.difference(after[one], taken))
    left = np.empty(len(rest), dtype=np.object_)
    left[:] = rest
    left = polygons_only(left)
    real = shapely.area(left) > slack[short]
    return short[real], left[real]


def sheets(shapes: Geometries) -> List[Ints]:
    """Rows of polygons dealt out to sheets so that none overlaps another of its sheet; None is left out.

    Parameters
    ----------
    shapes
        ``(n,)`` polygons or None.
    """
    there = np.flatnonzero(~shapely.is_missing(shapes))
    one, other = shapely.STRtree(shapes).query(shapes[there], predicate="intersects")
    one = there[one]
    one, other = one[one > other], other[one > other]
    over = shapely.area(shapely.intersection(shapes[one], shapes[other])) > 0
    before: Dict[int, List[int]] = {}
    for row, under in zip(one[over].tolist(), other[over].tolist()):
        before.setdefault(row, []).append(under)
    sheet: Dict[int, int] = {}
    for row in there.tolist():
        taken = {sheet[under] for under in before.get(row, ())}
        sheet[row] = next(number for number in range(len(taken) + 1) if number not in taken)
    number = np.array([sheet[row] for row in there.tolist()], dtype=np.int64)
    return [there[number == one] for one in range(int(number.max(initial=-1)) + 1)]
