"""What every sheet has round its map: title, neat lines, coordinates, north arrow, scale, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from qgis.core import QgsLayoutItemMap, QgsLayoutItemMapGrid, QgsLineSymbol, QgsUnitTypes
from qgis.PyQt.QtGui import QColor

from three_opt_three_protect.sheets.frame import Box, Extent, bar_step, grid_values
from three_opt_three_protect.sheets.page import CENTRE, INK, LEFT, RIGHT, Page

MARGIN, TOP, BOTTOM, PANEL, AIR = 10.0, 24.0, 18.0, 98.0, 3.5
RING, PLAIN_RING = 8.0, 2.5
"""Between the neat lines (内图廓, 外图廓), with and without coordinates."""

TITLE_SIZE, NOTE_SIZE, SCALE_SIZE, TICK_SIZE = 7.4, 2.9, 4.4, 1.95
OUTER_LINE, NEAT_LINE, THIN_LINE, CROSS_LINE = 0.9, 0.25, 0.13, 0.1
TICK, CROSS = 1.3, 3.0
BAR_LENGTH, BAR_HEIGHT = 72.0, 1.5
BLANK = "＿" * 5


@dataclass(frozen=True)
class Plate:
    """The parts of the paper: outer neat line, map, panel to its right, strips above and below."""

    outer: Box
    map: Box
    panel: Box
    head: Box
    foot: Box


def plate(paper: Box, factor: float, coordinates: bool) -> Plate:
    """Divide ``paper``; every measure grows with ``factor``."""
    margin, ring = MARGIN * factor, (RING if coordinates else PLAIN_RING) * factor
    outer = Box(margin, TOP * factor, paper.width - 2 * margin, paper.height - (TOP + BOTTOM) * factor)
    panel = Box(outer.right - PANEL * factor, outer.y, PANEL * factor, outer.height)
    inner = Box(outer.x + ring, outer.y + ring, outer.width - panel.width - 2 * ring, outer.height - 2 * ring)
    head = Box(outer.x, 6 * factor, outer.width, outer.y - 8 * factor)
    foot = Box(outer.x, outer.bottom + 1.5 * factor, outer.width, 13 * factor)
    return Plate(outer, inner, panel.inset(AIR * factor), head, foot)


def draw_neat_lines(page: Page, place: Plate) -> None:
    """Outer line, inner line, and the line between map and panel."""
    page.frame(place.outer, OUTER_LINE)
    page.frame(place.map, NEAT_LINE)
    left = place.panel.x - AIR * page.factor
    page.line([(left, place.outer.y), (left, place.outer.bottom)], NEAT_LINE)


def draw_head(page: Page, place: Plate, title: str, stamps: Sequence[str]) -> None:
    """The title, and what is filled in by hand at the right (密级, 编号, 审图号)."""
    side = 52 * page.factor
    head = place.head
    page.text(
        title, Box(head.x + side, head.y, head.width - 2 * side, head.height), TITLE_SIZE, CENTRE, True, what="title"
    )
    stamp = Box(head.right - side, head.y, side, head.height)
    page.text("\n".join(stamps), stamp, NOTE_SIZE, RIGHT, what="stamp")


def draw_foot(page: Page, place: Plate, scale: int, left: Sequence[str], right: Sequence[str]) -> None:
    """Notes at the left and right, the scale in the middle."""
    foot = place.foot
    side = (foot.width - (BAR_LENGTH + 40) * page.factor) / 2
    page.text("\n".join(left), Box(foot.x, foot.y, side, foot.height), NOTE_SIZE, LEFT, what="notes")
    page.text("\n".join(right), Box(foot.right - side, foot.y, side, foot.height), NOTE_SIZE, RIGHT, what="imprint")
    middle = Box(foot.x + side, foot.y, foot.width - 2 * side, foot.height)
    draw_scale(page, middle, scale)


def draw_scale(page: Page, box: Box, scale: int) -> None:
    """1:40 000 over a bar of four segments."""
    factor = page.factor
    page.text(spaced(scale), Box(box.x, box.y, box.width, 5.4 * factor), SCALE_SIZE, CENTRE, True, what="scale")
    metres, count = bar_step(scale, BAR_LENGTH * factor)
    step = metres * 1000.0 / scale
    left, top = box.x + (box.width - count * step) / 2, box.y + 9.4 * factor
    kilometres = metres * count >= 2000
    for number in range(count + 1):
        figure = metres * number
        label = f"{figure / 1000:g}" if kilometres else f"{figure}"
        if number == count:
            label += "千米" if kilometres else "米"
        place = Box(left + number * step - step / 2, top - 3.2 * factor, step, 3 * factor)
        page.text(label, place, 2.3, CENTRE, what="bar label")
    for number in range(count):
        x = left + number * step
        corners = [(x, top), (x + step, top), (x + step, top + BAR_HEIGHT * factor), (x, top + BAR_HEIGHT * factor)]
        page.polygon(corners, INK if number % 2 == 0 else QColor("white"), THIN_LINE)


def spaced(scale: int) -> str:
    """40000 → 1:40 000."""
    return "1:" + f"{scale:,}".replace(",", " ")


def draw_north(page: Page, box: Box) -> None:
    """An arrow to grid north with 北 above it."""
    letter = 5.0 * page.factor
    page.text("北", Box(box.x, box.y, box.width, letter), 3.8, CENTRE, True, what="north")
    top, bottom, middle = box.y + letter + 0.4 * page.factor, box.bottom, box.x + box.width / 2
    half, notch = 3.4 * page.factor, bottom - 3.6 * page.factor
    page.polygon([(middle, top), (middle - half, bottom), (middle, notch)], QColor("white"), 0.2)
    page.polygon([(middle, top), (middle + half, bottom), (middle, notch)], INK, 0.2)


def draw_coordinates(page: Page, place: Plate, extent: Extent, step: int) -> None:
    """Ticks and kilometres between the neat lines: eastings above and below, northings at both sides."""
    frame, outer, factor = place.map, place.outer, page.factor
    tick = TICK * factor
    right_ring = place.panel.x - AIR * factor
    for value in grid_values(extent.west, extent.east, step):
        x = frame.x + (value - extent.west) / extent.width * frame.width
        label, half = kilometres_label(value, step), 8 * factor
        if x - frame.x < half / 2 or frame.right - x < half / 2:
            continue
        for edge, way, far in ((frame.y, -1, outer.y), (frame.bottom, 1, outer.bottom)):
            page.line([(x, edge), (x, edge + way * tick)], NEAT_LINE)
            top = min(edge + way * tick, far)
            band = Box(x - half, top, 2 * half, abs(far - edge) - tick)
            page.text(label, band, TICK_SIZE, CENTRE, what="easting")
    for value in grid_values(extent.south, extent.north, step):
        y = frame.bottom - (value - extent.south) / extent.height * frame.height
        label, half = kilometres_label(value, step), 2 * factor
        if y - frame.y < half or frame.bottom - y < half:
            continue
        for edge, way, far in ((frame.x, -1, outer.x), (frame.right, 1, right_ring)):
            page.line([(edge, y), (edge + way * tick, y)], NEAT_LINE)
            clear = far - way * OUTER_LINE * factor / 2
            left = min(edge + way * tick, clear)
            band = Box(left, y - half, abs(clear - edge) - tick, 2 * half)
            page.text(label, band, TICK_SIZE, CENTRE, what="northing")


def kilometres_label(value: int, step: int) -> str:
    """Kilometres, with a decimal only when the grid is finer than that."""
    decimals = 0 if step % 1000 == 0 else (1 if step % 100 == 0 else 2)
    return f"{value / 1000:.{decimals}f}"


def add_grid_crosses(item: QgsLayoutItemMap, step: int, factor: float) -> None:
    """A small cross where grid lines meet."""
    grid = QgsLayoutItemMapGrid("grid", item)
    grid.setIntervalX(step)
    grid.setIntervalY(step)
    grid.setUnits(QgsLayoutItemMapGrid.GridUnit.MapUnit)
    grid.setStyle(QgsLayoutItemMapGrid.GridStyle.Cross)
    grid.setCrossLength(CROSS * factor / 2)
    symbol = QgsLineSymbol.createSimple({"line_color": "#555555", "capstyle": "flat"})
    symbol.setWidth(CROSS_LINE * factor)
    symbol.setOutputUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    grid.setLineSymbol(symbol)
    grid.setFrameStyle(QgsLayoutItemMapGrid.FrameStyle.NoFrame)
    grid.setAnnotationEnabled(False)
    item.grids().addGrid(grid)
