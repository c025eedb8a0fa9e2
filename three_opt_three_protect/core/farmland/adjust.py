"""The adjustment as a whole: release, candidates, choice, accounts, verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.farmland import candidates, patches
from three_opt_three_protect.core.farmland.account import UnitRow, source_of, unit_rows
from three_opt_three_protect.core.farmland.choosing import Ground, compared, preferred
from three_opt_three_protect.core.farmland.facts import Bools, Facts, Floats, Ints, mean_grade, with_grades
from three_opt_three_protect.core.farmland.limits import Before, Offer, limits_of
from three_opt_three_protect.core.farmland.methods import BOTH, Method
from three_opt_three_protect.core.farmland.patches import Near
from three_opt_three_protect.core.farmland.release import NONE, Releases, releases
from three_opt_three_protect.core.farmland.scores import nearness, rising, scores, stated
from three_opt_three_protect.core.farmland.settings import Settings
from three_opt_three_protect.core.farmland.verdicts import Found, verdicts
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.nearest import distances
from three_opt_three_protect.core.plane import plane_of
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import Verdict
from three_opt_three_protect.core.tables import Geometries


@dataclass(frozen=True)
class Around:
    """Where nearness counts: towns and roads in the coordinates of the parcels, None = not given."""

    town: Optional[Geometries] = None
    roads: Optional[Geometries] = None


@dataclass(frozen=True)
class Adjustment:
    """Farmland before and after.

    Attributes
    ----------
    facts
        With the grades that were inferred.
    releases
        What leaves and why.
    excluded
        ``(n,)`` see :func:`candidates.by_place`.
    score
        ``(n,)`` of the candidates, NaN elsewhere.
    added
        ``(n,)`` bool.
    methods
        What each way of choosing found, greedy first.
    used
        The one that stands in ``added``.
    index
        Contiguity before and after, ha.
    rows
        T10.
    worst
        Grade that added land may not be worse than, NaN = no grades known.
    """

    base: BaseState
    facts: Facts
    settings: Settings
    releases: Releases
    excluded: Ints
    score: Floats
    added: Bools
    methods: Tuple[Method, ...]
    used: Method
    index: Tuple[float, float]
    rows: Tuple[UnitRow, ...]
    verdicts: Tuple[Verdict, ...]
    worst: float

    @property
    def township(self) -> UnitRow:
        """The row of the township."""
        return self.rows[-1]

    @property
    def source(self) -> Ints:
        """``(n,)`` row of :data:`account.SOURCES`."""
        return source_of(self.facts)


def adjust(
    base: BaseState,
    facts: Facts,
    settings: Settings,
    tasks: Mapping[str, float],
    around: Around,
    choice: str = BOTH,
    progress: Progress = SILENT,
) -> Adjustment:
    """Release what a listed reason asks for and add as little as keeps the conditions.

    Parameters
    ----------
    tasks
        Unit (``""`` = township) → m² of farmland to be kept, only where one is given; of villages without parcels
        nothing can be said, they are passed over.
    choice
        ``greedy``, ``optimal`` or ``both``.

    Raises
    ------
    InputError
        ``farmland_nowhere``: no farmland lies on the parcels.
    CrsError
        As :func:`three_opt_three_protect.core.plane.plane_of`.
    """
    if not base.in_farm.any():
        raise InputError("farmland_nowhere", layer=base.parcels.table.name)
    progress.step("farmland_grades", 0.2)
    land = _land(base, facts, settings, progress)
    progress.step("farmland_choice", 0.4)
    rows, offer, ground = _offered(base, land, settings, around, Part(progress, 0.0, 0.4))
    here = {"", *base.unit_code}
    wanted = {unit: round(task * 100) for unit, task in tasks.items() if unit in here}
    severity = {name: check.severity for name, check in settings.checks.items()}
    limits = limits_of(_before(base, land, ground.index, wanted), offer, settings.supplement_ratio, severity)
    methods = tuple(compared(limits, offer, ground, choice, Part(progress, 0.4, 0.6)))
    used = preferred(methods, ground)
    added = np.zeros(len(base.area), dtype=np.bool_)
    added[rows[np.asarray(used.chosen, dtype=np.bool_)]] = True
    score = np.full(len(base.area), np.nan)
    score[rows] = offer.score
    table = unit_rows(base, land.facts, settings.reasons, land.out.reason, added, wanted)
    index = (ground.index, used.index)
    said = verdicts(table, settings, _found(base, land, settings, added, index))
    return Adjustment(
        base, land.facts, settings, land.out, land.excluded, score, added, methods, used, index, table, said, land.worst
    )


@dataclass(frozen=True)
class _Land:
    """What is settled before anything is chosen.

    ``graded`` ``(n,)`` is the farmland whose grade counts, ``kept`` ``(m,)`` what of ``near`` stays farmland.
    """

    facts: Facts
    out: Releases
    excluded: Ints
    near: Near
    kept: Bools
    graded: Bools
    worst: float


def _land(base: BaseState, facts: Facts, settings: Settings, progress: Progress) -> _Land:
    """Releases, grades, neighbours and what may not come in."""
    out = releases(base, facts, settings)
    excluded = candidates.by_place(base, facts, settings)
    graded = base.in_farm & (facts.eligible | facts.accepted)
    facts = with_grades(base, facts, graded | (excluded == candidates.OPEN), settings.radius_m, progress)
    progress.step("farmland_patches", 0.4)
    found = patches.near(base, base.in_farm | (excluded == candidates.OPEN), settings.gap_m, progress)
    kept = (base.in_farm & ~out.released)[found.rows]
    beside = np.zeros(len(base.area), dtype=np.bool_)
    beside[found.rows] = patches.beside(found, kept)
    worst = _worst(facts, out, graded)
    excluded = candidates.by_grade(candidates.apart(excluded, beside), facts.grade, worst)
    return _Land(facts, out, excluded, found, kept, graded, worst)


def _offered(
    base: BaseState, land: _Land, settings: Settings, around: Around, progress: Progress
) -> Tuple[Ints, Offer, Ground]:
    """Rows of the candidates, what they offer and where they lie."""
    facts, near = land.facts, land.near
    rows = _from_north_west(base, np.flatnonzero(land.excluded == candidates.OPEN))
    number = np.searchsorted(near.rows, rows)
    touched = patches.touched_area(near, land.kept)[number]
    score = _scores(base, facts, settings, rows, touched, around, progress)
    units = [unit or "" for unit in base.unit_code[rows]]
    offer = Offer(facts.net[rows], units, facts.grade[rows], near.area[number], touched, score, facts.reserve[rows])
    index = patches.mean_patch(near, base.in_farm[near.rows])
    return rows, offer, Ground(near, land.kept, number, index)


def _from_north_west(base: BaseState, rows: Ints) -> Ints:
    """``rows`` as surveys count parcels, from the north-west: equal fields rank by place, not by the file's order."""
    west, south, east, north = shapely.bounds(base.geometry[rows]).reshape(-1, 4).T
    return np.asarray(rows[np.lexsort((base.area[rows], east, -south, west, -north))])


