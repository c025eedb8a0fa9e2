"""Areas of polygons by one of three methods: ring by ring, in blocks that fit the processor's cache."""

from __future__ import annotations

from enum import IntEnum
from typing import Callable, Iterator, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.measure.ellipsoid import Ellipsoid, ellipsoid_of
from three_opt_three_protect.core.measure.projection import ToLonLat, lonlat_of
from three_opt_three_protect.core.measure.strip import ToPlane, geodesic_bulge, strip_plane
from three_opt_three_protect.core.measure.tiles import Tile, tile_plane, tiles
from three_opt_three_protect.core.measure.units import Floats, Ints
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import CrsInfo, Geometries

Edges = Callable[[Floats, Floats], Floats]
"""``(n,)`` vertices one after another → ``(n − 1,)`` signed areas between the edges and a meridian, m²."""

_BATCH = 100_000
"""Geometries sorted by tile at a time."""

_BLOCK = 16_384
"""Vertices in hand at a time: ten arrays of them fit the second-level cache; some milliseconds of work."""

_POLYGON, _MULTIPOLYGON = 3, 6
"""Type ids of shapely."""


class AreaMethod(IntEnum):
    """How an area is measured; the number is the parameter METHOD / AREA_METHOD."""

    STRIP = 0
    GEODESIC = 1
    PLANAR = 2


def measure(
    geometries: Geometries,
    crs: CrsInfo,
    method: AreaMethod = AreaMethod.STRIP,
    to_lonlat: Optional[ToLonLat] = None,
    progress: Progress = SILENT,
) -> Floats:
    """Area of every geometry in m², not rounded.

    Parameters
    ----------
    geometries
        ``(n,)`` polygons or multipolygons; None and empty give 0.
    crs
        Of the coordinates.
    method
        STRIP is the official formula, edges straight in longitude and latitude; GEODESIC takes
        edges as shortest lines on the ellipsoid; PLANAR is the area on the map sheet times
        ``metres_per_unit²``.
    to_lonlat
        Inverse projection for CRS that core cannot invert itself.

    Returns
    -------
    ndarray
        ``(n,)`` float64; what a polygon gets does not depend on the others.

    Raises
    ------
    CrsError
        ``planar_in_degrees``, ``no_ellipsoid``, ``no_inverse``.
    """
    if method is AreaMethod.PLANAR:
        if crs.is_geographic:
            raise CrsError("planar_in_degrees", crs=crs.authid)
        return np.asarray(np.nan_to_num(shapely.area(geometries)) * crs.metres_per_unit**2)
    inverse = to_lonlat or lonlat_of(crs)
    if inverse is None:
        raise CrsError("no_inverse", crs=crs.authid or crs.wkt[:40])
    ellipsoid = ellipsoid_of(crs)
    areas = np.zeros(len(geometries))
    for start in range(0, len(geometries), _BATCH):
        batch = geometries[start : start + _BATCH]
        done = start
        progress.check(done / len(geometries))
        for edges, rows, vertices in _by_tile(batch, crs, method, inverse, ellipsoid):
            for block in _blocks(vertices):
                progress.check(done / len(geometries))
                areas[start + rows[block]] = _block_areas(batch[rows[block]], vertices[block], edges)
                done += len(block)
    return areas


def _by_tile(
    geometries: Geometries, crs: CrsInfo, method: AreaMethod, inverse: ToLonLat, ellipsoid: Ellipsoid
) -> Iterator[Tuple[Edges, Ints, NDArray[np.int32]]]:
    """What is not missing or empty, tile by tile: the edge formula, the rows and their numbers of vertices."""
    vertices = shapely.get_num_coordinates(geometries)
    used = np.flatnonzero(vertices)
    for tile, rows in tiles(geometries[used], crs):
        here = used[rows]
        yield _edges(tile, geometries[here[0]], inverse, ellipsoid, method), here, vertices[here]


