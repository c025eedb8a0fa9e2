"""CRS as plain data, and bringing a layer to another CRS without a datum shift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyproj
import pytest
import shapely

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.measure import ellipsoid_of, gauss_kruger_inverse
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage import crs as crs_module
from three_opt_three_protect.storage.crs import (
    best_known_operation,
    bring_to,
    crs_info,
    same_datum,
    taken_as_same,
    to_lonlat,
)


def crs(definition: str) -> CrsInfo:
    info = crs_info(definition)
    assert info is not None
    return info


def square(definition: str | None, x: float, y: float, size: float) -> LayerTable:
    shapes = np.array([shapely.box(x, y, x + size, y + size), None], dtype=np.object_)
    return LayerTable("地类图斑", np.array([7, 8]), shapes, {}, crs_info(definition))


# code, ellipsoid, semi-major, 1/f, datum, central meridian, false easting: EPSG's registry
@pytest.mark.parametrize(
    ("code", "ellipsoid", "semi_major", "inverse_flattening", "datum", "meridian", "easting"),
    [
        (4528, "CGCS2000", 6378137.0, 298.257222101, "EPSG:4490", 120.0, 40_500_000.0),
        (4549, "CGCS2000", 6378137.0, 298.257222101, "EPSG:4490", 120.0, 500_000.0),
        (2364, "IAG75", 6378140.0, 298.257, "EPSG:4610", 120.0, 40_500_000.0),
        (2385, "IAG75", 6378140.0, 298.257, "EPSG:4610", 120.0, 500_000.0),
        (2437, "Krassowsky1940", 6378245.0, 298.3, "EPSG:4214", 120.0, 500_000.0),
        (32651, "WGS84", 6378137.0, 298.257223563, "EPSG:4326", None, 0.0),
        (2056, "Bessel1841", 6377397.155, 299.1528128, "EPSG:4150", None, 0.0),
        (2154, "GRS80", 6378137.0, 298.257222101, "EPSG:4171", None, 0.0),
    ],
)
def test_projected(
    code: int,
    ellipsoid: str,
    semi_major: float,
    inverse_flattening: float,
    datum: str,
    meridian: float | None,
    easting: float,
) -> None:
    info = crs(f"EPSG:{code}")
    assert (info.authid, info.is_geographic, info.metres_per_unit) == (f"EPSG:{code}", False, 1.0)
    assert (info.ellipsoid, info.semi_major, info.datum) == (ellipsoid, semi_major, datum)
    assert info.inverse_flattening == pytest.approx(inverse_flattening, abs=1e-9)
    assert (info.central_meridian, info.false_easting) == (meridian, easting)


@pytest.mark.parametrize(("code", "ellipsoid"), [(4490, "CGCS2000"), (4326, "WGS84"), (4610, "IAG75")])
def test_geographic(code: int, ellipsoid: str) -> None:
    info = crs(f"EPSG:{code}")
    assert (info.is_geographic, info.ellipsoid, info.datum) == (True, ellipsoid, f"EPSG:{code}")
    assert info.metres_per_unit == pytest.approx(2 * np.pi * info.semi_major / 360, rel=1e-12)


def test_feet() -> None:
    assert crs("EPSG:2222").metres_per_unit == pytest.approx(0.3048, abs=1e-12)


@pytest.mark.parametrize("code", [4528, 4549, 2385, 4490])
def test_an_esri_prj_is_the_official_crs(code: int) -> None:
    assert crs(pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI")) == crs(f"EPSG:{code}")


def test_a_zone_of_ones_own_keeps_datum_and_meridian() -> None:
    wkt = (
        pyproj.CRS.from_epsg(2385).to_wkt("WKT1_ESRI").replace('"Central_Meridian",120.0', '"Central_Meridian",120.75')
    )
    info = crs(wkt)
    assert (info.authid, info.datum, info.ellipsoid) == ("", "EPSG:4610", "IAG75")
    assert (info.central_meridian, info.false_easting) == (120.75, 500_000.0)


def test_heights_beside_the_plane_are_left_aside() -> None:
    assert crs("EPSG:4528+5737").authid == "EPSG:4528"


@pytest.mark.parametrize("definition", [None, "", "  "])
def test_no_crs(definition: str | None) -> None:
    assert crs_info(definition) is None


def test_unknown_crs_is_an_error_that_names_the_layer() -> None:
    with pytest.raises(CrsError) as caught:
        crs_info("EPSG:1", "地类图斑")
    assert caught.value.message_id == "unknown_crs"
    assert caught.value.values["layer"] == "地类图斑"


def test_a_local_grid_has_no_degrees() -> None:
    local = crs('LOCAL_CS["苏州独立坐标系",UNIT["metre",1]]')
    assert (local.datum, local.ellipsoid, local.central_meridian) == ("", "", None)
    with pytest.raises(CrsError) as caught:
        to_lonlat(local)
    assert caught.value.message_id == "no_ellipsoid"


@pytest.mark.parametrize("code", [4528, 2385])
def test_inverse_agrees_with_core(code: int) -> None:
    info = crs(f"EPSG:{code}")
    x = np.linspace(-120_000, 120_000, 25) + info.false_easting
    y = np.linspace(2_500_000, 4_500_000, 25)
    own = gauss_kruger_inverse(ellipsoid_of(info), 120.0, info.false_easting)
    assert np.abs(np.subtract(to_lonlat(info)(x, y), own(x, y))).max() < 1e-10


def test_inverse_on_the_central_meridian() -> None:
    longitude, latitude = to_lonlat(crs("EPSG:4528"))(np.array([40_500_000.0]), np.array([0.0]))
    assert (longitude[0], latitude[0]) == pytest.approx((120.0, 0.0), abs=1e-12)


def test_degrees_stay_degrees_and_grads_become_degrees() -> None:
    x, y = np.array([120.5]), np.array([31.25])
    assert np.array_equal(to_lonlat(crs("EPSG:4490"))(x, y), (x, y))
    # EPSG:4807 counts in grads: 100 grad = 90°
    assert np.allclose(to_lonlat(crs("EPSG:4807"))(np.array([10.0]), np.array([50.0])), ([9.0], [45.0]), atol=1e-12)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (4528, 4549, True),
        (4528, 4490, True),
        (4528, 4326, True),
        (4528, 32651, True),
        (4528, 2364, False),
        (2385, 2437, False),
        (2154, 4326, False),
    ],
)
def test_same_datum(one: int, other: int, same: bool) -> None:
    assert same_datum(crs(f"EPSG:{one}"), crs(f"EPSG:{other}")) is same


def test_wgs84_beside_cgcs2000_can_be_said() -> None:
    assert taken_as_same(crs("EPSG:4326"), crs("EPSG:4528"))
    assert not taken_as_same(crs("EPSG:4490"), crs("EPSG:4528"))


def test_zone_prefix_is_dropped_exactly() -> None:
    moved = bring_to(square("EPSG:4528", 40_512_345.678, 3_456_789.012, 100.0), crs("EPSG:4549"))
    assert moved.crs == crs("EPSG:4549")
    assert moved.geometry is not None
    assert moved.geometry[1] is None
    expected = shapely.box(512_345.678, 3_456_789.012, 512_445.678, 3_456_889.012)
    # 1e-7 m: the rounding of two projections
    assert shapely.hausdorff_distance(moved.geometry[0], expected) < 1e-7


def test_wgs84_passes_as_cgcs2000() -> None:
    degrees = square("EPSG:4326", 120.5, 31.25, 0.01)
    assert degrees.geometry is not None
    moved = bring_to(degrees, crs("EPSG:4490"))
    assert moved.geometry is not None
    assert shapely.hausdorff_distance(moved.geometry[0], degrees.geometry[0]) < 1e-12


def test_the_same_crs_gives_the_same_table() -> None:
    table = square("EPSG:4528", 40_500_000.0, 3_500_000.0, 1.0)
    assert bring_to(table, crs("EPSG:4528")) is table


@pytest.mark.parametrize(("source", "target"), [(2385, 4549), (4549, 2385), (2385, 2437)])
def test_ballpark_between_datums_is_refused(source: int, target: int) -> None:
    with pytest.raises(CrsError) as caught:
        bring_to(square(f"EPSG:{source}", 500_000.0, 3_500_000.0, 100.0), crs(f"EPSG:{target}"))
    assert caught.value.message_id == "other_datum"
    assert caught.value.values["known"] == "–"


def test_another_datum_is_refused_even_when_an_operation_is_known() -> None:
    with pytest.raises(CrsError) as caught:
        bring_to(square("EPSG:2154", 700_000.0, 6_600_000.0, 100.0), crs("EPSG:4326"))
    assert caught.value.message_id == "other_datum"
    assert "Lambert-93" in str(caught.value.values["known"])


def test_best_known_operation_ignores_ballpark() -> None:
    assert best_known_operation(crs("EPSG:2385"), crs("EPSG:4549")) == ""
    assert "RGF93 v1 to WGS 84" in best_known_operation(crs("EPSG:2154"), crs("EPSG:4326"))


def test_an_operation_given_is_used() -> None:
    # a plain shift of 95 m east and 10 m south, as two control points might give it
    operation = "+proj=affine +xoff=95 +yoff=-10"
    moved = bring_to(square("EPSG:2385", 500_000.0, 3_500_000.0, 100.0), crs("EPSG:4549"), operation)
    assert moved.geometry is not None
    assert shapely.bounds(moved.geometry[0]).tolist() == [500_095.0, 3_499_990.0, 500_195.0, 3_500_090.0]
    assert moved.crs == crs("EPSG:4549")


def test_an_operation_proj_does_not_know() -> None:
    with pytest.raises(CrsError) as caught:
        bring_to(square("EPSG:2385", 500_000.0, 3_500_000.0, 1.0), crs("EPSG:4549"), "+proj=七参数")
    assert caught.value.message_id == "bad_operation"


def test_a_layer_without_crs_is_not_guessed() -> None:
    with pytest.raises(CrsError) as caught:
        bring_to(square(None, 0.0, 0.0, 1.0), crs("EPSG:4528"))
    assert caught.value.message_id == "no_crs"


def test_coordinates_without_image_name_the_features() -> None:
    # eight-digit eastings read with a CRS of six digits lie beyond the globe
    with pytest.raises(CrsError) as caught:
        bring_to(square("EPSG:4549", 40_500_000.0, 3_500_000.0, 100.0), crs("EPSG:4490"))
    assert caught.value.message_id == "outside_crs"
    assert caught.value.values["features"] == "7"


def test_the_zones_known_without_proj_are_proj_s(monkeypatch: pytest.MonkeyPatch) -> None:
    known = crs_module._gauss_kruger()
    assert len(known) == 192, "twelve series, of 11 and 21 zones"
    monkeypatch.setattr(crs_module, "_gauss_kruger", dict)
    assert {code: replace(crs(code), wkt="") for code in known} == dict(known)
