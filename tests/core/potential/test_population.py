"""Which row of the population table a piece of land belongs to, and what tables say."""

from __future__ import annotations

from typing import Any, List, Optional

import numpy as np
import pytest

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.potential.population import nobody
from three_opt_three_protect.core.potential.populationtable import read_population
from three_opt_three_protect.core.tables import LayerTable, real, text


def texts(*values: Optional[str]) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def rows(table: Any, *places: Any) -> List[int]:
    return table.rows_of(texts(*(unit for unit, _ in places)), texts(*(name for _, name in places))).tolist()


def test_rows_of_natural_villages_and_villages(people: Any) -> None:
    table = people(
        {"unit_code": "201", "settlement": "东村"},
        {"unit_code": "202", "settlement": "西村"},
        {"unit_code": "203", "settlement": "西村"},
        {"unit_code": "202"},
    )
    places = [("201", "东村"), ("202", "西村"), ("203", "西村"), ("202", None), ("202", "新村"), ("201", None)]
    assert rows(table, *places) == [0, 1, 2, 3, 3, -1]
    # one 东村 in all: also where it reaches into another village; two 西村: no telling which
    assert rows(table, ("203", "东村"), ("201", "西村"), (None, "东村"), (None, None)) == [0, -1, 0, -1]
    assert rows(nobody(), ("201", "东村")) == [-1]


def table(**columns: Any) -> LayerTable:
    count = len(next(iter(columns.values())))
    made = {name: text(v) if isinstance(v[0], str) else real(v) for name, v in columns.items()}
    return LayerTable("人口户数", np.arange(1, count + 1), None, made)


def read(made: LayerTable) -> Any:
    return read_population(made, {name: name for name in made.columns})


def test_read_population() -> None:
    found = read(
        table(
            unit_code=["320509100201005", "320509100202"],
            settlement=["东村", None],
            households=[10, 20],
            population=[31, np.nan],
            idle_rate=[15.5, 40.0],
            consent=[0.5, 1.0],
            **{"class": ["重点村", None]},
        )
    )
    assert found.unit_code.tolist() == ["320509100201", "320509100202"]
    assert found.settlement.tolist() == ["东村", None]
    assert found.settlement_class.tolist() == ["重点村", None]
    assert found.households.tolist() == [10, 20]
    assert found.population[0] == 31
    assert np.isnan(found.population[1])
    # rates above 1 are percent; shares are not
    assert found.idle_rate.tolist() == [0.155, 0.4]
    assert found.consent.tolist() == [0.5, 1.0]
    assert np.isnan(found.signed).all()
    assert np.isnan(found.retained).all()


def test_a_share_that_is_none() -> None:
    with pytest.raises(InputError) as raised:
        read(table(unit_code=["1", "2"], consent=[0.5, -0.1]))
    assert raised.value.message_id == "share_out_of_range"
    assert raised.value.values["features"] == "2"


def test_a_place_listed_twice() -> None:
    with pytest.raises(InputError) as raised:
        read(table(unit_code=["1", "1", "1"], settlement=["东村", "西村", "东村"]))
    assert raised.value.message_id == "population_twice"
    assert raised.value.values["features"] == "3"


def test_parts_of_a_settlement_in_a_layer() -> None:
    """Two parts of 东村 repeat its 12 households and share its people; 西村 says them once."""
    columns = {
        "unit_code": text(["1", "1", "1", "1"]),
        "settlement": text(["东村", "西村", "东村", "西村"]),
        "households": real([12.0, 7.0, 12.0, np.nan]),
        "population": real([30.0, np.nan, 8.0, np.nan]),
        "retained": real([0.0, 0.0, 1.0, 0.0]),
        "class": text([None, "搬迁撤并", "重点村", None]),
    }
    found = read(LayerTable("自然村", np.arange(1, 5), np.full(4, None, dtype=object), columns))
    assert found.settlement.tolist() == ["东村", "西村"]
    assert found.households.tolist() == [12, 7]
    assert found.population[0] == 38
    assert np.isnan(found.population[1])
    assert found.retained.tolist() == [1, 0]
    assert found.settlement_class.tolist() == ["重点村", "搬迁撤并"]


def test_filled(people: Any) -> None:
    table = people({"unit_code": "1", "settlement": "东村", "households": 5})
    layer = people(
        {"unit_code": "1", "settlement": "西村", "households": 9, "settlement_class": "一般村"},
        {"unit_code": "1", "settlement": "东村", "households": 7, "settlement_class": "重点村"},
    )
    both = table.filled(layer)
    assert both.settlement.tolist() == ["东村", "西村"]
    assert both.households.tolist() == [5, 9]
    assert both.settlement_class.tolist() == ["重点村", "一般村"]
    # neither of the two is changed
    assert table.settlement_class.tolist() == [None]
    assert layer.households.tolist() == [9, 7]


def test_a_village_s_people_less_those_of_its_natural_villages(people: Any) -> None:
    """100 households, 20 of them in 东村; 西村 says nothing and has its share in the other 80."""
    table = people(
        {"unit_code": "201", "households": 100},
        {"unit_code": "201", "settlement": "东村", "households": 20},
        {"unit_code": "201", "settlement": "西村"},
        {"unit_code": "202", "settlement": "北村"},
    )
    row, count = table.counted_at(table.households)
    assert row.tolist() == [0, 1, 0, -1]
    assert count[:2].tolist() == [80, 20]
    assert np.isnan(count[2:]).all()


def test_what_a_natural_village_does_not_state_is_the_villages(people: Any) -> None:
    village = {"unit_code": "201", "consent": 0.5, "right_type": "宅基地使用权", "settlement_class": "一般村"}
    found = people(
        {**village, "households": 9},
        {"unit_code": "201", "settlement": "东村", "consent": 0.9},
        {"settlement": "西村"},
    ).completed()
    assert found.consent[:2].tolist() == [0.5, 0.9]
    assert found.right_type.tolist() == ["宅基地使用权", "宅基地使用权", None]
    assert found.settlement_class.tolist() == ["一般村", "一般村", None]
    assert np.isnan(found.consent[2])
    assert np.isnan(found.households[1:]).all()


@pytest.mark.parametrize("wrong", [-1.0, np.inf, 1e300])
def test_numbers_of_people_that_cannot_be(wrong: float) -> None:
    with pytest.raises(InputError) as caught:
        read(table(unit_code=["201", "202"], households=[1.0, wrong]))
    assert caught.value.message_id == "people_out_of_range"
    assert (caught.value.values["field"], caught.value.values["features"]) == ("households", "2")


def test_yes_and_no_in_words() -> None:
    words = {"是": "1", "否": "0"}
    names = {"unit_code": "unit_code", "retained": "retained"}
    found = read_population(table(unit_code=["201", "202", "203"], retained=["是", "否", "1"]), names, words)
    assert found.retained.tolist() == [1.0, 0.0, 1.0]
    with pytest.raises(InputError) as caught:
        read_population(table(unit_code=["201"], retained=["也许"]), names, words)
    assert (caught.value.message_id, caught.value.values["field"]) == ("no_number", "retained")
