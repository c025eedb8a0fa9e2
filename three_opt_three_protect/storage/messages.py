"""Errors, findings and verdicts are ids and values; here they become sentences."""

from __future__ import annotations

import string
from functools import cache
from types import MappingProxyType
from typing import Any, Mapping, Union

import yaml

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.storage.yamlfile import plain_yaml

LONGEST = 200
"""Characters an error line may have, so that it fits a message bar and one line of a terminal."""
_SHORTEST = 8
"""A value is not cut below this many characters."""


class Messages:
    """The sentences of one language.

    Parameters
    ----------
    language
        Any locale name; one that starts with ``zh`` gives Chinese, all others English.
    """

    def __init__(self, language: str) -> None:
        self.language = "zh" if language.lower().startswith("zh") else "en"
        self._sentences = read_sentences(self.language)

    def text(self, error_or_id: Union[PlanningError, str], **values: Any) -> str:
        """One line of at most 200 characters; long lists are cut, never the sentence.

        An id without a sentence gives the id and its values, so that an error never hides another.
        """
        if isinstance(error_or_id, PlanningError):
            values = {**error_or_id.values, **values}
            error_or_id = error_or_id.message_id
        template = self._sentences.get(error_or_id)
        if template is None:
            named = ", ".join(f"{key}={{{key}}}" for key in values)
            literal = error_or_id.replace("{", "{{").replace("}", "}}")
            template = f"{literal}: {named}" if named else literal
        shown = {key: plain(value) for key, value in values.items()}
        # A role goes by its token between rooms and by its name on the screen.
        shown.update({key: self._sentences.get(f"role.{word}", word) for key, word in shown.items() if key == "role"})
        return _fitting(template, shown)


def sentence(error: PlanningError, language: str) -> str:
    """The line that says ``error`` in ``language``."""
    return Messages(language).text(error)


def plain(value: Any) -> str:
    """A value as a planner writes it: no exponent, no separator, at most two decimals, lists by commas."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return "–"
        # Shares and coefficients below 1 need more figures than areas do.
        digits = f"{value:.2f}" if abs(value) >= 1 else f"{value:.4f}"
        trimmed = digits.rstrip("0").rstrip(".")
        return "0" if trimmed in ("-0", "") else trimmed
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(plain(entry) for entry in value)
    return " ".join(str(value).split())


@cache
def read_sentences(language: str) -> Mapping[str, str]:
    """All sentences of ``zh`` or ``en`` by id; none where the file is broken.

    An error must not hide another: without its sentence it is still told by id and values.
    """
    try:
        sentences = plain_yaml(paths.resource("messages", f"{language}.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        sentences = None
    if not isinstance(sentences, dict):
        return MappingProxyType({})
    return MappingProxyType({str(key): str(words) for key, words in sentences.items()})


def _fitting(template: str, shown: Mapping[str, str]) -> str:
    """``template`` filled, the longest value shortened until the line fits."""
    values = dict(shown)
    line = _fill(template, values)
    while len(line) > LONGEST and values:
        key = max(values, key=lambda name: len(values[name]))
        if len(values[key]) <= _SHORTEST:
            break
        excess = len(line) - LONGEST
        values[key] = _cut(values[key], max(_SHORTEST, len(values[key]) - excess))
        line = _fill(template, values)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _cut(text: str, length: int) -> str:
    """``text`` shortened to ``length`` characters, a list at a comma where one is near."""
    kept = text[: length - 1].rstrip("…, ")
    comma = kept.rfind(", ")
    if comma >= length // 2:
        kept = kept[:comma]
    return f"{kept}…"


def _fill(template: str, values: Mapping[str, str]) -> str:
    parts = []
    try:
        for literal, name, _format, _conversion in string.Formatter().parse(template):
            parts.append(literal)
            if name is not None:
                parts.append(values.get(name, "?"))
    except ValueError:
        return template
    return "".join(parts)
