"""What is measured of every candidate (07-potential 7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.gradesaround import grades_around
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.nearest import distances
from three_opt_three_protect.core.overlay.batches import batched
from three_opt_three_protect.core.plane import Plane, plane_of
from three_opt_three_protect.core.potential.enterprises import Enterprises, enterprise_means
from three_opt_three_protect.core.potential.places import Places, places
from three_opt_three_protect.core.potential.population import NOWHERE, Population, nobody
from three_opt_three_protect.core.potential.universe import Universe
from three_opt_three_protect.core.potential.villageland import VillageLand
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import Geometries

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Surroundings:
    """What lies around, in the CRS of the base state; None = not given, and what needs it is unknown.

    Attributes
    ----------
    boundary, retained
        Polygons.
    roads
        Lines or polygons.
    """

    boundary: Optional[Geometries] = None
    roads: Optional[Geometries] = None
    retained: Optional[Geometries] = None
    enterprises: Optional[Enterprises] = None
    population: Optional[Population] = None
    village_land: Optional[VillageLand] = None


def indicators(
    base: BaseState, universe: Universe, around: Surroundings, profile: Profile, progress: Progress = SILENT
) -> Mapping[str, Floats]:
    """Measure the candidates.

    Size, shape and adjoining land are the patch's: where a survey or a line cuts one farmstead in two, both parts are
    as large and as irregular as what would be reclaimed there at once. Distances are the candidate's own.

    Returns
    -------
    mapping
        Id of ``resources/potential/indicators.csv`` → ``(c,)`` float64, NaN = unknown.
    """
    progress.step("potential_indicators", 1.0)
    plane = plane_of(base.spec.crs, base.geometry)
    shapes = plane.metres(base.geometry[universe.rows], Part(progress, 0.0, 0.05))
    found: Dict[str, Floats] = {"patch_m2": to_m2(universe.patch_area)[universe.patch]}
    found |= _outlines(base, universe, shapes, Part(progress, 0.05, 0.05))
    found |= _people(base, universe, around)
    for place, (name, targets) in enumerate(
        (("town_m", around.boundary), ("road_m", around.roads), ("retained_m", around.retained))
    ):
        found[name] = _far(shapes, targets, plane, Part(progress, 0.1 + 0.15 * place, 0.15))
    water = set(profile.words("water_classes"))
    farmland = base.in_farm if "farmland" in base.given else None
    found["pbf_m"] = _beyond(base, universe, shapes, farmland, plane, Part(progress, 0.55, 0.1))
    is_water = base.class_base.where(lambda code: code in water)
    found["water_m"] = _beyond(base, universe, shapes, is_water, plane, Part(progress, 0.65, 0.15))
    radius = profile.number("grade_near_radius_m")
    found["grade_near"] = grades_around(base, base.geometry[universe.rows], radius, Part(progress, 0.8, 0.15))
    redline = np.where(base.redline[universe.rows] > 0, 1.0, 0.0)
    found["in_redline"] = redline if "redline" in base.given else np.full(len(universe), np.nan)
    return {**found, **_industry(base, universe, around.enterprises, Part(progress, 0.95, 0.05))}


def _outlines(base: BaseState, universe: Universe, shapes: Geometries, progress: Progress) -> Dict[str, Floats]:
    """Shape index P/(2√(πA)) of the patch, and the share of its outline that is an edge of cultivated land."""
    patch, count, edges = universe.patch, len(universe.patch_area), universe.edges
    candidate = np.zeros(len(base.area), dtype=np.bool_)
    candidate[universe.rows] = True
    inner, fields = candidate[edges.other], base.cultivated[edges.other]
    of_edge = patch[edges.shape]
    length = np.bincount(patch, batched(shapely.length, shapes, progress=progress), count)
    # An inner edge is in the outline of the candidates on both its sides, and in the list from both.
    outline = length - np.bincount(of_edge[inner], edges.metres[inner], count)
    area = np.bincount(patch, shapely.area(shapes), count)
    beside = np.bincount(of_edge[fields], edges.metres[fields], count)
    return {
        "shape": (outline / (2 * np.sqrt(np.pi * area)))[patch],
        "cult_share": np.minimum(beside / outline, 1.0)[patch],
    }


def _people(base: BaseState, universe: Universe, around: Surroundings) -> Dict[str, Floats]:
    """Village land a head and idle rate: of the natural village, else of the village."""
    people = nobody() if around.population is None else around.population
    found = places(base, people)
    row, unit = found.row[universe.rows], found.unit[universe.rows]
    nothing = np.full(len(universe), np.nan)
    if around.village_land is None or not len(people):
        return {"land_head": nothing, "idle_rate": nothing}
    land = np.where(around.village_land.here, found.area, 0.0)
    of_row, all_of_it = found.by_row(land), np.ones(len(people))
    heads = found.counted(people.population, all_of_it)
    return {
        "land_head": _either(found, _ratio(of_row, people.population), _ratio(found.by_unit(land), heads), row, unit),
        "idle_rate": _either(found, people.idle_rate, found.mean(people.idle_rate, of_row), row, unit),
    }


def _ratio(part: Floats, whole: Floats) -> Floats:
    """NaN where nobody is there."""
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), np.nan)


def _either(found: Places, of_row: Floats, of_unit: Floats, row: Ints, unit: Ints) -> Floats:
    """``(c,)`` the figure of the natural village, where it has none the village's."""
    own = np.append(np.where(found.whole, np.nan, of_row), np.nan)[np.where(row == NOWHERE, len(of_row), row)]
    return np.where(np.isnan(own), of_unit[unit], own)


def _far(shapes: Geometries, targets: Optional[Geometries], plane: Plane, progress: Progress) -> Floats:
    if targets is None:
        return np.full(len(shapes), np.nan)
    return distances(shapes, plane.metres(targets), progress)


def _beyond(
    base: BaseState, universe: Universe, shapes: Geometries, pieces: Optional[Bools], plane: Plane, progress: Progress
) -> Floats:
    """Distance to the nearest of some base pieces; what shares an edge with one is known to lie at 0."""
    if pieces is None:
        return np.full(len(shapes), np.nan)
    edges, out = universe.edges, np.zeros(len(shapes))
    away = np.ones(len(shapes), dtype=np.bool_)
    away[edges.shape[pieces[edges.other]]] = False
    away[pieces[universe.rows]] = False
    out[away] = distances(shapes[away], plane.metres(base.geometry[pieces]), progress)
    return out


def _industry(
    base: BaseState, universe: Universe, enterprises: Optional[Enterprises], progress: Progress
) -> Dict[str, Floats]:
    if enterprises is None:
        return {name: np.full(len(universe), np.nan) for name in ("invest_mu", "tax_mu")}
    means = enterprise_means(base, universe, enterprises, progress)
    return {name: means[name] for name in ("invest_mu", "tax_mu")}
