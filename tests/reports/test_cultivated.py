"""T9 and T28 by hand: every printed figure, what is not known, sums of what is printed."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest

from tests.core.conftest import Kit
from tests.core.test_cultivated import EAST, NONE_OTHER, ROWS, SUZHOU, TERRITORIAL, VILLAGE, WEST, both_years, plan
from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.reports.cultivated import compensation_table, flow_table
from three_opt_three_protect.reports.quota import quota_table
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.table import Cell, Labels, Table
from three_opt_three_protect.storage.messages import Messages

ZH = Messages("zh").text
M2 = AreaUnit.M2
RECLAIM = [{**VILLAGE, "phase": 2015}]
NEWBUILD = [
    {"shape": (30, 0, 40, 100), "use": "town", "phase": 2016},
    {"shape": (40, 0, 45, 100), "use": "infrastructure", "cls_after": "1006", "phase": 2016},
]


@pytest.fixture(scope="module")
def full() -> Balance:
    """The plan of ``test_kinds_by_hand``: every kind of change in some year."""
    return plan(Kit(), RECLAIM, NEWBUILD, ROWS)


def rows_of(table: Table) -> List[Dict[str, Cell]]:
    return [{column.key: cell for column, cell in zip(table.columns, row.cells)} for row in table.rows]


def three(row: Dict[str, Cell], name: str) -> Tuple[Cell, ...]:
    return tuple(row.get(f"{name}_{measure}") for measure in ("quantity", "paddy", "productivity"))


def test_years_of_t9(full: Balance) -> None:
    table = compensation_table(full, SUZHOU, ZH, M2)
    assert (table.number, table.title, table.unit) == ("T9", "耕地占补平衡表", "平方米")
    found = {str(row["year"]): row for row in rows_of(table)}
    assert list(found) == ["2015", "2016", "2017", "合计"]
    # construction alone: the plot's 1 000 of paddy and the table's 200, half of it paddy; all of grade 4
    assert three(found["2016"], "occupied") == (1200, 1100, 2160)
    assert three(found["2015"], "reclamation") == (2000, 1500, 3300)
    assert three(found["2016"], "consolidation") == (300, 0, 360)
    # upgrading gives no area: it has no such column
    assert three(found["2017"], "upgrade") == (None, 600, 180)
    assert "upgrade_quantity" not in [column.key for column in table.columns]
    # 2 000; − 900; nothing in area, 600 of paddy
    assert [three(found[year], "rest") for year in ("2015", "2016", "2017")] == [
        (2000, 1500, 3300),
        (1100, 400, 1500),
        (1100, 1000, 1680),
    ]
    assert three(found["合计"], "supplied") == (2300, 2100, 3840)
    assert three(found["合计"], "rest") == (None, None, None)
    assert [three(found[year], "occupied") for year in ("2015", "2017")] == [(0, 0, 0)] * 2


def test_villages_of_t28(full: Balance) -> None:
    table = flow_table(full, SUZHOU, ZH, M2, Labels({WEST: "西村", EAST: "东村"}))
    assert (table.number, table.title) == ("T28", "耕地进出（各类占用与补充）平衡表")
    found = {str(row["unit"]): row for row in rows_of(table)}
    assert list(found) == ["东村", "西村", "未划入行政村", "合计"]
    west = found["西村"]
    out = {key[4:]: value for key, value in west.items() if key.startswith("out_")}
    assert {key: value for key, value in out.items() if value} == {
        "construction": 1200,
        "rural_road": 500,
        "total": 1700,
    }
    assert (west["in_consolidation"], west["in_total"], west["net"]) == (300, 300, -1400)
    assert (found["东村"]["out_facility"], found["东村"]["in_total"], found["东村"]["net"]) == (400, 2100, 1700)
    assert (found["未划入行政村"]["out_disaster"], found["未划入行政村"]["net"]) == (50, -50)
    total = found["合计"]
    assert (total["out_total"], total["in_total"], total["net"]) == (2150, 2400, 250)
    assert total["out_pond"] == 0
    assert [column.title for column in table.columns if column.key.startswith("out_")] == [
        *("非农建设", "农业结构调整", "设施农用地", "农村道路", "造林", "挖塘", "灾毁", "生态退耕", "占用合计")
    ]


def test_without_other_changes_only_the_plots_are_listed() -> None:
    held = plan(Kit(), RECLAIM, NEWBUILD)
    nine, flows = compensation_table(held, SUZHOU, ZH, M2), flow_table(held, SUZHOU, ZH, M2)
    for table in (nine, flows):
        assert ZH("note.changes.none") in table.notes
    total = rows_of(nine)[-1]
    assert (three(total, "occupied"), three(total, "reclamation")) == ((1000, 1000, 1800), (2000, 1500, 3300))
    assert "consolidation_quantity" not in total
    last = rows_of(flows)[-1]
    assert (last["out_construction"], last["out_rural_road"], last["in_reclamation"]) == (1000, 500, 2000)
    assert [last[key] for key in ("out_pond", "in_development", "out_total", "in_total", "net")] == [None] * 5


def test_from_2025_all_kinds_count() -> None:
    stated = rows_of(compensation_table(both_years(Kit(), other=NONE_OTHER), TERRITORIAL, ZH, M2))
    assert [(row["year"], row["occupied_quantity"], row["rest_quantity"]) for row in stated[:2]] == [
        ("2024", 400, 600),
        ("2025", 1200, 400),
    ]
    silent = rows_of(compensation_table(both_years(Kit()), TERRITORIAL, ZH, M2))
    # the plots' own lane is listed, but what else was taken is not known
    assert [(row["occupied_quantity"], row["rest_quantity"]) for row in silent[:2]] == [(400, 600), (1200, None)]
    # nor is it in a year in which the plots do nothing
    new = [{"shape": (0, 0, 4, 100), "use": "town", "phase": 2026}]
    between = plan(Kit(), [{**VILLAGE, "phase": 2024}], new, profile=TERRITORIAL)
    rests = [row["rest_quantity"] for row in rows_of(compensation_table(between, TERRITORIAL, ZH, M2))]
    assert rests[:3] == [2000, None, None]


def test_a_short_year_stands_out_and_what_has_no_year_too() -> None:
    held = plan(Kit(), [{**VILLAGE, "phase": 2017}], [{"shape": (30, 0, 40, 100), "use": "town", "phase": 2016}])
    table = compensation_table(held, SUZHOU, ZH, M2)
    assert [(row["year"], row["rest_quantity"]) for row in rows_of(table)[:2]] == [("2016", -1000), ("2017", 1000)]
    assert [row.alert for row in table.rows] == [True, False, False]
    undated = compensation_table(plan(Kit(), [{**VILLAGE}], NEWBUILD), SUZHOU, ZH, M2)
    assert [
        (row["year"], row["supplied_quantity"] if "supplied_quantity" in row else row["reclamation_quantity"])
        for row in rows_of(undated)
    ] == [("2016", 0), ("未定年度", 2000), ("合计", 2000)]
    assert [three(row, "rest") for row in rows_of(undated)] == [(None,) * 3] * 3


def test_what_is_not_known_has_no_sum() -> None:
    silent = {key: value for key, value in VILLAGE.items() if key != "paddy_rate"}
    table = compensation_table(plan(Kit(), [{**silent, "phase": 2015}], NEWBUILD), SUZHOU, ZH, M2)
    total = rows_of(table)[-1]
    assert (three(total, "occupied"), three(total, "reclamation")) == ((1000, 1000, 1800), (2000, None, 3300))
    assert [row["rest_paddy"] for row in rows_of(table)] == [None] * 3


@pytest.mark.parametrize("unit", list(AreaUnit))
def test_a_plot_reads_as_in_t8(plan: Balance, unit: AreaUnit) -> None:
    quota = rows_of(quota_table(plan, SUZHOU, ZH, unit))[-1]
    nine, flows = compensation_table(plan, SUZHOU, ZH, unit), flow_table(plan, SUZHOU, ZH, unit)
    gain = rows_of(nine)[-1].get("reclamation_quantity") or 0
    assert gain == pytest.approx(quota["gain"] or 0, abs=1e-9)
    lost: Any = [
        value or 0 for key, value in rows_of(flows)[-1].items() if key.startswith("out_") and key != "out_total"
    ]
    assert sum(lost) == pytest.approx(quota["loss"] or 0, abs=1e-9)


def test_english_headings() -> None:
    table = compensation_table(plan(Kit(), RECLAIM, NEWBUILD, ROWS), SUZHOU, Messages("en").text)
    assert [column.headings for column in table.columns][:5] == [
        ("Year",),
        ("Occupied", "Area"),
        ("Occupied", "Paddy"),
        ("Occupied", "Yield (kg)"),
        ("Supplied", "Reclamation", "Area"),
    ]
