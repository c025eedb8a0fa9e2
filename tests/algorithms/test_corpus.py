"""The corpus of bad geometry through ``zoneoverlay`` in QGIS, again and again in one process that must end well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import pytest

from tests.end_to_end.test_corpus_files import ROOT, write_corpus
from tests.geometry_corpus import FILE_CORPUS, Case

SCRIPT = """
import json, sys
from qgis.core import QgsApplication
application = QgsApplication([], True)
application.initQgis()
from qgis import processing
from processing.core.Processing import Processing
Processing.initialize()
from three_opt_three_protect import classFactory
plugin = classFactory(None)
plugin.initProcessing()
parcels, halves, runs = sys.argv[1:]
wanted = {"INPUT": parcels, "FARMLAND": halves, "OTHER_ZONES": [parcels], "AREA_METHOD": 2}
outputs = {name: "memory:" for name in ("OUTPUT", "SUMMARY", "ISSUES")}
said = []
for number in range(int(runs)):
    result = processing.run("sysb:zoneoverlay", {**wanted, **outputs})
    areas = {}
    for piece in result["OUTPUT"].getFeatures():
        areas[piece["parcel_id"]] = areas.get(piece["parcel_id"], 0.0) + piece["area_m2"]
    issues = [[row["layer"], row["fid"], row["reason"]] for row in result["ISSUES"].getFeatures()]
    figures = {name: result[name] for name in ("PARCELS", "REPAIRED", "DROPPED", "TOTAL_M2", "PARCEL_OVERLAP_M2")}
    said.append(json.dumps([figures, areas, issues]))
    if number == 0:
        # The corpus as the only zones, over clean parcels.
        result = processing.run("sysb:zoneoverlay", {"INPUT": halves, "REDLINE": parcels, "AREA_METHOD": 2, **outputs})
        print(json.dumps([result["PARCELS"], result["TOTAL_M2"], result["REPAIRED"], result["DROPPED"]]))
print(json.dumps(len(set(said))))
print(said[0])
del result, piece
plugin.unload()
application.exitQgis()
"""

DOOR = {"null": {"null", "unreadable", "not_finite"}, "not_finite": {"not_finite"}, "empty": {"empty", "null"}}
"""Reason in core → reasons in QGIS, which sees some of them first."""


def runs(folder: Path, number: int, cases: Sequence[Case] = FILE_CORPUS) -> Tuple[Any, ...]:
    """What a process says that runs the corpus so often; it must end with exit status 0."""
    layers = write_corpus(folder / "corpus.gpkg", cases)
    code = f"import sys; sys.path[:0] = {[place for place in sys.path if place]!r}\n{SCRIPT}"
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", code, *layers, str(number)],
        cwd=ROOT, capture_output=True, text=True, timeout=3500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    clean, different, first = (json.loads(line) for line in done.stdout.splitlines() if line[0] in "[0123456789")
    assert different == 1, "runs differ"
    return clean, first


CLOSED = {"ring not closed": 100.0, "hole not closed": 96.0}
"""What QGIS closes itself when it reads a file: it is drawn so on the map, too."""


def test_every_case_is_repaired_counted_and_listed(tmp_path: Path) -> None:
    clean, (figures, areas, issues) = runs(tmp_path, 3)
    cases = dict(enumerate(FILE_CORPUS, start=1))
    kept = {fid for fid, case in cases.items() if case.kept or case.name in CLOSED}
    repaired = sum(case.reason == "invalid" for case in FILE_CORPUS)
    # The corpus is read twice, as parcels and as further zones; parcels left out are counted by themselves.
    assert (figures["PARCELS"], figures["REPAIRED"], figures["DROPPED"]) == (
        len(kept), 2 * repaired, len(cases) - len(kept),
    )  # fmt: skip
    assert figures["PARCEL_OVERLAP_M2"] == pytest.approx(0, abs=0.01)
    assert clean[:3] == [len(cases), pytest.approx(125 * 240 * len(cases), abs=0.01), repaired]
    listed: Dict[int, List[str]] = {}
    for _, fid, reason in issues:
        listed.setdefault(fid, []).append(reason)
    for fid, case in cases.items():
        near = 0.05 if case.name == "circle" else 0.0051
        assert areas.get(str(fid), 0.0) == pytest.approx(CLOSED.get(case.name, case.area_is), abs=near), case.name
        if case.reason and case.name not in CLOSED:
            first, second = listed.pop(fid)
            assert first == second
            assert first in DOOR.get(case.reason, {case.reason}), case.name
    assert not listed


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_hundreds_of_runs_in_one_process(tmp_path: Path) -> None:
    runs(tmp_path, 300, [case for case in FILE_CORPUS if "100 000" not in case.name])
