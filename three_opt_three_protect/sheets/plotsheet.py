"""拆旧建新布局图: where is demolished and where is built, on land classes and control lines."""

from __future__ import annotations

import math
from typing import List, Mapping, Optional

from qgis.core import QgsLayoutItemMap, QgsRectangle, QgsSingleSymbolRenderer, QgsVectorLayer
from qgis.PyQt.QtGui import QColor

from three_opt_three_protect.bridge.styles import KIND_FIELD, border_symbol, kind_of_value, kinds_of, style_layer
from three_opt_three_protect.sheets import words
from three_opt_three_protect.sheets.balancetable import draw_table, table_height
from three_opt_three_protect.sheets.borders import village_borders
from three_opt_three_protect.sheets.frame import Box, Extent, centred, choose_scale, grid_step
from three_opt_three_protect.sheets.furniture import (
    BLANK,
    Plate,
    add_grid_crosses,
    draw_coordinates,
    draw_foot,
    draw_head,
    draw_neat_lines,
    draw_north,
    plate,
)
from three_opt_three_protect.sheets.labels import label_layers
from three_opt_three_protect.sheets.legend import class_section, cultivated_symbol, draw_legend, plan_section
from three_opt_three_protect.sheets.page import CENTRE, Page, chinese_font
from three_opt_three_protect.sheets.plan import DRAWN, Plan, data_day, plan_name_and_period, read_figures, township_name
from three_opt_three_protect.sheets.request import SheetRequest
from three_opt_three_protect.sheets.settings import SheetSettings

TITLE = "拆旧建新布局图"
PLOT_ROLES = ("reclaim", "newbuild")
BASIC_SCALE = 10_000
"""The basic scale of township plans (08-maps 8.2b)."""
SOFT = 0.45
"""How far land classes step back behind the plots: 0 full colour, 1 white."""

_TABLE_TITLE = "拆旧建新平衡表"
_LEGEND_ORDER = ("reclaim", "newbuild", "retained", "farmland", "redline", "boundary", "township", "villages")
_NEIGHBOURS = ("north", "east", "south", "west")


def has_plots(plan: Plan) -> bool:
    """True when there is something to show."""
    return any(role in plan.layers for role in PLOT_ROLES)


def draw_plot_sheet(plan: Plan, request: SheetRequest, settings: SheetSettings) -> Page:
    """Build the sheet of an open plan.

    Raises
    ------
    InputError
        ``sheet_scale_too_large``, ``sheet_too_small``, ``no_chinese_font``.
    """
    width, height = settings.papers[request.size]
    factor = width / settings.papers["a3"][0]
    page = Page(plan.project, width, height, factor, chinese_font(settings.fonts))
    place = plate(page.box, factor, request.internal)
    scale = choose_scale(plan.extent(), place.map, settings.scales, request.scale)
    extent = centred(plan.extent(), place.map, scale)
    step = grid_step(scale, settings.grid_m, settings.grid_gap_mm * factor)
    small = scale > BASIC_SCALE
    item = _draw_map(page, plan, place, extent, request.pack, small)
    draw_neat_lines(page, place)
    if request.internal:
        draw_coordinates(page, place, extent, step)
        add_grid_crosses(item, step, factor)
    _draw_neighbours(page, place.map, plan.meta)
    _draw_words(page, place, plan, request, settings, scale)
    _draw_panel(page, place.panel, plan, request.pack, small)
    return page


def _draw_map(page: Page, plan: Plan, place: Plate, extent: Extent, pack: str, small: bool) -> QgsLayoutItemMap:
    # Symbols grow less than the paper: a larger sheet also shows more.
    factor = math.sqrt(page.factor)
    for role, layer in plan.layers.items():
        field = plan.field(role, "class_code" if role == "parcels" else KIND_FIELD.get(role, ""))
        if role != "parcels" or field:
            style_layer(layer, role, pack, field, plan.system, SOFT, factor, small)
    item = QgsLayoutItemMap(page.layout)
    page.put(item, place.map)
    item.setKeepLayerSet(True)
    item.setLayers([*label_layers(page, plan, extent, place.map, factor), *_drawn(plan, factor, small)])
    item.setCrs(plan.crs)
    item.setExtent(QgsRectangle(extent.west, extent.south, extent.east, extent.north))
    item.setBackgroundColor(QColor("white"))
    item.setFrameEnabled(False)
    page.layout.setReferenceMap(item)
    return item


