"""Which versions of packages the program works with."""

from __future__ import annotations

import pytest

from three_opt_three_protect.storage.packages import SUPPORTED, is_supported, requirement


@pytest.mark.parametrize(
    ("version", "works"),
    [
        ("", False),
        ("2.0.6", False),
        ("2.0.7", True),
        ("2.0.10", True),
        ("2.0.7rc1", True),
        ("2.1", False),
        ("1.8.5.post1", False),
    ],
)
def test_versions_are_compared_as_numbers(version: str, works: bool) -> None:
    assert is_supported("shapely", version) is works


def test_names_are_compared_without_case() -> None:
    assert not is_supported("xlsxwriter", "2.9")
    assert requirement("xlsxwriter") == f"XlsxWriter{SUPPORTED['XlsxWriter']}"


def test_an_unknown_package_needs_only_be_there() -> None:
    assert is_supported("anything", "0.1")
    assert requirement("anything") == "anything"
