"""Weights moved by a tenth."""

from __future__ import annotations

import numpy as np
import pytest

from three_opt_three_protect.core.potential.grades import grades
from three_opt_three_protect.core.potential.scores import scores
from three_opt_three_protect.core.potential.sensitivity import largest, sensitivity


def test_a_candidate_at_a_threshold_changes() -> None:
    """Score of the first is the first weight: 0.5, then 0.55/1.05 = 0.5238 or 0.45/0.95 = 0.4737."""
    normal = np.array([[1.0, 0.0], [1.0, 1.0]])
    weight = np.array([0.5, 0.5])

    def regrade(moved: np.ndarray) -> np.ndarray:
        return grades(scores(normal, moved, "ahp"), "thresholds", (0.75, 0.5, 0.25))

    found = sensitivity(("a", "b"), weight, regrade(weight), regrade, 0.1)
    assert [(one.indicator, one.change, one.share) for one in found] == [
        ("a", 0.1, 0.0), ("a", -0.1, 0.5), ("b", 0.1, 0.5), ("b", -0.1, 0.0)
    ]  # fmt: skip
    assert found[0].weight == pytest.approx(0.55 / 1.05)
    assert largest(found) == 0.5


def test_one_indicator_alone_moves_nothing() -> None:
    found = sensitivity(("a",), np.array([1.0]), np.array([1, 2]), lambda moved: np.array([1, 2]), 0.1)
    assert [(one.weight, one.share) for one in found] == [(1.0, 0.0), (1.0, 0.0)]


def test_without_candidates_there_is_no_share() -> None:
    found = sensitivity(("a",), np.array([1.0]), np.empty(0, int), lambda moved: np.empty(0, int), 0.1)
    assert [one.share for one in found] == [None, None]
    assert largest(found) is None
    assert largest(()) is None
