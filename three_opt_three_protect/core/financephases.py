"""Money year by year: running balance, funding gap, interest on it, and the price at which a plan closes.

All amounts are whole fen.  Interest of a year is due on the gap at the end of the year before; it is added to the
year's expenses.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Callable, Mapping, Optional, Tuple

MOST_FEN = 10**12
"""Ten thousand million yuan a 亩: no price is higher."""


@dataclass(frozen=True)
class Phase:
    """One year, fen; ``budget`` is money from elsewhere that is stated for it."""

    year: int
    expense: int
    income: int
    interest: int
    budget: int
    running: int

    @property
    def balance(self) -> int:
        """Income − expense − interest of the year."""
        return self.income - self.expense - self.interest

    @property
    def gap(self) -> int:
        """What is lacking at the end of the year, with all that went before."""
        return max(-self.running, 0)


def phases(
    expense: Mapping[int, int], income: Mapping[int, int], budget: Mapping[int, int], rate: Optional[float]
) -> Tuple[Phase, ...]:
    """From the first year with money to the last.

    Parameters
    ----------
    rate
        Share of the gap that a year costs; None = nothing is counted.
    """
    years = {year for amounts in (expense, income, budget) for year, amount in amounts.items() if amount}
    if not years:
        return ()
    out, running = [], 0
    for year in range(min(years), max(years) + 1):
        interest = rounded(Fraction(str(rate or 0.0)) * max(-running, 0))
        spent, won, more = expense.get(year, 0), income.get(year, 0), budget.get(year, 0)
        running += won + more - spent - interest
        out.append(Phase(year, spent, won, interest, more, running))
    return tuple(out)


def rounded(amount: Fraction) -> int:
    """Whole fen, half away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * int(abs(amount) + Fraction(1, 2))


def smallest_price(closes: Callable[[int], bool]) -> Optional[int]:
    """The smallest whole fen at which a plan closes; None where no price does.

    Parameters
    ----------
    closes
        Whether a plan closes at a price; once it does it does at all higher ones.
    """
    if closes(0):
        return 0
    high = 1
    while not closes(high):
        high *= 2
        if high > MOST_FEN:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if closes(middle) else (middle, high)
    return high
