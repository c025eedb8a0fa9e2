"""Words a planner may choose in a table: those of the forms, and the Chinese spellings of tokens."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Mapping, Optional, Sequence

from three_opt_three_protect.core.financeitems import Item, items_of
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.plans.financeprices import unit_words
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.forms import load_forms
from three_opt_three_protect.storage.planindicators import load_plan_indicators
from three_opt_three_protect.storage.words import load_words

UNITS = ("公顷", "亩", "平方米", "%")
"""Of targets; other spellings are read too, but a list of all of them would be no help."""

WITH_UNITS = ("targets", "other_changes", "demand", "projects", "stock")
"""Roles whose areas come with a unit; only targets may be shares."""


def choices_of(role: str) -> Mapping[str, Sequence[str]]:
    """Role field → words that may be chosen; fields that are free are left out."""
    forms, words = load_forms().get(role, {}), load_words()
    found: Dict[str, Sequence[str]] = {}
    for name in load_role_schemas()[role].fields:
        if name in forms and forms[name].values:
            found[name] = tuple(forms[name].values.values())
        elif name in words:
            allowed = forms[name].tokens if name in forms else ()
            spelled = {token: word for word, token in reversed(tuple(words[name].items())) if not word.isascii()}
            left_out = _economy_alone() if role == "targets" else frozenset()
            kept = dict.fromkeys(allowed or words[name].values())
            found[name] = tuple(spelled[token] for token in kept if token in spelled and token not in left_out)
        elif name == "unit" and role in WITH_UNITS:
            found[name] = UNITS if role == "targets" else UNITS[:3]
    return found


def price_choices(profile: Profile) -> Mapping[str, Sequence[str]]:
    """Items of the profile and the units their prices may have, as a planner writes them."""
    items = items_of(profile)
    units = dict.fromkeys(unit_words(item.per) for item in items)
    large = [f"万{unit}" for unit in units if unit.startswith("元")]
    return {"item": [item.title["zh"] for item in items], "unit": [*units, *large]}


def price_rows(profile: Profile) -> Mapping[str, Sequence[Any]]:
    """The items of the profile as rows of the price table: with the price it has, else to be filled in.

    Optional items are left out: a row with their price would make them count.
    """
    items = [item for item in items_of(profile) if not item.optional]
    return {
        "item": [item.title["zh"] for item in items],
        "price": [_written(item) for item in items],
        "unit": [unit_words(item.per) for item in items],
        "basis": [item.basis if item.price is not None else None for item in items],
    }


def _written(item: Item) -> Optional[float]:
    """The price in the unit of ``unit_words``: a share as per cent."""
    return None if item.price is None else item.price * (100.0 if item.per == "share" else 1.0)


def _economy_alone() -> FrozenSet[str]:
    """Figures the economy states and no plan is assigned."""
    stated = load_forms()["economy"]["indicator"].values
    return frozenset(stated) - {one.id for one in load_plan_indicators()}
