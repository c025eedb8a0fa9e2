"""Roles of layers and fields: core asks for ``class_code``, never for ``DLBM``.

A :class:`RoleSchema` says which fields a role has and under which names the generations of
standards know them (read from ``resources/schemas`` by ``storage.catalogue``).  A mapping
``role field → source field`` is what the planner chose or :func:`guess_fields` found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, FrozenSet, Iterable, List, Mapping, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.tables import Column, Kind, LayerTable, as_factor, as_real, first_features

_NAME_BYTES = 10
"""What a shapefile keeps of a field name."""
_ALLOWED = 90
"""Characters of the words allowed that a message shows."""
_LOST = "\ufffd"
"""What readers put in place of bytes that are no character."""


@dataclass(frozen=True)
class FieldSchema:
    """One field of a role.

    ``names`` are the field names of all generations in order of preference, upper or lower case.
    """

    id: str
    names: Sequence[str]
    alias: str
    kind: Kind
    width: int = 0
    decimals: int = 0
    required: bool = False


@dataclass(frozen=True)
class RoleSchema:
    """A layer role such as ``parcels`` or ``reclaim`` and the fields it has."""

    role: str
    alias: str
    layer_names: Sequence[str]
    fields: Mapping[str, FieldSchema]
    geometry: str = "polygon"


def guess_fields(table: LayerTable, schema: RoleSchema) -> Mapping[str, str]:
    """Role field → source field, for the fields of ``schema`` that ``table`` has under a known name."""
    return guess_names(table.columns, schema)


def guess_names(names: Iterable[str], schema: RoleSchema) -> Mapping[str, str]:
    """Role field → source field, where only the field names of a layer are known.

    A Chinese name that a shapefile cut at ten bytes counts where it can be one role field's alone: 扣除地 begins
    扣除地类编码, 扣除地类系数 and 扣除地类面积, and is none of them.
    """
    there = list(names)
    found = dict(known_names(there, schema))
    taken = set(found.values())
    wishes: Dict[str, List[str]] = {}
    for name in there:
        fitting = [
            each.id for each in schema.fields.values() if name not in taken and is_cut(name, (*each.names, each.alias))
        ]
        if len(fitting) == 1 and fitting[0] not in found:
            wishes.setdefault(fitting[0], []).append(name)
    return {**found, **{role_field: entries[0] for role_field, entries in wishes.items() if len(entries) == 1}}


def known_names(names: Iterable[str], schema: RoleSchema) -> Mapping[str, str]:
    """As :func:`guess_names`, only names that are written in full."""
    by_upper = {name.upper(): name for name in names}
    found = {}
    for role_field in schema.fields.values():
        for name in role_field.names:
            if name.upper() in by_upper:
                found[role_field.id] = by_upper[name.upper()]
                break
    return found


@lru_cache(maxsize=4096)
def cut_forms(word: str) -> FrozenSet[str]:
    """What ten bytes of GBK or UTF-8 hold of a field name, as far as it is less than the name."""
    kept = {word.encode(encoding)[:_NAME_BYTES].decode(encoding, "ignore") for encoding in ("gb18030", "utf-8")}
    return frozenset(kept - {word})


def is_cut(name: str, words: Iterable[str]) -> bool:
    """Whether ``name`` is Chinese and what a shapefile keeps of one of ``words``."""
    whole = name.rstrip(_LOST)
    return not whole.isascii() and any(whole in cut_forms(word) for word in words)


def role_column(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> Optional[Column]:
    """The column that plays ``role_field``, None when nothing is mapped to it.

    Raises
    ------
    InputError
        ``no_such_field``: the mapping names a field the layer does not have.
    """
    name = mapping.get(role_field)
    return None if name is None else table.column(name)


def role_text(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> NDArray[np.object_]:
    """``(n,)`` text of the field that plays ``role_field``; all None when nothing is mapped to it."""
    return role_factor(table, mapping, role_field).values.copy()


def role_factor(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> Factor:
    """As :func:`role_text`, held once a distinct text."""
    column = role_column(table, mapping, role_field)
    return Factor.constant(None, len(table)) if column is None else as_factor(column)


def role_grade(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> NDArray[np.float64]:
    """As :func:`role_real`; 0 is none, for numbers in shapefiles have no other way to be empty and 1 is the best."""
    grade = role_real(table, mapping, role_field)
    return np.where(grade == 0, np.nan, grade)


def role_real(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> NDArray[np.float64]:
    """``(n,)`` numbers of the field that plays ``role_field``; all NaN when nothing is mapped to it.

    Raises
    ------
    InputError
        ``no_such_field``; ``no_number``: a text is none; ``date_is_no_number``.
    """
    column = role_column(table, mapping, role_field)
    if column is None:
        return np.full(len(table), np.nan)
    if column.kind is Kind.DATE:
        raise InputError("date_is_no_number", layer=table.name, field=mapping[role_field])
    numbers = as_real(column)
    if column.kind is Kind.TEXT:
        written = as_factor(column)
        wrong = np.isnan(numbers) & ~written.missing
        if wrong.any():
            value, features = str(written.values[wrong][0]), first_features(table, wrong)
            raise InputError("no_number", layer=table.name, field=mapping[role_field], value=value, features=features)
    return numbers


def refuse_words(
    table: LayerTable, field: str, stated: NDArray[np.object_], wrong: NDArray[np.bool_], allowed: Iterable[str]
) -> None:
    """Refuse the rows ``wrong``, whose words in ``field`` are not among those ``allowed``.

    Raises
    ------
    InputError
        ``unknown_word``: names layer, features, field, the first such word and those allowed.
    """
    if not wrong.any():
        return
    raise InputError(
        "unknown_word",
        layer=table.name,
        features=first_features(table, wrong),
        field=field,
        value=str(stated[wrong][0] or ""),
        allowed=", ".join(dict.fromkeys(allowed))[:_ALLOWED],
    )
