"""Whether parcels overlap each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

QUICK = 50_000
"""Up to this many polygons one call answers for a clean coverage."""

_BATCH = 2_000
_SAME = 1e-12
"""Relative difference of two areas that are the same up to rounding; 1 mm² in a square kilometre."""


@dataclass(frozen=True)
class Overlaps:
    """Area shared by pairs of parcels (squared units of the CRS) and the parcels concerned, in order."""

    area: float
    rows: NDArray[np.int64]


def overlaps(parcels: Geometries, progress: Progress = SILENT) -> Overlaps:
    """Find parcels that cover the same land.

    Parameters
    ----------
    parcels
        ``(n,)`` valid polygons; None is passed over.
    """
    rows = np.flatnonzero(~shapely.is_missing(parcels))
    there = parcels[rows]
    nothing = Overlaps(0.0, np.empty(0, dtype=np.int64))
    if not len(there) or (len(there) <= QUICK and _is_clean(there)):
        return nothing
    pairs = _pairs(there, progress)
    total, shared = 0.0, [np.empty((0, 2), dtype=np.int64)]
    for start in range(0, len(pairs), _BATCH):
        progress.check(start / len(pairs))
        some = pairs[start : start + _BATCH]
        area = shapely.area(shapely.intersection(there[some[:, 0]], there[some[:, 1]]))
        total += float(area.sum())
        shared.append(some[area > 0])
    return Overlaps(total, np.unique(rows[np.concatenate(shared)]))


def _pairs(parcels: Geometries, progress: Progress) -> NDArray[np.int64]:
    """``(p, 2)`` rows whose insides meet, each pair once: overlapping, one in the other, or equal."""
    tree = shapely.STRtree(parcels)
    found: List[NDArray[np.int64]] = [np.empty((0, 2), dtype=np.int64)]
    for start in range(0, len(parcels), _BATCH):
        progress.check(start / len(parcels))
        some = parcels[start : start + _BATCH]
        for predicate in ("overlaps", "covers"):
            first, second = tree.query(some, predicate=predicate)
            pair = np.sort(np.stack([first + start, second], axis=1), axis=1)
            found.append(pair[pair[:, 0] != pair[:, 1]])
    return np.unique(np.concatenate(found), axis=0)


def _is_clean(parcels: Geometries) -> bool:
    """A union that only drops shared edges keeps the area and is valid just when nothing overlaps.

    Near the origin the two areas are exact enough to show the smallest parcel inside another.
    """
    corner = np.round(shapely.total_bounds(parcels)[:2])
    parcels = np.asarray(shapely.transform(parcels, lambda xy: xy - corner), dtype=np.object_)
    try:
        union = shapely.coverage_union_all(parcels)
    except shapely.GEOSException:
        return False
    area = float(shapely.area(parcels).sum())
    return bool(abs(float(shapely.area(union)) - area) <= _SAME * area and shapely.is_valid(union))
