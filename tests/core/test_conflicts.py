"""Places where lines and plots meet, on rectangles whose areas are seen by eye (planar, metres)."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core import conflicttiles
from three_opt_three_protect.core.conflictareas import own_amounts
from three_opt_three_protect.core.conflictrules import conflict_rule, judge, line_change
from three_opt_three_protect.core.conflicts import KINDS, PAIRS, Narrow, Places, Side, find_places
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.measure import AreaMethod, Tolerance
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.tables import CrsInfo
from three_opt_three_protect.storage.profiles import load_profile

SPEC = AreaSpec(CrsInfo("EPSG:4528"), AreaMethod.PLANAR, Tolerance(0.005, 1.0))
NARROW = Narrow(1.0, 0.35)
X, Y = 40557000.0, 3453000.0


def boxes(*corners: Tuple[float, float, float, float]) -> Any:
    return np.array([shapely.box(X + a, Y + b, X + c, Y + d) for a, b, c, d in corners], dtype=np.object_)


def found(narrow: Narrow = NARROW, **sides: Any) -> Places:
    layers = {role: side if isinstance(side, Side) else Side(side) for role, side in sides.items()}
    return find_places(layers, SPEC, narrow)


def rows(places: Places) -> List[Tuple[str, int, int, int, float, bool]]:
    """Conflicts as kind, first, second, level, m², sliver."""
    return [
        (
            PAIRS[places.pair[at]].kind,
            int(places.first[at]),
            int(places.second[at]),
            int(places.level[at]),
            places.area[at] / 100,
            bool(places.sliver[at]),
        )
        for at in range(len(places))
        if PAIRS[places.pair[at]].conflict
    ]


def test_every_kind_with_its_level() -> None:
    # Farmland 0–100, boundary from 90, redline level 1 from 0–20 and level 2 from 20–30, plots on top.
    places = found(
        farmland=boxes((0, 0, 100, 100)),
        boundary=boxes((90, 0, 200, 100)),
        redline=Side(boxes((20, 0, 30, 100), (0, 0, 20, 100)), np.array([2, 1])),
        newbuild=boxes((80, 0, 110, 10)),
        reclaim=boxes((10, 90, 25, 100)),
    )
    assert rows(places) == [
        ("farmland_boundary", 0, 0, 0, 1000.0, False),
        ("farmland_redline", 0, 1, 1, 2000.0, False),
        ("farmland_redline", 0, 0, 2, 1000.0, False),
        ("newbuild_farmland", 0, 0, 0, 200.0, False),
        ("newbuild_outside_boundary", 0, -1, 0, 100.0, False),
        ("reclaim_redline", 0, 1, 1, 100.0, False),
        ("reclaim_redline", 0, 0, 2, 50.0, False),
    ]
    assert [places.looked_at(kind) for kind in KINDS] == [True] * 7


def test_land_in_two_redlines_counts_once_at_the_strictest_level() -> None:
    redline = Side(boxes((0, 0, 60, 10), (40, 0, 100, 10)), np.array([2, 1]))
    places = found(farmland=boxes((0, 0, 100, 10)), redline=redline)
    assert rows(places) == [
        ("farmland_redline", 0, 1, 1, 600.0, False),
        ("farmland_redline", 0, 0, 2, 400.0, False),
    ]
    assert places.claimed_twice["redline"] == pytest.approx(200.0)


def test_land_of_two_plots_belongs_to_the_first() -> None:
    places = found(newbuild=boxes((0, 0, 10, 10), (5, 0, 15, 10)), farmland=boxes((0, 0, 100, 100)))
    assert rows(places) == [
        ("newbuild_farmland", 0, 0, 0, 100.0, False),
        ("newbuild_farmland", 1, 0, 0, 50.0, False),
    ]
    assert places.claimed_twice["newbuild"] == pytest.approx(50.0)


def test_a_feature_standing_twice_counts_once() -> None:
    places = found(farmland=boxes((0, 0, 10, 10), (0, 0, 10, 10)), boundary=boxes((5, 0, 20, 10), (5, 0, 20, 10)))
    assert rows(places) == [("farmland_boundary", 0, 0, 0, 50.0, False)]


def test_one_polygon_a_place() -> None:
    fork = shapely.union_all([*boxes((0, 0, 10, 30), (0, 0, 30, 10), (0, 20, 30, 30))])
    places = found(farmland=np.array([fork], dtype=np.object_), boundary=boxes((20, 0, 40, 30)))
    assert [row[4] for row in rows(places)] == [100.0, 100.0]
    assert set(shapely.get_type_id(places.geometry).tolist()) == {3}


@pytest.mark.parametrize(
    ("edge", "sliver"),
    [((0, 0, 0.99, 1), True), ((0, 0, 1, 1), False), ((0, 0, 100, 0.34), True), ((0, 0, 100, 0.36), False)],
)
def test_small_or_narrow_is_a_sliver(edge: Tuple[float, float, float, float], sliver: bool) -> None:
    # 2 · area / length of 100 × 0.36 is 72 / 200.72 = 0.359; of 100 × 0.34 it is 0.339.
    places = found(farmland=boxes((0, 0, 100, 100)), boundary=boxes(edge))
    assert [row[5] for row in rows(places)] == [sliver]


def test_neighbours_do_not_conflict() -> None:
    assert rows(found(farmland=boxes((0, 0, 10, 10)), boundary=boxes((10, 0, 20, 10)))) == []


def test_what_has_no_polygon_is_passed_over() -> None:
    with_none = np.append(boxes((0, 0, 10, 10)), None)
    places = found(farmland=with_none, boundary=np.append(None, boxes((0, 0, 5, 10))))
    assert rows(places) == [("farmland_boundary", 0, 1, 0, 50.0, False)]
    assert rows(found(farmland=with_none[1:], boundary=boxes((0, 0, 5, 10)))) == []


def test_an_empty_layer_is_looked_at() -> None:
    places = found(farmland=boxes((0, 0, 10, 10)), redline=Side(boxes(), np.empty(0, dtype=np.int64)))
    assert rows(places) == []
    assert places.looked_at("farmland_redline")
    assert not places.looked_at("farmland_boundary")


def test_one_layer_is_too_few() -> None:
    with pytest.raises(InputError) as caught:
        found(farmland=boxes((0, 0, 10, 10)))
    assert caught.value.message_id == "conflict_layers_needed"


def test_a_ring_of_two_hundred_thousand_vertices() -> None:
    angle = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    ring = shapely.Polygon(np.column_stack([X + 5000 * np.cos(angle), Y + 5000 * np.sin(angle)]))
    places = found(boundary=boxes((0, 0, 9000, 9000)), redline=np.array([ring], dtype=np.object_))
    quarter = shapely.area(ring) / 4
    assert rows(places)[0][4] == pytest.approx(quarter, abs=0.5)


class Watch:
    """Measures the longest time between two looks at the cancel button."""

    def __init__(self) -> None:
        self.longest, self.last = 0.0, time.thread_time()

    def step(self, name: str, share: float) -> None:
        self.check(0.0)

    def check(self, fraction: float) -> None:
        now = time.thread_time()
        self.longest, self.last = max(self.longest, now - self.last), now


def test_two_huge_rings_can_be_cancelled_at_any_time() -> None:
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    radius = 5000 + 20 * np.sin(angle * 3000)
    round_it = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    one, other = (shapely.Polygon(round_it + [X + shift, Y]) for shift in (0, 1000))
    sides = {"boundary": Side(np.array([one], dtype=object)), "redline": Side(np.array([other], dtype=object))}
    watch = Watch()
    places = find_places(sides, SPEC, NARROW, watch)
    together = one.intersection(other)
    assert len(places) == len(shapely.get_parts(together))
    assert places.area.sum() / 100 == pytest.approx(together.area, abs=0.1)
    assert watch.longest < 1.0  # 0.07 s; undivided it is over 3 s


def test_tiles_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    points = rng.uniform(0, 1000, (40, 2)) + [X, Y]
    blobs = shapely.get_parts(shapely.union_all(shapely.buffer(shapely.points(points), 90)))
    bands = boxes(*((0, 100 * n, 1000, 100 * n + 55) for n in range(10)))
    redline = Side(bands, np.array([1, 2] * 5))
    whole = rows(found(boundary=blobs, redline=redline))
    monkeypatch.setattr(conflicttiles, "MOST", 20)
    monkeypatch.setattr(conflicttiles, "FEW", 10)
    tiled = rows(found(boundary=blobs, redline=redline))
    assert len(whole) > 20
    assert [row[:4] for row in sorted(tiled)] == [row[:4] for row in sorted(whole)]
    assert [row[4] for row in sorted(tiled)] == pytest.approx([row[4] for row in sorted(whole)], abs=0.011)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 4), min_size=2, max_size=6), st.integers(1, 5))
def test_areas_are_those_of_plain_set_operations(corners: Sequence[Tuple[int, int, int, int]], split: int) -> None:
    made = [(min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1) for a, b, c, d in corners]
    left, right = made[:split], made[split:]
    places = found(Narrow(0.0, 0.0), farmland=boxes(*left), boundary=boxes(*right), newbuild=boxes(*left))
    lands = shapely.union_all(boxes(*left)), shapely.union_all(boxes(*right))
    together = shapely.area(shapely.intersection(*lands))
    total: Dict[str, float] = dict.fromkeys(KINDS, 0.0)
    for kind, *_, area, _ in rows(places):
        total[kind] += area
    assert total["farmland_boundary"] == pytest.approx(together, abs=0.05)
    assert total["newbuild_farmland"] == pytest.approx(shapely.area(lands[0]), abs=0.05)
    assert total["newbuild_outside_boundary"] == pytest.approx(shapely.area(lands[0]) - together, abs=0.05)


def test_shares_of_villages_add_up() -> None:
    from three_opt_three_protect.core.base import Areas

    places = found(farmland=boxes((0, 0, 30, 10)), boundary=boxes((0, 0, 30, 10)))
    villages = Areas(boxes((0, 0, 10, 10), (10, 0, 25, 10)), np.arange(2), ("320501", "320502"))
    amounts = own_amounts(places, SPEC, villages)
    assert amounts.unit.tolist() == ["320502"]
    assert sorted(zip(map(str, amounts.shares.unit), amounts.shares.area.tolist())) == [
        ("320501", 10000),
        ("320502", 15000),
        ("None", 5000),
    ]


def texts(*values: Optional[str]) -> Any:
    out = np.empty(len(values), dtype=np.object_)
    out[:] = values
    return out


def test_only_town_and_industry_must_lie_inside() -> None:
    places = found(
        newbuild=boxes((0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10), (60, 0, 70, 10)),
        boundary=boxes((100, 0, 200, 10)),
    )
    use = texts("town", "resettlement", None, "industry")
    judged = judge(places, load_profile("suzhou-2014"), use, texts())
    assert [(int(places.first[row]), rule.severity) for row, rule in zip(judged.place, judged.rules)] == [
        (0, "fail"),
        (3, "fail"),
    ]


def test_level_direction_and_slivers_decide_how_grave() -> None:
    redline = Side(boxes((0, 0, 10, 100), (10, 0, 20, 100)), np.array([1, 2]))
    reclaim = boxes((0, 0, 5, 5), (0, 50, 5, 55))
    places = found(redline=redline, newbuild=boxes((0, 10, 20, 20), (0, 90, 0.2, 99)), reclaim=reclaim)
    profile = load_profile("territorial-2021")
    judged = judge(places, profile, texts("town", "town"), texts("cultivated", "forest"))
    assert judged.severity.tolist() == ["fail", "warn", "info", "warn", "info"]


@pytest.mark.parametrize("profile", ["suzhou-2014", "territorial-2021"])
def test_profiles_state_every_kind_line_and_basis(profile: str) -> None:
    held = load_profile(profile)
    for kind in KINDS:
        for level in (0, 1, 2):
            rule = conflict_rule(held, kind, level)
            assert rule.severity in ("fail", "warn")
            assert rule.yields in ("none", "farmland", "boundary", "redline")
            assert rule.basis
    assert {held.settings[f"conflict_{kind}"].status for kind in KINDS}
    assert set(held.words("line_order")) == {"farmland", "boundary", "redline"}
    for line in held.words("line_order"):
        change = line_change(held, line)
        assert change.levels[0] == "county"
        assert len(change.levels) > 1


def test_level_two_is_less_grave_than_level_one() -> None:
    profile = load_profile("suzhou-2014")
    assert conflict_rule(profile, "newbuild_redline", 1).severity == "fail"
    assert conflict_rule(profile, "newbuild_redline", 2).severity == "warn"
    assert conflict_rule(profile, "newbuild_farmland", 0).severity == "fail"
