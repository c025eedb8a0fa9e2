from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import pytest
from qgis.core import NULL, QgsProcessingException, QgsVectorLayer

from tests.algorithms.conftest import Listening, X, Y, box

LAND = [
    (box(0, 0, 100, 100), "211", 2016),  # town
    (box(100, 0, 200, 100), "111", None),  # paddy
    (box(200, 0, 300, 100), "212", 2016),  # village
    (box(300, 0, 400, 100), "213", None),  # mining
]
TOWN = [
    (box(0, 0, 100, 100), "R2", 2018),
    (box(100, 0, 200, 100), "M1", 2018),  # built on paddy
    (box(200, 0, 300, 60), "H14", 2016),
    (box(200, 60, 300, 100), "E2", None),  # farmed, the land plan builds a village
    (box(300, 0, 380, 100), "H5", None),  # 20 m short of the land plan
    (box(400, 0, 450, 100), "H22", 2017),  # beyond the land plan
]


@pytest.fixture(scope="module", autouse=True)
def registered(provider: Any) -> None:
    """Until the provider lists it."""
    from three_opt_three_protect.algorithms.plandifference import PlanDifferenceAlgorithm

    if provider.algorithm("plandifference") is None:
        provider.addAlgorithm(PlanDifferenceAlgorithm())


@pytest.fixture
def given(make_layer: Any) -> Dict[str, Any]:
    return {
        "LAND_PLAN": make_layer(LAND, "GHDLDM:string GHNF:int", name="土规"),
        "TOWN_PLAN": make_layer(TOWN, "YDDM:string GHNF:int", name="城规"),
        "LAND_SYSTEM": "land_plan",
        "MIN_AREA": 0,
        "AREA_METHOD": 2,
        "OUTPUT": "memory:",
        "SUMMARY": "memory:",
    }


def rows(layer: QgsVectorLayer, *names: str) -> List[Tuple[Any, ...]]:
    found = [tuple(None if row[name] == NULL else row[name] for name in names) for row in layer.getFeatures()]
    return sorted(found, key=str)


def where(layer: QgsVectorLayer, facet: str, *names: str) -> List[Tuple[Any, ...]]:
    return [row[1:] for row in rows(layer, "facet", *names) if row[0] == facet]


def test_layout(run: Any, given: Any) -> None:
    result = run("plandifference", **given)
    assert where(result["OUTPUT"], "layout", "kind", "class_a", "class_b", "cat_a", "cat_b", "area_m2", "sliver") == [
        ("built_only_land", "212", "E2", "village", "agricultural", 4000.0, 0),
        ("built_only_town", "111", "M1", "cultivated", "town", 10000.0, 0),
        ("no_plan", "213", None, "mining_independent", "no_plan", 2000.0, 0),
        ("no_plan", None, "H22", "no_plan", "transport_water", 5000.0, 0),
    ]
    assert (result["LAYOUT_M2"], result["NO_PLAN_M2"], result["COMPARED_M2"]) == (14000.0, 7000.0, 45000.0)
    assert (result["DIFFERENCES"], result["SLIVERS"], result["MERGED"], result["CLOSURE_M2"]) == (4, 0, 0, 0.0)


def test_timing(run: Any, given: Any) -> None:
    result = run("plandifference", **given)
    assert where(result["OUTPUT"], "timing", "kind", "year_a", "year_b", "year_diff", "area_m2") == [
        ("year_differs", 2016, 2018, 2, 10000.0)
    ]
    # Village 200–300 × 0–60 agrees; the mine has no year in either plan.
    assert where(result["SUMMARY"], "timing", "kind", "area_m2") == [
        ("year_agrees", 6000.0), ("year_differs", 10000.0), ("year_unknown", 8000.0),
    ]  # fmt: skip
    assert (result["TIMING_M2"], result["YEAR_UNKNOWN_M2"]) == (10000.0, 8000.0)


