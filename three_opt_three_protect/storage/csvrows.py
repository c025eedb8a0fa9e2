"""Shipped lists in CSV, line by line, with errors that name file and line."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Iterator, Mapping, NoReturn, Sequence, Tuple

from three_opt_three_protect.core.errors import SchemaError

_SHOWN = 80
"""Characters of a heading that a message shows."""


def csv_rows(path: Path, columns: Sequence[str]) -> Iterator[Tuple[int, Mapping[str, str]]]:
    """Number and cells of every line below the heading.

    Raises
    ------
    SchemaError
        ``resource_wrong_value``: the heading is another; ``resource_wrong_columns``: a line has more or fewer cells.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        heading = tuple(reader.fieldnames or ())
        if heading != tuple(columns):
            wrong_value(path, 1, columns[0], ",".join(heading)[:_SHOWN], ",".join(columns)[:_SHOWN])
        for row in reader:
            if None in row or None in row.values():
                count = sum(value is not None for value in row.values())
                raise SchemaError(
                    "resource_wrong_columns",
                    file=path.name,
                    line=reader.line_num,
                    count=count,
                    expected=len(columns),
                )
            yield reader.line_num, row


def wrong_value(path: Path, line: int, key: str, value: str, expected: str) -> NoReturn:
    """Refuse a cell.

    Raises
    ------
    SchemaError
        ``resource_wrong_value``.
    """
    raise SchemaError("resource_wrong_value", file=path.name, line=line, key=key, value=value, expected=expected)
