"""What is wrong with a polygon by itself: drawn by hand, at the tolerance, and nothing found where nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Mapping, Optional

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from tests.core.quality.rulecase import DEGREES, array
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality import shapes
from three_opt_three_protect.core.quality.case import Case, Found, RuleFunction, Subject
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.catalogue import load_class_system
from three_opt_three_protect.storage.rulebook import load_rules

EAST, NORTH = 40_550_000.0, 3_460_000.0
ZONE40 = CrsInfo(
    "EPSG:4528",
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)


def put(*found: Any) -> np.ndarray:
    """Shapes of metres from a place in zone 40."""
    return np.asarray(shapely.transform(array(*found), lambda xy: xy + (EAST, NORTH)), dtype=object).reshape(-1)


def subject(
    geometry: np.ndarray, crs: Optional[CrsInfo] = ZONE40, codes: Optional[List[Optional[str]]] = None
) -> Subject:
    """A layer measured on the plane, or on the ellipsoid where its coordinates are degrees."""
    columns: Mapping[str, tables.Column] = {} if codes is None else {"DLBM": tables.text(codes)}
    table = LayerTable("图斑", np.arange(11, 11 + len(geometry)), geometry, columns, crs)
    planar = crs is None or not crs.is_geographic
    return Subject(
        table,
        "parcels",
        {"class_code": "DLBM"} if columns else {},
        system=load_class_system("third_survey"),
        method=AreaMethod.PLANAR if planar else AreaMethod.STRIP,
    )


def run(rule: RuleFunction, layer: Subject, **changed: Any) -> Found:
    """What the shipped rule finds, in one piece."""
    spec = replace(load_rules()[rule.__name__], **changed)
    (found,) = list(rule(Case(layer), spec, SILENT)) or [Found(np.empty(0, dtype=np.int64))]
    return found


SQUARE = box(0, 0, 10, 10)
TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def test_every_rule_of_the_group_is_there() -> None:
    assert {rule.__name__ for rule in shapes.RULES} == {
        spec.id for spec in load_rules().values() if spec.group == "shapes"
    }


@pytest.mark.parametrize("rule", shapes.RULES)
def test_nothing_is_found_on_a_square_and_in_no_layer(rule: RuleFunction) -> None:
    large = put(box(0, 0, 40, 40))
    assert len(run(rule, subject(large, codes=["0101"]))) == 0
    assert len(run(rule, subject(large[:0], codes=[]))) == 0
    if rule is not shapes.no_geometry:
        assert len(run(rule, subject(array(None, Polygon()), codes=[None, None]))) == 0


def test_no_geometry_is_missing_empty_flat_not_finite_or_no_polygon() -> None:
    flat, endless = Polygon([(0, 0), (5, 5), (9, 9)]), Polygon([(0, 0), (5, 5), (np.inf, 9)])
    line = LineString([(0, 0), (1, 1)])
    found = run(shapes.no_geometry, subject(array(SQUARE, None, Polygon(), flat, endless, line)))
    assert found.rows.tolist() == [1, 2, 3, 4, 5]
    assert found.values["reason"].tolist() == ["null", "empty", "zero_area", "not_finite", "not_polygon"]


def test_lines_may_be_lines_in_a_layer_of_lines() -> None:
    found = run(shapes.no_geometry, subject(array(LineString([(0, 0), (1, 1)]), Point(1, 1), None)))
    assert found.rows.tolist() == [2]


@pytest.mark.parametrize(
    ("east", "north", "wrong"),
    [
        (40_550_000, 3_460_000, False),
        (40_500_000 + 285_000, 3_460_000, False),  # 3° at latitude 31.26 are 285.7 km
        (40_500_000 + 286_500, 3_460_000, True),
        (40_500_000 - 286_500, 3_460_000, True),
        (550_000, 3_460_000, True),  # no zone number
        (39_550_000, 3_460_000, True),  # the next zone's
        (31_000_000, 3_460_000, True),  # so far off that the series comes back
        (3_460_000, 40_550_000, True),  # axes swapped
        (40_050_000, 3_460_000, True),  # no false easting
        (40_499_995, 10_100_000, True),  # beyond the pole
        (40_550_000, -3_460_000, False),
    ],
)
def test_coordinates_of_another_zone(east: float, north: float, wrong: bool) -> None:
    layer = subject(array(box(east, north, east + 10, north + 10), box(EAST, NORTH, EAST + 1, NORTH + 1)))
    assert run(shapes.outside_crs, layer).rows.tolist() == ([0] if wrong else [])


def test_coordinates_that_are_no_degrees() -> None:
    fine, wide, high = box(120, 31, 120.1, 31.1), box(179.9, 31, 180.1, 31.1), box(120, -90.1, 121, -80)
    found = run(shapes.outside_crs, subject(array(fine, wide, high, box(EAST, NORTH, EAST + 1, NORTH + 1)), DEGREES))
    assert found.rows.tolist() == [1, 2, 3]
    assert (found.values["x"][0], found.values["y"][1]) == ("179.9", "-90.1")


def test_a_layer_outside_its_coordinate_system_is_one_finding() -> None:
    wrong = [box(550_000 + east, 3_460_000, 550_010 + east, 3_460_010) for east in range(0, 1000, 50)]
    found = run(shapes.outside_crs, subject(array(*wrong, box(EAST, NORTH, EAST + 1, NORTH + 1), None)))
    assert (found.rows.tolist(), found.values["rows"]) == ([-1], 20)
    assert (found.values["x"].tolist(), found.values["y"].tolist()) == (["550000"], ["3460000"])
    right = [box(EAST + step, NORTH, EAST + step + 1, NORTH + 1) for step in range(2)]
    assert run(shapes.outside_crs, subject(array(*wrong, *right))).rows.tolist() == list(range(20))


@pytest.mark.parametrize(
    ("at", "crs", "said"),
    [((120.2634567, 23.3412341), DEGREES, ("120.263457", "23.341234")), ((EAST + 0.256, NORTH), ZONE40, None)],
)
def test_a_place_is_named_as_closely_as_its_unit_asks(at: Any, crs: CrsInfo, said: Any) -> None:
    x, y = at
    size = 0.001 if crs is DEGREES else 10
    bow = Polygon([(x - size, y - size), (x + size, y + size), (x + size, y - size), (x - size, y + size)])
    found = run(shapes.self_intersection, subject(array(bow), crs))
    expected = said or (f"{x:.2f}", f"{y:.0f}")
    assert (found.values["x"][0], found.values["y"][0]) == expected


def test_an_unknown_projection_is_not_judged() -> None:
    assert len(run(shapes.outside_crs, subject(put(SQUARE), replace(ZONE40, central_meridian=None)))) == 0


def test_a_bow_tie_changes_by_its_land() -> None:
    found = run(shapes.self_intersection, subject(put(SQUARE, TIE)))
    assert found.rows.tolist() == [1]
    # two triangles of 25 m² that cancelled out
    assert found.measure is not None
    assert found.places is not None
    assert found.measure.tolist() == pytest.approx([50.0])
    assert found.values["reason"].tolist() == ["self_intersection"]
    assert (found.values["x"][0], found.values["y"][0]) == ("40550005", "3460005")
    assert found.places[0].centroid.equals(Point(EAST + 5, NORTH + 5))
    assert found.places[0].area == pytest.approx(1)


def test_a_hole_outside_and_a_part_twice_are_invalid() -> None:
    outside = Polygon(SQUARE.exterior, [box(20, 20, 24, 24).exterior])
    twice = MultiPolygon([SQUARE, SQUARE])
    found = run(shapes.self_intersection, subject(put(outside, twice)))
    assert found.rows.tolist() == [0, 1]
    assert found.measure is not None
    # 100 − 16 as drawn, 100 in truth; 200 as drawn, 100 in truth
    assert found.measure.tolist() == pytest.approx([16.0, 100.0])


def test_change_of_area_in_degrees_is_in_square_metres() -> None:
    tie = shapely.transform(TIE, lambda xy: xy * 1e-4 + (120, 60))
    found = run(shapes.self_intersection, subject(array(tie), DEGREES))
    # half of 0.001° × 0.001° at latitude 60: 111.4 m × 55.8 m / 2
    assert found.measure is not None
    assert found.measure[0] == pytest.approx(111.4 * 55.8 / 2, rel=2e-3)


def test_several_parts_are_counted() -> None:
    one, three = MultiPolygon([SQUARE]), MultiPolygon([box(x, 0, x + 1, 1) for x in (0, 5, 9)])
    found = run(shapes.multipart, subject(put(SQUARE, one, three)))
    assert (found.rows.tolist(), found.measure.tolist() if found.measure is not None else []) == ([2], [3.0])


def near(gap: float, *, east: float = 0.0) -> Polygon:
    """A square with a second vertex beside its corner."""
    return Polygon([(east, 0), (east + 10, 0), (east + 10, gap), (east + 10, 10), (east, 10)])


def test_vertices_nearer_than_the_tolerance() -> None:
    found = run(shapes.repeated_vertex, subject(array(near(0.00009), near(0.0001), near(0.0), near(0.00011)), None))
    assert found.rows.tolist() == [0, 2]
    assert found.measure is not None
    assert found.measure.tolist() == pytest.approx([0.00009, 0.0])
    assert found.values["count"].tolist() == [1, 1]


def test_vertices_of_two_rings_are_not_consecutive() -> None:
    """The ring of the first ends where the ring of the second begins."""
    hole = Polygon(SQUARE.exterior, [[(2, 2), (4, 2), (4, 4)]])
    begins = Polygon(np.asarray(SQUARE.exterior.coords)[::-1])
    assert len(run(shapes.repeated_vertex, subject(put(SQUARE, begins, hole)))) == 0


def test_several_vertices_are_one_finding_at_the_nearest() -> None:
    ring = [(0, 0), (0.00005, 0), (10, 0), (10, 0.00002), (10, 10), (0, 10)]
    found = run(shapes.repeated_vertex, subject(array(Polygon(ring)), None))
    assert found.values["count"].tolist() == [2]
    assert found.measure is not None
    assert found.measure[0] == pytest.approx(0.00002)
    assert found.places is not None
    assert found.places[0].centroid.distance(Point(10, 0)) < 1e-3


def test_nearness_in_degrees_is_metres() -> None:
    # 8e-10° of longitude are 8.9e-5 m at the equator and 4.5e-5 m at 60°; 1e-9° are 1.1e-4 m and 5.6e-5 m.
    ring = np.array([(0, 0), (1e-9, 0), (1e-3, 0), (1e-3, 1e-3), (0, 1e-3)])
    found = run(shapes.repeated_vertex, subject(array(Polygon(ring), Polygon(ring + (0, 60))), DEGREES))
    assert found.rows.tolist() == [1]


def thorn(length: float, width: float, inward: bool = False) -> Polygon:
    """A square with a needle of a length and a width at its foot, outward or cut in."""
    tip = 10 - length if inward else 10 + length
    return Polygon([(0, 0), (10, 0), (10, 5), (tip, 5 + width / 2), (10, 5 + width), (10, 10), (0, 10)])


@pytest.mark.parametrize(
    ("length", "width", "found"),
    [
        (5.0, 0.05, 1),  # 0.57°
        (5.0, 0.085, 1),  # 0.97°
        (5.0, 0.09, 0),  # 1.03°
        (5.8, 0.099, 1),  # 0.98°, just narrow enough
        (6.0, 0.102, 0),  # 0.97°, too wide
        (0.21, 0.002, 1),
        (0.19, 0.002, 0),  # shorter than what one can see
    ],
)
def test_needles(length: float, width: float, found: int) -> None:
    for inward in (False, True):
        layer = subject(array(SQUARE, thorn(length, width, inward)), None)
        assert run(shapes.spike, layer).rows.tolist() == [1] * found


def test_a_needle_at_the_first_vertex_and_one_with_its_tip_twice() -> None:
    ring = np.asarray(thorn(5, 0.05).exterior.coords)[:-1]
    first = Polygon(np.roll(ring, -3, axis=0))
    double = Polygon(np.insert(ring, 3, ring[3], axis=0))
    found = run(shapes.spike, subject(array(first, double), None))
    assert found.rows.tolist() == [0, 1]
    assert found.measure is not None
    assert found.places is not None
    assert found.measure.tolist() == pytest.approx([np.degrees(2 * np.arctan(0.005))] * 2)
    assert [place.centroid.x for place in found.places] == pytest.approx([15, 15])


def test_angles_in_degrees_are_those_on_the_ground() -> None:
    """At latitude 60 a degree of longitude is half as long: 0.57° at the foot of the needle become 1.15°."""
    flat = shapely.transform(thorn(5, 0.05), lambda xy: xy * 1e-5)
    north = shapely.transform(flat, lambda xy: xy + (120, 60))
    found = run(shapes.spike, subject(array(flat, north), DEGREES))
    assert found.rows.tolist() == [0]


def test_minimum_mapped_areas() -> None:
    def strip(area: float) -> Polygon:
        return box(0, 0, area / 10, 10)

    asked = [
        ("0101", 399.99, 400),
        ("0101", 400.0, None),
        ("0702", 199.9, 200),
        ("0702", 200.0, None),
        ("1202", 199.9, 200),  # facility land is agricultural, but mapped as construction land
        ("1202", 210.0, None),
        ("1206", 599.0, 600),
        ("1206", 600.0, None),
        ("1006", 50.0, None),  # lanes are mapped by their width
        ("1107", 50.0, None),
        ("9999", 1.0, None),
        (None, 1.0, None),
    ]
    layer = subject(array(*(strip(area) for _, area, _ in asked)), codes=[code for code, _, _ in asked])
    found = run(shapes.too_small, layer)
    assert found.rows.tolist() == [row for row, (_, _, least) in enumerate(asked) if least]
    assert found.values["least"].tolist() == [least for _, _, least in asked if least]
    assert found.measure is not None
    assert found.measure.tolist() == pytest.approx([area for _, area, least in asked if least])


@pytest.mark.parametrize(
    ("wide", "long", "found"),
    [
        (0.34, 1000.0, 1),  # however long
        (0.36, 1000.0, 0),
        (2.0, 600.0, 0),  # a ditch
        (0.9, 1.1, 1),  # 0.99 m²
        (1.0, 1.0, 0),
        (0.72, 36.0, 0),
    ],
)
def test_slivers(wide: float, long: float, found: int) -> None:
    layer = subject(array(box(0, 0, long, wide), box(0, 10, 90, 90)), None)
    assert run(shapes.sliver, layer).rows.tolist() == [0] * found


def test_a_part_may_be_a_sliver() -> None:
    parts = MultiPolygon([box(0, 0, 90, 90), box(100, 0, 200, 0.2), box(100, 5, 200, 5.3)])
    found = run(shapes.sliver, subject(array(box(0, 0, 50, 0.3), parts), None))
    assert found.rows.tolist() == [0, 1]
    assert found.measure is not None
    assert found.places is not None
    assert found.measure.tolist() == pytest.approx([15.0, 20.0])
    assert found.places[0] is None
    assert found.places[1].equals(box(100, 0, 200, 0.2))


def test_slivers_in_degrees_are_measured_on_the_ground() -> None:
    # 6e-6° of longitude: 0.67 m at the equator, 0.33 m at latitude 60.
    here, north = box(0, 0, 6e-6, 1e-3), box(120, 60, 120.000006, 60.001)
    # To the east: 56 m long and 0.33 m or 0.45 m wide; with 111 m it would be half as wide.
    lying, wider = box(120, 60, 120.001, 60.000003), box(120, 60, 120.001, 60.000004)
    found = run(shapes.sliver, subject(array(here, north, lying, wider), DEGREES))
    assert found.rows.tolist() == [1, 2]
    assert found.values["width"].tolist() == pytest.approx([0.333, 0.332], abs=3e-3)


class Stopped:
    """Says stop at the first question."""

    def check(self, fraction: float) -> None:
        raise Cancelled

    def step(self, name: str, share: float) -> None:
        raise Cancelled


@pytest.mark.parametrize(
    "rule", [shapes.outside_crs, shapes.self_intersection, shapes.repeated_vertex, shapes.spike, shapes.sliver]
)
def test_rules_can_be_stopped(rule: RuleFunction) -> None:
    layer = subject(put(SQUARE, TIE))
    assert len(layer.coverage) == 3
    with pytest.raises(Cancelled):
        list(rule(Case(layer), load_rules()[rule.__name__], Stopped()))
