"""What every table of results is made of."""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Sequence

import numpy as np

from three_opt_three_protect.core.rules import Verdict
from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text


def figures(values: Sequence[Optional[float]], alias: str) -> Column:
    """Numbers with four decimals; None where one is not known."""
    return real([np.nan if value is None else value for value in values], alias=alias, width=20, decimals=4)


def result_table(name: str, columns: Mapping[str, Column]) -> LayerTable:
    """A table without geometry, its rows numbered from 1; it has at least one column."""
    count = len(next(iter(columns.values())))
    return LayerTable(name, np.arange(1, count + 1, dtype=np.int64), columns=dict(columns))


def verdict_columns(found: Sequence[Verdict]) -> Dict[str, Column]:
    """What every table of verdicts has: rule and unit, result, both sides, margin and basis."""
    return {
        "rule": text([verdict.rule for verdict in found], alias="规则", width=40),
        "unit_code": text([verdict.unit_code for verdict in found], alias="单位代码", width=60),
        "result": text([verdict.result for verdict in found], alias="结论", width=8),
        "hard": integer([int(verdict.hard) for verdict in found], alias="强制", width=1),
        "left": figures([verdict.left for verdict in found], "左值"),
        "right": figures([verdict.right for verdict in found], "右值"),
        "margin": figures([verdict.margin for verdict in found], "富余或尚缺"),
        "unit": text([verdict.unit for verdict in found], alias="计量单位", width=12),
        "basis": text([verdict.basis for verdict in found], alias="政策依据", width=200),
        "bas_status": text([verdict.basis_status for verdict in found], alias="依据核实状态", width=12),
    }
