"""Shapes and overlaps of real surveys: what their README says must be found, and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import List

import numpy as np
import pytest

from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.progress import SILENT
from three_opt_three_protect.core.quality import shapes, topology
from three_opt_three_protect.core.quality.case import Case, Found, RuleFunction, Subject
from three_opt_three_protect.storage.crs import to_lonlat
from three_opt_three_protect.storage.rulebook import load_rules
from three_opt_three_protect.storage.vectorfile import read_layer

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real surveys lie beside the project and are absent here")

SWISS, FRENCH, TAIWAN = "swiss_av_2524", "french_cadastre", "taiwan_villages"


@cache
def layer(file: str, name: str, method: AreaMethod = AreaMethod.STRIP) -> Subject:
    table = read_layer(DATA / f"{file}.gpkg", name)
    assert table.crs is not None
    return Subject(table, method=method, to_lonlat=to_lonlat(table.crs))


def run(rule: RuleFunction, subject: Subject) -> Found:
    parts = list(rule(Case(subject), load_rules()[rule.__name__], SILENT))
    return parts[0] if parts else Found(np.empty(0, dtype=np.int64))


@pytest.mark.parametrize("name", ["Liegenschaft", "BoFlaeche", "Flurname"])
def test_swiss_tiles_have_no_gap_and_no_overlap(name: str) -> None:
    subject = layer(SWISS, name)
    for rule in (
        topology.overlap,
        topology.gap,
        topology.duplicate_shape,
        shapes.no_geometry,
        shapes.outside_crs,
        shapes.self_intersection,
        shapes.multipart,
        shapes.repeated_vertex,
    ):
        assert len(run(rule, subject)) == 0, rule.__name__


def test_four_swiss_slivers() -> None:
    """Strips of 90, 46 and 28 m that are 0.2–0.3 m wide, and a crumb of 0.1 m²; the next is 0.37 m wide."""
    subject = layer(SWISS, "BoFlaeche")
    found = run(shapes.sliver, subject)
    assert subject.table.fid[found.rows].tolist() == [64, 65, 113, 170]
    assert found.measure is not None
    assert found.measure.tolist() == pytest.approx([14.48, 5.48, 0.109, 20.94], abs=0.005)
    assert [len(run(shapes.sliver, layer(SWISS, name))) for name in ("Liegenschaft", "Flurname")] == [0, 0]


def test_two_overlapping_tax_subdivisions() -> None:
    found = run(topology.overlap, layer(FRENCH, "subdfisc_25354", AreaMethod.PLANAR))
    assert len(found) == 2
    assert found.measure is not None
    assert round(found.measure.sum()) == 2649
    # On the ellipsoid the same land is 0.15 % more: so much does Lambert 93 shrink here.
    official = run(topology.overlap, layer(FRENCH, "subdfisc_25354")).measure
    assert official is not None
    assert official.sum() / found.measure.sum() == pytest.approx(1.0015, abs=3e-4)


def test_a_commune_eight_times() -> None:
    subject = layer(FRENCH, "commune_25354")
    found = run(topology.duplicate_shape, subject)
    assert found.rows.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert found.measure is not None
    assert set(found.measure) == {8}
    assert set(found.values["other"]) == {subject.table.fid[0]}
    assert len(run(topology.overlap, subject)) == len(run(topology.gap, subject)) == 0


@pytest.mark.parametrize("name", ["parcelle_25354", "parcelle_13029"])
def test_french_parcels_are_clean(name: str) -> None:
    subject = layer(FRENCH, name)
    rules: List[RuleFunction] = [
        topology.overlap,
        topology.duplicate_shape,
        shapes.no_geometry,
        shapes.outside_crs,
        shapes.self_intersection,
        shapes.sliver,
    ]
    assert [len(run(rule, subject)) for rule in rules] == [0] * len(rules)


def test_seven_invalid_villages() -> None:
    subject = layer(TAIWAN, "villages")
    assert len(run(shapes.self_intersection, subject)) == 7
    assert len(run(shapes.no_geometry, subject)) == len(run(shapes.outside_crs, subject)) == 0
    assert len(run(shapes.multipart, subject)) == 38
    # A crossing of 9.3 m² lies over two neighbours; one degree is 11 000 m, so nothing of it may be in degrees.
    shared = run(topology.overlap, subject).measure
    assert shared is not None
    assert shared.max() < 5
    assert shared.min() > 4
