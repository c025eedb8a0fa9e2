"""Account lines as sums over plots: a constant, and what each candidate and each site adds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.coefficients import Coefficients
from three_opt_three_protect.core.amounts import BASE_LINES, DERIVED, NEEDS, base_amounts
from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.optimiser.problem import Bools, Floats
from three_opt_three_protect.core.rules import Profile, Rule
from three_opt_three_protect.core.targets import Target, target_lines
from three_opt_three_protect.core.unclassed import WHOLE_UNIT

CONSTANT = "constant"
"""The key of a rule that adds its factor itself."""


@dataclass(frozen=True)
class Term:
    """``constant + Σ reclaim·chosen + Σ newbuild·chosen``; ``(n,)`` and ``(m,)``."""

    constant: float
    reclaim: Floats
    newbuild: Floats

    def plus(self, other: Term, factor: float = 1.0) -> Term:
        """The sum with ``factor`` times another."""
        return Term(
            self.constant + factor * other.constant,
            self.reclaim + factor * other.reclaim,
            self.newbuild + factor * other.newbuild,
        )


class Terms:
    """The account lines of candidates and sites.

    Parameters
    ----------
    coefficients
        What each plot does.
    profile, targets
        For the lines ``target.INDICATOR``.
    """

    def __init__(self, coefficients: Coefficients, profile: Profile, targets: Sequence[Target]) -> None:
        self.coefficients = coefficients
        self.profile = profile
        self.targets = {
            (line.unit_code, line.line): line.value for line in target_lines(targets, profile) if line.value is not None
        }
        self._base: Dict[Tuple[str, str], Optional[float]] = {}

    @property
    def nothing(self) -> Term:
        """0, whatever is chosen."""
        return self.fixed(0.0)

    def fixed(self, value: float) -> Term:
        """A value that no plot changes."""
        held = self.coefficients
        return Term(value, np.zeros(held.reclaim.count), np.zeros(held.newbuild.count))

    def of(self, line: str, unit: str = "") -> Optional[Term]:
        """The term of ``line`` for the township (``""``), a village or a natural village; None = not known."""
        if line == CONSTANT:
            return self.fixed(1.0)
        if line.startswith("target."):
            value = self.targets.get((unit, line))
            return None if value is None else self.fixed(value)
        if line == "intensity_pct":
            return self._intensity(unit)
        if line in self._of_plots and not unit:
            return self._of_plots[line]
        parts = DERIVED.get(line, {line: 1})
        found = [(self._areal(part, unit), factor) for part, factor in parts.items()]
        total = self.nothing
        for term, factor in found:
            if term is None:
                return None
            total = total.plus(term, factor)
        return total

    def signed(self, rule: Rule) -> Dict[str, float]:
        """Line → factor of left − right."""
        found: Dict[str, float] = {}
        for side, sign in ((rule.left, 1.0), (rule.right, -1.0)):
            for line, factor in side.items():
                weight = self.profile.number(factor) if isinstance(factor, str) else float(factor)
                found[line] = found.get(line, 0.0) + sign * weight
        return found

    def difference(self, rule: Rule, unit: str, but: Sequence[str] = ()) -> Tuple[Optional[Term], Tuple[str, ...]]:
        """Left − right without the lines ``but``; None and what is missing where it is not known."""
        total, missing = self.nothing, []
        for line, factor in self.signed(rule).items():
            if line in but:
                continue
            term = self.of(line, unit)
            if term is None:
                missing.append(line)
            else:
                total = total.plus(term, factor)
        return (None if missing else total), tuple(missing)

    def villages_with_target(self, line: str) -> List[str]:
        """Units other than the township that have a target of their own."""
        return sorted(unit for unit, name in self.targets if unit and name == line)

    def _intensity(self, unit: str) -> Optional[Term]:
        """Construction land as a percentage of all land."""
        built, total = self.of("construction_after_m2", unit), self._known_base("total_m2", unit)
        return None if built is None or not total else self.nothing.plus(built, 100.0 / total)

    def _areal(self, line: str, unit: str) -> Optional[Term]:
        held = self.coefficients
        if any(need not in held.facts for need in NEEDS.get(line, ())):
            return None
        if line in BASE_LINES:
            value = self._known_base(line, unit)
            return None if value is None else self.fixed(value)
        if line not in held.reclaim.amounts and line not in held.newbuild.amounts:
            return None
        sides = [
            side.of(line, unit) if line in side.amounts else np.zeros(side.count)
            for side in (held.reclaim, held.newbuild)
        ]
        return Term(0.0, sides[0], sides[1])

    def _known_base(self, line: str, unit: str) -> Optional[float]:
        if (line, unit) not in self._base:
            base = self.coefficients.base
            self._base[line, unit] = None if base is None else _base_sum(base, line, unit)
        return self._base[line, unit]

    @cached_property
    def _of_plots(self) -> Mapping[str, Term]:
        """Lines of the township that are no areas."""
        held = self.coefficients
        reclaim, none, one = held.reclaim_plots, np.zeros(held.newbuild.count), np.ones(held.reclaim.count)
        nothing = np.zeros(held.reclaim.count)
        found = {
            "credit_m2": Term(0.0, held.credit, none),
            "reclaim_plots": Term(0.0, one, none),
            "newbuild_plots": Term(0.0, nothing, none + 1.0),
            "newbuild_without_class": Term(0.0, nothing, (~held.class_known).astype(np.float64)),
            "plots_without_date": self.nothing,
        }
        numbers = {
            "households": reclaim.households,
            "population": reclaim.population,
            "reclaim_cost": reclaim.cost,
            "households_unsigned": reclaim.households - reclaim.signed,
        }
        # A sum over plots of which some are not known is not known.
        known = {line: Term(0.0, values, none) for line, values in numbers.items() if not np.isnan(values).any()}
        return {**found, **known}


def _base_sum(base: BaseState, line: str, unit: str) -> Optional[float]:
    """m² of a line of the base state; None where land of unknown class lies in the unit."""
    here = in_unit(base, unit)
    if line in WHOLE_UNIT and (here & (base.group == LandGroup.UNKNOWN)).any():
        return None
    return float(to_m2(int(base_amounts(base)[line][here].sum())))


def in_unit(base: BaseState, unit: str) -> Bools:
    """``(n,)`` bool, base pieces in the township (``""``), a village or a natural village (``code/name``)."""
    if not unit:
        return np.ones(len(base.area), dtype=np.bool_)
    village, _, settlement = unit.partition("/")
    inside = np.asarray(base.unit_code == village, dtype=np.bool_)
    return inside & np.asarray(base.settlement == settlement, dtype=np.bool_) if settlement else inside
