"""Edges of polygons as plain arrays, and finding equal ones: the edge join.

Plans are drawn on parcels, so most edges of zones *are* edges of parcels, and most edges of parcels
are edges of two neighbours.  An edge is looked up by a hash of its coordinates packed into one word
with its place; every match is then confirmed by the coordinates themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Iterator, Tuple, Union

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int32]
Vertices = NDArray[np.complex128]
_Words = NDArray[np.uint64]

NONE = -1

_BLOCK = 1 << 16
"""Vertices worked on at a time, so that what is in between stays in the processor's cache."""

LOOK = 1 << 18
"""Vertices worked on between two looks at the cancel button: some megabytes, which the allocator keeps and reuses."""

_LOOKED_UP = 1 << 12
"""Edges looked up at a time."""

# Odd words that mix bits well: the golden ratio's, and two of Stafford's (variant 13).
_GOLDEN = np.uint64(11400714819323198485)
_FIRST = np.uint64(13787848793156543929)
_SECOND = np.uint64(10723151780598845931)


@dataclass(frozen=True)
class Edges:
    """The rings of polygons, vertex after vertex; edge ``i`` runs from vertex ``i`` to vertex ``i + 1``.

    Attributes
    ----------
    vertices
        ``(n,)`` complex128, x + iy: one number a place, so that places compare exactly.
    owner
        ``(n,)`` int32, row of the polygon.
    is_edge
        ``(n,)`` bool; False at the last vertex of a ring and where a vertex is repeated.
    ring
        ``(r,)`` int64, first vertex of every ring, ascending.
    is_hole
        ``(r,)`` bool.
    """

    vertices: Vertices
    owner: Places
    is_edge: Bools
    ring: Ints
    is_hole: Bools

    def __len__(self) -> int:
        return len(self.vertices)

    @cached_property
    def ring_size(self) -> Ints:
        """``(r,)`` number of vertices, the closing one included."""
        return np.diff(np.append(self.ring, len(self)))

    def before(self, edge: Ints) -> Ints:
        """The edge before each edge in its ring."""
        first, last = self._ends(edge)
        return np.where(edge == first, last, edge - 1)

    def after(self, edge: Ints) -> Ints:
        """The edge after each edge in its ring."""
        first, last = self._ends(edge)
        return np.where(edge == last, first, edge + 1)

    def _ends(self, edge: Ints) -> Tuple[Ints, Ints]:
        """First and last edge of the ring of each edge."""
        ring = np.searchsorted(self.ring, edge, side="right") - 1
        return self.ring[ring], self.ring[ring] + self.ring_size[ring] - 2

    @cached_property
    def ring_area(self) -> NDArray[np.float64]:
        """``(r,)`` signed area of every ring, positive where it runs counter-clockwise."""
        area = np.empty(len(self.ring))
        end = self.ring + self.ring_size
        for rows in runs(self.ring_size, _BLOCK):
            first, last = self.ring[rows], int(end[rows][-1])
            # From its own first vertex a ring starts and ends at 0: between rings nothing is added.
            xy = self.vertices[first[0] : last] - np.repeat(self.vertices[first], self.ring_size[rows])
            twice = np.append((np.conj(xy[:-1]) * xy[1:]).imag, 0.0)
            area[rows] = np.add.reduceat(twice, first - first[0]) / 2
        return area

    @cached_property
    def land_left(self) -> Bools:
        """``(n,)`` bool: the polygon lies to the left of the edge."""
        return np.repeat((self.ring_area > 0) != self.is_hole, self.ring_size)

    def areas(self, count: int) -> NDArray[np.float64]:
        """``(count,)`` planar area of every polygon, exact enough to tell large from small."""
        share = np.where(self.is_hole, -1.0, 1.0) * np.abs(self.ring_area)
        return np.asarray(np.bincount(self.owner[self.ring], share, count), dtype=np.float64)


