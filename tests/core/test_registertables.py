"""Registers out of tables: figures, units, and what is refused."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.registertables import (
    low_efficient_stock,
    read_opinions,
    read_places,
    read_projects,
    read_stock,
)
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage.words import load_words

UNITS = load_words()["area_unit"]
KINDS = load_words()["stock_kind"]
ANSWERS = load_words()["adopted"]


def listed(**columns: List[Any]) -> LayerTable:
    made: Dict[str, tables.Column] = {}
    for name, values in columns.items():
        if any(isinstance(value, str) for value in values):
            made[name] = tables.text(values)
        else:
            made[name] = tables.real([np.nan if value is None else value for value in values])
    count = len(next(iter(columns.values())))
    return LayerTable("表", np.arange(1, count + 1), columns=made)


def own(table: LayerTable) -> Dict[str, str]:
    return {name: name for name in table.columns}


def refused(read: Any, table: LayerTable, *more: Any) -> InputError:
    with pytest.raises(InputError) as error:
        read(table, own(table), *more)
    return error.value


def test_stock_with_units_and_kinds() -> None:
    table = listed(
        stock_kind=["闲置土地", "low_efficiency", "批而未供"],
        area=[1.5, 30.0, None],
        unit=["公顷", "亩", None],
        since=[2009, None, None],
    )
    found = read_stock(table, own(table), KINDS, UNITS)
    assert [(each.number, each.kind, each.area, each.since) for each in found] == [
        ("", "idle", 15_000_00, 2009),
        ("", "low_efficiency", 20_000_00, None),
        ("", "approved_unsupplied", None, None),
    ]


def test_stock_without_an_area_is_measured() -> None:
    table = listed(stock_kind=["闲置", "空闲", "空闲"], area=[10.0, None, None])
    found = read_stock(table, own(table), KINDS, UNITS, np.array([99.0, 12.345, np.nan]))
    assert [each.area for each in found] == [1000, 1235, None]


@pytest.mark.parametrize(
    ("columns", "message_id", "field"),
    [
        ({"stock_kind": ["荒废"]}, "unknown_word", "stock_kind"),
        ({"stock_kind": [None, "闲置"]}, "unknown_word", "stock_kind"),
        ({"stock_kind": ["闲置"], "area": [-1.0]}, "amount_out_of_range", "area"),
        ({"stock_kind": ["闲置"], "area": [1.0], "unit": ["平米"]}, "unknown_word", "unit"),
        ({"stock_kind": ["闲置"], "since": [3]}, "no_year", "since"),
        ({"stock_kind": ["闲置"], "area": ["大约一亩"]}, "no_number", "area"),
        ({"area": [1.0]}, "field_needed", "stock_kind"),
    ],
)
def test_stock_that_is_refused(columns: Dict[str, List[Any]], message_id: str, field: str) -> None:
    error = refused(read_stock, listed(**columns), KINDS, UNITS)
    assert (error.message_id, error.values["field"]) == (message_id, field)


def test_enterprises_below_a_limit() -> None:
    table = listed(name=["甲厂", "乙厂", "丙厂"], far=[0.5, 1.2, None], tax_mu=[20.0, 15.0, None])
    limits = {"far": 0.8, "tax_mu": 15.0, "tax": 100.0}
    found = low_efficient_stock(table, own(table), limits, np.array([100.0, 200.0, 300.0]))
    # A limit that is reached is kept; what is not stated is not below.
    assert [(each.user, each.area, each.below) for each in found] == [("甲厂", 10_000, {"far": (0.5, 0.8)})]


def test_opinions() -> None:
    table = listed(opinion=["好", None, "不好"], adopted=["采纳", None, None], reply=["谢谢", None, None])
    found = read_opinions(table, own(table), ANSWERS)
    assert [(each.opinion, each.adopted, each.reply) for each in found] == [("好", "yes", "谢谢"), ("不好", None, None)]


@pytest.mark.parametrize(
    ("columns", "message_id"),
    [
        ({"opinion": ["好"], "adopted": ["也许"]}, "unknown_word"),
        ({"adopted": ["采纳"]}, "field_needed"),
        ({"opinion": ["好", None], "source": [None, "村民"]}, "register_row_incomplete"),
    ],
)
def test_opinions_that_are_refused(columns: Dict[str, List[Any]], message_id: str) -> None:
    assert refused(read_opinions, listed(**columns), ANSWERS).message_id == message_id


def test_projects() -> None:
    table = listed(
        project=["甲", None, "乙"],
        plots=["R1、 R2;N1", None, None],
        area=[None, None, 2.0],
        unit=[None, "公顷", "公顷"],
        invest=[100.5, None, None],
        start=[2015, None, None],
    )
    first, second = read_projects(table, own(table), UNITS, ["R1", "R2", "N1"])
    assert (first.plots, first.area, first.invest, first.start) == (("R1", "R2", "N1"), None, 100.5, 2015)
    assert (second.plots, second.area, second.invest) == ((), 20_000_00, None)


@pytest.mark.parametrize(
    ("columns", "message_id"),
    [
        ({"project": ["甲"], "plots": ["R9"]}, "project_plot_unknown"),
        ({"project": ["甲", "乙"], "plots": ["R1", "R1"]}, "project_plot_twice"),
        ({"project": ["甲"], "invest": [-5.0]}, "amount_out_of_range"),
        ({"project": ["甲"], "cultivated": [-5.0]}, "amount_out_of_range"),
        ({"project": ["甲"], "end": [20.5]}, "no_year"),
        ({"project": ["甲"], "start": [2018.0], "end": [2015.0]}, "project_years_reversed"),
        ({"project": ["甲", None], "plots": [None, "R1"]}, "register_row_incomplete"),
        ({"project": ["甲", None], "area": [None, 5.0]}, "register_row_incomplete"),
        ({"plots": ["R1"]}, "field_needed"),
    ],
)
def test_projects_that_are_refused(columns: Dict[str, List[Any]], message_id: str) -> None:
    assert refused(read_projects, listed(**columns), UNITS, ["R1"]).message_id == message_id


def test_places() -> None:
    table = listed(unit_code=["320507100001"], settlement=["姚家港"], households=[41.0], population=[None])
    (place,) = read_places(table, own(table))
    assert (place.unit_code, place.settlement, place.households) == ("320507100001", "姚家港", 41.0)
    assert np.isnan(place.population)
    assert refused(read_places, listed(households=[-1.0])).message_id == "amount_out_of_range"
