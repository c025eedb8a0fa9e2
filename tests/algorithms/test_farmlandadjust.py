"""``farmlandadjust`` through Processing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer

from tests.algorithms.conftest import Listening, box
from three_opt_three_protect.algorithms import farmlandadjust
from three_opt_three_protect.core.farmland import methods

V1, V2 = "320509100201", "320509100202"
FIELDS = "DLBM:string ZLDWDM:string GDDB:int GDPDJB:string TBXHDM:string ZZSXDM:string KCXS:double"
LAYERS = (
    "OUTPUT", "SUMMARY", "VERDICTS", "METHODS", "SHORTAGES", "EXCLUDED", "FINDINGS", "REGISTER", "OFFENDERS", "ISSUES",
)  # fmt: skip


@pytest.fixture(autouse=True)
def registered(provider: Any) -> None:
    if provider.algorithm("farmlandadjust") is None:
        provider.addAlgorithm(farmlandadjust.FarmlandAdjust())


def parcel(column: int, row: int = 0, **said: Any) -> Any:
    """A field of 1 ha; grade 5, flat, no ridges."""
    known = {"code": "0101", "unit": V1, "grade": 5, "slope": "1", "refined": None, "planting": None, "ridges": 0.0}
    known.update(said)
    return (box(100 * column, 100 * row, 100 * column + 100, 100 * row + 100), *known.values())


@pytest.fixture
def given(make_layer: Any) -> Dict[str, Any]:
    """Six fields of farmland, one of them a pond, one to be built on; above them land that may come in or not."""
    parcels = [
        *(parcel(each) for each in range(4)), parcel(4, code="1104", grade=None), parcel(5, unit=V2),
        parcel(0, 1), parcel(1, 1, refined="HQGD"), parcel(2, 1, grade=4, ridges=0.1), parcel(3, 1, slope="5"),
        parcel(6, 0, unit=V2), parcel(9, 9), parcel(0, 2, code="0702", grade=None),
    ]  # fmt: skip
    return {
        "PARCELS": make_layer(parcels, FIELDS, name="地类图斑"),
        "FARMLAND": make_layer([(box(0, 0, 600, 100),)], name="永久基本农田"),
        "NEWBUILD": make_layer(
            [(box(300, 0, 350, 100), "N1", "industry", "linked", 2016)],
            "plot_id:string use:string quota_src:string phase:int",
        ),
        "TARGETS": make_layer(
            [(None, "", "farmland_m2", 59_000.0, "m2", 2020), (None, V2, "farmland_m2", 2.0, "ha", 2020)],
            "unit_code:string indicator:string value:double unit:string year:int", kind="None",
        ),
        "AREA_METHOD": 2,
        **dict.fromkeys(LAYERS, "memory:"),
    }  # fmt: skip


def rows(layer: Any) -> List[Dict[str, Any]]:
    names = [item.name() for item in layer.fields()]

    def plain(value: Any) -> Any:
        return None if str(value) == "NULL" else value

    return [{name: plain(feature[name]) for name in names} for feature in layer.getFeatures()]


def verdicts(result: Dict[str, Any]) -> Dict[Any, Any]:
    return {(row["rule"], row["unit_code"]): row["result"] for row in rows(result["VERDICTS"])}


def test_words_are_cores() -> None:
    assert set(farmlandadjust.CHOICES) == set(methods.CHOICES)


def test_the_worked_township(run: Any, given: Any) -> None:
    """By hand: before 6 ha. Out: half a field built on (0.5 ha), the pond (1 ha); what stays is 4.5 ha.
    V2 has 1 ha and must have 2: its field beside comes in. Then 5.5 ha; the task of 5.9 wants 0.4 more; the field of
    grade 4 has 0.9 net, that of grade 5 has 1: the smaller is enough. After 6 − 1.5 + 1.9 = 6.4 ha."""
    listening = Listening()
    result = run("farmlandadjust", feedback=listening, **given)
    assert result["AREA_BEFORE_M2"] == 60_000.0
    assert result["RELEASED_M2"] == 15_000.0
    assert result["ADDED_M2"] == 19_000.0
    assert result["AREA_AFTER_M2"] == 64_000.0
    # before: five graded fields of 5; after (4.5 · 5 + 1 · 5 + 0.9 · 4) ÷ 6.4
    assert result["GRADE_BEFORE"] == 5.0
    assert result["GRADE_AFTER"] == pytest.approx((4.5 * 5 + 5 + 3.6) / 6.4, abs=1e-4)
    found = {(row["change"], row["reason"], row["parcel_id"]) for row in rows(result["OUTPUT"])}
    assert {each for each in found if each[0] != "keep"} == {
        ("release", "newbuild", "4"), ("release", "not_eligible", "5"), ("add", None, "9"), ("add", None, "11"),
    }  # fmt: skip
    (out,) = [row for row in rows(result["OUTPUT"]) if row["reason"] == "newbuild"]
    assert (out["hcyy"], out["plot_id"], out["net_m2"]) == ("01", "N1", 5_000.0)
    summary = {row["unit_code"]: row for row in rows(result["SUMMARY"])}
    assert list(summary) == [V1, V2, ""]
    assert summary[V2]["task_m2"] == 20_000.0
    assert [summary[unit]["before_m2"] for unit in summary] == [50_000.0, 10_000.0, 60_000.0]
    assert [summary[unit]["rel_build"] for unit in summary] == [5_000.0, 0.0, 5_000.0]
    assert [summary[unit]["rel_class"] for unit in summary] == [10_000.0, 0.0, 10_000.0]
    assert [summary[unit]["added_m2"] for unit in summary] == [9_000.0, 10_000.0, 19_000.0]
    assert [summary[unit]["after_m2"] for unit in summary] == [44_000.0, 20_000.0, 64_000.0]
    assert summary[""]["task_pct"] == pytest.approx(108.47)
    assert verdicts(result)[("pbf_task", "")] == verdicts(result)[("pbf_task", V2)] == "pass"
    assert {row["reason"] for row in rows(result["EXCLUDED"])} == {"unstable", "slope", "apart"}
    (pond,) = rows(result["OFFENDERS"])
    assert (pond["class_code"], pond["class_name"], pond["change"]) == ("1104", "坑塘水面", "release")
    assert rows(result["SHORTAGES"]) == []
    assert any("乡镇不能自行调整" in said or "township cannot" in said for said in listening.said)


def test_the_register_has_the_form_of_the_standard(run: Any, given: Any) -> None:
    found = {row["HRHCTBBH"]: row for row in rows(run("farmlandadjust", **given)["REGISTER"])}
    assert sorted(found) == [f"{V1}000001", f"{V1}000001HC", f"{V1}000002HC", f"{V2}000001"]
    grown = found[f"{V1}000001"]
    # A tenth of the field is ridges: other agricultural land.
    assert [grown[name] for name in ("HRHCLXDM", "TBMJ", "GDMJ", "QTNYDMJ", "JSYDMJ", "WLYDMJ", "HCYY")] == [
        "1", 10_000.0, 9_000.0, 1_000.0, 0.0, 0.0, None,
    ]  # fmt: skip
    pond = found[f"{V1}000002HC"]
    assert [pond[name] for name in ("HRHCLXDM", "TBMJ", "GDMJ", "QTNYDMJ", "HCYY")] == [
        "2",
        10_000.0,
        0,
        10_000.0,
        None,
    ]
    assert (found[f"{V1}000001HC"]["HCYY"], found[f"{V1}000001HC"]["SJXMMC"]) == ("01", "N1")


def test_a_field_cut_by_other_lines_is_one_field_of_the_register(run: Any, given: Any, make_layer: Any) -> None:
    """A redline of level 2 across the pond cuts it; it is still one pond. N1 and N2 are two projects."""
    given["REDLINE"] = make_layer([(box(430, -50, 460, 150), 2)], "level:int")
    given["NEWBUILD"] = make_layer(
        [(box(300, 0, 350, 100), "N1", 2016), (box(350, 0, 370, 100), "N2", 2016)], "plot_id:string phase:int"
    )
    result = run("farmlandadjust", **given)
    out = [row for row in rows(result["OUTPUT"]) if row["reason"] == "not_eligible"]
    assert sorted(row["area_m2"] for row in out) == [3_000.0, 7_000.0]
    gone = {row["TBMJ"]: row["SJXMMC"] for row in rows(result["REGISTER"]) if row["HRHCLXDM"] == "2"}
    assert gone == {10_000.0: None, 5_000.0: "N1", 2_000.0: "N2"}
    (pond,) = [each for each in result["REGISTER"].getFeatures() if (each["HRHCLXDM"], each["TBMJ"]) == ("2", 10_000)]
    assert pond.geometry().area() == pytest.approx(10_000.0)
    assert pond.geometry().constGet().numGeometries() == 1


@pytest.mark.parametrize("said", ["5", "05", "5.0", " 5", "５", "Ⅴ", "V"])
def test_level_five_however_it_is_written(run: Any, given: Any, make_layer: Any, said: str) -> None:
    fields = [*(parcel(each) for each in range(6)), parcel(0, 1, slope=said), parcel(1, 1, slope="02")]
    found = rows(run("farmlandadjust", **{**given, "PARCELS": make_layer(fields, FIELDS)})["EXCLUDED"])
    assert [(row["reason"], row["net_m2"]) for row in found] == [("slope", 10_000.0)]


@pytest.mark.parametrize("said", ["hqgd", "HQGD ", "LQGD,SMGD", "XX/HDGD"])
def test_unstable_land_however_it_is_written(run: Any, given: Any, make_layer: Any, said: str) -> None:
    fields = [*(parcel(each) for each in range(6)), parcel(0, 1, refined=said), parcel(1, 1, refined="GCHF")]
    found = rows(run("farmlandadjust", **{**given, "PARCELS": make_layer(fields, FIELDS)})["EXCLUDED"])
    assert [(row["reason"], row["net_m2"]) for row in found] == [("unstable", 10_000.0)]


def test_added_land_of_unknown_slope_is_said(run: Any, given: Any, make_layer: Any) -> None:
    fields = [*(parcel(each) for each in range(6)), parcel(0, 1, slope=">25")]
    result = run("farmlandadjust", **{**given, "PARCELS": make_layer(fields, FIELDS)})
    assert result["ADDED_M2"] == 10_000.0
    assert [row["finding"] for row in rows(result["FINDINGS"])].count("farmland_slope_unknown") == 1


def test_what_the_farmland_layer_states_is_held_against_the_parcels(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(box(0, 0, 600, 100), 55_000.0)], "YJJBNTMJ:double", name="YJJBNTTB")
    listening = Listening()
    result = run("farmlandadjust", feedback=listening, **given)
    assert result["AREA_BEFORE_M2"] == 60_000.0
    assert any("55000" in said and "5000" in said for said in listening.warned)


def test_a_negative_task_is_an_error(run: Any, given: Any, make_layer: Any) -> None:
    given["TARGETS"] = make_layer(
        [(None, "", "farmland_m2", -5.0, "m2", 2020)],
        "unit_code:string indicator:string value:double unit:string year:int", kind="None",
    )  # fmt: skip
    with pytest.raises(QgsProcessingException, match="-5"):
        run("farmlandadjust", **given)


def test_numbers_go_on_after_those_in_use(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer(
        [(box(0, 0, 300, 100), f"{V1}000007"), (box(300, 0, 600, 100), f"{V2}000120")], "YJJBNTTBBH:string"
    )
    found = [row["HRHCTBBH"] for row in rows(run("farmlandadjust", **given)["REGISTER"])]
    assert sorted(found) == [f"{V1}000001HC", f"{V1}000002HC", f"{V1}000008", f"{V2}000121"]


def test_in_degrees_the_same_land_changes(run: Any, given: Any, make_layer: Any) -> None:
    """The same township in longitude and latitude: official areas need no projection.

    All lines have the vertices of the parcels: a long edge is not the same line in degrees.
    """
    from qgis import processing

    given["AREA_METHOD"] = 0
    given["FARMLAND"] = make_layer([(box(100 * each, 0, 100 * each + 100, 100),) for each in range(6)])
    given["NEWBUILD"] = make_layer([(box(300, 0, 400, 100), "N1", 2016)], "plot_id:string phase:int")
    plain = run("farmlandadjust", **given)
    for name in ("PARCELS", "FARMLAND", "NEWBUILD"):
        moved = {"INPUT": given[name], "TARGET_CRS": "EPSG:4490", "OUTPUT": "memory:"}
        given[name] = processing.run("native:reprojectlayer", moved)["OUTPUT"]
    degrees = run("farmlandadjust", **given)

    def changed(result: Any) -> Any:
        return {(row["change"], row["reason"], row["parcel_id"]) for row in rows(result["OUTPUT"])}

    assert changed(degrees) == changed(plain)
    assert degrees["AREA_AFTER_M2"] == pytest.approx(plain["AREA_AFTER_M2"], abs=0.1)
    assert degrees["CONTIGUITY_AFTER"] == pytest.approx(plain["CONTIGUITY_AFTER"], abs=1e-3)


def test_the_printed_tables(run: Any, given: Any, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "永农.xlsx"
    run("farmlandadjust", **{**given, "XLSX": str(path)})
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["T10"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    flat = [value for row in cells for value in row if value is not None]
    assert any("永久基本农田调整" in str(value) or "permanent basic farmland" in str(value) for value in flat)
    total = next(row for row in cells if row[0] in ("合计", "Total"))
    assert {6.4, 1.5, 1.9, 5.9} <= set(total)
    assert len(book.sheetnames) == 3


def test_without_a_task_nothing_passes_as_met(run: Any, given: Any) -> None:
    del given["TARGETS"]
    listening = Listening()
    result = run("farmlandadjust", feedback=listening, **given)
    assert verdicts(result)[("pbf_task", "")] == "unknown"
    assert result["UNKNOWN"] == 1
    assert any("farmland_m2" in said for said in listening.warned)


def test_without_grades_quality_is_unknown(run: Any, given: Any, make_layer: Any) -> None:
    parcels = [parcel(each, grade=None) for each in range(6)] + [parcel(2, 1, grade=None)]
    given["PARCELS"] = make_layer(parcels, FIELDS)
    result = run("farmlandadjust", **given)
    assert verdicts(result)[("pbf_grade", "")] == "unknown"
    assert (result["GRADE_BEFORE"], result["GRADE_AFTER"]) == (None, None)


def test_no_candidate_is_a_success_with_the_shortage_in_mu(run: Any, given: Any, make_layer: Any) -> None:
    """1.5 ha leave, nothing comes in: 22.5 亩 short of the supplement, 14 000 m² = 21 亩 of the task."""
    given["PARCELS"] = make_layer(
        [*(parcel(each) for each in range(4)), parcel(4, code="1104", grade=None), parcel(5, unit=V2)], FIELDS
    )
    listening = Listening()
    result = run("farmlandadjust", feedback=listening, **given)
    assert result["ADDED_M2"] == 0.0
    assert result["STATUS"] == "infeasible"
    short = {(row["rule"], row["unit_code"]): (row["short_m2"], row["short_mu"]) for row in rows(result["SHORTAGES"])}
    assert short == {
        ("pbf_task", ""): (14_000.0, 21.0), ("pbf_supplement", ""): (15_000.0, 22.5),
        ("pbf_task", V2): (10_000.0, 15.0),
    }  # fmt: skip
    assert any("22.5" in said for said in listening.warned)


def test_farmland_off_the_parcels_and_drawn_twice(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(box(-100, 0, 300, 100),), (box(250, 0, 600, 100),)], name="永久基本农田")
    listening = Listening()
    result = run("farmlandadjust", feedback=listening, **given)
    assert result["AREA_BEFORE_M2"] == 60_000.0
    assert any("10000" in said for said in listening.warned)
    assert any("5000" in said for said in listening.warned)


def test_farmland_elsewhere_is_an_error(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(box(5000, 5000, 5100, 5100),)], name="永久基本农田")
    with pytest.raises(QgsProcessingException, match=r"永久基本农田|permanent basic farmland"):
        run("farmlandadjust", **given)


def test_empty_farmland_is_an_error(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([], name="永久基本农田")
    with pytest.raises(QgsProcessingException, match="永久基本农田"):
        run("farmlandadjust", **given)


def test_another_datum_is_refused(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(box(0, 0, 600, 100),)], crs="EPSG:2364")
    with pytest.raises(QgsProcessingException):
        run("farmlandadjust", **given)


def test_an_invalid_polygon_is_mended_and_counted(run: Any, given: Any, make_layer: Any) -> None:
    from tests.algorithms.conftest import X, Y

    bow_tie = f"POLYGON(({X} {Y},{X + 600} {Y + 100},{X + 600} {Y},{X} {Y + 100},{X} {Y}))"
    given["FARMLAND"] = make_layer([(bow_tie,)])
    result = run("farmlandadjust", **given)
    assert result["REPAIRED"] == 1
    assert result["AREA_BEFORE_M2"] == pytest.approx(30_000.0, abs=0.05)
    assert len(rows(result["ISSUES"])) == 1


def test_grades_of_another_scale_are_refused(run: Any, given: Any, make_layer: Any) -> None:
    given["PARCELS"] = make_layer([parcel(0, grade=16), parcel(1)], FIELDS)
    with pytest.raises(QgsProcessingException, match="16"):
        run("farmlandadjust", **given)


def test_reclaimed_land_comes_in_once_accepted(run: Any, given: Any, make_layer: Any) -> None:
    """A village of 1 ha reclaimed with rate 0.9, accepted in June 2016, beside farmland."""
    given["PARCELS"] = make_layer([*(parcel(each) for each in range(6)), parcel(0, 1, code="0702", grade=None)], FIELDS)
    del given["NEWBUILD"]
    given["TARGETS"] = make_layer(
        [(None, "", "farmland_m2", 69_000.0, "m2", 2020)],
        "unit_code:string indicator:string value:double unit:string year:int", kind="None",
    )  # fmt: skip
    given["RECLAIM"] = make_layer(
        [(box(0, 100, 100, 200), "R1", "cultivated", 0.9, "2016-06-30", "2016-12-01", 5)],
        "plot_id:string direction:string rate:double acc_date:date cred_date:date grade_new:double",
    )
    result = run("farmlandadjust", **{**given, "AS_OF": "2016-07-01"})
    assert (result["ADDED_M2"], result["AREA_AFTER_M2"]) == (9_000.0, 69_000.0)
    (added,) = [row for row in rows(result["OUTPUT"]) if row["change"] == "add"]
    assert (added["source"], added["plot_id"], added["grade"]) == ("reclaim", "R1", 5.0)
    (entry,) = rows(result["REGISTER"])
    assert (entry["GDMJ"], entry["QTNYDMJ"], entry["JSYDMJ"]) == (9_000.0, 1_000.0, 0.0)
    result = run("farmlandadjust", **{**given, "AS_OF": "2016-06-29"})
    assert result["ADDED_M2"] == 0.0
    assert [row["reason"] for row in rows(result["EXCLUDED"])] == ["reclaim_pending"]


def test_no_more_comes_in_than_was_accepted(run: Any, given: Any, make_layer: Any) -> None:
    """Of a plot of 1 ha 0.5 ha were accepted, with rate 0.9: 4 500 m²; its grade is that of the fields around, 5."""
    given["PARCELS"] = make_layer([*(parcel(each) for each in range(6)), parcel(0, 1, code="0702", grade=None)], FIELDS)
    given["RECLAIM"] = make_layer(
        [(box(0, 100, 100, 200), "R1", "cultivated", 0.9, "2016-06-30", 5_000.0)],
        "plot_id:string direction:string rate:double acc_date:date acc_m2:double",
    )
    result = run("farmlandadjust", **given)
    (added,) = [row for row in rows(result["OUTPUT"]) if row["change"] == "add"]
    assert (added["net_m2"], added["grade"], added["grade_inf"]) == (4_500.0, 5.0, 1)
    assert verdicts(result)[("pbf_grade", "")] == "warn"
    # Before 6 ha of 5, after 5.5 ha of 5 and 0.45 ha that would be 6: (27.5 + 2.7) ÷ 5.95
    (said,) = [row for row in rows(result["FINDINGS"]) if row["finding"] == "farmland_grade_sensitivity"]
    assert "5.08" in said["message"]


def test_reclaimed_land_that_a_later_survey_does_not_show(run: Any, given: Any, make_layer: Any) -> None:
    """Accepted in June 2016, but at the end of 2016 the survey shows a village: rebuilt, or never reclaimed."""
    rows_ = [(*parcel(0), 2016), (*parcel(1), 2016), (*parcel(0, 1, code="0702", grade=None), 2016)]
    given["PARCELS"] = make_layer(rows_, f"{FIELDS} SJNF:int")
    given["RECLAIM"] = make_layer(
        [(box(0, 100, 100, 200), "R1", "cultivated", 0.9, "2016-06-30")],
        "plot_id:string direction:string rate:double acc_date:date",
    )
    result = run("farmlandadjust", **given)
    assert result["ADDED_M2"] == 0.0
    assert [row["reason"] for row in rows(result["EXCLUDED"])] == ["reclaim_unseen"]


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> str:
    from qgis import processing

    path = str(tmp_path_factory.mktemp("sample") / "plan.gpkg")
    processing.run("sysb:sampletownship", {"SEED": 1, "PARCELS": 1500, "OUTPUT": path})
    return path


def test_the_sample_townships_lost_farmland_is_found(run: Any, sample: str) -> None:
    """Its own list names pond, orchard and factory on farmland: each is found, with its area, released and replaced."""
    planted = {
        str(row["parcel_id"]): row["area_m2"]
        for row in rows(QgsVectorLayer(f"{sample}|layername=planted", "planted", "ogr"))
        if row["kind"] in ("farmland_to_pond", "farmland_to_garden", "unplanned_on_farmland")
    }
    layers = {
        "PARCELS": "parcels_next", "FARMLAND": "farmland", "BOUNDARY": "boundary", "REDLINE": "redline",
        "NEWBUILD": "newbuild", "RECLAIM": "reclaim", "ROADS": "roads", "TARGETS": "targets",
    }  # fmt: skip
    inputs = {name: f"{sample}|layername={layer}" for name, layer in layers.items()}
    result = run("farmlandadjust", **inputs, ID_FIELD="BSM", **dict.fromkeys(LAYERS, "memory:"))
    numbers = {row["BSM"]: row["fid"] for row in rows(QgsVectorLayer(inputs["PARCELS"], "next", "ogr"))}
    found = {row["parcel_id"]: row["area_m2"] for row in rows(result["OFFENDERS"])}
    assert len(planted) == 3
    assert {str(numbers.get(bsm, bsm)): area for bsm, area in found.items()} == planted or found == planted
    assert result["RELEASED_M2"] == pytest.approx(sum(planted.values()), abs=0.01)
    summary = rows(result["SUMMARY"])
    for row in summary:
        assert round(row["before_m2"] - row["rel_m2"] + row["added_m2"], 2) == row["after_m2"]
    for name in ("before_m2", "rel_m2", "added_m2", "after_m2"):
        assert round(sum(row[name] for row in summary[:-1]), 2) == summary[-1][name]
    assert result["FAILED"] == 0
    assert result["AREA_AFTER_M2"] >= summary[-1]["task_m2"]
    assert result["GRADE_AFTER"] <= result["GRADE_BEFORE"]
    assert result["CONTIGUITY_AFTER"] >= result["CONTIGUITY_BEFORE"]


def test_reserve_first_in_the_territorial_profile(run: Any, given: Any, make_layer: Any) -> None:
    """Ordinary new-build releases nothing there: the pond's hectare wants 1.05."""
    given["RESERVE"] = make_layer([(box(0, 100, 100, 200),)], name="储备区")
    given["PROFILE"] = "territorial-2021"
    del given["TARGETS"]
    result = run("farmlandadjust", **given)
    assert result["RELEASED_M2"] == 10_000.0
    assert {row["source"] for row in rows(result["OUTPUT"]) if row["change"] == "add"} >= {"reserve"}
    assert result["ADDED_M2"] >= 10_500.0
    assert verdicts(result)[("pbf_newbuild", "")] == "fail"
    assert verdicts(result)[("pbf_cap", "")] == "fail"


def test_nothing_is_left_of_a_cancelled_run(run: Any, given: Any, tmp_path: Path) -> None:
    class Impatient(Listening):
        def isCanceled(self) -> bool:  # noqa: N802
            return True

    path = tmp_path / "out.gpkg"
    assert run("farmlandadjust", feedback=Impatient(), **{**given, "OUTPUT": str(path)}) == {}
    assert not path.exists()
