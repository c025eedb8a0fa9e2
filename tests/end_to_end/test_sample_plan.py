"""The sample township is a plan that holds: the whole way from the drawing to the verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.tables import LayerTable, date, real, text
from three_opt_three_protect.plans.files import Options, balance_plan
from three_opt_three_protect.storage.profiles import load_profile


def nothing_else_changed(year: int) -> LayerTable:
    """The table of other changes of cultivated land, stating that there were none."""
    columns = {
        "change": text(["农业结构调整"]),
        "chg_date": date([f"{year}-12-31"]),
        "area": real([0.0]),
        "unit": text(["亩"]),
    }
    return LayerTable("other_changes", np.array([1], dtype=np.int64), None, columns)


@pytest.mark.parametrize("profile", ["suzhou-2014", "territorial-2021"])
def test_the_sample_plan_is_balanced(profile: str) -> None:
    rules = load_profile(profile)
    other = nothing_else_changed(rules.period[1])
    _, held = balance_plan({**draw_township(seed=1, parcels=1000, years=1), "other_changes": other}, Options(rules))
    assert held.balanced
    assert held.count("fail") == 0


def test_all_kinds_of_occupation_need_the_other_changes() -> None:
    """From 2025 every kind counts: without the table nothing fails, and the plan is not called balanced."""
    layers = draw_township(seed=1, parcels=1000, years=1)
    _, held = balance_plan(layers, Options(load_profile("territorial-2021")))
    unknown = {verdict.rule for verdict in held.verdicts if verdict.hard and verdict.result == "unknown"}
    assert unknown == {"all_occupation_compensated", "in_out_balance"}
    assert held.count("fail") == 0
    assert not held.balanced


def test_without_reclamation_it_is_not() -> None:
    layers = dict(draw_township(seed=1, parcels=1000, years=1))
    del layers["reclaim"]
    _, held = balance_plan(layers, Options(load_profile("suzhou-2014")))
    broken = {verdict.rule for verdict in held.verdicts if verdict.result == "fail"}
    assert not held.balanced
    assert {"construction_not_increased", "cultivated_not_decreased", "reclaim_first"} <= broken
