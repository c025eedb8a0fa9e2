"""Numbers beside their plots, names inside their villages, nothing on anything."""

from __future__ import annotations

from typing import Any, List, Tuple

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.sheets.placement import LEADER, STEPS, Put, Wanted, place_names, place_numbers

FRAME = (0.0, 0.0, 200.0, 150.0)
WIDTH, HEIGHT = 4.0, 1.8


def wanted(text: str, x: float, y: float, width: float = 3.0, height: float = 2.0) -> Wanted:
    return Wanted(text, WIDTH, HEIGHT, shapely.box(x, y, x + width, y + height))


def box(put: Put, width: float = WIDTH, height: float = HEIGHT) -> Any:
    return shapely.box(put.x - width / 2, put.y - height / 2, put.x + width / 2, put.y + height / 2)


def overlaps(puts: List[Put], plots: List[Wanted]) -> List[Tuple[str, str]]:
    found = []
    for number, put in enumerate(puts):
        found += [(put.text, other.text) for other in puts[number + 1 :] if box(put).intersects(box(other))]
        found += [(put.text, plot.text) for plot in plots if box(put).intersects(plot.shape)]
    return found


def test_a_lone_plot_has_its_number_at_its_right() -> None:
    (put,), _ = place_numbers([wanted("R1", 50, 50)], FRAME)
    assert (put.text, put.leader) == ("R1", None)
    assert put.x - WIDTH / 2 == pytest.approx(53 + STEPS[0])
    assert 50 <= put.y <= 52


def test_at_the_edge_of_the_frame_the_number_goes_the_other_way() -> None:
    (put,), _ = place_numbers([wanted("R1", 196.5, 50)], FRAME)
    assert put.x + WIDTH / 2 == pytest.approx(196.5 - STEPS[0])


def test_order_and_number_are_those_of_the_plots() -> None:
    plots = [wanted(f"R{number}", 10 + 15 * number, 20) for number in range(6)]
    puts, boxes = place_numbers(plots, FRAME)
    assert [put.text for put in puts] == [plot.text for plot in plots]
    assert len(boxes) == 6


def test_a_large_plot_has_its_number_inside() -> None:
    (put,), _ = place_numbers([wanted("R1", 50, 50, 20, 10)], FRAME)
    assert (put.x, put.y, put.leader) == (60, 55, None)


def test_a_number_is_not_put_where_two_plots_overlap() -> None:
    puts, _ = place_numbers([wanted("R1", 50, 50, 20, 10), wanted("R2", 58, 53, 4, 4)], FRAME)
    assert not box(puts[0]).intersects(shapely.box(58, 53, 62, 57))


def test_no_plots_no_numbers() -> None:
    assert place_numbers([], FRAME) == ([], [])


def test_crowded_plots_keep_their_numbers_apart() -> None:
    plots = [wanted(f"R{row}{column}", 60 + 3.2 * column, 60 + 2.2 * row) for row in range(4) for column in range(4)]
    puts, _ = place_numbers(plots, FRAME)
    assert overlaps(puts, plots) == []
    # The inner ones cannot stand beside their plots: a line leads there.
    led = [put for put in puts if put.leader is not None]
    assert led
    for put in led:
        plot = next(plot.shape for plot in plots if plot.text == put.text)
        assert shapely.distance(shapely.Point(put.leader), plot) < 1e-9
        assert shapely.distance(box(put), shapely.Point(put.leader)) >= LEADER / 1.5


def test_where_nothing_is_free_the_number_is_there_all_the_same() -> None:
    field = Wanted("R1", WIDTH, HEIGHT, shapely.box(-10, -10, 300, 300))
    puts, _ = place_numbers([field, wanted("R2", 50, 50)], FRAME)
    assert [put.text for put in puts] == ["R1", "R2"]


def test_a_plot_in_two_parts_has_one_number() -> None:
    shape = shapely.MultiPolygon([shapely.box(20, 20, 23, 22), shapely.box(60, 20, 63, 22)])
    (put,), _ = place_numbers([Wanted("R1", WIDTH, HEIGHT, shape)], FRAME)
    assert shapely.distance(box(put), shape) <= STEPS[0] + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 18), st.integers(1, 13)), min_size=1, max_size=25, unique=True))
def test_with_room_enough_nothing_overlaps(cells: List[Tuple[int, int]]) -> None:
    plots = [wanted(f"R{x}-{y}", x * 10, y * 10) for x, y in cells]
    puts, _ = place_numbers(plots, FRAME)
    assert overlaps(puts, plots) == []
    assert all(shapely.box(*FRAME).covers(box(put)) for put in puts)


def test_a_name_stands_in_the_middle_of_its_village() -> None:
    village = Wanted("甲村", 8, 3.2, shapely.box(20, 20, 80, 60))
    (put,) = place_names([village], [], [], FRAME)
    assert abs(put.x - 50) <= 1.5
    assert abs(put.y - 40) <= 1.5


def test_a_name_makes_way_for_plots_and_numbers() -> None:
    village = Wanted("甲村", 8, 3.2, shapely.box(20, 20, 80, 60))
    plot, number = shapely.box(40, 30, 60, 50), shapely.box(60, 38, 66, 42)
    (put,) = place_names([village], [plot], [number], FRAME)
    taken = box(put, 8, 3.2)
    assert not taken.intersects(plot)
    assert not taken.intersects(number)
    assert village.shape.covers(taken)


def test_a_village_smaller_than_its_name_has_it_all_the_same() -> None:
    (put,) = place_names([Wanted("甲村", 8, 3.2, shapely.box(20, 20, 22, 22))], [], [], FRAME)
    assert 20 <= put.x <= 22
