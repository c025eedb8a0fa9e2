"""CPU seconds and memory of the yearly self-check of a county, reading and writing included.

    python -m benchmarks.selfcheck [--size 200000] [--data FOLDER]

The second year is the first with some thousand parcels of another class, some hundred divided and some hundred put
together.  The goal: 200 000 parcels in less than 30 seconds and 2 GB, and nobody waits for a second after cancelling.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Dict, Mapping, Optional, Sequence

import numpy as np
import shapely

from benchmarks.cases import DATA, Case
from benchmarks.potential import Listener
from three_opt_three_protect.core.progress import Part
from three_opt_three_protect.core.selfcheck import Checked, self_check
from three_opt_three_protect.core.tables import LayerTable, integer, text
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.plans.selfcheck import CheckSources, check_inputs
from three_opt_three_protect.plans.selfcheckobjects import Photos
from three_opt_three_protect.plans.selfcheckoutputs import part_layer, summary_table
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.geopackage import write_layers
from three_opt_three_protect.storage.vectorfile import read_layer

LINES = ("farmland", "boundary", "redline")
BECOMES: Mapping[str, Sequence[str]] = {
    "0101": ("0601", "1104A", "1202", "1006", "0201", "0307", "0702"),
    "0702": ("0101", "0102", "1206", "0601"),
    "1104": ("0101", "1104A"),
}
CHANGED, CUT = 3_000, 400


def next_year(table: LayerTable, seed: int = 1) -> LayerTable:
    """The county a year later."""
    random = np.random.default_rng(seed)
    shapes, codes = table.shapes.copy(), table.column("DLBM").values.copy()
    order = random.permutation(len(table))
    for row in [row for row in order.tolist() if codes[row] in BECOMES][:CHANGED]:
        codes[row] = random.choice(BECOMES[codes[row]])
    rows = np.arange(len(table))
    for row in [row for row in order.tolist() if shapes[row].area > 3000][-CUT:]:
        west, south, _, north = shapes[row].bounds
        half = shapely.box(west - 1, south - 1, shapes[row].centroid.x, north + 1)
        east_part, shapes[row] = shapes[row].difference(half), shapes[row].intersection(half)
        shapes, rows = np.append(shapes, [east_part]), np.append(rows, row)
    kept = _joined(shapes, codes[rows])
    found = replace(table.take(rows), name="parcels_next", geometry=shapes)
    years = table.column("SJNF").values[rows] + 1
    columns = {**found.columns, "DLBM": text(codes[rows]), "SJNF": integer(years)}
    columns.pop("DLMC", None)
    return replace(found, fid=np.arange(1, len(rows) + 1), columns=columns).take(kept)


def _joined(shapes: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Put some neighbours of one class together; the rows that are left."""
    kept, count = np.ones(len(shapes), dtype=np.bool_), 0
    tree = shapely.STRtree(shapes)
    for row in range(0, len(shapes), 97):
        near = tree.query(shapes[row], predicate="touches")
        near = [one for one in near.tolist() if kept[one] and codes[one] == codes[row] and one % 97]
        if count < CUT and near:
            whole = shapely.union(shapes[row], shapes[near[0]])
            if whole.geom_type == "Polygon":
                shapes[row], kept[near[0]], count = whole, False, count + 1
    return kept


def measure(county: Path, later: Path) -> None:
    """Print one line a part."""
    begun = time.process_time()
    parts = [begun]
    layers = {name: read_layer(county, name) for name in ("parcels", "reclaim", "newbuild", *LINES)}
    after = read_layer(later, "parcels_next")
    parts.append(_line("reading", parts[-1]))
    hears = Listener()
    checked = _checked(layers, after, hears)
    parts.append(_line("checking", parts[-1]))
    with tempfile.TemporaryDirectory() as folder:
        results = {"selfcheck": part_layer(checked, Photos()), "summary": summary_table(checked)}
        write_layers(Path(folder) / "out.gpkg", results)
    _line("writing", parts[-1])
    _line("together", begun)
    print(f"{len(checked.area)} parts, {len(results['selfcheck'])} changed or planned")
    print(f"{'longest without asking':<24}{hears.longest:>8.2f} s")
    print(f"{'peak GiB':<24}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:>8.2f}")


def _checked(layers: Dict[str, LayerTable], after: LayerTable, hears: Listener) -> Checked:
    sources = CheckSources(
        Source(layers.pop("parcels")),
        Source(after),
        reclaim=Source(layers.pop("reclaim")),
        newbuild=Source(layers.pop("newbuild")),
        layers={role: Source(table) for role, table in layers.items()},
    )
    given = check_inputs(sources, load_profile("suzhou-2014"), progress=Part(hears, 0.0, 0.3))
    return self_check(
        given.years,
        given.plan,
        given.around,
        given.judged,
        given.spec,
        given.renamed,
        0.001,
        given.coverage,
        Part(hears, 0.3, 0.7),
    )


def _line(name: str, since: float) -> float:
    now = time.process_time()
    print(f"{name:<24}{now - since:>8.2f} s", flush=True)
    return now


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Measure one county."""
    parser = argparse.ArgumentParser(description="CPU seconds of the yearly self-check.")
    parser.add_argument("--size", type=int, default=200_000, help="parcels")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    parser.add_argument("--later", type=Path, help="second year (layer parcels_next); left out: made from the first")
    chosen = parser.parse_args(arguments)
    county = Case("aligned", chosen.size, chosen.data).parcels
    with tempfile.TemporaryDirectory() as folder:
        later = chosen.later or Path(folder) / "later.gpkg"
        if chosen.later is None:
            write_layers(later, {"parcels_next": next_year(read_layer(county, "parcels"))})
        measure(county, later)


if __name__ == "__main__":
    main()
