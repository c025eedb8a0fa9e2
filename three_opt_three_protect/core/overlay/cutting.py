"""Cutting parcels along the edges that run through them: the faces between lines.

The rings of a parcel and the edges near it are noded together once for all layers; the faces the
lines enclose are the parts of the parcel.  So the parts of a parcel share their vertices, nothing
is left between them, and no zone, however large, comes near the cut as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.batches import patiently
from three_opt_three_protect.core.overlay.crossing import Crossings
from three_opt_three_protect.core.overlay.edges import Ints, blocks
from three_opt_three_protect.core.overlay.inside import points_inside
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

_BATCH = 2_000
"""Parcels cut between two looks at the cancel button."""

_GRID = 1e-10
"""Share of the largest coordinate near the origin: a thousandth of a millimetre in a township, metres or degrees."""

_DOUBT = 1e-3
"""Share of the noise by which faces may exceed their parcel before each is asked whether it lies in it."""


@dataclass(frozen=True)
class Faces:
    """Parts of parcels, near the origin.

    ``parcel`` is ``(f,)`` row of the parcels given, ascending; ``geometry`` polygons; ``point`` a point inside each.
    """

    parcel: Ints
    geometry: Geometries
    point: Geometries


def faces(parcels: Geometries, crossings: Crossings, noise: float, progress: Progress = SILENT) -> Faces:
    """Cut parcels along lines.

    Parameters
    ----------
    parcels
        ``(n,)`` valid polygons near the origin.
    crossings
        Lines and the rows of ``parcels`` they may run through, ascending.
    noise
        Area a parcel and the sum of its faces may differ by.
    """
    found = [Faces(np.empty(0, dtype=np.int64), parcels[:0], parcels[:0])]
    for block in blocks(len(parcels), _BATCH):
        progress.check(block.start / len(parcels))
        low, high = np.searchsorted(crossings.parcel, (block.start, block.stop))
        some = slice(int(low), int(high))
        part = _faces(parcels[block], crossings.line[some], crossings.parcel[some] - block.start, noise)
        found.append(Faces(part.parcel + block.start, part.geometry, part.point))
    return _all(found)


def _all(parts: Sequence[Faces]) -> Faces:
    return Faces(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("parcel", "geometry", "point")))


def _faces(parcels: Geometries, crossing: Geometries, parcel: Ints, noise: float) -> Faces:
    """Faces that add up to their parcels: quickly noded, and where that does not do, thoroughly."""
    lines = _linework(parcels, crossing, parcel)
    area = shapely.area(parcels)
    best = _enclosed(parcels, _quickly(lines), noise)
    error = np.abs(_sums(best, len(parcels)) - area)
    for noded in (_thoroughly, _on_a_grid):
        rows = np.flatnonzero(error > noise)
        if not len(rows):
            break
        found = _enclosed(parcels[rows], noded(lines[rows]), noise)
        left = np.abs(_sums(found, len(rows)) - area[rows])
        better = left < error[rows]
        error[rows[better]] = left[better]
        best = _replaced(best, rows[better], Faces(rows[found.parcel], found.geometry, found.point))
    # A parcel that is only a hairline may have no face: it is its own.
    lost = np.setdiff1d(np.arange(len(parcels)), best.parcel)
    return _replaced(best, lost, Faces(lost, parcels[lost], points_inside(parcels[lost]))) if len(lost) else best


def _replaced(faces_of: Faces, rows: Ints, by: Faces) -> Faces:
    """The faces of parcels ``rows`` taken from ``by``."""
    both = _all([faces_of, by])
    new = np.arange(len(both.parcel)) >= len(faces_of.parcel)
    taken = np.flatnonzero(new == np.isin(both.parcel, rows))
    taken = taken[np.argsort(both.parcel[taken], kind="stable")]
    return Faces(both.parcel[taken], both.geometry[taken], both.point[taken])


def _linework(parcels: Geometries, crossing: Geometries, parcel: Ints) -> Geometries:
    """The rings of every parcel with the lines near it, as one multilinestring."""
    border, border_of = shapely.get_parts(shapely.boundary(parcels), return_index=True)
    owner = np.concatenate([border_of, parcel])
    order = np.argsort(owner, kind="stable")
    lines = shapely.multilinestrings(np.concatenate([border, crossing])[order], indices=owner[order])
    return np.asarray(lines, dtype=np.object_)


def _enclosed(parcels: Geometries, lines: Geometries, noise: float) -> Faces:
    """The faces between lines, without what they enclose in a parcel's holes and bays."""
    polygons, face_of = shapely.get_parts(shapely.polygonize(lines[:, None]), return_index=True)
    found = Faces(face_of.astype(np.int64), polygons, points_inside(polygons))
    doubtful = _sums(found, len(parcels)) - shapely.area(parcels) > _DOUBT * noise
    outside = np.flatnonzero(doubtful[face_of])
    # A point inside is at distance 0; asking for the distance costs a fifth of asking for the relation.
    outside = outside[shapely.distance(parcels[face_of[outside]], found.point[outside]) > 0]
    kept = np.ones(len(polygons), dtype=np.bool_)
    kept[outside] = False
    return Faces(found.parcel[kept], found.geometry[kept], found.point[kept])


def _sums(found: Faces, count: int) -> NDArray[np.float64]:
    return np.asarray(np.bincount(found.parcel, shapely.area(found.geometry), count), dtype=np.float64)


def _nothing(lines: Geometries) -> Geometries:
    """For lines that cannot be noded: their faces then do not add up to the parcel."""
    return np.array([shapely.LineString()] * len(lines), dtype=np.object_)


def _quickly(lines: Geometries) -> Geometries:
    return patiently(shapely.node, _nothing)(lines)


def _thoroughly(lines: Geometries) -> Geometries:
    return patiently(lambda some: shapely.union_all(some[:, None], axis=1), _nothing)(lines)


def _on_a_grid(lines: Geometries) -> Geometries:
    """On a grid as fine as each parcel's own extent allows."""

    def united(one: Geometries) -> Geometries:
        size = _GRID * float(np.abs(shapely.total_bounds(one)).max())
        return np.asarray(shapely.union_all(one[:, None], grid_size=size, axis=1), dtype=np.object_)

    return np.concatenate([patiently(united, _nothing)(lines[row : row + 1]) for row in range(len(lines))])
