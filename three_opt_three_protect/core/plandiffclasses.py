"""Common categories in which plans of different classifications are compared (四规融合).

The categories and the tables that lead to them are data (``resources/classes/harmonised*.csv``), read by
``storage.harmonised``.  A code without one clear category is to be refined (待细化): it is counted, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import ClassSystem

LAND, TOWN, ECOLOGICAL, DEVELOPMENT = ROLES = ("land", "town", "ecological", "development")
"""The four plans; the land plan holds the size of construction land (R10)."""

NO_PLAN, UNKNOWN, UNRESTRICTED = "no_plan", "unknown", "unrestricted"
"""Categories every set has: land a plan does not cover, a code no table has, land a plan says nothing of."""

CONSTRUCTION, PROTECTED, ANY, UNDECIDED = "construction", "protected", "any", "unknown"
"""Natures of categories the comparison asks for; further ones (agricultural, unused …) only have to be equal."""

AGREES, TO_REFINE, CATEGORY_DIFFERS = "agrees", "to_refine", "category_differs"
ECOLOGICAL_CONFLICT, BUILT_ONLY = "ecological_conflict", "built_only_"
KINDS: Tuple[str, ...] = (
    AGREES, NO_PLAN, TO_REFINE, CATEGORY_DIFFERS, ECOLOGICAL_CONFLICT, *(BUILT_ONLY + role for role in ROLES),
)  # fmt: skip
"""What two plans say of the same land."""


@dataclass(frozen=True)
class Category:
    """A common category.

    ``nature`` is what matters between plans: construction, agricultural, unused, reservoir (construction in one
    classification, agricultural in another: 02-land-classes), protected (zones in which building is barred or
    restricted), any (nothing is said), unknown, none.  ``generic``: compatible with every category of its nature.
    """

    id: str
    nature: str
    generic: bool = False


@dataclass(frozen=True)
class Harmonised:
    """Categories in order, classification → code → category, and plan → word of a zone → category."""

    categories: Tuple[Category, ...]
    codes: Mapping[str, Mapping[str, str]]
    zones: Mapping[str, Mapping[str, str]]

    def index(self, category: str) -> int:
        """Place of a category."""
        return [one.id for one in self.categories].index(category)

    def of_codes(self, codes: Factor, system: ClassSystem) -> NDArray[np.int64]:
        """``(n,)`` category of every code; a code is looked up, then its parents, then its first level."""
        table = self.codes.get(system.id, {})
        found = [self.index(_category(code, system, table)) for code in codes.levels]
        return np.array(found, dtype=np.int64)[codes.code]

    def of_zones(self, words: Factor, role: str) -> NDArray[np.int64]:
        """``(n,)`` category of every zone of the plan ``role`` by its word."""
        table = self.zones[role]
        found = [self.index(UNKNOWN if word is None else table.get(word, UNKNOWN)) for word in words.levels]
        return np.array(found, dtype=np.int64)[words.code]

    def natures(self, *wanted: str) -> NDArray[np.bool_]:
        """``(c,)`` bool: which categories have one of these natures."""
        return np.array([one.nature in wanted for one in self.categories], dtype=np.bool_)

    def doubtful(self) -> NDArray[np.bool_]:
        """``(c,)`` bool: categories that ask for refinement (待细化), construction of any kind among them."""
        return np.array([one.generic or one.nature == UNDECIDED for one in self.categories], dtype=np.bool_)


def _category(code: Optional[str], system: ClassSystem, table: Mapping[str, str]) -> str:
    entry = system.find(code)
    if entry is None:
        return UNKNOWN
    tried = entry
    while tried.code not in table and tried.parent:
        tried = system.classes[tried.parent]
    return table.get(tried.code, table.get(entry.level1, UNKNOWN))


def kind_of_pairs(categories: Sequence[Category], first: str, second: str) -> NDArray[np.int64]:
    """What it means that the plan ``first`` has one category and the plan ``second`` another.

    Returns
    -------
    ndarray
        ``(c, c)`` int64, places in :data:`KINDS`, by category of the first and the second plan.
    """
    return np.array(
        [[KINDS.index(_kind(one, other, first, second)) for other in categories] for one in categories],
        dtype=np.int64,
    )


def _kind(one: Category, other: Category, first: str, second: str) -> str:
    if NO_PLAN in (one.id, other.id):
        return NO_PLAN
    natures = {one.nature, other.nature}
    if ANY in natures:
        return AGREES
    if UNDECIDED in natures:
        return TO_REFINE
    if PROTECTED in natures:
        return ECOLOGICAL_CONFLICT if CONSTRUCTION in natures else AGREES
    if len(natures) == 1:
        return AGREES if one.id == other.id or one.generic or other.generic else CATEGORY_DIFFERS
    if CONSTRUCTION in natures:
        return BUILT_ONLY + (first if one.nature == CONSTRUCTION else second)
    return CATEGORY_DIFFERS
