"""Coordinates that cannot be meant: of another zone, of degrees, with or without the zone number."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.tables import LayerTable, first_features

Floats = NDArray[np.float64]

FROM_MERIDIAN = 500_000.0
"""Metres: a Gauss–Krüger zone of 6° is narrower, and the next zone's number is a million away."""
FROM_EQUATOR = 10_002_000.0
"""Metres from the equator to the pole."""


def require_fitting(table: LayerTable) -> None:
    """Refuse coordinates that the layer's coordinate system does not have.

    Measured by the wrong projection a hectare becomes anything, without a word of PROJ or the series.

    Raises
    ------
    CrsError
        ``coordinates_outside_crs``: names layer, features and coordinate system.
    """
    crs = table.crs
    if crs is None or table.geometry is None:
        return
    if crs.is_geographic:
        west, south, east, north = -360.0, -90.0, 360.0, 90.0
    elif crs.central_meridian is not None:
        west, east = crs.false_easting - FROM_MERIDIAN, crs.false_easting + FROM_MERIDIAN
        south, north = -FROM_EQUATOR, FROM_EQUATOR
    else:
        return
    with np.errstate(invalid="ignore"):
        bounds = shapely.bounds(table.geometry)
    if _within(bounds[:, 0], bounds[:, 2], west, east) and _within(bounds[:, 1], bounds[:, 3], south, north):
        return
    with np.errstate(invalid="ignore"):
        wrong = (bounds[:, :2] < (west, south)).any(axis=1) | (bounds[:, 2:] > (east, north)).any(axis=1)
    if wrong.any():
        features = first_features(table, np.flatnonzero(wrong))
        raise CrsError("coordinates_outside_crs", layer=table.name, features=features, crs=crs.authid or crs.wkt[:40])


def _within(least: Floats, most: Floats, low: float, high: float) -> bool:
    """Whether all lie between; NaN, of what has no coordinates, does not count."""
    return bool(np.fmin.reduce(least, initial=np.inf) >= low and np.fmax.reduce(most, initial=-np.inf) <= high)
