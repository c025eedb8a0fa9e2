"""What to do about a difference between plans: ids of sentences.

Cultivated land comes before the redline, the redline before construction (00-supplement M15); a township changes no
plan by itself, so each sentence names who may.
"""

from __future__ import annotations

from typing import Mapping

from three_opt_three_protect.core.plandiffclasses import (
    BUILT_ONLY,
    CATEGORY_DIFFERS,
    ECOLOGICAL_CONFLICT,
    LAND,
    NO_PLAN,
    TO_REFINE,
)

_ADVICE: Mapping[str, str] = {
    ECOLOGICAL_CONFLICT: "advice.difference_ecological",
    BUILT_ONLY + LAND: "advice.difference_land_only",
    CATEGORY_DIFFERS: "advice.difference_category",
    NO_PLAN: "advice.difference_no_plan",
    TO_REFINE: "advice.difference_refine",
    "year_differs": "advice.difference_timing",
    "construction_above_land_plan": "advice.difference_size",
}


def advice_of(kind: str, on_cultivated: bool) -> str:
    """Id of the advice.

    Parameters
    ----------
    kind
        Layout kind, ``year_differs`` or ``construction_above_land_plan``.
    on_cultivated
        One plan keeps the land cultivated, the other builds on it.
    """
    if on_cultivated:
        return "advice.difference_cultivated"
    return _ADVICE.get(kind, "advice.difference_beyond_land")
