"""What the checks say of an adjustment; what is not known is unknown, never passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.farmland.account import TOWNSHIP, UnitRow
from three_opt_three_protect.core.farmland.settings import Settings
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN, Verdict

DECIMALS = 4
"""Grades and hectares are compared in the digits that are kept."""

PREFIX = "pbf_"


@dataclass(frozen=True)
class Found:
    """What the checks look at, m² and ha.

    Attributes
    ----------
    index_before, index_after
        Contiguity, NaN where there is no farmland.
    ineligible, newbuild, unlisted
        Farmland that stays although it is no cultivated land, lies in new-build plots, or would be released for
        another reason that the profile does not list.
    doubt
        A grade behind the means was taken from the land around, or is not known.
    unclassed
        Farmland that stays is of a class nobody knows.
    """

    index_before: float
    index_after: float
    ineligible: float
    newbuild: float
    unlisted: float
    doubt: bool
    unclassed: bool


def verdicts(rows: Sequence[UnitRow], settings: Settings, found: Found) -> Tuple[Verdict, ...]:
    """Judge the township and the villages that have a task."""
    township = rows[-1]
    judged = _Judge(settings)
    judged.add("task", TOWNSHIP, township.after / 100, None if township.task is None else township.task / 100, "m2")
    for row in rows[:-1]:
        if row.task is not None and row.unit_code is not None:
            judged.add("task", row.unit_code, row.after / 100, row.task / 100, "m2")
    released = township.released_all
    judged.add("supplement", TOWNSHIP, township.added_all / 100, _up(released * settings.supplement_ratio), "m2")
    before, after = _known(township.grade_before), _known(township.grade_after)
    judged.add("grade", TOWNSHIP, before, after, "grade", doubt=found.doubt)
    judged.add("contiguity", TOWNSHIP, _known(found.index_after), _known(found.index_before), "ha")
    if settings.cap_share < 1:
        judged.add("cap", TOWNSHIP, _down(township.before * settings.cap_share), released / 100, "m2")
    judged.add("newbuild", TOWNSHIP, 0.0, found.newbuild, "m2")
    # Of land nobody knows the class of it cannot be said that it is cultivated.
    ineligible = None if found.unclassed and found.ineligible == 0 else found.ineligible
    judged.add("eligible", TOWNSHIP, 0.0, ineligible, "m2")
    judged.add("unlisted", TOWNSHIP, 0.0, found.unlisted, "m2")
    return tuple(judged.said)


class _Judge:
    """Collects verdicts: a rule reads left ≥ right."""

    def __init__(self, settings: Settings) -> None:
        self._checks = settings.checks
        self.said: List[Verdict] = []

    def add(
        self, name: str, unit: str, left: Optional[float], right: Optional[float], measure: str, doubt: bool = False
    ) -> None:
        check = self._checks[name]
        margin = None if left is None or right is None else round(left - right, DECIMALS)
        if margin is None:
            result = UNKNOWN
        elif doubt:
            result = WARN
        else:
            result = PASS if margin >= 0 else check.severity
        hard = check.severity == FAIL
        rule = f"{PREFIX}{name}"
        self.said.append(Verdict(rule, unit, result, hard, left, right, margin, measure, check.basis, check.status, ""))


def _known(value: float) -> Optional[float]:
    return None if np.isnan(value) else round(float(value), DECIMALS)


def _up(hundredths: float) -> float:
    return float(np.ceil(np.round(hundredths, 6))) / 100


def _down(hundredths: float) -> float:
    return float(np.floor(np.round(hundredths, 6))) / 100
