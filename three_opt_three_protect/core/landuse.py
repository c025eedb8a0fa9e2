"""Land classes: code → name, three-class group, cultivated, adjustable, farmland-eligible.

The code tables themselves are data (``resources/classes/*.csv``), read by
``storage.catalogue``; core functions take them as arguments.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Factor, Texts, crossed


class LandGroup(IntEnum):
    """The three classes of the Land Administration Law (三大类)."""

    UNKNOWN = 0
    AGRICULTURAL = 1
    CONSTRUCTION = 2
    UNUSED = 3


GROUP_TOKEN: Mapping[LandGroup, Optional[str]] = {
    LandGroup.UNKNOWN: None,
    LandGroup.AGRICULTURAL: "agricultural",
    LandGroup.CONSTRUCTION: "construction",
    LandGroup.UNUSED: "unused",
}
GROUP_OF_TOKEN: Mapping[str, LandGroup] = {token: group for group, token in GROUP_TOKEN.items() if token is not None}


@dataclass(frozen=True)
class LandClass:
    """One code of a classification.

    ``farmland`` is ``"yes"``, ``"conditional"`` or ``"no"``: may it be permanent basic farmland.
    ``group`` is ``UNKNOWN`` where a code alone does not tell it: sea uses, and first-level
    codes whose second-level classes lie in several groups.  ``aliases`` are other customary
    names of the same class.
    """

    code: str
    name: str
    level1: str
    level1_name: str
    group: LandGroup
    cultivated: bool = False
    paddy: bool = False
    adjustable: bool = False
    farmland: str = "no"
    parent: str = ""
    aliases: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Classified:
    """The classes of ``n`` parcels, row by row.

    Attributes
    ----------
    group
        ``(n,)`` int8 of :class:`LandGroup`.
    cultivated, paddy, adjustable
        ``(n,)`` bool.
    known
        ``(n,)`` bool: the system has the code and says its group.
    """

    group: NDArray[np.int8]
    cultivated: NDArray[np.bool_]
    paddy: NDArray[np.bool_]
    adjustable: NDArray[np.bool_]
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class ClassSystem:
    """A classification (分类体系), e.g. the third survey's working classification.

    Attributes
    ----------
    kind
        ``"survey"`` or ``"plan"``: which layers use it (00-supplement 1.1).
    title
        Language (``zh``, ``en``) → name.
    layers, fields
        Names of layers (whole or part) and of code fields that customarily use it.
    letters
        Letters that refine a code when put after it (``AK`` in the third survey: 1104A).
    digits
        Full length of codes built by appending digits (6 in 用地用海: 0701 → 070102); 0 = not so.
    """

    id: str
    name: str
    kind: str
    classes: Mapping[str, LandClass]
    title: Mapping[str, str] = field(default_factory=dict)
    layers: Tuple[str, ...] = ()
    fields: Tuple[str, ...] = ()
    letters: str = ""
    digits: int = 0

    def find(self, code: Optional[str]) -> Optional[LandClass]:
        """The class of ``code``, or of the parent it refines, or None when it is unknown.

        A code that is not listed belongs to the one it refines: by a letter put after it, or
        in a system built by digits by its longest listed beginning.
        """
        if code is None:
            return None
        plain = unicodedata.normalize("NFKC", code).strip()
        for spelling in (code, plain, plain.upper()):
            if spelling in self.classes:
                return self.classes[spelling]
        return self._refined(plain.upper())

    def classify(self, codes: Union[Texts, Factor]) -> Classified:
        """Look up ``(n,)`` codes (text or None); works on distinct codes, so it is cheap."""
        factor = Factor.of(codes)
        found, row_of = [self.find(code) for code in factor.levels], factor.code
        group = np.array([LandGroup.UNKNOWN if entry is None else entry.group for entry in found], dtype=np.int8)
        return Classified(
            group[row_of],
            np.array([entry is not None and entry.cultivated for entry in found], dtype=np.bool_)[row_of],
            np.array([entry is not None and entry.paddy for entry in found], dtype=np.bool_)[row_of],
            np.array([entry is not None and entry.adjustable for entry in found], dtype=np.bool_)[row_of],
            (group != LandGroup.UNKNOWN)[row_of],
        )

    def _refined(self, code: str) -> Optional[LandClass]:
        # Only a letter after a digit refines; a user's codes may be words that end in the same letter.
        while len(code) > 1 and code[-1] in self.letters and code[-2].isalnum():
            code = code[:-1]
            if code in self.classes:
                return self.classes[code]
        if self.digits and len(code) == self.digits and code.isdigit():
            for length in range(self.digits - 1, 1, -1):
                if code[:length] in self.classes:
                    return self.classes[code[:length]]
        return None


@dataclass(frozen=True)
class SettlementCode:
    """One value of 城镇村属性码 (CZCSXM): which settlement a parcel belongs to.

    ``kind`` is ``city``, ``town``, ``village``, ``mining`` or ``special``; it does not change
    the three-class group (02-land-classes 2c).
    """

    code: str
    name: str
    kind: str
    industry: bool = False


@dataclass(frozen=True)
class ConvertedCode:
    """What a code becomes in another system.

    ``code`` is None where no single class stands for it; ``settlement`` is the CZCSXM value
    it is compared with; ``ambiguous`` asks for an attribute or a person (待细化).
    """

    code: Optional[str]
    ambiguous: bool = False
    settlement: str = ""
    note: str = ""


@dataclass(frozen=True)
class Conversion:
    """Codes of the system ``source`` → codes of the system ``target``."""

    id: str
    source: str
    target: str
    codes: Mapping[str, ConvertedCode]


@dataclass(frozen=True)
class DetectionLimits:
    """How sure :func:`detect` must be; all are shares of area, 0–1, read from resources.

    Attributes
    ----------
    tie_share
        Systems closer than this are a tie (5 % in 00-supplement 1.1).
    minimum_share
        Below this nothing fits.
    layer_bonus, field_bonus
        Added to the share of a system whose layer or field name agrees, for ranking only.
        Each is larger than ``tie_share``, so that a name decides between equal shares.
    mixed_share
        From this share on, codes of another system are a second system, not stray codes.
    """

    tie_share: float
    minimum_share: float
    layer_bonus: float
    field_bonus: float
    mixed_share: float


@dataclass(frozen=True)
class Detection:
    """Which system a layer is coded in.

    Attributes
    ----------
    system
        Id of the system found, None when nothing fits or the best two are too close.
    scores
        System id → share of area (0–1) that fits it, best first.
    """

    system: Optional[str]
    scores: Mapping[str, float]


@dataclass(frozen=True)
class NameDisagreement:
    """A code whose name in the layer is not the name the system gives it; ``rows`` int64."""

    code: str
    name: str
    expected: str
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class MixedCodes:
    """Codes that do not fit the layer's system but another one.

    ``share`` is their share of the coded area (0–1), ``rows`` int64 their rows.
    """

    system: str
    codes: Tuple[str, ...]
    share: float
    rows: NDArray[np.int64]


def detect(
    codes: Union[Texts, Factor],
    names: Union[Texts, Factor, None],
    areas: NDArray[np.float64],
    systems: Sequence[ClassSystem],
    layer_name: str = "",
    field_name: str = "",
    *,
    limits: DetectionLimits,
) -> Detection:
    """Find the classification a layer uses (rule of 00-supplement 1.1).

    A system's share is the area whose code it lists and whose name, where the layer has one,
    is the name it gives the code, over the area that has a code.  Systems are ranked by share
    plus the bonus for a layer and a field name that are customary for them.  If another system
    comes within ``limits.tie_share`` of the best and gives any code present another meaning
    (name, group or cultivated), nothing is chosen: the caller asks.  If they mean the same,
    the better ranked stands, then the survey system, then the one listed first.

    Parameters
    ----------
    codes, names
        ``(n,)`` text or None; ``names`` None when the layer has no field for them.
    areas
        ``(n,)`` in any one unit; rows are counted instead when no area is known.
    systems
        The systems to choose from, in order of preference.
    """
    pairs = _pairs(codes, names, areas).pairs
    shares = {system.id: _share(system, pairs) for system in systems}
    bonus = _bonuses(systems, layer_name, field_name, limits)
    rank = {system.id: shares[system.id] + bonus[system.id] for system in systems}
    order = sorted(systems, key=lambda system: (-round(rank[system.id], 9), system.kind != "survey"))
    scores = {system.id: shares[system.id] for system in order}
    if not pairs or not order or scores[order[0].id] < limits.minimum_share:
        return Detection(None, scores)
    best = order[0]
    present = {pair.code for pair in pairs}
    for rival in order[1:]:
        if rank[best.id] - rank[rival.id] <= limits.tie_share and _differ(best, rival, present):
            return Detection(None, scores)
    return Detection(best.id, scores)


def name_disagreements(
    codes: Union[Texts, Factor], names: Union[Texts, Factor], system: ClassSystem
) -> Tuple[NameDisagreement, ...]:
    """Codes of ``system`` that stand beside another class's name, by code; ``(n,)`` text or None."""
    found, layer = [], _pairs(codes, names, np.ones(len(codes)))
    for pair in layer.pairs:
        entry = system.find(pair.code)
        if entry is not None and not _name_agrees(entry, pair.name):
            found.append(NameDisagreement(pair.code, pair.name or "", entry.name, layer.rows([pair])))
    return tuple(sorted(found, key=lambda each: (each.code, each.name)))


