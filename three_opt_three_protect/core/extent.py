"""Geometry that cannot be meant: of another zone, of degrees, with or without the zone number, lines for areas."""

from __future__ import annotations

from typing import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.crsguess import CONTRADICTS, CrsGuess, ZoneFamily, guess_of
from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.tables import LayerTable, first_features

Floats = NDArray[np.float64]

FROM_MERIDIAN = 500_000.0
"""Metres: a Gauss–Krüger zone of 6° is narrower, and the next zone's number is a million away."""
FROM_EQUATOR = 10_002_000.0
"""Metres from the equator to the pole."""
_OTHERS = frozenset((0, 1, 2, 4, 5))
"""GEOS type ids of points, lines, rings and their multi forms."""
_AREAS = frozenset((3, 6, 7))
"""Of polygons, their multi form, and collections, which may hold some."""


def require_fitting(table: LayerTable, families: Sequence[ZoneFamily] = ()) -> None:
    """Refuse coordinates that the layer's coordinate system does not have.

    Measured by the wrong projection a hectare becomes anything, without a word of PROJ or the series.

    Parameters
    ----------
    families
        The zones known (``storage.crs.zone_families``): the error then names those that fit.

    Raises
    ------
    CrsError
        ``coordinates_outside_crs``, ``coordinates_outside_crs_like``: names layer, features and coordinate system;
        ``crs_axes_swapped``, ``crs_degrees_in_metres``.
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
    guess = guess_of(table, families)
    if guess.verdict == CONTRADICTS and guess.why in ("crs_axes_swapped", "crs_degrees_in_metres"):
        raise CrsError(guess.why, **guess.values)
    if _within(bounds[:, 0], bounds[:, 2], west, east) and _within(bounds[:, 1], bounds[:, 3], south, north):
        return
    with np.errstate(invalid="ignore"):
        wrong = (bounds[:, :2] < (west, south)).any(axis=1) | (bounds[:, 2:] > (east, north)).any(axis=1)
    if wrong.any():
        raise _outside(table, first_features(table, np.flatnonzero(wrong)), guess)


def require_polygons(table: LayerTable) -> None:
    """Refuse a layer of lines or points where land is meant; single ones among polygons are left out and listed.

    Raises
    ------
    InputError
        ``polygons_needed``.
    """
    if table.geometry is None:
        return
    kinds = set(np.unique(shapely.get_type_id(table.geometry)).tolist())
    if kinds & _OTHERS and not kinds & _AREAS:
        raise InputError("polygons_needed", layer=table.name)


def _outside(table: LayerTable, features: str, guess: CrsGuess) -> CrsError:
    crs = "" if table.crs is None else table.crs.authid or table.crs.wkt[:40]
    if guess.verdict == CONTRADICTS and guess.candidates:
        return CrsError("coordinates_outside_crs_like", layer=table.name, features=features, crs=crs, like=guess.best)
    return CrsError("coordinates_outside_crs", layer=table.name, features=features, crs=crs)


def _within(least: Floats, most: Floats, low: float, high: float) -> bool:
    """Whether all lie between; NaN, of what has no coordinates, does not count."""
    return bool(np.fmin.reduce(least, initial=np.inf) >= low and np.fmax.reduce(most, initial=-np.inf) <= high)
