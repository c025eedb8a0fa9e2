"""Layers of plans (land, town, ecological, development) → what core compares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.crsguess import no_crs
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.extent import require_fitting
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.findings import INFO, WARNING, Finding, repair_findings
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.measure import AreaMethod, Tolerance, ToLonLat
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.plandiff import Plan
from three_opt_three_protect.core.plandiffclasses import DEVELOPMENT, ECOLOGICAL, NO_PLAN, UNRESTRICTED, Harmonised
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import Repaired
from three_opt_three_protect.core.roles import role_column, role_factor, role_real
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import Geometries, Kind, LayerTable, as_text, first_features, text
from three_opt_three_protect.plans.inputs import Fields, Source, layer_system
from three_opt_three_protect.storage.catalogue import load_class_systems, load_role_schemas
from three_opt_three_protect.storage.crs import zone_families
from three_opt_three_protect.storage.harmonised import load_harmonised

ROLE = "plan"
"""Role whose field names the layers are read by."""

NEEDED = ("class_code", "class_name", "zone", "year")
"""Role fields that are looked at."""

_ZONED: Mapping[str, str] = {ECOLOGICAL: "forbidden", DEVELOPMENT: "construction"}
"""Plans that may have zones instead of classes, and what all of a layer is that states neither: the strictest."""

_NAMED_CODES = 8
"""Codes to be refined that a message names."""

_TELLING_CODES = 4
"""Codes a message names that tell two classifications apart."""


@dataclass(frozen=True)
class PlanSource:
    """A plan's layer; ``system`` is its classification, None = find out."""

    source: Source
    system: Optional[ClassSystem] = None


@dataclass(frozen=True)
class PlanLayers:
    """Plans ready to be compared.

    ``systems`` is role → what the plan is coded in, as said to the reader; ``villages`` polygons with ``codes``.
    """

    plans: Tuple[Plan, ...]
    tables: Tuple[LayerTable, ...]
    shapes: Tuple[Geometries, ...]
    spec: AreaSpec
    harmonised: Harmonised
    systems: Mapping[str, str]
    findings: Tuple[Finding, ...]
    villages: Optional[Geometries] = None
    codes: Tuple[Optional[str], ...] = ()

    @property
    def doubtful(self) -> int:
        """Polygons whose code has no one clear category."""
        doubtful = self.harmonised.doubtful()
        return int(sum(doubtful[plan.category].sum() for plan in self.plans))


def plan_layers(
    sources: Mapping[str, PlanSource],
    villages: Optional[Source],
    profile: Profile,
    method: AreaMethod = AreaMethod.STRIP,
    to_lonlat: Optional[ToLonLat] = None,
    progress: Progress = SILENT,
) -> PlanLayers:
    """Read two to four plans.

    Parameters
    ----------
    sources
        Plan (land, town, ecological, development) → layer, in this order; all in the CRS of the first.

    Raises
    ------
    InputError, CrsError
        What is wrong with which layer: ``field_needed``, ``empty_layer``, ``plan_given_twice``, ``two_code_systems``,
        ``plan_system_tie`` …
    """
    tables = [given.source.table for given in sources.values()]
    crs = tables[0].crs
    if crs is None:
        raise no_crs(tables[0], zone_families())
    harmonised = load_harmonised()
    plans, shapes, systems, findings = [], [], {}, []
    seen: List[_Seen] = []
    for role, given in sources.items():
        table, repaired = _usable(given.source, progress)
        mapping = given.source.mapping(load_role_schemas()[ROLE])
        _refuse_twice(table, repaired.geometry, mapping, role, seen)
        plan, systems[role], said = _plan(role, table, mapping, given.system, harmonised, profile)
        plans.append(plan)
        shapes.append(repaired.geometry)
        findings += [*said, *repair_findings(table, repaired)]
    tolerance = Tolerance(profile.number("area_tolerance_share"), profile.number("area_tolerance_m2"))
    spec = AreaSpec(crs, method, tolerance, to_lonlat)
    read = PlanLayers(tuple(plans), tuple(tables), tuple(shapes), spec, harmonised, systems, tuple(findings))
    if villages is None:
        return read
    table, repaired = _usable(villages, progress)
    codes, nameless = _village_codes(table, villages.mapping(load_role_schemas()["villages"]))
    said_all = (*read.findings, *nameless, *repair_findings(table, repaired))
    return replace(read, findings=said_all, villages=repaired.geometry, codes=codes)


