"""Plans on a grid of 10 m cells: every figure can be counted."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.measure import AreaMethod, Tolerance
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.plandiff import Comparison, Plan, compare
from three_opt_three_protect.core.plandiffclasses import (
    KINDS,
    NO_PLAN,
    Category,
    Harmonised,
    kind_of_pairs,
)
from three_opt_three_protect.core.plandiffland import compared_land
from three_opt_three_protect.core.plandiffpatches import Limits, differences, main_categories
from three_opt_three_protect.core.tables import CrsInfo

X, Y = 40557000.0, 3453000.0
SPEC = AreaSpec(CrsInfo("EPSG:4528"), AreaMethod.PLANAR, Tolerance(0.005, 1.0))
CATEGORIES = tuple(
    Category(name, nature, generic)
    for name, nature, generic in (
        ("town", "construction", False),
        ("village", "construction", False),
        ("construction", "construction", True),
        ("cultivated", "agricultural", False),
        ("other_agricultural", "agricultural", False),
        ("forbidden", "protected", False),
        ("unrestricted", "any", False),
        ("to_refine", "unknown", False),
        ("unknown", "unknown", False),
        ("no_plan", "none", False),
    )
)
HARMONISED = Harmonised(CATEGORIES, {}, {})
NAMES = [one.id for one in CATEGORIES]
EVERYTHING = Limits(0.0, 0.0, 0.0)

Cells = Sequence[Tuple[float, float, float, float, str, Optional[int]]]


def boxes(cells: Cells) -> np.ndarray:
    out = np.empty(len(cells), dtype=object)
    out[:] = [shapely.box(X + one[0], Y + one[1], X + one[2], Y + one[3]) for one in cells]
    return out


def plan(role: str, cells: Cells, beyond: str = NO_PLAN) -> Plan:
    names = np.array([one[4] for one in cells], dtype=object)
    category = np.array([NAMES.index(name) for name in names], dtype=np.int64)
    years = np.array([np.nan if one[5] is None else one[5] for one in cells], dtype=np.float64)
    return Plan(role, category, Factor.of(names), years, NAMES.index(beyond))


def compared(land: Cells, town: Cells, roles: Tuple[str, str] = ("land", "town")) -> Comparison:
    plans = [plan(roles[0], land), plan(roles[1], town)]
    return compare(plans, compared_land([boxes(land), boxes(town)], None, SPEC), HARMONISED)


def matrix(found: Comparison) -> Dict[Tuple[str, str], int]:
    return {(NAMES[one.category], NAMES[one.other]): one.area for one in found.matrix(found.pairs[0])}


def kinds(found: Comparison) -> Dict[str, int]:
    return {one.kind: one.area for one in found.layout(found.pairs[0])}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("town", "town", "agrees"),
        ("town", "village", "category_differs"),
        ("construction", "village", "agrees"),  # to be refined: it may be the same
        ("town", "cultivated", "built_only_land"),
        ("cultivated", "construction", "built_only_town"),
        ("cultivated", "other_agricultural", "category_differs"),
        ("forbidden", "village", "ecological_conflict"),
        ("forbidden", "cultivated", "agrees"),
        ("unrestricted", "town", "agrees"),
        ("unknown", "town", "to_refine"),
        ("to_refine", "forbidden", "to_refine"),
        ("no_plan", "unknown", "no_plan"),
    ],
)
def test_kinds(one: str, other: str, kind: str) -> None:
    table = kind_of_pairs(CATEGORIES, "land", "town")
    assert KINDS[table[NAMES.index(one), NAMES.index(other)]] == kind


LAND: Cells = [(0, 0, 20, 10, "town", 2016), (20, 0, 40, 10, "cultivated", None)]
TOWN: Cells = [(0, 0, 10, 10, "town", 2018), (10, 0, 30, 10, "village", 2016), (30, 0, 50, 10, "cultivated", None)]


def test_two_plans_worked_by_hand() -> None:
    found = compared(LAND, TOWN)
    assert matrix(found) == {
        ("town", "town"): 10_000,
        ("town", "village"): 10_000,
        ("cultivated", "village"): 10_000,
        ("cultivated", "cultivated"): 10_000,
        ("no_plan", "cultivated"): 10_000,
    }
    assert kinds(found) == {"agrees": 20_000, "no_plan": 10_000, "category_differs": 10_000, "built_only_town": 10_000}
    assert {one.kind: one.area for one in found.timing(found.pairs[0])} == {
        "year_differs": 10_000,
        "year_agrees": 10_000,
    }
    [verdict] = found.verdicts()
    assert (verdict.built, verdict.limit, verdict.result, verdict.margin) == (30_000, 20_000, "fail", -10_000)
    assert found.land.totals().tolist() == [40_000, 50_000]
    assert found.land.closure().tolist() == [0, 0]


def test_unknown_classes_leave_the_size_open() -> None:
    open_land: Cells = [*LAND[:1], (20, 0, 40, 10, "unknown", None)]
    [verdict] = compared(open_land, TOWN).verdicts()
    assert (verdict.result, verdict.margin) == ("unknown", None)
    # However much of the unknown is construction land, the plan stays below.
    [verdict] = compared(open_land, [(0, 0, 10, 10, "town", None), (10, 0, 20, 10, "unknown", None)]).verdicts()
    assert (verdict.result, verdict.margin) == ("pass", None)


def test_patches_are_put_together_and_apart() -> None:
    land: Cells = [(i * 10, 0, i * 10 + 10, 10, "cultivated", None) for i in range(6)]
    town: Cells = [(0, 0, 30, 10, "town", None), (30, 0, 40, 10, "cultivated", None), (40, 0, 60, 10, "town", None)]
    found = compared(land, town)
    layout, timing = differences(found, SPEC, EVERYTHING)
    assert sorted(layout.area.tolist()) == [20_000, 30_000]
    assert sorted(shapely.area(layout.geometry).round(6)) == [200.0, 300.0]
    assert len(timing) == 0
    assert [NAMES[one] for one in main_categories(found, layout)[0]] == ["cultivated", "town"]


def test_a_sliver_goes_to_the_neighbour_with_the_longest_edge() -> None:
    land: Cells = [(0, 0, 100, 50, "cultivated", None)]
    town: Cells = [
        (0, 0, 40, 50, "town", None),
        (40, 0, 41, 50, "other_agricultural", None),  # 50 m², 50 m beside the town
        (41, 0, 90, 50, "cultivated", None),
        (90, 0, 91, 50, "other_agricultural", None),  # 50 m² between fields
        (91, 0, 100, 50, "cultivated", None),
    ]
    found = compared(land, town)
    layout, _ = differences(found, SPEC, Limits(200.0, 400.0, 0.0))
    assert (layout.area.tolist(), layout.merged.tolist()) == ([5_000, 205_000], [0, 5_000])
    assert layout.sliver.tolist() == [True, False]
    assert layout.absorbed == 1
    assert kinds(found)["category_differs"] == 10_000  # the accounts know nothing of the drawing


def test_cancel_is_heard() -> None:
    class Stop:
        def step(self, name: str, share: float) -> None:
            raise Cancelled

        def check(self, fraction: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        compared_land([boxes(LAND), boxes(TOWN)], None, SPEC, progress=Stop())


# ---- properties

WORDS = ["town", "village", "construction", "cultivated", "other_agricultural", "unknown"]


@st.composite
def cells(draw: st.DrawFn) -> List[Tuple[float, float, float, float, str, Optional[int]]]:
    """Strips or blocks of a 40 × 30 m ground, cut at any tenth of a metre, some left out, some with years."""
    across = sorted(draw(st.sets(st.integers(1, 399), max_size=3)))
    along = sorted(draw(st.sets(st.integers(1, 299), max_size=2)))
    xs, ys = [0, *across, 400], [0, *along, 300]
    out = []
    for left, right in zip(xs, xs[1:]):
        for low, high in zip(ys, ys[1:]):
            word = draw(st.sampled_from([*WORDS, ""]))
            if word:
                year = draw(st.sampled_from([None, 2016, 2018]))
                out.append((left / 10, low / 10, right / 10, high / 10, word, year))
    return out or [(0.0, 0.0, 40.0, 30.0, "town", None)]


PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def totals(layer: Cells) -> Dict[str, float]:
    out: Dict[str, float] = {}
    for left, low, right, high, word, _ in layer:
        out[word] = out.get(word, 0.0) + (right - left) * (high - low)
    return out


@given(cells(), cells())
@PROPERTY
def test_matrix_adds_up_to_both_plans(land: Cells, town: Cells) -> None:
    found = matrix(compared(land, town))
    for side, layer in ((0, land), (1, town)):
        for word, area in totals(layer).items():
            held = sum(cell for key, cell in found.items() if key[side] == word)
            assert held == pytest.approx(area * 100, abs=0.5)


@given(cells(), cells())
@PROPERTY
def test_swapping_transposes(land: Cells, town: Cells) -> None:
    one, other = matrix(compared(land, town)), matrix(compared(town, land, ("town", "land")))
    assert one == {(second, first): area for (first, second), area in other.items()}


@given(cells())
@PROPERTY
def test_a_plan_agrees_with_itself(land: Cells) -> None:
    found = compared(land, land)
    assert set(kinds(found)) <= {"agrees", "to_refine"}
    layout, timing = differences(found, SPEC, EVERYTHING)
    assert {KINDS[kind] for kind in found.pairs[0].kind[layout.pieces]} <= {"to_refine"}
    assert len(timing) == 0


@given(cells(), cells(), st.sampled_from([EVERYTHING, Limits(100.0, 200.0, 0.5)]))
@PROPERTY
def test_kinds_and_agreement_are_the_compared_area(land: Cells, town: Cells, limits: Limits) -> None:
    found = compared(land, town)
    ground = shapely.union_all([*boxes(land), *boxes(town)]).area
    assert sum(kinds(found).values()) == pytest.approx(ground * 100, abs=0.5)
    layout, timing = differences(found, SPEC, limits)
    differ = sum(area for kind, area in kinds(found).items() if kind != "agrees")
    assert int(layout.area.sum()) == differ
    assert shapely.area(layout.geometry).sum() == pytest.approx(differ / 100, abs=1e-3)
    years = {one.kind: one.area for one in found.timing(found.pairs[0])}
    assert int(timing.area.sum()) == years.get("year_differs", 0)


@given(cells(), cells())
@PROPERTY
def test_overlaps_count_once(land: Cells, town: Cells) -> None:
    doubled = [*town, (5.0, 5.0, 25.0, 20.0, "village", None)]
    found = compared(land, doubled)
    shapes = boxes(doubled)
    whole = shapely.union_all(shapes).area
    assert found.land.overlap[1] == pytest.approx(shapely.area(shapes).sum() - whole, abs=0.01)
    assert int(found.land.totals()[1]) == pytest.approx(whole * 100, abs=2)
