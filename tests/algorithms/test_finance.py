from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Sequence

import openpyxl
import pytest
from qgis.core import NULL, QgsProcessingException, QgsVectorLayer

from tests.algorithms.conftest import Listening, box
from three_opt_three_protect.algorithms.finance import FinanceAlgorithm


@pytest.fixture(autouse=True)
def registered(provider: Any) -> None:
    """Until the provider lists it."""
    if provider.algorithm("finance") is None:
        provider.addAlgorithm(FinanceAlgorithm())


PRICES = [
    ("demolition", 26.0, "万元/户"), ("安置建设（按户）", 300000.0, "元/户"), ("transition", 500.0, "元/户·月"),
    ("approval", 30.0, "元/平方米"), ("infrastructure", 4.0, "万元/亩"), ("contingency", 5.0, "%"),
    ("interest", 0.1, "比例"), ("transfer", 40.0, "万元/亩"), ("farmers", 5.0, "10k_yuan/household"),
]  # fmt: skip


@pytest.fixture
def small(make_layer: Any) -> Dict[str, Any]:
    """2 ha of village with ten households are reclaimed, 1 ha of paddy is built on."""
    return {
        "PARCELS": make_layer([(box(0, 0, 200, 100), "0702"), (box(300, 0, 400, 100), "0101")], "DLBM:string"),
        "RECLAIM": make_layer(
            [(box(0, 0, 200, 100), "R1", 10, 0.9, 2015, "甲")],
            "plot_id:string households:int rate:double phase:int settlement:string",
            name="拆旧",
        ),
        "NEWBUILD": make_layer(
            [(box(300, 0, 400, 100), "N1", "industry", 2017)], "plot_id:string use:string phase:int", name="建新"
        ),
        "AREA_METHOD": 2, "OUTPUT": "memory:", "SUMMARY": "memory:", "PHASES": "memory:", "VERDICTS": "memory:",
    }  # fmt: skip


def prices(make_layer: Any, entries: Sequence[Any]) -> QgsVectorLayer:
    padded = [(None, *entry, *[None] * (4 - len(entry))) for entry in entries]
    return make_layer(padded, "item:string price:double unit:string year:int", None, "单价", "None")


def rows(layer: QgsVectorLayer, *fields: str) -> List[List[Any]]:
    return [[None if row[name] == NULL else row[name] for name in fields] for row in layer.getFeatures()]


def test_the_small_plan_by_hand(run: Any, small: Any, make_layer: Any) -> None:
    found = run("finance", **small, PRICES=prices(make_layer, PRICES))
    # As in tests/core/test_finance.py: 30 yuan a m² on 15 亩 (10 000 m²) are 300 000 here too.
    assert {name: found[name] for name in ("COST_YUAN", "INCOME_YUAN", "BALANCE_YUAN")} == {
        "COST_YUAN": 4_550_280.0, "INCOME_YUAN": 6_740_000.0, "BALANCE_YUAN": 2_189_720.0,
    }  # fmt: skip
    assert (found["COST_PER_MU"], found["BREAK_EVEN_YUAN_MU"]) == (151_676.0, 254_018.67)
    assert (found["LARGEST_GAP_YUAN"], found["MISSING_ITEMS"]) == (2_604_800.0, 0)
    assert rows(found["OUTPUT"], "plot_id", "kind", "year", "area_mu", "cost_yuan", "inc_yuan", "lacking") == [
        ["R1", "reclaim", 2015, 30.0, 2_960_000.0, 740_000.0, None],
        ["N1", "newbuild", 2017, 15.0, 900_000.0, 6_000_000.0, None],
    ]
    assert rows(found["PHASES"], "year", "interest", "run_yuan", "complete") == [
        [2015, 0.0, -2_368_000.0, 1], [2016, 236_800.0, -2_604_800.0, 1], [2017, 260_480.0, 2_189_720.0, 1],
    ]  # fmt: skip
    assert rows(found["VERDICTS"], "rule", "result", "margin") == [
        ["funding_total", "pass", 2_189_720.0], ["funding_phase", "warn", -2_604_800.0],
    ]  # fmt: skip


def test_without_prices_the_sums_are_lower_bounds(run: Any, small: Any) -> None:
    told = Listening()
    found = run("finance", **small, feedback=told)
    unknown = ("COST_YUAN", "INCOME_YUAN", "BALANCE_YUAN", "COST_PER_MU", "BREAK_EVEN_YUAN_MU", "LARGEST_GAP_YUAN")
    assert {found[name] for name in unknown} == {None}
    # 30 亩 × 8 000, and 30 亩 × (5 000 + 3 000).
    assert (found["KNOWN_COST_YUAN"], found["KNOWN_INCOME_YUAN"]) == (240_000.0, 240_000.0)
    said = [line for line in told.warned if "unknown" in line or "未知" in line]
    assert found["MISSING_ITEMS"] == len(said) == 8
    summary = {row[0]: row[1:] for row in rows(found["SUMMARY"], "item", "amt_yuan", "least_yuan", "missing")}
    assert summary["demolition"] == [None, 0.0, 1]
    assert summary["resettlement"] == [0.0, 0.0, 0]
    assert rows(found["OUTPUT"], "cost_yuan", "least_cost", "lacking")[0][:2] == [None, 240_000.0]
    assert [row[0] for row in rows(found["VERDICTS"], "result")] == ["unknown", "unknown"]


