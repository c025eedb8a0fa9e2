"""Control areas and the second survey through the Toolbox and the command line: by hand, and both the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import pytest
import shapely
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)

from tests.algorithms.conftest import Listening
from three_opt_three_protect import __main__ as command_line
from three_opt_three_protect.core.tables import Column, LayerTable, real, text
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.vectorfile import read_layer, write_layers

X, Y = 40_557_000, 3_453_000
VILLAGE = "320599101200"
CRS = crs_info("EPSG:4528")

ASKED: Dict[str, Any] = {
    "INPUT": "DLTB", "FARMLAND": "farmland", "VILLAGES": "CJDCQ", "LINES": "XZDW", "POINTS": "LXDW",
}  # fmt: skip
OPTIONS = {
    "FARMLAND": "--farmland", "VILLAGES": "--villages", "LINES": "--line-features", "POINTS": "--point-features",
    "AREA_FIELD": "--area-field", "DEDUCT_FIELD": "--deduct-field", "ID_FIELD": "--id-field",
    "VILLAGE_CODE": "--village-code-field", "VILLAGE_AREA": "--village-area-field",
    "TOWNSHIP_AREA": "--township-area", "TK_BASE": "--tk-base", "AREA_METHOD": "--area-method",
}  # fmt: skip
FIELDS = {"AREA_FIELD": "TBMJ", "DEDUCT_FIELD": "TKXS", "ID_FIELD": "BSM", "AREA_METHOD": 2}


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def layer(name: str, *shapes: object, **columns: Column) -> LayerTable:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    spatial = not all(shape is None for shape in shapes)
    return LayerTable(
        name, np.arange(1, len(shapes) + 1), geometry if spatial else None, columns, CRS if spatial else None
    )


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two squares of a hectare; a lane of 350 m² through the first, which farmland cuts in halves, and graves."""
    place = text([f"{VILLAGE}0000000"] * 2)
    parcels = layer(
        "DLTB", box(0, 0, 100, 100), box(100, 0, 200, 100), BSM=text(["a", "b"]), TBBH=text(["1", "2"]),
        DLBM=text(["011", "013"]), ZLDWDM=place, QSDWDM=place, TBMJ=real([10_000.07, 10_000.0]), TKXS=real([10.0, 0.0]),
    )  # fmt: skip
    lane = shapely.LineString([(X, Y + 20), (X + 100, Y + 20)])
    lines = layer("XZDW", lane, KCTBDWDM1=text([VILLAGE]), KCTBBH1=text(["1"]), CD=real([100.0]), KD=real([3.5]))
    points = layer("LXDW", shapely.Point(X + 25, Y + 60), MJ=real([12.0]))
    villages = layer(
        "CJDCQ", None, None, ZLDWDM=text([VILLAGE, "320599101201"]), OTHER=text([VILLAGE, None]),
        DCMJ=real([20_000.10, 7.0]), JSMJ=real([20_000.08, np.nan]),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("second") / "survey.gpkg"
    farmland = layer("farmland", box(-5, -5, 50, 105))
    tables = (parcels, lines, points, villages, farmland)
    write_layers(path, {table.name: table for table in tables})
    return path


def rows(found: QgsVectorLayer) -> List[Dict[str, Any]]:
    names = [field.name() for field in found.fields() if field.name() != "fid"]
    made = [{name: None if row[name] == NULL else row[name] for name in names} for row in found.getFeatures()]
    return sorted(made, key=str)


def in_file(path: Path, name: str) -> List[Dict[str, Any]]:
    table = read_layer(path, name)
    made: List[Dict[str, Any]] = [{} for _ in range(len(table))]
    for field, column in table.columns.items():
        for row, value in enumerate(column.values.tolist()):
            made[row][field] = None if column.is_missing[row] else value
    return sorted(made, key=str)


def asked(survey: Path, **parameters: Any) -> Dict[str, Any]:
    """What an algorithm is asked: layers by their names in the file."""
    layers = {name: f"{survey}|layername={table}" for name, table in ASKED.items() if name in parameters}
    given = {name: value for name, value in parameters.items() if name not in ASKED}
    return {**layers, "INPUT": f"{survey}|layername=DLTB", **FIELDS, **given}


EVERYTHING = dict.fromkeys(("FARMLAND", "VILLAGES", "LINES", "POINTS"), True)
OUTPUTS = dict.fromkeys(("OUTPUT", "SUMMARY", "CONTROLS"), "memory:")


def test_by_hand(run: Any, survey: Path) -> None:
    heard = Listening()
    # the village bears what the township has more: 20 000.12; Σ parcels 20 000.07 → 0.03 to a, 0.02 to b
    result = run("zoneoverlay", feedback=heard, **asked(survey, **EVERYTHING, TOWNSHIP_AREA=20_000.12), **OUTPUTS)
    pieces = {(row["parcel_id"], row["in_farm"]): row for row in rows(result["OUTPUT"])}
    west, east, other = pieces["a", 1], pieces["a", 0], pieces["b", 0]
    assert list(west)[-5:] == ["area_m2", "line_m2", "point_m2", "ridge_m2", "net_m2"]
    assert [west["area_m2"], east["area_m2"], other["area_m2"]] == [5000.05, 5000.05, 10_000.02]
    assert [(row["line_m2"], row["point_m2"]) for row in (west, east, other)] == [(175, 12), (175, 0), (0, 0)]
    # TKXS 10 is percent: (10 000.10 − 350 − 12) × 0.1 = 963.81
    assert round(west["ridge_m2"] + east["ridge_m2"], 2) == 963.81
    assert round(west["net_m2"] + east["net_m2"], 2) == 8674.29
    assert other["net_m2"] == 10_000.02
    assert sum(row["net_m2"] for row in rows(result["SUMMARY"])) == pytest.approx(18_674.31)
    assert (result["TOTAL_M2"], result["CONTROL_M2"]) == (20_000.12, 0.05)
    table = [tuple(row.values()) for row in rows(result["CONTROLS"])]
    assert table == [
        ("township", "320599101", 1, 20_000.12, 20_000.10, 0.02, 0.02, 0),
        ("village", VILLAGE, 2, 20_000.12, 20_000.07, 0.05, 0.03, 0),
        ("village", "320599101201", 0, 7.0, 0.0, 7.0, 0.0, 1),
    ]
    assert [line for line in heard.warned if "320599101201" in line], "a village without parcels is said"


@pytest.mark.parametrize(
    "parameters",
    [
        {"FARMLAND": True},
        {**EVERYTHING, "TOWNSHIP_AREA": 20_000.12},
        {**EVERYTHING, "TK_BASE": "gross"},
        {"VILLAGES": True, "VILLAGE_CODE": "OTHER", "VILLAGE_AREA": "JSMJ"},
        {"TOWNSHIP_AREA": 19_999.0},
        {"LINES": True, "FARMLAND": True},
        {"POINTS": True, "FARMLAND": True, "AREA_METHOD": 0},
    ],
)
def test_toolbox_and_command_line_agree(
    run: Any, survey: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], parameters: Dict[str, Any]
) -> None:
    given = asked(survey, **parameters)
    result = run("zoneoverlay", **given, **OUTPUTS)
    path = tmp_path / "out.gpkg"
    options = [f"{OPTIONS[name]}={value}" for name, value in given.items() if name != "INPUT"]
    assert command_line.main(["overlay", given["INPUT"], str(path), *options]) == 0
    assert rows(result["OUTPUT"]) == in_file(path, "pieces")
    assert rows(result["SUMMARY"]) == in_file(path, "summary")
    said = dict(line.split("\t") for line in capsys.readouterr().out.splitlines() if line.count("\t") == 1)
    bound = {"VILLAGES", "TOWNSHIP_AREA"} & set(parameters)
    assert ("CONTROL_M2" in said) == bool(bound) == (result["CONTROL_M2"] is not None)
    if bound:
        assert said["CONTROL_M2"] == f"{result['CONTROL_M2']:.2f}"
        assert rows(result["CONTROLS"]) == in_file(path, "controls")


