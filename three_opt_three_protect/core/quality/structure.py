"""Structure: fields, types, widths, required and unique values, code lengths and domains."""

from __future__ import annotations

from typing import Callable, Iterable, Iterator, List, Mapping, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.factor import numbered
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import (
    Bools,
    Case,
    Found,
    Ints,
    RuleFunction,
    RuleSpec,
    Subject,
    on_layer,
    on_rows,
)
from three_opt_three_protect.core.quality.codes import is_unit_code
from three_opt_three_protect.core.quality.gathering import gathered
from three_opt_three_protect.core.quality.texts import LOST, cut_names, has_spaces, is_garbled
from three_opt_three_protect.core.schema import StandardField
from three_opt_three_protect.core.tables import Column, Kind, as_factor, as_real

_WORD: Mapping[Kind, str] = {
    Kind.TEXT: "Char",
    Kind.INT: "Int",
    Kind.REAL: "Float",
    Kind.DATE: "Date",
    Kind.BOOL: "Bool",
}
"""Types as the database standards print them, in any language."""


def field_missing(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Fields of the standard that the layer has under no known name; one whose name was cut is ``name_cut``'s."""
    schema, cut = case.layer.schema, _cut_names(case.layer)
    if schema is None:
        return
    there = set(schema.by_field(list(case.layer.table.columns)))
    there |= {each.name for full in cut.values() for each in [schema.find(full)] if each is not None}
    for each in schema.fields:
        if not each.optional and each.name not in there:
            yield on_layer(each.name, alias=each.alias, expected=_type(each.kind, each.width, each.decimals))


def field_type(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Fields of another type than the standard's; whole numbers fit where decimals are asked for."""
    for each, name, column in _fields(case.layer):
        fits = column.kind is each.kind or (column.kind is Kind.INT and each.kind is Kind.REAL)
        if not fits:
            yield on_layer(
                name, alias=each.alias, found=_type_of(column), expected=_type(each.kind, each.width, each.decimals)
            )


def field_width(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Fields that hold fewer characters, digits or decimals than the standard's; 0 = the file does not state it."""
    for each, name, column in _fields(case.layer):
        narrow = 0 < column.width < each.width
        coarse = column.kind is Kind.REAL and column.width > 0 and column.decimals < each.decimals
        if column.kind is each.kind and (narrow or coarse):
            yield on_layer(
                name, alias=each.alias, found=_type_of(column), expected=_type(each.kind, each.width, each.decimals)
            )


def field_unknown(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Fields the standard does not know; not those that programs add, nor cut names, which ``name_cut`` reports."""
    schema = case.layer.schema
    if schema is None:
        return
    names = list(case.layer.table.columns)
    ignored = {*rule.words("ignored"), *(name.upper() for name in _cut_names(case.layer))}
    known = set(schema.by_field(names).values())
    for name in names:
        if name not in known and name.upper() not in ignored:
            yield on_layer(name, standard=schema.alias)


def value_required(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Rows without a value that the standard requires.

    Option ``elsewhere``: role fields whose missing values another rule reports (``class_missing``).
    """
    for each, name, column in _fields(case.layer):
        if each.required and not _is_elsewhere(case.layer, rule, name):
            missing = as_factor(column).missing if column.kind is Kind.TEXT else column.is_missing
            yield gathered(rule, missing, np.ones(len(missing), dtype=np.bool_), name, alias=each.alias)


def value_unique(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Rows that repeat an earlier row's value; ``first`` is that row's feature."""
    for each, name, column in _fields(case.layer):
        if each.unique:
            value = as_factor(column) if column.kind is Kind.TEXT else None
            missing = column.is_missing if value is None else value.missing
            code = numbered(column.values)[1] if value is None else value.code
            later, first = repeats(code, ~missing)
            fid = case.layer.table.fid
            shown = column.values[later] if value is None else value.levels[value.code[later]]
            yield on_rows(later, name, alias=each.alias, value=shown, first=fid[first])


def value_length(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Codes of another length than the standard's.

    Numbers have lost their zeros: that is ``field_type``'s.  A unit code of no form at all is ``unit_code_form``'s;
    option ``digits`` is that rule's.
    """
    digits = [int(word) for word in rule.words("digits")]
    for each, name, column in _fields(case.layer):
        if each.length and column.kind is Kind.TEXT:
            value = as_factor(column)
            is_unit = name == case.layer.field("unit_code")
            wrong = value.where(_length_test(each.length, digits if is_unit else []))
            length = np.array([len(level or "") for level in value.levels])[value.code]
            yield gathered(
                rule, wrong, ~value.missing, name, alias=each.alias, value=value, length=length, expected=each.length
            )


def value_domain(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Values outside the standard's list or range.

    Options ``elsewhere`` and ``roles``: role fields of these layers whose values a rule of their own judges
    (``slope_range``, ``grade_range``, ``field_kind``, ``deduct_rate_range``, …).
    """
    own = case.layer.role in rule.words("roles")
    for each, name, column in _fields(case.layer):
        if own and _is_elsewhere(case.layer, rule, name):
            continue
        domain = case.domains.get(each.domain)
        if domain is not None:
            value = as_factor(column)
            wrong = value.where(_domain_test(tuple(domain.values), column.kind))
            allowed = "、".join(domain.values)
        elif each.low is not None or each.high is not None:
            if column.kind is Kind.DATE:
                continue  # the wrong type is a finding of its own
            value, number = as_factor(column), as_real(column)
            low = -np.inf if each.low is None else each.low
            high = np.inf if each.high is None else each.high
            wrong = (number < low) | (number > high)
            allowed = f"{low:g}–{high:g}" if np.isfinite(high) else f"≥{low:g}"
        else:
            continue
        yield gathered(rule, wrong, ~value.missing, name, alias=each.alias, value=value, allowed=allowed)


def value_spaces(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Text with spaces at its ends or invisible characters anywhere; text of spaces alone counts as missing."""
    for name, column in _texts(case.layer):
        progress.check(0.0)
        wrong = column.factor.where(has_spaces)
        yield gathered(rule, wrong, ~column.factor.missing, name, value=column.factor)


def text_garbled(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Text and field names read in the wrong encoding; a name that only lost its end is ``name_cut``'s."""
    cut = _cut_names(case.layer)
    for name in case.layer.table.columns:
        if name not in cut and is_garbled(name):
            yield on_layer(name, value=name, rows=len(case.layer))
    for name, column in _texts(case.layer):
        progress.check(0.0)
        wrong = column.factor.where(is_garbled)
        chinese = column.factor.where(lambda value: value is not None and not value.isascii())
        yield gathered(rule, wrong, chinese | wrong, name, value=column.factor)


def name_cut(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Field names that a shapefile cut at 10 bytes; ``full`` is what they were, as far as that is known."""
    for name, full in _cut_names(case.layer).items():
        yield on_layer(name, full=full or f"{name.rstrip(LOST)}…")


def repeats(code: Ints, asked: Bools) -> Tuple[Ints, Ints]:
    """Rows whose code an earlier row has, ascending, and that earlier row.

    Parameters
    ----------
    code
        ``(n,)`` equal where the values are equal.
    asked
        ``(n,)`` rows that count.
    """
    rows = np.flatnonzero(asked)
    _, first, group = np.unique(code[rows], return_index=True, return_inverse=True)
    first_row = rows[first[group.reshape(-1)]]
    later = rows != first_row
    return rows[later].astype(np.int64), first_row[later].astype(np.int64)


def _length_test(length: int, digits: List[int]) -> Callable[[Optional[str]], bool]:
    """Whether a code has another length; with ``digits``, only one that is a unit code at all."""

    def test(value: Optional[str]) -> bool:
        return value is not None and len(value) != length and (not digits or is_unit_code(value, digits))

    return test


def _domain_test(codes: Tuple[str, ...], kind: Kind) -> Callable[[Optional[str]], bool]:
    """Whether a value is none of ``codes``; numbers have no leading zeros."""
    allowed = set(codes)
    if kind is not Kind.TEXT:
        allowed |= {str(int(code)) for code in codes if code.isdigit()}
    return lambda value: value is not None and value not in allowed


def _fields(subject: Subject) -> Iterator[Tuple[StandardField, str, Column]]:
    """Fields of the standard that the layer has, with the layer's name for them and their column."""
    if subject.schema is None:
        return
    names = subject.schema.by_field(list(subject.table.columns))
    for each in subject.schema.fields:
        if each.name in names:
            yield each, names[each.name], subject.table.column(names[each.name])


def _texts(subject: Subject) -> Iterator[Tuple[str, Column]]:
    return ((name, column) for name, column in subject.table.columns.items() if column.kind is Kind.TEXT)


def _is_elsewhere(subject: Subject, rule: RuleSpec, name: str) -> bool:
    return any(name == subject.field(role_field) for role_field in rule.words("elsewhere"))


def _cut_names(subject: Subject) -> Mapping[str, str]:
    """Names of the layer's fields that were cut → what they were."""
    fields = () if subject.schema is None else subject.schema.fields
    return cut_names(tuple(subject.table.columns), [(each.alias, each.name, *each.names) for each in fields])


def _type_of(column: Column) -> str:
    return _type(column.kind, column.width, column.decimals)


def _type(kind: Kind, width: int, decimals: int) -> str:
    """``Char(18)``, ``Float(18,2)``, ``Int``."""
    if not width or kind in (Kind.DATE, Kind.BOOL):
        return _WORD[kind]
    return f"{_WORD[kind]}({width},{decimals})" if kind is Kind.REAL else f"{_WORD[kind]}({width})"


RULES: Tuple[RuleFunction, ...] = (
    field_missing,
    field_type,
    field_width,
    field_unknown,
    value_required,
    value_unique,
    value_length,
    value_domain,
    value_spaces,
    text_garbled,
    name_cut,
)
