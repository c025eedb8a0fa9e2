"""The drawing's own list of conflicts against the overlay engine: same places, same areas, nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Dict, List, Tuple

import numpy as np
import pytest

from three_opt_three_protect.core.conflicts import LAYERS, PAIRS, Narrow, Side, find_places
from three_opt_three_protect.core.measure import AreaMethod, Tolerance
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.sample import draw_township
from three_opt_three_protect.core.sample.conflicts import INSIDE

Found = Dict[Tuple[str, int, int], List[float]]


def listed(layers: Any) -> Found:
    """What the table ``planted`` says, by kind with level and the features of both sides (−1: none)."""
    table = layers["planted"]
    out: Found = defaultdict(list)
    for kind, note, area in zip(*(table.column(name).values for name in ("kind", "note", "area_m2"))):
        if kind.startswith("conflict_"):
            ids = [int(number) for number in re.findall(r"\d+", note)]
            out[kind, ids[0], ids[1] if len(ids) > 1 else -1].append(area)
    return out


def found(layers: Any) -> Found:
    levels = layers["redline"].column("level").values
    sides = {role: Side(layers[role].shapes, levels if role == "redline" else None) for role in LAYERS}
    spec = AreaSpec(layers["farmland"].crs, AreaMethod.STRIP, Tolerance(0.005, 1.0))
    places = find_places(sides, spec, Narrow(1.0, 0.35))
    use = layers["newbuild"].column("use").values
    out: Found = defaultdict(list)
    for at in np.flatnonzero(~places.sliver).tolist():
        pair, first, second = PAIRS[places.pair[at]], int(places.first[at]), int(places.second[at])
        if not pair.conflict or (pair.outside and use[first] not in INSIDE):
            continue
        level = f"_{places.level[at]}" if places.level[at] else ""
        other = -1 if pair.outside else int(layers[pair.second].fid[second])
        out[f"conflict_{pair.kind}{level}", int(layers[pair.first].fid[first]), other].append(places.area[at] / 100)
    return out


def compare(seed: int, parcels: int, defects: int) -> Found:
    layers = draw_township(seed, parcels, 1, defects)
    wanted, got = listed(layers), found(layers)
    assert got.keys() == wanted.keys()
    for key, areas in wanted.items():
        assert sorted(got[key]) == pytest.approx(sorted(areas), abs=0.01001), key
    return wanted


@pytest.mark.parametrize(("seed", "parcels", "defects"), [(1, 700, 0), (1, 700, 1), (5, 400, 1)])
def test_the_list_is_what_the_engine_finds(seed: int, parcels: int, defects: int) -> None:
    assert compare(seed, parcels, defects)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4, 6])
def test_the_same_for_other_drawings(seed: int) -> None:
    compare(seed, 1500, 1)


def test_defects_add_every_kind_of_conflict() -> None:
    clean, spoilt = ({key[0] for key in listed(draw_township(1, 1000, 1, defects))} for defects in (0, 1))
    assert "conflict_farmland_boundary" not in clean
    assert spoilt - clean == {
        "conflict_farmland_boundary",
        "conflict_farmland_redline_1",
        "conflict_boundary_redline_2",
        "conflict_newbuild_farmland",
        "conflict_newbuild_redline_1",
        "conflict_newbuild_outside_boundary",
    }
