"""T2 土地利用结构调整表: land classes before and after the plan.

Class areas are net of field ridges, which count as their own class (04-area 4.5).  Both bases are
printed: the survey's classes, and the plan's base in which approved land counts as built (00-supplement 1.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import GROUP_OF_TOKEN, GROUP_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import CULTIVATED
from three_opt_three_protect.reports.rounding import AreaUnit, settle
from three_opt_three_protect.reports.table import Column, Kind, Rows, Table, Words

Key = Tuple[int, str]
"""Land group and class code; a code in angle brackets is a class that no code stands for."""

Tally = Dict[Key, int]
"""Hundredths of a m² by class."""

APPROVED = "<approved_unbuilt>"
DEMOLISHED = "<demolished>"
UNDECIDED = "<undecided>"
UNCODED = "<uncoded>"

RIDGE = "田坎"
"""Name of the class of deducted field ridges in every Chinese classification; its code differs."""

_ORDER = (LandGroup.AGRICULTURAL, LandGroup.CONSTRUCTION, LandGroup.UNUSED, LandGroup.UNKNOWN)
_SPECIAL_WORD = {
    APPROVED: "class.approved_unbuilt",
    DEMOLISHED: "class.demolished",
    UNDECIDED: "class.undecided",
    UNCODED: "class.uncoded",
}
_AS_BUILT = {"approved_unbuilt": APPROVED, "demolished": DEMOLISHED}
"""Kinds of base conversion that count as construction by approval: a class of their own, whatever the use."""


@dataclass(frozen=True)
class Structure:
    """Class areas by the survey, in the plan's base state and after the plan; each adds up to the township."""

    survey: Tally
    base: Tally
    after: Tally


def structure(balance: Balance, system: ClassSystem, profile: Profile) -> Structure:
    """Class areas before and after, in hundredths of a m²."""
    base = balance.base
    everywhere = np.arange(len(base.area), dtype=np.int64)
    survey = _survey_tally(balance, system, everywhere, base.area, base.net, converted=False)
    before = _survey_tally(balance, system, everywhere, base.area, base.net, converted=True)
    after = dict(before)
    plots = balance.changes.plots
    moved = balance.changes.reclaims | balance.changes.newbuild_on
    leaving = _survey_tally(balance, system, plots.base[moved], plots.area[moved], plots.net[moved], converted=True)
    for key, amount in leaving.items():
        after[key] = after[key] - amount
    for key, amount in (*_reclaim_flows(balance, system, profile), *_newbuild_flows(balance, system)):
        after[key] = after.get(key, 0) + amount
    return Structure(survey, before, after)


def structure_table(
    balance: Balance, system: ClassSystem, profile: Profile, words: Words, unit: AreaUnit = AreaUnit.HA
) -> Table:
    """T2: group → first-level class; areas and shares are force-balanced to the rounded township."""
    found = structure(balance, system, profile)
    lines = _lines(found, system)
    whole = unit.survey_steps(sum(found.base.values()))
    exact = [[sum(tally.get(key, 0) for key in line.keys) for line in lines] for tally in _tallies(found)]
    areas, shares = _settled(exact, whole), _settled(exact, 100_00)
    rows = Rows(_columns(words, unit))
    for group in _ORDER:
        members = [place for place, line in enumerate(lines) if line.group is group]
        if not members:
            continue
        name = words(f"group.{GROUP_TOKEN[group] or 'unknown'}")
        head = rows.reserve()
        for place in members:
            rows.add(
                {
                    "group": name,
                    "name": _name(lines[place], system, words),
                    "codes": "、".join(code for _, code in lines[place].keys if not code.startswith("<")) or None,
                    "survey": areas[0][place],
                    "base": areas[1][place],
                    "base_share": shares[1][place],
                    "after": areas[2][place],
                    "after_share": shares[2][place],
                }
            )
        rows.sum(head + 1, {"group": name, "name": words("row.subtotal")}, at=head)
    rows.sum(0, {"group": words("row.total")})
    notes = [words("note.T2.forced"), words("note.T2.classes", system=system.name)]
    if found.base.get((LandGroup.CONSTRUCTION, APPROVED)):
        notes.append(words("note.T2.approved"))
    return Table("T2", words("table.T2"), words(f"unit.{unit.value}"), rows.columns, tuple(rows.rows), tuple(notes))


