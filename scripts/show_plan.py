"""Print the balance and the verdicts of a plan database: ``show_plan.py plan.gpkg``."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import Dict, Iterator, List, Optional

MARK = {"pass": "符合", "fail": "不符合", "warn": "提示", "unknown": "缺数据"}
TOWNSHIP = "unit_code IS NULL OR unit_code = ''"


def main() -> int:
    """Print the township's accounts, then every verdict of the township."""
    with closing(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)) as plan:
        print("\n".join(accounts(plan)))
        print("\n".join(verdicts(plan)))
    return 0


def accounts(plan: sqlite3.Connection) -> Iterator[str]:
    """One line an account line."""
    yield "指标平衡 / balance of the township"
    by_account: Dict[str, List[str]] = {}
    for account, line, value, unit in plan.execute(
        f"SELECT account, line, value, unit FROM accounts WHERE {TOWNSHIP} ORDER BY rowid"
    ):
        by_account.setdefault(account, []).append(f"    {line:<40} {number(value):>18} {unit or ''}")
    for account, lines in by_account.items():
        yield f"  {account}"
        yield from lines


def verdicts(plan: sqlite3.Connection) -> Iterator[str]:
    """One line a rule."""
    yield "结论 / verdicts"
    for rule, result, margin, unit in plan.execute(
        f"SELECT rule, result, margin, unit FROM verdicts WHERE {TOWNSHIP} ORDER BY rowid"
    ):
        yield f"    {MARK.get(result, result)}  {rule:<40} {number(margin):>18} {unit or ''}"


def number(value: Optional[float]) -> str:
    """A figure with two decimals; a dash where it is not known."""
    return "–" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