def edges_of(polygons: Geometries, progress: Progress = SILENT) -> Edges:
    """Take polygons apart into their edges.

    Parameters
    ----------
    polygons
        ``(n,)`` valid polygons or multipolygons, none missing or empty.
    """
    counts = shapely.get_num_coordinates(polygons).astype(np.int64)
    offset = np.concatenate([[0], np.cumsum(counts)])
    vertices = np.empty(int(offset[-1]), dtype=np.complex128)
    for rows in runs(counts, LOOK):
        progress.check(rows.start / len(polygons))
        xy = shapely.get_coordinates(polygons[rows])
        # adding 0 turns −0 into 0: they are the same place but not the same bits
        np.add(xy.view(np.complex128)[:, 0], 0.0, out=vertices[offset[rows.start] : offset[rows.stop]])
    owner = np.repeat(np.arange(len(polygons), dtype=np.int32), counts)
    ring, is_hole = _rings(polygons, vertices, offset)
    is_edge = np.zeros(len(vertices), dtype=np.bool_)
    np.not_equal(vertices[1:], vertices[:-1], out=is_edge[:-1])
    is_edge[ring[1:] - 1] = False
    return Edges(vertices, owner, is_edge, ring, is_hole)


def _rings(polygons: Geometries, vertices: Vertices, offset: Ints) -> Tuple[Ints, Bools]:
    """First vertex of every ring and whether it bounds a hole.

    The first vertex of a ring comes again at its end only.  So a polygon is a single ring when its
    first vertex is met exactly twice, the second time as its last: only the others are taken apart.
    """
    start, counts = offset[:-1], np.diff(offset)
    if not len(start):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
    single = np.empty(len(start), dtype=np.bool_)
    for rows in runs(counts, _BLOCK):
        low = start[rows][0]
        again = vertices[low : offset[rows.stop]] == np.repeat(vertices[start[rows]], counts[rows])
        met = np.add.reduceat(again, start[rows] - low, dtype=np.int64)
        single[rows] = (met == 2) & again[offset[1:][rows] - low - 1]
    several = np.flatnonzero(~single)
    parts, part_of = shapely.get_parts(polygons[several], return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    size = shapely.get_num_coordinates(rings)
    row = part_of[ring_of]
    before = np.cumsum(size) - size
    within = before - before[np.searchsorted(row, row)]
    hole = np.zeros(len(row), dtype=np.bool_)
    hole[1:] = ring_of[1:] == ring_of[:-1]
    ring = np.concatenate([start[single], start[several[row]] + within])
    is_hole = np.concatenate([np.zeros(len(ring) - len(row), dtype=np.bool_), hole])
    order = np.argsort(ring, kind="stable")
    return ring[order], is_hole[order]


class EdgeIndex:
    """Finds edges by their two ends, whichever comes first.

    Parameters
    ----------
    edges
        What to find edges in.
    """

    def __init__(self, edges: Edges, progress: Progress = SILENT) -> None:
        self.edges = edges
        self._bits = _bits(len(edges))
        self._mask = (np.uint64(1) << self._bits) - np.uint64(1)
        self._words = _packed(edges, slice(0, len(edges)), self._bits, progress)
        self._words.sort()

    def find(self, edges: Edges, progress: Progress = SILENT) -> Places:
        """For every edge of ``edges`` an equal edge of the index.

        Returns
        -------
        ndarray
            ``(n,)`` int32 place in the index's edges, −1 where there is none.
        """
        found = np.full(len(edges), NONE, dtype=np.int32)
        # As many as places fit beside the index's hashes, which is all but always all at once.
        for some in blocks(len(edges), 1 << int(self._bits)):
            words = _packed(edges, some, self._bits, Part(progress, 0.0, 0.3))
            # Sorted like the index, the look-ups walk through it instead of jumping.
            words.sort()
            for block in blocks(len(words), _LOOKED_UP):
                if block.start % LOOK == 0:
                    progress.check(0.3 + 0.7 * block.start / len(words))
                place = some.start + (words[block] & self._mask).astype(np.int64)
                self._find_some(edges, place, words[block] >> self._bits, found)
        return found

    def _find_some(self, edges: Edges, place: Ints, wanted: _Words, found: Places) -> None:
        """Look up some edges whose hashes lie side by side: only that part of the index is looked at."""
        least = wanted << self._bits
        low = int(np.searchsorted(self._words, least.min()))
        high = int(np.searchsorted(self._words, least.max())) + 1
        at = low + np.searchsorted(self._words[low:high], least)
        while True:
            there = at < len(self._words)
            place, wanted, at = place[there], wanted[there], at[there]
            word = self._words[at]
            same = word >> self._bits == wanted
            place, wanted, at = place[same], wanted[same], at[same]
            if not len(place):
                return
            candidate = (word[same] & self._mask).astype(np.int64)
            against, along = _alike(edges.vertices, place, self.edges.vertices, candidate)
            equal = against | along
            found[place[equal]] = candidate[equal]
            # The hash is another edge's: look at the next entry.
            place, wanted, at = place[~equal], wanted[~equal], at[~equal] + 1

    def partners(self, progress: Progress = SILENT) -> Places:
        """For every edge the same edge of the neighbour.

        Returns
        -------
        ndarray
            ``(n,)`` int32 place of the edge with the same ends whose polygon lies on the other side;
            −1 where there is none, or where more than two edges have these ends.
        """
        partner = np.full(len(self.edges), NONE, dtype=np.int32)
        for block in blocks(len(self._words), _BLOCK * 4):
            progress.check(0.5 * block.start / len(self._words))
            low = max(block.start - 1, 0)
            words = self._words[low : block.stop + 2]
            same = np.zeros(len(words) + 1, dtype=np.bool_)
            hashes = words >> self._bits
            np.equal(hashes[1:], hashes[:-1], out=same[1:-1])
            first = np.flatnonzero(same[1:-1] & ~same[:-2] & ~same[2:])
            first = first[(first + low >= block.start) & (first + low < block.stop)]
            one, other = ((words[at] & self._mask).astype(np.int64) for at in (first, first + 1))
            partner[one] = other
            partner[other] = one
        self._confirm(partner, progress)
        return partner

    def _confirm(self, partner: Places, progress: Progress) -> None:
        """Drop partners that only share a hash, or lie on the same side."""
        vertices, left = self.edges.vertices, self.edges.land_left
        for block in blocks(len(partner), _BLOCK):
            if block.start % LOOK == 0:
                progress.check(0.5 + 0.5 * block.start / len(partner))
            place = block.start + np.flatnonzero(partner[block] >= 0)
            other = partner[place]
            against, along = _alike(vertices, place, vertices, other)
            facing = np.where(left[place] == left[other], against, along)
            partner[place[~facing]] = NONE


def blocks(count: int, size: int) -> Iterator[slice]:
    """Slices of at most ``size`` over ``count`` rows."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def runs(cost: Ints, most: int) -> Iterator[slice]:
    """Slices of rows that cost about ``most`` together, at least one row each."""
    turn = (np.cumsum(cost) - 1) // most
    ends = np.append(np.flatnonzero(np.diff(turn)) + 1, len(cost))
    start = 0
    for stop in ends.tolist():
        if stop > start:
            yield slice(start, stop)
        start = stop


def _bits(count: int) -> np.uint64:
    """Bits that hold any of ``count`` places."""
    return np.uint64(max(count, 2).bit_length())


def _packed(edges: Edges, some: slice, bits: np.uint64, progress: Progress) -> _Words:
    """For every edge in ``some`` the upper part of its hash, and in the lower ``bits`` its place in ``some``."""
    words = np.empty(int(edges.is_edge[some].sum()), dtype=np.uint64)
    filled = 0
    for block in blocks(some.stop - some.start, _BLOCK):
        if block.start % LOOK == 0:
            progress.check(block.start / len(edges))
        place, hashed = _hashed(edges, slice(some.start + block.start, some.start + block.stop))
        place -= some.start
        np.bitwise_or(hashed >> bits << bits, place.view(np.uint64), out=words[filled : filled + len(place)])
        filled += len(place)
    return words


def _hashed(edges: Edges, block: slice) -> Tuple[Ints, _Words]:
    """Places of the edges in ``block`` and a hash of each that does not depend on its direction."""
    ends = np.ascontiguousarray(edges.vertices[block.start : block.stop + 1]).view(np.uint64)
    mixed = ends[0::2] * _GOLDEN
    mixed ^= mixed >> np.uint64(29)
    mixed += ends[1::2]
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(32)
    both = mixed[:-1] + mixed[1:]
    both *= _SECOND
    place = np.flatnonzero(edges.is_edge[block.start : block.start + len(both)])
    return block.start + place, both[place]


def _alike(
    first: Vertices, one: Union[Ints, Places], second: Vertices, other: Union[Ints, Places]
) -> Tuple[Bools, Bools]:
    """Whether edges have the same ends: running against each other, or along."""
    begin, end = first[one], first[one + 1]
    start, stop = second[other], second[other + 1]
    return (begin == stop) & (end == start), (begin == start) & (end == stop)