def test_size_and_matrix(run: Any, given: Any) -> None:
    result = run("plandifference", **given)
    # Town plan: 10000 + 10000 + 6000 + 8000 + 5000; land plan: 10000 + 10000 + 10000.
    sizes = where(result["SUMMARY"], "size", "kind", "result", "area_m2", "limit_m2", "margin_m2")
    assert [row for row in sizes if row[0]] == [("construction_above_land_plan", "fail", 39000.0, 30000.0, -9000.0)]
    assert where(result["OUTPUT"], "size", "kind", "plan_b", "area_m2") == [
        ("construction_above_land_plan", "town", 9000.0)
    ]
    assert (result["SIZE_FAILED"], result["SIZE_UNKNOWN"]) == (1, 0)
    assert where(result["SUMMARY"], "matrix", "cat_a", "cat_b", "area_m2") == [
        ("cultivated", "town", 10000.0),
        ("mining_independent", "mining_independent", 8000.0),
        ("mining_independent", "no_plan", 2000.0),
        ("no_plan", "transport_water", 5000.0),
        ("town", "town", 10000.0),
        ("village", "agricultural", 4000.0),
        ("village", "village", 6000.0),
    ]


def test_villages(run: Any, given: Any, make_layer: Any) -> None:
    villages = [(box(0, 0, 250, 100), "320505101201"), (box(250, 0, 500, 100), "320505101202")]
    given["VILLAGES"] = make_layer(villages, "ZLDWDM:string", name="行政村")
    result = run("plandifference", **given)
    found = where(result["SUMMARY"], "size", "kind", "unit_code", "result", "area_m2", "limit_m2")
    assert [row[1:] for row in found if row[0]] == [
        ("320505101201", "fail", 23000.0, 15000.0),
        ("320505101202", "fail", 16000.0, 15000.0),
        (None, "fail", 39000.0, 30000.0),
    ]


def test_villages_without_a_code_are_said(run: Any, given: Any, make_layer: Any) -> None:
    villages = [(box(0, 0, 250, 100), "320505101201"), (box(250, 0, 500, 100), None)]
    given["VILLAGES"] = make_layer(villages, "ZLDWDM:string", name="行政村")
    hears = Listening()
    result = run("plandifference", feedback=hears, **given)
    found = where(result["SUMMARY"], "size", "kind", "unit_code", "area_m2")
    assert [row[1:] for row in found if row[0]] == [("320505101201", 23000.0), (None, 39000.0)]
    assert any("行政村" in line and "ZLDWDM" in line for line in hears.warned), hears.warned


def test_zones_of_ecology_and_development(run: Any, given: Any, make_layer: Any) -> None:
    given["ECOLOGICAL"] = make_layer(
        [(box(0, 0, 50, 100), "禁止建设区"), (box(150, 0, 200, 100), "限制建设区")], "FQMC:string", name="生态"
    )
    given["DEVELOPMENT"] = make_layer([(box(120, 0, 160, 100), "拟建", 2019)], "FQMC:string GHNF:int", name="发展")
    result = run("plandifference", **given)
    found = where(result["OUTPUT"], "layout", "plan_a", "plan_b", "kind", "area_m2")
    assert [row for row in found if {"ecological", "development"} & set(row)] == [
        ("ecological", "development", "ecological_conflict", 1000.0),
        ("land", "development", "built_only_development", 4000.0),
        ("land", "ecological", "ecological_conflict", 5000.0),
        ("town", "ecological", "ecological_conflict", 5000.0),
        ("town", "ecological", "ecological_conflict", 5000.0),
    ]
    timing = where(result["OUTPUT"], "timing", "plan_a", "plan_b", "year_a", "year_b", "area_m2")
    assert ("town", "development", 2018, 2019, 4000.0) in timing


