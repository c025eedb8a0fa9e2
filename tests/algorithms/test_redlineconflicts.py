from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, List

import openpyxl
import pytest
from qgis.core import NULL, QgsApplication, QgsProcessingException, QgsProcessingFeatureSourceDefinition, QgsVectorLayer

from tests.algorithms.conftest import Listening, X, Y, box
from three_opt_three_protect.algorithms.redlineconflicts import RedlineConflictsAlgorithm
from three_opt_three_protect.bridge import words
from three_opt_three_protect.bridge.compat import kind_of

ROLES = ("farmland", "boundary", "redline", "newbuild", "reclaim")
BOW_TIE = f"POLYGON(({X} {Y},{X + 100} {Y + 100},{X + 100} {Y},{X} {Y + 100},{X} {Y}))"


@pytest.fixture(scope="module", autouse=True)
def registered(provider: Any) -> None:
    """The algorithm, also before the provider lists it."""
    if QgsApplication.processingRegistry().algorithmById("sysb:redlineconflicts") is None:
        provider.addAlgorithm(RedlineConflictsAlgorithm())


@pytest.fixture(autouse=True)
def chinese(monkeypatch: Any) -> None:
    """The planner's language."""
    monkeypatch.setattr(words, "language", lambda: "zh")


@pytest.fixture
def given(make_layer: Any) -> Dict[str, Any]:
    """Farmland 0–100 m, boundary from 90, redline level 1 0–20 and level 2 20–30, two plots."""
    return {
        "FARMLAND": make_layer([(box(0, 0, 100, 100),)], name="基本农田"),
        "BOUNDARY": make_layer([(box(90, 0, 200, 100),)], name="开发边界"),
        "REDLINE": make_layer([(box(0, 0, 20, 100), 1), (box(20, 0, 30, 100), 2)], "level:int", name="红线"),
        "NEWBUILD": make_layer([(box(80, 0, 110, 10), "N1", "industry")], "plot_id:string use:string", name="建新"),
        "RECLAIM": make_layer([(box(10, 90, 25, 100), "R1", "林地")], "plot_id:string direction:string", name="拆旧"),
        "AREA_METHOD": 2,
        "OUTPUT": "memory:",
        "SUMMARY": "memory:",
    }


def rows(layer: QgsVectorLayer, *names: str) -> List[List[Any]]:
    wanted = names or tuple(field.name() for field in layer.fields())
    return [[None if row[name] == NULL else row[name] for name in wanted] for row in layer.getFeatures()]


def test_every_conflict_with_level_area_and_severity(run: Any, given: Any) -> None:
    result = run("redlineconflicts", **given)
    names = ("kind", "level", "plot_id", "first_fid", "second_fid", "area_m2", "sliver", "severity")
    assert rows(result["OUTPUT"], *names) == [
        ["farmland_boundary", None, None, 1, 1, 1000.0, 0, "fail"],
        ["farmland_redline", 1, None, 1, 1, 2000.0, 0, "warn"],
        ["farmland_redline", 2, None, 1, 2, 1000.0, 0, "warn"],
        ["newbuild_farmland", None, "N1", 1, 1, 200.0, 0, "fail"],
        ["newbuild_outside_boundary", None, "N1", 1, None, 100.0, 0, "fail"],
        ["reclaim_redline", 1, "R1", 1, 1, 100.0, 0, "info"],
        ["reclaim_redline", 2, "R1", 1, 2, 50.0, 0, "info"],
    ]
    assert [f"{field.name()} {kind_of(field).value}" for field in result["OUTPUT"].fields()] == [
        "kind text", "level int", "plot_id text", "unit_code text", "first_fid int", "second_fid int",
        "area_m2 real", "net_m2 real", "cultiv_m2 real", "built_m2 real", "sliver int", "severity text",
        "basis text", "bas_status text", "advice text",
    ]  # fmt: skip
    assert (result["COUNT"], result["FAILED"], result["WARNED"], result["SLIVERS"]) == (7, 3, 2, 0)
    assert (result["NEWBUILD_REDLINE_M2"], result["FARMLAND_REDLINE_M2"]) == (0.0, 3000.0)
    assert all(basis and advice for basis, advice in rows(result["OUTPUT"], "basis", "advice"))


