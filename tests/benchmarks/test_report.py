"""Ratios, growth and the page, from figures given by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

import pytest

from benchmarks import report
from benchmarks.goals import GOALS
from benchmarks.plot import STYLES
from benchmarks.results import by_key, growth, merged, ratio
from benchmarks.tools import PROJECT_UNSNAPPED, TOOLS


def result(tool: str, size: int, cpu: Optional[float], case: str = "aligned", **more: Any) -> dict[str, Any]:
    usual = {"status": "done", "runs": 3, "wall": cpu, "memory": 2**30, "truth": 2e-7, "closure": 1e-7, "like": 0}
    return {"case": case, "size": size, "parcels": size, "tool": tool, "cpu": cpu, **usual, **more}


RECORD = {
    "date": "2026-01-05",
    "limit": 600.0,
    "machine": {"processor": "P", "cores": "2", "memory": "24 GiB", "system": "S"},
    "versions": {"this project": "1.0"},
    "results": [
        result("project_pieces", 50_000, 2.0),
        result("project_pieces", 1_000_000, 40.0),
        result("project_areas", 50_000, 1.0),
        result("project_areas", 1_000_000, 40.0),
        result("plain_shapely", 50_000, 5.0, truth=0.25),
        result("qgis_union", 50_000, 300.0),
        result("qgis_union", 1_000_000, None, status="stopped"),
        result("project_pieces", 50_000, 3.0, case="misaligned"),
    ],
}


def test_a_tool_is_compared_with_what_gives_the_same():
    results = by_key(RECORD)
    assert ratio(results, ("aligned", 50_000, "plain_shapely")) == 5.0
    assert ratio(results, ("aligned", 50_000, "qgis_union")) == 150.0
    assert ratio(results, ("aligned", 50_000, "project_pieces")) is None
    assert ratio(results, ("aligned", 1_000_000, "qgis_union")) is None


def test_growth():
    results = by_key(RECORD)
    assert growth(results, "project_pieces") == pytest.approx(1.0)  # 20 times the parcels, 20 times the time
    assert growth(results, "project_areas") == pytest.approx(1.2314, abs=1e-4)  # ln 40 / ln 20
    assert growth(results, "plain_shapely") is None


def test_the_tables_say_times_ratios_differences_and_what_was_stopped():
    lines = report.text(RECORD).splitlines()
    assert "| QGIS union, one layer after another | 300 (150×) | stopped | – |" in lines
    assert "| plain shapely, areas a layer | 5.00 (5.00×) | – | – |" in lines
    assert "| plain shapely, areas a layer | 0.25 | – | 1.0e-07 |" in lines
    assert "| CPU by plain shapely, 50 000 | 0.2 | 0.3 |" in lines
    assert "| peak memory, 1 000 000, GiB | 1 | 3 |" in lines
    assert not any("PostGIS" in line for line in lines)


def test_the_later_of_two_files_counts():
    later = {**RECORD, "date": "2026-02-05", "results": [result("plain_shapely", 50_000, 4.0)]}
    together = merged([RECORD, later])
    assert ratio(by_key(together), ("aligned", 50_000, "plain_shapely")) == 4.0
    assert ratio(by_key(together), ("aligned", 50_000, "qgis_union")) == 150.0
    assert together["date"] == "2026-02-05"


def test_the_page_keeps_its_prose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page, drawing = tmp_path / "performance.md", tmp_path / "images" / "performance.svg"
    page.write_text(f"Before\n{report.BEGIN}\nold\n{report.END}\nAfter\n", encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr(report, "PLOT", drawing)
    report.write_docs(RECORD)
    first = page.read_text(encoding="utf-8"), drawing.read_bytes()
    report.write_docs(RECORD)
    assert (page.read_text(encoding="utf-8"), drawing.read_bytes()) == first
    assert first[0].startswith("Before\n")
    assert first[0].endswith("\nAfter\n")
    assert "old" not in first[0]
    assert "150×" in first[0]


def test_the_shipped_page_has_its_place_for_the_results():
    text = report.PAGE.read_text(encoding="utf-8")
    assert text.count(report.BEGIN) == text.count(report.END) == 1


def test_every_tool_has_a_script_and_a_line_in_the_plot():
    scripts = Path(report.ROOT) / "benchmarks" / "peers"
    assert {tool.name for tool in TOOLS if not (scripts / f"{tool.name}.py").exists()} == set()
    assert {tool.name for tool in TOOLS} == {*STYLES, PROJECT_UNSNAPPED}
    assert len(GOALS) == len({goal.title for goal in GOALS})
