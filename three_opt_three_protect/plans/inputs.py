"""Layers by role → what core takes: the one way in for Toolbox, docks and command line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import Areas, BaseState, Lines, base_state
from three_opt_three_protect.core.conversion import CONSTRUCTION, KINDS, Statement
from three_opt_three_protect.core.crsguess import no_crs
from three_opt_three_protect.core.deductions import in_percent
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.extent import require_fitting, require_polygons
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.findings import INFO, WARNING, Finding, repair_findings
from three_opt_three_protect.core.landuse import ClassSystem, require_one_system
from three_opt_three_protect.core.measure import M2_PER_UNIT, AreaMethod, Tolerance, ToLonLat
from three_opt_three_protect.core.overlay import Coverage, overlaps
from three_opt_three_protect.core.parcelareas import NO_CONTROLS, AreaControls
from three_opt_three_protect.core.parcels import UNLIKE, VILLAGE_DIGITS, Parcels, read_parcels
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import Repaired, repair_polygons
from three_opt_three_protect.core.roles import (
    RoleSchema,
    guess_fields,
    guess_names,
    refuse_words,
    role_column,
    role_factor,
    role_real,
    role_text,
)
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import Kind, LayerTable, as_text, first_features
from three_opt_three_protect.plans.landsystem import detected
from three_opt_three_protect.plans.profilecodes import profile_in
from three_opt_three_protect.storage.catalogue import load_class_systems, load_detection_limits, load_role_schemas
from three_opt_three_protect.storage.crs import zone_families
from three_opt_three_protect.storage.words import load_words

if TYPE_CHECKING:
    from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots
    from three_opt_three_protect.core.targets import Target

Fields = Mapping[str, str]
"""Role field → source field."""

GUESSED = frozenset({"class_code", "class_name", "unit_code", "grade"})
"""Fields of parcels that are always found by their standard names; others change areas and are asked for."""

CONTROL_FIELDS = frozenset({"island"})
"""Fields of parcels looked for by name where villages have control areas."""

POTENTIAL_FIELDS = frozenset({"settlement_code"})
"""Fields of parcels looked for by name where village land is to be told."""

PRINT_FIELDS = frozenset({"data_year", "unit_name"})
"""Fields of parcels looked for by name where tables are printed: 数据时点 and names of villages."""

SECOND_SURVEY_FIELDS = frozenset({"parcel_no", "owner_code", "line_area", "point_area"})
"""Fields of parcels looked for by name where line or point features are given."""

_PARCEL_FIELDS = frozenset({"parcel_id", "class_code", "class_name", "unit_code", "area", "deduct_rate", "grade"})
_UNITS_BESIDE = frozenset({"unit_code_left", "unit_code_right", "parcel_no_left", "parcel_no_right"})

SURVEY_FIELDS: Mapping[str, frozenset[str]] = {
    "parcels": _PARCEL_FIELDS | CONTROL_FIELDS | SECOND_SURVEY_FIELDS | POTENTIAL_FIELDS,
    "redline": frozenset({"level"}),
    "villages": frozenset({"unit_code", "unit_name", "control_area", "island"}),
    "settlements": frozenset({"settlement", "unit_code", "class", "households", "population", "retained"}),
    **dict.fromkeys(KINDS, frozenset({"class_code", "class_before"})),
    "lines": frozenset({"area", "length", "width", "deduct_share"}) | _UNITS_BESIDE,
    "points": frozenset({"area", "parcel_no", "unit_code"}),
}
"""Role → the role fields :func:`survey_inputs` and ``plans.controls`` look at."""

STRICTEST_LEVEL = 1
"""Redline without a stated control level is judged by the strictest one."""


@dataclass(frozen=True)
class Source:
    """A layer in a role.

    ``fields`` are the planner's choices; what is left out is guessed from the field names, but only
    for the role fields in ``guess`` (None = for all).  ``repaired`` is the layer's geometry where it has
    been repaired already.
    """

    table: LayerTable
    fields: Fields = field(default_factory=dict)
    guess: Optional[frozenset[str]] = None
    repaired: Optional[Repaired] = None

    def usable(self, progress: Progress = SILENT) -> Repaired:
        """The polygons of the layer, repaired once; ``polygons_needed`` where there are only lines or points."""
        require_polygons(self.table)
        return self.repaired or repair_polygons(self.table.shapes, progress)

    def mapping(self, schema: RoleSchema) -> Fields:
        """The fields known by name, overruled by the planner's choices."""
        return _mapping(guess_fields(self.table, schema), self.fields, self.guess)


