"""Where lines and plots of the drawing run into each other, for the list of what is planted.

Worked out feature by feature with plain set operations, as somebody with a plain GIS would, and without the overlay
engine: ``redlineconflicts`` must come to the same places by its own way.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, Mapping, Optional, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.measure import measure
from three_opt_three_protect.core.sample.planted import Planted
from three_opt_three_protect.core.sample.shapes import as_array, polygons
from three_opt_three_protect.core.tables import LayerTable

Layers = Mapping[str, LayerTable]

DRAWN_M2, DRAWN_M = 1.0, 0.35
"""Smaller or narrower (2 · area / length) places are how lines are digitised, not conflicts."""

NOISE_M2 = 1e-4
"""What neighbours seem to share by rounding."""

INSIDE = ("town", "industry")
"""Uses that must lie inside the boundary."""

KINDS: Tuple[Tuple[str, str, str], ...] = (
    ("farmland_boundary", "farmland", "boundary"),
    ("farmland_redline", "farmland", "redline"),
    ("boundary_redline", "boundary", "redline"),
    ("newbuild_farmland", "newbuild", "farmland"),
    ("newbuild_redline", "newbuild", "redline"),
    ("newbuild_outside_boundary", "newbuild", "boundary"),
    ("reclaim_redline", "reclaim", "redline"),
)

_NAMES = {
    "farmland": "永久基本农田",
    "boundary": "城镇开发边界",
    "redline": "生态保护红线",
    "newbuild": "建新地块",
    "reclaim": "拆旧地块",
}


def conflicts(layers: Layers) -> List[Planted]:
    """Every place where two lines, or a plot and a line, conflict.

    ``kind`` is ``conflict_`` and the kind, with the control level where a redline takes part; the features stand in
    ``note``, a plot also in ``plot_id``.
    """
    found: List[Planted] = []
    for kind, first, second in KINDS:
        left, right = layers[first], layers[second]
        for row, other, level, shape in _meet(left, right, second, outside=kind == "newbuild_outside_boundary"):
            if kind == "newbuild_outside_boundary" and left.column("use").values[row] not in INSIDE:
                continue
            token = f"conflict_{kind}_{level}" if level else f"conflict_{kind}"
            plot = str(left.column("plot_id").values[row]) if "plot_id" in left.columns else None
            beside = "以外" if other is None else f"与{_NAMES[second]}{right.fid[other]}重叠"
            note = f"{_NAMES[first]}{left.fid[row]}{beside}"
            found += [Planted(token, first, note, area, plot, meant=False) for area in _areas(shape, left)]
    return found


def _meet(
    left: LayerTable, right: LayerTable, role: str, outside: bool
) -> Iterator[Tuple[int, Optional[int], int, BaseGeometry]]:
    """Rows of both layers, control level and the land in common; land claimed twice is the first's."""
    shapes = right.shapes
    order, level = _by_level(right, role)
    tree = shapely.STRtree(left.shapes)
    if outside:
        line = shapely.union_all(shapes)
        for row in range(len(left)):
            yield row, None, 0, _own(left, row, tree).difference(line)
        return
    rest: Dict[int, BaseGeometry] = {}
    for other in order:
        for row in sorted(tree.query(shapes[other], predicate="intersects").tolist()):
            mine = rest[row] if row in rest else _own(left, row, tree)
            yield row, other, int(level[other]), mine.intersection(shapes[other])
            rest[row] = mine.difference(shapes[other])


def _own(table: LayerTable, row: int, tree: shapely.STRtree) -> BaseGeometry:
    """A feature without what earlier ones cover."""
    shape = table.shapes[row]
    before = [other for other in tree.query(shape, predicate="intersects").tolist() if other < row]
    over = [table.shapes[other] for other in before if shape.intersection(table.shapes[other]).area > NOISE_M2]
    return shape.difference(shapely.union_all(over)) if over else shape


def _by_level(table: LayerTable, role: str) -> Tuple[List[int], NDArray[np.int64]]:
    """Rows of a line layer, the strictest first, and their control levels (0 where it has none)."""
    level = table.column("level").values if role == "redline" else np.zeros(len(table), dtype=np.int64)
    return np.argsort(level, kind="stable").tolist(), level


def _areas(shape: BaseGeometry, table: LayerTable) -> List[float]:
    """Areas in m² of the single polygons that are more than a sliver."""
    parts = as_array(list(polygons(shape)))
    if not len(parts) or table.crs is None:
        return []
    area = measure(parts, table.crs)
    width = 2.0 * area / shapely.length(parts)
    return [float(one) for one in area[(area >= DRAWN_M2) & (width >= DRAWN_M)]]
