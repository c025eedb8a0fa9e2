"""Attribute forms of the planner's layers and relations of a plan's layers, as data (``resources/schemas``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Mapping, Optional, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml

_KEYS = ("words", "tokens", "values", "required", "unique", "prefix", "low", "high", "default", "check", "say")
_RELATION = ("name", "parent", "parent_field", "child", "child_field", "digits")
_YEARS = ("first", "last")


@dataclass(frozen=True)
class FieldForm:
    """What a field of a layer may hold, and what a new feature starts with.

    Attributes
    ----------
    words, tokens
        Tokens shown by the sentences ``WORDS.TOKEN``; ``""`` = none.
    values
        Value → what is shown for it.
    required, unique
        The form refuses to be saved without a value, with a value of another feature.
    prefix
        A new feature gets this letter and the next free number.
    low, high
        Least and greatest number, or ``first`` and ``last`` for the years of the plan's period; ``""`` = free.
    default, check, say
        QGIS expressions for the value of a new feature and for what must hold, and the words when it does not.
    """

    words: str = ""
    tokens: Tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    unique: bool = False
    prefix: str = ""
    low: str = ""
    high: str = ""
    default: str = ""
    check: str = ""
    say: str = ""


@dataclass(frozen=True)
class Relation:
    """Two layers of a plan database; the first ``digits`` characters of the child's code count, 0 = all."""

    name: str
    parent: str
    parent_field: str
    child: str
    child_field: str
    digits: int


@cache
def load_forms() -> Mapping[str, Mapping[str, FieldForm]]:
    """Role → field → form.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line.
    """
    root = read_yaml(paths.resource("schemas", "forms.yaml")).mapping()
    return MappingProxyType(
        {
            role: MappingProxyType({name: _form(each) for name, each in fields.mapping().items()})
            for role, fields in root.items()
        }
    )


@cache
def load_relations() -> Tuple[Relation, ...]:
    """The relations of a plan database, in the order of the file."""
    found = []
    for each in read_yaml(paths.resource("schemas", "relations.yaml")).list():
        keys = each.mapping(_RELATION, ())
        name, parent, parent_field, child, child_field = (keys[key].text() for key in _RELATION[:-1])
        found.append(Relation(name, parent, parent_field, child, child_field, keys["digits"].whole()))
    return tuple(found)


def _form(entry: Entry) -> FieldForm:
    keys = entry.mapping((), _KEYS)

    def text(name: str) -> str:
        return keys[name].text() if name in keys else ""

    values = keys["values"].mapping() if "values" in keys else {}
    return FieldForm(
        words=text("words"),
        tokens=keys["tokens"].texts() if "tokens" in keys else (),
        values=MappingProxyType({value: shown.text() for value, shown in values.items()}),
        required="required" in keys and keys["required"].switch(),
        unique="unique" in keys and keys["unique"].switch(),
        prefix=text("prefix"),
        low=_limit(keys.get("low")),
        high=_limit(keys.get("high")),
        default=text("default"),
        check=text("check"),
        say=text("say"),
    )


def _limit(entry: Optional[Entry]) -> str:
    if entry is None:
        return ""
    return entry.text() if entry.raw in _YEARS else str(entry.number())
