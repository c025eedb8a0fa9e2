"""A profile's rules, the targets and the needs of planning as limits of a choice of plots.

A rule over account lines is linear in the plots, so any profile's rules become limits without a word of code for
each.  Rules over time become one limit a phase: on one day credit comes before debit (``core.timeline``).  What
cannot become a limit is named, never passed over: a rule whose data is missing, a rule that is not linear.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import Coefficients
from three_opt_three_protect.core.allocation.moments import Moments
from three_opt_three_protect.core.allocation.money import budget_limits
from three_opt_three_protect.core.allocation.needs import Demand, demand_limits, resettlement_limits
from three_opt_three_protect.core.allocation.terms import CONSTANT, Term, Terms
from three_opt_three_protect.core.amounts import STATES
from three_opt_three_protect.core.optimiser.problem import Floats, Ints, Limit, Texts
from three_opt_three_protect.core.periods import in_period
from three_opt_three_protect.core.rules import ALWAYS, WARN, Profile, Rule
from three_opt_three_protect.core.targets import Target, start_up
from three_opt_three_protect.core.timeline import outstanding

UNKNOWN, NOT_LINEAR, LOCKED = "unknown", "not_linear", "locked"

_NOISE = 1e-6
"""As verdicts are rounded."""

FIRST: Mapping[str, Tuple[str, str]] = {
    "reclaim_first_margin_m2": ("credit_m2", "added_linked_m2"),
    "cultivated_first_margin_m2": ("cultivated_gain_m2", "cultivated_loss_m2"),
    "paddy_first_margin_m2": ("paddy_supplied_m2", "paddy_occupied_m2"),
    "productivity_first_margin_kg": ("productivity_supplied_kg", "productivity_occupied_kg"),
}
"""Smallest balance over time → the line that adds to it and the line that takes from it."""

_MARGIN = "_margin_m2"
_LOWEST = "consent_lowest"
_GRADE_BASE, _GRADE_AFTER = "grade_base", "grade_after"
_NOT_LINEAR = frozenset({"grade_occupied", "grade_supplement"})
_STATES = STATES | {"intensity_pct", _GRADE_AFTER}
"""Lines that a dated rule cannot be a limit of: they tell of the whole plan, not of what happens in a period."""


@dataclass(frozen=True)
class LeftOut:
    """A rule that is no limit.

    ``kind`` says why: data is ``missing``, it is not linear, or plots that are locked in break it.
    """

    rule: str
    unit_code: str
    kind: str
    missing: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Closed:
    """Plots that no plan may have, and the rule that says so; ``layer`` 0 = candidates, 1 = sites."""

    rule: str
    layer: int
    rows: Ints


@dataclass(frozen=True)
class Rows:
    """Limits, plots that are closed, and rules that are neither."""

    limits: Tuple[Limit, ...]
    closed: Tuple[Closed, ...]
    left_out: Tuple[LeftOut, ...]


def rows(
    coefficients: Coefficients,
    profile: Profile,
    targets: Sequence[Target],
    demand: Sequence[Demand],
    moments: Moments,
    cost: Optional[Floats] = None,
) -> Rows:
    """Limits of a choice among the plots.

    Parameters
    ----------
    moments
        Phases, and the plots that have a date.
    cost
        ``(n,)`` yuan of every candidate; needed where the targets have a budget.

    Raises
    ------
    InputError
        ``start_quota_without_year``.
    """
    made = _Made(Terms(coefficients, profile, targets), profile, targets, moments)
    for rule in profile.rules:
        for unit in _units(rule, made.terms):
            made.add(rule, unit)
        if coefficients.base is None and set(rule.scope) - {"township"}:
            made.left_out.append(LeftOut(rule.id, "", UNKNOWN, ("parcels",)))
    limits = [
        *made.limits,
        *demand_limits(coefficients, demand, moments),
        *resettlement_limits(coefficients, profile, targets, moments),
    ]
    if cost is not None:
        limits += budget_limits(coefficients, profile, targets, moments, cost)
    return Rows(tuple(limits), tuple(made.closed), tuple(made.left_out))


def _units(rule: Rule, terms: Terms) -> List[str]:
    """The units a rule is judged for, and the villages that have a target of their own in it."""
    base = terms.coefficients.base
    units: List[str] = []
    for scope in rule.scope:
        if scope == "township":
            units.append("")
        elif base is not None:
            units += _codes(base.unit_code, base.settlement if scope == "settlement" else None)
    for line in (*rule.left, *rule.right):
        units += terms.villages_with_target(line)
    return list(dict.fromkeys(units))


def _codes(village: Texts, settlement: Optional[Texts]) -> List[str]:
    if settlement is None:
        return sorted({code for code in village if code})
    return sorted({f"{code or ''}/{name}" for code, name in zip(village, settlement) if name is not None})


class _Made:
    """Limits made rule by rule."""

    def __init__(self, terms: Terms, profile: Profile, targets: Sequence[Target], moments: Moments) -> None:
        self.terms, self.profile, self.targets, self.moments = terms, profile, targets, moments
        self.limits: List[Limit] = []
        self.closed: List[Closed] = []
        self.left_out: List[LeftOut] = []
        self._quotas = {f"{source}{_MARGIN}": name for name, source in profile.word_of("yearly_quotas").items()}

    def add(self, rule: Rule, unit: str) -> None:
        """Make limits of one rule for one unit, or say why not."""
        absent = tuple(need for need in rule.needs if need not in self.terms.coefficients.facts)
        lines = set(rule.left) | set(rule.right)
        if absent:
            self._leave(rule, unit, UNKNOWN, absent)
        elif lines & _NOT_LINEAR or (rule.period != ALWAYS and lines & _STATES):
            self._leave(rule, unit, NOT_LINEAR)
        elif _LOWEST in lines:
            self._consent(rule, unit)
        elif lines & (set(FIRST) | set(self._quotas)):
            self._timed(rule, unit)
        elif _GRADE_AFTER in lines:
            self._grades(rule, unit)
        else:
            term, missing = self.terms.difference(rule, unit)
            if term is None:
                self._leave(rule, unit, UNKNOWN, missing)
            else:
                self._limit(rule, unit, term)

    def _leave(self, rule: Rule, unit: str, kind: str, missing: Tuple[str, ...] = ()) -> None:
        self.left_out.append(LeftOut(rule.id, unit, kind, missing))

    def _limit(self, rule: Rule, unit: str, term: Term) -> None:
        """One limit over the whole plan; of a "never" (0 ≥ a line) the plots that break it are closed instead."""
        term, phases = self.moments.during(rule.period, term), self.moments.phases_in(rule.period)
        limit = Limit(rule.id, unit, rule.unit, _rounded(term.constant), term.reclaim, term.newbuild, phases, phases)
        if rule.severity == WARN:
            limit = replace(limit, hard=False)
        elif set(rule.left) == {CONSTANT} and limit.constant == 0 and rule.period == ALWAYS:
            limit = self._never(limit)
        if can_bind(limit):
            self.limits.append(limit)

    def _never(self, limit: Limit) -> Limit:
        """Close the plots that break the limit; what is locked in stays in it, so that the plan says why it fails."""
        kept = []
        for layer, (amount, fixed) in enumerate(
            ((limit.reclaim, self.moments.reclaim_fixed), (limit.newbuild, self.moments.newbuild_fixed))
        ):
            breaking = np.flatnonzero((amount < -_NOISE) & ~fixed)
            if len(breaking):
                self.closed.append(Closed(limit.id, layer, breaking))
            kept.append(np.where(fixed, amount, 0.0))
        return replace(limit, reclaim=kept[0], newbuild=kept[1])

    def _consent(self, rule: Rule, unit: str) -> None:
        """The lowest consent of any plot ≥ a share: plots below it are closed."""
        signed = self.terms.signed(rule)
        others, missing = self.terms.difference(rule, unit, (_LOWEST,))
        factor = signed[_LOWEST]
        if others is None or factor <= 0 or others.reclaim.any() or others.newbuild.any():
            self._leave(rule, unit, UNKNOWN if missing else NOT_LINEAR, missing)
            return
        share = self.terms.coefficients.reclaim_plots.consent
        below = factor * share + others.constant < -_NOISE
        fixed = self.moments.reclaim_fixed
        if (below & ~fixed).any():
            self.closed.append(Closed(rule.id, 0, np.flatnonzero(below & ~fixed)))
        if (below & fixed).any():
            self._leave(rule, unit, LOCKED)
        elif np.isnan(share).any():
            self._leave(rule, unit, UNKNOWN, (_LOWEST,))

    def _grades(self, rule: Rule, unit: str) -> None:
        """Mean grade of cultivated land after the plan against a figure: Σ area · (figure − grade) ≥ 0 is linear."""
        grades, signed = self.terms.coefficients.grades, self.terms.signed(rule)
        factor = -signed[_GRADE_AFTER]
        others, missing = self.terms.difference(rule, unit, (_GRADE_AFTER, _GRADE_BASE))
        if grades is None or others is None or unit:
            self._leave(rule, unit, UNKNOWN, missing or (_GRADE_AFTER,))
            return
        if factor <= 0 or others.reclaim.any() or others.newbuild.any():
            self._leave(rule, unit, NOT_LINEAR)
            return
        reference = (others.constant + signed.get(_GRADE_BASE, 0.0) * grades.mean) / factor
        scale = factor / grades.area
        self._limit(
            rule,
            unit,
            Term(
                factor * (reference - grades.mean),
                scale * grades.reclaim.effect(reference),
                scale * grades.newbuild.effect(reference),
            ),
        )

    def _timed(self, rule: Rule, unit: str) -> None:
        """A smallest balance over time ≥ a figure: the balance of every phase is."""
        lines = [line for line in self.terms.signed(rule) if line in FIRST or line in self._quotas]
        factor = self.terms.signed(rule)[lines[0]]
        others, missing = self.terms.difference(rule, unit, lines)
        if others is None or len(lines) > 1 or factor <= 0 or others.reclaim.any() or others.newbuild.any():
            self._leave(rule, unit, UNKNOWN if missing else NOT_LINEAR, missing)
            return
        # Divided by the factor, so that the limit is short by what the margin is.
        rest = others.constant / factor
        made = self._running(rule, rest, *FIRST[lines[0]]) if lines[0] in FIRST else self._yearly(rule, rest, lines[0])
        if made is None or unit:
            self._leave(rule, unit, UNKNOWN, (lines[0],))
            return
        self.limits += [replace(limit, hard=rule.severity != WARN) for limit in made if can_bind(limit)]

    def _running(self, rule: Rule, rest: float, plus: str, minus: str) -> Optional[List[Limit]]:
        """What has come in by the end of each phase ≥ what is used by then."""
        income, use = self.terms.of(plus), self.terms.of(minus)
        if income is None or use is None:
            return None
        lent = start_up(self.targets) if plus == "credit_m2" else ()
        moments, first = self.moments, self.moments.phases_in(rule.period)[0]
        wins, takes = (moments.within_period(rule.period, term) for term in (income, use))
        found: Dict[int, Limit] = {}
        due = np.array([one.due for one in lent], dtype="datetime64[D]")
        # A dated plot that ends with less than it had is a use on its day.
        falls = moments.reclaim_day[moments.reclaim_settled & (wins.reclaim < 0)]
        days = moments.days(np.concatenate([due, falls]))
        for day in days[in_period(days, rule.period)]:
            start = rest + float(outstanding(lent, np.array([day]))[0]) / 100.0
            limit = moments.cumulative(rule.id, rule.unit, start, wins.reclaim, -takes.newbuild, day, day)
            last = limit.reclaim_phases[1]
            newbuild_phases = (first, limit.newbuild_phases[1])
            limit = replace(limit, reclaim_phases=(first, last), newbuild_phases=newbuild_phases)
            if last not in found or limit.constant < found[last].constant:
                found[last] = limit
        return list(found.values())

    def _yearly(self, rule: Rule, rest: float, line: str) -> Optional[List[Limit]]:
        """Each year's use of a quota ≤ that year's quota; what is left is not carried on."""
        indicator = self._quotas[line]
        added = self.terms.of(f"added_{line[: -len(_MARGIN)]}_m2")
        quota = {
            target.year: target.value
            for target in self.targets
            if target.indicator == indicator and not target.unit_code and target.year is not None
        }
        if added is None or not quota:
            return None
        return [
            self.moments.within(rule.id, rule.unit, rest + quota.get(year, 0.0), -added.newbuild, year)
            for year in sorted({*quota, *self.moments.years})
            if in_period(np.array([f"{year:04d}-12-31"], dtype="datetime64[D]"), rule.period)[0]
        ]


def can_bind(limit: Limit) -> bool:
    """Whether some choice breaks the limit; one that none can break says nothing."""
    low = limit.constant + np.minimum(limit.reclaim, 0).sum() + np.minimum(limit.newbuild, 0).sum()
    return bool(low < -_NOISE)


def _rounded(value: float) -> float:
    return float(np.round(value, 6))
