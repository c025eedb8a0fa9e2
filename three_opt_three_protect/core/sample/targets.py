"""Targets set from above (规划指标), so close to the drawn plan that it meets them by a little."""

from __future__ import annotations

from typing import List, Sequence, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.parcels import net_area
from three_opt_three_protect.core.sample.places import Places
from three_opt_three_protect.core.sample.plot_tables import households
from three_opt_three_protect.core.sample.plots import Plot
from three_opt_three_protect.core.sample.survey import Survey
from three_opt_three_protect.core.tables import Geometries, LayerTable, integer, real, text

Row = Tuple[str, float, str, str, int]
START, END = 2015, 2020
LAND_A_FLAT = 220.0
"""m² of a resettlement plot for one household."""
FILE = "示例指标分解（虚构）"


def target_table(
    drawn: Survey, found: Places, reclaim: Sequence[Plot], newbuild: Sequence[Plot], farmland: LayerTable,
    redline: float,
) -> LayerTable:  # fmt: skip
    """The township's targets; floors a little below, ceilings a little above the plan's own figures."""
    rows = _rows(drawn, found, reclaim, newbuild, float(farmland.column("YJJBNTMJ").values.sum()), redline)
    count = len(rows)
    return LayerTable(
        "targets",
        np.arange(1, count + 1, dtype=np.int64),
        None,
        {
            "unit_code": text([""] * count, "行政区代码", 12),
            "indicator": text([row[0] for row in rows], "指标", 40),
            "value": real([row[1] for row in rows], "指标值", 18, 2),
            "unit": text([row[2] for row in rows], "单位", 10),
            "kind": text([row[3] for row in rows], "性质", 10),
            "year": integer([row[4] for row in rows], None, "年度", 4),
            "basis": text([FILE] * count, "依据", 100),
        },
        None,
        SOURCE,
    )


def _rows(
    drawn: Survey, found: Places, reclaim: Sequence[Plot], newbuild: Sequence[Plot], farmland: float, redline: float
) -> List[Row]:
    farmed = float(net_area(drawn)[drawn.cultivated].sum())
    built = float(drawn.area[drawn.construction].sum())
    gone, added = sum(plot.built for plot in reclaim), sum(plot.new_built for plot in newbuild)
    won, lost = sum(plot.new_farmed for plot in reclaim), sum(plot.farmed for plot in newbuild)
    village = np.array([str(mark).startswith("203") for mark in drawn.attributes]) & drawn.construction
    rural = (float(drawn.area[village].sum()) - gone) / max(int(found.people.sum()), 1)
    whole = float(drawn.area.sum())
    rows: List[Row] = [
        ("cultivated_m2", _below(farmed + won - lost, 0.996), "m2", "binding", END),
        ("farmland_m2", _below(farmland, 0.998), "m2", "binding", END),
        ("construction_m2", _above(built - gone + added, 1.004), "m2", "binding", END),
        ("new_construction_m2", _above(added, 1.03), "m2", "expected", END),
        ("new_occupied_cultivated_m2", _above(lost, 1.03), "m2", "binding", END),
        ("reclaim_m2", _below(gone, 0.97), "m2", "binding", END),
        ("new_cultivated_m2", _below(won, 0.96), "m2", "binding", END),
        ("per_capita_m2", float(np.ceil(rural * 1.02)), "m2", "expected", END),
        ("intensity_pct", float(np.ceil((built - gone + added) / whole * 1000) / 10 + 0.2), "%", "expected", END),
        ("redline_m2", _below(redline, 0.999), "m2", "binding", END),
        ("reserve_m2", _above(0.05 * added, 1.0), "m2", "expected", END),
    ]
    rows.append(("resettlement_households", _flats(found, reclaim, newbuild), "户", "expected", START))
    for year in range(START, END + 1):
        planned = sum(plot.new_built for plot in newbuild if plot.source == "annual_plan" and plot.phase == year)
        rows.append(("annual_plan_m2", _above(planned, 1.05), "m2", "binding", year))
    return rows


def _flats(found: Places, reclaim: Sequence[Plot], newbuild: Sequence[Plot]) -> float:
    """Flats there must be already, so that who moves finds one: new ones are ready the year after."""
    lacking = [0]
    for year in range(START, END + 1):
        moved = sum(households(found, plot) for plot in reclaim if plot.phase <= year)
        blocks = [plot for plot in newbuild if plot.use == "resettlement" and plot.phase < year]
        lacking.append(moved - sum(int(plot.shape.area // LAND_A_FLAT) for plot in blocks))
    return float(np.ceil(max(lacking) / 10) * 10)


def _below(value: float, factor: float) -> float:
    return float(np.floor(value * factor / 100) * 100)


def _above(value: float, factor: float) -> float:
    return float(np.ceil(value * factor / 100) * 100)


def redline_area(shapes: Geometries) -> float:
    """Area of the redline, m² (plane)."""
    return float(shapely.area(shapes).sum())