def _usable(source: Source, progress: Progress) -> Tuple[LayerTable, Repaired]:
    if not len(source.table):
        raise InputError("empty_layer", layer=source.table.name)
    require_fitting(source.table, zone_families())
    repaired = source.usable(progress)
    if not repaired.kept.any():
        raise InputError("empty_layer", layer=source.table.name)
    return source.table, repaired


_Seen = Tuple[str, Tuple[str, str, str], Geometries]
"""Plan, layer and field it was read from, polygons."""


def _refuse_twice(table: LayerTable, shapes: Geometries, mapping: Fields, role: str, seen: List[_Seen]) -> None:
    """One layer may hold two plans, but not in the same field; layers in memory may have one name."""
    key = (table.source, table.name, mapping.get("class_code", mapping.get("zone", "")))
    for first, before, others in seen:
        if before == key and len(shapes) == len(others) and bool(np.all(shapes == others)):
            raise InputError("plan_given_twice", layer=table.name, first=first, second=role)
    seen.append((role, key, shapes))


def _plan(
    role: str,
    table: LayerTable,
    mapping: Fields,
    chosen: Optional[ClassSystem],
    harmonised: Harmonised,
    profile: Profile,
) -> Tuple[Plan, str, List[Finding]]:
    year, findings = _years(table, mapping, profile)
    zones = None if role not in _ZONED or chosen is not None else _zones(table, mapping, harmonised.zones[role])
    if zones is not None:
        category = harmonised.of_zones(zones, role)
        plan = Plan(role, category, zones, year, harmonised.index(UNRESTRICTED))
        return plan, "", findings + _doubts(plan, table, harmonised)
    if role in _ZONED and "class_code" not in mapping:
        category = np.full(len(table), harmonised.index(_ZONED[role]), dtype=np.int64)
        plan = Plan(role, category, Factor.constant(None, len(table)), year, harmonised.index(UNRESTRICTED))
        values: Dict[str, Value] = {"layer": table.name, "count": len(table)}
        assumed = "plan_zone_forbidden" if role == ECOLOGICAL else "plan_zone_construction"
        return plan, "", [*findings, Finding(assumed, WARNING, table.name, values)]
    if "class_code" not in mapping:
        raise InputError("field_needed", layer=table.name, field="class_code", fields=", ".join(table.columns))
    codes = role_factor(table, mapping, "class_code")
    system, found = _system(role, table, mapping, codes, chosen, harmonised)
    plan = Plan(role, harmonised.of_codes(codes, system), codes, year, harmonised.index(NO_PLAN))
    return plan, system.name, [*found, *findings, *_doubts(plan, table, harmonised)]


def _system(
    role: str,
    table: LayerTable,
    mapping: Fields,
    codes: Factor,
    chosen: Optional[ClassSystem],
    harmonised: Harmonised,
) -> Tuple[ClassSystem, List[Finding]]:
    """The classification; two that fit alike may stand where they lead to the same categories."""
    try:
        return layer_system(table, mapping, chosen)
    except InputError as tie:
        if tie.message_id != "class_system_tie":
            raise
        first, second = (load_class_systems()[name] for name in str(tie.values["systems"]).split(", "))
    apart = _told_apart(codes, first, second, harmonised)
    differs = codes.where(lambda code: code in apart)
    if differs.any():
        named = dict.fromkeys(str(code) for code in codes.take(differs).levels)
        raise InputError(
            "plan_system_tie",
            layer=table.name,
            field=mapping["class_code"],
            systems=f"{first.name} ({first.id}), {second.name} ({second.id})",
            codes=", ".join(list(named)[:_TELLING_CODES]),
            parameter=f"{role.upper()}_SYSTEM",
        )
    values: Dict[str, Value] = {"layer": table.name, "systems": f"{first.name}, {second.name}"}
    return first, [Finding("plan_systems_alike", INFO, table.name, values)]


