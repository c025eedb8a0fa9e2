"""How much cultivated land a candidate gives (新增耕地): its kind, its ratio, and what is too little to be a field."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile

HOMESTEAD, INDUSTRY, OTHER = "homestead", "industry", "other"
"""Kinds of candidates, by the profile's ``homestead_classes`` and ``industrial_classes``."""


def kinds(base: BaseState, rows: Ints, profile: Profile) -> Texts:
    """``(c,)`` kind of the base pieces ``rows``, by base class."""
    code = base.class_base.take(rows)
    homestead, industrial = set(profile.words("homestead_classes")), set(profile.words("industrial_classes"))
    kind = np.full(len(rows), OTHER, dtype=np.object_)
    kind[code.where(lambda one: one in homestead)] = HOMESTEAD
    kind[code.where(lambda one: one in industrial)] = INDUSTRY
    return kind


def new_cultivated_rates(kind: Texts, patch_area: Ints, profile: Profile) -> NDArray[np.float64]:
    """New cultivated ratio 0–1 by kind and, for what is no industry, size of the patch (00-supplement 4 Q3).

    Parameters
    ----------
    kind
        ``(c,)`` see :func:`kinds`.
    patch_area
        ``(c,)`` int64 hundredths of a m² of the patch each lies in.
    """
    large = patch_area >= to_units(np.array([profile.number("large_homestead_m2")]))[0]
    by_size = np.where(
        large, profile.number("new_cultivated_ratio_large"), profile.number("new_cultivated_ratio_small")
    )
    return np.where(kind == INDUSTRY, profile.number("new_cultivated_ratio_industrial"), by_size)


def too_little_together(base: BaseState, rows: Ints, profile: Profile) -> Bools:
    """``(c,)`` bool: candidates that with the cultivated land touching them stay below the smallest cultivated patch.

    The same rule as the balance's for a plot by itself (``core.change``): whether its neighbours are reclaimed too is
    the plan's to say.
    """
    smallest = to_units(np.array([profile.number("min_patch_cultivated_m2")]))[0]
    together = base.area[rows].copy()
    small = np.flatnonzero(together < smallest)
    one, piece = base.tree.query(base.geometry[rows[small]], predicate="intersects")
    fields = base.cultivated[piece]
    np.add.at(together, small[one[fields]], base.area[piece[fields]])
    return np.asarray(together < smallest)
