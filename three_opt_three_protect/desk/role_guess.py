"""Which layer of the project plays which role of the balance, as far as names and fields say."""

from __future__ import annotations

from functools import cache
from typing import Any, Dict, Iterable, Mapping, Sequence, Tuple

import numpy as np
from qgis.core import QgsVectorLayer, QgsWkbTypes

from three_opt_three_protect.bridge.compat import kind_of
from three_opt_three_protect.core.conversion import KINDS
from three_opt_three_protect.core.fieldguess import LayerSample
from three_opt_three_protect.core.roleguess import Known, fits_geometry, guess_all, points
from three_opt_three_protect.core.roles import RoleSchema
from three_opt_three_protect.core.tables import Column, Kind
from three_opt_three_protect.storage.catalogue import load_role_schemas

SURVEY_ROLES: Tuple[str, ...] = (
    "parcels",
    "farmland",
    "boundary",
    "redline",
    "villages",
    "settlements",
    *KINDS,
)
"""Cut once; parcels first, the others are lines the parcels are cut along."""
PLOT_ROLES: Tuple[str, ...] = ("reclaim", "newbuild", "targets", "other_changes")
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
    "other_changes",
    *KINDS,
)
"""In the order of the screen."""
REQUIRED: Tuple[str, ...] = ("parcels",)

NEXT_YEAR = "parcels_next"
"""The second survey year of a plan database: land parcels that must not pass for the first year's."""

_CANDIDATES = frozenset(("plot_id", "score", "grade"))
"""Fields the reclamation potential gives its candidates."""


def with_next_year(schemas: Mapping[str, RoleSchema]) -> Mapping[str, RoleSchema]:
    """The roles, and the land parcels of the next year among them."""
    parcels = schemas["parcels"]
    later = RoleSchema(NEXT_YEAR, parcels.alias, (NEXT_YEAR,), parcels.fields, parcels.geometry)
    return {**schemas, NEXT_YEAR: later}


@cache
def all_roles() -> Mapping[str, RoleSchema]:
    """Every role a layer can be given."""
    return with_next_year(load_role_schemas())


def guess_roles(
    layers: Sequence[QgsVectorLayer], schemas: Mapping[str, RoleSchema], roles: Sequence[str] = ROLES
) -> Dict[str, QgsVectorLayer]:
    """Role of ``roles`` → layer, each layer in one role at most; the best match takes it."""
    usable = {layer.id(): layer for layer in layers if layer.isValid()}
    samples = [unread(layer) for layer in usable.values()]
    guesses = guess_all(samples, with_next_year(schemas), Known(), roles)
    return {guess.role: usable[guess.layer] for guess in guesses if guess.role is not None}


def are_candidates(fields: Iterable[str]) -> bool:
    """Whether a layer with these fields holds plots to choose from: they have a score and no year yet."""
    names = frozenset(fields)
    return names >= _CANDIDATES and "phase" not in names


def score(layer: QgsVectorLayer, schema: RoleSchema) -> int:
    """How well a layer fits a role by name and fields; 0 = not at all."""
    sample = unread(layer)
    return points(sample, schema, Known()) if layer.isValid() and fits_geometry(sample.geometry, schema) else 0


def unread(layer: QgsVectorLayer) -> LayerSample:
    """What is known of a layer without reading a row."""
    columns = {field.name(): _empty(kind_of(field), field.alias()) for field in layer.fields()}
    return LayerSample(layer.id(), layer.name(), geometry_of(layer), columns)


def geometry_of(layer: QgsVectorLayer) -> str:
    """``polygon``, ``line``, ``point`` or ``table``."""
    kinds = {
        QgsWkbTypes.GeometryType.PolygonGeometry: "polygon",
        QgsWkbTypes.GeometryType.LineGeometry: "line",
        QgsWkbTypes.GeometryType.PointGeometry: "point",
    }
    return kinds.get(layer.geometryType(), "table")


_DTYPES: Mapping[Kind, Any] = {
    Kind.TEXT: np.object_,
    Kind.INT: np.int64,
    Kind.REAL: np.float64,
    Kind.DATE: "datetime64[D]",
    Kind.BOOL: np.bool_,
}


def _empty(kind: Kind, alias: str) -> Column:
    return Column(np.empty(0, dtype=_DTYPES[kind]), kind, alias=alias)
