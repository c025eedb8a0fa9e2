"""Codes: land classes and their names, unit codes, settlement codes."""

from __future__ import annotations

from typing import List

import pytest

from tests.core.quality.rulecase import POND, case_of, layer, parcels, places, rows, run

ROAD = {"DLBM": "1006", "DLMC": "农村道路", **{key: POND[key] for key in ("KCXS", "KCMJ", "GDLX", "GDPDJB", "GDDB")}}
HOUSE = {**POND, "DLBM": "0702", "DLMC": "农村宅基地", "CZCSXM": "203"}

RULES = (
    "class_missing",
    "class_unknown",
    "class_name_differs",
    "class_system_mixed",
    "unit_code_form",
    "settlement_code_unknown",
    "settlement_code_missing",
)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_wrong_with_good_parcels(rule: str) -> None:
    assert rows(rule, {}, POND, ROAD, HOUSE, {"DLBM": "1104A", "DLMC": "养殖坑塘"}) == []


def found_by(*changes: dict) -> List[str]:
    """Every rule of the group that finds something."""
    return [rule for rule in RULES if rows(rule, *changes)]


@pytest.mark.parametrize("code", [None, "", "  "])
def test_a_missing_class(code: str) -> None:
    assert rows("class_missing", {}, {"DLBM": code}, POND) == [1]
    assert found_by({}, {"DLBM": code}, POND) == ["class_missing"]


@pytest.mark.parametrize("code", ["9999", "01", "011", "0101B", "水田"])
def test_an_unknown_class(code: str) -> None:
    many: List[dict] = [{}] * 120
    wrong = {"DLBM": code, "DLMC": None}
    assert rows("class_unknown", *many, wrong) == [120]
    assert [rule for rule in found_by(*many, wrong) if rule != "class_unknown"] == []


def test_full_width_digits_are_a_class() -> None:
    assert rows("class_unknown", {"DLBM": "０１０１"}) == []


def test_a_name_of_another_class() -> None:
    many: List[dict] = [{}] * 120
    assert rows("class_name_differs", *many, {"DLMC": "旱地"}, {"DLMC": None}, {"DLMC": "水 田"}) == [120]
    assert found_by(*many, {"DLMC": "旱地"}) == ["class_name_differs"]


def test_two_classifications() -> None:
    # 0601 is industry in the third survey and a country lane in the plan classification of 2023.
    lane = {"DLBM": "0601", "DLMC": "农村道路"}
    houses = [{"DLBM": "0702", "DLMC": "城镇社区服务设施用地"}] * 2
    many: List[dict] = [{}] * 7
    found = run("class_system_mixed", case_of(layer(parcels(*many, lane, *houses))))
    assert places(found) == [(7, "DLBM"), (8, "DLBM"), (9, "DLBM")]
    assert found[0].measure is not None
    assert found[0].measure.tolist() == pytest.approx([0.3] * 3)  # of equal areas
    assert "2023" in found[0].values["system"]
    assert "class_name_differs" not in found_by(*many, lane, *houses)


def test_a_stray_code_is_no_second_classification() -> None:
    many: List[dict] = [{}] * 200
    lane = {"DLBM": "0601", "DLMC": "农村道路"}  # half a percent of the area
    assert rows("class_system_mixed", *many, lane) == []
    assert rows("class_name_differs", *many, lane) == [200]


@pytest.mark.parametrize("code", ["32059910120", "32059910120A", "３２０５９９１０１２０１", "3205991012010"])
def test_a_unit_code_of_another_form(code: str) -> None:
    assert rows("unit_code_form", {}, {"ZLDWDM": code}, {"ZLDWDM": None}) == [1]


@pytest.mark.parametrize("code", ["320599101", "320599101201", "3205991012010000000"])
def test_unit_codes(code: str) -> None:
    assert rows("unit_code_form", {"ZLDWDM": code}) == []


def test_a_settlement_code() -> None:
    assert rows("settlement_code_unknown", HOUSE, {"CZCSXM": "207"}, {"CZCSXM": "203A"}, {"CZCSXM": "203a"}) == [1]


def test_built_land_lies_in_a_settlement() -> None:
    campus = {**HOUSE, "DLBM": "08H2A", "DLMC": "高教用地", "CZCSXM": None}
    factory = {**HOUSE, "DLBM": "0601", "DLMC": "工业用地", "CZCSXM": None}
    assert rows("settlement_code_missing", HOUSE, factory, POND, campus) == [1, 3]
    assert rows("settlement_code_missing", {"DLBM": "0601", "CZCSXM": None}, system="land_sea_2023") == []


def test_a_layer_without_classes_is_one_finding() -> None:
    found = run("class_missing", case_of(layer(parcels(*[{"DLBM": None}] * 100))))
    assert (places(found), found[0].values["rows"]) == ([(-1, "DLBM")], 100)
