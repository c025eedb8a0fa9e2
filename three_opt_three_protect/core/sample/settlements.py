"""Natural villages: houses strung along a canal, one or both banks.

From the bank inward: homesteads, a village lane, behind it gardens, bamboo, ponds and more
homesteads; now and then a ditch from the fields to the canal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.ground import Piece
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Points,
    Reals,
    as_array,
    band,
    faces,
    height,
    normals,
    offset,
    wave,
)
from three_opt_three_protect.core.sample.town import Mix, pick
from three_opt_three_protect.core.sample.water import Channel
from three_opt_three_protect.core.tables import Geometries

FRONT: Mix = (
    ("0702", 0.80), ("1104", 0.04), ("0102", 0.045), ("0302", 0.03), ("05H1", 0.025), ("08H2", 0.02), ("0601", 0.02),
    ("1201", 0.01), ("08H1", 0.01),
)  # fmt: skip
BACK: Mix = (
    ("0702", 0.34), ("0102", 0.24), ("0302", 0.11), ("0301", 0.05), ("1104", 0.17), ("0201", 0.04), ("0601", 0.03),
    ("0307", 0.02),
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """Where a natural village lies: a run of a water course, the banks it takes, how deep, m.

    ``sides`` holds +1 for the left bank, -1 for the right.
    """

    line: Points
    half: float
    sides: Tuple[int, ...]
    depth: float


def find_sites(channels: Sequence[Channel], area: float, rng: Generator) -> List[Site]:
    """Sites along the ``channels`` until they take about ``area`` m²."""
    free: List[Site] = []
    for channel in channels:
        course = LineString(channel.line)
        at = rng.uniform(0, 160)
        while at < course.length - 130:
            run = min(rng.uniform(240, 640), course.length - at)
            free.append(_site(course, at, run, channel.half, rng))
            at += run + rng.uniform(110, 420)
    order = rng.permutation(len(free))
    taken: List[Site] = []
    for index in order:
        site = free[int(index)]
        if area <= 0:
            break
        taken.append(site)
        area -= LineString(site.line).length * site.depth * len(site.sides) * 0.9
    return taken


def _site(course: LineString, at: float, run: float, half: float, rng: Generator) -> Site:
    count = max(int(run / 14), 4)
    points = shapely.get_coordinates(shapely.line_interpolate_point(course, np.linspace(at, at + run, count + 1)))
    chance = rng.random()
    sides = (1, -1) if chance < 0.45 else ((1,) if chance < 0.72 else (-1,))
    return Site(np.asarray(points), half, sides, rng.uniform(66, 112))


def zone(site: Site, side: int, rng: Generator) -> BaseGeometry:
    """The ground one bank of a site may take."""
    deep = _depth(site, rng)
    return band(site.line, deep, 0.0) if side > 0 else band(site.line, 0.0, deep)


def _depth(site: Site, rng: Generator) -> Reals:
    at = np.linspace(0, LineString(site.line).length, len(site.line))
    ends = np.interp(np.minimum(at, at[-1] - at), [0, 45], [0.72, 1.0])
    swell = 1 + height(wave(rng, (210, 85), (0.13, 0.07)), at)
    return np.asarray((site.half * 1.25 + site.depth * swell) * ends)


def draw_bank(ground: Polygon, site: Site, side: int, number: int, village: int, rng: Generator) -> List[Piece]:
    """Homesteads, lanes, gardens, ponds and ditches on ``ground``, one bank of ``site``."""
    lane = site.half + site.depth * rng.uniform(0.48, 0.6)
    length = float(LineString(site.line).length)
    rows = (_row(rng, FRONT, length, PLOT), _row(rng, BACK, length, GARDEN))
    lines, ditches = _cuts(site, side, lane, rows, rng)
    parts = faces(ground, lines, 0.0)
    at, out = _place(as_array(parts), site)
    pieces = []
    for shape, along, off in zip(parts, at.tolist(), out.tolist()):
        code = _code(along, off, lane, ditches, rows)
        pieces.append(Piece(shape, code, village, "203A" if code == "0601" else "203", number))
    return pieces


@dataclass(frozen=True)
class _Row:
    """What stands in a row along the water: stretches up to ``ends`` (m along it) with their ``codes``."""

    ends: Reals
    codes: Tuple[str, ...]

    def code(self, at: float) -> str:
        """What stands ``at`` m along."""
        return self.codes[min(int(np.searchsorted(self.ends, at)), len(self.codes) - 1)]


PLOT, GARDEN = 74.0, 88.0
"""Mean length of a stretch in the front and the back row, m; like stretches join up to three."""
LANE_WIDTH = 4.2
DITCH_WIDTH = 3.2


def _row(rng: Generator, mix: Mix, length: float, pitch: float) -> _Row:
    ends: List[float] = []
    codes: List[str] = []
    end, joined = 0.0, 1
    while end < length - 0.4 * pitch:
        end += pitch * rng.uniform(0.7, 1.3)
        code = pick(rng, mix)
        if codes and codes[-1] == code and joined < 3:
            ends[-1] = end
            joined += 1
            continue
        ends.append(end)
        codes.append(code)
        joined = 1
    return _Row(np.array(ends), tuple(codes))


def _code(at: float, out: float, lane: float, ditches: Reals, rows: Tuple[_Row, _Row]) -> str:
    if 0 <= out - lane <= LANE_WIDTH:
        return "1006"
    if len(ditches) and np.abs(ditches - at).min() < DITCH_WIDTH / 2:
        return "1107"
    return rows[0].code(at) if out < lane else rows[1].code(at)


def _cuts(site: Site, side: int, lane: float, rows: Tuple[_Row, _Row], rng: Generator) -> Tuple[List[Points], Reals]:
    """The lines that part a bank, and how far along its ditches lie."""
    length = float(LineString(site.line).length)
    tremor = rng.normal(0, 0.5, len(site.line))
    lines = [offset(site.line, side * (lane + tremor)), offset(site.line, side * (lane + LANE_WIDTH + tremor))]
    outer = site.half * 1.3 + site.depth * 1.35
    ditches = rng.uniform(50, length - 50, int(length > 210 and rng.random() < 0.45))
    for low, high, row in ((0.0, lane + 1.0, rows[0]), (lane + LANE_WIDTH - 1.0, outer, rows[1])):
        for place in row.ends[:-1].tolist():
            if len(ditches) and np.abs(ditches - place).min() < 16:
                continue
            lines.append(_cut(site, side, place, low, high, rng))
    for place in ditches:
        skew = rng.normal(0, 0.03)
        for edge in (-DITCH_WIDTH / 2, DITCH_WIDTH / 2):
            lines.append(_cut(site, side, place + edge, 0.0, lane + 1.0, rng, skew))
            lines.append(_cut(site, side, place + edge, lane + LANE_WIDTH - 1.0, outer, rng, skew))
    return lines, np.asarray(ditches)


def _cut(
    site: Site, side: int, place: float, low: float, high: float, rng: Generator, skew: float | None = None
) -> Points:
    """A short line from ``low`` to ``high`` m off the water course, ``place`` m along it."""
    course = LineString(site.line)
    lean = rng.normal(0, 0.06) if skew is None else skew
    out = np.arange(low, high + 7, 7.5)
    foot = np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(course, place)))[0]
    row = int(np.clip(np.searchsorted(_stations(site.line), place) - 1, 0, len(site.line) - 1))
    way = normals(site.line)[row] * side
    along = np.array([way[1], -way[0]])
    wiggle = rng.normal(0, 0.55, len(out)) if skew is None else np.zeros(len(out))
    return np.asarray(foot + np.outer(out, way) + np.outer(out * lean + wiggle, along))


def _stations(line: Points) -> Reals:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])


def _place(parts: Geometries, site: Site) -> Tuple[Reals, Reals]:
    """How far along and how far off the water course the inside of each part lies."""
    course = LineString(site.line)
    inner = shapely.point_on_surface(parts)
    return shapely.line_locate_point(course, inner), shapely.distance(course, inner)
