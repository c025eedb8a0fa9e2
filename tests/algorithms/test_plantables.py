"""``plantables`` through the Toolbox: what is made, what is not, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from openpyxl import load_workbook
from qgis.core import NULL, QgsApplication, QgsProcessingException

from tests.algorithms.conftest import box
from three_opt_three_protect.algorithms.plantables import PlanTables
from three_opt_three_protect.reports.table import PLAN_TABLES

PARCEL_FIELDS = "DLBM:string TBBH:string ZLDWDM:string ZLDWMC:string QSDWDM:string QSDWMC:string QSXZ:string"
OWNER = ("3205071000010000001", "东村一组", "30")


@pytest.fixture(autouse=True)
def registered(provider: Any) -> None:
    """The algorithm, where the provider does not list it yet."""
    if QgsApplication.processingRegistry().algorithmById("sysb:plantables") is None:
        provider.addAlgorithm(PlanTables())


@pytest.fixture
def given(make_layer: Any, tmp_path: Path) -> Dict[str, Any]:
    """A village of 1 ha beside 1 ha of paddy; 0.6 ha are reclaimed, 0.1 ha built on for resettlement."""
    place = ("320507100001", "东村")
    return {
        "PARCELS": make_layer(
            [(box(0, 0, 100, 100), "0702", "7", *place, *OWNER), (box(100, 0, 200, 100), "0101", "8", *place, *OWNER)],
            PARCEL_FIELDS,
        ),
        "RECLAIM": make_layer(
            [(box(0, 0, 60, 100), "R1", 1.0, "2015年3月1日", 5000.0, 20, 18)],
            "DKBH:string FKXS:double YSRQ:string YSMJ:double HS:int QYHS:int",
            name="拆旧地块",
        ),
        "NEWBUILD": make_layer(
            [(box(100, 0, 120, 50), "N1", "安置", 2016, 10, 32, 1.2, "公寓")],
            "DKBH:string YT:string JHNF:int AZHS:int AZRK:int RJL:double AZFS:string",
            name="建新地块",
        ),
        "AREA_METHOD": 2,
        "SUMMARY": "memory:",
        "XLSX": str(tmp_path / "附表.xlsx"),
    }


def summary(result: Dict[str, Any]) -> Dict[str, List[Any]]:
    rows: Dict[str, List[Any]] = {}
    for feature in result["SUMMARY"].getFeatures():
        number, _, *rest = [None if value == NULL else value for value in feature.attributes()]
        rows.setdefault(number, rest)
    return rows


def sheet(given: Dict[str, Any], name: str) -> List[List[Any]]:
    page = load_workbook(given["XLSX"], data_only=True)[name]
    return [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]


def test_the_tables_of_a_bare_plan(run: Any, given: Any) -> None:
    result = run("plantables", **given)
    rows = summary(result)
    assert [number for number, row in rows.items() if row[1] == 1] == [
        number for number in rows if number in PLAN_TABLES
    ]
    assert result["MADE"] == len(PLAN_TABLES)
    assert rows["T5"][:2] == [1, 1]
    assert rows["T24"][:2] == [None, 0]
    assert set(PLAN_TABLES) <= set(load_workbook(given["XLSX"]).sheetnames)
    assert [(result["REPAIRED"], result["DROPPED"])] == [(0, 0)]


def test_fields_by_their_standard_names(run: Any, given: Any) -> None:
    run("plantables", **given)
    assert ["N1", "东村", 10, 32, 0.1, 1.5, 31.25, 100, 1.2, "公寓", 2016, 0.1] in sheet(given, "T7")
    ledger = next(row for row in sheet(given, "T17") if row and row[0] == "R1")
    assert [str(value)[:10] for value in ledger if str(value).startswith("2015-")] == ["2015-03-01"]
    owner = next(row for row in sheet(given, "T21") if row and row[0] == "东村一组")
    assert owner[:5] == ["东村一组", OWNER[0], "集体土地所有权", 1, 0.6]
    wishes = next(row for row in sheet(given, "T22") if row and row[0] == "东村")
    assert wishes == ["东村", 1, 20, 18, 2, 90]


def test_the_registers(run: Any, given: Any, make_layer: Any) -> None:
    given["CONTROL"] = make_layer(
        [(box(0, 0, 100, 100), "011"), (box(100, 0, 200, 100), "030")], "GZQLXDM:string", name="管制区"
    )
    given["BOUNDARY"] = make_layer([(box(0, 0, 50, 100), "城镇集中建设区")], "GHFQMC:string", name="开发边界")
    given["STOCK"] = make_layer([(box(60, 0, 70, 100), "闲置")], "CLLX:string", name="存量")
    given["ENTERPRISES"] = make_layer([(box(70, 0, 80, 100), "甲厂", 0.2)], "QYMC:string RJL:double", name="企业")
    given["PROJECTS"] = make_layer(
        [(None, "示范区", "R1、N1")], "XMMC:string DKBH:string", crs=None, name="项目", kind="None"
    )
    given["OPINIONS"] = make_layer(
        [(None, "好", "采纳")], "YJNR:string CNQK:string", crs=None, name="意见", kind="None"
    )
    given["POPULATION"] = make_layer([(None, "320507100001", 41)], "XZQDM:string HS:int", crs=None, kind="None")
    given["APPROVED_UNBUILT"] = make_layer(
        [(box(150, 0, 160, 100), "苏国土〔2013〕1号")], "PZWH:string", name="批而未建"
    )
    given["AS_OF"] = "2015-12-31"
    result = run("plantables", **given)
    rows = summary(result)
    assert [rows[number][:2] for number in ("T11", "T12", "T24", "T26", "T27")] == [
        [2, 1],
        [1, 1],
        [2, 1],
        [1, 1],
        [1, 1],
    ]
    # Control zones and the zones of the boundary are a table each.
    assert {"T11", "T11-2"} <= set(load_workbook(given["XLSX"]).sheetnames)
    assert any(row[:2] == ["限制建设区", "030"] for row in sheet(given, "T11"))
    assert any(row[:1] == ["城镇集中建设区"] for row in sheet(given, "T11-2"))
    # 10 m × 100 m, measured
    assert ["Idle", "1", 0.1, 1.5] in sheet(given, "T24")
    assert any("苏国土〔2013〕1号" in row for row in sheet(given, "T27"))
    project = next(row for row in sheet(given, "T12") if row and row[0] == "示范区")
    assert 0.7 in project
    assert any("as of 2015-12-31" in str(row) for row in sheet(given, "T17"))
    wishes = next(row for row in sheet(given, "T22") if row and row[0] == "东村")
    assert wishes == ["东村", 41, 1, 20, 18, 2, 90]


@pytest.mark.parametrize(
    ("parameter", "row", "fields", "said"),
    [
        ("CONTROL", ("099",), "GZQLXDM:string", "099"),
        ("STOCK", ("荒废",), "CLLX:string", "荒废"),
        ("PROJECTS", ("甲", "R9"), "XMMC:string DKBH:string", "R9"),
        ("OPINIONS", ("好", "也许"), "YJNR:string CNQK:string", "也许"),
        ("POPULATION", ("320507100001", -4), "XZQDM:string HS:int", "HS"),
    ],
)
def test_bad_lists_are_refused_by_name(
    run: Any, given: Any, make_layer: Any, parameter: str, row: Any, fields: str, said: str
) -> None:
    given[parameter] = make_layer([(box(0, 0, 10, 10), *row)], fields, name="坏表")
    with pytest.raises(QgsProcessingException, match=said) as error:
        run("plantables", **given)
    assert "坏表" in str(error.value)
    assert not Path(given["XLSX"]).exists()


def test_outputs_in_files(run: Any, given: Any, tmp_path: Path) -> None:
    given["SUMMARY"] = str(tmp_path / "summary.gpkg")
    run("plantables", **given)
    assert (tmp_path / "summary.gpkg").exists()
