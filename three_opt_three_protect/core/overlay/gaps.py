"""Gaps: land that parcels enclose and none covers.

Across an edge with a partner there is land on both sides, so a gap is bounded by edges without one.
The faces between those are gaps where no parcel covers a point of them.  Where very many parcels do
not fit, tile by tile: open land that goes on across the border of a tile is joined, and what reaches
the outer frame is not enclosed.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from three_opt_three_protect.core.overlay.batches import batched, patiently
from three_opt_three_protect.core.overlay.coverage import Coverage
from three_opt_three_protect.core.overlay.edges import NONE, Bools, Ints
from three_opt_three_protect.core.overlay.inside import points_inside
from three_opt_three_protect.core.overlay.lines import Lines, lines_along
from three_opt_three_protect.core.overlay.local import resolution_of
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries

_AT_ONCE = 50_000
"""Edges whose faces are found in one go: a fifth of a second."""

_DEEPEST = 12
"""Tiles are halved so often at most."""

_TWICE = 1.3
"""Halves may hold so many times the lines of their tile together."""

Frame = Tuple[float, float, float, float]


def gaps(coverage: Coverage, progress: Progress = SILENT) -> Geometries:
    """The holes and cracks between parcels.

    Where a corner lies beside a neighbour's edge by the last digit instead of on it, a crack of that width may lead
    out of a gap, which then is none.

    Returns
    -------
    ndarray
        ``(g,)`` polygons that no parcel covers and that cannot be left without crossing one.
    """
    lines = lines_along(coverage.edges, open_edges(coverage))
    progress.check(0.1)
    if not len(lines.size):
        return np.empty(0, dtype=np.object_)
    if lines.size.sum() <= _AT_ONCE:
        return _open_faces(coverage, lines.geometry, Part(progress, 0.1, 0.9))
    west, south, east, north = shapely.total_bounds(lines.geometry).tolist()
    margin = (east - west + north - south) / 100
    whole = (west - margin, south - margin, east + margin, north + margin)
    pieces: List[Geometries] = []
    frames: List[NDArray[np.float64]] = []
    done = 0
    for frame, rows in _tiles(lines, whole):
        part = Part(progress, 0.1 + 0.7 * min(done / len(lines.size), 1.0), 0.0)
        border = shapely.boundary(shapely.box(*frame))
        found = _open_faces(coverage, np.append(shapely.clip_by_rect(lines.geometry[rows], *frame), border), part)
        pieces.append(found)
        frames.append(np.tile(frame, (len(found), 1)))
        done += len(rows)
    return _joined(np.concatenate(pieces), np.concatenate(frames), whole, Part(progress, 0.8, 0.2))


def open_edges(coverage: Coverage) -> Bools:
    """``(n,)`` bool: edges without land on both sides, one of those that are equal.

    Where a parcel is there twice, no edge has one partner; still there is land on both sides.
    """
    edges = coverage.edges
    place = np.flatnonzero(edges.is_edge & (coverage.partner == NONE))
    begin, end = edges.vertices[place], edges.vertices[place + 1]
    turned = (begin.real > end.real) | ((begin.real == end.real) & (begin.imag > end.imag))
    low, high = np.where(turned, end, begin), np.where(turned, begin, end)
    order = np.lexsort((high.imag, high.real, low.imag, low.real))
    low, high = low[order], high[order]
    new = np.ones(len(place), dtype=np.bool_)
    new[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first = np.flatnonzero(new)
    left = (edges.land_left[place] != turned)[order].astype(np.int64)
    count = np.diff(np.append(first, len(place)))
    on_left = np.add.reduceat(left, first) if len(first) else count
    chosen = np.zeros(len(edges), dtype=np.bool_)
    chosen[place[order[first[(on_left == 0) | (on_left == count)]]]] = True
    return chosen


def _open_faces(coverage: Coverage, lines: Geometries, progress: Progress) -> Geometries:
    """The faces between lines that no parcel covers."""
    progress.check(0.0)
    net = np.array([shapely.multilinestrings(shapely.get_parts(lines))], dtype=np.object_)
    noded = patiently(_noded, _noded_on_a_grid)(net)
    progress.check(0.4)
    faces = shapely.get_parts(shapely.polygonize(noded))
    points = points_inside(faces, Part(progress, 0.7, 0.3))
    return np.asarray(faces[coverage.ground.covering(points) == 0], dtype=np.object_)


def _noded(nets: Geometries) -> NDArray[Any]:
    return np.asarray(shapely.union_all(nets[:, None], axis=1), dtype=np.object_)


def _noded_on_a_grid(nets: Geometries) -> NDArray[Any]:
    """For a net that floating point cannot node."""
    grid = 2 * resolution_of(nets)
    return np.asarray(shapely.union_all(nets[:, None], grid_size=grid, axis=1), dtype=np.object_)


def _tiles(lines: Lines, whole: Frame) -> Iterator[Tuple[Frame, Ints]]:
    """Halves of halves of a frame until few edges are left, and the lines that meet each."""
    bounds = shapely.bounds(lines.geometry)
    pending: List[Tuple[Frame, Ints, int]] = [(whole, np.arange(len(bounds)), 0)]
    while pending:
        frame, rows, depth = pending.pop()
        axis = int(frame[3] - frame[1] > frame[2] - frame[0])
        low, high = frame[axis], frame[axis + 2]
        middle = float(np.clip(bounds[rows][:, [axis, axis + 2]], low, high).mean()) if len(rows) else low
        below, above = rows[bounds[rows, axis] <= middle], rows[bounds[rows, axis + 2] >= middle]
        # Where most lines run across the middle, halving would only double the work.
        helps = low < middle < high and len(below) + len(above) <= _TWICE * len(rows)
        if lines.size[rows].sum() <= _AT_ONCE or depth == _DEEPEST or not helps:
            yield frame, rows
            continue
        west, south, east, north = frame
        lower = (west, south, middle, north) if axis == 0 else (west, south, east, middle)
        upper = (middle, south, east, north) if axis == 0 else (west, middle, east, north)
        pending += [(lower, below, depth + 1), (upper, above, depth + 1)]


def _joined(pieces: Geometries, frames: NDArray[np.float64], whole: Frame, progress: Progress) -> Geometries:
    """Open land of all tiles put together across their borders, without what reaches the frame of the whole."""
    bounds = shapely.bounds(pieces)
    cut = np.flatnonzero((bounds == frames).any(axis=1))
    one, other = shapely.STRtree(pieces[cut]).query(pieces[cut])
    one, other = cut[one], cut[other]
    apart = (one < other) & (frames[one] != frames[other]).any(axis=1)
    one, other = one[apart], other[apart]
    beside = batched(_shared_length, pieces[one], pieces[other], progress=Part(progress, 0.0, 0.5), size=1_000) > 0
    pairs = (np.ones(int(beside.sum()), dtype=np.int8), (one[beside], other[beside]))
    label = connected_components(coo_matrix(pairs, shape=(len(pieces), len(pieces))), directed=False)[1]
    outside = np.isin(label, label[(bounds == whole).any(axis=1)])
    alone = np.bincount(label)[label] == 1
    several = np.flatnonzero(~outside & ~alone)
    order = several[np.argsort(label[several], kind="stable")]
    groups = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else []
    found = list(pieces[~outside & alone])
    for number, group in enumerate(groups):
        progress.check(0.5 + 0.5 * number / len(groups))
        found.append(shapely.union_all(pieces[group]))
    out = np.empty(len(found), dtype=np.object_)
    out[:] = found
    return out


def _shared_length(one: Geometries, other: Geometries) -> NDArray[np.float64]:
    return np.asarray(shapely.length(shapely.intersection(one, other)), dtype=np.float64)
