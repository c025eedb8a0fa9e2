"""Theoretical and realistic potential by hand (07-potential 7.1, 7.2)."""

from __future__ import annotations

from typing import Any, Mapping

import numpy as np
import pytest

from three_opt_three_protect.core.potential.theory import METHODS, Theory, household_size, realistic, theory
from three_opt_three_protect.core.potential.universe import Filters, universe
from three_opt_three_protect.core.potential.villageland import VillageLand

EAST, WEST = "320509100201", "320509100202"
# East: 东村 2 ha, half of it inside the boundary, and works of 1 ha outside; west: 西村 1 ha.
PARCELS = [
    {"shape": (0, 0, 200, 100), "class_code": "0702", "unit_code": EAST},
    {"shape": (300, 0, 400, 100), "class_code": "0601", "unit_code": EAST},
    {"shape": (600, 0, 700, 100), "class_code": "0702", "unit_code": WEST},
    {"shape": (900, 0, 990, 100), "class_code": "0101", "unit_code": WEST},
]


ALL = Filters()


def found(kit: Any, profile: Any, table: Any, method: str = "mean", filters: Filters = ALL) -> Any:
    base = kit.base(
        PARCELS,
        boundary=kit.areas((0, 0, 100, 100)),
        settlements=kit.areas((0, 0, 200, 100), (600, 0, 700, 100), key=[0, 1], names=("东村", "西村")),
    )
    land = VillageLand(np.isin(base.class_base.values.astype(str), ["0702", "0601"]), "settlement_code")
    which = universe(base, filters, profile)
    return base, which, theory(base, which, table, land, profile, method)


def by_method(said: Theory) -> Mapping[str, list]:
    return {name: values.round(4).tolist() for name, values in said.by_method.items()}


def test_by_every_method(kit: Any, profile: Any, people: Any) -> None:
    table = people(
        {"unit_code": EAST, "settlement": "东村", "population": 120, "households": 30, "idle_rate": 0.2},
        {"unit_code": WEST, "settlement": "西村", "population": 180, "households": 70, "idle_rate": 0.5},
    )
    _, _, said = found(kit, profile, table)
    assert said.unit_code.tolist() == [EAST, WEST]
    assert said.village_land.tolist() == [20_000, 10_000]
    assert said.candidates.tolist() == [20_000, 10_000]
    # half of 东村 lies outside the boundary: 60 of its people, 15 of its households
    assert (said.population.tolist(), said.households.tolist()) == ([60, 180], [15, 70])
    # 300 persons in 100 households: h = 3, M = 300
    assert by_method(said) == {
        "per_head": [20_000 - 100 * 60, 0],
        "per_household": [20_000 - 300 * 15, 0],
        "idle_rate": [4_000, 5_000],
        "settlement_plan": [20_000, 10_000],
    }
    assert said.chosen.tolist() == [(14_000 + 15_500 + 4_000 + 20_000) / 4, (0 + 0 + 5_000 + 10_000) / 4]
    assert said.told_by == "settlement_code"


@pytest.mark.parametrize("method", METHODS)
def test_one_method(kit: Any, profile: Any, people: Any, method: str) -> None:
    table = people({"unit_code": EAST, "population": 10, "households": 4, "idle_rate": 0.1})
    _, _, said = found(kit, profile, table, method)
    np.testing.assert_array_equal(said.chosen, said.by_method[method])


def test_what_is_missing_is_unknown_never_zero(kit: Any, profile: Any, people: Any) -> None:
    """Nothing but the households of the east, and people in one of its two natural villages."""
    table = people(
        {"unit_code": EAST, "settlement": "东村", "households": 20, "population": 50},
        {"unit_code": EAST, "settlement": "新村", "households": 10},
    )
    _, _, said = found(kit, profile, table)
    # h = 50 / 20; 新村 has no land that could lie inside: all of its people count
    assert by_method(said) == {
        "per_head": [pytest.approx(np.nan, nan_ok=True)] * 2,
        "per_household": [20_000 - 250 * 20, pytest.approx(np.nan, nan_ok=True)],
        "idle_rate": [pytest.approx(np.nan, nan_ok=True)] * 2,
        "settlement_plan": [20_000, 10_000],
    }
    assert said.chosen.tolist() == [17_500, 10_000]


