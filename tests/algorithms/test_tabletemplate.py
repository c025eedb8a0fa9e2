"""``tabletemplate``: what is written empty is read back filled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from three_opt_three_protect.core.roles import guess_fields
from three_opt_three_protect.plans.inputs import Source, plot_inputs
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.vectorfile import read_layer


@pytest.mark.parametrize("kind", ["population", "targets", "prices", "demand"])
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
