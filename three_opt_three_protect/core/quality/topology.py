"""Overlaps, gaps and repeated polygons within a layer."""

from __future__ import annotations

from typing import Dict, Iterable, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.overlay import NOISE
from three_opt_three_protect.core.overlay.coverage import shared_land
from three_opt_three_protect.core.overlay.edges import blocks
from three_opt_three_protect.core.overlay.gaps import gaps
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.quality.case import Case, Found, Ints, RuleFunction, RuleSpec, Subject
from three_opt_three_protect.core.quality.places import area_m2
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries

_BATCH = 5_000


def duplicate_shape(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Every feature that repeats an earlier one's polygon; ``measure`` is how many there are of it.

    The same polygon wherever its rings begin, whichever way they run and in whatever order its parts come.
    """
    fid = case.layer.table.fid
    original = _originals(case.layer, progress)
    rows = np.flatnonzero(original != np.arange(len(original)))
    copies = np.bincount(original, minlength=len(original))
    yield Found(rows, "", copies[original[rows]].astype(np.float64), {"other": fid[original[rows]]})


def _originals(subject: Subject, progress: Progress = SILENT) -> Ints:
    """``(n,)`` row of the first feature with the same polygon, the row itself where there is none before."""
    shapes = subject.table.shapes
    original = np.arange(len(shapes))
    with np.errstate(invalid="ignore"):
        box = shapely.bounds(shapes)
    # Only what has the box of another is looked at: NaN, of what has none, is equal to nothing.
    order = np.lexsort(box.T)
    equal = (box[order[1:]] == box[order[:-1]]).all(axis=1)
    alike = np.append(equal, False) | np.append([False], equal)[: len(order)]
    rows = np.sort(order[alike[: len(order)]])
    first: Dict[bytes, int] = {}
    for block in blocks(len(rows), _BATCH):
        progress.check(block.start / len(rows))
        some = shapely.normalize(shapes[rows[block]])
        several = shapely.get_type_id(some) == shapely.GeometryType.MULTIPOLYGON
        single = several & (shapely.get_num_geometries(some) == 1)
        some[single] = shapely.get_geometry(some[single], 0)
        keys = shapely.to_wkb(some, output_dimension=2)
        original[rows[block]] = [first.setdefault(key, row) for key, row in zip(keys, rows[block].tolist())]
    return original


def overlap(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Pairs of features that share land, at the later one; what repeats another's polygon is ``duplicate_shape``."""
    subject, coverage = case.layer, case.layer.coverage
    original = _originals(subject, Part(progress, 0.0, 0.1))
    single = (original == np.arange(len(original)))[coverage.parcel]
    count, none = len(subject), np.empty(0, dtype=np.int64)
    pairs, lands = [none], [none.astype(np.object_)]
    for first, second, common in shared_land(coverage, single, Part(progress, 0.1, 0.8)):
        land = np.flatnonzero(shapely.area(common) > 0)
        pairs.append(coverage.parcel[first[land]] * count + coverage.parcel[second[land]])
        lands.append(polygons_only(common[land]))
    pair, place = _one_a_pair(np.concatenate(pairs), np.concatenate(lands))
    area = area_m2(subject, place, Part(progress, 0.9, 0.1))
    kept = area > max(rule.least, NOISE)
    fid = subject.table.fid[pair[kept] // count] if count else pair
    yield Found(pair[kept] % max(count, 1), "", area[kept], {"other": fid}, place[kept])


def overlap_other(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """As :func:`overlap`, in layers whose areas may lie over each other: levels of the redline, approvals, projects."""
    return overlap(case, rule, progress)


def _one_a_pair(pair: Ints, land: Geometries) -> Tuple[Ints, Geometries]:
    """Every pair once; what several parts of two features share belongs together."""
    order = np.argsort(pair, kind="stable")
    pair, land = pair[order], land[order]
    unique, first, count = np.unique(pair, return_index=True, return_counts=True)
    place = land[first]
    for row in np.flatnonzero(count > 1):
        place[row] = shapely.union_all(land[first[row] : first[row] + count[row]])
    return unique, place


def gap(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Land that the features enclose and none covers, at the lowest feature id beside it."""
    subject, coverage = case.layer, case.layer.coverage
    faces = gaps(coverage, Part(progress, 0.0, 0.9))
    area = area_m2(subject, faces, Part(progress, 0.9, 0.05))
    large = area > max(rule.least, NOISE)
    faces, area = faces[large], area[large]
    by_fid = np.argsort(subject.table.fid, kind="stable")
    rank = np.empty(len(by_fid), dtype=np.int64)
    rank[by_fid] = np.arange(len(by_fid))
    face, part = coverage.ground.meeting(faces, Part(progress, 0.95, 0.05))
    lowest = np.full(len(faces), len(by_fid), dtype=np.int64)
    np.minimum.at(lowest, face, rank[coverage.parcel[part]])
    # A face made by crossings only may miss its neighbours by the last digit.
    lost = np.flatnonzero(lowest == len(by_fid))
    if len(lost):
        lowest[lost] = rank[coverage.parcel[shapely.STRtree(coverage.parts).nearest(faces[lost])]]
    yield Found(by_fid[lowest], "", area, {}, faces)


RULES: Tuple[RuleFunction, ...] = (duplicate_shape, overlap, overlap_other, gap)