def _told_apart(codes: Factor, first: ClassSystem, second: ClassSystem, harmonised: Harmonised) -> Set[Optional[str]]:
    """Codes that two classifications bring to different categories."""
    distinct = Factor.of(np.array(codes.levels, dtype=np.object_))
    apart = harmonised.of_codes(distinct, first) != harmonised.of_codes(distinct, second)
    return set(distinct.values[apart].tolist())


def _zones(table: LayerTable, mapping: Fields, words: Mapping[str, str]) -> Optional[Factor]:
    """The zones of a layer: a field most of whose words are known ones, else None."""
    for name in ("class_code", "zone"):
        if role_column(table, mapping, name) is None:
            continue
        found = role_factor(table, mapping, name)
        known = found.where(lambda word: word is not None and word in words)
        if 2 * known.sum() > (~found.missing).sum():
            return found
    return None


def _years(table: LayerTable, mapping: Fields, profile: Profile) -> Tuple[NDArray[np.float64], List[Finding]]:
    """Planned years; what is no year of our time is not known, and said."""
    column = role_column(table, mapping, "year")
    if column is not None and column.kind is Kind.DATE:
        year = column.values.astype("datetime64[Y]").astype(np.float64) + 1970
        year[column.is_missing] = np.nan
    else:
        year = role_real(_plain_years(table, mapping), mapping, "year")
    year = np.where(year == 0, np.nan, year)  # numbers in shapefiles have no other way to be empty
    first, last = profile.number("plan_year_first"), profile.number("plan_year_last")
    absurd = ~np.isnan(year) & ((year < first) | (year > last) | (year != np.floor(year)))
    findings = []
    if absurd.any():
        values: Dict[str, Value] = {
            "layer": table.name,
            "features": first_features(table, absurd),
            "count": int(absurd.sum()),
            "field": mapping["year"],
            "value": f"{year[absurd][0]:g}",
            "first": int(first),
            "last": int(last),
        }
        findings.append(Finding("plan_year_absurd", WARNING, table.name, values))
    year = np.where(absurd, np.nan, year)
    silent = int(np.isnan(year).sum() - absurd.sum())
    if silent:
        findings.append(Finding("plan_year_missing", INFO, table.name, {"layer": table.name, "count": silent}))
    return year, findings


def _plain_years(table: LayerTable, mapping: Fields) -> LayerTable:
    """The layer with 2016年 and 2016年度 as 2016 in the field of the year."""
    column = role_column(table, mapping, "year")
    if column is None or column.kind is not Kind.TEXT:
        return table
    plain = [None if word is None else str(word).strip().rstrip("度").rstrip("年") for word in as_text(column)]
    return replace(table, columns={**table.columns, mapping["year"]: text(plain)})


def _doubts(plan: Plan, table: LayerTable, harmonised: Harmonised) -> List[Finding]:
    """Codes that lead to no one clear category, with the first of them."""
    doubtful = harmonised.doubtful()[plan.category]
    if not doubtful.any():
        return []
    codes = dict.fromkeys("NULL" if code is None else str(code) for code in plan.code.take(doubtful).levels)
    values: Dict[str, Value] = {
        "layer": table.name,
        "count": int(doubtful.sum()),
        "codes": ", ".join(list(codes)[:_NAMED_CODES]),
    }
    return [Finding("plan_codes_to_refine", WARNING, table.name, values)]


def _village_codes(table: LayerTable, mapping: Fields) -> Tuple[Tuple[Optional[str], ...], List[Finding]]:
    """Code of every village; land of one without counts for the township only, which is said."""
    if "unit_code" not in mapping:
        raise InputError("field_needed", layer=table.name, field="unit_code", fields=", ".join(table.columns))
    factor = role_factor(table, mapping, "unit_code")
    codes: Sequence[Optional[str]] = factor.values.tolist()
    findings = []
    if factor.missing.any():
        features, count = first_features(table, factor.missing), int(factor.missing.sum())
        values: Dict[str, Value] = {"layer": table.name, "features": features, "count": count}
        findings.append(Finding("plan_village_no_code", WARNING, table.name, {**values, "field": mapping["unit_code"]}))
    return tuple(None if code is None else code[:VILLAGE_DIGITS] for code in codes), findings
