"""Figures and copied tables: hand-worked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.desk.figures import area, figure
from three_opt_three_protect.desk.table_copy import as_csv, as_html, as_tabs, is_number, safe


@pytest.mark.parametrize(
    ("m2", "unit", "shown"),
    [
        (1000.0, "mu", "1.50"),
        (-1000.0, "mu", "-1.50"),
        (0.0, "mu", "0.00"),
        (-0.001, "m2", "0.00"),
        (666.67, "mu", "1.00"),  # 0.0667 ha × 15 = 1.0005
        (123456.78, "ha", "12.3457"),
        (123456.785, "m2", "123456.79"),
    ],
)
def test_area(m2: float, unit: str, shown: str) -> None:
    assert area(m2, unit) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.6667, "share", ("66.67", "%")),
        (24.6202, "percent", ("24.62", "%")),
        (12.0, "plots", ("12", "unit.plots")),
        (12345678.0, "yuan", ("1234.57", "unit.10k_yuan")),
        (None, "m2", ("—", "unit.mu")),
        (5.7483, "grade", ("5.75", "unit.grade")),
    ],
)
def test_figure(qgis_app: Any, value: Any, unit: str, shown: Any) -> None:
    number, word = shown
    assert figure(value, unit, "mu") == (number, word if word == "%" else sentence(word, {}))


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+86", "'+86"),
        ("-3.50", "-3.50"),
        ("-cmd|x", "'-cmd|x"),
        ("两行\n一格\t文字", "两行 一格 文字"),
        ("", ""),
    ],
)
def test_nothing_becomes_a_formula(text: str, pasted: str) -> None:
    assert safe(text) == pasted


@given(st.text(max_size=30))
def test_safe_text_is_one_line_and_no_formula(text: str) -> None:
    pasted = safe(text)
    assert len(pasted.splitlines()) <= 1
    assert "\t" not in pasted
    assert not pasted.startswith(("=", "+", "@"))
    assert not pasted.startswith("-") or is_number(pasted)


def test_formats() -> None:
    header, rows = ["编号", "面积"], [["320599200100028123", "29.11"], ["=A1", "—"]]
    assert as_tabs(header, rows) == "编号\t面积\n320599200100028123\t29.11\n'=A1\t—\n"
    assert as_csv(header, rows) == "编号,面积\r\n320599200100028123,29.11\r\n'=A1,—\r\n"
    page = as_html(header, rows, [False, True])
    assert "<td style=\"mso-number-format:'\\@'\">320599200100028123</td><td>29.11</td>" in page
