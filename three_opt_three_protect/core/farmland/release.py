"""What leaves the farmland (划出): only for a reason the profile lists, each with its code (M16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

import numpy as np

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.farmland.facts import Bools, Facts, Ints
from three_opt_three_protect.core.farmland.settings import Settings

NONE = -1


@dataclass(frozen=True)
class Releases:
    """Row of the reason of every base piece, ``(n,)`` int64, :data:`NONE` = stays.

    Attributes
    ----------
    reason
        Of what is released.
    wanted
        Of what stays although something speaks for its release that the profile does not list.
    slivers
        ``(n,)`` bool: a listed reason touches it, but so little that it is noise between two lines; it stays.
    """

    reason: Ints
    wanted: Ints
    slivers: Bools

    @property
    def released(self) -> Bools:
        """``(n,)`` bool."""
        return np.asarray(self.reason != NONE)


def releases(base: BaseState, facts: Facts, settings: Settings) -> Releases:
    """Find the first reason that applies to every piece of farmland."""
    applies = _applying(base, facts, settings)
    reason = np.full(len(base.area), NONE, dtype=np.int64)
    wanted = reason.copy()
    for number, entry in enumerate(settings.reasons):
        hit = base.in_farm & applies[entry.token]
        into = reason if entry.listed else wanted
        into[hit & (into == NONE)] = number
    slivers = (reason != NONE) & (base.area < settings.sliver)
    reason[slivers] = NONE
    wanted[slivers | (reason != NONE) | (base.area < settings.sliver)] = NONE
    return Releases(reason, wanted, slivers)


def _applying(base: BaseState, facts: Facts, settings: Settings) -> Mapping[str, Bools]:
    """Token of a reason → ``(n,)`` bool."""
    return {
        "key_project": facts.in_time & facts.key_project,
        "approved": base.inside("approved_unbuilt"),
        "newbuild": facts.in_time & ~facts.key_project,
        "boundary": base.in_bound,
        "redline": np.isin(base.redline, settings.core_levels),
        "not_eligible": facts.barred,
        "slope": facts.steep,
        "unstable": facts.unstable,
        "illegal": base.inside("illegal_built"),
    }
