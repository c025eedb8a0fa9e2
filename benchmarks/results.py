"""Results of a run, looked up by case, size and tool."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Sequence, Tuple

from benchmarks.cases import CASES
from benchmarks.tools import NOTHING, tool

Record = Dict[str, Any]
"""What a run wrote: date, limit, machine, versions, results."""

Key = Tuple[str, int, str]
"""Case, size, tool."""

Results = Dict[Key, Dict[str, Any]]

LARGE = 50_000
"""Parcels from which growth is measured: below, starting up counts."""


def by_key(record: Record) -> Results:
    """The results of a record by case, size and tool."""
    return {(each["case"], each["size"], each["tool"]): each for each in record["results"]}


def merged(records: Sequence[Record]) -> Record:
    """One record of several; of two results of one key the later counts, as do its date, machine and versions."""
    results: Results = {}
    for record in records:
        results.update(by_key(record))
    return {**records[-1], "results": list(results.values())}


def value(results: Results, key: Key, field: str) -> Optional[float]:
    """One figure, None where it was not measured."""
    found: Optional[float] = results.get(key, {}).get(field)
    return found


def sizes_of(results: Results, case: str) -> List[int]:
    """The sizes at which the case was measured, ascending."""
    return sorted({size for name, size, _ in results if name == case})


def ratio(results: Results, key: Key) -> Optional[float]:
    """CPU seconds of a tool by those of this project where it gives the same; None for this project itself."""
    measured = tool(key[2])
    theirs, ours = (value(results, (*key[:2], name), "cpu") for name in (measured.name, measured.rival))
    if measured.name.startswith("project") or measured.gives == NOTHING or theirs is None or ours is None:
        return None
    return theirs / ours


def growth(results: Results, name: str) -> Optional[float]:
    """Exponent of CPU seconds over parcels, from 50 000 parcels to the largest number measured."""
    found = [results.get((CASES[0], size, name), {}) for size in sizes_of(results, CASES[0]) if size >= LARGE]
    done = [each for each in found if each.get("cpu") is not None]
    if len(done) < 2:
        return None
    return math.log(done[-1]["cpu"] / done[0]["cpu"]) / math.log(done[-1]["parcels"] / done[0]["parcels"])
