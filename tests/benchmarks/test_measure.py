"""CPU time, memory and the limit of a measured process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.cases import ROOT
from benchmarks.measure import DONE, FAILED, STOPPED, run

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="no wait4 on this system")

BUSY = "import time\nwhile time.process_time() < 0.5: pass"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_cpu_of_the_process_and_its_children(tmp_path: Path):
    children = f"import subprocess, sys\nfor _ in range(2): subprocess.run([sys.executable, '-c', {BUSY!r}])"
    alone, with_children = run(python(BUSY), 60, tmp_path), run(python(children), 60, tmp_path)
    assert alone.status == with_children.status == DONE
    assert 0.5 <= alone.cpu < 0.9
    assert 1.0 <= with_children.cpu < 1.9


def test_waiting_costs_no_cpu(tmp_path: Path):
    found = run(python("import time; time.sleep(0.5)"), 60, tmp_path)
    assert found.wall >= 0.5
    assert found.cpu < 0.4


def test_peak_memory_is_the_process_s_own(tmp_path: Path):
    # From a process that holds little: Linux counts what a process holds when it starts another as the other's.
    measured = "run([sys.executable, '-c', {!r}], 60, scratch).memory"
    code = "import sys; from pathlib import Path; from benchmarks.measure import run; scratch = Path(sys.argv[1]); "
    code += f"print({measured.format('pass')}, {measured.format('b = bytearray(200 * 2**20)')})"
    said = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, check=True, capture_output=True, text=True)
    small, large = map(int, said.stdout.split())
    assert small < 50 * 2**20
    assert 200 * 2**20 <= large < 250 * 2**20


def test_what_is_uncounted_is_subtracted(tmp_path: Path):
    whole = run(python(BUSY), 60, tmp_path)
    part = run(python(BUSY + "\nprint('uncounted\\t0.4\\t0.3')"), 60, tmp_path)
    assert whole.cpu - part.cpu == pytest.approx(0.4, abs=0.15)


def test_stopped_at_the_limit_with_its_children(tmp_path: Path):
    mark = tmp_path / "mark"
    child = f"import time\ntime.sleep(4)\nopen({str(mark)!r}, 'w')"
    begun = time.perf_counter()
    found = run(python(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])"), 1, tmp_path)
    assert found.status == STOPPED
    assert time.perf_counter() - begun < 4
    time.sleep(max(0.0, 5 - (time.perf_counter() - begun)))
    assert not mark.exists()


def test_a_failure_keeps_its_words(tmp_path: Path):
    found = run(python("raise SystemExit('no such layer')"), 60, tmp_path)
    assert found.status == FAILED
    assert "no such layer" in found.words
