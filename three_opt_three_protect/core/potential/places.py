"""Village land and people brought together: by natural village, and by village."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.factor import Factor, Texts
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.potential.population import NOWHERE, Population

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Whose land every base piece is.

    Attributes
    ----------
    unit_code
        ``(v,)`` codes of the villages that have land or people, ascending; ``""`` for what has none.
    unit
        ``(n,)`` int64, village of every piece.
    row
        ``(n,)`` int64, row of the population table, −1 = none.
    row_unit
        ``(m,)`` int64, village of every row of the table.
    population
        The table.
    area
        ``(n,)`` m² of every piece.
    """

    unit_code: Texts
    unit: Ints
    row: Ints
    row_unit: Ints
    population: Population
    area: Floats

    @property
    def whole(self) -> NDArray[np.bool_]:
        """``(m,)`` bool: the row is of a whole village."""
        return self.population.whole

    def by_unit(self, weight: Floats) -> Floats:
        """``(v,)`` sum of ``(n,)`` figures of pieces."""
        return np.asarray(np.bincount(self.unit, weight, len(self.unit_code)), dtype=np.float64)

    def by_row(self, weight: Floats) -> Floats:
        """``(m,)`` sum of ``(n,)`` figures of pieces; a row of a whole village has those of all its pieces."""
        known = self.row != NOWHERE
        of_row = np.bincount(self.row[known], weight[known], len(self.population))
        return np.where(self.whole, self.by_unit(weight)[self.row_unit], of_row)

    def counted(self, values: Floats, share: Floats) -> Floats:
        """``(v,)`` people of villages: what the row of the whole village says, else its natural villages together.

        Parameters
        ----------
        values
            ``(m,)`` people of every row; a village with a natural village whose people are unknown is unknown.
        share
            ``(m,)`` how much of each row counts.
        """
        stated, parts = self.whole & ~np.isnan(values), ~self.whole
        count = len(self.unit_code)
        out = np.asarray(np.bincount(self.row_unit[parts], (values * share)[parts], count), dtype=np.float64)
        out[np.bincount(self.row_unit[parts], minlength=count) == 0] = np.nan
        out[self.row_unit[stated]] = (values * share)[stated]
        return out

    def mean(self, values: Floats, weight: Floats) -> Floats:
        """``(v,)`` what the row of the whole village says, else the weighted mean of its natural villages.

        Parameters
        ----------
        values, weight
            ``(m,)`` of every row; what is unknown is passed over.
        """
        known = ~np.isnan(values)
        stated, parts = self.whole & known, ~self.whole & known & (weight > 0)
        total = np.bincount(self.row_unit[parts], weight[parts], len(self.unit_code))
        weighted = np.bincount(self.row_unit[parts], (values * weight)[parts], len(self.unit_code))
        out = np.full(len(self.unit_code), np.nan)
        out[total > 0] = weighted[total > 0] / total[total > 0]
        out[self.row_unit[stated]] = values[stated]
        return out


def places(base: BaseState, population: Population) -> Places:
    """Find the village and the row of the population table of every base piece."""
    pieces, rows = base.unit, Factor.of(population.unit_code)
    codes = np.unique(np.array([code or "" for code in (*pieces.levels, *rows.levels)], dtype=np.object_))

    def numbered(units: Factor) -> Ints:
        level = np.searchsorted(codes, np.array([code or "" for code in units.levels], dtype=np.object_))
        return np.asarray(level[units.code], dtype=np.int64)

    row = population.rows_of(base.unit_code, base.settlement)
    return Places(codes, numbered(pieces), row, numbered(rows), population, to_m2(base.area))
