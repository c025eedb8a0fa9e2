"""Where the three lines and the plots of a plan run into each other: one polygon a place.

Kinds: interfaces.md, row ``redlineconflicts``; requirements R8, R11, R12 (01-requirements), redline levels
00-supplement 1.9.  Land that several features of one layer claim counts once: among plots the first has it, among
redlines the strictest level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.conflicttiles import rejoined, tiled
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.overlay import NOISE, ZoneLayer, overlaps, overlay
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO_FEATURE = -1
"""No second feature: what lies outside a line, or a plot as a whole."""


@dataclass(frozen=True)
class Pair:
    """Two layers and what their meeting is called.

    ``outside`` asks for the part of ``first`` beyond ``second``; a pair that is no ``conflict`` is only needed for
    the printed table of plots and lines; without ``second`` it is the plots themselves.
    """

    kind: str
    first: str
    second: str = ""
    outside: bool = False
    conflict: bool = True


PAIRS: Tuple[Pair, ...] = (
    Pair("farmland_boundary", "farmland", "boundary"),
    Pair("farmland_redline", "farmland", "redline"),
    Pair("boundary_redline", "boundary", "redline"),
    Pair("newbuild_farmland", "newbuild", "farmland"),
    Pair("newbuild_redline", "newbuild", "redline"),
    Pair("newbuild_outside_boundary", "newbuild", "boundary", outside=True),
    Pair("reclaim_redline", "reclaim", "redline"),
    Pair("reclaim_farmland", "reclaim", "farmland", conflict=False),
    Pair("reclaim_outside_boundary", "reclaim", "boundary", outside=True, conflict=False),
    Pair("newbuild", "newbuild", conflict=False),
    Pair("reclaim", "reclaim", conflict=False),
)
"""All meetings looked at, in the order of the results."""

KINDS: Tuple[str, ...] = tuple(pair.kind for pair in PAIRS if pair.conflict)

LAYERS: Tuple[str, ...] = ("farmland", "boundary", "redline", "newbuild", "reclaim")

FEWEST = 2
"""Layers without which nothing can meet."""


@dataclass(frozen=True)
class Side:
    """One layer: ``(n,)`` valid polygons or None, and ``(n,)`` control levels of a redline (1 the strictest)."""

    geometry: Geometries
    level: Optional[Ints] = None


@dataclass(frozen=True)
class Narrow:
    """What is a sliver: under ``least_m2``, or narrower on average than ``width_m`` (2 · area / length of rings)."""

    least_m2: float
    width_m: float


@dataclass(frozen=True)
class Places:
    """Where layers meet, ``(n,)`` each, by pair and feature.

    Attributes
    ----------
    pair
        Row in :data:`PAIRS`.
    first, second
        Rows of the features; ``second`` is :data:`NO_FEATURE` outside a line.
    level
        Control level of the redline, 0 elsewhere.
    geometry
        Single polygons.
    area
        Int64 hundredths of a m², each measured by itself.
    sliver
        Bool, see :class:`Narrow`; never for plots as a whole.
    claimed_twice
        Layer → m² that several of its features claim inside a place, counted once above.
    pairs
        Rows in :data:`PAIRS` of what could be looked at.
    """

    pair: Ints
    first: Ints
    second: Ints
    level: Ints
    geometry: Geometries
    area: Ints
    sliver: Bools
    claimed_twice: Mapping[str, float]
    pairs: Tuple[int, ...]

    def __len__(self) -> int:
        return len(self.pair)

    def of(self, kind: str) -> Bools:
        """``(n,)`` bool: the places of one kind."""
        return np.asarray(self.pair == [pair.kind for pair in PAIRS].index(kind))

    def looked_at(self, kind: str) -> bool:
        """Whether both layers of a kind were there."""
        return any(PAIRS[row].kind == kind for row in self.pairs)


@dataclass(frozen=True)
class _Met:
    """What one pair has in common: rows of both features and single polygons, m² claimed twice a layer."""

    first: Ints
    second: Ints
    geometry: Geometries
    twice: Tuple[float, float] = (0.0, 0.0)


class _Unsaid:
    """Lets one pair be cancelled without reporting the steps of its overlays."""

    def __init__(self, progress: Progress, fraction: float) -> None:
        self._progress = progress
        self._fraction = fraction

    def step(self, name: str, share: float) -> None:
        """Ask for cancel at the start of the step."""
        self._progress.check(self._fraction)

    def check(self, fraction: float) -> None:
        """Ask for cancel."""
        self._progress.check(self._fraction)


def find_places(sides: Mapping[str, Side], spec: AreaSpec, narrow: Narrow, progress: Progress = SILENT) -> Places:
    """Every place where two of the layers meet.

    Parameters
    ----------
    sides
        Role (:data:`LAYERS`) → layer, all in the CRS of ``spec``.
    narrow
        What is listed as a sliver.

    Raises
    ------
    InputError
        ``conflict_layers_needed``: fewer than two layers.
    """
    if len(sides) < FEWEST:
        raise InputError("conflict_layers_needed", count=len(sides), least=FEWEST)
    rows = [row for row, pair in enumerate(PAIRS) if pair.first in sides and (not pair.second or pair.second in sides)]
    progress.step("finding_conflicts", 0.8)
    noise = NOISE / spec.crs.metres_per_unit**2
    twice: Dict[str, float] = {}
    met: List[_Met] = []
    for number, row in enumerate(rows):
        pair = PAIRS[row]
        second = sides[pair.second] if pair.second else None
        found = _meet(pair, sides[pair.first], second, noise, _Unsaid(progress, number / len(rows)))
        met.append(found)
        if pair.conflict:
            for role, area in zip((pair.first, pair.second), found.twice):
                twice[role] = max(twice.get(role, 0.0), area * spec.crs.metres_per_unit**2)
    return _assembled(rows, met, sides, spec, narrow, twice, progress)


def _assembled(
    rows: List[int],
    met: List[_Met],
    sides: Mapping[str, Side],
    spec: AreaSpec,
    narrow: Narrow,
    twice: Mapping[str, float],
    progress: Progress,
) -> Places:
    progress.step("measuring", 0.2)
    pair = np.repeat(np.array(rows, dtype=np.int64), [len(found.first) for found in met])
    geometry = np.concatenate([np.empty(0, dtype=np.object_), *(found.geometry for found in met)])
    second = np.concatenate([np.empty(0, dtype=np.int64), *(found.second for found in met)])
    area = spec.measure(geometry, progress)
    whole = np.array([not one.second for one in PAIRS], dtype=np.bool_)
    return Places(
        pair,
        np.concatenate([np.empty(0, dtype=np.int64), *(found.first for found in met)]),
        second,
        _levels(pair, second, sides),
        geometry,
        to_units(area),
        ~whole[pair] & _narrow(geometry, area, spec, narrow),
        twice,
        tuple(rows),
    )


def _meet(pair: Pair, first: Side, second: Optional[Side], noise: float, progress: Progress) -> _Met:
    """What one pair has in common, as single polygons that do not overlap."""
    here = _near(pair, first.geometry, second)
    nothing = np.empty(0, dtype=np.int64)
    if not len(here):
        return _Met(nothing, nothing, np.empty(0, dtype=np.object_))
    if second is None:
        met, shared = _Met(here, np.full(len(here), NO_FEATURE, dtype=np.int64), first.geometry[here]), 0.0
    else:
        met, shared = _common(pair, first.geometry, here, second, noise, progress)
    return _once(_single(met), 0.0 if pair.outside else shared, noise, progress)


def _common(
    pair: Pair, first: Geometries, here: Ints, second: Side, noise: float, progress: Progress
) -> Tuple[_Met, float]:
    """The parts of ``first`` inside or outside ``second``, and the area that several of ``second`` claim."""
    order = _strictest_first(second)
    zones = ZoneLayer(second.geometry[order], np.arange(len(order), dtype=np.int64))
    tiles, source = tiled(first[here], progress)
    pieces = overlay(tiles, [zones], 0.0, progress, noise)
    zone = pieces.zone[:, 0]
    kept = (zone < 0) == pair.outside
    # Rows of both sides as one number: the pieces of one feature's tiles come together again.
    width = len(order) + 1
    row = source[pieces.parcel[kept]] * width + np.where(pair.outside, len(order), zone[kept])
    geometry = pieces.geometry[kept]
    if len(tiles) > len(here):
        geometry, row = rejoined(geometry, row, progress), np.unique(row)
    rows = np.append(order, NO_FEATURE)[row % width]
    return _Met(here[row // width], rows, geometry), float(pieces.overlap[0])


def _near(pair: Pair, first: Geometries, second: Optional[Side]) -> Ints:
    """Rows of ``first`` that may take part; looking at boxes is enough to leave most land out."""
    there = np.flatnonzero(~(shapely.is_missing(first) | shapely.is_empty(first)))
    if second is None or pair.outside or not len(there):
        return there
    others = second.geometry[~shapely.is_missing(second.geometry)]
    return np.asarray(there[np.unique(shapely.STRtree(first[there]).query(others)[1])])


def _strictest_first(side: Side) -> Ints:
    """Rows in the order in which they have the land: by level, then as they stand."""
    rows = np.arange(len(side.geometry), dtype=np.int64)
    return rows if side.level is None else rows[np.argsort(side.level, kind="stable")]


def _single(met: _Met) -> _Met:
    parts, index = shapely.get_parts(met.geometry, return_index=True)
    return _Met(met.first[index], met.second[index], parts)


def _once(met: _Met, shared: float, noise: float, progress: Progress) -> _Met:
    """Land that two features of the first layer claim stays with the first of them."""
    doubled = overlaps(met.geometry, progress)
    if doubled.area <= noise:
        return _Met(met.first, met.second, met.geometry, (0.0, shared))
    order = np.argsort(met.first, kind="stable")
    met = _Met(met.first[order], met.second[order], met.geometry[order])
    claims = ZoneLayer(met.geometry, np.arange(len(order), dtype=np.int64))
    pieces = overlay(met.geometry, [claims], 0.0, progress, noise)
    own = pieces.zone[:, 0] == pieces.parcel
    row = pieces.parcel[own]
    lost = float(shapely.area(pieces.geometry[~own]).sum())
    kept = _single(_Met(met.first[row], met.second[row], pieces.geometry[own]))
    return _Met(kept.first, kept.second, kept.geometry, (lost, shared))


def _levels(pair: Ints, second: Ints, sides: Mapping[str, Side]) -> Ints:
    out = np.zeros(len(pair), dtype=np.int64)
    red = np.array([one.second == "redline" for one in PAIRS], dtype=np.bool_)[pair]
    if red.any():
        level = sides["redline"].level
        out[red] = 1 if level is None else level[second[red]]
    return out


def _narrow(geometry: Geometries, area: NDArray[np.float64], spec: AreaSpec, narrow: Narrow) -> Bools:
    length = np.asarray(shapely.length(geometry), dtype=np.float64) * spec.crs.metres_per_unit
    if spec.crs.is_geographic and len(geometry):
        # Degrees of longitude shrink towards the poles: the planar area tells by how much on the whole.
        plane = np.asarray(shapely.area(geometry), dtype=np.float64) * spec.crs.metres_per_unit**2
        length *= np.sqrt(np.divide(area, plane, out=np.ones(len(area)), where=plane > 0))
    width = np.divide(2.0 * area, length, out=np.zeros(len(area)), where=length > 0)
    return np.asarray((area < narrow.least_m2) | (width < narrow.width_m))
