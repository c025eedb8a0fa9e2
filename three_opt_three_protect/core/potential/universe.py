"""Candidates of reclamation (复垦备选): all stock construction land less what may not be reclaimed.

Sources: 07-potential 7.5; 00-supplement 1.4.2 (trunk roads and works stay), 1.5 (redline: no new cultivated land),
1.10 (universe), 2 M1, M2, M6, M24; consent and legal origin are filters by stage, never scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import APPROVED_UNBUILT, BaseState, Bools
from three_opt_three_protect.core.factor import Texts, is_none
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import UNITS_PER_M2, to_units
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.potential.newcultivated import kinds, new_cultivated_rates, too_little_together
from three_opt_three_protect.core.potential.patches import edges_beside, edges_kept, patches
from three_opt_three_protect.core.potential.population import NOWHERE, Population, nobody
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import CULTIVATED
from three_opt_three_protect.core.sharededges import SharedEdges

NONE, PLANNING, IMPLEMENTATION = "none", "planning", "implementation"
"""Stages: whose consent is asked for."""

ECOLOGICAL = "ecological"
"""The direction of what lies in the redline; the rest starts as cultivated land."""

REASONS: Tuple[str, ...] = (
    "illegal",
    "approved",
    "inside_boundary",
    "transport_water",
    "special_use",
    "retained",
    "heritage",
    "past_project",
    "corridor",
    "consent",
    "right_type",
    "too_small",
)
"""Why construction land is no candidate, in the order in which the first that holds is given.

