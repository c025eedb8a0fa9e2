"""Conflicts, differences, farmland, topsoil, self-check, indicators and money of the hand-worked township."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hand.core_side import differences, expected_rows

pytestmark = pytest.mark.needs_qgis

LINES = ("farmland", "boundary", "redline")
CONVERSIONS = ("approved_unbuilt", "illegal_built", "temporary")
PARCEL_FIELDS = {"ID_FIELD": "BSM", "AREA_FIELD": "TBMJ", "DEDUCT_FIELD": "KCXS"}


def table_of(layer: Any) -> list[dict[str, Any]]:
    from tests.hand.conftest import rows

    return rows(layer)


def some(township: dict[str, Any], *roles: str) -> dict[str, Any]:
    """Layers as parameters of their role's name."""
    return {role.upper(): township[role] for role in roles}


class TestConflicts:
    """``redlineconflicts`` (R11, R12)."""

    @pytest.mark.parametrize("with_parcels", [True, False])
    def test_every_conflict(self, run: Any, township: Any, expected: Any, with_parcels: bool) -> None:
        roles = (*LINES, "newbuild", "reclaim", "villages", *(("parcels",) if with_parcels else ()))
        fields = PARCEL_FIELDS if with_parcels else {}
        result = run(
            "redlineconflicts", AREA_METHOD=2, OUTPUT="memory:", SUMMARY="memory:", **some(township, *roles), **fields
        )
        found = table_of(result["OUTPUT"])
        assert len(found) == len(expected_rows("conflicts"))
        assert differences(found, expected_rows("conflicts"), ("kind", "plot_id", "unit_code")) == []
        totals: dict[tuple[str, Any], float] = {}
        for row in table_of(result["SUMMARY"]):
            key = row["kind"], None if row["level"] is None else str(row["level"])
            totals[key] = totals.get(key, 0.0) + row["area_m2"]
        assert totals == {(kind, level): area for kind, level, area in expected["conflicts"]}


def test_indicators(run: Any, township: Any) -> None:
    roles = (*LINES, *CONVERSIONS, "newbuild", "reclaim", "villages", "targets", "population")
    result = run(
        "indicators",
        INPUT=township["parcels"],
        AREA_METHOD=2,
        OUTPUT="memory:",
        **PARCEL_FIELDS,
        **some(township, *roles),
    )
    found = {(row["unit_code"], row["indicator"]): row for row in table_of(result["OUTPUT"])}
    wanted = expected_rows("indicators")
    assert differences(list(found.values()), wanted, ("unit_code", "indicator")) == []


@pytest.fixture(scope="module")
def checked(run: Any, township: Any) -> dict[str, Any]:
    fields = {
        f"{year}_{end}": field
        for year in ("BEFORE", "AFTER")
        for end, field in (("ID", "BSM"), ("AREA", "TBMJ"), ("DEDUCT", "KCXS"))
    }
    roles = (*LINES, "reclaim", "newbuild", "approved_unbuilt", "temporary", "suspects", "concordance")
    outputs = ("OUTPUT", "SUMMARY", "OFFENDERS", "INSPECTIONS", "SUSPECT_RESULT", "FINDINGS")
    found: dict[str, Any] = run(
        "selfcheck",
        BEFORE=township["parcels"],
        AFTER=township["parcels_next"],
        AREA_METHOD=2,
        ALL=True,
        **fields,
        **some(township, *roles),
        **dict.fromkeys(outputs, "memory:"),
    )
    return found


