"""The polynomial that stands for the strip formula's plane gives the formula's areas, and always the same ones."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.measure import (
    AreaMethod,
    Ellipsoid,
    ToLonLat,
    ellipsoid_of,
    gauss_kruger_inverse,
    lonlat_of,
    measure,
    strip_coefficients,
)
from three_opt_three_protect.core.measure.tiles import Tile, tile_plane, tiles
from three_opt_three_protect.core.tables import CrsInfo

GAUSS = CrsInfo(
    "EPSG:4528",
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)
XIAN80 = replace(GAUSS, semi_major=6378140.0, inverse_flattening=298.257)
DEGREES = replace(GAUSS, authid="EPSG:4490", is_geographic=True, central_meridian=None, metres_per_unit=111_319.49)
EXTENDED = np.finfo(np.longdouble).eps < 1e-18
WEST, SOUTH = 40_550_000.0, 3_460_000.0


def array(*shapes: object) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def edge_by_edge(shape: shapely.Geometry, inverse: ToLonLat, ellipsoid: Ellipsoid) -> float:
    """The strip formula as it is printed (04-area 4.1): trapezoids from edge to meridian, rings one by one."""
    total = 0.0
    for part in shapely.get_parts(shape):
        for number, ring in enumerate(shapely.get_rings(part)):
            lon, lat = inverse(*shapely.get_coordinates(ring).T)
            x, y = np.radians(lon - lon[0]), np.radians(lat)
            half, middle = np.diff(y) / 2, (y[1:] + y[:-1]) / 2
            bracket = sum(
                (-1) ** order * c * np.sin((2 * order + 1) * half) * np.cos((2 * order + 1) * middle)
                for order, c in enumerate(strip_coefficients(ellipsoid))
            )
            area = abs(float(np.sum(2 * ellipsoid.semi_minor**2 * (x[1:] + x[:-1]) / 2 * bracket)))
            total += area if number == 0 else -area
    return total


def star(east: float, north: float, size: float, corners: int, seed: int) -> shapely.Polygon:
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.random(corners)) * 2 * np.pi
    reach = size * (0.3 + 0.7 * rng.random(corners))
    return shapely.Polygon(np.column_stack([east + reach * np.cos(angle), north + reach * np.sin(angle)]))


def parcels(count: int = 400, crs: CrsInfo = GAUSS) -> np.ndarray:
    """Stars of 20 to 400 m all over 60 × 60 km: several tiles; some with a hole, some of two parts."""
    rng = np.random.default_rng(7)
    shapes: List[shapely.Geometry] = []
    for number in range(count):
        east, north = WEST + rng.random() * 60_000, SOUTH + rng.random() * 60_000
        shape: shapely.Geometry = star(east, north, 20 + 380 * rng.random(), int(rng.integers(4, 60)), number)
        if not shape.is_valid:
            shape = shape.convex_hull
        if number % 5 == 1:
            shape = shape.convex_hull.difference(shapely.box(east - 2, north - 2, east + 2, north + 3))
        if number % 7 == 1:
            shape = shapely.MultiPolygon([*shapely.get_parts(shape), star(east + 2000, north, 50, 4, 1).convex_hull])
        if number % 3 == 1:
            shape = shapely.multipolygons(shapely.get_parts(shape))
        shapes.append(shape)
    if crs.is_geographic:
        inverse = lonlat_of(GAUSS)
        assert inverse is not None
        return np.asarray(shapely.transform(array(*shapes), lambda xy: np.column_stack(inverse(*xy.T))))
    return array(*shapes)


@pytest.mark.parametrize("crs", [GAUSS, XIAN80, DEGREES])
def test_as_the_printed_formula(crs: CrsInfo) -> None:
    shapes, inverse = parcels(crs=crs), lonlat_of(crs)
    assert inverse is not None
    printed = [edge_by_edge(shape, inverse, ellipsoid_of(crs)) for shape in shapes]
    np.testing.assert_allclose(measure(shapes, crs), printed, rtol=0, atol=1e-6)


def test_any_projection() -> None:
    pyproj = pytest.importorskip("pyproj")
    move = pyproj.Transformer.from_crs("EPSG:32651", "EPSG:4326", always_xy=True)
    utm = replace(GAUSS, central_meridian=None, semi_major=6378137.0, inverse_flattening=298.257223563)
    shapes = shapely.transform(parcels(60), lambda xy: xy - [40_300_000.0, 0.0])

    def inverse(x: np.ndarray, y: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        return move.transform(x, y)

    printed = [edge_by_edge(shape, inverse, ellipsoid_of(utm)) for shape in shapes]
    np.testing.assert_allclose(measure(shapes, utm, to_lonlat=inverse), printed, rtol=0, atol=2e-6)


def exact_plane(x: np.ndarray, y: np.ndarray, tile: Tile) -> Tuple[np.ndarray, np.ndarray]:
    """Degrees → the plane, in more digits than float64 has."""
    ellipsoid, wide = ellipsoid_of(DEGREES), np.longdouble
    degree = np.arctan2(wide(0), wide(-1)) / 180
    b0 = wide(tile.y) * degree
    half = (y.astype(wide) * degree - b0) / 2
    total = sum(
        (-1) ** order * wide(c) * np.sin((2 * order + 1) * half) * np.cos((2 * order + 1) * (b0 + half))
        for order, c in enumerate(strip_coefficients(ellipsoid))
    )
    scale = wide(ellipsoid.semi_minor * np.cos(np.radians(tile.y)))
    return (x.astype(wide) - wide(tile.x)) * degree * scale, total * 2 * wide(ellipsoid.semi_minor) ** 2 / scale


@pytest.mark.skipif(not EXTENDED, reason="no floating-point type beyond float64 here")
@pytest.mark.parametrize("north", [18.25, 31.25, 53.25])
@pytest.mark.parametrize("side", [0.25, 1.0])
def test_displacement_bound(north: float, side: float) -> None:
    """A vertex is displaced by less than 10⁻⁹ m, so an area is off by less than that times the perimeter."""
    tile = Tile(120.625, north, side * 0.625)
    plane = tile_plane(tile, lambda x, y: (x, y), ellipsoid_of(DEGREES))
    assert plane is not None
    rng = np.random.default_rng(3)
    x, y = tile.x + tile.reach * rng.uniform(-1, 1, 20_000), tile.y + tile.reach * rng.uniform(-1, 1, 20_000)
    for found, true in zip(plane(x, y), exact_plane(x, y, tile)):
        assert np.abs(found - true).max() < 1e-9


def test_a_polygon_has_one_area() -> None:
    """By itself, in any order, beside others: the same to the last bit."""
    shapes = parcels(150)
    together = measure(shapes, GAUSS)
    order = np.random.default_rng(1).permutation(len(shapes))
    np.testing.assert_array_equal(measure(shapes[order], GAUSS), together[order])
    alone = [measure(shapes[row : row + 1], GAUSS)[0] for row in range(len(shapes))]
    np.testing.assert_array_equal(alone, together)
    far = array(shapely.box(0, 0, 1e6, 1e6), *shapes, shapely.box(1e15, 0, 2e15, 1e9), None)
    np.testing.assert_array_equal(measure(far, GAUSS)[1:-2], together)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0, 60_000),
    st.floats(0, 60_000),
    st.floats(0.5, 6),
    st.integers(3, 40),
    st.integers(0, 2**31),
    st.booleans(),
)
def test_random_polygons(east: float, north: float, power: float, corners: int, seed: int, holed: bool) -> None:
    """From 3 m to 1 000 km², with slivers, holes and what make_valid makes of stars that cross themselves."""
    size = min(10**power, 20_000.0)
    shape = shapely.make_valid(star(WEST + east, SOUTH + north, size, corners, seed))
    if holed:
        shape = shape.difference(star(WEST + east, SOUTH + north, size / 3, corners, seed + 1).buffer(0))
    inverse = gauss_kruger_inverse(ellipsoid_of(GAUSS), 120.0, 40_500_000.0)
    found = measure(array(shape), GAUSS)[0]
    # The printed formula in float64 is itself off by what a coordinate of 10⁷ m does not resolve.
    bound = 1e-8 * shape.length + 1e-9
    assert abs(found - edge_by_edge(shape, inverse, ellipsoid_of(GAUSS))) <= bound


def test_a_projection_that_is_not_smooth_is_taken_as_it_is() -> None:
    """Rounded seconds of arc, as some software hands them on: no polynomial fits, and none is used."""
    smooth = lonlat_of(GAUSS)
    assert smooth is not None

    def rough(x: np.ndarray, y: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        lon, lat = smooth(x, y)
        return np.round(lon * 3600, 3) / 3600, np.round(lat * 3600, 3) / 3600

    tile = Tile(WEST, SOUTH, 20_000.0)
    assert tile_plane(tile, rough, ellipsoid_of(GAUSS)) is None
    shapes = parcels(40)
    printed = [edge_by_edge(shape, rough, ellipsoid_of(GAUSS)) for shape in shapes]
    np.testing.assert_allclose(measure(shapes, GAUSS, to_lonlat=rough), printed, rtol=0, atol=1e-6)


@pytest.mark.parametrize("raises", [True, False])
def test_a_tile_may_reach_beyond_the_projection(raises: bool) -> None:
    """What lies outside is an error to QGIS and infinite to PROJ; the parcels inside are measured all the same."""
    smooth = lonlat_of(GAUSS)
    assert smooth is not None
    shapes = parcels(40)
    east = shapely.total_bounds(shapes)[2]

    def limited(x: np.ndarray, y: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        lon, lat = smooth(x, y)
        beyond = x > east
        if raises and beyond.any():
            raise CrsError("transform_failed", layer="", crs="")
        return np.where(beyond, np.inf, lon), np.where(beyond, np.inf, lat)

    found = measure(shapes, GAUSS, to_lonlat=limited)
    np.testing.assert_allclose(found, measure(shapes, GAUSS), rtol=0, atol=1e-6)


def test_geodesic_of_many_as_of_one() -> None:
    shapes = parcels(50)
    many = measure(shapes, GAUSS, AreaMethod.GEODESIC)
    alone = [measure(shapes[row : row + 1], GAUSS, AreaMethod.GEODESIC)[0] for row in range(len(shapes))]
    np.testing.assert_allclose(many, alone, rtol=0, atol=1e-8)
    # edges of some hundred metres
    assert 0.1 < np.abs(many - measure(shapes, GAUSS)).max() < 2


def test_tiles_cover_their_polygons() -> None:
    shapes = array(*parcels(200), shapely.box(WEST, SOUTH, WEST + 30_000, SOUTH + 5_000), shapely.box(-1, -1, 1, 1))
    seen = []
    for tile, rows in tiles(shapes, GAUSS):
        assert tile is not None
        bounds = shapely.bounds(shapes[rows])
        assert (np.abs(bounds[:, [0, 2]] - tile.x) <= tile.reach).all()
        assert (np.abs(bounds[:, [1, 3]] - tile.y) <= tile.reach).all()
        seen.extend(rows.tolist())
    assert sorted(seen) == list(range(len(shapes)))
    assert list(tiles(shapes[:0], GAUSS)) == []


def test_what_is_no_place_is_still_measured_or_said_so() -> None:
    box = shapely.box(WEST, SOUTH, WEST + 100, SOUTH + 100)
    nan = shapely.Polygon([(WEST, SOUTH), (WEST, np.nan), (WEST + 9, SOUTH + 9)])
    with np.errstate(all="ignore"):
        found = measure(array(box, nan, box), GAUSS)
    assert np.isnan(found[1])
    assert found[0] == found[2] == pytest.approx(9999.4, abs=0.1)


def test_only_polygons_have_an_area() -> None:
    box = shapely.box(WEST, SOUTH, WEST + 100, SOUTH + 100)
    mixed = shapely.GeometryCollection([box, shapely.LineString([(WEST, SOUTH), (WEST + 5, SOUTH)])])
    found = measure(array(box, box.exterior, shapely.Point(WEST, SOUTH), mixed), GAUSS)
    np.testing.assert_array_equal(found, [found[0], 0, 0, found[0]])


def test_rings_that_meet_at_their_first_vertex() -> None:
    """A hole whose ring begins where the shell begins, and parts that begin at one point."""
    corner = (WEST, SOUTH)
    shell = [corner, (WEST + 100, SOUTH), (WEST + 100, SOUTH + 100), (WEST, SOUTH + 100)]
    hole = [corner, (WEST + 20, SOUTH + 10), (WEST + 10, SOUTH + 20)]
    whole, without = measure(array(shapely.Polygon(shell), shapely.Polygon(shell, [hole])), GAUSS)
    inner = measure(array(shapely.Polygon(hole)), GAUSS)[0]
    assert without == pytest.approx(whole - inner, abs=1e-9)
    other = shapely.box(WEST - 50, SOUTH - 50, WEST, SOUTH)
    both = shapely.MultiPolygon([shapely.Polygon(shell), shapely.Polygon([corner, *other.exterior.coords[1:-1]])])
    parts = measure(array(*both.geoms), GAUSS)
    assert measure(array(both), GAUSS)[0] == pytest.approx(parts.sum(), abs=1e-9)


class Counting:
    def __init__(self) -> None:
        self.fractions: List[float] = []

    def step(self, name: str, share: float) -> None: ...

    def check(self, fraction: float) -> None:
        self.fractions.append(fraction)


def test_looks_at_the_cancel_button_often() -> None:
    circle = shapely.Point(WEST, SOUTH).buffer(50, quad_segs=100)
    listener = Counting()
    measure(np.full(2000, circle), GAUSS, progress=listener)
    # 800 000 vertices: one look for every 17 000 or so
    assert len(listener.fractions) >= 40
    assert listener.fractions == sorted(listener.fractions)
    assert 0 <= listener.fractions[0] <= listener.fractions[-1] < 1
