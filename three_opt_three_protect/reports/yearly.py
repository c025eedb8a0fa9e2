"""T13 分年度实施计划表（复垦与建新时序）: what is reclaimed and built each year, and what quota is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import FAIL, PASS, Profile
from three_opt_three_protect.core.scenario import ReclaimPlots
from three_opt_three_protect.core.targets import start_up
from three_opt_three_protect.core.timeline import credits, outstanding
from three_opt_three_protect.reports.plots import newbuild_figures, reclaim_figures
from three_opt_three_protect.reports.rounding import AreaUnit, Leaves, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

SOURCES: Mapping[str, str] = {
    "linked": "linked",
    "annual_plan": "annual_plan",
    "provincial": "provincial",
    "stock_source": "stock",
}
"""Column → quota source."""
_UNDATED = 0


def yearly_table(
    balance: Balance, profile: Profile, words: Words, unit: AreaUnit = AreaUnit.HA, labels: Labels = NO_LABELS
) -> Table:
    """T13: one row a year, then what has no year; the balance is that of reclamation quota at the year's end (R3).

    Yearly quotas (M20) come from the assigned figures among the labels; a year without one is empty.
    """
    found = _amounts(balance, unit)
    quota = _quotas(labels, profile, unit)
    lent = start_up(labels.targets)
    unknown = bool((balance.base.group[balance.changes.plots.base] == LandGroup.UNKNOWN).any())
    rows, carried = Rows(_columns(words, unit, bool(lent))), 0
    for year in _years(found, quota):
        still = int(outstanding(lent, np.array([f"{year:04d}-12-31"], dtype="datetime64[D]"))[0])
        out = int(unit.steps(still))
        after = carried + found.of("credit", year) - found.of("linked", year)
        cells = _year_cells(found, year, quota, unit)
        cells["year"] = str(year)
        if not unknown:
            cells.update(carried=unit.number(carried), lent=unit.number(out) if lent else None)
            cells["result"] = words(f"result.{PASS if after + out >= 0 else FAIL}")
        rows.add(cells, alert=not unknown and after + out < 0)
        if unknown:
            rows.blank("balance")
        carried = after
    if found.undated:
        rows.add({"year": words("row.undated"), **_year_cells(found, _UNDATED, {}, unit)}, alert=True)
        rows.blank("balance")
    rows.sum(0, {"year": words("row.total")})
    notes = _notes(words, bool(lent), bool(quota), bool(found.undated), unknown)
    if _later(balance):
        notes.append(words("note.T13.later"))
    return Table("T13", words("table.T13"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


@dataclass(frozen=True)
class _Yearly:
    """Printed digits by column and year; year 0 is none."""

    by_year: Mapping[str, Mapping[int, int]]

    def of(self, key: str, year: int) -> int:
        return self.by_year[key].get(year, 0)

    @property
    def undated(self) -> bool:
        return any(years.get(_UNDATED) for years in self.by_year.values())


def credited(balance: Balance, leaf: Leaves, reclaimed: Ints) -> Ints:
    """Printed digits of the quota of every reclaim plot: what is reclaimed, at most what was accepted."""
    quota = credits(balance.changes, balance.reclaim)
    planned = np.zeros(len(quota), dtype=np.int64)
    np.add.at(planned, leaf.plot, balance.changes.reclaimed[leaf.piece])
    return np.where(quota == planned, reclaimed, leaf.unit.steps(quota))


def accepted(plots: ReclaimPlots, unit: AreaUnit) -> Ints:
    """Printed digits of the accepted measured area, 0 before acceptance."""
    return np.asarray(unit.steps(to_units(np.nan_to_num(plots.accepted_m2))), dtype=np.int64)


def _amounts(balance: Balance, unit: AreaUnit) -> _Yearly:
    out, new = leaves(balance, True, unit), leaves(balance, False, unit)
    reclaim, newbuild = balance.reclaim, balance.newbuild
    reclaimed = reclaim_figures(balance, out)["reclaimed"]
    added = newbuild_figures(balance, new)["added"]
    measured = accepted(reclaim, unit)
    taken = ~np.isnan(reclaim.accepted_m2)
    planned, day = _planned_years(reclaim.phase, reclaim.day), _day_years(reclaim.day)
    used = _day_years(newbuild.day)
    by_year = {
        "planned": _by_year(planned, out.by_plot(out.area)),
        "reclaimed": _by_year(planned, reclaimed),
        "accepted": _by_year(day[taken], measured[taken]),
        "credit": _by_year(day, credited(balance, out, reclaimed)),
        **{key: _by_year(used, np.where(newbuild.quota_source == source, added, 0)) for key, source in SOURCES.items()},
    }
    return _Yearly(by_year)


def _day_years(day: NDArray[np.datetime64]) -> Ints:
    known = ~np.isnat(day)
    return np.where(
        known, np.where(known, day, np.datetime64("1970-01-01")).astype("datetime64[Y]").astype(int) + 1970, 0
    )


def _planned_years(phase: NDArray[np.float64], day: NDArray[np.datetime64]) -> Ints:
    """The planned year, else that of the date, as T5 prints it."""
    return np.where(np.isnan(phase), _day_years(day), np.nan_to_num(phase)).astype(np.int64)


def _by_year(years: Ints, amounts: Ints) -> Mapping[int, int]:
    out: Dict[int, int] = {}
    for year, amount in zip(years.tolist(), amounts.tolist()):
        out[year] = out.get(year, 0) + amount
    return out


def _quotas(labels: Labels, profile: Profile, unit: AreaUnit) -> Mapping[int, int]:
    """Year → printed digits of the annual plan quota of the township."""
    names = {name for name, source in profile.word_of("yearly_quotas").items() if source == "annual_plan"}
    found: Dict[int, int] = {}
    for target in labels.targets:
        if target.indicator in names and not target.unit_code and target.year is not None:
            found[target.year] = int(unit.steps(to_units(np.array([target.value]))[0]))
    return found


def _years(found: _Yearly, quota: Mapping[int, int]) -> List[int]:
    there = {year for years in found.by_year.values() for year in years if year} | set(quota)
    return list(range(min(there), max(there) + 1)) if there else []


def _year_cells(found: _Yearly, year: int, quota: Mapping[int, int], unit: AreaUnit) -> Dict[str, Cell]:
    cells: Dict[str, Cell] = {key: unit.number(found.of(key, year)) for key in found.by_year}
    if year not in found.by_year["accepted"]:
        # Nothing was measured; what is planned for that year may still be.
        cells["accepted"] = None
    given: Optional[int] = quota.get(year)
    if given is not None:
        cells["quota"] = unit.number(given)
        cells["quota_left"] = unit.number(given - found.of("annual_plan", year))
    return cells


def _later(balance: Balance) -> bool:
    """Some plots take effect only after the day the balance was asked for."""
    change = balance.changes
    waits = (change.plots.reclaim >= 0) & ~change.reclaim_on | (change.plots.newbuild >= 0) & ~change.newbuild_on
    return bool(waits.any())


def _notes(words: Words, lent: bool, quota: bool, undated: bool, unknown: bool) -> List[str]:
    notes = [words("note.T13.balance"), words("note.T13.days")]
    if lent:
        notes.append(words("note.T13.lent"))
    if not quota:
        notes.append(words("note.T13.no_quota"))
    if undated:
        notes.append(words("note.T13.undated"))
    if unknown:
        notes.append(words("note.T13.unknown"))
    return notes


def _columns(words: Words, unit: AreaUnit, lent: bool) -> Tuple[Column, ...]:
    def area(key: str, group: str, total: bool = True, terms: Tuple[Tuple[str, int], ...] = ()) -> Column:
        heads = (words(group),)
        return Column(key, words(f"column.{key}"), Kind.AREA, heads, 11, unit.decimals, total=total, terms=terms)

    reclaim, build, plan, left = (
        "column.reclaim_plan",
        "column.newbuild_plan",
        "column.plan_quota",
        "column.quota_balance",
    )
    ends = (("carried", 1), ("credit", 1), ("linked", -1))
    return (
        Column("year", words("column.plan_year"), width=10),
        Column("planned", words("column.reclaim_area"), Kind.AREA, (words(reclaim),), 11, unit.decimals, total=True),
        area("reclaimed", reclaim),
        area("accepted", reclaim),
        area("credit", reclaim),
        *(area(key, build) for key in SOURCES),
        area("used", build, terms=tuple((key, 1) for key in SOURCES)),
        area("quota", plan),
        area("quota_left", plan, total=False),
        area("carried", left, total=False),
        area("balance", left, total=False, terms=ends),
        *((area("lent", left, total=False),) if lent else ()),
        Column("result", words("column.not_negative"), Kind.TEXT, (words(left),), 10),
    )
