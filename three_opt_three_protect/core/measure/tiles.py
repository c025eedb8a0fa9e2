"""The strip formula's plane as a polynomial of the map coordinates, tile by tile.

Over some tens of kilometres longitude and S are smooth functions of the map coordinates, whatever the
projection: a polynomial of the sixth degree is closer to them than float64 gets through sines and
cosines.  A tile's polynomial depends on the tile alone and a polygon's tile on the polygon alone, so
that a parcel has the same area, to the last bit, by itself and among a million, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Iterator, List, Optional, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.measure.ellipsoid import Ellipsoid
from three_opt_three_protect.core.measure.projection import ToLonLat
from three_opt_three_protect.core.measure.strip import ToPlane, strip_plane
from three_opt_three_protect.core.measure.units import Floats, Ints
from three_opt_three_protect.core.tables import CrsInfo, Geometries

TILE_M = 32_768.0
"""Side of the smallest tile: at twice the side a polynomial needs one or two degrees more."""

TILE_DEGREES = 0.25

_OVERHANG = 0.125
"""A polygon reaches at most this share of the side beyond the tile its middle lies in."""

_FARTHEST = 2**22
"""Tiles counted from the origin of the CRS; what lies beyond are no coordinates of land."""

_DEGREES = range(3, 10)
_NODES = 24
_CHECKS = 17

_SEEN_M = 1e-8
"""What float64 leaves undecided in the plane: 1.4e-14 degrees of longitude and some roundings after them."""


@dataclass(frozen=True)
class Tile:
    """A square of the map: its middle and half its side with the overhang, units of the CRS."""

    x: float
    y: float
    reach: float


def tiles(geometries: Geometries, crs: CrsInfo) -> Iterator[Tuple[Optional[Tile], Ints]]:
    """Polygons by the tile they lie in.

    A tile's side is a power of two, four times the polygon's extent at least.

    Parameters
    ----------
    geometries
        ``(n,)`` polygons, neither missing nor empty.
    crs
        Of the coordinates.

    Yields
    ------
    Tile, ndarray
        The tile, None where coordinates are not finite or absurdly large, and the rows in it, ascending.
    """
    if not len(geometries):
        return
    west, south, east, north = shapely.bounds(geometries).T
    smallest = TILE_DEGREES if crs.is_geographic else 2.0 ** np.round(np.log2(TILE_M / crs.metres_per_unit))
    with np.errstate(divide="ignore", invalid="ignore"):
        extent = np.maximum(east - west, north - south)
        level = np.maximum(np.ceil(np.log2(extent * (0.5 / _OVERHANG) / smallest)), 0)
        side = smallest * 2.0**level
        column, row = np.floor((west + east) / 2 / side), np.floor((south + north) / 2 / side)
        # Not a number is not below either.
        known = (np.abs(column) < _FARTHEST) & (np.abs(row) < _FARTHEST)
    key = np.full(len(geometries), -1, dtype=np.int64)
    packed = (level[known] * 2 * _FARTHEST + column[known] + _FARTHEST).astype(np.int64)
    key[known] = packed * 2 * _FARTHEST + (row[known] + _FARTHEST).astype(np.int64)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order])) + 1
    for rows in np.split(order, starts):
        first = rows[0]
        if key[first] < 0:
            yield None, rows
        else:
            size = float(side[first])
            yield Tile((column[first] + 0.5) * size, (row[first] + 0.5) * size, size * (0.5 + _OVERHANG)), rows


def tile_plane(tile: Tile, inverse: ToLonLat, ellipsoid: Ellipsoid) -> Optional[ToPlane]:
    """The polynomial that stands for the strip formula's plane in the tile.

    Of the lowest degree at which no difference to the plane is seen between its nodes, and one degree more:
    that makes the difference a thousandth of what float64 shows.  A vertex displaced by d moves an area by
    at most d times the perimeter.

    Returns
    -------
    callable or None
        None where no degree will do: the projection is not smooth there, or the tile reaches beyond what it
        is made for.  The plane itself is then to be used.
    """
    with np.errstate(all="ignore"):
        try:
            exact = strip_plane(inverse, ellipsoid, tile.x, tile.y)
            samples, checks = (_sampled(tile, exact, count) for count in (_NODES, _CHECKS))
        except CrsError:
            return None
        return _fitted(tile, samples, checks)


def _sampled(tile: Tile, exact: ToPlane, count: int) -> Tuple[Floats, Floats]:
    u, v = _grid(count)
    return exact(tile.x + tile.reach * u, tile.y + tile.reach * v)


def _fitted(tile: Tile, samples: Tuple[Floats, Floats], checks: Tuple[Floats, Floats]) -> Optional[ToPlane]:
    for degree in _DEGREES:
        basis = _basis(*_grid(_CHECKS), degree)
        solved = [_solver(degree) @ values for values in samples]
        # Not a number is no success.
        if all(np.abs(basis @ found - seen).max() <= _SEEN_M for found, seen in zip(solved, checks)):
            east, north = (_solver(degree + 1) @ values for values in samples)
            return _polynomial(tile, degree + 1, east, north)
    return None


def _grid(count: int) -> Tuple[Floats, Floats]:
    """Chebyshev nodes of the square −1 … 1."""
    nodes = np.cos((np.arange(count) + 0.5) * np.pi / count)
    u, v = np.meshgrid(nodes, nodes)
    return u.ravel(), v.ravel()


def _powers(degree: int) -> List[Tuple[int, int]]:
    return [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]


def _basis(u: Floats, v: Floats, degree: int) -> Floats:
    return np.stack([u**i * v**j for i, j in _powers(degree)], axis=1)


@cache
def _solver(degree: int) -> Floats:
    """Samples at the nodes → coefficients, by least squares."""
    return np.asarray(np.linalg.pinv(_basis(*_grid(_NODES), degree)))


def _polynomial(tile: Tile, degree: int, east: Floats, north: Floats) -> ToPlane:
    """Horner's scheme in both coordinates, without arrays beyond the two returned and two more."""
    place = {powers: number for number, powers in enumerate(_powers(degree))}

    def horner(coefficients: Floats, u: Floats, v: Floats, inner: Floats) -> Floats:
        value = np.full_like(u, coefficients[place[degree, 0]])
        for i in range(degree - 1, -1, -1):
            np.multiply(v, coefficients[place[i, degree - i]], out=inner)
            for j in range(degree - i - 1, 0, -1):
                inner += coefficients[place[i, j]]
                inner *= v
            inner += coefficients[place[i, 0]]
            value *= u
            value += inner
        return value

    def plane(x: Floats, y: Floats) -> Tuple[Floats, Floats]:
        u, v = (x - tile.x) / tile.reach, (y - tile.y) / tile.reach
        inner = np.empty_like(u)
        return horner(east, u, v, inner), horner(north, u, v, inner)

    return plane
