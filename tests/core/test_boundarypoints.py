"""Order, numbers, lengths and areas of boundary points, by hand and for any polygon."""

from __future__ import annotations

import math
from typing import Any, List

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.arcs import arc_points
from three_opt_three_protect.core.boundarypoints import BoundaryPoints, boundary_points
from three_opt_three_protect.core.errors import Cancelled, GeometryError
from three_opt_three_protect.core.numbering import Numbering, Restart
from three_opt_three_protect.core.rings import polygon_of_rings, polygons_of_rings
from three_opt_three_protect.core.tables import LayerTable


def layer(*shapes: Any) -> LayerTable:
    array = np.empty(len(shapes), dtype=np.object_)
    array[:] = shapes
    return LayerTable("建新地块", np.arange(11, 11 + len(shapes), dtype=np.int64), array)


def square(x: float, y: float, size: float, holes: Any = ()) -> shapely.Polygon:
    # Anticlockwise from the south-west: neither direction nor start is the one wanted.
    return shapely.Polygon([(x, y), (x + size, y), (x + size, y + size), (x, y + size)], holes)


HOLED = square(0, 0, 30, [[(10, 10), (10, 20), (20, 20), (20, 10)]])


USUAL = Numbering()


def points_of(table: LayerTable, numbering: Numbering = USUAL, decimals: int = 3) -> BoundaryPoints:
    return boundary_points(table, numbering, decimals)


def test_a_ring_runs_clockwise_from_the_north_west_and_repeats_its_first_number() -> None:
    points = points_of(layer(square(0, 0, 10)))
    assert points.xy.tolist() == [[0, 10], [10, 10], [10, 0], [0, 0], [0, 10]]
    assert points.number.tolist() == [1, 2, 3, 4, 1]
    assert points.closing.tolist() == [False] * 4 + [True]
    assert points.length.tolist()[:4] == [10] * 4
    assert math.isnan(points.length[4])


def test_a_hole_goes_on_counting_and_runs_anticlockwise() -> None:
    points = points_of(layer(HOLED))
    assert points.ring.tolist() == [1] * 5 + [2] * 5
    assert points.number.tolist() == [1, 2, 3, 4, 1, 5, 6, 7, 8, 5]
    assert points.xy[5:].tolist() == [[10, 20], [10, 10], [20, 10], [20, 20], [10, 20]]
    assert points.hole.tolist() == [False] * 5 + [True] * 5
    # 30² − 10²
    assert points.areas(1).tolist() == [800.0]


def test_a_form_may_want_holes_clockwise_too() -> None:
    points = points_of(layer(HOLED), Numbering(holes_clockwise=True))
    assert points.xy[5:].tolist() == [[10, 20], [20, 20], [20, 10], [10, 10], [10, 20]]
    assert points.areas(1).tolist() == [800.0]


@pytest.mark.parametrize(
    ("restart", "numbers"),
    [
        (Restart.PLOT, [1, 2, 3, 4, 1, 5, 6, 7, 8, 5, 1, 2, 3, 4, 1]),
        (Restart.RING, [1, 2, 3, 4, 1, 1, 2, 3, 4, 1, 1, 2, 3, 4, 1]),
        (Restart.LAYER, [1, 2, 3, 4, 1, 5, 6, 7, 8, 5, 9, 10, 11, 12, 9]),
    ],
)
def test_where_numbers_begin_anew(restart: Restart, numbers: List[int]) -> None:
    points = points_of(layer(HOLED, square(100, 0, 5)), Numbering(restart))
    assert points.number.tolist() == numbers


def test_parts_and_missing_plots() -> None:
    two = shapely.MultiPolygon([square(0, 0, 5), square(10, 0, 5)])
    points = points_of(layer(None, two))
    assert points.row.tolist() == [1] * 10
    assert points.ring.tolist() == [1] * 5 + [2] * 5
    assert points.number.tolist() == [1, 2, 3, 4, 1, 5, 6, 7, 8, 5]
    assert points.areas(2).tolist() == [0.0, 50.0]


def test_the_north_west_vertex_of_a_slanting_plot() -> None:
    # Corner of the box (0, 10): (3, 10) is 3 away, (0, 4) is 6 away.
    points = points_of(layer(shapely.Polygon([(0, 4), (8, 0), (9, 7), (3, 10)])))
    assert points.xy[0].tolist() == [3, 10]


def test_of_two_equally_near_the_northern_one() -> None:
    # (4, 10) and (0, 6) are both 4 away from (0, 10).
    points = points_of(layer(shapely.Polygon([(0, 6), (6, 0), (10, 5), (4, 10)])))
    assert points.xy[0].tolist() == [4, 10]


def test_lengths_are_those_of_the_printed_coordinates() -> None:
    # 3–4–5, drawn with less than half a millimetre of noise.
    shape = shapely.Polygon([(0.0003, 0.0002), (4.0004, -0.0001), (0.0001, 3.0002)])
    points = points_of(layer(shape))
    assert points.length[:3].tolist() == [5.0, 4.0, 3.0]
    assert points.areas(1).tolist() == [6.0]


