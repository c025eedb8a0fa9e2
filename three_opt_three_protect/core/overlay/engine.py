"""The identity of parcels with any number of zone layers.

Every parcel is followed through the layers one after another.  Against one layer a parcel lies
outside every zone, whole inside the first, or is cut: what the zone takes, and the remainder that
meets the next zone.  Cutting happens near the origin, where float64 keeps 10⁻⁹ m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.cutting import cut, merge_same, polygonal
from three_opt_three_protect.core.overlay.snapping import Snapped, snap_to_vertices, vertex_set
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

Ints = NDArray[np.int64]

OUTSIDE = -1

BLOCK = 20_000
"""Parcels handed to the tree between two looks at the cancel button."""

NOISE = 1e-6
"""m²: what floating-point cutting leaves along a shared edge."""


@dataclass(frozen=True)
class ZoneLayer:
    """One layer that parcels are overlaid with.

    Attributes
    ----------
    geometry
        ``(k,)`` valid polygons; None is passed over.
    key
        ``(k,)`` int64 ≥ 0. Zones with the same key are one zone; where zones with different keys
        overlap, the lowest key has the land.
    """

    geometry: Geometries
    key: Ints


@dataclass(frozen=True)
class Pieces:
    """Parts of parcels, each with one combination of zones.

    Attributes
    ----------
    parcel
        ``(n,)`` int64, row of the parcel, ascending.
    zone
        ``(n, layers)`` int64, key of the covering zone or −1 outside.
    geometry
        ``(n,)`` polygons or multipolygons. An uncut parcel is the parcel's own object.
    overlap
        ``(layers,)`` area covered by more than one zone of the layer within parcels, counted once
        for every further zone, squared units of the CRS.
    closure
        Largest over the parcels of the difference between Σ pieces and the parcel, squared units of the CRS.
    absorbed
        Remainders of rounding that were given to the largest piece of their parcel.
    snapped
        What snapping moved, a report for every layer.
    """

    parcel: Ints
    zone: NDArray[np.int64]
    geometry: Geometries
    overlap: NDArray[np.float64]
    closure: float
    absorbed: int
    snapped: Tuple[Snapped, ...]


def overlay(
    parcels: Geometries,
    layers: Sequence[ZoneLayer],
    tolerance: float = 0.0,
    progress: Progress = SILENT,
    noise: float = NOISE,
) -> Pieces:
    """Split parcels along the edges of the zones of all ``layers``.

    Parameters
    ----------
    parcels
        ``(n,)`` valid polygons or multipolygons; None has no piece. Neither changed nor required
        to be a clean coverage.
    layers
        In the same CRS as the parcels.
    tolerance
        Zone vertices at most this far (units of the CRS) from a parcel vertex are moved onto it;
        0 = none.
    progress
        Asked between blocks and between batches of cuts.
    noise
        Fragments of at most this area (squared units of the CRS) are rounding, not land.

    Returns
    -------
    Pieces
        Every parcel is the sum of its pieces.
    """
    origin = _origin(parcels)
    local = _shift(parcels, -origin)
    rows = np.flatnonzero(~shapely.is_missing(local))
    state = _State(rows.astype(np.int64), np.empty((len(rows), 0), dtype=np.int64), local[rows], parcels[rows])
    vertices = vertex_set(local[rows]) if tolerance > 0 else vertex_set(local[:0])
    overlaps, reports, absorbed = [], [], 0
    for number, layer in enumerate(layers):
        progress.check(number / max(len(layers), 1))
        zones, report = snap_to_vertices(_shift(layer.geometry, -origin), vertices, tolerance, progress)
        state, overlap, lost = _identity(state, zones, layer.key, origin, noise, progress)
        overlaps.append(overlap)
        reports.append(report)
        absorbed += lost
    order = np.lexsort((*state.zone.T[::-1], state.parcel))
    return Pieces(
        state.parcel[order],
        state.zone[order],
        state.original[order],
        np.array(overlaps, dtype=np.float64),
        _closure(state, local),
        absorbed,
        tuple(reports),
    )


@dataclass(frozen=True)
class _State:
    """Pieces so far: ``local`` near the origin, ``original`` where they belong."""

    parcel: Ints
    zone: NDArray[np.int64]
    local: Geometries
    original: Geometries


def _identity(
    state: _State, zones: Geometries, keys: Ints, origin: NDArray[np.float64], noise: float, progress: Progress
) -> Tuple[_State, float, int]:
    """Carry all pieces through one layer."""
    order = np.flatnonzero(~shapely.is_missing(zones))
    order = order[np.argsort(keys[order], kind="stable")]
    zones, keys = zones[order], keys[order]
    found: List[_State] = []
    overlap, absorbed = 0.0, 0
    for start, stop in _blocks(len(state.parcel)):
        progress.check(start / max(len(state.parcel), 1))
        part = _State(*(getattr(state, name)[start:stop] for name in _State.__dataclass_fields__))
        new, extra, lost = _identity_block(part, zones, keys, origin, noise, progress)
        found.append(new)
        overlap += extra
        absorbed += lost
    if not found:
        found = [_State(state.parcel, _with_key(state.zone, np.empty(0, dtype=np.int64)), state.local, state.original)]
    return (
        _State(*(np.concatenate([getattr(new, name) for new in found]) for name in _State.__dataclass_fields__)),
        overlap,
        absorbed,
    )


def _identity_block(
    part: _State, zones: Geometries, keys: Ints, origin: NDArray[np.float64], noise: float, progress: Progress
) -> Tuple[_State, float, int]:
    """Carry one block of pieces through one layer."""
    tree = shapely.STRtree(part.local)
    hit_zone, hit_piece = tree.query(zones, predicate="intersects")
    in_zone, in_piece = tree.query(zones, predicate="covers")
    first = np.full(len(part.local), len(zones), dtype=np.int64)
    np.minimum.at(first, in_piece, in_zone)
    # Zones after the one that covers a piece whole cannot take anything of it.
    rival = hit_zone < first[hit_piece]
    cutting = np.unique(hit_piece[rival])
    whole = np.ones(len(part.local), dtype=bool)
    whole[cutting] = False
    key = np.full(len(part.local), OUTSIDE, dtype=np.int64)
    covered = first < len(zones)
    key[covered] = keys[first[covered]]
    fragments = cut(part.local, zones, hit_piece[rival], hit_zone[rival], progress)
    overlap = fragments.overlap + _double_cover(part.local, zones, hit_piece, hit_zone, first, progress)
    # What the rivals left belongs to the covering zone, or to none.
    inside = cutting[covered[cutting]]
    overlap += float(shapely.area(part.local[inside]).sum())
    overlap -= float(np.nan_to_num(shapely.area(fragments.remainder[inside])).sum())
    remainder_key = key[cutting]
    pieces = np.concatenate([fragments.piece, cutting])
    piece_key = np.concatenate([keys[fragments.zone], remainder_key])
    geometry = np.concatenate([fragments.geometry, fragments.remainder[cutting]])
    pieces, piece_key, geometry, absorbed = merge_same(pieces, piece_key, geometry, part.local, noise)
    original = _restore(geometry, pieces, part, origin)
    new = _State(
        np.concatenate([part.parcel[whole], part.parcel[pieces]]),
        np.concatenate([_with_key(part.zone[whole], key[whole]), _with_key(part.zone[pieces], piece_key)]),
        np.concatenate([part.local[whole], geometry]),
        np.concatenate([part.original[whole], original]),
    )
    return new, overlap, absorbed


def _double_cover(
    pieces: Geometries,
    zones: Geometries,
    hit_piece: Ints,
    hit_zone: Ints,
    first: Ints,
    progress: Progress,
) -> float:
    """Area of pieces that a zone covers although an earlier zone covers the piece whole."""
    where = np.flatnonzero(hit_zone > first[hit_piece])
    total = 0.0
    for start in range(0, len(where), 500):
        progress.check(start / len(where))
        some = where[start : start + 500]
        total += float(shapely.area(shapely.intersection(pieces[hit_piece[some]], zones[hit_zone[some]])).sum())
    return total


def _restore(geometry: Geometries, pieces: Ints, part: _State, origin: NDArray[np.float64]) -> Geometries:
    """Back to the coordinates of the layer; a piece that is its parent keeps the parent's object.

    Rounding to the layer's coordinates (10⁻⁸ m) may close a hairline: such a piece is made valid.
    """
    same = np.array([shape is part.local[row] for shape, row in zip(geometry, pieces)], dtype=bool)
    out = np.empty(len(geometry), dtype=np.object_)
    out[same] = part.original[pieces[same]]
    back = _shift(geometry[~same], origin)
    closed = ~shapely.is_valid(back)
    back[closed] = polygonal(shapely.make_valid(back[closed]))
    out[~same] = back
    return out


def _with_key(zone: NDArray[np.int64], key: Ints) -> NDArray[np.int64]:
    return np.concatenate([zone, key[:, None]], axis=1)


def _blocks(count: int) -> Iterator[Tuple[int, int]]:
    for start in range(0, count, BLOCK):
        yield start, min(start + BLOCK, count)


def _origin(geometries: Geometries) -> NDArray[np.float64]:
    """Whole coordinates in the middle of the layer: subtracting them from its coordinates is exact."""
    if not len(geometries) or shapely.is_missing(geometries).all():
        return np.zeros(2)
    bounds = shapely.total_bounds(geometries)
    return np.asarray(np.round((bounds[:2] + bounds[2:]) / 2))


def _shift(geometries: Geometries, by: NDArray[np.float64]) -> Geometries:
    if not len(geometries):
        return geometries.copy()
    shifted = shapely.transform(geometries, lambda xy: xy + by)
    return np.asarray(shifted, dtype=np.object_)


def _closure(state: _State, parcels: Geometries) -> float:
    total = np.bincount(state.parcel, shapely.area(state.local), len(parcels))
    return float(np.abs(total - np.nan_to_num(shapely.area(parcels))).max(initial=0.0))


__all__ = ["NOISE", "Pieces", "ZoneLayer", "overlay"]
