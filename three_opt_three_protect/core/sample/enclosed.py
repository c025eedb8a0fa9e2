"""The areas lines enclose, without one long call.

``shapely.polygonize`` holds the interpreter's lock, so that nobody hears a cancel meanwhile, and takes its time by the
number of lines.  A noded drawing has a line for nearly every edge; merged, four fifths of them are gone.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]

_NONE = np.iinfo(np.int64).max


def enclosed(noded: BaseGeometry) -> Geometries:
    """The polygons of ``shapely.polygonize(shapely.get_parts(noded))``, the same to the bit.

    Parameters
    ----------
    noded
        Lines that meet in their ends only, no line twice.

    Returns
    -------
    ndarray
        ``(n,)`` polygons.  Lines are counted twice, along and back: a ring begins with the first it goes by, and
        polygons and their holes come in the order of these.
    """
    found: Geometries = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.line_merge(noded))))
    if not len(found):
        return found
    rings, owner = shapely.get_rings(found, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    rank = _ranks(shapely.get_parts(noded), points, ring)
    start = np.flatnonzero(np.diff(ring, prepend=-1))
    first = np.minimum.reduceat(rank, start)
    turn = np.flatnonzero(rank == first[ring])
    step = np.arange(len(ring)) - start[ring] + (turn - start)[ring]
    edges = np.diff(start, append=len(ring)) - 1
    rings = shapely.linearrings(points[start[ring] + step % edges[ring]], indices=ring)
    shell = np.diff(owner, prepend=-1) > 0
    place: Ints = np.empty(len(found), dtype=np.int64)
    place[np.argsort(first[shell])] = np.arange(len(found))
    order = np.lexsort((first, ~shell, place[owner]))
    return np.asarray(shapely.polygons(rings[order], indices=place[owner][order]))


def _ranks(lines: Geometries, points: NDArray[np.float64], ring: Ints) -> Ints:
    """For every vertex of the rings the number of the line, along or back, whose first edge begins there, or none."""
    ends, line = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    last = np.append(first[1:], len(line)) - 1
    # A complex number a point: sorted and compared as one value.
    _, number = np.unique(np.concatenate([ends, points]).view(np.complex128).ravel(), return_inverse=True)
    count, number = len(number), number.astype(np.int64)
    line_ways = number[np.column_stack([first, last])] * count + number[np.column_stack([first + 1, last - 1])]
    corner = number[len(ends) :]
    way = corner[:-1] * count + corner[1:]
    order = np.argsort(line_ways.ravel())
    known = line_ways.ravel()[order]
    at = np.minimum(np.searchsorted(known, way), len(known) - 1)
    begins = (known[at] == way) & (ring[:-1] == ring[1:])
    return np.append(np.where(begins, order[at], _NONE), _NONE)
