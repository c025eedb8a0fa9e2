"""Parcels × zones against a brute-force oracle, at the coordinates of a real township."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import Cancelled
from three_opt_three_protect.core.overlay import NOISE, Coverage, Pieces, ZoneLayer, overlaps, overlay
from three_opt_three_protect.core.sample import draw_township

X, Y = 40_550_000.0, 3_460_000.0
"""Eastings carry the zone, as in EPSG:4528."""


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def array(*shapes: object) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def zones(*shapes: Optional[shapely.Geometry], key: Optional[Sequence[int]] = None) -> ZoneLayer:
    return ZoneLayer(array(*shapes), np.arange(len(shapes)) if key is None else np.array(key, dtype=np.int64))


def near(shape: shapely.Geometry) -> shapely.Geometry:
    """Back near the origin, where areas are exact enough to compare."""
    return shapely.transform(shape, lambda xy: xy - (X, Y))


def areas(found: Pieces) -> Dict[Tuple[int, ...], float]:
    """(parcel, key of every layer) → area."""
    return {
        (int(parcel), *map(int, zone)): near(shape).area
        for parcel, zone, shape in zip(found.parcel, found.zone, found.geometry)
    }


def oracle(parcels: Sequence[shapely.Geometry], layers: Sequence[ZoneLayer]) -> Dict[Tuple[int, ...], shapely.Geometry]:
    """One parcel after another, one zone after another in the order of keys, with plain shapely."""
    found: Dict[Tuple[int, ...], shapely.Geometry] = {}
    for row, parcel in enumerate(parcels):
        if parcel is None:
            continue
        parts = {(row,): near(parcel)}
        for layer in layers:
            cut: Dict[Tuple[int, ...], shapely.Geometry] = {}
            for name, part in parts.items():
                rest = part
                for key in sorted(set(layer.key.tolist())):
                    one = shapely.union_all([near(s) for s, k in zip(layer.geometry, layer.key) if k == key and s])
                    cut[(*name, key)] = rest.intersection(one)
                    rest = rest.difference(one)
                cut[(*name, -1)] = rest
            parts = cut
        found.update(parts)
    return found


def check(parcels: np.ndarray, layers: Sequence[ZoneLayer], tolerance: float = 1e-6) -> Pieces:
    """Everything that must hold for any input."""
    found = overlay(parcels, layers)
    keys = [tuple(row) for row in np.column_stack([found.parcel, found.zone]).tolist()]
    assert len(set(keys)) == len(keys), "one piece a parcel and combination"
    assert keys == sorted(keys)
    assert shapely.is_valid(found.geometry).all()
    assert set(shapely.get_type_id(found.geometry).tolist()) <= {3, 6}
    expected = oracle(parcels, layers)
    got = dict(zip(keys, found.geometry))
    for key in set(expected) | set(got):
        wanted = expected.get(key, shapely.Polygon())
        piece = near(got[key]) if key in got else shapely.Polygon()
        assert piece.symmetric_difference(wanted).area <= tolerance, key
    assert found.closure <= 1e-6
    for number, layer in enumerate(layers):
        claimed = [
            [near(p).intersection(near(z)) for z in layer.geometry if z is not None] for p in parcels if p is not None
        ]
        double = sum(sum(part.area for part in parts) - shapely.union_all(parts).area for parts in claimed)
        assert found.overlap[number] == pytest.approx(double, abs=1e-5)
    return found


# --- cases by hand -----------------------------------------------------------------------------------


def test_by_hand() -> None:
    parcels = array(box(0, 0, 100, 100), box(100, 0, 200, 100))
    found = check(parcels, [zones(box(50, 0, 150, 40)), zones(box(0, 0, 60, 60), box(60, 0, 200, 60), key=[7, 3])])
    # parcel 0: 10×40 in zone 0 and 7 … 50..60; zone 3 from 60 on
    assert areas(found) == pytest.approx(
        {
            (0, -1, -1): 100 * 40,
            (0, -1, 3): 40 * 20,
            (0, -1, 7): 50 * 60 + 10 * 20,
            (0, 0, 3): 40 * 40,
            (0, 0, 7): 10 * 40,
            (1, -1, -1): 100 * 40,
            (1, -1, 3): 50 * 60 + 50 * 20,
            (1, 0, 3): 50 * 40,
        }
    )


def test_an_uncut_parcel_is_its_own_object() -> None:
    parcels = array(box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 10))
    found = overlay(parcels, [zones(box(15, -5, 35, 15)), zones(box(45, 0, 60, 10))])
    assert found.geometry[0] is parcels[0]
    assert found.geometry[1] is parcels[1]
    assert found.zone.tolist() == [[-1, -1], [0, -1], [-1, -1], [-1, 0]]
    before = shapely.to_wkb(parcels).tolist()
    overlay(parcels, [zones(box(15, -5, 35, 15))], tolerance=1.0)
    assert shapely.to_wkb(parcels).tolist() == before


def test_no_layers_and_no_zones() -> None:
    parcels = array(box(0, 0, 10, 10), None)
    found = overlay(parcels, [])
    assert found.zone.shape == (1, 0)
    assert found.geometry[0] is parcels[0]
    found = overlay(parcels, [ZoneLayer(array(), np.empty(0, dtype=np.int64)), zones(None)])
    assert found.zone.tolist() == [[-1, -1]]
    assert found.geometry[0] is parcels[0]
    assert (found.closure, found.absorbed, found.overlap.tolist()) == (0.0, 0, [0.0, 0.0])


def test_no_parcels() -> None:
    for parcels in (array(), array(None, None)):
        found = overlay(parcels, [zones(box(0, 0, 1, 1))], tolerance=0.001)
        assert (len(found.parcel), found.zone.shape, found.closure) == (0, (0, 1), 0.0)


def test_missing_parcels_have_no_piece_and_rows_stay() -> None:
    found = check(array(None, box(0, 0, 10, 10), None, box(10, 0, 20, 10)), [zones(box(5, 0, 15, 10))])
    assert found.parcel.tolist() == [1, 1, 3, 3]


def test_a_zone_that_runs_along_a_shared_edge_in_two_steps() -> None:
    """Its edges are no parcel edges, touch both parcels and cut neither; still they part them."""
    parcels = array(box(0, 0, 10, 10), box(10, 0, 20, 10))
    zone = shapely.Polygon([(X, Y), (X + 10, Y), (X + 10, Y + 5), (X + 10, Y + 10), (X, Y + 10)])
    found = check(parcels, [zones(zone)])
    assert found.zone.tolist() == [[0], [-1]]
    assert found.geometry.tolist() == parcels.tolist()


@pytest.mark.parametrize(
    "ring",
    [
        [(0.0005, 0.0005), (0.0005, 0.0005), (5, 0), (5, 5), (0.0005, 0.0005)],
        [(5, 0), (5, 5), (0.0005, 0.0005), (0.0005, 0.0005), (0.0005, 0.0005), (5, 0)],
    ],
)
def test_all_copies_of_a_repeated_vertex_are_snapped(ring: List[Tuple[float, float]]) -> None:
    zone = shapely.Polygon([(X + x, Y + y) for x, y in ring])
    found = overlay(array(box(0, 0, 10, 10)), [zones(zone)], tolerance=0.001)
    assert (found.snapped[0].vertices, found.snapped[0].refused) == (1, 0)
    assert areas(found) == pytest.approx({(0, -1): 87.5, (0, 0): 12.5}, abs=1e-6)


def test_a_coverage_can_be_overlaid_twice() -> None:
    cover = Coverage(array(box(0, 0, 10, 10), box(10, 0, 20, 10)))
    first, second = (overlay(cover, [zones(box(5, 0, 15, 10))]) for _ in range(2))
    assert areas(first) == areas(second)
    assert not cover.has_edges


def test_zone_equals_parcel() -> None:
    parcels = array(box(0, 0, 10, 10))
    found = check(parcels, [zones(box(0, 0, 10, 10).reverse())])
    assert found.zone.tolist() == [[0]]
    assert found.geometry[0] is parcels[0]


def test_zone_inside_a_parcel_leaves_a_hole() -> None:
    found = check(array(box(0, 0, 10, 10)), [zones(box(4, 4, 6, 6))])
    assert areas(found) == pytest.approx({(0, -1): 96, (0, 0): 4})
    assert len(found.geometry[0].interiors) == 1


def test_parcel_in_the_hole_of_a_zone() -> None:
    ring = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    parcels = array(box(10, 10, 20, 20), box(2, 2, 8, 8), box(5, 5, 25, 12))
    found = check(parcels, [zones(ring)])
    assert areas(found) == pytest.approx({(0, -1): 100, (1, 0): 36, (2, -1): 20, (2, 0): 120})
    assert found.geometry[0] is parcels[0]


def test_touching_zones_take_nothing() -> None:
    parcels = array(box(0, 0, 10, 10))
    found = check(parcels, [zones(box(10, 0, 20, 10), box(-10, 10, 0, 20))])
    assert found.zone.tolist() == [[-1]]
    assert found.geometry[0] is parcels[0]


def test_lowest_key_has_the_land_where_zones_overlap() -> None:
    parcels = array(box(0, 0, 10, 10))
    found = check(parcels, [zones(box(0, 0, 8, 10), box(4, 0, 10, 10), box(0, 0, 10, 10), key=[5, 2, 9])])
    assert areas(found) == pytest.approx({(0, 2): 60, (0, 5): 40})
    # 60 + 80 + 100 claimed, 100 there
    assert found.overlap[0] == pytest.approx(140)


def test_zones_of_one_key_are_one_zone() -> None:
    found = check(array(box(0, 0, 10, 10)), [zones(box(0, 0, 5, 10), box(5, 0, 8, 10), key=[1, 1])])
    assert areas(found) == pytest.approx({(0, -1): 20, (0, 1): 80})
    assert found.geometry[1].geom_type == "Polygon"


def test_a_whole_zone_of_many_parts_gives_back_the_parcel() -> None:
    parcels = array(box(0, 0, 10, 10))
    found = check(parcels, [zones(box(-1, -1, 4, 11), box(4, -1, 11, 11), key=[3, 3])])
    assert found.zone.tolist() == [[3]]
    assert found.geometry[0] is parcels[0]


def test_shared_edges_that_differ_in_the_last_place_give_no_slivers() -> None:
    parcels = array(box(0, 0, 10, 10), box(10, 0, 20, 10))
    edge = shapely.Polygon([(X + 10 + 7e-9, Y), (X + 20, Y), (X + 20, Y + 10), (X + 10 - 7e-9, Y + 10)])
    found = overlay(parcels, [zones(edge)])
    assert found.zone.tolist() == [[-1], [0]]
    assert found.absorbed >= 1
    assert found.geometry[0] is parcels[0]


def test_noise_is_what_the_caller_says() -> None:
    parcels, strip = array(box(0, 0, 10, 10)), zones(box(9.9, 0, 10, 10))
    assert len(overlay(parcels, [strip]).parcel) == 2
    assert len(overlay(parcels, [strip], noise=2.0).parcel) == 1
    assert NOISE == 1e-6


def test_the_only_piece_of_a_tiny_parcel_stays() -> None:
    tiny = array(box(0, 0, 0.0005, 0.0005))
    found = overlay(tiny, [zones(box(0, 0, 0.0002, 1))])
    assert found.parcel.tolist() == [0]
    assert found.closure <= 1e-6


# --- snapping ----------------------------------------------------------------------------------------


def test_snapping_moves_zone_vertices_and_says_so() -> None:
    parcels = array(box(0, 0, 10, 10), box(10, 0, 20, 10))
    off = shapely.Polygon([(X + 10.0006, Y), (X + 25, Y), (X + 25, Y + 10), (X + 10, Y + 10.0008)])
    found = overlay(parcels, [zones(off), zones(box(0, 0, 10, 10))], tolerance=0.001)
    assert found.zone.tolist() == [[-1, 0], [0, -1]]
    report, still = found.snapped
    assert (report.vertices, report.refused) == (2, 0)
    assert report.largest == pytest.approx(0.0008, abs=1e-7)
    assert (still.vertices, still.largest) == (0, 0.0)


def test_tolerance_zero_and_vertices_out_of_reach_stay() -> None:
    parcels = array(box(0, 0, 10, 10), box(10, 0, 20, 10))
    off = shapely.Polygon([(X + 10.002, Y), (X + 25, Y), (X + 25, Y + 10), (X + 10.002, Y + 10)])
    for tolerance in (0.0, 0.001):
        found = overlay(parcels, [zones(off)], tolerance=tolerance)
        assert areas(found) == pytest.approx({(0, -1): 100, (1, -1): 0.02, (1, 0): 99.98}, abs=1e-6)
        assert found.snapped[0].vertices == 0


def test_a_zone_that_snapping_would_break_stays() -> None:
    # both ends of the thin zone would fall on one parcel vertex
    parcels = array(box(0, 0, 10, 10))
    thin = shapely.Polygon([(X - 0.4, Y), (X + 0.4, Y), (X + 0.1, Y + 0.3)])
    found = overlay(parcels, [zones(thin)], tolerance=0.5)
    assert found.snapped[0].refused == 1
    assert found.snapped[0].vertices == 0
    assert areas(found)[0, 0] == pytest.approx(near(thin).intersection(near(parcels[0])).area, abs=1e-6)


@pytest.mark.parametrize("size", [10_000.0, 0.5])
def test_lines_that_quick_noding_gets_wrong_are_noded_again(monkeypatch: pytest.MonkeyPatch, size: float) -> None:
    """First thoroughly, then on a fine grid; as in metres so in degrees the grid follows the coordinates."""
    plain, asked = shapely.union_all, []

    def moody(shapes: np.ndarray, grid_size: Optional[float] = None, **more: object) -> np.ndarray:
        asked.append(grid_size)
        if grid_size is None and shapely.get_dimensions(shapes).max(initial=0) == 1:
            return np.array([shapely.LineString()] * len(shapes))
        return plain(shapes, grid_size=grid_size, **more)

    def tired(shapes: np.ndarray) -> np.ndarray:
        raise shapely.GEOSException("noding did not converge")

    monkeypatch.setattr(shapely, "node", tired)
    monkeypatch.setattr(shapely, "union_all", moody)
    left, right = shapely.box(-size, 0, 0, size), shapely.box(0, 0, size, size)
    # through both parcels, and out of the left one in the middle of an edge
    zone = shapely.Polygon([(-size / 2, 0), (-size / 2, size * 0.8), (size * 0.6, size), (size * 0.6, 0)])
    found = overlay(array(left, right), [ZoneLayer(array(zone), np.array([0]))], noise=0.0)
    assert max(grid for grid in asked if grid is not None) <= 1e-9 * size
    assert found.zone.tolist() == [[-1], [0], [-1], [0]]
    inside = [left.intersection(zone).area, right.intersection(zone).area]
    whole = size * size
    wanted = [whole - inside[0], inside[0], whole - inside[1], inside[1]]
    assert shapely.area(found.geometry) == pytest.approx(wanted, rel=1e-8)


# --- against the oracle ------------------------------------------------------------------------------

grid = st.integers(0, 40)


@st.composite
def polygon(draw: st.DrawFn) -> Optional[shapely.Geometry]:
    """A box, a star, one with a hole, two parts or a sliver; now and then None."""
    kind = draw(st.sampled_from(["box", "star", "hole", "parts", "sliver", "none"]))
    west, south = draw(grid) * 2.5, draw(grid) * 2.5
    wide, high = draw(st.integers(1, 30)), draw(st.integers(1, 30))
    if kind == "none":
        return None
    if kind == "star":
        count = draw(st.integers(3, 9))
        radius = [draw(st.floats(1, 30)) for _ in range(count)]
        angle = np.arange(count) * 2 * np.pi / count + draw(st.floats(0, 1))
        ring = np.column_stack([west + radius * np.cos(angle), south + radius * np.sin(angle)])
        return shapely.Polygon(ring + (X, Y))
    whole = box(west, south, west + wide, south + high)
    if kind == "hole":
        return whole.difference(box(west + wide / 4, south + high / 4, west + wide / 2, south + high / 2))
    if kind == "parts":
        return shapely.MultiPolygon([whole, box(west + wide + 3, south, west + wide + 9, south + high)])
    if kind == "sliver":
        return box(west, south, west + 60, south + draw(st.floats(0.002, 0.05)))
    return whole


shapes = st.lists(polygon(), min_size=1, max_size=5).map(lambda found: array(*found))


@settings(max_examples=60, deadline=None)
@given(shapes, st.lists(shapes, max_size=3), st.booleans())
def test_random_layers(parcels: np.ndarray, layers: List[np.ndarray], one_key: bool) -> None:
    made = [ZoneLayer(layer, np.zeros(len(layer), np.int64) if one_key else np.arange(len(layer))) for layer in layers]
    # random stars may differ from the oracle by specks of up to NOISE that went to the largest piece
    check(parcels, made, tolerance=2e-5)


@settings(max_examples=30, deadline=None)
@given(shapes, shapes)
def test_zones_apart_are_exact(parcels: np.ndarray, layer: np.ndarray) -> None:
    apart: List[shapely.Geometry] = []
    for shape in layer:
        if shape is not None and not any(shape.intersects(other) for other in apart):
            apart.append(shape)
    found = check(parcels, [zones(*apart)], tolerance=1e-6)
    assert found.overlap[0] == pytest.approx(0, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(shapes, shapes)
def test_same_input_same_output(parcels: np.ndarray, layer: np.ndarray) -> None:
    one, two = (overlay(parcels, [zones(*layer)]) for _ in range(2))
    assert shapely.to_wkb(one.geometry).tolist() == shapely.to_wkb(two.geometry).tolist()
    np.testing.assert_array_equal(one.zone, two.zone)


# --- a township --------------------------------------------------------------------------------------


def test_sample_township_closes() -> None:
    layers = draw_township(1, 500)
    parcels = layers["parcels"].shapes
    lines = [
        ZoneLayer(layers[name].shapes, np.arange(len(layers[name])))
        for name in ("farmland", "boundary", "redline", "villages", "settlements")
    ]
    found = overlay(parcels, lines, tolerance=0.001)
    assert found.closure <= 1e-6
    assert np.unique(found.parcel).tolist() == list(range(len(parcels)))
    local = shapely.area(np.array([near(shape) for shape in found.geometry]))
    whole = shapely.area(np.array([near(shape) for shape in parcels]))
    np.testing.assert_allclose(np.bincount(found.parcel, local), whole, rtol=0, atol=1e-4)
    # inside farmland by the overlay = inside farmland by one big intersection
    for number, name in enumerate(("farmland", "boundary", "redline")):
        zone = shapely.union_all(np.array([near(shape) for shape in layers[name].shapes]))
        expected = shapely.area(shapely.intersection(np.array([near(shape) for shape in parcels]), zone)).sum()
        assert local[found.zone[:, number] >= 0].sum() == pytest.approx(expected, abs=0.5)


class Watch:
    """Stops after a number of looks."""

    def __init__(self, looks: int = 10**6) -> None:
        self.left = looks

    def step(self, name: str, share: float) -> None: ...

    def check(self, fraction: float) -> None:
        assert 0 <= fraction <= 1
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_cancel_is_asked_for_often() -> None:
    side = 90
    parcels = array(*(box(i, j, i + 1, j + 1) for i in range(side) for j in range(side)))
    angle = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    radius = 30 + 10 * np.sin(90 * angle)
    star = shapely.Polygon(np.column_stack([X + 45 + radius * np.cos(angle), Y + 45 + radius * np.sin(angle)]))
    layers = [zones(star), zones(*(box(i + 0.5, -1, i + 1.5, side + 1) for i in range(0, side, 2)))]
    heard = Watch()
    overlay(parcels, layers, tolerance=0.001, progress=heard)
    looks = 10**6 - heard.left
    assert looks >= 6
    for number in range(0, looks, max(1, looks // 5)):
        with pytest.raises(Cancelled):
            overlay(parcels, layers, tolerance=0.001, progress=Watch(number))


# --- overlapping parcels -----------------------------------------------------------------------------


def test_a_speck_inside_a_large_coverage_is_found() -> None:
    grid = [box(100 * i, 100 * j, 100 * i + 100, 100 * j + 100) for i in range(60) for j in range(60)]
    assert overlaps(array(*grid)).rows.tolist() == []
    found = overlaps(array(*grid, box(10, 10, 10.1, 10.1)))
    assert found.rows.tolist() == [0, 3600]
    assert found.area == pytest.approx(0.01, abs=1e-6)


def test_clean_coverage_has_no_overlaps() -> None:
    found = overlaps(array(box(0, 0, 10, 10), box(10, 0, 20, 10), None, box(0, 10, 20, 20), box(50, 50, 60, 60)))
    assert (found.area, found.rows.tolist()) == (0.0, [])
    assert overlaps(array()).rows.tolist() == []
    assert overlaps(array(None)).area == 0.0


@pytest.mark.parametrize(
    ("shapes", "area", "rows"),
    [
        ([(0, 0, 10, 10), (9, 0, 19, 10)], 10, [0, 1]),
        ([(0, 0, 10, 10), (0, 0, 10, 10)], 100, [0, 1]),
        ([(0, 0, 10, 10), (2, 2, 4, 4), (30, 0, 40, 10)], 4, [0, 1]),
        ([(0, 0, 10, 10), (20, 0, 30, 10), (5, 0, 25, 1), (50, 0, 60, 10)], 10, [0, 1, 2]),
    ],
)
def test_overlapping_parcels_are_named(shapes: List[Tuple[float, ...]], area: float, rows: List[int]) -> None:
    given_ = array(None, *(box(*corners) for corners in shapes))
    found = overlaps(given_)
    assert found.area == pytest.approx(area, abs=1e-6)
    assert found.rows.tolist() == [row + 1 for row in rows]


@settings(max_examples=40, deadline=None)
@given(shapes)
def test_overlaps_against_every_pair(parcels: np.ndarray) -> None:
    found = overlaps(parcels)
    pairs = {
        (i, j): near(parcels[i]).intersection(near(parcels[j])).area
        for i in range(len(parcels))
        for j in range(i)
        if parcels[i] is not None and parcels[j] is not None
    }
    assert found.area == pytest.approx(sum(pairs.values()), abs=1e-3)
    really = {row for pair, area in pairs.items() if area > 1e-3 for row in pair}
    assert really <= set(found.rows.tolist())
