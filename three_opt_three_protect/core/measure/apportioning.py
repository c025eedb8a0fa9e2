"""Areas of parts that add up to their whole's: equal steps of 0.01 m², larger parts first (04-area 4.5–4.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from three_opt_three_protect.core.measure.units import UNITS_PER_M2, Floats, Ints, to_m2, to_units


@dataclass(frozen=True)
class Tolerance:
    """Difference between a recorded area and the geometry that is still rounding.

    ``share`` of the area or ``area_m2``, whichever is larger; a profile value (04-area 4.6).
    """

    share: float
    area_m2: float


def apportion(area_m2: Floats, group: Ints, control: Ints, tolerance: Tolerance) -> Ints:
    """Give the pieces of each group areas that add up to the group's control area.

    The rule of 04-area 4.6: round every piece to 0.01 m²; deal the difference to the control out in
    equal steps of 0.01 m², larger pieces first.  Where the difference is more than rounding (beyond
    ``tolerance`` of the group, or of any one piece that would have to bear an equal step) it is
    dealt in proportion first.  A single piece takes its control.  No piece goes below zero.

    Parameters
    ----------
    area_m2
        ``(n,)`` float64, measured areas of the pieces, ≥ 0.
    group
        ``(n,)`` int64, which control (0 … m−1) a piece belongs to.
    control
        ``(m,)`` int64, control areas in hundredths of a m².
    tolerance
        See :class:`Tolerance`.

    Returns
    -------
    ndarray
        ``(n,)`` int64 hundredths; the sum over every group that has a piece is its control.
    """
    units = control[group]
    rows, among, controls = _several(group, control)
    units[rows] = _apportion_several(area_m2[rows], among, controls, tolerance)
    return units


def _several(group: Ints, control: Ints) -> Tuple[Ints, Ints, Ints]:
    """Rows in groups of more than one, their groups numbered anew, and the controls of these groups.

    Most parcels are not cut: what needs sorting is a small part of a county.
    """
    several = np.bincount(group, minlength=len(control)) > 1
    rows = np.flatnonzero(several[group])
    return rows, (np.cumsum(several) - 1)[group[rows]], control[several]


def _apportion_several(area_m2: Floats, group: Ints, control: Ints, tolerance: Tolerance) -> Ints:
    count = len(control)
    measured = to_units(area_m2)
    total = _sum(measured, group, count)
    pieces = np.bincount(group, minlength=count)
    difference = control - total
    step = np.abs(difference) / np.maximum(pieces, 1) / UNITS_PER_M2
    absolute = np.abs(difference) <= tolerance.area_m2 * UNITS_PER_M2
    piece_ok = (step[group] <= tolerance.share * area_m2) | absolute[group]
    # An equal step may not take more than a piece has.
    piece_ok &= (difference[group] >= 0) | (measured * pieces[group] >= np.abs(difference[group]) + pieces[group])
    spread = np.bincount(group, ~piece_ok, minlength=count) > 0
    scale = np.where(spread & (total > 0), control / np.maximum(total, 1), 1.0)
    scaled = np.where(spread[group], np.floor(measured * scale[group] + 1e-9).astype(np.int64), measured)
    return scaled + _equal_steps(scaled, area_m2, group, control)


def share_out(control: Ints, weight: Ints, group: Ints) -> Ints:
    """Divide each group's total in proportion to ``weight`` into whole numbers that add up to it.

    Parameters
    ----------
    control
        ``(m,)`` int64 totals, ≥ 0.
    weight
        ``(n,)`` int64 weights, ≥ 0; a group whose weights are all 0 gets nothing.
    group
        ``(n,)`` int64 rows of ``control``.
    """
    total = np.bincount(group, weight, len(control))
    share = np.where(total > 0, control / np.maximum(total, 1), 0.0)
    parts = np.floor(weight * share[group] + 1e-9).astype(np.int64)
    rest = _equal_steps(parts, weight.astype(np.float64), group, np.where(total > 0, control, 0))
    return np.asarray(parts + rest, dtype=np.int64)


def _equal_steps(units: Ints, area_m2: Floats, group: Ints, control: Ints) -> Ints:
    """What each piece gets of the difference between its group's control and ``units``."""
    count = len(control)
    difference = control - _sum(units, group, count)
    each, rest = np.divmod(np.abs(difference), np.maximum(np.bincount(group, minlength=count), 1))
    steps = each[group]
    rows = np.flatnonzero(rest[group])
    steps[rows] += _rank(area_m2[rows], group[rows]) < rest[group[rows]]
    return np.asarray(np.sign(difference)[group] * steps, dtype=np.int64)


def _rank(area_m2: Floats, group: Ints) -> Ints:
    """Place of each row within its group, the largest 0; of equal ones the first row comes first."""
    order = np.lexsort((-area_m2, group))
    sorted_group = group[order]
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.searchsorted(sorted_group, sorted_group)
    return rank


def _sum(units: Ints, group: Ints, count: int) -> Ints:
    """Sums of whole numbers by group, in whole numbers."""
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, group, units)
    return total


def deduct(area: Ints, rate: Floats, group: Ints, control: Ints) -> Ints:
    """Net area (图斑地类面积) of pieces so that they add up to their parcel's.

    KCMJ = round(TBMJ · KCXS, 2), TBDLMJ = TBMJ − KCMJ (04-area 4.5); the residue of rounding goes to
    the largest pieces.

    Parameters
    ----------
    area
        ``(n,)`` int64 hundredths, gross areas of pieces.
    rate
        ``(n,)`` float64, deduction rate of a piece's parcel (KCXS), 0 ≤ rate < 1.
    group
        ``(n,)`` int64, row of the parcel.
    control
        ``(m,)`` int64 hundredths, deducted area (KCMJ) of every parcel.

    Returns
    -------
    ndarray
        ``(n,)`` int64 hundredths, net.
    """
    deducted = control[group]
    rows, among, controls = _several(group, control)
    gross = to_m2(area[rows])
    rounded = to_units(gross * rate[rows])
    deducted[rows] = rounded + _equal_steps(rounded, gross, among, controls)
    return np.asarray(area - deducted, dtype=np.int64)