def survey_fields(names: Sequence[str], role: str, chosen: Fields, guess: Optional[frozenset[str]] = None) -> List[str]:
    """Of the fields called ``names`` those that :func:`survey_inputs` needs of a layer in ``role``.

    Parameters
    ----------
    chosen, guess
        As in :class:`Source`.
    """
    found = _mapping(guess_names(names, load_role_schemas()[role]), chosen, guess)
    # What tables print of parcels is read only where it was asked for by name.
    needed = SURVEY_FIELDS.get(role, frozenset()) | (PRINT_FIELDS & (guess or frozenset()))
    return list(dict.fromkeys(source for name, source in found.items() if name in needed))


def _mapping(found: Fields, chosen: Fields, guess: Optional[frozenset[str]]) -> Fields:
    allowed = {name: source for name, source in found.items() if guess is None or name in guess}
    return {**allowed, **chosen}


_ZEROS = (2, 3, 4, 6)
"""Lengths that codes of the classifications have."""


@dataclass(frozen=True)
class SurveyInputs:
    """Parcels and lines, ready to be cut.

    ``profile`` has its land codes in ``system``; ``parcel_overlap_m2`` is the area pairs of parcels share;
    ``coverage`` has the parcels' edges for whoever cuts them, and is large: let it go after that.
    """

    parcels: Parcels
    lines: Lines
    spec: AreaSpec
    system: ClassSystem
    profile: Profile
    mapping: Fields
    repairs: Tuple[Tuple[LayerTable, Repaired], ...]
    findings: Tuple[Finding, ...]
    parcel_overlap_m2: float = 0.0
    coverage: Optional[Coverage] = None

    def cut(self, snap: float, progress: Progress = SILENT, controls: AreaControls = NO_CONTROLS) -> BaseState:
        """The base state a plan is held against: cultivated land without a grade has that of the land around it."""
        return base_state(
            self.parcels,
            self.lines,
            self.spec,
            snap,
            progress,
            self.coverage,
            controls,
            self.profile.number("infer_grade_radius_m"),
        )

    @property
    def repaired(self) -> int:
        """Features made valid in all layers."""
        return sum(repaired.repaired for _, repaired in self.repairs)

    @property
    def dropped(self) -> int:
        """Features left out in all layers."""
        return sum(repaired.dropped for _, repaired in self.repairs)


def survey_inputs(
    parcels: Source,
    lines: Mapping[str, Source],
    others: Sequence[Union[LayerTable, Source]],
    profile: Profile,
    method: AreaMethod = AreaMethod.STRIP,
    system: Optional[ClassSystem] = None,
    to_lonlat: Optional[ToLonLat] = None,
    progress: Progress = SILENT,
) -> SurveyInputs:
    """Read parcels and lines.

    Parameters
    ----------
    parcels
        In their own CRS; every other layer must have been brought to it.
    lines
        Role (farmland, boundary, redline, villages, settlements, the kinds of base conversion) → layer.
    others
        Further zone layers.
    system
        The classification, None = find out.

    Raises
    ------
    InputError, CrsError
        What is wrong with which layer, and what to do.
    """
    schemas = load_role_schemas()
    if parcels.table.crs is None:
        raise no_crs(parcels.table, zone_families())
    require_fitting(parcels.table, zone_families())
    require_polygons(parcels.table)
    mapping = parcels.mapping(schemas["parcels"])
    system, findings = layer_system(parcels.table, mapping, system)
    read = read_parcels(parcels.table, mapping, system, progress, parcels.repaired)
    repairs: List[Tuple[LayerTable, Repaired]] = [(parcels.table, read.repaired)]
    areas = {}
    for role, source in lines.items():
        areas[role], repaired, found = _areas(role, source, schemas[role], progress)
        if role in KINDS:
            areas[role] = _stated(areas[role], role, source, schemas[role], system, profile)
        repairs.append((source.table, repaired))
        findings += found
    further = [(other.table, other.usable(progress)) for other in map(_source, others)]
    repairs += further
    coverage = Coverage(read.repaired.geometry, progress)
    overlap, doubled = _parcel_overlap(read, coverage, progress)
    tolerance = Tolerance(profile.number("area_tolerance_share"), profile.number("area_tolerance_m2"))
    return SurveyInputs(
        read,
        Lines(others=tuple(Areas(found.geometry, np.arange(len(table))) for table, found in further), **areas),
        AreaSpec(parcels.table.crs, method, tolerance, to_lonlat),
        system,
        profile_in(profile, system, load_class_systems()),
        mapping,
        tuple(repairs),
        (
            *findings,
            *_unknown_codes(read, mapping),
            *doubled,
            *_unlike_areas(read, mapping),
            *_percent_rates(parcels.table, mapping),
            *(found for one in repairs for found in repair_findings(*one)),
        ),
        overlap,
        coverage,
    )