def _drawn(plan: Plan, factor: float, small: bool) -> List[QgsVectorLayer]:
    """The layers from the top; of villages the borders, each drawn once."""
    drawn = []
    for role in DRAWN:
        if role in plan.layers and role != "villages":
            drawn.append(plan.layers[role])
        elif role in plan.layers:
            borders = village_borders(plan)
            borders.setRenderer(QgsSingleSymbolRenderer(border_symbol(kinds_of(role)[""], factor, small)))
            drawn.append(borders)
    return drawn


def _draw_neighbours(page: Page, frame: Box, meta: Mapping[str, str]) -> None:
    """Names of the units beyond the border, where the plan knows them (``neighbour.north`` …)."""
    size, air = 3.4, 1.2 * page.factor
    for side in _NEIGHBOURS:
        name = meta.get(f"neighbour.{side}", "")
        if not name:
            continue
        upright = side in ("east", "west")
        long, thick = 60 * page.factor, 5 * page.factor
        middle_x, middle_y = frame.x + frame.width / 2, frame.y + frame.height / 2
        box = {
            "north": Box(middle_x - long / 2, frame.y + air, long, thick),
            "south": Box(middle_x - long / 2, frame.bottom - air - thick, long, thick),
            "west": Box(frame.x + air, middle_y - long / 2, thick, long),
            "east": Box(frame.right - air - thick, middle_y - long / 2, thick, long),
        }[side]
        page.text("\n".join(name) if upright else name, box, size, CENTRE, what="neighbour")


def _draw_words(
    page: Page, place: Plate, plan: Plan, request: SheetRequest, settings: SheetSettings, scale: int
) -> None:
    township = township_name(plan)
    name, period = plan_name_and_period(plan, settings)
    stamps = [f"密级：{BLANK}", f"编号：{BLANK}"] if request.internal else [f"审图号：{BLANK}{BLANK}"]
    draw_head(page, place, words.title(township, name, period, TITLE), stamps)
    day = request.as_of or data_day(plan)
    left: List[str] = [words.crs_note(plan.crs_info, plan.crs.description(), settings.datums)]
    if day:
        left.append(f"数据时点：{words.long_date(day)}")
    right = [f"编制单位：{request.compiled_by or township + '人民政府'}", f"编制日期：{words.long_date(request.date)}"]
    draw_foot(page, place, scale, left, right)


def _draw_panel(page: Page, panel: Box, plan: Plan, pack: str, small: bool) -> None:
    """North arrow, legend and balance table, one under the other."""
    factor, figures = page.factor, read_figures(plan)
    head = Box(panel.x, panel.y, panel.width, 21 * factor)
    arrow = 12 * factor
    draw_north(page, Box(head.right - arrow - 4 * factor, head.y, arrow, head.height))
    page.text("图　例", Box(head.x, head.y, head.width, head.height), 5.2, CENTRE, True, what="legend title")
    note = _plots_note(plan)
    table = table_height(figures) * factor
    line = 5.5 * factor
    bottom = Box(panel.x, panel.bottom - table - line, panel.width, table)
    ground = cultivated_symbol(pack, SOFT)
    sections = [
        plan_section(plan, _LEGEND_ORDER, ground, math.sqrt(factor), small),
        class_section(plan, pack, SOFT),
    ]
    draw_legend(page, Box(panel.x, head.bottom, panel.width, bottom.y - head.bottom - 4 * factor), sections)
    draw_table(page, bottom, _TABLE_TITLE, figures)
    page.text(note, Box(panel.x, bottom.bottom, panel.width, line), 2.4, what="plots")


def _plots_note(plan: Plan) -> str:
    """How many plots of each kind."""
    out, new = (plan.layers.get(role) for role in PLOT_ROLES)
    moved = sum(kind_of_value("newbuild", use) == "resettlement" for use in plan.texts("newbuild", "use")) if new else 0
    inner = f"（其中农民安置 {moved} 个）" if moved else ""
    return f"注：拆旧地块 {_count(out)} 个，建新地块 {_count(new)} 个{inner}。"


def _count(layer: Optional[QgsVectorLayer]) -> int:
    return 0 if layer is None else int(layer.featureCount())
