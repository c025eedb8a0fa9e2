"""Closed rings as survey files and drawings list them, put together to polygons with holes and parts."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.tables import Geometries

Floats = NDArray[np.float64]


def polygons_of_rings(rings: Sequence[Floats]) -> Tuple[NDArray[np.int64], Geometries]:
    """Polygons of closed rings: a ring inside another is its hole, a ring inside a hole a part of its own.

    Parameters
    ----------
    rings
        ``(m, 2)`` float64 each, first and last point equal, in any direction. They are taken to touch
        at most in points; where they cross, the polygons are invalid as drawn.

    Returns
    -------
    exteriors
        ``(k,)`` int64, which rings are exteriors, in their order.
    polygons
        ``(k,)`` polygons of these.
    """
    parent = nesting(outlines(rings))
    depth = _depths(parent)
    holes: Dict[int, List[Floats]] = {ring: [] for ring in range(len(rings)) if depth[ring] % 2 == 0}
    for ring in range(len(rings)):
        if depth[ring] % 2 == 1:
            holes[int(parent[ring])].append(rings[ring])
    polygons = np.empty(len(holes), dtype=np.object_)
    for place, (exterior, inner) in enumerate(holes.items()):
        polygons[place] = shapely.Polygon(rings[exterior], inner)
    return np.array(list(holes), dtype=np.int64), polygons


def polygon_of_rings(rings: Sequence[Floats]) -> shapely.Geometry:
    """The rings of one plot as one polygon or multipolygon; see :func:`polygons_of_rings`."""
    if len(rings) == 1:
        return shapely.Polygon(rings[0])
    parts = polygons_of_rings(rings)[1]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))


def outlines(rings: Sequence[Floats]) -> Geometries:
    """``(k,)`` polygons without holes, one a ring."""
    out = np.empty(len(rings), dtype=np.object_)
    for place, ring in enumerate(rings):
        out[place] = shapely.Polygon(ring)
    return out


def nesting(shapes: Geometries) -> NDArray[np.int64]:
    """For each outline without holes the smallest other one it lies in, −1 where there is none.

    ``(k,)`` int64. Told by a point inside and the larger area, so that rings may touch.
    """
    inside = shapely.point_on_surface(shapes)
    area = shapely.area(shapes)
    outer, inner = shapely.STRtree(inside).query(shapes, predicate="contains")
    larger = area[outer] > area[inner]
    outer, inner = outer[larger], inner[larger]
    order = np.lexsort((-area[outer], inner))
    parent = np.full(len(shapes), -1, dtype=np.int64)
    parent[inner[order]] = outer[order]  # the last one written, the smallest, stays
    return parent


def _depths(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many outlines lie round each."""
    depth = np.zeros(len(parent), dtype=np.int64)
    at = parent.copy()
    while (at >= 0).any():
        depth += at >= 0
        at = np.where(at >= 0, parent[at], -1)
    return depth
