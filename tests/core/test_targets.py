"""Assigned figures: which one counts, and the rest of a yearly quota."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from three_opt_three_protect.core.targets import Target, target_lines
from three_opt_three_protect.storage.catalogue import load_profile

FIELD = [{"shape": (0, 0, 100, 100), "class_code": "0101"}]


def test_latest_year_counts_and_yearly_quotas_add_up() -> None:
    lines = target_lines(
        [
            Target("", "cultivated_m2", 900.0, "m2", 2020),
            Target("", "cultivated_m2", 950.0, "m2", 2015),
            Target("", "reclaim_m2", 10.0, "m2"),
            Target("", "annual_plan_m2", 100.0, "m2", 2015),
            Target("", "annual_plan_m2", 50.0, "m2", 2017),
            Target("320509100201", "reclaim_m2", 5.0, "m2", 2020),
        ],
        load_profile("suzhou-2014"),
    )
    assert {(line.unit_code, line.line): line.value for line in lines} == {
        ("", "target.cultivated_m2"): 900.0,
        ("", "target.reclaim_m2"): 10.0,
        ("", "target.annual_plan_m2"): 150.0,
        ("320509100201", "target.reclaim_m2"): 5.0,
    }


@pytest.mark.parametrize(
    ("quota", "phases", "margin"),
    [
        ({2016: 300.0, 2017: 300.0}, (2016, 2017), 100.0),
        # what is left in one year does not pay for another
        ({2016: 500.0, 2017: 100.0}, (2016, 2017), -100.0),
        ({2016: 500.0}, (2016, 2017), -200.0),
        ({2016: 500.0}, (2016, None), None),
        ({}, (2016, 2016), None),
    ],
)
def test_yearly_quota(kit: Any, quota: dict, phases: tuple, margin: Optional[float]) -> None:
    held = kit.plan(
        FIELD,
        newbuild=[
            {"shape": (20 * number, 0, 20 * number + 2, 100), "use": "town", "quota_src": "annual_plan", "phase": phase}
            for number, phase in enumerate(phases)
        ],
        targets=[Target("", "annual_plan_m2", value, "m2", year) for year, value in quota.items()],
    )
    assert kit.value(held, "annual_plan_margin_m2") == margin
    result = "unknown" if margin is None else "pass" if margin >= 0 else "fail"
    assert kit.verdict(held, "annual_plan_quota").result == result


def test_targets_against_the_accounts(kit: Any) -> None:
    held = kit.plan(
        FIELD,
        newbuild=[{"shape": (0, 0, 10, 100), "use": "town", "phase": 2016}],
        targets=[
            Target("", "construction_m2", 1000.0), Target("", "cultivated_m2", 9000.01),
            Target("", "new_occupied_cultivated_m2", 999.99), Target("", "new_construction_m2", 1000.0),
        ],
    )  # fmt: skip
    results = {rule: kit.verdict(held, rule) for rule in (
        "construction_scale", "cultivated_target", "occupied_cultivated_quota", "new_construction_quota",
        "reclaim_task",
    )}  # fmt: skip
    assert {rule: (verdict.result, verdict.margin) for rule, verdict in results.items()} == {
        "construction_scale": ("pass", 0.0),
        "cultivated_target": ("fail", -0.01),
        "occupied_cultivated_quota": ("fail", -0.01),
        "new_construction_quota": ("pass", 0.0),
        "reclaim_task": ("unknown", None),
    }