def test_slivers_are_merged_or_set_apart_never_lost(run: Any, given: Any, make_layer: Any) -> None:
    town = [
        (box(0, 0, 100, 100), "R2", 2016),
        (box(100, 0, 160, 100), "M1", 2016),  # 6000 m² built on paddy
        (box(160, 0, 161, 100), "E1", None),  # 100 m² to be refined beside it
        (box(161, 0, 200, 100), "E2", None),
        (box(200, 0, 300, 99.9), "H14", 2016),
        (box(200, 99.9, 300, 100), "E2", None),  # 10 m², a hand's breadth, beside no other difference
        (box(300, 0, 400, 100), "H5", None),
    ]
    given["TOWN_PLAN"] = make_layer(town, "YDDM:string GHNF:int", name="城规")
    given["MIN_AREA"] = 200
    result = run("plandifference", **given)
    assert where(result["OUTPUT"], "layout", "kind", "area_m2", "merged_m2", "sliver") == [
        ("built_only_land", 10.0, 0.0, 1),
        ("built_only_town", 6100.0, 100.0, 0),
    ]
    kinds = dict(where(result["SUMMARY"], "layout", "kind", "area_m2"))
    assert kinds == {"agrees": 33890.0, "built_only_land": 10.0, "built_only_town": 6000.0, "to_refine": 100.0}
    assert (result["SLIVERS"], result["SLIVER_M2"], result["MERGED"]) == (1, 10.0, 1)


def refused(run: Any, given: Any) -> str:
    with pytest.raises(QgsProcessingException) as error:
        run("plandifference", **given)
    return str(error.value)


def test_mixed_classification_is_refused_with_the_features(run: Any, given: Any, make_layer: Any) -> None:
    mixed = [(box(i * 100, 0, i * 100 + 100, 100), code) for i, code in enumerate(("211", "212", "R2", "222"))]
    given["LAND_PLAN"] = make_layer(mixed, "GHDLDM:string", name="混用")
    del given["LAND_SYSTEM"]
    said = refused(run, given)
    assert all(part in said for part in ("GHDLDM", "R2", "3"))


def test_tie_asks_for_the_classification(run: Any, given: Any) -> None:
    """The message names the parameter to fill, what may stand there, and the codes that tell (212 and 213 here)."""
    del given["LAND_SYSTEM"]
    said = refused(run, given)
    assert all(part in said for part in ("LAND_SYSTEM", "land_plan)", "land_plan_split)", "212", "213")), said
    assert "111" not in said
    run("plandifference", **given, LAND_SYSTEM="land_plan_split")


@pytest.mark.parametrize(("codes", "asks"), [(("0101", "0701"), ""), (("0101", "1311"), "1311")])
def test_editions_of_one_classification(run: Any, given: Any, make_layer: Any, codes: Any, asks: str) -> None:
    """2020 and 2023 share most codes: asked for only where what is used means something else (1311 干渠/水工设施)."""
    town = [(box(100 * number, 0, 100 * number + 100, 100), code) for number, code in enumerate(codes)]
    given["TOWN_PLAN"] = make_layer(town, "YDYHFLDM:string", name="规划")
    if not asks:
        assert run("plandifference", **given)["COMPARED_M2"] == 40000.0
        return
    said = refused(run, given)
    assert all(part in said for part in ("TOWN_SYSTEM", "land_sea_2020", "land_sea_2023", asks)), said
    assert run("plandifference", **given, TOWN_SYSTEM="land_sea_2023")["COMPARED_M2"] == 40000.0


def test_no_class_field(run: Any, given: Any, make_layer: Any) -> None:
    given["TOWN_PLAN"] = make_layer([(box(0, 0, 9, 9), "x")], "NAME:string", name="无编码")
    said = refused(run, given)
    assert all(part in said for part in ("class_code", "NAME"))


def test_empty_layer(run: Any, given: Any, make_layer: Any) -> None:
    given["TOWN_PLAN"] = make_layer([], "YDDM:string", name="空")
    assert "空" in refused(run, given)


