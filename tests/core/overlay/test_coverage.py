"""Which parcels share land, and who lies beside whom."""

from __future__ import annotations

from typing import List

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.overlay import Coverage, coverage, overlaps

FAR = (40_550_000.0, 3_460_000.0)


def boxes(*found: tuple) -> np.ndarray:
    """Boxes (west, south, wide, high) with a vertex at every whole place."""
    out = np.empty(len(found), dtype=object)
    out[:] = [shapely.box(x, y, x + w, y + h) for x, y, w, h in found]
    return np.asarray(shapely.segmentize(shapely.transform(out, lambda xy: xy + FAR), 1.0), dtype=object)


def test_neighbours_reach_each_other_and_islands_do_not() -> None:
    cover = Coverage(boxes((0, 0, 1, 1), (1, 0, 1, 1), (2, 1, 1, 1), (5, 5, 1, 1)))
    hood = cover.neighbourhoods(np.ones(4, dtype=bool), cover.partner >= 0)
    # the third only touches the second in a corner
    assert hood.tolist() == [0, 0, 1, 2]
    assert cover.samples(hood).tolist() in ([0, 2, 3], [1, 2, 3])
    assert cover.neighbourhoods(np.array([True, False, True, True]), cover.partner >= 0).tolist() == [0, -1, 1, 2]


@pytest.mark.parametrize(
    ("shapes", "irregular"),
    [
        ([(0, 0, 2, 2), (2, 0, 2, 2)], []),
        ([(0, 0, 2, 2), (1, 0, 2, 2)], [0, 1]),
        ([(0, 0, 2, 2), (0, 0, 2, 2)], [0, 1]),  # twice the same
        ([(0, 0, 3, 3), (1, 1, 1, 1)], [0, 1]),  # one inside the other
        ([(0, 0, 3, 3), (0, 0, 1, 3), (1, 0, 1, 3), (2, 0, 1, 3)], [0, 1, 2, 3]),  # one over three
        ([(0, 0, 2, 2), (2, 0, 2, 2), (9, 9, 2, 2), (10, 9, 2, 2)], [2, 3]),
    ],
)
def test_parcels_that_share_land_are_irregular(shapes: List[tuple], irregular: List[int]) -> None:
    assert np.flatnonzero(Coverage(boxes(*shapes)).irregular).tolist() == irregular


def test_a_second_layer_of_parcels_under_the_first_is_found_in_its_midst() -> None:
    first = [(x, y, 2, 2) for x in range(0, 12, 2) for y in range(0, 12, 2)]
    second = [(x, y, 3, 3) for x in range(0, 12, 3) for y in range(0, 12, 3)]
    cover = Coverage(boxes(*first, *second))
    assert cover.irregular.all()
    assert overlaps(cover).area == pytest.approx(144, abs=1e-6)


places = st.integers(0, 5)
many = st.lists(st.tuples(places, places, st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=10)


@settings(max_examples=80, deadline=None)
@given(many, st.booleans())
def test_nobody_who_shares_land_is_taken_for_regular(found: list, loose: bool) -> None:
    parcels = boxes(*found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "_FEW", 0 if loose else 1_000)
        cover = Coverage(parcels)
    shared = shapely.area(shapely.intersection(parcels[:, None], parcels[None, :])) > 1e-9
    np.fill_diagonal(shared, False)
    assert not (shared.any(axis=1) & ~cover.irregular).any()
    pairs = np.triu(shapely.area(shapely.intersection(parcels[:, None], parcels[None, :])), 1)
    assert overlaps(cover).area == pytest.approx(pairs.sum(), abs=1e-6)
    assert overlaps(cover).rows.tolist() == np.flatnonzero(shared.any(axis=1)).tolist()