def _settled(exact: Sequence[Sequence[int]], whole: int) -> List[List[float]]:
    """Each state force-balanced to ``whole``; a class that did not change keeps the figure it had before."""
    shown = [settle(exact[0], whole)]
    for before, amounts in zip(exact, exact[1:]):
        last = shown[-1]
        changed = [place for place in range(len(amounts)) if amounts[place] != before[place]]
        moved = settle([amounts[place] for place in changed], sum(last[place] for place in changed))
        now = list(last)
        for place, steps in zip(changed, moved):
            now[place] = steps
        shown.append(now)
    return [[steps / 100 for steps in state] for state in shown]


def _columns(words: Words, unit: AreaUnit) -> Tuple[Column, ...]:
    digits = unit.survey_decimals

    def area(key: str, groups: Tuple[str, ...], title: str = "column.area") -> Column:
        return Column(key, words(title), Kind.AREA, groups, 15, digits, total=True)

    def share(key: str, groups: Tuple[str, ...]) -> Column:
        return Column(key, words("column.share"), Kind.PERCENT, groups, 9, 2, total=True)

    before, after = (words("column.base_year"),), (words("column.target_year"),)
    return (
        Column("group", words("column.group"), width=11, merged=True, groups=(words("column.class"),)),
        Column("name", words("column.class_name"), width=36, groups=(words("column.class"),)),
        Column("codes", words("column.class_codes"), width=20, groups=(words("column.class"),)),
        area("survey", before, "column.survey_area"),
        area("base", before, "column.base_area"),
        share("base_share", before),
        area("after", after),
        share("after_share", after),
        Column(
            "change",
            words("column.change"),
            Kind.AREA,
            width=13,
            decimals=digits,
            total=True,
            terms=(("after", 1), ("base", -1)),
        ),
    )


@dataclass(frozen=True)
class _Line:
    """A first-level class within one group, and the codes it holds here."""

    group: LandGroup
    level1: str
    keys: Tuple[Key, ...]


def _tallies(found: Structure) -> Tuple[Tally, Tally, Tally]:
    return found.survey, found.base, found.after


def _lines(found: Structure, system: ClassSystem) -> List[_Line]:
    present = sorted({key for tally in _tallies(found) for key, amount in tally.items() if amount})
    members: Dict[Tuple[int, str], List[Key]] = {}
    for key in present:
        members.setdefault((key[0], _level1(key, system)), []).append(key)

    def cultivated_first(entry: Tuple[int, str]) -> Tuple[int, bool, bool, str]:
        keys = members[entry]
        classes = [system.find(code) for _, code in keys]
        arable = any(found is not None and found.cultivated for found in classes)
        return _ORDER.index(LandGroup(entry[0])), not arable, entry[1].startswith("<"), entry[1]

    return [
        _Line(LandGroup(group), level1, tuple(members[(group, level1)]))
        for group, level1 in sorted(members, key=cultivated_first)
    ]


def _level1(key: Key, system: ClassSystem) -> str:
    found = None if key[1].startswith("<") else system.find(key[1])
    return key[1] if found is None else found.level1 or found.code


def _name(line: _Line, system: ClassSystem, words: Words) -> str:
    """The first-level name; where that class lies in several groups, which of its classes are meant."""
    if line.level1 in _SPECIAL_WORD:
        return words(_SPECIAL_WORD[line.level1])
    classes = [system.find(code) for _, code in line.keys]
    names = list(dict.fromkeys(found.name for found in classes if found is not None))
    if not names:
        return words("class.unlisted")
    level1_name = next(found.level1_name for found in classes if found is not None) or names[0]
    groups = {found.group for found in system.classes.values() if found.level1 == line.level1}
    if len(groups) == 1:
        return level1_name
    return names[0] if len(names) == 1 else f"{level1_name}（{'、'.join(names)}）"


