"""The plain-shapely way carried on to pieces: every part of a parcel with its combination of zones.

The pieces so far go through one layer after another. What a zone covers whole keeps its geometry; what
it cuts is intersected with the parts of the zone, the parts are joined again, and the rest is the difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict

import numpy as np
import pyogrio
import shapely

from benchmarks.cases import LAYERS, PARCEL_ID, ZONE_ID, Files, files_of_command_line
from benchmarks.data import polygonal, write_layer
from benchmarks.peers.plain_shapely import Geometries, Ints, meeting, polygons_of, read_parcels, subdivide


@dataclass(frozen=True)
class Pieces:
    """Geometry, row of the parcel, and zone in each layer done (0 = outside)."""

    geometry: Geometries
    parcel: Ints
    zone: Dict[str, Ints]


def main() -> None:
    """Read, carry through every layer, write the pieces."""
    files = files_of_command_line()
    ids, parcels = read_parcels(files)
    pieces = Pieces(parcels, np.arange(len(parcels)), {})
    for layer in LAYERS:
        pieces = identity(pieces, files, layer)
    write_layer(files.output, "pieces", pieces.geometry, {PARCEL_ID: ids[pieces.parcel], **pieces.zone})


def identity(pieces: Pieces, files: Files, layer: str) -> Pieces:
    """Carry the pieces through one layer."""
    _, _, wkb, (zone_id,) = pyogrio.raw.read(files.zones, layer=layer, columns=[ZONE_ID])
    parts, owner = subdivide(np.asarray(shapely.from_wkb(wkb)))
    part, piece, covers = meeting(pieces.geometry, shapely.STRtree(pieces.geometry), parts)
    zone = np.zeros(len(pieces.geometry), dtype=np.int64)
    zone[piece[covers]] = zone_id[owner[part[covers]]]
    cut = ~covers & (zone[piece] == 0)
    part, piece = part[cut], piece[cut]
    taken = shapely.intersection(pieces.geometry[piece], parts[part])
    shapes, pair = polygons_of(taken, np.arange(len(taken)))
    key, group = np.unique(np.stack([piece[pair], owner[part[pair]]]), axis=1, return_inverse=True)
    inside = joined(shapes, group.reshape(-1))
    rows, row = np.unique(key[0], return_inverse=True)
    outside = polygonal(shapely.difference(pieces.geometry[rows], joined(inside, row.reshape(-1))))
    left = ~shapely.is_empty(outside)
    kept = np.setdiff1d(np.arange(len(zone)), rows)
    return _assembled(
        pieces,
        layer,
        np.concatenate([kept, key[0], rows[left]]),
        np.concatenate([zone[kept], zone_id[key[1]], np.zeros(np.count_nonzero(left), dtype=np.int64)]),
        np.concatenate([pieces.geometry[kept], inside, outside[left]]),
    )


def _assembled(pieces: Pieces, layer: str, rows: Ints, zone: Ints, geometry: Geometries) -> Pieces:
    before = {name: found[rows] for name, found in pieces.zone.items()}
    return Pieces(geometry, pieces.parcel[rows], {**before, layer: zone})


def joined(shapes: Geometries, group: Ints) -> Geometries:
    """``(groups,)`` union of the shapes of each group 0 … n−1; most groups have one shape."""
    order = np.argsort(group, kind="stable")
    shapes, start = shapes[order], np.flatnonzero(np.diff(group[order], prepend=-1))
    out = shapes[start].copy()
    stop = np.append(start[1:], len(shapes))
    for number in np.flatnonzero(stop - start > 1):
        out[number] = shapely.union_all(shapes[start[number] : stop[number]])
    return out


if __name__ == "__main__":
    main()
