"""The comparison finds what is wrong, whatever the tool wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

pytest.importorskip("pyogrio")

from benchmarks import truth
from benchmarks.cases import LAYERS, PARCEL_ID, ZONE_ID, Case, Files
from benchmarks.compare import differences, parcel_areas
from benchmarks.data import write_layer
from benchmarks.peers.plain_shapely import write_areas

X, Y = 40_550_000.0, 3_460_000.0
IDS = np.array(["A", "B"], dtype=object)


def box(west: float, east: float, south: float = 0, north: float = 10) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def shapes(*polygons: shapely.Polygon) -> np.ndarray:
    return np.array(polygons, dtype=object)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Parcels A and B of 100 m²; two farmland zones that overlap by 10 m² cover 30 m² of A."""
    case = Case("aligned", 2, tmp_path)
    write_layer(case.parcels, "parcels", shapes(box(0, 10), box(10, 20)), {PARCEL_ID: IDS})
    zones = {
        "farmland": shapes(box(0, 2), box(1, 3)),
        "boundary": shapes(box(5, 15)),
        "redline": shapes(box(100, 110)),
        "villages": shapes(box(0, 20)),
    }
    for name, geometry in zones.items():
        write_layer(case.zones, name, geometry, {ZONE_ID: np.arange(1, len(geometry) + 1)})
    truth.make(case)
    return case


def test_the_truth_counts_land_under_two_zones_once(case: Case):
    found = truth.read(case)
    assert found["farmland"] == pytest.approx([30, 0], abs=1e-9)
    assert found["boundary"] == pytest.approx([50, 50], abs=1e-9)
    assert found["redline"] == pytest.approx([0, 0], abs=1e-9)
    assert found["villages"] == pytest.approx([100, 100], abs=1e-9)


def write_pieces(path: Path, *pieces: tuple, id_field: str = "parcel_id") -> None:
    parcel, geometry, in_farm, in_bound = zip(*pieces)
    columns = {
        id_field: np.array(parcel, dtype=object),
        "in_farm": np.array(in_farm),
        "in_bound": np.array(in_bound),
        "in_redline": np.zeros(len(pieces)),
        "zone1": np.ones(len(pieces)),
    }
    write_layer(path, "pieces", shapes(*geometry), columns)


def test_right_pieces_do_not_differ(case: Case, tmp_path: Path):
    output = tmp_path / "pieces.gpkg"
    write_pieces(
        output,
        ("B", box(10, 15), 0, 1),
        ("B", box(15, 20), np.nan, np.nan),
        ("A", box(0, 3), 1, 0),
        ("A", box(3, 5), 0, 0),
        ("A", box(5, 10), 0, 1),
    )
    found = differences(case, output)
    assert found["truth"] < 1e-6
    assert found["closure"] < 1e-6


def test_a_lost_piece_is_a_difference_and_does_not_close(case: Case, tmp_path: Path):
    output = tmp_path / "pieces.gpkg"
    write_pieces(output, ("B", box(10, 15), 0, 1), ("A", box(0, 3), 1, 0), ("A", box(5, 10), 0, 1))
    found = differences(case, output)
    # B lacks the 50 m² outside the boundary, A 20 m²; all of it lies in a village
    assert found["truth"] == pytest.approx(50, abs=1e-6)
    assert found["closure"] == pytest.approx(50, abs=1e-6)


def test_areas_and_another_tool(case: Case, tmp_path: Path):
    once, twice = tmp_path / "once.gpkg", tmp_path / "twice.gpkg"
    areas = dict(zip(LAYERS, np.array([[30, 0], [50, 50], [0, 0], [100, 100]], dtype=float)))
    write_areas(Files(case.parcels, case.zones, once), IDS, areas)
    write_areas(
        Files(case.parcels, case.zones, twice),
        IDS[::-1],
        {k: v[::-1] + (k == "farmland") * 10 for k, v in areas.items()},
    )
    assert differences(case, once)["truth"] < 1e-6
    assert differences(case, twice, like=once) == {"truth": pytest.approx(10), "like": pytest.approx(10)}


def test_what_lies_outside_all_parcels_is_left_out(case: Case, tmp_path: Path):
    output = tmp_path / "union.gpkg"
    write_pieces(output, (None, box(100, 110), 1, 1), ("A", box(0, 10), 0, 0))
    assert parcel_areas(output, IDS).whole == pytest.approx([100, 0], abs=1e-6)
