"""Township borders on an uneven lattice of hexagons, so that townships side by side share them exactly."""

from __future__ import annotations

from typing import List

import numpy as np
from shapely.geometry import Polygon

from three_opt_three_protect.core.sample.shapes import Points, generator

ORIGIN = np.array([40556000.0, 3443000.0])
"""South-west corner of the drawing in EPSG:4528 (zone 40), m."""


def outline(seed: int, column: int, row: int, size: float) -> Polygon:
    """The border of the township in ``column``, ``row`` of a lattice of uneven hexagons of about ``size``² m²."""
    left = 2 * column + row % 2
    corners = [(left + step, row) for step in (0, 1, 2)] + [(left + step, row + 1) for step in (2, 1, 0)]
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
    bend = 0.12
    while np.hypot(*(line[1] - line[0])) > 38:
        run = np.diff(line, axis=0)
        side = np.column_stack([-run[:, 1], run[:, 0]])
        middle = line[:-1] + run * rng.uniform(0.38, 0.62, (len(run), 1))
        sway = np.clip(rng.normal(0, 1, (len(run), 1)), -1.4, 1.4)
        if len(sway) > 1:
            sway[[0, -1]] *= 0.3  # straight near the corners, so that borders do not meet there at needles
        middle = middle + side * bend * sway
        line = np.insert(line, np.arange(1, len(line)), middle, axis=0)
        bend *= 0.93
    return line


def _corner(seed: int, place: tuple[int, int], size: float) -> Points:
    """A corner of three townships; the corners of a row lie alternately higher and lower."""
    rng = generator(seed, 13, *place)
    side = size / np.sqrt(1.5 * np.sqrt(3))
    lift = 0.25 if sum(place) % 2 == 0 else -0.25
    point = np.array([place[0] * np.sqrt(3) / 2, place[1] * 1.5 + lift]) + rng.uniform(-0.2, 0.2, 2)
    return np.asarray(np.round(ORIGIN + point * side, 3))


def single(seed: int, area: float) -> Polygon:
    """The border of one township of ``area`` m²."""
    size = float(np.sqrt(area))
    for _ in range(4):
        shape = outline(seed, 0, 0, size)
        size *= float(np.sqrt(area / shape.area))
    return outline(seed, 0, 0, size)
