"""A point inside, also where GEOS gives a vertex."""

from __future__ import annotations

import time

import numpy as np
import shapely

from three_opt_three_protect.core.overlay.inside import points_inside


def test_a_point_lies_inside_even_a_polygon_that_is_almost_only_a_spike() -> None:
    # what nodes 0.5 nm apart leave of two borders that nearly coincide
    spike = shapely.Polygon(
        [
            (-43480.906999997795, -5015.404000000097),
            (-43466.495999999344, -5018.0210000001825),
            (-43416.73900000006, -5027.058000000194),
            (-43417.04593656212, -5027.002255100291),
            (-43417.02019071579, -5046.390624501742),
            (-43417.04593656212, -5027.002255100757),
        ]
    )
    assert not spike.contains(shapely.point_on_surface(spike)), "the case this is for"
    shapes = np.array([shapely.box(0, 0, 1, 1), spike, shapely.box(0, 0, 1, 1e-7)], dtype=object)
    assert shapely.contains(shapes, points_inside(shapes)).all()


def test_nothing() -> None:
    assert len(points_inside(np.empty(0, dtype=object))) == 0


def test_a_polygon_of_many_vertices_is_answered_quickly_and_deep_inside() -> None:
    """Two fans of 5 000 vertices joined by a hairline, in whose middle GEOS looks."""
    angle = np.linspace(0.1, np.pi - 0.1, 5_000)
    half = np.column_stack([100 * np.cos(angle), 150 + 100 * np.sin(angle)])
    ring = np.concatenate([[[1e-6, 0.0]], half, [[-1e-6, 0.0]], half[::-1] * (1, -1)])
    shape = shapely.Polygon(ring)
    assert shape.is_valid
    start = time.process_time()
    (point,) = points_inside(np.array([shape], dtype=object))
    assert shape.contains(point)
    assert shape.boundary.distance(point) > 1
    assert time.process_time() - start < 5, "a quadratic search takes half a minute"
