"""Names of sheets."""

from __future__ import annotations

import pytest

from three_opt_three_protect.plans.workbook import sheet_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("T20", "T20"),
        ("三线占用情况表", "三线占用情况表"),
        ("Conflicts of lines: farmland / boundary [m²]", "Conflicts of lines farmland bou"),
        ("'quoted'", "quoted"),
        ("a " * 15 + "'x", "a a a a a a a a a a a a a a a"),
    ],
)
def test_a_title_becomes_a_name_spreadsheets_take(title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert len(sheet_name(title)) <= 31
