"""Zone vertices that miss a parcel vertex by less than a tolerance are moved onto it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.coverage import Coverage
from three_opt_three_protect.core.overlay.edges import NONE, Edges, Ints, Places, Vertices
from three_opt_three_protect.core.overlay.lines import lines_along
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

_MARGIN = 1.01
"""Cells are searched a little farther than the tolerance: coordinates of 10⁷ m leave few digits for a millimetre."""

_TABLE = 1 << 22
_MANY = 1_000_003
_POSITIVE = (1 << 63) - 1


@dataclass(frozen=True)
class Snapped:
    """What snapping did to a zone layer.

    ``vertices`` were moved, at most by ``largest`` (units of the CRS); ``refused`` zones stayed as
    they were because moving would have made them invalid.
    """

    vertices: int = 0
    largest: float = 0.0
    refused: int = 0


def snap(
    zones: Geometries, edges: Edges, found: Places, parcels: Coverage, tolerance: float, progress: Progress = SILENT
) -> Tuple[Geometries, Snapped]:
    """Move every zone vertex within ``tolerance`` of a parcel vertex onto the nearest one.

    Parameters
    ----------
    zones
        ``(k,)`` polygons.
    edges, found
        Their edges, and the equal parcel edges: a vertex between two of those stays.
    """
    free = edges.is_edge & (found == NONE)
    if not free.any() or tolerance <= np.spacing(np.abs(edges.vertices).max()):
        return zones, Snapped()
    place = np.flatnonzero(_loose(edges, free))
    target = edges.vertices.copy()
    target[place] = _nearest(edges.vertices[place], _around(edges, free, parcels, tolerance, progress), tolerance)
    shift = np.abs(target - edges.vertices)
    touched = np.unique(edges.owner[shift > 0])
    if not len(touched):
        return zones, Snapped()
    out = zones.copy()
    rows = np.isin(edges.owner, touched)
    xy = np.ascontiguousarray(target[rows]).view(np.float64).reshape(-1, 2)
    out[touched] = shapely.set_coordinates(zones[touched].copy(), xy)
    broken = touched[~shapely.is_valid(out[touched])]
    out[broken] = zones[broken]
    kept = (shift > 0) & ~np.isin(edges.owner, broken)
    # A ring's first vertex is also its last: count places.
    places = np.unique(np.stack([edges.owner[kept] + 0j, edges.vertices[kept]], axis=1), axis=0)
    return out, Snapped(len(places), float(shift[kept].max(initial=0.0)), len(broken))


def _loose(edges: Edges, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Vertices at an end of a free edge; where a ring repeats a vertex, all its copies."""
    loose = free.copy()
    loose[1:] |= free[:-1]
    repeats = ~edges.is_edge
    repeats[edges.ring + edges.ring_size - 1] = False
    if repeats.any():
        rows = np.flatnonzero(np.isin(edges.owner, np.unique(edges.owner[repeats])))
        loose[rows] |= np.isin(edges.vertices[rows], edges.vertices[rows[loose[rows]]])
    return loose


def _around(edges: Edges, free: NDArray[np.bool_], parcels: Coverage, tolerance: float, progress: Progress) -> Vertices:
    """Vertices of the parcels near free edges."""
    lines = lines_along(edges, free).geometry
    reach = np.array([-tolerance, -tolerance, tolerance, tolerance])
    progress.check(0.0)
    near = parcels.ground.near(shapely.box(*(shapely.bounds(lines) + reach).T))
    xy = shapely.get_coordinates(parcels.parts[near])
    return np.asarray(xy.view(np.complex128)[:, 0] + 0.0)


def _nearest(places: Vertices, targets: Vertices, tolerance: float) -> Vertices:
    """For every place the nearest target within reach, else the place itself.

    Targets lie in square cells of twice the reach; within reach of a place are at most four.
    """
    reach = _MARGIN * tolerance
    around = [_cells(places + east + 1j * north, 2 * reach) for east in (-reach, reach) for north in (-reach, reach)]
    cell = _cells(targets, 2 * reach)
    # Most places are near nothing and most targets near no place: both are seen in a table of bits first.
    asked = np.zeros(_TABLE, dtype=np.bool_)
    for wanted in around:
        asked[wanted % _TABLE] = True
    kept = np.flatnonzero(asked[cell % _TABLE])
    kept = kept[np.argsort(cell[kept])]
    cell, targets = cell[kept], targets[kept]
    held = np.zeros(_TABLE, dtype=np.bool_)
    held[cell % _TABLE] = True
    best = places.copy()
    distance = np.full(len(places), np.nextafter(tolerance, np.inf))
    for wanted in around:
        row = np.flatnonzero(held[wanted % _TABLE])
        _take_nearer(places, row, wanted[row], targets, cell, best, distance)
    return best


def _take_nearer(
    places: Vertices,
    row: Ints,
    wanted: Ints,
    targets: Vertices,
    cell: Ints,
    best: Vertices,
    distance: NDArray[np.float64],
) -> None:
    """Let targets of the wanted cells that are nearer to the places ``row`` than ``distance`` become ``best``."""
    at, end = np.searchsorted(cell, wanted), np.searchsorted(cell, wanted, side="right")
    while len(row):
        some = at < end
        row, at, end = row[some], at[some], end[some]
        away = np.abs(targets[at] - places[row])
        nearer = away < distance[row]
        best[row[nearer]] = targets[at[nearer]]
        distance[row[nearer]] = away[nearer]
        at = at + 1


def _cells(places: Vertices, size: float) -> Ints:
    """One number for the cell of each place; cells that share it cost a look, not a mistake."""
    column, row = (np.floor(part / size).astype(np.int64) for part in (places.real, places.imag))
    return np.asarray((column * _MANY + row) & _POSITIVE)
