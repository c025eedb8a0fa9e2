"""Which layer plays which role: by its name, then by its fields; the planner has the last word."""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence, Tuple

from qgis.core import QgsVectorLayer, QgsWkbTypes

from three_opt_three_protect.core.roles import RoleSchema

SURVEY_ROLES: Tuple[str, ...] = (
    "parcels",
    "farmland",
    "boundary",
    "redline",
    "villages",
    "settlements",
    "approved_unbuilt",
)
"""Cut once; parcels first, the others are lines the parcels are cut along."""
PLOT_ROLES: Tuple[str, ...] = ("reclaim", "newbuild", "targets")
"""Read again after every edit."""
ROLES: Tuple[str, ...] = (
    "parcels",
    "reclaim",
    "newbuild",
    "farmland",
    "boundary",
    "redline",
    "villages",
    "settlements",
    "targets",
    "approved_unbuilt",
)
"""In the order of the screen."""
REQUIRED: Tuple[str, ...] = ("parcels",)

_NOT_OURS = ("PARCELS_NEXT",)
"""Layers of a plan database without a role of their own: the second survey year would pass for the first."""

_SAME_NAME, _NAME_WITHIN, _BY_FIELDS = 1000, 500, 100
_FEWEST_FIELDS = 4
"""Fields of a role a layer must have to be taken for it without the name."""


def guess_roles(layers: Sequence[QgsVectorLayer], schemas: Mapping[str, RoleSchema]) -> Dict[str, QgsVectorLayer]:
    """Role → layer, each layer in one role at most; the best match takes it."""
    scored = [
        (score(layer, schemas[role]), -order, role, layer)
        for order, role in enumerate(ROLES)
        for layer in layers
        if fits(layer, schemas[role]) and role in _open_to(layer, schemas)
    ]
    found: Dict[str, QgsVectorLayer] = {}
    for points, _, role, layer in sorted(scored, key=lambda entry: entry[:2], reverse=True):
        if points > 0 and role not in found and layer.id() not in {taken.id() for taken in found.values()}:
            found[role] = layer
    return found


def _open_to(layer: QgsVectorLayer, schemas: Mapping[str, RoleSchema]) -> Tuple[str, ...]:
    """A layer that bears the exact name of a role plays no other, also where the dock has no use for it."""
    name = _name_parts(layer.name())[-1]
    if name in _NOT_OURS:
        return ()
    named = tuple(role for role, schema in schemas.items() if name in [entry.upper() for entry in schema.layer_names])
    return named or ROLES


def fits(layer: QgsVectorLayer, schema: RoleSchema) -> bool:
    """The layer has the kind of geometry the role needs."""
    wanted = {
        "polygon": QgsWkbTypes.GeometryType.PolygonGeometry,
        "table": QgsWkbTypes.GeometryType.NullGeometry,
    }
    return bool(layer.isValid() and wanted.get(schema.geometry, layer.geometryType()) == layer.geometryType())


def score(layer: QgsVectorLayer, schema: RoleSchema) -> int:
    """How well a layer fits a role: the name first, then how many of the role's fields it has; 0 = not at all."""
    fields = {field.name().upper() for field in layer.fields()}
    known = [any(name.upper() in fields for name in field.names) for field in schema.fields.values()]
    needed = [field.required for field in schema.fields.values()]
    if any(must and not has for must, has in zip(needed, known)):
        return 0
    names = [name.upper() for name in schema.layer_names]
    parts = _name_parts(layer.name())
    if parts[-1] in names:
        # The first names of a role are the ones of the plan database and of the newest standard.
        return _SAME_NAME - names.index(parts[-1]) + sum(known)
    if any(_holds(part, name) for part in parts for name in names):
        return _NAME_WITHIN + sum(known)
    return _BY_FIELDS + sum(known) if any(needed) and sum(known) >= _FEWEST_FIELDS else 0


def _name_parts(name: str) -> List[str]:
    """``"plan — parcels"`` (as QGIS names the layers of a file) → file and layer."""
    return [part.strip().upper() for part in name.replace(" – ", " — ").split(" — ")]


def _holds(part: str, name: str) -> bool:
    """``name`` stands in ``part`` as a whole word, or at its start or end where it is Chinese."""
    if not name.isascii():
        return name in part
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in part).split()
    return name in words or any(word.rstrip("0123456789") == name for word in words)
