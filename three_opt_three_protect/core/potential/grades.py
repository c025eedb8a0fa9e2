"""Grades of scores, 1 first: by thresholds, by natural breaks, or by quantiles.

Sources: 07-potential 7.4; W. D. Fisher, On Grouping for Maximum Homogeneity (natural breaks, also called Jenks).
"""

from __future__ import annotations

from typing import Mapping, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.potential.weights import Floats
from three_opt_three_protect.core.rules import Profile

Ints = NDArray[np.int64]

THRESHOLDS, BREAKS, QUANTILES = "thresholds", "breaks", "quantiles"
RULES = (THRESHOLDS, BREAKS, QUANTILES)


def grade_thresholds(profile: Profile) -> Tuple[float, ...]:
    """Least score of every grade but the last, the first grade first (profile: ``potential_thresholds``).

    Raises
    ------
    SchemaError
        ``thresholds_not_falling``.
    """
    stated: Mapping[str, float] = profile.number_of("potential_thresholds")
    limits = tuple(stated.get(str(grade), np.inf) for grade in range(1, len(stated) + 1))
    if not limits or any(not above > below for above, below in zip((np.inf, *limits), limits)):
        raise SchemaError("thresholds_not_falling", profile=profile.id, key="potential_thresholds")
    return limits


def grade_names(profile: Profile, count: int) -> Tuple[str, ...]:
    """What the grades 1 … ``count`` are called (profile: ``potential_grades``); one without a name is its number."""
    stated = profile.word_of("potential_grades")
    return tuple(stated.get(str(grade), str(grade)) for grade in range(1, count + 1))


def grades(score: Floats, rule: str, thresholds: Tuple[float, ...]) -> Ints:
    """Grade of every candidate.

    Parameters
    ----------
    score
        ``(n,)``, none missing.
    rule
        ``thresholds``: a grade's least score belongs to it. ``breaks``: as many classes as there are thresholds
        and one, with the least sum of squares within them. ``quantiles``: as many candidates in each of these
        classes as equal scores allow; equal scores are never parted.
    thresholds
        Falling, see :func:`grade_thresholds`.

    Returns
    -------
    ndarray
        ``(n,)`` int64, 1 … ``len(thresholds) + 1``.

    Examples
    --------
    >>> grades(np.array([0.9, 0.75, 0.2]), "thresholds", (0.75, 0.5, 0.25)).tolist()
    [1, 1, 4]
    """
    classes = len(thresholds) + 1
    if rule == THRESHOLDS:
        return np.asarray((score[:, None] < np.array(thresholds)).sum(axis=1) + 1, dtype=np.int64)
    distinct, row, count = np.unique(score, return_inverse=True, return_counts=True)
    if not len(distinct):
        return np.empty(0, dtype=np.int64)
    of_distinct = _by_breaks(distinct, count, classes) if rule == BREAKS else _by_rank(count, classes)
    return np.asarray(of_distinct[row.ravel()], dtype=np.int64)


def _by_rank(count: Ints, classes: int) -> Ints:
    """By the share of candidates that are strictly better."""
    better = count.sum() - np.cumsum(count)
    return np.asarray(better * classes // count.sum() + 1, dtype=np.int64)


def _by_breaks(distinct: Floats, count: Ints, classes: int) -> Ints:
    """The highest class is grade 1; fewer distinct scores than classes have a class each."""
    starts = natural_breaks(distinct, count, classes)
    place = np.searchsorted(starts, np.arange(len(distinct)), side="right")
    return np.asarray(len(starts) + 1 - place, dtype=np.int64)


def natural_breaks(distinct: Floats, count: Ints, classes: int) -> Ints:
    """Classes of neighbouring values with the least sum of squared distances to their means: exact.

    Parameters
    ----------
    distinct
        ``(m,)`` rising.
    count
        ``(m,)`` how often each value occurs.
    classes
        At most; there are never more than values.

    Returns
    -------
    ndarray
        int64 place of the first value of each class, the first 0. Of equally good ones the class that starts
        earlier.
    """
    size = len(distinct)
    classes = min(classes, size)
    sums = _Sums(distinct, count)
    best = sums.within(np.zeros(size + 1, dtype=np.int64), np.arange(size + 1))
    starts = []
    for number in range(2, classes + 1):
        best, start = _layer(best, sums, number)
        starts.append(start)
    ends, end = [], size
    for start in reversed(starts):
        end = int(start[end])
        ends.append(end)
    return np.array([0, *reversed(ends)], dtype=np.int64)


class _Sums:
    """Sum of squares of any run of values, from running sums around the mean."""

    def __init__(self, distinct: Floats, count: Ints) -> None:
        moved = distinct - np.average(distinct, weights=count)
        self.number, self.first, self.second = (
            np.concatenate([[0.0], np.cumsum(part)]) for part in (count, count * moved, count * moved**2)
        )

    def within(self, start: Ints, end: Ints) -> Floats:
        """Sum of squares of the values ``start`` … ``end`` − 1."""
        number = self.number[end] - self.number[start]
        total = self.first[end] - self.first[start]
        squares = self.second[end] - self.second[start]
        return np.asarray(np.maximum(squares - total**2 / np.where(number > 0, number, 1.0), 0.0))


def _layer(best: Floats, sums: _Sums, number: int) -> Tuple[Floats, Ints]:
    """Least sum of squares of the first j values in ``number`` classes, and where the last class starts.

    The last class never starts earlier for more values, so that values half-way between two that are known look
    only between these: m log m instead of m².
    """
    size = len(best) - 1
    cost = np.full(size + 1, np.inf)
    start = np.full(size + 1, number - 1, dtype=np.int64)
    step = 1 << (size.bit_length() - 1)
    while step:
        ends = np.arange(step, size + 1, 2 * step)
        least = np.maximum(start[ends - step], number - 1)
        after = ends + step
        most = np.minimum(np.where(after <= size, start[np.minimum(after, size)], size), ends - 1)
        possible = ends >= number
        ends, least, most = ends[possible], least[possible], most[possible]
        if len(ends):
            cost[ends], start[ends] = _least(best, sums, ends, least, np.maximum(most, least))
        step //= 2
    return cost, start


def _least(best: Floats, sums: _Sums, ends: Ints, least: Ints, most: Ints) -> Tuple[Floats, Ints]:
    """For each end the best start between ``least`` and ``most``, the earliest of equals."""
    length = most - least + 1
    first = np.cumsum(length) - length
    which = np.repeat(np.arange(len(ends)), length)
    start = np.arange(length.sum()) - first[which] + least[which]
    cost = best[start] + sums.within(start, ends[which])
    lowest = np.minimum.reduceat(cost, first)
    place = np.where(cost == lowest[which], np.arange(len(cost)), len(cost))
    return lowest, start[np.minimum.reduceat(place, first)]