def test_a_township_moves_no_line(run: Any, given: Any) -> None:
    advice = [line for (line,) in rows(run("redlineconflicts", **given)["OUTPUT"], "advice")]
    assert "乡镇无权移动任何一条线" in advice[0]
    assert "县级→省级→国务院" in advice[0]
    assert "永久基本农田走调整程序" in advice[0]
    assert "附主管部门意见" in advice[2]
    assert "N1" in advice[3]
    later = run("redlineconflicts", **{**given, "PROFILE": "territorial-2021"})
    advice = [line for (line,) in rows(later["OUTPUT"], "advice")]
    assert "让位：城镇开发边界" in advice[0]
    assert "县级→省级→自然资源部" in advice[0]
    assert all(len(line) <= 200 for line in advice)


@pytest.mark.parametrize("profile", ["suzhou-2014", "territorial-2021"])
@pytest.mark.parametrize(("language", "stop"), [("en", "."), ("zh", "。")])
def test_advice_is_never_cut(
    run: Any, given: Any, make_layer: Any, monkeypatch: Any, language: str, stop: str, profile: str
) -> None:
    monkeypatch.setattr(words, "language", lambda: language)
    long_ids = [(box(0, 0, 110, 10), "N" * 40, "industry"), (box(15, 20, 25, 30), "M" * 40, "industry")]
    given["NEWBUILD"] = make_layer(long_ids, "plot_id:string use:string", name="建新")
    given["BOUNDARY"] = make_layer([(box(10, 50, 200, 100),)], name="开发边界")
    found = rows(run("redlineconflicts", PROFILE=profile, **given)["OUTPUT"], "kind", "level", "advice")
    assert len({(kind, level) for kind, level, _ in found}) == 11  # seven kinds, those of the redline on two levels
    advice = [line for _, _, line in found]
    assert [line for line in advice if "…" in line or not line.endswith(stop)] == []
    # A shapefile holds 254 bytes in a field.
    assert max(len(line.encode("utf-8")) for line in advice) <= 254


def test_printed_conflicts_name_their_village(run: Any, given: Any, make_layer: Any, tmp_path: Path) -> None:
    villages = [(box(0, 0, 15, 100), "320506001001", "东村"), (box(15, 0, 200, 100), "320506001002", None)]
    given["VILLAGES"] = make_layer(villages, "ZLDWDM:string ZLDWMC:string", name="村")
    book = openpyxl.load_workbook(run("redlineconflicts", XLSX=str(tmp_path / "表.xlsx"), **given)["XLSX"])
    listed = [[cell.value for cell in row] for row in next(book[name] for name in book.sheetnames if "一览" in name)]
    assert {row[2] for row in listed if row[-1] in ("不符合", "提示", "备注")} == {"东村", "320506001002"}
    parcels = [(box(0, 0, 200, 100), "0101", "320506001001", "西村")]
    given["PARCELS"] = make_layer(parcels, "DLBM:string ZLDWDM:string ZLDWMC:string", name="图斑")
    del given["VILLAGES"]
    book = openpyxl.load_workbook(run("redlineconflicts", XLSX=str(tmp_path / "表.xlsx"), **given)["XLSX"])
    listed = [[cell.value for cell in row] for row in next(book[name] for name in book.sheetnames if "一览" in name)]
    assert {row[2] for row in listed if row[-1] in ("不符合", "提示", "备注")} == {"西村"}


def test_summary_is_a_row_a_kind_level_and_village(run: Any, given: Any, make_layer: Any) -> None:
    villages = [(box(0, 0, 15, 100), "320506001001"), (box(15, 0, 200, 100), "320506001002")]
    given["VILLAGES"] = make_layer(villages, "unit_code:string", name="村")
    result = run("redlineconflicts", **given)
    assert rows(result["SUMMARY"]) == [
        ["farmland_boundary", None, "320506001002", 1, 1000.0, None, 0, 0.0],
        ["farmland_redline", 1, "320506001001", 1, 1500.0, None, 0, 0.0],
        ["farmland_redline", 1, "320506001002", 0, 500.0, None, 0, 0.0],
        ["farmland_redline", 2, "320506001002", 1, 1000.0, None, 0, 0.0],
        ["newbuild_farmland", None, "320506001002", 1, 200.0, None, 0, 0.0],
        ["newbuild_outside_boundary", None, "320506001002", 1, 100.0, None, 0, 0.0],
        ["reclaim_redline", 1, "320506001001", 1, 50.0, None, 0, 0.0],
        ["reclaim_redline", 1, "320506001002", 0, 50.0, None, 0, 0.0],
        ["reclaim_redline", 2, "320506001002", 1, 50.0, None, 0, 0.0],
    ]


