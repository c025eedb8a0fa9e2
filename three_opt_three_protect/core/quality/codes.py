"""Codes: land classes and their names, unit codes, settlement codes.

A code that the classification does not have is said once: every other rule on classes passes over it.
"""

from __future__ import annotations

import unicodedata
from typing import Iterable, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.landuse import ClassSystem, LandClass, MixedCodes, mixed_systems, name_disagreements
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import Bools, Case, Found, RuleFunction, RuleSpec, on_rows
from three_opt_three_protect.core.quality.gathering import gathered


def class_missing(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Rows without a land class."""
    missing = case.layer.text("class_code").missing
    yield gathered(rule, missing, np.ones(len(missing), dtype=np.bool_), case.layer.field("class_code"))


def class_unknown(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Codes the classification does not have; those of a second one are ``class_system_mixed``'s.

    Option ``mixed``: that rule's tolerance.
    """
    system = case.layer.system
    if system is None:
        return
    code = case.layer.text("class_code")
    wrong = code.where(lambda value: value is not None and system.find(value) is None)
    wrong &= ~_of_another(case, rule.option("mixed"))
    yield gathered(rule, wrong, ~code.missing, case.layer.field("class_code"), code=code, system=system.name)


def class_name_differs(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Codes beside another class's name (00-supplement 1.1); unknown codes and a second classification's are not.

    Option ``mixed``: the tolerance of ``class_system_mixed``.
    """
    subject = case.layer
    if subject.system is None:
        return
    other = _of_another(case, rule.option("mixed"))
    for each in name_disagreements(subject.text("class_code"), subject.text("class_name"), subject.system):
        rows = each.rows[~other[each.rows]]
        yield on_rows(rows, subject.field("class_name"), code=each.code, name=each.name, expected=each.expected)


def class_system_mixed(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Rows coded in a second classification, where it has a real share of the area; ``measure`` is that share."""
    code = case.layer.text("class_code")
    for each in _mixed(case, rule.least):
        named = {"code": code.take(each.rows).values, "system": case.systems[each.system].name}
        yield Found(each.rows, case.layer.field("class_code"), np.full(len(each.rows), each.share), named)


def unit_code_form(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Unit codes that are not as many digits as a township, a village or a villagers' group has.

    Option ``digits``.  A missing one is ``value_required``'s where the standard wants it.
    """
    digits = [int(word) for word in rule.words("digits")]
    code = case.layer.text("unit_code")
    wrong = code.where(lambda value: value is not None and not is_unit_code(value, digits))
    yield gathered(rule, wrong, ~code.missing, case.layer.field("unit_code"), code=code)


def settlement_code_unknown(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """城镇村属性码 that do not exist."""
    code = case.layer.text("settlement_code")
    wrong = code.where(lambda value: value is not None and value.upper() not in case.settlement_codes)
    yield gathered(rule, wrong, ~code.missing, case.layer.field("settlement_code"), code=code)


def settlement_code_missing(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Built land without 城镇村属性码.

    Options ``codes``: the classes that lie in a settlement; ``systems``: the classifications that have the code.
    """
    subject = case.layer
    if subject.system is None or subject.system.id not in rule.words("systems"):
        return
    asked = of_classes(case, rule.words("codes"))
    wrong = asked & subject.text("settlement_code").missing
    yield gathered(rule, wrong, asked, subject.field("settlement_code"), code=subject.text("class_code"))


def is_unit_code(value: str, digits: Sequence[int]) -> bool:
    """Whether ``value`` is digits alone and as many as a unit code may have."""
    return value.isascii() and value.isdigit() and len(value) in digits


def of_classes(case: Case, codes: Sequence[str]) -> Bools:
    """``(n,)`` True where the land class is one of ``codes`` or refines one; only where the classification is known."""
    system = case.layer.system
    return case.layer.text("class_code").where(lambda value: system is not None and _is_of(system.find(value), codes))


def known_class(case: Case) -> Bools:
    """``(n,)`` True where the classification has the land class, whatever group it is of."""
    system = case.layer.system
    return case.layer.text("class_code").where(lambda value: system is not None and system.find(value) is not None)


def off_field(case: Case) -> Bools:
    """``(n,)`` True where the land class is known and is not cultivated land."""
    if case.layer.system is None:
        return np.zeros(len(case.layer), dtype=np.bool_)
    return known_class(case) & ~case.layer.classes.cultivated


def _is_of(entry: Optional[LandClass], codes: Sequence[str]) -> bool:
    return entry is not None and (entry.code in codes or entry.parent in codes)


def _mixed(case: Case, least: float) -> Tuple[MixedCodes, ...]:
    """Second classifications with more than ``least`` of the area; rows count where no area is recorded."""
    subject = case.layer
    if subject.system is None:
        return ()
    names = subject.text("class_name") if subject.has("class_name") else None
    systems = {**case.systems, subject.system.id: subject.system}
    found = mixed_systems(
        subject.text("class_code"), names, subject.number("area"), tuple(systems.values()), subject.system.id
    )
    return tuple(each for each in found if each.share > least)


def _of_another(case: Case, least: float) -> Bools:
    """``(n,)`` True for the rows of :func:`class_system_mixed`."""
    mask = np.zeros(len(case.layer), dtype=np.bool_)
    for each in _mixed(case, least):
        mask[each.rows] = True
    return mask


def ridge_codes(system: ClassSystem, codes: Sequence[str]) -> Tuple[str, ...]:
    """Those of ``codes`` that ``system`` has; all of them where it has none."""
    return tuple(code for code in codes if code in system.classes) or tuple(codes)


def plain(value: Optional[str]) -> str:
    """A code as it is compared: full-width digits made plain."""
    return "" if value is None else unicodedata.normalize("NFKC", value).strip().upper()


RULES: Tuple[RuleFunction, ...] = (
    class_missing,
    class_unknown,
    class_name_differs,
    class_system_mixed,
    unit_code_form,
    settlement_code_unknown,
    settlement_code_missing,
)
