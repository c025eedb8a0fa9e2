"""Invalid geometry made valid, unusable geometry left out, each with its reason and areas."""

from __future__ import annotations

import warnings
from typing import Dict, List, Optional, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import Cancelled, Value
from three_opt_three_protect.core.findings import repair_findings
from three_opt_three_protect.core.repair import Repaired, polygons_only, repair_polygons
from three_opt_three_protect.core.tables import CrsInfo, LayerTable

BOX = shapely.box(0, 0, 10, 10)


def array(*shapes: object) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def polygon(*points: Tuple[float, float]) -> shapely.Polygon:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return shapely.Polygon(points)


def repair(shape: Optional[shapely.Geometry]) -> Repaired:
    return repair_polygons(array(shape))


@pytest.mark.parametrize(
    ("shape", "area_was", "area_is"),
    [
        pytest.param(polygon((0, 0), (10, 10), (10, 0), (0, 10)), 0, 50, id="bow-tie"),
        pytest.param(polygon((0, 0), (10, 0), (10, 10), (10, 20), (10, 10), (0, 10)), 100, 100, id="spike"),
        pytest.param(shapely.MultiPolygon([BOX, shapely.box(5, 2, 15, 8)]), 160, 130, id="parts overlap"),
        pytest.param(shapely.MultiPolygon([BOX, shapely.box(2, 2, 4, 4)]), 104, 100, id="nested shells"),
        pytest.param(shapely.Polygon(BOX.exterior, [[(20, 20), (21, 20), (21, 21)]]), 99.5, 100, id="hole outside"),
        pytest.param(
            shapely.GeometryCollection([BOX, shapely.LineString([(0, 0), (30, 30)])]), 100, 100, id="with line"
        ),
        pytest.param(shapely.GeometryCollection([BOX, shapely.box(5, 5, 15, 15)]), 200, 175, id="collection overlaps"),
        pytest.param(
            shapely.GeometryCollection([shapely.GeometryCollection([BOX]), shapely.Point(0, 0)]), 100, 100, id="nested"
        ),
    ],
)
def test_made_valid(shape: shapely.Geometry, area_was: float, area_is: float) -> None:
    found = repair(shape)
    (issue,) = found.issues
    assert (issue.row, issue.reason) == (0, "invalid")
    assert (issue.area_was, issue.area_is) == pytest.approx((area_was, area_is))
    mended = found.geometry[0]
    assert mended.is_valid
    assert mended.geom_type in ("Polygon", "MultiPolygon")
    assert mended.area == pytest.approx(area_is)
    assert (found.repaired, found.dropped) == (1, 0)
    assert found.kept.tolist() == [True]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        pytest.param(None, "null", id="none"),
        pytest.param(shapely.Polygon(), "empty", id="empty polygon"),
        pytest.param(shapely.MultiPolygon(), "empty", id="empty multipolygon"),
        pytest.param(shapely.GeometryCollection(), "empty", id="empty collection"),
        pytest.param(polygon((0, 0), (10, 0), (np.nan, 5)), "not_finite", id="nan"),
        pytest.param(polygon((0, 0), (10, 0), (np.inf, 5)), "not_finite", id="inf"),
        pytest.param(polygon((0, 0), (1, 1), (2, 2)), "zero_area", id="collinear"),
        pytest.param(polygon((0, 0), (0, 0), (0, 0)), "zero_area", id="one place"),
        pytest.param(shapely.LineString([(0, 0), (1, 1)]), "not_polygon", id="line"),
        pytest.param(shapely.Point(0, 0), "not_polygon", id="point"),
        pytest.param(shapely.LinearRing([(0, 0), (1, 0), (1, 1)]), "not_polygon", id="ring"),
        pytest.param(shapely.GeometryCollection([shapely.Point(0, 0)]), "not_polygon", id="collection of points"),
    ],
)
def test_left_out(shape: Optional[shapely.Geometry], reason: str) -> None:
    found = repair(shape)
    (issue,) = found.issues
    assert (issue.row, issue.reason, issue.area_is) == (0, reason, 0.0)
    assert found.geometry[0] is None
    assert (found.repaired, found.dropped) == (0, 1)
    assert found.kept.tolist() == [False]


def test_area_was_of_what_has_none() -> None:
    assert np.isnan(repair(None).issues[0].area_was)
    assert np.isnan(repair(shapely.Polygon()).issues[0].area_was)