def _source(given: Union[LayerTable, Source]) -> Source:
    return given if isinstance(given, Source) else Source(given)


def _parcel_overlap(parcels: Parcels, coverage: Coverage, progress: Progress) -> Tuple[float, Tuple[Finding, ...]]:
    """Area in m² that parcels share: that land counts for each of them in every account."""
    table = parcels.table
    found = overlaps(coverage, progress)
    area = found.area * (table.crs.metres_per_unit**2 if table.crs is not None else 1.0)
    if round(area, 2) <= 0:
        return area, ()
    values: Dict[str, Value] = {
        "layer": table.name,
        "area": round(area, 2),
        "features": first_features(table, found.rows),
    }
    return area, (Finding("parcels_overlap", WARNING, table.name, values),)


def _unlike_areas(parcels: Parcels, mapping: Fields) -> Tuple[Finding, ...]:
    """Recorded areas in another unit: seen on the plane, which is near enough for that."""
    table = parcels.table
    if table.crs is None or table.crs.is_geographic or "area" not in mapping:
        return ()
    own = shapely.area(parcels.repaired.geometry) * table.crs.metres_per_unit**2
    unlike = (parcels.recorded_m2 > own * UNLIKE) | (parcels.recorded_m2 < own / UNLIKE)
    if not unlike.any():
        return ()
    values: Dict[str, Value] = {
        "layer": table.name,
        "field": mapping["area"],
        "count": int(unlike.sum()),
        "features": first_features(table, unlike),
    }
    return (Finding("recorded_area_unlike", WARNING, table.name, values),)


def _percent_rates(table: LayerTable, mapping: Fields) -> Tuple[Finding, ...]:
    if "deduct_rate" not in mapping or not in_percent(np.nan_to_num(role_real(table, mapping, "deduct_rate"))):
        return ()
    values: Dict[str, Value] = {"layer": table.name, "field": mapping["deduct_rate"]}
    return (Finding("deduct_rate_percent", INFO, table.name, values),)


def layer_system(
    table: LayerTable, mapping: Fields, chosen: Optional[ClassSystem]
) -> Tuple[ClassSystem, List[Finding]]:
    """The classification chosen, else the one detected, said in a finding (00-supplement 1.1).

    Raises
    ------
    InputError
        ``class_system_tie``, ``two_code_systems``, ``class_system_unknown``, ``codes_without_zeros``.
    """
    if chosen is not None:
        return chosen, []
    systems = load_class_systems()
    code_column = role_column(table, mapping, "class_code")
    codes = role_factor(table, mapping, "class_code")
    if codes.missing.all():
        return next(iter(systems.values())), []
    if code_column is not None and code_column.kind is not Kind.TEXT:
        _refuse_lost_zeros(table.name, mapping["class_code"], codes, systems)
    found = detected(table, mapping, codes)
    field_name = mapping["class_code"]
    if found.tied:
        raise InputError("class_system_tie", layer=table.name, field=field_name, systems=found.tied)
    # Where no system fits alone, two that fit together are a mixture; else the codes are simply unknown.
    if found.sure or found.mixture:
        limits = load_detection_limits()
        require_one_system(found.mixed, found.best, systems, table.fid, table.name, field_name, limits)
    if not found.sure:
        raise InputError("class_system_unknown", layer=table.name, field=field_name, codes=_sample(codes.values))
    return found.best, [found.finding(table.name)]


def _refuse_lost_zeros(layer: str, field: str, codes: Factor, systems: Mapping[str, ClassSystem]) -> None:
    """A number field turns 0101 into 101, which other classifications give another meaning."""
    known = {code for system in systems.values() for code in system.classes}
    for code in (str(level) for level in codes.levels if level is not None):
        for full in (code.zfill(digits) for digits in _ZEROS if digits > len(code)):
            if full in known:
                raise InputError("codes_without_zeros", layer=layer, field=field, code=code, full=full)


def _sample(codes: NDArray[np.object_]) -> str:
    distinct = list(dict.fromkeys(str(code) for code in codes if code is not None))
    return ", ".join(distinct[:5])


