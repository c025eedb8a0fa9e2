"""A point inside every polygon, also inside those that are hardly there."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

_THIN = 1e-3
"""Area per squared length of ring below which a point is looked at twice; a square has 1/16, 1 : 250 this."""


def points_inside(polygons: Geometries, progress: Progress = SILENT) -> Geometries:
    """One point of the interior of each polygon.

    Parameters
    ----------
    polygons
        ``(n,)`` valid polygons.
    """
    return batched(_points, polygons, progress=progress)


def _points(polygons: Geometries) -> Geometries:
    points = np.asarray(shapely.point_on_surface(polygons), dtype=np.object_)
    # In a polygon that is almost only a spike GEOS now and then gives a vertex.
    thin = np.flatnonzero(shapely.area(polygons) < _THIN * shapely.length(polygons) ** 2)
    for row in thin[shapely.distance(shapely.boundary(polygons[thin]), points[thin]) == 0]:
        points[row] = _in_largest_triangle(polygons[row], points[row])
    return points


def _in_largest_triangle(polygon: BaseGeometry, otherwise: BaseGeometry) -> BaseGeometry:
    triangles = shapely.get_parts(shapely.delaunay_triangles(polygon))
    centres = shapely.centroid(triangles[np.argsort(-shapely.area(triangles))])
    inner = centres[shapely.contains(polygon, centres)]
    return inner[0] if len(inner) else otherwise
