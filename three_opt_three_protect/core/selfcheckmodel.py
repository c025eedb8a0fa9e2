"""What a self-check is made of: two years, a plan, what lies around, how it is judged, and the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import Areas
from three_opt_three_protect.core.factor import Factor, Texts
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.parcels import Parcels
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.selfcheckclasses import Meanings
from three_opt_three_protect.core.selfcheckrules import FACTS, StatusRule
from three_opt_three_protect.core.tables import Geometries
from three_opt_three_protect.core.timeline import StartUp

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

NEVER = np.datetime64("NaT")


@dataclass(frozen=True)
class Year:
    """One survey year.

    Attributes
    ----------
    system
        Its classification.
    settlement
        城镇村属性码 (CZCSXM) of every parcel, None where there is none.
    owner
        Who owns every parcel (权属), None where it is not stated.
    """

    parcels: Parcels
    system: ClassSystem
    settlement: Factor
    owner: Factor


@dataclass(frozen=True)
class Plan:
    """What was planned: plots, and the day each reclaim plot was accepted (``(m,)``, NaT = not)."""

    reclaim: ReclaimPlots
    newbuild: NewBuildPlots
    accepted: Days


@dataclass(frozen=True)
class Around:
    """What else parts are told apart by; None = not given. Keys of ``redline`` are control levels, of others rows."""

    farmland: Optional[Areas] = None
    boundary: Optional[Areas] = None
    redline: Optional[Areas] = None
    approved: Optional[Areas] = None
    temporary: Optional[Areas] = None
    bulldozed: Optional[Areas] = None
    suspects: Optional[Areas] = None


@dataclass(frozen=True)
class Judgement:
    """How facts are judged: the decision table, what classes mean, the profile, and the days of data and check.

    Attributes
    ----------
    before_day, after_day
        Day of each year's data, datetime64[D]; NaT where it is not known.
    as_of
        Day of the check, NaT where it is not known.
    lent
        Start-up quota (00-supplement 1.7 b).
    """

    rules: Tuple[StatusRule, ...]
    meanings: Meanings
    profile: Profile
    before_day: np.datetime64 = NEVER
    as_of: np.datetime64 = NEVER
    after_day: np.datetime64 = NEVER
    lent: Tuple[StartUp, ...] = ()

    @property
    def seen_on(self) -> np.datetime64:
        """The day whose state the later year shows: what was accepted or approved after it, it cannot show."""
        return self.after_day if np.isnat(self.as_of) or self.after_day < self.as_of else self.as_of


@dataclass(frozen=True)
class Checked:
    """Every part of both years, ``(n,)`` each; areas int64 hundredths of a m².

    Attributes
    ----------
    before, after
        Row of the parcel of each year, −1 where that year has none.
    reclaim, newbuild
        Row of the plot, −1 outside.
    suspects
        Rows of the suspect polygons, −1 outside: ``(n,)`` for each sheet of suspects that do not overlap.
    boundary
        In the urban development boundary.
    area
        Sums up to the earlier parcels; what only the later year has comes on top.
    net_before, net_after
        Net cultivated land of either year; 0 where a difference is the survey's only.
    unit, unit_old
        Village code now, and in the earlier year.
    facts
        Fact → index into :data:`FACTS`.
    rule
        Row of the decision table.
    overlaps
        Area in m² that a layer claims more than once, by role.
    """

    years: Tuple[Year, Year]
    plan: Plan
    around: Around
    judged: Judgement
    geometry: Geometries
    before: Ints
    after: Ints
    reclaim: Ints
    newbuild: Ints
    suspects: Tuple[Ints, ...]
    boundary: Bools
    area: Ints
    net_before: Ints
    net_after: Ints
    unit: Factor
    unit_old: Factor
    facts: Mapping[str, Ints]
    rule: Ints
    overlaps: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def status(self) -> Factor:
        """``(n,)`` status."""
        return Factor.picked([rule.status for rule in self.judged.rules], self.rule)

    @cached_property
    def rank(self) -> Ints:
        """``(n,)`` 0 error, 1 warning, 2 info."""
        return np.array([rule.rank for rule in self.judged.rules], dtype=np.int64)[self.rule]

    def account(self, name: str) -> Bools:
        """``(n,)`` True where the status belongs to the account ``name``."""
        return np.array([rule.account == name for rule in self.judged.rules], dtype=np.bool_)[self.rule]

    def fact(self, name: str, value: str) -> Bools:
        """``(n,)`` True where the fact has this value."""
        return np.asarray(self.facts[name] == FACTS[name].index(value))

    @cached_property
    def counted(self) -> Bools:
        """``(n,)`` True where the earlier year has the land: these areas add up to the township."""
        return np.asarray(self.before >= 0)

    @cached_property
    def shown(self) -> Bools:
        """``(n,)`` True where something changed or was planned."""
        planned = (self.reclaim >= 0) | (self.newbuild >= 0)
        return np.asarray(planned | ~self.account("unchanged"))

    @cached_property
    def plot_id(self) -> Texts:
        """``(n,)`` the new-build plot, else the reclaim plot, else None."""
        out = np.full(len(self.area), None, dtype=np.object_)
        for row, plots in ((self.reclaim, self.plan.reclaim), (self.newbuild, self.plan.newbuild)):
            out[row >= 0] = plots.plot_id[row[row >= 0]]
        return out

    @cached_property
    def owner(self) -> Factor:
        """``(n,)`` who owns the land: as the later year states it, else as the earlier one."""
        before, after = (self.of_year(year, self.years[year].owner) for year in (0, 1))
        levels = [*after.levels, *before.levels]
        return Factor.picked(levels, np.where(after.missing, len(after.levels) + before.code, after.code))

    def of_year(self, year: int, values: Factor) -> Factor:
        """A column of a year's parcels at every part, None where that year has none."""
        row = (self.before, self.after)[year]
        return Factor.picked([*values.levels, None], np.where(row >= 0, values.code[row], len(values.levels)))
