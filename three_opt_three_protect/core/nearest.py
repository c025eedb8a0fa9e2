"""How far it is from polygons to the nearest of some lines or polygons."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.overlay.edges import blocks, runs
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries

Floats = NDArray[np.float64]

_VERTICES = 8
"""Vertices of a piece of a long line: so many are compared with a polygon at a time."""

_BRANCHES = 2
"""Children of a node of the index: all of a node that is opened are measured, so that few cost a third of ten."""

_AT_ONCE = 1_000
_CUT_UP = 200_000
"""Vertices of targets cut up at a time."""


def distances(shapes: Geometries, targets: Geometries, progress: Progress = SILENT) -> Floats:
    """Distance from every shape to the nearest target, 0 where they meet.

    Parameters
    ----------
    shapes
        ``(n,)`` valid polygons, none missing or empty.
    targets
        ``(m,)`` valid lines or polygons; missing and empty ones are passed over.

    Returns
    -------
    ndarray
        ``(n,)`` in units of the coordinates; NaN without a target.
    """
    parts = shapely.get_parts(targets[~(shapely.is_missing(targets) | shapely.is_empty(targets))])
    out = np.full(len(shapes), np.nan)
    if not len(parts):
        return out
    vertices = shapely.get_num_coordinates(parts).astype(np.int64)
    lines = []
    for some in runs(vertices, _CUT_UP):
        progress.check(0.2 * some.start / len(parts))
        lines.append(_short_lines(parts[some]))
    tree = shapely.STRtree(np.concatenate(lines), node_capacity=_BRANCHES)
    for block in blocks(len(shapes), _AT_ONCE):
        progress.check(0.2 + 0.6 * block.start / len(shapes))
        # Between lines the distance is found in half the time of that between polygons.
        outlines = shapely.boundary(shapes[block])
        (row, _), away = tree.query_nearest(outlines, return_distance=True, all_matches=False)
        out[block][row] = away
    _within(shapes, parts, out, Part(progress, 0.8, 0.2))
    return out


def _short_lines(parts: Geometries) -> Geometries:
    """The outlines of targets in pieces of a few vertices: an outline of a county has thousands."""
    areal = shapely.get_dimensions(parts) == 2
    lines = np.concatenate([shapely.get_rings(parts[areal]), parts[~areal]])
    xy = shapely.get_coordinates(lines)
    last = np.cumsum(shapely.get_num_coordinates(lines)) - 1
    line = np.repeat(np.arange(len(lines)), np.diff(last, prepend=-1))
    within = np.arange(len(xy)) - np.append(-1, last)[line] - 1
    # A piece starts at every so many-th vertex that is not the last, and ends where the next one starts.
    begins = np.flatnonzero((within % (_VERTICES - 1) == 0) & (np.arange(len(xy)) < last[line]))
    size = np.minimum(_VERTICES, last[line[begins]] - begins + 1)
    piece = np.repeat(np.arange(len(begins)), size)
    vertex = begins[piece] + np.arange(len(piece)) - np.repeat(np.cumsum(size) - size, size)
    return np.asarray(shapely.linestrings(xy[vertex], indices=piece), dtype=np.object_)


def _within(shapes: Geometries, parts: Geometries, out: Floats, progress: Progress) -> None:
    """Where outlines keep away from each other a part may still lie inside the other: one vertex of it tells."""
    away = np.flatnonzero(out > 0)
    own, row = shapely.get_parts(shapes[away], return_index=True)
    areal = parts[shapely.get_dimensions(parts) == 2]
    corners = shapely.STRtree(batched(_corners, own, progress=Part(progress, 0.0, 0.2)))
    for block in blocks(len(areal), _AT_ONCE):
        progress.check(0.2 + 0.2 * block.start / len(areal))
        out[away[row[corners.query(areal[block], predicate="contains")[1]]]] = 0.0
    corners = shapely.STRtree(batched(_corners, parts, progress=Part(progress, 0.4, 0.2)))
    for block in blocks(len(away), _AT_ONCE):
        progress.check(0.6 + 0.4 * block.start / len(away))
        some = away[block]
        out[some[corners.query(shapes[some], predicate="contains")[0]]] = 0.0


def _corners(parts: Geometries) -> Geometries:
    """One vertex of every line or polygon."""
    lines = parts.copy()
    areal = shapely.get_dimensions(parts) == 2
    lines[areal] = shapely.get_exterior_ring(parts[areal])
    return np.asarray(shapely.get_point(lines, 0), dtype=np.object_)
