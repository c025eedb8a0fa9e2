"""Any polygons × parcels × lines: present land classes (T19) and occupation of lines (T20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState, plot_pieces
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries


@dataclass(frozen=True)
class ClassRow:
    """T19: one land class inside one plot; areas in hundredths of a m², gross but for ``cultivated``.

    ``plot`` is the row of the plot; ``class_code`` None = parcel without a code.
    """

    plot: int
    class_code: Optional[str]
    group: int
    area: int
    net: int
    cultivated: int
    paddy: int
    farmland: Optional[int]


@dataclass(frozen=True)
class LineRow:
    """T20: one line inside one plot; ``share`` of the plot's area on parcels.

    ``line`` is farmland, boundary, outside_boundary, redline1, redline2 or other1, other2, …
    """

    plot: int
    line: str
    area: int
    share: float


@dataclass(frozen=True)
class PlotReport:
    """Both tables, the area of each plot in hundredths, and its area in m² that lies on no parcel."""

    classes: Tuple[ClassRow, ...]
    lines: Tuple[LineRow, ...]
    area: Ints
    uncovered: NDArray[np.float64]
    overlap_m2: float


def plot_report(base: BaseState, plots: Geometries, snap: float = 0.0, progress: Progress = SILENT) -> PlotReport:
    """What each plot lies on. Plots that overlap are each reported in full.

    Parameters
    ----------
    base
        Parcels cut along the lines.
    plots
        ``(n,)`` valid polygons or None.
    """
    nothing = np.empty(0, dtype=np.object_)
    area = np.zeros(len(plots), dtype=np.int64)
    uncovered = np.zeros(len(plots))
    classes: List[ClassRow] = []
    lines: List[LineRow] = []
    batches = list(_apart(plots))
    for batch in batches:
        pieces = plot_pieces(base, plots[batch], nothing, snap, progress)
        plot = batch[pieces.reclaim]
        area += sum_by(plot, pieces.area, len(plots))
        uncovered[batch] = pieces.uncovered[0]
        classes += _classes(base, plot, pieces.base, pieces.area, pieces.net)
        lines += _lines(base, plot, pieces.base, pieces.area, area)
    return PlotReport(
        tuple(sorted(classes, key=lambda row: (row.plot, row.class_code or ""))),
        tuple(sorted(lines, key=lambda row: row.plot)),
        area,
        uncovered,
        _overlap(plots, batches) * base.spec.crs.metres_per_unit**2,
    )


def _apart(plots: Geometries) -> Iterator[Ints]:
    """Rows of plots in batches in which no two plots meet."""
    rows = np.flatnonzero(~shapely.is_missing(plots))
    tree = shapely.STRtree(plots[rows])
    pairs = tree.query(plots[rows], predicate="intersects").T
    pairs = pairs[pairs[:, 1] < pairs[:, 0]]
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    start = np.searchsorted(pairs[:, 0], np.arange(len(rows) + 1))
    batch = np.zeros(len(rows), dtype=np.int64)
    for row in range(len(rows)):
        taken = set(batch[pairs[start[row] : start[row + 1], 1]].tolist())
        while batch[row] in taken:
            batch[row] += 1
    for number in np.unique(batch):
        yield rows[batch == number]


def _overlap(plots: Geometries, batches: Sequence[Ints]) -> float:
    """Area that plots share, planar."""
    if len(batches) < 2:
        return 0.0
    there = plots[~shapely.is_missing(plots)]
    return float(shapely.area(there).sum() - shapely.area(shapely.union_all(there)))


def _classes(base: BaseState, plot: Ints, piece: Ints, area: Ints, net: Ints) -> List[ClassRow]:
    codes = np.array([code or "" for code in base.parcels.class_code[base.parcel[piece]]], dtype=np.object_)
    keys, first, index = np.unique(
        np.array([f"{row:09d} {code}" for row, code in zip(plot, codes)]), return_index=True, return_inverse=True
    )
    index = index.astype(np.int64).reshape(-1)
    count = len(keys)
    cultivated = np.where(base.cultivated[piece], net, 0)
    sums = [
        sum_by(index, values, count)
        for values in (
            area,
            net,
            cultivated,
            np.where(base.paddy[piece], net, 0),
            np.where(base.in_farm[piece], area, 0),
        )
    ]
    farmland_known = "farmland" in base.given
    return [
        ClassRow(
            int(plot[first[row]]),
            codes[first[row]] or None,
            int(base.parcels.classes.group[base.parcel[piece[first[row]]]]),
            int(sums[0][row]),
            int(sums[1][row]),
            int(sums[2][row]),
            int(sums[3][row]),
            int(sums[4][row]) if farmland_known else None,
        )
        for row in range(count)
    ]


def _lines(base: BaseState, plot: Ints, piece: Ints, area: Ints, total: Ints) -> List[LineRow]:
    inside = {}
    if "farmland" in base.given:
        inside["farmland"] = base.in_farm[piece]
    if "boundary" in base.given:
        inside["boundary"] = base.in_bound[piece]
        inside["outside_boundary"] = ~base.in_bound[piece]
    if "redline" in base.given:
        inside["redline1"] = base.redline[piece] == 1
        inside["redline2"] = base.redline[piece] > 1
    for number in range(base.others.shape[1]):
        inside[f"other{number + 1}"] = base.others[piece, number] >= 0
    rows = np.unique(plot)
    out = []
    for line, where in inside.items():
        sums = sum_by(plot, np.where(where, area, 0), len(total))
        out += [LineRow(int(row), line, int(sums[row]), float(sums[row] / max(int(total[row]), 1))) for row in rows]
    return out
