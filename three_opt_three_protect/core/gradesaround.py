"""The quality grade of the cultivated land around something (1 is best)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.edges import blocks
from three_opt_three_protect.core.plane import metres_per_unit
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

if TYPE_CHECKING:
    from three_opt_three_protect.core.base import BaseState

_AT_ONCE = 1_000
"""Shapes looked at together: some hundred thousand pieces around them."""


def grades_around(
    base: BaseState, shapes: Geometries, radius_m: float, progress: Progress = SILENT
) -> NDArray[np.float64]:
    """Grade of the graded cultivated pieces whose box meets the shape's, widened by the radius; by net area.

    Parameters
    ----------
    shapes
        ``(n,)`` polygons, none missing.

    Returns
    -------
    ndarray
        ``(n,)`` NaN where there is no graded cultivated land.
    """
    grade = base.parcels.grade[base.parcel]
    weight = np.where(np.isnan(grade), 0.0, base.cultivated_net)
    weighted = weight * np.nan_to_num(grade)
    west, south, east, north = shapely.bounds(shapes).T
    x_unit, y_unit = metres_per_unit(base.spec.crs, (south + north) / 2)
    aside, along = radius_m / x_unit, radius_m / y_unit
    boxes = shapely.box(west - aside, south - along, east + aside, north + along)
    mean = np.full(len(shapes), np.nan)
    for block in blocks(len(shapes), _AT_ONCE):
        progress.check(block.start / len(shapes))
        one, piece = base.tree.query(boxes[block])
        count = block.stop - block.start
        total = np.bincount(one, weight[piece], count)
        found = total > 0
        mean[block][found] = np.bincount(one, weighted[piece], count)[found] / total[found]
    return mean


@dataclass(frozen=True)
class PieceGrades:
    """Grades of base pieces, ``(n,)`` each.

    ``grade`` is NaN where there is none; ``inferred`` tells the pieces whose grade is that of the land around.
    """

    grade: NDArray[np.float64]
    inferred: NDArray[np.bool_]


def piece_grades(base: BaseState, radius_m: float, progress: Progress = SILENT) -> PieceGrades:
    """The survey's grades; cultivated land that lacks one has that of the cultivated land around (推断).

    Source: 10-defaults Q16 as corrected by 00-supplement 1.6. Nothing is inferred where the radius is 0.
    """
    grade = base.parcels.grade[base.parcel]
    lacking = base.cultivated & np.isnan(grade) & (base.net > 0) & (radius_m > 0)
    return filled(base, grade, lacking, radius_m, progress)


def filled(
    base: BaseState,
    grade: NDArray[np.float64],
    lacking: NDArray[np.bool_],
    radius_m: float,
    progress: Progress = SILENT,
) -> PieceGrades:
    """``grade`` with that of the cultivated land around for the pieces ``lacking`` one, ``(n,)`` each.

    Where the survey grades nothing at all, nothing is inferred.
    """
    grade, inferred = grade.copy(), np.zeros(len(grade), dtype=np.bool_)
    rows = np.flatnonzero(lacking)
    if not len(rows) or not (base.cultivated & ~np.isnan(base.parcels.grade[base.parcel])).any():
        return PieceGrades(grade, inferred)
    grade[rows] = grades_around(base, base.geometry[rows], radius_m, progress)
    inferred[rows] = ~np.isnan(grade[rows])
    return PieceGrades(grade, inferred)
