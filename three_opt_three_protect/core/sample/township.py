"""A township drawn as a coverage of ground, before it is surveyed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Sequence, Tuple

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.sample.classes import CONSTRUCTION, CULTIVATED
from three_opt_three_protect.core.sample.crumbs import SMALLEST, settle
from three_opt_three_protect.core.sample.fields import Field
from three_opt_three_protect.core.sample.ground import Piece, Stock
from three_opt_three_protect.core.sample.layout import lay_polders, lay_roads, lay_waters, off_road
from three_opt_three_protect.core.sample.settlements import Site, draw_bank, find_sites, zone
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    generator,
    polygons,
)
from three_opt_three_protect.core.sample.sketch import Plan, sketch
from three_opt_three_protect.core.sample.tilling import till_to
from three_opt_three_protect.core.sample.town import ESTATE, MARKET, TOWN, Quarter, draw_quarter
from three_opt_three_protect.core.sample.water import Channel, split_villages


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
    """Draw ``parcels`` parcels, give or take 8 %, within ``outline``.

    In a very small township town and villages alone may have too many; then another is drawn.
    """
    ground = _draw(outline, seed, 0, parcels, progress)
    for attempt in range(1, 8):
        if abs(len(ground.pieces) - parcels) <= 0.08 * parcels:
            break
        ground = _draw(outline, seed, attempt, parcels, progress)
    return ground


def _draw(outline: Polygon, seed: int, attempt: int, parcels: int, progress: Progress) -> Ground:
    rng = generator(seed, 1, attempt)
    plan = sketch(outline, rng)
    count = int(np.clip(round(outline.area / 3.9e6), 2, 25))
    progress.step("sample_water", 0.1)
    parts, borders = split_villages(outline, count, rng)
    water, stocks, channels = lay_waters(
        plan, [Stock(number, (part,)) for number, part in enumerate(parts)], borders, rng
    )
    dug, polders, more = lay_polders(stocks, rng, progress)
    roads, net = lay_roads(plan, parts, water[0].name)
    pieces = roads + off_road(water + dug, net)
    polders = [(part, village) for shape, village in polders for part in polygons(shape.difference(net))]
    progress.step("sample_town", 0.1)
    built, polders = _quarters(plan, polders, rng, progress)
    pieces += built
    progress.step("sample_villages", 0.15)
    lived, fields = _country(plan, polders, channels + more, pieces, rng, progress)
    pieces += lived
    progress.step("sample_fields", 0.2)
    lasting = sum(1 for piece in pieces if piece.shape.area > 1.5 * SMALLEST)
    pieces += till_to(fields, round(0.975 * parcels) - lasting, seed, progress)
    progress.step("sample_coverage", 0.2)
    return Ground(_graves(settle(pieces, outline)), len(parts), plan)


def _graves(pieces: List[Piece]) -> List[Piece]:
    """Give every township some temples and graveyards: small fields at the edge of a polder."""
    small = [row for row, piece in enumerate(pieces) if piece.code in CULTIVATED and not piece.attribute]
    small.sort(key=lambda row: abs(pieces[row].shape.area - 1500.0))
    out = list(pieces)
    for row in small[: 1 + len(pieces) // 1000]:
        out[row] = replace(pieces[row], code="09", attribute="205")
    return out


def _quarters(
    plan: Plan, polders: Sequence[Tuple[Polygon, int]], rng: Generator, progress: Progress
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
            progress.check(number / len(left))
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
