"""The grade around a place by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.base import Lines, base_state
from three_opt_three_protect.core.gradesaround import grades_around, piece_grades
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.tables import CrsInfo

PARCELS = [
    {"shape": (0, 0, 10, 100), "class_code": "0101", "grade": 4},
    {"shape": (10, 0, 30, 100), "class_code": "0103", "grade": 6, "deduct_rate": 0.5},
    {"shape": (30, 0, 40, 100), "class_code": "0702", "grade": 1},
    {"shape": (40, 0, 50, 100), "class_code": "0101"},
    {"shape": (600, 0, 610, 100), "class_code": "0101", "grade": 9},
]


def test_by_net_area_and_radius(kit: Any) -> None:
    base = kit.base(PARCELS)
    place = kit.array(kit.box(30, 0, 40, 100))
    # 1 000 m² of grade 4 and 1 000 net of grade 6; neither the homestead nor what has no grade counts
    assert grades_around(base, place, 500.0).tolist() == [5.0]
    assert grades_around(base, place, 565.0).tolist() == [pytest.approx(19 / 3)]
    assert grades_around(base, place, 15.0).tolist() == [6.0]


def test_nothing_graded_is_unknown(kit: Any) -> None:
    base = kit.base(PARCELS)
    assert np.isnan(grades_around(base, kit.array(kit.box(5000, 0, 5010, 10)), 500.0)).all()


def test_the_radius_is_as_long_in_degrees(kit: Any) -> None:
    """At latitude 30° a degree of longitude is 96 486 m: a field 450 m east is near, one 520 m is not."""
    crs = CrsInfo("EPSG:4490", is_geographic=True, semi_major=6378137.0, inverse_flattening=298.257222101)
    step = 1 / 96_486

    def parcel(east: float, grade: int) -> Any:
        shape = shapely.box(120 + east * step, 30, 120 + (east + 10) * step, 30.0001)
        return {"shape": shape, "class_code": "0101", "grade": grade}

    near = base_state(
        kit.parcels([parcel(450, 3), parcel(520, 9)]), Lines(), replace(kit.spec, crs=crs, method=AreaMethod.STRIP)
    )
    home = kit.array(shapely.box(120 - 10 * step, 30, 120, 30.0001))
    assert grades_around(near, home, 500.0).tolist() == [3.0]


def test_cultivated_land_without_a_grade_has_that_around(kit: Any) -> None:
    """1 000 m² of grade 4 and 1 000 net of grade 6 around the ungraded field; a homestead needs no grade."""
    base = kit.base(PARCELS)
    found = piece_grades(base, 500.0)
    assert found.grade.tolist() == [4.0, 6.0, 1.0, 5.0, 9.0]
    assert found.inferred.tolist() == [False, False, False, True, False]


def test_nothing_is_inferred_without_a_radius_or_any_grade(kit: Any) -> None:
    assert np.isnan(piece_grades(kit.base(PARCELS), 0.0).grade[3])
    bare = kit.base([{"shape": (0, 0, 10, 100), "class_code": "0101"}])
    assert np.isnan(piece_grades(bare, 500.0).grade).all()


def test_far_from_any_grade_it_stays_unknown(kit: Any) -> None:
    base = kit.base([PARCELS[4], {"shape": (5_000, 0, 5_010, 100), "class_code": "0101"}])
    found = piece_grades(base, 500.0)
    assert np.isnan(found.grade[1])
    assert not found.inferred.any()
