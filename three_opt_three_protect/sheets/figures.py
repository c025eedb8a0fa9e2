"""The figures of the small balance table, as text a reviewer can check on a calculator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import List, Mapping, Optional, Sequence, Tuple

UNKNOWN = "缺数据"
M2_PER_HA = 10_000
MU_PER_HA = 15

LINES: Tuple[Tuple[str, str], ...] = (
    ("拆旧复垦建设用地", "reclaimed_m2"),
    ("建新新增建设用地", "added_m2"),
    ("建设用地净减少", "net_reduction_m2"),
    ("新增耕地", "cultivated_gain_m2"),
    ("占用耕地", "cultivated_loss_m2"),
    ("耕地净增加", "cultivated_net_gain_m2"),
)
"""Row of the table and line of the accounts (00-supplement 1.4, 1.5)."""

RESULTS: Tuple[Tuple[str, str], ...] = (("pass", "符合"), ("fail", "不符合"), ("warn", "提示"), ("unknown", "缺数据"))


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
    return [(name, *hectares_and_mu(figures.values.get(line))) for name, line in LINES]


def hectares_and_mu(area: Optional[float]) -> Tuple[str, str]:
    """Hectares with 4 decimals, and 15 times that as mu with 2; half away from zero (00-supplement 1.10)."""
    if area is None or area != area:
        return UNKNOWN, UNKNOWN
    hectares = _rounded(Decimal(repr(area)) / M2_PER_HA, "0.0001")
    return f"{hectares:f}", f"{_rounded(hectares * MU_PER_HA, '0.01'):f}"


def conclusion(figures: Figures) -> Tuple[str, str]:
    """The verdicts in two short lines: whether all hard rules hold, and the counts."""
    if not figures.verdicts:
        return UNKNOWN, "尚未进行指标平衡"
    hard = [verdict.result for verdict in figures.verdicts if verdict.hard]
    failed, unknown = hard.count("fail"), hard.count("unknown")
    if failed:
        head = f"强制性规则 {failed} 项不符合"
    elif unknown:
        head = f"强制性规则 {unknown} 项缺数据"
    else:
        head = "强制性规则全部符合"
    counts = [(word, sum(verdict.result == token for verdict in figures.verdicts)) for token, word in RESULTS]
    return head, "，".join(f"{word} {count} 项" for word, count in counts if count)


def _rounded(value: Decimal, places: str) -> Decimal:
    return value.quantize(Decimal(places), rounding=ROUND_HALF_UP)
