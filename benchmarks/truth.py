"""What every tool's areas are checked against: zones of a layer united, and cut near the origin.

Uniting says what zones that overlap themselves cover. Near the origin float64 keeps 1e-9 m; at the
x of a zone-prefixed projection (4e7) it rounds every new vertex to 1e-8 m.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from benchmarks.cases import LAYERS, PARCEL_ID, Case, Files
from benchmarks.peers.plain_shapely import layer_areas, read_parcels, read_zones, write_areas

PARCEL = "parcel"
"""Column of the parcel's own area."""


def make(case: Case) -> None:
    """Compute the areas of ``case``, unless they are there."""
    if case.truth.exists():
        return
    draft = case.truth.with_name(f"draft_{case.truth.name}")
    draft.unlink(missing_ok=True)
    files = Files(case.parcels, case.zones, draft)
    ids, parcels = read_parcels(files)
    origin = np.round(shapely.total_bounds(parcels)[:2])
    near = shapely.transform(parcels, lambda points: points - origin)
    tree = shapely.STRtree(near)
    areas = {PARCEL: shapely.area(near)}
    for layer in LAYERS:
        zones = shapely.transform(read_zones(files, layer), lambda points: points - origin)
        united = shapely.get_parts(shapely.union_all(zones))
        areas[layer] = layer_areas(near, tree, united)
    write_areas(files, ids, areas)
    draft.replace(case.truth)


def read(case: Case) -> Dict[str, NDArray[Any]]:
    """Identifiers and areas of the parcels by column."""
    info, _, _, columns = pyogrio.raw.read(case.truth, layer="areas", read_geometry=False)
    found = dict(zip(info["fields"], columns))
    return {name: found[name] for name in (PARCEL_ID, PARCEL, *LAYERS)}
