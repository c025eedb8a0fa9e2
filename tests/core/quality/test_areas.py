"""Areas: recorded area against geometry, deductions, net areas."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.core.quality.rulecase import PARCEL, POND, X, Y, case_of, layer, parcels, places, rows, run
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.deductions import deduct_second_survey
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.storage.rulebook import load_rules

RULES = (
    "area_not_positive",
    "area_geometry",
    "deduct_rate_range",
    "deduct_code",
    "deduct_off_field",
    "deduct_area",
    "net_area_sum",
    "net_area_range",
)
RIDGED = {"KCDLBM": "1203", "KCXS": 0.0812, "KCMJ": 81.2, "TBDLMJ": 918.8}
"""1 000 m² with 8.12 % of ridges."""


def found_by(*changes: Mapping[str, Any]) -> Dict[str, List[int]]:
    """Every rule of the group that finds something, and where."""
    found = {rule: rows(rule, *changes) for rule in RULES}
    return {rule: where for rule, where in found.items() if where}


def test_nothing_is_wrong_with_good_parcels() -> None:
    assert found_by({}, POND, RIDGED, {"KCXS": None, "KCMJ": None}) == {}


@pytest.mark.parametrize("area", [0.0, -5.0])
def test_an_area_that_is_none(area: float) -> None:
    assert found_by({}, {"TBMJ": area}) == {"area_not_positive": [1]}
    assert rows("area_not_positive", {"TBMJ": None}) == []


@pytest.mark.parametrize(("area", "wrong"), [(1000.0, 0), (1004.99, 0), (1005.0, 0), (1005.01, 1), (994.99, 1)])
def test_recorded_area_and_geometry(area: float, wrong: int) -> None:
    # 10 m × 100 m; half a percent of it is 5 m².
    assert rows("area_geometry", {}, {"TBMJ": area}) == [1] * wrong


def test_small_parcels_may_differ_by_a_square_metre() -> None:
    small = {"shape": shapely.box(X, Y, X + 10, Y + 4)}  # 40 m², half a percent is 0.2
    case = case_of(layer(parcels({**small, "TBMJ": 41.0}, {**small, "TBMJ": 41.01})))
    (found,) = run("area_geometry", case)
    assert found.rows.tolist() == [1]
    assert found.measure is not None
    assert found.measure.tolist() == pytest.approx([1.01])
    assert (found.values["recorded"].tolist(), found.values["official"].tolist()) == ([41.01], [40.0])


def test_no_geometry_no_area_to_compare() -> None:
    assert rows("area_geometry", {"shape": None}) == []


def test_areas_in_hectares_are_one_finding() -> None:
    found = run("area_geometry", case_of(layer(parcels(*[{"TBMJ": 0.1}] * 100))))
    assert (places(found), found[0].values["rows"]) == ([(-1, "TBMJ")], 100)


@pytest.mark.parametrize("rate", [1.0, 1.2, -0.1])
def test_a_rate_out_of_range(rate: float) -> None:
    assert rows("deduct_rate_range", {}, RIDGED, RIDGED, {"KCXS": rate}) == [3]
    assert set(found_by({}, RIDGED, RIDGED, {"KCXS": rate})) == {"deduct_rate_range"}


def test_the_standard_says_that_a_rate_is_no_percent() -> None:
    change = [{}, {"KCXS": 1.2}]
    assert rows("deduct_rate_range", *change) == []  # 1.2 % for all we know
    assert rows("deduct_rate_range", *change, schema="third_survey.DLTB") == [1]


def test_percent() -> None:
    ridged = {**RIDGED, "KCXS": 8.12}
    assert found_by({}, ridged, ridged) == {}
    assert rows("deduct_rate_range", ridged, ridged, {"KCXS": 100.0}, {"KCXS": -1.0}) == [2, 3]


def test_only_ridges_are_deducted() -> None:
    assert found_by(RIDGED, {**RIDGED, "KCDLBM": "1107"}) == {"deduct_code": [1]}
    assert found_by(RIDGED, {**RIDGED, "KCDLBM": None}) == {"deduct_code": [1]}
    assert rows("deduct_code", {**RIDGED, "KCDLBM": "123"}) == [0]  # the second survey's


def test_only_cultivated_land_has_deductions() -> None:
    wrong = [{"KCDLBM": "1203"}, {"KCXS": 0.08}, {"KCMJ": 80.0, "TBDLMJ": 920.0}]
    assert found_by(POND, *[{**POND, **each} for each in wrong]) == {"deduct_off_field": [2, 3, 1]}
    case = case_of(layer(parcels(POND, *[{**POND, **each} for each in wrong])))
    assert sorted(places(run("deduct_off_field", case))) == [(1, "KCDLBM"), (2, "KCXS"), (3, "KCMJ")]
    assert rows("deduct_off_field", {**POND, **RIDGED}) == [0]  # once, not three times
    assert rows("deduct_off_field", {**POND, "DLBM": "9999", "KCDLBM": "1203"}) == []


@pytest.mark.parametrize(("area", "wrong"), [(81.2, 0), (81.21, 0), (81.19, 0), (81.22, 1), (0.0, 1), (None, 1)])
def test_the_rate_gives_the_deduction(area: float, wrong: int) -> None:
    # 1 000 × 0.0812; one unit of rounding is no finding
    assert rows("deduct_area", RIDGED, {**RIDGED, "KCMJ": area}) == [1] * wrong


@pytest.mark.parametrize(("net", "wrong"), [(918.8, 0), (918.81, 0), (918.82, 1), (900.0, 1), (None, 0)])
def test_the_deduction_gives_the_net_area(net: float, wrong: int) -> None:
    assert rows("net_area_sum", RIDGED, {**RIDGED, "TBDLMJ": net}) == [1] * wrong


def test_one_wrong_figure_is_found_once() -> None:
    assert found_by(RIDGED, {**RIDGED, "KCMJ": 50.0}) == {"deduct_area": [1]}
    assert found_by(RIDGED, {**RIDGED, "TBDLMJ": 900.0}) == {"net_area_sum": [1]}
    assert found_by(RIDGED, {**RIDGED, "TBDLMJ": 0.0}) == {"net_area_range": [1]}
    assert found_by(RIDGED, {**RIDGED, "TBDLMJ": 1000.02}) == {"net_area_range": [1]}


def second(*changes: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """Parcels of the second survey: 1 000 m², 200 of lines, 50 of points, 10 % of ridges of the other 750."""
    base = {"DLBM": "011", "DLMC": "水田", "GDPDJ": "1", "TKXS": 0.1, "TKMJ": 75.0, "TBDLMJ": 675.0, "KCDLBM": "123"}
    lines = {"XZDWMJ": 200.0, "LXDWMJ": 50.0}
    rest = {key: PARCEL[key] for key in ("ZLDWDM", "TBMJ", "TBBH")}
    return [{**rest, **base, **lines, **change} for change in changes]


def second_rows(rule: str, *changes: Mapping[str, Any]) -> List[int]:
    case = case_of(layer(second(*changes)), system="second_survey")
    return [row for row, _ in places(run(rule, case))]


def test_second_survey() -> None:
    percent = {"TKXS": 10.0}
    gross = {"TKMJ": 100.0, "TBDLMJ": 650.0}  # ridges of the whole area, as some software has it
    bare = {"XZDWMJ": None, "LXDWMJ": None, "TKMJ": 100.0, "TBDLMJ": 900.0}
    for rule in ("deduct_area", "net_area_sum", "net_area_range", "deduct_code", "deduct_rate_range"):
        assert second_rows(rule, {}, gross, bare) == [], rule
        assert second_rows(rule, percent, percent) == [], rule
    assert second_rows("deduct_area", {}, {"TKMJ": 90.0}) == [1]
    assert second_rows("net_area_sum", {}, {"TBDLMJ": 925.0}) == [1]  # lines and points forgotten
    assert second_rows("deduct_code", {}, {"KCDLBM": "1203"}) == [1]


def test_farmland_of_the_second_survey_has_lines_without_a_role() -> None:
    farm = {
        "JBNTTBBH": "1",
        "TBMJ": 1000.0,
        "TKXS": 0.1,
        "XZDWMJ": 200.0,
        "LXDWMJ": 50.0,
        "TKMJ": 75.0,
        "JBNTMJ": 675.0,
    }
    table = layer([farm, {**farm, "JBNTMJ": 900.0}], "JBNTTB")
    case = case_of(table, "farmland", None)
    found = run("net_area_sum", case)
    assert places(found) == [(1, "JBNTMJ")]
    assert found[0].values["expected"].tolist() == [675.0]


def test_a_boundary_recorded_in_hectares() -> None:
    # 1 000 m² drawn, 0.1 recorded.
    table = layer([{"MJ": 1000.0}, {"MJ": 0.1}], "CZKFBJ", MJ=tables.real([1000.0, 0.1]))
    assert "boundary" in load_rules()["area_geometry"].roles
    assert places(run("area_geometry", case_of(table, "boundary", None))) == [(1, "MJ")]


def test_farmland_that_states_no_deduction_has_nothing_to_add_up() -> None:
    farm = {"YJJBNTTBBH": "1", "YJJBNTTBMJ": 1000.0, "YJJBNTMJ": 920.0}
    assert run("net_area_sum", case_of(layer([farm], "YJJBNTTB"), "farmland", None)) == []
    stated = {**farm, "KCXS": 0.05}
    assert places(run("net_area_sum", case_of(layer([stated], "YJJBNTTB"), "farmland", None))) == [(0, "YJJBNTMJ")]


def test_control_areas() -> None:
    table = layer([{"ZLDWDM": "320599101201", "DCMJ": area} for area in (1000.0, 0.0, 1200.0)], "CJDCQ")
    case = case_of(table, "villages", None)
    assert places(run("control_not_positive", case)) == [(1, "DCMJ")]
    assert places(run("control_geometry", case)) == [(2, "DCMJ")]


areas = st.integers(1_00, 10_000_000_00)
rates = st.integers(0, 9_999).map(lambda rate: rate / 10_000)


@given(st.lists(st.tuples(areas, rates), min_size=1, max_size=5))
def test_what_the_formula_gives_is_never_found(drawn: List[Any]) -> None:
    gross = np.array([area for area, _ in drawn])
    rate = np.array([each for _, each in drawn])
    ridge = to_units(to_m2(gross) * rate)
    changes = [
        {"TBMJ": area, "KCXS": share, "KCMJ": off, "TBDLMJ": net, "KCDLBM": "1203"}
        for area, share, off, net in zip(to_m2(gross), rate, to_m2(ridge), to_m2(gross - ridge))
        if net > 0
    ]
    if changes:
        found = {rule: rows(rule, *changes, schema="third_survey.DLTB") for rule in RULES if rule != "area_geometry"}
        assert {rule: where for rule, where in found.items() if where} == {}


@given(st.lists(st.tuples(areas, st.integers(0, 40), st.integers(0, 20), rates), min_size=1, max_size=5))
def test_what_the_second_survey_deducts_is_never_found(drawn: List[Any]) -> None:
    gross = np.array([row[0] for row in drawn])
    lines, points = (gross * np.array([row[place] for row in drawn]) // 100 for place in (1, 2))
    rate = np.array([row[3] for row in drawn])
    taken = deduct_second_survey(gross, lines, points, rate)
    changes = [
        {"TBMJ": area, "XZDWMJ": line, "LXDWMJ": point, "TKXS": share, "TKMJ": ridge, "TBDLMJ": net}
        for area, line, point, share, ridge, net in zip(
            to_m2(gross), to_m2(lines), to_m2(points), rate, to_m2(taken.ridge), to_m2(taken.net)
        )
        if net > 0
    ]
    if changes:
        for rule in ("deduct_area", "net_area_sum", "net_area_range"):
            assert second_rows(rule, *changes) == []


@given(areas, rates, st.integers(2, 100), st.sampled_from([-1, 1]))
def test_two_hundredths_off_are_found(area: int, rate: float, off: int, sign: int) -> None:
    ridge = int(to_units(np.array(to_m2(area) * rate)))
    net = area - ridge + sign * off
    if not 0 < net <= area:
        return
    change = {"TBMJ": area / 100, "KCXS": rate, "KCMJ": ridge / 100, "TBDLMJ": net / 100}
    assert rows("net_area_sum", change, schema="third_survey.DLTB") == [0]
