"""Areas that lines enclose: as GEOS gives them, from a fraction of the lines."""

from __future__ import annotations

from typing import Any, List, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.sample.enclosed import enclosed
from three_opt_three_protect.core.sample.shapes import coverage

CORNER = st.integers(0, 12)


def wkb(shapes: Any) -> List[bytes]:
    return [shapely.to_wkb(shape, output_dimension=2) for shape in shapes]


def like_geos(noded: Any) -> bool:
    return wkb(enclosed(noded)) == wkb(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CORNER, CORNER, CORNER, CORNER, CORNER, CORNER), max_size=12))
def test_to_the_bit_as_polygonize_gives_them(corners: List[Tuple[int, ...]]) -> None:
    lines = [shapely.LinearRing([(a, b), (c, d), (e, f)]) for a, b, c, d, e, f in corners]
    noded = shapely.union_all([*lines, shapely.LineString([(0, 13), (13, 0)])], grid_size=0.001)
    assert like_geos(noded)
    assert like_geos(shapely.line_merge(noded))


def test_islands_touching_or_not_and_loose_ends() -> None:
    field, pond = shapely.box(0, 0, 100, 100), shapely.box(20, 20, 40, 40)
    island, corner = shapely.box(25, 25, 30, 30), shapely.box(0, 0, 10, 10)
    rings = [shape.boundary for shape in (island, pond, corner, field)]
    loose = shapely.LineString([(100, 50), (70, 50), (70, 60)])
    noded = shapely.union_all([*rings, loose], grid_size=0.001)
    assert like_geos(noded)
    assert sorted(shapely.area(enclosed(noded)).tolist()) == [25.0, 100.0, 375.0, 9500.0]


def test_nothing_is_enclosed() -> None:
    assert len(enclosed(shapely.MultiLineString([[(0, 0), (1, 1)], [(1, 1), (2, 0)]]))) == 0


def test_geos_is_given_few_lines_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds the interpreter for about 5 s a million lines, and nobody can cancel meanwhile."""
    given, polygonize = [], shapely.polygonize
    monkeypatch.setattr(shapely, "polygonize", lambda lines: given.append(len(lines)) or polygonize(lines))
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    shapes = [shapely.Polygon(circle * 50 + [90 * column, 0]) for column in range(5)]
    faces, origin = coverage(shapes, shapely.box(-60, -60, 420, 60))
    assert len(faces) == 5 + 4 + 1  # each circle overlaps the next, and there is the land round them
    assert set(origin.tolist()) == set(range(5))
    # two arcs of the first and the last circle, four of every other, and the border, of a thousand edges
    assert given == [2 * 2 + 3 * 4 + 1]
