"""The shipped lists of indicators and published figures, and lists that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.planindicators import load_benchmarks, load_plan_indicators


def test_every_published_figure_is_there() -> None:
    """T1–T23 of 01-requirements 1B, each with its source."""
    listed = load_benchmarks()
    assert {one.id for one in listed} == {f"T{number}" for number in range(1, 24)}
    assert all(one.basis and one.scope for one in listed)


def test_goals_name_an_indicator() -> None:
    known = {one.id for one in load_plan_indicators()}
    assert all(one.indicator in known for one in load_benchmarks() if one.goal)


@pytest.mark.parametrize("profile", ["suzhou-2014", "territorial-2021"])
def test_limits_are_settings_of_the_profile(profile: str) -> None:
    settings = load_profile(profile).settings
    for one in load_plan_indicators():
        assert not one.limit or one.limit in settings
        assert not one.notice or one.notice in settings
        # a share of something is what it is of: a judged indicator says which way is better
        assert one.better or not one.ranked


@pytest.mark.parametrize(
    ("was", "becomes", "error"),
    [
        ("percent,lower,2,,intensity_limit_pct", "percents,lower,2,,intensity_limit_pct", "resource_wrong_value"),
        ("intensity_pct,total,", "intensity_pct,totals,", "resource_wrong_value"),
        ("intensity_pct,total,", "redline_m2,total,", "resource_duplicate_key"),
        ("土地开发强度,Development intensity\n", ",Development intensity\n", "resource_missing_key"),
        ("id,group,how", "id,groups,how", "resource_wrong_value"),
        ("grade,lower,1", "grade,lower,one", "resource_wrong_value"),
        ("grade,lower,1", "grade,lower,1,2", "resource_wrong_columns"),
    ],
)
def test_a_wrong_list_names_file_and_line(tmp_path: Path, was: str, becomes: str, error: str) -> None:
    shipped = paths.resource("indicators", "indicators.csv").read_text(encoding="utf-8")
    assert was in shipped
    own = tmp_path / "mine.csv"
    own.write_text(shipped.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(SchemaError) as raised:
        load_plan_indicators(own)
    assert raised.value.message_id == error
    assert raised.value.values["file"] == "mine.csv"
    assert int(str(raised.value.values["line"])) >= 1


def test_a_published_figure_in_another_unit_is_refused(tmp_path: Path) -> None:
    shipped = paths.resource("indicators", "benchmarks.csv").read_text(encoding="utf-8")
    own = tmp_path / "mine.csv"
    own.write_text(shipped.replace("250,10k_yuan/mu", "250,m2", 1), encoding="utf-8")
    with pytest.raises(SchemaError, match="resource_wrong_value"):
        load_benchmarks(own)


def test_sources_are_texts_a_planner_can_look_up() -> None:
    """国土资函〔2014〕54号 states neither the share of stock nor GDP per mu; and no paper of ours is a legal basis."""
    every = [*load_plan_indicators(), *load_benchmarks()]
    assert not [one.id for one in every if "01-" in one.basis or "00-supplement" in one.basis or "06-" in one.basis]
    wrong = ("stock_supply_share_pct", "gdp_per_mu_rise_pct")
    assert not [one.id for one in load_benchmarks() if one.indicator in wrong and "54号" in one.basis]