def test_one_plan_twice(run: Any, given: Any, tmp_path: Path) -> None:
    given["TOWN_PLAN"] = given["LAND_PLAN"]
    given["TOWN_SYSTEM"] = "land_plan"
    assert "land" in refused(run, given)


def test_two_layers_of_one_name_are_two_plans(run: Any, given: Any, make_layer: Any) -> None:
    """As QGIS names what it has clipped or reprojected."""
    given["LAND_PLAN"] = make_layer(LAND, "CODE:string GHNF:int", name="裁剪后")
    given["TOWN_PLAN"] = make_layer(TOWN, "CODE:string GHNF:int", name="裁剪后")
    assert run("plandifference", **given, LAND_CLASS="CODE", TOWN_CLASS="CODE")["LAYOUT_M2"] == 14000.0


def test_a_layer_without_any_polygon_is_empty(run: Any, given: Any, make_layer: Any) -> None:
    given["LAND_PLAN"] = make_layer([(None, "211", 2016)], "GHDLDM:string GHNF:int", name="无图形")
    assert "无图形" in refused(run, given)


def test_polygons_without_a_class_are_said(run: Any, given: Any, make_layer: Any) -> None:
    land = [(shape, None if code == "111" else code, when) for shape, code, when in LAND]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:int", name="土规")
    hears = Listening()
    assert run("plandifference", feedback=hears, **given)["TO_REFINE_M2"] == 10000.0
    assert any("土规" in line and "NULL" in line for line in hears.warned), hears.warned


def test_another_datum_is_refused(run: Any, given: Any, make_layer: Any) -> None:
    given["TOWN_PLAN"] = make_layer(TOWN, "YDDM:string GHNF:int", crs="EPSG:2364", name="西安80")
    assert "西安80" in refused(run, given)


def test_another_zone_of_the_datum_is_brought_over(run: Any, given: Any) -> None:
    from qgis import processing

    there = processing.run(
        "native:reprojectlayer", {"INPUT": given["TOWN_PLAN"], "TARGET_CRS": "EPSG:4549", "OUTPUT": "memory:"}
    )["OUTPUT"]
    there.setName("三度带")
    result = run("plandifference", **{**given, "TOWN_PLAN": there, "TOLERANCE": 0.01, "MIN_AREA": 1})
    assert result["LAYOUT_M2"] == pytest.approx(14000.0, abs=0.5)


@pytest.mark.parametrize(("year", "said"), [(1900, "1900"), (20160, "20160")])
def test_absurd_years_are_unknown_and_said(run: Any, given: Any, make_layer: Any, year: int, said: str) -> None:
    land = [(shape, code, year if code == "211" else when) for shape, code, when in LAND]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:int", name="土规")
    hears = Listening()
    result = run("plandifference", feedback=hears, **given)
    assert result["TIMING_M2"] == 0.0
    assert result["YEAR_UNKNOWN_M2"] == 18000.0
    assert any(said in line for line in hears.warned), hears.said


def test_years_as_text(run: Any, given: Any, make_layer: Any) -> None:
    land = [(shape, code, str(when) if when else None) for shape, code, when in LAND]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:string", name="土规")
    assert run("plandifference", **given)["TIMING_M2"] == 10000.0
    land[0] = (land[0][0], "211", "2016年")
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:string", name="土规")
    assert run("plandifference", **given)["TIMING_M2"] == 10000.0
    land[0] = (land[0][0], "211", "近期")
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:string", name="土规")
    assert "近期" in refused(run, given)


def test_unknown_codes_leave_the_verdict_open(run: Any, given: Any, make_layer: Any) -> None:
    land = [(shape, "999" if code == "111" else code, when) for shape, code, when in LAND]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:int", name="土规")
    result = run("plandifference", **given)
    # 30000 sure and 10000 unknown against 39000.
    assert (result["SIZE_FAILED"], result["SIZE_UNKNOWN"], result["TO_REFINE_M2"]) == (0, 1, 10000.0)
    assert result["TO_REFINE"] == 2  # 999, and E2 is agricultural land of an unstated kind


