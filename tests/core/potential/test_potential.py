"""From parcels to grades and T4 on a plan small enough to be worked by hand."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.potential.indicators import Surroundings
from three_opt_three_protect.core.potential.population import Population
from three_opt_three_protect.core.potential.potential import Choice, Potential, potential
from three_opt_three_protect.core.potential.universe import Filters
from three_opt_three_protect.core.potential.villageland import village_land
from three_opt_three_protect.core.potential.weights import Indicator, Judgement
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.indicatorlist import load_indicators

V1, V2 = "320509100201", "320509100202"
PARCELS: List[Dict[str, Any]] = [
    {"shape": (0, 0, 100, 100), "class_code": "0702", "unit_code": V1},
    {"shape": (100, 0, 200, 100), "class_code": "0101", "unit_code": V1},
    {"shape": (300, 0, 500, 100), "class_code": "0702", "unit_code": V1},
    {"shape": (600, 0, 700, 100), "class_code": "0702", "unit_code": V1},
    {"shape": (0, 300, 50, 350), "class_code": "0601", "unit_code": V2},
    {"shape": (50, 300, 100, 350), "class_code": "0101", "unit_code": V2},
]
"""Two homesteads (10 000 and 20 000 m²), one inside the boundary, and a works of 2 500 m² in another village."""

LISTED = (
    Indicator("patch_m2", "land", False, 0.5, "m2", "", "", "practice"),
    Indicator("cult_share", "farming", True, 0.5, "share", "", "", "practice"),
)
PROFILE = load_profile("suzhou-2014")
NAN = float("nan")


def people(**changed: Any) -> Population:
    """Village 1: 40 households, 120 people, a fifth of the houses empty."""
    stated: Dict[str, Any] = {
        "unit_code": [V1], "settlement": [None], "right_type": [None], "settlement_class": [None],
        "households": [40], "population": [120], "idle_rate": [0.2], "consent": [0.9], "signed": [10],
        "retained": [NAN],
    }  # fmt: skip
    stated.update(changed)
    texts = ("unit_code", "settlement", "right_type", "settlement_class")
    return Population(
        **{name: np.array(value, dtype=object if name in texts else np.float64) for name, value in stated.items()}
    )


def found(kit: Any, parcels: Any = None, listed: Any = LISTED, inhabited: Any = "", **choice: Any) -> Potential:
    base = kit.base(PARCELS if parcels is None else parcels, boundary=kit.areas((600, -10, 800, 110)))
    inhabitants = people() if inhabited == "" else inhabited
    land = village_land(base, None, {"203", "203A"}, PROFILE)
    around = Surroundings(boundary=kit.array(kit.box(600, -10, 800, 110)), population=inhabitants, village_land=land)
    return potential(base, Filters(population=inhabitants), around, land, listed, PROFILE, Choice(**choice))


def said(held: Potential) -> List[str]:
    return [finding.id for finding in held.findings]


def test_candidates_scores_and_grades(kit: Any) -> None:
    """Patches 10 000, 20 000, 2 500, small first: 10/17.5, 0, 1; a quarter of the outline of two is field's edge."""
    held = found(kit)
    assert held.base.area[held.universe.rows].tolist() == [1_000_000, 2_000_000, 250_000]
    assert held.score.tolist() == pytest.approx([(10 / 17.5 + 1) / 2, 0.0, 1.0], abs=1e-6)
    assert held.grade.tolist() == [1, 4, 1]
    assert held.weights.weight.tolist() == [0.5, 0.5]
    assert held.ratio is None


def test_names_follow_from_the_place_not_from_the_order_of_the_layer(kit: Any) -> None:
    held = found(kit)
    assert held.plot_id.tolist() == [f"{V1}-001", f"{V1}-002", f"{V2}-001"]
    turned = found(kit, PARCELS[::-1])
    assert sorted(turned.plot_id) == sorted(held.plot_id)
    assert dict(zip(turned.plot_id, turned.score)) == dict(zip(held.plot_id, held.score))


