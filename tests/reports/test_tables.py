"""Printed tables: hand-worked figures, and the identities between them in every unit."""

from __future__ import annotations

from typing import Dict, List

import pytest

from tests.core.conftest import Kit
from tests.reports.conftest import PROFILE, SYSTEM, printed, sample, words_of
from three_opt_three_protect.core.balance import Balance, balance
from three_opt_three_protect.core.base import Lines, base_state
from three_opt_three_protect.core.parcels import read_parcels
from three_opt_three_protect.core.plotreport import plot_report
from three_opt_three_protect.reports.quota import printed_totals
from three_opt_three_protect.reports.structure import structure
from three_opt_three_protect.reports.table import Cell, Table
from three_opt_three_protect.reports.tables import (
    AreaUnit,
    Labels,
    class_table,
    finding_table,
    line_table,
    quota_table,
    reclaim_table,
    report_classes,
    report_lines,
    verdict_table,
)
from three_opt_three_protect.storage.catalogue import load_class_system


def cents(cell: Cell, table: Table, key: str) -> int:
    """A cell in its last printed digits: sums of those are exact."""
    decimals = table.columns[table.index(key)].decimals or 0
    return 0 if cell is None else round(float(cell) * 10**decimals)


def column(table: Table, key: str) -> List[int]:
    return [cents(cell, table, key) for cell in table.values(key)]


def total(table: Table, key: str) -> int:
    return cents(table.total(key), table, key)


def line(table: Table, key: str, name: str, of: str) -> Cell:
    row = next(row for row in table.rows if row.cells[table.index(key)] == name)
    return row.cells[table.index(of)]


def test_worked_example_reclaim_plots(example: Balance) -> None:
    table = printed(example, AreaUnit.HA)["T5"]
    expected: Dict[str, List[float]] = {
        "area": [1.0, 0.3],
        "area_mu": [15.0, 4.5],
        "built": [0.82, 0.3],
        "other": [0.18, 0.0],
        "reclaimed": [0.82, 0.3],
        "cultivated": [0.9, 0.0],
        "agricultural": [0.1, 0.3],
        "gain": [0.86, 0.0],
    }
    assert {key: table.values(key) for key in expected} == expected
    assert table.values("classes") == ["农村宅基地等4类", "农村宅基地"]
    assert table.total("gain") == 0.86


def test_worked_example_newbuild_plots(example: Balance) -> None:
    table = printed(example, AreaUnit.HA)["T6"]
    expected = {
        "area": [0.6, 0.2, 0.08],
        "cultivated": [0.4, 0.2, 0.08],  # N2 stands on land that is cultivated at its date
        "agricultural": [0.05, 0.0, 0.0],
        "stock": [0.12, 0.0, 0.0],
        "unused": [0.03, 0.0, 0.0],
        "added": [0.48, 0.2, 0.0],
    }
    assert {key: table.values(key) for key in expected} == expected
    assert table.values("remark") == [None, "占用已验收复垦地块", None]
    assert table.values("class_after") == ["工业用地", "工业用地", "农村道路"]


def test_worked_example_structure(example: Balance) -> None:
    table = printed(example, AreaUnit.HA)["T2"]
    assert line(table, "name", "耕地", "base") == 0.52
    assert line(table, "name", "耕地", "after") == 0.70
    assert line(table, "name", "工矿用地", "change") == 0.68
    assert line(table, "name", "住宅用地", "after") == 0.0
    assert line(table, "group", "合计", "base") == line(table, "group", "合计", "after") == 1.98
    # 5 200 of 19 800 m²
    assert line(table, "name", "耕地", "base_share") == 26.26


def test_structure_agrees_with_the_accounts(plan: Balance) -> None:
    found = structure(plan, SYSTEM, PROFILE)
    total_units = int(plan.base.area.sum())
    assert sum(found.survey.values()) == sum(found.base.values()) == sum(found.after.values()) == total_units
    assert min(found.after.values()) >= 0
    for tally, account in ((found.base, "base"), (found.after, "after")):
        built = sum(amount for (group, _), amount in tally.items() if group == 2)
        arable = sum(amount for (_, code), amount in tally.items() if code in ("0101", "0102", "0103"))
        for line, amount in ((f"construction_{account}_m2", built), (f"cultivated_{account}_m2", arable)):
            value = plan.accounts.value(line)
            # The synthetic plan has a parcel of an unknown class: its totals are not known to the accounts.
            assert value == (pytest.approx(amount / 100, abs=1e-9) if (0, "9999") not in tally else None)


