"""Zone vertices that miss a parcel vertex by less than a tolerance are moved onto it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.tables import Geometries

Vertices = NDArray[np.complex128]

_BATCH = 50_000


@dataclass(frozen=True)
class Snapped:
    """What snapping did to a zone layer.

    ``vertices`` were moved, at most by ``largest`` (units of the CRS); ``refused`` zones stayed as
    they were because moving would have made them invalid.
    """

    vertices: int = 0
    largest: float = 0.0
    refused: int = 0


def vertex_set(parcels: Geometries) -> Vertices:
    """The distinct vertices of ``parcels``, sorted: made once for all zone layers."""
    xy = shapely.get_coordinates(parcels)
    return np.unique(_complex(xy))


def snap_to_vertices(
    zones: Geometries, vertices: Vertices, tolerance: float, progress: Progress
) -> Tuple[Geometries, Snapped]:
    """Move every zone vertex within ``tolerance`` of a parcel vertex onto the nearest one.

    Parameters
    ----------
    zones
        ``(k,)`` polygons or None.
    vertices
        See :func:`vertex_set`.
    """
    if tolerance <= 0 or not len(zones) or not len(vertices):
        return zones, Snapped()
    xy, owner = shapely.get_coordinates(zones, return_index=True)
    target = _nearest(xy, vertices, tolerance, progress)
    shift = np.hypot(*(target - xy).T)
    touched = np.unique(owner[shift > 0])
    if not len(touched):
        return zones, Snapped()
    out = zones.copy()
    out[touched] = shapely.set_coordinates(zones[touched].copy(), target[np.isin(owner, touched)])
    broken = touched[~shapely.is_valid(out[touched])]
    out[broken] = zones[broken]
    kept = (shift > 0) & ~np.isin(owner, broken)
    # A ring's first vertex is also its last: count places.
    places = np.unique(np.column_stack([owner[kept], xy[kept]]), axis=0)
    return out, Snapped(len(places), float(shift[kept].max(initial=0.0)), len(broken))


def _nearest(xy: NDArray[np.float64], vertices: Vertices, tolerance: float, progress: Progress) -> NDArray[np.float64]:
    """For every zone vertex the nearest parcel vertex within reach, else the vertex itself.

    Most zone vertices are parcel vertices; only the loose ones are searched for, and of the parcel
    vertices only those near one of them come into the tree.
    """
    target = xy.copy()
    place = np.minimum(np.searchsorted(vertices, _complex(xy)), len(vertices) - 1)
    loose = np.flatnonzero(vertices[place] != _complex(xy))
    if not len(loose):
        return target
    reach = np.nextafter(tolerance, np.inf)
    around = cKDTree(xy[loose])
    best = np.full(len(loose), np.inf)
    for start in range(0, len(vertices), _BATCH):
        progress.check(start / len(vertices))
        some = vertices[start : start + _BATCH]
        plane = np.stack([some.real, some.imag], axis=1)
        # Sorted by x: a batch is a narrow strip, and most strips hold no loose vertex.
        near = plane[np.isfinite(around.query(plane, distance_upper_bound=reach)[0])]
        if not len(near):
            continue
        distance, index = cKDTree(near).query(xy[loose], distance_upper_bound=reach)
        better = distance < best
        best[better] = distance[better]
        target[loose[better]] = near[index[better]]
    return target


def _complex(xy: NDArray[np.float64]) -> Vertices:
    """Pairs of coordinates as one number each, so that they sort and compare exactly."""
    return np.ascontiguousarray(xy).view(np.complex128).reshape(-1)
