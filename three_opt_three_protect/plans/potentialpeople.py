"""Who lives on the land: the population table and the layer of natural villages brought together."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Optional

import numpy as np
import shapely

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.factor import Texts, is_none
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.core.potential.population import Population
from three_opt_three_protect.core.potential.populationtable import read_population
from three_opt_three_protect.core.roles import role_text
from three_opt_three_protect.core.tables import text
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.words import load_words

_SAYS = ("households", "population", "idle_rate", "class", "retained", "consent", "signed", "right_type")
"""A table with none of these is none of people."""

_NAMED = 3
"""Places that a message names."""


def people_of(base: BaseState, population: Optional[Source], settlements: Optional[Source]) -> Optional[Population]:
    """The population table, completed by what the layer of settlements says of classes and people.

    Raises
    ------
    InputError
        ``field_needed``: the table has no village code, or says nothing of people; those of
        :func:`~three_opt_three_protect.core.potential.populationtable.read_population`.
    """
    found = None
    if population is not None:
        mapping = population.mapping(load_role_schemas()["population"])
        for needed in (("unit_code",), _SAYS):
            if not set(needed) & set(mapping):
                fields = ", ".join(population.table.columns)
                raise InputError("field_needed", layer=population.table.name, field=needed[0], fields=fields)
        found = read_population(population.table, mapping, load_words()["yes_no"])
    if settlements is not None:
        read = _of_settlements(base, settlements)
        found = read if found is None else found.filled(read)
    return None if found is None else found.completed()


def _of_settlements(base: BaseState, settlements: Source) -> Population:
    """One that states no village belongs to the village it lies in."""
    mapping = settlements.mapping(load_role_schemas()["settlements"])
    stated = role_text(settlements.table, mapping, "unit_code")
    missing = np.flatnonzero(is_none(stated))
    stated[missing] = _units_under(base, settlements)[missing]
    name = mapping.get("unit_code", "unit_code")
    columns = {**settlements.table.columns, name: text(stated.tolist())}
    table = replace(settlements.table, columns=columns)
    return read_population(table, {**mapping, "unit_code": name}, load_words()["yes_no"])


def _units_under(base: BaseState, layer: Source) -> Texts:
    """Village code of the land in the middle of each polygon."""
    found = np.full(len(layer.table), None, dtype=np.object_)
    points = shapely.point_on_surface(layer.usable().geometry)
    row, piece = base.tree.query(points, predicate="intersects")
    found[row] = base.unit_code[piece]
    return found


def strangers(base: BaseState, people: Population, layer: str) -> List[Finding]:
    """Rows of people whose natural village or village has no land here: their names are spelled otherwise, or gone."""
    used = np.zeros(len(people) + 1, dtype=np.bool_)
    used[people.rows_of(base.unit_code, base.settlement)] = True
    units = set(base.unit.levels)
    of_unit = np.array([code is not None and code in units for code in people.unit_code], dtype=np.bool_)
    rows = np.flatnonzero(~(used[:-1] | of_unit & people.whole))
    if not len(rows):
        return []
    named = [" ".join(filter(None, (people.unit_code[row], people.settlement[row]))) or "–" for row in rows[:_NAMED]]
    features = ", ".join(named) + (" …" if len(rows) > len(named) else "")
    values: Dict[str, Value] = {"layer": layer, "count": len(rows), "features": features}
    return [Finding("population_unmatched", WARNING, layer, values)]
