"""The small balance table: rounding and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.sheets.figures import Figures, Judged, conclusion, hectares_and_mu, table_rows


@pytest.mark.parametrize(
    ("area", "hectares", "mu"),
    [
        (11200.0, "1.1200", "16.80"),
        (116666.67, "11.6667", "175.00"),
        (0.5, "0.0001", "0.00"),  # half away from zero
        (-4400.0, "-0.4400", "-6.60"),
        (0.0, "0.0000", "0.00"),
        (None, "缺数据", "缺数据"),
        (float("nan"), "缺数据", "缺数据"),
    ],
)
def test_mu_is_fifteen_times_the_hectares_printed(area: float, hectares: str, mu: str) -> None:
    assert hectares_and_mu(area) == (hectares, mu)


@given(st.integers(0, 10**12))
def test_what_is_printed_agrees_on_a_calculator(hundredths: int) -> None:
    hectares, mu = hectares_and_mu(hundredths / 100)
    assert abs(float(hectares) * 15 - float(mu)) <= 0.005 + 1e-6
    assert abs(float(hectares) * 10000 - hundredths / 100) <= 0.5 + 1e-6


def test_rows_name_what_is_not_known() -> None:
    rows = table_rows(Figures({"reclaimed_m2": 11200.0}, ()))
    assert rows[0] == ("拆旧复垦建设用地", "1.1200", "16.80")
    assert {row[1] for row in rows[1:]} == {"缺数据"}


def judged(*words: str) -> Figures:
    return Figures({}, [Judged(word.rstrip("!"), word.endswith("!")) for word in words])


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        (judged(), ("缺数据", "尚未进行指标平衡")),
        (judged("pass!", "pass", "warn"), ("强制性规则全部符合", "符合 2 项，提示 1 项")),
        (judged("pass!", "fail"), ("强制性规则全部符合", "符合 1 项，不符合 1 项")),
        (judged("fail!", "unknown!", "pass!"), ("强制性规则 1 项不符合", "符合 1 项，不符合 1 项，缺数据 1 项")),
        (judged("unknown!", "pass!"), ("强制性规则 1 项缺数据", "符合 1 项，缺数据 1 项")),
    ],
)
def test_the_conclusion_says_what_hard_rules_say(figures: Figures, lines: tuple) -> None:
    assert conclusion(figures) == lines


def test_the_total_of_the_printed_tables_is_shown() -> None:
    """Plots are rounded once; the sheet shows their sum, not the rounded sum."""
    rows = table_rows(Figures({"reclaimed_m2": 749_181.0, "reclaimed_ha": 74.9183}, ()))
    assert rows[0] == ("拆旧复垦建设用地", "74.9183", "1123.77")
