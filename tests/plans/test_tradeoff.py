"""A frontier as a table and as a chart's figures."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Optional, Tuple

import numpy as np
import pytest

from three_opt_three_protect.core.allocation.tradeoff import TradeOff, check_pair
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.frontier import Point
from three_opt_three_protect.core.optimiser.problem import NOT_CHOSEN, OPTIMAL, Objective, Plan
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.tradeoff import frontier_figures, frontier_layer
from three_opt_three_protect.reports.comparison import FrontierFigures
from three_opt_three_protect.storage.messages import Messages

ZH = Messages("zh").text
PROPOSAL: Any = SimpleNamespace(
    problem=SimpleNamespace(reclaim_id=np.array(["R0", "R1"], dtype=object), newbuild_id=np.array(["N0"], dtype=object))
)


def point(first: float, second: float, bound: Optional[float], *chosen: int) -> Point:
    phase = np.full(2, NOT_CHOSEN)
    phase[list(chosen)] = 0
    return Point(first, second, bound, np.inf, Plan(OPTIMAL, phase, np.array([0]), first, bound, 0.0))


def traded(first: Tuple[str, str], second: Tuple[str, str], *points: Point) -> TradeOff:
    none = np.zeros(2), np.zeros(1)
    return TradeOff(Objective(*first, *none), Objective(*second, *none), points, 0)


MONEY, LAND, EDGE, MOVED = ("cost", "yuan"), ("cultivated", "m2"), ("contiguity", "m"), ("households", "households")
LESS, MORE = point(123_456.7, -10_000.0, 120_000.0, 0), point(200_000.0, -25_000.0, None, 0, 1)


def cells(layer: LayerTable, name: str) -> Any:
    return layer.columns[name].values.tolist()


def test_points_in_a_table() -> None:
    layer = frontier_layer(PROPOSAL, traded(MONEY, LAND, LESS, MORE))
    assert (cells(layer, "point"), cells(layer, "chosen")) == ([1, 2], ["R0,N0", "R0,R1,N0"])
    assert cells(layer, "first") == [123_456.7, 200_000.0]
    assert cells(layer, "second") == [10_000.0, 25_000.0]
    assert (cells(layer, "unit_1"), cells(layer, "unit_2")) == (["yuan"] * 2, ["m2"] * 2)
    assert (cells(layer, "reclaim"), cells(layer, "newbuild")) == ([1, 2], [1, 1])
    bound, unknown = cells(layer, "first_bnd")
    assert bound == 120_000.0
    assert np.isnan(unknown)


def test_no_points_no_rows() -> None:
    for nothing in (None, traded(MONEY, LAND)):
        assert len(frontier_layer(PROPOSAL, nothing).fid) == 0


def test_a_chart_in_ten_thousand_yuan_and_hectares() -> None:
    assert frontier_figures(traded(MONEY, LAND, LESS, MORE), ZH) == FrontierFigures(
        "复垦投资", "万元", "新增耕地", "公顷", (12.35, 20.0), (1.0, 2.5), (12.0, None), False, True
    )


def test_land_as_the_first_objective_has_its_bound_above() -> None:
    found = frontier_figures(traded(LAND, MOVED, point(-10_000.0, 3.0, -12_000.0, 0)), ZH)
    assert found == FrontierFigures("新增耕地", "公顷", "涉及户数", "户", (1.0,), (3.0,), (1.2,), True, False)


def test_contiguity_is_metres_of_edge() -> None:
    found = frontier_figures(traded(EDGE, MOVED, point(160.0, 0.0, 160.0, 0)), ZH)
    assert (found.first_title, found.unit_1, found.first) == ("未与耕地、其他复垦地块相接的边长", "米", (160.0,))


@pytest.mark.parametrize(("first", "second"), [("cost", "cost"), ("weighted", "cost"), ("cost", "weighted")])
def test_pairs_that_cannot_be_traded_off(first: str, second: str) -> None:
    with pytest.raises(InputError, match="frontier_pair"):
        check_pair(first, second)
    check_pair("cost", "contiguity")
