"""The figures of the small balance table, as text a reviewer can check on a calculator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN
from three_opt_three_protect.storage.messages import Messages

LINES: Tuple[Tuple[str, str], ...] = (
    ("拆旧复垦建设用地", "reclaimed"),
    ("建新新增建设用地", "added"),
    ("建设用地净减少", "net_reduction"),
    ("新增耕地", "cultivated_gain"),
    ("占用耕地", "cultivated_loss"),
    ("耕地净增加", "cultivated_net_gain"),
)
"""Row of the table and line of the accounts without its unit (00-supplement 1.4, 1.5)."""

HA = 10_000.0

RESULTS = (PASS, FAIL, WARN, UNKNOWN)
"""In the order in which they are counted."""


@dataclass(frozen=True)
class Judged:
    """One verdict of the township."""

    result: str
    hard: bool


@dataclass(frozen=True)
class Figures:
    """What the sheet prints of the accounts; both None/empty when the plan has not been balanced."""

    values: Mapping[str, Optional[float]]
    verdicts: Sequence[Judged]


def table_rows(figures: Figures) -> List[Tuple[str, str, str]]:
    """Name, hectares, mu of every line."""
    return [(name, *hectares_and_mu(_area(figures.values, line))) for name, line in LINES]


def _area(values: Mapping[str, Optional[float]], line: str) -> Optional[float]:
    """Square metres of a line: of the total as the tables print it (hectares), else of the account itself."""
    printed = values.get(f"{line}_ha")
    return values.get(f"{line}_m2") if printed is None else printed * HA


def hectares_and_mu(area: Optional[float]) -> Tuple[str, str]:
    """Hectares with 4 decimals, and 15 times that as mu with 2; half away from zero (00-supplement 1.10)."""
    from three_opt_three_protect.core.measure import to_ha, to_mu

    if area is None or np.isnan(area):
        return result_word(UNKNOWN), result_word(UNKNOWN)
    return f"{to_ha(np.array(area)):.4f}", f"{to_mu(np.array(area)):.2f}"


def result_word(result: str) -> str:
    """What a result is called; sheets are Chinese in every language of QGIS."""
    return Messages("zh").text(f"result.{result}")


def conclusion(figures: Figures) -> Tuple[str, str]:
    """The verdicts in two short lines: whether all hard rules hold, and the counts."""
    if not figures.verdicts:
        return result_word(UNKNOWN), "尚未进行指标平衡"
    hard = [verdict.result for verdict in figures.verdicts if verdict.hard]
    failed, unknown = hard.count(FAIL), hard.count(UNKNOWN)
    if failed:
        head = f"强制性规则 {failed} 项{result_word(FAIL)}"
    elif unknown:
        head = f"强制性规则 {unknown} 项{result_word(UNKNOWN)}"
    else:
        head = f"强制性规则全部{result_word(PASS)}"
    counts = [(result, sum(verdict.result == result for verdict in figures.verdicts)) for result in RESULTS]
    return head, "，".join(f"{result_word(result)} {count} 项" for result, count in counts if count)
