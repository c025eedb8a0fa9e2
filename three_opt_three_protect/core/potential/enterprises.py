"""What industrial land yields (亩均效益): investment and tax of the enterprises on a candidate; low efficiency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.overlay.edges import blocks
from three_opt_three_protect.core.potential.newcultivated import INDUSTRY
from three_opt_three_protect.core.potential.universe import Universe
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import Geometries

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIGURES = ("invest_mu", "tax_mu", "far", "tax")


@dataclass(frozen=True)
class Enterprises:
    """Land of enterprises, ``(m,)`` each; NaN = not stated.

    Attributes
    ----------
    geometry
        Polygons in the CRS of the base state.
    invest_mu, tax_mu
        10 000 yuan a 亩.
    far
        Floor area ratio.
    tax
        10 000 yuan a year.
    """

    geometry: Geometries
    invest_mu: Floats
    tax_mu: Floats
    far: Floats
    tax: Floats


_AT_ONCE = 1_000


def enterprise_means(
    base: BaseState, universe: Universe, enterprises: Enterprises, progress: Progress = SILENT
) -> Mapping[str, Floats]:
    """Figures of the enterprises on each industrial candidate, by the area they overlap.

    Returns
    -------
    mapping
        ``invest_mu``, ``tax_mu``, ``far``, ``tax`` → ``(c,)``, NaN = not stated or no industrial land.
    """
    industrial = np.flatnonzero(universe.kind == INDUSTRY)
    candidate, row, overlap = _overlaps(base.geometry[universe.rows[industrial]], enterprises.geometry, progress)
    candidate = industrial[candidate]
    count = len(universe)

    def mean(values: Floats) -> Floats:
        stated = ~np.isnan(values[row])
        total = np.bincount(candidate[stated], overlap[stated], count)
        weighted = np.bincount(candidate[stated], overlap[stated] * values[row[stated]], count)
        return np.where(total > 0, weighted / np.where(total > 0, total, 1.0), np.nan)

    return {name: mean(getattr(enterprises, name)) for name in FIGURES}


def _overlaps(shapes: Geometries, land: Geometries, progress: Progress) -> Tuple[Ints, Ints, Floats]:
    """Pairs that share land, and its planar area."""
    tree = shapely.STRtree(land)
    found = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))]
    for block in blocks(len(shapes), _AT_ONCE):
        progress.check(block.start / len(shapes))
        one, other = tree.query(shapes[block], predicate="intersects")
        area = shapely.area(shapely.intersection(shapes[block][one], land[other]))
        found.append((one + block.start, other, area))
    candidate, row, area = (np.concatenate(parts) for parts in zip(*found))
    return candidate, row, area


def low_efficient(
    base: BaseState, universe: Universe, enterprises: Enterprises, profile: Profile, progress: Progress = SILENT
) -> Floats:
    """``(c,)`` 1 low efficient, 0 not, NaN not known or no industrial land (profile ``low_efficiency``).

    Low efficient is what is below one of the limits. What the layer states for no enterprise at all is not asked; not
    low efficient is only what is known in everything that is asked.
    """
    means = enterprise_means(base, universe, enterprises, progress)
    limits = profile.number_of("low_efficiency")
    asked = [name for name in FIGURES if name in limits and not np.isnan(getattr(enterprises, name)).all()]
    below = np.zeros(len(universe), dtype=np.bool_)
    known = np.full(len(universe), bool(asked))
    for name in asked:
        below |= means[name] < limits[name]
        known &= ~np.isnan(means[name])
    return np.where(below, 1.0, np.where(known, 0.0, np.nan))
