"""The drawn plan balances, recomputed here from geometries alone."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.sample.classes import CONSTRUCTION, CULTIVATED


@pytest.fixture(params=["small", "large"])
def layers(request):
    return request.getfixturevalue(request.param)


def weigh(layers, plots, codes_wanted):
    """Area (plane) of the parcels of these classes inside each plot."""
    parcels = layers["parcels"]
    wanted = np.array([code in codes_wanted for code in parcels.column("DLBM").values])
    shapes = parcels.shapes[wanted]
    tree = shapely.STRtree(shapes)
    plot, parcel = tree.query(plots.shapes, predicate="intersects")
    out = np.zeros(len(plots))
    np.add.at(out, plot, shapely.area(shapely.intersection(plots.shapes[plot], shapes[parcel])))
    return out


def account(layers):
    reclaim, newbuild = layers["reclaim"], layers["newbuild"]
    gone = weigh(layers, reclaim, CONSTRUCTION)
    farmed = weigh(layers, reclaim, CULTIVATED)
    rate = reclaim.column("rate").values
    won = np.where(rate > 0, np.minimum(rate * shapely.area(reclaim.shapes) - farmed, rate * gone), 0.0)
    lost = weigh(layers, newbuild, CULTIVATED)
    added = shapely.area(newbuild.shapes) - weigh(layers, newbuild, CONSTRUCTION)
    added[newbuild.column("cls_after").values == "1006"] = 0
    return gone, won, added, lost


def test_balances_every_year(layers):
    gone, won, added, lost = account(layers)
    linked = layers["newbuild"].column("quota_src").values == "linked"
    accepted, used = layers["reclaim"].column("phase").values, layers["newbuild"].column("phase").values
    for year in range(2015, 2021):
        before, until = accepted < year, used <= year
        assert gone[before].sum() >= added[until & linked].sum() - 1e-3
        assert won[before].sum() >= lost[until].sum() - 1e-3
    assert gone.sum() > added[linked].sum() > 0 or len(layers["parcels"]) < 2000


def test_linked_new_building_is_about_four_fifths(large):
    gone, _, added, _ = account(large)
    linked = large["newbuild"].column("quota_src").values == "linked"
    assert 0.7 < added[linked].sum() / gone.sum() < 0.9
    assert 40 <= len(large["reclaim"]) <= 60
    assert 18 <= len(large["newbuild"]) <= 32


def test_first_resettlement_stands_on_stock(large):
    newbuild = large["newbuild"]
    first = np.flatnonzero(newbuild.column("use").values == "resettlement")[0]
    assert newbuild.column("quota_src").values[first] == "stock"
    assert weigh(large, newbuild, CONSTRUCTION)[first] == pytest.approx(newbuild.shapes[first].area)


def test_lines_are_respected(layers):
    newbuild, redline = layers["newbuild"], layers["redline"]
    level1 = redline.shapes[redline.column("level").values == 1]
    for barred in (layers["farmland"].shapes, level1):
        whole = shapely.union_all(barred)
        assert shapely.area(shapely.intersection(newbuild.shapes, whole)).max() < 1e-3
    boundary = layers["boundary"].shapes[0]
    urban = np.isin(newbuild.column("use").values, ("town", "industry"))
    assert shapely.area(shapely.difference(newbuild.shapes[urban], boundary)).sum() < 1
    assert shapely.area(shapely.intersection(layers["reclaim"].shapes, boundary)).max() < 1
    assert shapely.union_all(layers["farmland"].shapes).intersection(boundary).area < 1


def test_plots_do_not_overlap(layers):
    plots = np.concatenate([layers["reclaim"].shapes, layers["newbuild"].shapes])
    assert shapely.is_valid(plots).all()
    assert shapely.union_all(plots).area == pytest.approx(shapely.area(plots).sum(), abs=0.01)
    assert shapely.covered_by(plots, layers["township"].shapes[0].buffer(0.001)).all()


def test_farmland_is_four_fifths_of_the_cultivated_land_outside(large):
    parcels, boundary = large["parcels"], large["boundary"].shapes[0]
    farmed = np.array([code in CULTIVATED for code in parcels.column("DLBM").values])
    outside = farmed & ~shapely.intersects(parcels.shapes, boundary)
    share = shapely.area(large["farmland"].shapes).sum() / shapely.area(parcels.shapes[outside]).sum()
    assert 0.74 < share < 0.86


def test_some_plots_cut_parcels_and_most_do_not(large):
    parcels = large["parcels"].shapes
    tree = shapely.STRtree(parcels)
    cut = 0
    for shape in large["reclaim"].shapes:
        near = parcels[tree.query(shape, predicate="intersects")]
        inside = shapely.area(shapely.intersection(near, shape)) / shapely.area(near)
        cut += bool(((inside > 0.01) & (inside < 0.99)).any())
    assert 1 <= cut <= len(large["reclaim"]) // 4


def test_villages_to_reclaim_hold_ponds_and_ditches(large):
    within = weigh(large, large["reclaim"], {"1104", "1107", "0102", "1006"})
    assert (within > 100).mean() > 0.7


def test_ecological_plot_in_the_redline(large):
    reclaim = large["reclaim"]
    line = shapely.union_all(large["redline"].shapes)
    inside = shapely.intersects(reclaim.shapes, line)
    assert inside.sum() >= 1
    assert set(reclaim.column("direction").values[inside]) <= {"ecological", "forest"}
    assert (reclaim.column("rate").values[inside] == 0).all()


def test_targets_hold_by_a_little(large):
    gone, won, added, lost = account(large)
    targets = large["targets"]
    value = dict(zip(targets.column("indicator").values, targets.column("value").values))
    assert 0.9 * gone.sum() < value["reclaim_m2"] <= gone.sum()
    assert 0.9 * won.sum() < value["new_cultivated_m2"] <= won.sum()
    assert added.sum() <= value["new_construction_m2"] < 1.1 * added.sum()
    assert lost.sum() <= value["new_occupied_cultivated_m2"] < 1.1 * lost.sum()
    assert set(targets.column("kind").values) == {"binding", "expected"}


def test_reclaimed_land_is_no_worse(large):
    """Area-weighted grade of the supplement is not above that of what is built over (1 = best)."""
    _, won, _, _ = account(large)
    grade_new = large["reclaim"].column("grade_new")
    parcels = large["parcels"]
    farmed = np.array([code in CULTIVATED for code in parcels.column("DLBM").values])
    shapes, grade = parcels.shapes[farmed], parcels.column("GDDB").values[farmed]
    plot, parcel = shapely.STRtree(shapes).query(large["newbuild"].shapes, predicate="intersects")
    area = shapely.area(shapely.intersection(large["newbuild"].shapes[plot], shapes[parcel]))
    occupied = (area * grade[parcel]).sum() / area.sum()
    supplied = (won * grade_new.values)[~grade_new.is_missing].sum() / won.sum()
    assert supplied <= occupied


def test_natural_villages(large):
    settlements, population = large["settlements"], large["population"]
    assert len(settlements) == len(population)
    assert {"集聚提升", "搬迁撤并", "其他一般", "城郊融合"} <= set(settlements.column("class").values)
    assert len(large["retained"]) == settlements.column("retained").values.sum()
    assert len(set(settlements.column("name").values)) == len(settlements)
    villages = set(large["villages"].column("unit_code").values)
    assert set(settlements.column("unit_code").values) <= villages
