"""Draw docs/images/frontier.svg, what new cultivated land costs in the sample township, and list its points.

    python scripts/frontier_figure.py

The reclaim plots and new-build plots of the sample are taken as candidates and sites: dates and phases left off, so
that the search is free to choose. The tasks for reclamation and new cultivated land are left off too, since how much of
them is worth its cost is what the figure asks.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Mapping, Tuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from three_opt_three_protect.core.allocation.coefficients import coefficients
from three_opt_three_protect.core.allocation.needs import Demand
from three_opt_three_protect.core.allocation.objectives import COST, CULTIVATED, objective
from three_opt_three_protect.core.allocation.setup import Options, Prepared, prepare
from three_opt_three_protect.core.base import base_state
from three_opt_three_protect.core.optimiser.frontier import Point, frontier
from three_opt_three_protect.core.optimiser.problem import Effort
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.sample.draw import draw_township
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.inputs import Source, plot_inputs, survey_inputs
from three_opt_three_protect.reports.charts import SVG, frontier_chart
from three_opt_three_protect.reports.comparison import FrontierFigures, frontier_table
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.messages import Messages

PLOT = ROOT / "docs" / "images" / "frontier.svg"
PAGE = ROOT / "docs" / "allocation.md"
BEGIN, END = "<!-- points: written by scripts/frontier_figure.py -->", "<!-- end of points -->"
LINES = ("farmland", "boundary", "redline", "villages", "settlements")
DATES = ("acc_date", "acc_m2", "cred_date", "use_date", "phase", "locked")
PHASES = (2020,)
WANTED = 0.5
"""Share of the sample's new-build land on reclaim quota, use by use, that is to be built in any case."""
TASKS = frozenset({"reclaim_m2", "new_cultivated_m2"})
"""Indicators of targets that are left off."""
POINTS = 10
YUAN_PER_WAN, M2_PER_HA = 10_000.0, 10_000.0


def main() -> int:
    """Draw the frontier and write its points into docs/allocation.md."""
    profile = load_profile("suzhou-2014")
    prepared = _problem(draw_township(seed=1, parcels=8000, years=1), profile)
    held = prepared.coefficients
    cost, land = (objective(name, held, profile, prepared.edges, {}) for name in (COST, CULTIVATED))
    points = frontier(prepared.problem, cost, land, Effort(gap=0.005, nodes=2000), POINTS)
    words = Messages("zh").text
    figures = _figures(points, words("line.reclaim_cost"), words("line.cultivated_gain_m2"))
    PLOT.write_bytes(frontier_chart(figures, words, SVG))
    page = PAGE.read_text(encoding="utf-8")
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n{_listed(figures)}\n{END}{tail}", encoding="utf-8")
    print(f"{len(held.reclaim_plots)} candidates, {len(held.newbuild_plots)} sites, {len(points)} points")
    return 0


def _listed(figures: FrontierFigures) -> str:
    """The points as a table in Markdown."""
    lines = [
        "| point | cost 复垦投资 (万元) | new cultivated land 新增耕地 (公顷) "
        "| no plan with as much land costs less than (万元) | from the point before, a hectare more costs (万元) |",
        "|--:|--:|--:|--:|--:|",
    ]
    before = None
    for row in frontier_table(figures, Messages("en").text).rows:
        place, cost, land, bound = row.cells
        more = "" if before is None else f"{(float(cost) - before[0]) / (float(land) - before[1]):.0f}"
        lines.append(f"| {place} | {cost:.1f} | {land:.2f} | {bound:.1f} | {more} |")
        before = (float(cost), float(land))
    return "\n".join(lines)


def _problem(layers: Mapping[str, LayerTable], profile: Profile) -> Prepared:
    survey = survey_inputs(Source(layers["parcels"]), {role: Source(layers[role]) for role in LINES}, (), profile)
    base = base_state(survey.parcels, survey.lines, survey.spec, 0.0, coverage=survey.coverage)
    free = {role: Source(_undated(layers[role])) for role in ("reclaim", "newbuild")}
    plots = plot_inputs(free["reclaim"], free["newbuild"], Source(layers["targets"]))
    held = coefficients(base, plots.reclaim, plots.newbuild, survey.profile, survey.system)
    linked = plots.newbuild.quota_source == "linked"
    uses = dict.fromkeys(str(use) for use in plots.newbuild.use[linked] if use is not None)
    demand = [Demand(use, WANTED * float(held.area[linked & (plots.newbuild.use == use)].sum())) for use in uses]
    targets = [target for target in plots.targets if target.indicator not in TASKS]
    return prepare(held, survey.profile, targets, demand, Options(PHASES))


def _undated(table: LayerTable) -> LayerTable:
    return replace(table, columns={name: column for name, column in table.columns.items() if name not in DATES})


def _figures(points: Tuple[Point, ...], cost: str, land: str) -> FrontierFigures:
    return FrontierFigures(
        cost,
        "万元",
        land,
        "公顷",
        tuple(round(point.first / YUAN_PER_WAN, 2) for point in points),
        tuple(round(-point.second / M2_PER_HA, 4) for point in points),
        tuple(None if point.first_bound is None else round(point.first_bound / YUAN_PER_WAN, 2) for point in points),
        False,
        True,
    )


if __name__ == "__main__":
    sys.exit(main())