def test_trunk_roads_stay_in_every_table() -> None:
    kit = Kit()
    held = kit.plan(
        [{"shape": (0, 0, 80, 100), "class_code": "0702"}, {"shape": (80, 0, 100, 100), "class_code": "1003"}],
        [{"plot_id": "R1", "shape": (0, 0, 100, 100), "rate": 1.0, "acc_date": "2016-01-01"}],
        [{"plot_id": "N1", "shape": (60, 0, 100, 100), "use": "town", "use_date": "2017-01-01"}],
    )
    after = structure(held, SYSTEM, PROFILE).after
    built = sum(amount for (group, _), amount in after.items() if group == 2)
    # the road, and the town on former village
    assert built / 100 == held.accounts.value("construction_after_m2") == 4000
    found = printed(held, AreaUnit.HA)
    ends = {key: found["T5"].values(key) for key in ("cultivated", "agricultural", "unused", "kept", "reclaimed")}
    assert ends == {"cultivated": [0.8], "agricultural": [0.0], "unused": [0.0], "kept": [0.2], "reclaimed": [0.8]}
    taken = {key: found["T6"].values(key) for key in ("cultivated", "agricultural", "stock", "added")}
    assert taken == {"cultivated": [0.2], "agricultural": [0.0], "stock": [0.2], "added": [0.2]}


def test_reclaimed_land_is_no_construction_land_in_a_classification_without_the_default_classes() -> None:
    kit, system = Kit(), load_class_system("second_survey")
    table = kit.layer("DLTB", [{"shape": (0, 0, 100, 100), "class_code": "203"}])
    base = base_state(read_parcels(table, kit.same(table), system), Lines(), kit.spec)
    reclaim = kit.reclaim([{"shape": (0, 0, 60, 100), "rate": 0.5, "phase": 2016}])
    held = balance(base, reclaim, kit.newbuild([]), PROFILE, system)
    after = structure(held, system, PROFILE).after
    assert after == {(2, "203"): 4000_00, (1, "<undecided>"): 6000_00}
    assert held.accounts.value("construction_after_m2") == 4000


def test_structure_sums_close(plan: Balance, unit: AreaUnit) -> None:
    table = printed(plan, unit)["T2"]
    for key in ("survey", "base", "after"):
        assert sum(column(table, key)) == total(table, key) == unit.survey_steps(int(plan.base.area.sum()))
    for key in ("base_share", "after_share"):
        assert sum(column(table, key)) == total(table, key) == 100_00
    assert total(table, "change") == 0


def test_a_class_that_does_not_change_shows_no_change(unit: AreaUnit) -> None:
    balance = sample()
    found = structure(balance, SYSTEM, PROFILE)
    table = printed(balance, unit)["T2"]
    still = 0
    for codes, change in zip(table.values("codes"), table.values("change")):
        keys = [key for key in found.base if key[1] in str(codes).split("、")]
        if keys and all(found.base[key] == found.after[key] for key in keys):
            still += 1
            assert change == 0
    assert still > 0


def test_ridges_approved_and_unknown_land_have_their_rows(odd: Balance) -> None:
    found = structure(odd, SYSTEM, PROFILE)
    deducted = int((odd.base.area - odd.base.net).sum())
    assert deducted > 0
    assert found.survey[(1, "1203")] == deducted
    approved = int(odd.base.area[odd.base.base_reason == "approved_unbuilt"].sum())
    assert approved > 0
    assert found.base[(2, "<approved_unbuilt>")] == approved
    assert (2, "<approved_unbuilt>") not in found.survey
    table = printed(odd, AreaUnit.M2)["T2"]
    assert line(table, "name", "批准未建设土地", "survey") == 0
    assert line(table, "name", "编码未知", "survey") == pytest.approx(found.survey[(0, "9999")] / 100)


