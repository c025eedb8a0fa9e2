"""When plots happen: phases to choose from, and dates that are past.

A plot that has a date (accepted, registered, converted) has happened: it is in every plan, on its day, and stands
in the constants of the limits.  The others happen on 31 December of the phase they are put into.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import List, Optional, Sequence, Tuple, Union

import numpy as np

from three_opt_three_protect.core.allocation.terms import Term
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.problem import Bools, Floats, Ints, Limit
from three_opt_three_protect.core.periods import in_period
from three_opt_three_protect.core.rules import ALWAYS, Period
from three_opt_three_protect.core.scenario import Days, NewBuildPlots, ReclaimPlots

_YEARS = (1000, 9999)


def check_phases(phases: Sequence[int]) -> Tuple[int, ...]:
    """Years, ascending, each once.

    Raises
    ------
    InputError
        ``phases_missing``, ``phase_is_no_year``, ``phases_not_ascending``.
    """
    if not phases:
        raise InputError("phases_missing")
    for year in phases:
        if not _YEARS[0] <= year <= _YEARS[1]:
            raise InputError("phase_is_no_year", value=str(year))
    if any(later <= earlier for earlier, later in zip(phases, phases[1:])):
        raise InputError("phases_not_ascending", phases=", ".join(map(str, phases)))
    return tuple(int(year) for year in phases)


@dataclass(frozen=True)
class Moments:
    """Phases and dated plots.

    Attributes
    ----------
    phases
        Years, ascending.
    reclaim_day, newbuild_day
        ``(n,)``, ``(m,)`` the date of a plot that has one, else NaT.
    reclaim_out, newbuild_out
        ``(n,)``, ``(m,)`` bool, locked out: also a date does not bring it in.
    reclaim_in, newbuild_in
        ``(n,)``, ``(m,)`` bool, locked in.
    """

    phases: Tuple[int, ...]
    reclaim_day: Days
    newbuild_day: Days
    reclaim_in: Bools
    newbuild_in: Bools
    reclaim_out: Bools
    newbuild_out: Bools

    @property
    def reclaim_fixed(self) -> Bools:
        """``(n,)`` bool, in every plan."""
        return np.asarray((self.reclaim_in | ~np.isnat(self.reclaim_day)) & ~self.reclaim_out)

    @property
    def newbuild_fixed(self) -> Bools:
        """``(m,)`` bool, in every plan."""
        return np.asarray((self.newbuild_in | ~np.isnat(self.newbuild_day)) & ~self.newbuild_out)

    @cached_property
    def reclaim_settled(self) -> Bools:
        """``(n,)`` bool, happened on its date."""
        return np.asarray(~np.isnat(self.reclaim_day) & ~self.reclaim_out)

    @cached_property
    def newbuild_settled(self) -> Bools:
        """``(m,)`` bool, happened on its date."""
        return np.asarray(~np.isnat(self.newbuild_day) & ~self.newbuild_out)

    @property
    def years(self) -> List[int]:
        """Years in which a plot can happen or has."""
        return sorted({*self.phases, *year_of(self.newbuild_day[self.newbuild_settled]).tolist()})

    def ends(self) -> Days:
        """``(phases,)`` 31 December of each."""
        return np.array([f"{year:04d}-12-31" for year in self.phases], dtype="datetime64[D]")

    def days(self, more: Days) -> Days:
        """Days on which a running balance may be least: ends of phases, past uses, and ``more``."""
        return np.asarray(np.unique(np.concatenate([self.ends(), self.newbuild_day[self.newbuild_settled], more])))

    def open_in(self, layer: int) -> Bools:
        """``(n or m, phases)`` bool of candidates (0) or sites (1): a dated plot is open in the phase of its year."""
        day, out = ((self.reclaim_day, self.reclaim_out), (self.newbuild_day, self.newbuild_out))[layer]
        found = np.ones((len(day), len(self.phases)), dtype=np.bool_)
        dated = np.flatnonzero(~np.isnat(day))
        phase = np.minimum(np.searchsorted(self.phases, year_of(day[dated])), len(self.phases) - 1)
        found[dated] = False
        found[dated, phase] = True
        found[out] = False
        return found

    def last(self, day: Union[np.datetime64, float]) -> int:
        """Index of the last phase that has ended by a day, or by the end of a year; −1 = none."""
        if isinstance(day, np.datetime64):
            return int((self.ends() <= day).sum()) - 1
        return int((np.array(self.phases) <= day).sum()) - 1

    def past(self, layer: int, amount: Floats, by: Union[np.datetime64, float]) -> float:
        """Sum over the candidates (0) or sites (1) that have happened by a day, or by the end of a year."""
        settled = (self.reclaim_settled, self.newbuild_settled)[layer]
        day = (self.reclaim_day, self.newbuild_day)[layer]
        done = settled & ((day <= by) if isinstance(by, np.datetime64) else (year_of(day) <= by))
        return float(amount[done].sum())

    def phases_in(self, period: Period) -> Tuple[int, int]:
        """First and last index of the phases whose 31 December lies in a period; last before first = none."""
        inside = np.flatnonzero(in_period(self.ends(), period))
        return (int(inside[0]), int(inside[-1])) if len(inside) else (0, -1)

    def within_period(self, period: Period, term: Term) -> Term:
        """The term without plots whose date lies outside a period."""
        sides = ((term.reclaim, self.reclaim_day), (term.newbuild, self.newbuild_day))
        out, new = (np.where(np.isnat(day) | in_period(day, period), amount, 0.0) for amount, day in sides)
        return Term(term.constant, out, new)

    def during(self, period: Period, term: Term) -> Term:
        """The term in a period: plots that have a date in it are in the constant, the others count by their phase."""
        if period == ALWAYS:
            return term
        inside = self.within_period(period, term)
        sides = ((inside.reclaim, self.reclaim_settled), (inside.newbuild, self.newbuild_settled))
        past = sum(float(amount[settled].sum()) for amount, settled in sides)
        out, new = (
            np.where(np.isnat(day), amount, 0.0)
            for amount, day in ((inside.reclaim, self.reclaim_day), (inside.newbuild, self.newbuild_day))
        )
        return Term(inside.constant + past, out, new)

    def cumulative(
        self,
        limit_id: str,
        unit: str,
        constant: float,
        reclaim: Floats,
        newbuild: Floats,
        reclaim_by: Union[np.datetime64, float],
        newbuild_by: Union[np.datetime64, float],
        year: Optional[int] = None,
    ) -> Limit:
        """``constant`` + what happens by a day (or by the end of a year) ≥ 0; past plots are in the constant."""
        past = self.past(0, reclaim, reclaim_by) + self.past(1, newbuild, newbuild_by)
        last = self.last(reclaim_by)
        named = year if year is not None else self.phases[max(last, 0)]
        return Limit(
            limit_id,
            "",
            unit,
            round(constant + past, 6),
            np.where(np.isnat(self.reclaim_day), reclaim, 0.0),
            np.where(np.isnat(self.newbuild_day), newbuild, 0.0),
            (0, last),
            (0, self.last(newbuild_by)),
            named,
        )

    def within(self, limit_id: str, unit: str, constant: float, newbuild: Floats, year: int) -> Limit:
        """``constant`` + what sites do in one year ≥ 0."""
        then = self.newbuild_settled & (year_of(self.newbuild_day) == year)
        phase = (self.phases.index(year),) * 2 if year in self.phases else (0, -1)
        none = np.zeros(len(self.reclaim_day))
        # Of a year that is no phase only what has happened counts.
        free = np.where(np.isnat(self.newbuild_day) & (year in self.phases), newbuild, 0.0)
        constant = round(constant + float(newbuild[then].sum()), 6)
        return Limit(limit_id, "", unit, constant, none, free, (0, -1), phase, year)


def moments(
    phases: Sequence[int],
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    locks: Tuple[Bools, Bools, Bools, Bools],
) -> Moments:
    """Phases and the dates of plots; ``locks`` are reclaim in, new-build in, reclaim out, new-build out."""
    never = np.datetime64("NaT", "D")
    return Moments(
        check_phases(phases),
        np.where(reclaim.dated, reclaim.day, never),
        np.where(newbuild.dated, newbuild.day, never),
        *locks,
    )


def year_of(day: Days) -> Ints:
    """Years; of NaT a number below any year."""
    return np.asarray(day.astype("datetime64[Y]").astype(np.int64) + 1970)
