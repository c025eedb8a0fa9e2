"""Huge polygons in pieces, so that no single cut takes long and the user can always stop."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]

MOST = 20_000
"""Vertices from which a polygon is taken apart: cutting one of these takes a tenth of a second."""

FEW = 5_000
"""Halving ends at so many."""

_DEPTH = 24


def tiled(geometry: Geometries, progress: Progress = SILENT) -> Tuple[Geometries, Ints]:
    """Polygons with more than :data:`MOST` vertices cut into rectangles, all others as they are.

    Parameters
    ----------
    geometry
        ``(n,)`` valid polygons or multipolygons.

    Returns
    -------
    Geometries
        ``(m,)`` polygons that add up to those given.
    Ints
        ``(m,)`` row each comes from, ascending.
    """
    large = shapely.get_num_coordinates(geometry) > MOST
    if not large.any():
        return geometry, np.arange(len(geometry), dtype=np.int64)
    shapes: List[BaseGeometry] = []
    rows: List[int] = []
    for row, shape in enumerate(geometry):
        tiles = [shape]
        if large[row]:
            tiles = [tile for part in shapely.get_parts(shape) for tile in _halved(part, 0, progress)]
        shapes += tiles
        rows += [row] * len(tiles)
    out = np.empty(len(shapes), dtype=np.object_)
    out[:] = shapes
    return out, np.array(rows, dtype=np.int64)


def _halved(shape: BaseGeometry, depth: int, progress: Progress) -> List[BaseGeometry]:
    """Halves of halves across the longer side, until few vertices are left."""
    progress.check(0.0)
    if shapely.get_num_coordinates(shape) <= FEW or depth == _DEPTH:
        return [shape]
    west, south, east, north = shape.bounds
    if east - west >= north - south:
        middle = (west + east) / 2
        frames = shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)
    else:
        middle = (south + north) / 2
        frames = shapely.box(west, south, east, middle), shapely.box(west, middle, east, north)
    halves = shapely.get_parts(shapely.intersection(shape, np.array(frames, dtype=np.object_)))
    areas = [half for half in halves if shapely.area(half) > 0]
    return [tile for half in areas for tile in _halved(half, depth + 1, progress)]


def rejoined(geometry: Geometries, rows: Ints, progress: Progress = SILENT) -> Geometries:
    """Pieces of tiles put together again.

    Parameters
    ----------
    geometry
        ``(m,)`` pieces.
    rows
        ``(m,)`` int64 from 0, which of them belong together.

    Returns
    -------
    Geometries
        One for every distinct row, in their order; a piece that is alone stays as it is.
    """
    order = np.argsort(rows, kind="stable")
    start = np.flatnonzero(np.diff(rows[order], prepend=-1))
    count = np.diff(np.append(start, len(order)))
    out: Geometries = geometry[order[start]].copy()
    for at in np.flatnonzero(count > 1).tolist():
        progress.check(0.0)
        out[at] = _united(geometry[order[start[at] : start[at] + count[at]]], progress)
    return out


def _united(pieces: Geometries, progress: Progress) -> BaseGeometry:
    """Neighbours two by two, in the order in which their tile was halved: no single union is large but the last."""
    while len(pieces) > 1:
        progress.check(0.0)
        even = len(pieces) // 2 * 2
        joined = [shapely.union(one, other) for one, other in zip(pieces[:even:2], pieces[1:even:2])]
        rest = pieces[even:].tolist()
        pieces = np.empty(len(joined) + len(rest), dtype=np.object_)
        pieces[:] = joined + rest
    return pieces[0]
