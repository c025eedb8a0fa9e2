"""What happened by the second survey year; every change is listed in ``planted``."""

from __future__ import annotations

from typing import Dict, List, Mapping, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.sample.parcels import parcel_table
from three_opt_three_protect.core.sample.plan import Planned
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.plot_tables import ids
from three_opt_three_protect.core.sample.plots import Plot
from three_opt_three_protect.core.sample.selfcheck import check_layers, check_list, further_changes
from three_opt_three_protect.core.sample.shapes import generator
from three_opt_three_protect.core.sample.survey import YEAR, Survey, Wholes, resurveyed
from three_opt_three_protect.core.tables import LayerTable

NEXT_YEAR = YEAR + 2
AFTER: Mapping[str, str] = {"cultivated": "0101", "garden": "0201", "forest": "0307", "pond": "1104", "water": "1101"}


def second_year(drawn: Survey, planned: Planned) -> Tuple[Dict[str, LayerTable], List[Planted]]:
    """The parcels two years on and the layers of that year, and what became of plots and of land outside them."""
    codes: Dict[int, str] = {}
    found: List[Planted] = []
    for number, (plot, plot_id) in enumerate(zip(planned.reclaim, ids("R", len(planned.reclaim)))):
        if plot.phase <= NEXT_YEAR:
            found.append(_reclaimed(drawn, plot, str(plot_id), number, codes))
    for number, (plot, plot_id) in enumerate(zip(planned.newbuild, ids("N", len(planned.newbuild)))):
        if plot.phase <= NEXT_YEAR:
            found.append(_built(drawn, plot, str(plot_id), number, codes))
    found += _unplanned(drawn, planned, codes)
    more, temporary = further_changes(drawn, planned, codes)
    layers = check_layers(drawn, planned, codes, temporary)
    found += [*more, *check_list(drawn, planned, codes, layers)]
    rows = np.array(sorted(codes), dtype=np.int64)
    new = [codes[row] for row in rows.tolist()]
    marks = [_mark(code, str(drawn.attributes[row])) for row, code in zip(rows.tolist(), new)]
    parcels = parcel_table(resurveyed(drawn, rows, new, marks), NEXT_YEAR, "parcels_next")
    # A layer of nothing has no place in a plan database.
    return {"parcels_next": parcels, **{name: table for name, table in layers.items() if len(table)}}, found


def _mark(code: str, before: str) -> str:
    if code in ("0701", "05H1", "08H2"):
        return "202"
    if code == "0601":
        return before if before.endswith("A") else "203A"
    return "203" if code == "0702" else ""


def _whole(drawn: Survey, plot: Plot) -> Wholes:
    """The parcels that lie wholly in ``plot``."""
    inside = shapely.area(shapely.intersection(drawn.shapes[plot.rows], plot.shape))
    whole: Wholes = plot.rows[inside > 0.99 * shapely.area(drawn.shapes[plot.rows])]
    return whole


def _reclaimed(drawn: Survey, plot: Plot, plot_id: str, number: int, codes: Dict[int, str]) -> Planted:
    rows = _whole(drawn, plot)
    if number % 6 == 4:
        return Planted("reclaim_not_started", "parcels_next", "已到期未拆除", plot.shape.area, plot_id)
    after = AFTER.get(plot.direction, "1106")
    kind, note = "reclaim_done", "已复垦"
    if number % 9 == 7:
        after, kind, note = "1206", "reclaim_demolished", "已拆未垦"
    elif number % 11 == 5:
        after, kind, note = "1104A", "reclaim_to_pond", "已拆除,改挖鱼塘"
    changed = [row for row in rows.tolist() if drawn.codes[row] not in ("1006", "1107")]
    codes.update(dict.fromkeys(changed, after))
    return Planted(kind, "parcels_next", note, float(drawn.area[changed].sum()), plot_id)


def _built(drawn: Survey, plot: Plot, plot_id: str, number: int, codes: Dict[int, str]) -> Planted:
    rows = _whole(drawn, plot)
    if not len(rows) or number % 7 == 4:
        return Planted("newbuild_not_started", "parcels_next", "未建", plot.shape.area, plot_id)
    codes.update(dict.fromkeys(rows.tolist(), plot.after))
    return Planted("newbuild_done", "parcels_next", "已建", float(drawn.area[rows].sum()), plot_id)


def _unplanned(drawn: Survey, planned: Planned, codes: Dict[int, str]) -> List[Planted]:
    """Conversions no plot covers: works on fields, one of them on permanent basic farmland."""
    plots = [row for plot in [*planned.reclaim, *planned.newbuild] for row in plot.rows.tolist()]
    free = np.ones(len(drawn.codes), dtype=np.bool_)
    free[plots] = False
    small = (drawn.area > 1500) & (drawn.area < 14000) & (drawn.codes == "0101") & (drawn.attributes == "") & free
    order = generator(drawn.seed, 79).permutation(len(drawn.codes))
    on, off = order[(small & planned.farmland)[order]], order[(small & ~planned.farmland)[order]]
    homes = order[((drawn.codes == "0702") & free & (drawn.area > 800))[order]]
    wanted = (
        ("unplanned_on_farmland", on[:1], "0601", "计划外新增建设,占用永久基本农田"),
        ("farmland_to_pond", on[1:2], "1104A", "永久基本农田改鱼塘"),
        ("unplanned_construction", off[:3], "0601", "计划外新增建设"),
        ("field_to_facility", off[3:4], "1202", "耕地改设施农用地"),
        ("unplanned_reclaim", homes[:1], "0102", "计划外减量"),
    )
    found: List[Planted] = []
    for kind, rows, code, note in wanted:
        for row in rows.tolist():
            codes[row] = code
            found.append(Planted(kind, "parcels_next", note, float(drawn.area[row]), None, str(row + 1)))
    return found
