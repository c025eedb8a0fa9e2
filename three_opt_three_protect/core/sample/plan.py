"""The plan of a drawn township: lines, natural villages, plots, targets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.sample.choice import choose
from three_opt_three_protect.core.sample.lines import (
    boundary_table,
    choose_farmland,
    draw_boundary,
    draw_redline,
    farmland_table,
    redline_table,
    road_table,
)
from three_opt_three_protect.core.sample.parcels import grades
from three_opt_three_protect.core.sample.places import (
    Places,
    places,
    population_table,
    retained_table,
    settlement_table,
)
from three_opt_three_protect.core.sample.plot_tables import newbuild_table, reclaim_table
from three_opt_three_protect.core.sample.plots import (
    Plot,
    Weigher,
    reclaim_candidates,
    resettlement,
    room_to_build,
    stock_block,
    works,
)
from three_opt_three_protect.core.sample.survey import Survey
from three_opt_three_protect.core.sample.targets import redline_area, target_table
from three_opt_three_protect.core.tables import LayerTable


@dataclass(frozen=True)
class Planned:
    """The plan's layers and what :mod:`change` needs to know of them."""

    layers: Dict[str, LayerTable]
    reclaim: Sequence[Plot]
    newbuild: Sequence[Plot]
    farmland: NDArray[np.bool_]


def plan_township(drawn: Survey, progress: Progress = SILENT) -> Planned:
    """Lines, natural villages and plots over the survey."""
    boundary = draw_boundary(drawn)
    lake, marsh, buffer = draw_redline(drawn, boundary)
    redline = shapely.union_all([lake, marsh, buffer])
    progress.check(0.1)
    found = places(drawn, boundary)
    weigh = Weigher(drawn)
    reclaim, newbuild = choose(
        drawn,
        reclaim_candidates(drawn, found, boundary, weigh),
        _sites(drawn, found, boundary, redline, weigh),
        redline,
    )
    progress.check(0.3)
    return _assemble(drawn, found, boundary, [lake, marsh, buffer], reclaim, newbuild)


def _sites(drawn: Survey, found: Places, boundary: BaseGeometry, redline: BaseGeometry, weigh: Weigher) -> List[Plot]:
    """What may be built, in the order in which it is wanted."""
    barred = shapely.union_all([boundary, redline])
    plan = drawn.ground.plan
    inner = [plot for plot in room_to_build(drawn, boundary, weigh) if not plot.shape.intersects(redline)]
    used = [
        replace(plot, use="industry", after="0601")
        if plot.shape.distance(plan.estate) < plot.shape.distance(plan.town)
        else replace(plot, use="town", after=("0701", "0701", "05H1", "08H2")[number % 4])
        for number, plot in enumerate(inner)
    ]
    moved = resettlement(drawn, found, barred, weigh, 3)
    roads = [plot for plot in works(drawn, barred, weigh) if not any(plot.shape.intersects(m.shape) for m in moved)]
    return [*stock_block(drawn, boundary, weigh), *moved[:2], *used[:3], *roads, *moved[2:], *used[3:]]


def _assemble(
    drawn: Survey, found: Places, boundary: BaseGeometry, redline: Sequence[BaseGeometry], reclaim: Sequence[Plot],
    newbuild: Sequence[Plot],
) -> Planned:  # fmt: skip
    ground = shapely.union_all([plot.shape for plot in newbuild])
    spared = np.zeros(len(drawn.codes), dtype=np.bool_)
    for plot in newbuild:
        if plot.use != "infrastructure":
            spared[plot.rows] = True
    chosen = choose_farmland(drawn, [boundary, *redline[:2]], spared)
    farmland = farmland_table(drawn, chosen, ground)
    lines = redline_table(drawn, redline)
    layers = {
        "settlements": settlement_table(drawn, found),
        "farmland": farmland,
        "boundary": boundary_table(drawn, boundary),
        "redline": lines,
        "retained": retained_table(drawn, found),
        "roads": road_table(drawn),
        "reclaim": reclaim_table(drawn, found, reclaim, _best_grade(drawn, newbuild)),
        "newbuild": newbuild_table(drawn, newbuild),
        "population": population_table(drawn, found),
        "targets": target_table(drawn, found, reclaim, newbuild, farmland, redline_area(lines.shapes)),
    }
    return Planned(layers, reclaim, newbuild, chosen)


def _best_grade(drawn: Survey, newbuild: Sequence[Plot]) -> float:
    """No reclaimed land is graded worse than what is built over, nor than the township's mean."""
    farmed = drawn.cultivated
    mean = float((grades(drawn)[farmed] * drawn.area[farmed]).sum() / max(drawn.area[farmed].sum(), 1.0))
    weight = sum(plot.farmed for plot in newbuild)
    lost = sum(plot.grade * plot.farmed for plot in newbuild) / weight if weight else mean
    return min(mean, lost)
