"""The workbook read back: formulas, text, properties, page."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from tests.reports.conftest import PROFILE, SYSTEM, printed, words_of
from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.reports.table import PLAN_TABLES, Column, Kind, Rows, Table
from three_opt_three_protect.reports.tables import AreaUnit, InputLayer, Labels, Sheet, accounts_sheets
from three_opt_three_protect.reports.workbook import Heading, workbook_bytes, write_workbook

HEADING = Heading("=莲荡镇三优三保专项规划（2014—2020年）", "+莲荡镇人民政府", "2013-12-31", "2026-01-05")
HOSTILE = ["=1+1", "+2", "-3", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://example.org", "{=1}", "0012", "\tx"]


def content(plan: Balance, unit: AreaUnit = AreaUnit.HA, language: str = "zh") -> bytes:
    labels = Labels({"320507100001": '=HYPERLINK("x")'})
    sheets = accounts_sheets(
        plan,
        SYSTEM,
        PROFILE,
        words_of(language),
        unit,
        labels,
        findings=[Finding("class_system_found", WARNING, "=DLTB", {"layer": "=DLTB", "system": "三调", "share": 99})],
        facts=[("profile", "suzhou-2014"), ("tolerance", "-0.5 %")],
        layers=[InputLayer("parcels", "=DLTB", 10, "EPSG:4528", "ab" * 32)],
    )
    return workbook_bytes(sheets, HEADING, words_of(language))


def pages(data: bytes) -> Iterator[Tuple[Any, Any]]:
    """Each sheet twice: with formulas, with their values."""
    formulas = openpyxl.load_workbook(BytesIO(data))
    values = openpyxl.load_workbook(BytesIO(data), data_only=True)
    for name in formulas.sheetnames:
        yield formulas[name], values[name]


def recompute(formula: str, page: Any, values: Any) -> float:
    """What our formulas mean, by hand: SUM, SUBTOTAL(9, …) which passes other sub-totals over, a + b − c."""
    found = re.fullmatch(r"=(SUM\(|SUBTOTAL\(9,)([A-Z]+\d+:[A-Z]+\d+)\)", formula)
    if found is None:
        assert re.fullmatch(r"=-?[A-Z]+\d+([+-][A-Z]+\d+)*", formula), formula
        return sum(
            float(sign + "1") * (values[cell].value or 0) for sign, cell in re.findall(r"([+-]?)([A-Z]+\d+)", formula)
        )
    left, top, right, bottom = range_boundaries(found.group(2))
    whole = 0.0
    for row in range(top, bottom + 1):
        for place in range(left, right + 1):
            written = page.cell(row, place).value
            if found.group(1) == "SUBTOTAL(9," and isinstance(written, str) and "SUBTOTAL(" in written:
                continue
            value = values.cell(row, place).value
            whole += value if isinstance(value, (int, float)) else 0
    return whole


def formulas(page: Any) -> List[Tuple[str, str]]:
    return [(cell.coordinate, cell.value) for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_formulas_agree_with_the_values_beside_them(plan: Balance, unit: AreaUnit) -> None:
    count: Dict[str, int] = {}
    for page, values in pages(content(plan, unit)):
        for place, formula in formulas(page):
            count[page.title] = count.get(page.title, 0) + 1
            assert recompute(formula, page, values) == pytest.approx(values[place].value, abs=1e-9), (page.title, place)
    # A table without plots, parcels or households has nothing to add up.
    assert (
        {"T2", "T3", "T5", "T6", "T8", "T12", "T13", "T17", "T19", "T20", "T21", "T22"}
        <= set(count)
        <= set(PLAN_TABLES)
    )
    assert count["T8"] >= 19


def test_every_sum_is_a_formula(plan: Balance) -> None:
    tables = printed(plan, AreaUnit.HA)
    for page, values in pages(content(plan)):
        if page.title in tables:
            table = tables[page.title]
            live = {place for place, _ in formulas(page)}
            sums = [
                cell
                for row in table.rows
                for cell, entry in zip(row.cells, table.columns)
                if cell is not None and ((row.adds and entry.total) or (not row.adds and entry.terms))
            ]
            assert len(live) == len(sums)
            assert sorted(values[place].value for place in live) == sorted(float(cell) for cell in sums)


def test_every_figure_is_that_of_its_table(plan: Balance) -> None:
    tables = printed(plan, AreaUnit.HA)
    for page, values in pages(content(plan)):
        if page.title not in tables:
            continue
        table = tables[page.title]
        written = [cell.value for row in values.iter_rows() for cell in row if isinstance(cell.value, (int, float))]
        meant = [cell for row in table.rows for cell in row.cells if isinstance(cell, (int, float))]
        assert written == meant


def test_hostile_text_stays_text(odd: Balance) -> None:
    texts: List[str] = []
    for page, _ in pages(content(odd)):
        live = dict(formulas(page))
        for formula in live.values():
            assert re.fullmatch(r"=(SUM\([A-Z0-9:]+\)|SUBTOTAL\(9,[A-Z0-9:]+\)|[-+A-Z0-9]+)", formula), formula
        texts += [cell.value for row in page.iter_rows() for cell in row if cell.data_type == "s"]
        links = [cell.hyperlink for row in page.iter_rows() for cell in row if cell.hyperlink is not None]
        assert all(link.target is None for link in links)
    for hostile in ("=1+1", "+N2", "@SUM(A1)", "-2", '=HYPERLINK("x")', "=DLTB", "-0.5 %", "http://example.org"):
        assert hostile in texts


def test_any_text_is_written_as_it_is() -> None:
    column = Column("text", "=title", groups=("+group",), width=20)
    dated = Column("day", "day", Kind.DATE, width=12)
    rows = Rows((column, dated))
    for text in HOSTILE:
        rows.add({"text": text, "day": "2020-02-29"})
    table = Table("T0", "=table", "-unit", rows.columns, tuple(rows.rows), ("=note",))
    data = workbook_bytes([Sheet("x", (table,))], HEADING, words_of("en"))
    page, _ = next(pages(data))
    assert formulas(page) == []
    column_a = [page.cell(row, 1).value for row in range(1, page.max_row + 1)]
    start = column_a.index("=1+1")
    assert column_a[start : start + len(HOSTILE)] == HOSTILE
    assert page.cell(start + 1, 2).is_date
    assert str(page.cell(start + 1, 2).value)[:10] == "2020-02-29"


def test_the_same_plan_gives_the_same_file(example: Balance) -> None:
    assert content(example) == content(example)


def test_properties_name_no_person_and_no_path(example: Balance) -> None:
    data = content(example)
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.properties.creator == HEADING.compiler
    assert book.properties.lastModifiedBy in (None, HEADING.compiler)
    assert str(book.properties.created)[:10] == str(book.properties.modified)[:10] == "2026-01-05"
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for hint in (str(Path.home()), str(Path.cwd()), "\\Users\\", "/home/"):
        assert hint.encode() not in everything or hint == "/"


def test_pages_are_ready_to_print(example: Balance) -> None:
    for page, _ in pages(content(example)):
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize in (8, 9)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth in (None, 1)  # one page wide is what is left out
        assert page.page_setup.fitToHeight == 0
        assert page.print_title_rows
        assert page.print_area
        assert "&P" in page.oddFooter.center.text
        assert page.freeze_panes
    t2 = openpyxl.load_workbook(BytesIO(content(example)))["T2"]
    texts = [str(cell.value) for row in t2.iter_rows() for cell in row if cell.value is not None]
    for needed in ("土地利用结构调整表", "表号：T2", "单位：公顷", "数据时点：2013-12-31"):
        assert needed in texts
    assert any(text.startswith("制表人：") and "审核人：" in text and "2026-01-05" in text for text in texts)
    assert t2["A1"].font.name == "黑体"
    body = next(cell for row in t2.iter_rows() for cell in row if cell.value == "耕地")
    assert (body.font.name, body.border.left.style) == ("宋体", "thin")
    assert t2.merged_cells.ranges


def test_contents_lead_to_every_sheet(example: Balance) -> None:
    book = openpyxl.load_workbook(BytesIO(content(example)))
    links = [cell.hyperlink for row in book["目录"].iter_rows() for cell in row if cell.hyperlink is not None]
    assert [link.location for link in links] == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_headings_are_merged_over_their_columns(example: Balance) -> None:
    t6 = openpyxl.load_workbook(BytesIO(content(example)))["T6"]
    spans = {t6.cell(entry.min_row, entry.min_col).value: entry for entry in t6.merged_cells.ranges}
    assert spans["其中"].max_col - spans["其中"].min_col == 3
    assert spans["地块编号"].max_row - spans["地块编号"].min_row == 1


def test_english_and_large_plots_fit_too(odd: Balance) -> None:
    assert content(odd, AreaUnit.M2, "en")


@pytest.mark.parametrize(("number", "printed"), [("T1", True), ("", False)])
def test_a_table_without_number_prints_none(number: str, printed: bool) -> None:
    rows = Rows((Column("a", "a"), Column("b", "b")))
    sheet = Sheet("s", (Table(number, "title", "ha", rows.columns, ()),))
    (page, _) = next(pages(workbook_bytes([sheet], HEADING, words_of("zh"))))
    assert any("表号" in str(cell.value) for row in page.iter_rows() for cell in row) is printed


def test_writing_replaces_a_file_and_says_when_it_cannot(example: Balance, tmp_path: Path) -> None:
    target = tmp_path / "accounts.xlsx"
    target.write_text("old")
    write_workbook(target, [Sheet("x", (printed(example, AreaUnit.HA)["T2"],))], HEADING, words_of("zh"))
    assert openpyxl.load_workbook(target).sheetnames == ["x"]
    with pytest.raises(InputError, match="not_written"):
        write_workbook(tmp_path / "absent" / "a.xlsx", [], HEADING, words_of("zh"))
