"""The planner's parameters do what the formulas of the manuals do, and nothing else is accepted."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict

import numpy as np
import pyproj
import pytest
import shapely

from three_opt_three_protect.core.datumshift import parse_shift, shift_between, shift_pipeline
from three_opt_three_protect.core.errors import CrsError, SchemaError
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.crs import bring_to, crs_info
from three_opt_three_protect.storage.datumshift import read_shift, shift_limits

FOUR: Dict[str, Any] = {"dx": 118.25, "dy": -4.75, "rotation": 1.5, "scale": 1.0000035}
SEVEN: Dict[str, Any] = {
    "dx": -12.345, "dy": 103.21, "dz": 98.7, "rx": 0.12, "ry": -0.034, "rz": 1.25, "m": -2.1,
    "convention": "coordinate_frame",
}  # fmt: skip


def crs(code: str) -> CrsInfo:
    info = crs_info(code)
    assert info is not None
    return info


def refused(message_id: str, **given: Any) -> CrsError:
    with pytest.raises(CrsError) as caught:
        parse_shift(given, shift_limits())
    assert caught.value.message_id == message_id
    return caught.value


def through(pipeline: str, x: float, y: float) -> Any:
    return pyproj.Transformer.from_pipeline(pipeline).transform(x, y)


@pytest.mark.parametrize(("source", "target"), [("EPSG:2385", "EPSG:4549"), ("EPSG:2364", "EPSG:4528")])
def test_four_parameters_by_hand(source: str, target: str) -> None:
    # the formula of the manuals: turned counter-clockwise, scaled, moved; without the zone number
    zone = 40e6 if source == "EPSG:2364" else 0.0
    x, y = 550_123.456, 3_460_789.012
    turn, scale = math.radians(1.5 / 3600), 1.0000035
    expected = (
        scale * (math.cos(turn) * x - math.sin(turn) * y) + 118.25 + zone,
        scale * (math.sin(turn) * x + math.cos(turn) * y) - 4.75,
    )
    pipeline = shift_pipeline(parse_shift(FOUR, shift_limits()), crs(source), crs(target))
    assert through(pipeline, x + zone, y) == pytest.approx(expected, abs=1e-6)


def geocentric(info: CrsInfo, longitude: float, latitude: float) -> Any:
    a, f = info.semi_major, 1 / info.inverse_flattening
    e2 = f * (2 - f)
    lam, phi = math.radians(longitude), math.radians(latitude)
    n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    return np.array(
        [n * math.cos(phi) * math.cos(lam), n * math.cos(phi) * math.sin(lam), n * (1 - e2) * math.sin(phi)]
    )


@pytest.mark.parametrize(("convention", "sign"), [("coordinate_frame", 1.0), ("position_vector", -1.0)])
def test_seven_parameters_by_hand(convention: str, sign: float) -> None:
    here, there = crs("EPSG:4610"), crs("EPSG:4490")
    shift = parse_shift({**SEVEN, "convention": convention}, shift_limits())
    longitude, latitude = through(shift_pipeline(shift, here, there), 120.5, 31.3)
    # Bursa: X + T + (1 + m) R X with small angles
    rx, ry, rz = (sign * math.radians(SEVEN[name] / 3600) for name in ("rx", "ry", "rz"))
    matrix = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])
    expected = np.array([-12.345, 103.21, 98.7]) + (1 - 2.1e-6) * matrix @ geocentric(here, 120.5, 31.3)
    found = geocentric(there, longitude, latitude)
    # what the shift does to the height is left out: the rest points along the ellipsoid's normal
    lam, phi = math.radians(longitude), math.radians(latitude)
    normal = np.array([math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)])
    rest = expected - found
    assert np.linalg.norm(rest - (rest @ normal) * normal) < 1e-3
    assert np.linalg.norm(geocentric(there, 120.5, 31.3) - found) > 30


def test_between_zones_the_seven_parameters_agree_with_degrees() -> None:
    shift = parse_shift(SEVEN, shift_limits())
    to_plane = pyproj.Transformer.from_crs("EPSG:4610", "EPSG:2364", always_xy=True)
    x, y = to_plane.transform(120.5, 31.3)
    moved = through(shift_pipeline(shift, crs("EPSG:2364"), crs("EPSG:4549")), x, y)
    longitude, latitude = through(shift_pipeline(shift, crs("EPSG:4610"), crs("EPSG:4490")), 120.5, 31.3)
    expected = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True).transform(longitude, latitude)
    assert moved == pytest.approx(expected, abs=1e-6)


def test_a_layer_is_brought_over_with_it() -> None:
    shapes = np.array([shapely.box(550_000, 3_460_000, 550_010, 3_460_010)], dtype=object)
    table = LayerTable("拆旧地块", np.array([7]), shapes, {}, crs("EPSG:2385"))
    shift = parse_shift({**FOUR, "rotation": 0, "scale": 1}, shift_limits())
    moved = bring_to(table, crs("EPSG:4549"), shift_pipeline(shift, crs("EPSG:2385"), crs("EPSG:4549")))
    assert shapely.bounds(moved.shapes[0]) == pytest.approx([550_118.25, 3_459_995.25, 550_128.25, 3_460_005.25])
    assert moved.crs == crs("EPSG:4549")


class TestRefusals:
    def test_some_are_missing(self) -> None:
        error = refused("shift_parameters", dx=1, dy=2)
        assert error.values["given"] == "dx, dy"
        assert "rotation" in str(error.values["known"])

    def test_one_too_many(self) -> None:
        refused("shift_parameters", **FOUR, dz=1.0)

    @pytest.mark.parametrize(
        ("name", "value"), [("scale", 3.5), ("scale", "1,0000035"), ("rotation", 1e6), ("dx", float("nan"))]
    )
    def test_a_value_that_cannot_be_meant(self, name: str, value: Any) -> None:
        error = refused("shift_parameter_implausible", **{**FOUR, name: value})
        assert error.values["parameter"] == name

    def test_the_rotation_s_convention_is_not_guessed(self) -> None:
        refused("shift_convention", **{**SEVEN, "convention": ""})

    def test_four_parameters_across_zones(self) -> None:
        shift = parse_shift(FOUR, shift_limits())
        for target, said in (("EPSG:4548", "shift_other_meridian"), ("EPSG:4490", "shift_not_planar")):
            with pytest.raises(CrsError) as caught:
                shift_pipeline(shift, crs("EPSG:2385"), crs(target))
            assert caught.value.message_id == said


def written(folder: Path, start: str, end: str, **given: Any) -> Path:
    file = folder / "参数.yaml"
    lines = {"from": start, "to": end, **given}
    file.write_text("\n".join(f"{key}: {value}" for key, value in lines.items()), encoding="utf-8")
    return file


@pytest.mark.parametrize(("start", "end"), [("西安80", "2000"), ("EPSG:4610", "CGCS2000"), ("Xi'an 80", "EPSG:4490")])
def test_from_a_file(tmp_path: Path, start: str, end: str) -> None:
    shift = read_shift(written(tmp_path, start, end, **SEVEN))
    assert shift == replace(parse_shift(SEVEN, shift_limits()), source="EPSG:4610", target="EPSG:4490")
    with pytest.raises(SchemaError):
        read_shift(tmp_path / "无.yaml")


def test_a_file_says_between_which_datums(tmp_path: Path) -> None:
    with pytest.raises(SchemaError) as caught:
        read_shift(written(tmp_path, "西安80", "某地独立坐标系", **FOUR))
    assert (caught.value.message_id, caught.value.values["key"]) == ("resource_wrong_value", "to")
    file = tmp_path / "无基准.yaml"
    file.write_text("dx: 1\n", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_shift(file)
    assert (caught.value.message_id, caught.value.values["key"]) == ("resource_missing_key", "from")


def test_parameters_hold_one_way_only(tmp_path: Path) -> None:
    shift = read_shift(written(tmp_path, "西安80", "CGCS2000", **FOUR))
    there = shift_between(shift, "a", crs("EPSG:2385"), crs("EPSG:4549"))
    assert there == shift_pipeline(parse_shift(FOUR, shift_limits()), crs("EPSG:2385"), crs("EPSG:4549"))
    for source, target in (("EPSG:4549", "EPSG:2385"), ("EPSG:2437", "EPSG:4549")):
        with pytest.raises(CrsError) as caught:
            shift_between(shift, "拆旧地块", crs(source), crs(target))
        assert caught.value.message_id == "shift_other_datums"
        assert caught.value.values["source"] == "EPSG:4610"


def test_as_the_log_writes_them() -> None:
    assert parse_shift(FOUR, shift_limits()).written == "dx=118.25 dy=-4.75 rotation=1.5 scale=1.0000035"
    assert parse_shift(SEVEN, shift_limits()).written.endswith("rz=1.25 m=-2.1 coordinate_frame")
