"""Shapes: what is wrong with a polygon by itself."""

from __future__ import annotations

from typing import Iterable, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.extent import FROM_EQUATOR, FROM_MERIDIAN
from three_opt_three_protect.core.landuse import GROUP_TOKEN
from three_opt_three_protect.core.measure import lonlat_of
from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.overlay.edges import LOOK, Edges, blocks, runs
from three_opt_three_protect.core.progress import Part, Progress
from three_opt_three_protect.core.quality.case import (
    Bools,
    Case,
    Floats,
    Found,
    Ints,
    RuleFunction,
    RuleSpec,
    Subject,
    on_rows,
)
from three_opt_three_protect.core.quality.gathering import gathered
from three_opt_three_protect.core.quality.places import Vertices, area_m2, lengths_m, metres, spots, written
from three_opt_three_protect.core.repair import POLYGON_TYPES


def no_geometry(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Missing, empty, not finite or without area; in a layer of polygons also what is no polygon."""
    subject = case.layer
    unusable = {"null", "empty", "not_finite", "zero_area"}
    if np.isin(shapely.get_type_id(subject.table.shapes), POLYGON_TYPES).any():
        unusable.add("not_polygon")
    found = [issue for issue in subject.repaired.issues if issue.reason in unusable]
    rows = np.array([issue.row for issue in found], dtype=np.int64)
    yield on_rows(rows, reason=np.array([issue.reason for issue in found], dtype=np.object_))


def outside_crs(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Coordinates the coordinate system does not have: beyond ±180° and ±90°, or too far from the central meridian.

    The option ``margin`` is half of a zone of 6°: a county across the border of two zones of 3° is kept in one, but
    a wrong zone number, one too many or too few, swapped axes and a missing false easting all lie farther off.
    """
    shapes = case.layer.table.shapes
    with np.errstate(invalid="ignore"):
        bounds = batched(shapely.bounds, shapes, progress=progress)
        rows = np.flatnonzero(np.isfinite(bounds).all(axis=1))
        bounds = bounds[rows]
        wrong = _beyond(case.layer, bounds, rule.option("margin"))
    outside, drawn = np.zeros((2, len(shapes)), dtype=np.bool_)
    outside[rows[wrong]], drawn[rows] = True, True
    x, y = np.full((2, len(shapes)), np.nan)
    x[rows], y[rows] = bounds[:, 0], bounds[:, 1]
    yield gathered(rule, outside, drawn, x=written(case.layer, x), y=written(case.layer, y))


def _beyond(subject: Subject, bounds: Floats, margin: float) -> Bools:
    """``(k,)`` bool: the box has a corner where the coordinate system has no land."""
    crs = subject.table.crs
    low, high = bounds[:, :2], bounds[:, 2:]
    if crs is not None and crs.is_geographic:
        return np.asarray((low < (-180.0, -90.0)).any(axis=1) | (high > (180.0, 90.0)).any(axis=1))
    if crs is None or crs.central_meridian is None:
        return np.zeros(len(bounds), dtype=np.bool_)
    # Farther off the series of the projection says nothing.
    wrong = np.abs(bounds[:, 0::2] - crs.false_easting).max(axis=1, initial=0.0) > FROM_MERIDIAN
    wrong |= np.abs(bounds[:, 1::2]).max(axis=1, initial=0.0) > FROM_EQUATOR
    inverse = subject.to_lonlat or lonlat_of(crs)
    near = np.flatnonzero(~wrong)
    if inverse is not None and len(near):
        for x in (0, 2):
            for y in (1, 3):
                lon = inverse(bounds[near, x], bounds[near, y])[0]
                wrong[near] |= np.abs(lon - crs.central_meridian) > margin
    return np.asarray(wrong)


def self_intersection(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Invalid rings; ``measure`` is the area won or lost when they are made valid."""
    subject = case.layer
    found = [issue for issue in subject.repaired.issues if issue.reason == "invalid"]
    if not found:
        return
    rows = np.array([issue.row for issue in found], dtype=np.int64)
    was, now = (np.array([getattr(issue, name) for issue in found]) for name in ("area_was", "area_is"))
    # In degrees a share of the official area is the only honest square metre.
    change = np.abs(now - was) / now * area_m2(subject, subject.shapes[rows], progress)
    told = batched(shapely.is_valid_reason, subject.table.shapes[rows], progress=progress, size=1_000)
    reason, at = zip(*(_reason(str(text)) for text in told))
    place = np.array(at, dtype=np.complex128)
    x, y = written(subject, place.real), written(subject, place.imag)
    values = {"reason": np.array(reason, dtype=np.object_), "x": x, "y": y}
    places = spots(subject, place)
    places[np.isnan(place)] = None
    yield Found(rows, "", change, values, places)


def _reason(text: str) -> Tuple[str, complex]:
    """What GEOS says, ``Self-intersection[3 4]``, as a word and a place."""
    word, bracket, place = text.partition("[")
    numbers = place.rstrip("]").split()
    at = complex(float(numbers[0]), float(numbers[1])) if bracket and len(numbers) >= 2 else complex(np.nan, np.nan)
    return word.strip().lower().replace("-", "_").replace(" ", "_"), at


def multipart(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Polygons of several parts; ``measure`` is how many."""
    shapes = case.layer.table.shapes
    parts = shapely.get_num_geometries(shapes)
    several = (shapely.get_type_id(shapes) == POLYGON_TYPES[1]) & (parts > 1)
    yield on_rows(several, "", parts[several].tolist())


def repeated_vertex(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Consecutive vertices nearer than the tolerance; one finding a feature at the nearest, ``count`` says how many."""
    subject, edges = case.layer, case.layer.coverage.edges
    none = np.empty(0, dtype=np.int64)
    places, sizes = [none], [none.astype(np.float64)]
    for block in blocks(len(edges) - 1, LOOK):
        progress.check(block.start / len(edges))
        here = edges.vertices[block]
        size = np.abs(metres(subject, edges.vertices[block.start + 1 : block.stop + 1] - here, here))
        near = np.flatnonzero((size < rule.least) | (size == 0))
        places.append(near + block.start)
        sizes.append(size[near])
    place, size = np.concatenate(places), np.concatenate(sizes)
    # From the last vertex of a ring to the first of the next there is no edge.
    inside = ~np.isin(place, edges.ring + edges.ring_size - 1)
    yield _one_each(subject, place[inside], size[inside])


def spike(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Turns sharper than the tolerance and narrower than ``width`` where the shorter arm ends, outward or inward.

    Arms shorter than ``length`` are digitising noise.  One finding a feature at the sharpest, ``count`` says how many.
    """
    subject, edges = case.layer, case.layer.coverage.edges
    none = np.empty(0, dtype=np.int64)
    places, angles = [none], [none.astype(np.float64)]
    steepest = np.tan(np.radians(rule.least))
    for rings in runs(edges.ring_size, LOOK):
        progress.check(rings.start / len(edges.ring))
        place, back, on = _arms(edges, rings)
        at = edges.vertices[place]
        back, on = metres(subject, back, at), metres(subject, on, at)
        turn = np.conj(back) * on
        sharp = np.flatnonzero(np.abs(turn.imag) < steepest * turn.real)
        turn, back, on = turn[sharp], np.abs(back[sharp]), np.abs(on[sharp])
        width = np.abs(turn.imag) / np.maximum(back, on)
        kept = (width < rule.option("width")) & (np.minimum(back, on) >= rule.option("length"))
        places.append(place[sharp[kept]])
        angles.append(np.degrees(np.arctan2(np.abs(turn.imag), turn.real))[kept])
    yield _one_each(subject, np.concatenate(places), np.concatenate(angles))


def _arms(edges: Edges, rings: slice) -> Tuple[Ints, Vertices, Vertices]:
    """Vertices of some rings, repeated ones once, and the steps from each back and on."""
    first = int(edges.ring[rings.start])
    size = edges.ring_size[rings]
    inside = np.flatnonzero(edges.is_edge[first : first + int(size.sum())])
    ring = np.repeat(np.arange(len(size)), size)[inside]
    place = first + inside
    step = edges.vertices[place + 1] - edges.vertices[place]
    begin = np.flatnonzero(np.diff(ring, prepend=-1))
    before = np.arange(len(place)) - 1
    before[begin] = np.append(begin[1:], len(place)) - 1
    return place, -step[before], step


def _one_each(subject: Subject, place: Ints, size: Floats) -> Found:
    """One finding a feature, at the vertex of the smallest ``size``."""
    coverage = subject.coverage
    row = coverage.parcel[coverage.owner[place]]
    order = np.lexsort((size, row))
    rows, first, count = np.unique(row[order], return_index=True, return_counts=True)
    least = order[first]
    at = coverage.edges.vertices[place[least]]
    return Found(rows, "", size[least], {"count": count}, spots(subject, at))


def too_small(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Parcels under the minimum mapped area of their land group; classes named ``facility`` as construction land.

    Roads and waters (``lines``) are mapped by their width, and a crossing road cuts them short.
    """
    subject = case.layer
    least = np.zeros(len(subject))
    for group, token in GROUP_TOKEN.items():
        if token is not None and token in rule.options:
            least[subject.classes.group == group] = rule.option(token)
    least[_called(subject, rule.words("facility"))] = rule.option("construction")
    least[_called(subject, rule.words("lines"))] = 0.0
    small = (subject.area > 0) & (np.round(subject.area, 2) < least)
    yield on_rows(small, "", subject.area[small].tolist(), least=least[small])


def _called(subject: Subject, names: Tuple[str, ...]) -> Bools:
    """``(n,)`` bool: the land class has one of the names, which unlike codes are the same in every classification."""
    code = subject.text("class_code")
    classes = [subject.system.find(level) if subject.system else None for level in code.levels]
    called = np.array([entry is not None and entry.name in names for entry in classes], dtype=np.bool_)
    return np.asarray(called[code.code])


def sliver(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
    """Parts under the tolerance, or narrower than ``width`` on average (2 · area / length of the rings).

    However long: ditches and lanes are metres wide, a strip of a hand's breadth was drawn by nobody.  ``measure`` is
    the area of the smallest such part, which is also the place where the feature has others.
    """
    subject, coverage = case.layer, case.layer.coverage
    area = area_m2(subject, coverage.parts, Part(progress, 0.0, 0.7))
    length = lengths_m(subject, coverage.parts, Part(progress, 0.7, 0.3))
    width = 2 * area / length
    part = np.flatnonzero((area < rule.least) | (width < rule.option("width")))
    part = part[np.lexsort((area[part], coverage.parcel[part]))]
    rows, first = np.unique(coverage.parcel[part], return_index=True)
    part = part[first]
    places = coverage.parts[part]
    places[~coverage.of_several[part]] = None
    yield Found(rows, "", area[part], {"width": np.round(width[part], 3)}, places)


RULES: Tuple[RuleFunction, ...] = (
    no_geometry,
    outside_crs,
    self_intersection,
    multipart,
    repeated_vertex,
    spike,
    too_small,
    sliver,
)
