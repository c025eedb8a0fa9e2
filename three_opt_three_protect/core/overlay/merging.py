"""Putting the parts of a parcel that lie in the same zones together; specks of rounding go to the largest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.batches import batched, patiently
from three_opt_three_protect.core.overlay.edges import Ints
from three_opt_three_protect.core.overlay.local import resolution_of
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries


@dataclass(frozen=True)
class Merged:
    """Pieces by parcel and zones, one for each combination; ``absorbed`` specks have gone to others."""

    parcel: Ints
    zone: NDArray[np.int64]
    geometry: Geometries
    absorbed: int


def together(
    parcel: Ints, zone: NDArray[np.int64], geometry: Geometries, noise: float, progress: Progress = SILENT
) -> Merged:
    """Unite parts that agree in parcel and zones.

    Parameters
    ----------
    parcel
        ``(f,)`` row of the parcel.
    zone
        ``(f, layers)`` keys.
    geometry
        ``(f,)`` valid polygons that do not overlap within a parcel.
    noise
        What has at most this area in all is rounding: it joins the largest piece of its parcel.
    """
    order = np.lexsort((*zone.T[::-1], parcel))
    parcel, zone, geometry = parcel[order], zone[order], geometry[order]
    new = np.ones(len(parcel), dtype=np.bool_)
    new[1:] = (parcel[1:] != parcel[:-1]) | (zone[1:] != zone[:-1]).any(axis=1)
    first = np.flatnonzero(new)
    piece = np.cumsum(new) - 1
    area = np.asarray(np.bincount(piece, shapely.area(geometry)), dtype=np.float64)
    kept, member = np.unique(_hosts(parcel[first], area, noise)[piece], return_inverse=True)
    order = np.argsort(member, kind="stable")
    # A piece keeps its own zones, not those of the specks it was given.
    own = first[kept]
    return Merged(parcel[own], zone[own], _united(member[order], geometry[order], progress), len(first) - len(kept))


def _hosts(parcel: Ints, area: NDArray[np.float64], noise: float) -> Ints:
    """For every piece itself, or the largest of its parcel where it is a speck."""
    order = np.lexsort((area, parcel))
    largest = order[np.searchsorted(parcel[order], parcel, side="right") - 1]
    return np.where(area <= noise, largest, np.arange(len(parcel)))


def _united(member: Ints, geometry: Geometries, progress: Progress) -> Geometries:
    """Union of the polygons of each member, 0 … in ascending order, none left out."""
    begin = np.flatnonzero(np.diff(member, prepend=-1))
    many = np.diff(np.append(begin, len(member))) > 1
    out = geometry[begin]
    rows = np.flatnonzero(many[member])
    if not len(rows):
        return out
    polygons, part_of = shapely.get_parts(geometry[rows], return_index=True)
    number = (np.cumsum(many) - 1)[member[rows]][part_of]
    # Parts that lie apart are a multipolygon already; those that share an edge make it invalid.
    made = np.asarray(shapely.multipolygons(polygons, indices=number), dtype=np.object_)
    joint = np.flatnonzero(~batched(shapely.is_valid, made, progress=Part(progress, 0.0, 0.5)))
    made[joint] = batched(patiently(_union, _on_a_grid), made[joint], progress=Part(progress, 0.5, 0.5))
    out[many] = made
    return out


def _union(geometries: Geometries) -> Geometries:
    """Every geometry's own parts united."""
    return np.asarray(shapely.union_all(geometries[:, None], axis=1), dtype=np.object_)


def _on_a_grid(geometry: Geometries) -> Geometries:
    """For one that floating point cannot unite."""
    grid = 2 * resolution_of(geometry)
    return np.asarray(shapely.union_all(geometry[:, None], grid_size=grid, axis=1), dtype=np.object_)
