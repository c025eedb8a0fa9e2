"""Differences as a planner draws them: pieces of one kind put together, slivers given to their neighbour.

Only the drawing merges: matrix, sizes and tallies are those of the pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import crossed
from three_opt_three_protect.core.measure import UNITS_PER_M2, Tolerance, apportion
from three_opt_three_protect.core.overlay.inside import points_inside
from three_opt_three_protect.core.pieces import SNAP_M, AreaSpec, Ints
from three_opt_three_protect.core.plandiff import NOT_COMPARED, YEAR_DIFFERS, Comparison, Pair
from three_opt_three_protect.core.plandiffclasses import AGREES, CONSTRUCTION, KINDS, NO_PLAN
from three_opt_three_protect.core.plandiffunion import united
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.sharededges import shared_edges
from three_opt_three_protect.core.tables import Geometries

LAYOUT, TIMING = "layout", "timing"


@dataclass(frozen=True)
class Limits:
    """What is too small to be mapped: m² with construction land on either side and without, mean width in metres.

    All 0 = everything is drawn.
    """

    construction_m2: float
    other_m2: float
    width_m: float


@dataclass(frozen=True)
class Patches:
    """Differences of one facet of one pair.

    Attributes
    ----------
    facet
        layout or timing.
    pair
        The two plans.
    geometry
        ``(n,)`` polygons.
    area, merged
        ``(n,)`` int64 hundredths of a m²; ``merged`` is what slivers beside it have brought.
    sliver
        ``(n,)`` bool: too small or narrow, and beside no difference that could take it.
    pieces
        ``(m,)`` int64 rows of the land, and ``patch`` ``(m,)`` the difference each is part of, with ``share`` ``(m,)``
        hundredths; pieces that came from slivers are left out.
    absorbed
        Number of slivers that went to a neighbour.
    """

    facet: str
    pair: Pair
    geometry: Geometries
    area: Ints
    merged: Ints
    sliver: NDArray[np.bool_]
    pieces: Ints
    patch: Ints
    share: Ints
    absorbed: int

    def __len__(self) -> int:
        return len(self.area)


def differences(found: Comparison, spec: AreaSpec, limits: Limits, progress: Progress = SILENT) -> List[Patches]:
    """Layout and timing differences of every pair."""
    jobs: List[Tuple[str, Pair, Ints, Ints]] = []
    for pair in found.pairs:
        there = np.flatnonzero((pair.kind != NOT_COMPARED) & (pair.kind != KINDS.index(AGREES)))
        jobs.append((LAYOUT, pair, there, _layout_groups(found, pair, there)))
        there = np.flatnonzero(pair.timing == YEAR_DIFFERS)
        jobs.append((TIMING, pair, there, _timing_groups(found, pair, there)))
    progress.step("drawing_differences", 0.2)
    return [
        _patches(found, *job, spec, limits, Part(progress, number / len(jobs), 1 / len(jobs)))
        for number, job in enumerate(jobs)
    ]


def _layout_groups(found: Comparison, pair: Pair, there: Ints) -> Ints:
    """Kind, both categories, village; of land that one plan does not cover only which one."""
    count = len(found.harmonised.categories)
    alone = pair.kind[there] == KINDS.index(NO_PLAN)
    nothing = found.harmonised.index(NO_PLAN)
    one, other = (
        np.where(alone & (found.category[there, side] != nothing), 0, found.category[there, side])
        for side in (pair.first, pair.second)
    )
    keys = [(pair.kind[there], len(KINDS)), (one, count), (other, count)]
    return _groups(found, there, keys)


def _timing_groups(found: Comparison, pair: Pair, there: Ints) -> Ints:
    """Both years, village."""
    keys = []
    for side in (pair.first, pair.second):
        years, place = np.unique(found.year[there, side], return_inverse=True)
        keys.append((place.reshape(-1).astype(np.int64), len(years)))
    return _groups(found, there, keys)


def _groups(found: Comparison, there: Ints, keys: Sequence[Tuple[Ints, int]]) -> Ints:
    if not len(there):
        return there
    return crossed([*keys, (found.unit.code[there], len(found.unit.levels))])[0]


def _patches(
    found: Comparison,
    facet: str,
    pair: Pair,
    there: Ints,
    group: Ints,
    spec: AreaSpec,
    limits: Limits,
    progress: Progress,
) -> Patches:
    if not len(there):
        nothing = np.empty(0, dtype=np.int64)
        none = np.empty(0, dtype=np.object_)
        return Patches(facet, pair, none, nothing, nothing, nothing.astype(np.bool_), nothing, nothing, nothing, 0)
    parts, member, share = _parts(found.land.geometry[there], found.land.area[there], spec)
    geometry, patch = _dissolved(parts, group[member], Part(progress, 0.0, 0.8))
    area = np.zeros(len(geometry), dtype=np.int64)
    np.add.at(area, patch, share)
    first = np.empty(len(geometry), dtype=np.int64)
    first[patch] = there[member]
    small = _small(found, pair, first, geometry, area, spec, limits)
    host = _hosts(geometry, small, spec, Part(progress, 0.8, 0.2))
    return _merged(facet, pair, geometry, area, small, host, there[member], patch, share)


def _parts(geometry: Geometries, area: Ints, spec: AreaSpec) -> Tuple[Geometries, Ints, Ints]:
    """Parts of the pieces, the piece of each, and their areas, which add up to the piece's."""
    parts, member = shapely.get_parts(geometry, return_index=True)
    member = member.astype(np.int64)
    several = np.bincount(member, minlength=len(geometry))[member] > 1
    measured = np.zeros(len(parts))
    measured[several] = spec.measure(parts[several])
    return parts, member, apportion(measured, member, area, Tolerance(spec.tolerance.share, spec.tolerance.area_m2))


