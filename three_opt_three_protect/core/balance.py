"""The accounts: construction land, cultivated land, quality, farmland and lines, time, rights, money.

Definitions by 00-supplement 1.3–1.9; the worked example of 1.11 is a test.  Every amount is a sum of
whole hundredths of a square metre over plot pieces, so totals of villages are the township's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

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
from three_opt_three_protect.core.targets import Target, target_lines, yearly_margins
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
    amounts = _amounts(base, change, newbuild, profile)
    years, margins = timeline(change, reclaim, newbuild, as_of)
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

_ACCOUNT_OF: Mapping[str, str] = {
    "construction": (
        "reclaimed_m2 added_m2 added_linked_m2 added_annual_plan_m2 added_provincial_m2 stock_m2 reused_m2 kept_m2 "
        "released_m2 reclaim_plot_m2 not_counted_m2 newbuild_plot_m2 added_resettlement_m2 added_town_m2 "
        "added_industry_m2 added_infrastructure_m2 built_on_accepted_m2 reclaim_inside_boundary_m2 "
        "newbuild_outside_boundary_m2 newbuild_agricultural_m2 reclaimed_agricultural_m2 "
        "linked_plot_m2 linked_agricultural_m2 linked_cultivated_m2"
    ),
    "cultivated": (
        "cultivated_gain_m2 cultivated_loss_m2 cultivated_loss_construction_m2 cultivated_loss_other_m2 "
        "reclaimed_cultivated_m2 gain_barred_m2 paddy_loss_m2"
    ),
    "farmland": "newbuild_farmland_m2 newbuild_redline1_m2 newbuild_redline2_m2 reclaim_redline_m2",
}


def _amounts(base: BaseState, change: Changes, newbuild: NewBuildPlots, profile: Profile) -> Mapping[str, Ints]:
    """Line → hundredths of every plot piece."""
    plots = change.plots
    row, area = plots.base, plots.area
    on, out = change.newbuild_on, change.reclaim_on
    source = _take_words(newbuild.quota_source, plots.newbuild)
    use = _take_words(newbuild.use, plots.newbuild)
    bounded = np.isin(use.astype(str), profile.words("uses_inside_boundary"))
    construction = base.group[row] == LandGroup.CONSTRUCTION
    amounts: Dict[str, Ints] = {
        "reclaimed_m2": change.reclaimed,
        "added_m2": change.added,
        "stock_m2": change.stock,
        "reused_m2": change.reused,
        "kept_m2": change.kept,
        "released_m2": change.released,
        "reclaim_plot_m2": np.where(out, area, 0),
        "not_counted_m2": np.where(out & ~construction, area, 0),
        "newbuild_plot_m2": np.where(on, area, 0),
        "built_on_accepted_m2": np.where(change.accepted_first, area, 0),
        "reclaim_inside_boundary_m2": np.where(out & base.in_bound[row], change.reclaimed, 0),
        "newbuild_outside_boundary_m2": np.where(on & bounded & ~base.in_bound[row], area, 0),
        "newbuild_agricultural_m2": change.agricultural_before,
        "reclaimed_agricultural_m2": np.where(change.group_at_use == LandGroup.AGRICULTURAL, change.reclaimed, 0),
        "cultivated_gain_m2": change.gain,
        "cultivated_loss_m2": change.loss,
        "cultivated_loss_construction_m2": change.loss_construction,
        "cultivated_loss_other_m2": change.loss - change.loss_construction,
        "reclaimed_cultivated_m2": change.cultivated_after,
        "gain_barred_m2": np.where(change.gain_barred, area, 0),
        "paddy_loss_m2": np.where(base.paddy[row], np.where(on & ~change.accepted_first, plots.net, 0), 0),
        "newbuild_farmland_m2": np.where(on & base.in_farm[row], area, 0),
        "newbuild_redline1_m2": np.where(on & (base.redline[row] == 1), area, 0),
        "newbuild_redline2_m2": np.where(on & (base.redline[row] > 1), area, 0),
        "reclaim_redline_m2": np.where(out & (base.redline[row] > 0), area, 0),
    }
    linked = {
        "plot": np.where(on, area, 0),
        "agricultural": change.agricultural_before,
        "cultivated": change.loss_construction,
    }
    for name, values in linked.items():
        amounts[f"linked_{name}_m2"] = np.where(source == "linked", values, 0)
    for word in ("linked", "annual_plan", "provincial"):
        amounts[f"added_{word}_m2"] = np.where(source == word, change.added, 0)
    for word in ("resettlement", "town", "industry", "infrastructure"):
        amounts[f"added_{word}_m2"] = np.where(use == word, change.added, 0)
    return amounts


def _take_words(words: NDArray[np.object_], index: Ints) -> NDArray[np.object_]:
    """``words[index]``, None where the index is −1."""
    out = np.full(len(index), None, dtype=np.object_)
    out[index >= 0] = words[index[index >= 0]]
    return out


_NEEDS: Mapping[str, Tuple[str, ...]] = {
    "farmland_base_m2": ("farmland",),
    "newbuild_farmland_m2": ("farmland",),
    "newbuild_redline1_m2": ("redline",),
    "newbuild_redline2_m2": ("redline",),
    "reclaim_redline_m2": ("redline",),
    "gain_barred_m2": ("redline",),
    "newbuild_outside_boundary_m2": ("boundary",),
    "reclaim_inside_boundary_m2": ("boundary",),
}


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
    construction = np.where(base.group == LandGroup.CONSTRUCTION, base.area, 0)
    cultivated = sum_by(units.of_piece, base.cultivated_net, count)
    built = sum_by(units.of_piece, construction, count)
    total = sum_by(units.of_piece, base.area, count)
    farm = sum_by(units.of_piece, np.where(base.in_farm, base.cultivated_net, 0), count)
    net_reduction = sums["reclaimed_m2"] - sums["added_m2"]
    built_after = built - net_reduction - sums["released_m2"]
    derived = {
        ("construction", "total_m2"): total,
        ("construction", "construction_base_m2"): built,
        ("construction", "net_reduction_m2"): net_reduction,
        ("construction", "net_reduction_linked_m2"): sums["reclaimed_m2"] - sums["added_linked_m2"],
        ("construction", "surplus_m2"): sums["reclaimed_m2"] - sums["added_resettlement_m2"],
        ("construction", "construction_after_m2"): built_after,
        ("cultivated", "cultivated_base_m2"): cultivated,
        ("cultivated", "cultivated_net_gain_m2"): sums["cultivated_gain_m2"] - sums["cultivated_loss_m2"],
        ("cultivated", "cultivated_after_m2"): cultivated + sums["cultivated_gain_m2"] - sums["cultivated_loss_m2"],
        ("farmland", "farmland_base_m2"): farm,
    }
    for account, names in _ACCOUNT_OF.items():
        derived.update({(account, name): sums[name] for name in names.split()})
    lines = []
    for (account, line), values in derived.items():
        given = all(need in base.given for need in _NEEDS.get(line, ()))
        lines += [
            Line(account, code, line, float(value) if given else None, _M2)
            for code, value in zip(units.codes, to_m2(values))
        ]
    intensity = np.divide(built_after * 100.0, total, out=np.zeros(count), where=total > 0)
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
