"""A table of weights, or of comparisons in pairs, as the planner wrote it → what core weighs with."""

from __future__ import annotations

import unicodedata
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.core.potential.weights import (
    Indicator,
    Judgement,
    compared_judgement,
    stated_judgement,
)
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable, as_text, first_features

INDICATOR_FIELDS = ("indicator", "zb", "指标", "评价指标", "指标名称")
WEIGHT_FIELDS = ("weight", "qz", "权重")
"""Names of the columns, lower case."""


def judgement_of(table: LayerTable, listed: Sequence[Indicator], profile: Profile) -> Judgement:
    """Weights of a table with a column ``weight``, else of the square of comparisons it holds.

    Indicators are named by id or by their Chinese or English name, in rows and in columns; a comparison is a
    number or a fraction (1/3). What the table does not name counts nothing, and that is said.

    Raises
    ------
    InputError
        ``weights_form``, ``weights_row_unnamed``, ``weights_unknown_indicator``, ``weights_twice``,
        ``no_number``, ``empty_layer``, ``pairwise_sides_differ``, and those of
        :func:`~three_opt_three_protect.core.potential.weights.stated_judgement` and
        :func:`~three_opt_three_protect.core.potential.weights.compared_judgement`.
    """
    names = _names(listed)
    name_field, weight_field = _field(table, INDICATOR_FIELDS), _field(table, WEIGHT_FIELDS)
    columns = {name: names[_plain(name)] for name in table.columns if _plain(name) in names}
    if name_field is None or (weight_field is None) == (not columns):
        raise InputError("weights_form", layer=table.name, fields=", ".join(table.columns))
    rows = _rows(table, name_field, [weight_field] if weight_field else list(columns))
    written = [str(word) for word in as_text(table.column(name_field))[rows]]
    ids = _ids(table.name, written, names)
    if weight_field is not None:
        weight = _numbers(table, weight_field, rows)
        found = stated_judgement(dict(zip(ids, weight.tolist())), table.name)
    else:
        found = _compared(table, rows, dict(zip(ids, written)), columns, profile)
    absent = [each.id for each in listed if each.id not in ids]
    if not absent:
        return found
    values = {"layer": table.name, "names": ", ".join(absent)}
    said = Finding("weights_left_out", WARNING, table.name, values)
    return Judgement(found.weight, found.ratio, (*found.findings, said))


def _compared(
    table: LayerTable, rows: NDArray[np.int64], written: Dict[str, str], columns: Dict[str, str], profile: Profile
) -> Judgement:
    """The square: ``written`` has the indicators of the rows as the table names them, ``columns`` those above."""
    field_of = {indicator: name for name, indicator in columns.items()}
    twice = sorted(name for name, indicator in columns.items() if field_of[indicator] != name)
    if twice:
        raise InputError("weights_twice", layer=table.name, indicator=twice[0])
    differ = sorted(set(written) ^ set(field_of))
    if differ:
        raise InputError("pairwise_sides_differ", layer=table.name, names=", ".join(differ))
    matrix = np.column_stack([_numbers(table, field_of[each], rows) for each in written])
    found = compared_judgement(list(written.values()), matrix, profile, table.name)
    return Judgement(dict(zip(written, found.weight.values())), found.ratio, found.findings)


def _names(listed: Sequence[Indicator]) -> Dict[str, str]:
    """Every spelling of an indicator → its id."""
    return {_plain(word): each.id for each in listed for word in (each.id, *each.title.values())}


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().lower()


def _field(table: LayerTable, words: Sequence[str]) -> Optional[str]:
    return next((name for word in words for name in table.columns if _plain(name) == word), None)


def _rows(table: LayerTable, name_field: str, numbers: Sequence[str]) -> NDArray[np.int64]:
    """Rows that say something; one with a number and without a name is an error."""
    named = np.array([name is not None for name in as_text(table.column(name_field))], dtype=np.bool_)
    filled = np.zeros(len(table), dtype=np.bool_)
    for name in numbers:
        filled |= np.array([value is not None for value in as_text(table.column(name))], dtype=np.bool_)
    unnamed = filled & ~named
    if unnamed.any():
        features = first_features(table, unnamed)
        raise InputError("weights_row_unnamed", layer=table.name, features=features, field=name_field)
    if not named.any():
        raise InputError("empty_layer", layer=table.name)
    return np.flatnonzero(named)


def _ids(layer: str, written: Sequence[str], names: Dict[str, str]) -> Tuple[str, ...]:
    ids: List[str] = []
    for word in written:
        found = names.get(_plain(word))
        if found is None:
            known = ", ".join(dict.fromkeys(names.values()))
            raise InputError("weights_unknown_indicator", layer=layer, indicator=word, names=known)
        if found in ids:
            raise InputError("weights_twice", layer=layer, indicator=word)
        ids.append(found)
    return tuple(ids)


def _numbers(table: LayerTable, name: str, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers of a column, also written as fractions; NaN where there is none."""
    out = np.full(len(rows), np.nan)
    for place, word in enumerate(as_text(table.column(name))[rows]):
        if word is None:
            continue
        number = _number(_plain(str(word)))
        if number is None:
            features = first_features(table, rows[place : place + 1])
            raise InputError("no_number", layer=table.name, field=name, value=str(word), features=features)
        out[place] = number
    return out


def _number(word: str) -> Optional[float]:
    above, _, below = word.replace("\u2044", "/").partition("/")
    try:
        number, divisor = float(above), float(below or 1)
    except ValueError:
        return None
    return number / divisor if divisor else None
