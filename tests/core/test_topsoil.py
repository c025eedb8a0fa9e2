"""Topsoil: volumes by hand, what goes where, and sums that close."""

from __future__ import annotations

from typing import Any, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.base import plot_pieces
from three_opt_three_protect.core.change import changes
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.plane import Plane
from three_opt_three_protect.core.topsoil import Lots, Places, depths, donors, reclaim_receivers
from three_opt_three_protect.core.topsoilplan import Haulage, TopsoilPlan, topsoil_plan, totals
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

PROFILE = load_profile("suzhou-2014")
SYSTEM = load_class_system("third_survey")
PLANE = Plane(1.0, 1.0)


def places(volumes: Any, x: Any, kind: str = "newbuild", days: Any = None) -> Places:
    """Places in a row, at ``x`` metres; volumes in hundredths of a m³."""
    count = len(volumes)
    points = np.column_stack([np.asarray(x, dtype=float), np.zeros(count)])
    ids = np.array([f"{kind[0].upper()}{number}" for number in range(count)], dtype=object)
    none = np.full(count, None, dtype=object)
    day = np.full(count, "NaT") if days is None else np.array(days)
    return Places(
        np.full(count, kind, dtype=object), ids, none, np.asarray(shapely.points(points), dtype=object), points,
        np.zeros(count, dtype=np.int64), np.full(count, 0.2), np.asarray(volumes, dtype=np.int64),
        day.astype("datetime64[D]"),
    )  # fmt: skip


def lots(give: Places, tiers: Any = None) -> Lots:
    rows = np.arange(len(give), dtype=np.int64)
    return Lots(rows, np.zeros(len(give), dtype=np.int64) if tiers is None else np.asarray(tiers), give.volume)


def plan(give: Places, take: Places, keep: Any = None, tiers: Any = None, **how: Any) -> TopsoilPlan:
    keep = places([], [], "storage") if keep is None else keep
    return topsoil_plan(give, lots(give, tiers), take, keep, Haulage(1.0, 1.2, **how))


def taken(kit: Any, parcels: Any, reclaim: Any = (), newbuild: Any = (), **lines: Any) -> Tuple[Any, ...]:
    """Base, changes and plots of a small plan."""
    base, out, new = kit.base(parcels, **lines), kit.reclaim(reclaim), kit.newbuild(newbuild)
    pieces = plot_pieces(base, out.repaired.geometry, new.repaired.geometry)
    return base, changes(base, pieces, out, new, PROFILE, SYSTEM), out, new


def stripped(kit: Any, found: Tuple[Any, ...], depth: float = 0.2) -> Tuple[Places, Lots]:
    base, change, _, new = found
    return donors(base, change, new, np.full(len(new), depth), new.unit_code, PLANE, PROFILE)


# By hand: paddy 100 × 100, pond 100 × 20, village 100 × 50, side by side.
GROUND = [
    {"shape": (0, 0, 100, 100), "class_code": "0101"},
    {"shape": (0, 100, 100, 120), "class_code": "1104"},
    {"shape": (0, 120, 100, 170), "class_code": "0702"},
]


def test_only_cultivated_land_that_is_really_occupied_is_stripped(kit: Any) -> None:
    plots = [{"shape": (0, 50, 100, 170), "plot_id": "N1", "use": "industry", "phase": 2016}]
    give, soil = stripped(kit, taken(kit, GROUND, newbuild=plots))
    # 100 × 50 m of paddy; the pond and the village have no topsoil to strip.  5 000 m² × 0.20 m = 1 000 m³.
    assert give.area.tolist() == [500_000]
    assert give.volume.tolist() == [100_000]
    assert soil.volume.tolist() == [100_000]
    assert give.day[0] == np.datetime64("2016-12-31")


