"""Control areas (控制面积) down the levels: township → villages → parcels, to 0.01 m² (面积平差).

Sources: 04-area 4.7. The difference between a unit's control and the sum of what lies in it is dealt out
by the step rule of the survey's software, see :func:`three_opt_three_protect.core.measure.apportion`;
pieces follow their parcels by the same rule.  Land and island parts of a unit (MSSM 00 and 01) have
control areas of their own: they are two units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import BalanceError, Value
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.core.measure import Floats, Ints, Tolerance, apportion, to_m2, to_units

Bools = NDArray[np.bool_]

NO_UNIT = -1

_NAMED = 3
"""Units named in a message; the others are counted."""


@dataclass(frozen=True)
class Level:
    """The units of one level.

    Attributes
    ----------
    name
        Of the layer, for messages.
    code
        ``(n,)`` text or numbers, the units as messages name them.
    area_m2
        ``(n,)`` float64, control or recorded area, m²; NaN = the sum of what lies in the unit. On the
        lowest level every row has one.
    parent
        ``(n,)`` int64, row in the level above, −1 where there is none.
    movable
        ``(n,)`` bool, rows that may be corrected where a unit has any; None = all. With the parcels on
        the border alone, those inside keep their recorded areas.
    rank
        ``(n,)``, settles which of equally large rows comes first; None = the order of the rows, which
        a user may change.
    """

    name: str
    code: NDArray[Any]
    area_m2: Floats
    parent: Ints
    movable: Optional[Bools] = None
    rank: Optional[Ints] = None


@dataclass(frozen=True)
class Closing:
    """How the rows of a level were brought to the areas of the level above, ``(m,)`` a row of that level.

    Attributes
    ----------
    above, below
        Names of the two levels.
    code
        The units of the level above.
    control, before
        int64 hundredths: the unit's area, and the sum of what lies in it as it was given.
    parts
        Rows in the unit.
    step
        int64 hundredths, the largest correction of one row.
    beyond
        The difference is more than rounding.
    """

    above: str
    below: str
    code: NDArray[Any]
    control: Ints
    before: Ints
    parts: Ints
    step: Ints
    beyond: Bools

    @property
    def difference(self) -> Ints:
        """Control minus sum, hundredths."""
        return self.control - self.before


def close_levels(levels: Sequence[Level], tolerance: Tolerance) -> Tuple[List[Ints], List[Closing]]:
    """Areas of all units that add up from level to level.

    What stands higher binds: a unit's area is dealt out to what lies in it.  A unit without control takes
    the sum of what lies in it, and bears what its neighbours with a control leave of the unit above.

    Parameters
    ----------
    levels
        The highest first, any number of them.
    tolerance
        Difference of a unit that is still rounding.

    Returns
    -------
    list of ndarray
        int64 hundredths of a m², an array a level; rows of one parent add up to it exactly.
    list of Closing
        The report, one for each pair of levels.

    Raises
    ------
    BalanceError
        ``controls_exceed``: the controls of some units leave less than nothing of the unit above.
    """
    given = [~np.isnan(level.area_m2) for level in levels]
    areas = [to_units(np.nan_to_num(level.area_m2)) for level in levels]
    for upper in range(len(levels) - 2, -1, -1):
        below = _sum(areas[upper + 1], levels[upper + 1].parent, len(areas[upper]))
        areas[upper] = np.where(given[upper], areas[upper], below)
    closings = []
    for upper in range(len(levels) - 1):
        lower = levels[upper + 1]
        before = areas[upper + 1]
        bearing = _bearing(lower, given[upper + 1], len(areas[upper]))
        areas[upper + 1] = _close(areas[upper], levels[upper], lower, before, bearing, tolerance)
        closings.append(_closing(levels[upper], lower, areas[upper], before, areas[upper + 1], tolerance))
    return areas, closings


def control_findings(closings: Sequence[Closing]) -> List[Finding]:
    """Differences beyond the tolerance, and units with a control area but nothing in them."""
    found: List[Finding] = []
    for closing in closings:
        empty = (closing.parts == 0) & (closing.control > 0)
        if empty.any():
            values = _named(closing, empty, closing.control)
            found.append(Finding("control_area_empty", WARNING, closing.above, values))
        beyond = closing.beyond & ~empty
        if beyond.any():
            values = _named(closing, beyond, np.abs(closing.difference))
            found.append(Finding("control_area_differs", WARNING, closing.above, values))
    return found


def _named(closing: Closing, where: Bools, area: Ints) -> Dict[str, Value]:
    rows = np.flatnonzero(where)
    return {
        "layer": closing.above,
        "below": closing.below,
        "units": ", ".join(str(code) for code in closing.code[rows[:_NAMED]]),
        "count": len(rows),
        "area": float(to_m2(area[rows].max())),
    }


def _sum(units: Ints, parent: Ints, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    inside = parent != NO_UNIT
    np.add.at(total, parent[inside], units[inside])
    return total


def _bearing(level: Level, given: Bools, count: int) -> Bools:
    """Rows that bear the difference: of each parent those that may, of these those without a control, else all."""
    bearing = level.parent != NO_UNIT
    for narrower in (level.movable, ~given):
        if narrower is not None:
            fewer = bearing & narrower
            some = np.append(np.bincount(level.parent[fewer], minlength=count) > 0, False)  # the last: no parent
            bearing &= fewer | ~some[level.parent]
    return np.asarray(bearing)


def _close(control: Ints, above: Level, level: Level, before: Ints, bearing: Bools, tolerance: Tolerance) -> Ints:
    kept = (level.parent != NO_UNIT) & ~bearing
    left = control - _sum(np.where(kept, before, 0), level.parent, len(control))
    below_zero = left < 0
    if below_zero.any():
        worst = int(np.argmin(left))
        raise BalanceError(
            "controls_exceed",
            layer=above.name,
            unit=str(above.code[worst]),
            area=float(to_m2(control[worst])),
            below=level.name,
            excess=float(to_m2(-left[worst])),
        )
    rows = np.flatnonzero(bearing)
    if level.rank is not None:
        rows = rows[np.argsort(level.rank[rows], kind="stable")]
    closed = before.copy()
    closed[rows] = apportion(to_m2(before[rows]), level.parent[rows], left, tolerance)
    return closed


def _closing(above: Level, level: Level, control: Ints, before: Ints, closed: Ints, tolerance: Tolerance) -> Closing:
    total = _sum(before, level.parent, len(control))
    step = np.zeros(len(control), dtype=np.int64)
    inside = level.parent != NO_UNIT
    np.maximum.at(step, level.parent[inside], np.abs(closed - before)[inside])
    allowed = np.maximum(tolerance.share * to_m2(control), tolerance.area_m2)
    beyond = to_m2(np.abs(control - total)) > allowed
    parts = np.bincount(level.parent[inside], minlength=len(control))
    return Closing(above.name, level.name, above.code, control, total, parts, step, beyond)
