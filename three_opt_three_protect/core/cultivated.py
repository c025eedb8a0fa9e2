"""Everything that takes cultivated land or makes it, event by event, in three measures: quantity, paddy, yield.

Sources: 06-balance 6.3; 00-supplement 1.5 (net areas, other changes), 1.6 (grades), 1.10, M17, M18, 6. An amount that
is not known is NaN and makes every sum it would be in unknown; it is never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.change import Changes, sum_by
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.gradescale import GradeScale
from three_opt_three_protect.core.landuse import ClassSystem, LandGroup
from three_opt_three_protect.core.measure import share_out, to_units
from three_opt_three_protect.core.otherchanges import CONSTRUCTION, IN_OUT, QUALITY, OtherChanges, Texts, change_effects
from three_opt_three_protect.core.periods import in_period
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Period, Profile
from three_opt_three_protect.core.scenario import Days, NewBuildPlots, ReclaimPlots
from three_opt_three_protect.core.tables import first_features

Floats = NDArray[np.float64]

QUANTITY, PADDY, PRODUCTIVITY = "quantity", "paddy", "productivity"
MEASURES: Mapping[str, str] = {QUANTITY: "m2", PADDY: "m2", PRODUCTIVITY: "kg"}
"""Measure → unit; amounts are whole hundredths of it."""

RECLAMATION, BUILDING = "reclamation", "construction"
"""Kinds of what the plots of a plan do: 复垦 and 非农建设."""


@dataclass(frozen=True)
class QualityPieces:
    """Paddy and yield of every plot piece, ``(p,)`` whole hundredths (m², kg), NaN where not known.

    ``grade`` is that of its cultivated land when a new-build plot takes it: reclaimed land that of its plot.
    ``paddy_before`` and ``paddy_after`` are of reclamation; ``yield_won`` and ``yield_lost`` are those of the gain and
    the loss; ``yield_won_worse`` is what it would be were inferred grades one step worse.
    """

    grade: Floats
    paddy_before: Floats
    paddy_after: Floats
    paddy_lost: Floats
    yield_won: Floats
    yield_won_worse: Floats
    yield_lost: Floats


def quality_pieces(
    base: BaseState, change: Changes, reclaim: ReclaimPlots, plot_grade: Floats, worse_grade: Floats, scale: GradeScale
) -> QualityPieces:
    """Paddy and yield that plot pieces win and lose.

    Parameters
    ----------
    plot_grade, worse_grade
        ``(reclaim plots,)`` grade after reclamation, and one step worse where it was inferred; NaN where there is none.
    """
    row, reclaimed = change.plots.base, change.reclaims
    after = _paddy_after(base, change, reclaim)
    paddy = base.paddy[row] & base.cultivated[row]
    old = base.grades.grade[row]

    def grade(plots: Floats) -> Floats:
        # Cultivated land that a reclaim plot takes in keeps the grade it has.
        return np.where(base.cultivated[row], old, np.append(plots, np.nan)[change.plots.reclaim])

    won, lost = change.gain.astype(np.float64), change.loss.astype(np.float64)
    now = grade(plot_grade)
    return QualityPieces(
        now,
        np.where(reclaimed & paddy, change.plots.net, 0).astype(np.float64),
        after,
        np.where(lost == 0, 0.0, np.where(reclaimed, after, np.where(paddy, lost, 0.0))),
        scale.productivity(won, now),
        scale.productivity(won, grade(worse_grade)),
        scale.productivity(lost, now),
    )


def _paddy_after(base: BaseState, change: Changes, reclaim: ReclaimPlots) -> Floats:
    """Paddy on reclaimed pieces: what the plot states, at most its cultivated land, dealt out to its pieces.

    Where the plot states none, cultivated land that is only kept stays what it is; what the new land will be is
    not known.
    """
    row, arable, plot = change.plots.base, change.cultivated_after, change.plots.reclaim
    count = len(reclaim)
    if not count:
        return np.zeros(len(row))
    total = sum_by(plot, arable, count)
    stated = np.where(np.isnan(reclaim.paddy_m2), reclaim.paddy_rate * total / 100.0, reclaim.paddy_m2)
    known = ~np.isnan(stated)
    dealt = share_out(to_units(np.minimum(np.nan_to_num(stated), total / 100.0)), arable, np.maximum(plot, 0))
    before = np.where(base.cultivated[row], change.plots.net, 0)
    kept = np.where(arable <= before, np.where(base.paddy[row], arable, 0), np.nan)
    out = np.where(np.append(known, False)[plot], dealt, kept)
    return np.where(arable == 0, 0.0, out)


def plot_effects(change: Changes, pieces: QualityPieces) -> Dict[str, Ints]:
    """Account line of 占补平衡 → ``(p,)`` hundredths plot pieces add to it; a line not wholly known is left out."""
    built = change.loss_construction > 0
    found = {
        "compensation_supplied_m2": change.gain.astype(np.float64),
        "compensation_occupied_m2": change.loss_construction.astype(np.float64),
        "paddy_supplied_m2": pieces.paddy_after - pieces.paddy_before,
        "paddy_occupied_m2": np.where(built, pieces.paddy_lost, 0.0),
        "productivity_supplied_kg": pieces.yield_won,
        "productivity_occupied_kg": np.where(built, pieces.yield_lost, 0.0),
    }
    return {line: amount.astype(np.int64) for line, amount in found.items() if not np.isnan(amount).any()}


@dataclass(frozen=True)
class Events:
    """What takes cultivated land and what makes it, ``(n,)`` each.

    Attributes
    ----------
    kind
        Token of the profile's occupation or supplement kinds.
    effect
        What the kind counts in (``core.otherchanges``).
    supplement
        Bool: makes cultivated land, else takes it.
    planned
        Bool: a plot of the plan, else a row of other changes.
    source
        Row of the reclaim or new-build plot, or of the table of other changes.
    unit_code
        Village, None where there is none.
    day
        NaT where not known.
    amounts
        Measure → whole hundredths of its unit; NaN where not known.
    """

    kind: Texts
    effect: Texts
    supplement: Bools
    planned: Bools
    source: Ints
    unit_code: Texts
    day: Days
    amounts: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.day)

    def during(self, period: Period) -> Events:
        """The same events, those outside the period with 0; one without a day may lie in it: not known."""
        inside, undated = in_period(self.day, period), np.isnat(self.day)
        amounts = {
            measure: np.where(inside, amount, np.where(undated & (amount != 0), np.nan, 0.0))
            for measure, amount in self.amounts.items()
        }
        return replace(self, amounts=amounts)


def plan_events(
    base: BaseState,
    change: Changes,
    reclaim: ReclaimPlots,
    newbuild: NewBuildPlots,
    pieces: QualityPieces,
    profile: Profile,
    system: ClassSystem,
) -> Events:
    """One event a plot, village and kind."""
    effects = change_effects(profile)
    unclassed = base.group[change.plots.base] == LandGroup.UNKNOWN
    kinds = _building_kinds(change, profile, system)
    built = change.loss_construction > 0
    # Of a plot that builds all is construction; of any other the class it makes tells the kind.
    kind = np.where(built, 0, np.append(kinds.code, 0)[change.plots.newbuild])
    gain = {
        QUANTITY: change.gain.astype(np.float64),
        PADDY: pieces.paddy_after - pieces.paddy_before,
        PRODUCTIVITY: pieces.yield_won,
    }
    loss = {
        QUANTITY: change.loss.astype(np.float64),
        PADDY: pieces.paddy_lost,
        PRODUCTIVITY: pieces.yield_lost,
    }
    no_kind = np.zeros(len(kind), dtype=np.int64)
    sides = (
        _side(base, change, change.plots.reclaim, no_kind, change.reclaim_on & unclassed, gain),
        _side(base, change, change.plots.newbuild, kind, change.newbuild_on & unclassed, loss),
    )
    parts: List[Events] = []
    for (plot, unit, number, amounts), days, names, supplement in zip(
        sides, (reclaim.day, newbuild.day), ((RECLAMATION,), kinds.names), (True, False)
    ):
        name = _texts([names[one] for one in number])
        parts.append(
            Events(
                name,
                _texts([effects.get(one) for one in name]),
                np.full(len(plot), supplement),
                np.ones(len(plot), dtype=np.bool_),
                plot,
                base.unit.levels[unit],
                days[plot],
                amounts,
            )
        )
    return joined(parts)


@dataclass(frozen=True)
class _Kinds:
    """Kinds of occupation, and for each new-build plot the row of its kind where it is no construction."""

    names: Tuple[str, ...]
    code: Ints


def _building_kinds(change: Changes, profile: Profile, system: ClassSystem) -> _Kinds:
    """What becomes of cultivated land by the class the plot makes of it: a lane, a facility, a pond, forest."""
    words = profile.word_of("occupation_classes")
    names = (BUILDING, *words)
    code = np.zeros(len(change.class_after_new), dtype=np.int64)
    for plot, stated in enumerate(change.class_after_new):
        found = system.find(stated)
        if found is not None and found.group != LandGroup.CONSTRUCTION:
            fits = [one for one, name in enumerate(words.values(), 1) if name in ("", found.name, found.level1_name)]
            code[plot] = fits[0] if fits else 0
    return _Kinds(names, code)


def _side(
    base: BaseState, change: Changes, plot: Ints, kind: Ints, unknown: Bools, amounts: Mapping[str, Floats]
) -> Tuple[Ints, Ints, Ints, Dict[str, Floats]]:
    """Plot, village, kind and amounts of every combination that has any amount; unknown pieces make it unknown."""
    parts = {measure: np.where(unknown, np.nan, amount) for measure, amount in amounts.items()}
    there = (plot >= 0) & np.logical_or.reduce([amount != 0 for amount in parts.values()])
    keys = np.stack([plot[there], base.unit.code[change.plots.base[there]], kind[there]], axis=1)
    rows, index = np.unique(keys, axis=0, return_inverse=True)
    index = index.reshape(-1)
    sums = {
        measure: np.bincount(index, amount[there], len(rows)).astype(np.float64) for measure, amount in parts.items()
    }
    return rows[:, 0], rows[:, 1], rows[:, 2], sums


def other_events(other: OtherChanges, base: BaseState, profile: Profile, scale: GradeScale, as_of: str = "") -> Events:
    """One event a row of the table; with ``as_of`` (ISO date) those that may have happened by then.

    Raises
    ------
    InputError
        ``change_in_no_village``: the parcels have villages, and a row names another.
    """
    known = {code for code in base.unit.levels if code is not None}
    strange = np.array([code is not None and code not in known for code in other.unit_code], dtype=np.bool_)
    if known and strange.any():
        features = first_features(other.table, strange)
        raise InputError(
            "change_in_no_village", layer=other.table.name, features=features, code=str(other.unit_code[strange][0])
        )
    effects = change_effects(profile)
    effect = _texts([effects[kind] for kind in other.kind])
    supplement = np.isin(other.kind.astype(str), list(profile.word_of("supplement_kinds")))
    upgraded = effect == QUALITY
    grown = scale.productivity(other.area, other.grade)
    # Upgraded land had a yield before; what it wins is the difference.
    yielded = np.where(upgraded, grown - scale.productivity(other.area, other.grade_was), grown)
    amounts = {
        QUANTITY: np.where(upgraded, 0.0, other.area),
        PADDY: np.where(other.area == 0, 0.0, other.paddy),
        PRODUCTIVITY: yielded,
    }
    planned, source = np.zeros(len(other), dtype=np.bool_), np.arange(len(other), dtype=np.int64)
    events = Events(other.kind, effect, supplement, planned, source, other.unit_code, other.day, amounts)
    if not as_of:
        return events
    past = ("", as_of)
    return _picked(events.during(past), in_period(other.day, past) | np.isnat(other.day))


_COLUMNS = ("kind", "effect", "supplement", "planned", "source", "unit_code", "day")


def joined(parts: Sequence[Events]) -> Events:
    """All events of ``parts``, in their order."""
    columns: Dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    amounts = {measure: np.concatenate([part.amounts[measure] for part in parts]) for measure in MEASURES}
    return Events(**columns, amounts=amounts)


def _picked(events: Events, rows: Bools) -> Events:
    columns: Dict[str, Any] = {name: getattr(events, name)[rows] for name in _COLUMNS}
    return Events(**columns, amounts={measure: amount[rows] for measure, amount in events.amounts.items()})


def _texts(values: Sequence[Optional[str]]) -> Texts:
    out = np.empty(len(values), dtype=np.object_)
    out[:] = values
    return out


def compensating(events: Events) -> Bools:
    """``(n,)`` bool, counts in 占补平衡 of non-agricultural construction: its occupation, and what makes up for it."""
    inside = np.where(events.supplement, events.effect != IN_OUT, events.effect == CONSTRUCTION)
    return np.asarray(inside, dtype=np.bool_)


def flowing(events: Events) -> Bools:
    """``(n,)`` bool, counts in 进出平衡: occupation by other kinds than construction, and restored land."""
    inside = np.where(events.supplement, events.effect == IN_OUT, events.effect != CONSTRUCTION)
    return np.asarray(inside, dtype=np.bool_)
