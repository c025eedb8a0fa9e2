"""The model says the same of a plan as the problem; the bound of the relaxation is true whatever the prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.allocation import problem_of
from tests.core.optimiser.exhaustive import at_least, every_choice, small_problem, values
from tests.core.optimiser.problems import problems
from three_opt_three_protect.core.optimiser.check import fits, totals, value
from three_opt_three_protect.core.optimiser.contradictions import contradictions
from three_opt_three_protect.core.optimiser.model import NO_CHOICE, model_of, power, reach
from three_opt_three_protect.core.optimiser.problem import GAP, Objective, Plan, Problem
from three_opt_three_protect.core.optimiser.relax import _classes, _improved, _shares, relax
from three_opt_three_protect.core.optimiser.restricted import everything, restrict
from three_opt_three_protect.core.optimiser.solver import SOLVED, Stops


@settings(max_examples=80, deadline=None)
@given(problems(slack=(0, 900_000)), st.integers(0, 10_000))
def test_limits_and_value_of_a_plan(problem: Problem, pick: int) -> None:
    choices = every_choice(problem)
    assume(len(choices) > 0 and not contradictions(problem))
    split = len(problem.reclaim_id)
    phase = choices[pick % len(choices)]
    plan = Plan(GAP, phase[:split], phase[split:], 0.0, None, None)
    model = model_of(problem)
    chosen = model.choices_of(plan)
    assert fits(problem, plan.reclaim_phase, plan.newbuild_phase)
    assert [part.tolist() for part in model.phases_of(chosen)] == [phase[:split].tolist(), phase[split:].tolist()]
    z = np.zeros(len(model.item))
    z[chosen[chosen != NO_CHOICE]] = 1.0
    rows = model.constant + model.matrix @ z
    count = len(problem.limits)
    assert rows[:count] * model.scale[:count] == pytest.approx(totals(problem, *model.phases_of(chosen)), abs=1e-5)
    assert (rows[count:] >= 0).all()
    lowest, highest = reach(model)
    assert (lowest <= rows + 1e-9).all()
    assert (rows <= highest + 1e-9).all()
    both = (chosen[model.pairs] != NO_CHOICE).all(axis=1)
    scaled = model.cost @ z - model.gain[both].sum()
    assert model.real(scaled) == pytest.approx(value(problem, plan.reclaim_phase, plan.newbuild_phase), abs=1e-6)
    restricted = restrict(model, everything(model))
    start = restricted.start(chosen)
    assert start is not None
    assert start @ restricted.programme.cost + restricted.offset == pytest.approx(scaled)


@settings(max_examples=80, deadline=None)
@given(problems(slack=(-100_000, 900_000)), st.floats(0, 1))
def test_the_bound_of_the_relaxation_is_true(problem: Problem, part: float) -> None:
    choices = every_choice(problem)
    assume(len(choices) > 0 and not contradictions(problem))
    model = model_of(problem)
    assume(model.items > 0)
    relaxed = relax(model, Stops())
    best = float(values(problem.objective, choices).min())
    assert relaxed.status == SOLVED
    assert model.real(relaxed.bound) <= best + 1e-6
    # However the gain of a pair is split, and with any prices.
    prices = np.linspace(0.0, 2.0, len(model.constant))
    split = _improved(model, prices, model.gain * part, _classes(model.pairs))
    assert ((split >= 0) & (split <= model.gain)).all()
    for shared in (model.gain * part, split):
        reduced = model.cost - _shares(model, shared)[model.item] - model.matrix.T @ prices
        least = np.minimum.reduceat(reduced, model.starts)
        bound = np.where(model.fixed, least, np.minimum(least, 0.0)).sum() - prices @ model.constant
        assert model.real(float(bound)) <= best + 1e-6


def test_improving_the_split_raises_the_bound() -> None:
    """One plot is chosen anyway, the other at a cost of 3: it needs none of the 2 gained together with the first."""
    wanted = Objective("contiguity", "m", np.array([-9.0, 3.0]), np.zeros(0), np.array([[0, 1]]), np.array([2.0]))
    model = model_of(small_problem(2, objective=wanted))
    split = _improved(model, np.zeros(0), model.gain / 2, _classes(model.pairs))
    reduced = model.cost - _shares(model, split)[model.item]
    assert model.real(float(np.minimum(reduced, 0).sum())) == pytest.approx(-9.0)


def test_classes_have_no_item_twice_and_all_pairs_once() -> None:
    pairs = np.column_stack([np.arange(5000), np.arange(5000) + 1])
    classes = _classes(pairs)
    assert sorted(np.concatenate(classes).tolist()) == list(range(5000))
    assert len(classes) < 20
    for rows in classes:
        assert len(np.unique(pairs[rows])) == 2 * len(rows)


def test_many_pairs_are_bounded_nearly_as_well_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    model = model_of(problem_of(800, 200, "contiguity"))
    exact = relax(model, Stops()).bound
    monkeypatch.setattr("three_opt_three_protect.core.optimiser.relax.PAIRS_AS_ROWS", 400)
    split = relax(model, Stops()).bound
    assert exact - 0.03 * abs(exact) <= split <= exact + 1e-6 * abs(exact)


def test_scales_are_powers_of_two_near_the_middle() -> None:
    assert power(np.array([900.0, 1100.0, 0.0, 5e6])) == 1024.0
    assert power(np.zeros(3)) == 1.0
    model = model_of(small_problem(2, limits=[at_least(-5.0, [3000.0, 5000.0])]))
    assert model.scale.tolist() == [4096.0]
    assert model.matrix.toarray().ravel().tolist() == [3000 / 4096, 5000 / 4096]


def test_what_conflicts_with_a_plot_locked_in_has_no_choice() -> None:
    problem = replace(small_problem(3, conflicts=[(0, 2)]), reclaim_fixed=np.array([True, False, False]))
    assert model_of(problem).item_of.tolist() == [0, 1, -1]


def test_a_group_that_excludes_itself_has_no_choice() -> None:
    problem = replace(small_problem(3, conflicts=[(0, 2)]), group=np.array([5, -1, 5]))
    assert model_of(problem).item_of.tolist() == [-1, 0, -1]
