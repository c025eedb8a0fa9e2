"""The plots of a plan that balances: village land to reclaim, and what is built in its stead.

Reclaim plots lie round whole natural villages with the ponds, gardens and ditches in them. New
building is paid for by what was reclaimed the year before; the first resettlement block stands
on vacant town land, because households cannot leave before the new flats stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.classes import CONSTRUCTION, UNUSED
from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.places import Places
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Hand,
    as_array,
    band,
    cross_line,
    frame,
    generator,
    half_plane,
    polygons,
)
from three_opt_three_protect.core.sample.survey import CRS, Survey, Wholes, grades, member
from three_opt_three_protect.core.tables import Column, LayerTable, date, integer, real, text

YEARS = (2015, 2016, 2017, 2018, 2019)
RECLAIM_BY_YEAR = (0.30, 0.55, 0.75, 0.90, 1.0)
"""Share of the reclaimed land accepted by the end of each of :data:`YEARS`."""
LINKED = 0.80
"""New building paid for by reclaimed land, as a share of it."""
CUSHION = 0.93


@dataclass(frozen=True)
class Plot:
    """A plot and what it weighs, m² (plane): base construction, cultivated, other; and its grade.

    ``rows`` are the parcels it touches.
    """

    shape: Polygon
    village: int
    built: float
    farmed: float
    other: float
    grade: float
    rows: NDArray[np.int64]
    place: int = -1
    phase: int = 0
    use: str = ""
    after: str = ""
    source: str = ""
    rate: float = 0.0
    direction: str = ""

    @property
    def new_built(self) -> float:
        """Construction land added, m²."""
        return 0.0 if self.after == "1006" else self.farmed + self.other

    @property
    def new_farmed(self) -> float:
        """Cultivated land won by either way of counting, the smaller, m²."""
        whole = self.built + self.farmed + self.other
        return max(0.0, min(self.rate * whole - self.farmed, self.rate * self.built)) if self.rate else 0.0


class Weigher:
    """Weighs plots against the parcels of one survey."""

    def __init__(self, drawn: Survey) -> None:
        self.drawn = drawn
        self.tree = shapely.STRtree(drawn.shapes)
        self.grade = grades(drawn)

    def plot(self, shape: Polygon, place: int = -1) -> Plot:
        """``shape`` as a plot."""
        drawn = self.drawn
        rows = np.sort(self.tree.query(shape, predicate="intersects"))
        area = shapely.area(shapely.intersection(drawn.shapes[rows], shape))
        rows, area = rows[area > 0.01], area[area > 0.01]
        built, farmed = drawn.construction[rows], drawn.cultivated[rows]
        weight = area if not farmed.any() else np.where(farmed, area, 0.0)
        return Plot(
            shape,
            int(drawn.village[rows[np.argmax(area)]]),
            float(area[built].sum()),
            float(area[farmed].sum()),
            float(area[~built & ~farmed].sum()),
            float((self.grade[rows] * weight).sum() / weight.sum()),
            rows,
            place,
        )


def reclaim_candidates(drawn: Survey, found: Places, boundary: BaseGeometry, weigh: Weigher) -> List[Plot]:
    """Plots round natural villages that are not kept and outside the boundary; then village industry."""
    rng = generator(drawn.seed, 53)
    rows = [
        row
        for row in rng.permutation(len(found.names)).tolist()
        if found.classes[row] in ("搬迁撤并", "其他一般") and found.shapes[row].distance(boundary) > 0
    ]
    near = shapely.distance(found.shapes, boundary) < 120  # too near the town to go first
    rows.sort(key=lambda row: 2 * bool(near[row]) + (found.classes[row] != "搬迁撤并"))
    plots: List[Plot] = []
    for row in rows:
        for part in polygons(found.shapes[row], 3500.0):
            plot = weigh.plot(_shaved(part, len(plots)), row)
            if plot.built > 0.62 * part.area:
                plots.append(plot)
    works = np.flatnonzero((drawn.codes == "0601") & (drawn.attributes == "203A") & (drawn.block >= 0))
    works = works[shapely.distance(drawn.shapes[works], boundary) > 120]
    industry = [weigh.plot(drawn.shapes[row]) for row in works.tolist() if drawn.shapes[row].area < 16000]
    for number, plot in enumerate(industry[: max(len(plots) // 8, 1)]):
        plots.insert(min(5 + 7 * number, len(plots)), plot)
    return plots


def _shaved(shape: Polygon, number: int) -> Polygon:
    """Every eleventh plot ends on a line that cuts parcels."""
    if number % 11 != 4:
        return shape
    box = frame(shape)
    end = box.centre + box.axis * box.length * 0.33
    line = np.array([end - box.across * 500, end + box.across * 500])
    return polygons(shape.difference(half_plane(line[::-1], 900)))[0]


def room_to_build(drawn: Survey, boundary: BaseGeometry, weigh: Weigher) -> List[Plot]:
    """Runs of fields of one polder inside the boundary, of 1.5 to 6 ha."""
    rng = generator(drawn.seed, 59)
    open_ground = (drawn.block >= 0) & (drawn.site < 0) & ~member(drawn.codes, frozenset(CONSTRUCTION | UNUSED))
    rows = np.flatnonzero(open_ground)
    rows = rows[shapely.covered_by(drawn.shapes[rows], shapely.buffer(boundary, 0.01))]
    plots: List[Plot] = []
    for block in np.unique(drawn.block[rows]).tolist():
        members = rows[drawn.block[rows] == block]
        plots += _runs_of(drawn, members, weigh, rng)
    order = rng.permutation(len(plots))
    return [plots[int(row)] for row in order]


def _runs_of(drawn: Survey, members: NDArray[np.int64], weigh: Weigher, rng: Generator) -> List[Plot]:
    box = frame(shapely.union_all(drawn.shapes[members]))
    at = shapely.get_coordinates(shapely.centroid(drawn.shapes[members])) @ box.axis
    plots, run, size = [], [], 0.0
    wanted = rng.uniform(15000, 60000)
    for row in members[np.argsort(at, kind="stable")].tolist():
        run.append(row)
        size += drawn.shapes[row].area
        if size >= wanted:
            plots += _joined(drawn, run, weigh)
            run, size, wanted = [], 0.0, rng.uniform(15000, 60000)
    return plots + (_joined(drawn, run, weigh) if size > 6000 else [])


def _joined(drawn: Survey, rows: Sequence[int], weigh: Weigher) -> List[Plot]:
    parts = polygons(shapely.coverage_union_all(drawn.shapes[list(rows)]), 5000.0)
    return [weigh.plot(parts[0])] if parts else []


def resettlement(drawn: Survey, found: Places, barred: BaseGeometry, weigh: Weigher, count: int) -> List[Plot]:
    """Fields next to kept villages for the households that move."""
    rng = generator(drawn.seed, 61)
    fields = np.flatnonzero((drawn.block >= 0) & (drawn.site < 0) & ~drawn.construction & (drawn.area > 4000))
    fields = fields[(drawn.area[fields] < 26000) & ~shapely.intersects(drawn.shapes[fields], barred)]
    tree = shapely.STRtree(drawn.shapes[fields])
    plots: List[Plot] = []
    for row in rng.permutation(np.flatnonzero(found.retained)).tolist():
        near = np.sort(tree.query(found.shapes[row], predicate="dwithin", distance=2.0))
        if len(near) and len(plots) < count:
            plots.append(replace(weigh.plot(drawn.shapes[fields[near[0]]], row), use="resettlement", after="0702"))
    return plots


def works(drawn: Survey, barred: BaseGeometry, weigh: Weigher) -> List[Plot]:
    """A stretch of new highway and a farm road across a polder outside the boundary."""
    rng = generator(drawn.seed, 67)
    plots: List[Plot] = []
    blocks = rng.permutation(int(drawn.block.max(initial=-1)) + 1).tolist()
    for after, half in (("1003", 9.0), ("1006", 2.6)):
        while blocks and not [plot for plot in plots if plot.after == after]:
            members = np.flatnonzero((drawn.block == blocks.pop()) & (drawn.site < 0) & ~drawn.construction)
            if not len(members) or drawn.area[members].sum() < 60000:
                continue
            ground = shapely.coverage_union_all(drawn.shapes[members])
            line = cross_line(ground, rng, Hand(25, (900, 400), (8, 3), 0.2), 0.1)
            strip = polygons(band(line, half, half).intersection(ground), 1500.0)
            if strip and not strip[0].intersects(barred):
                plots.append(replace(weigh.plot(strip[0]), use="infrastructure", after=after, source="annual_plan"))
    return plots


def stock_block(drawn: Survey, boundary: BaseGeometry, weigh: Weigher) -> List[Plot]:
    """The first resettlement block: vacant land or an old works in the town."""
    town = (drawn.attributes == "202") & shapely.within(drawn.shapes, boundary) & (drawn.area > 2000)
    for code in ("1201", "0601", "05H1", "0701"):
        rows = np.flatnonzero(town & (drawn.codes == code))
        if len(rows):
            row = rows[np.argsort(-drawn.area[rows], kind="stable")[len(rows) // 3]]
            plot = replace(weigh.plot(drawn.shapes[row]), use="resettlement", after="0701", source="stock", phase=2015)
            return [plot]
    return []


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


def ids(letter: str, count: int) -> List[Optional[str]]:
    """Plot ids such as ``R001``."""
    return [f"{letter}{number:03d}" for number in range(1, count + 1)]


def reclaim_table(drawn: Survey, found: Places, plots: Sequence[Plot], grade: float) -> LayerTable:
    """The reclaim plots; reclaimed land is graded like the land round it, at best ``grade``."""
    rng = generator(drawn.seed, 73)
    shares = [_share(found, plot) for plot in plots]
    households = [_part_of(found.households, plot, share) for plot, share in zip(plots, shares)]
    people = [_part_of(found.people, plot, share) for plot, share in zip(plots, shares)]
    early = np.array([plot.phase <= 2016 for plot in plots], dtype=np.bool_)
    consent = np.round(rng.uniform(0.78, 1.0, len(plots)), 2)
    signed = np.where(early, households, np.floor(consent * households * 0.8)).astype(np.int64)
    area = np.array([plot.shape.area for plot in plots])
    # the last two early plots are accepted but the date has not been entered yet
    dated = early & (np.arange(len(plots)) % 9 != 8)
    cost = np.round(np.array(households) * 260000 + area * 0.0015 * 8000 + np.where(np.array(households) == 0, 4e6, 0), -3)
    table = {
        "plot_id": text(ids("R", len(plots)), "拆旧地块编号", 20),
        "unit_code": text([drawn.village_code(plot.village) for plot in plots], "行政村代码", 12),
        "village": text([drawn.village_names[plot.village] for plot in plots], "行政村", 60),
        "settlement": text([found.names[plot.place] if plot.place >= 0 else None for plot in plots], "自然村", 60),
        "direction": text([plot.direction for plot in plots], "复垦方向", 20),
        "rate": real([plot.rate for plot in plots], "新增耕地率", 6, 2),
        "grade_new": integer(
            [_grade_new(plot, grade) for plot in plots],
            np.array([plot.rate == 0 for plot in plots], dtype=np.bool_),
            "复垦后耕地等别",
            2,
        ),
        "households": integer(households, None, "户数"),
        "population": integer(people, None, "人口"),
        "consent": real(consent, "同意率", 5, 2),
        "signed": integer(signed, None, "已签约户数"),
        "right_type": text(["宅基地使用权" if plot.place >= 0 else "集体建设用地使用权" for plot in plots], "权利类型", 40),
        "phase": integer([plot.phase for plot in plots], None, "实施年度", 4),
        "acc_date": date(_dates([plot.phase for plot in plots], dated, "08-20"), "验收日期"),
        "acc_m2": real(np.where(dated, np.round(area, 2), np.nan), "验收面积", 15, 2),
        "cred_date": date(_dates([plot.phase for plot in plots], dated, "10-15"), "指标入库日期"),
        "cost": real(cost, "预计费用", 15, 2),
        "locked": text([None] * len(plots), "锁定", 3),
    }
    return _table("reclaim", plots, table)


def _share(found: Places, plot: Plot) -> float:
    return plot.shape.area / found.shapes[plot.place].area if plot.place >= 0 else 0.0


def _part_of(counts: Wholes, plot: Plot, share: float) -> int:
    return round(float(counts[plot.place]) * share) if plot.place >= 0 else 0


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
        "cls_after": text([plot.after for plot in plots], "建后地类", 5),
        "quota_src": text([plot.source for plot in plots], "指标来源", 20),
        "tenure": text(["集体" if rural else "国有" for rural in country], "土地权属", 10),
        "phase": integer([plot.phase for plot in plots], None, "实施年度", 4),
        "use_date": date(_dates([plot.phase for plot in plots], built, "12-15"), "批准日期"),
        "batch": text([f"{plot.phase}年第{number % 3 + 1}批次" for number, plot in enumerate(plots)], "批次", 40),
        "price": real([price.get(plot.use, np.nan) for plot in plots], "出让价(万元/亩)", 12, 2),
        "locked": text([None] * len(plots), "锁定", 3),
    }
    return _table("newbuild", plots, columns)


def _table(name: str, plots: Sequence[Plot], columns: Dict[str, Column]) -> LayerTable:
    shapes = shapely.normalize(as_array([plot.shape for plot in plots]))
    return LayerTable(name, np.arange(1, len(plots) + 1, dtype=np.int64), shapes, columns, CRS, SOURCE)
