"""Parcels as a coverage: neighbours, and the parcels that break it because they overlap others.

How many parcels cover a point changes only where one crosses an edge that has no partner: an edge
with a partner is left by one parcel and entered by its neighbour.  So a parcel can only share land
with another if an edge without partner runs through it, or if it lies with all its neighbours under
another layer of parcels, which one point of the whole neighbourhood shows.  A parcel along whose ring
an edge without partner runs is a neighbourhood of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Iterator, List, Optional, Tuple, Union

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from three_opt_three_protect.core.overlay.batches import patiently
from three_opt_three_protect.core.overlay.edges import (
    LOOK,
    NONE,
    Bools,
    EdgeIndex,
    Edges,
    Ints,
    Places,
    blocks,
    edges_of,
    runs,
)
from three_opt_three_protect.core.overlay.inside import points_inside
from three_opt_three_protect.core.overlay.lines import Ground, lines_along
from three_opt_three_protect.core.overlay.local import resolution_of
from three_opt_three_protect.core.overlay.relation import ALONG, INSIDE, relation
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries

_LOOSE_SHARE = 0.1
"""Where more parcels than this have an edge without partner inside the layer's extent, looking at each costs more
than it saves: all are taken for irregular."""

_FEW = 1_000
"""So many parcels can always be looked at."""

_BATCH = 2_000

_VERTICES = 200_000
"""Vertices of pairs cut at a time: a fifth of a second."""


@dataclass(frozen=True)
class Overlaps:
    """Area shared by pairs of parcels (squared units of the CRS) and the parcels concerned, in order."""

    area: float
    rows: Ints


def _taken_apart(parcels: Geometries) -> Tuple[Geometries, Ints]:
    """Every part of a parcel, and the parcel's row; a parcel of one part is its own object."""
    count = np.where(shapely.is_empty(parcels), 0, shapely.get_num_geometries(parcels))
    single, several = np.flatnonzero(count == 1), np.flatnonzero(count > 1)
    if not len(several):
        return parcels[single], single
    parts, part_of = shapely.get_parts(parcels[several], return_index=True)
    row = np.concatenate([single, several[part_of]])
    order = np.argsort(row, kind="stable")
    return np.concatenate([parcels[single], parts])[order], row[order]


class Coverage:
    """Parcels, their edges and who lies beside whom; made once for everything that asks.

    Parameters
    ----------
    parcels
        ``(n,)`` valid polygons; None is passed over.

    Attributes
    ----------
    parcels
        As given.
    parts
        ``(m,)`` the parcels that are there, those of several parts taken apart, because one part may
        lie in a zone and the other not; all that follows counts these.
    parcel
        ``(m,)`` row of the parcel, ascending.
    index
        Finds the edges of the parts.
    partner
        See :meth:`EdgeIndex.partners`.
    owner
        ``(n,)`` row of the part of every edge.
    areas
        ``(m,)`` planar areas, exact enough to tell large from small.
    ground
        The parts, to be asked what lines meet them.
    irregular
        ``(m,)`` bool: the part may share land with another.
    """

    def __init__(self, parcels: Geometries, progress: Progress = SILENT) -> None:
        self.parcels = parcels
        self.parts, self.parcel = _taken_apart(parcels)
        self.edges: Edges = edges_of(self.parts, Part(progress, 0.0, 0.4))
        self.index = EdgeIndex(self.edges, Part(progress, 0.4, 0.2))
        self.partner: Places = self.index.partners(Part(progress, 0.6, 0.2))
        self.owner = self.edges.owner
        self.areas = self.edges.areas(len(self))
        self.ground = Ground(self.parts)
        self.has_edges = True
        self.irregular: Bools = self._irregular(Part(progress, 0.8, 0.2))

    def __len__(self) -> int:
        return len(self.parts)

    def forget_edges(self) -> None:
        """Let go of the vertices and the index, a third of the memory, when everything is joined."""
        self.has_edges = False
        del self.edges, self.index

    @cached_property
    def of_several(self) -> Bools:
        """``(m,)`` bool: the parcel has other parts."""
        return np.asarray(np.bincount(self.parcel, minlength=len(self.parcels))[self.parcel] > 1)

    def _irregular(self, progress: Progress) -> Bools:
        loose = self.edges.is_edge & (self.partner == NONE)
        if len(np.unique(self.edges.owner[loose])) > max(_LOOSE_SHARE * len(self), _FEW):
            return np.ones(len(self), dtype=np.bool_)
        irregular = np.zeros(len(self), dtype=np.bool_)
        lines = lines_along(self.edges, loose)
        line, row = self.ground.meeting(lines.geometry, Part(progress, 0.0, 0.3))
        foreign = self.edges.owner[lines.first[line]] != row
        line, row = line[foreign], row[foreign]
        # A large parcel is not asked.
        asked = np.flatnonzero(~self.ground.large[row])
        lies = np.full(len(row), INSIDE, dtype=np.int8)
        lies[asked] = relation(self.parts[row[asked]], lines.geometry[line[asked]], Part(progress, 0.3, 0.3))
        irregular[row[lies == INSIDE]] = True
        # Across a ring another parcel's edge runs along, something may change: those answer for themselves.
        apart = np.zeros(len(self), dtype=np.bool_)
        apart[row[lies == ALONG]] = True
        piles = self.neighbourhoods(~irregular & ~apart, self.partner != NONE)
        alone = np.flatnonzero(apart & ~irregular)
        piles[alone] = piles.max(initial=-1) + 1 + np.arange(len(alone))
        sample = self.samples(piles)
        point = points_inside(self.parts[sample])
        deep = self.ground.covering(point) > 1
        return np.asarray(irregular | np.append(deep, False)[piles])

    def neighbourhoods(self, among: Bools, open_edge: Bools) -> Ints:
        """Parcels that reach each other across open edges.

        Parameters
        ----------
        among
            ``(m,)`` bool, parcels that take part.
        open_edge
            ``(n,)`` bool, edges (with a partner) that may be crossed.

        Returns
        -------
        ndarray
            ``(m,)`` number of the neighbourhood, 0 …; −1 for parcels that take no part.
        """
        owner = self.owner
        found: List[Tuple[Places, Places]] = []
        for block in blocks(len(owner), LOOK):
            here = owner[block]
            beside = np.where(open_edge[block], owner[self.partner[block]], here)
            new = here < beside
            new[1:] &= (here[1:] != here[:-1]) | (beside[1:] != beside[:-1])
            found.append((here[new], beside[new]))
        one, other = (np.concatenate([pair[side] for pair in found]) if found else owner[:0] for side in (0, 1))
        kept = among[one] & among[other]
        one, other = one[kept], other[kept]
        graph = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(self), len(self)))
        label = connected_components(graph, directed=False)[1]
        numbers = np.full(len(self), NONE, dtype=np.int64)
        numbers[among] = np.unique(label[among], return_inverse=True)[1]
        return numbers

    def samples(self, neighbourhood: Ints) -> Ints:
        """The largest parcel of every neighbourhood, in the order of their numbers."""
        rows = np.flatnonzero(neighbourhood >= 0)
        rows = rows[np.lexsort((self.areas[rows], neighbourhood[rows]))]
        last = np.ones(len(rows), dtype=np.bool_)
        last[:-1] = neighbourhood[rows[1:]] != neighbourhood[rows[:-1]]
        return np.asarray(rows[last], dtype=np.int64)


