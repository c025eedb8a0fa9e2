"""Arcs drawn out to straight edges."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_DEGREES = 0.1
"""Of a circle's area it costs half a part in a million."""


def arc_points(start: Floats, end: Floats, bulge: float) -> Floats:
    """Points of an arc between its ends, without them.

    Parameters
    ----------
    start, end
        ``(2,)`` float64.
    bulge
        Tangent of a quarter of the angle the arc covers, positive anticlockwise; 0 = straight.
        Source: DXF reference, group code 42 of LWPOLYLINE and VERTEX.

    Returns
    -------
    ndarray
        ``(n, 2)`` float64, at most 0.1° apart.
    """
    angle = 4 * math.atan(bulge)
    count = math.ceil(abs(math.degrees(angle)) / STEP_DEGREES - 1e-9)
    chord = end - start
    if count < 2 or not chord.any():
        return np.zeros((0, 2))
    centre = (start + end) / 2 + np.array([-chord[1], chord[0]]) * ((1 / bulge - bulge) / 4)
    x, y = start - centre
    turn = angle * np.arange(1, count) / count
    out: Floats = centre + np.column_stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)])
    return out
