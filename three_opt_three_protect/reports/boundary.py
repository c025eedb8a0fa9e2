"""T25: the coordinates of boundary points (界址点坐标成果表)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.boundarypoints import BoundaryPoints
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.reports.table import Column, Kind, Rows, Table, Words

NUMBER = "T25"
_SHEET_ROWS = 1_048_000
"""Rows of a sheet of .xlsx, less headings and notes."""


@dataclass(frozen=True)
class PrintedPlots:
    """What the table says of plots beside their points.

    Attributes
    ----------
    number, name
        One a plot.
    areas_ha
        ``(plots,)`` float64, hectares as printed.
    area_decimals
        Their digits.
    """

    number: Sequence[Optional[str]]
    name: Sequence[Optional[str]]
    areas_ha: NDArray[np.float64]
    area_decimals: int


def boundary_table(
    points: BoundaryPoints,
    east: NDArray[np.float64],
    plots: PrintedPlots,
    prefix: str,
    notes: Sequence[str],
    words: Words,
) -> Table:
    """One row a boundary point in the order of the land report, a closing row a ring, a sum row a plot.

    Parameters
    ----------
    points
        As :func:`core.boundarypoints.boundary_points` gives them.
    east
        ``(n,)`` float64, eastings as printed, with the zone number or without.
    plots
        What stands beside the points.
    prefix
        Before the number of a point (``J``).
    notes
        Below the table, already in words.

    Raises
    ------
    InputError
        ``survey_too_many_points``: more than a sheet has rows.
    """
    if len(points) + len(plots.number) > _SHEET_ROWS:
        raise InputError("survey_too_many_points", count=len(points), most=_SHEET_ROWS)
    rows = Rows(_columns(points.decimals, words))
    starts = np.flatnonzero(np.diff(points.row, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(points)]):
        first, row = len(rows.rows), int(points.row[start])
        for at in range(start, end):
            rows.add(
                {
                    "number": plots.number[row],
                    "name": plots.name[row],
                    "ring": int(points.ring[at]),
                    "point": f"{prefix}{points.number[at]}",
                    "north": float(points.xy[at, 1]),
                    "east": float(east[at]),
                    "edge": None if points.closing[at] else round(float(points.length[at]), points.decimals),
                }
            )
        count = int((~points.closing[start:end]).sum())
        area = f"{plots.areas_ha[row]:.{plots.area_decimals}f}"
        rows.sum(first, {"number": words("row.plot_edges", points=count, area=area)})
    return Table(NUMBER, words("table.T25"), words("unit.metres"), rows.columns, tuple(rows.rows), tuple(notes))


def _columns(decimals: int, words: Words) -> Tuple[Column, ...]:
    group = (words("column.coordinates"),)
    return (
        Column("number", words("column.plot_number"), width=18),
        Column("name", words("column.plot_name"), width=19),
        Column("ring", words("column.ring_number"), Kind.NUMBER, width=8),
        Column("point", words("column.point_number"), width=10),
        Column("north", words("column.north"), Kind.NUMBER, group, 24, decimals),
        Column("east", words("column.east"), Kind.NUMBER, group, 24, decimals),
        Column("edge", words("column.edge"), Kind.NUMBER, width=18, decimals=decimals, total=True),
    )
