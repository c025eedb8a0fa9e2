"""Built-up areas with streets: the town, the industrial estate, the old market town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
from shapely.geometry import Polygon

from three_opt_three_protect.core.sample.ground import Piece
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Hand,
    Points,
    band,
    curve,
    frame,
    half_plane,
    polygons,
    turned,
)

STREET = Hand(22, (900, 330), (9, 3), 0.25)
LOT = Hand(14, (300, 90), (1.2, 0.5), 0.3)
LANE = Hand(14, (260, 90), (10, 4), 0.5)

Mix = Sequence[Tuple[str, float]]


@dataclass(frozen=True)
class Quarter:
    """How a built-up area is drawn.

    Attributes
    ----------
    block, lot
        Mean size of a block between streets and of a lot, m².
    streets
        Half widths of the streets, widest first, m.
    mix
        Land classes of the lots with their shares.
    attribute
        城镇村属性码 of the area.
    hand
        How its streets are drawn.
    skew
        Standard deviation of the angle at which streets meet, radians.
    """

    block: float
    lot: float
    streets: Tuple[float, ...]
    mix: Mix
    attribute: str
    hand: Hand
    skew: float


TOWN = Quarter(
    34000, 7800, (15, 11, 8, 6), (
        ("0701", 0.50), ("05H1", 0.14), ("08H2", 0.08), ("08H1", 0.05), ("0810", 0.08), ("0809", 0.03),
        ("0601", 0.06), ("1201", 0.02), ("1005", 0.01), ("0508", 0.01), ("0810A", 0.01), ("1104", 0.01),
    ), "202", STREET, 0.03,
)  # fmt: skip
ESTATE = Quarter(
    85000, 21000, (14, 11, 8, 6), (
        ("0601", 0.74), ("0508", 0.08), ("0809", 0.03), ("1201", 0.06), ("0810", 0.04), ("05H1", 0.03), ("0404", 0.02),
    ), "202A", STREET, 0.015,
)  # fmt: skip
MARKET = Quarter(
    15000, 2900, (5.5, 4.0, 3.2), (
        ("0701", 0.58), ("05H1", 0.16), ("08H1", 0.05), ("08H2", 0.06), ("0601", 0.07), ("0810", 0.03),
        ("1201", 0.03), ("09", 0.01), ("1104", 0.01),
    ), "202", LANE, 0.16,
)  # fmt: skip


def draw_quarter(zone: Polygon, village: int, plan: Quarter, axis: Points, rng: Generator) -> List[Piece]:
    """Streets, blocks and lots of the part of a built-up area that lies in one village.

    ``axis`` is the direction of its main street, the same for the whole area.
    """
    blocks, streets = _streets(zone, plan, axis, rng)
    pieces = [Piece(street, "1004", village, _street_attribute(plan.attribute)) for street in streets]
    for block in blocks:
        for lot in _lots(block, plan, axis, rng):
            code = pick(rng, plan.mix)
            attribute = "205" if code == "09" else _lot_attribute(plan.attribute, code)
            pieces.append(Piece(lot, code, village, attribute))
    return pieces


def _street_attribute(attribute: str) -> str:
    return attribute.rstrip("A")


def _lot_attribute(attribute: str, code: str) -> str:
    industrial = code in ("0601", "0508")
    return attribute if industrial or not attribute.endswith("A") else attribute.rstrip("A")


def pick(rng: Generator, mix: Mix) -> str:
    """One code of ``mix``, by the shares."""
    shares = np.cumsum([share for _, share in mix])
    return mix[int(np.searchsorted(shares, rng.random() * shares[-1]))][0]


def _streets(zone: Polygon, plan: Quarter, axis: Points, rng: Generator) -> Tuple[List[Polygon], List[Polygon]]:
    todo, blocks, streets = [(zone, 0)], [], []
    while todo:
        shape, level = todo.pop()
        if shape.area < plan.block * rng.uniform(0.9, 1.6) or level > 9:
            blocks.append(shape)
            continue
        half = plan.streets[min(level // 2, len(plan.streets) - 1)] * rng.uniform(0.9, 1.1)
        line = across(shape, axis, rng, plan)
        street = band(line, half, half)
        rest = polygons(shape.difference(street))
        if len([part for part in rest if part.area > 0.1 * shape.area]) < 2:
            blocks.append(shape)
            continue
        streets.extend(polygons(shape.intersection(street)))
        todo.extend((part, level + 1) for part in rest)
    return blocks, streets


def across(shape: Polygon, axis: Points, rng: Generator, plan: Quarter) -> Points:
    """A street across the longer side of ``shape``, along or square to ``axis``."""
    side = np.array([-axis[1], axis[0]])
    ring = np.asarray(shape.exterior.coords)
    long, wide = np.ptp(ring @ axis), np.ptp(ring @ side)
    run = side if long * rng.uniform(0.8, 1.25) > wide else axis
    middle = np.asarray(shape.centroid.coords[0])
    step = np.array([run[1], -run[0]])
    middle = middle + step * (long if run is side else wide) * rng.uniform(-0.13, 0.13)
    way = turned(run, rng.normal(0, plan.skew))
    reach = float(np.hypot(long, wide)) * 0.7 + 40
    return curve(middle - way * reach, middle + way * reach, rng, plan.hand)


def _lots(block: Polygon, plan: Quarter, axis: Points, rng: Generator) -> List[Polygon]:
    todo, lots = [block], []
    while todo:
        shape = todo.pop()
        if shape.area < plan.lot * rng.uniform(0.9, 2.0):
            lots.append(shape)
            continue
        parts = _parted(shape, plan, rng)
        if len(parts) == 1:
            lots.append(shape)
        else:
            todo.extend(parts)
    return lots


def _parted(shape: Polygon, plan: Quarter, rng: Generator) -> List[Polygon]:
    """``shape`` in two sizeable lots, or whole when three tries do not part it so."""
    for _ in range(3):
        box = frame(shape)
        middle = box.centre + box.axis * box.length * rng.uniform(-0.14, 0.14)
        way = turned(box.across, rng.normal(0, plan.skew * 0.6))
        reach = float(np.hypot(box.length, box.width)) * 0.6 + 20
        plane = half_plane(curve(middle - way * reach, middle + way * reach, rng, LOT), 5e3)
        parts = [*polygons(shape.intersection(plane)), *polygons(shape.difference(plane))]
        if len(parts) == 2 and min(part.area for part in parts) > 0.15 * shape.area:
            return parts
    return [shape]
