"""What two to four plans say of the same land: size, layout and timing (四规融合, R9 and R10).

Every pair of plans is compared on every piece of land in common categories.  Sums are sums of pieces in whole
hundredths of a m²: the rows of a matrix add up to the first plan, its columns to the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import Factor, crossed
from three_opt_three_protect.core.plandiffclasses import (
    CONSTRUCTION,
    KINDS,
    LAND,
    UNDECIDED,
    Harmonised,
    kind_of_pairs,
)
from three_opt_three_protect.core.plandiffland import OUTSIDE, Land
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import FAIL, PASS
from three_opt_three_protect.core.rules import UNKNOWN as NOT_KNOWN

Ints = NDArray[np.int64]

NOT_TIMED, YEAR_AGREES, YEAR_DIFFERS, YEAR_UNKNOWN = range(4)
TIMINGS = ("", "year_agrees", "year_differs", "year_unknown")
"""What the planned years of land that both plans build on say; a missing year is unknown."""

NOT_COMPARED = -1


@dataclass(frozen=True)
class Plan:
    """One plan, polygon by polygon.

    Attributes
    ----------
    role
        land, town, ecological or development.
    category
        ``(k,)`` int64, place of the common category of every polygon.
    code
        ``(k,)`` land class or zone as the layer writes it.
    year
        ``(k,)`` planned year, NaN = not known.
    beyond
        Category of land the layer does not cover: no plan, or nothing said where the layer has zones only.
    """

    role: str
    category: Ints
    code: Factor
    year: NDArray[np.float64]
    beyond: int


@dataclass(frozen=True)
class Pair:
    """Two plans compared.

    ``first`` and ``second`` are their places; ``kind`` is ``(n,)`` place in ``KINDS`` (−1 = neither plan is there),
    ``timing`` ``(n,)`` place in ``TIMINGS``.
    """

    first: int
    second: int
    kind: Ints
    timing: Ints


@dataclass(frozen=True)
class MatrixCell:
    """Land of one category in the first and one in the second plan of a pair; hundredths of a m²."""

    first: int
    second: int
    category: int
    other: int
    pieces: int
    area: int


@dataclass(frozen=True)
class SizeCell:
    """Land of one category of one plan in one village (None = in none); hundredths of a m²."""

    plan: int
    category: int
    unit: Optional[str]
    area: int


@dataclass(frozen=True)
class SizeVerdict:
    """R10: construction land of ``plan`` against the land plan's, in hundredths of a m².

    ``margin`` is what is left (negative = too much), None where unrefined classes leave it open; ``unit`` is ``""``
    for the township.
    """

    plan: int
    unit: str
    built: int
    limit: int
    result: str
    margin: Optional[int]


@dataclass(frozen=True)
class Tally:
    """Pieces and area of one kind (or timing) of a pair; hundredths of a m²."""

    first: int
    second: int
    kind: str
    pieces: int
    area: int


@dataclass(frozen=True)
class Comparison:
    """Pieces of land and what every plan says of them.

    ``category`` and ``year`` are ``(n, plans)``; ``unit`` is ``(n,)`` village code or None.
    """

    harmonised: Harmonised
    plans: Tuple[Plan, ...]
    land: Land
    category: NDArray[np.int64]
    year: NDArray[np.float64]
    unit: Factor
    pairs: Tuple[Pair, ...]

    def matrix(self, pair: Pair) -> List[MatrixCell]:
        """Category × category, by the categories' order; land that neither plan covers is left out."""
        there = np.flatnonzero(pair.kind != NOT_COMPARED)
        count = len(self.harmonised.categories)
        one, other = self.category[there, pair.first], self.category[there, pair.second]
        keys, sums, pieces = _sums(one * count + other, self.land.area[there])
        return [
            MatrixCell(pair.first, pair.second, int(key // count), int(key % count), int(number), int(area))
            for key, area, number in zip(keys, sums, pieces)
        ]

    def layout(self, pair: Pair) -> List[Tally]:
        """Every kind with land; together the compared area."""
        there = np.flatnonzero(pair.kind != NOT_COMPARED)
        return self._tallies(pair, pair.kind[there], self.land.area[there], KINDS)

    def timing(self, pair: Pair) -> List[Tally]:
        """Agreeing, differing and unknown years of land both plans build on."""
        there = np.flatnonzero(pair.timing != NOT_TIMED)
        return self._tallies(pair, pair.timing[there], self.land.area[there], TIMINGS)

    def _tallies(self, pair: Pair, kind: Ints, area: Ints, names: Sequence[str]) -> List[Tally]:
        found = zip(*_sums(kind, area))
        return [Tally(pair.first, pair.second, names[one], int(number), int(total)) for one, total, number in found]

    @cached_property
    def sizes(self) -> Tuple[SizeCell, ...]:
        """Totals by plan, category and village."""
        found: List[SizeCell] = []
        for number in range(len(self.plans)):
            there = np.flatnonzero(self.land.row[:, number] != OUTSIDE)
            if not len(there):
                continue
            keys = [
                (self.category[there, number], len(self.harmonised.categories)),
                (self.unit.code[there], len(self.unit.levels)),
            ]
            index, first = crossed(keys)
            area = np.zeros(len(first), dtype=np.int64)
            np.add.at(area, index, self.land.area[there])
            for place, total in zip(there[first], area):
                unit = self.unit.levels[self.unit.code[place]]
                found.append(SizeCell(number, int(self.category[place, number]), unit, int(total)))
        return tuple(found)

    def verdicts(self) -> List[SizeVerdict]:
        """R10 for the township and every village; a plan without construction land has none."""
        roles = [plan.role for plan in self.plans]
        if LAND not in roles:
            return []
        limit = roles.index(LAND)
        units = sorted({cell.unit for cell in self.sizes if cell.unit is not None})
        found = []
        for number in range(len(self.plans)):
            if number == limit or not any(self._built(number, "")):
                continue
            found += [self._verdict(number, limit, unit) for unit in ("", *units)]
        return found

    def _verdict(self, number: int, limit: int, unit: str) -> SizeVerdict:
        (built, open_built), (most, open_most) = self._built(number, unit), self._built(limit, unit)
        if built + open_built <= most:
            result = PASS
        elif built > most + open_most:
            result = FAIL
        else:
            result = NOT_KNOWN
        margin = None if open_built or open_most else most - built
        return SizeVerdict(number, unit, built, most, result, margin)

    def _built(self, number: int, unit: str) -> Tuple[int, int]:
        """Construction land of a plan and land that may be some, in a village or the township (``""``)."""
        return self._construction.get((number, unit), (0, 0))

    @cached_property
    def _construction(self) -> Mapping[Tuple[int, str], Tuple[int, int]]:
        sure, open_ = self.harmonised.natures(CONSTRUCTION), self.harmonised.natures(UNDECIDED)
        found: Dict[Tuple[int, str], Tuple[int, int]] = {}
        for cell in self.sizes:
            # Land of no village counts for the township only.
            for unit in {"", cell.unit or ""}:
                built, doubtful = found.get((cell.plan, unit), (0, 0))
                built += cell.area * int(sure[cell.category])
                doubtful += cell.area * int(open_[cell.category])
                found[cell.plan, unit] = built, doubtful
        return found


def compare(
    plans: Sequence[Plan],
    land: Land,
    harmonised: Harmonised,
    villages: Optional[Sequence[Optional[str]]] = None,
    progress: Progress = SILENT,
) -> Comparison:
    """Compare every pair of plans on every piece.

    Parameters
    ----------
    villages
        Code of every row of the villages layer the land was cut with.
    """
    category = np.empty(land.row.shape, dtype=np.int64)
    year = np.empty(land.row.shape)
    for number, plan in enumerate(plans):
        row = land.row[:, number]
        category[:, number] = np.append(plan.category, plan.beyond)[row]
        year[:, number] = np.append(plan.year, np.nan)[row]
    codes = [*(villages or ()), None]
    unit = Factor.picked(codes, np.where(land.village == OUTSIDE, len(codes) - 1, land.village))
    pairs = []
    for first, second in combinations(range(len(plans)), 2):
        progress.check(first / len(plans))
        pairs.append(_pair(plans, land, harmonised, category, year, first, second))
    return Comparison(harmonised, tuple(plans), land, category, year, unit, tuple(pairs))


def _pair(
    plans: Sequence[Plan],
    land: Land,
    harmonised: Harmonised,
    category: NDArray[np.int64],
    year: NDArray[np.float64],
    first: int,
    second: int,
) -> Pair:
    one, other = category[:, first], category[:, second]
    kind = kind_of_pairs(harmonised.categories, plans[first].role, plans[second].role)[one, other]
    nobody = (land.row[:, [first, second]] == OUTSIDE).all(axis=1)
    # Beyond a layer of zones nothing is said: such land counts for the plan that is there.
    kind = np.where(nobody, NOT_COMPARED, kind)
    built = harmonised.natures(CONSTRUCTION)
    timed = built[one] & built[other] & ~nobody
    known = ~np.isnan(year[:, first]) & ~np.isnan(year[:, second])
    same = year[:, first] == year[:, second]
    timing = np.where(known, np.where(same, YEAR_AGREES, YEAR_DIFFERS), YEAR_UNKNOWN)
    return Pair(first, second, kind, np.where(timed, timing, NOT_TIMED).astype(np.int64))


def _sums(keys: Ints, area: Ints) -> Tuple[Ints, Ints, Ints]:
    """Distinct keys, ascending, whole sums of the areas and numbers of rows."""
    distinct, index = np.unique(keys, return_inverse=True)
    sums = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(sums, index.reshape(-1), area)
    return distinct, sums, np.bincount(index.reshape(-1), minlength=len(distinct)).astype(np.int64)
