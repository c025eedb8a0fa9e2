"""Areas: the official ellipsoidal area, units, rounding, apportioning a control area.

Sources: 国土调查办发〔2008〕32号 图幅理论面积与图斑椭球面积计算公式及要求 (the strip formula and its
inverse Gauss projection); the 0.01 m² step rule is that of the survey's production software
(domain notes 04-area 4.6, 4.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Callable, Optional, Tuple, Union

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import CrsInfo, Geometries

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ToLonLat = Callable[[Floats, Floats], Tuple[Floats, Floats]]
"""Coordinates of a CRS → longitude and latitude in degrees on its own ellipsoid."""

UNITS_PER_M2 = 100
"""Accounts add whole hundredths of a square metre."""

M2_PER_HA = 10_000.0
MU_PER_HA = 15.0
M2_PER_UNIT = {
    "m2": 1.0,
    "ha": M2_PER_HA,
    "mu": M2_PER_HA / MU_PER_HA,
    "10k_mu": 1e4 * M2_PER_HA / MU_PER_HA,
    "km2": 1e6,
}
"""Units in which an area may be stated → m²."""

_HALF = 2e-15
"""A half in decimal is rarely one in binary: some units in the last place are added so that 1.005 goes up."""

_BATCH = 20_000
"""Geometries measured between two looks at the cancel button."""


class AreaMethod(IntEnum):
    """How an area is measured; the number is the parameter METHOD / AREA_METHOD."""

    STRIP = 0
    GEODESIC = 1
    PLANAR = 2


@dataclass(frozen=True)
class Ellipsoid:
    """Semi-major axis in metres and inverse flattening."""

    semi_major: float
    inverse_flattening: float

    @property
    def semi_minor(self) -> float:
        """Semi-minor axis in metres."""
        return self.semi_major * (1 - 1 / self.inverse_flattening)

    @property
    def eccentricity2(self) -> float:
        """First eccentricity squared, e²."""
        flattening = 1 / self.inverse_flattening
        return flattening * (2 - flattening)


def ellipsoid_of(crs: CrsInfo) -> Ellipsoid:
    """The ellipsoid of ``crs``.

    Raises
    ------
    CrsError
        ``no_ellipsoid``: the CRS does not say which it is.
    """
    if crs.semi_major <= 0 or crs.inverse_flattening <= 0:
        raise CrsError("no_ellipsoid", crs=crs.authid or crs.wkt[:40])
    return Ellipsoid(crs.semi_major, crs.inverse_flattening)


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


def measure(
    geometries: Geometries,
    crs: CrsInfo,
    method: AreaMethod = AreaMethod.STRIP,
    to_lonlat: Optional[ToLonLat] = None,
    progress: Progress = SILENT,
) -> Floats:
    """Area of every geometry in m², not rounded.

    Parameters
    ----------
    geometries
        ``(n,)`` polygons or multipolygons; None and empty give 0.
    crs
        Of the coordinates.
    method
        STRIP is the official formula, edges straight in longitude and latitude; GEODESIC takes
        edges as shortest lines on the ellipsoid; PLANAR is the area on the map sheet times
        ``metres_per_unit²``.
    to_lonlat
        Inverse projection for CRS that core cannot invert itself.

    Returns
    -------
    ndarray
        ``(n,)`` float64.

    Raises
    ------
    CrsError
        ``planar_in_degrees``, ``no_ellipsoid``, ``no_inverse``.
    """
    if method is AreaMethod.PLANAR:
        if crs.is_geographic:
            raise CrsError("planar_in_degrees", crs=crs.authid)
        return np.asarray(np.nan_to_num(shapely.area(geometries)) * crs.metres_per_unit**2)
    inverse = to_lonlat or lonlat_of(crs)
    if inverse is None:
        raise CrsError("no_inverse", crs=crs.authid or crs.wkt[:40])
    ellipsoid = ellipsoid_of(crs)
    areas = np.zeros(len(geometries))
    for start in range(0, len(geometries), _BATCH):
        progress.check(start / len(geometries))
        batch = geometries[start : start + _BATCH]
        areas[start : start + _BATCH] = _polygon_areas(batch, inverse, ellipsoid, method)
    return areas


def _polygon_areas(geometries: Geometries, inverse: ToLonLat, ellipsoid: Ellipsoid, method: AreaMethod) -> Floats:
    """Exterior minus holes, summed over the parts of each geometry."""
    parts, part_of = shapely.get_parts(geometries, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    if not len(rings):
        return np.zeros(len(geometries))
    xy, vertex_of = shapely.get_coordinates(rings, return_index=True)
    lon, lat = inverse(xy[:, 0], xy[:, 1])
    ring_area = np.abs(_ring_areas(lon, lat, vertex_of, len(rings), ellipsoid, method))
    is_hole = np.concatenate([[False], ring_of[1:] == ring_of[:-1]])
    owner = part_of[ring_of]
    return _sum(owner, np.where(is_hole, -ring_area, ring_area), len(geometries))


def _ring_areas(
    lon: Floats, lat: Floats, ring: NDArray[Any], count: int, ellipsoid: Ellipsoid, method: AreaMethod
) -> Floats:
    """Signed area of ``count`` closed rings given as degrees, vertex by vertex."""
    first = np.searchsorted(ring, np.arange(count))
    # Longitudes from the ring's own first vertex: the sum does not depend on the reference
    # meridian, the rounding does.
    x = np.radians(lon - lon[first][ring])
    y = np.radians(lat)
    inner = ring[1:] == ring[:-1]
    l1, l2, b1, b2, edge_ring = x[:-1][inner], x[1:][inner], y[:-1][inner], y[1:][inner], ring[1:][inner]
    if method is AreaMethod.GEODESIC:
        edges = _strip(l1, l2, b1, b2, ellipsoid) + _geodesic_bulge(l1, l2, b1, b2, ellipsoid)
    else:
        edges = _strip(l1, l2, b1, b2, ellipsoid)
    return _sum(edge_ring, edges, count)


def _sum(index: NDArray[Any], values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(index, values, count), dtype=np.float64)


def _strip(l1: Floats, l2: Floats, b1: Floats, b2: Floats, ellipsoid: Ellipsoid) -> Floats:
    """Trapezoid between each edge and the reference meridian (04-area 4.1)."""
    half, middle = (b2 - b1) / 2, (b1 + b2) / 2
    total = np.zeros_like(half)
    for order, coefficient in enumerate(strip_coefficients(ellipsoid)):
        multiple = 2 * order + 1
        sign = 1 if order % 2 == 0 else -1
        total += sign * coefficient * np.sin(multiple * half) * np.cos(multiple * middle)
    return 2 * ellipsoid.semi_minor**2 * (l1 + l2) / 2 * total


def _geodesic_bulge(l1: Floats, l2: Floats, b1: Floats, b2: Floats, ellipsoid: Ellipsoid) -> Floats:
    """Area between each edge of the strip formula and the shortest line with the same ends.

    The strip's edge is straight in (longitude, area from the equator).  By Liouville's formula its
    geodesic curvature is −sin α (1 + 2 cos² α) tan B / N, and a short arc of curvature κ and length s
    stands κ s³ / 12 off its chord.  Good to 10⁻⁶ of itself for edges up to some kilometres.
    """
    e2 = ellipsoid.eccentricity2
    middle = (b1 + b2) / 2
    w2 = 1 - e2 * np.sin(middle) ** 2
    normal = ellipsoid.semi_major / np.sqrt(w2)
    north = normal * (1 - e2) / w2 * (b2 - b1)
    east = normal * np.cos(middle) * (l2 - l1)
    # −sin α (1 + 2 cos² α) s³ without the division by s; the strip counts areas south of the edge.
    return np.asarray(-east * (east**2 + 3 * north**2) * np.tan(middle) / normal / 12)


def to_units(area: Floats) -> Ints:
    """m² → whole hundredths, half away from zero as on paper (0.125, 1.005 go up)."""
    scaled = np.abs(np.asarray(area, dtype=np.float64)) * UNITS_PER_M2
    rounded = np.floor(scaled * (1 + _HALF) + 0.5)
    return np.asarray((np.sign(area) * rounded), dtype=np.int64)


def to_m2(units: Union[NDArray[Any], np.integer[Any], int]) -> Floats:
    """Whole hundredths → m²."""
    return np.asarray(units, dtype=np.float64) / UNITS_PER_M2


def round_half_away(value: Floats, decimals: int) -> Floats:
    """Round half away from zero, as the survey's software does (04-area 4.4)."""
    scale = 10.0**decimals
    scaled = np.abs(np.asarray(value, dtype=np.float64)) * scale
    return np.asarray(np.sign(value) * np.floor(scaled * (1 + _HALF) + 0.5) / scale)


