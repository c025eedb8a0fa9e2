"""The workbooks of the hand-worked township: official numbers, and the printed figures in the rows they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hand.core_side import expected_rows
from tests.hand.township import NAMES

pytestmark = pytest.mark.needs_qgis

LINES = ("farmland", "boundary", "redline")
CONVERSIONS = ("approved_unbuilt", "illegal_built", "temporary")


TEXTS = ("survey_code", "base_code", "years")
"""Columns whose digits are text in the workbook."""


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Sheet → rows of values, as a reader of the file sees them."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def lacking(rows: list[list[Any]], labels: tuple[str, ...], numbers: list[float]) -> list[float]:
    """Numbers that are in no row that has the labels."""
    best = numbers
    for row in rows:
        words = {str(cell) for cell in row if isinstance(cell, str)}
        if all(any(word.startswith(label) for word in words) for label in labels):
            cells = [float(cell) for cell in row if isinstance(cell, (int, float))]
            left = [number for number in numbers if not any(abs(number - cell) < 1e-9 for cell in cells)]
            best = left if len(left) < len(best) or not left else best
    return best


def wrong(rows: list[list[Any]], table: str, keys: tuple[str, ...], total: tuple[str, str]) -> list[str]:
    """Rows of ``expected/`` that the sheet does not have; the sum row has another name in another language."""
    out = []
    for wanted in expected_rows(table):
        labels = tuple(total[1] if wanted[key] == total[0] else wanted[key] for key in keys if wanted[key])
        numbers = [float(cell) for key, cell in wanted.items() if key not in (*keys, *TEXTS) and _number(cell)]
        left = lacking(rows, labels, numbers)
        if left:
            out.append(f"{table} {labels}: {left}")
    return out


def _number(cell: str) -> bool:
    return bool(cell) and cell != "-" and cell.replace(".", "").replace("-", "").isdigit() and cell.count("-") < 2


@pytest.fixture(scope="module")
def book(run: Any, township: Any, tmp_path_factory: Any) -> dict[str, list[list[Any]]]:
    """Workbook of ``plantables``."""
    path = tmp_path_factory.mktemp("hand") / "tables.xlsx"
    roles = (*LINES, *CONVERSIONS, "parcels", "reclaim", "newbuild", "villages", "targets")
    registers = ("projects", "stock", "opinions", "population", "township", "settlements")
    run(
        "plantables",
        AREA_METHOD=2,
        SUMMARY="memory:",
        XLSX=str(path),
        **{role.upper(): township[role] for role in (*roles, *registers)},
    )
    return sheets(path)


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("T5", ("plot_id",)),
        ("T7", ("plot_id",)),
        ("T12", ("project",)),
        ("T17", ("plot_id",)),
        ("T20", ("plot_id",)),
        ("T21", ("owner",)),
        ("T24", ("number",)),
        ("T27", ("parcel",)),
    ],
)
def test_tables_of_the_plan(book: dict[str, list[list[Any]]], table: str, keys: tuple[str, ...]) -> None:
    assert wrong(book[table], table, keys, ("合计", "Total")) == []


def test_every_table_says_its_number(book: dict[str, list[list[Any]]]) -> None:
    for name in "T2 T3 T5 T6 T7 T8 T12 T13 T17 T19 T20 T21 T22 T24 T26 T27".split():
        assert name in book
        head = " ".join(str(cell) for row in book[name][:3] for cell in row if cell)
        assert name in head, head


def test_money(run: Any, township: Any, tmp_path: Path) -> None:
    """T14: sums in 10 000 yuan."""
    path = tmp_path / "money.xlsx"
    roles = (*LINES, *CONVERSIONS, "parcels", "prices", "newbuild", "reclaim", "villages")
    run("finance", AREA_METHOD=2, XLSX=str(path), OUTPUT="memory:", **FIELDS, **some(township, *roles))
    rows = next(iter(sheets(path).values()))
    for number in (340.0, 500.0, 49.2, 40.8, 75.0, 162.0, 58.35, 1225.35, 1147.5, 24.3, 14.58, 1186.38):
        assert holds(path, number), (number, rows)


FIELDS = {"ID_FIELD": "BSM", "AREA_FIELD": "TBMJ", "DEDUCT_FIELD": "KCXS"}


def some(township: dict[str, Any], *roles: str) -> dict[str, Any]:
    """Layers as parameters of their role's name."""
    return {role.upper(): township[role] for role in roles}


def holds(path: Path, number: float) -> bool:
    """Any sheet has the number in a cell."""
    cells = [cell for rows in sheets(path).values() for row in rows for cell in row if isinstance(cell, (int, float))]
    return any(abs(float(cell) - number) < 1e-9 for cell in cells)


def test_farmland(run: Any, township: Any, tmp_path: Path) -> None:
    """T10: before, out by reason, in, after; ha."""
    path = tmp_path / "farmland.xlsx"
    roles = ("parcels", *LINES, "approved_unbuilt", "illegal_built", "newbuild", "reclaim", "villages", "targets")
    reserve = {"RESERVE": township["reserve_farmland"], "OUTPUT": "memory:", "XLSX": str(path)}
    run("farmlandadjust", AREA_METHOD=2, **FIELDS, **some(township, *roles), **reserve)
    for number in (18.7, 10.0, 2.4, 31.1, 0.5, 0.4, 1.4, 9.0, 3.4):
        assert holds(path, number), number