def test_without_features_no_more_fields(run: Any, survey: Path) -> None:
    result = run("zoneoverlay", **asked(survey, VILLAGES=True), **OUTPUTS)
    (first, second) = rows(result["OUTPUT"])
    assert "line_m2" not in first
    # +0.03: q = 1, r = 1, the larger first; KCMJ follows TBMJ: 1000.009 → 1000.01
    assert [(row["area_m2"], row["net_m2"]) for row in (first, second)] == [
        (10_000.09, 9000.08),
        (10_000.01, 10_000.01),
    ]
    assert result["CONTROL_M2"] == 0.03


def test_lines_are_brought_to_the_parcels(run: Any, survey: Path, make_layer: Any) -> None:
    """Degrees in, metres along: the lane lies partly in the farmland."""
    there = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4528"), QgsCoordinateReferenceSystem("EPSG:4490"), QgsProject.instance()
    )
    lane = QgsGeometry.fromWkt(f"LINESTRING({X + 30} {Y + 20},{X + 110} {Y + 20})")
    assert lane.transform(there) == 0
    fields = "KCTBBH1:string XZDWMJ:double"
    lines = make_layer([(lane, "1", 350.0)], fields, name="XZDW", kind="LineString", crs="EPSG:4490")
    result = run("zoneoverlay", **{**asked(survey, FARMLAND=True), "LINES": lines}, **OUTPUTS)
    # of the 70 m in the parcel 20 m are in the farmland: 350 × 2 / 7
    found = {row["in_farm"]: row["line_m2"] for row in rows(result["OUTPUT"]) if row["parcel_id"] == "a"}
    assert found[0] + found[1] == 350.0
    assert found[1] == pytest.approx(100.0, abs=0.02)


