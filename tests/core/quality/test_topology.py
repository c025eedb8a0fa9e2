"""Overlaps, gaps and repeated polygons: by hand, and against brute force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box

from tests.core.quality.rulecase import DEGREES, array
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality import topology
from three_opt_three_protect.core.quality.case import Case, Found, RuleFunction, Subject
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.rulebook import load_rules

FAR = (40_550_000.0, 3_460_000.0)
PLANE = CrsInfo("EPSG:4528", ellipsoid="CGCS2000", semi_major=6378137.0, inverse_flattening=298.257222101)


def layer(*found: Any, far: bool = False) -> Subject:
    """A layer measured on the plane whose features are called 101, 102, …"""
    shapes = array(*found)
    if far:
        shapes = np.asarray(shapely.transform(shapes, lambda xy: xy + FAR), dtype=object).reshape(-1)
    table = LayerTable("图斑", np.arange(101, 101 + len(shapes)), shapes, crs=PLANE)
    return Subject(table, "parcels", method=AreaMethod.PLANAR)


def run(rule: RuleFunction, subject: Subject, **changed: Any) -> Found:
    """What the shipped rule finds, in one piece."""
    (found,) = rule(Case(subject), replace(load_rules()[rule.__name__], **changed), SILENT)
    return found


def told(found: Found) -> List[Tuple[int, Any, float]]:
    """Row, the other feature, measure."""
    other = found.values.get("other", np.full(len(found), -1))
    assert found.measure is not None
    return [(int(row), int(one), round(float(size), 6)) for row, one, size in zip(found.rows, other, found.measure)]


SQUARE = box(0, 0, 10, 10)


def test_every_rule_of_the_group_is_there() -> None:
    ids = {spec.id for spec in load_rules().values() if spec.group == "overlap"}
    assert {rule.__name__ for rule in topology.RULES} == ids


@pytest.mark.parametrize("rule", topology.RULES)
@pytest.mark.parametrize(
    "shapes",
    [[], [None, Polygon()], [SQUARE], [SQUARE, box(10, 0, 20, 10)], [SQUARE, None, box(50, 0, 60, 10)]],
)
def test_nothing_is_found_where_nothing_is_wrong(rule: RuleFunction, shapes: List[Any]) -> None:
    assert len(run(rule, layer(*shapes))) == 0


# --- duplicates ---------------------------------------------------------------------------------------


def test_the_same_polygon_however_it_is_drawn() -> None:
    ring = np.asarray(SQUARE.exterior.coords)[:-1]
    begins, turned, one = Polygon(np.roll(ring, 2, axis=0)), Polygon(ring[::-1]), MultiPolygon([SQUARE])
    parts = [box(20, 0, 30, 10), box(40, 0, 50, 10)]
    both, swapped = MultiPolygon(parts), MultiPolygon(parts[::-1])
    other = Polygon([(0, 0), (10, 0), (10, 10)])  # the same box
    found = run(topology.duplicate_shape, layer(SQUARE, both, begins, turned, other, None, None, swapped, one))
    assert told(found) == [(2, 101, 4), (3, 101, 4), (7, 102, 2), (8, 101, 4)]


def test_a_polygon_with_a_vertex_more_or_moved_is_not_the_same() -> None:
    more = Polygon([(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)])
    moved = shapely.transform(SQUARE, lambda xy: xy + (1e-6, 0))
    assert len(run(topology.duplicate_shape, layer(SQUARE, more, moved))) == 0


def test_an_invalid_polygon_twice_is_the_same() -> None:
    tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert told(run(topology.duplicate_shape, layer(tie, tie))) == [(1, 101, 2)]


# --- overlaps -----------------------------------------------------------------------------------------


def test_one_parcel_over_its_neighbours_is_one_finding_a_pair() -> None:
    """The middle one of three runs 2 m into both; its far sides stay."""
    subject = layer(box(0, 0, 10, 10), box(8, 0, 22, 10), box(20, 0, 30, 10), far=True)
    found = run(topology.overlap, subject)
    assert told(found) == [(1, 101, 20.0), (2, 102, 20.0)]
    assert found.places is not None
    assert found.places[0].equals(box(FAR[0] + 8, FAR[1], FAR[0] + 10, FAR[1] + 10))
    assert len(run(topology.gap, subject)) == 0


@pytest.mark.parametrize(("wide", "rows"), [(0.0009, []), (0.001, []), (0.0011, [1])])
def test_less_than_the_tolerance_is_not_said(wide: float, rows: List[int]) -> None:
    assert run(topology.overlap, layer(SQUARE, box(10 - wide, 0, 20, 10)), tolerance=0.01 + 1e-12).rows.tolist() == rows


def test_without_tolerance_rounding_is_not_said() -> None:
    """A neighbour with one vertex more on a slanting side: most of them share 10⁻⁸ m²."""
    for angle in range(1, 20):
        tilted = [shapely.affinity.rotate(shape, angle, (0, 0)) for shape in (SQUARE, box(10, 2, 20, 10))]
        assert len(run(topology.overlap, layer(*tilted, far=True), tolerance=0.0)) == 0


def test_repeated_polygons_are_no_overlaps_but_the_first_is_held_against_others() -> None:
    over = box(5, 0, 15, 10)
    assert told(run(topology.overlap, layer(SQUARE, SQUARE, SQUARE, over))) == [(3, 101, 50.0)]


def test_parts_that_share_land_in_two_places_are_one_pair() -> None:
    two, bar = MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)]), box(-5, 4, 35, 6)
    found = run(topology.overlap, layer(bar, two))
    assert told(found) == [(1, 101, 40.0)]
    assert found.places is not None
    assert found.places[0].equals(MultiPolygon([box(0, 4, 10, 6), box(20, 4, 30, 6)]))


def test_an_overlap_that_also_touches_has_land_for_its_place() -> None:
    """They share a square and, apart from it, a piece of border."""
    comb = Polygon([(10, 0), (20, 0), (20, 10), (8, 10), (8, 8), (12, 8), (12, 4), (10, 4)])
    found = run(topology.overlap, layer(SQUARE, comb))
    assert told(found) == [(1, 101, 4.0)]
    assert found.places is not None
    assert found.places[0].equals(box(8, 8, 10, 10))


def test_areas_in_degrees_are_square_metres() -> None:
    table = LayerTable("图斑", np.arange(2), array(box(120, 60, 120.001, 60.001), box(120.0005, 60, 121, 60.001)))
    found = run(topology.overlap, Subject(replace(table, crs=DEGREES)))
    # 0.0005° × 0.001° at latitude 60: 27.9 m × 111.4 m
    assert found.measure is not None
    assert found.measure[0] == pytest.approx(27.9 * 111.4, rel=2e-3)


# --- gaps ---------------------------------------------------------------------------------------------


def frame(hole: Polygon) -> List[Polygon]:
    """Two polygons round a hole between x = 10 and 20, y = 10 and 20."""
    whole = box(0, 0, 30, 30) - hole
    return [whole & box(0, 0, 15, 30), whole & box(15, 0, 30, 30)]


def test_a_hole_between_parcels_is_a_gap_at_the_lowest_feature() -> None:
    hole = box(10, 10, 20, 20)
    found = run(topology.gap, layer(box(100, 0, 110, 10), *frame(hole)))
    assert told(found) == [(1, -1, 100.0)]
    assert found.places is not None
    assert found.places[0].equals(hole)


def test_a_lake_that_is_a_parcel_is_no_gap_nor_is_a_bay() -> None:
    hole = box(10, 10, 20, 20)
    assert len(run(topology.gap, layer(*frame(hole), hole))) == 0
    assert len(run(topology.gap, layer(*frame(box(10, 10, 20, 30))))) == 0


def test_a_hole_in_a_single_polygon_is_a_gap() -> None:
    assert told(run(topology.gap, layer(Polygon(SQUARE.exterior, [box(4, 4, 6, 6).exterior])))) == [(0, -1, 4.0)]


def test_a_parcel_that_shrank_leaves_a_ring() -> None:
    hole = box(10, 10, 20, 20)
    found = run(topology.gap, layer(*frame(hole), hole.buffer(-1.5), far=True))
    assert told(found) == [(0, -1, 51.0)]
    assert found.places is not None
    assert len(found.places[0].interiors) == 1


def test_a_crack_closed_by_the_neighbours_is_found_and_one_vertex_more_is_none() -> None:
    upper = Polygon([(0, 10), (10, 10), (20, 10), (20, 20), (0, 20)])
    lower, cracked = box(0, 0, 20, 10), Polygon([(0, 0), (20, 0), (20, 10), (10, 9.99), (0, 10)])
    assert len(run(topology.gap, layer(lower, upper))) == 0
    assert told(run(topology.gap, layer(cracked, upper))) == [(0, -1, 0.1)]


@pytest.mark.parametrize(("side", "rows"), [(0.099, []), (0.1, []), (0.102, [0])])
def test_a_gap_of_the_tolerance_is_not_said(side: float, rows: List[int]) -> None:
    hole = Polygon(SQUARE.exterior, [box(4, 4, 4 + side, 4 + side).exterior])
    assert run(topology.gap, layer(hole), tolerance=0.01 + 1e-12).rows.tolist() == rows


def test_a_layer_twice_has_the_gaps_of_one() -> None:
    shapes = frame(box(10, 10, 20, 20))
    assert told(run(topology.gap, layer(*shapes, *shapes))) == [(0, -1, 100.0)]


def test_the_lowest_feature_is_the_one_with_the_lowest_id() -> None:
    subject = layer(*frame(box(10, 10, 20, 20)))
    turned = replace(subject, table=replace(subject.table, fid=np.array([7, 3])))
    assert run(topology.gap, turned).rows.tolist() == [1]


def test_a_gap_that_misses_its_neighbours_by_a_digit_is_put_beside_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = layer(box(100, 0, 110, 10), *frame(box(10, 10, 20, 20)))
    nothing = np.empty(0, dtype=np.int64)
    monkeypatch.setattr(subject.coverage.ground, "meeting", lambda *asked: (nothing, nothing))
    assert run(topology.gap, subject).rows.tolist() in ([1], [2])


def test_layers_whose_areas_may_lie_over_each_other() -> None:
    # Levels of the redline, an approval and its renewal: said, but no error; 1 m² is nothing there.
    rules = load_rules()
    assert "redline" in rules["overlap_other"].roles
    assert set(rules["overlap"].roles) & set(rules["overlap_other"].roles) == set()
    assert (rules["overlap"].severity, rules["overlap_other"].severity) == ("error", "warning")
    redline = layer(SQUARE, box(5, 0, 15, 10), box(15, 0, 25, 10), box(24.95, 0, 34, 10))
    assert told(run(topology.overlap_other, redline)) == [(1, 101, 50.0)]
    assert told(run(topology.overlap, redline)) == [(1, 101, 50.0), (3, 103, 0.5)]


# --- against brute force ------------------------------------------------------------------------------

places = st.integers(0, 6)
many = st.lists(st.tuples(places, places, st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=9, unique=True)


@settings(max_examples=100, deadline=None)
@given(many, st.booleans())
def test_overlaps_are_those_of_all_pairs(found: list, far: bool) -> None:
    shapes = [box(x, y, x + w, y + h) for x, y, w, h in found]
    brute = [
        (later, 101 + earlier, one.intersection(other).area)
        for earlier, one in enumerate(shapes)
        for later, other in enumerate(shapes)
        if earlier < later and one.intersection(other).area > 0
    ]
    assert sorted(told(run(topology.overlap, layer(*shapes, far=far)))) == sorted(brute)


@settings(max_examples=100, deadline=None)
@given(many, st.booleans())
def test_gaps_are_what_the_union_leaves_open(found: list, far: bool) -> None:
    shapes = [box(x, y, x + w, y + h) for x, y, w, h in found]
    union = shapely.union_all(shapes)
    # United once more, its rings are cut where they touch each other.
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([union.boundary])]))
    open_land = [face for face in faces if not union.contains(face.representative_point())]
    subject = layer(*shapes, far=far)
    got = run(topology.gap, subject)
    assert got.places is not None
    assert sorted(size for _, _, size in told(got)) == pytest.approx(sorted(face.area for face in open_land))
    moved = shapely.transform(got.places, (lambda xy: xy - FAR) if far else (lambda xy: xy))
    assert shapely.union_all(moved).equals(shapely.union_all(open_land))
    for row, place in zip(got.rows, moved):
        assert row == min(at for at, shape in enumerate(shapes) if shape.intersects(place))


class Stopped:
    """Says stop at the first question."""

    def check(self, fraction: float) -> None:
        raise Cancelled

    def step(self, name: str, share: float) -> None:
        raise Cancelled


@pytest.mark.parametrize("rule", topology.RULES)
def test_rules_can_be_stopped(rule: RuleFunction) -> None:
    subject = layer(SQUARE, SQUARE, box(5, 0, 15, 10), LineString([(0, 0), (1, 1)]))
    assert len(subject.coverage) == 3
    with pytest.raises(Cancelled):
        list(rule(Case(subject), load_rules()[rule.__name__], Stopped()))
