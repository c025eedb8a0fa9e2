"""Every row of the decision table on a cell of 100 m × 10 m, and what no single cell shows."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.selfcheckcase import CELL, KIT, by_status, check, shuffled
from three_opt_three_protect.core.selfcheck import Checked
from three_opt_three_protect.core.selfcheckplaces import sheets
from three_opt_three_protect.core.timeline import StartUp
from three_opt_three_protect.storage.selfchecktable import load_statuses

ACCEPTED = {"shape": CELL, "plot_id": "R1", "acc_date": "2015-06-30", "phase": 2015}
LONG_AGO = {**ACCEPTED, "acc_date": "2013-06-30", "phase": 2013}
DUE = {"shape": CELL, "plot_id": "R1", "phase": 2015}
LATER = {**DUE, "phase": 2018}
FOREST = {**ACCEPTED, "direction": "forest"}
BUILT = {"shape": CELL, "plot_id": "N1", "use": "town", "phase": 2015, "use_date": "2015-12-01", "quota_src": "stock"}
LINKED = {**BUILT, "quota_src": "linked"}
EARLY = {**BUILT, "use_date": "2016-12-01", "phase": 2016}
LANE = {**BUILT, "use": "infrastructure", "cls_after": "1006"}

CASES: List[Tuple[str, str, str, Mapping[str, Any]]] = [
    # reclaim plots
    ("reclaim_cultivated", "0702", "0101", {"reclaim": ACCEPTED}),
    ("reclaim_cultivated", "0101", "0101", {"reclaim": LONG_AGO}),
    ("reclaim_residual", "0101", "0101", {"reclaim": ACCEPTED}),
    ("reclaim_residual", "1107", "1107", {"reclaim": ACCEPTED}),
    ("reclaim_residual", "1104", "1104A", {"reclaim": ACCEPTED}),
    ("reclaim_other", "0702", "1107", {"reclaim": DUE}),
    ("reclaim_other", "0702", "1104", {"reclaim": DUE}),
    ("reclaim_degraded", "0702", "1104", {"reclaim": ACCEPTED}),
    ("reclaim_degraded", "0101", "0201", {"reclaim": LONG_AGO}),
    ("reclaim_degraded", "0101", "0307", {"reclaim": ACCEPTED}),
    ("reclaim_as_planned", "0702", "0307", {"reclaim": FOREST}),
    ("reclaim_demolished", "0702", "1206", {"reclaim": ACCEPTED}),
    ("reclaim_rebuilt", "0702", "0702", {"reclaim": ACCEPTED}),
    ("reclaim_rebuilt", "0101", "0601", {"reclaim": LONG_AGO}),
    ("reclaim_kept", "1003", "1003", {"reclaim": ACCEPTED}),
    ("reclaim_not_started", "0702", "0702", {"reclaim": DUE}),
    ("reclaim_not_due", "0702", "0702", {"reclaim": LATER}),
    ("reclaim_not_due", "0101", "0101", {"reclaim": LATER}),
    ("reclaim_not_due", "0702", "0601", {"reclaim": LATER}),
    ("reclaim_used_early", "0101", "0601", {"reclaim": DUE}),
    ("temporary", "0101", "0601", {"reclaim": ACCEPTED, "temporary": [CELL]}),
    ("reclaim_rebuilt", "0702", "0702", {"reclaim": ACCEPTED, "temporary": [CELL]}),
    ("reclaim_rebuilt", "9999", "0601", {"reclaim": ACCEPTED}),
    ("reclaim_demolished", "1206", "1206", {"reclaim": DUE}),
    ("unplanned_farmland", "0101", "0601", {"reclaim": DUE, "farmland": [CELL]}),
    ("unplanned_redline", "0101", "0601", {"reclaim": DUE, "redline": [(CELL, 1)]}),
    ("farmland_to_pond", "0101", "1104", {"reclaim": DUE, "farmland": [CELL]}),
    ("farmland_to_garden", "0101", "0201", {"reclaim": LONG_AGO, "farmland": [CELL]}),
    # new-build plots
    ("newbuild_done", "0101", "0701", {"newbuild": BUILT}),
    ("newbuild_done", "0101", "1006", {"newbuild": LANE}),
    ("newbuild_before_reclaim", "0101", "0701", {"newbuild": LINKED}),
    ("newbuild_early", "0101", "0701", {"newbuild": EARLY}),
    ("newbuild_not_started", "0101", "0101", {"newbuild": BUILT}),
    ("newbuild_not_due", "0101", "0101", {"newbuild": EARLY}),
    ("newbuild_bulldozed", "0101", "0101", {"newbuild": BUILT, "bulldozed": [CELL]}),
    ("newbuild_on_approved", "0101", "0701", {"newbuild": LINKED, "approved": [CELL]}),
    ("newbuild_stock", "0601", "0701", {"newbuild": LINKED}),
    ("newbuild_farmland", "0101", "0701", {"newbuild": BUILT, "farmland": [CELL]}),
    ("newbuild_on_reclaimed", "0101", "0701", {"reclaim": LONG_AGO, "newbuild": BUILT}),
    ("newbuild_redline", "0101", "0701", {"newbuild": BUILT, "redline": [(CELL, 1)]}),
    ("newbuild_done", "0101", "0701", {"newbuild": BUILT, "redline": [(CELL, 2)]}),
    ("newbuild_on_approved", "0101", "0701", {"newbuild": BUILT, "redline": [(CELL, 1)], "approved": [CELL]}),
    ("unplanned_construction", "0101", "0601", {"newbuild": LANE}),
    ("newbuild_early", "0101", "1006", {"newbuild": {**LANE, "use_date": "2016-12-01"}}),
    ("newbuild_not_due", "1006", "1006", {"newbuild": {**LANE, "use_date": "2016-12-01"}}),
    ("farmland_to_facility", "0101", "1202", {"newbuild": {**LANE, "cls_after": "1202"}, "farmland": [CELL]}),
    ("farmland_to_pond", "0101", "1104", {"newbuild": EARLY, "farmland": [CELL]}),
    ("cultivated_to_other", "0101", "1104", {"newbuild": EARLY}),
    ("cultivated_to_road", "0101", "1006", {"newbuild": BUILT}),
    ("cultivated_to_facility", "0101", "1202", {"newbuild": BUILT}),
    ("newbuild_not_started", "0101", "1206", {"newbuild": BUILT}),
    ("newbuild_not_started", "0101", "0101", {"reclaim": LONG_AGO, "newbuild": BUILT}),
    ("reclaim_degraded", "0101", "1104", {"reclaim": LONG_AGO, "newbuild": BUILT}),
    ("newbuild_bulldozed", "0101", "0101", {"reclaim": LONG_AGO, "newbuild": BUILT, "bulldozed": [CELL]}),
    ("newbuild_on_reclaimed", "9999", "0701", {"reclaim": LONG_AGO, "newbuild": BUILT}),
    ("reclaim_rebuilt", "0702", "0701", {"reclaim": ACCEPTED, "newbuild": BUILT}),
    # outside
    ("unplanned_construction", "0101", "0601", {}),
    ("unplanned_construction", "1106", "0601", {"redline": [(CELL, 2)]}),
    ("unplanned_redline", "1106", "0601", {"redline": [(CELL, 1)]}),
    ("unplanned_farmland", "0101", "0601", {"farmland": [CELL], "redline": [(CELL, 1)]}),
    ("unplanned_beyond", "0101", "0601", {"newbuild": {**BUILT, "shape": (100, 0, 200, 10)}}),
    ("unplanned_bulldozed", "0101", "0101", {"bulldozed": [CELL]}),
    ("unplanned_reduction", "0702", "0101", {}),
    ("unplanned_reduction", "0702", "1104", {}),
    ("temporary", "0101", "0601", {"temporary": [CELL], "farmland": [CELL]}),
    ("unplanned_redline", "0101", "0601", {"temporary": [CELL], "redline": [(CELL, 1)]}),
    ("farmland_to_pond", "0101", "1104", {"bulldozed": [CELL], "farmland": [CELL]}),
    ("cultivated_to_other", "0101", "1104", {"approved": [CELL], "farmland": [CELL]}),
    ("approved_built", "0101", "0601", {"approved": [CELL]}),
    ("farmland_to_pond", "0101", "1104A", {"farmland": [CELL]}),
    ("farmland_to_garden", "0101", "0201K", {"farmland": [CELL]}),
    ("farmland_to_forest", "0102", "0307", {"farmland": [CELL]}),
    ("farmland_to_facility", "0101", "1202", {"farmland": [CELL]}),
    ("farmland_to_road", "0101", "1006", {"farmland": [CELL]}),
    ("farmland_to_other", "0101", "1107", {"farmland": [CELL]}),
    ("cultivated_to_facility", "0101", "1202", {}),
    ("cultivated_to_road", "0101", "1006", {}),
    ("cultivated_to_other", "0101", "1104", {}),
    ("cultivated_to_other", "0101", "1206", {}),
    ("cultivated_gained", "1104", "0101", {}),
    ("other_change", "0101", "0102", {}),
    ("other_change", "0601", "0701", {}),
    ("unchanged", "0101", "0101", {"farmland": [CELL], "redline": [(CELL, 1)]}),
    ("unclassed", "9999", "0101", {}),
    ("unclassed", "0101", "", {"farmland": [CELL]}),
]


def one_cell(before: str, after: str, given_: Mapping[str, Any]) -> Dict[str, float]:
    return by_status(of_cell(before, after, given_))


def of_cell(before: str, after: str, given_: Mapping[str, Any]) -> Checked:
    layers = {**given_}
    plots = {kind: [layers.pop(kind)] for kind in ("reclaim", "newbuild") if kind in layers}
    rows = [{"shape": CELL, "code": before or None}], [{"shape": CELL, "code": after or None}]
    return check(*rows, **plots, **layers)


@pytest.mark.parametrize(("status", "before", "after", "given_"), CASES)
def test_row_of_the_table(status: str, before: str, after: str, given_: Mapping[str, Any]) -> None:
    assert one_cell(before, after, given_) == {status: 1000.0}


def test_every_status_of_the_table_has_a_case() -> None:
    elsewhere = {"survey_difference", "only_before", "only_after"}
    assert {rule.status for rule in load_statuses()} == {case[0] for case in CASES} | elsewhere


def test_every_row_of_the_table_is_reached() -> None:
    reached = {"survey_difference", "only_before", "only_after"}
    rules = load_statuses()
    rows = {number for number, rule in enumerate(rules) if rule.status in reached}
    for _, before, after, given_ in CASES:
        rows |= set(of_cell(before, after, given_).rule.tolist())
    assert rows == set(range(len(rules)))


# Across surveys

SURVEYS = ("second_survey", "third_survey")


def across(before: str, after: str, place: str = "", **more: Any) -> Any:
    rows = [{"shape": CELL, "code": before}], [{"shape": CELL, "code": after, "place": place or None}]
    return check(*rows, systems=SURVEYS, **more)


def test_a_reservoir_is_no_decrease_of_construction_land() -> None:
    checked = across("113", "1103")
    assert by_status(checked) == {"survey_difference": 1000.0}
    assert not checked.account("outside").any()
    assert int((checked.net_after - checked.net_before).sum()) == 0


def test_a_reservoir_in_a_reclaim_plot_is_not_reclaimed() -> None:
    assert by_status(across("113", "1103", reclaim=[ACCEPTED])) == {"survey_difference": 1000.0}


@pytest.mark.parametrize("after", ["0702", "1004", "0601"])
def test_a_village_is_compared_by_settlement(after: str) -> None:
    assert by_status(across("203", after, "203")) == {"unchanged": 1000.0}


@pytest.mark.parametrize("after", ["1104", "0101", "0307"])
def test_fields_and_ponds_of_a_village_are_the_survey_s_difference(after: str) -> None:
    checked = across("203", after, "203A")
    assert by_status(checked) == {"survey_difference": 1000.0}
    assert int(checked.net_after.sum()) == 0


def test_a_village_that_became_a_field_is_seen() -> None:
    assert by_status(across("203", "0101", "")) == {"unplanned_reduction": 1000.0}
    assert by_status(across("203", "0101", "203", reclaim=[DUE])) == {"reclaim_cultivated": 1000.0}


@pytest.mark.parametrize(("before", "after"), [("031", "0302"), ("041", "0402"), ("011", "0101"), ("204", "0602")])
def test_a_finer_class_is_no_change(before: str, after: str) -> None:
    assert by_status(across(before, after)) == {"unchanged": 1000.0}


def test_a_pond_surveyed_as_reservoir_that_was_filled_is_construction_on_agricultural_land() -> None:
    # 113 is construction in its own survey, but the land was a reservoir: building there is new construction.
    assert by_status(across("113", "0601")) == {"unplanned_construction": 1000.0}


def test_a_field_built_over_is_seen_across_surveys() -> None:
    assert by_status(across("011", "0601", farmland=[CELL])) == {"unplanned_farmland": 1000.0}


# Places

HALVES = [{"shape": (0, 0, 50, 10), "code": "0101"}, {"shape": (50, 0, 100, 10), "code": "0101"}]


def test_land_of_one_year_only_has_its_own_status() -> None:
    checked = check([{"shape": (0, 0, 100, 10), "code": "0101"}], [{"shape": (20, 0, 130, 10), "code": "0101"}])
    assert by_status(checked) == {"only_before": 200.0, "unchanged": 800.0, "only_after": 300.0}
    assert int(checked.area[checked.counted].sum()) == 100_000
    assert (checked.net_before.sum(), checked.net_after.sum()) == (80_000, 80_000)


def test_a_corner_is_not_beyond_the_plot() -> None:
    plot = {**BUILT, "shape": (100, 10, 200, 20)}
    rows = [{"shape": CELL, "code": "0101"}, {"shape": (100, 10, 200, 20), "code": "0101"}]
    after = [{**row, "code": "0601"} for row in rows]
    assert by_status(check(rows, after, newbuild=[plot])) == {"unplanned_construction": 1000.0, "newbuild_done": 1000.0}


def test_what_is_built_as_one_parcel_goes_beyond_the_plot_as_one() -> None:
    before = [{"shape": (left, 0, left + 50, 10), "code": "0101"} for left in (0, 50, 100)]
    plot = {**BUILT, "shape": (0, 0, 50, 10)}
    whole = [{"shape": (0, 0, 150, 10), "code": "0601"}]
    assert by_status(check(before, whole, newbuild=[plot])) == {"newbuild_done": 500.0, "unplanned_beyond": 1000.0}
    apart = [{**row, "code": "0601"} for row in before]
    assert by_status(check(before, apart, newbuild=[plot])) == {
        "newbuild_done": 500.0,
        "unplanned_beyond": 500.0,
        "unplanned_construction": 500.0,
    }


def test_net_areas_of_both_years() -> None:
    # 500 m² of each half is net of 10 % ridges before; the later survey has 20 % on the half that is left.
    before = [{**row, "deduct_rate": 0.1} for row in HALVES]
    after = [{**HALVES[0], "deduct_rate": 0.2}, {**HALVES[1], "code": "0601", "deduct_rate": 0.0}]
    checked = check(before, after)
    assert (int(checked.net_before.sum()), int(checked.net_after.sum())) == (90_000, 40_000)


def test_villages_are_known_by_their_new_codes() -> None:
    before = [{**row, "unit_code": code} for row, code in zip(HALVES, ("320500100201", "320500100202"))]
    after = [{**row, "unit_code": "320500100203"} for row in HALVES]
    checked = check(before, after)
    assert set(checked.unit.values) == {"320500100203"}
    assert list(checked.unit_old.values) == ["320500100201", "320500100202"]
    gone = check(before, [{**HALVES[1], "unit_code": "320500100203"}], renamed={"320500100201": "320500100203"})
    assert set(gone.unit.values) == {"320500100203"}


# Quota


@pytest.mark.parametrize(
    ("reclaim", "status"),
    [
        ({"acc_date": "2015-11-30"}, "newbuild_done"),
        ({"acc_date": "2015-12-01"}, "newbuild_done"),  # on one day credit comes first
        ({"acc_date": "2015-12-02"}, "newbuild_before_reclaim"),
        ({"acc_date": "2015-11-30", "acc_m2": 999.0}, "newbuild_before_reclaim"),
        ({"phase": 2014}, "newbuild_done"),  # reclaimed by plan, acceptance not stated: not proved
    ],
)
def test_quota_on_the_day_of_approval(reclaim: Mapping[str, Any], status: str) -> None:
    far = (0, 100, 100, 110)
    before = [{"shape": CELL, "code": "0101"}, {"shape": far, "code": "0702"}]
    after = [{"shape": CELL, "code": "0701"}, {"shape": far, "code": "0101"}]
    checked = check(before, after, reclaim=[{"shape": far, "plot_id": "R1", **reclaim}], newbuild=[LINKED])
    assert by_status(checked) == {status: 1000.0, "reclaim_cultivated": 1000.0}
    unknown = checked.fact("quota", "unknown")
    assert unknown.any() == (reclaim == {"phase": 2014})


def test_approved_land_takes_no_quota() -> None:
    far = (0, 100, 50, 110)  # 500 m² reclaimed for 1 000 m² built, of which 500 m² was approved before
    before = [{"shape": CELL, "code": "0101"}, {"shape": far, "code": "0702"}]
    after = [{"shape": CELL, "code": "0701"}, {"shape": far, "code": "0101"}]
    reclaim = [{"shape": far, "plot_id": "R1", "acc_date": "2015-11-30"}]
    short = check(before, after, reclaim, [LINKED])
    assert by_status(short) == {"newbuild_before_reclaim": 1000.0, "reclaim_cultivated": 500.0}
    covered = check(before, after, reclaim, [LINKED], approved=[(0, 0, 50, 10)])
    assert by_status(covered) == {
        "newbuild_on_approved": 500.0,
        "newbuild_done": 500.0,
        "reclaim_cultivated": 500.0,
    }


def test_start_up_quota_counts_until_it_is_due() -> None:
    rows = [{"shape": CELL, "code": "0101"}], [{"shape": CELL, "code": "0701"}]
    # 1 000 m² built on 1 December 2015.
    for amount, due, status in (
        (100_000, "2016-12-31", "newbuild_done"),
        (99_999, "2016-12-31", "newbuild_before_reclaim"),
        (100_000, "2014-12-31", "newbuild_before_reclaim"),
    ):
        checked = check(*rows, newbuild=[LINKED], lent=(StartUp(amount, np.datetime64(due)),))
        assert by_status(checked) == {status: 1000.0}


# Days


@pytest.mark.parametrize(
    ("before", "after", "plots", "status"),
    [
        # Accepted after the data of 31 December 2015: these cannot show what became of it.
        ("0702", "0702", {"reclaim": [{**ACCEPTED, "acc_date": "2016-06-30"}]}, "reclaim_not_due"),
        # Approved after the data that show it built.
        ("0101", "0701", {"newbuild": [{**BUILT, "use_date": "2016-06-30"}]}, "newbuild_early"),
        ("0101", "0101", {"newbuild": [{**BUILT, "use_date": "2016-06-30"}]}, "newbuild_not_due"),
    ],
)
def test_a_check_after_the_data_judges_by_the_day_of_the_data(
    before: str, after: str, plots: Mapping[str, Any], status: str
) -> None:
    rows = [{"shape": CELL, "code": before}], [{"shape": CELL, "code": after}]
    checked = check(*rows, days=("2014-12-31", "2016-12-01"), after_day="2015-12-31", **plots)
    assert by_status(checked) == {status: 1000.0}


# Suspects


def test_suspects_that_overlap_are_each_seen_whole() -> None:
    rows = [{"shape": CELL, "code": "0101"}], [{"shape": CELL, "code": "0601"}]
    checked = check(*rows, suspects=[(0, 0, 60, 10), (0, 0, 60, 10), (40, 0, 100, 10), (60, 0, 80, 10)])
    seen = [sum(int(checked.area[row == one].sum()) for row in checked.suspects) for one in range(4)]
    assert seen == [60_000, 60_000, 60_000, 20_000]


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 2), max_size=8))
def test_sheets_hold_every_polygon_once_and_no_overlap(corners: List[Tuple[int, int]]) -> None:
    shapes = np.array([*(shapely.box(x, y, x + 2, y + 2) for x, y in corners), None], dtype=object)
    found = sheets(shapes)
    assert sorted(row for rows in found for row in rows.tolist()) == list(range(len(corners)))
    for rows in found:
        assert shapely.area(shapely.union_all(shapes[rows])) == pytest.approx(4.0 * len(rows))


# Properties

CODES = ("0101", "0102", "0201", "0702", "0601", "1104", "1206", "1006", "1101", "9999")
SIDE = 5


def grid(codes: List[str], year_code: str = "code") -> List[Dict[str, Any]]:
    return [
        {"shape": (20 * (n % SIDE), 20 * (n // SIDE), 20 * (n % SIDE) + 20, 20 * (n // SIDE) + 20), year_code: code}
        for n, code in enumerate(codes)
    ]


layouts = st.lists(st.sampled_from(CODES), min_size=SIDE * SIDE, max_size=SIDE * SIDE)
rectangles = st.tuples(st.integers(-10, 90), st.integers(-10, 90), st.integers(1, 60), st.integers(1, 60)).map(
    lambda box: (box[0] + 0.5, box[1] + 0.25, box[0] + box[2] + 0.5, box[1] + box[3] + 0.25)
)


@settings(max_examples=40, deadline=None)
@given(layouts, layouts, st.lists(rectangles, max_size=3), st.lists(rectangles, max_size=3), rectangles, st.data())
def test_statuses_add_up_to_the_township_in_any_order(
    before: List[str], after: List[str], out: Any, new: Any, farm: Any, data: Any
) -> None:
    reclaim = [{**ACCEPTED, "shape": shape, "plot_id": f"R{n}"} for n, shape in enumerate(out)]
    newbuild = [{**BUILT, "shape": shape, "plot_id": f"N{n}"} for n, shape in enumerate(new)]
    rows = grid(before), grid(after)
    checked = check(*rows, reclaim=reclaim, newbuild=newbuild, farmland=[farm])
    found = by_status(checked)
    assert sum(round(100 * area) for area in found.values()) == 100 * SIDE * SIDE * 400
    order = data.draw(st.permutations(range(SIDE * SIDE)))
    again = check(shuffled(rows[0], order), shuffled(rows[1], order[::-1]), reclaim, newbuild, farmland=[farm])
    assert by_status(again) == pytest.approx(found, abs=0.05)
    assert set(by_status(again)) == set(found)


def test_pieces_are_the_land_itself() -> None:
    checked = check(
        grid(["0101"] * 25), grid(["0101"] * 12 + ["0601"] * 13), newbuild=[{**BUILT, "shape": (3, 3, 55, 77)}]
    )
    union = shapely.union_all(checked.geometry)
    assert union.equals(KIT.box(0, 0, 100, 100))
    assert np.isclose(shapely.area(checked.geometry).sum(), 10_000)
