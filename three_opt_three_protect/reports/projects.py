"""T12 重点建设项目（近期项目）用地规划表: the projects that are named, else the plots of the nearest years."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.registers import Project
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.reports.plots import (
    area_columns,
    mu_note,
    newbuild_figures,
    plot_villages,
    plot_year,
    reclaim_figures,
    with_mu,
)
from three_opt_three_protect.reports.rounding import AreaUnit, figure, leaves
from three_opt_three_protect.reports.table import NO_LABELS, Cell, Column, Kind, Labels, Rows, Table, Words

_YUAN_PER_WAN = 10_000
_SUMMED = ("area", "added", "cultivated", "reclaimed")


def project_table(
    balance: Balance, profile: Profile, words: Words, unit: AreaUnit = AreaUnit.HA, labels: Labels = NO_LABELS
) -> Table:
    """T12: projects of the register; a project made of plots has their figures, so a plot reads the same everywhere.

    Without a register the plots of the first years are the projects (profile ``near_term_years``).
    """
    plots = _plot_rows(balance, words, unit, labels)
    projects = labels.registers.projects
    rows = Rows(_columns(words, unit))
    if projects is None:
        first, last = _near_term(plots, profile)
        for _, cells in sorted(plots.items(), key=lambda entry: (_year(entry[1]), entry[0])):
            if first <= _year(cells) <= last:
                rows.add(with_mu({**cells, "years": str(cells["year"])}, unit))
        notes = [words("note.T12.near", first=first, last=last) if first else words("note.T12.undated")]
    else:
        for project in projects:
            rows.add(with_mu(_project_cells(project, plots, words, unit), unit))
        notes = [words("note.T12.register")]
    rows.sum(0, {"project": words("row.total")})
    notes += [words("note.T6.state"), *mu_note(unit, words)]
    return Table("T12", words("table.T12"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


PlotRows = Dict[Tuple[str, str], Dict[str, Cell]]
"""(reclaim or newbuild, plot id) → its cells."""


def _plot_rows(balance: Balance, words: Words, unit: AreaUnit, labels: Labels) -> PlotRows:
    out, new = leaves(balance, True, unit), leaves(balance, False, unit)
    reclaim, newbuild = balance.reclaim, balance.newbuild
    left, built = reclaim_figures(balance, out), newbuild_figures(balance, new)
    found: PlotRows = {}
    places = plot_villages(balance, out, reclaim.table, labels)
    for plot in range(len(reclaim)):
        found[("reclaim", str(reclaim.plot_id[plot]))] = {
            "project": str(reclaim.plot_id[plot]),
            "kind": words("plot.reclaim"),
            "place": "".join(str(part) for part in (places[plot], reclaim.settlement[plot]) if part is not None)
            or None,
            "area": out.number(left["area"][plot]),
            "reclaimed": out.number(left["reclaimed"][plot]),
            "invest": figure(reclaim.cost[plot] / _YUAN_PER_WAN, 2),
            "year": plot_year(reclaim.phase[plot], reclaim.day[plot]),
        }
    places = plot_villages(balance, new, newbuild.table, labels)
    for plot in range(len(newbuild)):
        use = newbuild.use[plot]
        found[("newbuild", str(newbuild.plot_id[plot]))] = {
            "project": str(newbuild.plot_id[plot]),
            "kind": words("plot.newbuild") if use is None else words("cell.newbuild_of", use=words(f"use.{use}")),
            "place": places[plot],
            "area": new.number(built["area"][plot]),
            "added": new.number(built["added"][plot]),
            "cultivated": new.number(built["cultivated"][plot]),
            "year": plot_year(newbuild.phase[plot], newbuild.day[plot]),
        }
    return found


def _near_term(plots: PlotRows, profile: Profile) -> Tuple[int, int]:
    """First and last year of the near term; (0, −1) where no plot has a year."""
    years = [_year(cells) for cells in plots.values() if _year(cells)]
    first = min(years, default=0)
    return first, first + int(profile.number("near_term_years")) - 1 if first else -1


def _year(cells: Dict[str, Cell]) -> int:
    year = cells.get("year")
    return int(year) if isinstance(year, (int, float)) else 0


def _project_cells(project: Project, plots: PlotRows, words: Words, unit: AreaUnit) -> Dict[str, Cell]:
    members = [cells for (_, plot), cells in plots.items() if plot in project.plots]
    cells: Dict[str, Cell] = {
        "project": project.name,
        "kind": project.kind or _one([member["kind"] for member in members]),
        "place": project.place or _one([member["place"] for member in members]),
        "invest": figure(project.invest, 2),
        "years": _span(project, members),
        "body": project.body,
        "remark": project.remark or ("、".join(project.plots) or None),
    }
    if members:
        for key in _SUMMED:
            known = [float(cell) for cell in (member.get(key) for member in members) if isinstance(cell, (int, float))]
            cells[key] = round(sum(known), unit.decimals) if known else None
    else:
        for key in ("area", "added", "cultivated"):
            amount: Optional[int] = getattr(project, key)
            cells[key] = None if amount is None else unit.number(unit.steps(amount))
    return cells


def _one(words_: Sequence[Cell]) -> Cell:
    """The word of all plots of a project, or all their words."""
    return "、".join(dict.fromkeys(str(word) for word in words_ if word is not None)) or None


def _span(project: Project, members: Sequence[Dict[str, Cell]]) -> Cell:
    """First and last year of a project."""
    planned = [_year(member) for member in members if _year(member)]
    start = project.start or min(planned, default=0) or project.end
    end = project.end or max(planned, default=0) or project.start
    if not start or not end:
        return None
    return str(start) if start == end else f"{start}—{end}"


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    def area(key: str) -> Column:
        return Column(key, words(f"column.{key}"), Kind.AREA, (), 12, unit.decimals, total=True)

    columns: List[Column] = [
        Column("project", words("column.project"), width=22),
        Column("kind", words("column.project_kind"), width=17),
        Column("place", words("column.place_of"), width=18),
        *area_columns(words, unit),
        area("added"),
        Column("cultivated", words("column.loss"), Kind.AREA, (), 12, unit.decimals, total=True),
        area("reclaimed"),
        Column("invest", words("column.invest"), Kind.NUMBER, (), 12, 2, total=True),
        Column("years", words("column.years"), width=12),
        Column("body", words("column.body"), width=16),
        Column("remark", words("column.remark"), width=18),
    ]
    return tuple(columns)
