"""Every indicator of a small map by hand."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Mapping

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.base import Lines, base_state
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.potential.enterprises import Enterprises
from three_opt_three_protect.core.potential.indicators import Surroundings, indicators
from three_opt_three_protect.core.potential.universe import Filters, universe
from three_opt_three_protect.core.potential.villageland import VillageLand
from three_opt_three_protect.core.tables import CrsInfo

VILLAGE = "320509100201"
LIST = Path(__file__).resolve().parents[3] / "resources" / "potential" / "indicators.csv"

# A farmstead of 100 × 100 m, its field to the west, a pond 3 m to the east, a second field 50 m to the north.
MAP = [
    {"shape": (0, 0, 100, 100), "class_code": "0101", "grade": 4, "unit_code": VILLAGE},
    {"shape": (100, 0, 200, 100), "class_code": "0702", "unit_code": VILLAGE},
    {"shape": (203, 0, 213, 100), "class_code": "1104", "unit_code": VILLAGE},
    {"shape": (100, 150, 200, 250), "class_code": "0101", "grade": 6, "unit_code": VILLAGE},
]


ALONE = Surroundings()


def measured(kit: Any, profile: Any, parcels: Any, around: Surroundings = ALONE, **lines: Any) -> Mapping:
    base = kit.base(parcels, **lines)
    return indicators(base, universe(base, Filters(), profile), around, profile)


def one(found: Mapping[str, np.ndarray]) -> Dict[str, float]:
    return {name: round(float(values[0]), 4) for name, values in found.items()}


def test_alone_with_its_parcels(kit: Any, profile: Any) -> None:
    found = one(measured(kit, profile, MAP))
    # 400 / (2·√(π·10 000)) and 100 of 400 m; (4 + 6) / 2
    assert found["patch_m2"] == 10_000
    assert found["shape"] == 1.1284
    assert found["cult_share"] == 0.25
    assert found["grade_near"] == 5
    assert found["water_m"] == 3
    unknown = {name for name, value in found.items() if np.isnan(value)}
    needing = {row["id"] for row in csv.DictReader(LIST.open(encoding="utf-8")) if row["needs"] not in ("", "grades")}
    assert unknown == needing


def test_one_for_every_line_of_the_list(kit: Any, profile: Any) -> None:
    listed = [row["id"] for row in csv.DictReader(LIST.open(encoding="utf-8"))]
    found = measured(kit, profile, MAP)
    assert sorted(found) == sorted(listed)
    assert all(values.dtype == np.float64 and values.shape == (1,) for values in found.values())


def test_distances(kit: Any, profile: Any) -> None:
    around = Surroundings(
        boundary=kit.array(kit.box(500, 0, 600, 100), kit.box(0, 900, 100, 999)),
        roads=kit.array(shapely.LineString([(kit.X - 500, kit.Y - 30), (kit.X + 900, kit.Y - 30)])),
        retained=kit.array(kit.box(230, 140, 300, 200)),
    )
    found = one(measured(kit, profile, MAP, around))
    assert (found["town_m"], found["road_m"], found["retained_m"]) == (300, 30, 50)


@pytest.mark.parametrize(
    ("farmland", "metres"), [((100, 150, 200, 250), 50), ((0, 0, 100, 100), 0), ((0, 0, 60, 100), 40)]
)
def test_distance_to_farmland(kit: Any, profile: Any, farmland: Any, metres: float) -> None:
    assert one(measured(kit, profile, MAP, farmland=kit.areas(farmland)))["pbf_m"] == metres


def test_a_farmstead_drawn_into_farmland_is_not_away_from_it(kit: Any, profile: Any) -> None:
    assert one(measured(kit, profile, MAP, farmland=kit.areas((90, 0, 210, 100))))["pbf_m"] == 0


def test_no_farmland_anywhere_is_unknown(kit: Any, profile: Any) -> None:
    assert np.isnan(one(measured(kit, profile, MAP, farmland=kit.areas((5000, 0, 5100, 10))))["pbf_m"])


@pytest.mark.parametrize(("redline", "flag"), [((100, 0, 200, 100), 1), ((0, 0, 100, 100), 0)])
def test_in_the_redline(kit: Any, profile: Any, redline: Any, flag: float) -> None:
    assert one(measured(kit, profile, MAP, redline=kit.areas(redline, key=[1])))["in_redline"] == flag


def test_size_shape_and_fields_are_the_patchs(kit: Any, profile: Any) -> None:
    """An L of two farmsteads: 15 000 m², outline 400 + 300 − 2·50, beside fields along 100 + 50 of it."""
    parcels = [
        {"shape": (0, 0, 100, 100), "class_code": "0702"},
        {"shape": (100, 0, 200, 50), "class_code": "0601"},
        {"shape": (-20, 0, 0, 100), "class_code": "0101"},
        {"shape": (200, 0, 220, 50), "class_code": "0103"},
        {"shape": (0, 100, 100, 120), "class_code": "0301"},
    ]
    found = measured(kit, profile, parcels)
    assert found["patch_m2"].tolist() == [15_000, 15_000]
    assert found["shape"] == pytest.approx(600 / (2 * np.sqrt(np.pi * 15_000)))
    assert found["cult_share"] == pytest.approx(150 / 600)


def test_an_island_in_a_field(kit: Any, profile: Any) -> None:
    field = kit.box(0, 0, 100, 100).difference(kit.box(40, 40, 60, 60))
    parcels = [{"shape": field, "class_code": "0101"}, {"shape": (40, 40, 60, 60), "class_code": "0702"}]
    assert one(measured(kit, profile, parcels))["cult_share"] == 1


def homes(people: Any, *rows: Dict[str, Any]) -> Any:
    """东村 with 1 ha and 西村 with 3 ha of homesteads, all village land."""
    parcels = [
        {"shape": (0, 0, 100, 100), "class_code": "0702", "unit_code": VILLAGE},
        {"shape": (200, 0, 300, 300), "class_code": "0702", "unit_code": VILLAGE},
        {"shape": (400, 0, 500, 100), "class_code": "0601", "unit_code": VILLAGE},
    ]
    return parcels, people(*rows)


@pytest.mark.parametrize(
    ("rows", "land_head", "idle_rate"),
    [
        # each its own; the works outside take the village's: 5 ha for 250 people, (1·0.1 + 3·0.3) / 4
        (
            [
                {"settlement": "东村", "population": 50, "idle_rate": 0.1},
                {"settlement": "西村", "population": 200, "idle_rate": 0.3},
            ],
            [200, 150, 200],
            [0.1, 0.3, 0.25],
        ),
        # nobody is registered in 西村: the village's figure
        (
            [{"settlement": "东村", "population": 50}, {"settlement": "西村", "population": 0}],
            [200, 1000, 1000],
            [np.nan] * 3,
        ),
        # only the village is known
        ([{"population": 500, "idle_rate": 0.2}], [100, 100, 100], [0.2, 0.2, 0.2]),
        # of one natural village the people are unknown, so those of the village are too
        ([{"settlement": "东村", "population": 50}, {"settlement": "西村"}], [200, np.nan, np.nan], [np.nan] * 3),
    ],
)
def test_people(kit: Any, profile: Any, people: Any, rows: Any, land_head: Any, idle_rate: Any) -> None:
    parcels, table = homes(people, *({"unit_code": VILLAGE, **row} for row in rows))
    around = Surroundings(population=table, village_land=VillageLand(np.ones(3, dtype=bool), "settlements"))
    settlements = kit.areas((0, 0, 100, 100), (200, 0, 300, 300), key=[0, 1], names=("东村", "西村"))
    found = measured(kit, profile, parcels, around, settlements=settlements)
    np.testing.assert_allclose(found["land_head"], land_head)
    np.testing.assert_allclose(found["idle_rate"], idle_rate)


def test_enterprises(kit: Any, profile: Any) -> None:
    """Works of 100 × 100 m: 30 % of 100, 20 % of 200, the rest unknown; the farmstead has none."""
    parcels = [
        {"shape": (0, 0, 100, 100), "class_code": "0601"},
        {"shape": (100, 0, 200, 100), "class_code": "0702"},
    ]
    land = Enterprises(
        kit.array(kit.box(-50, 0, 30, 100), kit.box(30, 0, 50, 100), kit.box(50, 0, 200, 100)),
        np.array([100.0, 200.0, np.nan]),
        np.array([np.nan, 8.0, 14.0]),
        np.full(3, np.nan),
        np.full(3, np.nan),
    )
    found = measured(kit, profile, parcels, Surroundings(enterprises=land))
    assert found["invest_mu"][0] == pytest.approx((30 * 100 + 20 * 200) / 50)
    assert found["tax_mu"][0] == pytest.approx((20 * 8 + 50 * 14) / 70)
    assert np.isnan([found["invest_mu"][1], found["tax_mu"][1]]).all()


def test_degrees_are_as_long_as_metres(kit: Any, profile: Any) -> None:
    """The map at 120° E, 30° N in degrees: every length within 1 %."""
    crs = CrsInfo("EPSG:4490", is_geographic=True, semi_major=6378137.0, inverse_flattening=298.257222101)

    def at(west: float, south: float, east: float, north: float) -> Any:
        x, y = 96_486.0, 110_852.0
        return shapely.box(120 + west / x, 30 + south / y, 120 + east / x, 30 + north / y)

    parcels = [{**row, "shape": at(*row["shape"])} for row in MAP]
    lines = Lines(farmland=kit.areas(at(100, 150, 200, 250)))
    base = base_state(kit.parcels(parcels), lines, replace(kit.spec, crs=crs, method=AreaMethod.STRIP))
    around = Surroundings(boundary=kit.array(at(500, 0, 600, 100)), retained=kit.array(at(230, 140, 300, 200)))
    found = one(indicators(base, universe(base, Filters(), profile), around, profile))
    assert found["town_m"] == pytest.approx(300, rel=0.01)
    assert found["retained_m"] == pytest.approx(50, rel=0.01)
    assert found["pbf_m"] == pytest.approx(50, rel=0.01)
    assert found["water_m"] == pytest.approx(3, rel=0.01)
    assert found["shape"] == pytest.approx(1.1284, rel=0.01)
    assert found["cult_share"] == pytest.approx(0.25, rel=0.01)
    assert found["grade_near"] == 5


def test_no_candidates(kit: Any, profile: Any) -> None:
    around = Surroundings(boundary=kit.array(kit.box(500, 0, 600, 100)))
    found = measured(kit, profile, MAP[:1], around, farmland=kit.areas((0, 0, 100, 100)))
    assert {values.shape for values in found.values()} == {(0,)}


class Stop:
    def step(self, name: str, share: float) -> None: ...

    def check(self, fraction: float) -> None:
        raise Cancelled


def test_is_cancelled(kit: Any, profile: Any) -> None:
    base = kit.base(MAP)
    with pytest.raises(Cancelled):
        indicators(base, universe(base, Filters(), profile), Surroundings(), profile, Stop())


codes = st.sampled_from(["0101", "0702", "0601", "1104", "1003"])


@settings(max_examples=40, deadline=None)
@given(st.lists(codes, min_size=16, max_size=16), st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_against_dissolved_patches(kit: Any, profile: Any, code: Any, corner: Any) -> None:
    """Outline, area and edges of patches as GEOS finds them when it dissolves the candidates."""
    parcels = [
        {"shape": (20 * (k % 4), 20 * (k // 4), 20 * (k % 4) + 20, 20 * (k // 4) + 20), "class_code": code[k]}
        for k in range(16)
    ]
    x, y = corner
    base = kit.base(parcels, farmland=kit.areas((x + 0.5, y + 0.5, x + 31.5, y + 31.5)))
    found = universe(base, Filters(), profile)
    values = indicators(base, found, Surroundings(), profile)
    fields = shapely.union_all(base.geometry[base.cultivated])
    water = shapely.union_all(base.geometry[np.isin(base.class_base.values.astype(str), ["1104"])])
    for row, patch in enumerate(found.patch):
        whole = shapely.union_all(base.geometry[found.rows[found.patch == patch]])
        beside = 0.0 if fields.is_empty else shapely.length(shapely.intersection(whole.boundary, fields.boundary))
        assert values["patch_m2"][row] == pytest.approx(whole.area, abs=0.02)
        assert values["shape"][row] == pytest.approx(whole.length / (2 * np.sqrt(np.pi * whole.area)))
        assert values["cult_share"][row] == pytest.approx(beside / whole.length, abs=1e-6)
        away = shapely.distance(base.geometry[found.rows[row]], water)
        assert values["water_m"][row] == pytest.approx(away, abs=1e-6, nan_ok=True)
