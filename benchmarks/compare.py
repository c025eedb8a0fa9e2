"""Compare the areas a tool found with the truth, parcel by parcel and layer by layer.

    python -m benchmarks.compare CASE SIZE FOLDER OUTPUT.gpkg [--like OTHER.gpkg]

It is a process of its own: what a process holds when it starts another counts as the other's memory.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional, Tuple

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from benchmarks import truth
from benchmarks.cases import LAYERS, PARCEL_ID, Case

Floats = NDArray[np.float64]

# What the tools call a parcel's identifier, and a zone's identifier (pieces) or area in the parcel (areas).
ID_FIELDS = (PARCEL_ID, "parcel_id")
FIELDS = {
    "farmland": ("farmland", "farmland_zone_id", "farmland_area", "in_farm"),
    "boundary": ("boundary", "boundary_zone_id", "boundary_area", "in_bound"),
    "redline": ("redline", "redline_zone_id", "redline_area", "in_redline"),
    "villages": ("villages", "villages_zone_id", "villages_area", "zone1"),
}


class Found(NamedTuple):
    """``(parcels, layers)`` m² in the zones, and ``(parcels,)`` m² of all pieces of a parcel, if there are pieces."""

    inside: Floats
    whole: Optional[Floats]


def differences(case: Case, output: Path, like: Optional[Path] = None) -> Dict[str, float]:
    """Largest differences in m² over parcels and layers.

    ``truth``: from :mod:`benchmarks.truth`; ``closure``: between a parcel and its pieces, when the tool
    gives pieces; ``like``: from another tool's output. Of a summary, which has no parcels, only ``like``.
    """
    if [str(name) for name in pyogrio.list_layers(output)[:, 0]] == ["summary"]:
        return {} if like is None else {"like": _largest(summary_areas(output) - summary_areas(like))}
    expected = truth.read(case)
    ids = expected[PARCEL_ID]
    found = parcel_areas(output, ids)
    wanted = np.stack([expected[layer] for layer in LAYERS], axis=1)
    out = {"truth": _largest(found.inside - wanted)}
    if found.whole is not None:
        out["closure"] = _largest(found.whole - expected[truth.PARCEL])
    if like is not None:
        out["like"] = _largest(found.inside - parcel_areas(like, ids).inside)
    return out


def summary_areas(output: Path) -> Floats:
    """This project's areas by village, class and combination."""
    columns = pyogrio.raw.read(output, layer="summary", columns=["area_m2"], read_geometry=False)[3]
    return np.asarray(columns[0], dtype=np.float64)


def parcel_areas(output: Path, ids: NDArray[np.object_]) -> Found:
    """Planar areas a parcel in the order of ``ids``, whatever the tool wrote."""
    layers = [str(name) for name in pyogrio.list_layers(output)[:, 0]]
    if "areas" in layers:
        row, columns, _ = _read(output, "areas", ids)
        inside = np.zeros((len(ids), len(LAYERS)))
        inside[row] = columns
        return Found(inside, None)
    # The Toolbox names the layer after the file.
    row, columns, area = _read(output, "pieces" if "pieces" in layers else layers[0], ids)
    inside = np.stack([np.bincount(row, area * (column > 0), len(ids)) for column in columns.T], axis=1)
    return Found(inside, np.bincount(row, area, len(ids)).astype(np.float64))


def _read(output: Path, layer: str, ids: NDArray[np.object_]) -> Tuple[NDArray[np.int64], Floats, Floats]:
    """Row of the parcel, one column a layer, and area of each record that belongs to a parcel."""
    fields = set(pyogrio.read_info(output, layer=layer)["fields"])
    names = [next(name for name in known if name in fields) for known in (ID_FIELDS, *FIELDS.values())]
    info, _, wkb, columns = pyogrio.raw.read(output, layer=layer, columns=names, read_geometry=layer != "areas")
    found = dict(zip(info["fields"], columns))
    values = np.stack([_number(found[name]) for name in names[1:]], axis=1)
    area = shapely.area(shapely.from_wkb(wkb)) if layer != "areas" else np.zeros(len(values))
    row = _rows(found[names[0]], ids)
    known = row >= 0
    return row[known], values[known], area[known]


def _rows(names: NDArray[np.object_], ids: NDArray[np.object_]) -> NDArray[np.int64]:
    """Row of each name in ``ids``; −1 where there is none (a union also gives what lies outside all parcels)."""
    place = {name: row for row, name in enumerate(ids)}
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def _number(column: NDArray[Any]) -> Floats:
    """NULL is 0: outside."""
    return np.nan_to_num(column.astype(np.float64))


def _largest(difference: Floats) -> float:
    return float(np.abs(difference).max(initial=0.0))


def main() -> None:
    """Print the differences as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case")
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--like", type=Path)
    chosen = parser.parse_args()
    case = Case(chosen.case, chosen.size, chosen.folder)
    print(json.dumps(differences(case, chosen.output, chosen.like)))


if __name__ == "__main__":
    main()
