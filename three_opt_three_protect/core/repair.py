"""Invalid geometry made valid, unusable geometry left out, and a report of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

POLYGON_TYPES = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

_BATCH = 20_000


@dataclass(frozen=True)
class Issue:
    """One feature that was repaired or left out.

    ``reason`` is ``invalid`` (repaired) or ``null``, ``empty``, ``zero_area``, ``not_finite``,
    ``not_polygon`` (left out); areas are in squared units of the CRS, NaN where there is none.
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
    issues = []
    for start in range(0, len(out), _BATCH):
        progress.check(start / len(out))
        issues.extend(_repair_batch(out, start, min(start + _BATCH, len(out))))
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


def _repair_batch(out: Geometries, start: int, stop: int) -> list[Issue]:
    """Repair ``out[start:stop]`` in place."""
    batch = out[start:stop]
    reason = _unusable(batch)
    usable = reason == ""
    was = np.full(len(batch), np.nan)
    was[usable] = shapely.area(batch[usable])
    polygonal = np.isin(shapely.get_type_id(batch), POLYGON_TYPES)
    broken = np.flatnonzero(usable & ~(polygonal & shapely.is_valid(batch)))
    batch[broken] = _mended(batch[broken])
    reason[broken] = "invalid"
    area = np.nan_to_num(shapely.area(batch))
    reason[usable & (area == 0)] = "not_polygon"
    reason[usable & (area == 0) & polygonal] = "zero_area"
    left_out = (reason != "") & (reason != "invalid")
    batch[left_out] = None
    return [
        Issue(start + int(row), str(reason[row]), float(was[row]), 0.0 if left_out[row] else float(area[row]))
        for row in np.flatnonzero(reason != "")
    ]


def _unusable(batch: Geometries) -> NDArray[np.object_]:
    """Why a geometry cannot even be looked at, "" where it can."""
    reason = np.full(len(batch), "", dtype=np.object_)
    missing = shapely.is_missing(batch)
    reason[missing] = "null"
    reason[~missing & shapely.is_empty(batch)] = "empty"
    finite = np.isfinite(shapely.bounds(batch)).all(axis=1)
    xy, row = shapely.get_coordinates(batch, return_index=True)
    finite[row[~np.isfinite(xy).all(axis=1)]] = False
    reason[(reason == "") & ~finite] = "not_finite"
    return reason


def _mended(geometries: Geometries) -> Geometries:
    """The polygons of each geometry, made valid one by one and united.

    Made valid together, land that two parts claim would become a hole (even-odd rule).
    """
    out = np.empty(len(geometries), dtype=np.object_)
    for row, geometry in enumerate(geometries):
        out[row] = shapely.union_all(polygons_only(shapely.make_valid(shapely.get_parts(geometry))))
    return out
