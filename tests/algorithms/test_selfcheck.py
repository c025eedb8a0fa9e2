"""``selfcheck`` through the Toolbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from qgis.core import NULL, QgsApplication, QgsProcessingException, QgsVectorLayer

from tests.algorithms.conftest import box
from three_opt_three_protect.algorithms.selfcheck import SelfCheckAlgorithm

FIELDS = "DLBM:string ZLDWDM:string(19) SJNF:int QSDWMC:string BSM:string"
OLD, OTHER, NEW = "320500100201", "320500100202", "320500100205"


@pytest.fixture(scope="module", autouse=True)
def registered(provider: Any) -> None:
    """Registered here until the provider has it."""
    if QgsApplication.processingRegistry().algorithmById("sysb:selfcheck") is None:
        assert provider.addAlgorithm(SelfCheckAlgorithm())


def parcel(left: float, right: float, code: Any, unit: str, year: Any, number: str) -> Any:
    return (box(left, 0, right, 100), code, unit, year, f"{unit[-3:]}组", number)


@pytest.fixture
def given(make_layer: Any) -> Dict[str, Any]:
    """Five cells of 1 ha: a village reclaimed, a field built by plan, one without, one on farmland, one kept."""
    before = [
        parcel(100 * n, 100 * n + 100, code, OLD if n < 3 else OTHER, 2014, f"a{n}")
        for n, code in enumerate(("0702", "0101", "0101", "0101", "1104"))
    ]
    after = [
        parcel(100 * n, 100 * n + 100, code, NEW, 2015, f"b{n}")
        for n, code in enumerate(("0101", "0701", "0601", "0601", "1104"))
    ]
    years = {f"{year}_ID": "BSM" for year in ("BEFORE", "AFTER")}
    return {
        "BEFORE": make_layer(before, FIELDS, name="2014年图斑"),
        "AFTER": make_layer(after, FIELDS, name="2015年图斑"),
        **years,
        "RECLAIM": make_layer(
            [(box(0, 0, 100, 100), "R1", "2015-06-30", 2015, "2015-12-01")],
            "plot_id:string acc_date:string phase:int insp_date:string",
            name="拆旧地块",
        ),
        "NEWBUILD": make_layer(
            [(box(100, 0, 200, 100), "N1", "town", 2015, "2015-09-01")],
            "plot_id:string use:string phase:int use_date:string",
            name="建新地块",
        ),
        "FARMLAND": make_layer([(box(300, 0, 400, 100),)], name="基本农田"),
        "CONCORDANCE": make_layer(
            [(None, OLD, NEW, "2015-03-01"), (None, OTHER, NEW, None)],
            "old_code:string new_code:string date:string",
            name="对照表",
            kind="NoGeometry",
        ),
        "AREA_METHOD": 2,
        "TOLERANCE": 0,
        **dict.fromkeys(("OUTPUT", "SUMMARY", "OFFENDERS", "INSPECTIONS", "FINDINGS"), "memory:"),
    }


def table(layer: QgsVectorLayer) -> List[Dict[str, Any]]:
    names = [field.name() for field in layer.fields()]
    return [
        {name: None if value == NULL else value for name, value in zip(names, row.attributes())}
        for row in layer.getFeatures()
    ]


def test_what_changed_or_was_planned(run: Any, given: Any) -> None:
    result = run("selfcheck", **given)
    rows = table(result["OUTPUT"])
    assert [(row["status"], row["plot_id"], row["parcel_b"], row["parcel_a"], row["area_m2"]) for row in rows] == [
        ("reclaim_cultivated", "R1", "a0", "b0", 10000.0),
        ("newbuild_done", "N1", "a1", "b1", 10000.0),
        ("unplanned_beyond", None, "a2", "b2", 10000.0),
        ("unplanned_farmland", None, "a3", "b3", 10000.0),
    ]
    last = rows[-1]
    assert (last["severity"], last["major"], last["class_bef"], last["class_aft"]) == ("error", 1, "0101", "0601")
    assert (last["unit_code"], last["unit_old"], last["owner"]) == (NEW, OTHER, "205组")
    assert (last["in_farm"], last["in_bound"], last["red_level"], last["photos"]) == (1, None, None, None)
    assert (last["cult_m2"], rows[0]["cult_m2"]) == (-10000.0, 10000.0)
    assert str(rows[0]["due"].toString("yyyy-MM-dd")) == "2015-06-30"


def test_figures(run: Any, given: Any) -> None:
    result = run("selfcheck", **given)
    wanted = {
        "TOTAL_M2": 50000.0, "CHANGED_M2": 40000.0, "UNPLANNED_M2": 20000.0, "FARMLAND_LOST_M2": 10000.0,
        "CULTIVATED_NET_M2": -20000.0, "ERRORS": 2, "ERRORS_M2": 20000.0, "WARNINGS": 0, "INFOS": 2,
        "ONLY_BEFORE_M2": 0.0, "ONLY_AFTER_M2": 0.0,
    }  # fmt: skip
    assert {name: result[name] for name in wanted} == wanted
    assert run("selfcheck", **{**given, "FARMLAND": None})["FARMLAND_LOST_M2"] is None


def test_totals_by_village_and_status(run: Any, given: Any) -> None:
    rows = table(run("selfcheck", **given)["SUMMARY"])
    assert {row["unit_code"] for row in rows} == {NEW}
    assert sum(row["area_m2"] for row in rows) == 50000.0
    assert {row["status"]: (row["count"], row["area_m2"]) for row in rows}["unchanged"] == (1, 10000.0)


def test_all_land_on_request(run: Any, given: Any) -> None:
    rows = table(run("selfcheck", **given, ALL=True)["OUTPUT"])
    assert sum(row["area_m2"] for row in rows) == 50000.0
    assert "unchanged" in {row["status"] for row in rows}


def test_offenders(run: Any, given: Any) -> None:
    rows = table(run("selfcheck", **given)["OFFENDERS"])
    assert [(row["parcel_id"], row["status"], row["year"], row["owner"], row["area_m2"]) for row in rows] == [
        ("b2", "unplanned_beyond", "2015", "205组", 10000.0),
        ("b3", "unplanned_farmland", "2015", "205组", 10000.0),
    ]
    assert all(row["basis"] and row["advice"] for row in rows)


def test_inspections(run: Any, given: Any) -> None:
    # A year after the last inspection; on 31 December 2015 not yet due, on 1 December 2016 due.
    (row,) = table(run("selfcheck", **given)["INSPECTIONS"])
    assert [row[name].toString("yyyy-MM-dd") for name in ("acc_date", "insp_date", "next_date")] == [
        "2015-06-30", "2015-12-01", "2016-12-01",
    ]  # fmt: skip
    assert (row["plot_id"], row["overdue"], row["status"], row["area_m2"]) == ("R1", 0, "reclaim_cultivated", 10000.0)
    (later,) = table(run("selfcheck", **given, AS_OF="2016-12-01")["INSPECTIONS"])
    assert later["overdue"] == 1


def test_offenders_of_one_plot_by_village_and_owner(run: Any, given: Any, make_layer: Any) -> None:
    given["FARMLAND"] = make_layer([(box(100, 0, 400, 100),)], name="基本农田")
    given["NEWBUILD"] = make_layer([(box(100, 0, 400, 100), "N1", 2015)], "plot_id:string phase:int", name="建新地块")
    cells = ((0, "0101", NEW), (1, "0701", NEW), (2, "0701", NEW), (3, "0701", OTHER), (4, "1104", NEW))
    rows = [parcel(100 * n, 100 * n + 100, code, unit, 2015, f"b{n}") for n, code, unit in cells]
    given["AFTER"] = make_layer(rows, FIELDS, name="2015年图斑")
    offenders = table(run("selfcheck", **given)["OFFENDERS"])
    assert [(row["plot_id"], row["unit_code"], row["owner"], row["area_m2"]) for row in offenders] == [
        ("N1", NEW, "205组", 20000.0),
        ("N1", OTHER, "202组", 10000.0),
    ]
    # Where the later year names no owner, the earlier one's is taken.
    given["AFTER"] = make_layer([row[:3] + (2015, None, row[-1]) for row in rows], FIELDS, name="2015年图斑")
    offenders = table(run("selfcheck", **given)["OFFENDERS"])
    assert {row["owner"] for row in offenders} == {"201组", "202组"}


def inspected(run: Any, given: Any, make_layer: Any, accepted: str, seen: Any, as_of: str) -> Any:
    given["RECLAIM"] = make_layer(
        [(box(0, 0, 100, 100), "R1", accepted, 2015, seen)],
        "plot_id:string acc_date:string phase:int insp_date:string",
        name="拆旧地块",
    )
    (row,) = table(run("selfcheck", **given, AS_OF=as_of)["INSPECTIONS"])
    return row["next_date"].toString("yyyy-MM-dd"), row["overdue"]


@pytest.mark.parametrize(
    ("accepted", "seen", "as_of", "due"),
    [
        ("2016-02-29", None, "2017-02-27", ("2017-02-28", 0)),
        ("2016-02-29", None, "2017-02-28", ("2017-02-28", 1)),
        ("2015-12-31", None, "2016-12-31", ("2016-12-31", 1)),
        # An inspection planned ahead, and one of before the acceptance, have not looked at the reclaimed land.
        ("2015-06-30", "2016-10-01", "2016-08-01", ("2016-06-30", 1)),
        ("2015-06-30", "2014-10-01", "2015-12-31", ("2016-06-30", 0)),
    ],
)
def test_when_inspections_are_due(
    run: Any, given: Any, make_layer: Any, accepted: str, seen: Any, as_of: str, due: Any
) -> None:
    assert inspected(run, given, make_layer, accepted, seen, as_of) == due


def test_a_check_long_after_the_data_is_said(run: Any, given: Any) -> None:
    result = run("selfcheck", **given, AS_OF="2016-12-01")
    assert "selfcheck_as_of_later" in {row["finding"] for row in table(result["FINDINGS"])}
    assert {row["year"] for row in table(result["OFFENDERS"])} == {"2015"}


def test_start_up_quota(run: Any, given: Any, make_layer: Any) -> None:
    given["RECLAIM"] = None
    assert "newbuild_before_reclaim" in {row["status"] for row in table(run("selfcheck", **given)["OUTPUT"])}
    fields = "indicator:string value:double unit:string year:int"
    lent = make_layer([(None, "启动指标", 1.0, "公顷", 2016)], fields, name="下达指标", kind="NoGeometry")
    found = {row["status"] for row in table(run("selfcheck", **given, TARGETS=lent)["OUTPUT"])}
    assert "newbuild_done" in found
    assert "newbuild_before_reclaim" not in found


def test_suspects_reported_twice(run: Any, given: Any, make_layer: Any) -> None:
    rows = [(box(300, 0, 400, 100), "1月"), (box(300, 0, 400, 100), "2月"), (box(350, 0, 450, 100), "3月")]
    given["SUSPECTS"] = make_layer(rows, "TBBH:string", name="疑似图斑")
    result = run("selfcheck", **given, SUSPECT_RESULT="memory:")
    found = {row["suspect_id"]: (row["result"], row["viol_m2"]) for row in table(result["SUSPECT_RESULT"])}
    assert found == {"1月": ("violation", 10000.0), "2月": ("violation", 10000.0), "3月": ("violation", 5000.0)}
    assert "1月,2月,3月" in {row["suspect"] for row in table(result["OUTPUT"])}


def test_suspects(run: Any, given: Any, make_layer: Any) -> None:
    shapes = [(250, 350, "S1"), (100, 150, "S2"), (410, 490, "S3"), (0, 50, "S4"), (900, 950, "S5")]
    given["SUSPECTS"] = make_layer(
        [(box(left, 0, right, 100), name) for left, right, name in shapes], "TBBH:string", name="疑似图斑"
    )
    result = run("selfcheck", **given, SUSPECT_RESULT="memory:")
    rows = {row["suspect_id"]: row for row in table(result["SUSPECT_RESULT"])}
    assert {name: row["result"] for name, row in rows.items()} == {
        "S1": "violation", "S2": "explained", "S3": "no_change", "S4": "explained", "S5": "outside",
    }  # fmt: skip
    assert (rows["S1"]["area_m2"], rows["S1"]["viol_m2"], rows["S1"]["farm_m2"]) == (10000.0, 10000.0, 5000.0)
    assert (rows["S2"]["plan_m2"], rows["S2"]["plots"], rows["S2"]["red1_m2"]) == (5000.0, "N1", None)
    assert "S1" in {row["suspect"] for row in table(result["OUTPUT"])}


def test_against_an_earlier_check(run: Any, given: Any, make_layer: Any) -> None:
    first = run("selfcheck", **given)["OUTPUT"]
    photos = first.fields().indexOf("photos")
    first.startEditing()
    for row in first.getFeatures():
        if row["parcel_a"] == "b3":
            first.changeAttributeValue(row.id(), photos, "照片1.jpg")
    assert first.commitChanges()
    # The next month: what was built on farmland is gone, the field beside it stays built, the pond is built over too.
    cells = list(enumerate(("0101", "0701", "0601", "0101", "0601")))
    rows = [parcel(100 * n, 100 * n + 100, code, NEW, 2015, f"b{n}") for n, code in cells]
    given["AFTER"] = make_layer(rows, FIELDS, name="本月图斑")
    result = run("selfcheck", **{**given, "PREVIOUS": first, "CHANGES": "memory:"})
    found = {row["parcel_id"]: (row["change"], row["status_was"], row["status"]) for row in table(result["CHANGES"])}
    assert found == {
        "b3": ("gone", "unplanned_farmland", None),
        "b4": ("new", None, "unplanned_construction"),
    }
    same = run("selfcheck", **{**given, "PREVIOUS": result["OUTPUT"], "CHANGES": "memory:"})
    assert table(same["CHANGES"]) == []


def test_photos_are_taken_over(run: Any, given: Any, make_layer: Any) -> None:
    earlier = make_layer(
        [
            (None, "unplanned_farmland", None, "b3", 9000.0, "a.jpg"),
            (None, "newbuild_done", "N1", "b1", 1.0, "b.jpg"),
        ],
        "status:string plot_id:string parcel_a:string area_m2:double photos:string",
        name="上月",
        kind="NoGeometry",
    )
    result = run("selfcheck", **{**given, "PREVIOUS": earlier, "CHANGES": "memory:"})
    assert [row["photos"] for row in table(result["OUTPUT"])] == [None, "b.jpg", None, "a.jpg"]
    changes = {row["parcel_id"] or row["plot_id"]: row for row in table(result["CHANGES"])}
    assert (changes["b3"]["change"], changes["b3"]["diff_m2"]) == ("worse", 1000.0)
    assert changes["b2"]["change"] == "new"


def test_against_earlier_totals(run: Any, given: Any) -> None:
    totals = run("selfcheck", **given)["SUMMARY"]
    result = run("selfcheck", **{**given, "FARMLAND": None, "PREVIOUS": totals, "CHANGES": "memory:"})
    found = {(row["unit_code"], row["status"] or row["status_was"]): row["change"] for row in table(result["CHANGES"])}
    # Without the farmland layer both fields count as one building beyond the plot or outside.
    assert found == {(NEW, "unplanned_farmland"): "gone", (NEW, "unplanned_construction"): "new"}


def refused(run: Any, **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run("selfcheck", **parameters)
    line = str(caught.value).splitlines()[-1]
    assert len(line) <= 200
    return line


def test_years_swapped_are_refused(run: Any, given: Any) -> None:
    given["BEFORE"], given["AFTER"] = given["AFTER"], given["BEFORE"]
    line = refused(run, **given)
    assert "2015" in line
    assert "2014" in line


def test_a_day_before_the_data_is_refused(run: Any, given: Any) -> None:
    assert "2014-06-30" in refused(run, **given, AS_OF="2014-06-30")


def test_swapped_years_without_a_year_field_are_said(run: Any, given: Any, make_layer: Any) -> None:
    fields = "DLBM:string"
    before = make_layer([(box(0, 0, 100, 100), "0101"), (box(100, 0, 200, 100), "0701")], fields, name="新")
    after = make_layer([(box(0, 0, 100, 100), "0702"), (box(100, 0, 200, 100), "0101")], fields, name="旧")
    given.update(BEFORE=before, AFTER=after, BEFORE_ID=None, AFTER_ID=None)
    said = {row["finding"] for row in table(run("selfcheck", **given)["FINDINGS"])}
    assert {"selfcheck_no_year", "selfcheck_maybe_swapped"} <= said
    given.update(BEFORE=after, AFTER=before)
    said = {row["finding"] for row in table(run("selfcheck", **given)["FINDINGS"])}
    assert "selfcheck_maybe_swapped" not in said


def test_an_older_survey_as_the_later_year_is_said(run: Any, given: Any, make_layer: Any) -> None:
    rows = [(box(0, 0, 250, 100), "203"), (box(250, 0, 500, 100), "011")]
    old = make_layer(rows, "DLBM:string", name="二调")
    for before, after, said in ((given["BEFORE"], old, True), (old, given["AFTER"], False)):
        ids = {"BEFORE_ID": None, "AFTER_ID": None, "BEFORE": before, "AFTER": after}
        result = run("selfcheck", **{**given, **ids})
        assert ("selfcheck_survey_order" in {row["finding"] for row in table(result["FINDINGS"])}) is said


def test_villages_without_concordance_are_said_and_not_gone(run: Any, given: Any) -> None:
    result = run("selfcheck", **{**given, "CONCORDANCE": None})
    said = {row["finding"]: row["message"] for row in table(result["FINDINGS"])}
    assert OLD in said["selfcheck_village_gone"]
    assert "only_before" not in {row["status"] for row in table(result["SUMMARY"])}
    known = run("selfcheck", **given)
    assert "selfcheck_village_gone" not in {row["finding"] for row in table(known["FINDINGS"])}


def test_a_concordance_must_be_clear(run: Any, given: Any, make_layer: Any) -> None:
    fields = "old_code:string new_code:string"
    twice = make_layer([(None, OLD, NEW), (None, OLD, OTHER)], fields, name="对照表", kind="NoGeometry")
    assert OLD in refused(run, **{**given, "CONCORDANCE": twice})
    empty = make_layer([(None, OLD, None)], fields, name="对照表", kind="NoGeometry")
    assert "对照表" in refused(run, **{**given, "CONCORDANCE": empty})


@pytest.mark.parametrize(
    ("pairs", "called"),
    [
        ([("201", "301", "2015-02-01"), ("301", "205", "2015-03-01")], "205"),
        # 301 became 302 before 201 became 301: another village.
        ([("201", "301", "2015-03-01"), ("301", "302", "2015-02-01")], "301"),
        ([("201", "301", "2015-02-01"), ("301", "201", "2015-03-01")], "201"),
        ([("201", "301", "2015-03-01"), ("301", "201", "2015-03-01")], "301"),
        ([("201", "301", None), ("301", "201", None)], "301"),
        ([("201", "301", "2016-02-01")], "201"),
    ],
)
def test_renamed_twice(run: Any, given: Any, make_layer: Any, pairs: Any, called: str) -> None:
    given["AFTER"] = make_layer([parcel(300, 500, "0101", NEW, 2015, "b")], FIELDS, name="2015年图斑")
    rows = [(None, f"320500100{old}", f"320500100{new}", day) for old, new, day in pairs]
    fields = "old_code:string new_code:string date:string"
    given["CONCORDANCE"] = make_layer(rows, fields, name="对照表", kind="NoGeometry")
    rows = table(run("selfcheck", **given)["OUTPUT"])
    assert {row["unit_code"] for row in rows if row["status"] == "only_before"} == {f"320500100{called}"}


def test_townships_renamed(run: Any, given: Any, make_layer: Any) -> None:
    fields = "old_code:string new_code:string"
    for old, new in (("320500100", "320500200"), ("320500100000", "320500200000")):
        given["CONCORDANCE"] = make_layer([(None, old, new)], fields, name="对照表", kind="NoGeometry")
        said = {row["finding"]: row["message"] for row in table(run("selfcheck", **given)["FINDINGS"])}
        assert "320500200201" in said["selfcheck_village_gone"]
    unlike = make_layer([(None, "320500100", NEW)], fields, name="对照表", kind="NoGeometry")
    assert NEW in refused(run, **{**given, "CONCORDANCE": unlike})


def test_an_earlier_check_of_another_township_is_said(run: Any, given: Any, make_layer: Any) -> None:
    fields = "status:string plot_id:string parcel_a:string area_m2:double"
    for plot, said in (("X1", True), ("N1", False)):
        other = make_layer([(None, "newbuild_done", plot, "x", 1.0)], fields, name="邻镇", kind="NoGeometry")
        result = run("selfcheck", **{**given, "PREVIOUS": other})
        assert ("selfcheck_previous_unlike" in {row["finding"] for row in table(result["FINDINGS"])}) is said


def test_another_datum_is_refused(run: Any, given: Any, make_layer: Any) -> None:
    given["AFTER"] = make_layer([(box(0, 0, 500, 100), "0101")], "DLBM:string", name="西安80", crs="EPSG:2364")
    given["AFTER_ID"] = None
    assert "西安80" in refused(run, **given)


def test_a_mixed_classification_is_refused(run: Any, given: Any, make_layer: Any) -> None:
    rows = [(box(0, 0, 250, 100), "0101"), (box(250, 0, 500, 100), "203")]
    given["AFTER"] = make_layer(rows, "DLBM:string", name="混合")
    given["AFTER_ID"] = None
    assert "混合" in refused(run, **given)


def test_parcels_drawn_twice_and_codes_missing_are_said(run: Any, given: Any, make_layer: Any) -> None:
    cells = (("0101", 0), ("0701", 1), ("0601", 2), (None, 3), ("1104", 4), ("1104", 4))
    rows = [parcel(100 * n, 100 * n + 100, code, NEW, 2015, f"b{n}") for code, n in cells]
    given["AFTER"] = make_layer(rows, FIELDS, name="2015年图斑")
    result = run("selfcheck", **given)
    assert "parcels_overlap" in {row["finding"] for row in table(result["FINDINGS"])}
    areas = {row["status"]: row["area_m2"] for row in table(result["SUMMARY"])}
    assert areas["unclassed"] == 10000.0
    assert sum(areas.values()) == 50000.0


def test_outlines_that_differ_are_said(run: Any, given: Any, make_layer: Any) -> None:
    rows = [parcel(0, 400, "0101", NEW, 2015, "b0"), parcel(500, 520, "0101", NEW, 2015, "b1")]
    given["AFTER"] = make_layer(rows, FIELDS, name="2015年图斑")
    result = run("selfcheck", **given)
    assert (result["ONLY_BEFORE_M2"], result["ONLY_AFTER_M2"], result["TOTAL_M2"]) == (10000.0, 2000.0, 50000.0)
    assert "selfcheck_outlines_differ" in {row["finding"] for row in table(result["FINDINGS"])}


def test_a_table_of_ones_own(run: Any, given: Any, tmp_path: Path) -> None:
    from three_opt_three_protect import paths

    lines = paths.resource("selfcheck", "statuses.csv").read_text(encoding="utf-8").splitlines()
    own = tmp_path / "判定表.csv"
    own.write_text("\n".join([lines[0], lines[-1]]), encoding="gb18030")
    rows = table(run("selfcheck", **given, STATUSES=str(own))["OUTPUT"])
    assert {row["status"] for row in rows} == {"other_change"}
    own.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert "判定表.csv" in refused(run, **given, STATUSES=str(own))


def test_workbook_and_file_outputs(run: Any, given: Any, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    given.update(OUTPUT=str(tmp_path / "自查.gpkg"), SUMMARY=str(tmp_path / "汇总.csv"), OFFENDERS=None)
    run("selfcheck", **given, XLSX=str(tmp_path / "T16.xlsx"))
    assert QgsVectorLayer(str(tmp_path / "自查.gpkg")).featureCount() == 4
    assert "unplanned_farmland" in (tmp_path / "汇总.csv").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(str(tmp_path / "T16.xlsx"))
    cells = [str(cell.value) for row in book["T16"].iter_rows() for cell in row if cell.value is not None]
    assert any("T16" in cell for cell in cells)
    assert {"R1", "N1", "b2", "b3"} <= set(cells)
    assert len(book.sheetnames) == 3


def test_nothing_changed_is_a_success(run: Any, given: Any) -> None:
    only = {name: given[name] for name in ("BEFORE", "AREA_METHOD", "OUTPUT", "OFFENDERS", "SUMMARY")}
    result = run("selfcheck", **only, AFTER=given["BEFORE"], AS_OF="2015-12-31")
    assert table(result["OUTPUT"]) == []
    assert table(result["OFFENDERS"]) == []
    assert [row["status"] for row in table(result["SUMMARY"])] == ["unchanged", "unchanged"]
