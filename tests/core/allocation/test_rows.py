"""Rules, targets and needs as limits: by hand, and against the verdicts of the same choice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.allocation.coefficients import coefficients
from three_opt_three_protect.core.allocation.needs import Demand
from three_opt_three_protect.core.allocation.setup import Options, Prepared, prepare
from three_opt_three_protect.core.balance import balance
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.check import totals
from three_opt_three_protect.core.optimiser.problem import Limit
from three_opt_three_protect.core.rules import Profile, Rule
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

PROFILE = load_profile("suzhou-2014")
THIRD = load_class_system("third_survey")
VILLAGES = ("320509100201", "320509100202")
PHASES = (2015, 2016, 2018)

# 30 000 m² of homesteads in two villages, 40 000 m² of fields of grade 5 in the second one.
GROUND = [
    {"shape": (0, 0, 200, 100), "class_code": "0702", "unit_code": VILLAGES[0]},
    {"shape": (200, 0, 300, 100), "class_code": "0702", "unit_code": VILLAGES[1]},
    {"shape": (300, 0, 700, 100), "class_code": "0103", "unit_code": VILLAGES[1], "grade": 5.0},
]


def village(number: int, **fields: Any) -> Dict[str, Any]:
    """1 000 m² of homesteads, of which all becomes cultivated land of grade 5."""
    return {"shape": (10 * number, 0, 10 * number + 10, 100), "rate": 1.0, "grade_new": 5.0, **fields}


def field(number: int, **fields: Any) -> Dict[str, Any]:
    """1 000 m² of cultivated land to be built on."""
    return {"shape": (300 + 10 * number, 0, 310 + 10 * number, 100), "use": "town", **fields}


def made(
    kit: Any,
    reclaim: Sequence[Dict[str, Any]] = (),
    newbuild: Sequence[Dict[str, Any]] = (),
    targets: Sequence[Target] = (),
    demand: Sequence[Demand] = (),
    profile: Profile = PROFILE,
    options: Optional[Options] = None,
    **lines: Any,
) -> Prepared:
    held = coefficients(kit.base(GROUND, **lines), kit.reclaim(reclaim), kit.newbuild(newbuild), profile, THIRD)
    return prepare(held, profile, targets, demand, options or Options(PHASES, "cultivated"))


def limits(prepared: Prepared, limit_id: str, unit: str = "") -> List[Limit]:
    return [limit for limit in prepared.problem.limits if limit.id == limit_id and limit.unit_code == unit]


def only(prepared: Prepared, limit_id: str, unit: str = "") -> Limit:
    (found,) = limits(prepared, limit_id, unit)
    return found


def closed(prepared: Prepared) -> Dict[str, List[Tuple[int, List[int]]]]:
    found: Dict[str, List[Tuple[int, List[int]]]] = {}
    for one in prepared.rows.closed:
        found.setdefault(one.rule, []).append((one.layer, one.rows.tolist()))
    return found


def left_out(prepared: Prepared) -> Dict[str, Tuple[str, Tuple[str, ...]]]:
    return {one.rule: (one.kind, one.missing) for one in prepared.rows.left_out}


# Rules over the whole plan


def test_a_rule_with_factors(kit: Any) -> None:
    prepared = made(kit, [village(0), village(1)], [field(0), field(1, quota_src="provincial")])
    limit = only(prepared, "reduction_target")
    # 0.9 · R − N_linked
    assert (limit.constant, limit.reclaim.tolist(), limit.newbuild.tolist()) == (0, [900, 900], [-1000, 0])
    assert (limit.hard, limit.year, limit.unit) == (False, None, "m2")
    assert (limit.reclaim_phases, limit.newbuild_phases) == ((0, 2), (0, 2))
    assert only(prepared, "construction_not_increased").hard


def test_what_there_is_already_is_the_constant(kit: Any) -> None:
    prepared = made(
        kit, [village(0)], [field(0)], [Target("", "cultivated_m2", 39500.0), Target("", "construction_m2", 29000.0)]
    )
    assert only(prepared, "cultivated_target").constant == 500
    scale = only(prepared, "construction_scale")
    assert (scale.constant, scale.reclaim.tolist(), scale.newbuild.tolist()) == (-1000, [1000], [-1000])


def test_intensity_is_linear(kit: Any) -> None:
    limit = only(made(kit, [village(0)], [field(0)]), "development_intensity")
    # 30 − 100 · 30 000 / 70 000
    assert limit.constant == pytest.approx(30 - 300 / 7)
    assert (limit.reclaim.tolist(), limit.newbuild.tolist()) == (pytest.approx([10 / 7]), pytest.approx([-10 / 7]))


def test_a_limit_no_choice_can_break_is_left_away(kit: Any) -> None:
    assert (
        limits(made(kit, [village(0)], [field(0)], [Target("", "cultivated_m2", 39000.0)]), "cultivated_target") == []
    )
    assert (
        len(limits(made(kit, [village(0)], [field(0)], [Target("", "cultivated_m2", 39000.01)]), "cultivated_target"))
        == 1
    )


def test_a_limit_that_cannot_be_kept_stays(kit: Any) -> None:
    limit = only(made(kit, [village(0)], [], [Target("", "reclaim_m2", 5000.0)]), "reclaim_task")
    assert limit.constant + limit.reclaim.sum() == -4000


def test_villages_with_a_target_of_their_own(kit: Any) -> None:
    prepared = made(kit, [village(0), village(25)], [], [Target(VILLAGES[1], "reclaim_m2", 800.0)])
    limit = only(prepared, "reclaim_task", VILLAGES[1])
    assert (limit.constant, limit.reclaim.tolist()) == (-800, [0, 1000])
    # the township has none
    assert limits(prepared, "reclaim_task") == []
    assert left_out(prepared)["reclaim_task"] == ("unknown", ("target.reclaim_m2",))


def test_rules_of_villages(kit: Any) -> None:
    rule = Rule("net", {"net_reduction_m2": 1.0}, {"constant": 0.0}, "m2", "", "text", scope=("village", "settlement"))
    profile = replace(PROFILE, rules=(rule,))
    lines = {"settlements": kit.areas((0, 0, 20, 100), key=[0], names=["东庄"])}
    prepared = made(kit, [village(0), village(25)], [field(0)], profile=profile, **lines)
    assert [limit.unit_code for limit in prepared.problem.limits] == [VILLAGES[1]]
    assert only(prepared, "net", VILLAGES[1]).reclaim.tolist() == [0, 1000]
    # nothing is built in the first village and in Dongzhuang: nothing can be broken there
    assert left_out(prepared) == {}


def test_rules_without_data_and_rules_that_are_not_linear_are_named(kit: Any) -> None:
    prepared = made(kit, [village(0)], [field(0)])
    found = left_out(prepared)
    assert found["newbuild_on_farmland"] == ("unknown", ("farmland",))
    assert found["annual_plan_quota"] == ("unknown", ("annual_plan_margin_m2",))
    assert found["farmland_task"] == ("unknown", ("farmland",))
    assert found["supplement_quality"] == ("not_linear", ())
    assert found["village_consent"] == ("unknown", ("consent_lowest",))
    every = {limit.id for limit in prepared.problem.limits} | set(found)
    # what is neither can never be broken here
    assert {rule.id for rule in PROFILE.rules} - every == {
        "class_after_given", "not_on_accepted_reclaim", "quality_not_worse",
    }  # fmt: skip


def test_quality_is_linear(kit: Any) -> None:
    prepared = made(kit, [village(0, grade_new=3.0), village(1, grade_new=8.0)], [field(0)])
    limit = only(prepared, "quality_not_worse")
    # 1 000 m² two grades better, 1 000 m² three worse, of 40 000 m²; fields lost are the mean
    assert limit.reclaim.tolist() == pytest.approx([2 / 40, -3 / 40])
    assert limit.newbuild.tolist() == pytest.approx([0])
    assert limit.constant == 0


# Plots that no plan may have


def test_sites_on_lines_are_closed(kit: Any) -> None:
    prepared = made(
        kit,
        [village(0)],
        [field(0), field(1), field(2), field(3, use="resettlement"), field(4, use="infrastructure")],
        farmland=kit.areas((300, 0, 300.01, 100)),
        redline=kit.areas((310, 0, 320, 100), (320, 0, 330, 100), key=[1, 2]),
        boundary=kit.areas((250, 0, 330, 100)),
    )
    assert closed(prepared) == {
        "newbuild_on_farmland": [(1, [0])],
        "newbuild_in_redline": [(1, [1])],
        # infrastructure states no class
        "class_after_given": [(1, [4])],
    }
    assert prepared.problem.newbuild_open.any(axis=1).tolist() == [False, False, True, True, False]
    # level 2 only warns
    level = only(prepared, "newbuild_in_redline_level2")
    assert (level.hard, level.newbuild.tolist()) == (False, [0, 0, -1000, 0, 0])
    # town is bound to the boundary, a resettlement is not
    outside = made(kit, [], [field(9), field(10, use="resettlement")], boundary=kit.areas((250, 0, 330, 100)))
    assert closed(outside) == {"newbuild_inside_boundary": [(1, [0])]}


def test_a_site_locked_in_is_not_closed_and_says_why_there_is_no_plan(kit: Any) -> None:
    options = Options(PHASES, "cultivated", lock_in=("1",))
    prepared = made(kit, [], [field(0), field(1)], options=options, farmland=kit.areas((300, 0, 320, 50)))
    assert closed(prepared) == {"newbuild_on_farmland": [(1, [1])]}
    assert only(prepared, "newbuild_on_farmland").newbuild.tolist() == [-500, 0]
    assert prepared.problem.newbuild_fixed.tolist() == [True, False]


def test_candidates_inside_the_boundary_only_warn(kit: Any) -> None:
    prepared = made(kit, [village(0), village(1)], [], boundary=kit.areas((5, 0, 10, 100)))
    limit = only(prepared, "reclaim_outside_boundary")
    assert (limit.hard, limit.reclaim.tolist()) == (False, [-500, 0])
    assert closed(prepared) == {}


def test_consent_below_two_thirds_is_closed(kit: Any) -> None:
    plots = [village(0, consent=0.66), village(1, consent=0.6667), village(2, consent=1.0)]
    prepared = made(kit, plots)
    assert closed(prepared) == {"village_consent": [(0, [0])]}
    assert "village_consent" not in left_out(prepared)
    locked = made(kit, plots, options=Options(PHASES, "cultivated", lock_in=("1",)))
    assert closed(locked) == {}
    assert left_out(locked)["village_consent"] == ("locked", ())
    unknown = made(kit, [*plots, village(3)])
    assert left_out(unknown)["village_consent"] == ("unknown", ("consent_lowest",))
    assert unknown.problem.reclaim_open.any(axis=1).tolist() == [False, True, True, True]


def test_plots_of_which_nothing_can_be_known_are_closed(kit: Any) -> None:
    prepared = made(kit, [{"shape": (0, 500, 10, 510)}, village(0)])
    assert closed(prepared) == {"outside_parcels": [(0, [0])]}


# Rules over time


def test_reclaim_first_in_every_phase(kit: Any) -> None:
    prepared = made(kit, [village(0), village(1)], [field(0), field(1, quota_src="annual_plan")])
    found = limits(prepared, "reclaim_first")
    assert [(one.year, one.reclaim_phases, one.newbuild_phases, one.constant) for one in found] == [
        (2015, (0, 0), (0, 0), 0), (2016, (0, 1), (0, 1), 0), (2018, (0, 2), (0, 2), 0),
    ]  # fmt: skip
    assert (found[0].reclaim.tolist(), found[0].newbuild.tolist()) == ([1000, 1000], [-1000, 0])
    # cultivated land is lost to every source
    assert limits(prepared, "cultivated_first")[0].newbuild.tolist() == [-1000, -1000]


def test_start_up_quota_counts_until_it_is_due(kit: Any) -> None:
    prepared = made(kit, [village(0)], [field(0)], [Target("", "start_quota_m2", 700.0, "m2", 2017)])
    # 2017 is no phase, but the quota is due then; what counts is the end of 2016
    assert [(one.year, one.constant) for one in limits(prepared, "reclaim_first")] == [
        (2015, 700),
        (2016, 0),
        (2018, 0),
    ]


def test_what_has_a_date_is_in_the_constants(kit: Any) -> None:
    prepared = made(
        kit,
        [village(0, acc_date="2014-06-30", acc_m2=900.0), village(1, cred_date="2016-06-30"), village(2)],
        [field(0, use_date="2016-03-01"), field(1)],
    )
    problem = prepared.problem
    assert (problem.reclaim_fixed.tolist(), problem.newbuild_fixed.tolist()) == ([True, True, False], [True, False])
    assert problem.reclaim_open.tolist() == [[True, False, False], [False, True, False], [True, True, True]]
    assert problem.newbuild_open.tolist() == [[False, True, False], [True, True, True]]
    # 1 March 2016: 900 − 1 000 with what stands at the end of 2015; 31 December 2016: 900 + 1 000 − 1 000
    assert [(one.year, one.reclaim_phases, one.constant) for one in limits(prepared, "reclaim_first")] == [
        (2015, (0, 0), -100), (2016, (0, 1), 900), (2018, (0, 2), 900),
    ]  # fmt: skip
    assert limits(prepared, "reclaim_first")[0].reclaim.tolist() == [0, 0, 1000]
    assert limits(prepared, "reclaim_first")[0].newbuild.tolist() == [0, -1000]


def test_a_dated_plot_that_loses_cultivated_land_is_a_use_on_its_day(kit: Any) -> None:
    pond = {"shape": (300, 0, 310, 100), "direction": "pond", "acc_date": "2016-03-01"}
    prepared = made(kit, [village(0), pond], [field(1)])
    # 1 March 2016: − 1 000 with what stands at the end of 2015
    assert [(one.year, one.reclaim_phases, one.constant) for one in limits(prepared, "cultivated_first")] == [
        (2015, (0, 0), -1000), (2016, (0, 1), -1000), (2018, (0, 2), -1000),
    ]  # fmt: skip


def test_annual_plan_year_by_year(kit: Any) -> None:
    quota = [Target("", "annual_plan_m2", 600.0, "m2", 2015), Target("", "annual_plan_m2", 1600.0, "m2", 2016)]
    sites = [field(0, quota_src="annual_plan"), field(1, quota_src="annual_plan", use_date="2016-05-01"), field(2)]
    found = limits(made(kit, [], sites, quota), "annual_plan_quota")
    assert [(one.year, one.constant, one.newbuild_phases, one.newbuild.tolist()) for one in found] == [
        (2015, 600, (0, 0), [-1000, 0, 0]),
        (2016, 600, (1, 1), [-1000, 0, 0]),
        # nothing is assigned, nothing is carried on
        (2018, 0, (2, 2), [-1000, 0, 0]),
    ]


# Needs


def test_demand_adds_up_over_the_phases(kit: Any) -> None:
    sites = [field(0, use="town"), field(1, use="industry"), field(2, use="town")]
    wanted = [Demand("town", 500.0, 2015), Demand("town", 1200.0), Demand("industry", 0.0), Demand("town", 100.0, 2015)]
    prepared = made(kit, [], sites, demand=wanted)
    found = limits(prepared, "demand.town")
    assert [(one.year, one.constant, one.newbuild_phases) for one in found] == [
        (2015, -600, (0, 0)),
        (2018, -1800, (0, 2)),
    ]
    assert found[0].newbuild.tolist() == [1000, 0, 1000]
    assert limits(prepared, "demand.industry") == []
    assert len(limits(made(kit, [], [], demand=[Demand("town", 1.0)]), "demand.town")) == 1


def test_demand_in_a_year_that_is_no_phase(kit: Any) -> None:
    with pytest.raises(InputError, match="demand_year_is_no_phase"):
        made(kit, [], [field(0)], demand=[Demand("town", 500.0, 2017)])


def test_flats_stand_a_year_before_households_leave(kit: Any) -> None:
    prepared = made(
        kit,
        [village(0, households=7), village(1, households=0), village(2)],
        [field(0, use="resettlement"), field(1, use="resettlement", households=9), field(2)],
        [Target("", "resettlement_households", 2.0), Target("", "transition_households", 3.0, year=2015)],
    )
    found = limits(prepared, "resettlement")
    # flats of 2015 serve 2016, those of 2016 serve 2018; 2015 has only what there is
    assert [(one.year, one.constant, one.reclaim_phases, one.newbuild_phases) for one in found] == [
        (2015, 5, (0, 0), (0, -1)), (2016, 2, (0, 1), (0, 0)), (2018, 2, (0, 2), (0, 1)),
    ]  # fmt: skip
    # 1 000 m² ÷ 220 m² per household = 4 whole ones
    assert (found[0].reclaim.tolist(), found[0].newbuild.tolist()) == ([-7, 0, 0], [4, 9, 0])


def test_households_that_have_left_already_are_no_reason_against_the_rest(kit: Any) -> None:
    prepared = made(
        kit,
        [village(0, households=50, acc_date="2014-06-30"), village(1, households=3)],
        [field(0, use="resettlement", households=20, use_date="2014-01-31")],
    )
    assert [one.constant for one in limits(prepared, "resettlement")] == [0, 0, 0]
    plenty = made(
        kit,
        [village(0, households=5, acc_date="2014-06-30"), village(1, households=30)],
        [field(0, use="resettlement", households=20, use_date="2014-01-31")],
    )
    assert [one.constant for one in limits(plenty, "resettlement")] == [15, 15, 15]


def test_without_households_no_flats_are_needed(kit: Any) -> None:
    assert limits(made(kit, [village(0)], [field(0)]), "resettlement") == []


def test_budget_and_income(kit: Any) -> None:
    prepared = made(
        kit,
        [village(0, cost=1e6), village(1, households=0)],
        [field(0, price=20.0), field(1)],
        [Target("", "budget_yuan", 5e5, "yuan", 2015), Target("", "budget_yuan", 2e5, "yuan", 2018)],
    )
    found = limits(prepared, "budget")
    assert [(one.year, one.constant) for one in found] == [(2015, 5e5), (2016, 5e5), (2018, 7e5)]
    # where nobody lives 8 000 yuan a mu: 1.5 mu; 20 · 10 000 yuan a mu
    assert found[0].reclaim.tolist() == pytest.approx([-1e6, -12000])
    assert found[0].newbuild.tolist() == pytest.approx([3e5, 0])


def test_cost_of_moving_households_cannot_be_told_from_the_area(kit: Any) -> None:
    budget = [Target("", "budget_yuan", 5e5, "yuan")]
    with pytest.raises(InputError, match="cost_missing") as caught:
        made(kit, [village(0, cost=1.0), village(1, households=3)], [], budget)
    assert caught.value.values["features"] == "2"
    with pytest.raises(InputError, match="cost_missing"):
        made(kit, [village(0, settlement="东庄")], [], options=Options(PHASES, "cost"))
    # without a natural village and households nobody lives there
    assert made(kit, [village(0)], [], budget).problem.limits


# Villages as a whole, locks


def test_natural_villages_go_as_a_whole(kit: Any) -> None:
    plots = [
        village(0, settlement="东庄", unit_code=VILLAGES[0]),
        village(1, settlement="西庄", unit_code=VILLAGES[0]),
        village(2, settlement="东庄", unit_code=VILLAGES[0]),
        village(25, settlement="东庄", unit_code=VILLAGES[1]),
        village(4),
        village(5, settlement="东庄", unit_code=VILLAGES[0], acc_date="2014-03-01"),
        village(6, settlement="东庄", unit_code=VILLAGES[0], locked="out", plot_id="Z"),
        # takes the same land as the first
        {**village(0, settlement="东庄", unit_code=VILLAGES[0]), "rate": 0.5},
    ]
    stated = np.array([None] * 6 + ["out", None], dtype=object)
    options = Options(PHASES, "cultivated", locked=(stated, np.empty(0, dtype=object)))
    problem = made(kit, plots, options=options).problem
    group = problem.group.tolist()
    assert group[0] == group[2] != group[1]
    assert group[3] not in (group[0], group[1], -1)
    assert group[4:] == [-1, -1, -1, -1]
    assert problem.conflicts.tolist() == [[0, 7]]
    assert problem.reclaim_open.any(axis=1).tolist() == [True] * 6 + [False, True]
    assert set(made(kit, plots, options=replace(options, whole_villages=False)).problem.group.tolist()) == {-1}


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"lock_in": ("X",)}, "lock_unknown"),
        ({"lock_out": ("R", "Y")}, "lock_unknown"),
        ({"lock_in": ("R",), "lock_out": ("R",)}, "lock_both"),
        ({"lock_in": ("B",)}, "lock_ambiguous"),
        ({"phases": ()}, "phases_missing"),
        ({"phases": (2016, 2015)}, "phases_not_ascending"),
        ({"phases": (2015, 2015)}, "phases_not_ascending"),
        ({"phases": (1, 2)}, "phase_is_no_year"),
        ({"objective": "weighted"}, "weights_missing"),
        ({"objective": "weighted", "weights": {"cost": 0.0}}, "weights_missing"),
        ({"objective": "weighted", "weights": {"speed": 1.0}}, "weight_unknown"),
        ({"objective": "weighted", "weights": {"cost": -1.0, "cultivated": 2.0}}, "weight_not_positive"),
    ],
)
def test_what_cannot_be_meant(kit: Any, options: Dict[str, Any], error: str) -> None:
    asked = replace(Options(PHASES, "cultivated"), **options)
    with pytest.raises(InputError, match=error):
        made(kit, [village(0, plot_id="R"), village(1, plot_id="B")], [field(0, plot_id="B")], options=asked)


def test_ids_given_overrule_the_field(kit: Any) -> None:
    stated = (np.array(["out", "in"], dtype=object), np.empty(0, dtype=object))
    options = Options(PHASES, "cultivated", lock_in=("A",), lock_out=("B",), locked=stated)
    problem = made(kit, [village(0, plot_id="A"), village(1, plot_id="B")], options=options).problem
    assert problem.reclaim_fixed.tolist() == [True, False]
    assert problem.reclaim_open.any(axis=1).tolist() == [True, False]


# Against the verdicts


DATED = replace(
    PROFILE,
    rules=(
        *PROFILE.rules,
        *(
            replace(rule, id=f"{rule.id}_{year}{'_first' if rule.id.endswith('first') else ''}", **{end: day})
            for rule in PROFILE.rules
            if rule.id in ("occupation_compensated", "reclaim_first", "cultivated_first", "productivity_compensated")
            for year, end, day in ((2015, "end", "2015-12-31"), (2016, "start", "2016-01-01"))
        ),
    ),
)
"""Rules of which each judges only what happens in its years."""


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_choice_keeps_the_limits_where_its_balance_passes(kit: Any, data: st.DataObject) -> None:
    draw = data.draw
    reclaim = [
        village(2 * row, rate=draw(st.sampled_from([0.5, 1.0])), grade_new=draw(st.sampled_from([4.0, 5.0, 7.0])))
        for row in range(draw(st.integers(1, 4)))
    ]
    newbuild = [
        field(2 * row, quota_src=draw(st.sampled_from(["linked", "annual_plan"])))
        for row in range(draw(st.integers(1, 4)))
    ]
    targets = [
        Target("", "reclaim_m2", draw(st.sampled_from([500.0, 1500.0]))),
        Target("", "cultivated_m2", draw(st.sampled_from([39000.0, 40500.0]))),
        Target("", "annual_plan_m2", draw(st.sampled_from([500.0, 1000.0])), year=2016),
        Target("", "start_quota_m2", draw(st.sampled_from([0.0, 1000.0])), year=draw(st.sampled_from([2015, 2017]))),
    ]
    profile = draw(st.sampled_from([PROFILE, load_profile("territorial-2021"), DATED]))
    prepared = made(kit, reclaim, newbuild, targets, profile=profile)
    choice = [
        np.array(draw(st.lists(st.integers(-1, 2), min_size=len(plots), max_size=len(plots))), dtype=np.int64)
        for plots in (reclaim, newbuild)
    ]
    least: Dict[str, float] = {}
    for limit, total in zip(prepared.problem.limits, totals(prepared.problem, *choice)):
        least[limit.id] = min(least.get(limit.id, np.inf), float(total))
    years, rows = np.array(PHASES), [np.flatnonzero(phase >= 0) for phase in choice]
    held = balance(
        kit.base(GROUND),
        kit.reclaim(reclaim).take(rows[0]).in_phases(years[choice[0][rows[0]]]),
        kit.newbuild(newbuild).take(rows[1]).in_phases(years[choice[1][rows[1]]]),
        profile,
        THIRD,
        targets,
    )
    margins = {verdict.rule: verdict.margin for verdict in held.verdicts}
    for name, total in least.items():
        margin = margins[name]
        assert margin is not None, name
        assert (margin >= 0) == (total >= 0), name
        if not name.endswith("_first") and name not in ("annual_plan_quota", "quality_not_worse"):
            assert margin == pytest.approx(total, abs=1e-4), name
