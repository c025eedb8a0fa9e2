"""The corpus of bad geometry through files: the command line, and processes that must end well."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
import pyogrio.raw
import pytest

from tests.geometry_corpus import FILE_CORPUS, SURVEY, Case, Place, box, moved, wkb
from three_opt_three_protect import __main__ as command_line
from three_opt_three_protect.storage.vectorfile import read_layer

ROOT = Path(__file__).resolve().parent.parent.parent
CELL = 300.0
"""Metres between two cases: the largest needs 100."""

OUTSIDE = [case for case in FILE_CORPUS if "inf" in case.name or case.name == "1e200"]
"""Coordinates the coordinate system does not have: an error that names the features."""
INSIDE = [case for case in FILE_CORPUS if case not in OUTSIDE]


def cell(number: int) -> Place:
    return (SURVEY[0] + CELL * (number % 12), SURVEY[1] + CELL * (number // 12))


def write(path: Path, layer: str, shapes: Sequence[object]) -> str:
    """A polygon layer with whatever is given in it, feature ids 1 …."""
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    codes = np.array(["0101"] * len(shapes), dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # lines and collections do not belong there: that is the point
        pyogrio.raw.write(
            path, geometry, [codes], ["DLBM"], layer=layer, geometry_type="MultiPolygon", crs="EPSG:4528",
            append=path.exists(),
        )  # fmt: skip
    return f"{path}|layername={layer}"


def write_corpus(path: Path, cases: Sequence[Case]) -> Tuple[str, str]:
    """The cases side by side, and the western half of every cell."""
    parcels = write(path, "parcels", [wkb(case, cell(number)) for number, case in enumerate(cases)])
    halves = [moved(box(-120, -120, 5, 120), cell(number)).wkb for number in range(len(cases))]
    return parcels, write(path, "halves", halves)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Tuple[str, str]:
    return write_corpus(tmp_path_factory.mktemp("corpus") / "corpus.gpkg", INSIDE)


def figures(out: str) -> Dict[str, str]:
    return dict(line.split("\t") for line in out.splitlines() if line.count("\t") == 1)


def run(arguments: List[str], capsys: pytest.CaptureFixture[str]) -> Dict[str, str]:
    code = command_line.main(["--language", "en", "overlay", *arguments, "--area-method", "2"])
    said = capsys.readouterr()
    assert code == 0, said.err
    return {**figures(said.out), "all": said.out}


def counts(cases: Sequence[Case]) -> Tuple[int, int, int]:
    """Parcels kept, repaired, left out."""
    kept = sum(case.kept for case in cases)
    return kept, sum(case.reason == "invalid" for case in cases), len(cases) - kept


def test_as_parcels(corpus: Tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parcels, halves = corpus
    said = run([parcels, str(tmp_path / "out.gpkg"), "--farmland", halves, "--zones", parcels], capsys)
    kept, repaired, left_out = counts(INSIDE)
    # The corpus is read twice: as parcels and as further zones. What is left out is counted of the parcels.
    assert (said["PARCELS"], said["REPAIRED"], said["DROPPED"]) == (str(kept), str(2 * repaired), str(left_out))
    pieces = read_layer(tmp_path / "out.gpkg", "pieces").columns
    found: Dict[str, float] = {}
    for parcel, area in zip(pieces["parcel_id"].values, pieces["area_m2"].values):
        found[parcel] = found.get(parcel, 0.0) + area
    for number, case in enumerate(INSIDE, start=1):
        near = 0.02 if case.name == "circle" else 0.0051
        assert found.get(str(number), 0.0) == pytest.approx(case.area_is, abs=near), case.name
        assert (str(number) in found) == case.kept, case.name
    assert set(pieces["in_farm"].values.tolist()) == {0, 1}
    assert said["all"].count("were left out (features ") == 2
    assert said["all"].count("were made valid (features ") == 2


def test_as_zones(corpus: Tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, halves = corpus
    said = run([halves, str(tmp_path / "out.gpkg"), "--zones", bad, "--boundary", bad], capsys)
    _, repaired, left_out = counts(INSIDE)
    assert (said["PARCELS"], said["REPAIRED"], said["DROPPED"]) == (str(len(INSIDE)), str(2 * repaired), "0")
    assert said["all"].count(f"{left_out} features without a usable polygon were left out") == 2
    assert float(said["TOTAL_M2"]) == pytest.approx(125 * 240 * len(INSIDE), abs=0.01)


@pytest.mark.parametrize("case", OUTSIDE, ids=lambda case: case.name)
def test_coordinates_beyond_everything(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Left out and counted, or refused in one line that names layer and feature."""
    bad, halves = write_corpus(tmp_path / "a.gpkg", [INSIDE[0], case])
    for arguments in ([bad, "out.gpkg", "--zones", halves], [halves, "out.gpkg", "--zones", bad]):
        arguments[1] = str(tmp_path / arguments[1])
        code = command_line.main(["--language", "en", "overlay", *arguments])
        said = capsys.readouterr()
        if code == 0:
            assert figures(said.out)["DROPPED"] == str(int(arguments[0] == bad))
            assert "parcels: 1 features without a usable polygon were left out (features 2)" in said.out
        else:
            assert (code, said.err.count("\n")) == (2, 1)
            assert "parcels" in said.err
            assert "2" in said.err


