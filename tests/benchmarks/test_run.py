"""A whole small benchmark, and the stress run in short: each a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import run
from benchmarks.cases import ROOT, Case
from benchmarks.tools import PROJECT, PROJECT_AREAS, PROJECT_PIECES, PROJECT_UNSNAPPED

pytest.importorskip("pyogrio")

SIZE = "1000"

FAR = 1e-3
"""m²: tools that compute at x = 4e7 are off by up to this, and cannot show that this project is."""

SNAPPED = 0.1
"""m²: what moving a vertex by 1 mm does to a parcel."""


def measured(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> dict[tuple[str, str], dict[str, Any]]:
    monkeypatch.setattr(run, "RESULTS", ROOT / "build" / "bench" / "test")
    before = set(run.RESULTS.glob("*.json"))
    assert run.main(["--sizes", SIZE, "--repeat", "1", "--data", str(folder), *options]) == 0
    (file,) = set(run.RESULTS.glob("*.json")) - before
    record = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    return {(each["case"], each["tool"]): each for each in record["results"]}


def test_this_project_and_plain_shapely_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    results = measured(tmp_path, monkeypatch, "--cases", "aligned", "--peers", "plain_shapely,limit")
    assert {tool for _, tool in results} == {*PROJECT, "plain_shapely", "limit"}
    assert {each["status"] for each in results.values()} == {"done"}
    ours, areas = results["aligned", PROJECT_PIECES], results["aligned", PROJECT_AREAS]
    assert results["aligned", PROJECT_UNSNAPPED]["truth"] < 1e-6
    assert ours["closure"] < 1e-6
    assert areas["like"] == 0
    assert results["aligned", "plain_shapely"]["like"] < FAR
    assert 0 < ours["cpu"] < 60
    assert ours["memory"] > 30 * 2**20


@pytest.mark.slow
@pytest.mark.needs_qgis
def test_all_tools_agree_where_zones_do_not_overlap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    results = measured(tmp_path, monkeypatch, "--cases", "aligned,overlapping")
    missing = [key for key, each in results.items() if each["status"] not in ("done", "not installed")]
    assert missing == []
    # The planar areas of QGIS's overlap analysis are off by more.
    off = {key: each["truth"] for key, each in results.items() if each["truth"] and key[1] != "qgis_overlap"}
    assert {key for key, difference in off.items() if key[0] == "aligned" and difference > SNAPPED} == set()
    assert off["aligned", PROJECT_UNSNAPPED] < 1e-6
    assert off["overlapping", PROJECT_UNSNAPPED] < 1e-6
    assert off["overlapping", "plain_shapely"] > 1


@pytest.mark.slow
def test_two_threads_many_times_and_a_clean_end(tmp_path: Path):
    command = [sys.executable, "-m", "benchmarks.stress", "--size", "5000", "--rounds", "20", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "20 overlays by 2 threads: 1 outcome" in done.stdout


def test_a_tool_that_was_stopped_is_not_tried_on_more_parcels_of_the_case(tmp_path: Path):
    chosen = run._command_line(["--peers", "limit,plain_shapely"])
    stopped = [run.Result("aligned", 50_000, 50_049, "plain_shapely", "stopped")]
    reasons = run._tools(chosen, stopped, Case("aligned", 200_000, tmp_path))
    assert {tool.name: reason for tool, reason in reasons.items() if reason} == {"plain_shapely": "stopped"}
    assert not any(run._tools(chosen, stopped, Case("aligned", 10_000, tmp_path)).values())
    assert not any(run._tools(chosen, stopped, Case("huge", 200_000, tmp_path)).values())


def test_the_usual_cases():
    chosen = run._command_line([])
    assert [(case.name, case.size) for case in run._cases(chosen)] == [
        ("aligned", 10_000),
        ("aligned", 50_000),
        ("misaligned", 50_000),
        ("overlapping", 50_000),
        ("huge", 50_000),
        ("aligned", 200_000),
        ("aligned", 1_000_000),
    ]
