"""What an expert writes with shapely: the area of every parcel in every layer, without combinations.

Large zones are halved until no part has many vertices; an index of the parcels answers with prepared
parts which parcels lie whole inside; the others are intersected; two threads share the parts.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List, Tuple

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from benchmarks.cases import LAYERS, PARCEL_ID, Files, files_of_command_line

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_VERTICES = 1024
"""Of one part of a zone: tried from 48 to 4096, this costs least."""

THREADS = 2

CHUNK = 1000
"""Parts of zones a thread takes at once: two threads end together."""


def main() -> None:
    """Read, measure every layer, write one row a parcel."""
    files = files_of_command_line()
    ids, parcels = read_parcels(files)
    tree = shapely.STRtree(parcels)
    areas = {layer: layer_areas(parcels, tree, read_zones(files, layer)) for layer in LAYERS}
    write_areas(files, ids, areas)


def read_parcels(files: Files) -> Tuple[NDArray[np.object_], Geometries]:
    """Identifiers and geometry."""
    _, _, wkb, (ids,) = pyogrio.raw.read(files.parcels, layer="parcels", columns=[PARCEL_ID])
    return ids, shapely.from_wkb(wkb)


def read_zones(files: Files, layer: str) -> Geometries:
    """Geometry of one layer."""
    return np.asarray(shapely.from_wkb(pyogrio.raw.read(files.zones, layer=layer, columns=[])[2]))


def write_areas(files: Files, ids: NDArray[np.object_], areas: Dict[str, Floats]) -> None:
    """One row a parcel, one column a layer."""
    fields = [PARCEL_ID, *areas]
    pyogrio.raw.write(files.output, None, [ids, *areas.values()], fields, layer="areas", driver="GPKG", crs=None)


def layer_areas(parcels: Geometries, tree: shapely.STRtree, zones: Geometries) -> Floats:
    """``(n,)`` m² of each parcel inside the zones."""
    parts, _ = subdivide(zones)
    chunks = [parts[start : start + CHUNK] for start in range(0, len(parts), CHUNK)]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda chunk: _chunk_areas(parcels, tree, chunk), chunks))
    return np.asarray(sum(found, np.zeros(len(parcels))))


def _chunk_areas(parcels: Geometries, tree: shapely.STRtree, parts: Geometries) -> Floats:
    part, parcel, whole = meeting(parcels, tree, parts)
    inside = np.bincount(parcel[whole], shapely.area(parcels[parcel[whole]]), len(parcels))
    part, parcel = part[~whole], parcel[~whole]
    shared = shapely.area(shapely.intersection(parcels[parcel], parts[part]))
    return np.asarray(inside + np.bincount(parcel, shared, len(parcels)))


def meeting(parcels: Geometries, tree: shapely.STRtree, parts: Geometries) -> Tuple[Ints, Ints, NDArray[np.bool_]]:
    """Parts and the parcels they meet, pair by pair, and whether the part covers the parcel.

    The parts are prepared, once for all parcels near them: no part may be shared between threads.
    """
    part, parcel = tree.query(parts, predicate="intersects")
    shapely.prepare(parts)
    return part, parcel, shapely.covers(parts[part], parcels[parcel])


def subdivide(zones: Geometries, most: int = MOST_VERTICES) -> Tuple[Geometries, Ints]:
    """Parts of zones with at most ``most`` vertices, and the zone each belongs to."""
    parts, zone = shapely.get_parts(zones, return_index=True)
    done: List[Geometries] = []
    owners: List[Ints] = []
    while len(parts):
        large = shapely.get_num_coordinates(parts) > most
        done.append(parts[~large])
        owners.append(zone[~large])
        parts, zone = _halve(parts[large], zone[large])
    return np.concatenate(done), np.concatenate(owners)


def _halve(parts: Geometries, zone: Ints) -> Tuple[Geometries, Ints]:
    """Both halves of each part along its longer side."""
    west, south, east, north = shapely.bounds(parts).T
    wide = east - west > north - south
    middle_x = np.where(wide, (west + east) / 2, east)
    middle_y = np.where(wide, north, (south + north) / 2)
    first = shapely.intersection(parts, shapely.box(west, south, middle_x, middle_y))
    second = shapely.intersection(
        parts, shapely.box(np.where(wide, middle_x, west), np.where(wide, south, middle_y), east, north)
    )
    return polygons_of(np.concatenate([first, second]), np.concatenate([zone, zone]))


def polygons_of(shapes: Geometries, owner: Ints) -> Tuple[Geometries, Ints]:
    """The single polygons in ``shapes``, and the owner of each; lines and points are no land."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)  # a multipolygon inside a collection
    areal = shapely.get_dimensions(parts) == 2
    return parts[areal], owner[row[inner]][areal]


if __name__ == "__main__":
    main()
