"""Further changes of the second year for the self-check, the layers it needs, and the list of what it must find.

The list is worked out parcel by parcel with plain set operations, without the overlay engine or the decision table:
``selfcheck`` must come to the same statuses and areas by its own way.
"""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.measure import measure, to_m2, to_units
from three_opt_three_protect.core.sample.classes import CONSTRUCTION, CULTIVATED
from three_opt_three_protect.core.sample.names import SOURCE
from three_opt_three_protect.core.sample.plan import Planned
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.plots import Plot
from three_opt_three_protect.core.sample.shapes import as_array, generator
from three_opt_three_protect.core.sample.survey import CRS, Survey
from three_opt_three_protect.core.tables import LayerTable, text

Codes = Dict[int, str]
"""Row of a parcel → its class in the second year, where it changed."""

_LAST_PHASE = 2016
"""Year of the second survey."""

_TRUNK = frozenset(("1003", "1005", "1109", "0809"))
"""Construction land that stays where a village is reclaimed."""
_OTHER_USE = frozenset(("0201", "0204", "0301", "0302", "0307", "1104", "1104A"))
_SEEN_M2 = 0.005
_NOTE = "专项自查应查出"


def further_changes(drawn: Survey, planned: Planned, codes: Codes) -> Tuple[List[Planted], List[int]]:
    """Plant what the first list of changes lacks; also the parcels under temporary use.

    Parameters
    ----------
    codes
        What has changed already; the new changes are added.
    """
    fields = _free_fields(drawn, planned, codes)
    off = [row for row in fields if not planned.farmland[row]]
    on = [row for row in fields if planned.farmland[row]]
    built = [plot.shape for plot in planned.newbuild]
    beside = [row for row in off if _touches(drawn.shapes[row], built)]
    off = [row for row in off if row not in beside]
    wanted = (
        ("built_beyond_plot", beside[:1], "0601", "超出建新地块范围建设"),
        ("field_to_road", off[:1], "1006", "耕地改农村道路"),
        ("temporary_use", off[1:2], "0601", "临时用地"),
        ("farmland_to_garden", on[:1], "0201", "永久基本农田改果园"),
    )
    found: List[Planted] = []
    for kind, rows, code, note in wanted:
        for row in rows:
            codes[row] = code
            found.append(Planted(kind, "parcels_next", note, float(drawn.area[row]), None, str(row + 1)))
    return found, off[1:2]


def _free_fields(drawn: Survey, planned: Planned, codes: Codes) -> List[int]:
    """Fields outside plots and the strictly controlled redline that have not changed, in an order of their own."""
    taken = np.zeros(len(drawn.codes), dtype=np.bool_)
    for plot in [*planned.reclaim, *planned.newbuild]:
        taken[plot.rows] = True
    taken[list(codes)] = True
    fit = (drawn.area > 800) & (drawn.area < 14000) & (drawn.codes == "0101") & (drawn.attributes == "") & ~taken
    rows = np.flatnonzero(fit)
    rows = rows[~shapely.intersects(drawn.shapes[rows], _strict(planned))]
    order = generator(drawn.seed, 83).permutation(len(rows))
    return [int(row) for row in rows[order]]


def _strict(planned: Planned) -> BaseGeometry:
    """一级管控区."""
    table = planned.layers["redline"]
    return shapely.union_all(table.shapes[table.column("level").values == 1])


def _touches(shape: BaseGeometry, plots: Sequence[BaseGeometry]) -> bool:
    """Whether a parcel shares more than a corner with one of the plots."""
    return any(
        shape.distance(plot) < 0.01 and shapely.length(plot.boundary.intersection(shape.buffer(0.01))) > 1.0
        for plot in plots
    )


def check_layers(drawn: Survey, planned: Planned, codes: Codes, temporary: Sequence[int]) -> Dict[str, LayerTable]:
    """Temporary use, bulldozed land, and suspects of remote sensing: a violation, a plot, and nothing at all."""
    unbuilt = [plot.shape for plot, _ in _plots(planned, False) if not _changed(plot, codes)]
    built = [plot for plot, _ in _plots(planned, False) if _changed(plot, codes)]
    outside = [row for row in codes if codes[row] == "0601" and _outside(row, planned)]
    unchanged = [row for row in _free_fields(drawn, planned, codes) if not planned.farmland[row]]
    suspects = [
        *(drawn.shapes[row] for row in outside[:1]),
        *(plot.shape for plot in built[1:2]),
        *(drawn.shapes[row] for row in unchanged[:1]),
    ]
    before = [str(drawn.codes[row]) for row in temporary]
    return {
        "temporary": _layer("temporary", [drawn.shapes[row] for row in temporary], class_before=before),
        "bulldozed": _layer("bulldozed", unbuilt[:1], zone_id=[f"T{n + 1}" for n in range(len(unbuilt[:1]))]),
        "suspects": _layer("suspects", suspects, suspect_id=[f"S{n + 1:02d}" for n in range(len(suspects))]),
    }


def _layer(name: str, shapes: Sequence[BaseGeometry], **fields: Sequence[str]) -> LayerTable:
    columns = {key: text(list(values), width=20) for key, values in fields.items()}
    fid = np.arange(1, len(shapes) + 1, dtype=np.int64)
    return LayerTable(name, fid, shapely.normalize(as_array(list(shapes))), columns, CRS, SOURCE)


def _plots(planned: Planned, reclaim: bool) -> Iterator[Tuple[Plot, str]]:
    """Plots of the years up to the second survey, with their ids."""
    plots, table = (
        (planned.reclaim, planned.layers["reclaim"]) if reclaim else (planned.newbuild, planned.layers["newbuild"])
    )
    for plot, plot_id in zip(plots, table.column("plot_id").values):
        if plot.phase <= _LAST_PHASE:
            yield plot, str(plot_id)


