"""Which soil goes where: the transport problem (运输问题) on HiGHS.

First as much soil as possible is used, that of the first tier before that of the second; of all ways to do so the one
with the least haul (m³·km) is taken.  One linear programme does both: soil that is used is rewarded by more than any
change of ways can save.  The usable amounts of donors are a polymatroid, on which decreasing rewards give the order
of the tiers exactly (Edmonds 1970, greedy algorithm).

A county has fifty million ways.  The programme starts with the nearest ones; its duals then price all others, and
those that would help are added until none does: the optimum of the few ways is that of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.edges import blocks
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.topsoilprogramme import Growing
from three_opt_three_protect.core.topsoilroutes import Routes

Floats = NDArray[np.float64]

EVERY = 100_000
"""With no more ways than this all are in the programme from the start."""

NEAREST = 4
ADDED = 4
"""Ways from a start, and from an end, that are there at first; ways that a round may add to a start."""

_AT_ONCE = 4_000_000
"""Ways priced together: 32 MB."""

_NOISE = 1e-5
"""Kilometres by which a way must help: below are the solver's tolerances and the rounding of a way to 0.01 m."""

_METRES = 1000.0


@dataclass(frozen=True)
class Flows:
    """What goes where, ``(k,)`` each: rows of supply and need, hundredths of a m³, metres."""

    start: Ints
    end: Ints
    volume: Ints
    metres: Floats
    rounds: int = 0

    @property
    def haul(self) -> Floats:
        """``(k,)`` m³·km."""
        return self.volume / 100 * self.metres / _METRES


def no_flows() -> Flows:
    """Nothing goes anywhere."""
    none = np.empty(0, dtype=np.int64)
    return Flows(none, none, none, np.empty(0))


def transport(supply: Ints, tier: Ints, need: Ints, routes: Routes, progress: Progress = SILENT) -> Flows:
    """The most soil used, then the least haul.

    Parameters
    ----------
    supply, need
        ``(n,)``, ``(m,)`` int64 hundredths of a m³, > 0.
    tier
        ``(n,)`` int64: soil of a lower tier is used first.
    routes
        From every supply to every need.

    Returns
    -------
    Flows
        No supply gives more than it has, no need takes more than it wants, to the last 0.01 m³.
    """
    if not len(supply) or not len(need):
        return no_flows()
    few = len(supply) * len(need) <= EVERY
    start, end = _all_ways(routes) if few else routes.nearest(NEAREST)
    reward = _rewards(tier, routes, min(len(supply), len(need)))
    programme = Growing(np.concatenate([supply, need]) / 100, len(supply), progress)
    start, end, more = start[:0], end[:0], (start, end)
    rounds = 0
    while rounds == 0 or len(more[0]):
        rounds += 1
        start, end = np.concatenate([start, more[0]]), np.concatenate([end, more[1]])
        programme.add(*more, routes.along(*more) / _METRES - reward[more[0]])
        flow, duals = programme.solve()
        more = (start[:0], end[:0]) if few else _helpful(routes, reward, duals, start, end, progress)
    return _whole(supply, need, start, end, flow, routes, rounds)


def _all_ways(routes: Routes) -> tuple[Ints, Ints]:
    count, other = len(routes.start), len(routes.end)
    start, end = np.divmod(np.arange(count * other, dtype=np.int64), other)
    open_ = np.isfinite(routes.along(start, end))
    return start[open_], end[open_]


def _rewards(tier: Ints, routes: Routes, most_steps: int) -> Floats:
    """Kilometres a unit of every supply is worth.

    Where every way is open one unit takes another's place directly; else a chain of changed ways may be needed, of no
    more steps than there are places on the shorter side.
    """
    step = (routes.longest / _METRES) * (1 if routes.all_open else most_steps) + 1.0
    return np.asarray((int(tier.max()) + 1 - tier) * step, dtype=np.float64)


def _helpful(
    routes: Routes, reward: Floats, duals: Floats, start: Ints, end: Ints, progress: Progress
) -> tuple[Ints, Ints]:
    """Ways outside the programme that would make it better: their reduced cost is below zero."""
    count, other = len(routes.start), len(routes.end)
    worth, prices = reward + duals[:count], duals[count:]
    found: List[Ints] = [np.empty(0, dtype=np.int64)]
    most = min(ADDED, other)
    for rows in blocks(count, max(_AT_ONCE // other, 1)):
        progress.check(rows.start / count)
        reduced = routes.block(rows)
        reduced /= _METRES
        reduced -= prices
        reduced -= worth[rows][:, np.newaxis]
        hopeful = np.flatnonzero(reduced.min(axis=1) < -_NOISE)
        best = np.argpartition(reduced[hopeful], most - 1, axis=1)[:, :most]
        row, place = np.nonzero(np.take_along_axis(reduced[hopeful], best, axis=1) < -_NOISE)
        found.append((hopeful[row] + rows.start) * other + best[row, place])
    new_start, new_end = np.divmod(np.setdiff1d(np.concatenate(found), start * other + end), other)
    open_ = np.isfinite(routes.along(new_start, new_end))
    return new_start[open_], new_end[open_]


def _whole(supply: Ints, need: Ints, start: Ints, end: Ints, flow: Floats, routes: Routes, rounds: int) -> Flows:
    """Flows in whole hundredths.  A corner of the programme is whole already; what is not is the solver's noise."""
    volume = np.rint(flow * 100).astype(np.int64)
    left = supply - _sums(start, volume, len(supply))
    open_ = need - _sums(end, volume, len(need))
    for way in np.flatnonzero((left[start] < 0) | (open_[end] < 0)):
        less = min(int(volume[way]), max(int(-left[start[way]]), int(-open_[end[way]]), 0))
        volume[way] -= less
        left[start[way]] += less
        open_[end[way]] += less
    for way in np.flatnonzero((left[start] > 0) & (open_[end] > 0)):
        more = max(min(int(left[start[way]]), int(open_[end[way]])), 0)
        volume[way] += more
        left[start[way]] -= more
        open_[end[way]] -= more
    some = volume > 0
    start, end = start[some], end[some]
    return Flows(start, end, volume[some], routes.along(start, end), rounds)


def _sums(index: Ints, volume: Ints, count: int) -> Ints:
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, index, volume)
    return out
