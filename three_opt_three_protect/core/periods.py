"""An event is judged by the rule of its date: what of a plan happens in the period of a rule.

Source: 00-supplement 6 (占补 changed on 2025-01-01), R5.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Tuple

import numpy as np

from three_opt_three_protect.core.base import Bools
from three_opt_three_protect.core.change import Changes
from three_opt_three_protect.core.rules import ALWAYS, Period, Profile
from three_opt_three_protect.core.scenario import Days, NewBuildPlots, ReclaimPlots

_BY_RECLAIM = ("reclaim_on", "reclaims", "gain_barred", "reclaimed", "kept", "cultivated_after", "gain")
_BY_NEWBUILD = (
    *("newbuild_on", "accepted_first", "added", "stock", "reused", "released", "loss", "loss_construction"),
    "agricultural_before",
)


def dated_periods(profile: Profile, as_of: str = "") -> Tuple[Period, ...]:
    """Periods of the profile's dated rules, each once; none that begins after ``as_of``."""
    found = (rule.period for rule in profile.rules if rule.period != ALWAYS)
    return tuple(dict.fromkeys(period for period in found if not as_of or not period[0] or period[0] <= as_of))


def in_period(days: Days, period: Period) -> Bools:
    """``(n,)`` bool, the day lies in the period, first and last day included; False without a day."""
    start, end = period
    inside = ~np.isnat(days)
    if start:
        inside = inside & (days >= np.datetime64(start, "D"))
    if end:
        inside = inside & (days <= np.datetime64(end, "D"))
    return np.asarray(inside, dtype=np.bool_)


def changes_where(
    change: Changes, reclaim: ReclaimPlots, newbuild: NewBuildPlots, happens: Callable[[Days], Bools]
) -> Changes:
    """The changes by plots on whose day ``happens`` is True; the others are as if they were not there.

    What a piece was before stays as it is, so that amounts of periods add up to those of the plan.
    """
    out = np.append(happens(reclaim.day), False)[change.plots.reclaim]
    new = np.append(happens(newbuild.day), False)[change.plots.newbuild]
    sides = ((_BY_RECLAIM, out), (_BY_NEWBUILD, new))
    kept = {name: getattr(change, name) * here for names, here in sides for name in names}
    return replace(change, **kept)
