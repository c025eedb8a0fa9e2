"""Water and roads on the ground, and the polders between them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import List, Sequence, Tuple

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.sample.ground import Piece, Stock, take_from_all
from three_opt_three_protect.core.sample.names import lake_name
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Points,
    band,
    blob,
    polygons,
)
from three_opt_three_protect.core.sample.sketch import Plan
from three_opt_three_protect.core.sample.water import Channel, canals, creek, water_band


def lay_waters(
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


def lay_polders(
    stocks: Sequence[Stock], rng: Generator, progress: Progress
) -> Tuple[List[Piece], List[Tuple[Polygon, int]], List[Channel]]:
    """Canals and creeks, and the polders between them."""
    pieces: List[Piece] = []
    polders: List[Tuple[Polygon, int]] = []
    courses: List[Channel] = []
    for number, stock in enumerate(stocks):
        progress.check(number / len(stocks))
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


def lay_roads(plan: Plan, villages: Sequence[Polygon], lake: str) -> Tuple[List[Piece], BaseGeometry]:
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
        net = net.union(strip)
    return pieces, shapely.union_all([piece.shape for piece in pieces]).difference(wet)


def off_road(pieces: Sequence[Piece], net: BaseGeometry) -> List[Piece]:
    """``pieces`` without the ground of the roads ``net``."""
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
