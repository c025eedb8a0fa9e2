"""The indicators of reclamation potential, ``resources/potential/indicators.csv``, as core takes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import List, Mapping, Optional, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.potential.weights import Indicator
from three_opt_three_protect.storage.csvrows import csv_rows, wrong_value

_COLUMNS = ("id", "dimension", "direction", "weight", "unit", "needs", "basis", "status", "zh", "en")
_RISES = {"+": True, "-": False}
NEEDS = ("", "population", "boundary", "roads", "retained", "farmland", "grades", "redline", "enterprises")
"""What an indicator may need besides parcels."""
_STATUSES = ("text", "web", "repo", "practice", "computed", "unverified")
_ROUNDING = 1e-9


@cache
def load_indicators(own: Optional[Path] = None) -> Tuple[Indicator, ...]:
    """All indicators in the order of the file; their weights add up to 1.

    Parameters
    ----------
    own
        Another list than the shipped one.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line.
    """
    path = own or paths.resource("potential", "indicators.csv")
    found: List[Indicator] = []
    for line, row in csv_rows(path, _COLUMNS):
        if row["id"] in {each.id for each in found}:
            raise SchemaError("resource_duplicate_key", file=path.name, line=line, key=row["id"])
        found.append(_indicator(path, line, row))
    total = sum(each.weight for each in found)
    if abs(total - 1.0) > _ROUNDING:
        wrong_value(path, len(found) + 1, "weight", f"Σ {total:.6g}", "Σ 1")
    return tuple(found)


def _indicator(path: Path, line: int, row: Mapping[str, str]) -> Indicator:
    for name in ("id", "dimension", "zh", "en"):
        if not row[name].strip():
            raise SchemaError("resource_missing_key", file=path.name, line=line, where=row["id"], key=name)
    for name, allowed in (("direction", tuple(_RISES)), ("needs", NEEDS), ("status", _STATUSES)):
        if row[name] not in allowed:
            wrong_value(path, line, name, row[name], ", ".join(word for word in allowed if word))
    return Indicator(
        id=row["id"],
        dimension=row["dimension"],
        rises=_RISES[row["direction"]],
        weight=_weight(path, line, row["weight"]),
        unit=row["unit"],
        needs=row["needs"],
        basis=row["basis"],
        status=row["status"],
        title=MappingProxyType({"zh": row["zh"], "en": row["en"]}),
    )


def _weight(path: Path, line: int, text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        wrong_value(path, line, "weight", text, "0–1")
    return weight
