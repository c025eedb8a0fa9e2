"""Invalid geometry made valid, unusable geometry left out, and a report of both.

A polygon is made valid after the rule of the method "structure" of GEOS, PostGIS and QGIS: land is
what the shell of a part runs round, in whichever direction and how often, and no hole of that part
does.  A bow-tie is two triangles, a spike is nothing, a ring run twice is one, land in two parts
counts once, and a hole never adds land.  Unlike the odd-even rule (method "linework") this does not
depend on whether two edges coincide or miss each other by a hair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]

POLYGON_TYPES = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

_BATCH = 2_000
"""Were all of them broken, mending them would take half a second."""

_TAIL = 1e-7
"""Share of a feature's extent: what is narrower is a matter of rounding."""


@dataclass(frozen=True)
class Issue:
    """One feature that was repaired or left out.

    Attributes
    ----------
    row
        Of the layer.
    reason
        ``invalid`` (repaired) or ``null``, ``empty``, ``zero_area``, ``not_finite``, ``not_polygon``
        (left out).
    area_was
        What every GIS says of the geometry as it came, squared units of the CRS: Σ |shoelace| of the
        shells − Σ |shoelace| of the holes.  Land that a ring runs round in both directions cancels
        out there (an even bow-tie has 0), land in two parts counts twice, and holes that lie outside
        may make it negative.  NaN where there is none.
    area_is
        Of the land that is used, 0 when it was left out; ``area_is − area_was`` was gained or lost.
    """

    row: int
    reason: str
    area_was: float
    area_is: float


@dataclass(frozen=True)
class Repaired:
    """Usable polygons and what was done to get them.

    ``geometry`` is ``(n,)`` with None where the feature was left out.
    """

    geometry: Geometries
    issues: Tuple[Issue, ...]

    @property
    def kept(self) -> NDArray[np.bool_]:
        """``(n,)`` bool, True where there is a polygon."""
        return np.asarray(~shapely.is_missing(self.geometry))

    @property
    def repaired(self) -> int:
        """How many were made valid."""
        return sum(issue.reason == "invalid" for issue in self.issues)

    @property
    def dropped(self) -> int:
        """How many were left out."""
        return len(self.issues) - self.repaired


def repair_polygons(geometries: Geometries, progress: Progress = SILENT) -> Repaired:
    """Make every polygon valid and leave out what has no area.

    Parameters
    ----------
    geometries
        ``(n,)`` shapely geometries or None. Not changed.
    progress
        Asked between batches.
    """
    out = geometries.copy()
    issues: List[Issue] = []
    for start in range(0, len(out), _BATCH):
        progress.check(start / len(out))
        with np.errstate(invalid="ignore", over="ignore"):  # a coordinate that is no number is a reason, no warning
            issues.extend(_repair_batch(out, start, min(start + _BATCH, len(out))))
            # GEOS keeps a geometry's box from the first time it is asked for it: not while threads share it.
            shapely.bounds(out[start : start + _BATCH])
    return Repaired(out, tuple(issues))


def polygons_only(geometries: Geometries) -> Geometries:
    """The polygonal part of each geometry; None where there is none."""
    out = geometries.copy()
    types = shapely.get_type_id(out)
    mixed = types == shapely.GeometryType.GEOMETRYCOLLECTION
    out[(types >= 0) & ~mixed & ~np.isin(types, POLYGON_TYPES)] = None
    rows = np.flatnonzero(mixed)
    if len(rows):
        parts, part_of = shapely.get_parts(out[rows], return_index=True)
        polygons, polygon_of = shapely.get_parts(parts, return_index=True)
        is_polygon = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
        polygons, row_of = polygons[is_polygon], part_of[polygon_of][is_polygon]
        out[rows] = None
        out[rows[np.unique(row_of)]] = shapely.multipolygons(
            polygons, indices=np.unique(row_of, return_inverse=True)[1]
        )
    return out


def _repair_batch(out: Geometries, start: int, stop: int) -> List[Issue]:
    """Repair ``out[start:stop]`` in place."""
    rows = start + np.flatnonzero(~_is_fine(out[start:stop]))
    if not len(rows):
        return []
    broken = out[rows]
    reason = _unusable(broken)
    usable = reason == ""
    was = np.where(usable, shapely.area(broken), np.nan)
    mended = np.full(len(rows), None, dtype=np.object_)
    mended[usable] = _mended(broken[usable])
    area = np.nan_to_num(shapely.area(mended))
    mended[area == 0] = None
    reason[usable & (area == 0)] = "not_polygon"
    reason[usable & (area == 0) & _is_polygonal(broken)] = "zero_area"
    reason[area > 0] = "invalid"
    out[rows] = mended
    return [Issue(*found) for found in zip(rows.tolist(), reason.tolist(), was.tolist(), area.tolist())]


