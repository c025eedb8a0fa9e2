"""``resources/selfcheck``: the decision table of the self-check and what classes mean to it, as core takes them."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Dict, FrozenSet, List, Mapping, NoReturn, Optional, Sequence, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.selfcheckclasses import Meanings
from three_opt_three_protect.core.selfcheckrules import FACTS, KINDS, StatusRule
from three_opt_three_protect.core.severity import SEVERITIES
from three_opt_three_protect.storage.catalogue import load_class_system, load_conversion

_SAID = ("severity", "major", "account", "advice", "basis", "bas_status")
_COLUMNS = ("order", "status", *FACTS, *_SAID)
_STATUSES = ("text", "web", "repo", "practice", "computed", "unverified")
ACCOUNTS = ("plan", "unplanned", "farmland", "cultivated", "outside", "survey", "outline", "unchanged", "other")
"""Groups of statuses."""

_TARGET = "third_survey"
_CONVERSIONS = {"second_survey": "second_third", "gbt21010_2007": "second_third", "gbt21010_2017": ""}
"""Classification → conversion to the target; ``""`` = it shares its codes."""


def load_statuses(own: Optional[Path] = None) -> Tuple[StatusRule, ...]:
    """The rows of the decision table in their order.

    Parameters
    ----------
    own
        A table of one's own with the same columns, UTF-8 or GB 18030.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line; ``statuses_incomplete``: the last row has a condition.
    """
    return _shipped() if own is None else _statuses(own)


@cache
def _shipped() -> Tuple[StatusRule, ...]:
    return _statuses(paths.resource("selfcheck", "statuses.csv"))


def _statuses(path: Path) -> Tuple[StatusRule, ...]:
    rules: List[StatusRule] = []
    said: Dict[str, StatusRule] = {}
    last = 0
    for line, row in _read(path, _COLUMNS):
        order = int(row["order"]) if row["order"].isdigit() else 0
        if order <= last:
            _wrong(path, line, "order", row["order"], f"> {last}")
        last = order
        rule = _rule(path, line, row)
        same = said.setdefault(rule.status, rule)
        if (same.severity, same.major, same.account) != (rule.severity, rule.major, rule.account):
            _wrong(path, line, "severity", rule.severity, same.severity)
        rules.append(rule)
    if not rules or rules[-1].conditions:
        raise SchemaError("statuses_incomplete", file=path.name, line=len(rules) + 1)
    return tuple(rules)


def _rule(path: Path, line: int, row: Mapping[str, str]) -> StatusRule:
    if not row["status"].isidentifier() or not row["status"].isascii():
        _wrong(path, line, "status", row["status"], "a_b")
    allowed = {"severity": SEVERITIES, "major": ("0", "1"), "account": ACCOUNTS, "bas_status": _STATUSES}
    for name, words in allowed.items():
        if row[name] not in words:
            _wrong(path, line, name, row[name], ", ".join(words))
    conditions = {name: _condition(path, line, name, row[name]) for name in FACTS if row[name]}
    return StatusRule(
        row["status"],
        MappingProxyType(conditions),
        row["severity"],
        row["major"] == "1",
        row["account"],
        row["advice"] or "none",
        row["basis"],
        row["bas_status"],
    )


def _condition(path: Path, line: int, name: str, cell: str) -> FrozenSet[str]:
    """``a|b`` one of these, ``!a|b`` none of these."""
    words = [word.strip() for word in cell.lstrip("!").split("|")]
    for word in words:
        if word not in FACTS[name]:
            _wrong(path, line, name, word, ", ".join(FACTS[name]))
    return frozenset(FACTS[name]) - frozenset(words) if cell.startswith("!") else frozenset(words)


@cache
def load_meanings() -> Meanings:
    """Kinds of classes, conversions between the surveys, and the pairs that differ by survey only."""
    target = load_class_system(_TARGET)
    path = paths.resource("selfcheck", "class_sets.csv")
    kinds: Dict[str, str] = {}
    for line, row in _read(path, ("kind", "codes", "note", "status")):
        if row["kind"] not in KINDS:
            _wrong(path, line, "kind", row["kind"], ", ".join(KINDS))
        for code in row["codes"].split("|"):
            if code not in target.classes:
                _wrong(path, line, "codes", code, target.id)
            kinds[code] = row["kind"]
    pairs = _read(paths.resource("selfcheck", "survey_differences.csv"), ("from_code", "to_code", "note", "status"))
    conversions = {
        system: load_conversion(conversion).codes if conversion else {} for system, conversion in _CONVERSIONS.items()
    }
    alike = frozenset((row["from_code"], row["to_code"]) for _, row in pairs)
    return Meanings(target, MappingProxyType(kinds), MappingProxyType(conversions), alike)


def _read(path: Path, columns: Sequence[str]) -> List[Tuple[int, Dict[str, str]]]:
    """Line number and cells of every row."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    header = [name.strip() for name in next(reader, [])]
    if tuple(header) != tuple(columns):
        _wrong(path, 1, "columns", ",".join(header), ",".join(columns))
    rows: List[Tuple[int, Dict[str, str]]] = []
    for cells in reader:
        if len(cells) != len(header):
            found = len(cells)
            raise SchemaError(
                "resource_wrong_columns", file=path.name, line=reader.line_num, count=found, expected=len(header)
            )
        rows.append((reader.line_num, dict(zip(header, (cell.strip() for cell in cells)))))
    return rows


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SchemaError("resource_unreadable", file=path.name, line=0, problem=str(error)) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            problem = str(error)
    raise SchemaError("resource_unreadable", file=path.name, line=0, problem=problem)


def _wrong(path: Path, line: int, key: str, value: str, expected: str) -> NoReturn:
    raise SchemaError("resource_wrong_value", file=path.name, line=line, key=key, value=value, expected=expected)
