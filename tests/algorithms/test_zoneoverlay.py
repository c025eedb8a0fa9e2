from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qgis.core import (
    NULL,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

from tests.algorithms.conftest import Listening, X, Y, box
from three_opt_three_protect.bridge.compat import kind_of
from three_opt_three_protect.core.tables import Kind

PLANAR = 2
FIELDS = "BSM:string DLBM:string ZLDWDM:string TBMJ:double KCXS:double"
VILLAGE = "3205991012000000000"
PIECE = ["parcel_id", "class_code", "land_group", "unit_code", "in_farm", "in_bound", "in_redline"]


BOW_TIE = f"POLYGON(({X} {Y},{X + 100} {Y + 100},{X + 100} {Y},{X} {Y + 100},{X} {Y}))"


@pytest.fixture
def parcels(make_layer: Any) -> QgsVectorLayer:
    """Two squares of one hectare side by side: dry land, and a homestead."""
    rows = [
        (box(0, 0, 100, 100), "a", "0103", VILLAGE, 10000.07, 0.1),
        (box(100, 0, 200, 100), "b", "0702", VILLAGE, 10000.0, 0.0),
    ]
    return make_layer(rows, FIELDS)


@pytest.fixture
def lines(make_layer: Any) -> Dict[str, QgsVectorLayer]:
    """Farmland over the inner halves, a boundary over the upper halves."""
    return {
        "FARMLAND": make_layer([(box(50, 0, 150, 100),)], name="基本农田"),
        "BOUNDARY": make_layer([(box(0, 50, 200, 100),)], name="开发边界"),
    }


def rows(layer: QgsVectorLayer, *names: str) -> List[Any]:
    """Values of the features, None for NULL; one name gives plain values."""
    found = [[None if feature[name] == NULL else feature[name] for name in names] for feature in layer.getFeatures()]
    return [row[0] for row in found] if len(names) == 1 else found


def names(layer: QgsVectorLayer) -> List[str]:
    return [field.name() for field in layer.fields()]


def test_pieces_of_the_two_squares(run: Any, parcels: Any, lines: Any) -> None:
    result = run("zoneoverlay", INPUT=parcels, **lines, AREA_METHOD=PLANAR, OUTPUT="memory:")
    found = sorted(rows(result["OUTPUT"], *PIECE, "area_m2", "net_m2"))
    unit = VILLAGE[:12]
    assert found == [
        ["1", "0103", "agricultural", unit, 0, 0, None, 2500.0, 2500.0],
        ["1", "0103", "agricultural", unit, 0, 1, None, 2500.0, 2500.0],
        ["1", "0103", "agricultural", unit, 1, 0, None, 2500.0, 2500.0],
        ["1", "0103", "agricultural", unit, 1, 1, None, 2500.0, 2500.0],
        ["2", "0702", "construction", unit, 0, 0, None, 2500.0, 2500.0],
        ["2", "0702", "construction", unit, 0, 1, None, 2500.0, 2500.0],
        ["2", "0702", "construction", unit, 1, 0, None, 2500.0, 2500.0],
        ["2", "0702", "construction", unit, 1, 1, None, 2500.0, 2500.0],
    ]
    assert {key: value for key, value in result.items() if key not in ("OUTPUT", "CLOSURE_M2")} == {
        "PARCELS": 2, "PIECES": 8, "TOTAL_M2": 20000.0, "ADJUSTED_M2": 0.0, "REPAIRED": 0, "DROPPED": 0,
        "UNKNOWN_CODES": 0, "OVERLAP_M2": 0.0, "PARCEL_OVERLAP_M2": 0.0,
        "SNAPPED": 0, "FLATTENED": 0, "SEGMENTED": 0, "CONTROL_M2": None,
    }  # fmt: skip
    assert 0 <= result["CLOSURE_M2"] < 1e-6


def test_fields_of_both_outputs_in_order_and_type(run: Any, parcels: Any, make_layer: Any) -> None:
    zones = [make_layer([(box(0, 0, 10, 10),)], name="甲"), make_layer([(box(0, 0, 10, 10),)], name="乙")]
    result = run("zoneoverlay", INPUT=parcels, OTHER_ZONES=zones, OUTPUT="memory:", SUMMARY="memory:")
    pieces, summary = result["OUTPUT"], result["SUMMARY"]
    assert names(pieces) == [*PIECE, "zone1", "zone2", "area_m2", "net_m2"]
    assert names(summary) == [*PIECE[3:4], *PIECE[1:3], *PIECE[4:], "zone1", "zone2", "pieces", "area_m2", "net_m2",
                              "area_ha", "area_mu"]  # fmt: skip
    for layer in (pieces, summary):
        for field in layer.fields():
            if field.name().startswith(("in_", "zone")) or field.name() == "pieces":
                assert kind_of(field) is Kind.INT, field.name()
            elif field.name().startswith(("area", "net")):
                assert kind_of(field) is Kind.REAL, field.name()
            else:
                assert kind_of(field) is Kind.TEXT, field.name()
            assert len(field.name()) <= 10
            assert field.alias()
    assert pieces.crs().authid() == "EPSG:4528"
    assert pieces.wkbType() == QgsWkbTypes.Type.MultiPolygon
    assert summary.wkbType() == QgsWkbTypes.Type.NoGeometry


def test_what_is_not_given_is_null_and_never_zero(run: Any, make_layer: Any) -> None:
    result = run("zoneoverlay", INPUT=make_layer([(box(0, 0, 100, 100),)]), AREA_METHOD=PLANAR, OUTPUT="memory:")
    assert rows(result["OUTPUT"], *PIECE) == [["1", None, None, None, None, None, None]]
    assert result["UNKNOWN_CODES"] is None


def test_pieces_add_up_to_the_recorded_area_to_the_last_digit(run: Any, parcels: Any, lines: Any) -> None:
    result = run(
        "zoneoverlay", INPUT=parcels, **lines, ID_FIELD="BSM", AREA_FIELD="TBMJ", DEDUCT_FIELD="KCXS",
        AREA_METHOD=PLANAR, OUTPUT="memory:",
    )  # fmt: skip
    cents: Dict[str, List[int]] = {"a": [0, 0], "b": [0, 0]}
    for parcel, area, net in rows(result["OUTPUT"], "parcel_id", "area_m2", "net_m2"):
        cents[parcel][0] += round(area * 100)
        cents[parcel][1] += round(net * 100)
    # 10 000.07 less a tenth is 9 000.063.
    assert cents == {"a": [1000007, 900006], "b": [1000000, 1000000]}
    assert result["ADJUSTED_M2"] == pytest.approx(0.07, abs=1e-9)
    assert result["TOTAL_M2"] == 20000.07


def test_only_class_and_village_are_found_by_name(run: Any, parcels: Any) -> None:
    # BSM, TBMJ and KCXS are there and stay unused.
    result = run("zoneoverlay", INPUT=parcels, AREA_METHOD=PLANAR, OUTPUT="memory:")
    found = rows(result["OUTPUT"], "parcel_id", "class_code", "unit_code", "area_m2", "net_m2")
    assert found == [["1", "0103", VILLAGE[:12], 10000.0, 10000.0], ["2", "0702", VILLAGE[:12], 10000.0, 10000.0]]


def test_standard_aliases_of_the_class_field_are_known(run: Any, make_layer: Any) -> None:
    layer = make_layer([(box(0, 0, 100, 100), "0103", 3)], "地类编码:string 序号:int")
    assert rows(run("zoneoverlay", INPUT=layer, OUTPUT="memory:")["OUTPUT"], "class_code", "land_group") == [
        ["0103", "agricultural"]
    ]


def test_numeric_ids_become_text(run: Any, make_layer: Any) -> None:
    layer = make_layer([(box(0, 0, 100, 100), 17), (box(100, 0, 200, 100), 18)], "no:int")
    result = run("zoneoverlay", INPUT=layer, ID_FIELD="no", OUTPUT="memory:")
    assert rows(result["OUTPUT"], "parcel_id") == ["17", "18"]


def test_where_zones_overlap_the_lowest_feature_id_has_the_land(run: Any, parcels: Any, make_layer: Any) -> None:
    zones = make_layer([(box(0, 0, 5, 5),), (box(40, 0, 200, 100),), (box(0, 0, 60, 100),)], name="小区")
    zones.dataProvider().deleteFeatures([1])
    result = run("zoneoverlay", INPUT=parcels, OTHER_ZONES=[zones], AREA_METHOD=PLANAR, OUTPUT="memory:")
    found = sorted(rows(result["OUTPUT"], "parcel_id", "zone1", "area_m2"))
    # Feature 2 reaches from 40 to 200, feature 3 from 0 to 60: both claim 20 m by 100 m.
    assert found == [["1", 2, 6000.0], ["1", 3, 4000.0], ["2", 2, 10000.0]]
    assert result["OVERLAP_M2"] == 2000.0


def test_zones_keep_the_order_given_and_are_null_outside(run: Any, parcels: Any, make_layer: Any) -> None:
    left = make_layer([(box(0, 0, 100, 100),)], name="左")
    right = make_layer([(box(300, 0, 310, 10),), (box(100, 0, 200, 100),)], name="右")
    result = run("zoneoverlay", INPUT=parcels, OTHER_ZONES=[right, left], OUTPUT="memory:")
    assert rows(result["OUTPUT"], "parcel_id", "zone1", "zone2") == [["1", None, 1], ["2", 2, None]]


def test_summary_adds_up_the_pieces(run: Any, parcels: Any, lines: Any, make_layer: Any) -> None:
    redline = make_layer([(box(0, 0, 200, 100), "2")], "level:string", name="红线")
    result = run(
        "zoneoverlay", INPUT=parcels, **lines, REDLINE=redline, AREA_FIELD="TBMJ", AREA_METHOD=PLANAR,
        OUTPUT="memory:", SUMMARY="memory:",
    )  # fmt: skip
    summary = result["SUMMARY"]
    assert summary.featureCount() == 8
    assert sum(rows(summary, "pieces")) == result["PIECES"]
    assert sum(round(area * 100) for area in rows(summary, "area_m2")) == 2000007
    first = next(iter(sorted(rows(summary, "class_code", "in_farm", "in_bound", "area_m2", "area_ha", "area_mu"))))
    # 2 500.02 m² (a quarter of 10 000.07 and its share of the last 0.01) = 0.2500 ha = 3.75 mu.
    assert first[:3] == ["0103", 0, 0]
    assert first[3] in (2500.01, 2500.02)
    assert first[4:] == [0.25, 3.75]
    assert set(rows(summary, "in_redline")) == {1}


def test_an_empty_line_layer_means_nothing_lies_inside(run: Any, parcels: Any, make_layer: Any) -> None:
    result = run("zoneoverlay", INPUT=parcels, FARMLAND=make_layer([], name="空"), OUTPUT="memory:")
    assert rows(result["OUTPUT"], "in_farm", "in_bound") == [[0, None], [0, None]]


def test_unknown_codes_are_counted_and_have_no_group(run: Any, make_layer: Any) -> None:
    squares = [box(100 * column, 0, 100 * column + 100, 100) for column in range(30)]
    layer = make_layer([(shape, "9X" if row == 3 else "0103") for row, shape in enumerate(squares)], "DLBM:string")
    feedback = Listening()
    result = run("zoneoverlay", feedback=feedback, INPUT=layer, OUTPUT="memory:")
    assert result["UNKNOWN_CODES"] == 1
    odd = [row for row in rows(result["OUTPUT"], "parcel_id", "class_code", "land_group") if row[2] is None]
    assert odd == [["4", "9X", None]]
    assert any("9X" in line and "4" in line for line in feedback.said)


def test_bad_geometry_is_repaired_or_left_out_and_listed(run: Any, make_layer: Any) -> None:
    shapes = [
        box(200, 0, 300, 100),
        BOW_TIE,
        None,
        "POLYGON EMPTY",
        f"POLYGON(({X} {Y},{X + 1} {Y},{X + 2} {Y},{X} {Y}))",
    ]
    layer = make_layer([(shape,) for shape in shapes])
    infinite = QgsFeature()
    corners = [QgsPointXY(float("nan"), Y), QgsPointXY(X + 400, Y), QgsPointXY(X + 400, Y + 9)]
    infinite.setGeometry(QgsGeometry.fromPolygonXY([corners]))
    assert layer.dataProvider().addFeatures([infinite])[0]
    farmland = make_layer([(BOW_TIE,), (None,)], name="农田")
    result = run("zoneoverlay", INPUT=layer, FARMLAND=farmland, AREA_METHOD=PLANAR, OUTPUT="memory:", ISSUES="memory:")
    assert result["PARCELS"] + result["DROPPED"] == layer.featureCount()
    assert (result["PARCELS"], result["DROPPED"], result["REPAIRED"]) == (2, 4, 2)
    assert names(result["ISSUES"]) == ["layer", "fid", "reason", "area_was", "area_is"]
    listed = [row[:3] for row in rows(result["ISSUES"], "layer", "fid", "reason")]
    assert listed[:2] == [["图斑", 2, "invalid"], ["图斑", 3, "null"]]
    # A memory layer may hold an empty polygon as none at all.
    assert listed[2][:2] == ["图斑", 4]
    assert listed[2][2] in ("empty", "null")
    assert listed[3:] == [
        ["图斑", 5, "zero_area"],
        ["图斑", 6, "not_finite"],
        ["农田", 1, "invalid"],
        ["农田", 2, "null"],
    ]
    # Both wings of the tie: half the square.
    assert sorted(rows(result["OUTPUT"], "parcel_id", "in_farm", "area_m2")) == [["1", 0, 10000.0], ["2", 1, 5000.0]]


def test_a_layer_of_nothing_usable_is_a_success_without_pieces(run: Any, make_layer: Any) -> None:
    result = run("zoneoverlay", INPUT=make_layer([(None,)]), OUTPUT="memory:")
    assert (result["PARCELS"], result["PIECES"], result["DROPPED"], result["TOTAL_M2"]) == (0, 0, 1, 0.0)


def test_parcels_that_overlap_are_reported(run: Any, make_layer: Any) -> None:
    layer = make_layer([(box(0, 0, 100, 100),), (box(90, 0, 190, 100),)])
    feedback = Listening()
    result = run("zoneoverlay", feedback=feedback, INPUT=layer, AREA_METHOD=PLANAR, OUTPUT="memory:")
    assert result["PARCEL_OVERLAP_M2"] == 1000.0
    assert result["TOTAL_M2"] == 20000.0
    assert any("1000" in line and "1, 2" in line for line in feedback.said)


def test_selected_only(run: Any, parcels: Any) -> None:
    QgsProject.instance().addMapLayer(parcels, False)
    parcels.selectByIds([2])
    source = QgsProcessingFeatureSourceDefinition(parcels.id(), True)
    result = run("zoneoverlay", INPUT=source, OUTPUT="memory:")
    assert rows(result["OUTPUT"], "parcel_id") == ["2"]
    QgsProject.instance().takeMapLayer(parcels)


def refused(run: Any, **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run("zoneoverlay", **{"OUTPUT": "memory:", **parameters})
    # QGIS puts "Unable to execute algorithm" on a line of its own before what the check says.
    line = str(caught.value).splitlines()[-1]
    assert len(line) <= 200
    assert "Traceback" not in str(caught.value)
    return line


@pytest.mark.parametrize("field", ["ID_FIELD", "CLASS_FIELD", "UNIT_FIELD", "AREA_FIELD", "DEDUCT_FIELD"])
def test_a_missing_field_is_named_with_the_layer_and_its_fields(run: Any, parcels: Any, field: str) -> None:
    line = refused(run, INPUT=parcels, **{field: "NOPE"})
    assert all(word in line for word in ("图斑", "NOPE", "BSM, DLBM, ZLDWDM, TBMJ, KCXS"))


def test_a_field_of_words_is_no_recorded_area(run: Any, make_layer: Any) -> None:
    layer = make_layer([(box(0, 0, 9, 9), "81.00"), (box(9, 0, 18, 9), None), (box(18, 0, 27, 9), "水田")], "MJ:string")
    line = refused(run, INPUT=layer, AREA_FIELD="MJ")
    assert all(word in line for word in ("图斑", "MJ", "水田", "3"))


def test_numbers_written_as_text_are_numbers(run: Any, make_layer: Any) -> None:
    layer = make_layer([(box(0, 0, 10, 10), "100.01"), (box(10, 0, 20, 10), None)], "MJ:string")
    result = run("zoneoverlay", INPUT=layer, AREA_FIELD="MJ", AREA_METHOD=PLANAR, OUTPUT="memory:")
    assert rows(result["OUTPUT"], "area_m2") == [100.01, 100.0]


def test_a_table_is_no_layer_of_zones(run: Any, parcels: Any, make_layer: Any) -> None:
    table = make_layer([(None, 1)], "a:int", name="指标表", kind="NoGeometry")
    assert "指标表" in refused(run, INPUT=parcels, FARMLAND=table)
    assert "geometry" in refused(run, INPUT=table) or "图形" in refused(run, INPUT=table)


def test_an_entry_of_several_that_cannot_be_opened_is_named(run: Any, parcels: Any, make_layer: Any) -> None:
    line = refused(run, INPUT=parcels, OTHER_ZONES=[make_layer([(box(0, 0, 9, 9),)]), "/nowhere/z.gpkg"])
    assert all(word in line for word in ("OTHER_ZONES", "2", "/nowhere/z.gpkg"))


def test_empty_parcels_are_refused(run: Any, make_layer: Any) -> None:
    assert "空图斑" in refused(run, INPUT=make_layer([], name="空图斑"))


def test_another_datum_is_refused(run: Any, parcels: Any, make_layer: Any) -> None:
    old = make_layer([("POLYGON((557000 3453000,557100 3453000,557100 3453100,557000 3453000))",)], crs="EPSG:2385")
    old.setName("旧图")
    for line in (refused(run, INPUT=parcels, FARMLAND=old), refused(run, INPUT=parcels, OTHER_ZONES=[old])):
        assert all(word in line for word in ("旧图", "图斑"))


@pytest.mark.parametrize("where", ["INPUT", "FARMLAND"])
def test_a_layer_without_crs_is_refused(run: Any, parcels: Any, make_layer: Any, where: str) -> None:
    bare = make_layer([(box(0, 0, 100, 100),)], name="无坐标")
    bare.setCrs(type(bare.crs())())
    assert "无坐标" in refused(run, **{"INPUT": parcels, where: bare})


def test_planar_areas_of_degrees_are_refused_the_others_measured(run: Any, make_layer: Any) -> None:
    layer = make_layer([("POLYGON((120.6 31.2,120.7 31.2,120.7 31.3,120.6 31.3,120.6 31.2))",)], crs="EPSG:4490")
    assert "EPSG:4490" in refused(run, INPUT=layer, AREA_METHOD=PLANAR)
    # 04-area 4.3, graticule check.
    assert run("zoneoverlay", INPUT=layer, OUTPUT="memory:")["TOTAL_M2"] == pytest.approx(105611909.29, abs=0.011)


def test_wgs84_zones_lie_on_cgcs2000_parcels_and_the_log_says_so(run: Any, make_layer: Any) -> None:
    parcels = make_layer(
        [("POLYGON((120.6 31.2,120.7 31.2,120.7 31.3,120.6 31.3,120.6 31.2))",)], crs="EPSG:4490", name="图斑"
    )
    half = "POLYGON((120.6 31.2,120.65 31.2,120.65 31.3,120.6 31.3,120.6 31.2))"
    zones = make_layer([(half,)], crs="EPSG:4326", name="农田")
    feedback = Listening()
    result = run("zoneoverlay", feedback=feedback, INPUT=parcels, FARMLAND=zones, OUTPUT="memory:")
    inside = dict(rows(result["OUTPUT"], "in_farm", "area_m2"))
    assert inside[1] == pytest.approx(inside[0], abs=0.02)
    assert any("WGS 84" in line and "CGCS2000" in line for line in feedback.said)


def save(layer: QgsVectorLayer, path: Path, name: str) -> str:
    """Write ``layer`` as ``name`` of a GeoPackage; its address."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = name
    if path.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    context = QgsProject.instance().transformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)[0] == 0
    return f"{path}|layername={name}"


def test_messages_call_a_layer_of_a_file_by_its_own_name(
    run: Any, parcels: Any, make_layer: Any, tmp_path: Path
) -> None:
    path = tmp_path / "plan.gpkg"
    inputs = save(parcels, path, "parcels")
    farmland = save(make_layer([(BOW_TIE,)]), path, "farmland")
    assert refused(run, INPUT=inputs, CLASS_FIELD="NOPE").startswith("parcels ")
    feedback = Listening()
    result = run("zoneoverlay", feedback=feedback, INPUT=inputs, FARMLAND=farmland, OUTPUT="memory:", ISSUES="memory:")
    assert rows(result["ISSUES"], "layer") == ["farmland"]
    assert any(line.startswith("farmland") for line in feedback.said)


def test_messages_call_a_layer_of_the_project_as_the_project_does(run: Any, parcels: Any, tmp_path: Path) -> None:
    layer = QgsVectorLayer(save(parcels, tmp_path / "plan.gpkg", "parcels"), "plan", "ogr")
    QgsProject.instance().addMapLayer(layer, False)
    line = refused(run, INPUT=layer.id(), CLASS_FIELD="NOPE")
    QgsProject.instance().removeMapLayer(layer.id())
    assert line.startswith("plan ")


def test_a_table_in_a_file_that_is_an_output_itself_is_refused(run: Any, parcels: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    whole, tables = str(path), [f"ogr:dbname='{path}' table=\"{name}\" (geom)" for name in "ab"]
    assert "plan.gpkg" in refused(run, INPUT=parcels, OUTPUT=whole, SUMMARY=tables[0])
    assert "plan.gpkg" in refused(run, INPUT=parcels, OUTPUT=tables[0], SUMMARY=whole)
    assert not path.exists()
    run("zoneoverlay", INPUT=parcels, OUTPUT=tables[0], SUMMARY=tables[1])
    assert path.exists()


def test_an_output_in_the_file_of_an_input_is_refused(run: Any, parcels: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    address = save(parcels, path, "parcels")
    before = path.read_bytes()
    for layers in ({"INPUT": address}, {"INPUT": parcels, "OTHER_ZONES": [address]}):
        assert "plan.gpkg" in refused(run, **layers, SUMMARY=str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
def test_an_existing_output_is_replaced(run: Any, parcels: Any, lines: Any, tmp_path: Path, suffix: str) -> None:
    path = str(tmp_path / f"碎部.{suffix}")
    run("zoneoverlay", INPUT=parcels, **lines, AREA_METHOD=PLANAR, OUTPUT=path)
    run("zoneoverlay", INPUT=parcels, AREA_METHOD=PLANAR, OUTPUT=path)
    layer = QgsVectorLayer(path, "a", "ogr")
    assert sorted(rows(layer, "parcel_id", "in_farm", "area_m2")) == [["1", None, 10000.0], ["2", None, 10000.0]]
    del layer


corner = st.integers(0, 190)
size = st.integers(1, 150)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    zones=st.lists(st.tuples(corner, corner, size, size), min_size=1, max_size=5),
    recorded=st.integers(999_000, 1_001_000),
    rate=st.sampled_from([0.0, 0.0375, 0.1]),
)
def test_any_zones_leave_the_sums_exact(
    run: Any, make_layer: Any, zones: List[Any], recorded: int, rate: float
) -> None:
    layer = make_layer([(box(0, 0, 100, 100), recorded / 100, rate)], "TBMJ:double KCXS:double")
    zone = make_layer([(box(x, y, x + width, y + height),) for x, y, width, height in zones])
    result = run(
        "zoneoverlay", INPUT=layer, AREA_FIELD="TBMJ", DEDUCT_FIELD="KCXS", OTHER_ZONES=[zone], OUTPUT="memory:"
    )
    pieces = rows(result["OUTPUT"], "zone1", "area_m2", "net_m2")
    assert sum(round(area * 100) for _, area, _ in pieces) == recorded
    assert sum(round(net * 100) for _, _, net in pieces) == pytest.approx(recorded * (1 - rate), abs=0.5 + 1e-6)
    # A piece for each zone and one outside at most, each of the lowest feature that covers it.
    keys = [key for key, _, _ in pieces]
    assert len(set(keys)) == len(keys)
    for feature in result["OUTPUT"].getFeatures():
        inner = feature.geometry().pointOnSurface()
        covering = [item.id() for item in zone.getFeatures() if item.geometry().contains(inner)]
        assert (None if feature["zone1"] == NULL else feature["zone1"]) == min(covering, default=None)
    assert result["OVERLAP_M2"] >= 0
    assert round(result["OVERLAP_M2"], 4) == result["OVERLAP_M2"]


def test_geometry_of_the_pieces_tiles_the_parcel(run: Any, parcels: Any, lines: Any) -> None:
    result = run("zoneoverlay", INPUT=parcels, **lines, OUTPUT="memory:")
    pieces = [QgsFeature(feature).geometry() for feature in result["OUTPUT"].getFeatures()]
    whole = QgsGeometry.unaryUnion(pieces)
    assert whole.area() == pytest.approx(20000.0, abs=1e-6)
    assert sum(piece.area() for piece in pieces) == pytest.approx(20000.0, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent/a.gpkg", r"^The folder [^\n]* does not exist\. [^\n]*$"),
        ("absent/a.shp", r"^The folder [^\n]* does not exist\. [^\n]*$"),
        ("a.dxf", r"^OUTPUT could not be written: [^\n]*$"),
    ],
)
def test_a_format_or_place_that_cannot_be_written_is_one_line(
    run: Any, parcels: QgsVectorLayer, tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(QgsProcessingException, match=said) as error:
        run("zoneoverlay", INPUT=parcels, OUTPUT=str(tmp_path / name))
    assert len(str(error.value)) <= 200
    assert list(tmp_path.iterdir()) == []


def test_steps_are_named_in_the_log(run: Any, parcels: Any, lines: Any) -> None:
    feedback = Listening()
    run("zoneoverlay", feedback=feedback, INPUT=parcels, **lines, OUTPUT="memory:")
    steps = ["Reading layers", "Checking and repairing geometry", "Joining edges", "Cutting parcels",
             "Measuring areas", "Putting results together", "Writing results"]  # fmt: skip
    assert [line for line in feedback.said if line in steps] == steps


def test_snapped_vertices_are_counted_and_the_largest_move_is_said(run: Any, make_layer: Any) -> None:
    parcels = make_layer([(box(0, 0, 100, 100), "0103")], "DLBM:string", name="图斑")
    zone = make_layer([(box(-0.0004, 0, 50, 100),)], name="红线")
    feedback = Listening()
    result = run("zoneoverlay", feedback=feedback, INPUT=parcels, REDLINE=zone, TOLERANCE=0.001, OUTPUT="memory:")
    # Both western corners, 0.4 mm each.
    assert result["SNAPPED"] == 2
    assert "红线: 2 vertices moved onto parcel vertices, by 0.0004 m at most." in feedback.said
    assert run("zoneoverlay", INPUT=parcels, REDLINE=zone, TOLERANCE=0, OUTPUT="memory:")["SNAPPED"] == 0


def test_heights_and_curves_are_counted(run: Any, make_layer: Any) -> None:
    raised = box(0, 0, 100, 100).replace("POLYGON", "PolygonZ").replace(",", " 5,").replace("))", " 5))")
    parcels = make_layer([(raised, "0103"), (raised, "0103")], "DLBM:string", kind="PolygonZ")
    circle = f"CurvePolygon(CircularString({X} {Y},{X + 50} {Y},{X} {Y}))"
    zone = make_layer([(circle,)], kind="CurvePolygon")
    result = run("zoneoverlay", INPUT=parcels, REDLINE=zone, OUTPUT="memory:")
    assert (result["FLATTENED"], result["SEGMENTED"]) == (2, 1)


def test_geometry_is_repaired_once(run: Any, parcels: Any, lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from three_opt_three_protect.core import parcels as core_parcels
    from three_opt_three_protect.plans import inputs

    def refuse(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(core_parcels, "repair_polygons", refuse)
    monkeypatch.setattr(inputs, "repair_polygons", refuse)
    assert run("zoneoverlay", INPUT=parcels, **lines, OTHER_ZONES=list(lines.values()), OUTPUT="memory:")["PIECES"] == 8


def test_only_the_selected_parcels_of_a_file_count(run: Any, parcels: Any, tmp_path: Path) -> None:
    whole = run("zoneoverlay", INPUT=parcels, OUTPUT=str(tmp_path / "a.gpkg"))
    layer = QgsVectorLayer(whole["OUTPUT"], "a", "ogr")
    layer.selectByIds([2])
    project = QgsProject()
    project.addMapLayer(layer)
    context = QgsProcessingContext()
    context.setProject(project)
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    assert (
        run("zoneoverlay", context=context, INPUT=chosen, CLASS_SYSTEM="third_survey", OUTPUT="memory:")["PARCELS"] == 1
    )
    assert (
        run("zoneoverlay", context=context, INPUT=layer.id(), CLASS_SYSTEM="third_survey", OUTPUT="memory:")["PARCELS"]
        == 2
    )
    project.clear()


def test_the_project_is_looked_at_before_the_worker_starts(provider: Any, parcels: Any) -> None:
    project = QgsProject()
    context = QgsProcessingContext()
    context.setProject(project)
    algorithm = provider.algorithm("zoneoverlay").create()
    feedback = QgsProcessingFeedback(False)
    given = {"INPUT": parcels, "OUTPUT": "memory:"}
    assert algorithm.prepare(given, context, feedback)
    project.setFileName("/elsewhere/plan.qgz")
    assert not any("elsewhere" in str(folder) for folder in algorithm._surroundings.profiles)
    assert algorithm.runPrepared(given, context, feedback)["PARCELS"] == 2
