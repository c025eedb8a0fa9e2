"""Text of many rows, held once a distinct value.

A million parcels have some fifty land codes: what is asked of a code is asked fifty times, not a
million times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable, Dict, Iterable, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]
"""``(n,)`` text or None."""


class Numbering(Dict[Any, int]):
    """Gives every new key the next number."""

    def __missing__(self, key: Any) -> int:
        number = self[key] = len(self)
        return number

    def of(self, values: Sequence[Any]) -> NDArray[np.int64]:
        """``(n,)`` the number of each value."""
        return np.fromiter(map(self.__getitem__, values), dtype=np.int64, count=len(values))


@dataclass(frozen=True)
class Factor:
    """Text of ``n`` rows as levels and codes (a factor, as R has it): row ``i`` is ``levels[code[i]]``.

    Attributes
    ----------
    levels
        ``(k,)`` text or None; every one occurs in a row, none twice.
    code
        ``(n,)`` int64.
    """

    levels: Texts
    code: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.code)

    @classmethod
    def of(cls, values: Union[Texts, Factor]) -> Factor:
        """The factor of ``(n,)`` texts, its levels in order of appearance; of a factor itself."""
        if isinstance(values, Factor):
            return values
        numbering = Numbering()
        code = numbering.of(values.tolist())
        return cls(_texts(numbering), code)

    @classmethod
    def picked(cls, levels: Sequence[Optional[str]], code: NDArray[np.int64]) -> Factor:
        """``levels[code]``, where levels may be equal or not occur; what occurs keeps its order."""
        numbering = Numbering()
        occurs = np.bincount(code, minlength=len(levels)) > 0
        number = np.zeros(len(levels), dtype=np.int64)
        number[occurs] = numbering.of([level for level, used in zip(levels, occurs.tolist()) if used])
        return cls(_texts(numbering), number[code])

    @classmethod
    def constant(cls, value: Optional[str], count: int) -> Factor:
        """The same in ``count`` rows."""
        return cls.picked([value], np.zeros(count, dtype=np.int64))

    @cached_property
    def values(self) -> Texts:
        """``(n,)`` text or None, equal ones the same object. Not to be changed."""
        return np.asarray(self.levels[self.code], dtype=np.object_)

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """``(n,)`` bool, True where there is no text."""
        return self.where(lambda value: value is None)

    def take(self, rows: NDArray[Any]) -> Factor:
        """The factor of ``rows`` (index or mask)."""
        return Factor.picked(self.levels.tolist(), self.code[rows])

    def map(self, change: Callable[[Optional[str]], Optional[str]]) -> Factor:
        """Every text changed; what becomes equal is one level."""
        levels = self.levels.tolist()
        changed = [change(level) for level in levels]
        return self if changed == levels else Factor.picked(changed, self.code)

    def where(self, test: Callable[[Optional[str]], bool]) -> NDArray[np.bool_]:
        """``(n,)`` bool, True where ``test`` holds for the text."""
        return np.array([test(level) for level in self.levels], dtype=np.bool_)[self.code]


def is_none(values: NDArray[Any]) -> NDArray[np.bool_]:
    """``(n,)`` bool, True where an object array holds None."""
    nothing: Any = None  # numpy compares objects with it one by one, which its types do not say
    return np.asarray(np.equal(values, nothing), dtype=np.bool_)


def numbered(values: NDArray[Any]) -> Tuple[NDArray[Any], NDArray[np.int64]]:
    """Distinct values, ascending, and ``(n,)`` the index of each value among them.

    As ``np.unique``, but whole numbers that lie close together are counted instead of sorted.
    """
    if len(values) and (values.dtype == np.bool_ or np.issubdtype(values.dtype, np.integer)):
        whole = values.astype(np.int64)
        least, most = int(whole.min()), int(whole.max())
        if most - least <= len(whole):
            offset = whole - least
            occurs = np.bincount(offset) > 0
            return (np.flatnonzero(occurs) + least).astype(values.dtype), (np.cumsum(occurs) - 1)[offset]
    distinct, code = np.unique(values, return_inverse=True)
    return distinct, code.reshape(-1).astype(np.int64, copy=False)


def crossed(parts: Sequence[Tuple[NDArray[np.int64], int]]) -> Tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows grouped by equal codes in all parts.

    Parameters
    ----------
    parts
        ``(n,)`` codes, each below its count; groups are ordered by the first part, then the next.

    Returns
    -------
    index
        ``(n,)`` int64 group of every row.
    first
        ``(g,)`` int64 first row of each group.
    """
    groups, index = numbered(parts[0][0])
    for code, size in parts[1:]:
        groups, index = numbered(index * size + code)
    first = np.empty(len(groups), dtype=np.int64)
    first[index[::-1]] = np.arange(len(index) - 1, -1, -1)  # the last one written is the first row
    return index, first


def _texts(values: Iterable[Optional[str]]) -> Texts:
    found = list(values)
    out = np.empty(len(found), dtype=np.object_)
    out[:] = found
    return out
