"""Areas and grades of an adjustment by village and for the township: T10."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.farmland.facts import Bools, Facts, Ints, mean_grade
from three_opt_three_protect.core.farmland.release import NONE
from three_opt_three_protect.core.farmland.settings import Reason

SOURCES = ("reserve", "reclaim", "other")
"""Where added farmland comes from."""

TOWNSHIP = ""


@dataclass(frozen=True)
class UnitRow:
    """One village, or the township (``unit_code`` ``""``; None = pieces without a village). Hundredths of a m².

    ``before − Σ released + Σ added = after`` exactly. Grades are NaN where nothing is graded.
    """

    unit_code: Optional[str]
    task: Optional[int]
    before: int
    released: Mapping[str, int]
    added: Mapping[str, int]
    after: int
    grade_before: float
    grade_after: float

    @property
    def released_all(self) -> int:
        """Whatever the reason."""
        return sum(self.released.values())

    @property
    def added_all(self) -> int:
        """Wherever from."""
        return sum(self.added.values())


def unit_rows(
    base: BaseState, facts: Facts, reasons: Sequence[Reason], reason: Ints, added: Bools, tasks: Mapping[str, int]
) -> Tuple[UnitRow, ...]:
    """Every village with farmland or a task, by code, then the township.

    Parameters
    ----------
    reason
        ``(n,)`` row of the reason each piece is released for, −1 = not.
    added
        ``(n,)`` bool.
    tasks
        Unit → hundredths.
    """
    touched = base.in_farm | added
    code = np.array([unit or "" for unit in base.unit_code], dtype=np.object_)
    names = sorted({*code[touched].tolist()} | {unit for unit in tasks if unit})
    rows: List[UnitRow] = []
    for name in names:
        here = touched & (code == name)
        rows.append(_row(name or None, here, facts, base.in_farm, reasons, reason, added, tasks.get(name or "–")))
    rows.append(_row(TOWNSHIP, touched, facts, base.in_farm, reasons, reason, added, tasks.get(TOWNSHIP)))
    return tuple(rows)


def source_of(facts: Facts) -> Ints:
    """``(n,)`` row of :data:`SOURCES`."""
    return np.where(facts.reserve, 0, np.where(facts.accepted & facts.reclaim, 1, 2)).astype(np.int64)


def _row(
    unit: Optional[str],
    here: Bools,
    facts: Facts,
    in_farm: Bools,
    reasons: Sequence[Reason],
    reason: Ints,
    added: Bools,
    task: Optional[int],
) -> UnitRow:
    was, comes = here & in_farm, here & added
    leaves = was & (reason != NONE)
    released: Dict[str, int] = {}
    for number, entry in enumerate(reasons):
        if entry.listed:
            released[entry.token] = int(facts.net[leaves & (reason == number)].sum())
    source = source_of(facts)
    gained = {name: int(facts.net[comes & (source == number)].sum()) for number, name in enumerate(SOURCES)}
    before = int(facts.net[was].sum())
    stays = (was & ~leaves) | comes
    return UnitRow(
        unit,
        task,
        before,
        released,
        gained,
        int(facts.net[stays].sum()),
        mean_grade(facts.net, facts.grade, was & (facts.eligible | facts.accepted)),
        mean_grade(facts.net, facts.grade, stays & (facts.eligible | facts.accepted)),
    )
