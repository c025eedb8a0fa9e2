"""Metres on the ground near where the plan is: what lengths and distances are measured in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.measure.ellipsoid import ellipsoid_of
from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import CrsInfo, Geometries

Floats = NDArray[np.float64]

LARGEST_ERROR = 0.01
"""Share by which a degree of longitude may be longer or shorter at the edge of the plan than in its middle."""

_TURN = 180.0 / np.pi


@dataclass(frozen=True)
class Plane:
    """Metres of one unit of the coordinates, east and north.

    Geographic coordinates become a plane by one scale for each, exact in the middle of the plan.
    """

    east: float
    north: float

    @property
    def as_drawn(self) -> bool:
        """The coordinates are metres already."""
        return self.east == 1.0 and self.north == 1.0

    def metres(self, geometries: Geometries, progress: Progress = SILENT) -> Geometries:
        """The geometries in metres; the same array where they are."""
        return self._scaled(geometries, np.array([self.east, self.north]), progress)

    def drawn(self, geometries: Geometries, progress: Progress = SILENT) -> Geometries:
        """Geometries in metres in the coordinates of the layer."""
        return self._scaled(geometries, 1.0 / np.array([self.east, self.north]), progress)

    def _scaled(self, geometries: Geometries, scale: Floats, progress: Progress) -> Geometries:
        if self.as_drawn:
            return geometries

        def scaled(some: Geometries) -> Geometries:
            return np.asarray(shapely.transform(some, lambda xy: xy * scale), dtype=np.object_)

        return batched(scaled, geometries, progress=progress)


def plane_of(crs: CrsInfo, geometries: Geometries) -> Plane:
    """The plane for layers around ``geometries``; lengths in it are right within :data:`LARGEST_ERROR`.

    Raises
    ------
    CrsError
        ``plan_too_large_for_degrees``: north to south more than that allows; ``no_ellipsoid``.
    """
    if not crs.is_geographic:
        return Plane(crs.metres_per_unit, crs.metres_per_unit)
    south, north = np.nan_to_num(shapely.total_bounds(geometries)[[1, 3]])
    middle = np.array([(south + north) / 2])
    # The cosine changes by its sine times the step.
    if (north - south) / 2 / _TURN * abs(np.tan(middle[0] / _TURN)) > LARGEST_ERROR:
        raise CrsError("plan_too_large_for_degrees", crs=crs.authid, degrees=round(float(north - south), 1))
    east, along = metres_per_unit(crs, middle)
    return Plane(float(east[0]), float(along[0]))


def metres_per_unit(crs: CrsInfo, y: Floats) -> Tuple[Floats, Floats]:
    """``(n,)`` metres in one unit of x and of y at places with these y.

    Of degrees: the lengths of a degree of the parallel and of the meridian (Snyder, Map Projections – A Working Manual,
    4-18 to 4-21).

    Raises
    ------
    CrsError
        ``no_ellipsoid``.
    """
    if not crs.is_geographic:
        unit = np.full(len(y), crs.metres_per_unit)
        return unit, unit
    ellipsoid, latitude = ellipsoid_of(crs), y / _TURN
    flatter = 1 - ellipsoid.eccentricity2 * np.sin(latitude) ** 2
    across = ellipsoid.semi_major / np.sqrt(flatter)
    along = across * (1 - ellipsoid.eccentricity2) / flatter
    return across * np.cos(latitude) / _TURN, along / _TURN


def widened(geometries: Geometries, metres: float, crs: CrsInfo, progress: Progress = SILENT) -> Geometries:
    """All that lies within so many metres of lines or polygons, in the coordinates of ``crs``: a corridor.

    Parameters
    ----------
    geometries
        ``(n,)`` lines or polygons; missing ones stay missing.

    Raises
    ------
    CrsError
        As :func:`plane_of`.
    """
    plane = plane_of(crs, geometries)

    def wide(some: Geometries) -> Geometries:
        return np.asarray(shapely.buffer(some, metres), dtype=np.object_)

    return plane.drawn(batched(wide, plane.metres(geometries), progress=progress, size=200))
