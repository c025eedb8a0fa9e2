"""Many polygons as one."""

from __future__ import annotations

from typing import Optional

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries

_AT_ONCE = 2_000
"""Polygons united between two looks at the cancel button."""


def united(shapes: Geometries, progress: Progress = SILENT) -> Geometries:
    """The union of polygons as an array of one; many are united some at a time, from west to east.

    Parameters
    ----------
    shapes
        ``(n,)`` valid polygons, n > 0.
    """
    if len(shapes) > _AT_ONCE:
        shapes = shapes[np.argsort(shapely.bounds(shapes)[:, 0], kind="stable")]
        made = []
        for block in np.array_split(shapes, -(-len(shapes) // _AT_ONCE)):
            progress.check(0.0)
            made.append(united(block))
        return united(np.concatenate(made), progress)
    whole = _coverage(shapes) if len(shapes) > 2 else None
    return polygons_only(np.array([shapely.union_all(shapes) if whole is None else whole], dtype=np.object_))


def _coverage(shapes: Geometries) -> Optional[BaseGeometry]:
    """The union of neighbours that share their vertices, many times faster; None where they are no such coverage."""
    try:
        whole = shapely.coverage_union_all(shapes)
    except shapely.GEOSException:
        return None
    return whole if shapely.is_valid(whole) else None