def test_net_area_and_depth(kit: Any) -> None:
    ground = [{"shape": (0, 0, 100, 100), "class_code": "0103", "deduct_rate": 0.1}]
    give, _ = stripped(kit, taken(kit, ground, newbuild=[{"shape": (0, 0, 100, 50), "use": "town"}]), 0.25)
    # 5 000 m² gross, 4 500 net; × 0.25 = 1 125 m³.
    assert give.volume.tolist() == [112_500]


def test_a_farm_road_is_no_construction_and_strips_nothing(kit: Any) -> None:
    plots = [{"shape": (0, 0, 100, 10), "use": "infrastructure", "cls_after": "1006"}]
    give, soil = stripped(kit, taken(kit, GROUND, newbuild=plots))
    assert len(give) == 0
    assert len(soil.volume) == 0


def test_soil_of_farmland_and_of_good_grades_comes_first(kit: Any) -> None:
    ground = [
        {"shape": (0, 0, 100, 100), "class_code": "0101", "grade": 5},
        {"shape": (100, 0, 200, 100), "class_code": "0101", "grade": 12},
    ]
    plots = [{"shape": (0, 0, 200, 50), "plot_id": "N1", "use": "town"}]
    give, soil = stripped(kit, taken(kit, ground, newbuild=plots, farmland=kit.areas((0, 0, 50, 100))))
    # 10 000 m² × 0.2 = 2 000 m³: 50 × 50 in farmland, 50 × 50 of grade 5, 100 × 50 of grade 12.
    assert give.volume.tolist() == [200_000]
    assert soil.tier.tolist() == [0, 1, 2]
    assert soil.volume.tolist() == [50_000, 50_000, 100_000]


def test_receivers_need_soil_on_new_cultivated_land_only(kit: Any) -> None:
    plots = [
        {"shape": (0, 90, 100, 170), "plot_id": "R1", "rate": 1.0},
        {"shape": (0, 160, 100, 170), "plot_id": "R2", "direction": "forest"},
    ]
    found = taken(kit, GROUND, reclaim=plots[:1])
    take = reclaim_receivers(found[1], found[2], np.full(1, 0.3), found[2].unit_code, PLANE)
    # The plot has 8 000 m²; 1 000 of it is paddy already.  7 000 × 0.3 = 2 100 m³.
    assert take.volume.tolist() == [210_000]
    found = taken(kit, GROUND, reclaim=plots[1:])
    assert len(reclaim_receivers(found[1], found[2], np.full(1, 0.3), found[2].unit_code, PLANE)) == 0


def test_a_depth_out_of_range_names_the_plot(kit: Any) -> None:
    table = kit.layer("建新地块", [{"shape": (0, 0, 1, 1)}, {"shape": (1, 0, 2, 1)}])
    assert depths(np.array([np.nan, 0.3]), 0.2, PROFILE, table, "depth_m").tolist() == [0.2, 0.3]
    for wrong in (0.41, -0.2, 0.0, np.inf):
        with pytest.raises(InputError) as error:
            depths(np.array([0.2, wrong]), 0.2, PROFILE, table, "depth_m")
        assert error.value.message_id == "topsoil_depth_wrong"
        assert error.value.values["features"] == "2"


# What goes where: a line, so that distances are read off


def test_the_nearest_are_matched_when_that_is_the_least_haul() -> None:
    found = plan(places([1000, 1000], [0, 1000]), places([1000, 1000], [100, 900], "reclaim"))
    assert found.flows.start.tolist() == [0, 1]
    assert found.flows.end.tolist() == [0, 1]
    assert found.flows.metres.tolist() == [100.0, 100.0]
    # 2 × 10 m³ × 0.1 km.
    assert totals(found).haul == 2.0


def test_the_greedy_answer_is_not_taken() -> None:
    # 0 → 10 looks best (10 m), but then 20 must go to −90: 120 m. 0 → −90 and 20 → 10 are 100 m.
    found = plan(places([100, 100], [0, 20]), places([100, 100], [10, -90], "reclaim"))
    assert sorted(zip(found.flows.start.tolist(), found.flows.end.tolist())) == [(0, 1), (1, 0)]


