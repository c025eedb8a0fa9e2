"""The small balance table on a sheet."""

from __future__ import annotations

from typing import Sequence

from three_opt_three_protect.sheets.figures import Figures, conclusion, table_rows
from three_opt_three_protect.sheets.frame import Box
from three_opt_three_protect.sheets.furniture import NEAT_LINE, THIN_LINE
from three_opt_three_protect.sheets.page import CENTRE, LEFT, RIGHT, Page

TITLE, ROW, LAST = 8.5, 6.4, 11.5
TITLE_SIZE, TEXT_SIZE = 4.2, 2.9
SHARES = (0.44, 0.28, 0.28)
"""Of the columns: name, hectares, mu."""
PAD = 1.5


def table_height(figures: Figures) -> float:
    """Of the whole table, before the page's factor."""
    return TITLE + ROW * (len(table_rows(figures)) + 1) + LAST


def draw_table(page: Page, box: Box, title: str, figures: Figures) -> None:
    """Title, head, one row a line of the accounts, and the verdicts, from the top of ``box``."""
    factor = page.factor
    page.text(title, Box(box.x, box.y, box.width, TITLE * factor), TITLE_SIZE, CENTRE, True, what="table title")
    rows = table_rows(figures)
    top = box.y + TITLE * factor
    height = ROW * factor
    bottom = top + height * (len(rows) + 1)
    widths = [share * box.width for share in SHARES]
    _cells(page, Box(box.x, top, box.width, height), widths, ("项目", "公顷", "亩"), head=True)
    for number, cells in enumerate(rows, 1):
        _cells(page, Box(box.x, top + number * height, box.width, height), widths, cells)
    last = Box(box.x, bottom, box.width, LAST * factor)
    _conclusion(page, last, widths[0] / 2, figures)
    for number in range(1, len(rows) + 2):
        y = top + number * height
        page.line([(box.x, y), (box.right, y)], THIN_LINE)
    for x in (box.x + widths[0], box.x + widths[0] + widths[1]):
        page.line([(x, top), (x, bottom)], THIN_LINE)
    page.line([(box.x + widths[0] / 2, bottom), (box.x + widths[0] / 2, last.bottom)], THIN_LINE)
    page.frame(Box(box.x, top, box.width, last.bottom - top), NEAT_LINE)


def _cells(page: Page, row: Box, widths: Sequence[float], cells: Sequence[str], head: bool = False) -> None:
    left, pad = row.x, PAD * page.factor
    for number, (width, text) in enumerate(zip(widths, cells)):
        align = CENTRE if head else (LEFT if number == 0 else RIGHT)
        page.text(text, Box(left + pad, row.y, width - 2 * pad, row.height), TEXT_SIZE, align, head, what="cell")
        left += width


def _conclusion(page: Page, row: Box, split: float, figures: Figures) -> None:
    pad = PAD * page.factor
    head, counts = conclusion(figures)
    page.text("结论", Box(row.x + pad, row.y, split - 2 * pad, row.height), TEXT_SIZE, CENTRE, True, what="cell")
    text = Box(row.x + split + pad, row.y, row.width - split - 2 * pad, row.height)
    page.text(f"{head}\n{counts}", text, TEXT_SIZE, LEFT, what="cell")
