"""Attributes: slope, terrace kind, grade, width, parcel numbers, data year.

A parcel without a land class, or with one that does not exist, has that finding alone: what only cultivated land has
is asked of known classes.
"""

from __future__ import annotations

from typing import Callable, Iterable, Optional, Tuple

import numpy as np

from three_opt_three_protect.core.factor import Factor, Texts, crossed
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import Bools, Case, Found, Ints, RuleFunction, RuleSpec, on_rows
from three_opt_three_protect.core.quality.codes import known_class, of_classes, off_field
from three_opt_three_protect.core.quality.gathering import gathered
from three_opt_three_protect.core.quality.structure import repeats


def slope_missing(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Cultivated land without slope class."""
    field = case.layer.classes.cultivated
    yield gathered(rule, field & case.layer.text("slope").missing, field, case.layer.field("slope"))


def slope_range(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Slope classes other than option ``values``; on land that is not cultivated it is ``slope_off_field``'s."""
    slope = case.layer.text("slope")
    asked = ~slope.missing & ~off_field(case)
    wrong = asked & slope.where(_none_of(rule.words("values")))
    yield gathered(rule, wrong, asked, case.layer.field("slope"), value=slope, allowed="、".join(rule.words("values")))


def slope_off_field(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Land that is not cultivated with a slope class; adjustable land (可调整) may keep its own."""
    slope = case.layer.text("slope")
    asked = _never_cultivated(case)
    yield gathered(
        rule, asked & ~slope.missing, asked, case.layer.field("slope"), value=slope, code=case.layer.text("class_code")
    )


def field_kind(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Terrace kinds that are missing on sloping cultivated land, are none of ``values``, or stand on other land.

    Option ``flat``: slope classes of level land, which need not say whether they are terraced.
    """
    subject, kind = case.layer, case.layer.text("field_kind")
    slope, field = subject.text("slope"), subject.classes.cultivated
    flat = slope.where(lambda value: value is None or value in rule.words("flat"))
    lacking = field & kind.missing & ~flat
    strange = ~off_field(case) & kind.where(_none_of(rule.words("values")))
    misplaced = _never_cultivated(case) & ~kind.missing
    yield gathered(
        rule,
        lacking | strange | misplaced,
        known_class(case),
        subject.field("field_kind"),
        value=kind,
        code=subject.text("class_code"),
        allowed="、".join(rule.words("values")),
    )


def grade_missing(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Cultivated land without grade; 0 is none, for numbers in shapefiles have no other way to be empty."""
    subject, field = case.layer, case.layer.classes.cultivated
    missing = subject.text("grade").missing | (subject.number("grade") == 0)
    yield gathered(rule, field & missing, field, subject.field("grade"))


def grade_range(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Grades outside ``low`` … ``high``, or that are no number; 0 is none, which is ``grade_missing``'s."""
    subject = case.layer
    written, grade = subject.text("grade"), subject.number("grade")
    low, high = rule.option("low"), rule.option("high")
    wrong = ~written.missing & ~((grade >= low) & (grade <= high)) & (grade != 0)
    yield gathered(rule, wrong, ~written.missing, subject.field("grade"), value=written, allowed=f"{low:g}–{high:g}")


def width_off_line(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Widths on classes that are no lines.

    Options ``codes``: the classes that have one; ``systems``: the classifications of these codes.
    """
    subject = case.layer
    if subject.system is None or subject.system.id not in rule.words("systems"):
        return
    width = subject.number("width")
    asked = known_class(case) & ~of_classes(case, rule.words("codes"))
    yield gathered(rule, asked & (width > 0), asked, subject.field("width"), width, code=subject.text("class_code"))


def parcel_no_unique(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Parcel numbers that an earlier parcel of the village has; ``first`` is that parcel."""
    subject = case.layer
    number = subject.text("parcel_no")
    village = subject.text("unit_code").map(lambda code: None if code is None else code[:VILLAGE_DIGITS])
    group, _ = crossed([(village.code, len(village.levels)), (number.code, len(number.levels))])
    later, first = repeats(group, ~number.missing & ~village.missing)
    yield on_rows(
        later,
        subject.field("parcel_no"),
        value=_at(number, later),
        unit=_at(village, later),
        first=subject.table.fid[first],
    )


def year_mixed(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Rows of another year than most rows have; a year that many rows have is said once."""
    year = case.layer.text("data_year")
    count = np.bincount(year.code, ~year.missing, minlength=len(year.levels))
    if not count.any():
        return
    usual = int(np.argmax(count))
    for other in np.flatnonzero((count > 0) & (np.arange(len(count)) != usual)).tolist():
        here = year.code == other
        yield gathered(rule, here, here, case.layer.field("data_year"), value=year, usual=year.levels[usual])


def _never_cultivated(case: Case) -> Bools:
    return off_field(case) & ~case.layer.classes.adjustable


def _none_of(values: Tuple[str, ...]) -> Callable[[Optional[str]], bool]:
    return lambda value: value is not None and value not in values


def _at(factor: Factor, rows: Ints) -> Texts:
    return factor.take(rows).values


RULES: Tuple[RuleFunction, ...] = (
    slope_missing,
    slope_range,
    slope_off_field,
    field_kind,
    grade_missing,
    grade_range,
    width_off_line,
    parcel_no_unique,
    year_mixed,
)
