"""Which edges of zones run through which parcels.

An edge of a zone that equals an edge of a parcel lies on the border of the parcels beside it and
crosses neither.  Only the others can cut, and a parcel that may share land with another, where the
border of one may cross the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.overlay.coverage import Coverage
from three_opt_three_protect.core.overlay.edges import NONE, Bools, Edges, Ints, Places
from three_opt_three_protect.core.overlay.lines import Ground, Lines, drawn, lines_along
from three_opt_three_protect.core.overlay.relation import IN_POINTS, relation
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries


@dataclass(frozen=True)
class Crossings:
    """Lines of zone edges that may run through a parcel.

    ``parcel`` is ``(c,)`` row of the part of the coverage, ``line`` a linestring near the origin.
    """

    parcel: Ints
    line: Geometries


def crossings(
    parcels: Coverage, zones: Edges, found: Places, origin: complex, progress: Progress = SILENT
) -> Crossings:
    """The edges of a zone layer that may run through parcels.

    Parameters
    ----------
    zones
        Edges of the zones.
    found
        ``(n,)`` place of the equal parcel edge, −1 where there is none.
    origin
        To be taken from the coordinates.
    """
    free = zones.is_edge & (found == NONE)
    parts = [_of_free(parcels, zones, free, Part(progress, 0.0, 0.5))]
    if parcels.irregular.any():
        parts.append(_of_borders(parcels, zones, found, Part(progress, 0.5, 0.5)))
    parcel, place = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    owner, first, size = _chains(parcel, place)
    # A vertex on the parcel's ring may lie outside by rounding: the edge beyond it makes the line cross the ring.
    more = zones.before(first), zones.after(first + size - 1)
    owner, first, size = _chains(np.concatenate([parcel, owner, owner]), np.concatenate([place, *more]))
    return Crossings(owner, drawn(zones.vertices, first, size, origin))


def _chains(parcel: Ints, place: Ints) -> Tuple[Ints, Ints, Ints]:
    """Edges of each parcel that follow each other: parcel, first edge and number of edges; none twice."""
    order = np.lexsort((place, parcel))
    parcel, place = parcel[order], place[order]
    new = np.ones(len(place), dtype=np.bool_)
    new[1:] = (place[1:] != place[:-1]) | (parcel[1:] != parcel[:-1])
    parcel, place = parcel[new], place[new]
    start = np.ones(len(place), dtype=np.bool_)
    start[1:] = (place[1:] != place[:-1] + 1) | (parcel[1:] != parcel[:-1])
    begin = np.flatnonzero(start)
    return parcel[begin], place[begin], np.diff(np.append(begin, len(place)))


def _of_free(parcels: Coverage, zones: Edges, free: Bools, progress: Progress) -> Tuple[Ints, Ints]:
    """Parcel and edge, for edges that are no edge of a parcel."""
    lines = lines_along(zones, free)
    line, parcel = parcels.ground.meeting(lines.geometry, Part(progress, 0.0, 0.5))
    # Where a line goes over into a border of parcels it meets all that come together there: those it
    # only touches in points are let off.  One it runs along is not, or its neighbour would seem open to it.
    ends = zones.is_edge & ~free
    hinged = np.concatenate([[False], ends])[lines.first] | ends[lines.first + lines.size]
    doubt = np.flatnonzero(hinged[line] & ~parcels.ground.large[parcel])
    pairs = parcels.parts[parcel[doubt]], lines.geometry[line[doubt]]
    kept = np.ones(len(line), dtype=np.bool_)
    kept[doubt] = relation(*pairs, Part(progress, 0.5, 0.5)) != IN_POINTS
    return _near(parcels, zones, lines, line[kept], parcel[kept])


def _of_borders(parcels: Coverage, zones: Edges, found: Places, progress: Progress) -> Tuple[Ints, Ints]:
    """Parcel and edge, for edges of other parcels that may run through irregular parcels."""
    rows = np.flatnonzero(parcels.irregular)
    lines = lines_along(zones, zones.is_edge & (found != NONE))
    line, row = Ground(parcels.parts[rows]).meeting(lines.geometry, progress)
    parcel, place = _near(parcels, zones, lines, line, rows[row])
    border = found[place]
    other = np.where(parcels.partner[border] == NONE, border, parcels.partner[border])
    owner = parcels.edges.owner
    own = (owner[border] == parcel) | (owner[other] == parcel)
    return parcel[~own], place[~own]


def _near(parcels: Coverage, zones: Edges, lines: Lines, line: Ints, parcel: Ints) -> Tuple[Ints, Ints]:
    """The single edges of lines whose boxes meet the parcel's."""
    row, place = lines.edges(line)
    parcel = parcel[row]
    own, which = np.unique(parcel, return_inverse=True)
    west, south, east, north = shapely.bounds(parcels.parts[own]).T[:, which]
    start, end = zones.vertices[place], zones.vertices[place + 1]
    near = (np.minimum(start.real, end.real) <= east) & (np.maximum(start.real, end.real) >= west)
    near &= (np.minimum(start.imag, end.imag) <= north) & (np.maximum(start.imag, end.imag) >= south)
    return parcel[near], place[near]


def joined(parts: Sequence[Crossings]) -> Crossings:
    """The crossings of several layers, by parcel."""
    nothing = Crossings(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.object_))
    parcel, line = (np.concatenate([getattr(part, name) for part in (nothing, *parts)]) for name in ("parcel", "line"))
    order = np.argsort(parcel, kind="stable")
    return Crossings(parcel[order], line[order])
