"""The drawing is a coverage with the parcels, villages and township nested exactly."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.sample import draw_county, draw_township
from three_opt_three_protect.core.sample.classes import CONSTRUCTION, UNUSED


def vertices_shared(shapes):
    """How many vertices of a coverage lie on an edge of a neighbour that lacks them, and how many overlaps."""
    edges = np.vstack([_edges(shape) for shape in shapes])
    keys, times = np.unique(edges, axis=0, return_counts=True)
    return keys, times


def _edges(shape):
    out = []
    for ring in [shape.exterior, *shape.interiors]:
        points = np.round(np.asarray(ring.coords) * 1000).astype(np.int64)
        pairs = np.hstack([points[:-1], points[1:]])
        turned = np.hstack([points[1:], points[:-1]])
        first = (pairs[:, 0] < pairs[:, 2]) | ((pairs[:, 0] == pairs[:, 2]) & (pairs[:, 1] < pairs[:, 3]))
        out.append(np.where(first[:, None], pairs, turned))
    return np.vstack(out)


def assert_coverage(shapes):
    assert shapely.is_valid(shapes).all()
    area = shapely.area(shapes).sum()
    whole = shapely.union_all(shapes)
    assert abs(whole.area - area) < 1e-6 * area
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    # every edge is shared by two parcels or lies on the outer border: neighbours have the same vertices
    _, times = vertices_shared(shapes)
    assert times.max() == 2
    border, _ = vertices_shared([whole])
    assert (times == 1).sum() == len(border)


@pytest.mark.parametrize(("seed", "parcels"), [(1, 300), (2, 300), (3, 600), (4, 1500)])
def test_gapless_and_without_overlap(seed, parcels):
    table = draw_township(seed, parcels, years=1)["parcels"]
    assert_coverage(table.shapes)
    assert abs(len(table) - parcels) <= 0.1 * parcels


def test_eight_thousand(large):
    shapes = large["parcels"].shapes
    assert_coverage(shapes)
    assert 7200 <= len(shapes) <= 8800
    assert 2000 <= np.median(shapely.area(shapes)) <= 10000
    assert np.median(shapely.get_num_coordinates(shapes) - 1) >= 12
    assert 5e7 < shapely.area(shapes).sum() < 1e8


def test_vertices_bend(large):
    """The vertices are real ones: simplifying to 5 cm leaves twelve and more in the middle parcel."""
    shapes = shapely.simplify(large["parcels"].shapes, 0.05)
    assert np.median(shapely.get_num_coordinates(shapes) - 1) >= 12


def test_land_groups(large):
    table = large["parcels"]
    area = table.column("TBMJ").values
    codes = table.column("DLBM").values
    built = area[[code in CONSTRUCTION for code in codes]].sum() / area.sum()
    unused = area[[code in UNUSED for code in codes]].sum() / area.sum()
    assert abs(built - 0.25) < 0.05
    assert abs(unused - 0.20) < 0.05
    assert abs(1 - built - unused - 0.55) < 0.05


def test_villages_and_township_nest(large):
    villages, township, parcels = large["villages"], large["township"], large["parcels"]
    assert 15 <= len(villages) <= 25
    assert_coverage(villages.shapes)
    whole = township.shapes[0]
    assert shapely.union_all(villages.shapes).equals(whole)
    place = parcels.column("ZLDWDM").values
    area = parcels.column("TBMJ").values
    for row in range(len(villages)):
        own = place == villages.column("ZLDWDM").values[row]
        assert shapely.coverage_union_all(parcels.shapes[own]).normalize() == villages.shapes[row]
        assert round(area[own].sum() * 100) == round(villages.column("DCMJ").values[row] * 100)
    assert round(area.sum() * 100) == round(township.column("DCMJ").values[0] * 100)


def test_same_seed_same_bytes():
    one, two = draw_township(7, 300), draw_township(7, 300)
    for name, layer in one.items():
        if layer.geometry is not None:
            assert shapely.to_wkb(layer.shapes).tolist() == shapely.to_wkb(two[name].shapes).tolist()
        for field, column in layer.columns.items():
            np.testing.assert_array_equal(column.values, two[name].columns[field].values)


def test_other_seed_other_township():
    one, two = draw_township(7, 300, years=1)["parcels"], draw_township(8, 300, years=1)["parcels"]
    assert set(shapely.to_wkb(one.shapes).tolist()).isdisjoint(shapely.to_wkb(two.shapes).tolist())


def test_too_small():
    with pytest.raises(InputError) as caught:
        draw_township(1, 299)
    assert caught.value.message_id == "sample_too_small"


def test_county_shares_borders(monkeypatch):
    monkeypatch.setattr("three_opt_three_protect.core.sample.draw.TOWNSHIP", 400)
    county = draw_county(3, 1600)
    assert len(county["township"]) == 4
    assert_coverage(county["parcels"].shapes)
    assert abs(len(county["parcels"]) - 1600) <= 160
    for layer, field in (("parcels", "BSM"), ("villages", "ZLDWDM"), ("township", "XZQDM"), ("reclaim", "plot_id")):
        values = county[layer].column(field).values
        assert len(set(values)) == len(values)
