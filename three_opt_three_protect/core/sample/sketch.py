"""The large forms of a township: where lake, river, highway, town and estate lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Hand,
    Points,
    blob,
    curve,
    frame,
)
from three_opt_three_protect.core.sample.water import lake, river

PARCEL = 7700.0
"""Mean parcel of a drawing, m²: a request for fewer parcels gives a smaller township."""
ROAD = Hand(26, (3600, 1300, 480), (150, 45, 6), 0.25)
LANE = Hand(22, (1500, 520, 210), (110, 26, 5), 0.35)
HIGHWAY = Hand(30, (6000, 2400), (160, 50), 0.15)


@dataclass(frozen=True)
class Plan:
    """The large forms of a township.

    ``axis`` is the direction of the main street, ``centre`` the middle of the town.
    """

    outline: Polygon
    centre: Points
    axis: Points
    lake: Polygon
    meres: Tuple[Polygon, ...]
    town: Polygon
    estate: Polygon
    market: Polygon
    river: Points
    highway: Points
    roads: Tuple[Points, ...]


def sketch(outline: Polygon, rng: Generator) -> Plan:
    """Decide where lakes, river, highway, town, estate and market town lie."""
    area = outline.area
    box = frame(outline)
    size = np.sqrt(area)
    angle = rng.uniform(0, 2 * np.pi)
    side = np.array([np.cos(angle), np.sin(angle)])
    along = np.array([-side[1], side[0]])
    if rng.random() < 0.5:
        along = -along
    centre = box.centre - side * 0.06 * size + along * 0.08 * size
    flow = np.array([np.cos(angle + 0.5), np.sin(angle + 0.5)])
    stream = river(outline, box.centre - along * 0.05 * size, flow, rng)
    trunk = _straight(box.centre - side * 0.17 * size, along, size, rng, HIGHWAY)
    roads = (
        _straight(centre + side * 0.05 * size, along * 0.96 + side * 0.28, size, rng, ROAD),
        _straight(centre + along * 0.03 * size, side, size, rng, ROAD),
        _straight(box.centre - along * 0.27 * size, side * 0.94 + along * 0.34, size, rng, ROAD),
        _straight(box.centre - side * 0.33 * size, along * 0.98 - side * 0.2, size, rng, LANE),
        _straight(box.centre + side * 0.17 * size, along * 0.97 + side * 0.24, size, rng, LANE),
        _straight(box.centre + along * 0.33 * size, side * 0.97 - along * 0.22, size, rng, LANE),
        _straight(box.centre - along * 0.12 * size, side * 0.98 + along * 0.2, size, rng, LANE),
    )
    whole = lake(outline, 0.118 * area, side, rng)
    town = blob(centre, 0.078 * area, rng, 0.10, along, 1.25)
    estate = blob(centre + along * 0.235 * size - side * 0.05 * size, 0.042 * area, rng, 0.05, along, 1.4)
    market = blob(box.centre - along * 0.3 * size - side * 0.06 * size, 0.006 * area, rng, 0.14, flow, 1.8)
    meres = _meres(outline, shapely.union_all([whole.buffer(300), town, estate, market]), rng)
    few = len(roads) if area > 1.5e7 else (3 if area > 6e6 else 1)  # a small township has few roads
    return Plan(outline, centre, along, whole, meres, town, estate, market, stream, trunk, roads[:few])


def _meres(outline: Polygon, taken: BaseGeometry, rng: Generator) -> Tuple[Polygon, ...]:
    """Small lakes (荡, 漾) here and there."""
    found: List[Polygon] = []
    west, south, east, north = outline.bounds
    for _ in range(200):
        size = 0.0062 * outline.area * rng.uniform(0.35, 1.7)
        angle = rng.uniform(0, np.pi)
        place = np.array([rng.uniform(west, east), rng.uniform(south, north)])
        axis = np.array([np.cos(angle), np.sin(angle)])
        mere = blob(place, size, rng, 0.22, axis, rng.uniform(1.2, 2.6))
        if mere.within(outline) and not mere.intersects(taken):
            found.append(mere)
            taken = taken.union(mere.buffer(0.1 * np.sqrt(outline.area)))
        if sum(one.area for one in found) > 0.024 * outline.area:
            break
    return tuple(found)


def _straight(through: Points, way: Points, size: float, rng: Generator, hand: Hand) -> Points:
    unit = way / np.hypot(*way)
    small = min(1.0, size / 9000)
    own = Hand(hand.step, hand.lengths, tuple(tall * small for tall in hand.heights), hand.tremble)
    return curve(through - unit * 1.1 * size, through + unit * 1.1 * size, rng, own)
