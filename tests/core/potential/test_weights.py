"""Weights by comparison in pairs and by entropy, by hand."""

from __future__ import annotations

from typing import List, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.potential.weights import (
    AHP,
    COMBINED,
    ENTROPY,
    TOPSIS,
    Indicator,
    Judgement,
    compared_judgement,
    default_judgement,
    entropy_weights,
    least_fitting,
    reciprocal,
    stated_judgement,
    weigh,
)
from three_opt_three_protect.storage.catalogue import load_profile

PROFILE = load_profile("suzhou-2014")
NAN = float("nan")
positive = st.floats(0.2, 5.0)


def judged(rows: Sequence[Sequence[float]]) -> Judgement:
    ids = "abcdefghijklmnopqrst"[: len(rows)]
    return compared_judgement(tuple(ids), np.array(rows, dtype=float), PROFILE, "权重表")


def error(rows: Sequence[Sequence[float]]) -> InputError:
    with pytest.raises(InputError) as caught:
        judged(rows)
    return caught.value


def test_two_indicators_cannot_contradict_each_other() -> None:
    found = judged([[1, 3], [1 / 3, 1]])
    assert found.weight == pytest.approx({"a": 0.75, "b": 0.25})
    assert found.ratio == 0.0
    assert judged([[1]]).weight == {"a": 1.0}


def test_a_textbook_matrix() -> None:
    """1 3 5 / 1/3 1 3 / 1/5 1/3 1: Saaty's example, λ = 3.0385, CR = 0.0332 with RI 0.58."""
    found = judged([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]])
    assert list(found.weight.values()) == pytest.approx([0.6370, 0.2583, 0.1047], abs=5e-5)
    assert found.ratio == pytest.approx(0.0385 / 2 / 0.58, abs=2e-4)


def test_an_empty_lower_half_follows_from_the_upper() -> None:
    assert judged([[NAN, 3, 5], [NAN, NAN, 3], [NAN, NAN, NAN]]).weight == pytest.approx(
        judged([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]).weight
    )


@given(st.lists(positive, min_size=1, max_size=15))
def test_consistent_comparisons_give_back_the_weights(weight: List[float]) -> None:
    share = np.array(weight) / sum(weight)
    found = judged((share[:, None] / share[None, :]).tolist())
    assert list(found.weight.values()) == pytest.approx(share.tolist())
    assert found.ratio == pytest.approx(0.0, abs=1e-9)


@given(st.integers(3, 8), st.data())
def test_the_vector_is_an_eigenvector(count: int, data: st.DataObject) -> None:
    weight = np.array(data.draw(st.lists(positive, min_size=count, max_size=count)))
    noise = np.triu(
        np.array(data.draw(st.lists(st.floats(0.9, 1.1), min_size=count**2, max_size=count**2))).reshape(count, count),
        1,
    )
    full = weight[:, None] / weight[None, :]
    full = np.where(noise > 0, full * noise, 1.0)
    matrix = np.triu(full) + np.tril(1 / full.T, -1)
    vector = np.array(list(judged(matrix.tolist()).weight.values()))
    image = matrix @ vector
    assert np.ptp(image / vector) < 1e-9
    assert vector.sum() == pytest.approx(1.0)


def test_the_entry_that_disagrees_is_named_with_what_would_fit() -> None:
    """a is twice b, b twice c: a should be four times c, not a ninth of it."""
    told = error([[1, 2, 1 / 9], [1 / 2, 1, 2], [9, 1 / 2, 1]])
    assert told.message_id == "pairwise_inconsistent"
    assert (told.values["limit"], told.values["layer"]) == (0.1, "权重表")
    assert told.values["ratio"] > 0.1


def test_with_many_indicators_the_planted_entry_is_found() -> None:
    weight = np.array([8.0, 4.0, 2.0, 1.0])
    matrix = weight[:, None] / weight[None, :]
    matrix[1, 3], matrix[3, 1] = 1 / 9, 9
    told = error(matrix.tolist())
    assert (told.values["first"], told.values["second"]) == ("b", "d")
    assert (told.values["value"], told.values["fits"]) == ("1/9", "4")
    assert least_fitting(matrix)[:2] == (1, 3)
    matrix[1, 3], matrix[3, 1] = 4, 1 / 4
    assert judged(matrix.tolist()).ratio == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("rows", "message_id", "named"),
    [
        ([[1, 2], [0.4, 1]], "pairwise_not_reciprocal", {"first": "a", "second": "b", "value": "2", "other": "1/2.5"}),
        ([[1, -2], [NAN, 1]], "pairwise_not_positive", {"value": "-2"}),
        ([[1, 0], [NAN, 1]], "pairwise_not_positive", {"value": "0"}),
        ([[1, float("inf")], [NAN, 1]], "pairwise_not_positive", {}),
        ([[1, NAN], [NAN, 1]], "pairwise_missing", {"first": "a", "second": "b"}),
        ([[2, 1], [1, 1]], "pairwise_not_reciprocal", {"first": "a", "second": "a"}),
        ([[1, 2, 3], [0.5, 1, 1]], "pairwise_not_square", {"rows": 2, "columns": 3}),
    ],
)
def test_a_matrix_that_is_none(rows: Sequence[Sequence[float]], message_id: str, named: dict) -> None:
    told = error(rows)
    assert told.message_id == message_id
    assert {key: told.values[key] for key in named} == named


def test_more_indicators_than_the_random_index_knows() -> None:
    told = error(np.ones((16, 16)).tolist())
    assert (told.message_id, told.values["count"], told.values["most"]) == ("pairwise_too_large", 16, 15)


