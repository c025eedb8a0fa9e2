"""What the planner is told beside the figures of the potential: what is unknown, unchecked, or strikes the eye."""

from __future__ import annotations

from typing import Dict, List, Optional

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.errors import Value
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.potential.grades import THRESHOLDS
from three_opt_three_protect.core.potential.newcultivated import INDUSTRY
from three_opt_three_protect.core.potential.population import Population
from three_opt_three_protect.core.potential.theory import Theory
from three_opt_three_protect.core.potential.universe import Universe
from three_opt_three_protect.core.potential.villageland import VillageLand
from three_opt_three_protect.core.rules import Profile

_NAMED = 3
"""Villages or words that a message names."""


def notes_on_land(base: BaseState, found: Universe, land: VillageLand) -> List[Finding]:
    """No candidates, what could not be looked at, candidates of which too little is known, what village land is."""
    unchecked = [Finding(f"potential_unchecked_{reason}", WARNING, "", {}) for reason in found.unchecked]
    unknown = [
        Finding(f"potential_unknown_{what}", WARNING, "", {"count": count})
        for what, count in found.unknown.items()
        if count
    ]
    told = Finding(f"potential_land_{land.told_by}", INFO, "", {})
    return [*_nothing(base, found), *unchecked, *unknown, *_soil(base, found), told]


def _soil(base: BaseState, found: Universe) -> List[Finding]:
    """Works: their soil must be looked into before it may become cultivated land (00-supplement 1.5, 2 M4)."""
    works = found.rows[(found.kind == INDUSTRY) & (found.gain > 0)]
    if not len(works):
        return []
    values: Dict[str, Value] = {"count": len(works), "area": float(to_m2(base.area[works].sum()))}
    return [Finding("potential_soil_unknown", INFO, "", values)]


def _nothing(base: BaseState, found: Universe) -> List[Finding]:
    if len(found):
        return []
    area = {reason: float(to_m2(base.area[rows].sum())) for reason, rows in found.excluded.items()}
    if not area:
        return [Finding("potential_no_construction", WARNING, "", {})]
    most = max(area, key=lambda reason: area[reason])
    values: Dict[str, Value] = {"area": round(sum(area.values()), 2), "reason": most, "part": round(area[most], 2)}
    return [Finding("potential_no_candidates", WARNING, "", values)]


def notes_on_people(possible: Theory, people: Optional[Population], profile: Profile) -> List[Finding]:
    """Villages whose people are unknown, and with them the township's; classes that neither keep nor free a village."""
    if people is None:
        return []
    found = []
    unknown = np.isnan(possible.population) & (possible.village_land > 0)
    if unknown.any():
        codes = [str(code) or "–" for code in possible.unit_code[unknown]]
        found.append(Finding("potential_people_unknown", WARNING, "", {"count": len(codes), "names": _listed(codes)}))
    known = people.of_class(profile.words("retained_village_classes") + profile.words("reclaimed_village_classes"))
    words = sorted({str(word) for word in people.settlement_class[~known] if word is not None})
    if words:
        found.append(Finding("potential_class_unknown", WARNING, "", {"names": _listed(words)}))
    return found


def _listed(names: List[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def notes_on_grades(grade: NDArray[np.int64], rule: str, classes: int) -> List[Finding]:
    """Thresholds are for scores of any plan: a sum of many indicators seldom reaches the highest."""
    if rule != THRESHOLDS or not len(grade):
        return []
    absent = [str(each) for each in range(1, classes + 1) if each not in grade]
    return [Finding("potential_grades_empty", INFO, "", {"names": ", ".join(absent)})] if absent else []
