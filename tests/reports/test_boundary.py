"""T25: what stands in the table of boundary points, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.reports.conftest import words_of
from three_opt_three_protect.core.boundarypoints import BoundaryPoints, boundary_points
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.numbering import Numbering
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.reports import boundary
from three_opt_three_protect.reports.boundary import PrintedPlots, boundary_table
from three_opt_three_protect.reports.table import Table

PLOTS = PrintedPlots(["JX-01", "JX-02"], ["安置", None], np.array([0.0012, 0.0004]), 4)


def points() -> BoundaryPoints:
    shapes = np.empty(2, dtype=np.object_)
    shapes[:] = [shapely.Polygon([(0, 0), (4, 0), (0, 3)]), shapely.box(10, 0, 12, 2)]
    return boundary_points(LayerTable("新村", np.arange(1, 3), shapes), Numbering(), 2)


def table() -> Table:
    found = points()
    return boundary_table(found, found.xy[:, 0] + 40_000_000, PLOTS, "J", ["注"], words_of("zh"))


def test_points_edges_and_a_sum_a_plot() -> None:
    found = table()
    assert (found.number, found.title, found.unit) == ("T25", "界址点坐标成果表", "米")
    assert [row.cells for row in found.rows[:5]] == [
        ("JX-01", "安置", 1, "J1", 3.0, 40000000.0, 5.0),
        ("JX-01", "安置", 1, "J2", 0.0, 40000004.0, 4.0),
        ("JX-01", "安置", 1, "J3", 0.0, 40000000.0, 3.0),
        ("JX-01", "安置", 1, "J1", 3.0, 40000000.0, None),
        ("共 3 点，面积 0.0012 公顷", None, None, None, None, None, 12.0),
    ]
    assert found.rows[4].adds == (0, 3)
    assert found.rows[-1].cells[0] == "共 4 点，面积 0.0004 公顷"
    assert found.rows[-1].cells[-1] == 8.0
    assert [column.decimals for column in found.columns[4:]] == [2, 2, 2]


def test_more_points_than_a_sheet_has_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "_SHEET_ROWS", 10)
    with pytest.raises(InputError, match="survey_too_many_points"):
        table()
