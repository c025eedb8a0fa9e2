"""The hand-worked township held against the accounts through the Toolbox: balance, base, overlay, potential, plots.

Every figure on the right was worked out with a calculator from the domain documents (``derivation.md``).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hand.core_side import ACCOUNT_LINE, differences, expected_rows, off

pytestmark = pytest.mark.needs_qgis


@pytest.fixture(scope="module")
def given(township: dict[str, Any]) -> dict[str, Any]:
    """Parcels and the layers of the base state as parameters."""
    return {
        "ID_FIELD": "BSM",
        "AREA_FIELD": "TBMJ",
        "DEDUCT_FIELD": "KCXS",
        "AREA_METHOD": 2,
        **{role.upper(): township[role] for role in ("farmland", "boundary", "redline")},
    }


@pytest.fixture(scope="module")
def conversions(township: dict[str, Any]) -> dict[str, Any]:
    return {role.upper(): township[role] for role in ("approved_unbuilt", "illegal_built", "temporary")}


def table_of(layer: Any) -> list[dict[str, Any]]:
    from tests.hand.conftest import rows

    return rows(layer)


@pytest.fixture(scope="module")
def result(run: Any, township: Any, given: Any, conversions: Any) -> dict[str, Any]:
    """``planbalance`` of the plan."""
    found: dict[str, Any] = run(
        "planbalance",
        INPUT=township["parcels"],
        RECLAIM=township["reclaim"],
        NEWBUILD=township["newbuild"],
        VILLAGES=township["villages"],
        TARGETS=township["targets"],
        ACCOUNTS="memory:",
        VERDICTS="memory:",
        EVIDENCE="memory:",
        **given,
        **conversions,
    )
    return found


class TestPlanBalance:
    """``planbalance`` through the Toolbox."""

    def test_figures(self, result: Any, expected: dict[str, Any]) -> None:
        assert {name: result[name] for name in expected["outputs"]} == expected["outputs"]
        assert (result["BALANCED"], result["REPAIRED"], result["DROPPED"]) == (0, 0, 0)

    def test_accounts(self, result: Any, expected: dict[str, Any]) -> None:
        found = {(row["unit_code"], row["line"]): row["value"] for row in table_of(result["ACCOUNTS"])}
        wrong = [
            error
            for unit, figures in expected["units"].items()
            for name, want in figures.items()
            for error in off(found[unit, ACCOUNT_LINE[name]], want, f"{unit} {name}")
        ]
        assert wrong == []

    def test_verdicts(self, result: Any) -> None:
        township = [row for row in table_of(result["VERDICTS"]) if row["unit_code"] == ""]
        assert differences(township, expected_rows("verdicts"), ("rule",)) == []

    def test_the_hard_rules_are_hard(self, result: Any) -> None:
        """00-supplement 1.6 (R5 hard), 1.4.3, 1.9; 06-balance 6.2."""
        hard = {row["rule"] for row in table_of(result["VERDICTS"]) if row["hard"]}
        wanted = {"construction_not_increased", "cultivated_not_decreased", "quality_not_worse", "newbuild_on_farmland"}
        assert wanted | {"newbuild_in_redline", "not_on_accepted_reclaim", "reclaim_first"} <= hard

    def test_evidence(self, result: Any) -> None:
        found = {(r["rule"], r["plot_id"]): r["area_m2"] for r in table_of(result["EVIDENCE"])}
        assert found["not_on_accepted_reclaim", "N2"] == 2500.0
        assert found["newbuild_on_farmland", "N3"] == 5000.0
        assert {plot for rule, plot in found if rule == "newbuild_inside_boundary"} == {"N2", "N3", "N7"}


def test_all_kinds_of_occupation(
    run: Any, township: Any, given: Any, conversions: Any, expected: dict[str, Any]
) -> None:
    """The account of every occupation and supplement, in quantity, paddy and yield (T9, T28)."""
    found = run(
        "planbalance",
        INPUT=township["parcels"],
        ACCOUNTS="memory:",
        **{role.upper(): township[role] for role in ("reclaim", "newbuild", "villages", "targets", "other_changes")},
        **given,
        **conversions,
    )
    lines = {(row["unit_code"], row["line"]): row["value"] for row in table_of(found["ACCOUNTS"])}
    wrong = [
        error
        for unit, figures in expected["other_changes"].items()
        for line, want in figures.items()
        for error in off(lines.get((unit, line)), want, f"{unit} {line}")
    ]
    assert wrong == []


def test_other_changes_left_out_are_unknown(result: Any) -> None:
    """00-supplement 1.5: a required table; where it is missing the accounts of all kinds are not known."""
    lines = {row["line"]: row["value"] for row in table_of(result["ACCOUNTS"]) if row["unit_code"] == ""}
    assert {name: lines[name] for name in ("supplied_all_m2", "occupied_all_m2", "other_change_m2")} == {
        "supplied_all_m2": None, "occupied_all_m2": None, "other_change_m2": None,
    }  # fmt: skip


def test_base_conversion(run: Any, township: Any, given: Any, conversions: Any) -> None:
    fields = {name: given[name] for name in ("ID_FIELD", "AREA_FIELD", "DEDUCT_FIELD", "AREA_METHOD")}
    result = run("basestate", INPUT=township["parcels"], OUTPUT="memory:", SUMMARY="memory:", **fields, **conversions)
    assert (result["CONVERTED_M2"], result["UNCLEAR_M2"]) == (8600.0, 0.0)
    found = {
        (row["class_survey"], row["class_base"], row["base_reason"]): row["area_m2"]
        for row in table_of(result["OUTPUT"])
        if row["base_reason"]
    }
    assert sorted(found.values()) == [1600.0, 2000.0, 5000.0]
    assert found["0601", "1104", "illegal_built"] == 1600.0
    assert found["0602", "0404", "temporary"] == 2000.0


def test_overlay_with_the_lines(run: Any, township: Any, given: Any) -> None:
    result = run("zoneoverlay", INPUT=township["parcels"], OUTPUT="memory:", SUMMARY="memory:", **given)
    pieces = table_of(result["OUTPUT"])
    total = {name: sum(row["area_m2"] for row in pieces if row[name]) for name in ("in_farm", "in_bound", "in_redline")}
    assert total == {"in_farm": 314000.0, "in_bound": 90000.0, "in_redline": 84500.0}
    assert sum(row["net_m2"] for row in pieces if row["in_farm"]) == 311000.0
    assert sum(row["area_m2"] for row in pieces if row["in_farm"] and row["in_bound"]) == 4000.0
    assert sum(row["area_m2"] for row in pieces if row["in_farm"] and row["in_redline"]) == 2500.0
    assert (result["TOTAL_M2"], result["PARCELS"]) == (800000.0, 40)


def test_potential(run: Any, township: Any, given: Any, conversions: Any, expected: dict[str, Any]) -> None:
    layers = {role.upper(): township[role] for role in ("retained", "settlements", "population", "villages")}
    result = run(
        "reclamationpotential", INPUT=township["parcels"], OUTPUT="memory:", SUMMARY="memory:",
        **given, **layers, **conversions,
    )  # fmt: skip
    found = {row["unit_code"]: row for row in table_of(result["SUMMARY"])}
    wrong = [
        error
        for name, figures in expected["potential"].items()
        for unit, want in figures.items()
        for error in off(found[unit][name], want, f"{unit} {name}")
    ]
    assert wrong == []
    assert sorted(row["area_m2"] for row in table_of(result["OUTPUT"])) == expected["candidates"]


def test_plot_report(run: Any, township: Any, given: Any) -> None:
    """T19 and T20 for plots that are no plan yet: the survey's classes."""
    fields = {name: given[name] for name in ("AREA_METHOD", "FARMLAND", "BOUNDARY", "REDLINE")}
    found: dict[tuple[str, str], list[float]] = {}
    for role in ("reclaim", "newbuild"):
        result = run("plotreport", PLOTS=township[role], PARCELS=township["parcels"], CLASSES="memory:", **fields)
        for row in table_of(result["CLASSES"]):
            found[row["plot_id"], row["class_code"]] = [row["area_m2"], row["paddy_m2"], row["farm_m2"]]
    wanted = {
        (row["plot_id"], row["code"]): [round(float(row[key]) * 10000, 2) for key in ("area", "paddy", "farmland")]
        for row in expected_rows("T19")
    }
    assert found == wanted
