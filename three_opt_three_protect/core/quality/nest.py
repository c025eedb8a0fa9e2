"""A layer and the units it nests in: which unit each feature says it belongs to, and where it lies."""

from __future__ import annotations

from functools import cached_property
from typing import Dict, Optional

import numpy as np
import shapely

from three_opt_three_protect.core.factor import Factor, Texts
from three_opt_three_protect.core.quality.case import Floats, Ints, Subject
from three_opt_three_protect.core.quality.within import Parts, parts_of
from three_opt_three_protect.core.tables import Geometries

NONE = -1

_BLANKS = {19: 12, 12: 9, 9: 6}
"""Digits of a code → of the unit above: zeros beyond these say nothing (``320584100000`` is the town 320584100)."""


def stem(code: str) -> str:
    """A unit code without the zeros that fill it up to the length of a smaller unit."""
    while len(code) in _BLANKS and code.isdigit() and not code[_BLANKS[len(code)] :].strip("0"):
        code = code[: _BLANKS[len(code)]]
    return code


class Nest:
    """Features and the units of ``parent``; units are numbered by their codes.

    Parameters
    ----------
    layer
        The features.
    parent
        The units; those with one code are one (islands, exclaves).
    """

    def __init__(self, layer: Subject, parent: Subject) -> None:
        self.layer = layer
        self.parent = parent
        self._stems: Factor = parent.text("unit_code").map(lambda code: None if code is None else stem(code))
        self._of_stem: Dict[str, int] = {
            str(code): number for number, code in enumerate(self._stems.levels) if code is not None
        }

    @property
    def has_codes(self) -> bool:
        """Both have codes."""
        return self.layer.has("unit_code") and self.parent.has("unit_code")

    @cached_property
    def unit(self) -> Ints:
        """``(m,)`` unit of every row of the parent; rows without a code are units of their own."""
        number = self._stems.code.copy()
        lone = np.flatnonzero(self._stems.missing)
        number[lone] = len(self._stems.levels) + np.arange(len(lone))
        return number

    @cached_property
    def units(self) -> Ints:
        """``(u,)`` the units that have a code."""
        return np.array(sorted(self._of_stem.values()), dtype=np.int64)

    @cached_property
    def row_of(self) -> Ints:
        """``(u max + 1,)`` first row of every unit."""
        first = np.full(int(self.unit.max(initial=0)) + 1, NONE, dtype=np.int64)
        first[self.unit[::-1]] = np.arange(len(self.unit) - 1, -1, -1)
        return first

    @cached_property
    def own(self) -> Ints:
        """``(n,)`` the unit each feature's code begins with, the smallest one; −1 = none or no code."""
        codes = self.layer.text("unit_code")
        lengths = sorted({len(code) for code in self._of_stem}, reverse=True)

        def find(code: Optional[str]) -> int:
            if code is None:
                return NONE
            found = (self._of_stem.get(code[:digits]) for digits in lengths if digits <= len(code))
            return next((number for number in found if number is not None), NONE)

        return np.array([find(code) for code in codes.levels], dtype=np.int64)[codes.code]

    @cached_property
    def parts(self) -> Parts:
        """The features taken apart by the units."""
        return parts_of(self.layer, self.parent.shapes, self.unit, self.layer.progress)

    @cached_property
    def lies_in(self) -> Ints:
        """``(n,)`` the unit that most of a feature lies in; −1 = outside all, or no polygon."""
        found = np.full(len(self.layer), NONE, dtype=np.int64)
        order = np.argsort(self.parts.area, kind="stable")
        found[self.parts.row[order]] = self.parts.key[order]
        return found

    def land(self, unit: int) -> Optional[shapely.Geometry]:
        """The polygon of a unit."""
        shapes = self.parent.shapes[self.unit == unit]
        return shapely.union_all(shapes) if len(shapes) > 1 else shapes[0]

    def lands(self, units: Ints) -> Geometries:
        """``(k,)`` the polygons of units."""
        out = np.full(len(units), None, dtype=np.object_)
        for place, unit in enumerate(units.tolist()):
            out[place] = self.land(unit)
        return out

    def codes(self, units: Ints) -> Texts:
        """``(k,)`` the codes of units as the parent states them."""
        return np.asarray(self.parent.text("unit_code").values[self.row_of[units]])

    def names(self, units: Ints) -> Texts:
        """``(k,)`` the names of units, ``""`` where there is none."""
        names = self.parent.text("unit_name").values[self.row_of[units]]
        return np.array(["" if name is None else name for name in names.tolist()], dtype=np.object_)

    def sums(self, values: Floats) -> Floats:
        """``(u max + 1,)`` sum of ``(n,)`` values of features over the unit their code begins with."""
        known = self.own != NONE
        return np.bincount(self.own[known], np.nan_to_num(values[known]), len(self.row_of)).astype(np.float64)

    def totals(self, values: Floats) -> Floats:
        """``(u max + 1,)`` sum of ``(m,)`` values of the parent over its units."""
        return np.bincount(self.unit, values, len(self.row_of)).astype(np.float64)

    @cached_property
    def occupied(self) -> Ints:
        """``(k,)`` units with a code that at least one feature belongs to."""
        return np.intersect1d(self.units, self.own)
