"""One cause, one finding: what is wrong in every row is wrong with the layer.

A field that is empty from end to end, or written in the wrong unit, is one thing to put right; two hundred thousand
findings would hide it.
"""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.quality.case import Bools, Floats, Found, RuleSpec, on_layer


def gathered(
    rule: RuleSpec, wrong: Bools, asked: Bools, column: str = "", measure: Optional[Floats] = None, **values: Any
) -> Found:
    """What is wrong row by row, or once for the layer where every row asked is wrong, or nearly every one.

    Parameters
    ----------
    rule
        Option ``whole``: from so many wrong rows on they may be said at once; left out = never.  Option ``share``: of
        the rows asked so many must be wrong; left out = all.
    wrong
        ``(n,)`` the rows found.
    asked
        ``(n,)`` the rows that could have been found.
    column
        Field concerned.
    measure
        ``(n,)`` how much, of every row; a layer has the number of its rows instead.
    **values
        What the sentence names, :class:`Factor` or ``(n,)`` arrays of every row, or one for all; a layer has those of
        its first row.  ``rows``, how many rows a finding stands for, is added.
    """
    rows = np.flatnonzero(wrong)
    count = len(rows)
    needed = np.count_nonzero(asked) * float(rule.options.get("share", "1"))
    if "whole" in rule.options and count >= max(rule.option("whole"), needed):
        first = {name: _at(value, rows[:1]) for name, value in values.items()}
        return on_layer(column, float(count), rows=count, **first)
    chosen = {name: _at(value, rows) for name, value in values.items()}
    return Found(rows.astype(np.int64), column, None if measure is None else measure[rows], {"rows": 1, **chosen})


def _at(value: Any, rows: Any) -> Any:
    if isinstance(value, Factor):
        return value.levels[value.code[rows]]
    return value[rows] if isinstance(value, np.ndarray) else value
