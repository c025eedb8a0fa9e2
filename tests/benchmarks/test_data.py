"""The benchmark's zones are what docs/performance.md says."""

from __future__ import annotations

import numpy as np
import shapely

from benchmarks.data import align, densify, in_three, misalign, overlap
from benchmarks.peers.plain_shapely import Geometries


def squares(*corners: tuple[float, float], size: float = 10.0) -> Geometries:
    return np.array([shapely.box(x, y, x + size, y + size) for x, y in corners], dtype=object)


def zones() -> dict[str, Geometries]:
    grid = squares(*((x, 0.0) for x in range(0, 400, 20)))
    return {"farmland": grid, "boundary": grid[:4], "redline": grid[4:9], "villages": grid[:2]}


def test_dividing_keeps_the_shape_and_the_edges_of_parcels():
    # The lower edge joins two vertices of the parcel; the other three are loose.
    zone = shapely.MultiPolygon([shapely.Polygon([(0, 0), (10, 0), (10, 20), (0, 20)], [[(2, 2), (4, 2), (4, 4)]])])
    parcel = squares((0.0, 0.0))
    dense = densify(zone, parcel, 1000)
    points = shapely.get_coordinates(dense)
    assert 1000 <= len(points) <= 1010
    assert dense.equals(zone)
    on_lower_edge = points[(points[:, 1] == 0)]
    assert set(map(tuple, on_lower_edge)) == {(0.0, 0.0), (10.0, 0.0)}


def test_at_most_three_zones_of_the_same_land():
    drawn = squares((0, 0), (5, 0), (40, 0), (80, 0), (120, 0), (160, 0))
    merged = in_three(drawn)
    assert len(merged) == 3
    # 15 × 10 where two overlap, and four squares
    assert shapely.area(merged).sum() == 150 + 400
    assert len(in_three(drawn[:2])) == 1


def test_every_twentieth_farmland_zone_is_drawn_5_mm_inside():
    made = align(squares((0.0, 0.0)), zones(), 200)
    side = np.sqrt(shapely.area(made["farmland"]))
    assert np.allclose(side, [9.99] + [10.0] * 19, atol=1e-9)
    assert shapely.get_num_coordinates(made["redline"]).max() >= 200


def test_misaligned_vertices_lie_5_to_10_mm_off_and_the_same_every_time():
    before = zones()
    after, again = misalign(before), misalign(before)
    for layer, shapes in before.items():
        moved = shapely.get_coordinates(after[layer])
        nearest = np.sqrt(((moved[:, None] - shapely.get_coordinates(shapes)[None]) ** 2).sum(axis=2)).min(axis=1)
        assert 0.005 - 1e-9 <= nearest.min() <= nearest.max() <= 0.010 + 1e-9
        assert shapely.equals_exact(after[layer], again[layer]).all()


def test_misaligned_neighbours_still_share_their_edge():
    neighbours = {**zones(), "villages": squares((0, 0), (10, 0))}
    first, second = misalign(neighbours)["villages"]
    assert first.touches(second)


def test_every_tenth_farmland_zone_is_there_twice():
    made = overlap(zones())["farmland"]
    assert len(made) == 22
    # 3 m and 2 m beside: 7 × 8 of 100 m² are covered twice
    assert made[0].intersection(made[20]).area == 56
