"""Deductions of the second survey: by hand, on cut parcels, and sums that close whatever is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.deductions import (
    Deducted,
    Features,
    deduct_second_survey,
    line_areas,
    line_features,
    point_features,
    ridge_rate,
    rows_of,
)
from three_opt_three_protect.core.errors import BalanceError, InputError
from three_opt_three_protect.core.featureshares import Shares, deduct_pieces
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.overlay import ZoneLayer
from three_opt_three_protect.core.pieces import SecondSurvey, Whole, split
from three_opt_three_protect.core.tables import LayerTable

NOBODY = np.zeros(0, dtype=np.int64)
NONE = Features(NOBODY, np.zeros(0, dtype=object), NOBODY, NOBODY)


def layer(kit: Any, shapes: Sequence[object], **columns: Any) -> LayerTable:
    return LayerTable("XZDW", np.arange(1, len(shapes) + 1), kit.array(*shapes), columns, kit.crs)


def line(kit: Any, *points: Tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(kit.X + x, kit.Y + y) for x, y in points])


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


# --- parcels -----------------------------------------------------------------------------------------


def test_line_area_by_hand() -> None:
    # 123.449 m → 123.4 m × 4.5 m = 555.30 m²; 123.45 → 123.5 × 4.5 = 555.75; 10.05 → 10.1 × 0.05 = 0.505 → 0.51
    assert list(line_areas(np.array([123.449, 123.45, 10.05]), np.array([4.5, 4.5, 0.05]))) == [555_30, 555_75, 51]


def test_whose_share(kit: Any) -> None:
    lines = layer(kit, [line(kit, (0, 0), (10, 0))] * 5)
    features = line_features(
        lines, ints(100_01, 100_01, 100_01, 100_01, 100_01), ints(0, 0, 0, 1, 0), ints(1, 1, -1, 1, -1),
        np.array([np.nan, 0.25, np.nan, 0.5, 0.5]),
    )  # fmt: skip
    borne = sorted(zip(features.source.tolist(), features.parcel.tolist(), features.area.tolist()))
    # 50.005 → 50.01 and the rest; 25.0025 → 25.00; a lone parcel bears all unless KCBL says otherwise
    assert borne == [
        (0, 0, 50_01), (0, 1, 50_00), (1, 0, 25_00), (1, 1, 75_01), (2, 0, 100_01),
        (3, 1, 50_00), (3, 1, 50_01), (4, -1, 50_00), (4, 0, 50_01),
    ]  # fmt: skip
    assert list(features.on(3)) == [225_03, 225_02, 0]


def test_share_out_of_range(kit: Any) -> None:
    lines = layer(kit, [line(kit, (0, 0), (10, 0))] * 2)
    with pytest.raises(InputError) as error:
        line_features(lines, ints(1, 1), ints(0, 0), ints(1, 1), np.array([0.5, 1.5]))
    assert error.value.message_id == "line_share_out_of_range"
    assert error.value.values == {"layer": "XZDW", "features": "2"}


def test_net_by_hand() -> None:
    # 04-area 4.5: (10 000 − 300 − 50) × 0.0812 = 783.58; net 8 866.42; of the gross 812.00 and 8 838.00
    of_net = deduct_second_survey(ints(10_000_00), ints(300_00), ints(50_00), np.array([0.0812]))
    assert (list(of_net.ridge), list(of_net.net)) == ([783_58], [8866_42])
    of_gross = deduct_second_survey(
        ints(10_000_00), ints(300_00), ints(50_00), np.array([0.0812]), ridges_of_gross=True
    )
    assert (list(of_gross.ridge), list(of_gross.net)) == ([812_00], [8838_00])


def test_more_than_there_is() -> None:
    with pytest.raises(BalanceError) as error:
        deduct_second_survey(
            ints(100_00, 100_00, 100_00), ints(101_00, 100_00, 60_00), ints(0, 0, 43_00), np.zeros(3),
            np.array(["7", "8", "9"], dtype=object),
        )  # fmt: skip
    assert error.value.message_id == "deductions_exceed_area"
    assert error.value.values == {"parcels": "7, 9", "count": 2, "area": 3.0}


def test_rate_as_share_or_percent(kit: Any) -> None:
    mapping = {"deduct_rate": "TKXS"}
    shares = layer(kit, [None] * 3, TKXS=tables.real([0.0812, np.nan, 0.0]))
    assert list(ridge_rate(shares, mapping)) == [0.0812, 0, 0]
    # the same field: 0.5 among percentages is half a percent
    percent = layer(kit, [None] * 4, TKXS=tables.real([8.12, 0.5, 12.5, np.nan]))
    assert list(ridge_rate(percent, mapping)) == pytest.approx([0.0812, 0.005, 0.125, 0])
    assert list(ridge_rate(percent, {})) == [0, 0, 0, 0]
    with pytest.raises(InputError) as error:
        ridge_rate(layer(kit, [None] * 2, TKXS=tables.real([0.1, 8.12])), mapping)
    assert error.value.message_id == "deduct_rate_out_of_range"
    assert error.value.values == {"layer": "XZDW", "features": "2", "field": "TKXS"}


def test_rows_of_parcels() -> None:
    assert list(rows_of([("v", "2"), ("v", "9"), ("w", "1")], [("v", "1"), ("v", "2"), ("w", "1")])) == [1, -1, 2]


def test_sums_that_parcels_record(kit: Any) -> None:
    points = point_features(layer(kit, [shapely.Point(kit.X, kit.Y)] * 3), np.array([10.0, 30.0, 5.0]), ints(0, 0, -1))
    closed = points.closed(ints(44_00, 7_00, 0))
    assert list(closed.on(3)) == [44_00, 7_00, 0]
    assert list(zip(closed.source, closed.parcel, closed.area)) == [
        (0, 0, 11_00),
        (1, 0, 33_00),
        (2, -1, 5_00),
        (-1, 1, 7_00),
    ]


# --- pieces of cut parcels ---------------------------------------------------------------------------


def zone(kit: Any, west: float) -> ZoneLayer:
    return ZoneLayer(kit.array(kit.box(west, -1, 1000, 1000)), ints(0))


def second(gross: np.ndarray, lines: Features, points: Features, rate: float = 0.0) -> SecondSurvey:
    count = len(gross)
    deducted = deduct_second_survey(gross, lines.on(count), points.on(count), np.full(count, rate))
    return SecondSurvey(lines, points, deducted)


def held(shares: Shares) -> List[Tuple[int, int, int]]:
    return list(zip(shares.piece.tolist(), shares.source.tolist(), shares.area.tolist()))


def test_a_line_goes_by_length_a_point_by_place(kit: Any) -> None:
    # 100 × 100 cut at 30: a lane of 200 m² across, a grave of 5 m² in the east, ridges a tenth of the rest
    gross = ints(10_000_00)
    lanes = line_features(layer(kit, [line(kit, (0, 50), (100, 50))]), ints(200_00), ints(0), ints(-1))
    graves = point_features(layer(kit, [shapely.Point(kit.X + 80, kit.Y + 10)]), np.array([5.0]), ints(0))
    both = second(gross, lanes, graves, 0.1)
    found = split(Whole(kit.array(kit.box(0, 0, 100, 100)), gross, both.deducted.net, both), [zone(kit, 30)], kit.spec)
    assert found.area.tolist() == [3000_00, 7000_00]
    assert found.deductions is not None
    assert held(found.deductions.lines) == [(0, 0, 60_00), (1, 0, 140_00)]
    assert held(found.deductions.points) == [(1, 0, 5_00)]
    # (3000 − 60) × 0.1 = 294; (7000 − 140 − 5) × 0.1 = 685.5
    assert found.deductions.areas.ridge.tolist() == [294_00, 685_50]
    assert found.net.tolist() == [2646_00, 6169_50]


def test_a_line_along_the_edges(kit: Any) -> None:
    """A canal between two parcels, half to each; the first is cut, and the canal runs along both its pieces."""
    gross = ints(5_000_00, 5_000_00)
    canal = line_features(layer(kit, [line(kit, (0, 50), (100, 50))]), ints(300_00), ints(0), ints(1), np.array([0.5]))
    both = second(gross, canal, NONE)
    shapes = kit.array(kit.box(0, 0, 100, 50), kit.box(0, 50, 100, 100))
    diagonal = shapely.Polygon(
        [(kit.X + x, kit.Y + y) for x, y in ((20.0001, -1), (200, -1), (200, 51), (20.0001, 51))]
    )
    zones = ZoneLayer(kit.array(diagonal.difference(kit.box(0, 50, 300, 100))), ints(0))
    found = split(Whole(shapes, gross, both.deducted.net, both), [zones], kit.spec)
    assert found.pieces.parcel.tolist() == [0, 0, 1]
    assert found.deductions is not None
    assert held(found.deductions.lines) == [(0, 0, 30_00), (1, 0, 120_00), (2, 0, 150_00)]


def test_in_degrees_lengths_are_metres(kit: Any) -> None:
    """An L of 100 m east and 100 m north, cut at its knee: halves, though in degrees the legs differ."""
    east, north = 0.0010483, 0.0009018  # about 100 m each at 31° N
    degrees = replace(kit.crs, is_geographic=True, metres_per_unit=111_319.49)
    pieces = kit.array(shapely.box(120, 31, 120 + east, 31.0001), shapely.box(120, 31.0001, 120 + east, 31.01))
    knee = shapely.LineString([(120, 31.00009), (120 + east, 31.00009), (120 + east, 31.00009 + north)])
    lane = Features(ints(0), kit.array(knee), ints(0), ints(100_00))
    whole = Deducted(ints(100_00), ints(0), ints(0), ints(900_00))
    found = deduct_pieces(pieces, ints(0, 0), ints(500_00, 500_00), whole, lane, NONE, degrees, 0.001)
    assert held(found.lines)[0][2] == pytest.approx(50_00 + 50, abs=40)


def test_what_a_strip_cannot_hold_goes_to_its_neighbour(kit: Any) -> None:
    """A road of 8 m drawn along the edge of a parcel, of which a zone cuts a strip 1 m wide."""
    gross = ints(1_000_00)
    road = line_features(layer(kit, [line(kit, (0, 0), (0, 100))]), ints(400_00), ints(0), ints(-1))
    tree = point_features(layer(kit, [shapely.Point(kit.X + 0.5, kit.Y + 5)]), np.array([2.0]), ints(0))
    both = second(gross, road, tree)
    found = split(Whole(kit.array(kit.box(0, 0, 10, 100)), gross, both.deducted.net, both), [zone(kit, 1)], kit.spec)
    assert found.deductions is not None
    # the strip of 100 m² keeps its tree's 2 m² last: the road fills it, the tree moves with the rest
    assert held(found.deductions.lines) == [(0, 0, 98_00), (1, 0, 302_00)]
    assert held(found.deductions.points) == [(0, 0, 2_00)]
    assert found.net.tolist() == [0, 598_00]


def test_features_drawn_elsewhere_are_shared_by_area_and_named(kit: Any) -> None:
    gross = ints(10_000_00)
    lanes = line_features(
        layer(kit, [line(kit, (500, 0), (600, 0)), line(kit, (0, 1), (100, 1))]),
        ints(10_00, 10_00),
        ints(0, -1),
        ints(-1, -1),
    )
    both = second(gross, lanes, NONE)
    found = split(Whole(kit.array(kit.box(0, 0, 100, 100)), gross, both.deducted.net, both), [zone(kit, 30)], kit.spec)
    assert found.deductions is not None
    assert held(found.deductions.lines) == [(0, 0, 3_00), (1, 0, 7_00)]
    assert found.deductions.lines.astray.tolist() == [0]


spot = st.tuples(st.floats(0, 100), st.floats(0, 100))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(spot, spot, st.floats(0, 40), st.integers(-1, 1), st.integers(-1, 1), st.floats(0, 1)), max_size=6
    ),
    st.lists(st.tuples(spot, st.floats(0, 30), st.integers(-1, 1)), max_size=6),
    st.lists(st.tuples(spot, spot), min_size=1, max_size=3),
    st.floats(0, 0.9),
    st.booleans(),
)
def test_everything_closes(kit: Any, roads: list, trees: list, boxes: list, rate: float, of_gross: bool) -> None:
    gross = ints(5_000_03, 4_999_96)
    shapes = kit.array(kit.box(0, 0, 100, 50), kit.box(0, 50, 100, 100))
    lines = layer(kit, [line(kit, start, end) for start, end, *_ in roads])
    first, second_row = (np.array([road[place] for road in roads], dtype=np.int64) for place in (3, 4))
    features = line_features(
        lines, to_units(np.array([road[2] for road in roads])), first, second_row, np.array([road[5] for road in roads])
    )
    points = point_features(
        layer(kit, [shapely.Point(kit.X + tree[0][0], kit.Y + tree[0][1]) for tree in trees]),
        np.array([tree[1] for tree in trees]),
        np.array([tree[2] for tree in trees], dtype=np.int64),
    )
    deducted = deduct_second_survey(
        gross, features.on(2), points.on(2), np.full(2, rate * 0.9), ridges_of_gross=of_gross
    )
    whole = Whole(shapes, gross, deducted.net, SecondSurvey(features, points, deducted))
    zones = [ZoneLayer(kit.array(kit.box(*one, *other).envelope), ints(0)) for one, other in boxes if one != other]
    found = split(whole, zones, kit.spec)
    assert found.deductions is not None
    areas, parent = found.deductions.areas, found.pieces.parcel
    for name in ("line", "point", "ridge", "net"):
        part = getattr(areas, name)
        assert (part >= 0).all()
        np.testing.assert_array_equal(np.bincount(parent, part, 2), getattr(deducted, name))
    np.testing.assert_array_equal(areas.line + areas.point + areas.ridge + areas.net, found.area)
    for shares, given_out in ((found.deductions.lines, features), (found.deductions.points, points)):
        total = np.bincount(shares.source, shares.area, minlength=8)
        here = given_out.parcel >= 0
        np.testing.assert_array_equal(total, np.bincount(given_out.source[here], given_out.area[here], minlength=8))
        assert (shares.area > 0).all()
