"""The accounts of cultivated land over its events: by kind, in three measures, over time, by year.

Sources: 06-balance 6.3 (quantity, paddy and yield are three balances), R5, R15, 00-supplement 1.5, M17 (进出平衡, from
2025 all kinds in one balance). C after = C base + F − Z + other changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.base import Bools
from three_opt_three_protect.core.cultivated import (
    MEASURES,
    PADDY,
    PRODUCTIVITY,
    QUANTITY,
    Events,
    Floats,
    compensating,
    flowing,
)
from three_opt_three_protect.core.otherchanges import QUALITY
from three_opt_three_protect.core.periods import in_period
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import ALWAYS, Line, Period, Profile
from three_opt_three_protect.core.timeline import smallest_balance

SUPPLIED_ALL, OCCUPIED_ALL = "supplied_all_m2", "occupied_all_m2"
"""Lines of all kinds: a rule that compares them brings every kind into one balance."""

_SUFFIX: Mapping[str, str] = {QUANTITY: "m2", PADDY: "paddy_m2", PRODUCTIVITY: "kg"}


@dataclass(frozen=True)
class CultivatedAccount:
    """Events on cultivated land and what they are counted by.

    ``stated`` is True where other changes than those of the plots are known: only then are the accounts of all
    kinds known. ``occupations`` and ``supplements`` are the profile's kinds in its order;
    in ``periods`` a rule brings all kinds into one balance.
    """

    events: Events
    stated: bool
    occupations: Tuple[str, ...]
    supplements: Tuple[str, ...]
    periods: Tuple[Period, ...]

    @property
    def all_kinds(self) -> Bools:
        """``(n,)`` bool, a rule of the event's date brings all kinds into one balance."""
        found = np.zeros(len(self.events), dtype=np.bool_)
        for period in self.periods:
            found |= in_period(self.events.day, period) | (period == ALWAYS)
        return found

    def partly(self, year: int) -> bool:
        """All kinds count in some of the year, and only those of the plots are known."""
        first, last = f"{year:04d}-01-01", f"{year:04d}-12-31"
        touched = any(start <= last and (not end or end >= first) for start, end in self.periods)
        return touched and not self.stated

    @property
    def counted(self) -> Bools:
        """``(n,)`` bool, the event counts in 占补平衡 by the rules of its date."""
        return np.asarray(compensating(self.events) | self.all_kinds, dtype=np.bool_)

    @property
    def years(self) -> Tuple[int, ...]:
        """From the first to the last year of an event that counts."""
        days = self.events.day[self.counted & ~np.isnat(self.events.day)]
        if not len(days):
            return ()
        found = days.astype("datetime64[Y]").astype(np.int64) + 1970
        return tuple(range(int(found.min()), int(found.max()) + 1))


def cultivated_account(events: Events, stated: bool, profile: Profile) -> CultivatedAccount:
    """The account of ``events`` under a profile."""
    periods = tuple(rule.period for rule in profile.rules if SUPPLIED_ALL in rule.left and OCCUPIED_ALL in rule.right)
    occupations, supplements = profile.word_of("occupation_kinds"), profile.word_of("supplement_kinds")
    return CultivatedAccount(events, stated, tuple(occupations), tuple(supplements), periods)


def event_lines(account: CultivatedAccount, units: Sequence[str]) -> List[Line]:
    """Sums of events for the township (``""``) and each village; None where an amount is not known.

    Accounts of all kinds are None where other changes are not stated.
    """
    events = account.events
    rows = {unit: row for row, unit in enumerate(units)}
    of = np.array([rows.get(unit or "", -1) for unit in events.unit_code], dtype=np.int64)
    signed = np.where(events.supplement, 1.0, -1.0)
    closed, flows = compensating(events), flowing(events)
    wins, takes = events.supplement, ~events.supplement
    area = events.amounts[QUANTITY]
    sums: Dict[str, Tuple[Bools, Floats, bool]] = {
        "compensation_supplied_m2": (closed & wins, area, True),
        "compensation_occupied_m2": (closed & takes, area, True),
        "other_change_m2": (~events.planned, signed * area, account.stated),
    }
    for measure, suffix in _SUFFIX.items():
        amount = events.amounts[measure]
        sums[f"supplied_all_{suffix}"] = (wins, amount, account.stated)
        sums[f"occupied_all_{suffix}"] = (takes, amount, account.stated)
    sums["turned_in_m2"] = (flows & wins, area, account.stated)
    sums["turned_out_m2"] = (flows & takes, area, account.stated)
    for kind in account.occupations:
        sums[f"occupied_{kind}_m2"] = (takes & (events.kind == kind), area, account.stated)
    for kind in account.supplements:
        sums[f"supplied_{kind}_m2"] = (wins & (events.kind == kind), area, account.stated)
    quality = {
        "paddy_supplied_m2": (closed & wins, events.amounts[PADDY], True),
        "paddy_occupied_m2": (closed & takes, events.amounts[PADDY], True),
        "productivity_supplied_kg": (closed & wins, events.amounts[PRODUCTIVITY], True),
        "productivity_occupied_kg": (closed & takes, events.amounts[PRODUCTIVITY], True),
    }
    lines = []
    for name, parts in (("cultivated", sums), ("quality", quality)):
        for line, (where, amount, known) in parts.items():
            values = _by_unit(of, np.where(where, amount, 0.0), len(units)) if known else [None] * len(units)
            unit_of = "kg" if line.endswith("_kg") else "m2"
            lines += [Line(name, unit, line, value, unit_of) for unit, value in zip(units, values)]
    return lines


