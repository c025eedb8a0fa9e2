"""Role layers made ready for a plan database: plan layers under the plan's own field names, surveys as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Mapping, NamedTuple, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.roles import FieldSchema, RoleSchema, guess_fields
from three_opt_three_protect.core.schema import StandardLayer, Standards
from three_opt_three_protect.core.tables import (
    Column,
    Kind,
    LayerTable,
    as_factor,
    boolean,
    date,
    factor_column,
    integer,
    real,
    text,
)
from three_opt_three_protect.storage.catalogue import load_role_schemas

PLAN_LAYERS: Mapping[str, str] = {"reclaim": "R", "newbuild": "N"}
"""Plan layer → letter of the plot ids given to plots without one."""

EDITED = ("reclaim", "newbuild", "settlements", "retained", "population", "targets", "other_changes")
"""Layers a planner edits: they get every field of their role, so that there is something to fill in."""


class Gathered(NamedTuple):
    """A layer ready to be written, and what was done to it: ids given, words made tokens, fields added."""

    table: LayerTable
    ids_given: int = 0
    words_changed: int = 0
    fields_added: int = 0


def gather(role: str, table: LayerTable, schema: RoleSchema, words: Mapping[str, Mapping[str, str]]) -> Gathered:
    """A layer as the plan database keeps it.

    Parameters
    ----------
    role
        Survey layers and lines stay as they are.
    words
        Coded field → spelling → token.
    """
    table = _without_fid(table)
    if role not in EDITED:
        return Gathered(table)
    columns, changed = _renamed(table, schema, words)
    given = 0
    if role in PLAN_LAYERS:
        columns["plot_id"], given = _with_ids(columns.get("plot_id"), len(table), PLAN_LAYERS[role])
    missing = [field for field in schema.fields.values() if field.id not in columns]
    for field in missing:
        columns[field.id] = _empty(field, len(table))
    order = [field for field in schema.fields if field in columns]
    rest = [name for name in columns if name not in schema.fields]
    ordered = {name: columns[name] for name in (*order, *rest)}
    return Gathered(replace(table, columns=ordered), given, changed, len(missing))


def _without_fid(table: LayerTable) -> LayerTable:
    """QGIS shows the feature id of a database as a field; the plan database gives its own."""
    same = {
        name
        for name, column in table.columns.items()
        if name.lower() in ("fid", "ogc_fid") and column.kind is Kind.INT and (column.values == table.fid).all()
    }
    return replace(table, columns={name: column for name, column in table.columns.items() if name not in same})


def _renamed(
    table: LayerTable, schema: RoleSchema, words: Mapping[str, Mapping[str, str]]
) -> Tuple[Dict[str, Column], int]:
    """Columns under the names of the role; words of coded fields as tokens."""
    role_of = {source: role_field for role_field, source in guess_fields(table, schema).items()}
    taken = set(role_of.values())
    columns: Dict[str, Column] = {}
    changed = 0
    for name, column in table.columns.items():
        role_field = role_of.get(name)
        if role_field is None:
            columns[_free(name, taken | set(columns))] = column
            continue
        field = schema.fields[role_field]
        spelled = words.get(role_field)
        if spelled is not None and column.kind is Kind.TEXT:
            column, count = _tokens(column, spelled)
            changed += count
        columns[role_field] = replace_alias(column, column.alias or field.alias)
    return columns, changed


def replace_alias(column: Column, alias: str) -> Column:
    """The column under another Chinese name; distinct values found already are kept."""
    if column.kind is Kind.TEXT and column.has_factor:
        return factor_column(column.factor, alias, column.width)
    return replace(column, alias=alias)


def _free(name: str, taken: set[str]) -> str:
    """``name``, or with a number where a field of the role has taken it."""
    lower = {each.lower() for each in taken}
    number, found = 1, name
    while found.lower() in lower:
        number += 1
        found = f"{name}_{number}"
    return found


def _tokens(column: Column, spelled: Mapping[str, str]) -> Tuple[Column, int]:
    """Known words as their tokens and how many rows that changed; unknown ones stay, for the checks to name."""
    before = as_factor(column)
    after = before.map(lambda word: None if word is None else spelled.get(word, word))
    changed = int((np.array([a != b for a, b in zip(before.values, after.values)], dtype=np.bool_)).sum())
    return factor_column(after, column.alias, max(column.width, 12)), changed


def _with_ids(column: Optional[Column], count: int, letter: str) -> Tuple[Column, int]:
    """Plot ids, with the next free number where there is none."""
    ids: List[Optional[str]] = [None] * count if column is None else as_factor(column).values.tolist()
    used = {plot_id for plot_id in ids if plot_id is not None}
    number, given = 0, 0
    for row, plot_id in enumerate(ids):
        if plot_id is not None:
            continue
        number += 1
        while f"{letter}{number:03d}" in used:
            number += 1
        ids[row] = f"{letter}{number:03d}"
        given += 1
    alias, width = ("地块编号", 40) if column is None else (column.alias or "地块编号", max(column.width, 20))
    return text(ids, alias, width), given


def _empty(field: FieldSchema, count: int) -> Column:
    """A column of the field's kind without a value."""
    nothing = np.ones(count, dtype=np.bool_)
    if field.kind is Kind.INT:
        return integer(np.zeros(count, dtype=np.int64), nothing, field.alias, field.width)
    if field.kind is Kind.REAL:
        return real(np.full(count, np.nan), field.alias, field.width, field.decimals)
    if field.kind is Kind.DATE:
        return date(np.full(count, "NaT", dtype="datetime64[D]"), field.alias)
    if field.kind is Kind.BOOL:
        return boolean(np.zeros(count, dtype=np.bool_), nothing, field.alias)
    return factor_column(Factor.constant(None, count), field.alias, field.width)


