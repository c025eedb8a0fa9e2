"""Gaps of a plan, and the candidates that close them: verdict → offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.allocation.closing import Offer, close_gap
from three_opt_three_protect.core.allocation.coefficients import Coefficients, coefficients
from three_opt_three_protect.core.allocation.rows import FIRST
from three_opt_three_protect.core.allocation.taking import overlapping
from three_opt_three_protect.core.allocation.terms import Terms
from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.optimiser.problem import Bools, Floats
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import Profile, Rule, Verdict
from three_opt_three_protect.core.scenario import ReclaimPlots
from three_opt_three_protect.core.targets import Target


@dataclass(frozen=True)
class Gap:
    """A verdict that falls short and what closes it; no offers where no candidates can, or the rule is not linear."""

    verdict: Verdict
    offers: Tuple[Offer, ...]


class Remaining:
    """Candidates a plan does not have yet.

    Parameters
    ----------
    held
        The balance of the plan.
    candidates
        To be offered; those on land of the plan's plots are not.
    snap
        Metres, as of the balance.
    """

    def __init__(
        self,
        held: Balance,
        candidates: ReclaimPlots,
        profile: Profile,
        system: ClassSystem,
        targets: Sequence[Target] = (),
        snap: float = 0.0,
        progress: Progress = SILENT,
    ) -> None:
        none = held.newbuild.take(np.empty(0, dtype=np.int64))
        self.coefficients: Coefficients = coefficients(
            held.base, candidates, none, profile, system, snap, Part(progress, 0.0, 0.7)
        )
        self.allowed: Bools = _free(held, candidates, Part(progress, 0.7, 0.3)) & ~self.coefficients.outside[0]
        self.allowed &= ~self.coefficients.unclassed[0]
        self._terms = Terms(self.coefficients, profile, targets)
        self._rules = {rule.id: rule for rule in profile.rules}

    def offers(self, verdict: Verdict, count: int = 3) -> Tuple[Offer, ...]:
        """The best offers that close the gap of a verdict; none where its margin is not negative."""
        effect = None if verdict.margin is None else self.effect(self._rules[verdict.rule], verdict.unit_code)
        if effect is None or verdict.margin is None:
            return ()
        held = self.coefficients
        return close_gap(verdict.margin, effect, held.reclaim_plots.cost, self.allowed, count, held.conflicts)

    def effect(self, rule: Rule, unit: str = "") -> Optional[Floats]:
        """``(n,)`` what each candidate adds to the margin of a rule; None where that depends on the others.

        Over time: as much as it adds when it is reclaimed before the day on which the balance is least.
        """
        signed = self._terms.signed(rule)
        timed = [line for line in signed if line in FIRST]
        if timed:
            term = self._terms.of(FIRST[timed[0]][0], unit)
            return None if term is None or len(signed) > 2 else signed[timed[0]] * term.reclaim
        term, _ = self._terms.difference(rule, unit)
        return None if term is None else term.reclaim


def gaps(held: Balance, remaining: Remaining, count: int = 3) -> Tuple[Gap, ...]:
    """Every verdict that falls short, with the best offers for it."""
    short = [verdict for verdict in held.verdicts if verdict.margin is not None and verdict.margin < 0]
    return tuple(Gap(verdict, remaining.offers(verdict, count)) for verdict in short)


def _free(held: Balance, candidates: ReclaimPlots, progress: Progress) -> Bools:
    """``(n,)`` bool, candidates on land that no plot of the plan has."""
    plots = np.concatenate([held.reclaim.repaired.geometry, held.newbuild.repaired.geometry])
    pairs, _ = overlapping(candidates.repaired.geometry, plots, held.base.spec, progress)
    count = len(candidates)
    free = np.ones(count, dtype=np.bool_)
    taken: List[int] = pairs[(pairs[:, 0] < count) & (pairs[:, 1] >= count), 0].tolist()
    free[taken] = False
    return free
