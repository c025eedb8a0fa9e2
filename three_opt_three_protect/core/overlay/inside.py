"""A point inside every polygon, also inside those that are hardly there."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

_NEAR = 0.01
"""Share of a polygon's mean width (2 · area / length of its rings) a point has to keep from the rings."""

_TRIED = 64
"""Triangles whose middles are measured."""


def points_inside(polygons: Geometries, progress: Progress = SILENT) -> Geometries:
    """One point of the interior of each polygon, well away from its rings.

    Parameters
    ----------
    polygons
        ``(n,)`` valid polygons.
    """
    return batched(_points, polygons, progress=progress)


def _points(polygons: Geometries) -> Geometries:
    points = np.asarray(shapely.point_on_surface(polygons), dtype=np.object_)
    rings = shapely.boundary(polygons)
    wanted = _NEAR * 2 * shapely.area(polygons) / shapely.length(rings)
    # GEOS looks along one line only and may find a tail without width, or a vertex.
    for row in np.flatnonzero(~(shapely.distance(rings, points) > wanted)):
        points[row] = _deepest(polygons[row], rings[row], points[row])
    return points


def _deepest(polygon: BaseGeometry, rings: BaseGeometry, point: BaseGeometry) -> BaseGeometry:
    """Of the middles of triangles between vertices, and ``point``, the one farthest from the rings."""
    middles = _middles(polygon)
    own = shapely.transform(polygon, np.copy)  # what is prepared must not be shared with another thread
    shapely.prepare(own)
    middles = np.append(middles[shapely.contains(own, middles)][:_TRIED], point)
    return middles[np.nanargmax(shapely.distance(rings, middles))]


def _middles(polygon: BaseGeometry) -> Geometries:
    """Middles of the triangles between vertices, of the roundest first."""
    try:
        triangles = shapely.get_parts(shapely.delaunay_triangles(polygon))
    except shapely.GEOSException:  # vertices 10⁻¹⁵ m from an edge: GEOS loses its way among the triangles
        return _between(polygon)
    roundest = np.argsort(-shapely.area(triangles) / shapely.length(triangles))
    return np.asarray(shapely.centroid(triangles[roundest]), dtype=np.object_)


def _between(polygon: BaseGeometry) -> Geometries:
    """Middles between any two of the first vertices."""
    vertices = np.unique(shapely.get_coordinates(polygon), axis=0)[:_TRIED]
    one, other = np.triu_indices(len(vertices), 1)
    return np.asarray(shapely.points((vertices[one] + vertices[other]) / 2), dtype=np.object_)
