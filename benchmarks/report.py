"""Tables of a run of the benchmark, printed and put into docs/performance.md with the plot.

    python -m benchmarks.report build/bench/DATE-TIME.json [...]

Given several files it merges them: of two results of one tool on one case the later file's counts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Callable, List, Optional, Sequence, Tuple

from benchmarks.cases import CASES, ROOT
from benchmarks.goals import GOALS
from benchmarks.plot import plot
from benchmarks.results import Key, Record, Results, by_key, growth, merged, ratio, sizes_of, value
from benchmarks.tools import TOOLS, Tool

PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "images" / "performance.svg"
BEGIN, END = "<!-- results: written by benchmarks/report.py -->", "<!-- end of results -->"

Cell = Callable[[Results, Key], str]
LastColumn = Tuple[str, Callable[[Results, Tool], str]]


def text(record: Record) -> str:
    """All tables as Markdown."""
    results = by_key(record)
    sizes = sizes_of(results, CASES[0])
    columns, names = [(CASES[0], size) for size in sizes], [_thousands(size) for size in sizes]
    parts = [_about(record)]
    if sizes:
        parts += ["### CPU seconds by number of parcels, aligned"]
        parts += [_table(results, columns, names, _seconds, ("grows with", _growth))]
        parts += ["### Seconds from start to end, aligned", _table(results, columns, names, _wall)]
        parts += ["### Peak memory in MiB, aligned", _table(results, columns, names, _memory)]
    size = _common_size(results)
    columns = [(case, size) for case in CASES if size in sizes_of(results, case)]
    names = [case for case, _ in columns]
    parts += [f"### CPU seconds by case, {_thousands(size)} parcels", _table(results, columns, names, _seconds)]
    parts += [f"### Largest difference from the true areas in m², {_thousands(size)} parcels"]
    parts += [_table(results, columns, names, _truth, ("closure, aligned", _closure(size)))]
    goals = [(goal, goal.measured(results)) for goal in GOALS]
    rows = [[goal.title, _figure(found), _figure(goal.at_most)] for goal, found in goals if found is not None]
    if rows:
        parts += ["### What was to be reached", _lines(["goal", "measured", "at most"], rows)]
    return "\n\n".join(parts) + "\n"


def write_docs(record: Record) -> None:
    """Replace the results in docs/performance.md and draw the plot anew."""
    page = PAGE.read_text(encoding="utf-8")
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n{text(record)}{END}{tail}", encoding="utf-8")
    plot(record, PLOT)


def _table(
    results: Results,
    columns: Sequence[Tuple[str, int]],
    names: Sequence[str],
    cell: Cell,
    last: Optional[LastColumn] = None,
) -> str:
    """One row a tool that was tried in any column."""
    rows = []
    for tool in TOOLS:
        cells = [_cell(results, (*column, tool.name), cell) for column in columns]
        if any(cells):
            rows.append([tool.title, *(each or "–" for each in cells), *([last[1](results, tool)] if last else [])])
    return _lines(["tool", *names, *([last[0]] if last else [])], rows)


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---", *["--:"] * (len(heads) - 1)], *rows])


def _cell(results: Results, key: Key, show: Cell) -> str:
    """Empty where the tool was not tried, its status where it did not end."""
    status = results.get(key, {}).get("status", "not installed")
    return show(results, key) if status == "done" else "" if status == "not installed" else str(status)


def _seconds(results: Results, key: Key) -> str:
    times = ratio(results, key)
    return _short(results[key]["cpu"]) + (f" ({_short(times)}×)" if times else "")


def _wall(results: Results, key: Key) -> str:
    return _short(results[key]["wall"])


def _memory(results: Results, key: Key) -> str:
    return f"{results[key]['memory'] / 1024**2:.0f}"


def _truth(results: Results, key: Key) -> str:
    found = value(results, key, "truth")
    return "" if found is None else _figure(found)


def _closure(size: int) -> Callable[[Results, Tool], str]:
    def show(results: Results, tool: Tool) -> str:
        found = value(results, (CASES[0], size, tool.name), "closure")
        return "–" if found is None else _figure(found)

    return show


def _growth(results: Results, tool: Tool) -> str:
    found = growth(results, tool.name)
    return "–" if found is None else f"n^{found:.2f}"


def _about(record: Record) -> str:
    machine, versions = record["machine"], record["versions"]
    hardware = f"{machine['processor']}, {machine['cores']} cores, {machine['memory']} of memory, {machine['system']}"
    numbers = ", ".join(f"{name} {number}" for name, number in versions.items())
    stopped = f"What took longer than {record['limit']:.0f} s was stopped, and is not tried on more parcels."
    return f"Measured on {record['date']}: {hardware}. Versions: {numbers}. {stopped}"


def _common_size(results: Results) -> int:
    """The size with most cases, the larger of equals."""
    cases = {size: len({case for case, other, _ in results if other == size}) for _, size, _ in results}
    return max(cases, key=lambda size: (cases[size], size))


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _short(number: float) -> str:
    """Three digits are what repeats."""
    return f"{number:.2f}" if number < 10 else f"{number:.1f}" if number < 100 else f"{number:.0f}"


def _figure(number: float) -> str:
    return f"{number:.1e}" if 0 < number < 1e-3 else f"{number:.3g}" if number < 1000 else f"{number:.0f}"


def main(files: List[str]) -> None:
    """Merge the files, print the tables, write the page."""
    record = merged([json.loads(Path(name).read_text(encoding="utf-8")) for name in files])
    print(text(record))
    write_docs(record)


if __name__ == "__main__":
    main(sys.argv[1:])