def test_topsoil(run: Any, township: Any, tmp_path: Path) -> None:
    """T18 in m3."""
    path = tmp_path / "soil.xlsx"
    roles = ("parcels", *LINES, *CONVERSIONS, "newbuild", "reclaim", "villages")
    run("topsoilbalance", AREA_METHOD=2, OUTPUT="memory:", XLSX=str(path), **FIELDS, **some(township, *roles))
    for number in (2000.0, 500.0, 1000.0, 368.0, 600.0, 4468.0, 5800.0, 2568.0, 1900.0, 3232.0):
        assert holds(path, number), number


def test_self_check(run: Any, township: Any, tmp_path: Path) -> None:
    """T16: places and totals, m2; everything but unchanged land is 74 500 in plots and 16 000 outside."""
    path = tmp_path / "check.xlsx"
    roles = (*LINES, "reclaim", "newbuild", "approved_unbuilt", "temporary", "suspects", "concordance")
    years = {"BEFORE": township["parcels"], "AFTER": township["parcels_next"]}
    fields = {
        f"{year}_{end}": field for year in years for end, field in (("ID", "BSM"), ("AREA", "TBMJ"), ("DEDUCT", "KCXS"))
    }
    run("selfcheck", AREA_METHOD=2, OUTPUT="memory:", XLSX=str(path), **years, **fields, **some(township, *roles))
    for number in (8000, 6600, 3000, 8900, 15000, 2500, 1000, 407500, 302000, 90500, 320000, 480000, 800000):
        assert holds(path, number), number


def test_differences(run: Any, township: Any, tmp_path: Path) -> None:
    """T15: the places that differ, ha."""
    path = tmp_path / "plans.xlsx"
    layers = some(township, "land_plan", "town_plan", "villages")
    run("plandifference", AREA_METHOD=2, LAND_SYSTEM="land_plan", OUTPUT="memory:", XLSX=str(path), **layers)
    for number in (1.5, 9.0, 10.5):
        assert holds(path, number), number


def test_three_lines(run: Any, township: Any, tmp_path: Path) -> None:
    """T20 and the overlaps of the lines, ha."""
    path = tmp_path / "lines.xlsx"
    roles = (*LINES, "newbuild", "reclaim", "villages", "parcels")
    run("redlineconflicts", AREA_METHOD=2, OUTPUT="memory:", XLSX=str(path), **FIELDS, **some(township, *roles))
    for number in (0.4, 0.25, 0.2, 0.5, 0.3):
        assert holds(path, number), number


def test_indicators_and_their_division(run: Any, township: Any, tmp_path: Path) -> None:
    """T1 before, after, assigned (ha, %), T23 what the plan gives each village."""
    path = tmp_path / "indicators.xlsx"
    roles = (*LINES, *CONVERSIONS, "newbuild", "reclaim", "villages", "targets", "population")
    run(
        "indicators", INPUT=township["parcels"], AREA_METHOD=2, OUTPUT="memory:", XLSX=str(path), **FIELDS,
        **some(township, *roles),
    )  # fmt: skip
    for number in (48.006, 48.572, 48.0, 11.64, 10.9, 11.0, 14.55, 13.63, 10.56, 19.55, 17.272, 11.75, 3.24):
        assert holds(path, number), number


def test_potential_by_village(run: Any, township: Any, tmp_path: Path) -> None:
    """T4: every village rounded once; 0.8267 + 1.6533 + 1.1949 = 3.6749."""
    path = tmp_path / "potential.xlsx"
    roles = (*LINES, *CONVERSIONS, "retained", "settlements", "population", "villages")
    run(
        "reclamationpotential", INPUT=township["parcels"], AREA_METHOD=2, OUTPUT="memory:", XLSX=str(path), **FIELDS,
        **some(township, *roles),
    )  # fmt: skip
    for number in (1.1, 2.64, 1.0, 1.3, 5.04, 4.74, 0.8267, 1.6533, 1.1949, 3.6749, 5.14, 275.0, 264.0, 250.0):
        assert holds(path, number), number


def test_boundary_points(run: Any, township: Any, tmp_path: Path) -> None:
    """T25: the corners of the new-build plots, northings and eastings."""
    path = tmp_path / "points.xlsx"
    run(
        "surveytxtexport", INPUT=township["newbuild"], OUTPUT=str(tmp_path / "points.txt"), XLSX=str(path),
        POINTS="memory:",
    )  # fmt: skip
    for number in (3460000.0, 3460150.0, 3460350.0, 3460700.0):
        assert holds(path, number), number


def test_the_whole_plan_in_one_run(run: Any, township: Any, tmp_path: Path, expected: dict[str, Any]) -> None:
    """``townshipplan``: the same figures, and the tables in accounts.xlsx."""
    path = tmp_path / "accounts.xlsx"
    roles = (*LINES, *CONVERSIONS, "parcels", "newbuild", "reclaim", "villages", "targets", "other_changes", "township")
    result = run(
        "townshipplan",
        AREA_METHOD=2,
        PLAN=str(tmp_path / "plan.gpkg"),
        XLSX=str(path),
        **some(township, *roles, "settlements", "population", "retained"),
    )
    assert {name: result[name] for name in expected["outputs"]} == expected["outputs"]
    book = sheets(path)
    for table, keys in (("T5", ("plot_id",)), ("T20", ("plot_id",))):
        assert wrong(book[table], table, keys, ("合计", "Total")) == []
    for wanted in expected_rows("T9")[:-1]:
        year, *cells = wanted.values()
        assert lacking(book["T9"], (year,), [float(cell) for cell in cells]) == [], year
    for wanted in expected_rows("T28")[:-1]:
        numbers = [float(cell) for key, cell in wanted.items() if key != "unit"]
        assert lacking(book["T28"], (NAMES[wanted["unit"]],), numbers) == [], wanted["unit"]
