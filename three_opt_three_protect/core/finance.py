"""The money of a plan (资金平衡, T14): what it costs, what it brings in, when, and at which price it closes.

Sources: 06-balance 6.2 (net quota R − N of resettlement), 6.5 T14; 00-supplement 1.7 c (rent in between), M25 (funding
closed); 10-defaults Q15 (prices that are not known stay so).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.money import BUDGET
from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.financeamounts import (
    FEN,
    Amount,
    amount,
    counted,
    fen_of,
    interest_amount,
    is_township,
    plot_amount,
    share_amount,
    township_amount,
)
from three_opt_three_protect.core.financedrivers import NO_YEAR, UNKNOWN, Subjects
from three_opt_three_protect.core.financeitems import EXPENSE, INCOME, PRICE, Item
from three_opt_three_protect.core.financephases import Phase, phases, smallest_price
from three_opt_three_protect.core.financeprices import Prices
from three_opt_three_protect.core.measure import to_mu
from three_opt_three_protect.core.rules import PASS, WARN, Profile, Verdict
from three_opt_three_protect.core.rules import UNKNOWN as NOT_KNOWN
from three_opt_three_protect.core.targets import Target

TOTAL_RULE, PHASE_RULE = "funding_total", "funding_phase"
"""Verdicts of M25: over the whole plan, and at the end of every year."""

_ByYear = Dict[int, int]


@dataclass(frozen=True)
class Finance:
    """The money of a plan, whole fen.

    Attributes
    ----------
    amounts
        Every item, in the profile's order, interest last.
    phases
        Year by year; what has no date is in none (``undated``: expense, income).
    budget
        Money from elsewhere by year (targets ``budget_yuan``); without a year at the first.
    quota_mu
        Net quota R − N of resettlement, 亩; None = not known.
    break_even
        Fen a 亩 of transferred land at which income covers all expenses; None = not known or none does.
    """

    subjects: Subjects
    amounts: Tuple[Amount, ...]
    phases: Tuple[Phase, ...]
    undated: Tuple[int, int]
    budget: Mapping[int, int]
    quota_mu: Optional[float]
    break_even: Optional[int]
    verdicts: Tuple[Verdict, ...]

    def of(self, side: str) -> Tuple[Amount, ...]:
        """The items of one side."""
        return tuple(one for one in self.amounts if one.item.side == side)

    def known(self, side: str) -> int:
        """Sum of what is known of one side."""
        return sum(one.fen for one in self.of(side))

    def total(self, side: str) -> Optional[int]:
        """Sum of one side; None where an item of it is not known."""
        return None if any(one.missing for one in self.of(side)) else self.known(side)

    @property
    def balance(self) -> Optional[int]:
        """Income − expense; None where one of them is not known."""
        income, expense = self.total(INCOME), self.total(EXPENSE)
        return None if income is None or expense is None else income - expense

    @property
    def cost_per_mu(self) -> Optional[float]:
        """Yuan of expense a 亩 of net quota; None without quota."""
        expense = self.total(EXPENSE)
        if expense is None or self.quota_mu is None or self.quota_mu <= 0:
            return None
        return round(expense / FEN / self.quota_mu, 2)


def finance(
    balance: Balance, held: Subjects, items: Sequence[Item], prices: Prices, targets: Sequence[Target], profile: Profile
) -> Finance:
    """Amounts, years, interest, break-even price and verdicts.

    Parameters
    ----------
    items
        Those that count, see :func:`financeitems.chosen_items`.
    targets
        ``budget_yuan`` is money there is besides; its year is that from which on it is there.
    """
    plain = [item for item in items if item.driver not in ("expenses", "gap")]
    made = [
        township_amount(item, held, prices) if is_township(item) else plot_amount(item, held, prices) for item in plain
    ]
    direct = [one for one in made if one.item.side == EXPENSE]
    made += [share_amount(item, held, prices, direct) for item in items if item.driver == "expenses"]
    money = _budget(targets, held)
    interest = next((item for item in items if item.driver == "gap"), None)
    rate = None if interest is None else prices.of(interest)
    years = phases(_dated(made, EXPENSE), _dated(made, INCOME), money, rate)
    if interest is not None:
        by_year = {one.year: one.interest for one in years if one.interest}
        made.append(interest_amount(interest, held, rate, by_year, _sure(made, years, rate)))
    undated = (_undated(made, EXPENSE), _undated(made, INCOME))
    surplus = balance.accounts.value("surplus_m2")
    quota = None if surplus is None else float(to_mu(np.array([surplus]))[0])
    found = Finance(held, tuple(made), years, undated, money, quota, _break_even(held, made, rate), ())
    verdicts = (_total_verdict(found, profile), _phase_verdict(found, profile))
    return Finance(held, found.amounts, years, undated, money, quota, found.break_even, verdicts)


def _dated(amounts: Sequence[Amount], side: str) -> _ByYear:
    found: _ByYear = {}
    for one in amounts:
        if one.item.side == side:
            for year, fen in one.by_year.items():
                if year != NO_YEAR:
                    found[year] = found.get(year, 0) + fen
    return found


def _undated(amounts: Sequence[Amount], side: str) -> int:
    return sum(one.by_year.get(NO_YEAR, 0) for one in amounts if one.item.side == side)


def _budget(targets: Sequence[Target], held: Subjects) -> _ByYear:
    """Money from elsewhere; what states no year is there from the first on."""
    known = [int(year) for year in held.year if year != NO_YEAR]
    found: _ByYear = {}
    for target in targets:
        if target.indicator == BUDGET and not target.unit_code:
            year = target.year or (min(known) if known else NO_YEAR)
            found[year] = found.get(year, 0) + fen_of(target.value)
    return found


def _sure(amounts: Sequence[Amount], years: Sequence[Phase], rate: Optional[float]) -> bool:
    """Whether the interest is known: no gap and no way to one, or all amounts, all dates and the rate."""
    if rate == 0:
        return True
    if any(one.missing or one.by_year.get(NO_YEAR) for one in amounts):
        return False
    return rate is not None or not any(one.gap for one in years[:-1])


# The price at which it closes


def _break_even(held: Subjects, amounts: Sequence[Amount], rate: Optional[float]) -> Optional[int]:
    """Fen a 亩, the same for all transferred land."""
    transfer = next((one for one in amounts if one.item.stated == PRICE and one.item.side == INCOME), None)
    interest = [one for one in amounts if one.item.driver == "gap"]
    rest = [one for one in amounts if one is not transfer and one not in interest]
    if transfer is None or any(one.missing for one in rest):
        return None
    area = counted(transfer.item, held)
    if (area == UNKNOWN).any() or not (area > 0).any():
        return None
    expense, other = _dated(rest, EXPENSE), _dated(rest, INCOME)
    loose = _undated(rest, INCOME) - _undated(rest, EXPENSE)

    def at(price: int) -> Tuple[Tuple[Phase, ...], int]:
        """Years at a price, and what is over in the end."""
        income, late = dict(other), loose
        for row in np.flatnonzero(area).tolist():
            year, fen = int(held.year[row]), amount(int(area[row]), price)
            if year == NO_YEAR:
                late += fen
            else:
                income[year] = income.get(year, 0) + fen
        found = phases(expense, income, {}, rate)
        return found, late + (found[-1].running if found else 0)

    price = smallest_price(lambda fen: at(fen)[1] >= 0)
    if price is not None and interest and rate is None and any(one.gap for one in at(price)[0][:-1]):
        return None
    return price


# Verdicts


def _total_verdict(found: Finance, profile: Profile) -> Verdict:
    budget = sum(found.budget.values())
    return _verdict(found, profile, TOTAL_RULE, found.known(INCOME) + budget, found.known(EXPENSE), False)


def _phase_verdict(found: Finance, profile: Profile) -> Verdict:
    """The year with the largest gap: what there is by its end against what is spent by then."""
    if not found.phases:
        return _verdict(found, profile, PHASE_RULE, 0, 0, any(found.undated))
    worst = min(found.phases, key=lambda one: (one.running, one.year))
    upto = [one for one in found.phases if one.year <= worst.year]
    left = sum(one.income + one.budget for one in upto)
    return _verdict(found, profile, PHASE_RULE, left, left - worst.running, any(found.undated))


def _verdict(found: Finance, profile: Profile, rule: str, left: int, right: int, undated: bool) -> Verdict:
    """``left`` ≥ ``right``, as far as is known: unknown amounts are not below zero, so they may settle it.

    Unknown expenses can only make it worse, unknown incomes only better.
    """
    setting = profile.settings["funding_rules"]
    missing: List[str] = [one.item.id for one in found.amounts if one.missing]
    lacks = {side: any(one.missing for one in found.of(side)) for side in (EXPENSE, INCOME)}
    sure = not missing and not undated
    if left >= right:
        result = PASS if not lacks[EXPENSE] and not undated else NOT_KNOWN
    else:
        result = WARN if not lacks[INCOME] and not undated else NOT_KNOWN
    margin = (left - right) / FEN if sure else None
    known = result != NOT_KNOWN
    return Verdict(
        rule, "", result, False, left / FEN if known else None, right / FEN if known else None, margin, "yuan",
        setting.basis, setting.status, "", tuple(missing),
    )  # fmt: skip
