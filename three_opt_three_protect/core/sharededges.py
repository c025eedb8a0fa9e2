"""Which polygons lie beside which, and along how many metres.

Most edges of a survey are drawn twice with the same vertices, once by each neighbour: they are found as equal edges.
What is left is compared as lines that run within a tolerance of each other, as where a cut or a long edge meets short
ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.edges import NONE, EdgeIndex, Edges, edges_of, runs
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TOLERANCE = 0.001
"""How far apart two edges may run and be one: what exports round away."""

_LEAST = 10.0
"""Lines that cross run within the tolerance of each other for some tolerances; only what is longer is an edge."""

_AT_ONCE = 200_000
"""Edges compared between two looks at the cancel button."""

_QUERIED = 20_000


@dataclass(frozen=True)
class SharedEdges:
    """Pairs of polygons with a common edge, ``(k,)`` each; a pair comes once.

    Attributes
    ----------
    shape, other
        Int64 rows of the two, ascending by shape, then other.
    metres
        Length of the common edge, > 0, in units of the coordinates (metres where they are metres).
    """

    shape: Ints
    other: Ints
    metres: Floats

    def __len__(self) -> int:
        return len(self.shape)


def shared_edges(
    shapes: Geometries, others: Geometries, tolerance: float = TOLERANCE, progress: Progress = SILENT
) -> SharedEdges:
    """Edges that ``shapes`` share with ``others``: the same line, land of the one on this, of the other on that side.

    Parameters
    ----------
    shapes, others
        ``(n,)``, ``(m,)`` valid polygons; missing and empty ones share nothing. The two may be the same array: then
        every pair comes twice, once from each side, and no polygon is paired with itself.
    tolerance
        How far apart two edges may run and be one, in units of the coordinates.
    """
    if shapes is others:
        return neighbours(shapes, np.ones(len(shapes), dtype=np.bool_), tolerance, progress)
    pool = np.concatenate([shapes, others])
    first = np.arange(len(pool)) < len(shapes)
    found = _beside(pool, first, ~first, tolerance, progress)
    return SharedEdges(found.shape, found.other - len(shapes), found.metres)


def neighbours(
    polygons: Geometries, asked: Bools, tolerance: float = TOLERANCE, progress: Progress = SILENT
) -> SharedEdges:
    """Edges that the polygons asked for share with any other of the layer.

    Parameters
    ----------
    polygons
        ``(n,)`` valid polygons; missing and empty ones share nothing.
    asked
        ``(n,)`` bool.
    tolerance
        As in :func:`shared_edges`.
    """
    return _beside(polygons, asked, np.ones(len(polygons), dtype=np.bool_), tolerance, progress)


def _beside(pool: Geometries, shape: Bools, other: Bools, tolerance: float, progress: Progress) -> SharedEdges:
    """Edges between a polygon of ``shape`` and another one of ``other``; rows of the pool."""
    there = np.flatnonzero(~(shapely.is_missing(pool) | shapely.is_empty(pool)))
    polygons = pool[there]
    edges = edges_of(polygons, Part(progress, 0.0, 0.2))
    partner = EdgeIndex(edges, Part(progress, 0.2, 0.2)).partners(Part(progress, 0.4, 0.2))
    is_shape, is_other = shape[there], other[there]
    one = np.flatnonzero((partner != NONE) & is_shape[edges.owner] & is_other[edges.owner[partner]])
    exact = edges.owner[one].astype(np.int64), edges.owner[partner[one]].astype(np.int64)
    metres = np.abs(edges.vertices[one + 1] - edges.vertices[one])
    loose = edges.is_edge & (partner == NONE)
    close = _close(edges, polygons, loose, is_shape, is_other, tolerance, Part(progress, 0.6, 0.4))
    owner, beside, length = (np.concatenate(pair) for pair in zip((*exact, metres), close))
    apart = owner != beside
    return _summed(there[owner[apart]], there[beside[apart]], length[apart], len(pool))


def _summed(shape: Ints, other: Ints, metres: Floats, count: int) -> SharedEdges:
    pair, number = np.unique(shape * count + other, return_inverse=True)
    return SharedEdges(
        pair // max(count, 1), pair % max(count, 1), np.bincount(number, metres, len(pair)).astype(np.float64)
    )


def _close(
    edges: Edges,
    polygons: Geometries,
    loose: Bools,
    is_shape: Bools,
    is_other: Bools,
    tolerance: float,
    progress: Progress,
) -> Tuple[Ints, Ints, Floats]:
    """Edges without an equal one that run beside each other: rows of the two polygons and how far they do."""
    bounds = shapely.bounds(polygons) + tolerance * np.array([-1.0, -1.0, 1.0, 1.0])
    of_shape, of_other = loose & is_shape[edges.owner], loose & is_other[edges.owner]
    first, second = _meeting(bounds, edges, of_shape, of_other, Part(progress, 0.0, 0.2))
    left = _reaching(edges, of_shape, first, bounds[second], Part(progress, 0.2, 0.2))
    right = _reaching(edges, of_other, second, bounds[first], Part(progress, 0.4, 0.2))
    found: List[Tuple[Ints, Ints, Floats]] = []
    for one, other in _near(edges, left, right, tolerance, Part(progress, 0.6, 0.4)):
        length = _alongside(edges, one, other, tolerance)
        together = length > _LEAST * tolerance
        found.append((edges.owner[one[together]], edges.owner[other[together]], length[together]))
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, np.empty(0)
    owner, beside, metres = (np.concatenate(parts) for parts in zip(*found))
    return owner.astype(np.int64), beside.astype(np.int64), metres


def _meeting(bounds: Floats, edges: Edges, of_shape: Bools, of_other: Bools, progress: Progress) -> Tuple[Ints, Ints]:
    """Pairs of polygons with loose edges whose boxes meet."""
    shapes, others = np.unique(edges.owner[of_shape]), np.unique(edges.owner[of_other])
    tree = shapely.STRtree(shapely.box(*bounds[others].T))
    pairs = [np.empty((2, 0), dtype=np.int64)]
    for start in range(0, len(shapes), _QUERIED):
        progress.check(start / len(shapes))
        some = shapes[start : start + _QUERIED]
        one, other = tree.query(shapely.box(*bounds[some].T))
        pairs.append(np.stack([some[one], others[other]]))
    first, second = np.concatenate(pairs, axis=1).astype(np.int64)
    return first[first != second], second[first != second]


def _reaching(edges: Edges, loose: Bools, polygon: Ints, boxes: Floats, progress: Progress) -> Ints:
    """Loose edges of each polygon that reach into the box beside it, each once."""
    place = np.flatnonzero(loose)
    # Edges lie in the order of their owners.
    start, stop = (np.searchsorted(edges.owner[place], polygon, side) for side in ("left", "right"))
    count = (stop - start).astype(np.int64)
    reached = np.zeros(len(edges), dtype=np.bool_)
    for some in runs(count, _AT_ONCE):
        progress.check(some.start / len(polygon))
        row, within = _spread(count[some])
        edge = place[start[some][row] + within]
        begin, end, box = edges.vertices[edge], edges.vertices[edge + 1], boxes[some][row]
        meets = (np.minimum(begin.real, end.real) <= box[:, 2]) & (np.maximum(begin.real, end.real) >= box[:, 0])
        meets &= (np.minimum(begin.imag, end.imag) <= box[:, 3]) & (np.maximum(begin.imag, end.imag) >= box[:, 1])
        reached[edge[meets]] = True
    return np.flatnonzero(reached)


def _spread(count: Ints) -> Tuple[Ints, Ints]:
    """``count[i]`` rows for every i: i itself, and 0 … count[i] − 1."""
    row = np.repeat(np.arange(len(count)), count)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)


def _near(edges: Edges, left: Ints, right: Ints, tolerance: float, progress: Progress) -> Iterator[Tuple[Ints, Ints]]:
    """Pairs of edges whose boxes meet, some at a time."""
    tree = shapely.STRtree(_segments(edges, right))
    for start in range(0, len(left), _QUERIED):
        progress.check(start / len(left))
        some = left[start : start + _QUERIED]
        begin, end = edges.vertices[some], edges.vertices[some + 1]
        boxes = shapely.box(
            np.minimum(begin.real, end.real) - tolerance,
            np.minimum(begin.imag, end.imag) - tolerance,
            np.maximum(begin.real, end.real) + tolerance,
            np.maximum(begin.imag, end.imag) + tolerance,
        )
        one, other = tree.query(boxes)
        yield some[one], right[other]


def _segments(edges: Edges, place: Ints) -> Geometries:
    ends = np.stack([edges.vertices[place], edges.vertices[place + 1]], axis=1)
    return np.asarray(shapely.linestrings(ends.real, ends.imag), dtype=np.object_)


def _alongside(edges: Edges, one: Ints, other: Ints, tolerance: float) -> Floats:
    """Length of each edge ``one`` that runs within the tolerance of ``other``, land on opposite sides."""
    begin = edges.vertices[one]
    step = edges.vertices[one + 1] - begin
    length = np.abs(step)
    # In a frame that starts with the edge and runs along it, the other edge is a line y(x).
    frame = np.conj(step) / length
    start, stop = (edges.vertices[other] - begin) * frame, (edges.vertices[other + 1] - begin) * frame
    run = stop.real - start.real
    facing = (run < 0) == (edges.land_left[one] == edges.land_left[other])
    steep = np.abs(run) <= tolerance
    slope = (stop.imag - start.imag) / np.where(steep, 1.0, run)
    level = slope == 0
    reach = [start.real + (side * tolerance - start.imag) / np.where(level, 1.0, slope) for side in (-1.0, 1.0)]
    endless = np.where(np.abs(start.imag) <= tolerance, np.inf, -np.inf)
    low = np.where(level, -endless, np.minimum(*reach))
    high = np.where(level, endless, np.maximum(*reach))
    low = np.maximum.reduce([low, np.minimum(start.real, stop.real), np.zeros(len(one))])
    high = np.minimum.reduce([high, np.maximum(start.real, stop.real), length])
    return np.asarray(np.where(facing & ~steep, np.maximum(high - low, 0.0), 0.0))
