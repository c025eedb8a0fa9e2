from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.plandiffclasses import KINDS, ROLES
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.plans.differencetables import summary_table
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.plans.plandifference import limits_of, plan_difference
from three_opt_three_protect.plans.planlayers import PlanSource, plan_layers
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile

LAYERS = {"land": "land_plan", "town": "town_plan", "ecological": "ecological", "development": "development"}
SYSTEMS = {"land": "land_plan", "town": "land_sea_2023"}


def test_plans_are_drawn_on_request_only_and_change_nothing_else() -> None:
    plain, planned = draw_township(3, 600, 1), draw_township(3, 600, 1, plans=1)
    assert set(planned) - set(plain) == set(LAYERS.values())
    for name in set(plain) - {"planted"}:
        assert list(plain[name].columns) == list(planned[name].columns)
        if plain[name].geometry is not None:
            assert (plain[name].shapes == planned[name].shapes).all()
    count = len(plain["planted"])
    assert planned["planted"].column("kind").values[:count].tolist() == plain["planted"].column("kind").values.tolist()


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_difference_is_found_with_its_area(seed: int) -> None:
    township = draw_township(seed, 1500, 1, plans=1)
    planted = township["planted"]
    names = [planted.column(name).values for name in ("kind", "layer", "area_m2")]
    listed = [row for row in zip(*names) if row[1] in LAYERS.values()]
    sources = {
        role: PlanSource(Source(township[name]), load_class_system(SYSTEMS[role]) if role in SYSTEMS else None)
        for role, name in LAYERS.items()
    }
    profile = load_profile("suzhou-2014")
    layers = plan_layers(sources, Source(township["villages"]), profile)
    found = plan_difference(layers, limits_of(profile, None), 0.001)
    drawn = []
    for patches in found.patches:
        pair = {ROLES[patches.pair.first], ROLES[patches.pair.second]}
        for number in range(len(patches)):
            piece = patches.pieces[patches.patch == number][0]
            kind = KINDS[patches.pair.kind[piece]] if patches.facet == "layout" else "year_differs"
            drawn.append((pair, kind, round(patches.area[number] / 100, 2)))
    # Where the land plan and the town plan differ, and where zones meet the land plan.
    by_pair = {
        "town": {"built_only_town", "built_only_land", "category_differs", "year_differs", "no_plan"},
        "ecological": {"ecological_conflict"},
        "development": {"built_only_development", "year_differs"},
    }
    late = [("year_differs", "development", area) for kind, _, area in listed if kind == "year_differs"]
    layer = {"built_only_land": "town_plan"}
    expected = [(kind, layer.get(kind, name), area) for kind, name, area in listed] + late
    for role, kinds in by_pair.items():
        want = Counter(
            (kind, round(area, 2)) for kind, name, area in expected if name == LAYERS[role] and kind in kinds
        )
        have = Counter((kind, area) for pair, kind, area in drawn if pair == {"land", role})
        assert have == want, role
    over = [area for kind, _, area in listed if kind == "construction_above_land_plan"]
    [verdict] = [one for one in found.verdicts if one.unit == "" and ROLES[one.plan] == "town"]
    assert verdict.result == "fail" if over else "pass"
    # The town plan leaves two fields out; they are no construction land.
    assert (verdict.built - verdict.limit) / 100 == pytest.approx(over[0] if over else verdict.built - verdict.limit)
    table = summary_table(found)
    facet, area = table.column("facet").values, table.column("area_m2").values
    layout = area[(facet == "layout") & (table.column("plan_b").values == "town")].sum()
    own = np.round(area[(facet == "matrix") & (table.column("plan_b").values == "town")].sum(), 2)
    assert layout == pytest.approx(own)


def test_rows_of_the_matrix_are_the_polygons_of_the_land_plan_to_the_last_digit() -> None:
    township = draw_township(5, 600, 1, plans=1)
    sources = {
        role: PlanSource(Source(township[LAYERS[role]]), load_class_system(SYSTEMS[role])) for role in ("land", "town")
    }
    layers = plan_layers(sources, Source(township["villages"]), load_profile("suzhou-2014"))
    found = plan_difference(layers, limits_of(load_profile("suzhou-2014"), None), 0.001).comparison
    own = to_units(layers.spec.measure(layers.shapes[0]))
    for category in np.unique(layers.plans[0].category):
        row = sum(one.area for one in found.matrix(found.pairs[0]) if one.category == category)
        assert row == own[layers.plans[0].category == category].sum()
    # What the second plan's polygons add up to differs by the rounding of pieces at most.
    assert abs(int(found.land.closure()[1])) <= len(found.land)
    left_out = found.harmonised.index("no_plan")
    columns = sum(one.area for one in found.matrix(found.pairs[0]) if one.other != left_out)
    assert columns == found.land.totals()[1]
