"""Normalisation, weighted sum and TOPSIS by hand."""

from __future__ import annotations

from typing import Dict, List

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.potential.scores import NEUTRAL, normalise, scores
from three_opt_three_protect.core.potential.weights import Indicator

NAN = float("nan")


def indicator(name: str, rises: bool = True, needs: str = "") -> Indicator:
    return Indicator(name, "land", rises, 0.5, "m", needs, "", "practice")


def values(**columns: List[float]) -> Dict[str, np.ndarray]:
    return {name: np.array(column, dtype=float) for name, column in columns.items()}


def test_rising_and_falling() -> None:
    found = normalise((indicator("up"), indicator("down", False)), values(up=[10, 20, 30], down=[10, 20, 50]))
    assert found.ids == ("up", "down")
    assert found.values.tolist() == [[0.0, 1.0], [0.5, 0.75], [1.0, 0.0]]
    assert found.findings == ()


def test_the_unknown_takes_the_mean_and_is_counted() -> None:
    found = normalise((indicator("up"),), values(up=[0, NAN, 10, 2]))
    # the known are 0, 1 and 0.2: mean 0.4
    assert found.values[:, 0].tolist() == pytest.approx([0.0, 0.4, 1.0, 0.2])
    assert found.unknown.tolist() == [1]
    (said,) = found.findings
    assert (said.id, dict(said.values)) == (
        "potential_value_unknown", {"indicator": "up", "count": 1, "total": 4}
    )  # fmt: skip


def test_what_is_known_nowhere_is_left_out_and_what_would_give_it_is_named() -> None:
    listed = (indicator("up"), indicator("town_m", needs="boundary"), indicator("gone", needs="roads"))
    found = normalise(listed, values(up=[1, 2], town_m=[NAN, NAN]))
    assert found.ids == ("up",)
    assert [(one.id, one.values["indicator"]) for one in found.findings] == [
        ("potential_missing_boundary", "town_m"),
        ("potential_missing_roads", "gone"),
    ]


def test_infinite_is_unknown() -> None:
    assert normalise((indicator("up"),), values(up=[0, np.inf, 10])).values[:, 0].tolist() == [0.0, 0.5, 1.0]


def test_a_constant_says_nothing() -> None:
    found = normalise((indicator("same"), indicator("up")), values(same=[7, 7], up=[0, 1]))
    assert found.values[:, 0].tolist() == [NEUTRAL, NEUTRAL]
    for method in ("ahp", "topsis"):
        first, second = scores(found.values, np.array([0.5, 0.5]), method)
        assert first < second


def test_no_candidates() -> None:
    found = normalise((indicator("up"),), values(up=[]))
    assert (found.ids, found.values.shape, found.findings) == ((), (0, 0), ())
    assert len(scores(found.values, np.empty(0), "topsis")) == 0


def test_weighted_sum() -> None:
    normal = np.array([[1.0, 0.0], [0.5, 0.5], [1.0, 1.0], [0.0, 0.0]])
    assert scores(normal, np.array([0.7, 0.3]), "ahp").tolist() == [0.7, 0.5, 1.0, 0.0]


def test_topsis_by_hand() -> None:
    """Lengths √2 and 1, weights ½: v = (.3536, 0), (.3536, .5), (0, 0); best (.3536, .5), worst (0, 0)."""
    normal = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    near = 0.35355339 / (0.35355339 + 0.5)
    assert scores(normal, np.array([0.5, 0.5]), "topsis").tolist() == pytest.approx([near, 1.0, 0.0], abs=1e-6)


def test_topsis_of_equal_candidates() -> None:
    assert scores(np.full((3, 2), 0.5), np.array([0.5, 0.5]), "topsis").tolist() == [NEUTRAL] * 3
    assert scores(np.zeros((2, 2)), np.array([0.5, 0.5]), "topsis").tolist() == [NEUTRAL] * 2


columns = st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4)


@given(st.lists(columns, min_size=1, max_size=5), st.sampled_from(["ahp", "topsis"]))
def test_scores_stay_between_0_and_1_and_the_best_in_all_is_first(given_: List[List[float]], method: str) -> None:
    best = {f"i{number}": [*column, max(column)] for number, column in enumerate(given_)}
    found = normalise(tuple(indicator(name) for name in best), values(**best))
    weight = np.full(len(best), 1.0 / len(best))
    score = scores(found.values, weight, method)
    assert ((score >= 0) & (score <= 1)).all()
    assert score[-1] == score.max()
