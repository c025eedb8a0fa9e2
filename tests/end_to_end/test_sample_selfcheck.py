"""The sample's second year: every planted change is found with its status and area, and nothing serious besides."""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Tuple

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.selfcheck import Checked, self_check
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.plans.selfcheck import CheckSources, check_inputs
from three_opt_three_protect.storage.profiles import load_profile

Key = Tuple[str, Optional[str], Optional[str]]
FIELDS = {"parcel_id": "BSM", "area": "TBMJ", "deduct_rate": "KCXS"}
ROLES = ("farmland", "boundary", "redline", "temporary", "bulldozed", "suspects")


def checked_of(layers: Mapping[str, LayerTable], snap: float = 0.001) -> Checked:
    sources = CheckSources(
        Source(layers["parcels"], FIELDS),
        Source(layers["parcels_next"], FIELDS),
        reclaim=Source(layers["reclaim"]),
        newbuild=Source(layers["newbuild"]),
        layers={role: Source(layers[role]) for role in ROLES if role in layers},
    )
    given = check_inputs(sources, load_profile("suzhou-2014"))
    return self_check(
        given.years, given.plan, given.around, given.judged, given.spec, given.renamed, snap, given.coverage
    )


def listed(layers: Mapping[str, LayerTable]) -> Dict[Key, float]:
    table = layers["planted"]
    names = ("kind", "layer", "plot_id", "parcel_id", "area_m2")
    rows = zip(*(table.column(name).values for name in names))
    return {(kind[10:], plot, parcel): area for kind, layer, plot, parcel, area in rows if layer == "selfcheck"}


def found(checked: Checked) -> Dict[Key, float]:
    sums: Dict[Key, int] = {}
    for row in np.flatnonzero(checked.rank < 2).tolist():
        plot = checked.plot_id[row]
        parcel = None if plot is not None else str(checked.years[1].parcels.table.fid[checked.after[row]])
        key = (str(checked.status.values[row]), plot, parcel)
        sums[key] = sums.get(key, 0) + int(checked.area[row])
    return {key: float(to_m2(units)) for key, units in sums.items()}


@pytest.fixture(scope="module")
def large() -> Tuple[Mapping[str, LayerTable], Checked]:
    layers = draw_township(1, 8000)
    return layers, checked_of(layers)


def test_everything_planted_is_found_and_nothing_serious_besides(
    large: Tuple[Mapping[str, LayerTable], Checked],
) -> None:
    layers, checked = large
    wanted, there = listed(layers), found(checked)
    assert set(there) == set(wanted)
    assert {key: there[key] for key in wanted} == pytest.approx(wanted, abs=0.0101)
    assert {status for status, _, _ in wanted} >= {
        "reclaim_rebuilt", "reclaim_degraded", "reclaim_demolished", "newbuild_bulldozed", "unplanned_beyond",
        "unplanned_construction", "unplanned_farmland", "unplanned_redline", "temporary", "cultivated_to_facility",
        "cultivated_to_road", "farmland_to_pond", "farmland_to_garden",
    }  # fmt: skip


@pytest.mark.parametrize(("seed", "parcels"), [(2, 900), (3, 1500), (5, 400)])
def test_the_same_for_other_drawings(seed: int, parcels: int) -> None:
    layers = draw_township(seed, parcels)
    assert found(checked_of(layers)) == pytest.approx(listed(layers), abs=0.0101)


def test_areas_add_up_to_the_township_exactly(large: Tuple[Mapping[str, LayerTable], Checked]) -> None:
    layers, checked = large
    recorded = np.round(layers["parcels"].column("TBMJ").values * 100).astype(np.int64)
    assert int(checked.area[checked.counted].sum()) == int(recorded.sum())
    assert checked.counted.all()


def test_plots_carried_out_have_the_areas_planted(large: Tuple[Mapping[str, LayerTable], Checked]) -> None:
    layers, checked = large
    table = layers["planted"]
    names = ("kind", "layer", "plot_id", "area_m2")
    done = {"reclaim_done": ("reclaim_cultivated", "reclaim_as_planned", "reclaim_residual"),
            "newbuild_done": ("newbuild_done", "newbuild_stock")}  # fmt: skip
    before = checked.years[0].parcels
    codes, status = before.class_code[checked.before], checked.status.values
    whole = np.isclose(shapely.area(checked.geometry), shapely.area(before.repaired.geometry[checked.before]), atol=1.0)
    tilled = np.array([code not in ("1006", "1107") for code in codes])
    for kind, layer, plot, area in zip(*(table.column(name).values for name in names)):
        if layer == "parcels_next" and kind in done:
            here = np.isin(status.astype(str), done[kind]) & (checked.plot_id == plot) & whole
            here &= tilled if kind == "reclaim_done" else True
            assert float(to_m2(checked.area[here].sum())) == pytest.approx(area, abs=0.0101), (kind, plot)
