"""The parcel fields obey the rules of the third survey (03-schemas 3.2)."""

from __future__ import annotations

import numpy as np

from three_opt_three_protect.core.measure import measure, round_half_away
from three_opt_three_protect.core.sample.classes import CULTIVATED, LINEAR, NAMES


def test_fields_in_order(small):
    assert list(small["parcels"].columns)[:6] == ["BSM", "YSDM", "TBYBH", "TBBH", "DLBM", "DLMC"]
    assert len(small["parcels"].columns) == 30


def test_areas_are_official(small):
    table = small["parcels"]
    official = round_half_away(measure(table.shapes, table.crs), 2)
    np.testing.assert_allclose(table.column("TBMJ").values, official, atol=1e-9)


def test_deduction(large):
    table = large["parcels"]
    area, rate = table.column("TBMJ").values, table.column("KCXS").values
    ridge, net = table.column("KCMJ").values, table.column("TBDLMJ").values
    farmed = np.array([code in CULTIVATED for code in table.column("DLBM").values])
    assert np.isnan(rate[~farmed]).all()
    assert (rate[farmed] >= 0).all()
    assert (rate[farmed] < 1).all()
    assert (rate[farmed] > 0).any()
    np.testing.assert_allclose(ridge[farmed], round_half_away(area[farmed] * rate[farmed], 2), atol=1e-9)
    np.testing.assert_allclose(net[farmed], area[farmed] - ridge[farmed], atol=1e-6)
    np.testing.assert_array_equal(net[~farmed], area[~farmed])
    assert all((code == "1203") == (part > 0) for code, part in zip(table.column("KCDLBM").values, np.nan_to_num(rate)))


def test_grades_and_slopes_on_cultivated_land_only(large):
    table = large["parcels"]
    farmed = np.array([code in CULTIVATED for code in table.column("DLBM").values])
    grade = table.column("GDDB")
    np.testing.assert_array_equal(grade.is_missing, ~farmed)
    assert grade.values[farmed].min() >= 1
    assert grade.values[farmed].max() <= 15
    assert len(np.unique(grade.values[farmed])) >= 3
    for field in ("GDLX", "GDPDJB"):
        np.testing.assert_array_equal(table.column(field).is_missing, ~farmed)


def test_codes(large):
    table = large["parcels"]
    assert all(len(value) == 18 for value in table.column("BSM").values)
    assert len(set(table.column("BSM").values)) == len(table)
    assert all(NAMES[code] == name for code, name in zip(table.column("DLBM").values, table.column("DLMC").values))
    place, owner = table.column("ZLDWDM").values, table.column("QSDWDM").values
    assert all(len(value) == 19 and value.startswith("320599101") for value in place)
    assert all(len(value) == 19 for value in owner)
    assert len(set(zip(place, table.column("TBBH").values))) == len(table)
    away = table.column("FRDBS").values == "1"
    np.testing.assert_array_equal(away, [one[:12] != other[:12] for one, other in zip(place, owner)])


def test_widths_on_linear_classes_only(large):
    table = large["parcels"]
    linear = np.array([code in LINEAR for code in table.column("DLBM").values])
    np.testing.assert_array_equal(table.column("XZDWKD").is_missing, ~linear)


def test_settlement_attributes(large):
    table = large["parcels"]
    marks, codes = table.column("CZCSXM").values, table.column("DLBM").values
    assert {"202", "202A", "203", "203A", "205"} <= set(marks)
    assert set(marks[codes == "0702"]) == {"203"}
    # ponds and fields inside villages stay what they are
    assert {"1104", "0102", "1006"} <= set(codes[marks == "203"])


def test_says_that_it_is_invented(small):
    assert all("虚构" in layer.source for layer in small.values())
    assert small["parcels"].crs.authid == "EPSG:4528"
    assert small["population"].crs is None
