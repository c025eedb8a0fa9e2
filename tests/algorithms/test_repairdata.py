"""``repairdata``: a repaired copy, the list of changes, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional

import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer

from tests.algorithms.conftest import Listening
from three_opt_three_protect.storage.schemas import load_standards

BOX = "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000))"
BOW_TIE = "POLYGON((40557200 3453000,40557300 3453100,40557300 3453000,40557200 3453100,40557200 3453000))"
STRIP = "POLYGON((40557000 3453100,40557100 3453100,40557100 3453100.2,40557000 3453100.2,40557000 3453100))"
FIELDS = "plot_id:string code:string area:double n:int"


@pytest.fixture
def plots(make_layer: Any) -> QgsVectorLayer:
    rows = [(BOX, "R1", " ０１０１ ", 1.0, 1), (BOW_TIE, "R2", "0102", None, None), (STRIP, "R3", None, 20.0, 3)]
    return make_layer(rows, FIELDS, name="拆旧地块")


def rows(layer: QgsVectorLayer) -> List[Any]:
    found = []
    for feature in layer.getFeatures():
        values = [None if str(value) == "NULL" else value for value in feature.attributes()]
        shape = feature.geometry()
        shape.convertToMultiType()
        found.append((shape.asWkb().data(), *values))
    return found


def opened(source: Any) -> QgsVectorLayer:
    return source if isinstance(source, QgsVectorLayer) else QgsVectorLayer(str(source), "x", "ogr")


def test_repaired_and_taken_back(run: Any, plots: Any) -> None:
    done = run(
        "repairdata",
        INPUT=plots,
        ROLE="reclaim",
        OPERATIONS="valid,codes,slivers,areas",
        AREA_FIELD="area",
        AREA_METHOD=2,
        OUTPUT="memory:",
        CHANGES="memory:",
    )
    copy = done["OUTPUT"]
    assert [row[1:] for row in rows(copy)] == [("R1", "0101", 10020.0, 1), ("R2", "0102", 5000.0, None)]
    assert all(feature.geometry().isGeosValid() for feature in copy.getFeatures())
    # geometry and area of two, one code, and of the strip: that it was there, its shape and three values
    assert (done["CHANGED"], done["FEATURES"], done["LEFT"]) == (10, 3, 0)
    assert [field.name() for field in done["CHANGES"].fields()] == [
        "step", "operation", "row", "fid", "what", "was", "is",
    ]  # fmt: skip
    back = run("repairdata", INPUT=copy, ROLE="reclaim", UNDO=done["CHANGES"], OUTPUT="memory:")
    assert rows(back["OUTPUT"]) == rows(plots)
    assert back["CHANGED"] == 10


def test_through_files(run: Any, plots: Any, tmp_path: Path) -> None:
    copy, changes, restored = (str(tmp_path / f"{name}.gpkg") for name in ("修复", "清单", "还原"))
    common = {"ROLE": "reclaim", "AREA_FIELD": "area"}
    run("repairdata", INPUT=plots, OPERATIONS="valid,slivers,codes,areas", OUTPUT=copy, CHANGES=changes, **common)
    run("repairdata", INPUT=copy, UNDO=changes, OUTPUT=restored, **common)
    layer = opened(restored)
    assert [(row[0], *row[2:]) for row in rows(layer)] == rows(plots)
    del layer


def test_snapping_onto_a_reference(run: Any, make_layer: Any) -> None:
    crooked = BOX.replace("40557100 3453000,", "40557100.004 3453000.003,")
    layer = make_layer([(crooked, "R1")], "plot_id:string")
    parcels = make_layer([(BOX,)], name="DLTB")
    done = run("repairdata", INPUT=layer, ROLE="newbuild", OPERATIONS="snap", REFERENCE=parcels, OUTPUT="memory:")
    (feature,) = done["OUTPUT"].getFeatures()
    assert feature.geometry().boundingBox().xMaximum() == 40557100
    assert done["CHANGED"] == 1


@pytest.mark.parametrize("field", [None, "mj"])
def test_a_field_for_areas_is_added_and_taken_away_again(run: Any, plots: Any, tmp_path: Path, field: Any) -> None:
    given = {"INPUT": plots, "ROLE": "newbuild", "OPERATIONS": "codes,areas,control", "CONTROL": 15020.02}
    copy, changes, restored = (str(tmp_path / f"{name}.gpkg") for name in ("修复", "清单", "还原"))
    done = run("repairdata", **given, AREA_FIELD=field, AREA_METHOD=2, OUTPUT=copy, CHANGES=changes)
    layer = opened(copy)
    added = layer.fields().at(layer.fields().count() - 1)
    assert (added.name(), added.typeName()) == (field or "area_m2", "Real")
    assert [row[-1] for row in rows(layer)] == [10000.01, 5000.01, 20.0]
    # one code, the field, three areas and two of them again
    assert (done["CHANGED"], done["FEATURES"]) == (7, 3)
    run("repairdata", INPUT=copy, ROLE="newbuild", UNDO=changes, OUTPUT=restored)
    back = opened(restored)
    assert [(row[0], *row[2:]) for row in rows(back)] == rows(plots)
    del layer, back


def test_no_geometry_comes_back_as_none(run: Any, make_layer: Any, tmp_path: Path) -> None:
    source = str(tmp_path / "原.gpkg")
    layer = make_layer(
        [(BOX, " 1", 1.0), (None, " 2", 5.0), (BOW_TIE, "3", 0.0)], "code:string area:double", name="规划"
    )
    run("repairdata", INPUT=layer, ROLE="plan", OPERATIONS="codes", OUTPUT=source)
    copy, changes, restored = (str(tmp_path / f"{name}.gpkg") for name in ("修复", "清单", "还原"))
    run("repairdata", INPUT=source, ROLE="plan", OPERATIONS="valid,codes,areas", OUTPUT=copy, CHANGES=changes)
    run("repairdata", INPUT=copy, ROLE="plan", UNDO=changes, OUTPUT=restored)
    for path in (source, copy, restored):
        found = opened(path)
        assert [feature.hasGeometry() for feature in found.getFeatures()] == [True, False, True]
        assert [feature.geometry().isNull() for feature in found.getFeatures()] == [False, True, False]
        del found


def test_a_survey_layer_in_a_role_of_ones_own_is_told(run: Any, make_layer: Any) -> None:
    names = [each.name for each in load_standards().layers["third_survey.DLTB"].fields]
    layer = make_layer([(BOX, *names)], " ".join(f"{name}:string" for name in names), name="地类图斑")
    told, silent = Listening(), Listening()
    run("repairdata", told, INPUT=layer, ROLE="plan", OPERATIONS="codes", OUTPUT="memory:")
    assert any("third_survey.DLTB" in line for line in told.warned)
    run("repairdata", silent, INPUT=make_layer([(BOX, "甲")], "plot_id:string"), ROLE="plan", OUTPUT="memory:")
    assert silent.warned == []


def test_areas_that_add_up(run: Any, plots: Any) -> None:
    done = run(
        "repairdata",
        INPUT=plots,
        ROLE="plan",  # whose area field is found by its name
        OPERATIONS="control",
        CONTROL=15020.02,
        AREA_METHOD=2,
        OUTPUT="memory:",
    )
    assert [row[3] for row in rows(done["OUTPUT"])] == [10000.01, 5000.01, 20.0]


def test_recorded_areas_add_up_with_features_that_have_no_polygon(run: Any, make_layer: Any) -> None:
    layer = make_layer([(BOX, "1", 1.0), (None, "2", 1659.24)], "code:string area:double", name="规划")
    told = Listening()
    given = {"ROLE": "plan", "OPERATIONS": "areas,control", "CONTROL": 11659.25, "AREA_METHOD": 2}
    done = run("repairdata", told, INPUT=layer, OUTPUT="memory:", **given)
    assert [row[2] for row in rows(done["OUTPUT"])] == [10000.01, 1659.24]
    assert done["LEFT"] == 1
    assert any("1659.24" in line for line in told.said)


def test_what_was_wrong_with_the_reference_is_listed(run: Any, plots: Any, make_layer: Any) -> None:
    told = Listening()
    given = {"INPUT": plots, "ROLE": "newbuild", "OPERATIONS": "valid,snap", "REFERENCE": make_layer([(BOW_TIE,)])}
    done = run("repairdata", told, **given, OUTPUT="memory:", ISSUES="memory:")
    assert any("see ISSUES" in line for line in told.warned)
    assert [feature["reason"] for feature in done["ISSUES"].getFeatures()] == ["invalid"]
    assert done["REPAIRED"] == 2  # one of the reference, one of the layer itself


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ROLE": "parcels"}, "survey data and statutory lines are not changed"),
        ({"ROLE": "reclaim", "OPERATIONS": "polish"}, "polish"),
        ({"ROLE": "boundary", "OPERATIONS": "areas"}, "survey data"),
        ({"ROLE": "plan", "OPERATIONS": "areas"}, r"AREA_FIELD \(other\)"),
        ({"ROLE": "reclaim", "OPERATIONS": "areas", "AREA_FIELD": "acc_m2"}, "验收面积"),
        ({"ROLE": "plan", "OPERATIONS": "areas", "AREA_FIELD": "YSMJ"}, "验收面积"),
        ({"ROLE": "reclaim", "OPERATIONS": "areas", "AREA_FIELD": "day"}, "no decimals"),
        ({"ROLE": "reclaim", "OPERATIONS": "control", "AREA_FIELD": "area"}, "CONTROL"),
        ({"ROLE": "reclaim", "OPERATIONS": "areas", "AREA_FIELD": "n"}, "no decimals"),
    ],
)
def test_what_cannot_be_done_is_said(run: Any, plots: Any, make_layer: Any, given: Any, said: str) -> None:
    if given.get("OPERATIONS") == "areas" and given.get("AREA_FIELD") != "n":
        fields = "plot_id:string other:double acc_m2:double ysmj:double day:date n:int"
        plots = make_layer([(BOX, "R1", 1.0, 2.0, 3.0, None, 1)], fields, name="拆旧地块")
    with pytest.raises(QgsProcessingException, match=said):
        run("repairdata", INPUT=plots, OUTPUT="memory:", **given)


def test_a_copy_that_was_edited_since_is_not_taken_back(run: Any, plots: Any) -> None:
    done = run("repairdata", INPUT=plots, ROLE="reclaim", OUTPUT="memory:", CHANGES="memory:")
    copy = done["OUTPUT"]
    first = next(copy.getFeatures())
    assert copy.dataProvider().changeAttributeValues({first.id(): {1: "0103"}})
    with pytest.raises(QgsProcessingException, match="cannot be taken back"):
        run("repairdata", INPUT=copy, ROLE="reclaim", UNDO=done["CHANGES"], OUTPUT="memory:")


def test_the_source_is_never_changed(run: Any, plots: Any) -> None:
    before = rows(plots)
    run("repairdata", INPUT=plots, ROLE="reclaim", OPERATIONS="valid,slivers,codes", OUTPUT="memory:")
    assert rows(plots) == before


@pytest.mark.parametrize(("role", "crs"), [("reclaim", "EPSG:4528"), ("parcels", None)])
def test_exchanged_axes(run: Any, make_layer: Any, role: str, crs: Optional[str]) -> None:
    swapped = "POLYGON((3453000 40557000,3453000 40557100,3453100 40557100,3453100 40557000,3453000 40557000))"
    layer = make_layer([(swapped, "甲")], "plot_id:string", crs)
    given = {"INPUT": layer, "ROLE": role, "OPERATIONS": "axes"}
    done = run("repairdata", **given, OUTPUT="memory:", CHANGES="memory:")
    (feature,) = done["OUTPUT"].getFeatures()
    box = feature.geometry().boundingBox()
    assert (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()) == (40557000, 3453000, 40557100, 3453100)
    assert (feature["plot_id"], done["CHANGED"]) == ("甲", 1)
    assert next(layer.getFeatures()).geometry().boundingBox().xMaximum() == 3453100
    back = run("repairdata", INPUT=done["OUTPUT"], ROLE=role, UNDO=done["CHANGES"], OUTPUT="memory:")
    assert rows(back["OUTPUT"]) == rows(layer)
    with pytest.raises(QgsProcessingException, match="nothing was done"):
        run("repairdata", **{**given, "INPUT": done["OUTPUT"]}, OUTPUT="memory:")