def mixed_systems(
    codes: Union[Texts, Factor],
    names: Union[Texts, Factor, None],
    areas: NDArray[np.float64],
    systems: Sequence[ClassSystem],
    main: str,
) -> Tuple[MixedCodes, ...]:
    """Codes that the layer's system ``main`` does not have but others list, largest share first.

    A code fits by itself and, where the layer names it, by its name.  What several other
    systems list is counted for the one that explains most of the area.
    """
    by_id = {system.id: system for system in systems}
    layer = _pairs(codes, names, areas)
    strange = [pair for pair in layer.pairs if not _belongs(by_id[main], pair)]
    total = sum(pair.area for pair in layer.pairs)
    found = []
    others = [system for system in systems if system.id != main]
    while strange and others:
        explained = [sum(pair.area for pair in strange if _lists(system, pair)) for system in others]
        best = others[int(np.argmax(explained))]
        fitting = [pair for pair in strange if _lists(best, pair)]
        if not fitting:
            break
        names_of = tuple(sorted({pair.code for pair in fitting}))
        found.append(MixedCodes(best.id, names_of, sum(pair.area for pair in fitting) / total, layer.rows(fitting)))
        strange = [pair for pair in strange if not _lists(best, pair)]
        others.remove(best)
    return tuple(found)