def _edges(
    tile: Optional[Tile], example: shapely.Geometry, inverse: ToLonLat, ellipsoid: Ellipsoid, method: AreaMethod
) -> Edges:
    """The method's edge formula for the polygons of a tile."""
    plane = None if tile is None else tile_plane(tile, inverse, ellipsoid)
    if plane is None:
        plane = strip_plane(inverse, ellipsoid, *shapely.get_coordinates(example)[0])
    if method is AreaMethod.STRIP:
        return lambda x, y: _trapezoids(x, y, plane)
    return lambda x, y: _trapezoids(x, y, plane) + geodesic_bulge(*inverse(x, y), ellipsoid)


def _trapezoids(x: Floats, y: Floats, plane: ToPlane) -> Floats:
    east, north = plane(x, y)
    return np.asarray((east[:-1] + east[1:]) * (north[1:] - north[:-1]) * 0.5)


def _blocks(vertices: NDArray[np.int32]) -> Iterator[Ints]:
    """Places in runs of about ``_BLOCK`` vertices."""
    run = np.cumsum(vertices, dtype=np.int64) // _BLOCK
    yield from np.split(np.arange(len(vertices)), np.flatnonzero(np.diff(run)) + 1)


def _block_areas(geometries: Geometries, vertices: NDArray[np.int32], edges: Edges) -> Floats:
    """Areas of polygons none of which is empty."""
    x, y = _coordinates(geometries)
    kind = shapely.get_type_id(geometries)
    single = ((kind == _POLYGON) | (kind == _MULTIPOLYGON)) & _one_ring(x, y, vertices)
    if single.all():
        return _ring_areas(x, y, vertices, edges)
    areas = np.zeros(len(geometries))
    if single.any():
        areas[single] = _ring_areas(*_coordinates(geometries[single]), vertices[single], edges)
    areas[~single] = _areas_with_holes(geometries[~single], edges)
    return areas


def _coordinates(geometries: Geometries) -> Tuple[Floats, Floats]:
    xy = shapely.get_coordinates(geometries)
    return xy[:, 0].copy(), xy[:, 1].copy()


def _one_ring(x: Floats, y: Floats, vertices: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which geometries are one ring: back at their first vertex at the end and not before.

    Asking shapely for the rings makes an object of each, which takes longer than the areas do.
    """
    starts, ends = _spans(vertices)
    at_start = x == np.repeat(x[starts], vertices)
    place = np.flatnonzero(at_start)
    owner = np.searchsorted(ends, place, side="right")
    returns = np.bincount(owner[y[place] == y[starts][owner]], minlength=len(vertices))
    return np.asarray((returns == 2) & (x[starts] == x[ends - 1]) & (y[starts] == y[ends - 1]))


def _spans(vertices: NDArray[np.int32]) -> Tuple[Ints, Ints]:
    ends = np.cumsum(vertices, dtype=np.int64)
    return ends - vertices, ends


def _areas_with_holes(geometries: Geometries, edges: Edges) -> Floats:
    """Exterior minus holes, summed over the parts of each geometry."""
    parts, part_of = shapely.get_parts(geometries, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    if not len(rings):
        return np.zeros(len(geometries))
    area = _ring_areas(*_coordinates(rings), shapely.get_num_coordinates(rings), edges)
    is_hole = np.concatenate([[False], ring_of[1:] == ring_of[:-1]])
    return np.asarray(np.bincount(part_of[ring_of], np.where(is_hole, -area, area), len(geometries)))


def _ring_areas(x: Floats, y: Floats, vertices: NDArray[np.int32], edges: Edges) -> Floats:
    """Areas of closed rings that follow one another."""
    starts, ends = _spans(vertices)
    # From the end of one ring to the start of the next is no edge; nor is there one after the last, but
    # then its sum would have one term less and float64 would add in another order.
    signed = np.append(edges(x, y), 0.0)
    signed[ends - 1] = 0.0
    return np.asarray(np.abs(np.add.reduceat(signed, starts)))
