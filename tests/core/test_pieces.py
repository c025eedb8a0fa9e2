"""Pieces with areas that add up to their parcel, gross and net."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.controls import Level
from three_opt_three_protect.core.measure import AreaMethod, Tolerance, measure, to_units
from three_opt_three_protect.core.overlay import ZoneLayer
from three_opt_three_protect.core.pieces import AreaSpec, Whole, controlled_parcels, split, whole_parcels
from three_opt_three_protect.core.tables import CrsInfo


def zones(*shapes: object) -> ZoneLayer:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return ZoneLayer(out, np.arange(len(shapes)))


def test_control_is_the_recorded_area_else_the_own(kit: Any) -> None:
    parcels = kit.parcels(
        [
            {"shape": (0, 0, 10, 10), "area": 101.5, "deduct_rate": 0.1},
            {"shape": (10, 0, 20, 10), "deduct_rate": 0.2},
            {"shape": None, "area": 55.0},
        ]
    )
    whole, adjusted = whole_parcels(parcels, kit.spec)
    assert whole.area.tolist()[:2] == [101_50, 100_00]
    # KCMJ = round(TBMJ × KCXS, 2): 10.15 and 20.00
    assert whole.net.tolist()[:2] == [91_35, 80_00]
    # the parcel without geometry is not corrected, for it has no piece
    assert adjusted == pytest.approx(1.5)


def test_by_hand(kit: Any) -> None:
    # 100 m² recorded as 100.05: halves of 60 and 40 get 60.03 and 40.02
    whole = Whole(kit.array(kit.box(0, 0, 10, 10)), np.array([100_05]), np.array([90_04]))
    found = split(whole, [zones(kit.box(6, 0, 20, 20))], kit.spec)
    assert found.pieces.zone.tolist() == [[-1], [0]]
    assert found.area.tolist() == [60_03, 40_02]
    # 10.01 m² deducted: 0.10005 of each, 6.006 and 4.004 → 6.01 and 4.00
    assert found.net.tolist() == [60_03 - 6_01, 40_02 - 4_00]


def test_an_uncut_parcel_inherits_its_control(kit: Any) -> None:
    whole = Whole(
        kit.array(kit.box(0, 0, 10, 10), kit.box(20, 0, 30, 10)), np.array([777_77, 5]), np.array([777_77, 4])
    )
    found = split(whole, [zones(kit.box(15, -5, 40, 20))], kit.spec)
    assert found.area.tolist() == [777_77, 5]
    assert found.net.tolist() == [777_77, 4]


edge = st.floats(0.5, 99.5).map(lambda value: round(value, 3))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(edge, max_size=4),
    st.lists(edge, max_size=4),
    st.one_of(st.none(), st.floats(0.6, 1.4)),
    st.floats(0, 0.9),
    st.sampled_from(list(AreaMethod)),
)
def test_pieces_close(kit: Any, wests: list, souths: list, drift: object, rate: float, method: AreaMethod) -> None:
    spec = replace(kit.spec, method=method)
    shape = kit.box(0, 0, 100, 100).difference(kit.box(30, 30, 50, 40))
    row = {"shape": shape, "deduct_rate": rate, "area": None if drift is None else round(9800 * drift, 2)}
    whole, _ = whole_parcels(kit.parcels([row]), spec)
    layers = [
        zones(*(kit.box(w, -1, w + 20, 101) for w in wests)),
        zones(*(kit.box(-1, s, 101, s + 7) for s in souths)),
    ]
    found = split(whole, layers, spec)
    assert found.area.sum() == whole.area[0]
    assert found.net.sum() == whole.net[0]
    assert ((found.net >= 0) & (found.net <= found.area)).all()
    if drift is None and len(found.area) > 1:
        own = measure(found.pieces.geometry, kit.crs, method)
        assert np.abs(found.area - to_units(own)).max() <= 1


def ring(kit: Any, seed: int, corners: int, reach: float) -> shapely.Geometry:
    """A star round some place of 300 × 300 m, made valid: with parts, holes and slivers as it comes."""
    rng = np.random.default_rng(seed)
    angle = rng.random(corners) * 2 * np.pi
    far = reach * rng.random(corners)
    middle = np.array([kit.X, kit.Y]) + 300 * rng.random(2)
    star = shapely.make_valid(shapely.Polygon(middle + np.column_stack([far * np.cos(angle), far * np.sin(angle)])))
    return shapely.union_all([part for part in shapely.get_parts(star) if part.geom_type.endswith("Polygon")])


shape = st.tuples(st.integers(0, 2**31), st.integers(3, 12), st.floats(20, 200))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(shape, min_size=1, max_size=5),
    st.lists(st.lists(shape, max_size=3), max_size=3),
    st.lists(st.one_of(st.none(), st.floats(0.9, 1.1)), min_size=5, max_size=5),
    st.one_of(st.none(), st.floats(0.95, 1.05)),
    st.floats(0, 0.5),
)
def test_random_polygons_close_from_pieces_to_township(
    kit: Any, drawn: list, layers: list, drifts: list, township: object, rate: float
) -> None:
    """Σ pieces = parcel, Σ parcels = village, Σ villages = township: whole numbers, no tolerance."""
    spec = replace(kit.spec, method=AreaMethod.STRIP)
    shapes = [ring(kit, *one) for one in drawn]
    own = measure(kit.array(*shapes), kit.crs)
    rows = [
        {"shape": one, "deduct_rate": rate, "area": None if drift is None else max(0.01, round(area * drift, 2))}
        for one, drift, area in zip(shapes, drifts, own)
    ]
    parcels = kit.parcels(rows)
    whole, _ = whole_parcels(parcels, spec)
    village = np.arange(len(rows)) % 2
    count = village.max() + 1
    total = np.nan if township is None else round(float(own.sum()) * township, 2)
    names = np.array(["320500001001", "320500001002"], dtype=object)[:count]
    levels = [
        Level("township", names[:1], np.array([total]), np.array([-1])),
        Level("villages", names, np.full(count, np.nan), np.zeros(count, dtype=np.int64)),
    ]
    controlled, (above, below) = controlled_parcels(whole, parcels, levels, village, spec.tolerance)
    kept = parcels.repaired.kept
    expected = int(to_units(total)) if township is not None else int(whole.area[kept].sum())
    assert controlled.area[kept].sum() == below.control.sum() == above.control[0] == expected
    zone_layers = [zones(*(ring(kit, *one) for one in some)) for some in layers if some]
    found = split(controlled, zone_layers, spec, snap=0.001)
    for part, parent in ((found.area, controlled.area), (found.net, controlled.net)):
        np.testing.assert_array_equal(np.bincount(found.pieces.parcel, part, len(rows))[kept], parent[kept])
        assert (part >= 0).all()
    assert (found.net <= found.area).all()


def test_controls_by_hand(kit: Any) -> None:
    # village of 300.05: parcels of 200 and 100 → 200.03 and 100.02; KCXS 0.1 of these: 20.00 and 10.00;
    # the larger is cut in halves of 100 → 100.02 and 100.01
    parcels = kit.parcels(
        [{"shape": (0, 0, 20, 10), "deduct_rate": 0.1}, {"shape": (20, 0, 30, 10), "deduct_rate": 0.1}, {"shape": None}]
    )
    whole, _ = whole_parcels(parcels, kit.spec)
    village = Level("villages", np.array(["1"], dtype=object), np.array([300.05]), np.array([-1]))
    controlled, (closing,) = controlled_parcels(
        whole, parcels, [village], np.zeros(3, dtype=np.int64), kit.spec.tolerance
    )
    assert controlled.area.tolist()[:2] == [200_03, 100_02]
    assert controlled.net.tolist()[:2] == [180_03, 90_02]
    assert (closing.parts.tolist(), closing.difference.tolist()) == ([2], [5])
    found = split(controlled, [zones(kit.box(10, -5, 20, 20))], kit.spec)
    assert sorted(found.area.tolist()) == [100_01, 100_02, 100_02]


def test_degrees(kit: Any) -> None:
    """In a geographic CRS a square metre is 10⁻¹⁰ square degrees: no piece may pass for rounding."""
    crs = CrsInfo(
        "EPSG:4490",
        is_geographic=True,
        metres_per_unit=111_319.49,
        semi_major=6378137.0,
        inverse_flattening=298.257222101,
    )
    spec = AreaSpec(crs, AreaMethod.STRIP, Tolerance(0.005, 1.0))
    parcel = kit.array(shapely.box(120.6, 31.2, 120.601, 31.201))
    control = to_units(measure(parcel, crs))
    # a strip of about one square metre, and one vertex 1 mm beside the parcel's
    strip = shapely.box(120.6, 31.2, 120.6000001, 31.201)
    other = shapely.Polygon([(120.6005, 31.1), (120.602, 31.1), (120.602, 31.3), (120.6005, 31.3)])
    found = split(Whole(parcel, control, control), [zones(strip, other)], spec, snap=0.001)
    assert sorted(found.pieces.zone[:, 0].tolist()) == [-1, 0, 1]
    assert found.area.sum() == control[0]
    by_zone = dict(zip(found.pieces.zone[:, 0].tolist(), found.area.tolist()))
    assert by_zone[0] == pytest.approx(to_units(measure(kit.array(strip), crs))[0], abs=1)
    assert found.pieces.absorbed == 0


def test_other_units_of_length(kit: Any) -> None:
    """Snapping is in metres, the overlay in units of the CRS."""
    feet = AreaSpec(replace(kit.crs, metres_per_unit=0.3048), AreaMethod.PLANAR, kit.spec.tolerance)
    whole = Whole(kit.array(kit.box(0, 0, 10, 10), kit.box(10, 0, 20, 10)), np.array([929, 929]), np.array([929, 929]))
    off = shapely.Polygon(
        [(kit.X + 10.003, kit.Y), (kit.X + 25, kit.Y), (kit.X + 25, kit.Y + 10), (kit.X + 10.003, kit.Y + 10)]
    )
    # 0.003 ft are 0.9 mm
    assert len(split(whole, [zones(off)], feet, snap=0.001).area) == 2
    assert len(split(whole, [zones(off)], kit.spec, snap=0.001).area) == 3
