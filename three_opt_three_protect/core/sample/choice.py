"""Which plots the plan takes, and when: every account balances at the end of every year."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Sequence, Tuple

import numpy as np
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.plots import Plot
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    generator,
)
from three_opt_three_protect.core.sample.survey import Survey

YEARS = (2015, 2016, 2017, 2018, 2019)
RECLAIM_BY_YEAR = (0.30, 0.55, 0.75, 0.90, 1.0)
"""Share of the reclaimed land accepted by the end of each of :data:`YEARS`."""
LINKED = 0.80
"""New building paid for by reclaimed land, as a share of it."""
CUSHION = 0.93


def choose(
    drawn: Survey, reclaim: Sequence[Plot], sites: Sequence[Plot], redline: BaseGeometry
) -> Tuple[List[Plot], List[Plot]]:
    """Reclaim and new-build plots with phases, such that every account balances at every year's end."""
    rng = generator(drawn.seed, 71)
    wanted = int(np.clip(round(0.0064 * len(drawn.codes)), 3, 52))
    picked = _with_redline(list(reclaim), wanted, redline)
    picked = [_directed(plot, plot.shape.intersects(redline), number, rng) for number, plot in enumerate(picked)]
    picked = _reclaim_phases(picked)
    return picked, _affordable(picked, sites)


def _with_redline(reclaim: List[Plot], wanted: int, redline: BaseGeometry) -> List[Plot]:
    """The first ``wanted`` plots that keep off the redline, and one that lies in it."""
    within = [plot for plot in reclaim if plot.shape.intersects(redline)]
    apart = [plot for plot in reclaim if not plot.shape.intersects(redline)]
    inner = sorted(within, key=lambda plot: -plot.shape.intersection(redline).area / plot.shape.area)
    return apart[: wanted - len(inner[:1])] + inner[:1]


def _directed(plot: Plot, in_redline: bool, number: int, rng: Generator) -> Plot:
    direction = "ecological" if in_redline else {9: "garden", 17: "forest", 26: "water", 33: "pond"}.get(number, "")
    rate = 0.0 if direction else float(np.round(rng.uniform(0.86, 0.93 if plot.place >= 0 else 0.88), 2))
    return replace(plot, direction=direction or "cultivated", rate=rate)


def _reclaim_phases(plots: Sequence[Plot]) -> List[Plot]:
    done = np.cumsum([plot.built for plot in plots])
    shares = (done - 0.5 * np.array([plot.built for plot in plots])) / done[-1] if len(done) else done
    return [
        replace(plot, phase=YEARS[min(int(np.searchsorted(RECLAIM_BY_YEAR, share)), len(YEARS) - 1)])
        for plot, share in zip(plots, shares)
    ]


def _affordable(reclaim: Sequence[Plot], sites: Sequence[Plot]) -> List[Plot]:
    """Take sites in order while last year's reclaimed land pays for them."""
    years = range(2015, 2021)
    land = {year: CUSHION * sum(plot.built for plot in reclaim if plot.phase < year) for year in years}
    fields = {year: CUSHION * sum(plot.new_farmed for plot in reclaim if plot.phase < year) for year in years}
    most = LINKED * sum(plot.built for plot in reclaim)
    taken: List[Plot] = []
    linked, lost = 0.0, 0.0
    for site in sites:
        if site.source == "stock":
            taken.append(site)
            continue
        source = site.source or "linked"
        paid = site.new_built if source == "linked" else 0.0
        year = next((y for y in years if linked + paid <= land[y] and lost + site.farmed <= fields[y]), None)
        if year is None or linked + paid > 1.02 * most:
            continue
        year = max([year] + [plot.phase for plot in taken])
        linked, lost = linked + paid, lost + site.farmed
        taken.append(replace(site, source=source, phase=year))
    return taken
