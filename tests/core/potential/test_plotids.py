"""Names of candidates in reading order."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.potential.plotids import plot_ids


def ids(units: list, boxes: list) -> list:
    shapes = np.empty(len(boxes), dtype=object)
    shapes[:] = [shapely.box(*each) for each in boxes]
    return plot_ids(np.array(units, dtype=object), shapes).tolist()


def test_north_first_then_west() -> None:
    assert ids(["a"] * 3, [(5, 0, 6, 1), (9, 4, 10, 5), (2, 4, 3, 5)]) == ["a-003", "a-002", "a-001"]


def test_each_village_begins_anew_and_land_of_none_has_a_number_too() -> None:
    assert ids(["b", None, "a", "b"], [(0, 0, 1, 1), (0, 0, 1, 2), (3, 3, 4, 4), (0, 5, 1, 6)]) == [
        "b-002", "0-001", "a-001", "b-001"
    ]  # fmt: skip


def test_equal_corners_are_told_apart_by_the_other_corner() -> None:
    assert ids(["a", "a"], [(0, 0, 1, 5), (0, 3, 1, 5)]) == ["a-001", "a-002"]


def test_degrees_are_compared_as_finely_as_metres() -> None:
    shapes = np.array([shapely.box(120.0, 31.0, 120.0001, 31.0001), shapely.box(120.0, 31.0002, 120.0001, 31.0003)])
    units = np.array(["a", "a"], dtype=object)
    assert plot_ids(units, shapes, 111_320.0).tolist() == ["a-002", "a-001"]


def test_none() -> None:
    assert ids([], []) == []


boxes = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 3), st.integers(1, 3))


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), boxes), min_size=1, max_size=12, unique=True), st.randoms())
def test_the_order_of_the_layer_does_not_matter(rows: list, chance: object) -> None:
    def named(some: list) -> dict:
        made = ids([unit for unit, _ in some], [(x, y, x + w, y + h) for _, (x, y, w, h) in some])
        assert len(set(made)) == len(made)
        return dict(zip(some, made))

    before = named(rows)
    chance.shuffle(rows)
    assert named(rows) == before
