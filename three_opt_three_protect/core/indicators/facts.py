"""The figures indicators are made of: land by unit from base state and balance, economy by year from a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.indicators.definition import Facts, Floats
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import UNITS_PER_M2, to_m2
from three_opt_three_protect.core.parcels import TOWNSHIP_DIGITS
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile

TOTAL = ""
"""Unit of everything together."""

TOWN, VILLAGE, OTHER = "town", "village", "other"
PARTS = (TOWN, VILLAGE, OTHER)
"""Parts of construction land: towns and mining, rural settlements, transport, water works and special."""


@dataclass(frozen=True)
class Units:
    """The units figures are given for: all together, townships where there are several, villages.

    ``of_piece`` is the row in ``villages`` of every base piece, −1 where it has no village.
    """

    villages: Tuple[str, ...]
    of_piece: Ints

    @classmethod
    def of(cls, base: BaseState) -> Units:
        """The units of a base state."""
        levels = [level for level in base.unit.levels if level is not None]
        known = sorted({str(level) for level in levels})
        place = {code: row for row, code in enumerate(known)}
        row_of = np.array([-1 if level is None else place[str(level)] for level in base.unit.levels], dtype=np.int64)
        of_piece = row_of[base.unit.code]
        used = np.bincount(of_piece[of_piece >= 0], minlength=len(known)) > 0
        new = np.cumsum(used) - 1
        kept = tuple(code for code, here in zip(known, used.tolist()) if here)
        return cls(kept, np.where(of_piece >= 0, new[of_piece], -1).astype(np.int64) if len(known) else of_piece)

    @property
    def townships(self) -> Tuple[str, ...]:
        """Codes of the townships; none where there is only one, which is the total."""
        codes = sorted({code[:TOWNSHIP_DIGITS] for code in self.villages})
        return tuple(codes) if len(codes) > 1 else ()

    @property
    def codes(self) -> Tuple[str, ...]:
        """All units: the total, the townships, the villages."""
        return (TOTAL, *self.townships, *self.villages)

    def unit_of(self, code: str) -> str:
        """The unit a table means by a code; the code itself where it is none of them.

        The only township has its own code (9 digits, or 12 that end in 000), a county that of all (6 digits).
        """
        code = code[:TOWNSHIP_DIGITS] if len(code) > TOWNSHIP_DIGITS and not code[TOWNSHIP_DIGITS:].strip("0") else code
        if code in self.codes:
            return code
        above = len(code) <= TOWNSHIP_DIGITS and all(village.startswith(code) for village in self.villages)
        return TOTAL if above else code

    def sums(self, piece: Ints, amount: Ints) -> Floats:
        """``(units,)`` m² of hundredths on base pieces; ``piece`` are rows of base pieces."""
        village = sum_by(self.of_piece[piece], amount, len(self.villages))
        return self._with_above(int(amount.sum()), village)

    def _with_above(self, total: int, village: Ints) -> Floats:
        towns = [
            int(sum(value for code, value in zip(self.villages, village.tolist()) if code.startswith(town)))
            for town in self.townships
        ]
        return to_m2(np.array([total, *towns, *village.tolist()], dtype=np.int64))

    def accounts(self, balance: Balance, line: str) -> Floats:
        """``(units,)`` of an account line; of townships the sum of their villages, where all are known."""
        out = [_number(balance.accounts.value(line, TOTAL))]
        village = np.array([_number(balance.accounts.value(line, code)) for code in self.villages])
        for town in self.townships:
            inside = np.array([code.startswith(town) for code in self.villages], dtype=np.bool_)
            # Whole hundredths again: sums of floats would end in stray digits.
            out.append(float(np.round(village[inside].sum() * UNITS_PER_M2) / UNITS_PER_M2))
        return np.array([*out, *village.tolist()])


def _number(value: Optional[float]) -> float:
    return float("nan") if value is None else value


def land_facts(balance: Balance, units: Units, village_land: Bools, profile: Profile) -> Facts:
    """Figures of land, before (``…_base_m2``) and after the plan.

    Parameters
    ----------
    village_land
        ``(n,)`` bool of the base pieces, see :mod:`three_opt_three_protect.core.potential.villageland`.

    Returns
    -------
    mapping
        Every area line of the accounts by its name; construction land in its three parts
        (``town_base_m2``, ``town_after_m2`` …), which add up to it; ``redline_m2``, ``redline1_m2``,
        ``boundary_m2``, ``bounded_plot_m2``, ``land_without_lakes_m2``, ``industry_base_m2``, ``grade_base``,
        ``grade_after``.
    """
    base = balance.base
    every = np.arange(len(base.area), dtype=np.int64)
    facts: Dict[str, Floats] = {
        line: units.accounts(balance, line)
        for line in dict.fromkeys(entry.line for entry in balance.accounts.lines if entry.unit == "m2")
    }
    for line in ("grade_base", "grade_after"):
        values = np.full(len(units.codes), np.nan)
        values[0] = _number(balance.accounts.value(line))
        facts[line] = values
    lakes = _large_lakes(base, profile)
    codes = set(profile.words("industrial_classes"))
    industry = base.class_base.where(lambda code: code in codes) & (base.group == LandGroup.CONSTRUCTION)
    told: Tuple[Tuple[str, str, Bools], ...] = (
        ("land_without_lakes_m2", "", ~lakes),
        ("industry_base_m2", "", industry),
        ("redline_m2", "redline", base.redline > 0),
        ("redline1_m2", "redline", base.redline == 1),
        ("boundary_m2", "boundary", base.in_bound),
    )
    for name, needs, here in told:
        known = not needs or needs in base.given
        facts[name] = units.sums(every, np.where(here, base.area, 0)) if known else np.full(len(units.codes), np.nan)
    facts["bounded_plot_m2"] = _bounded_plots(balance, units, profile)
    facts.update(_construction_parts(balance, units, village_land, profile))
    return facts


def _bounded_plots(balance: Balance, units: Units, profile: Profile) -> Floats:
    """New-build of the uses that must lie inside the boundary."""
    change = balance.changes
    inside_only = np.isin(balance.newbuild.use.astype(str), profile.words("uses_inside_boundary"))
    here = change.newbuild_on & np.append(inside_only, False)[change.plots.newbuild]
    return units.sums(change.plots.base, np.where(here, change.plots.area, 0))


def _large_lakes(base: BaseState, profile: Profile) -> Bools:
    """Pieces of the parcels that are large lakes: 太湖 in the denominator halves an intensity (00-supplement 1.10)."""
    lakes = set(profile.words("large_lake_classes"))
    whole = np.bincount(base.parcel, base.area, len(base.parcels)) / UNITS_PER_M2
    large = whole >= profile.number("large_lake_m2")
    return np.asarray(base.class_base.where(lambda code: code in lakes) & large[base.parcel])


def _construction_parts(balance: Balance, units: Units, village_land: Bools, profile: Profile) -> Facts:
    """Construction land by part, before and after: what leaves it, and what is built by its class after."""
    base, change = balance.base, balance.changes
    every = np.arange(len(base.area), dtype=np.int64)
    before = parts_of(base, village_land, profile)
    piece, plot = change.plots.base, change.plots.newbuild
    gone = change.reclaimed + change.released + change.stock
    come = change.added + change.stock
    after = np.append(_part_after(change.class_after_new, profile), TOWN)[plot]
    facts: Dict[str, Floats] = {}
    for part in PARTS:
        stood = np.where(before == part, base.area, 0)
        moved = np.where(after == part, come, 0) - np.where(before[piece] == part, gone, 0)
        facts[f"{part}_base_m2"] = units.sums(every, stood)
        total = facts[f"{part}_base_m2"] + units.sums(piece, moved)
        facts[f"{part}_after_m2"] = np.round(total * UNITS_PER_M2) / UNITS_PER_M2
    return facts


def parts_of(base: BaseState, village_land: Bools, profile: Profile) -> Texts:
    """``(n,)`` which part of construction land a base piece is, None where it is none."""
    out = np.full(len(base.area), None, dtype=np.object_)
    construction = base.group == LandGroup.CONSTRUCTION
    codes = set(profile.words("other_construction_classes"))
    other = base.class_base.where(lambda code: code in codes)
    out[construction] = TOWN
    out[construction & other] = OTHER
    out[construction & village_land & ~other] = VILLAGE
    return out


def _part_after(codes: NDArray[np.object_], profile: Profile) -> Texts:
    other = set(profile.words("other_construction_classes"))
    homes = set(profile.words("homestead_classes"))
    return np.array(
        [OTHER if code in other else VILLAGE if code in homes else TOWN for code in codes.tolist()], dtype=np.object_
    )


@dataclass(frozen=True)
class Stated:
    """One figure of a unit and year (role ``economy``): in m², yuan or heads."""

    unit_code: str
    figure: str
    value: float
    year: Optional[int]
    feature: str = ""
    """The row of the table, for messages."""


def stated_facts(
    stated: Sequence[Stated], units: Units, first: Optional[int] = None, last: Optional[int] = None
) -> Tuple[Facts, Tuple[int, ...]]:
    """Figures of the base year (``…_before``) and of the latest year, and what they grew by (``…_growth``).

    Parameters
    ----------
    first, last
        Years to take; left out: the earliest and the latest stated. Rows without a year count for the latest where
        none states it.

    Returns
    -------
    facts
        ``gdp_yuan``, ``gdp_yuan_before``, ``gdp_yuan_growth`` … by figure stated.
    years
        The years taken; one where there is only one.
    """
    years = sorted({row.year for row in stated if row.year is not None})
    early = first if first is not None else (years[0] if years else None)
    late = last if last is not None else (years[-1] if years else None)
    place = {code: row for row, code in enumerate(units.codes)}
    facts: Dict[str, Floats] = {}

    def put(name: str, rows: Sequence[Stated]) -> None:
        values = facts.setdefault(name, np.full(len(place), np.nan))
        for row in rows:
            if row.unit_code in place:
                values[place[row.unit_code]] = row.value

    for figure in dict.fromkeys(row.figure for row in stated):
        own = [row for row in stated if row.figure == figure]
        put(figure, [row for row in own if row.year is None])
        put(figure, [row for row in own if row.year is not None and row.year == late])
        if early is not None and early != late:
            put(f"{figure}_before", [row for row in own if row.year == early])
            facts[f"{figure}_growth"] = facts[figure] - facts[f"{figure}_before"]
    taken: List[int] = [year for year in dict.fromkeys((early, late)) if year is not None]
    return facts, tuple(taken)


def with_construction(facts: Mapping[str, Floats], late: Optional[int] = None, base_year: int = 0) -> Facts:
    """Construction land of the two years of the economy: as stated, else of the base state and after the plan.

    Parameters
    ----------
    late
        The later year. Up to ``base_year`` nothing of the plan is there yet: its land is that of the base state,
        and that of the year before is not known.
    """
    out = dict(facts)
    early = late is not None and late <= base_year
    base = out["construction_base_m2"]
    now, before = (base, np.full(len(base), np.nan)) if early else (out["construction_after_m2"], base)
    for name, stated, land in (
        ("construction_now_m2", "construction_m2", now),
        ("construction_before_m2", "construction_m2_before", before),
    ):
        own = out.get(stated)
        out[name] = land if own is None else np.where(np.isnan(own), land, own)
    return out
