"""What tells village land, and what of it is none."""

from __future__ import annotations

from typing import Any, Optional, Sequence

import numpy as np
import pytest

from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.potential.villageland import village_land

CODES = ["0702", "0601", "0101", "1003", "0702"]
PARCELS = [{"shape": (10 * k, 0, 10 * k + 10, 10), "class_code": code} for k, code in enumerate(CODES)]


def factor(values: Optional[Sequence[Optional[str]]]) -> Optional[Factor]:
    if values is None:
        return None
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return Factor.of(made)


@pytest.mark.parametrize(
    ("stated", "settled", "here", "told_by"),
    [
        # a field, a trunk road and a homestead of the town are none, whatever lies around them
        (["203", "203A", "203", "203", "202"], True, [True, True, False, False, False], "settlement_code"),
        (None, True, [True, True, False, False, False], "settlements"),
        ([None] * 5, True, [True, True, False, False, False], "settlements"),
        (None, False, [True, False, False, False, True], "homestead_classes"),
    ],
)
def test_village_land(kit: Any, profile: Any, stated: Any, settled: bool, here: Any, told_by: str) -> None:
    lines = {"settlements": kit.areas((0, 0, 40, 10), key=[0], names=("东村",))} if settled else {}
    found = village_land(kit.base(PARCELS, **lines), factor(stated), {"203", "203A"}, profile)
    assert (found.here.tolist(), found.told_by) == (here, told_by)
