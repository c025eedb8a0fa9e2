"""Land by unit on a strip of rectangles whose areas are plain."""

from __future__ import annotations

from typing import Any, List

import numpy as np
import pytest

from three_opt_three_protect.core.indicators.facts import Stated, Units, land_facts, stated_facts, with_construction
from three_opt_three_protect.core.potential.villageland import village_land
from three_opt_three_protect.core.rules import Setting

EAST, WEST, FAR = "320599101201", "320599101202", "320599102201"


def parcels() -> List[Any]:
    """Every parcel is 100 m high: width × 100 m²."""
    drawn = [
        (EAST, "0702", 40), (EAST, "0101", 100), (EAST, "1003", 10), (EAST, "0601", 20),
        (WEST, "0702", 30), (WEST, "1102", 300), (WEST, "1102", 50), (FAR, "0702", 5),
    ]  # fmt: skip
    rows, left = [], 0
    for unit, code, width in drawn:
        rows.append({"shape": (left, 0, left + width, 100), "class_code": code, "unit_code": unit})
        left += width
    return rows


@pytest.fixture
def small_lakes(profile: Any) -> Any:
    """Lakes from 2 ha on are large."""
    from dataclasses import replace

    setting = Setting("large_lake_m2", 20_000.0, "m2", "", "unverified")
    return replace(profile, settings={**profile.settings, "large_lake_m2": setting})


def test_land_by_unit(kit: Any, small_lakes: Any) -> None:
    held = kit.plan(
        parcels(),
        reclaim=[{"shape": (0, 0, 30, 100), "plot_id": "R1", "phase": 2015}],
        newbuild=[
            {"shape": (100, 0, 110, 100), "plot_id": "N1", "use": "industry", "phase": 2016},
            {"shape": (110, 0, 114, 100), "plot_id": "N2", "use": "resettlement", "cls_after": "0702", "phase": 2016},
            {"shape": (114, 0, 115, 100), "plot_id": "N3", "use": "infrastructure", "cls_after": "1003", "phase": 2016},
        ],
        redline=kit.areas((200, 0, 250, 100), key=[1]),
    )
    units = Units.of(held.base)
    assert units.codes == ("", "320599101", "320599102", EAST, WEST, FAR)
    land = village_land(held.base, None, {"203"}, small_lakes).here
    facts = land_facts(held, units, land, small_lakes)

    def m2(name: str) -> List[float]:
        return facts[name].tolist()

    # 40 + 10 + 20 + 30 + 5 of 555 are built; of that 75 village, 10 road, 20 works
    assert m2("construction_base_m2") == [10_500, 10_000, 500, 7_000, 3_000, 500]
    assert m2("village_base_m2") == [7_500, 7_000, 500, 4_000, 3_000, 500]
    assert m2("other_base_m2") == [1_000, 1_000, 0, 1_000, 0, 0]
    assert m2("town_base_m2") == [2_000, 2_000, 0, 2_000, 0, 0]
    # −30 village; +10 works, +4 village, +1 road
    assert m2("village_after_m2") == [4_900, 4_400, 500, 1_400, 3_000, 500]
    assert m2("other_after_m2")[0] == 1_100
    assert m2("town_after_m2")[0] == 3_000
    # the lake of 3 ha is large, that of 0.5 ha is not
    assert m2("land_without_lakes_m2") == [25_500, 25_000, 500, 17_000, 8_000, 500]
    assert m2("redline_m2") == [5_000, 5_000, 0, 0, 5_000, 0]
    assert np.isnan(facts["boundary_m2"]).all()  # no boundary was given
    assert m2("bounded_plot_m2") == [1_000, 1_000, 0, 1_000, 0, 0]  # of the three plots only the works must lie inside
    for moment in ("base", "after"):
        parts = facts[f"town_{moment}_m2"] + facts[f"village_{moment}_m2"] + facts[f"other_{moment}_m2"]
        assert parts.tolist() == m2(f"construction_{moment}_m2")


def test_built_again_on_construction_land_changes_its_part(kit: Any, profile: Any) -> None:
    """A homestead taken for works: village land becomes town land, construction land stays as much."""
    held = kit.plan(parcels(), newbuild=[{"shape": (0, 0, 10, 100), "plot_id": "N1", "use": "industry", "phase": 2016}])
    facts = land_facts(held, Units.of(held.base), village_land(held.base, None, {"203"}, profile).here, profile)
    assert facts["village_after_m2"][0] == 6_500
    assert facts["town_after_m2"][0] == 3_000
    assert facts["construction_after_m2"][0] == facts["construction_base_m2"][0]


def test_one_township_is_the_total(kit: Any) -> None:
    units = Units.of(kit.base(parcels()[:7]))
    assert units.townships == ()
    assert units.codes == ("", EAST, WEST)


def test_land_of_no_village_counts_in_the_total(kit: Any) -> None:
    base = kit.base([{"shape": (0, 0, 10, 100), "class_code": "0101"}, *parcels()[4:5]])
    units = Units.of(base)
    every = np.arange(len(base.area), dtype=np.int64)
    assert units.sums(every, base.area).tolist() == [4_000, 3_000]


def test_years_of_the_economy(kit: Any) -> None:
    units = Units.of(kit.base(parcels()[:7]))
    rows = [
        Stated("", "gdp_yuan", 100e8, 2013), Stated("", "gdp_yuan", 130e8, 2016), Stated("", "gdp_yuan", 150e8, 2020),
        Stated(EAST, "gdp_yuan", 2e8, 2020), Stated("", "population", 9_000, None),
    ]  # fmt: skip
    facts, years = stated_facts(rows, units)
    assert years == (2013, 2020)
    assert facts["gdp_yuan"][:2].tolist() == [150e8, 2e8]
    assert facts["gdp_yuan_growth"][0] == 50e8
    assert np.isnan(facts["gdp_yuan_growth"][1])  # the village states no base year
    assert facts["population"][0] == 9_000
    assert stated_facts(rows, units, 2016)[0]["gdp_yuan_growth"][0] == 20e8


def test_construction_stated_for_a_year_comes_first() -> None:
    facts = with_construction(
        {
            "construction_m2": np.array([5.0, np.nan]),
            "construction_after_m2": np.array([7.0, 8.0]),
            "construction_base_m2": np.array([9.0, 9.0]),
        }
    )
    assert facts["construction_now_m2"].tolist() == [5.0, 8.0]
    assert facts["construction_before_m2"].tolist() == [9.0, 9.0]


def test_a_dated_figure_counts_before_one_without_year(kit: Any) -> None:
    units = Units.of(kit.base(parcels()[:7]))
    rows = [Stated("", "tax_yuan", 7.0, 2020), Stated("", "tax_yuan", 5.0, None), Stated(EAST, "tax_yuan", 3.0, None)]
    assert stated_facts(rows, units)[0]["tax_yuan"][:2].tolist() == [7.0, 3.0]


@pytest.mark.parametrize(
    ("code", "unit"),
    [("", ""), ("320599", ""), ("320599101", "320599101"), ("320599101000", "320599101"), (EAST, EAST),
     ("320599103", "320599103"), ("320598", "320598"), ("320599101299", "320599101299")],
)  # fmt: skip
def test_units_by_their_codes(kit: Any, code: str, unit: str) -> None:
    assert Units.of(kit.base(parcels())).unit_of(code) == unit
