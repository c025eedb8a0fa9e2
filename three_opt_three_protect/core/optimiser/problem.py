"""What is to be chosen from, under which limits, and what was chosen.

Everything planning knows is in the numbers: a limit does not say what it is about except by its id, which
messages and tables cite.  Areas are m², money yuan, edges metres; ``search`` scales them for the solver.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional, Tuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

NOT_CHOSEN = -1
"""The phase of a plot that is not in the plan."""

ALONE = -1
"""The group of a plot that goes with no other."""

OPTIMAL, GAP, TIME_LIMIT, INFEASIBLE, CANCELLED = "optimal", "gap", "time_limit", "infeasible", "cancelled"
"""How a search ended. ``gap`` is also a stop at the node limit; what was reached stands in the plan."""


@dataclass(frozen=True)
class Limit:
    """``constant + Σ reclaim·chosen + Σ newbuild·chosen ≥ 0``, over the plots of some phases.

    Attributes
    ----------
    id
        Id of the rule, target or account (``reclaim_first``, ``demand.industry``, ``reclaim_task``).
    unit_code
        Village, ``""`` = the township.
    unit
        ``m2``, ``yuan``, ``households``, …: what ``constant`` and the coefficients are in.
    reclaim, newbuild
        ``(n,)`` of the reclaim candidates and ``(m,)`` of the sites: what one of them adds.
    reclaim_phases, newbuild_phases
        First and last index (inclusive) of the phases whose plots count; last before first = none count.
        Reclaim-first through phase 1 counts ``(0, 1)`` on both sides; resettlement that must stand a phase
        earlier counts new-build ``(0, 0)`` against reclaim ``(0, 1)``.
    year
        Of the phase it is about, None = the plan as a whole.
    hard
        False: a rule that only warns; given up first when not all can be kept.
    """

    id: str
    unit_code: str
    unit: str
    constant: float
    reclaim: Floats
    newbuild: Floats
    reclaim_phases: Tuple[int, int]
    newbuild_phases: Tuple[int, int]
    year: Optional[int] = None
    hard: bool = True


@dataclass(frozen=True)
class Objective:
    """To be made as small as possible: ``Σ reclaim·chosen + Σ newbuild·chosen − Σ pair_gain·(both chosen)``.

    Attributes
    ----------
    name
        cost, cultivated, households, contiguity or weighted.
    unit
        Of the value, ``""`` for weighted.
    reclaim, newbuild
        ``(n,)``, ``(m,)``; what is to be large is negative here.
    pairs
        ``(k, 2)`` int64 rows of two candidates, the first smaller.
    pair_gain
        ``(k,)`` ≥ 0, gained when both are chosen, in whatever phases.
    constant
        Added to the value.
    """

    name: str
    unit: str
    reclaim: Floats
    newbuild: Floats
    pairs: Ints = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))
    pair_gain: Floats = field(default_factory=lambda: np.empty(0))
    constant: float = 0.0


@dataclass(frozen=True)
class Problem:
    """Reclaim candidates and new-build sites, taken whole, each in at most one phase.

    Attributes
    ----------
    phases
        Years, ascending.
    reclaim_open, newbuild_open
        ``(n, phases)``, ``(m, phases)`` bool: where a plot may be put; a row of False is locked out.
    reclaim_fixed, newbuild_fixed
        ``(n,)``, ``(m,)`` bool: must be chosen.
    group
        ``(n,)`` int64: candidates of one number are chosen together and in one phase (a natural village), or
        :data:`ALONE`.
    conflicts
        ``(c, 2)`` int64: plots of which at most one is chosen. Candidates are 0 … n−1, sites n … n+m−1.
    reclaim_id, newbuild_id
        ``(n,)``, ``(m,)`` plot ids, for messages.
    """

    phases: Tuple[int, ...]
    limits: Tuple[Limit, ...]
    objective: Objective
    reclaim_open: Bools
    newbuild_open: Bools
    reclaim_fixed: Bools
    newbuild_fixed: Bools
    group: Ints
    conflicts: Ints
    reclaim_id: Texts
    newbuild_id: Texts


@dataclass(frozen=True)
class Effort:
    """When a search stops.

    Attributes
    ----------
    gap
        Share of the value (0.01 = 1 %) between the plan found and the bound.
    seconds
        None = no limit. A run ended by time may end elsewhere next time; the others never do.
    nodes
        Most branch-and-bound nodes of one solve, None = no limit.
    seed
        Of the solver.
    """

    gap: float = 0.01
    seconds: Optional[float] = None
    nodes: Optional[int] = None
    seed: int = 1


@dataclass(frozen=True)
class Reason:
    """Why a limit cannot be kept.

    Attributes
    ----------
    id, unit_code, unit, year
        Of the limit.
    short_by
        How much is missing, in ``unit``.
    kind
        ``alone``: not even with all plots that help it; ``together``: only at the cost of other limits, which
        ``others`` names; ``whole``: parts of plots would do, whole plots do not; ``fixed``: plots locked in
        exclude each other.
    others
        Ids of the limits it competes with.
    given_up
        A rule that only warns and was left out so that there is a plan.
    """

    id: str
    unit_code: str
    unit: str
    short_by: float
    kind: str
    year: Optional[int] = None
    others: Tuple[str, ...] = ()
    given_up: bool = False


@dataclass(frozen=True)
class Plan:
    """What was chosen, and how sure it is.

    Attributes
    ----------
    status
        :data:`OPTIMAL`, :data:`GAP`, :data:`TIME_LIMIT`, :data:`INFEASIBLE` or :data:`CANCELLED`.
    reclaim_phase, newbuild_phase
        ``(n,)``, ``(m,)`` int64 index of the phase or :data:`NOT_CHOSEN`.
    value, bound, gap
        Of the objective as it is minimised; no plan is better than ``bound``. None when there is no plan.
    reasons
        Why there is none, or which warnings were given up.
    nodes
        Branch-and-bound nodes looked at.
    """

    status: str
    reclaim_phase: Ints
    newbuild_phase: Ints
    value: Optional[float]
    bound: Optional[float]
    gap: Optional[float]
    reasons: Tuple[Reason, ...] = ()
    nodes: int = 0

    @property
    def found(self) -> bool:
        """There is a plan."""
        return self.value is not None