def ridge_code(system: ClassSystem) -> Optional[str]:
    """Code of the class that deducted field ridges count under, None where the system has none."""
    return next((code for code, found in system.classes.items() if found.name == RIDGE), None)


def _survey_tally(balance: Balance, system: ClassSystem, rows: Ints, area: Ints, net: Ints, converted: bool) -> Tally:
    """Class areas of (parts of) base pieces, by the survey or ``converted`` to the plan's base."""
    base = balance.base
    ridge = ridge_code(system)
    if converted:
        code, group = _base_codes(base)
        code, group = code.take(rows), group[rows].astype(np.int64)
    else:
        parcel = base.parcel[rows]
        code, group = base.parcels.code.take(parcel), base.parcels.classes.group[parcel].astype(np.int64)
    built = code.where(lambda word: word in _AS_BUILT.values())
    own = np.where(built, area, area if ridge is None else net)
    sums = sum_by(code.code * len(_ORDER) + group, own, len(code.levels) * len(_ORDER))
    tally: Tally = {}
    for place in np.flatnonzero(sums):
        key = int(place) % len(_ORDER), str(code.levels[int(place) // len(_ORDER)] or UNCODED)
        _put(tally, key, int(sums[place]))
    if ridge is not None:
        _put(tally, (system.classes[ridge].group, ridge), int((area - net)[~built].sum()))
    return tally


def _base_codes(base: BaseState) -> Tuple[Factor, NDArray[np.int8]]:
    """Code and group of every piece in the base state; what counts as built by approval is a class of its own."""
    reason = Factor.of(base.base_reason)
    levels = [*base.class_base.levels, *(_AS_BUILT.get(word or "") for word in reason.levels)]
    built = reason.where(lambda word: word in _AS_BUILT)
    number = np.where(built, len(base.class_base.levels) + reason.code, base.class_base.code)
    return Factor.picked(levels, number), base.group


def _put(tally: Tally, key: Key, amount: int) -> None:
    if amount:
        key = (int(key[0]), key[1])
        tally[key] = tally.get(key, 0) + amount


def _reclaim_flows(balance: Balance, system: ClassSystem, profile: Profile) -> Iterable[Tuple[Key, int]]:
    """What reclaimed land that stays reclaimed becomes: cultivated land, and the rest of its direction."""
    change = balance.changes
    stays = change.reclaims & ~change.newbuild_on
    codes: Mapping[str, str] = profile.word_of("direction_class")
    direction = np.append(balance.reclaim.direction.astype(np.str_), "")[change.plots.reclaim]
    arable = np.where(stays, change.cultivated_after, 0)
    groups = profile.word_of("direction_group")
    yield _planned(codes[CULTIVATED], system, GROUP_OF_TOKEN[groups[CULTIVATED]]), int(arable.sum())
    for word in sorted({str(word) for word in direction[stays]}):
        rest = int((change.plots.area - arable)[stays & (direction == word)].sum())
        code = profile.word("residual_class") if word == CULTIVATED else codes[word]
        yield _planned(code, system, GROUP_OF_TOKEN[groups[word]]), rest


def _newbuild_flows(balance: Balance, system: ClassSystem) -> Iterable[Tuple[Key, int]]:
    change = balance.changes
    area = np.where(change.newbuild_on, change.plots.area, 0)
    by_plot = sum_by(change.plots.newbuild, area, len(balance.newbuild))
    for code, amount in zip(change.class_after_new, by_plot):
        yield _planned(code, system, LandGroup.CONSTRUCTION), int(amount)


def _planned(code: Optional[str], system: ClassSystem, otherwise: LandGroup) -> Key:
    """A class after the plan; one the classification does not have counts as ``otherwise``, as in the accounts."""
    found = system.find(code)
    if code is None or found is None or found.group is LandGroup.UNKNOWN:
        return int(otherwise), UNDECIDED
    return int(found.group), code
