"""The net of water: the lake with its dyke, the river, canals (河) and dead-end creeks (浜).

The land between canals are the polders (圩). Canals are found by cutting a region across its
long side again and again along drawn lines, so that they meet at tees as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Hand,
    Points,
    Reals,
    band,
    blob,
    cross_line,
    curve,
    frame,
    half_plane,
    height,
    polygons,
    turned,
    wave,
)

RIVER = Hand(22, (2600, 1100, 420), (150, 75, 14), 0.8)
CANAL = Hand(20, (1500, 520, 210), (30, 13, 4), 0.7)
CREEK = Hand(15, (420, 170), (14, 5), 0.7)


@dataclass(frozen=True)
class Channel:
    """A water course: its middle line, half width and the ground it takes."""

    line: Points
    half: float
    shapes: Tuple[Polygon, ...]


def water_band(line: Points, half: float, rng: Generator) -> BaseGeometry:
    """The ground of a water course whose banks swing a little."""
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    banks = [_bank(rng, half, at) for _ in range(2)]
    return band(line, banks[0], banks[1])


def _bank(rng: Generator, half: float, at: Reals) -> Reals:
    swing = height(wave(rng, (260, 90), (0.14 * half, 0.09 * half)), at)
    return np.asarray(np.maximum(half + swing + rng.normal(0, 0.03 * half, len(at)), 1.2))


def split_villages(outline: Polygon, count: int, rng: Generator) -> Tuple[List[Polygon], List[Points]]:
    """Cut the township into ``count`` villages; also the lines that part them, longest first."""
    parts, lines = [outline], []
    while len(parts) < count:
        parts.sort(key=lambda part: part.area)
        largest = parts.pop()
        line = cross_line(largest, rng, CANAL, 0.16)
        plane = half_plane(line, 4e4)
        pieces = [*polygons(largest.intersection(plane)), *polygons(largest.difference(plane))]
        keep = [piece for piece in pieces if piece.area > 0.12 * largest.area]
        if len(keep) != 2 or len(pieces) != 2:
            parts.append(largest)
            continue
        parts.extend(keep)
        lines.append(_inside(line, largest))
    return parts, lines


def _inside(line: Points, region: BaseGeometry) -> Points:
    runs = shapely.get_parts(shapely.intersection(LineString(line), region))
    runs = [run for run in runs if run.geom_type == "LineString"]
    longest = max(runs, key=lambda run: run.length)
    return np.asarray(shapely.get_coordinates(longest))


def lake(outline: Polygon, area: float, side: Points, rng: Generator) -> Polygon:
    """A lake of about ``area`` m² that lies against the border of the township on its ``side``."""
    box = frame(outline)
    reach = outline.boundary.intersection(LineString([box.centre, box.centre + side * 5 * box.length]))
    rim = np.asarray(shapely.get_coordinates(reach))[0]
    along = np.array([-side[1], side[0]])
    size = area
    shape = blob(rim - side * np.sqrt(area) * 0.22, size, rng, 0.2, along, 1.5)
    for _ in range(4):
        inside = shape.intersection(outline).area
        if inside <= 0:
            break
        size = size * (area / inside) ** 0.8
        factor = np.sqrt(size / shape.area)
        shape = affinity.scale(shape, factor, factor, origin=(float(rim[0]), float(rim[1])))
    return _dense(shape)


def _dense(shape: Polygon) -> Polygon:
    return polygons(shapely.segmentize(shape, 30))[0]


def river(outline: Polygon, through: Points, way: Points, rng: Generator) -> Points:
    """The middle line of a meandering river through the township."""
    reach = frame(outline).length
    return curve(through - way * reach, through + way * reach, rng, RIVER)


def canals(region: Polygon, rng: Generator, polder: float) -> Tuple[List[Polygon], List[Channel]]:
    """Cut ``region`` by canals into polders of about ``polder`` m²; also the canals."""
    todo, polders, found = [(region, 0)], [], []
    while todo:
        shape, level = todo.pop()
        if shape.area < polder * rng.uniform(1.0, 1.8) or level > 9:
            polders.append(shape)
            continue
        half = max(3.6, (9.5 - 1.9 * level) * rng.uniform(0.75, 1.25))
        channel, rest = _dig(shape, half, rng)
        if channel is None:
            polders.append(shape)
            continue
        found.append(channel)
        todo.extend((part, level + 1) for part in rest)
    return polders, found


def _dig(shape: Polygon, half: float, rng: Generator) -> Tuple[Optional[Channel], List[Polygon]]:
    """A canal that parts ``shape`` into sizeable sides, None when three tries find none."""
    for _ in range(3):
        line = cross_line(shape, rng, CANAL, 0.2)
        water = water_band(line, half, rng)
        rest = polygons(shape.difference(water))
        if len([part for part in rest if part.area > 0.12 * shape.area]) > 1:
            return Channel(_inside(line, shape), half, tuple(polygons(shape.intersection(water)))), rest
    return None, [shape]


def creek(polder: Polygon, rng: Generator) -> Optional[Channel]:
    """A dead-end creek (浜) from the edge into a polder, None when there is no room."""
    box = frame(polder)
    if polder.area < 60000 or box.width < 260:
        return None
    start = box.centre + box.axis * box.length * rng.uniform(-0.3, 0.3)
    way = turned(box.across, rng.normal(0, 0.22)) * (1 if rng.random() < 0.5 else -1)
    end = start - way * box.width * rng.uniform(-0.1, 0.12)
    line = curve(end, start + way * box.width * 0.8, rng, CREEK)
    half = rng.uniform(3.8, 6.5)
    swell = np.minimum(1.0, 0.45 + np.linspace(0, 3, len(line)))
    head = np.where(np.arange(len(line)) < 3, rng.uniform(1.0, 2.6), 1.0)
    water = band(line, half * swell * head, half * swell)
    inside = polygons(polder.intersection(water))
    rest = polygons(polder.difference(water))
    if len(inside) != 1 or len(rest) != 1:
        return None
    return Channel(_inside(line, polder), half, (inside[0],))
