"""``basestate`` through Processing."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from tests.algorithms.conftest import box


@pytest.fixture
def given(make_layer: Any) -> Dict[str, Any]:
    """Paddy beside a homestead; a road approved over the paddy, half the homestead without approval."""
    return {
        "INPUT": make_layer(
            [(box(0, 0, 100, 100), "0101", "320509100201"), (box(100, 0, 200, 100), "0702", "320509100201")],
            "DLBM:string ZLDWDM:string",
        ),
        "APPROVED_UNBUILT": make_layer([(box(0, 0, 20, 100), "1003")], "class_code:string", name="批而未建"),
        "ILLEGAL_BUILT": make_layer([(box(150, 0, 200, 100), "0103")], "class_before:string", name="违法用地"),
        "AREA_METHOD": 2,
        "OUTPUT": "memory:",
        "SUMMARY": "memory:",
    }


def rows(layer: Any) -> Any:
    return sorted(
        (
            *(None if str(feature[name]) == "NULL" else feature[name] for name in ("class_survey", "class_base")),
            None if str(feature["base_reason"]) == "NULL" else feature["base_reason"],
            feature["area_m2"],
        )
        for feature in layer.getFeatures()
    )


def test_survey_class_base_class_and_reason_of_every_part(run: Any, given: Any) -> None:
    result = run("basestate", **given)
    assert [tuple(str(value) for value in row) for row in rows(result["OUTPUT"])] == [
        ("0101", "0101", "None", "8000.0"),
        ("0101", "1003", "approved_unbuilt", "2000.0"),
        ("0702", "0103", "illegal_built", "5000.0"),
        ("0702", "0702", "None", "5000.0"),
    ]
    assert (result["CONVERTED_M2"], result["UNCLEAR_M2"]) == (7000.0, 0.0)
    groups = {(row["class_base"], row["grp_survey"], row["grp_base"]) for row in result["SUMMARY"].getFeatures()}
    assert ("0103", "construction", "agricultural") in groups


def test_a_class_before_not_stated_leaves_the_group_open(run: Any, given: Any, make_layer: Any) -> None:
    given["ILLEGAL_BUILT"] = make_layer([(box(150, 0, 200, 100),)], name="违法用地")
    result = run("basestate", **given)
    assert result["UNCLEAR_M2"] == 5000.0
    (open_row,) = [row for row in result["OUTPUT"].getFeatures() if row["base_reason"] == "illegal_built"]
    assert str(open_row["grp_base"]) == "NULL"


def test_without_layers_the_base_is_the_survey(run: Any, given: Any) -> None:
    only = {name: given[name] for name in ("INPUT", "AREA_METHOD", "OUTPUT")}
    assert run("basestate", **only)["CONVERTED_M2"] == 0.0
