"""Formulas of 01-requirements 1C against figures of the policy texts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.indicators.definition import FALL, RISE, Indicator

ONE = Indicator(
    "x", "total", "value", {"a": 1}, {"b": 1}, {"a0": 1}, {"b0": 1}, "ratio", "lower", 2,
    "", "", "", True, True, "expected", "", "text", {},
)  # fmt: skip
MU = 10_000 / 15


def test_fall_of_land_per_gdp_as_suzhou_published_it() -> None:
    """349.21 → 258.74 亩/亿元 is a fall of 25.91 % (苏府〔2016〕191号)."""
    facts = {
        "a": np.array([258.74 * MU]), "b": np.array([1e8]), "a0": np.array([349.21 * MU]), "b0": np.array([1e8]),
    }  # fmt: skip
    per_gdp = replace(ONE, unit="mu/100m_yuan")
    assert per_gdp.value(facts, 1)[0] == pytest.approx(258.74, abs=1e-9)
    assert per_gdp.before(facts, 1)[0] == pytest.approx(349.21, abs=1e-9)
    assert round(replace(ONE, how=FALL, unit="percent").value(facts, 1)[0], 2) == 25.91


def test_units_by_hand() -> None:
    """40.83 公顷/亿元 (南通) are 612.45 亩/亿元; 1 亿元 on 40 亩 are 250 万元/亩."""
    facts = {"a": np.array([408_300.0]), "b": np.array([1e8])}
    assert replace(ONE, unit="ha/100m_yuan").value(facts, 1)[0] == pytest.approx(40.83)
    assert replace(ONE, unit="mu/100m_yuan").value(facts, 1)[0] == pytest.approx(612.45)
    money = {"a": np.array([1e8]), "b": np.array([40 * MU])}
    assert replace(ONE, unit="10k_yuan/mu").value(money, 1)[0] == pytest.approx(250.0)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(5.0, 2.0, 2.5), (5.0, 0.0, None), (5.0, -1.0, None), (np.nan, 2.0, None), (5.0, np.nan, None), (0.0, 2.0, 0.0)],
)
def test_what_cannot_be_divided_is_not_known(a: float, b: float, expected: object) -> None:
    value = ONE.value({"a": np.array([a]), "b": np.array([b])}, 1)[0]
    assert (None if np.isnan(value) else value) == expected


def test_a_figure_nobody_gave_is_not_nought() -> None:
    assert np.isnan(ONE.value({"b": np.array([1.0])}, 1)[0])
    assert np.isnan(replace(ONE, before_top={}).before({"a0": np.array([1.0]), "b0": np.array([1.0])}, 1)[0])


def test_signed_terms() -> None:
    left = replace(ONE, top={"a": 1, "c": -1}, bottom={})
    assert left.value({"a": np.array([5.0]), "c": np.array([2.0])}, 1)[0] == 3.0


@given(st.floats(1, 1e9), st.floats(1, 1e9))
def test_rise_and_fall_are_opposite(now: float, before: float) -> None:
    facts = {"a": np.array([now]), "b": np.ones(1), "a0": np.array([before]), "b0": np.ones(1)}
    rise, fall = (replace(ONE, how=how).value(facts, 1)[0] for how in (RISE, FALL))
    assert rise == -fall
    assert before * (1 + rise) == pytest.approx(now)
