"""``checkdata``: one layer through the rules, read as drawn."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from qgis.core import NULL, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from tests.algorithms.conftest import X, Y, box


def rows(layer: QgsVectorLayer, *fields: str) -> List[List[Any]]:
    return [[None if row[name] == NULL else row[name] for name in fields] for row in layer.getFeatures()]


@pytest.fixture
def plots(make_layer: Any) -> Dict[str, Any]:
    """Two new-build plots; the second lies 10 m over the first."""
    fields = "plot_id:string use:string phase:int"
    return {
        "INPUT": make_layer(
            [(box(0, 0, 100, 100), "甲-1", "town", 2016), (box(90, 0, 200, 100), "甲-2", "town", 2016)],
            fields,
            name="建新地块",
        ),
        "ROLE": "newbuild",
        "AREA_METHOD": 2,
        "FINDINGS": "memory:",
        "RULES_RUN": "memory:",
    }


def test_findings_of_plots(run: Any, plots: Any) -> None:
    result = run("checkdata", RULES="plots_overlap", **plots)
    found = rows(result["FINDINGS"], "rule", "severity", "layer", "fid", "measure", "group", "blocking")
    assert [row[:4] + row[4:] for row in found] == [
        ["plots_overlap", "error", "建新地块", found[0][3], 1000.0, "plan", 1],
    ]
    assert (result["ERRORS"], result["WARNINGS"], result["INFOS"], result["GROUPS"]) == (1, 0, 0, 1)


def test_no_findings_is_a_success(run: Any, plots: Any) -> None:
    result = run("checkdata", RULES="multipart, spike", **plots)
    assert rows(result["FINDINGS"], "rule") == []
    assert rows(result["RULES_RUN"], "rule", "ran", "why", "count") == [
        ["multipart", 1, None, 0],
        ["spike", 1, None, 0],
    ]
    assert [result[name] for name in ("ERRORS", "WARNINGS", "INFOS", "GROUPS")] == [0, 0, 0, 0]


def test_rules_that_did_not_run_say_why(run: Any, plots: Any) -> None:
    result = run("checkdata", RULES="newbuild_farmland,shares_range", **plots)
    found = {
        rule: (ran, why, count) for rule, ran, why, count in rows(result["RULES_RUN"], "rule", "ran", "why", "count")
    }
    assert found["newbuild_farmland"][0] == found["shares_range"][0] == 0
    assert found["newbuild_farmland"][1] != found["shares_range"][1]
    assert found["newbuild_farmland"][1]
    assert found["newbuild_farmland"][2] is None


def test_places_are_polygons_and_the_layer_has_none(run: Any, plots: Any, make_layer: Any) -> None:
    before = make_layer([(box(0, 0, 100, 100),)], name="去年")
    given = {**plots, "INPUT": make_layer([(box(0, 0, 90, 100),)], name="今年"), "ROLE": "township"}
    result = run("checkdata", RULES="year_area,year_outline", PREVIOUS=before, **given)
    assert rows(result["FINDINGS"], "rule", "fid", "severity", "measure") == [
        ["year_area", None, "error", 0.1], ["year_outline", None, "warning", 1000.0],
    ]  # fmt: skip
    shapes = [row.geometry() for row in result["FINDINGS"].getFeatures()]
    assert (shapes[0].isNull(), shapes[1].area()) == (True, 1000.0)


def test_geometry_is_read_as_drawn_and_stays_so(run: Any, plots: Any, make_layer: Any) -> None:
    bow_tie = f"POLYGON(({X} {Y},{X + 100} {Y + 100},{X + 100} {Y},{X} {Y + 100},{X} {Y}))"
    layer = make_layer([(bow_tie,), (None,)], name="自相交")
    for _ in range(3):
        result = run("checkdata", RULES="self_intersection,no_geometry", **{**plots, "INPUT": layer})
        assert sorted(row[0] for row in rows(result["FINDINGS"], "rule")) == ["no_geometry", "self_intersection"]
    assert not next(layer.getFeatures()).geometry().isGeosValid()


def test_a_unit_that_does_not_add_up_is_shown(run: Any, plots: Any, make_layer: Any) -> None:
    villages = make_layer([(box(0, 0, 100, 100), "A01")], "VILLCODE:string", name="村")
    towns = make_layer(
        [(box(0, 0, 200, 100), "A", "甲镇"), (box(200, 0, 300, 100), "B", "乙镇")], "T:string name:string"
    )
    given = {**plots, "INPUT": villages, "ROLE": "villages"}
    result = run("checkdata", RULES="sum_geometry,parent_empty", PARENT=towns, PARENT_CODE="T", **given)
    found = rows(result["FINDINGS"], "rule", "layer", "fid", "other", "measure")
    assert found == [["sum_geometry", "村", None, "A", 0.5], ["parent_empty", "村", None, "B", None]]
    assert [row.geometry().area() for row in result["FINDINGS"].getFeatures()] == [20000.0, 10000.0]
    none = run("checkdata", RULES="sum_geometry", TOLERANCE=0.5, PARENT=towns, PARENT_CODE="T", **given)
    assert none["ERRORS"] == 0


def test_other_layers_come_to_the_coordinates_of_the_layer(run: Any, plots: Any, make_layer: Any) -> None:
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject

    shape = QgsGeometry.fromWkt(box(0, 0, 50, 100))
    degrees = QgsCoordinateReferenceSystem("EPSG:4490")
    shape.transform(QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4528"), degrees, QgsProject.instance()))
    farmland = make_layer([(shape.asWkt(12),)], crs="EPSG:4490", name="基本农田")
    result = run("checkdata", RULES="newbuild_farmland", FARMLAND=farmland, **plots)
    ((fid, measure),) = rows(result["FINDINGS"], "fid", "measure")
    assert measure == pytest.approx(5000.0, abs=0.5)
    assert fid == 1


def test_a_table_is_checked_too(run: Any, plots: Any, make_layer: Any) -> None:
    table = make_layer([(None, " 甲 ")], "name:string", crs=None, name="表", kind="None")
    result = run("checkdata", **{**plots, "INPUT": table, "ROLE": "settlements"}, PARCELS=plots["INPUT"])
    assert [row for row in rows(result["FINDINGS"], "rule", "fid", "field") if row[0] == "value_spaces"] != []
    assert all(not row.hasGeometry() for row in result["FINDINGS"].getFeatures())


def test_lines_are_shown_as_narrow_polygons(run: Any, plots: Any, make_layer: Any) -> None:
    roads = make_layer([(f"LINESTRING({X} {Y},{X + 100} {Y})", " 路 ")], "name:string", name="道路", kind="LineString")
    result = run("checkdata", RULES="value_spaces", **{**plots, "INPUT": roads, "ROLE": "roads"})
    for row in result["FINDINGS"].getFeatures():
        assert not row.hasGeometry() or 90 < row.geometry().area() < 110


def test_the_classification_is_said(run: Any, make_layer: Any, plots: Any) -> None:
    said: List[str] = []

    class Listening(QgsProcessingFeedback):
        def pushInfo(self, info: Any) -> None:  # noqa: N802
            said.append(str(info))

    parcels = make_layer([(box(0, 0, 100, 100), "0101", "水田")], "DLBM:string DLMC:string", name="图斑")
    run("checkdata", RULES="class_unknown", feedback=Listening(False), **{**plots, "INPUT": parcels, "ROLE": "parcels"})
    assert [line for line in said if ("100 %" in line and "三调" in line) or "third" in line.lower()]


def test_codes_of_no_classification_are_no_crash(run: Any, make_layer: Any, plots: Any) -> None:
    parcels = make_layer([(box(0, 0, 100, 100), "XX")], "DLBM:string", name="图斑")
    result = run("checkdata", RULES="class_unknown", **{**plots, "INPUT": parcels, "ROLE": "parcels"})
    ((ran, why),) = rows(result["RULES_RUN"], "ran", "why")
    assert (ran, "CLASS_SYSTEM" in why) == (0, True)
    chosen = {**plots, "INPUT": parcels, "ROLE": "parcels", "CLASS_SYSTEM": "third_survey"}
    assert run("checkdata", RULES="class_unknown", **chosen)["ERRORS"] == 1


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"RULES": "plots_overlap,nothing"}, "nothing"),
        ({"SCHEMA": "third_survey.NIX"}, "third_survey.NIX"),
        ({"CODE_FIELD": "nix"}, "nix"),
        ({"CLASS_SYSTEM": "nix"}, "nix"),
    ],
)
def test_what_does_not_exist_is_an_error(run: Any, plots: Any, wrong: Dict[str, str], named: str) -> None:
    with pytest.raises(QgsProcessingException, match=named):
        run("checkdata", **{**plots, **wrong})


def test_an_empty_layer_is_an_error(run: Any, plots: Any, make_layer: Any) -> None:
    with pytest.raises(QgsProcessingException, match="空表"):
        run("checkdata", **{**plots, "INPUT": make_layer([], "plot_id:string", name="空表")})


def test_files_with_chinese_names(run: Any, plots: Any, tmp_path: Any) -> None:
    folder = tmp_path / "规划 成果"
    folder.mkdir()
    for ending in ("gpkg", "shp", "geojson"):
        plots["FINDINGS"] = str(folder / f"质检.{ending}")
        result = run("checkdata", RULES="plots_overlap", **plots)
        layer = QgsVectorLayer(result["FINDINGS"], "质检", "ogr")
        assert rows(layer, "rule", "measure", "blocking") == [["plots_overlap", 1000.0, 1]]
        del layer


def test_a_geopackage_keeps_the_ids_of_features(run: Any, plots: Any, make_layer: Any, tmp_path: Any) -> None:
    # The third plot lies on the first and has a wrong year: two findings on one feature.
    shapes = [(box(0, 0, 100, 100), 2016), (box(0, 200, 100, 300), 2016), (box(90, 0, 200, 100), 2010)]
    layer = make_layer(shapes, "phase:int", name="建新地块")
    path = str(tmp_path / "a.gpkg")
    run("checkdata", RULES="plots_overlap,phase_period", **{**plots, "INPUT": layer, "FINDINGS": path})
    found = QgsVectorLayer(path, "a", "ogr")
    assert rows(found, "rule", "feature") == [["plots_overlap", 3], ["phase_period", 3]]
    del found


ROLES = (
    "parcels", "villages", "township", "settlements", "farmland", "boundary", "redline", "retained", "reclaim",
    "newbuild", "roads",
)  # fmt: skip


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> str:
    """A small township of two years without defects."""
    from qgis import processing

    path = str(tmp_path_factory.mktemp("sample") / "sample.gpkg")
    processing.run("sysb:sampletownship", {"SEED": 1, "PARCELS": 800, "YEARS": 2, "OUTPUT": path})
    return path


@pytest.mark.parametrize("role", ROLES)
def test_the_clean_sample_has_no_error(run: Any, sample: str, role: str) -> None:
    def layer(name: str) -> str:
        return f"{sample}|layername={name}"

    others = ("farmland", "boundary", "redline", "parcels", "reclaim", "newbuild", "township")
    given = {name.upper(): layer(name) for name in others if name != role}
    parent = {"villages": "township", "township": ""}.get(role, "villages")
    if parent:
        given["PARENT"] = layer(parent)
    if role == "parcels":
        given["PREVIOUS"] = layer("parcels_next")
    given.update(FINDINGS="memory:", RULES_RUN="memory:")
    result = run("checkdata", INPUT=layer(role), ROLE=role, **given)
    wrong = [row for row in rows(result["FINDINGS"], "severity", "rule", "message") if row[0] == "error"]
    assert wrong == []
    assert result["GROUPS"] == 0
    if role == "parcels":
        idle = [row for row in rows(result["RULES_RUN"], "rule", "ran", "why") if not row[1]]
        assert idle == []


def test_every_layer_that_has_rules_can_be_checked() -> None:
    from three_opt_three_protect.algorithms.checkdata import ROLES
    from three_opt_three_protect.storage.rulebook import load_rules

    assert {role for rule in load_rules().values() for role in rule.roles} - set(ROLES) == set()


def test_line_features_and_the_parcels_they_are_taken_off(run: Any, make_layer: Any, plots: Any) -> None:
    parcel = (box(0, 0, 100, 100), "0001", "3205841012010000000", "011", "水田", 20.0)
    fields = "TBBH:string ZLDWDM:string DLBM:string DLMC:string XZDWMJ:double"
    parcels = make_layer([parcel], fields, name="DLTB")
    line = (f"LINESTRING({X} {Y},{X + 100} {Y})", "0002", "3205841012010000000")
    lines = make_layer([line], "KCTBBH1:string KCTBDWDM1:string", name="XZDW", kind="LineString")
    asked = {**plots, "CLASS_SYSTEM": "second_survey"}
    alone = run("checkdata", RULES="features_missing", **{**asked, "INPUT": parcels, "ROLE": "parcels"})
    assert rows(alone["FINDINGS"], "rule", "measure") == [["features_missing", 20.0], ["features_missing", None]]
    both = {**asked, "INPUT": parcels, "ROLE": "parcels", "LINES": lines}
    assert rows(run("checkdata", RULES="features_missing", **both)["FINDINGS"], "measure") == [[None]]
    wrong = run(
        "checkdata", RULES="feature_parcel_unknown", **{**asked, "INPUT": lines, "ROLE": "lines"}, PARCELS=parcels
    )
    assert rows(wrong["FINDINGS"], "rule", "field") == [["feature_parcel_unknown", "KCTBBH1"]]
