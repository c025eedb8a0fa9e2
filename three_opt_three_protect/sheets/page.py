"""One page of paper: text, lines, boxes and polygons put at millimetres.

Everything placed is remembered as a box, so that a test can see that nothing lies on anything else.
"""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

from qgis.core import (
    QgsFillSymbol,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemPolygon,
    QgsLayoutItemPolyline,
    QgsLayoutItemShape,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsProject,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QPointF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPolygonF

from three_opt_three_protect.bridge.compat import set_label_font
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.sheets.frame import Box

MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters
POINTS_PER_MM = 72 / 25.4
INK = QColor(20, 20, 20)

LEFT, CENTRE, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
_MEASURE = 40
"""Text is measured this many times larger and scaled down: font metrics come in whole pixels."""


def chinese_font(families: Sequence[str]) -> str:
    """The first of ``families`` that is installed.

    Raises
    ------
    InputError
        ``no_chinese_font``: every Chinese character would be printed as a box.
    """
    database = QFontDatabase()
    installed = set(database.families())
    for family in families:
        if family in installed:
            return family
    raise InputError("no_chinese_font", fonts=", ".join(families[:4]))


class Page:
    """A layout of one page and its pen.

    Parameters
    ----------
    project
        The layout's; never the user's.
    width, height
        Of the paper, mm.
    factor
        By which the sizes given to the methods are multiplied; places are given in final mm.
    family
        Font of everything.
    """

    def __init__(self, project: QgsProject, width: float, height: float, factor: float, family: str) -> None:
        self.layout = QgsPrintLayout(project)
        self.layout.initializeDefaults()
        self.layout.pageCollection().page(0).setPageSize(QgsLayoutSize(width, height, MM))
        self.box = Box(0.0, 0.0, width, height)
        self.factor = factor
        self.family = family
        self.placed: List[Tuple[str, Box]] = []

    def font(self, size: float, bold: bool = False) -> QFont:
        """The page's font, ``size`` mm high times the factor."""
        font = QFont(self.family)
        font.setPointSizeF(size * self.factor * POINTS_PER_MM)
        font.setBold(bold)
        return font

    def text_width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of one line, mm on the paper."""
        font = QFont(self.family)
        font.setPixelSize(_MEASURE)
        font.setBold(bold)
        return float(QFontMetricsF(font).horizontalAdvance(text)) / _MEASURE * size * self.factor

    def fitting(self, text: str, size: float, width: float, bold: bool = False) -> float:
        """``size``, or as much smaller as it takes for the longest line to fit into ``width`` mm."""
        longest = max(self.text_width(line, size, bold) for line in text.split("\n"))
        return size if longest <= width else size * width / longest

    def text(
        self,
        text: str,
        box: Box,
        size: float,
        align: Any = LEFT,
        bold: bool = False,
        colour: QColor = INK,
        what: str = "text",
    ) -> QgsLayoutItemLabel:
        """A label in the middle of the height of ``box``, made smaller when it does not fit."""
        item = QgsLayoutItemLabel(self.layout)
        set_label_font(item, self.font(self.fitting(text, size, box.width * 0.995, bold), bold), colour)
        item.setText(text)
        item.setMarginX(0)
        item.setMarginY(0)
        item.setHAlign(align)
        item.setVAlign(Qt.AlignmentFlag.AlignVCenter)
        self.put(item, box, what)
        return item

    def put(self, item: QgsLayoutItem, box: Box, what: str = "") -> None:
        """Place ``item``; ``what`` is remembered with its box."""
        self.layout.addLayoutItem(item)
        item.attemptMove(QgsLayoutPoint(box.x, box.y, MM))
        item.attemptResize(QgsLayoutSize(box.width, box.height, MM))
        item.setId(what)
        if what:
            self.placed.append((what, box))

    def rectangle(self, box: Box, symbol: QgsFillSymbol, what: str = "") -> None:
        """A rectangle."""
        item = QgsLayoutItemShape(self.layout)
        item.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
        item.setSymbol(symbol)
        self.put(item, box, what)

    def frame(self, box: Box, width: float) -> None:
        """An empty rectangle with a line of ``width`` mm."""
        self.rectangle(box, fill_symbol(None, INK, width * self.factor))

    def line(self, points: Sequence[Tuple[float, float]], width: float, colour: QColor = INK) -> None:
        """A line of ``width`` mm through ``points``."""
        symbol = QgsLineSymbol.createSimple({"line_color": colour.name(), "capstyle": "flat"})
        symbol.setWidth(width * self.factor)
        self.symbol_line(points, symbol)

    def symbol_line(self, points: Sequence[Tuple[float, float]], symbol: QgsLineSymbol) -> None:
        """A line of any kind through ``points``."""
        item = QgsLayoutItemPolyline(QPolygonF([QPointF(x, y) for x, y in points]), self.layout)
        item.setSymbol(symbol)
        self.layout.addLayoutItem(item)

    def polygon(self, points: Sequence[Tuple[float, float]], fill: Optional[QColor], width: float) -> None:
        """A polygon."""
        item = QgsLayoutItemPolygon(QPolygonF([QPointF(x, y) for x, y in points]), self.layout)
        item.setSymbol(fill_symbol(fill, INK, width * self.factor))
        self.layout.addLayoutItem(item)


def fill_symbol(fill: Optional[QColor], line: Optional[QColor], width: float) -> QgsFillSymbol:
    """A plain fill; None = none."""
    return QgsFillSymbol.createSimple(
        {
            "color": (fill or INK).name(),
            "style": "no" if fill is None else "solid",
            "outline_color": (line or INK).name(),
            "outline_style": "no" if line is None else "solid",
            "outline_width": f"{width:.3f}",
            "joinstyle": "miter",
        }
    )