class TestSelfCheck:
    """``selfcheck`` (06-balance 6.6, 00-supplement 1.10)."""

    def test_every_status(self, checked: Any) -> None:
        found: dict[str, float] = {}
        for row in table_of(checked["OUTPUT"]):
            found[row["status"]] = round(found.get(row["status"], 0.0) + row["area_m2"], 2)
        assert found == {row["status"]: float(row["area_m2"]) for row in expected_rows("selfcheck")}

    def test_totals(self, checked: Any, expected: dict[str, Any]) -> None:
        wanted = expected["selfcheck_totals"]
        assert {name: checked[name] for name in wanted} == wanted

    def test_merged_villages(self, checked: Any) -> None:
        """No village is gone: places of Zhongqiao and Zhendong are those of Qiaodong."""
        codes = {row["unit_code"] for row in table_of(checked["SUMMARY"])}
        assert "320582100205" in codes
        assert not {"320582100202", "320582100203"} & codes

    def test_offenders(self, checked: Any) -> None:
        """Grave: R4 rebuilt, X1, X2, X6, and the pond on R4."""
        found = {(row["status"], row["area_m2"]) for row in table_of(checked["OFFENDERS"])}
        assert {status for status, _ in found} == {
            "reclaim_rebuilt", "reclaim_degraded", "unplanned_farmland", "unplanned_construction", "farmland_to_pond",
        }  # fmt: skip

    def test_suspects(self, checked: Any) -> None:
        found = [(row["result"], row["area_m2"]) for row in table_of(checked["SUSPECT_RESULT"])]
        assert found == [("violation", 2500.0), ("change", 5000.0), ("no_change", 2500.0)]

    def test_later_inspections(self, checked: Any) -> None:
        (row,) = table_of(checked["INSPECTIONS"])
        assert (row["plot_id"], row["overdue"]) == ("R4", 1)

    def test_quota_of_what_was_built(self, checked: Any) -> None:
        """R4's 10 000 accepted m2 cover N1's 10 000; the approved part needs no quota."""
        assert "selfcheck_quota_unknown" not in {row["finding"] for row in table_of(checked["FINDINGS"])}


class TestTopsoil:
    """``topsoilbalance`` (R16, M23)."""

    @pytest.mark.parametrize("in_order", [True, False])
    def test_volumes_and_flows(self, run: Any, township: Any, expected: Any, in_order: bool) -> None:
        roles = ("parcels", *LINES, *CONVERSIONS, "newbuild", "reclaim", "villages")
        outputs = {"OUTPUT": "memory:", "PLOTS": "memory:", "SUMMARY": "memory:"}
        result = run(
            "topsoilbalance", AREA_METHOD=2, IN_ORDER=in_order, **PARCEL_FIELDS, **some(township, *roles), **outputs
        )
        wanted = expected["topsoil"]["in_order" if in_order else "any_time"]
        assert {name: result[name] for name in wanted} == wanted
        places = {row["plot_id"]: row for row in table_of(result["PLOTS"])}
        given = {plot: row["strip_m3"] for plot, row in places.items() if row["strip_m3"]}
        assert given == expected["topsoil"]["stripped"]
        assert {plot: row["need_m3"] for plot, row in places.items() if row["need_m3"]} == expected["topsoil"]["needed"]
        flows = {(r["from_id"], r["to_id"]): (r["volume_m3"], r["distance_m"]) for r in table_of(result["OUTPUT"])}
        assert flows == {
            (row["from_id"], row["to_id"]): (float(row["volume_m3"]), float(row["distance_m"]))
            for row in expected_rows("topsoil")
            if row["in_order"] == str(int(in_order))
        }


class TestFarmland:
    """``farmlandadjust`` (R13, R14, 06-balance 6.4)."""

    @pytest.mark.parametrize("choice", ["greedy", "optimal", "both"])
    def test_out_and_in(self, run: Any, township: Any, expected: Any, choice: str) -> None:
        roles = ("parcels", *LINES, "approved_unbuilt", "illegal_built", "newbuild", "reclaim", "villages", "targets")
        result = run(
            "farmlandadjust",
            RESERVE=township["reserve_farmland"],
            AREA_METHOD=2,
            CHOICE=choice,
            OUTPUT="memory:",
            SUMMARY="memory:",
            **PARCEL_FIELDS,
            **some(township, *roles),
        )
        wanted = expected["farmland"]
        pieces = table_of(result["OUTPUT"])
        out: dict[str, float] = {}
        for row in pieces:
            if row["change"] == "release":
                out[row["reason"]] = out.get(row["reason"], 0.0) + row["area_m2"]
        assert out == wanted["release"]
        assert sum(row["area_m2"] for row in pieces if row["change"] == "add") == wanted["add"]
        assert (result["AREA_BEFORE_M2"], result["AREA_AFTER_M2"]) == (wanted["before"], wanted["after"])
        assert round(result["GRADE_BEFORE"], 4) == round(wanted["grade_before"], 4)
        assert round(result["GRADE_AFTER"], 4) == round(wanted["grade_after"], 4)
        assert [result["CONTIGUITY_BEFORE"], result["CONTIGUITY_AFTER"]] == wanted["contiguity"]
        units = {
            row["unit_code"]: [row[key] for key in ("before_m2", "rel_m2", "added_m2", "after_m2")]
            for row in table_of(result["SUMMARY"])
            if row["unit_code"]
        }
        assert units == wanted["units"]


