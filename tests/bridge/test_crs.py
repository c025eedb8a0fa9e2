from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Tuple

import numpy as np
import pytest
import shapely
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransformContext, QgsDatumTransform

from three_opt_three_protect.bridge.crs import bring_to, crs_info, qgis_crs, same_datum, to_lonlat
from three_opt_three_protect.core.datumshift import parse_shift, shift_pipeline
from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.measure import AreaMethod, lonlat_of, measure
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.datumshift import shift_limits

pytestmark = pytest.mark.usefixtures("qgis_app")

SEVEN = {
    "dx": -12.3, "dy": 103.2, "dz": 98.7, "rx": 0.1, "ry": -0.03, "rz": 1.2, "m": -2, "convention": "coordinate_frame",
}  # fmt: skip


def info(definition: str) -> CrsInfo:
    crs = QgsCoordinateReferenceSystem(definition)
    assert crs.isValid()
    return crs_info(crs)


def layer(definition: str, *points: Tuple[float, float], name: str = "图层") -> LayerTable:
    geometry = np.array([shapely.Point(*point) for point in points], dtype=np.object_)
    return LayerTable(name, np.arange(len(points), dtype=np.int64), geometry, crs=info(definition))


@pytest.mark.parametrize(
    ("authid", "ellipsoid", "axis", "flattening", "datum", "meridian", "easting"),
    [
        ("EPSG:4528", "CGCS2000", 6378137.0, 298.257222101, "EPSG:4490", 120.0, 40500000.0),
        ("EPSG:4549", "CGCS2000", 6378137.0, 298.257222101, "EPSG:4490", 120.0, 500000.0),
        ("EPSG:2385", "IAG75", 6378140.0, 298.257, "EPSG:4610", 120.0, 500000.0),
        ("EPSG:2364", "IAG75", 6378140.0, 298.257, "EPSG:4610", 120.0, 40500000.0),
        ("EPSG:32651", "WGS84", 6378137.0, 298.257223563, "EPSG:4326", None, 0.0),
        ("EPSG:2056", "EPSG:7004", 6377397.155, 299.1528128, "EPSG:4150", None, 0.0),
    ],
)
def test_projected(
    authid: str, ellipsoid: str, axis: float, flattening: float, datum: str, meridian: Any, easting: float
) -> None:
    found = info(authid)
    assert (found.authid, found.is_geographic, found.metres_per_unit) == (authid, False, 1.0)
    assert (found.ellipsoid, found.semi_major, found.inverse_flattening) == (ellipsoid, axis, pytest.approx(flattening))
    assert (found.datum, found.central_meridian, found.false_easting) == (datum, meridian, easting)
    assert found.wkt.startswith("PROJCRS")


def test_degrees() -> None:
    found = info("EPSG:4490")
    assert (found.is_geographic, found.central_meridian, found.datum) == (True, None, "EPSG:4490")
    # One degree of the equator: 6378137 π / 180.
    assert found.metres_per_unit == pytest.approx(111319.4908, abs=1e-4)


def test_feet_are_not_metres_and_not_gauss_kruger() -> None:
    feet = info("PROJ:+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=0 +ellps=GRS80 +units=ft +no_defs")
    assert (feet.metres_per_unit, feet.central_meridian) == (pytest.approx(0.3048), None)


def test_crs_without_an_id_comes_back_through_its_wkt() -> None:
    found = info("PROJ:+proj=tmerc +lat_0=0 +lon_0=120.5 +k=1 +x_0=500000 +a=6378140 +rf=298.257 +units=m")
    assert (found.authid, found.central_meridian) == ("", 120.5)
    assert qgis_crs(found).isValid()
    assert crs_info(qgis_crs(found)).central_meridian == 120.5


def test_same_datum_transforms_to_the_other_numbering_of_the_zone() -> None:
    moved = bring_to(
        layer("EPSG:4549", (557000.0, 3453000.0)), layer("EPSG:4528", (0.0, 0.0)), QgsCoordinateTransformContext()
    )
    assert shapely.get_coordinates(moved.geometry)[0].tolist() == pytest.approx([40557000.0, 3453000.0], abs=1e-6)
    assert moved.crs is not None
    assert moved.crs.authid == "EPSG:4528"


