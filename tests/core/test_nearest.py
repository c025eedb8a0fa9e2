"""Distances by hand, and against GEOS shape by shape."""

from __future__ import annotations

from typing import Any, List

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.nearest import distances


def array(*shapes: Any) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def far(shape: Any, *targets: Any) -> float:
    (found,) = distances(array(shape), array(*targets))
    return float(found)


FARM = shapely.box(0, 0, 10, 10)


def test_between_sides_and_corners() -> None:
    assert far(FARM, shapely.box(40, 5, 50, 20), shapely.box(-200, 0, -100, 1)) == 30
    assert far(FARM, shapely.box(13, 14, 20, 20)) == 5
    assert far(FARM, shapely.LineString([(0, 12), (10, 12)])) == 2
    assert far(FARM, shapely.box(10, 0, 20, 10)) == 0


def test_inside_each_other() -> None:
    assert far(FARM, shapely.box(-50, -50, 50, 50)) == 0
    assert far(FARM, shapely.box(4, 4, 5, 5)) == 0
    assert far(FARM, shapely.LineString([(4, 4), (5, 5)])) == 0
    town = shapely.box(-50, -50, 50, 50).difference(shapely.box(-7, -8, 20, 20))
    assert far(FARM, town) == 7
    # of two parts the second lies in the town, of its outline neither comes near
    assert far(shapely.MultiPolygon([shapely.box(300, 0, 310, 10), FARM]), shapely.box(-50, -50, 50, 50)) == 0


def test_missing_and_no_target() -> None:
    assert far(FARM, None, shapely.Polygon(), shapely.box(12, 0, 13, 1)) == 2
    assert np.isnan(far(FARM, None))
    assert np.isnan(far(FARM))
    assert len(distances(array(), array(FARM))) == 0


def test_a_long_outline_is_cut_up_without_a_gap() -> None:
    """A speck on the middle of every edge of a line of 100 vertices lies on the line."""
    line = shapely.LineString([(10.0 * k, 5.0 * (k % 2)) for k in range(100)])
    specks = [shapely.box(10.0 * k + 4.99, 2.49, 10.0 * k + 5.01, 2.51) for k in range(99)]
    assert distances(array(*specks), array(line)).tolist() == [0.0] * 99
    ring = shapely.Polygon([*line.coords, (990, -50), (0, -50)]).buffer(0)
    assert distances(array(*specks), array(ring)).tolist() == [0.0] * 99
    outline = shapely.MultiLineString([ring.exterior.coords])
    assert distances(array(*specks), array(outline)).tolist() == [0.0] * 99


corner = st.integers(0, 60).map(float)
rectangle = st.tuples(corner, corner, st.integers(1, 30), st.integers(1, 30)).map(
    lambda c: shapely.box(c[0], c[1], c[0] + c[2], c[1] + c[3])
)
two = st.tuples(rectangle, rectangle).map(shapely.union_all)
star = st.tuples(corner, corner, st.integers(3, 40), st.integers(2, 25)).map(
    lambda c: shapely.Polygon(
        [
            (c[0] + c[3] * (1 + k % 2) * np.cos(2 * np.pi * k / c[2]), c[1] + c[3] * np.sin(2 * np.pi * k / c[2]))
            for k in range(c[2])
        ]
    ).buffer(0)
)
walk = st.lists(st.tuples(corner, corner), min_size=2, max_size=30, unique=True).map(shapely.LineString)
target = st.one_of(rectangle, star, walk, rectangle.map(lambda shape: shape.buffer(9).difference(shape)))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(rectangle, two), min_size=1, max_size=6), st.lists(target, min_size=1, max_size=6))
def test_against_geos(shapes: List[Any], targets: List[Any]) -> None:
    wanted = [min(shapely.distance(shape, one) for one in targets if not one.is_empty) for shape in shapes]
    assert distances(array(*shapes), array(*targets)) == pytest.approx(np.array(wanted), abs=1e-9)