def _dissolved(parts: Geometries, group: Ints, progress: Progress) -> Tuple[Geometries, Ints]:
    """Polygons of each group that share an edge put together; ``(m,)`` the polygon of every part."""
    order = np.argsort(group, kind="stable")
    start = np.flatnonzero(np.diff(group[order], prepend=-1))
    polygons: List[Geometries] = []
    patch = np.empty(len(parts), dtype=np.int64)
    count = 0
    for number, rows in enumerate(np.split(order, start[1:])):
        progress.check(number / len(start))
        if len(rows) == 1:
            made = parts[rows]
            place = np.zeros(1, dtype=np.int64)
        else:
            made = shapely.get_parts(united(parts[rows], progress))
            place = _place(parts[rows], made)
        patch[rows] = count + place
        polygons.append(made)
        count += len(made)
    return np.concatenate(polygons), patch


def _place(parts: Geometries, polygons: Geometries) -> Ints:
    """Which of ``polygons`` every part lies in."""
    if len(polygons) == 1:
        return np.zeros(len(parts), dtype=np.int64)
    place = shapely.STRtree(polygons).query_nearest(points_inside(parts), all_matches=False)
    return np.asarray(place[1], dtype=np.int64)


def _small(
    found: Comparison, pair: Pair, row: Ints, geometry: Geometries, area: Ints, spec: AreaSpec, limits: Limits
) -> NDArray[np.bool_]:
    """``(n,)`` bool: under the minimum mapping area, or narrower on average (2 · area / length of the rings)."""
    built = found.harmonised.natures(CONSTRUCTION)
    either = built[found.category[row, pair.first]] | built[found.category[row, pair.second]]
    m2 = area / UNITS_PER_M2
    small = m2 < np.where(either, limits.construction_m2, limits.other_m2)
    if spec.crs.is_geographic:
        return small
    return np.asarray(small | (2 * m2 < limits.width_m * shapely.length(geometry) * spec.crs.metres_per_unit))


def _hosts(geometry: Geometries, small: NDArray[np.bool_], spec: AreaSpec, progress: Progress) -> Ints:
    """``(n,)`` the difference each goes to: itself, or of a sliver the one with the longest common edge."""
    host = np.arange(len(geometry), dtype=np.int64)
    slivers, others = np.flatnonzero(small), np.flatnonzero(~small)
    if not len(slivers) or not len(others):
        return host
    near = shapely.STRtree(geometry[others]).query(geometry[slivers], predicate="dwithin", distance=_tolerance(spec))
    beside = np.unique(near[1])
    if not len(beside):
        return host
    edges = shared_edges(geometry[slivers], geometry[others[beside]], _tolerance(spec), progress)
    order = np.lexsort((-edges.other, edges.metres, edges.shape))
    host[slivers[edges.shape[order]]] = others[beside[edges.other[order]]]  # the last one written is the longest
    return host


def _tolerance(spec: AreaSpec) -> float:
    return SNAP_M / spec.crs.metres_per_unit


def _merged(
    facet: str,
    pair: Pair,
    geometry: Geometries,
    area: Ints,
    small: NDArray[np.bool_],
    host: Ints,
    pieces: Ints,
    patch: Ints,
    share: Ints,
) -> Patches:
    kept = host == np.arange(len(host))
    number = np.cumsum(kept) - 1
    guests: Dict[int, List[int]] = {}
    for guest in np.flatnonzero(~kept).tolist():
        guests.setdefault(int(host[guest]), []).append(guest)
    drawn = geometry.copy()
    for taker, rows in guests.items():
        drawn[taker] = shapely.union_all(geometry[[taker, *rows]])
    takers = np.array(sorted(guests), dtype=np.int64)
    drawn[takers] = polygons_only(drawn[takers])
    merged = np.zeros(len(geometry), dtype=np.int64)
    np.add.at(merged, host[~kept], area[~kept])
    own = np.flatnonzero(kept[patch])
    return Patches(
        facet,
        pair,
        drawn[kept],
        (area + merged)[kept],
        merged[kept],
        small[kept],
        pieces[own],
        number[patch[own]],
        share[own],
        int((~kept).sum()),
    )


def main_categories(found: Comparison, patches: Patches) -> NDArray[np.int64]:
    """``(n, plans)`` the category with the most land in each difference, of every plan."""
    count = len(found.harmonised.categories)
    out = np.empty((len(patches), len(found.plans)), dtype=np.int64)
    for number in range(len(found.plans)):
        area = np.zeros(len(patches) * count, dtype=np.int64)
        np.add.at(area, patches.patch * count + found.category[patches.pieces, number], patches.share)
        out[:, number] = area.reshape(-1, count).argmax(axis=1)
    return out


def common_years(found: Comparison, patches: Patches) -> NDArray[np.float64]:
    """``(n, plans)`` the planned year of each difference, of every plan; NaN where it has several or none."""
    out = np.full((len(patches), len(found.plans)), np.nan)
    if not len(patches):
        return out
    order = np.argsort(patches.patch, kind="stable")
    start = np.searchsorted(patches.patch[order], np.arange(len(patches)))
    for number in range(len(found.plans)):
        year = found.year[patches.pieces[order], number]
        least, most = np.minimum.reduceat(year, start), np.maximum.reduceat(year, start)
        out[:, number] = np.where(least == most, least, np.nan)
    return out
