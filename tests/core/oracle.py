"""Parcels × zones by brute force: plain shapely, one parcel and one zone after another.

On a grid of the last places: without one GEOS itself is now and then wrong where edges nearly coincide.
"""

from __future__ import annotations

import time
from typing import Dict, Sequence, Tuple

import numpy as np
import shapely

from tests.geometry_corpus import Place, moved
from three_opt_three_protect.core.overlay import NOISE, Pieces, ZoneLayer, overlay

Key = Tuple[int, ...]

PIECE_M2 = 1e-6
"""How far a piece may be from the oracle's."""


SECONDS = 3.0
"""CPU time one overlay of the corpus may take."""


MANY = 10_000
"""Pieces of more vertices are compared by area alone, parcels by their sum: GEOS takes minutes over the others."""


def allowed(area: float) -> float:
    """:data:`PIECE_M2`, or the last places of a very large area."""
    return max(PIECE_M2, 1e-14 * area)


def expected_pieces(
    parcels: Sequence[shapely.Geometry], layers: Sequence[ZoneLayer], place: Place
) -> Dict[Key, shapely.Geometry]:
    """(parcel, key of every layer) → land near the origin; the lowest key of a layer has it."""
    grid = step_of(parcels, layers, place)
    found: Dict[Key, shapely.Geometry] = {}
    for row, parcel in enumerate(parcels):
        pieces: Dict[Key, shapely.Geometry] = {} if parcel is None else {(row,): _near(parcel, place)}
        for layer in layers:
            cut: Dict[Key, shapely.Geometry] = {}
            for name, rest in pieces.items():
                for key in sorted(set(layer.key.tolist())):
                    members = [
                        _near(zone, place) for zone, own in zip(layer.geometry, layer.key) if own == key and zone
                    ]
                    zone = shapely.union_all(members, grid_size=grid)
                    cut[(*name, key)] = _land(shapely.intersection(rest, zone, grid_size=grid))
                    rest = _land(shapely.difference(rest, zone, grid_size=grid))
                cut[(*name, -1)] = rest
            pieces = cut
        found.update(pieces)
    return found


def step_of(parcels: Sequence[shapely.Geometry], layers: Sequence[ZoneLayer], place: Place) -> float:
    """The oracle's grid: a power of two, some last places of the largest coordinate near the origin."""
    shapes = [shape for some in (parcels, *(layer.geometry for layer in layers)) for shape in some if shape]
    largest = max((float(np.abs(_near(shape, place).bounds).max()) for shape in shapes), default=1.0)
    return 16 * float(np.spacing(largest))


def check(
    parcels: np.ndarray, layers: Sequence[ZoneLayer], place: Place, snap: float = 0.0, noise: float = NOISE
) -> Pieces:
    """Overlay, and everything that must hold for any input."""
    start = time.process_time()
    found = overlay(parcels, layers, snap, noise=noise)
    assert time.process_time() - start < SECONDS
    names = [tuple(name) for name in np.column_stack([found.parcel, found.zone]).tolist()]
    assert names == sorted(set(names)), "one piece a parcel and combination, in order"
    assert shapely.is_valid(found.geometry).all()
    assert set(shapely.get_type_id(found.geometry).tolist()) <= {3, 6}
    local = [_near(piece, place) for piece in found.geometry]
    there = [row for row, parcel in enumerate(parcels) if parcel is not None]
    assert sorted({name[0] for name in names}) == there, "a parcel lost"
    for row in there:
        whole = _near(parcels[row], place)
        parts = [piece for name, piece in zip(names, local) if name[0] == row]
        # a hairline of the parcel that no piece keeps is an edge that moved, too
        length = abs(sum(piece.length for piece in parts) - whole.length)
        far = allowed(whole.area) + float(np.spacing(max(place))) * length
        assert abs(sum(piece.area for piece in parts) - whole.area) <= far, row
    if snap == 0 and shapely.get_num_coordinates(parcels).max(initial=0) < MANY:
        step = max(float(np.spacing(max(place))), step_of(parcels, layers, place))
        last = float(np.spacing(max((float(np.abs(shape.bounds).max()) for shape in parcels if shape), default=1.0)))
        slivers = {row: max(noise, last * parcels[row].length) for row in there}
        _agree(dict(zip(names, local)), expected_pieces(parcels, layers, place), noise, slivers, step)
    return found


def _agree(
    got: Dict[Key, shapely.Geometry],
    wanted: Dict[Key, shapely.Geometry],
    noise: float,
    slivers: Dict[int, float],
    step: float,
) -> None:
    """Same land under the same name.

    Fragments up to ``noise`` belong to the largest piece of their parcel, and vertices lie on steps:
    those of the oracle and those that float64 has at the place.  ``slivers`` is what the last digit
    of the coordinates makes on the rings of a parcel: a piece the oracle does not have is no larger.
    """
    nothing = shapely.Polygon()
    for name in set(got) | set(wanted):
        one, other = got.get(name, nothing), wanted.get(name, nothing)
        lost = sum(piece.area for key, piece in wanted.items() if key[0] == name[0] and piece.area <= noise + 1e-12)
        far = allowed(one.area) + lost + 2 * step * one.length
        assert abs(one.area - other.area) <= far, (name, one.area, other.area)
        assert other.area > 0 or one.area <= 4 * slivers.get(name[0], 0.0), (
            name,
            "a piece that should not be",
            one.area,
        )
        if shapely.get_num_coordinates(one) < MANY:
            apart = one.area + other.area - 2 * shapely.intersection(one, other, grid_size=step).area
            assert apart <= far, (name, one.wkt[:200], other.wkt[:200])


def _land(shape: shapely.Geometry) -> shapely.Geometry:
    """Without the points and lines where polygons only touch."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def _near(shape: shapely.Geometry, place: Place) -> shapely.Geometry:
    return moved(shape, (-place[0], -place[1]))
