"""CPU seconds and memory of comparing a land plan and a town plan of a county.

    python -m benchmarks.plandifference [--size 200000] [--data FOLDER]

The land plan has the parcels in codes of 2006–2020; the town plan has the same in 用地用海 codes, with 600 parcels
changed, 500 years moved and some hundred neighbours dissolved; redline and new-build plots stand for the ecological and
the development plan.  The goal: less than 20 seconds and 2 GB with reading and writing, and nobody waits for a second
after cancelling.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.cases import DATA, Case
from benchmarks.potential import Listener
from three_opt_three_protect.core.sample.plans import LAND, TOWN, YEAR
from three_opt_three_protect.core.tables import Geometries, LayerTable, integer, text
from three_opt_three_protect.plans.differencetables import difference_layer, summary_table
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.plans.plandifference import difference_figures, limits_of, plan_difference
from three_opt_three_protect.plans.planlayers import PlanSource, plan_layers
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile
from three_opt_three_protect.storage.geopackage import write_layers
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.vectorfile import read_layer

CHANGED, MOVED, DISSOLVED = 600, 500, 300


def measure(county: Path, folder: Path) -> None:
    """Draw the plans, then print one line a part."""
    plans = folder / "plans.gpkg"
    write_layers(plans, _plans(read_layer(county, "parcels")))
    profile, hears = load_profile("suzhou-2014"), Listener()
    begun = whole = time.process_time()
    sources = {
        "land": PlanSource(Source(read_layer(plans, "land_plan")), load_class_system("land_plan")),
        "town": PlanSource(Source(read_layer(plans, "town_plan")), load_class_system("land_sea_2023")),
        "ecological": PlanSource(Source(read_layer(county, "redline"))),
        "development": PlanSource(Source(read_layer(county, "newbuild"))),
    }
    villages = Source(read_layer(county, "villages"))
    begun = _line("reading", begun)
    hears.check(0.0)
    hears.longest = 0.0  # readers of QGIS ask for themselves
    layers = plan_layers(sources, villages, profile, progress=hears)
    begun = _line("repair, classes, years", begun)
    found = plan_difference(layers, limits_of(profile, None), 0.001, hears)
    begun = _line("comparing", begun)
    tables = {"differences": difference_layer(found, Messages("zh").text), "summary": summary_table(found)}
    write_layers(folder / "differences.gpkg", tables)
    _line("tables and writing", begun)
    _line("all", whole)
    print(f"{'longest without asking':<24}{hears.longest:>8.2f} s")
    print(f"{'peak GiB':<24}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:>8.2f}")
    figures = difference_figures(found)
    print(", ".join(f"{name} {figures[name]}" for name in ("DIFFERENCES", "LAYOUT_M2", "SLIVERS", "CLOSURE_M2")))


def _plans(parcels: LayerTable) -> Dict[str, LayerTable]:
    draw = np.random.default_rng(1)
    survey = parcels.column("DLBM").values
    land, town = _codes(survey, LAND), _codes(survey, TOWN)
    field = np.array([code.startswith("01") for code in survey], dtype=np.bool_)
    changed = draw.choice(len(survey), CHANGED, replace=False)
    town[changed] = np.where(field[changed], "0701", "0101")
    year = np.full(len(survey), YEAR)
    year[draw.choice(len(survey), MOVED, replace=False)] = YEAR + 2
    shapes, kept = _dissolved(parcels.shapes, town, draw)
    return {
        "land_plan": _plan("land_plan", parcels, parcels.shapes, "GHDLDM", land, np.full(len(survey), YEAR)),
        "town_plan": _plan("town_plan", parcels, shapes[kept], "YDYHFLDM", town[kept], year[kept]),
    }


def _codes(survey: NDArray[np.object_], table: Mapping[str, Tuple[str, str]]) -> NDArray[np.object_]:
    of = {code: table[max((start for start in table if code.startswith(start)), key=len)][0] for code in set(survey)}
    return np.array([of[code] for code in survey], dtype=np.object_)


def _dissolved(
    shapes: Geometries, code: NDArray[np.object_], draw: np.random.Generator
) -> Tuple[Geometries, NDArray[np.bool_]]:
    """Some parcels put together with a neighbour of the same code."""
    shapes, kept = shapes.copy(), np.ones(len(shapes), dtype=np.bool_)
    tree = shapely.STRtree(shapes)
    used: List[int] = []
    for row in draw.choice(len(shapes), DISSOLVED, replace=False).tolist():
        beside = tree.query(shapes[row], predicate="touches").tolist()
        other = next((one for one in beside if code[one] == code[row] and not {one, row} & set(used)), None)
        if other is not None:
            shapes[row] = shapely.union(shapes[row], shapes[other])
            kept[other] = False
            used += [row, other]
    return shapes, kept


def _plan(
    name: str, parcels: LayerTable, shapes: Geometries, field: str, code: NDArray[np.object_], year: NDArray[np.int64]
) -> LayerTable:
    fid = np.arange(1, len(shapes) + 1, dtype=np.int64)
    plain = LayerTable(name, fid, shapes, {field: text(code), "GHNF": integer(year)})
    return replace(plain, crs=parcels.crs)


def _line(name: str, begun: float) -> float:
    now = time.process_time()
    print(f"{name:<24}{now - begun:>8.2f} s", flush=True)
    return now


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Measure one county."""
    parser = argparse.ArgumentParser(description="CPU seconds of the comparison of plans.")
    parser.add_argument("--size", type=int, default=200_000, help="parcels")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        measure(Case("aligned", chosen.size, chosen.data).parcels, Path(scratch))


if __name__ == "__main__":
    main()