def test_wgs84_counts_as_cgcs2000_and_the_log_says_so() -> None:
    said: List[Tuple[str, Dict[str, str]]] = []
    target = layer("EPSG:4528", (0.0, 0.0), name="图斑")
    # 120°E 31°N lies on the central meridian of zone 40.
    moved = bring_to(
        layer("EPSG:4326", (120.0, 31.0), name="航拍"),
        target,
        QgsCoordinateTransformContext(),
        lambda key, values: said.append((key, values)),
    )
    assert shapely.get_coordinates(moved.geometry)[0, 0] == pytest.approx(40500000.0, abs=1e-3)
    assert [key for key, _ in said] == ["log_datum_same"]
    assert said[0][1]["layer"] == "航拍"


def test_another_datum_is_refused_naming_layers_and_datums() -> None:
    with pytest.raises(CrsError) as caught:
        bring_to(
            layer("EPSG:2385", (557000.0, 3453000.0), name="旧规划"),
            layer("EPSG:4549", (0.0, 0.0), name="图斑"),
            QgsCoordinateTransformContext(),
        )
    assert caught.value.message_id == "two_datums"
    assert (caught.value.values["layer"], caught.value.values["other"]) == ("旧规划", "图斑")
    assert "EPSG:4610" in str(caught.value.values["datum"])
    assert "EPSG:4490" in str(caught.value.values["other_datum"])


def test_another_datum_passes_with_the_operation_set_in_the_project() -> None:
    swiss, world = QgsCoordinateReferenceSystem("EPSG:2056"), QgsCoordinateReferenceSystem("EPSG:4326")
    # The official operation of PROJ's database, accurate to 1 m.
    operation = QgsDatumTransform.operations(swiss, world)[0]
    assert operation.accuracy > 0
    context = QgsCoordinateTransformContext()
    context.addCoordinateOperation(swiss, world, operation.proj)
    said: List[str] = []
    moved = bring_to(
        layer("EPSG:2056", (2600000.0, 1200000.0)),
        layer("EPSG:4326", (0.0, 0.0)),
        context,
        lambda key, values: said.append(key),
    )
    # The fundamental point of Bern, 46°57'3.9"N 7°26'19.1"E (swisstopo).
    assert shapely.get_coordinates(moved.geometry)[0].tolist() == pytest.approx([7.438632, 46.951083], abs=2e-6)
    assert said == ["log_datum_operation"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # 4 parameters by hand: 118.25 and −4.75 m, neither turned nor scaled
        ({"dx": 118.25, "dy": -4.75, "rotation": 0, "scale": 1}, (40_550_118.25, 3_459_995.25)),
        # 7 parameters by PROJ 9 through pyproj, in a process without QGIS
        (SEVEN, (40549925.0287, 3460030.8528)),
    ],
)
def test_the_planner_s_own_parameters_are_such_an_operation(given: Any, expected: Any) -> None:
    source, target = layer("EPSG:2364", (40_550_000.0, 3_460_000.0)), layer("EPSG:4528", (40_550_000.0, 3_460_000.0))
    assert source.crs is not None
    assert target.crs is not None
    pipeline = shift_pipeline(parse_shift(given, shift_limits()), source.crs, target.crs)
    context = QgsCoordinateTransformContext()
    two = (QgsCoordinateReferenceSystem("EPSG:2364"), QgsCoordinateReferenceSystem("EPSG:4528"))
    assert context.addCoordinateOperation(*two, pipeline)
    found = shapely.get_coordinates(bring_to(source, target, context).geometry)[0].tolist()
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("source", "target", "at", "expected", "near"),
    [
        # by PROJ 9 through pyproj, in a process without QGIS
        ("EPSG:2364", "EPSG:4528", (40_550_000.0, 3_460_000.0), (40549925.0287, 3460030.8528), 1e-4),
        ("EPSG:4610", "EPSG:4490", (120.5, 31.3), (120.49921498250, 31.30029509584), 1e-9),
    ],
)
def test_parameters_given_go_before_the_project(
    source: str, target: str, at: Tuple[float, float], expected: Tuple[float, float], near: float
) -> None:
    shift = replace(parse_shift(SEVEN, shift_limits()), source="EPSG:4610", target="EPSG:4490")
    two = QgsCoordinateReferenceSystem(source), QgsCoordinateReferenceSystem(target)
    context = QgsCoordinateTransformContext()
    context.addCoordinateOperation(*two, "+proj=affine +xoff=1")
    said: List[Tuple[str, str]] = []
    here, there = layer(source, at, name="旧规划"), layer(target, at)
    moved = bring_to(here, there, context, lambda key, values: said.append((key, values["parameters"])), SILENT, shift)
    assert shapely.get_coordinates(moved.geometry)[0].tolist() == pytest.approx(expected, abs=near, rel=0)
    assert said == [("log_datum_parameters", "dx=-12.3 dy=103.2 dz=98.7 rx=0.1 ry=-0.03 rz=1.2 m=-2 coordinate_frame")]
    assert context.calculateCoordinateOperation(*two) == "+proj=affine +xoff=1"
    with pytest.raises(CrsError) as caught:
        bring_to(there, here, QgsCoordinateTransformContext(), None, SILENT, shift)
    assert caught.value.message_id == "shift_other_datums"