class TestPlanDifference:
    """``plandifference`` (R9, R10)."""

    def test_three_facets(self, run: Any, township: Any, expected: Any) -> None:
        result = run(
            "plandifference",
            LAND_PLAN=township["land_plan"],
            TOWN_PLAN=township["town_plan"],
            LAND_SYSTEM="land_plan",
            VILLAGES=township["villages"],
            AREA_METHOD=2,
            OUTPUT="memory:",
            SUMMARY="memory:",
        )
        found: dict[str, float] = {}
        for row in table_of(result["OUTPUT"]):
            found[row["facet"]] = found.get(row["facet"], 0.0) + row["area_m2"]
        assert found["layout"] == expected["plandiff"]["layout"]
        assert found["timing"] == expected["plandiff"]["timing"]
        (size,) = [row for row in table_of(result["OUTPUT"]) if row["facet"] == "size" and not row["unit_code"]]
        assert (size["kind"], size["area_m2"]) == ("construction_above_land_plan", expected["plandiff"]["size"])


def test_the_reservoir_across_two_surveys(run: Any, provider: Any) -> None:
    """A reservoir is construction land in the second survey, agricultural in the third (02-land-classes)."""
    from tests.hand.conftest import memory_layer
    from tests.hand.layers import Layer, rectangle

    places = ((0, 0, 200, 100), (200, 0, 300, 100), (300, 0, 350, 100))
    shapes = tuple(rectangle(*place) for place in places)
    fields = "BSM:string DLBM:string DLMC:string SJNF:int CZCSXM:string"
    before = (
        ("1", "113", "水库水面", 2018, None),
        ("2", "011", "水田", 2018, None),
        ("3", "203", "村庄", 2018, None),
    )
    after = (
        ("1", "1103", "水库水面", 2019, None),
        ("2", "0101", "水田", 2019, None),
        ("3", "0702", "农村宅基地", 2019, "203"),
    )
    result = run(
        "selfcheck",
        BEFORE=memory_layer(Layer("二调图斑", fields, before, shapes)),
        AFTER=memory_layer(Layer("三调图斑", fields, after, shapes)),
        BEFORE_ID="BSM",
        AFTER_ID="BSM",
        AREA_METHOD=2,
        ALL=True,
        OUTPUT="memory:",
    )
    found = {row["parcel_b"]: (row["status"], row["area_m2"]) for row in table_of(result["OUTPUT"])}
    assert found == {
        "1": ("survey_difference", 20000.0), "2": ("unchanged", 10000.0), "3": ("unchanged", 5000.0),
    }  # fmt: skip
    assert (result["UNPLANNED_M2"], result["CULTIVATED_NET_M2"], result["CHANGED_M2"]) == (0.0, 0.0, 0.0)


class TestFinance:
    """``finance`` (T14, M25)."""

    def test_items_and_years(self, run: Any, township: Any, expected: Any) -> None:
        roles = ("prices", *LINES, *CONVERSIONS, "newbuild", "reclaim", "villages")
        outputs = dict.fromkeys(("OUTPUT", "SUMMARY", "PHASES"), "memory:")
        result = run(
            "finance",
            PARCELS=township["parcels"],
            AREA_METHOD=2,
            **PARCEL_FIELDS,
            **some(township, *roles),
            **outputs,
        )
        wanted = expected["finance"]
        rows = table_of(result["SUMMARY"])
        for side in ("expense", "income"):
            found = {row["item"]: row["amt_yuan"] for row in rows if row["side"] == side and row["item"] != "total"}
            assert found == wanted[side]
        assert {
            "expense": result["COST_YUAN"],
            "income": result["INCOME_YUAN"],
            "balance": result["BALANCE_YUAN"],
            "cost_per_mu": result["COST_PER_MU"],
            "break_even": result["BREAK_EVEN_YUAN_MU"],
        } == wanted["totals"]
        years = {
            row["year"]: [row["cost_yuan"], row["inc_yuan"], row["run_yuan"]] for row in table_of(result["PHASES"])
        }
        assert years == wanted["years"]
