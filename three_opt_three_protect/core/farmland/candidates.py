"""What may come in (补划): stable cultivated land outside everything that will be built on or protected otherwise.

Sources: 06-balance 6.4 (conditions), 00-supplement 1.5 (unstable land never, reclaimed land once accepted).
"""

from __future__ import annotations

import numpy as np

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.farmland.facts import Bools, Facts, Floats, Ints
from three_opt_three_protect.core.farmland.settings import Settings

EXCLUSIONS = (
    "newbuild",
    "approved",
    "boundary",
    "redline",
    "reclaim_unseen",
    "reclaim_pending",
    "reclaim_unmeasured",
    "slope",
    "unstable",
    "fallow",
    "small",
    "apart",
    "grade_unknown",
    "grade_worse",
)
"""Why land that is looked at cannot come in; the first in this order is given."""

NOT_LOOKED_AT, OPEN = -2, -1

GRADE_DECIMALS = 4
"""A grade is not worse when it is not so in the digits means are kept in."""


def by_place(base: BaseState, facts: Facts, settings: Settings) -> Ints:
    """``(n,)`` row of :data:`EXCLUSIONS`, :data:`OPEN`, or :data:`NOT_LOOKED_AT`: all that needs no neighbours.

    Looked at is what is not farmland and is cultivated, or is to be reclaimed to it.
    """
    reclaimed = facts.reclaim & ~facts.eligible
    looked_at = ~base.in_farm & (facts.eligible | reclaimed)
    tests = {
        "newbuild": facts.newbuild,
        "approved": base.inside("approved_unbuilt") | base.inside("illegal_built") | base.inside("temporary"),
        "boundary": base.in_bound,
        "redline": np.isin(base.redline, settings.core_levels),
        "reclaim_unseen": facts.unseen,
        "reclaim_pending": facts.reclaim & ~facts.accepted,
        "reclaim_unmeasured": ~facts.measured,
        "slope": facts.steep,
        "unstable": facts.unstable,
        "fallow": facts.fallow,
        "small": base.area < settings.min_patch,
    }
    found = np.where(looked_at, OPEN, NOT_LOOKED_AT).astype(np.int64)
    for name, hit in tests.items():
        found[(found == OPEN) & hit] = EXCLUSIONS.index(name)
    return found


def by_grade(found: Ints, grade: Floats, worst: float) -> Ints:
    """``found`` with what is worse than ``worst`` excluded, or of no known grade; NaN = no grades at all."""
    out = found.copy()
    if np.isnan(worst):
        return out
    out[(out == OPEN) & np.isnan(grade)] = EXCLUSIONS.index("grade_unknown")
    with np.errstate(invalid="ignore"):
        worse = np.round(grade, GRADE_DECIMALS) > np.round(worst, GRADE_DECIMALS)
    out[(out == OPEN) & worse] = EXCLUSIONS.index("grade_worse")
    return out


def apart(found: Ints, beside: Bools) -> Ints:
    """``found`` with what does not lie beside (``(n,)`` bool) remaining farmland excluded."""
    out = found.copy()
    out[(out == OPEN) & ~beside] = EXCLUSIONS.index("apart")
    return out
