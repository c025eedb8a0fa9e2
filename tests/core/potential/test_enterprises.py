"""Low efficiency is known, known not to be, or unknown."""

from __future__ import annotations

from typing import Any, Dict, Optional

import numpy as np
import pytest

from three_opt_three_protect.core.potential.enterprises import Enterprises, low_efficient
from three_opt_three_protect.core.potential.universe import Filters, universe

GOOD = {"invest_mu": 250.0, "tax_mu": 15.0, "far": 0.8, "tax": 100.0}


def flag(kit: Any, profile: Any, *stated: Dict[str, Any]) -> Optional[float]:
    """The first of some works side by side, each with an enterprise of its own; then a farmstead."""
    count = len(stated)
    parcels = [{"shape": (100 * k, 0, 100 * k + 100, 100), "class_code": "0601"} for k in range(count)]
    parcels.append({"shape": (100 * count, 0, 100 * count + 100, 100), "class_code": "0702"})
    base = kit.base(parcels)
    figures = {name: np.array([row.get(name, np.nan) for row in stated], dtype=np.float64) for name in GOOD}
    land = Enterprises(kit.array(*(kit.box(*row["shape"]) for row in parcels[:-1])), **figures)
    found = low_efficient(base, universe(base, Filters(), profile), land, profile)
    assert np.isnan(found[-1])
    return None if np.isnan(found[0]) else float(found[0])


@pytest.mark.parametrize("name", list(GOOD))
def test_below_one_limit(kit: Any, profile: Any, name: str) -> None:
    assert flag(kit, profile, GOOD) == 0
    assert flag(kit, profile, {**GOOD, name: GOOD[name] - 0.01}) == 1
    assert flag(kit, profile, {name: GOOD[name] - 0.01}) == 1


def test_what_is_stated_of_nobody_is_not_asked(kit: Any, profile: Any) -> None:
    assert flag(kit, profile, {"tax_mu": 20.0}) == 0


def test_what_is_stated_of_others_only_is_unknown(kit: Any, profile: Any) -> None:
    assert flag(kit, profile, {"tax_mu": 20.0}, {"tax_mu": 20.0, "far": 1.0}) is None
    assert flag(kit, profile, {"tax_mu": 10.0}, {"tax_mu": 20.0, "far": 1.0}) == 1


def test_nothing_stated(kit: Any, profile: Any) -> None:
    assert flag(kit, profile, {}) is None
