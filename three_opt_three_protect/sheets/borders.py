"""Village borders as lines, each drawn once.

Two neighbours draw the line between them twice, and two dashed lines on each other look solid.
"""

from __future__ import annotations

from typing import Any

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from three_opt_three_protect.bridge.sources import read_table
from three_opt_three_protect.sheets.plan import Plan


def village_borders(plan: Plan) -> QgsVectorLayer:
    """A line layer of the borders between villages, without the township's own border."""
    import shapely

    lines: Any = shapely.union_all(shapely.boundary(_polygons(plan, "villages")))
    if "township" in plan.layers:
        lines = shapely.difference(lines, shapely.union_all(shapely.boundary(_polygons(plan, "township"))))
    layer = QgsVectorLayer("MultiLineString", "borders", "memory")
    layer.setCrs(plan.layers["villages"].crs())
    feature = QgsFeature()
    geometry = QgsGeometry()
    geometry.fromWkb(shapely.to_wkb(shapely.line_merge(lines), output_dimension=2))
    feature.setGeometry(geometry)
    plan.add(layer, [feature])
    return layer


def _polygons(plan: Plan, role: str) -> Any:
    from three_opt_three_protect.core.repair import repair_polygons

    table = read_table(plan.layers[role], fields=())
    fixed = repair_polygons(table.shapes)
    return fixed.geometry[fixed.kept]
