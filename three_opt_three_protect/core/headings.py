"""Headings of a table that came in as its first row.

GDAL takes the first row of a sheet for headings only where the second one holds something that is no text. A list of
texts (opinions, a concordance of codes) therefore arrives with the names Field1, Field2 … and its headings as a row.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from three_opt_three_protect.core.tables import Kind, LayerTable


def with_headings(table: LayerTable) -> LayerTable:
    """The table with its first row as headings, where it is a plain one of texts named Field1, Field2 and so on.

    A column without a heading keeps its name; where two headings are alike the table stays as it is.
    """
    numbered = [f"Field{number}" for number in range(1, len(table.columns) + 1)]
    texts = all(column.kind is Kind.TEXT for column in table.columns.values())
    if table.geometry is not None or not len(table) or list(table.columns) != numbered or not texts:
        return table
    heads = [str(column.values[0] or "").strip() or name for name, column in table.columns.items()]
    if len(set(heads)) < len(heads) or heads == numbered:
        return table
    rest = table.take(np.arange(1, len(table)))
    return replace(rest, columns=dict(zip(heads, rest.columns.values())))
