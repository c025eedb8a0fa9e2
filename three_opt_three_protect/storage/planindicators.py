"""The indicators of plans and the published figures they are held against (``resources/indicators``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Dict, List, Mapping, Optional, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.indicators.definition import (
    FALL,
    GROUPS,
    HIGHER,
    LOWER,
    RISE,
    SCALE,
    VALUE,
    Indicator,
)
from three_opt_three_protect.core.indicators.hold import Benchmark
from three_opt_three_protect.storage.csvrows import csv_rows, wrong_value

_INDICATOR = (
    "id", "group", "how", "top", "bottom", "before_top", "before_bottom", "unit", "better", "decimals", "target",
    "limit", "notice", "ranked", "printed", "kind", "basis", "status", "zh", "en",
)  # fmt: skip
_BENCHMARK = ("id", "scope", "indicator", "value", "unit", "goal", "year", "basis", "status", "zh")
_STATUSES = ("text", "web", "repo", "practice", "computed", "unverified")
_WORDS: Mapping[str, Tuple[str, ...]] = {
    "group": GROUPS,
    "how": (VALUE, FALL, RISE),
    "unit": tuple(SCALE),
    "better": ("", HIGHER, LOWER),
    "kind": ("binding", "expected"),
    "status": _STATUSES,
    "ranked": ("0", "1"),
    "printed": ("0", "1"),
    "goal": ("0", "1"),
}


@cache
def load_plan_indicators(own: Optional[Path] = None) -> Tuple[Indicator, ...]:
    """All indicators in the order of the file.

    Parameters
    ----------
    own
        Another list than the shipped one.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line.
    """
    path = own or paths.resource("indicators", "indicators.csv")
    found: Dict[str, Indicator] = {}
    for line, row in csv_rows(path, _INDICATOR):
        if row["id"] in found:
            raise SchemaError("resource_duplicate_key", file=path.name, line=line, key=row["id"])
        _check_words(path, line, row, ("group", "how", "unit", "better", "kind", "status", "ranked", "printed"))
        for name in ("id", "top", "zh", "en"):
            if not row[name].strip():
                raise SchemaError("resource_missing_key", file=path.name, line=line, where=row["id"], key=name)
        found[row["id"]] = Indicator(
            id=row["id"],
            group=row["group"],
            how=row["how"],
            **{name: _terms(row[name]) for name in ("top", "bottom", "before_top", "before_bottom")},
            unit=row["unit"],
            better=row["better"],
            decimals=int(_number(path, line, "decimals", row["decimals"])),
            target=row["target"],
            limit=row["limit"],
            notice=row["notice"],
            ranked=row["ranked"] == "1",
            printed=row["printed"] == "1",
            kind=row["kind"],
            basis=row["basis"],
            status=row["status"],
            title=MappingProxyType({"zh": row["zh"], "en": row["en"]}),
        )
    return tuple(found.values())


@cache
def load_benchmarks(own: Optional[Path] = None) -> Tuple[Benchmark, ...]:
    """The published figures T1–T23 of the policy texts; those without an indicator are for reference only.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line.
    """
    path = own or paths.resource("indicators", "benchmarks.csv")
    known = {one.id: one for one in load_plan_indicators()}
    found: List[Benchmark] = []
    for line, row in csv_rows(path, _BENCHMARK):
        _check_words(path, line, row, ("goal", "status"))
        indicator = known.get(row["indicator"])
        if row["indicator"] and indicator is None:
            wrong_value(path, line, "indicator", row["indicator"], ", ".join(known)[:80])
        if indicator is not None and indicator.unit != row["unit"]:
            wrong_value(path, line, "unit", row["unit"], indicator.unit)
        found.append(
            Benchmark(
                row["id"],
                row["scope"],
                row["indicator"],
                _number(path, line, "value", row["value"]),
                row["unit"],
                row["goal"] == "1",
                int(row["year"]) if row["year"] else None,
                row["basis"],
                row["status"],
            )
        )
    return tuple(found)


def _check_words(path: Path, line: int, row: Mapping[str, str], names: Tuple[str, ...]) -> None:
    for name in names:
        if row[name] not in _WORDS[name]:
            wrong_value(path, line, name, row[name], ", ".join(word for word in _WORDS[name] if word))


def _terms(words: str) -> Mapping[str, int]:
    """``"a_m2 -b_m2"`` → a_m2 less b_m2."""
    return MappingProxyType({word.lstrip("-"): -1 if word.startswith("-") else 1 for word in words.split()})


def _number(path: Path, line: int, key: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        wrong_value(path, line, key, text, "1.5")
