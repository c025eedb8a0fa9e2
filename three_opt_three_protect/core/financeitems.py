"""The items of the financial table, as the profile has them: a new item needs no code.

A setting ``finance_item_ID`` is one item: ``side``, ``driver``, names, and where known its price.  Sources: 06-balance
T14; 10-defaults Q15 (prices that no text gives are left blank and must be filled in).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.rules import Profile, Setting

PREFIX = "finance_item_"
EXPENSE, INCOME = "expense", "income"
COST, PRICE = "cost", "price"
"""Fields of plots that may state an amount (yuan, of a reclaim plot) or a price (of a new-build plot)."""

PER: Mapping[str, str] = {
    "households": "household", "household_months": "household_month", "reclaim_mu": "mu", "reclaimed_mu": "mu",
    "flats": "household", "floor_m2": "m2", "newbuild_mu": "mu", "added_mu": "mu",
    "quota_mu": "mu", "cultivated_mu": "mu", "once": "", "expenses": "share", "gap": "share",
}  # fmt: skip
"""Driver → what a price is for one of: yuan a ``household``, ``mu`` …, ``""`` = yuan in all, or a ``share``."""

RECLAIM_DRIVERS = ("households", "household_months", "reclaim_mu", "reclaimed_mu")
NEWBUILD_DRIVERS = ("flats", "floor_m2", "newbuild_mu", "added_mu")
TOWNSHIP_DRIVERS = ("quota_mu", "cultivated_mu", "once")
"""Drivers counted by plot, and those of the township as a whole; ``expenses`` and ``gap`` follow from the others."""

_KEYS = ("side", "driver", "price", "uses", "stated", "within", "optional", "replaces", "zh", "en")


@dataclass(frozen=True)
class Item:
    """One item of expense or income.

    Attributes
    ----------
    driver
        What the price is multiplied with (:data:`PER`).
    price
        Yuan a unit of the driver, or a share; None = not known.
    uses
        Uses of new-build plots the item applies to; none = all.
    stated
        :data:`COST` or :data:`PRICE`: a plot's own figure takes the place of the item's price.
    within
        :data:`COST`: a plot that states its cost has this item in it.
    optional
        Counts only where it is asked for, or has a price in the price table.
    replaces
        Item that does not count where this one does.
    """

    id: str
    side: str
    driver: str
    price: Optional[float]
    title: Mapping[str, str]
    basis: str
    status: str
    uses: Tuple[str, ...] = ()
    stated: str = ""
    within: str = ""
    optional: bool = False
    replaces: str = ""

    @property
    def per(self) -> str:
        """See :data:`PER`."""
        return PER[self.driver]


def items_of(profile: Profile) -> Tuple[Item, ...]:
    """All items of a profile in its order.

    Raises
    ------
    SchemaError
        ``finance_item_wrong``: names item, key and value.
    """
    return tuple(_item(profile, setting) for key, setting in profile.settings.items() if key.startswith(PREFIX))


def chosen_items(items: Sequence[Item], wanted: Sequence[str], priced: Sequence[str]) -> Tuple[Item, ...]:
    """The items that count: all that are not optional, and what is ``wanted`` by id or ``priced`` in a table.

    Raises
    ------
    InputError
        ``finance_item_unknown``.
    """
    known = {item.id for item in items}
    for name in wanted:
        if name not in known:
            raise InputError("finance_item_unknown", item=name, known=", ".join(sorted(known)))
    asked = {*wanted, *priced}
    kept = [item for item in items if not item.optional or item.id in asked]
    replaced = {item.replaces for item in kept if item.replaces}
    return tuple(item for item in kept if item.id not in replaced)


def _item(profile: Profile, setting: Setting) -> Item:
    name = setting.key[len(PREFIX) :]
    keys = profile.word_of(setting.key)
    for key in keys:
        if key not in _KEYS:
            raise _wrong(profile, name, key, keys[key], _KEYS)
    _word(profile, name, keys, "side", (EXPENSE, INCOME))
    _word(profile, name, keys, "driver", tuple(PER))
    for key, allowed in (("stated", (COST, PRICE)), ("within", (COST,)), ("optional", ("yes", "no"))):
        if key in keys:
            _word(profile, name, keys, key, allowed)
    title = {language: keys.get(language, name) for language in ("zh", "en")}
    return Item(
        name, keys["side"], keys["driver"], _price(profile, name, keys.get("price", "")), title, setting.basis,
        setting.status, tuple(keys.get("uses", "").split()), keys.get("stated", ""), keys.get("within", ""),
        keys.get("optional") == "yes", keys.get("replaces", ""),
    )  # fmt: skip


def _word(profile: Profile, name: str, keys: Mapping[str, str], key: str, allowed: Sequence[str]) -> None:
    if keys.get(key) not in allowed:
        raise _wrong(profile, name, key, keys.get(key, ""), allowed)


def _price(profile: Profile, name: str, written: str) -> Optional[float]:
    """A number, the key of a numeric setting, or nothing."""
    if not written:
        return None
    if written in profile.settings:
        return profile.number(written)
    try:
        price = float(written)
    except ValueError:
        price = -1.0
    if not 0 <= price < float("inf"):
        raise _wrong(profile, name, "price", written, ("≥ 0",))
    return price


def _wrong(profile: Profile, name: str, key: str, value: str, allowed: Sequence[str]) -> SchemaError:
    return SchemaError(
        "finance_item_wrong", profile=profile.id, item=name, key=key, value=value, expected=", ".join(allowed)
    )
