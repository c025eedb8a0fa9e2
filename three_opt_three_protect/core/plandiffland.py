"""The land of two to four plans, cut where any of them has a border, with official areas that close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.findings import SEEN_M2
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.overlay import NOISE, Coverage, ZoneLayer, overlaps, overlay
from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.overlay.coverage import shared_land
from three_opt_three_protect.core.pieces import AreaSpec, Ints, Whole, split
from three_opt_three_protect.core.plandiffunion import united
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries

OUTSIDE = -1


@dataclass(frozen=True)
class Land:
    """Pieces of land, each with one polygon of every plan.

    Attributes
    ----------
    geometry
        ``(n,)`` polygons or multipolygons, none over another.
    area
        ``(n,)`` int64 hundredths of a m².  Pieces of a polygon of the first plan add up to its own official area.
    row
        ``(n, plans)`` int64 row in the layer of each plan, −1 where it has none.
    village
        ``(n,)`` int64 row of the village, −1 outside.
    overlap
        ``(plans,)`` m² that polygons of the same plan share; counted once, for the first of them.
    own
        ``(plans,)`` int64 hundredths, sum of the plan's polygons, each measured and rounded by itself.
    """

    geometry: Geometries
    area: Ints
    row: NDArray[np.int64]
    village: Ints
    overlap: NDArray[np.float64]
    own: Ints

    def __len__(self) -> int:
        return len(self.area)

    def totals(self) -> Ints:
        """``(plans,)`` hundredths, sum of the pieces of each plan: what every table adds up to."""
        return np.array([self.area[rows >= 0].sum() for rows in self.row.T], dtype=np.int64)

    def closure(self) -> Ints:
        """``(plans,)`` hundredths: own area less the pieces, what rounding leaves; 0 where polygons overlap."""
        return np.where(self.overlap >= SEEN_M2, 0, self.own - self.totals())


def compared_land(
    plans: Sequence[Geometries],
    villages: Optional[Geometries],
    spec: AreaSpec,
    snap: float = 0.0,
    progress: Progress = SILENT,
) -> Land:
    """Cut the land of all plans along each other's borders and the villages'.

    The first plan is cut by the others at once; of every later plan what the ones before it do not cover is added.

    Parameters
    ----------
    plans
        Each ``(n,)`` valid polygons or None, in the CRS of ``spec``.
    villages
        ``(v,)`` valid polygons or None; None = no villages.
    snap
        Metres, see :func:`three_opt_three_protect.core.overlay.overlay`.
    """
    count = len(plans)
    layers = [*plans, *([] if villages is None else [villages])]
    parts = [_first(layers, spec, snap, Part(progress, 0.0, 0.8))]
    own = [parts[0].area.sum()]
    for number in range(1, count):
        share = Part(progress, 0.8 + 0.2 * (number - 1) / count, 0.2 / count)
        own.append(to_units(spec.measure(plans[number], Part(share, 0.0, 0.4))).sum())
        parts.append(_left_over(number, layers, parts, spec, snap, Part(share, 0.4, 0.6)))
    rows = np.concatenate([part.row for part in parts])
    filled = [_filled(plan, number, parts) for number, plan in enumerate(plans)]
    overlap = np.array([np.nan_to_num(shapely.area(plan)).sum() - full.sum() for plan, full in zip(plans, filled)])
    overlap *= spec.crs.metres_per_unit**2
    return Land(
        np.concatenate([part.geometry for part in parts]),
        np.concatenate([part.area for part in parts]),
        rows[:, :count],
        rows[:, count] if villages is not None else np.full(len(rows), OUTSIDE, dtype=np.int64),
        np.where(overlap < SEEN_M2, 0.0, overlap),
        np.array(own, dtype=np.int64),
    )


@dataclass(frozen=True)
class _Cut:
    """Pieces: geometry, area in hundredths, rows in the plans and then in the villages."""

    geometry: Geometries
    area: Ints
    row: NDArray[np.int64]


def _first(layers: Sequence[Geometries], spec: AreaSpec, snap: float, progress: Progress) -> _Cut:
    """The polygons of the first layer cut by the others; pieces add up to their polygon's own area."""
    polygons, coverage = _once(layers[0], Part(progress, 0.0, 0.2))
    own = to_units(spec.measure(polygons, Part(progress, 0.2, 0.1)))
    zones = [ZoneLayer(shapes, np.arange(len(shapes), dtype=np.int64)) for shapes in layers[1:]]
    found = split(Whole(polygons, own, own), zones, spec, snap, Part(progress, 0.3, 0.7), coverage)
    pieces = found.pieces
    return _Cut(pieces.geometry, found.area, np.column_stack([pieces.parcel, pieces.zone]))


