"""Line and point features of the second survey: that they are there, and that the parcels they name are.

Sources: 03-schemas 3.3 (XZDW: KCTBDWDM1/2, KCTBBH1/2; LXDW: ZLTBBH; DLTB: XZDWMJ, LXDWMJ).  Parcels alone leave out
the roads and ditches that were taken off them.
"""

from __future__ import annotations

from typing import Iterable, List, Set, Tuple

import numpy as np

from three_opt_three_protect.core.factor import Factor, Texts, crossed
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
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
)

_TAKEN_OFF = (("lines", "line_area"), ("points", "point_area"))
"""Role of the features and the field of the parcels that says how much they take off."""

_NAMING = (
    ("parcel_no", "unit_code"),
    ("parcel_no_left", "unit_code_left"),
    ("parcel_no_right", "unit_code_right"),
)
"""Fields by which a feature names a parcel: number and unit."""


def features_missing(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Parcels from which features were taken off, and the layer of the features is not given.

    Options ``systems``: the classifications of a survey with such features; ``layers``: what the standard calls the
    layers.  Where the parcels say that nothing was taken off, nothing is missing; ``measure`` is the area taken off,
    NaN where the parcels have no field for it.
    """
    subject = case.layer
    if subject.system is None or subject.system.id not in rule.words("systems"):
        return
    for (role, role_field), name in zip(_TAKEN_OFF, rule.words("layers")):
        area = subject.number(role_field)
        taken = float(np.nansum(area)) if subject.has(role_field) else np.nan
        if role not in case.others and taken != 0:
            yield on_layer(subject.field(role_field), taken, missing=name)


def feature_parcel_unknown(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Features that name a parcel which the parcel layer does not have.

    Only parcels of villages that the layer has: along its edge a line is taken off the neighbour's parcels too.  A
    parcel may be named by the unit that owns it or by the one it lies in.
    """
    subject, parcels = case.layer, case.others["parcels"]
    keys, villages = _parcels(parcels)
    for number_field, unit_field in _NAMING:
        if not subject.has(number_field):
            continue
        number, unit = subject.text(number_field), _villages(subject, unit_field)
        asked = ~number.missing & ~unit.missing
        wrong = asked & _unknown(unit, number, keys, villages)
        rows = np.flatnonzero(wrong)
        named = {"value": _at(number, rows), "unit": _at(unit, rows), "parcels": parcels.table.name}
        yield Found(rows, subject.field(number_field), None, named)


def _parcels(parcels: Subject) -> Tuple[Set[Tuple[str, str]], Set[str]]:
    """Village and number of every parcel, and the villages."""
    keys: Set[Tuple[str, str]] = set()
    number = parcels.text("parcel_no")
    for unit in (_villages(parcels, "owner_code"), _villages(parcels, "unit_code")):
        named = ~unit.missing & ~number.missing
        keys.update(_pairs(unit.take(named), number.take(named))[0])
    return keys, {village for village, _ in keys}


def _villages(subject: Subject, unit_field: str) -> Factor:
    return subject.text(unit_field).map(lambda code: None if code is None else code[:VILLAGE_DIGITS])


def _pairs(unit: Factor, number: Factor) -> Tuple[List[Tuple[str, str]], Ints]:
    """The pairs there are, and ``(n,)`` which of them each row has."""
    pair, first = crossed([(unit.code, len(unit.levels)), (number.code, len(number.levels))])
    return list(zip(_at(unit, first).tolist(), _at(number, first).tolist())), pair


def _unknown(unit: Factor, number: Factor, keys: Set[Tuple[str, str]], villages: Set[str]) -> Bools:
    """``(n,)`` True where the village is one of the layer's and has no parcel of that number."""
    pairs, pair = _pairs(unit, number)
    lost = np.array([village in villages and (village, each) not in keys for village, each in pairs], dtype=np.bool_)
    return np.asarray(lost[pair])


def _at(factor: Factor, rows: Ints) -> Texts:
    return factor.take(rows).values


RULES: Tuple[RuleFunction, ...] = (features_missing, feature_parcel_unknown)
