"""The identity of parcels with any number of zone layers.

1. Edges of zones that equal an edge of a parcel are found (``edges``); only the others cut
   (``crossing``), and the parcels they run through are cut along them (``cutting``).
2. Parcels that reach each other without crossing a zone's edge belong to the same zones: one point
   answers for all of them, and one for every part of a cut parcel (``classify``).
3. Parts of a parcel with the same zones are put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple, Union

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.batches import batched, patiently
from three_opt_three_protect.core.overlay.classify import OUTSIDE, claims
from three_opt_three_protect.core.overlay.coverage import Coverage, coverage_of
from three_opt_three_protect.core.overlay.crossing import Crossings, crossings, joined
from three_opt_three_protect.core.overlay.cutting import faces
from three_opt_three_protect.core.overlay.edges import NONE, Bools, Ints, edges_of
from three_opt_three_protect.core.overlay.inside import points_inside
from three_opt_three_protect.core.overlay.local import moved, origin_of, resolution_of
from three_opt_three_protect.core.overlay.merging import together
from three_opt_three_protect.core.overlay.snapping import Snapped, snap
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.repair import polygons_only
from three_opt_three_protect.core.tables import Geometries

_COARSER = (1, 8, 64, 512)
"""Grids a broken piece is put on, in steps of float64: at survey coordinates the last is 4 µm."""

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
    parcels: Union[Geometries, Coverage],
    layers: Sequence[ZoneLayer],
    tolerance: float = 0.0,
    progress: Progress = SILENT,
    noise: float = NOISE,
) -> Pieces:
    """Split parcels along the edges of the zones of all ``layers``.

    Parameters
    ----------
    parcels
        ``(n,)`` valid polygons or multipolygons; None has no piece. Not changed. They may overlap,
        but neighbours that share their edges are what makes it fast. A :class:`Coverage` of them
        where there is one already: its edges are forgotten on the way. Geometries that threads share
        must have been repaired before, because GEOS keeps a box when first asked for it.
    layers
        In the same CRS as the parcels.
    tolerance
        Zone vertices at most this far (units of the CRS) from a parcel vertex are moved onto it;
        0 = none.
    progress
        Asked several times a second.
    noise
        Fragments of at most this area (squared units of the CRS) are rounding, not land.

    Returns
    -------
    Pieces
        Every parcel is the sum of its pieces.
    """
    progress.step("joining_edges", 0.4)
    coverage = coverage_of(parcels, progress)
    origin = origin_of(coverage.edges.vertices)
    open_edge = coverage.partner != NONE
    progress.step("finding_crossings", 0.2)
    zones, crossed, snapped = [], [], []
    for number, layer in enumerate(map(_ordered, layers)):
        share = Part(progress, number / len(layers), 1 / len(layers))
        shapes, crossing, report = _meet(coverage, layer.geometry, open_edge, origin, tolerance, share)
        zones.append(ZoneLayer(shapes, layer.key))
        crossed.append(crossing)
        snapped.append(report)
    coverage.forget_edges()
    crossing = joined(crossed)
    whole = np.ones(len(coverage), dtype=np.bool_)
    whole[crossing.parcel] = False
    progress.step("classifying", 0.1)
    uncut = _uncut(coverage, whole, open_edge, zones, progress)
    progress.step("cutting", 0.3)
    cut = _cut(coverage, crossing, zones, origin, noise, Part(progress, 0.0, 0.7))
    return _assembled(coverage, uncut, cut, origin, noise, tuple(snapped), Part(progress, 0.7, 0.3))


def _ordered(layer: ZoneLayer) -> ZoneLayer:
    """The zones that are there, the one that has precedence first."""
    there = np.flatnonzero(~(shapely.is_missing(layer.geometry) | shapely.is_empty(layer.geometry)))
    there = there[np.argsort(layer.key[there], kind="stable")]
    return ZoneLayer(layer.geometry[there], layer.key[there])


def _meet(
    coverage: Coverage, zones: Geometries, open_edge: Bools, origin: complex, tolerance: float, progress: Progress
) -> Tuple[Geometries, Crossings, Snapped]:
    """Snap one layer, close the parcel edges it runs along, and find the parcels it runs through."""
    edges = edges_of(zones, Part(progress, 0.0, 0.1))
    found = coverage.index.find(edges, Part(progress, 0.1, 0.2))
    zones, report = snap(zones, edges, found, coverage, tolerance, Part(progress, 0.3, 0.2))
    if report.vertices:
        edges = edges_of(zones, Part(progress, 0.5, 0.05))
        found = coverage.index.find(edges, Part(progress, 0.55, 0.05))
    border = found[found != NONE]
    open_edge[border] = False
    beyond = coverage.partner[border]
    open_edge[beyond[beyond != NONE]] = False
    return zones, crossings(coverage, edges, found, origin, Part(progress, 0.6, 0.4)), report


@dataclass(frozen=True)
class _Labelled:
    """Land and the zones it lies in: row of the parcel part, ``(n, layers)`` keys, geometry; overlap a layer."""

    part: Ints
    zone: NDArray[np.int64]
    geometry: Geometries
    overlap: NDArray[np.float64]


def _uncut(
    coverage: Coverage, whole: Bools, open_edge: Bools, zones: Sequence[ZoneLayer], progress: Progress
) -> _Labelled:
    """The parts of parcels no edge runs through."""
    hood = coverage.neighbourhoods(whole, open_edge)
    points = points_inside(coverage.parts[coverage.samples(hood)], Part(progress, 0.0, 0.2))
    part = np.flatnonzero(whole)
    hood = hood[part]
    zone = np.empty((len(part), len(zones)), dtype=np.int64)
    overlap = np.zeros(len(zones))
    for number, layer in enumerate(zones):
        said = claims(
            layer.geometry, points, progress=Part(progress, 0.2 + 0.8 * number / len(zones), 0.8 / len(zones))
        )
        zone[:, number] = _keys(layer, said.first)[hood]
        again = np.maximum(said.count - 1, 0)[hood]
        twice = np.flatnonzero(again)
        overlap[number] = float((shapely.area(coverage.parts[part[twice]]) * again[twice]).sum())
    return _Labelled(part, zone, coverage.parts[part], overlap)


def _cut(
    coverage: Coverage,
    crossing: Crossings,
    zones: Sequence[ZoneLayer],
    origin: complex,
    noise: float,
    progress: Progress,
) -> _Labelled:
    """The faces of the parts of parcels that edges run through, near the origin."""
    part, row = np.unique(crossing.parcel, return_inverse=True)
    shapes = moved(coverage.parts[part], -origin, Part(progress, 0.0, 0.1))
    found = faces(shapes, Crossings(row, crossing.line), noise, Part(progress, 0.1, 0.7))
    zone = np.empty((len(found.parcel), len(zones)), dtype=np.int64)
    overlap = np.zeros(len(zones))
    for number, layer in enumerate(zones):
        share = Part(progress, 0.8 + 0.2 * number / len(zones), 0.2 / len(zones))
        said = claims(layer.geometry, found.point, origin, share)
        zone[:, number] = _keys(layer, said.first)
        overlap[number] = float((shapely.area(found.geometry) * np.maximum(said.count - 1, 0)).sum())
    return _Labelled(part[found.parcel], zone, found.geometry, overlap)


def _keys(layer: ZoneLayer, first: Ints) -> Ints:
    return np.append(layer.key, OUTSIDE)[first]


def _assembled(
    coverage: Coverage,
    uncut: _Labelled,
    cut: _Labelled,
    origin: complex,
    noise: float,
    snapped: Tuple[Snapped, ...],
    progress: Progress,
) -> Pieces:
    """What belongs to one parcel and the same zones becomes one piece; whole parcels stay as they are."""
    several = coverage.of_several[uncut.part]
    parcel = coverage.parcel[np.concatenate([uncut.part[several], cut.part])]
    zone = np.concatenate([uncut.zone[several], cut.zone])
    geometry = np.concatenate([moved(uncut.geometry[several], -origin), cut.geometry])
    made = together(parcel, zone, geometry, noise, Part(progress, 0.0, 0.5))
    gap = _closure(coverage.parcels, made.parcel, shapely.area(made.geometry), origin)
    alone = np.bincount(made.parcel, minlength=len(coverage.parcels))[made.parcel] == 1
    made.geometry[alone] = coverage.parcels[made.parcel[alone]]
    made.geometry[~alone] = _back(made.geometry[~alone], origin, Part(progress, 0.5, 0.5))
    stay = uncut.part[~several]
    row = np.concatenate([coverage.parcel[stay], made.parcel])
    order = np.argsort(row, kind="stable")
    return Pieces(
        row[order],
        np.concatenate([uncut.zone[~several], made.zone])[order],
        np.concatenate([uncut.geometry[~several], made.geometry])[order],
        uncut.overlap + cut.overlap,
        gap,
        made.absorbed,
        snapped,
    )


def _closure(parcels: Geometries, parcel: Ints, area: NDArray[np.float64], origin: complex) -> float:
    """Largest difference between a parcel that was taken apart and its parts."""
    row, which = np.unique(parcel, return_inverse=True)
    own = shapely.area(moved(parcels[row], -origin))
    return float(np.abs(np.bincount(which, area, len(row)) - own).max(initial=0.0))


def _back(geometries: Geometries, origin: complex, progress: Progress) -> Geometries:
    """Back to the coordinates of the layer.

    Where their rounding (10⁻⁸ m) would break a piece, it is put on the grid of those coordinates first:
    a topological operation near the origin, after which moving it is exact. A grid as fine as float64 itself
    can leave two edges crossing by its last digit; a coarser one, still far below the noise, does not.
    """
    out = moved(geometries, origin, Part(progress, 0.0, 0.5))
    broken = np.flatnonzero(~batched(shapely.is_valid, out, progress=Part(progress, 0.5, 0.5)))
    finest = resolution_of(out)
    for coarser in _COARSER:
        if not len(broken):
            break
        mended = _on_grid(geometries[broken], coarser * finest)
        there = ~(shapely.is_missing(mended) | shapely.is_empty(mended))
        out[broken[there]] = moved(mended[there], origin)
        broken = broken[~shapely.is_valid(out[broken])]
    return out


def _on_grid(geometries: Geometries, grid: float) -> Geometries:
    nothing = np.array([shapely.Polygon()], dtype=np.object_)
    return polygons_only(patiently(lambda some: shapely.set_precision(some, grid), lambda one: nothing)(geometries))


__all__ = ["NOISE", "Pieces", "ZoneLayer", "overlay"]