def test_the_basis_of_a_price_is_that_of_the_table(run: Any, small: Any, make_layer: Any) -> None:
    stated = [
        (None, "demolition", 26.0, "万元/户", 2015, "镇拆迁办法"),
        (None, "demolition", 27.0, "万元/户", 2016, "合同 3 号"),
        (None, "reclamation", 9000.0, "元/亩", None, "招标"),
        (None, "transition", 500.0, "元/户·月", None, None),
    ]
    table = make_layer(stated, "item:string price:double unit:string year:int basis:string", None, "单价", "None")
    found = run("finance", **small, PRICES=table)
    said = {row[0]: row[1:] for row in rows(found["SUMMARY"], "item", "basis", "bas_status")}
    assert said["demolition"] == ["镇拆迁办法；合同 3 号", "practice"]
    # 8 000 元/亩 of the profile is from a text; 9 000 is not.
    assert said["reclamation"] == ["招标", "practice"]
    assert said["transition"] == rows_of(run, small, "transition")
    assert said["subsidy"][1] == "text"


def rows_of(run: Any, small: Any, item: str) -> List[Any]:
    """Basis and status of an item without any price table."""
    summary = run("finance", **small)["SUMMARY"]
    return next(row[1:] for row in rows(summary, "item", "basis", "bas_status") if row[0] == item)


def test_optional_items(run: Any, small: Any, make_layer: Any) -> None:
    found = run("finance", **small, PRICES=prices(make_layer, PRICES), ITEMS="quota_green， quota_red")
    amounts = {row[0]: row[1] for row in rows(found["SUMMARY"], "item", "amt_yuan")}
    assert amounts["quota_green"] == 3_120_000.0  # (30 − 15) 亩 × 208 000
    assert amounts["quota_red"] == 276_000.0  # 27 − 15 亩 of cultivated land × 23 000


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (("拆房", 1.0, "万元/户"), "拆房"),
        (("demolition", 26.0, "万元/亩"), "元/户"),
        (("interest", 4.35, "元"), "%"),
        (("transfer", 40.0, "万元"), "元/亩"),
        (("demolition", 26.0, None), "demolition"),
        (("demolition", -1.0, "万元/户"), "price"),
    ],
)
def test_a_wrong_price_is_refused(run: Any, small: Any, make_layer: Any, entry: Any, said: str) -> None:
    with pytest.raises(QgsProcessingException, match=said):
        run("finance", **small, PRICES=prices(make_layer, [entry]))


def test_a_price_given_twice_is_refused(run: Any, small: Any, make_layer: Any) -> None:
    twice = [("demolition", 26.0, "万元/户"), ("拆迁补偿", 27.0, "万元/户")]
    with pytest.raises(QgsProcessingException, match="demolition"):
        run("finance", **small, PRICES=prices(make_layer, twice))
    years = [("demolition", 26.0, "万元/户", 2015), ("demolition", 27.0, "万元/户", 2016)]
    assert run("finance", **small, PRICES=prices(make_layer, years))["KNOWN_COST_YUAN"] == 2_840_000.0


def test_an_empty_price_is_said_and_not_used(run: Any, small: Any, make_layer: Any) -> None:
    told = Listening()
    found = run("finance", **small, PRICES=prices(make_layer, [("demolition", None, "万元/户")]), feedback=told)
    assert found["COST_YUAN"] is None
    assert any("单价" in line for line in told.warned)


def test_a_price_that_is_no_number_is_refused(run: Any, small: Any, make_layer: Any) -> None:
    table = make_layer(
        [(None, "demolition", "面议", "万元/户")], "item:string price:string unit:string", None, "单价", "None"
    )
    with pytest.raises(QgsProcessingException, match="面议"):
        run("finance", **small, PRICES=table)


def test_files_and_the_sample(run: Any, make_layer: Any, tmp_path: Path) -> None:
    sample = str(tmp_path / "sample.gpkg")
    run("sampletownship", PARCELS=500, YEARS=1, OUTPUT=sample)
    roles = ("reclaim", "newbuild", "farmland", "boundary", "redline", "villages", "targets")
    layers = {role.upper(): f"{sample}|layername={role}" for role in roles}
    found = run(
        "finance", PARCELS=f"{sample}|layername=parcels", **layers, PRICES=prices(make_layer, PRICES),
        OUTPUT=str(tmp_path / "a.gpkg"), SUMMARY=str(tmp_path / "b.gpkg"), PHASES=str(tmp_path / "c.gpkg"),
        XLSX=str(tmp_path / "t.xlsx"),
    )  # fmt: skip
    assert found["BALANCE_YUAN"] == pytest.approx(found["INCOME_YUAN"] - found["COST_YUAN"], abs=1e-6)
    summary = QgsVectorLayer(str(tmp_path / "b.gpkg"), "b", "ogr")
    parts = rows(summary, "side", "item", "amt_yuan")
    spent = sum(amount for side, item, amount in parts if side == "expense" and item != "total")
    assert spent == pytest.approx(found["COST_YUAN"], abs=1e-4)
    years = QgsVectorLayer(str(tmp_path / "c.gpkg"), "c", "ogr")
    assert rows(years, "run_yuan")[-1][0] == pytest.approx(found["BALANCE_YUAN"], abs=1e-4)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames[0] == "T14"
