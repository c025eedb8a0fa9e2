"""The decision table of the self-check (专项自查): facts of a part of a parcel → its status.

The table is data (``resources/selfcheck/statuses.csv``); this module says which facts there are and tries the rows
in order.  Sources of the shipped rows: 06-balance 6.6, 00-supplement 1.10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import FrozenSet, Mapping, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import crossed
from three_opt_three_protect.core.severity import SEVERITIES

Ints = NDArray[np.int64]

KINDS: Tuple[str, ...] = (
    "unknown", "agricultural", "construction", "unused", "cultivated",
    "garden", "forest", "grass", "pond", "facility", "road", "cleared",
)  # fmt: skip
"""What a class is to the self-check. The first four are the three-class groups in the order of ``LandGroup``."""

_YES_NO = ("0", "1")

FACTS: Mapping[str, Tuple[str, ...]] = {
    "plot": ("none", "reclaim", "newbuild", "both"),
    "time": ("none", "undated", "later", "due", "accepted", "earlier"),
    "land": ("both", "before", "after"),
    "before": KINDS,
    "after": KINDS,
    "same": _YES_NO,
    "survey": _YES_NO,
    "kept": _YES_NO,
    "directed": _YES_NO,
    "target": ("none", "construction", "agricultural"),
    "planned": _YES_NO,
    "farmland": _YES_NO,
    "redline": ("0", "1", "2"),
    "approved": _YES_NO,
    "temporary": _YES_NO,
    "bulldozed": _YES_NO,
    "beyond": _YES_NO,
    "quota": ("none", "covered", "short", "unknown"),
}
"""Facts a row of the table may ask for, and their values."""


@dataclass(frozen=True)
class StatusRule:
    """One row of the table.

    Attributes
    ----------
    conditions
        Fact → the values with which the row holds; what is not named does not matter.
    severity
        ``error``, ``warning`` or ``info``.
    major
        重大: to be reported to the level above.
    account
        Group of statuses for totals.
    advice
        What to do, id of a sentence.
    basis, basis_status
        Legal basis and how far it is verified.
    """

    status: str
    conditions: Mapping[str, FrozenSet[str]]
    severity: str
    major: bool
    account: str
    advice: str
    basis: str
    basis_status: str

    @property
    def rank(self) -> int:
        """0 for the most serious severity."""
        return SEVERITIES.index(self.severity)


def decide(facts: Mapping[str, Ints], rules: Sequence[StatusRule]) -> Ints:
    """``(n,)`` row of the first rule whose conditions hold.

    Parameters
    ----------
    facts
        Every name of :data:`FACTS` → ``(n,)`` index of the value.
    rules
        The last one has no condition.
    """
    count = len(next(iter(facts.values())))
    if not count:
        return np.empty(0, dtype=np.int64)
    index, first = crossed([(facts[name], len(values)) for name, values in FACTS.items()])
    found = np.full(len(first), -1, dtype=np.int64)
    for number, rule in enumerate(rules):
        holds = found < 0
        for name, allowed in rule.conditions.items():
            fits = np.array([value in allowed for value in FACTS[name]], dtype=np.bool_)
            holds &= fits[facts[name][first]]
        found[holds] = number
    return np.asarray(found[index], dtype=np.int64)
