"""Places worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.indicators.definition import Indicator
from three_opt_three_protect.core.indicators.ranking import ranking

LOW = Indicator(
    "low", "total", "value", {"low": 1}, {}, {}, {}, "m2", "lower", 2, "", "", "", True, True, "expected", "", "", {}
)
HIGH = replace(LOW, id="high", top={"high": 1}, better="higher")
PART = replace(LOW, id="part", top={"part": 1})
UNITS = ("", "A", "B", "C")
FACTS = {
    "low": np.array([9.0, 1.0, 2.0, 2.0]),
    "high": np.array([9.0, 10.0, 30.0, 20.0]),
    "part": np.array([9.0, 1.0, np.nan, 3.0]),
}


def test_by_hand() -> None:
    """A: places 1 and 3 → (1 + 0) / 2; B: 2 and 1 → (0.5 + 1) / 2; C: 2 and 2 → (0.5 + 0.5) / 2."""
    found = ranking([LOW, HIGH, PART], UNITS, [1, 2, 3], FACTS, 4)
    assert [(one.unit_code, one.score, one.rank, one.known) for one in found] == [
        ("B", 0.75, 1, 2), ("A", 0.5, 2, 2), ("C", 0.5, 2, 2),
    ]  # fmt: skip
    assert found[0].ranks == {"low": 2, "high": 1, "part": None}
    assert found[1].ranks == {"low": 1, "high": 3, "part": 1}


def test_what_is_not_ranked_or_not_known_to_all_does_not_count() -> None:
    (one, *_) = ranking([replace(LOW, ranked=False), PART], UNITS, [1, 2, 3], FACTS, 4)
    assert (one.score, one.rank, one.known) == (None, None, 0)


def test_a_single_unit_has_no_rank() -> None:
    (one,) = ranking([LOW], UNITS, [1], FACTS, 4)
    assert one.rank is None


@given(st.lists(st.integers(0, 5), min_size=2, max_size=8), st.randoms())
def test_order_of_the_units_does_not_matter(values: list, random: object) -> None:
    facts = {"low": np.array(values, dtype=float)}
    units = tuple(f"{row:02d}" for row in range(len(values)))
    rows = list(range(len(values)))
    first = ranking([LOW], units, rows, facts, len(values))
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert ranking([LOW], units, rows, facts, len(values)) == first
    ranks = [one.rank for one in first]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1
