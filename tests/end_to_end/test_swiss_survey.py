"""The main job on a real survey: Amtliche Vermessung Kanton Solothurn, one commune, EPSG:2056.

Land cover (BoFlaeche) plays the parcels, with a code table of its own; property parcels
(Liegenschaft) and field names (Flurname) play the zones. Expected figures: the data's README.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.base import BaseState, base_state
from three_opt_three_protect.core.measure import AreaMethod, to_m2
from three_opt_three_protect.core.overlay import overlaps
from three_opt_three_protect.core.tables import LayerTable, as_text, real, text
from three_opt_three_protect.plans.inputs import Source, SurveyInputs, survey_inputs
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile
from three_opt_three_protect.storage.crs import to_lonlat
from three_opt_three_protect.storage.vectorfile import read_layer

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "swiss_av_2524.gpkg"
CLASSES = Path(__file__).resolve().parents[1] / "data" / "swiss_land_cover.csv"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real surveys lie beside the project and are absent here")

COMMUNE_M2 = 1_019_149.98
RECORDED_M2 = 1_019_130.00


def last_words(table: LayerTable, count: int = 1) -> list[str]:
    """The raw records end with what is wanted: land-cover kind, or recorded area."""
    return [str(value).split()[-count] for value in as_text(table.column("attrs"))]


@pytest.fixture(scope="module")
def land_cover() -> LayerTable:
    table = read_layer(DATA, "BoFlaeche")
    return replace(table, columns={**table.columns, "kind": text(last_words(table))})


@pytest.fixture(scope="module")
def properties() -> LayerTable:
    table = read_layer(DATA, "Liegenschaft")
    return replace(table, columns={**table.columns, "recorded": real([float(value) for value in last_words(table)])})


def cut(
    parcels: LayerTable, fields: dict[str, str], zones: list[LayerTable], method: AreaMethod
) -> tuple[SurveyInputs, BaseState]:
    assert parcels.crs is not None
    survey = survey_inputs(
        Source(parcels, fields, frozenset()),
        {},
        zones,
        load_profile("suzhou-2014"),
        method,
        load_class_system(CLASSES),
        None if method is AreaMethod.PLANAR else to_lonlat(parcels.crs),
    )
    return survey, base_state(survey.parcels, survey.lines, survey.spec, 0.001)


@pytest.fixture(scope="module")
def planar(land_cover: LayerTable, properties: LayerTable) -> tuple[SurveyInputs, BaseState]:
    return cut(land_cover, {"class_code": "kind"}, [properties, read_layer(DATA, "Flurname")], AreaMethod.PLANAR)


def test_the_land_cover_is_the_commune(planar: tuple[SurveyInputs, BaseState], land_cover: LayerTable) -> None:
    survey, base = planar
    assert shapely.area(base.geometry).sum() == pytest.approx(shapely.area(land_cover.shapes).sum(), abs=1e-6)
    # The README says 1 019 149.98 for all three tiles; the land cover itself sums to 1 019 149.943.
    assert shapely.area(base.geometry).sum() == pytest.approx(COMMUNE_M2, abs=0.05)
    assert overlaps(land_cover.shapes).area == pytest.approx(0, abs=1e-6)
    assert survey.parcels.unknown_codes == 0
    assert (survey.repaired, survey.dropped) == (0, 0)


def test_both_zone_tiles_are_the_commune(properties: LayerTable) -> None:
    for table in (properties, read_layer(DATA, "Flurname")):
        assert shapely.area(table.shapes).sum() == pytest.approx(COMMUNE_M2, abs=0.005)
        assert overlaps(table.shapes).area == pytest.approx(0, abs=1e-6)


def test_areas_close(planar: tuple[SurveyInputs, BaseState]) -> None:
    _, base = planar
    assert base.measured.pieces.closure <= 1e-6
    own = np.round(shapely.area(base.parcels.table.shapes) * 100).astype(int)
    sums = np.bincount(base.parcel, base.area, len(own)).astype(int)
    assert (sums == own).all()


def test_every_piece_lies_in_one_property_and_one_field_name(planar: tuple[SurveyInputs, BaseState]) -> None:
    """Both tiles cover the commune, so what lies outside is less than a hair along shared edges."""
    _, base = planar
    outside = (base.others < 0).any(axis=1)
    assert to_m2(base.area[outside].sum()) <= 0.01


def test_properties_get_back_their_area(planar: tuple[SurveyInputs, BaseState], properties: LayerTable) -> None:
    _, base = planar
    inside = base.others[:, 0] >= 0
    sums = np.bincount(base.others[inside, 0], shapely.area(base.geometry[inside]), len(properties))
    assert np.abs(sums - shapely.area(properties.shapes)).max() <= 0.05


def test_recorded_areas_are_controls(properties: LayerTable, land_cover: LayerTable) -> None:
    """16 properties differ from their geometry by more than 0.5 m², none by more than 1.5."""
    survey, base = cut(properties, {"area": "recorded"}, [land_cover], AreaMethod.PLANAR)
    recorded = survey.parcels.recorded_m2
    difference = np.abs(recorded - shapely.area(properties.shapes))
    assert recorded.sum() == RECORDED_M2
    assert (difference > 0.5).sum() == 16
    assert base.adjusted_m2 == pytest.approx(difference.max())
    assert round(base.adjusted_m2, 1) <= 1.5
    sums = np.bincount(base.parcel, base.area, len(properties)).astype(int)
    assert (sums == np.round(recorded * 100).astype(int)).all()


def test_the_official_formula_works_in_swiss_coordinates(land_cover: LayerTable) -> None:
    """The Swiss projection is equivalent to better than 1e-4 here, so both areas nearly agree."""
    _, base = cut(land_cover, {"class_code": "kind"}, [], AreaMethod.STRIP)
    assert to_m2(base.area.sum()) == pytest.approx(COMMUNE_M2, rel=2e-4)
