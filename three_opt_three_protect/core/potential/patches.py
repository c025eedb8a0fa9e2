"""Which pieces lie together (连片), and what lies beside them."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.overlay.edges import blocks
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.plane import plane_of
from three_opt_three_protect.core.progress import Part, Progress
from three_opt_three_protect.core.sharededges import TOLERANCE, SharedEdges, neighbours

_AT_ONCE = 10_000


def edges_beside(base: BaseState, rows: Ints, progress: Progress) -> SharedEdges:
    """Edges that some base pieces share with any other.

    Returns
    -------
    SharedEdges
        ``shape`` counts ``rows``, ``other`` is a row of the base state; metres.

    Raises
    ------
    CrsError
        As :func:`three_opt_three_protect.core.plane.plane_of`.
    """
    if not len(rows):
        nothing = np.empty(0, dtype=np.int64)
        return SharedEdges(nothing, nothing, np.empty(0))
    progress.step("potential_neighbours", 1.0)
    plane = plane_of(base.spec.crs, base.geometry)
    reach = TOLERANCE / np.array([-plane.east, -plane.north, plane.east, plane.north])
    beside = np.zeros(len(base.area), dtype=np.bool_)
    for block in blocks(len(rows), _AT_ONCE):
        progress.check(0.1 * block.start / len(rows))
        boxes = shapely.box(*(shapely.bounds(base.geometry[rows[block]]) + reach).T)
        beside[base.tree.query(boxes)[1]] = True
    near = np.flatnonzero(beside)
    polygons = plane.metres(base.geometry[near], Part(progress, 0.1, 0.1))
    found = neighbours(polygons, np.isin(near, rows), TOLERANCE, Part(progress, 0.2, 0.8))
    return SharedEdges(np.searchsorted(rows, near[found.shape]), near[found.other], found.metres)


def patches(edges: SharedEdges, rows: Ints, count: int) -> Ints:
    """``(c,)`` number of the patch (连片) of every one of ``rows``: those that touch along an edge are one.

    Parameters
    ----------
    edges
        ``shape`` counts ``rows``, ``other`` base pieces, of which there are ``count``.
    """
    place = np.full(count, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    beside = place[edges.other]
    both = beside >= 0
    pairs = np.ones(int(both.sum()), dtype=np.int8), (edges.shape[both], beside[both])
    graph = coo_matrix(pairs, shape=(len(rows), len(rows)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def edges_kept(edges: SharedEdges, kept: Bools) -> SharedEdges:
    """The edges of the shapes that are kept (``(c,)`` bool), numbered anew."""
    use = kept[edges.shape]
    number = np.cumsum(kept) - 1
    return SharedEdges(number[edges.shape[use]], edges.other[use], edges.metres[use])
