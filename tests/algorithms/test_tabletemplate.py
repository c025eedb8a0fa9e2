"""``tabletemplate``: what is written empty is read back filled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from qgis.core import QgsVectorLayer

from three_opt_three_protect.bridge.sources import read_table
from three_opt_three_protect.core.financeitems import items_of
from three_opt_three_protect.core.roles import guess_fields
from three_opt_three_protect.plans.choices import choices_of, price_rows
from three_opt_three_protect.plans.financeprices import read_prices
from three_opt_three_protect.plans.indicators import read_economy
from three_opt_three_protect.plans.inputs import Source, plot_inputs
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.forms import load_forms
from three_opt_three_protect.storage.profiles import load_profile
from three_opt_three_protect.storage.vectorfile import read_layer
from three_opt_three_protect.storage.words import load_words

LISTS = ("projects", "stock", "opinions")


@pytest.mark.parametrize("kind", ["population", "targets", "prices", "demand", "other_changes", "economy", *LISTS])
def test_every_heading_is_known_to_the_role(run: Any, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "填写 表.xlsx"
    run("tabletemplate", KIND=kind, OUTPUT=str(path))
    heads = [cell.value for cell in next(load_workbook(path).active.iter_rows())]
    schema = load_role_schemas()[kind]
    assert heads == [field.alias for field in schema.fields.values()]
    assert not [value for value in heads if value.isascii()]


def test_filled_targets_are_read_with_their_chinese_words(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "规划指标表.xlsx"
    run("tabletemplate", KIND="targets", OUTPUT=str(path))
    book = load_workbook(path)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    for row, (name, value, unit) in enumerate([("耕地保有量", 12.5, "公顷"), ("复垦任务", 300, "亩")], 2):
        for title, entry in (("指标名称", name), ("指标值", value), ("单位", unit), ("年份", 2020)):
            sheet.cell(row, heads.index(title) + 1, entry)
    book.save(path)
    table = read_layer(path)
    targets = plot_inputs(None, None, Source(table)).targets
    assert [(one.indicator, one.value, one.unit, one.year) for one in targets] == [
        ("cultivated_m2", 125_000.0, "m2", 2020),
        ("reclaim_m2", pytest.approx(200_000.0), "m2", 2020),
    ]


def test_natural_villages_stand_in_the_table_of_population(run: Any, make_layer: Any, tmp_path: Path) -> None:
    villages = make_layer(
        [("POLYGON((40557000 3453000,40557010 3453000,40557010 3453010,40557000 3453000))", "320509100201", "东浜")],
        "unit_code:string settlement:string",
        name="自然村",
    )
    path = tmp_path / "人口.xlsx"
    run("tabletemplate", KIND="population", SETTLEMENTS=villages, OUTPUT=str(path))
    table = read_layer(path)
    found = guess_fields(table, load_role_schemas()["population"])
    assert table.column(found["settlement"]).values.tolist() == ["东浜"]
    assert table.column(found["unit_code"]).values.tolist() == ["320509100201"]


def test_prices_name_the_items_of_the_profile_and_only_known_prices(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "单价.xlsx"
    run("tabletemplate", KIND="prices", OUTPUT=str(path))
    items = items_of(load_profile("suzhou-2014"))
    prices, findings = read_prices(Source(read_layer(path)), items)
    # Works 8 000 元/亩 and the two subsidies of 张家港 have a source; ticket prices are optional and not written.
    assert prices.table == {
        ("reclamation", "", None): 8000.0,
        ("subsidy", "", None): 5000.0,
        ("subsidy_upper", "", None): 3000.0,
    }
    assert [(found.id, found.values["count"]) for found in findings] == [("price_empty", 9)]


def test_the_units_offered_for_prices_are_all_read(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "单价.xlsx"
    run("tabletemplate", KIND="prices", OUTPUT=str(path))
    items = items_of(load_profile("suzhou-2014"))
    named = {item.title["zh"]: item for item in items}
    book = load_workbook(path)
    sheet = book.active
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 1).value is not None:
            sheet.cell(row, 3, 2.5)
    sheet.append(["拆迁补偿", None, 26, "万元/户", 2016, None])
    book.save(path)
    prices, findings = read_prices(Source(read_layer(path)), items)
    assert not findings
    assert prices.of(named["不可预见费"]) == 0.025
    assert (prices.of(named["拆迁补偿"], "", 2016), prices.of(named["拆迁补偿"])) == (260_000.0, 2.5)


def test_a_share_of_the_profile_is_written_as_per_cent() -> None:
    profile = load_profile("suzhou-2014")
    setting = profile.settings["finance_item_contingency"]
    known = replace(setting, value={**setting.value, "price": "0.05"})
    rows = price_rows(replace(profile, settings={**profile.settings, setting.key: known}))
    assert [row[1:] for row in zip(rows["item"], rows["price"], rows["unit"]) if row[0] == "不可预见费"] == [(5.0, "%")]


def test_every_word_of_the_economy_is_read_back(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "社会经济.xlsx"
    run("tabletemplate", KIND="economy", OUTPUT=str(path))
    words = choices_of("economy")
    book = load_workbook(path)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    lists = {str(each.sqref)[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert lists["B"] == '"' + ",".join(words["indicator"]) + '"'
    tokens = load_forms()["economy"]["indicator"].values
    units = {"yuan": "亿元", "m2": "公顷", "population": "万人", "residents": "人", "households": "户"}
    for row, (token, word) in enumerate(tokens.items(), 2):
        unit = units[token.rsplit("_", 1)[-1]]
        assert unit in words["unit"]
        for title, entry in (("指标名称", word), ("指标值", 2), ("单位", unit), ("年份", 2015)):
            sheet.cell(row, heads.index(title) + 1, entry)
    book.save(path)
    found = {one.figure: one.value for one in read_economy(Source(read_layer(path)))}
    assert list(found) == list(tokens)
    assert (found["gdp_yuan"], found["supplied_m2"], found["population"], found["households"]) == (2e8, 2e4, 2e4, 2.0)


def test_kinds_of_change_are_offered_and_economy_is_no_target() -> None:
    assert {load_words()["change"][word] for word in choices_of("other_changes")["change"]} == set(
        load_forms()["other_changes"]["change"].tokens
    )
    offered = choices_of("targets")["indicator"]
    assert "地区生产总值" not in offered
    assert {"建设用地总规模", "复垦任务", "城镇工矿用地"} <= set(offered)


def test_a_list_of_texts_alone_keeps_its_headings_in_the_toolbox(run: Any, tmp_path: Path) -> None:
    """GDAL takes the headings of such a sheet for a row."""
    path = tmp_path / "意见.xlsx"
    run("tabletemplate", KIND="opinions", OUTPUT=str(path))
    book = load_workbook(path)
    for column, entry in enumerate(["公示", "菱塘村", "2016-03-01", "保留村口桥", "采纳", "已调整"], 1):
        book.active.cell(2, column, entry)
    book.save(path)
    table = read_table(QgsVectorLayer(str(path), "意见", "ogr"))
    assert list(guess_fields(table, load_role_schemas()["opinions"])) == [
        "stage", "source", "date", "opinion", "adopted", "reply",
    ]  # fmt: skip
    assert table.column("意见内容").values.tolist() == ["保留村口桥"]
