"""What an indicator is held against, and what is said where there is nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List

import numpy as np
import pytest

from three_opt_three_protect.core.indicators.definition import Indicator
from three_opt_three_protect.core.indicators.hold import Benchmark, Held, hold
from three_opt_three_protect.core.rules import Setting
from three_opt_three_protect.core.targets import Target

SHARE = Indicator(
    "share", "total", "value", {"a": 1}, {"b": 1}, {}, {}, "percent", "lower", 2,
    "", "", "", True, True, "binding", "own", "text", {},
)  # fmt: skip
UNITS = ("", "V")


def facts(total: float, village: float = np.nan) -> Dict[str, Any]:
    return {"a": np.array([total, village]), "b": np.array([100.0, 100.0])}


def held(indicator: Indicator, values: Dict[str, Any], profile: Any, *targets: Target, **more: Any) -> List[Held]:
    return list(hold([indicator], UNITS, values, targets, more.get("benchmarks", ()), profile))


@pytest.mark.parametrize(
    ("value", "better", "result", "margin"),
    [(24.0, "lower", "pass", 1.0), (25.0, "lower", "pass", 0.0), (25.01, "lower", "fail", -0.01),
     (25.0, "higher", "pass", 0.0), (24.99, "higher", "fail", -0.01), (np.nan, "lower", "unknown", None)],
)  # fmt: skip
def test_a_task(profile: Any, value: float, better: str, result: str, margin: Any) -> None:
    (one, *_) = held(replace(SHARE, better=better), facts(value), profile, Target("", "share", 25.0))
    assert (one.result, one.margin, one.against) == (result, margin, "assigned")


def test_an_expected_task_warns(profile: Any) -> None:
    (one, *_) = held(replace(SHARE, kind="expected"), facts(30.0), profile, Target("", "share", 25.0))
    assert one.result == "warn"


def test_of_two_years_the_later_task_counts(profile: Any) -> None:
    tasks = (Target("", "share", 20.0, year=2020), Target("", "share", 25.0, year=2017))
    assert held(SHARE, facts(22.0), profile, *tasks)[0].target == 20.0


def test_nothing_to_be_held_against_is_unknown_never_passed(profile: Any) -> None:
    whole, village = held(SHARE, facts(24.0, 12.0), profile)
    assert (whole.result, whole.target, village.result) == ("unknown", None, "unknown")
    (shown,) = held(replace(SHARE, better=""), facts(24.0), profile)
    assert shown.result is None  # it is only shown


def test_a_village_without_value_and_task_is_not_listed(profile: Any) -> None:
    assert [one.unit_code for one in held(SHARE, facts(24.0), profile)] == [""]
    listed = held(SHARE, facts(24.0), profile, Target("V", "share", 5.0))
    assert [(one.unit_code, one.result) for one in listed] == [("", "unknown"), ("V", "unknown")]


def test_limit_and_its_notice(profile: Any) -> None:
    """A limit is reached at 30, not beyond it; from 25 on it is near."""
    levels = {
        "top": Setting("top", 30.0, "percent", "b", "text"),
        "near": Setting("near", 25.0, "percent", "b", "text"),
    }
    known = replace(profile, settings={**profile.settings, **levels})
    limited = replace(SHARE, limit="top", notice="near")
    seen = [
        (one.result, one.near) for value in (24.99, 25.0, 29.99, 30.0) for one in held(limited, facts(value), known)
    ]
    assert seen == [("pass", False), ("pass", True), ("pass", True), ("warn", False)]


def test_published_figures_of_the_profiles_region_only(profile: Any) -> None:
    figures = [
        Benchmark("T1", "suzhou", "share", 20.0, "percent", True, 2020, "x", "text"),
        Benchmark("T1", "suzhou", "share", 80.0, "percent", False, 2020, "a fact", "text"),
        Benchmark("T9", "qidong", "share", 1.0, "percent", True, 2020, "elsewhere", "text"),
    ]
    found = held(SHARE, facts(24.0, 24.0), profile, benchmarks=figures)
    assert [(one.unit_code, one.against, one.target, one.result) for one in found] == [
        ("", "published", 20.0, "warn"),
        ("V", "", None, "unknown"),  # what a city published binds no village
    ]