def _is_fine(batch: Geometries) -> NDArray[np.bool_]:
    """True for valid polygons with an area: nearly all of a layer, so only what is cheap is asked.

    A coordinate that is no number, or too large to reckon with, makes the length one too.
    """
    finite = np.isfinite(shapely.length(batch))
    return np.asarray(finite & (shapely.area(batch) > 0) & _is_polygonal(batch) & shapely.is_valid(batch))


def _is_polygonal(geometries: Geometries) -> NDArray[np.bool_]:
    types = shapely.get_type_id(geometries)
    return np.asarray((types == POLYGON_TYPES[0]) | (types == POLYGON_TYPES[1]))


def _unusable(broken: Geometries) -> NDArray[np.object_]:
    """Why a geometry cannot even be looked at, "" where it can."""
    reason = np.full(len(broken), "", dtype=np.object_)
    finite = np.isfinite(shapely.length(broken))
    # Points have no length.
    xy, row = shapely.get_coordinates(broken, return_index=True)
    finite[row[~np.isfinite(xy).all(axis=1)]] = False
    reason[~finite] = "not_finite"
    reason[shapely.is_empty(broken)] = "empty"
    reason[shapely.is_missing(broken)] = "null"
    return reason


def _mended(geometries: Geometries) -> Geometries:
    """The land of each geometry as valid polygons; None where there is none."""
    polygons, row = _single_polygons(geometries)
    out = np.full(len(geometries), None, dtype=np.object_)
    begin = np.searchsorted(row, np.arange(len(geometries) + 1))
    for number in np.unique(row):
        out[number] = _land(polygons[begin[number] : begin[number + 1]])
    return out


def _single_polygons(geometries: Geometries) -> Tuple[Geometries, Ints]:
    """The polygons in each geometry, however deep they lie in collections, and the geometry's row."""
    parts, row = geometries, np.arange(len(geometries))
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, part_of = shapely.get_parts(parts, return_index=True)
        row = row[part_of]
    polygons = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return parts[polygons], row[polygons]


def _land(parts: Geometries) -> Optional[shapely.Geometry]:
    """The faces between all rings that a shell runs round and no hole of the same part, united."""
    rings, part = shapely.get_rings(parts, return_index=True)
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(rings)]))
    if not len(faces):
        return None
    is_shell = np.ones(len(rings), dtype=np.bool_)
    is_shell[1:] = part[1:] != part[:-1]
    face, ring = _run_round(faces, rings)
    claim = face * len(parts) + part[ring]
    land = np.setdiff1d(claim[is_shell[ring]], claim[~is_shell[ring]]) // len(parts)
    return _united(faces[np.unique(land)]) if len(land) else None


def _united(faces: Geometries) -> shapely.Geometry:
    """The union of faces, which share edges at most: what loses or doubles land was a slip of floating point.

    Then it is made on the grid of the last places of the coordinates, where GEOS makes none.
    """
    step = float(np.spacing(np.abs(shapely.total_bounds(faces)).max()))
    slack = step * float(shapely.length(faces).sum())
    land = shapely.union_all(faces)
    if land.is_valid and abs(land.area - float(shapely.area(faces).sum())) <= slack:
        return land
    return shapely.union_all(faces, grid_size=step)


def _run_round(faces: Geometries, rings: Geometries) -> Tuple[Ints, Ints]:
    """Pairs of a face and a ring that runs round it: the winding number of a point inside is not 0.

    It is counted along a ray to the east: edges that cross it upward less those that cross it downward.
    """
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    # Where edges nearly coincide a face may have a tail without width: the spot must not lie there.
    wide = _TAIL * float(np.ptp(xy, axis=0).max()) + 2 * float(np.spacing(np.abs(xy).max()))
    inner = shapely.buffer(faces, -wide, quad_segs=1)
    spot = shapely.get_coordinates(shapely.point_on_surface(np.where(shapely.is_empty(inner), faces, inner)))
    first = np.flatnonzero(ring[1:] == ring[:-1])
    tail, head, ring = xy[first], xy[first + 1], ring[first]
    far = np.column_stack([np.full(len(spot), xy[:, 0].max()), spot[:, 1]])
    edges = shapely.STRtree(shapely.linestrings(np.stack([tail, head], axis=1)))
    face, edge = edges.query(shapely.linestrings(np.stack([spot, far], axis=1)))
    (x1, y1), (x2, y2) = (tail[edge] - spot[face]).T, (head[edge] - spot[face]).T
    side = x1 * y2 - x2 * y1
    turn = ((y1 <= 0) & (y2 > 0) & (side > 0)).astype(np.int64) - ((y2 <= 0) & (y1 > 0) & (side < 0))
    pair, place = np.unique(face * len(rings) + ring[edge], return_inverse=True)
    pair = pair[np.bincount(place, turn, len(pair)) != 0]
    return pair // len(rings), pair % len(rings)
