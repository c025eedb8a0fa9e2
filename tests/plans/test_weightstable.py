"""Weights and comparisons as planners write them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import numpy as np
import pytest

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.potential.weights import Indicator, Judgement
from three_opt_three_protect.core.tables import LayerTable, integer, real, text
from three_opt_three_protect.plans.weightstable import judgement_of
from three_opt_three_protect.storage.catalogue import load_profile

PROFILE = load_profile("suzhou-2014")
NAN = float("nan")
LISTED = tuple(
    Indicator(name, "land", True, 0.25, "", "", "", "practice", {"zh": zh, "en": en})
    for name, zh, en in (("shape", "形状指数", "Shape"), ("town_m", "距城镇", "Town"), ("road_m", "距道路", "Road"))
)


def column(values: List[Any]) -> Any:
    if any(isinstance(value, str) for value in values):
        return text([None if value is None else str(value) for value in values])
    return real([NAN if value is None else value for value in values])


def judged(listed: Any = LISTED, **columns: List[Any]) -> Judgement:
    count = len(next(iter(columns.values())))
    table = LayerTable(
        "权重表", np.arange(1, count + 1), columns={name: column(values) for name, values in columns.items()}
    )
    return judgement_of(table, listed, PROFILE)


def error(**columns: List[Any]) -> Dict[str, Any]:
    with pytest.raises(InputError) as caught:
        judged(**columns)
    return {"id": caught.value.message_id, **caught.value.values}


def said(found: Judgement) -> List[str]:
    return [finding.id for finding in found.findings]


def test_a_list_of_weights() -> None:
    found = judged(indicator=["shape", "town_m", "road_m"], weight=[0.5, 0.3, 0.2])
    assert found.weight == pytest.approx({"shape": 0.5, "town_m": 0.3, "road_m": 0.2})
    assert (found.ratio, said(found)) == (None, [])


def test_names_and_headings_in_chinese_and_numbers_as_text() -> None:
    found = judged(指标=["形状指数", " 距城镇 ", "Road"], 权重=["3", "1", "0"])
    assert found.weight == {"shape": 0.75, "town_m": 0.25, "road_m": 0.0}
    assert said(found) == ["weights_normalised"]


def test_what_is_not_named_counts_nothing_and_that_is_said() -> None:
    found = judged(indicator=["shape"], weight=[1.0])
    assert found.weight == {"shape": 1.0}
    (left_out,) = found.findings
    assert (left_out.id, left_out.values["names"]) == ("weights_left_out", "town_m, road_m")


def test_integers_are_numbers() -> None:
    table = LayerTable(
        "权重表", np.arange(2), columns={"indicator": text(["shape", "road_m"]), "weight": integer([3, 1])}
    )
    assert judgement_of(table, LISTED, PROFILE).weight == {"shape": 0.75, "road_m": 0.25}


def test_a_square_of_comparisons_in_any_order_with_fractions() -> None:
    found = judged(
        indicator=["town_m", "shape"],
        shape=[None, "1"],
        距城镇=["1", "1／3"],
    )
    assert found.weight == pytest.approx({"town_m": 0.75, "shape": 0.25})
    assert found.ratio == 0.0


def test_three_compared() -> None:
    found = judged(
        indicator=["shape", "town_m", "road_m"],
        shape=[1, None, None],
        town_m=[3, 1, None],
        road_m=[5, 3, 1],
    )
    assert list(found.weight.values()) == pytest.approx([0.6370, 0.2583, 0.1047], abs=5e-5)
    assert found.ratio == pytest.approx(0.0332, abs=2e-4)
    assert said(found) == []


def test_a_contradiction_names_the_indicators_as_they_are_written() -> None:
    told = error(
        指标=["形状指数", "距城镇", "距道路"], 形状指数=[1, None, None], 距城镇=[2, 1, None], 距道路=["1/9", 2, 1]
    )
    assert told["id"] == "pairwise_inconsistent"
    assert {told["first"], told["second"]} <= {"形状指数", "距城镇", "距道路"}


@pytest.mark.parametrize(
    ("columns", "message_id", "named"),
    [
        ({"name": ["shape"], "weight": [1.0]}, "weights_form", {"fields": "name, weight"}),
        ({"indicator": ["shape"], "points": [1.0]}, "weights_form", {}),
        ({"indicator": ["shape"], "weight": [1.0], "shape": [1.0]}, "weights_form", {}),
        ({"indicator": ["slope"], "weight": [1.0]}, "weights_unknown_indicator", {"indicator": "slope"}),
        ({"indicator": ["shape", "形状指数"], "weight": [1.0, 2.0]}, "weights_twice", {"indicator": "形状指数"}),
        ({"indicator": ["shape", None], "weight": [1.0, 2.0]}, "weights_row_unnamed", {"features": "2"}),
        ({"indicator": ["shape"], "weight": [-1.0]}, "weight_negative", {"indicator": "shape", "value": "-1"}),
        ({"indicator": ["shape", "road_m"], "weight": [None, 1.0]}, "weight_negative", {"value": "–"}),
        ({"indicator": ["shape"], "weight": [0.0]}, "weights_all_zero", {"layer": "权重表"}),
        ({"indicator": ["shape"], "weight": ["much"]}, "no_number", {"value": "much", "field": "weight"}),
        ({"indicator": ["shape"], "shape": ["1/0"]}, "no_number", {"value": "1/0"}),
        ({"indicator": ["shape", "road_m"], "shape": [1, 2]}, "pairwise_sides_differ", {"names": "road_m"}),
        ({"indicator": [None], "weight": [NAN]}, "empty_layer", {}),
        (
            {"indicator": ["shape", "road_m"], "shape": [1, 0.5], "road_m": [3, 1]},
            "pairwise_not_reciprocal",
            {"first": "shape", "second": "road_m", "value": "3", "other": "1/2"},
        ),
    ],
)
def test_what_cannot_be_meant(columns: Dict[str, List[Any]], message_id: str, named: Dict[str, Any]) -> None:
    told = error(**columns)
    assert told["id"] == message_id
    assert {key: told[key] for key in named} == named


def test_one_column_for_an_indicator() -> None:
    told = error(indicator=["shape"], shape=[1], 形状指数=[1])
    assert told["id"] == "weights_twice"


def test_blank_rows_say_nothing() -> None:
    found = judged(indicator=["shape", None, "road_m"], weight=[1.0, None, 1.0])
    assert found.weight == {"shape": 0.5, "road_m": 0.5}


def test_ids_stay_as_they_are_where_titles_are_alike() -> None:
    listed: Optional[Any] = (
        *LISTED,
        Indicator("other", "land", True, 0.25, "", "", "", "", {"zh": "其他", "en": "Other"}),
    )
    assert judged(listed, indicator=["other", "shape"], weight=[0.5, 0.5]).weight == {"other": 0.5, "shape": 0.5}