def test_invalid_polygons_are_repaired_and_overlaps_count_once(run: Any, given: Any, make_layer: Any) -> None:
    bow = f"POLYGON(({X} {Y},{X + 100} {Y + 100},{X + 100} {Y},{X} {Y + 100},{X} {Y}))"
    town: List[Tuple[str, str, Optional[int]]] = [(bow, "R2", 2016), (box(50, 0, 200, 100), "M1", 2016)]
    given["TOWN_PLAN"] = make_layer(town, "YDDM:string GHNF:int", name="城规")
    result = run("plandifference", **given)
    assert result["REPAIRED"] == 1
    # The right half of the bow-tie lies under the second polygon.
    assert result["OVERLAP_M2"] == pytest.approx(2500.0)
    assert result["COMPARED_M2"] == 40000.0
    columns = where(result["SUMMARY"], "matrix", "cat_b", "area_m2")
    assert sum(area for name, area in columns if name == "town") == 17500.0


def test_overlap_in_the_land_plan_counts_once(run: Any, given: Any, make_layer: Any) -> None:
    land = [*LAND, (box(350, 0, 420, 100), "211", 2016)]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:int", name="土规")
    result = run("plandifference", **given)
    assert result["OVERLAP_M2"] == pytest.approx(5000.0)
    areas = where(result["SUMMARY"], "matrix", "cat_a", "area_m2")
    assert sum(area for name, area in areas if name == "mining_independent") == 10000.0
    assert sum(area for name, area in areas if name == "town") == 12000.0


