"""Which layer plays which role, how sure that is, and which of its fields play which: the planner has the last word.

A layer is judged by its name, then by its fields, then by what stands in them, so that 图层1 with FIELD1 … FIELD9
is still known as land parcels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Dict, List, Mapping, Optional, Sequence

import numpy as np

from three_opt_three_protect.core.fieldcontents import Known, system_shares, unit_level
from three_opt_three_protect.core.fieldguess import CONTENTS, FoundField, LayerSample, find_fields
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.roles import RoleSchema
from three_opt_three_protect.core.tables import Column, as_factor

__all__ = ["Known", "LayerSample", "RoleGuess", "fields_of", "fits_geometry", "guess_all", "points"]

_SAME_NAME, _NAME_WITHIN, _BY_FIELDS, _BY_CONTENTS = 1000, 500, 100, 50
_OF_ITS_LEVEL = 10
"""For unit codes of the level the role is about: 行政区 is the villages of one survey and the townships of another."""
_FEWEST_FIELDS = 4
"""Fields of a role a layer must have to be taken for it without the name."""
_MOST = 0.9
"""Share of the rows that must be cultivated land for a layer to be permanent basic farmland."""
_SURE: Mapping[int, float] = {_SAME_NAME: 0.98, _NAME_WITHIN: 0.9, _BY_FIELDS: 0.75, _BY_CONTENTS: 0.55}
_SURER_BY_FIELD, _SUREST_BY_CONTENTS = 0.05, 0.75
_LESS_SURE = 0.1
"""Where a field the role cannot do without is known by its contents alone."""


@dataclass(frozen=True)
class RoleGuess:
    """What a layer seems to be.

    Attributes
    ----------
    layer
        Id of the sample.
    role
        None = none of the roles, or another layer fits its role better.
    confidence
        0–1; 0 without a role.
    fields
        Role field → field of the layer and how it was found.
    """

    layer: str
    role: Optional[str] = None
    confidence: float = 0.0
    fields: Mapping[str, FoundField] = field(default_factory=dict)

    @property
    def mapping(self) -> Mapping[str, str]:
        """Role field → field of the layer."""
        return {role_field: found.source for role_field, found in self.fields.items()}


@dataclass(frozen=True)
class _Candidate:
    points: int
    order: int
    guess: RoleGuess


def guess_all(
    layers: Sequence[LayerSample],
    schemas: Mapping[str, RoleSchema],
    known: Known,
    roles: Optional[Sequence[str]] = None,
) -> List[RoleGuess]:
    """A guess for every layer, in their order; a role goes to the layer that fits it best, and to no other.

    Parameters
    ----------
    schemas
        All roles. A layer that bears the exact name of one plays no other.
    roles
        The roles to give out, in order of preference; None = all.
    """
    given = list(schemas) if roles is None else list(roles)
    candidates = [
        candidate
        for layer in layers
        for order, role in enumerate(given)
        for candidate in [_candidate(layer, role, order, schemas, known)]
        if candidate is not None
    ]
    taken: Dict[str, RoleGuess] = {}
    for candidate in sorted(candidates, key=lambda each: (-each.points, each.order)):
        guess = candidate.guess
        if guess.layer not in taken and guess.role not in {other.role for other in taken.values()}:
            taken[guess.layer] = guess
    return [taken.get(layer.id, RoleGuess(layer.id)) for layer in layers]


def fields_of(layer: LayerSample, schema: RoleSchema, known: Known) -> Mapping[str, FoundField]:
    """The fields of a layer whose role the planner has chosen."""
    return find_fields(layer, schema, known)


def fits_geometry(geometry: str, schema: RoleSchema) -> bool:
    """A layer of this kind of geometry can play the role."""
    return schema.geometry in ("any", geometry) and (schema.geometry != "any" or geometry != "table")


def points(layer: LayerSample, schema: RoleSchema, known: Known) -> int:
    """How well a layer fits a role: the name first, then how many of the role's fields it has; 0 = not at all."""
    return _points(layer, schema, known, find_fields(layer, schema, known))


def _candidate(
    layer: LayerSample, role: str, order: int, schemas: Mapping[str, RoleSchema], known: Known
) -> Optional[_Candidate]:
    if not fits_geometry(layer.geometry, schemas[role]) or not _open_to(layer, role, schemas):
        return None
    fields = find_fields(layer, schemas[role], known)
    reached = _points(layer, schemas[role], known, fields)
    if not reached:
        return None
    sure = _confidence(reached, schemas[role], fields)
    return _Candidate(reached, order, RoleGuess(layer.id, role, sure, fields))


def _open_to(layer: LayerSample, role: str, schemas: Mapping[str, RoleSchema]) -> bool:
    """A layer that bears the exact name of a role plays no other, also where the caller has no use for that one."""
    name = _name_parts(layer.name)[-1]
    named = [each for each, schema in schemas.items() if name in (entry.upper() for entry in schema.layer_names)]
    return not named or role in named