def test_nothing_to_compare() -> None:
    with pytest.raises(InputError, match="pairwise_not_square"):
        reciprocal((), np.empty((0, 0)), "权重表")


def test_stated_weights_are_brought_to_one_and_that_is_said() -> None:
    found = stated_judgement({"a": 3.0, "b": 1.0, "c": 0.0}, "权重表")
    assert found.weight == {"a": 0.75, "b": 0.25, "c": 0.0}
    assert [(one.id, one.values["sum"]) for one in found.findings] == [("weights_normalised", 4.0)]
    assert stated_judgement({"a": 0.5, "b": 0.5}, "权重表").findings == ()


@pytest.mark.parametrize("weight", [-0.1, NAN, float("inf")])
def test_a_weight_that_is_none(weight: float) -> None:
    with pytest.raises(InputError, match=r"weight_negative: layer=权重表, indicator=a"):
        stated_judgement({"a": weight, "b": 1.0}, "权重表")


def test_no_weight_at_all() -> None:
    with pytest.raises(InputError, match="weights_all_zero"):
        stated_judgement({"a": 0.0}, "权重表")


def test_entropy_by_hand() -> None:
    """Column one tells nothing; two: p = 0, 0, 1, e = 0; three: p = 0, ½, ½, e = ln 2 / ln 3 = 0.6309."""
    normal = np.array([[0.5, 0.0, 0.0], [0.5, 0.0, 0.5], [0.5, 1.0, 0.5]])
    weight, tells = entropy_weights(normal)
    assert tells
    assert weight.tolist() == pytest.approx([0.0, 1 / 1.36907, 0.36907 / 1.36907], abs=1e-5)


@pytest.mark.parametrize("normal", [np.full((4, 2), 0.5), np.array([[0.2, 0.9]]), np.empty((0, 2))])
def test_nothing_tells_candidates_apart(normal: np.ndarray) -> None:
    weight, tells = entropy_weights(normal)
    assert (weight.tolist(), tells) == ([0.5, 0.5], False)


@given(st.integers(1, 30), st.integers(1, 6), st.randoms(use_true_random=False))
def test_entropy_weights_add_up(count: int, columns: int, chance: object) -> None:
    normal = np.array([[chance.random() for _ in range(columns)] for _ in range(count)])
    weight, _ = entropy_weights(normal)
    assert weight.sum() == pytest.approx(1.0)
    assert (weight >= 0).all()


NORMAL = np.array([[0.0, 0.0], [0.0, 0.5], [1.0, 0.5]])
"""Entropy: 1 / 1.36907 and 0.36907 / 1.36907."""


def test_the_methods() -> None:
    said = Judgement({"a": 0.2, "b": 0.3, "gone": 0.5})
    entropy = np.array([1.0, 0.36907]) / 1.36907
    for method, expected in (
        (AHP, [0.4, 0.6]),
        (TOPSIS, [0.4, 0.6]),
        (ENTROPY, entropy),
        (COMBINED, 0.25 * np.array([0.4, 0.6]) + 0.75 * entropy),
    ):
        found = weigh(("a", "b"), NORMAL, said, method, 0.25)
        assert found.weight.tolist() == pytest.approx(list(expected), abs=1e-5)
        assert found.judged.tolist() == pytest.approx([0.4, 0.6])
        assert found.entropy.tolist() == pytest.approx(entropy.tolist(), abs=1e-5)


def test_all_weight_on_what_is_missing() -> None:
    with pytest.raises(InputError, match="weights_on_nothing"):
        weigh(("a", "b"), NORMAL, Judgement({"gone": 1.0}), AHP, 0.5)
    assert weigh(("a", "b"), NORMAL, Judgement({"gone": 1.0}), ENTROPY, 0.5).weight.sum() == pytest.approx(1.0)


def test_entropy_that_says_nothing_is_told() -> None:
    found = weigh(("a", "b"), np.full((3, 2), 0.5), Judgement({"a": 1.0}), COMBINED, 0.5)
    assert [one.id for one in found.findings] == ["potential_entropy_equal"]
    assert found.weight.tolist() == [0.75, 0.25]


def test_entropy_that_rests_on_one_indicator_is_told() -> None:
    """Of ten candidates one lies in the redline: e = 0, the others spread evenly."""
    spread = np.linspace(0.5, 1.0, 10)
    normal = np.column_stack([np.eye(10)[0], spread, spread[::-1]])
    found = weigh(("in_redline", "a", "b"), normal, Judgement({"a": 1.0}), ENTROPY, 0.5)
    (told,) = found.findings
    assert (told.id, told.values["indicator"]) == ("potential_entropy_one", "in_redline")
    assert told.values["share"] == round(100 * found.entropy[0]) > 90
    assert weigh(("in_redline", "a", "b"), normal, Judgement({"a": 1.0}), AHP, 0.5).findings == ()


def test_default_weights_are_said() -> None:
    list_ = [Indicator(name, "land", True, weight, "", "", "", "") for name, weight in (("a", 0.25), ("b", 0.75))]
    found = default_judgement(list_)
    assert (found.weight, found.ratio) == ({"a": 0.25, "b": 0.75}, None)
    assert [one.id for one in found.findings] == ["potential_default_weights"]


def test_weights_too_large_to_be_added() -> None:
    """1e308 twice: their sum is no number, their shares are a half each."""
    assert stated_judgement({"a": 1e308, "b": 1e308}, "权重").weight == {"a": 0.5, "b": 0.5}
