"""A township drawn as a coverage of ground, before it is surveyed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import List, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.sample.classes import CONSTRUCTION
from three_opt_three_protect.core.sample.fields import Field, as_pieces, moods, till
from three_opt_three_protect.core.sample.ground import Piece, Stock, take_from_all
from three_opt_three_protect.core.sample.names import lake_name
from three_opt_three_protect.core.sample.settlements import Site, draw_bank, find_sites, zone
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Hand,
    Points,
    as_array,
    band,
    blob,
    coverage,
    curve,
    frame,
    generator,
    neighbours,
    polygons,
)
from three_opt_three_protect.core.sample.town import ESTATE, MARKET, TOWN, Quarter, draw_quarter
from three_opt_three_protect.core.sample.water import (
    Channel,
    canals,
    creek,
    lake,
    river,
    split_villages,
    water_band,
)

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


@dataclass(frozen=True)
class Ground:
    """A township as a coverage.

    Attributes
    ----------
    pieces
        One a parcel, in drawing order.
    villages
        How many administrative villages.
    plan
        The large forms.
    """

    pieces: Sequence[Piece]
    villages: int
    plan: Plan


def draw_ground(outline: Polygon, seed: int, parcels: int, progress: Progress) -> Ground:
    """Draw about ``parcels`` parcels within ``outline``."""
    rng = generator(seed, 1)
    plan = sketch(outline, rng)
    count = int(np.clip(round(outline.area / 3.9e6), 2, 25))
    progress.step("sample_water", 0.15)
    parts, borders = split_villages(outline, count, rng)
    water, stocks, channels = _waters(plan, [Stock(number, (part,)) for number, part in enumerate(parts)], borders, rng)
    dug, polders, more = _polders(stocks, rng)
    roads, net = _roads(plan, parts, water[0].name)
    pieces = roads + _off_road(water + dug, net)
    polders = [(part, village) for shape, village in polders for part in polygons(shape.difference(net))]
    progress.step("sample_town", 0.15)
    built, polders = _quarters(plan, polders, rng)
    pieces += built
    progress.step("sample_villages", 0.25)
    lived, fields = _country(plan, polders, channels + more, pieces, rng, progress)
    pieces += lived
    progress.step("sample_fields", 0.25)
    lasting = sum(1 for piece in pieces if piece.shape.area > 1.5 * SMALLEST)
    pieces += _till_to(fields, round(0.975 * parcels) - lasting, seed)
    progress.step("sample_coverage", 0.2)
    return Ground(settle(pieces), len(parts), plan)


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


def _waters(
    plan: Plan, stocks: List[Stock], borders: Sequence[Points], rng: Generator
) -> Tuple[List[Piece], List[Stock], List[Channel]]:
    """Lakes, shoals and dyke, the river and the canals on village borders; the lake comes first."""
    name = lake_name(rng)
    small = min(1.0, float(np.sqrt(plan.outline.area)) / 9000)
    still = [(plan.lake.difference(_shoals(plan, rng)), "1102", name), (plan.lake, "1106", "")]
    still += [(mere, "1102", lake_name(rng)) for mere in plan.meres] + [(plan.lake.buffer(11), "1109", "环湖大堤")]
    pieces: List[Piece] = []
    for zone_, code, label in still:
        parts, stocks = take_from_all(stocks, zone_, partial(_piece, code, label))
        pieces += parts
    courses = [(plan.river, 33 * max(small, 0.45), name[0] + "河")]
    courses += [(line, rng.uniform(9, 19) * max(small, 0.7), "") for line in borders]
    channels: List[Channel] = []
    for line, half, label in courses:
        parts, stocks = take_from_all(stocks, water_band(line, half, rng), partial(_piece, "1101", label))
        pieces += parts
        channels += [Channel(run, half, ()) for run in _runs(line, plan)]
    return pieces, stocks, channels


def _piece(code: str, name: str, shape: Polygon, village: int) -> Piece:
    return Piece(shape, code, village, name=name)


def _shoals(plan: Plan, rng: Generator) -> BaseGeometry:
    """Reed flats (内陆滩涂) along some stretches of the shore."""
    shore = np.asarray(plan.lake.exterior.coords)
    size = float(np.sqrt(plan.lake.area))
    rim = plan.lake.difference(plan.lake.buffer(-0.016 * size))
    patches = [
        blob(shore[int(rng.integers(len(shore)))], (0.16 * size) ** 2 * rng.uniform(0.5, 2), rng, 0.15, plan.axis, 1.5)
        for _ in range(5)
    ]
    return rim.intersection(shapely.union_all(patches))


def _polders(stocks: Sequence[Stock], rng: Generator) -> Tuple[List[Piece], List[Tuple[Polygon, int]], List[Channel]]:
    """Canals and creeks, and the polders between them."""
    pieces: List[Piece] = []
    polders: List[Tuple[Polygon, int]] = []
    courses: List[Channel] = []
    for stock in stocks:
        for region in stock.shapes:
            parts, found = canals(region, rng, 250000.0)
            polders += [(part, stock.village) for part in parts]
            courses += found
            pieces += [Piece(shape, "1101", stock.village) for channel in found for shape in channel.shapes]
    for number, (polder, village) in enumerate(polders):
        finger = creek(polder, rng) if rng.random() < 0.5 else None
        if finger is not None:
            courses.append(finger)
            pieces.append(Piece(finger.shapes[0], "1101", village))
            polders[number] = (polygons(polder.difference(finger.shapes[0]))[0], village)
    return pieces, polders, courses


def _roads(plan: Plan, villages: Sequence[Polygon], lake: str) -> Tuple[List[Piece], BaseGeometry]:
    """Highway and roads, bridging what they cross but the lakes; and all their ground."""
    small = max(min(1.0, float(np.sqrt(plan.outline.area)) / 9000), 0.5)
    labels = [f"{lake[0]}{ordinal}线" for ordinal in "一二三"] + ["", "", "", ""]
    lines = [(plan.highway, 19 * small, "虚宁公路", "1003")]
    lines += [
        (line, half, label, "1003" if label else "1006")
        for line, half, label in zip(plan.roads, (10, 8.5, 7, 3.3, 3.0, 3.1, 2.9), labels)
    ]
    net: BaseGeometry = shapely.union_all([plan.lake.buffer(0.5), *[mere.buffer(0.5) for mere in plan.meres]])
    wet = net
    pieces: List[Piece] = []
    for line, half, label, code in lines:
        strip = shapely.intersection(band(line, half, half), plan.outline).difference(net)
        for number, village in enumerate(villages):
            pieces += [_piece(code, label, part, number) for part in polygons(strip.intersection(village), 300.0)]
        net = shapely.union_all([net, *[piece.shape for piece in pieces[-len(villages) :]], strip])
    return pieces, shapely.union_all([piece.shape for piece in pieces]).difference(wet)


def _off_road(pieces: Sequence[Piece], net: BaseGeometry) -> List[Piece]:
    shapely.prepare(net)
    out: List[Piece] = []
    for piece in pieces:
        if not net.intersects(piece.shape):
            out.append(piece)
            continue
        out += [replace(piece, shape=part) for part in polygons(piece.shape.difference(net))]
    return out


def _runs(line: Points, plan: Plan) -> List[Points]:
    """The runs of a water course where natural villages may lie."""
    dry = shapely.union_all([plan.lake.buffer(60), plan.town, plan.estate, plan.market])
    open_run = shapely.LineString(line).intersection(plan.outline).difference(dry)
    return [
        np.asarray(shapely.get_coordinates(run))
        for run in shapely.get_parts(open_run)
        if run.geom_type == "LineString" and run.length > 150
    ]


def _quarters(
    plan: Plan, polders: Sequence[Tuple[Polygon, int]], rng: Generator
) -> Tuple[List[Piece], List[Tuple[Polygon, int]]]:
    """Build on the polders that lie mostly in the town, the estate or the market town."""
    pieces: List[Piece] = []
    left = list(polders)
    quarters: List[Tuple[Polygon, Quarter]] = [(plan.town, TOWN), (plan.estate, ESTATE), (plan.market, MARKET)]
    for area, quarter in quarters:
        overlap = np.array([shape.intersection(area).area / shape.area for shape, _ in left])
        inside = overlap > 0.5
        if not inside.any():
            inside[int(np.argmax(overlap))] = True
        for number in np.flatnonzero(inside).tolist():
            shape, village = left[number]
            pieces += draw_quarter(shape, village, quarter, plan.axis, rng)
        left = [polder for polder, built in zip(left, inside) if not built]
    return pieces, left


def _country(
    plan: Plan, polders: Sequence[Tuple[Polygon, int]], courses: Sequence[Channel], drawn: Sequence[Piece],
    rng: Generator, progress: Progress,
) -> Tuple[List[Piece], List[Field]]:  # fmt: skip
    """Natural villages along the water, and the fields left to till."""
    built = sum(piece.shape.area for piece in drawn if piece.code in CONSTRUCTION)
    wanted = 0.246 * plan.outline.area - built - 0.025 * sum(polder.area for polder, _ in polders)
    # a small township may be full of town: some villages there are all the same
    sites = find_sites(courses, max(wanted / 0.545, 0.06 * plan.outline.area), rng)
    banks = [(number, side, zone(site, side, rng)) for number, site in enumerate(sites) for side in site.sides]
    return _settle(polders, sites, banks, rng, progress)


def _settle(
    polders: Sequence[Tuple[Polygon, int]], sites: Sequence[Site], banks: Sequence[Tuple[int, int, BaseGeometry]],
    rng: Generator, progress: Progress,
) -> Tuple[List[Piece], List[Field]]:  # fmt: skip
    tree = shapely.STRtree([ground for _, _, ground in banks])
    pieces: List[Piece] = []
    fields: List[Field] = []
    for block, (polder, village) in enumerate(polders):
        progress.check(block / len(polders))
        rest = [polder]
        for index in sorted(tree.query(polder, predicate="intersects").tolist()):
            number, side, ground = banks[index]
            for part in [part for shape in rest for part in polygons(shape.intersection(ground))]:
                if part.area < 5200:
                    continue
                pieces += draw_bank(part, sites[number], side, number, village, rng)
                rest = [left for shape in rest for left in polygons(shape.difference(part))]
        fields += [Field(shape, village, block, len(fields) + order) for order, shape in enumerate(rest)]
    return pieces, fields


def _till_to(fields: Sequence[Field], wanted: int, seed: int) -> List[Piece]:
    """Till the fields so finely that about ``wanted`` pieces come out."""
    area = sum(field.shape.area for field in fields)
    bends = moods(np.array([field.shape.centroid.coords[0] for field in fields]), seed)
    cell = float(np.clip(1.35 * area / max(wanted, 1), 2500, 40000))
    cells: List[List[Tuple[Polygon, str]]] = []
    for _ in range(6):
        cells = [till(field, cell, seed) for field in fields]
        count = sum(1 for parts in cells for shape, _ in parts if shape.area > SMALLEST)
        if abs(count - wanted) < 0.02 * wanted:
            break
        cell = float(np.clip(cell * (count / max(wanted, 1)) ** 1.15, 2500, 40000))
    return [
        piece for row, field in enumerate(fields) for piece in as_pieces(field, cells[row], seed, bends[row])
    ]


SMALLEST = 160.0
"""Pieces below go to a neighbour, m²."""


def settle(pieces: Sequence[Piece]) -> List[Piece]:
    """The pieces as a coverage, crumbs given to a neighbour of the same village."""
    shapes, origin = coverage([piece.shape for piece in pieces])
    made = [replace(pieces[int(row)], shape=shape) for shape, row in zip(shapes, origin)]
    for _ in range(4):
        made, crumbs = _merge_crumbs(made)
        if not crumbs:
            break
    return made


def _merge_crumbs(pieces: List[Piece]) -> Tuple[List[Piece], int]:
    shapes = as_array([piece.shape for piece in pieces])
    areas = shapely.area(shapes)
    rows = np.flatnonzero((areas < SMALLEST) | ((areas / shapely.length(shapes) < 0.9) & (areas < 3000)))
    if not len(rows):
        return pieces, 0
    crumb = set(rows.tolist())
    target: NDArray[np.int64] = np.arange(len(pieces))
    for row, near in zip(rows.tolist(), neighbours(shapes, rows)):
        sound = [other for other in near if other not in crumb]
        fit = [other for other in sound if pieces[other].village == pieces[row].village] or sound
        same = [other for other in fit if pieces[other].code == pieces[row].code]
        if fit:
            target[row] = (same or fit)[0]
    gained: dict[int, List[int]] = {}
    for row in rows.tolist():
        if target[row] != row:
            gained.setdefault(int(target[row]), []).append(row)
    for row, crumbs in gained.items():
        whole = shapely.union_all(shapes[[row, *crumbs]])
        pieces[row] = replace(pieces[row], shape=whole)
    merged = len(rows) and sum(len(crumbs) for crumbs in gained.values())
    return [piece for row, piece in enumerate(pieces) if target[row] == row], int(merged)