``illegal``: the survey shows construction land, the base state does not (built without approval, temporary use).
``approved``: construction land in the base state only, because an approval stands, or approved anew and not yet built
on.  ``special_use``: military, religious, burial grounds (``special_classes``).  ``too_small``: the patch of
touching candidates that all the rest leaves is below ``min_candidate_m2``.
"""


@dataclass(frozen=True)
class Filters:
    """What else excludes.

    Attributes
    ----------
    retained, heritage, past_projects, corridor
        Columns of ``base.others`` of these layers, None = not given. The corridor is the roads' (profile
        ``road_corridor_m``), see ``core.plane.widened``.
    stage
        ``none``, ``planning`` or ``implementation``.
    population
        Consent, signatures, legal origin, class and retention of natural villages; None = not given.
    """

    retained: Optional[int] = None
    heritage: Optional[int] = None
    past_projects: Optional[int] = None
    corridor: Optional[int] = None
    stage: str = NONE
    population: Optional[Population] = None


@dataclass(frozen=True)
class Universe:
    """The candidates, ``(c,)`` each, and the rest of the construction land.

    Attributes
    ----------
    rows
        Int64 rows of base pieces, ascending; a candidate is one piece.
    kind
        homestead, industry or other.
    patch
        Int64 number of the patch of touching candidates, 0 …
    patch_area
        ``(p,)`` int64 hundredths of a m² of every patch.
    direction
        cultivated, or ecological in the redline.
    rate
        New cultivated ratio 0–1 by kind and patch; 0 in the redline.
    gain
        Int64 hundredths: new cultivated land; 0 in the redline, and where too little cultivated land would lie
        together.
    population_row
        Int64 row of the population table, −1 = none.
    edges
        Edges that candidates (``shape``, 0 … c−1) share with base pieces (``other``, rows of base pieces), metres.
    excluded
        Reason (:data:`REASONS`, in that order) → int64 rows of base pieces; a reason that excludes nothing has none.
    unknown
        ``consent``, ``right_type`` → candidates kept because nothing is known of theirs; only what the stage asks for.
    unchecked
        Reasons that could not be looked at because their layer was not given.
    """

    rows: Ints
    kind: Texts
    patch: Ints
    patch_area: Ints
    direction: Texts
    rate: NDArray[np.float64]
    gain: Ints
    population_row: Ints
    edges: SharedEdges
    excluded: Mapping[str, Ints]
    unknown: Mapping[str, int]
    unchecked: Tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)


def universe(base: BaseState, filters: Filters, profile: Profile, progress: Progress = SILENT) -> Universe:
    """Find the candidates; what is excluded is listed with its reason.

    Candidates and excluded pieces together are all pieces that are construction land in the base state or in the
    survey: their areas add up to the last 0.01 m².

    Raises
    ------
    CrsError
        ``plan_too_large_for_degrees``, see :func:`three_opt_three_protect.core.plane.plane_of`.
    """
    people = nobody() if filters.population is None else filters.population
    row = people.rows_of(base.unit_code, base.settlement)
    reason = _reasons(base, filters, people, row, profile)
    open_ = np.flatnonzero(reason == _CANDIDATE)
    edges = edges_beside(base, open_, progress)
    patch = patches(edges, open_, len(base.area))
    size = np.zeros(patch.max(initial=-1) + 1, dtype=np.int64)
    np.add.at(size, patch, base.area[open_])
    large = size[patch] >= to_units(np.array([profile.number("min_candidate_m2")]))[0]
    reason[open_[~large]] = REASONS.index("too_small")
    rows = open_[large]
    kept, number = np.unique(patch[large], return_inverse=True)
    kind = kinds(base, rows, profile)
    redline = base.redline[rows] > 0
    rate = np.where(redline, 0.0, new_cultivated_rates(kind, size[kept][number], profile))
    edges = edges_kept(edges, large)
    barred = too_little_together(base, rows, profile)
    gain = np.minimum(to_units(rate * base.area[rows] / UNITS_PER_M2), base.area[rows])
    return Universe(
        rows,
        kind,
        number.astype(np.int64),
        size[kept],
        np.where(redline, ECOLOGICAL, CULTIVATED).astype(np.object_),
        rate,
        np.where(barred, 0, gain),
        row[rows],
        edges,
        {word: np.flatnonzero(reason == place) for place, word in enumerate(REASONS) if (reason == place).any()},
        _unknown(people, row[rows], filters.stage),
        _unchecked(base, filters),
    )


_CANDIDATE, _NO_CONSTRUCTION = -1, -2


def _reasons(base: BaseState, filters: Filters, people: Population, row: Ints, profile: Profile) -> Ints:
    """``(n,)`` index into :data:`REASONS` of every base piece but ``too_small``, else one of the two above."""
    survey = base.parcels.classes.group[base.parcel] == LandGroup.CONSTRUCTION
    construction = base.group == LandGroup.CONSTRUCTION
    kept, special = set(profile.words("classes_kept")), set(profile.words("special_classes"))
    consent, right_type = _refused(people, row, filters.stage, profile)
    holds: Mapping[str, Bools] = {
        "illegal": survey & ~construction,
        "approved": construction & (base.converted | base.inside(APPROVED_UNBUILT)),
        "inside_boundary": base.in_bound,
        "transport_water": base.class_base.where(lambda code: code in kept),
        "special_use": base.class_base.where(lambda code: code in special),
        "retained": _inside(base, filters.retained) | _retained(people, row, profile),
        "heritage": _inside(base, filters.heritage),
        "past_project": _inside(base, filters.past_projects),
        "corridor": _inside(base, filters.corridor),
        "consent": consent,
        "right_type": right_type,
    }
    reason = np.where(survey | construction, _CANDIDATE, _NO_CONSTRUCTION).astype(np.int64)
    for place, word in enumerate(REASONS):
        if word in holds:
            reason[(reason == _CANDIDATE) & holds[word]] = place
    return reason


def _inside(base: BaseState, column: Optional[int]) -> Bools:
    if column is None:
        return np.zeros(len(base.area), dtype=np.bool_)
    return np.asarray(base.others[:, column] >= 0)


def _of_row(values: Bools, row: Ints) -> Bools:
    """``values[row]``, False where there is no row."""
    return np.asarray(np.append(values, False)[row])


def _retained(people: Population, row: Ints, profile: Profile) -> Bools:
    """Natural villages that the layout plan keeps, by class or by name."""
    return _of_row((people.retained == 1) | people.of_class(profile.words("retained_village_classes")), row)


def _refused(people: Population, row: Ints, stage: str, profile: Profile) -> Tuple[Bools, Bools]:
    """Where the stage asks for consent or legal origin and is told that it is not there (00-supplement 2 M1, M6).

    A table that states legal origins says of a place without one that it has none.
    """
    never = np.zeros(len(people), dtype=np.bool_)
    voted = people.consent < profile.number("consent_vote_share") if stage in (PLANNING, IMPLEMENTATION) else never
    if stage != IMPLEMENTATION:
        return _of_row(voted, row), _of_row(never, row)
    without = is_none(people.right_type)
    return _of_row(voted | (people.unsigned == 1), row), _of_row(without & ~without.all(), row)


def _unknown(people: Population, row: Ints, stage: str) -> Mapping[str, int]:
    """Candidates of which nothing is known that the stage asks for."""
    if stage not in (PLANNING, IMPLEMENTATION):
        return {}
    if stage == PLANNING:
        consent = np.isnan(people.consent)
        return {"consent": int((_of_row(consent, row) | (row == NOWHERE)).sum())}
    right = is_none(people.right_type)
    return {
        "consent": int((_of_row(np.isnan(people.unsigned), row) | (row == NOWHERE)).sum()),
        "right_type": int((_of_row(right, row) | (row == NOWHERE)).sum()),
    }


def _unchecked(base: BaseState, filters: Filters) -> Tuple[str, ...]:
    people = filters.population
    nothing_retained = filters.retained is None and (
        people is None or bool(is_none(people.settlement_class).all() and np.isnan(people.retained).all())
    )
    missing = {
        "inside_boundary": "boundary" not in base.given,
        "retained": nothing_retained,
        "heritage": filters.heritage is None,
        "past_project": filters.past_projects is None,
        "corridor": filters.corridor is None,
    }
    return tuple(word for word in REASONS if missing.get(word, False))
