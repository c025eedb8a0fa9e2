"""The printed tables of the hand-worked township, figure by figure as typed into ``expected/``."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hand import township as drawn
from tests.hand.core_side import balance_of, differences, expected_rows, plain, printed, survey, words


@pytest.fixture(scope="module")
def inputs() -> Any:
    return survey()


@pytest.fixture(scope="module")
def plan(inputs: Any) -> Any:
    return balance_of(inputs)


@pytest.mark.parametrize(
    ("number", "keys"),
    [
        ("T2", ("group", "name")),
        ("T5", ("plot_id",)),
        ("T6", ("plot_id",)),
        ("T8", ("unit",)),
        ("T19", ("plot_id", "code")),
        ("T20", ("plot_id",)),
    ],
)
def test_the_tables_of_the_plan(inputs: Any, plan: Any, number: str, keys: tuple[str, ...]) -> None:
    from three_opt_three_protect.reports.tables import plan_table

    found = printed(plan_table(number, plan, inputs.system, inputs.profile, words))
    assert differences(found, expected_rows(number), keys) == []


def test_the_yearly_plan(inputs: Any, plan: Any) -> None:
    from tests.hand.core_side import source
    from three_opt_three_protect.plans.inputs import plot_inputs
    from three_opt_three_protect.reports.table import Labels
    from three_opt_three_protect.reports.yearly import yearly_table

    targets = plot_inputs(None, None, source("targets")).targets
    found = printed(yearly_table(plan, inputs.profile, words, labels=Labels(targets=targets)))
    assert differences(found, expected_rows("T13"), ("year",)) == []


def test_what_becomes_what(inputs: Any, plan: Any) -> None:
    """T3: every flow that is not 0, and no other."""
    from three_opt_three_protect.reports.transfer import transfer_table

    found = transfer_table(plan, inputs.system, inputs.profile, words)
    to = {column.key: (column.groups[-1], plain(column.title)) for column in found.columns if column.key[:2] == "to"}
    flows = {
        (row["group"], plain(row["name"]), *to[key]): row[key] for row in printed(found)[:-1] for key in to if row[key]
    }
    wanted = {(r["from_group"], r["from"], r["to_group"], r["to"]): float(r["ha"]) for r in expected_rows("T3")}
    assert flows == wanted


def test_resettlement(inputs: Any, plan: Any) -> None:
    from three_opt_three_protect.reports.resettlement import resettlement_table

    found = printed(resettlement_table(plan, words))
    assert differences(found, expected_rows("T7"), ("plot_id",)) == []
    assert (found[-1]["reclaimed"], found[-1]["saving"]) == (3.24, 3.24)


def test_zones(inputs: Any, plan: Any) -> None:
    """T11 with the boundary as the only zone."""
    from three_opt_three_protect.reports.zones import PLANNING, Zones, zone_table

    zones = Zones(PLANNING, 0, ["D1"], ["D1"])
    table = zone_table(plan, inputs.system, inputs.profile, zones, words)
    titles = {column.key: plain(column.title) for column in table.columns}
    inside = {titles[key]: value for key, value in printed(table)[0].items() if key.startswith("class") and value}
    assert inside == {"耕地": 4.1, "住宅用地": 3.3, "交通运输用地": 0.6, "空闲地": 0.5, "批准未建设土地": 0.5}
    assert [(row["area"], row["farmland"]) for row in printed(table)] == [(9.0, 0.4), (71.0, 30.7), (80.0, 31.1)]


@pytest.fixture(scope="module")
def labels(plan: Any) -> Any:
    """Projects, stock, opinions and people as the tables state them, and approval numbers."""
    from tests.hand.core_side import source
    from tests.hand.layers import layers
    from three_opt_three_protect.plans.plantables import RegisterSources, read_registers
    from three_opt_three_protect.reports.table import Labels
    from three_opt_three_protect.storage.profiles import load_profile

    given = {role: source(role) for role in ("projects", "stock", "opinions", "population")}
    found = read_registers(RegisterSources(**given), plan, load_profile("suzhou-2014"), lambda table: None)
    fields = {"owner_code": "QSDWDM", "owner_name": "QSDWMC", "right_kind": "QSXZ"}
    approvals = {role: [row[0] for row in layers()[role].rows] for role in ("approved_unbuilt", "illegal_built")}
    return Labels(drawn.NAMES, registers=found, fields={"parcels": fields}, approvals=approvals)


def test_projects(inputs: Any, plan: Any, labels: Any) -> None:
    from three_opt_three_protect.reports.projects import project_table

    found = printed(project_table(plan, inputs.profile, words, labels=labels))
    assert differences(found, expected_rows("T12"), ("project",)) == []


def test_ledger_of_reclaim_plots(plan: Any, labels: Any) -> None:
    from three_opt_three_protect.reports.progressledger import ledger_table

    found = printed(ledger_table(plan, words, labels=labels))
    assert differences(found, expected_rows("T17"), ("plot_id",)) == []


def test_owners(plan: Any, labels: Any) -> None:
    from three_opt_three_protect.reports.owners import owner_table

    assert differences(printed(owner_table(plan, words, labels=labels)), expected_rows("T21"), ("owner",)) == []


def test_willingness(plan: Any, labels: Any) -> None:
    from three_opt_three_protect.reports.willingness import willingness_table

    found = printed(willingness_table(plan, words, labels=labels))
    assert differences(found, expected_rows("T22"), ("village", "settlement")) == []


def test_stock(inputs: Any, labels: Any) -> None:
    from three_opt_three_protect.reports.stock import stock_table

    found = printed(stock_table(labels.registers.stock, inputs.system, words))
    assert differences(found, expected_rows("T24"), ("number",)) == []
    assert (found[-1]["area"], found[-1]["area_mu"]) == (1.8, 27.0)


def test_opinions(labels: Any) -> None:
    from three_opt_three_protect.reports.opinions import opinion_table

    found = printed(opinion_table(labels.registers.opinions, words))
    assert [row["adopted"] for row in found] == ["采纳", "部分采纳", "不采纳"]
    assert [row["place"] for row in found] == [1, 2, 3]


def test_conversions(inputs: Any, plan: Any, labels: Any) -> None:
    from three_opt_three_protect.reports.conversion import conversion_table

    found = printed(conversion_table(plan, inputs.system, words, labels=labels))
    parts = [row for row in found if row["survey_code"]]
    assert differences(parts, expected_rows("T27"), ("parcel",)) == []
    assert (found[-1]["area"], found[-1]["area_mu"]) == (0.86, 12.9)


def test_occupation_and_supplement(inputs: Any) -> None:
    """T9 year by year and T28 by village, with the table of other changes."""
    from three_opt_three_protect.reports.cultivated import compensation_table, flow_table

    plan = balance_of(inputs, with_other_changes=True)
    yearly = printed(compensation_table(plan, inputs.profile, words))
    assert differences(yearly, expected_rows("T9"), ("year",)) == []
    flows = printed(flow_table(plan, inputs.profile, words))
    assert differences(flows, expected_rows("T28"), ("unit",)) == []


def test_flows_without_other_changes_have_no_sum(inputs: Any, plan: Any) -> None:
    from three_opt_three_protect.reports.cultivated import flow_table

    assert {row["net"] for row in printed(flow_table(plan, inputs.profile, words))} == {None}
