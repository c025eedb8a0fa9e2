"""What an indicator is: one sum of figures over another, at two moments.

Formulas: 01-requirements 1C; which figures an indicator takes is data (``resources/indicators/indicators.csv``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.measure import M2_PER_UNIT

Floats = NDArray[np.float64]
Facts = Mapping[str, Floats]
"""Figure → ``(units,)`` in m², yuan or heads; NaN = not known."""

VALUE, FALL, RISE = "value", "fall", "rise"
HIGHER, LOWER = "higher", "lower"

GROUPS = ("total", "increment", "stock", "flow", "quality")
"""The five quantities (五量, R22): 控制总量, 优化增量, 盘活存量, 用好流量, 提升质量."""

SCALE: Mapping[str, float] = {
    "m2": 1.0,
    "percent": 100.0,
    "ratio": 1.0,
    "grade": 1.0,
    "plots": 1.0,
    "m2/person": 1.0,
    "m2/household": 1.0,
    "mu/person": 1.0 / M2_PER_UNIT["mu"],
    "mu/100m_yuan": 1e8 / M2_PER_UNIT["mu"],
    "ha/100m_yuan": 1e8 / M2_PER_UNIT["ha"],
    "10k_yuan/mu": M2_PER_UNIT["mu"] / 1e4,
}
"""Unit of an indicator → what a quotient of m², yuan and heads is multiplied by."""


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes
    ----------
    group
        One of :data:`GROUPS`.
    how
        ``value``: top / bottom; ``fall``, ``rise``: by what share it has fallen or risen since before.
    top, bottom, before_top, before_bottom
        Figure → +1 or −1; an empty bottom is 1.  ``before_…`` are those at the base; empty: there is none.
    unit
        A key of :data:`SCALE`.
    better
        ``higher``, ``lower`` or ``""``: neither, it is shown and never judged.
    decimals
        As printed.
    target
        Name of the assigned figure (``targets`` of the plan database), ``""`` = its own id.
    limit, notice
        Settings of the profile that warn: from the limit on, and before it.
    ranked
        Counts in the ranking.
    printed
        Stands in T1; ``kind`` is then binding or expected.
    """

    id: str
    group: str
    how: str
    top: Mapping[str, int]
    bottom: Mapping[str, int]
    before_top: Mapping[str, int]
    before_bottom: Mapping[str, int]
    unit: str
    better: str
    decimals: int
    target: str
    limit: str
    notice: str
    ranked: bool
    printed: bool
    kind: str
    basis: str
    status: str
    title: Mapping[str, str]

    def value(self, facts: Facts, count: int) -> Floats:
        """``(count,)`` values of the units, NaN where a figure is not known or the bottom is not above 0."""
        now = _quotient(self.top, self.bottom, facts, count)
        if self.how == VALUE:
            return now * SCALE[self.unit]
        before = self._before(facts, count)
        change = now - before if self.how == RISE else before - now
        share = np.divide(change, before, out=np.full(count, np.nan), where=before > 0)
        return share * SCALE[self.unit]

    def before(self, facts: Facts, count: int) -> Floats:
        """``(count,)`` values at the base; NaN where there is none."""
        if self.how != VALUE or not self.before_top:
            return np.full(count, np.nan)
        return self._before(facts, count) * SCALE[self.unit]

    def _before(self, facts: Facts, count: int) -> Floats:
        return _quotient(self.before_top, self.before_bottom, facts, count)


def _quotient(top: Mapping[str, int], bottom: Mapping[str, int], facts: Facts, count: int) -> Floats:
    above = _sum(top, facts, count)
    if not bottom:
        return above
    below = _sum(bottom, facts, count)
    # NaN compares as False, and stays NaN.
    return np.divide(above, below, out=np.full(count, np.nan), where=below > 0)


def _sum(terms: Mapping[str, int], facts: Facts, count: int) -> Floats:
    unknown = np.full(count, np.nan)
    total = np.zeros(count)
    for figure, sign in terms.items():
        total = total + sign * facts.get(figure, unknown)
    return total
