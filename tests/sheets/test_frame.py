"""Scale, extent and grid by hand."""

from __future__ import annotations

import pytest

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.sheets.frame import (
    Box,
    Extent,
    bar_step,
    centred,
    choose_scale,
    grid_step,
    grid_values,
    largest_scale,
)
from three_opt_three_protect.sheets.settings import load_settings

FRAME = Box(10, 20, 200, 100)
SCALES = (5000, 10000, 20000)


def square(side: float) -> Extent:
    return Extent(1000, 2000, 1000 + side, 2000 + side)


def test_the_height_decides_in_a_wide_frame() -> None:
    # 96.5 mm of 100 are used: 965 m at 1:10 000.
    assert largest_scale(square(964), FRAME, SCALES) == 10000
    assert largest_scale(square(966), FRAME, SCALES) == 20000


def test_the_width_decides_for_a_long_township() -> None:
    assert largest_scale(Extent(0, 0, 1929, 10), FRAME, SCALES) == 10000
    assert largest_scale(Extent(0, 0, 1931, 10), FRAME, SCALES) == 20000


def test_a_township_too_large_for_every_scale() -> None:
    with pytest.raises(InputError) as caught:
        choose_scale(square(3000), FRAME, SCALES)
    assert (caught.value.message_id, caught.value.values) == ("sheet_too_small", {"scale": 20000})


def test_a_scale_asked_for_is_taken_or_refused() -> None:
    assert choose_scale(square(964), FRAME, SCALES, 12345) == 12345
    with pytest.raises(InputError) as caught:
        choose_scale(square(964), FRAME, SCALES, 9000)
    assert caught.value.values == {"scale": 9000, "fits": 10000}


def test_the_frame_shows_its_size_at_the_scale_round_the_middle() -> None:
    shown = centred(square(500), FRAME, 10000)
    assert (shown.west, shown.south, shown.east, shown.north) == (250, 1750, 2250, 2750)


@pytest.mark.parametrize(("scale", "step"), [(2000, 50), (10000, 200), (50000, 1000), (100000, 2000)])
def test_grid_lines_keep_their_distance(scale: int, step: int) -> None:
    settings = load_settings()
    assert grid_step(scale, settings.grid_m, settings.grid_gap_mm) == step


def test_grid_lines_lie_inside() -> None:
    assert grid_values(1000, 3000, 500) == [1500, 2000, 2500]
    assert grid_values(999, 3001, 500) == [1000, 1500, 2000, 2500, 3000]


@pytest.mark.parametrize(("scale", "metres"), [(10000, 100), (50000, 500), (25000, 200), (3000, 50)])
def test_scale_bars_are_round(scale: int, metres: int) -> None:
    # 72 mm in four segments of at most 18 mm.
    assert bar_step(scale, 72) == (metres, 4)


def test_overlap_needs_more_than_a_shared_line() -> None:
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 10, 10))
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 10, 10))
