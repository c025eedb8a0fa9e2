"""The population table (人口户数表), or what the layer of settlements says of people, as the planner wrote it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Mapping

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.deductions import in_percent
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Texts, crossed, is_none
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.potential.population import Population
from three_opt_three_protect.core.roles import role_column, role_factor, role_real
from three_opt_three_protect.core.tables import Kind, LayerTable, as_factor, first_features, text

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST = 1e9
"""More people than a village may have is a slip, and more than this does not add up as whole numbers."""


def read_population(
    table: LayerTable, mapping: Mapping[str, str], yes_no: Mapping[str, str] = MappingProxyType({})
) -> Population:
    """Take people out of the population table or, as far as it says anything of them, the layer of settlements.

    Parts of a natural village in a layer of polygons are one row: figures they repeat count once, others are added.

    Parameters
    ----------
    mapping
        Role field (``unit_code``, ``settlement``, ``households``, …) → source field.
    yes_no
        Words of ``retained`` → 1 or 0.

    Raises
    ------
    InputError
        ``population_twice``: two rows of a plain table are of the same place; ``share_out_of_range``,
        ``people_out_of_range``; ``no_such_field``, ``no_number``.
    """
    unit = role_factor(table, mapping, "unit_code").map(lambda code: None if code is None else code[:VILLAGE_DIGITS])
    name = role_factor(table, mapping, "settlement")
    group, first = crossed([(unit.code, len(unit.levels)), (name.code, len(name.levels))])
    if table.geometry is None and len(first) < len(table):
        again = np.setdiff1d(np.arange(len(table)), first)
        raise InputError("population_twice", layer=table.name, features=first_features(table, again))

    def said(role_field: str) -> Texts:
        return _first_said(role_factor(table, mapping, role_field).values, group, len(first))

    def counted(role_field: str) -> Floats:
        return _counted(_people(table, mapping, role_field), group, len(first))

    def share(role_field: str) -> Floats:
        return _largest(_share(table, mapping, role_field), group, len(first))

    return Population(
        unit.values[first],
        name.values[first],
        said("right_type"),
        said("class"),
        counted("households"),
        counted("population"),
        share("idle_rate"),
        share("consent"),
        counted("signed"),
        _largest(_told(table, mapping, "retained", yes_no), group, len(first)),
    )


def _share(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> Floats:
    """Shares, also where they are stated in percent."""
    stated = role_real(table, mapping, role_field)
    share = stated / 100 if in_percent(stated) else stated
    wrong = (share < 0) | (share > 1)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("share_out_of_range", layer=table.name, features=features, field=mapping[role_field])
    return share


def _people(table: LayerTable, mapping: Mapping[str, str], role_field: str) -> Floats:
    stated = role_real(table, mapping, role_field)
    wrong = (stated < 0) | (stated > _MOST)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("people_out_of_range", layer=table.name, features=features, field=mapping[role_field])
    return stated


def _told(table: LayerTable, mapping: Mapping[str, str], role_field: str, yes_no: Mapping[str, str]) -> Floats:
    """Yes and no, as words or numbers."""
    column = role_column(table, mapping, role_field)
    if column is None or column.kind is not Kind.TEXT:
        return role_real(table, mapping, role_field)
    words = as_factor(column).map(lambda word: None if word is None else yes_no.get(word.lower(), word))
    return role_real(replace(table, columns={mapping[role_field]: text(words.values.tolist())}), mapping, role_field)


def _first_said(values: Texts, group: Ints, count: int) -> Texts:
    out = np.full(count, None, dtype=np.object_)
    stated = np.flatnonzero(~is_none(values))[::-1]
    out[group[stated]] = values[stated]  # the last one written is the first row
    return out


def _largest(values: Floats, group: Ints, count: int) -> Floats:
    out = np.full(count, np.nan)
    np.fmax.at(out, group, values)
    return out


def _counted(values: Floats, group: Ints, count: int) -> Floats:
    """The sum of a group, or its one value where all are equal; NaN where none is known."""
    least, most = np.full(count, np.nan), _largest(values, group, count)
    np.fmin.at(least, group, values)
    total = np.bincount(group, np.nan_to_num(values), count)
    return np.where(np.isnan(most) | (least == most), most, total)
