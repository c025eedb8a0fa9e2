"""Tables → an .xlsx ready to print: merged headings, sums as live formulas, text that stays text."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.reports.table import Cell, Column, Kind, Row, Table, Words
from three_opt_three_protect.reports.tables import Sheet

TITLE_FONT = "黑体"
BODY_FONT = "宋体"

_A3, _A4 = 8, 9
_A4_CHARACTERS = 150.0
"""A wider sheet is printed on A3."""

_ROWS_AT_ONCE = 500
"""Rows written between two looks at the cancel button."""

_LINE = 15.0
_NOTE_SIZE, _BODY_SIZE, _HEAD_SIZE, _TITLE_SIZE = 9, 10, 10, 16


@dataclass(frozen=True)
class Heading:
    """What stands round every table.

    Attributes
    ----------
    plan
        Title of the plan.
    compiler
        The office that fills the tables in (填表单位).
    as_of
        Data time (数据时点).
    date
        ISO date of the workbook; also its creation date, so that the same plan gives the same file.
    maker, checker
        Left open for a signature where empty.
    """

    plan: str
    compiler: str
    as_of: str
    date: str
    maker: str = ""
    checker: str = ""


def write_workbook(
    path: Path, sheets: Sequence[Sheet], heading: Heading, words: Words, progress: Progress = SILENT
) -> None:
    """Write ``sheets`` into one workbook; an existing file is replaced.

    Raises
    ------
    InputError
        ``cannot_write``, ``not_written``.
    """
    content = workbook_bytes(sheets, heading, words, progress)
    try:
        path.write_bytes(content)
    except PermissionError as error:
        raise InputError("cannot_write", path=str(path)) from error
    except OSError as error:
        raise InputError("not_written", path=str(path), why=error.strerror or str(error)) from error


def workbook_bytes(sheets: Sequence[Sheet], heading: Heading, words: Words, progress: Progress = SILENT) -> bytes:
    """The workbook as bytes: the same sheets and heading give the same bytes."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    # Every property is set: what is left out would be filled with the clock or the user's name.
    book.set_properties(
        {
            "title": heading.plan,
            "subject": "",
            "author": heading.compiler,
            "manager": "",
            "company": heading.compiler,
            "category": "",
            "keywords": "",
            "comments": "",
            "created": datetime.strptime(heading.date, "%Y-%m-%d"),
        }
    )
    book.set_size(2400, 1600)
    formats = _Formats(book)
    links = {sheet.name for sheet in sheets}
    for sheet in sheets:
        _SheetWriter(book, sheet, heading, words, formats, links, progress).write()
    progress.check(0.0)
    book.close()
    return target.getvalue()


class _Formats:
    """Cell formats, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: Dict[Tuple[Tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        """A format of the body font, vertically centred, with ``properties``."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            look = {"font_name": BODY_FONT, "font_size": _BODY_SIZE, "valign": "vcenter", **properties}
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def cell(self, column: Column, strong: bool, alert: bool = False) -> Any:
        """The format of a body cell."""
        look: Dict[str, Any] = {"border": 1, "bold": strong or alert}
        if alert:
            look["font_color"] = "#C00000"
        if strong:
            look["bg_color"] = "#F2F2F2"
        if column.kind is Kind.TEXT:
            return self.get(text_wrap=True, align="left" if column.width > 19 else "center", **look)
        if column.kind is Kind.DATE:
            return self.get(num_format="yyyy-mm-dd", align="center", **look)
        align = "center" if column.decimals == 0 and column.kind is Kind.NUMBER else "right"
        return self.get(num_format=_number_format(column.decimals), align=align, **look)


def _number_format(decimals: Optional[int]) -> str:
    if decimals is None:
        return "General"
    if not decimals:
        return "0"
    digits = "0." + "0" * decimals
    # "_ " keeps a space off the border; a zero is printed short, so that the figures that matter stand out.
    return f"{digits}_ ;-{digits}_ ;0_ "


