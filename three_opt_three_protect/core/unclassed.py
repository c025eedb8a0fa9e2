"""Lines that cannot be known where the land class of a parcel is not: they must not pass as figures."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Sequence, Set

import numpy as np

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.change import Changes
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.rules import Line

_ACCOUNTS = frozenset({"construction", "cultivated", "quality", "farmland", "time"})

WHOLE_UNIT = frozenset(
    "construction_base_m2 construction_after_m2 intensity_pct cultivated_base_m2 cultivated_after_m2 farmland_base_m2 "
    "grade_base grade_after grade_after_worse".split()
)
"""Lines that take in all land of a unit; the others only the land of its plots."""

_CLASSLESS = frozenset(
    "total_m2 reclaim_plot_m2 newbuild_plot_m2 linked_plot_m2 newbuild_farmland_m2 newbuild_redline1_m2 "
    "farmland_net_m2 newbuild_farmland_net_m2 "
    "newbuild_redline2_m2 newbuild_outside_boundary_m2 reclaim_redline_m2 built_on_accepted_m2 "
    "reclaim_plots newbuild_plots newbuild_without_class plots_without_date".split()
)
"""Lines that do not ask for the land class."""


def without_unclassed(lines: Sequence[Line], base: BaseState, change: Changes) -> List[Line]:
    """``lines`` with None where land of unknown class would have been counted."""
    unclassed = base.group == LandGroup.UNKNOWN
    if not unclassed.any():
        return list(lines)
    in_plots = np.zeros(len(unclassed), dtype=np.bool_)
    in_plots[change.plots.base] = True
    whole, plots = _units(base, unclassed), _units(base, unclassed & in_plots)

    def known(line: Line) -> bool:
        if line.account not in _ACCOUNTS or line.line in _CLASSLESS:
            return True
        return line.unit_code not in (whole if line.line in WHOLE_UNIT else plots)

    return [line if known(line) else replace(line, value=None) for line in lines]


def _units(base: BaseState, where: Bools) -> Set[str]:
    """Codes of the township, the villages and the natural villages that have such land."""
    if not where.any():
        return set()
    found = {""}
    for village, settlement in zip(base.unit_code[where], base.settlement[where]):
        found.add(village or "")
        if settlement is not None:
            found.add(f"{village or ''}/{settlement}")
    return found
