"""Attributes: slope, terrace kind, grade, width, parcel numbers, data year."""

from __future__ import annotations

from typing import Any, List, Mapping

import pytest

from tests.core.quality.rulecase import POND, case_of, layer, parcels, places, rows, run
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.quality.case import LAYER

RULES = (
    "slope_missing",
    "slope_range",
    "slope_off_field",
    "field_kind",
    "grade_missing",
    "grade_range",
    "width_off_line",
    "parcel_no_unique",
    "year_mixed",
)
LANE = {**POND, "DLBM": "1006", "DLMC": "农村道路", "XZDWKD": 4.0}
CANAL = {**POND, "DLBM": "1107A", "DLMC": "干渠", "XZDWKD": 6.0}
ORCHARD = {**POND, "DLBM": "0201K", "DLMC": "可调整果园"}


def found_by(*changes: Mapping[str, Any]) -> List[str]:
    return [rule for rule in RULES if rows(rule, *changes)]


def test_nothing_is_wrong_with_good_parcels() -> None:
    assert found_by({}, POND, LANE, CANAL, ORCHARD, {"GDPDJB": "3", "GDLX": "TT"}) == []


@pytest.mark.parametrize("code", [None, "9999"])
def test_a_parcel_without_class_is_asked_nothing(code: str) -> None:
    bare = {"DLBM": code, "GDPDJB": None, "GDLX": None, "GDDB": None}
    full = {"DLBM": code, "GDPDJB": "2", "GDLX": "TT", "GDDB": 3.0, "XZDWKD": 4.0}
    assert found_by({}, bare, full) == []


def test_slope() -> None:
    change = [{}, {"GDPDJB": None}, {"GDPDJB": "6"}, {**POND, "GDPDJB": "2"}, {**POND, "GDPDJB": "0"}]
    assert rows("slope_missing", *change) == [1]
    assert rows("slope_range", *change) == [2]
    assert rows("slope_off_field", *change, {**ORCHARD, "GDPDJB": "2"}) == [3, 4]


def test_slope_as_a_number() -> None:
    case = case_of(layer(parcels({}, {}), GDPDJB=tables.integer([1, 6])))
    assert places(run("slope_range", case)) == [(1, "GDPDJB")]


def test_no_slope_at_all_is_one_finding() -> None:
    found = run("slope_missing", case_of(layer(parcels(POND, *[{"GDPDJB": None}] * 100))))
    assert (places(found), found[0].values["rows"]) == ([(-1, "GDPDJB")], 100)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"GDLX": None, "GDPDJB": "1"}, 0),  # level land
        ({"GDLX": None, "GDPDJB": "2"}, 1),
        ({"GDLX": "T", "GDPDJB": "2"}, 0),  # the second survey's
        ({"GDLX": "XX"}, 1),
        ({**POND, "GDLX": "PD"}, 1),
        ({**ORCHARD, "GDLX": "PD"}, 0),
    ],
)
def test_terraces(change: Mapping[str, Any], wrong: int) -> None:
    assert rows("field_kind", {}, change) == [1] * wrong


def test_grades() -> None:
    change = [{}, {"GDDB": None}, {"GDDB": 0.0}, {"GDDB": 16.0}, {**POND, "GDDB": 0.0}, {**POND, "GDDB": 20.0}]
    assert rows("grade_missing", *change) == [1, 2]
    assert rows("grade_range", *change) == [3, 5]
    written = case_of(layer(parcels({}, {}), GDDB=tables.text(["15", "三等"])))
    assert places(run("grade_range", written)) == [(1, "GDDB")]


def test_widths() -> None:
    assert rows("width_off_line", LANE, CANAL, {**POND, "XZDWKD": 3.0}, {**POND, "XZDWKD": 0.0}) == [2]
    assert rows("width_off_line", {**POND, "XZDWKD": 3.0}, system="gbt21010_2017") == []


def test_parcel_numbers() -> None:
    other = {"ZLDWDM": "3205991012020000000"}
    group = {"ZLDWDM": "3205991012010001000"}  # of the same village
    change = [{"TBBH": "7"}, {"TBBH": "7", **other}, {"TBBH": "7", **group}, {"TBBH": None}, {"TBBH": None}]
    (found,) = run("parcel_no_unique", case_of(layer(parcels(*change))))
    assert found.rows.tolist() == [2]
    assert found.values["first"].tolist() == [101]
    assert (found.values["value"].tolist(), found.values["unit"].tolist()) == (["7"], ["320599101201"])


def test_data_years() -> None:
    change = [{"SJNF": "2013"}, {}, {}, {"SJNF": None}, {"SJNF": "2015"}, {}, {"SJNF": "2013"}]
    case = case_of(layer(parcels(*change)))
    assert places(run("year_mixed", case)) == [(0, "SJNF"), (6, "SJNF"), (4, "SJNF")]
    # A year of two rows is one finding where two are many.
    earlier, later = run("year_mixed", case, whole="2")
    assert (earlier.rows.tolist(), earlier.values["value"].tolist()) == ([LAYER], ["2013"])
    assert (earlier.values["rows"], earlier.values["usual"]) == (2, "2014")
    assert (later.rows.tolist(), later.values["value"].tolist()) == ([4], ["2015"])
