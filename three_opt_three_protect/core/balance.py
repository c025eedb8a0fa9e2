"""The accounts: construction land, cultivated land, quality, farmland and lines, time, rights, money.

Definitions by 00-supplement 1.3–1.9; the worked example of 1.11 is a test.  Every amount is a sum of
whole hundredths of a square metre over plot pieces, so totals of villages are the township's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.amounts import ACCOUNT_OF, DERIVED, NEEDS, base_amounts, plot_amounts
from three_opt_three_protect.core.base import BaseState, plot_pieces
from three_opt_three_protect.core.change import Changes, changes, sum_by
from three_opt_three_protect.core.findings import Finding
from three_opt_three_protect.core.grades import Grades, grade_lines
from three_opt_three_protect.core.landuse import ClassSystem, LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.plotfindings import plot_findings
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import Accounts, Line, Profile, Verdict, is_balanced, judge
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.targets import Target, start_up, target_lines, yearly_margins
from three_opt_three_protect.core.timeline import Year, timeline
from three_opt_three_protect.core.unclassed import without_unclassed

TOWNSHIP = ""


@dataclass(frozen=True)
class Evidence:
    """Where an account line comes from, row by row; ``area`` in hundredths of a m²."""

    plot_id: NDArray[np.object_]
    parcel_id: NDArray[np.object_]
    area: Ints


@dataclass(frozen=True)
class Balance:
    """A plan held against its rules."""

    base: BaseState
    changes: Changes
    reclaim: ReclaimPlots
    newbuild: NewBuildPlots
    accounts: Accounts
    verdicts: Tuple[Verdict, ...]
    evidence: Mapping[str, Evidence]
    findings: Tuple[Finding, ...]
    years: Tuple[Year, ...]

    @property
    def balanced(self) -> bool:
        """No hard rule fails or is unknown."""
        return is_balanced(self.verdicts)

    def count(self, result: str) -> int:
        """Verdicts with ``result``."""
        return sum(verdict.result == result for verdict in self.verdicts)


def balance(
    base: BaseState,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    profile: Profile,
    system: ClassSystem,
    targets: Sequence[Target] = (),
    as_of: str = "",
    snap: float = 0.0,
    progress: Progress = SILENT,
) -> Balance:
    """Hold a plan's plots against the base state and the profile's rules.

    Parameters
    ----------
    targets
        Assigned figures; a rule whose target is missing is unknown.
    as_of
        ISO date; the plan as far as it has come by then, judged by the rules of that day.
        ``""`` = the whole plan, judged by all rules.
    snap
        Metres within which plot vertices are moved onto those of the base pieces.
    """
    plots = plot_pieces(base, reclaim.repaired.geometry, newbuild.repaired.geometry, snap, progress)
    change = changes(base, plots, reclaim, newbuild, profile, system, as_of)
    grades = grade_lines(base, change, reclaim, profile)
    amounts = plot_amounts(base, change, newbuild, profile)
    years, margins = timeline(change, reclaim, newbuild, as_of, start_up(targets))
    margins = {**margins, **yearly_margins(targets, change, newbuild, profile)}
    if (base.group[plots.base] == LandGroup.UNKNOWN).any():
        years = ()
    accounts = _accounts(base, change, reclaim, newbuild, amounts, grades, margins, years, targets, profile)
    villages = [code for code in accounts.units() if code and "/" not in code]
    settlements = [code for code in accounts.units() if "/" in code]
    verdicts = judge(accounts, profile, villages, settlements, as_of)
    return Balance(
        base,
        change,
        reclaim,
        newbuild,
        accounts,
        verdicts,
        _evidence(base, change, reclaim, newbuild, amounts),
        plot_findings(base, change, reclaim, newbuild, profile),
        years,
    )


_M2 = "m2"


def _accounts(
    base: BaseState,
    change: Changes,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    amounts: Mapping[str, Ints],
    grades: Grades,
    margins: Mapping[str, Optional[float]],
    years: Sequence[Year],
    targets: Sequence[Target],
    profile: Profile,
) -> Accounts:
    lines: List[Line] = []
    for units in (_township(base), _villages(base), _settlements(base)):
        lines += _area_lines(base, change, amounts, units)
    lines += [Line("quality", TOWNSHIP, line, value, "grade") for line, value in grades.lines.items()]
    lines += [Line("time", TOWNSHIP, line, value, _M2) for line, value in margins.items()]
    for year in years:
        lines += [
            Line("time", TOWNSHIP, f"{line}_{year.year}", float(to_m2(amount)), _M2)
            for line, amount in (("credit", year.credit), ("debit", year.debit), ("balance", year.balance))
        ]
    lines += _plot_lines(change, reclaim, newbuild)
    lines += target_lines(targets, profile)
    facts = set(base.given) | set(grades.facts) | {"reclaim", "newbuild"}
    return Accounts(tuple(without_unclassed(lines, base, change)), frozenset(facts))


@dataclass(frozen=True)
class _Units:
    """Codes of units and the unit of every base piece (−1 = none)."""

    codes: Tuple[str, ...]
    of_piece: Ints


def _township(base: BaseState) -> _Units:
    return _Units((TOWNSHIP,), np.zeros(len(base.area), dtype=np.int64))


def _coded(names: NDArray[np.object_]) -> _Units:
    words = np.array(["" if name is None else str(name) for name in names])
    codes, index = np.unique(words, return_inverse=True)
    index = index.astype(np.int64).reshape(-1)
    if len(codes) and codes[0] == "":
        return _Units(tuple(str(code) for code in codes[1:]), index - 1)
    return _Units(tuple(str(code) for code in codes), index)


def _villages(base: BaseState) -> _Units:
    return _coded(base.unit_code)


def _settlements(base: BaseState) -> _Units:
    """Natural villages are known as ``village code/name``: names repeat across villages."""
    named = np.array(
        [None if name is None else f"{unit or ''}/{name}" for unit, name in zip(base.unit_code, base.settlement)],
        dtype=np.object_,
    )
    return _coded(named)


def _area_lines(base: BaseState, change: Changes, amounts: Mapping[str, Ints], units: _Units) -> List[Line]:
    """Base areas, the amounts of the plot pieces, and what follows from both, for every unit."""
    count = len(units.codes)
    unit = units.of_piece[change.plots.base]
    sums = {line: sum_by(unit, amount, count) for line, amount in amounts.items()}
    sums.update({line: sum_by(units.of_piece, amount, count) for line, amount in base_amounts(base).items()})
    for line, parts in DERIVED.items():
        sums[line] = sum((factor * sums[part] for part, factor in parts.items()), np.zeros(count, dtype=np.int64))
    lines = []
    for line, account in ACCOUNT_OF.items():
        given = all(need in base.given for need in NEEDS.get(line, ()))
        lines += [
            Line(account, code, line, float(value) if given else None, _M2)
            for code, value in zip(units.codes, to_m2(sums[line]))
        ]
    total = sums["total_m2"]
    intensity = np.divide(sums["construction_after_m2"] * 100.0, total, out=np.zeros(count), where=total > 0)
    lines += [
        Line("construction", code, "intensity_pct", round(float(value), 4), "percent")
        for code, value in zip(units.codes, intensity)
    ]
    return lines


def _plot_lines(change: Changes, reclaim: ReclaimPlots, newbuild: NewBuildPlots) -> List[Line]:
    """Figures of plots that are no areas: households, consent, money, missing facts."""

    def total(values: NDArray[np.float64]) -> Optional[float]:
        return float(np.nansum(values)) if len(values) and not np.isnan(values).all() else None

    def smallest(values: NDArray[np.float64]) -> Optional[float]:
        return float(np.nanmin(values)) if len(values) and not np.isnan(values).any() else None

    unclassed = int((~change.class_known).sum())
    undated = int(np.isnat(reclaim.day).sum() + np.isnat(newbuild.day).sum())
    unsigned = reclaim.households - reclaim.signed
    all_said = not (np.isnan(unsigned) & ~np.isnan(reclaim.households)).any()
    return [
        Line("rights", TOWNSHIP, "households", total(reclaim.households), "households"),
        Line("rights", TOWNSHIP, "population", total(reclaim.population), "persons"),
        Line("rights", TOWNSHIP, "households_unsigned", total(unsigned) if all_said else None, "households"),
        Line("rights", TOWNSHIP, "consent_lowest", smallest(reclaim.consent), "share"),
        Line("money", TOWNSHIP, "reclaim_cost", total(reclaim.cost), "yuan"),
        Line("construction", TOWNSHIP, "reclaim_plots", float(len(reclaim)), "plots"),
        Line("construction", TOWNSHIP, "newbuild_plots", float(len(newbuild)), "plots"),
        Line("construction", TOWNSHIP, "newbuild_without_class", float(unclassed), "plots"),
        Line("time", TOWNSHIP, "plots_without_date", float(undated), "plots"),
    ]


_EVIDENCE = (
    "reclaimed_m2 not_counted_m2 added_m2 added_linked_m2 stock_m2 reused_m2 built_on_accepted_m2 cultivated_gain_m2 "
    "cultivated_loss_m2 newbuild_farmland_m2 newbuild_redline1_m2 newbuild_redline2_m2 "
    "newbuild_outside_boundary_m2 reclaim_inside_boundary_m2 reclaim_redline_m2 gain_barred_m2"
).split()


def _evidence(
    base: BaseState,
    change: Changes,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    amounts: Mapping[str, Ints],
) -> Mapping[str, Evidence]:
    """The pieces behind each line, one row a plot and parcel."""
    plots = change.plots
    out = {}
    for line in _EVIDENCE:
        rows = np.flatnonzero(amounts[line] != 0)
        by_reclaim = line.startswith(("reclaim", "not_counted", "cultivated_gain", "gain_barred"))
        index, ids = (plots.reclaim, reclaim.plot_id) if by_reclaim else (plots.newbuild, newbuild.plot_id)
        out[line] = _by_plot_and_parcel(index[rows], ids, base.parcel[plots.base[rows]], base, amounts[line][rows])
    return out


def _by_plot_and_parcel(plot: Ints, ids: NDArray[np.object_], parcel: Ints, base: BaseState, area: Ints) -> Evidence:
    pairs, index = np.unique(np.stack([plot, parcel], axis=1), axis=0, return_inverse=True)
    total = sum_by(index.astype(np.int64).reshape(-1), area, len(pairs))
    if not len(pairs):
        empty = np.empty(0, dtype=np.object_)
        return Evidence(empty, empty, total)
    return Evidence(ids[pairs[:, 0]], base.parcels.parcel_id[pairs[:, 1]], total)
