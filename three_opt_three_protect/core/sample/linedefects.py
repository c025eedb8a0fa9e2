"""Lines planted over each other: farmland inside the boundary and in the redline, the boundary run into the redline."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.measure import measure, to_m2, to_units
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.shapes import as_array, polygons
from three_opt_three_protect.core.sample.survey import Survey
from three_opt_three_protect.core.tables import Column, LayerTable

Layers = Dict[str, LayerTable]
Bools = NDArray[np.bool_]

LEAST_M2 = 400.0
"""Smaller places are not worth planting."""

MOST_M2 = 60_000.0
"""Larger ones would hide everything else."""

NEAR_M = 0.05
"""Vertices as near as this would be a finding of their own."""

DEEP_M = 2.0
"""So far from the edge of a line a block lies inside it."""


def spoil_lines(layers: Layers, drawn: Survey, free: Bools) -> List[Planted]:
    """Draw lines where they must not run; a drawing without room for one of them goes without.

    Parameters
    ----------
    layers
        Replaced in place.
    free
        ``(n,)`` bool, parcels without plot or defect.
    """
    found: List[Planted] = []
    boundary = shapely.union_all(layers["boundary"].shapes)
    strict, second = _redline(layers)
    fit = free & drawn.cultivated & (drawn.attributes == "") & ~drawn.slope
    for kind, line, rule in (
        ("farmland_in_boundary", boundary, "farmland_boundary"),
        ("farmland_in_redline", strict, "farmland_redline"),
    ):
        block = _block(drawn, fit, line)
        if block is not None and len(layers["farmland"]):
            fid, area = _add(layers, "farmland", block, ("YJJBNTTBMJ", "KCMJ", "YJJBNTMJ"))
            found.append(Planted(kind, "farmland", "永久基本农田划入控制线", area, None, str(fid), rule))
    others = shapely.union_all([boundary, strict, *layers["farmland"].shapes])
    block = _crossing(drawn, free & ~drawn.cultivated, second, others)
    if block is not None:
        fid, _ = _add(layers, "boundary", block, ("MJ",))
        inside = block.intersection(second).area
        note = "开发边界伸入二级管控区"
        found.append(Planted("boundary_in_redline", "boundary", note, inside, None, str(fid), "boundary_redline"))
    return found


def plots_over_lines(layers: Layers, drawn: Survey, free: Bools) -> List[Tuple[BaseGeometry, Planted]]:
    """Industry plots over the boundary's edge and in the redline, with what they are; as far as there is room."""
    boundary = layers["boundary"].shapes[0]
    strict, _ = _redline(layers)
    farmland = shapely.union_all(layers["farmland"].shapes)
    shapely.prepare(farmland)
    found: List[Tuple[BaseGeometry, Planted]] = []
    over = _crossing(drawn, free, boundary, shapely.union_all([farmland, *layers["redline"].shapes]))
    if over is not None:
        area = over.difference(boundary).area
        note = "工业建新地块伸出城镇开发边界"
        found.append((over, Planted("plot_over_boundary", "newbuild", note, area, "X004", rule="newbuild_boundary")))
    within = _block(drawn, free & ~shapely.intersects(farmland, drawn.shapes), strict)
    if within is not None:
        note = "工业建新地块占用一级管控区"
        area = within.area
        found.append((within, Planted("plot_in_redline", "newbuild", note, area, "X005", rule="newbuild_redline")))
    return found


def _redline(layers: Layers) -> Tuple[BaseGeometry, BaseGeometry]:
    """Redline of level 1 and of level 2."""
    levels = layers["redline"].column("level").values
    strict, second = (shapely.union_all(layers["redline"].shapes[levels == level]) for level in (1, 2))
    return strict, second


def _block(drawn: Survey, fit: Bools, line: BaseGeometry) -> Optional[BaseGeometry]:
    """The largest parcel inside a line, else the largest part of one; None where there is none."""
    deep = line.buffer(-DEEP_M)
    shapely.prepare(deep)
    rows = np.flatnonzero(fit & shapely.intersects(deep, drawn.shapes))
    whole = drawn.shapes[rows[shapely.covered_by(drawn.shapes[rows], line)]].tolist()
    cut = [part for shape in drawn.shapes[rows] for part in polygons(shape.intersection(line))]
    for parts in (whole, [shapely.remove_repeated_points(part, NEAR_M) for part in cut]):
        big = [part for part in parts if LEAST_M2 < part.area < MOST_M2]
        if big:
            return max(big, key=lambda part: part.area)
    return None


def _crossing(drawn: Survey, fit: Bools, line: BaseGeometry, kept_off: BaseGeometry) -> Optional[BaseGeometry]:
    """A parcel that is about half inside a line and touches nothing else, None where there is none."""
    edge = line.boundary
    shapely.prepare(edge)
    shapely.prepare(kept_off)
    rows = np.flatnonzero(fit & shapely.intersects(edge, drawn.shapes))
    rows = rows[~shapely.intersects(kept_off, shapely.buffer(drawn.shapes[rows], DEEP_M))]
    return next((drawn.shapes[row] for row in _halves(drawn, rows, line)), None)


def _halves(drawn: Survey, rows: NDArray[np.int64], line: BaseGeometry) -> Iterator[int]:
    inside = shapely.area(shapely.intersection(drawn.shapes[rows], line))
    smaller = np.minimum(inside, shapely.area(drawn.shapes[rows]) - inside)
    for at in np.argsort(-smaller, kind="stable").tolist():
        if smaller[at] > LEAST_M2:
            yield int(rows[at])


def _add(layers: Layers, role: str, shape: BaseGeometry, areas: Sequence[str]) -> Tuple[int, float]:
    """Put a copy of the last feature under another shape into a layer; its id and its area in m²."""
    table = layers[role]
    rows = np.append(np.arange(len(table)), len(table) - 1)
    columns = {name: copied(column.take(rows)) for name, column in table.columns.items()}
    whole = as_array([shape])
    area = float(to_m2(to_units(measure(whole, table.crs)))[0]) if table.crs is not None else 0.0
    net = {areas[0]: area}
    if len(areas) > 1:
        rate = float(np.nan_to_num(columns["KCXS"].values[-1]))
        ridge = float(to_m2(to_units(np.array([area * rate])))[0])
        net.update({areas[1]: ridge, areas[2]: round(area - ridge, 2)})
    for name, value in net.items():
        columns[name].values[-1] = value
    fid = int(table.fid.max()) + 1
    columns["BSM"].values[-1] = f"{columns['BSM'].values[-1][:10]}{99000000 + fid:08d}"
    if "YJJBNTTBBH" in columns:
        columns["YJJBNTTBBH"].values[-1] = f"{columns['XZQDM'].values[-1]}{990000 + fid % 10000:06d}"
    shapes = np.append(table.shapes, whole)
    layers[role] = LayerTable(
        table.name, np.append(table.fid, fid), shapes, columns, table.crs, table.source, table.flattened
    )
    return fid, area


def copied(column: Column) -> Column:
    """A column that may be changed."""
    missing = None if column.missing is None else column.missing.copy()
    return replace(column, values=column.values.copy(), missing=missing)
