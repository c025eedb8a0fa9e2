"""Overlay the same arrays from several threads of one process, many times; the process must end well.

    python -m benchmarks.stress [--size 200000] [--rounds 20] [--threads 2] [--data FOLDER]

GEOS prepares geometries behind one's back: what two threads share may end the process ("double free").
Exit code 0: every round gave the same pieces and areas; 1: some did not.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, Optional, Sequence

import numpy as np
import shapely

from benchmarks.cases import CASES, DATA, LAYERS, Case
from benchmarks.data import make, read
from three_opt_three_protect.core.overlay import ZoneLayer, overlay
from three_opt_three_protect.core.repair import repair_polygons


class Outcome(NamedTuple):
    """What must not change from round to round."""

    pieces: int
    zones: int
    area: float


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the rounds and compare."""
    parser = argparse.ArgumentParser(description="Overlay from several threads at once.")
    parser.add_argument("--size", type=int, default=200_000, help="parcels (200000)")
    parser.add_argument("--rounds", type=int, default=20, help="overlays in all (20)")
    parser.add_argument("--threads", type=int, default=2, help="at the same time (2)")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    chosen = parser.parse_args(arguments)
    case = Case(CASES[0], chosen.size, chosen.data)
    make(case)
    outcomes = repeat(case, chosen.rounds, chosen.threads)
    print(f"{chosen.rounds} overlays by {chosen.threads} threads: {len(set(outcomes))} outcome, {outcomes[0]}")
    return int(len(set(outcomes)) > 1)


def repeat(case: Case, rounds: int, threads: int) -> Sequence[Outcome]:
    """The outcome of every round; all threads are given the same geometry objects, repaired as every layer is.

    GEOS keeps the box of a geometry when it is first asked for: two threads must not be the first.
    """
    parcels = repair_polygons(read(case.parcels, "parcels")).geometry
    zones = [repair_polygons(read(case.zones, name)).geometry for name in LAYERS]
    layers = [ZoneLayer(shapes, np.arange(len(shapes))) for shapes in zones]

    def once(_: int) -> Outcome:
        found = overlay(parcels, layers, tolerance=0.001)
        return Outcome(len(found.parcel), int(found.zone.sum()), float(shapely.area(found.geometry).sum()))

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(once, range(rounds)))


if __name__ == "__main__":
    sys.exit(main())
