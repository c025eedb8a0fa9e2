"""Text held once a distinct value says the same as the text row by row."""

from __future__ import annotations

from typing import List, Optional

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.factor import Factor, crossed, numbered
from three_opt_three_protect.core.tables import as_factor, as_real, as_text, factor_column

WORDS = st.lists(st.one_of(st.none(), st.sampled_from(["", " ", "0101", "0101 ", "1.5", "水田"])), max_size=12)


def factor(words: List[Optional[str]]) -> Factor:
    return Factor.of(tables.text(words).values)


@given(WORDS)
def test_a_factor_is_its_rows(words: List[Optional[str]]) -> None:
    made = factor(words)
    assert made.values.tolist() == words
    assert made.levels.tolist() == list(dict.fromkeys(words))
    assert made.missing.tolist() == [word is None for word in words]
    assert len(made) == len(words)


@given(WORDS, st.data())
def test_rows_taken(words: List[Optional[str]], data: st.DataObject) -> None:
    mask = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    taken = factor(words).take(np.array(mask, dtype=np.bool_))
    wanted = [word for word, here in zip(words, mask) if here]
    assert taken.values.tolist() == wanted
    assert set(taken.levels.tolist()) == set(wanted), "a level that occurs in no row is no level"


@given(WORDS)
def test_what_becomes_equal_is_one_level(words: List[Optional[str]]) -> None:
    changed = factor(words).map(lambda word: None if word is None else word.strip() or None)
    assert changed.values.tolist() == [None if word is None else word.strip() or None for word in words]
    assert len(set(changed.levels.tolist())) == len(changed.levels)


def test_the_same_in_all_rows() -> None:
    assert Factor.constant(None, 3).values.tolist() == [None] * 3
    assert Factor.constant("a", 0).levels.tolist() == []


@given(st.lists(st.integers(-5, 5), max_size=20), st.sampled_from([1, 10**15]))
def test_numbered_as_by_sorting(values: List[int], spread: int) -> None:
    whole = np.array(values, dtype=np.int64) * spread
    distinct, code = numbered(whole)
    assert distinct.tolist() == sorted(set(whole.tolist()))
    assert distinct[code].tolist() == whole.tolist()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=30))
def test_crossed_groups_rows_equal_in_all_parts(rows: List[tuple[int, int, int]]) -> None:
    parts = [(np.array(part, dtype=np.int64), size) for part, size in zip(zip(*rows), (3, 4, 2))]
    index, first = crossed(parts)
    groups = sorted(set(rows))
    assert [groups[group] for group in index] == rows
    assert first.tolist() == [rows.index(group) for group in groups]


class TestColumns:
    def test_a_factor_column_is_a_text_column(self) -> None:
        column = factor_column(factor(["a", None, "a"]), "别名", 6)
        assert (column.values.tolist(), column.alias, column.width) == (["a", None, "a"], "别名", 6)
        assert column.is_missing.tolist() == [False, True, False]
        assert column.take(np.array([2, 1])).factor.levels.tolist() == ["a", None]

    def test_only_text_has_a_factor(self) -> None:
        with pytest.raises(TypeError, match="real"):
            _ = tables.real([1.0]).factor

    @pytest.mark.parametrize(
        ("column", "words"),
        [
            (tables.text([" a ", "", None, "b"]), ["a", None, None, "b"]),
            (
                tables.integer([7, 0, 320505001001000018], np.array([False, True, False])),
                ["7", None, "320505001001000018"],
            ),
            (tables.real([101.0, np.nan, 0.25, np.inf]), ["101", None, "0.25", "inf"]),
            (tables.date(["2016-12-31", "NaT"]), ["2016-12-31", None]),
            (tables.boolean([True, False, False], np.array([False, False, True])), ["True", "False", None]),
        ],
        ids=lambda one: one.kind.value if isinstance(one, tables.Column) else "",
    )
    def test_as_text(self, column: tables.Column, words: List[Optional[str]]) -> None:
        assert as_text(column).tolist() == words
        assert as_factor(column).values.tolist() == words
        assert as_text(column) is not as_text(column), "the caller may change what it gets"

    def test_as_real(self) -> None:
        np.testing.assert_array_equal(
            as_real(tables.text(["1.5", None, "亩", "", " 2 "])), [1.5, np.nan, np.nan, np.nan, 2.0]
        )
        np.testing.assert_array_equal(as_real(tables.integer([5, 0], np.array([False, True]))), [5.0, np.nan])
        assert as_real(tables.text([])).tolist() == []
