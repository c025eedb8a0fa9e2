"""Who follows a search while it runs, and may stop it."""

from __future__ import annotations

from typing import Optional, Protocol

import numpy as np

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.progress import Progress

REGULARLY = 32
"""A watch is told at least every so many looks of the solver."""


class Watch(Protocol):
    """Told of every better plan or bound, and regularly in between, from the thread that called ``solve``."""

    def found(self, value: Optional[float], bound: Optional[float], gap: Optional[float]) -> None:
        """Value of the best plan, what no plan can beat, gap between them; None = not known yet."""


def gap_of(value: float, bound: float) -> float:
    """``(value − bound) ÷ |value|``, 0 when they agree to nine digits; infinite for a value of 0 that may be beaten."""
    if value - bound <= 1e-9 * max(1.0, abs(value)):
        return 0.0
    return (value - bound) / abs(value) if value else np.inf


class Guard:
    """Passes on what a search has reached, and knows when it shall stop.

    Parameters
    ----------
    enough
        Gap at which the search ends.
    """

    def __init__(self, progress: Progress, watch: Optional[Watch], enough: float) -> None:
        self._progress, self._watch, self._enough = progress, watch, enough
        self._looks, self._share = 0, 0.0
        self.value, self.bound = np.inf, -np.inf
        self.cancelled = False

    @property
    def gap(self) -> float:
        """Between the best plan and the bound; infinite without a plan or a bound."""
        return gap_of(self.value, self.bound) if np.isfinite(self.value) and np.isfinite(self.bound) else np.inf

    @property
    def reached(self) -> bool:
        """The plan is as good as was asked for."""
        return self.gap <= self._enough

    def improve(self, value: float = np.inf, bound: float = -np.inf) -> None:
        """A plan that keeps every limit, or a bound."""
        self.value = min(self.value, value)
        self.bound = min(max(self.bound, bound), self.value)
        self._tell(self.value, self.bound)

    def at(self, share: float) -> bool:
        """So much of the search is done; True when the user wants to stop."""
        self._share = share
        return self.listen()

    def listen(self) -> bool:
        """Ask whether to stop."""
        try:
            self._progress.check(self._share)
        except Cancelled:
            self.cancelled = True
        return self.cancelled

    def look(self, value: float, bound: float) -> bool:
        """Pass on what the solver has within its present run, in the objective's unit."""
        self._looks += 1
        value, bound = min(self.value, value), max(self.bound, bound)
        if self._looks % REGULARLY == 1 or value < self.value or bound > self.bound:
            self._tell(value, min(value, bound))
        return self.listen() or (np.isfinite(value) and np.isfinite(bound) and gap_of(value, bound) <= self._enough)

    def _tell(self, value: float, bound: float) -> None:
        if self._watch is None:
            return
        has_value, has_bound = bool(np.isfinite(value)), bool(np.isfinite(bound))
        gap = gap_of(value, bound) if has_value and has_bound else None
        self._watch.found(value if has_value else None, bound if has_bound else None, gap)
