"""Random small problems with everything in them: phases, groups, conflicts, locks, pairs, limits of all kinds."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

import numpy as np
from hypothesis import strategies as st

from three_opt_three_protect.core.optimiser.problem import ALONE, Limit, Objective, Problem

area = st.integers(0, 500_000).map(lambda hundredths: hundredths / 100)
signed = st.integers(-500_000, 500_000).map(lambda hundredths: hundredths / 100)
span = st.sampled_from([(0, 0), (0, 1), (1, 1), (1, 0), (0, -1)])


def vector(draw: st.DrawFn, count: int, values: st.SearchStrategy[float]) -> np.ndarray:
    return np.array(draw(st.lists(values, min_size=count, max_size=count)), dtype=float)


@st.composite
def problems(draw: st.DrawFn, slack: Tuple[int, int] = (-400_000, 800_000)) -> Problem:
    """At most 6 candidates, 3 sites, 2 phases; ``slack`` = from where to where the constants lie, in hundredths."""
    candidates, sites = draw(st.integers(1, 6)), draw(st.integers(0, 3))
    limits = []
    for number in range(draw(st.integers(0, 4))):
        constant = draw(st.integers(*slack)) / 100
        reclaim, newbuild = vector(draw, candidates, signed), vector(draw, sites, signed)
        limits.append(Limit(f"limit{number}", "", "m2", constant, reclaim, newbuild, draw(span), draw(span), 2026))
    opened = np.array(draw(st.lists(st.booleans(), min_size=4 * 9, max_size=4 * 9))).reshape(4, 9)
    plots = candidates + sites
    pairs = draw(st.lists(st.tuples(st.integers(0, candidates - 1), st.integers(0, candidates - 1)), max_size=5))
    pairs = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    conflict = st.tuples(st.integers(0, plots - 1), st.integers(0, plots - 1)).filter(lambda pair: pair[0] != pair[1])
    group = np.array(draw(st.lists(st.sampled_from([ALONE, ALONE, 7, 9]), min_size=candidates, max_size=candidates)))
    fixed = np.array(draw(st.lists(st.sampled_from([False] * 7 + [True]), min_size=plots, max_size=plots)))
    objective = Objective(
        "weighted", "", vector(draw, candidates, signed), vector(draw, sites, signed),
        np.array(pairs, dtype=np.int64).reshape(-1, 2), vector(draw, len(pairs), area), draw(signed),
    )  # fmt: skip
    # Mostly open: a plot is closed where two coins say so.
    is_open = (opened[:2] | opened[2:]).T
    return Problem(
        (2026, 2028), tuple(limits), objective, is_open[:candidates], is_open[6 : 6 + sites],
        fixed[:candidates], fixed[candidates:], group.astype(np.int64),
        np.array(draw(st.lists(conflict, max_size=3)), dtype=np.int64).reshape(-1, 2),
        np.array([f"R{row}" for row in range(candidates)], dtype=object),
        np.array([f"N{row}" for row in range(sites)], dtype=object),
    )  # fmt: skip


def limit(
    name: str, constant: float, reclaim: Sequence[float], newbuild: Sequence[float] = (), *,
    to: Tuple[int, int] = (0, 0), year: Optional[int] = None, unit: str = "m2", hard: bool = True, of: str = "",
) -> Limit:  # fmt: skip
    """A limit over phases 0 … ``to`` of candidates and of sites."""
    added: List[np.ndarray] = [np.asarray(reclaim, dtype=float), np.asarray(newbuild, dtype=float)]
    return Limit(name, of, unit, constant, added[0], added[1], (0, to[0]), (0, to[1]), year, hard)
