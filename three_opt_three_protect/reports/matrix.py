"""Rounding a table of two ways so that its rows and columns add up to printed totals (强制调平)."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

from three_opt_three_protect.reports.rounding import settle

Matrix = List[List[int]]


def settle_matrix(exact: Sequence[Sequence[int]], rows: Sequence[int], columns: Sequence[int]) -> Matrix:
    """Whole numbers in proportion to ``exact`` whose rows add up to ``rows`` and whose columns to ``columns``.

    Each row is dealt out by largest remainder; then single steps move along a row, from a column that has too much to
    one that has too little, by way of others where need be.  Moves that keep every cell next to its exact share come
    first.  A cell that is exactly 0 stays 0; where that leaves no way, a column keeps what it has and the rows still
    add up.

    Parameters
    ----------
    exact
        Whole numbers ≥ 0, row by row.
    rows
        ≥ 0, one a row; 0 where all of the row is 0.
    columns
        ≥ 0, as much in all as ``rows``.
    """
    found = [settle(row, total) for row, total in zip(exact, rows)]
    excess = [sum(row[place] for row in found) - total for place, total in enumerate(columns)]
    low, high = _bounds(exact, rows)
    for closely in (True, False):
        for start in range(len(columns)):
            while excess[start] > 0:
                path = _path(found, exact, (low, high) if closely else None, start, excess)
                if path is None:
                    break
                for row, source, target in path:
                    found[row][source] -= 1
                    found[row][target] += 1
                excess[start] -= 1
                excess[path[-1][2]] += 1
    return found


def _bounds(exact: Sequence[Sequence[int]], rows: Sequence[int]) -> Tuple[Matrix, Matrix]:
    """Of every cell the whole numbers next to its exact share."""
    low, high = [], []
    for row, total in zip(exact, rows):
        whole = max(sum(row), 1)
        low.append([cell * total // whole for cell in row])
        high.append([-(-cell * total // whole) for cell in row])
    return low, high


def _path(
    found: Matrix,
    exact: Sequence[Sequence[int]],
    bounds: Optional[Tuple[Matrix, Matrix]],
    start: int,
    excess: Sequence[int],
) -> Optional[List[Tuple[int, int, int]]]:
    """Shortest chain of moves (row, from column, to column) from ``start`` to a column that has too little."""
    came: Dict[int, Tuple[int, int]] = {}
    waiting, seen = [start], {start}
    for column in waiting:
        if excess[column] < 0:
            return _steps(came, start, column)
        for number, row in enumerate(found):
            if row[column] <= (bounds[0][number][column] if bounds else 0):
                continue
            for other, cell in enumerate(row):
                room = cell < bounds[1][number][other] if bounds else exact[number][other] > 0
                if other not in seen and room:
                    seen.add(other)
                    came[other] = (number, column)
                    waiting.append(other)
    return None


def _steps(came: Dict[int, Tuple[int, int]], start: int, end: int) -> List[Tuple[int, int, int]]:
    steps = []
    while end != start:
        row, source = came[end]
        steps.append((row, source, end))
        end = source
    return steps[::-1]
