"""Gaps of a balance and the candidates that close them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

import numpy as np
import pytest

from three_opt_three_protect.core.allocation.gaps import Remaining, gaps
from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

PROFILE = load_profile("suzhou-2014")
THIRD = load_class_system("third_survey")
VILLAGE = "320509100201"
GROUND = [
    {"shape": (0, 0, 200, 100), "class_code": "0702", "unit_code": VILLAGE},
    {"shape": (200, 0, 400, 100), "class_code": "0103", "unit_code": VILLAGE, "grade": 5.0},
    {"shape": (400, 0, 500, 100), "class_code": "XX", "unit_code": VILLAGE},
]


def village(number: int, width: float, **fields: Any) -> Dict[str, Any]:
    return {"shape": (20.0 * number, 0, 20.0 * number + width, 100), "rate": 1.0, "grade_new": 5.0, **fields}


def field(number: int, width: float, **fields: Any) -> Dict[str, Any]:
    return {"shape": (200 + 20.0 * number, 0, 200 + 20.0 * number + width, 100), "use": "town", "phase": 2016, **fields}


def remaining_of(
    kit: Any, held: Balance, candidates: Sequence[Dict[str, Any]], targets: Sequence[Target] = ()
) -> Remaining:
    return Remaining(held, kit.reclaim(candidates), PROFILE, THIRD, targets)


def offers(found: Remaining, held: Balance, rule: str, unit: str = "") -> Optional[List[Any]]:
    (verdict,) = [one for one in held.verdicts if one.rule == rule and one.unit_code == unit]
    return [(offer.rows, offer.adds, offer.rest) for offer in found.offers(verdict)]


def test_offers_are_what_the_balance_says_after(kit: Any) -> None:
    targets = [Target("", "reclaim_m2", 2000.0)]
    plan = [village(0, 6, phase=2015)], [field(0, 3)]
    held = kit.plan(GROUND[:2], *plan, targets=targets)
    rest = [village(2, 15), village(3, 14), village(4, 8), village(5, 6)]
    found = remaining_of(kit, held, rest, targets)
    assert offers(found, held, "reclaim_task") == [((1,), 1400, 0), ((0,), 1500, 100)]
    for row, margin in ((1, 0), (0, 100)):
        more = kit.plan(GROUND[:2], [*plan[0], rest[row]], plan[1], targets=targets)
        assert kit.verdict(more, "reclaim_task").margin == margin


def test_every_gap_has_its_offers(kit: Any) -> None:
    held = kit.plan(GROUND[:2], [village(0, 6, phase=2015)], [field(0, 10)])
    found = remaining_of(kit, held, [village(2, 15)])
    by_rule = {gap.verdict.rule: [offer.rows for offer in gap.offers] for gap in gaps(held, found)}
    assert by_rule["construction_not_increased"] == [(0,)]
    assert by_rule["cultivated_not_decreased"] == [(0,)]
    # over time too: reclaimed before the day on which it is short
    assert by_rule["reclaim_first"] == by_rule["cultivated_first"] == [(0,)]
    assert set(by_rule) == {verdict.rule for verdict in held.verdicts if (verdict.margin or 0.0) < 0}


def test_more_than_all_candidates_is_no_offer(kit: Any) -> None:
    held = kit.plan(GROUND[:2], [], [field(0, 20)])
    assert offers(remaining_of(kit, held, [village(0, 10)]), held, "construction_not_increased") == []


def test_land_of_the_plan_is_not_offered_again(kit: Any) -> None:
    held = kit.plan(GROUND[:2], [village(0, 6, phase=2015)], [field(0, 10)])
    found = remaining_of(kit, held, [village(0, 15), {"shape": (195, 0, 205, 100)}, village(3, 15)])
    assert found.allowed.tolist() == [False, False, True]


def test_land_of_unknown_class_and_outside_is_not_offered(kit: Any) -> None:
    held = kit.plan(GROUND, [], [field(0, 10)])
    found = remaining_of(kit, held, [{"shape": (410, 0, 420, 100)}, {"shape": (0, 500, 9, 509)}, village(0, 19)])
    assert found.allowed.tolist() == [False, False, True]


def test_what_is_not_linear_or_passes_has_no_offers(kit: Any) -> None:
    held = kit.plan(GROUND[:2], [village(0, 6, phase=2015, grade_new=9.0)], [field(0, 5)])
    found = remaining_of(kit, held, [village(2, 15)])
    assert (kit.verdict(held, "supplement_quality").margin or 0) < 0
    assert offers(found, held, "supplement_quality") == []
    assert offers(found, held, "construction_not_increased") == []


def test_no_candidates(kit: Any) -> None:
    held = kit.plan(GROUND[:2], [], [field(0, 10)])
    found = remaining_of(kit, held, [])
    assert all(gap.offers == () for gap in gaps(held, found))
    effect = found.effect(PROFILE.rules[0])
    assert effect is not None
    assert effect.tolist() == []


@pytest.mark.parametrize("unit", ["", VILLAGE])
def test_effects_of_a_village_and_the_township(kit: Any, unit: str) -> None:
    held = kit.plan(GROUND[:2], [], [field(0, 10)])
    found = remaining_of(kit, held, [village(0, 10), {"shape": (150, 0, 160, 100), "direction": "pond"}])
    rule = next(rule for rule in PROFILE.rules if rule.id == "occupation_compensated")
    assert np.asarray(found.effect(rule, unit)).tolist() == [1000, 0]