def _worst(facts: Facts, out: Releases, graded: Bools) -> float:
    """Grade of what is occupied, else of the farmland there is: nothing worse comes in (06-balance 6.4)."""
    occupied = mean_grade(facts.net, facts.grade, graded & out.released)
    return mean_grade(facts.net, facts.grade, graded) if np.isnan(occupied) else occupied


def _scores(
    base: BaseState, facts: Facts, settings: Settings, rows: Ints, touched: Floats, around: Around, progress: Progress
) -> Floats:
    """Town fringe, roadside, patch, grade and slope of the candidates."""
    town = _nearness(base, rows, around.town, settings.fringe_m, Part(progress, 0.0, 0.5))
    road = _nearness(base, rows, around.roads, settings.road_m, Part(progress, 0.5, 0.5))
    grade = facts.grade[rows]
    factors: Dict[str, Optional[Floats]] = {
        "town": town,
        "road": road,
        # Patches differ by orders of magnitude: by the logarithm the middle ones differ too.
        "patch": rising(np.log1p(touched)) if len(rows) else None,
        "grade": 1.0 - rising(grade) if (~np.isnan(grade)).any() else None,
        "slope": stated(facts.gentle[rows]),
    }
    return scores(factors, settings.weights, facts.reserve[rows])


def _nearness(
    base: BaseState, rows: Ints, targets: Optional[Geometries], reach_m: float, progress: Progress
) -> Optional[Floats]:
    if targets is None or not len(rows):
        return None
    plane = plane_of(base.spec.crs, base.geometry[rows])
    away = distances(plane.metres(base.geometry[rows]), plane.metres(targets), progress)
    return None if np.isnan(away).all() else nearness(away, reach_m)


def _before(base: BaseState, land: _Land, index: float, tasks: Mapping[str, int]) -> Before:
    facts, near = land.facts, land.near
    kept = base.in_farm & ~land.out.released
    kept_of: Dict[str, int] = {}
    for unit in tasks:
        if unit:
            kept_of[unit] = int(facts.net[kept & (base.unit_code == unit)].sum())
    mean = mean_grade(facts.net, facts.grade, land.graded)
    stays = kept & land.graded & ~np.isnan(facts.grade)
    moment = float((to_m2(facts.net[stays]) * (facts.grade[stays] - np.nan_to_num(mean))).sum())
    area = patches.patch_area(near, land.kept)
    return Before(
        int(facts.net[kept].sum()),
        int(facts.net[land.out.released].sum()),
        kept_of,
        tasks,
        mean,
        moment,
        index,
        float((near.area[land.kept] * area[land.kept]).sum()),
        float(near.area[land.kept].sum()),
    )


def _found(base: BaseState, land: _Land, settings: Settings, added: Bools, index: Tuple[float, float]) -> Found:
    facts, out = land.facts, land.out
    tokens = np.array([entry.token for entry in settings.reasons] + [""], dtype=np.object_)
    wanted = tokens[np.where(out.wanted == NONE, len(settings.reasons), out.wanted)]
    on_newbuild = np.isin(wanted.astype(str), ("newbuild", "key_project"))
    stays = base.in_farm & ~out.released
    ineligible = stays & facts.barred & ~out.slivers
    other = stays & (wanted != "") & ~on_newbuild & ~ineligible

    def m2(where: Bools) -> float:
        return float(to_m2(facts.net[where].sum()))

    counted = land.graded | added
    doubt = bool((counted & (facts.inferred | np.isnan(facts.grade))).any())
    unclassed = bool((stays & (base.group == LandGroup.UNKNOWN)).any())
    return Found(index[0], index[1], m2(ineligible), m2(stays & on_newbuild), m2(other), doubt, unclassed)
