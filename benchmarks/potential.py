"""CPU seconds and memory of the reclamation potential of a county.

    python -m benchmarks.potential [--size 200000] [--data FOLDER]

Retained settlements are measured to but do not exclude, so that a county of 200 000 parcels has about 46 000
candidates.  The goal: all indicators of 50 000 candidates in less than 20 seconds, and nobody waits for a second
after cancelling.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

from benchmarks.cases import DATA, Case
from three_opt_three_protect.core.base import BaseState, base_state
from three_opt_three_protect.core.potential.indicators import Surroundings, indicators
from three_opt_three_protect.core.potential.universe import Filters, universe
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.inputs import Source, SurveyInputs, survey_inputs
from three_opt_three_protect.plans.potential import (
    LINE_ROLES,
    ROADS,
    PotentialSources,
    columns_of,
    land_of,
    people_of,
    road_shapes,
    zones_of,
)
from three_opt_three_protect.storage.catalogue import load_profile
from three_opt_three_protect.storage.vectorfile import list_layers, read_layer


class Listener:
    """Hears how long core works without asking whether to stop."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.process_time()

    def step(self, name: str, share: float) -> None:
        """A step asks as well."""
        self.check(0.0)

    def check(self, fraction: float) -> None:
        """Note the time since the last question."""
        now = time.process_time()
        self.longest, self._last = max(self.longest, now - self._last), now


def measure(path: Path, profile: Profile) -> None:
    """Print one line a part."""
    layers = {name: read_layer(path, name) for name in list_layers(path)}
    further = {ROADS: Source(layers["roads"])}
    survey, base = _base(layers, further, profile)
    people = people_of(PotentialSources({}, Source(layers["population"]), Source(layers["settlements"])))
    around = Surroundings(
        layers["boundary"].geometry,
        road_shapes(further[ROADS]),
        layers["retained"].geometry,
        None,
        people,
        land_of(base, survey),
    )
    hears, begun = Listener(), time.process_time()
    found = universe(base, Filters(corridor=columns_of(further)[ROADS]), survey.profile, hears)
    print(f"{len(base.area)} pieces, {len(found)} candidates, {len(found.patch_area)} patches")
    _line("candidates", time.process_time() - begun)
    begun = time.process_time()
    indicators(base, found, around, survey.profile, hears)
    _line("indicators", time.process_time() - begun)
    _line("longest without asking", hears.longest)
    print(f"{'peak GiB':<24}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:>8.2f}")


def _base(
    layers: Dict[str, LayerTable], further: Dict[str, Source], profile: Profile
) -> Tuple[SurveyInputs, BaseState]:
    parcels = layers["parcels"]
    if parcels.crs is None:
        raise SystemExit("the county has no coordinate system")
    lines = {role: Source(layers[role]) for role in LINE_ROLES if role in layers}
    survey = survey_inputs(Source(parcels), lines, zones_of(further, profile, parcels.crs), profile)
    return survey, base_state(survey.parcels, survey.lines, survey.spec, coverage=survey.coverage)


def _line(name: str, seconds: float) -> None:
    print(f"{name:<24}{seconds:>8.2f} s", flush=True)


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Measure one county."""
    parser = argparse.ArgumentParser(description="CPU seconds of the reclamation potential.")
    parser.add_argument("--size", type=int, default=200_000, help="parcels")
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    chosen = parser.parse_args(arguments)
    measure(Case("aligned", chosen.size, chosen.data).parcels, load_profile("suzhou-2014"))


if __name__ == "__main__":
    main()
