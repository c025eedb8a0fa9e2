"""What every table of results is made of."""

from __future__ import annotations

from typing import Mapping, Optional, Sequence

import numpy as np

from three_opt_three_protect.core.tables import Column, LayerTable, real


def figures(values: Sequence[Optional[float]], alias: str) -> Column:
    """Numbers with four decimals; None where one is not known."""
    return real([np.nan if value is None else value for value in values], alias=alias, width=20, decimals=4)


def result_table(name: str, columns: Mapping[str, Column]) -> LayerTable:
    """A table without geometry, its rows numbered from 1; it has at least one column."""
    count = len(next(iter(columns.values())))
    return LayerTable(name, np.arange(1, count + 1, dtype=np.int64), columns=dict(columns))
