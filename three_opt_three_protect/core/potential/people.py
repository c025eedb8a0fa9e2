"""How many registered people live on each candidate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.measure import share_out
from three_opt_three_protect.core.potential.population import NOWHERE, Population
from three_opt_three_protect.core.potential.universe import Universe
from three_opt_three_protect.core.rules import Profile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class People:
    """What the population table says of every candidate, ``(c,)`` each; unknown is NaN or None.

    Attributes
    ----------
    households, population, signed
        Whole numbers: the share of the natural village's (or village's) that lives here.
    consent
        Share 0–1.
    right_type
        Legal origin of the land.
    """

    households: Floats
    population: Floats
    signed: Floats
    consent: Floats
    right_type: Texts


def unknown_people(count: int) -> People:
    """Without a population table."""
    nothing = np.full(count, np.nan)
    return People(nothing, nothing, nothing, nothing, np.full(count, None, dtype=np.object_))


def people_on(base: BaseState, universe: Universe, population: Population, land: Bools, profile: Profile) -> People:
    """Deal the people of each row of the table out to the land they live on, in whole numbers.

    They live on the homesteads of their natural village, inside and outside the boundary, kept or not, in proportion
    to the area; where it has none, on its village land. So candidates never have more people than there are.

    Parameters
    ----------
    land
        ``(n,)`` village land among the base pieces.
    """
    own = population.rows_of(base.unit_code, base.settlement)
    classes = set(profile.words("homestead_classes"))
    homestead = land & base.class_base.where(lambda code: code in classes)

    def dealt(values: Floats, weight: Ints) -> Floats:
        """On every piece: nobody where people are counted but live elsewhere, unknown where they are not."""
        counted_at, total = population.counted_at(values)
        row = np.append(counted_at, NOWHERE)[own]
        has_homestead = np.zeros(len(population) + 1, dtype=np.bool_)
        has_homestead[row[homestead]] = True
        where = np.flatnonzero((row != NOWHERE) & np.where(has_homestead[row], homestead, land))
        found = np.append(np.where(np.isnan(total), np.nan, 0.0), np.nan)[row]
        found[where] = _dealt_out(total, weight[where], row[where])
        return np.asarray(found)

    households = dealt(population.households, base.area)
    # Who has signed is one of the households.
    signed = dealt(population.signed, np.nan_to_num(households).astype(np.int64))
    people = dealt(population.population, base.area)
    of = universe.population_row
    return People(
        households[universe.rows],
        people[universe.rows],
        signed[universe.rows],
        np.append(population.consent, np.nan)[of],
        np.array([*population.right_type, None], dtype=np.object_)[of],
    )


def _dealt_out(total: Floats, weight: Ints, row: Ints) -> Floats:
    """Whole numbers in proportion to ``weight`` that add up to each row's total; NaN where it is unknown."""
    known = ~np.isnan(total)
    whole = np.where(known, np.round(np.nan_to_num(total)), 0).astype(np.int64)
    dealt = share_out(whole, weight, row).astype(np.float64)
    return np.where(known[row], dealt, np.nan)
