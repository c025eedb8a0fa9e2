"""The quality account by hand (1 is best)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from three_opt_three_protect.core.balance import balance
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

PARCELS = [
    {"shape": (0, 0, 10, 100), "class_code": "0101", "grade": 4},
    {"shape": (10, 0, 20, 100), "class_code": "0101", "grade": 6},
    {"shape": (20, 0, 30, 100), "class_code": "0702"},
    {"shape": (30, 0, 40, 100), "class_code": "0101"},
]
FOUR = ("grade_base", "grade_after", "grade_occupied", "grade_supplement")


def grades(kit: Any, held: Any) -> list:
    return [kit.value(held, line) for line in FOUR]


def test_stated_grades(kit: Any) -> None:
    held = kit.plan(
        PARCELS,
        [{"shape": (20, 0, 30, 100), "rate": 1.0, "grade_new": 7, "phase": 2015}],
        [{"shape": (0, 0, 5, 100), "use": "town", "phase": 2016}],
    )
    # base (4 + 6)/2; after (500·4 + 1000·6 + 1000·7)/2500; the parcel without a grade has no say
    assert grades(kit, held) == [5.0, 6.0, 4.0, 7.0]
    assert kit.verdict(held, "quality_not_worse").result == "fail"
    assert kit.verdict(held, "quality_not_worse").margin == -1.0


def test_inferred_grades_are_a_warning(kit: Any) -> None:
    held = kit.plan(PARCELS, [{"shape": (20, 0, 30, 100), "rate": 1.0, "phase": 2015}])
    # around the plot: 4 and 6 with equal areas
    assert grades(kit, held) == [5.0, 5.0, None, 5.0]
    assert kit.verdict(held, "quality_not_worse").result == "warn"
    assert kit.verdict(held, "quality_not_worse").margin == 0


def test_no_grades_are_unknown_never_zero(kit: Any) -> None:
    parcels = [{key: value for key, value in row.items() if key != "grade"} for row in PARCELS]
    held = kit.plan(parcels, [{"shape": (20, 0, 30, 100), "rate": 1.0, "grade_new": 7, "phase": 2015}])
    assert grades(kit, held) == [None] * 4
    assert kit.verdict(held, "quality_not_worse").result == "unknown"
    assert "grades" in kit.verdict(held, "quality_not_worse").missing


def test_nothing_near_to_infer_from(kit: Any) -> None:
    parcels = [
        {"shape": (0, 0, 10, 100), "class_code": "0101", "grade": 4},
        {"shape": (5000, 0, 5010, 100), "class_code": "0702"},
    ]
    held = kit.plan(parcels, [{"shape": (5000, 0, 5010, 100), "rate": 1.0, "phase": 2015}])
    assert grades(kit, held) == [4.0, 4.0, None, None]
    assert kit.verdict(held, "quality_not_worse").result == "warn"


@pytest.mark.parametrize("new", [7, None])
def test_field_in_a_reclaim_plot_that_is_built_on_later(kit: Any, new: Any) -> None:
    """The field had grade 6 before it came into the plot: that grade is lost, not the plot's."""
    parcels = [
        {"shape": (0, 0, 10, 100), "class_code": "0101", "grade": 4},
        {"shape": (10, 0, 20, 100), "class_code": "0101", "grade": 6},
    ]
    held = kit.plan(
        parcels,
        [{"shape": (10, 0, 20, 100), "rate": 1.0, "grade_new": new, "acc_date": "2015-01-01"}],
        [{"shape": (10, 0, 20, 100), "use": "town", "use_date": "2016-01-01"}],
    )
    assert grades(kit, held)[:2] == [5.0, 4.0]


def test_weights_are_net_areas(kit: Any) -> None:
    parcels = [
        {"shape": (0, 0, 10, 100), "class_code": "0103", "grade": 4, "deduct_rate": 0.5},
        {"shape": (10, 0, 20, 100), "class_code": "0103", "grade": 6},
    ]
    # 500 net of 4 and 1 000 of 6: 8 000 / 1 500
    assert grades(kit, kit.plan(parcels))[:2] == [5.3333, 5.3333]


def test_a_field_without_grade_is_inferred_flagged_and_listed(kit: Any) -> None:
    """Around the ungraded field lie 4 and 6: it counts as 5 before, and its loss as 5 (10-defaults Q16)."""
    held = balance(
        replace(kit.base(PARCELS), infer_radius_m=500.0),
        kit.reclaim([{"shape": (20, 0, 30, 100), "rate": 1.0, "grade_new": 5, "phase": 2015}]),
        kit.newbuild([{"shape": (30, 0, 40, 100), "use": "town", "phase": 2016}]),
        load_profile("suzhou-2014"),
        load_class_system("third_survey"),
    )
    assert grades(kit, held) == [5.0, 5.0, 5.0, 5.0]
    assert kit.value(held, "productivity_occupied_kg") == 1_650.0  # 1.5 亩 × 100·(16 − 5) kg
    assert kit.verdict(held, "quality_not_worse").result == "warn"  # never pass on an inferred grade
    found = kit.findings(held)["grades_inferred"]
    assert (found["count"], found["features"], found["area"]) == (1, "4", 1_000.0)
