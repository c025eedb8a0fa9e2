"""Data checks of one layer, for Toolbox, docks and command line.

``check_layer(layer, others, setting, …) -> LayerCheck`` gathers what the rules need (``build_case``) and runs them
(``run_case``); ``plans.findings`` makes tables of what they found.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.findings import INFO, Finding
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.measure import AreaMethod, ToLonLat
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import Case, RuleSpec, Subject
from three_opt_three_protect.core.quality.functions import FUNCTIONS
from three_opt_three_protect.core.quality.runner import Bar, Checked, RuleRun, rules_for, run_rules
from three_opt_three_protect.core.roles import guess_fields
from three_opt_three_protect.core.schema import StandardLayer
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.landsystem import system_of
from three_opt_three_protect.storage.catalogue import (
    load_class_systems,
    load_role_schemas,
    load_settlement_codes,
)
from three_opt_three_protect.storage.rulebook import load_rules
from three_opt_three_protect.storage.schemas import load_standards
from three_opt_three_protect.storage.words import load_words

PARENT_ROLES = ("villages", "township")
"""Layers others nest in: what a parent's fields may be called."""


Known = Dict[Tuple[int, str], Subject]
"""Table (by its ``id``) and role → what was found out about it; good for as long as the tables live."""


@dataclass(frozen=True)
class RoleLayer:
    """A layer in a role, its geometry as drawn.

    Attributes
    ----------
    fields
        The planner's choices, role field → field, ``""`` = none; the others go by their names.
    """

    table: LayerTable
    role: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """How a layer is checked.

    Attributes
    ----------
    period
        First and last year of the plan, :attr:`Profile.period`.
    system
        The classification of land codes, None = find out layer by layer.
    schema
        Id of the standard layer to hold the layer against, ``""`` = the one it follows most closely.
    method, to_lonlat
        How areas are measured.
    """

    period: Optional[Tuple[int, int]] = None
    system: Optional[ClassSystem] = None
    schema: str = ""
    method: AreaMethod = AreaMethod.STRIP
    to_lonlat: Optional[ToLonLat] = None


@dataclass(frozen=True)
class LayerCheck:
    """A checked layer: the case, what was found, and what to say of the reading (classification, standard)."""

    case: Case
    checked: Checked
    said: Tuple[Finding, ...]


def check_layer(
    layer: RoleLayer,
    others: Mapping[str, RoleLayer],
    setting: Setting,
    clock: Callable[[], float],
    wanted: Sequence[str] = (),
    tolerance: Optional[float] = None,
    parent: Optional[RoleLayer] = None,
    progress: Progress = SILENT,
) -> LayerCheck:
    """Check one layer against the others.

    Parameters
    ----------
    layer
        The layer.
    others
        Role → layer, see :attr:`Case.others`; all in the CRS of ``layer``.
    clock
        Seconds, for the record of the run.
    wanted
        Ids of rules; empty = all that can run.
    tolerance
        Takes the place of every rule's own, in the rule's own unit.
    parent
        The layer it nests in.

    Raises
    ------
    InputError
        ``no_such_rule``, ``no_such_standard``, ``no_such_field``.
    Cancelled
        The user asked to stop.
    """
    bar = Bar(progress)
    case, said = build_case(layer, others, setting, parent, bar.still())
    return LayerCheck(case, run_case(case, clock, wanted, tolerance, bar), said)


def build_case(
    layer: RoleLayer,
    others: Mapping[str, RoleLayer],
    setting: Setting,
    parent: Optional[RoleLayer] = None,
    progress: Progress = SILENT,
    known: Optional[Known] = None,
) -> Tuple[Case, Tuple[Finding, ...]]:
    """What the rules are given, and what to say of it; see :func:`check_layer`.

    Parameters
    ----------
    known
        What was found out about layers, kept by a caller who checks one after the other: a layer may be checked, be
        the parent of another and lie beside a third, and is looked into once.
    """
    said: List[Finding] = []
    held: Known = {} if known is None else known

    def subject(of: RoleLayer) -> Subject:
        key = (id(of.table), of.role)
        if key not in held:
            held[key], found = _subject(of, setting, progress)
            said.extend(found)
        return held[key]

    checked = subject(layer)
    if setting.schema:
        checked = replace(checked, schema=_standard(layer.role, setting.schema))
    standards = load_standards()
    found = () if setting.schema else (_standard_found(checked),)
    case = Case(
        checked,
        None if parent is None else subject(replace(parent, role=parent_role(parent.table))),
        {role: subject(other) for role, other in others.items()},
        load_class_systems(),
        load_settlement_codes(),
        standards.domains,
        setting.period,
        load_words(),
    )
    return case, (*said, *found)


def run_case(
    case: Case,
    clock: Callable[[], float],
    wanted: Sequence[str] = (),
    tolerance: Optional[float] = None,
    progress: Progress = SILENT,
) -> Checked:
    """Run the rules for the layer of a case; see :func:`check_layer`.

    A rule asked for by name that is not for layers of this role is in the record, with ``role`` as what it lacks.
    """
    book = load_rules()
    rules = rules_for(case.layer.role, book, wanted)
    checked = run_rules(case, [_with(rule, tolerance) for rule in rules], FUNCTIONS, clock, progress)
    foreign = [book[name] for name in wanted if book[name].roles and case.layer.role not in book[name].roles]
    return replace(checked, runs=(*checked.runs, *(RuleRun(rule, False, "role") for rule in foreign)))


def parent_role(table: LayerTable) -> str:
    """What a layer that others nest in is: villages or the township, by the names of its fields."""
    schemas = load_role_schemas()
    return max(PARENT_ROLES, key=lambda role: len(guess_fields(table, schemas[role])))


def fields_of(layer: RoleLayer) -> Mapping[str, str]:
    """Role field → field of a layer: by name, overruled by the planner's choices."""
    schema = load_role_schemas().get(layer.role)
    guessed = {} if schema is None else guess_fields(layer.table, schema)
    return {name: source for name, source in {**guessed, **layer.fields}.items() if source}


def _with(rule: RuleSpec, tolerance: Optional[float]) -> RuleSpec:
    """The rule with another tolerance, which then stands alone: no share of the area is allowed besides."""
    if tolerance is None or rule.tolerance is None:
        return rule
    options = {name: "0" if name == "share" else value for name, value in rule.options.items()}
    return replace(rule, tolerance=tolerance, options=options)


def _subject(layer: RoleLayer, setting: Setting, progress: Progress) -> Tuple[Subject, Tuple[Finding, ...]]:
    mapping = fields_of(layer)
    for name in filter(None, layer.fields.values()):
        layer.table.column(name)
    told: Tuple[Finding, ...] = ()
    system = setting.system if "class_code" in mapping else None
    if system is None:
        system, told = system_of(layer.table, mapping)
    standard = load_standards().best(list(layer.table.columns), layer.role)
    made = Subject(layer.table, layer.role, mapping, standard, system, setting.method, setting.to_lonlat, progress)
    return made, told


def _standard(role: str, wanted: str) -> StandardLayer:
    """The standard layer named."""
    standards = load_standards()
    if wanted not in standards.layers:
        known = [each.id for each in standards.of_role(role)] or list(standards.layers)
        raise InputError("no_such_standard", schema=wanted, known=", ".join(known))
    return standards.layers[wanted]


def _standard_found(checked: Subject) -> Finding:
    """Which standard the fields follow."""
    name, found = checked.table.name, checked.schema
    if found is None:
        return Finding("standard_unknown", INFO, name, {"layer": name})
    return Finding("standard_found", INFO, name, {"layer": name, "standard": found.id, "title": found.alias})
