"""People of natural villages and villages (人口户数表): who lives there, and what they agreed to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import Dict, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.deductions import in_percent
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor, Texts, crossed, is_none
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.roles import role_factor, role_real
from three_opt_three_protect.core.tables import LayerTable, first_features

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NOWHERE = -1
"""The row of land whose people are not in the table."""


@dataclass(frozen=True)
class Population:
    """The population table, row by row, ``(m,)`` each; unknown is None or NaN.

    Attributes
    ----------
    unit_code
        Village code.
    settlement
        Natural village, None where a row is of the whole village.
    right_type
        Legal origin of the land (权源).
    settlement_class
        Class in the layout plan of villages (镇村布局规划).
    households, population
        Registered (户籍).
    idle_rate, consent
        Shares 0–1.
    signed
        Households that have signed.
    retained
        1 = to be kept, 0 = not.
    """

    unit_code: Texts
    settlement: Texts
    right_type: Texts
    settlement_class: Texts
    households: Floats
    population: Floats
    idle_rate: Floats
    consent: Floats
    signed: Floats
    retained: Floats

    def __len__(self) -> int:
        return len(self.unit_code)

    def rows_of(self, unit_code: Texts, settlement: Texts) -> Ints:
        """``(n,)`` the row of the natural village of each piece, else of its village, else :data:`NOWHERE`.

        A natural village that reaches into the land of another village is found there by its name, where only one
        has that name.
        """
        known: Dict[Tuple[Optional[str], Optional[str]], int] = {}
        for row, key in enumerate(zip(self.unit_code.tolist(), self.settlement.tolist())):
            known.setdefault(key, row)
        times = Counter(self.settlement.tolist())
        by_name = {name: row for (_, name), row in known.items() if name is not None and times[name] == 1}
        units, names = Factor.of(unit_code), Factor.of(settlement)
        pair, first = crossed([(units.code, len(units.levels)), (names.code, len(names.levels))])
        found = np.full(len(first), NOWHERE, dtype=np.int64)
        for number, row in enumerate(first.tolist()):
            unit, name = unit_code[row], settlement[row]
            found[number] = known.get((unit, name), by_name.get(name, known.get((unit, None), NOWHERE)))
        return found[pair]

    def filled(self, other: Population) -> Population:
        """What is unknown here as ``other`` has it, and the rows that only ``other`` has."""
        row = {key: place for place, key in enumerate(zip(self.unit_code.tolist(), self.settlement.tolist()))}
        keys = list(zip(other.unit_code.tolist(), other.settlement.tolist()))
        both = np.array([row.get(key, NOWHERE) for key in keys], dtype=np.int64)
        shared, new = both >= 0, both < 0
        columns = {}
        for column in (each.name for each in fields(self)):
            own, others = getattr(self, column).copy(), getattr(other, column)
            empty = is_none(own) if own.dtype == np.object_ else np.isnan(own)
            place = both[shared]
            own[place] = np.where(empty[place], others[shared], own[place])
            columns[column] = np.concatenate([own, others[new]])
        return Population(**columns)


def nobody() -> Population:
    """A table without rows."""
    text, number = np.empty(0, dtype=np.object_), np.empty(0)
    return Population(text, text, text, text, number, number, number, number, number, number)


def read_population(table: LayerTable, mapping: Mapping[str, str]) -> Population:
    """Take people out of the population table or, as far as it says anything of them, the layer of settlements.

    Parts of a natural village in a layer of polygons are one row: figures they repeat count once, others are added.

    Parameters
    ----------
    mapping
        Role field (``unit_code``, ``settlement``, ``households``, …) → source field.

    Raises
    ------
    InputError
        ``population_twice``: two rows of a plain table are of the same place; ``share_out_of_range``;
        ``no_such_field``, ``no_number``.
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
        return _counted(role_real(table, mapping, role_field), group, len(first))

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
        _largest(role_real(table, mapping, "retained"), group, len(first)),
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
