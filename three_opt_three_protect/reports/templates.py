"""Tables to fill in (人口户数表, 规划指标表, 单价表) as .xlsx with Chinese headings.

The headings are names the roles know, so a filled table is read back like any other layer.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any, List, Mapping, Sequence

import xlsxwriter

from three_opt_three_protect.core.roles import FieldSchema, RoleSchema
from three_opt_three_protect.core.tables import Kind
from three_opt_three_protect.reports.table import Words
from three_opt_three_protect.reports.workbook import BODY_FONT

_ROWS = 2000
"""Rows prepared for typing; more can be added below."""

_LIST = 255
"""What a spreadsheet takes as the list of a cell (ECMA-376)."""

Given = Mapping[str, Sequence[Any]]
"""Role field → values already known, row by row."""

NOTHING: Given = MappingProxyType({})


def template_bytes(
    schema: RoleSchema, choices: Mapping[str, Sequence[str]], words: Words, date: str, given: Given = NOTHING
) -> bytes:
    """A table to fill in; the same input gives the same bytes.

    Parameters
    ----------
    schema
        The role: one column a field, headed by its Chinese name.
    choices
        Role field → words that may be chosen.
    words
        Sentences, for the notes on the headings.
    date
        ISO date of the file.
    given
        What is known already, such as the names of the natural villages.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": schema.alias, "author": "", "created": datetime.strptime(date, "%Y-%m-%d")})
    sheet = book.add_worksheet(schema.alias[:31])
    head = {
        "font_name": BODY_FONT,
        "bold": True,
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    }
    needed, free = book.add_format({**head, "bg_color": "#FCE4D6"}), book.add_format({**head, "bg_color": "#E2EFDA"})
    for column, field in enumerate(schema.fields.values()):
        sheet.write_string(0, column, field.alias, needed if field.required else free)
        sheet.write_comment(0, column, _note(field, choices.get(field.id, ()), words), {"x_scale": 1.6, "y_scale": 0.8})
        sheet.set_column(column, column, _width(field), _cell(book, field))
        _validate(sheet, column, field, choices.get(field.id, ()))
        for row, value in enumerate(given.get(field.id, ()), 1):
            _write(sheet, row, column, value, _cell(book, field))
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    book.close()
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def _note(field: FieldSchema, choices: Sequence[str], words: Words) -> str:
    lines: List[str] = [words("template.required" if field.required else "template.optional")]
    lines.append(words(f"template.{field.kind.value}"))
    if choices:
        lines.append("、".join(choices))
    return "\n".join(lines)


def _width(field: FieldSchema) -> float:
    return min(max(2.4 * len(field.alias) + 2, field.width * 0.9, 10), 40)


def _cell(book: Any, field: FieldSchema) -> Any:
    look = {"font_name": BODY_FONT, "border": 1}
    if field.kind is Kind.TEXT:
        # codes such as 320509100201 stay text and keep every digit
        return book.add_format({**look, "num_format": "@"})
    if field.kind is Kind.INT:
        return book.add_format({**look, "num_format": "0"})
    return book.add_format({**look, "num_format": "0." + "0" * max(field.decimals, 1)})


def _validate(sheet: Any, column: int, field: FieldSchema, choices: Sequence[str]) -> None:
    if choices and sum(map(len, choices)) + len(choices) <= _LIST:
        rule = {"validate": "list", "source": list(choices), "error_type": "warning"}
        sheet.data_validation(1, column, _ROWS, column, rule)
    elif field.kind is Kind.INT:
        sheet.data_validation(1, column, _ROWS, column, {"validate": "integer", "criteria": ">=", "value": 0})
    elif field.kind is Kind.REAL:
        sheet.data_validation(1, column, _ROWS, column, {"validate": "decimal", "criteria": ">=", "value": 0})
