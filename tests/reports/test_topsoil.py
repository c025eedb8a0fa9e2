"""T18 and its list of flows: every sum closes; the flow map is a picture with its words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.core.test_topsoil import places, plan
from tests.reports.conftest import words_of
from three_opt_three_protect.core.topsoilplan import TopsoilPlan
from three_opt_three_protect.reports.chartpage import SVG
from three_opt_three_protect.reports.topsoil import flow_table, topsoil_table
from three_opt_three_protect.reports.topsoilchart import Shapes, TopsoilPicture, topsoil_chart

ZH = words_of("zh")


@pytest.fixture
def found() -> TopsoilPlan:
    return plan(
        places([123_456, 100_001], [0, 900], days=["2016-01-01", "2016-01-01"]),
        places([50_000, 30_000], [100, 1000], "reclaim", days=["2017-01-01", "NaT"]),
        places([60_000], [500], "storage"),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_t18_closes(found: TopsoilPlan, language: str) -> None:
    table = topsoil_table(found, words_of(language))
    assert table.number == "T18"
    # Two donors and their sum, two receivers and theirs, one store and its, the balance.
    assert len(table.rows) == 9
    for row in table.rows:
        cell = {column.key: value for column, value in zip(table.columns, row.cells)}
        if cell["stripped"] is not None:
            assert round(cell["used"] + cell["stored"] + cell["spare"], 2) == cell["stripped"]
        if cell["needed"] is not None:
            assert round(cell["used"] + cell["short"], 2) == cell["needed"]
    balance = dict(zip((column.key for column in table.columns), table.rows[-1].cells))
    assert (balance["stripped"], balance["needed"], balance["used"]) == (2234.57, 800.0, 800.0)
    assert (balance["stored"], balance["spare"], balance["short"]) == (600.0, 834.57, 0.0)


def test_the_destination_names_plots_and_volumes(found: TopsoilPlan) -> None:
    table = topsoil_table(found, ZH)
    assert table.values("other")[0].startswith("R0（500.00）")
    assert table.values("remark")[:2] == ["需土已满足", "需土已满足"]


def test_the_flows_add_up(found: TopsoilPlan) -> None:
    table = flow_table(found, ZH)
    assert table.total("volume") == 1400.0
    assert sum(table.values("volume")) == 1400.0
    assert table.values("days")[:2] == [366.0, None]


def test_a_plan_without_anything_prints() -> None:
    empty = plan(places([], []), places([], [], "reclaim"))
    assert topsoil_table(empty, ZH).rows[-1].cells[0] == "平衡"
    assert len(flow_table(empty, ZH).rows) == 1


def ring(x: float, y: float) -> Any:
    return (np.array([[x, y], [x + 90, y], [x + 90, y + 90], [x, y + 90], [x, y]], dtype=float),)


def picture(flows: int) -> TopsoilPicture:
    none = Shapes((), np.empty((0, 2)), (), np.empty(0))
    gives = Shapes((ring(0, 0),), np.array([[45.0, 45.0]]), ("N1",), np.array([900.0]))
    takes = Shapes((ring(2000, 800),), np.array([[2045.0, 845.0]]), ("R1",), np.array([900.0]))
    lines = np.stack([gives.points, takes.points], axis=1)[:flows]
    return TopsoilPicture(ring(-500, -500), gives, takes, none, lines, np.array([900.0])[:flows], (("table.T18", 1.0),))


@pytest.mark.parametrize("flows", [0, 1])
def test_the_flow_map_says_what_it_shows(flows: int) -> None:
    drawn = topsoil_chart(picture(flows), ZH, SVG).decode("utf-8")
    for word in ("耕作层剥离与再利用流向图", "N1", "R1", "剥离地块（1）"):
        assert word in drawn
    assert ("调配方量（立方米）" in drawn) == bool(flows)
    assert topsoil_chart(picture(flows), ZH)[:4] == b"\x89PNG"
    assert topsoil_chart(picture(flows), ZH, SVG).decode("utf-8") == drawn
