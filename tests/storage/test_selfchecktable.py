"""The decision table of the self-check as it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List

import pytest

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.selfcheckrules import FACTS
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.selfchecktable import load_meanings, load_statuses

LINES = paths.resource("selfcheck", "statuses.csv").read_text(encoding="utf-8").splitlines()


def write(folder: Path, lines: List[str]) -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_status_and_advice_has_its_words() -> None:
    for language in ("zh", "en"):
        words = Messages(language).text
        for rule in load_statuses():
            assert words(f"selfcheck.{rule.status}")
            assert words(f"selfcheck_advice.{rule.advice}")
        for value in FACTS["time"]:
            assert words(f"selfcheck_time.{value}")


def test_an_exclusion_is_all_the_other_values() -> None:
    rule = next(one for one in load_statuses() if one.status == "unplanned_construction")
    assert rule.conditions["before"] == frozenset(FACTS["before"]) - {"construction"}
    assert rule.conditions["after"] == {"construction"}
    assert (rule.severity, rule.account) == ("error", "unplanned")


def test_the_row_without_condition_is_the_last() -> None:
    rules = load_statuses()
    assert not rules[-1].conditions
    assert all(rule.conditions for rule in rules[:-1])


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (lambda lines: [lines[0], lines[1].replace("warning", "grave"), *lines[2:]], 2),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 3),
        (lambda lines: [lines[0], lines[1].replace("only_before,,,before", "only_before,,,nowhere"), *lines[2:]], 2),
        (lambda lines: [lines[0], lines[1] + ",more", *lines[2:]], 2),
        (lambda lines: [lines[0].replace("before", "vorher"), *lines[1:]], 1),
        (lambda lines: lines[:-1], len(LINES) - 1),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, wrong: Any, line: int) -> None:
    with pytest.raises(SchemaError) as caught:
        load_statuses(write(tmp_path, wrong(LINES)))
    assert caught.value.values["file"] == "own.csv"
    assert caught.value.values["line"] == line


def test_one_status_has_one_severity(tmp_path: Path) -> None:
    rows = [line for line in LINES if ",unclassed," in line]
    mixed = [LINES[0], rows[0], rows[1].replace("warning", "info"), LINES[-1]]
    with pytest.raises(SchemaError) as caught:
        load_statuses(write(tmp_path, mixed))
    assert caught.value.message_id == "resource_wrong_value"


def test_meanings_know_the_surveys() -> None:
    found = load_meanings()
    assert found.kinds["1104"] == "pond"
    assert found.conversions["second_survey"]["113"].code == "1103"
    assert found.conversions["gbt21010_2017"] == {}
    assert ("031", "0302") in found.alike
