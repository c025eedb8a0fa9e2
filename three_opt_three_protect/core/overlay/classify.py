"""Which zone the land belongs to, told by one point of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from three_opt_three_protect.core.overlay.edges import Ints, runs
from three_opt_three_protect.core.overlay.local import moved
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

_LOOK = 400_000
"""Zone vertices worked on between two looks at the cancel button."""

OUTSIDE = -1


@dataclass(frozen=True)
class Claims:
    """What zones say about points.

    ``first`` is ``(p,)`` row of the first zone that has the point, −1 outside; ``count`` how many have it.
    """

    first: Ints
    count: Ints


def claims(zones: Geometries, points: Geometries, origin: complex = 0j, progress: Progress = SILENT) -> Claims:
    """Find the zones of points.

    Parameters
    ----------
    zones
        ``(k,)`` valid polygons, the one that has precedence first.
    points
        ``(p,)`` points, none on a border.
    origin
        What has already been taken from the coordinates of the points.
    """
    first = np.full(len(points), len(zones), dtype=np.int64)
    count = np.zeros(len(points), dtype=np.int64)
    tree = shapely.STRtree(points)
    corner = np.array([origin.real, origin.imag] * 2)
    rows = np.unique(tree.query(shapely.box(*(shapely.bounds(zones) - corner).T))[0]) if len(zones) else count[:0]
    for some in runs(shapely.get_num_coordinates(zones[rows]).astype(np.int64), _LOOK):
        progress.check(some.start / len(rows))
        # The tree prepares the zone, not the points: then a point takes a microsecond, however large the zone.
        zone, point = tree.query(moved(zones[rows[some]], -origin), predicate="contains")
        np.minimum.at(first, point, rows[some][zone])
        count += np.bincount(point, minlength=len(points))
    first[first == len(zones)] = OUTSIDE
    return Claims(first, count)
