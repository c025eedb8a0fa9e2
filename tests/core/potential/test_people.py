"""People dealt out to the land they live on."""

from __future__ import annotations

from typing import Any

import numpy as np

from three_opt_three_protect.core.potential.people import people_on
from three_opt_three_protect.core.potential.universe import Filters, universe

VILLAGE = "320509100201"


def test_candidates_never_have_more_people_than_there_are(kit: Any, profile: Any, people: Any) -> None:
    """100 households in the village, 20 of them in 东村: the rest live on the two homesteads outside it, 1 to 3."""
    parcels = [
        {"shape": (west, 0, west + side, 100), "class_code": "0702", "unit_code": VILLAGE}
        for west, side in ((0, 100), (200, 100), (400, 300))
    ]
    base = kit.base(parcels, settlements=kit.areas((0, 0, 100, 100), key=[0], names=("东村",)))
    table = people(
        {"unit_code": VILLAGE, "households": 100.0, "signed": 50.0},
        {"unit_code": VILLAGE, "settlement": "东村", "households": 20.0},
    )
    found = universe(base, Filters(population=table), profile)
    lives = people_on(base, found, table, np.ones(len(base.area), dtype=bool), profile)
    assert lives.households.tolist() == [20, 20, 60]
    # Who signed is stated of the whole village only: half of all households.
    assert lives.signed.sum() == 50
    assert (lives.signed <= lives.households).all()
    assert np.isnan(lives.population).all()