def require_one_system(
    mixed: Sequence[MixedCodes],
    main: ClassSystem,
    systems: Mapping[str, ClassSystem],
    fid: NDArray[np.int64],
    layer: str,
    code_field: str,
    limits: DetectionLimits,
) -> None:
    """Refuse a layer in which a second system codes a real share of the area (00-supplement 1.1).

    Raises
    ------
    InputError
        ``two_code_systems``: names layer, field, both systems, codes and first features.
    """
    for other in mixed:
        if other.share >= limits.mixed_share:
            raise InputError(
                "two_code_systems",
                layer=layer,
                field=code_field,
                system=f"{main.name} ({main.id})",
                other=f"{systems[other.system].name} ({other.system})",
                codes=", ".join(other.codes),
                features=", ".join(str(fid[row]) for row in other.rows),
            )


@dataclass(frozen=True)
class _Pair:
    """A distinct (code, name) of a layer and the area it covers."""

    code: str
    name: Optional[str]
    area: float
    index: int


@dataclass(frozen=True)
class _Pairs:
    """The pairs of a layer and ``(n,)`` which of them each row has."""

    pairs: Tuple[_Pair, ...]
    row_of: NDArray[np.int64]

    def rows(self, pairs: Sequence[_Pair]) -> NDArray[np.int64]:
        """The rows that have one of ``pairs``, ascending."""
        return np.flatnonzero(np.isin(self.row_of, [pair.index for pair in pairs])).astype(np.int64)


def _pairs(codes: Union[Texts, Factor], names: Union[Texts, Factor, None], areas: NDArray[np.float64]) -> _Pairs:
    code = Factor.of(codes)
    name = Factor.constant(None, len(code)) if names is None else Factor.of(names)
    row_of, first = crossed([(code.code, len(code.levels)), (name.code, len(name.levels))])
    weights = np.nan_to_num(np.asarray(areas, dtype=np.float64))
    if not weights[~code.missing].sum() > 0:
        weights = np.ones(len(code))
    area = np.bincount(row_of, weights, minlength=len(first))
    labels = zip(code.levels[code.code[first]], name.levels[name.code[first]])
    found = [
        _Pair(unicodedata.normalize("NFKC", written).strip(), called, float(area[index]), index)
        for index, (written, called) in enumerate(labels)
        if written is not None
    ]
    return _Pairs(tuple(found), row_of)


def _share(system: ClassSystem, pairs: Sequence[_Pair]) -> float:
    total = sum(pair.area for pair in pairs)
    return sum(pair.area for pair in pairs if _lists(system, pair)) / total if total > 0 else 0.0


def _lists(system: ClassSystem, pair: _Pair) -> bool:
    # Listed, not found: a code that only refines another would let 1101 pass as a refined 11.
    entry = system.classes.get(pair.code)
    return entry is not None and _name_agrees(entry, pair.name)


def _belongs(system: ClassSystem, pair: _Pair) -> bool:
    entry = system.find(pair.code)
    return entry is not None and _name_agrees(entry, pair.name)


def _bonuses(
    systems: Sequence[ClassSystem], layer_name: str, field_name: str, limits: DetectionLimits
) -> Mapping[str, float]:
    # The longest customary name decides: JQDLTB is the plan's base map, although DLTB is part of it.
    fitting = {
        system.id: max((len(hint) for hint in system.layers if hint.upper() in layer_name.upper()), default=0)
        for system in systems
    }
    longest = max(fitting.values(), default=0)
    bonus = {}
    for system in systems:
        layer_fits = longest > 0 and fitting[system.id] == longest
        field_fits = field_name.upper() in {hint.upper() for hint in system.fields}
        bonus[system.id] = limits.layer_bonus * layer_fits + limits.field_bonus * field_fits
    return bonus


def _differ(one: ClassSystem, other: ClassSystem, codes: set[str]) -> bool:
    for code in codes & one.classes.keys() & other.classes.keys():
        left, right = one.classes[code], other.classes[code]
        if (left.group, left.cultivated) != (right.group, right.cultivated):
            return True
        if not _all_names(left) & _all_names(right):
            return True
    return False


def _name_agrees(entry: LandClass, name: Optional[str]) -> bool:
    return name is None or not name.strip() or _plain(name) in _all_names(entry)


def _all_names(entry: LandClass) -> set[str]:
    return {_plain(name) for name in (entry.name, *entry.aliases)}


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
