"""Boundary points (界址点) of plots: the order, the numbers and the edge lengths land reports ask for.

As seen with x to the east and y to the north an exterior ring runs clockwise and starts at its
north-west vertex; points are numbered from 1, and the point that closes a ring bears the number of its
first.  What forms differ in stands in :class:`core.numbering.Numbering`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import GeometryError
from three_opt_three_protect.core.numbering import Numbering, Restart
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BETWEEN_LOOKS = 1_000
"""Rings between two looks at the cancel button."""


@dataclass(frozen=True)
class BoundaryPoints:
    """Boundary points of the plots of a layer, ring by ring, each ring with its closing point.

    Attributes
    ----------
    row
        ``(n,)`` int64, row of the plot in the layer.
    ring
        ``(n,)`` int64, number of the ring in its plot from 1: the exterior of a part, its holes, the next part.
    number
        ``(n,)`` int64, number of the point; a closing point repeats that of its ring's first.
    xy
        ``(n, 2)`` float64, east and north, rounded to ``decimals``.
    length
        ``(n,)`` float64, from a point to the next of its ring, by the rounded coordinates; NaN at a closing point.
    closing, hole
        ``(n,)`` bool, whether the point closes its ring, and whether the ring is a hole.
    decimals
        Digits of the coordinates.
    """

    row: Ints
    ring: Ints
    number: Ints
    xy: Floats
    length: Floats
    closing: NDArray[np.bool_]
    hole: NDArray[np.bool_]
    decimals: int

    def __len__(self) -> int:
        return len(self.row)

    def areas(self, rows: int) -> Floats:
        """Area of each plot by its rounded coordinates, in square units of them.

        Parameters
        ----------
        rows
            Plots of the layer; one without points has 0.

        Returns
        -------
        ndarray
            ``(rows,)`` float64. Source: area by coordinates (坐标解析法), TD/T 1008, cross products of neighbours.
        """
        out = np.zeros(rows, dtype=np.float64)
        ends = np.flatnonzero(self.closing) + 1
        for start, end in zip(np.concatenate([[0], ends[:-1]]), ends):
            size = abs(_signed_area(self.xy[start:end]))
            out[self.row[start]] += -size if self.hole[start] else size
        return out


def boundary_points(
    table: LayerTable, numbering: Numbering, decimals: int, progress: Progress = SILENT
) -> BoundaryPoints:
    """The boundary points of the polygons of ``table``.

    Coordinates are rounded first, so that order, numbers, lengths and areas are those of the printed
    figures.  The north-west vertex is the one nearest to the north-west corner of the ring's bounding
    box; of several the northernmost, then the westernmost.

    Parameters
    ----------
    table
        Polygons or multipolygons; rows without geometry have no points.
    numbering
        What the form prescribes.
    decimals
        Digits of the coordinates.
    progress
        Asked every thousand rings.

    Raises
    ------
    GeometryError
        ``ring_collapses``: rounded, a ring has fewer than three points or no area.
    """
    parts, row_of_part = shapely.get_parts(table.shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    row_of_ring = row_of_part[part_of_ring]
    hole = np.zeros(len(rings), dtype=np.bool_)
    hole[1:] = part_of_ring[1:] == part_of_ring[:-1]
    coordinates, ring_of = shapely.get_coordinates(rings, return_index=True)
    scale = 10.0**decimals
    steps = np.rint(coordinates * scale)
    starts = np.searchsorted(ring_of, np.arange(len(rings) + 1))
    ordered: List[Floats] = []
    for ring, row in enumerate(row_of_ring):
        if ring % _BETWEEN_LOOKS == 0:
            progress.check(ring / len(rings))
        clockwise = not hole[ring] or numbering.holes_clockwise
        points = _ordered(steps[starts[ring] : starts[ring + 1]], clockwise)
        if points is None:
            raise GeometryError("ring_collapses", layer=table.name, feature=int(table.fid[row]), decimals=decimals)
        ordered.append(points)
    return _numbered(ordered, row_of_ring, hole, numbering.restart, scale, decimals)


def _ordered(ring: Floats, clockwise: bool) -> Optional[Floats]:
    """A closed ring in the direction wanted, from its north-west vertex, equal neighbours once; None for no area."""
    points = ring[:-1]
    points = points[(points != np.roll(points, 1, axis=0)).any(axis=1)]
    if len(points) < 3:
        return None
    area = _signed_area(np.vstack([points, points[:1]]))
    if area == 0:
        return None
    if (area < 0) != clockwise:
        points = points[::-1]
    points = np.roll(points, -_north_west(points), axis=0)
    return np.vstack([points, points[:1]])


def _signed_area(ring: Floats) -> float:
    """Area of a closed ring, positive when it runs anticlockwise."""
    x, y = (ring - ring[0]).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def _north_west(points: Floats) -> int:
    x, y = points.T
    distance = (x - x.min()) ** 2 + (y.max() - y) ** 2
    return int(np.lexsort((x, -y, distance))[0])


def _numbered(
    rings: List[Floats], row_of_ring: Ints, hole: NDArray[np.bool_], restart: Restart, scale: float, decimals: int
) -> BoundaryPoints:
    sizes = np.array([len(ring) for ring in rings], dtype=np.int64)
    place, first = _ring_places(row_of_ring, sizes - 1, restart)
    ends = np.cumsum(sizes)
    within = np.arange(sizes.sum()) - np.repeat(ends - sizes, sizes)
    closing = np.zeros(len(within), dtype=np.bool_)
    closing[ends - 1] = True
    xy = np.vstack([np.zeros((0, 2)), *rings]) / scale
    length = np.full(len(xy), np.nan)
    length[:-1] = np.hypot(*np.diff(xy, axis=0).T)
    length[closing] = np.nan
    return BoundaryPoints(
        row=np.repeat(row_of_ring, sizes).astype(np.int64),
        ring=np.repeat(place, sizes),
        number=np.repeat(first, sizes) + np.where(closing, 0, within),
        xy=xy,
        length=length,
        closing=closing,
        hole=np.repeat(hole, sizes),
        decimals=decimals,
    )


def _ring_places(row_of_ring: Ints, points: Ints, restart: Restart) -> Tuple[Ints, Ints]:
    """Number of each ring in its plot, and of its first point."""
    place, first = np.ones(len(points), dtype=np.int64), np.ones(len(points), dtype=np.int64)
    for ring in range(1, len(points)):
        same = row_of_ring[ring] == row_of_ring[ring - 1]
        if same:
            place[ring] = place[ring - 1] + 1
        if restart is Restart.LAYER or (restart is Restart.PLOT and same):
            first[ring] = first[ring - 1] + points[ring - 1]
    return place, first
