"""Grades: thresholds, exact natural breaks, quantiles."""

from __future__ import annotations

import itertools
from typing import List

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.potential.grades import RULES, grade_thresholds, grades, natural_breaks
from three_opt_three_protect.core.rules import Profile, Setting
from three_opt_three_protect.storage.catalogue import load_profile

LIMITS = (0.75, 0.5, 0.25)


def graded(score: List[float], rule: str) -> List[int]:
    return grades(np.array(score, dtype=float), rule, LIMITS).tolist()


def test_a_threshold_belongs_to_the_better_grade() -> None:
    assert graded([1, 0.75, 0.7499, 0.5, 0.25, 0.2499, 0], "thresholds") == [1, 1, 2, 2, 3, 4, 4]


def test_breaks_by_eye() -> None:
    assert graded([0.9, 0.91, 0.5, 0.52, 0.3, 0.1, 0.12], "breaks") == [1, 1, 2, 2, 3, 4, 4]


def test_quantiles_never_part_equal_scores() -> None:
    assert graded([0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], "quantiles") == [1, 1, 2, 2, 3, 3, 4, 4]
    # Of six, three share a score across a limit: they stay together, with the better.
    assert graded([0.9, 0.5, 0.5, 0.5, 0.1, 0.05], "quantiles") == [1, 1, 1, 1, 3, 4]


@pytest.mark.parametrize("rule", RULES)
def test_few_scores(rule: str) -> None:
    assert graded([], rule) == []
    assert len(set(graded([0.6, 0.6, 0.6], rule))) == 1
    one, other = graded([0.2, 0.9], rule)
    assert one > other == 1


def test_fewer_scores_than_classes_have_a_class_each() -> None:
    assert graded([0.2, 0.9, 0.2, 0.4], "breaks") == [3, 1, 3, 2]


def within(groups: List[np.ndarray]) -> float:
    return sum(float(((group - group.mean()) ** 2).sum()) for group in groups)


def brute_force(score: np.ndarray, classes: int) -> float:
    """Every way to part the sorted distinct scores."""
    distinct = np.unique(score)
    classes = min(classes, len(distinct))
    ordered = np.sort(score)
    return min(
        within(np.split(ordered, np.searchsorted(ordered, distinct[list(cut)])))
        for cut in itertools.combinations(range(1, len(distinct)), classes - 1)
    )


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=14), st.integers(1, 5))
def test_natural_breaks_are_the_best_there_are(score: List[int], classes: int) -> None:
    array = np.array(score) / 1000
    distinct, count = np.unique(array, return_counts=True)
    starts = natural_breaks(distinct, count, classes)
    assert len(starts) == min(classes, len(distinct))
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
    ordered = np.sort(array)
    groups = np.split(ordered, np.searchsorted(ordered, distinct[starts[1:]]))
    assert within(groups) == pytest.approx(brute_force(array, classes), abs=1e-12)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_a_grade_follows_from_the_score_alone(score: List[int], rule: str, chance: object) -> None:
    array = np.array(score) / 50
    found = grades(array, rule, LIMITS)
    order = list(range(len(score)))
    chance.shuffle(order)
    assert grades(array[order], rule, LIMITS).tolist() == found[order].tolist()
    best_first = found[np.argsort(-array)]
    assert (np.diff(best_first) >= 0).all()
    assert len(set(zip(score, found.tolist()))) == len(set(score))


def test_fifty_thousand_scores() -> None:
    """By trying every break this would never end."""
    score = np.random.default_rng(1).random(50_000)
    assert np.bincount(grades(score, "breaks", LIMITS), minlength=5)[1:].min() > 10_000


def test_thresholds_of_the_profile() -> None:
    assert grade_thresholds(load_profile("suzhou-2014")) == LIMITS


@pytest.mark.parametrize("stated", [{}, {"1": 0.5, "2": 0.5}, {"1": 0.2, "2": 0.4}, {"1": 0.5, "3": 0.4}])
def test_thresholds_must_fall(stated: dict) -> None:
    setting = Setting("potential_thresholds", stated, "score", "", "practice")
    with pytest.raises(SchemaError, match="thresholds_not_falling"):
        grade_thresholds(Profile("own", {}, {setting.key: setting}, ()))
