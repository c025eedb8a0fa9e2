"""People of natural villages and villages (人口户数表): who lives there, and what they agreed to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Dict, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import Factor, Texts, crossed, is_none

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NOWHERE = -1
"""The row of land whose people are not in the table."""


@dataclass(frozen=True)
class Population:
    """The population table, row by row, ``(m,)`` each; unknown is None or NaN.

    Attributes
    ----------
    unit_code
        Village code.
    settlement
        Natural village, None where a row is of the whole village.
    right_type
        Legal origin of the land (权源).
    settlement_class
        Class in the layout plan of villages (镇村布局规划).
    households, population
        Registered (户籍).
    idle_rate, consent
        Shares 0–1.
    signed
        Households that have signed.
    retained
        1 = to be kept, 0 = not.
    """

    unit_code: Texts
    settlement: Texts
    right_type: Texts
    settlement_class: Texts
    households: Floats
    population: Floats
    idle_rate: Floats
    consent: Floats
    signed: Floats
    retained: Floats

    def __len__(self) -> int:
        return len(self.unit_code)

    def rows_of(self, unit_code: Texts, settlement: Texts) -> Ints:
        """``(n,)`` the row of the natural village of each piece, else of its village, else :data:`NOWHERE`.

        A natural village that reaches into the land of another village is found there by its name, where only one
        has that name.
        """
        known: Dict[Tuple[Optional[str], Optional[str]], int] = {}
        for row, key in enumerate(zip(self.unit_code.tolist(), self.settlement.tolist())):
            known.setdefault(key, row)
        times = Counter(self.settlement.tolist())
        by_name = {name: row for (_, name), row in known.items() if name is not None and times[name] == 1}
        units, names = Factor.of(unit_code), Factor.of(settlement)
        pair, first = crossed([(units.code, len(units.levels)), (names.code, len(names.levels))])
        found = np.full(len(first), NOWHERE, dtype=np.int64)
        for number, row in enumerate(first.tolist()):
            unit, name = unit_code[row], settlement[row]
            found[number] = known.get((unit, name), by_name.get(name, known.get((unit, None), NOWHERE)))
        return found[pair]

    @cached_property
    def whole(self) -> Bools:
        """``(m,)`` the row is of a whole village."""
        return is_none(self.settlement)

    @cached_property
    def village_row(self) -> Ints:
        """``(m,)`` the row of the whole village of each row, :data:`NOWHERE` where the table has none."""
        units = self.unit_code.tolist()
        row = {units[place]: place for place in np.flatnonzero(self.whole & ~is_none(self.unit_code)).tolist()}
        return np.array([row.get(unit, NOWHERE) for unit in units], dtype=np.int64)

    @property
    def unsigned(self) -> Floats:
        """``(m,)`` 1 = not every household has signed, 0 = every one has, NaN = unknown; else as of its village."""
        known = ~(np.isnan(self.signed) | np.isnan(self.households))
        own = np.where(known, self.signed < self.households, np.nan)
        return np.where(known, own, np.append(own, np.nan)[self.village_row])

    def of_class(self, words: Sequence[str]) -> Bools:
        """``(m,)`` the class in the layout plan begins with one of these words."""
        begins = tuple(words)
        found = [word is not None and word.startswith(begins) for word in self.settlement_class]
        return np.array(found, dtype=np.bool_)

    def counted_at(self, values: Floats) -> Tuple[Ints, Floats]:
        """Which row counts the people of each row, and how many of them live there.

        A natural village whose people are not stated has its share in the village's; what the others state is taken
        off the village's, so that nobody is counted twice.

        Returns
        -------
        ndarray, ndarray
            ``(m,)`` row, or :data:`NOWHERE`; ``(m,)`` people, NaN = unknown.
        """
        own, above = ~np.isnan(values), self.village_row
        parts = own & ~self.whole & (above != NOWHERE)
        stated = np.bincount(above[parts], values[parts], len(self))
        return np.where(own, np.arange(len(self)), above), np.where(
            self.whole, np.maximum(values - stated, 0.0), values
        )

    def completed(self) -> Population:
        """What is not stated of a natural village as of its whole village: all but numbers of people."""
        above = self.village_row

        def else_village(values: Texts) -> Texts:
            below = np.array([*values, None], dtype=np.object_)[above]
            return np.where(is_none(values), below, values)

        def share_else_village(values: Floats) -> Floats:
            return np.where(np.isnan(values), np.append(values, np.nan)[above], values)

        return replace(
            self,
            right_type=else_village(self.right_type),
            settlement_class=else_village(self.settlement_class),
            idle_rate=share_else_village(self.idle_rate),
            consent=share_else_village(self.consent),
            retained=share_else_village(self.retained),
        )

    def filled(self, other: Population) -> Population:
        """What is unknown here as ``other`` has it, and the rows that only ``other`` has."""
        row = {key: place for place, key in enumerate(zip(self.unit_code.tolist(), self.settlement.tolist()))}
        keys = list(zip(other.unit_code.tolist(), other.settlement.tolist()))
        both = np.array([row.get(key, NOWHERE) for key in keys], dtype=np.int64)
        shared, new = both >= 0, both < 0
        columns = {}
        for column in (each.name for each in fields(self)):
            own, others = getattr(self, column).copy(), getattr(other, column)
            empty = is_none(own) if own.dtype == np.object_ else np.isnan(own)
            place = both[shared]
            own[place] = np.where(empty[place], others[shared], own[place])
            columns[column] = np.concatenate([own, others[new]])
        return Population(**columns)


def nobody() -> Population:
    """A table without rows."""
    text, number = np.empty(0, dtype=np.object_), np.empty(0)
    return Population(text, text, text, text, number, number, number, number, number, number)
