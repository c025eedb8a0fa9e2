"""Theoretical and realistic potential by village (07-potential 7.1, 7.2; 00-supplement 1.4.2, 4 Q4/Q5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.potential.places import places
from three_opt_three_protect.core.potential.population import Population, nobody
from three_opt_three_protect.core.potential.universe import Universe
from three_opt_three_protect.core.potential.villageland import VillageLand
from three_opt_three_protect.core.rules import Profile

Floats = NDArray[np.float64]

METHODS: Tuple[str, ...] = ("per_head", "per_household", "idle_rate", "settlement_plan")
MEAN = "mean"
"""The choice that takes the mean of the methods whose data is there."""


@dataclass(frozen=True)
class Theory:
    """Theoretical potential (理论潜力) of every village, ``(v,)`` each, m².

    Attributes
    ----------
    unit_code
        Village codes, ascending; ``""`` for pieces without one.
    village_land, candidates
        Village land outside the boundary, and the candidates.
    population, households
        Registered, of the village land outside the boundary; NaN = unknown.
    by_method
        Method → m², never below 0, NaN where its data is missing.
    chosen
        Mean of the methods known, or the one asked for.
    told_by
        Of :class:`VillageLand`.
    """

    unit_code: Texts
    village_land: Floats
    candidates: Floats
    population: Floats
    households: Floats
    by_method: Mapping[str, Floats]
    chosen: Floats
    told_by: str


@dataclass(frozen=True)
class Realistic:
    """Realistic potential (现实潜力) of every village of a :class:`Theory`, ``(v,)`` each.

    Attributes
    ----------
    correction
        K, the area-weighted score of the candidates; NaN where there is none.
    potential
        Theory × K, at most the candidates' area, m²; 0 where there are no candidates, NaN = unknown.
    cultivated
        New cultivated land of it by the candidates' own ratios, m².
    """

    correction: Floats
    potential: Floats
    cultivated: Floats


def theory(
    base: BaseState,
    universe: Universe,
    population: Optional[Population],
    land: VillageLand,
    profile: Profile,
    method: str = MEAN,
) -> Theory:
    """Theoretical potential of every village that has land or people.

    With A the village land outside the boundary, P and H the registered people and households of it, B the standard
    (``land_per_head_m2``) and h persons a household of the whole table:

    - per_head: S = A − B·P
    - per_household: S = A − B·h·H
    - idle_rate: S = A·r, r the village's, else the mean of its natural villages by village land
    - settlement_plan: S = Σ candidates, what the layout plan and the filters leave to be reclaimed

    People of a natural village that the boundary cuts count by the share of its village land outside.

    Parameters
    ----------
    method
        One of :data:`METHODS`, or :data:`MEAN`.
    """
    people = nobody() if population is None else population
    found = places(base, people)
    outside = np.where(land.here & ~base.in_bound, found.area, 0.0)
    area, of_row = found.by_unit(outside), found.by_row(outside)
    share = _shares(of_row, found.by_row(np.where(land.here, found.area, 0.0)))
    heads, households = found.counted(people.population, share), found.counted(people.households, share)
    standard = profile.number("land_per_head_m2")
    candidates = found.by_unit(_only(found.area, universe))
    by_method = {
        "per_head": np.maximum(area - standard * heads, 0.0),
        "per_household": np.maximum(area - standard * household_size(people, profile) * households, 0.0),
        "idle_rate": area * found.mean(people.idle_rate, of_row),
        "settlement_plan": candidates,
    }
    chosen = np.nanmean(list(by_method.values()), axis=0) if method == MEAN else by_method[method]
    return Theory(found.unit_code, area, candidates, heads, households, by_method, chosen, land.told_by)


def _only(area: Floats, universe: Universe) -> Floats:
    """``(n,)`` areas of the candidates, 0 elsewhere."""
    out = np.zeros(len(area))
    out[universe.rows] = area[universe.rows]
    return out


def _shares(part: Floats, whole: Floats) -> Floats:
    """``part / whole``; 1 where nothing is known of the land."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 1.0)


def household_size(people: Population, profile: Profile) -> float:
    """Persons a household: of all rows that state both, else the profile's ``household_size``."""
    both = ~np.isnan(people.population) & (people.households > 0)
    if not both.any():
        return profile.number("household_size")
    return float(people.population[both].sum() / people.households[both].sum())


def realistic(base: BaseState, universe: Universe, found: Theory, score: Floats) -> Realistic:
    """Correct the theoretical potential by the candidates' scores: S·K, K = Σ score·area ÷ Σ area (07-potential 7.2).

    Parameters
    ----------
    score
        ``(c,)`` 0–1 of the candidates.
    """
    unit = np.searchsorted(found.unit_code, np.array([code or "" for code in base.unit_code[universe.rows]], object))
    area, count = to_m2(base.area[universe.rows]), len(found.unit_code)
    total = np.bincount(unit, area, count)
    has = total > 0
    at_least = np.where(has, total, 1.0)
    correction = np.where(has, np.bincount(unit, area * score, count) / at_least, np.nan)
    potential = np.where(has, np.minimum(found.chosen * correction, total), 0.0)
    ratio = np.bincount(unit, to_m2(universe.gain), count) / at_least
    return Realistic(correction, potential, potential * ratio)
