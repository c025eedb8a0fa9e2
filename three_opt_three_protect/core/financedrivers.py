"""What prices are multiplied with: households, areas and floors of plots, whole hundredths of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.financeitems import NEWBUILD_DRIVERS, RECLAIM_DRIVERS, TOWNSHIP_DRIVERS
from three_opt_three_protect.core.measure import to_m2, to_mu, to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.plotfacts import flats, uninhabited
from three_opt_three_protect.core.plothome import home_units
from three_opt_three_protect.core.rules import Profile

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_YEAR = 0
"""The year of a plot that has none."""


@dataclass(frozen=True)
class Subjects:
    """The plots of a plan, reclaim plots first, ``(p,)`` each; and what is counted of them.

    Attributes
    ----------
    reclaim
        Bool, else it is a new-build plot.
    on
        The plot counts by the date asked for.
    year
        Int64, :data:`NO_YEAR` where it has no date.
    area
        Float, 亩 with two decimals as the tables print it.
    cost, price
        Yuan, and yuan a 亩, as the plot states them; NaN where it does not.
    quantity
        Driver → ``(p,)`` whole hundredths of its unit, −1 where not known; 0 for plots it does not apply to.
    township
        Driver → whole hundredths, None where not known.
    """

    plot_id: Texts
    unit_code: Texts
    reclaim: Bools
    use: Texts
    on: Bools
    year: Ints
    area: Floats
    cost: Floats
    price: Floats
    quantity: Mapping[str, Ints]
    township: Mapping[str, Optional[int]]

    def __len__(self) -> int:
        return len(self.plot_id)


UNKNOWN = -1


def subjects(balance: Balance, floor_m2: Floats, profile: Profile, as_of: str = "") -> Subjects:
    """Plots and drivers of a plan.

    Parameters
    ----------
    floor_m2
        ``(m,)`` floor area of every new-build plot, NaN where not stated.
    as_of
        As of the balance: later plots do not count.
    """
    out, new, change = balance.reclaim, balance.newbuild, balance.changes
    plots, n, m = change.plots, len(out), len(new)
    both = np.concatenate([out.day, new.day])
    year = np.where(np.isnat(both), NO_YEAR, both.astype("datetime64[Y]").astype(np.int64) + 1970)
    on = np.ones(n + m, dtype=np.bool_) if not as_of else both <= np.datetime64(as_of, "D")
    gross = np.concatenate([sum_by(index, plots.area, c) for index, c in ((plots.reclaim, n), (plots.newbuild, m))])
    units = [
        home_units(balance.base, plots.base, index, plots.area, each.unit_code)
        for index, each in ((plots.reclaim, out), (plots.newbuild, new))
    ]
    quantities = _quantities(balance, gross, floor_m2, profile)
    here = np.arange(n + m) < n
    return Subjects(
        np.concatenate([out.plot_id, new.plot_id]), np.concatenate(units), here,
        np.concatenate([np.full(n, None, dtype=np.object_), new.use]), on, year.astype(np.int64), to_mu(to_m2(gross)),
        np.concatenate([out.cost, np.full(m, np.nan)]),
        np.concatenate([np.full(n, np.nan), new.price * profile.number("price_field_yuan")]),
        {name: np.where(on, amount, 0) for name, amount in quantities.items()}, _township(balance),
    )  # fmt: skip


def _quantities(balance: Balance, gross: Ints, floor_m2: Floats, profile: Profile) -> Dict[str, Ints]:
    out, new, change = balance.reclaim, balance.newbuild, balance.changes
    n, m, plots = len(out), len(new), change.plots
    # Nothing is known of a plot that lies on no parcel.
    area = _hundredths(np.where(gross > 0, to_mu(to_m2(gross)), np.nan))
    households = np.where(uninhabited(out), 0.0, out.households)
    homes = np.where(gross[n:] > 0, flats(new, to_m2(gross[n:]), profile), np.nan)
    no_homes = new.use != "resettlement"
    floor = np.where(no_homes, np.nan_to_num(floor_m2), floor_m2)
    reclaimed = to_mu(to_m2(sum_by(plots.reclaim, change.reclaimed, n)))
    added = to_mu(to_m2(sum_by(plots.newbuild, change.added, m)))
    found = {
        "households": _hundredths(households),
        "household_months": _hundredths(households * profile.number("transition_months")),
        "reclaim_mu": area[:n],
        "reclaimed_mu": np.where(gross[:n] > 0, _hundredths(reclaimed), UNKNOWN),
        "flats": _hundredths(np.where(no_homes, 0.0, homes)),
        "floor_m2": _hundredths(floor),
        "newbuild_mu": area[n:],
        "added_mu": np.where(gross[n:] > 0, _hundredths(added), UNKNOWN),
    }
    none = {True: np.zeros(n, dtype=np.int64), False: np.zeros(m, dtype=np.int64)}
    whole = {name: np.concatenate([found[name], none[False]]) for name in RECLAIM_DRIVERS}
    whole.update({name: np.concatenate([none[True], found[name]]) for name in NEWBUILD_DRIVERS})
    return whole


def _township(balance: Balance) -> Mapping[str, Optional[int]]:
    """Quota left to sell and cultivated land won, 亩; what is used up or lost has no value here."""
    lines = {"quota_mu": "net_reduction_m2", "cultivated_mu": "cultivated_net_gain_m2"}
    found: Dict[str, Optional[int]] = {"once": 100}
    for driver, line in lines.items():
        value = balance.accounts.value(line)
        found[driver] = None if value is None else int(to_units(to_mu(np.array([max(value, 0.0)])))[0])
    return {driver: found[driver] for driver in TOWNSHIP_DRIVERS}


def _hundredths(values: Floats) -> Ints:
    return np.where(np.isnan(values), UNKNOWN, to_units(np.nan_to_num(values))).astype(np.int64)


def sums_known(quantity: Sequence[int]) -> Optional[int]:
    """Sum of quantities, None where one is not known."""
    return None if any(one == UNKNOWN for one in quantity) else int(sum(int(one) for one in quantity))
