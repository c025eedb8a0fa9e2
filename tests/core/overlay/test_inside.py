"""A point inside, also where GEOS gives a vertex."""

from __future__ import annotations

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
