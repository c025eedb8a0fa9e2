"""The reclaim and new-build plots as layers of the plan database."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.places import Places
from three_opt_three_protect.core.sample.plots import Plot
from three_opt_three_protect.core.sample.shapes import (
    as_array,
    generator,
)
from three_opt_three_protect.core.sample.survey import CRS, Survey, Wholes
from three_opt_three_protect.core.tables import Column, LayerTable, date, integer, real, text


def ids(letter: str, count: int) -> List[Optional[str]]:
    """Plot ids such as ``R001``."""
    return [f"{letter}{number:03d}" for number in range(1, count + 1)]


def reclaim_table(drawn: Survey, found: Places, plots: Sequence[Plot], grade: float) -> LayerTable:
    """The reclaim plots; reclaimed land is graded like the land round it, at best ``grade``."""
    rng = generator(drawn.seed, 73)
    moved = np.array([households(found, plot) for plot in plots], dtype=np.int64)
    people = [_part_of(found.people, found, plot) for plot in plots]
    early = np.array([plot.phase <= 2016 for plot in plots], dtype=np.bool_)
    consent = np.round(rng.uniform(0.78, 1.0, len(plots)), 2)
    signed = np.where(early, moved, np.floor(consent * moved * 0.8)).astype(np.int64)
    area = np.array([plot.shape.area for plot in plots])
    # the last two early plots are accepted but the date has not been entered yet
    dated = early & (np.arange(len(plots)) % 9 != 8)
    cost = np.round(moved * 260000 + area * 0.0015 * 8000 + np.where(moved == 0, 4e6, 0), -3)
    table = {
        "plot_id": text(ids("R", len(plots)), "拆旧地块编号", 20),
        "unit_code": text([drawn.village_code(plot.village) for plot in plots], "行政村代码", 12),
        "village": text([drawn.village_names[plot.village] for plot in plots], "行政村", 60),
        "settlement": text([found.names[plot.place] if plot.place >= 0 else None for plot in plots], "自然村", 60),
        "direction": text([plot.direction for plot in plots], "复垦方向", 20),
        "rate": real([plot.rate for plot in plots], "新增耕地率", 6, 4),
        "grade_new": integer(
            [_grade_new(plot, grade) for plot in plots],
            np.array([plot.rate == 0 for plot in plots], dtype=np.bool_),
            "复垦后耕地等别",
            2,
        ),
        "paddy_rate": real([PADDY_SHARE if plot.rate > 0 else np.nan for plot in plots], "水田比例", 6, 4),
        "households": integer(moved, None, "户数"),
        "population": integer(people, None, "人口"),
        "consent": real(consent, "同意率", 6, 4),
        "signed": integer(signed, None, "已签约户数"),
        "right_type": text([RIGHTS[plot.place >= 0] for plot in plots], "权利类型", 40),
        "phase": integer([plot.phase for plot in plots], None, "实施年度", 4),
        "acc_date": date(_dates([plot.phase for plot in plots], dated, "08-20"), "验收日期"),
        "acc_m2": real(np.where(dated, np.round(area, 2), np.nan), "验收面积", 15, 2),
        "cred_date": date(_dates([plot.phase for plot in plots], dated, "10-15"), "指标入库日期"),
        "cost": real(cost, "预计费用", 15, 2),
        "locked": text([None] * len(plots), "锁定", 3),
    }
    return _table("reclaim", plots, table)


PADDY_SHARE = 0.75
"""Of new cultivated land; of the land taken nearly all is paddy."""

RIGHTS = ("集体建设用地使用权", "宅基地使用权")


def households(found: Places, plot: Plot) -> int:
    """Households on the part of a natural village that lies in a plot."""
    return _part_of(found.households, found, plot)


def _part_of(counts: Wholes, found: Places, plot: Plot) -> int:
    if plot.place < 0:
        return 0
    share: float = plot.shape.area / found.shapes[plot.place].area
    return round(float(counts[plot.place]) * share)


def _grade_new(plot: Plot, best: float) -> int:
    return int(max(1, min(round(plot.grade), int(best))))


def _dates(phases: Sequence[int], known: NDArray[np.bool_], day: str) -> NDArray[np.datetime64]:
    return np.array([f"{phase}-{day}" if sure else "NaT" for phase, sure in zip(phases, known)], dtype="datetime64[D]")


def newbuild_table(drawn: Survey, plots: Sequence[Plot]) -> LayerTable:
    """The new-build plots."""
    built = np.array([plot.phase <= 2016 for plot in plots], dtype=np.bool_)
    country = [(plot.use == "resettlement" and plot.after == "0702") or plot.after == "1006" for plot in plots]
    price = {"town": 160.0, "industry": 32.0}
    columns = {
        "plot_id": text(ids("N", len(plots)), "建新地块编号", 20),
        "unit_code": text([drawn.village_code(plot.village) for plot in plots], "行政村代码", 12),
        "village": text([drawn.village_names[plot.village] for plot in plots], "行政村", 60),
        "use": text([plot.use for plot in plots], "用途", 20),
        "cls_after": text([plot.after for plot in plots], "建后地类", 6),
        "quota_src": text([plot.source for plot in plots], "指标来源", 20),
        "tenure": text(["集体" if rural else "国有" for rural in country], "土地权属", 10),
        "phase": integer([plot.phase for plot in plots], None, "实施年度", 4),
        "use_date": date(_dates([plot.phase for plot in plots], built, "12-15"), "批准日期"),
        "batch": text([f"{plot.phase}年第{number % 3 + 1}批次" for number, plot in enumerate(plots)], "批次", 40),
        "price": real([price.get(plot.use, np.nan) for plot in plots], "出让价(万元/亩)", 15, 2),
        "locked": text([None] * len(plots), "锁定", 3),
    }
    return _table("newbuild", plots, columns)


def _table(name: str, plots: Sequence[Plot], columns: Dict[str, Column]) -> LayerTable:
    shapes = shapely.normalize(as_array([plot.shape for plot in plots]))
    return LayerTable(name, np.arange(1, len(plots) + 1, dtype=np.int64), shapes, columns, CRS, SOURCE)
