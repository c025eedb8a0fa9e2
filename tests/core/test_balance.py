"""The accounts: identities on random plans (00-supplement 1.11), units, what is not known, evidence."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.storage.catalogue import load_profile

VILLAGES = ("320509100201", "320509100202", "320509100203")
CODES = ("0101", "0103", "0702", "0601", "1104", "1006", "1206", "1003", "0301")

corner = st.integers(0, 12).map(lambda step: step * 9.0)
size = st.integers(1, 5).map(lambda step: step * 9.0)
year = st.one_of(st.none(), st.integers(2014, 2020))
rectangle = st.tuples(corner, corner, size, size).map(lambda c: (c[0], c[1], c[0] + c[2], c[1] + c[3]))
reclaim_plot = st.fixed_dictionaries(
    {
        "shape": rectangle,
        "direction": st.sampled_from([None, "cultivated", "forest", "pond", "water"]),
        "rate": st.one_of(st.none(), st.floats(0, 1).map(lambda rate: round(rate, 2))),
        "phase": year,
        "acc_m2": st.one_of(st.none(), st.integers(1, 3000)),
    }
)
newbuild_plot = st.fixed_dictionaries(
    {
        "shape": rectangle,
        "use": st.sampled_from(["town", "industry", "resettlement", "infrastructure"]),
        "cls_after": st.sampled_from([None, "0601", "1006", "1104"]),
        "quota_src": st.sampled_from([None, "annual_plan", "provincial", "stock"]),
        "phase": year,
    }
)


@st.composite
def parcels(draw: st.DrawFn) -> List[Dict[str, Any]]:
    """A 4 × 4 coverage of 120 m; every parcel has its village, some a recorded area and a deduction rate."""
    rows = []
    for i in range(4):
        for j in range(4):
            rows.append(
                {
                    "shape": (30.0 * i, 30.0 * j, 30.0 * i + 30, 30.0 * j + 30),
                    "class_code": draw(st.sampled_from(CODES)),
                    "unit_code": draw(st.sampled_from(VILLAGES)),
                    "area": draw(st.sampled_from([None, 899.37, 901.11])),
                    "deduct_rate": draw(st.sampled_from([0.0, 0.0, 0.0837])),
                }
            )
    return rows


def units(held: Balance) -> Tuple[str, ...]:
    return tuple(unit for unit in held.accounts.units() if "/" not in unit)


def hundredths(held: Balance, line: str, unit: str = "") -> int:
    value = held.accounts.value(line, unit)
    assert value is not None, (line, unit)
    return round(value * 100)


def check_identities(held: Balance) -> None:
    base, change = held.base, held.changes
    before, after, row = base.group[change.plots.base], change.group_after, change.plots.base
    unit_of_piece = base.unit_code
    for unit in units(held):
        here = np.ones(len(row), dtype=bool) if unit == "" else unit_of_piece[row] == unit
        area = np.where(here, change.plots.area, 0)
        h = {name: hundredths(held, f"{name}_m2", unit) for name in (
            "construction_base", "construction_after", "reclaimed", "added", "released", "net_reduction", "total",
            "cultivated_base", "cultivated_after", "cultivated_gain", "cultivated_loss", "cultivated_net_gain",
            "cultivated_loss_construction", "cultivated_loss_other", "stock", "reused",
        )}  # fmt: skip
        # J_after = J_base − R + N − released; the same read from the classes of every piece
        assert h["construction_after"] == h["construction_base"] - h["reclaimed"] + h["added"] - h["released"]
        built = LandGroup.CONSTRUCTION
        assert (
            h["construction_after"] - h["construction_base"] == area[after == built].sum() - area[before == built].sum()
        )
        assert h["net_reduction"] == h["reclaimed"] - h["added"]
        # C_after = C_base + F − Z
        assert h["cultivated_after"] == h["cultivated_base"] + h["cultivated_gain"] - h["cultivated_loss"]
        assert h["cultivated_loss"] == h["cultivated_loss_construction"] + h["cultivated_loss_other"]
        assert h["cultivated_net_gain"] == h["cultivated_after"] - h["cultivated_base"]
        # nothing goes below nothing, or beyond the land
        assert 0 <= h["construction_after"] <= h["total"]
        assert 0 <= h["cultivated_after"] <= h["total"]
        assert h["reused"] <= h["stock"]
        # Σ classes after = Σ classes before
        assert sum(area[after == group].sum() for group in LandGroup) == sum(
            area[before == group].sum() for group in LandGroup
        )


def check_sums(held: Balance) -> None:
    """The township is the sum of its villages, to the last hundredth, in every area line."""
    villages = [unit for unit in units(held) if unit]
    for line in held.accounts.lines:
        areal = line.account in ("construction", "cultivated", "farmland") and line.unit == "m2"
        if line.unit_code == "" and areal and line.value is not None:
            assert sum(hundredths(held, line.line, unit) for unit in villages) == round(line.value * 100), line.line


def check_evidence(held: Balance) -> None:
    for name, rows in held.evidence.items():
        value = held.accounts.value(name)
        if value is not None:
            assert int(rows.area.sum()) == round(value * 100), name
        pairs = list(zip(rows.plot_id, rows.parcel_id))
        assert len(set(pairs)) == len(pairs)


@settings(max_examples=60, deadline=None)
@given(
    parcels(),
    st.lists(reclaim_plot, max_size=4),
    st.lists(newbuild_plot, max_size=4),
    st.sampled_from(["suzhou-2014", "territorial-2021"]),
    st.sampled_from(["", "", "2016-12-31"]),
    st.booleans(),
)
def test_identities_of_any_plan(
    kit: Any, rows: list, reclaim: list, newbuild: list, profile: str, as_of: str, with_lines: bool
) -> None:
    lines = {}
    if with_lines:
        lines = {
            "farmland": kit.areas((0, 0, 50, 50)),
            "boundary": kit.areas((60, 0, 130, 130)),
            "redline": kit.areas((0, 70, 130, 100), (0, 85, 130, 130), key=[2, 1]),
            "approved_unbuilt": kit.areas((70, 70, 80, 95)),
            "settlements": kit.areas((10, 10, 70, 70), (65, 65, 120, 120), key=[0, 1], names=("东浜", "西浜")),
        }
    held = kit.plan(rows, reclaim, newbuild, load_profile(profile), as_of=as_of, **lines)
    check_identities(held)
    check_sums(held)
    check_evidence(held)
    assert hundredths(held, "total_m2") == sum(round(100 * (row["area"] or 900.0)) for row in rows)
    # overlapping plots count once: no land is reclaimed or built on twice
    assert hundredths(held, "reclaimed_m2") <= hundredths(held, "construction_base_m2")
    assert hundredths(held, "stock_m2") + hundredths(held, "added_m2") <= hundredths(held, "newbuild_plot_m2")


def test_a_plan_that_proposes_nothing(kit: Any) -> None:
    held = kit.plan([{"shape": (0, 0, 10, 100), "class_code": "0101", "unit_code": VILLAGES[0]}])
    assert kit.value(held, "reclaimed_m2") == 0
    assert kit.value(held, "cultivated_after_m2") == 1000
    assert kit.value(held, "reclaim_first_margin_m2") == 0
    assert all(len(rows.area) == 0 for rows in held.evidence.values())
    assert held.findings == ()
    assert held.years == ()


@pytest.mark.parametrize("empty", ["reclaim", "newbuild"])
def test_one_side_empty(kit: Any, empty: str) -> None:
    rows = [{"shape": (0, 0, 10, 100), "class_code": "0702"}, {"shape": (10, 0, 20, 100), "class_code": "0101"}]
    reclaim = [] if empty == "reclaim" else [{"shape": (0, 0, 10, 100), "phase": 2016}]
    newbuild = [] if empty == "newbuild" else [{"shape": (10, 0, 20, 100), "phase": 2018, "use": "town"}]
    held = kit.plan(rows, reclaim, newbuild)
    assert kit.value(held, "reclaimed_m2") == (0 if empty == "reclaim" else 1000)
    assert kit.value(held, "added_m2") == (0 if empty == "newbuild" else 1000)
    check_identities(held)
    assert kit.verdict(held, "construction_not_increased").result == ("fail" if empty == "reclaim" else "pass")


def test_without_lines_what_depends_on_them_is_unknown(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0101"}],
        newbuild=[{"shape": (0, 0, 5, 100), "phase": 2018, "use": "town"}],
    )
    for line in ("newbuild_farmland_m2", "newbuild_redline1_m2", "newbuild_outside_boundary_m2", "farmland_base_m2"):
        assert kit.value(held, line) is None
    for rule, need in (
        ("newbuild_on_farmland", "farmland"),
        ("newbuild_in_redline", "redline"),
        ("newbuild_in_redline_level2", "redline"),
        ("newbuild_inside_boundary", "boundary"),
        ("reclaim_outside_boundary", "boundary"),
        ("quality_not_worse", "grades"),
    ):
        verdict = kit.verdict(held, rule)
        assert (verdict.result, verdict.margin) == ("unknown", None)
        assert need in verdict.missing
    # a hard rule that cannot be judged leaves the plan unbalanced
    assert not held.balanced


def test_unknown_codes_make_what_depends_on_them_unknown(kit: Any) -> None:
    rows = [
        {"shape": (0, 0, 10, 100), "class_code": "0702", "unit_code": VILLAGES[0]},
        {"shape": (10, 0, 20, 100), "class_code": "9X", "unit_code": VILLAGES[1]},
        {"shape": (20, 0, 30, 100), "class_code": "0101", "unit_code": VILLAGES[0]},
    ]
    outside = kit.plan(rows, [{"shape": (0, 0, 10, 100), "phase": 2015}], [{"shape": (20, 0, 25, 100), "phase": 2016}])
    # what the plots do is known, what stands in the whole township is not
    assert (kit.value(outside, "reclaimed_m2"), kit.value(outside, "added_m2")) == (1000, 500)
    for line in ("construction_base_m2", "construction_after_m2", "cultivated_base_m2", "intensity_pct"):
        assert kit.value(outside, line) is None
        assert kit.value(outside, line, VILLAGES[0]) is not None
    assert kit.verdict(outside, "construction_not_increased").result == "pass"
    assert kit.verdict(outside, "cultivated_not_decreased").result == "unknown"
    inside = kit.plan(rows, [{"shape": (0, 0, 15, 100), "phase": 2015}], [{"shape": (20, 0, 25, 100), "phase": 2016}])
    for line in ("reclaimed_m2", "added_m2", "net_reduction_m2", "cultivated_gain_m2", "reclaim_first_margin_m2"):
        assert kit.value(inside, line) is None
    assert (kit.value(inside, "reclaim_plot_m2"), kit.value(inside, "total_m2")) == (1500, 3000)
    assert kit.verdict(inside, "reclaim_first").result == "unknown"
    # counts of plots do not ask for land classes
    for line, count in (("reclaim_plots", 1), ("newbuild_without_class", 1), ("plots_without_date", 0)):
        assert kit.value(inside, line) == count
    assert inside.years == ()


def test_with_lines(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0101"}, {"shape": (10, 0, 20, 100), "class_code": "0702"}],
        [{"shape": (15, 0, 20, 100), "phase": 2015, "rate": 1.0}],
        [
            {"shape": (0, 0, 5, 100), "phase": 2018, "use": "town"},
            {"shape": (5, 0, 6, 100), "phase": 2018, "use": "resettlement"},
        ],
        farmland=kit.areas((0, 0, 2, 100)),
        boundary=kit.areas((4, 0, 16, 100)),
        redline=kit.areas((1, 0, 2, 100), (2, 0, 5.5, 100), key=[1, 2]),
    )
    assert kit.value(held, "newbuild_farmland_m2") == 200
    assert kit.value(held, "newbuild_redline1_m2") == 100
    assert kit.value(held, "newbuild_redline2_m2") == 350
    # town outside the boundary; resettlement may lie there
    assert kit.value(held, "newbuild_outside_boundary_m2") == 400
    assert kit.value(held, "reclaim_inside_boundary_m2") == 100
    assert kit.value(held, "farmland_base_m2") == 200
    assert kit.verdict(held, "newbuild_on_farmland").result == "fail"
    assert kit.verdict(held, "newbuild_in_redline").margin == -100
    assert kit.verdict(held, "newbuild_in_redline_level2").result == "warn"
    assert kit.verdict(held, "newbuild_inside_boundary").result == "fail"
    assert held.count("fail") >= 3


def test_village_polygons_stand_in_for_missing_codes(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 10, 100), "class_code": "0702"}],
        [{"shape": (0, 0, 10, 50), "phase": 2016}],
        villages=kit.areas((0, 0, 4, 100), (4, 0, 10, 100), key=[0, 1], names=VILLAGES[:2]),
    )
    assert [kit.value(held, "reclaimed_m2", unit) for unit in ("", *VILLAGES[:2])] == [500, 200, 300]
    check_sums(held)


def test_settlements_are_named_with_their_village(kit: Any) -> None:
    parcels_ = [
        {"shape": (0, 0, 10, 100), "class_code": "0702", "unit_code": VILLAGES[0]},
        {"shape": (10, 0, 20, 100), "class_code": "0702", "unit_code": VILLAGES[1]},
    ]
    held = kit.plan(
        parcels_,
        [{"shape": (0, 0, 20, 100), "phase": 2016}],
        settlements=kit.areas((5, 0, 8, 100), (12, 0, 20, 50), key=[0, 1], names=("东浜", "东浜")),
    )
    assert kit.value(held, "reclaimed_m2", f"{VILLAGES[0]}/东浜") == 300
    assert kit.value(held, "reclaimed_m2", f"{VILLAGES[1]}/东浜") == 400


def test_sources_and_uses(kit: Any) -> None:
    rows = [{"shape": (0, 0, 40, 100), "class_code": "0101"}]
    newbuild = [
        {"shape": (0, 0, 1, 100), "quota_src": "linked", "use": "town", "phase": 2016},
        {"shape": (1, 0, 3, 100), "quota_src": "annual_plan", "use": "industry", "phase": 2016},
        {
            "shape": (3, 0, 6, 100),
            "quota_src": "provincial",
            "use": "infrastructure",
            "cls_after": "1003",
            "phase": 2016,
        },
        {"shape": (6, 0, 10, 100), "quota_src": "stock", "use": "resettlement", "phase": 2016},
    ]
    held = kit.plan(rows, newbuild=newbuild)
    names = "linked annual_plan provincial town industry infrastructure resettlement".split()
    assert [kit.value(held, f"added_{name}_m2") for name in names] == [100, 200, 300, 100, 200, 300, 400]
    assert kit.value(held, "surplus_m2") == -400
    assert kit.value(held, "net_reduction_linked_m2") == -100
    # 1 000 m² of 4 000 are built on in the end
    assert kit.value(held, "intensity_pct") == 25.0


def test_plot_figures_that_are_no_areas(kit: Any) -> None:
    held = kit.plan(
        [{"shape": (0, 0, 40, 100), "class_code": "0702"}],
        [
            {"shape": (0, 0, 10, 100), "households": 4, "signed": 3, "consent": 0.9, "cost": 100.0, "phase": 2016},
            {"shape": (10, 0, 20, 100), "households": 6, "signed": 6, "consent": 0.7, "cost": 50.0, "population": 20},
        ],
    )
    value = held.accounts.value
    assert (value("households"), value("population"), value("households_unsigned")) == (10, 20, 1)
    assert (value("consent_lowest"), value("reclaim_cost")) == (0.7, 150)
    assert (value("reclaim_plots"), value("newbuild_plots"), value("plots_without_date")) == (2, 0, 1)


def test_unsigned_households_are_unknown_where_one_plot_does_not_say(kit: Any) -> None:
    plots = [
        {"shape": (0, 0, 10, 100), "households": 4, "signed": 3},
        {"shape": (10, 0, 20, 100), "households": 6},
        {"shape": (20, 0, 30, 100)},
    ]
    village = [{"shape": (0, 0, 40, 100), "class_code": "0702"}]
    assert kit.value(kit.plan(village, plots), "households_unsigned") is None
    assert kit.value(kit.plan(village, [plots[0], plots[2]]), "households_unsigned") == 1


def test_consent_not_stated_for_every_plot_is_unknown(kit: Any) -> None:
    plots = [{"shape": (0, 0, 10, 100), "consent": 1.0}, {"shape": (10, 0, 20, 100), "consent": None}]
    held = kit.plan([{"shape": (0, 0, 40, 100), "class_code": "0702"}], plots)
    assert kit.verdict(held, "village_consent").result == "unknown"


def test_deducted_totals_are_those_of_the_survey(kit: Any) -> None:
    rows = [
        {
            "shape": (0, 0, 10, 10),
            "class_code": "0103",
            "area": 100.07,
            "deduct_rate": 0.1234,
            "unit_code": VILLAGES[0],
        },
        {"shape": (10, 0, 20, 10), "class_code": "0103", "area": 99.93, "deduct_rate": 0.05, "unit_code": VILLAGES[1]},
    ]
    held = kit.plan(rows, settlements=kit.areas((3, 0, 15, 4), (15, 2, 30, 5), key=[0, 1], names=("a", "b")))
    # KCMJ 12.348638 → 12.35 and 4.9965 → 5.00
    assert kit.value(held, "cultivated_base_m2") == pytest.approx(100.07 - 12.35 + 99.93 - 5.00, abs=1e-9)
    assert kit.value(held, "cultivated_base_m2", VILLAGES[0]) == pytest.approx(87.72, abs=1e-9)
    assert to_m2(held.base.area.sum()) == pytest.approx(200.00)


def test_rules_of_the_day(kit: Any) -> None:
    held = kit.plan([{"shape": (0, 0, 10, 100), "class_code": "0101"}], targets=[Target("", "cultivated_m2", 900.0)])
    verdict = kit.verdict(held, "cultivated_target")
    assert (verdict.result, verdict.margin) == ("pass", 100)
    assert kit.verdict(held, "reclaim_task").missing == ("target.reclaim_m2",)
