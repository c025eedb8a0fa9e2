"""Vertices that miss others by less than a tolerance moved onto them."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Optional, Set, Tuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from three_opt_three_protect.core.mending.changes import Mended, mended
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import Floats, Ints
from three_opt_three_protect.core.tables import Geometries, LayerTable

SNAP = "snap"
_FARTHEST = 1e100
"""Units: vertices farther out stay where they are, their distances cannot be squared."""


def snap_vertices(
    table: LayerTable, tolerance_m: float, onto: Optional[Geometries] = None, progress: Progress = SILENT
) -> Mended:
    """Move every vertex within the tolerance of another feature's vertex onto the nearest.

    Parameters
    ----------
    table
        The layer.
    tolerance_m
        Metres; degrees are taken as long as at the equator.
    onto
        Features whose vertices stand, such as parcels, in the CRS of ``table``; None = the layer's own: of vertices
        close together the one met first stands.
    progress
        Asked before the search.

    Returns
    -------
    Mended
        ``left``: polygons that would have become invalid.
    """
    progress.check(0.0)
    shapes = table.shapes
    tolerance = tolerance_m / (1.0 if table.crs is None else table.crs.metres_per_unit)
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    if not len(xy) or tolerance <= 0:
        return Mended(table)
    moved, near = xy.copy(), (np.abs(xy) < _FARTHEST).all(axis=1)
    moved[near] = (
        _onto_own(xy[near], owner[near], tolerance) if onto is None else _onto_others(xy[near], onto, tolerance)
    )
    touched = np.unique(owner[(moved != xy).any(axis=1)])
    geometry = shapes.copy()
    if len(touched):
        rows = np.isin(owner, touched)
        geometry[touched] = shapely.set_coordinates(shapes[touched].copy(), moved[rows])
    # What was invalid before is not this operation's to judge.
    broken = touched[shapely.is_valid(shapes[touched]) & ~shapely.is_valid(geometry[touched])]
    geometry[broken] = shapes[broken]
    return mended(SNAP, table, replace(table, geometry=geometry), left=broken.tolist())


def _onto_others(xy: Floats, onto: Geometries, tolerance: float) -> Floats:
    targets = np.unique(shapely.get_coordinates(onto), axis=0)
    targets = targets[(np.abs(targets) < _FARTHEST).all(axis=1)]
    out = xy.copy()
    if len(targets):
        distance, nearest = cKDTree(targets).query(xy, distance_upper_bound=np.nextafter(tolerance, np.inf))
        near = np.isfinite(distance)
        out[near] = targets[nearest[near]]
    return out


def _onto_own(xy: Floats, owner: Ints, tolerance: float) -> Floats:
    places, first, number = np.unique(xy, axis=0, return_index=True, return_inverse=True)
    number = number.reshape(-1)
    stands = np.arange(len(places))
    for early, late in _close_pairs(places, first, number, owner, tolerance):
        if stands[early] == early and stands[late] == late:
            stands[late] = early
    return np.asarray(places[stands[number]])


def _close_pairs(
    places: Floats, first: Ints, number: Ints, owner: Ints, tolerance: float
) -> Tuple[Tuple[int, int], ...]:
    """Pairs of places of different features, the one met first before the other, nearest pairs first."""
    pairs = cKDTree(places).query_pairs(tolerance, output_type="ndarray")
    if not len(pairs):
        return ()
    near = np.isin(number, pairs)
    owners: Dict[int, Set[int]] = {int(place): set() for place in np.unique(pairs)}
    for place, feature in zip(number[near].tolist(), owner[near].tolist()):
        owners[place].add(feature)
    apart = np.array([not owners[one] & owners[other] for one, other in pairs.tolist()], dtype=np.bool_)
    pairs = pairs[apart]
    pairs = np.take_along_axis(pairs, np.argsort(first[pairs], axis=1, kind="stable"), axis=1)
    length = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    order = np.lexsort((first[pairs[:, 1]], first[pairs[:, 0]], length))
    return tuple((int(one), int(other)) for one, other in pairs[order])
