"""A generated county of some size: every limit kept, the bound below every plan, whatever is to be small."""

from __future__ import annotations

import pytest

from benchmarks.allocation import problem_of
from three_opt_three_protect.core.optimiser.check import broken, fits, value
from three_opt_three_protect.core.optimiser.problem import GAP, OPTIMAL, Effort
from three_opt_three_protect.core.optimiser.search import solve


@pytest.mark.parametrize("objective", ["cost", "cultivated", "households", "weighted"])
def test_a_plan_of_a_large_township(objective: str) -> None:
    problem = problem_of(3_000, 600, objective, seed=2)
    plan = solve(problem, Effort(gap=0.02))
    assert plan.status in (GAP, OPTIMAL)
    assert plan.gap is not None
    assert plan.gap <= 0.02
    assert fits(problem, plan.reclaim_phase, plan.newbuild_phase)
    assert not len(broken(problem, plan.reclaim_phase, plan.newbuild_phase))
    assert plan.value == value(problem, plan.reclaim_phase, plan.newbuild_phase)
    assert plan.bound is not None
    assert plan.bound <= plan.value
