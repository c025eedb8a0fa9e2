"""Cancel is obeyed on the sample township, and nothing is left behind."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest
import yaml
from qgis.core import QgsProcessingFeedback

from benchmarks.cancel import NAMES, Cancelling, parameters
from three_opt_three_protect import paths
from three_opt_three_protect.bridge.aside import aside
from three_opt_three_protect.core.errors import Cancelled, InputError

HANGS = 15.0
"""Seconds after which a run is held not to stop at all. How fast it stops is measured by benchmarks/cancel.py:
a machine at work on other things has taken more than a second of the processor for what takes a tenth of one."""


DURATION: Dict[str, float] = {}
"""Seconds of a whole run."""


@pytest.fixture(scope="module")
def sample(provider: Any, tmp_path_factory: Any) -> str:
    """The sample township of 8 000 parcels."""
    from qgis import processing

    path, start = str(tmp_path_factory.mktemp("sample") / "sample.gpkg"), time.monotonic()
    processing.run("sysb:sampletownship", {"PARCELS": 8000, "YEARS": 1, "OUTPUT": path})
    DURATION["sampletownship"] = time.monotonic() - start
    return path


def duration(run: Callable[..., Any], name: str, sample: str, out: Path) -> float:
    """Seconds of a whole run, which must leave something."""
    if name not in DURATION:
        start = time.monotonic()
        run(name, **parameters(name, sample, out))
        assert list(out.iterdir())
        DURATION[name] = time.monotonic() - start
    return DURATION[name]


@pytest.mark.parametrize("name", NAMES)
def test_cancel_ends_and_leaves_nothing(run: Any, sample: str, tmp_path: Path, name: str, provider: Any) -> None:
    if provider.algorithm(name) is None:
        pytest.skip(f"{name} is not in the provider")
    first = tmp_path / "whole"
    first.mkdir()
    whole = duration(run, name, sample, first)
    for number, share in enumerate((0.2, 0.55, 0.85)):
        out = tmp_path / str(number)
        out.mkdir()
        with Cancelling(share * whole) as feedback:
            result = run(name, feedback=feedback, **parameters(name, sample, out))
            waited = time.monotonic() - feedback.at.wall
        if not feedback.isCanceled():
            # This time it was quicker than the timer.
            continue
        if number and result:
            # Cancelled between the last question and the end: then everything is there, as after a whole run.
            made, wanted = ({path.name for path in folder.iterdir()} for folder in (out, first))
            assert made >= wanted, share
            continue
        assert result == {}, share
        assert list(out.iterdir()) == [], share
        assert waited <= HANGS, (share, waited)


class StopsAt(QgsProcessingFeedback):
    """Cancels as soon as the bar has passed a mark."""

    def __init__(self, mark: float) -> None:
        super().__init__(False)
        self.mark = mark
        self.progressChanged.connect(self._look)

    def _look(self, value: float) -> None:
        if value >= self.mark:
            self.cancel()


@pytest.mark.parametrize("mark", [0.0, 50.0, 90.0, 99.9])
@pytest.mark.parametrize("name", ["zoneoverlay", "plotreport", "planbalance", "sampletownship"])
def test_cancelled_at_any_point_nothing_is_left_and_old_files_stay(
    run: Any, make_layer: Any, tmp_path: Path, name: str, mark: float
) -> None:
    square = "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000))"
    layer = make_layer([(square, "0702", "A")], "DLBM:string plot_id:string")
    given: Dict[str, Dict[str, Any]] = {
        "zoneoverlay": {"INPUT": layer, "OUTPUT": "a.gpkg", "SUMMARY": "b.csv", "ISSUES": "c.shp"},
        "plotreport": {"PLOTS": layer, "PARCELS": layer, "CLASSES": "a.csv", "LINES": "b.gpkg", "XLSX": "c.xlsx"},
        "planbalance": {"INPUT": layer, "RECLAIM": layer, "NEWBUILD": layer, "ACCOUNTS": "a.csv", "VERDICTS": "b.shp"},
        "sampletownship": {"PARCELS": 400, "YEARS": 1, "OUTPUT": "a.gpkg"},
    }
    filled = {key: str(tmp_path / value) if isinstance(value, str) else value for key, value in given[name].items()}
    assert run(name, feedback=StopsAt(mark), **filled) == {}
    assert list(tmp_path.iterdir()) == []
    files = {tmp_path / value for value in given[name].values() if isinstance(value, str)}
    for path in files:
        path.write_bytes(b"old")
    assert run(name, feedback=StopsAt(mark), **filled) == {}
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(files, b"old")


def test_work_aside_gives_its_result_its_error_and_its_progress() -> None:
    told: List[Any] = []

    class Hearing:
        def step(self, name: str, share: float) -> None:
            told.append((name, share))

        def check(self, fraction: float) -> None:
            told.append(fraction)

    def work(progress: Any) -> int:
        progress.step("overlaying", 0.5)
        progress.check(0.25)
        return 7

    def fail(progress: Any) -> int:
        raise InputError("no_geometry", layer="a")

    assert aside(work, Hearing()) == 7
    assert [item for item in told if item != 0.0] == [("overlaying", 0.5), 0.25]
    with pytest.raises(InputError):
        aside(fail, Hearing())


def test_work_aside_does_not_wait_for_a_long_call() -> None:
    go = threading.Event()

    class Impatient:
        def step(self, name: str, share: float) -> None:
            raise Cancelled

        def check(self, fraction: float) -> None:
            raise Cancelled

    start = time.monotonic()
    with pytest.raises(Cancelled):
        aside(lambda progress: go.wait(30), Impatient())
    assert time.monotonic() - start < 10
    go.set()


STEP = re.compile(r"\.step\(\s*\"([a-z_]+)\"")


def steps() -> List[str]:
    """Ids of all steps of the package."""
    sources = paths.PACKAGE.rglob("*.py")
    return sorted({found for path in sources for found in STEP.findall(path.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_step_of_the_progress_bar_is_worded(language: str) -> None:
    words = yaml.safe_load(paths.resource("messages", f"{language}.yaml").read_text(encoding="utf-8"))
    assert "cutting" in steps()
    assert [step for step in steps() if step not in words] == []
