"""What the page of layers knows of each layer, as plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.fieldguess import FoundField, LayerSample
from three_opt_three_protect.core.roles import RoleSchema
from three_opt_three_protect.core.tables import Column, Kind, as_factor, as_text

if TYPE_CHECKING:
    from three_opt_three_protect.core.crsguess import CrsGuess
    from three_opt_three_protect.desk.layers_job import Coding
    from three_opt_three_protect.storage.dbf import DbfEncoding

CHOSEN = "chosen"
"""How a field, a role or a year was found: the planner said so. The others are those of ``core.fieldguess``."""
FIELD, LAYER_NAME = "field", "layer_name"
"""How a year was found."""

_YEAR = re.compile(r"(?<!\d)(?:19[89]\d|20[0-4]\d)(?!\d)")
_SAMPLES, _FIRST = 3, 50
YEARS_APART = 1
"""Layers may differ by so many years (00-supplement M21)."""


@dataclass(frozen=True)
class YearOf:
    """The year the data of a layer stand for, and how that is known."""

    year: int
    how: str


@dataclass(frozen=True)
class Encoded:
    """How a shapefile's text is read, and how it should be; ``found`` None = it could not be told."""

    shown: str
    found: Optional[DbfEncoding] = None

    @property
    def right(self) -> bool:
        """The text is shown as it is meant."""
        return self.found is None or self.found.is_plain or self.found.encoding == self.shown


@dataclass(frozen=True)
class LayerState:
    """A layer of the project.

    Attributes
    ----------
    role
        The planner's choice or the guess, None = none.
    confidence
        Of the guess, 1 when the planner chose; 0 without a role.
    read
        Its rows have been looked at.
    error
        One line: why it could not be read.
    fields
        Role field → field of the layer and how it was found (``chosen``, ``name``, ``alias``, ``contents``).
    coding
        None = not known yet, or the layer has no land codes.
    crs
        Authority id (or name) of the CRS, ``""`` = none.
    system
        The classification that counts: the planner's or the one found.
    """

    layer_id: str
    name: str
    geometry: str
    role: Optional[str] = None
    chosen: bool = False
    confidence: float = 0.0
    read: bool = False
    error: str = ""
    schema: Optional[RoleSchema] = None
    fields: Mapping[str, FoundField] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    coding: Optional[Coding] = None
    system: Optional[str] = None
    system_chosen: bool = False
    crs: str = ""
    crs_guess: Optional[CrsGuess] = None
    encoded: Optional[Encoded] = None
    year: Optional[YearOf] = None

    @property
    def missing(self) -> Tuple[str, ...]:
        """Role fields that must be there and are not."""
        if self.schema is None or not self.read:
            return ()
        return tuple(each.id for each in self.schema.fields.values() if each.required and each.id not in self.fields)

    @property
    def is_coded(self) -> bool:
        """The layer has a field of land codes."""
        return "class_code" in self.fields


def examples(column: Column) -> Tuple[str, ...]:
    """The first different values of a field."""
    # The distinct texts are known already; numbers are mostly different, so the first rows tell enough.
    rows = column if column.kind is Kind.TEXT else column.take(np.flatnonzero(~column.is_missing)[:_FIRST])
    levels = as_factor(rows).levels if column.kind is Kind.TEXT else dict.fromkeys(as_text(rows))
    written = (str(level) for level in levels if level is not None)
    return tuple(value for value, _ in zip(written, range(_SAMPLES)))


def year_of(sample: Optional[LayerSample], fields: Mapping[str, FoundField], name: str) -> Optional[YearOf]:
    """The year a layer states in a field that is the same in all rows, else in its name; None = not stated."""
    found = fields.get("data_year")
    if sample is not None and found is not None and found.source in sample.columns:
        years = {value for value in as_text(sample.columns[found.source]) if value is not None}
        if len(years) == 1 and _YEAR.fullmatch(str(next(iter(years)))):
            return YearOf(int(str(next(iter(years)))), FIELD)
    written = _YEAR.findall(name)
    return YearOf(int(written[-1]), LAYER_NAME) if written else None


def far_years(states: Sequence[LayerState]) -> Mapping[str, int]:
    """Layer → the year of most others, for layers more than a year away from it (00-supplement M21)."""
    known = [state for state in states if state.year is not None and state.role is not None]
    years = [state.year.year for state in known if state.year is not None]
    if not years:
        return {}
    parcels = [state.year.year for state in known if state.role == "parcels" and state.year is not None]
    against = parcels[0] if parcels else int(np.median(years))
    return {
        state.layer_id: against
        for state in known
        if state.year is not None and abs(state.year.year - against) > YEARS_APART
    }
