"""Pieces with areas that add up to their parcel, gross and net."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.measure import AreaMethod, Tolerance, measure, to_units
from three_opt_three_protect.core.overlay import ZoneLayer
from three_opt_three_protect.core.pieces import AreaSpec, Whole, split, whole_parcels
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
