"""An indicator held against what was assigned to the unit, what the profile's region published, and its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.indicators.definition import HIGHER, Facts, Indicator
from three_opt_three_protect.core.indicators.facts import TOTAL
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN, Profile
from three_opt_three_protect.core.targets import Target

ASSIGNED, PUBLISHED, LIMIT = "assigned", "published", "limit"
NEAR = "near"
"""Result of an indicator beyond the notice of its limit and not yet at it: still passed, but said."""

_EXACT = 6
"""Decimals to which quotients are compared: what is beyond is rounding of float64."""


@dataclass(frozen=True)
class Benchmark:
    """A published figure (01-requirements 1B, T1–T23).

    ``goal`` tells a target from a fact: facts are only shown. ``scope`` is the region it holds for.
    """

    id: str
    scope: str
    indicator: str
    value: float
    unit: str
    goal: bool
    year: Optional[int]
    basis: str
    status: str


@dataclass(frozen=True)
class Held:
    """One indicator of one unit against one figure.

    ``against`` is :data:`ASSIGNED`, :data:`PUBLISHED`, :data:`LIMIT` or ``""`` where there is nothing to hold
    it against; ``result`` is then unknown, or None where the indicator is never judged. ``margin`` is positive on
    the good side.
    """

    unit_code: str
    indicator: Indicator
    value: Optional[float]
    before: Optional[float]
    against: str
    target: Optional[float]
    margin: Optional[float]
    result: Optional[str]
    near: bool
    basis: str
    status: str


def hold(
    indicators: Sequence[Indicator],
    units: Sequence[str],
    facts: Facts,
    targets: Sequence[Target],
    benchmarks: Sequence[Benchmark],
    profile: Profile,
) -> Tuple[Held, ...]:
    """Every indicator of every unit, against everything there is to hold it against.

    Parameters
    ----------
    targets
        Assigned figures, see ``core.targets``; of one unit and indicator the latest year's counts.
    benchmarks
        Published figures; those of the scopes in the profile's ``benchmark_scopes`` hold for the total.
    """
    assigned = _latest(targets)
    scopes = set(profile.words("benchmark_scopes"))
    out: List[Held] = []
    for indicator in indicators:
        values, before = indicator.value(facts, len(units)), indicator.before(facts, len(units))
        published = [one for one in benchmarks if one.goal and one.indicator == indicator.id and one.scope in scopes]
        for row, unit in enumerate(units):
            found = _Found(indicator, unit, _known(values[row]), _known(before[row]))
            out.extend(_against(found, assigned, published, profile) or _alone(found))
    return tuple(out)


def _latest(targets: Sequence[Target]) -> Mapping[Tuple[str, str], Target]:
    found: Dict[Tuple[str, str], Target] = {}
    for target in sorted(targets, key=lambda one: one.year or 0):
        found[target.unit_code, target.indicator] = target
    return found


@dataclass(frozen=True)
class _Figure:
    """Something to hold an indicator against, and what it means to miss it."""

    against: str
    value: float
    severity: str
    basis: str
    status: str


@dataclass(frozen=True)
class _Found:
    """An indicator of a unit with its values."""

    indicator: Indicator
    unit_code: str
    value: Optional[float]
    before: Optional[float]


def _against(
    found: _Found,
    assigned: Mapping[Tuple[str, str], Target],
    published: Sequence[Benchmark],
    profile: Profile,
) -> List[Held]:
    indicator = found.indicator
    if not indicator.better:
        return []
    out: List[Held] = []
    task = assigned.get((found.unit_code, indicator.target or indicator.id))
    if task is not None:
        severity = WARN if indicator.kind == "expected" else FAIL
        out.append(_held(found, _Figure(ASSIGNED, task.value, severity, indicator.basis, indicator.status)))
    if found.unit_code == TOTAL:
        out += [_held(found, _Figure(PUBLISHED, one.value, WARN, one.basis, one.status)) for one in published]
    if indicator.limit and (found.value is not None or found.unit_code == TOTAL):
        setting = profile.settings[indicator.limit]
        limit = _Figure(LIMIT, profile.number(indicator.limit), WARN, setting.basis, setting.status)
        held = _held(found, limit)
        out.append(_noticed(held, profile.number(indicator.notice)) if indicator.notice else held)
    return out


def _held(found: _Found, figure: _Figure) -> Held:
    value = found.value
    margin, result = None, UNKNOWN
    if value is not None:
        distance = value - figure.value if found.indicator.better == HIGHER else figure.value - value
        margin = float(np.round(distance, _EXACT)) + 0.0
        # A limit is reached, not only passed (常熟 “接近30%临界”); a task is met by its very figure.
        good = margin > 0 if figure.against == LIMIT else margin >= 0
        result = PASS if good else figure.severity
    return Held(
        found.unit_code,
        found.indicator,
        value,
        found.before,
        figure.against,
        figure.value,
        margin,
        result,
        False,
        figure.basis,
        figure.status,
    )


def _noticed(held: Held, notice: float) -> Held:
    if held.value is None or held.result != PASS:
        return held
    beyond = held.value >= notice if held.indicator.better != HIGHER else held.value <= notice
    return replace(held, near=bool(beyond))


def _alone(found: _Found) -> List[Held]:
    """With nothing to be held against; a part of the whole that does not even know its value is not listed."""
    if found.unit_code != TOTAL and found.value is None:
        return []
    result = UNKNOWN if found.indicator.better else None
    return [
        Held(
            found.unit_code,
            found.indicator,
            found.value,
            found.before,
            "",
            None,
            None,
            result,
            False,
            found.indicator.basis,
            found.indicator.status,
        )
    ]


def _known(value: float) -> Optional[float]:
    return None if np.isnan(value) else float(value)
