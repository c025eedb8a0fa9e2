"""Whatever the township: areas add up, nothing comes in that may not, and no cheaper choice exists."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, Dict, List, Tuple

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.farmland.candidates import OPEN
from three_opt_three_protect.core.farmland.choosing import Ground, compared, preferred
from three_opt_three_protect.core.farmland.facts import mean_grade
from three_opt_three_protect.core.farmland.greedy import greedy, ranking
from three_opt_three_protect.core.farmland.limits import CONTIGUITY, Before, Offer, limits_of
from three_opt_three_protect.core.farmland.methods import Method, why
from three_opt_three_protect.core.farmland.optimal import Effort, cost_of, optimal
from three_opt_three_protect.core.farmland.patches import Near
from three_opt_three_protect.core.optimiser.problem import Limit

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
FAIL = {"task": "fail", "supplement": "fail", "grade": "fail", "contiguity": "warn"}

field = st.fixed_dictionaries(
    {
        "farm": st.booleans(),
        "grade": st.sampled_from([2, 4, 5, 6, None]),
        "class_code": st.sampled_from(["0101", "0101", "0101", "1104", "0702"]),
        "unit_code": st.sampled_from(["V1", "V2"]),
        "newbuild": st.sampled_from([False, False, False, True]),
        "unstable": st.sampled_from([False, False, False, True]),
        "steep": st.sampled_from([False, False, False, False, True]),
        "reserve": st.sampled_from([False, False, True]),
        "deduct_rate": st.sampled_from([0.0, 0.1, 0.037]),
    }
)


@SLOW
@given(st.lists(field, min_size=12, max_size=12), st.floats(0.0, 2.0), st.sampled_from(["both", "greedy"]))
def test_areas_add_up_and_nothing_unfit_comes_in(
    fields: Any, rows: List[Dict[str, Any]], share: float, choice: str
) -> None:
    for number, row in enumerate(rows):
        column, line = number % 4, number // 4
        row["shape"] = (100 * column, 100 * line, 100 * column + 100, 100 * line + 100)
        row["in_time"] = row["newbuild"]
    rows[0]["farm"] = True
    before = sum(10_000 for row in rows if row["farm"])
    held = fields.adjust(rows, {"": round(before * share, 2)}, choice)
    for row in held.rows:
        assert row.before - row.released_all + row.added_all == row.after
    for name in ("before", "released_all", "added_all", "after"):
        assert sum(getattr(row, name) for row in held.rows[:-1]) == getattr(held.township, name)
    base, facts = held.base, held.facts
    assert not (held.added & (base.in_farm | ~facts.eligible | facts.newbuild | facts.unstable | facts.steep)).any()
    assert (held.excluded[held.added] == OPEN).all()
    if not np.isnan(held.worst):
        assert (np.round(facts.grade[held.added], 4) <= np.round(held.worst, 4)).all()
    assert not (held.releases.released & ~base.in_farm).any()
    # Where what leaves was better than the rest, the mean may be worse before anything comes in; no further.
    kept = mean_grade(facts.net, facts.grade, base.in_farm & facts.eligible & ~held.releases.released)
    if held.added.any() and not np.isnan(held.township.grade_before) and not np.isnan(kept):
        assert held.township.grade_after <= max(held.township.grade_before, kept) + 1e-4


@SLOW
@given(st.lists(field, min_size=12, max_size=12), st.randoms(use_true_random=False), st.floats(0.5, 1.2))
def test_the_order_of_the_rows_changes_nothing(
    fields: Any, rows: List[Dict[str, Any]], chance: Any, share: float
) -> None:
    for number, row in enumerate(rows):
        column, line = number % 4, number // 4
        row["shape"] = (100 * column, 100 * line, 100 * column + 100, 100 * line + 100)
        row["in_time"], row["parcel_id"] = row["newbuild"], f"P{number:02d}"
    rows[0]["farm"] = True
    tasks = {"": round(10_000 * share * sum(row["farm"] for row in rows), 2)}
    shuffled = list(rows)
    chance.shuffle(shuffled)

    def added(given: List[Dict[str, Any]]) -> List[str]:
        held = fields.adjust(given, tasks)
        return sorted(held.base.parcels.parcel_id[held.base.parcel[held.added]].tolist())

    assert added(shuffled) == added(rows)


amounts = st.tuples(
    st.integers(1, 300), st.sampled_from([2, 3, 5, 6]), st.sampled_from(["V1", "V2"]), st.integers(0, 10)
)


def problem(
    some: List[Tuple[int, int, str, int]], released: int, task: int, village: int
) -> Tuple[Tuple[Limit, ...], Offer]:
    """Candidates in ares beside farmland of 500 ares of grade 4."""
    net = np.array([10_000 * size for size, _, _, _ in some], dtype=np.int64)
    count = len(some)
    offer = Offer(
        net,
        [unit for _, _, unit, _ in some],
        np.array([float(grade) for _, grade, _, _ in some]),
        net / 1e6,
        np.full(count, 4.0),
        np.array([score / 10 for _, _, _, score in some]),
        np.zeros(count, dtype=bool),
    )
    kept = 10_000 * (500 - released)
    tasks = {"": 10_000 * task, "V1": 10_000 * village}
    before = Before(kept, 10_000 * released, {"V1": 0}, tasks, 4.0, -50.0, float("nan"), 0.0, 0.0)
    return limits_of(before, offer, 1.0, FAIL), offer


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=8), st.integers(0, 300), st.integers(200, 700), st.integers(0, 200))
def test_no_choice_is_cheaper_than_the_optimisers(
    some: List[Tuple[int, int, str, int]], released: int, task: int, village: int
) -> None:
    limits, offer = problem(some, released, task, village)
    cost = cost_of(offer)
    best = None
    for picked in product([False, True], repeat=len(offer)):
        chosen = np.array(picked, dtype=bool)
        if all(round(limit.constant + limit.reclaim[chosen].sum(), 6) >= 0 for limit in limits):
            best = min(cost[chosen].sum(), np.inf if best is None else best)
    found = optimal(limits, offer, None, Effort(gap=1e-9, nodes=2_000))
    by_rank = greedy(limits, ranking(offer))
    kept = all(round(limit.constant + limit.reclaim[by_rank].sum(), 6) >= 0 for limit in limits)
    if best is None:
        assert (found.status, kept) == ("infeasible", False)
        short = {(reason.id, reason.unit_code): reason.short_by for reason in found.reasons}
        assert short
        for limit in limits if found.chosen is not None else ():
            missing = -(limit.constant + limit.reclaim[found.chosen].sum())
            assert missing <= short.get((limit.id, limit.unit_code), 0.0) + 1e-4
    else:
        assert found.chosen is not None
        assert cost[found.chosen].sum() <= best * (1 + 1e-8) + 1e-6
        assert not kept or cost[by_rank].sum() >= best * (1 - 1e-9) - 1e-6


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=8), st.integers(0, 300), st.integers(200, 700), st.integers(0, 200))
def test_by_rank_the_grade_is_never_overdrawn(
    some: List[Tuple[int, int, str, int]], released: int, task: int, village: int
) -> None:
    limits, offer = problem(some, released, task, village)
    chosen = greedy(limits, ranking(offer))
    for limit in limits:
        if limit.id == "grade":
            left = limit.constant + limit.reclaim[chosen].sum()
            assert left >= min(limit.constant, 0.0) - 1e-6


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 2)), min_size=1, max_size=6),
    st.lists(st.integers(1, 400), min_size=3, max_size=3),
    st.floats(0.0, 600.0),
)
def test_a_choice_that_keeps_the_linear_limit_keeps_the_index(
    some: List[Tuple[int, int]], patches: List[int], index: float
) -> None:
    """Three patches, each candidate beside one of them: for every choice."""
    count = len(some)
    area = np.array([*map(float, patches), *(float(size) for size, _ in some)])
    near = Near(
        np.arange(3 + count), np.array([patch for _, patch in some], dtype=np.int64), 3 + np.arange(count), area
    )
    kept = np.arange(3 + count) < 3
    offer = Offer(
        np.full(count, 100, dtype=np.int64), ["V"] * count, np.full(count, 4.0), area[3:],
        np.array([float(patches[patch]) for _, patch in some]), np.full(count, 0.5),
        np.zeros(count, dtype=bool),
    )  # fmt: skip
    square, total = float((area[:3] ** 2).sum()), float(area[:3].sum())
    before = Before(0, 0, {}, {}, float("nan"), 0.0, index, square, total)
    (limit,) = [each for each in limits_of(before, offer, 1.0, FAIL) if each.id == CONTIGUITY]
    ground = Ground(near, kept, 3 + np.arange(count), index)
    for picked in product([False, True], repeat=count):
        chosen = np.array(picked, dtype=bool)
        if limit.constant + limit.reclaim[chosen].sum() >= 0:
            assert not ground.worse(ground.after(chosen) + 1e-4)


def test_the_choice_by_rank_stands_where_it_keeps_the_index_for_less() -> None:
    ground = Ground(
        Near(np.arange(1), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.ones(1)),
        np.zeros(1, dtype=bool), np.zeros(1, dtype=np.int64), 5.0,
    )  # fmt: skip
    first = Method("greedy", np.ones(1, dtype=bool), "kept", cost=12.0, other_cost=1.0, index=5.0)
    best = Method("optimal", np.zeros(1, dtype=bool), "optimal", cost=9.0, other_cost=3.0, index=5.0)
    assert preferred([first, best], ground) is first
    assert why([first, best]) == "farmland.why.contiguity"
    assert preferred([replace(first, index=4.0), best], ground) is best
    assert preferred([replace(first, other_cost=3.0), best], ground) is best
    assert preferred([first, replace(best, chosen=None)], ground) is first
    short = replace(first, shortages=((problem([(1, 4, "V1", 1)], 0, 500, 0)[0][0], 5.0),))
    assert preferred([short, best], ground) is best


def test_the_same_data_gives_the_same_choice() -> None:
    limits, offer = problem([(30, 4, "V1", 5), (30, 4, "V1", 5), (60, 3, "V2", 5)], 50, 500, 20)
    ground = Ground(
        Near(np.arange(3), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.ones(3)),
        np.zeros(3, dtype=bool), np.arange(3), float("nan"),
    )  # fmt: skip
    found = [[method.chosen.tolist() for method in compared(limits, offer, ground, "both")] for _ in range(3)]
    assert found[0] == found[1] == found[2]
