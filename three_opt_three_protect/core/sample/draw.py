"""The two things the package draws: one township with its plan, and a county of many."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.sample.change import second_year
from three_opt_three_protect.core.sample.conflicts import conflicts
from three_opt_three_protect.core.sample.defects import spoil
from three_opt_three_protect.core.sample.ground import Piece
from three_opt_three_protect.core.sample.outline import outline, single
from three_opt_three_protect.core.sample.parcels import parcel_table
from three_opt_three_protect.core.sample.plan import plan_township
from three_opt_three_protect.core.sample.plans import draw_plans
from three_opt_three_protect.core.sample.planted import Planted, planted_table
from three_opt_three_protect.core.sample.shapes import Points, as_array
from three_opt_three_protect.core.sample.sketch import PARCEL
from three_opt_three_protect.core.sample.survey import Survey, survey
from three_opt_three_protect.core.sample.township import Ground, draw_ground
from three_opt_three_protect.core.sample.units import township_table, village_table
from three_opt_three_protect.core.tables import Column, LayerTable

ORDER = (
    "parcels parcels_next villages settlements township farmland boundary redline retained roads reclaim newbuild "
    "temporary bulldozed suspects land_plan town_plan ecological development population targets planted"
).split()


LEAST = 300
"""Parcels below which a township cannot hold its parts."""


def draw_township(
    seed: int = 1,
    parcels: int = 8000,
    years: int = 2,
    defects: int = 0,
    progress: Progress = SILENT,
    plans: int = 0,
) -> Mapping[str, LayerTable]:
    """Draw an invented Jiangnan water township with its plan.

    The same arguments give the same coordinates and attributes for the same versions of numpy and GEOS.

    Parameters
    ----------
    seed
        Of the drawing.
    parcels
        How many parcels to draw; the result is within 10 %. Fewer parcels make a smaller township.
    years
        2 adds ``parcels_next``, a second survey year with known changes.
    defects
        1 plants a set of data defects.
    progress
        Hears the steps ``sample_*``.
    plans
        1 adds a land plan, a town plan, an ecological and a development plan with known differences.

    Returns
    -------
    The layers of the plan database (interfaces.md) by role, EPSG:4528; every deliberate change and
    defect stands in the table ``planted``.

    Raises
    ------
    InputError
        ``sample_too_small``: fewer than 300 parcels.
    """
    if parcels < LEAST:
        raise InputError("sample_too_small", parcels=parcels, least=LEAST)
    ground = draw_ground(single(seed, parcels * PARCEL), seed, parcels, progress)
    progress.step("sample_survey", 0.05)
    drawn = survey(ground, seed, 1, progress)
    progress.step("sample_plan", 0.2)
    return _layers(drawn, years, defects, progress, plans)


def _layers(
    drawn: Survey, years: int, defects: int, progress: Progress = SILENT, plans: int = 0
) -> Dict[str, LayerTable]:
    planned = plan_township(drawn, progress)
    progress.check(0.6)
    villages = village_table(drawn)
    layers: Dict[str, LayerTable] = {
        **planned.layers,
        "parcels": parcel_table(drawn),
        "villages": villages,
        "township": township_table(drawn, villages),
    }
    found: List[Planted] = []
    if years > 1:
        later, found = second_year(drawn, planned)
        layers.update(later)
    if defects:
        found += spoil(layers, drawn, planned)
    found += conflicts(layers)
    if plans:
        more, differences = draw_plans(drawn)
        layers.update(more)
        found += differences
    layers["planted"] = planted_table(found)
    return {name: layers[name] for name in ORDER if name in layers}


TOWNSHIP = 8000
"""Parcels of one township of a county."""


def draw_county(seed: int = 1, parcels: int = 100000, progress: Progress = SILENT) -> Mapping[str, LayerTable]:
    """Draw several townships side by side that share exact borders, for measurements.

    Parameters
    ----------
    seed
        Of the drawing.
    parcels
        How many parcels in all, within 10 %.
    progress
        Hears one step a township.

    Returns
    -------
    The layers of :func:`draw_township` for one year without defects; codes and plot ids are unique.
    """
    tiles = _tiles(seed, parcels)
    whole = sum(tile.area for tile in tiles)
    grounds: List[Ground] = []
    for number, tile in enumerate(tiles, 1):
        progress.step("sample_township", 0.8 / len(tiles))
        share = round(parcels * tile.area / whole)
        grounds.append(draw_ground(tile, _own(seed, number), share, _Quiet(progress)))
    grounds = share_borders(grounds)
    progress.step("sample_survey", 0.2)
    parts: List[Dict[str, LayerTable]] = []
    for number in range(1, len(tiles) + 1):
        progress.check(number / len(tiles))
        drawn = survey(grounds[number - 1], _own(seed, number), number)
        parts.append(_numbered(_layers(drawn, 1, 0), number))
    return {name: _stacked([part[name] for part in parts]) for name in ORDER if name in parts[0]}


class _Quiet:
    """Lets a township be cancelled without reporting its own steps."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def step(self, name: str, share: float) -> None:
        """Ask for cancel at the start of the step."""
        self._progress.check(0.0)

    def check(self, fraction: float) -> None:
        """Pass on."""
        self._progress.check(fraction)


