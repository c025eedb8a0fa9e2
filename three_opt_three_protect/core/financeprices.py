"""Prices of items: those of the price table, by village and year where it states them, else the profile's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Mapping, Optional, Tuple

from three_opt_three_protect.core.financeitems import Item

Key = Tuple[str, str, Optional[int]]
"""Item, village code (``""`` = everywhere), year (None = any)."""

OWN_STATUS = "practice"


@dataclass(frozen=True)
class Prices:
    """The price table, in yuan a unit of the item's driver (a share where the driver asks for one).

    Attributes
    ----------
    basis
        Item → what the table states its prices rest on.
    """

    table: Mapping[Key, float] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)

    def sourced(self, item: Item) -> Item:
        """The item with the basis its prices have in the table; a basis of the planner's own is practice."""
        stated = self.basis.get(item.id, item.basis)
        return item if stated == item.basis else replace(item, basis=stated, status=OWN_STATUS)

    def of(self, item: Item, unit_code: str = "", year: Optional[int] = None) -> Optional[float]:
        """The price that fits best: of the village and year, of the village, of the year, of any; None = not known."""
        for key in ((unit_code, year), (unit_code, None), ("", year), ("", None)):
            found = self.table.get((item.id, *key))
            if found is not None:
                return found
        return item.price

    def years(self, item: Item) -> Tuple[int, ...]:
        """Years the table states for an item."""
        return tuple(sorted({year for name, _, year in self.table if name == item.id and year is not None}))

    @property
    def items(self) -> Tuple[str, ...]:
        """Items that have a price in the table."""
        return tuple(dict.fromkeys(name for name, _, _ in self.table))


NO_PRICES = Prices()
