"""Near the origin float64 keeps 10⁻¹¹ m; at coordinates with a zone number only 10⁻⁸ m."""

from __future__ import annotations

import numpy as np
import shapely

from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.overlay.edges import Vertices
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries


def origin_of(vertices: Vertices) -> complex:
    """Whole coordinates in the middle of a layer: taking them from its coordinates is exact."""
    if not len(vertices):
        return 0j
    x, y = vertices.real, vertices.imag
    return complex(np.round((x.min() + x.max()) / 2), np.round((y.min() + y.max()) / 2))


def moved(geometries: Geometries, by: complex, progress: Progress = SILENT) -> Geometries:
    """Copies of geometries moved by x + iy."""
    if not len(geometries) or by == 0:
        return geometries.copy()
    step = np.array([by.real, by.imag])

    def move(some: Geometries) -> Geometries:
        return np.asarray(shapely.transform(some, lambda xy: xy + step), dtype=np.object_)

    return batched(move, geometries, progress=progress)