def test_files(run: Any, given: Any, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    paths = {"OUTPUT": str(tmp_path / "差异.gpkg"), "SUMMARY": str(tmp_path / "汇总.gpkg")}
    book = tmp_path / "四规.xlsx"
    run("plandifference", **{**given, **paths, "XLSX": str(book)})
    layer = QgsVectorLayer(paths["OUTPUT"], "x", "ogr")
    assert layer.featureCount() == 6
    sheets = load_workbook(book)
    assert sheets.sheetnames[0] == "T15"
    text = [str(cell.value) for row in sheets["T15"].iter_rows() for cell in row if cell.value is not None]
    assert any("T15" in cell for cell in text)
    assert len(sheets.sheetnames) == 4  # T15, matrix, sizes, sources


def test_classifications_that_mean_the_same_need_no_choice(run: Any, given: Any, make_layer: Any) -> None:
    # 211 and 222 have the same category in both numberings of the land plan.
    land = [(box(0, 0, 100, 100), "211", 2016), (box(100, 0, 200, 100), "222", 2016)]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:int", name="土规")
    del given["LAND_SYSTEM"]
    # 200 m of both, 100 m and 80 m and 50 m of the town plan only.
    assert run("plandifference", **given)["COMPARED_M2"] == 43000.0


def test_years_as_dates(run: Any, given: Any, make_layer: Any) -> None:
    land = [(shape, code, f"{when}-06-30" if when else None) for shape, code, when in LAND]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:date", name="土规")
    assert run("plandifference", **given)["TIMING_M2"] == 10000.0


def test_a_field_of_another_name(run: Any, given: Any, make_layer: Any) -> None:
    given["TOWN_PLAN"] = make_layer(TOWN, "MYCODE:string MYYEAR:int", name="城规")
    assert "MYCODE" in refused(run, given)
    result = run("plandifference", **given, TOWN_CLASS="MYCODE", TOWN_YEAR="MYYEAR")
    assert (result["LAYOUT_M2"], result["TIMING_M2"]) == (14000.0, 10000.0)


def test_zones_without_a_field_are_the_strictest(run: Any, given: Any, make_layer: Any) -> None:
    given["ECOLOGICAL"] = make_layer([(box(0, 0, 50, 100), "x")], "NAME:string", name="生态")
    given["DEVELOPMENT"] = make_layer([(box(100, 0, 150, 100), "y")], "NAME:string", name="发展")
    hears = Listening()
    result = run("plandifference", feedback=hears, **given)
    found = where(result["OUTPUT"], "layout", "plan_a", "plan_b", "kind", "area_m2")
    assert ("land", "ecological", "ecological_conflict", 5000.0) in found
    assert ("land", "development", "built_only_development", 5000.0) in found
    assert sum("生态" in line or "发展" in line for line in hears.warned) == 2


def test_planted_differences_through_the_toolbox(run: Any, tmp_path: Path) -> None:
    sample = run("sampletownship", SEED=4, PARCELS=600, YEARS=1, PLANS=1, OUTPUT=str(tmp_path / "sample.gpkg"))
    result = run(
        "plandifference",
        LAND_PLAN=sample["LAND_PLAN_LAYER"],
        TOWN_PLAN=sample["TOWN_PLAN_LAYER"],
        LAND_SYSTEM="land_plan",
        TOWN_SYSTEM="land_sea_2023",
        OUTPUT="memory:",
    )
    planted = QgsVectorLayer(sample["PLANTED_LAYER"], "planted", "ogr")
    listed = [(row["kind"], row["area_m2"]) for row in planted.getFeatures() if row["layer"].endswith("_plan")]
    found = [row for facet in ("layout", "timing", "size") for row in where(result["OUTPUT"], facet, "kind", "area_m2")]
    assert sorted(found) == sorted(listed)
    assert len({kind for kind, _ in listed}) >= 4
    del planted


def test_cancel_leaves_nothing(run: Any, given: Any, tmp_path: Path) -> None:
    class Stopped(Listening):
        def isCanceled(self) -> bool:  # noqa: N802
            return True

    target = tmp_path / "差异.gpkg"
    run("plandifference", feedback=Stopped(), **{**given, "OUTPUT": str(target)})
    assert not target.exists()


def test_cancel_while_the_workbook_is_written_leaves_nothing(run: Any, given: Any, tmp_path: Path) -> None:
    class Late(Listening):
        """Stops when the first row of a sheet asks."""

        def isCanceled(self) -> bool:  # noqa: N802
            import sys

            frame = sys._getframe()
            callers = []
            while frame is not None:
                callers.append(frame.f_code.co_name)
                frame = frame.f_back  # type: ignore[assignment]
            return "workbook_bytes" in callers

    target, book = tmp_path / "差异.gpkg", tmp_path / "四规.xlsx"
    assert run("plandifference", feedback=Late(), **{**given, "OUTPUT": str(target), "XLSX": str(book)}) == {}
    assert list(tmp_path.iterdir()) == []


def test_features_without_geometry_are_left_out_and_counted(run: Any, given: Any, make_layer: Any) -> None:
    land, town = [*LAND, (None, "211", 2016)], [(None, "R2", 2016), *TOWN]
    given["LAND_PLAN"] = make_layer(land, "GHDLDM:string GHNF:int", name="土规")
    given["TOWN_PLAN"] = make_layer(town, "YDDM:string GHNF:int", name="城规")
    result = run("plandifference", **given)
    assert (result["DROPPED"], result["LAYOUT_M2"], result["COMPARED_M2"]) == (2, 14000.0, 45000.0)


def test_degrees(run: Any, given: Any) -> None:
    from qgis import processing

    for name in ("LAND_PLAN", "TOWN_PLAN"):
        there = processing.run(
            "native:reprojectlayer", {"INPUT": given[name], "TARGET_CRS": "EPSG:4490", "OUTPUT": "memory:"}
        )["OUTPUT"]
        there.setName(name)
        given[name] = there
    result = run("plandifference", **{**given, "AREA_METHOD": 0, "MIN_AREA": 1})
    assert result["LAYOUT_M2"] == pytest.approx(14000.0, rel=0.002)
    assert "EPSG:4490" in refused(run, {**given, "AREA_METHOD": 2})
