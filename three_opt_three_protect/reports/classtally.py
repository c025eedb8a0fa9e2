"""Areas by land class before and after the plan, and what becomes what between them.

Class areas are net of field ridges, which count as their own class (04-area 4.5).  Outside the plots land stays
what it is; inside, a reclaim plot becomes cultivated land and the rest of its direction (00-supplement 1.4.5), a
new-build plot its class after building (1.4.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.change import sum_by
from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import GROUP_OF_TOKEN, ClassSystem, LandGroup
from three_opt_three_protect.core.pieces import Ints
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.scenario import CULTIVATED
from three_opt_three_protect.reports.table import Words

Key = Tuple[int, str]
"""Land group and class code; a code in angle brackets is a class that no code stands for."""

Tally = Dict[Key, int]
"""Hundredths of a m² by class."""

Transfers = Dict[Tuple[Key, Key], int]
"""(class before, class after) → hundredths of a m²."""

APPROVED = "<approved_unbuilt>"
DEMOLISHED = "<demolished>"
UNDECIDED = "<undecided>"
UNCODED = "<uncoded>"

RIDGE = "田坎"
"""Name of the class of deducted field ridges in every Chinese classification; its code differs."""

ORDER = (LandGroup.AGRICULTURAL, LandGroup.CONSTRUCTION, LandGroup.UNUSED, LandGroup.UNKNOWN)
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

    @property
    def tallies(self) -> Tuple[Tally, Tally, Tally]:
        """All three."""
        return self.survey, self.base, self.after


def structure(balance: Balance, system: ClassSystem, profile: Profile) -> Structure:
    """Class areas before and after, in hundredths of a m²."""
    base = balance.base
    everywhere = np.arange(len(base.area), dtype=np.int64)
    survey = class_tally(balance, system, everywhere, base.area, base.net, converted=False)
    before = class_tally(balance, system, everywhere, base.area, base.net, converted=True)
    after = dict(before)
    for (was, becomes), amount in transfers(balance, system, profile).items():
        after[was] = after[was] - amount
        after[becomes] = after.get(becomes, 0) + amount
    return Structure(survey, before, after)


def transfers(balance: Balance, system: ClassSystem, profile: Profile) -> Transfers:
    """What becomes what inside the plots; a class may stay what it is.

    Cultivated land after reclamation is taken from the net area of a piece first, then from its ridges.  The rest of a
    plot reclaimed for cultivation keeps the ponds and lanes it has; construction land, and cultivated land that the
    plot's rate does not leave, take the residual class.
    """
    change, found = balance.changes, _Sums()
    moved = np.flatnonzero(change.reclaims | change.newbuild_on)
    code, group = _base_codes(balance.base)
    ridge = ridge_code(system)
    ends = _Ends(balance, system, profile)
    for piece in moved.tolist():
        row, area, net = int(change.plots.base[piece]), int(change.plots.area[piece]), int(change.plots.net[piece])
        name = code.levels[code.code[row]]
        if ridge is None or name in _AS_BUILT.values():
            net = area
        arable = ends.arable(piece)
        kept = min(net, arable)
        own: Key = (int(group[row]), str(name or UNCODED))
        stays = ends.keeps(piece) and own[0] != LandGroup.CONSTRUCTION and not balance.base.cultivated[row]
        found.add(own, ends.cultivated, kept)
        found.add(own, own if stays else ends.rest(piece), net - kept)
        if ridge is not None:
            ridges: Key = (int(system.classes[ridge].group), ridge)
            found.add(ridges, ends.cultivated, arable - kept)
            found.add(ridges, ridges if stays else ends.rest(piece), area - net - (arable - kept))
    return found.amounts


class _Sums:
    """Amounts under construction."""

    def __init__(self) -> None:
        self.amounts: Transfers = {}

    def add(self, was: Key, becomes: Key, amount: int) -> None:
        if amount:
            self.amounts[(was, becomes)] = self.amounts.get((was, becomes), 0) + amount


class _Ends:
    """What the pieces of plots become."""

    def __init__(self, balance: Balance, system: ClassSystem, profile: Profile) -> None:
        self._change, self._direction = balance.changes, balance.reclaim.direction
        codes, groups = profile.word_of("direction_class"), profile.word_of("direction_group")
        self.cultivated = planned(codes[CULTIVATED], system, GROUP_OF_TOKEN[groups[CULTIVATED]])
        self._of_direction = {
            word: planned(
                profile.word("residual_class") if word == CULTIVATED else codes[word],
                system,
                GROUP_OF_TOKEN[groups[word]],
            )
            for word in sorted({str(word) for word in self._direction})
        }
        self._of_newbuild = [planned(code, system, LandGroup.CONSTRUCTION) for code in self._change.class_after_new]

    def arable(self, piece: int) -> int:
        """Hundredths of a piece that end as the cultivated land of a reclaim plot."""
        return 0 if self._change.newbuild_on[piece] else int(self._change.cultivated_after[piece])

    def keeps(self, piece: int) -> bool:
        """The piece is reclaimed for cultivation and not built on: ponds and lanes stay what they are."""
        change = self._change
        return not change.newbuild_on[piece] and str(self._direction[change.plots.reclaim[piece]]) == CULTIVATED

    def rest(self, piece: int) -> Key:
        """What the other part of a piece becomes."""
        if self._change.newbuild_on[piece]:
            return self._of_newbuild[int(self._change.plots.newbuild[piece])]
        return self._of_direction[str(self._direction[self._change.plots.reclaim[piece]])]


@dataclass(frozen=True)
class ClassLine:
    """A first-level class within one group, and the codes it holds here."""

    group: LandGroup
    level1: str
    keys: Tuple[Key, ...]


def class_lines(tallies: Iterable[Tally], system: ClassSystem) -> List[ClassLine]:
    """First-level classes that occur, by group, cultivated land first."""
    present = sorted({key for tally in tallies for key, amount in tally.items() if amount})
    members: Dict[Tuple[int, str], List[Key]] = {}
    for key in present:
        members.setdefault((key[0], _level1(key, system)), []).append(key)

    def cultivated_first(entry: Tuple[int, str]) -> Tuple[int, bool, bool, str]:
        keys = members[entry]
        classes = [system.find(code) for _, code in keys]
        arable = any(found is not None and found.cultivated for found in classes)
        return ORDER.index(LandGroup(entry[0])), not arable, entry[1].startswith("<"), entry[1]

    return [
        ClassLine(LandGroup(group), level1, tuple(members[(group, level1)]))
        for group, level1 in sorted(members, key=cultivated_first)
    ]


def _level1(key: Key, system: ClassSystem) -> str:
    found = None if key[1].startswith("<") else system.find(key[1])
    return key[1] if found is None else found.level1 or found.code


def class_name(line: ClassLine, system: ClassSystem, words: Words) -> str:
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


def class_tally(balance: Balance, system: ClassSystem, rows: Ints, area: Ints, net: Ints, converted: bool) -> Tally:
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
    sums = sum_by(code.code * len(ORDER) + group, own, len(code.levels) * len(ORDER))
    tally: Tally = {}
    for place in np.flatnonzero(sums):
        key = int(place) % len(ORDER), str(code.levels[int(place) // len(ORDER)] or UNCODED)
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


def planned(code: Optional[str], system: ClassSystem, otherwise: LandGroup) -> Key:
    """A class after the plan; one the classification does not have counts as ``otherwise``, as in the accounts."""
    found = system.find(code)
    if code is None or found is None or found.group is LandGroup.UNKNOWN:
        return int(otherwise), UNDECIDED
    return int(found.group), code
