"""GEOS calls on many geometries in batches, so that cancel is heard in between."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.overlay.edges import blocks
from three_opt_three_protect.core.progress import SILENT, Progress

_BATCH = 10_000


def batched(
    operation: Callable[..., NDArray[Any]], *arrays: NDArray[Any], progress: Progress = SILENT, size: int = _BATCH
) -> NDArray[Any]:
    """``operation`` row by row over arrays of one length, ``size`` rows a call."""
    count = len(arrays[0])
    found = [operation(*arrays)] if not count else []
    for block in blocks(count, size):
        progress.check(block.start / count)
        found.append(operation(*(array[block] for array in arrays)))
    return np.concatenate(found)


def patiently(
    operation: Callable[..., NDArray[Any]], single: Callable[..., NDArray[Any]]
) -> Callable[..., NDArray[Any]]:
    """``operation`` row by row; the rows GEOS gives up on are answered by ``single``, one by one.

    Where valid edges miss each other by 10⁻⁹ m its graphs may contradict themselves.
    """

    def answered(*arrays: NDArray[Any]) -> NDArray[Any]:
        try:
            return np.asarray(operation(*arrays))
        except shapely.GEOSException:
            count = len(arrays[0])
            if count == 1:
                return single(*arrays)
            halves = slice(0, count // 2), slice(count // 2, count)
            return np.concatenate([answered(*(array[half] for array in arrays)) for half in halves])

    return answered