def test_villages_by_hand(kit: Any) -> None:
    """Village 1 has 30 000 of its 40 000 m² outside, so 90 people and 30 households; K = 10 000·0.785714/30 000."""
    held = found(kit).villages
    assert held.unit_code.tolist() == [V1, V2, ""]
    values = {name: column.tolist() for name, column in held.values.items()}
    assert values["village_m2"] == [40_000.0, 0.0, 40_000.0]
    assert values["outside_m2"] == [30_000.0, 0.0, 30_000.0]
    assert values["population"] == pytest.approx([90, NAN, 90], nan_ok=True)
    assert values["per_head"] == pytest.approx([333.33, NAN, 333.33], nan_ok=True)
    assert values["per_head_m2"] == pytest.approx([21_000, NAN, 21_000], nan_ok=True)
    assert values["per_household_m2"] == pytest.approx([21_000, NAN, 21_000], nan_ok=True)
    assert values["idle_rate_m2"] == pytest.approx([6_000, NAN, 6_000], nan_ok=True)
    assert values["settlement_plan_m2"] == [30_000.0, 2_500.0, 32_500.0]
    assert values["theory_m2"] == [19_500.0, 2_500.0, 22_000.0]
    k = 0.785714 / 3
    assert values["factor"] == pytest.approx([k, 1.0, (10_000 * 0.785714 + 2_500) / 32_500])
    assert values["real_m2"] == [round(19_500 * k, 2), 2_500.0, round(19_500 * k + 2_500, 2)]
    assert values["cult_m2"] == [round(19_500 * k * 0.9, 2), 1_875.0, round(19_500 * k * 0.9 + 1_875, 2)]
    assert values["cands"] == [2, 1, 3]
    assert values["grade"] == [3, 1, 3]


def test_villages_add_up_to_the_township_and_nothing_is_lost(kit: Any) -> None:
    held = found(kit)
    for name in ("theory_m2", "real_m2", "cult_m2", "cand_m2", "village_m2"):
        column = held.villages.values[name]
        assert round(column[:-1].sum() * 100) == round(column[-1] * 100)
    construction = sum(row.area for row in held.excluded) + held.base.area[held.universe.rows].sum()
    assert construction == 4_250_000
    assert [(row.reason, row.unit_code, row.pieces, row.area) for row in held.excluded] == [
        ("inside_boundary", V1, 1, 1_000_000)
    ]


def test_people_are_dealt_out_in_whole_numbers(kit: Any) -> None:
    """40 households on 10 000, 20 000 and (inside the boundary) 10 000 m²; the works belong to no village counted."""
    held = found(kit).people
    assert held.households.tolist() == pytest.approx([10, 20, NAN], nan_ok=True)
    assert held.population.tolist() == pytest.approx([30, 60, NAN], nan_ok=True)
    assert held.consent.tolist() == pytest.approx([0.9, 0.9, NAN], nan_ok=True)
    assert (held.signed[:2] <= held.households[:2]).all()


def test_who_signed_is_one_of_the_households(kit: Any) -> None:
    parcels = [{"shape": (110 * n, 0, 110 * n + 100, 100), "class_code": "0702", "unit_code": V1} for n in range(5)]
    for signed in range(8):
        held = found(kit, parcels, inhabited=people(households=[7], signed=[signed])).people
        assert held.households.sum() == 7
        assert held.signed.sum() == signed
        assert (held.signed <= held.households).all()


def test_an_unknown_village_leaves_the_township_unknown(kit: Any) -> None:
    parcels = [*PARCELS, {"shape": (0, 500, 100, 600), "class_code": "0702", "unit_code": V2}]
    values = found(kit, parcels, theory="per_head").villages.values
    assert np.isnan(values["population"][-1])
    assert np.isnan(values["theory_m2"][-1])
    assert np.isnan(values["real_m2"][-1])
    assert values["cand_m2"][-1] == 42_500.0
    (told,) = [each for each in found(kit, parcels).findings if each.id == "potential_people_unknown"]
    assert told.values == {"count": 1, "names": V2}


def test_without_people_the_layout_plan_remains(kit: Any) -> None:
    held = found(kit, inhabited=None)
    assert held.villages.values["theory_m2"].tolist() == [30_000.0, 2_500.0, 32_500.0]
    assert np.isnan(held.people.households).all()


