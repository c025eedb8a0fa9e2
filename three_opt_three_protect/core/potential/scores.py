"""From indicators to one score between 0 and 1 (1 first): weighted sum or TOPSIS.

Source: 07-potential 7.3 (normalisation), 7.4 (TOPSIS).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.potential.weights import TOPSIS, Floats, Indicator

NEUTRAL = 0.5
"""Normalised value where an indicator is the same everywhere, and score where nothing tells candidates apart."""

DECIMALS = 6
"""Scores are rounded before they are graded, so that a grade follows from the score printed."""


@dataclass(frozen=True)
class Normalised:
    """Indicators that are known, brought to 0–1 with 1 speaking for reclamation.

    Attributes
    ----------
    ids
        ``(k,)``.
    values
        ``(n, k)``, none missing.
    unknown
        ``(k,)`` int64, candidates that took the mean of the known.
    """

    ids: Tuple[str, ...]
    values: Floats
    unknown: NDArray[np.int64]
    findings: Tuple[Finding, ...] = ()


def normalise(indicators: Sequence[Indicator], values: Mapping[str, Floats]) -> Normalised:
    """Bring each indicator to 0–1 between its least and its largest value.

    A candidate whose value is unknown takes the mean of the known, which moves it neither up nor down; an
    indicator known nowhere is left out.

    Parameters
    ----------
    values
        Indicator → ``(n,)``, NaN = unknown; an indicator that is not there is known nowhere.
    """
    ids: List[str] = []
    columns: List[Floats] = []
    unknown: List[int] = []
    found: List[Finding] = []
    count = max((len(column) for column in values.values()), default=0)
    for each in indicators:
        raw = values.get(each.id)
        if raw is None or not np.isfinite(raw).any():
            if count:
                found.append(_left_out(each))
            continue
        known = np.isfinite(raw)
        ids.append(each.id)
        columns.append(_between(raw, known, each.rises))
        unknown.append(int(np.count_nonzero(~known)))
        if unknown[-1]:
            said: Dict[str, Value] = {"indicator": each.id, "count": unknown[-1], "total": count}
            found.append(Finding("potential_value_unknown", INFO, "", said))
    stacked = np.column_stack(columns) if columns else np.empty((count, 0))
    return Normalised(tuple(ids), stacked, np.array(unknown, dtype=np.int64), tuple(found))


def _left_out(indicator: Indicator) -> Finding:
    return Finding(f"potential_missing_{indicator.needs or 'parcels'}", WARNING, "", {"indicator": indicator.id})


def _between(raw: Floats, known: NDArray[np.bool_], rises: bool) -> Floats:
    least, largest = raw[known].min(), raw[known].max()
    if not largest > least:
        return np.full(len(raw), NEUTRAL)
    share = (raw - least) / (largest - least)
    share = share if rises else 1.0 - share
    return np.where(known, share, share[known].mean())


def scores(normal: Floats, weight: Floats, method: str) -> Floats:
    """Score of every candidate, ``(n,)`` 0–1, rounded to :data:`DECIMALS`.

    Parameters
    ----------
    normal
        ``(n, k)`` values 0–1, none missing.
    weight
        ``(k,)`` adding up to 1.
    method
        ``topsis`` = nearness to the best values there are; everything else adds up value × weight.
    """
    raw = _nearness(normal, weight) if method == TOPSIS else normal @ weight
    return np.asarray(np.round(np.clip(raw, 0.0, 1.0), DECIMALS))


def _nearness(normal: Floats, weight: Floats) -> Floats:
    """C = D⁻/(D⁺ + D⁻) over v = w·x/√Σx² (07-potential 7.4)."""
    if not normal.size:
        return np.full(len(normal), NEUTRAL)
    length = np.sqrt((normal**2).sum(axis=0))
    scaled = normal * (weight / np.where(length > 0, length, 1.0))
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    reach = to_best + to_worst
    return np.where(reach > 0, to_worst / np.where(reach > 0, reach, 1.0), NEUTRAL)
