"""A table as text for spreadsheets: nothing in it may become a formula, no code a number."""

from __future__ import annotations

import csv
import html
import io
from typing import List, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TEXT_CELL = "mso-number-format:'\\@'"


def is_number(text: str) -> bool:
    """A plain decimal number, as figures are written here."""
    return text.lstrip("-").replace(".", "", 1).isdecimal() if text else False


def safe(text: str) -> str:
    """``text`` on one line; what a spreadsheet would take for a formula gets an apostrophe in front."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_STARTS_A_FORMULA) and not is_number(line) else line


def as_tabs(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Tab-separated lines, the header first."""
    return "\n".join("\t".join(safe(cell) for cell in row) for row in [header, *rows]) + "\n"


def as_html(header: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    """The same for programs that paste formatted text: codes of 18 digits stay text.

    Parameters
    ----------
    numeric
        Which columns hold figures.
    """
    lines: List[str] = [_html_row(header, [False] * len(header), "th")]
    lines += [_html_row(row, numeric, "td") for row in rows]
    return "<meta charset='utf-8'><table>" + "".join(lines) + "</table>"


def _html_row(cells: Sequence[str], numeric: Sequence[bool], tag: str) -> str:
    out = []
    for cell, figure in zip(cells, numeric):
        plain = figure and is_number(cell)
        style = "" if plain else f' style="{_TEXT_CELL}"'
        out.append(f"<{tag}{style}>{html.escape(cell if plain else safe(cell))}</{tag}>")
    return f"<tr>{''.join(out)}</tr>"


def as_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Comma-separated lines; write them as UTF-8 with a mark so that Excel and WPS read Chinese."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in [header, *rows])
    return out.getvalue()