def to_ha(m2: Floats, decimals: int = 4) -> Floats:
    """m² → hectares."""
    return round_half_away(np.asarray(m2, dtype=np.float64) / M2_PER_HA, decimals)


def to_mu(m2: Floats, decimals: int = 2) -> Floats:
    """m² → 亩, as hectares of four decimals × 15: what a reviewer's calculator gives (00-supplement 1.10)."""
    return round_half_away(to_ha(m2) * MU_PER_HA, decimals)


@dataclass(frozen=True)
class Tolerance:
    """Difference between a recorded area and the geometry that is still rounding.

    ``share`` of the area or ``area_m2``, whichever is larger; a profile value (04-area 4.6).
    """

    share: float
    area_m2: float


def apportion(area_m2: Floats, group: Ints, control: Ints, tolerance: Tolerance) -> Ints:
    """Give the pieces of each group areas that add up to the group's control area.

    The rule of 04-area 4.6: round every piece to 0.01 m²; deal the difference to the control out in
    equal steps of 0.01 m², larger pieces first.  Where the difference is more than rounding (beyond
    ``tolerance`` of the group, or of any one piece that would have to bear an equal step) it is
    dealt in proportion first.  A single piece takes its control.  No piece goes below zero.

    Parameters
    ----------
    area_m2
        ``(n,)`` float64, measured areas of the pieces, ≥ 0.
    group
        ``(n,)`` int64, which control (0 … m−1) a piece belongs to.
    control
        ``(m,)`` int64, control areas in hundredths of a m².
    tolerance
        See :class:`Tolerance`.

    Returns
    -------
    ndarray
        ``(n,)`` int64 hundredths; the sum over every group that has a piece is its control.
    """
    count = len(control)
    measured = to_units(area_m2)
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, group, measured)
    pieces = np.bincount(group, minlength=count)
    difference = control - total
    step = np.abs(difference) / np.maximum(pieces, 1) / UNITS_PER_M2
    absolute = np.abs(difference) <= tolerance.area_m2 * UNITS_PER_M2
    piece_ok = (step[group] <= tolerance.share * area_m2) | absolute[group]
    # An equal step may not take more than a piece has.
    piece_ok &= (difference[group] >= 0) | (measured * pieces[group] >= np.abs(difference[group]) + pieces[group])
    spread = np.bincount(group, ~piece_ok, minlength=count) > 0
    scale = np.where(spread & (total > 0), control / np.maximum(total, 1), 1.0)
    scaled = np.where(spread[group], np.floor(measured * scale[group] + 1e-9).astype(np.int64), measured)
    return scaled + _equal_steps(scaled, area_m2, group, control)


