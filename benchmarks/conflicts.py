"""CPU seconds and memory of the conflicts of lines and plots of a county, with and without parcels.

    python -m benchmarks.conflicts [--size 200000] [--data FOLDER]

The boundary is moved by 60 m and the redline widened by 40 m, so that there is something to find: without that a drawn
county has farmland in the redline and little else.  The goal: less than 20 seconds with reading and writing, and nobody
waits for a second after cancelling.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Dict, Optional, Sequence

import shapely

from benchmarks.cases import DATA, Case
from benchmarks.potential import Listener
from three_opt_three_protect.core.measure import AreaMethod
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.conflicts import (
    ConflictSources,
    area_spec,
    conflict_figures,
    conflict_layer,
    conflict_summary,
    find_conflicts,
)
from three_opt_three_protect.plans.inputs import Source, survey_inputs
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.geopackage import write_layers
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.vectorfile import read_layer

LINES = ("farmland", "boundary", "redline")
PLOTS = ("newbuild", "reclaim")
MOVED_M, WIDENED_M = 60.0, 40.0


def measure(county: Path, folder: Path, with_parcels: bool) -> None:
    """Print one line a part."""
    profile, hears, words = load_profile("suzhou-2014"), Listener(), Messages("zh").text
    whole = begun = time.process_time()
    layers = {name: read_layer(county, name) for name in (*LINES, *PLOTS)}
    parcels = read_layer(county, "parcels") if with_parcels else None
    begun = _line("reading", begun)
    layers.update(_worse(layers))
    begun = time.process_time()
    hears.check(0.0)
    hears.longest = 0.0  # readers of QGIS ask for themselves
    lines = {name: Source(layers[name]) for name in LINES}
    survey = None if parcels is None else survey_inputs(Source(parcels), lines, [], profile, progress=hears)
    spec = area_spec(layers["farmland"], profile, AreaMethod.STRIP, None) if survey is None else survey.spec
    begun = _line("repair and classes", begun)
    sources = ConflictSources(lines, {name: Source(layers[name]) for name in PLOTS}, survey)
    found = find_conflicts(sources, spec, profile, 1.0, hears)
    begun = _line("conflicts", begun)
    tables = {"conflicts": conflict_layer(found, words), "summary": conflict_summary(found)}
    write_layers(folder / f"conflicts{int(with_parcels)}.gpkg", tables)
    _line("tables and writing", begun)
    _line("all", whole)
    print(f"{'longest without asking':<24}{hears.longest:>8.2f} s")
    print(f"{'peak GiB':<24}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:>8.2f}")
    print(", ".join(f"{name} {value}" for name, value in conflict_figures(found).items()))


def _worse(layers: Dict[str, LayerTable]) -> Dict[str, LayerTable]:
    boundary, redline = layers["boundary"], layers["redline"]
    moved = shapely.transform(boundary.shapes, lambda xy: xy + MOVED_M)
    wide = shapely.buffer(redline.shapes, WIDENED_M)
    return {"boundary": replace(boundary, geometry=moved), "redline": replace(redline, geometry=wide)}


def _line(name: str, begun: float) -> float:
    now = time.process_time()
    print(f"{name:<24}{now - begun:>8.2f} s", flush=True)
    return now


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Measure one county twice."""
    parser = argparse.ArgumentParser(description="CPU seconds of the conflicts of lines and plots.")
    parser.add_argument("--size", type=int, default=200_000, help="parcels")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    chosen = parser.parse_args(arguments)
    county = Case("aligned", chosen.size, chosen.data).parcels
    with tempfile.TemporaryDirectory() as folder:
        for with_parcels in (False, True):
            print("with parcels" if with_parcels else "without parcels")
            measure(county, Path(folder), with_parcels)


if __name__ == "__main__":
    main()
