"""What of a layer lies in the polygons of another: parts, areas as the layer's own, one finding a feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import shapely

from three_opt_three_protect.core.overlay import NOISE, ZoneLayer, overlay
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import Floats, Found, Ints, Subject
from three_opt_three_protect.core.quality.places import area_m2
from three_opt_three_protect.core.tables import Geometries

_QUERY = 20_000
"""Features asked at a time."""


@dataclass(frozen=True)
class Parts:
    """Parts of the features of a layer, each in one zone.

    Attributes
    ----------
    row
        ``(k,)`` row of the feature, ascending.
    key
        ``(k,)`` key of the zone, −1 outside all.
    geometry, area
        ``(k,)`` polygons and their areas in m²; the area of a whole feature is the layer's own.
    doubled
        Zones of different keys overlap: the lower key has that land.
    """

    row: Ints
    key: Ints
    geometry: Geometries
    area: Floats
    doubled: bool

    def take(self, where: Any) -> Parts:
        """The parts at ``where`` (mask or index)."""
        return Parts(self.row[where], self.key[where], self.geometry[where], self.area[where], self.doubled)


def parts_of(layer: Subject, zones: Geometries, key: Optional[Ints] = None, progress: Progress = SILENT) -> Parts:
    """The features of ``layer`` taken apart by ``zones``.

    Parameters
    ----------
    zones
        ``(z,)`` valid polygons or None, in the coordinates of the layer.
    key
        ``(z,)`` zones with the same key are one; None = all are one.
    """
    key = np.zeros(len(zones), dtype=np.int64) if key is None else key
    near = _near(layer, zones, progress)
    noise = NOISE / layer.metres_per_unit**2
    pieces = overlay(layer.coverage, [ZoneLayer(zones[near], key[near])], 0.0, progress, noise)
    alone = np.bincount(pieces.parcel, minlength=len(layer))[pieces.parcel] == 1
    area = np.where(alone, layer.area[pieces.parcel], 0.0)
    area[~alone] = area_m2(layer, pieces.geometry[~alone], progress)
    doubled = float(pieces.overlap[0]) > noise
    return Parts(pieces.parcel, pieces.zone[:, 0], pieces.geometry, area, doubled)


def _near(layer: Subject, zones: Geometries, progress: Progress) -> Ints:
    """The zones whose boxes meet a feature's."""
    met = np.zeros(len(zones), dtype=np.bool_)
    tree = shapely.STRtree(zones)
    for start in range(0, len(layer), _QUERY):
        progress.check(0.0)
        met[tree.query(layer.shapes[start : start + _QUERY])[1]] = True
    return np.flatnonzero(met)


def by_feature(parts: Parts, least: float, column: str = "", **values: Any) -> Found:
    """One finding for every feature whose ``parts`` have more than ``least`` m² together.

    ``values`` are one for all, or ``(n,)`` by row of the layer.
    """
    rows, where = np.unique(parts.row, return_inverse=True)
    total = np.bincount(where, parts.area, len(rows)).astype(np.float64)
    kept = total > least
    rows = rows[kept]
    named = {name: value[rows] if isinstance(value, np.ndarray) else value for name, value in values.items()}
    return Found(rows, column, total[kept], named, joined(parts, rows))


def joined(parts: Parts, rows: Ints) -> Geometries:
    """``(k,)`` the parts of each of ``rows`` as one polygon."""
    first, last = np.searchsorted(parts.row, rows), np.searchsorted(parts.row, rows, side="right")
    out = np.full(len(rows), None, dtype=np.object_)
    single = last - first == 1
    out[single] = parts.geometry[first[single]]
    for number in np.flatnonzero(~single):
        out[number] = shapely.union_all(parts.geometry[first[number] : last[number]])
    return out


def inside(layer: Subject, other: Subject, least: float, progress: Progress = SILENT, **values: Any) -> Found:
    """Features of which more than ``least`` m² lie in ``other``; ``values`` as in :func:`by_feature`."""
    parts = parts_of(layer, other.shapes, None, progress)
    return by_feature(parts.take(parts.key >= 0), least, other=other.table.name, **values)