def share_out(control: Ints, weight: Ints, group: Ints) -> Ints:
    """Divide each group's total in proportion to ``weight`` into whole numbers that add up to it.

    Parameters
    ----------
    control
        ``(m,)`` int64 totals, ≥ 0.
    weight
        ``(n,)`` int64 weights, ≥ 0; a group whose weights are all 0 gets nothing.
    group
        ``(n,)`` int64 rows of ``control``.
    """
    total = np.bincount(group, weight, len(control))
    share = np.where(total > 0, control / np.maximum(total, 1), 0.0)
    parts = np.floor(weight * share[group] + 1e-9).astype(np.int64)
    rest = _equal_steps(parts, weight.astype(np.float64), group, np.where(total > 0, control, 0))
    return np.asarray(parts + rest, dtype=np.int64)


def _equal_steps(units: Ints, area_m2: Floats, group: Ints, control: Ints) -> Ints:
    """What each piece gets of the difference between its group's control and ``units``."""
    count = len(control)
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, group, units)
    difference = control - total
    pieces = np.maximum(np.bincount(group, minlength=count), 1)
    order = np.lexsort((np.arange(len(group)), -area_m2, group))
    starts = np.searchsorted(group[order], np.arange(count))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - starts[group[order]]
    each, rest = np.divmod(np.abs(difference), pieces)
    return np.asarray(np.sign(difference)[group] * (each[group] + (rank < rest[group])), dtype=np.int64)


def deduct(area: Ints, rate: Floats, group: Ints, control: Ints) -> Ints:
    """Net area (图斑地类面积) of pieces so that they add up to their parcel's.

    KCMJ = round(TBMJ · KCXS, 2), TBDLMJ = TBMJ − KCMJ (04-area 4.5); the residue of rounding goes to
    the largest pieces.

    Parameters
    ----------
    area
        ``(n,)`` int64 hundredths, gross areas of pieces.
    rate
        ``(n,)`` float64, deduction rate of a piece's parcel (KCXS), 0 ≤ rate < 1.
    group
        ``(n,)`` int64, row of the parcel.
    control
        ``(m,)`` int64 hundredths, deducted area (KCMJ) of every parcel.

    Returns
    -------
    ndarray
        ``(n,)`` int64 hundredths, net.
    """
    deducted = to_units(to_m2(area) * rate)
    return np.asarray(area - (deducted + _equal_steps(deducted, to_m2(area), group, control)), dtype=np.int64)