def _once(polygons: Geometries, progress: Progress) -> Tuple[Geometries, Coverage]:
    """Polygons without the land that an earlier one of the layer has, and their coverage."""
    coverage = Coverage(polygons, Part(progress, 0.0, 0.5))
    if not len(overlaps(coverage, Part(progress, 0.5, 0.2)).rows):
        return polygons, coverage
    taken: Dict[int, List[BaseGeometry]] = {}
    for _, second, land in shared_land(coverage, progress=Part(progress, 0.7, 0.2)):
        for row, piece in zip(coverage.parcel[second].tolist(), land.tolist()):
            taken.setdefault(row, []).append(piece)
    cut = polygons.copy()
    for row, pieces in taken.items():
        progress.check(0.9)
        cut[row] = shapely.difference(cut[row], shapely.union_all(pieces))
    changed = np.array(sorted(taken), dtype=np.int64)
    cut[changed] = polygons_only(cut[changed])
    return cut, Coverage(cut, Part(progress, 0.95, 0.05))


def _left_over(
    number: int, layers: Sequence[Geometries], parts: Sequence[_Cut], spec: AreaSpec, snap: float, progress: Progress
) -> _Cut:
    """What plan ``number`` has beyond the plans before it, cut by the later ones and the villages."""
    unit = spec.crs.metres_per_unit
    short = np.nan_to_num(shapely.area(layers[number])) - _filled(layers[number], number, parts)
    rest = np.flatnonzero(short > SEEN_M2 / unit**2)
    if not len(rest):
        nothing = np.empty(0, dtype=np.int64)
        return _Cut(np.empty(0, dtype=np.object_), nothing, np.empty((0, len(layers)), dtype=np.int64))
    polygons, coverage = _once(layers[number][rest], Part(progress, 0.0, 0.3))
    share = Part(progress, 0.3, 0.2)
    shared = [part.row[part.row[:, number] != OUTSIDE] for part in parts]
    met = [np.unique(np.concatenate([rows[:, place] for rows in shared])) for place in range(number)]
    near = [_near(shapes, polygons, rows[rows != OUTSIDE])[0] for shapes, rows in zip(layers, met)]
    before = np.concatenate([united(shapes, share) if len(shapes) else shapes for shapes in near])
    later = [_near(shapes, polygons, np.arange(len(shapes))) for shapes in layers[number + 1 :]]
    zones = [ZoneLayer(before, np.zeros(len(before), dtype=np.int64)), *(ZoneLayer(*one) for one in later)]
    found = overlay(coverage, zones, snap / unit, Part(progress, 0.5, 0.4), NOISE / unit**2)
    beyond = np.flatnonzero(found.zone[:, 0] == OUTSIDE)
    area = to_units(spec.measure(found.geometry[beyond], Part(progress, 0.9, 0.1)))
    row = np.full((len(beyond), len(layers)), OUTSIDE, dtype=np.int64)
    row[:, number] = rest[found.parcel[beyond]]
    row[:, number + 1 :] = found.zone[beyond, 1:]
    return _Cut(found.geometry[beyond], area, row)


def _near(shapes: Geometries, polygons: Geometries, rows: Ints) -> Tuple[Geometries, Ints]:
    """What of ``rows`` of a layer meets the boxes of ``polygons``, and the rows that do."""
    rows = rows[np.unique(shapely.STRtree(shapes[rows]).query(polygons)[1])]
    return shapes[rows], rows


def _filled(polygons: Geometries, number: int, parts: Sequence[_Cut]) -> NDArray[np.float64]:
    """``(n,)`` planar area of the pieces of every polygon of plan ``number``."""
    filled = np.zeros(len(polygons))
    for part in parts:
        rows = part.row[:, number]
        held = np.flatnonzero(rows >= 0)
        filled += np.bincount(rows[held], batched(shapely.area, part.geometry[held]), len(polygons))
    return filled