def test_a_valid_polygon_is_not_touched() -> None:
    double = polygon((0, 0), (10, 0), (10, 0), (10, 10), (0, 10))  # a vertex twice is valid
    given_ = array(BOX, double, shapely.MultiPolygon([BOX, shapely.box(20, 0, 30, 10)]))
    found = repair_polygons(given_)
    assert not found.issues
    assert all(one is other for one, other in zip(found.geometry, given_))


def test_rows_are_kept_and_the_input_is_not_changed() -> None:
    tie = polygon((0, 0), (10, 10), (10, 0), (0, 10))
    given_ = array(None, BOX, tie, shapely.Point(1, 1), BOX)
    found = repair_polygons(given_)
    assert [(issue.row, issue.reason) for issue in found.issues] == [(0, "null"), (2, "invalid"), (3, "not_polygon")]
    assert (found.repaired, found.dropped) == (1, 2)
    assert given_[2] is tie
    assert given_[3] is not None
    assert found.geometry[1] is given_[1]


def test_nothing_in_nothing_out() -> None:
    found = repair_polygons(array())
    assert len(found.geometry) == 0
    assert (found.repaired, found.dropped) == (0, 0)


def test_cancel() -> None:
    class Stop:
        def step(self, name: str, share: float) -> None: ...

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        repair_polygons(array(BOX), Stop())


def test_polygons_only_keeps_rows() -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    found = polygons_only(
        array(None, line, BOX, shapely.GeometryCollection([line, BOX]), shapely.GeometryCollection([line]))
    )
    assert [shape if shape is None else shape.geom_type for shape in found] == [
        None,
        None,
        "Polygon",
        "MultiPolygon",
        None,
    ]


CRS = CrsInfo("EPSG:4528", metres_per_unit=1.0)
TIE = polygon((0, 0), (10, 10), (10, 0), (0, 10))
NESTED = shapely.MultiPolygon([BOX, shapely.box(2, 2, 4, 4)])
SPIKE = polygon((0, 0), (10, 0), (10, 10), (10, 20), (10, 10), (0, 10))


def findings(crs: Optional[CrsInfo], *shapes: object) -> Dict[str, Dict[str, Value]]:
    table = LayerTable("DLTB", np.arange(11, 11 + len(shapes)), array(*shapes), crs=crs)
    return {found.id: dict(found.values) for found in repair_findings(table, repair_polygons(table.shapes))}


def test_findings_tell_what_was_gained_and_lost() -> None:
    found = findings(CRS, BOX, TIE, NESTED, None, SPIKE, polygon((0, 0), (1, 1), (2, 2)), TIE)
    assert found == {
        "geometry_left_out": {"layer": "DLTB", "features": "14, 16", "count": 2},
        "geometry_repaired": {"layer": "DLTB", "features": "12, 13, 15, 17", "count": 4},
        "repair_changed_area": {"layer": "DLTB", "features": "12, 13, 17", "gained": 100.0, "lost": 4.0},
    }


def test_findings_of_other_units() -> None:
    feet = CrsInfo("", metres_per_unit=0.3048)
    assert findings(feet, TIE)["repair_changed_area"]["gained"] == 4.65  # 50 × 0.3048²
    for crs in (None, CrsInfo("EPSG:4490", is_geographic=True)):
        assert "repair_changed_area" not in findings(crs, TIE)


def test_nothing_changed_nothing_told() -> None:
    assert findings(CRS, BOX) == {}
    assert set(findings(CRS, SPIKE)) == {"geometry_repaired"}


number = st.one_of(st.integers(-5, 5).map(float), st.sampled_from([np.nan, np.inf, 1e-9, 40_550_000.123]))
ring = st.lists(st.tuples(number, number), min_size=2, max_size=8).map(lambda points: [(0.0, 0.0), *points])


@given(st.lists(st.one_of(st.none(), ring), max_size=5), st.booleans())
def test_whatever_comes_is_usable_or_counted(rings: List[Optional[List[Tuple[float, float]]]], many: bool) -> None:
    shapes = [None if points is None else polygon(*points) for points in rings]
    if many:
        shapes.append(shapely.MultiPolygon([shape for shape in shapes if shape is not None]))
    found = repair_polygons(array(*shapes))
    for row, shape in enumerate(found.geometry):
        if shape is not None:
            assert shape.is_valid
            assert shape.area > 0
            assert np.isfinite(shapely.get_coordinates(shape)).all()
        changed = shape is not shapes[row]
        assert changed == (row in {issue.row for issue in found.issues}) or shapes[row] is None
    assert found.repaired + found.dropped == len(found.issues)
    assert found.dropped == sum(shape is None for shape in found.geometry)