def test_with_parcels_areas_follow_the_recorded_ones(run: Any, given: Any, make_layer: Any) -> None:
    # The paddy of 10 000 m² is recorded as 10 010 with a tenth of ridges; a tenth of it lies in the boundary.
    given["PARCELS"] = make_layer(
        [(box(0, 0, 100, 100), "0101", 10010.0, 0.1, "320506001001"), (box(100, 0, 200, 100), "0601", 1e4, 0.0, None)],
        "DLBM:string TBMJ:double KCXS:double ZLDWDM:string",
    )
    given.update(AREA_FIELD="TBMJ", DEDUCT_FIELD="KCXS")
    result = run("redlineconflicts", **given)
    names = ("kind", "unit_code", "area_m2", "net_m2", "cultiv_m2", "built_m2")
    assert rows(result["OUTPUT"], *names)[0] == ["farmland_boundary", "320506001001", 1001.0, 900.9, 900.9, 0.0]
    assert rows(result["SUMMARY"], "kind", "unit_code", "area_m2", "net_m2")[0] == [
        "farmland_boundary", "320506001001", 1001.0, 900.9,
    ]  # fmt: skip


def test_what_lies_on_no_parcel_counts_and_is_said(run: Any, given: Any, make_layer: Any) -> None:
    given["PARCELS"] = make_layer([(box(0, 0, 95, 100), "0101")], "DLBM:string")
    feedback = Listening()
    result = run("redlineconflicts", feedback, **given)
    assert rows(result["OUTPUT"], "kind", "area_m2", "cultiv_m2")[0] == ["farmland_boundary", 1000.0, 500.0]
    assert any("不在地类图斑上" in line for line in feedback.warned)


def test_a_class_nobody_knows_is_no_zero(run: Any, given: Any, make_layer: Any) -> None:
    # The boundary's tenth lies on an unknown class, the redline's on paddy; without a class field nothing is known.
    parcels = [(box(0, 0, 85, 100), "0101"), (box(85, 0, 95, 100), None), (box(95, 0, 200, 100), "0601")]
    given["PARCELS"] = make_layer(parcels, "DLBM:string", name="图斑")
    found = rows(run("redlineconflicts", **given)["OUTPUT"], "kind", "area_m2", "cultiv_m2", "built_m2")
    assert found[:2] == [["farmland_boundary", 1000.0, None, None], ["farmland_redline", 2000.0, 2000.0, 0.0]]
    given["PARCELS"] = make_layer([(box(0, 0, 200, 100),)], name="无地类")
    found = rows(run("redlineconflicts", **given)["OUTPUT"], "net_m2", "cultiv_m2", "built_m2")
    assert found[0] == [1000.0, None, None]


@pytest.mark.parametrize("parcels", [False, True])
def test_a_village_without_code_is_no_village(run: Any, given: Any, make_layer: Any, parcels: bool) -> None:
    given["VILLAGES"] = make_layer([(box(0, 0, 200, 100), None)], "ZLDWDM:string", name="村")
    if parcels:
        given["PARCELS"] = make_layer([(box(0, 0, 200, 100), "0101")], "DLBM:string", name="图斑")
    result = run("redlineconflicts", **given)
    assert {unit for name in ("OUTPUT", "SUMMARY") for (unit,) in rows(result[name], "unit_code")} == {None}


