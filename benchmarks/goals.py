"""What this project set itself: ratios of CPU seconds, growth, memory and exactness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional

from benchmarks.results import Results, growth, value

Measured = Callable[[Results], Optional[float]]

MILLION = 1_000_000


@dataclass(frozen=True)
class Goal:
    """What is measured, from the results (None: not in them), and the most it may be."""

    title: str
    measured: Measured
    at_most: float


def _cpu(ours: str, theirs: str, size: int, case: str = "aligned") -> Measured:
    """CPU seconds of ``ours`` by those of ``theirs``."""

    def measured(results: Results) -> Optional[float]:
        a, b = (value(results, (case, size, name), "cpu") for name in (ours, theirs))
        return a / b if a is not None and b is not None else None

    return measured


def _largest(name: str, field: str) -> Measured:
    """Largest value of a field over all sizes of the aligned case."""

    def measured(results: Results) -> Optional[float]:
        found = [value(results, key, field) for key in results if key[0] == "aligned" and key[2] == name]
        return max((each for each in found if each is not None), default=None)

    return measured


def _gibibytes(results: Results) -> Optional[float]:
    found = value(results, ("aligned", MILLION, "project_areas"), "memory")
    return None if found is None else found / 1024**3


GOALS = (
    Goal("CPU by QGIS union, 50 000, pieces", _cpu("project_pieces", "qgis_union", 50_000), 1 / 100),
    Goal("CPU by GeoPandas identity, 50 000, pieces", _cpu("project_pieces", "geopandas_identity", 50_000), 1 / 40),
    Goal("CPU by PostGIS identity, 200 000", _cpu("project_areas", "postgis_identity", 200_000), 1 / 15),
    Goal("CPU by plain shapely, 50 000", _cpu("project_areas", "plain_shapely", 50_000), 0.3),
    Goal("CPU by plain shapely, 50 000, pieces", _cpu("project_pieces", "plain_shapely", 50_000), 0.45),
    Goal("CPU by plain shapely, 1 000 000", _cpu("project_areas", "plain_shapely", MILLION), 0.3),
    Goal("CPU by plain shapely, 1 000 000, pieces", _cpu("project_pieces", "plain_shapely", MILLION), 0.45),
    Goal("CPU by plain shapely, misaligned, 50 000", _cpu("project_areas", "plain_shapely", 50_000, "misaligned"), 1.0),
    Goal("CPU by the limit, 1 000 000", _cpu("project_areas", "limit", MILLION), 6),
    Goal("CPU in QGIS by command line, 50 000, pieces", _cpu("project_qgis", "project_pieces", 50_000), 1.3),
    Goal("growth exponent from 50 000 parcels", lambda results: growth(results, "project_areas"), 1.05),
    Goal("peak memory, 1 000 000, GiB", _gibibytes, 3.0),
    Goal("closure of a parcel, m²", _largest("project_pieces", "closure"), 1e-6),
    Goal("largest difference from the true areas, snapping off, m²", _largest("project_unsnapped", "truth"), 1e-6),
    Goal("largest difference from PostGIS, snapping off, m²", _largest("postgis_identity", "like"), 1e-6),
    Goal("sums without pieces by sums with pieces, m²", _largest("project_areas", "like"), 0.01),
)
"""Pieces: every piece written as geometry on this project's side."""