class _SheetWriter:
    """Writes one sheet from the top down."""

    def __init__(
        self,
        book: Any,
        sheet: Sheet,
        heading: Heading,
        words: Words,
        formats: _Formats,
        links: Set[str],
        progress: Progress,
    ) -> None:
        self.sheet, self.heading, self.words, self.formats, self.links = sheet, heading, words, formats, links
        self.progress = progress
        self.page = book.add_worksheet(sheet.name)
        self.widths = _sheet_widths(sheet.tables)
        self.row = 0

    @property
    def last(self) -> int:
        """Last column of the sheet."""
        return len(self.widths) - 1

    def write(self) -> None:
        """Write the tables and set the page up."""
        for place, width in enumerate(self.widths):
            self.page.set_column(place, place, width)
        body_start = 0
        for number, table in enumerate(self.sheet.tables):
            top = self.row
            self._title(table, first=number == 0)
            self._head(table)
            if number == 0:
                body_start = self.row
                self.page.repeat_rows(top, self.row - 1)
            self._body(table)
            self._foot(table)
            self.row += 1
        self._page_setup(body_start)

    def _title(self, table: Table, first: bool) -> None:
        size = _TITLE_SIZE if first else _TITLE_SIZE - 3
        title = self.formats.get(font_name=TITLE_FONT, font_size=size, align="center")
        self._across(0, self.last, table.title, title, 30.0)
        note = {"font_size": _NOTE_SIZE}
        if table.signed:
            left = self.words("page.compiler", compiler=self.heading.compiler)
            right = self.words("page.number", number=table.number) if table.number else ""
            self._ends(left, right, note)
            left = self.words("page.as_of", day=self.heading.as_of or "–")
            self._ends(left, self.words("page.unit", unit=table.unit), note)
        elif first:
            left = self.heading.plan
            self._ends(left, self.words("page.date", day=self.heading.date), note)

    def _ends(self, left: str, right: str, look: Dict[str, Any]) -> None:
        """One line with words at both ends."""
        middle = self._middle()
        self.page.set_row(self.row, _LINE)
        self._range(self.row, 0, self.row, middle, left, self.formats.get(align="left", **look))
        self._range(self.row, middle + 1, self.row, self.last, right, self.formats.get(align="right", **look))
        self.row += 1

    def _middle(self) -> int:
        """The column that ends nearest to half of the sheet's width, never the last."""
        half, done = sum(self.widths) / 2, 0.0
        for place, width in enumerate(self.widths[:-1]):
            done += width
            if done >= half:
                return place
        return max(len(self.widths) - 2, 0)

    def _head(self, table: Table) -> None:
        look = self.formats.get(
            font_name=TITLE_FONT, font_size=_HEAD_SIZE, align="center", text_wrap=True, border=1, bg_color="#DDE7DD"
        )
        starts, boxes = _starts(table), _head_boxes(table)
        for level in range(table.depth):
            needed = [
                math.ceil(_lines(box.text, self._room(table, box.first, box.last)) / (box.bottom - box.top + 1))
                for box in boxes
                if box.top <= level <= box.bottom
            ]
            self.page.set_row(self.row + level, _LINE * max(needed) + 4)
        for box in boxes:
            right = starts[box.last] + table.columns[box.last].span - 1
            self._range(self.row + box.top, starts[box.first], self.row + box.bottom, right, box.text, look)
        self.row += table.depth

    def _room(self, table: Table, first: int, last: int) -> float:
        """Characters from the column ``first`` of a table to the column ``last``."""
        starts = _starts(table)
        return sum(self.widths[starts[first] : starts[last] + table.columns[last].span])

    def _body(self, table: Table) -> None:
        top = self.row
        merged = _merged_below(table)
        covered = _covered(table)
        starts = _starts(table)
        rooms = [self._room(table, place, place) for place in range(len(table.columns))]
        for number, row in enumerate(table.rows):
            if number % _ROWS_AT_ONCE == 0:
                self.progress.check(0.0)
            self.page.set_row(self.row, _row_height(table, number, row, merged, rooms))
            for place, column in enumerate(table.columns):
                if (number, place) not in covered:
                    bottom = merged.get((number, place), number)
                    self._cell(table, top, starts[place], number, place, bottom, row, column)
            self.row += 1

    def _cell(
        self, table: Table, top: int, start: int, number: int, place: int, bottom: int, row: Row, column: Column
    ) -> None:
        end = start + column.span - 1
        if row.adds is not None and isinstance(row.cells[place], str):
            end = start + _label_span(table, row, place) - 1
        cell, look = row.cells[place], self.formats.cell(column, row.adds is not None, row.alert)
        if row.adds is not None and column.kind is Kind.TEXT:
            look = self.formats.get(align="center", text_wrap=True, border=1, bold=True, bg_color="#F2F2F2")
        formula = None if cell is None else _formula(table, top, number, place)
        if formula is not None:
            self.page.write_formula(top + number, start, formula, look, cell)
        elif isinstance(cell, str) and column.key == "sheet" and cell in self.links:
            link = self.formats.get(align="center", border=1, font_color="#1F4E79", underline=1)
            self.page.write_url(top + number, start, f"internal:'{cell}'!A1", link, cell)
        else:
            self._range(top + number, start, top + bottom, end, cell, look, column.kind)

    def _foot(self, table: Table) -> None:
        note = self.formats.get(font_size=_NOTE_SIZE, text_wrap=True, align="left", valign="top")
        for number, text in enumerate(table.notes):
            text = self.words("page.note", text=text) if number == 0 else "　　" + text
            self._across(0, self.last, text, note, (_NOTE_SIZE + 4) * _lines(text, sum(self.widths)) + 1)
        if table.signed:
            line = self.words(
                "page.signed",
                maker=self.heading.maker or "＿＿＿＿＿＿",
                checker=self.heading.checker or "＿＿＿＿＿＿",
                day=self.heading.date,
            )
            self.row += 1
            self._across(0, self.last, line, self.formats.get(align="right"), 20.0)

    def _across(self, first: int, last: int, text: str, look: Any, height: float) -> None:
        self.page.set_row(self.row, height)
        self._range(self.row, first, self.row, last, text, look)
        self.row += 1

    def _range(
        self, top: int, left: int, bottom: int, right: int, cell: Cell, look: Any, kind: Kind = Kind.TEXT
    ) -> None:
        """Write into one cell or a merged range; text is never taken for a formula, number or link."""
        if (top, left) != (bottom, right):
            self.page.merge_range(top, left, bottom, right, "", look)
        if cell is None:
            self.page.write_blank(top, left, None, look)
        elif isinstance(cell, str) and kind is Kind.DATE:
            self.page.write_datetime(top, left, datetime.strptime(cell, "%Y-%m-%d"), look)
        elif isinstance(cell, str):
            self.page.write_string(top, left, cell, look)
        else:
            self.page.write_number(top, left, cell, look)

    def _page_setup(self, body_start: int) -> None:
        page = self.page
        page.set_landscape()
        page.set_paper(_A3 if sum(self.widths) > _A4_CHARACTERS else _A4)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.center_horizontally()
        page.fit_to_pages(1, 0)
        page.print_area(0, 0, self.row - 1, self.last)
        page.set_footer(f'&C&"{BODY_FONT},Regular"&9' + self.words("page.pages", page="&P", pages="&N"))
        page.freeze_panes(body_start, _frozen_columns(self.sheet.tables[0]))
        page.hide_gridlines(2)


