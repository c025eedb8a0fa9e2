"""What the plan says of every part of a parcel: its plot, whether that is due, and whether there was quota for it.

Sources: 00-supplement 1.4.3 (built on accepted reclamation), 1.4.9 (credit), 1.7 (dates).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import ClassSystem, LandGroup
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.scenario import CULTIVATED
from three_opt_three_protect.core.selfcheckmodel import Judgement, Plan
from three_opt_three_protect.core.selfcheckquota import Movements, quota_on_the_day
from three_opt_three_protect.core.selfcheckrules import FACTS

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Ground:
    """The parts of parcels the plan is asked about, ``(n,)`` each.

    Attributes
    ----------
    place
        Row of the reclaim and of the new-build plot, −1 outside.
    area
        Int64 hundredths of a m².
    vacant
        The earlier year has land here that is not construction land.
    approved
        Approved before and not built on: construction land of the base, which takes no quota (00-supplement 1.3).
    stays
        Construction land that stays inside reclaim plots.
    """

    place: Tuple[Ints, Ints]
    area: Ints
    vacant: Bools
    approved: Bools
    stays: Bools


def plot_facts(plan: Plan, judged: Judgement, ground: Ground, after: Factor, system: ClassSystem) -> Dict[str, Ints]:
    """The facts ``plot``, ``time``, ``directed``, ``target``, ``planned`` and ``quota``.

    Parameters
    ----------
    after, system
        ``(n,)`` class codes of the later year and their classification.
    """
    reclaim, newbuild = ground.place
    accepted = _by(plan.accepted, judged.seen_on)
    on_accepted = (reclaim >= 0) & np.append(accepted, False)[reclaim]
    kinds = FACTS["plot"]
    plot = np.where(reclaim >= 0, kinds.index("reclaim"), 0)
    plot = np.where(newbuild >= 0, np.where(on_accepted, kinds.index("both"), kinds.index("newbuild")), plot)
    time_out = _acceptance(plan, judged, accepted)
    time_new = _time(plan.newbuild.day, judged.seen_on)
    time = np.where(newbuild >= 0, np.append(time_new, 0)[newbuild], np.append(time_out, 0)[reclaim])
    # On a reclaim plot that is accepted and built over, acceptance is what counts.
    time = np.where(on_accepted, np.append(time_out, 0)[reclaim], time)
    directed = np.append(plan.reclaim.direction != CULTIVATED, False)[reclaim] & (reclaim >= 0)
    target, planned = _targets(plan, newbuild, after, system)
    quota = _quota(plan, judged, ground, target)
    return {
        "plot": plot.astype(np.int64),
        "time": time.astype(np.int64),
        "directed": directed.astype(np.int64),
        "target": target,
        "planned": planned.astype(np.int64),
        "quota": np.append(quota, 0)[newbuild],
    }


def _acceptance(plan: Plan, judged: Judgement, accepted: Bools) -> Ints:
    """The fact ``time`` of reclaim plots; ``earlier`` = accepted when the earlier year was surveyed."""
    words = FACTS["time"]
    earlier = accepted & ~np.isnat(judged.before_day) & (plan.accepted <= judged.before_day)
    done = np.where(earlier, words.index("earlier"), words.index("accepted"))
    return np.asarray(np.where(accepted, done, _time(plan.reclaim.day, judged.seen_on)), dtype=np.int64)


def _by(days: Days, last: np.datetime64) -> Bools:
    """Which days are stated and not after ``last``; every stated one where that is not known."""
    stated = ~np.isnat(days)
    return np.asarray(stated if np.isnat(last) else stated & (days <= last))


def _time(days: Days, last: np.datetime64) -> Ints:
    words = FACTS["time"]
    due = np.where(_by(days, last), words.index("due"), words.index("later"))
    return np.asarray(np.where(np.isnat(days), words.index("undated"), due), dtype=np.int64)


def _targets(plan: Plan, newbuild: Ints, after: Factor, system: ClassSystem) -> Tuple[Ints, Bools]:
    """What new-build plots are to become, and where the later year has the class they state."""
    words = FACTS["target"]
    found = [system.find(code) for code in plan.newbuild.class_after]
    agricultural = np.array(
        [one is not None and one.group == LandGroup.AGRICULTURAL for one in found] + [False], dtype=np.bool_
    )
    wanted = Factor.of(np.array([None if one is None else one.code for one in found] + [None], dtype=np.object_))
    seen = after.map(lambda code: None if (one := system.find(code)) is None else one.code)
    number = {code: place for place, code in enumerate(wanted.levels)}
    meant = np.array([number.get(code, -1) for code in seen.levels], dtype=np.int64)
    planned = (newbuild >= 0) & ~seen.missing & (meant[seen.code] == wanted.code[newbuild])
    target = np.where(agricultural[newbuild], words.index("agricultural"), words.index("construction"))
    return np.where(newbuild >= 0, target, 0).astype(np.int64), planned


def _quota(plan: Plan, judged: Judgement, ground: Ground, target: Ints) -> Ints:
    """``(newbuild plots,)`` whether there was reclaim quota on the day of approval; ``none`` where none is needed.

    Of plots that count before the earlier year its survey shows the result, not the base: reclaim plots then count
    with the accepted area, else with all of the plot, and new-build plots with all of it.
    """
    (reclaim, newbuild), area, vacant = ground.place, ground.area, ground.vacant
    early_out = _by(plan.reclaim.day, judged.before_day) & ~np.isnat(judged.before_day)
    early_new = _by(plan.newbuild.day, judged.before_day) & ~np.isnat(judged.before_day)
    whole = sum_by(reclaim, area, len(plan.reclaim))
    built = sum_by(reclaim, np.where(~vacant & ~ground.stays, area, 0), len(plan.reclaim))
    credit = np.where(early_out, whole, built)
    stated = plan.reclaim.accepted_m2
    credit = np.where(np.isnan(stated), credit, np.minimum(credit, to_units(np.nan_to_num(stated))))
    factor = judged.profile.number("reduction_factor")
    credit = np.floor(credit * factor + 1e-6).astype(np.int64)
    takes = (target == FACTS["target"].index("construction")) & ~ground.approved
    linked = plan.newbuild.quota_source == "linked"
    added = sum_by(newbuild, np.where(takes & (vacant | np.append(early_new, False)[newbuild]), area, 0), len(linked))
    dated = plan.reclaim.dated
    return quota_on_the_day(
        Movements(plan.reclaim.day, credit, dated),
        Movements(plan.newbuild.day, np.where(linked, added, 0), plan.newbuild.dated),
        judged.lent,
    )
