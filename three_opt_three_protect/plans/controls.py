"""Villages with control areas, line and point features → what core holds the parcels' areas against."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

import numpy as np
import shapely

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.parcelareas import AreaControls
from three_opt_three_protect.core.secondsurvey import Layer
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.plans.inputs import CONTROL_FIELDS, SECOND_SURVEY_FIELDS, Fields, Source
from three_opt_three_protect.storage.catalogue import load_role_schemas

NET, GROSS = "net", "gross"
"""What ridges are taken of: what lines and points leave, or the parcel's whole area."""

_MESSAGES = {"lines": "lines_needed", "points": "points_needed"}
_DIMENSIONS = {"lines": 1, "points": 0}


@dataclass(frozen=True)
class ControlSources:
    """Layers and figures that bind the areas of parcels, all in the parcels' CRS; nothing by default.

    ``villages`` may be a table; ``tk_base`` is :data:`NET` or :data:`GROSS`.
    """

    villages: Optional[Source] = None
    township_m2: Optional[float] = None
    lines: Optional[Source] = None
    points: Optional[Source] = None
    tk_base: str = NET


def fields_wanted(villages: bool, features: bool) -> frozenset[str]:
    """Role fields of the parcels that are needed besides, found by their standard names.

    Parameters
    ----------
    villages, features
        Whether villages with control areas, and line or point features are given.
    """
    none: frozenset[str] = frozenset()
    return (CONTROL_FIELDS if villages else none) | (SECOND_SURVEY_FIELDS if features else none)


def area_controls(given: ControlSources, parcels: Fields) -> AreaControls:
    """The layers with their fields, as core takes them.

    Parameters
    ----------
    parcels
        Role field → field of the parcels.

    Raises
    ------
    InputError
        ``lines_needed``, ``points_needed``, ``empty_layer``.
    """
    villages = None
    if given.villages is not None:
        if not len(given.villages.table):
            raise InputError("empty_layer", layer=given.villages.table.name)
        villages = given.villages.table, given.villages.mapping(load_role_schemas()["villages"])
    return AreaControls(
        parcels,
        villages,
        given.township_m2,
        _features(given.lines, "lines"),
        _features(given.points, "points"),
        given.tk_base == GROSS,
    )


def _features(source: Optional[Source], role: str) -> Optional[Layer]:
    if source is None:
        return None
    table = source.table
    if table.geometry is None or (shapely.get_dimensions(table.geometry) > _DIMENSIONS[role]).any():
        raise InputError(_MESSAGES[role], layer=table.name)
    return _finite(table), source.mapping(load_role_schemas()[role])


def _finite(table: LayerTable) -> LayerTable:
    """A feature nowhere is still taken off the parcel it names: it only cannot be placed on a piece."""
    nowhere = ~np.isfinite(shapely.bounds(table.shapes)).all(axis=1)
    shapes = table.shapes.copy()
    shapes[nowhere] = None
    return replace(table, geometry=shapes)