def _sheet_widths(tables: Sequence[Table]) -> List[float]:
    """Widths of the sheet's columns: those of the table that divides it most finely."""
    finest = max(tables, key=lambda table: (sum(column.span for column in table.columns), len(table.columns)))
    widths: List[float] = []
    for column in finest.columns:
        widths += [column.width / column.span] * column.span
    return widths


def _row_height(
    table: Table, number: int, row: Row, merged: Dict[Tuple[int, int], int], rooms: Sequence[float]
) -> float:
    lines = 1
    for place, (cell, column) in enumerate(zip(row.cells, table.columns)):
        if isinstance(cell, str) and (number, place) not in merged and not column.merged and row.adds is None:
            lines = max(lines, _lines(cell, rooms[place]))
    return _LINE * lines + 3


def _starts(table: Table) -> List[int]:
    """Sheet column in which each column of the table starts."""
    out, at = [], 0
    for column in table.columns:
        out.append(at)
        at += column.span
    return out


@dataclass(frozen=True)
class _HeadBox:
    """One heading: the columns and the levels it covers."""

    text: str
    first: int
    last: int
    top: int
    bottom: int


def _head_boxes(table: Table) -> List[_HeadBox]:
    """Headings of a table: titles reach down to the body, equal neighbouring groups are one."""
    boxes = []
    for place, column in enumerate(table.columns):
        boxes.append(_HeadBox(column.title, place, place, len(column.groups), table.depth - 1))
        for level in range(len(column.groups)):
            head = column.groups[: level + 1]
            if place and table.columns[place - 1].groups[: level + 1] == head:
                continue
            last = place
            while last + 1 < len(table.columns) and table.columns[last + 1].groups[: level + 1] == head:
                last += 1
            boxes.append(_HeadBox(head[-1], place, last, level, level))
    return boxes


