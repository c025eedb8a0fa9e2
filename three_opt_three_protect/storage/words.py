"""The words of coded fields and their other spellings (``resources/schemas/words.yaml``)."""

from __future__ import annotations

from functools import cache
from typing import Mapping

from three_opt_three_protect import paths
from three_opt_three_protect.storage.yamlfile import plain_yaml


@cache
def load_words() -> Mapping[str, Mapping[str, str]]:
    """Field → spelling → token, e.g. ``direction`` → ``耕地`` → ``cultivated``."""
    text = paths.resource("schemas", "words.yaml").read_text(encoding="utf-8")
    return {
        str(field): {str(spelling): str(token) for spelling, token in words.items()}
        for field, words in plain_yaml(text).items()
    }
