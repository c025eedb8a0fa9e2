"""Make the benchmark's data: counties drawn by this project's own generator, and zones in three cases.

    python -m benchmarks.data [--sizes 10000,50000] [--cases aligned] [--data FOLDER]

Nothing here is surveyed land. What is already in the folder is kept.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Sequence

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from benchmarks import truth
from benchmarks.cases import CASES, DATA, LAYERS, SIZES, ZONE_ID, Case, numbers, words

Geometries = NDArray[np.object_]
Zones = Dict[str, Geometries]

SEED = 1
HUGE = 200_000
"""Vertices of the largest redline zone in the case ``huge``; in the others as many a million parcels."""
SHRUNK_EVERY, SHRUNK_BY = 20, 0.005
"""Every so many-th farmland zone is drawn so many metres inside its parcels."""
SHIFT = (0.005, 0.010)
"""Misaligned: vertices are moved by at least and at most so many metres."""
COPIED_EVERY, COPIED_BY = 10, (3.0, 2.0)
"""Overlapping: every so many-th farmland zone occurs again, moved by so many metres."""


def make(case: Case) -> None:
    """Draw the county, derive the zones of ``case`` and compute the true areas, unless they are there."""
    case.folder.mkdir(parents=True, exist_ok=True)
    if not case.parcels.exists():
        _draw(case.parcels, case.size)
    if not case.zones.exists():
        _write(case.zones, _derived(case))
        case.truth.unlink(missing_ok=True)
    truth.make(case)


def _derived(case: Case) -> Zones:
    parcels = read(case.parcels, "parcels")
    drawn = {name: read(case.parcels, name) for name in LAYERS}
    aligned = align(parcels, drawn, HUGE if case.name == "huge" else round(HUGE * case.size / 1_000_000))
    if case.name == "misaligned":
        return misalign(aligned)
    return overlap(aligned) if case.name == "overlapping" else aligned


def align(parcels: Geometries, drawn: Zones, vertices: int) -> Zones:
    """Zones as planners draw them: most of their edges are edges of parcels.

    Farmland and villages are dissolved parcels, farmland trimmed by the generator where lines cross
    it and here partly shrunk by millimetres; boundary and redline are merged to three zones each, one
    of which gets so many ``vertices`` by dividing those of its edges that are no edges of parcels, as a
    traced contour has them.
    """
    farmland = drawn["farmland"].copy()
    farmland[::SHRUNK_EVERY] = shapely.buffer(farmland[::SHRUNK_EVERY], -SHRUNK_BY, join_style="mitre")
    redline = in_three(drawn["redline"])
    largest = int(np.argmax(shapely.area(redline)))
    redline[largest] = densify(redline[largest], parcels, vertices)
    redline = polygonal(shapely.make_valid(redline))  # new vertices are rounded: edges hairs apart may cross
    return {
        "farmland": _filled(farmland),
        "boundary": in_three(drawn["boundary"]),
        "redline": redline,
        "villages": drawn["villages"],
    }


def in_three(zones: Geometries) -> Geometries:
    """At most three multipart zones that do not overlap, from west to east."""
    parts = shapely.get_parts(shapely.union_all(zones))
    parts = parts[np.argsort(shapely.bounds(parts)[:, 0], kind="stable")]
    groups = np.array_split(parts, min(3, len(parts)))
    return _array([shapely.multipolygons(group) for group in groups])


def densify(zone: shapely.Geometry, parcels: Geometries, vertices: int) -> shapely.Geometry:
    """Divide the edges that do not join two vertices of parcels until the zone has so many vertices."""
    known = np.unique(_as_complex(shapely.get_coordinates(parcels)))
    rings = shapely.get_rings(shapely.get_parts(zone))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    length = np.hypot(*np.diff(points, axis=0, append=points[-1:]).T)
    shared = np.isin(_as_complex(points), known)
    loose = np.append(ring[1:] == ring[:-1], False) & ~(shared & np.roll(shared, -1))
    if not loose.any():
        loose = np.append(ring[1:] == ring[:-1], False)
    steps = np.ones(len(points), dtype=np.int64)
    missing = max(vertices - len(points), 0) + np.count_nonzero(loose)
    steps[loose] = np.ceil(length[loose] / length[loose].sum() * missing).astype(np.int64)
    # The last point of a ring begins no edge and is kept as it is.
    start = np.repeat(np.arange(len(points)), steps)
    share = (np.arange(len(start)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[start]
    end = points[np.minimum(start + 1, len(points) - 1)]
    dense = shapely.linearrings(points[start] + share[:, None] * (end - points[start]), indices=ring[start])
    return _rebuilt(zone, dense)


def _rebuilt(zone: shapely.Geometry, rings: Geometries) -> shapely.Geometry:
    """The multipolygon ``zone`` with other rings in the order of its own."""
    holes = shapely.get_num_interior_rings(shapely.get_parts(zone))
    first = np.concatenate([[0], np.cumsum(holes + 1)])
    polygons = [shapely.polygons(rings[a], rings[a + 1 : b]) for a, b in zip(first[:-1], first[1:])]
    return shapely.multipolygons(_array(polygons))


def misalign(zones: Zones) -> Zones:
    """The same zones from another source: every vertex lies 5–10 mm beside where it was.

    Each layer is off in a direction of its own, each vertex by up to 60° and 2.5 mm beside that; zones
    of a layer that shared a vertex still share it, and where they come to overlap the first has the land.
    """
    return {name: _filled(_disjoint(_jitter(zones[name], number))) for number, name in enumerate(LAYERS)}


def _jitter(zones: Geometries, number: int) -> Geometries:
    rng = np.random.default_rng(SEED * 100 + number)
    _, place = np.unique(_as_complex(shapely.get_coordinates(zones)), return_inverse=True)
    angle = rng.uniform(0, 2 * np.pi) + rng.uniform(-np.pi / 3, np.pi / 3, place.max() + 1)
    reach = rng.uniform(*SHIFT, place.max() + 1)
    offset = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)[place]
    return polygonal(shapely.make_valid(shapely.transform(zones, lambda points: points + offset)))


def _disjoint(zones: Geometries) -> Geometries:
    later, earlier = shapely.STRtree(zones).query(zones, predicate="overlaps")
    for second, first in zip(later[earlier < later], earlier[earlier < later]):
        zones[second] = shapely.difference(zones[second], zones[first])
    return polygonal(zones)


def overlap(zones: Zones) -> Zones:
    """The same zones with a share of the farmland drawn twice, the second time some metres beside."""
    copies = shapely.transform(zones["farmland"][::COPIED_EVERY], lambda points: points + COPIED_BY)
    return {**zones, "farmland": np.concatenate([zones["farmland"], copies])}


def read(path: Path, layer: str) -> Geometries:
    """Geometry of a layer, without its fields."""
    wkb = pyogrio.raw.read(path, layer=layer, columns=[])[2]
    return np.asarray(shapely.from_wkb(wkb), dtype=np.object_)


def _draw(path: Path, size: int) -> None:
    from three_opt_three_protect.core.sample import draw_county
    from three_opt_three_protect.storage.geopackage import write_layers

    print(f"drawing a county of {size} parcels", file=sys.stderr, flush=True)
    write_layers(path, dict(draw_county(SEED, size)))


def _write(path: Path, zones: Zones) -> None:
    """All layers or no file."""
    draft = path.with_name(f"draft_{path.name}")
    draft.unlink(missing_ok=True)
    for name, geometry in zones.items():
        write_layer(draft, name, geometry, {ZONE_ID: np.arange(1, len(geometry) + 1)})
    os.replace(draft, path)


def write_layer(path: Path, name: str, geometry: Geometries, columns: Mapping[str, NDArray[Any]]) -> None:
    """Add a layer of polygons to a GeoPackage that QGIS 3.22 reads without a warning."""
    pyogrio.raw.write(
        path,
        np.asarray(shapely.to_wkb(geometry, output_dimension=2), dtype=np.object_),
        list(columns.values()),
        list(columns),
        layer=name,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        crs="EPSG:4528",
        append=path.exists(),
        dataset_options=None if path.exists() else {"VERSION": "1.2"},
    )


def _as_complex(points: NDArray[np.float64]) -> NDArray[np.complex128]:
    return points[:, 0] + 1j * points[:, 1]


def _array(shapes: Sequence[shapely.Geometry]) -> Geometries:
    out = np.empty(len(shapes), dtype=np.object_)
    out[:] = shapes
    return out


def _filled(zones: Geometries) -> Geometries:
    return np.asarray(zones[~shapely.is_empty(zones)])


def polygonal(shapes: Geometries) -> Geometries:
    """Without the lines and points that making valid may leave."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    polygons, part = shapely.get_parts(parts, return_index=True)
    areas = shapely.get_dimensions(polygons) == 2
    out = _array([shapely.MultiPolygon()] * len(shapes))
    return np.asarray(shapely.multipolygons(polygons[areas], indices=row[part[areas]], out=out))


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Make the files of the chosen sizes and cases and print how many parcels each county has."""
    parser = argparse.ArgumentParser(description="Draw the benchmark's counties and zones.")
    parser.add_argument("--sizes", type=numbers, default=SIZES, help="parcels, by commas")
    parser.add_argument("--cases", type=words(CASES), default=CASES, help="by commas")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    chosen = parser.parse_args(arguments)
    for size in chosen.sizes:
        for name in chosen.cases:
            make(Case(name, size, chosen.data))
        print(pyogrio.read_info(Case(CASES[0], size, chosen.data).parcels, layer="parcels")["features"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