def test_better_soil_is_used_even_from_farther_away() -> None:
    found = plan(places([1000, 1000], [0, 5000]), places([1000], [10], "reclaim"), tiers=[2, 0])
    assert found.used.tolist() == [0, 1000]
    assert found.why_left.tolist() == ["no_need", None]


def test_soil_is_not_used_before_it_is_stripped() -> None:
    give = places([1000, 1000], [0, 500], days=["2017-01-01", "2015-01-01"])
    take = places([1500], [0], "reclaim", days=["2016-01-01"])
    found = plan(give, take)
    assert found.used.tolist() == [0, 1000]
    assert found.why_left.tolist() == ["too_early", None]
    assert found.why_short.tolist() == ["too_early"]
    assert found.waiting.tolist() == [365.0]
    # 10 m³ wait from the first of January 2015 on.
    assert found.peak == 1000
    free = plan(give, take, in_order=False)
    assert free.used.tolist() == [1000, 500]
    assert free.waiting.tolist() == [-366.0, 365.0]


def test_the_longest_way_closes_ways() -> None:
    found = plan(places([1000], [0]), places([400, 400], [100, 3000], "reclaim"), most_m=1000.0)
    assert found.received.tolist() == [400, 0]
    assert found.why_short.tolist() == [None, "too_far"]
    assert found.why_left.tolist() == ["too_far"]


def test_what_is_left_goes_to_the_nearest_store_with_room() -> None:
    found = plan(
        places([1000, 1000], [0, 1000]), places([500], [0], "reclaim"), places([600, 5000], [1000, 9000], "storage")
    )
    assert found.left.tolist() == [500, 1000]
    assert found.filled.tolist() == [600, 900]
    assert found.spare.tolist() == [0, 0]


@pytest.mark.parametrize(("give", "take"), [([], [100]), ([100], []), ([], [])])
def test_nothing_to_do_is_no_error(give: Any, take: Any) -> None:
    found = plan(places(give, [0] * len(give)), places(take, [0] * len(take), "reclaim"))
    assert len(found.flows.volume) == 0
    assert totals(found).used == 0
    assert totals(found).left == sum(give)
    assert totals(found).short == sum(take)


def test_a_missing_day_leaves_the_waiting_open() -> None:
    give = places([100], [0], days=["NaT"])
    assert plan(give, places([100], [5], "reclaim", days=["2016-01-01"])).peak is None


volumes = st.lists(st.integers(1, 10_000), min_size=1, max_size=6)
metres = st.integers(0, 5_000)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), give=volumes, take=volumes, keep=st.lists(st.integers(0, 5_000), max_size=3))
def test_sums_close_to_the_last_hundredth(data: Any, give: Any, take: Any, keep: Any) -> None:
    def where(values: Any) -> Any:
        return data.draw(st.lists(metres, min_size=len(values), max_size=len(values)))

    most = data.draw(st.sampled_from([np.inf, 500.0]))
    tiers = data.draw(st.lists(st.integers(0, 2), min_size=len(give), max_size=len(give)))
    stores = places(keep, where(keep), "storage")
    found = plan(places(give, where(give)), places(take, where(take), "reclaim"), stores, tiers, most_m=most)
    assert (found.used + found.left == found.donors.volume).all()
    assert (found.received + found.short == found.receivers.volume).all()
    assert (found.left >= 0).all()
    assert (found.short >= 0).all()
    assert (found.spare >= 0).all()
    assert (found.filled <= found.stores.volume).all()
    sums = totals(found)
    assert sums.used == found.received.sum() == found.flows.volume.sum()
    assert sums.stripped == sums.used + sums.left
    assert sums.needed == sums.used + sums.short
    if np.isinf(most):
        assert sums.used == min(sums.stripped, sums.needed)
    # Where something is over on both sides, no way is open between the two.
    assert (found.flows.metres <= most).all()