def _changed(plot: Plot, codes: Codes) -> bool:
    return any(row in codes for row in plot.rows.tolist())


def _outside(row: int, planned: Planned) -> bool:
    return not any(row in plot.rows for plot in [*planned.reclaim, *planned.newbuild])


def check_list(drawn: Survey, planned: Planned, codes: Codes, layers: Mapping[str, LayerTable]) -> List[Planted]:
    """Every status that is serious or to be looked at, with its exact area, by plot or parcel."""
    found = [*_in_reclaim(drawn, planned, codes), *_in_newbuild(drawn, planned, codes, layers)]
    for row in sorted(codes):
        if _outside(row, planned):
            found += _alone(drawn, planned, row, codes, layers)
    return found


def _listed(status: str, area: float, plot: Optional[str], parcel: Optional[int], note: str) -> Planted:
    number = None if parcel is None else str(parcel + 1)
    return Planted(f"selfcheck_{status}", "selfcheck", note, round(area, 2), plot, number)


def _parts(drawn: Survey, plot: Plot, codes: Codes) -> Iterator[Tuple[str, str, float]]:
    """Class of both years and official area of every parcel's part in a plot."""
    for row in plot.rows.tolist():
        part = shapely.intersection(drawn.shapes[row], plot.shape)
        before = str(drawn.codes[row])
        # A parcel that lies in the plot but for rounding has its recorded area.
        whole = part.area > 0.99 * drawn.shapes[row].area
        yield before, codes.get(row, before), float(drawn.area[row]) if whole else _official(part)


def _official(shape: BaseGeometry) -> float:
    return float(to_m2(to_units(measure(as_array([shape]), CRS)))[0])


def _in_reclaim(drawn: Survey, planned: Planned, codes: Codes) -> Iterator[Planted]:
    accepted = ~np.isnat(planned.layers["reclaim"].column("acc_date").values)
    for number, (plot, plot_id) in enumerate(_plots(planned, True)):
        sums: Dict[str, float] = {}
        for before, after, area in _parts(drawn, plot, codes):
            status = _reclaim_status(plot, bool(accepted[number]), before, after)
            if status and area >= _SEEN_M2:
                sums[status] = sums.get(status, 0.0) + area
        for status, area in sorted(sums.items()):
            yield _listed(status, area, plot_id, None, _NOTE)


def _reclaim_status(plot: Plot, accepted: bool, before: str, after: str) -> str:
    if after in CONSTRUCTION:
        if before in _TRUNK:
            return ""
        return "reclaim_rebuilt" if accepted else "reclaim_not_started"
    if before == after or after in CULTIVATED:
        return ""
    if after == "1206":
        return "reclaim_demolished"
    if plot.direction != "cultivated":
        return ""
    from_tilled = before in CULTIVATED or before in CONSTRUCTION
    if before in ("1104", "1104A") and after in ("1104", "1104A"):
        return ""
    return "reclaim_degraded" if accepted and from_tilled and after in _OTHER_USE else "reclaim_other"


def _in_newbuild(drawn: Survey, planned: Planned, codes: Codes, layers: Mapping[str, LayerTable]) -> Iterator[Planted]:
    cleared = layers["bulldozed"].shapes
    for plot, plot_id in _plots(planned, False):
        if len(cleared) and plot.shape.equals(cleared[0]):
            area = sum(part for _, after, part in _parts(drawn, plot, codes) if after not in CONSTRUCTION)
            yield _listed("newbuild_bulldozed", area, plot_id, None, _NOTE)


def _alone(
    drawn: Survey, planned: Planned, row: int, codes: Codes, layers: Mapping[str, LayerTable]
) -> Iterator[Planted]:
    """A changed parcel outside all plots: what lies on permanent basic farmland or in the strict redline is apart."""
    before, after, left = str(drawn.codes[row]), codes[row], float(drawn.area[row])
    if before in CONSTRUCTION:
        return
    shape = drawn.shapes[row]
    if any(shape.equals(other) for other in layers["temporary"].shapes):
        yield _listed("temporary", left, None, row, _NOTE)
        return
    farmed, strict = (_inside(shape, planned.layers["farmland"].shapes), _inside(shape, [_strict(planned)]))
    plain = "cultivated_to_" + {"1202": "facility", "1006": "road"}.get(after, "other")
    kind = {"1104A": "pond", "0201": "garden", "1202": "facility", "1006": "road"}.get(after, "other")
    parts = [(f"farmland_to_{kind}", farmed)]
    if after in CONSTRUCTION:
        beyond = _touches(shape, [plot.shape for plot in planned.newbuild])
        plain = "unplanned_beyond" if beyond else "unplanned_construction"
        # No farmland lies in the strict redline of the drawing.
        parts = [("unplanned_farmland", farmed), ("unplanned_redline", strict)]
    parts.append((plain, left - sum(area for _, area in parts)))
    for status, area in parts:
        if area >= _SEEN_M2:
            yield _listed(status, area, None, row, _NOTE)


def _inside(shape: BaseGeometry, others: Iterable[BaseGeometry]) -> float:
    """Official area of what of a parcel lies in other shapes; nearly all is all of it."""
    near = [other for other in others if other.intersects(shape)]
    part = shapely.intersection(shape, shapely.union_all(near)) if near else shapely.Polygon()
    return 0.0 if part.area < _SEEN_M2 else _official(shape if part.area > shape.area - _SEEN_M2 else part)
