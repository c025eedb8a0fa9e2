"""What a profile says of conflicts between lines and plots: how grave, on what basis, which line gives way.

Sources: 00-supplement 1.10 (06.4: a township moves no line; the procedure and the level that may), M13, M15 (order of
the lines), 1.5 (what may be reclaimed to inside the redline).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.conflicts import PAIRS, Places
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.rules import Profile

INFO = "info"
"""Severity of slivers and of what is allowed but must be known."""

NOBODY = "none"
"""No line gives way to the other by the order of lines."""


@dataclass(frozen=True)
class ConflictRule:
    """One kind and redline level: ``severity`` fail or warn, ``yields`` the line that gives way or :data:`NOBODY`."""

    severity: str
    yields: str
    basis: str
    status: str


@dataclass(frozen=True)
class LineChange:
    """How a line may be changed: procedure, and the levels of government it goes through, the lowest first."""

    procedure: str
    levels: Tuple[str, ...]
    basis: str
    status: str


def conflict_rule(profile: Profile, kind: str, level: int) -> ConflictRule:
    """The rule for ``kind``; second-level redline has its own where the profile states one.

    Raises
    ------
    SchemaError
        ``no_such_setting``, ``setting_is_no_mapping``.
    """
    key = f"conflict_{kind}"
    if level > 1 and f"{key}_level2" in profile.settings:
        key = f"{key}_level2"
    stated = profile.word_of(key)
    setting = profile.settings[key]
    return ConflictRule(stated["severity"], stated.get("yields", NOBODY), setting.basis, setting.status)


def line_change(profile: Profile, line: str) -> LineChange:
    """How ``line`` (farmland, boundary, redline) may be changed.

    Raises
    ------
    SchemaError
        ``no_such_setting``, ``setting_is_no_mapping``.
    """
    key = f"line_change_{line}"
    stated, setting = profile.word_of(key), profile.settings[key]
    return LineChange(stated["procedure"], tuple(stated["levels"].split()), setting.basis, setting.status)


@dataclass(frozen=True)
class Judged:
    """Conflicts, ``(n,)`` each: rows of the places, rule of each, and severity fail, warn or info."""

    place: NDArray[np.int64]
    rules: Tuple[ConflictRule, ...]
    severity: Texts


def judge(places: Places, profile: Profile, use: Texts, direction: Texts) -> Judged:
    """Which places are conflicts, and how grave.

    Parameters
    ----------
    use
        ``(n,)`` use of every new-build plot or None: only uses of ``uses_inside_boundary`` must lie inside.
    direction
        ``(n,)`` what every reclaim plot is reclaimed to: inside the redline ``redline_directions`` are allowed.
    """
    inside = set(profile.words("uses_inside_boundary"))
    allowed = set(profile.words("redline_directions"))
    rules: Mapping[Tuple[int, int], ConflictRule] = {
        (pair, level): conflict_rule(profile, PAIRS[pair].kind, level)
        for pair, level in {*zip(places.pair.tolist(), places.level.tolist())}
        if PAIRS[pair].conflict
    }
    found: List[int] = []
    severity: List[str] = []
    for row, (pair, first) in enumerate(zip(places.pair.tolist(), places.first.tolist())):
        kind = PAIRS[pair]
        if not kind.conflict or (kind.outside and use[first] not in inside):
            continue
        suits = kind.first == "reclaim" and direction[first] in allowed
        found.append(row)
        severity.append(INFO if suits or places.sliver[row] else rules[pair, int(places.level[row])].severity)
    place = np.array(found, dtype=np.int64)
    chosen = tuple(rules[int(places.pair[row]), int(places.level[row])] for row in found)
    return Judged(place, chosen, np.array(severity, dtype=np.object_))
