"""How much of the grades hangs on each weight.

Source: 07-potential 7.4 (±10 % on every weight, share of parcels that change grade).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.potential.weights import Floats
from three_opt_three_protect.core.progress import SILENT, Progress

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Change:
    """One weight moved by ``change`` (−0.1 = a tenth less), all brought to the sum 1 again.

    Attributes
    ----------
    weight
        As it is then.
    share
        Of the candidates that change their grade, 0–1; None without candidates.
    """

    indicator: str
    change: float
    weight: float
    share: Optional[float]


def sensitivity(
    ids: Sequence[str],
    weight: Floats,
    grade: Ints,
    regrade: Callable[[Floats], Ints],
    step: float,
    progress: Progress = SILENT,
) -> Tuple[Change, ...]:
    """Move every weight up and down by ``step`` and grade anew.

    Parameters
    ----------
    weight
        ``(k,)`` adding up to 1.
    grade
        ``(n,)`` grades with these weights.
    regrade
        Weights → grades, by the same way of scoring and grading.
    """
    found: List[Change] = []
    for row, name in enumerate(ids):
        progress.check(row / max(len(ids), 1))
        for change in (step, -step):
            moved = weight.copy()
            moved[row] *= 1.0 + change
            # One indicator alone, or a weight of 0, cannot be moved.
            moved = moved / moved.sum()
            share = float(np.mean(regrade(moved) != grade)) if len(grade) else None
            found.append(Change(name, change, float(moved[row]), share))
    return tuple(found)


def largest(changes: Sequence[Change]) -> Optional[float]:
    """The largest share of candidates that change their grade; None without any."""
    return max((each.share for each in changes if each.share is not None), default=None)
