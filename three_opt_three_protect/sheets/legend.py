"""The legend: only what is on the map, with the very symbols of the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Iterable, List, Optional, Sequence

from qgis.core import QgsFillSymbol, QgsLineSymbol, QgsSymbol, QgsVectorLayer

from three_opt_three_protect.bridge.compat import is_null
from three_opt_three_protect.bridge.stylepacks import load_pack, load_symbols
from three_opt_three_protect.bridge.styles import (
    KIND_FIELD,
    area_symbol,
    border_symbol,
    class_symbol,
    default_system,
    group_codes,
    kind_of_value,
    kinds_of,
)
from three_opt_three_protect.sheets.frame import Box
from three_opt_three_protect.sheets.page import Page
from three_opt_three_protect.sheets.plan import Plan

BORDERS = ("township", "villages")
"""Shown as a line in the legend, not as an area."""

COLUMNS = 2
ROW, SWATCH_WIDTH, SWATCH_HEIGHT, GAP = 8.2, 9.0, 4.6, 2.0
"""Of a legend that is not crowded, mm; :func:`draw_legend` closes it up when it must."""
HEADING, HEADING_SIZE, TEXT_SIZE = 8.4, 3.4, 2.9


@dataclass(frozen=True)
class Entry:
    """One swatch and its name; ``ground`` is what a transparent symbol lies on."""

    name: str
    symbol: QgsSymbol
    ground: Optional[QgsFillSymbol] = None


@dataclass(frozen=True)
class Section:
    """A heading and its entries."""

    heading: str
    entries: Sequence[Entry]

    def height(self, row: float) -> float:
        """Of the section with rows of ``row`` mm, before the page's factor."""
        return HEADING + row * math.ceil(len(self.entries) / COLUMNS) if self.entries else 0.0


def plan_section(
    plan: Plan, roles: Iterable[str], ground: Optional[QgsFillSymbol], factor: float, small: bool
) -> Section:
    """The lines and plots of ``roles`` that the plan has, kind by kind.

    Parameters
    ----------
    ground
        Cultivated land, which is what farmland is seen on.
    """
    entries = []
    for role in roles:
        if role not in plan.layers:
            continue
        kinds = kinds_of(role)
        for kind in present_kinds(plan, role):
            draw = border_symbol if role in BORDERS else area_symbol
            under = ground if role == "farmland" else None
            entries.append(Entry(kinds[kind].name, draw(kinds[kind], factor, small), under))
    return Section("规划要素", entries)


def present_kinds(plan: Plan, role: str) -> List[str]:
    """The kinds of ``role`` that occur, in the order of ``symbols.csv``."""
    field = plan.field(role, KIND_FIELD.get(role, ""))
    if not field:
        return [kind_of_value(role, None)] if role in KIND_FIELD else [""]
    found = {kind_of_value(role, value) for value in _unique(plan.layers[role], field)}
    return [kind for kind in kinds_of(role) if kind in found]


def cultivated_symbol(pack: str, soft: float) -> QgsFillSymbol:
    """What paddy looks like in ``pack``."""
    colours = load_pack(pack)
    return class_symbol(colours.entries[colours.entry_of["水田"]], soft)


def class_section(plan: Plan, pack: str, soft: float) -> Section:
    """The land classes that occur, in the order of the pack; codes nobody knows as 其他."""
    field = plan.field("parcels", "class_code")
    if not field:
        return Section("土地利用现状", ())
    values = [value for value in _unique(plan.layers["parcels"], field) if not is_null(value)]
    groups = group_codes(values, load_pack(pack), plan.system or default_system())
    entries = [Entry(entry.name, class_symbol(entry, soft)) for entry, _ in groups]
    if sum(len(codes) for _, codes in groups) < len(_unique(plan.layers["parcels"], field)):
        other = load_symbols()["other", ""]
        entries.append(Entry(other.name, area_symbol(other)))
    return Section("土地利用现状", entries)


def draw_legend(page: Page, box: Box, sections: Sequence[Section]) -> float:
    """Draw the sections from the top of ``box``; rows close up when there are many.

    Returns
    -------
    float
        Lower edge of what was drawn, mm.
    """
    headings = sum(HEADING for section in sections if section.entries) * page.factor
    rows = sum(math.ceil(len(section.entries) / COLUMNS) for section in sections)
    row = min(ROW * page.factor, (box.height - headings) / max(rows, 1))
    size = _text_size(page, box, sections, row)
    top = box.y
    for section in sections:
        if section.entries:
            heading = Box(box.x, top, box.width, HEADING * page.factor)
            page.text(section.heading, heading, HEADING_SIZE, bold=True, what="legend heading")
            top = _draw_entries(page, Box(box.x, heading.bottom, box.width, 0), section.entries, row, size)
    return top


def _text_size(page: Page, box: Box, sections: Sequence[Section], row: float) -> float:
    """One size for all names: the one at which the longest fits."""
    width = box.width / COLUMNS - (SWATCH_WIDTH + 2 * GAP) * page.factor
    names = [entry.name for section in sections for entry in section.entries]
    fitting = min((page.fitting(name, TEXT_SIZE, width) for name in names), default=TEXT_SIZE)
    return min(fitting, 0.62 * row / page.factor)


def _draw_entries(page: Page, box: Box, entries: Sequence[Entry], row: float, size: float) -> float:
    """Down the first column, then the second."""
    per_column = math.ceil(len(entries) / COLUMNS)
    width, swatch = box.width / COLUMNS, SWATCH_WIDTH * page.factor
    height = min(SWATCH_HEIGHT * page.factor, 0.74 * row)
    for number, entry in enumerate(entries):
        column, line = divmod(number, per_column)
        left, top = box.x + column * width, box.y + line * row
        _draw_swatch(page, Box(left, top + (row - height) / 2, swatch, height), entry)
        start = left + swatch + GAP * page.factor
        page.text(entry.name, Box(start, top, left + width - start, row), size, what="legend")
    return box.y + per_column * row


def _draw_swatch(page: Page, box: Box, entry: Entry) -> None:
    if isinstance(entry.symbol, QgsLineSymbol):
        middle = box.y + box.height / 2
        page.symbol_line([(box.x, middle), (box.right, middle)], entry.symbol)
        return
    if entry.ground is not None:
        page.rectangle(box, entry.ground)
    page.rectangle(box, entry.symbol, "swatch")


def _unique(layer: QgsVectorLayer, field: str) -> List[Any]:
    return list(layer.uniqueValues(layer.fields().lookupField(field)))
