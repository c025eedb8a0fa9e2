"""Numbers of plots and names of villages as labels at places of our own."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple

import numpy as np
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsLineSymbol,
    QgsNullSymbolRenderer,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor, QFont

from three_opt_three_protect.bridge.compat import show_every_label
from three_opt_three_protect.bridge.crs import bring_to
from three_opt_three_protect.bridge.sources import read_table
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.sheets import words
from three_opt_three_protect.sheets.frame import Box, Extent
from three_opt_three_protect.sheets.page import POINTS_PER_MM, Page
from three_opt_three_protect.sheets.placement import Put, Wanted, place_names, place_numbers
from three_opt_three_protect.sheets.plan import Plan

PLOTS = ("reclaim", "newbuild")
VILLAGES = "villages"

_LONGEST = 40
"""Characters of a label; what is longer covers the land it names."""
_COLOUR: Mapping[str, QColor] = {
    "reclaim": QColor(115, 0, 0),
    "newbuild": QColor(200, 0, 150),
    VILLAGES: QColor(40, 40, 40),
}
_SIZE = {"reclaim": 1.85, "newbuild": 1.85, VILLAGES: 3.2}
_HALO, _LEADER_WIDTH, _LINE_HEIGHT = 0.4, 0.12, 1.0


def label_layers(page: Page, plan: Plan, extent: Extent, frame: Box, factor: float) -> List[QgsVectorLayer]:
    """Layers that hold nothing but labels and leader lines, to be put on top of the map.

    Parameters
    ----------
    extent, frame
        The piece of the world shown, and where on the paper.
    factor
        By which the labels grow with the paper.
    """
    paper = _Paper(extent, frame)
    plots = {role: _wanted(page, plan, role, paper, factor) for role in PLOTS if role in plan.layers}
    every = [one for wanted in plots.values() for one in wanted]
    inside = (0.0, 0.0, frame.width, frame.height)
    puts, boxes = place_numbers(every, inside)
    layers, start = [], 0
    for role, wanted in plots.items():
        own = puts[start : start + len(wanted)]
        start += len(wanted)
        layers += [_texts(page, plan, role, own, paper, factor), _leaders(plan, role, own, paper, factor)]
    if VILLAGES in plan.layers:
        names = _wanted(page, plan, VILLAGES, paper, factor)
        places = place_names(names, [one.shape for one in every], boxes, inside)
        layers.append(_texts(page, plan, VILLAGES, places, paper, factor))
    return layers


class _Paper:
    """World ↔ mm from the lower left corner of the frame."""

    def __init__(self, extent: Extent, frame: Box) -> None:
        self.origin = np.array([extent.west, extent.south])
        self.mm = frame.width / extent.width

    def shapes(self, geometry: Any) -> Any:
        import shapely

        return shapely.transform(geometry, lambda xy: (xy - self.origin) * self.mm)

    def point(self, x: float, y: float) -> QgsPointXY:
        return QgsPointXY(self.origin[0] + x / self.mm, self.origin[1] + y / self.mm)


def _wanted(page: Page, plan: Plan, role: str, paper: _Paper, factor: float) -> List[Wanted]:
    """The texts of a role's polygons, in row order."""
    from three_opt_three_protect.core.repair import repair_polygons

    field = plan.field(role, "unit_name" if role == VILLAGES else "plot_id")
    if not field:
        return []
    table = read_table(plan.layers[role], fields=[field])
    target = LayerTable("", np.empty(0, np.int64), crs=plan.crs_info)
    shapes = repair_polygons(bring_to(table, target, QgsCoordinateTransformContext()).shapes).geometry
    texts = as_text(table.column(field))
    size = _SIZE[role] * factor
    found = []
    for text, shape in zip(texts, shapes):
        if text is not None and shape is not None:
            said = words.short_village(str(text)) if role == VILLAGES else str(text)
            said = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
            width = page.text_width(said, size, role != VILLAGES) / page.factor
            found.append(Wanted(said, width, size * _LINE_HEIGHT, paper.shapes(shape)))
    return found


def _texts(page: Page, plan: Plan, role: str, puts: Sequence[Put], paper: _Paper, factor: float) -> QgsVectorLayer:
    rows = [(QgsGeometry.fromPointXY(paper.point(put.x, put.y)), put.text) for put in puts]
    layer = _memory(plan, f"{role} labels", "Point", rows)
    layer.setRenderer(QgsNullSymbolRenderer())
    settings = QgsPalLayerSettings()
    settings.fieldName = "text"
    settings.placement = QgsPalLayerSettings.Placement.OverPoint
    settings.setFormat(_format(page, role, factor))
    show_every_label(settings)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
    return layer


def _leaders(plan: Plan, role: str, puts: Sequence[Put], paper: _Paper, factor: float) -> QgsVectorLayer:
    rows = [
        (QgsGeometry.fromPolylineXY([paper.point(put.x, put.y), paper.point(*put.leader)]), put.text)
        for put in puts
        if put.leader is not None
    ]
    layer = _memory(plan, f"{role} leaders", "LineString", rows)
    symbol = QgsLineSymbol.createSimple({"line_color": _COLOUR[role].name()})
    symbol.setWidth(_LEADER_WIDTH * factor)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return layer


def _memory(plan: Plan, name: str, kind: str, rows: Sequence[Tuple[QgsGeometry, str]]) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{kind}?field=text:string(200)", name, "memory")
    layer.setCrs(plan.crs)
    features = []
    for geometry, text in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(geometry)
        feature.setAttributes([text])
        features.append(feature)
    plan.add(layer, features)
    return layer


def _format(page: Page, role: str, factor: float) -> QgsTextFormat:
    font = QFont(page.family)
    font.setBold(role != VILLAGES)
    style = QgsTextFormat()
    style.setFont(font)
    style.setSize(_SIZE[role] * factor * POINTS_PER_MM)
    style.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    style.setColor(_COLOUR[role])
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(_HALO * factor)
    halo.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    halo.setColor(QColor(255, 255, 255))
    style.setBuffer(halo)
    return style
