"""How areas are rounded for print, so that a plot reads the same in every table.

Rule (00-supplement 1.10): a plot is rounded once (公顷 four decimals, 亩 two, 亩 = 公顷 × 15) and totals
are sums of rounded plots.  Here the rounded plot is dealt out to its pieces once, and every figure of
every table is a sum over those pieces: parts add up to their plot, villages to the township.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import Any, Dict, List, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.measure import MU_PER_HA, round_half_away
from three_opt_three_protect.core.pieces import Ints


class AreaUnit(str, Enum):
    """The unit a table is printed in: 平方米, 公顷 or 亩."""

    M2 = "m2"
    HA = "ha"
    MU = "mu"

    @property
    def decimals(self) -> int:
        """Printed digits of plots (04-area 4.4)."""
        return 4 if self is AreaUnit.HA else 2

    def steps(self, hundredths: Any) -> Ints:
        """Hundredths of a m² → whole last printed digits, half away from zero."""
        amount = np.asarray(hundredths, dtype=np.int64)
        if self is AreaUnit.M2:
            return amount
        hectare_steps = _half_away(amount, 100)
        if self is AreaUnit.HA:
            return hectare_steps
        return _half_away(hectare_steps * int(MU_PER_HA), 100)

    def survey_steps(self, hundredths: int) -> int:
        """The same for survey class tables, which print hectares with two decimals (04-area 4.4)."""
        return int(_half_away(np.asarray(hundredths), 10_000) if self is AreaUnit.HA else self.steps(hundredths))

    @property
    def survey_decimals(self) -> int:
        """Printed digits of survey class tables."""
        return 2

    def number(self, steps: Any) -> float:
        """Last digits → the number that is printed."""
        return float(round(int(steps) / 10**self.decimals, self.decimals))


def figure(value: Optional[float], decimals: int) -> Optional[float]:
    """A figure as it is printed, half away from zero; None where it is not known."""
    if value is None or np.isnan(value):
        return None
    return float(round_half_away(np.array([value]), decimals)[0])


def _half_away(amount: Ints, step: int) -> Ints:
    return np.asarray(np.sign(amount) * ((2 * np.abs(amount) + step) // (2 * step)), dtype=np.int64)


def settle(weights: Sequence[int], total: int) -> List[int]:
    """Deal ``total`` out in proportion to ``weights``: whole numbers that add up to it (强制调平).

    Largest remainder first, then the larger weight, then the earlier (04-area 4.7).  No part is more
    than one step off its exact share.

    Parameters
    ----------
    weights
        Whole numbers ≥ 0.
    total
        ≥ 0; nothing is dealt out where all weights are 0.
    """
    weights = [int(weight) for weight in weights]
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    remainder = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda row: (-remainder[row], -weights[row], row))
    for row in order[: total - sum(parts)]:
        parts[row] += 1
    return parts


@dataclass(frozen=True)
class Leaves:
    """The pieces of all reclaim (or all new-build) plots with printed areas.

    Attributes
    ----------
    unit
        The printed unit.
    count
        How many plots there are.
    piece
        ``(n,)`` rows of the balance's plot pieces.
    plot
        ``(n,)`` row of the plot.
    gross
        ``(n,)`` hundredths of a m².
    area
        ``(n,)`` last printed digits; over a plot they add up to the plot, rounded once.
    """

    unit: AreaUnit
    count: int
    piece: Ints
    plot: Ints
    gross: Ints
    area: Ints

    def part(self, amount: Ints) -> Ints:
        """Printed digits of a part of every piece; ``amount`` in hundredths, one for every plot piece.

        A part that is the whole piece has the piece's figure.  What is left of a plot's part, rounded
        once, is dealt out to the pieces that count only partly.
        """
        own = amount[self.piece]
        if self.unit is AreaUnit.M2:
            return own
        full = own == self.gross
        out = np.where(full, self.area, 0)
        partly = ~full & (own > 0)
        target = self.unit.steps(sum_by(self.plot, own, self.count)) - self.by_plot(out)
        for plot in np.unique(self.plot[partly]):
            rows = np.flatnonzero(partly & (self.plot == plot))
            out[rows] = settle([int(share) for share in own[rows]], max(int(target[plot]), 0))
        return out

    def where(self, condition: NDArray[np.bool_]) -> Ints:
        """Printed digits of the pieces for which ``condition`` holds, one for every plot piece."""
        return np.where(condition[self.piece], self.area, 0)

    def by_plot(self, steps: Ints) -> Ints:
        """``(count,)`` sums over plots."""
        return sum_by(self.plot, steps, self.count)

    def number(self, steps: Any) -> float:
        """See :meth:`AreaUnit.number`."""
        return self.unit.number(steps)


def leaves(balance: Balance, reclaim: bool, unit: AreaUnit) -> Leaves:
    """The pieces of the reclaim plots, or of the new-build plots, with their printed areas.

    A plot is dealt out to its land classes first and each class to its pieces, so that a class is
    never more than one step off.
    """
    plots = balance.changes.plots
    index = plots.reclaim if reclaim else plots.newbuild
    piece = np.flatnonzero(index >= 0)
    plot, gross = index[piece], plots.area[piece]
    count = len(balance.reclaim) if reclaim else len(balance.newbuild)
    if unit is AreaUnit.M2:
        return Leaves(unit, count, piece, plot, gross, gross)
    codes = balance.base.parcels.class_code[balance.base.parcel[plots.base[piece]]]
    members: Dict[int, Dict[str, List[int]]] = defaultdict(lambda: defaultdict(list))
    for row, (owner, code) in enumerate(zip(plot, codes)):
        members[int(owner)][code or ""].append(row)
    totals = unit.steps(sum_by(plot, gross, count))
    area = np.zeros(len(piece), dtype=np.int64)
    for owner, classes in members.items():
        names = sorted(classes)
        shares = settle([int(gross[classes[name]].sum()) for name in names], int(totals[owner]))
        for name, share in zip(names, shares):
            area[classes[name]] = settle([int(part) for part in gross[classes[name]]], share)
    return Leaves(unit, count, piece, plot, gross, area)
