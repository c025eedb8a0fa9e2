"""What each plot does to every account line: by hand, and against the balance of plans made of the plots."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.allocation.coefficients import Coefficients, coefficients
from three_opt_three_protect.core.allocation.plain import plain_coefficients
from three_opt_three_protect.core.allocation.terms import Terms
from three_opt_three_protect.core.balance import balance
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

PROFILE = load_profile("suzhou-2014")
THIRD = load_class_system("third_survey")
VILLAGES = ("320509100201", "320509100202")

# A homestead of 10 000 m² with a pond, then fields of grade 6, paddy of grade 4, and a works.
GROUND = [
    {"shape": (0, 0, 80, 100), "class_code": "0702", "unit_code": VILLAGES[0]},
    {"shape": (80, 0, 100, 100), "class_code": "1104", "unit_code": VILLAGES[0]},
    {"shape": (100, 0, 200, 100), "class_code": "0103", "grade": 6.0, "unit_code": VILLAGES[0]},
    {"shape": (200, 0, 300, 100), "class_code": "0101", "grade": 4.0, "unit_code": VILLAGES[1]},
    {"shape": (300, 0, 400, 100), "class_code": "0601", "unit_code": VILLAGES[1]},
]


def held_of(
    kit: Any, reclaim: List[Dict[str, Any]], newbuild: List[Dict[str, Any]], ground: Any = GROUND, **lines: Any
) -> Coefficients:
    base = kit.base(ground, **lines)
    return coefficients(base, kit.reclaim(reclaim), kit.newbuild(newbuild), PROFILE, THIRD)


def test_lines_by_hand(kit: Any) -> None:
    held = held_of(
        kit,
        [
            {"shape": (0, 0, 100, 100), "rate": 0.9},
            {"shape": (300, 0, 340, 100), "rate": 0.5, "acc_m2": 3000.0},
            {"shape": (340, 0, 400, 100), "direction": "forest"},
        ],
        [
            {"shape": (250, 0, 310, 100), "use": "industry"},
            {"shape": (100, 0, 110, 100), "use": "infrastructure", "cls_after": "1006", "quota_src": "annual_plan"},
        ],
        farmland=kit.areas((205, 0, 255, 100)),
        boundary=kit.areas((260, 0, 400, 100)),
    )
    assert held.reclaim.of("reclaimed_m2").tolist() == [8000, 4000, 6000]
    assert held.reclaim.of("not_counted_m2").tolist() == [2000, 0, 0]
    # 0.9 of the whole plot; nothing of a forest
    assert held.reclaim.of("cultivated_gain_m2").tolist() == [9000, 2000, 0]
    assert held.reclaim.of("reclaim_inside_boundary_m2").tolist() == [0, 4000, 6000]
    assert held.credit.tolist() == [8000, 3000, 6000]
    # 5 000 m² of paddy and 1 000 m² of works, which is construction land already
    assert held.newbuild.of("added_m2").tolist() == [5000, 0]
    assert held.newbuild.of("stock_m2").tolist() == [1000, 0]
    assert held.newbuild.of("added_linked_m2").tolist() == [5000, 0]
    assert held.newbuild.of("cultivated_loss_m2").tolist() == [5000, 1000]
    assert held.newbuild.of("cultivated_loss_construction_m2").tolist() == [5000, 0]
    assert held.newbuild.of("newbuild_farmland_m2").tolist() == [500, 0]
    assert held.newbuild.of("newbuild_outside_boundary_m2").tolist() == [1000, 0]
    assert held.area.tolist() == [6000, 1000]
    assert held.class_known.tolist() == [True, True]
    # villages
    assert held.reclaim.of("reclaimed_m2", VILLAGES[0]).tolist() == [8000, 0, 0]
    assert held.reclaim.of("reclaimed_m2", VILLAGES[1]).tolist() == [0, 4000, 6000]
    assert held.newbuild.of("cultivated_loss_m2", VILLAGES[1]).tolist() == [5000, 0]
    # the works stand in a candidate and in the first site
    assert held.conflicts.tolist() == [[1, 3]]
    assert held.overlap_m2.tolist() == [1000]


def test_natural_villages(kit: Any) -> None:
    held = held_of(
        kit,
        [{"shape": (0, 0, 60, 100)}],
        [],
        settlements=kit.areas((0, 0, 40, 100), (40, 0, 80, 100), key=[0, 1], names=["东庄", "西庄"]),
    )
    assert held.reclaim.of("reclaimed_m2", f"{VILLAGES[0]}/东庄").tolist() == [4000]
    assert held.reclaim.of("reclaimed_m2", f"{VILLAGES[0]}/西庄").tolist() == [2000]
    assert held.reclaim.of("reclaimed_m2", f"{VILLAGES[1]}/东庄").tolist() == [0]


def test_overlapping_candidates_are_held_alone_and_exclude_each_other(kit: Any) -> None:
    plots = [{"shape": (0, 0, 40, 100)}, {"shape": (20, 0, 60, 100)}, {"shape": (30, 0, 80, 100)}]
    held = held_of(kit, plots, [])
    assert held.reclaim.of("reclaimed_m2").tolist() == [4000, 4000, 5000]
    assert held.conflicts.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert held.overlap_m2.tolist() == [2000, 1000, 3000]


def test_neighbours_drawn_a_hair_into_each_other_do_not_exclude_each_other(kit: Any) -> None:
    # 5 mm × 100 m = 0.5 m², less than two surveys of one parcel differ by
    held = held_of(kit, [{"shape": (0, 0, 40.005, 100)}, {"shape": (40, 0, 80, 100)}], [])
    assert held.conflicts.tolist() == []
    assert held.reclaim.of("reclaimed_m2").tolist() == [4000.5, 4000]
    # but whatever is built on reclaimed land breaks a rule
    across = held_of(kit, [{"shape": (300, 0, 340.005, 100)}], [{"shape": (340, 0, 400, 100)}])
    assert across.conflicts.tolist() == [[0, 1]]


def test_plots_beyond_the_parcels_and_on_unknown_land(kit: Any) -> None:
    ground = [*GROUND, {"shape": (400, 0, 500, 100), "class_code": "XX"}]
    held = held_of(
        kit, [{"shape": (0, 500, 10, 510)}, {"shape": (410, 0, 420, 100)}, {"shape": (0, 0, 9, 9)}], [], ground
    )
    assert held.outside[0].tolist() == [True, False, False]
    assert held.unclassed[0].tolist() == [False, True, False]
    assert held.uncovered_m2[0].tolist() == pytest.approx([100, 0, 0])


def test_grades_say_what_the_quality_account_says(kit: Any) -> None:
    held = held_of(
        kit,
        [{"shape": (0, 0, 50, 100), "rate": 1.0, "grade_new": 3.0}, {"shape": (50, 0, 80, 100), "rate": 1.0}],
        [{"shape": (200, 0, 210, 100), "use": "town"}],
    )
    grades = held.grades
    assert grades is not None
    assert (grades.area, grades.mean) == (20000, 5.0)
    # 5 000 m² two grades better; 3 000 m² of the mean around, 5; 1 000 m² lost that were one better than the mean
    assert grades.reclaim.effect(5.0).tolist() == pytest.approx([10000, 0])
    assert grades.newbuild.effect(5.0).tolist() == pytest.approx([-1000])
    assert {"grades", "grades_inferred"} <= held.facts


def test_no_graded_land_no_grades(kit: Any) -> None:
    ground = [{**row, "grade": None} for row in GROUND]
    held = held_of(kit, [{"shape": (0, 0, 50, 100)}], [], ground)
    assert held.grades is None
    assert "grades" not in held.facts


def test_no_sites_and_no_candidates(kit: Any) -> None:
    held = held_of(kit, [], [])
    assert held.reclaim.of("reclaimed_m2").tolist() == held.newbuild.of("added_m2").tolist() == []
    assert held.conflicts.shape == (0, 2)


def test_without_parcels_plots_count_with_their_own_area(kit: Any) -> None:
    held = plain_coefficients(
        kit.reclaim(
            [
                {"shape": (0, 0, 10, 100), "rate": 0.8},
                {"shape": (20, 0, 30, 100)},
                {"shape": (5, 0, 15, 100), "direction": "pond"},
            ]
        ),
        kit.newbuild([{"shape": (0, 200, 10, 300), "use": "town"}, {"shape": (0, 300, 10, 350), "quota_src": "stock"}]),
        kit.spec,
        PROFILE,
    )
    assert held.reclaim.of("reclaimed_m2").tolist() == [1000, 1000, 1000]
    # 0.8 as stated; the profile's ratio of small homesteads; a pond is no cultivated land
    assert held.reclaim.of("cultivated_gain_m2").tolist() == [800, 850, 0]
    assert held.newbuild.of("added_linked_m2").tolist() == [1000, 0]
    assert held.newbuild.of("added_town_m2").tolist() == [1000, 0]
    assert held.newbuild.of("stock_m2").tolist() == [0, 500]
    assert held.conflicts.tolist() == [[0, 2]]
    terms = Terms(held, PROFILE, ())
    assert terms.of("cultivated_loss_m2") is None
    assert terms.of("construction_after_m2") is None
    net = terms.of("net_reduction_m2")
    assert net is not None
    assert (net.reclaim.tolist(), net.newbuild.tolist()) == ([1000, 1000, 1000], [-1000, 0])


CODES = ("0101", "0103", "0702", "0601", "1104", "1006", "1206", "1003", "0301")


@st.composite
def ground(draw: st.DrawFn) -> List[Dict[str, Any]]:
    """A 4 × 4 coverage of 120 m, some with a recorded area of their own and a deduction rate."""
    return [
        {
            "shape": (30.0 * i, 30.0 * j, 30.0 * i + 30, 30.0 * j + 30),
            "class_code": draw(st.sampled_from(CODES)),
            "unit_code": draw(st.sampled_from(VILLAGES)),
            "area": draw(st.sampled_from([None, 899.37, 901.11])),
            "deduct_rate": draw(st.sampled_from([0.0, 0.0837])),
        }
        for i in range(4)
        for j in range(4)
    ]


reclaim_plot = st.fixed_dictionaries(
    {
        "direction": st.sampled_from([None, "cultivated", "forest", "water"]),
        "rate": st.one_of(st.none(), st.floats(0, 1).map(lambda rate: round(rate, 2))),
        "phase": st.integers(2015, 2018),
    }
)
newbuild_plot = st.fixed_dictionaries(
    {
        "use": st.sampled_from(["town", "industry", "resettlement"]),
        "cls_after": st.sampled_from([None, "0601", "1006", "1104"]),
        "quota_src": st.sampled_from([None, "annual_plan", "provincial", "stock"]),
        "phase": st.integers(2015, 2018),
    }
)


@st.composite
def plots_apart(draw: st.DrawFn, part: int) -> List[List[Dict[str, Any]]]:
    """Reclaim and new-build plots on cells that no other plot has: whole parcels, or quarters of them."""
    size = 30.0 / part
    cells = draw(
        st.lists(st.tuples(st.integers(0, 4 * part - 1), st.integers(0, 4 * part - 1)), unique=True, max_size=7)
    )
    sides: List[List[Dict[str, Any]]] = [[], []]
    for i, j in cells:
        number = draw(st.integers(0, 1))
        fields = draw((reclaim_plot, newbuild_plot)[number])
        sides[number].append({"shape": (size * i, size * j, size * (i + 1), size * (j + 1)), **fields})
    return sides


def differences(kit: Any, rows: List[Dict[str, Any]], plots: List[List[Dict[str, Any]]]) -> List[float]:
    """Account line by line, of the township and its villages: the balance less the sum of the coefficients."""
    base = kit.base(rows, boundary=kit.areas((60, 0, 130, 130)), farmland=kit.areas((0, 0, 50, 50)))
    reclaim, newbuild = kit.reclaim(plots[0]), kit.newbuild(plots[1])
    held = balance(base, reclaim, newbuild, PROFILE, THIRD)
    terms = Terms(coefficients(base, reclaim, newbuild, PROFILE, THIRD), PROFILE, ())
    found = []
    for line in held.accounts.lines:
        term = terms.of(line.line, line.unit_code) if "/" not in line.unit_code else None
        if term is not None and line.value is not None:
            found.append(term.constant + term.reclaim.sum() + term.newbuild.sum() - line.value)
    assert len(found) > 60
    return found


@settings(max_examples=40, deadline=None)
@given(ground(), plots_apart(1))
def test_coefficients_add_up_to_the_accounts(kit: Any, rows: Any, plots: Any) -> None:
    # intensity is rounded to four decimals, all else is whole hundredths
    assert np.abs(differences(kit, rows, plots)).max() < 1e-4
    assert sum(abs(found) > 1e-9 for found in differences(kit, rows, plots)) <= 3


@settings(max_examples=40, deadline=None)
@given(ground(), plots_apart(2))
def test_plots_that_share_a_parcel_differ_by_what_it_is_apportioned(kit: Any, rows: Any, plots: Any) -> None:
    # What a recorded area differs from the parcel's own is dealt out to its parts, so it depends on how many there are.
    recorded = sum(abs(row["area"] - 900.0) for row in rows if row["area"] is not None)
    assert np.abs(differences(kit, rows, plots)).max() <= recorded + 0.01 * 7 + 1e-4