def fields_of(layers: Mapping[str, LayerTable]) -> Dict[str, Mapping[str, str]]:
    """Role → role field → field, of every layer."""
    schemas = load_role_schemas()
    found = {}
    for role, table in layers.items():
        of = "parcels" if role == "parcels_next" else role
        if of in schemas:
            found[role] = guess_fields(table, schemas[of])
    return found


def standard_names(
    layers: Mapping[str, LayerTable], standards: Standards, words: Mapping[str, Mapping[str, str]]
) -> Tuple[Dict[str, str], Dict[str, LayerTable]]:
    """Layers and fields under the names of the database standard; words as the standard spells them.

    A layer that follows a standard already only takes its name; of a plan layer every field that the standard
    knows is renamed, the others stay.

    Returns
    -------
    tuple
        Role → name in the file, and role → table.
    """
    names: Dict[str, str] = {}
    tables: Dict[str, LayerTable] = {}
    for role, table in layers.items():
        standard = _standard_of(role, table, standards)
        name = role if standard is None else standard.name
        if role == "parcels_next":
            name = f"{names.get('parcels', 'DLTB')}_NEXT"
        names[role] = name if name not in names.values() else f"{name}_{role}"
        edited = standard is not None and role in EDITED
        tables[role] = _in_standard(table, standard, words) if standard is not None and edited else table
    return names, tables


def _standard_of(role: str, table: LayerTable, standards: Standards) -> Optional[StandardLayer]:
    of = "parcels" if role == "parcels_next" else role
    if of in EDITED:
        return next((layer for layer in standards.of_role(of) if layer.name.startswith("SYSB_")), None)
    return standards.best(list(table.columns), of)


def _in_standard(table: LayerTable, standard: StandardLayer, words: Mapping[str, Mapping[str, str]]) -> LayerTable:
    by_role = {field.role: field for field in standard.fields if field.role}
    columns: Dict[str, Column] = {}
    for name, column in table.columns.items():
        if name in words and column.kind is Kind.TEXT:
            column = _spelled(column, words[name])
        field = by_role.get(name)
        if field is None:
            columns[name] = column
            continue
        columns[field.name] = replace_alias(column, field.alias)
    return replace(table, columns=columns)


def _spelled(column: Column, spelled: Mapping[str, str]) -> Column:
    """Tokens as the first Chinese word for them."""
    shown: Dict[str, str] = {}
    for word, token in spelled.items():
        if not word.isascii():
            shown.setdefault(token, word)
    words = as_factor(column).map(lambda token: None if token is None else shown.get(token, token))
    return factor_column(words, column.alias, max(column.width, 12))
