"""Reclamation potential from the base state to graded candidates and a table by village.

Source: 07-potential.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.findings import Finding
from three_opt_three_protect.core.potential.enterprises import low_efficient
from three_opt_three_protect.core.potential.grades import THRESHOLDS, grade_names, grade_thresholds, grades
from three_opt_three_protect.core.potential.indicators import Surroundings, indicators
from three_opt_three_protect.core.potential.notes import notes_on_grades, notes_on_land, notes_on_people
from three_opt_three_protect.core.potential.people import People, people_on, unknown_people
from three_opt_three_protect.core.potential.plotids import plot_ids
from three_opt_three_protect.core.potential.scores import Normalised, normalise, scores
from three_opt_three_protect.core.potential.sensitivity import Change, sensitivity
from three_opt_three_protect.core.potential.summary import Excluded, VillageSummary, excluded_land, village_summary
from three_opt_three_protect.core.potential.theory import MEAN, Realistic, Theory, realistic, theory
from three_opt_three_protect.core.potential.universe import Filters, Universe, universe
from three_opt_three_protect.core.potential.villageland import VillageLand
from three_opt_three_protect.core.potential.weights import (
    AHP,
    ENTROPY,
    Indicator,
    Judgement,
    Weights,
    default_judgement,
    weigh,
)
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import Profile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """How to weigh, to grade, and which theoretical potential counts.

    Attributes
    ----------
    method
        One of ``weights.METHODS``.
    grading
        One of ``grades.RULES``.
    theory
        One of ``theory.METHODS``, or ``mean``.
    judgement
        Weights stated or compared; None = those of the indicator list.
    """

    method: str = AHP
    grading: str = THRESHOLDS
    theory: str = MEAN
    judgement: Optional[Judgement] = None


@dataclass(frozen=True)
class Potential:
    """Candidates with everything that is known of them, ``(c,)`` each, and what follows for the villages.

    Attributes
    ----------
    indicators
        The list, in its order.
    values
        Indicator → ``(c,)``, NaN = unknown; one that is known nowhere is all NaN.
    score, grade
        0–1 and 1 …, 1 first.
    grade_names
        What grade 1 … is called.
    plot_id
        See :func:`~three_opt_three_protect.core.potential.plotids.plot_ids`.
    low_efficient
        1, 0 or NaN.
    changes
        What moving each weight does.
    ratio
        Consistency ratio of the comparisons, None where nothing was compared.
    """

    base: BaseState
    universe: Universe
    theory: Theory
    realistic: Realistic
    indicators: Tuple[Indicator, ...]
    values: Mapping[str, Floats]
    weights: Weights
    score: Floats
    grade: Ints
    grade_names: Tuple[str, ...]
    plot_id: Texts
    people: People
    low_efficient: Floats
    changes: Tuple[Change, ...]
    villages: VillageSummary
    excluded: Tuple[Excluded, ...]
    ratio: Optional[float]
    findings: Tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.universe)


def potential(
    base: BaseState,
    filters: Filters,
    around: Surroundings,
    land: VillageLand,
    listed: Sequence[Indicator],
    profile: Profile,
    choice: Choice,
    progress: Progress = SILENT,
) -> Potential:
    """Find the candidates, measure, weigh, score and grade them, and add up by village.

    Parameters
    ----------
    filters, around
        What excludes land, and what lies around; in the CRS of the base state.
    land
        Village land among the base pieces.
    listed
        The indicators.

    Raises
    ------
    InputError
        ``weights_on_nothing``.
    SchemaError
        A setting of the profile is missing or not what it must be.
    """
    found = universe(base, filters, profile, Part(progress, 0.0, 0.3))
    values = indicators(base, found, around, profile, Part(progress, 0.3, 0.4))
    progress.step("weighing", 0.3)
    rank = _ranked(listed, values, profile, choice, progress)
    possible = theory(base, found, filters.population, land, profile, choice.theory)
    real = realistic(base, found, possible, rank.score)
    limits, per_head = rank.limits, profile.number("land_per_head_m2")
    return Potential(
        base,
        found,
        possible,
        real,
        tuple(listed),
        {each.id: values.get(each.id, np.full(len(found), np.nan)) for each in listed},
        rank.weights,
        rank.score,
        rank.grade,
        grade_names(profile, len(limits) + 1),
        plot_ids(base.unit_code[found.rows], base.geometry[found.rows], base.spec.crs.metres_per_unit),
        _people(base, found, filters, land, profile),
        _low_efficient(base, found, around, profile),
        rank.changes,
        village_summary(
            base, found, possible, real, land.here, rank.score, rank.grade, limits, choice.grading, per_head
        ),
        excluded_land(base, found),
        rank.ratio,
        (
            *notes_on_land(base, found, land),
            *notes_on_people(possible, filters.population, profile),
            *rank.findings,
            *notes_on_grades(rank.grade, choice.grading, len(limits) + 1),
        ),
    )


@dataclass(frozen=True)
class _Ranking:
    """The candidates in order: weights, scores, grades on their limits, and what hangs on the weights."""

    limits: Tuple[float, ...]
    weights: Weights
    score: Floats
    grade: Ints
    changes: Tuple[Change, ...]
    ratio: Optional[float]
    findings: Tuple[Finding, ...]


def _ranked(
    listed: Sequence[Indicator],
    values: Mapping[str, Floats],
    profile: Profile,
    choice: Choice,
    progress: Progress,
) -> _Ranking:
    limits = grade_thresholds(profile)
    normal = normalise(listed, values)
    judgement = _judgement(listed, choice)
    weights = _weights(normal, judgement, choice, profile)

    def graded(weight: Floats) -> Tuple[Floats, Ints]:
        score = scores(normal.values, weight, choice.method)
        return score, grades(score, choice.grading, limits)

    score, grade = graded(weights.weight)
    step = profile.number("sensitivity_step")
    changes = sensitivity(weights.ids, weights.weight, grade, lambda moved: graded(moved)[1], step, progress)
    findings = (*judgement.findings, *normal.findings, *weights.findings)
    return _Ranking(limits, weights, score, grade, changes, judgement.ratio, findings)


def _judgement(listed: Sequence[Indicator], choice: Choice) -> Judgement:
    if choice.judgement is not None:
        return choice.judgement
    said = default_judgement(listed)
    # Entropy alone asks nobody.
    return said if choice.method != ENTROPY else Judgement(said.weight)


def _weights(normal: Normalised, judgement: Judgement, choice: Choice, profile: Profile) -> Weights:
    if not len(normal.values):
        nothing = np.empty(0)
        return Weights((), nothing, nothing, nothing)
    return weigh(normal.ids, normal.values, judgement, choice.method, profile.number("weight_blend"))


def _people(base: BaseState, found: Universe, filters: Filters, land: VillageLand, profile: Profile) -> People:
    if filters.population is None:
        return unknown_people(len(found))
    return people_on(base, found, filters.population, land.here, profile)


def _low_efficient(base: BaseState, found: Universe, around: Surroundings, profile: Profile) -> Floats:
    if around.enterprises is None:
        return np.full(len(found), np.nan)
    return low_efficient(base, found, around.enterprises, profile)