def test_slivers_stand_apart(run: Any, given: Any, make_layer: Any) -> None:
    given["BOUNDARY"] = make_layer([(box(99.8, 0, 200, 100),)], name="开发边界")
    del given["NEWBUILD"], given["RECLAIM"], given["REDLINE"]
    feedback = Listening()
    result = run("redlineconflicts", feedback, **given)
    assert rows(result["OUTPUT"], "kind", "area_m2", "sliver", "severity") == [["farmland_boundary", 20.0, 1, "info"]]
    assert (result["COUNT"], result["SLIVERS"], result["SLIVER_M2"]) == (0, 1, 20.0)
    assert (result["FARMLAND_BOUNDARY_M2"], result["FARMLAND_REDLINE_M2"]) == (0.0, None)
    assert rows(result["SUMMARY"]) == [["farmland_boundary", None, None, 0, 0.0, None, 1, 20.0]]
    assert any("狭长碎面" in line for line in feedback.said)
    given["BOUNDARY"] = make_layer([(box(90, 0, 200, 1),)], name="开发边界")
    given["MIN_AREA"] = 10.1
    assert run("redlineconflicts", **given)["SLIVERS"] == 1
    given["MIN_AREA"] = 10.0
    assert run("redlineconflicts", **given)["SLIVERS"] == 0


def test_nothing_found_is_a_success(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(box(900, 900, 950, 950),)])
    del given["NEWBUILD"], given["RECLAIM"], given["REDLINE"]
    result = run("redlineconflicts", **given)
    assert (result["OUTPUT"].featureCount(), result["SUMMARY"].featureCount(), result["COUNT"]) == (0, 0, 0)
    given["FARMLAND"] = make_layer([])
    assert run("redlineconflicts", **given)["COUNT"] == 0


def test_one_layer_is_too_few(run: Any, given: Any) -> None:
    with pytest.raises(QgsProcessingException, match="至少给 2 个"):
        run("redlineconflicts", FARMLAND=given["FARMLAND"], OUTPUT="memory:")


def test_another_datum_is_refused(run: Any, given: Any, make_layer: Any) -> None:
    layer = make_layer([(box(0, 0, 20, 100), 1)], "level:int", name="西安红线")
    from qgis.core import QgsCoordinateReferenceSystem

    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:2364"))
    given["REDLINE"] = layer
    with pytest.raises(QgsProcessingException, match="西安红线"):
        run("redlineconflicts", **given)


def test_a_redline_without_level_is_the_strictest_and_said(run: Any, given: Any, make_layer: Any) -> None:
    given["REDLINE"] = make_layer([(box(0, 0, 20, 100),)], name="无级别红线")
    feedback = Listening()
    result = run("redlineconflicts", feedback, **given)
    assert {level for kind, level in rows(result["OUTPUT"], "kind", "level") if "redline" in kind} == {1}
    assert any("无级别红线" in line for line in feedback.warned)


def test_a_plot_without_use_is_not_judged_but_said(run: Any, given: Any, make_layer: Any) -> None:
    given["NEWBUILD"] = make_layer([(box(80, 0, 110, 10), "N1", None)], "plot_id:string use:string", name="无用途")
    feedback = Listening()
    result = run("redlineconflicts", feedback, **given)
    assert "newbuild_outside_boundary" not in [kind for (kind,) in rows(result["OUTPUT"], "kind")]
    assert any("无用途" in line and "100" in line for line in feedback.warned)


def test_invalid_polygons_are_mended_and_counted(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(BOW_TIE,), (None,)], name="蝴蝶结")
    result = run("redlineconflicts", ISSUES="memory:", **given)
    assert (result["REPAIRED"], result["DROPPED"]) == (1, 1)
    # The right wing (a triangle 100 high and 50 deep) has 10 × (100 + 80) / 2 within 90–100.
    assert rows(result["OUTPUT"], "kind", "area_m2")[0] == ["farmland_boundary", 900.0]


def test_a_feature_drawn_twice_counts_once_and_is_said(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(box(0, 0, 100, 100),)] * 2, name="重复农田")
    feedback = Listening()
    result = run("redlineconflicts", feedback, **given)
    assert result["FARMLAND_BOUNDARY_M2"] == 1000.0
    assert result["OVERLAP_M2"] > 0
    assert any("重复农田" in line for line in feedback.warned)