def coverage_of(parcels: Union[Geometries, Coverage], progress: Progress = SILENT) -> Coverage:
    """The coverage given, or one of the parcels given; a new one where its edges are forgotten."""
    if isinstance(parcels, Coverage):
        return parcels if parcels.has_edges else Coverage(parcels.parcels, progress)
    return Coverage(parcels, progress)


def overlaps(parcels: Union[Geometries, Coverage], progress: Progress = SILENT) -> Overlaps:
    """Find parcels that cover the same land.

    Parameters
    ----------
    parcels
        ``(n,)`` valid polygons; None is passed over. A :class:`Coverage` of them where there is one already.
    """
    coverage = coverage_of(parcels, progress)
    resolution = resolution_of(coverage.parts[coverage.irregular])
    total, rows = 0.0, [np.empty(0, dtype=np.int64)]
    for first, second, land in shared_land(coverage, progress=progress):
        area = shapely.area(land)
        total += float(area.sum())
        # Less than the coordinates can say is shared by rounding.
        length = np.minimum(shapely.length(coverage.parts[first]), shapely.length(coverage.parts[second]))
        pair = area > resolution * length
        rows.extend((first[pair], second[pair]))
    return Overlaps(total, np.unique(coverage.parcel[np.concatenate(rows)]))


def shared_land(
    coverage: Coverage, among: Optional[Bools] = None, progress: Progress = SILENT
) -> Iterator[Tuple[Ints, Ints, Geometries]]:
    """Pairs of parts whose boxes meet and what they have in common, some at a time.

    Parameters
    ----------
    among
        ``(m,)`` bool, parts that are asked; None = all.

    Yields
    ------
    tuple
        ``(p,)`` row of the first part, of the second, which comes later, and their intersection: land, or only
        lines, points or nothing.
    """
    # Nobody else can share land.
    rows = np.flatnonzero(coverage.irregular if among is None else coverage.irregular & among)
    shapes = coverage.parts[rows]
    tree, vertices = shapely.STRtree(shapes), shapely.get_num_coordinates(shapes).astype(np.int64)
    for block in blocks(len(shapes), _BATCH):
        first, second = tree.query(shapes[block])
        first = first + block.start
        later = first < second
        first, second = first[later], second[later]
        for some in runs(vertices[first] + vertices[second], _VERTICES):
            progress.check(block.start / len(shapes))
            one, other = first[some], second[some]
            yield rows[one], rows[other], patiently(_shared, _shared_on_a_grid)(shapes[one], shapes[other])


def _shared(first: Geometries, second: Geometries) -> Geometries:
    return np.asarray(shapely.intersection(first, second), dtype=np.object_)


def _shared_on_a_grid(first: Geometries, second: Geometries) -> Geometries:
    """For a pair that floating point cannot node."""
    grid = 2 * resolution_of(first)
    return np.asarray(shapely.intersection(first, second, grid_size=grid), dtype=np.object_)