def _points(layer: LayerSample, schema: RoleSchema, known: Known, fields: Mapping[str, FoundField]) -> int:
    needed = [each.id for each in schema.fields.values() if each.required]
    if any(role_field not in fields for role_field in needed):
        return 0
    written = sum(found.how != CONTENTS for found in fields.values())
    names, parts = [name.upper() for name in schema.layer_names], _name_parts(layer.name)
    level = _level_points(layer, schema, fields)
    if parts[-1] in names:
        # The first names of a role are the ones of the plan database and of the newest standard.
        return _SAME_NAME - names.index(parts[-1]) + written + level
    if any(_holds(part, name) for part in parts for name in names):
        return _NAME_WITHIN + written + level
    if needed and written >= _FEWEST_FIELDS:
        return _BY_FIELDS + written + level
    recognised = schema.role in _RECOGNISED and _RECOGNISED[schema.role](layer, fields, known)
    return _BY_CONTENTS + len(fields) if recognised else 0


def _confidence(reached: int, schema: RoleSchema, fields: Mapping[str, FoundField]) -> float:
    tier = next(tier for tier in sorted(_SURE, reverse=True) if reached > tier - _OF_ITS_LEVEL * 2)
    if tier == _BY_CONTENTS:
        return min(_SUREST_BY_CONTENTS, _SURE[tier] + _SURER_BY_FIELD * (len(fields) - 1))
    by_contents = any(each.required and fields[each.id].how == CONTENTS for each in schema.fields.values())
    return _SURE[tier] - _LESS_SURE * by_contents


def _level_points(layer: LayerSample, schema: RoleSchema, fields: Mapping[str, FoundField]) -> int:
    if schema.role not in ("villages", "township") or "unit_code" not in fields:
        return 0
    level = unit_level(layer.columns[fields["unit_code"].source])
    if level is None:
        return 0
    return _OF_ITS_LEVEL if level == schema.role.rstrip("s") else -_OF_ITS_LEVEL


def _name_parts(name: str) -> List[str]:
    """``"plan — parcels"`` (as QGIS names the layers of a file) → file and layer."""
    return [part.strip().upper() for part in name.replace(" – ", " — ").split(" — ")]


def _holds(part: str, name: str) -> bool:
    """``name`` stands in ``part`` as a whole word, or anywhere where it is Chinese."""
    if not name.isascii():
        return name in part
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in part).split()
    return name in words or any(word.rstrip("0123456789") == name for word in words)


# By contents alone

_Recogniser = Callable[[LayerSample, Mapping[str, FoundField], Known], bool]


def _coded(layer: LayerSample, fields: Mapping[str, FoundField], known: Known) -> Optional[ClassSystem]:
    """The classification most of a layer's codes belong to, the first where several do; None = no codes."""
    if "class_code" not in fields:
        return None
    shares = system_shares(layer.columns[fields["class_code"].source], known.systems)
    best = max(shares.values(), default=0.0)
    return next((system for system in known.systems if best > 0 and shares[system.id] == best), None)


def _cultivated(codes: Column, system: ClassSystem) -> float:
    classes = system.classify(as_factor(codes))
    return float(np.mean(classes.cultivated)) if len(codes) else 0.0


def _is_parcels(layer: LayerSample, fields: Mapping[str, FoundField], known: Known) -> bool:
    system = _coded(layer, fields, known)
    return system is not None and system.kind == "survey" and not _is_farmland(layer, fields, known)


def _is_farmland(layer: LayerSample, fields: Mapping[str, FoundField], known: Known) -> bool:
    """Land parcels nearly all of which are cultivated."""
    system = _coded(layer, fields, known)
    return system is not None and _cultivated(layer.columns[fields["class_code"].source], system) >= _MOST


def _is_plan(layer: LayerSample, fields: Mapping[str, FoundField], known: Known) -> bool:
    system = _coded(layer, fields, known)
    return system is not None and system.kind == "plan"


def _is_coded(layer: LayerSample, fields: Mapping[str, FoundField], known: Known) -> bool:
    return _coded(layer, fields, known) is not None


def _is_unit(level: str) -> _Recogniser:
    """Named units, each once, and nothing about land classes."""

    def recognise(layer: LayerSample, fields: Mapping[str, FoundField], known: Known) -> bool:
        if not {"unit_code", "unit_name"} <= fields.keys():
            return False
        codes = layer.columns[fields["unit_code"].source]
        alone = len(as_factor(codes).levels) == len(codes)
        return alone and unit_level(codes) == level

    return recognise


def _has(role_field: str) -> _Recogniser:
    return lambda layer, fields, known: role_field in fields


_RECOGNISED: Mapping[str, _Recogniser] = {
    "parcels": _is_parcels,
    "farmland": _is_farmland,
    "plan": _is_plan,
    "lines": _is_coded,
    "points": _is_coded,
    "villages": _is_unit("village"),
    "township": _is_unit("township"),
    "reclaim": _has("direction"),
    "newbuild": _has("use"),
    "redline": _has("level"),
}
