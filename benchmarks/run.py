"""Measure this project and the tools people use today: on the same files, in one run, in turn.

    python -m benchmarks.run [--sizes 10000,50000] [--cases aligned] [--peers plain_shapely,limit]
        [--repeat 3] [--limit 600] [--data FOLDER] [--docs]

Without --sizes and --cases: the aligned case at all sizes, the others at 50 000 parcels. The areas each
tool finds are compared with the truth before its time counts. Prints the tables and writes
build/bench/*.json; --docs also puts them into docs/performance.md. Exit code 1: this project failed.

This process loads no data: what a process holds when it starts another counts as the other's memory.
"""

from __future__ import annotations

import argparse
import compileall
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from benchmarks import report
from benchmarks.cases import CASES, DATA, RESULTS, ROOT, SIZES, Case, numbers, words
from benchmarks.measure import DONE, FAILED, STOPPED, Usage, peer
from benchmarks.tools import NOTHING, PROJECT, TOOLS, Tool

USUAL_SIZE = 50_000
"""Parcels at which the other cases are measured."""

ONCE_ABOVE = 60.0
"""CPU seconds: what needs more is not run again, its noise is small beside its time."""

NOT_INSTALLED = "not installed"


@dataclass(frozen=True)
class Result:
    """One tool on one case.

    Attributes
    ----------
    case, size, parcels, tool
        What was run; ``size`` is the nominal number of parcels, ``parcels`` the drawn one.
    status
        ``done``, ``stopped`` at the limit, ``failed``, ``not installed``.
    runs
        How often it was run.
    cpu, wall, memory
        Medians: seconds, seconds, bytes.
    truth, closure, like
        Largest differences in m², see :func:`benchmarks.compare.differences`; ``like`` is from this
        project, see :attr:`benchmarks.tools.Tool.reference`.
    """

    case: str
    size: int
    parcels: int
    tool: str
    status: str
    runs: int = 0
    cpu: Optional[float] = None
    wall: Optional[float] = None
    memory: Optional[float] = None
    truth: Optional[float] = None
    closure: Optional[float] = None
    like: Optional[float] = None


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Measure, print, write."""
    chosen = _command_line(arguments)
    now = datetime.now(timezone.utc)
    record = {"date": now.date().isoformat(), "limit": chosen.limit, **json.loads(_helper("machine"))}
    RESULTS.mkdir(parents=True, exist_ok=True)
    target = RESULTS / f"{now:%Y%m%d-%H%M%S}.json"
    results: List[Result] = []
    for package in ("three_opt_three_protect", "benchmarks"):
        compileall.compile_dir(ROOT / package, quiet=1)  # as every installed program is
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        Path(scratch).chmod(0o755)  # PostgreSQL runs as another user below it
        for case in _cases(chosen):
            results += measure_case(case, _tools(chosen, results, case), chosen, Path(scratch))
            # After every case: hours of measuring must not be lost.
            record["results"] = [asdict(each) for each in results]
            target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(report.text(record))
    print(f"Written: {target.relative_to(ROOT)}")
    if chosen.docs:
        report.write_docs(record)
    return int(any(each.status == FAILED for each in results if each.tool in PROJECT))


def _command_line(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure this project against the tools people use today.")
    names = [each.name for each in TOOLS]
    parser.add_argument("--sizes", type=numbers, help=f"parcels, by commas: {','.join(map(str, SIZES))}")
    parser.add_argument("--cases", type=words(CASES), help=f"by commas: {','.join(CASES)}")
    parser.add_argument("--peers", type=words(names), default=names, help=f"by commas: {','.join(names)}")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each tool; the median counts (3)")
    parser.add_argument("--limit", type=float, default=600.0, metavar="SECONDS", help="of one run (600); then stopped")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="drawn once, used again")
    parser.add_argument("--docs", action="store_true", help="put the tables into docs/performance.md")
    return parser.parse_args(arguments)


def _cases(chosen: argparse.Namespace) -> List[Case]:
    """The cases by size, so that a tool that was stopped is not tried on more."""
    sizes = sorted(chosen.sizes or SIZES)
    usual = USUAL_SIZE if USUAL_SIZE in sizes else sizes[0]
    return [
        Case(name, size, chosen.data)
        for size in sizes
        for name in chosen.cases or CASES
        if chosen.cases or name == CASES[0] or size == usual
    ]


def _tools(chosen: argparse.Namespace, results: Sequence[Result], case: Case) -> Dict[Tool, str]:
    """Each tool, and why it is not run (empty: it is)."""
    before = [each for each in results if each.case == case.name and each.size < case.size]
    stopped = {each.tool for each in before if each.status == STOPPED}
    # This project always runs: what is compared is compared with it.
    tools = [each for each in TOOLS if each.name in (*PROJECT, *chosen.peers)]
    return {each: NOT_INSTALLED if each.lacks() else STOPPED if each.name in stopped else "" for each in tools}


def measure_case(case: Case, tools: Dict[Tool, str], chosen: argparse.Namespace, scratch: Path) -> List[Result]:
    """Run all tools once, then all again; one result a tool."""
    parcels = int(_helper("data", "--sizes", case.size, "--cases", case.name, "--data", case.folder))
    usages: Dict[Tool, List[Usage]] = {each: [] for each in tools}
    checked: Dict[Tool, Dict[str, float]] = {}
    for turn in range(chosen.repeat):
        for each in (each for each, reason in tools.items() if not reason and _worth_repeating(usages[each])):
            usages[each].append(_run(case, each, chosen.limit, scratch))
            if turn == 0 and usages[each][0].status == DONE:
                checked[each] = _differences(case, each, scratch)
            if each.name not in PROJECT:
                _output(scratch, each.name).unlink(missing_ok=True)
    for name in PROJECT:  # kept so far for the others' comparison
        _output(scratch, name).unlink(missing_ok=True)
    return [_result(case, parcels, each, tools[each], usages[each], checked.get(each, {})) for each in tools]


def _worth_repeating(usages: Sequence[Usage]) -> bool:
    return all(usage.status == DONE and usage.cpu <= ONCE_ABOVE for usage in usages)


def _run(case: Case, tool: Tool, limit: float, scratch: Path) -> Usage:
    output = _output(scratch, tool.name)
    output.unlink(missing_ok=True)
    usage = peer(tool.name, (case.parcels, case.zones, output), limit, scratch)
    print(f"{case.name}\t{case.size}\t{tool.name}\t{usage.status}\t{usage.cpu:.2f} s", file=sys.stderr, flush=True)
    if usage.status == FAILED:
        print(usage.words, file=sys.stderr)
    return usage


def _output(scratch: Path, name: str) -> Path:
    return scratch / f"{name}.gpkg"


def _differences(case: Case, tool: Tool, scratch: Path) -> Dict[str, float]:
    """What the comparison says of the output; a tool whose output cannot be read ends the benchmark."""
    if tool.gives == NOTHING:
        return {}
    output, reference = _output(scratch, tool.name), _output(scratch, tool.reference)
    like = ("--like", reference) if reference.exists() and reference != output else ()
    found: Dict[str, float] = json.loads(_helper("compare", case.name, case.size, case.folder, output, *like))
    return found


def _result(
    case: Case, parcels: int, tool: Tool, reason: str, usages: Sequence[Usage], checked: Dict[str, float]
) -> Result:
    bad = [usage.status for usage in usages if usage.status != DONE]
    result = Result(case.name, case.size, parcels, tool.name, reason or next(iter(bad), DONE), len(usages))
    if result.status != DONE:
        return result
    medians = {name: statistics.median(getattr(usage, name) for usage in usages) for name in ("cpu", "wall", "memory")}
    figures: Dict[str, Any] = {**medians, **checked}
    return replace(result, **figures)


def _helper(module: str, *words: object) -> str:
    """What another module of the benchmark prints."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
