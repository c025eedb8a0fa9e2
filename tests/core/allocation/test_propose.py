"""Proposals through the whole path: against every choice held by the balance alone, and re-checked by it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, Dict, List, Optional, Sequence, Tuple, cast

import numpy as np
import pytest

from three_opt_three_protect.core.allocation import propose as module
from three_opt_three_protect.core.allocation.needs import Demand
from three_opt_three_protect.core.allocation.propose import Proposal, chosen, propose, propose_plain, search
from three_opt_three_protect.core.allocation.setup import Options
from three_opt_three_protect.core.balance import Balance, balance
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.optimiser.problem import (
    CANCELLED,
    GAP,
    INFEASIBLE,
    NOT_CHOSEN,
    OPTIMAL,
    Effort,
    Plan,
)
from three_opt_three_protect.core.rules import FAIL
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

PROFILE = load_profile("suzhou-2014")
THIRD = load_class_system("third_survey")
PHASES = (2015, 2017)
EXACT = Effort(gap=0.0)

# 20 000 m² of homesteads; 20 000 m² of fields of grade 5 and a wood that keeps the intensity low.
GROUND = [
    {"shape": (0, 0, 200, 100), "class_code": "0702"},
    {"shape": (200, 0, 400, 100), "class_code": "0103", "grade": 5.0},
    {"shape": (0, 100, 400, 400), "class_code": "0301"},
]


def village(number: int, width: float, cost: float, **fields: Any) -> Dict[str, Any]:
    shape = (20.0 * number, 0, 20.0 * number + width, 100)
    return {"shape": shape, "rate": 1.0, "grade_new": 5.0, "cost": cost, **fields}


def field(number: int, width: float, **fields: Any) -> Dict[str, Any]:
    return {"shape": (200 + 20.0 * number, 0, 200 + 20.0 * number + width, 100), "use": "town", **fields}


RECLAIM = [village(0, 10, 700, households=3), village(1, 14, 900, rate=0.8), village(2, 6, 300, households=1)]
NEWBUILD = [field(0, 8), field(1, 12), field(2, 5, use="resettlement", households=2)]
FIRST_MOVE = [Target("", "resettlement_households", 1.0)]

Case = Tuple[str, List[Demand], List[Target]]
CASES: List[Case] = [
    ("cost", [Demand("town", 700.0)], FIRST_MOVE),
    ("cost", [Demand("town", 700.0, 2015), Demand("town", 900.0, 2017)], FIRST_MOVE),
    ("cost", [Demand("town", 1100.0)], [*FIRST_MOVE, Target("", "start_quota_m2", 900.0, "m2", 2016)]),
    ("cultivated", [], FIRST_MOVE),
    ("cultivated", [Demand("resettlement", 100.0)], [*FIRST_MOVE, Target("", "budget_yuan", 1300.0, "yuan", 2015)]),
    ("households", [], [*FIRST_MOVE, Target("", "reclaim_m2", 2300.0)]),
    ("cost", [Demand("town", 2100.0)], FIRST_MOVE),
]


def proposed(
    kit: Any,
    reclaim: Sequence[Dict[str, Any]] = RECLAIM,
    newbuild: Sequence[Dict[str, Any]] = NEWBUILD,
    demand: Sequence[Demand] = (),
    targets: Sequence[Target] = (),
    options: Optional[Options] = None,
    **lines: Any,
) -> Proposal:
    asked = options or Options(PHASES, "cost", effort=EXACT)
    base = kit.base(GROUND, **lines)
    return propose(base, kit.reclaim(reclaim), kit.newbuild(newbuild), demand, targets, PROFILE, THIRD, asked)


def needs_met(case: Case, reclaim: Tuple[int, ...], newbuild: Tuple[int, ...]) -> bool:
    """Demand, flats and budget in the words of the task, without a coefficient."""
    _, demand, targets = case
    figures = {target.indicator: target.value for target in targets}
    area = [100.0 * (plot["shape"][2] - plot["shape"][0]) for plot in NEWBUILD]
    for use in {one.use for one in demand}:
        for number, year in enumerate(PHASES):
            wanted = sum(one.area_m2 for one in demand if one.use == use and (one.year or PHASES[-1]) <= year)
            built = sum(a for a, plot, at in zip(area, NEWBUILD, newbuild) if plot["use"] == use and 0 <= at <= number)
            if built < wanted:
                return False
    for number, year in enumerate(PHASES):
        moved = sum(plot.get("households", 0) for plot, at in zip(RECLAIM, reclaim) if 0 <= at <= number)
        flats = figures.get("resettlement_households", 0.0)
        flats += sum(
            plot.get("households", 0) for plot, at in zip(NEWBUILD, newbuild) if at >= 0 and PHASES[at] <= year - 1
        )
        if moved > flats:
            return False
    spent = sum(plot["cost"] for plot, at in zip(RECLAIM, reclaim) if at >= 0)
    return spent <= figures.get("budget_yuan", np.inf)


def best_by_trying(kit: Any, case: Case) -> Optional[float]:
    """The best value of all choices whose balance fails in no rule and that give what is needed."""
    objective, _, targets = case
    base, reclaim, newbuild = kit.base(GROUND), kit.reclaim(RECLAIM), kit.newbuild(NEWBUILD)
    years, best = np.array(PHASES), None
    for phases in product((-1, 0, 1), repeat=len(RECLAIM) + len(NEWBUILD)):
        out, new = phases[: len(RECLAIM)], phases[len(RECLAIM) :]
        if not needs_met(case, out, new):
            continue
        value = value_of(objective, out)
        if best is not None and value >= best:
            continue
        rows = [np.flatnonzero(np.array(side) >= 0) for side in (out, new)]
        held = balance(
            base,
            reclaim.take(rows[0]).in_phases(years[np.array(out)[rows[0]]]),
            newbuild.take(rows[1]).in_phases(years[np.array(new)[rows[1]]]),
            PROFILE,
            THIRD,
            targets,
        )
        # a rule that warns is kept where it can be; here every one can
        if all(verdict.margin is None or verdict.margin >= 0 for verdict in held.verdicts if verdict.rule != QUALITY):
            best = value
    return best


QUALITY = "supplement_quality"


def value_of(objective: str, reclaim: Tuple[int, ...]) -> float:
    chosen_plots = [plot for plot, at in zip(RECLAIM, reclaim) if at >= 0]
    if objective == "cost":
        return float(sum(plot["cost"] for plot in chosen_plots))
    if objective == "households":
        return float(sum(plot.get("households", 0) for plot in chosen_plots))
    return -sum(plot["rate"] * 100.0 * (plot["shape"][2] - plot["shape"][0]) for plot in chosen_plots)


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}{number}" for number, case in enumerate(CASES)])
def test_no_choice_is_better(kit: Any, case: Case) -> None:
    objective, demand, targets = case
    found = proposed(kit, demand=demand, targets=targets, options=Options(PHASES, objective, effort=EXACT))
    best = best_by_trying(kit, case)
    if best is None:
        assert found.plan.status == INFEASIBLE
        assert found.plan.reasons
        assert (len(found.reclaim), len(found.newbuild), found.balance) == (0, 0, None)
        return
    assert found.plan.status == OPTIMAL
    assert found.plan.value == pytest.approx(best, abs=1e-6)
    assert found.plan.bound == pytest.approx(best, abs=1e-6)
    check_again(found)


def check_again(found: Proposal) -> None:
    """Every rule that is a limit passes in the balance, and accounts are the sums of the coefficients."""
    assert found.balance is not None
    assert found.checked == ()
    given_up = {reason.id for reason in found.plan.reasons if reason.given_up}
    for verdict in found.balance.verdicts:
        if verdict.result == FAIL:
            assert verdict.rule in {one.rule for one in found.prepared.rows.left_out} | given_up
    held = found.prepared.coefficients
    for side, phase in ((held.reclaim, found.plan.reclaim_phase), (held.newbuild, found.plan.newbuild_phase)):
        for line in side.amounts:
            if side.of(line)[phase >= 0].any() and found.balance.accounts.value(line) is not None:
                other = held.newbuild if side is held.reclaim else held.reclaim
                if not other.of(line).any():
                    assert side.of(line)[phase >= 0].sum() == found.balance.accounts.value(line), line


def test_plots_stand_in_their_phases(kit: Any) -> None:
    found = proposed(kit, demand=[Demand("town", 700.0)], targets=FIRST_MOVE)
    years = np.array(PHASES)
    rows = np.flatnonzero(found.plan.reclaim_phase != NOT_CHOSEN)
    assert found.reclaim.plot_id.tolist() == found.problem.reclaim_id[rows].tolist()
    assert found.reclaim.phase.tolist() == years[found.plan.reclaim_phase[rows]].tolist()
    assert found.reclaim.day.astype(str).tolist() == [f"{int(year)}-12-31" for year in found.reclaim.phase]
    assert found.balance is not None
    assert found.balance.reclaim is not None


def test_nothing_is_wanted_nothing_is_done(kit: Any) -> None:
    found = proposed(kit)
    assert (len(found.reclaim), len(found.newbuild), found.plan.value) == (0, 0, 0)
    # sites cost nothing, and yet none stands there without a need
    most = proposed(
        kit, options=Options(PHASES, "cultivated", effort=EXACT), targets=[Target("", "resettlement_households", 9.0)]
    )
    assert (len(most.reclaim), len(most.newbuild)) == (3, 0)


def test_dated_plots_are_in_every_plan_on_their_day(kit: Any) -> None:
    plots = [*RECLAIM, village(5, 10, 1e6, acc_date="2016-04-01", acc_m2=900.0)]
    found = proposed(kit, plots, NEWBUILD, [Demand("town", 700.0)], FIRST_MOVE)
    assert "4" in found.reclaim.plot_id.tolist()
    row = found.reclaim.plot_id.tolist().index("4")
    assert (found.reclaim.phase[row], str(found.reclaim.day[row])) == (2016, "2016-04-01")
    # 900 m² of quota are there already: no other candidate is needed
    assert len(found.reclaim) == 1
    check_again(found)


def test_locked_plots(kit: Any) -> None:
    options = Options(PHASES, "cost", lock_in=("2",), lock_out=("3",), effort=EXACT)
    found = proposed(kit, [{**p, "plot_id": str(n)} for n, p in enumerate(RECLAIM, 1)],
                     [{**p, "plot_id": f"N{n}"} for n, p in enumerate(NEWBUILD, 1)],
                     [Demand("town", 700.0)], FIRST_MOVE, options)  # fmt: skip
    assert found.reclaim.plot_id.tolist() == ["2"]
    assert found.plan.value == 900


def test_overlapping_candidates_never_stand_together(kit: Any) -> None:
    plots = [village(0, 10, 1.0), {**village(0, 10, 2.0), "shape": (5, 0, 15, 100)}, village(1, 10, 3.0)]
    found = proposed(kit, plots, [field(0, 15)], [Demand("town", 1500.0)])
    assert found.plan.found
    assert found.plan.reclaim_phase[[0, 1]].min() == NOT_CHOSEN
    assert found.plan.value == 4.0
    check_again(found)


def test_what_cannot_be_has_reasons(kit: Any) -> None:
    found = proposed(kit, demand=[Demand("town", 9000.0)], targets=FIRST_MOVE)
    assert found.plan.status == INFEASIBLE
    reason = next(one for one in found.plan.reasons if one.id == "demand.town")
    assert (reason.kind, reason.short_by) == ("alone", pytest.approx(7000.0))


def test_flats_before_the_first_reclamation(kit: Any) -> None:
    # all candidates have households, no flats stand, none can stand before the first phase
    plots = [village(0, 10, 1.0, households=3), village(1, 10, 1.0, households=2)]
    sites = [field(0, 5, use="resettlement", households=9)]
    found = proposed(kit, plots, sites, [], [Target("", "reclaim_m2", 1000.0)])
    assert found.plan.status == INFEASIBLE
    assert {reason.id for reason in found.plan.reasons} & {"resettlement", "reclaim_first", "reclaim_task"}
    # (a) the first block on stock or the annual plan, (b) start-up quota, (c) temporary housing
    stock = [field(0, 5, use="resettlement", households=9, quota_src="provincial")]
    more = [Target("", "reclaim_m2", 1000.0)]
    assert not proposed(kit, plots, stock, [], more, Options((2015,), effort=EXACT)).plan.found
    first = village(2, 10, 5.0, rate=1.0)
    assert proposed(kit, [*plots, first], stock, [], [Target("", "reclaim_m2", 2000.0)]).plan.found
    lent = [*more, Target("", "start_quota_m2", 500.0, "m2", 2016)]
    assert not proposed(kit, plots, sites, [], lent).plan.found  # cultivated land is taken before it is made good
    assert proposed(kit, plots, sites, [], [*more, Target("", "transition_households", 2.0)]).plan.found


def test_a_balance_that_falls_short_by_rounding_draws_the_limit_tighter(kit: Any) -> None:
    found = proposed(kit, targets=[Target("", "transition_households", 9.0), Target("", "reclaim_m2", 1600.0)])
    assert found.plan.value == 1000  # 1 000 + 600 m²
    seen: List[float] = []

    def judge(plan: Plan) -> Balance:
        """As if a hundredth of the second and third plot were missing when they stand together."""
        reclaim, newbuild = chosen(found.prepared, plan)
        held = balance(kit.base(GROUND), reclaim, newbuild, PROFILE, THIRD, [Target("", "reclaim_m2", 1600.0)])
        seen.append(plan.value or 0.0)
        short = tuple(
            replace(verdict, margin=-0.01, result=FAIL)
            if verdict.rule == "reclaim_task" and (verdict.margin or 0.0) < 0.01
            else verdict
            for verdict in held.verdicts
        )
        return replace(held, verdicts=short)

    again = search(found.prepared, Options(PHASES, "cost", effort=EXACT), judge=judge)
    assert seen == [1000, 1200]
    assert (again.plan.value, again.plan.bound, again.plan.status) == (1200, 1000, GAP)
    assert again.plan.gap == pytest.approx(200 / 1200)
    assert again.checked == ()


def test_a_shortfall_no_limit_can_mend_is_shown(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = proposed(kit)

    def judge(plan: Plan) -> Balance:
        held = balance(kit.base(GROUND), *chosen(found.prepared, plan), PROFILE, THIRD)
        return replace(held, verdicts=tuple(replace(one, margin=-1.0, result=FAIL) for one in held.verdicts
                                            if one.rule == "not_on_accepted_reclaim"))  # fmt: skip

    (short,) = search(found.prepared, Options(PHASES), judge=judge).checked
    assert short.rule == "not_on_accepted_reclaim"
    monkeypatch.setattr(module, "MOST_ROUNDS", 1)
    assert len(search(found.prepared, Options(PHASES), judge=judge).checked) == 1


def test_contiguity_and_weights(kit: Any) -> None:
    # the second plot joins the fields along one side of 100 m of 240 m; the first joins nothing
    plots = [village(0, 20, 1.0), village(9, 20, 5.0)]
    target = [Target("", "reclaim_m2", 2000.0)]
    joined = proposed(kit, plots, [], [], target, Options(PHASES, "contiguity", effort=EXACT))
    assert joined.reclaim.plot_id.tolist() == ["2"]
    assert joined.plan.value == pytest.approx(100 / 240)
    weights = {"cost": 1.0, "contiguity": 1.0}
    both = proposed(kit, plots, [], [], target, Options(PHASES, "weighted", weights, effort=EXACT))
    # 1 ÷ 6 of all costs + 240 ÷ 480 of the perimeter against 5 ÷ 6 + (240 − 100) ÷ 480, each half
    assert both.reclaim.plot_id.tolist() == ["1"]
    assert both.plan.value == pytest.approx((1 / 6 + 1 / 2) / 2)
    heavy = {"cost": 0.1, "contiguity": 1.0}
    assert proposed(
        kit, plots, [], [], target, Options(PHASES, "weighted", heavy, effort=EXACT)
    ).reclaim.plot_id.tolist() == ["2"]


def test_the_same_input_gives_the_same_plan(kit: Any) -> None:
    plans = [proposed(kit, demand=[Demand("town", 1100.0)], targets=FIRST_MOVE).plan for _ in range(2)]
    assert plans[0].reclaim_phase.tolist() == plans[1].reclaim_phase.tolist()
    assert plans[0].newbuild_phase.tolist() == plans[1].newbuild_phase.tolist()


def test_without_parcels(kit: Any) -> None:
    plots, flats = (kit.reclaim(RECLAIM), kit.newbuild(NEWBUILD)), [Target("", "resettlement_households", 9.0)]
    options = Options(PHASES, "cost", effort=EXACT)
    found = propose_plain(*plots, [Demand("town", 700.0)], flats, PROFILE, kit.spec, options)
    assert (found.balance, found.checked) == (None, ())
    # 800 m² of town need 800 m² of reclamation and the reduction factor's 889: 10 · 100
    assert found.plan.value == 700
    assert "cultivated_not_decreased" in {one.rule for one in found.prepared.rows.left_out}


class Stopping:
    """Wants to stop after some checks."""

    def __init__(self, after: int) -> None:
        self.left, self.steps, self.shares = after, cast(List[str], []), cast(List[float], [])

    def step(self, name: str, share: float) -> None:
        self.steps.append(name)

    def check(self, fraction: float) -> None:
        self.shares.append(fraction)
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_it_can_be_stopped_at_any_moment(kit: Any) -> None:
    def run(progress: Stopping) -> Proposal:
        return propose(
            kit.base(GROUND), kit.reclaim(RECLAIM), kit.newbuild(NEWBUILD), [Demand("town", 1100.0)], FIRST_MOVE,
            PROFILE, THIRD, Options(PHASES, "cost", effort=EXACT), progress,
        )  # fmt: skip

    whole = Stopping(10**6)
    assert run(whole).plan.status == OPTIMAL
    assert whole.steps == ["plot_effects", "allocating"]
    assert all(0 <= share <= 1 for share in whole.shares)
    seen = set()
    for after in range(len(whole.shares)):
        try:
            seen.add(run(Stopping(after)).plan.status)
        except Cancelled:
            seen.add("raised")
    # before the search there is nothing to show, within it there may be a plan
    assert "raised" in seen
    assert seen <= {"raised", CANCELLED, OPTIMAL}
