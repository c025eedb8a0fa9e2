"""The strip formula of 国土调查办发〔2008〕32号 (04-area 4.1) as a shoelace, and the step to shortest lines.

The formula sums ΔL · [S(B2) − S(B1)] over the edges, ΔL the mean longitude of an edge and S(B) the area
between equator and parallel B for a unit of longitude, for 2 sin(kΔB/2) cos(kBm) = sin kB2 − sin kB1.
That is a polygon's area in the plane whose coordinates are longitude and S: straight edges there are
what the formula takes a parcel's edges for.
"""

from __future__ import annotations

from typing import Callable, Tuple

import numpy as np

from three_opt_three_protect.core.measure.ellipsoid import Ellipsoid
from three_opt_three_protect.core.measure.projection import ToLonLat
from three_opt_three_protect.core.measure.units import Floats

ToPlane = Callable[[Floats, Floats], Tuple[Floats, Floats]]
"""Coordinates of a CRS → the plane of the strip formula, in metres east and north of some point."""


def strip_coefficients(ellipsoid: Ellipsoid) -> Tuple[float, float, float, float, float]:
    """Coefficients A … E of the strip formula (04-area 4.1)."""
    e2 = ellipsoid.eccentricity2
    e4, e6, e8 = e2**2, e2**3, e2**4
    return (
        1 + 3 / 6 * e2 + 30 / 80 * e4 + 35 / 112 * e6 + 630 / 2304 * e8,
        1 / 6 * e2 + 15 / 80 * e4 + 21 / 112 * e6 + 420 / 2304 * e8,
        3 / 80 * e4 + 7 / 112 * e6 + 180 / 2304 * e8,
        1 / 112 * e6 + 45 / 2304 * e8,
        5 / 2304 * e8,
    )


def strip_plane(inverse: ToLonLat, ellipsoid: Ellipsoid, x0: float, y0: float) -> ToPlane:
    """The plane of the strip formula around a point, so that no digits are lost.

    Longitude is multiplied and S divided by b · cos B0: that leaves areas as they are and makes both
    coordinates metres.

    Parameters
    ----------
    x0, y0
        The point, in coordinates of the CRS.
    """
    lon0, lat0 = (float(value[0]) for value in inverse(np.array([x0]), np.array([y0])))
    b0 = np.radians(lat0)
    scale = ellipsoid.semi_minor * np.cos(b0)
    coefficients = strip_coefficients(ellipsoid)

    def plane(x: Floats, y: Floats) -> Tuple[Floats, Floats]:
        lon, lat = inverse(x, y)
        half = (np.radians(lat) - b0) / 2
        middle = b0 + half
        total = np.zeros_like(half)
        for order, coefficient in enumerate(coefficients):
            multiple = 2 * order + 1
            sign = 1 if order % 2 == 0 else -1
            total += sign * coefficient * np.sin(multiple * half) * np.cos(multiple * middle)
        return np.radians(lon - lon0) * scale, total * (2 * ellipsoid.semi_minor**2 / scale)

    return plane


def geodesic_bulge(lon: Floats, lat: Floats, ellipsoid: Ellipsoid) -> Floats:
    """Area between the edges of the strip formula and the shortest lines with the same ends.

    The strip's edge is straight in (longitude, area from the equator).  By Liouville's formula its
    geodesic curvature is −sin α (1 + 2 cos² α) tan B / N, and a short arc of curvature κ and length s
    stands κ s³ / 12 off its chord.  Good to 10⁻⁶ of itself for edges up to some kilometres.

    Parameters
    ----------
    lon, lat
        ``(n,)`` degrees, vertices one after another.

    Returns
    -------
    ndarray
        ``(n − 1,)`` m², to be added to the strip's edges.
    """
    b = np.radians(lat)
    e2 = ellipsoid.eccentricity2
    middle = (b[:-1] + b[1:]) / 2
    w2 = 1 - e2 * np.sin(middle) ** 2
    normal = ellipsoid.semi_major / np.sqrt(w2)
    north = normal * (1 - e2) / w2 * np.diff(b)
    east = normal * np.cos(middle) * np.radians(np.diff(lon))
    # −sin α (1 + 2 cos² α) s³ without the division by s; the strip counts areas south of the edge.
    return np.asarray(-east * (east**2 + 3 * north**2) * np.tan(middle) / normal / 12)
