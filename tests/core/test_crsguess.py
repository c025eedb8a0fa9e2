"""Every zone of every family is recognised from its coordinates, with and without zone number, swapped or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.crsguess import (
    CONTRADICTS,
    FITS,
    MISSING,
    UNKNOWN,
    ZoneFamily,
    bounds_of,
    guess_crs,
    guess_of,
    no_crs,
    swap_axes,
)
from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.extent import require_fitting, require_polygons
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.crs import crs_info, zone_families

FAMILIES = zone_families()
ZONES = [
    (family, number) for family in FAMILIES for number in range(family.last - family.first + 1)
]  # fmt: skip
OFFSET, NORTH = st.floats(-150_000, 150_000), st.floats(2_000_000, 5_900_000)

Bounds = Tuple[float, float, float, float]


def bounds(family: ZoneFamily, number: int, offset: float, north: float, swapped: bool = False) -> Bounds:
    prefix = 0 if family.zone is None else (family.zone + number) * 1e6
    x = prefix + 500_000 + offset
    return (north, x, north + 9_000, x + 7_000) if swapped else (x, north, x + 7_000, north + 9_000)


def authid(family: ZoneFamily, number: int) -> str:
    return f"EPSG:{family.first + number}"


def stated(family: ZoneFamily, number: int) -> CrsInfo:
    info = crs_info(authid(family, number))
    assert info is not None
    return info


@given(st.sampled_from(ZONES), OFFSET, NORTH, st.booleans())
def test_every_zone_is_among_the_candidates(
    zone: Tuple[ZoneFamily, int], offset: float, north: float, swapped: bool
) -> None:
    family, number = zone
    meridian = family.meridian + number * family.step
    guess = guess_crs(bounds(family, number, offset, north, swapped), None, FAMILIES, meridian)
    assert guess.verdict == MISSING
    assert guess.swapped == swapped
    assert authid(family, number) in guess.candidates[family.datum]
    assert list(guess.candidates) == ["EPSG:4490", "EPSG:4610", "EPSG:4214"], "the datum cannot be told"
    if family.zone is not None:
        assert guess.candidates[family.datum] == (authid(family, number),), "the zone number says all"


@given(st.sampled_from(ZONES), OFFSET, NORTH, st.booleans())
def test_the_right_one_stated_fits(zone: Tuple[ZoneFamily, int], offset: float, north: float, swapped: bool) -> None:
    family, number = zone
    guess = guess_crs(bounds(family, number, offset, north, swapped), stated(family, number), FAMILIES)
    assert next(iter(guess.candidates)) == family.datum
    assert authid(family, number) in guess.candidates[family.datum]
    assert (guess.verdict, guess.why) == ((CONTRADICTS, "crs_axes_swapped") if swapped else (FITS, ""))


@given(st.sampled_from(ZONES), st.sampled_from(ZONES), OFFSET, NORTH)
def test_another_zone_contradicts(
    one: Tuple[ZoneFamily, int], other: Tuple[ZoneFamily, int], offset: float, north: float
) -> None:
    here, there = stated(*one), stated(*other)
    guess = guess_crs(bounds(*one, offset, north), there, FAMILIES)
    assert (guess.verdict == FITS) == (here.false_easting == there.false_easting)
    why = {
        (True, False): "crs_zone_number_there", (False, True): "crs_no_zone_number", (True, True): "crs_other_zone",
    }.get((here.false_easting > 1e6, there.false_easting > 1e6))  # fmt: skip
    if guess.verdict == CONTRADICTS:
        assert guess.why == why


class TestExamples:
    """Suzhou, by hand: zone 40, central meridian 120°."""

    PREFIXED = (40_540_000.0, 3_460_000.0, 40_550_000.0, 3_470_000.0)
    PLAIN = (540_000.0, 3_460_000.0, 550_000.0, 3_470_000.0)
    DEGREES = (120.4, 31.2, 120.6, 31.4)

    @pytest.mark.parametrize(
        ("bounds", "ids"),
        [
            (PREFIXED, ["EPSG:4528", "EPSG:2364", "EPSG:2416"]),
            (PLAIN, ["EPSG:4549", "EPSG:2385", "EPSG:2437"]),
            (DEGREES, ["EPSG:4490", "EPSG:4610", "EPSG:4214"]),
            ((21_310_000.0, 3_460_000.0, 21_320_000.0, 3_470_000.0), ["EPSG:4499", "EPSG:2335", "EPSG:21421"]),
        ],
    )
    def test_nothing_stated(self, bounds: Bounds, ids: list[str]) -> None:
        guess = guess_crs(bounds, None, FAMILIES)
        assert [candidates[0] for candidates in guess.candidates.values()] == ids
        assert guess.best == ", ".join(ids)

    def test_a_meridian_both_series_have(self) -> None:
        guess = guess_crs(self.PLAIN, None, FAMILIES, 117.0)
        assert guess.candidates["EPSG:4490"] == ("EPSG:4548", "EPSG:4509"), "3° first"

    def test_the_usual_meridian_is_the_families_own(self) -> None:
        assert {family.usual for family in FAMILIES if family.step == 3 and family.zone is None} == {120.0}
        moved = [replace(family, usual=family.usual and 117.0) for family in FAMILIES]
        assert guess_crs(self.PLAIN, None, moved).candidates["EPSG:4490"] == ("EPSG:4548",)
        assert guess_crs(self.PLAIN, None, [replace(family, usual=None) for family in FAMILIES]).why == "no_crs"

    @pytest.mark.parametrize(
        ("bounds", "crs", "why", "best"),
        [
            (PLAIN, "EPSG:4528", "crs_no_zone_number", "EPSG:4549"),
            (PREFIXED, "EPSG:4549", "crs_zone_number_there", "EPSG:4528"),
            ((39_540_000.0, 3_460_000.0, 39_550_000.0, 3_470_000.0), "EPSG:4528", "crs_other_zone", "EPSG:4527"),
            (PREFIXED, "EPSG:4610", "crs_metres_in_degrees", "EPSG:2364"),
            (DEGREES, "EPSG:4528", "crs_degrees_in_metres", "EPSG:4490"),
            (DEGREES, "EPSG:4549", "crs_degrees_in_metres", "EPSG:4490"),
            ((31.2, 120.4, 31.4, 120.6), "EPSG:4490", "crs_axes_swapped", "EPSG:4490"),
        ],
    )
    def test_stated_wrongly(self, bounds: Bounds, crs: str, why: str, best: str) -> None:
        guess = guess_crs(bounds, crs_info(crs), FAMILIES, layer="DLTB")
        assert (guess.verdict, guess.why) == (CONTRADICTS, why)
        assert guess.best.split(", ")[0] == best, "of the datum stated"
        assert guess.values == {"layer": "DLTB", "crs": crs, "like": guess.best}

    @pytest.mark.parametrize(
        "bounds",
        [
            (0.0, 0.0, 10.0, 10.0),
            (float("nan"),) * 4,
            (39_900_000.0, 3_460_000.0, 40_100_000.0, 3_470_000.0),  # two zones
            (24_500_000.0, 3_460_000.0, 24_510_000.0, 3_470_000.0),  # no such zone
        ],
    )
    def test_nothing_can_be_said(self, bounds: Bounds) -> None:
        assert guess_crs(bounds, crs_info("EPSG:4528"), FAMILIES).verdict == UNKNOWN
        assert guess_crs(bounds, None, FAMILIES).why == "no_crs"

    def test_a_local_grid_is_left_alone(self) -> None:
        assert guess_crs(self.PLAIN, crs_info("EPSG:32651"), FAMILIES).verdict == UNKNOWN


def table(crs: str = "", x: float = 40_540_000.0, y: float = 3_460_000.0, size: float = 1.0) -> LayerTable:
    shapes = np.empty(40, dtype=object)
    shapes[:39] = [shapely.box(x + row * size, y, x + (row + 1) * size, y + size) for row in range(39)]
    return LayerTable("DLTB", np.arange(40), shapes, {}, crs_info(crs))


def test_a_single_feature_astray_changes_nothing() -> None:
    layer = table()
    shapes = layer.shapes.copy()
    shapes[0] = shapely.box(0, 0, 1, 1)
    assert guess_of(replace(layer, geometry=shapes), FAMILIES).best.startswith("EPSG:4528")
    assert np.isnan(bounds_of(LayerTable("t", np.arange(0)))).all()


def test_axes_are_swapped_back() -> None:
    layer = table(x=3_460_000.0, y=40_540_000.0)
    assert guess_of(layer, FAMILIES).swapped
    turned = swap_axes(layer)
    assert not guess_of(turned, FAMILIES).swapped
    assert turned.shapes[39] is None
    assert shapely.equals(turned.shapes[0], shapely.box(40_540_000.0, 3_460_000.0, 40_540_001.0, 3_460_001.0))
    assert shapely.bounds(layer.shapes[0])[0] == 3_460_000.0, "the layer itself stays"


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (table(), "no_crs_like"),
        (table(x=3_460_000.0, y=40_540_000.0), "crs_axes_swapped"),
        (table(x=0, y=0), "no_crs"),
    ],
)
def test_the_error_for_no_crs(layer: LayerTable, said: str) -> None:
    error = no_crs(layer, FAMILIES)
    assert error.message_id == said
    assert said == "no_crs" or str(error.values["like"]).startswith("EPSG:4528")


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (table("EPSG:4549"), "coordinates_outside_crs_like"),
        (table("EPSG:4549", 120.1, 31.2, 0.01), "crs_degrees_in_metres"),
        (table("EPSG:4528", 3_460_000.0, 40_540_000.0), "crs_axes_swapped"),
        (table("EPSG:4528", 1e9, 1e9), "coordinates_outside_crs"),
    ],
)
def test_coordinates_that_cannot_be_meant(layer: LayerTable, said: str) -> None:
    with pytest.raises(CrsError) as caught:
        require_fitting(layer, FAMILIES)
    assert caught.value.message_id == said


def test_lines_for_areas() -> None:
    layer = table("EPSG:4528")
    require_polygons(layer)
    shapes = layer.shapes.copy()
    shapes[1] = shapely.LineString([(0, 0), (1, 1)])
    require_polygons(replace(layer, geometry=shapes))  # one among others is left out and listed
    shapes[:] = [shapely.Point(0, 0), None] * 20
    with pytest.raises(InputError) as caught:
        require_polygons(replace(layer, geometry=shapes))
    assert (caught.value.message_id, caught.value.values) == ("polygons_needed", {"layer": "DLTB"})


def test_coordinates_that_fit() -> None:
    require_fitting(table("EPSG:4528"), FAMILIES)
    require_fitting(table("EPSG:4549", 540_000.0), FAMILIES)
    require_fitting(table("EPSG:4528", 40_500_000.0, 0.0), FAMILIES)
