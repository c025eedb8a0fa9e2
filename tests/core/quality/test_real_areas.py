"""Recorded areas of real surveys against their geometry."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.tables import as_text, real
from three_opt_three_protect.plans.checks import RoleLayer, Setting, check_layer
from three_opt_three_protect.storage.vectorfile import read_layer

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "swiss_av_2524.gpkg"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real surveys lie beside the project and are absent here")


def test_sixteen_properties_differ_by_more_than_half_a_square_metre() -> None:
    table = read_layer(DATA, "Liegenschaft")
    recorded = [float(str(value).split()[-1]) for value in as_text(table.column("attrs"))]
    layer = RoleLayer(replace(table, columns={**table.columns, "TBMJ": real(recorded)}), "parcels")
    setting = Setting(method=AreaMethod.PLANAR)
    done = check_layer(layer, {}, setting, time.perf_counter, ["area_geometry"], 0.5)
    ((_, found),) = done.checked.found
    assert len(found) == 16
    assert found.measure is not None
    assert found.measure.max() < 1.505
