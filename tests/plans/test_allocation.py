"""What planners write → options; what was chosen → tables."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.allocation.closing import Offer
from three_opt_three_protect.core.allocation.needs import Demand
from three_opt_three_protect.core.allocation.propose import Proposal, propose
from three_opt_three_protect.core.allocation.setup import Options
from three_opt_three_protect.core.base import Lines, base_state
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.optimiser.problem import Effort, Reason
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.plans.allocation import (
    read_demand,
    read_effort,
    read_ids,
    read_locked,
    read_phases,
    read_weights,
)
from three_opt_three_protect.plans.inputs import PlotInputs, Source, plot_inputs, survey_inputs
from three_opt_three_protect.plans.proposal import (
    alternative_tables,
    chosen_layer,
    closing_table,
    proposal_findings,
    reason_table,
    scenario_table,
    shown_value,
)
from three_opt_three_protect.plans.proposalwords import advice, amount
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.messages import Messages

ZH, EN = Messages("zh").text, Messages("en").text
X, Y = 40_550_000.0, 3_460_000.0
CRS = CrsInfo(
    "EPSG:4528", ellipsoid="CGCS2000", semi_major=6378137.0, inverse_flattening=298.257222101, central_meridian=120.0,
    false_easting=40_500_000.0,
)  # fmt: skip


def column(values: Sequence[Any]) -> tables.Column:
    if any(isinstance(value, str) for value in values):
        return tables.text(list(values))
    return tables.real([np.nan if value is None else float(value) for value in values])


def layer(name: str, rows: Sequence[Tuple[float, float, Dict[str, Any]]]) -> LayerTable:
    """Strips 100 m high from the first to the second number, with attributes."""
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shapely.box(X + west, Y, X + east, Y + 100) for west, east, _ in rows]
    names = list(dict.fromkeys(key for _, _, fields in rows for key in fields))
    columns = {key: column([fields.get(key) for _, _, fields in rows]) for key in names}
    return LayerTable(name, np.arange(1, len(rows) + 1), shapes, columns, CRS)


def table(name: str, **columns: Sequence[Any]) -> LayerTable:
    count = len(next(iter(columns.values())))
    return LayerTable(name, np.arange(1, count + 1), None, {key: column(values) for key, values in columns.items()})


# What is written


@pytest.mark.parametrize(
    ("written", "years"),
    [("2015,2016,2017", (2015, 2016, 2017)), (" 2015， 2018、2020 ", (2015, 2018, 2020)), ("2015", (2015,))],
)
def test_phases(written: str, years: Tuple[int, ...]) -> None:
    assert read_phases(written) == years


@pytest.mark.parametrize(
    ("written", "error"),
    [("", "phases_missing"), (" , ", "phases_missing"), ("2015,x", "phase_is_no_year"), ("15", "phase_is_no_year"),
     ("2015.5", "phase_is_no_year"), ("-2015", "phase_is_no_year")],
)  # fmt: skip
def test_phases_that_are_none(written: str, error: str) -> None:
    with pytest.raises(InputError, match=error):
        read_phases(written)


def test_ids() -> None:
    assert read_ids(" R1, R2；R3、R1\nR4 ") == ("R1", "R2", "R3", "R4")
    assert read_ids("东 1, 西 2") == ("东 1", "西 2")
    assert read_ids("") == ()


def test_weights() -> None:
    assert read_weights("cost=0.5, cultivated = .5，households=2") == {
        "cost": 0.5,
        "cultivated": 0.5,
        "households": 2.0,
    }
    assert read_weights("") == {}
    for wrong in ("cost", "cost=", "cost=a", "cost=1,cost=2", "cost=-1", "cost=nan"):
        with pytest.raises(InputError, match="weight_unreadable"):
            read_weights(wrong)


def test_effort() -> None:
    assert read_effort(0.02, 0.0, None, 7) == Effort(0.02, None, None, 7)
    assert read_effort(None, 30.0, 100, None) == Effort(0.01, 30.0, 100, 1)
    for wrong in ((-0.1, 1.0, 1), (0.1, -1.0, 1), (0.1, 1.0, -1)):
        with pytest.raises(InputError, match="effort_negative"):
            read_effort(*wrong, seed=1)


def test_demand() -> None:
    found = read_demand(
        Source(
            table(
                "需求",
                use=["town", "产业", "安置"],
                phase=[2016, None, 2017],
                area_m2=[100.0, 2.0, 3.0],
                unit=["m2", "公顷", "亩"],
            )
        )
    )
    assert found == (
        Demand("town", 100.0, 2016),
        Demand("industry", 20000.0, None),
        Demand("resettlement", 2000.0, 2017),
    )
    assert read_demand(Source(table("需求", use=["town"], area_m2=[5.0]))) == (Demand("town", 5.0),)


@pytest.mark.parametrize(
    ("columns", "error", "values"),
    [
        ({"use": ["town", "casino"], "area_m2": [1.0, 2.0]}, "unknown_word", {"features": "2", "value": "casino"}),
        ({"use": ["town", None], "area_m2": [1.0, 2.0]}, "unknown_word", {"features": "2"}),
        ({"use": ["town", "town"], "area_m2": [1.0, -2.0]}, "demand_area_wrong", {"features": "2", "field": "area_m2"}),
        ({"use": ["town", "town"], "area_m2": [None, 2.0]}, "demand_area_wrong", {"features": "1"}),
        ({"use": ["town"], "area_m2": [2.0], "unit": ["acres"]}, "unknown_word", {"value": "acres", "field": "unit"}),
        ({"use": ["town"], "m": [2.0]}, "field_needed", {"field": "area"}),
        ({"area_m2": [2.0]}, "field_needed", {"field": "use"}),
    ],
)
def test_demand_that_cannot_be_meant(columns: Dict[str, List[Any]], error: str, values: Dict[str, str]) -> None:
    with pytest.raises(InputError, match=error) as caught:
        read_demand(Source(table("需求", **columns)))
    assert {key: caught.value.values[key] for key in values} == values


def test_locked() -> None:
    rows = [(0.0, 1.0, {"locked": word}) for word in ("in", "锁定排除", None, "选用")]
    assert read_locked(Source(layer("拆旧", rows)), "reclaim").tolist() == ["in", "out", None, "in"]
    assert read_locked(Source(layer("拆旧", [(0.0, 1.0, {})])), "reclaim").tolist() == [None]
    with pytest.raises(InputError, match="unknown_word"):
        read_locked(Source(layer("拆旧", [(0.0, 1.0, {"locked": "maybe"})])), "reclaim")


def test_money_of_targets_in_its_unit() -> None:
    def targets(**columns: Sequence[Any]) -> Tuple[Target, ...]:
        return plot_inputs(None, None, Source(table("指标", **columns))).targets

    found = targets(indicator=["budget_yuan", "启动指标"], value=[3.5, 2.0], unit=["万元", "公顷"], year=[2016, 2017])
    assert found == (
        Target("", "budget_yuan", 35000.0, "yuan", 2016), Target("", "start_quota_m2", 20000.0, "m2", 2017),
    )  # fmt: skip
    with pytest.raises(InputError, match="target_unit_missing"):
        targets(indicator=["budget_yuan"], value=[3.5], unit=[None])
    with pytest.raises(InputError, match="unknown_word"):
        targets(indicator=["budget_yuan"], value=[3.5], unit=["亩"])


# What was chosen

PARCELS = [
    (0.0, 200.0, {"DLBM": "0702", "BSM": "1"}),
    (200.0, 400.0, {"DLBM": "0103", "BSM": "2"}),
    (400.0, 2000.0, {"DLBM": "0301", "BSM": "3"}),
]
RECLAIM = [
    (0.0, 20.0, {"DKBH": "R1", "rate": 1.0, "cost": 100.0, "JD": 2019, "households": 0}),
    (20.0, 40.0, {"DKBH": "R2", "rate": 1.0, "cost": 50.0, "JD": None, "households": 0}),
    (40.0, 60.0, {"DKBH": "R3", "rate": 1.0, "cost": 70.0, "JD": None, "households": None}),
]
NEWBUILD = [(200.0, 210.0, {"plot_id": "N1", "use": "town"}), (210.0, 220.0, {"plot_id": "N2", "use": "industry"})]


def proposed(
    demand: Sequence[Demand],
    objective: str = "cost",
    targets: Sequence[Target] = (),
    phases: Tuple[int, ...] = (2016, 2017),
) -> Tuple[Proposal, Source, Source]:
    survey = survey_inputs(Source(layer("DLTB", PARCELS)), {}, [], load_profile("suzhou-2014"), AreaMethod.PLANAR)
    base = base_state(survey.parcels, Lines(), survey.spec)
    sources = Source(layer("备选", RECLAIM)), Source(layer("建新", NEWBUILD))
    plots: PlotInputs = plot_inputs(sources[0], sources[1], None)
    options = Options(phases, objective, effort=Effort(gap=0.0))
    found = propose(base, plots.reclaim, plots.newbuild, demand, targets, survey.profile, survey.system, options)
    return found, sources[0], sources[1]


def rows_of(found: LayerTable) -> List[Dict[str, Any]]:
    values = {name: tables.as_text(one) for name, one in found.columns.items()}
    return [{name: column[row] for name, column in values.items()} for row in range(len(found))]


def test_the_layers_go_back_in_as_plots() -> None:
    found, candidates, sites = proposed([Demand("town", 900.0, 2016)])
    reclaim, newbuild = (
        chosen_layer(found.reclaim, candidates, "reclaim"),
        chosen_layer(found.newbuild, sites, "newbuild"),
    )
    assert [(row["DKBH"], row["phase"], row["cost"]) for row in rows_of(reclaim)] == [("R2", "2016", "50")]
    # the year that was wished for is not written beside the one chosen
    assert "JD" not in reclaim.columns
    assert [(row["plot_id"], row["phase"]) for row in rows_of(newbuild)] == [("N1", "2016")]
    again = plot_inputs(Source(reclaim), Source(newbuild), None)
    assert again.reclaim.day.astype(str).tolist() == ["2016-12-31"]
    assert again.reclaim.plot_id.tolist() == ["R2"]


def test_a_cost_by_area_is_the_same_in_objective_balance_and_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        (west, east, {**fields, "cost": 40000.0 if fields["DKBH"] == "R1" else None}) for west, east, fields in RECLAIM
    ]
    monkeypatch.setattr("tests.plans.test_allocation.RECLAIM", rows)
    found, candidates, _ = proposed([Demand("town", 900.0, 2016)])
    # 2 000 m² = 3 mu at 8 000 yuan (profile: reclaim_yuan_per_mu)
    assert found.plan.value == pytest.approx(24000.0)
    assert found.balance is not None
    assert found.balance.accounts.value("reclaim_cost") == pytest.approx(24000.0)
    assert [row["cost"] for row in rows_of(chosen_layer(found.reclaim, candidates, "reclaim"))] == ["24000"]


def test_scenario() -> None:
    found, _, _ = proposed([Demand("town", 900.0)])
    lines = {row["line"]: row for row in rows_of(scenario_table(found, shown_value(found)))}
    assert (lines["objective.cost"]["value"], lines["objective.cost"]["unit"]) == ("50", "yuan")
    assert (lines["bound"]["value"], lines["gap"]["value"]) == ("50", "0")
    assert (lines["reclaimed_m2"]["value"], lines["added_linked_m2"]["value"]) == ("2000", "1000")
    most, _, _ = proposed([], "cultivated")
    assert shown_value(most) == {"value": 6000.0, "bound": pytest.approx(6000.0)}


def test_reasons_where_there_is_no_plan() -> None:
    found, _, _ = proposed([Demand("town", 4000.0)])
    assert shown_value(found) == {"value": None, "bound": None}
    (row,) = [row for row in rows_of(reason_table(found, ZH)) if row["kind"] == "alone"]
    assert (row["account"], row["short_by"], row["unit"], row["year"], row["unit_code"]) == (
        "demand.town", "3000", "m2", "2017", None,
    )  # fmt: skip
    assert row["advice"] == "无论怎样选用备选地块，仍缺 4.50 亩。增加备选建新地块，推后或压减需求。"
    # an empty plan is said so, with the figures that are known
    lines = {row["line"]: row["value"] for row in rows_of(scenario_table(found, shown_value(found)))}
    assert lines == {"objective.cost": None, "bound": None, "gap": None}


def test_rules_without_data_and_closed_plots_stand_in_the_reasons() -> None:
    found, _, _ = proposed([], phases=(2016,))
    kinds = {row["account"]: row for row in rows_of(reason_table(found, ZH))}
    assert (kinds["newbuild_on_farmland"]["kind"], kinds["newbuild_on_farmland"]["others"]) == ("unknown", "farmland")
    assert kinds["newbuild_on_farmland"]["advice"].startswith("缺数据（永久基本农田）")
    assert kinds["newbuild_on_farmland"]["short_by"] is None
    said = {one.id: one.values for one in proposal_findings(found, ZH)}
    assert "永久基本农田" in str(said["allocation_unknown"]["rules"])
    assert said["allocation_households_unknown"]["count"] == 1


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        (
            Reason("resettlement", "", "households", 11.2, "together", 2016, ("cultivated_first", "reclaim_first")),
            "首批安置先于首批复垦，至少缺 12 户。可选：(a) 首批安置用存量或年度计划指标；"
            "(b) 启动（周转）指标，写明上限、到期日、批准文号；"
            "(c) 过渡安置，租金（月数×户数）列入资金平衡表。",
            "(c) temporary housing",
        ),
        (
            Reason("reclaim_first", "", "m2", 666.67, "together", 2016, ("resettlement",)),
            "至少缺 1.00 亩",
            "(b) start-up quota",
        ),
        (
            Reason("reclaim_task", "", "m2", 8233.33, "together", None, ("budget", "demand.town")),
            "与 资金平衡, 用地需求：城镇 不能同时满足，至少缺 12.35 亩。增加拆旧地块，直至完成任务。",
            "Cannot be kept together with Budget, Demand: ",
        ),
        # no flats anywhere: neither stock nor start-up quota would help
        (
            Reason("resettlement", "", "households", 12.0, "together", 2016, ("reclaim_task",)),
            "与 复垦任务 不能同时满足，至少缺 12 户。增加或提前安排安置地块，安排过渡安置，或推后拆迁。",
            "house people for a time",
        ),
        (
            Reason("reclaim_first", "", "m2", 666.67, "together", 2016, ("demand.town",)),
            "提前复垦或推后建新",
            "at least 1.00 mu lacking",
        ),
        # sites are there: what pays for them is not
        (
            Reason("demand.town", "", "m2", 666.67, "together", 2016, ("reclaim_first",)),
            "增加备选拆旧地块",
            "Add candidates to reclaim",
        ),
        (Reason("demand.town", "", "m2", 666.67, "alone", 2016), "增加备选建新地块", "Add sites"),
        (Reason("budget", "", "yuan", 25000.0, "alone"), "仍缺 2.50 万元", "2.50 "),
        (
            Reason("development_intensity", "", "percent", 12.5, "alone", given_up=True),
            "提示性规则，已放宽，尚缺 12.50 %",
            "given up",
        ),
        (Reason("conflict", "", "plots", 1.0, "fixed", others=("R1", "N2")), "地块 R1, N2 占用同一土地", "Unlock one"),
        (Reason("reclaim_task", "", "m2", 10.0, "whole"), "地块须整块选用", "taken whole"),
    ],
)
def test_advice_in_the_planners_words(reason: Reason, zh: str, en: str) -> None:
    assert zh in advice(reason, ZH)
    assert en in advice(reason, EN)
    assert max(len(advice(reason, ZH)), len(advice(reason, EN))) <= 200


def test_amounts() -> None:
    assert amount(8233.33, "m2", ZH) == "12.35 亩"
    assert amount(12345678.0, "yuan", ZH) == "1234.57 万元"
    assert amount(3.0, "households", ZH) == "3 户"
    assert amount(0.00416, "grade", ZH) == "0.0042 等"


def test_alternatives_and_how_often_a_plot_is_chosen() -> None:
    from three_opt_three_protect.core.optimiser.alternatives import alternatives

    found, _, _ = proposed([Demand("town", 900.0)])
    held = found.prepared.coefficients
    others = alternatives(
        found.problem, found.plan, held.reclaim.of("reclaim_plot_m2"), held.area, Effort(gap=0.0), 1, within=0.5
    )
    plans, often = alternative_tables(found, others)
    assert [(row["plan"], row["role"], row["plot_id"]) for row in rows_of(plans)] == [
        ("0", "reclaim", "R2"), ("0", "newbuild", "N1"), ("1", "reclaim", "R3"), ("1", "newbuild", "N1"),
    ]  # fmt: skip
    assert [(row["plot_id"], row["chosen"], row["of"]) for row in rows_of(often)] == [
        ("R2", "1", "2"), ("R3", "1", "2"), ("N1", "2", "2"),
    ]  # fmt: skip
    alone: Optional[Any] = None
    assert len(alternative_tables(found, alone)[0]) == 2
    none, _, _ = proposed([Demand("town", 4000.0)])
    assert [len(one) for one in alternative_tables(none, None)] == [0, 0]


def test_closing_table() -> None:
    offers = [Offer((2, 0), 15.0, 2.5, 30.0, 2.0), Offer((1,), 13.0, 0.5, None, None)]
    found = rows_of(closing_table([("reclaim_task", "", "m2", offers)], np.array(["A", "B", "C"], dtype=object)))
    assert [(row["rank"], row["plot_id"], row["adds"], row["rest"], row["cost"]) for row in found] == [
        ("1", "C", "15", "2.5", "30"), ("1", "A", "15", "2.5", "30"), ("2", "B", "13", "0.5", None),
    ]  # fmt: skip
    assert len(closing_table([], ())) == 0
