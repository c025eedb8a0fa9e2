"""Role layers of the potential: roads, people, and a whole township."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import pytest
import shapely

from tests.core.conftest import Kit
from three_opt_three_protect.core import tables
from three_opt_three_protect.core.balance import balance
from three_opt_three_protect.core.base import base_state
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.potential.potential import Choice, Potential
from three_opt_three_protect.core.roles import guess_fields
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.scenario import read_reclaim
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.plans.inputs import GUESSED, POTENTIAL_FIELDS, Source, plot_inputs
from three_opt_three_protect.plans.potential import (
    columns_of,
    corridor,
    enterprises_of,
    plan_potential,
    zones_of,
)
from three_opt_three_protect.plans.potentialpeople import people_of
from three_opt_three_protect.plans.potentialtables import (
    candidate_layer,
    excluded_table,
    sensitivity_table,
    summary_table,
    village_names,
    weight_table,
)
from three_opt_three_protect.storage.catalogue import load_profile, load_role_schemas
from three_opt_three_protect.storage.indicatorlist import load_indicators
from three_opt_three_protect.storage.words import load_words

CRS = CrsInfo(
    "EPSG:4528",
    ellipsoid="CGCS2000",
    semi_major=6378137.0,
    inverse_flattening=298.257222101,
    central_meridian=120.0,
    false_easting=40_500_000.0,
)
PROFILE = load_profile("suzhou-2014")
X, Y = 40_550_000.0, 3_460_000.0


def layer(shapes: Optional[Sequence[Any]], name: str = "图层", **columns: Sequence[Any]) -> LayerTable:
    geometry = None
    if shapes is not None:
        geometry = np.empty(len(shapes), dtype=object)
        geometry[:] = shapes
    count = len(shapes) if shapes is not None else len(next(iter(columns.values())))
    made: Dict[str, tables.Column] = {}
    for key, values in columns.items():
        words = any(isinstance(value, str) for value in values)
        made[key] = tables.text(list(values)) if words else tables.real([np.nan if v is None else v for v in values])
    return LayerTable(name, np.arange(1, count + 1), geometry, made, None if shapes is None else CRS)


def line(*points: Any) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in points])


def square(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def test_a_line_has_half_its_width_beside_it() -> None:
    """1 000 m of road 12 m wide, 20 m corridor: a strip of 2·26 m with round ends."""
    (strip,) = corridor(Source(layer([line((0, 0), (1000, 0))], width=[12.0])), 20.0, CRS).shapes
    assert strip.bounds == pytest.approx((X - 26, Y - 26, X + 1026, Y + 26))
    (narrow,) = corridor(Source(layer([line((0, 0), (1000, 0))], width=[None])), 20.0, CRS).shapes
    assert narrow.bounds[1] == pytest.approx(Y - 20)


def test_a_polygon_has_its_width_already() -> None:
    (strip,) = corridor(Source(layer([square(0, 0, 1000, 12)], width=[12.0])), 20.0, CRS).shapes
    assert strip.bounds == pytest.approx((X - 20, Y - 20, X + 1020, Y + 32))


def test_corridors_that_cross_are_one_and_others_stay_apart() -> None:
    roads = [line((0, 0), (1000, 0)), line((500, -500), (500, 500)), line((0, 5000), (1000, 5000))]
    found = corridor(Source(layer(roads)), 20.0, CRS)
    assert len(found) == 2
    assert shapely.is_valid(found.shapes).all()
    assert sum(shapely.area(found.shapes)) == pytest.approx(
        shapely.union_all([shapely.buffer(road, 20.0) for road in roads]).area
    )


def test_a_bow_tie_of_a_road_keeps_both_wings() -> None:
    tie = shapely.Polygon([(X, Y), (X + 100, Y + 10), (X + 100, Y), (X, Y + 10)])
    (strip,) = corridor(Source(layer([tie])), 20.0, CRS).shapes
    assert strip.bounds == pytest.approx((X - 20, Y - 20, X + 120, Y + 30))


def test_points_are_no_roads_and_no_roads_are_no_corridor() -> None:
    with pytest.raises(InputError, match="roads_needed"):
        corridor(Source(layer([shapely.Point(X, Y)])), 20.0, CRS)
    assert len(corridor(Source(layer([])), 20.0, CRS)) == 0
    assert len(corridor(Source(layer([None, line((0, 0), (9, 0))])), 20.0, CRS)) == 1


def test_columns_follow_the_zones() -> None:
    further = {
        "roads": Source(layer([line((0, 0), (9, 0))], "道路")),
        "heritage": Source(layer([square(0, 0, 9, 9)], "文保")),
        "enterprises": Source(layer([square(0, 0, 9, 9)], "企业", invest_mu=[100.0])),
    }
    assert [zone.table.name for zone in zones_of(further, PROFILE, CRS)] == ["文保", "道路"]
    assert columns_of(further) == {"heritage": 0, "roads": 1}


HERE = Kit().base([{"shape": (0, 0, 9, 9), "class_code": "0702", "unit_code": "320509100201"}])


def people_table(**columns: Sequence[Any]) -> Source:
    return Source(layer(None, "人口", **columns))


def test_the_layer_of_settlements_completes_the_table() -> None:
    settlements = layer(
        [square(0, 0, 9, 9), square(9, 0, 19, 9)],
        "自然村", ZRCMC=["东村", "西村"], unit_code=["320509100201"] * 2, **{"class": ["重点村", "一般村"]}
    )  # fmt: skip
    population = people_table(unit_code=["320509100201"], settlement=["东村"], households=[12], HJRK=[40])
    found = people_of(HERE, population, Source(settlements))
    assert found is not None
    assert found.settlement.tolist() == ["东村", "西村"]
    assert found.settlement_class.tolist() == ["重点村", "一般村"]
    assert found.population.tolist() == pytest.approx([40, np.nan], nan_ok=True)
    assert people_of(HERE, None, None) is None


@pytest.mark.parametrize(
    ("columns", "message_id"),
    [
        ({"unit_code": ["320509100201"] * 2, "settlement": ["东村"] * 2, "households": [1, 2]}, "population_twice"),
        ({"unit_code": ["320509100201"], "households": ["many"]}, "no_number"),
        ({"settlement": ["东村"], "households": [1]}, "field_needed"),
        ({"unit_code": ["320509100201"] * 2, "indicator": ["耕地保有量", "复垦任务"]}, "field_needed"),
        ({"unit_code": ["320509100201"], "consent": [-0.5]}, "share_out_of_range"),
    ],
)
def test_people_that_cannot_be_meant(columns: Mapping[str, Sequence[Any]], message_id: str) -> None:
    with pytest.raises(InputError) as caught:
        people_of(HERE, people_table(**columns), None)
    assert (caught.value.message_id, caught.value.values["layer"]) == (message_id, "人口")


def test_numbers_written_as_text_are_numbers() -> None:
    found = people_of(HERE, people_table(unit_code=["320509100201"], HS=["12"], RK=["40"]), None)
    assert found is not None
    assert (found.households.tolist(), found.population.tolist()) == ([12.0], [40.0])


def test_enterprises() -> None:
    found = enterprises_of(Source(layer([square(0, 0, 9, 9)], invest_mu=[120.0], NSE=[50.0])))
    assert found is not None
    assert (found.invest_mu.tolist(), found.tax.tolist()) == ([120.0], [50.0])
    assert np.isnan(found.far).all()
    assert enterprises_of(None) is None


ROLES = ("farmland", "boundary", "redline", "villages", "settlements", "retained", "roads", "population")


@pytest.fixture(scope="module")
def drawn() -> Mapping[str, LayerTable]:
    return draw_township(seed=1, parcels=1500)


@pytest.fixture(scope="module")
def given(drawn: Mapping[str, LayerTable]) -> Mapping[str, Source]:
    return {role: Source(drawn[role]) for role in ROLES}


def parcels_of(drawn: Mapping[str, LayerTable]) -> Source:
    return Source(drawn["parcels"], {}, GUESSED | POTENTIAL_FIELDS)


@pytest.fixture(scope="module")
def held(drawn: Mapping[str, LayerTable], given: Mapping[str, Source]) -> Potential:
    return plan_potential(parcels_of(drawn), given, PROFILE, load_indicators(), Choice())[0]


def test_a_boundary_is_needed(drawn: Mapping[str, LayerTable]) -> None:
    with pytest.raises(InputError, match="no_such_role: role=boundary"):
        plan_potential(parcels_of(drawn), {}, PROFILE, load_indicators(), Choice())


def test_construction_land_is_candidate_or_excluded_to_the_last_hundredth(held: Potential) -> None:
    base = held.base
    construction = (base.group == 2) | (base.parcels.classes.group[base.parcel] == 2)
    found = base.area[held.universe.rows].sum() + sum(row.area for row in held.excluded)
    assert found == base.area[construction].sum()
    assert len(held) > 50


def test_candidates_lie_where_they_may(held: Potential, given: Mapping[str, Source]) -> None:
    shapes = held.base.geometry[held.universe.rows]
    points = shapely.point_on_surface(shapes)
    forbidden = [given["boundary"].table.shapes, given["retained"].table.shapes]
    roads = shapely.buffer(given["roads"].table.shapes, PROFILE.number("road_corridor_m") - 0.5)
    for land in (*forbidden, roads):
        assert not shapely.intersects(shapely.union_all(land), points).any()


def test_output_is_a_layer_of_reclaim_plots(held: Potential) -> None:
    table = candidate_layer(held, {})
    mapping = guess_fields(table, load_role_schemas()["reclaim"])
    plots = read_reclaim(table, mapping, load_words()["direction"])
    assert len(plots) == len(held)
    assert list(plots.plot_id) == sorted(held.plot_id)
    assert not plots.direction_assumed.any()
    assert not np.isnan(plots.rate).any()
    assert ((plots.rate >= 0) & (plots.rate <= 1)).all()
    assert all(name.isascii() and len(name) <= 10 for name in table.columns)


def test_the_balance_counts_what_the_candidates_promise(drawn: Mapping[str, LayerTable], held: Potential) -> None:
    """All candidates as the plan: R is their area and F what they gain, by the path of ``core.balance``."""
    table = candidate_layer(held, {})
    found, survey = plan_potential(
        parcels_of(drawn), {role: Source(drawn[role]) for role in ROLES}, PROFILE, load_indicators(), Choice()
    )
    base = base_state(survey.parcels, survey.lines, survey.spec)
    plots = plot_inputs(Source(table), None, None)
    accounts = balance(base, plots.reclaim, plots.newbuild, survey.profile, survey.system).accounts
    assert accounts.value("reclaimed_m2") == pytest.approx(sum(table.column("area_m2").values), abs=0.01)
    assert accounts.value("cultivated_gain_m2") == pytest.approx(sum(table.column("gain_m2").values), abs=0.01)
    assert len(found) == len(table)


def test_tables(held: Potential, drawn: Mapping[str, LayerTable]) -> None:
    names = village_names(Source(drawn["villages"]))
    summary = summary_table(held, names)
    assert all(name.isascii() and len(name) <= 10 and column.alias for name, column in summary.columns.items())
    units = summary.column("unit_code").values
    assert units[-1] == ""
    assert len(set(units)) == len(units)
    assert summary.column("village").values[0] == names[str(units[0])]
    for name in ("theory_m2", "real_m2", "cult_m2", "cand_m2", "households", "cands"):
        values = summary.column(name).values
        assert round(100 * float(values[:-1].sum())) == round(100 * float(values[-1]))
    excluded = excluded_table(held, str)
    assert {"inside_boundary", "retained", "transport_water"} <= set(excluded.column("reason").values)
    weights = weight_table(held)
    assert np.nansum(weights.column("weight").values) == pytest.approx(1.0)
    assert len(weights) == len(load_indicators())
    moved = sensitivity_table(held)
    assert len(moved) == 2 * len(held.weights.ids)
    assert ((moved.column("share").values >= 0) & (moved.column("share").values <= 1)).all()


def test_row_order_changes_nothing(
    drawn: Mapping[str, LayerTable], given: Mapping[str, Source], held: Potential
) -> None:
    turned = drawn["parcels"].take(np.arange(len(drawn["parcels"]))[::-1])
    again, _ = plan_potential(
        Source(turned, {}, GUESSED | POTENTIAL_FIELDS), given, PROFILE, load_indicators(), Choice()
    )
    one, other = candidate_layer(held, {}), candidate_layer(again, {})
    assert one.column("plot_id").values.tolist() == other.column("plot_id").values.tolist()
    for name in ("score", "area_m2", "gain_m2"):
        assert other.column(name).values == pytest.approx(one.column(name).values, abs=2e-6)


def said(found: Potential) -> List[str]:
    return [finding.id for finding in found.findings]


def test_people_of_places_that_are_not_there_are_said(
    drawn: Mapping[str, LayerTable], given: Mapping[str, Source]
) -> None:
    population = people_table(unit_code=["320599999999", None], settlement=["乌有村", None], households=[5, 6])
    sources = {**given, "population": population}
    found, _ = plan_potential(parcels_of(drawn), sources, PROFILE, load_indicators(), Choice())
    (told,) = [each for each in found.findings if each.id == "population_unmatched"]
    assert told.values["count"] == 2
    assert "乌有村" in str(told.values["features"])
    without = {role: source for role, source in given.items() if role != "population"}
    assert "population_unmatched" not in said(
        plan_potential(parcels_of(drawn), without, PROFILE, load_indicators(), Choice())[0]
    )
