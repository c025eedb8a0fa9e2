"""Coverages and zones whose edges coincide in every way, against cells that are counted.

All is drawn on a grid of unit cells: the cell of a parcel and of a zone is known, so the area of every
combination is a whole number.  Vertices in the middle of an edge, on one side only, are what makes
edges coincide without being equal.
"""

from __future__ import annotations

from collections import Counter
from typing import Dict, List, Set, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.overlay import Coverage, ZoneLayer, coverage, lines, overlaps, overlay

SIZE = 6
FAR = (40_550_000.0, 3_460_000.0)


def shapes_of(label: np.ndarray, step: float) -> Tuple[np.ndarray, List[int]]:
    """The cells of each label united (label 0: nothing), with a vertex every ``step``; 0 = at corners only."""
    found, numbers = [], []
    for number in range(1, int(label.max()) + 1):
        cells = [shapely.box(x, y, x + 1, y + 1) for y, x in np.argwhere(label == number)]
        if cells:
            shape = shapely.union_all(cells).normalize()
            found.append(shapely.segmentize(shape, step) if step else shape)
            numbers.append(number)
    out = np.empty(len(found), dtype=object)
    out[:] = found
    return np.asarray(shapely.transform(out, lambda xy: xy + FAR), dtype=object), numbers


labels = st.lists(st.integers(0, 5), min_size=SIZE * SIZE, max_size=SIZE * SIZE).map(
    lambda found: np.array(found).reshape(SIZE, SIZE)
)
steps = st.sampled_from([0.0, 1.0, 0.5])


@settings(max_examples=150, deadline=None)
@given(labels, st.lists(st.tuples(labels, steps), min_size=1, max_size=2), steps, st.sampled_from([0.0, 0.001]))
def test_cells_are_counted(parcel: np.ndarray, layers: list, step: float, tolerance: float) -> None:
    parcels, parcel_numbers = shapes_of(parcel, step)
    zones = []
    for label, often in layers:
        shapes, numbers = shapes_of(label, often)
        zones.append(ZoneLayer(shapes, np.array(numbers, dtype=np.int64)))
    found = overlay(parcels, zones, tolerance)
    cells = Counter(
        (int(parcel[at]), *(int(label[at]) or -1 for label, _ in layers)) for at in np.ndindex(SIZE, SIZE) if parcel[at]
    )
    area = shapely.area(shapely.transform(found.geometry, lambda xy: xy - FAR))
    got = {(parcel_numbers[row], *zone): value for row, zone, value in zip(found.parcel, map(tuple, found.zone), area)}
    assert got == pytest.approx({key: float(count) for key, count in cells.items()}, abs=1e-6)
    assert found.overlap.tolist() == pytest.approx([0.0] * len(layers), abs=1e-6)
    assert found.absorbed == 0


rectangles = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=7
)


def rectangle_shapes(found: List[Tuple[int, int, int, int]], step: float) -> np.ndarray:
    """Rectangles (west, south, wide, high), which may overlap, with a vertex every ``step``."""
    out = np.empty(len(found), dtype=object)
    out[:] = [shapely.box(x, y, x + w, y + h) for x, y, w, h in found]
    moved = np.asarray(shapely.transform(out, lambda xy: xy + FAR), dtype=object)
    return np.asarray(shapely.segmentize(moved, step), dtype=object) if step else moved


def cells_of(rectangle: Tuple[int, int, int, int]) -> Set[Tuple[int, int]]:
    x, y, w, h = rectangle
    return {(column, row) for column in range(x, x + w) for row in range(y, y + h)}


@settings(max_examples=150, deadline=None)
@given(rectangles, rectangles, steps, steps, st.booleans(), st.booleans())
@example([(0, 0, 2, 2), (0, 0, 3, 3)], [(0, 1, 2, 1), (1, 0, 2, 3)], 0.0, 0.0, False, False)
def test_cells_of_parcels_and_zones_that_overlap(
    parcels: List[Tuple[int, int, int, int]],
    zones: List[Tuple[int, int, int, int]],
    step: float,
    often: float,
    every_parcel_irregular: bool,
    every_parcel_large: bool,
) -> None:
    """Parcels over parcels, zones over zones, and edges of each on edges of all."""
    keys = np.arange(len(zones), dtype=np.int64) // 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "_FEW", 0 if every_parcel_irregular else 1_000)
        patch.setattr(lines, "_LARGE", 0 if every_parcel_large else 2_000)
        found = overlay(rectangle_shapes(parcels, step), [ZoneLayer(rectangle_shapes(zones, often), keys)])
    expected: Dict[Tuple[int, int], float] = Counter()
    twice = 0
    for row, parcel in enumerate(parcels):
        for cell in cells_of(parcel):
            claims = [int(key) for key, zone in zip(keys, zones) if cell in cells_of(zone)]
            expected[row, min(claims, default=-1)] += 1.0
            twice += max(len(claims) - 1, 0)
    area = shapely.area(shapely.transform(found.geometry, lambda xy: xy - FAR))
    got = {(int(row), int(zone)): value for row, (zone,), value in zip(found.parcel, found.zone, area)}
    assert got == pytest.approx(expected, abs=1e-6)
    assert found.overlap[0] == pytest.approx(twice, abs=1e-6)
    assert found.closure <= 1e-6


@settings(max_examples=100, deadline=None)
@given(labels, rectangles.map(lambda found: found[0]), rectangles, steps)
@example(
    np.array([[1, 2, 2, 2, 2, 2]] + [[0] * 6] * 5), (0, 0, 1, 1), [(0, 0, 1, 1)], 0.5
)  # the first parcel drawn again with more vertices
def test_cells_of_a_coverage_and_one_denser_parcel_over_it(
    label: np.ndarray, above: Tuple[int, int, int, int], zones: List[Tuple[int, int, int, int]], often: float
) -> None:
    """Edges of the parcel above run along shared edges without being equal to them."""
    parcels, numbers = shapes_of(label, 1.0)
    parcels = np.append(parcels, rectangle_shapes([above], 0.5))
    cells = [{(int(x), int(y)) for y, x in np.argwhere(label == number)} for number in numbers] + [cells_of(above)]
    keys = np.arange(len(zones), dtype=np.int64)
    cover = Coverage(parcels)
    shared = sum(len(own & cells[-1]) for own in cells[:-1])
    assert overlaps(cover).area == pytest.approx(shared, abs=1e-6)
    found = overlay(cover, [ZoneLayer(rectangle_shapes(zones, often), keys)])
    expected: Dict[Tuple[int, int], float] = Counter()
    for row, own in enumerate(cells):
        for cell in own:
            claims = [int(key) for key, zone in zip(keys, zones) if cell in cells_of(zone)]
            expected[row, min(claims, default=-1)] += 1.0
    area = shapely.area(shapely.transform(found.geometry, lambda xy: xy - FAR))
    got = {(int(row), int(zone)): value for row, (zone,), value in zip(found.parcel, found.zone, area)}
    assert got == pytest.approx(expected, abs=1e-6)
