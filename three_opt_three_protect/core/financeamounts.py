"""What every item comes to, by plot and for the township, in whole fen.

An amount that is not known is never 0: what is known of it is summed, and how many plots it lacks is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.financedrivers import NO_YEAR, UNKNOWN, Bools, Subjects, sums_known
from three_opt_three_protect.core.financeitems import COST, EXPENSE, PRICE, TOWNSHIP_DRIVERS, Item
from three_opt_three_protect.core.financephases import rounded
from three_opt_three_protect.core.financeprices import Prices
from three_opt_three_protect.core.pieces import Ints

FEN = 100
"""Fen in a yuan, and hundredths in a unit of a driver."""


@dataclass(frozen=True)
class Amount:
    """One item.

    Attributes
    ----------
    quantity
        Whole hundredths of the driver's unit; None = not known for some plots, or the driver is no quantity.
    price
        Yuan a unit, or a share, where one price holds for all; else None.
    fen
        The known part.
    missing
        Plots (or 1 for the township) it is not known for.
    by_plot
        ``(p,)`` fen of every plot, 0 where it is not known or the item is the township's; ``lacking`` marks these.
    by_year
        Year → fen, :data:`NO_YEAR` for plots without a date.
    stated
        Plots whose own cost or price was used.
    """

    item: Item
    quantity: Optional[int]
    price: Optional[float]
    fen: int
    missing: int
    by_plot: Ints
    lacking: Bools
    by_year: Mapping[int, int]
    stated: int = 0


_MOST_FEN = 2**53
"""Fen of one amount: 90 万亿元.  Sums of plots stay within int64, and yuan within float64."""


def fen_of(yuan: float) -> int:
    """Yuan → whole fen, half away from zero.

    Raises
    ------
    InputError
        ``money_too_large``.
    """
    return _checked(rounded(Fraction(str(yuan)) * FEN))


def amount(quantity: int, price_fen: int) -> int:
    """Whole hundredths of a unit × fen a unit → whole fen; ``money_too_large`` as in :func:`fen_of`."""
    return _checked(rounded(Fraction(quantity * price_fen, FEN)))


def _checked(fen: int) -> int:
    if abs(fen) > _MOST_FEN:
        raise InputError("money_too_large", value=float(fen) / FEN)
    return fen


def plot_amount(item: Item, held: Subjects, prices: Prices) -> Amount:
    """An item that is counted by plot."""
    quantity = counted(item, held)
    fen = np.zeros(len(held), dtype=np.int64)
    lacking = np.zeros(len(held), dtype=np.bool_)
    used: List[float] = []
    stated = 0
    for row in range(len(held)):
        if item.stated == COST and held.reclaim[row] and held.on[row] and not np.isnan(held.cost[row]):
            fen[row], stated = fen_of(held.cost[row]), stated + 1
        elif quantity[row] != 0:
            own = item.stated == PRICE and not np.isnan(held.price[row])
            price = held.price[row] if own else prices.of(item, *_where(held, row))
            stated += own
            if price is None or (quantity[row] == UNKNOWN and price != 0):
                lacking[row] = True
                continue
            used.append(float(price))
            fen[row] = amount(max(int(quantity[row]), 0), fen_of(float(price)))
    same = used[0] if used and not stated and len(set(used)) == 1 else None
    price_shown = same if used or stated else prices.of(item)
    return Amount(
        item, sums_known(quantity.tolist()), price_shown, int(fen.sum()), int(lacking.sum()), fen, lacking,
        _by_year(fen, held), stated,
    )  # fmt: skip


def counted(item: Item, held: Subjects) -> Ints:
    """``(p,)`` what of the driver the item applies to: by use, and not what a stated cost has in it."""
    quantity = held.quantity[item.driver].copy()
    if item.uses:
        applies = np.isin(held.use.astype(str), item.uses)
        if item.stated == PRICE:
            applies |= ~np.isnan(held.price)
        quantity = np.where(applies, quantity, 0)
    if item.within == COST:
        quantity = np.where(held.reclaim & ~np.isnan(held.cost), 0, quantity)
    return np.asarray(quantity, dtype=np.int64)


def _where(held: Subjects, row: int) -> Tuple[str, Optional[int]]:
    year = int(held.year[row])
    return str(held.unit_code[row] or ""), None if year == NO_YEAR else year


def _by_year(fen: Ints, held: Subjects) -> Mapping[int, int]:
    found: Dict[int, int] = {}
    for row in np.flatnonzero(fen).tolist():
        year = int(held.year[row])
        found[year] = found.get(year, 0) + int(fen[row])
    return found


def township_amount(item: Item, held: Subjects, prices: Prices) -> Amount:
    """An item of the township as a whole: once in the years of the price table, else at the plan's end (or start)."""
    quantity = held.township[item.driver]
    years = sorted({int(year) for year in held.year if year != NO_YEAR}) or [NO_YEAR]
    # What is sold is sold when all is done; what is built for all is built first.
    when = list(prices.years(item)) or [years[-1] if item.side != EXPENSE else years[0]]
    by_year: Dict[int, int] = {}
    for year in when if item.driver == "once" else when[-1:]:
        price = prices.of(item, "", year)
        if price is None or quantity is None:
            if quantity != 0:
                return _unknown(item, held, quantity, price)
            continue
        by_year[year] = amount(quantity, fen_of(price))
    nothing = np.zeros(len(held), dtype=np.int64)
    one = prices.of(item) if len(by_year) < 2 and not prices.years(item) else None
    return Amount(item, quantity, one, sum(by_year.values()), 0, nothing, nothing.astype(np.bool_), by_year)


def share_amount(item: Item, held: Subjects, prices: Prices, expenses: Sequence[Amount]) -> Amount:
    """A share of all other expenses (不可预见费), year by year."""
    share = prices.of(item)
    base: Dict[int, int] = {}
    for one in expenses:
        for year, fen in one.by_year.items():
            base[year] = base.get(year, 0) + fen
    open_ = any(one.missing for one in expenses)
    if share is None and (any(base.values()) or open_):
        return _unknown(item, held, None, None)
    rate = Fraction(str(share or 0.0))
    by_year = {year: rounded(rate * fen) for year, fen in base.items()}
    nothing = np.zeros(len(held), dtype=np.int64)
    missing = int(open_ and rate != 0)
    return Amount(item, None, share, sum(by_year.values()), missing, nothing, nothing.astype(np.bool_), by_year)


def interest_amount(
    item: Item, held: Subjects, rate: Optional[float], by_year: Mapping[int, int], sure: bool
) -> Amount:
    """Interest on the running gap; ``sure`` = all that makes the gap is known, and the rate where there is one."""
    nothing = np.zeros(len(held), dtype=np.int64)
    total = sum(by_year.values())
    return Amount(item, None, rate, total, int(not sure), nothing, nothing.astype(np.bool_), by_year)


def _unknown(item: Item, held: Subjects, quantity: Optional[int], price: Optional[float]) -> Amount:
    nothing = np.zeros(len(held), dtype=np.int64)
    return Amount(item, quantity, price, 0, 1, nothing, nothing.astype(np.bool_), {})


def is_township(item: Item) -> bool:
    """The item is counted once for the township."""
    return item.driver in TOWNSHIP_DRIVERS
