"""Plots that take the same land: which exclude each other, and which can be held against the base state at once."""

from __future__ import annotations

from typing import Dict, List, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.findings import SEEN_M2
from three_opt_three_protect.core.optimiser.problem import Bools, Floats, Ints
from three_opt_three_protect.core.overlay import Coverage
from three_opt_three_protect.core.overlay.coverage import shared_land
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.tables import Geometries


def overlapping(
    reclaim: Geometries, newbuild: Geometries, spec: AreaSpec, progress: Progress = SILENT
) -> Tuple[Ints, Floats]:
    """Pairs of plots that take the same land.

    Returns
    -------
    pairs
        ``(c, 2)`` int64, the smaller first; reclaim plots 0 … n−1, new-build plots n … n+m−1.
    area
        ``(c,)`` m² they share; more than prints as 0.00.
    """
    shapes = np.concatenate([reclaim, newbuild])
    pairs, areas = [np.empty((0, 2), dtype=np.int64)], [np.empty(0)]
    if (~shapely.is_missing(shapes)).sum() > 1:
        coverage = Coverage(shapes, Part(progress, 0.0, 0.5))
        for first, second, land in shared_land(coverage, progress=Part(progress, 0.5, 0.5)):
            area = spec.measure(_polygons(land))
            seen = area > SEEN_M2
            pairs.append(np.sort(np.stack([coverage.parcel[first], coverage.parcel[second]], axis=1), axis=1)[seen])
            areas.append(area[seen])
    every, index = np.unique(np.concatenate(pairs), axis=0, return_inverse=True)
    total = np.bincount(index.reshape(-1), np.concatenate(areas), len(every))
    apart = every[:, 0] != every[:, 1]
    return every[apart].astype(np.int64), total[apart]


def _polygons(land: Geometries) -> Geometries:
    """What is land of intersections; lines and points measure nothing."""
    out = np.array(land, dtype=np.object_)
    out[shapely.get_dimensions(land) < 2] = None
    return out


def in_the_way(pairs: Ints, shared: Floats, reclaims: int, tolerance_m2: float) -> Bools:
    """Pairs that exclude each other: within a layer beyond what surveys differ by, across layers always.

    Any land built on after its reclamation breaks a rule; neighbours drawn a hair into each other do not.
    """
    across = (pairs[:, 0] < reclaims) & (pairs[:, 1] >= reclaims)
    return np.asarray(across | (shared > tolerance_m2))


def colours(pairs: Ints, count: int) -> Ints:
    """``(count,)`` number of a run for each plot, such that plots of a pair are in different runs."""
    inside = ((pairs >= 0) & (pairs < count)).all(axis=1)
    colour = np.zeros(count, dtype=np.int64)
    beside: Dict[int, List[int]] = {}
    for first, second in pairs[inside].tolist():
        beside.setdefault(second, []).append(first)
    for plot in sorted(beside):
        taken = {int(colour[other]) for other in beside[plot]}
        colour[plot] = next(number for number in range(len(taken) + 1) if number not in taken)
    return colour
