"""Control areas down the levels: by hand, and whatever the figures, every sum closes."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.controls import Closing, Level, close_levels, control_findings
from three_opt_three_protect.core.errors import BalanceError
from three_opt_three_protect.core.measure import Tolerance

TOLERANCE = Tolerance(0.005, 1.0)
NAN = float("nan")


def level(name: str, areas: Sequence[float], parent: Sequence[int], **options: object) -> Level:
    code = np.array([f"{name}{row}" for row in range(len(areas))], dtype=object)
    return Level(name, code, np.array(areas, dtype=float), np.array(parent, dtype=np.int64), **options)  # type: ignore[arg-type]


def closed(*levels: Level) -> Tuple[List[List[int]], List[Closing]]:
    areas, closings = close_levels(levels, TOLERANCE)
    return [list(area) for area in areas], closings


def test_three_levels_by_hand() -> None:
    # 04-area 4.7: township 1000.10; villages 600 and 400 recorded → +0.10 in equal steps, 0.05 each;
    # parcels 300, 200, 100 in the first → +0.05: q = 1, r = 2, largest first; 400 in the second takes it all
    areas, (first, second) = closed(
        level("township", [1000.10], [-1]),
        level("village", [600, 400], [0, 0]),
        level("parcel", [300, 200, 100, 400], [0, 0, 0, 1]),
    )
    assert areas == [[1000_10], [600_05, 400_05], [300_02, 200_02, 100_01, 400_05]]
    assert (first.above, first.below) == ("township", "village")
    assert (list(first.difference), list(first.step), list(first.beyond)) == ([10], [5], [False])
    assert (list(second.difference), list(second.parts), list(second.step)) == ([5, 5], [3, 1], [2, 5])
    assert control_findings([first, second]) == []


def test_levels_without_control_take_the_sum() -> None:
    areas, _ = closed(
        level("township", [NAN], [-1]),
        level("village", [NAN, 50], [0, 0]),
        level("parcel", [10.004, 20, 50], [0, 0, 1]),
    )
    assert areas == [[80_00], [30_00, 50_00], [10_00, 20_00, 50_00]]


def test_township_control_alone_reaches_the_parcels() -> None:
    areas, _ = closed(
        level("township", [100.03], [-1]),
        level("village", [NAN, NAN], [0, 0]),
        level("parcel", [60, 30, 10], [0, 0, 1]),
    )
    # villages 90 and 10: q = 1, r = 1 → 90.02 and 10.01
    assert areas == [[100_03], [90_02, 10_01], [60_01, 30_01, 10_01]]


def test_village_control_without_township() -> None:
    areas, closings = closed(level("village", [90.01, NAN], [-1, -1]), level("parcel", [60, 30, 10], [0, 0, 1]))
    assert areas == [[90_01, 10_00], [60_01, 30_00, 10_00]]
    assert list(closings[0].difference) == [1, 0]


def test_a_village_with_control_keeps_it_where_another_has_none() -> None:
    areas, _ = closed(
        level("township", [100.50], [-1]), level("village", [60, NAN], [0, 0]), level("parcel", [60, 40], [0, 1])
    )
    assert areas == [[100_50], [60_00, 40_50], [60_00, 40_50]]


def test_parcels_outside_and_units_without_parcels() -> None:
    areas, closings = closed(level("village", [50, 70], [-1, -1]), level("parcel", [50, 33.335], [0, -1]))
    assert areas == [[50_00, 70_00], [50_00, 33_34]]
    (finding,) = control_findings(closings)
    assert finding.id == "control_area_empty"
    assert finding.values == {"layer": "village", "below": "parcel", "units": "village1", "count": 1, "area": 70.0}


def test_beyond_the_tolerance_is_dealt_in_proportion_and_said() -> None:
    areas, closings = closed(level("village", [110], [-1]), level("parcel", [60, 40], [0, 0]))
    assert areas[1] == [66_00, 44_00]
    assert list(closings[0].beyond) == [True]
    (finding,) = control_findings(closings)
    assert (finding.id, finding.values["area"], finding.values["units"]) == ("control_area_differs", 10.0, "village0")


def test_controls_that_leave_less_than_nothing() -> None:
    with pytest.raises(BalanceError) as error:
        closed(level("township", [100], [-1]), level("village", [60, 50, NAN], [0, 0, 0]), level("parcel", [9], [2]))
    assert error.value.message_id == "controls_exceed"
    assert error.value.values == {
        "layer": "township", "unit": "township0", "area": 100.0, "below": "village", "excess": 10.0,
    }  # fmt: skip


def test_only_what_may_move_moves() -> None:
    # the parcel on the border bears it all; where none may move all do
    border = np.array([False, True, False])
    areas, _ = closed(
        level("village", [90.05, 10.02], [-1, -1]), level("parcel", [60, 30, 10], [0, 0, 1], movable=border)
    )
    assert areas[1] == [60_00, 30_05, 10_02]


def test_rank_settles_ties() -> None:
    for rank, dealt in (([5, 1], [10_00, 10_01]), ([1, 5], [10_01, 10_00]), (None, [10_01, 10_00])):
        given_rank = None if rank is None else np.array(rank)
        areas, _ = closed(level("village", [20.01], [-1]), level("parcel", [10, 10], [0, 0], rank=given_rank))
        assert areas[1] == dealt


area = st.floats(0.01, 1e6).map(lambda value: round(value, 2))
factor = st.one_of(st.none(), st.floats(0.99, 1.01), st.floats(0.3, 3))


@settings(deadline=None)
@given(
    st.lists(st.lists(st.lists(area, min_size=1, max_size=6), min_size=1, max_size=4), min_size=1, max_size=3),
    st.data(),
)
def test_every_level_closes(tree: List[List[List[float]]], data: st.DataObject) -> None:
    """Σ parcels = village, Σ villages = township, whichever controls are given; the order of rows does not matter."""
    townships: List[float] = []
    villages: List[Tuple[float, int]] = []
    parcels: List[Tuple[float, int]] = []
    for number, township in enumerate(tree):
        for village in township:
            parcels += [(one, len(villages)) for one in village]
            drawn: Optional[float] = data.draw(factor)
            villages.append((NAN if drawn is None else round(sum(village) * drawn, 2), number))
        drawn = data.draw(factor)
        # a township below what its villages' controls leave is an error, see above
        stated = np.nansum([one for one, above in villages if above == number])
        total = max(sum(map(sum, township)), stated)
        townships.append(NAN if drawn is None else round(total * max(drawn, 1.0), 2))
    rank = np.arange(len(parcels))
    levels = [
        level("township", townships, [-1] * len(townships)),
        level("village", *zip(*villages)),
        level("parcel", *zip(*parcels), rank=rank),
    ]
    areas, closings = close_levels(levels, TOLERANCE)
    for upper in (0, 1):
        total = np.zeros(len(areas[upper]), dtype=np.int64)
        np.add.at(total, levels[upper + 1].parent, areas[upper + 1])
        np.testing.assert_array_equal(total, areas[upper])
        assert (areas[upper + 1] >= 0).all()
    stated_town = ~np.isnan(levels[0].area_m2)
    np.testing.assert_array_equal(areas[0][stated_town], np.rint(levels[0].area_m2[stated_town] * 100))
    order = np.array(data.draw(st.permutations(range(len(parcels)))))
    mixed = level("parcel", levels[2].area_m2[order], levels[2].parent[order], rank=rank[order])
    again, _ = close_levels([*levels[:2], mixed], TOLERANCE)
    np.testing.assert_array_equal(again[2], areas[2][order])
    # idempotent: closed areas stay as they are
    as_given = [level(one.name, units / 100, one.parent, rank=one.rank) for one, units in zip(levels, areas)]
    for once, twice in zip(areas, close_levels(as_given, TOLERANCE)[0]):
        np.testing.assert_array_equal(once, twice)
    assert [closing.parts.sum() for closing in closings] == [len(villages), len(parcels)]
