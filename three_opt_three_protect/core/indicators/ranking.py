"""Units in the order of how they stand (R33, 节约集约用地排名)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.indicators.definition import LOWER, Facts, Floats, Indicator


@dataclass(frozen=True)
class Ranked:
    """A unit's place.

    ``score`` is 0–1, the mean of its places in every indicator known of it (1 best, 0 worst); ``rank`` counts from 1,
    equal scores share it. Both are None where no indicator is known of all units. ``ranks`` are the places by
    indicator, None where that is not known.
    """

    unit_code: str
    score: Optional[float]
    rank: Optional[int]
    known: int
    ranks: Mapping[str, Optional[int]]


def ranking(
    indicators: Sequence[Indicator], units: Sequence[str], rows: Sequence[int], facts: Facts, count: int
) -> Tuple[Ranked, ...]:
    """Rank the units at ``rows`` among each other.

    Only indicators that all of them know are ranked by: a unit must not rise because a figure of it is missing.

    Parameters
    ----------
    units
        Codes of all units.
    rows
        The units that are compared (villages, or townships).
    count
        Number of all units.

    Returns
    -------
    tuple of Ranked
        The first comes first; those without a rank last.
    """
    chosen = np.array(rows, dtype=np.int64)
    judged = [one for one in indicators if one.ranked and one.better]
    values = {one.id: one.value(facts, count)[chosen] for one in judged}
    whole = [one for one in judged if len(chosen) and not np.isnan(values[one.id]).any()]
    places = {one.id: _places(values[one.id], one.better == LOWER) for one in judged}
    score = np.full(len(chosen), np.nan)
    if whole and len(chosen) > 1:
        score = np.mean([1 - (places[one.id] - 1) / (len(chosen) - 1) for one in whole], axis=0)
        score = np.round(score, 6)
    rank = _places(score, False)
    out = [
        Ranked(
            units[row],
            _number(score[at]),
            _whole(rank[at]),
            len(whole),
            {one.id: _whole(places[one.id][at]) for one in judged},
        )
        for at, row in enumerate(chosen.tolist())
    ]
    return tuple(sorted(out, key=lambda one: (one.rank is None, one.rank or 0, one.unit_code)))


def _places(values: Floats, lower: bool) -> Floats:
    """Place of each value from 1, equal ones share the first; NaN where not known."""
    known = ~np.isnan(values)
    signed = values if lower else -values
    out = np.full(len(values), np.nan)
    order = np.sort(signed[known])
    out[known] = np.searchsorted(order, signed[known], side="left") + 1
    return out


def _number(value: float) -> Optional[float]:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> Optional[int]:
    return None if np.isnan(value) else int(value)
