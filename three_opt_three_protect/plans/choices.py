"""Words a planner may choose in a table: those of the forms, and the Chinese spellings of tokens."""

from __future__ import annotations

from typing import Dict, Mapping, Sequence

from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.forms import load_forms
from three_opt_three_protect.storage.words import load_words

UNITS = ("公顷", "亩", "平方米", "%")
"""Of targets; other spellings are read too, but a list of all of them would be no help."""


def choices_of(role: str) -> Mapping[str, Sequence[str]]:
    """Role field → words that may be chosen; fields that are free are left out."""
    forms, words = load_forms().get(role, {}), load_words()
    found: Dict[str, Sequence[str]] = {}
    for name in load_role_schemas()[role].fields:
        if name in forms and forms[name].values:
            found[name] = tuple(forms[name].values.values())
        elif name in words and not (name in forms and forms[name].tokens):
            first: Dict[str, str] = {}
            for word, token in words[name].items():
                if not word.isascii():
                    first.setdefault(token, word)
            found[name] = tuple(first.values())
        elif name == "unit" and role in ("targets", "other_changes"):
            found[name] = UNITS if role == "targets" else UNITS[:3]
    return found
