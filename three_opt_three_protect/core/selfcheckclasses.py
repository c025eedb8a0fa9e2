"""Classes of two survey years, brought to one classification so that only the land's changes are seen.

Sources: 02-land-classes (reservoir trap), 00-supplement 1.10 (203 is compared on settlement level).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, FrozenSet, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import Factor, crossed
from three_opt_three_protect.core.landuse import ClassSystem, ConvertedCode, LandClass, LandGroup
from three_opt_three_protect.core.selfcheckrules import KINDS

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_CULTIVATED = KINDS.index("cultivated")


@dataclass(frozen=True)
class Meanings:
    """What codes of any classification mean to the self-check; its words are those of ``target``.

    Attributes
    ----------
    target
        The classification in which kinds are told (the third survey's).
    kinds
        Code of ``target`` → one of :data:`KINDS`; a refined code has the kind of the one it refines.
    conversions
        Id of another classification → its codes in ``target``; an empty mapping where codes are the same.
    alike
        Pairs of a converted code's source and another code of ``target`` that differ by survey only.
    """

    target: ClassSystem
    kinds: Mapping[str, str]
    conversions: Mapping[str, Mapping[str, ConvertedCode]]
    alike: FrozenSet[Tuple[Optional[str], Optional[str]]]

    def knows(self, system: ClassSystem) -> bool:
        """Whether codes of ``system`` can be brought to the target."""
        return system.id == self.target.id or system.id in self.conversions


@dataclass(frozen=True)
class Seen:
    """A distinct code of one year: as its own survey has it, and seen in the target classification.

    ``code`` is as written, ``own`` and ``key`` are the unrefined class of its own and of the target classification;
    ``kind`` indexes :data:`KINDS`; ``settlement`` is the 城镇村属性码 the code stands for.
    """

    code: Optional[str]
    own: Optional[str]
    key: Optional[str]
    kind: int
    group: int
    cultivated: bool
    settlement: str = ""


@dataclass(frozen=True)
class Compared:
    """Both years of every row: ``(n,)`` kinds before and after, the same class, and different by survey only."""

    before: Ints
    after: Ints
    same: Bools
    survey: Bools


def see(code: Optional[str], system: ClassSystem, meanings: Meanings) -> Seen:
    """One code of ``system``."""
    own = system.find(code)
    if own is None:
        return Seen(code, None, None, 0, 0, False)
    target, settlement = _targeted(own, system, meanings)
    group, cultivated, base = int(own.group), own.cultivated, own.parent or own.code
    if target is None:
        kind = _CULTIVATED if cultivated else group
        return Seen(code, base, None if settlement else base, kind, group, cultivated, settlement)
    kind = _CULTIVATED if target.cultivated else KINDS.index(_kind(target, meanings))
    return Seen(code, base, target.parent or target.code, kind, group, cultivated, settlement)


def _targeted(own: LandClass, system: ClassSystem, meanings: Meanings) -> Tuple[Optional[LandClass], str]:
    """The class in the target, and the settlement code it is compared with."""
    if system.id == meanings.target.id:
        return own, ""
    table = meanings.conversions.get(system.id)
    if table is None:
        return None, ""
    if not table:
        # A classification that shares its codes with the target.
        return meanings.target.find(own.code), ""
    found = table.get(own.code) or table.get(own.parent)
    return (None, "") if found is None else (meanings.target.find(found.code), found.settlement)


def _kind(target: LandClass, meanings: Meanings) -> str:
    for code in (target.code, target.parent):
        if code in meanings.kinds:
            return meanings.kinds[code]
    return KINDS[int(target.group)]


def compare(
    before: Tuple[Factor, ClassSystem, Factor],
    after: Tuple[Factor, ClassSystem, Factor],
    meanings: Meanings,
) -> Compared:
    """Classes of both years row by row; works on the combinations that occur.

    Parameters
    ----------
    before, after
        ``(n,)`` class codes, their classification, and 城镇村属性码 (None where there is none).
    """
    sides = [[see(code, system, meanings) for code in codes.levels] for codes, system, _ in (before, after)]
    parts = [factor for side in (before, after) for factor in (side[0], side[2])]
    index, first = crossed([(factor.code, len(factor.levels)) for factor in parts])
    alike = before[1].id == after[1].id
    found: Dict[str, list[int]] = {name: [] for name in ("before", "after", "same", "survey")}
    for row in first.tolist():
        one, other = (side[codes.code[row]] for side, (codes, _, _) in zip(sides, (before, after)))
        places = (str(before[2].levels[before[2].code[row]] or ""), str(after[2].levels[after[2].code[row]] or ""))
        same = _same(one, other, places, alike, meanings)
        differs = same and (one.group, one.cultivated) != (other.group, other.cultivated)
        found["before"].append(one.kind)
        found["after"].append(other.kind)
        found["same"].append(int(same))
        found["survey"].append(int(differs))
    column = {name: np.array(values, dtype=np.int64)[index] for name, values in found.items()}
    return Compared(column["before"], column["after"], column["same"] == 1, column["survey"] == 1)


def _same(one: Seen, other: Seen, places: Tuple[str, str], one_system: bool, meanings: Meanings) -> bool:
    """Whether both years mean the same class."""
    if LandGroup.UNKNOWN in (one.group, other.group):
        return False
    if one_system:
        return one.code == other.code
    if one.key is not None and one.key == other.key:
        return True
    if {(one.own, other.key), (other.own, one.key)} & meanings.alike:
        return True
    return _same_place(one, other, places[1]) or _same_place(other, one, places[0])


def _same_place(coarse: Seen, fine: Seen, place: str) -> bool:
    """The second survey's 203 is the whole village, whatever the third survey found in it.

    Construction land whose settlement is not stated passes for the same.
    """
    if not coarse.settlement:
        return False
    return place.startswith(coarse.settlement) or (not place and fine.group == LandGroup.CONSTRUCTION)
