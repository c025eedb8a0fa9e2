"""Metres, square metres and spots on the ground, also where coordinates are degrees."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.measure import measure
from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import Floats, Subject
from three_opt_three_protect.core.tables import Geometries

Vertices = NDArray[np.complex128]
Texts = NDArray[np.object_]

_DIGITS_OF_DEGREES, _DIGITS_OF_METRES = 6, 2
_SPOT = 0.5
"""Metres from the middle of a spot to its sides: small on the map, large enough to be zoomed to."""


def area_m2(subject: Subject, geometries: Geometries, progress: Progress = SILENT) -> Floats:
    """``(k,)`` areas of polygons in the layer's coordinates in m², measured as the layer's own are."""
    crs = subject.table.crs
    if crs is None:
        return np.asarray(np.nan_to_num(shapely.area(geometries)), dtype=np.float64)
    return measure(geometries, crs, subject.method, subject.to_lonlat, progress)


def metres(subject: Subject, step: Vertices, at: Vertices) -> Vertices:
    """``(k,)`` short steps from places ``at``, x + iy, in metres: a degree of longitude shrinks towards the poles."""
    crs = subject.table.crs
    if crs is None or not crs.is_geographic:
        return step if subject.metres_per_unit == 1.0 else step * subject.metres_per_unit
    shrunk = step.real * np.cos(np.radians(at.imag)) + 1j * step.imag
    return np.asarray(shrunk * subject.metres_per_unit, dtype=np.complex128)


def lengths_m(subject: Subject, geometries: Geometries, progress: Progress = SILENT) -> Floats:
    """``(k,)`` lengths of the rings of polygons in metres."""
    crs = subject.table.crs
    if crs is not None and crs.is_geographic:
        middle = np.nan_to_num(shapely.bounds(geometries)[:, [1, 3]].mean(axis=1))
        shrunk = np.cos(np.radians(middle))

        def round_one(some: Geometries, narrower: Floats) -> Floats:
            vertices = shapely.get_num_coordinates(some)
            factor = np.column_stack([np.repeat(narrower, vertices), np.ones(int(vertices.sum()))])
            return np.asarray(shapely.length(shapely.transform(some, lambda xy: xy * factor)))

        return np.asarray(batched(round_one, geometries, shrunk, progress=progress)) * subject.metres_per_unit
    return np.asarray(batched(shapely.length, geometries, progress=progress)) * subject.metres_per_unit


def written(subject: Subject, coordinates: Floats) -> Texts:
    """``(k,)`` coordinates as a message names them, about a decimetre or finer; None where there is none."""
    crs = subject.table.crs
    digits = _DIGITS_OF_DEGREES if crs is not None and crs.is_geographic else _DIGITS_OF_METRES
    texts = np.array(
        [f"{value:.{digits}f}".rstrip("0").rstrip(".") for value in coordinates.tolist()], dtype=np.object_
    )
    texts[~np.isfinite(coordinates)] = None
    return texts


def spots(subject: Subject, at: Vertices) -> Geometries:
    """``(k,)`` squares of one metre round places x + iy."""
    half = _SPOT / subject.metres_per_unit
    x, y = at.real, at.imag
    return np.asarray(shapely.box(x - half, y - half, x + half, y + half), dtype=np.object_).reshape(-1)
