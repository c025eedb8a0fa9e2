"""Choose in the order of rank: what a planner does by hand, and can be followed line by line.

A candidate is taken while a limit on area is short that it helps and no limit on quality gets worse than it may be:
villages first, which have no other land, then the township.  What turns out not to be needed is put back, the last
in rank first.
"""

from __future__ import annotations

from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.farmland.facts import Bools, Floats, Ints
from three_opt_three_protect.core.farmland.limits import AREA_LIMITS, Offer
from three_opt_three_protect.core.optimiser.problem import Limit
from three_opt_three_protect.core.progress import SILENT, Progress

EXACT = 1e-6
"""Of sums of hundredths and of rounded moments."""

_LISTEN = 500


def ranking(offer: Offer) -> Ints:
    """``(c,)`` the candidates, best first: score, then larger area, then the order of the survey."""
    return np.asarray(np.lexsort((np.arange(len(offer)), -offer.net, -offer.score)), dtype=np.int64)


def greedy(limits: Sequence[Limit], order: Ints, progress: Progress = SILENT) -> Bools:
    """``(c,)`` bool: what is taken.

    Parameters
    ----------
    order
        ``(c,)`` candidates, best first.
    """
    gain = np.array([limit.reclaim for limit in limits])
    left = np.array([limit.constant for limit in limits])
    is_area = np.array([limit.id in AREA_LIMITS for limit in limits], dtype=np.bool_)
    village = is_area & np.array([bool(limit.unit_code) for limit in limits], dtype=np.bool_)
    chosen = np.zeros(len(order), dtype=np.bool_)
    for asked in (village, is_area, np.ones(len(limits), dtype=np.bool_)):
        while _pass(gain, left, order, chosen, asked, is_area, progress):
            pass
    _put_back(gain, left, order, chosen, progress)
    return chosen


def _pass(
    gain: Floats, left: Floats, order: Ints, chosen: Bools, asked: Bools, is_area: Bools, progress: Progress
) -> bool:
    """Go through the ranking once; tell whether anything was taken."""
    taken = False
    for number, candidate in enumerate(order.tolist()):
        if number % _LISTEN == 0:
            progress.check(0.5)
        short = asked & (left < -EXACT)
        if not short.any():
            break
        helps = gain[:, candidate]
        # A limit on quality may be used up, not overdrawn; one that is overdrawn may only get better.
        harmless = is_area | (helps >= 0) | (left + helps >= -EXACT)
        if not chosen[candidate] and (helps[short] > 0).any() and harmless.all():
            chosen[candidate] = taken = True
            left += helps
    return taken


def _put_back(gain: Floats, left: Floats, order: Ints, chosen: Bools, progress: Progress) -> None:
    """Take out what no limit needs."""
    for number, candidate in enumerate(order[::-1].tolist()):
        if number % _LISTEN == 0:
            progress.check(0.9)
        if chosen[candidate]:
            rest: NDArray[np.float64] = left - gain[:, candidate]
            if (rest >= np.minimum(left, 0.0) - EXACT).all():
                chosen[candidate] = False
                left[:] = rest
