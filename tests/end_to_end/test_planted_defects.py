"""The sample's planted defects: what the checks find is what ``planted`` lists, no more and no less.

The list of consequences is worked out by ``core/sample/consequences.py`` feature by feature; the rules come to theirs
by the overlay engine.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Counter as Counted
from typing import Mapping, Optional, Tuple

import pytest

from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.checks import RoleLayer, Setting, check_layer
from three_opt_three_protect.plans.findings import findings_table
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.profiles import load_profile

Key = Tuple[str, str, Optional[int]]
"""Rule, layer and feature id, None for the layer as a whole."""

PARENT = {"parcels": "villages", "parcels_next": "villages", "villages": "township", "settlements": "villages"}
OTHERS = ("farmland", "boundary", "redline", "parcels", "reclaim", "newbuild", "township")


def found_in(layers: Mapping[str, LayerTable], severity: str = "") -> Counted[Key]:
    """Findings of every layer held against all others."""
    setting = Setting(period=load_profile("suzhou-2014").period)
    out: Counted[Key] = Counter()
    for role, table in layers.items():
        if role == "planted":
            continue
        others = {name: RoleLayer(layers[name], name) for name in OTHERS if name != role}
        if role == "parcels_next":
            others["previous"] = RoleLayer(layers["parcels"], "parcels")
        parent = RoleLayer(layers[PARENT[role]], PARENT[role]) if role in PARENT else None
        layer = RoleLayer(table, "parcels" if role == "parcels_next" else role)
        done = check_layer(layer, others, setting, time.perf_counter, parent=parent)
        columns = findings_table(done, Messages("zh").text).columns
        for row, rule in enumerate(columns["rule"].values):
            if not severity or columns["severity"].values[row] == severity:
                whole = columns["fid"].is_missing[row]
                out[str(rule), role, None if whole else int(columns["fid"].values[row])] += 1
    return out


def planted_in(layers: Mapping[str, LayerTable]) -> Counted[Key]:
    """What the table ``planted`` says will be found."""
    table = layers["planted"]
    out: Counted[Key] = Counter()
    names = ("layer", "plot_id", "parcel_id", "rule")
    for layer, plot, parcel, rule in zip(*(table.column(name).values for name in names)):
        if rule is None:
            continue  # a change of the second year
        fid = int(parcel) if parcel else None
        if plot:
            where = layers[layer]
            fid = int(where.fid[where.column("plot_id").values.tolist().index(plot)])
        out[rule, layer, fid] += 1
    return out


def compare(seed: int, parcels: int) -> None:
    clean = draw_township(seed, parcels, 2, 0)
    spoilt = draw_township(seed, parcels, 2, 1)
    assert found_in(clean, "error") == Counter()
    before, after, listed = found_in(clean), found_in(spoilt), planted_in(spoilt)
    # Notes on the drawing itself (small parcels, farmland in the redline) are there with and without defects.
    assert after - before == listed
    assert not before - after


@pytest.mark.parametrize(("seed", "parcels"), [(1, 800), (5, 400)])
def test_findings_are_the_planted_defects_and_their_consequences(seed: int, parcels: int) -> None:
    compare(seed, parcels)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "parcels"), [(2, 1500), (3, 300), (4, 900), (7, 2000), (9, 3000), (13, 8000)])
def test_the_same_for_other_drawings(seed: int, parcels: int) -> None:
    compare(seed, parcels)
