"""The plan for the topsoil of a township: from where to where, when, what is kept, what is short and why.

Sources: R16, M23 (storage and the time between stripping and use are said); 06-balance T18.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Optional

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.topsoil import Lots, Places
from three_opt_three_protect.core.topsoilroutes import TOO_EARLY, TOO_FAR, Routes
from three_opt_three_protect.core.topsoiltransport import Flows, no_flows, transport

Days = NDArray[np.datetime64]

NO_NEED, NO_SOIL = "no_need", "no_soil"
"""Why soil is left, or a need not met: the other side has none. Else :data:`TOO_FAR` or :data:`TOO_EARLY`."""


@dataclass(frozen=True)
class Haulage:
    """How soil is carried.

    Attributes
    ----------
    detour
        A way is so many times the straight line.
    loose
        Volume on the lorry ÷ volume in place.
    most_m
        Longest way in metres.
    in_order
        Soil is not used before it is stripped.
    """

    detour: float
    loose: float
    most_m: float = np.inf
    in_order: bool = True


@dataclass(frozen=True)
class TopsoilPlan:
    """Volumes are int64 hundredths of a m³, in place.

    Attributes
    ----------
    donors, receivers, stores
        Where soil is stripped, laid and kept; ``stores`` have what they can take as volume.
    flows
        From rows of donors to rows of receivers, one row a pair.
    kept
        From rows of donors to rows of stores: soil that nobody needs.
    used, received, stored, filled
        Sums of the flows by donor and by receiver, and of what is kept by donor and by store.
    why_left, why_short
        Why a donor has soil left or a receiver is short, None where nothing is.
    peak
        Most soil that waits for its use at any time, None where a day is not known.
    """

    donors: Places
    receivers: Places
    stores: Places
    haulage: Haulage
    flows: Flows
    kept: Flows
    used: Ints
    received: Ints
    stored: Ints
    filled: Ints
    why_left: Texts
    why_short: Texts
    peak: Optional[int]
    farmland: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def left(self) -> Ints:
        """``(n,)`` soil of every donor that is not used; stripped = used + left."""
        return self.donors.volume - self.used

    @property
    def short(self) -> Ints:
        """``(m,)`` what every receiver still needs."""
        return self.receivers.volume - self.received

    @property
    def spare(self) -> Ints:
        """``(n,)`` soil that is left and has no place in a store."""
        return self.left - self.stored

    @property
    def waiting(self) -> NDArray[np.float64]:
        """``(k,)`` days between stripping and use of every flow; NaN where a day is not known."""
        days = (self.receivers.day[self.flows.end] - self.donors.day[self.flows.start]).astype("timedelta64[D]")
        return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))


def topsoil_plan(
    donors: Places, lots: Lots, receivers: Places, stores: Places, haulage: Haulage, progress: Progress = SILENT
) -> TopsoilPlan:
    """Match donors and receivers: the most soil used (better soil first), then the least haul; keep what is left.

    Parameters
    ----------
    lots
        The donors' soil by priority; over a donor the volumes add up to its own.
    stores
        ``volume`` is what they can take.

    Raises
    ------
    BalanceError
        ``topsoil_not_solved``.
    """
    wants = np.flatnonzero(receivers.volume > 0)
    ready, wanted = (donors.day, receivers.day) if haulage.in_order else (None, None)
    routes = Routes(donors.point, receivers.point, haulage.detour, haulage.most_m, ready, wanted)
    ways = Routes(
        donors.point[lots.donor], receivers.point[wants], haulage.detour, haulage.most_m,
        None if ready is None else ready[lots.donor], None if wanted is None else wanted[wants],
    )  # fmt: skip
    found = transport(lots.volume, lots.tier, receivers.volume[wants], ways, Part(progress, 0.0, 0.8))
    flows = _by_pair(lots.donor[found.start], wants[found.end], found, len(receivers))
    used = sum_by(flows.start, flows.volume, len(donors))
    received = sum_by(flows.end, flows.volume, len(receivers))
    left, short = donors.volume - used, receivers.volume - received
    kept = _keep(donors, left, stores, haulage, Part(progress, 0.8, 0.2))
    return TopsoilPlan(
        donors, receivers, stores, haulage, flows, kept, used, received,
        sum_by(kept.start, kept.volume, len(donors)), sum_by(kept.end, kept.volume, len(stores)),
        _reasons(left, short, routes), _reasons(short, left, routes, turned=True),
        _peak(donors.day[flows.start], receivers.day[flows.end], flows.volume),
        sum_by(lots.donor, np.where(lots.tier == 0, lots.volume, 0), len(donors)),
    )  # fmt: skip


def _by_pair(donor: Ints, receiver: Ints, found: Flows, count: int) -> Flows:
    """One flow a donor and receiver, whatever the priority of its soil."""
    pair, first, row = np.unique(donor * max(count, 1) + receiver, return_index=True, return_inverse=True)
    volume = sum_by(row.reshape(-1).astype(np.int64), found.volume, len(pair))
    return Flows(donor[first], receiver[first], volume, found.metres[first], found.rounds)


def _keep(donors: Places, left: Ints, stores: Places, haulage: Haulage, progress: Progress) -> Flows:
    """What is left, to the stores near by."""
    gives, takes = np.flatnonzero(left > 0), np.flatnonzero(stores.volume > 0)
    if not len(gives) or not len(takes):
        return no_flows()
    routes = Routes(donors.point[gives], stores.point[takes], haulage.detour)
    found = transport(left[gives], np.zeros(len(gives), dtype=np.int64), stores.volume[takes], routes, progress)
    return Flows(gives[found.start], takes[found.end], found.volume, found.metres, found.rounds)


def _reasons(own: Ints, others: Ints, routes: Routes, turned: bool = False) -> Texts:
    """Why something of ``own`` is over: the others have nothing open, or all ways to them are closed.

    In the best plan no way is open between soil that is left and a need that is not met.
    """
    out = np.full(len(own), None, dtype=np.object_)
    open_ = np.flatnonzero(others > 0)
    for row in np.flatnonzero(own > 0):
        if not len(open_):
            out[row] = NO_SOIL if turned else NO_NEED
        else:
            one = np.array([row])
            out[row] = routes.why_closed(open_, one) if turned else routes.why_closed(one, open_)
    return out


def _peak(ready: Days, wanted: Days, volume: Ints) -> Optional[int]:
    """Most soil that is stripped and not yet laid at the end of any day."""
    if np.isnat(ready).any() or np.isnat(wanted).any():
        return None
    waits = wanted > ready
    days = np.unique(ready[waits])
    if not len(days):
        return 0
    return max(int(volume[waits & (ready <= day) & (wanted > day)].sum()) for day in days)


@dataclass(frozen=True)
class Totals:
    """Sums of a plan, int64 hundredths of a m³; ``haul`` in m³·km, the ways of stored soil beside."""

    stripped: int
    needed: int
    used: int
    left: int
    short: int
    stored: int
    haul: float
    store_haul: float


def totals(plan: TopsoilPlan) -> Totals:
    """Sums over all places: stripped = used + left, needed = used + short."""
    return Totals(
        int(plan.donors.volume.sum()), int(plan.receivers.volume.sum()), int(plan.used.sum()), int(plan.left.sum()),
        int(plan.short.sum()), int(plan.stored.sum()), hauled(plan.flows), hauled(plan.kept),
    )  # fmt: skip


def hauled(flows: Flows) -> float:
    """Sum of the flows' m³·km, each to 0.01."""
    each: List[float] = np.round(flows.haul, 2).tolist()
    return round(sum(each), 2)


__all__ = ["NO_NEED", "NO_SOIL", "TOO_EARLY", "TOO_FAR", "Haulage", "TopsoilPlan", "Totals", "topsoil_plan", "totals"]