def test_villages_of_another_township(run: Any, survey: Path, make_layer: Any) -> None:
    """Their parcels keep their areas, and that is said."""
    heard = Listening()
    other = make_layer([(None, "320599999001", 5.0)], "XZQDM:string KZMJ:double", name="外乡", kind="None", crs=None)
    result = run("zoneoverlay", feedback=heard, **{**asked(survey), "VILLAGES": other}, **OUTPUTS)
    assert [row["area_m2"] for row in rows(result["OUTPUT"])] == [10_000.07, 10_000.0]
    assert len(heard.warned) == 2
    assert result["CONTROL_M2"] == 0.0


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"VILLAGES": True, "VILLAGE_AREA": "nowhere"}, "nowhere"),
        ({"VILLAGES": True, "TOWNSHIP_AREA": 0.0}, "TOWNSHIP_AREA"),
    ],
)
def test_what_cannot_be_meant(run: Any, survey: Path, parameters: Dict[str, Any], words: str) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        run("zoneoverlay", **asked(survey, **parameters), **OUTPUTS)


REFUSED: List[Tuple[List[str], str]] = [
    (["--township-area=0"], "--township-area"),
    (["--line-features={}|layername=DLTB"], "no layer of lines"),
    (["--point-features={}|layername=XZDW"], "no layer of points"),
    (["--villages={}|layername=farmland"], "unit_code"),
]


@pytest.mark.parametrize(("options", "words"), REFUSED)
def test_command_line_refuses_in_one_line(
    survey: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: List[str], words: str
) -> None:
    given = [option.format(survey) for option in options]
    source, target = f"{survey}|layername=DLTB", str(tmp_path / "a.gpkg")
    assert command_line.main(["--language", "en", "overlay", source, target, *given]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line