def test_a_layer_without_crs_is_refused() -> None:
    here = LayerTable("图斑", np.array([1]), np.array([shapely.Point(0, 0)], dtype=np.object_))
    with pytest.raises(CrsError) as caught:
        bring_to(here, layer("EPSG:4528", (0.0, 0.0)), QgsCoordinateTransformContext())
    assert (caught.value.message_id, caught.value.values["layer"]) == ("no_crs", "图斑")


def test_unknown_datums_are_equal_only_in_the_same_crs() -> None:
    local = info("PROJ:+proj=tmerc +lat_0=0 +lon_0=120.5 +k=1 +x_0=0 +ellps=GRS80 +units=m")
    other = info("PROJ:+proj=tmerc +lat_0=0 +lon_0=121 +k=1 +x_0=0 +ellps=GRS80 +units=m")
    assert same_datum(local, local)
    assert not same_datum(local, other)


def test_missing_geometry_stays_missing() -> None:
    here = layer("EPSG:4549", (557000.0, 3453000.0), (557001.0, 3453000.0))
    shapes = here.shapes.copy()
    shapes[0] = None
    here = LayerTable(here.name, here.fid, shapes, crs=here.crs)
    moved = bring_to(here, layer("EPSG:4528", (0.0, 0.0)), QgsCoordinateTransformContext())
    assert moved.shapes[0] is None
    assert shapely.get_coordinates(moved.geometry)[0, 0] == pytest.approx(40557001.0, abs=1e-6)
    assert here.shapes[1].x == 557001.0


def test_points_without_image_are_an_error() -> None:
    with pytest.raises(CrsError) as caught:
        bring_to(
            layer("EPSG:4490", (120.0, 400.0), name="图斑"),
            layer("EPSG:4528", (0.0, 0.0)),
            QgsCoordinateTransformContext(),
        )
    assert (caught.value.message_id, caught.value.values["layer"]) == ("transform_failed", "图斑")


def test_inverse_of_qgis_agrees_with_the_one_of_core() -> None:
    crs = info("EPSG:4528")
    own = lonlat_of(crs)
    assert own is not None
    x, y = np.array([40557000.0, 40540000.0]), np.array([3453000.0, 3470000.0])
    np.testing.assert_allclose(to_lonlat(crs)(x, y), own(x, y), atol=1e-11)


def test_area_through_the_inverse_of_qgis_is_the_test_vector() -> None:
    crs = info("EPSG:4528")
    ring = [(40557000.123, 3453000.456), (40557231.77, 3453012.09), (40557260.4, 3453221.5), (40557041.9, 3453250.31)]
    shapes = np.array([shapely.Polygon(ring)], dtype=np.object_)
    # 04-area 4.3, T2, strip+PROJ.
    assert measure(shapes, crs, AreaMethod.STRIP, to_lonlat(crs))[0] == pytest.approx(51982.2001, abs=1e-4)


def test_inverse_of_a_crs_without_id() -> None:
    crs = info("PROJ:+proj=tmerc +lat_0=0 +lon_0=120.5 +k=1 +x_0=500000 +a=6378140 +rf=298.257 +units=m")
    lon, _ = to_lonlat(crs)(np.array([500000.0]), np.array([3453000.0]))
    assert lon[0] == pytest.approx(120.5, abs=1e-9)