def _by_unit(of: Ints, amount: Floats, count: int) -> List[Optional[float]]:
    """Sums by unit; the first unit is the township and has them all."""
    inside = of > 0
    sums = np.bincount(of[inside], amount[inside], count).astype(np.float64)
    sums[0] = amount.sum()
    return [None if np.isnan(value) else float(value) / 100.0 for value in sums]


def first_margins(account: CultivatedAccount) -> Dict[str, Optional[float]]:
    """Smallest running balance (先补后占) of cultivated land, paddy and yield, and of all kinds.

    Returns
    -------
    dict
        ``cultivated_first_margin_m2`` (what the plots take and other construction, against what makes up for it),
        ``paddy_first_margin_m2``, ``productivity_first_margin_kg``, ``all_first_margin_m2``; None where an amount or
        a date that matters is not known.
    """
    events = account.events
    closed = compensating(events)
    plots = closed | (events.planned & ~events.supplement)
    found = {
        "cultivated_first_margin_m2": _smallest(events, plots & (events.effect != QUALITY), QUANTITY),
        "paddy_first_margin_m2": _smallest(events, closed, PADDY),
        "productivity_first_margin_kg": _smallest(events, closed, PRODUCTIVITY),
        "all_first_margin_m2": None,
    }
    if account.stated:
        found["all_first_margin_m2"] = _smallest(events, np.ones(len(events), dtype=np.bool_), QUANTITY)
    return found


def _smallest(events: Events, where: Bools, measure: str) -> Optional[float]:
    amount = events.amounts[measure]
    if np.isnan(amount[where]).any():
        return None
    wins, takes = where & events.supplement, where & ~events.supplement
    plus, minus = amount[wins].astype(np.int64), amount[takes].astype(np.int64)
    return smallest_balance(events.day[wins], plus, events.day[takes], minus)


@dataclass(frozen=True)
class YearOf:
    """One year of one measure, whole hundredths; ``rest`` is what is left at its end, NaN where not known."""

    year: int
    supplied: float
    occupied: float
    rest: float


def yearly(account: CultivatedAccount, measure: str) -> Tuple[YearOf, ...]:
    """Year by year what counts in 占补平衡 by the rules of its date (T9).

    What has no date stands in no year, and no rest is known then. A year in which all kinds count is not known
    where other changes are not stated.
    """
    events, counted = account.events, account.counted
    amount = events.amounts[measure]
    years = events.day.astype("datetime64[Y]").astype(np.int64) + 1970
    undated = counted & np.isnat(events.day) & (amount != 0)
    rest, out = (np.nan if undated.any() else 0.0), []
    for year in account.years:
        here = counted & (years == year)
        partly = np.nan if account.partly(year) else 0.0
        supplied = float(amount[here & events.supplement].sum()) + partly
        occupied = float(amount[here & ~events.supplement].sum()) + partly
        rest += supplied - occupied
        out.append(YearOf(year, supplied, occupied, rest))
    return tuple(out)


def yearly_lines(account: CultivatedAccount) -> List[Line]:
    """``MEASURE_supplied_YEAR``, ``…_occupied_…``, ``…_rest_…`` of the township."""
    lines = []
    for measure, unit in MEASURES.items():
        for one in yearly(account, measure):
            for name in ("supplied", "occupied", "rest"):
                value = getattr(one, name)
                known = None if np.isnan(value) else float(value) / 100.0
                lines.append(Line("time", "", f"{measure}_{name}_{one.year}", known, unit))
    return lines
