"""Near the origin float64 keeps 10⁻¹¹ m; at coordinates with a zone number only 10⁻⁸ m."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.overlay.edges import Vertices
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries


def origin_of(vertices: Vertices) -> complex:
    """Whole coordinates in the middle of a layer, 0 where taking them from its coordinates would not be exact."""
    if not len(vertices):
        return 0j
    return complex(_middle(vertices.real), _middle(vertices.imag))


def _middle(values: NDArray[np.float64]) -> float:
    least, most = float(values.min()), float(values.max())
    middle = float(np.round((least + most) / 2))
    # Sterbenz: a difference is exact where neither number is more than twice the other.
    near = min(abs(least), abs(most)) >= abs(middle) / 2 and max(abs(least), abs(most)) <= abs(middle) * 2
    return middle if near else 0.0


def resolution_of(geometries: Geometries) -> float:
    """Distance of the largest coordinate to the next that float64 has; 0 without coordinates."""
    bounds = np.abs(shapely.bounds(geometries))
    largest = float(np.fmax.reduce(bounds, axis=None, initial=0.0))
    return float(np.spacing(largest)) if largest > 0 else 0.0


def moved(geometries: Geometries, by: complex, progress: Progress = SILENT) -> Geometries:
    """Copies of geometries moved by x + iy."""
    if not len(geometries) or by == 0:
        return geometries.copy()
    step = np.array([by.real, by.imag])

    def move(some: Geometries) -> Geometries:
        return np.asarray(shapely.transform(some, lambda xy: xy + step), dtype=np.object_)

    return batched(move, geometries, progress=progress)
