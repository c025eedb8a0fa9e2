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
from three_opt_three_protect.core.overlay.edges import NONE, Bools, Edges, Ints, Places, Vertices
from three_opt_three_protect.core.overlay.lines import Lines, lines_along, meeting
from three_opt_three_protect.core.progress import SILENT, Progress


@dataclass(frozen=True)
class Crossings:
    """Edges that may run through a parcel.

    ``parcel`` is ``(c,)`` row in the coverage, ``start`` and ``end`` the ends of the edge.
    """

    parcel: Ints
    start: Vertices
    end: Vertices


def crossings(parcels: Coverage, zones: Edges, found: Places, progress: Progress = SILENT) -> Crossings:
    """The edges of a zone layer that may run through parcels.

    Parameters
    ----------
    zones
        Edges of the zones.
    found
        ``(n,)`` place of the equal parcel edge, −1 where there is none.
    """
    free = zones.is_edge & (found == NONE)
    parts = [_of_free(parcels, zones, free, progress)]
    if parcels.irregular.any():
        parts.append(_of_borders(parcels, zones, found, progress))
    parcel, place = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    return Crossings(parcel, zones.vertices[place], zones.vertices[place + 1])


def _of_free(parcels: Coverage, zones: Edges, free: Bools, progress: Progress) -> Tuple[Ints, Ints]:
    """Parcel and edge, for edges that are no edge of a parcel."""
    lines = lines_along(zones, free)
    line, parcel = meeting(parcels.tree, lines.geometry, progress)
    # Where a line goes over into a border of parcels it touches all that meet there: those are let off.
    last = lines.first + lines.size
    ends = zones.is_edge & ~free
    before = np.concatenate([[False], ends])[lines.first]
    hinged = before | ends[last]
    doubt = np.flatnonzero(hinged[line])
    only_touching = shapely.touches(parcels.parts[parcel[doubt]], lines.geometry[line[doubt]])
    kept = np.ones(len(line), dtype=np.bool_)
    kept[doubt[only_touching]] = False
    return _near(parcels, zones, lines, line[kept], parcel[kept])


def _of_borders(parcels: Coverage, zones: Edges, found: Places, progress: Progress) -> Tuple[Ints, Ints]:
    """Parcel and edge, for edges of other parcels that may run through irregular parcels."""
    rows = np.flatnonzero(parcels.irregular)
    lines = lines_along(zones, zones.is_edge & (found != NONE))
    line, row = meeting(shapely.STRtree(parcels.parts[rows]), lines.geometry, progress)
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
    """All crossings of several layers, ordered by parcel, no edge twice in a parcel."""
    nothing = Crossings(np.empty(0, dtype=np.int64), *(np.empty(0, dtype=np.complex128) for _ in range(2)))
    parcel, start, end = (
        np.concatenate([getattr(part, name) for part in (nothing, *parts)]) for name in ("parcel", "start", "end")
    )
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((high, low, parcel))
    parcel, start, end, low, high = parcel[order], start[order], end[order], low[order], high[order]
    new = np.ones(len(parcel), dtype=np.bool_)
    new[1:] = (parcel[1:] != parcel[:-1]) | (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return Crossings(parcel[new], start[new], end[new])