def test_selected_features_only(run: Any, given: Any, make_layer: Any) -> None:
    from qgis.core import QgsProject

    layer = make_layer([(box(0, 0, 100, 100),), (box(0, 100, 100, 200),)], name="选中")
    given["BOUNDARY"] = make_layer([(box(90, 0, 200, 200),)], name="开发边界")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByIds([2])
    given["FARMLAND"] = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    found = rows(run("redlineconflicts", **given)["OUTPUT"], "kind", "first_fid")
    QgsProject.instance().removeMapLayer(layer.id())
    assert found[0] == ["farmland_boundary", 2]
    assert len([kind for kind, _ in found if kind == "farmland_boundary"]) == 1


def test_files_and_the_workbook_planners_hand_in(run: Any, given: Any, tmp_path: Path) -> None:
    given.update(OUTPUT=str(tmp_path / "冲突.gpkg"), SUMMARY=str(tmp_path / "汇总.dbf"), XLSX=str(tmp_path / "表.xlsx"))
    result = run("redlineconflicts", **given)
    layer = QgsVectorLayer(result["OUTPUT"], "x", "ogr")
    assert layer.featureCount() == 7
    del layer
    book = openpyxl.load_workbook(result["XLSX"])
    text = {name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in book.sheetnames}
    sheet = text["T20"]
    plot = {str(row[0]): row for row in sheet if row[0] in ("R1", "N1")}
    # Hectares: N1 is 300 m², 200 of it on farmland, 200 inside the boundary and 100 outside.
    assert plot["N1"][1:] == ["建新", 0.03, 0.02, 66.67, 0.02, 66.67, 0.01, 33.33, 0, 0, 0, 0]
    assert plot["R1"][2:] == [0.015, 0.015, 100, 0, 0, 0.015, 100, 0.01, 66.67, 0.005, 33.33]
    matrix = next(rows for name, rows in text.items() if "三线重叠" in name)
    farmland = next(row for row in matrix if row[0] == "永久基本农田")
    assert farmland[1:] == [0.1, 0.2, 0.1]
    listed = next(rows for name, rows in text.items() if "一览表" in name)
    assert any(row[0] == "永久基本农田与生态保护红线重叠（二级管控区）" for row in listed)


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> str:
    """A township with everything planted that can be."""
    from qgis import processing

    path = str(tmp_path_factory.mktemp("sample") / "样例.gpkg")
    processing.run("sysb:sampletownship", {"SEED": 1, "PARCELS": 1000, "YEARS": 1, "DEFECTS": 1, "OUTPUT": path})
    return path


@pytest.mark.parametrize("parcels", [False, True])
def test_the_sample_s_conflicts_are_found_and_no_others(run: Any, sample: str, parcels: bool) -> None:
    layers = {role.upper(): f"{sample}|layername={role}" for role in ROLES}
    if parcels:
        layers["PARCELS"] = f"{sample}|layername=parcels"
    result = run("redlineconflicts", OUTPUT="memory:", **layers)
    found: Dict[Any, List[float]] = defaultdict(list)
    for kind, level, first, second, area, sliver in rows(
        result["OUTPUT"], "kind", "level", "first_fid", "second_fid", "area_m2", "sliver"
    ):
        if not sliver:
            found[f"conflict_{kind}" + (f"_{level}" if level else ""), first, second].append(area)
    listed: Dict[Any, List[float]] = defaultdict(list)
    planted = QgsVectorLayer(f"{sample}|layername=planted", "planted", "ogr")
    for kind, note, area in rows(planted, "kind", "note", "area_m2"):
        if kind.startswith("conflict_"):
            ids = [int(number) for number in re.findall(r"\d+", note)]
            listed[kind, ids[0], ids[1] if len(ids) > 1 else None].append(area)
    del planted
    assert {key[0] for key in listed} == {
        "conflict_farmland_boundary", "conflict_farmland_redline_1", "conflict_farmland_redline_2",
        "conflict_boundary_redline_2", "conflict_newbuild_farmland", "conflict_newbuild_redline_1",
        "conflict_newbuild_outside_boundary", "conflict_reclaim_redline_2",
    }  # fmt: skip
    assert found.keys() == listed.keys()
    # By parcels every piece is rounded, and recorded areas planted wrong pull theirs along.
    within = 0.5 if parcels else 0.01001
    for key, areas in listed.items():
        assert sorted(found[key]) == pytest.approx(sorted(areas), abs=within), key
