"""Shared edges by hand, and against the intersection of outlines on random coverages."""

from __future__ import annotations

from typing import Any, Dict, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.sharededges import SharedEdges, neighbours, shared_edges

X, Y = 40_550_000.0, 3_460_000.0


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def polygon(*corners: Tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(X + x, Y + y) for x, y in corners])


def array(*shapes: Any) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def found(edges: SharedEdges) -> Dict[Tuple[int, int], float]:
    pairs = zip(edges.shape.tolist(), edges.other.tolist())
    return {pair: round(metres, 6) for pair, metres in zip(pairs, edges.metres.tolist())}


def test_equal_edges() -> None:
    shapes = array(box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 10, 30, 20))
    # the third touches the second in a corner only
    assert found(shared_edges(shapes, shapes)) == {(0, 1): 10.0, (1, 0): 10.0}


def test_a_long_edge_beside_short_ones() -> None:
    shapes = array(box(0, 0, 10, 10), box(10, 0, 20, 4), box(10, 4, 20, 12))
    assert found(shared_edges(shapes[:1], shapes[1:])) == {(0, 0): 4.0, (0, 1): 6.0}
    assert found(shared_edges(shapes[1:], shapes[:1])) == {(0, 0): 4.0, (1, 0): 6.0}


def test_a_slanting_edge_cut_at_a_rounded_place() -> None:
    """The cut of (0, 0)–(30, 10) at x = 7 lies 0.3 mm beside the line."""
    whole = polygon((0, 0), (30, 10), (0, 10))
    part = polygon((0, 0), (7, 7 / 3 - 0.0003), (7, -5))
    rest = polygon((7, 7 / 3 - 0.0003), (30, 10), (30, -5), (7, -5))
    metres = found(shared_edges(array(whole), array(part, rest)))
    assert metres[0, 0] == pytest.approx(np.hypot(7, 7 / 3), abs=0.01)
    assert metres[0, 1] == pytest.approx(np.hypot(23, 23 / 3), abs=0.01)


@pytest.mark.parametrize(("gap", "shared"), [(0.0, 8.0), (0.0009, 8.0), (-0.0009, 8.0), (0.002, None)])
def test_tolerance(gap: float, shared: Any) -> None:
    edges = shared_edges(array(box(0, 0, 10, 10)), array(box(10 + gap, 1, 20, 9)))
    assert found(edges) == ({} if shared is None else {(0, 0): pytest.approx(shared)})
    wider = shared_edges(array(box(0, 0, 10, 10)), array(box(10 + gap, 1, 20, 9)), tolerance=0.01)
    assert found(wider) == {(0, 0): pytest.approx(8.0)}


def test_edges_that_part_are_shared_as_far_as_they_run_together() -> None:
    """From a common corner one falls by 1 mm a metre: after 1 m they are a tolerance apart."""
    lower = polygon((0, 0), (0, -5), (10, -5), (10, -0.01))
    assert found(shared_edges(array(box(0, 0, 10, 10)), array(lower))) == {(0, 0): pytest.approx(1.0, abs=1e-4)}


def test_no_polygon_lies_beside_itself() -> None:
    """A slit of half a millimetre: its two sides run within the tolerance of each other."""
    slit = polygon((0, 0), (10, 0), (10, 10), (5.0005, 10), (5.0005, 2), (5, 2), (5, 10), (0, 10))
    shapes = array(slit, box(0, 10, 7, 20))
    assert found(shared_edges(shapes, shapes)).keys() == {(0, 1), (1, 0)}


def test_an_edge_drawn_on_the_same_side_is_not_shared() -> None:
    """A plot drawn on the parcel it lies in is not beside it."""
    assert found(shared_edges(array(box(0, 0, 10, 10)), array(box(0, 0, 10, 10)))) == {}
    assert found(shared_edges(array(box(0, 0, 10, 10)), array(box(0, 0, 10, 5)))) == {}


def test_holes_and_parts() -> None:
    ring = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    both = shapely.MultiPolygon([box(10, 10, 20, 20), box(30, 0, 40, 5)])
    assert found(shared_edges(array(ring), array(both))) == {(0, 0): 45.0}


def test_lines_that_cross_share_nothing() -> None:
    """Their west sides lie on each other, land on the same side; the slanting ones cross."""
    one, other = polygon((0, 0), (10, 10), (0, 10)), polygon((0, 10), (10, 0), (0, 0))
    assert found(shared_edges(array(one), array(other))) == {}


def test_missing_and_empty() -> None:
    shapes = array(None, box(0, 0, 10, 10), shapely.Polygon(), box(10, 0, 20, 10))
    assert found(shared_edges(shapes, shapes)) == {(1, 3): 10.0, (3, 1): 10.0}
    assert len(shared_edges(array(), array(box(0, 0, 1, 1)))) == 0
    assert len(shared_edges(array(None), array(None))) == 0


def test_neighbours_only_of_those_asked() -> None:
    shapes = array(box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 4))
    assert found(neighbours(shapes, np.array([False, True, False]))) == {(1, 0): 10.0, (1, 2): 4.0}


def test_order_of_pairs() -> None:
    shapes = array(box(10, 0, 20, 10), box(0, 0, 10, 10), box(20, 0, 30, 10))
    edges = shared_edges(shapes, shapes)
    assert (edges.shape.tolist(), edges.other.tolist()) == ([0, 0, 1, 2], [1, 2, 0, 0])
    assert edges.shape.dtype == edges.other.dtype == np.int64


class Stop:
    def step(self, name: str, share: float) -> None: ...

    def check(self, fraction: float) -> None:
        raise Cancelled


def test_is_cancelled() -> None:
    with pytest.raises(Cancelled):
        shared_edges(array(box(0, 0, 1, 1)), array(box(1, 0, 2, 1)), progress=Stop())


SIDE = 5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=SIDE * SIDE, max_size=SIDE * SIDE),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_against_the_intersection_of_outlines(label: list, plain: list) -> None:
    """Cells of a grid dissolved at random; some polygons lose the vertices on their straight edges."""
    cells = np.array([shapely.box(7.0 * i, 7.0 * j, 7.0 * i + 7, 7.0 * j + 7) for i in range(5) for j in range(5)])
    label = np.array(label)
    shapes = array(*(shapely.union_all(cells[label == one]) for one in range(6)))
    shapes = array(*(shapely.simplify(shape, 0) if less else shape for shape, less in zip(shapes, plain)))
    wanted = {
        (i, j): round(metres, 6)
        for i in range(6)
        for j in range(6)
        if i != j and (metres := shapely.length(shapely.intersection(shapes[i].boundary, shapes[j].boundary))) > 0
    }
    assert found(shared_edges(shapes, shapes)) == wanted
    half = {(i, j - 3): metres for (i, j), metres in wanted.items() if i < 3 <= j}
    assert found(shared_edges(shapes[:3], shapes[3:])) == half
