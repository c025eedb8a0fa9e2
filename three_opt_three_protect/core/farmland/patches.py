"""Which fields lie together (连片), and how large the patches are.

Two fields lie together when no more than ``gap_m`` is between them: a ditch or a field road does not part them.  The
index of contiguity is the area-weighted mean patch size, Σ A² ÷ Σ A over the patches: how much farmland lies together
with an average square metre of it (AREA_AM of McGarigal & Marks, FRAGSTATS; own choice, no policy text defines one).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.farmland.facts import Bools, Floats, Ints
from three_opt_three_protect.core.overlay.edges import blocks
from three_opt_three_protect.core.plane import plane_of
from three_opt_three_protect.core.progress import SILENT, Part, Progress

_AT_ONCE = 2_000

HECTARE = 1e6
"""Hundredths of a m² in a hectare."""


@dataclass(frozen=True)
class Near:
    """Base pieces and which of them lie together.

    Attributes
    ----------
    rows
        ``(m,)`` rows of the base pieces, ascending.
    one, other
        ``(k,)`` numbers in ``rows``, one < other; a pair comes once.
    area
        ``(m,)`` gross area, ha.
    """

    rows: Ints
    one: Ints
    other: Ints
    area: Floats


def near(base: BaseState, among: Bools, gap_m: float, progress: Progress = SILENT) -> Near:
    """Pairs of the pieces ``among`` ``(n,)`` that lie within ``gap_m`` of each other.

    Raises
    ------
    CrsError
        As :func:`three_opt_three_protect.core.plane.plane_of`.
    """
    rows = np.flatnonzero(among)
    area = base.area[rows] / HECTARE
    nothing = np.empty(0, dtype=np.int64)
    if not len(rows):
        return Near(rows, nothing, nothing, area)
    shapes = plane_of(base.spec.crs, base.geometry[rows]).metres(base.geometry[rows], Part(progress, 0.0, 0.1))
    tree = shapely.STRtree(shapes)
    ones, others = [nothing], [nothing]
    for block in blocks(len(rows), _AT_ONCE):
        progress.check(0.1 + 0.9 * block.start / len(rows))
        first, second = tree.query(shapes[block], predicate="dwithin", distance=gap_m)
        first = first.astype(np.int64) + block.start
        ones.append(first[first < second])
        others.append(second[first < second].astype(np.int64))
    return Near(rows, np.concatenate(ones), np.concatenate(others), area)


def patches(found: Near, member: Bools) -> Ints:
    """``(m,)`` number of the patch each member ``(m,)`` lies in; what is no member is a patch by itself."""
    both = member[found.one] & member[found.other]
    count = len(found.rows)
    pairs = np.ones(int(both.sum()), dtype=np.int8), (found.one[both], found.other[both])
    graph = coo_matrix(pairs, shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def patch_area(found: Near, member: Bools) -> Floats:
    """``(m,)`` ha of the patch every member lies in, 0 for what is none."""
    label = patches(found, member)
    size = np.bincount(label, np.where(member, found.area, 0.0), minlength=1)
    return np.where(member, size[label], 0.0)


def mean_patch(found: Near, member: Bools) -> float:
    """Area-weighted mean patch size in ha; NaN without members."""
    area = found.area[member]
    total = float(area.sum())
    return float((area * patch_area(found, member)[member]).sum() / total) if total > 0 else float("nan")


def beside(found: Near, member: Bools) -> Bools:
    """``(m,)`` bool: a member lies within the gap."""
    out = np.zeros(len(found.rows), dtype=np.bool_)
    out[found.one[member[found.other]]] = True
    out[found.other[member[found.one]]] = True
    return out


def touched_area(found: Near, member: Bools) -> Floats:
    """``(m,)`` ha of all the patches of members that each piece lies beside, every patch once."""
    label, area = patches(found, member), np.where(member, found.area, 0.0)
    size = np.bincount(label, area, minlength=1)
    piece = np.concatenate([found.one, found.other])
    mate = np.concatenate([found.other, found.one])
    into = member[mate]
    pair = np.unique(np.stack([piece[into], label[mate[into]]]), axis=1)
    return np.bincount(pair[0], size[pair[1]], minlength=len(found.rows)).astype(np.float64)
