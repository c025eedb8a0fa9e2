"""Which field of a layer plays which field of a role: by name, by alias, by a name cut at ten bytes, by contents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.fieldcontents import STEPS, Known, View
from three_opt_three_protect.core.roles import FieldSchema, RoleSchema, known_names
from three_opt_three_protect.core.tables import Column

NAME, ALIAS, CONTENTS = "name", "alias", "contents"
"""How a field was found."""

_CUT_BYTES = 10
"""A field name in a dbf: five characters in GBK, three in UTF-8."""
_FEWEST_LETTERS = 3
"""Chinese characters that must agree where a name is cut or stands within another."""
Rule = Callable[[str, str], int]
"""How many letters of a known word agree with the name of a field; 0 = it is not that word."""

_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_NUMBERED = re.compile(r"_\d{1,2}$")


@dataclass(frozen=True)
class LayerSample:
    """What is known of a layer before it is read whole.

    Attributes
    ----------
    id
        The caller's key.
    geometry
        ``polygon``, ``line``, ``point`` or ``table``.
    columns
        Field → the values of the first rows; the columns carry alias and kind and may be empty.
    area_m2
        ``(n,)`` m² of the same rows by their geometry, NaN where there is none; None = not known.
    """

    id: str
    name: str
    geometry: str
    columns: Mapping[str, Column]
    area_m2: Optional[NDArray[np.float64]] = None


@dataclass(frozen=True)
class FoundField:
    """A field of the layer and how it was found: ``name``, ``alias`` or ``contents``."""

    source: str
    how: str


@dataclass
class _Search:
    """The fields found so far and those still free; ``words`` are the known names of each role field, in plain form."""

    words: Mapping[str, Sequence[str]]
    every: FrozenSet[str]
    found: Dict[str, FoundField] = field(default_factory=dict)
    free: List[str] = field(default_factory=list)

    def take(self, role_field: str, source: str, how: str) -> None:
        self.found[role_field] = FoundField(source, how)
        self.free = [name for name in self.free if name != source]


def find_fields(sample: LayerSample, schema: RoleSchema, known: Known) -> Mapping[str, FoundField]:
    """Role field → the field of the layer that plays it, as far as one is found.

    A known name wins over an alias, that over a name that was cut or contains a known one, and that over
    contents.  What is not clear stays open: two fields that fit alike are not guessed.
    """
    words = {each.id: _words(each) for each in schema.fields.values()}
    every = frozenset(word for entries in words.values() for word in entries)
    search = _Search(words, every, free=list(sample.columns))
    for role_field, source in known_names(sample.columns, schema).items():
        search.take(role_field, source, NAME)
    for rule in (_written_in_full, _cut, _within):
        _by_words(sample, search, rule)
    if any(len(column) for column in sample.columns.values()):
        _by_contents(sample, schema, search, known)
    return search.found


def _by_words(sample: LayerSample, search: _Search, rule: Rule) -> None:
    """One rule over all free fields; the longest agreement takes a role field, a draw nobody."""
    wishes: Dict[str, List[Tuple[int, str, str]]] = {}
    for source in search.free:
        for how, text in ((NAME, source), (ALIAS, sample.columns[source].alias)):
            role_field, letters = _best(rule, _plain(text), search)
            if role_field:
                wishes.setdefault(role_field, []).append((letters, how, source))
                break
    for role_field, entries in wishes.items():
        entries.sort(key=lambda entry: -entry[0])
        if len(entries) == 1 or entries[0][0] > entries[1][0]:
            search.take(role_field, entries[0][2], entries[0][1])


def _best(rule: Rule, text: str, search: _Search) -> Tuple[str, int]:
    """The role field whose words agree longest with ``text`` and how many letters; ``""`` where two agree alike.

    Fields found already compete too: 扣除地类编码 must not pass for 地类编码 because its own place is taken.
    """
    # Most names agree with nothing: a hundred layers are held against forty roles while the window waits.
    if not text or (text not in search.every if rule is _written_in_full else text.isascii()):
        return "", 0
    scored = sorted(
        ((max((rule(text, word) for word in words), default=0), name) for name, words in search.words.items()),
        reverse=True,
    )
    letters, best = scored[0] if scored else (0, "")
    clear = letters > 0 and (len(scored) == 1 or letters > scored[1][0])
    return (best, letters) if clear and best not in search.found else ("", 0)


def _written_in_full(text: str, word: str) -> int:
    return len(word) if text == word else 0


def _cut(text: str, word: str) -> int:
    """图斑地类编 is the beginning of 图斑地类编码: what it ends with begins 地类编码."""
    text = _NUMBERED.sub("", text.rstrip("\ufffd?"))
    if not _may_be_cut(text) or word.isascii():
        return 0
    endings = [text[start:] for start in range(len(text) - _FEWEST_LETTERS + 1)]
    return next((len(ending) for ending in endings if word.startswith(ending) and ending != word), 0)


def _within(text: str, word: str) -> int:
    return len(word) if not word.isascii() and len(word) >= _FEWEST_LETTERS and word in text else 0


def _words(role_field: FieldSchema) -> Sequence[str]:
    return [_plain(word) for word in (*role_field.names, role_field.alias)]


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    """Upper case, no blanks, nothing in brackets: 图斑面积（m²） is 图斑面积."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(_BRACKETS.sub("", normal).split()).upper()


def _may_be_cut(text: str) -> bool:
    if text.isascii() or len(text) < _FEWEST_LETTERS:
        return False
    in_gbk = len(text.encode("gb18030", errors="replace"))
    return in_gbk in (_CUT_BYTES - 1, _CUT_BYTES) or len(text.encode("utf-8")) in range(_CUT_BYTES - 2, _CUT_BYTES + 1)


def _by_contents(sample: LayerSample, schema: RoleSchema, search: _Search, known: Known) -> None:
    for role_field, step in STEPS:
        if role_field not in schema.fields or role_field in search.found:
            continue
        free = {name: sample.columns[name] for name in search.free}
        mapping = {name: found.source for name, found in search.found.items()}
        source = step(View(free, sample.columns, mapping, sample.area_m2, known, schema, role_field))
        if source is not None:
            search.take(role_field, source, CONTENTS)
