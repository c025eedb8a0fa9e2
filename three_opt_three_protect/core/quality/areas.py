"""Areas: recorded area against geometry, deductions, net areas.

Sums are taken in whole hundredths of a m², so that rounding never makes a finding; a tolerance of 0.01 m² is one
such unit.  Third survey: KCMJ = round(TBMJ · KCXS), TBDLMJ = TBMJ − KCMJ.  Second survey: TKMJ = round((TBMJ −
XZDWMJ − LXDWMJ) · TKXS), TBDLMJ = TBMJ − XZDWMJ − LXDWMJ − TKMJ (04-area 4.5, 03-schemas 3.3).
"""

from __future__ import annotations

from typing import Iterable, Tuple

import numpy as np

from three_opt_three_protect.core.deductions import in_percent
from three_opt_three_protect.core.measure import Ints, to_m2, to_units
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import Bools, Case, Floats, Found, RuleFunction, RuleSpec
from three_opt_three_protect.core.quality.codes import off_field, plain, ridge_codes
from three_opt_three_protect.core.quality.gathering import gathered
from three_opt_three_protect.core.tables import as_real

_PERCENT = 100.0


def area_not_positive(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Recorded areas of 0 and below; a missing one is ``value_required``'s."""
    yield _not_positive(case, rule, "area")


def control_not_positive(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Control areas of units of 0 and below."""
    yield _not_positive(case, rule, "control_area")


def area_geometry(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Recorded areas that are not the geometry's (10-defaults Q11).

    Found is a difference of more than the tolerance and more than option ``share`` of the area; the area is measured
    by the layer's method, after a geometry that crosses itself was made valid.
    """
    yield _geometry(case, rule, "area")


def control_geometry(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Control areas of units that are not the geometry's, as :func:`area_geometry`."""
    yield _geometry(case, rule, "control_area")


def deduct_rate_range(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Rates below option ``low`` or not below option ``high``; a field in percent is read as such."""
    stated = case.layer.number("deduct_rate")
    yield gathered(
        rule,
        _rate_out_of_range(case, rule),
        ~np.isnan(stated),
        case.layer.field("deduct_rate"),
        stated,
        rate=stated,
    )


def deduct_code(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Deductions on cultivated land that name another class than field ridges, or none.

    Option ``code``: the ridges of each classification.  On other land the deduction itself is wrong, which
    ``deduct_off_field`` says.
    """
    subject = case.layer
    if subject.system is None:
        return
    allowed = ridge_codes(subject.system, rule.words("code"))
    code = subject.text("deduct_code")
    named = code.where(lambda value: value is not None and plain(value) not in allowed)
    bare = code.missing & (subject.number("deduct_area") > 0)
    field = subject.classes.cultivated
    yield gathered(
        rule, field & (named | bare), field, subject.field("deduct_code"), code=code, expected="、".join(allowed)
    )


def deduct_off_field(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Land that is not cultivated with a deducted class, rate or area; ``measure`` is the area deducted."""
    subject = case.layer
    area = subject.number("deduct_area")
    stated = {
        "deduct_rate": subject.number("deduct_rate") > 0,
        "deduct_area": area > rule.least,
        "deduct_code": ~subject.text("deduct_code").missing,
    }
    open_rows = off_field(case)
    for role_field, wrong in stated.items():
        # A row is found once, at the first of its fields.
        rows = np.flatnonzero(open_rows & wrong)
        code = subject.text("class_code").take(rows).values
        yield Found(rows, subject.field(role_field), area[rows], {"code": code})
        open_rows = open_rows & ~wrong


def deduct_area(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Deducted areas that are not the rate's part of the area.

    Taken of what lines and points leave, or of the whole area as some software does.  Rates out of range and
    deductions off cultivated land have their own findings.
    """
    stated = to_units(np.nan_to_num(case.layer.number("deduct_area")))
    of_rest, of_gross = _ridges(case, rule)
    off = np.minimum(np.abs(stated - of_rest), np.abs(stated - of_gross))
    asked = _areas_stated(case) & ~_rate_out_of_range(case, rule) & ~off_field(case)
    wrong = asked & (off > to_units(np.array(rule.least)))
    yield gathered(
        rule,
        wrong,
        asked,
        case.layer.field("deduct_area"),
        to_m2(stated - of_rest),
        stated=to_m2(stated),
        expected=to_m2(of_rest),
    )


def net_area_sum(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Net areas that are not the area less its deductions.

    The deduction is the recorded one or the rate's: where these two differ, ``deduct_area`` says so.  A net area
    outside 0 … area is ``net_area_range``'s.  A layer that states neither, as permanent basic farmland may (YJJBNTTB
    without KCXS and KCMJ), leaves nothing to compare with.
    """
    subject = case.layer
    if not (subject.has("deduct_rate") or _has(case, rule, "deduct_area")):
        return
    gross, net = _units(subject.number("area")), _units(subject.number("net_area"))
    rest = gross - _taken(case, rule, "line_area") - _taken(case, rule, "point_area")
    off = np.abs(rest - _taken(case, rule, "deduct_area") - net)
    sound = ~_rate_out_of_range(case, rule)
    for ridge in _ridges(case, rule):
        off = np.where(sound, np.minimum(off, np.abs(rest - ridge - net)), off)
    asked = _areas_stated(case) & ~np.isnan(subject.number("net_area")) & ~_net_out_of_range(case)
    wrong = asked & (off > to_units(np.array(rule.least)))
    expected = rest - _taken(case, rule, "deduct_area")
    if not _has(case, rule, "deduct_area"):
        expected = rest - _ridges(case, rule)[0]
    yield gathered(
        rule,
        wrong,
        asked,
        subject.field("net_area"),
        to_m2(net - expected),
        stated=to_m2(net),
        expected=to_m2(expected),
    )


def net_area_range(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Net areas of 0 and below, or larger than the area."""
    net = case.layer.number("net_area")
    yield gathered(
        rule, _net_out_of_range(case), ~np.isnan(net), case.layer.field("net_area"), net, area=case.layer.number("area")
    )


def _not_positive(case: Case, rule: RuleSpec, role_field: str) -> Found:
    area = case.layer.number(role_field)
    return gathered(rule, area <= 0, ~np.isnan(area), case.layer.field(role_field), area)


def _geometry(case: Case, rule: RuleSpec, role_field: str) -> Found:
    subject = case.layer
    recorded = subject.number(role_field)
    official = subject.area
    asked = (recorded > 0) & (official > 0)
    off = np.abs(_units(recorded) - _units(official))
    wrong = asked & (off > np.maximum(rule.least, rule.option("share") * official) / to_m2(1))
    return gathered(
        rule,
        wrong,
        asked,
        subject.field(role_field),
        to_m2(off),
        recorded=to_m2(_units(recorded)),
        official=to_m2(_units(official)),
    )


def _rates(case: Case) -> Floats:
    """``(n,)`` rates as a share, NaN where none is stated.

    A standard that bounds the rate by 1 has no percent, however many slips of the pen there are.
    """
    stated = case.layer.number("deduct_rate")
    schema = case.layer.schema
    standard = None if schema is None else schema.find(case.layer.field("deduct_rate"))
    share = standard is not None and standard.high is not None and standard.high <= 1
    return stated if share or not in_percent(np.nan_to_num(stated)) else stated / _PERCENT


def _rate_out_of_range(case: Case, rule: RuleSpec) -> Bools:
    rate = _rates(case)
    return np.asarray((rate < rule.option("low")) | (rate >= rule.option("high")))


def _net_out_of_range(case: Case) -> Bools:
    net, area = case.layer.number("net_area"), case.layer.number("area")
    return np.asarray((net <= 0) | ((_units(net) > _units(area)) & (area > 0)))


def _areas_stated(case: Case) -> Bools:
    return np.asarray(case.layer.number("area") > 0)


def _ridges(case: Case, rule: RuleSpec) -> Tuple[Ints, Ints]:
    """``(n,)`` hundredths that ridges take: of what lines and points leave, and of the whole area."""
    gross, rate = _units(case.layer.number("area")), np.nan_to_num(_rates(case))
    rest = gross - _taken(case, rule, "line_area") - _taken(case, rule, "point_area")
    return to_units(to_m2(rest) * rate), to_units(to_m2(gross) * rate)


def _has(case: Case, rule: RuleSpec, role_field: str) -> bool:
    return bool(_source(case, rule, role_field))


def _taken(case: Case, rule: RuleSpec, role_field: str) -> Ints:
    """``(n,)`` hundredths a field takes off, 0 where it is not stated."""
    name = _source(case, rule, role_field)
    if not name:
        return np.zeros(len(case.layer), dtype=np.int64)
    return _units(as_real(case.layer.table.column(name)))


def _source(case: Case, rule: RuleSpec, role_field: str) -> str:
    """The field that plays ``role_field``; where the role has none, the one that the rule's options name."""
    if case.layer.has(role_field):
        return case.layer.field(role_field)
    by_upper = {name.upper(): name for name in case.layer.table.columns}
    return next((by_upper[word] for word in rule.words(role_field) if word in by_upper), "")


def _units(area: Floats) -> Ints:
    return to_units(np.nan_to_num(area))


RULES: Tuple[RuleFunction, ...] = (
    area_not_positive,
    control_not_positive,
    area_geometry,
    control_geometry,
    deduct_rate_range,
    deduct_code,
    deduct_off_field,
    deduct_area,
    net_area_sum,
    net_area_range,
)
