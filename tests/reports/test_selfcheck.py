"""T16 and its totals as tables."""

from __future__ import annotations

from typing import Any, List

from tests.core.selfcheckcase import check
from three_opt_three_protect.reports.selfcheck import check_tables
from three_opt_three_protect.reports.table import Table
from three_opt_three_protect.storage.messages import Messages

CODES = (("0702", "0101"), ("0101", "0601"), ("0101", "0601"), ("0101", "1104"), ("0101", "0101"))


def printed() -> List[Table]:
    """Cells of 1 000 m²: reduction, unplanned construction, the same on permanent basic farmland, a pond, a field."""
    boxes = [(150 * n, 0, 150 * n + 100, 10) for n in range(len(CODES))]
    years: Any = [
        [{"shape": box, "code": codes[year], "unit_code": "320500100201"} for box, codes in zip(boxes, CODES)]
        for year in (0, 1)
    ]
    return list(check_tables(check(*years, farmland=[boxes[2]]), {"320500100201": "东村"}, Messages("zh").text))


def column(table: Table, *names: str) -> List[Any]:
    places = [[one.key for one in table.columns].index(name) for name in names]
    return [tuple(row.cells[place] for place in places) for row in table.rows]


def test_the_gravest_come_first() -> None:
    parts, _ = printed()
    assert column(parts, "verdict", "severity", "area")[:-1] == [
        ("计划外占用永久基本农田", "重大", 1000.0),
        ("计划外新增建设用地（疑似违法）", "严重", 1000.0),
        ("耕地流出（其他）", "一般", 1000.0),
        ("计划外减少建设用地（可补登）", "备注", 1000.0),
    ]


def test_totals_name_what_is_major_and_add_up() -> None:
    _, totals = printed()
    assert column(totals, "village", "severity", "count", "area")[:-2] == [
        ("东村", "重大", 1, 1000.0),
        ("东村", "严重", 1, 1000.0),
        ("东村", "一般", 1, 1000.0),
        ("东村", "备注", 1, 1000.0),
        ("东村", "备注", 1, 1000.0),
    ]
    assert column(totals, "area")[-2:] == [(5000.0,), (5000.0,)]