def test_without_a_table(kit: Any, profile: Any) -> None:
    _, _, said = found(kit, profile, None)
    assert said.chosen.tolist() == [20_000, 10_000]
    assert np.isnan(said.population).all()


def test_a_row_of_the_whole_village_stands_before_its_parts(kit: Any, profile: Any, people: Any) -> None:
    """The village's 90 people live on 3 ha, 2 of which lie outside the boundary."""
    table = people(
        {"unit_code": EAST, "settlement": "东村", "population": 10, "idle_rate": 0.9},
        {"unit_code": EAST, "population": 90, "idle_rate": 0.1},
    )
    _, _, said = found(kit, profile, table)
    assert said.population[0] == pytest.approx(60)
    assert by_method(said)["idle_rate"][0] == 2_000


def test_household_size(profile: Any, people: Any) -> None:
    assert household_size(people({"households": 4}), profile) == profile.number("household_size")
    table = people({"population": 9, "households": 2}, {"population": 100}, {"population": 5, "households": 2})
    assert household_size(table, profile) == 3.5


def test_people_of_a_village_without_land_are_listed(kit: Any, profile: Any, people: Any) -> None:
    _, _, said = found(kit, profile, people({"unit_code": "320509100299", "population": 7}))
    assert said.unit_code.tolist() == [EAST, WEST, "320509100299"]
    assert said.chosen.tolist() == [20_000, 10_000, 0]


def test_land_without_a_village_code(kit: Any, profile: Any) -> None:
    base = kit.base([{"shape": (0, 0, 100, 100), "class_code": "0702"}])
    which = universe(base, Filters(), profile)
    said = theory(base, which, None, VillageLand(np.ones(1, dtype=bool), "homestead_classes"), profile)
    assert (said.unit_code.tolist(), said.chosen.tolist()) == ([""], [10_000])
    assert realistic(base, which, said, np.array([0.5])).potential.tolist() == [5_000]


def test_realistic(kit: Any, profile: Any, people: Any) -> None:
    """K of the east = (0.2 · 1 ha + 0.8 · 1 ha) / 2 ha; its theory is 14 000 m² by heads."""
    table = people({"unit_code": EAST, "settlement": "东村", "population": 120})
    base, which, said = found(kit, profile, table, "per_head")
    score = np.where(which.kind == "industry", 0.8, 0.2)
    real = realistic(base, which, said, score)
    assert real.correction[0] == pytest.approx(0.5)
    assert real.potential[0] == pytest.approx(7_000)
    # homesteads of a patch of 1 ha give 0.90, works 0.75
    assert real.cultivated[0] == pytest.approx(7_000 * (0.90 + 0.75) / 2)
    assert np.isnan(real.potential[1])
    assert np.isnan(real.cultivated[1])


def test_realistic_is_capped_by_the_candidates_and_nothing_without_them(kit: Any, profile: Any, people: Any) -> None:
    """All of 东村 and of the west is kept: the works are the only candidate, theory is 20 000 and 10 000 m²."""
    table = people(
        {"unit_code": EAST, "settlement": "东村", "population": 0, "retained": 1},
        {"unit_code": WEST, "settlement": "西村", "population": 0, "retained": 1},
    )
    base, which, said = found(kit, profile, table, "per_head", Filters(population=table))
    assert said.chosen.tolist() == [20_000, 10_000]
    real = realistic(base, which, said, np.ones(1))
    assert real.potential.tolist() == [10_000, 0]
    assert real.cultivated.tolist() == [7_500, 0]
    assert real.correction[0] == 1
    assert np.isnan(real.correction[1])
