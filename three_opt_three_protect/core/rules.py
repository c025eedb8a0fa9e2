"""A profile's rules over the accounts → verdicts.

A rule is data: it compares two sums of account lines and reads ``left ≥ right``.  What a
rule compares, its legal basis and how far that basis is verified stand in the profile
(``resources/profiles``); this module only evaluates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from three_opt_three_protect.core.errors import SchemaError

SettingValue = Union[float, str, bool, Tuple[str, ...], Mapping[str, float], Mapping[str, str]]

PASS, FAIL, WARN, UNKNOWN = "pass", "fail", "warn", "unknown"

Period = Tuple[str, str]
"""First and last ISO date, both included; ``""`` = open."""

ALWAYS: Period = ("", "")


@dataclass(frozen=True)
class Setting:
    """One coefficient, threshold or choice of a profile.

    ``status`` is ``text`` (read in a policy text), ``web``, ``practice``, ``computed`` or
    ``unverified``; a verdict prints it so that nobody takes a habit for a law.
    """

    key: str
    value: SettingValue
    unit: str
    basis: str
    status: str


@dataclass(frozen=True)
class Rule:
    """``Σ left ≥ Σ right`` over account lines, in ``unit``.

    Attributes
    ----------
    hard
        A breach makes the plan unbalanced.
    severity
        Result of a breach: ``fail`` or ``warn``.
    scope
        Where it is judged: ``township``, ``village``, ``settlement``.
    left, right
        Account line (or ``target.INDICATOR``) → factor; the key ``constant`` adds its factor
        itself.  A factor may be the key of a numeric setting of the profile.
    needs
        Roles or facts (``farmland``, ``grades``, …) without which the verdict is unknown.
    start, end
        First and last ISO date on which the rule is in force; ``""`` = open. A dated rule judges only
        what happens in its period: see :meth:`Accounts.value`.
    evidence
        Id of the evidence of the balance that shows where the rule is broken.
    doubts
        Facts (``grades_inferred``) that make any verdict a warning: the figures are not yet final.
    """

    id: str
    left: Mapping[str, Union[float, str]]
    right: Mapping[str, Union[float, str]]
    unit: str
    basis: str
    status: str
    hard: bool = False
    severity: str = FAIL
    scope: Tuple[str, ...] = ("township",)
    needs: Tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    evidence: str = ""
    doubts: Tuple[str, ...] = ()

    @property
    def period(self) -> Period:
        """When the rule is in force; :data:`ALWAYS` when it has no dates."""
        return self.start, self.end


@dataclass(frozen=True)
class Profile:
    """A policy package (政策规则包): settings and rules, each with basis and status."""

    id: str
    title: Mapping[str, str]
    settings: Mapping[str, Setting]
    rules: Tuple[Rule, ...]
    source: str = ""

    @property
    def period(self) -> Tuple[int, int]:
        """First and last year of the plan: the year after its base to its target year.

        Raises
        ------
        SchemaError
            As :meth:`number`.
        """
        return int(self.number("plan_base_year")) + 1, int(self.number("plan_target_year"))

    def number(self, key: str) -> float:
        """The numeric setting ``key``."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SchemaError("setting_is_no_number", profile=self.id, key=key)
        return float(value)

    def word(self, key: str) -> str:
        """The text setting ``key``."""
        value = self._value(key)
        if not isinstance(value, str):
            raise SchemaError("setting_is_no_word", profile=self.id, key=key)
        return value

    def switch(self, key: str) -> bool:
        """The yes/no setting ``key``."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise SchemaError("setting_is_no_switch", profile=self.id, key=key)
        return value

    def words(self, key: str) -> Tuple[str, ...]:
        """The list setting ``key``."""
        value = self._value(key)
        if not isinstance(value, tuple):
            raise SchemaError("setting_is_no_list", profile=self.id, key=key)
        return value

    def word_of(self, key: str) -> Mapping[str, str]:
        """The text-to-text setting ``key``."""
        value = self._value(key)
        if not isinstance(value, Mapping):
            raise SchemaError("setting_is_no_mapping", profile=self.id, key=key)
        return {name: str(entry) for name, entry in value.items()}

    def number_of(self, key: str) -> Mapping[str, float]:
        """The text-to-number setting ``key``."""
        value = self._value(key)
        if not isinstance(value, Mapping):
            raise SchemaError("setting_is_no_mapping", profile=self.id, key=key)
        return {name: float(entry) for name, entry in value.items()}

    def _value(self, key: str) -> SettingValue:
        if key not in self.settings:
            raise SchemaError("no_such_setting", profile=self.id, key=key)
        return self.settings[key].value


@dataclass(frozen=True)
class Line:
    """One line of an account; ``unit_code`` is ``""`` for the township; None = not known."""

    account: str
    unit_code: str
    line: str
    value: Optional[float]
    unit: str


@dataclass(frozen=True)
class Accounts:
    """All account lines of a plan and the facts the rules may need.

    ``flows`` are, for each period of dated rules, the lines that are sums of events, with the events of
    that period alone: (unit code, line) → value.
    """

    lines: Tuple[Line, ...]
    facts: frozenset[str] = field(default_factory=frozenset)
    flows: Mapping[Period, Mapping[Tuple[str, str], Optional[float]]] = field(default_factory=dict)

    def value(self, line: str, unit_code: str = "", period: Period = ALWAYS) -> Optional[float]:
        """Value of ``line`` for ``unit_code``, None when not known or absent.

        Parameters
        ----------
        period
            Of a dated rule: a line that is a sum of events is that of the events in it; what is a state
            (cultivated land after the plan, a target) is the plan's.
        """
        key = (unit_code, line)
        flows = self.flows.get(period, {})
        return flows[key] if key in flows else self._by_key.get(key)

    def units(self) -> Tuple[str, ...]:
        """Unit codes in order, the township's ``""`` first."""
        return tuple(sorted({entry.unit_code for entry in self.lines}))

    @cached_property
    def _by_key(self) -> Mapping[Tuple[str, str], Optional[float]]:
        return {(entry.unit_code, entry.line): entry.value for entry in self.lines}


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one unit.  ``margin`` = left − right; None = not known."""

    rule: str
    unit_code: str
    result: str
    hard: bool
    left: Optional[float]
    right: Optional[float]
    margin: Optional[float]
    unit: str
    basis: str
    basis_status: str
    evidence: str
    missing: Tuple[str, ...] = ()


def rules_on(profile: Profile, day: str) -> Tuple[Rule, ...]:
    """The rules in force on the ISO date ``day`` (``""`` = no date known: all)."""
    if not day:
        return profile.rules
    return tuple(
        rule for rule in profile.rules if (not rule.start or rule.start <= day) and (not rule.end or day <= rule.end)
    )


def judge(
    accounts: Accounts,
    profile: Profile,
    villages: Sequence[str] = (),
    settlements: Sequence[str] = (),
    day: str = "",
) -> Tuple[Verdict, ...]:
    """Evaluate every rule in force on ``day`` for the township and, where scoped, for each unit.

    An event is judged by the rule of its date: a dated rule reads the events of its period, and one whose
    period is over by ``day`` is still judged where the accounts have that period.

    Returns
    -------
    tuple of Verdict
        In the order of the profile, the township first.
    """
    units = {"township": ("",), "village": tuple(villages), "settlement": tuple(settlements)}
    verdicts: List[Verdict] = []
    over = {rule.id for rule in profile.rules if day and rule.end and rule.end < day and rule.period in accounts.flows}
    in_force = {rule.id for rule in rules_on(profile, day)}
    for rule in (rule for rule in profile.rules if rule.id in in_force | over):
        for scope in rule.scope:
            verdicts.extend(_judge_unit(rule, accounts, profile, unit) for unit in units[scope])
    return tuple(verdicts)


def _judge_unit(rule: Rule, accounts: Accounts, profile: Profile, unit: str) -> Verdict:
    missing = tuple(need for need in rule.needs if need not in accounts.facts)
    left, absent_left = _side(rule.left, accounts, profile, unit, rule.period)
    right, absent_right = _side(rule.right, accounts, profile, unit, rule.period)
    missing += absent_left + absent_right
    margin = None
    if missing or left is None or right is None:
        result = UNKNOWN
    else:
        # Lines are whole hundredths; what the factors add beyond that is rounding noise.
        margin = float(np.round(left - right, 6))
        result = PASS if margin >= 0 else rule.severity
        if any(doubt in accounts.facts for doubt in rule.doubts):
            result = WARN
    return Verdict(
        rule.id,
        unit,
        result,
        rule.hard,
        left,
        right,
        margin,
        rule.unit,
        rule.basis,
        rule.status,
        rule.evidence,
        missing,
    )


def _side(
    terms: Mapping[str, Union[float, str]], accounts: Accounts, profile: Profile, unit: str, period: Period
) -> Tuple[Optional[float], Tuple[str, ...]]:
    total, missing = 0.0, []
    for line, factor in terms.items():
        weight = profile.number(factor) if isinstance(factor, str) else float(factor)
        value = 1.0 if line == "constant" else accounts.value(line, unit, period)
        if value is None:
            missing.append(line)
        else:
            total += weight * value
    return (None if missing else float(np.round(total, 6))), tuple(missing)


def overall(verdicts: Sequence[Verdict]) -> str:
    """How a plan stands by its hard rules: ``fail`` if one fails, ``unknown`` if one lacks data, else ``pass``."""
    hard = {verdict.result for verdict in verdicts if verdict.hard}
    return FAIL if FAIL in hard else UNKNOWN if UNKNOWN in hard else PASS


def is_balanced(verdicts: Sequence[Verdict]) -> bool:
    """True when no hard rule fails and none is unknown."""
    return overall(verdicts) == PASS
