"""The sample township is a plan that holds: the whole way from the drawing to the verdicts."""

from __future__ import annotations

import pytest

from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.plans.files import Options, balance_plan
from three_opt_three_protect.storage.profiles import load_profile


@pytest.mark.parametrize("profile", ["suzhou-2014", "territorial-2021"])
def test_the_sample_plan_is_balanced(profile: str) -> None:
    _, held = balance_plan(draw_township(seed=1, parcels=1000, years=1), Options(load_profile(profile)))
    assert held.balanced
    assert held.count("fail") == 0


def test_without_reclamation_it_is_not() -> None:
    layers = dict(draw_township(seed=1, parcels=1000, years=1))
    del layers["reclaim"]
    _, held = balance_plan(layers, Options(load_profile("suzhou-2014")))
    broken = {verdict.rule for verdict in held.verdicts if verdict.result == "fail"}
    assert not held.balanced
    assert {"construction_not_increased", "cultivated_not_decreased", "reclaim_first"} <= broken
