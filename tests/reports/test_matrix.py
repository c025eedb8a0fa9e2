"""Rounding in two ways: rows and columns add up, cells stay next to their exact share."""

from __future__ import annotations

from typing import List

from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.reports.matrix import settle_matrix
from three_opt_three_protect.reports.rounding import settle


def columns_of(matrix: List[List[int]]) -> List[int]:
    return [sum(column) for column in zip(*matrix)]


def test_a_step_moves_along_a_row() -> None:
    # Largest remainders alone give [[1, 0], [1, 0]]: the first column would have 2.
    assert settle_matrix([[51, 49], [51, 49]], [1, 1], [1, 1]) == [[0, 1], [1, 0]]


def test_a_step_moves_by_way_of_another_column() -> None:
    exact = [[6, 4, 0], [0, 6, 4]]
    assert settle_matrix(exact, [1, 1], [0, 1, 1]) == [[0, 1, 0], [0, 0, 1]]


def test_where_nothing_may_move_rows_still_add_up() -> None:
    found = settle_matrix([[10, 0], [0, 10]], [1, 1], [2, 0])
    assert found == [[1, 0], [0, 1]]


def test_an_empty_row_stays_empty() -> None:
    assert settle_matrix([[0, 0], [3, 1]], [0, 4], [3, 1]) == [[0, 0], [3, 1]]


@st.composite
def matrices(draw: st.DrawFn) -> List[List[int]]:
    width = draw(st.integers(1, 6))
    cell = st.one_of(st.just(0), st.integers(0, 100_000))
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6))


@given(matrices(), st.integers(1, 3000))
def test_rows_always_add_up_and_zero_stays_zero(exact: List[List[int]], step: int) -> None:
    sums, wanted = [sum(row) for row in exact], columns_of(exact)
    whole = sum(sums) // step
    rows, columns = settle(sums, whole), settle(wanted, whole)
    found = settle_matrix(exact, rows, columns)
    assert [sum(row) for row in found] == rows
    assert all(cell == 0 for mine, theirs in zip(found, exact) for cell, was in zip(mine, theirs) if was == 0)
    assert min(min(row) for row in found) >= 0


@given(matrices(), st.integers(1, 3000))
def test_columns_add_up_where_every_cell_may_move(exact: List[List[int]], step: int) -> None:
    exact = [[cell + 1 for cell in row] for row in exact]
    whole = sum(map(sum, exact)) // step
    rows, columns = settle([sum(row) for row in exact], whole), settle(columns_of(exact), whole)
    assert columns_of(settle_matrix(exact, rows, columns)) == columns


@given(matrices())
def test_exact_figures_are_kept(exact: List[List[int]]) -> None:
    assert settle_matrix(exact, [sum(row) for row in exact], columns_of(exact)) == exact
