"""The adjustment of permanent basic farmland by hand: squares of 100 m are 10 000 m² = 1 ha."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Tuple

import numpy as np
import pytest

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.farmland.adjust import Around, adjust
from three_opt_three_protect.core.farmland.methods import why

M2 = 10_000


def square(column: int, row: int = 0) -> Tuple[int, int, int, int]:
    """A field of the grid."""
    return (100 * column, 100 * row, 100 * column + 100, 100 * row + 100)


def field(column: int, row: int = 0, **said: Any) -> Dict[str, Any]:
    """A field of grade 5 that is not farmland."""
    return {"shape": square(column, row), "grade": 5, **said}


def farm(column: int, row: int = 0, **said: Any) -> Dict[str, Any]:
    """A field of grade 5 that is farmland."""
    return field(column, row, farm=True, **said)


def occupied(column: int, row: int = 0, **said: Any) -> Dict[str, Any]:
    """Farmland under a new-build plot."""
    return farm(column, row, newbuild=True, in_time=True, **said)


def test_what_is_occupied_is_replaced_beside_what_stays(fields: Any) -> None:
    """Ten fields, one built on: 10 − 1 + 1 = 10 ha; the field beside comes in, the one 300 m off does not."""
    rows = [*(farm(each) for each in range(9)), occupied(9), field(0, 1), field(0, 4)]
    held = fields.adjust(rows, {"": 100_000})
    assert fields.released(held) == {9: "newbuild"}
    assert fields.added(held) == [10]
    assert fields.excluded(held) == {11: "apart"}
    row = held.township
    assert (row.before, row.released_all, row.added_all, row.after) == tuple(100 * M2 * each for each in (10, 1, 1, 10))
    assert row.released["newbuild"] == 100 * M2
    assert row.added == {"reserve": 0, "reclaim": 0, "other": 100 * M2}
    assert {verdict.rule: verdict.result for verdict in held.verdicts} == {
        "pbf_task": "pass", "pbf_supplement": "pass", "pbf_grade": "pass", "pbf_contiguity": "pass",
        "pbf_newbuild": "pass", "pbf_eligible": "pass", "pbf_unlisted": "pass",
    }  # fmt: skip
    assert why(held.methods) == "farmland.why.same"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"newbuild": True, "in_time": True}, "newbuild"),
        ({"newbuild": True, "in_time": True, "key_project": True}, "key_project"),
        ({"class_code": "1104"}, "not_eligible"),
        ({"class_code": "0201"}, "not_eligible"),
        ({"steep": True}, "slope"),
        ({"steep": True, "newbuild": True, "in_time": True}, "newbuild"),
    ],
)
def test_listed_reasons(fields: Any, said: Mapping[str, Any], reason: str) -> None:
    held = fields.adjust([farm(0), farm(1), farm(2, **said)])
    assert fields.released(held) == {2: reason}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [({"unstable": True}, "unstable"), ({"newbuild": True}, None), ({"class_code": "0201K"}, None)],
)
def test_what_is_not_listed_stays(fields: Any, said: Mapping[str, Any], wanted: Any) -> None:
    """Unstable land is only said; a plot that does not count by the day, and adjustable land, ask for nothing."""
    held = fields.adjust([farm(0), farm(1), farm(2, **said)])
    assert fields.released(held) == {}
    row = int(np.flatnonzero(held.base.parcel == 2)[0])
    found = held.releases.wanted[row]
    assert (None if found < 0 else held.settings.reasons[found].token) == wanted
    assert fields.verdict(held, "unlisted").result == ("warn" if wanted else "pass")


def test_boundary_and_core_of_the_redline_as_the_profile_says(fields: Any) -> None:
    lines = {"boundary": fields.kit.areas(square(2)), "redline": fields.kit.areas(square(1), key=[1])}
    held = fields.adjust([farm(0), farm(1), farm(2)], **lines)
    assert fields.released(held) == {2: "boundary"}
    assert fields.verdict(held, "unlisted").right == M2
    reasons = [
        each.__class__(each.token, each.code, each.token == "redline", each.basis, each.status)
        for each in fields.settings.reasons
    ]
    held = fields.adjust([farm(0), farm(1), farm(2)], settings=fields.changed(reasons=tuple(reasons)), **lines)
    assert fields.released(held) == {1: "redline"}


def test_a_sliver_between_two_lines_is_not_released(fields: Any) -> None:
    """0.5 m² of a field inside the boundary."""
    held = fields.adjust([farm(0), farm(1)], boundary=fields.kit.areas((199.995, 0, 300, 100)))
    assert not held.releases.released.any()
    assert int(held.releases.slivers.sum()) == 1
    assert fields.verdict(held, "unlisted").result == "pass"


@pytest.mark.parametrize(
    ("said", "why_not"),
    [
        ({"newbuild": True}, "newbuild"),
        ({"steep": True}, "slope"),
        ({"unstable": True}, "unstable"),
        ({"fallow": True}, "fallow"),
        ({"reclaim": True}, "reclaim_pending"),
        ({"grade": 6}, "grade_worse"),
        ({"shape": (100, 100, 110, 139)}, "small"),
    ],
)
def test_what_may_not_come_in(fields: Any, said: Mapping[str, Any], why_not: str) -> None:
    """The field above the second one; grade 5 is occupied. 10 × 39 = 390 m² are fewer than 400."""
    held = fields.adjust([farm(0), farm(1), occupied(2), {**field(1, 1), **said}])
    assert fields.excluded(held) == {3: why_not}
    assert fields.added(held) == []
    verdict = fields.verdict(held, "supplement")
    assert (verdict.result, verdict.left, verdict.right, verdict.margin) == ("fail", 0.0, M2, -M2)


def test_lines_bar_what_would_come_in(fields: Any) -> None:
    rows = [farm(0), farm(1), occupied(2), field(0, 1), field(1, 1)]
    lines = {"boundary": fields.kit.areas(square(0, 1)), "redline": fields.kit.areas(square(1, 1), key=[1])}
    held = fields.adjust(rows, **lines)
    assert fields.excluded(held) == {3: "boundary", 4: "redline"}
    lines["redline"] = fields.kit.areas(square(1, 1), key=[2])
    assert fields.added(fields.adjust(rows, **lines)) == [4]


def test_a_pond_and_adjustable_land_are_not_even_looked_at(fields: Any) -> None:
    held = fields.adjust([farm(0), occupied(1), field(0, 1, class_code="1104"), field(1, 1, class_code="0201K")])
    assert fields.excluded(held) == {}
    assert fields.added(held) == []


def test_the_gap_of_a_field_road(fields: Any) -> None:
    """8 m apart lies together, 8.1 m does not."""
    rows = [farm(0), occupied(1), {"shape": (0, 108, 100, 208), "grade": 5}]
    assert fields.added(fields.adjust(rows)) == [2]
    rows[2]["shape"] = (0, 108.1, 100, 208.1)
    assert fields.excluded(fields.adjust(rows)) == {2: "apart"}


def test_beside_what_leaves_is_not_beside_farmland(fields: Any) -> None:
    held = fields.adjust([farm(0), occupied(2), field(3)])
    assert fields.excluded(held) == {2: "apart"}


def test_reserve_first_then_better_land(fields: Any) -> None:
    rows = [farm(0), farm(1), farm(2), occupied(3), field(0, 1, grade=2), field(1, 1, reserve=True), field(2, 1)]
    assert fields.added(fields.adjust(rows)) == [5]
    rows[5]["unstable"] = True
    assert fields.added(fields.adjust(rows)) == [4]


def test_the_reserve_is_used_up_before_other_land(fields: Any) -> None:
    """1 ha is needed: 2 ha of the reserve come in rather than 1 ha beside it, which would be less land."""
    rows = [
        *(farm(each) for each in range(4)), occupied(4), field(3, 1, grade=1),
        {"shape": (0, 100, 200, 200), "grade": 5, "reserve": True},
    ]  # fmt: skip
    held = fields.adjust(rows)
    assert fields.added(held) == [6]
    assert [(method.other, method.added) for method in held.methods] == [(0, 200 * M2)] * 2


def test_where_the_reserve_is_not_enough_little_else_comes_in(fields: Any) -> None:
    """2.5 ha are needed and 1 ha is reserve: 1.5 ha beside it are enough, although 3 ha need no more fields."""
    rows = [
        *(farm(each) for each in range(4)), {**occupied(4), "shape": (400, 0, 650, 100)}, field(0, 1, reserve=True),
        {"shape": (100, 100, 400, 200), "grade": 5}, {"shape": (0, -150, 100, 0), "grade": 5},
    ]  # fmt: skip
    held = fields.adjust(rows)
    assert fields.added(held) == [5, 7]
    assert held.used.other == 150 * M2


def test_a_gentle_slope_comes_first(fields: Any) -> None:
    """Two like fields, one of slope level 4 (15–25°)."""
    rows = [farm(0), farm(1), occupied(2), field(0, 1, gentle=0.0), field(1, 1, gentle=1.0)]
    assert fields.added(fields.adjust(rows)) == [4]
    rows[3]["gentle"], rows[4]["gentle"] = 1.0, 0.0
    assert fields.added(fields.adjust(rows)) == [3]


@pytest.mark.parametrize("choice", ["both", "greedy"])
def test_equal_fields_rank_by_place_and_not_by_row(fields: Any, choice: str) -> None:
    """Three fields alike: the one in the north-west comes in, whatever the order of the file."""
    rows = [farm(0), farm(1), farm(2), occupied(5), field(0, 1), field(1, 1), field(2, 1)]
    assert fields.added(fields.adjust(rows, choice=choice)) == [4]
    assert fields.added(fields.adjust(rows[::-1], choice=choice)) == [2]


def test_town_fringe_and_roadside_first(fields: Any) -> None:
    rows = [*(farm(each) for each in range(5)), occupied(5), field(0, 1), field(4, 1)]
    town = Around(fields.kit.array(fields.kit.box(-500, 0, -400, 200)))
    assert fields.added(fields.adjust(rows, around=town)) == [6]
    road = Around(None, fields.kit.array(fields.kit.box(510, 0, 520, 200)))
    assert fields.added(fields.adjust(rows, around=road)) == [7]


def test_accepted_reclaimed_land_comes_in_as_such(fields: Any) -> None:
    held = fields.adjust([farm(0), farm(1), occupied(2), field(0, 1, reclaim=True, accepted=True)])
    assert held.township.added == {"reserve": 0, "reclaim": 100 * M2, "other": 0}


def test_net_areas_are_what_counts(fields: Any) -> None:
    """A tenth is ridges: 9 000 m² of the field that comes in do not make up for 10 000."""
    held = fields.adjust([farm(0), farm(1), occupied(2), field(0, 1, deduct_rate=0.1)])
    assert held.township.added_all == 900_000
    assert fields.verdict(held, "supplement").margin == -1_000.0


def test_supplement_of_consolidation(fields: Any) -> None:
    """105 % of the released area: one field is not enough, two are; 1 of 4 ha is more than 5 %."""
    settings = fields.changed(supplement_ratio=1.05, cap_share=0.05)
    rows = [farm(0), farm(1), farm(2), occupied(3), field(0, 1), field(1, 1)]
    held = fields.adjust(rows, settings=settings)
    assert fields.added(held) == [4, 5]
    assert fields.verdict(held, "supplement").right == 10_500.0
    cap = fields.verdict(held, "cap")
    assert (cap.left, cap.right, cap.result) == (2_000.0, 10_000.0, "fail")


def test_villages_with_a_task_of_their_own(fields: Any) -> None:
    """The better land lies in V1, but V2 must have 20 000 m²."""
    rows = [
        farm(0), farm(1), farm(2, unit_code="V2"), occupied(3, unit_code="V2"), field(0, 1, grade=1),
        field(2, 1, unit_code="V2"),
    ]  # fmt: skip
    assert fields.added(fields.adjust(rows)) == [4]
    held = fields.adjust(rows, {"V2": 20_000, "": 40_000})
    assert fields.added(held) == [5]
    assert fields.verdict(held, "task", "V2").result == "pass"
    assert [(row.unit_code, row.before, row.after) for row in held.rows] == [
        ("V1", 2_000_000, 2_000_000), ("V2", 2_000_000, 2_000_000), ("", 4_000_000, 4_000_000),
    ]  # fmt: skip


def test_no_task_is_unknown(fields: Any) -> None:
    held = fields.adjust([farm(0), farm(1)])
    verdict = fields.verdict(held, "task")
    assert (verdict.result, verdict.left, verdict.right, verdict.margin) == ("unknown", 20_000.0, None, None)


def test_a_task_that_cannot_be_met_is_said_not_met(fields: Any) -> None:
    """40 000 m² asked for, 20 000 there and 10 000 to come in."""
    held = fields.adjust([farm(0), farm(1), field(0, 1)], {"": 40_000})
    assert fields.added(held) == [2]
    assert fields.verdict(held, "task").margin == -10_000.0
    assert [(limit.id, short) for limit, short in held.used.shortages] == [("task", 10_000.0)]
    assert [method.status for method in held.methods] == ["short", "infeasible"]
    assert why(held.methods) == "farmland.why.none"


def test_one_village_that_cannot_does_not_make_the_others_take_more(fields: Any) -> None:
    """V2 wants 30 000 and can have 20 000: its field comes in, which also replaces what V1 loses."""
    rows = [
        farm(0), farm(1), occupied(20), farm(8, unit_code="V2"), field(8, 1, unit_code="V2"),
        field(0, 1), field(1, 1, grade=1),
    ]  # fmt: skip
    held = fields.adjust(rows, {"V2": 30_000, "": 40_000})
    assert fields.added(held) == [4]
    assert [(limit.unit_code, short) for limit, short in held.used.shortages] == [("V2", 10_000.0)]
    assert held.used.name == "optimal"


def test_the_grade_must_not_get_worse(fields: Any) -> None:
    """Of grades 1, 5, 5 a field of 5 is built on: grades down to 5 may come in, and 5 for 5 changes nothing."""
    held = fields.adjust([farm(0, grade=1), farm(1), occupied(2), field(0, 1), field(1, 1, grade=6)])
    assert fields.excluded(held) == {4: "grade_worse"}
    assert held.township.grade_before == pytest.approx(11 / 3)
    assert held.township.grade_after == pytest.approx(11 / 3)
    verdict = fields.verdict(held, "grade")
    assert (verdict.left, verdict.right, verdict.result) == (3.6667, 3.6667, "pass")


def test_more_land_than_is_released_must_not_lower_the_grade(fields: Any) -> None:
    """Task 30 000 over 20 000 of grade 3: land of grade 5 would make 11/3, so nothing comes in."""
    rows = [farm(0, grade=3), farm(1, grade=3), field(0, 1)]
    held = fields.adjust(rows, {"": 30_000})
    assert fields.excluded(held) == {2: "grade_worse"}
    assert fields.verdict(held, "task").margin == -10_000.0


def test_a_missing_grade_is_inferred_and_only_a_warning(fields: Any) -> None:
    """Around lie grades 4 and 6 of equal area: the field without one has 5."""
    rows = [farm(0, grade=4), farm(1, grade=6), occupied(2), {**field(0, 1), "grade": None}]
    rows[2]["grade"] = 6
    held = fields.adjust(rows)
    row = int(np.flatnonzero(held.base.parcel == 3)[0])
    assert held.facts.inferred[row]
    assert held.facts.grade[row] == pytest.approx(16 / 3)
    assert fields.added(held) == [3]
    assert fields.verdict(held, "grade").result == "warn"


def test_a_grade_nobody_knows_is_no_pass(fields: Any) -> None:
    """A field of farmland 5 km away has no grade, and nothing graded lies around it."""
    held = fields.adjust([farm(0), farm(1), {**farm(50), "grade": None}])
    assert not held.facts.inferred.any()
    assert fields.verdict(held, "grade").result == "warn"


def test_farmland_of_an_unknown_class_is_not_passed_as_cultivated(fields: Any) -> None:
    rows = [farm(0), farm(1), farm(2, class_code="9999")]
    base = fields.base(rows)
    facts = fields.facts(base, rows)
    held = adjust(base, facts, fields.settings, {}, Around())
    assert fields.verdict(held, "eligible").result == "unknown"


def test_a_village_without_parcels_is_not_judged(fields: Any) -> None:
    """Targets of a whole county with the parcels of one township."""
    held = fields.adjust([farm(0), farm(1)], {"": 20_000, "V9": 10_000})
    assert [(one.rule, one.unit_code) for one in held.verdicts if one.unit_code] == []
    assert [row.unit_code for row in held.rows] == ["V1", ""]
    assert held.used.shortages == ()


def test_without_any_grades_the_grade_is_unknown(fields: Any) -> None:
    rows = [{key: value for key, value in row.items() if key != "grade"} for row in (farm(0), occupied(1), field(0, 1))]
    held = fields.adjust(rows)
    assert fields.added(held) == [2]
    assert fields.verdict(held, "grade").result == "unknown"


def test_contiguity_is_the_mean_patch_by_area(fields: Any) -> None:
    """Patches of 3 and 1 ha: (9 + 1) ÷ 4 = 2.5; after the field between is built on and one comes in: 1, 1, 1, 1."""
    rows = [farm(0), farm(1), farm(2), farm(6)]
    assert fields.adjust(rows).index == (2.5, 2.5)
    held = fields.adjust([farm(0), occupied(1), farm(2), farm(6), field(6, 1)])
    # patches of 1, 1 and 2 ha: (1 + 1 + 4) ÷ 4 = 1.5
    assert held.index == (2.5, 1.5)
    verdict = fields.verdict(held, "contiguity")
    assert (verdict.left, verdict.right, verdict.result) == (1.5, 2.5, "warn")


def test_contiguity_prefers_the_large_patch(fields: Any) -> None:
    """Equal land beside a patch of 4 ha and beside one of 1 ha: only the first keeps the mean patch."""
    rows = [*(farm(each) for each in range(4)), occupied(4), farm(9), field(9, 1, grade=1), field(1, 1)]
    held = fields.adjust(rows)
    assert fields.added(held) == [7]
    # before 5² + 1² over 6, after (5² + 1²) over 6
    assert held.index == (pytest.approx(26 / 6), pytest.approx(26 / 6))


def test_the_optimiser_needs_less_land_and_says_so(fields: Any) -> None:
    """1.4 ha are needed. By rank the field of 2 ha comes first, for its grade, and suffices; 1 + 0.5 ha are less."""
    rows = [
        *(farm(each) for each in range(6)), {**occupied(6), "shape": (600, 0, 740, 100)},
        {"shape": (0, 100, 200, 200), "grade": 1}, {"shape": (200, 100, 300, 200), "grade": 2},
        {"shape": (300, 100, 350, 200), "grade": 2},
    ]  # fmt: skip
    held = fields.adjust(rows)
    first, best = held.methods
    assert (first.added, best.added) == (200 * M2, 150 * M2)
    assert best.cost < first.cost
    assert fields.added(held) == [8, 9]
    assert why(held.methods) == "farmland.why.whole"
    assert fields.added(fields.adjust(rows, choice="greedy")) == [7]
    assert fields.added(fields.adjust(rows, choice="optimal")) == [8, 9]


def test_nothing_to_do(fields: Any) -> None:
    held = fields.adjust([farm(0), farm(1), field(0, 1)], {"": 20_000})
    assert (fields.added(held), fields.released(held)) == ([], {})
    assert all(verdict.result == "pass" for verdict in held.verdicts)


def test_no_farmland_at_all(fields: Any) -> None:
    with pytest.raises(InputError, match="farmland_nowhere"):
        fields.adjust([field(0)])