def test_a_reclaim_plot_is_divided_completely(plan: Balance, unit: AreaUnit) -> None:
    table = printed(plan, unit)["T5"]
    area = column(table, "area")
    assert [sum(parts) for parts in zip(*(column(table, key) for key in ("built", "other")))] == area
    ends = [column(table, key) for key in ("cultivated", "agricultural", "unused", "kept")]
    assert [sum(parts) for parts in zip(*ends)] == area


def test_a_newbuild_plot_is_divided_completely(plan: Balance, unit: AreaUnit) -> None:
    table = printed(plan, unit)["T6"]
    keys = {"cultivated", "agricultural", "stock", "unused", "unknown"} & {entry.key for entry in table.columns}
    assert [sum(parts) for parts in zip(*(column(table, key) for key in keys))] == column(table, "area")
    sides = [column(table, key) for key in ("inside", "outside")]
    assert [sum(parts) for parts in zip(*sides)] == column(table, "area")


def test_totals_are_the_same_in_every_table(plan: Balance, unit: AreaUnit) -> None:
    found = printed(plan, unit)
    t5, t6, t8 = found["T5"], found["T6"], found["T8"]
    assert total(t8, "reclaim_area") == total(t5, "area") == sum(column(t5, "area"))
    for key, t5_key in (("reclaimed", "reclaimed"), ("reclaimed_cultivated", "cultivated"), ("gain", "gain")):
        assert total(t8, key) == total(t5, t5_key) == sum(column(t8, key))
    assert total(t8, "used") == total(t6, "added")
    assert total(t8, "used") == sum(total(t8, key) for key in ("linked", "annual_plan", "provincial", "stock_source"))
    assert total(t8, "loss") == total(t6, "cultivated")
    assert total(t8, "net_reduction") == total(t5, "reclaimed") - total(t6, "added")
    both = total(t5, "area") + total(t6, "area")
    assert total(found["T19"], "area") == total(found["T20"], "area") == both


def test_a_plot_reads_the_same_in_every_table(plan: Balance, unit: AreaUnit) -> None:
    found = printed(plan, unit)
    plots = {
        name: area
        for number in ("T5", "T6")
        for name, area in zip(found[number].values("plot_id"), column(found[number], "area"))
    }
    by_class: Dict[Cell, int] = {}
    for name, area in zip(found["T19"].values("plot_id"), column(found["T19"], "area")):
        by_class[name] = by_class.get(name, 0) + area
    assert by_class == plots
    assert dict(zip(found["T20"].values("plot_id"), column(found["T20"], "area"))) == plots
    t6_farm = dict(zip(found["T6"].values("plot_id"), column(found["T6"], "farmland")))
    t20_farm = dict(zip(found["T20"].values("plot_id"), column(found["T20"], "farmland")))
    assert {name: t20_farm[name] for name in t6_farm} == t6_farm


@pytest.mark.parametrize(
    ("number", "key", "account"),
    [
        ("T5", "reclaimed", "reclaimed_m2"),
        ("T5", "other", "not_counted_m2"),
        ("T5", "gain", "cultivated_gain_m2"),
        ("T6", "added", "added_m2"),
        ("T6", "cultivated", "cultivated_loss_m2"),
        ("T6", "stock", "stock_m2"),
        ("T6", "farmland", "newbuild_farmland_m2"),
        ("T8", "linked", "added_linked_m2"),
        ("T8", "annual_plan", "added_annual_plan_m2"),
        ("T8", "resettlement", "added_resettlement_m2"),
        ("T8", "net_reduction", "net_reduction_m2"),
        ("T8", "net_gain", "cultivated_net_gain_m2"),
    ],
)
def test_square_metres_are_those_of_the_accounts(plan: Balance, number: str, key: str, account: str) -> None:
    assert total(printed(plan, AreaUnit.M2)[number], key) == round(plan.accounts.value(account) * 100)


