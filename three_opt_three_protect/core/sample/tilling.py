"""How finely the fields are parted, so that the township has as many parcels as asked for."""

from __future__ import annotations

from typing import List, Sequence, Tuple

import numpy as np
from shapely.geometry import Polygon

from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.sample.crumbs import SMALLEST
from three_opt_three_protect.core.sample.fields import Field, as_pieces, moods, till
from three_opt_three_protect.core.sample.ground import Piece


def till_to(fields: Sequence[Field], wanted: int, seed: int, progress: Progress) -> List[Piece]:
    """Till the fields so finely that about ``wanted`` pieces come out."""
    bends = moods(np.array([field.shape.centroid.coords[0] for field in fields]), seed)
    # trying on a part of a large township is enough to find the size of the cells
    trial = fields[:: max(len(fields) // 160, 1)]
    share = _area(trial) / _area(fields)
    cell = float(np.clip(1.35 * _area(fields) / max(wanted, 1), *CELLS))
    for _ in range(6):
        ratio = _cells(_tilled(trial, cell, seed, progress)) / max(wanted * share, 1)
        if abs(ratio - 1) < 0.02:
            break
        cell = float(np.clip(cell * ratio**1.15, *CELLS))
    tilled = _tilled(fields, cell, seed, progress)
    ratio = _cells(tilled) / max(wanted, 1)
    if abs(ratio - 1) > 0.03:
        tilled = _tilled(fields, float(np.clip(cell * ratio**1.15, *CELLS)), seed, progress)
    return [piece for row, field in enumerate(fields) for piece in as_pieces(field, tilled[row], seed, bends[row])]


CELLS = (2500.0, 40000.0)
"""Smallest and largest mean size of a field, m²."""
Cells = List[Tuple[Polygon, str]]


def _area(fields: Sequence[Field]) -> float:
    return float(sum(field.shape.area for field in fields))


def _tilled(fields: Sequence[Field], cell: float, seed: int, progress: Progress) -> List[Cells]:
    out: List[Cells] = []
    for number, field in enumerate(fields):
        progress.check(number / len(fields))
        out.append(till(field, cell, seed))
    return out


def _cells(tilled: Sequence[Cells]) -> int:
    return sum(1 for parts in tilled for shape, _ in parts if shape.area > SMALLEST)