def _unknown_codes(parcels: Parcels, mapping: Fields) -> Tuple[Finding, ...]:
    unknown = parcels.repaired.kept & ~parcels.classes.known
    if not unknown.any() or not parcels.coded:
        return ()
    values: Dict[str, Value] = {
        "layer": parcels.table.name,
        "features": first_features(parcels.table, unknown),
        "field": mapping["class_code"],
        "count": int(unknown.sum()),
        "codes": _sample(parcels.class_code[unknown]),
    }
    return (Finding("unknown_codes", WARNING, parcels.table.name, values),)


def _areas(role: str, source: Source, schema: RoleSchema, progress: Progress) -> Tuple[Areas, Repaired, List[Finding]]:
    table = source.table
    if not len(table) and role in ("villages", "settlements"):
        raise InputError("empty_layer", layer=table.name)
    repaired = source.usable(progress)
    mapping = source.mapping(schema)
    if role == "redline":
        key, findings = _redline_levels(table, mapping)
        return Areas(repaired.geometry, key), repaired, findings
    if role in ("villages", "settlements"):
        names = _unit_names(table, mapping, "unit_code" if role == "villages" else "settlement")
        return Areas(repaired.geometry, np.arange(len(table), dtype=np.int64), names), repaired, []
    return Areas(repaired.geometry), repaired, []


def line_areas(role: str, source: Source, progress: Progress = SILENT) -> Tuple[Areas, Tuple[Finding, ...]]:
    """One layer of lines or villages by itself, as :func:`survey_inputs` takes it: polygons with level or unit.

    Raises
    ------
    InputError
        ``empty_layer``, ``field_needed``, ``unknown_word``.
    """
    areas, _, findings = _areas(role, source, load_role_schemas()[role], progress)
    return areas, tuple(findings)


def _stated(
    areas: Areas, role: str, source: Source, schema: RoleSchema, system: ClassSystem, profile: Profile
) -> Areas:
    """What a layer of base conversions says of each of its polygons (profile: ``base_conversion``)."""
    effect = profile.word_of("base_conversion")[role]
    code = role_factor(source.table, source.mapping(schema), "class_code" if effect == CONSTRUCTION else "class_before")
    rows = np.arange(len(source.table), dtype=np.int64)
    return replace(areas, key=rows, statement=Statement(effect, code, system.classify(code), source.table))


def _unit_names(table: LayerTable, mapping: Fields, role_field: str) -> Tuple[str, ...]:
    column = role_column(table, mapping, role_field)
    if column is None:
        raise InputError("field_needed", layer=table.name, field=role_field, fields=", ".join(table.columns))
    names = as_text(column)
    if role_field == "unit_code":
        return tuple("" if name is None else name[:VILLAGE_DIGITS] for name in names)
    return tuple(str(fid) if name is None else name for name, fid in zip(names, table.fid))


def _redline_levels(table: LayerTable, mapping: Fields) -> Tuple[NDArray[np.int64], List[Finding]]:
    """Control level of every polygon; the strictest where none is stated (00-supplement 1.9)."""
    key = np.full(len(table), STRICTEST_LEVEL, dtype=np.int64)
    column = role_column(table, mapping, "level")
    words = load_words()["redline_level"]
    stated = [None] * len(table) if column is None else list(as_text(column))
    unknown = np.array([word is not None and word not in words for word in stated], dtype=bool)
    refuse_words(table, mapping.get("level", "level"), np.array(stated, dtype=np.object_), unknown, words)
    for row, word in enumerate(stated):
        if word is not None:
            key[row] = int(words[word])
    silent = np.array([word is None for word in stated], dtype=bool)
    if not silent.any():
        return key, []
    values: Dict[str, Value] = {
        "layer": table.name,
        "features": first_features(table, silent),
        "count": int(silent.sum()),
    }
    return key, [Finding("redline_level_assumed", WARNING, table.name, values)]


@dataclass(frozen=True)
class PlotInputs:
    """Reclaim and new-build plots and the assigned figures."""

    reclaim: ReclaimPlots
    newbuild: NewBuildPlots
    targets: Tuple[Target, ...]


