"""From drawn pieces to a coverage without crumbs."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from three_opt_three_protect.core.sample.ground import Piece
from three_opt_three_protect.core.sample.shapes import (
    as_array,
    coverage,
    neighbours,
)

SMALLEST = 160.0
"""Pieces below go to a neighbour, m²."""


def settle(pieces: Sequence[Piece], outline: Polygon) -> List[Piece]:
    """The pieces as a coverage of ``outline``, crumbs given to a neighbour of the same village."""
    shapes, origin = coverage([piece.shape for piece in pieces], outline)
    made = [replace(pieces[int(row)], shape=shape) for shape, row in zip(shapes, origin)]
    for _ in range(4):
        made, crumbs = _merge_crumbs(made)
        if not crumbs:
            break
    return made


def _merge_crumbs(pieces: List[Piece]) -> Tuple[List[Piece], int]:
    shapes = as_array([piece.shape for piece in pieces])
    areas = shapely.area(shapes)
    rows = np.flatnonzero((areas < SMALLEST) | ((areas / shapely.length(shapes) < 0.9) & (areas < 3000)))
    if not len(rows):
        return pieces, 0
    crumb = set(rows.tolist())
    target: NDArray[np.int64] = np.arange(len(pieces))
    for row, near in zip(rows.tolist(), neighbours(shapes, rows)):
        sound = [other for other in near if other not in crumb]
        fit = [other for other in sound if pieces[other].village == pieces[row].village] or sound
        same = [other for other in fit if pieces[other].code == pieces[row].code]
        if fit:
            target[row] = (same or fit)[0]
    gained: dict[int, List[int]] = {}
    for row in rows.tolist():
        if target[row] != row:
            gained.setdefault(int(target[row]), []).append(row)
    for row, crumbs in gained.items():
        whole = shapely.union_all(shapes[[row, *crumbs]])
        pieces[row] = replace(pieces[row], shape=whole)
    merged = len(rows) and sum(len(crumbs) for crumbs in gained.values())
    return [piece for row, piece in enumerate(pieces) if target[row] == row], int(merged)
