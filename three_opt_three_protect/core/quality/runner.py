"""The rules that can run, run; the others named with what they lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Mapping, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import LAYER, Case, Floats, Found, Ints, RuleFunction, RuleSpec
from three_opt_three_protect.core.severity import SEVERITIES

STATUTORY = ("parcels", "lines", "points", "villages", "township", "farmland", "boundary", "redline")
"""Roles of survey data and lines, which a township does not change (00-supplement 4 Q11, 1.10)."""


class Bar:
    """A progress bar that never runs back, whoever fills it, and a log that is spared the steps of single rules."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._most = 0.0

    def step(self, name: str, share: float) -> None:
        """Say the step; its share counts for nothing here."""
        self._progress.step(name, share)

    def check(self, fraction: float) -> None:
        """Say that ``fraction`` of all rules is done."""
        self._most = max(self._most, min(1.0, fraction))
        self._progress.check(self._most)

    def part(self, start: float, share: float) -> Progress:
        """A progress that fills ``share`` of the bar from ``start`` on."""
        return _Stretch(self, start, share)

    def still(self) -> Progress:
        """A progress that moves nothing and only hears whether to stop."""
        return _Stretch(self, 0.0, 0.0)


class _Stretch:
    def __init__(self, bar: Bar, start: float, share: float) -> None:
        self._bar = bar
        self._start, self._share = start, share
        self._at, self._within = 0.0, 1.0
        self._stepped = False

    def step(self, name: str, share: float) -> None:
        self._at = min(1.0, self._at + self._within) if self._stepped else 0.0
        self._within, self._stepped = min(share, 1.0 - self._at), True
        self.check(0.0)

    def check(self, fraction: float) -> None:
        self._bar.check(self._start + self._share * (self._at + self._within * fraction))


@dataclass(frozen=True)
class RuleRun:
    """One rule of a run: ``lacks`` names what was missing when it did not run; ``seconds`` by the caller's clock."""

    rule: RuleSpec
    ran: bool
    lacks: str = ""
    count: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Checked:
    """What a run found, rule by rule, in the order of the rules.

    Attributes
    ----------
    found
        Rule and what it found.
    runs
        Every rule asked for.
    statutory
        The layer may not be changed by the planner: the severities are those for statutory data.
    """

    found: Tuple[Tuple[RuleSpec, Found], ...]
    runs: Tuple[RuleRun, ...]
    statutory: bool

    def severity(self, rule: RuleSpec) -> str:
        """How a finding of ``rule`` weighs on this layer."""
        return rule.statutory if self.statutory else rule.severity

    def count(self, severity: str) -> int:
        """How many findings weigh so."""
        return sum(len(found) for rule, found in self.found if self.severity(rule) == severity)

    @property
    def blocking_groups(self) -> Tuple[str, ...]:
        """Groups with an error, in the order of the rules; all others are notes."""
        return tuple(
            dict.fromkeys(rule.group for rule, found in self.found if len(found) and self.severity(rule) == "error")
        )


def run_rules(
    case: Case,
    rules: Sequence[RuleSpec],
    functions: Mapping[str, RuleFunction],
    clock: Callable[[], float],
    progress: Progress = SILENT,
) -> Checked:
    """Run every rule that has what it needs.

    Parameters
    ----------
    case
        The layer and what it is held against.
    rules
        In the order of the result.
    functions
        Rule id → function.
    clock
        Seconds, for the run record.

    Raises
    ------
    Cancelled
        The user asked to stop.
    """
    found: List[Tuple[RuleSpec, Found]] = []
    runs: List[RuleRun] = []
    bar = progress if isinstance(progress, Bar) else Bar(progress)
    for number, rule in enumerate(rules):
        lacks = next((need for need in rule.needs if not case.has(need)), "")
        if lacks:
            runs.append(RuleRun(rule, False, lacks))
            continue
        began = clock()
        part = bar.part(number / len(rules), 1.0 / len(rules))
        part.check(0.0)
        results = [one for one in functions[rule.id](case, rule, part) if len(one)]
        found += [(rule, one) for one in results]
        runs.append(RuleRun(rule, True, "", sum(map(len, results)), clock() - began))
    bar.check(1.0)
    return Checked(tuple(found), tuple(runs), case.layer.role in STATUTORY)


def rules_for(role: str, rules: Mapping[str, RuleSpec], wanted: Sequence[str] = ()) -> Tuple[RuleSpec, ...]:
    """The rules for layers of ``role``, or those of them named in ``wanted``, in the order of the file.

    Raises
    ------
    InputError
        ``no_such_rule``: names the rules there are.
    """
    for name in wanted:
        if name not in rules:
            raise InputError("no_such_rule", rule=name, known=", ".join(rules))
    chosen = [rule for name, rule in rules.items() if not wanted or name in wanted]
    return tuple(rule for rule in chosen if not rule.roles or role in rule.roles)


def order_of(checked: Checked, fid: Ints) -> Tuple[Ints, Ints, Ints]:
    """Findings in the order a planner reads them: errors first, then by rule, then by feature.

    Returns
    -------
    tuple
        ``(k,)`` number in ``checked.found``, place within it and feature id (−1 for the layer), int64.
    """
    number = np.concatenate([np.full(len(one), i) for i, (_, one) in enumerate(checked.found)] or [np.empty(0, int)])
    place = np.concatenate([np.arange(len(one)) for _, one in checked.found] or [np.empty(0, int)])
    rows = np.concatenate([one.rows for _, one in checked.found] or [np.empty(0, int)]).astype(np.int64)
    ids = np.where(rows == LAYER, -1, fid[np.maximum(rows, 0)] if len(fid) else -1)
    weight = np.array([SEVERITIES.index(checked.severity(rule)) for rule, _ in checked.found] or [0])
    order = np.lexsort((ids, number, weight[number.astype(np.int64)]))
    return number[order].astype(np.int64), place[order].astype(np.int64), ids[order].astype(np.int64)


def measures(found: Found) -> Floats:
    """``(k,)`` measures, NaN where there is nothing to measure."""
    return np.full(len(found), np.nan) if found.measure is None else found.measure


__all__ = ["STATUTORY", "Bar", "Checked", "RuleRun", "measures", "order_of", "rules_for", "run_rules"]
