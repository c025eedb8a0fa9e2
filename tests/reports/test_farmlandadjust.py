"""T10 and the register as they are printed."""

from __future__ import annotations

from typing import Any, List

import numpy as np
import pytest

from three_opt_three_protect.core.farmland.account import UnitRow
from three_opt_three_protect.core.farmland.settings import settings_of
from three_opt_three_protect.core.tables import LayerTable, real, text
from three_opt_three_protect.reports.farmlandadjust import adjustment_table, register_table
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import Table
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.profiles import load_profile

HA = 1_000_000
WORDS = Messages("zh").text


def row(unit: Any, task: Any, before: int, out: int, other: int, **said: Any) -> UnitRow:
    """A village that releases for new-build plots and adds other land; hundredths."""
    added = {"reserve": said.get("reserve", 0), "reclaim": 0, "other": other}
    return UnitRow(unit, task, before, {"newbuild": out}, added, before - out + sum(added.values()), 4.25, 4.2)


@pytest.fixture
def printed() -> Table:
    """Two villages of 10 and 5 ha; 1.23456 ha leave the first, 1 ha of reserve and 0.5 ha come into the second."""
    rows = [
        row("V1", 9 * HA, 10 * HA, 1_234_560, 0),
        row(None, None, 5 * HA, 0, 500_000, reserve=HA),
        row("", 14 * HA, 15 * HA, 1_234_560, 500_000, reserve=HA),
    ]
    reasons = settings_of(load_profile("suzhou-2014")).reasons
    return adjustment_table(rows, reasons, WORDS, AreaUnit.HA, {"V1": "甲村"})


def test_every_row_adds_up_as_printed(printed: Table) -> None:
    assert (printed.number, printed.title, printed.unit) == ("T10", "永久基本农田调整（划入划出）情况表", "公顷")
    assert printed.values("unit") == ["甲村", "未划入行政村"]
    assert printed.values("before") == [10.0, 5.0]
    assert printed.values("out_newbuild") == printed.values("out") == [1.2346, 0.0]
    assert printed.values("in") == [0.0, 1.5]
    assert printed.values("after") == [8.7654, 6.5]
    assert [printed.total(key) for key in ("before", "out", "in_reserve", "in", "after")] == [
        15.0, 1.2346, 1.0, 1.5, 15.2654,
    ]  # fmt: skip


def test_task_share_and_grades(printed: Table) -> None:
    """8.76544 of 9 ha are 97.39 %; the township's 15.26544 of 14 are 109.04 %; without a task none."""
    assert printed.values("task") == [9.0, None]
    assert printed.values("share") == [97.39, None]
    assert (printed.total("task"), printed.total("share")) == (14.0, 109.04)
    # Half away from zero: 4.25 prints as 4.3.
    assert (printed.total("grade_base"), printed.total("grade_after")) == (4.3, 4.2)


def test_only_listed_reasons_have_a_column_and_codes_are_said(printed: Table) -> None:
    keys: List[str] = [column.key for column in printed.columns]
    assert "out_boundary" in keys
    assert "out_unstable" not in keys
    assert "规划预留建设 01" in printed.notes[-1]
    assert "已不是耕地 —" in printed.notes[-1]


def test_the_registers_parts_add_up_to_the_field() -> None:
    """10 000.49 m² print as 1.0000 ha: cultivated 9 500.26 as 0.9500 and ridges 500.23 as 0.0500."""
    areas = {"TBMJ": 10_000.49, "GDMJ": 9_500.26, "QTNYDMJ": 500.23, "JSYDMJ": 0.0, "WLYDMJ": 0.0}
    texts = {"XZQDM": "V1", "XZQMC": None, "HRHCLXDM": "2", "HRHCTBBH": "V1000001HC", "HCYY": "01"}
    columns = {name: text([value, value]) for name, value in texts.items()}
    columns.update({name: text([None, None]) for name in ("SJXMMC", "PZWH")})
    columns.update({name: real([value, np.nan if name != "TBMJ" else value]) for name, value in areas.items()})
    found = register_table(LayerTable("JBNTHRHC", np.arange(2), columns=columns), WORDS, AreaUnit.HA)
    assert found.values("TBMJ") == [1.0, 1.0]
    assert found.values("GDMJ") == [0.95, None]
    assert found.values("QTNYDMJ") == [0.05, None]
    assert found.values("HRHCLXDM") == ["划出", "划出"]
    assert found.values("XZQMC") == ["V1", "V1"]
