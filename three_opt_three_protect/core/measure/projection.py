"""Map coordinates → longitude and latitude: the inverse Gauss projection of 国土调查办发〔2008〕32号 (04-area 4.2)."""

from __future__ import annotations

from typing import Callable, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.measure.ellipsoid import Ellipsoid, ellipsoid_of
from three_opt_three_protect.core.measure.units import Floats
from three_opt_three_protect.core.tables import CrsInfo

ToLonLat = Callable[[Floats, Floats], Tuple[Floats, Floats]]
"""Coordinates of a CRS → longitude and latitude in degrees on its own ellipsoid."""


def gauss_kruger_inverse(ellipsoid: Ellipsoid, central_meridian: float, false_easting: float) -> ToLonLat:
    """Inverse Gauss projection of the notice, carried one term further.

    The notice stops at yn⁶ (latitude) and yn⁵ (longitude), which is 2 mm² wrong in a hectare and
    2·10⁻³ m² in 100 km²; the next terms of the same series make it agree with PROJ.

    Parameters
    ----------
    ellipsoid
        Of the CRS.
    central_meridian
        Degrees.
    false_easting
        Metres, with the zone number if the coordinates carry it.
    """
    e2 = ellipsoid.eccentricity2
    second_e2 = e2 / (1 - e2)
    polar_radius = ellipsoid.semi_major**2 / ellipsoid.semi_minor
    footpoint = _footpoint_series(ellipsoid)
    radians = np.pi / 180

    def to_lonlat(x: Floats, y: Floats) -> Tuple[Floats, Floats]:
        bf = footpoint(np.asarray(y, dtype=np.float64))
        cos = np.cos(bf)
        t2 = np.tan(bf) ** 2
        eta2 = second_e2 * cos**2
        v2 = 1 + eta2
        yn = (np.asarray(x, dtype=np.float64) - false_easting) * np.sqrt(v2) / polar_radius
        y2 = yn**2
        b8 = (1385 + t2 * (3633 + t2 * (4095 + 1575 * t2))) / 40320
        b6 = (61 + t2 * (90 + 45 * t2) + eta2 * (46 - t2 * (252 + 90 * t2))) / 720
        b4 = (5 + 3 * t2 + eta2 * (1 - 9 * t2) - 4 * eta2**2) / 24
        latitude = bf - v2 * np.sqrt(t2) * np.sign(bf) * y2 * (0.5 - y2 * (b4 - y2 * (b6 - y2 * b8)))
        l7 = (61 + t2 * (662 + t2 * (1320 + 720 * t2))) / 5040
        l5 = (5 + t2 * (28 + 24 * t2) + eta2 * (6 + 8 * t2)) / 120
        l3 = (1 + 2 * t2 + eta2) / 6
        longitude = yn * (1 - y2 * (l3 - y2 * (l5 - y2 * l7))) / cos
        return longitude / radians + central_meridian, latitude / radians

    return to_lonlat


def _footpoint_series(ellipsoid: Ellipsoid) -> Callable[[Floats], Floats]:
    """Latitude (radians) whose meridian arc is y metres: series in the third flattening n.

    Source: Helmert's series (Snyder, Map Projections – A Working Manual, 3-26); the notice tabulates
    the same series as k0…k4 for each ellipsoid.
    """
    n = (ellipsoid.semi_major - ellipsoid.semi_minor) / (ellipsoid.semi_major + ellipsoid.semi_minor)
    rectifying = (ellipsoid.semi_major + ellipsoid.semi_minor) / 2 * (1 + n**2 / 4 + n**4 / 64)
    c2 = 3 * n / 2 - 27 * n**3 / 32
    c4 = 21 * n**2 / 16 - 55 * n**4 / 32
    c6 = 151 * n**3 / 96
    c8 = 1097 * n**4 / 512

    def footpoint(y: Floats) -> Floats:
        mu = y / rectifying
        return np.asarray(mu + c2 * np.sin(2 * mu) + c4 * np.sin(4 * mu) + c6 * np.sin(6 * mu) + c8 * np.sin(8 * mu))

    return footpoint


def lonlat_of(crs: CrsInfo) -> Optional[ToLonLat]:
    """The inverse that core itself has: degrees as they are, Gauss–Krüger; None for the rest."""
    if crs.is_geographic:
        return lambda x, y: (np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    if crs.central_meridian is None:
        return None
    return gauss_kruger_inverse(ellipsoid_of(crs), crs.central_meridian, crs.false_easting)
