"""Candidates by hand: every reason, their order, patches, ratios; and that no area is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.base import Areas
from three_opt_three_protect.core.conversion import BEFORE, CONSTRUCTION, Statement
from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.potential.universe import REASONS, Filters, Universe, universe
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.storage.catalogue import load_class_system
from three_opt_three_protect.storage.messages import Messages

VILLAGE = "320509100201"
PLACE = {"unit_code": VILLAGE, "settlement": "东村"}


def home(west: float, code: str = "0702", side: float = 100, **more: Any) -> Dict[str, Any]:
    return {"shape": (west, 0, west + side, side), "class_code": code, "unit_code": VILLAGE, **more}


def stated(areas: Areas, effect: str, code: str) -> Areas:
    factor = Factor.constant(code, len(areas.geometry))
    statement = Statement(effect, factor, load_class_system("third_survey").classify(factor))
    return replace(areas, key=np.arange(len(areas.geometry)), statement=statement)


def east_of(found: Universe, base: Any, reason: str, kit: Any) -> List[float]:
    """West sides of the pieces excluded for a reason."""
    rows = found.excluded.get(reason, np.empty(0, dtype=np.int64))
    return [round(base.geometry[row].bounds[0] - kit.X, 6) for row in rows]


def closes(found: Universe, base: Any) -> None:
    """Candidates and excluded pieces are all construction land, each once."""
    survey = base.parcels.classes.group[base.parcel] == LandGroup.CONSTRUCTION
    wanted = np.flatnonzero(survey | (base.group == LandGroup.CONSTRUCTION))
    listed = np.concatenate([found.rows, *found.excluded.values()])
    assert sorted(listed.tolist()) == wanted.tolist()
    excluded = sum(int(base.area[rows].sum()) for rows in found.excluded.values())
    assert int(base.area[found.rows].sum()) + excluded == int(base.area[wanted].sum())
    assert int(found.patch_area.sum()) == int(base.area[found.rows].sum())


def test_every_reason_of_a_layer(kit: Any, profile: Any) -> None:
    parcels = [home(200.0 * k) for k in range(9)]
    parcels[2] = home(400, "0101")
    parcels[8] = home(1600, "1003")
    parcels += [home(1800, side=14.0), home(2000, "0101"), home(2200, "0601"), home(2400, "0701")]
    base = kit.base(
        parcels,
        illegal_built=stated(kit.areas((200, 0, 300, 100)), BEFORE, "0101"),
        approved_unbuilt=stated(kit.areas((400, 0, 500, 100)), CONSTRUCTION, "0701"),
        boundary=kit.areas((600, 0, 700, 100)),
        others=(
            kit.areas((800, 0, 900, 100), key=[0]),
            kit.areas((1000, 0, 1100, 100), key=[0]),
            kit.areas((1200, 0, 1300, 100), key=[0]),
            kit.areas((1400, 0, 1440, 100), key=[0]),
        ),
    )
    filters = Filters(retained=0, heritage=1, past_projects=2, corridor=3)
    found = universe(base, filters, profile)
    where = {reason: east_of(found, base, reason, kit) for reason in found.excluded}
    assert where == {
        "illegal": [200],
        "approved": [400],
        "inside_boundary": [600],
        "transport_water": [1600],
        "retained": [800],
        "heritage": [1000],
        "past_project": [1200],
        "corridor": [1400],
        "too_small": [1800],
    }
    assert list(found.excluded) == [reason for reason in REASONS if reason in where]
    # the corridor takes 40 m of one homestead, the rest of it stays a candidate
    sides = [round(base.geometry[row].bounds[0] - kit.X) for row in found.rows]
    assert sides == [0, 1440, 2200, 2400]
    assert found.kind.tolist() == ["homestead", "homestead", "industry", "other"]
    assert found.unchecked == ()
    assert found.unknown == {}
    closes(found, base)


def test_the_first_reason_that_holds_is_given(kit: Any, profile: Any, people: Any) -> None:
    """One road parcel, 10 × 10 m, on which everything holds; taken away one by one, the next reason shows."""
    everything: Dict[str, Any] = {
        "illegal_built": stated(kit.areas((0, 0, 10, 10)), BEFORE, "0101"),
        "boundary": kit.areas((0, 0, 10, 10)),
        "settlements": kit.areas((0, 0, 10, 10), key=[0], names=("东村",)),
    }
    seen = []
    layers = ["retained", "heritage", "past_projects", "corridor"]
    row = {**PLACE, "consent": 0.1, "right_type": None}
    codes = {"": "1003", "illegal_built": "1003", "boundary": "1003", "road": "09"}
    for step in ("", "illegal_built", "boundary", "road", "graves", *layers, "consent", "right_type"):
        everything.pop(step, None)
        if step in layers:
            layers.remove(step)
        if step == "consent":
            row["consent"] = 1.0
        if step == "right_type":
            row["right_type"] = "宅基地使用权"
        others = tuple(kit.areas((0, 0, 10, 10), key=[0]) for _ in layers)
        base = kit.base([home(0, codes.get(step, "0702"), side=10.0)], others=others, **everything)
        table = people(row, {"unit_code": VILLAGE, "settlement": "西村", "right_type": "宅基地使用权"})
        columns = {name: place for place, name in enumerate(layers)}
        found = universe(base, Filters(stage="implementation", population=table, **columns), profile)
        (reason,) = found.excluded
        seen.append(reason)
        closes(found, base)
    assert seen == [reason for reason in REASONS if reason != "approved"]


def test_approved_comes_before_the_boundary(kit: Any, profile: Any) -> None:
    base = kit.base(
        [home(0, "0101")],
        approved_unbuilt=stated(kit.areas((0, 0, 100, 100)), CONSTRUCTION, "0701"),
        boundary=kit.areas((0, 0, 100, 100)),
    )
    assert list(universe(base, Filters(), profile).excluded) == ["approved"]


def test_cleared_land_whose_approval_stands_is_approved(kit: Any, profile: Any) -> None:
    base = kit.base([home(0, "0101")], demolished=stated(kit.areas((0, 0, 100, 100)), CONSTRUCTION, "0702"))
    found = universe(base, Filters(), profile)
    assert list(found.excluded) == ["approved"]
    assert not len(found)


def test_construction_land_approved_anew_and_not_yet_built_on_is_approved(kit: Any, profile: Any) -> None:
    """A homestead whose eastern half is approved for a school: that half is no candidate."""
    approved = stated(kit.areas((50, 0, 100, 100)), CONSTRUCTION, "08H2")
    base = kit.base([home(0)], boundary=kit.areas((300, 0, 400, 100)), approved_unbuilt=approved)
    found = universe(base, Filters(), profile)
    assert east_of(found, base, "approved", kit) == [50]
    assert to_m2(base.area[found.rows]).tolist() == [5_000.0]
    closes(found, base)


@pytest.mark.parametrize(
    ("word", "kept"),
    [("特色保护类村庄", True), ("重点村庄", True), ("搬迁撤并类", False), ("一般村", False), ("乙类", False)],
)
def test_classes_are_told_by_how_they_begin(kit: Any, profile: Any, people: Any, word: str, kept: bool) -> None:
    table = people({"unit_code": VILLAGE, "settlement_class": word})
    found = universe(kit.base([home(0)]), Filters(population=table), profile)
    assert list(found.excluded) == (["retained"] if kept else [])


@pytest.mark.parametrize(("consent", "kept"), [(2 / 3, True), (0.6667, True), (0.666, False)])
def test_exactly_two_thirds_are_two_thirds(kit: Any, profile: Any, people: Any, consent: float, kept: bool) -> None:
    table = people({"unit_code": VILLAGE, "consent": consent})
    assert len(universe(kit.base([home(0)]), Filters(stage="planning", population=table), profile)) == int(kept)


def test_who_signed_is_the_villages_where_the_natural_village_states_nothing(
    kit: Any, profile: Any, people: Any
) -> None:
    """Nine of ten households of the village have signed; the row of its natural village says nothing."""
    base = kit.base([home(0)], settlements=kit.areas((0, 0, 100, 100), key=[0], names=("东村",)))
    village = {"unit_code": VILLAGE, "households": 10.0, "signed": 9.0}
    found = universe(base, Filters(stage="implementation", population=people(village, PLACE)), profile)
    assert list(found.excluded) == ["consent"]
    village["signed"] = 10.0
    assert len(universe(base, Filters(stage="implementation", population=people(village, PLACE)), profile)) == 1


def test_without_layers_nothing_is_looked_at(kit: Any, profile: Any) -> None:
    base = kit.base([home(0)])
    found = universe(base, Filters(), profile)
    assert len(found) == 1
    assert found.excluded == {}
    assert found.unchecked == ("inside_boundary", "retained", "heritage", "past_project", "corridor")


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"settlement_class": "重点村"}, False),
        ({"settlement_class": "搬迁撤并"}, True),
        ({"retained": 1}, False),
        ({"retained": 0}, True),
        ({}, True),
    ],
)
def test_retained_by_the_layout_plan(kit: Any, profile: Any, people: Any, row: Dict[str, Any], kept: bool) -> None:
    base = kit.base([home(0)], settlements=kit.areas((0, 0, 100, 100), key=[0], names=("东村",)))
    found = universe(base, Filters(population=people({**PLACE, **row})), profile)
    assert (len(found) == 1) is kept
    assert ("retained" in found.excluded) is not kept
    assert ("retained" in found.unchecked) is (row == {})


@pytest.mark.parametrize(
    ("stage", "row", "reason", "unknown"),
    [
        ("none", {"consent": 0.0}, None, {}),
        ("planning", {"consent": 0.66}, "consent", {"consent": 0}),
        ("planning", {"consent": 0.6667, "signed": 1, "households": 3}, None, {"consent": 0}),
        ("planning", {}, None, {"consent": 1}),
        (
            "implementation",
            {"signed": 2, "households": 3, "right_type": "x"},
            "consent",
            {"consent": 0, "right_type": 0},
        ),
        ("implementation", {"signed": 3, "households": 3, "right_type": "x"}, None, {"consent": 0, "right_type": 0}),
        ("implementation", {"signed": 3, "households": 3, "consent": 0.5, "right_type": "x"}, "consent", None),
        ("implementation", {"signed": 3, "households": 3}, "right_type", None),
        ("implementation", {"right_type": "x"}, None, {"consent": 1, "right_type": 0}),
    ],
)
def test_consent_and_legal_origin(
    kit: Any, profile: Any, people: Any, stage: str, row: Dict[str, Any], reason: Any, unknown: Any
) -> None:
    base = kit.base([home(0)], settlements=kit.areas((0, 0, 100, 100), key=[0], names=("东村",)))
    other = {"unit_code": VILLAGE, "settlement": "西村", "right_type": "宅基地使用权"}
    found = universe(base, Filters(stage=stage, population=people({**PLACE, **row}, other)), profile)
    assert list(found.excluded) == ([] if reason is None else [reason])
    if reason is None:
        assert found.unknown == unknown


def test_a_table_without_legal_origins_says_nothing_of_them(kit: Any, profile: Any, people: Any) -> None:
    base = kit.base([home(0)], settlements=kit.areas((0, 0, 100, 100), key=[0], names=("东村",)))
    table = people({**PLACE, "signed": 3, "households": 3})
    found = universe(base, Filters(stage="implementation", population=table), profile)
    assert len(found) == 1
    assert found.unknown == {"consent": 0, "right_type": 1}


def test_land_of_nobody_in_the_table_is_kept_and_counted(kit: Any, profile: Any, people: Any) -> None:
    found = universe(
        kit.base([home(0)]), Filters(stage="planning", population=people({**PLACE, "consent": 0})), profile
    )
    assert len(found) == 1
    assert found.unknown == {"consent": 1}
    assert found.population_row.tolist() == [-1]


def test_patches_touch_along_an_edge(kit: Any, profile: Any) -> None:
    """Three in a row, cut by the line of a settlement; one at a corner; one beyond a lane."""
    base = kit.base(
        [
            home(0),
            home(100),
            home(200),
            {"shape": (300, 100, 400, 200), "class_code": "0702"},
            {"shape": (300, 0, 304, 100), "class_code": "1006"},
            {"shape": (304, 0, 400, 100), "class_code": "0601"},
        ],
        settlements=kit.areas((150, 0, 250, 100), key=[0], names=("东村",)),
    )
    found = universe(base, Filters(), profile)
    west = np.array([base.geometry[row].bounds[0] - kit.X for row in found.rows]).round()
    patch = dict(zip(west.tolist(), found.patch.tolist()))
    assert len(found) == 7
    assert patch[0] == patch[100] == patch[150] == patch[200] == patch[250]
    # the homestead to the north east touches the industrial land along its south side, the row in a corner only
    assert patch[300] == patch[304] != patch[0]
    assert sorted(found.patch_area.tolist()) == [100 * 100_00 + 96 * 100_00, 3 * 10_000_00]


@pytest.mark.parametrize(("gap", "count"), [(0.0005, 1), (0.1, 2)])
def test_a_gap_that_export_leaves_does_not_part_a_patch(kit: Any, profile: Any, gap: float, count: int) -> None:
    found = universe(kit.base([home(0), home(100 + gap)]), Filters(), profile)
    assert len(found.patch_area) == count


def test_edges_are_those_of_candidates(kit: Any, profile: Any) -> None:
    base = kit.base([home(0), home(100, "0101"), home(300)])
    found = universe(base, Filters(), profile)
    (metres,) = found.edges.metres
    assert (found.edges.shape.tolist(), metres) == ([0], pytest.approx(100))
    assert base.cultivated[found.edges.other].all()


def test_too_small_is_the_whole_patch(kit: Any, profile: Any) -> None:
    """Two of 150 m² that touch are a patch of 300; 199.99 m² alone is too small, 200 is not."""
    base = kit.base(
        [
            {"shape": (0, 0, 15, 10), "class_code": "0702"},
            {"shape": (15, 0, 30, 10), "class_code": "0702"},
            {"shape": (50, 0, 69.999, 10), "class_code": "0702"},
            {"shape": (80, 0, 100, 10), "class_code": "0702"},
        ]
    )
    found = universe(base, Filters(), profile)
    assert found.rows.tolist() == [0, 1, 3]
    assert found.patch.tolist() == [0, 0, 1]
    assert found.patch_area.tolist() == [300_00, 200_00]
    assert found.excluded["too_small"].tolist() == [2]


def test_new_cultivated_land(kit: Any, profile: Any) -> None:
    """Ratios by kind and patch; nothing in the redline."""
    base = kit.base(
        [
            home(0, side=100.0),  # 1 ha: large
            home(200, side=99.0),  # 9 801 m²: small
            home(400, "0601", side=200.0),
            home(700, side=100.0),
            {"shape": (900, 0, 950, 100), "class_code": "0702"},  # with the next: a patch of 1 ha
            {"shape": (950, 0, 1000, 100), "class_code": "0701"},
        ],
        redline=kit.areas((700, 0, 800, 100), key=[2]),
    )
    found = universe(base, Filters(), profile)
    assert found.rate.tolist() == [0.90, 0.85, 0.75, 0.0, 0.90, 0.90]
    assert found.gain.tolist() == [9000_00, 8330_85, 30_000_00, 0, 4500_00, 4500_00]
    assert found.direction.tolist() == ["cultivated"] * 3 + ["ecological"] + ["cultivated"] * 2


def test_too_little_cultivated_land_together(kit: Any, profile: Any) -> None:
    """300 m² by itself is no field of 400 m²; beside a field of 100 m² it is."""
    base = kit.base(
        [
            {"shape": (0, 0, 30, 10), "class_code": "0702"},
            {"shape": (50, 0, 80, 10), "class_code": "0702"},
            {"shape": (80, 0, 90, 10), "class_code": "0101"},
        ]
    )
    found = universe(base, Filters(), profile)
    assert found.gain.tolist() == [0, 255_00]


def test_the_balance_counts_candidates_as_they_are(kit: Any, profile: Any) -> None:
    """Reclaiming every candidate as a plot with its direction and rate: the accounts say the same, to 0.01 m²."""
    parcels = [
        home(0, area=10_013.37),
        home(100, "0601"),
        home(300, side=99.7),
        {"shape": (500, 0, 530, 10), "class_code": "0702"},
        {"shape": (600, 0, 630, 10), "class_code": "0702"},
        {"shape": (630, 0, 650, 10), "class_code": "0101"},
        home(700),
    ]
    lines = {"redline": kit.areas((740, 0, 900, 100), key=[1]), "boundary": kit.areas((350, 0, 360, 40))}
    base = kit.base(parcels, **lines)
    found = universe(base, Filters(), profile)
    plots = [
        {"shape": base.geometry[row], "direction": direction, "rate": rate, "phase": 2015}
        for row, direction, rate in zip(found.rows, found.direction, found.rate)
    ]
    held = kit.plan(parcels, plots, **lines)
    assert held.accounts.value("reclaimed_m2") == to_m2(base.area[found.rows].sum())
    assert held.accounts.value("cultivated_gain_m2") == to_m2(found.gain.sum())
    assert len(found) == 7
    assert 0 in found.gain.tolist()


def test_nothing_to_reclaim(kit: Any, profile: Any) -> None:
    base = kit.base([home(0, "0101")])
    found = universe(base, Filters(), profile)
    assert len(found) == 0
    assert found.excluded == {}
    assert len(found.patch_area) == 0
    assert len(found.edges) == 0


class Stop:
    def step(self, name: str, share: float) -> None: ...

    def check(self, fraction: float) -> None:
        raise Cancelled


def test_is_cancelled(kit: Any, profile: Any) -> None:
    with pytest.raises(Cancelled):
        universe(kit.base([home(0)]), Filters(), profile, Stop())


codes = st.sampled_from(["0101", "0702", "0601", "0701", "1003", "1006", "1104"])
span = st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 5), st.integers(1, 5))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(codes, min_size=16, max_size=16),
    st.lists(st.sampled_from([None, 99.37, 101.0]), min_size=16, max_size=16),
    st.lists(span, min_size=5, max_size=5),
)
def test_no_area_is_lost(kit: Any, profile: Any, code: List[str], area: List[Any], zones: List[Any]) -> None:
    """Parcels of 10 m with recorded areas, cut by lines anywhere."""
    parcels = [
        {"shape": (10 * (k % 4), 10 * (k // 4), 10 * (k % 4) + 10, 10 * (k // 4) + 10), "class_code": code[k]}
        for k in range(16)
    ]
    parcels = [{**row, "area": recorded} for row, recorded in zip(parcels, area)]
    shapes = [(4.7 * w, 4.9 * s, 4.7 * w + 5.1 * e, 4.9 * s + 5.3 * n) for w, s, e, n in zones]
    base = kit.base(
        parcels,
        boundary=kit.areas(shapes[0]),
        illegal_built=stated(kit.areas(shapes[1]), BEFORE, "0101"),
        approved_unbuilt=stated(kit.areas(shapes[2]), CONSTRUCTION, "0701"),
        others=(kit.areas(shapes[3], key=[0]), kit.areas(shapes[4], key=[0])),
    )
    closes(universe(base, Filters(retained=0, corridor=1), profile), base)


def test_sample_township(profile: Any) -> None:
    from three_opt_three_protect.core.base import base_state
    from three_opt_three_protect.plans.inputs import Source, survey_inputs

    layers = draw_township(1, 1200, years=1)
    lines = {role: Source(layers[role]) for role in ("farmland", "boundary", "redline", "settlements", "villages")}
    read = survey_inputs(Source(layers["parcels"]), lines, [layers["retained"]], profile)
    base = base_state(read.parcels, read.lines, read.spec, coverage=read.coverage)
    found = universe(base, Filters(retained=0), profile)
    assert len(found) > 50
    assert {"inside_boundary", "transport_water", "retained"} <= set(found.excluded)
    closes(found, base)


def test_every_reason_has_a_name() -> None:
    for language in ("zh", "en"):
        words = Messages(language).text
        assert len({words(f"excluded.{reason}") for reason in REASONS}) == len(REASONS)


@pytest.mark.parametrize(("side", "gains"), [(20.0, True), (19.9, False)])
def test_four_hundred_m2_are_a_field(kit: Any, profile: Any, side: float, gains: bool) -> None:
    found = universe(kit.base([home(0, side=side)]), Filters(), profile)
    assert (found.gain > 0).tolist() == [gains]
