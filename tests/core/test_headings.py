from __future__ import annotations

from typing import Dict, List, Optional

import numpy as np
import pytest

from three_opt_three_protect.core.headings import with_headings
from three_opt_three_protect.core.tables import Column, LayerTable, real, text


def sheet(columns: Dict[str, Column], rows: int) -> LayerTable:
    return LayerTable("意见", np.arange(2, 2 + rows), None, columns)


def texts(*rows: List[Optional[str]]) -> LayerTable:
    return sheet({f"Field{n}": text(list(values)) for n, values in enumerate(zip(*rows), 1)}, len(rows))


def test_a_first_row_of_headings_is_taken_for_them() -> None:
    table = with_headings(texts(["意见内容 ", "来源", None], ["保留桥", "菱塘村", "x"], ["拓宽路", None, None]))
    # The feature ids stay those of the rows of the sheet.
    assert table.fid.tolist() == [3, 4]
    assert {name: column.values.tolist() for name, column in table.columns.items()} == {
        "意见内容": ["保留桥", "拓宽路"],
        "来源": ["菱塘村", None],
        "Field3": ["x", None],
    }


@pytest.mark.parametrize(
    "table",
    [
        texts(["来源", "来源"], ["a", "b"]),
        texts([None, None], ["a", "b"]),
        sheet({"Field1": text(["来源", "a"]), "Field2": real([1.0, 2.0])}, 2),
        sheet({"Field1": text(["来源", "a"]), "备注": text(["x", "y"])}, 2),
        sheet({"Field1": text([])}, 0),
    ],
)
def test_what_is_no_such_sheet_stays_as_it_is(table: LayerTable) -> None:
    assert with_headings(table) is table
