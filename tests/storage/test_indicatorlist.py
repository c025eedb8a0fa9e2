"""The list of indicators, and what is wrong in one said with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import pytest

from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.storage.indicatorlist import load_indicators

HEAD = "id,dimension,direction,weight,unit,needs,basis,status,zh,en"
ROWS = ("a,land,-,0.25,m2,,见,practice,甲,First", "b,land,+,0.75,m,roads,见,practice,乙,Second")


def written(path: Path, *rows: str, head: str = HEAD) -> Path:
    file = path / "own.csv"
    file.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return file


def error(file: Path) -> Dict[str, object]:
    with pytest.raises(SchemaError) as caught:
        load_indicators(file)
    return {"id": caught.value.message_id, **caught.value.values}


def test_the_shipped_list() -> None:
    found = load_indicators()
    assert sum(each.weight for each in found) == pytest.approx(1.0, abs=1e-12)
    assert len({each.id for each in found}) == len(found) == 14
    assert all(each.title["zh"] and each.title["en"] and each.basis and each.status for each in found)
    # Fields of a shapefile.
    assert all(len(each.id) <= 10 and each.id.isascii() for each in found)


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    first, second = load_indicators(written(tmp_path, *ROWS))
    assert (first.id, first.rises, first.weight, first.needs) == ("a", False, 0.25, "")
    assert (second.rises, second.needs, second.title["zh"]) == (True, "roads", "乙")


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("c,land,*,0,m,,见,practice,丙,Third", "direction"),
        ("c,land,+,0,m,weather,见,practice,丙,Third", "needs"),
        ("c,land,+,0,m,,见,sure,丙,Third", "status"),
        ("c,land,+,-0.1,m,,见,practice,丙,Third", "weight"),
        ("c,land,+,much,m,,见,practice,丙,Third", "weight"),
        ("c,land,+,nan,m,,见,practice,丙,Third", "weight"),
    ],
)
def test_what_a_line_cannot_say(tmp_path: Path, row: str, key: str) -> None:
    told = error(written(tmp_path, *ROWS, row))
    assert (told["id"], told["file"], told["line"], told["key"]) == ("resource_wrong_value", "own.csv", 4, key)


def test_the_sum_of_the_weights(tmp_path: Path) -> None:
    told = error(written(tmp_path, ROWS[0]))
    assert (told["id"], told["key"], told["value"], told["expected"]) == (
        "resource_wrong_value", "weight", "Σ 0.25", "Σ 1"
    )  # fmt: skip


def test_a_line_twice(tmp_path: Path) -> None:
    told = error(written(tmp_path, *ROWS, ROWS[0]))
    assert (told["id"], told["line"], told["key"]) == ("resource_duplicate_key", 4, "a")


@pytest.mark.parametrize("row", ["c,land,+,0,m,,见,practice,丙", "c,land,+,0,m,,见,practice,丙,Third,more"])
def test_cells_missing_or_over(tmp_path: Path, row: str) -> None:
    told = error(written(tmp_path, *ROWS, row))
    assert (told["id"], told["line"], told["expected"]) == ("resource_wrong_columns", 4, 10)


def test_a_name_missing(tmp_path: Path) -> None:
    assert error(written(tmp_path, *ROWS, "c,land,+,0,m,,见,practice,,Third"))["key"] == "zh"


def test_another_head(tmp_path: Path) -> None:
    assert error(written(tmp_path, *ROWS, head=HEAD.replace("needs", "wants")))["line"] == 1