def test_points_that_become_one_are_written_once() -> None:
    shape = shapely.Polygon([(0, 0), (5, 0), (5.0001, 0.0001), (5, 5), (0, 5)])
    assert int((~points_of(layer(shape)).closing).sum()) == 4
    assert int((~points_of(layer(shape), decimals=4).closing).sum()) == 5


@pytest.mark.parametrize("width", [0.0002, 0.0004])
def test_a_plot_that_vanishes_by_rounding_is_named(width: float) -> None:
    sliver = shapely.Polygon([(0, 0), (9, 0), (9, width), (0, width)])
    with pytest.raises(GeometryError) as caught:
        points_of(layer(square(0, 0, 5), sliver))
    assert caught.value.message_id == "ring_collapses"
    assert caught.value.values["feature"] == 12


def test_no_plots_no_points() -> None:
    points = points_of(layer(None))
    assert len(points) == 0
    assert points.areas(1).tolist() == [0.0]


def test_it_can_be_cancelled() -> None:
    class Stop:
        def step(self, name: str, share: float) -> None: ...

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        boundary_points(layer(square(0, 0, 5)), Numbering(), 3, Stop())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 90_000)), min_size=3, max_size=12, unique=True))
def test_any_polygon_keeps_its_land(corners: List[Any]) -> None:
    shape = shapely.convex_hull(shapely.MultiPoint([(40_557_000 + x / 1000, 3_453_000 + y / 1000) for x, y in corners]))
    if shape.geom_type != "Polygon" or shape.area < 1e-3:
        return
    points = points_of(layer(shape))
    ring = points.xy
    assert (ring[0] == ring[-1]).all()
    assert not shapely.is_ccw(shapely.LinearRing(ring))
    assert shapely.hausdorff_distance(shapely.Polygon(ring), shape) < 1e-6
    assert points.areas(1)[0] == pytest.approx(shapely.Polygon(ring).area, rel=1e-9, abs=1e-6)
    assert np.nansum(points.length) == pytest.approx(shapely.length(shapely.LinearRing(ring)), abs=1e-6)
    corner = np.array([ring[:, 0].min(), ring[:, 1].max()])
    distance = np.hypot(*(ring - corner).T)
    assert distance[0] <= distance.min() + 1e-9


def closed(shape: shapely.Polygon) -> Any:
    return shapely.get_coordinates(shape.exterior)


def test_rings_become_holes_and_islands_by_where_they_lie() -> None:
    rings = [
        closed(square(40, 40, 20)),
        closed(square(0, 0, 100)),
        closed(square(30, 30, 40)),
        closed(square(200, 0, 5)),
    ]
    exteriors, polygons = polygons_of_rings(rings)
    # The island in the hole, the plot with its hole, the plot apart.
    assert exteriors.tolist() == [0, 1, 3]
    assert shapely.area(polygons).tolist() == [400.0, 100.0**2 - 40.0**2, 25.0]
    assert polygon_of_rings(rings).geom_type == "MultiPolygon"


def test_rings_that_touch_in_a_point_are_told_apart() -> None:
    outer, inner = square(0, 0, 10), shapely.Polygon([(0, 10), (5, 5), (4, 4)])
    shape = polygon_of_rings([closed(outer), closed(inner)])
    assert len(shape.interiors) == 1
    assert shape.is_valid


def test_a_half_circle_has_its_area() -> None:
    start, end = np.array([0.0, 0.0]), np.array([20.0, 0.0])
    arc = arc_points(start, end, 1.0)
    assert len(arc) == 1799
    # A bulge of 1 runs anticlockwise: from the west to the east below the chord.
    assert arc[:, 1].max() < 0
    area = shapely.Polygon([start, *arc, end]).area
    assert area == pytest.approx(math.pi * 50, rel=1e-6)


@pytest.mark.parametrize("bulge", [0.3, -0.3, 2.5, -0.01])
def test_arc_points_lie_on_one_circle_through_both_ends(bulge: float) -> None:
    start, end = np.array([40_557_000.0, 3_453_000.0]), np.array([40_557_040.0, 3_453_030.0])
    arc = arc_points(start, end, bulge)
    # Radius from chord c and bulge b: c (1 + b²) / (4 |b|); DXF reference.
    radius = 50 * (1 + bulge**2) / (4 * abs(bulge))
    sagitta = abs(bulge) * 25
    chord = (end - start) / 50
    offset = (arc - start) @ np.array([-chord[1], chord[0]])
    assert abs(offset).max() == pytest.approx(sagitta, rel=3e-3)
    assert np.sign(offset[len(offset) // 2]) == -np.sign(bulge)
    a, b, c = start, arc[len(arc) // 2], end
    sides = [np.hypot(*(p - q)) for p, q in ((a, b), (b, c), (c, a))]
    twice_area = abs((b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0])
    assert sides[0] * sides[1] * sides[2] / (2 * twice_area) == pytest.approx(radius, rel=1e-6)


def test_a_straight_edge_has_no_points_between() -> None:
    assert len(arc_points(np.zeros(2), np.ones(2), 0.0)) == 0
