"""``resources/classes/harmonised*.csv``: the common categories plans are compared in, as core takes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Dict, Mapping, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.plandiffclasses import NO_PLAN, UNKNOWN, UNRESTRICTED, Category, Harmonised
from three_opt_three_protect.storage.csvrows import csv_rows, wrong_value

_GENERIC = {"0": False, "1": True}


@cache
def load_harmonised() -> Harmonised:
    """Categories and the tables that lead to them.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line.
    """
    categories: Dict[str, Category] = {}
    file = "harmonised_categories.csv"
    for line, row in csv_rows(paths.resource("classes", file), ("category", "nature", "generic", "status")):
        if row["generic"] not in _GENERIC:
            wrong_value(Path(file), line, "generic", row["generic"], "0, 1")
        categories[row["category"]] = Category(row["category"], row["nature"], _GENERIC[row["generic"]])
    for needed in (NO_PLAN, UNKNOWN, UNRESTRICTED):
        if needed not in categories:
            raise SchemaError("resource_missing_key", file=file, line=1, where=file, key=needed)
    return Harmonised(
        tuple(categories.values()),
        _table("harmonised.csv", ("system", "code", "category", "status"), categories),
        _table("harmonised_zones.csv", ("plan", "word", "category", "status"), categories),
    )


def _table(file: str, columns: Tuple[str, ...], categories: Mapping[str, Category]) -> Mapping[str, Mapping[str, str]]:
    """First column → second column → category."""
    found: Dict[str, Dict[str, str]] = {}
    for line, row in csv_rows(paths.resource("classes", file), columns):
        if row["category"] not in categories:
            wrong_value(Path(file), line, "category", row["category"], ", ".join(categories)[:90])
        table = found.setdefault(row[columns[0]], {})
        if row[columns[1]] in table:
            raise SchemaError("resource_duplicate_key", file=file, line=line, key=row[columns[1]])
        table[row[columns[1]]] = row["category"]
    return MappingProxyType(found)
