"""Reclaim first, then use (先垦后用): the running balance of quota over time.

Source: R3; 06-balance 6.2; 00-supplement 1.4.9 (credit), 1.7 (dates, start-up quota). On one day credit comes before
debit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.change import Changes, sum_by
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots


@dataclass(frozen=True)
class StartUp:
    """Start-up quota (启动指标): ``amount`` hundredths lent until the day ``due``, when reclamation must cover it."""

    amount: int
    due: np.datetime64


@dataclass(frozen=True)
class Year:
    """One row of the yearly plan (T13), hundredths of a m².

    ``balance`` is that at the year's end, with what is ``lent`` then: start-up quota that is not yet due.
    """

    year: int
    credit: int
    debit: int
    balance: int
    lent: int = 0


def credits(change: Changes, reclaim: ReclaimPlots) -> Ints:
    """Quota of every reclaim plot: the reclaimed construction land, at most what was accepted.

    Land reclaimed and not yet measured counts with its planned area.
    """
    planned = sum_by(change.plots.reclaim, change.reclaimed, len(reclaim))
    accepted = to_units(np.minimum(np.nan_to_num(reclaim.accepted_m2), to_m2(planned)))
    return np.where(np.isnan(reclaim.accepted_m2), planned, accepted)


def timeline(
    change: Changes,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    as_of: str = "",
    lent: Sequence[StartUp] = (),
) -> Tuple[Tuple[Year, ...], Mapping[str, Optional[float]]]:
    """Yearly credits and debits, and the smallest balance at any date.

    Parameters
    ----------
    lent
        Start-up quota: credit before its due date, taken back on it.

    Returns
    -------
    years
        From the first to the last year with an event.
    margins
        ``reclaim_first_margin_m2`` (quota: linked new-build against reclamation) and ``credit_m2``,
        with start-up quota also ``start_quota_m2``; a margin is None where a plot that matters has no date.
        Those of cultivated land are in ``core.cultivatedlines``.
    """
    linked = np.append(newbuild.quota_source == "linked", False)[change.plots.newbuild]
    debit = sum_by(change.plots.newbuild, np.where(linked, change.added, 0), len(newbuild))
    credit = credits(change, reclaim)
    reclaim_day, newbuild_day = _until(reclaim.day, as_of), _until(newbuild.day, as_of)
    margins = {
        "reclaim_first_margin_m2": smallest_balance(reclaim_day, credit, newbuild_day, debit, lent, as_of),
        "credit_m2": float(to_m2(credit.sum())),
    }
    if lent:
        margins["start_quota_m2"] = float(to_m2(sum(one.amount for one in lent)))
    return _years(reclaim_day, credit, newbuild_day, debit, lent), margins


def outstanding(lent: Sequence[StartUp], days: NDArray[np.datetime64]) -> Ints:
    """``(n,)`` hundredths of start-up quota not yet due at the end of each of ``days``."""
    return np.asarray(sum((one.amount * (days < one.due) for one in lent), np.zeros(len(days))), dtype=np.int64)


def _until(days: NDArray[np.datetime64], as_of: str) -> NDArray[np.datetime64]:
    if not as_of:
        return days
    return np.where(days <= np.datetime64(as_of, "D"), days, np.datetime64("NaT"))


def smallest_balance(
    plus_day: NDArray[np.datetime64],
    plus: Ints,
    minus_day: NDArray[np.datetime64],
    minus: Ints,
    lent: Sequence[StartUp] = (),
    as_of: str = "",
) -> Optional[float]:
    """Smallest running balance at the end of a day on which it falls, or what was lent falls due after it.

    A plot that ends with less than it had (cultivated land turned into a pond) is a use of its own. Not known when a
    use has no date, nor when the credit that is short might come from a plot without one.
    """
    days = np.unique(np.concatenate([minus_day[minus != 0], plus_day[plus < 0]]))
    if np.isnat(days).any():
        return None
    if not len(days):
        return float(to_m2(plus[~np.isnat(plus_day)].sum()))
    due = _until(np.array([one.due for one in lent], dtype="datetime64[D]"), as_of)
    days = np.union1d(days, due[due > days[0]])
    balance = _running(days, plus_day, plus) - _running(days, minus_day, minus) + outstanding(lent, days)
    if balance.min() < 0 and (plus[np.isnat(plus_day)] > 0).any():
        return None
    return float(to_m2(balance.min()))


def _running(days: NDArray[np.datetime64], event_day: NDArray[np.datetime64], amount: Ints) -> Ints:
    known = ~np.isnat(event_day)
    order = np.argsort(event_day[known], kind="stable")
    sums = np.concatenate([[0], np.cumsum(amount[known][order])])
    return np.asarray(sums[np.searchsorted(event_day[known][order], days, side="right")], dtype=np.int64)


def _years(
    plus_day: NDArray[np.datetime64],
    plus: Ints,
    minus_day: NDArray[np.datetime64],
    minus: Ints,
    lent: Sequence[StartUp] = (),
) -> Tuple[Year, ...]:
    days = np.concatenate([plus_day, minus_day])
    days = days[~np.isnat(days)]
    if not len(days):
        return ()
    first, last = days.min().astype("datetime64[Y]").astype(int), days.max().astype("datetime64[Y]").astype(int)
    out, balance = [], 0
    for number in range(first, last + 1):
        credit = int(plus[plus_day.astype("datetime64[Y]").astype(int) == number].sum())
        debit = int(minus[minus_day.astype("datetime64[Y]").astype(int) == number].sum())
        balance += credit - debit
        still = int(outstanding(lent, np.array([f"{1970 + number:04d}-12-31"], dtype="datetime64[D]"))[0])
        out.append(Year(1970 + number, credit, debit, balance + still, still))
    return tuple(out)
