"""Layers on another datum: brought over with the planner's own parameters and in no other way."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
import shapely
from qgis.core import QgsProcessingException, QgsVectorLayer

from tests.algorithms.conftest import Listening
from three_opt_three_protect.storage.vectorfile import read_layer

X, Y = 550_000, 3_460_000
DX, DY = 118.25, -4.75
XIAN, CGCS = "EPSG:2385", "EPSG:4549"
"""Both of the central meridian 120°, eastings without zone number."""


@pytest.fixture
def parameters(tmp_path: Path) -> str:
    """Made-up parameters that move and do not turn: the result is known by hand."""
    file = tmp_path / "四参数.yaml"
    lines = ["from: 西安80", "to: CGCS2000", f"dx: {DX}", f"dy: {DY}", "rotation: 0", "scale: 1"]
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


@pytest.fixture
def layers(make_layer: Any) -> Dict[str, QgsVectorLayer]:
    """A parcel of one hectare, and farmland on its western 40 m drawn on the old datum."""
    parcel = shapely.box(X, Y, X + 100, Y + 100)
    old = shapely.box(X - DX, Y - DY, X - DX + 40, Y - DY + 100)
    return {
        "INPUT": make_layer([(parcel.wkt, "0101")], "DLBM:string", CGCS, "图斑"),
        "FARMLAND": make_layer([(old.wkt,)], "", XIAN, "基本农田"),
    }


def farmland_m2(layer: QgsVectorLayer) -> List[float]:
    return [row["area_m2"] for row in layer.getFeatures() if row["in_farm"] == 1]


def test_overlay_with_the_parameters(run: Any, layers: Any, parameters: str) -> None:
    heard = Listening()
    asked = {**layers, "AREA_METHOD": 2, "DATUM_SHIFT": parameters, "OUTPUT": "memory:"}
    result = run("zoneoverlay", feedback=heard, **asked)
    assert farmland_m2(result["OUTPUT"]) == [4000.0]
    told = [line for line in heard.said if "dx=118.25 dy=-4.75 rotation=0 scale=1" in line]
    assert len(told) == 1
    assert "基本农田" in told[0]


def test_without_them_it_is_refused_and_both_ways_are_named(run: Any, layers: Any) -> None:
    with pytest.raises(QgsProcessingException, match=r"DATUM_SHIFT.*Transformations"):
        run("zoneoverlay", **layers, AREA_METHOD=2, OUTPUT="memory:")


def test_layers_on_one_datum_are_not_moved(run: Any, layers: Any, make_layer: Any, parameters: str) -> None:
    same = make_layer([(shapely.box(X, Y, X + 40, Y + 100).wkt,)], "", CGCS, "基本农田")
    heard = Listening()
    asked = {**layers, "FARMLAND": same, "AREA_METHOD": 2, "DATUM_SHIFT": parameters, "OUTPUT": "memory:"}
    assert farmland_m2(run("zoneoverlay", feedback=heard, **asked)["OUTPUT"]) == [4000.0]
    assert not [line for line in heard.said if "dx=" in line]


def test_the_other_way_round_is_refused(run: Any, layers: Any, parameters: str) -> None:
    turned = {"INPUT": layers["FARMLAND"], "FARMLAND": layers["INPUT"]}
    with pytest.raises(QgsProcessingException, match="EPSG:4610"):
        run("zoneoverlay", **turned, AREA_METHOD=2, DATUM_SHIFT=parameters, OUTPUT="memory:")


def test_a_plan_database_and_checks_take_them(run: Any, layers: Any, parameters: str, tmp_path: Path) -> None:
    given = {"PARCELS": layers["INPUT"], "FARMLAND": layers["FARMLAND"]}
    plan = run("plandatabase", **given, DATUM_SHIFT=parameters, PLAN=str(tmp_path / "规划.gpkg"))["PLAN"]
    farmland = read_layer(Path(plan), "farmland")
    assert shapely.bounds(farmland.shapes[0]).tolist() == pytest.approx([X, Y, X + 40, Y + 100], abs=1e-6)
    asked = {**layers, "ROLE": "parcels", "RULES": "farmland_class", "AREA_METHOD": 2, "FINDINGS": "memory:"}
    run("checkdata", **asked, DATUM_SHIFT=parameters)
    with pytest.raises(QgsProcessingException, match="DATUM_SHIFT"):
        run("checkdata", **asked)


def test_a_file_that_says_too_little(run: Any, layers: Any, tmp_path: Path) -> None:
    file = tmp_path / "少.yaml"
    file.write_text("dx: 1\n", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="from"):
        run("zoneoverlay", **layers, AREA_METHOD=2, DATUM_SHIFT=str(file), OUTPUT="memory:")
    file.write_text("from: 西安80\nto: CGCS2000\ndx: 1\n", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="rotation"):
        run("zoneoverlay", **layers, AREA_METHOD=2, DATUM_SHIFT=str(file), OUTPUT="memory:")