def _own(seed: int, number: int) -> int:
    return seed * 4096 + number


def _tiles(seed: int, parcels: int) -> List[Polygon]:
    count = max(round(parcels / TOWNSHIP), 1)
    wide = int(np.ceil(np.sqrt(count)))
    size = float(np.sqrt(parcels / count * PARCEL))
    return [outline(seed, number % wide, number // wide, size) for number in range(count)]


def share_borders(grounds: Sequence[Ground]) -> List[Ground]:
    """Give both sides of every township border the same vertices."""
    wholes = [shapely.coverage_union_all(as_array([piece.shape for piece in ground.pieces])) for ground in grounds]
    rings = [np.unique(shapely.get_coordinates(whole), axis=0) for whole in wholes]
    boxes = as_array([ground.plan.outline for ground in grounds])
    tree = shapely.STRtree(boxes)
    out: List[Ground] = []
    for row, ground in enumerate(grounds):
        near = [other for other in tree.query(boxes[row], predicate="dwithin", distance=1.0).tolist() if other != row]
        points = np.vstack([rings[other] for other in sorted(near)]) if near else np.empty((0, 2))
        out.append(replace(ground, pieces=_with_vertices(ground.pieces, points)))
    return out


NEAR = 0.0025
"""A vertex of the other side nearer to a border than this is on it, m."""


def _with_vertices(pieces: Sequence[Piece], points: Points) -> List[Piece]:
    shapes = as_array([piece.shape for piece in pieces])
    made = list(pieces)
    dots = shapely.points(points)
    dot, piece = shapely.STRtree(shapes).query(dots, predicate="dwithin", distance=NEAR)
    # a vertex beside a corner goes into the nearest parcel only, else two parcels would claim the same edge
    order = np.lexsort((piece, shapely.distance(dots[dot], shapes[piece]), dot))
    dot, first = np.unique(dot[order], return_index=True)
    piece = piece[order][first]
    for row in np.unique(piece).tolist():
        added = points[dot[piece == row]]
        ring = _ring_with(np.asarray(shapes[row].exterior.coords), added)
        made[row] = replace(pieces[row], shape=Polygon(ring, shapes[row].interiors))
    return made


def _ring_with(ring: Points, points: Points) -> Points:
    """``ring`` with ``points`` inserted where they lie on it."""
    for point in np.unique(points, axis=0):
        if (np.abs(ring - point).max(axis=1) < 1e-9).any():
            continue
        start, run = ring[:-1], np.diff(ring, axis=0)
        share = np.clip(((point - start) * run).sum(axis=1) / np.maximum((run**2).sum(axis=1), 1e-12), 0, 1)
        gap = np.hypot(*(start + run * share[:, None] - point).T)
        best = int(np.argmin(gap))
        if gap[best] < NEAR:
            ring = np.insert(ring, best + 1, point, axis=0)
    return ring


def _numbered(layers: Dict[str, LayerTable], number: int) -> Dict[str, LayerTable]:
    """Plot ids that say the township."""
    for name in ("reclaim", "newbuild"):
        column = layers[name].column("plot_id")
        column.values[:] = [f"{number:03d}{value}" for value in column.values]
    return layers


def _stacked(parts: Sequence[LayerTable]) -> LayerTable:
    first = parts[0]
    count = sum(len(part) for part in parts)
    columns = {
        name: Column(
            np.concatenate([part.columns[name].values for part in parts]),
            column.kind,
            None if column.missing is None else np.concatenate([part.columns[name].is_missing for part in parts]),
            column.alias,
            column.width,
            column.decimals,
        )
        for name, column in first.columns.items()
    }
    shapes = None if first.geometry is None else np.concatenate([part.shapes for part in parts])
    return LayerTable(first.name, np.arange(1, count + 1, dtype=np.int64), shapes, columns, first.crs, first.source)