def plot_inputs(
    reclaim: Optional[Source],
    newbuild: Optional[Source],
    targets: Optional[Source],
    progress: Progress = SILENT,
) -> PlotInputs:
    """Read the plots of a plan; a layer left out is a plan without such plots."""
    from three_opt_three_protect.core.scenario import read_newbuild, read_reclaim

    schemas, words = load_role_schemas(), load_words()
    out = reclaim or Source(_no_plots("reclaim"), {})
    new = newbuild or Source(_no_plots("newbuild"), {})
    return PlotInputs(
        read_reclaim(out.table, out.mapping(schemas["reclaim"]), words["direction"], progress),
        read_newbuild(new.table, new.mapping(schemas["newbuild"]), words["use"], words["quota_src"], progress),
        () if targets is None else stated_targets(targets),
    )


def _no_plots(name: str) -> LayerTable:
    return LayerTable(name, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.object_))


def stated_targets(source: Source, own_codes: bool = False) -> Tuple[Target, ...]:
    """The assigned figures of a table; ``own_codes`` keeps the codes of townships, else they mean the whole.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_word``, ``target_unit_missing``, ``no_number``.
    """
    from three_opt_three_protect.core.targets import Target

    table, mapping = source.table, source.mapping(load_role_schemas()["targets"])
    for name in ("indicator", "value"):
        if name not in mapping:
            raise InputError("field_needed", layer=table.name, field=name, fields=", ".join(table.columns))
    code, indicator, unit = (role_text(table, mapping, name) for name in ("unit_code", "indicator", "unit"))
    indicator[:] = indicator_tokens(table, mapping, indicator)
    year = role_real(table, mapping, "year")
    value = role_real(table, mapping, "value") * stated_factors(table, mapping, indicator, unit)
    units = [(one or "")[:VILLAGE_DIGITS] if own_codes else township_code(one) for one in code]
    return tuple(
        Target(units[row], str(indicator[row]), float(value[row]), str(unit[row] or ""), _year(year[row]))
        for row in range(len(table))
        if indicator[row] is not None and not np.isnan(value[row])
    )


def indicator_tokens(table: LayerTable, mapping: Fields, stated: NDArray[np.object_]) -> List[Optional[str]]:
    """Names of indicators as tokens; a Chinese name that is not known is refused, not passed over."""
    spelled = load_words()["indicator"]
    unknown = np.array(
        [name is not None and name not in spelled and not name.isascii() for name in stated], dtype=np.bool_
    )
    refuse_words(
        table, mapping.get("indicator", "indicator"), stated, unknown, (word for word in spelled if not word.isascii())
    )
    return [None if name is None else spelled.get(name, name) for name in stated]


_MONEY = "_yuan"
_YUAN_PER_UNIT = {"yuan": 1.0, "10k_yuan": 1e4, "100m_yuan": 1e8}


def stated_factors(
    table: LayerTable, mapping: Fields, indicator: NDArray[np.object_], unit: NDArray[np.object_]
) -> NDArray[np.float64]:
    """What brings each figure to m² or yuan, by the end of the indicator's name; without a unit it is in that."""
    factor = np.ones(len(table))
    kinds = (("_m2", "m2", "area_unit", M2_PER_UNIT), (_MONEY, "yuan", "money_unit", _YUAN_PER_UNIT))
    for ending, token, field_words, per_unit in kinds:
        meant = np.array([name is not None and name.endswith(ending) for name in indicator], dtype=bool)
        words = load_words()[field_words]
        stated = _stated_units(table, mapping, meant, unit, words)
        factor[stated] = [per_unit[words[word]] for word in unit[stated]]
        unit[stated] = token
    return factor


def _stated_units(
    table: LayerTable,
    mapping: Fields,
    meant: NDArray[np.bool_],
    unit: NDArray[np.object_],
    words: Mapping[str, str],
) -> NDArray[np.bool_]:
    """Which of the figures ``meant`` state a unit; all must where the table has units, and a known one."""
    silent = meant & np.array([word is None for word in unit], dtype=bool)
    if "unit" in mapping and silent.any():
        # 1605 hectares taken for square metres would pass every rule.
        features = first_features(table, silent)
        raise InputError("target_unit_missing", layer=table.name, features=features, field=mapping["unit"])
    stated = meant & ~silent
    unknown = stated & np.array([word not in words for word in unit], dtype=bool)
    refuse_words(table, mapping.get("unit", "unit"), unit, unknown, words)
    return np.asarray(stated)


def _year(year: float) -> Optional[int]:
    return None if np.isnan(year) else int(year)


def township_code(code: Optional[str]) -> str:
    """A township's own code (9 digits) and no code both mean the township."""
    return code[:VILLAGE_DIGITS] if code is not None and len(code) >= VILLAGE_DIGITS else ""
