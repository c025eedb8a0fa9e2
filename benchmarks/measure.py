"""Run one tool as a process of its own and say what it used."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Sequence, Tuple

from benchmarks.cases import ROOT

GRACE = 30.0
"""Seconds a stopped tool has to end by itself (a database to shut down)."""

LOOK = 0.01
"""Seconds between two looks at a running tool."""

DONE, STOPPED, FAILED = "done", "stopped", "failed"


@dataclass(frozen=True)
class Usage:
    """What one run used.

    Attributes
    ----------
    status
        ``done``, ``stopped`` at the limit, or ``failed``.
    cpu
        Seconds, user and system, of the process and all its descendants.
    wall
        Seconds from start to end.
    memory
        Bytes at the peak of the largest single process.
    words
        What it printed, standard output and errors.
    """

    status: str
    cpu: float
    wall: float
    memory: int
    words: str


def run(command: Sequence[str], limit: float, scratch: Path) -> Usage:
    """Run ``command`` for at most ``limit`` seconds; ``scratch`` is its folder for what it leaves.

    A line ``uncounted CPU WALL`` that it prints is subtracted: preparation that is no part of the work.
    """
    said = scratch / "said.txt"
    begun = time.perf_counter()
    with said.open("wb") as words:
        process = subprocess.Popen(
            command, stdout=words, stderr=words, cwd=ROOT, env=environment(scratch), start_new_session=True
        )
        status, used, in_time = _wait(process.pid, begun + limit)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    text = said.read_text(encoding="utf-8", errors="replace")
    cpu_before, wall_before = _uncounted(text)
    ended = DONE if process.returncode == 0 else FAILED
    cpu = used.ru_utime + used.ru_stime - cpu_before
    return Usage(ended if in_time else STOPPED, cpu, wall - wall_before, used.ru_maxrss * 1024, text)


def peer(name: str, inputs: Sequence[object], limit: float, scratch: Path) -> Usage:
    """Run the script ``name`` of :mod:`benchmarks.peers`."""
    return run([sys.executable, "-m", f"benchmarks.peers.{name}", *map(str, inputs)], limit, scratch)


def environment(scratch: Path) -> Dict[str, str]:
    """A QGIS without screen and with an empty profile; temporary files where they are removed."""
    runtime = scratch / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(runtime),
        "QGIS_CUSTOM_CONFIG_PATH": str(scratch / "profile"),
        "TMPDIR": str(scratch),
    }


def _wait(pid: int, until: float) -> Tuple[int, resource.struct_rusage, bool]:
    """Exit status; usage of the process and of all descendants it waited for; whether it ended in time."""
    found, status, used = os.wait4(pid, os.WNOHANG)
    while not found and time.perf_counter() < until:
        time.sleep(LOOK)
        found, status, used = os.wait4(pid, os.WNOHANG)
    if found:
        return status, used, True
    for kind, grace in ((signal.SIGINT, GRACE), (signal.SIGKILL, GRACE)):
        os.killpg(pid, kind)
        ends = time.perf_counter() + grace
        while not found and time.perf_counter() < ends:
            time.sleep(LOOK)
            found, status, used = os.wait4(pid, os.WNOHANG)
        if found:
            break
    return status, used, False


def _uncounted(text: str) -> Tuple[float, float]:
    for line in text.splitlines():
        if line.startswith("uncounted\t"):
            _, cpu, wall = line.split("\t")
            return float(cpu), float(wall)
    return 0.0, 0.0
