"""The plots of a plan that balances: village land to reclaim, and what is built in its stead.

Reclaim plots lie round whole natural villages with the ponds, gardens and ditches in them. New
building is paid for by what was reclaimed the year before; the first resettlement block stands
on vacant town land, because households cannot leave before the new flats stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.classes import CONSTRUCTION, UNUSED
from three_opt_three_protect.core.sample.parcels import grades
from three_opt_three_protect.core.sample.places import Places
from three_opt_three_protect.core.sample.shapes import (
    Generator,
    Hand,
    band,
    cross_line,
    frame,
    generator,
    half_plane,
    polygons,
)
from three_opt_three_protect.core.sample.survey import Survey, member


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
    rows = rows[shapely.covered_by(drawn.shapes[rows], boundary)]
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
