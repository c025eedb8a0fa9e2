"""The printed tables of ``redlineconflicts``: T20, the matrix of the lines, the list of conflicts."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Mapping, Tuple

import numpy as np

from three_opt_three_protect.core.conflicts import PAIRS
from three_opt_three_protect.plans.conflicts import PLOTS, Conflicts, conflict_layer
from three_opt_three_protect.reports.conflicts import ConflictLine, advice_list, conflict_list, line_matrix, occupation
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import Table, Words
from three_opt_three_protect.reports.tables import line_table

UNIT = AreaUnit.HA


def conflict_tables(found: Conflicts, words: Words, names: Mapping[str, str]) -> Tuple[Table, ...]:
    """T20 where there are plots, the matrix where there are two lines, the conflicts, and what to do about them.

    ``names`` is village code → name; a code without one is printed itself.
    """
    tables = []
    if any(role in found.layers for role in PLOTS):
        plots = line_table(occupation(_plot_areas(found), _known(found), UNIT), words, UNIT)
        tables.append(replace(plots, notes=(*plots.notes, words("note.conflict_plots"))))
    lines = [line for line in found.profile.words("line_order") if line in found.layers]
    if len(lines) > 1:
        levels = [each for line in lines for each in (("redline1", "redline2") if line == "redline" else (line,))]
        tables.append(line_matrix(_line_overlaps(found), levels, words, UNIT))
    listed = _lines(found, words, names)
    tables.append(conflict_list(listed, words, UNIT))
    if any(not line.sliver for line in listed):
        tables.append(advice_list(listed, words))
    return tuple(tables)


def _line(pair: int, level: int) -> str:
    """The line of T20 a meeting belongs to; ``whole`` for the plots themselves."""
    of = PAIRS[pair]
    if not of.second:
        return "whole"
    if of.outside:
        return "outside_boundary"
    return f"redline{level}" if of.second == "redline" else of.second


def _known(found: Conflicts) -> Tuple[str, ...]:
    lines = {"farmland": ("farmland",), "boundary": ("outside_boundary",), "redline": ("redline1", "redline2")}
    return tuple(line for role, names in lines.items() if role in found.layers for line in names)


def _plot_areas(found: Conflicts) -> Dict[Tuple[str, str], Dict[str, int]]:
    """(Kind of plot, plot id) → line → hundredths of a m² without slivers, in the order of the plots."""
    places, out = found.places, {}
    for role, plots in (("reclaim", found.plots.reclaim), ("newbuild", found.plots.newbuild)):
        out.update({(role, str(plot)): {"whole": 0} for plot in plots.plot_id})
    for row in np.flatnonzero(~places.sliver).tolist():
        pair, level = int(places.pair[row]), int(places.level[row])
        plot = found.plot_id(row)
        if plot is not None:
            areas = out[PAIRS[pair].first, plot]
            line = _line(pair, level)
            areas[line] = areas.get(line, 0) + int(found.amounts.area[row])
    return out


def _line_overlaps(found: Conflicts) -> Dict[Tuple[str, str], int]:
    places = found.places
    out: Dict[Tuple[str, str], int] = {}
    for number in places.pairs:
        pair = PAIRS[number]
        if pair.first in PLOTS:
            continue
        here = (places.pair == number) & ~places.sliver
        for level in (1, 2) if pair.second == "redline" else (0,):
            second = f"redline{level}" if level else pair.second
            out[pair.first, second] = int(found.amounts.area[here & (places.level == level)].sum())
    return out


def _lines(found: Conflicts, words: Words, villages: Mapping[str, str]) -> Tuple[ConflictLine, ...]:
    layer = conflict_layer(found, words)
    names = ("kind", "plot_id", "unit_code", "sliver", "severity", "basis", "advice")
    columns = {name: layer.column(name).values.tolist() for name in names}
    rows = found.judged.place[found.order]
    return tuple(
        ConflictLine(
            columns["kind"][at],
            int(found.places.level[row]),
            columns["plot_id"][at],
            villages.get(columns["unit_code"][at], columns["unit_code"][at]),
            int(found.amounts.area[row]),
            bool(columns["sliver"][at]),
            columns["severity"][at],
            columns["basis"][at],
            columns["advice"][at],
        )
        for at, row in enumerate(rows.tolist())
    )