def test_nothing_to_reclaim(kit: Any) -> None:
    held = found(kit, [{"shape": (0, 0, 100, 100), "class_code": "0101", "unit_code": V1}])
    assert len(held) == len(held.score) == len(held.grade) == len(held.plot_id) == 0
    assert held.changes == ()
    assert held.villages.values["real_m2"].tolist() == [0.0, 0.0]
    assert held.villages.values["cand_m2"][-1] == 0.0
    assert held.excluded == ()


@pytest.mark.parametrize("method", ["ahp", "entropy", "combined", "topsis"])
@pytest.mark.parametrize("grading", ["thresholds", "breaks", "quantiles"])
def test_every_way_to_weigh_and_to_grade(kit: Any, method: str, grading: str) -> None:
    held = found(kit, method=method, grading=grading)
    # The large patch without a field beside it is the worst in both.
    assert held.score.argmin() == 1
    assert held.grade[1] == held.grade.max()
    assert held.score[2] == held.score.max()
    assert held.weights.weight.sum() == pytest.approx(1.0)
    assert len(held.changes) == 4


def test_sensitivity_is_what_a_new_run_would_give(kit: Any) -> None:
    parcels = [
        {"shape": (0, 0, 100, 10 + 7 * n), "class_code": "0702", "unit_code": V1}
        if n == 0
        else {"shape": (200 * n, 0, 200 * n + 100, 10 + 7 * n), "class_code": "0702", "unit_code": V1}
        for n in range(9)
    ] + [{"shape": (0, -50, 700, 0), "class_code": "0101", "unit_code": V1}]
    held = found(kit, parcels)
    for change in held.changes:
        weight = dict(zip(held.weights.ids, held.weights.weight))
        weight[change.indicator] *= 1 + change.change
        total = sum(weight.values())
        again = found(kit, parcels, judgement=Judgement({name: each / total for name, each in weight.items()}))
        assert change.share == pytest.approx(np.mean(again.grade != held.grade))


def test_all_indicators_of_the_list(kit: Any) -> None:
    held = found(kit, listed=load_indicators())
    assert set(held.values) == {each.id for each in load_indicators()}
    # Without roads, retained settlements, farmland, grades, redline and enterprises these are left out.
    left_out = {each.id for each in load_indicators()} - set(held.weights.ids)
    assert {"road_m", "retained_m", "pbf_m", "grade_near", "in_redline", "invest_mu", "tax_mu"} <= left_out
    assert held.weights.weight.sum() == pytest.approx(1.0)
    ratio = dict(zip(held.weights.ids, held.weights.weight))
    # What is left keeps its proportions: 0.08 and 0.12 in the list.
    assert ratio["patch_m2"] / ratio["cult_share"] == pytest.approx(0.08 / 0.12)
    assert {"potential_missing_roads", "potential_missing_enterprises", "potential_default_weights"} <= set(said(held))


def test_every_value_unknown_is_an_error_only_where_all_weight_lies_there(kit: Any) -> None:
    listed = (*LISTED, Indicator("road_m", "location", True, 0.0, "m", "roads", "", "practice"))
    with pytest.raises(InputError, match="weights_on_nothing"):
        found(kit, listed=listed, judgement=Judgement({"road_m": 1.0}))


def test_what_was_not_looked_at_is_said(kit: Any) -> None:
    held = found(kit)
    assert [each for each in said(held) if each.startswith("potential_unchecked")] == [
        f"potential_unchecked_{reason}" for reason in held.universe.unchecked
    ]
    assert "potential_unchecked_heritage" in said(held)
    assert "potential_land_homestead_classes" in said(held)
    assert "potential_grades_empty" in said(held)
    assert "potential_grades_empty" not in said(found(kit, grading="breaks"))


def test_a_village_is_graded_on_the_limits_of_its_candidates(kit: Any) -> None:
    held = found(kit, grading="breaks")
    # Three scores, three grades: 1, 0.7857, 0. Village 1 has K 0.26, between 0 and 0.7857.
    assert held.grade.tolist() == [2, 3, 1]
    assert held.villages.values["grade"].tolist() == [3, 1, 3]
