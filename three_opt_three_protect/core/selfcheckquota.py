"""Reclaim first, then use (先垦后用): whether there was quota on the day a new-build plot was approved.

Source: R3, 00-supplement 1.7.  Credit counts on the day of registration or acceptance, a debit on the day of
approval; on one day credit comes before debit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.selfcheckrules import FACTS
from three_opt_three_protect.core.timeline import StartUp, outstanding

Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

NONE, COVERED, SHORT, UNKNOWN = range(len(FACTS["quota"]))


@dataclass(frozen=True)
class Movements:
    """Plots that give or take quota: ``(m,)`` day (NaT = none) and hundredths of a m²; ``stated`` = a date is given."""

    day: Days
    amount: Ints
    stated: NDArray[np.bool_]


def quota_on_the_day(credit: Movements, debit: Movements, lent: Sequence[StartUp] = ()) -> Ints:
    """``(m,)`` index into ``FACTS["quota"]`` of every debit.

    A plot that takes nothing is ``none``; ``unknown`` where its day is, or where the balance is short only because
    plots that should be reclaimed by then state no acceptance.  All debits of one day are judged alike.  Start-up
    quota (``lent``) counts until it is due.
    """
    out = np.full(len(debit.day), NONE, dtype=np.int64)
    taking = debit.amount > 0
    out[taking] = UNKNOWN
    dated = taking & ~np.isnat(debit.day)
    for day in np.unique(debit.day[dated]):
        had = credit.amount[credit.stated & (credit.day <= day)].sum() + outstanding(lent, np.array([day]))[0]
        perhaps = credit.amount[~credit.stated & (np.isnat(credit.day) | (credit.day <= day))].sum()
        used = debit.amount[dated & (debit.day <= day)].sum()
        verdict = COVERED if had >= used else UNKNOWN if had + perhaps >= used else SHORT
        out[dated & (debit.day == day)] = verdict
    return out
