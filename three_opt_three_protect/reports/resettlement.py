"""T7 农民安置规划表: where the households that move are housed."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.scenario import NewBuildPlots
from three_opt_three_protect.reports.plots import (
    area_columns,
    mu_note,
    newbuild_figures,
    plot_villages,
    plot_year,
    reclaim_figures,
    with_mu,
)
from three_opt_three_protect.reports.rounding import AreaUnit, Leaves, figure, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

RESETTLEMENT = "resettlement"
"""The use of a new-build plot that houses households."""


def resettlement_table(
    balance: Balance, words: Words, unit: AreaUnit = AreaUnit.HA, labels: Labels = NO_LABELS
) -> Table:
    """T7: one row a resettlement plot.

    What is saved is said of the township (节余 = R − N of resettlement, 06-balance 6.2): no plot says which
    households it houses.
    """
    plots, leaf = balance.newbuild, leaves(balance, False, unit)
    chosen = np.flatnonzero(plots.use == RESETTLEMENT).tolist()
    figures, facts = newbuild_figures(balance, leaf), _facts(plots, labels)
    villages = plot_villages(balance, leaf, plots.table, labels)
    rows = Rows(_columns(words, unit))
    for plot in chosen:
        area = leaf.number(figures["area"][plot])
        households, people = figure(plots.households[plot], 0), facts.people[plot]
        cells: Dict[str, Cell] = {
            "plot_id": str(plots.plot_id[plot]),
            "village": villages[plot],
            "households": households,
            "population": figure(people, 0),
            "area": area,
            "added": leaf.number(figures["added"][plot]),
            "per_head": _per(leaf, int(figures["area"][plot]), people),
            "per_household": _per(leaf, int(figures["area"][plot]), households),
            "far": figure(facts.far[plot], 2),
            "way": facts.way[plot],
            "tenure": facts.tenure[plot],
            "year": plot_year(plots.phase[plot], plots.day[plot]),
        }
        rows.add(with_mu(cells, unit))
    rows.sum(0, {"plot_id": words("row.total"), **_whole(balance, leaf, chosen, facts, unit)})
    notes = [words("note.T7.saving"), *_need(balance, chosen, words), *mu_note(unit, words)]
    if not chosen:
        notes.insert(0, words("note.T7.none"))
    return Table("T7", words("table.T7"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


class _Facts:
    """Fields of resettlement plots that no account uses."""

    def __init__(
        self,
        people: Sequence[Optional[float]],
        far: Sequence[Optional[float]],
        way: Sequence[Optional[str]],
        tenure: Sequence[Optional[str]],
    ) -> None:
        self.people, self.far, self.way, self.tenure = people, far, way, tenure


def _facts(plots: NewBuildPlots, labels: Labels) -> _Facts:
    table = plots.table
    return _Facts(
        labels.numbers("newbuild", table, "population"),
        labels.numbers("newbuild", table, "far"),
        labels.texts("newbuild", table, "way"),
        labels.texts("newbuild", table, "tenure"),
    )


def _per(leaf: Leaves, steps: int, count: Optional[float]) -> Cell:
    """m² a head or household, of the area that is printed."""
    if not count:
        return None
    printed = int(steps) / 10**leaf.unit.decimals
    factor = {AreaUnit.M2: 1.0, AreaUnit.HA: 10_000.0, AreaUnit.MU: 10_000.0 / 15}[leaf.unit]
    return figure(printed * factor / count, 2)


def _whole(balance: Balance, leaf: Leaves, chosen: List[int], facts: _Facts, unit: AreaUnit) -> Dict[str, Cell]:
    """What is said of all resettlement plots together; empty where a plot does not say its part."""
    figures = newbuild_figures(balance, leaf)
    area, added = (int(figures[key][chosen].sum()) for key in ("area", "added"))
    out = leaves(balance, True, unit)
    reclaimed = int(reclaim_figures(balance, out)["reclaimed"].sum())
    people = [facts.people[plot] for plot in chosen]
    households = [figure(balance.newbuild.households[plot], 0) for plot in chosen]
    return {
        "per_head": _per(leaf, area, _all(people)),
        "per_household": _per(leaf, area, _all(households)),
        "reclaimed": unit.number(reclaimed),
        "saving": unit.number(reclaimed - added),
    }


def _all(values: Sequence[Optional[float]]) -> Optional[float]:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _need(balance: Balance, chosen: List[int], words: Words) -> List[str]:
    """Households torn down against those that can be housed (M7), where both are known."""
    housed = [figure(balance.newbuild.households[plot], 0) for plot in chosen]
    moved = balance.reclaim.households
    room = _all(housed)
    if room is None or not chosen:
        return [words("note.T7.unknown")] if chosen else []
    unstated = int(np.isnan(moved).sum())
    values = {"moved": f"{np.nansum(moved):.0f}", "housed": f"{room:.0f}", "unstated": unstated}
    return [words("note.T7.need", **values)]


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    def area(key: str, total: bool) -> Column:
        group = (words("column.saving_group"),)
        return Column(key, words(f"column.{key}"), Kind.AREA, group, 13, unit.decimals, total=total)

    each, housed = (words("column.land_each"),), (words("column.housed"),)
    return (
        Column("plot_id", words("column.resettlement_plot"), width=14),
        Column("village", words("column.village"), width=12),
        Column("households", words("column.households"), Kind.NUMBER, housed, 8, total=True),
        Column("population", words("column.population"), Kind.NUMBER, housed, 8, total=True),
        *area_columns(words, unit),
        Column("per_head", words("column.per_head"), Kind.NUMBER, each, 10, 2),
        Column("per_household", words("column.per_household"), Kind.NUMBER, each, 10, 2),
        Column("far", words("column.far"), Kind.NUMBER, width=8, decimals=2),
        Column("way", words("column.way"), width=12),
        Column("tenure", words("column.tenure"), width=9),
        Column("year", words("column.year"), Kind.NUMBER, width=8),
        area("reclaimed", False),
        area("added", True),
        area("saving", False),
    )
