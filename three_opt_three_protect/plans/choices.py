"""Words a planner may choose in a table: those of the forms, and the Chinese spellings of tokens."""

from __future__ import annotations

from typing import Dict, Mapping, Sequence

from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.forms import load_forms
from three_opt_three_protect.storage.words import load_words


def choices_of(role: str) -> Mapping[str, Sequence[str]]:
    """Role field → words that may be chosen; fields that are free are left out."""
    forms, words = load_forms().get(role, {}), load_words()
    found: Dict[str, Sequence[str]] = {}
    for name in load_role_schemas()[role].fields:
        if name in forms and forms[name].values:
            found[name] = tuple(forms[name].values.values())
        elif name in words and not (name in forms and forms[name].tokens):
            found[name] = tuple(word for word in words[name] if not word.isascii())
        elif name == "unit" and role == "targets":
            found[name] = tuple(word for word in words["area_unit"] if not word.isascii())
    return found
