"""Nesting of rectangles: two villages of 100 × 100 m side by side, and real villages in their towns."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality import nesting
from three_opt_three_protect.core.quality.case import LAYER, Case, Found, Subject
from three_opt_three_protect.core.quality.nest import stem
from three_opt_three_protect.storage.rulebook import load_rules

TAIWAN = Path("/work/shared/data/taiwan_villages.gpkg")
EAST, WEST = "320599101201", "320599101200"


@pytest.fixture
def found(kit: Any) -> Any:
    """Run a nesting rule over parcels in villages."""

    def run(
        rule: str,
        parcels: List[Mapping[str, Any]],
        villages: Optional[List[Mapping[str, Any]]] = None,
    ) -> Found:
        above = villages or [
            {"shape": (0, 0, 100, 100), "unit_code": WEST, "unit_name": "西村"},
            {"shape": (100, 0, 200, 100), "unit_code": EAST, "unit_name": "东村"},
        ]
        return only(case_of(kit, parcels, above), rule)

    return run


def case_of(kit: Any, parcels: List[Mapping[str, Any]], villages: List[Mapping[str, Any]]) -> Case:
    def subject(name: str, rows: List[Mapping[str, Any]]) -> Subject:
        table = kit.layer(name, rows)
        return Subject(table, "parcels", kit.same(table), method=AreaMethod.PLANAR)

    return Case(subject("地类图斑", parcels), subject("行政村", villages))


def only(case: Case, rule: str) -> Found:
    """Everything a rule finds, it being one :class:`Found`."""
    (one,) = getattr(nesting, rule)(case, load_rules()[rule], SILENT)
    return one


def test_what_lies_outside_its_village(found: Any) -> None:
    # 10 × 100 lie in the other village, 5 × 100 beyond both.
    held = found(
        "outside_parent",
        [
            {"shape": (0, 0, 110, 100), "unit_code": WEST + "0000000"},
            {"shape": (110, 0, 205, 100), "unit_code": EAST + "0000000"},
        ],
    )
    assert held.rows.tolist() == [0, 1]
    assert held.measure.tolist() == [1000.0, 500.0]
    assert [place.area for place in held.places] == [1000.0, 500.0]


def test_less_than_the_tolerance_is_not_outside(found: Any) -> None:
    # 2 m × 4 mm are 0.008 m²; 100 m × 0.09 mm are narrower than coordinates are meant.
    for shape in ((0, 0, 100.004, 2), (0, 0, 100.00009, 100)):
        assert len(found("outside_parent", [{"shape": shape, "unit_code": WEST}])) == 0
    assert len(found("outside_parent", [{"shape": (0, 0, 100.001, 100), "unit_code": WEST}])) == 1


def test_without_codes_only_the_outside_of_all_counts(found: Any, kit: Any) -> None:
    held = found("outside_parent", [{"shape": (50, 0, 150, 100)}, {"shape": (150, 0, 210, 100)}])
    assert held.rows.tolist() == [1]
    assert held.measure.tolist() == [1000.0]


def test_a_wrong_code_is_one_finding(found: Any) -> None:
    # 60 of 100 m in the east, coded as west: the code is wrong, nothing lies outside all villages.
    parcels = [{"shape": (60, 0, 160, 100), "unit_code": WEST}]
    held = found("parent_code", parcels)
    assert (held.rows.tolist(), held.measure.tolist()) == ([0], [6000.0])
    assert (held.values["code"][0], held.values["other"][0], held.values["name"][0]) == (WEST, EAST, "东村")
    assert len(found("outside_parent", parcels)) == 0


def test_land_that_two_villages_claim_is_its_own(found: Any) -> None:
    villages = [
        {"shape": (0, 0, 100, 100), "unit_code": WEST},
        {"shape": (50, 0, 200, 100), "unit_code": EAST},
    ]
    parcels = [{"shape": (50, 0, 100, 100), "unit_code": EAST}, {"shape": (0, 0, 60, 100), "unit_code": EAST}]
    assert len(found("parent_code", parcels[:1], villages)) == 0
    assert len(found("outside_parent", parcels[:1], villages)) == 0
    assert found("parent_code", parcels[1:], villages).rows.tolist() == [0]


def test_codes_without_a_unit(found: Any) -> None:
    parcels = [
        {"shape": (0, 0, 50, 50), "unit_code": "320599101299"},
        {"shape": (50, 0, 100, 50), "unit_code": None},
        {"shape": (100, 0, 150, 50), "unit_code": EAST},
    ]
    assert found("parent_unknown", parcels).rows.tolist() == [0]


def test_units_without_features(found: Any) -> None:
    held = found("parent_empty", [{"shape": (0, 0, 100, 100), "unit_code": WEST}])
    assert held.rows.tolist() == [LAYER]
    assert (held.values["other"].tolist(), held.values["name"].tolist()) == ([EAST], ["东村"])
    assert held.places[0].area == 10000.0


def test_areas_that_do_not_add_up(found: Any) -> None:
    # West 10 000 of 10 000; east 9 900 of 10 000, in two parts
    parcels = [
        {"shape": (0, 0, 100, 100), "unit_code": WEST},
        {"shape": (100, 0, 150, 100), "unit_code": EAST},
        {"shape": (150, 0, 199, 100), "unit_code": EAST},
    ]
    held = found("sum_geometry", parcels)
    assert held.values["other"].tolist() == [EAST]
    assert held.measure.tolist() == [0.01]
    assert held.values["difference"].tolist() == [-100.0]


def test_recorded_areas_against_the_control_area(found: Any) -> None:
    # Tenths and hundredths that float64 does not have add up exactly.
    villages = [
        {"shape": (0, 0, 100, 100), "unit_code": WEST, "control_area": 0.3},
        {"shape": (100, 0, 200, 100), "unit_code": EAST, "control_area": 10000.0},
    ]
    parcels = [
        {"shape": (0, 0, 50, 100), "unit_code": WEST, "area": 0.1},
        {"shape": (50, 0, 100, 100), "unit_code": WEST, "area": 0.21},
        {"shape": (100, 0, 200, 100), "unit_code": EAST, "area": 10000.02},
    ]
    held = found("sum_control", parcels, villages)
    assert held.values["other"].tolist() == [EAST]
    assert held.measure.tolist() == [0.02]


def test_islands_are_one_unit(found: Any) -> None:
    villages = [
        {"shape": (0, 0, 100, 100), "unit_code": WEST, "control_area": 10000.0},
        {"shape": (300, 0, 310, 100), "unit_code": WEST, "control_area": 1000.0},
    ]
    parcels = [
        {"shape": (0, 0, 100, 100), "unit_code": WEST, "area": 10000.0},
        {"shape": (300, 0, 310, 100), "unit_code": WEST, "area": 1000.0},
    ]
    for rule in ("sum_control", "sum_geometry", "outside_parent", "parent_code"):
        assert len(found(rule, parcels, villages)) == 0


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("3205991012000000000", "320599101200"),
        ("320599101000", "320599101"),
        ("3205991010000000000", "320599101"),
        ("320599000", "320599"),
        ("320599101200", "320599101200"),
        ("64000130006", "64000130006"),
    ],
)
def test_filling_zeros_say_nothing(code: str, short: str) -> None:
    assert stem(code) == short


@given(st.text("0123456789", min_size=1, max_size=20))
def test_a_stem_begins_its_code(code: str) -> None:
    assert code.startswith(stem(code))
    assert not code[len(stem(code)) :].strip("0")


@pytest.mark.skipif(not TAIWAN.exists(), reason="the real villages are not here")
@pytest.mark.parametrize("method", [AreaMethod.STRIP, AreaMethod.GEODESIC])
def test_real_villages_that_do_not_add_up(method: AreaMethod) -> None:
    """44 of 368 towns by either method on the ellipsoid; the area in degrees gives the same 44."""
    from three_opt_three_protect.storage.vectorfile import read_layer

    villages = Subject(read_layer(TAIWAN, "villages"), "villages", {"unit_code": "VILLCODE"}, method=method)
    above: Dict[str, str] = {"unit_code": "TOWNCODE", "unit_name": "TOWNNAME"}
    case = Case(villages, Subject(read_layer(TAIWAN, "towns"), "township", above, method=method))
    held = only(case, "sum_geometry")
    assert len(held) == 44
    assert "金湖鎮" in held.values["name"]
    assert np.sort(held.measure)[:2] == pytest.approx([1.0e-6, 1.3e-6], rel=0.4)
    assert len(only(case, "parent_unknown")) == len(only(case, "parent_empty")) == len(only(case, "parent_code")) == 0