def _merged_below(table: Table) -> Dict[Tuple[int, int], int]:
    """(row, column) of a merged cell → its last row."""
    out: Dict[Tuple[int, int], int] = {}
    for place, column in enumerate(table.columns):
        if not column.merged:
            continue
        start = 0
        for number in range(1, len(table.rows) + 1):
            if number == len(table.rows) or _key(table, number, place) != _key(table, start, place):
                if number - 1 > start:
                    out[(start, place)] = number - 1
                start = number
    return out


def _key(table: Table, number: int, place: int) -> Tuple[Cell, ...]:
    """What must be equal for two cells to be one: the cell and all merged cells to its left."""
    row = table.rows[number]
    if row.adds is not None and number == len(table.rows) - 1:
        return (number,)
    return tuple(cell for cell, column in zip(row.cells[: place + 1], table.columns) if column.merged)


def _covered(table: Table) -> Set[Tuple[int, int]]:
    """Cells that lie under a merged one."""
    out: Set[Tuple[int, int]] = set()
    for (number, place), bottom in _merged_below(table).items():
        out.update((below, place) for below in range(number + 1, bottom + 1))
    for number, row in enumerate(table.rows):
        if row.adds is not None:
            for place, cell in enumerate(row.cells):
                if isinstance(cell, str):
                    out.update((number, place + step) for step in range(1, _label_span(table, row, place)))
    return out


def _label_span(table: Table, row: Row, place: int) -> int:
    """Columns a label of a sum row covers: the empty text cells to its right belong to it."""
    if table.columns[place].merged and place + 1 < len(row.cells) and row.cells[place + 1] is not None:
        return 1
    end = place + 1
    while end < len(row.cells) and row.cells[end] is None and table.columns[end].kind is Kind.TEXT:
        end += 1
    return end - place


def _formula(table: Table, top: int, number: int, place: int) -> Optional[str]:
    """The live formula of a sum: down the rows of a sum row, or across the columns of a calculated one."""
    row, column, starts = table.rows[number], table.columns[place], _starts(table)
    if row.adds is not None:
        if not column.total:
            return None
        first, last = row.adds
        nested = any(table.rows[at].adds is not None for at in range(first, last + 1) if at != number)
        inner = any(table.rows[at].adds is not None for at in range(len(table.rows) - 1))
        cells = f"{xl_rowcol_to_cell(top + first, starts[place])}:{xl_rowcol_to_cell(top + last, starts[place])}"
        # SUBTOTAL leaves other sub-totals out, so that a total over them counts every row once.
        return f"=SUBTOTAL(9,{cells})" if nested or inner else f"=SUM({cells})"
    if not column.terms:
        return None
    parts = []
    for key, sign in column.terms:
        parts.append(("+" if sign > 0 else "-") + xl_rowcol_to_cell(top + number, starts[table.index(key)]))
    return "=" + "".join(parts).lstrip("+")


def _frozen_columns(table: Table) -> int:
    """The leading text columns that name a row, at most two."""
    return min(2, next((place for place, column in enumerate(table.columns) if column.kind is not Kind.TEXT), 0))


def _lines(text: str, width: float) -> int:
    """Printed lines ``text`` needs in ``width`` characters; a Chinese character is two wide."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
    return max(1, math.ceil(wide / max(width - 1, 1)))
