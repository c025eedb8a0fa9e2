"""Occupation and supplement of cultivated land by hand: kinds, three measures, dates, villages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_worked_example import run as worked_example
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.balance import Balance, balance
from three_opt_three_protect.core.cultivatedlines import yearly
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.otherchanges import ChangeWords, OtherChanges, change_effects, read_other_changes
from three_opt_three_protect.core.rules import Profile, Rule
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile
from three_opt_three_protect.storage.words import load_words

SUZHOU, TERRITORIAL = load_profile("suzhou-2014"), load_profile("territorial-2021")
EAST, WEST = "320509100201", "320509100202"

# Two villages side by side; every strip is 100 m high, so that width × 100 is its area.
PARCELS = [
    {"shape": (0, 0, 40, 100), "class_code": "0101", "grade": 4, "unit_code": WEST},  # paddy 4 000
    {"shape": (40, 0, 60, 100), "class_code": "0103", "grade": 6, "unit_code": WEST},  # dry 2 000
    {"shape": (60, 0, 100, 100), "class_code": "0702", "unit_code": EAST},  # village 4 000
]
VILLAGE = {"shape": (60, 0, 80, 100), "plot_id": "R1", "rate": 1.0, "grade_new": 5, "paddy_rate": 0.75}


def changes(rows: Sequence[Mapping[str, Any]], profile: Profile = SUZHOU) -> Optional[OtherChanges]:
    """A table of other changes; what a row does not name is missing."""
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["change", "area"]
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name in ("area", "paddy", "grade", "grade_was", "year"):
            columns[name] = tables.real([np.nan if value is None else value for value in values])
        else:
            columns[name] = tables.text(values)
    table = LayerTable("其他变化", np.arange(1, len(rows) + 1), columns=columns)
    words = load_words()
    spelled = ChangeWords(words["change"], words["area_unit"], words["scale"])
    return read_other_changes(table, {name: name for name in columns}, spelled, profile)


def plan(
    kit: Any,
    reclaim: Sequence[Mapping[str, Any]] = (),
    newbuild: Sequence[Mapping[str, Any]] = (),
    other: Optional[Sequence[Mapping[str, Any]]] = None,
    profile: Profile = SUZHOU,
    as_of: str = "",
    parcels: Sequence[Mapping[str, Any]] = PARCELS,
) -> Balance:
    return balance(
        kit.base(parcels),
        kit.reclaim(reclaim),
        kit.newbuild(newbuild),
        profile,
        load_class_system("third_survey"),
        as_of=as_of,
        other=None if other is None else changes(other, profile),
    )


# Three measures


def test_three_balances_of_a_plan(kit: Any) -> None:
    held = plan(
        kit,
        [{**VILLAGE, "phase": 2015}],
        [{"shape": (30, 0, 45, 100), "use": "town", "phase": 2016}],
    )
    # won: 2 000 of grade 5 (1 100 kg/亩), 1 500 of it paddy; lost: 1 000 paddy of grade 4 (1 200), 500 dry of 6 (1 000)
    assert kit.value(held, "compensation_supplied_m2") == 2000
    assert kit.value(held, "compensation_occupied_m2") == 1500
    assert (kit.value(held, "paddy_supplied_m2"), kit.value(held, "paddy_occupied_m2")) == (1500, 1000)
    # 2 000 m² = 3 亩 × 1 100; 1.5 亩 × 1 200 + 0.75 亩 × 1 000
    assert (kit.value(held, "productivity_supplied_kg"), kit.value(held, "productivity_occupied_kg")) == (3300, 2550)
    assert [kit.verdict(held, f"{name}_compensated").margin for name in ("occupation", "paddy", "productivity")] == [
        500,
        500,
        750,
    ]
    assert kit.value(held, "paddy_first_margin_m2") == 500
    assert kit.value(held, "productivity_first_margin_kg") == 750
    assert kit.verdict(held, "productivity_first").result == "pass"


def test_bands_add_up_to_the_cultivated_land(kit: Any) -> None:
    parcels = [*PARCELS, {"shape": (100, 0, 110, 100), "class_code": "0102", "unit_code": EAST}]
    held = plan(kit, [{**VILLAGE, "phase": 2015}], [{"shape": (30, 0, 45, 100), "use": "town"}], parcels=parcels)
    bands = ("excellent", "high", "medium", "low", "ungraded")
    assert [kit.value(held, f"cultivated_{band}_m2") for band in bands] == [4000, 2000, 0, 0, 1000]
    assert [kit.value(held, f"occupied_{band}_m2") for band in bands] == [1000, 500, 0, 0, 0]
    assert [kit.value(held, f"supplied_{band}_m2") for band in bands] == [0, 2000, 0, 0, 0]
    assert kit.value(held, "cultivated_base_m2") == 7000


def test_paddy_that_is_not_stated_is_not_known(kit: Any) -> None:
    silent = {key: value for key, value in VILLAGE.items() if key != "paddy_rate"}
    held = plan(kit, [{**silent, "phase": 2015}])
    assert kit.value(held, "paddy_supplied_m2") is None
    assert kit.verdict(held, "paddy_compensated").result == "unknown"
    assert kit.verdict(held, "paddy_compensated").missing == ("paddy_supplied_m2",)
    # cultivated land that is only kept stays what it is, and a wood has none
    for plot in ({"shape": (0, 0, 10, 100), "rate": 1.0}, {"shape": (60, 0, 80, 100), "direction": "forest"}):
        assert kit.value(plan(kit, [{**plot, "phase": 2015}]), "paddy_supplied_m2") == 0


@pytest.mark.parametrize(("stated", "counts", "said"), [(800.0, 800, False), (2600.0, 2000, True), (1e20, 2000, True)])
def test_paddy_in_square_metres_is_at_most_the_cultivated_land(
    kit: Any, stated: float, counts: float, said: bool
) -> None:
    held = plan(kit, [{**VILLAGE, "paddy_m2": stated, "phase": 2015}])
    assert kit.value(held, "paddy_supplied_m2") == counts
    assert ("paddy_beyond_plot" in kit.findings(held)) == said
    if said:
        assert kit.findings(held)["paddy_beyond_plot"]["area"] == pytest.approx(stated - 2000)


def test_reclaimed_paddy_that_is_built_on_is_lost(kit: Any) -> None:
    held = plan(
        kit,
        [{**VILLAGE, "acc_date": "2015-06-30"}],
        [{"shape": (60, 0, 70, 100), "use": "town", "use_date": "2016-06-30"}],
    )
    # half of the plot: 750 of its 1 500 paddy, 1.5 亩 of grade 5
    assert (kit.value(held, "paddy_supplied_m2"), kit.value(held, "paddy_occupied_m2")) == (1500, 750)
    assert kit.value(held, "productivity_occupied_kg") == 1650


def test_inferred_grades_warn_and_one_worse_is_shown(kit: Any) -> None:
    plot = {key: value for key, value in VILLAGE.items() if key != "grade_new"}
    held = plan(kit, [{**plot, "phase": 2015}])
    # around it 4 000 of grade 4 and 2 000 of grade 6: 14/3; 3 亩 × (1 600 − 1 400/3)
    assert kit.value(held, "productivity_supplied_kg") == 3400
    assert kit.value(held, "productivity_supplied_worse_kg") == 3100
    assert kit.value(held, "grade_supplement") == 4.6667
    assert kit.value(held, "grade_supplement_worse") == 5.6667
    # (28 000 + 28 000/3) / 8 000 and with 17/3
    assert kit.value(held, "grade_after") == 4.6667
    assert kit.value(held, "grade_after_worse") == 4.9167
    assert kit.verdict(held, "productivity_compensated").result == "warn"


def test_no_grades_at_all_are_unknown(kit: Any) -> None:
    parcels = [{key: value for key, value in row.items() if key != "grade"} for row in PARCELS]
    held = plan(kit, [{**VILLAGE, "phase": 2015}], [{"shape": (0, 0, 10, 100), "use": "town"}], parcels=parcels)
    lines = ("productivity_supplied_kg", "productivity_occupied_kg", "grade_after_worse", "cultivated_excellent_m2")
    assert [kit.value(held, line) for line in lines] == [None] * 4
    assert kit.verdict(held, "productivity_compensated").result == "unknown"
    # quantity and paddy do not ask for grades
    assert kit.verdict(held, "paddy_compensated").margin == 500


@pytest.mark.parametrize(
    ("grade", "scale", "error"),
    [
        (16, None, "grade_out_of_scale"),
        (0.5, None, "grade_out_of_scale"),
        (-1, None, "grade_out_of_scale"),
        (5, "gbt33469-10", "grade_scale_mixed"),
        (5, "national-15", None),
        (0, None, None),
    ],
)
def test_scales_are_never_mixed(kit: Any, grade: float, scale: Optional[str], error: Optional[str]) -> None:
    plots = [{**VILLAGE, "grade_new": grade, "scale": scale, "phase": 2015}]
    if error is None:
        assert kit.value(plan(kit, plots), "grade_base") == 4.6667
        return
    with pytest.raises(InputError, match=error) as caught:
        plan(kit, plots)
    assert (caught.value.values["layer"], caught.value.values["features"]) == ("拆旧地块", "1")


def test_a_survey_on_another_scale_is_refused(kit: Any) -> None:
    with pytest.raises(InputError, match="grade_out_of_scale") as caught:
        plan(kit, parcels=[{**PARCELS[0], "grade": 16}, *PARCELS[1:]])
    assert caught.value.values["scale"] == "national-15"
    ten = replace(SUZHOU.settings["grade_scale"], value="gbt33469-10")
    with pytest.raises(InputError, match="grade_out_of_scale"):
        plan(
            kit,
            [{**VILLAGE, "grade_new": 11}],
            profile=replace(SUZHOU, settings={**SUZHOU.settings, "grade_scale": ten}),
        )


# All kinds


ROWS = [
    {"change": "非农建设", "area": 0.02, "unit": "公顷", "year": 2016, "unit_code": WEST, "paddy": 0.01, "grade": 4},
    {"change": "设施农用地", "area": 0.6, "unit": "亩", "year": 2016, "unit_code": EAST, "paddy": 0.0, "grade": 6},
    {"change": "灾毁", "area": 50, "unit": "m2", "year": 2017, "paddy": 50, "grade": 4},
    {"change": "整理", "area": 300, "unit": "m2", "year": 2016, "unit_code": WEST, "paddy": 0.0, "grade": 8},
    {
        "change": "恢复",
        "area": 100,
        "unit": "m2",
        "chg_date": "2018年5月1日",
        "unit_code": EAST,
        "paddy": 0,
        "grade": 7,
    },
    {
        "change": "提质改造",
        "area": 600,
        "unit": "m2",
        "year": 2017,
        "unit_code": WEST,
        "paddy": 600,
        "grade": 4,
        "grade_was": 6,
    },
]


def test_kinds_by_hand(kit: Any) -> None:
    held = plan(
        kit,
        [{**VILLAGE, "phase": 2015}],
        [
            {"shape": (30, 0, 40, 100), "use": "town", "phase": 2016},
            {"shape": (40, 0, 45, 100), "use": "infrastructure", "cls_after": "1006", "phase": 2016},
        ],
        ROWS,
    )
    expected = {
        "occupied_construction_m2": 1200.0,  # 1 000 of the plot, 200 of the table
        "occupied_facility_m2": 400.0,  # 0.6 亩
        "occupied_rural_road_m2": 500.0,
        "occupied_disaster_m2": 50.0,
        "occupied_pond_m2": 0.0,
        "occupied_all_m2": 2150.0,
        "supplied_reclamation_m2": 2000.0,
        "supplied_consolidation_m2": 300.0,
        "supplied_restoration_m2": 100.0,
        "supplied_development_m2": 0.0,
        "supplied_upgrade_m2": 0.0,
        "supplied_all_m2": 2400.0,
        "other_change_m2": -250.0,  # 300 + 100 − 200 − 400 − 50
        "turned_in_m2": 100.0,
        "turned_out_m2": 950.0,
        "compensation_supplied_m2": 2300.0,
        "compensation_occupied_m2": 1200.0,
        # 1 000 by the plot and 100 by the table; 1 500 reclaimed, 600 upgraded
        "paddy_occupied_m2": 1100.0,
        "paddy_supplied_m2": 2100.0,
        "supplied_all_paddy_m2": 2100.0,
        "occupied_all_paddy_m2": 1150.0,
        # 3 亩 × 1 100, 0.45 × 800, 0.9 × (1 200 − 1 000)
        "productivity_supplied_kg": 3840.0,
        "productivity_occupied_kg": 2160.0,  # 1.8 亩 × 1 200
        "supplied_all_kg": 3975.0,  # and 0.15 × 900
        "occupied_all_kg": 3600.0,  # and 0.6 × 1 000, 0.75 × 1 000, 0.075 × 1 200
        # 6 000 + 2 000 − 1 500 − 250
        "cultivated_after_m2": 6250.0,
    }
    assert {line: kit.value(held, line) for line in expected} == expected
    # the loss of no village stands in the township alone
    assert [kit.value(held, "occupied_all_m2", unit) for unit in (WEST, EAST)] == [1700, 400]
    assert [kit.value(held, "other_change_m2", unit) for unit in (WEST, EAST)] == [100, -300]
    assert kit.value(held, "cultivated_after_m2", WEST) == 6000 - 1500 + 100


def test_not_stated_is_not_known(kit: Any) -> None:
    plots = [{**VILLAGE, "phase": 2021}], [{"shape": (30, 0, 40, 100), "use": "town", "phase": 2021}]
    for rows in (None, []):
        held = plan(kit, *plots, other=rows, profile=TERRITORIAL)
        lines = ("occupied_all_m2", "occupied_pond_m2", "supplied_all_m2", "turned_in_m2", "other_change_m2")
        assert [kit.value(held, line) for line in lines] == [None] * 5
        assert [kit.value(held, line, EAST) for line in lines] == [None] * 5
        assert kit.value(held, "all_first_margin_m2") is None
        for rule in ("all_occupation_compensated", "in_out_balance", "all_occupation_first"):
            assert kit.verdict(held, rule).result == "unknown"
            assert "other_changes" in kit.verdict(held, rule).missing
        assert not held.balanced
        # the plots' own account stays what it was
        assert kit.verdict(held, "occupation_compensated").margin == 1000
    none = plan(kit, *plots, other=[{"change": "灾毁", "area": 0.0, "unit": "m2", "year": 2022}], profile=TERRITORIAL)
    assert [kit.value(none, line) for line in lines] == [1000, 0, 2000, 0, 0]
    assert kit.verdict(none, "in_out_balance").result == "pass"


def test_an_area_that_is_not_stated_makes_its_sums_unknown(kit: Any) -> None:
    rows = [{"change": "造林", "year": 2016}, {"change": "挖塘", "area": 100.0, "year": 2016}]
    held = plan(kit, other=rows)
    lines = ("occupied_afforestation_m2", "occupied_pond_m2", "occupied_all_m2", "cultivated_after_m2")
    assert [kit.value(held, line) for line in lines] == [None, 100, None, None]
    # 占补 of construction does not ask for them
    assert kit.value(held, "compensation_occupied_m2") == 0


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"change": "种树"}, "unknown_word"),
        ({"change": None}, "change_kind_missing"),
        ({"unit": None}, "change_unit_missing"),
        ({"unit": "顷"}, "unknown_word"),
        ({"area": -1.0}, "amount_out_of_range"),
        ({"area": np.inf}, "amount_out_of_range"),
        ({"area": 1e14, "unit": "公顷"}, "amount_out_of_range"),
        ({"paddy": 101.0}, "paddy_exceeds_area"),
        ({"year": 2013}, "change_outside_plan"),
        ({"year": 2021}, "change_outside_plan"),
        ({"year": 3}, "no_year"),
        ({"year": 2016.5}, "no_year"),
        ({"chg_date": "去年"}, "no_date"),
        ({"chg_date": "2013-12-31"}, "change_outside_plan"),
        ({"grade": 16}, "grade_out_of_scale"),
        ({"grade_was": 16}, "grade_out_of_scale"),
        ({"grade": 4, "scale": "耕地质量等级"}, "grade_scale_mixed"),
    ],
)
def test_what_a_row_may_not_say(row: Dict[str, Any], error: str) -> None:
    good = {"change": "整理", "area": 100.0, "unit": "m2", "year": 2016}
    with pytest.raises(InputError, match=error) as caught:
        changes([good, {**good, **row}])
    assert caught.value.values["layer"] == "其他变化"
    assert str(caught.value.values["features"]) == "2"


def test_fields_that_must_be_there() -> None:
    for lacking in ("change", "area"):
        row = {"change": "整理", "area": 100.0}
        del row[lacking]
        with pytest.raises(InputError, match="field_needed"):
            changes([row])


def test_a_village_that_is_none(kit: Any) -> None:
    row = {"change": "整理", "area": 100.0, "year": 2016}
    with pytest.raises(InputError, match="change_in_no_village") as caught:
        plan(kit, other=[{**row, "unit_code": "320509100999"}])
    assert caught.value.values["code"] == "320509100999"
    # the township's own code is no village
    assert kit.value(plan(kit, other=[{**row, "unit_code": "320509100"}]), "supplied_all_m2") == 100


# Dates


def test_the_worked_example_under_both_profiles() -> None:
    """00-supplement 1.11: F 8 600; Z 6 800, of which construction 6 000."""
    for profile in ("suzhou-2014", "territorial-2021"):
        verdicts = {one.rule: one for one in worked_example(profile).verdicts}
        # the events of 2016 and 2017 are judged by the rule of their date
        assert verdicts["occupation_compensated"].margin == 2600
        assert (verdicts["occupation_compensated"].left, verdicts["occupation_compensated"].right) == (8600, 6000)
    assert verdicts["all_occupation_compensated"].result == "unknown"
    assert "all_occupation_compensated" not in {one.rule for one in worked_example("suzhou-2014").verdicts}


def both_years(kit: Any, **more: Any) -> Balance:
    """1 000 reclaimed in 2024 and in 2025 each; 400 built on and a lane of 800 in 2024, 300 and 900 in 2025."""
    return plan(
        kit,
        [
            {**VILLAGE, "shape": (60, 0, 70, 100), "acc_date": "2024-12-31"},
            {**VILLAGE, "shape": (70, 0, 80, 100), "plot_id": "R2", "acc_date": "2025-01-01"},
        ],
        [
            {"shape": (0, 0, 4, 100), "use": "town", "use_date": "2024-12-31"},
            {"shape": (4, 0, 12, 100), "use": "infrastructure", "cls_after": "1006", "use_date": "2024-06-30"},
            {"shape": (12, 0, 15, 100), "use": "town", "use_date": "2025-01-01"},
            {"shape": (15, 0, 24, 100), "use": "infrastructure", "cls_after": "1006", "use_date": "2025-06-30"},
        ],
        profile=TERRITORIAL,
        **more,
    )


NONE_OTHER = [{"change": "灾毁", "area": 0.0, "unit": "m2", "year": 2024}]


def test_an_event_is_judged_by_the_rule_of_its_date(kit: Any) -> None:
    held = both_years(kit, other=NONE_OTHER)
    old, new = kit.verdict(held, "occupation_compensated"), kit.verdict(held, "all_occupation_compensated")
    assert (old.left, old.right, old.result) == (1000, 400, "pass")
    assert (new.left, new.right, new.result) == (1000, 1200, "fail")
    moved = kit.verdict(held, "in_out_balance")
    assert (moved.left, moved.right, moved.result) == (0, 800, "fail")
    # the whole plan stays in the accounts
    assert (kit.value(held, "supplied_all_m2"), kit.value(held, "occupied_all_m2")) == (2000, 2400)


def test_as_of_a_day_the_rules_of_the_past_still_judge_the_past(kit: Any) -> None:
    early = both_years(kit, other=NONE_OTHER, as_of="2024-12-31")
    assert kit.verdict(early, "occupation_compensated").margin == 600
    assert "all_occupation_compensated" not in {one.rule for one in early.verdicts}
    late = both_years(kit, other=NONE_OTHER, as_of="2025-01-01")
    assert kit.verdict(late, "occupation_compensated").margin == 600
    # the lane of June has not come yet
    assert kit.verdict(late, "all_occupation_compensated").margin == 700


def test_an_event_without_a_date_may_lie_in_any_period(kit: Any) -> None:
    held = plan(kit, [{**VILLAGE}], [{"shape": (0, 0, 4, 100), "use": "town"}], NONE_OTHER, TERRITORIAL)
    assert kit.verdict(held, "occupation_compensated").result == "unknown"
    missing = ("compensation_supplied_m2", "compensation_occupied_m2")
    assert kit.verdict(held, "occupation_compensated").missing == missing
    # a rule without dates does not ask
    assert kit.verdict(held, "cultivated_not_decreased").margin == 1600
    # one that takes nothing has nothing to date
    idle = plan(kit, [{**VILLAGE, "direction": "forest"}], other=NONE_OTHER, profile=TERRITORIAL)
    assert kit.verdict(idle, "occupation_compensated").result == "pass"


def test_any_line_of_events_can_be_dated(kit: Any) -> None:
    names = ("reclaimed_m2", "added_m2", "grade_occupied", "construction_after_m2", "cultivated_first_margin_m2")
    rules = [
        Rule(
            f"{name} {year}",
            {name: 1.0},
            {"constant": 0.0},
            "m2",
            "b",
            "text",
            start=f"{year}-01-01",
            end=f"{year}-12-31",
        )
        for name in names
        for year in (2024, 2025)
    ]
    held = plan_of(kit, replace(TERRITORIAL, rules=tuple(rules)))
    left = {verdict.rule: verdict.left for verdict in held.verdicts}
    assert [left[f"reclaimed_m2 {year}"] for year in (2024, 2025)] == [1000, 1000]
    assert [left[f"added_m2 {year}"] for year in (2024, 2025)] == [400, 500]
    # 400 of grade 4 in 2024; 200 of 4 and 300 of 6 in 2025
    assert [left[f"grade_occupied {year}"] for year in (2024, 2025)] == [4.0, 5.2]
    # a state of the land is the plan's
    assert [left[f"construction_after_m2 {year}"] for year in (2024, 2025)] == [2900, 2900]
    assert [left[f"cultivated_first_margin_m2 {year}"] for year in (2024, 2025)] == [600, 500]


def plan_of(kit: Any, profile: Profile) -> Balance:
    return plan(
        kit,
        [
            {**VILLAGE, "shape": (60, 0, 70, 100), "acc_date": "2024-06-30"},
            {**VILLAGE, "shape": (70, 0, 80, 100), "plot_id": "R2", "acc_date": "2025-06-30"},
        ],
        [
            {"shape": (0, 0, 4, 100), "use": "town", "use_date": "2024-12-31"},
            {"shape": (38, 0, 43, 100), "use": "town", "use_date": "2025-12-31"},
        ],
        profile=profile,
    )


def test_years_are_counted_by_the_rules_of_their_date(kit: Any) -> None:
    held = both_years(kit, other=NONE_OTHER)
    rows = [(one.year, one.supplied, one.occupied, one.rest) for one in yearly(held.cultivated, "quantity")]
    # in 2024 the lane is no matter of 占补, in 2025 it is
    assert rows == [(2024, 1000_00, 400_00, 600_00), (2025, 1000_00, 1200_00, 400_00)]
    assert (kit.value(held, "quantity_occupied_2025"), kit.value(held, "quantity_rest_2025")) == (1200, 400)
    unknown = both_years(kit)
    assert kit.value(unknown, "quantity_rest_2024") == 600
    assert kit.value(unknown, "quantity_rest_2025") is None


def test_a_year_without_plots_is_not_known_either(kit: Any) -> None:
    out = [{**VILLAGE, "phase": 2024}]
    new = [{"shape": (0, 0, 4, 100), "use": "town", "phase": 2026}]
    silent = plan(kit, out, new, profile=TERRITORIAL)
    years = (2024, 2025, 2026)
    assert [kit.value(silent, f"quantity_rest_{year}") for year in years] == [2000, None, None]
    assert [kit.value(silent, f"quantity_occupied_{year}") for year in years] == [0, None, None]
    said = plan(kit, out, new, NONE_OTHER, TERRITORIAL)
    assert [kit.value(said, f"quantity_rest_{year}") for year in years] == [2000, 2000, 1600]


def test_all_kinds_without_any_date_of_the_rule(kit: Any) -> None:
    """A profile whose rule of all kinds is always in force counts what has no date too."""
    rule = next(one for one in TERRITORIAL.rules if one.id == "all_occupation_compensated")
    always = replace(TERRITORIAL, rules=(replace(rule, start=""),))
    held = plan(kit, other=[{"change": "挖塘", "area": 100.0}], profile=always)
    assert held.cultivated.counted.tolist() == [True]


def test_a_row_without_a_date_may_have_happened_by_a_day(kit: Any) -> None:
    rows = [{"change": "挖塘", "area": 100.0}, {"change": "造林", "area": 50.0, "year": 2016}]
    assert kit.value(plan(kit, other=rows), "occupied_all_m2") == 150
    lines = ("occupied_pond_m2", "occupied_afforestation_m2", "occupied_all_m2", "cultivated_after_m2")
    by_2016 = plan(kit, other=rows, as_of="2016-12-31")
    assert [kit.value(by_2016, line) for line in lines] == [None, 50, None, None]
    by_2015 = plan(kit, other=rows, as_of="2015-12-31")
    assert [kit.value(by_2015, line) for line in lines] == [None, 0, None, None]
    # what has no area has no date to miss
    assert kit.value(plan(kit, other=[{**rows[0], "area": 0.0}], as_of="2015-12-31"), "occupied_all_m2") == 0


# Of any plan

KINDS = list(change_effects(TERRITORIAL))
plots = st.lists(st.tuples(st.integers(0, 7), st.sampled_from([None, 2021, 2024, 2025, 2026])), max_size=4)
rows_of_changes = st.lists(
    st.fixed_dictionaries(
        {
            "change": st.sampled_from(KINDS),
            "area": st.integers(0, 30000).map(lambda cents: cents / 100),
            "unit_code": st.sampled_from([None, EAST, WEST]),
            "year": st.sampled_from([None, 2021, 2024, 2025, 2026]),
            "paddy": st.just(0.0),
            "grade": st.sampled_from([4.0, 5.5, 9.0]),
            "grade_was": st.just(10.0),
        }
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(plots, plots, rows_of_changes)
def test_identities(kit: Any, out: List[Any], new: List[Any], other: List[Dict[str, Any]]) -> None:
    held = plan(
        kit,
        [
            {"shape": (60 + 5 * at, 0, 65 + 5 * at, 100), "rate": 0.5, "grade_new": 5, "paddy_rate": 0.5, "phase": year}
            for at, year in dict(out).items()
        ],
        [
            {"shape": (5 * at, 0, 5 * at + 5, 100), "use": "infrastructure", "cls_after": code, "phase": year}
            for (at, year), code in zip(dict(new).items(), ("0601", "1006", "1202", "0301"))
        ],
        other,
        TERRITORIAL,
    )

    def value(line: str, unit: str = "") -> float:
        found = kit.value(held, line, unit)
        assert found is not None, line
        return float(found)

    gain, loss, more = value("cultivated_gain_m2"), value("cultivated_loss_m2"), value("other_change_m2")
    assert value("cultivated_after_m2") == pytest.approx(6000 + gain - loss + more, abs=0.001)
    assert value("supplied_all_m2") - value("occupied_all_m2") == pytest.approx(gain - loss + more, abs=0.001)
    for side in ("occupied", "supplied"):
        kinds = [kind for kind in KINDS if kit.value(held, f"{side}_{kind}_m2") is not None]
        assert sum(value(f"{side}_{kind}_m2") for kind in kinds) == pytest.approx(value(f"{side}_all_m2"), abs=0.001)
    nowhere = [row for row in other if row["unit_code"] is None]
    for line in ("supplied_all_m2", "occupied_all_m2", "supplied_all_kg", "occupied_all_kg"):
        if not nowhere:
            assert sum(value(line, unit) for unit in (EAST, WEST)) == pytest.approx(value(line), abs=0.001)
    # each event lies in one of the periods, or has no date and then none is known
    parts = [held.cultivated.events.during(period) for period in (("", "2024-12-31"), ("2025-01-01", ""))]
    for measure, whole in held.cultivated.events.amounts.items():
        halves = [part.amounts[measure] for part in parts]
        undated = np.isnat(held.cultivated.events.day) & (whole != 0)
        assert np.isnan(halves[0]).tolist() == np.isnan(halves[1]).tolist() == undated.tolist()
        assert (halves[0] + halves[1])[~undated].tolist() == whole[~undated].tolist()
