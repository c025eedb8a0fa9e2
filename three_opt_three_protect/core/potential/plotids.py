"""Names of candidates: the village's code and a number in reading order."""

from __future__ import annotations

import numpy as np
import shapely

from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.tables import Geometries

NO_VILLAGE = "0"
"""Stands for the village of a candidate that has none."""

_DIGITS = 3
_FINENESS = 1000
"""Corners are compared in millimetres: what two exports of one layer may differ by."""


def plot_ids(unit_code: Texts, geometry: Geometries, metres_per_unit: float = 1.0) -> Texts:
    """Number the candidates of each village from north to south, of equally northern ones from west to east.

    The order is that of the north-west corners of their extents, then of the south-east corners, then of the
    areas: it follows from where the land lies, not from the order of the layer.

    Parameters
    ----------
    unit_code
        ``(c,)``, None = no village.
    geometry
        ``(c,)`` polygons.
    metres_per_unit
        Of their coordinates.

    Returns
    -------
    ndarray
        ``(c,)`` such as ``320509100201-007``, each once.
    """
    code = np.array([NO_VILLAGE if each is None else each for each in unit_code], dtype=np.str_)
    west, south, east, north = np.round(shapely.bounds(geometry).T * (_FINENESS * metres_per_unit))
    order = np.lexsort((shapely.area(geometry), -east, south, west, -north, code))
    first = np.searchsorted(code[order], code[order])
    found = np.empty(len(code), dtype=np.object_)
    found[order] = [
        f"{unit}-{number:0{_DIGITS}d}" for unit, number in zip(code[order], np.arange(len(code)) - first + 1)
    ]
    return found
