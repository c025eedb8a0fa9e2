"""The edge join against a dictionary of edges."""

from __future__ import annotations

from collections import defaultdict
from typing import Dict, FrozenSet, List, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.overlay import edges as module
from three_opt_three_protect.core.overlay.edges import NONE, EdgeIndex, Edges, edges_of, runs

FAR = (40_550_000.0, 3_460_000.0)


def array(*shapes: object) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def ends(edges: Edges, place: int) -> FrozenSet[complex]:
    return frozenset(edges.vertices[place : place + 2].tolist())


def by_ends(edges: Edges) -> Dict[FrozenSet[complex], List[int]]:
    found: Dict[FrozenSet[complex], List[int]] = defaultdict(list)
    for place in np.flatnonzero(edges.is_edge):
        found[ends(edges, int(place))].append(int(place))
    return found


def test_rings_holes_and_parts_by_hand() -> None:
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    parts = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(30, 0, 32, 2)])
    edges = edges_of(array(shapely.MultiPolygon([shapely.box(10, 0, 11, 1)]), holed, parts))
    assert edges.ring.tolist() == [0, 5, 10, 15, 20]
    assert edges.is_hole.tolist() == [False, False, True, False, False]
    assert edges.owner[edges.ring].tolist() == [0, 1, 1, 2, 2]
    assert (np.flatnonzero(~edges.is_edge) == [4, 9, 14, 19, 24]).all()
    assert np.abs(edges.ring_area).tolist() == [1, 81, 1, 1, 4]
    assert edges.areas(3).tolist() == [1, 80, 5]


def test_a_hole_that_touches_its_shell_in_the_first_vertex_is_a_ring_of_its_own() -> None:
    touching = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(0, 0), (2, 3), (3, 2)]])
    assert touching.is_valid
    edges = edges_of(array(touching))
    assert (edges.ring.tolist(), edges.is_hole.tolist()) == ([0, 5], [False, True])


def test_the_side_of_the_land_does_not_depend_on_how_rings_run() -> None:
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    for shape in (holed, holed.reverse(), holed.normalize()):
        edges = edges_of(array(shape))
        for place in np.flatnonzero(edges.is_edge):
            start, end = edges.vertices[place], edges.vertices[place + 1]
            beside = (start + end) / 2 + 1e-3 * 1j * (end - start) / abs(end - start)
            inside = holed.contains(shapely.Point(beside.real, beside.imag))
            assert edges.land_left[place] == inside


def test_minus_zero_is_zero_and_repeated_vertices_are_no_edges() -> None:
    one = edges_of(array(shapely.Polygon([(0.0, 0.0), (1, 0.0), (1, 1), (1, 1), (0.0, 1)])))
    two = edges_of(array(shapely.Polygon([(-0.0, -0.0), (1, -0.0), (1, 1), (-0.0, 1)])))
    assert one.is_edge.sum() == 4
    assert (EdgeIndex(one).find(two)[two.is_edge] != NONE).all()


def test_nothing() -> None:
    empty = edges_of(array())
    one = edges_of(array(shapely.box(0, 0, 1, 1)))
    assert len(EdgeIndex(empty).partners()) == 0
    assert (EdgeIndex(empty).find(one) == NONE).all()
    assert len(EdgeIndex(one).find(empty)) == 0


grid = st.integers(0, 6)
boxes = st.lists(st.tuples(grid, grid, st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=12)


def drawn(found: List[Tuple[int, int, int, int]]) -> np.ndarray:
    """Boxes with a vertex at every whole place, so that neighbours share edges."""
    whole = [shapely.box(x, y, x + w, y + h) for x, y, w, h in found]
    moved = shapely.transform(array(*whole), lambda xy: xy + FAR)
    return np.asarray(shapely.segmentize(moved, 1.0), dtype=object)


@settings(max_examples=80, deadline=None)
@given(boxes, boxes, st.booleans())
def test_equal_edges_are_found_and_no_others(one: list, two: list, collide: bool) -> None:
    first, second = edges_of(drawn(one)), edges_of(drawn(two))
    with pytest.MonkeyPatch.context() as patch:
        if collide:  # every edge has the same hash: only the coordinates can tell them apart
            patch.setattr(module, "_SECOND", np.uint64(0))
        found = EdgeIndex(first).find(second)
    known = by_ends(first)
    for place in range(len(second)):
        if not second.is_edge[place] or ends(second, place) not in known:
            assert found[place] == NONE
        else:
            assert ends(first, int(found[place])) == ends(second, place)


@settings(max_examples=80, deadline=None)
@given(boxes)
def test_a_partner_is_the_only_other_edge_and_lies_on_the_other_side(found: list) -> None:
    edges = edges_of(drawn(found))
    partner = EdgeIndex(edges).partners()
    for places in by_ends(edges).values():
        two = len(places) == 2
        against = two and edges.vertices[places[0]] == edges.vertices[places[1] + 1]
        facing = against if two and edges.land_left[places[0]] == edges.land_left[places[1]] else two and not against
        expected = places[::-1] if facing else [NONE] * len(places)
        assert partner[places].tolist() == expected
    assert (partner[~edges.is_edge] == NONE).all()


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 12))
def test_runs_take_every_row_once(cost: List[int], most: int) -> None:
    found = list(runs(np.array(cost, dtype=np.int64), most))
    assert [row for some in found for row in range(some.start, some.stop)] == list(range(len(cost)))


@settings(max_examples=60, deadline=None)
@given(boxes, boxes, st.sampled_from([(1, 4, 1), (2, 8, 3), (3, 12, 2)]))
def test_blocks_leave_no_seams(one: list, two: list, sizes: Tuple[int, int, int]) -> None:
    def joined() -> Tuple[List[int], List[float], List[int], List[bool]]:
        edges = edges_of(drawn(one))
        index = EdgeIndex(edges)
        found = index.find(edges_of(drawn(two)))
        return edges.ring.tolist(), edges.ring_area.tolist(), index.partners().tolist(), (found >= 0).tolist()

    whole = joined()
    with pytest.MonkeyPatch.context() as patch:
        for name, size in zip(("_BLOCK", "LOOK", "_LOOKED_UP"), sizes):
            patch.setattr(module, name, size)
        parts = joined()
    assert (whole[0], whole[2], whole[3]) == (parts[0], parts[2], parts[3])
    assert whole[1] == pytest.approx(parts[1])
