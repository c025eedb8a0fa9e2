"""CPU seconds, memory and gap of choosing plots, on generated townships and counties.

    python -m benchmarks.allocation [--case 2000x500 …] [--gap 0.01] [--objective cost]

Each case runs in a process of its own.  The figures are like a real plan's: patches of 0.05 to 2 ha, natural
villages that go as a whole, demand by four uses in three phases, reclaim-first and resettlement that must stand
before the first house is pulled down, cultivated land, farmland, budget, and limits of every village.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.optimiser.problem import ALONE, Effort, Floats, Ints, Limit, Objective, Problem
from three_opt_three_protect.core.optimiser.search import solve

CASES = ("2000x500", "10000x2000", "50000x5000")
TOWN, INDUSTRY, RESETTLEMENT, INFRASTRUCTURE = range(4)
YEARS = (2026, 2028, 2030)


class Township(NamedTuple):
    """Plots drawn at random; areas in m², money in yuan."""

    village: Ints
    site_village: Ints
    area: Floats
    households: Floats
    rate: Floats
    cost: Floats
    site: Floats
    site_cultivated: Floats
    use: Ints
    price: Floats


def draw(candidates: int, sites: int, random: np.random.Generator) -> Township:
    """Plots of a township with one village for every 250 candidates, 20 at least and 100 at most."""
    villages = int(np.clip(candidates // 250, 20, 100))
    area = np.round(np.clip(random.lognormal(8.0, 0.8, candidates), 500, 20_000), 2)
    households = np.round(area / random.uniform(250, 500, candidates))
    site = np.round(np.clip(random.lognormal(9.3, 0.8, sites), 2_000, 80_000) * 0.5 * candidates / sites / 4, 2)
    use = random.choice(4, sites, p=(0.35, 0.35, 0.2, 0.1))
    return Township(
        np.sort(random.integers(0, villages, candidates)),
        random.integers(0, villages, sites),
        area,
        households,
        random.uniform(0.6, 0.95, candidates),
        np.round(area * random.uniform(60, 160, candidates) + households * random.uniform(15e4, 30e4, candidates)),
        site,
        np.round(site * random.uniform(0.0, 0.8, sites), 2),
        use,
        np.round(np.where(use < RESETTLEMENT, 1, 0.05) * site * random.uniform(200, 900, sites)),
    )


def problem_of(candidates: int, sites: int, objective: str = "cost", seed: int = 1) -> Problem:
    """A problem with about twelve accounts in each of three phases and three limits of each village."""
    random = np.random.default_rng(seed)
    town = draw(candidates, sites, random)
    phases = len(YEARS)
    reclaim_open = random.random((candidates, phases)) > 0.05
    newbuild_open = random.random((sites, phases)) > 0.05
    fixed = (random.random(candidates) < 0.005) & reclaim_open.any(axis=1)
    site_fixed = np.zeros(sites, dtype=bool)
    group = _natural_villages(town.village, random)
    conflicts = random.integers(0, candidates + sites, (min(300, candidates // 10), 2)).astype(np.int64)
    locked = np.concatenate([fixed, site_fixed])
    grouped = np.concatenate([group, np.full(sites, ALONE)])
    same = (grouped[conflicts[:, 0]] == grouped[conflicts[:, 1]]) & (grouped[conflicts[:, 0]] != ALONE)
    conflicts = conflicts[(conflicts[:, 0] != conflicts[:, 1]) & ~locked[conflicts].any(axis=1) & ~same]
    for number in np.unique(group[group != ALONE]):
        reclaim_open[group == number] = True
    return Problem(
        YEARS, tuple(limits(town)), wanted(town, objective, random), reclaim_open, newbuild_open,
        fixed & (group == ALONE), site_fixed, group, conflicts,
        np.array([f"R{row}" for row in range(candidates)], dtype=object),
        np.array([f"N{row}" for row in range(sites)], dtype=object),
    )  # fmt: skip


def _natural_villages(village: Ints, random: np.random.Generator) -> Ints:
    """Half the candidates alone, the others in groups of two to eight neighbours of one village."""
    group = np.full(len(village), ALONE, dtype=np.int64)
    row = number = 0
    while row < len(village):
        size = int(random.integers(2, 9)) if random.random() < 0.2 else 1
        end = min(row + size, int(np.searchsorted(village, village[row], side="right")))
        if end - row > 1:
            group[row:end] = number
            number += 1
        row = max(end, row + 1)
    return group


def limits(town: Township) -> List[Limit]:
    """The accounts of every phase, then those of every village."""
    none, nothing = np.zeros(len(town.area)), np.zeros(len(town.site))
    gain = town.area * town.rate
    stock, homeless = 0.02 * town.area.sum(), 0.1 * town.households.sum()
    found: List[Limit] = []
    for phase, year in enumerate(YEARS):
        through, only, before = (0, phase), (phase, phase), (0, phase - 1)
        share = (0.15, 0.3, 0.45)[phase]
        for use, name in enumerate(("town", "industry", "resettlement", "infrastructure")):
            area = np.where(town.use == use, town.site, 0.0)
            found.append(Limit(f"demand.{name}", "", "m2", -share * area.sum(), none, area, only, through, year))
        linked = np.where(town.use < RESETTLEMENT, town.site, 0.0)
        homes = np.where(town.use == RESETTLEMENT, town.site / 60, 0.0)
        found += [
            Limit("reclaim_first", "", "m2", stock, town.area, -1.05 * linked, through, through, year),
            Limit("resettlement", "", "households", homeless, -town.households, homes, through, before, year),
            Limit("cultivated", "", "m2", stock, gain, -town.site_cultivated, through, through, year),
            Limit("quality", "", "m2", stock, 0.9 * gain, -town.site_cultivated * 0.8, through, through, year),
            Limit("agricultural", "", "m2", stock, 0.98 * town.area, -0.9 * town.site, through, through, year),
            Limit("budget", "", "yuan", 0.4 * town.cost.sum(), -town.cost, town.price, through, through, year),
            Limit("reclaim_task", "", "m2", -share * 0.5 * town.area.sum(), town.area, nothing, through, through, year),
            Limit("farmland_task", "", "m2", -share * 0.4 * gain.sum(), gain, nothing, through, through, year),
        ]
    return found + _village_limits(town)


def _village_limits(town: Township) -> List[Limit]:
    found: List[Limit] = []
    last = (0, len(YEARS) - 1)
    for village in range(int(town.village.max()) + 1):
        area = np.where(town.village == village, town.area, 0.0)
        site = np.where(town.site_village == village, town.site, 0.0)
        people = np.where(town.village == village, town.households, 0.0)
        none, code = np.zeros(len(site)), f"{village:012d}"
        found += [
            Limit("village_reclaim", code, "m2", 0.75 * area.sum(), -area, none, last, last),
            Limit("village_built", code, "m2", 0.7 * site.sum() + 1e4, np.zeros(len(area)), -site, last, last),
            Limit("village_households", code, "households", 0.7 * people.sum(), -people, none, last, last),
        ]
    return found


def wanted(town: Township, name: str, random: np.random.Generator) -> Objective:
    """Cost, cultivated land, households or contiguity."""
    nothing = np.zeros(len(town.site))
    if name == "cost":
        return Objective(name, "yuan", town.cost, -town.price)
    if name == "cultivated":
        return Objective(name, "m2", -town.area * town.rate, town.site_cultivated)
    if name == "households":
        return Objective(name, "households", town.households, nothing)
    pairs, gain = _neighbours(town, random)
    own = -np.sqrt(town.area) * random.uniform(0, 4, len(town.area))
    weight = 500.0 if name == "weighted" else 0.0
    return Objective(name, "m", own + town.cost / 1e6 * weight, nothing, pairs, gain)


def _neighbours(town: Township, random: np.random.Generator) -> Tuple[Ints, Floats]:
    """Up to three pairs a candidate with the ones near it."""
    row = np.repeat(np.arange(len(town.area)), 3)
    other = row + random.integers(1, 6, len(row))
    kept = (other < len(town.area)) & (random.random(len(row)) < 0.7)
    pairs = np.unique(np.column_stack([row[kept], other[kept]]), axis=0)
    return pairs.astype(np.int64), np.round(random.uniform(5, 60, len(pairs)), 1)


def measure(case: str, objective: str, gap: float, seconds: Optional[float], seed: int) -> None:
    """Solve one case in this process and print a line."""
    candidates, sites = map(int, case.split("x"))
    problem = problem_of(candidates, sites, objective, seed)
    begun, wall = time.process_time(), time.perf_counter()
    plan = solve(problem, Effort(gap=gap, seconds=seconds, nodes=20_000))
    cpu, wall = time.process_time() - begun, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    reached = "-" if plan.gap is None else f"{100 * plan.gap:.3f}"
    print(f"{case:<12}{objective:<12}{seed:>4}{100 * gap:>7.2f}{plan.status:>12}{cpu:>9.1f}{wall:>9.1f}"
          f"{memory:>8.2f}{reached:>9}{plan.nodes:>8}  {plan.value} {plan.bound}", flush=True)  # fmt: skip
    for reason in plan.reasons:
        print("   ", reason)


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Measure the cases, each in a process of its own."""
    parser = argparse.ArgumentParser(description="CPU seconds, memory and gap of choosing plots.")
    parser.add_argument("--case", nargs="+", default=list(CASES), metavar="CANDIDATESxSITES")
    parser.add_argument("--objective", nargs="+", default=["cost"])
    parser.add_argument("--gap", nargs="+", type=float, default=[0.01])
    parser.add_argument("--seconds", type=float, help="stop each run after so many")
    parser.add_argument("--seed", nargs="+", type=int, default=[1], help="of the generated plots")
    parser.add_argument("--here", action="store_true", help="run in this process")
    chosen = parser.parse_args(arguments)
    if not chosen.here:
        print(f"{'case':<12}{'objective':<12}{'seed':>4}{'gap %':>7}{'status':>12}{'cpu s':>9}{'wall s':>9}"
              f"{'GiB':>8}{'reached':>9}{'nodes':>8}", flush=True)  # fmt: skip
    for case in chosen.case:
        for objective in chosen.objective:
            for gap in chosen.gap:
                for seed in chosen.seed:
                    if chosen.here:
                        measure(case, objective, gap, chosen.seconds, seed)
                        continue
                    limit = [] if chosen.seconds is None else ["--seconds", str(chosen.seconds)]
                    subprocess.run(
                        [sys.executable, "-m", "benchmarks.allocation", "--here", "--case", case, "--objective",
                         objective, "--gap", str(gap), "--seed", str(seed), *limit], check=True,
                    )  # fmt: skip


if __name__ == "__main__":
    main()
