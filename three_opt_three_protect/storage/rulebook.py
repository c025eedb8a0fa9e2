"""The rules of the data checks, ``resources/rules.csv``, as core takes them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Dict, Mapping, NoReturn, Optional, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.quality.case import RuleSpec
from three_opt_three_protect.core.severity import SEVERITIES

_COLUMNS = (
    "id", "group", "severity", "statutory", "roles", "needs", "tolerance", "unit", "options", "basis", "status",
    "zh", "en",
)  # fmt: skip


@cache
def load_rules() -> Mapping[str, RuleSpec]:
    """All rules by id, in the order of the file.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line.
    """
    path = paths.resource("rules.csv")
    found: Dict[str, RuleSpec] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            _fail(path, 1, "id", ",".join(reader.fieldnames or ()), ",".join(_COLUMNS))
        for line, row in enumerate(reader, 2):
            if row["id"] in found:
                raise SchemaError("resource_duplicate_key", file=path.name, line=line, key=row["id"])
            found[row["id"]] = _rule(path, line, row)
    return MappingProxyType(found)


def _rule(path: Path, line: int, row: Mapping[str, str]) -> RuleSpec:
    for name in ("severity", "statutory"):
        if row[name] not in SEVERITIES:
            _fail(path, line, name, row[name], ", ".join(SEVERITIES))
    return RuleSpec(
        id=row["id"],
        group=row["group"],
        severity=row["severity"],
        statutory=row["statutory"],
        roles=tuple(row["roles"].split()),
        needs=tuple(row["needs"].split()),
        tolerance=_number(path, line, row["tolerance"]),
        unit=row["unit"],
        options=MappingProxyType(dict(_pair(path, line, each) for each in row["options"].split(";") if each)),
        basis=row["basis"],
        status=row["status"],
        title=MappingProxyType({"zh": row["zh"], "en": row["en"]}),
    )


def _pair(path: Path, line: int, text: str) -> Tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        _fail(path, line, "options", text, "name=value")
    return name.strip(), value.strip()


def _number(path: Path, line: int, text: str) -> Optional[float]:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        _fail(path, line, "tolerance", text, "1.0")


def _fail(path: Path, line: int, key: str, value: str, expected: str) -> NoReturn:
    raise SchemaError("resource_wrong_value", file=path.name, line=line, key=key, value=value, expected=expected)
