"""The ways topsoil may take: how far each is, and which are closed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Optional

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from three_opt_three_protect.core.measure import round_half_away
from three_opt_three_protect.core.pieces import Ints

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]

_HAIR = 0.01
"""Metres to which a way is rounded."""

TOO_FAR, TOO_EARLY = "too_far", "too_early"


@dataclass(frozen=True)
class Routes:
    """From ``(n, 2)`` starts to ``(m, 2)`` ends, metres.

    Attributes
    ----------
    detour
        A way is so many times the straight line.
    most
        Metres; longer ways are closed.
    ready, wanted
        ``(n,)``, ``(m,)`` days; a way is closed where the soil is wanted before it is ready.  None = days do not
        count; NaT = not known, no reason to close a way.
    """

    start: Floats
    end: Floats
    detour: float
    most: float = np.inf
    ready: Optional[Days] = None
    wanted: Optional[Days] = None

    def along(self, start: Ints, end: Ints) -> Floats:
        """``(p,)`` metres of single ways, to 0.01; infinite where closed."""
        x, y = (self.start[start] - self.end[end]).T
        away = round_half_away(np.hypot(x, y) * self.detour, 2)
        if self.ready is not None and self.wanted is not None:
            away = np.where(self.wanted[end] < self.ready[start], np.inf, away)
        return np.where(away > self.most, np.inf, away)

    def block(self, rows: slice) -> Floats:
        """``(k, m)`` metres from some starts to every end, not rounded; ways a hair too long are open here."""
        middle = self.end.mean(axis=0)
        one, other = self.start[rows] - middle, self.end - middle
        # |a − b|² by the product of matrices: a county has fifty million ways.
        away = one @ other.T
        away *= -2.0
        away += (one**2).sum(axis=1)[:, np.newaxis]
        away += (other**2).sum(axis=1)
        np.maximum(away, 0.0, out=away)
        np.sqrt(away, out=away)
        away *= self.detour
        if self.ready is not None and self.wanted is not None:
            away[self.wanted[np.newaxis, :] < self.ready[rows][:, np.newaxis]] = np.inf
        if np.isfinite(self.most):
            away[away > self.most + _HAIR] = np.inf
        return np.asarray(away)

    @cached_property
    def _span(self) -> float:
        """No way is longer, open or closed, metres."""
        both = np.concatenate([self.start, self.end])
        span = both.max(axis=0) - both.min(axis=0)
        return float(np.hypot(*span)) * self.detour + 1.0

    @property
    def longest(self) -> float:
        """No open way is longer, metres."""
        return min(self._span, self.most)

    @cached_property
    def all_open(self) -> bool:
        """Every way is open for sure."""
        if self.most < self._span:
            return False
        if self.ready is None or self.wanted is None:
            return True
        ready, wanted = self.ready[~np.isnat(self.ready)], self.wanted[~np.isnat(self.wanted)]
        return bool(not len(ready) or not len(wanted) or wanted.min() >= ready.max())

    def nearest(self, count: int) -> tuple[Ints, Ints]:
        """Ways to the ``count`` nearest ends of every start, and from the nearest starts of every end; open ones."""
        out, back = _near(self.start, self.end, count), _near(self.end, self.start, count)
        pairs = np.unique(np.concatenate([out, back[:, ::-1]]), axis=0)
        open_ = np.isfinite(self.along(pairs[:, 0], pairs[:, 1]))
        return pairs[open_, 0], pairs[open_, 1]

    def why_closed(self, start: Ints, end: Ints) -> str:
        """Why nothing goes from any of the starts to any of the ends: not at that time, or too far."""
        if not len(start) or not len(end):
            return TOO_FAR
        near = Routes(self.start[start], self.end[end], self.detour, self.most)
        return TOO_EARLY if np.isfinite(near.block(slice(0, len(start)))).any() else TOO_FAR


def _near(one: Floats, other: Floats, count: int) -> Ints:
    """``(k, 2)`` rows of ``one`` and of the nearest of ``other``."""
    most = min(count, len(other))
    _, row = cKDTree(other).query(one, k=most)
    found = np.asarray(row, dtype=np.int64).reshape(len(one), most)
    return np.column_stack([np.repeat(np.arange(len(one), dtype=np.int64), most), found.reshape(-1)])
