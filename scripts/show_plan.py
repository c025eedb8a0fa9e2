"""Print the balance and the verdicts of a plan database: ``show_plan.py plan.gpkg [zh|en]``."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import Callable, Iterator, Optional

from three_opt_three_protect.core.measure import to_ha, to_mu
from three_opt_three_protect.storage.messages import Messages

HEADLINE = (
    "reclaimed_m2",
    "added_m2",
    "added_linked_m2",
    "net_reduction_m2",
    "construction_base_m2",
    "construction_after_m2",
    "cultivated_gain_m2",
    "cultivated_loss_m2",
    "cultivated_base_m2",
    "cultivated_after_m2",
    "reclaim_first_margin_m2",
)
"""Account lines a planner asks for first; all of them stand in the table ``accounts``."""

Words = Callable[..., str]


def main() -> int:
    """Print the township's main figures, then every verdict of the township."""
    words = Messages(sys.argv[2] if len(sys.argv) > 2 else "zh").text
    with closing(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)) as plan:
        print("\n".join([*accounts(plan, words), "", *verdicts(plan, words)]))
    return 0


def accounts(plan: sqlite3.Connection, words: Words) -> Iterator[str]:
    """One line a figure, in hectares and mu."""
    for line in HEADLINE:
        found = plan.execute(
            "SELECT value FROM accounts WHERE line = ? AND ifnull(unit_code, '') = ''", (line,)
        ).fetchone()
        yield f"  {area(found[0] if found else None, words)}  {words(f'line.{line}')}"


def verdicts(plan: sqlite3.Connection, words: Words) -> Iterator[str]:
    """One line a rule."""
    for rule, result, margin, unit in plan.execute(
        "SELECT rule, result, margin, unit FROM verdicts WHERE ifnull(unit_code, '') = '' ORDER BY rowid"
    ):
        shown = area(margin, words) if unit == "m2" else figure(margin, unit, words)
        yield f"  {shown}  {words(f'result.{result}')}  {words(f'rule.{rule}')}"


def figure(value: Optional[float], unit: str, words: Words) -> str:
    """A figure that is no area and its unit, in the columns of the areas; shares in percent."""
    if unit == "share":
        value, unit = None if value is None else 100 * value, "percent"
    return f"{'–' if value is None else f'{value:.2f}':>28} {words(f'unit.{unit}')}"


def area(m2: Optional[float], words: Words) -> str:
    """Hectares and mu, right-aligned; a dash where the area is not known."""
    if m2 is None:
        return f"{'–':>30}"
    return f"{float(to_ha(m2)):>12.4f} {words('unit.ha')} {float(to_mu(m2)):>10.2f} {words('unit.mu')}"


if __name__ == "__main__":
    sys.exit(main())
