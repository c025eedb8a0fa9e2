"""What a planner is told of the plots: id, layer, first features, area."""

from __future__ import annotations

from typing import Any

PARCELS = [
    {"shape": (0, 0, 50, 100), "class_code": "0702"},
    {"shape": (50, 0, 100, 100), "class_code": "0101"},
]


def test_a_sound_plan_has_no_findings(kit: Any) -> None:
    held = kit.plan(
        PARCELS,
        [{"shape": (0, 0, 50, 100), "direction": "cultivated", "phase": 2015}],
        [{"shape": (60, 0, 70, 100), "use": "town", "phase": 2016}],
    )
    assert held.findings == ()


def test_construction_share_of_reclaim_plots(kit: Any) -> None:
    held = kit.plan(
        PARCELS,
        [
            {"shape": (60, 0, 70, 100), "direction": "cultivated", "phase": 2015},  # none
            {"shape": (45, 0, 55, 100), "direction": "cultivated", "phase": 2015},  # 50 %: below 60 %
            {"shape": (20, 0, 40, 100), "direction": "cultivated", "phase": 2015},  # all
            {"shape": (41, 0, 45, 100), "direction": "cultivated", "phase": 2015},  # all
        ],
    )
    found = kit.findings(held)
    assert found["reclaim_without_construction"] == {"layer": "拆旧地块", "features": "1", "count": 1, "area": 1000.0}
    assert found["reclaim_little_construction"]["features"] == "2"
    # what is not counted of the plots that do hold construction land
    assert found["reclaim_other_land"] == {"layer": "拆旧地块", "features": "2", "count": 1, "area": 500.0}
    assert [finding.severity for finding in held.findings] == ["error", "warning", "info"]


def test_beyond_the_parcels(kit: Any) -> None:
    held = kit.plan(
        PARCELS,
        [{"shape": (-5, 0, 50, 100), "direction": "cultivated", "phase": 2015}],
        [
            {"shape": (90, 0, 100, 100), "use": "town", "phase": 2016},
            {"shape": (200, 0, 210, 100), "use": "town", "phase": 2016},
        ],
    )
    outside = [dict(finding.values) for finding in held.findings if finding.id == "plot_outside_parcels"]
    assert outside == [
        {"layer": "拆旧地块", "features": "1", "count": 1, "area": 500.0},
        {"layer": "建新地块", "features": "2", "count": 1, "area": 1000.0},
    ]


def test_what_was_not_stated(kit: Any) -> None:
    held = kit.plan(
        PARCELS,
        [{"shape": (0, 0, 50, 100)}],
        [{"shape": (60, 0, 70, 100)}, {"shape": (70, 0, 71, 100), "cls_after": "77"}],
    )
    found = kit.findings(held)
    assert found["direction_assumed"]["features"] == "1"
    assert found["class_after_missing"]["features"] == "1"
    assert found["class_after_unknown"]["features"] == "2"
    undated = [dict(finding.values)["features"] for finding in held.findings if finding.id == "plot_without_date"]
    assert undated == ["1", "1, 2"]


def test_accepted_area_beyond_the_plot(kit: Any) -> None:
    held = kit.plan(
        PARCELS,
        [
            # 0.5 % of 1 000 m² more is another survey's rounding, 6 m² are not
            {"shape": (0, 0, 10, 100), "direction": "cultivated", "acc_date": "2016-01-01", "acc_m2": 1005.0},
            {"shape": (10, 0, 20, 100), "direction": "cultivated", "acc_date": "2016-01-01", "acc_m2": 1006.0},
            {"shape": (20, 0, 30, 100), "direction": "cultivated", "acc_date": "2016-01-01", "acc_m2": 500.0},
        ],
    )
    assert kit.findings(held) == {
        "accepted_beyond_plot": {"layer": "拆旧地块", "features": "2", "count": 1, "area": 6.0}
    }


def test_features_are_cut_after_five(kit: Any) -> None:
    held = kit.plan(PARCELS, [{"shape": (5 * row, 0, 5 * row + 5, 100), "phase": 2015} for row in range(7)])
    assert kit.findings(held)["direction_assumed"]["features"] == "1, 2, 3, 4, 5 …"
    assert kit.findings(held)["direction_assumed"]["count"] == 7
