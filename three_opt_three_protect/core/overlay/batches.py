"""GEOS calls on many geometries in batches, so that cancel is heard in between."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
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
