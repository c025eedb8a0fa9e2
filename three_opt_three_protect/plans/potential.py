"""Role layers → reclamation potential: for Toolbox, desk and command line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely

from three_opt_three_protect.core.base import BaseState, base_state
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.core.plane import widened
from three_opt_three_protect.core.potential.enterprises import FIGURES, Enterprises
from three_opt_three_protect.core.potential.indicators import Surroundings
from three_opt_three_protect.core.potential.potential import Choice, Potential, potential
from three_opt_three_protect.core.potential.universe import NONE, Filters
from three_opt_three_protect.core.potential.villageland import VillageLand, village_land
from three_opt_three_protect.core.potential.weights import Indicator
from three_opt_three_protect.core.progress import SILENT, Part, Progress
from three_opt_three_protect.core.repair import POLYGON_TYPES, repair_polygons
from three_opt_three_protect.core.roles import role_factor, role_real
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import CrsInfo, Geometries, LayerTable
from three_opt_three_protect.plans.inputs import Source, SurveyInputs, survey_inputs
from three_opt_three_protect.plans.potentialpeople import people_of, strangers
from three_opt_three_protect.storage.catalogue import load_role_schemas, load_settlement_codes

LINE_ROLES = (
    "farmland",
    "boundary",
    "redline",
    "villages",
    "settlements",
    "approved_unbuilt",
    "illegal_built",
    "temporary",
    "demolished",
)
"""Roles that the base state is cut with by itself."""

FILTERS = ("retained", "heritage", "past_projects")
"""Roles of polygons that exclude what lies in them."""

ROADS = "roads"
FURTHER = (*FILTERS, ROADS, "enterprises")
"""Roles of layers with geometry that only the potential knows."""

_LINE_TYPES = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.LINEARRING,
    shapely.GeometryType.MULTILINESTRING,
)
_TOGETHER = 200
"""Corridors united at once."""


@dataclass(frozen=True)
class PotentialSources:
    """Layers beside parcels and lines, in the CRS of the parcels.

    Attributes
    ----------
    further
        Role of :data:`FURTHER` → layer.
    population, settlements
        Tables of people; the layer of settlements in the CRS of the parcels.
    stage
        Whose consent is asked for: none, planning or implementation.
    names
        Role of :data:`LINE_ROLES` → name of the layer, for messages.
    """

    further: Mapping[str, Source]
    population: Optional[Source] = None
    settlements: Optional[Source] = None
    stage: str = NONE
    names: Mapping[str, str] = field(default_factory=dict)


def zones_of(
    further: Mapping[str, Source], profile: Profile, crs: CrsInfo, progress: Progress = SILENT
) -> List[Source]:
    """The layers that the base state is cut with besides, in the order of :func:`columns_of`."""
    zones = [further[role] for role in FILTERS if role in further]
    if ROADS in further:
        zones.append(Source(corridor(further[ROADS], profile.number("road_corridor_m"), crs, progress)))
    return zones


def columns_of(further: Mapping[str, Source]) -> Mapping[str, int]:
    """Role → column of ``base.others``."""
    given = [role for role in (*FILTERS, ROADS) if role in further]
    return {role: column for column, role in enumerate(given)}


def corridor(roads: Source, metres: float, crs: CrsInfo, progress: Progress = SILENT) -> LayerTable:
    """What lies within ``metres`` of a road's edge; a line has half its ``width`` beside it, where that is stated.

    Raises
    ------
    InputError
        ``roads_needed``: points; ``no_geometry``; ``no_number``.
    """
    shapes = road_shapes(roads)
    mapping = roads.mapping(load_role_schemas()[ROADS])
    is_line = np.isin(shapely.get_type_id(shapes), _LINE_TYPES)
    width = np.nan_to_num(role_real(roads.table, mapping, "width"))
    reach = metres + np.where(is_line, np.maximum(width, 0.0) / 2, 0.0)
    wide = shapes.copy()
    for number, each in enumerate(distinct := np.unique(reach)):
        here = reach == each
        part = Part(progress, number / len(distinct), 1 / len(distinct))
        wide[here] = widened(shapes[here], float(each), crs, part)
    parts = shapely.get_parts(_united(wide[~shapely.is_missing(wide)], progress))
    return LayerTable(roads.table.name, np.arange(1, len(parts) + 1, dtype=np.int64), parts, crs=crs)


def road_shapes(roads: Source) -> Geometries:
    """The roads of a layer, polygons made valid.

    Raises
    ------
    InputError
        ``roads_needed``, ``no_geometry``.
    """
    shapes = roads.table.shapes
    kinds = shapely.get_type_id(shapes)
    polygons = np.isin(kinds, POLYGON_TYPES)
    if not (polygons | np.isin(kinds, _LINE_TYPES)).any() and (kinds >= 0).any():
        raise InputError("roads_needed", layer=roads.table.name)
    areas, out = shapes.copy(), shapes.copy()
    areas[~polygons] = None
    repaired = roads.repaired or repair_polygons(areas)
    out[polygons] = repaired.geometry[polygons]
    out[~polygons & ~np.isin(kinds, _LINE_TYPES)] = None
    return out


def _united(shapes: Geometries, progress: Progress) -> Geometries:
    """One geometry of all: neighbours first, so that few edges are looked at twice."""
    order = np.argsort(shapely.get_x(shapely.centroid(shapes)), kind="stable")
    parts = shapes[order]
    while len(parts) > 1:
        groups = np.array_split(parts, -(-len(parts) // _TOGETHER))
        made = []
        for group in groups:
            progress.check(1.0)
            made.append(shapely.union_all(group))
        parts = np.array(made, dtype=np.object_)
    return parts


def enterprises_of(source: Optional[Source]) -> Optional[Enterprises]:
    """Land of enterprises with what it yields."""
    if source is None:
        return None
    mapping = source.mapping(load_role_schemas()["enterprises"])
    figures = {name: role_real(source.table, mapping, name) for name in FIGURES}
    return Enterprises(source.usable().geometry, **figures)


def land_of(base: BaseState, survey: SurveyInputs) -> VillageLand:
    """Village land by the settlement code of the parcels, where they have one."""
    stated: Optional[Factor] = None
    if "settlement_code" in survey.mapping:
        stated = role_factor(survey.parcels.table, survey.mapping, "settlement_code")
    codes = {code for code, entry in load_settlement_codes().items() if entry.kind == "village"}
    return village_land(base, stated, codes, survey.profile)


def potential_of(
    base: BaseState,
    survey: SurveyInputs,
    sources: PotentialSources,
    listed: Sequence[Indicator],
    choice: Choice,
    progress: Progress = SILENT,
) -> Potential:
    """Potential of a base state that was cut with :func:`zones_of` as its further layers."""
    further = sources.further
    column = columns_of(further)
    people = people_of(base, sources.population, sources.settlements)
    filters = Filters(
        column.get("retained"),
        column.get("heritage"),
        column.get("past_projects"),
        column.get(ROADS),
        sources.stage,
        people,
    )
    land = land_of(base, survey)
    around = Surroundings(
        None if survey.lines.boundary is None else survey.lines.boundary.geometry,
        road_shapes(further[ROADS]) if ROADS in further else None,
        further["retained"].usable().geometry if "retained" in further else None,
        enterprises_of(further.get("enterprises")),
        people,
        land,
    )
    found = potential(base, filters, around, land, listed, survey.profile, choice, progress)
    said = apart(base, {**sources.names, **{role: further[role].table.name for role in column}}, column)
    if sources.population is not None and people is not None:
        said += strangers(base, people, sources.population.table.name)
    return replace(found, findings=(*said, *found.findings))


def apart(base: BaseState, names: Mapping[str, str], column: Mapping[str, int]) -> List[Finding]:
    """Layers no part of which lies on the parcels: mostly drawn elsewhere, or in another coordinate system.

    Parameters
    ----------
    names
        Role → name of the layer.
    column
        Role → column of ``base.others``.
    """
    found = []
    for role, name in names.items():
        here = base.others[:, column[role]] >= 0 if role in column else base.inside(role)
        if not here.any():
            found.append(Finding("layer_apart", WARNING, name, {"layer": name}))
    return found


def plan_potential(
    parcels: Source,
    sources: Mapping[str, Source],
    profile: Profile,
    listed: Sequence[Indicator],
    choice: Choice,
    stage: str = NONE,
    snap: float = 0.0,
    progress: Progress = SILENT,
) -> Tuple[Potential, SurveyInputs]:
    """Reclamation potential of a plan's layers.

    Parameters
    ----------
    parcels
        In their own CRS; every other layer must have been brought to it.
    sources
        Role → layer: :data:`LINE_ROLES`, :data:`FURTHER` and ``population``; ``boundary`` is needed.

    Raises
    ------
    InputError
        ``no_such_role`` without a boundary; what is wrong with which layer.
    """
    if "boundary" not in sources:
        raise InputError("no_such_role", role="boundary", layers=", ".join(sources))
    crs = parcels.table.crs
    further = {role: source for role, source in sources.items() if role in FURTHER}
    zones = [] if crs is None else zones_of(further, profile, crs, Part(progress, 0.0, 0.05))
    lines = {role: source for role, source in sources.items() if role in LINE_ROLES}
    survey = survey_inputs(parcels, lines, zones, profile, progress=Part(progress, 0.05, 0.1))
    base = base_state(survey.parcels, survey.lines, survey.spec, snap, Part(progress, 0.15, 0.45), survey.coverage)
    names = {role: source.table.name for role, source in lines.items()}
    given = PotentialSources(further, sources.get("population"), sources.get("settlements"), stage, names)
    found = potential_of(base, survey, given, listed, choice, Part(progress, 0.6, 0.4))
    findings = (*survey.findings, *base.report.findings, *found.findings)
    return replace(found, findings=findings), survey
