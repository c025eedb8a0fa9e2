"""Assigned figures (``targets`` of the plan database): totals for the plan, quotas for a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.change import Changes, sum_by
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.measure import to_m2, to_units
from three_opt_three_protect.core.rules import Line, Profile
from three_opt_three_protect.core.scenario import NewBuildPlots
from three_opt_three_protect.core.timeline import StartUp

START_QUOTA = "start_quota_m2"
"""Indicator: start-up quota of the township, ``value`` its ceiling, ``year`` that at whose end it is due."""


@dataclass(frozen=True)
class Target:
    """One assigned figure; ``unit_code`` is ``""`` for the township, ``year`` None when not stated."""

    unit_code: str
    indicator: str
    value: float
    unit: str = ""
    year: Optional[int] = None


def target_lines(targets: Sequence[Target], profile: Profile) -> List[Line]:
    """Account lines ``target.INDICATOR``: of yearly quotas the sum, of the rest the latest year's figure."""
    yearly = profile.word_of("yearly_quotas")
    found: Dict[Tuple[str, str], Target] = {}
    for target in sorted(targets, key=lambda target: target.year or 0):
        key = (target.unit_code, target.indicator)
        value = target.value
        if target.indicator in yearly and key in found:
            value += found[key].value
        found[key] = Target(target.unit_code, target.indicator, value, target.unit, target.year)
    return [Line("target", unit, f"target.{name}", target.value, target.unit) for (unit, name), target in found.items()]


def start_up(targets: Sequence[Target]) -> Tuple[StartUp, ...]:
    """Start-up quota (启动指标) among the targets: off unless stated (00-supplement 1.7 b).

    Raises
    ------
    InputError
        ``start_quota_without_year``: credit without a due date would be quota for ever.
    """
    lent = []
    for target in targets:
        if target.indicator != START_QUOTA or target.unit_code:
            continue
        if target.year is None:
            raise InputError("start_quota_without_year", indicator=START_QUOTA)
        amount = int(to_units(np.array([target.value]))[0])
        lent.append(StartUp(amount, np.datetime64(f"{target.year:04d}-12-31", "D")))
    return tuple(lent)


def yearly_margins(
    targets: Sequence[Target], change: Changes, newbuild: NewBuildPlots, profile: Profile
) -> Mapping[str, Optional[float]]:
    """Smallest rest of each yearly quota of the township, ``SOURCE_margin_m2`` in m².

    None where no quota is given, or a plot that draws on it has no date.
    """
    years = newbuild.day.astype("datetime64[Y]").astype(np.int64) + 1970
    added = sum_by(change.plots.newbuild, change.added, len(newbuild))
    out: Dict[str, Optional[float]] = {}
    for indicator, source in profile.word_of("yearly_quotas").items():
        quota = {
            target.year: target.value
            for target in targets
            if target.indicator == indicator and not target.unit_code and target.year is not None
        }
        draws = (newbuild.quota_source == source) & (added > 0)
        used = {int(year): float(to_m2(added[draws & (years == year)].sum())) for year in np.unique(years[draws])}
        known = bool(quota) and not np.isnat(newbuild.day[draws]).any()
        # A year without quota and without use says nothing of how tight the others are.
        rest = [
            quota.get(year, 0.0) - used.get(year, 0.0) for year in {*quota, *used} if quota.get(year) or year in used
        ]
        out[f"{source}_margin_m2"] = round(min(rest, default=0.0), 2) if known else None
    return out
