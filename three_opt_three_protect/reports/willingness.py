"""T22 农户意愿调查统计表: households, signatures and consent by natural village; counts only, no names (M27)."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.registers import Place
from three_opt_three_protect.reports.plots import plot_villages
from three_opt_three_protect.reports.rounding import AreaUnit, figure, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

Where = Tuple[Optional[str], Optional[str]]
"""Village and natural village, by name."""


def willingness_table(balance: Balance, words: Words, labels: Labels = NO_LABELS) -> Table:
    """T22: one row a natural village with reclaim plots, sums of what its plots state.

    Consent of the planning stage is weighted by households; a share is empty where a plot lacks a part of it.
    """
    plots = balance.reclaim
    villages = plot_villages(balance, leaves(balance, True, AreaUnit.HA), plots.table, labels)
    members: Dict[Where, List[int]] = {}
    for plot in range(len(plots)):
        members.setdefault((villages[plot], plots.settlement[plot]), []).append(plot)
    registered = _registered(labels)
    rows = Rows(_columns(words, labels.registers.places is not None))
    # Villages in the order of the plots, those of one village together.
    order = list(dict.fromkeys(village for village, _ in members))
    for where in sorted(members, key=lambda pair: order.index(pair[0])):
        cells = _cells(balance, np.array(members[where], dtype=np.int64))
        known = registered.get(where) or registered.get((where[0], None) if where[1] is None else where)
        cells.update(
            village=where[0] or words("row.no_village"),
            settlement=where[1],
            registered=None if known is None else figure(known, 0),
        )
        rows.add(cells)
    rows.sum(0, {"village": words("row.total"), **_cells(balance, np.arange(len(plots), dtype=np.int64))})
    unstated = int((np.isnan(plots.households) | np.isnan(plots.signed)).sum())
    notes = [words("note.T22.stages"), words("note.T22.counts")]
    if unstated:
        notes.append(words("note.T22.unstated", count=unstated))
    unit = words("unit.households")
    return Table("T22", words("table.T22"), unit, rows.columns, tuple(rows.rows), tuple(notes))


def _cells(balance: Balance, rows: NDArray[np.int64]) -> Dict[str, Cell]:
    plots = balance.reclaim
    households, signed, consent = plots.households[rows], plots.signed[rows], plots.consent[rows]
    cells: Dict[str, Cell] = {
        "plots": len(rows),
        "households": _sum(households),
        "population": _sum(plots.population[rows]),
        "signed": _sum(signed),
        "unsigned": _sum(households - signed) if _all(households, signed) else None,
    }
    if _all(households, signed) and households.sum() > 0:
        cells["signed_share"] = figure(float(signed.sum() / households.sum()) * 100, 2)
    if _all(households, consent) and households.sum() > 0:
        cells["consent"] = figure(float((consent * households).sum() / households.sum()) * 100, 2)
    return cells


def _all(*values: NDArray[np.float64]) -> bool:
    return len(values[0]) > 0 and not any(np.isnan(each).any() for each in values)


def _sum(values: NDArray[np.float64]) -> Optional[float]:
    """Sum of what is stated, as T5 adds it; None where nothing is."""
    return None if np.isnan(values).all() else figure(float(np.nansum(values)), 0)


def _registered(labels: Labels) -> Mapping[Where, float]:
    """Households of the population table by (village, natural village)."""
    found: Dict[Where, float] = {}
    for place in labels.registers.places or ():
        if not np.isnan(place.households):
            found[_where(place, labels)] = place.households
    return found


def _where(place: Place, labels: Labels) -> Where:
    return labels.villages.get(place.unit_code or "", place.unit_code), place.settlement


def _columns(words: Words, registered: bool) -> Tuple[Column, ...]:
    def count(key: str, total: bool = True) -> Column:
        return Column(key, words(f"column.{key}"), Kind.NUMBER, width=11, total=total)

    return (
        Column("village", words("column.village"), width=16, merged=True),
        Column("settlement", words("column.settlement"), width=16),
        *((count("registered"),) if registered else ()),
        Column("plots", words("column.plot_count"), Kind.NUMBER, width=9, total=True),
        count("households"),
        count("population"),
        count("signed"),
        count("unsigned"),
        Column("signed_share", words("column.signed_share"), Kind.PERCENT, width=13, decimals=2),
        Column("consent", words("column.planning_consent"), Kind.PERCENT, width=15, decimals=2),
    )
