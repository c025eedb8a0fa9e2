"""Slivers merged into the neighbour they share the longest edge with."""

from __future__ import annotations

from dataclasses import replace
from typing import Set

import numpy as np
import shapely

from three_opt_three_protect.core.mending.changes import Mended, mended
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import Bools, Ints, Subject
from three_opt_three_protect.core.quality.places import lengths_m
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries, LayerTable

SLIVERS = "slivers"
NONE = -1


def slivers(subject: Subject, least_m2: float, width_m: float) -> Bools:
    """``(n,)`` True for polygons under an area, or narrower on average (2 · area / length of the rings).

    Parameters
    ----------
    subject
        The layer.
    least_m2, width_m
        As the data check ``sliver`` has them.
    """
    land = subject.area > 0
    length = lengths_m(subject, subject.shapes)
    width = np.divide(2 * subject.area, length, out=np.zeros(len(land)), where=length > 0)
    return np.asarray(land & ((subject.area < least_m2) | (width < width_m)))


def merge_slivers(table: LayerTable, sliver: Bools, progress: Progress = SILENT) -> Mended:
    """Give the land of slivers to their longest-edge neighbours, whose values stand; the slivers go.

    Parameters
    ----------
    table
        The layer; polygons that are not valid stay as they are.
    sliver
        ``(n,)`` the features to merge, smallest first.  A neighbour is no sliver, or one that was merged already.

    Returns
    -------
    Mended
        ``left``: slivers that share an edge with nothing.
    """
    shapes = table.shapes.copy()
    # Edges of a polygon that crosses itself are nobody's.
    drawn = np.where(shapely.is_valid(shapes), shapes, np.array(None))
    tree = shapely.STRtree(drawn)
    root = np.arange(len(shapes))
    waiting = np.flatnonzero(sliver)
    waiting = waiting[np.argsort(np.nan_to_num(shapely.area(shapes[waiting])), kind="stable")]
    before = len(waiting) + 1
    while 0 < len(waiting) < before:
        before = len(waiting)
        open_rows = set(waiting.tolist())
        for row in waiting.tolist():
            progress.check(0.0)
            into = _neighbour(row, drawn, tree, root, open_rows)
            if into != NONE:
                shapes[into] = polygons_only(np.array([shapely.union(shapes[into], shapes[row])], dtype=np.object_))[0]
                root[root == row] = into
                open_rows.discard(row)
        waiting = np.array([row for row in waiting.tolist() if row in open_rows], dtype=np.int64)
    kept = np.flatnonzero(root == np.arange(len(shapes)))
    return mended(SLIVERS, table, replace(table.take(kept), geometry=shapes[kept]), kept, waiting.tolist())


def _neighbour(row: int, shapes: Geometries, tree: shapely.STRtree, root: Ints, waiting: Set[int]) -> int:
    """The feature that now holds what shares the longest edge with ``row``; of equal ones the first."""
    near = np.array([other for other in tree.query(shapes[row]) if other != row and other not in waiting], dtype=int)
    if not len(near):
        return NONE
    edges = shapely.intersection(shapely.boundary(shapes[near]), shapely.boundary(shapes[row]))
    length = np.bincount(root[near], np.nan_to_num(shapely.length(edges)))
    longest = int(np.argmax(length))
    return longest if length[longest] > 0 else NONE
