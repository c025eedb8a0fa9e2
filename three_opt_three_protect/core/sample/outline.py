"""Township borders on an uneven lattice, so that townships side by side share them exactly."""

from __future__ import annotations

from typing import List

import numpy as np
from shapely.geometry import Polygon

from three_opt_three_protect.core.sample.shapes import Points, generator

ORIGIN = np.array([40556000.0, 3443000.0])
"""South-west corner of the drawing in EPSG:4528 (zone 40), m."""


def outline(seed: int, column: int, row: int, size: float) -> Polygon:
    """The border of the township in ``column``, ``row`` of a lattice of ``size`` m."""
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    ring: List[Points] = []
    for first, last in zip(corners, corners[1:] + corners[:1]):
        ring.append(_border(seed, first, last, size)[:-1])
    return Polygon(np.vstack(ring))


def _border(seed: int, first: tuple[int, int], last: tuple[int, int], size: float) -> Points:
    low, high = min(first, last), max(first, last)
    rng = generator(seed, 11, *low, *high)
    line = np.round(_wander(np.vstack([_corner(seed, low, size), _corner(seed, high, size)]), rng), 3)
    return line if low == first else line[::-1]


def _wander(line: Points, rng: np.random.Generator) -> Points:
    """Displace the middle of every stretch, less the shorter it is, down to stretches of about 25 m."""
    bend = 0.09
    while np.hypot(*(line[1] - line[0])) > 38:
        run = np.diff(line, axis=0)
        side = np.column_stack([-run[:, 1], run[:, 0]])
        middle = line[:-1] + run * rng.uniform(0.38, 0.62, (len(run), 1))
        middle = middle + side * bend * np.clip(rng.normal(0, 1, (len(run), 1)), -1.5, 1.5)
        line = np.insert(line, np.arange(1, len(line)), middle, axis=0)
        bend *= 0.93
    return line


def _corner(seed: int, place: tuple[int, int], size: float) -> Points:
    rng = generator(seed, 13, *place)
    return np.asarray(np.round(ORIGIN + (np.array(place) + rng.uniform(-0.15, 0.15, 2)) * size, 3))


def single(seed: int, area: float) -> Polygon:
    """The border of one township of ``area`` m²."""
    size = float(np.sqrt(area))
    for _ in range(4):
        shape = outline(seed, 0, 0, size)
        size *= float(np.sqrt(area / shape.area))
    return outline(seed, 0, 0, size)
