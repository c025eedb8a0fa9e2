"""Areas: the test vectors of 04-area 4.3, rounding 4.4, deduction 4.5, apportioning 4.6."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Dict, List, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from three_opt_three_protect.core import measure
from three_opt_three_protect.core.errors import Cancelled, CrsError
from three_opt_three_protect.core.measure import AreaMethod, Ellipsoid, Tolerance, apportion
from three_opt_three_protect.core.tables import CrsInfo

CGCS2000 = CrsInfo(
    "EPSG:4528",
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)
XIAN80 = replace(CGCS2000, authid="EPSG:2364", semi_major=6378140.0, inverse_flattening=298.257)
DEGREES = replace(CGCS2000, authid="EPSG:4490", is_geographic=True, central_meridian=None, metres_per_unit=111_319.49)

VECTORS: Dict[str, List[Tuple[float, float]]] = {
    "T1": [(40557000, 3453000), (40557100, 3453000), (40557100, 3453100), (40557000, 3453100)],
    "T2": [
        (40557000.123, 3453000.456),
        (40557231.77, 3453012.09),
        (40557260.4, 3453221.5),
        (40557041.9, 3453250.31),
    ],
    "T3": [(40540000, 3470000), (40541000, 3470000), (40541000, 3471000), (40540000, 3471000)],
    "T4": [(40540000, 3460000), (40550000, 3460000), (40550000, 3470000), (40540000, 3470000)],
}


def array(*shapes: object) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def area(shape: shapely.Geometry, crs: CrsInfo = CGCS2000, method: AreaMethod = AreaMethod.STRIP) -> float:
    return float(measure.measure(array(shape), crs, method)[0])


# --- the official formula ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "planar", "strip", "tolerance", "geodesic"),
    [
        ("T1", 10000.00, 9999.1975, 1e-4, 9999.1975),
        ("T2", 51986.41, 51982.2001, 1e-4, 51982.2213),
        ("T3", 1000000.00, 999959.5557, 1e-4, 999959.5562),
        ("T4", 100000000.00, 99995001.4882, 1e-3, 99995006.9190),
    ],
)
def test_vectors(case: str, planar: float, strip: float, tolerance: float, geodesic: float) -> None:
    shape = shapely.Polygon(VECTORS[case])
    assert area(shape, method=AreaMethod.PLANAR) == pytest.approx(planar, abs=0.005)
    assert area(shape) == pytest.approx(strip, abs=tolerance)
    assert area(shape, method=AreaMethod.GEODESIC) == pytest.approx(geodesic, abs=1e-3)


def test_graticule() -> None:
    cell = shapely.box(120.6, 31.2, 120.7, 31.3)
    assert area(cell, DEGREES) == pytest.approx(105_611_909.286, abs=1e-3)
    assert area(cell, DEGREES, AreaMethod.GEODESIC) == pytest.approx(105_611_914.547, abs=1e-3)


def test_coefficients_as_printed() -> None:
    printed = (
        1.003364089834193,
        1.124189381927124e-3,
        1.699459473518905e-6,
        2.717857845577555e-9,
        4.358419004834514e-12,
    )
    found = measure.strip_coefficients(Ellipsoid(6378137.0, 298.257222101))
    # printed with 16 figures
    assert found == pytest.approx(printed, rel=2e-15)


NOTICE = {
    # c, e'², k0 … k4, and for the area step b and e² (04-area 4.1)
    "CGCS2000": (
        6399593.62586, 6.73949677548e-3, 1.57048761144159e-07, 5.05250178820567e-03, 2.98472900956587e-05,
        2.41626669230084e-07, 2.22241238938534e-09, 6356752.31414036, 6.6943800229e-3,
    ),
    "Xian80": (
        6399596.65198801, 6.73950181947292e-03, 1.57048687472752e-07, 5.05250559291393e-03, 2.98473350966158e-05,
        2.41627215981336e-07, 2.22241909461273e-09, 6356755.29, 6.69438499958795e-03,
    ),
}  # fmt: skip


def notice_lonlat(x: float, y: float, name: str) -> Tuple[float, float]:
    """The inverse of 国土调查办发〔2008〕32号 word for word (04-area 4.2), radians from the central meridian."""
    c, second, k0, k1, k2, k3, k4, _, _ = NOTICE[name]
    e = k0 * y
    s = math.sin(e)
    bf = e + math.cos(e) * (k1 * s - k2 * s**3 + k3 * s**5 - k4 * s**7)
    t, eta2 = math.tan(bf), second * math.cos(bf) ** 2
    v = math.sqrt(1 + eta2)
    yn = (x - 40_500_000) * v / c
    b = bf - v**2 * t * (
        yn**2 / 2 - (5 + 3 * t**2 + eta2 - 9 * eta2 * t**2) * yn**4 / 24 + (61 + 90 * t**2 + 45 * t**4) * yn**6 / 720
    )
    lon = (
        yn - (1 + 2 * t**2 + eta2) * yn**3 / 6 + (5 + 28 * t**2 + 24 * t**4 + 6 * eta2 + 8 * eta2 * t**2) * yn**5 / 120
    ) / math.cos(bf)
    return lon, b


def notice_area(points: Sequence[Tuple[float, float]], name: str) -> float:
    """The strip formula of the notice, edge by edge (04-area 4.1)."""
    b, e2 = NOTICE[name][-2:]
    a_ = 1 + e2 / 2 + 3 / 8 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4
    b_ = e2 / 6 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4
    c_ = 3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4
    d_ = e2**3 / 112 + 45 / 2304 * e2**4
    e_ = 5 / 2304 * e2**4
    total = 0.0
    places = [notice_lonlat(x, y, name) for x, y in points]
    for (l1, b1), (l2, b2) in zip(places, places[1:] + places[:1]):
        h, m = (b2 - b1) / 2, (b1 + b2) / 2
        bracket = (
            a_ * math.sin(h) * math.cos(m)
            - b_ * math.sin(3 * h) * math.cos(3 * m)
            + c_ * math.sin(5 * h) * math.cos(5 * m)
            - d_ * math.sin(7 * h) * math.cos(7 * m)
            + e_ * math.sin(9 * h) * math.cos(9 * m)
        )
        total += 2 * b**2 * (l1 + l2) / 2 * bracket
    return abs(total)


@pytest.mark.parametrize(
    ("case", "official"),
    [("T1", 9999.1975), ("T2", 51982.2001), ("T3", 999959.5557), ("T4", 99995001.4862)],
)
def test_the_notice_word_for_word(case: str, official: float) -> None:
    word_for_word = notice_area(VECTORS[case], "CGCS2000")
    assert word_for_word == pytest.approx(official, abs=1e-3)
    assert area(shapely.Polygon(VECTORS[case])) == pytest.approx(word_for_word, abs=0.01)


@pytest.mark.parametrize("case", sorted(VECTORS))
def test_xian_80(case: str) -> None:
    found = area(shapely.Polygon(VECTORS[case]), XIAN80)
    # the notice prints b of Xi'an 80 to a centimetre only: 4e-10 of the area
    assert found == pytest.approx(notice_area(VECTORS[case], "Xian80"), abs=0.01, rel=1e-9)


@pytest.mark.parametrize("crs", [CGCS2000, XIAN80])
def test_graticule_in_closed_form(crs: CrsInfo) -> None:
    """Between two parallels the area is known exactly: b²ΔL/2 [sin φ/(1−e² sin² φ) + artanh(e sin φ)/e]."""
    f = 1 / crs.inverse_flattening
    e2, b = f * (2 - f), crs.semi_major * (1 - f)

    def to(latitude: float) -> float:
        s, e = math.sin(math.radians(latitude)), math.sqrt(e2)
        return s / (1 - e2 * s * s) + math.atanh(e * s) / e

    exact = b**2 * math.radians(0.1) / 2 * (to(31.3) - to(31.2))
    degrees = replace(crs, is_geographic=True, central_meridian=None)
    assert area(shapely.box(120.6, 31.2, 120.7, 31.3), degrees) == pytest.approx(exact, abs=1e-3)


def test_own_inverse_agrees_with_proj() -> None:
    pyproj = pytest.importorskip("pyproj")
    move = pyproj.Transformer.from_crs("EPSG:4528", "EPSG:4490", always_xy=True)
    shapes = array(*(shapely.Polygon(points) for points in VECTORS.values()))
    by_proj = measure.measure(shapes, CGCS2000, to_lonlat=lambda x, y: move.transform(x, y))
    np.testing.assert_allclose(measure.measure(shapes, CGCS2000), by_proj, rtol=0, atol=1e-4)


def test_own_inverse_agrees_with_proj_at_the_edge_of_a_zone() -> None:
    """300 km off the central meridian the higher terms of the series count: 10⁻¹⁰ degrees are 10⁻⁵ m."""
    pyproj = pytest.importorskip("pyproj")
    move = pyproj.Transformer.from_crs("EPSG:4528", "EPSG:4490", always_xy=True)
    x, y = np.meshgrid(40_500_000 + np.linspace(-300_000, 300_000, 13), np.linspace(2e6, 5.5e6, 8))
    inverse = measure.lonlat_of(CGCS2000)
    assert inverse is not None
    for own, proj in zip(inverse(x.ravel(), y.ravel()), move.transform(x.ravel(), y.ravel())):
        np.testing.assert_allclose(own, proj, rtol=0, atol=2e-10)


def test_geodesic_agrees_with_geographiclib() -> None:
    pyproj = pytest.importorskip("pyproj")
    geod = pyproj.Geod(a=6378137.0, rf=298.257222101)
    rng = np.random.default_rng(5)
    for _ in range(20):
        lon, lat = 119.5 + rng.random(), 31 + rng.random()
        angle = np.sort(rng.random(9)) * 2 * np.pi
        ring = np.column_stack([lon + 0.01 * np.cos(angle), lat + 0.01 * np.sin(angle)])
        expected = abs(geod.polygon_area_perimeter(*ring.T)[0])
        assert area(shapely.Polygon(ring), DEGREES, AreaMethod.GEODESIC) == pytest.approx(expected, abs=0.005)


def test_hole_multipart_order_and_orientation_do_not_matter() -> None:
    west = shapely.box(40550000, 3460000, 40550300, 3460200)
    hole = shapely.box(40550100, 3460050, 40550150, 3460120)
    east = affinity.translate(west, 1000, 500)
    holed = west.difference(hole)
    expected = area(west) - area(hole) + area(east)
    for shape in (
        shapely.MultiPolygon([holed, east]),
        shapely.MultiPolygon([east, holed]),
        shapely.MultiPolygon([holed.reverse(), east.reverse()]),
        shapely.MultiPolygon([shapely.Polygon(holed.exterior, [hole.exterior.reverse()]), east.normalize()]),
    ):
        assert area(shape) == pytest.approx(expected, abs=1e-6)


def test_missing_and_empty_are_zero_in_place() -> None:
    box = shapely.Polygon(VECTORS["T1"])
    found = measure.measure(array(None, box, shapely.Polygon(), shapely.MultiPolygon(), box, None), CGCS2000)
    np.testing.assert_allclose(found, [0, 9999.1975, 0, 0, 9999.1975, 0], atol=1e-4)
    assert len(measure.measure(array(), CGCS2000)) == 0
    np.testing.assert_array_equal(measure.measure(array(None, box), CGCS2000, AreaMethod.PLANAR), [0, 10000])


def test_planar_in_other_units() -> None:
    feet = replace(CGCS2000, metres_per_unit=0.3048)
    assert area(shapely.box(0, 0, 10, 10), feet, AreaMethod.PLANAR) == pytest.approx(9.290304)


@pytest.mark.parametrize(
    ("crs", "method", "message"),
    [
        (DEGREES, AreaMethod.PLANAR, "planar_in_degrees"),
        (replace(CGCS2000, central_meridian=None), AreaMethod.STRIP, "no_inverse"),
        (replace(CGCS2000, semi_major=0.0), AreaMethod.STRIP, "no_ellipsoid"),
        (replace(CGCS2000, inverse_flattening=0.0), AreaMethod.GEODESIC, "no_ellipsoid"),
    ],
)
def test_what_cannot_be_measured(crs: CrsInfo, method: AreaMethod, message: str) -> None:
    with pytest.raises(CrsError) as error:
        area(shapely.box(0, 0, 1, 1), crs, method)
    assert error.value.message_id == message
    assert error.value.values["crs"] == crs.authid


class Stop:
    def step(self, name: str, share: float) -> None: ...

    def check(self, fraction: float) -> None:
        raise Cancelled


def test_cancel() -> None:
    with pytest.raises(Cancelled):
        measure.measure(array(shapely.Polygon(VECTORS["T1"])), CGCS2000, progress=Stop())


# --- rounding and units ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "units"),
    [
        (0.125, 13), (1.005, 101), (-0.125, -13), (-1.005, -101), (0.0, 0), (0.004999, 0), (0.005, 1),
        (2.675, 268), (1234.565, 123457), (99995001.485, 9999500149), (99995001.4849, 9999500148),
    ],
)  # fmt: skip
def test_half_away_from_zero(value: float, units: int) -> None:
    assert measure.to_units(np.array([value]))[0] == units
    assert measure.round_half_away(np.array([value]), 2)[0] == units / 100


@given(st.integers(-(10**12), 10**12))
def test_whole_hundredths_survive(units: int) -> None:
    assert measure.to_units(measure.to_m2(units)) == units


def test_mu_is_hectares_of_four_decimals_times_fifteen() -> None:
    # 12 345.67 m² = 1.2346 ha, × 15 = 18.519; 1 003 m² = 0.1003 ha, 1.5045; 9 996.66 m² = 0.9997 ha, 14.9955
    found = measure.to_mu(np.array([12345.67, 1003.0, 9996.66, 333.4]))
    np.testing.assert_array_equal(found, [18.52, 1.50, 15.00, 0.50])
    # 50 m² = 0.0050 ha = 0.075 mu, half away from zero
    np.testing.assert_array_equal(measure.to_mu(np.array([50.0, -50.0])), [0.08, -0.08])
    # where the two ways part: 36.6 m² = 0.0037 ha = 0.0555 mu; m² × 0.0015 would be 0.0549
    assert measure.to_mu(np.array([36.6]))[0] == 0.06
    np.testing.assert_array_equal(measure.to_ha(np.array([36.6, 12345.67, 0.5])), [0.0037, 1.2346, 0.0001])


# --- apportioning ------------------------------------------------------------------------------------

TOLERANCE = Tolerance(0.005, 1.0)


def dealt(areas: Sequence[float], control: int, tolerance: Tolerance = TOLERANCE) -> List[int]:
    group = np.zeros(len(areas), dtype=np.int64)
    return list(apportion(np.array(areas, dtype=float), group, np.array([control]), tolerance))


def test_steps_by_hand() -> None:
    # 04-area 4.6: d = +0.05, n = 3: q = 1, r = 2, largest first; the order of the pieces does not matter
    assert dealt([20.0, 50.0, 30.0], 100_05) == [20_01, 50_02, 30_02]
    assert dealt([50.0, 30.0, 20.0], 100_05) == [50_02, 30_02, 20_01]
    # d = −0.04: q = 1, r = 1
    assert dealt([20.0, 50.0, 30.0], 99_96) == [19_99, 49_98, 29_99]
    # a single piece inherits, whatever was measured
    assert dealt([20.0], 31_41) == [31_41]
    assert dealt([0.0], 5) == [5]
    # nothing to deal out
    assert dealt([33.335, 33.335, 33.33], 100_01) == [33_34, 33_34, 33_33]


def test_recorded_area_far_off_is_dealt_in_proportion() -> None:
    # 10 % more than the geometry: 60 and 40 become 66 and 44, not 65 and 45
    assert dealt([60.0, 40.0], 110_00) == [66_00, 44_00]
    # 20 m² less would take more than the small piece has: in proportion as well
    assert dealt([100.0, 0.01], 80_00, Tolerance(1.0, 100.0)) == [80_00, 0]


pieces = st.lists(st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 4)), min_size=1, max_size=12)


@given(st.lists(pieces, min_size=1, max_size=5), st.data())
def test_every_group_adds_up(groups: List[List[float]], data: st.DataObject) -> None:
    areas = np.array([value for values in groups for value in values])
    group = np.repeat(np.arange(len(groups)), [len(values) for values in groups])
    drift = [data.draw(st.floats(0.5, 1.5)) for _ in groups]
    control = np.array([round(100 * sum(values) * factor) for values, factor in zip(groups, drift)], dtype=np.int64)
    given_out = apportion(areas, group, control, TOLERANCE)
    np.testing.assert_array_equal(np.bincount(group, given_out, len(groups)), control)
    assert (given_out >= 0).all()
    # idempotent: what has been dealt out stays
    np.testing.assert_array_equal(apportion(measure.to_m2(given_out), group, control, TOLERANCE), given_out)


@given(pieces, st.integers(-300, 300), st.randoms(use_true_random=False))
def test_order_of_pieces_does_not_matter(areas: List[float], drift: int, shuffled: object) -> None:
    control = max(0, round(100 * sum(areas)) + drift)
    order = list(range(len(areas)))
    shuffled.shuffle(order)  # type: ignore[attr-defined]
    one, other = dealt(areas, control), dealt([areas[row] for row in order], control)
    # equal areas may change places, so compare what each area got
    assert sorted(zip(areas, one)) == sorted((areas[row], share) for row, share in zip(order, other))


@given(pieces, st.integers(-100, 100))
def test_equal_steps_larger_first(areas: List[float], drift: int) -> None:
    rounded = measure.to_units(np.array(areas))
    control = int(rounded.sum()) + drift
    if control < 0 or (drift < 0 and rounded.min() * len(areas) < -drift + len(areas)):
        return  # dealt in proportion: some piece is too small to bear a step
    steps = np.array(dealt(areas, control)) - rounded
    q, r = divmod(abs(drift), len(areas))
    assert sorted(np.abs(steps)) == sorted([q + 1] * r + [q] * (len(areas) - r)) or len(areas) == 1
    by_size = steps[np.argsort(-np.array(areas), kind="stable")]
    assert (np.diff(np.abs(by_size)) <= 0).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**7)), min_size=1, max_size=30), st.data())
def test_share_out_closes(rows: List[Tuple[int, int]], data: st.DataObject) -> None:
    group, weight = (np.array(values, dtype=np.int64) for values in zip(*rows))
    total = np.bincount(group, weight, 4).astype(np.int64)
    control = np.array([data.draw(st.integers(0, int(whole))) for whole in total], dtype=np.int64)
    parts = measure.share_out(control, weight, group)
    np.testing.assert_array_equal(np.bincount(group, parts, 4), control)
    # no part is larger than what it stands for, none negative
    assert ((parts >= 0) & (parts <= weight)).all()


def test_share_out_by_hand() -> None:
    # 10 by 2 : 1 : 0 → 6.67 : 3.33 → 6, 3 and the rest to the largest
    assert list(measure.share_out(np.array([10]), np.array([1, 2, 0]), np.zeros(3, dtype=np.int64))) == [3, 7, 0]
    assert list(measure.share_out(np.array([10]), np.array([0, 0]), np.zeros(2, dtype=np.int64))) == [0, 0]


def test_deduct_by_hand() -> None:
    # KCXS 0.1: three pieces of 0.15 m² deduct 0.02 each (0.015 up), the parcel of 0.45 m² only 0.05 (0.045 up)
    net = measure.deduct(np.array([15, 15, 15]), np.full(3, 0.1), np.zeros(3, dtype=np.int64), np.array([5]))
    assert sorted(net) == [13, 13, 14]
    no_rate = measure.deduct(np.array([15, 7]), np.zeros(2), np.zeros(2, dtype=np.int64), np.array([0]))
    assert list(no_rate) == [15, 7]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12), st.floats(0, 0.999))
def test_deduct_closes(areas: List[int], rate: float) -> None:
    gross, group = np.array(areas, dtype=np.int64), np.zeros(len(areas), dtype=np.int64)
    control = measure.to_units(measure.to_m2(gross.sum()) * rate).reshape(1)
    net = measure.deduct(gross, np.full(len(areas), rate), group, control)
    assert (gross - net).sum() == control[0]
    assert ((net >= 0) & (net <= gross)).all()