# --- processes ---------------------------------------------------------------------------------------

RUNS = """
import sys, numpy as np
from tests.geometry_corpus import CORPUS, SURVEY, array, shape
from three_opt_three_protect.core.overlay import ZoneLayer, overlay
from three_opt_three_protect.core.repair import repair_polygons
cases = [case for case in CORPUS if "100 000" not in case.name and case.name != "huge"]
shapes = array([shape(case, (SURVEY[0] + 40 * (n % 12), SURVEY[1] + 40 * (n // 12))) for n, case in enumerate(cases)])
large = array([shape(case, SURVEY) for case in CORPUS if "100 000" in case.name])
total = 0
for number in range(int(sys.argv[1])):
    found = repair_polygons(shapes)
    zones = ZoneLayer(found.geometry, np.arange(len(shapes)))
    pieces = overlay(found.geometry, [zones], 0.001)
    total += len(pieces.parcel)
    if number % 100 == 0:
        overlay(repair_polygons(large).geometry[:1], [zones])
print(number + 1, total // (number + 1), found.repaired, found.dropped)
"""

THREADS = """
import sys, threading, numpy as np, shapely
from three_opt_three_protect.core.overlay import ZoneLayer, overlay
from three_opt_three_protect.core.sample import draw_township
layers = draw_township(1, int(sys.argv[2]), years=1)
parcels = layers["parcels"].shapes
zones = [ZoneLayer(layers[name].shapes, np.arange(len(layers[name]))) for name in ("farmland", "boundary", "redline")]
found = []
def run():
    for _ in range(int(sys.argv[1])):
        pieces = overlay(parcels, zones, 0.001)
        wkb = shapely.to_wkb(pieces.geometry, output_dimension=2).tolist()
        found.append((pieces.parcel.tolist(), pieces.zone.tolist(), wkb))
threads = [threading.Thread(target=run) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), all(one == found[0] for one in found))
"""


def ended(script: str, *arguments: str, timeout: int = 550) -> str:
    """What a process of its own prints; it must end with exit status 0."""
    code = f"import sys; sys.path[:0] = {[place for place in sys.path if place]!r}\n{script}"
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", code, *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=timeout,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def check_runs(runs: int) -> None:
    said = ended(RUNS, str(runs), timeout=3500).split()
    assert said[0] == str(runs)
    assert all(int(number) > 0 for number in said[1:])


def test_corpus_runs_in_one_process() -> None:
    check_runs(60)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_thousand_corpus_runs_in_one_process() -> None:
    check_runs(1000)


def test_two_threads() -> None:
    assert ended(THREADS, "2", "3000").split() == ["4", "True"]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_threads_over_and_over() -> None:
    """The full measure, 20 times 200 000 parcels, is benchmarks/stress.py."""
    assert ended(THREADS, "5", "10000", timeout=3500).split() == ["10", "True"]
