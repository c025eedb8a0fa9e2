"""What is said beside the figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from three_opt_three_protect.core.potential.notes import notes_on_land, notes_on_people
from three_opt_three_protect.core.potential.theory import theory
from three_opt_three_protect.core.potential.universe import Filters, universe
from three_opt_three_protect.core.potential.villageland import VillageLand

VILLAGE = "320509100201"
HOME = {"shape": (0, 0, 100, 100), "class_code": "0702", "unit_code": VILLAGE}


def said(kit: Any, profile: Any, parcels: Any, **lines: Any) -> Any:
    base = kit.base(parcels, **lines)
    land = VillageLand(np.ones(len(base.area), dtype=bool), "settlement_code")
    return {each.id: each.values for each in notes_on_land(base, universe(base, Filters(), profile), land)}


def test_no_candidates_and_why(kit: Any, profile: Any) -> None:
    road = {**HOME, "shape": (200, 0, 230, 100), "class_code": "1003"}
    found = said(kit, profile, [HOME, road], boundary=kit.areas((0, 0, 100, 100)))
    assert found["potential_no_candidates"] == {"area": 13_000.0, "reason": "inside_boundary", "part": 10_000.0}
    assert "potential_no_candidates" not in said(kit, profile, [HOME, road])


def test_no_construction_land(kit: Any, profile: Any) -> None:
    assert "potential_no_construction" in said(kit, profile, [{**HOME, "class_code": "0101"}])


def test_classes_nobody_knows_are_named(kit: Any, profile: Any, people: Any) -> None:
    base = kit.base([HOME])
    table = people(
        {"unit_code": VILLAGE, "population": 1.0, "settlement_class": "乙类"},
        {"unit_code": VILLAGE, "settlement": "东村", "population": 1.0, "settlement_class": "搬迁撤并类村庄"},
    )
    land = VillageLand(np.ones(len(base.area), dtype=bool), "settlement_code")
    possible = theory(base, universe(base, Filters(), profile), table, land, profile)
    (told,) = notes_on_people(possible, table, profile)
    assert (told.id, told.values) == ("potential_class_unknown", {"names": "乙类"})
    assert notes_on_people(possible, None, profile) == []


def test_a_village_without_a_code_is_a_dash(kit: Any, profile: Any, people: Any) -> None:
    base = kit.base([{**HOME, "unit_code": None}, {**HOME, "shape": (200, 0, 300, 100)}])
    table = people({"unit_code": VILLAGE, "population": 1.0})
    land = VillageLand(np.ones(len(base.area), dtype=bool), "settlement_code")
    possible = theory(base, universe(base, Filters(), profile), table, land, profile)
    (told,) = notes_on_people(possible, table, profile)
    assert (told.id, told.values) == ("potential_people_unknown", {"count": 1, "names": "–"})


def test_the_soil_of_works_is_asked_about(kit: Any, profile: Any) -> None:
    works = {**HOME, "shape": (200, 0, 250, 100), "class_code": "0601"}
    assert said(kit, profile, [HOME, works])["potential_soil_unknown"] == {"count": 1, "area": 5_000.0}
    in_redline = {"redline": kit.areas((190, 0, 260, 100), key=[1])}
    assert "potential_soil_unknown" not in said(kit, profile, [HOME, works], **in_redline)
