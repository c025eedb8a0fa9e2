"""How lines lie to parcels."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.batches import batched, patiently
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Geometries

IN_POINTS, ALONG, INSIDE = 0, 1, 2
"""The line has only points of the parcel's rings; runs along a ring; runs through the parcel."""


def relation(parcels: Geometries, lines: Geometries, progress: Progress = SILENT) -> NDArray[np.int8]:
    """How each line lies to its parcel, pair by pair: :data:`IN_POINTS`, :data:`ALONG` or :data:`INSIDE`.

    Parameters
    ----------
    parcels, lines
        ``(p,)`` pairs that have a point in common. What GEOS cannot tell is taken for inside.
    """
    found = batched(
        patiently(_relation, lambda *pair: np.array([INSIDE], dtype=np.int8)), parcels, lines, progress=progress
    )
    return np.asarray(found, dtype=np.int8)


def _relation(parcels: Geometries, lines: Geometries) -> NDArray[Any]:
    # DE-9IM: interior against interior and end points, ring against interior
    matrix = np.asarray(shapely.relate(parcels, lines), dtype="U9").view("U1").reshape(-1, 9)
    inside = (matrix[:, 0] != "F") | (matrix[:, 1] != "F")
    return np.where(inside, INSIDE, np.where(matrix[:, 3] == "1", ALONG, IN_POINTS)).astype(np.int8)