def test_villages_in_t8_are_those_of_the_accounts(odd: Balance) -> None:
    table = quota_table(odd, PROFILE, words_of("zh"), AreaUnit.M2, Labels({"320507100001": "东村"}))
    assert table.values("unit") == ["东村", "320507100002"]
    for row, code in zip(table.rows, ("320507100001", "320507100002")):
        assert row.cells[table.index("reclaimed")] == odd.accounts.value("reclaimed_m2", code)
        assert row.cells[table.index("used")] == odd.accounts.value("added_m2", code)


def test_what_is_not_known_is_empty_and_said(odd: Balance) -> None:
    found = printed(odd, AreaUnit.HA)
    assert set(found["T6"].values("redline1")) == {None}
    assert found["T6"].total("redline1") is None
    assert any("生态保护红线" in note for note in found["T6"].notes)
    assert set(found["T20"].values("redline2_share")) == {None}
    assert found["T5"].values("cost") == [12.35, None, 0.5]


def test_plots_of_a_report_match_those_of_the_plan(example: Balance) -> None:
    shapes = example.newbuild.repaired.geometry
    report = plot_report(example.base, shapes)
    ids = [str(plot) for plot in example.newbuild.plot_id]
    classes = class_table(report_classes(report, ids, AreaUnit.HA), SYSTEM, words_of("zh"), AreaUnit.HA)
    plan = printed(example, AreaUnit.HA)["T19"]
    keys = ("plot_id", "code", "area", "cultivated", "paddy", "farmland")
    of_plan = [row for row in zip(*(plan.values(key) for key in keys)) if row[0] in ids]
    assert list(zip(*(classes.values(key) for key in keys))) == of_plan
    assert classes.total("area") == 0.88
    lines = line_table(report_lines(report, ids, AreaUnit.HA), words_of("zh"), AreaUnit.HA)
    assert lines.values("boundary") == [0.6, 0.2, 0.08]
    assert lines.values("boundary_share") == [100.0, 100.0, 100.0]


def test_parcel_numbers_are_printed_where_given(example: Balance) -> None:
    numbers = [f"{row:04d}" for row in range(len(example.base.parcels))]
    table = reclaim_table(example, SYSTEM, words_of("zh"), AreaUnit.HA, Labels(parcel_numbers=numbers))
    # P1 lies on four parcels: the village, the pond, the lane, the field, by size.
    assert table.values("parcels") == ["0000、0001、0003等4个", "0004"]


def test_verdicts_say_what_is_spare_and_short(example: Balance) -> None:
    table = verdict_table(example.verdicts, words_of("zh"), AreaUnit.MU)
    assert line(table, "rule", "建设用地总量不增加", "margin") == "富余 6.6 亩"
    assert line(table, "rule", "不占用已验收复垦地块", "margin") == "尚缺 3 亩"
    assert line(table, "rule", "耕地质量不降低", "result") == "缺数据"
    assert line(table, "rule", "耕地质量不降低", "margin") is None
    assert [row.alert for row in table.rows].count(True) == example.count("fail")


def test_findings_come_most_serious_first(example: Balance) -> None:
    table = finding_table(tuple(reversed(example.findings)), words_of("zh"))
    assert table.values("severity")[0] == "严重"
    assert len(table.rows) == len(example.findings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_label_has_words(plan: Balance, language: str) -> None:
    for table in printed(plan, AreaUnit.HA, language).values():
        assert table.title
        assert all(entry.title for entry in table.columns)
    verdict_table(plan.verdicts, words_of(language))
    finding_table(plan.findings, words_of(language))


def test_printed_totals_are_the_sums_of_t8(plan: Balance) -> None:
    totals, table = printed_totals(plan), quota_table(plan, PROFILE, words_of("zh"))
    total = dict(zip([column.key for column in table.columns], table.rows[-1].cells))
    assert totals["reclaimed_ha"] == total["reclaimed"]
    assert totals["added_ha"] == total["used"]
    assert totals["cultivated_gain_ha"] == total["gain"]
    assert totals["cultivated_net_gain_ha"] == pytest.approx(total["net_gain"], abs=1e-9)
